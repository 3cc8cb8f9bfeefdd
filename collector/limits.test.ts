// Many connections, idle or half-way in a frame: others are served as ever, memory stays bounded, what is given up is counted.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { ask } from './fixtures/http-client.js';
import { recordsOf, registryOf } from './fixtures/running.js';
import { streamName } from '../core/record.js';
import type { RecordBatch } from '../core/pipeline/run.js';
import type { BoundAddress, IntakeOptions } from './options.js';

/** Of the collector with its test's own copies of what it delivered. */
const MEMORY_MB_MAX = 512;
let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'limits-')); });
afterEach(async () => {
  await Promise.all(children.splice(0).map(async (child) => { const exited = once(child, 'exit'); child.kill('SIGKILL'); await exited; }));
  await rm(folder, { recursive: true, force: true });
});

function start(script: string): ChildProcess {
  const child = fork(join(projectRoot, 'collector/fixtures', script), { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  return child;
}
interface Answering { frames: string[]; losses: { reason: string; frames?: number }[]; port: (name: string) => number; peakMegabytes: () => Promise<number> }
async function startCollector(more: Partial<IntakeOptions> = {}): Promise<Answering> {
  const child = start('collector-child.mjs'), frames: string[] = [], losses: Answering['losses'] = [];
  const options: IntakeOptions = { folder, cursors: {}, lossMs: 200, inFlightBytesMax: 16 * 1024 * 1024, registry: registryOf(), listeners: [{ name: 'tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }, { name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }], ...more };
  const started = new Promise<readonly BoundAddress[]>((resolve) => {
    child.on('message', (message: RecordBatch & { kind: string; addresses: BoundAddress[] }) => {
      if (message.kind === 'started') resolve(message.addresses);
      if (message.kind !== 'batch') return;
      child.send({ kind: 'committed', cursors: { [streamName(message.stream)]: message.to } });
      for (const { kind, frame } of recordsOf(message)) { const text = Buffer.from(frame).toString(); if (kind === 'frame') frames.push(text); else losses.push(JSON.parse(text) as { reason: string }); }
    });
  });
  child.send({ options });
  const addresses = await started;
  return {
    frames, losses, port: (name) => addresses.find((address) => address.name === name)?.port as number,
    peakMegabytes: async () => Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
  };
}
async function openMany(port: number, count: number, bytes: number): Promise<{ child: ChildProcess; open: number }> {
  const child = start('many-clients.mjs'), opened = once(child, 'message') as Promise<[{ open: number }]>;
  child.send({ port, count, bytes, perAddress: 900 });
  return { child, open: (await opened)[0].open };
}
async function until(holds: () => boolean, ms = 20_000): Promise<boolean> {
  for (const end = Date.now() + ms; !holds() && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 20); });
  return holds();
}

test('ten thousand idle connections: a line and a request come through, one more connection is refused and counted', async () => {
  const running = await startCollector({ connectionsMax: 10_002, idleMs: 600_000 });
  const { open } = await openMany(running.port('tcp'), 10_000, 20);
  expect(open).toBe(10_000);
  const socket = connect(running.port('tcp'), '127.0.0.1');
  socket.write('<13>through the crowd\n');
  expect((await ask(running.port('http'), '/', { body: 'and a request' })).status).toBe(200);
  expect(await until(() => running.frames.length === 2)).toBe(true);
  const idle = connect(running.port('tcp'), '127.0.0.1'), refused = connect(running.port('tcp'), '127.0.0.1');
  for (const each of [idle, refused]) each.on('error', () => undefined);
  expect(await until(() => running.losses.some(({ reason }) => reason === 'refused'))).toBe(true);
  expect(await running.peakMegabytes()).toBeLessThan(MEMORY_MB_MAX);
  for (const each of [socket, idle, refused]) each.destroy();
}, 120_000);

test('three thousand senders half-way in long frames: the longest are given up and counted, memory stays bounded, others are served', async () => {
  const running = await startCollector({ idleMs: 600_000 });
  const { child } = await openMany(running.port('tcp'), 3000, 60_000); // 180 MB of unfinished lines
  expect(await until(() => running.losses.some(({ reason }) => reason === 'refused'))).toBe(true);
  const socket = connect(running.port('tcp'), '127.0.0.1');
  socket.end('<13>through the crowd\n');
  expect(await until(() => running.frames.includes('<13>through the crowd'))).toBe(true);
  expect(await running.peakMegabytes()).toBeLessThan(MEMORY_MB_MAX);
  const counts = once(child, 'message') as Promise<[{ open: number; closed: number }]>;
  child.send('counts');
  const [{ closed }] = await counts;
  expect(closed).toBeGreaterThan(1000);
  expect(await until(() => running.losses.reduce((sum, { frames = 0 }) => sum + frames, 0) >= closed)).toBe(true);
}, 120_000);
