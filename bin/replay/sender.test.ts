import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay } from '../commands/replay.js';
import { readLines } from './lines.js';
import { frameLine } from './sender.js';

const never = new AbortController().signal;

/** A TCP listener that keeps what it gets. */
async function listen(): Promise<{ port: number; received: () => Buffer; peers: string[]; close: () => Promise<void>; ended: Promise<unknown> }> {
  const chunks: Buffer[] = [], peers: string[] = [];
  const server = createServer((socket) => { socket.unref(); peers.push(socket.remoteAddress ?? ''); socket.on('data', (chunk) => chunks.push(chunk)); });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const ended = once(server, 'connection').then(async ([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
  return { port: (server.address() as AddressInfo).port, received: () => Buffer.concat(chunks), peers, ended, close: () => new Promise((done) => server.close(() => done())) };
}

describe('over real sockets', () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-replay-')); });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, bytes: string | Buffer): string => { const file = join(folder, name); writeFileSync(file, bytes); return file; };

  test('a file arrives over TCP byte for byte, whatever its bytes, from the address asked for', async () => {
    const server = await listen(), told: string[] = [];
    const file = write('a.log', Buffer.concat([Buffer.from('one\n'), Buffer.from([0xff, 0xfe, 0xc3, 0x0a]), Buffer.from('cr kept out\r\nlast without end')]));
    const code = await replay([file], { to: { host: '127.0.0.1', port: server.port }, shift: { kind: 'none' }, from: '127.0.16.9' }, never, (text) => told.push(text));
    await server.ended;
    expect(code).toBe(0);
    expect(server.received()).toEqual(Buffer.concat([Buffer.from('one\n'), Buffer.from([0xff, 0xfe, 0xc3, 0x0a]), Buffer.from('cr kept out\nlast without end\n')]));
    expect(server.peers).toEqual(['127.0.16.9']);
    expect(told.join('')).toContain('sent 4 lines');
    await server.close();
  });

  test('many lines arrive all, in order, also when the reader is slow', async () => {
    const server = await listen(), text = Array.from({ length: 40_000 }, (_, index) => `line ${index} ${'x'.repeat(80)}\n`).join('');
    expect(await replay([write('many.log', text)], { to: { host: '127.0.0.1', port: server.port }, shift: { kind: 'none' } }, never, () => undefined)).toBe(0);
    await server.ended;
    expect(server.received().toString() === text).toBe(true);
    await server.close();
  });

  test('over UDP each line is one datagram, without its line end', async () => {
    const socket = createSocket('udp4'), seen: string[] = [];
    socket.on('message', (message) => seen.push(message.toString()));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const file = write('u.log', 'one\r\n\ntwo\n11 hello\n');
    expect(await replay([file], { to: { host: '127.0.0.1', port: socket.address().port }, protocol: 'udp', shift: { kind: 'none' } }, never, () => undefined)).toBe(0);
    while (seen.length < 3) await new Promise((done) => setTimeout(done, 5));
    expect(seen).toEqual(['one', 'two', '11 hello']);
    socket.close();
  });

  test('nobody listening, a missing file and mixed kinds of file are told apart by exit code and words', async () => {
    const told: string[] = [], say = (text: string): void => { told.push(text); };
    const server = await listen();
    await server.close();
    const options = { to: { host: '127.0.0.1', port: server.port }, shift: { kind: 'none' } } as const;
    expect(await replay([write('b.log', 'x\n')], options, never, say)).toBe(1);
    expect(told.join('')).toContain(`nothing listens on tcp 127.0.0.1:${server.port}`);
    expect(await replay([join(folder, 'absent.log')], options, never, say)).toBe(2);
    expect(told.join('')).toContain('ENOENT');
    expect(await replay([write('c.log', 'x\n'), write('d.yaml', 'plays: []')], options, never, say)).toBe(2);
    expect(await replay([write('e.yaml', 'plays: []')], options, never, say)).toBe(2);
  });

  test('a rate is kept', async () => {
    const server = await listen(), started = performance.now();
    await replay([write('r.log', 'x\n'.repeat(41))], { to: { host: '127.0.0.1', port: server.port }, shift: { kind: 'none' }, rate: 100 }, never, () => undefined);
    expect(performance.now() - started).toBeGreaterThan(350);
    await server.close();
  });

  test('lines are the same however the file is cut into pieces', async () => {
    const lines = Array.from({ length: 9000 }, (_, index) => `${index} ${'y'.repeat(index % 97)}`);
    const read: string[] = [];
    for await (const line of readLines(write('cut.log', lines.join('\r\n')))) read.push(line.toString());
    expect(read).toEqual(lines);
  });
});

test('a line is counted where an end of line would not bring it back', () => {
  const framed = (text: string): string => frameLine(Buffer.from(text)).toString();
  expect(framed('plain')).toBe('plain\n');
  expect(framed('two\nlines')).toBe('9 two\nlines');
  expect(framed('11 hello')).toBe('8 11 hello');
  expect(framed('nul\0inside')).toBe('10 nul\0inside');
  expect(framed('Việt\n')).toBe('7 Việt\n');
});
