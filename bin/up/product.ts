// The one-box product: opens the store, then starts detector, collector and console over it, and joins them. Frames go spool ->
// detector -> store; what is committed is freed in the spool. Stops in the order in which nothing is lost.
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { startCollector, type Collector } from '../../collector/collector.js';
import { startConsole } from '../../console/main.js';
import { Policy } from '../../core/policy.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { openControl } from '../../core/process/control.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { createLog } from '../../core/process/log.js';
import { loadPolicies } from '../../core/process/policy-file.js';
import { openStore } from '../../core/store/open.js';
import { formatsNow } from '../../detector/format-watch.js';
import { startDetector } from '../../detector/main.js';
import { demoSystems } from '../demo/load.js';
import { startScenario, type Playing } from '../replay/play.js';
import { flowOf } from './flow.js';
import { freeingOf, SpoolKeeping } from './freeing.js';
import { LiveSources } from './live-sources.js';
import { createMetrics } from './metrics.js';
import { Closers, collectorPart, consolePart, detectorPart, followRegistry, keepTidy, makeFolder, printListeners, printStore, programVersion, syslogPort, type Running, type RunOptions } from './parts.js';
import { seed } from './seed.js';

export interface ProductOptions extends RunOptions { readonly demo: boolean }

export async function startProduct(config: Config, { demo, held, print, onFatal }: ProductOptions): Promise<Running> {
  const log = createLog(config.log.level, 'haidang'), clock = systemClock, folder = resolve(config.data), version = programVersion(), closers = new Closers(), cluster = elasticsearchOf(config);
  makeFolder(folder);
  try {
    const store = await openStore({ folder, elasticsearch: cluster === undefined ? undefined : { ...cluster, failFast: true } });
    closers.push(() => store.close());
    await seed(store, config, demo ? demoSystems(clock.now()) : []);
    const control = await openControl(folder);
    closers.push(() => control.close());

    const packs = loadPolicies(), detector = await startDetector(detectorPart(config, folder, store, log));
    closers.push(() => detector.stop());

    const cursors = await store.cursors.all(), port = await syslogPort(config, held);
    const { shared } = store, keeping: SpoolKeeping | undefined = shared === undefined || config.elasticsearch === undefined ? undefined : new SpoolKeeping(shared, { ...freeingOf(config.elasticsearch), formats: () => formatsNow(store, join(folder, 'formats')), log: log.child({ part: 'collector' }) }, (paths) => collector.release(paths));
    const collector: Collector = await startCollector({ ...(keeping === undefined ? {} : { keepSegments: true, onFinished: (segment) => { keeping.add(segment); } }), ...collectorPart(config, folder, port, log, onFatal, held), registry: await store.systems.registry(), cursors, onBatch: (batch) => detector.take(batch) });
    const sources = new LiveSources(store.sources, (await collector.stats()).epoch, collector.olderStreams, cursors);
    const endListening = detector.onCommitted((positions, runs) => { collector.committed(positions); sources.onCommitted(runs); });
    closers.push(async () => {
      await collector.stop();
      await detector.settled();
      endListening();
    });
    if (keeping !== undefined) { keeping.start(); closers.push(() => keeping.stop()); }
    closers.push(followRegistry(store, collector, log));
    closers.push(keepTidy(store, () => new Policy(packs, clock.now()).retentionDays(config.retentionDays), log));

    let playing: Playing | undefined;
    const playEnd = new AbortController();
    const endPlay = async (): Promise<void> => { playEnd.abort(); await playing?.done; };
    control.register('demo.remove', async () => {
      await endPlay();
      await collector.durable();
      await detector.settled();
      return store.removeDemo();
    });
    control.register('status', async () => ({ version, ...await collector.stats(), detector: detector.stats() }));

    let firstPassword: string | undefined;
    const console = await startConsole({
      ...consolePart(config, log, (line) => { firstPassword = line; }), store, control, sources: async () => sources.list((await collector.stats()).senders), ruleSets: detector.catalog, flow: async () => flowOf(await collector.stats(), detector.stats(), hostname()),
      metrics: createMetrics({ version, held, collector: () => collector.stats(), detector: () => detector.stats(), store: () => store.health(), rules: detector.catalog, accounts: store.accounts }),
    });
    closers.push(() => console.stop());

    print(`Hải Đăng ${version} is ready`);
    print(`  console   ${console.url}`);
    printListeners(config, port, collector, print);
    print(`  data      ${folder}`);
    printStore(config, print);
    if (firstPassword !== undefined) print(`  ${firstPassword}`);
    if (demo) {
      playing = startScenario({ host: config.host === '0.0.0.0' ? '127.0.0.1' : config.host, port, signal: playEnd.signal, log: (message) => { log.info({ part: 'demo' }, message); } });
      playing.done.catch((error: unknown) => { log.error({ err: error, part: 'demo' }, 'the demo scenarios ended'); });
      closers.push(async () => { await endPlay().catch(() => undefined); });
      print('  demo      a province of sixteen systems; `haidang demo remove` takes it away');
    }
    return closers;
  } catch (error) {
    await closers.stop().catch(() => undefined);
    throw error;
  }
}
