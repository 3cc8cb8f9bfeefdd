// Where a value stands in a JSON document: `$.actor.name`, `$.ips[0]`, `$['odd name'].x`, or a bare name at the top. No wildcards, no filters: a
// field has one value.

export type JsonPath = readonly (string | number)[];
const STEP = /(?:\.([^.[\]'"]+)|\[(\d{1,6})\]|\['([^']+)'\]|\["([^"]+)"\])/y;
const STEPS_MAX = 32;

/** The steps, or undefined when it is no path. */
export function readJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return text === '' ? undefined : [text];
  const steps: (string | number)[] = [];
  for (STEP.lastIndex = 1; STEP.lastIndex < text.length;) {
    const found = STEP.exec(text);
    if (found === null || steps.length >= STEPS_MAX) return undefined;
    steps.push(found[2] !== undefined ? Number(found[2]) : (found[1] ?? found[3] ?? found[4]) as string);
  }
  return steps.length === 0 ? undefined : steps;
}

/** What stands there as text; objects have no text of their own. */
export function atPath(value: unknown, path: JsonPath): string | undefined {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    if (typeof step === 'number') here = Array.isArray(here) ? (here as unknown[])[step] : undefined;
    else here = Object.hasOwn(here, step) ? (here as Record<string, unknown>)[step] : undefined;
  }
  return here === null || here === undefined || typeof here === 'object' ? undefined : String(here);
}
