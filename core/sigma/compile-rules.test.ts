import { createHash } from 'node:crypto';
import type { Event } from '../event.js';
import { isError, printProblem } from '../problem.js';
import { compileRules, type CompileOptions } from './compile-rules.js';
import { Engine } from './engine.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const set = (text: string, options: Partial<CompileOptions> = {}) => compileRules([{ file: 'r.yml', text }], { sha256, ...options });
const hits = (text: string, event: Event, options: Partial<CompileOptions> = {}): string[] =>
  new Engine(set(text, options), { anyLogsource: true }).evaluate(event).map(({ rule }) => rule.title);
const rule = (detection: string, more = ''): string => `title: t\nname: base\n${more}logsource: {product: linux, service: sshd}\ndetection:\n  s: ${detection}\n  condition: s\n`;
const problems = (text: string, options: Partial<CompileOptions> = {}): string[] => set(text, options).problems.filter(isError).map(printProblem);

test.each([
  ['{f|contains: null}', 'r.yml:5:19: expected text under |contains, got nothing'],
  ['{f|re: "(?=x)"}', 'r.yml:5:13: expected a regular expression in RE2 syntax'],
  ['{f|re: "(a)\\\\1"}', 'RE2 syntax'],
  ['{f|cidr: 10.0.0.1/8}', 'expected a network without host bits'],
  ['{f|contains|re: x}', 'expected no modifier before it under |re, got |contains'],
  ['{f|i: x}', 'expected |re before it under |i'],
  ['{f|exists: "true"}', 'expected true or false under |exists'],
  ['{f|exists|contains: true}', 'expected no other modifier under |exists, got |contains'],
  ['{f|lt: "5"}', 'expected a number under |lt, got the text "5"'],
  ['{f|base64: "a*"}', 'expected text without wildcards under |base64'],
  ['{f|contians: x}', 'did you mean contains?'],
  ['{f|: x}', 'got none after "|"'],
  ['{f: {g: 1}}', 'expected a value or a list of values for "f", got a map'],
  ['[]', 'expected at least one item in the search identifier, got an empty list'],
  ['{f|hour: noon}', 'expected a whole number under |hour'],
  ['{f|fieldref: "a*"}', 'expected the name of a field, without wildcards'],
])('%s is refused, with place, what was expected and what came', (detection, message) => {
  const [problem = ''] = problems(rule(detection));
  expect(problem).toMatch(/^r\.yml:\d+:\d+: expected .*, got /);
  expect(problem).toContain(message);
});

test('a condition that names nothing is refused with the names there are', () => {
  expect(problems(rule('{a: 1}').replace('condition: s', 'condition: t'))[0]).toBe('r.yml:6:14: expected a search identifier (s), got "t"');
});

test('numbers under string modifiers mean the digits as they were written', () => {
  expect(hits(rule('{f|contains: 00000429}'), { f: 'x 00000429 y' })).toEqual(['t']);
  expect(hits(rule('{f|contains: 00000429}'), { f: 'x 429 y' })).toEqual([]);
});

test('an expansion is an alternative also under all', () => {
  const text = rule("{f|windash|contains|all: [' -a', ' -b']}");
  expect(hits(text, { f: 'x /a -b' })).toEqual(['t']);
  expect(hits(text, { f: 'x \u2013a \u2015b' })).toEqual(['t']);
  expect(hits(text, { f: 'x /a' })).toEqual([]);
});

test('a placeholder without values switches the rule off, by name; lint alone calls it wrong', () => {
  const [compiled] = set(rule("{user|expand: '%admins%'}")).rules;
  expect(compiled).toMatchObject({ state: 'placeholder_unset', reason: 'expected values for %admins%, got none' });
  expect(hits(rule("{user|expand: '%admins%-%dept%'}"), { user: 'ann-it' }, { placeholders: { admins: ['ann'], dept: ['it', 'hr'] } })).toEqual(['t']);
});

const filter = (rules: string, logsource = '{product: linux}', condition = 'not s'): string => `---\ntitle: f\nlogsource: ${logsource}\nfilter:\n  rules: ${rules}\n  s: {user: backup}\n  condition: ${condition}\n`;

test('a filter applies to rules it names whose log source it covers, with names of its own', () => {
  const event = { a: 1, user: 'backup' };
  expect(hits(rule('{a: 1}') + filter('[base]'), event)).toEqual([]);
  expect(hits(rule('{a: 1}') + filter('any'), event)).toEqual([]);
  expect(hits(rule('{a: 1}') + filter('all'), event)).toEqual([]);
  expect(hits(rule('{a: 1}') + filter('[other]'), event)).toEqual(['t']);
  expect(hits(rule('{a: 1}') + filter('[BASE]'), event)).toEqual(['t']); // names keep their case
  expect(hits(rule('{a: 1}') + filter('any', '{product: windows}'), event)).toEqual(['t']);
  expect(hits(rule('{a: 1}') + filter('any', '{product: linux, service: sshd, category: y}'), event)).toEqual(['t']);
  expect(hits(rule('{a: 1}').replace('condition: s', 'condition: all of them') + filter('any'), { a: 1, user: 'ann' })).toEqual(['t']);
});

