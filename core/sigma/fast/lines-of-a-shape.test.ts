// Lines that differ in their values alone, as sources write them: what was learned from one line must hold for the next or be noticed not to.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { compileRules } from '../compile-rules.js';
import { Engine } from '../engine.js';
import { FastEngine } from './engine.js';

const WORDS = ['alpha', 'bravo', 'delta', 'golf', 'hotel', 'india', 'kilo', 'lima', 'oscar', 'papa', 'romeo', 'sierra', 'tango', 'uniform', 'victor', 'whiskey', 'xray', 'yankee', 'zulu'];
const rule = (name: string, logsource: string, detection: string): string => `title: ${name}\nlogsource: ${logsource}\ndetection: ${detection}\n`;
const list = (words: readonly string[]): string => `[${words.map((word) => `'${word}'`).join(', ')}]`;
const RULES = [
  rule('process', '{product: windows, category: process_creation}', "{s: {Image|endswith: '\\cmd.exe'}, condition: s}"),
  rule('logon', '{product: windows, service: security}', '{s: {EventID: 4625}, condition: s}'),
  rule('path', '{product: windows}', "{s: {Image: 'C:\\cmd.exe'}, condition: s}"),
  rule('all words', '{product: windows}', `{s: {CommandLine|contains|all: ${list(WORDS.slice(0, 12))}}, condition: s}`),
  rule('any word, not golf', '{product: windows}', `{s: {CommandLine|contains: ${list(WORDS.slice(0, 18))}}, t: {CommandLine|contains: 'golf'}, condition: s and not t}`),
  rule('word and path', '{product: windows}', `{s: {Image|contains: 'cmd', CommandLine|contains: ${list(WORDS)}}, condition: s}`),
  rule('in a list', '{product: windows}', "{s: {data.name|contains: 'kilo'}, condition: s}"),
  rule('keyword', '{product: windows}', "{s: ['sierra tango', '\\lima'], condition: s}"),
  rule('plain', '{product: windows}', "{s: {note|contains: 'whiskeytango'}, condition: s}"),
  rule('many values', '{product: windows}', `{s: {note: ${list(Array.from({ length: 600 }, (_, i) => `v"${i}`))}}, condition: s}`),
  ...WORDS.map((word, i) => rule(`needle ${word}`, '{product: windows}', `{s: {CommandLine|contains|all: ['${word}', '${WORDS[(i + 7) % WORDS.length] as string}'], Image|endswith: '.exe'}, condition: s}`)),
];

const phrase = fc.array(fc.constantFrom(...WORDS, '\\', '"', '\t', 'é', 'K', ' ', ' '), { maxLength: 24 }).map((words) => words.join(' '));
const value = fc.record({
  Channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security', 'System'), EventID: fc.constantFrom<unknown>(1, 4625, 3, '1'),
  Image: fc.constantFrom('C:\\cmd.exe', 'C:\\CMD.EXE', 'D:\\x\\cmd.exe', '/bin/sh', 'cmd'), CommandLine: phrase,
  data: fc.oneof(phrase.map((name) => [{ name }]), fc.constantFrom<unknown>([1, 2], 'kilo', null, [{ other: { name: 'kilo' } }])), note: fc.oneof(phrase, fc.constantFrom('v"7', 'whiskeytango', 'whiskey\\tango', 'a\\whiskeytango', 'x'.repeat(50))),
});

test.each([{}, { anyLogsource: true }])('lines of one shape meet what their events meet, also when the engine has counted (%j)', (routing) => {
  const set = compileRules(RULES.map((text, i) => ({ file: `${i}.yml`, text })), { sha256: (text) => createHash('sha256').update(text).digest('hex') });
  expect(set.problems).toEqual([]);
  const fast = new FastEngine(set, routing), reference = new Engine(set, routing), encoder = new TextEncoder(), met = new Set<string>();
  fc.assert(fc.property(value, (one) => {
    const line = encoder.encode(JSON.stringify(one)), expected = reference.evaluateJson(line).map((hit) => hit.rule.title);
    expect(fast.evaluateJson(line).map((hit) => hit.rule.title)).toEqual(expected);
    for (const title of expected) met.add(title);
  }), { numRuns: 4000 });
  expect(RULES.length - met.size).toBeLessThan(3);
});

test.each(['{"a":"cmd","a":{}}', '{"a":{},"a":"cmd"}', '{"a":{"b":1},"a.b":"cmd"}', '{"a":"x","a":"cmd"}', '{"a":"cmd","a":"x"}', '{"__proto__":"cmd"}', '{"a":9007199254740993}', '{"a":[{"b":"cmd"}],"a.b":1}'])('%s is read as JSON.parse and events are', (line) => {
  const set = compileRules([rule('a', '{product: x}', '{s: {a|contains: cmd}, t: {a.b|contains: cmd}, u: {a: 9007199254740993}, v: {a|exists: true}, condition: 1 of them}'), rule('w', '{product: x}', "{s: {'__proto__': cmd}, condition: s}"), rule('k', '{product: x}', '{s: [cmd], condition: s}'), rule('n', '{product: x}', '{s: {a: 9007199254740993}, condition: s}')]
    .map((text, i) => ({ file: `${i}.yml`, text })), { sha256: (text) => createHash('sha256').update(text).digest('hex') });
  const bytes = new TextEncoder().encode(line), titles = (engine: Pick<Engine, 'evaluateJson'>): string[] => engine.evaluateJson(bytes).map((hit) => hit.rule.title);
  const fast = new FastEngine(set, { anyLogsource: true }), reference = new Engine(set, { anyLogsource: true });
  for (let again = 0; again < 2; again++) expect(titles(fast)).toEqual(titles(reference));
});
