import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { policyOfNow } from '../core/policy.js';
import { loadPolicies } from '../core/process/policy-file.js';
import { aRun, commitOf } from '../core/store/samples.js';
import { openHere } from '../core/store/embedded/embedded.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import type { Incident } from '../core/incident.js';
import type { System } from '../core/tier.js';
import { SilenceWatch } from './silence-watch.js';

const MINUTE = 60_000, HOUR = 60 * MINUTE, START = Date.parse('2026-11-23T01:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'haidang-silence-')), log = pino({ level: 'silent' }), packs = loadPolicies();
let store: Store, serial = 0, now = START, behind = false, setBy = 0, positions = 0, watch: SilenceWatch;
const clock = { now: () => now + setBy, monotonic: () => now };
const newWatch = (): SilenceWatch => new SilenceWatch({ store, clock, log, policy: policyOfNow(packs, () => now), behind: () => behind, notices: { recipients: [{ to: 'soc@example.org', tiers: [1, 2, 3, 4, 5], severity: 'low', language: 'vi' }] } });

beforeEach(async () => {
  [now, behind, setBy, positions] = [START, false, 0, 0];
  store = await openHere({ folder: join(folder, String(++serial)), reserveBytes: 0 });
  for (const [id, tier, more] of [['T5', 5, {}], ['T3', 3, {}], ['T2', 2, {}], ['DEMO', 3, { demo: true }]] as const) {
    await store.systems.put({ id, name: id, tier: tier, unit: 'UBND', match: [], ...more }, 0);
  }
  watch = newWatch();
});
afterEach(() => store.close());
afterAll(() => rmSync(folder, { recursive: true }));

/** These sources (`system/sender`) send a message now. */
async function speak(...names: readonly string[]): Promise<void> {
  const minute = Math.floor(now / MINUTE) * MINUTE, of = names.map((name) => { const [system = '', sender = ''] = name.split('/'); return { system, sender, tier: 3 }; });
  const { run } = aRun({ collector: '0190f3a0-0000-7000-8000-0000000000dd', epoch: 1, tier: 3 }, positions + 1, names.map(() => ({ message: 'x' })));
  positions += names.length;
  await store.commit(commitOf({
    ...run, receivedFrom: now, receivedTo: now, sources: of.map((source) => ({ ...source, count: 1, lost: 0, unparsed: 0, lastReceived: now })),
    account: { numbers: [], minutes: of.map((source) => ({ ...source, minute, received: 1, parsed: 1, unparsed: 0, stored: 1, evaluated: 1, own: 0, losses: [] })) },
  }));
}
/** Minutes pass; each minute these speak, and the watch looks. */
async function pass(minutes: number, ...names: readonly string[]): Promise<void> {
  for (let i = 0; i < minutes; i++) {
    now += MINUTE;
    if (names.length > 0) await speak(...names);
    await watch.look();
  }
}
const incidents = async (): Promise<readonly Incident[]> => (await store.incidents.list({ scope: EVERYTHING, sort: 'oldest' }, { limit: 100 })).items;
const told = async (): Promise<readonly string[]> => (await incidents()).map(({ title, system, tier, severity }) => `${system} ${tier} ${severity}: ${title}`);

test('a source that falls silent is an incident after what its level allows, once, with a mail; when it is heard again, that is noted', async () => {
  await pass(70, 'T5/a', 'T3/b', 'T2/c');
  const last = now;
  await pass(15, 'T3/b', 'T2/c');
  expect(await told()).toEqual(['T5 5 high: Log source silent: a']);
  const [incident] = await incidents();
  expect(incident).toMatchObject({ titleVi: 'Nguồn nhật ký im lặng: a', lastSeen: last, created: last + 6 * MINUTE, unit: 'UBND', entities: [{ kind: 'host', value: 'a' }], eventCount: 0, due: expect.any(Number) });
  expect((await store.outbox.list({ limit: 10 })).items.map(({ subject }) => subject)).toEqual([`[${incident?.number ?? ''}] Cao: Nguồn nhật ký im lặng: a`]);
  await pass(1, 'T5/a', 'T3/b', 'T2/c');
  await pass(3, 'T5/a', 'T3/b', 'T2/c');
  const notes = (await incidents()).flatMap(({ timeline }) => timeline.filter(({ kind }) => kind === 'noted'));
  expect(notes).toMatchObject([{ by: 'detector', text: expect.stringContaining('sau 16 phút im lặng') }]);
  // It falls silent once more while the incident is open: the same incident tells of both.
  await pass(7, 'T3/b', 'T2/c');
  expect((await incidents()).map(({ alerts }) => alerts.length)).toEqual([2]);
  await pass(2, 'T5/a', 'T3/b', 'T2/c');
  expect((await incidents()).flatMap(({ timeline }) => timeline.map(({ kind }) => kind))).toEqual(['alerted', 'noted', 'alerted', 'noted']);
});

test('limits are those of the level', async () => {
  await pass(70, 'T5/a', 'T3/b', 'T2/c', 'T2/d');
  await pass(5, 'T2/d');
  expect(await told()).toEqual([]);
  await pass(1, 'T2/d');
  expect(await told()).toEqual(['T5 5 high: Log source silent: a']);
  await pass(9, 'T2/d');
  expect((await told()).length).toBe(1);
  await pass(1, 'T2/d');
  expect((await told()).slice(1)).toEqual(['T3 3 medium: Log source silent: b']);
  await pass(45, 'T2/d');
  expect((await told()).slice(2)).toEqual(['T2 2 medium: Log source silent: c']);
});

test('when nothing arrives any more there is one incident, about us; when all speak again it says so', async () => {
  const all = Array.from({ length: 40 }, (_, i) => `T3/s${i}`);
  await pass(70, ...all);
  await pass(120);
  expect(await told()).toEqual(['unassigned 3 high: No log source is heard: check collector and network']);
  await pass(3, ...all);
  expect((await incidents()).map(({ timeline }) => timeline.map(({ kind }) => kind))).toEqual([['alerted', 'noted']]);
});

test('many that fall silent together are one incident; one that was silent before has its own', async () => {
  const many = Array.from({ length: 12 }, (_, i) => `T3/s${i}`), others = Array.from({ length: 8 }, (_, i) => `T3/o${i}`);
  await pass(70, ...many, ...others, 'T3/x');
  await pass(90, ...many, ...others);
  await pass(60, ...others);
  expect(await told()).toEqual(['T3 3 medium: Log source silent: x', 'unassigned 3 high: Many log sources fell silent together: check collector and network']);
});

test('a restart, a detector that is behind, a clock that was set and a store that fails alarm nobody', async () => {
  await pass(70, 'T3/a', 'T3/b', 'T2/c');
  now += 5 * HOUR; // switched off
  watch = newWatch();
  await watch.look();
  await pass(10, 'T2/c');
  await pass(5, 'T3/a', 'T3/b', 'T2/c');
  expect(await told()).toEqual([]);
  behind = true;
  await pass(100);
  behind = false;
  await pass(3, 'T3/a', 'T3/b', 'T2/c');
  expect(await told()).toEqual([]);
  setBy = 2 * HOUR;
  await pass(3);
  setBy = 0;
  await pass(3, 'T3/a', 'T3/b', 'T2/c');
  expect(await told()).toEqual([]);
  const working = store;
  store = { ...store, commit: async () => { throw new Error('the disk is full'); } };
  watch = newWatch();
  store = working;
  await watch.look();
  await pass(20, 'T2/c', 'T3/b');
  expect(await told()).toEqual([]);
  watch = newWatch();
  await watch.look();
  await pass(20, 'T2/c', 'T3/b');
  expect(await told()).toEqual(['T3 3 medium: Log source silent: a']);
  watch = newWatch();
  await watch.look();
  await pass(30, 'T2/c', 'T3/b');
  expect((await incidents()).map(({ alerts }) => alerts.length)).toEqual([1]);
});

test('a source that is always silent for hours is alarmed about only when it is silent for longer than that', async () => {
  for (let day = 0; day < 5; day++) for (let hour = 0; hour < 24; hour += 2) { now = START + day * 24 * HOUR + hour * HOUR; await speak('T3/cron'); }
  watch = newWatch();
  for (let i = 0; i < 60 * 5; i += 5) { now += 5 * MINUTE; await speak('T2/c'); await watch.look(); if (i === 120) expect(await told()).toEqual([]); }
  expect((await incidents()).map(({ system, created }) => [system, (created - START) / HOUR])).toEqual([['T3', 4 * 24 + 22 + (5 + 120 + 15 + 5) / 60]]);
});

test('what no system lists, what the demo plays, what was sent once and what is gone for good promise nothing', async () => {
  await speak('T3/once');
  await pass(70, 'unassigned/x', 'DEMO/y', 'T2/c', 'T3/gone');
  await store.systems.put({ ...(await store.systems.get('T3') as System), retired: '2026-11-23' }, 1);
  await pass(180, 'T2/c');
  expect(await told()).toEqual([]);
});
