// Correlations over event time, incrementally: one class for the live detector, `haidang eval` and rule tests
// (reference/protocol.md section 6). Hits of a group are kept in order of (time, order), whatever the order they arrive in, and
// what is reported is a function of the set of hits alone:
// - verdict `now`: every window [t-T, t] that ends at a hit; told at once, late hits included;
// - verdict `settled` (sums, averages, percentiles): the same windows, told when the watermark has passed t;
// - verdict `end` (what more hits can make false): the window [t, t+T] that each hit opens, told when the watermark has passed t+T.
// An event that several rules of a correlation met is one event where events are counted or their values are; temporal types see each rule.
// Hits of one moment have no order: a window holds all of a moment or nothing of it. Only which of them an alert names follows `order`.
// One alert a group and slot floor(t/T); later hits extend it. The caller advances the watermark; hits that are older than
// `horizon` allows are gone from here: for a late hit before it the caller replays the stored hits of [t-T, t+T] through a
// fresh Correlator and unites the alerts by their (correlation, group, slot).
import type { Event, Millis } from '../event.js';
import type { Path } from '../predicate/predicate.js';
import type { CompiledCorrelation } from './compiled.js';
import { groupKeyOf, groupOf, INNER, NONE, valueOf } from './correlation-fields.js';
import { before, holdsEvent, momentOf, refs, Stored, upperBound, type Alert, type Chained, type Fed, type Group, type InnerWindow } from './correlation-hits.js';
import { arrange, HitMemory, openGroup, sweep, type Input, type Running } from './correlation-run.js';
import { aggregateFor } from './windows.js';

export interface CorrelationHit<T> {
  /** Uid of the rule that hit. */
  readonly rule: string;
  readonly time: Millis;
  /** For on time or late; absent = on time. */
  readonly received?: Millis;
  /** Settles the order of hits of the same moment, and tells their events apart: hits of one moment and one order are of one event. Absent = order of arrival. */
  readonly order?: number | string;
  readonly event: Event;
  /** What the caller wants back for a contributing hit. */
  readonly ref: T;
}

export interface CorrelationAlert<T> {
  readonly correlation: CompiledCorrelation;
  /** Field as written in group-by -> value. */
  readonly group: Readonly<Record<string, string>>;
  readonly slot: number;
  /** The earliest event that fulfilled it, and its time. */
  readonly time: Millis;
  readonly event: T;
  /** Every hit of every fulfilled window of the slot, so far, in order. */
  readonly hits: readonly T[];
}

export interface CorrelationResult<T> {
  readonly kind: 'opened' | 'extended';
  readonly alert: CorrelationAlert<T>;
  /** What this result added to the alert's hits. */
  readonly added: readonly T[];
}

export interface CorrelatorOptions<T> {
  /** How late a hit may come and still count as on time. */
  readonly latenessMs?: number;
  /** What bounds the hits kept, over all correlations and all who share it. */
  readonly memory?: HitMemory;
  /**
   * Whether the windows that a hit ends or opens are told of here; absent: all are. Where hits differ in how late they may come, each kind
   * has a Correlator of its own, which reads all hits.
   */
  readonly tells?: (ref: T) => boolean;
}

const AHEAD_MS = 5 * 60_000;
const NOTHING: readonly never[] = [];

export class Correlator<T> {
  readonly #byInput: ReadonlyMap<string, readonly Input<T>[]>;
  readonly #all: readonly Running<T>[];
  readonly #latenessMs: number;
  readonly #memory: HitMemory;
  readonly #tells: ((ref: T) => boolean) | undefined;
  #watermark: Millis = -Infinity;
  #arrivals = 0;
  #late = 0;
  #results: CorrelationResult<T>[] = [];

