// Says of most texts that none of a few long ASCII literals stands in them, looking at a fraction of their characters (Wu and Manber,
// 1994): a pair of characters tells how far the next place is at which a literal may end; where one may end here, the pair it would begin with is looked at. A character that is not ASCII, where it
// is looked at, leaves the answer to others; where it is not, no literal can reach over it, since case folding and normalization
// make at most one ASCII character of one code unit.
import type { Literal } from './literals.js';

/** Less skipped than this on the average is not worth it. */
const SHIFT_MIN = 2.5;

export class Skipper {
  /** `begins`: by the pair with which a window ends, how windows that end so may begin, a bit for each. */
  private constructor(readonly window: number, readonly shifts: Uint8Array, readonly begins: Int32Array) {}

  static of(literals: readonly Literal[]): Skipper | undefined {
    const window = Math.min(200, ...literals.map(({ text }) => text.length));
    if (literals.length === 0 || window < 4) return undefined;
    const shifts = new Uint8Array(PAIRS).fill(window - 1), begins = new Int32Array(PAIRS);
    for (const { text } of literals) {
      for (let i = 1; i < window; i++) {
        const pair = pairOf(text.charCodeAt(i - 1), text.charCodeAt(i));
        shifts[pair] = Math.min(shifts[pair] as number, window - 1 - i);
      }
      begins[pairOf(text.charCodeAt(window - 2), text.charCodeAt(window - 1))]! |= 1 << (pairOf(text.charCodeAt(0), text.charCodeAt(1)) & 31);
    }
    return shifts.reduce((sum, shift) => sum + shift, 0) / PAIRS >= SHIFT_MIN ? new Skipper(window, shifts, begins) : undefined;
  }

  /** False only when no literal stands anywhere in the text, folded or not. */
  mayHold(bytes: Uint8Array, from: number, to: number): boolean {
    const { shifts, begins, window } = this;
    for (let at = from + window - 1; at < to;) {
      const before = bytes[at - 1] as number, code = bytes[at] as number;
      if ((before | code) >= 128) return true;
      const pair = pairOf(before, code), shift = shifts[pair] as number;
      if (shift > 0) { at += shift; continue; }
      const first = bytes[at - window + 1] as number, second = bytes[at - window + 2] as number;
      if ((first | second) >= 128 || ((begins[pair] as number) >>> (pairOf(first, second) & 31) & 1) === 1) return true;
      at++;
    }
    return false;
  }
}

/** Both cases of a letter are one; others may share a number, which costs skips and nothing else. */
const pairOf = (before: number, code: number): number => (before & 31) << 5 | code & 31;
const PAIRS = 1024;