test('a filter without "not" is told, since it lets through only what it names', () => {
  expect(set(rule('{a: 1}') + filter('any', '{product: linux}', 's')).problems).toMatchObject([{ severity: 'warning', code: 'sigma.filter.not' }]);
});

const COUNT = '---\ntitle: C\ncorrelation: {type: event_count, rules: [base], timespan: 5m, condition: {gte: 2}}\n';

test('base rules are silent unless every correlation that reads them generates', () => {
  const reports = (text: string): (boolean | undefined)[] => [set(text).rules[0]?.reports];
  expect(reports(rule('{a: 1}'))).toEqual([true]);
  expect(reports(rule('{a: 1}') + COUNT)).toEqual([false]);
  expect(reports(rule('{a: 1}') + COUNT.replace('{gte: 2}}', '{gte: 2}, generate: true}'))).toEqual([true]);
  expect(reports(rule('{a: 1}') + `${COUNT.trimEnd()}\ngenerate: true\n`)).toEqual([true]);
});

test('what refers to a missing or refused rule, or to itself, is refused; the others load', () => {
  expect(problems(rule('{a: 1}') + COUNT.replace('[base]', '[nothing]'))[0]).toContain('expected the id or name of a rule that is loaded, got "nothing"');
  expect(problems(rule('{a|foo: 1}') + COUNT).join('\n')).toContain('expected a rule that loads, got "t", which is refused');
  const loop = '---\ntitle: x\nname: x\ncorrelation: {type: event_count, rules: [y], timespan: 5m, condition: {gte: 2}}\n---\ntitle: y\nname: y\ncorrelation: {type: event_count, rules: [x], timespan: 5m, condition: {gte: 2}}\n';
  const broken = set(rule('{a: 1}') + loop);
  expect(broken.problems.map(printProblem).join('\n')).toContain('got x -> y -> x');
  expect(broken.rules).toHaveLength(1);
  expect(broken.correlations).toHaveLength(0);
});

test('a version is the rule, its filters, its placeholder values and its site tuning, and nothing else', () => {
  const version = (text: string, options: Partial<CompileOptions> = {}): string | undefined => set(text, options).rules[0]?.version;
  const plain = version(rule('{a: 1}'));
  expect(plain).toMatch(/^[0-9a-f]{64}$/);
  expect(version(rule('{ a: 1 }  # a remark'))).toBe(plain);
  expect(version(rule('{a: 1}'), { placeholders: { admins: ['x'] } })).toBe(plain);
  const uid = set(rule('{a: 1}')).rules[0]?.uid ?? '';
  const others = [version(rule('{a: 2}')), version(rule('{a: 1}') + filter('any')), version(rule('{a: 1}'), { exceptions: [{ ruleId: uid, field: 'user', value: 'x' }] }),
    version(rule("{a|expand: '%v%'}"), { placeholders: { v: ['1'] } }), version(rule("{a|expand: '%v%'}"), { placeholders: { v: ['2'] } })];
  expect(new Set([plain, ...others]).size).toBe(6);
  const of = (text: string, options: Partial<CompileOptions> = {}): string | undefined => set(text, options).correlations[0]?.version;
  expect(of(rule('{a: 1}') + COUNT)).not.toBe(of(rule('{a: 2}') + COUNT));
});

test('a site exception rules out one value of one field: text with wildcards, or a network', () => {
  const uid = set(rule('{a: 1}')).rules[0]?.uid ?? '';
  const except = (field: string, value: string): Partial<CompileOptions> => ({ exceptions: [{ ruleId: uid, field, value }] });
  expect(hits(rule('{a: 1}'), { a: 1, 'user.name': 'Scan-7' }, except('user.name', 'scan-*'))).toEqual([]);
  expect(hits(rule('{a: 1}'), { a: 1 }, except('user.name', 'scan-*'))).toEqual(['t']);
  expect(hits(rule('{a: 1}'), { a: 1, 'source.ip': '192.0.2.9' }, except('source.ip', '192.0.2.0/28'))).toEqual([]);
});

test('a rule that is switched off stays in the set and meets nothing', () => {
  const uid = set(rule('{a: 1}')).rules[0]?.uid ?? '';
  expect(set(rule('{a: 1}'), { disabled: new Set([uid]) }).rules[0]?.state).toBe('disabled');
  expect(hits(rule('{a: 1}'), { a: 1 }, { disabled: new Set([uid]) })).toEqual([]);
});

test('two rules of one id both run, told apart, with a warning', () => {
  const text = rule('{a: 1}', 'id: 6f3e2987-db24-4c78-a860-b4f4095a7095\n');
  const both = set(`${text}---\n${text}`);
  expect(new Set(both.rules.map(({ uid }) => uid)).size).toBe(2);
  expect(both.problems.every(({ severity }) => severity === 'warning')).toBe(true);
});
