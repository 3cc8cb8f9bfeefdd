import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { passwordChars, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '../password-rule.js';
import { projectRoot } from './built.js';
import { checkPassword, hashPassword, oneTimePassword, verifyPassword } from './password.js';

test('a password is known again, another is not', async () => {
  const stored = await hashPassword('mật khẩu của Lan');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, 'mật khẩu của Lan'.normalize('NFD'))).toBe(true);
  expect(await verifyPassword(stored, 'mật khẩu của Lam')).toBe(false);
  expect(await verifyPassword('not a hash', 'x')).toBe(false);
});

test('nobody has no password, and finding that out takes a hash too', async () => {
  await verifyPassword(undefined, 'warm up');
  const start = performance.now();
  expect(await verifyPassword(undefined, 'anything')).toBe(false);
  expect(performance.now() - start).toBeGreaterThan(5);
});

test('short, long, named and monotonous passwords are refused', () => {
  for (const password of ['short', 'ngắn qu', 'x'.repeat(300), 'NguyenThiLan', 'aaaaaaaabbbb']) expect(() => checkPassword(password, 'NguyenThiLan')).toThrow(/expected a password/);
  expect(() => checkPassword('đủ dài rồi đó', 'lan')).not.toThrow();
});

test('the least length is one figure: letters are counted as people do, one short of it is refused, and nobody writes a figure of his own', () => {
  const letters = 'mật khẩu'; // eight
  expect(passwordChars(letters)).toBe(PASSWORD_CHARS_MIN);
  for (const form of ['NFC', 'NFD'] as const) {
    expect(() => checkPassword(letters.normalize(form), 'lan')).not.toThrow();
    expect(() => checkPassword(letters.normalize(form).slice(0, form === 'NFC' ? -1 : -2), 'lan')).toThrow(`expected a password of ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters, got ${PASSWORD_CHARS_MIN - 1}`);
  }
  const places = ['core', 'console', 'bin'].flatMap((folder) => readdirSync(join(projectRoot, folder), { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test(-helper)?\.ts$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  const own = places.filter((path) => /PASSWORD_CHARS_MIN\s*=|\b\d+ (?:ký tự|characters)\b.{0,40}(?:mật khẩu|password)|(?:mật khẩu|password).{0,60}\b\d+ (?:ký tự|characters)\b/i.test(readFileSync(path, 'utf8')));
  expect(own.map((path) => relative(projectRoot, path))).toEqual(['core/password-rule.ts']);
});

test('one-time passwords differ', () => expect(new Set(Array.from({ length: 100 }, oneTimePassword)).size).toBe(100));
