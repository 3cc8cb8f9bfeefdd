// Correlations over event time, incrementally: one class for the live detector, `haidang eval` and rule tests
// (reference/protocol.md section 6). Hits of a group are kept in order of (time, order), whatever the order they arrive in, and
// what is reported is a function of the set of hits alone:
// - verdict `now`: every window [t-T, t] that ends at a hit; told at once, late hits included;
// - verdict `settled` (averages, percentiles): the same windows, told when the watermark has passed t;
// - verdict `end` (what more hits can make false): the window [t, t+T] that each hit opens, told when the watermark has passed t+T.
// One alert a group and slot floor(t/T); later hits extend it. The caller advances the watermark; hits that are older than
// `horizon` allows are gone from here: for a late hit before it the caller replays the stored hits of [t-T, t+T] through a
// fresh Correlator and unites the alerts by their (correlation, group, slot).
import type { Event, Millis } from '../event.js';
import { matcher } from '../predicate/match.js';
import type { Path } from '../predicate/predicate.js';
import type { CompiledCorrelation } from './compiled.js';
import { groupOf, INNER, NONE, valueOf } from './correlation-fields.js';
import { before, refs, upperBound, type Alert, type Group, type Stored } from './correlation-hits.js';
import { Heap } from './heap.js';
import { aggregateFor } from './windows.js';

export interface CorrelationHit<T> {
  /** Uid of the rule that hit. */
  readonly rule: string;
  readonly time: Millis;
  /** For on time or late; absent = on time. */
  readonly received?: Millis;
  /** Settles the order of hits of the same moment; absent = order of arrival. */
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

export interface CorrelatorOptions {
  /** How late a hit may come and still count as on time. */
  readonly latenessMs?: number;
  /** Hits kept at most, over all correlations; beyond it a group's oldest go, counted in `dropped`. */
  readonly hitsMax?: number;
}

const AHEAD_MS = 5 * 60_000;
const HITS_MAX = 2_000_000;

interface Running<T> {
  readonly correlation: CompiledCorrelation;
  readonly groups: Map<string, Group<T>>;
  readonly outer: { readonly running: Running<T>; readonly rule: number }[];
  readonly due: Heap<Group<T>>;
  readonly except: ReadonlyMap<string, (event: Event) => boolean>;
  /** How far behind the watermark its input may still come, because inner correlations tell at the end of their windows. */
  delayMs: number;
  /** Inner correlations come before those that read them. */
  depth: number;
  /** Verdicts are given for what lies before this. */
  reach: Millis;
  sweepAt: Millis;
}

export class Correlator<T> {
  readonly #byInput = new Map<string, { running: Running<T>; rule: number }[]>();
  readonly #all: Running<T>[] = [];
  readonly #latenessMs: number;
  readonly #hitsMax: number;
  #watermark: Millis = -Infinity;
  #arrivals = 0;
  #held = 0;
  #late = 0;
  #dropped = 0;

  constructor(correlations: readonly CompiledCorrelation[], { latenessMs = 0, hitsMax = HITS_MAX }: CorrelatorOptions = {}) {
    this.#latenessMs = latenessMs;
    this.#hitsMax = hitsMax;
    const byUid = new Map<string, Running<T>>();
    for (const correlation of correlations) {
      if (correlation.state !== 'alive') continue;
      const running: Running<T> = {
        correlation, groups: new Map(), outer: [], due: new Heap(), delayMs: 0, depth: 0, reach: -Infinity, sweepAt: -Infinity,
        except: new Map([...correlation.except].map(([uid, predicate]) => [uid, matcher(predicate)])),
      };
      byUid.set(correlation.uid, running);
      this.#all.push(running);
    }
    for (const running of this.#all) running.correlation.inputs.forEach((uid, rule) => {
      const inner = byUid.get(uid);
      if (inner !== undefined) inner.outer.push({ running, rule });
      else this.#byInput.set(uid, [...(this.#byInput.get(uid) ?? []), { running, rule }]);
    });
    // Cycles are refused when rules are compiled, so this settles.
    for (let pass = 0; pass < this.#all.length; pass++) {
      for (const inner of this.#all) for (const { running } of inner.outer) {
        running.delayMs = Math.max(running.delayMs, inner.delayMs + (inner.correlation.verdict === 'end' ? inner.correlation.timespanMs : 0));
        running.depth = Math.max(running.depth, inner.depth + 1);
      }
    }
    this.#all.sort((one, two) => one.depth - two.depth);
  }

