// Hands durable records to the reader, in order, and frees segments the reader is done with.
//
// At most `inFlightBytesMax` are with the reader beyond what it has committed. While it keeps up, a batch goes to it from memory
// as it becomes durable; when it does not, the batch stays on disk only and is read from there later: the spool is the buffer, and
// nobody stops reading sockets for a slow reader. Older epochs' records come first. Every stream is delivered without a hole: a
// position that was durable once and cannot be read any more is delivered as a `loss` record that says so. Of a stream whose cursor is
// not known what was freed (released.ts) is passed over: the reader has it. A cursor that is known is believed: what it is not past and
// is not here is lost, also when a store was put back to an older state.
import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { Problem } from '../../core/problem.js';
import { streamName, type Stream } from '../../core/record.js';
import type { Run } from './batch.js';
import { readAt } from './files.js';
import { encodeLost } from './lost.js';
import type { StoredSegment } from './recover.js';
import type { Released } from './released.js';
import { HEADER_BYTES, intactRecords, nextIntact, streamOf, type Found } from './segment.js';
import type { DurableBatch } from './spool.js';

/** How far a reader has come in each stream, by stream name: core/store `CursorStore.all`. */
export type Cursors = Readonly<Record<string, number>>;
export interface Delivery extends Run {
  readonly seed: number;
}

export interface FeederOptions {
  readonly segments: readonly StoredSegment[];
  readonly cursors: Cursors;
  readonly deliver: (delivery: Delivery) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly inFlightBytesMax?: number;
  readonly readBytes?: number;
  /** Given: a segment all of which is committed is told of, once, and stays until `release` names it; `released` remembers what went so. */
  readonly kept?: { readonly onFinished: (segment: StoredSegment) => void; readonly released: Released };
}

const MB = 1024 * 1024;
/** An event is some ten times its frame: what waits for a slow reader waits on disk. */
const IN_FLIGHT_BYTES_MAX = 8 * MB;

export class Feeder {
  private readonly segments: StoredSegment[];
  private readonly committedTo = new Map<string, number>();
  private readonly deliveredTo = new Map<string, number>();
  private readonly receivedTo = new Map<string, number>();
  private readonly finished = new Set<string>();
  private readonly released = new Set<string>();
  private readonly inFlight = new Map<string, { to: number; bytes: number }[]>();
  private inFlightBytes = 0;
  /** Everything before this place has been delivered. */
  private at = HEADER_BYTES;
  private index = 0;
  private pumping: Promise<void> | undefined;
  private freeing = Promise.resolve();
  private stopped = false;
  private readonly inFlightBytesMax: number;
  private readonly readBytes: number;

  constructor(private readonly options: FeederOptions) {
    this.segments = [...options.segments];
    this.inFlightBytesMax = options.inFlightBytesMax ?? IN_FLIGHT_BYTES_MAX;
    this.readBytes = options.readBytes ?? MB;
    for (const [name, seq] of Object.entries(options.cursors)) this.committedTo.set(name, seq);
  }

  /** Begins with what older epochs left; call once. */
  async start(): Promise<void> {
    await this.free();
    this.pump();
  }

  /** A batch became durable. */
  durable({ segment, at, end, runs }: DurableBatch): void {
    if (this.segments.at(-1) !== segment) this.segments.push(segment);
    this.toNextSegment();
    const upToDate = this.segments[this.index] === segment && this.at === at && this.pumping === undefined && runs.every(({ stream, from }) => this.nextPosition(stream, from) === from);
    if (!upToDate || this.inFlightBytes >= this.inFlightBytesMax || this.stopped) { this.pump(); return; }
    this.at = end;
    for (const run of runs) this.deliver({ ...run, seed: segment.seed });
  }

  /** The reader has everything up to these positions; segments behind all of them go. */
  async committed(cursors: Cursors): Promise<void> {
    for (const [name, seq] of Object.entries(cursors)) {
      if (seq <= (this.committedTo.get(name) ?? 0)) continue;
      this.committedTo.set(name, seq);
      const waiting = this.inFlight.get(name);
      if (waiting === undefined) continue;
      while (waiting.length > 0 && (waiting[0] as { to: number }).to <= seq) this.inFlightBytes -= (waiting.shift() as { bytes: number }).bytes;
      if (waiting.length === 0) this.inFlight.delete(name);
    }
    await this.free();
    this.pump();
  }

  /** Nothing more is delivered; what was not comes at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.pumping;
  }

  /** Resolves when everything durable that fits in flight has been delivered. */
  async idle(): Promise<void> {
    await this.pumping;
  }

  stats(): { readonly segments: number; readonly bytes: number; readonly inFlightBytes: number; readonly undeliveredBytes: number; readonly oldest: number | undefined } {
    const bytes = this.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    const undelivered = this.segments.slice(this.index).reduce((sum, segment) => sum + segment.bytes, 0) - (this.index < this.segments.length ? this.at : 0);
    return { segments: this.segments.length, bytes, inFlightBytes: this.inFlightBytes, undeliveredBytes: Math.max(0, undelivered), oldest: this.segments.find((segment) => !this.done(segment))?.begun };
  }

