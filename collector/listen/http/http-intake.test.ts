// The HTTP listener on real sockets: what it takes, from whom, in which order, when it says so, and how it says no.
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { issue } from '../../fixtures/certificates.js';
import { ask, type Received, type ToSend } from '../../fixtures/http-client.js';
import { LOOPBACK, registryOf, run, stopAll, until, type Running } from '../../fixtures/running.js';
import type { CollectorOptions, ListenerOptions } from '../../options.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'http-')); });
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });
const start = (more: Partial<CollectorOptions> = {}, listener: Partial<ListenerOptions> = {}): Promise<Running> => run(join(folder, 'spool'), [{ name: 'http', kind: 'http', ...LOOPBACK, ...listener }], more);
const post = (running: Running, path: string, body: string | Buffer, more: ToSend = {}): Promise<Received> => ask(running.port('http'), path, { body, ...more });
const lossesOf = (running: Running): string[] => running.losses().map(({ reason, source, frames }) => `${reason} ${source} ${frames ?? ''}`);

test('each line is a frame, in order, whatever it holds; JSON bodies are their values', async () => {
  const running = await start();
  expect((await post(running, '/', '<13>một\r\n\n{"a":1}\nnot json at all')).json()).toEqual({ taken: 3 });
  expect((await post(running, '/ndjson', '[{"b": "]"}, 2,\n {"c":[1]}]', { headers: { 'content-type': 'application/json' } })).json()).toEqual({ taken: 3 });
  expect((await post(running, '/', '{"d":1}{"e":\n2}', { headers: { 'content-type': 'application/json' } })).status).toBe(200);
  expect(await until(() => running.frames().length === 8)).toBe(true);
  expect(running.frames()).toEqual(['<13>một', '{"a":1}', 'not json at all', '{"b": "]"}', '2', '{"c":[1]}', '{"d":1}', '{"e":\n2}']);
  expect(running.records[0]?.arrival).toMatchObject({ listener: 'http', peer: '127.0.0.1' });
  const [wrongPath, wrongMethod] = [await post(running, '/elsewhere', 'x'), await ask(running.port('http'), '/ndjson')];
  expect([wrongPath.status, wrongMethod.status]).toEqual([404, 405]);
});

test('200 says that the disk has it: what was answered stands in the spool at once', async () => {
  const running = await start({ inFlightBytesMax: 1 });
  for (let i = 0; i < 20; i++) {
    expect((await post(running, '/', `<13>line ${i}\n`)).status).toBe(200);
    expect((await running.collector.stats()).spool.pendingBytes).toBe(0);
  }
  expect((await running.collector.stats()).listeners[0]).toMatchObject({ listener: 'http', kind: 'http', received: 20 });
});

