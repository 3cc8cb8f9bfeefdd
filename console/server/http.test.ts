// What holds for every request: origin, body, headers, files, limits, failures.
import { createServer } from 'node:net';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { openConsole, PASSWORD, type Client, type TestConsole } from './console.test-helper.js';

let console_: TestConsole, root: Client;
beforeAll(async () => { console_ = await openConsole(); root = await console_.as('root'); });
afterAll(() => console_.stop());

test('what another site sends is refused, our own pages and programs are served', async () => {
  const patch = (headers: Record<string, string>): Promise<number> => root.call('PATCH', '/api/session', { language: 'en' }, headers).then(({ status }) => status);
  const host = new URL(console_.url).host;
  expect(await patch({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  expect(await patch({ Origin: `http://${host}` })).toBe(200);
  expect(await patch({})).toBe(200);
  const foreign: Record<string, string>[] = [{ 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site', Origin: 'http://evil.example' }, { Origin: 'http://evil.example' }, { Origin: 'null' }, { Origin: `http://${host}.evil.example` }, { Origin: 'http://evil.example', 'X-Forwarded-Host': 'evil.example' }];
  for (const headers of foreign) {
    expect([headers, await patch(headers)]).toEqual([headers, 403]);
  }
});

test('only JSON is read, at most 256 KB, at most 32 levels, with no name that reaches into prototypes', async () => {
  const send = (body: string, type = 'application/json'): Promise<number> => root.call('PATCH', '/api/session', body, { 'Content-Type': type }).then(({ status }) => status);
  expect(await send('{"language":"en"}', 'application/json; charset=utf-8')).toBe(200);
  expect(await send('{"language":"en"}', 'text/plain')).toBe(415);
  expect(await send('language=en', 'application/x-www-form-urlencoded')).toBe(415);
  expect(await send(`{"language":"${'x'.repeat(300_000)}"}`)).toBe(413);
  expect(await send(`${'['.repeat(33)}${']'.repeat(33)}`)).toBe(400);
  for (const body of ['{"language":"en","__proto__":{"x":1}}', '{"language":"en","a":{"constructor":{"prototype":{}}}}', '{"language":', '', '\ufeff{"language":"en"', '{"language":"en","roles":["admin"]}', '[]', 'null']) expect([body, await send(body)]).toEqual([body, 400]);
});

test('a body without a length is counted as it comes', async () => {
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(`${console_.url}/api/session`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } }, (response) => { resolve(response.statusCode ?? 0); response.resume(); });
    sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(413) : reject(error)));
    for (let i = 0; i < 10; i++) sent.write(' '.repeat(50_000));
    sent.end();
  });
  expect(status).toBe(413);
});

