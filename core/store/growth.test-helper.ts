// What every store adapter keeps of alerts that grow, as tests: in whatever pieces a correlation's alert came, it is read as if it had
// been made whole from all its hits.
import fc from 'fast-check';
import { proofOf, united, type Alert, type AlertHead, type EventCopy, type Hit } from '../alert.js';
import { aRun, commitOf, START, withHits } from './samples.js';
import type { AlertWrite, CopyKey, Store } from './store.js';

const stream = { collector: '0190f3a0-0000-7000-8000-0000000000ab', epoch: 3, tier: 3 }, EVENTS = 260;
const rules = ['r1', 'r2'].map((uid) => ({ uid, version: 'v', title: uid, level: 'low' as const }));
const run = aRun(stream, 1, Array.from({ length: EVENTS }, (_, i) => ({ message: `line ${i}`, 'event.original': `<13>line ${i}`, 'source.ip': '203.0.113.9', __proto__: null })));
// Positions say nothing about event time, and many events share a moment.
const timeOf = (n: number): number => START + ((n * 7919) % EVENTS >> 1) * 1000;
const idOf = (n: number): string => String(run.events[n]?.['event.id']);
const hit = (n: number, rule: number): Hit => ({ rule: rules[rule] as Hit['rule'], stream: '', seq: n + 1, eventId: idOf(n), time: timeOf(n), received: START, system: 'portal', tier: 3, reports: false, atoms: [], event: {} });
const copy = (n: number, rule: number): EventCopy => ({ id: idOf(n), rule: `r${rule + 1}`, time: timeOf(n), received: START, system: 'portal', atoms: [{ question: 'both' }, { question: `r${rule + 1} asks`, start: rule, end: n }], grouping: [{ question: 'ip groups', value: '203.0.113.9' }] });
const head = (eventCount: number, created = START): AlertHead => ({
  id: 'grows', rule: { uid: 'c', version: 'v', title: 'c', level: 'high' }, severity: 'high', tier: 3, system: 'portal', time: START, received: START, created, firstSeen: START, lastSeen: START + eventCount,
  group: { 'source.ip': '203.0.113.9' }, entities: [{ kind: 'ip', value: '203.0.113.9' }], incident: 'i1', eventCount,
});
const inOrder = (a: CopyKey, b: CopyKey): number => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The alert made at once from everything that came. */
function reference(all: readonly EventCopy[]): Alert {
  const byId = new Map<string, EventCopy>();
  for (const one of all) byId.set(one.id, united(byId.get(one.id) ?? { ...one, atoms: [], grouping: [] }, one));
  const copies = [...byId.values()].sort(inOrder), kept = copies.length <= 100 ? copies : [...copies.slice(0, 50), ...copies.slice(-50)];
  return { ...head(byId.size), eventIds: [...byId.keys()].sort(), events: kept.map((one) => proofOf(one, run.events.find((event) => event['event.id'] === one.id) ?? {})) };
}

/** A piece of growth: some events, each under one rule or both; some came before. */
const piece = fc.array(fc.tuple(fc.nat(EVENTS - 1), fc.nat(2)), { minLength: 1, maxLength: 70 }).map((picks) => picks.flatMap(([n, which]) => (which === 2 ? [copy(n, 0), copy(n, 1)] : [copy(n, which)])));

export function growthContract(store: () => Store, reopen: () => Promise<void>): void {
  const evidence = (): Promise<void> => store().commit(commitOf(withHits(run.run, run.events.flatMap((_, n) => [hit(n, 0), hit(n, 1)]))));
  const grow = async (id: string, copies: readonly EventCopy[], create: number, leavesOut: boolean): Promise<readonly EventCopy[]> => {
    const ids = [...new Set(copies.map((one) => one.id))], [state] = await store().alerts.states([{ id, eventIds: ids }]);
    const fresh = ids.filter((one) => state?.has.includes(one) !== true), between = state?.between;
    const sent = leavesOut && between !== undefined ? copies.filter((one) => inOrder(one, between[0]) <= 0 || inOrder(one, between[1]) >= 0) : copies;
    const write: AlertWrite = { kind: 'growth', head: { ...head((state?.head.eventCount ?? 0) + fresh.length, create), id }, eventIds: leavesOut ? fresh : ids, copies: sent };
    await store().commit({ ...commitOf(), alerts: [write] });
    return sent;
  };

  test('an alert that grew in pieces is the alert made from all of them at once', async () => {
    await evidence();
    let runs = 0;
    await fc.assert(fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 9 }), fc.boolean(), async (pieces, leavesOut) => {
      const id = `grows-${++runs}`;
      for (const [i, copies] of pieces.entries()) await grow(id, copies, START + i, leavesOut);
      const found = await store().alerts.get(id), expected = reference(pieces.flat());
      expect({ ...found, eventIds: [...found?.eventIds ?? []].sort() }).toEqual({ ...expected, id });
    }), { numRuns: 40, seed: 20261122 });
  });

  test('what is asked of a growing alert: its head, the ids it has, between which copies nothing is kept', async () => {
    await evidence();
    await grow('grows', Array.from({ length: 60 }, (_, n) => copy(n, 0)), START, true);
    expect(await store().alerts.states([{ id: 'grows', eventIds: [idOf(3), idOf(200)] }])).toEqual([{ head: head(60), has: [idOf(3)], copies: 60 }]);
    const all = Array.from({ length: EVENTS }, (_, n) => copy(n, 1)), sorted = [...all].sort(inOrder).map(({ time, id }) => ({ time, id }));
    await grow('grows', all, START, true);
    expect(await store().alerts.states([{ id: 'grows', eventIds: [] }])).toEqual([{ head: head(EVENTS), has: [], copies: 100, between: [sorted[49], sorted[EVENTS - 50]] }]);
    expect((await store().alerts.ofIncident('i1', { limit: 1 })).items[0]?.events).toHaveLength(100);
  });

  test('proofs outlive their events and hits; a copy of an event without hits is refused, and the commit with it', async () => {
    await evidence();
    await grow('grows', Array.from({ length: 5 }, (_, n) => copy(n, 0)), START, true);
    const before = await store().alerts.get('grows');
    await store().keep({ 3: 0 }, START + 3 * 86_400_000);
    expect((await store().ledger.hitsSince(0, 0, 10)).hits).toEqual([]);
    await reopen();
    expect(await store().alerts.get('grows')).toEqual(before);
    expect(before?.events[0]?.original).toMatch(/^<13>line /);
    await expect(store().commit({ ...commitOf(), closed: 9, alerts: [{ kind: 'growth', head: head(6), eventIds: ['x'], copies: [copy(100, 0)] }] })).rejects.toThrow('expected hits of event');
    expect(await store().ledger.closed()).toBe(0);
    expect(await store().alerts.get('grows')).toEqual(before);
  });
}
