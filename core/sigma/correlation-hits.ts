// What a correlation keeps: hits in order of (time, order), groups of them, and the alerts that they make.
import type { Event, Millis } from '../event.js';
import type { Aggregate, WindowHit } from './windows.js';

export interface Stored<T> extends WindowHit {
  readonly order: number | string;
  readonly arrival: number;
  readonly ref: T;
  /** Of a hit that is an inner correlation's alert: that alert; `ref` is then what completed it. */
  readonly inner?: Alert<T>;
  readonly event?: Event;
  readonly base: string;
  told: boolean;
}

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
}

export interface Group<T> {
  readonly key: string;
  readonly values: Readonly<Record<string, string>>;
  readonly hits: Stored<T>[];
  readonly alerts: Map<number, Alert<T>>;
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

/** The callers' own hits: of an inner alert, those it was made of. */
export const refs = <T>(hits: Iterable<Stored<T>>): T[] => [...hits].flatMap(({ ref, inner }) => (inner === undefined ? [ref] : refs(inner.hits)));
