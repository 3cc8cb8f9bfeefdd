import fc from 'fast-check';
import type { Hit } from '../core/alert.js';
import { compileSet } from '../core/pipeline/engine.js';
import { Policy } from '../core/policy.js';
import { loadPolicies } from '../core/process/policy-file.js';
import type { LedgerStore } from '../core/store/store.js';
import { Correlation, type Told } from './correlation.js';
import { correlationAlertId, slotOf } from './ids.js';
import { byTier, latenessBy, latenessOf, least, tiersBy, type ByTier } from './lateness.js';

const MINUTE = 60_000, START = Date.UTC(2026, 10, 22, 5), T = 10 * MINUTE;
const FAILED = '60000000-0000-4000-8000-000000000001';
const { correlations } = compileSet({
  placeholders: {}, disabled: [], exceptions: [], thresholds: {}, sources: [{ file: 'a.yml', text: `title: Failed
name: failed
id: ${FAILED}
logsource: { product: linux, service: sshd }
detection: { sel: { message|contains: Failed }, condition: sel }
---
title: two
correlation: { type: event_count, rules: [failed], timespan: 10m, condition: { eq: 2 } }
---
title: average
correlation: { type: value_avg, rules: [failed], timespan: 10m, condition: { field: size, gte: 5 } }
---
title: many
correlation: { type: event_count, rules: [failed], timespan: 10m, condition: { gte: 3 } }
` }],
});
const lateness: ByTier = { 1: 30 * MINUTE, 2: 15 * MINUTE, 3: 5 * MINUTE, 4: 5 * MINUTE, 5: 5 * MINUTE };
type Sent = { readonly tier: number; readonly received: number; readonly delay: number; readonly size: number };
const hitOf = ({ tier, received, delay, size }: Sent, n: number): Hit => ({
  rule: { uid: FAILED, version: 'v', title: 'Failed', level: 'low' }, stream: `s.${tier}`, seq: n, eventId: String(n), time: START + (received - delay) * MINUTE, received: START + received * MINUTE, system: 'PORTAL', tier,
  reports: false, atoms: [], event: { size },
});
function ledgerOf(): LedgerStore & { readonly all: Hit[] } {
  const all: Hit[] = [];
  return { all, entries: async () => [], hitsSince: async () => ({ hits: all, last: 0 }), closed: async () => 0, hitCounts: async () => ({}), named: async () => [], hits: async (_, from, to) => all.filter(({ time }) => time >= from && time <= to) };
}
const known = (told: Map<string, Set<string>>, results: readonly Told[]): void => {
  for (const { id, added } of results) told.set(id, new Set([...told.get(id) ?? [], ...added.map(({ eventId }) => eventId)]));
};

/** By the definition: a window belongs to the tiers of the hits that end or open it, and holds what came no later than those may. */
function expected(hits: readonly Hit[]): Map<string, Set<string>> {
  const told = new Map<string, Set<string>>();
  const add = (title: string, time: number, window: readonly Hit[]): void => {
    const { uid, version } = correlations.find((one) => one.title === title)!, key = correlationAlertId(uid, version, {}, slotOf(time, T));
    told.set(key, new Set([...told.get(key) ?? [], ...window.map(({ eventId }) => eventId)]));
  };
  for (const [late] of tiersBy(lateness)) {
    const there = hits.filter(({ time, received }) => time >= received - late && time <= received + 5 * MINUTE);
    for (const { time } of there.filter(({ tier }) => latenessOf(lateness, tier) === late)) {
      const after = there.filter((hit) => hit.time >= time && hit.time <= time + T), before = there.filter((hit) => hit.time <= time && hit.time >= time - T);
      if (after.length === 2) add('two', time, after);
      if (before.reduce((sum, { event }) => sum + Number(event['size']), 0) / before.length >= 5) add('average', time, before);
    }
  }
  for (const { time } of hits) {
    const before = hits.filter((hit) => hit.time <= time && hit.time >= time - T);
    if (before.length >= 3) add('many', time, before);
  }
  return told;
}
const plain = (told: Map<string, Set<string>>): unknown => [...told].map(([key, ids]) => [key, [...ids].sort()]).sort();

