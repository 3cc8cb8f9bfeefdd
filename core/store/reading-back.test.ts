import { ReadingBack } from './reading-back.js';
import type { SegmentReceipt } from './shared.js';

const receipt = (id: string): SegmentReceipt => ({ id, stream: { collector: 'c', epoch: 1, tier: 3 }, sealed: { count: 1, first: 1, last: 1, xor: '' } });

function open(ids: readonly string[], isWhole: (id: string) => boolean) {
  const now = { ms: 0 }, read: string[] = [], left = new Set(ids);
  const shared = { openReceipts: async (limit: number) => [...left].sort().slice(0, limit).map(receipt), readBack: async ({ id }: SegmentReceipt) => { read.push(id); if (isWhole(id)) left.delete(id); return isWhole(id); } };
  return { now, read, left, reading: new ReadingBack(shared, () => now.ms) };
}

test('receipts of a collector that is gone for good do not hold up those of the others', async () => {
  const gone = Array.from({ length: 200 }, (_, i) => `a${1000 + i}`), { now, left, reading } = open([...gone, 'b1'], (id) => id === 'b1');
  for (let round = 0; round < 5; round++, now.ms += 5_000) await reading.round(() => true);
  expect([left.has('b1'), left.size]).toEqual([false, 200]);
  left.add('b1');
  for (let round = 0; round < 5; round++, now.ms += 5_000) await reading.round(() => true);
  expect(left.has('b1')).toBe(false);
});

test('what is not whole is read later each time, and again for ever', async () => {
  const { now, read, reading } = open(['a'], () => false), times: number[] = [];
  for (; now.ms < 3_600_000; now.ms += 5_000) { const before = read.length; await reading.round(() => true); if (read.length > before) times.push(now.ms / 1_000); }
  expect(times.slice(0, 8)).toEqual([0, 5, 15, 35, 75, 155, 315, 635]);
  expect(times.at(-1)).toBeGreaterThan(2_900);
});

test('it ends when it is told to, and says how many are open', async () => {
  const { read, reading } = open(['a', 'b', 'c'], (id) => id !== 'b');
  expect(await reading.round(() => false)).toBe(3);
  expect(read).toEqual([]);
  expect(await reading.round(() => true)).toBe(1);
});
