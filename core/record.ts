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
//           u: unit, z: time zone, e: encoding, d: day, r: registry version, t: true length where cut, h: host of a relayed message}
//   ...     the frame: the message's bytes, framing excluded (of the other kinds: JSON that says what happened)
import { hash } from 'node:crypto';
import { crc32 } from './crc32.js';
import type { Millis } from './event.js';

export type RecordKind = 'frame' | 'loss' | 'clock' | 'mark';

/**
 * One opening of a collector's spool, in one tier; positions count from 1 in it. `epoch` is the spool's counter times 2^32 plus
 * 32 bits drawn at that opening, so that two copies of one spool never write the same stream; it sorts by the counter.
 */
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
  readonly encoding?: string;
  /** Index period, `2026-11-22` (UTC day of receipt). */
  readonly day: string;
  readonly registry: number;
  /** True length in bytes where the frame was cut at the limit. */
  readonly trueLength?: number;
  /** The message's own host name, where a relay sent it. */
  readonly host?: string;
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
export const HEAD_BYTES = 8;
export const FIXED_BYTES = 22;
const FLAG_CUT = 1;
const U32 = 4_294_967_296;
/** Longer than any record we write: a length beyond it is a broken head. */
export const RECORD_BYTES_MAX = 64 * 1024 * 1024;

/** The arrival data as a record holds them. A collector keeps the result: it is the same for all frames of one sender and day. */
export function encodeArrival({ peer, port, listener, system, unit, timezone, encoding, day, registry, trueLength, host }: Arrival): Buffer {
  return Buffer.from(JSON.stringify({ p: peer, q: port, l: listener, s: system, u: unit, z: timezone, e: encoding, d: day, r: registry, t: trueLength, h: host }));
}

export const recordBytes = (arrivalBytes: number, frameBytes: number): number => HEAD_BYTES + FIXED_BYTES + arrivalBytes + frameBytes;

export interface RecordParts {
  readonly kind: RecordKind;
  readonly tier: number;
  readonly received: Millis;
  /** From `encodeArrival`. */
  readonly arrival: Uint8Array;
  readonly cut: boolean;
  readonly frame: Uint8Array;
}

/** Writes a record at `at` into `bytes`, which has room for it (`recordBytes`), and returns where it ends. Done once for every message: no objects but a view. */
export function writeRecord(bytes: Buffer, at: number, { kind, tier, received, arrival, cut, frame }: RecordParts, seq: number, seed: number): number {
  const body = at + HEAD_BYTES, frameAt = body + FIXED_BYTES + arrival.length, end = frameAt + frame.length;
  if (arrival.length > 0xffff) throw new RangeError(`expected at most 65535 bytes of arrival data, got ${arrival.length}`);
  putU32(bytes, at, end - body);
  bytes[body] = 1;
  bytes[body + 1] = kind === 'frame' ? 0 : KINDS.indexOf(kind);
  bytes[body + 2] = tier;
  bytes[body + 3] = cut ? FLAG_CUT : 0;
  putU32(bytes, body + 4, seq % U32);
  putU32(bytes, body + 8, Math.floor(seq / U32));
  putU32(bytes, body + 12, received % U32);
  putU32(bytes, body + 16, Math.floor(received / U32));
  bytes[body + 20] = arrival.length;
  bytes[body + 21] = arrival.length >>> 8;
  bytes.set(arrival, body + FIXED_BYTES);
  bytes.set(frame, frameAt);
  putU32(bytes, at + 4, crc32(bytes.subarray(body, end), seed));
  return end;
}

function putU32(bytes: Buffer, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function encodeRecord(record: SpoolRecord, seed: number): Buffer {
  const arrival = encodeArrival(record.arrival);
  const bytes = Buffer.allocUnsafe(recordBytes(arrival.length, record.frame.length));
  writeRecord(bytes, 0, { ...record, arrival, cut: record.arrival.trueLength !== undefined }, record.seq, seed);
  return bytes;
}

export interface Located {
  readonly record: SpoolRecord;
  /** Where the record begins and ends in the bytes given. */
  readonly start: number;
  readonly end: number;
}

/** What every record says without its arrival data being read. */
export interface RecordHead {
  readonly kind: RecordKind;
  readonly tier: number;
  readonly seq: number;
  readonly received: Millis;
  readonly end: number;
}

/** The head of the record at `start`, or undefined where there is no whole, intact one (cut off, or damaged). */
export function readHead(bytes: Buffer, start: number, seed: number): RecordHead | undefined {
  if (bytes.length - start < HEAD_BYTES + FIXED_BYTES) return undefined;
  const length = bytes.readUInt32LE(start);
  if (length < FIXED_BYTES || length > RECORD_BYTES_MAX) return undefined;
  const body = start + HEAD_BYTES, end = body + length;
  const kind = KINDS[bytes[body + 1] as number];
  if (end > bytes.length || bytes[body] !== 1 || kind === undefined) return undefined;
  if (body + FIXED_BYTES + bytes.readUInt16LE(body + 20) > end) return undefined;
  if (crc32(bytes.subarray(body, end), seed) !== bytes.readUInt32LE(start + 4)) return undefined;
  return {
    kind, end, tier: bytes[body + 2] as number,
    seq: bytes.readUInt32LE(body + 4) + bytes.readUInt32LE(body + 8) * U32,
    received: bytes.readUInt32LE(body + 12) + bytes.readUInt32LE(body + 16) * U32,
  };
}

/** The record at `start`, or undefined where there is no whole, intact one (cut off, or damaged). */
export function decodeRecord(bytes: Buffer, start: number, seed: number): Located | undefined {
  const head = readHead(bytes, start, seed);
  if (head === undefined) return undefined;
  const arrivalAt = start + HEAD_BYTES + FIXED_BYTES, frameAt = arrivalAt + bytes.readUInt16LE(arrivalAt - 2);
  const { kind, tier, seq, received, end } = head;
  return { start, end, record: { kind, tier, seq, received, arrival: decodeArrival(bytes.toString('utf8', arrivalAt, frameAt)), frame: bytes.subarray(frameAt, end) } };
}

// One sender's records repeat their arrival data: each text is read once. Whoever gets one must not change it (`readonly`).
const ARRIVALS_MAX = 2_000;
const arrivals = new Map<string, Arrival>();
function decodeArrival(text: string): Arrival {
  const known = arrivals.get(text);
  if (known !== undefined) return known;
  const { p, q, l, s, u, z, e, d, r, t, h } = JSON.parse(text) as WrittenArrival;
  const arrival = { peer: p, port: q, listener: l, system: s, unit: u, timezone: z, encoding: e, day: d, registry: r, trueLength: t, host: h };
  if (arrivals.size >= ARRIVALS_MAX) arrivals.clear();
  arrivals.set(text, arrival);
  return arrival;
}
interface WrittenArrival { p: string; q?: number; l: string; s: string; u?: string; z?: string; e?: string; d: string; r: number; t?: number; h?: string }

/**
 * `<stream>.<seq>.<16 hex of SHA-256 over the record's body>`: the same in both stores, the API and alerts.
 * `body` is the record's bytes after its length and crc.
 */
export function eventId(stream: Stream, seq: number, body: Uint8Array): string {
  return `${streamName(stream)}.${seq}.${recordHash(body)}`;
}
export const recordHash = (body: Uint8Array): string => hash('sha256', body, 'hex').slice(0, 16);
/** The bytes of an encoded record that its id is made of. */
export const recordBody = (encoded: Buffer): Buffer => encoded.subarray(HEAD_BYTES);
