// GELF: messages in chunks and compressed as bytes, then on real sockets.
import fc from 'fast-check';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { LOOPBACK, run, stopAll, until } from '../fixtures/running.js';
import { GelfAssembler, GelfSession } from './gelf.js';

interface From { readonly address: string }
const FROM: From = { address: '192.0.2.7' }, OTHER: From = { address: '192.0.2.8' };
const chunk = (id: number, number: number, count: number, bytes: Buffer): Buffer => { const head = Buffer.from([0x1e, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, number, count]); head.writeUInt32BE(id, 2); return Buffer.concat([head, bytes]); };
const chunksOf = (id: number, bytes: Buffer, size: number): Buffer[] => { const count = Math.max(1, Math.ceil(bytes.length / size)); return Array.from({ length: count }, (_, i) => chunk(id, i, count, bytes.subarray(i * size, (i + 1) * size))); };
function assembler(frameBytesMax = 10_000): { gelf: GelfAssembler<From>; lost: string[] } {
  const lost: string[] = [];
  return { gelf: new GelfAssembler(frameBytesMax, ({ address }, why) => { lost.push(`${address} ${why}`); }), lost };
}

test('messages in chunks of any size and order, several at once, compressed or not, come out as they were written', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.constantFrom('plain', 'gzip', 'zlib'), fc.integer({ min: 1, max: 20 })), { maxLength: 8 }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (messages, order) => {
    const { gelf, lost } = assembler(), texts = messages.map(([text]) => `{"short_message":${JSON.stringify(text)}}`);
    const chunks = messages.flatMap(([, how, size], id) => { const plain = Buffer.from(texts[id] as string), bytes = how === 'gzip' ? gzipSync(plain) : how === 'zlib' ? deflateSync(plain) : plain; return chunksOf(id, bytes, Math.max(size, Math.ceil(bytes.length / 128))); });
    const mixed = chunks.map((each) => [order.next().value, each] as const).sort(([a], [b]) => a - b).map(([, each]) => each);
    const frames = mixed.flatMap((each, i) => { const frame = gelf.read(each, FROM, i); return frame === undefined ? [] : [frame.toString()]; });
    expect([...frames].sort()).toEqual([...texts].sort());
    expect([gelf.keptBytes, lost]).toEqual([0, []]);
  }));
});

test('two sources may use the same number; a chunk sent twice counts once', () => {
  const { gelf } = assembler(), [a, b] = [chunksOf(1, Buffer.from('{"a":1}'), 4), chunksOf(1, Buffer.from('{"b":2}'), 4)];
  for (const each of [a[0], a[0], b[0]]) expect(gelf.read(each as Buffer, each === b[0] ? OTHER : FROM, 0)).toBeUndefined();
  expect([gelf.read(b[1] as Buffer, OTHER, 0)?.toString(), gelf.read(a[1] as Buffer, FROM, 0)?.toString()]).toEqual(['{"b":2}', '{"a":1}']);
});

test('what never becomes whole is given up after 5 s, and told', () => {
  const { gelf, lost } = assembler();
  gelf.read(chunk(1, 0, 2, Buffer.from('x')), FROM, 0);
  gelf.read(chunk(2, 0, 2, Buffer.from('x')), FROM, 3000);
  gelf.sweep(4999);
  expect(lost).toEqual([]);
  gelf.sweep(5000);
  expect([lost, gelf.keptBytes]).toEqual([['192.0.2.7 incomplete'], 1]);
});

test('a flood of unfinished messages costs its own source, bounded in number and in bytes', () => {
  const { gelf, lost } = assembler(1_000_000);
  gelf.read(chunk(1, 0, 2, Buffer.from('{"quiet":')), OTHER, 0);
  for (let id = 0; id < 3000; id++) gelf.read(chunk(id, 0, 2, Buffer.alloc(60_000)), FROM, id);
  expect(gelf.keptBytes).toBeLessThan(17 * 1024 * 1024);
  expect(new Set(lost)).toEqual(new Set(['192.0.2.7 incomplete']));
  expect(gelf.read(chunk(1, 1, 2, Buffer.from('1}')), OTHER, 1)?.toString()).toBe('{"quiet":1}');
  for (let id = 0; id < 10_000; id++) gelf.read(chunk(id, 0, 2, Buffer.from('x')), { address: `198.51.100.${id % 250}` }, id);
  expect(gelf.keptBytes).toBeLessThan(17 * 1024 * 1024);
});

