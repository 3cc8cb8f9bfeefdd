import type { Hit } from '../core/alert.js';
import { compileSet } from '../core/pipeline/engine.js';
import type { LedgerStore } from '../core/store/store.js';
import { Correlation, type Told } from './correlation.js';
import { orderOf, refOf, wholeHits } from './hit-ref.js';
import { byTier, type ByTier } from './lateness.js';

const { correlations } = compileSet({
  placeholders: {}, disabled: [], exceptions: [], thresholds: {}, sources: [{ file: 'a.yml', text: `title: Sign-in failed
name: failed
id: 60000000-0000-4000-8000-000000000001
logsource: { product: linux, service: sshd }
detection: { sel: { message|contains: Failed }, condition: sel }
level: informational
---
title: Guessing
id: 60000000-0000-4000-8000-000000000002
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 1m, condition: { gte: 3 } }
level: high
` }],
});
const START = Date.UTC(2026, 10, 22, 5), MINUTE = 60_000, at = (time: number): ByTier => byTier(() => time), lateness = at(MINUTE);
const hit = (seq: number, time: number, received = time): Hit => ({
  rule: { uid: '60000000-0000-4000-8000-000000000001', version: 'v', title: 'Sign-in failed', level: 'informational' }, stream: 's.1.2', seq, eventId: `s.1.2.${seq}.x`, time, received, system: 'PORTAL', tier: 2,
  reports: false, atoms: [], event: { 'source.ip': '203.0.113.9', 'event.original': `line ${seq}` },
});
/** The ledger, in memory: what `commit` was given. */
function ledgerOf(): LedgerStore & { commit(hits: readonly Hit[]): void; readonly asked: string[] } {
  const all: Hit[] = [], asked: string[] = [];
  return {
    asked, commit: (hits) => { all.push(...hits); }, entries: async () => [], hitsSince: async () => ({ hits: all, last: 0 }), closed: async () => 0, hitCounts: async () => ({}),
    named: async (asked) => all.filter((hit) => asked.some(({ eventId, rule }) => eventId === hit.eventId && rule === hit.rule.uid)),
    hits: async (uid, from, to) => { asked.push(`${from}-${to}`); return all.filter(({ rule, time }) => rule.uid === uid && time >= from && time <= to); },
  };
}
const whole = async (told: Told, ledger: LedgerStore): Promise<readonly Hit[]> => { const hits = await wholeHits(told.all(), ledger); return told.all().map((ref) => hits.get(ref)!); };
const ids = (told: readonly Told[]): number[][] => told.map((one) => one.all().map(({ eventId }) => Number(eventId.split('.')[3])));

test('a round larger than what is kept whole can still be proved: its hits are not in the ledger yet', async () => {
  const ledger = ledgerOf(), state = await Correlation.open(correlations, ledger, at(START), { lateness, wholeMax: 5 });
  const hits = Array.from({ length: 40 }, (_, n) => hit(n + 1, START + n * 100));
  const [told] = await state.take(hits, at(START));
  expect((await whole(told!, ledger)).map(({ seq }) => seq)).toEqual(hits.map(({ seq }) => seq));
  ledger.commit(hits);
  const [grown] = await state.take([hit(41, START + 4_100)], at(START));
  expect((await whole(grown!, ledger)).map(({ event }) => event['event.original'])).toEqual([...hits, hit(41, 0)].map(({ seq }) => `line ${seq}`));
  expect(grown!.all().filter(({ full }) => full !== undefined).length).toBeLessThan(10);
});

test('a hit behind the watermark is looked at with the stored hits around it', async () => {
  const ledger = ledgerOf(), long = START - 86_400_000;
  ledger.commit([hit(1, long), hit(2, long + 10_000), hit(3, long + 5 * MINUTE)]);
  const state = await Correlation.open(correlations, ledger, at(START), { lateness });
  expect(ids(await state.take([hit(4, long + 20_000, START)], at(START)))).toEqual([[1, 2, 4]]);
  expect(ids(await state.take([hit(5, long + 5 * MINUTE + 1, START), hit(6, long + 5 * MINUTE + 2, START)], at(START)))).toEqual([[3, 5, 6]]);
  expect(state.counts.late).toBe(3);
});

test('hits that are given up for want of memory are told, by the correlation that lost them', async () => {
  const state = await Correlation.open(correlations, ledgerOf(), at(START), { lateness, hitsMax: 10 });
  expect(state.losses).toEqual({});
  await state.take(Array.from({ length: 25 }, (_, n) => hit(n + 1, START + n)), at(START));
  expect(state.losses).toEqual({ [correlations[0]!.uid]: state.counts.dropped });
  expect(state.counts.dropped).toBeGreaterThanOrEqual(15);
});

test.each([
  ['before', -2 * MINUTE - 500, 100, MINUTE], ['before', -2 * MINUTE + 500, 100, MINUTE], ['after', 5 * MINUTE + 500, -100, -MINUTE], ['after', 5 * MINUTE - 500, -100, -MINUTE],
])('the stretch that is loaded reaches to the hit %s it by exactly a window (%i ms)', async (_, far, step, back) => {
  const ledger = ledgerOf(), long = START - 86_400_000;
  ledger.commit([hit(1, long + far), hit(2, long + far + step)]);
  const state = await Correlation.open(correlations, ledger, at(START), { lateness });
  // The first is alone, and loads what is around it, wider than it needs; the stored hits lie half a second beyond that, or within.
  expect(await state.take([hit(3, long, START)], at(START))).toEqual([]);
  expect(ids(await state.take([hit(4, long + far + back, START)], at(START))).map((one) => one.sort())).toEqual([[1, 2, 4]]);
});

test('a log sent again asks the ledger for a stretch, not at each line', async () => {
  const ledger = ledgerOf(), long = START - 86_400_000, state = await Correlation.open(correlations, ledger, at(START), { lateness });
  ledger.asked.length = 0;
  for (let n = 0; n < 200; n++) {
    const one = hit(n + 1, long + n * 1_000, START + n);
    await state.take([one], at(START));
    ledger.commit([one]);
  }
  expect(ledger.asked.length).toBeLessThan(10);
});

test('what was told before a restart is not told again', async () => {
  const ledger = ledgerOf(), first = await Correlation.open(correlations, ledger, at(START), { lateness });
  const hits = [1, 2, 3].map((n) => hit(n, START + n));
  expect(ids(await first.take(hits, at(START)))).toEqual([[1, 2, 3]]);
  ledger.commit(hits);
  const second = await Correlation.open(correlations, ledger, at(START), { lateness });
  expect(await second.take([], at(START + 1))).toEqual([]);
  const [grown] = await second.take([hit(4, START + 4)], at(START + 1));
  expect(grown!.added.map(({ eventId }) => eventId)).toContain('s.1.2.4.x');
  expect(ids([grown!])).toEqual([[1, 2, 3, 4]]);
});

test('hits of one moment stand in the order of receipt, stream and position', () => {
  const all = [hit(10, START, START + 1), hit(9, START, START + 1), hit(11, START)];
  expect([...all].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)).map(({ seq }) => seq)).toEqual([11, 9, 10]);
  expect(refOf(all[0]!)).toMatchObject({ time: START, tier: 2 });
});
