// The disk of a real node passes its last watermark under load, and the node is killed and started again meanwhile: the server by itself
// makes every index read-only, the collector acknowledges as before and says why nothing is shipped, the detector says why nothing is
// decided, and when there is room again all of it is stored and evaluated, each once. The watermark is the server's own setting, put above
// what the disk has free.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setUpElasticsearch } from '../core/store/open.js';
import { startNodes } from './support/elasticsearch-nodes.js';
import { RULES, Sender } from './support/load.js';
import { endAll, printLogs, Service } from './support/services.js';
import { everythingOnce } from './support/whole.js';

const PREFIX = 'watermark-', PER_SECOND = 80, WAIT_MS = 90_000, WATERMARK = 'cluster.routing.allocation.disk.watermark';
/** What must be free: of no disk, of every disk. */
const NEVER = { [`${WATERMARK}.low`]: '3b', [`${WATERMARK}.high`]: '2b', [`${WATERMARK}.flood_stage`]: '1b' }, ALWAYS = { [`${WATERMARK}.low`]: '3pb', [`${WATERMARK}.high`]: '2pb', [`${WATERMARK}.flood_stage`]: '1pb' };

test('the last watermark of the disk is passed, and the node killed meanwhile: nothing is lost, doubled or missed', async () => {
  const nodes = await startNodes({ count: 1, settings: { 'cluster.routing.allocation.disk.threshold_enabled': true, 'cluster.info.update.interval': '10s', ...NEVER } }), url = nodes?.urls[0];
  if (nodes === undefined || url === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'haidang-watermark-')), rules = join(folder, 'rules'), elasticsearch = { nodes: [url], prefix: PREFIX, patienceMs: 3_000 };
  mkdirSync(rules);
  writeFileSync(join(rules, 'rules.yml'), RULES);
  const detector = new Service({ service: 'detector', data: join(folder, 'detector'), elasticsearch, rules }), collector = new Service({ service: 'collector', data: join(folder, 'collector'), elasticsearch, rules, more: { listeners: [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }] } }), sender = new Sender('w', () => collector.port, PER_SECOND);
  const watermarks = async (persistent: object): Promise<void> => { expect((await fetch(`${url}/_cluster/settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ persistent }) })).status).toBe(200); };
  const blocked = async (): Promise<readonly string[]> => {
    const answer = await (await fetch(`${url}/${PREFIX}*/_settings/index.blocks.read_only_allow_delete`)).json() as Record<string, { settings?: { index?: { blocks?: { read_only_allow_delete?: string } } } }>;
    return Object.entries(answer).filter(([, { settings }]) => settings?.index?.blocks?.read_only_allow_delete === 'true').map(([name]) => name);
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => { for (const end = Date.now() + WAIT_MS; !await holds(); await sleep(250)) if (Date.now() > end) throw new Error(`expected within ${WAIT_MS / 1000} s: ${what}`); };
  try {
    await setUpElasticsearch(elasticsearch);
    await detector.start();
    await collector.start();
    sender.start();
    await until('events shipped', async () => ((await collector.stats()).shipping?.shipped ?? 0) > 100);
    await watermarks(ALWAYS);
    await until('the server makes the indices read-only', async () => { const names = await blocked(); return names.some((name) => name.startsWith(`${PREFIX}events-`)) && names.includes(`${PREFIX}control`); });
    const before = sender.acknowledged.size;
    await until('the collector says why nothing is shipped', async () => /read-only|flood-stage/.test((await collector.stats()).shipping?.problem ?? ''));
    await until('the detector says why nothing is decided', async () => (await detector.stats()).problem !== undefined);
    const { shipped = 0 } = (await collector.stats()).shipping ?? {};
    await sleep(2_000);
    expect({ acknowledged: sender.acknowledged.size > before + PER_SECOND, shipped: (await collector.stats()).shipping?.shipped }).toEqual({ acknowledged: true, shipped });
    await nodes.kill(0);
    await nodes.start(0);
    // A node that starts may let its indices be written for some seconds, before it has looked at its disk with the shards in place.
    await until('the node remembers', async () => (await blocked().catch((): readonly string[] => [])).includes(`${PREFIX}control`));
    await watermarks(NEVER);
    await until('the server lets the indices be written', async () => (await blocked()).length === 0);
    await sleep(2_000);
    await sender.stop();
    const whole = await everythingOnce({ url, prefix: PREFIX, rules, collectors: [collector], detectors: [detector], senders: [sender] });
    process.stdout.write(`${whole.acknowledged} acknowledged, ${sender.acknowledged.size - before} of them after the disk was full; ${whole.stored} stored, ${whole.alerts} alerts\n`);
  } catch (error) {
    printLogs([collector, detector]);
    throw error;
  } finally {
    await endAll([sender], [collector, detector]);
    await nodes.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
