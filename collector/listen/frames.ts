// Cuts a TCP stream into frames: lines (LF, one CR before it, or NUL), and octet counting (RFC 6587 3.4.1, "11 hello world"), told
// apart frame by frame. Pure: bytes in, frames out; how the network splits the stream never changes its frames.
//
//   count   digits and a space, then `<`, or any byte where the frame before was counted: "2024-11-22 ..." is a line
//   NUL     ends a line when `<` and a digit or a count stand behind it, at the end of the stream, or where this connection did so
//           before; any other NUL is the message's own
//   LF      inside a message, where a sender ends all it sends with NUL: it ends one there only before a `<` and a digit or a count
//   none    of a sender that has ended nothing so far, what waits comes apart before each whole header (PRI and time) inside it: at 16 KB, when
//           it falls silent, at the end. Some libraries write messages over TCP with nothing between them
//   limit   of a longer frame the first bytes are kept, its true length is told, and cutting goes on right behind it
//
// Frames are views of the bytes pushed or of joined copies: whoever wants to keep one copies it. Time is linear in the bytes: an
// unfinished line is a list of pieces, joined once.
const LF = 10, CR = 13, NUL = 0, LESS = 60, SPACE = 32, ZERO = 48, NINE = 57;
/** 7 digits are any count; 8 must stand before `<` and a digit, since a date (20261122) may begin a line. */
const DIGITS_MAX = 8;
const SMALL_BYTES = 16 * 1024, UNENDED_BYTES = 16 * 1024;
/** The beginning of a message by RFC 5424 or RFC 3164, in bytes read as Latin-1. */
const HEADER = /<\d{1,3}>(?:1 (?:-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )/g;

/** `trueLength` is given where the frame was cut: at the limit, or by the end of the stream inside a counted frame. */
export type EmitFrame = (frame: Buffer, trueLength?: number) => void;

export class FrameCutter {
  private pieces: Buffer[] = [];
  /** Bytes of the unfinished frame that are kept in `pieces`, and all that belong to it. */
  private kept = 0;
  private length = 0;
  /** Bytes a counted frame still lacks; 0 when a line is read. */
  private lacking = 0;
  private inFrame = false;
  private counting = false;
  private nulEnds = false;
  private lfEnds = false;
  private counts = false;
  /** A NUL, or an LF that may be the message's own, was the last byte pushed: what stands behind it decides. */
  private undecided = false;
  /** The beginning of a frame whose kind is not decided yet (a few digits). */
  private head: Buffer | undefined;
  private lastByte = 0;
  /** The next LF and NUL in the bytes being read: each is looked for once. */
  private lfAt = -1;
  private nulAt = -1;

  constructor(private readonly frameBytesMax: number) {}

  push(chunk: Buffer, emit: EmitFrame): void {
    let bytes = chunk;
    if (this.head !== undefined) {
      bytes = Buffer.concat([this.head, chunk]);
      this.head = undefined;
    }
    this.lfAt = this.nulAt = -1;
    for (let at = 0; at < bytes.length;) {
      if (this.inFrame) at = this.lacking > 0 ? this.takeCounted(bytes, at, emit) : this.takeLine(bytes, at, emit);
      else at = this.begin(bytes, at);
    }
  }

  /** The stream ended, or has been silent for long: what is there is a frame. */
  end(emit: EmitFrame): void {
    if (this.head !== undefined) {
      this.inFrame = true;
      this.undecided = false;
      this.keep(this.head);
      this.head = undefined;
    }
    if (!this.inFrame) return;
    if (this.undecided) this.nulEnds = true;
    if (this.endsNothing) this.takeApart(emit);
    this.finish(emit, false, this.lacking);
  }

  /** Bytes held of the unfinished frame. */
  get keptBytes(): number { return this.kept + (this.head?.length ?? 0); }

  /** What waits for more bytes: a whole line that ends in NUL, an unfinished line, an unfinished counted frame. */
  get waiting(): 'nothing' | 'nul' | 'line' | 'count' {
    if (this.head !== undefined) return 'line';
    if (!this.inFrame) return 'nothing';
    return this.lacking > 0 ? 'count' : this.undecided ? 'nul' : 'line';
  }

  // Decides what the frame that begins at `at` is. Separators before it belong to no frame.
  private begin(bytes: Buffer, at: number): number {
    const first = bytes[at] as number;
    if (first === LESS) { // most frames
      this.inFrame = true;
      this.counting = false;
      return at;
    }
    if (first === LF || first === NUL || (first === CR && bytes[at + 1] === LF)) return at + 1;
    const head = first === CR && at + 1 === bytes.length ? 'more' : readCount(bytes, at, this.counting);
    if (head === 'more') {
      this.head = Buffer.from(bytes.subarray(at));
      return bytes.length;
    }
    this.inFrame = true;
    this.counting = head !== undefined;
    this.counts ||= this.counting;
    if (head === undefined) return at;
    this.lacking = head.count;
    return at + head.bytes;
  }

  private takeCounted(bytes: Buffer, at: number, emit: EmitFrame): number {
    const end = Math.min(bytes.length, at + this.lacking);
    if (end - at === this.lacking && this.length === 0 && this.lacking <= this.frameBytesMax) { // all of it at once
      const whole = bytes.subarray(at, end), kept = trimEnd(whole);
      this.lacking = 0;
      this.inFrame = false;
      if (kept > 0) emit(kept === whole.length ? whole : whole.subarray(0, kept));
      return end;
    }
    this.keep(bytes.subarray(at, end));
    this.lacking -= end - at;
    if (this.lacking === 0) this.finish(emit, false);
    return end;
  }

  private takeLine(bytes: Buffer, at: number, emit: EmitFrame): number {
    if (this.undecided) {
      const begins = beginsFrame(bytes, at);
      if (begins === 'more') { // the line waits in `pieces`, what stands behind its NUL in `head`
        this.head = Buffer.from(bytes.subarray(at));
        return bytes.length;
      }
      this.undecided = false;
      if (begins) {
        this.nulEnds = true;
        this.finish(emit, false);
        return at;
      }
    }
    const lf = this.lfAt = find(bytes, LF, at, this.lfAt), nul = this.nulAt = find(bytes, NUL, at, this.nulAt);
    const end = Math.min(lf, nul, bytes.length), room = Math.min(UNENDED_BYTES, this.frameBytesMax) - this.length;
    if (room > 0 && end - at >= room && this.endsNothing) {
      this.keep(bytes.subarray(at, at + room));
      this.takeApart(emit);
      return at + room;
    }
    if (lf < nul && this.nulEnds && !this.lfEnds) {
      this.keep(bytes.subarray(at, lf + 1));
      this.undecided = true;
      return lf + 1;
    }
    if (lf < nul && this.length === 0 && lf - at <= this.frameBytesMax) { // all of it at once
      this.lfEnds = true;
      const end = lf > at && bytes[lf - 1] === CR ? lf - 1 : lf;
      this.inFrame = false;
      if (end > at) emit(bytes.subarray(at, end));
      return lf + 1;
    }
    if (nul < lf) {
      this.keep(bytes.subarray(at, nul + 1));
      if (this.nulEnds) this.finish(emit, false); else this.undecided = true;
      return nul + 1;
    }
    this.keep(bytes.subarray(at, Math.min(lf, bytes.length)));
    if (lf < bytes.length) { this.lfEnds = true; this.finish(emit, true); }
    return Math.min(lf + 1, bytes.length);
  }

  private get endsNothing(): boolean { return !this.lfEnds && !this.nulEnds && !this.counts; }

  // What waits, before each whole header inside it; the last piece goes on waiting.
  private takeApart(emit: EmitFrame): void {
    const whole = Buffer.concat(this.pieces), begins = [...whole.toString('latin1').matchAll(HEADER)].map(({ index }) => index).filter((at) => at > 0), last = begins.at(-1);
    if (last === undefined || whole.length < this.length) return;
    let from = 0;
    for (const to of begins) { emit(whole.subarray(from, to)); from = to; }
    this.pieces = [whole.subarray(last)];
    this.kept = this.length = whole.length - last;
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.length += piece.length;
    this.lastByte = piece[piece.length - 1] as number;
    const room = this.frameBytesMax + 2 - this.kept; // two more than the limit: a CR or NUL at the end is framing
    if (room <= 0) return;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    this.kept += kept.length;
    this.pieces.push(kept);
    for (let last = this.pieces.at(-1) as Buffer; last.length < SMALL_BYTES && this.pieces.length > 1; last = this.pieces.at(-1) as Buffer) { // a byte at a time must not cost an object a byte
      const before = this.pieces.at(-2) as Buffer;
      if (before.length > last.length) break;
      this.pieces.splice(-2, 2, Buffer.concat([before, last]));
    }
  }

  // `missing`: bytes that were announced and did not come.
  private finish(emit: EmitFrame, lfFollows: boolean, missing = 0): void {
    const { pieces, length, lastByte, frameBytesMax } = this;
    const whole = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    this.pieces = [];
    this.kept = this.length = this.lacking = 0;
    this.inFrame = this.undecided = false;
    const trailer = whole.length < length ? Number(lfFollows ? lastByte === CR : lastByte === LF || lastByte === NUL)
      : missing > 0 ? 0 : whole.length - trimEnd(whole, lfFollows);
    const trueLength = length + missing - trailer;
    const end = Math.min(frameBytesMax, length - trailer);
    if (end < trueLength) emit(whole.subarray(0, end), trueLength);
    else if (end > 0) emit(whole.subarray(0, end));
  }
}

/** Where the message ends when its trailer is left out: NULs, LFs, and one CR before an LF. */
export function trimEnd(bytes: Uint8Array, lfFollows = false): number {
  let end = bytes.length, beforeLf = lfFollows;
  for (; end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === NUL); end--) beforeLf = bytes[end - 1] === LF;
  return beforeLf && end > 0 && bytes[end - 1] === CR ? end - 1 : end;
}