const sent = fc.array(fc.record({ tier: fc.constantFrom(1, 2, 3, 5), received: fc.integer({ min: 0, max: 120 }), delay: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -7, max: 8 }) }, fc.integer({ min: 0, max: 45 })), size: fc.integer({ min: 0, max: 9 }) }), { maxLength: 40 })
  .map((all) => [...all].sort((a, b) => a.received - b.received));

test('verdicts wait for late hits as long as the tiers of their windows allow, however often the detector is started anew', async () => {
  await fc.assert(fc.asyncProperty(sent, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), fc.array(fc.constantFrom('go on', 'restart', 'crash'), { minLength: 40, maxLength: 40 }), async (all, cuts, plan) => {
    const lives = [...plan], hits = all.map(hitOf), ledger = ledgerOf(), told = new Map<string, Set<string>>();
    let closed = byTier(() => 0), state = await Correlation.open(correlations, ledger, closed, { lateness });
    for (let from = 0, round = 0; from < hits.length; round = (round + 1) % lives.length) {
      let to = from + 1;
      while (to < hits.length && cuts[to] === false) to++;
      const part = hits.slice(from, to), mark = part[part.length - 1]!.received, watermarks = byTier((tier) => Math.max(closed[tier], mark - lateness[tier]));
      known(told, await state.take(part, watermarks));
      // A crash comes before the commit: what was told is told again. A restart knows the least of the watermarks.
      const life = lives[round];
      if (life !== 'crash') { ledger.all.push(...part); closed = watermarks; from = to; }
      lives[round] = 'go on';
      if (life === 'go on') continue;
      closed = byTier(() => least(closed));
      state = await Correlation.open(correlations, ledger, closed, { lateness });
    }
    known(told, await state.take([], byTier(() => START + 1_000 * MINUTE)));
    expect(plain(told)).toEqual(plain(expected(hits)));
  }), { numRuns: 300 });
});

test('a window of tier 5 is judged while one of tier 1 still waits, and counts what came late to it only there', async () => {
  const state = await Correlation.open(correlations, ledgerOf(), byTier(() => 0), { lateness });
  const judged = async (minutes: number): Promise<readonly string[]> => (await state.take([], byTier((tier) => START + minutes * MINUTE - lateness[tier]))).map(({ correlation, added }) => `${correlation.title} ${added.map(({ eventId }) => eventId).join()}`);
  await state.take([hitOf({ tier: 5, received: 0, delay: 0, size: 9 }, 1), hitOf({ tier: 1, received: 0, delay: 0, size: 9 }, 2)], byTier(() => 0));
  expect(await judged(5)).toEqual([]);
  expect(await judged(6)).toEqual(['average 1,2']);
  expect(await judged(16)).toEqual(['two 1,2']);
  expect(state.counts.undecided).toBe(0);
});

test('where a new policy gives one lateness to tiers that had two, what the slower one had not told yet is told', async () => {
  const ledger = ledgerOf(), hits = [hitOf({ tier: 1, received: 1, delay: 0, size: 0 }, 1), hitOf({ tier: 1, received: 2, delay: 0, size: 0 }, 2)];
  ledger.all.push(...hits);
  const closed = byTier((tier) => START + (tier === 1 ? 0 : 25 * MINUTE)), state = await Correlation.open(correlations, ledger, closed, { lateness: byTier(() => 5 * MINUTE) });
  expect((await state.take([], byTier(() => START + 26 * MINUTE))).map(({ correlation, added }) => `${correlation.title} ${added.map(({ eventId }) => eventId).join()}`)).toEqual(['two 1,2']);
});

test('the shipped policy says how late each tier may be, never longer than it may be silent; a value for all stands before it', () => {
  const policy = new Policy(loadPolicies(), Date.UTC(2026, 11, 14));
  expect(latenessBy(policy)).toEqual(lateness);
  for (const tier of [1, 2, 3, 4, 5]) expect(policy.latenessMs(tier)).toBeLessThanOrEqual(policy.silenceMinutes(tier) * MINUTE);
  expect([latenessBy(policy, 1_000)[1], latenessBy(undefined)[4], latenessOf(lateness, 9)]).toEqual([1_000, 5 * MINUTE, 30 * MINUTE]);
});
