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
  for (const password of ['short', 'x'.repeat(300), 'nguyenlan', 'aaaaaaaabb']) expect(() => checkPassword(password, 'NguyenLan')).toThrow(/expected a password/);
  expect(() => checkPassword('đủ dài rồi', 'lan')).not.toThrow();
});

test('one-time passwords differ', () => expect(new Set(Array.from({ length: 100 }, oneTimePassword)).size).toBe(100));
