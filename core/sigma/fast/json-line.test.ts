// Lines read in place against the plain way: parse, make an event, evaluate.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { compileRules } from '../compile-rules.js';
import { eventFromJson } from '../events.js';
import { randomEvent } from '../random/random-event.js';
import { printRule, randomRule } from '../random/random-rule.js';
import { Random } from '../random/random.js';
import { drawStock, PLACEHOLDERS } from '../random/stock.js';
import { printFlow } from '../random/tree.js';
import { FastEngine } from './engine.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Hits, or that the line was refused. */
function outcome(evaluate: () => readonly { readonly rule: { readonly uid: string } }[]): string {
  try { return evaluate().map(({ rule }) => rule.uid).join(); } catch (error) { return error instanceof SyntaxError ? 'no JSON' : String(error); }
}
const plainly = (engine: FastEngine, line: string): string => outcome(() => { const event = eventFromJson(line); return event === undefined ? [] : engine.evaluate(event); });

const piece = fc.constantFrom('a', 'A', 'cmd', 'CMD.exe', '.exe', 'k', '\u212a', 'é', 'e\u0301', '\\', '"', '\n', '\t', '/', '5', '10', '10.1.2.3', '😀', ' ', '-', 'x'.repeat(40));
const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const scalar = fc.oneof({ weight: 6, arbitrary: text }, { weight: 3, arbitrary: fc.constantFrom(0, 5, 10, 1.5, -1, -0, 1e21, 9007199254740993, 123456789012345, true, false, null) });
const key = fc.constantFrom('Image', 'CommandLine', 'a', 'b', 'EventID', 'Channel', 'nested', 'name', 'c-uri', 'Größe', '__proto__', 'constructor', 'Threat Name', 'nested.name', 'event.original', 'category', 'event', 'Event', 'process', 'executable', '');
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthIdentifier: 'v' }, { weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) }, { weight: 2, arbitrary: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs as [string, unknown][])) }),
}));
const object = fc.array(fc.tuple(key, value.value), { minLength: 1, maxLength: 8 });

/** JSON with blanks where they may stand, names that come twice, and characters as escapes. */
function write(item: unknown, blank: string, isEscaped: boolean): string {
  const string = (one: string): string => { const plain = JSON.stringify(one); return isEscaped ? plain.replace(/[a-c/]/g, (letter) => (letter === '/' ? '\\/' : `\\u00${letter.charCodeAt(0).toString(16)}`)) : plain; };
  if (item instanceof Map) return `{${blank}${[...(item as Map<string, unknown>)].map(([name, inner]) => `${JSON.stringify(name)}${blank}:${blank}${write(inner, blank, isEscaped)}`).join(`${blank},`)}${blank}}`;
  if (Array.isArray(item)) return `[${blank}${item.map((inner) => write(inner, blank, isEscaped)).join(`,${blank}`)}${blank}]`;
  return typeof item === 'string' ? string(item) : Object.is(item, -0) ? '-0' : typeof item === 'number' && item > 9e15 && item < 1e20 ? '9007199254740993' : JSON.stringify(item);
}
const line = fc.tuple(object, fc.constantFrom('', '', '', ' ', '\t '), fc.boolean()).map(([pairs, blank, isEscaped]) =>
  `{${pairs.map(([name, inner]) => `${JSON.stringify(name)}:${blank}${write(inner, blank, isEscaped)}`).join(',')}}${blank}`);
/** What may have happened to it on the way. */
const hurt = fc.tuple(line, fc.nat(400), fc.constantFrom('', '"', '\\', '{', '}', ',', '\u0001', '1', 'x', ']', ':')).map(([one, at, put]) => (put === '' ? one.slice(0, at) : one.slice(0, at % (one.length + 1)) + put + one.slice(at % (one.length + 1))));
const odd = fc.constantFrom('', ' ', '[]', '5', '"a"', 'null', '{}', '{ }', '\ufeff{"a":"cmd"}', '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":-}', '{"a":1e3}', '{"a":tru}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":[1,]}', '{"a":1,}', '{,}', '{"a" 1}', `${'{"a":'.repeat(40)}"cmd"${'}'.repeat(40)}`, '{"a":1}{"a":1}', '{"a":1}}');

test('a line read in place meets the rules that its event meets, and is refused where JSON.parse refuses it', () => {
  let lines = 0, hits = 0, refused = 0;
  const others = fc.array(fc.oneof({ weight: 8, arbitrary: line }, { weight: 2, arbitrary: hurt }, { weight: 1, arbitrary: odd }), { minLength: 6, maxLength: 6 });
  fc.assert(fc.property(fc.nat(), others, fc.boolean(), (seed, made, anyLogsource) => {
    const random = new Random(seed), stock = drawStock(random), texts = random.many(1, 6, () => printRule(randomRule(random, stock)));
    const set = compileRules(texts.map((rule, i) => ({ file: `${i}.yml`, text: rule })), { sha256, placeholders: PLACEHOLDERS }), some = [...made, ...random.many(8, 8, () => printFlow(randomEvent(random, stock)))];
    const fast = new FastEngine(set, { anyLogsource }), plain = new FastEngine(set, { anyLogsource });
    // Twice: a shape that is known is read differently. In the middle of other bytes: nothing beside the line is read.
    for (const one of [...some, ...some]) {
      const bytes = encoder.encode(`7{"${one}"}\n`), size = encoder.encode(one).length;
      const met = outcome(() => fast.evaluateJson(bytes, 3, 3 + size));
      expect(met).toBe(plainly(plain, decoder.decode(encoder.encode(one))));
      lines++;
      if (met === 'no JSON') refused++; else if (met !== '') hits++;
    }
  }), { numRuns: 500 });
  expect(hits / lines).toBeGreaterThan(0.2);
  expect(refused / lines).toBeGreaterThan(0.03);
}, 180_000);
