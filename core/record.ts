// A record: one frame with its arrival data, as the spool keeps it and as the pipeline reads it. Received time, day, tier and
// system are decided at receipt, stand here, and are never recomputed (reference protocol: index = f(tier, day) of the record).
//
//   u32 LE  length of what follows the crc
//   u32 LE  crc32 of what follows, seeded with the spool's seed
//   ---
//   u8      version (1)
//   u8      kind: 0 frame, 1 loss, 2 clock, 3 mark
//   u8      tier
//   u8      flags: 1 = cut at the frame limit
//   u64 LE  seq, 1, 2, 3 ... in the stream (collector, epoch, tier)
//   u64 LE  received, ms since 1970 UTC
//   u16 LE  length of the arrival data in bytes, then that: JSON {p: peer address, q: peer port, l: listener, s: system,
//           u: unit, z: time zone, d: day, r: registry version, t: true length where cut, h: host of a relayed message}
//   ...     the frame: the message's bytes, framing excluded (of the other kinds: JSON that says what happened)
import { createHash } from 'node:crypto';
import { crc32 } from './crc32.js';
import type { Millis } from './event.js';

export type RecordKind = 'frame' | 'loss' | 'clock' | 'mark';

/** One opening of a collector's spool, in one tier; positions count from 1 in it. */
export interface Stream {
  readonly collector: string;
  readonly epoch: number;
  readonly tier: number;
}
export const streamName = ({ collector, epoch, tier }: Stream): string => `${collector}.${epoch}.${tier}`;
export function parseStreamName(name: string): Stream {
  const [collector = '', epoch = '', tier = ''] = name.split('.');
  return { collector, epoch: Number(epoch), tier: Number(tier) };
}

export interface Arrival {
  readonly peer: string;
  readonly port?: number;
  readonly listener: string;
  readonly system: string;
  readonly unit?: string;
  readonly timezone?: string;
  /** Index period, `2026-11-22` (UTC day of receipt). */
  readonly day: string;
  readonly registry: number;
  /** True length in bytes where the frame was cut at the limit. */
  readonly trueLength?: number;
}

export interface SpoolRecord {
  readonly kind: RecordKind;
  readonly tier: number;
  readonly seq: number;
  readonly received: Millis;
  readonly arrival: Arrival;
  readonly frame: Uint8Array;
}

const KINDS: readonly RecordKind[] = ['frame', 'loss', 'clock', 'mark'];
const HEAD_BYTES = 8;
const FIXED_BYTES = 22;
const FLAG_CUT = 1;
/** Longer than any record we write: a length beyond it is a broken head. */
export const RECORD_BYTES_MAX = 64 * 1024 * 1024;

export function encodeRecord(record: SpoolRecord, seed: number): Buffer {
  const { peer, port, listener, system, unit, timezone, day, registry, trueLength } = record.arrival;
  const arrival = Buffer.from(JSON.stringify({ p: peer, q: port, l: listener, s: system, u: unit, z: timezone, d: day, r: registry, t: trueLength }));
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + FIXED_BYTES + arrival.length + record.frame.length);
  bytes.writeUInt8(1, 8);
  bytes.writeUInt8(KINDS.indexOf(record.kind), 9);
  bytes.writeUInt8(record.tier, 10);
  bytes.writeUInt8(trueLength === undefined ? 0 : FLAG_CUT, 11);
  bytes.writeBigUInt64LE(BigInt(record.seq), 12);
  bytes.writeBigUInt64LE(BigInt(record.received), 20);
  bytes.writeUInt16LE(arrival.length, 28);
  arrival.copy(bytes, 30);
  bytes.set(record.frame, 30 + arrival.length);
  bytes.writeUInt32LE(bytes.length - HEAD_BYTES, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEAD_BYTES), seed), 4);
  return bytes;
}

export interface Located {
  readonly record: SpoolRecord;
  /** Where the record begins and ends in the bytes given. */
  readonly start: number;
  readonly end: number;
}

/** The record at `start`, or undefined where there is no whole, intact one (cut off, or damaged). */
export function decodeRecord(bytes: Buffer, start: number, seed: number): Located | undefined {
  if (bytes.length - start < HEAD_BYTES + FIXED_BYTES) return undefined;
  const length = bytes.readUInt32LE(start);
  if (length < FIXED_BYTES || length > RECORD_BYTES_MAX) return undefined;
  const body = start + HEAD_BYTES, end = body + length;
  if (end > bytes.length || crc32(bytes.subarray(body, end), seed) !== bytes.readUInt32LE(start + 4)) return undefined;
  const kind = KINDS[bytes.readUInt8(body + 1)];
  if (bytes.readUInt8(body) !== 1 || kind === undefined) return undefined;
  const arrivalBytes = bytes.readUInt16LE(body + 20), frame = body + FIXED_BYTES + arrivalBytes;
  if (frame > end) return undefined;
  const { p, q, l, s, u, z, d, r, t } = JSON.parse(bytes.toString('utf8', body + FIXED_BYTES, frame)) as WrittenArrival;
  return {
    start, end,
    record: {
      kind, tier: bytes.readUInt8(body + 2),
      seq: Number(bytes.readBigUInt64LE(body + 4)), received: Number(bytes.readBigUInt64LE(body + 12)),
      arrival: { peer: p, port: q, listener: l, system: s, unit: u, timezone: z, day: d, registry: r, trueLength: t },
      frame: bytes.subarray(frame, end),
    },
  };
}
interface WrittenArrival { p: string; q?: number; l: string; s: string; u?: string; z?: string; d: string; r: number; t?: number }

/**
 * `<stream>.<seq>.<16 hex of SHA-256 over the record's body>`: the same in both stores, the API and alerts.
 * `body` is the record's bytes after its length and crc.
 */
export function eventId(stream: Stream, seq: number, body: Uint8Array): string {
  return `${streamName(stream)}.${seq}.${createHash('sha256').update(body).digest('hex').slice(0, 16)}`;
}
/** The bytes of an encoded record that its id is made of. */
export const recordBody = (encoded: Buffer): Buffer => encoded.subarray(HEAD_BYTES);
