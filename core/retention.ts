// How far retention may go. What it takes away does not come back, so it goes by a time of its own, the horizon: that follows the clock,
// never past what other clocks can confirm, and where it lags (after days without the program, or a clock that was set) it makes up
// at most one more day for each day that passes on the monotonic clock, unless an administrator says that the clock is right.
import type { Clock } from './process/clock.js';
import type { Log } from './process/log.js';
import type { Millis } from './event.js';
import type { Store } from './store/store.js';

const HOUR_MS = 3_600_000, DAY_MS = 24 * HOUR_MS;
/** How far clocks may be apart. */
export const CLOCK_APART_MS = HOUR_MS;
/** One day by plan, one more. */
const DAYS_A_DAY = 2;

export interface ClockEvidence {
  readonly now: Millis;
  /** What the clock would say if nobody had set it since it was last trusted. */
  readonly expected: Millis;
  /** The clock of the store's own machines, where they have one. */
  readonly storeNow?: Millis | undefined;
  /** The newest day of receipt in the store, `2026-11-22`. */
  readonly newestDay?: string | undefined;
}
/** Why a clock is not believed. */
export type Suspicion = 'jumped' | 'store' | 'received';

export function suspicionOf({ now, expected, storeNow, newestDay }: ClockEvidence): Suspicion | undefined {
  if (storeNow !== undefined && now - storeNow > CLOCK_APART_MS) return 'store';
  if (now - expected > CLOCK_APART_MS) return 'jumped';
  // Collectors write down when they received: by this clock nobody has received anything for more than a day.
  return newestDay !== undefined && now - (Date.parse(newestDay) + DAY_MS) > DAY_MS ? 'received' : undefined;
}

/** Where the horizon may stand after so much monotonic time. It never goes back. */
export const horizonAfter = (before: Millis, now: Millis, elapsedMs: number): Millis => Math.max(before, Math.min(now, before + DAYS_A_DAY * elapsedMs));

/** What is kept about it, for the next start and for who looks. */
export interface RetentionState {
  readonly horizon: Millis;
  readonly at: Millis;
  readonly suspicion?: Suspicion;
  /** Since when it is suspected, or lags by more than a day. */
  readonly heldSince?: Millis;
  /** The administrator's word that was last heeded. */
  readonly released?: number;
}
/** Said by an administrator: the clock is right, all that is due by it may go. */
export interface RetentionRelease { readonly n: number; readonly by: string; readonly at: Millis }
/** What was done and held back, for the audit trail: whoever keeps days may have no right to write that. */
export interface RetentionNote { readonly n: number; readonly at: Millis; readonly action: 'retention.drop' | 'retention.held' | 'retention.resumed'; readonly object: string; readonly details: Readonly<Record<string, string | number>> }
export const RETENTION = { state: 'retention.state', release: 'retention.release', notes: 'retention.notes', audited: 'retention.audited' } as const;
const NOTES_MAX = 500;

type Dropped = readonly { readonly tier: number; readonly day: string; readonly events: number }[];

export class RetentionGuard {
  /** When the clock was last believed. */
  private trusted: { readonly wall: Millis; readonly monotonic: number };
  private looked: number;
  private jumpedAt: number | undefined;

  constructor(private readonly store: Pick<Store, 'settings' | 'events' | 'health'>, private readonly clock: Clock, private readonly log: Log) {
    this.trusted = { wall: clock.now(), monotonic: clock.monotonic() };
    this.looked = clock.monotonic();
  }

  /** Moves the horizon as far as it may go now; while the clock is suspect nothing may be taken away. */
  async look(): Promise<RetentionState> {
    const { store, clock } = this, [before, release, health, days] = await Promise.all([store.settings.get(RETENTION.state) as Promise<RetentionState | undefined>, store.settings.get(RETENTION.release) as Promise<RetentionRelease | undefined>, store.health(), store.events.days()]);
    const now = clock.now(), monotonic = clock.monotonic(), elapsed = Math.max(0, monotonic - this.looked), newestDay = days.reduce<string | undefined>((newest, { day }) => (newest === undefined || day > newest ? day : newest), undefined);
    this.looked = monotonic;
    const freed = release !== undefined && release.n > (before?.released ?? 0) ? release : undefined;
    if (freed !== undefined) this.believe(now, monotonic);
    const suspicion = this.judge({ now, expected: this.trusted.wall + monotonic - this.trusted.monotonic, storeNow: health.now, newestDay: freed === undefined ? newestDay : undefined }, monotonic);
    // The first time: no further than what was received says.
    const first = Math.min(now, newestDay === undefined ? now : Date.parse(newestDay) + DAY_MS), horizon = suspicion !== undefined ? before?.horizon ?? Math.min(first, health.now ?? first) : freed !== undefined ? now : horizonAfter(before?.horizon ?? first, now, elapsed);
    const held = suspicion !== undefined || now - horizon > DAY_MS, heldSince = held ? before?.heldSince ?? now : undefined, released = freed?.n ?? before?.released;
    const state: RetentionState = { horizon, at: now, ...(suspicion === undefined ? {} : { suspicion }), ...(heldSince === undefined ? {} : { heldSince }), ...(released === undefined ? {} : { released }) };
    await store.settings.put(RETENTION.state, state);
    if (held !== (before?.heldSince !== undefined) || suspicion !== before?.suspicion) await this.tell(state, now);
    return state;
  }

  /** Writes down what went. */
  async dropped(days: Dropped): Promise<void> {
    await this.note(days.map(({ tier, day, events }) => ({ action: 'retention.drop', object: `${tier}/${day}`, details: { events } })));
  }

  private judge(evidence: ClockEvidence, monotonic: number): Suspicion | undefined {
    const found = suspicionOf(evidence);
    if (found === undefined || evidence.now < evidence.expected) { this.jumpedAt = undefined; if (found === undefined) this.believe(evidence.now, monotonic); return found; }
    if (found !== 'jumped') return found;
    // A clock that was set, or a machine that slept: believed after a day in which nothing else speaks against it.
    this.jumpedAt ??= monotonic;
    if (monotonic - this.jumpedAt < DAY_MS) return found;
    this.believe(evidence.now, monotonic);
    return undefined;
  }

  private believe(wall: Millis, monotonic: number): void {
    this.trusted = { wall, monotonic };
    this.jumpedAt = undefined;
  }

  private async tell({ horizon, suspicion, heldSince }: RetentionState, now: Millis): Promise<void> {
    const details = { clock: new Date(now).toISOString(), horizon: new Date(horizon).toISOString(), ...(suspicion === undefined ? {} : { reason: suspicion }) };
    if (heldSince === undefined) this.log.info(details, 'retention goes by the clock again');
    else this.log.error(details, suspicion === undefined ? 'retention lags behind the clock and makes up one day a day' : 'retention takes nothing away: the clock cannot be believed');
    await this.note([{ action: heldSince === undefined ? 'retention.resumed' : 'retention.held', object: suspicion ?? 'horizon', details }]);
  }

  private async note(notes: readonly Omit<RetentionNote, 'n' | 'at'>[]): Promise<void> {
    if (notes.length === 0) return;
    const before = (await this.store.settings.get(RETENTION.notes) ?? []) as readonly RetentionNote[], last = before[before.length - 1]?.n ?? 0, at = this.clock.now();
    await this.store.settings.put(RETENTION.notes, [...before, ...notes.map((note, i): RetentionNote => ({ n: last + i + 1, at, ...note }))].slice(-NOTES_MAX));
  }
}
