// What a socket may do to the console: too much, too slow, too many, in forms nobody sends by a browser. Bytes are written as they are.
import { connect } from 'node:net';
import { addIncident, openConsole, type Client, type TestConsole } from './console.test-helper.js';

let console_: TestConsole, analyst: Client, host: string, port: number;
beforeAll(async () => {
  console_ = await openConsole({ waits: { headersMs: 600, requestMs: 1200 } });
  analyst = await console_.as('analyst');
  host = new URL(console_.url).host;
  port = Number(new URL(console_.url).port);
});
afterAll(() => console_.stop());

interface Raw { readonly status: number; readonly text: string; readonly tookMs: number; readonly headers: Readonly<Record<string, string>> }
/** Writes the pieces, waiting in between, and reads until the server closes or `patienceMs` is over. */
function send(pieces: readonly (string | Buffer)[], { gapMs = 0, patienceMs = 5000 }: { gapMs?: number; patienceMs?: number } = {}): Promise<Raw> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1'), started = Date.now();
    let text = '';
    const done = (): void => {
      clearTimeout(patience);
      socket.destroy();
      const head = text.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
      resolve({ text, tookMs: Date.now() - started, status: Number(head[0]?.split(' ')[1] ?? 0), headers: Object.fromEntries(head.slice(1).map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])) });
    };
    const patience = setTimeout(done, patienceMs);
    socket.setEncoding('utf8').on('data', (more: string) => { text += more; }).on('close', done).on('error', done);
    void (async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (gapMs > 0) await new Promise((next) => { setTimeout(next, gapMs); });
      }
    })();
  });
}
const request = (line: string, headers: readonly string[] = [], body = ''): string => [`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', body].join('\r\n');
const json = (method: string, path: string, body: string, headers: readonly string[] = []): string => request(`${method} ${path}`, [`Cookie: ${analyst.cookie}`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);

test('headers beyond 16 KB are refused with 431, and the connection ends', async () => {
  expect(await send([request('GET /healthz', [`X-Long: ${'x'.repeat(20_000)}`])])).toMatchObject({ status: 431 });
  expect(await send([request('GET /healthz', Array.from({ length: 3000 }, (_, i) => `X-${i}: y`))])).toMatchObject({ status: 431 });
  expect(await send([request('GET /healthz', ['X-Fine: x'])])).toMatchObject({ status: 200 });
});

test('a request that does not come to its end is let go: 408, and nothing waits for ever', async () => {
  for (const pieces of [['GET /healthz HTTP/1.1\r\n', ...Array.from({ length: 30 }, (_, i) => `X-${i}: y\r\n`)], [json('PATCH', '/api/session', '{"language":').replace(/Content-Length: \d+/, 'Content-Length: 1000'), ...Array.from({ length: 30 }, () => ' ')]]) {
    const { status, tookMs } = await send(pieces, { gapMs: 200, patienceMs: 6000 });
    expect([status === 0 || status === 408, tookMs < 4500]).toEqual([true, true]);
  }
  expect((await analyst.get('/api/session')).status).toBe(200);
}, 20_000);

test('a body that announces too much is refused before it is read, one that grows too large while it is', async () => {
  const announced = await send([request('PATCH /api/session', [`Cookie: ${analyst.cookie}`, 'Content-Type: application/json', 'Content-Length: 999999999'])]);
  expect([announced.status, announced.tookMs < 1000]).toEqual([413, true]);
  const growing = await send([request('PATCH /api/session', [`Cookie: ${analyst.cookie}`, 'Content-Type: application/json', 'Transfer-Encoding: chunked']), ...Array.from({ length: 20 }, () => `8000\r\n${' '.repeat(0x8000)}\r\n`)]);
  expect(growing.status).toBe(413);
  for (const length of ['-1', '1e9', 'abc', '5, 6']) expect([length, (await send([json('PATCH', '/api/session', '{}').replace(/Content-Length: \d+/, `Content-Length: ${length}`)])).status]).toEqual([length, 400]);
  // Two lengths are two readings of one message: RFC 9112 6.3.
  expect((await send([json('PATCH', '/api/session', '{"language":"vi"}', ['Transfer-Encoding: chunked'])])).status).toBe(400);
});

test('a body is JSON or nothing', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'text/json', '']) {
    expect([type, (await send([json('PATCH', '/api/session', '{"language":"vi"}').replace('Content-Type: application/json', `Content-Type: ${type}`)])).status]).toEqual([type, 415]);
  }
  expect((await send([json('PATCH', '/api/session', '{"language":"vi"}').replace('Content-Type: application/json\r\n', '')])).status).toBe(415);
  expect((await send([json('PATCH', '/api/session', '{"language":"vi"}').replace('Content-Type: application/json', 'Content-Type: APPLICATION/JSON ; charset=utf-8')])).status).toBe(200);
});

test('HEAD reads files and health, and does no work of the API', async () => {
  const before = (await console_.store.audit.list({}, { limit: 1 })).total;
  for (const path of ['/api/live', '/api/events', '/api/incidents', '/api/compliance/report', '/api/session']) {
    const { status, headers, text } = await send([request(`HEAD ${path}`, [`Cookie: ${analyst.cookie}`])]);
    expect([path, status, headers['allow'], text.split('\r\n\r\n')[1]]).toEqual([path, 405, 'GET', '']);
  }
  expect((await console_.store.audit.list({}, { limit: 1 })).total).toBe(before);
  for (const path of ['/healthz', '/', '/assets/app-0123abcd.js']) expect([path, (await send([request(`HEAD ${path}`)])).status]).toEqual([path, 200]);
});

test('OPTIONS opens nothing to other sites; methods that are not there are named with those that are', async () => {
  const preflight = await send([request('OPTIONS /api/session', ['Origin: http://evil.example', 'Access-Control-Request-Method: PATCH'])]);
  expect([preflight.status, Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))]).toEqual([403, []]);
  expect(await send([request('OPTIONS /api/session')])).toMatchObject({ status: 405, headers: { allow: 'POST, GET, DELETE, PATCH' } });
  expect(await send([request('TRACE /api/session')])).toMatchObject({ status: 405 });
  expect(await send([request('POST /queue')])).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  expect((await send([`CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`])).text).not.toMatch(/^HTTP\/1\.1 2/);
  expect((await send([request('BREW /healthz')])).status).toBe(400);
});

test('paths stay inside the application, however they are written', async () => {
  for (const path of ['/../../../../etc/passwd', '/assets/../../../data/control.sqlite', '/assets/..%2f..%2f..%2fetc%2fpasswd.txt', '/assets/%2e%2e/%2e%2e/package.json', '/..\\..\\etc\\passwd.txt', '//etc/passwd.txt', '/assets/app-0123abcd.js/../../../etc/hosts.txt', '/assets//app-0123abcd.js', '/%2e%2e%2fdata/x.json', '/assets/app-0123abcd.js%00.html', '/.env.txt', '/assets/.hidden.js']) {
    const { status, text } = await send([request(`GET ${path}`)]);
    // What looks like a page of the application is its own index.html, and nothing of the disk.
    expect([path, [400, 404].includes(status) || text.includes('<title>Hải Đăng</title>'), /root:|SQLite/.test(text)]).toEqual([path, true, false]);
  }
  expect((await send([request('GET http://evil.example/healthz')])).status).toBeLessThan(500);
});

test('files are asked for again by their tag, in every form of it, and compressed only for who takes it', async () => {
  const path = '/assets/app-0123abcd.js', tag = (await send([request(`GET ${path}`)])).headers['etag'] as string;
  for (const [header, status] of [[tag, 304], [`W/${tag}`, 304], [`"x", ${tag}`, 304], ['*', 304], ['"x"', 200], [tag.replace(/"/g, ''), 200]] as const) expect([header, (await send([request(`GET ${path}`, [`If-None-Match: ${header}`])])).status]).toEqual([header, status]);
  for (const [header, encoding] of [['gzip', 'gzip'], ['gzip, deflate, br', 'gzip'], ['gzip;q=0', undefined], ['identity', undefined], ['br', undefined]] as const) {
    const { headers } = await send([request(`GET ${path}`, [`Accept-Encoding: ${header}`])]);
    expect([header, headers['content-encoding'], headers['vary']]).toEqual([header, encoding, 'Accept-Encoding']);
  }
  const { text, headers } = await send([request(`GET ${path}`, [`If-None-Match: ${tag}`])]);
  expect([text.split('\r\n\r\n')[1], headers['etag'], headers['cache-control']]).toEqual(['', tag, 'public, max-age=31536000, immutable']);
});

test('one person holds at most twenty streams of news, in whatever sessions; another is not in his way', async () => {
  const sessions = await Promise.all(Array.from({ length: 3 }, () => console_.as('manager'))), opened: ReturnType<typeof connect>[] = [];
  const open = (client: Client): Promise<number> => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    opened.push(socket);
    socket.once('data', (bytes: Buffer) => resolve(Number(bytes.toString('latin1').split(' ')[1]))).write(request('GET /api/live', [`Cookie: ${client.cookie}`]).replace('Connection: close\r\n', ''));
  });
  const statuses: number[] = [];
  for (let i = 0; i < 24; i++) statuses.push(await open(sessions[i % 3] as Client));
  expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length]).toEqual([20, 4]);
  expect(await open(analyst)).toBe(200);
  for (const socket of opened) socket.destroy();
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  expect(await open(sessions[0] as Client)).toBe(200);
  opened.at(-1)?.destroy();
});

test('a stream that is not read is let go, and costs nobody else anything', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.write(request('GET /api/live', [`Cookie: ${analyst.cookie}`]).replace('Connection: close\r\n', ''));
  await addIncident(console_.store, { tier: 2, system: 'WEB' });
  expect((await analyst.get('/api/incidents?limit=1')).status).toBe(200);
  socket.destroy();
});

test('the cookie is HttpOnly, SameSite=Strict, for the whole site, without a domain; a planted one is not taken over', async () => {
  const body = JSON.stringify({ username: 'analyst', password: 'mật khẩu thử nghiệm' }), planted = 'A'.repeat(43);
  const { headers, status } = await send([request('POST /api/session', ['Content-Type: application/json', `Cookie: haidang_session=${planted}`, `Content-Length: ${Buffer.byteLength(body)}`], body)]);
  expect([status, headers['set-cookie']]).toEqual([200, expect.stringMatching(/^haidang_session=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/)]);
  expect(headers['set-cookie']).not.toContain(planted);
});

test('another site can neither sign somebody in nor out, with or without its cookie', async () => {
  for (const [method, path, body] of [['POST', '/api/session', '{"username":"analyst","password":"x"}'], ['DELETE', '/api/session', ''], ['PATCH', '/api/session', '{"language":"en"}']] as const) {
    for (const headers of [['Origin: http://evil.example'], ['Origin: null'], ['Sec-Fetch-Site: cross-site'], ['Sec-Fetch-Site: same-site', `Origin: http://other.${host}`], [`Origin: http://${host}`, 'Sec-Fetch-Site: cross-site']]) {
      const { status } = await send([json(method, path, body, headers)]);
      expect([method, headers, status]).toEqual([method, headers, 403]);
    }
  }
  expect((await analyst.get('/api/session')).status).toBe(200);
});
