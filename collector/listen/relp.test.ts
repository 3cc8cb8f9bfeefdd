// RELP: as bytes through a session, and on real sockets.
import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { issue } from '../fixtures/certificates.js';
import { RelpClient } from '../fixtures/relp-client.js';
import { LOOPBACK, run, stopAll, until } from '../fixtures/running.js';
import { RelpSession } from './relp.js';
import { ProtocolError, type Wire } from './session.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'relp-')); });
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });

interface Bench { session: RelpSession; frames: string[]; cut: (number | undefined)[]; written: string[]; held: boolean[]; sync: () => Promise<void>; fail: () => Promise<void>; closed: () => boolean }
function bench(frameBytesMax = 100): Bench {
  const frames: string[] = [], cut: (number | undefined)[] = [], written: string[] = [], held: boolean[] = [], waits: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let closed = false;
  const wire: Wire = {
    take: (frame, trueLength) => { frames.push(frame.toString('latin1')); cut.push(trueLength); }, write: (bytes) => { written.push(bytes.toString('latin1')); },
    lack: () => undefined, durable: () => new Promise((resolve, reject) => { waits.push({ resolve, reject }); }), hold: (value) => { held.push(value); }, close: () => { closed = true; },
  };
  const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
  return {
    session: new RelpSession(wire, frameBytesMax), frames, cut, written, held, closed: () => closed,
    sync: () => { for (const { resolve } of waits.splice(0)) resolve(); return settle(); }, fail: () => { for (const { reject } of waits.splice(0)) reject(new Error('EIO')); return settle(); },
  };
}
const OPEN = '1 open 14 relp_version=0\n';

test('nothing is acknowledged before the disk has it, then each, in order', async () => {
  const { session, frames, written, sync } = bench();
  session.push(Buffer.from(`${OPEN}2 syslog 5 <13>a\n3 syslog 6 <13>b\n\n4 syslog 0\n`));
  expect(frames).toEqual(['<13>a', '<13>b']);
  expect(written.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual(['1 rsp']);
  await sync();
  expect(written.at(-1)).toBe('2 rsp 6 200 OK\n3 rsp 6 200 OK\n4 rsp 6 200 OK\n');
});

test('a disk that fails acknowledges nothing and closes the connection', async () => {
  const { session, written, fail, closed } = bench();
  session.push(Buffer.from(`${OPEN}2 syslog 5 <13>a\n`));
  await fail();
  expect([written.length, closed()]).toEqual([1, true]);
});

test('a transaction sent again in its session is acknowledged again and is no second frame; in a new session it is one', async () => {
  const { session, frames, written, sync } = bench();
  session.push(Buffer.from(`${OPEN}2 syslog 5 <13>a\n3 syslog 5 <13>b\n2 syslog 5 <13>a\n`));
  await sync();
  session.push(Buffer.from('3 syslog 5 <13>b\n4 syslog 5 <13>b\n'));
  await sync();
  expect(frames).toEqual(['<13>a', '<13>b', '<13>b']);
  expect(written.slice(1).join('').split('\n').map((line) => line.split(' ')[0])).toEqual(['2', '3', '2', '3', '4', '']);
  const next = bench();
  next.session.push(Buffer.from(`${OPEN}2 syslog 5 <13>a\n`));
  expect(next.frames).toEqual(['<13>a']);
});

test('numbers go from 999999999 back to 1', () => {
  const { session, frames } = bench();
  session.push(Buffer.from(`${OPEN}999999998 syslog 5 <13>a\n999999999 syslog 5 <13>b\n1 syslog 5 <13>c\n2 syslog 5 <13>d\n1 syslog 5 <13>c\n`));
  expect(frames).toEqual(['<13>a', '<13>b', '<13>c', '<13>d']);
});

test('close is answered after everything before it; nothing behind it is read', async () => {
  const { session, frames, written, sync, closed } = bench();
  session.push(Buffer.from(`${OPEN}2 syslog 5 <13>a\n3 close 0\n4 syslog 5 <13>b\n`));
  expect(closed()).toBe(false);
  await sync();
  expect([frames, written.slice(1).join(''), closed()]).toEqual([['<13>a'], '2 rsp 6 200 OK\n3 rsp 0\n0 serverclose 0\n', true]);
});

test('a message over the limit is cut, says its true length, and is acknowledged', async () => {
  const { session, frames, cut, written, sync } = bench(10);
  session.push(Buffer.from(`${OPEN}2 syslog 50 ${'x'.repeat(50)}\n3 syslog 3 abc\n`));
  await sync();
  expect([frames, cut, written.at(-1)]).toEqual([['x'.repeat(10), 'abc'], [50, undefined], '2 rsp 6 200 OK\n3 rsp 6 200 OK\n']);
});

test('a sender with too many messages under way is not read until some are acknowledged', async () => {
  const { session, held, sync } = bench();
  session.push(Buffer.from(OPEN + Array.from({ length: 5000 }, (_, i) => `${i + 2} syslog 1 x\n`).join('')));
  expect(held).toEqual([true]);
  await sync();
  expect(held).toEqual([true, false]);
});

test.each([['GET / HTTP/1.1\r\n\r\n'], ['1 syslog 1 x\n'], [`${OPEN}2 syslog 1 xy\n`], [`${OPEN}2 syslog 5\n`], ['1'.repeat(100)], ['a open 0\n'], ['1 open 9999999999 x\n']])('%j is no RELP', (text) => {
  expect(() => { bench().session.push(Buffer.from(text)); }).toThrow(ProtocolError);
});

test('an unknown command is refused and the session goes on', async () => {
  const { session, frames, written } = bench();
  session.push(Buffer.from(`${OPEN}2 sing 0\n3 syslog 1 x\n`));
  expect([frames, written.at(-1)]).toEqual([['x'], '2 rsp 24 500 unknown command sing\n']);
});

test('messages and answers do not depend on how the network splits the stream', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 30, unit: 'binary-ascii' }), { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (messages, sizes) => {
    const whole = Buffer.from(OPEN + messages.map((message, i) => `${i + 2} syslog ${message.length} ${message}\n`).join(''), 'latin1');
    const once = bench(), split = bench();
    once.session.push(whole);
    for (let at = 0, i = 0; at < whole.length; i++) { const size = sizes[i % sizes.length] as number; split.session.push(whole.subarray(at, at + size)); at += size; }
    await once.sync();
    await split.sync();
    expect([split.frames, split.written.join('')]).toEqual([once.frames, once.written.join('')]);
  }));
});

