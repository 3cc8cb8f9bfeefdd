// Many literals against one text in one pass. ASCII literals: an Aho-Corasick automaton as a full table, one row a state, one column
// a class of characters; states near the root, where most characters lead, lie together. Case lives in the class table, so ASCII texts
// are read in place; others must come folded (core/fold.ts). Literals with other characters have thousands of classes and few texts
// to be looked for in: their automaton follows edges and suffixes.
import { keysOf, START, type Key, type Literal } from './literals.js';
import { met, Teller, type Listener } from './teller.js';
import { buildTrie, follow, sharedHead, type Trie } from './trie.js';

/** What looks through the texts of one field. */
export interface Scanner {
  readonly bytes: number;
  /** Looks through an ASCII text as it came, or through a folded text. */
  scan(text: string, isFolded: boolean, listener: Listener): boolean;
  /** Generations begin again. */
  forget(): void;
}
export interface Scanners {
  /** For every text: what they tell of ASCII texts is all. Each says no, and tells nothing, to a text that is neither ASCII nor folded. */
  readonly dense: readonly Scanner[];
  /** For folded texts that are not ASCII, beside the others. */
  readonly sparse: Scanner | undefined;
}

/** Table cells (of four bytes) in one automaton; what does not fit goes to the next. */
const CELLS_MAX = 6_000_000;

export function buildScanners(literals: readonly Literal[], cellsMax = CELLS_MAX): Scanners {
  const keys = keysOf(literals), wide = keys.filter(({ text }) => !ASCII.test(text)), dense: Scanner[] = [];
  let some: Key[] = [], states = 1;
  for (const key of keys) {
    if (!ASCII.test(key.text)) continue;
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
const ASCII = /^[\x00-\x7f]*$/;
/** About as many classes as literals of many rules have. */
const WIDTH_MAX = 72;

class DenseAutomaton implements Scanner {
  readonly bytes: number;
  /** State times width + class -> state times width; ~ of it where something may have to be told. */
  readonly #table: Int32Array;
  readonly #classes: Uint8Array;
  readonly #width: number;
  readonly #start: number;
  readonly #teller: Teller;

  constructor(keys: readonly Key[]) {
    const trie = buildTrie(keys), { classes, width } = classesOf(trie), { edges, suffix } = trie, states = suffix.length;
    this.#teller = new Teller(trie);
    // From the root outwards: a state goes where its suffix goes, but for its own ways on.
    const table = new Int32Array(states * width);
    for (let state = 0, edge = 0; state < states; state++) {
      const row = state * width, shorter = (suffix[state] as number) * width;
      if (state > 0) table.copyWithin(row, shorter, shorter + width);
      for (; edge < edges.from.length && edges.from[edge] === state; edge++) if (edges.codes[edge] !== START) table[row + (classes[edges.codes[edge] as number] as number)] = edge + 1;
    }
    for (let cell = 0; cell < table.length; cell++) {
      const to = table[cell] as number;
      table[cell] = this.#teller.stopsAt(to) ? ~(to * width) : to * width;
    }
    this.#table = table;
    this.#classes = classes;
    this.#width = width;
    this.#start = trie.start * width;
    this.bytes = table.byteLength + this.#teller.bytes;
  }

  scan(text: string, isFolded: boolean, listener: Listener): boolean {
    const table = this.#table, classes = this.#classes, { length } = text;
    met.reserve(length);
    const { states, ends } = met;
    let row = this.#start, count = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code < 128) row = table[row + (classes[code] as number)] as number;
      else if (isFolded) row = table[0] as number;
      else return false;
      if (row < 0) { row = ~row; states[count] = row; ends[count++] = i + 1; }
    }
    this.#teller.tell(text, isFolded, count, row, this.#width, listener);
    return true;
  }

  forget(): void { this.#teller.forget(); }
}

class SparseAutomaton implements Scanner {
  readonly bytes: number;
  readonly #trie: Trie;
  readonly #teller: Teller;

  constructor(keys: readonly Key[]) {
    this.#trie = buildTrie(keys);
    this.#teller = new Teller(this.#trie);
    this.bytes = this.#trie.edges.bytes + this.#teller.bytes;
  }

  scan(text: string, isFolded: boolean, listener: Listener): boolean {
    const { edges, suffix, start } = this.#trie;
    met.reserve(text.length);
    let state = start, count = 0;
    for (let i = 0; i < text.length; i++) {
      state = follow(edges, suffix, state, text.charCodeAt(i));
      if (this.#teller.stopsAt(state)) { met.states[count] = state; met.ends[count++] = i + 1; }
    }
    this.#teller.tell(text, isFolded, count, state, 1, listener);
    return true;
  }

  forget(): void { this.#teller.forget(); }
}

/**
 * Characters -> columns; column 0 is for all others, the most frequent characters have the next, so that what is read of a row lies
 * together. Upper case shares the column of its lower case.
 */
function classesOf({ edges }: Trie): { readonly classes: Uint8Array; readonly width: number } {
  const counts = new Map<number, number>(), classes = new Uint8Array(128);
  for (const code of edges.codes) if (code !== START) counts.set(code, (counts.get(code) ?? 0) + 1);
  const codes = [...counts.keys()].sort((one, two) => (counts.get(two) as number) - (counts.get(one) as number) || one - two);
  codes.forEach((code, i) => { classes[code] = i + 1; });
  for (let upper = 65; upper <= 90; upper++) classes[upper] = classes[upper + 32] as number;
  return { classes, width: codes.length + 1 };
}
