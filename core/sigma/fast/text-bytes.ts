// Texts as automata read them: one byte a character, in place where the event came as bytes. Characters that are not ASCII
// are one byte each too, which no ASCII literal has; what they are is the business of others.

/** For any character beyond ASCII. */
const OTHER = 0xff;
const ENCODE_MIN = 100;

/** Upper case ASCII letters -> lower case; every other byte is itself. */
export const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/** A string, copied. */
export class TextBytes {
  bytes = new Uint8Array(1024);
  length = 0;
  isAscii = true;
  readonly #encoder = new TextEncoder();

  load(text: string): void {
    const { length } = text;
    if (length * 3 > this.bytes.length) this.bytes = new Uint8Array(length * 6);
    this.length = length;
    if (length >= ENCODE_MIN) {
      this.isAscii = this.#encoder.encodeInto(text, this.bytes).written === length;
      if (this.isAscii) return;
    }
    const { bytes } = this;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      bytes[i] = code < 128 ? code : OTHER;
      all |= code;
    }
    this.isAscii = all < 128;
  }
}

/** What can be asked of a text behind a match. */
export interface Tailed {
  /** Where it ends. */
  readonly length: number;
  startsWith(tail: string, at: number): boolean;
}

/** A stretch of bytes, read in lower case. */
export class LowerBytes implements Tailed {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;

  startsWith(tail: string, at: number): boolean {
    const { bytes, length } = this, size = tail.length;
    if (at + size > length) return false;
    for (let i = 0; i < size; i++) if (LOWER[bytes[at + i] as number] !== tail.charCodeAt(i)) return false;
    return true;
  }
}
