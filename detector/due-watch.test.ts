import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { apply, openIncident, type Incident } from '../core/incident.js';
import { policyOfNow, withDue, type PolicyPack } from '../core/policy.js';
import { loadPolicies } from '../core/process/policy-file.js';
import { openHere } from '../core/store/embedded/embedded.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { DueWatch } from './due-watch.js';

const START = Date.parse('2026-11-22T05:00:00Z'), DAY_MS = 86_400_000, MINUTE_MS = 60_000;
const [pack] = loadPolicies() as [PolicyPack], log = pino({ level: 'silent' });
/** From the 23rd on, half an hour for what had an hour. */
const stricter: PolicyPack = {
  ...pack, pack: 'stricter', effectiveFrom: '2026-11-23', effectiveTo: null, clocks: [],
  requirements: [{ key: 'respond.acknowledge', title: 'x', titleEn: 'x', strictest: 'min', values: { 2: { value: 30, unit: 'minute', cite: 'x', basis: 'default' } } }],
};
const first: PolicyPack = { ...pack, effectiveFrom: '2026-01-01', effectiveTo: null };

const folder = mkdtempSync(join(tmpdir(), 'haidang-dues-'));
let store: Store, serial = 0;
beforeEach(async () => { store = await openHere({ folder: join(folder, String(++serial)), reserveBytes: 0 }); });
afterEach(() => store.close());
afterAll(() => rmSync(folder, { recursive: true }));

async function add(n: number, part: Partial<Incident> = {}): Promise<Incident> {
  const incident = { ...openIncident({ id: `i${n}`, number: `SC-2026-${String(n).padStart(4, '0')}`, key: `k${n}`, family: 'f', title: 't', tier: 2, system: 'WEB', created: START }), version: 1, severity: 'critical' as const, ...part };
  await store.incidents.put(incident, 0, []);
  return incident;
}
const dueOf = async (id: string): Promise<number | undefined> => (await store.incidents.get(id))?.due;
const queue = async (): Promise<readonly string[]> => (await store.incidents.list({ scope: EVERYTHING }, { limit: 1000 })).items.map(({ id }) => id);

test('incidents from before there were deadlines get theirs: an overdue medium one then stands above a fresh critical one', async () => {
  await add(1);
  await add(2, { severity: 'medium', created: START - 20 * DAY_MS });
  await add(3, { status: 'closed' });
  await add(4, { severity: 'low' });
  expect(await queue()).toEqual(['i1', 'i2', 'i4', 'i3']);
  await new DueWatch(store, policyOfNow([first], () => START), log).look();
  expect(await queue()).toEqual(['i2', 'i1', 'i4', 'i3']);
  expect([await dueOf('i1'), await dueOf('i3'), await dueOf('i4')]).toEqual([START + 60 * MINUTE_MS, undefined, undefined]);
});

test('the day a pack comes into force, deadlines are moved once, and a page opened before is not in conflict', async () => {
  for (let n = 1; n <= 450; n++) await add(n);
  let now = START, commits = 0;
  const counting = { ...store, commit: (commit: Parameters<Store['commit']>[0]) => { commits += 1; return store.commit(commit); } };
  const policy = policyOfNow([first, stricter], () => now), watch = new DueWatch(counting, policy, log);
  await watch.look();
  await watch.look();
  expect([await dueOf('i450'), commits]).toEqual([START + 60 * MINUTE_MS, 3]);
  const open = (await store.incidents.get('i7'))!;
  now += DAY_MS;
  await watch.look();
  await watch.look();
  expect([await dueOf('i450'), commits]).toEqual([START + 30 * MINUTE_MS, 6]);
  expect((await store.incidents.get('i7'))?.version).toBe(open.version);
  await store.incidents.put(withDue(apply(open, { kind: 'assigned', assignee: 'lan' }, now, 'lan', 'c'), policy()), open.version, []);
  expect(await store.incidents.get('i7')).toMatchObject({ assignee: 'lan', version: 2 });
});

test('who writes an incident meanwhile is not overwritten, and the others get their deadlines', async () => {
  for (const n of [1, 2, 3]) await add(n);
  const policy = policyOfNow([first], () => START);
  const racing = { ...store, commit: async (commit: Parameters<Store['commit']>[0]) => {
    await store.incidents.put(withDue(apply((await store.incidents.get('i2'))!, { kind: 'closed', verdict: 'undetermined' }, START, 'lan', 'c'), policy()), 1, []);
    await store.commit(commit);
  } };
  await new DueWatch(racing, policy, log).look();
  expect(await store.incidents.get('i2')).toMatchObject({ status: 'closed', version: 2 });
  expect([await dueOf('i1'), await dueOf('i2'), await dueOf('i3')]).toEqual([START + 60 * MINUTE_MS, undefined, START + 60 * MINUTE_MS]);
});

test('a store that fails is looked at again', async () => {
  await add(1);
  let fails = true;
  const failing = { ...store, commit: async (commit: Parameters<Store['commit']>[0]) => { if (fails) throw new Error('disk full'); await store.commit(commit); } };
  const watch = new DueWatch(failing, policyOfNow([first], () => START), log);
  await watch.look();
  expect(await dueOf('i1')).toBeUndefined();
  fails = false;
  await watch.look();
  expect(await dueOf('i1')).toBe(START + 60 * MINUTE_MS);
});
