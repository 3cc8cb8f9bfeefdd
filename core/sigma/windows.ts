// The sliding side of a correlation: aggregates that follow a window as hits enter at one end and leave at the other. Pure
// bookkeeping; which windows there are, and when a verdict falls, is correlate.ts.
import { assertNever } from '../assert.js';
import type { Millis } from '../event.js';
import type { ConditionNode } from './condition.js';
import { inBounds } from './bounds.js';
import { ExactSum, SUMMAND_MAX } from './exact-sum.js';
import { LongestRun, Sequence } from './in-order.js';
import type { Bound, CorrelationType } from './rule.js';
import { SortedNumbers } from './sorted-numbers.js';
import { Tally } from './tally.js';

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
    case 'temporal_ordered': return question.expression === undefined ? new LongestRun(question.references.length, bounds) : new Sequence(question.references, question.expression);
    default: return assertNever(type);
  }
}

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

/** Sums and averages. A window with a number that could overflow is added up anew. */
class Total implements Aggregate {
  readonly #sum = new ExactSum();
  #huge = 0;
  constructor(readonly bounds: readonly Bound[], readonly average: boolean) {}
  add({ value }: WindowHit): void { this.#count(Number(value), 1); }
  remove({ value }: WindowHit): void { this.#count(Number(value), -1); }
  #count(value: number, sign: 1 | -1): void {
    if (Math.abs(value) < SUMMAND_MAX) this.#sum.add(sign * value); else this.#huge += sign;
  }
  holds(hits: readonly WindowHit[], from: number, to: number): boolean {
    let sum = this.#sum.value;
    if (this.#huge > 0) {
      sum = 0;
      for (let i = from; i <= to; i++) sum += Number(hits[i]?.value);
    }
    return inBounds(this.bounds, this.average ? sum / (to - from + 1) : sum);
  }
}

/** Percentiles by linear interpolation between the two closest ranks; the median is the 50th. */
class Ranked implements Aggregate {
  readonly #sorted = new SortedNumbers();
  constructor(readonly bounds: readonly Bound[], readonly percentile: number) {}
  add({ value }: WindowHit): void { this.#sorted.add(Number(value)); }
  remove({ value }: WindowHit): void { this.#sorted.remove(Number(value)); }
  holds(): boolean {
    const { size } = this.#sorted;
    if (size === 0) return false;
    const rank = (this.percentile / 100) * (size - 1), low = Math.floor(rank), below = this.#sorted.at(low), above = this.#sorted.at(Math.min(low + 1, size - 1));
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
