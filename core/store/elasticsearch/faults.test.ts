// What a real server and a real network do only now and then: each kind of it once, on purpose, and then all of them at random.
import fc from 'fast-check';
import { Proxy, type Fault, type Seen } from '../../../test/support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import type { Alert, Hit } from '../../alert.js';
import { ConflictError } from '../../errors.js';
import { openIncident, type Incident } from '../../incident.js';
import { ALWAYS } from '../../predicate/predicate.js';
import { streamName, type Stream } from '../../record.js';
import { aRun, commitOf, idOf, START, whole, withHits } from '../samples.js';
import { EVERYTHING, type Commit, type Notice, type Store } from '../store.js';
import { setUpElasticsearch } from '../open.js';
import { openElasticsearch } from './elasticsearch.js';

const stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000fa', epoch: 7, tier: 3 }, name = streamName(stream);
const all = { predicate: ALWAYS, scope: EVERYTHING };
const run = (from: number, n: number, of = stream) => aRun(of, from, Array.from({ length: n }, (_, i) => ({ message: `line ${from + i}`, 'event.original': `<13>host app: line ${from + i}`, 'haidang.system': 'portal' })));
const counted = (from: number, n: number, of = stream) => ({ ...run(from, n, of).run, sources: [{ system: 'portal', sender: '192.0.2.1', tier: 3, count: n, lost: 0, unparsed: 0, lastReceived: START }] });
const incident = (more: Partial<Incident> = {}): Incident => ({ ...openIncident({ id: 'i', number: 'SC-2026-0001', key: 'k', family: 'f', title: 'T', tier: 3, system: 'portal', created: START }), version: 1, ...more });

const url = await elasticsearchUrl();
let prefix: string, proxy: Proxy, store: Store;
/** Only the first request that this is said of is hit. */
const once = (which: (seen: Seen) => boolean, fault: Fault): void => {
  let done = false;
  proxy.fault = (seen) => (done || !which(seen) ? undefined : (done = true, fault));
};
const isBulkOf = (index: string) => ({ path, body }: Seen): boolean => path.startsWith('/_bulk') && body.includes(`"_index":"${prefix}${index}`);
const isDecision = ({ method, path }: Seen): boolean => method === 'PUT' && path.includes('/_doc/head?');
const open = (nodes: string, patienceMs = 15_000): Promise<Store> => openElasticsearch({ nodes: [nodes], prefix, patienceMs, requestMs: 3_000, plainHttp: true });

