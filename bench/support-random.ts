// Numbers, words and texts from a seed: the same on every machine.

export interface Random {
  int(below: number): number;
  of<T>(items: readonly T[]): T;
  hex(digits: number): string;
  /** Three to seven syllables. */
  word(): string;
  base64(length: number): string;
}

export function seeded(name: string): Random {
  let state = [...name].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0) | 0, 7) >>> 0;
  const next = (): number => { // mulberry32
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const of = <T>(items: readonly T[]): T => items[int(items.length)] as T;
  const many = (count: number, one: () => string): string => Array.from({ length: count }, one).join('');
  return {
    int, of,
    hex: (digits) => many(digits, () => int(16).toString(16)),
    word: () => many(3 + int(5), () => of(CONSONANTS) + of(VOWELS)),
    base64: (length) => many(length, () => of(BASE64)),
  };
}
const CONSONANTS = [...'bdfghklmnprstvz'], VOWELS = [...'aeiou'];
const BASE64 = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'];