  /** Does any correlation read hits of this rule? */
  reads(rule: string): boolean { return this.#byInput.has(rule); }
  get watermark(): Millis { return this.#watermark; }
  /** Hits from this moment on are all still here. */
  get horizon(): Millis {
    return this.#all.reduce((latest, { correlation, delayMs }) => Math.max(latest, this.#watermark - correlation.timespanMs - delayMs), -Infinity);
  }
  /** Kept now; late hits that could not change a verdict; hits given up for memory. */
  get counts(): { readonly held: number; readonly late: number; readonly dropped: number } { return { held: this.#held, late: this.#late, dropped: this.#dropped }; }

  /** Takes a hit and tells what it fulfils at once. */
  add(hit: CorrelationHit<T>): CorrelationResult<T>[] {
    const results: CorrelationResult<T>[] = [];
    const isLate = hit.received !== undefined && (hit.time < hit.received - this.#latenessMs || hit.time > hit.received + AHEAD_MS);
    for (const { running, rule } of this.#byInput.get(hit.rule) ?? []) {
      const { correlation } = running, reads = correlation.reads.get(hit.rule);
      if (reads === undefined || running.except.get(hit.rule)?.(hit.event) === true) continue;
      const late = isLate || hit.time < running.reach;
      if (late && correlation.verdict !== 'now') { this.#late++; continue; }
      const values = groupOf(correlation.groupBy, reads.group, hit.event), value = valueOf(correlation, reads.values, hit.event);
      if (values === undefined || value === NONE) continue;
      this.#insert(running, values, {
        time: hit.time, rule, order: hit.order ?? this.#arrivals, arrival: this.#arrivals++, ref: hit.ref, base: hit.rule, told: false,
        ...(value === undefined ? {} : { value }), ...(running.outer.length > 0 ? { event: hit.event } : {}),
      }, results);
    }
    return results;
  }

  /** Every hit to come has a time at or after `watermark`: gives the verdicts that are certain now. It never goes back. */
  advance(watermark: Millis): CorrelationResult<T>[] {
    const results: CorrelationResult<T>[] = [];
    if (watermark <= this.#watermark) return results;
    this.#watermark = watermark;
    for (const running of this.#all) {
      const reach = watermark - running.delayMs;
      for (let group = running.due.popBelow(reach); group !== undefined; group = running.due.popBelow(reach)) this.#decide(running, group, reach, results);
      running.reach = reach;
      if (reach >= running.sweepAt) this.#sweep(running, reach);
    }
    return results;
  }

  /** The input has ended: all windows close. */
  close(): CorrelationResult<T>[] { return this.advance(Infinity); }

  #insert(running: Running<T>, values: Readonly<Record<string, string>>, hit: Stored<T>, results: CorrelationResult<T>[]): void {
    const { correlation, groups, due } = running, key = JSON.stringify(Object.values(values));
    let group = groups.get(key);
    if (group === undefined) {
      group = { key, values, hits: [], alerts: new Map(), left: 0, right: -1, next: 0, aggregate: aggregateFor(correlation.question) };
      groups.set(key, group);
    }
    if (this.#held >= this.#hitsMax) this.#giveUpOldest(running);
    this.#held++;
    const { hits } = group, last = hits[hits.length - 1];
    if (correlation.verdict !== 'now') {
      // Only hits at or after the watermark get here, so they stand after every verdict given.
      hits.splice(upperBound(hits, hit), 0, hit);
      due.push(correlation.verdict === 'end' ? hit.time + correlation.timespanMs : hit.time, group);
    } else if (last === undefined || before(last, hit)) {
      hits.push(hit);
      this.#slide(running, group, hits.length - 1, hits.length - 1, results);
    } else {
      this.#insertBetween(running, group, hit, results);
    }
  }

  /** A hit out of order: the windows of the hits within T after it hold it too, and are looked at again. */
  #insertBetween(running: Running<T>, group: Group<T>, hit: Stored<T>, results: CorrelationResult<T>[]): void {
    const { hits } = group, { timespanMs } = running.correlation, at = upperBound(hits, hit);
    hits.splice(at, 0, hit);
    let end = at;
    while (end + 1 < hits.length && (hits[end + 1] as Stored<T>).time <= hit.time + timespanMs) end++;
    // The last window is not among them: it only moves one place.
    const { left, right, aggregate } = group, isInside = end < hits.length - 1;
    this.#resweep(running, group, at, end, hit, results);
    if (isInside) Object.assign(group, { left: left + 1, right: right + 1, aggregate });
  }

  #resweep(running: Running<T>, group: Group<T>, from: number, to: number, fresh: Stored<T>, results: CorrelationResult<T>[]): void {
    const { hits } = group, start = (hits[from] as Stored<T>).time - running.correlation.timespanMs;
    let left = from;
    while (left > 0 && (hits[left - 1] as Stored<T>).time >= start) left--;
    group.aggregate = aggregateFor(running.correlation.question);
    group.left = left;
    group.right = left - 1;
    this.#slide(running, group, from, to, results, fresh);
  }

  /** Moves the window's end over hits `from..to` and tells which windows are fulfilled. */
  #slide(running: Running<T>, group: Group<T>, from: number, to: number, results: CorrelationResult<T>[], fresh?: Stored<T>): void {
    const { hits, aggregate } = group, { timespanMs } = running.correlation;
    for (let end = from; end <= to; end++) {
      const hit = hits[end] as Stored<T>;
      while (group.right < end) aggregate.add(hits[++group.right] as Stored<T>);
      while ((hits[group.left] as Stored<T>).time < hit.time - timespanMs) aggregate.remove(hits[group.left++] as Stored<T>);
      if (aggregate.holds(hits, group.left, end)) this.#fulfil(running, group, hit, hit, group.left, end, results, fresh);
    }
  }

  /** Verdicts over hits whose windows are certain: `settled` looks back, `end` forward. */
  #decide(running: Running<T>, group: Group<T>, reach: Millis, results: CorrelationResult<T>[]): void {
    const { hits, aggregate } = group, { timespanMs, verdict, atOpening } = running.correlation;
    for (; group.next < hits.length; group.next++) {
      const hit = hits[group.next] as Stored<T>;
      if (verdict === 'settled') {
        if (hit.time >= reach) return;
        this.#slide(running, group, group.next, group.next, results);
        continue;
      }
      if (hit.time + timespanMs >= reach) return;
      while (group.right + 1 < hits.length && (hits[group.right + 1] as Stored<T>).time <= hit.time + timespanMs) aggregate.add(hits[++group.right] as Stored<T>);
      while ((hits[group.left] as Stored<T>).time < hit.time) aggregate.remove(hits[group.left++] as Stored<T>);
      if (aggregate.holds(hits, group.left, group.right)) this.#fulfil(running, group, hit, atOpening ? hit : (hits[group.right] as Stored<T>), group.left, group.right, results);
    }
  }

  /** `fresh`: the hit that came between others, when windows are looked at again for its sake. */
  #fulfil(running: Running<T>, group: Group<T>, hit: Stored<T>, at: Stored<T>, from: number, to: number, results: CorrelationResult<T>[], fresh?: Stored<T>): void {
    const { hits, alerts } = group, slot = Math.floor(hit.time / running.correlation.timespanMs), end = hits[to] as Stored<T>;
    const known = alerts.get(slot), alert = known ?? { group, slot, time: at.time, first: hit, at, hits: new Set<Stored<T>>(), covered: end };
    if (known === undefined) alerts.set(slot, alert);
    if (before(hit, alert.first)) { alert.first = hit; alert.at = at; alert.time = at.time; }
    const added: Stored<T>[] = [], take = (one: Stored<T>): void => { if (!alert.hits.has(one)) { alert.hits.add(one); added.push(one); } };
    if (fresh !== undefined && hit.told) take(fresh);
    else {
      // In order, windows of a slot follow each other: what stands before the last one's end is in already.
      const start = known === undefined || fresh !== undefined ? from : Math.max(from, upperBound(hits, alert.covered));
      for (let i = start; i <= to; i++) take(hits[i] as Stored<T>);
    }
    if (before(alert.covered, end)) alert.covered = end;
    if (added.length > 0 || known === undefined) results.push({ kind: known === undefined ? 'opened' : 'extended', alert: present(running.correlation, alert), added: refs(added) });
    if (hit.told) return;
    hit.told = true;
    for (const { running: outer, rule } of running.outer) this.#chain(running, outer, rule, alert, at, results);
  }

