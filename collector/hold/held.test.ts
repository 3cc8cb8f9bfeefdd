// The sockets outlive their reader: kill -9 of the collector under load loses no datagram that is not counted, stores none twice, and
// refuses no connection. Bounded here to 5 kills; KILL_ROUNDS makes it longer.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../core/process/built.js';
import { decodeRecord, type SpoolRecord } from '../../core/record.js';
import { registryOf } from '../fixtures/running.js';
import type { BoundAddress, IntakeOptions } from '../options.js';
import { keptRecords } from '../spool/folder.js';

const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 5);
let folder: string, holder: ChildProcess | undefined, connecting: NodeJS.Timeout | undefined;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'held-')); });
afterEach(async () => {
  clearInterval(connecting);
  if (holder !== undefined && holder.exitCode === null && holder.signalCode === null) { const gone = once(holder, 'exit'); holder.kill('SIGKILL'); await gone; }
  await rm(folder, { recursive: true, force: true });
});

interface State { readonly pid: number; readonly restarts: number; readonly addresses: readonly BoundAddress[] }
const state = (): State | undefined => { try { return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as State; } catch { return undefined; } };
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** The state of the reader after so many restarts. */
async function reader(restarts: number): Promise<State> {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(5)) { const now = state(); if (now !== undefined && now.restarts >= restarts) return now; }
  throw new Error(`expected ${restarts} restarts, got ${JSON.stringify(state())}`);
}
async function start(more: Partial<IntakeOptions> = {}): Promise<State> {
  const options = {
    work: folder, folder: join(folder, 'spool'), registry: registryOf(), lossMs: 100, segmentBytes: 2_000_000,
    listeners: [{ name: 'udp', kind: 'udp', host: '127.0.0.1', port: 0 }, { name: 'tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }], ...more,
  };
  holder = spawn(process.execPath, [join(projectRoot, 'collector/fixtures/held-supervisor.mjs'), JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'ignore'], env: { ...process.env, NODE_OPTIONS: '' } });
  return reader(0);
}
const portOf = ({ addresses }: State, name: string): number => (addresses.find((address) => address.name === name) as BoundAddress).port;
async function send(port: number, count: number, rate: number, bytes = 120): Promise<number> {
  const sender = spawn(process.execPath, [join(projectRoot, 'collector/fixtures/udp-sender.mjs'), String(port), String(count), String(rate), String(bytes)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  let text = '';
  sender.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  await once(sender, 'close');
  return (JSON.parse(text) as { sent: number }).sent;
}
/** Stops the holder, which lets the reader finish, and returns all the spool has. */
async function finish(): Promise<{ code: number | null; all: SpoolRecord[] }> {
  const ended = once(holder as ChildProcess, 'exit') as Promise<[number | null]>;
  holder?.kill('SIGTERM');
  const [code] = await ended;
  return { code, all: await records() };
}
async function records(): Promise<SpoolRecord[]> {
  const all: SpoolRecord[] = [];
  for await (const { bytes, seed } of keptRecords(join(folder, 'spool'))) all.push(decodeRecord(bytes, 0, seed)?.record as SpoolRecord);
  return all;
}
async function recorded(text: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end && !(await records()).some((record) => textOf(record) === text);) await wait(100);
}
function lives(pid: number): boolean { try { process.kill(pid, 0); return true; } catch { return false; } }
const textOf = ({ frame }: SpoolRecord): string => Buffer.from(frame).toString();
function datagrams(records: readonly SpoolRecord[]): { numbers: number[]; dropped: number } {
  const mine = records.filter(({ arrival }) => arrival.listener === 'udp');
  return {
    numbers: mine.filter(({ kind }) => kind === 'frame').map((record) => Number(/number (\d+) /.exec(textOf(record))?.[1])),
    dropped: mine.filter(({ kind }) => kind === 'loss').reduce((sum, record) => sum + (JSON.parse(textOf(record)) as { count: number }).count, 0),
  };
}

test(`${ROUNDS} kills of the reader under datagrams and connections: received + counted drops = sent, none twice, no connection refused`, async () => {
  const first = await start(), tcp = portOf(first, 'tcp'), count = 15_000 * ROUNDS;
  const sending = send(portOf(first, 'udp'), count, 10_000);
  const problems: string[] = [];
  let gap = 0;
  connecting = setInterval(() => { // all the time, whether or not anybody reads
    const socket = connect(tcp, '127.0.0.1');
    socket.on('error', ({ message }) => { if (message.includes('ECONNREFUSED')) problems.push(message); }); // what it had accepted the kill breaks
    setTimeout(() => { socket.end(); }, 50);
    socket.resume();
  }, 20);
  for (let round = 0; round < ROUNDS; round++) {
    await wait(200 + Math.random() * 500);
    const { pid } = await reader(round);
    process.kill(pid, 'SIGKILL');
    while (lives(pid)) await wait(1);
    if (round % 2 === 1) { await reader(round + 1); continue; } // and the next one is killed while it catches up
    for (let i = 0; i < 10; i++) { const n = gap++; connect(tcp, '127.0.0.1').on('error', (error) => { problems.push(error.message); }).end(`<13>into the gap ${n}\n`); }
    await reader(round + 1);
    await recorded(`<13>into the gap ${gap - 1}`);
  }
  const sent = await sending;
  clearInterval(connecting);
  connect(tcp, '127.0.0.1').end('<13>the last one\n');
  await recorded('<13>the last one');
  const { code, all } = await finish(), { numbers, dropped } = datagrams(all);
  expect(code).toBe(0);
  expect({ problems, twice: numbers.length - new Set(numbers).size }).toEqual({ problems: [], twice: 0 });
  expect(numbers.length + dropped).toBe(sent);
  const gaps = all.filter(({ kind, arrival }) => kind === 'frame' && arrival.listener === 'tcp').map(textOf);
  expect(new Set(gaps)).toEqual(new Set([...Array.from({ length: gap }, (_, n) => `<13>into the gap ${n}`), '<13>the last one']));
  expect(all.filter(({ kind, arrival }) => kind === 'loss' && arrival.listener === 'tcp').map((record) => (JSON.parse(textOf(record)) as { reason: string }).reason)).toContain('intake_stopped');
  process.stdout.write(`kill -9 of the reader, ${ROUNDS} times: ${sent} datagrams sent, ${numbers.length} stored once, ${dropped} counted as dropped; ${gap} connections in the gaps, none refused\n`);
}, 60_000 + ROUNDS * 20_000);

test('a kernel buffer that is too small, and a holder that stands still: the drops are counted', async () => {
  const first = await start({ receiveBufferBytes: 4096 });
  const sending = send(portOf(first, 'udp'), 20_000, 20_000);
  await wait(300);
  holder?.kill('SIGSTOP');
  await wait(300);
  holder?.kill('SIGCONT');
  const sent = await sending;
  await wait(300);
  const { all } = await finish(), { numbers, dropped } = datagrams(all);
  expect(dropped).toBeGreaterThan(0);
  expect(numbers.length + dropped).toBe(sent);
}, 60_000);

test('a reader that is told to end makes room for the next one, and nothing is lost', async () => {
  const first = await start(), sending = send(portOf(first, 'udp'), 10_000, 5000);
  await wait(500);
  process.kill(first.pid, 'SIGTERM');
  await reader(1);
  const sent = await sending;
  await wait(300);
  const { code, all } = await finish(), { numbers, dropped } = datagrams(all);
  expect(code).toBe(0);
  expect([new Set(numbers).size, numbers.length + dropped]).toEqual([numbers.length, sent]);
}, 60_000);

test('a reader that stands still while 100 MB of datagrams come: memory is bounded, what is too much is counted, the rest is stored', async () => {
  const { pid, addresses } = await start(), port = (addresses.find(({ name }) => name === 'udp') as BoundAddress).port;
  process.kill(pid, 'SIGSTOP');
  const sent = await send(port, 100_000, 25_000, 1000);
  const megabytes = (of: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${of}/status`, 'utf8'))?.[1]) / 1024;
  const holding = megabytes(holder?.pid as number);
  process.kill(pid, 'SIGCONT');
  const { numbers, dropped } = await settled(sent);
  expect(megabytes(pid) + holding).toBeLessThan(512);
  expect([new Set(numbers).size, numbers.length + dropped]).toEqual([numbers.length, sent]);
  process.stdout.write(`a reader that stood still: ${sent} datagrams sent, ${numbers.length} stored, ${dropped} counted; holder ${holding.toFixed(0)} MB, reader ${megabytes(pid).toFixed(0)} MB at most\n`);
}, 120_000);

test('a disk that refuses every sync: the reader ends, the next one stores what waited, without hands', async () => {
  const { pid, addresses } = await start(), port = (addresses.find(({ name }) => name === 'udp') as BoundAddress).port;
  await send(port, 1000, 5000);
  const breaker = spawn('strace', ['-f', '-qq', '-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO', '-o', '/dev/null', '-p', String(pid)], { stdio: 'ignore' });
  const ended = once(breaker, 'exit').catch(() => undefined);
  await wait(500);
  if (breaker.exitCode !== null || breaker.pid === undefined) { process.stdout.write('not run: a disk that refuses every sync (strace is absent or may not trace)\n'); return; }
  const sent = 1000 + await send(port, 5000, 5000);
  await reader(1);
  await ended;
  const { numbers, dropped } = await settled(sent);
  expect(numbers.length + dropped).toBe(sent);
  process.stdout.write(`syncs refused: the reader ended, the next one stored; ${sent} datagrams sent, ${numbers.length} stored, ${dropped} counted\n`);
}, 90_000);

/** What the spool has when it has accounted for all that was sent, or half a minute later. */
async function settled(sent: number): Promise<ReturnType<typeof datagrams>> {
  for (const end = Date.now() + 30_000; ; await wait(300)) {
    const found = datagrams(await records());
    if (found.numbers.length + found.dropped >= sent || Date.now() > end) return found;
  }
}
