import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../test/support/elasticsearch.js';
import type { Alert, Hit } from '../alert.js';
import { openIncident } from '../incident.js';
import { streamName, type Stream } from '../record.js';
import { migrate, type Adopting, type Part } from './migrate.js';
import { openStore, setUpElasticsearch } from './open.js';
import { aRun, commitOf, START, whole, withHits } from './samples.js';
import { EVERYTHING, type Store, type User } from './store.js';
import { ALWAYS } from '../predicate/predicate.js';

const stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000cc', epoch: 7, tier: 3 }, other = { ...stream, tier: 5 };
const url = await elasticsearchUrl();

/** A site with some of everything. */
async function fill(store: Store): Promise<void> {
  await store.systems.put({ id: 'portal', name: 'Portal', tier: 3, unit: 'u', match: [{ address: '192.0.2.0/24' }] } as never, 0);
  await store.systems.setRelays(['192.0.2.250'], 2);
  await store.users.put({ id: 'lan', name: 'Lan', roles: ['analyst'], tiers: [3], passwordHash: 'x', mustChangePassword: false, disabled: false, readsLogs: false, language: 'vi', created: START }, 0);
  await store.users.put({ ...await store.users.get('lan'), name: 'Lan Anh' } as User, 1);
  await store.tunings.put({ id: 'r', enabled: false, exceptions: [] }, 0);
  await store.deployments.publish({ n: 1, at: START, by: 'lan', rules: { r: 'v1' } });
  await store.settings.put('demo', true);
  await store.audit.append({ at: START, by: 'lan', action: 'rule.disable', object: 'r', details: { b: 1, a: [2] } });
  await store.audit.append({ at: START + 1, by: 'lan', action: 'session.open', object: 'lan' });
  await store.deadLetters.append({ id: 'd1', stream: streamName(stream), seq: 3, reason: 'x', at: START, body: 'text' });
  for (const [of, from, n] of [[stream, 1, 1_400], [other, 1, 30], [stream, 1_401, 40]] as const) {
    const made = aRun(of, from, Array.from({ length: n }, (_, i) => ({ message: `line ${from + i}`, 'event.original': `<13>host app: line ${from + i}`, 'haidang.system': 'portal', ...(i % 7 === 0 ? { 'x/odd "field': [1, null, 'đ'] } : {}) })));
    const hits = made.events.slice(0, 3).map((event, i): Hit => ({ rule: { uid: `rule-${i % 2}`, version: 'v', title: 'T', level: 'low' }, reports: true, stream: streamName(of), seq: from + i, eventId: String(event['event.id']), time: START + i, received: START, system: 'portal', tier: of.tier, atoms: [{ question: 'q' }], event }));
    const run = { ...withHits(made.run, hits), sources: [{ system: 'portal', sender: '192.0.2.1', tier: of.tier, count: n, lost: 1, unparsed: 2, lastReceived: START }] };
    const id = `a-${streamName(of)}-${from}`, alert: Alert = { id, rule: { uid: 'rule-0', version: 'v', title: 'T', level: 'low' }, severity: 'low', tier: of.tier, system: 'portal', time: START, received: START, created: START, firstSeen: START, lastSeen: START, entities: [{ kind: 'ip', value: '192.0.2.1' }], incident: `i-${id}`, eventCount: 1, eventIds: [String(made.events[0]?.['event.id'])], events: [] };
    await store.commit({
      ...commitOf(run), closed: START + from, alerts: [whole(alert)],
      incidents: [{ seen: 0, incident: { ...openIncident({ id: `i-${id}`, number: `SC-2026-000${of.tier}${from % 9}`, key: id, family: 'f', title: 'T', tier: of.tier, system: 'portal', created: START }), version: 1 } }],
      notices: [{ id: `n-${id}`, incident: `i-${id}`, channel: 'mail', recipient: 'a@example.gov.vn', subject: 's', text: 't', created: START, state: 'waiting', tries: 0, due: START }],
    });
  }
}

if (url === undefined) test('not run: moving into a real Elasticsearch', () => undefined);
else {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-migrate-'));
  let prefix: string, from: Store, to: Store;
  beforeAll(async () => { from = await openStore({ folder }); await fill(from); }, 120_000);
  afterAll(async () => { await from.close(); rmSync(folder, { recursive: true, force: true }); });
  beforeEach(async () => {
    prefix = randomPrefix();
    await setUpElasticsearch({ nodes: [url], prefix });
    to = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } });
  }, 120_000);
  afterEach(async () => { await to.close(); await forgetPrefix(url, prefix); }, 120_000);
  const adopting = (): Adopting => to.shared!.adopting;
  const failing = (fails: (part: Part, call: number) => boolean): Adopting => {
    let call = 0;
    return { ...adopting(), put: async (part, items) => { if (fails(part, ++call)) throw new Error('cut off'); await adopting().put(part, items); } };
  };

  test('everything moves, goes on where it was cut off, and is the same on both sides', async () => {
    let cut = 0;
    for (let done = 0; done < 2;) {
      // Cut off at the second page of events, at the alerts, and right at the end; then once more from the start, which changes nothing.
      const at = (['events', 'alerts', 'cursors'] as const)[cut];
      try {
        const moved = await migrate(from, to, failing((part, call) => part === at && call > 1), () => undefined);
        done++;
        expect(Object.fromEntries(moved.map(({ part, items }) => [part, items]))).toMatchObject({ events: 1_470, hits: 9, entries: 3, alerts: 3, incidents: 3, notices: 3, users: 1, systems: 1, audit: 2, deadLetters: 1, cursors: 2 });
      } catch (error) { expect((error as Error).message).toBe('cut off'); cut++; }
    }
    expect(cut).toBe(3);
    // The site goes on: the next run of the stream, the next version of the user.
    await to.commit(commitOf(aRun(stream, 1_441, [{ message: 'after the move', 'haidang.system': 'portal' }]).run));
    expect((await to.cursors.all())[streamName(stream)]).toBe(1_441);
    expect(await to.events.count({ predicate: ALWAYS, scope: EVERYTHING })).toBe(1_471);
    expect((await to.users.put({ ...(await to.users.get('lan'))!, name: 'Lan' }, 2)).version).toBe(3);
    expect((await to.incidents.byKey(`a-${streamName(other)}-1`))?.version).toBe(1);
  }, 300_000);

  test('what was not written is found by the comparison', async () => {
    const losing: Adopting = { ...adopting(), put: (part, items) => adopting().put(part, part === 'hits' ? items.slice(1) : items) };
    await expect(migrate(from, to, losing, () => undefined)).rejects.toThrow(/^hits: expected 9 with hash .*, found 8 /);
  }, 300_000);

  test('a cluster that holds a site is left alone', async () => {
    await to.users.put({ id: 'an', name: 'An', roles: ['admin'], tiers: [1], passwordHash: 'x', mustChangePassword: false, disabled: false, readsLogs: false, language: 'vi', created: START }, 0);
    await to.events.count({ predicate: ALWAYS, scope: EVERYTHING });
    await expect(migrate(from, to, adopting(), () => undefined)).rejects.toThrow('expected a cluster without a site');
  }, 120_000);
}
