// Many literals against one text in one pass: an Aho-Corasick automaton as a full table, one row a state, one column a class
// of characters. Case lives in the class table, so ASCII texts are read in place; others must come folded (core/fold.ts).
// A literal is asked for anywhere, at the start, at the end or as the whole: position decides, nothing is compared twice.

export type Where = 'inside' | 'start' | 'end' | 'whole';
/** `text` is folded and not empty; `atom` is told when it stands where it is asked for. */
export interface Literal { readonly text: string; readonly where: Where; readonly atom: number }
/** Who is told. `generation` changes with every event: within one, an atom is told once at most. */
export interface Listener { readonly generation: number; mark(atom: number): void }

/** Table cells (of four bytes) in one automaton; what does not fit goes to the next. */
const CELLS_MAX = 6_000_000;

/** As few automata as hold the literals within CELLS_MAX each. */
export function buildAutomata(literals: readonly Literal[], cellsMax = CELLS_MAX): Automaton[] {
  const sorted = [...literals].sort((one, two) => (one.text < two.text ? -1 : one.text > two.text ? 1 : 0));
  const automata: Automaton[] = [];
  let some: Literal[] = [], states = 1, last = '';
  const characters = new Set<number>();
  for (const literal of sorted) {
    const { text } = literal, shared = sharedPrefix(last, text), fresh = new Set<number>();
    for (let i = shared; i < text.length; i++) if (!characters.has(text.charCodeAt(i))) fresh.add(text.charCodeAt(i));
    states += text.length - shared;
    if (some.length > 0 && states * (characters.size + fresh.size + 1) > cellsMax) {
      automata.push(new Automaton(some));
      some = [];
      characters.clear();
      for (let i = 0; i < text.length; i++) fresh.add(text.charCodeAt(i));
      states = 1 + text.length;
    }
    for (const code of fresh) characters.add(code);
    some.push(literal);
    last = text;
  }
  if (some.length > 0) automata.push(new Automaton(some));
  return automata;
}

function sharedPrefix(one: string, two: string): number {
  let i = 0;
  while (i < one.length && i < two.length && one.charCodeAt(i) === two.charCodeAt(i)) i++;
  return i;
}

const NONE: readonly number[] = [];
/** Where a scan has met literals, until it is known that the text may be read in place. */
let met = new Int32Array(4096);

export class Automaton {
  readonly bytes: number;
  /** State times width + class -> state times width; ~ of it where literals end that are asked for anywhere. */
  readonly #table: Int32Array;
  readonly #width: number;
  readonly #ascii = new Uint16Array(128);
  readonly #others = new Map<number, number>();
  readonly #depth: Uint16Array;
  /** The nearest shorter suffix with literals of its own: anywhere; at the end. -1 without. */
  readonly #insideLink: Int32Array;
  readonly #endLink: Int32Array;
  readonly #inside: readonly (readonly number[] | undefined)[];
  readonly #ends: readonly (readonly number[] | undefined)[];
  readonly #starts = new Map<number, readonly number[]>();
  readonly #wholes = new Map<number, readonly number[]>();
  readonly #startMax: number;
  /** The generation in which a state's literals were told. */
  readonly #told: Int32Array;

