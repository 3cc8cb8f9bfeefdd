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
  /** Settles the order of hits of the same moment. */
  readonly order: string;
  readonly late?: true;
  full: Hit | undefined;
}

export const refOf = (hit: Hit): HitRef => ({ eventId: hit.eventId, rule: hit.rule.uid, time: hit.time, received: hit.received, tier: hit.tier, order: orderOf(hit), ...(hit.late === undefined ? {} : { late: hit.late }), full: hit });

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

/** The whole hits of these refs, by ref; what is not in memory comes from the ledger (it was committed long ago). */
export async function wholeHits(refs: Iterable<HitRef>, ledger: LedgerStore): Promise<ReadonlyMap<HitRef, Hit>> {
  const whole = new Map<HitRef, Hit>(), asked = new Map<string, HitRef[]>();
  for (const ref of refs) {
    const key = `${ref.rule}\0${ref.eventId}`;
    if (ref.full !== undefined) whole.set(ref, ref.full);
    else asked.set(key, [...(asked.get(key) ?? []), ref]);
  }
  const names = [...asked.values()].map(([one]) => one as HitRef).map(({ eventId, rule, time, received }) => ({ eventId, rule, time, received }));
  for (let at = 0; at < names.length; at += ASKED_AT_ONCE) {
    for (const hit of await ledger.named(names.slice(at, at + ASKED_AT_ONCE))) for (const ref of asked.get(`${hit.rule.uid}\0${hit.eventId}`) ?? []) whole.set(ref, hit);
  }
  for (const [ref] of asked.values()) if (!whole.has(ref as HitRef)) throw new Error(`expected the hit of event ${(ref as HitRef).eventId} in the ledger, found none`);
  return whole;
}
/** What crosses between threads is held twice meanwhile. */
const ASKED_AT_ONCE = 500;
