// What a correlation keeps: hits in order of (time, order), groups of them, and the alerts that they make.
import type { Event, Millis } from '../event.js';
import type { Running } from './correlation-run.js';
import type { Aggregate, WindowHit } from './windows.js';

/** A hit as its group keeps it: few fields, because millions are kept. */
export class Stored<T> implements WindowHit {
  /** Windows that it completes are fulfilled. */
  told = false;
  constructor(
    readonly time: Millis, readonly rule: number, readonly value: string | number | undefined, readonly order: number | string, readonly arrival: number, readonly ref: T,
    /** Of hits in a chain of correlations. */
    readonly chained: Chained<T> | undefined,
  ) {}
  get identity(): string | undefined { return this.chained?.alert?.identity; }
  get window(): InnerWindow<T> | undefined { return this.chained?.alert?.window; }
}
/** What a hit needs beside where an outer correlation reads its group, or where it is an inner correlation's alert itself. */
export interface Chained<T> {
  /** Uid of the rule at the bottom. */
  readonly base: string;
  /** For the outer correlations. */
  readonly event: Event | undefined;
  /** Of a hit that is an inner correlation's alert: which, and the window it fulfilled; `ref` is then what completed it. */
  readonly alert: { readonly identity: string; readonly window: InnerWindow<T> } | undefined;
  /** The next of its group in order: how a window is walked long after. Kept where an outer correlation reads the group. */
  next: Stored<T> | undefined;
  /** The hits of outer correlations that it became. */
  fed: Fed<T>[] | undefined;
}
export interface InnerWindow<T> { readonly group: Group<T>; first: Stored<T>; readonly last: Stored<T> }
export interface Fed<T> { readonly running: Running<T>; readonly group: Group<T>; readonly hit: Stored<T> }

export interface Alert<T> {
  readonly group: Group<T>;
  readonly slot: number;
  time: Millis;
  /** The earliest hit whose window is fulfilled, and the event that the alert names. */
  first: Stored<T>;
  at: Stored<T>;
  readonly hits: Set<Stored<T>>;
  /** The last hit of the windows taken in so far. */
  covered: Stored<T>;
  /** How far the windows of inner groups were told. */
  readonly walked: Walked<T>;
}
export type Walked<T> = Map<Group<T>, { first: Stored<T>; last: Stored<T> }>;

export interface Group<T> {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly hits: Stored<T>[];
  alerts: Map<number, Alert<T>> | undefined;
  /** The window that the last looked-at hit ended (`now`, `settled`) or opened (`end`): hits[left..right]. */
  left: number;
  right: number;
  /** Next hit without a verdict (`settled`, `end`). */
  next: number;
  aggregate: Aggregate;
}

export function before(one: Stored<unknown>, two: Stored<unknown>): boolean {
  if (one.time !== two.time) return one.time < two.time;
  if (one.order !== two.order && typeof one.order === typeof two.order) return one.order < two.order;
  return one.arrival < two.arrival;
}

/** The first place after every hit that is not behind `hit`. */
export function upperBound<T>(hits: readonly Stored<T>[], hit: Stored<T>): number {
  let low = 0, high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (before(hit, hits[middle] as Stored<T>)) high = middle; else low = middle + 1;
  }
  return low;
}

/** Is there a hit of the same event already, by another rule? */
export function holdsEvent<T>(hits: readonly Stored<T>[], hit: Stored<T>): boolean {
  for (let at = upperBound(hits, hit) - 1; ; at--) {
    const other = hits[at];
    if (other === undefined || other.time !== hit.time || other.order !== hit.order) return false;
    if (other.identity === undefined) return true;
  }
}

/** All hits of the moment of one of them. */
export function momentOf<T>(hits: readonly Stored<T>[], hit: Stored<T>): readonly Stored<T>[] {
  let from = upperBound(hits, hit), to = from;
  while (hits[from - 1]?.time === hit.time) from--;
  while (hits[to]?.time === hit.time) to++;
  return hits.slice(from, to);
}

/**
 * The callers' own hits: of an inner alert, those of the window it fulfilled. Windows of one inner group overlap: what `walked` names is
 * left out.
 */
export function refs<T>(hits: Iterable<Stored<T>>, walked: Walked<T> = new Map()): T[] {
  const found: T[] = [];
  const walk = (hit: Stored<T>): void => {
    if (hit.window === undefined) { found.push(hit.ref); return; }
    const { group, first, last } = hit.window, done = walked.get(group);
    let at: Stored<T> | undefined = first;
    if (done !== undefined && !before(first, done.first) && !before(done.last, first)) {
      if (!before(done.last, last)) return;
      at = done.last.chained?.next;
      done.last = last;
    } else walked.set(group, { first, last });
    // To the end of the last moment: what came into it later is of the window too.
    for (; at !== undefined && at.time <= last.time; at = at.chained?.next) walk(at);
  };
  for (const hit of hits) walk(hit);
  return found;
}
