// Rule files that would hang or fill the program: refused with line and reason, or bounded. What is counted are the questions, variants
// and instructions that a rule makes, never the time it takes.
import { hash } from 'node:crypto';
import { RE2JS } from 're2js';
import { printProblem } from '../problem.js';
import type { Predicate } from '../predicate/predicate.js';
import { compileRules } from './compile-rules.js';
import type { RuleSet } from './compiled.js';
import { RULE_STEPS_MAX, VARIANTS_MAX } from './modifiers.js';
import { FILE_BYTES_MAX } from './yaml.js';

const compile = (text: string): RuleSet => compileRules([{ file: 'r.yml', text }], { sha256: (one) => hash('sha256', one, 'hex') });
const refusal = (text: string): string => compile(text).problems.map(printProblem).join('\n');
const HEAD = 'title: t\nlogsource: {product: linux}\ndetection:\n  s:\n';
const withItem = (item: string): string => `${HEAD}    ${item}\n  condition: s\n`;
const list = (count: number, item: (i: number) => string): string => Array.from({ length: count }, (_, i) => `      - ${item(i)}\n`).join('');

/** Questions in a predicate, each counted where it stands. */
function size(predicate: Predicate): number {
  let count = 0;
  for (const stack = [predicate]; stack.length > 0;) {
    const one = stack.pop() as Predicate;
    count++;
    if (one.kind === 'not') stack.push(one.part);
    if (one.kind === 'and' || one.kind === 'or') for (const part of one.parts) stack.push(part);
  }
  return count;
}
const sizeOf = (text: string): number => { const { rules, problems } = compile(text); expect(problems).toEqual([]); return size(rules[0]!.predicate); };

test('a file of 256 KB is read, one over the limit is refused whole', () => {
  const rule = withItem('a: 1');
  expect(sizeOf(`${rule}# ${'x'.repeat(256 * 1024 - rule.length - 2)}`)).toBe(1);
  expect(refusal(`${rule}# ${'x'.repeat(FILE_BYTES_MAX)}`)).toBe('r.yml:1:1: expected a rule file of at most 1048576 bytes, got a longer one');
  expect(refusal(`${rule}# ${'ệ'.repeat(FILE_BYTES_MAX / 3)}`)).toBe('r.yml:1:1: expected a rule file of at most 1048576 bytes, got a longer one');
});

test('aliases count where they stand; one that leads to itself is a depth', () => {
  const bomb = (levels: number, width: number): string => `${Array.from({ length: levels }, (_, i) => `x${i}: &x${i} [${i === 0 ? 'a' : Array<string>(width).fill(`*x${i - 1}`).join(', ')}]`).join('\n')}\n${withItem('a: 1')}`;
  expect(refusal(bomb(12, 10))).toMatch(/^r\.yml:\d+:\d+: expected at most 100000 values in a document \(aliases count where they stand\), got more$/);
  expect(refusal(bomb(4, 5))).toBe('');
  expect(refusal(`a: &a [*a]\n${withItem('a: 1')}`)).toMatch(/^r\.yml:1:\d+: expected at most 32 levels/);
  const maps = `${Array.from({ length: 12 }, (_, i) => `x${i}: &x${i} {${i === 0 ? 'a: 1' : Array.from({ length: 10 }, (__, j) => `k${j}: *x${i - 1}`).join(', ')}}`).join('\n')}\n${withItem('a: 1')}`;
  expect(refusal(maps)).toContain('expected at most 100000 values in a document');
});

test('lists of 10,000 items make 10,000 questions and no more', () => {
  expect(sizeOf(withItem(`f|contains:\n${list(10_000, (i) => `v${i}`)}`))).toBe(10_001);
  expect(sizeOf(withItem(`f|contains|all:\n${list(10_000, (i) => `'*a?${i}*b?c'`)}`))).toBe(10_001);
  expect(sizeOf(withItem(`f:\n${list(10_000, String)}`))).toBe(10_001);
  expect(sizeOf(`title: t\nlogsource: {product: linux}\ndetection:\n${Array.from({ length: 10_000 }, (_, i) => `  s${i}: {a: ${i}}\n`).join('')}  condition: 1 of them\n`)).toBe(10_001);
});

