// Whole ASCII words -> what belongs to them, looked up by the bytes of a text without regard to case: nothing is copied or made.
import { LOWER } from './text-bytes.js';

export class WordTable<T> {
  readonly #words: string[] = [];
  readonly #held: T[] = [];
  /** Number of a word plus one; open addresses. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  /** By length up to LENGTHS: does a word have it? */
  readonly #lengths = new Uint8Array(LENGTHS + 1);

  /** Words in lower case. */
  constructor(entries: ReadonlyMap<string, T>) {
    let size = 8;
    while (size < entries.size * 2) size *= 2;
    this.#slots = new Uint32Array(size);
    this.#mask = size - 1;
    for (const [word, held] of entries) {
      let at = hashOf(word) & this.#mask;
      while (this.#slots[at] !== 0) at = at + 1 & this.#mask;
      this.#slots[at] = this.#words.push(word);
      this.#held.push(held);
      this.#lengths[Math.min(word.length, LENGTHS)] = 1;
    }
  }

  get size(): number { return this.#words.length; }
  get bytes(): number { return this.#slots.byteLength + this.#words.reduce((sum, word) => sum + 60 + word.length, 0); }

  get(word: string): T | undefined {
    for (let at = hashOf(word) & this.#mask; ; at = at + 1 & this.#mask) {
      const slot = this.#slots[at] as number;
      if (slot === 0) return undefined;
      if (this.#words[slot - 1] === word) return this.#held[slot - 1];
    }
  }

  find(bytes: Uint8Array, from: number, to: number): T | undefined {
    const length = to - from;
    if (this.#lengths[length < LENGTHS ? length : LENGTHS] === 0) return undefined;
    let hash = SEED;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ (LOWER[bytes[i] as number] as number), PRIME);
    for (let at = (hash ^ hash >>> 15) & this.#mask; ; at = at + 1 & this.#mask) {
      const slot = this.#slots[at] as number;
      if (slot === 0) return undefined;
      if (isWord(this.#words[slot - 1] as string, bytes, from, length)) return this.#held[slot - 1];
    }
  }
}
const LENGTHS = 255, SEED = 0x811c9dc5 | 0, PRIME = 0x01000193;

function hashOf(word: string): number {
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME);
  return hash ^ hash >>> 15;
}

function isWord(word: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (word.length !== length) return false;
  for (let i = 0; i < length; i++) if (LOWER[bytes[from + i] as number] !== word.charCodeAt(i)) return false;
  return true;
}