  private deliver(delivery: Delivery): void {
    const name = streamName(delivery.stream), bytes = delivery.bytes.length;
    this.deliveredTo.set(name, delivery.to);
    const waiting = this.inFlight.get(name);
    if (waiting === undefined) this.inFlight.set(name, [{ to: delivery.to, bytes }]); else waiting.push({ to: delivery.to, bytes });
    this.inFlightBytes += bytes;
    this.options.deliver(delivery);
  }

  private toNextSegment(): void {
    for (let segment = this.segments[this.index]; segment !== undefined && segment.closed && this.at >= segment.bytes && this.index < this.segments.length - 1; segment = this.segments[this.index]) {
      this.index++;
      this.at = HEADER_BYTES;
    }
  }

  private pump(): void {
    if (this.pumping !== undefined || this.stopped || this.inFlightBytes >= this.inFlightBytesMax || !this.behind()) return;
    this.pumping = this.readOn().then(() => true, (error: unknown) => {
      this.options.onProblem({ code: 'spool.read.failed', message: `the spool cannot be read: ${(error as Error).message}. It is tried again with the next batch.` });
      return false;
    }).then((again) => {
      this.pumping = undefined;
      if (again) this.pump(); // a batch may have become durable while the file was being closed
    });
  }

  private behind(): boolean {
    this.toNextSegment();
    const segment = this.segments[this.index];
    return segment !== undefined && this.at < segment.bytes;
  }

