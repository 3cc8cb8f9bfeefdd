// The store is away: the console says so, to those it knew, and serves its pages; all else is refused as what will pass.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { RETENTION, type RetentionNote, type RetentionState } from '../../core/retention.js';
import type { StoreHealth } from '../../core/store/store.js';
import type { Status } from '../api.js';
import { openConsole, PASSWORD } from './console.test-helper.js';
import { follow, StatusWatch, type EvaluationFigures, type FlowFigures } from './status-watch.js';
import { RetentionWatch } from './retention-watch.js';
import { startWaiting } from './waiting.js';

const HEALTH: StoreHealth = { ready: true, kind: 'elasticsearch', hotEvents: 0, sealedEvents: 0, bytes: 0, freeBytes: 0 };
const away = (): Error => Object.assign(new Error('Elasticsearch does not answer'), { name: 'ClusterError', status: undefined });

test('an outage begins, the store is back, what waited is caught up with; one that comes before that is the same one', () => {
  const at = (before: Parameters<typeof follow>[0], ms: number, ready: boolean, behind = false) => follow(before, { at: ms, ready, behind });
  expect(at(undefined, 1, true)).toBeUndefined();
  const one = at(undefined, 10, false), back = at(one, 20, true, true);
  expect([one, at(one, 15, false), back, at(back, 25, true, true), at(back, 25, false)]).toEqual([{ since: 10 }, { since: 10 }, { since: 10, back: 20 }, { since: 10, back: 20 }, { since: 10 }]);
  const done = at(back, 30, true);
  expect([done, at(done, 40, true, true), at(done, 50, false)]).toEqual([{ since: 10, back: 20, caughtUp: 30 }, { since: 10, back: 20, caughtUp: 30 }, { since: 50 }]);
});

/** A store and services that are as the test says, at times that the test sets. */
function watched(): { watch: StatusWatch; world: { ready: boolean; now: number; flow: FlowFigures }; lookAt: (now: number) => Promise<StatusWatch> } {
  const world = { ready: true, now: 0, flow: { intakes: [] } as FlowFigures };
  const watch = new StatusWatch({ health: async () => { if (!world.ready) throw away(); return HEALTH; } }, async () => world.flow, { now: () => world.now, monotonic: () => world.now });
  return { watch, world, lookAt: async (now) => { world.now = now; await watch.look(); return watch; } };
}
const evaluation = (part: Partial<EvaluationFigures> = {}): FlowFigures => ({ intakes: [], evaluation: { lagMs: 0, detectors: 2, streams: [], ...part } });

test('one answer that is missed is no outage', async () => {
  const { world, lookAt } = watched();
  await lookAt(0);
  world.ready = false;
  await lookAt(1_000);
  world.ready = true;
  expect((await lookAt(3_000)).now().outage).toBeUndefined();
});

test('caught up is when nothing waits at a collector, detectors are there, and each stream that moves has come to what was received after the return', async () => {
  const { world, lookAt } = watched(), stream = { stream: 's', position: 5, received: 900, lagMs: 0 };
  world.ready = false;
  for (const now of [1_000, 4_000]) await lookAt(now);
  world.ready = true;
  const caught = async (now: number, flow: FlowFigures): Promise<number | undefined> => { world.flow = flow; return (await lookAt(now)).now().outage?.caughtUp; };
  expect(await caught(10_000, { ...evaluation(), intakes: [{ name: 'c', reached: true, taking: true, spoolBytes: 1, bytesPerSecond: 1, waiting: true }] })).toBeUndefined();
  expect(await caught(12_000, evaluation({ lagMs: 9_000 }))).toBeUndefined();
  expect(await caught(14_000, evaluation({ detectors: 0 }))).toBeUndefined();
  expect(await caught(16_000, evaluation({ problem: 'streams cannot be read' }))).toBeUndefined();
  // The detector is idle for a moment, but the collector still brings what it kept.
  expect(await caught(18_000, evaluation({ streams: [stream] }))).toBeUndefined();
  expect(await caught(20_000, evaluation({ streams: [{ ...stream, position: 9, received: 9_999 }] }))).toBeUndefined();
  expect(await caught(22_000, evaluation({ streams: [{ ...stream, position: 12, received: 10_000 }] }))).toBe(22_000);
});

test('a stream whose collector is gone holds nothing up for long', async () => {
  const { world, lookAt } = watched(), flow = evaluation({ streams: [{ stream: 's', position: 5, received: 900, lagMs: 0 }] });
  world.ready = false;
  for (const now of [1_000, 4_000]) await lookAt(now);
  Object.assign(world, { ready: true, flow });
  expect((await lookAt(10_000)).now().outage?.caughtUp).toBeUndefined();
  expect((await lookAt(39_000)).now().outage?.caughtUp).toBeUndefined();
  expect((await lookAt(40_000)).now().outage?.caughtUp).toBe(40_000);
});

