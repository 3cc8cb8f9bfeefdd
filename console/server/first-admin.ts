// The first administrator of a new installation: `admin`, all tiers, reads logs until an administrator takes that right away. The
// password comes from a file, or is made up, printed once and must be changed.
import { readFileSync } from 'node:fs';
import { InvalidError } from '../../core/errors.js';
import { oneTimePassword } from '../../core/process/password.js';
import type { Store } from '../../core/store/store.js';
import type { Accounts } from './accounts.js';

export async function ensureFirstAdmin(store: Store, accounts: Accounts, passwordFile: string | undefined, print: (line: string) => void): Promise<void> {
  if ((await store.users.list()).length > 0) return;
  const given = passwordFile === undefined ? undefined : readPasswordFile(passwordFile);
  const password = given ?? oneTimePassword();
  await accounts.add({ username: 'admin', name: 'Quản trị', roles: ['admin'], tiers: [1, 2, 3, 4, 5], password, readsLogs: true, mustChangePassword: given === undefined }, { kind: 'machine' });
  if (given === undefined) print(`First administrator: user admin, one-time password ${password}`);
}

/** The first line of the file, without its line end. */
export function readPasswordFile(path: string): string {
  let text: string;
  try { text = readFileSync(path, 'utf8'); } catch (error) { throw new InvalidError(`expected a readable password file at ${path}, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`, 'password-file'); }
  const password = text.replace(/^\uFEFF/, '').split(/\r?\n/)[0] ?? '';
  if (password === '') throw new InvalidError(`expected a password on the first line of ${path}, got nothing`, 'password-file');
  return password;
}
