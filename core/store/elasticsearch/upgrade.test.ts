// What an index of an older version becomes when the setup is run again: the fields it lacks, its documents as they were, new ones beside them.
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import { parseQuery } from '../../predicate/text.js';
import { streamName, type Stream } from '../../record.js';
import { setUpElasticsearch } from '../open.js';
import { aRun, START } from '../samples.js';
import type { Shared } from '../shared.js';
import { EVERYTHING } from '../store.js';
import { openElasticsearch } from './elasticsearch.js';
import { TEMPLATE_VERSION, templates } from './templates.js';

const url = await elasticsearchUrl(), stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000bb', epoch: 3, tier: 3 }, name = streamName(stream);
const request = async <T>(method: string, path: string, body?: object): Promise<T> => {
  const answer = await fetch(`${String(url)}/${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(await answer.text());
  return await answer.json() as T;
};
interface Mapped { readonly mappings: { readonly _meta: { readonly haidang: number }; readonly properties: Readonly<Record<string, object>> } }

if (url === undefined) test('not run: an older version\'s indices on a real Elasticsearch', () => undefined);
else {
  test('an index of templates before version 5 takes new events, and all of it is read, found and counted', async () => {
    const prefix = randomPrefix(), index = `${prefix}events-t3-2026.w47`;
    try {
      // As version 4 made it: the text in `doc` only, a column for the process, documents as they came.
      const [current] = templates({ prefix }), lacking = ['line', 'words', 'longs', 'v'], { template } = current?.body as { readonly template: { readonly mappings: { readonly properties: Readonly<Record<string, object>> } } }, properties = Object.fromEntries(Object.entries(template.mappings.properties).filter(([name]) => !lacking.includes(name)));
      await request('PUT', index, { settings: { index: { number_of_replicas: 0, codec: 'best_compression' } }, mappings: { ...template.mappings, _meta: { haidang: 4 }, properties: { ...properties, 'process.pid': { type: 'keyword', index: false } } } });
      const event = { message: 'older', 'event.original': 'an older line', 'process.pid': 7, 'haidang.system': 'portal', 'event.id': `${name}.1.older` };
      await request('PUT', `${index}/_create/${event['event.id']}?refresh=true`, { id: event['event.id'], time: START, received: START, day: '2026-11-22', tier: 3, stream: name, seq: 1, kv: ['message=older', 'event.original=an older line', 'process.pid=7', 'haidang.system=portal'], has: ['message', 'event.original', 'process.pid', 'haidang.system', 'event.id'], 'process.pid': '7', 'num.process.pid': 7, 'haidang.system': 'portal', doc: JSON.stringify(event) });

      expect((await setUpElasticsearch({ nodes: [url], prefix })).updated).toContain(index);
      const { mappings } = Object.values(await request<Record<string, Mapped>>('GET', `${index}/_mapping`))[0] as Mapped;
      expect([mappings._meta.haidang, mappings.properties['line']]).toEqual([TEMPLATE_VERSION, { type: 'text', index: false, store: true }]);

      const store = await openElasticsearch({ nodes: [url], prefix });
      try {
        const shared = store.shared as Shared;
        await shared.prepare(START);
        await shared.ship([aRun(stream, 2, [{ message: 'newer', 'event.original': 'a newer line', 'event.kind': 'event', 'process.pid': 7, 'haidang.system': 'portal' }]).run]);
        const { events } = await shared.tail(stream, 1, 10);
        expect(events.map(({ seq, text }) => [seq, (JSON.parse(text) as { message: string }).message])).toEqual([[1, 'older'], [2, 'newer']]);
        const query = { predicate: { kind: 'number', path: ['process.pid'], op: 'gte', value: 7, text: '7' }, scope: EVERYTHING } as const;
        expect((await store.events.search(query, { limit: 10 })).items.map(({ message }) => message).sort()).toEqual(['newer', 'older']);
        expect(await store.events.facets(query, 'process.pid', 10)).toEqual([{ value: '7', count: 2 }]);
        // What newer documents hold in another way: their words, and which of the common fields they lack.
        const found = async (text: string): Promise<readonly unknown[]> => (await store.events.search({ predicate: parseQuery(text).predicate, scope: EVERYTHING }, { limit: 10 })).items.map(({ message }) => message).sort();
        expect([await found('old'), await found('new'), await found('line'), await found('"older li"'), await found('event.original:"newer line"'), await found('event.original:*line*'), await found('event.kind:*'), await found('NOT event.kind:*'), await found('message:*')])
          .toEqual([['older'], ['newer'], ['newer', 'older'], ['older'], ['newer'], ['newer', 'older'], ['newer'], ['older'], ['newer', 'older']]);
      } finally { await store.close(); }
    } finally { await forgetPrefix(url, prefix); }
  }, 120_000);
}
