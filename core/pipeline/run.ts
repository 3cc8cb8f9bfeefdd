// What crosses threads: bytes, never event objects.
import type { RunAccount } from '../account/account.js';
import type { Millis } from '../event.js';
import type { Stream } from '../record.js';

/** Durable records of one stream, back to back as the spool wrote them (core/record.ts), positions contiguous. */
export interface RecordBatch {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly bytes: Uint8Array;
}

/** Events of one stream as the store has them, positions contiguous: NDJSON, as they were encoded. */
export interface StoredBatch {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
  readonly events: Uint8Array;
}

/** What one (system, sender) sent in a run. The collector's own records count for no sender. */
export interface SourceCount {
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly count: number;
  readonly lost: number;
  readonly unparsed: number;
  readonly lastReceived: Millis;
}

/** Events of a run as documents of the search index (core/predicate/query-dsl-document.ts), in order of position. */
export interface RunDocuments {
  /** Their JSON (UTF-8), back to back. */
  readonly bytes: Uint8Array;
  /** Where each ends. */
  readonly ends: Uint32Array;
  /** UTC days of receipt, `2026-11-22`, each with how many of the events are of it. */
  readonly days: readonly { readonly day: string; readonly count: number }[];
}

/** A stretch of a stream, parsed and evaluated under one rule set: ready to be committed. */
export interface EvaluatedRun {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
  readonly receivedFrom: Millis;
  readonly receivedTo: Millis;
  /** Number of the rule set that evaluated it. */
  readonly ruleSet: number;
  readonly count: number;
  /** Encoded events, NDJSON (UTF-8, one flat JSON object a line), in order of position; nothing where there are documents. */
  readonly events: Uint8Array;
  /** The events, for a store that searches documents; each holds its event's text. */
  readonly documents?: RunDocuments;
  /** Which of the events met which rules (hits.ts); bytes, too: a run may wait, and then costs what its bytes do. */
  readonly hits: Uint8Array;
  readonly sources: readonly SourceCount[];
  /** What the run says for the completeness account. */
  readonly account?: RunAccount;
  /** XOR of the 16-hex hashes of the event ids, as 16 hex. */
  readonly xor: string;
  /** The events are in the store: what they mean is committed, they are not. */
  readonly stored?: true;
  /** Positions of a gap that was passed: each is decided by an entry of its own, and the cursor does not move. */
  readonly late?: true;
}

/** Bytes of a run's events, in whichever form it has them. */
export const bytesOf = ({ events, documents }: EvaluatedRun): number => events.length + (documents?.bytes.length ?? 0);
