// Who is told what when a scan has met states of a trie: literals that stand there, those that only count at the end of a text, and
// those whose tail must follow. Along suffixes, so that a literal inside another is told too.
import type { Tailed } from './text-bytes.js';
import type { Output, Trie } from './trie.js';

/** Who is told. `generation` changes with every event: within one, an atom is told once at most. */
export interface Listener { readonly generation: number; mark(atom: number): void }

/** What a scan met, before anybody is told: states, and the positions after them. */
export const met = {
  states: new Int32Array(4096),
  ends: new Int32Array(4096),
  reserve(length: number): void {
    if (this.states.length >= length) return;
    this.states = new Int32Array(length * 2);
    this.ends = new Int32Array(length * 2);
  },
};

export class Teller {
  readonly #outputs: readonly (Output | undefined)[];
  /** From a state to the nearest of its suffixes, itself included, that tells anywhere; at the end; behind a tail. -1 without. */
  readonly #inside: Int32Array;
  readonly #ends: Int32Array;
  readonly #tails: Int32Array;
  readonly #suffix: Int32Array;
  /** The generation in which a state's literals were told. */
  readonly #told: Int32Array;

  constructor({ suffix, outputs }: Trie) {
    const linked = (tells: (output: Output) => boolean): Int32Array => {
      const links = new Int32Array(outputs.length).fill(-1);
      outputs.forEach((output, state) => { links[state] = output !== undefined && tells(output) ? state : state === 0 ? -1 : links[suffix[state] as number] as number; });
      return links;
    };
    this.#inside = linked(({ tail, atoms }) => tail === '' && atoms.length > 0);
    this.#ends = linked(({ tail, endAtoms }) => tail === '' && endAtoms.length > 0);
    this.#tails = linked(({ tail }) => tail !== '');
    this.#suffix = suffix;
    this.#outputs = outputs;
    this.#told = new Int32Array(outputs.length);
  }

  get bytes(): number { return this.#outputs.reduce((sum, output) => sum + 28 + (output === undefined ? 0 : 100 + output.tail.length), 0); }

  /** Is there something to look at when a scan comes to `state`, before the end? */
  stopsAt(state: number): boolean { return (this.#inside[state] as number) >= 0 || (this.#tails[state] as number) >= 0; }

  /** Generations begin again. */
  forget(): void { this.#told.fill(0); }

  /** Tells of the states times `width` that a scan has met, from `from` to before `to`. */
  tell(text: Tailed, from: number, to: number, width: number, listener: Listener): void {
    const told = this.#told, { generation } = listener;
    for (let i = from; i < to; i++) {
      const state = (met.states[i] as number) / width;
      // A state that was told has told its suffixes: hostile texts cost no more than there are states.
      for (let one = this.#inside[state] as number; one >= 0 && told[one] !== generation; one = this.#shorter(this.#inside, one)) {
        told[one] = generation;
        tellAll((this.#outputs[one] as Output).atoms, listener);
      }
      for (let one = this.#tails[state] as number; one >= 0; one = this.#shorter(this.#tails, one)) {
        const output = this.#outputs[one] as Output;
        if (told[one] !== generation || output.endAtoms.length > 0) this.#tellTail(one, output, text, met.ends[i] as number, listener);
      }
    }
  }

  /** Tells of the state in which a text ends. */
  tellEnd(last: number, listener: Listener): void {
    for (let one = this.#ends[last] as number; one >= 0; one = this.#shorter(this.#ends, one)) tellAll((this.#outputs[one] as Output).endAtoms, listener);
  }

  #tellTail(state: number, { tail, atoms, endAtoms }: Output, text: Tailed, end: number, listener: Listener): void {
    const isEnd = end + tail.length === text.length;
    if ((atoms.length === 0 && !isEnd) || !text.startsWith(tail, end)) return;
    this.#told[state] = listener.generation;
    tellAll(atoms, listener);
    if (isEnd) tellAll(endAtoms, listener);
  }

  #shorter(links: Int32Array, state: number): number { return state === 0 ? -1 : links[this.#suffix[state] as number] as number; }
}

function tellAll(atoms: readonly number[], listener: Listener): void {
  for (let i = 0; i < atoms.length; i++) listener.mark(atoms[i] as number);
}
