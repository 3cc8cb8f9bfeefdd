// Correlations over the hits of committed runs (reference protocol 6). What is told is a function of the set of hits, not of how
// they were grouped into rounds or where a restart fell:
// - what more hits can only make true goes through one Correlator, which tells at once;
// - verdicts that wait go through one for each lateness that the policy gives to tiers: its watermark follows receipt by so much, it counts
//   what came at most so late, and tells of the windows that hits of those tiers end or open;
// - a hit behind the watermark (a log sent again, an agent that was offline) is looked at together with the stored hits around it:
//   each correlation has a second window over event time, loaded from the ledger as far as it is needed and kept while it is;
// - after a restart, and when rules change, all of this is built again from the ledger, whose hits were committed together with
//   the alerts they made: what they tell is known, and dropped.
import type { Hit } from '../core/alert.js';
import type { Millis } from '../core/event.js';
import type { CompiledCorrelation } from '../core/sigma/compiled.js';
import { Correlator, type CorrelationAlert, type CorrelationResult } from '../core/sigma/correlate.js';
import { fieldsRead } from '../core/sigma/correlation-fields.js';
import { HitMemory } from '../core/sigma/correlation-run.js';
import type { LedgerStore } from '../core/store/store.js';
import type { Tier } from '../core/tier.js';
import { byTime, refOf, WholeHits, type HitRef } from './hit-ref.js';
import { correlationAlertId } from './ids.js';
import { latenessOf, tiersBy, type ByTier } from './lateness.js';

/** A correlation's alert that is new or has grown. */
export interface Told {
  readonly id: string;
  readonly correlation: CompiledCorrelation;
  readonly group: Readonly<Record<string, string>>;
  /** The earliest hit that fulfilled it, as far as this round can tell. */
  readonly completing: HitRef;
  /** What this round added; by event time. */
  readonly added: readonly HitRef[];
  /** Every hit of it that is in memory; by event time. */
  all(): readonly HitRef[];
}

export interface CorrelationOptions {
  readonly lateness: ByTier;
  /** Whole hits kept in memory; older ones are read again when a proof needs them. */
  readonly wholeMax?: number;
  readonly hitsMax?: number;
  /** Hits that a correlation's window of late hits may hold before it is begun anew. */
  readonly lateMax?: number;
}

/** The correlations whose verdicts wait, for the tiers that are given one lateness. */
interface Waiting {
  readonly latenessMs: number;
  readonly tiers: readonly Tier[];
  readonly correlator: Correlator<HitRef>;
}

export class Correlation {
  private readonly main: Correlator<HitRef>;
  private readonly memory: HitMemory;
  private readonly waiting: readonly Waiting[];
  /** Those that the waiting ones tell; what else is in their chains is told by `main`. */
  private readonly waits: ReadonlySet<CompiledCorrelation>;
  private readonly late: readonly LateWindow[];
  private readonly whole: WholeHits;
  private readonly fields: Fields;
  /** How far behind the watermark a hit of a rule must be to be of no use to any hit on time in `main`: its own verdicts fall in the windows of late hits. */
  private readonly lateOnly = new Map<string, number>();
  private lateHits = 0;

  private constructor(correlations: readonly CompiledCorrelation[], ledger: LedgerStore, { lateness, wholeMax = 8_000, hitsMax = 500_000, lateMax = 100_000 }: CorrelationOptions) {
    const alive = correlations.filter(({ state }) => state === 'alive'), chains = new Map(alive.map((correlation) => [correlation, chainOf(correlation, correlations)]));
    const waits = this.waits = new Set([...chains].filter(([, chain]) => chain.correlations.some(({ verdict }) => verdict !== 'now')).map(([correlation]) => correlation));
    const memory = this.memory = new HitMemory(hitsMax), fed = [...new Set([...waits].flatMap((correlation) => chains.get(correlation)?.correlations ?? []))], kinds = [...tiersBy(lateness)];
    this.main = new Correlator(alive.filter((correlation) => !waits.has(correlation)), { memory });
    this.waiting = waits.size === 0 ? [] : kinds.map(([latenessMs, tiers]) => (
      { latenessMs, tiers, correlator: new Correlator(fed, { latenessMs, memory, ...(kinds.length === 1 ? {} : { tells: ({ tier }: HitRef) => latenessOf(lateness, tier) === latenessMs }) }) }));
    this.whole = new WholeHits(wholeMax);
    this.fields = fieldsRead(correlations);
    this.late = alive.filter(({ verdict, reports }) => verdict === 'now' && reports).map((correlation) => new LateWindow(correlation, chains.get(correlation) as Chain, ledger, this.whole, this.fields, lateMax));
    for (const [correlation, { inputs, spanMs }] of chains) if (!waits.has(correlation)) for (const uid of inputs) this.lateOnly.set(uid, Math.max(this.lateOnly.get(uid) ?? 0, spanMs));
  }

