// One collector, one detector, one console as three processes on a real Elasticsearch do the main job, started as the containers of
// docker/compose.elastic.yaml start them.
import { setUpElasticsearch } from '../core/store/open.js';
import { composeServices } from './support/compose.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';
import { mainJobApart } from './support/main-job-apart.js';
import { runCommand } from './support/product.js';

const url = await elasticsearchUrl(), commandOf = (service: string): readonly string[] => composeServices()[service]?.command ?? [];

test('collector, detector and console apart do the main job', async () => {
  if (url === undefined) return;
  const prefix = randomPrefix();
  await setUpElasticsearch({ nodes: [url], prefix });
  try { await mainJobApart(() => ({ url, prefix }), { collector: commandOf('collector-1'), detector: commandOf('detector-2'), console: commandOf('console') }); } finally { await forgetPrefix(url, prefix); }
}, 180_000);

test.each(['collector', 'detector', 'console'])('a %s without a cluster says what it needs', async (service) => {
  const { code, err } = await runCommand([service]);
  expect([code, err]).toEqual([78, expect.stringContaining('ELASTICSEARCH_URL')]);
}, 30_000);

test('before the setup a service says what to run', async () => {
  if (url === undefined) return;
  const { code, err } = await runCommand(['console'], { env: { ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: randomPrefix(), HAIDANG_CONSOLE_PORT: '0' } });
  expect([code, err]).toEqual([70, expect.stringContaining('haidang setup elasticsearch')]);
}, 30_000);