if (url === undefined) test('not run: faults of Elasticsearch', () => undefined);
else {
  beforeEach(async () => {
    prefix = randomPrefix();
    await setUpElasticsearch({ nodes: [url], prefix });
    proxy = await new Proxy(url).open();
    store = await open(proxy.url);
  });
  afterEach(async () => {
    proxy.fault = () => undefined;
    await store.close();
    await proxy.close();
    await forgetPrefix(url, prefix);
  });

  test.each([429, 503, 504])('refused for the moment (%i): done again, once', async (status) => {
    let left = 6;
    proxy.fault = () => (left-- > 0 && left % 2 === 0 ? { kind: 'refuse', status } : undefined);
    await store.commit(commitOf(counted(1, 20)));
    expect((await store.events.after(stream, 1, 100)).length).toBe(20);
    expect((await store.sources.list()).map(({ stored }) => stored)).toEqual([20]);
  });

  test('a node that has no answer in time to what is large is sent less at once', async () => {
    const large = 100_000, sizes: number[] = [];
    proxy.fault = (seen) => { if (!isBulkOf('events')(seen)) return undefined; sizes.push(seen.body.length); return seen.body.length > large ? { kind: 'silence' } : undefined; };
    await store.commit(commitOf(counted(1, 400)));
    expect((await store.events.after(stream, 1, 1_000)).length).toBe(400);
    expect(sizes[0]).toBeGreaterThan(large);
    expect(sizes.filter((size) => size > large).length).toBeLessThan(5);
  });

  test('an item of a bulk that is refused for the moment is sent again, the others are not lost with it', async () => {
    // The server never sees the third event, and the answer says 429 for it.
    const without = (body: string): string => body.split('\n').filter((_, i) => i !== 4 && i !== 5).join('\n');
    const told = (text: string): string => { const answer = JSON.parse(text) as { errors: boolean; items: object[] }, id = idOf(run(1, 3).events[2] ?? {}); answer.items.splice(2, 0, { create: { _index: eventsIndexOf(), _id: id, status: 429, error: { reason: 'queue is full' } } }); return JSON.stringify({ ...answer, errors: true }); };
    once(isBulkOf('events'), { kind: 'change', request: without, answer: told });
    await store.commit(commitOf(counted(1, 10)));
    expect((await store.events.after(stream, 1, 100)).map((event) => event['haidang.seq'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
  const eventsIndexOf = (): string => `${prefix}events-t3-2026.w47`;

  test.each([
    ['lacks items', (text: string) => { const answer = JSON.parse(text) as { items: unknown[] }; return JSON.stringify({ ...answer, items: answer.items.slice(0, 1) }); }],
    ['is of other items', (text: string) => { const answer = JSON.parse(text) as { items: unknown[] }; return JSON.stringify({ ...answer, items: [...answer.items].reverse() }); }],
    ['is torn', (text: string) => text.slice(0, text.length / 2)],
    ['says nothing', () => '{}'],
  ])('an answer to a bulk that %s is no answer: nothing that it was about is lost', async (_name, answer) => {
    // Nothing but the first event reached the server.
    once(isBulkOf('events'), { kind: 'change', request: (body) => `${body.split('\n').slice(0, 2).join('\n')}\n`, answer: (text) => { const one = JSON.parse(text) as { items: unknown[] }; return answer(JSON.stringify({ ...one, items: [one.items[0], one.items[0], one.items[0]] })); } });
    await store.commit(commitOf(counted(1, 3)));
    expect((await store.events.after(stream, 1, 100)).length).toBe(3);
  });

  test('what the server will not take is a dead letter under the same id, and no position is missed', async () => {
    const refused = idOf(run(1, 3).events[1] ?? {});
    const without = (body: string): string => body.split('\n').filter((_, i) => i !== 2 && i !== 3).join('\n');
    const told = (text: string): string => { const answer = JSON.parse(text) as { items: object[] }; answer.items.splice(1, 0, { create: { _index: eventsIndexOf(), _id: refused, status: 400, error: { reason: 'cannot be parsed' } } }); return JSON.stringify({ ...answer, errors: true }); };
    once(isBulkOf('events'), { kind: 'change', request: without, answer: told });
    await store.commit(commitOf(counted(1, 3)));
    expect((await store.events.after(stream, 1, 100)).map(idOf)).toEqual(run(1, 3).events.map(idOf));
    expect(await store.events.count({ ...all, predicate: { kind: 'text', path: ['message'], text: 'line 2' } })).toBe(1);
    const kept = await (await fetch(`${url}/${eventsIndexOf()}/_doc/${refused}`)).json() as { _source: { refused: string } };
    expect(kept._source.refused).toBe('cannot be parsed');
  });

  test.each(['lose', 'cut', 'silence'] as const)('the answer to the decision is lost (%s): it is found out, and happens once', async (kind) => {
    once(isDecision, { kind });
    await store.commit({ ...commitOf(counted(1, 5)), incidents: [{ incident: incident(), seen: 0 }] });
    expect((await store.sources.list()).map(({ stored }) => stored)).toEqual([5]);
    expect((await store.incidents.get('i'))?.version).toBe(1);
    await store.commit({ ...commitOf(counted(6, 5)), incidents: [{ incident: incident({ version: 2 }), seen: 1 }] });
    expect((await store.sources.list()).map(({ stored }) => stored)).toEqual([10]);
  }, 60_000);

  test('who decides and dies has done it: the next one carries it out', async () => {
    let decided = false;
    proxy.fault = (seen) => { if (isDecision(seen)) { decided = true; return undefined; } return decided ? { kind: 'cut' } : undefined; };
    const dying = await open(proxy.url, 300);
    await expect(dying.commit({ ...commitOf(counted(1, 5)), incidents: [{ incident: incident(), seen: 0 }], alerts: [whole(alert('a1'))], notices: [notice('n1')], closed: 9 })).rejects.toThrow('does not answer');
    await dying.close();
    proxy.fault = () => undefined;
    const next = await open(url);
    try {
      expect(await next.cursors.all()).toEqual({ [name]: 5 });
      expect((await next.sources.list()).map(({ stored }) => stored)).toEqual([5]);
      expect([(await next.incidents.get('i'))?.version, (await next.alerts.get('a1'))?.id, (await next.outbox.counts()).waiting, await next.ledger.closed()]).toEqual([1, 'a1', 1, 9]);
      await next.commit(commitOf(counted(6, 1)));
    } finally { await next.close(); }
  });

  test('who dies before the decision has done nothing, and the events of it are taken up', async () => {
    proxy.fault = (seen) => (isDecision(seen) ? { kind: 'cut' } : undefined);
    const dying = await open(proxy.url, 300);
    await expect(dying.commit({ ...commitOf(counted(1, 5)), incidents: [{ incident: incident(), seen: 0 }] })).rejects.toThrow('does not answer');
    await dying.close();
    proxy.fault = () => undefined;
    expect(await store.cursors.all()).toEqual({});
    expect(await store.incidents.get('i')).toBeUndefined();
    await store.commit(commitOf(counted(1, 5)));
    expect(await store.events.count(all)).toBe(5);
  }, 60_000);

  test('a write that arrives late changes nothing', async () => {
    await store.commit({ ...commitOf(counted(1, 5)), incidents: [{ incident: incident(), seen: 0 }] });
    // Carried out late, of the second change: sent again at once, overtaken by the third.
    once((seen) => isBulkOf('incidents')(seen), { kind: 'hold' });
    await store.incidents.put(incident({ version: 2, title: 'second' }), 1, [notice('n1')]);
    await store.incidents.put(incident({ version: 3, title: 'third' }), 2, []);
    await store.outbox.claim(START, 1_000, 10);
    expect(await proxy.release()).toEqual([200]);
    expect((await store.incidents.get('i'))?.title).toBe('third');
    // A notice that comes once more leaves what its sender made of it.
    await store.incidents.put(incident({ version: 4, title: 'fourth' }), 3, [notice('n1')]);
    expect(await store.outbox.counts()).toMatchObject({ sending: 1, waiting: 0 });
    // Decided late: the same decision was made again meanwhile, and another one after it.
    once(isDecision, { kind: 'hold' });
    await store.commit(commitOf(counted(6, 5)));
    await store.commit(commitOf(counted(11, 5)));
    expect(await proxy.release()).toEqual([409]);
    await store.commit(commitOf(counted(16, 5)));
    // Events late: there already.
    once(isBulkOf('events'), { kind: 'hold' });
    await store.commit(commitOf(counted(21, 5)));
    await proxy.release();
    expect([await store.events.count(all), (await store.sources.list())[0]?.stored, (await store.cursors.all())[name]]).toEqual([25, 25, 25]);
  }, 60_000);

  test('an answer that lacks shards or time is no answer', async () => {
    await store.commit(commitOf(counted(1, 5)));
    const quick = await open(proxy.url, 100);
    try {
      for (const part of [{ _shards: { total: 2, successful: 1, failed: 1 } }, { timed_out: true }, { _shards: undefined }]) {
        proxy.fault = ({ path }) => (path.includes('_search') ? { kind: 'change', answer: (text) => JSON.stringify({ ...JSON.parse(text) as object, ...part }) } : undefined);
        await expect(quick.events.count(all)).rejects.toThrow('expected the answer of every shard');
        await expect(quick.events.after(stream, 1, 10)).rejects.toThrow('expected the answer of every shard');
      }
      proxy.fault = ({ path }) => (path.includes('_mget') ? { kind: 'change', answer: (text) => JSON.stringify({ docs: (JSON.parse(text) as { docs: unknown[] }).docs.slice(1) }) } : undefined);
      await expect(quick.commit(commitOf(counted(6, 5)))).rejects.toThrow('expected 1 documents, got 0');
    } finally { await quick.close(); }
  });

  test('a copy that was not refreshed may lack what was written: nothing is searched then', async () => {
    await store.commit(commitOf(counted(1, 5)));
    const quick = await open(proxy.url, 100);
    try {
      for (const answer of [JSON.stringify({ _shards: { total: 2, successful: 1, failed: 1 } }), '{}']) {
        proxy.fault = ({ path }) => (path.includes('_refresh') ? { kind: 'change', answer: () => answer } : undefined);
        await expect(quick.shared?.hitsOfChanges(0, 1)).rejects.toThrow('to be refreshed');
        await expect(quick.commit(commitOf(counted(6, 5))).then(() => quick.events.count(all))).rejects.toThrow('to be refreshed');
      }
      // A copy that has no node yet is none.
      proxy.fault = ({ path }) => (path.includes('_refresh') ? { kind: 'change', answer: () => JSON.stringify({ _shards: { total: 2, successful: 1, failed: 0 } }) } : undefined);
      expect(await quick.shared?.hitsOfChanges(0, 1)).toEqual([]);
    } finally { await quick.close(); }
  });

  test('a store that does not answer is not ready, and says so', async () => {
    proxy.fault = () => ({ kind: 'cut' });
    expect(await store.health()).toMatchObject({ ready: false, kind: 'elasticsearch', problem: expect.stringContaining('does not answer') as string });
    proxy.fault = () => undefined;
    await store.commit(commitOf(counted(1, 5)));
    expect(await store.health()).toMatchObject({ ready: true });
  });

  test('two who commit through a bad network lose nothing, repeat nothing, and agree', async () => {
    const kinds = fc.sample(fc.constantFrom<Fault['kind'] | undefined>('refuse', 'cut', 'lose', 'hold', ...Array.from({ length: 24 }, () => undefined)), { numRuns: 4_000, seed: 20261122 });
    let asked = 0, hurt = 0;
    const bad = (): Fault | undefined => {
      const kind = kinds[asked++ % kinds.length];
      if (kind !== undefined) hurt++;
      return kind === 'refuse' ? { kind, status: asked % 2 === 0 ? 429 : 503 } : kind === undefined ? undefined : { kind };
    };
    const two = await open(proxy.url, 4_000), writers = [{ store, of: stream }, { store: two, of: { ...stream, epoch: 8 } }], rounds = 10;
    proxy.fault = bad;
    await Promise.all(writers.map(async (writer) => { for (let n = 0; n < rounds; n++) await commitRound(writer, n); }));
    proxy.fault = () => undefined;
    await proxy.release();
    await two.close();
    expect(hurt).toBeGreaterThan(20);
    const clean = await open(url);
    try {
      for (const { of } of writers) {
        expect((await clean.events.after(of, 1, 1_000)).map((event) => event['haidang.seq'])).toEqual(Array.from({ length: rounds * 4 }, (_, i) => i + 1));
        expect((await clean.ledger.entries(streamName(of), 1, 100)).map(({ from, to }) => [from, to])).toEqual(Array.from({ length: rounds }, (_, n) => [n * 4 + 1, n * 4 + 4]));
      }
      const expected = writers.flatMap(({ of }) => Array.from({ length: rounds }, (_, n) => `a-${of.epoch}-${n}`)).sort(), found = await clean.incidents.get('i');
      expect([...found?.alerts ?? []].sort()).toEqual(expected);
      expect(found?.version).toBe(expected.length);
      expect((await clean.alerts.list({ scope: EVERYTHING }, { limit: 100 })).items.map(({ id }) => id).sort()).toEqual(expected);
      expect((await clean.outbox.counts()).waiting).toBe(expected.length);
      expect((await clean.ledger.hitsSince(0, 0, 1_000)).hits).toHaveLength(expected.length);
      expect((await clean.sources.list()).map(({ stored }) => stored)).toEqual([expected.length * 4]);
      expect(await clean.events.count(all)).toBe(expected.length * 4);
    } finally { await clean.close(); }
  }, 180_000);
}

/** One round as the detector makes it: reads the incident, adds its alert, commits; again until it is done. */
async function commitRound({ store: to, of }: { readonly store: Store; readonly of: Stream }, n: number): Promise<void> {
  const id = `a-${of.epoch}-${n}`, from = n * 4 + 1, [first] = run(from, 1, of).events, runs = [{ ...withHits(counted(from, 4, of), [hit(idOf(first ?? {}), from, of)]) }];
  for (;;) {
    try {
      const now = await to.incidents.get('i'), seen = now?.version ?? 0, told = now?.alerts.includes(id) === true;
      const commit: Commit = { runs, alerts: [whole(alert(id))], notices: [notice(`n-${id}`)], incidents: told ? [] : [{ seen, incident: incident({ ...now, version: seen + 1, alerts: [...now?.alerts ?? [], id] }) }] };
      await to.commit(commit);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError) && (error as Error).name !== 'ClusterError') throw error;
    }
  }
}

const rule = { uid: 'r', version: 'v', title: 'r', level: 'low' as const };
const hit = (eventId: string, seq: number, of: Stream): Hit => ({ rule, stream: streamName(of), seq, eventId, time: START, received: START, system: 'portal', tier: 3, reports: true, atoms: [], event: {} });
const alert = (id: string): Alert => ({ id, rule, severity: 'low', tier: 3, system: 'portal', time: START, received: START, created: START, firstSeen: START, lastSeen: START, entities: [], incident: 'i', eventCount: 1, eventIds: ['e1'], events: [] });
const notice = (id: string): Notice => ({ id, incident: 'i', channel: 'mail', recipient: 'soc@example.org', subject: 's', text: 't', created: START, state: 'waiting', tries: 0, due: START });
