// Many literals against one text in one pass. ASCII literals: an Aho-Corasick automaton as a full table, one row a state, one column
// a class of characters; states near the root, where most characters lead, lie together. Case lives in the class table, so ASCII texts
// are read in place; others must come folded (core/fold.ts). Literals with other characters have thousands of classes and few texts
// to be looked for in: their automaton follows edges and suffixes.
import { isAscii } from '../../ascii.js';
import { keysOf, START, type Key, type Literal } from './literals.js';
import { met, Teller, type Listener } from './teller.js';
import { LowerBytes } from './text-bytes.js';
import { buildTrie, follow, sharedHead, type Trie } from './trie.js';

export interface Scanners {
  /** For every text: what they tell of ASCII texts is all. */
  readonly dense: readonly DenseAutomaton[];
  /** For folded texts that are not ASCII, beside the others. */
  readonly sparse: SparseAutomaton | undefined;
}

/** Table cells (of four bytes) in one automaton; what does not fit goes to the next. */
const CELLS_MAX = 6_000_000;

export function buildScanners(literals: readonly Literal[], cellsMax = CELLS_MAX): Scanners {
  const keys = keysOf(literals), wide = keys.filter(({ text }) => !isAscii(text)), dense: DenseAutomaton[] = [];
  let some: Key[] = [], states = 1;
  for (const key of keys) {
    if (!isAscii(key.text)) continue;
    states += key.head - sharedHead(some[some.length - 1], key);
    if (some.length > 0 && states * WIDTH_MAX > cellsMax) {
      dense.push(new DenseAutomaton(some));
      some = [];
      states = 1 + key.head;
    }
    some.push(key);
  }
  if (some.length > 0) dense.push(new DenseAutomaton(some));
  return { dense, sparse: wide.length > 0 ? new SparseAutomaton(wide) : undefined };
}
/** About as many classes as literals of many rules have. */
const WIDTH_MAX = 72;

/**
 * The next state depends on the one before, and to look it up in a large table takes a while: four quarters of a text are read side by
 * side, each from the beginning of the automaton, and all but the last go on into the next quarter until they know no more than it does.
 */
const QUARTERED_MIN = 32;

export class DenseAutomaton {
  readonly bytes: number;
  /** State times width + class -> state times width; ~ of it where something may have to be told. */
  readonly #table: Int32Array;
  readonly #classes: Uint8Array;
  readonly #depths: Uint8Array;
  readonly #width: number;
  readonly #start: number;
  readonly #teller: Teller;
  readonly #text = new LowerBytes();
  /** Where the stretch read last has ended; whether its state knows of characters before where it was to begin. */
  #row = 0;
  #knowsMore = false;

  constructor(keys: readonly Key[]) {
    const trie = buildTrie(keys), { classes, width } = classesOf(trie), { edges, suffix } = trie, states = suffix.length;
    this.#teller = new Teller(trie);
    // From the root outwards: a state goes where its suffix goes, but for its own ways on.
    const table = new Int32Array(states * width), depths = new Uint8Array(states);
    for (let state = 0, edge = 0; state < states; state++) {
      const row = state * width, shorter = (suffix[state] as number) * width;
      if (state > 0) table.copyWithin(row, shorter, shorter + width);
      for (; edge < edges.from.length && edges.from[edge] === state; edge++) {
        depths[edge + 1] = (depths[state] as number) + 1;
        if (edges.codes[edge] !== START) table[row + (classes[edges.codes[edge] as number] as number)] = edge + 1;
      }
    }
    for (let cell = 0; cell < table.length; cell++) {
      const to = table[cell] as number;
      table[cell] = this.#teller.stopsAt(to) ? ~(to * width) : to * width;
    }
    this.#table = table;
    this.#classes = classes;
    this.#depths = depths;
    this.#width = width;
    this.#start = trie.start * width;
    this.bytes = table.byteLength + depths.byteLength + this.#teller.bytes;
  }

  /** Looks through a text that is ASCII or, with one byte for each of its characters, folded. */
  scan(bytes: Uint8Array, from: number, to: number, listener: Listener): void {
    this.#text.bytes = bytes;
    this.#text.length = to;
    met.reserve((to - from) * 2);
    if (to - from >= QUARTERED_MIN) { this.#quarters(bytes, from, to, listener); return; }
    const count = this.#read(bytes, from, to, this.#start, 0);
    this.#tell(0, count, listener);
    this.#teller.tellEnd(this.#row / this.#width, listener);
  }

  /** One stretch from a state; what it meets is put down from `count` on, the count after it returned. */
  #read(bytes: Uint8Array, from: number, to: number, before: number, count: number): number {
    const table = this.#table, classes = this.#classes, { states, ends } = met;
    let row = before;
    for (let i = from; i < to; i++) {
      row = table[row + (classes[bytes[i] as number] as number)] as number;
      if (row < 0) { row = ~row; states[count] = row; ends[count++] = i + 1; }
    }
    this.#row = row;
    return count;
  }

