// The process is killed at every named point of a commit, of sealing, compaction and retention, and opened again: all or nothing,
// nothing acknowledged is missing, nothing is there twice, and work goes on to the same end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtUrl } from '../../process/built.js';
import { EVERYTHING, type EventQuery } from '../store.js';
import { openEmbedded } from './client.js';

const RUNS = 12, EVENTS = 10, COLLECTOR = '0190f3a0-0000-7000-8000-0000000000cc';
const stream = { collector: COLLECTOR, epoch: 1, tier: 3 }, all: EventQuery = { predicate: { kind: 'constant', value: true }, scope: EVERYTHING };

// Goes on where the store stands; an acknowledgement is a line on standard output.
const CHILD = `
import { openEmbedded } from ${JSON.stringify(builtUrl(import.meta.url, './client.js').href)};
const folder = process.argv[2], stream = ${JSON.stringify(stream)}, name = '${COLLECTOR}.1.3';
const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
for (let n = ((await store.cursors.all())[name] ?? 0) / ${EVENTS}; n < ${RUNS}; n++) {
  const events = [];
  for (let i = 1; i <= ${EVENTS}; i++) {
    const seq = n * ${EVENTS} + i, at = new Date(1795132800000 + seq * 1000).toISOString();
    events.push(JSON.stringify({ '@timestamp': at, 'event.created': at, 'event.id': name + '.' + seq + '.' + String(seq).padStart(16, '0'), 'haidang.collector': stream.collector, 'haidang.epoch': 1,
      'haidang.tier': 3, 'haidang.seq': seq, 'haidang.system': seq % 2 ? 'odd' : 'even', message: 'line ' + seq }) + '\\n');
  }
  const rule = { uid: 'r', version: 'v', title: 'r', level: 'low' }, t = 1795132800000 + n;
  const base = { tier: 3, system: 'odd', firstSeen: t, lastSeen: t, entities: [], eventCount: 1 };
  const alert = { ...base, id: 'a' + n, rule, severity: 'low', time: t, received: t, created: t, incident: 'i', eventIds: [], events: [] };
  const incident = { ...base, id: 'i', version: n + 1, number: 'SC-2026-0001', key: 'k', family: 'f', title: 't', severity: 'low', status: 'new', assignee: null, verdict: null, alerts: [], counts: {}, rules: [],
    lastReceived: t, created: 1, acknowledgedAt: null, resolvedAt: null, closedAt: null, timeline: [] };
  await store.commit({ alerts: [{ kind: 'whole', alert }], incidents: [{ incident, seen: n }], notices: [{ id: 'n' + n, incident: 'i', channel: 'mail', recipient: 'r', subject: '', text: '', created: t, state: 'waiting', tries: 0, due: t }], closed: n,
    runs: [{ stream, from: n * ${EVENTS} + 1, to: (n + 1) * ${EVENTS}, receivedFrom: t, receivedTo: t, ruleSet: 1, count: ${EVENTS}, events: new TextEncoder().encode(events.join('')), xor: '0', hits: new Uint8Array(),
      sources: [{ system: 'odd', sender: '192.0.2.1', tier: 3, count: ${EVENTS}, lost: 0, unparsed: 0, lastReceived: t }],
      // Two of the sender's numbers are missing in every run, each run in a minute of its own.
      account: { minutes: [{ minute: 1795132800000 + n * 60000, system: 'odd', sender: '192.0.2.1', tier: 3, received: ${EVENTS}, parsed: ${EVENTS}, unparsed: 0, stored: ${EVENTS}, evaluated: ${EVENTS}, own: 0, losses: [] }],
        numbers: [{ system: 'odd', sender: '192.0.2.1', tier: 3, name: 'syslog h', runs: [1795132800000 + n * 60000, n * ${EVENTS + 2} + 1, ${EVENTS}] }] } }] });
  process.stdout.write('committed ' + (n + 1) + '\\n');
  if (n % 4 === 3) { await store.keep({}, 1795132800000); process.stdout.write('kept ' + (n + 1) + '\\n'); }
}
if (process.argv[3] === 'drop') { await store.events.dropSystems(['odd']); await store.events.dropDay(3, '2026-11-20'); }
await store.close();
process.stdout.write('done\\n');
`;

