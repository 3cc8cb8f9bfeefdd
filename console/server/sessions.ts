// Server-side sessions. The browser has a random token; the store knows its SHA-256 only, so a copy of the store opens no session.
// A session ends after 8 hours without use, 24 hours after sign-in, at sign-out, and when its user is disabled or gets a new password;
// each request asks the store, so an end holds at once and everywhere. Whoever holds something open for a session is told of its end.
import { createHash, randomBytes } from 'node:crypto';
import type { Millis } from '../../core/event.js';
import type { Session, Store, User } from '../../core/store/store.js';
import type { Clock } from '../../core/process/clock.js';

export const IDLE_MS = 8 * 3_600_000, ABSOLUTE_MS = 24 * 3_600_000;
/** Use is written down at most this often: a session is read on every request and seldom written. */
const SEEN_STEP_MS = 60_000, REMEMBERED_MAX = 1_000;

export interface SignedIn { readonly session: Session; readonly user: User }

export class Sessions {
  /** Listeners by session, with the user they belong to. */
  private readonly endings = new Map<string, { readonly user: string; readonly listeners: Set<() => void> }>();
  /** Sessions ended here lately, and how often each user's were ended: a use that is being written must not revive one. */
  private readonly ended = new BoundedSet(10_000);
  private readonly epochs = new Map<string, number>();
  /** Those that the store said are good, as it last did. */
  private readonly good = new Map<string, SignedIn>();
  constructor(private readonly store: Pick<Store, 'sessions' | 'users'>, private readonly clock: Clock) {}

  /** A new session, always with a new token. */
  async open(user: User): Promise<{ readonly token: string; readonly session: Session }> {
    const token = randomBytes(32).toString('base64url'), now = this.clock.now();
    const session: Session = { id: idOf(token), user: user.id, created: now, seen: now, expires: now + IDLE_MS };
    await this.store.sessions.put(session);
    this.remember(session.id, { session, user });
    return { token, session };
  }

  /** Who has this token, if the session still runs and its user may sign in. This counts as use. */
  async find(token: string): Promise<SignedIn | undefined> {
    return /^[\w-]{43}$/.test(token) ? this.check(idOf(token), true) : undefined;
  }

  /** What the store last said of this token's session, if it has not ended since as far as is known here; for while the store is away. */
  remembered(token: string): SignedIn | undefined {
    const known = this.good.get(idOf(token));
    return known === undefined || this.ended.has(known.session.id) || endOf(known.session) <= this.clock.now() ? undefined : known;
  }

  /** The session as it now is; `used` counts as use. */
  async check(id: string, used: boolean): Promise<SignedIn | undefined> {
    const found = await this.read(id, used);
    this.good.delete(id);
    if (found !== undefined) this.remember(id, found);
    return found;
  }

  private remember(id: string, known: SignedIn): void {
    this.good.set(id, known);
    if (this.good.size > REMEMBERED_MAX) this.good.delete(this.good.keys().next().value as string);
  }

  private async read(id: string, used: boolean): Promise<SignedIn | undefined> {
    const session = await this.store.sessions.get(id), now = this.clock.now();
    if (session === undefined || this.ended.has(id)) return undefined;
    const epoch = this.epochs.get(session.user), user = await this.store.users.get(session.user);
    if (user === undefined || user.disabled || endOf(session) <= now) {
      await this.close(id);
      return undefined;
    }
    if (!used || now - session.seen < SEEN_STEP_MS) return { session, user };
    const seen: Session = { ...session, seen: now, expires: Math.min(now + IDLE_MS, session.created + ABSOLUTE_MS) };
    await this.store.sessions.put(seen);
    if (this.ended.has(id) || this.epochs.get(session.user) !== epoch) {
      await this.close(id);
      return undefined;
    }
    return { session: seen, user };
  }

  async close(id: string): Promise<void> {
    this.ended.add(id);
    this.good.delete(id);
    await this.store.sessions.remove(id);
    this.tell(id);
  }

  async closeAllOf(user: string): Promise<void> {
    this.epochs.set(user, (this.epochs.get(user) ?? 0) + 1);
    for (const [id, one] of [...this.good]) if (one.user.id === user) this.good.delete(id);
    await this.store.sessions.removeOfUser(user);
    for (const [id, one] of [...this.endings]) if (one.user === user) this.tell(id);
  }

  removeExpired(): Promise<number> {
    return this.store.sessions.removeExpired(this.clock.now());
  }

  /** Calls `ended` when the session is ended here; returns how to stop listening. */
  onEnd({ id, user }: Session, ended: () => void): () => void {
    const { listeners } = this.endings.get(id) ?? { listeners: new Set<() => void>() };
    this.endings.set(id, { user, listeners: listeners.add(ended) });
    return () => { if (listeners.delete(ended) && listeners.size === 0) this.endings.delete(id); };
  }

  private tell(id: string): void {
    for (const ended of [...(this.endings.get(id)?.listeners ?? [])]) ended();
  }
}

class BoundedSet {
  private readonly kept = new Set<string>();
  constructor(private readonly max: number) {}
  has(id: string): boolean { return this.kept.has(id); }
  add(id: string): void {
    this.kept.add(id);
    if (this.kept.size > this.max) this.kept.delete(this.kept.values().next().value as string);
  }
}

const idOf = (token: string): string => createHash('sha256').update(token).digest('hex');
export const endOf = ({ expires, created }: Session): Millis => Math.min(expires, created + ABSOLUTE_MS);
