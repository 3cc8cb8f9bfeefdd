// What services apart do with a store that they share, beyond the port: collectors ship events and say so, detectors find streams, read
// them by position and see who else is there. Only the adapter of Elasticsearch has it.
import type { Hit } from '../alert.js';
import type { Millis } from '../event.js';
import type { EvaluatedRun } from '../pipeline/run.js';
import type { Stream } from '../record.js';
import type { Adopting } from './migrate.js';

/** Somebody else has decided these positions, or newer rules are in force there: read again from the cursor. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
  constructor(readonly stream: string, readonly position: number, readonly ruleSet: number) { super(`expected a run of ${stream} from ${position + 1} under rule set ${ruleSet} or newer`); }
}

/** A collector's epoch in one tier, made known before its first events. */
export interface KnownStream {
  readonly stream: Stream;
  /** Last positions of the streams of older epochs that were still in the spool when this epoch began. */
  readonly older: Readonly<Record<string, number>>;
  readonly begun: Millis;
}

/** How far a stream is decided. */
export interface StreamCursor {
  readonly stream: string;
  readonly position: number;
  /** Received time of that position, and the rule set of the entry that ends there. */
  readonly received: Millis;
  readonly ruleSet: number;
}

/** An event as a tail reads it: `text` is its JSON. */
export interface StoredEvent { readonly seq: number; readonly id: string; readonly text: string; readonly received: Millis }

/** A hit with the number of the change that brought it, and the rule set it was found under. */
export interface NumberedHit { readonly hit: Hit; readonly change: number; readonly ruleSet: number }

/** Positions that are nowhere and never will be, and who said so. */
export interface Gap { readonly stream: string; readonly from: number; readonly to: number; readonly reason: string; readonly by: string; readonly at: Millis }

/** An event that came after its day was given up. */
export interface RetiredEvent { readonly stream: Stream; readonly seq: number; readonly text: string }

/** An event that the store would not take as it was, and why; `text` is its JSON. */
export interface RefusedEvent { readonly id: string; readonly stream: string; readonly seq: number; readonly received: Millis; readonly reason: string; readonly text: string }

/** How far decisions are in a stream: `lagMs` behind receipt, the last one of what was received at `received`. */
export interface StreamLag { readonly stream: string; readonly position: number; readonly received: Millis; readonly lagMs: number; readonly hole?: number }
/** What a detector says of itself with its sign of life, for who cannot ask it. */
export interface MemberFigures { readonly streams: readonly StreamLag[]; readonly problem?: string }
/** A detector's sign of life. `beat` grows while it lives. */
export interface Member { readonly id: string; readonly beat: number; readonly figures?: MemberFigures }

/** What a sealed segment of a spool holds of one stream. */
export interface SegmentFigures { readonly count: number; readonly first: number; readonly last: number; readonly xor: string }
export const sameFigures = (a: SegmentFigures, b: SegmentFigures): boolean => a.count === b.count && a.first === b.first && a.last === b.last && a.xor === b.xor;
/** A place of the store: an index as it is now, told from one that was restored or made anew. */
export interface Copy { readonly index: string; readonly uuid: string; readonly histories: readonly string[] }
/** A segment's part of a stream, as its collector sealed it, and as the keeper read it back. */
export interface SegmentReceipt {
  readonly id: string;
  readonly stream: Stream;
  readonly sealed: SegmentFigures;
  readonly read?: SegmentFigures & { readonly copies: readonly Copy[]; readonly at: Millis };
}

export interface Shared {
  // A collector's.
  /** Returns the epoch of another successor of the same older epoch: then the spool was copied, and both go on. */
  begin(known: KnownStream): Promise<number | undefined>;
  /**
   * Creates the events of these runs, every one accounted for when it returns: there, there already, or there as a dead letter. Returns
   * those whose day is retired: they are not there. Throws where an index is not made yet.
   */
  ship(runs: readonly EvaluatedRun[]): Promise<readonly RetiredEvent[]>;
  cursorsOf(streams: readonly string[]): Promise<readonly (StreamCursor | undefined)[]>;
  /** Says what a sealed segment holds; what was said before under the id stays. */
  sealed(receipt: SegmentReceipt): Promise<void>;
  receipts(ids: readonly string[]): Promise<readonly (SegmentReceipt | undefined)[]>;
  /** Are these places still what they were? */
  sameCopies(copies: readonly Copy[]): Promise<boolean>;
  /** When the latest snapshot began, on the cluster's clock, and when the latest that is complete did; 0 where there is none. */
  snapshots(repository: string): Promise<{ readonly began: Millis; readonly complete: Millis }>;
  recordGap(gap: Gap): Promise<void>;

  /** Events that the store would not take as they were, newest first; they stand in their place as dead letters. */
  refused(limit: number): Promise<readonly RefusedEvent[]>;
  /** Takes in what an embedded site brings (migrate.ts). */
  readonly adopting: Adopting;

  // A detector's.
  streams(): Promise<readonly KnownStream[]>;
  /** As they were a moment ago. */
  cursors(): Promise<readonly StreamCursor[]>;
  /** Events from a position on, in order, as far as there is no hole; `beyond` says whether there are any behind the hole. */
  tail(stream: Stream, from: number, limit: number): Promise<{ readonly events: readonly StoredEvent[]; readonly beyond: boolean; readonly twice: readonly number[] }>;
  gapAt(stream: string, from: number): Promise<Gap | undefined>;
  gaps(): Promise<readonly Gap[]>;
  /** Events that stand in a gap and are not decided by an entry of their own, in order, some of them. */
  lateIn(gap: Gap, limit: number): Promise<readonly StoredEvent[]>;
  /** The last change that is carried out for certain, and the last that was decided. `settle` sees that one through, too. */
  lastChange(settle: boolean): Promise<{ readonly found: number; readonly decided: number }>;
  /** The number of the last change whose hits are correlated. */
  correlated(): Promise<number>;
  /** Hits of changes after `after` up to `to`, all of them, in the order they were decided. */
  hitsOfChanges(after: number, to: number): Promise<readonly NumberedHit[]>;
  /** As LedgerStore.hits, of changes up to `to`. */
  hitsUpTo(to: number, ruleUid: string, from: Millis, till: Millis): Promise<readonly Hit[]>;
  /** Moves this detector's sign of life; -1: it is gone. */
  beat(member: Member): Promise<void>;
  members(): Promise<readonly Member[]>;

  // The keeper's: of the detector that leads.
  /** Makes ahead what collectors write to, for the tiers in use. */
  prepare(now: Millis): Promise<readonly string[]>;
  /** Receipts that were not read back yet, or whose read-back differs. */
  openReceipts(limit: number): Promise<readonly SegmentReceipt[]>;
  /** Reads a segment's part of a stream back; undefined while not every event is found and safe in every copy. */
  readBack(receipt: SegmentReceipt): Promise<boolean>;
}