test('on a socket, with TLS and without: opened, acknowledged, closed', async () => {
  const { certificate, key } = issue('relp.example.test');
  await Promise.all([writeFile(join(folder, 'server.pem'), certificate), writeFile(join(folder, 'server.key'), key)]);
  const running = await run(join(folder, 'spool'), [
    { name: 'relp', kind: 'relp', ...LOOPBACK }, { name: 'relp-tls', kind: 'relp', ...LOOPBACK, tls: { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key') } },
  ]);
  for (const socket of [connect(running.port('relp'), '127.0.0.1'), connectTls({ port: running.port('relp-tls'), host: '127.0.0.1', ca: certificate, checkServerIdentity: () => undefined })]) {
    const client = new RelpClient(socket), before = running.frames().length;
    expect(await client.answered(client.open())).toMatch(/^200 OK\nrelp_version=0\nrelp_software=haidang\ncommands=syslog$/);
    for (let i = 0; i < 500; i++) client.send(`<13>message ${i}`);
    expect(await until(() => client.acknowledged.size === 500)).toBe(true);
    expect(await client.answered(client.command('close'))).toBe('');
    if (!socket.closed) await once(socket, 'close', { signal: AbortSignal.timeout(5000) });
    expect(client.hints).toEqual(['serverclose']);
    expect(await until(() => running.frames().length === before + 500)).toBe(true);
  }
  await running.collector.stop();
});

test('a stop acknowledges what it has made durable', async () => {
  const running = await run(folder, [{ name: 'relp', kind: 'relp', ...LOOPBACK }]);
  const client = new RelpClient(connect(running.port('relp'), '127.0.0.1'));
  await client.answered(client.open());
  client.send('<13>last');
  await new Promise((resolve) => { client.socket.write('', resolve); });
  await running.collector.stop();
  expect(await until(() => client.acknowledged.has('<13>last'), 1000)).toBe(true);
  expect(running.frames()).toEqual(['<13>last']);
});

test('bytes of another protocol close the connection and are counted', async () => {
  const running = await run(folder, [{ name: 'relp', kind: 'relp', ...LOOPBACK }]);
  const socket = connect(running.port('relp'), '127.0.0.1');
  socket.end('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'close');
  expect(await until(() => running.losses().some(({ reason }) => reason === 'protocol'))).toBe(true);
  expect(running.losses()).toMatchObject([{ reason: 'protocol', source: '127.0.0.1', count: 0, frames: 1 }]);
  await running.collector.stop();
});
