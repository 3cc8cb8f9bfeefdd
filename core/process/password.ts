// Passwords: argon2id, the PHC text carries salt and cost. A look-up that found nobody still pays for one hash, so that the time of
// an answer does not tell whether there is such a person.
import { randomBytes, randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { InvalidError } from '../errors.js';
import { passwordChars, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from '../password-rule.js';

// 19 MiB, two passes: the figures OWASP gives; about 40-90 ms on a small machine.
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Throws InvalidError where the password is too short, too long or the user's own name. */
export function checkPassword(password: string, username: string): void {
  const length = passwordChars(password);
  if (length < PASSWORD_CHARS_MIN || length > PASSWORD_CHARS_MAX) throw new InvalidError(`expected a password of ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters, got ${length}`, 'password', 'password.length', { min: PASSWORD_CHARS_MIN, max: PASSWORD_CHARS_MAX, got: length });
  if (password.toLowerCase() === username.toLowerCase() || new Set(password).size < 3) throw new InvalidError('expected a password that is not the user name and has more than two different characters', 'password', 'password.weak');
}

// Composed and decomposed letters are one password: keyboards differ in what they send for `ế`.
const bytes = (password: string): string => password.normalize('NFC');

export const hashPassword = (password: string): Promise<string> => hash(bytes(password), COST);

let nobody: Promise<string> | undefined;
/** True when `password` belongs to `stored`; without a stored hash the same work is done, and the answer is false. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  if (passwordChars(password) > PASSWORD_CHARS_MAX) return false;
  nobody ??= hash(randomBytes(18), COST);
  const right = await verify(stored ?? await nobody, bytes(password)).catch(() => false);
  return right && stored !== undefined;
}

// Without 0 O 1 l I: it is read from a screen and typed.
const LETTERS = 'abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ2346789';
/** A password for one use, of about 90 bits. */
export const oneTimePassword = (): string => Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
