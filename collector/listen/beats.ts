// Lumberjack version 2, what Winlogbeat, Filebeat and Elastic Agent speak (`output.logstash`). The frame of an event is its JSON as
// it came. A window is acknowledged when all of it is on the disk; until then a sign of life keeps the sender from giving up.
//
//   '2' 'W' u32 count                    a window of so many events follows
//   '2' 'J' u32 sequence, u32 length, JSON
//   '2' 'C' u32 length, zlib             frames in there, none of them C
//   '2' 'A' u32 sequence                 ours: everything of the window up to this; 0 is the sign of life
//
// Its numbers say little: Beats begin each window at 1, so what was dropped before a window was made shows nowhere. What they do show is
// told (`lack`): numbers passed over inside a window (lumberjack-numbers.ts), and events announced by a window that broke off.
import { inflateSync } from 'node:zlib';
import { LumberjackNumbers } from './lumberjack-numbers.js';
import { Payload } from './payload.js';
import { PARTIAL_MS, ProtocolError, type Session, type Wire } from './session.js';

const COMPRESSED_BYTES_MAX = 16 * 1024 * 1024, INFLATED_BYTES_MAX = 64 * 1024 * 1024, KEEP_ALIVE_MS = 3000;
/** Windows not acknowledged of one connection; then it is not read until one is. */
const WINDOWS_MAX = 64;

export class BeatsSession implements Session {
  private readonly reader: LumberjackReader;
  private readonly numbers = new LumberjackNumbers();
  private window: { readonly count: number; received: number; last: number } | undefined;
  /** Complete, not yet acknowledged. */
  private waiting = 0;
  private keptAlive = 0;
  private ended = false;

  constructor(private readonly wire: Wire, private readonly frameBytesMax: number) {
    this.reader = new LumberjackReader(frameBytesMax, COMPRESSED_BYTES_MAX);
  }

  get keptBytes(): number { return this.reader.keptBytes; }

  push(chunk: Buffer): void {
    this.reader.push(chunk, (frame) => {
      if (frame.kind !== 'compressed') { this.handle(frame); return; }
      const inside = new LumberjackReader(this.frameBytesMax, 0);
      inside.push(inflate(frame.payload.bytes()), (each) => { this.handle(each); });
      if (inside.midway) throw new ProtocolError('expected whole frames in a compressed one');
    });
  }

  end(): void {
    if (!this.ended && this.window !== undefined) this.wire.lack('unfinished', 0, this.window.count - this.window.received);
    this.ended = true;
  }

  idle(silentMs: number, now: number): void {
    if (silentMs >= PARTIAL_MS && (this.reader.midway || this.window !== undefined)) { this.wire.close(); return; }
    if (this.waiting === 0) { this.keptAlive = now; return; }
    if (now - this.keptAlive < KEEP_ALIVE_MS) return;
    this.keptAlive = now;
    this.acknowledge(0);
  }

  private handle(frame: LumberjackFrame): void {
    if (this.ended) return;
    if (frame.kind === 'compressed') throw new ProtocolError('a compressed frame inside a compressed one');
    if (frame.kind === 'window') {
      if (this.window !== undefined) throw new ProtocolError(`expected ${this.window.count} events in a window, got ${this.window.received}`);
      if (frame.count > 0) this.window = { count: frame.count, received: 0, last: 0 };
      this.numbers.begin();
      return;
    }
    const { window } = this, { payload, sequence } = frame;
    if (window === undefined) throw new ProtocolError('expected a window before its events');
    if (sequence !== 0 && sequence <= window.last) return; // sent again
    window.last = sequence;
    const passed = this.numbers.take(sequence);
    if (passed > 0) this.wire.lack('sequence_gap', passed);
    if (payload.length > 0) this.wire.take(payload.bytes(), payload.trueLength);
    if (++window.received < window.count) return;
    this.window = undefined;
    if (++this.waiting >= WINDOWS_MAX) this.wire.hold(true);
    this.wire.durable().then(() => {
      this.acknowledge(sequence);
      if (this.waiting-- === WINDOWS_MAX) this.wire.hold(false);
    }, () => { this.wire.close(); });
  }

  private acknowledge(sequence: number): void {
    const bytes = Buffer.from('2A\0\0\0\0', 'latin1');
    bytes.writeUInt32BE(sequence, 2);
    this.wire.write(bytes);
  }
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: INFLATED_BYTES_MAX });
  } catch (cause) {
    throw new ProtocolError(`a compressed frame cannot be read: ${(cause as Error).message}`, { cause });
  }
}

export type LumberjackFrame =
  | { readonly kind: 'window'; readonly count: number }
  | { readonly kind: 'json'; readonly sequence: number; readonly payload: Payload }
  | { readonly kind: 'compressed'; readonly payload: Payload };

const VERSION = 0x32, W = 0x57, J = 0x4a, C = 0x43;

/** Bytes -> frames, however the network splits them. */
export class LumberjackReader {
  private head = Buffer.alloc(0);
  private frame: Exclude<LumberjackFrame, { kind: 'window' }> | undefined;

  constructor(private readonly frameBytesMax: number, private readonly compressedBytesMax: number) {}

  get keptBytes(): number { return this.head.length + (this.frame?.payload.keptBytes ?? 0); }
  /** True inside a frame. */
  get midway(): boolean { return this.head.length > 0 || this.frame !== undefined; }

  push(chunk: Buffer, emit: (frame: LumberjackFrame) => void): void {
    const bytes = this.head.length === 0 ? chunk : Buffer.concat([this.head, chunk]);
    this.head = Buffer.alloc(0);
    for (let at = 0; at < bytes.length || this.frame?.payload.whole === true;) {
      if (this.frame === undefined) {
        const next = this.begin(bytes, at, emit);
        if (next === undefined) { this.head = Buffer.from(bytes.subarray(at)); return; }
        at = next;
      } else {
        at = this.frame.payload.push(bytes, at);
        if (!this.frame.payload.whole) return;
        const whole = this.frame;
        this.frame = undefined;
        emit(whole);
      }
    }
  }

  // Where the frame's payload begins, or the next frame; undefined where its head is not whole yet.
  private begin(bytes: Buffer, at: number, emit: (frame: LumberjackFrame) => void): number | undefined {
    if (bytes[at] !== VERSION) throw new ProtocolError('expected Lumberjack version 2');
    if (at + 1 === bytes.length) return undefined;
    const type = bytes[at + 1], headBytes = type === J ? 10 : 6;
    if (type !== W && type !== J && type !== C) throw new ProtocolError(`expected a W, J or C frame, got ${JSON.stringify(String.fromCharCode(type ?? 0))}`);
    if (bytes.length - at < headBytes) return undefined;
    const first = bytes.readUInt32BE(at + 2);
    if (type === W) {
      emit({ kind: 'window', count: first });
    } else if (type === J) {
      this.frame = { kind: 'json', sequence: first, payload: new Payload(bytes.readUInt32BE(at + 6), this.frameBytesMax) };
    } else {
      if (first > this.compressedBytesMax) throw new ProtocolError(`expected at most ${this.compressedBytesMax} compressed bytes, got ${first}`);
      this.frame = { kind: 'compressed', payload: new Payload(first, this.compressedBytesMax) };
    }
    return at + headBytes;
  }
}
