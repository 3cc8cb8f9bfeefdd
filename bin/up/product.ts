// The one-box product: opens the store, then starts detector, collector and console over it, and joins them. Frames go spool ->
// detector -> store; what is committed is freed in the spool. Stops in the order in which nothing is lost.
import { mkdirSync, readFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { startCollector, type Collector } from '../../collector/collector.js';
import { startConsole, type RunningConsole } from '../../console/main.js';
import { Policy } from '../../core/policy.js';
import { printProblem } from '../../core/problem.js';
import { projectRoot } from '../../core/process/built.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { openControl } from '../../core/process/control.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { createLog, type Log } from '../../core/process/log.js';
import { loadPolicies } from '../../core/process/policy-file.js';
import { openStore } from '../../core/store/open.js';
import type { Store } from '../../core/store/store.js';
import { startDetector } from '../../detector/main.js';
import { demoSystems } from '../demo/load.js';
import { startScenario, type Playing } from '../replay/play.js';
import { filesOf, listenersOf } from './listeners.js';
import { LiveSources } from './live-sources.js';
import { createMetrics } from './metrics.js';
import { seed } from './seed.js';

export interface ProductOptions {
  readonly demo: boolean;
  readonly print: (line: string) => void;
  /** A part died that the rest cannot do without; what is durable is safe. */
  readonly onFatal: (error: Error) => void;
}
export interface RunningProduct { stop(): Promise<void> }

const KEEP_MS = 10 * 60_000;

export async function startProduct(config: Config, { demo, print, onFatal }: ProductOptions): Promise<RunningProduct> {
  const log = createLog(config.log.level, 'haidang'), clock = systemClock, folder = resolve(config.data);
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  makeFolder(folder);
  // What was opened is closed in the opposite order, whether the start fails half-way or the product is stopped.
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => { for (const close of closers.splice(0).reverse()) await close(); };
  try {
    const store = await openStore({ folder, elasticsearch: elasticsearchOf(config) });
    closers.push(() => store.close());
    await seed(store, config, demo ? demoSystems(clock.now()) : []);
    const control = await openControl(folder);
    closers.push(() => control.close());

    const packs = loadPolicies();
    const detector = await startDetector({
      store, log: log.child({ part: 'detector' }), clock, rulesFolders: [join(projectRoot, 'rules'), join(folder, 'rules')], formatsFolder: join(folder, 'formats'), placeholders: config.placeholders, policies: packs,
      ...(config.mail === undefined ? {} : { mail: config.mail }), ...(config.console.publicUrl === undefined ? {} : { publicUrl: config.console.publicUrl }),
    });
    closers.push(() => detector.stop());

    const cursors = await store.cursors.all(), port = config.syslog.port === 0 ? await freePort(config.host) : config.syslog.port;
    const collector = await startCollector({
      folder: join(folder, 'spool'), registry: await store.systems.registry(), cursors, frameBytesMax: config.syslog.frameBytesMax,
      ...(config.freeBytesMin === undefined ? {} : { freeBytesMin: config.freeBytesMin }),
      listeners: listenersOf(config, port), files: filesOf(config),
      onBatch: (batch) => detector.take(batch),
      onProblem: (problem) => { log[problem.severity === 'warning' ? 'warn' : 'error']({ part: 'collector', code: problem.code }, printProblem(problem)); },
      onFatal,
    });
    const sources = new LiveSources(store.sources, (await collector.stats()).epoch, collector.olderStreams, cursors);
    const endListening = detector.onCommitted((positions, runs) => { collector.committed(positions); sources.onCommitted(runs); });
    closers.push(async () => {
      await collector.stop();
      await detector.settled();
      endListening();
    });
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
    const console: RunningConsole = await startConsole({
      store, host: config.host, port: config.console.port, webFolder: join(projectRoot, 'dist', 'web'), log: log.child({ part: 'console' }), clock, version, control,
      sources: async () => sources.list((await collector.stats()).senders), ruleSets: detector.catalog, policies: packs, retentionDays: config.retentionDays,
      metrics: createMetrics({ version, collector: () => collector.stats(), detector: () => detector.stats(), store: () => store.health(), rules: detector.catalog }),
      print: (line) => { firstPassword = line; },
      ...(config.console.publicUrl === undefined ? {} : { publicUrl: config.console.publicUrl }),
      ...(config.console.tls === undefined ? {} : { tls: { certificate: readFileSync(config.console.tls.certificateFile, 'utf8'), key: readFileSync(config.console.tls.keyFile, 'utf8') } }),
      ...(config.adminPasswordFile === undefined ? {} : { adminPasswordFile: config.adminPasswordFile }),
    });
    closers.push(() => console.stop());

    print(`Hải Đăng ${version} is ready`);
    print(`  console   ${console.url}`);
    print(`  syslog    ${config.host}:${port} (udp, tcp)`);
    for (const { name, kind, address, port: bound } of collector.addresses) if (name !== 'tcp' && name !== 'udp') print(`  ${name.padEnd(9)} ${address}:${bound}${name === kind ? '' : ` (${kind})`}`);
    print(`  data      ${folder}`);
    if (config.elasticsearch !== undefined) print(`  store     ${config.elasticsearch.nodes.map((node) => new URL(node).host).join(', ')}`);
    if (firstPassword !== undefined) print(`  ${firstPassword}`);
    if (demo) {
      playing = startScenario({ host: config.host === '0.0.0.0' ? '127.0.0.1' : config.host, port, signal: playEnd.signal, log: (message) => { log.info({ part: 'demo' }, message); } });
      playing.done.catch((error: unknown) => { log.error({ err: error, part: 'demo' }, 'the demo scenarios ended'); });
      closers.push(async () => { await endPlay().catch(() => undefined); });
      print('  demo      a province of sixteen systems; `haidang demo remove` takes it away');
    }
    return { stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function makeFolder(folder: string): void {
  try { mkdirSync(folder, { recursive: true, mode: 0o700 }); } catch (cause) {
    throw new Error(`expected a data folder that can be written at ${folder}, got: ${cause instanceof Error ? cause.message : String(cause)}. Set HAIDANG_DATA to another folder.`, { cause });
  }
}

/** A port that is free for TCP and for UDP, so that "any port" means one port. */
async function freePort(host: string): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done, failed) => { server.once('error', failed); server.listen(0, host, done); });
    const { port } = server.address() as AddressInfo, socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const free = await new Promise<boolean>((answer) => { socket.once('error', () => { answer(false); }); socket.bind(port, host, () => { answer(true); }); });
    await Promise.all([new Promise<void>((done) => { server.close(() => { done(); }); }), new Promise<void>((done) => { try { socket.close(() => { done(); }); } catch { done(); } })]);
    if (free) return port;
  }
}

/** Frames received after a change of the registry belong where it says. */
function followRegistry(store: Store, collector: Collector, log: Log): () => Promise<void> {
  const end = store.onNews((news) => {
    if (news.kind !== 'systems') return;
    store.systems.registry().then((registry) => { collector.setRegistry(registry); }, (error: unknown) => { log.error({ err: error }, 'the registry could not be read'); });
  });
  return async () => { end(); };
}

/** Seals, compacts and keeps retention from time to time. */
function keepTidy(store: Store, retentionDays: () => Readonly<Record<number, number>>, log: Log): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const tidy = (): void => {
    running = store.keep(retentionDays(), systemClock.now()).then(
      ({ dropped }) => { for (const { tier, day, events } of dropped) log.info({ tier, day, events }, 'retention dropped a day'); },
      (error: unknown) => { log.error({ err: error }, 'sealing, compaction or retention failed; it is tried again'); });
  };
  const timer = setInterval(tidy, KEEP_MS);
  return async () => { clearInterval(timer); await running; };
}