// Where `byte` stands at or behind `at`, Infinity when nowhere; `known` is what was found before.
function find(bytes: Buffer, byte: number, at: number, known: number): number {
  if (known >= at) return known;
  const found = bytes.indexOf(byte, at);
  return found < 0 ? Infinity : found;
}

// Whether a frame that says so itself begins at `at`: a PRI or a count.
function beginsFrame(bytes: Buffer, at: number): boolean | 'more' {
  if (bytes[at] !== LESS) {
    const count = readCount(bytes, at, false);
    return count === 'more' ? 'more' : count !== undefined;
  }
  return at + 1 === bytes.length ? 'more' : isDigit(bytes[at + 1]);
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte <= NINE;

// The count at `at`: `more` when the bytes end before it can be told.
function readCount(bytes: Buffer, at: number, counting: boolean): { count: number; bytes: number } | 'more' | undefined {
  let count = 0, end = at;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] as number;
    if (!isDigit(byte)) break;
    if ((byte === ZERO && end === at) || end - at === DIGITS_MAX) return undefined;
    count = count * 10 + byte - ZERO;
  }
  const digits = end - at;
  if (end === bytes.length) return 'more';
  if (digits === 0 || bytes[end] !== SPACE) return undefined;
  if (counting && digits < DIGITS_MAX) return { count, bytes: digits + 1 };
  if (end + 1 === bytes.length) return 'more';
  if (bytes[end + 1] !== LESS) return undefined;
  if (digits < DIGITS_MAX) return { count, bytes: digits + 1 };
  if (end + 2 === bytes.length) return 'more';
  return isDigit(bytes[end + 2]) ? { count, bytes: digits + 1 } : undefined;
}
