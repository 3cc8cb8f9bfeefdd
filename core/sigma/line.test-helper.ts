// A raw line as a device writes it: the log sources whose rules see it, and whether a rule of one says yes to it.
import type { Event } from '../event.js';
import { createParseContext, parseLine, type ParseContext } from '../message/parse-line.js';
import { compileRules } from './compile-rules.js';
import { Evaluation } from './evaluate.js';
import { isCovered, sourcesOf } from './logsource.js';
import type { LogSource } from './rule.js';

const shared = createParseContext();
export const eventOf = (line: string | object, context: ParseContext = shared): Event => parseLine({ bytes: new TextEncoder().encode(typeof line === 'string' ? line : JSON.stringify(line)), received: Date.UTC(2026, 1, 17, 14), context }).event;
export const seen = (line: string | object, ...wanted: LogSource[]): boolean[] => wanted.map((one) => isCovered(one, sourcesOf(eventOf(line)).sources));

/** Does a rule of this log source with this search say yes to the line? */
export function meets(logsource: string, search: string, line: string | object): boolean {
  return meetsEvent(logsource, search, eventOf(line));
}
export function meetsEvent(logsource: string, search: string, event: Event): boolean {
  const set = compileRules([{ file: 'r.yml', text: `title: t\nlogsource: ${logsource}\ndetection:\n  s: ${search}\n  condition: s\n` }], { sha256: (text) => text });
  expect(set.problems).toEqual([]);
  return new Evaluation(set).take(1, event).length > 0;
}
