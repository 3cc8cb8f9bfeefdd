// What services apart rest on, on a real server: nothing is written twice or elsewhere, nothing is passed over, nothing is let go early.
import { Proxy, type Fault, type Seen } from '../../../test/support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import { ConflictError } from '../../errors.js';
import type { Event } from '../../event.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { ALWAYS } from '../../predicate/predicate.js';
import { streamName, type Stream } from '../../record.js';
import { setUpElasticsearch } from '../open.js';
import { aRun, commitOf, idOf, START, stamp, withHits } from '../samples.js';
import { TakenError, type SegmentReceipt, type Shared } from '../shared.js';
import { EVERYTHING, type Store } from '../store.js';
import { openElasticsearch } from './elasticsearch.js';

const stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000ba', epoch: 7 * 2 ** 32 + 5, tier: 3 }, name = streamName(stream), url = await elasticsearchUrl();
const made = (from: number, n: number, more: Event = {}, of = stream) => aRun(of, from, Array.from({ length: n }, (_, i) => ({ message: `line ${from + i}`, 'event.original': `<13>line ${from + i}`, 'haidang.system': 'portal', ...more })));
const run = (from: number, n: number, of = stream): EvaluatedRun => made(from, n, {}, of).run;
const stored = (from: number, n: number, more: Partial<EvaluatedRun> = {}): EvaluatedRun => ({ ...run(from, n), stored: true, ...more });
const xorOf = (events: readonly Event[]): string => events.reduce((sum, event) => sum ^ BigInt(`0x${idOf(event).slice(-16)}`), 0n).toString(16).padStart(16, '0');
const receiptOf = (from: number, n: number, more: Partial<SegmentReceipt> = {}): SegmentReceipt => ({ id: `${name}.1`, stream, sealed: { count: n, first: from, last: from + n - 1, xor: xorOf(made(from, n).events) }, ...more });

