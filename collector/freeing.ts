// Which segments of a spool may go (reference protocol 2.6, 2.7). A finished segment's figures are told to the store; when the keeper has
// read the same, it is waited for the cursors, a snapshot that began after that (or the days it is kept without one), and looked whether
// the indices are still those that were read. If they are not, or something is missing, the segment is shipped again and told of anew.
import { basename, dirname } from 'node:path';
import type { RecordBatch } from '../core/pipeline/run.js';
import type { Log } from '../core/process/log.js';
import { streamName } from '../core/record.js';
import { sameFigures, type SegmentReceipt, type Shared } from '../core/store/shared.js';
import type { FinishedSegment } from './options.js';
import { readSegment } from './spool/folder.js';
import { hashSumsOf, type HashSums } from './spool/hash-sums.js';
import { streamOf } from './spool/segment.js';

export interface FreeingOptions {
  /** Where the cluster keeps snapshots of our indices; absent: none are made. */
  readonly snapshotRepository: string;
  /** Without snapshots: how long a segment is kept after it was read back. */
  readonly archiveMs: number;
  /** After how long a segment that is read back wrongly is shipped again. */
  readonly againMs: number;
}

interface Waiting {
  readonly segment: FinishedSegment;
  tries: number;
  told: boolean;
  since: number;
  /** Of its records' hashes; made once. */
  sums?: HashSums;
  /** When it was first seen here that all is read back, and which snapshot was the latest then: clocks of two machines are never compared. */
  read?: { readonly at: number; readonly snapshot: number } | undefined;
}

const BATCH_BYTES = 1024 * 1024;

export class Freeing {
  private readonly waiting = new Map<string, Waiting>();
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: Partial<FreeingOptions>, private readonly release: (paths: readonly string[]) => void, private readonly again: (batch: RecordBatch) => Promise<void>, private readonly log: Log) {}

  get size(): number { return this.waiting.size; }

  add(segment: FinishedSegment): void {
    this.waiting.set(segment.path, { segment, tries: 0, told: false, since: performance.now() });
  }

  async look(shared: Shared): Promise<void> {
    this.looking ??= this.lookAtAll(shared).finally(() => { this.looking = undefined; });
    return this.looking;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking?.catch(() => undefined);
  }

  private async lookAtAll(shared: Shared): Promise<void> {
    for (const one of [...this.waiting.values()]) {
      if (this.stopped) return;
      if (await this.mayGo(shared, one)) {
        this.waiting.delete(one.segment.path);
        this.release([one.segment.path]);
      }
    }
  }

  private async mayGo(shared: Shared, one: Waiting): Promise<boolean> {
    const { segment, tries } = one, { archiveMs = 0, snapshotRepository, againMs = 60_000 } = this.options, sealed = receiptsOf(segment, tries, one.sums ??= await hashSumsOf(segment.path));
    if (!one.told) {
      for (const receipt of sealed) await shared.sealed(receipt);
      one.told = true;
      return false;
    }
    const receipts = await shared.receipts(sealed.map(({ id }) => id)), reads = receipts.map((receipt) => receipt?.read);
    if (reads.some((read, i) => read === undefined || !sameFigures(read, (sealed[i] as SegmentReceipt).sealed))) {
      // Not found whole yet; if that lasts although it was looked, something is missing.
      if (reads.every((read) => read !== undefined) && performance.now() - one.since > againMs) await this.shipAgain(one, 'it was not found whole');
      return false;
    }
    const cursors = await shared.cursorsOf(sealed.map(({ stream }) => streamName(stream)));
    if (sealed.some(({ sealed: { last } }, i) => (cursors[i]?.position ?? 0) < last)) return false;
    const snapshots = snapshotRepository === undefined ? undefined : await shared.snapshots(snapshotRepository);
    one.read ??= { at: performance.now(), snapshot: snapshots?.began ?? 0 };
    if (snapshots === undefined ? performance.now() - one.read.at < archiveMs : snapshots.complete <= one.read.snapshot) return false;
    if (!await shared.sameCopies(reads.flatMap((read) => read?.copies ?? []))) { await this.shipAgain(one, 'an index is not the one it was read from'); return false; }
    return true;
  }

  private async shipAgain(one: Waiting, why: string): Promise<void> {
    const { path, collector, epoch } = one.segment, contents = await readSegment(dirname(path), basename(path));
    this.log.warn({ segment: basename(path) }, `a segment is shipped again: ${why}`);
    if (contents?.header === undefined) return;
    const { bytes, records, header: { seed } } = contents;
    for (const tier of new Set(records.map((record) => record.tier))) {
      const own = records.filter((record) => record.tier === tier);
      for (let at = 0; at < own.length && !this.stopped;) {
        const parts: Buffer[] = [], from = own[at]?.seq ?? 0;
        let to = from - 1, size = 0;
        for (; at < own.length && size < BATCH_BYTES && own[at]?.seq === to + 1; at++) {
          const { start, end } = own[at] as (typeof own)[number];
          parts.push(bytes.subarray(start, end));
          size += end - start;
          to++;
        }
        await this.again({ stream: streamOf({ collector, epoch }, tier), from, to, seed, bytes: Buffer.concat(parts) });
      }
    }
    Object.assign(one, { tries: one.tries + 1, told: false, since: performance.now(), read: undefined });
  }
}

/** One for each stream that has records in the segment. */
function receiptsOf({ collector, epoch, number, figures }: FinishedSegment, tries: number, sums: HashSums): readonly SegmentReceipt[] {
  return figures.map(({ tier, count, first, last }) => {
    const stream = streamOf({ collector, epoch }, tier);
    return { id: `${streamName(stream)}.${number}${tries === 0 ? '' : `.${tries}`}`, stream, sealed: { count, first, last, xor: sums.of(tier) } };
  });
}
