import fc from 'fast-check';
import type { SenderNumbers } from './account.js';
import { countOf, takeRanges, type Range } from './ranges.js';
import { readNumbers, type Numberings } from './sequence.js';

const MINUTE = 60_000;
/** Numbers in order, a minute each unless said. */
const given = (numbers: readonly number[], minute = 0): SenderNumbers => ({ system: 'S', sender: 'a', name: 'n', tier: 3, runs: numbers.flatMap((n) => [minute, n, 1]) });

interface Told { readonly lost: number; readonly missing: readonly Range[]; readonly resets: number; readonly after: Numberings }
/** What is missing in the end, when the numbers come in these pieces. */
function told(...pieces: readonly (readonly number[])[]): Told {
  let after: Numberings = {}, lost = 0, missing: Range[] = [];
  pieces.forEach((piece, i) => {
    const read = readNumbers(JSON.parse(JSON.stringify(after)) as Numberings, [given(piece, i * MINUTE)]);
    after = read.after;
    for (const { losses } of read.losses) for (const loss of losses) { lost += loss.count; missing = [...takeRanges([...missing, ...loss.missing ?? []], loss.found ?? [])]; }
  });
  return { lost, missing: missing.sort((a, b) => a[0] - b[0]), resets: after['n']?.resets ?? 0, after };
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('what was passed over is missing, with its range', () => {
  expect(told([1, 2, 3, 7, 8])).toMatchObject({ lost: 3, missing: [[4, 6]] });
  expect(told([1], [5], [6, 9])).toMatchObject({ lost: 5, missing: [[2, 4], [7, 8]] });
  expect(told(range(1, 5), range(40_000, 40_010))).toMatchObject({ lost: 39_994, missing: [[6, 39_999]], resets: 0 });
});

test('what comes late is not missing any more, in the minute that had shown it', () => {
  expect(told([1, 2, 5, 4, 3, 6])).toMatchObject({ lost: 0, missing: [] });
  const first = readNumbers({}, [given([1, 2, 6], 0)]), second = readNumbers(first.after, [given([4], 5 * MINUTE)]);
  expect(first.losses).toMatchObject([{ minute: 0, losses: [{ count: 3, missing: [[3, 5]] }] }]);
  expect(second.losses).toMatchObject([{ minute: 0, losses: [{ count: -1, found: [[4, 4]] }] }]);
});

test('duplicates, batches that are sent again and one damaged number are no loss', () => {
  expect(told([1, 2, 2, 2, 3, 1, 3, 4])).toMatchObject({ lost: 0, resets: 0 });
  expect(told(range(5_000, 9_000), range(7_000, 9_200))).toMatchObject({ lost: 0, resets: 0 });
  expect(told([10, 11, 999_999_999, 12, 13])).toMatchObject({ lost: 0, resets: 0 });
  expect(told([10, 11, 200, 12, ...range(13, 300)])).toMatchObject({ lost: 0 });
});

test('a sender that begins anew has lost nothing', () => {
  expect(told(range(500_000, 500_020), range(1, 50))).toMatchObject({ lost: 0, resets: 1 });
  expect(told(range(1, 40), [1, 2, 3, 4, 5, 8, 9])).toMatchObject({ lost: 2, missing: [[6, 7]], resets: 1 });
  expect(told(range(1, 40), range(3_000_000_000, 3_000_000_010))).toMatchObject({ lost: 0, resets: 1 });
});

test('counters turn over', () => {
  expect(told(range(2 ** 31 - 4, 2 ** 31 - 1), range(1, 5))).toMatchObject({ lost: 0, resets: 0 });
  expect(told(range(2 ** 31 - 4, 2 ** 31 - 2), range(3, 5))).toMatchObject({ lost: 3, missing: [[1, 2], [2 ** 31 - 1, 2 ** 31 - 1]] });
  expect(told(range(2 ** 32 - 4, 2 ** 32 - 1), range(0, 5))).toMatchObject({ lost: 0, resets: 0 });
});

test('any order within a window, any duplicates, any cuts into commits: missing is exactly what never came', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.array(fc.record({ gone: fc.boolean(), delay: fc.nat(8), twice: fc.boolean() }), { minLength: 2, maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (start, plan, cuts) => {
    const base = start + 2_000, last = plan.length - 1;
    const sent = plan.map((one, i) => ({ ...one, n: base + i, gone: one.gone && i > 0 && i < last, delay: i === 0 ? -100 : i === last ? 100 : one.delay }));
    // As UDP does it: at most 8 overtaken; at most as many holes at a time as are remembered.
    const came = sent.filter(({ gone }) => !gone).map((one, at) => ({ ...one, at: at + one.delay })).sort((a, b) => a.at - b.at).flatMap(({ n, twice }) => (twice ? [n, n] : [n]));
    const edges = [0, ...[...new Set(cuts.map((cut) => cut % came.length))].sort((a, b) => a - b), came.length], pieces = edges.slice(1).map((to, i) => came.slice(edges[i], to));
    const { lost, missing } = told(...pieces), gone = sent.filter((one) => one.gone).map(({ n }) => n);
    expect([lost, countOf(missing), gone.every((n) => missing.some(([a, b]) => n >= a && n <= b))]).toEqual([gone.length, gone.length, true]);
  }), { numRuns: 500 });
});

test('whatever numbers come, what is remembered is bounded and a replay tells the same', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.nat(3000), fc.nat(2 ** 32), fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER - 1)), { maxLength: 300 }), (numbers) => {
    const once = told(numbers), again = told(numbers);
    expect(again).toEqual(once);
    expect(once.lost).toBeGreaterThanOrEqual(0);
    expect(once.after['n']?.holes.length ?? 0).toBeLessThanOrEqual(32);
  }), { numRuns: 300 });
  const many = readNumbers({}, Array.from({ length: 500 }, (_, i) => ({ ...given([1], i * MINUTE), name: `n${i}` })));
  expect(Object.keys(many.after).sort()).toEqual(range(436, 499).map((i) => `n${i}`).sort());
});

test('runs of numbers say what the numbers one by one say', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: 60 })), { maxLength: 20 }), (runs) => {
    const packed = readNumbers({}, [{ ...given([]), runs: runs.flatMap(([first, count]) => [0, first, count]) }]), single = readNumbers({}, [given(runs.flatMap(([first, count]) => range(first, first + count - 1)))]);
    expect(packed).toEqual(single);
  }), { numRuns: 300 });
});