  /** The state after everything that is committed; `closed` = the watermarks of the verdicts given. */
  static async open(correlations: readonly CompiledCorrelation[], ledger: LedgerStore, closed: ByTier, options: CorrelationOptions): Promise<Correlation> {
    const opened = new Correlation(correlations, ledger, options), since = new Map<string, Millis>();
    for (const correlation of correlations) {
      if (correlation.state !== 'alive') continue;
      // Twice the span: what is cut off at the front then lies in slots that no more hits extend.
      const chain = chainOf(correlation, correlations), from = Math.min(...Object.values(closed)) - 2 * chain.spanMs;
      for (const uid of chain.inputs) since.set(uid, Math.min(since.get(uid) ?? Infinity, from));
    }
    for (const [uid, from] of since) {
      for (const hit of await ledger.hits(uid, Math.max(0, from), TIME_MAX)) {
        const one = entry(opened.whole.keep(refOf(hit)), { event: lean(hit, opened.fields) });
        opened.main.add(one);
        for (const { correlator } of opened.waiting) correlator.add(one);
      }
    }
    opened.advance(closed);
    return opened;
  }

  get counts(): { readonly held: number; readonly late: number; readonly dropped: number; readonly undecided: number } {
    const { held, dropped } = this.main.counts, waiting = this.waiting.map(({ correlator }) => correlator.counts), sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0);
    return { held: held + sum(waiting.map((one) => one.held)) + sum(this.late.map((window) => window.held)), late: this.lateHits, dropped, undecided: sum(waiting.map((one) => one.late)) };
  }

  /** Correlations that had to give up hits for want of memory, by uid: how many. */
  get losses(): Readonly<Record<string, number>> { return this.memory.losses; }

  /** Takes the hits of a round, in order, then moves the watermarks. When it throws, this state is of no use any more: open it anew. */
  async take(hits: readonly Hit[], watermarks: ByTier): Promise<readonly Told[]> {
    this.whole.committed();
    const telling = new Telling(), read = hits.filter(({ rule }) => this.reads(rule.uid)).map((hit): Read => ({ ref: this.whole.keep(refOf(hit)), hit: { event: lean(hit, this.fields), time: hit.time } }));
    const from = this.main.watermark;
    for (const { hit } of read) if (hit.time < from) this.lateHits++;
    for (const window of this.late) await window.take(read, from, telling);
    for (const { hit, ref } of read) {
      const one = entry(ref, hit);
      if (hit.time >= from - (this.lateOnly.get(ref.rule) ?? 0)) telling.add(this.main.add(one));
      for (const { correlator } of this.waiting) telling.add(this.own(correlator.add(one)));
    }
    for (const results of this.advance(watermarks)) telling.add(results);
    return telling.told();
  }

  private reads(uid: string): boolean { return this.main.reads(uid) || this.waiting[0]?.correlator.reads(uid) === true; }

  private advance(watermarks: ByTier): readonly (readonly CorrelationResult<HitRef>[])[] {
    // What is told at once needs no watermark; it says which hits are behind, to be looked at with the stored ones around them.
    return [this.main.advance(Math.max(...Object.values(watermarks))), ...this.waiting.map(({ tiers, correlator }) => this.own(correlator.advance(Math.min(...tiers.map((tier) => watermarks[tier])))))];
  }

  private own(results: readonly CorrelationResult<HitRef>[]): readonly CorrelationResult<HitRef>[] { return results.filter(({ alert }) => this.waits.has(alert.correlation)); }
}

const TIME_MAX = 8.64e15;

type Fields = ReturnType<typeof fieldsRead>;
/** Windows keep what they are given for as long as they hold the hit: only what they look at. */
function lean(hit: Hit, fields: Fields): Hit['event'] {
  const names = fields.get(hit.rule.uid);
  if (names === undefined) return hit.event;
  const from = hit.reads ?? hit.event;
  return Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]])) as Hit['event'];
}

type Read = { readonly hit: Pick<Hit, 'event' | 'time'>; readonly ref: HitRef };
const entry = (ref: HitRef, hit: Pick<Hit, 'event'>): { rule: string; time: Millis; received: Millis; order: string; event: Hit['event']; ref: HitRef } => ({ rule: ref.rule, time: ref.time, received: ref.received, order: ref.order, event: hit.event, ref });

interface Chain {
  /** The correlation and those that feed it. */
  readonly correlations: readonly CompiledCorrelation[];
  /** Uids of the rules at the bottom. */
  readonly inputs: ReadonlySet<string>;
  /** How far apart hits may be that count together. */
  readonly spanMs: number;
}
function chainOf(correlation: CompiledCorrelation, all: readonly CompiledCorrelation[]): Chain {
  const chain = [correlation], inputs = new Set<string>();
  let innerMs = 0;
  for (const uid of correlation.inputs) {
    const inner = all.find((one) => one.uid === uid);
    if (inner === undefined) { inputs.add(uid); continue; }
    const below = chainOf(inner, all);
    for (const one of below.correlations) if (!chain.includes(one)) chain.push(one);
    for (const input of below.inputs) inputs.add(input);
    innerMs = Math.max(innerMs, below.spanMs);
  }
  return { correlations: chain, inputs, spanMs: correlation.timespanMs + innerMs };
}

