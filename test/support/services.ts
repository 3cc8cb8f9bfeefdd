// Services apart in processes of their own, on one cluster: started, asked, killed and started again by a test.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../core/process/built.js';
import type { ElasticsearchOptions } from '../../core/store/open.js';
import type { ShippingStats } from '../../collector/ship.js';
import type { CollectorStats } from '../../collector/options.js';
import type { TailingStats } from '../../detector/tailing.js';

export interface ServiceOptions {
  readonly service: 'collector' | 'detector';
  readonly data: string;
  readonly elasticsearch: ElasticsearchOptions;
  readonly rules?: string;
  readonly more?: object;
}
export type AnyStats = Partial<TailingStats> & Partial<CollectorStats> & { readonly shipping?: ShippingStats };

export class Service {
  private child: ChildProcess | undefined;
  private asked = 0;
  private output = '';
  port = 0;

  constructor(private readonly options: ServiceOptions) { mkdirSync(options.data, { recursive: true }); }

  async start(): Promise<this> {
    const { service, data, elasticsearch, rules = join(projectRoot, 'rules'), more = {} } = this.options;
    const child = this.child = fork(join(projectRoot, 'test', 'support', 'service-child.mjs'), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => { this.output = (this.output + chunk.toString()).slice(-20_000); });
    child.once('exit', (code) => { if (code !== null && code !== 0) process.stdout.write(`a ${service} ended with ${code}: ${/^.*Error.*$/m.exec(this.output)?.[0] ?? ''}\n${this.output.split('\n').filter((line) => / at /.test(line)).slice(0, 12).join('\n')}\n`); });
    child.send({ service, data, elasticsearch, rules, ...more });
    const { port } = await this.answer<{ port: number }>(child, (message) => message.kind === 'started');
    this.port = port;
    return this;
  }

  get name(): string { return this.options.service; }
  get pid(): number { return this.child?.pid ?? 0; }
  get log(): string { return this.output; }

  async stats(): Promise<AnyStats> {
    const id = ++this.asked, child = this.child as ChildProcess, answer = this.answer<{ stats: AnyStats }>(child, (message) => message.kind === 'stats' && message.id === id);
    child.send({ kind: 'stats', id });
    return (await answer).stats;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.send({ kind: 'stop' });
    await gone;
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGKILL');
    await gone;
  }

  private answer<T>(child: ChildProcess, accepts: (message: { kind: string; id?: number }) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => { child.off('message', hear); child.off('exit', died); };
      const hear = (message: unknown): void => { if (accepts(message as { kind: string })) { end(); resolve(message as T); } };
      const died = (code: number | null): void => { end(); reject(new Error(`the ${this.options.service} ended with ${code ?? 'a signal'}:\n${this.output}`)); };
      child.on('message', hear);
      child.on('exit', died);
    });
  }
}

/** What services said last, for a test that failed. */
export function printLogs(services: readonly Service[]): void {
  for (const { name, log } of services) if (log !== '') process.stdout.write(`${name}: ${log.slice(-2_000)}\n`);
}

/** However a test ended: nobody sends any more, and no service is left. */
export async function endAll(senders: readonly { stop(): Promise<unknown> }[], services: readonly Service[]): Promise<void> {
  for (const sender of senders) await sender.stop();
  await Promise.all(services.map((one) => one.kill()));
}
