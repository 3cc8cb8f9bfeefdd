// Starts the built product as a user does, on ports the system gives and a data folder of its own, and talks to it over its
// real sockets.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../core/process/built.js';
import { storeOfProduct } from './elasticsearch.js';

/** The environment without the cluster that somebody works with: tests never write to it. */
export const AMBIENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ELASTICSEARCH_')));
export const ADMIN_PASSWORD = 'Mat-khau-thu-nghiem-1';

export interface ProductOptions {
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Text of haidang.yaml. */
  readonly config?: string;
  /** Given: used and kept; else one is made and removed by `stop`. */
  readonly data?: string;
  readonly node?: string;
}
export interface Product {
  readonly url: string;
  readonly syslogPort: number;
  readonly data: string;
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Ends it kindly and waits; returns its exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the whole process group. */
  kill(): Promise<void>;
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-test-'));
  const data = options.data ?? join(folder, 'data'), store = await storeOfProduct(data);
  writeFileSync(join(folder, 'haidang.yaml'), options.config ?? '');
  writeFileSync(join(folder, 'password'), `${ADMIN_PASSWORD}\n`);
  const [, ...rest] = options.command ?? ['node', 'bin/haidang.js', 'up'];
  const child = spawn(options.node ?? process.execPath, [...rest, ...(options.args ?? [])], {
    cwd: projectRoot, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...AMBIENT, NODE_OPTIONS: '', HAIDANG_CONFIG: join(folder, 'haidang.yaml'), HAIDANG_DATA: data, HAIDANG_HOST: '127.0.0.1', HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', HAIDANG_ADMIN_PASSWORD_FILE: join(folder, 'password'), ...store.env, ...options.env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  const clean = (): void => { rmSync(folder, { recursive: true, force: true }); };
  for (const started = Date.now(); ; await sleep(25)) {
    const url = /console\s+(http:\/\/\S+)/.exec(output)?.[1], port = /syslog\s+\S+:(\d+)/.exec(output)?.[1];
    if (url !== undefined && port !== undefined) {
      return {
        url, syslogPort: Number(port), data, child, output: () => output,
        async stop() { if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM'); const code = await ended; clean(); if (options.data === undefined) await store.forget(); return code; },
        async kill() { try { process.kill(-(child.pid as number), 'SIGKILL'); } catch { /* gone already */ } await ended; if (options.data === undefined) clean(); },
      };
    }
    if (child.exitCode !== null || Date.now() - started > 60_000) {
      child.kill('SIGKILL');
      clean();
      throw new Error(`the product did not start (exit ${child.exitCode}):\n${output}`);
    }
  }
}

/** Runs a command of the product to its end. */
export async function runCommand(args: readonly string[], options: { input?: string | Buffer; env?: Readonly<Record<string, string>>; cwd?: string } = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(projectRoot, 'bin/haidang.js'), ...args], { cwd: options.cwd ?? projectRoot, env: { ...AMBIENT, NODE_OPTIONS: '', ...options.env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Buffer[] = [], err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

/** A signed-in user of the API. */
export class Client {
  private constructor(readonly url: string, private readonly cookie: string) {}

  static async signIn(url: string, username = 'admin', password = ADMIN_PASSWORD): Promise<Client> {
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) });
    if (answer.status !== 200) throw new Error(`sign in answered ${answer.status}: ${await answer.text()}`);
    return new Client(url, (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '');
  }

  async request(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, { method, headers: { cookie: this.cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.request('GET', path);
    if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** All pages of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: T[]; next: string | null } = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      items.push(...page.items);
      cursor = page.next;
    }
    return items;
  }
}

/** Sends lines over TCP, LF after each, from `localAddress`; resolves when all bytes are with the kernel and the connection is closed. */
export function sendTcp(port: number, lines: readonly (string | Buffer)[], localAddress?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.end(Buffer.concat(lines.flatMap((line) => [typeof line === 'string' ? Buffer.from(line) : line, Buffer.from('\n')])));
    socket.resume();
  });
}

/** Sends each line as a datagram, slowly enough that a loopback receiver keeps up. */
export async function sendUdp(port: number, lines: readonly (string | Buffer)[], localAddress = '127.0.0.1'): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, localAddress, resolve));
  for (const [at, line] of lines.entries()) {
    await new Promise<void>((resolve, reject) => socket.send(line, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
    if (at % 100 === 99) await sleep(5);
  }
  socket.close();
}

/** Asks again and again until `ready` says so, or fails with the last answer. */
export async function until<T>(ask: () => Promise<T>, ready: (answer: T) => boolean, what: string, timeoutMs = 60_000): Promise<T> {
  for (const started = Date.now(); ;) {
    const answer = await ask();
    if (ready(answer)) return answer;
    if (Date.now() - started > timeoutMs) throw new Error(`waited ${timeoutMs} ms for ${what}, got ${JSON.stringify(answer).slice(0, 2000)}`);
    await sleep(50);
  }
}
