import fc from 'fast-check';
import { LumberjackNumbers } from './lumberjack-numbers.js';

const told = (windows: readonly (readonly number[])[]): number[] => {
  const numbers = new LumberjackNumbers();
  return windows.map((window) => { numbers.begin(); return window.reduce((sum, n) => sum + numbers.take(n), 0); });
};

test('inside a window, what is passed over is missing', () => {
  expect(told([[1, 2, 3], [1, 4], [2, 3]])).toEqual([0, 2, 1]);
  expect(told([[5, 6, 9]])).toEqual([2]);
});

test('windows that begin at 1 say nothing of what lies between them; such a sender must begin at 1', () => {
  expect(told([[1, 2], [1, 2, 3], [1]])).toEqual([0, 0, 0]);
  expect(told([[1, 2], [1], [3, 4]])).toEqual([0, 0, 2]);
});

test('a sender that counts on has lost what it passes over between windows, once it has shown that it counts on', () => {
  expect(told([[1, 2], [3, 4], [8, 9]])).toEqual([0, 0, 3]);
  expect(told([[1, 2], [8, 9], [10], [12]])).toEqual([0, 0, 0, 1]); // the first jump: nobody knows yet
  expect(told([[1, 2], [3], [1, 2], [1]])).toEqual([0, 0, 0, 0]); // begun anew
});

test('no number, and another counter, say nothing', () => {
  expect(told([[0, 0, 0], [1, 0, 2], [4_000_000_000], [1]])).toEqual([0, 0, 0, 0]);
});

test('a sender of either kind that leaves numbers out inside its windows: exactly those are missing', () => {
  fc.assert(fc.property(fc.boolean(), fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 20 }), (on, plan) => {
    let next = 1, left = 0;
    const windows = plan.map((sent) => {
      if (!on) next = 1;
      // The first and the last of a window are there: what lies before or behind them is between windows.
      return sent.flatMap((there, i) => { const n = next++; if (there || i === 0 || i === sent.length - 1) return [n]; left++; return []; });
    });
    expect(told(windows).reduce((sum, n) => sum + n, 0)).toBe(left);
  }), { numRuns: 300 });
});
