// One correlation at work: its groups, what falls due, who reads it; and the memory it holds, which is bounded.
import type { Event, Millis } from '../event.js';
import { matcher } from '../predicate/match.js';
import type { CompiledCorrelation, Reads } from './compiled.js';
import { Stored, type Group } from './correlation-hits.js';
import { Heap } from './heap.js';
import { aggregateFor } from './windows.js';

export interface Running<T> {
  readonly correlation: CompiledCorrelation;
  readonly groups: Map<string, Group<T>>;
  readonly outer: { readonly running: Running<T>; readonly rule: number }[];
  readonly due: Heap<Group<T>>;
  /** Hits in its groups. */
  held: number;
  /** Hits given up for want of memory. */
  dropped: number;
  /** How far behind the watermark its input may still come, because inner correlations tell at the end of their windows. */
  delayMs: number;
  /** Inner correlations come before those that read them. */
  depth: number;
  /** It counts events, or values of theirs, of several rules: one that meets more than one of them is still one. */
  readonly countsEvents: boolean;
  /** Verdicts are given for what lies before this. */
  reach: Millis;
  sweepAt: Millis;
}
/** A correlation that reads a rule's hits: as which of its rules, which fields, and which of them not. */
export interface Input<T> { readonly running: Running<T>; readonly rule: number; readonly reads: Reads; readonly except: ((event: Event) => boolean) | undefined }

/** The correlations that run, inner ones first, and which of them read the hits of a rule. */
export function arrange<T>(correlations: readonly CompiledCorrelation[]): { readonly all: Running<T>[]; readonly byInput: Map<string, Input<T>[]> } {
  const byUid = new Map<string, Running<T>>(), byInput = new Map<string, Input<T>[]>();
  for (const correlation of correlations) {
    if (correlation.state !== 'alive') continue;
    byUid.set(correlation.uid, { correlation, groups: new Map(), outer: [], due: new Heap(), held: 0, dropped: 0, delayMs: 0, depth: 0, countsEvents: countsEvents(correlation), reach: -Infinity, sweepAt: -Infinity });
  }
  const all = [...byUid.values()];
  for (const running of all) running.correlation.inputs.forEach((uid, rule) => {
    const inner = byUid.get(uid), { correlation: { reads, except } } = running, read = reads.get(uid), exception = except.get(uid);
    if (inner !== undefined) inner.outer.push({ running, rule });
    else if (read !== undefined) byInput.set(uid, [...(byInput.get(uid) ?? []), { running, rule, reads: read, except: exception && matcher(exception) }]);
  });
  // Cycles are refused when rules are compiled, so this settles.
  for (let pass = 0; pass < all.length; pass++) {
    for (const inner of all) for (const { running } of inner.outer) {
      running.delayMs = Math.max(running.delayMs, inner.delayMs + (inner.correlation.verdict === 'end' ? inner.correlation.timespanMs : 0));
      running.depth = Math.max(running.depth, inner.depth + 1);
    }
  }
  return { all: all.sort((one, two) => one.depth - two.depth), byInput };
}

const countsEvents = ({ inputs, question: { type } }: CompiledCorrelation): boolean => inputs.length > 1 && type !== 'temporal' && type !== 'temporal_ordered';

export function openGroup<T>({ correlation, groups }: Running<T>, key: string, values: Readonly<Record<string, string>>): Group<T> {
  const group: Group<T> = { key, values, hits: [], alerts: undefined, left: 0, right: -1, next: 0, aggregate: aggregateFor(correlation.question) };
  groups.set(key, group);
  return group;
}

/** Forgets what no verdict to come can need; returns how many hits. */
export function sweep<T>(running: Running<T>, reach: Millis): number {
  const { correlation: { timespanMs, verdict }, groups } = running, oldest = reach - timespanMs;
  running.sweepAt = reach + timespanMs / 2;
  let gone = 0;
  for (const [key, group] of groups) {
    const { hits } = group;
    let count = 0;
    while (count < hits.length && (hits[count] as Stored<T>).time < oldest) count++;
    if (verdict !== 'now') count = Math.min(count, group.next);
    gone += dropFront(running, group, count);
    if (group.alerts !== undefined) {
      for (const slot of group.alerts.keys()) if ((slot + 1) * timespanMs < oldest) group.alerts.delete(slot);
      if (group.alerts.size === 0) group.alerts = undefined;
    }
    if (hits.length === 0 && group.alerts === undefined) groups.delete(key);
  }
  return gone;
}

const HITS_MAX = 2_000_000;

/** Bounds the hits that Correlators keep together; beyond it the oldest of the correlation that holds the most go, counted. */
export class HitMemory {
  readonly #sharing: Running<unknown>[] = [];
  held = 0;
  dropped = 0;
  constructor(readonly hitsMax: number = HITS_MAX) {}

  share<T>(running: readonly Running<T>[]): void { this.#sharing.push(...running as readonly Running<unknown>[]); }

  /** Of the correlations that had to give up hits, by uid: how many. */
  get losses(): Readonly<Record<string, number>> {
    const losses: Record<string, number> = {};
    for (const { correlation: { uid }, dropped } of this.#sharing) if (dropped > 0) losses[uid] = (losses[uid] ?? 0) + dropped;
    return losses;
  }

  /** One more is kept. */
  take(): void {
    if (this.held >= this.hitsMax) {
      const gone = giveUpOldest(this.#sharing);
      this.held -= gone;
      this.dropped += gone;
    }
    this.held++;
  }
}

/** A share of a group's hits goes at once, so that a full memory does not cost a move of all of them at every hit. */
const SHARE = 64;

/** Of the correlation that holds the most, the oldest hits of its oldest group go; returns how many. */
function giveUpOldest<T>(all: readonly Running<T>[]): number {
  const fullest = all.reduce<Running<T> | undefined>((most, running) => (most === undefined || running.held > most.held ? running : most), undefined);
  if (fullest === undefined) return 0;
  for (const [key, group] of fullest.groups) {
    if (group.hits.length > 0) {
      const gone = dropFront(fullest, group, Math.ceil(group.hits.length / SHARE));
      fullest.dropped += gone;
      return gone;
    }
    if (group.alerts === undefined) fullest.groups.delete(key);
  }
  return 0;
}

function dropFront<T>(running: Running<T>, group: Group<T>, count: number): number {
  if (count === 0) return 0;
  for (; group.left < count && group.left <= group.right; group.left++) group.aggregate.remove(group.hits[group.left] as Stored<T>);
  group.hits.splice(0, count);
  group.left = Math.max(0, group.left - count);
  group.right = Math.max(-1, group.right - count);
  group.next = Math.max(0, group.next - count);
  running.held -= count;
  if (group.hits.length === 0) Object.assign(group, { left: 0, right: -1, next: 0, aggregate: aggregateFor(running.correlation.question) });
  return count;
}