/** One correlation over a stretch [from, to] of event time in which every hit there is, is here. */
class LateWindow {
  private correlator: Correlator<HitRef>;
  private from = Infinity;
  private to = -Infinity;
  /** Hits of this round that are here already. */
  private here = new Set<HitRef>();

  constructor(private readonly correlation: CompiledCorrelation, private readonly chain: Chain, private readonly ledger: LedgerStore, private readonly whole: WholeHits, private readonly fields: Fields, private readonly heldMax: number) {
    this.correlator = new Correlator(chain.correlations);
  }

  get held(): number { return this.correlator.counts.held; }

  async take(read: readonly Read[], watermark: Millis, telling: Telling): Promise<void> {
    const own = read.filter(({ ref }) => this.chain.inputs.has(ref.rule));
    if (own.length === 0) return;
    this.here.clear();
    const late = own.filter(({ ref }) => ref.time < watermark).map(({ ref }) => ref.time).sort((a, b) => a - b);
    if (this.correlator.counts.held > this.heldMax) this.reset();
    if (late.length === 0) { this.add(own, telling, watermark); return; }
    for (let first = 0; first < late.length;) {
      let last = first;
      while (last + 1 < late.length && (late[last + 1] as Millis) - (late[last] as Millis) <= 4 * this.chain.spanMs) last++;
      await this.reach(late[first] as Millis, late[last] as Millis);
      this.add(own, telling, watermark);
      first = last + 1;
    }
  }

  private add(own: readonly Read[], telling: Telling, watermark: Millis): void {
    const { spanMs } = this.chain;
    for (const { hit, ref } of own) {
      if (ref.time < this.from || ref.time > this.to || this.here.has(ref)) continue;
      // A late hit waits until everything around it is here: what is loaded later tells nothing.
      if (ref.time < watermark && (ref.time - spanMs < this.from || ref.time + spanMs > this.to)) continue;
      this.here.add(ref);
      telling.add(this.correlator.add(late(entry(ref, hit))).filter(({ alert }) => alert.correlation === this.correlation));
    }
  }

  /** Makes sure that everything around hits from `first` to `last` is here. */
  private async reach(first: Millis, last: Millis): Promise<void> {
    const { spanMs } = this.chain, from = first - spanMs, to = last + spanMs;
    if (from >= this.from && to <= this.to) return;
    if (from > this.to + 1 || to < this.from - 1) this.reset();
    // Further than needed, so that a log sent again does not ask the ledger at each line.
    const wide = 4 * spanMs;
    if (this.from > this.to) {
      await this.load(from - spanMs, to + wide);
      [this.from, this.to] = [from - spanMs, to + wide];
      return;
    }
    if (from < this.from) { await this.load(from - wide, this.from - 1); this.from = from - wide; }
    if (to > this.to) { await this.load(this.to + 1, to + wide); this.to = to + wide; }
  }

  private async load(from: Millis, to: Millis): Promise<void> {
    for (const uid of this.chain.inputs) for (const hit of await this.ledger.hits(uid, from, to)) this.correlator.add(late(entry(this.whole.keep(refOf(hit)), { event: lean(hit, this.fields) })));
  }

  private reset(): void {
    this.correlator = new Correlator(this.chain.correlations);
    this.from = Infinity;
    this.to = -Infinity;
    this.here = new Set();
  }
}
/** In a window over event time alone no hit is late. */
const late = <T extends { received?: Millis }>(hit: T): T => ({ ...hit, received: undefined });

/** Gathers what a round tells, each alert once. */
class Telling {
  private readonly alerts = new Map<string, { readonly correlation: CompiledCorrelation; readonly latest: Map<object, CorrelationAlert<HitRef>>; completing: HitRef; readonly added: Map<string, HitRef> }>();

  add(results: readonly CorrelationResult<HitRef>[]): void {
    for (const { alert, added } of results) {
      const { correlation, group, slot, event } = alert;
      if (!correlation.reports) continue;
      const id = correlationAlertId(correlation.uid, correlation.version, group, slot);
      let known = this.alerts.get(id);
      if (known === undefined) this.alerts.set(id, known = { correlation, latest: new Map(), completing: event, added: new Map() });
      if (byTime(event, known.completing) < 0) known.completing = event;
      // One entry for each Correlator that told it: its alerts share the group's values.
      known.latest.set(group, alert);
      for (const ref of added) known.added.set(keyOf(ref), ref);
    }
  }

  told(): readonly Told[] {
    return [...this.alerts].map(([id, { correlation, latest, completing, added }]) => ({
      id, correlation, completing, group: [...latest.values()][0]?.group ?? {}, added: [...added.values()].sort(byTime),
      all: () => {
        const every = new Map(added);
        for (const { hits } of latest.values()) for (const ref of hits) every.set(keyOf(ref), ref);
        return [...every.values()].sort(byTime);
      },
    }));
  }
}
const keyOf = ({ eventId, rule }: HitRef): string => `${eventId}\0${rule}`;
