// The tests that a description keeps: lines with what must be read from them, or with `expect: null` for a line that is none of its own.
import type { Event } from '../../event.js';
import { createParseContext } from '../../message/context.js';
import { parseLine } from '../../message/parse-line.js';
import type { Problem } from '../../problem.js';
import type { Described } from './compile.js';

/** What fails, each with the place of its test; lines are read as if received now, in their own time where they tell one. */
export function runTests({ file, description, format, place }: Described, received: number = Date.now()): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { line, expect, at } of description.tests) {
    const wrong = (message: string): void => { problems.push({ code: 'format.test', message, file, ...place(at) }); };
    const { format: read, event } = parseLine({ raw: line, received, context: createParseContext([format]) });
    if (expect === null) { if (read === description.name) wrong(`expected a line that is not of ${description.name}, got one that is`); continue; }
    if (read !== description.name) { wrong(`expected a line of ${description.name}, got ${read ?? 'one that no format knows'}`); continue; }
    for (const [field, want] of expect) { const got = textOf(event, field); if (got !== want) wrong(`expected ${field} "${want}", got ${got === undefined ? 'none' : `"${got}"`}`); }
  }
  return problems;
}

function textOf(event: Event, field: string): string | undefined {
  const value = Object.hasOwn(event, field) ? event[field] : undefined;
  return value === undefined || value === null ? undefined : Array.isArray(value) ? value.join(', ') : String(value);
}
