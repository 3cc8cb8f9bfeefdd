// Patterns of a description: regular expressions with named parts, `%{IP:from}`, run in linear time by the project's one engine. A part that
// is not named is matched and not kept.
import { compileRegex } from '../../predicate/regex.js';

/** What the names mean. Each is written for RE2: no look-around, nothing that depends on what stands beside it. */
export const PATTERNS: Readonly<Record<string, string>> = {
  WORD: String.raw`\w+`, NOTSPACE: String.raw`\S+`, SPACE: String.raw`\s*`, DATA: '.*?', GREEDY: '(?s:.*)', GREEDYDATA: '(?s:.*)', INT: '[+-]?[0-9]+', NUMBER: String.raw`[+-]?[0-9]+(?:\.[0-9]+)?`, HEX: '(?:0[xX])?[0-9A-Fa-f]+',
  USER: String.raw`[\pL\pN._@\\$-]+`, USERNAME: String.raw`[\pL\pN._@\\$-]+`, EMAIL: String.raw`[\w.+-]+@[\w.-]+`, PORT: '[0-9]{1,5}', LEVEL: '[A-Za-z]{3,11}', UUID: '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}',
  IP: '(?:[0-9]{1,3}(?:[.][0-9]{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)', IPV4: '[0-9]{1,3}(?:[.][0-9]{1,3}){3}', IPV6: '[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+', MAC: '[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}(?:[.][0-9A-Fa-f]{4}){2}',
  HOST: String.raw`[\pL\pN_](?:[\pL\pN_.-]*[\pL\pN_])?`, HOSTNAME: String.raw`[\pL\pN_](?:[\pL\pN_.-]*[\pL\pN_])?`, PATH: String.raw`(?:/|[A-Za-z]:\\)[^\s"']*`, URI: String.raw`[A-Za-z][A-Za-z0-9+.-]*://\S+`, URIPATH: String.raw`/\S*`, QUOTED: String.raw`"(?:[^"\\]|\\.)*"`,
  TIME: String.raw`[0-9]{1,4}[-/. ][0-9A-Za-z]{1,3}[-/. ][0-9]{2,4}[T ,:]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}|[AaPp][Mm]|SA|CH))?`,
};

export interface Pattern {
  readonly names: readonly string[];
  /** The named parts of a text, in order, or undefined when the whole text is not of the pattern. */
  readonly match: (text: string) => readonly (string | undefined)[] | undefined;
}
export type CompiledPattern = { readonly pattern: Pattern } | { readonly reason: string; readonly offset: number };

const PART = /%\{([A-Za-z0-9_]+)(?::([A-Za-z_$][\w.@-]*))?\}/g;
const NESTED_MAX = 8;

/** `own` are patterns of the description's own; they may use others, not themselves. The pattern must take the whole text. */
export function compilePattern(source: string, own: ReadonlyMap<string, string> = new Map()): CompiledPattern {
  const names: string[] = [];
  let wrong: { reason: string; offset: number } | undefined, group = 0;
  const expand = (text: string, depth: number, outer: number): string => text.replace(PART, (whole, name: string, part: string | undefined, offset: number) => {
    const place = depth === 0 ? offset : outer;
    const meaning = own.get(name) ?? (Object.hasOwn(PATTERNS, name) ? PATTERNS[name] : undefined);
    if (meaning === undefined) { wrong ??= { reason: `expected a known pattern (${Object.keys(PATTERNS).join(', ')}), got ${whole}`, offset: place }; return ''; }
    if (depth >= NESTED_MAX) { wrong ??= { reason: `expected patterns at most ${NESTED_MAX} deep, got a pattern that leads to itself: ${name}`, offset: place }; return ''; }
    const inside = expand(meaning, depth + 1, place);
    if (part === undefined) return `(?:${inside})`;
    names.push(part);
    return `(?P<p${group++}>${inside})`;
  });
  const expanded = expand(source, 0, 0);
  if (wrong !== undefined) return wrong;
  const whole = `^(?:${expanded})$`, compiled = compileRegex(whole, '');
  // As it was written, where all of it is quoted.
  if ('reason' in compiled) return { reason: `expected a pattern that can be read, got one with ${compiled.reason.replace(/^error parsing regexp: /, '').replace(`\`${whole}\``, () => `\`${source}\``)}`, offset: 0 };
  const keys = names.map((_, i) => `p${i}`);
  return { pattern: { names, match: (text) => (compiled.regex.test(text) ? compiled.regex.groups(text, keys) : undefined) } }; // asking first is cheaper than parting what does not match
}
