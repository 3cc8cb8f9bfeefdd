// Three nodes of a real Elasticsearch, every index with a replica, two collectors and two detectors at work: the elected master is killed
// and stays away, and the work goes on without it; a second node is killed and started again (meanwhile one of three is there and nothing can be decided), then the first
// comes back. What was acknowledged is stored, each frame once, the alerts are those of the undisturbed run, and both copies of every shard
// hold the same. Once here; `npm run proofs -- elasticsearch-nodes ROUNDS` as often as you like.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import type { Store } from '../core/store/store.js';
import { startNodes, type Nodes } from './support/elasticsearch-nodes.js';
import { RULES, Sender } from './support/load.js';
import { endAll, printLogs, Service } from './support/services.js';
import { everythingOnce } from './support/whole.js';

const ROUNDS = Number(process.env['HAIDANG_ROUNDS'] ?? 1), PER_SECOND = Number(process.env['HAIDANG_PER_SECOND'] ?? 80), PREFIX = 'nodes-', GREEN_MS = 180_000, GOES_ON_MS = 120_000;

test(`three nodes, ${ROUNDS} times one is killed under load and another started again: nothing is lost, doubled or missed`, async () => {
  const nodes = await startNodes({ count: 3 });
  if (nodes === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'haidang-nodes-')), rules = join(folder, 'rules'), elected = nodes.urls[await master(nodes)] as string;
  // The one that is killed first is named first: who knew no other would stand still with it.
  const elasticsearch = { nodes: [elected, ...nodes.urls.filter((one) => one !== elected)], prefix: PREFIX, patienceMs: 5_000 };
  mkdirSync(rules);
  writeFileSync(join(rules, 'rules.yml'), RULES);
  const detectors = [0, 1].map((i) => new Service({ service: 'detector', data: join(folder, `detector-${i}`), elasticsearch, rules, more: { beatMs: 1_000, goneMs: 6_000 } }));
  const collectors = [0, 1].map((i) => new Service({ service: 'collector', data: join(folder, `collector-${i}`), elasticsearch, rules, more: { listeners: [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }], segmentBytes: 256 * 1024 } }));
  const all = [...detectors, ...collectors], senders = collectors.map((one, i) => new Sender(`c${i}`, () => one.port, PER_SECOND / 2)), away: number[] = [], stood: number[] = [];
  let store: Store | undefined;
  try {
    await setUpElasticsearch(elasticsearch, { replicas: 1 });
    store = await openStore({ folder: '', elasticsearch });
    for (const one of all) await one.start();
    for (const sender of senders) sender.start();
    await green(nodes);
    for (let round = 0; round < ROUNDS; round++) {
      await sleep(3_000);
      const first = await master(nodes), second = (first + 1) % 3;
      const at = Date.now();
      await nodes.kill(first);
      stood.push(await goesOn(store, at));
      await nodes.kill(second);
      await sleep(1_000);
      await nodes.start(second);
      await sleep(3_000);
      await nodes.start(first);
      await green(nodes);
      away.push(Date.now() - at);
    }
    await sleep(2_000);
    for (const sender of senders) await sender.stop();
    const { acknowledged, stored, alerts } = await everythingOnce({ url: nodes.urls[0] as string, prefix: PREFIX, rules, collectors, detectors, senders });
    await Promise.all(detectors.map((one) => one.stop()));
    const copies = await sameCopies(nodes);
    process.stdout.write(`${acknowledged} acknowledged, ${stored} stored, ${alerts} alerts, ${ROUNDS * 2} kills of nodes, ${copies} shards with both copies alike; went on without the first after ${seconds(stood)}, whole again after ${seconds(away)}\n`);
  } catch (error) {
    printLogs(all);
    throw error;
  } finally {
    await endAll(senders, all);
    await store?.close();
    await nodes.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 700_000 + ROUNDS * 300_000);

const ask = async <T>(url: string, path: string): Promise<T> => { const answer = await fetch(`${url}${path}`); if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`); return await answer.json() as T; };

/** Every shard has both copies. */
async function green({ urls: [url = ''] }: Nodes): Promise<void> {
  for (const until = Date.now() + GREEN_MS; ;) {
    const health = await ask<{ status: string; number_of_nodes: number }>(url, '/_cluster/health?wait_for_status=green&wait_for_nodes=3&timeout=5s').catch((error: unknown) => String(error));
    if (typeof health !== 'string' && health.status === 'green' && health.number_of_nodes === 3) return;
    if (Date.now() > until) throw new Error(`expected three nodes and every shard twice within ${GREEN_MS / 1000} s: ${JSON.stringify(health)}`);
    await sleep(250);
  }
}

const seconds = (times: readonly number[]): string => times.map((ms) => `${Math.round(ms / 1000)} s`).join(', ');

/** How long it took until what came after `since` is decided: two nodes of three are enough, each shard has a copy on one of them. */
async function goesOn(store: Store, since: number): Promise<number> {
  for (let said: unknown; ; await sleep(250)) {
    const received = await store.shared!.cursors().then((cursors) => cursors.map((cursor) => cursor.received), (error: unknown) => { said = error; return []; });
    // Of both collectors: each has shards and detectors that may have stood on the node that is gone.
    if (received.filter((time) => time > since + 2_000).length >= 2) return Date.now() - since;
    if (Date.now() - since > GOES_ON_MS) throw new Error(`expected the work to go on without one node within ${GOES_ON_MS / 1000} s: ${String(said)} ${JSON.stringify(await store.cursors.all().catch(String))}`);
  }
}

async function master({ urls: [url = ''] }: Nodes): Promise<number> {
  const [{ node = '' } = {}] = await ask<{ node: string }[]>(url, '/_cat/master?format=json');
  return Number(node.replace('node-', ''));
}

/** How many shards there are; each has two copies that hold the same operations and documents. */
async function sameCopies({ urls: [url = ''] }: Nodes): Promise<number> {
  type Copy = { readonly routing: { readonly primary: boolean; readonly node: string }; readonly docs: { readonly count: number }; readonly seq_no: { readonly max_seq_no: number; readonly local_checkpoint: number; readonly global_checkpoint: number } };
  await fetch(`${url}/_refresh`, { method: 'POST' });
  const { indices } = await ask<{ indices: Record<string, { shards: Record<string, Copy[]> }> }>(url, `/${PREFIX}*/_stats/docs?level=shards`);
  const shards = Object.entries(indices).flatMap(([index, { shards: some }]) => Object.entries(some).map(([shard, copies]) => ({ name: `${index}/${shard}`, copies })));
  for (const { name, copies } of shards) {
    const held = copies.map(({ docs, seq_no: { max_seq_no: max, local_checkpoint: local } }) => ({ docs: docs.count, max, local }));
    expect({ name, nodes: new Set(copies.map(({ routing }) => routing.node)).size, held }).toEqual({ name, nodes: 2, held: [held[0], held[0]] });
  }
  return shards.length;
}
