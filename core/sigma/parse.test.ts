import { isError, printProblem } from '../problem.js';
import { parseSigma } from './parse.js';

const errors = (text: string): string[] => parseSigma('r.yml', text).problems.filter(isError).map(printProblem);
const HEAD = 'title: t\nlogsource:\n  category: x\n';
const RULE = `${HEAD}detection:\n  s:\n    a: 1\n  condition: s\n`;

test('a sound rule has no problems and keeps its own key', () => {
  const { documents, problems } = parseSigma('r.yml', `${RULE}haidang: {family: f, entity: [source.ip], title_vi: Tên, description_vi: Lời}\n`);
  expect(problems).toEqual([]);
  expect(documents[0]).toMatchObject({ kind: 'rule', title: 't', level: 'medium', own: { family: 'f', entity: ['source.ip'], titleVi: 'Tên', descriptionVi: 'Lời' } });
});

test.each([
  ['a key twice', `${HEAD}detection:\n  s:\n    a: 1\n    a: 2\n  condition: s\n`, 'r.yml:7:5: expected each key once, got "a" again'],
  ['no condition', `${HEAD}detection:\n  s:\n    a: 1\n`, 'r.yml:4:1: expected a condition under detection, got none'],
  ['a pipe', `${HEAD}detection:\n  s:\n    a: 1\n  condition: s | count() > 5\n`, 'r.yml:7:16: expected "and", "or" or the end of the condition, got "|": pipes are not part of Sigma conditions any more, write a correlation'],
  ['a broken indent', 'title: t\n foo: [\n', 'r.yml:1:8: expected YAML, got an error: '],
  ['a level', `${RULE}level: huge\n`, 'r.yml:8:8: expected level to be one of informational, low, medium, high, critical, got the text "huge"'],
  ['a tag', `${RULE}tags:\n  - t1059\n`, 'r.yml:9:5: expected a tag as namespace.name, as in attack.t1059, got the text "t1059"'],
  ['a date', `${RULE}date: 2024-02-30\n`, 'r.yml:8:7: expected date as YYYY-MM-DD, got the text "2024-02-30"'],
  ['a word without meaning', 'hello', 'r.yml:1:1: expected a rule (a map with title, logsource, detection), got the text "hello"'],
  ['nothing', '# only a remark\n', 'r.yml:1:1: expected a rule, got an empty file'],
])('%s is refused at its place', (_, text, message) => {
  expect(errors(text)[0]?.startsWith(message) === true ? message : errors(text)[0]).toBe(message);
});

test('one broken document stops no other in its file', () => {
  const { documents, problems } = parseSigma('r.yml', `${RULE}---\ntitle: u\n---\n${RULE.replace('title: t', 'title: v')}`);
  expect(documents.map(({ title }) => title)).toEqual(['t', 'v']);
  expect(problems.length).toBeGreaterThan(0);
});

test('collections: global gives, repeat varies, reset ends', () => {
  const text = `action: global\nlogsource: {category: x}\nlevel: high\n---\ntitle: one\ndetection: {s: {a: 1}, condition: s}\n---\naction: repeat\ntitle: two\ndetection: {s: {a: 2}}\n---\naction: reset\n---\n${RULE}`;
  const { documents, problems } = parseSigma('r.yml', text);
  expect(problems).toEqual([]);
  expect(documents.map(({ title, level }) => [title, level])).toEqual([['one', 'high'], ['two', 'high'], ['t', 'medium']]);
});

test('what would grow without bound is refused: depth, aliases, size', () => {
  expect(errors(`${HEAD}detection: ${'['.repeat(60)}${']'.repeat(60)}\n`)[0]).toContain('at most 32 levels');
  expect(errors(`${HEAD}detection: ${'['.repeat(100_000)}\n`)).toHaveLength(1);
  const bomb = Array.from({ length: 12 }, (_, i) => `x${i}: &x${i} [${i === 0 ? 'a' : Array<string>(10).fill(`*x${i - 1}`).join(', ')}]`).join('\n');
  expect(errors(`${bomb}\n${RULE}`)[0]).toMatch(/at most 100000 values|at most 32 levels|alias/i);
  expect(errors(`${RULE}description: ${'x'.repeat(1024 * 1024)}\n`)[0]).toContain('at most 1048576 bytes');
});

test('names that objects inherit are plain keys', () => {
  const { documents, problems } = parseSigma('r.yml', `${HEAD}__proto__: x\ndetection:\n  constructor:\n    a: 1\n  __proto__:\n    b: 1\n  condition: constructor and __proto__\n`);
  expect(problems).toEqual([]);
  expect(documents[0]).toMatchObject({ kind: 'rule' });
});

test.each([
  ['type: event_cont', 'expected type to be one of'],
  ['timespan: 5 minutes', 'expected a timespan of a number and s, m, h, d'],
  ['condition: {foo: 3}', 'expected gt, gte, lt, lte, eq, neq, field or percentile, got "foo"'],
  ['condition: {gte: many}', 'expected a number after gte, got the text "many"'],
  ['condition: {gte: 3, eq: 3}', 'expected one comparison, or a range'],
  ['rules: {a: b}', 'expected rules to be a list of ids or names, got a map'],
  ['generate: maybe', 'expected generate to be true or false'],
])('a correlation with %s is refused at its place', (line, message) => {
  const keys = { type: 'event_count', rules: '[a]', timespan: '5m', condition: '{gte: 3}', [line.split(':')[0] as string]: line.slice(line.indexOf(':') + 2) };
  const [error = ''] = errors(`title: C\ncorrelation:\n${Object.entries(keys).map(([key, value]) => `  ${key}: ${value}\n`).join('')}`);
  expect(error).toMatch(/^r\.yml:\d+:\d+: /);
  expect(error).toContain(message);
});
