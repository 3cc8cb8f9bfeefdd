// Which formats a text may be of: one pass over its head finds which of the texts that formats name (`holds`) stand in it, all at once, by the
// automaton of Aho and Corasick (Communications of the ACM 18, 1975), so that two or three formats are asked instead of all. What a format names
// is necessary, never sufficient: `detect` still decides.
import { codeInside } from '../text.js';
import type { Format } from './format.js';

/** A set of formats by their places in the list, 32 a number. */
type Places = [number, number, number, number, number, number];
const NUMBERS = 6, PLACES_MAX = 32 * NUMBERS;

/** The bytes of a line of ASCII alone, and where the text begins in them. */
export interface Bytes { readonly bytes: Uint8Array; readonly at: number }

/** What a text's header says of its formats. */
export interface Headed {
  readonly program: string;
  readonly head: string;
  readonly ascii?: Bytes;
  readonly structured?: unknown;
  /** A PAM module stands behind the program's name. */
  readonly module: boolean;
}

export class Candidates {
  readonly #always: Places = [0, 0, 0, 0, 0, 0];
  readonly #structured: Places = [0, 0, 0, 0, 0, 0];
  readonly #module: Places = [0, 0, 0, 0, 0, 0];
  readonly #unnamed: Places = [0, 0, 0, 0, 0, 0];
  readonly #holds: Holds;
  /** Those of the text that was looked at last. */
  readonly #found: Places = [0, 0, 0, 0, 0, 0];