test('variants of values are bounded, of each value and of all together', () => {
  expect(sizeOf(withItem("f|windash: '-a -b -c -d'"))).toBe(626);
  expect(refusal(withItem("f|windash: '-a -b -c -d -e -f -g'"))).toMatch(/^r\.yml:5:16: expected at most 6 dashes/);
  expect(refusal(withItem(`f|windash|contains:\n${list(10_000, (i) => `'-a -b -c -d ${i}'`)}`))).toBe(`r.yml:166:9: expected at most ${VARIANTS_MAX} variants of values in a rule, got more`);
  const set = compileRules([{ file: 'r.yml', text: withItem("f|expand: '%a%%a%%a%%a%%a%'") }], { sha256: (one) => hash('sha256', one, 'hex'), placeholders: { a: Array.from({ length: 20 }, String) } });
  expect(set.problems.map(printProblem)[0]).toMatch(/^r\.yml:5:15: expected at most 20000 combinations of placeholder values/);
});

test('conditions are bounded: depth, length, patterns over many selections', () => {
  expect(refusal(`${HEAD}    a: 1\n  condition: ${'('.repeat(100)}s${')'.repeat(100)}\n`)).toMatch(/^r\.yml:6:\d+: expected at most 64 levels of parentheses, got more$/);
  expect(sizeOf(`${HEAD}    a: 1\n  condition: ${'not '.repeat(10_000)}s\n`)).toBe(1);
  expect(sizeOf(`${HEAD}    a: 1\n  condition: ${'s and '.repeat(10_000)}s\n`)).toBe(10_002);
  const names = Array.from({ length: 1000 }, (_, i) => `  s${i}: {a: ${i}}\n`).join('');
  expect(refusal(`title: t\nlogsource: {product: linux}\ndetection:\n${names}  condition: ${'1 of s* and '.repeat(1000)}s1\n`)).toMatch(/^r\.yml:1004:\d+: expected patterns that look at 100000 selections at most, got more$/);
});

test.each([
  ['look-ahead', '(?=a)'], ['a back reference', '(a)\\1'], ['nested repetitions', '((a{100}){100}){100}'], ['a repetition over 1000', 'a{1001}'], ['deep parentheses', `${'('.repeat(4000)}${')'.repeat(4000)}`],
  ['a long source', 'x'.repeat(9000)], ['a large program', '(a?){1000}a{1000}'], ['a program that grows', '.{1000}'.repeat(1000)], ['an unclosed group', '(a'], ['a named group left open', '(?P<n>a'], ['a backward range', '[z-a]'],
])('a regular expression with %s is refused at its place', (_, source) => {
  expect(refusal(withItem(`f|re: '${source}'`))).toMatch(/^r\.yml:5:11: expected a regular expression in RE2 syntax/);
  expect(refusal(withItem(`f|re: '${source}'`)).split('\n')).toHaveLength(1);
});

test.each(['(a*)*b', '(?:a|aa)+$', '(((((a*)*)*)*)*)*c', '(x+x+)+y', '(.*,){11}P', '(?i)(a|b|ab)*c'])('%s, which hangs a backtracking engine, is a small program whose steps are at most its size a character', (source) => {
  expect(refusal(withItem(`f|re: '${source}'`))).toBe('');
  expect(RE2JS.compile(source).programSize()).toBeLessThan(100);
});

test('the regular expressions of a rule are bounded together: steps a character', () => {
  expect(refusal(withItem(`f|re:\n${list(100, (i) => `'[ab].{900}${i}'`)}`))).toMatch(new RegExp(`^r\\.yml:\\d+:9: expected regular expressions that cost at most ${RULE_STEPS_MAX} steps a character in a rule, got more$`));
  expect(refusal(withItem(`f|re:\n${list(200, (i) => `'(?i)abc${i}x'`)}`))).toBe('');
});

test('nothing that came before or after a hostile file is lost', () => {
  const { rules, refused } = compileRules([{ file: 'a.yml', text: withItem('a: 1') }, { file: 'b.yml', text: '['.repeat(100_000) }, { file: 'c.yml', text: withItem("f|re: '(?=x)'") }, { file: 'd.yml', text: withItem('a: 2') }], { sha256: (one) => hash('sha256', one, 'hex') });
  expect(rules.map(({ head }) => head.file)).toEqual(['a.yml', 'd.yml']);
  expect(refused.map(({ file, line }) => [file, line])).toEqual([['b.yml', 1], ['c.yml', 1]]);
});

