// A payload of announced length that comes in pieces: the first bytes are kept, the rest is counted. However small the pieces, what
// is kept costs about twice its bytes, and nothing is set aside for bytes that were only announced.
const SMALLEST = 4096;

export class Payload {
  private buffer: Buffer = Buffer.alloc(0);
  private kept = 0;
  private lacking: number;

  constructor(readonly length: number, private readonly keptMax: number) {
    this.lacking = length;
  }

  get keptBytes(): number { return this.kept; }
  get whole(): boolean { return this.lacking === 0; }
  /** Its true length where not all was kept. */
  get trueLength(): number | undefined { return this.length > this.keptMax ? this.length : undefined; }

  /** Takes what belongs to it and returns where the bytes go on. */
  push(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.lacking), room = Math.min(end - at, this.keptMax - this.kept);
    if (room > 0) this.keep(bytes.subarray(at, at + room));
    this.lacking -= end - at;
    return end;
  }

  bytes(): Buffer { return this.buffer.subarray(0, this.kept); }

  private keep(piece: Buffer): void {
    if (piece.length === Math.min(this.length, this.keptMax)) { // all of it at once: a view
      this.buffer = piece;
    } else {
      if (this.buffer.length - this.kept < piece.length) {
        const next = Buffer.allocUnsafe(Math.min(Math.min(this.length, this.keptMax), Math.max(SMALLEST, this.buffer.length * 2, this.kept + piece.length)));
        this.buffer.copy(next, 0, 0, this.kept);
        this.buffer = next;
      }
      piece.copy(this.buffer, this.kept);
    }
    this.kept += piece.length;
  }
}
