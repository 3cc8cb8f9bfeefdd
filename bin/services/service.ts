// What the services that run apart share beside the parts of `up`: the cluster they need, and what they say of themselves.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Registry } from 'prom-client';
import { ProblemError } from '../../core/problem.js';
import type { Config } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { startHealthServer, type HealthServer, type ServiceName } from '../../core/process/health-server.js';
import { createLog, type Log } from '../../core/process/log.js';
import { beginWhenThere, type ElasticsearchOptions } from '../../core/store/open.js';
import type { Store } from '../../core/store/store.js';
import { Closers, makeFolder, printStore, programVersion, type Running } from '../up/parts.js';

/** What a service has around its own work. */
export interface Service {
  readonly log: Log;
  readonly folder: string;
  readonly version: string;
  readonly section: NonNullable<Config['elasticsearch']>;
  readonly closers: Closers;
}
/** Starts a service: a place for its data, a log; then, when `start` has done its own, says what it is and where. What failed half-way is closed again. */
export async function startService(name: ServiceName, config: Config, print: (line: string) => void, start: (service: Service) => Promise<{ readonly places: () => void; readonly last?: () => void }>): Promise<Running> {
  const log = createLog(config.log.level, name), folder = resolve(config.data), version = programVersion(), section = clusterOf(config), closers = new Closers();
  makeFolder(folder);
  try {
    const { places, last } = await start({ log, folder, version, section, closers });
    print(`Hải Đăng ${version} ${name} is ready`);
    places();
    print(`  data      ${folder}`);
    printStore(config, print);
    last?.();
    return closers;
  } catch (error) {
    await closers.stop().catch(() => undefined);
    throw error;
  }
}

/** Services that run apart meet in a cluster; without one there is nothing for them to do. */
export function clusterOf({ elasticsearch }: Config): NonNullable<Config['elasticsearch']> {
  if (elasticsearch !== undefined) return elasticsearch;
  throw new ProblemError([{ code: 'config.elasticsearch', message: 'elasticsearch: expected a cluster (elasticsearch.nodes in haidang.yaml, or ELASTICSEARCH_URL), got none. Services run apart only on one; `haidang up` needs none.', expected: 'elasticsearch' }]);
}

export function startHealth({ host, health }: Config, portElse: number, problem: () => Promise<string | undefined>, metrics: Registry): Promise<HealthServer> {
  const token = health.tokenFile === undefined ? undefined : readFileSync(resolve(health.tokenFile), 'utf8').split(/\r?\n/)[0];
  return startHealthServer({ host: health.host ?? host, port: health.port ?? portElse, problem, metrics: () => metrics.metrics(), ...(token === undefined ? {} : { token }) });
}

/** The store in the service's role, waited for while the cluster does not answer. */
export const openInRole = (config: Config, folder: string, role: 'detector' | 'console', log: Log, signal: AbortSignal, onWait: () => void = () => undefined): Promise<Store> => beginInRole(config, folder, role, log, signal, async (store) => store, onWait);

/** The same with what begins on it: a cluster that goes away meanwhile is waited for again. */
export async function beginInRole<T>(config: Config, folder: string, role: 'detector' | 'console', log: Log, signal: AbortSignal, begin: (store: Store) => Promise<T>, onWait: () => void = () => undefined): Promise<T> {
  const elasticsearch: ElasticsearchOptions = { ...elasticsearchOf(config) as ElasticsearchOptions, role, failFast: role === 'console' };
  let told = '';
  return beginWhenThere({ folder, elasticsearch }, begin, (why) => {
    if (why.message !== told) log.error({ err: why }, 'the store does not answer; it is waited for');
    told = why.message;
    onWait();
  }, signal);
}