  #quarters(bytes: Uint8Array, from: number, to: number, listener: Listener): void {
    const table = this.#table, classes = this.#classes, { states, ends } = met, size = (to - from) >> 2, second = from + size, third = second + size, fourth = third + size;
    let a = this.#start, b = 0, c = 0, d = 0, countA = 0, countB = size, countC = 2 * size, countD = 3 * size;
    for (let i = 0; i < size; i++) {
      a = table[a + (classes[bytes[from + i] as number] as number)] as number;
      b = table[b + (classes[bytes[second + i] as number] as number)] as number;
      c = table[c + (classes[bytes[third + i] as number] as number)] as number;
      d = table[d + (classes[bytes[fourth + i] as number] as number)] as number;
      if (a < 0) { a = ~a; states[countA] = a; ends[countA++] = from + i + 1; }
      if (b < 0) { b = ~b; states[countB] = b; ends[countB++] = second + i + 1; }
      if (c < 0) { c = ~c; states[countC] = c; ends[countC++] = third + i + 1; }
      if (d < 0) { d = ~d; states[countD] = d; ends[countD++] = fourth + i + 1; }
    }
    countD = this.#read(bytes, fourth + size, to, d, countD);
    // Whoever comes to the end and still knows more than those behind him says how the text ends.
    let last = this.#row, count = this.#goOn(bytes, fourth, to, c, to - from);
    if (this.#knowsMore) last = this.#row;
    count = this.#goOn(bytes, third, to, b, count);
    if (this.#knowsMore) last = this.#row;
    count = this.#goOn(bytes, second, to, a, count);
    if (this.#knowsMore) last = this.#row;
    this.#tell(0, countA, listener);
    this.#tell(size, countB, listener);
    this.#tell(2 * size, countC, listener);
    this.#tell(3 * size, countD, listener);
    this.#tell(to - from, count, listener);
    this.#teller.tellEnd(last / this.#width, listener);
  }

  /** Reads on from a state while that knows of characters before `from`; counts as #read does. */
  #goOn(bytes: Uint8Array, from: number, to: number, before: number, counted: number): number {
    const table = this.#table, classes = this.#classes, depths = this.#depths, width = this.#width, { states, ends } = met;
    let row = before, at = from, count = counted;
    for (; at < to && (depths[row / width] as number) > at - from; at++) {
      row = table[row + (classes[bytes[at] as number] as number)] as number;
      if (row < 0) { row = ~row; states[count] = row; ends[count++] = at + 1; }
    }
    this.#row = row;
    this.#knowsMore = (depths[row / width] as number) > at - from;
    return count;
  }

  #tell(from: number, to: number, listener: Listener): void { if (to > from) this.#teller.tell(this.#text, from, to, this.#width, listener); }

  forget(): void { this.#teller.forget(); }
}

export class SparseAutomaton {
  readonly bytes: number;
  readonly #trie: Trie;
  readonly #teller: Teller;

  constructor(keys: readonly Key[]) {
    this.#trie = buildTrie(keys);
    this.#teller = new Teller(this.#trie);
    this.bytes = this.#trie.edges.bytes + this.#teller.bytes;
  }

  /** Looks through a folded text. */
  scan(text: string, listener: Listener): void {
    const { edges, suffix, start } = this.#trie;
    met.reserve(text.length);
    let state = start, count = 0;
    for (let i = 0; i < text.length; i++) {
      state = follow(edges, suffix, state, text.charCodeAt(i));
      if (this.#teller.stopsAt(state)) { met.states[count] = state; met.ends[count++] = i + 1; }
    }
    this.#teller.tell(text, 0, count, 1, listener);
    this.#teller.tellEnd(state, listener);
  }

  forget(): void { this.#teller.forget(); }
}

/**
 * Characters -> columns; column 0 is for all others, the most frequent characters have the next, so that what is read of a row lies
 * together. Upper case shares the column of its lower case.
 */
function classesOf({ edges }: Trie): { readonly classes: Uint8Array; readonly width: number } {
  const counts = new Map<number, number>(), classes = new Uint8Array(256);
  for (const code of edges.codes) if (code !== START) counts.set(code, (counts.get(code) ?? 0) + 1);
  const codes = [...counts.keys()].sort((one, two) => (counts.get(two) as number) - (counts.get(one) as number) || one - two);
  codes.forEach((code, i) => { classes[code] = i + 1; });
  for (let upper = 65; upper <= 90; upper++) classes[upper] = classes[upper + 32] as number;
  return { classes, width: codes.length + 1 };
}
