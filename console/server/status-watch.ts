// Whether the store answers, since when it does not, and whether what waited meanwhile is evaluated: looked at every two seconds, so
// that a page is told at once and without the store. `follow` decides; everything here is of this process's life.
import type { Millis } from '../../core/event.js';
import type { Clock } from '../../core/process/clock.js';
import type { Store, StoreHealth } from '../../core/store/store.js';

/** How far decisions are behind receipt, as /metrics of the detectors says it. */
export interface EvaluationFigures {
  readonly lagMs: number;
  /** Where they are processes of their own: how many are there. */
  readonly detectors?: number;
  readonly streams: readonly { readonly stream: string; readonly position: number; readonly received: Millis; readonly lagMs: number; readonly hole?: number }[];
  /** Why nothing is decided at present. */
  readonly problem?: string;
}
/** Of one collector, as its /metrics says it. */
export interface IntakeFigures {
  readonly name: string;
  /** Its figures could be read. */
  readonly reached: boolean;
  /** Senders are acknowledged. */
  readonly taking: boolean;
  readonly spoolBytes: number;
  readonly bytesPerSecond: number;
  /** How long its disk has room at this rate; absent where nothing comes in. */
  readonly lastsMs?: number;
  /** Something taken is not in the store yet, and that not only for a moment. */
  readonly waiting: boolean;
}
export interface FlowFigures { readonly evaluation?: EvaluationFigures; readonly intakes: readonly IntakeFigures[] }

/** A time without the store: `back` when it answered again, `caughtUp` when all that waited was evaluated. */
export interface Outage { readonly since: Millis; readonly back?: Millis; readonly caughtUp?: Millis }

export interface Seen { readonly at: Millis; readonly ready: boolean; readonly behind: boolean }

/** What is known of the latest outage after one more look. One that comes before all is caught up with is the same one. */
export function follow(before: Outage | undefined, { at, ready, behind }: Seen): Outage | undefined {
  const over = before === undefined || before.caughtUp !== undefined;
  if (!ready) return over ? { since: at } : { since: before.since };
  if (over) return before;
  const back = before.back ?? at;
  return { since: before.since, back, ...(behind ? {} : { caughtUp: at }) };
}

export interface StatusNow {
  readonly health: StoreHealth | undefined;
  readonly outage: Outage | undefined;
  readonly flow: FlowFigures;
  /** When the figures of evaluation were read. */
  readonly asOf: Millis | undefined;
}

const LOOK_MS = 2_000, LOOK_MAX_MS = 12_000, BEHIND_MS = 5_000, STILL_MS = 30_000, BLIP_MS = 3_000;

export class StatusWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  private health: StoreHealth | undefined;
  private outage: Outage | undefined;
  private flow: FlowFigures = { intakes: [] };
  private asOf: Millis | undefined;
  /** The first look in a row at which it did not answer. */
  private missed: Millis | undefined;
  private readonly moved = new Map<string, { position: number; at: number }>();

  constructor(private readonly store: Pick<Store, 'health'>, private readonly flowNow: () => Promise<FlowFigures>, private readonly clock: Clock, private readonly lookMs = LOOK_MS) {}

  start(): void {
    const look = (): void => { this.looking = this.look().finally(() => { if (!this.stopped) this.timer = setTimeout(look, this.lookMs).unref(); }); };
    look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  now(): StatusNow { return { health: this.health, outage: this.outage, flow: this.flow, asOf: this.asOf }; }

  /** Looks once. */
  async look(): Promise<void> {
    const [health, flow] = await Promise.all([inTime(this.store.health()), inTime(this.flowNow())]), at = this.clock.now();
    this.health = health ?? (this.health === undefined ? undefined : { ...this.health, ready: false });
    if (flow !== undefined) {
      const evaluation = flow.evaluation ?? this.flow.evaluation;
      this.flow = { intakes: flow.intakes, ...(evaluation === undefined ? {} : { evaluation }) };
      if (flow.evaluation !== undefined) this.asOf = at;
    }
    const ready = health?.ready === true && flow?.evaluation?.problem === undefined;
    if (ready) this.missed = undefined; else this.missed ??= at;
    // A single answer that is missed is no outage.
    const away = this.missed !== undefined && at - this.missed >= BLIP_MS, running = this.outage !== undefined && this.outage.caughtUp === undefined;
    if (away && !running) this.outage = { since: this.missed as Millis };
    else if (away || (ready && running)) this.outage = follow(this.outage, { at, ready, behind: this.behind(this.outage?.back ?? at) });
  }

  private behind(back: Millis): boolean {
    const { evaluation, intakes } = this.flow, now = this.clock.monotonic();
    for (const { stream, position } of evaluation?.streams ?? []) if (this.moved.get(stream)?.position !== position) this.moved.set(stream, { position, at: now });
    if (intakes.some(({ waiting }) => waiting)) return true;
    if (evaluation === undefined) return false;
    if (evaluation.problem !== undefined || evaluation.lagMs > BEHIND_MS || evaluation.detectors === 0) return true;
    // A stream that still moves is caught up with when something is decided that came after the store was back.
    return evaluation.streams.some(({ stream, received }) => received < back && now - (this.moved.get(stream)?.at ?? now) < STILL_MS);
  }
}

/** What is not there in time is not there. */
async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try { return await Promise.race([work, new Promise<undefined>((resolve) => { timer = setTimeout(() => resolve(undefined), LOOK_MAX_MS); })]); } catch { return undefined; } finally { clearTimeout(timer); }
}