if (url === undefined) test('not run: services that share a real Elasticsearch', () => undefined);
else {
  let prefix: string, proxy: Proxy, store: Store, shared: Shared;
  const once = (which: (seen: Seen) => boolean, fault: Fault): void => {
    let done = false;
    proxy.fault = (seen) => (done || !which(seen) ? undefined : (done = true, fault));
  };
  const isShipping = ({ path, body }: Seen): boolean => path.startsWith('/_bulk') && body.includes(`${prefix}events`);
  const count = (): Promise<number> => store.events.count({ predicate: ALWAYS, scope: EVERYTHING, ownRecords: true });
  const request = async (method: string, path: string, body?: object): Promise<unknown> => (await fetch(`${url}/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json();
  beforeEach(async () => {
    prefix = randomPrefix();
    await setUpElasticsearch({ nodes: [url], prefix });
    proxy = await new Proxy(url).open();
    store = await openElasticsearch({ nodes: [proxy.url], prefix, patienceMs: 15_000, requestMs: 10_000, plainHttp: true });
    shared = store.shared as Shared;
    await shared.prepare(START);
  }, 60_000);
  afterEach(async () => {
    proxy.fault = () => undefined;
    await store.close();
    await proxy.close();
    await forgetPrefix(url, prefix);
  }, 60_000);

  test('read back: as long as they are, what an older version wrote too, and a hole wider than what is asked for is told of', async () => {
    const long = 'x'.repeat(70_000), { run: of } = made(4, 1, { long });
    await shared.ship([run(1, 3), of, run(30, 2)]);
    // Before templates of version 5 the text stood in `doc`.
    const older = { id: `${name}.5.older`, time: START, received: START + 5, day: '2026-11-22', tier: 3, stream: name, seq: 5, kv: ['message=older'], has: ['message'], doc: '{"message":"Older"}' };
    await request('PUT', `${prefix}events-t3-2026.w47/_create/${older.id}?refresh=true`, older);
    const { events, beyond } = await shared.tail(stream, 1, 10);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(beyond).toBe(true);
    expect(JSON.parse(events[3]!.text)).toMatchObject({ long });
    expect(events[4]).toEqual({ seq: 5, id: older.id, received: older.received, text: older.doc });
    expect((await shared.tail(stream, 1, 4)).events).toEqual(events.slice(0, 4));
    expect(await shared.tail(stream, 6, 10)).toEqual({ events: [], beyond: true, twice: [] });
    expect(await shared.tail(stream, 30, 10)).toMatchObject({ events: [{ seq: 30 }, { seq: 31 }], beyond: false });
    expect(await shared.tail(stream, 32, 10)).toEqual({ events: [], beyond: false, twice: [] });
    // Case is not indexed for messages: the events that may be meant are read.
    const counted = async (text: string): Promise<number> => store.events.count({ predicate: { kind: 'string', path: ['message'], pattern: [{ kind: 'text', text }], cased: true }, scope: EVERYTHING });
    expect([await counted('Older'), await counted('older'), await counted('line 2')]).toEqual([1, 0, 1]);
  }, 60_000);

  test('shipped again, in part, late, or with the answer lost: each event is there once, in the index of its day of receipt', async () => {
    once(isShipping, { kind: 'lose' });
    expect(await shared.ship([run(1, 20)])).toEqual([]);
    expect(await shared.ship([run(11, 20)])).toEqual([]);
    once(isShipping, { kind: 'change', answer: (text) => { const answer = JSON.parse(text) as { items: unknown[] }; return JSON.stringify({ ...answer, items: answer.items.slice(0, 3) }); } });
    await shared.ship([run(31, 10)]);
    once(isShipping, { kind: 'hold' });
    await shared.ship([run(41, 10)]);
    await proxy.release();
    expect((await shared.tail(stream, 1, 100)).events.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(await count()).toBe(50);
    const indices = await request('GET', `_cat/indices/${prefix}events-*?format=json&h=index,docs.count`) as { index: string; 'docs.count': string }[];
    expect(indices.filter((one) => one['docs.count'] !== '0')).toEqual([{ index: `${prefix}events-t3-2026.w47`, 'docs.count': '50' }]);
  }, 60_000);

  test('a later position that is seen first is waited for, never passed; two events at one position are told', async () => {
    await shared.ship([run(4, 3)]);
    expect(await shared.tail(stream, 1, 100)).toEqual({ events: [], beyond: true, twice: [] });
    await shared.ship([run(1, 2)]);
    expect(await shared.tail(stream, 1, 100)).toMatchObject({ events: [{ seq: 1 }, { seq: 2 }], beyond: true });
    await shared.ship([run(3, 1)]);
    // Of a machine that was cloned: the same position, another record, another hash.
    const clone = made(2, 1, { 'event.id': `${name}.2.00000000000000ff` }).run;
    await shared.ship([clone]);
    expect(await shared.tail(stream, 1, 100)).toMatchObject({ events: [1, 2, 3, 4, 5, 6].map((seq) => ({ seq })), beyond: false, twice: [2] });
  }, 60_000);

  test('a write makes no index: it waits for the keeper, and what comes after its week was retired is told back', async () => {
    const later = made(1, 2, { 'event.created': stamp(40 * 86_400_000) }).run;
    await expect(shared.ship([later])).rejects.toThrow('the detector that leads makes it');
    await shared.prepare(START + 40 * 86_400_000);
    expect(await shared.ship([later])).toEqual([]);
    await request('PUT', `${prefix}control/_doc/period:t3-2026.w47`, { kind: 'period', id: 't3-2026.w47', tier: 3, doc: JSON.stringify({ name: 't3-2026.w47', tier: 3, week: '2026.w47', index: `${prefix}events-t3-2026.w47`, state: 'retired' }) });
    await request('DELETE', `${prefix}events-t3-2026.w47`);
    const retired = await shared.ship([run(3, 2)]);
    expect(retired.map(({ seq, text }) => [seq, (JSON.parse(text) as Event)['message']])).toEqual([[3, 'line 3'], [4, 'line 4']]);
    expect(await request('GET', `_cat/indices/${prefix}events-t3-2026.w47*?format=json`)).not.toHaveProperty('0');
    await shared.recordGap({ stream: name, from: 3, to: 4, reason: 'retention', by: 'test', at: START });
    expect(await shared.gapAt(name, 3)).toMatchObject({ to: 4, reason: 'retention' });
  }, 60_000);

  test('of two who decide one stretch the first counts, all of it or nothing', async () => {
    await shared.ship([run(1, 30)]);
    const hit = { rule: { uid: 'r', version: 'v', title: 'T', level: 'low' as const }, reports: true, stream: name, seq: 2, eventId: idOf(made(2, 1).events[0] as Event), time: START, received: START, system: 'portal', tier: 3, atoms: [], event: {} };
    await store.commit(commitOf(stored(1, 10)));
    const other = await openElasticsearch({ nodes: [url], prefix });
    try {
      await expect(other.commit(commitOf(withHits(stored(1, 20), [hit])))).rejects.toThrow(TakenError);
      await expect(other.commit(commitOf(stored(12, 5)))).rejects.toThrow(TakenError);
      expect(await store.ledger.hits('r', 0, START * 2)).toEqual([]);
      await other.commit(commitOf(stored(11, 10, { ruleSet: 3 })));
      // Rules never go back in a stream.
      await expect(store.commit(commitOf(stored(21, 5, { ruleSet: 2 })))).rejects.toThrow('under rule set 3 or newer');
      await store.commit(commitOf(stored(21, 5, { ruleSet: 3 })));
      expect((await store.ledger.entries(name, 1, 10)).map(({ from, to, ruleSet }) => [from, to, ruleSet])).toEqual([[1, 10, 1], [11, 20, 3], [21, 25, 3]]);
      expect(await shared.cursorsOf([name, 'x.1.3'])).toEqual([{ stream: name, position: 25, received: START, ruleSet: 3 }, undefined]);
    } finally { await other.close(); }
  }, 60_000);

  test('how far streams have come is read as it stands, also where no search shows it yet', async () => {
    await shared.ship([run(1, 10)]);
    await store.commit(commitOf(stored(1, 4)));
    await request('PUT', `${prefix}control/_settings`, { index: { refresh_interval: '-1' } });
    await request('POST', `${prefix}control/_refresh`);
    const collector = await openElasticsearch({ nodes: [url], prefix, role: 'collector' });
    try {
      expect(await collector.cursors.all()).toEqual({ [name]: 4 });
      await store.commit(commitOf(stored(5, 6)));
      expect(await collector.cursors.all()).toEqual({ [name]: 10 });
    } finally { await collector.close(); }
  }, 60_000);

  test('hits come in the order they were decided, as far as they are certain; who leads no more is refused', async () => {
    const hits = (from: number) => withHits(stored(from, 2), [from, from + 1].map((seq) => ({ rule: { uid: 'r', version: 'v', title: 'T', level: 'low' as const }, reports: false, stream: name, seq, eventId: idOf(made(seq, 1).events[0] as Event), time: START - seq, received: START, system: 'portal', tier: 3, atoms: [], event: {} })));
    await shared.ship([run(1, 10)]);
    await store.commit(commitOf(hits(1)));
    const other = await openElasticsearch({ nodes: [url], prefix }), there = other.shared as Shared;
    try {
      await store.commit(commitOf(hits(3)));
      // What somebody else decided last may sit on a copy that fails: only another change on it, or its own one, makes it certain.
      const { found, decided } = await there.lastChange(false);
      expect(decided - found).toBe(1);
      expect((await there.hitsOfChanges(0, found)).map(({ hit }) => hit.seq)).toEqual([1, 2]);
      const settled = await there.lastChange(true);
      expect(settled).toEqual({ found: decided, decided });
      expect((await there.hitsOfChanges(found, settled.found)).map(({ hit, ruleSet, change }) => [hit.seq, ruleSet, change])).toEqual([[3, 1, decided], [4, 1, decided]]);
      expect((await there.hitsUpTo(found, 'r', 0, START)).map(({ seq }) => seq)).toEqual([2, 1]);
      await there.lastChange(true);
      await other.commit({ ...commitOf(), correlated: { seen: 0, to: found } });
      await expect(store.commit({ ...commitOf(), correlated: { seen: 0, to: decided } })).rejects.toThrow(ConflictError);
      expect(await shared.correlated()).toBe(found);
    } finally { await other.close(); }
  }, 60_000);

  test('a segment is read back only when every event of it is found and on every copy', async () => {
    await shared.ship([run(1, 50)]);
    const receipt = receiptOf(1, 50);
    await shared.sealed(receipt);
    // Said once: a second word under the same id changes nothing.
    await shared.sealed({ ...receipt, sealed: { ...receipt.sealed, count: 1 } });
    await store.events.count({ predicate: ALWAYS, scope: EVERYTHING });
    await request('POST', `${prefix}control/_refresh`);
    expect(await shared.openReceipts(10)).toEqual([receipt]);
    // A copy that is behind: the server says that its checkpoint is lower than what a search finds.
    proxy.fault = ({ path }) => (path.includes('level=shards') ? { kind: 'change', answer: (text) => text.replaceAll(/"global_checkpoint":\d+/g, '"global_checkpoint":10') } : undefined);
    expect(await shared.readBack(receipt)).toBe(false);
    expect((await shared.receipts([receipt.id]))[0]).toEqual(receipt);
    proxy.fault = () => undefined;
    await request('DELETE', `${prefix}events-t3-2026.w47/_doc/${idOf(made(7, 1).events[0] as Event)}?refresh=true`);
    expect(await shared.readBack(receipt)).toBe(false);
    expect((await shared.receipts([receipt.id]))[0]?.read).toMatchObject({ count: 49, first: 1, last: 50 });
    // Another record at the same position: only the hash tells.
    const other = made(7, 1, { 'event.id': `${name}.7.00000000000000ff` });
    await shared.ship([other.run]);
    await request('POST', `${prefix}events-*/_refresh`);
    expect(await shared.readBack(receipt)).toBe(false);
    expect((await shared.receipts([receipt.id]))[0]?.read).toMatchObject({ count: 50, first: 1, last: 50 });
    await request('DELETE', `${prefix}events-t3-2026.w47/_doc/${idOf(other.events[0] as Event)}?refresh=true`);
    await shared.ship([run(7, 1)]);
    await request('POST', `${prefix}events-*/_refresh`);
    expect(await shared.readBack(receipt)).toBe(true);
    const [done] = await shared.receipts([receipt.id]), copies = done?.read?.copies ?? [];
    expect([done?.read?.xor, copies.length]).toEqual([receipt.sealed.xor, 1]);
    expect(await shared.sameCopies(copies)).toBe(true);
    // An index that was made anew, or came from a snapshot, is another one.
    await request('DELETE', `${prefix}events-t3-2026.w47`);
    await request('PUT', `${prefix}events-t3-2026.w47`);
    expect(await shared.sameCopies(copies)).toBe(false);
    expect(await shared.snapshots('none')).toEqual({ began: 0, complete: 0 });
  }, 60_000);

  test('a spool that was copied has two successors, and the second is told', async () => {
    const older = { [name]: 100 }, next = { ...stream, epoch: stream.epoch + 2 ** 32 };
    expect(await shared.begin({ stream: next, older, begun: START })).toBeUndefined();
    expect(await shared.begin({ stream: next, older, begun: START })).toBeUndefined();
    expect(await shared.begin({ stream: { ...next, tier: 4 }, older, begun: START })).toBeUndefined();
    expect(await shared.begin({ stream: { ...next, epoch: next.epoch + 1 }, older, begun: START })).toBe(next.epoch);
  }, 60_000);

  test('what the server will not take is listed with its reason, and its text', async () => {
    const refused = idOf(made(2, 1).events[0] as Event), without = (body: string): string => body.split('\n').filter((_, i) => i !== 2 && i !== 3).join('\n');
    const told = (text: string): string => { const answer = JSON.parse(text) as { items: object[] }; answer.items.splice(1, 0, { create: { _index: `${prefix}events-t3-2026.w47`, _id: refused, status: 400, error: { reason: 'cannot be parsed' } } }); return JSON.stringify({ ...answer, errors: true }); };
    once(isShipping, { kind: 'change', request: without, answer: told });
    await shared.ship([run(1, 3)]);
    expect((await shared.refused(10)).map(({ id, seq, reason, text }) => [id, seq, reason, (JSON.parse(text) as Event)['event.original']])).toEqual([[refused, 2, 'cannot be parsed', '<13>line 2']]);
    expect((await shared.tail(stream, 1, 10)).events.length).toBe(3);
  }, 60_000);
}