const scratch = mkdtempSync(join(tmpdir(), 'haidang-crash-')), program = join(scratch, 'child.mjs');
beforeAll(() => writeFileSync(program, CHILD));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(folder: string, fault?: string, then?: string): { readonly committed: number; readonly done: boolean; readonly killed: boolean } {
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, [program, folder, ...(then === undefined ? [] : [then])],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', HAIDANG_FAULT: fault ?? '' } });
  if (signal === null && status !== 0) throw new Error(stderr);
  return { committed: Number(/.*committed (\d+)/s.exec(stdout)?.[1] ?? 0), done: stdout.includes('done'), killed: signal === 'SIGKILL' };
}

/** Opens what is left and checks that it is the state after some commit, whole. Returns which. */
async function check(folder: string): Promise<number> {
  const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
  try {
    const cursor = (await store.cursors.all())[`${COLLECTOR}.1.3`] ?? 0, n = cursor / EVENTS;
    expect((await store.events.after(stream, 1, 10_000)).map((event) => event['haidang.seq'])).toEqual(Array.from({ length: cursor }, (_, i) => i + 1));
    expect((await store.events.search(all, { limit: 1000 })).total).toBe(cursor);
    expect((await store.alerts.list({ scope: EVERYTHING }, { limit: 1000 })).items.map(({ id }) => id).sort()).toEqual(Array.from({ length: n }, (_, i) => `a${i}`).sort());
    expect((await store.incidents.get('i'))?.version ?? 0).toBe(n);
    expect((await store.outbox.counts()).waiting).toBe(n);
    expect((await store.ledger.entries(`${COLLECTOR}.1.3`, 1, 1000)).map(({ to }) => to)).toEqual(Array.from({ length: n }, (_, i) => (i + 1) * EVENTS));
    expect((await store.sources.list()).map(({ stored }) => stored)).toEqual(n === 0 ? [] : [cursor]);
    const account = (await store.accounts.list({ scope: EVERYTHING, from: 0 }, { limit: 1000 })).items, totals = await store.accounts.totals({ scope: EVERYTHING });
    expect(account.map(({ received, losses }) => [received, losses.map(({ count }) => count)])).toEqual(Array.from({ length: n }, (_, i) => [EVENTS, i === 0 ? [] : [2]]));
    expect(totals.map(({ received, stored, evaluated, losses }) => [received, stored, evaluated, losses.map(({ count }) => count)])).toEqual(n === 0 ? [] : [[cursor, cursor, cursor, n === 1 ? [] : [2 * (n - 1)]]]);
    const { hotEvents, sealedEvents, bytes } = await store.health();
    expect(hotEvents + sealedEvents).toBe(cursor);
    // Nothing is left that the manifest does not name: event files are cut, other files are gone.
    const files = readdirSync(join(folder, 'events'));
    expect(files.reduce((sum, name) => sum + statSync(join(folder, 'events', name)).size, 0)).toBe(bytes);
    return n;
  } finally {
    await store.close();
  }
}

const POINTS = ['before-append', 'half-append:3', 'after-append', 'after-append:7', 'after-fdatasync:6', 'before-commit:2', 'after-commit', 'after-commit:5', 'seal-written', 'seal-synced:2', 'seal-committed', 'compact-written', 'compact-synced', 'compact-committed'];

test.each(POINTS)('killed at %s', async (fault) => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-crash-'));
  try {
    const first = run(folder, fault);
    expect(first.killed).toBe(true);
    expect(await check(folder)).toBeGreaterThanOrEqual(first.committed);
    expect(run(folder).done).toBe(true);
    expect(await check(folder)).toBe(RUNS);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('killed while a day is dropped, the day is either there or gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-crash-'));
  try {
    expect(run(folder).done).toBe(true);
    expect(run(folder, 'drop-committed', 'drop').killed).toBe(true);
    const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
    try {
      expect(await store.events.count(all)).toBe(0);
      expect((await store.alerts.list({ scope: EVERYTHING }, { limit: 1000 })).total).toBe(RUNS);
      expect(readdirSync(join(folder, 'events'))).toEqual([]);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a second process is told that the folder is taken, by whom, and may have it after a kill', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-crash-'));
  const store = await openEmbedded({ folder, reserveBytes: 1 << 20 });
  try {
    expect(() => run(folder)).toThrow(`in use by another process (${process.pid})`);
    await expect(openEmbedded({ folder, reserveBytes: 1 << 20 })).rejects.toThrow('in use by another process');
  } finally {
    await store.close();
  }
  run(folder, 'after-commit');
  await (await openEmbedded({ folder, reserveBytes: 1 << 20 })).close();
  rmSync(folder, { recursive: true });
});

test('a folder that cannot be made is a plain sentence', async () => {
  await expect(openEmbedded({ folder: '/dev/null/store' })).rejects.toThrow('cannot write the data folder /dev/null/store');
});
