// The PROXY protocol: its two forms as bytes, and on real sockets who is believed.
import fc from 'fast-check';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { issue } from '../fixtures/certificates.js';
import { LOOPBACK, run, stopAll, until, type Running } from '../fixtures/running.js';
import { readProxyHeader } from './proxy-header.js';

const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n';
const binary = (command: number, family: number, addresses: Buffer): Buffer => Buffer.concat([Buffer.from(SIGNATURE, 'latin1'), Buffer.from([command, family, addresses.length >> 8, addresses.length & 255]), addresses]);
const V4 = Buffer.from([192, 0, 2, 7, 198, 51, 100, 1, 0x9c, 0x40, 2, 2]);
const V6 = Buffer.concat([Buffer.from('20010db8000000000000000000000007', 'hex'), Buffer.from('20010db8000000000000000000000001', 'hex'), Buffer.from([0x9c, 0x40, 2, 2])]);

test.each<[string, Buffer | string, object]>([
  ['1, IPv4', 'PROXY TCP4 192.0.2.7 198.51.100.1 40000 514\r\n', { bytes: 45, address: '192.0.2.7', port: 40000 }],
  ['1, IPv6 in another spelling', 'PROXY TCP6 2001:DB8:0:0:0:0:0:7 2001:db8::1 40000 514\r\n', { bytes: 55, address: '2001:db8::7', port: 40000 }],
  ['1, unknown', 'PROXY UNKNOWN\r\n', { bytes: 15 }],
  ['2, IPv4 with more behind it', binary(0x21, 0x11, Buffer.concat([V4, Buffer.from([4, 0, 1, 0])])), { bytes: 32, address: '192.0.2.7', port: 40000 }],
  ['2, IPv6', binary(0x21, 0x21, V6), { bytes: 52, address: '2001:db8::7', port: 40000 }],
  ['2, a health check', binary(0x20, 0x00, Buffer.alloc(0)), { bytes: 16 }],
  ['2, a unix socket', binary(0x21, 0x31, Buffer.alloc(216)), { bytes: 232 }],
])('version %s; cut anywhere it waits for more', (_, bytes, header) => {
  const whole = Buffer.from(bytes as string);
  expect(readProxyHeader(Buffer.concat([whole, Buffer.from('<13>x\n')]))).toEqual(header);
  for (let at = 0; at < whole.length; at++) expect(readProxyHeader(whole.subarray(0, at))).toBe('more');
});

test.each([['<13>no header\n'], ['PROXY TCP4 192.0.2.777 198.51.100.1 1 2\r\n'], ['PROXY TCP4 2001:db8::1 2001:db8::1 1 2\r\n'], ['PROXY TCP4 192.0.2.7 198.51.100.1 70000 2\r\n'], [`PROXY ${'x'.repeat(200)}`], [`${SIGNATURE}\x31\x11\0\0`], [`${SIGNATURE}\x21\x11\0\x04abcd`], [`${SIGNATURE}\x21\x11\xff\xff`]])('%j is none', (text) => {
  expect(readProxyHeader(Buffer.from(text, 'latin1'))).toBeUndefined();
});

test('whatever comes, it is told', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (noise, signed) => { readProxyHeader(Buffer.concat([Buffer.from(signed ? SIGNATURE : 'PROXY TCP', 'latin1'), noise])); }));
});

describe('on sockets', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'proxy-')); });
  afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });
  async function open(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }
  const seen = ({ records }: Running): string[] => records.filter(({ kind }) => kind === 'frame').map(({ frame, arrival: { peer, port } }) => `${peer} ${peer === '127.0.0.9' ? '' : port ?? ''} ${Buffer.from(frame).toString()}`).sort();

  test('only a proxy that is listed is believed; its clients are counted each for itself', async () => {
    const running = await run(join(folder, 'spool'), [{ name: 'tcp', kind: 'tcp', ...LOOPBACK, proxies: ['127.0.0.1'] }], { connectionsPerSourceMax: 1 });
    const first = await open(running.port('tcp')), second = await open(running.port('tcp')), stranger = await open(running.port('tcp'), '127.0.0.9');
    first.write('PROXY TCP4 192.0.2.7 198.5');
    second.write(Buffer.concat([binary(0x21, 0x21, V6), Buffer.from('<13>two\n')]));
    stranger.end('PROXY TCP4 192.0.2.99 198.51.100.1 1 2\r\n<13>three\n');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    first.write('1.100.1 40000 514\r\n<13>one\n');
    expect(await until(() => running.frames().length === 4)).toBe(true);
    expect(seen(running)).toEqual(['127.0.0.9  <13>three', '127.0.0.9  PROXY TCP4 192.0.2.99 198.51.100.1 1 2', '192.0.2.7 40000 <13>one', '2001:db8::7 40000 <13>two']);
    const third = await open(running.port('tcp')), bare = await open(running.port('tcp'));
    third.write('PROXY TCP4 192.0.2.7 198.51.100.1 40001 514\r\n<13>one too many\n');
    bare.write('<13>no header from a proxy\n');
    await Promise.all([once(third, 'close'), once(bare, 'close')]);
    expect(await until(() => running.losses().length === 2)).toBe(true);
    expect(running.losses().map(({ reason, source }) => `${reason} ${source}`).sort()).toEqual(['protocol 127.0.0.1', 'refused 192.0.2.7']);
    first.destroy();
    second.destroy();
  });

  test('in front of TLS and of HTTP too', async () => {
    const ours = issue('log.example.test'), tls = { certificateFile: join(folder, 'a.pem'), keyFile: join(folder, 'a.key') };
    await Promise.all([writeFile(tls.certificateFile, ours.certificate), writeFile(tls.keyFile, ours.key)]);
    const proxies = ['127.0.0.0/8'], running = await run(join(folder, 'spool'), [{ name: 'tls', kind: 'tls', ...LOOPBACK, tls, proxies }, { name: 'http', kind: 'http', ...LOOPBACK, proxies }]);
    const raw = await open(running.port('tls'));
    raw.write('PROXY TCP4 192.0.2.7 198.51.100.1 40000 514\r\n');
    const secure = connectTls({ socket: raw, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.end('<13>over tls\n');
    const http = await open(running.port('http'));
    let answer = '';
    http.on('data', (chunk: Buffer) => { answer += chunk.toString(); });
    http.write(Buffer.concat([binary(0x21, 0x11, V4), Buffer.from('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nover http')]));
    expect(await until(() => running.frames().length === 2 && answer.startsWith('HTTP/1.1 200'))).toBe(true);
    expect(seen(running)).toEqual(['192.0.2.7 40000 <13>over tls', '192.0.2.7 40000 over http']);
    http.destroy();
  });
});
