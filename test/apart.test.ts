// One collector, one detector, one console as three processes on a real Elasticsearch do the main job, started as the containers of
// docker/compose.elastic.yaml start them.
import { createServer, type AddressInfo } from 'node:net';
import { setUpElasticsearch } from '../core/store/open.js';
import { startApart } from './support/apart.js';
import { composeServices } from './support/compose.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';
import { mainJobApart } from './support/main-job-apart.js';
import { runCommand, sendTcp, until } from './support/product.js';

const url = await elasticsearchUrl(), commandOf = (service: string): readonly string[] => composeServices()[service]?.command ?? [];

test('collector, detector and console apart do the main job', async () => {
  if (url === undefined) return;
  const prefix = randomPrefix();
  await setUpElasticsearch({ nodes: [url], prefix });
  try { await mainJobApart(() => ({ url, prefix }), { collector: commandOf('collector-1'), detector: commandOf('detector-2'), console: commandOf('console') }); } finally { await forgetPrefix(url, prefix); }
}, 180_000);

test('a collector whose cluster is away takes messages, says so, and stops kindly', async () => {
  const away = await new Promise<string>((resolve) => { const server = createServer().listen(0, '127.0.0.1', () => { const { port } = server.address() as AddressInfo; server.close(() => resolve(`http://127.0.0.1:${port}`)); }); });
  const collector = await startApart('collector', { url: away, prefix: 'away-' });
  try {
    await sendTcp(collector.syslogPort, Array.from({ length: 10 }, (_, i) => `<13>host app: line ${i}`));
    const figures = await until(async () => (await fetch(`${collector.health}/metrics`)).text(), (text) => text.includes('haidang_listener_received_frames{listener="tcp"} 10'), '10 frames taken');
    expect([/^haidang_shipping_ready (\d)/m.exec(figures)?.[1], Number(/^haidang_shipping_away_since (\S+)/m.exec(figures)?.[1]) > 0, Number(/^haidang_shipped_events (\d+)/m.exec(figures)?.[1])]).toEqual(['0', true, 0]);
    expect((await fetch(`${collector.health}/healthz`)).status).toBe(200);
  } finally { expect(await collector.stop()).toBe(0); }
}, 180_000);

test.each(['collector', 'detector', 'console'])('a %s without a cluster says what it needs', async (service) => {
  const { code, err } = await runCommand([service]);
  expect([code, err]).toEqual([78, expect.stringContaining('ELASTICSEARCH_URL')]);
}, 180_000);

test('before the setup a service says what to run', async () => {
  if (url === undefined) return;
  const { code, err } = await runCommand(['console'], { env: { ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: randomPrefix(), HAIDANG_CONSOLE_PORT: '0' } });
  expect([code, err]).toEqual([70, expect.stringContaining('haidang setup elasticsearch')]);
}, 180_000);
