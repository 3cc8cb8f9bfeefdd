// A real Elasticsearch for tests: the one HAIDANG_TEST_ELASTICSEARCH_URL names, or one that is started once for all suites of a run
// and ends with it (elasticsearch-server.mjs). Where there can be none a suite says so in one line; in CI that is a failure.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../core/process/built.js';
import { setUpElasticsearch } from '../../core/store/open.js';

const WAIT_MS = 700_000;

/** The process whose end is the run's end: `npm test`, or the jest that forked this worker, or this process itself. Nobody waits for the first process to end. */
const runPid = Number(process.env['HAIDANG_TEST_RUN_PID'] ?? (process.send === undefined || process.ppid === 1 ? process.pid : process.ppid));

/** Where the server listens, or undefined (after saying why there is none). */
export async function elasticsearchUrl(): Promise<string | undefined> {
  const given = process.env['HAIDANG_TEST_ELASTICSEARCH_URL'];
  if (given !== undefined && given !== '') return given;
  const file = join(tmpdir(), `haidang-elasticsearch-of-${runPid}.json`);
  if (takeLock(`${file}.lock`)) spawn(process.execPath, [join(projectRoot, 'test', 'support', 'elasticsearch-server.mjs'), String(runPid), file], { detached: true, stdio: 'ignore' }).unref();
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await pause(100)) {
    if (!existsSync(file)) continue;
    const { url, absent } = JSON.parse(readFileSync(file, 'utf8')) as { url?: string; absent?: string };
    if (url !== undefined) return url;
    if (process.env['CI']) throw new Error(`expected an Elasticsearch in CI: ${absent ?? 'no reason given'}`);
    process.stdout.write(`not run: tests on a real Elasticsearch (${absent ?? 'no reason given'})\n`);
    return undefined;
  }
  throw new Error(`expected an Elasticsearch within ${WAIT_MS / 1000} s`);
}

function takeLock(path: string): boolean {
  try { closeSync(openSync(path, 'wx')); return true; } catch { return false; }
}

/** Is the node one that this run started? */
export const isOurServer = (): boolean => (process.env['HAIDANG_TEST_ELASTICSEARCH_URL'] ?? '') === '' && existsSync(join(tmpdir(), `haidang-elasticsearch-of-${runPid}.json`));

/** Kills the node and starts it again on its data, where it is one that this run started; false where it is not. */
export async function restartServer(): Promise<boolean> {
  const file = join(tmpdir(), `haidang-elasticsearch-of-${runPid}.json`);
  if (!isOurServer()) return false;
  const { url, keeper, starts } = JSON.parse(readFileSync(file, 'utf8')) as { url?: string; keeper?: number; starts?: number };
  if (url === undefined || keeper === undefined) return false;
  process.kill(keeper, 'SIGUSR2');
  for (const until = Date.now() + WAIT_MS; Date.now() < until; await pause(100)) if ((JSON.parse(readFileSync(file, 'utf8')) as { starts?: number }).starts !== starts) return true;
  throw new Error('expected the Elasticsearch that was killed to start again');
}

/** A prefix of index names that nobody else has. */
export const randomPrefix = (): string => `t${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}-`;

/** Takes away every index and template of a prefix. */
export async function forgetPrefix(url: string, prefix: string): Promise<void> {
  for (const { index } of await (await fetch(`${url}/_cat/indices/${prefix}*?format=json&h=index`)).json() as { index: string }[]) await fetch(`${url}/${index}`, { method: 'DELETE' });
  for (const name of ['events', 'documents']) await fetch(`${url}/_index_template/${prefix}${name}`, { method: 'DELETE' });
}

export interface StoreOfProduct { readonly env: Readonly<Record<string, string>>; forget(): Promise<void> }
/** Where HAIDANG_TEST_STORE says elasticsearch: a store of its own for the product that runs on this data folder. */
export async function storeOfProduct(data: string): Promise<StoreOfProduct> {
  const none: StoreOfProduct = { env: {}, forget: async () => undefined };
  if (process.env['HAIDANG_TEST_STORE'] !== 'elasticsearch') return none;
  const url = await elasticsearchUrl(), prefix = `p${createHash('sha256').update(data).digest('hex').slice(0, 12)}-`;
  if (url === undefined) return none;
  await setUpElasticsearch({ nodes: [url], prefix });
  return { env: { ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: prefix }, forget: () => forgetPrefix(url, prefix) };
}

/** A user of the file realm. */
export interface RealmUser { readonly name: string; readonly password: string; readonly roles: readonly string[] }
export interface SecuredServer { readonly url: string; stop(): Promise<void> }
/** A server of its own with security switched on; HAIDANG_TEST_SECURED_ELASTICSEARCH_URL names one that has these users already. */
export async function securedElasticsearch(roles: string, users: readonly RealmUser[]): Promise<SecuredServer | undefined> {
  const given = process.env['HAIDANG_TEST_SECURED_ELASTICSEARCH_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: async () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'haidang-secured-')), answer = join(folder, 'answer.json');
  writeFileSync(join(folder, 'security.json'), JSON.stringify({ roles, users }), { mode: 0o600 });
  const child = spawn(process.execPath, [join(projectRoot, 'test', 'support', 'elasticsearch-server.mjs'), String(process.pid), answer, join(folder, 'security.json')], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); }), stop = async (): Promise<void> => { child.kill('SIGTERM'); await gone; rmSync(folder, { recursive: true, force: true }); };
  for (const until = Date.now() + WAIT_MS; !existsSync(answer) && child.exitCode === null && Date.now() < until;) await pause(100);
  const { url, absent } = (existsSync(answer) ? JSON.parse(readFileSync(answer, 'utf8')) : {}) as { url?: string; absent?: string };
  if (url !== undefined) return { url, stop };
  await stop();
  if (process.env['CI']) throw new Error(`expected an Elasticsearch in CI: ${absent ?? 'no reason given'}`);
  process.stdout.write(`not run: tests on an Elasticsearch with security (${absent ?? 'no reason given'})\n`);
  return undefined;
}
