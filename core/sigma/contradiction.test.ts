import { hash } from 'node:crypto';
import fc from 'fast-check';
import type { Event } from '../event.js';
import { match } from '../predicate/match.js';
import { compileRules } from './compile-rules.js';
import { contradictionOf } from './contradiction.js';
import type { Predicate } from '../predicate/predicate.js';

const sha256 = (text: string): string => hash('sha256', text, 'hex');
function predicateOf(items: string): Predicate {
  const set = compileRules([{ file: 'r.yml', text: `title: t\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s:\n${items.split('\n').map((line) => `    ${line}\n`).join('')}  condition: s\n` }], { sha256 });
  expect(set.refused).toEqual([]);
  return set.rules[0]!.predicate;
}

test.each([
  ['EventID: 1\nEventID|contains: abc', false], // a number may be written in other ways: not certain
  ["EventID: '1'\nEventID|contains: abc", true],
  ['f: [a, b]\nf|contains: c', true],
  ['f: [a, bc]\nf|contains: c', false],
  ['f: abc\nf|contains|cased: BC', false],
  ['f: abc\nf|contains|cased: BD', true],
  ["f: abc\nf|re: 'B'", false],
  ["f: abc\nf|re: '^b'", true],
  ['f: abc\nf|neq: ABC', true],
  ['f: abc\nf|neq: ABD', false],
  ['f: null\nf|contains: a', true],
  ['f: null\nf|exists: true', false],
  ['f|exists: false\nf|contains: a', true],
  ['f|all: [a, b]', true],
  ['f|all: [a, A]', false],
  ['f|startswith|all: [ab, abc]', false],
  ['f|startswith|all: [ab, b]', true],
  ['f|endswith|all: [ab, b]', false],
  ['f|endswith|all: [ab, a]', true],
  ['f|startswith: ab\nf|endswith: ba', false],
  ['f|contains|all: [a, b]', false],
  ['f|gt: 5\nf|lt: 5', true],
  ['f|gte: 5\nf|lte: 5', false],
  ['f|gt: 5\nf|lte: 5', true],
  ['f|gt: 5\nf|gte: 3\nf|lt: 6', false],
  ['f: 5\nf|gt: 6', true],
  ['f: [5, 7]\nf|gt: 6', false],
  ["f|cidr: 192.0.2.0/24\nf: '198.51.100.1'", true],
  ['f|fieldref: g\nf: a', false],
])('%s: never %s', (items, never) => {
  expect(contradictionOf([predicateOf(items)]) !== undefined).toBe(never);
});

test('what is called a contradiction is met by no event with one value a field', () => {
  const value = fc.constantFrom('a', 'A', 'ab', 'b', '5', 'ba', '');
  const item = fc.oneof(
    fc.tuple(fc.constantFrom('f', 'f|contains', 'f|startswith', 'f|endswith', 'f|neq', 'f|contains|cased', 'f|cased', 'f|re'), value).map(([key, one]) => `${key}: '${one}'`),
    fc.tuple(fc.constantFrom('f|gt', 'f|lt', 'f|gte', 'f|lte', 'f'), fc.integer({ min: 3, max: 7 })).map(([key, one]) => `${key}: ${one}`),
    fc.constantFrom('f|exists: true', 'f|exists: false', 'f: null'),
    fc.tuple(fc.constantFrom('f|all', 'f|startswith|all', 'f|endswith|all', 'f|contains|all', 'f|neq|all'), value, value).map(([key, one, other]) => `${key}: ['${one}', '${other}']`),
  );
  const events: Event[] = [{}, { f: null }, ...['a', 'A', 'ab', 'AB', 'aB', 'b', 'ba', 'aba', 'abab', '', '5', '5.0', '4', '6', '3', '7', '15', 'a5', 5, 4, 6, 3, 7].map((f) => ({ f }))];
  let never = 0;
  fc.assert(fc.property(fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: (one) => one.split(':')[0] }), (items) => {
    const predicate = predicateOf(items.join('\n'));
    if (contradictionOf([predicate]) === undefined) return;
    never++;
    expect(events.filter((event) => match(predicate, event))).toEqual([]);
  }), { numRuns: 3000, seed: 4 });
  expect(never).toBeGreaterThan(300);
});
