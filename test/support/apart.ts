// Services that run apart, started as a user does: `haidang collector`, `detector`, `console`, each a process with a data folder, a
// configuration and a credential of its own.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../core/process/built.js';
import { ADMIN_PASSWORD, AMBIENT } from './product.js';

export type ApartService = 'collector' | 'detector' | 'console';
export interface Cluster { readonly url: string; readonly prefix: string; readonly user?: { readonly name: string; readonly password: string } }
export interface Apart {
  readonly service: ApartService;
  /** Of the console. */
  readonly url: string;
  /** Of a collector. */
  readonly syslogPort: number;
  /** Of a collector and a detector. */
  readonly health: string;
  readonly output: () => string;
  /** Ends it kindly; returns its exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

/** `command`: what a container runs, in place of `node bin/haidang.js SERVICE`. */
export async function startApart(service: ApartService, { url, prefix, user }: Cluster, { config = '', command }: { readonly config?: string; readonly command?: readonly string[] } = {}): Promise<Apart> {
  const folder = mkdtempSync(join(tmpdir(), `haidang-${service}-`)), file = (name: string, text: string): string => { const path = join(folder, name); writeFileSync(path, text, { mode: 0o600 }); return path; };
  mkdirSync(join(folder, 'data'));
  const [, ...args] = command ?? ['node', 'bin/haidang.js', service];
  const child = spawn(process.execPath, args, {
    cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...AMBIENT, NODE_OPTIONS: '', HAIDANG_CONFIG: file('haidang.yaml', config), HAIDANG_DATA: join(folder, 'data'), HAIDANG_HOST: '127.0.0.1', HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', HAIDANG_HEALTH_PORT: '0',
      ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: prefix, ...(user === undefined ? {} : { ELASTICSEARCH_USERNAME: user.name, ELASTICSEARCH_PASSWORD_FILE: file('elasticsearch-password', `${user.password}\n`) }),
      ...(service === 'console' ? { HAIDANG_ADMIN_PASSWORD_FILE: file('password', `${ADMIN_PASSWORD}\n`) } : {}),
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const ended = new Promise<number | null>((resolve) => { child.once('exit', (code) => resolve(code)); });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const code = await ended;
    rmSync(folder, { recursive: true, force: true });
    return code;
  };
  for (const until = Date.now() + 90_000; ; await pause(25)) {
    const ready = output.includes(`${service} is ready`) && /  store\s+\S+\n/.test(output), said = (name: string): string => new RegExp(`^  ${name}\\s+(\\S+)`, 'm').exec(output)?.[1] ?? '';
    if (ready) return { service, url: said('console'), syslogPort: Number(said('syslog').split(':').pop()), health: said('health'), output: () => output, stop: () => end('SIGTERM'), kill: async () => { await end('SIGKILL'); } };
    if (child.exitCode === null && Date.now() < until) continue;
    await end('SIGKILL');
    throw new Error(`the ${service} did not start (exit ${child.exitCode}):\n${output}`);
  }
}
