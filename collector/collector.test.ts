// A collector on real sockets and real files: what is sent is stored, counted or recorded as lost; errors say what to do.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamName, type SpoolRecord } from '../core/record.js';
import type { Registry, System } from '../core/tier.js';
import type { Problem } from '../core/problem.js';
import { startCollector, type Collector } from './collector.js';
import { recordsOf } from './fixtures/running.js';
import type { CollectorOptions, ListenerOptions } from './options.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'collector-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

const UDP: ListenerOptions = { name: 'syslog-udp', kind: 'udp', host: '127.0.0.1', port: 0, setting: 'HAIDANG_SYSLOG_PORT' };
const TCP: ListenerOptions = { name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0, setting: 'HAIDANG_SYSLOG_PORT' };
const registry = (systems: Partial<System>[] = [], relays: string[] = [], version = 1): Registry => ({ version, systems: systems as System[], relays, unassignedTier: 3 });

interface Running {
  collector: Collector;
  records: SpoolRecord[];
  frames(): string[];
  problems: Problem[];
  port(kind: 'udp' | 'tcp'): number;
  /** Commits all that was delivered. */
  commit(): void;
  cursors: Record<string, number>;
}
async function start(more: Partial<CollectorOptions> = {}): Promise<Running> {
  const records: SpoolRecord[] = [], problems: Problem[] = [], cursors: Record<string, number> = { ...(more.cursors) };
  const collector = await startCollector({
    folder, listeners: [UDP, TCP], registry: registry(), cursors: {},
    onBatch: (batch) => {
      records.push(...recordsOf(batch));
      cursors[streamName(batch.stream)] = batch.to;
    },
    onProblem: (problem) => { if (problem.code !== 'collector.udp.buffer') problems.push(problem); }, ...more,
  });
  return {
    collector, records, problems, cursors, frames: () => records.filter(({ kind }) => kind === 'frame').map(({ frame }) => Buffer.from(frame).toString('latin1')),
    port: (kind) => collector.addresses.find((address) => address.kind === kind)?.port as number,
    commit: () => { collector.committed({ ...cursors }); },
  };
}
async function until(holds: () => boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !holds() && Date.now() < end;) await new Promise((resolve) => { setTimeout(resolve, 10); });
}
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
const send = (socket: Socket, data: string | Buffer): Promise<void> => new Promise((resolve) => { socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, () => { resolve(); }); });
async function sendDatagrams(port: number, texts: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const text of texts) await new Promise<void>((resolve) => { socket.send(Buffer.from(text, 'latin1'), port, '127.0.0.1', () => { resolve(); }); });
  await new Promise<void>((resolve) => { socket.close(resolve); });
}

test('frames of several connections and datagrams arrive whole, in order, as bytes', async () => {
  const running = await start();
  const sockets = await Promise.all([0, 1, 2].map(() => open(running.port('tcp'))));
  for (let i = 0; i < 200; i++) await send(sockets[i % 3] as Socket, `<13>c${i % 3} ${i} \xff\xfe\xc3(\r\n`);
  await send(sockets[0] as Socket, '12 <13>counted!');
  sockets.forEach((socket) => socket.end('<13>the last line has no LF'));
  await sendDatagrams(running.port('udp'), ['<13>udp one\n', '<13>two\n<13>three\n', '<13>trace\n at x\n', '']);
  await until(() => running.records.length === 208);
  const frames = running.frames();
  for (const c of [0, 1, 2]) {
    expect(frames.filter((frame) => frame.startsWith(`<13>c${c} `))).toEqual(Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 3 === c).map((i) => `<13>c${c} ${i} \xff\xfe\xc3(`));
  }
  expect(frames.filter((frame) => !frame.startsWith('<13>c') || frame.includes('counted')).sort()).toEqual([
    '<13>counted!', '<13>the last line has no LF', '<13>the last line has no LF', '<13>the last line has no LF', '<13>three', '<13>trace\n at x', '<13>two', '<13>udp one',
  ]);
  expect(running.records.map(({ seq }) => seq)).toEqual(Array.from({ length: 208 }, (_, i) => i + 1));
  const { listeners, senders } = await running.collector.stats();
  expect(listeners.map(({ listener, received, empty, connections }) => [listener, received, empty, connections])).toEqual([['syslog-udp', 4, 1, 0], ['syslog-tcp', 204, 0, 3]]);
  expect(senders.map(({ system, sender, received }) => [system, sender, received])).toEqual([['unassigned', '127.0.0.1', 208]]);
  await running.collector.stop();
  expect(running.problems).toEqual([]);
});