  constructor(literals: readonly Literal[]) {
    let width = 1, startMax = 0, states = 1;
    for (const { text } of literals) {
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (this.#classOf(code) !== 0) continue;
        if (code < 128) this.#ascii[code] = width++; else this.#others.set(code, width++);
      }
    }
    for (let upper = 65; upper <= 90; upper++) this.#ascii[upper] = this.#ascii[upper + 32] as number;
    this.#width = width;

    let last = '';
    const sorted = [...literals].sort((one, two) => (one.text < two.text ? -1 : one.text > two.text ? 1 : 0));
    for (const { text } of sorted) { states += text.length - sharedPrefix(last, text); last = text; }
    const table = new Int32Array(states * width), depth = new Uint16Array(states);
    const inside = new Array<number[] | undefined>(states), ends = new Array<number[] | undefined>(states);
    let count = 1;
    for (const { text, where, atom } of sorted) {
      let state = 0;
      for (let i = 0; i < text.length; i++) {
        const cell = state * width + this.#classOf(text.charCodeAt(i));
        if (table[cell] === 0) { depth[count] = i + 1; table[cell] = count++; }
        state = table[cell] as number;
      }
      if (where === 'inside') (inside[state] ??= []).push(atom);
      else if (where === 'end') (ends[state] ??= []).push(atom);
      else if (where === 'start') { add(this.#starts, state, atom); startMax = Math.max(startMax, text.length); }
      else add(this.#wholes, state, atom);
    }
    this.#depth = depth;
    this.#startMax = startMax;
    this.#insideLink = new Int32Array(states).fill(-1);
    this.#endLink = new Int32Array(states).fill(-1);
    this.#complete(table, states, inside, ends);
    this.#inside = inside;
    this.#ends = ends;
    for (let cell = 0; cell < table.length; cell++) {
      const to = table[cell] as number;
      table[cell] = inside[to] !== undefined || (this.#insideLink[to] as number) >= 0 ? ~(to * width) : to * width;
    }
    this.#table = table;
    this.#told = new Int32Array(states);
    this.bytes = table.byteLength + states * 30;
  }

  /** Breadth first: where the trie has no way on, the way of the longest suffix. 0 in the table is "none" and the root alike. */
  #complete(table: Int32Array, states: number, inside: readonly (readonly number[] | undefined)[], ends: readonly (readonly number[] | undefined)[]): void {
    const width = this.#width, suffix = new Int32Array(states), queue = new Int32Array(states);
    let head = 0, tail = 0;
    for (let column = 0; column < width; column++) if (table[column] !== 0) queue[tail++] = table[column] as number;
    while (head < tail) {
      const state = queue[head++] as number, shorter = suffix[state] as number;
      this.#insideLink[state] = inside[shorter] !== undefined ? shorter : (this.#insideLink[shorter] as number);
      this.#endLink[state] = ends[shorter] !== undefined ? shorter : (this.#endLink[shorter] as number);
      for (let column = 0; column < width; column++) {
        const cell = state * width + column, to = table[cell] as number, other = table[shorter * width + column] as number;
        if (to === 0) table[cell] = other; else { suffix[to] = other; queue[tail++] = to; }
      }
    }
  }

  #classOf(code: number): number { return code < 128 ? (this.#ascii[code] as number) : this.#others.get(code) ?? 0; }

  /** Reads an ASCII text as it came. False, and nothing told, when it is not ASCII. */
  scanAscii(text: string, listener: Listener): boolean {
    const table = this.#table, classes = this.#ascii, { length } = text;
    if (met.length < length) met = new Int32Array(length * 2);
    const found = met;
    let row = 0, count = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 128) return false;
      row = table[row + (classes[code] as number)] as number;
      if (row < 0) { row = ~row; found[count++] = row; }
    }
    this.#tell(text, row, count, listener);
    return true;
  }

  /** Reads a folded text. */
  scanFolded(text: string, listener: Listener): void {
    const table = this.#table, { length } = text;
    if (met.length < length) met = new Int32Array(length * 2);
    let row = 0, count = 0;
    for (let i = 0; i < length; i++) {
      row = table[row + this.#classOf(text.charCodeAt(i))] as number;
      if (row < 0) { row = ~row; met[count++] = row; }
    }
    this.#tell(text, row, count, listener);
  }

  /** Generations begin again. */
  forget(): void { this.#told.fill(0); }

  #tell(text: string, row: number, count: number, listener: Listener): void {
    const width = this.#width, told = this.#told, { generation } = listener;
    for (let i = 0; i < count; i++) {
      // A state that was told has told its suffixes: hostile texts cost no more than there are states.
      for (let state = (met[i] as number) / width; state >= 0 && told[state] !== generation; state = this.#insideLink[state] as number) {
        told[state] = generation;
        tellAll(this.#inside[state] ?? NONE, listener);
      }
    }
    const last = row / width, { length } = text;
    for (let state = last; state >= 0; state = this.#endLink[state] as number) tellAll(this.#ends[state] ?? NONE, listener);
    if (this.#wholes.size > 0 && this.#depth[last] === length) tellAll(this.#wholes.get(last) ?? NONE, listener);
    if (this.#startMax > 0) this.#tellStarts(text, listener);
  }

  /** Along the trie as long as no character leaves it. */
  #tellStarts(text: string, listener: Listener): void {
    const end = Math.min(text.length, this.#startMax), width = this.#width;
    let row = 0;
    for (let i = 0; i < end; i++) {
      row = this.#table[row + this.#classOf(text.charCodeAt(i))] as number;
      if (row < 0) row = ~row;
      const state = row / width;
      if (this.#depth[state] !== i + 1) return;
      const atoms = this.#starts.get(state);
      if (atoms !== undefined) tellAll(atoms, listener);
    }
  }
}

function tellAll(atoms: readonly number[], listener: Listener): void {
  for (let i = 0; i < atoms.length; i++) listener.mark(atoms[i] as number);
}

function add(lists: Map<number, readonly number[]>, state: number, atom: number): void {
  lists.set(state, [...(lists.get(state) ?? NONE), atom]);
}
