// A sum of doubles without error: what was added and taken away again leaves no trace, and the order does not matter, so a sliding window
// may keep it running. It is held as doubles that do not overlap (J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997);
// `value` is the double nearest to their sum.

/** Larger ones could overflow on the way: the caller adds those up anew. */
export const SUMMAND_MAX = 2 ** 960;

export class ExactSum {
  /** By size, the smallest first; together they are the sum. */
  readonly #parts: number[] = [];

  add(value: number): void {
    const parts = this.#parts;
    // Whole numbers, mostly: one part that is exact.
    if (parts.length === 1 && Number.isSafeInteger((parts[0] as number) + value) && Number.isSafeInteger(parts[0]) && Number.isSafeInteger(value)) { parts[0] = (parts[0] as number) + value; return; }
    let sum = value, kept = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as number, high = sum + part, low = Math.abs(sum) < Math.abs(part) ? sum - (high - part) : part - (high - sum);
      if (low !== 0) parts[kept++] = low;
      sum = high;
    }
    parts.length = kept;
    parts.push(sum);
  }

  get value(): number {
    const parts = this.#parts;
    let at = parts.length - 1, high = parts[at] ?? 0, low = 0;
    while (at > 0 && low === 0) {
      const before = high, part = parts[--at] as number;
      high = before + part;
      low = part - (high - before);
    }
    // Halfway between two doubles: what is left below decides.
    if (at > 0 && low !== 0 && low < 0 === (parts[at - 1] as number) < 0) {
      const twice = low * 2, next = high + twice;
      if (next - high === twice) return next;
    }
    return high;
  }
}
