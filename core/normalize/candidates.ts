// Which formats a text may be of, told by the characters that its head holds and the one it begins with: most formats are ruled out by one look
// at the head, before any of them searches it. `needs` and `begins` of a format are necessary, never sufficient: `detect` still decides.
import { codeInside } from '../text.js';
import type { Format } from './format.js';

/** The characters that `needs` may name; beside them `0`, `A` and `a` stand for any digit, capital and small letter. */
const MARKS = '\t"#%\'()*+,-./:;<=>@[\\]_{|}';
const BITS = new Int32Array(128);
for (let i = 0; i < MARKS.length; i++) BITS[MARKS.charCodeAt(i)] = 1 << i;
const DIGIT = 1 << MARKS.length, CAPITAL = DIGIT << 1, SMALL = DIGIT << 2;
for (let c = 48; c <= 57; c++) BITS[c] = DIGIT;
for (let c = 65; c <= 90; c++) { BITS[c] = CAPITAL; BITS[c + 32] = SMALL; }

/** The marks of a text, one bit each. */
export function marksOf(text: string): number {
  let marks = 0;
  for (let i = 0, end = text.length; i < end; i++) {
    const c = codeInside(text, i);
    if (c < 128) marks |= BITS[c] as number;
  }
  return marks;
}

/** What a text begins with: `0`, `A`, `a`, a mark itself, or a space for anything else and for nothing. */
export function beginningOf(text: string): string {
  const c = text.length === 0 ? 32 : text.charCodeAt(0);
  if (c <= 32 || c > 126) return ' ';
  return c >= 48 && c <= 57 ? '0' : c >= 65 && c <= 90 ? 'A' : c >= 97 && c <= 122 ? 'a' : String.fromCharCode(c);
}

/** Of a list of formats those that a text may be of, in the list's order; the answers are remembered by what decides them. */
export class Candidates {
  readonly #formats: readonly (readonly [format: Format, needs: number])[];
  readonly #remembered = new Map<number, Map<number, readonly Format[]>>();

  constructor(formats: readonly Format[]) { this.#formats = formats.map((format) => [format, marksOf(format.needs ?? '')]); }

  of(head: string): readonly Format[] {
    const marks = marksOf(head), first = head.length === 0 ? 32 : Math.min(head.charCodeAt(0), 127);
    let byFirst = this.#remembered.get(marks);
    if (byFirst === undefined) {
      if (this.#remembered.size >= REMEMBERED_MAX) this.#remembered.clear();
      this.#remembered.set(marks, byFirst = new Map());
    }
    let found = byFirst.get(first);
    if (found === undefined) {
      const beginning = beginningOf(head);
      byFirst.set(first, found = this.#formats.filter(([{ begins }, needs]) => (needs & ~marks) === 0 && (begins === undefined || begins.includes(beginning))).map(([format]) => format));
    }
    return found;
  }
}
const REMEMBERED_MAX = 5000;
