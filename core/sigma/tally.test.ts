// The tally against a plain list, over windows that only slide.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Tally } from './tally.js';

const step = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 5_000 }) }, { weight: 2, arbitrary: fc.constant(undefined) });

test('holds what a list of the same values holds, however many have come and gone', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 2_000, size: 'max' }), fc.integer({ min: 1, max: 5_000 }), (steps, kinds) => {
    const tally = new Tally<string>(), list: string[] = [];
    for (const value of steps) {
      if (value === undefined) { if (list.shift() !== undefined) tally.removeFirst(); continue; }
      const key = `value ${value % kinds}`;
      list.push(key);
      tally.add(key);
      expect(tally.has(key)).toBe(true);
    }
    expect(tally.size).toBe(new Set(list).size);
    while (list.length > 0) {
      const first = list.shift() as string;
      tally.removeFirst();
      expect(tally.has(first)).toBe(list.includes(first));
    }
    expect(tally.size).toBe(0);
  }), { numRuns: 60 });
});

test('forgets values that have left, and gives their places again', () => {
  const tally = new Tally<number>();
  for (let i = 0; i < 100_000; i++) {
    tally.add(i);
    if (i >= 100) tally.removeFirst();
  }
  expect(tally.size).toBe(100);
  expect(tally.has(99_899)).toBe(false);
  for (let i = 99_900; i < 100_000; i++) expect(tally.has(i)).toBe(true);
});
