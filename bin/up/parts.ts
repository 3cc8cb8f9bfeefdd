// What `haidang up` and the services that run apart have in common.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Collector } from '../../collector/collector.js';
import type { Held } from '../../collector/hold/held.js';
import type { CollectorOptions } from '../../collector/options.js';
import type { ConsoleOptions } from '../../console/main.js';
import { printProblem } from '../../core/problem.js';
import { projectRoot } from '../../core/process/built.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import type { Log } from '../../core/process/log.js';
import { loadPolicies } from '../../core/process/policy-file.js';
import { RetentionGuard } from '../../core/retention.js';
import type { Store } from '../../core/store/store.js';
import type { DetectorOptions } from '../../detector/main.js';
import { freePort } from './free-port.js';
import { filesOf, limitsOf, listenersOf } from './listeners.js';

const KEEP_MS = 10 * 60_000;

export const programVersion = (): string => (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version;

export interface Running { stop(): Promise<void> }
export interface RunOptions {
  /** The listeners' sockets, where another process holds them. */
  readonly held?: Held | undefined;
  readonly print: (line: string) => void;
  /** A part died that the rest cannot do without; what is durable is safe. */
  readonly onFatal: (error: Error) => void;
}

/** What was opened is closed in the opposite order, whether a start fails half-way or the service is stopped. */
export class Closers {
  private readonly closers: (() => Promise<void>)[] = [];
  push(close: () => Promise<void>): void { this.closers.push(close); }
  async stop(): Promise<void> { for (const close of this.closers.splice(0).reverse()) await close(); }
}

type CollectorPart = Pick<CollectorOptions, 'folder' | 'frameBytesMax' | 'freeBytesMin' | 'listeners' | 'files' | 'onProblem' | 'onFatal' | 'held' | keyof ReturnType<typeof limitsOf>>;
export const collectorPart = (config: Config, folder: string, port: number, log: Log, onFatal: (error: Error) => void, held?: Held): CollectorPart => ({
  folder: join(folder, 'spool'), frameBytesMax: config.syslog.frameBytesMax, ...(config.freeBytesMin === undefined ? {} : { freeBytesMin: config.freeBytesMin }),
  listeners: listenersOf(config, port), files: filesOf(config), ...limitsOf(config), onFatal, ...(held === undefined ? {} : { held }),
  onProblem: (problem) => { log[problem.severity === 'warning' ? 'warn' : 'error']({ part: 'collector', code: problem.code }, printProblem(problem)); },
});

export const rulesFolders = (folder: string): readonly string[] => [join(projectRoot, 'rules'), join(folder, 'rules')];

export const detectorPart = (config: Config, folder: string, store: Store, log: Log): DetectorOptions => ({
  store, log: log.child({ part: 'detector' }), clock: systemClock, rulesFolders: rulesFolders(folder), formatsFolder: join(folder, 'formats'), placeholders: config.placeholders, ignoreNumbers: config.numbers.ignore, policies: loadPolicies(),
  ...(config.mail === undefined ? {} : { mail: config.mail }), ...(config.console.publicUrl === undefined ? {} : { publicUrl: config.console.publicUrl }),
});

type ConsolePart = Omit<ConsoleOptions, 'store' | 'sources' | 'ruleSets' | 'metrics'>;
export const consolePart = (config: Config, log: Log, print: (line: string) => void): ConsolePart => ({
  host: config.host, port: config.console.port, webFolder: join(projectRoot, 'dist', 'web'), log: log.child({ part: 'console' }), clock: systemClock, version: programVersion(), policies: loadPolicies(), retentionDays: config.retentionDays, print,
  ...(config.console.publicUrl === undefined ? {} : { publicUrl: config.console.publicUrl }),
  ...(config.console.tls === undefined ? {} : { tls: { certificate: readFileSync(config.console.tls.certificateFile, 'utf8'), key: readFileSync(config.console.tls.keyFile, 'utf8') } }),
  ...(config.adminPasswordFile === undefined ? {} : { adminPasswordFile: config.adminPasswordFile }),
});

export const syslogPort = async (config: Config, held?: Held): Promise<number> => held?.listeners.find(({ kind }) => kind === 'udp')?.port ?? (config.syslog.port === 0 ? freePort(config.host) : config.syslog.port);

/** Where it listens, a line each. */
export function printListeners(config: Config, port: number, { addresses }: Pick<Collector, 'addresses'>, print: (line: string) => void): void {
  print(`  syslog    ${config.host}:${port} (udp, tcp)`);
  for (const { name, kind, address, port: bound } of addresses) if (name !== 'tcp' && name !== 'udp') print(`  ${name.padEnd(9)} ${address}:${bound}${name === kind ? '' : ` (${kind})`}`);
}
export function printStore({ elasticsearch }: Config, print: (line: string) => void): void {
  if (elasticsearch !== undefined) print(`  store     ${elasticsearch.nodes.map((node) => new URL(node).host).join(', ')}`);
}

export function makeFolder(folder: string): void {
  try { mkdirSync(folder, { recursive: true, mode: 0o700 }); } catch (cause) {
    throw new Error(`expected a data folder that can be written at ${folder}, got: ${cause instanceof Error ? cause.message : String(cause)}. Set HAIDANG_DATA to another folder.`, { cause });
  }
}

/** Frames received after a change of the registry belong where it says. */
export function followRegistry(store: Store, collector: Collector, log: Log): () => Promise<void> {
  const end = store.onNews((news) => {
    if (news.kind !== 'systems') return;
    store.systems.registry().then((registry) => { collector.setRegistry(registry); }, (error: unknown) => { log.error({ err: error }, 'the registry could not be read'); });
  });
  return async () => { end(); };
}

/** Seals, compacts and keeps retention from time to time; where there are several who could, whoever leads. */
export function keepTidy(store: Store, retentionDays: () => Readonly<Record<number, number>>, log: Log, leads: () => boolean = () => true): () => Promise<void> {
  const guard = new RetentionGuard(store, systemClock, log);
  let running: Promise<unknown> = Promise.resolve();
  const keep = async (): Promise<void> => {
    const { horizon, suspicion } = await guard.look(), { dropped } = await store.keep(suspicion === undefined ? retentionDays() : {}, horizon);
    for (const { tier, day, events } of dropped) log.info({ tier, day, events }, 'retention dropped a day');
    await guard.dropped(dropped);
  };
  const tidy = (): void => {
    if (leads()) running = running.then(keep).catch((error: unknown) => { log.error({ err: error }, 'sealing, compaction or retention failed; it is tried again'); });
  };
  const timer = setInterval(tidy, KEEP_MS);
  return async () => { clearInterval(timer); await running; };
}
