// Records waiting to be written: of each tier back to back in one buffer, which later goes to the reader as it is.
import { recordBytes, writeRecord, type RecordParts, type Stream } from '../../core/record.js';

/** Records of one stream, back to back, positions contiguous. */
export interface Run {
  readonly stream: Stream;
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

const SMALLEST = 4096, LARGEST = 1024 * 1024;

/** Collects one stream's records; the next one's position follows that of the last. */
export class RunBuilder {
  private buffer: Buffer;
  private used = 0;

  constructor(private readonly stream: Stream, private readonly from: number, private readonly seed: number, sizeHint: number) {
    this.buffer = Buffer.allocUnsafeSlow(Math.min(LARGEST, Math.max(SMALLEST, sizeHint)));
    this.next = from;
  }
  /** The position of the record to be added. */
  private next: number;

  /** Adds a record and returns its length. */
  add(record: RecordParts): number {
    const start = this.used, bytes = recordBytes(record.arrival.length, record.frame.length);
    if (this.buffer.length - start < bytes) this.grow(start + bytes);
    this.used = writeRecord(this.buffer, start, record, this.next++, this.seed);
    return bytes;
  }

  finish(): Run {
    return { stream: this.stream, from: this.from, to: this.next - 1, bytes: this.buffer.subarray(0, this.used) };
  }

  private grow(least: number): void {
    const next = Buffer.allocUnsafeSlow(Math.max(least, this.buffer.length * 2));
    this.buffer.copy(next, 0, 0, this.used);
    this.buffer = next;
  }
}