test('while the store is away pages are served, who was signed in is told how it stands, and all else is refused as what will pass', async () => {
  const flow: FlowFigures = { evaluation: { lagMs: 2_000, streams: [] }, intakes: [{ name: 'here', reached: true, taking: true, spoolBytes: 5, bytesPerSecond: 7, lastsMs: 9_000, waiting: true }] };
  const own = await openConsole({ flow: async () => flow }), gone = await own.as('manager'), one = await own.as('analyst'), admin = await own.as('root');
  const restore: (() => void)[] = [];
  try {
    expect((await one.get('/api/status')).body).toMatchObject({ store: { state: 'ready', since: null }, evaluation: { lagMs: 2_000 }, intakes: [{ name: 'here', lastsMs: 9_000 }] } satisfies DeepPartial<Status>);
    await gone.call('DELETE', '/api/session');
    for (const part of ['sessions', 'users', 'systems', 'incidents', 'events', 'settings'] as const) {
      const store = own.store as unknown as Record<string, object>, kept = store[part] as object;
      store[part] = new Proxy(kept, { get: () => async () => { throw away(); } });
      restore.push(() => { store[part] = kept; });
    }
    (own.store as { health: unknown }).health = async () => { throw away(); };
    let state = '';
    for (let i = 0; i < 100 && state !== 'away'; i++) { state = ((await one.get('/api/status')).body as Status).store.state; await new Promise((resolve) => { setTimeout(resolve, 100); }); }
    const { status, body } = await one.get('/api/status');
    expect([status, state, Date.parse((body as Status).store.since ?? '') <= Date.now(), (body as Status).store.problem]).toEqual([200, 'away', true, null]);
    expect((await one.get('/api/session')).body).toMatchObject({ username: 'analyst' });
    // Not even what needs no store: a session that is only remembered opens nothing but this.
    expect((await one.get('/api/fields')).status).toBe(503);
    expect((await one.get('/api/incidents'))).toMatchObject({ status: 503, body: { type: 'urn:haidang:problem:unavailable' } });
    expect((await own.anonymous().get('/queue'))).toMatchObject({ status: 200, body: expect.stringContaining('Hải Đăng') as string });
    // Neither who signed out, nor who was never signed in.
    for (const who of [gone, own.anonymous()]) expect([401, 503]).toContain((await who.get('/api/status')).status);
    expect((await own.anonymous().signIn('analyst', PASSWORD)).status).toBe(503);
    expect((await own.anonymous().get('/healthz')).status).toBe(503);
    expect((await admin.get('/api/status')).status).toBe(200);
  } finally {
    for (const one_ of restore) one_();
    await own.stop();
  }
}, 60_000);
type DeepPartial<T> = T extends object ? { readonly [K in keyof T]?: DeepPartial<T[K]> } : T;

test('a console that waits for its store serves its pages and refuses the rest as what will pass', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-waiting-')), port = await new Promise<number>((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const taken = (server.address() as AddressInfo).port; server.close(() => resolve(taken)); }); });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Hải Đăng</title>');
  const waiting = await startWaiting({ host: '127.0.0.1', port, webFolder: folder }), get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'accept-language': 'en' } });
  try {
    expect([(await get('/queue')).status, await (await get('/')).text(), (await get('/')).headers.get('content-security-policy')]).toEqual([200, expect.stringContaining('Hải Đăng'), expect.stringContaining("default-src 'self'")]);
    const refused = await get('/api/session');
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([503, '10', expect.objectContaining({ title: 'The store does not answer at the moment; try again in a few minutes.' })]);
    expect((await get('/healthz')).status).toBe(503);
    expect((await get('/missing.js')).status).toBe(404);
  } finally {
    await waiting.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what retention did and held back is in the audit trail, once; who is sure of the clock says so, and that is there before it is done', async () => {
  const own = await openConsole(), root = await own.as('root'), analyst = await own.as('analyst'), at = Date.now();
  try {
    await own.store.settings.put(RETENTION.state, { horizon: at - 3 * 86_400_000, at, suspicion: 'jumped', heldSince: at - 60_000 } satisfies RetentionState);
    await own.store.settings.put(RETENTION.notes, [{ n: 1, at, action: 'retention.held', object: 'jumped', details: {} }, { n: 2, at, action: 'retention.drop', object: '3/2025-11-21', details: { events: 7 } }] satisfies RetentionNote[]);
    const watch = new RetentionWatch(own.store, pino({ level: 'silent' })), entries = async (): Promise<readonly string[]> => (await own.store.audit.list({ by: 'retention' }, { limit: 10 })).items.map(({ action, object }) => `${action} ${object}`);
    for (let i = 0; i < 2; i++) await watch.look();
    expect(await entries()).toEqual(['retention.drop 3/2025-11-21', 'retention.held jumped']);
    expect(watch.state).toMatchObject({ suspicion: 'jumped' });
    const release = (who: typeof root, body: object) => who.call('POST', '/api/retention/release', body).then(({ status }) => status);
    expect([await release(analyst, { clockIsRight: true }), await release(root, { clockIsRight: false }), await release(root, {}), await own.store.settings.get(RETENTION.release)]).toEqual([403, 400, 400, undefined]);
    expect([await release(root, { clockIsRight: true }), await release(root, { clockIsRight: true })]).toEqual([204, 204]);
    expect(await own.store.settings.get(RETENTION.release)).toMatchObject({ n: 2, by: 'root' });
    expect((await own.store.audit.list({ action: 'retention.release' }, { limit: 10 })).items.map(({ by }) => by)).toEqual(['root', 'root']);
  } finally { await own.stop(); }
}, 30_000);
