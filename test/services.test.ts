// Two collectors and two detectors on one real Elasticsearch, reached through a bad network, while any of them is killed, indices become
// read-only, and the node itself is killed where it is the run's own: what was acknowledged is stored, each frame once, every position is
// decided once, and the alerts are those of the undisturbed run. Five kills here, a hundred in the proof (`npm run proofs --
// elasticsearch-kill ROUNDS SEED`): the seed chooses who is killed, when, and which requests are hurt.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../core/sigma/random/random.js';
import { setUpElasticsearch } from '../core/store/open.js';
import { Proxy, type Fault, type Seen } from './support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, isOurServer, randomPrefix, restartServer } from './support/elasticsearch.js';
import { RULES, Sender } from './support/load.js';
import { endAll, printLogs, Service } from './support/services.js';
import { everythingOnce } from './support/whole.js';

const ROUNDS = Number(process.env['HAIDANG_ROUNDS'] ?? 5), PER_SECOND = Number(process.env['HAIDANG_PER_SECOND'] ?? 80), SEED = Number(process.env['HAIDANG_SEED'] ?? Date.now() % 1_000_000), FAULTS = 0.1;
/** In these rounds whatever chance says: the node is killed, indices are read-only for a while. */
const NODE_ROUND = 2, READ_ONLY_EVERY = 10, READ_ONLY_ROUND = 1;
const url = await elasticsearchUrl();

if (url === undefined) test('not run: services apart on a real Elasticsearch', () => undefined);
else {
  test(`${ROUNDS} kills of any service and the node, read-only indices, a bad network (seed ${SEED}): nothing is lost, doubled or missed`, async () => {
    const prefix = randomPrefix(), folder = mkdtempSync(join(tmpdir(), 'haidang-services-')), rules = join(folder, 'rules'), chance = new Random(SEED), hurting = new Random(SEED + 1);
    mkdirSync(rules);
    writeFileSync(join(rules, 'rules.yml'), RULES);
    await setUpElasticsearch({ nodes: [url], prefix });
    const proxy = await new Proxy(url).open(), elasticsearch = { nodes: [proxy.url], prefix, patienceMs: 5_000 }, faults = { asked: 0, hurt: 0 };
    const listeners = [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }];
    const detectors = [0, 1].map((i) => new Service({ service: 'detector', data: join(folder, `detector-${i}`), elasticsearch, rules, more: { beatMs: 1_000, goneMs: 6_000 } }));
    const collectors = [0, 1].map((i) => new Service({ service: 'collector', data: join(folder, `collector-${i}`), elasticsearch, rules, more: { listeners, segmentBytes: 256 * 1024 } }));
    const all = [...detectors, ...collectors], senders = collectors.map((one, i) => new Sender(`c${i}`, () => one.port, PER_SECOND / 2)), killed = { services: 0, node: 0 }, isOurs = isOurServer();
    /** While the node starts again, services are killed as before. */
    let restarting: Promise<boolean> = Promise.resolve(true);
    try {
      for (const one of all) await one.start();
      proxy.fault = (seen) => badNetwork(seen, hurting, faults);
      for (const sender of senders) sender.start();
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(chance.between(500, 3_000));
        const drawn = chance.between(0, all.length), victim = all[drawn], pauseMs = chance.chance(0.5) ? chance.between(0, 1_500) : 0;
        if (isOurs && (victim === undefined || round === NODE_ROUND)) {
          await restarting;
          restarting = restartServer();
          killed.node++;
        } else {
          await killAndStart(victim ?? detectors[0] as Service, pauseMs);
          killed.services++;
        }
        if (round % READ_ONLY_EVERY === READ_ONLY_ROUND) { await restarting; await readOnly(prefix, 3_000); }
      }
      await restarting;
      await sleep(1_000);
      for (const sender of senders) await sender.stop();
      proxy.fault = () => undefined;
      await proxy.release();
      const { acknowledged, stored, alerts, segments } = await everythingOnce({ url, prefix, rules, collectors, detectors, senders });
      process.stdout.write(`${acknowledged} acknowledged, ${stored} stored, ${alerts} alerts, ${faults.hurt} of ${faults.asked} requests hurt, kills: ${killed.services} of services, ${killed.node} of the node${isOurs ? '' : ' (it is not ours)'}; segments in the spools: ${segments.join(', ')}\n`);
    } catch (error) {
      printLogs(all);
      throw error;
    } finally {
      await endAll(senders, all);
      await proxy.close();
      await restarting.catch(() => undefined);
      await forgetPrefix(url, prefix);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 400_000 + ROUNDS * 30_000);
}

async function killAndStart(service: Service, pauseMs: number): Promise<void> {
  await service.kill();
  await sleep(pauseMs);
  await service.start();
}

/** Every tenth request is refused, cut, done without an answer, or done in part. */
function badNetwork({ path }: Seen, chance: Random, faults: { asked: number; hurt: number }): Fault | undefined {
  faults.asked++;
  if (!chance.chance(FAULTS)) return undefined;
  faults.hurt++;
  switch (chance.between(0, path.startsWith('/_bulk') ? 4 : 3)) {
    case 0: return { kind: 'refuse', status: 429 };
    case 1: return { kind: 'refuse', status: 503 };
    case 2: return { kind: 'cut' };
    case 3: return { kind: 'lose' };
    // All of it is done; of the last answers nobody hears.
    default: return { kind: 'change', answer: (text) => { try { const answer = JSON.parse(text) as { items?: unknown[] }; return JSON.stringify({ ...answer, items: answer.items?.slice(0, -1) }); } catch { return text; } } };
  }
}

/** Indices can be read and deleted from, nothing else. What the server does by itself when a disk is full: test/watermark.test.ts. */
async function readOnly(prefix: string, ms: number): Promise<void> {
  const set = (value: true | null): Promise<Response> => fetch(`${String(url)}/${prefix}*/_settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ index: { blocks: { read_only_allow_delete: value } } }) });
  expect((await set(true)).status).toBe(200);
  await sleep(ms);
  expect((await set(null)).status).toBe(200);
}