test('a bomb is refused and told; what cannot be read is kept as it came', () => {
  const { gelf, lost } = assembler();
  expect(gelf.read(gzipSync(Buffer.alloc(10_000_000)), FROM, 0)).toBeUndefined();
  for (const each of chunksOf(7, Buffer.alloc(11_000), 1000)) expect(gelf.read(each, FROM, 0)).toBeUndefined();
  expect([lost, gelf.keptBytes]).toEqual([['192.0.2.7 too_large', '192.0.2.7 too_large'], 0]);
  for (const odd of [Buffer.from([0x1f, 0x8b, 1, 2]), Buffer.from([0x1e, 0x0f, 1]), chunk(1, 5, 2, Buffer.from('x')), chunk(1, 0, 200, Buffer.from('x')), Buffer.from('x')]) expect(gelf.read(odd, FROM, 0)).toEqual(odd);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('', '\x1e\x0f', '\x1f\x8b', '\x78\x9c'), (noise, head) => { gelf.read(Buffer.concat([Buffer.from(head, 'latin1'), noise]), FROM, 0); }));
});

test('over a connection: what ends in NUL, however the network splits it; a long one is cut', () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }).map((text) => text.replaceAll('\0', '') + '.')), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (messages, sizes) => {
    const frames: string[] = [], session = new GelfSession({ take: (frame) => { frames.push(frame.toString()); } }, 1000, 100);
    for (let rest = Buffer.from(messages.map((message) => `${message}\0`).join('')); rest.length > 0;) { const size = sizes.next().value; session.push(Buffer.from(rest.subarray(0, size))); rest = rest.subarray(size); }
    session.end();
    expect(frames).toEqual(messages);
  }));
  const cut: unknown[] = [], session = new GelfSession({ take: (frame, trueLength) => { cut.push([frame.toString(), trueLength]); } }, 4, 100);
  session.push(Buffer.from('12345'));
  session.push(Buffer.from('6\x001234\0\0rest'));
  session.idle(99);
  expect([cut, session.keptBytes]).toEqual([[['1234', 6], ['1234', undefined]], 4]);
  session.idle(100);
  expect(cut.at(-1)).toEqual(['rest', undefined]);
});

test('on sockets, UDP and TCP', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gelf-'));
  try {
    const running = await run(folder, [{ name: 'gelf-udp', kind: 'gelf-udp', ...LOOPBACK }, { name: 'gelf-tcp', kind: 'gelf-tcp', ...LOOPBACK }]);
    const socket = createSocket('udp4'), message = (n: number): string => JSON.stringify({ version: '1.1', host: 'a', short_message: `đăng nhập ${n}`, full_message: 'x'.repeat(n) });
    const send = (bytes: Buffer): Promise<void> => new Promise((resolve) => { socket.send(bytes, running.port('gelf-udp'), '127.0.0.1', () => { resolve(); }); });
    for (const bytes of [Buffer.from(message(1)), gzipSync(message(2)), deflateSync(message(3)), ...chunksOf(9, gzipSync(message(40_000)), 20), chunk(77, 0, 2, Buffer.from('half')), gzipSync(Buffer.alloc(5_000_000))]) await send(bytes);
    socket.close();
    const stream = connect(running.port('gelf-tcp'), '127.0.0.1');
    await once(stream, 'connect');
    stream.end(`${message(5)}\0${message(6)}`);
    expect(await until(() => running.frames().length === 6 && running.losses().length === 2, 12_000)).toBe(true);
    expect([...running.frames()].sort()).toEqual([1, 2, 3, 40_000, 5, 6].map(message).sort());
    expect(running.losses().map(({ reason, count, source }) => `${reason} ${count} ${source}`).sort()).toEqual(['incomplete 1 127.0.0.1', 'too_large 1 127.0.0.1']);
    expect(running.collector.addresses.map(({ name, kind }) => [name, kind])).toEqual([['gelf-tcp', 'gelf-tcp'], ['gelf-udp', 'gelf-udp']]);
  } finally {
    await stopAll();
    await rm(folder, { recursive: true, force: true });
  }
});
