import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, openConsole, PASSWORD, type TestConsole } from './console.test-helper.js';

let console_: TestConsole;
beforeAll(async () => { console_ = await openConsole(); });
afterAll(() => console_.stop());

test('signing in gives a session that pages cannot read', async () => {
  const client = console_.anonymous(), reply = await client.signIn('Analyst');
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({ username: 'analyst', roles: ['analyst'], tiers: [1, 2, 3], mustChangePassword: false, readsLogs: true, demo: false, version: '0.1.0' });
  expect(reply.headers.get('set-cookie')).toMatch(/^haidang_session=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/);
  expect((await client.get('/api/session')).body).toEqual(reply.body);
});

test('a wrong password and an unknown name are answered alike', async () => {
  const wrong = await console_.anonymous().signIn('analyst4', 'something else'), unknown = await console_.anonymous().signIn('nobody-here', 'something else');
  expect(wrong.status).toBe(401);
  expect(unknown.body).toEqual(wrong.body);
  expect(wrong.body.title).toBe('Tên đăng nhập hoặc mật khẩu không đúng.');
});

test('signing in again makes a new token and ends the old one', async () => {
  const client = await console_.as('analyst'), before = client.cookie;
  await client.signIn('analyst');
  expect(client.cookie).not.toBe(before);
  const old = console_.anonymous();
  old.cookie = before;
  expect((await old.get('/api/session')).status).toBe(401);
  // A planted token is not adopted.
  const planted = console_.anonymous();
  planted.cookie = `haidang_session=${'A'.repeat(43)}`;
  await planted.signIn('analyst');
  expect(planted.cookie).not.toContain('AAAA');
});

test('signing out ends the session', async () => {
  const client = await console_.as('analyst'), cookie = client.cookie;
  expect((await client.call('DELETE', '/api/session')).status).toBe(204);
  client.cookie = cookie;
  expect((await client.get('/api/session')).status).toBe(401);
  // Not in memory only: another process on the same store must not find it either.
  expect(await console_.store.sessions.get(createHash('sha256').update(cookie.split('=')[1] ?? '').digest('hex'))).toBeUndefined();
});

test('200 parallel tries get 10 answers, the account is then closed for a while, and everything is in the audit trail', async () => {
  const own = await openConsole();
  try {
    const tries = await Promise.all(Array.from({ length: 200 }, () => own.anonymous().signIn('analyst', 'wrong password')));
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    const limited = tries.filter(({ status }) => status === 429);
    expect(limited).toHaveLength(190);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await own.anonymous().signIn('analyst')).status).toBe(429);
    expect((await own.store.audit.list({ action: 'session.refused' }, { limit: 1 })).total).toBe(10);
    expect((await own.store.audit.list({ action: 'session.limited' }, { limit: 1 })).total).toBe(1);
    own.clock.offset += 15 * 60_000 + 1000;
    expect((await own.anonymous().signIn('analyst')).status).toBe(200);
  } finally { await own.stop(); }
});

test('a right password gives its place back: people who sign in often are not locked out', async () => {
  for (let i = 0; i < 12; i++) expect((await console_.anonymous().signIn('boss')).status).toBe(200);
});

test('the times of an unknown name and of a wrong password do not differ', async () => {
  const own = await openConsole();
  try {
    const timed = async (name: string): Promise<number> => { const start = performance.now(); await own.anonymous().signIn(name, 'wrong password'); return performance.now() - start; };
    const known: number[] = [], unknown: number[] = [];
    for (let i = 0; i < 9; i++) { known.push(await timed('analyst')); unknown.push(await timed(`nobody-${i}`)); }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[4] as number;
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.4);
    expect(median(known)).toBeGreaterThan(median(unknown) * 0.4);
  } finally { await own.stop(); }
});

test('a session ends after 8 hours without use, and after 24 hours whatever was done', async () => {
  const own = await openConsole();
  try {
    const idle = await own.as('analyst'), busy = await own.as('analyst4');
    for (let hour = 1; hour <= 23; hour += 2) {
      own.clock.offset = hour * 3_600_000;
      expect((await busy.get('/api/session')).status).toBe(200);
      if (hour === 9) expect((await idle.get('/api/session')).status).toBe(401);
    }
    own.clock.offset = 24 * 3_600_000;
    expect((await busy.get('/api/session')).status).toBe(401);
  } finally { await own.stop(); }
});

test('a disabled user is out at once', async () => {
  const own = await openConsole();
  try {
    const analyst = await own.as('analyst'), root = await own.as('root'), user = await own.store.users.get('analyst');
    expect((await root.call('PATCH', '/api/users/analyst', { version: user?.version, disabled: true })).status).toBe(200);
    expect((await analyst.get('/api/session')).status).toBe(401);
    expect((await own.anonymous().signIn('analyst')).status).toBe(401);
  } finally { await own.stop(); }
});

test('a one-time password opens only its own change, and the change ends all other sessions', async () => {
  const client = await console_.as('new'), other = await console_.as('new');
  expect((await client.get('/api/incidents')).body).toMatchObject({ status: 403, type: 'urn:haidang:problem:password_change_required', title: 'Change your password before you go on.' });
  expect((await client.get('/api/session')).body.mustChangePassword).toBe(true);
  expect((await client.call('POST', '/api/session/password', { current: 'not it at all', next: 'một mật khẩu mới' })).status).toBe(400);
  expect((await client.call('POST', '/api/session/password', { current: PASSWORD, next: 'short' })).status).toBe(400);
  const changed = await client.call('POST', '/api/session/password', { current: PASSWORD, next: 'một mật khẩu mới' });
  expect([changed.status, changed.body.mustChangePassword]).toEqual([200, false]);
  expect((await client.get('/api/incidents')).status).toBe(200);
  expect((await other.get('/api/session')).status).toBe(401);
});

test('the language is the user\'s own', async () => {
  const client = await console_.as('manager');
  expect((await client.call('PATCH', '/api/session', { language: 'vi' })).body.language).toBe('vi');
  expect((await client.get('/api/incidents/none')).body.title).toBe('Không tìm thấy.');
});

test('the first administrator has a printed one-time password, or the one of a file', async () => {
  const printed = await openConsole({}, false);
  try {
    const password = /^First administrator: user admin, one-time password (\S{16})$/.exec(printed.printed[0] ?? '')?.[1] ?? '';
    const client = new Client(printed.url);
    expect((await client.signIn('admin', password)).body).toMatchObject({ username: 'admin', roles: ['admin'], tiers: [1, 2, 3, 4, 5], mustChangePassword: true, readsLogs: true });
    expect((await client.get('/api/events')).status).toBe(403);
  } finally { await printed.stop(); }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-password-')), file = join(folder, 'password');
  writeFileSync(file, 'từ một tệp\n');
  const given = await openConsole({ adminPasswordFile: file }, false);
  try {
    expect(given.printed).toEqual([]);
    expect((await new Client(given.url).signIn('admin', 'từ một tệp')).body).toMatchObject({ mustChangePassword: false, readsLogs: true });
  } finally { await given.stop(); rmSync(folder, { recursive: true, force: true }); }
});
