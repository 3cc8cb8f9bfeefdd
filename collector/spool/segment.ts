// A segment: one append-only file of the spool, with the records of all tiers of one epoch in the order they were taken. Pure.
//
//   header  64 bytes: "HDSPOOL1", u32 seed, u32 number, u64 epoch, 8 random bytes of the epoch, collector uuid (16 bytes),
//           u64 begun (ms), u32 0, u32 crc32 of the 60 bytes before
//   records core/record.ts, each with its crc seeded by `seed`: a block of another segment never passes for one of this
//   footer  once sealed: u32 0xffffffff (no record is that long), JSON, u32 crc32 of the JSON (seeded), u32 its length, "SEAL"
//           JSON {version: 2, count, bytes, streams: [{tier, first, last, count}]}; without a version, of older programs, each stream
//           also has the XOR of its ids' hashes (xor), which is now made only where somebody compares it (hash-sums.ts)
//
// All numbers are little-endian. What stands behind the longest run of intact records of an unsealed segment was never promised.
import { crc32 } from '../../core/crc32.js';
import { HEAD_BYTES, readHead, type RecordHead, type Stream } from '../../core/record.js';

export interface SegmentHeader {
  readonly collector: string;
  readonly epoch: number;
  /** The epoch's 64 random bits, hex. */
  readonly random: string;
  readonly number: number;
  readonly seed: number;
  readonly begun: number;
}
export const HEADER_BYTES = 64;
const MAGIC = Buffer.from('HDSPOOL1');

export function encodeHeader({ collector, epoch, random, number, seed, begun }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(seed, 8);
  bytes.writeUInt32LE(number, 12);
  bytes.writeBigUInt64LE(BigInt(epoch), 16);
  bytes.write(random, 24, 8, 'hex');
  bytes.write(collector.replaceAll('-', ''), 32, 16, 'hex');
  bytes.writeBigUInt64LE(BigInt(begun), 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
  return bytes;
}

/** The header at the start of `bytes`, or undefined where there is none that is whole and intact. */
export function readHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(MAGIC) || crc32(bytes.subarray(0, 60)) !== bytes.readUInt32LE(60)) return undefined;
  const uuid = bytes.toString('hex', 32, 48);
  return {
    seed: bytes.readUInt32LE(8), number: bytes.readUInt32LE(12), epoch: Number(bytes.readBigUInt64LE(16)), random: bytes.toString('hex', 24, 32),
    collector: [uuid.slice(0, 8), uuid.slice(8, 12), uuid.slice(12, 16), uuid.slice(16, 20), uuid.slice(20)].join('-'),
    begun: Number(bytes.readBigUInt64LE(48)),
  };
}

/** What a segment holds of one stream. */
export interface StreamFigures {
  readonly tier: number;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}
export interface Footer {
  /** Absent in what older programs sealed. */
  readonly version?: 2;
  readonly count: number;
  /** Where the records end. */
  readonly bytes: number;
  /** `xor`: of the 16-hex hashes in the ids of its records, in footers without a version. */
  readonly streams: readonly (StreamFigures & { readonly xor?: string })[];
}
const FOOTER_MARK = 0xffff_ffff;
const SEAL = Buffer.from('SEAL');

export function encodeFooter(footer: Footer, seed: number): Buffer {
  const text = Buffer.from(JSON.stringify(footer)), bytes = Buffer.alloc(text.length + 16);
  bytes.writeUInt32LE(FOOTER_MARK, 0);
  text.copy(bytes, 4);
  bytes.writeUInt32LE(crc32(text, seed), text.length + 4);
  bytes.writeUInt32LE(text.length, text.length + 8);
  SEAL.copy(bytes, text.length + 12);
  return bytes;
}

/** The footer at the end of `bytes` (a segment, or its last bytes), or undefined where it was not sealed. */
export function readFooter(bytes: Buffer, seed: number): Footer | undefined {
  if (bytes.length < 16 || !bytes.subarray(bytes.length - 4).equals(SEAL)) return undefined;
  const length = bytes.readUInt32LE(bytes.length - 8), start = bytes.length - 12 - length;
  if (start < 4 || bytes.readUInt32LE(start - 4) !== FOOTER_MARK) return undefined;
  const text = bytes.subarray(start, start + length);
  return crc32(text, seed) === bytes.readUInt32LE(start + length) ? (JSON.parse(text.toString()) as Footer) : undefined;
}

/** Adds records up to a footer's figures. */
export class Tally {
  private readonly streams = new Map<number, { first: number; last: number; count: number }>();
  count = 0;

  add(tier: number, seq: number): void { this.addRun(tier, seq, seq); }

  /** Positions without a hole between them. */
  addRun(tier: number, from: number, to: number): void {
    let figures = this.streams.get(tier);
    if (figures === undefined) this.streams.set(tier, figures = { first: from, last: to, count: 0 });
    figures.last = to;
    figures.count += to - from + 1;
    this.count += to - from + 1;
  }

  figures(): StreamFigures[] {
    return [...this.streams].sort(([a], [b]) => a - b).map(([tier, figures]) => ({ tier, ...figures }));
  }

  /** The footer of a segment whose records end at `bytes`. */
  footer(bytes: number): Footer {
    return { version: 2, count: this.count, bytes, streams: this.figures() };
  }
}

export interface Found extends RecordHead {
  readonly start: number;
}

/** The intact records from `at` on, up to the first that is not whole. */
export function* intactRecords(bytes: Buffer, at: number, seed: number): Generator<Found> {
  for (let start = at; ;) {
    const head = readHead(bytes, start, seed);
    if (head === undefined) return;
    yield { ...head, start };
    start = head.end;
  }
}

/** Where the next intact record begins at or behind `at`, or -1: how reading goes on behind damage. */
export function nextIntact(bytes: Buffer, at: number, seed: number): number {
  for (let start = at; start < bytes.length; start++) {
    // A record's version and kind stand right behind its head: few other bytes look like that.
    if (bytes[start + HEAD_BYTES] === 1 && (bytes[start + HEAD_BYTES + 1] as number) < 4 && readHead(bytes, start, seed) !== undefined) return start;
  }
  return -1;
}

export const segmentName = (epoch: number, number: number): string => `${epoch.toString().padStart(16, '0')}-${number.toString().padStart(8, '0')}.seg`;
export const streamOf = ({ collector, epoch }: { collector: string; epoch: number }, tier: number): Stream => ({ collector, epoch, tier });
