// Lumberjack v2: as bytes through a session, and on real sockets.
import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { BeatsClient, compressedFrame, encodeWindow, jsonFrame, u32, windowFrame } from '../fixtures/beats-client.js';
import { issue } from '../fixtures/certificates.js';
import { LOOPBACK, run, stopAll, until } from '../fixtures/running.js';
import { BeatsSession } from './beats.js';
import { ProtocolError } from './session.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'beats-')); });
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });

interface Bench { session: BeatsSession; lacks: string[]; frames: string[]; cut: (number | undefined)[]; answers: number[]; held: boolean[]; sync: () => Promise<void>; fail: () => Promise<void>; closed: () => boolean }
function bench(frameBytesMax = 1000): Bench {
  const lacks: string[] = [], frames: string[] = [], cut: (number | undefined)[] = [], answers: number[] = [], held: boolean[] = [], waits: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let closed = false;
  const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
  return {
    session: new BeatsSession({
      take: (frame, trueLength) => { frames.push(frame.toString()); cut.push(trueLength); }, write: (bytes) => { answers.push(bytes.readUInt32BE(2)); }, lack: (why, count, lacking) => { lacks.push(`${why} ${count} ${lacking ?? 0}`); },
      durable: () => new Promise((resolve, reject) => { waits.push({ resolve, reject }); }), hold: (value) => { held.push(value); }, close: () => { closed = true; },
    }, frameBytesMax),
    lacks, frames, cut, answers, held, closed: () => closed,
    sync: () => { for (const { resolve } of waits.splice(0)) resolve(); return settle(); }, fail: () => { for (const { reject } of waits.splice(0)) reject(new Error('EIO')); return settle(); },
  };
}
const EVENTS = ['{"message":"một"}', '{"message":"hai"}', '{"message":"ba"}'];

test.each([[false], [true]])('a window is acknowledged whole, when the disk has it; compressed: %s', async (compress) => {
  const { session, frames, answers, sync } = bench();
  session.push(encodeWindow(EVENTS, compress));
  expect([frames, answers]).toEqual([EVENTS, []]);
  await sync();
  expect(answers).toEqual([3]);
});

test('windows sent ahead are acknowledged one by one; half a window is not', async () => {
  const { session, answers, sync } = bench();
  session.push(Buffer.concat([encodeWindow(EVENTS), encodeWindow(['{}']), windowFrame(2), jsonFrame(1, '{}')]));
  await sync();
  expect(answers).toEqual([3, 1]);
});

test('an event sent again in its window is no second frame; in a window of its own, or without a number, it is one', async () => {
  const { session, frames, answers, sync } = bench();
  session.push(Buffer.concat([windowFrame(3), jsonFrame(1, '{"n":1}'), jsonFrame(2, '{"n":2}'), jsonFrame(1, '{"n":1}'), jsonFrame(2, '{"n":2}'), jsonFrame(3, '{"n":3}')]));
  await sync();
  expect([frames, answers]).toEqual([['{"n":1}', '{"n":2}', '{"n":3}'], [3]]);
  session.push(Buffer.concat([encodeWindow(['{"n":3}']), windowFrame(2), jsonFrame(0, '{"n":4}'), jsonFrame(0, '{"n":4}')]));
  await sync();
  expect(frames.slice(3)).toEqual(['{"n":3}', '{"n":4}', '{"n":4}']);
});

const numbered = (from: number, ...numbers: readonly number[]): Buffer => Buffer.concat([windowFrame(numbers.length), ...numbers.map((n) => jsonFrame(n, `{"n":${from + n}}`))]);
test('numbers passed over inside a window are told; windows that begin at 1 tell nothing of what lies between them', () => {
  const { session, lacks } = bench();
  session.push(Buffer.concat([numbered(0, 1, 2, 3), numbered(10, 1, 2), numbered(20, 1, 2, 5, 6, 8)]));
  expect(lacks).toEqual(['sequence_gap 2 0', 'sequence_gap 1 0']);
});

test('a window that broke off says how many events had been announced; a whole one, and a second end, say nothing', () => {
  const { session, lacks } = bench();
  session.push(Buffer.concat([encodeWindow(EVENTS), windowFrame(5), jsonFrame(1, '{}'), jsonFrame(2, '{}').subarray(0, 8)]));
  session.end();
  session.end();
  expect(lacks).toEqual(['unfinished 0 4']);
  const other = bench();
  other.session.push(encodeWindow(EVENTS));
  other.session.end();
  expect(other.lacks).toEqual([]);
});

test('while the disk is slow, signs of life go out, and no acknowledgement', async () => {
  const { session, answers, sync } = bench();
  session.idle(0, 1000);
  session.push(encodeWindow(EVENTS));
  for (const now of [2000, 4100, 5000, 7200]) session.idle(0, now);
  expect(answers).toEqual([0, 0]);
  await sync();
  session.idle(0, 20_000);
  expect(answers).toEqual([0, 0, 3]);
});

test('a disk that fails acknowledges nothing and closes', async () => {
  const { session, answers, fail, closed } = bench();
  session.push(encodeWindow(EVENTS));
  await fail();
  expect([answers, closed()]).toEqual([[], true]);
});

test('an event over the limit is cut and says its true length', async () => {
  const { session, frames, cut, answers, sync } = bench(10);
  session.push(encodeWindow([`{"a":"${'x'.repeat(100)}"}`, '{}'], true));
  await sync();
  expect([frames, cut, answers]).toEqual([['{"a":"xxxx', '{}'], [108, undefined], [2]]);
});

