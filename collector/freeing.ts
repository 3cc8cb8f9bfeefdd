// Which segments of a spool may go (reference protocol 2.6, 2.7). A finished segment's figures are told to the store; when the keeper has
// read the same, it is waited for the cursors, a snapshot that began after that (or the days it is kept without one), and looked whether
// the indices are still those that were read. If they are not, or something is missing, the segment is shipped again and told of anew; what
// the store will not have again, since its day was given up meanwhile, is asked for no more.
//
//   read-back.json in the spool's folder    {"EPOCH-NUMBER.seg": {"keptMs": ms}}: how long a segment has been kept since it was seen that
//                                           all of it is read back. Only time in which this ran counts, by the monotonic clock: a clock
//                                           that is set lets nothing go early, and a restart does not begin anew.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Event } from '../core/event.js';
import type { RecordBatch } from '../core/pipeline/run.js';
import type { Log } from '../core/process/log.js';
import { streamName } from '../core/record.js';
import { sameFigures, type Copy, type RetiredEvent, type SegmentReceipt, type Shared } from '../core/store/shared.js';
import type { FinishedSegment } from './options.js';
import { replaceFile } from './spool/files.js';
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
  /** What the store would not have again, since its day was given up, by tier. */
  readonly retired: Map<number, { count: number; last: number; xor: bigint }>;
  /** Since it was seen here that all is read back: how long it has been kept, when that was counted, and which snapshot was the latest at first. */
  read?: Read | undefined;
  unreadable: boolean;
}
interface Read { readonly snapshot: number; keptMs: number; countedAt: number }
type Snapshots = Awaited<ReturnType<Shared['snapshots']>>;

const BATCH_BYTES = 1024 * 1024, AGAIN_MS = 60_000, AGAIN_DOUBLED_MAX = 6, TOGETHER = 500, READ_BACK = 'read-back.json', SAVE_MS = 60_000;

export class Freeing {
  private readonly waiting = new Map<string, Waiting>();
  private looking: Promise<void> | undefined;
  private stopped = false;
  /** What `read-back.json` said at first, by segment; when it was written last, and whether it must be now. */
  private kept: ReadonlyMap<string, number> | undefined;
  private saved = -Infinity;
  private dirty = false;

  /** `again` ships a part of a segment once more, and returns what the store will not have. `monotonic`: milliseconds. */
  constructor(private readonly options: Partial<FreeingOptions>, private readonly release: (paths: readonly string[]) => void, private readonly again: (batch: RecordBatch) => Promise<readonly RetiredEvent[]>, private readonly log: Log, private readonly monotonic: () => number = () => performance.now()) {}

  get size(): number { return this.waiting.size; }

  add(segment: FinishedSegment): void {
    this.waiting.set(segment.path, { segment, tries: 0, told: false, since: performance.now(), retired: new Map(), unreadable: false });
  }

  async look(shared: Shared): Promise<void> {
    this.looking ??= this.lookAtAll(shared).finally(() => { this.looking = undefined; });
    return this.looking;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking?.catch(() => undefined);
  }

  /** In few questions however many wait: those that are kept for days are thousands. */
  private async lookAtAll(shared: Shared): Promise<void> {
    const { snapshotRepository } = this.options, told = [...this.waiting.values()].filter((one) => one.told);
    for (const one of this.waiting.values()) if (!this.stopped && !one.told) await this.tell(shared, one);
    const snapshots = snapshotRepository === undefined || told.length === 0 ? undefined : await shared.snapshots(snapshotRepository);
    const due = told.filter((one) => one.read === undefined || this.keptEnough(one.read, snapshots));
    for (let at = 0; at < due.length && !this.stopped; at += TOGETHER) await this.lookAt(shared, due.slice(at, at + TOGETHER), snapshots);
    await this.save();
  }

  private async tell(shared: Shared, one: Waiting): Promise<void> {
    const { path } = one.segment, sums = one.sums ??= await this.fromFile(one, () => hashSumsOf(path));
    if (sums === undefined) return;
    const sealed = receiptsOf(one, sums);
    for (const receipt of sealed) await shared.sealed(receipt);
    one.told = true;
    // All of it was given up.
    if (sealed.length === 0) this.letGo(one);
  }

  private async lookAt(shared: Shared, some: readonly Waiting[], snapshots: Snapshots | undefined): Promise<void> {
    const asked = some.map((one) => ({ one, sealed: receiptsOf(one, one.sums as HashSums) })), parts = asked.flatMap(({ sealed }) => sealed);
    const known = new Map((await shared.receipts(parts.map(({ id }) => id))).flatMap((receipt) => (receipt === undefined ? [] : [[receipt.id, receipt.read]])));
    const cursors = new Map((await shared.cursorsOf([...new Set(parts.map(({ stream }) => streamName(stream)))])).flatMap((cursor) => (cursor === undefined ? [] : [[cursor.stream, cursor.position]])));
    const ripe: { readonly one: Waiting; readonly copies: readonly Copy[] }[] = [];
    for (const { one, sealed } of asked) {
      const reads = sealed.map(({ id }) => known.get(id));
      if (reads.some((read, i) => read === undefined || !sameFigures(read, (sealed[i] as SegmentReceipt).sealed))) {
        // Not found whole yet; if that lasts although it was looked, something is missing. What sending did not mend is sent less often.
        if (reads.every((read) => read !== undefined) && performance.now() - one.since > (this.options.againMs ?? AGAIN_MS) * 2 ** Math.min(one.tries, AGAIN_DOUBLED_MAX)) await this.shipAgain(one, 'it was not found whole');
        continue;
      }
      if (sealed.some(({ stream, sealed: { last } }) => (cursors.get(streamName(stream)) ?? 0) < last)) continue;
      if (one.read === undefined) {
        one.read = { snapshot: snapshots?.began ?? 0, keptMs: (await this.readBack(one.segment.path)).get(basename(one.segment.path)) ?? 0, countedAt: this.monotonic() };
        this.dirty = true;
      }
      if (this.keptEnough(one.read, snapshots)) ripe.push({ one, copies: reads.flatMap((read) => read?.copies ?? []) });
    }
    const allSame = ripe.length === 0 || await shared.sameCopies(ripe.flatMap(({ copies }) => copies));
    for (const { one, copies } of ripe) {
      if (allSame || await shared.sameCopies(copies)) this.letGo(one);
      else await this.shipAgain(one, 'an index is not the one it was read from');
    }
  }