test('every answer carries the headers that keep pages apart', async () => {
  for (const path of ['/', '/api/session', '/api/nothing', '/healthz']) {
    const { headers } = await root.get(path);
    expect(headers.get('content-security-policy')).toBe("default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    expect([headers.get('x-content-type-options'), headers.get('referrer-policy'), headers.get('x-frame-options')]).toEqual(['nosniff', 'no-referrer', 'DENY']);
  }
  expect((await root.get('/api/session')).headers.get('cache-control')).toBe('no-store');
});

test('pages are index.html, hashed files are kept for a year, nothing else of the disk is served', async () => {
  for (const path of ['/', '/queue', '/incidents/incident-1', '/systems/A%2FB']) expect((await console_.anonymous().get(path)).body).toContain('<title>Hải Đăng</title>');
  const asset = await root.get('/assets/app-0123abcd.js');
  expect([asset.status, asset.headers.get('cache-control'), asset.headers.get('content-type')]).toEqual([200, 'public, max-age=31536000, immutable', 'text/javascript; charset=utf-8']);
  expect((await root.call('GET', '/assets/app-0123abcd.js', undefined, { 'If-None-Match': asset.headers.get('etag') ?? '' })).status).toBe(304);
  expect((await root.get('/')).headers.get('cache-control')).toBe('no-cache');
  const status = (path: string): Promise<number> => new Promise((resolve, reject) => { request({ host: '127.0.0.1', port: new URL(console_.url).port, path, method: 'GET' }, (response) => { response.resume(); resolve(response.statusCode ?? 0); }).on('error', reject).end(); });
  // A page opened anew, or from a link in a mail: what stands last in its path is no file's ending.
  for (const path of ['/queue', '/sources/WEB/192.0.2.9', '/sources/WEB/gw.example', '/sources/NET/2001:db8::9']) { const page = await root.get(path); expect([path, page.status, page.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8']); }
  for (const path of ['/../data/control.sqlite', '/assets/../../data/manifest.json', '/assets/%2e%2e/%2e%2e/etc/passwd.txt', '/assets/missing-0123abcd.js', '/api/../index.html.bak', '/%00.js', '/%zz.js']) expect([path, [400, 404].includes(await status(path))]).toEqual([path, true]);
});

test('unknown addresses and methods are told apart, in words of the language asked for', async () => {
  expect((await root.get('/api/nothing')).body).toMatchObject({ status: 404, type: 'urn:haidang:problem:no_route' });
  expect((await root.call('DELETE', '/api/incidents')).body).toMatchObject({ status: 405 });
  expect((await console_.anonymous().call('GET', '/api/incidents', undefined, { 'Accept-Language': 'en-GB' })).body.title).toBe('You need to sign in.');
  expect((await console_.anonymous().get('/api/incidents')).body.title).toBe('Bạn cần đăng nhập.');
  expect((await root.get('/api/incidents/%E0%A4%A')).status).toBe(404);
});

test('parameters that are not understood are refused by name', async () => {
  for (const [path, field] of [['/api/incidents?tier=9', 'tier'], ['/api/incidents?status=open', 'status'], ['/api/incidents?limit=501', 'limit'], ['/api/incidents?limit=-1', 'limit'], ['/api/incidents?from=yesterday', 'from'], ['/api/incidents?cursor=x', 'cursor'], ['/api/events?cursor=%5B1%5D', 'cursor'], ['/api/incidents?sort=name', 'sort']] as const) {
    const { status, body } = await root.get(path);
    expect([path, status, body.problems?.[0]?.field]).toEqual([path, 400, field]);
  }
});

test('healthz says ok to anybody; metrics are for this machine, or an administrator', async () => {
  expect((await console_.anonymous().get('/healthz')).body).toEqual({ status: 'ok' });
  expect((await console_.anonymous().get('/metrics')).body).toContain('haidang_http_request_seconds_bucket');
  expect((await console_.anonymous().call('GET', '/metrics', undefined, { 'X-Forwarded-For': '203.0.113.5' })).status).toBe(401);
  expect((await root.call('GET', '/metrics', undefined, { 'X-Forwarded-For': '203.0.113.5' })).status).toBe(200);
  expect((await (await console_.as('analyst')).call('GET', '/metrics', undefined, { 'X-Forwarded-For': '203.0.113.5' })).status).toBe(401);
  const outside = Object.values(networkInterfaces()).flat().find((one) => one?.family === 'IPv4' && !one.internal)?.address;
  if (outside === undefined) return;
  const open = await openConsole({ host: '0.0.0.0' });
  try { expect((await fetch(`http://${outside}:${new URL(open.url).port}/metrics`)).status).toBe(401); } finally { await open.stop(); }
});

test('a port that is taken is named, with the word that changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { other.once('listening', resolve); });
  const { port } = other.address() as { port: number };
  await expect(openConsole({ port })).rejects.toThrow(new RegExp(`port ${port} .*in use.*HAIDANG_CONSOLE_PORT`));
  other.close();
});

test('a store that fails is a 503 that says nothing of the inside, a bug is a 500 that says nothing either', async () => {
  const own = await openConsole();
  try {
    const client = await own.as('root');
    const { incidents } = own.store, failing = (error: Error): void => { Object.assign(own.store, { incidents: { get: incidents.get, list: async () => { throw error; } } }); };
    failing(Object.assign(new Error('ENOSPC: no space left on device, /srv/data/control'), { code: 'ENOSPC' }));
    expect((await client.get('/api/incidents')).body).toEqual({ type: 'urn:haidang:problem:disk_full', title: 'The data disk is full; the change was not saved.', status: 503 });
    failing(new Error('the store is closed'));
    expect((await client.get('/api/incidents')).body).toMatchObject({ status: 503, type: 'urn:haidang:problem:unavailable' });
    failing(new TypeError('undefined is not a secret'));
    const bug = await client.get('/api/incidents');
    expect([bug.status, JSON.stringify(bug.body).includes('secret')]).toEqual([500, false]);
    Object.assign(own.store, { incidents });
    expect((await client.get('/api/incidents')).status).toBe(200);
    Object.assign(own.store, { health: async () => { throw new Error('gone'); } });
    expect((await client.get('/healthz')).status).toBe(503);
  } finally { await own.stop(); }
});

test('over TLS the cookie is Secure', async () => {
  const { execFileSync } = await import('node:child_process'), { mkdtempSync, readFileSync, rmSync } = await import('node:fs'), { tmpdir } = await import('node:os'), { join } = await import('node:path');
  const folder = mkdtempSync(join(tmpdir(), 'haidang-tls-'));
  try { execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', join(folder, 'key'), '-out', join(folder, 'cert')], { stdio: 'ignore' }); } catch {
    process.stderr.write('not run: the cookie over TLS (openssl is absent)\n');
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  const own = await openConsole({ tls: { certificate: readFileSync(join(folder, 'cert'), 'utf8'), key: readFileSync(join(folder, 'key'), 'utf8') } });
  rmSync(folder, { recursive: true, force: true });
  try {
    expect(own.url).toMatch(/^https:/);
    const { request: secureRequest } = await import('node:https');
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const sent = secureRequest(`${own.url}/api/session`, { method: 'POST', rejectUnauthorized: false, headers: { 'Content-Type': 'application/json' } }, (response) => { response.resume(); resolve(response.headers); });
      sent.on('error', reject).end(JSON.stringify({ username: 'analyst', password: PASSWORD }));
    });
    expect(String(headers['set-cookie'])).toMatch(/; Secure$/);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  } finally { await own.stop(); }
});
