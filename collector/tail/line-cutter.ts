// Cuts a file's bytes into messages. A message is a line: LF ends it, a CR before it is not of it, empty ones are none. Or, where the file has
// messages of several lines (a stack trace), it is all from a line that begins one up to the next such line, as it stands. Nothing else is read
// into the bytes: a file has no frames but these. Pure; how it is read in pieces changes nothing.
const LF = 10, CR = 13, SMALL_BYTES = 16 * 1024;
/** Of a line, what is asked whether it begins a message. */
const BEGINNING_BYTES = 1024;
/** Lines are joined up to this; one line alone may be as long as a frame. */
const JOINED_BYTES_MAX = 64 * 1024;

/** `trueLength` where the message is longer than a frame may be. */
export type Emit = (message: Buffer, trueLength?: number) => void;
export interface Cutter {
  /** Bytes of what has not ended yet, kept or not. */
  readonly unfinishedBytes: number;
  push(chunk: Buffer, emit: Emit): void;
  /** Nothing has come for a while: whole lines that only wait for the next one are a message. */
  pause(emit: Emit): void;
  /** Nothing more comes: what is unfinished is a message. */
  end(emit: Emit): void;
}

export class LineCutter implements Cutter {
  private readonly line: Kept;
  constructor(private readonly frameBytesMax: number) { this.line = new Kept(frameBytesMax); }

  get unfinishedBytes(): number { return this.line.length; }

  push(chunk: Buffer, emit: Emit): void {
    for (let at = 0; at < chunk.length;) {
      const lf = chunk.indexOf(LF, at), end = lf < 0 ? chunk.length : lf;
      this.line.add(chunk.subarray(at, end));
      if (lf >= 0) this.end(emit);
      at = end + 1;
    }
  }
  pause(): void { /* only LF ends a line */ }
  end(emit: Emit): void {
    const { bytes, length, breaks } = this.line.take();
    emitUpTo(this.frameBytesMax, bytes, length - Math.min(1, breaks), emit);
  }
}

export class MessageCutter implements Cutter {
  private readonly line: Kept;
  /** Whole lines, each with its end. */
  private readonly message: Kept;

  constructor(private readonly frameBytesMax: number, private readonly begins: (line: string) => boolean) {
    this.line = new Kept(frameBytesMax);
    this.message = new Kept(frameBytesMax);
  }

  get unfinishedBytes(): number { return this.message.length + this.line.length; }

  push(chunk: Buffer, emit: Emit): void {
    for (let at = 0; at < chunk.length;) {
      const lf = chunk.indexOf(LF, at), end = lf < 0 ? chunk.length : lf + 1;
      this.line.add(chunk.subarray(at, end));
      if (lf >= 0) this.lineEnds(emit);
      at = end;
    }
  }
  pause(emit: Emit): void {
    const { bytes, length, breaks } = this.message.take();
    emitUpTo(this.frameBytesMax, bytes, length - breaks, emit);
  }
  end(emit: Emit): void {
    this.lineEnds(emit);
    this.pause(emit);
  }

  private lineEnds(emit: Emit): void {
    const line = this.line.take();
    // What would not fit is a message of its own rather than cut off: a pattern that never holds loses nothing.
    if (this.message.length + line.length > Math.min(JOINED_BYTES_MAX, this.frameBytesMax) || this.begins(line.bytes.toString('utf8', 0, Math.min(BEGINNING_BYTES, line.length - line.breaks)))) this.pause(emit);
    this.message.add(line.bytes, line);
  }
}

function emitUpTo(bytesMax: number, bytes: Buffer, trueLength: number, emit: Emit): void {
  if (trueLength === 0) return;
  if (trueLength > bytesMax) emit(bytes, trueLength); else emit(bytes.subarray(0, trueLength));
}

/** `length` of all, `bytes` of it as many as a frame may have, `breaks`: CRs and LFs at its end. */
interface Piece { readonly bytes: Buffer; readonly length: number; readonly breaks: number }

/** Bytes that grow by pieces. */
class Kept {
  private pieces: Buffer[] = [];
  private kept = 0;
  private breaks = 0;
  length = 0;

  constructor(private readonly bytesMax: number) {}

  add(bytes: Buffer, { length, breaks }: Omit<Piece, 'bytes'> = { length: bytes.length, breaks: breaksOf(bytes) }): void {
    if (length === 0) return;
    this.length += length;
    this.breaks = breaks === length ? this.breaks + breaks : breaks;
    const kept = bytes.subarray(0, Math.max(0, this.bytesMax - this.kept)), last = this.pieces.at(-1);
    if (kept.length === 0) return;
    this.kept += kept.length;
    if (last !== undefined && last.length < SMALL_BYTES && kept.length < SMALL_BYTES) this.pieces[this.pieces.length - 1] = Buffer.concat([last, kept]);
    else this.pieces.push(Buffer.from(kept)); // the buffer it was read into is used again
  }

  take(): Piece {
    const { pieces, length, breaks } = this, bytes = pieces.length === 1 ? pieces[0] as Buffer : Buffer.concat(pieces);
    this.pieces = [];
    this.kept = this.length = this.breaks = 0;
    return { bytes, length, breaks };
  }
}

function breaksOf(bytes: Buffer): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === CR || bytes[end - 1] === LF)) end--;
  return bytes.length - end;
}