test('a 10 MB line is cut and says its true length; its neighbours are whole', async () => {
  const running = await start({ lossMs: 50 });
  const socket = await open(running.port('tcp'));
  await send(socket, '<13>before\n');
  await send(socket, Buffer.concat([Buffer.alloc(10_000_000, 'x'), Buffer.from('\n<13>after\n')]));
  socket.end();
  await until(() => running.records.length === 4);
  expect(running.frames().map((frame) => frame.length)).toEqual([10, 1024 * 1024, 9]);
  expect(running.records[1]?.arrival.trueLength).toBe(10_000_000);
  const loss = running.records.find(({ kind }) => kind === 'loss');
  expect(JSON.parse(Buffer.from(loss?.frame ?? []).toString())).toMatchObject({ reason: 'cut', source: '127.0.0.1', count: 0, frames: 1, bytes: 10_000_000 - 1024 * 1024 });
  await running.collector.stop();
});

test('system and tier come from the registry at receipt; a host name counts only behind a relay; a new registry holds from then on', async () => {
  const systems = (tier: 1 | 4) => [
    { id: 'portal', tier, unit: 'office', timezone: 'Asia/Ho_Chi_Minh', match: [{ address: '127.0.0.0/8', host: 'portal-web' }] },
    { id: 'tcp-only', tier: 2 as const, unit: 'office', match: [{ address: '127.0.0.1', listener: 'syslog-tcp' }] },
  ];
  const running = await start({ registry: registry(systems(4)) });
  const socket = await open(running.port('tcp'));
  const line = '<13>Nov 22 10:00:00 portal-web app: x\n';
  await send(socket, line);
  await sendDatagrams(running.port('udp'), [line]);
  await until(() => running.records.length === 2);
  running.collector.setRegistry(registry(systems(1), ['127.0.0.0/8'], 2));
  await running.collector.stats();
  await send(socket, line);
  await send(socket, '<13>Nov 22 10:00:00 other app: x\n');
  await until(() => running.records.length === 4);
  const seen = running.records.map(({ tier, seq, arrival: { system, registry: version, host, listener, timezone } }) => [tier, seq, system, version, host, listener, timezone].join(' '));
  expect(seen.sort()).toEqual([
    '1 1 portal 2 portal-web syslog-tcp Asia/Ho_Chi_Minh', '2 1 tcp-only 1  syslog-tcp ', '2 2 tcp-only 2 other syslog-tcp ', '3 1 unassigned 1  syslog-udp ',
  ]);
  await running.collector.stop();
});

test('what was not committed comes again at the next start, from the cursors on, before anything new', async () => {
  const first = await start();
  const socket = await open(first.port('tcp'));
  await send(socket, Array.from({ length: 300 }, (_, i) => `<13>old ${i}\n`).join(''));
  await until(() => first.records.length === 300);
  socket.destroy();
  await first.collector.stop();
  const [stream] = Object.keys(first.cursors);
  const second = await start({ cursors: { [stream as string]: 120 } });
  expect(second.collector.olderStreams).toEqual({ [stream as string]: 300 });
  const again = await open(second.port('tcp'));
  await send(again, '<13>new\n');
  await until(() => second.records.length === 181);
  expect(second.frames()).toEqual([...Array.from({ length: 180 }, (_, i) => `<13>old ${i + 120}`), '<13>new']);
  second.commit();
  await until(() => false, 100);
  expect((await second.collector.stats()).spool.segments).toBe(1); // the older epoch's segment is freed
  await second.collector.stop();
});

test('a slow reader stops nobody: the spool keeps what it has not taken', async () => {
  const running = await start({ inFlightBytesMax: 50_000, segmentBytes: 100_000 });
  const socket = await open(running.port('tcp'));
  for (let i = 0; i < 50; i++) await send(socket, Array.from({ length: 100 }, (_, k) => `<13>line ${i * 100 + k} ${'x'.repeat(100)}\n`).join(''));
  await until(() => false, 300);
  await running.collector.durable();
  const { spool, listeners } = await running.collector.stats();
  expect(listeners.find(({ listener }) => listener === 'syslog-tcp')?.received).toBe(5000);
  expect(running.records.length).toBeLessThan(4000);
  expect(spool.undeliveredBytes).toBeGreaterThan(100_000);
  for (let i = 0; i < 500 && running.records.length < 5000; i++) { running.commit(); await until(() => false, 10); }
  expect(running.frames().map((frame) => Number(frame.split(' ')[1]))).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  running.commit();
  await until(() => false, 50);
  expect((await running.collector.stats()).spool.segments).toBeLessThan(3);
  await running.collector.stop();
});

