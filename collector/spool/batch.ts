// Records waiting to be written: of each tier back to back in one buffer, which later goes to the reader as it is.
import { recordBytes, writeRecord, type RecordParts, type Stream } from '../../core/record.js';
import { streamOf, type Tally } from './segment.js';

/** Records of one stream, back to back, positions contiguous. */
export interface Run {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

const SMALLEST = 4096, LARGEST = 1024 * 1024;

/** Collects one stream's records. */
export class RunBuilder {
  private buffer: Buffer;
  private used = 0;
  from = 0;
  to = 0;

  constructor(private readonly epoch: { collector: string; epoch: number }, private readonly tier: number, sizeHint: number) {
    this.buffer = Buffer.allocUnsafeSlow(Math.min(LARGEST, Math.max(SMALLEST, sizeHint)));
  }

  /** Adds a record and returns its length. */
  add(record: RecordParts, seq: number, seed: number, tally: Tally): number {
    const start = this.used, bytes = recordBytes(record.arrival.length, record.frame.length);
    if (this.buffer.length - start < bytes) this.grow(start + bytes);
    tally.add(record.tier, seq, writeRecord(this.buffer, start, record, seq, seed));
    this.used = start + bytes;
    if (this.from === 0) this.from = seq;
    this.to = seq;
    return bytes;
  }

  finish(): Run {
    return { stream: streamOf(this.epoch, this.tier), from: this.from, to: this.to, bytes: this.buffer.subarray(0, this.used) };
  }

  private grow(least: number): void {
    const next = Buffer.allocUnsafeSlow(Math.max(least, this.buffer.length * 2));
    this.buffer.copy(next, 0, 0, this.used);
    this.buffer = next;
  }
}
