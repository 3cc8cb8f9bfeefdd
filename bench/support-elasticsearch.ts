// The node of bench/elasticsearch.ts: the one that HAIDANG_TEST_ELASTICSEARCH_URL names, or one of its own for as long as it runs; what the
// node says of itself, and the lines that are brought to it.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../core/process/built.js';

export interface Bench {
  readonly url: string;
  /** What every index of this run begins with. */
  readonly prefix: string;
  ask<T>(method: string, path: string, body?: object | string): Promise<T>;
  /** Documents that were written to an index, whether or not they can be found yet. */
  taken(index: string): Promise<number>;
  /** Documents of an index that can be found. */
  count(index: string): Promise<number>;
  /** Processor time of the node since it began. */
  cpuSeconds(): Promise<number>;
  /** Bytes a document on disk when everything is in one segment; undefined where there are none. */
  bytesEach(index: string): Promise<number | undefined>;
  end(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const { url, stop } = await server(), prefix = `bench${Date.now().toString(36)}-`;
  const ask = async <T>(method: string, path: string, body?: object | string): Promise<T> => {
    const answer = await fetch(`${url}/${path}`, { method, headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`Elasticsearch answered ${answer.status} to ${method} ${path}: ${(await answer.text()).slice(0, 500)}`);
    return await answer.json() as T;
  };
  return {
    url, prefix, ask,
    async taken(index) { return (await ask<{ _all: { primaries: { indexing?: { index_total: number } } } }>('GET', `${index}/_stats/indexing`))._all.primaries.indexing?.index_total ?? 0; },
    async count(index) { await ask('POST', `${index}/_refresh`); return (await ask<{ count: number }>('GET', `${index}/_count`)).count; },
    async cpuSeconds() {
      const { nodes } = await ask<{ nodes: Record<string, { process: { cpu: { total_in_millis: number } } }> }>('GET', '_nodes/stats/process');
      return Object.values(nodes).reduce((sum, { process: { cpu } }) => sum + cpu.total_in_millis, 0) / 1000;
    },
    async bytesEach(index) {
      await ask('POST', `${index}/_forcemerge?max_num_segments=1&wait_for_completion=true`);
      await ask('POST', `${index}/_flush`);
      const { _all: { primaries: { docs, store } } } = await ask<{ _all: { primaries: { docs: { count: number }; store: { size_in_bytes: number } } } }>('GET', `${index}/_stats/docs,store`);
      return docs.count === 0 ? undefined : store.size_in_bytes / docs.count;
    },
    async end() {
      for (const { index } of await ask<{ index: string }[]>('GET', `_cat/indices/${prefix}*?format=json&h=index`)) await ask('DELETE', index);
      for (const { name } of (await ask<{ index_templates: { name: string }[] }>('GET', '_index_template')).index_templates.filter((one) => one.name.startsWith(prefix))) await ask('DELETE', `_index_template/${name}`);
      await stop();
    },
  };
}

async function server(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const given = process.env['HAIDANG_TEST_ELASTICSEARCH_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  const file = join(tmpdir(), `haidang-bench-elasticsearch-${process.pid}.json`), child = spawn(process.execPath, [join(projectRoot, 'test', 'support', 'elasticsearch-server.mjs'), String(process.pid), file], { stdio: 'ignore', env: { ...process.env, HAIDANG_MEASURED: '1' } });
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  while (!existsSync(file)) await sleep(200);
  const { url, absent } = JSON.parse(readFileSync(file, 'utf8')) as { url?: string; absent?: string };
  if (url === undefined) throw new Error(`there is no Elasticsearch to measure: ${absent ?? ''}`);
  return { url, stop: async () => { child.kill('SIGTERM'); await gone; } };
}

/** As an sshd of a site under attack writes it, about 110 bytes. */
export const line = (n: number, time = Date.now()): string => `<38>1 ${new Date(time).toISOString()} web-${n % 16} sshd ${1000 + n % 30_000} - - Failed password for user${n % 50} from 203.0.113.${n % 250} port ${1024 + n % 60_000} ssh2`;
export const median = (values: readonly number[]): number => quantile(values, 0.5);
export const quantile = (values: readonly number[], share: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
export const row = (...cells: readonly (string | number)[]): void => { process.stdout.write(`| ${cells.join(' | ')} |\n`); };
export const head = (...cells: readonly string[]): void => { row(...cells); row(...cells.map(() => '---')); };
