// The spool: every frame is on disk before anybody else sees it.
//
// `append` gives a record its position and puts it into the batch that waits; a batch is written and fdatasynced when it holds
// 256 KB or is 20 ms old, whichever comes first, one at a time, so a slow disk makes larger batches. Only then `onDurable` hears of
// it. A failed write or sync is never tried again on the same file: its kernel pages may pass for clean. The batch, of which nobody
// has heard, goes to a new segment under the same positions; a disk that fails twice in a row ends the spool (`onFatal`), a full
// one is waited for. Received time is the wall clock at the epoch's beginning plus monotonic time since, and never goes back.
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordParts } from '../../core/record.js';
import type { Problem } from '../../core/problem.js';
import { RunBuilder, type Run } from './batch.js';
import { systemClock, type Clock } from './clock.js';
import { counterOf, beginEpoch, drawEpoch, writeEpoch, type Epoch } from './epoch.js';
import { diskFiles, type SpoolFiles, type WriteFile } from './files.js';
import { lockFolder, type Lock } from './lock.js';
import { recover, type Recovered, type StoredSegment } from './recover.js';
import { encodeFooter, encodeHeader, HEADER_BYTES, segmentName, streamOf, Tally } from './segment.js';

export interface SpoolOptions {
  readonly folder: string;
  readonly newCollector: () => string;
  readonly onDurable: (batch: DurableBatch) => void;
  readonly onProblem: (problem: Problem) => void;
  /** The disk failed twice: nothing more is taken; what was not told durable is lost with the process. */
  readonly onFatal: (error: Error) => void;
  readonly segmentBytes?: number;
  readonly flushBytes?: number;
  readonly flushMs?: number;
  readonly clock?: Clock;
  readonly files?: SpoolFiles;
  /** How long a full disk is left alone before the batch is tried again. */
  readonly retryMs?: number;
}

export interface DurableBatch {
  readonly segment: StoredSegment;
  /** Where in the segment the runs stand, one behind the other. */
  readonly at: number;
  readonly end: number;
  readonly runs: readonly Run[];
}

// A segment to be: its records are encoded with its seed before its file exists.
interface Plan {
  readonly epoch: Epoch;
  readonly seed: number;
  bytes: number;
}
interface OpenSegment { readonly plan: Plan; readonly stored: StoredSegment; readonly file: WriteFile; readonly tally: Tally }
interface Batch { readonly plan: Plan; readonly runs: readonly Run[]; readonly bytes: number }

const MB = 1024 * 1024;
const FAILURES_MAX = 2;
/** Somebody may append tens of megabytes in one turn (a window of Beats): they are written, and handed on, in pieces. */
const BATCH_BYTES_MAX = 3 * MB;
/** No room for bytes or for files, or a disk mounted read-only: somebody will make it better, so what was taken waits. */
const WAITED_FOR: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

export class Spool {
  private plan: Plan;
  private builders = new Map<number, RunBuilder>();
  private waitingBytes = 0;
  private appended = 0;
  private waitingSince = 0;
  private readonly positions = new Map<number, number>();
  private readonly queue: Batch[] = [];
  private queuedBytes = 0;
  private open: OpenSegment | undefined;
  private number = 0;
  private writtenEpoch: Epoch;
  private epochWall: number;
  private epochMonotonic: number;
  private lastReceived = 0;
  private lastBatchBytes = 0;
  private failures = 0;
  private fullSince: number | undefined;
  private dead: Error | undefined;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private waiters: { batch: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  private batchesTaken = 0;
  private batchesDone = 0;
  private closing = false;
  readonly syncMs = { count: 0, sum: 0, max: 0, last: 0 };
  private readonly segmentBytes: number;
  private readonly flushBytes: number;
  private readonly flushMs: number;
  private readonly clock: Clock;
  private readonly files: SpoolFiles;

  private constructor(private readonly options: SpoolOptions, private readonly lock: Lock, readonly recovered: Recovered, epoch: Epoch) {
    this.segmentBytes = options.segmentBytes ?? 64 * MB;
    this.flushBytes = options.flushBytes ?? 256 * 1024;
    this.flushMs = options.flushMs ?? 20;
    this.clock = options.clock ?? systemClock;
    this.files = options.files ?? diskFiles;
    this.epochWall = this.clock.wall();
    this.epochMonotonic = this.clock.monotonic();
    this.plan = newPlan(epoch);
    this.writtenEpoch = epoch;
  }

  /** Takes the folder, recovers what stands in it and begins a new epoch. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const lock = await lockFolder(options.folder);
    try {
      const recovered = await recover(options.folder);
      for (const problem of recovered.problems) options.onProblem(problem);
      return new Spool(options, lock, recovered, await beginEpoch(options.folder, recovered.newest, options.newCollector, options.onProblem));
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  get epoch(): Epoch { return this.plan.epoch; }
  /** The last position of each tier in this epoch. */
  get lastPositions(): ReadonlyMap<number, number> { return this.positions; }
  /** Bytes of records appended since the start. */
  get appendedBytes(): number { return this.appended; }
  /** Bytes taken and not durable yet: who reads sockets stops reading when there are many. */
  get pendingBytes(): number { return this.waitingBytes + this.queuedBytes; }

  /** The received time of something that came at `monotonic`. */
  received(monotonic: number): number {
    const time = Math.floor(this.epochWall + monotonic - this.epochMonotonic);
    return this.lastReceived = Math.max(time, this.lastReceived);
  }

  /** How far the wall clock has been set off since the epoch began. */
  get clockStepMs(): number {
    return this.clock.wall() - (this.epochWall + this.clock.monotonic() - this.epochMonotonic);
  }

  /** Gives the record its position in (this epoch, its tier) and returns it. */
  append(record: RecordParts): number {
    if (this.dead !== undefined) throw this.dead;
    const { tier } = record, seq = (this.positions.get(tier) ?? 0) + 1;
    this.positions.set(tier, seq);
    let builder = this.builders.get(tier);
    if (builder === undefined) this.builders.set(tier, builder = new RunBuilder(streamOf(this.plan.epoch, tier), seq, this.plan.seed, this.lastBatchBytes * 1.5));
    if (this.waitingBytes === 0) this.waitingSince = this.clock.monotonic();
    const bytes = builder.add(record);
    this.waitingBytes += bytes;
    this.appended += bytes;
    this.plan.bytes += bytes;
    if (this.plan.bytes >= this.segmentBytes) {
      this.enqueue();
      this.plan = newPlan(this.plan.epoch);
    } else if (this.waitingBytes >= BATCH_BYTES_MAX) this.enqueue();
    this.schedule();
    return seq;
  }

  /** Resolves when everything appended so far is durable. */
  durable(): Promise<void> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    const batch = this.batchesTaken + (this.waitingBytes > 0 ? 1 : 0);
    if (batch <= this.batchesDone) return Promise.resolve();
    return new Promise((resolve, reject) => { this.waiters.push({ batch, resolve, reject }); });
  }

