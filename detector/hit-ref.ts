// A hit as correlation windows keep it: small, because a window may hold hundreds of thousands. The whole hit stays with the most
// recent ones only; an older one that is needed for a proof is read from the ledger again.
import type { Hit } from '../core/alert.js';
import type { Millis } from '../core/event.js';
import type { LedgerStore } from '../core/store/store.js';

export interface HitRef {
  readonly eventId: string;
  /** Uid of the rule. */
  readonly rule: string;
  readonly time: Millis;
  readonly received: Millis;
  readonly tier: number;
  full: Hit | undefined;
}

export const refOf = (hit: Hit): HitRef => ({ eventId: hit.eventId, rule: hit.rule.uid, time: hit.time, received: hit.received, tier: hit.tier, full: hit });

/** Hits of the same moment in one order wherever they are looked at: by receipt, stream and position. */
export const orderOf = ({ received, stream, seq }: Hit): string => `${String(received).padStart(15, '0')}.${stream}.${String(seq).padStart(16, '0')}`;

/** By event time; of the same moment in a fixed order. */
export const byTime = (a: HitRef, b: HitRef): number => a.time - b.time || (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0);

/** Remembers which refs are whole, and makes the oldest small when they are in the ledger. */
export class WholeHits {
  private whole: HitRef[] = [];

  constructor(private readonly wholeMax: number) {}

  keep(ref: HitRef): HitRef {
    this.whole.push(ref);
    return ref;
  }

  /** Everything kept so far is committed: what is more than `wholeMax` can be read again. */
  committed(): void {
    const over = this.whole.length - this.wholeMax;
    if (over <= 0) return;
    for (const ref of this.whole.slice(0, over)) ref.full = undefined;
    this.whole = this.whole.slice(over);
  }
}

/** The whole hits of these refs, in order; what is not in memory comes from the ledger (it was committed long ago). */
export async function wholeHits(refs: readonly HitRef[], ledger: LedgerStore): Promise<readonly Hit[]> {
  const asked = new Map<string, Promise<readonly Hit[]>>();
  return Promise.all(refs.map(async (ref) => {
    if (ref.full !== undefined) return ref.full;
    const key = `${ref.rule}\0${ref.time}`;
    let found = asked.get(key);
    if (found === undefined) asked.set(key, found = ledger.hits(ref.rule, ref.time, ref.time));
    const hit = (await found).find(({ eventId }) => eventId === ref.eventId);
    if (hit === undefined) throw new Error(`expected the hit of event ${ref.eventId} in the ledger, found none`);
    return hit;
  }));
}
