// The sliding side of a correlation: aggregates that follow a window as hits enter at one end and leave at the other. Pure
// bookkeeping; which windows there are, and when a verdict falls, is correlate.ts.
import { assertNever } from '../assert.js';
import type { Millis } from '../event.js';
import type { ConditionNode } from './condition.js';
import type { Bound, CorrelationType } from './rule.js';

/** A hit as a window sees it. */
export interface WindowHit {
  readonly time: Millis;
  /** Index among the correlation's rules. */
  readonly rule: number;
  /** Value types: what is counted or added up. */
  readonly value?: string | number;
  /** A hit that is itself a correlation's alert: the same alert counts once. */
  readonly identity?: string;
}

/** What a correlation asks of a window. */
export interface Question {
  readonly type: CorrelationType;
  readonly bounds: readonly Bound[];
  readonly expression?: ConditionNode;
  readonly percentile?: number;
  /** The rules' references, in order, as an expression names them. */
  readonly references: readonly string[];
}

export interface Aggregate {
  add(hit: WindowHit): void;
  /** The hit that was added first. */
  remove(hit: WindowHit): void;
  /** Does the window hold what is asked? `hits[from..to]`, both inclusive, are those added and not removed. */
  holds(hits: readonly WindowHit[], from: number, to: number): boolean;
}

export function aggregateFor(question: Question): Aggregate {
  const { type, bounds } = question;
  switch (type) {
    case 'event_count': return new Count(bounds);
    case 'value_count': return new Distinct(bounds);
    case 'value_sum': return new Total(bounds, false);
    case 'value_avg': return new Total(bounds, true);
    case 'value_percentile': return new Ranked(bounds, question.percentile ?? 50);
    case 'value_median': return new Ranked(bounds, 50);
    case 'temporal': return new Together(question);
    case 'temporal_ordered': return question.expression === undefined && bounds.length === 0 ? new InOrder(question.references.length) : new Looked(question);
    default: return assertNever(type);
  }
}

export function inBounds(bounds: readonly Bound[], value: number): boolean {
  for (let i = 0; i < bounds.length; i++) if (!isWithin(bounds[i] as Bound, value)) return false;
  return true;
}

function isWithin({ op, value: bound }: Bound, value: number): boolean {
  switch (op) {
    case 'gt': return value > bound;
    case 'gte': return value >= bound;
    case 'lt': return value < bound;
    case 'lte': return value <= bound;
    case 'eq': return value === bound;
    case 'neq': return value !== bound;
    default: return assertNever(op);
  }
}

