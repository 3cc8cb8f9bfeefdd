// The ordered side of a correlation: which rules follow each other in a window. Hits of one moment have no order. What a hit costs depends
// on the number of rules, not on how many hits the window holds.
import { assertNever } from '../assert.js';
import type { Millis } from '../event.js';
import { inBounds } from './bounds.js';
import type { ConditionNode } from './condition.js';
import type { Bound } from './rule.js';
import type { Aggregate, WindowHit } from './windows.js';

/**
 * How many rules follow each other at most, each at or after the one before: all of them, or as many as asked. `starts[n][rule]` is the latest
 * start of a run of n + 1 rules that ends with a rule: a run whose start is in the window is in it whole, so nothing needs to leave.
 */
export class LongestRun implements Aggregate {
  readonly #starts: number[][];
  #moment = NaN;
  #now: boolean[] = [];
  constructor(readonly rules: number, readonly bounds: readonly Bound[]) {
    this.#starts = Array.from({ length: rules }, () => new Array<number>(rules).fill(-Infinity));
  }

  add({ time, rule }: WindowHit): void {
    if (time !== this.#moment) { this.#moment = time; this.#now = []; }
    else if (this.#now[rule] === true) return;
    this.#now[rule] = true;
    // What came at the same moment may follow this one.
    for (let after = rule; after < this.rules; after++) if (this.#now[after] === true) this.#extend(after, time);
  }

  #extend(rule: number, time: Millis): void {
    const [single] = this.#starts as [number[]];
    single[rule] = time;
    for (let n = 1; n <= rule; n++) {
      const shorter = this.#starts[n - 1] as number[], own = this.#starts[n] as number[];
      for (let before = n - 1; before < rule; before++) if ((shorter[before] as number) > (own[rule] as number)) own[rule] = shorter[before] as number;
    }
  }

  remove(): void { /* A run that began before the window is told by its start. */ }

  holds(hits: readonly WindowHit[], from: number): boolean {
    const first = hits[from]?.time ?? Infinity;
    let longest = this.rules;
    while (longest > 0 && (this.#starts[longest - 1] as number[]).every((start) => start < first)) longest--;
    return this.bounds.length === 0 ? longest === this.rules : inBounds(this.bounds, longest);
  }
}

/** An expression whose parts must follow each other: when each rule hit, and the earliest moment at which all of it is complete. */
export class Sequence implements Aggregate {
  readonly #times: Times[];
  constructor(readonly references: readonly string[], readonly expression: ConditionNode) { this.#times = references.map(() => new Times()); }
  add({ rule, time }: WindowHit): void { this.#times[rule]?.push(time); }
  remove({ rule }: WindowHit): void { this.#times[rule]?.shift(); }
  holds(): boolean { return earliestEnd(this.expression, -Infinity, (name, after) => this.#times[this.references.indexOf(name)]?.atOrAfter(after)) !== undefined; }
}

/** Moments that enter at one end and leave at the other. */
class Times {
  #all: Millis[] = [];
  #head = 0;
  push(time: Millis): void { this.#all.push(time); }
  shift(): void {
    if (++this.#head < 64 || this.#head * 2 < this.#all.length) return;
    this.#all = this.#all.slice(this.#head);
    this.#head = 0;
  }
  atOrAfter(moment: Millis): Millis | undefined {
    let low = this.#head, high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#all[middle] as Millis) < moment) low = middle + 1; else high = middle;
    }
    return this.#all[low];
  }
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
