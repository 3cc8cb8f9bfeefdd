// The audit trail as the console writes it. An entry that cannot be written stops what it was to record: nothing is read or changed
// unseen. Searches are summed up: the same question of the same person within five minutes is one entry.
import type { Clock } from '../../core/process/clock.js';
import type { Store } from '../../core/store/store.js';
import type { SignedCall } from './route.js';

const SAME_MS = 5 * 60_000, REMEMBERED_MAX = 5000, TEXT_CHARS_MAX = 500;

export class Audit {
  private readonly lately = new Map<string, number>();
  constructor(private readonly store: Pick<Store, 'audit'>, private readonly clock: Clock) {}

  async did({ asker, address }: SignedCall, action: string, object: string, details?: Readonly<Record<string, unknown>>): Promise<void> {
    // The tiers of the doer say who may read the details.
    await this.write(asker.user.id, action, object, { ...details, tiers: asker.user.tiers }, address);
  }

  /** Somebody who is not signed in: sign-ins and refusals. */
  write(by: string, action: string, object: string, details: Readonly<Record<string, unknown>> | undefined, address: string): Promise<void> {
    return this.store.audit.append({ at: this.clock.now(), by: clip(by), action, object: clip(object), ...(details === undefined ? {} : { details }), address });
  }

  async read(call: SignedCall, action: string, object: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const now = this.clock.monotonic(), key = JSON.stringify([call.asker.session.id, action, object, details]);
    const before = this.lately.get(key);
    if (before !== undefined && now - before < SAME_MS) return;
    await this.did(call, action, object, details);
    this.lately.delete(key);
    this.lately.set(key, now);
    if (this.lately.size > REMEMBERED_MAX) this.lately.delete(this.lately.keys().next().value as string);
  }
}

const clip = (text: string): string => (text.length > TEXT_CHARS_MAX ? `${text.slice(0, TEXT_CHARS_MAX)}…` : text);
