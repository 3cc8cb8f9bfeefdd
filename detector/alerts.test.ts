import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Hit } from '../core/alert.js';
import { openHere } from '../core/store/embedded/embedded.js';
import { aRun, commitOf, START, withHits } from '../core/store/samples.js';
import type { Store } from '../core/store/store.js';
import { alertOf, ends, type Finding, type RuleInfo } from './alerts.js';
import { byTime, refOf } from './hit-ref.js';

const EVENTS = 320, stream = { collector: '0190f3a0-0000-7000-8000-0000000000ac', epoch: 1, tier: 2 };
const rules = ['r1', 'r2'].map((uid) => ({ uid, version: 'v1', title: uid, level: 'low' as const }));
const correlation: RuleInfo = {
  name: { uid: 'c1', version: 'v1', title: 'Guessing', level: 'medium' }, family: 'c1', entity: [],
  grouping: { names: ['source.ip'], paths: new Map(rules.map(({ uid }) => [uid, [['source.ip']]])) },
};
const run = aRun(stream, 1, Array.from({ length: EVENTS }, (_, n) => ({ 'event.original': `line ${n} of 203.0.113.9`, 'source.ip': '203.0.113.9', 'user.name': `u${n % 5}`, 'haidang.system': 'PORTAL' })));
// Many events share a moment, and positions say nothing about it.
const hit = (n: number, rule: number): Hit => ({
  rule: rules[rule]!, stream: '', seq: n + 1, eventId: String(run.events[n]!['event.id']), time: START + ((n * 7919) % EVENTS >> 1), received: START, system: 'PORTAL', tier: 2, reports: false,
  atoms: [{ question: `rule ${rule} asks`, start: 0, end: 4 }], event: run.events[n]!,
});
const all = Array.from({ length: EVENTS }, (_, n) => [hit(n, 0), hit(n, 1)]);

const folder = mkdtempSync(join(tmpdir(), 'haidang-alerts-'));
let store: Store;
beforeAll(async () => {
  store = await openHere({ folder, reserveBytes: 0 });
  await store.commit(commitOf(withHits(run.run, all.flat())));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function grow(id: string, given: readonly Hit[], earliest: Hit): Promise<void> {
  const byRef = new Map(given.map((one) => [refOf(one), one])), hits = [...byRef.keys()].sort(byTime), whole = ends(hits).map((ref) => byRef.get(ref)!);
  const finding: Finding = { id, rule: correlation, completing: earliest, hits, whole, group: { 'source.ip': '203.0.113.9' } };
  const [known] = await store.alerts.states([{ id, eventIds: hits.map(({ eventId }) => eventId) }]);
  const write = alertOf(finding, { incident: 'i', created: START, storm: false, known });
  if (write !== undefined) await store.commit({ ...commitOf(), alerts: [write] });
}

// An event brings the hits it has with it; some come again, alone or with others.
const piece = fc.oneof(fc.array(fc.nat(EVENTS - 1), { minLength: 1, maxLength: 40 }), fc.array(fc.nat(EVENTS - 1), { minLength: 60, maxLength: 140 }));
test.each([1, 2, 3, 4, 5])('a correlation that grew in pieces is the one told at once (seed %i)', async (seed) => {
  let runs = 0;
  await fc.assert(fc.asyncProperty(fc.array(piece, { minLength: 2, maxLength: 7 }), fc.nat(2), async (pieces, which) => {
    const id = `${seed}-${++runs}`, hitsOf = (n: number): readonly Hit[] => (which === 2 || n % 3 === which ? all[n]! : [all[n]![which]!]);
    const everything = [...new Set(pieces.flat())].flatMap(hitsOf), earliest = everything.reduce((first, one) => (byTime(refOf(one), refOf(first)) < 0 ? one : first));
    for (const part of pieces) await grow(`${id} in pieces`, [...new Set(part)].flatMap(hitsOf), earliest);
    await grow(`${id} at once`, everything, earliest);
    const [grown, once] = await Promise.all(['in pieces', 'at once'].map((how) => store.alerts.get(`${id} ${how}`)));
    const ids = [...new Set(everything.map(refOf).sort(byTime).map(({ eventId }) => eventId))];
    expect(once!.events.map((event) => event.id)).toEqual(ids.length <= 100 ? ids : [...ids.slice(0, 50), ...ids.slice(-50)]);
    expect({ ...grown, id: '', entities: [] }).toEqual({ ...once, id: '', entities: [] });
    expect(once!.eventCount).toBe(once!.eventIds.length);
  }), { numRuns: 15, seed, endOnFailure: true });
});

test('of a storm nothing is copied, however it grows; all of it is counted', async () => {
  const hits = all.slice(0, 30).flat(), refs = hits.map(refOf);
  const finding = (from: number, to: number): Finding => ({ id: 'storm', rule: correlation, completing: hits[0]!, hits: refs.slice(from, to), whole: hits.slice(from, to), group: { 'source.ip': '203.0.113.9' } });
  await store.commit({ ...commitOf(), alerts: [alertOf(finding(0, 20), { incident: 'i', created: START, storm: true })!] });
  const [known] = await store.alerts.states([{ id: 'storm', eventIds: refs.map(({ eventId }) => eventId) }]);
  await store.commit({ ...commitOf(), alerts: [alertOf(finding(10, 60), { incident: 'i', created: START, storm: false, known })!] });
  expect(await store.alerts.get('storm')).toMatchObject({ eventCount: 30, eventIds: { length: 30 }, events: [] });
  expect(alertOf(finding(0, 60), { incident: 'i', created: START, storm: false, known: (await store.alerts.states([{ id: 'storm', eventIds: refs.map(({ eventId }) => eventId) }]))[0] })).toBeUndefined();
});