  constructor(correlations: readonly CompiledCorrelation[], { latenessMs = 0, memory = new HitMemory(), tells }: CorrelatorOptions<T> = {}) {
    this.#latenessMs = latenessMs;
    this.#memory = memory;
    this.#tells = tells;
    ({ all: this.#all, byInput: this.#byInput } = arrange<T>(correlations));
    memory.share(this.#all);
  }

  /** Does any correlation read hits of this rule? */
  reads(rule: string): boolean { return this.#byInput.has(rule); }
  get watermark(): Millis { return this.#watermark; }
  /** Hits from this moment on are all still here. */
  get horizon(): Millis {
    return this.#all.reduce((latest, { correlation, delayMs }) => Math.max(latest, this.#watermark - correlation.timespanMs - delayMs), -Infinity);
  }
  /** Kept now; late hits that could not change a verdict; hits given up for memory. */
  get counts(): { readonly held: number; readonly late: number; readonly dropped: number } { return { held: this.#all.reduce((sum, { held }) => sum + held, 0), late: this.#late, dropped: this.#memory.dropped }; }

  /** Takes a hit and tells what it fulfils at once. */
  add(hit: CorrelationHit<T>): readonly CorrelationResult<T>[] {
    const { rule: uid, time, received, event } = hit, inputs = this.#byInput.get(uid);
    if (inputs === undefined) return NOTHING;
    const results = this.#results;
    const isLate = received !== undefined && (time < received - this.#latenessMs || time > received + AHEAD_MS);
    for (let i = 0; i < inputs.length; i++) {
      const { running, rule, reads, except } = inputs[i] as Input<T>, { correlation, outer } = running;
      if (except?.(event) === true) continue;
      if (correlation.verdict !== 'now' && (isLate || time < running.reach)) { if (this.#tells?.(hit.ref) !== false) this.#late++; continue; }
      const key = groupKeyOf(reads.group, event), value = key === undefined ? NONE : valueOf(correlation, reads.values, event);
      if (key === undefined || value === NONE) continue;
      const group = running.groups.get(key) ?? openGroup(running, key, groupOf(correlation.groupBy, reads.group, event));
      const arrival = this.#arrivals++;
      const stored = new Stored(time, rule, value, hit.order ?? arrival, arrival, hit.ref, outer.length > 0 ? { base: uid, event, alert: undefined, next: undefined, fed: undefined } : undefined);
      if (!running.countsEvents || !holdsEvent(group.hits, stored)) this.#insert(running, group, stored, results);
    }
    return this.#handOver();
  }

  /** Every hit to come has a time at or after `watermark`: gives the verdicts that are certain now. It never goes back. */
  advance(watermark: Millis): readonly CorrelationResult<T>[] {
    if (watermark <= this.#watermark) return NOTHING;
    const results = this.#results;
    this.#watermark = watermark;
    for (const running of this.#all) {
      const reach = watermark - running.delayMs;
      for (let group = running.due.popBelow(reach); group !== undefined; group = running.due.popBelow(reach)) this.#decide(running, group, reach, results);
      running.reach = reach;
      if (reach >= running.sweepAt) this.#memory.held -= sweep(running, reach);
    }
    return this.#handOver();
  }

  /** The input has ended: all windows close. */
  close(): readonly CorrelationResult<T>[] { return this.advance(Infinity); }

  /** Most hits fulfil nothing: the list is made anew only when there is something in it. */
  #handOver(): readonly CorrelationResult<T>[] {
    const results = this.#results;
    if (results.length === 0) return NOTHING;
    this.#results = [];
    return results;
  }

  #insert(running: Running<T>, group: Group<T>, hit: Stored<T>, results: CorrelationResult<T>[]): void {
    const { correlation: { verdict, timespanMs }, due } = running, { hits } = group;
    this.#memory.take();
    running.held++;
    const last = hits[hits.length - 1], isNewest = last === undefined || before(last, hit), at = isNewest ? hits.length : upperBound(hits, hit);
    if (isNewest) hits.push(hit); else hits.splice(at, 0, hit);
    if (running.outer.length > 0) {
      const { chained: own } = hit, previous = hits[at - 1]?.chained;
      if (own !== undefined) own.next = hits[at + 1];
      if (previous !== undefined) previous.next = hit;
    }
    // Where verdicts wait, only hits at or after the watermark get here, so they stand after every verdict given.
    if (verdict === 'end') due.push(hit.time + timespanMs, group);
    else if (verdict === 'settled') due.push(hit.time, group);
    else if (isNewest) this.#slide(running, group, at, at, results);
    else this.#insertBetween(running, group, at, hit, results);
  }

  /** A hit out of order: the windows of the hits within T after it hold it too, and are looked at again. */
  #insertBetween(running: Running<T>, group: Group<T>, at: number, hit: Stored<T>, results: CorrelationResult<T>[]): void {
    const { hits, left, right, aggregate } = group, { timespanMs, question } = running.correlation;
    let end = at, from = at;
    while (end + 1 < hits.length && (hits[end + 1] as Stored<T>).time <= hit.time + timespanMs) end++;
    while (from > 0 && (hits[from - 1] as Stored<T>).time >= hit.time - timespanMs) from--;
    group.aggregate = aggregateFor(question);
    group.left = from;
    group.right = from - 1;
    this.#slide(running, group, at, end, results, hit);
    // The last window is not always among them: then it only moves one place.
    if (end < hits.length - 1) Object.assign(group, { left: left + 1, right: right + 1, aggregate });
  }

  /** Moves the window's end over hits `from..to` and tells which windows are fulfilled. */
  #slide(running: Running<T>, group: Group<T>, from: number, to: number, results: CorrelationResult<T>[], fresh?: Stored<T>): void {
    const { hits } = group;
    for (let end = from; end <= to; end++) {
      this.#moveTo(running, group, end);
      if (group.aggregate.holds(hits, group.left, end)) this.#fulfil(running, group, hits[end] as Stored<T>, hits[end] as Stored<T>, group.left, end, results, fresh);
    }
  }

  #moveTo(running: Running<T>, group: Group<T>, end: number): void {
    const { hits, aggregate } = group, oldest = (hits[end] as Stored<T>).time - running.correlation.timespanMs;
    while (group.right < end) aggregate.add(hits[++group.right] as Stored<T>);
    while ((hits[group.left] as Stored<T>).time < oldest) aggregate.remove(hits[group.left++] as Stored<T>);
  }

  /** Verdicts over hits whose windows are certain: `settled` looks back, `end` forward. */
  #decide(running: Running<T>, group: Group<T>, reach: Millis, results: CorrelationResult<T>[]): void {
    const { hits, aggregate } = group, { timespanMs, verdict, atOpening } = running.correlation;
    while (group.next < hits.length) {
      const hit = hits[group.next] as Stored<T>;
      if (verdict === 'settled') {
        if (hit.time >= reach) return;
        this.#settle(running, group, hit.time, results);
        continue;
      }
      if (hit.time + timespanMs >= reach) return;
      while (group.right + 1 < hits.length && (hits[group.right + 1] as Stored<T>).time <= hit.time + timespanMs) aggregate.add(hits[++group.right] as Stored<T>);
      while ((hits[group.left] as Stored<T>).time < hit.time) aggregate.remove(hits[group.left++] as Stored<T>);
      if (aggregate.holds(hits, group.left, group.right)) this.#fulfil(running, group, hit, atOpening ? hit : (hits[group.right] as Stored<T>), group.left, group.right, results);
      group.next++;
    }
  }

  /** The window that ends with a moment, all of it; named after the hit with which it first held. */
  #settle(running: Running<T>, group: Group<T>, time: Millis, results: CorrelationResult<T>[]): void {
    const { hits, aggregate } = group;
    let first: Stored<T> | undefined, holds = false;
    for (; group.next < hits.length && (hits[group.next] as Stored<T>).time === time; group.next++) {
      this.#moveTo(running, group, group.next);
      holds = aggregate.holds(hits, group.left, group.next);
      if (holds) first ??= hits[group.next] as Stored<T>;
    }
    if (holds && first !== undefined) this.#fulfil(running, group, first, first, group.left, group.next - 1, results);
  }

  /** `hit` ends or opens the window hits[from..to]; `fresh`: the hit that came between others, when windows are looked at again for its sake. */
  #fulfil(running: Running<T>, group: Group<T>, hit: Stored<T>, at: Stored<T>, from: number, to: number, results: CorrelationResult<T>[], fresh?: Stored<T>): void {
    const { hits } = group, slot = Math.floor(hit.time / running.correlation.timespanMs), end = hits[to] as Stored<T>;
    // Hits of one moment end or open a window together: one that is told of here is enough.
    if (this.#tells === undefined || momentOf(hits, hit).some(({ ref }) => this.#tells?.(ref) !== false)) this.#tell(running, group, slot, hit, at, from, to, results, fresh);
    if (running.outer.length === 0) { hit.told = true; return; }
    const isNew = !hit.told, after = upperBound(hits, at);
    hit.told = true;
    // Hits of one moment complete a window together: each of them is one for the outer correlations, and all of their windows grow.
    const one = (other: Stored<T>): void => {
      const { chained } = other;
      if (chained === undefined) return;
      if (chained.fed === undefined) { this.#chain(running, group, slot, other, chained, hits[from] as Stored<T>, end, results); return; }
      if (fresh !== undefined) this.#grown(chained.fed, fresh, results);
      if (isNew && other !== at) this.#grown(chained.fed, hit, results);
    };
    for (let i = after - 1; i >= 0 && (hits[i] as Stored<T>).time === at.time; i--) one(hits[i] as Stored<T>);
    for (let i = after; i < hits.length && (hits[i] as Stored<T>).time === at.time; i++) one(hits[i] as Stored<T>);
  }

  /** The window is of its slot's alert. */
  #tell(running: Running<T>, group: Group<T>, slot: number, hit: Stored<T>, at: Stored<T>, from: number, to: number, results: CorrelationResult<T>[], fresh?: Stored<T>): void {
    const { hits } = group, end = hits[to] as Stored<T>, alerts = group.alerts ??= new Map<number, Alert<T>>();
    const known = alerts.get(slot), alert = known ?? { group, slot, time: at.time, first: hit, at, hits: new Set<Stored<T>>(), covered: end, walked: new Map() };
    if (known === undefined) alerts.set(slot, alert);
    if (before(hit, alert.first)) { alert.first = hit; alert.at = at; alert.time = at.time; }
    const added: Stored<T>[] = [];
    if (fresh !== undefined && hit.told) takeIn(alert, fresh, added);
    else {
      // In order, windows of a slot follow each other: what stands before the last one's end is in already.
      let start = from;
      if (known !== undefined && fresh === undefined) for (start = to; start > from && before(alert.covered, hits[start - 1] as Stored<T>);) start--;
      for (let i = start; i <= to; i++) takeIn(alert, hits[i] as Stored<T>, added);
    }
    if (before(alert.covered, end)) alert.covered = end;
    if (added.length > 0 || known === undefined) results.push({ kind: known === undefined ? 'opened' : 'extended', alert: new Presented(running.correlation, alert), added: added.length === 1 && added[0]?.window === undefined ? [(added[0] as Stored<T>).ref] : refs(added, alert.walked) });
  }

  /** What fulfilled an inner correlation is a hit of the outer ones, under their own group-by; once. */
  #chain(inner: Running<T>, group: Group<T>, slot: number, at: Stored<T>, chained: Chained<T>, first: Stored<T>, last: Stored<T>, results: CorrelationResult<T>[]): void {
    const { event, base } = chained, { uid } = inner.correlation;
    if (event === undefined) return;
    const fed: Fed<T>[] = chained.fed = [];
    for (const { running, rule } of inner.outer) {
      const { correlation } = running, reads = correlation.reads.get(base), names = correlation.reads.get(uid);
      if (reads === undefined || names === undefined) continue;
      // The inner group's values go first: under an alias, by the name that the inner correlation knows.
      const known = (paths: readonly Path[], own: readonly Path[]): Path[] => paths.map((path, i) => [...path.map((name) => INNER + name), ...(own[i] ?? [])]);
      const seen: Event = { ...event, ...Object.fromEntries(Object.entries(group.values).map(([name, value]) => [INNER + name, value])) }, paths = known(names.group, reads.group);
      const key = groupKeyOf(paths, seen), value = key === undefined ? NONE : valueOf(correlation, known(names.values, reads.values), seen);
      if (key === undefined || value === NONE) continue;
      if (correlation.verdict !== 'now' && at.time < running.reach) { if (this.#tells?.(at.ref) !== false) this.#late++; continue; }
      const outer = running.groups.get(key) ?? openGroup(running, key, groupOf(correlation.groupBy, paths, seen));
      const hit = new Stored(at.time, rule, value, at.order, this.#arrivals++, at.ref, {
        base, event: running.outer.length > 0 ? event : undefined, alert: { identity: JSON.stringify([uid, group.key, slot]), window: { group, first, last } }, next: undefined, fed: undefined,
      });
      fed.push({ running, group: outer, hit });
      this.#insert(running, outer, hit, results);
    }
  }

  /** Windows of inner alerts hold a hit more: so do the alerts they are part of. */
  #grown(fed: readonly Fed<T>[] | undefined, fresh: Stored<T>, results: CorrelationResult<T>[]): void {
    for (const { hit: { window } } of fed ?? []) if (window !== undefined && before(fresh, window.first)) window.first = fresh;
    this.#tellGrown(fed, fresh, results);
  }

  #tellGrown(fed: readonly Fed<T>[] | undefined, fresh: Stored<T>, results: CorrelationResult<T>[]): void {
    for (const { running, group, hit } of fed ?? []) {
      for (const alert of group.alerts?.values() ?? []) if (alert.hits.has(hit)) results.push({ kind: 'extended', alert: new Presented(running.correlation, alert), added: refs([fresh]) });
      if (running.outer.length > 0) for (const other of group.hits) this.#tellGrown(other.chained?.fed?.filter(({ hit: { window } }) => window !== undefined && isIn(window, hit)), fresh, results);
    }
  }
}

const isIn = <T>({ first, last }: InnerWindow<T>, hit: Stored<T>): boolean => !before(hit, first) && hit.time <= last.time;

function takeIn<T>({ hits }: Alert<T>, hit: Stored<T>, added: Stored<T>[]): void {
  const { size } = hits;
  hits.add(hit);
  if (hits.size > size) added.push(hit);
}

/** The alert as it is when its hits are asked for; the rest as it was told. */
class Presented<T> implements CorrelationAlert<T> {
  readonly group: Readonly<Record<string, string>>;
  readonly slot: number;
  readonly time: Millis;
  readonly event: T;
  readonly #alert: Alert<T>;
  constructor(readonly correlation: CompiledCorrelation, alert: Alert<T>) {
    this.#alert = alert;
    this.group = alert.group.values;
    this.slot = alert.slot;
    this.time = alert.time;
    this.event = alert.at.ref;
  }
  get hits(): readonly T[] { return refs([...this.#alert.hits].sort((one, two) => (before(one, two) ? -1 : 1))); }
}