test('aliases are led to their anchors at once, the nearest one above', () => {
  const { rules, problems } = compile(`${HEAD}    a: [${'&v x, *v, '.repeat(8_000)}&v y, *v]\n  condition: s\n`);
  expect(problems).toEqual([]);
  expect(JSON.stringify(rules[0]?.predicate).match(/"y"/g)).toHaveLength(2);
});

test('what action makes of a file is bounded, all its documents together', () => {
  const rule = withItem('a: 1'), many = (count: number, make: (i: number) => string): string => Array.from({ length: count }, (_, i) => make(i)).join('');
  expect(compile(`${rule}${many(30, (i) => `---\naction: repeat\ndetection: {s${i}: {a: 1}}\n`)}`)).toMatchObject({ problems: [], rules: { length: 31 } });
  expect(refusal(`${rule}${many(1_000, (i) => `---\naction: repeat\ndetection: {s${i}: {a: 1}}\n`)}`)).toMatch(/^r\.yml:\d+:1: expected at most 100000 values in all documents that action makes, got more$/);
  expect(refusal(`action: global\n${HEAD}    a:\n${list(2_000, String)}  condition: s\n${many(100, (i) => `---\ntitle: t${i}\n`)}`)).toMatch(/^r\.yml:\d+:1: expected at most 100000 values in all documents that action makes, got more$/);
});

describe('correlations of correlations', () => {
  const base = withItem('a: 1').replace('title: t', 'title: t\nname: c0');
  const one = (i: number, rules: readonly number[]): string => `---\ntitle: c${i}\nname: c${i}\ncorrelation: {type: temporal, rules: [${rules.map((rule) => `c${rule}`).join(', ')}], timespan: 1m}\n`;
  const chain = (levels: number): string[] => Array.from({ length: levels }, (_, i) => one(i + 1, [i]));

  test('are taken to 16 levels, in whatever order they stand; what stands higher is refused', () => {
    for (const documents of [chain(16), chain(16).reverse()]) expect(compile(base + documents.join(''))).toMatchObject({ problems: [], correlations: { length: 16 } });
    for (const documents of [chain(2_000), chain(2_000).reverse()]) {
      const { correlations, problems } = compile(base + documents.join(''));
      expect(correlations.map(({ title }) => title)).toEqual(Array.from({ length: 16 }, (_, i) => `c${i + 1}`));
      expect(problems.filter(({ code }) => code === 'sigma.correlation.size').map(printProblem)[0]).toMatch(/^r\.yml:\d+:\d+: expected correlations of correlations of at most 16 levels, got more$/);
    }
    expect(refusal(`${chain(2_000).join('')}${one(0, [2_000])}`)).toContain('expected correlations of correlations of at most 16 levels');
  });

  test('let a hit up by at most 1000 ways', () => {
    const doubled = [one(1, [0]), ...Array.from({ length: 14 }, (_, i) => one(i + 2, [i + 1, i]))];
    expect(compile(base + doubled.join('')).problems).toEqual([]);
    expect(refusal(base + [...doubled, one(16, [15, 14])].join(''))).toMatch(/^r\.yml:\d+:\d+: expected at most 1000 ways from rules up to a correlation, got 1597$/);
  });

  test('name at most 200 rules, and group by and count values of 100 fields', () => {
    const names = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join(', ');
    expect(refusal(`title: c\ncorrelation: {type: temporal, rules: [${names(201)}], timespan: 1m}\n`)).toBe('r.yml:2:38: expected at most 200 rules in a correlation, got 201');
    expect(refusal(`title: c\ncorrelation: {type: temporal, rules: [a], group-by: [${names(101)}], timespan: 1m}\n`)).toBe('r.yml:2:53: expected at most 100 fields in group-by, got 101');
    expect(refusal(`title: c\ncorrelation: {type: value_count, rules: [a], timespan: 1m, condition: {field: [${names(101)}], gte: 1}}\n`)).toBe('r.yml:2:79: expected at most 100 fields to count values of, got 101');
  });
});