  /**
   * The clock was set: from here on records belong to a new epoch, on the present wall clock. Positions begin at 1 again.
   * Returns by how much it was off.
   */
  beginEpoch(): number {
    const step = this.clockStepMs;
    this.enqueue();
    this.positions.clear();
    this.epochWall = this.clock.wall();
    this.epochMonotonic = this.clock.monotonic();
    this.lastReceived = 0;
    this.plan = newPlan(drawEpoch(this.plan.epoch.collector, counterOf(this.plan.epoch.epoch) + 1));
    return step;
  }

  /** Makes everything durable, seals, and lets go of the folder. */
  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.timer);
    try {
      if (this.dead === undefined) {
        this.running ??= this.run();
        await this.running;
        if (this.dead === undefined && this.open !== undefined) await this.seal(this.open);
      }
      await this.open?.file.close().catch(() => undefined);
    } finally {
      await this.lock.release();
    }
  }

  private enqueue(): void {
    if (this.waitingBytes === 0) return;
    const runs = [...this.builders.values()].map((builder) => builder.finish());
    this.builders = new Map();
    this.queue.push({ plan: this.plan, runs, bytes: this.waitingBytes });
    this.queuedBytes += this.waitingBytes;
    this.lastBatchBytes = Math.max(...runs.map(({ bytes }) => bytes.length));
    this.waitingBytes = 0;
    this.batchesTaken++;
  }

  private schedule(): void {
    if (this.running !== undefined) return;
    if (this.queue.length > 0 || this.waitingBytes >= this.flushBytes) this.start();
    else this.timer ??= setTimeout(() => { this.start(); }, this.flushMs);
  }

  private start(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.running ??= this.run();
  }

  // Writes batches until none is due. One at a time: the order on disk is the order of positions.
  private async run(): Promise<void> {
    await Promise.resolve(); // `running` is set before the first batch is taken
    for (;;) {
      if (this.queue.length === 0) {
        const due = this.closing || this.waitingBytes >= this.flushBytes || this.clock.monotonic() - this.waitingSince >= this.flushMs;
        if (this.waitingBytes === 0 || !due) break;
        this.enqueue();
      }
      const batch = this.queue[0] as Batch;
      if (!(await this.store(batch))) break;
      this.queue.shift();
    }
    this.running = undefined;
    if (this.dead === undefined && !this.closing && this.waitingBytes > 0) this.schedule();
  }

  // Writes one batch, to a new segment when the disk refuses; false when the spool is dead.
  private async store(batch: Batch): Promise<boolean> {
    const { plan, runs, bytes } = batch;
    let stored: StoredSegment;
    for (;;) {
      try {
        stored = await this.write(plan, runs);
        break;
      } catch (error) {
        if (!(await this.giveUpSegment(error as NodeJS.ErrnoException))) return false;
      }
    }
    this.failures = 0;
    this.fullSince = undefined;
    this.queuedBytes -= bytes;
    this.batchesDone++;
    this.options.onDurable({ segment: stored, at: stored.bytes - bytes, end: stored.bytes, runs });
    this.wake();
    return true;
  }

  private async write(plan: Plan, runs: readonly Run[]): Promise<StoredSegment> {
    const open = await this.segmentFor(plan), { stored, file } = open;
    await file.write(runs.map((run) => run.bytes), stored.bytes);
    const began = performance.now();
    await file.datasync();
    this.measure(performance.now() - began);
    for (const { stream: { tier }, from, to, bytes } of runs) {
      open.tally.addRun(tier, from, to);
      stored.ranges.set(tier, { first: stored.ranges.get(tier)?.first ?? from, last: to });
      stored.bytes += bytes.length;
    }
    return stored;
  }

  // The open segment is suspect: what it holds of durable batches stays to be read, the rest of it is nobody's.
  private async giveUpSegment(error: NodeJS.ErrnoException): Promise<boolean> {
    const suspect = this.open, full = WAITED_FOR.has(error.code ?? '');
    this.open = undefined;
    if (suspect !== undefined) {
      const { stored } = suspect;
      stored.figures = suspect.tally.figures();
      stored.closed = true;
      await suspect.file.close().catch(() => undefined);
      if (stored.bytes === HEADER_BYTES) await this.files.remove(stored.path).catch(() => undefined);
      else if (full) await this.files.truncate(stored.path, stored.bytes).catch(() => undefined);
    }
    return full ? this.waitForSpace(error) : this.countFailure(error, suspect?.stored.path);
  }

  private countFailure(error: Error, path = 'a new segment'): boolean {
    this.failures++;
    if (this.failures >= FAILURES_MAX) {
      this.die(new Error(`the spool in ${this.options.folder} cannot be written: ${error.message}, twice in a row. Taking of input has stopped, and what senders were not told is taken again by the next start. The disk fails: look at what the system says of it (dmesg).`, { cause: error }));
      return false;
    }
    this.options.onProblem({ code: 'spool.segment.suspect', message: `writing ${path} failed: ${error.message}. What was being written, of which nobody was told, goes to a new segment; nothing is lost. A disk that does this is failing: look at what the system says of it (dmesg).`, got: error.message });
    return true;
  }

  private async waitForSpace(error: NodeJS.ErrnoException): Promise<boolean> {
    if (this.closing) {
      this.die(new Error(`the spool in ${this.options.folder} cannot be written (${error.message}): ${this.pendingBytes} bytes that were taken are not stored`, { cause: error }));
      return false;
    }
    if (this.fullSince === undefined) {
      this.fullSince = this.clock.monotonic();
      const readOnly = error.code === 'EROFS';
      this.options.onProblem({
        code: readOnly ? 'spool.disk.read-only' : 'spool.disk.full', got: error.message,
        message: `${readOnly ? `the disk of the spool in ${this.options.folder} is read-only` : `no space left for the spool in ${this.options.folder}`}: what was taken waits in memory until it can be written`,
      });
    }
    await new Promise((resolve) => { setTimeout(resolve, this.options.retryMs ?? 1000); });
    return true;
  }

  private die(error: Error): void {
    this.dead = error;
    for (const { reject } of this.waiters.splice(0)) reject(error);
    this.options.onFatal(error);
  }

  private wake(): void {
    if (this.waiters.length === 0) return;
    const ready = this.waiters.filter(({ batch }) => batch <= this.batchesDone);
    this.waiters = this.waiters.filter(({ batch }) => batch > this.batchesDone);
    for (const { resolve } of ready) resolve();
  }

  private async segmentFor(plan: Plan): Promise<OpenSegment> {
    if (this.open?.plan === plan) return this.open;
    if (this.open !== undefined) {
      await this.seal(this.open);
      this.open = undefined;
    }
    const { epoch, seed } = plan;
    if (this.writtenEpoch !== epoch) {
      await writeEpoch(this.options.folder, epoch);
      this.writtenEpoch = epoch;
      this.number = 0;
    }
    const number = ++this.number, path = join(this.options.folder, segmentName(epoch.epoch, number));
    const file = await this.files.create(path), begun = Math.floor(this.clock.wall());
    const stored: StoredSegment = { ...epoch, path, number, seed, begun, bytes: HEADER_BYTES, closed: false, ranges: new Map() };
    this.open = { plan, stored, file, tally: new Tally() };
    await file.write([encodeHeader({ ...epoch, number, seed, begun })], 0);
    return this.open;
  }

  private async seal({ plan, stored, file, tally }: OpenSegment): Promise<void> {
    await file.write([encodeFooter(tally.footer(stored.bytes), plan.seed)], stored.bytes);
    await file.datasync();
    await file.close();
    stored.figures = tally.figures();
    stored.closed = true;
  }

  private measure(ms: number): void {
    this.syncMs.count++;
    this.syncMs.sum += ms;
    this.syncMs.last = ms;
    if (ms > this.syncMs.max) this.syncMs.max = ms;
  }
}

const newPlan = (epoch: Epoch): Plan => ({ epoch, seed: randomBytes(4).readUInt32LE(0), bytes: 0 });