  private async readOn(): Promise<void> {
    await Promise.resolve(); // `pumping` is set before the first delivery
    let file: FileHandle | undefined, opened: StoredSegment | undefined;
    try {
      while (!this.stopped && this.inFlightBytes < this.inFlightBytesMax && this.behind()) {
        const segment = this.segments[this.index] as StoredSegment;
        if (opened !== segment) {
          await file?.close();
          file = undefined;
          file = await open(segment.path, 'r').catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return undefined; throw error; });
          opened = segment;
        }
        await this.readChunk(segment, file);
      }
    } finally {
      await file?.close();
    }
  }

  // One piece of a segment, as far as its records are whole in it. Without a file (somebody removed it) there is nothing in it.
  private async readChunk(segment: StoredSegment, file: FileHandle | undefined): Promise<void> {
    const from = this.at, left = segment.bytes - from, read = (length: number): Promise<Buffer> => (file === undefined ? Promise.resolve(Buffer.alloc(0)) : readAt(file, from, length));
    let bytes = await read(Math.min(left, this.readBytes));
    let found = [...intactRecords(bytes, 0, segment.seed)], end = found.at(-1)?.end ?? 0;
    if (end === 0 && bytes.length < left) { // a long record, or damage: look at all there is
      bytes = await read(left);
      found = [...intactRecords(bytes, 0, segment.seed)];
      end = found.at(-1)?.end ?? 0;
    }
    if (end === 0) {
      const next = nextIntact(bytes, 1, segment.seed);
      end = next < 0 ? left : next; // the file may end before the segment did
      this.options.onProblem({ code: 'spool.segment.damaged', file: segment.path, message: file === undefined ? `the segment is gone: somebody removed it before it was stored. Its ${end} bytes are delivered as lost` : `${end} bytes at ${from} cannot be read; the positions in them are delivered as lost` });
    }
    this.at = from + end;
    for (const run of this.sort(segment, bytes, found)) this.deliver({ ...run, seed: segment.seed });
    if (segment.closed && this.at >= segment.bytes) for (const run of this.missingAtEnd(segment)) this.deliver({ ...run, seed: segment.seed });
  }

  // Records by stream, each position once, holes filled; a stretch that was freed parts two runs.
  private sort(segment: StoredSegment, bytes: Buffer, found: readonly Found[]): Run[] {
    const [first] = found, stream = first === undefined ? undefined : streamOf(segment, first.tier);
    if (first !== undefined && stream !== undefined && this.nextPosition(stream, first.seq) === first.seq && found.every(({ tier, seq }, i) => tier === first.tier && seq === first.seq + i)) {
      const { seq: to, end, received } = found.at(-1) as Found; // one stream, without a hole: its bytes as they were read
      this.receivedTo.set(streamName(stream), received);
      return [{ stream, from: first.seq, to, bytes: bytes.subarray(first.start, end) }];
    }
    const pieces = new Map<number, Piece>();
    for (const { tier, seq, start, end, received } of found) {
      const known = pieces.get(tier), piece = known ?? new Piece(streamOf(segment, tier), this.nextPosition(streamOf(segment, tier), seq));
      if (known === undefined) pieces.set(tier, piece);
      if (seq < piece.next) continue;
      this.fill(piece, seq, received, segment.seed);
      piece.add(bytes.subarray(start, end));
      this.receivedTo.set(streamName(piece.stream), received);
    }
    return [...pieces.values()].flatMap((piece) => piece.runs());
  }

  // Positions that a sealed segment had at its end and that could not be read.
  private missingAtEnd(segment: StoredSegment): Run[] {
    return [...segment.ranges].flatMap(([tier, { last }]) => {
      const stream = streamOf(segment, tier), name = streamName(stream), piece = new Piece(stream, this.nextPosition(stream, last));
      if ((this.deliveredTo.get(name) ?? this.committedTo.get(name)) === undefined) return [];
      this.fill(piece, last + 1, this.receivedTo.get(name) ?? Date.now(), segment.seed);
      return piece.runs();
    });
  }

  private fill(piece: Piece, seq: number, received: number, seed: number): void {
    const { epoch, tier } = piece.stream, { kept, cursors } = this.options, released = Object.hasOwn(cursors, streamName(piece.stream)) ? undefined : kept?.released;
    while (piece.next < seq) {
      const next = released?.nextOf(epoch, tier, piece.next) ?? piece.next;
      if (next > piece.next) piece.passTo(next); else piece.add(encodeLost(tier, piece.next, received, seed));
    }
  }

  // A stream nobody has a cursor of begins with what is there.
  private nextPosition(stream: Stream, seq: number): number {
    const name = streamName(stream), delivered = this.deliveredTo.get(name), committed = this.committedTo.get(name);
    return delivered === undefined && committed === undefined ? seq : Math.max(delivered ?? 0, committed ?? 0) + 1;
  }

  private done(segment: StoredSegment): boolean {
    return [...segment.ranges].every(([tier, { last }]) => (this.committedTo.get(streamName(streamOf(segment, tier))) ?? 0) >= last);
  }

  /** These segments, by path, are safe elsewhere. */
  async release(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.released.add(path);
    await this.free();
  }

  // Closed segments all of whose positions are committed; the one being read stays.
  private free(): Promise<void> {
    return this.freeing = this.freeing.then(() => this.freeDone());
  }

  private async freeDone(): Promise<void> {
    const { kept } = this.options;
    for (const segment of [...this.segments]) {
      const { path } = segment;
      if (!segment.closed || !this.done(segment) || this.isRead(segment)) continue;
      if (kept !== undefined && !this.finished.has(path)) { this.finished.add(path); kept.onFinished(segment); }
      if (kept !== undefined && (!this.released.has(path) || !await this.remember(segment, kept.released) || this.isRead(segment))) continue;
      this.finished.delete(path);
      this.released.delete(path);
      const i = this.segments.indexOf(segment);
      this.segments.splice(i, 1);
      if (i < this.index) this.index--;
      else if (i === this.index) this.at = HEADER_BYTES;
      await unlink(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') this.options.onProblem({ code: 'spool.segment.not-freed', file: path, message: `expected to remove a segment that is stored, got ${error.message}` });
      });
    }
  }
  private isRead(segment: StoredSegment): boolean { return this.segments[this.index] === segment && this.pumping !== undefined; }

  // A full disk must not keep the oldest from going: a stream nobody has a cursor of begins with what is there.
  private async remember(segment: StoredSegment, released: Released): Promise<boolean> {
    const others = this.segments.filter((one) => one !== segment);
    try {
      await released.add(segment.epoch, segment.ranges, new Set(others.map(({ epoch }) => epoch)));
      return true;
    } catch (error) {
      if (!others.some(({ epoch, number }) => epoch === segment.epoch && number < segment.number)) return true;
      this.options.onProblem({ code: 'spool.segment.not-freed', file: segment.path, message: `expected to write down that a segment goes, got ${(error as Error).message}. It stays until that can be written.` });
      return false;
    }
  }
}

/** Runs of one stream in the making. */
class Piece {
  private readonly whole: Run[] = [];
  private parts: Uint8Array[] = [];
  private from: number;

  constructor(readonly stream: Stream, public next: number) { this.from = next; }

  add(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.next++;
  }
  /** The positions before `seq` belong to no run. */
  passTo(seq: number): void {
    this.end();
    this.next = this.from = seq;
  }
  runs(): readonly Run[] {
    this.end();
    return this.whole;
  }
  private end(): void {
    if (this.parts.length > 0) this.whole.push({ stream: this.stream, from: this.from, to: this.next - 1, bytes: concat(this.parts) });
    this.parts = [];
  }
}

// In memory of its own, so that it can be handed to another thread.
function concat(parts: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { bytes.set(part, at); at += part.length; }
  return bytes;
}

/** The last position of each stream that stands in these segments: what a stream of an older epoch ends with. */
export function lastPositions(segments: readonly StoredSegment[]): Record<string, number> {
  const last: Record<string, number> = {};
  for (const segment of segments) {
    for (const [tier, range] of segment.ranges) {
      const name = streamName(streamOf(segment, tier));
      last[name] = Math.max(last[name] ?? 0, range.last);
    }
  }
  return last;
}