  constructor(readonly formats: readonly Format[]) {
    if (formats.length > PLACES_MAX) throw new Error(`expected at most ${String(PLACES_MAX)} formats that look at the text, got ${String(formats.length)}`);
    const texts: [text: string, place: number][] = [];
    for (const [place, { holds, ofStructured, ofModule, unnamed }] of formats.entries()) {
      if (holds === undefined) add(this.#always, place); else for (const text of holds) texts.push([text, place]);
      if (ofStructured === true) add(this.#structured, place);
      if (ofModule === true) add(this.#module, place);
      if (unnamed === true) add(this.#unnamed, place);
    }
    this.#holds = new Holds(texts);
  }

  /** The formats that may take any text of a program with this name. */
  likely(program: string): Readonly<Places> {
    const places: Places = [0, 0, 0, 0, 0, 0];
    for (const [place, { likePrograms }] of this.formats.entries()) if (likePrograms?.test(program) === true) add(places, place);
    return places;
  }

  /** Looks at a text; `next` then says which formats it may be of. `likely` is that of its program. */
  look({ program, head, ascii, structured, module }: Headed, likely: Readonly<Places>): void {
    const found = this.#found, always = this.#always;
    found[0] = always[0] | likely[0]; found[1] = always[1] | likely[1]; found[2] = always[2] | likely[2]; found[3] = always[3] | likely[3]; found[4] = always[4] | likely[4]; found[5] = always[5] | likely[5];
    if (structured !== undefined) unite(found, this.#structured);
    if (module) unite(found, this.#module);
    this.#holds.find(head, ascii, found);
    if (program !== '') { const un = this.#unnamed; found[0] &= ~un[0]; found[1] &= ~un[1]; found[2] &= ~un[2]; found[3] &= ~un[3]; found[4] &= ~un[4]; found[5] &= ~un[5]; }
  }

  /** The place of the first possible format behind `place`, or -1. */
  next(place: number): number {
    const from = place + 1;
    for (let i = from >> 5; i < NUMBERS; i++) {
      const bits = (this.#found[i] as number) & (i === from >> 5 ? -1 << (from & 31) : -1);
      if (bits !== 0) return (i << 5) + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }
}

function add(places: Places, place: number): void { (places[place >> 5] as number) |= 1 << (place & 31); }
function unite(places: Places, more: Readonly<Places>): void { places[0] |= more[0]; places[1] |= more[1]; places[2] |= more[2]; places[3] |= more[3]; places[4] |= more[4]; places[5] |= more[5]; }

/** The automaton. A row for each state, a column for each character that some text has; column 0 is for all others, 1 for the beginning. */
class Holds {
  readonly #columns = new Uint8Array(256);
  readonly #width: number;
  /** Where a state leads: the place at which the next one's row begins. */
  readonly #next: Int32Array;
  /** `NUMBERS` numbers a state: the formats of the texts that end there. States that end none come first. */
  readonly #places: Int32Array;
  readonly #firstEnding: number;
  readonly #begin: number;

  constructor(texts: readonly (readonly [text: string, place: number])[]) {
    let columns = 2;
    const columnOf = (char: string, at: number): number => {
      if (char === '^' && at === 0) return 1;
      const codes = char === '0' ? DIGITS : [char.charCodeAt(0)], known = this.#columns[codes[0] as number] as number;
      if (known !== 0) return known;
      for (const code of codes) this.#columns[code] = columns;
      return columns++;
    };
    const nodes: Node[] = [newNode()];
    for (const [text, place] of texts) {
      let node = nodes[0] as Node;
      for (const [at, char] of [...text].entries()) {
        const column = columnOf(char, at);
        let after = node.after.get(column);
        if (after === undefined) { nodes.push(after = newNode()); node.after.set(column, after); }
        node = after;
      }
      add(node.places, place);
    }
    this.#width = columns;
    const ordered = linked(nodes[0] as Node), silent = ordered.filter(({ places }) => places.every((bits) => bits === 0)), states = [...silent, ...ordered.filter((node) => !silent.includes(node))];
    if (states.length * columns > 0x7fffff) throw new Error('the texts that formats hold are too many');
    for (const [state, node] of states.entries()) node.state = state;
    this.#firstEnding = silent.length * columns;
    this.#next = new Int32Array(states.length * columns);
    this.#places = new Int32Array(states.length * NUMBERS);
    for (const { state, places, all } of states) {
      this.#places.set(places, state * NUMBERS);
      for (let column = 0; column < columns; column++) this.#next[state * columns + column] = (all[column]?.state ?? 0) * columns;
    }
    this.#begin = this.#next[1] as number;
  }

  /** Adds to `found` the formats of which a text stands in the head. */
  find(head: string, ascii: Bytes | undefined, found: Places): void {
    if (head.length === 0) return;
    const first = codeInside(head, 0), again = first <= 32 || first > 126; // detectors pass over a blank at the beginning
    for (let start = 0; start <= (again ? 1 : 0); start++) if (ascii === undefined) this.#inText(head, start, found); else this.#inBytes(ascii.bytes, ascii.at + start, ascii.at + head.length, found);
  }

  /** Bytes are read three times as fast as the characters of a text, whose kind is looked at for each. */
  #inBytes(bytes: Uint8Array, start: number, end: number, found: Places): void {
    const columns = this.#columns, next = this.#next, ending = this.#firstEnding;
    let row = this.#begin;
    for (let i = start; i < end; i++) {
      row = next[row + (columns[bytes[i] as number] as number)] as number;
      if (row >= ending) this.#add(row, found);
    }
  }
  #inText(head: string, start: number, found: Places): void {
    const columns = this.#columns, next = this.#next, ending = this.#firstEnding;
    let row = this.#begin;
    for (let i = start, end = head.length; i < end; i++) {
      const c = codeInside(head, i);
      row = next[row + (c < 128 ? columns[c] as number : 0)] as number;
      if (row >= ending) this.#add(row, found);
    }
  }
  #add(row: number, found: Places): void {
    const at = row / this.#width * NUMBERS, places = this.#places;
    found[0] |= places[at] as number; found[1] |= places[at + 1] as number; found[2] |= places[at + 2] as number; found[3] |= places[at + 3] as number; found[4] |= places[at + 4] as number; found[5] |= places[at + 5] as number;
  }
}

interface Node {
  readonly after: Map<number, Node>;
  readonly places: Places;
  readonly all: (Node | undefined)[];
  /** Where the longest other ending of what leads here leads; the root has none. */
  ending: Node | undefined;
  state: number;
}
const newNode = (): Node => ({ after: new Map(), places: [0, 0, 0, 0, 0, 0], all: [], ending: undefined, state: 0 });
const DIGITS = [48, 49, 50, 51, 52, 53, 54, 55, 56, 57];

/** All nodes from the root outwards, each with where every column leads: to its own child, else to where the longest other ending of what was read leads. */
function linked(root: Node): Node[] {
  const order = [root];
  for (const node of order) {
    const { after, all, ending } = node;
    if (ending !== undefined) { all.push(...ending.all); unite(node.places, ending.places); }
    for (const [column, child] of after) {
      child.ending = all[column] ?? root;
      all[column] = child;
      order.push(child);
    }
  }
  return order;
}
