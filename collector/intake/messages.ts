// What the intake thread and the main thread say to each other.
import type { Problem } from '../../core/problem.js';
import type { RecordBatch } from '../../core/pipeline/run.js';
import type { Registry } from '../../core/tier.js';
import type { MessagePort } from 'node:worker_threads';
import type { BoundAddress, CollectorStats, Cursors, FinishedSegment, IntakeOptions } from '../options.js';

export interface IntakeWorkerData {
  readonly options: IntakeOptions;
  readonly udp: MessagePort;
}

export type ToIntake =
  | { readonly kind: 'committed'; readonly cursors: Cursors }
  | { readonly kind: 'release'; readonly paths: readonly string[] }
  | { readonly kind: 'registry'; readonly registry: Registry }
  | { readonly kind: 'stats'; readonly id: number }
  | { readonly kind: 'durable'; readonly id: number }
  | { readonly kind: 'stop'; readonly udpEnds: boolean };

export interface Failure { readonly name: string; readonly message: string; readonly code?: string; readonly listener?: string }

export type FromIntake =
  | { readonly kind: 'started'; readonly addresses: readonly BoundAddress[]; readonly olderStreams: Cursors }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'batch'; readonly batch: RecordBatch }
  | { readonly kind: 'finished'; readonly segment: FinishedSegment }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'fatal'; readonly failure: Failure }
  | { readonly kind: 'stats'; readonly id: number; readonly stats: CollectorStats }
  | { readonly kind: 'durable'; readonly id: number; readonly failure?: Failure }
  | { readonly kind: 'stopped'; readonly failure?: Failure };
