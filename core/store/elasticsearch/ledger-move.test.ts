// The ledger by week: where it stands, what becomes of it when its week goes, and how a cluster of before is brought there.
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { streamName, type Stream } from '../../record.js';
import { deleteRetiredIndices, openStore, setUpElasticsearch } from '../open.js';
import { aRun, commitOf, idOf, START, withHits } from '../samples.js';
import type { Store } from '../store.js';
import { endOfWeek, weekOf } from './templates.js';

const url = await elasticsearchUrl(), DAY_MS = 86_400_000, stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000fd', epoch: 1, tier: 3 }, name = streamName(stream);
const made = (from: number, n = 4) => aRun(stream, from, Array.from({ length: n }, (_, i) => ({ message: `line ${from + i}`, 'haidang.system': 'portal' })));
/** Every event of it hits. */
function hitting(from: number, n = 4): EvaluatedRun {
  const { run, events } = made(from, n);
  return withHits(run, events.map((event, i) => ({ rule: { uid: 'r', version: 'v', title: 'T', level: 'low' as const }, reports: false, stream: name, seq: from + i, eventId: idOf(event), time: START + from + i, received: START, system: 'portal', tier: 3, atoms: [], event })));
}

if (url === undefined) test('not run: the ledger by week on Elasticsearch', () => undefined);
else {
  let prefix: string, store: Store;
  const nodes = [url], request = async (method: string, path: string, body?: string): Promise<{ readonly count?: number; readonly hits?: { readonly hits: readonly { _id: string; _version: number; _source: object }[] } }> => (await fetch(`${url}/${path}`, { method, headers: { 'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json' }, ...(body === undefined ? {} : { body }) })).json() as never;
  const counted = async (index: string): Promise<number | undefined> => { await request('POST', `${prefix}*/_refresh`); return (await request('POST', `${prefix}${index}/_count`, JSON.stringify({ query: { terms: { kind: ['hit', 'event', 'entry'] } } }))).count; };
  const week = weekOf('2026-11-20'), own = `ledger-t3-${week}`;
  const seen = async (of: Store): Promise<unknown> => {
    const hits = await of.ledger.hits('r', 0, START * 2), named = await of.ledger.named(hits.map(({ eventId, rule, time, received }) => ({ eventId, rule: rule.uid, time, received })));
    const nameless = await of.ledger.named(hits.slice(0, 1).map(({ eventId, rule, time }) => ({ eventId, rule: rule.uid, time })));
    return [hits.map(({ seq, event }) => [seq, event['message']]), named.map(({ seq, event }) => [seq, event['message']]).sort(), nameless.length, (await of.ledger.entries(name, 1, 10)).map(({ from, to }) => [from, to]), (await of.ledger.hitCounts(0, START * 2))['r']?.count, (await of.ledger.hitsSince(0, 0, 100)).hits.length];
  };
  beforeEach(async () => {
    prefix = randomPrefix();
    await setUpElasticsearch({ nodes, prefix });
    store = await openStore({ folder: '', elasticsearch: { nodes, prefix } });
  });
  afterEach(async () => {
    await store.close();
    await forgetPrefix(url, prefix);
  });
  const WHOLE = [[1, 2, 3, 4, 5, 6].map((seq) => [seq, `line ${seq}`]), [1, 2, 3, 4, 5, 6].map((seq) => [seq, `line ${seq}`]), 1, [[1, 4], [5, 6]], 6, 6];

  test('what the ledger says of a week stands in the week\'s index, and goes with it by the retention job alone', async () => {
    await store.commit(commitOf(hitting(1), hitting(5, 2)));
    expect(await seen(store)).toEqual(WHOLE);
    expect([await counted(own), await counted('ledger')]).toEqual([14, 0]);
    const detector = await openStore({ folder: '', elasticsearch: { nodes, prefix, role: 'detector' } });
    try {
      const later = endOfWeek(week) + 60 * DAY_MS;
      for (let i = 0; i < 2; i++) await detector.keep({ 3: 2 }, later);
      expect(await counted(own)).toBe(14);
      expect([...await deleteRetiredIndices({ nodes, prefix })].sort()).toEqual([`${prefix}events-t3-${week}`, `${prefix}${own}`]);
      expect(await seen(detector)).toEqual([[], [], 0, [], undefined, 0]);
      // What comes after its week was given up is decided all the same, and makes no index.
      await detector.commit(commitOf(hitting(7, 1)));
      expect([await counted(own), await counted('ledger')]).toEqual([undefined, 3]);
      expect((await detector.ledger.hits('r', 0, START * 2)).map(({ seq }) => seq)).toEqual([7]);
    } finally { await detector.close(); }
  }, 60_000);

  test('a ledger of before is taken to its weeks by the setup, in part and again; nothing is missed or counted twice', async () => {
    await store.commit(commitOf(hitting(1), hitting(5, 2)));
    await store.close();
    await counted(own);
    // As the version before left it: all in one index, and not the version of this program.
    const { hits } = await request('POST', `${prefix}${own}/_search`, JSON.stringify({ size: 100, version: true }));
    const lines = (hits?.hits ?? []).flatMap(({ _id, _version, _source }) => [JSON.stringify({ index: { _index: `${prefix}ledger`, _id, version: _version, version_type: 'external' } }), JSON.stringify(_source)]);
    await request('POST', '_bulk', `${lines.join('\n')}\n`);
    await request('DELETE', `${prefix}${own}`);
    await request('PUT', `${prefix}control/_doc/setting:store.setup?refresh=true`, JSON.stringify({ kind: 'setting', id: 'store.setup', doc: '2' }));
    await expect(openStore({ folder: '', elasticsearch: { nodes, prefix } })).rejects.toThrow('run haidang setup elasticsearch');
    expect(await counted('ledger')).toBe(14);
    expect((await setUpElasticsearch({ nodes, prefix })).moved).toBe(14);
    expect([await counted(own), await counted('ledger')]).toEqual([14, 0]);
    // Cut short between writing and deleting: one is in both places.
    const again = (hits?.hits ?? []).slice(0, 2).flatMap(({ _id, _source }) => [JSON.stringify({ index: { _index: `${prefix}ledger`, _id } }), JSON.stringify(_source)]);
    await request('POST', '_bulk', `${again.join('\n')}\n`);
    expect(await counted('ledger')).toBe(2);
    expect((await setUpElasticsearch({ nodes, prefix })).moved).toBe(2);
    expect((await setUpElasticsearch({ nodes, prefix })).moved).toBe(0);
    // The last change of before names the old places; nobody carries it out again.
    store = await openStore({ folder: '', elasticsearch: { nodes, prefix } });
    expect(await counted('ledger')).toBe(0);
    expect(await seen(store)).toEqual(WHOLE);
    await store.commit(commitOf(hitting(7, 1)));
    expect((await store.ledger.hits('r', 0, START * 2)).length).toBe(7);
  }, 60_000);
}
