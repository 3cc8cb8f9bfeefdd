// Signing in. At most 10 failures in 15 minutes for an account and 50 from an address, counted before the password is looked at, so
// that parallel tries gain nothing; an unknown name takes as long as a wrong password. Hashing is rationed: it costs 19 MiB each.
import { parseAddress } from '../../core/ip.js';
import type { Clock } from '../../core/process/clock.js';
import { verifyPassword } from '../../core/process/password.js';
import type { Store, User } from '../../core/store/store.js';
import type { Audit } from './audit.js';
import { Limiter } from './limiter.js';
import { RefusedError } from './refused.js';

/** An IPv6 household has 2^64 addresses of its own: they count as one. */
export function householdOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined || parsed.bits === 32 ? address : `${(parsed.value >> 64n).toString(16)}/64`;
}

const WINDOW_MS = 15 * 60_000, ACCOUNT_FAILURES_MAX = 10, ADDRESS_FAILURES_MAX = 50, HASHES_AT_ONCE = 4;

export class LoginGate {
  private readonly accounts: Limiter;
  private readonly addresses: Limiter;
  private readonly tellings: Limiter;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly store: Pick<Store, 'users'>, private readonly audit: Audit, clock: Clock) {
    this.accounts = new Limiter(ACCOUNT_FAILURES_MAX, WINDOW_MS, () => clock.monotonic());
    this.addresses = new Limiter(ADDRESS_FAILURES_MAX, WINDOW_MS, () => clock.monotonic());
    this.tellings = new Limiter(1, 60_000, () => clock.monotonic());
  }

  /** The user whose name and password these are, or RefusedError; each refusal is in the audit trail. */
  async signIn(username: string, password: string, address: string): Promise<User> {
    const id = username.normalize('NFC').trim().toLowerCase();
    return this.guarded(id, address, async () => {
      const user = await this.store.users.get(id);
      const right = await this.hashing(() => verifyPassword(user?.passwordHash, password));
      return right && user !== undefined && !user.disabled ? user : undefined;
    });
  }

  /** The same gate for a signed-in person who states the present password again. */
  async confirm(user: User, password: string, address: string): Promise<void> {
    await this.guarded(user.id, address, async () => ((await this.hashing(() => verifyPassword(user.passwordHash, password))) ? user : undefined));
  }

  private async guarded(id: string, address: string, decide: () => Promise<User | undefined>): Promise<User> {
    const account = this.accounts.take(id), place = this.addresses.take(householdOf(address));
    const retryMs = Math.max(account.taken ? 0 : account.retryMs, place.taken ? 0 : place.retryMs);
    if (!account.taken || !place.taken) {
      if (account.taken) account.giveBack();
      if (place.taken) place.giveBack();
      // Tries beyond the limit cost nothing; were each written down, a flood would fill the disk. The first of a minute stands for all.
      if (this.tellings.take(`${id}\0${address}`).taken) await this.audit.write(id, 'session.limited', id, undefined, address);
      throw new RefusedError(429, 'session.limited', `expected at most ${ACCOUNT_FAILURES_MAX} failed sign-ins in ${WINDOW_MS / 60_000} minutes`, { 'Retry-After': String(Math.ceil(retryMs / 1000)) });
    }
    let user: User | undefined;
    try { user = await decide(); } catch (error) {
      // The store failed, not the person.
      account.giveBack();
      place.giveBack();
      throw error;
    }
    if (user === undefined) {
      await this.audit.write(id, 'session.refused', id, undefined, address);
      throw new RefusedError(401, 'session.wrong', 'expected a known user name with its password');
    }
    account.giveBack();
    place.giveBack();
    return user;
  }

  private async hashing<T>(work: () => Promise<T>): Promise<T> {
    while (this.running >= HASHES_AT_ONCE) await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    this.running++;
    try { return await work(); } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
