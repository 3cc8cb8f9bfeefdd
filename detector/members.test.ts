import { createLog } from '../core/process/log.js';
import type { Member } from '../core/store/shared.js';
import { chosen, Members } from './members.js';

const log = createLog('silent', 'test');

test('who does not move for a while on the looker\'s own clock is gone; who says so is gone at once', async () => {
  const there = new Map<string, number>(), shared = { beat: async ({ id, beat }: Member) => { there.set(id, beat); }, members: async () => [...there].map(([id, beat]): Member => ({ id, beat })) };
  let now = 0;
  const clock = { now: () => 0, monotonic: () => now }, at = (id: string): Members => new Members(id, shared, clock, log, 1e9, 10_000), a = at('a');
  there.set('b', 900);
  await a.start();
  expect(a.present()).toEqual(['a', 'b']);
  const look = (): Promise<void> => (a as unknown as { look(): Promise<void> }).look();
  now = 9_999;
  there.set('b', 901);
  await look();
  now = 19_000;
  await look();
  expect(a.present()).toEqual(['a', 'b']);
  now = 20_000;
  expect(a.present()).toEqual(['a']);
  // It was only slow: what it did meanwhile the ledger has judged.
  there.set('b', 902);
  await look();
  expect(a.present()).toEqual(['a', 'b']);
  there.set('b', -1);
  await look();
  expect(a.present()).toEqual(['a']);
  await a.stop();
  expect(there.get('a')).toBe(-1);
});

test('all choose alike; when one goes, only its own work moves; and each has some', () => {
  const members = ['a', 'b', 'c'], work = Array.from({ length: 300 }, (_, i) => `stream ${i}`), before = work.map((one) => chosen(one, members));
  expect(work.map((one) => chosen(one, ['c', 'a', 'b']))).toEqual(before);
  work.forEach((one, i) => { if (before[i] !== 'b') expect(chosen(one, ['a', 'c'])).toBe(before[i]); });
  for (const member of members) expect(before.filter((one) => one === member).length).toBeGreaterThan(60);
  expect(chosen('x', [])).toBeUndefined();
});