test('requests of one connection, sent ahead, are taken in their order', async () => {
  const running = await start(), socket = connect(running.port('http'), '127.0.0.1');
  let answers = '';
  socket.on('data', (chunk: Buffer) => { answers += chunk.toString(); });
  const request = (body: Buffer, encoding = ''): Buffer => Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\nHost: x\r\n${encoding}Content-Length: ${body.length}\r\n\r\n`), body]);
  const long = Array.from({ length: 50_000 }, (_, i) => `first ${i}`).join('\n');
  socket.write(Buffer.concat([request(gzipSync(long), 'Content-Encoding: gzip\r\n'), request(Buffer.from('second')), request(deflateSync('third'), 'Content-Encoding: deflate\r\n')]));
  expect(await until(() => answers.split('HTTP/1.1 200').length === 4)).toBe(true);
  expect(await until(() => running.frames().length === 50_002)).toBe(true);
  expect(running.frames().slice(-3)).toEqual(['first 49999', 'second', 'third']);
  expect(running.frames()[7]).toBe('first 7');
  socket.destroy();
});

test('gzip, deflate and brotli are read; another encoding, and bytes that are none, are refused', async () => {
  const running = await start();
  for (const [encoding, body] of [['gzip', gzipSync('g')], ['deflate', deflateSync('d')], ['br', brotliCompressSync('b')]] as const) expect((await post(running, '/', body, { headers: { 'content-encoding': encoding } })).status).toBe(200);
  expect((await post(running, '/', 'x', { headers: { 'content-encoding': 'zstd' } })).status).toBe(415);
  expect((await post(running, '/', 'no gzip', { headers: { 'content-encoding': 'gzip' } })).status).toBe(400);
  expect((await post(running, '/', gzipSync('x'.repeat(1000)).subarray(0, 20), { headers: { 'content-encoding': 'gzip' } })).status).toBe(400);
  expect(await until(() => running.frames().length === 3 && running.losses().reduce((sum, { frames = 0 }) => sum + frames, 0) === 3)).toBe(true);
  expect(running.frames()).toEqual(['g', 'd', 'b']);
});

test('bombs and long bodies are 413, nothing of them is taken, memory stays, the source is told in the losses', async () => {
  const running = await start({ http: { bodyBytesMax: 1_000_000 } }), before = process.memoryUsage().rss;
  const bomb = gzipSync(Buffer.alloc(300_000_000));
  expect(bomb.length).toBeLessThan(1_000_000);
  const bombs = await Promise.all(Array.from({ length: 8 }, () => post(running, '/', bomb, { headers: { 'content-encoding': 'gzip' } })));
  expect(bombs.map(({ status }) => status)).toEqual(Array(8).fill(413));
  expect((await post(running, '/', Buffer.alloc(1_000_001, 'x'))).status).toBe(413);
  const chunked = await post(running, '/', Buffer.alloc(3_000_000, 'x'), { headers: { 'transfer-encoding': 'chunked' } });
  expect([chunked.status, chunked.headers.connection]).toEqual([413, 'close']);
  expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
  expect(await until(() => running.losses().reduce((sum, { frames = 0 }) => sum + frames, 0) === 10)).toBe(true);
  expect(new Set(running.losses().map(({ reason, source }) => `${reason} ${source}`))).toEqual(new Set(['too_large 127.0.0.1']));
  expect(running.frames()).toEqual([]);
  expect((await post(running, '/', 'still here')).status).toBe(200);
});

test('a line over the frame limit is cut and says its true length', async () => {
  const running = await start({ frameBytesMax: 1024 });
  expect((await post(running, '/', `${'x'.repeat(5000)}\nshort\n`)).status).toBe(200);
  expect(await until(() => running.losses().length === 1)).toBe(true);
  expect(running.frames().map((frame) => frame.length)).toEqual([1024, 5]);
  expect(running.records[0]?.arrival.trueLength).toBe(5000);
  expect(lossesOf(running)).toEqual(['cut 127.0.0.1 1']);
});

describe('tokens', () => {
  const hashed = (name: string, token: string): { name: string; sha256: string } => ({ name, sha256: createHash('sha256').update(token).digest('hex') });
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test('who shows one is known by its name, however it is shown; without one, or with a wrong one, nothing is taken', async () => {
    const systems = [{ id: 'portal', tier: 4 as const, unit: '', match: [{ address: '0.0.0.0/0', listener: 'portal-app' }] }, { id: 'all', tier: 2 as const, unit: '', match: [{ address: '127.0.0.0/8' }] }];
    const running = await start({ registry: registryOf(systems) }, { tokens: [hashed('portal-app', 'secret-1'), hashed('bus', 'secret-2')] });
    const headers = ['Bearer secret-1', 'Splunk secret-1', `Basic ${base64('anyone:secret-1')}`, `ApiKey ${base64('id:secret-1')}`, 'bearer secret-2'];
    for (const authorization of headers) expect((await post(running, '/', authorization, { headers: { authorization } })).status).toBe(200);
    const refusals = [
      await post(running, '/', 'x'), await post(running, '/', 'x', { headers: { authorization: 'Bearer secret' } }), await post(running, '/_bulk', 'x', { headers: { authorization: 'Basic !' } }),
      await post(running, '/services/collector', '{}'), await post(running, '/services/collector', '{}', { headers: { authorization: 'Splunk wrong' } }), await ask(running.port('http'), '/'),
    ];
    expect(refusals.map(({ status }) => status)).toEqual([401, 401, 401, 401, 403, 401]);
    expect(refusals[3]?.json()).toEqual({ text: 'Token is required', code: 2 });
    expect(await until(() => running.losses().reduce((sum, { frames = 0 }) => sum + frames, 0) === 6)).toBe(true);
    expect(running.records.filter(({ kind }) => kind === 'frame').map(({ arrival: { listener, system } }) => `${listener} ${system}`).sort()).toEqual(['bus all', ...Array<string>(4).fill('portal-app portal')]);
    expect(new Set(running.losses().map(({ reason, source }) => `${reason} ${source}`))).toEqual(new Set(['refused 127.0.0.1']));
    const { listeners } = await running.collector.stats();
    expect(listeners.map(({ listener, received, dropped }) => [listener, received, dropped])).toEqual([['http', 0, 6], ['portal-app', 4, 0], ['bus', 1, 0]]);
  });

  test('over TLS, with a certificate of the client beside the token', async () => {
    const authority = issue('Test authority', { isAuthority: true }), ours = issue('log.example.test', { authority });
    const tls = { certificateFile: join(folder, 'a.pem'), keyFile: join(folder, 'a.key') };
    await Promise.all([writeFile(tls.certificateFile, ours.certificate), writeFile(tls.keyFile, ours.key)]);
    const running = await start({}, { tls, tokens: [hashed('app', 'secret')] });
    const answer = await ask(running.port('http'), '/', { body: 'over tls', tls: { ca: authority.certificate }, headers: { authorization: 'Bearer secret' } });
    expect(answer.status).toBe(200);
    expect(await until(() => running.frames().length === 1)).toBe(true);
    await expect(ask(running.port('http'), '/', { body: 'plain' })).rejects.toThrow();
  });
});

test('a disk at its limit: 503 with Retry-After, nothing is taken, the refusals stand in the losses', async () => {
  const running = await start({ freeBytesMin: Number.MAX_SAFE_INTEGER });
  const answers = [await post(running, '/', 'x'), await post(running, '/_bulk', '{"create":{}}\n{}\n'), await post(running, '/services/collector/raw', 'x'), await post(running, '/v1/logs', '{}', { headers: { 'content-type': 'application/json' } }), await ask(running.port('http'), '/services/collector/health')];
  expect(answers.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(Array(5).fill([503, '10']));
  expect((await ask(running.port('http'), '/')).status).toBe(200);
  await running.collector.stop();
  expect(running.frames()).toEqual([]);
  expect(lossesOf(running)).toContain('busy 127.0.0.1 5');
});

test('who is slow is cut off with 408; who sends many bodies at once is told 429, and others are still heard', async () => {
  const running = await start({ http: { bodyMs: 300, bodyBytesMax: 1_000_000, bodiesBytesMax: 2_000_000 } });
  const slow = Array.from({ length: 3 }, () => {
    const socket = connect({ port: running.port('http'), host: '127.0.0.1', localAddress: '127.0.0.7' });
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n');
    socket.write(Buffer.alloc(600_000, 'x'));
    let seen = '';
    socket.on('error', () => undefined).on('data', (chunk: Buffer) => { seen += chunk.toString(); });
    return () => seen.slice(0, 12);
  });
  expect(await until(() => slow.some((seen) => seen() === 'HTTP/1.1 429'))).toBe(true);
  expect((await post(running, '/', 'from another address')).status).toBe(200);
  expect(await until(() => slow.filter((seen) => seen() === 'HTTP/1.1 408').length === 1)).toBe(true);
  expect((await post(running, '/', 'x'.repeat(900_000), { localAddress: '127.0.0.7' })).status).toBe(200); // its memory was given back
  expect(await until(() => running.frames().length === 2)).toBe(true);
});

test('a connection that says nothing, or half a head, is closed; bytes that are no HTTP are answered 400 and counted', async () => {
  const running = await start({ http: { idleMs: 500 } });
  const silent = connect(running.port('http'), '127.0.0.1'), half = connect(running.port('http'), '127.0.0.1'), other = connect(running.port('http'), '127.0.0.1');
  let answer = '';
  other.on('data', (chunk: Buffer) => { answer += chunk.toString(); });
  half.write('POST / HTTP/1.1\r\nHos');
  other.write('<13>syslog on the wrong port\n');
  const closed = [silent, half, other].map((socket) => new Promise((resolve) => { socket.on('error', () => undefined).on('close', resolve).resume(); }));
  await Promise.all(closed);
  expect(answer).toMatch(/^HTTP\/1\.1 400/);
  expect(await until(() => running.losses().length === 1)).toBe(true);
  expect(lossesOf(running)).toEqual(['protocol 127.0.0.1 1']);
});

test('a stop answers what is under way', async () => {
  const running = await start(), agent = new Agent({ keepAlive: true });
  await post(running, '/', 'first', { agent });
  const last = Array.from({ length: 5 }, (_, i) => post(running, '/', `last ${i}`));
  const statuses = Promise.all(last.map((each) => each.then(({ status }) => status, () => 0)));
  await running.collector.stop();
  const answered = (await statuses).filter((status) => status === 200).length;
  expect(running.frames().filter((frame) => frame.startsWith('last')).length).toBeGreaterThanOrEqual(answered);
  agent.destroy();
});

test('messages do not depend on how the network splits the requests, counted or in chunks, compressed or not', async () => {
  const running = await start(), line = fc.string({ minLength: 1, maxLength: 40 }).map((text) => `<13>${text.replace(/[\r\n]/g, '.').trim()}.`);
  const request = fc.record({ lines: fc.array(line, { minLength: 1, maxLength: 20 }), chunked: fc.boolean(), compressed: fc.boolean() });
  await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.integer({ min: 1, max: 60 })), async (requests, sizes) => {
    const before = running.frames().length, expected = requests.flatMap(({ lines }) => lines);
    const bytes = Buffer.concat(requests.map(({ lines, chunked, compressed }) => {
      const plain = Buffer.from(lines.join('\n')), body = compressed ? gzipSync(plain) : plain, half = body.length >> 1;
      const head = `POST / HTTP/1.1\r\nHost: x\r\n${compressed ? 'Content-Encoding: gzip\r\n' : ''}${chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`}\r\n\r\n`;
      const piece = (part: Buffer): Buffer => (part.length === 0 ? part : Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]));
      return Buffer.concat([Buffer.from(head), ...(chunked ? [piece(body.subarray(0, half)), piece(body.subarray(half)), Buffer.from('0\r\n\r\n')] : [body])]);
    }));
    const socket = connect(running.port('http'), '127.0.0.1');
    socket.setNoDelay(true).resume();
    for (let at = 0; at < bytes.length;) {
      const size = sizes.next().value as number;
      socket.write(bytes.subarray(at, at + size));
      at += size;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    expect(await until(() => running.frames().length >= before + expected.length)).toBe(true);
    socket.destroy();
    expect(running.frames().slice(before)).toEqual(expected);
  }), { numRuns: 20 });
});
