// GELF, Graylog's message format: JSON, over UDP compressed or not, whole or in chunks; over TCP ended by NUL. A frame is the JSON as it
// was written. What is put together is bounded in bytes, number and time, for all and for each source; what never became whole is told.
//
//   UDP    JSON, gzip (1f 8b), zlib (78), or a chunk: 1e 0f, 8 bytes of message, u8 number, u8 count (at most 128), bytes
//   TCP    JSON NUL JSON NUL ...
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Session, Wire } from './session.js';

const CHUNK_HEAD = 12, CHUNKS_MAX = 128, CHUNK_MS = 5000;
const MESSAGES_MAX = 4096, BYTES_MAX = 64 * 1024 * 1024, SOURCE_PART = 4;

/** Why a message came to nothing: chunks that never came (or for which there was no room), or more bytes than a frame may have. */
export type GelfLoss = 'incomplete' | 'too_large';
interface Unfinished<From> { readonly from: From; readonly address: string; readonly since: number; readonly chunks: (Buffer | undefined)[]; missing: number; bytes: number }

export class GelfAssembler<From extends { readonly address: string }> {
  /** By source and message, oldest first. */
  private readonly unfinished = new Map<string, Unfinished<From>>();
  private readonly bytesOf = new Map<string, number>();
  private bytes = 0;

  constructor(private readonly frameBytesMax: number, private readonly onLost: (from: From, why: GelfLoss) => void) {}

  get keptBytes(): number { return this.bytes; }

  /** The frame that this datagram is, or completes. */
  read(datagram: Buffer, from: From, now: number): Buffer | undefined {
    const whole = datagram[0] === 0x1e && datagram[1] === 0x0f ? this.join(datagram, from, now) : datagram;
    if (whole === undefined) return undefined;
    try {
      return inflate(whole, this.frameBytesMax);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return whole; // what cannot be read is kept as it came
      this.onLost(from, 'too_large');
      return undefined;
    }
  }

  /** Gives up what has waited too long; called now and then. */
  sweep(now: number): void {
    for (const [key, each] of this.unfinished) {
      if (now - each.since < CHUNK_MS) return;
      this.giveUp(key, each, 'incomplete');
    }
  }

  private join(datagram: Buffer, from: From, now: number): Buffer | undefined {
    const number = datagram[10], count = datagram[11];
    if (number === undefined || count === undefined || count === 0 || count > CHUNKS_MAX || number >= count) return datagram; // no chunk: kept as it came
    if (count === 1) return datagram.subarray(CHUNK_HEAD);
    const { address } = from, key = `${address} ${datagram.toString('latin1', 2, 10)}`;
    let message = this.unfinished.get(key);
    if (message === undefined) {
      this.makeRoom(address);
      this.unfinished.set(key, message = { from, address, since: now, chunks: Array<undefined>(count).fill(undefined), missing: count, bytes: 0 });
    }
    if (message.chunks.length !== count || message.chunks[number] !== undefined) return undefined; // sent twice
    const part = Buffer.from(datagram.subarray(CHUNK_HEAD));
    message.chunks[number] = part;
    message.missing--;
    this.count(message, part.length);
    if (message.bytes > this.frameBytesMax) { this.giveUp(key, message, 'too_large'); return undefined; }
    if (message.missing > 0) return undefined;
    this.forget(key, message);
    return Buffer.concat(message.chunks as Buffer[]);
  }

  // A source that is over its part loses its own oldest, otherwise the oldest of all goes.
  private makeRoom(address: string): void {
    for (;;) {
      const sourceFull = (this.bytesOf.get(address) ?? 0) > BYTES_MAX / SOURCE_PART;
      if (!sourceFull && this.bytes <= BYTES_MAX && this.unfinished.size < MESSAGES_MAX) return;
      const oldest = [...this.unfinished].find(([, each]) => !sourceFull || each.address === address);
      if (oldest === undefined) return;
      this.giveUp(oldest[0], oldest[1], 'incomplete');
    }
  }

  private giveUp(key: string, message: Unfinished<From>, why: GelfLoss): void {
    this.forget(key, message);
    this.onLost(message.from, why);
  }

  private forget(key: string, message: Unfinished<From>): void {
    this.unfinished.delete(key);
    this.count(message, -message.bytes);
  }

  private count(message: Unfinished<From>, bytes: number): void {
    const { address } = message, ofSource = (this.bytesOf.get(address) ?? 0) + bytes;
    message.bytes += bytes;
    this.bytes += bytes;
    if (ofSource > 0) this.bytesOf.set(address, ofSource); else this.bytesOf.delete(address);
  }
}

function inflate(bytes: Buffer, maxOutputLength: number): Buffer {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, { maxOutputLength });
  if (((bytes[0] ?? 0) & 0x0f) === 8 && bytes.length > 1 && bytes.readUInt16BE() % 31 === 0) return inflateSync(bytes, { maxOutputLength });
  return bytes;
}

const NUL = 0;

/** GELF over a connection: what ends in NUL; nothing is acknowledged, so what a silent or closing sender left unfinished is a frame. */
export class GelfSession implements Session {
  private pieces: Buffer[] = [];
  private kept = 0;
  private length = 0;

  constructor(private readonly wire: Pick<Wire, 'take'>, private readonly frameBytesMax: number, private readonly idleMs: number) {}

  get keptBytes(): number { return this.kept; }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const nul = chunk.indexOf(NUL, at), end = nul < 0 ? chunk.length : nul;
      this.keep(chunk.subarray(at, end));
      if (nul >= 0) this.finish();
      at = end + 1;
    }
  }

  end(): void { this.finish(); }
  idle(silentMs: number): void { if (silentMs >= this.idleMs) this.finish(); }

  private keep(piece: Buffer): void {
    this.length += piece.length;
    const kept = piece.subarray(0, Math.max(0, this.frameBytesMax - this.kept));
    if (kept.length === 0) return;
    this.kept += kept.length;
    const last = this.pieces.at(-1);
    if (last !== undefined && last.length < 16 * 1024 && kept.length < 16 * 1024) this.pieces[this.pieces.length - 1] = Buffer.concat([last, kept]); // a byte at a time must not cost an object a byte
    else this.pieces.push(kept);
  }

  private finish(): void {
    const { pieces, length, kept } = this;
    this.pieces = [];
    this.kept = this.length = 0;
    if (length === 0) return;
    const frame = pieces.length === 1 ? pieces[0] as Buffer : Buffer.concat(pieces);
    if (kept < length) this.wire.take(frame, length); else this.wire.take(frame);
  }
}
