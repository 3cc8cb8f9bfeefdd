// Cuts a file's bytes into lines: LF ends one, a CR before it is not of it, empty ones are none. Nothing else is read into the bytes:
// a file has no frames but its lines. Pure; how it is read in pieces changes nothing.
const LF = 10, CR = 13, SMALL_BYTES = 16 * 1024;

export class LineCutter {
  private pieces: Buffer[] = [];
  private kept = 0;
  private length = 0;
  private lastByte = 0;

  constructor(private readonly frameBytesMax: number) {}

  /** Bytes of the line that has not ended yet, kept or not. */
  get unfinishedBytes(): number { return this.length; }

  /** `trueLength` where the line is longer than a frame may be. */
  push(chunk: Buffer, emit: (line: Buffer, trueLength?: number) => void): void {
    for (let at = 0; at < chunk.length;) {
      const lf = chunk.indexOf(LF, at), end = lf < 0 ? chunk.length : lf;
      this.keep(chunk.subarray(at, end));
      if (lf >= 0) this.end(emit);
      at = end + 1;
    }
  }

  /** Nothing more comes: what is unfinished is a line. */
  end(emit: (line: Buffer, trueLength?: number) => void): void {
    const { pieces, length } = this, whole = pieces.length === 1 ? pieces[0] as Buffer : Buffer.concat(pieces);
    const trueLength = length - (length > 0 && this.lastByte === CR ? 1 : 0);
    this.forget();
    if (trueLength === 0) return;
    const end = Math.min(trueLength, this.frameBytesMax);
    if (end < trueLength) emit(whole.subarray(0, end), trueLength); else emit(whole.subarray(0, end));
  }

  forget(): void {
    this.pieces = [];
    this.kept = this.length = 0;
  }

  private keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.length += piece.length;
    this.lastByte = piece[piece.length - 1] as number;
    const kept = piece.subarray(0, Math.max(0, this.frameBytesMax - this.kept)), last = this.pieces.at(-1);
    if (kept.length === 0) return;
    this.kept += kept.length;
    if (last !== undefined && last.length < SMALL_BYTES && kept.length < SMALL_BYTES) this.pieces[this.pieces.length - 1] = Buffer.concat([last, kept]);
    else this.pieces.push(Buffer.from(kept)); // the buffer it was read into is used again
  }
}
