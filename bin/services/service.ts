// What the services that run apart share beside the parts of `up`: the cluster they need, and what they say of themselves.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Registry } from 'prom-client';
import { ProblemError } from '../../core/problem.js';
import type { Config } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { startHealthServer, type HealthServer } from '../../core/process/health-server.js';
import type { Log } from '../../core/process/log.js';
import { openStoreWhenThere, type ElasticsearchOptions } from '../../core/store/open.js';
import type { Store } from '../../core/store/store.js';

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
export async function openInRole(config: Config, folder: string, role: 'detector' | 'console', log: Log, signal: AbortSignal): Promise<Store> {
  const elasticsearch: ElasticsearchOptions = { ...elasticsearchOf(config) as ElasticsearchOptions, role };
  let told = '';
  return openStoreWhenThere({ folder, elasticsearch }, (why) => {
    if (why.message !== told) log.error({ err: why }, 'the store does not answer; it is waited for');
    told = why.message;
  }, signal);
}