  private keptEnough(read: Read, snapshots: Snapshots | undefined): boolean {
    const now = this.monotonic();
    read.keptMs += now - read.countedAt;
    read.countedAt = now;
    return snapshots === undefined ? read.keptMs >= (this.options.archiveMs ?? 0) : snapshots.complete > read.snapshot;
  }

  private letGo(one: Waiting): void {
    this.waiting.delete(one.segment.path);
    this.release([one.segment.path]);
    this.dirty = true;
  }

  /** A file that cannot be read keeps its own segment and no other; that is said once. */
  private async fromFile<T>(one: Waiting, read: () => Promise<T>): Promise<T | undefined> {
    try { return await read(); } catch (error) {
      if (!one.unreadable) this.log.error({ err: error, segment: basename(one.segment.path) }, 'a segment cannot be read, and stays; `haidang spool verify` says what is wrong with it');
      one.unreadable = true;
      return undefined;
    }
  }

  private async shipAgain(one: Waiting, why: string): Promise<void> {
    const { path, collector, epoch } = one.segment, contents = await this.fromFile(one, () => readSegment(dirname(path), basename(path)));
    one.retired.clear();
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
        for (const { seq, text } of await this.again({ stream: streamOf({ collector, epoch }, tier), from, to, seed, bytes: Buffer.concat(parts) })) {
          const before = one.retired.get(tier) ?? { count: 0, last: 0, xor: 0n };
          one.retired.set(tier, { count: before.count + 1, last: Math.max(before.last, seq), xor: before.xor ^ hashIn(text) });
        }
      }
    }
    Object.assign(one, { tries: one.tries + 1, told: false, since: performance.now(), read: undefined });
    // It begins anew when it is read back anew.
    this.kept = new Map([...await this.readBack(path)].filter(([name]) => name !== basename(path)));
    this.dirty = true;
  }

  /** Once a minute, and when a segment is new or gone. Of a segment that is waited for, but not seen to be read back yet, what was known stays. */
  private async save(): Promise<void> {
    const [first] = this.waiting.values();
    if (first === undefined || !this.dirty && this.monotonic() - this.saved < SAVE_MS) return;
    const known = await this.readBack(first.segment.path), kept: Record<string, { readonly keptMs: number }> = {};
    for (const { segment: { path }, read } of this.waiting.values()) {
      const ms = read?.keptMs ?? known.get(basename(path));
      if (ms !== undefined) kept[basename(path)] = { keptMs: Math.floor(ms) };
    }
    await replaceFile(join(dirname(first.segment.path), READ_BACK), JSON.stringify(kept));
    this.dirty = false;
    this.saved = this.monotonic();
  }

  /** A file that cannot be read costs time: segments are kept as if they were read back now. */
  private async readBack(path: string): Promise<ReadonlyMap<string, number>> {
    if (this.kept !== undefined) return this.kept;
    const text = await readFile(join(dirname(path), READ_BACK), 'utf8').catch(() => '{}');
    try { this.kept = new Map(Object.entries(JSON.parse(text) as Record<string, { readonly keptMs?: unknown }>).flatMap(([name, { keptMs }]) => (typeof keptMs === 'number' && keptMs >= 0 ? [[name, keptMs]] : []))); } catch { this.kept = new Map(); }
    return this.kept;
  }
}

/** One for each stream that has records in the segment which the store is to have. What was given up is older than the rest of its stream. */
function receiptsOf({ segment: { collector, epoch, number, figures }, tries, retired }: Waiting, sums: HashSums): readonly SegmentReceipt[] {
  return figures.flatMap(({ tier, count, first, last }) => {
    const stream = streamOf({ collector, epoch }, tier), gone = retired.get(tier), left = count - (gone?.count ?? 0), xor = (BigInt(`0x${sums.of(tier)}`) ^ (gone?.xor ?? 0n)).toString(16).padStart(16, '0');
    return left === 0 ? [] : [{ id: `${streamName(stream)}.${number}${tries === 0 ? '' : `.${tries}`}`, stream, sealed: { count: left, first: gone === undefined ? first : gone.last + 1, last, xor } }];
  });
}

/** The hash at the end of an event's id. */
function hashIn(text: string): bigint {
  const hash = /\.([0-9a-f]{16})$/.exec(String((JSON.parse(text) as Event)['event.id']))?.[1];
  return hash === undefined ? 0n : BigInt(`0x${hash}`);
}
