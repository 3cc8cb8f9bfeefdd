// The command itself, run from the build, first alone on a folder, then beside a server that has the store.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Accounts } from '../../console/server/accounts.js';
import { registerUserCommands } from '../../console/server/user-commands.js';
import { systemClock } from '../../core/process/clock.js';
import { openControl } from '../../core/process/control.js';
import { projectRoot } from '../../core/process/built.js';
import { verifyPassword } from '../../core/process/password.js';
import { openStore } from '../../core/store/open.js';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-user-')); writeFileSync(join(folder, 'password'), 'mật khẩu của Lan\n'); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function haidang(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const env = { PATH: process.env['PATH'], HAIDANG_DATA: join(folder, 'data'), HAIDANG_CONFIG: join(folder, 'haidang.yaml') };
  const run = promisify(execFile)(process.execPath, [join(projectRoot, 'bin', 'haidang.js'), 'user', ...args], { cwd: folder, env });
  return run.then(({ stdout, stderr }) => ({ code: 0, out: stdout, error: stderr }), (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, error: error.stderr }));
}
beforeEach(() => writeFileSync(join(folder, 'haidang.yaml'), '# empty\n'));

test('a user is added, listed, changed and removed on a folder that no server uses', async () => {
  const added = await haidang('add', 'Lan', '--role', 'analyst', '--tiers', '1-3', '--password-file', join(folder, 'password'));
  expect(added).toEqual({ code: 0, out: 'lan\tanalyst\ttiers 1,2,3\tLan\tnever signed in\n', error: '' });
  expect((await haidang('set', 'lan', '--tiers', '2,4', '--role', 'analyst,manager')).out).toContain('analyst,manager\ttiers 2,4');
  expect(JSON.parse((await haidang('list', '--json')).out)).toMatchObject({ username: 'lan', tiers: [2, 4] });
  expect((await haidang('remove', 'lan')).out).toBe('removed lan\n');
  expect((await haidang('list')).out).toBe('');
});

test('beside a server the server does it', async () => {
  const store = await openStore({ folder: join(folder, 'data') }), control = await openControl(join(folder, 'data')), closed: string[] = [];
  try {
    registerUserCommands(control, new Accounts(store, systemClock, { closeAllOf: async (user) => { closed.push(user); } }));
    expect((await haidang('add', 'lan', '--role', 'analyst', '--tiers', '1-3', '--password-file', join(folder, 'password'))).code).toBe(0);
    const lan = await store.users.get('lan');
    expect(await verifyPassword(lan?.passwordHash, 'mật khẩu của Lan')).toBe(true);
    expect(lan).toMatchObject({ mustChangePassword: false, tiers: [1, 2, 3] });
    expect((await haidang('set', 'lan', '--disable')).out).toContain('disabled');
    expect(closed).toEqual(['lan']);
    expect((await store.audit.list({ by: 'machine' }, { limit: 10 })).items.map(({ action }) => action)).toEqual(['user.disable', 'user.add']);
  } finally { await control.close(); await store.close(); }
});

test('what is wrong is said, and nothing is done', async () => {
  expect(await haidang('add', 'lan', '--role', 'boss', '--tiers', '1-3', '--password-file', join(folder, 'password'))).toMatchObject({ code: 70, error: 'haidang: expected one of analyst, admin, manager, got "boss"\n' });
  expect(await haidang('add', 'lan', '--role', 'analyst', '--tiers', '3-9', '--password-file', join(folder, 'password'))).toMatchObject({ code: 70, error: 'haidang: expected tiers such as 1-3 or 2,4, got "3-9"\n' });
  expect((await haidang('add', 'lan', '--role', 'analyst', '--tiers', '1', '--password-file', join(folder, 'absent'))).error).toContain('expected a readable password file');
  expect((await haidang('remove', 'nobody')).error).toContain('expected a data folder');
});
