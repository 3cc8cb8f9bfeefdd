// The heads of keys as a tree of states, numbered from the root outwards, each with its suffix: the state of the longest proper end
// of its text that is a state too (Aho and Corasick, 1975). Automata are this tree with a way of going on from every state.
import { codeAt, lengthOf, sharedPrefix, START, type Key } from './literals.js';

/** What is to be told in a state. */
export interface Output {
  readonly atoms: readonly number[];
  readonly endAtoms: readonly number[];
  /** What must follow; empty for literals that end here. */
  readonly tail: string;
}

export interface Trie {
  readonly edges: Edges;
  /** By state. */
  readonly suffix: Int32Array;
  readonly outputs: readonly (Output | undefined)[];
  /** The state in which texts begin: behind the mark of the start, if any literal asks for it. */
  readonly start: number;
}

/** (state, character) -> state, as a table with open addresses. Edges stand in the order of their target states. */
export class Edges {
  readonly from: Int32Array;
  readonly codes: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** `edges[i]` leads to state i + 1. */
  constructor(edges: readonly { readonly from: number; readonly code: number }[]) {
    this.from = Int32Array.from(edges, ({ from }) => from);
    this.codes = Int32Array.from(edges, ({ code }) => code);
    let size = 16;
    while (size < edges.length * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size);
    edges.forEach(({ from, code }, i) => {
      let at = this.#hash(from, code);
      while (this.#slots[at] !== 0) at = at + 1 & this.#mask;
      this.#slots[at] = i + 1;
    });
  }

  get bytes(): number { return this.from.byteLength + this.codes.byteLength + this.#slots.byteLength; }

  /** 0 where there is no edge. */
  to(state: number, code: number): number {
    for (let at = this.#hash(state, code); ; at = at + 1 & this.#mask) {
      const to = this.#slots[at] as number;
      if (to === 0 || (this.from[to - 1] === state && this.codes[to - 1] === code)) return to;
    }
  }

  #hash(state: number, code: number): number { return (Math.imul(state, 0x9e3779b1) ^ Math.imul(code + 2, 0x85ebca6b)) >>> 7 & this.#mask; }
}

/** How many states the heads of sorted keys need. */
export function countStates(keys: readonly Key[]): number {
  return keys.reduce((sum, key, i) => sum + key.head - sharedHead(keys[i - 1], key), 1);
}
export const sharedHead = (before: Key | undefined, key: Key): number => (before === undefined ? 0 : Math.min(before.head, key.head, sharedPrefix(before, key)));

export function buildTrie(keys: readonly Key[]): Trie {
  interface Node { readonly code: number; readonly children: Node[]; output: Output | undefined; state: number }
  const newNode = (code: number): Node => ({ code, children: [], output: undefined, state: 0 });
  const root = newNode(0), path = [root];
  keys.forEach((key, i) => {
    path.length = 1 + sharedHead(keys[i - 1], key);
    for (let at = path.length - 1; at < key.head; at++) {
      const node = newNode(codeAt(key, at));
      (path[at] as Node).children.push(node);
      path.push(node);
    }
    (path[key.head] as Node).output = { atoms: key.atoms, endAtoms: key.endAtoms, tail: key.text.slice(key.text.length - (lengthOf(key) - key.head)) };
  });
  const order = [root], pairs: { from: number; code: number }[] = [];
  for (let state = 0; state < order.length; state++) {
    const node = order[state] as Node;
    node.state = state;
    for (const child of node.children) { pairs.push({ from: state, code: child.code }); order.push(child); }
  }
  const edges = new Edges(pairs), suffix = new Int32Array(order.length);
  pairs.forEach(({ from, code }, i) => { if (from !== 0) suffix[i + 1] = follow(edges, suffix, suffix[from] as number, code); });
  return { edges, suffix, outputs: order.map(({ output }) => output), start: edges.to(0, START) };
}

/** Where `code` leads from `state`: by an edge of its own or of the longest suffix that has one. */
export function follow(edges: Edges, suffix: Int32Array, state: number, code: number): number {
  for (let at = state; ; at = suffix[at] as number) {
    const to = edges.to(at, code);
    if (to !== 0 || at === 0) return to;
  }
}