/** How many of each value a window holds. Windows only slide, so what leaves is what came first: a queue of counters spares looking it up. */
class Tally<K> {
  readonly #counters = new Map<K, Counter>();
  #queue: Counter[] = [];
  #head = 0;
  size = 0;
  has(key: K): boolean { return (this.#counters.get(key)?.count ?? 0) > 0; }
  add(key: K): void {
    let counter = this.#counters.get(key);
    if (counter === undefined) this.#counters.set(key, counter = { count: 0 });
    if (counter.count++ === 0) this.size++;
    this.#queue.push(counter);
  }
  removeFirst(): void {
    const counter = this.#queue[this.#head++] as Counter;
    if (--counter.count === 0) this.size--;
    if (this.#head < 64 || this.#head * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#head);
    this.#head = 0;
    // Values that have left stay a while, because most come again.
    if (this.#counters.size > 2 * this.size + 64) for (const [value, { count }] of this.#counters) if (count === 0) this.#counters.delete(value);
  }
}
interface Counter { count: number }

class Count implements Aggregate {
  #plain = 0;
  #alerts: Tally<string> | undefined;
  constructor(readonly bounds: readonly Bound[]) {}
  add({ identity }: WindowHit): void { if (identity === undefined) this.#plain++; else (this.#alerts ??= new Tally()).add(identity); }
  remove({ identity }: WindowHit): void { if (identity === undefined) this.#plain--; else this.#alerts?.removeFirst(); }
  holds(): boolean { return inBounds(this.bounds, this.#plain + (this.#alerts?.size ?? 0)); }
}

class Distinct implements Aggregate {
  readonly #values = new Tally<string | number | undefined>();
  constructor(readonly bounds: readonly Bound[]) {}
  add({ value }: WindowHit): void { this.#values.add(value); }
  remove(): void { this.#values.removeFirst(); }
  holds(): boolean { return inBounds(this.bounds, this.#values.size); }
}

/** Sums and averages. Whole numbers are kept running; with fractions the window is added up anew, so that nothing drifts. */
class Total implements Aggregate {
  #sum = 0;
  #fractions = 0;
  constructor(readonly bounds: readonly Bound[], readonly average: boolean) {}
  add({ value }: WindowHit): void { this.#count(Number(value), 1); }
  remove({ value }: WindowHit): void { this.#count(Number(value), -1); }
  #count(value: number, sign: 1 | -1): void {
    if (Number.isSafeInteger(value)) this.#sum += sign * value; else this.#fractions += sign;
  }
  holds(hits: readonly WindowHit[], from: number, to: number): boolean {
    let sum = this.#sum;
    if (this.#fractions > 0 || !Number.isSafeInteger(sum)) {
      sum = 0;
      for (let i = from; i <= to; i++) sum += Number(hits[i]?.value);
    }
    return inBounds(this.bounds, this.average ? sum / (to - from + 1) : sum);
  }
}

/** Percentiles by linear interpolation between the two closest ranks; the median is the 50th. */
class Ranked implements Aggregate {
  readonly #sorted: number[] = [];
  constructor(readonly bounds: readonly Bound[], readonly percentile: number) {}
  add({ value }: WindowHit): void { this.#sorted.splice(this.#place(Number(value)), 0, Number(value)); }
  remove({ value }: WindowHit): void { this.#sorted.splice(this.#place(Number(value)), 1); }
  #place(value: number): number {
    let low = 0, high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1; else high = middle;
    }
    return low;
  }
  holds(): boolean {
    if (this.#sorted.length === 0) return false;
    const rank = (this.percentile / 100) * (this.#sorted.length - 1), low = Math.floor(rank);
    const below = this.#sorted[low] as number, above = this.#sorted[Math.min(low + 1, this.#sorted.length - 1)] as number;
    return inBounds(this.bounds, below + (above - below) * (rank - low));
  }
}

/** Which of the rules are there, in any order. */
class Together implements Aggregate {
  readonly #rules = new Tally<number>();
  constructor(readonly question: Question) {}
  add({ rule }: WindowHit): void { this.#rules.add(rule); }
  remove(): void { this.#rules.removeFirst(); }
  holds(): boolean {
    const { expression, bounds, references } = this.question;
    if (expression !== undefined) return evaluate(expression, (name) => this.#rules.has(references.indexOf(name)));
    return bounds.length > 0 ? inBounds(bounds, this.#rules.size) : this.#rules.size === references.length;
  }
}

function evaluate(node: ConditionNode, isThere: (name: string) => boolean): boolean {
  switch (node.kind) {
    case 'name': return isThere(node.name);
    case 'not': return !evaluate(node.part, isThere);
    case 'and': return node.parts.every((part) => evaluate(part, isThere));
    case 'or': return node.parts.some((part) => evaluate(part, isThere));
    case 'some': case 'every': return false;
    default: return assertNever(node);
  }
}

/**
 * Every rule in order, each at or after the one before. `latest[k]` is the latest start of a run of rules 0..k that is
 * complete by now: if the last one's start is in the window, all of it is. Hits at the same moment have no order.
 */
class InOrder implements Aggregate {
  readonly #latest: (Millis | undefined)[];
  #moment = NaN;
  #now = new Set<number>();
  constructor(rules: number) { this.#latest = new Array<Millis | undefined>(rules); }
  add({ time, rule }: WindowHit): void {
    if (time !== this.#moment) { this.#moment = time; this.#now = new Set(); }
    this.#now.add(rule);
    for (let k = rule; k < this.#latest.length && this.#now.has(k); k++) {
      const start = k === 0 ? time : this.#latest[k - 1];
      if (start !== undefined && start > (this.#latest[k] ?? -Infinity)) this.#latest[k] = start;
    }
  }
  remove(): void { /* A run that began before the window is told by its start. */ }
  holds(hits: readonly WindowHit[], from: number): boolean {
    const start = this.#latest[this.#latest.length - 1], first = hits[from];
    return start !== undefined && first !== undefined && start >= first.time;
  }
}

/** Ordered types with a condition of their own: the window is looked through each time. */
class Looked implements Aggregate {
  constructor(readonly question: Question) {}
  add(): void { /* Nothing is kept. */ }
  remove(): void { /* Nothing is kept. */ }
  holds(hits: readonly WindowHit[], from: number, to: number): boolean {
    const { expression, bounds, references } = this.question;
    const window = hits.slice(from, to + 1);
    if (expression === undefined) return inBounds(bounds, longestRun(window, references.length));
    return earliestEnd(expression, -Infinity, (name, after) => {
      const rule = references.indexOf(name);
      return window.find((hit) => hit.rule === rule && hit.time >= after)?.time;
    }) !== undefined;
  }
}

/** How many rules follow each other in order at most. */
function longestRun(window: readonly WindowHit[], rules: number): number {
  const longest = new Array<number>(rules).fill(0);
  const sorted = [...window].sort((one, two) => one.time - two.time || one.rule - two.rule);
  for (const { rule } of sorted) longest[rule] = Math.max(longest[rule] as number, 1 + Math.max(0, ...longest.slice(0, rule)));
  return Math.max(0, ...longest);
}

/** The earliest moment at which the expression is complete when its parts must follow each other; `not` takes no time. */
function earliestEnd(node: ConditionNode, after: Millis, next: (name: string, after: Millis) => Millis | undefined): Millis | undefined {
  switch (node.kind) {
    case 'name': return next(node.name, after);
    case 'not': return earliestEnd(node.part, -Infinity, next) === undefined ? after : undefined;
    case 'and': {
      let end: Millis | undefined = after;
      for (const part of node.parts) { end = end === undefined ? undefined : earliestEnd(part, end, next); }
      return end;
    }
    case 'or': {
      const ends = node.parts.map((part) => earliestEnd(part, after, next)).filter((end) => end !== undefined);
      return ends.length === 0 ? undefined : Math.min(...ends);
    }
    case 'some': case 'every': return undefined;
    default: return assertNever(node);
  }
}
