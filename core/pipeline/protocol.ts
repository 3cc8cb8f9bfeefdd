// What the pipeline's worker thread and its client tell each other. Bytes are transferred, not copied.
import type { Problem } from '../problem.js';
import type { FormatText } from '../process/format-files.js';
import type { SeenKind } from '../sigma/seen-fields.js';
import type { RuleSetInput } from './engine.js';
import type { WarmLine } from './pipeline.js';
import type { EvaluatedRun, RecordBatch, StoredBatch } from './run.js';

/** What the thread starts with: the sources that the site described, as their files say them, and whether runs have documents. */
export interface WorkerData { readonly formats: readonly FormatText[]; readonly documents: boolean }

export type ToWorker =
  /** Compiled, then in force from the next batch on. */
  | { readonly kind: 'rules'; readonly set: RuleSetInput }
  /** Read by from the next batch on, in the place of those it had. */
  | { readonly kind: 'formats'; readonly formats: readonly FormatText[] }
  | { readonly kind: 'batch'; readonly batch: RecordBatch }
  /** Matched only. */
  | { readonly kind: 'stored'; readonly batch: StoredBatch }
  /** Read for what later lines look back at; nothing is answered. */
  | { readonly kind: 'warm'; readonly lines: readonly WarmLine[] }
  | { readonly kind: 'warm-batch'; readonly batch: RecordBatch };

export type FromWorker =
  | { readonly kind: 'rules'; readonly n: number; readonly problems: readonly Problem[]; readonly compileMs: number }
  | { readonly kind: 'run'; readonly run: EvaluatedRun; readonly busyMs: number }
  /** Which fields events have had since the last of these. */
  | { readonly kind: 'fields'; readonly kinds: readonly SeenKind[] };