test('an unfinished line of a silent sender is a frame, and so is one that the stop cuts off', async () => {
  const running = await start({ idleMs: 100 });
  const socket = await open(running.port('tcp'));
  await send(socket, '<13>no line end');
  await until(() => running.records.length === 1, 3000);
  await send(socket, '<13>at stop');
  await running.collector.stop();
  await until(() => running.records.length === 2, 1000);
  expect(running.frames()).toEqual(['<13>no line end', '<13>at stop']);
});

test('datagrams received, lost in the kernel and lost to overrun are together what was sent', async () => {
  const running = await start({ receiveBufferBytes: 4096, lossMs: 200 });
  const count = 20_000, socket = createSocket('udp4'), port = running.port('udp');
  await new Promise<void>((resolve) => { // as fast as it goes, far more than the buffer holds
    let done = 0;
    for (let i = 0; i < count; i++) socket.send(`<13>Nov 22 10:00:00 host app: datagram ${i} ${'x'.repeat(150)}`, port, '127.0.0.1', () => { if (++done === count) resolve(); });
  });
  socket.close();
  const lost = (): number => running.records.filter(({ kind }) => kind === 'loss').reduce((sum, { frame }) => sum + (JSON.parse(Buffer.from(frame).toString()) as { count: number }).count, 0);
  await until(() => running.frames().length + lost() >= count, 10_000);
  expect(running.frames().length + lost()).toBe(count);
  const udp = (await running.collector.stats()).listeners.find(({ listener }) => listener === 'syslog-udp');
  expect((udp?.received ?? 0) + (udp?.dropped ?? 0)).toBe(count);
  await running.collector.stop();
  process.stdout.write(`udp: ${count} sent, ${running.frames().length} stored, ${lost()} counted as lost (buffer of 4 KB asked)\n`);
});

test('the intake stands still when the disk is at its limit, counts what it drops, and goes on by itself', async () => {
  const running = await start({ freeBytesMin: Number.MAX_SAFE_INTEGER, lossMs: 50 });
  expect(running.problems.map(({ code }) => code)).toContain('collector.disk.full');
  const socket = await open(running.port('tcp'));
  await send(socket, '<13>waits in the kernel\n');
  await sendDatagrams(running.port('udp'), ['<13>lost', '<13>lost too']);
  await until(() => false, 300);
  expect(running.records).toEqual([]);
  const { listeners, full } = await running.collector.stats();
  expect([full, listeners.find(({ listener }) => listener === 'syslog-udp')?.dropped]).toEqual([true, 2]);
  await running.collector.stop();
  const losses = running.records.map(({ kind, frame }) => [kind, JSON.parse(Buffer.from(frame).toString()) as { reason: string; count: number; source: string }] as const);
  expect(losses.map(([kind, { reason, source, count }]) => [kind, reason, source, count].join(' ')).sort()).toEqual([
    'loss intake_stopped syslog-tcp 0', 'loss intake_stopped syslog-udp 0', 'loss spool_full 127.0.0.1 2',
  ]);
});

describe('a start that fails says what to do', () => {
  test('port taken, TCP and UDP', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(start({ listeners: [{ ...TCP, port }] })).rejects.toThrow(`tcp port ${port} on 127.0.0.1 (syslog-tcp) is taken by another program. Stop that one, or set HAIDANG_SYSLOG_PORT to a free port.`);
    await new Promise((resolve) => { server.close(resolve); });
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => { socket.bind(port, '127.0.0.1', resolve); });
    await expect(start({ listeners: [{ ...UDP, port }] })).rejects.toThrow(`udp port ${port} on 127.0.0.1 (syslog-udp) is taken`);
    socket.close();
    await (await start()).collector.stop(); // and the folder is free again
  });

  test('spool in use', async () => {
    const running = await start();
    await expect(start()).rejects.toThrow(/in use by another process/);
    await running.collector.stop();
  });

  test('no folder to write in', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(start({ folder: join(folder, 'file') })).rejects.toThrow(/expected a folder at .*Set HAIDANG_DATA/);
    const locked = process.getuid?.() === 0 ? '/sys' : join(folder, 'locked'); // root may write nearly anywhere
    if (locked !== '/sys') await mkdir(locked, { mode: 0o500 });
    await expect(start({ folder: join(locked, 'spool') })).rejects.toThrow(/the data folder .* is not writable: .*HAIDANG_DATA/);
  });
});
