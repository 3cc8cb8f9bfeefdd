// What one process changes, another is told within a second or two; once, and nothing that was there before.
import { setTimeout as pause } from 'node:timers/promises';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import { openIncident, type Incident } from '../../incident.js';
import { openStore, setUpElasticsearch } from '../open.js';
import { START } from '../samples.js';
import type { StoreNews } from '../store.js';

const url = await elasticsearchUrl();
const incident = (id: string, version = 1): Incident => ({ ...openIncident({ id, number: `SC-2026-${id.padStart(4, '0')}`, key: id, family: 'f', title: 'T', tier: 3, system: 'portal', created: START }), version });

test('changes of others are news', async () => {
  if (url === undefined) return;
  const prefix = randomPrefix(), nodes = [url];
  await setUpElasticsearch({ nodes, prefix });
  const detector = await openStore({ folder: '', elasticsearch: { nodes, prefix, role: 'detector' } });
  await detector.incidents.put(incident('1'), 0, []);
  const console = await openStore({ folder: '', elasticsearch: { nodes, prefix, role: 'console' } }), news: StoreNews[] = [];
  try {
    console.onNews((one) => news.push(one));
    await pause(2_000);
    expect(news).toEqual([]);
    await detector.incidents.put(incident('2'), 0, []);
    await detector.incidents.put(incident('1', 2), 1, []);
    await detector.tunings.put({ id: 'rule', enabled: false, exceptions: [] }, 0);
    await detector.systems.put({ id: 'portal', name: 'P', tier: 3, unit: '', match: [] }, 0);
    const seen = (): { ids: string[]; opened: string[]; kinds: string[] } => ({ ids: news.flatMap((one) => (one.kind === 'incidents' ? one.ids : [])).sort(), opened: news.flatMap((one) => (one.kind === 'incidents' ? one.opened : [])), kinds: news.map(({ kind }) => kind).filter((kind) => kind !== 'incidents').sort() });
    for (const until = Date.now() + 15_000; Date.now() < until && (seen().ids.length < 2 || seen().kinds.length < 2);) await pause(100);
    await pause(2_500);
    expect(seen()).toEqual({ ids: ['1', '2'], opened: ['2'], kinds: ['rules', 'systems'] });
  } finally {
    await Promise.all([console.close(), detector.close()]);
    await forgetPrefix(url, prefix);
  }
});