test('many windows under way are not read on until some are acknowledged', async () => {
  const { session, held, sync } = bench();
  session.push(Buffer.concat(Array.from({ length: 70 }, () => encodeWindow(['{}']))));
  expect(held[0]).toBe(true);
  await sync();
  expect(held.at(-1)).toBe(false);
});

const bomb = compressedFrame(Buffer.alloc(80 * 1024 * 1024));
test.each([
  ['another protocol', Buffer.from('GET / HTTP/1.1\r\n')], ['version 1', Buffer.from('1W\0\0\0\x01')], ['an unknown frame', Buffer.from('2X\0\0\0\x01')], ['an event without a window', jsonFrame(1, '{}')],
  ['a window in a window', Buffer.concat([windowFrame(2), windowFrame(1)])], ['zlib that is none', Buffer.concat([Buffer.from('2C'), u32(3), Buffer.from('abc')])],
  ['a compressed frame in one', compressedFrame(compressedFrame(windowFrame(1)))], ['half a frame in one', compressedFrame(windowFrame(1).subarray(0, 4))],
  ['more compressed bytes than allowed', Buffer.concat([Buffer.from('2C'), u32(17 * 1024 * 1024)])], ['80 MB of zeros in 80 KB', bomb],
])('%s closes the connection', (_, bytes) => {
  const { session, frames } = bench();
  expect(() => { session.push(bytes); }).toThrow(ProtocolError);
  expect(frames).toEqual([]);
});

test('events and answers do not depend on how the network splits the stream', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.array(fc.json({ maxDepth: 1 }), { minLength: 1, maxLength: 5 }), fc.boolean()), { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (windows, sizes) => {
    const whole = Buffer.concat(windows.map(([events, compress]) => encodeWindow(events, compress)));
    const split = bench();
    for (let at = 0, i = 0; at < whole.length; i++) { const size = sizes[i % sizes.length] as number; split.session.push(whole.subarray(at, at + size)); at += size; }
    await split.sync();
    expect([split.frames, split.answers]).toEqual([windows.flatMap(([events]) => events), windows.map(([events]) => events.length)]);
  }));
});

test('on a socket, with TLS and without: thousands of events, plain and compressed, acknowledged window by window', async () => {
  const { certificate, key } = issue('beats.example.test');
  await Promise.all([writeFile(join(folder, 'server.pem'), certificate), writeFile(join(folder, 'server.key'), key)]);
  const running = await run(join(folder, 'spool'), [
    { name: 'beats', kind: 'beats', ...LOOPBACK }, { name: 'beats-tls', kind: 'beats', ...LOOPBACK, tls: { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key') } },
  ]);
  for (const socket of [connect(running.port('beats'), '127.0.0.1'), connectTls({ port: running.port('beats-tls'), host: '127.0.0.1', ca: certificate, checkServerIdentity: () => undefined })]) {
    const client = new BeatsClient(socket), before = running.frames().length;
    const events = Array.from({ length: 2000 }, (_, i) => JSON.stringify({ '@timestamp': '2026-11-22T02:15:00.120Z', winlog: { event_id: 4624 }, number: i }));
    for (let i = 0; i < 2000; i += 100) client.send(events.slice(i, i + 100), i % 200 === 0);
    expect(await until(() => client.acknowledged.size === 2000)).toBe(true);
    expect([client.wrong, client.unacknowledged]).toEqual([[], 0]);
    expect(await until(() => running.frames().length === before + 2000)).toBe(true);
    expect(running.frames().slice(before)).toEqual(events);
    socket.destroy();
  }
  await running.collector.stop();
});

test('on a socket: what a broken window had announced is counted for its sender and loses nothing, since it comes again; what was passed over is missing', async () => {
  const running = await run(folder, [{ name: 'beats', kind: 'beats', ...LOOPBACK }]), first = connect(running.port('beats'), '127.0.0.1');
  first.on('error', () => undefined);
  first.write(Buffer.concat([encodeWindow(['{"n":1}', '{"n":2}']), windowFrame(4), jsonFrame(1, '{"n":3}')]));
  expect(await until(() => running.frames().length === 3)).toBe(true);
  first.destroy();
  expect(await until(() => running.losses().length === 1)).toBe(true);
  expect(running.losses()).toMatchObject([{ reason: 'unfinished', count: 0, frames: 3, source: '127.0.0.1' }]);
  const again = new BeatsClient(connect(running.port('beats'), '127.0.0.1')), events = [3, 4, 5, 6].map((n) => `{"n":${n}}`);
  again.send(events);
  expect(await until(() => again.acknowledged.size === 4)).toBe(true);
  expect(running.frames()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', ...events]);
  again.socket.write(Buffer.concat([windowFrame(3), jsonFrame(1, '{"n":7}'), jsonFrame(2, '{"n":8}'), jsonFrame(9, '{"n":15}')]));
  expect(await until(() => running.losses().length === 2)).toBe(true);
  expect(running.losses()[1]).toMatchObject({ reason: 'sequence_gap', count: 6, source: '127.0.0.1' });
  again.socket.destroy();
  await running.collector.stop();
  expect(running.losses().length).toBe(2);
});

test('a bomb closes its connection only, and is counted', async () => {
  const running = await run(folder, [{ name: 'beats', kind: 'beats', ...LOOPBACK }]);
  const good = new BeatsClient(connect(running.port('beats'), '127.0.0.1')), bad = connect(running.port('beats'), '127.0.0.1');
  bad.on('error', () => undefined);
  bad.write(bomb);
  await once(bad, 'close');
  good.send(EVENTS);
  expect(await until(() => good.acknowledged.size === 3)).toBe(true);
  expect(await until(() => running.losses().length === 1)).toBe(true);
  expect(running.losses()).toMatchObject([{ reason: 'protocol', frames: 1 }]);
  await running.collector.stop();
});