  /** What fulfilled an inner correlation is a hit of the outer one, under its own group-by. */
  #chain(inner: Running<T>, outer: Running<T>, rule: number, alert: Alert<T>, at: Stored<T>, results: CorrelationResult<T>[]): void {
    const { correlation } = outer, { uid } = inner.correlation, event = at.event, reads = correlation.reads.get(at.base), names = correlation.reads.get(uid);
    if (event === undefined || reads === undefined || names === undefined) return;
    // The inner group's values go first: under an alias, by the name that the inner correlation knows.
    const known = (paths: readonly Path[], own: readonly Path[]): Path[] => paths.map((path, i) => [...path.map((name) => INNER + name), ...(own[i] ?? [])]);
    const seen: Event = { ...event, ...Object.fromEntries(Object.entries(alert.group.values).map(([name, value]) => [INNER + name, value])) };
    const values = groupOf(correlation.groupBy, known(names.group, reads.group), seen), value = valueOf(correlation, known(names.values, reads.values), seen);
    if (values === undefined || value === NONE) return;
    if (correlation.verdict !== 'now' && at.time < outer.reach) { this.#late++; return; }
    this.#insert(outer, values, {
      time: at.time, rule, order: at.order, arrival: this.#arrivals++, ref: at.ref, inner: alert, base: at.base, identity: JSON.stringify([uid, alert.group.key, alert.slot]), told: false,
      ...(value === undefined ? {} : { value }), ...(outer.outer.length > 0 ? { event } : {}),
    }, results);
  }

  #sweep(running: Running<T>, reach: Millis): void {
    const { timespanMs } = running.correlation, oldest = reach - timespanMs;
    running.sweepAt = reach + timespanMs / 2;
    for (const [key, group] of running.groups) {
      let count = 0;
      while (count < group.hits.length && (group.hits[count] as Stored<T>).time < oldest) count++;
      if (running.correlation.verdict !== 'now') count = Math.min(count, group.next);
      this.#dropFront(running, group, count);
      for (const slot of group.alerts.keys()) if ((slot + 1) * timespanMs < oldest) group.alerts.delete(slot);
      if (group.hits.length === 0 && group.alerts.size === 0) running.groups.delete(key);
    }
  }

  #giveUpOldest(running: Running<T>): void {
    for (const [key, group] of running.groups) {
      if (group.hits.length > 0) { this.#dropFront(running, group, 1); this.#dropped++; return; }
      if (group.alerts.size === 0) running.groups.delete(key);
    }
  }

  #dropFront(running: Running<T>, group: Group<T>, count: number): void {
    if (count === 0) return;
    for (; group.left < count && group.left <= group.right; group.left++) group.aggregate.remove(group.hits[group.left] as Stored<T>);
    group.hits.splice(0, count);
    group.left = Math.max(0, group.left - count);
    group.right = Math.max(-1, group.right - count);
    group.next = Math.max(0, group.next - count);
    this.#held -= count;
    if (group.hits.length === 0) Object.assign(group, { left: 0, right: -1, next: 0, aggregate: aggregateFor(running.correlation.question) });
  }
}

function present<T>(correlation: CompiledCorrelation, alert: Alert<T>): CorrelationAlert<T> {
  return {
    correlation, group: alert.group.values, slot: alert.slot, time: alert.time, event: alert.at.ref,
    get hits() { return refs([...alert.hits].sort((one, two) => (before(one, two) ? -1 : 1))); },
  };
}
