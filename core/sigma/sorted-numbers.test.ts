import fc from 'fast-check';
import { SortedNumbers } from './sorted-numbers.js';

test('numbers that come and go stand in order at every rank', () => {
  const step = fc.record({ add: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 500, maxLength: 1_200 }), remove: fc.integer({ min: 0, max: 1_200 }), ranks: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }) });
  fc.assert(fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
    const sorted = new SortedNumbers(), held: number[] = [];
    for (const { add, remove, ranks } of steps) {
      for (const value of add) { sorted.add(value); held.push(value); }
      for (const value of held.splice(0, remove)) sorted.remove(value);
      const expected = [...held].sort((a, b) => a - b);
      expect(sorted.size).toBe(expected.length);
      for (const rank of expected.length === 0 ? [] : ranks.map((share) => Math.round(share * (expected.length - 1)))) expect(sorted.at(rank)).toBe(expected[rank]);
    }
  }), { numRuns: 200 });
});

test('a window of 200,000 slides at about the cost of one of a thousand', () => {
  const cost = (size: number): number => {
    const sorted = new SortedNumbers(), value = (n: number): number => Math.imul(n, 0x9e3779b1) >>> 0, rounds = 50_000;
    for (let n = 0; n < size; n++) sorted.add(value(n));
    const started = process.cpuUsage();
    for (let n = size; n < size + rounds; n++) { sorted.add(value(n)); sorted.remove(value(n - size)); sorted.at(Math.floor(sorted.size * 0.95)); }
    const { user, system } = process.cpuUsage(started);
    return (user + system) / rounds;
  };
  cost(1_000);
  expect(cost(200_000)).toBeLessThan(15 * cost(1_000));
});
