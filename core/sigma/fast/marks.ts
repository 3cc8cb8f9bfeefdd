// What is known about the event at hand: which atoms are true, and which rules are worth asking because of them. Nothing is
// cleared between events: a mark holds in its generation only.
import type { Listener } from './teller.js';

export class Marks implements Listener {
  generation = 0;
  /** Rules to ask, each once. */
  readonly candidates: Int32Array;
  candidateCount = 0;
  /** By atom: in how many events it was true. */
  readonly counts: Int32Array;
  readonly #marked: Int32Array;
  readonly #isCandidate: Int32Array;
  readonly #groups: (readonly number[] | undefined)[];
  #rules: readonly (readonly number[] | undefined)[] = [];

  constructor(atoms: number, rules: number, groupsOf: ReadonlyMap<number, readonly number[]>) {
    this.#marked = new Int32Array(atoms);
    this.counts = new Int32Array(atoms);
    this.candidates = new Int32Array(rules);
    this.#isCandidate = new Int32Array(rules);
    this.#groups = Array.from({ length: atoms }, (_, atom) => groupsOf.get(atom));
  }

  /** By atom: the rules that cannot be true without one of theirs. */
  setWitnesses(rules: readonly (readonly number[] | undefined)[]): void { this.#rules = rules; }

  /** Forgets the event before. */
  begin(): void {
    this.candidateCount = 0;
    if (this.generation < GENERATION_MAX) { this.generation++; return; }
    this.#marked.fill(0);
    this.#isCandidate.fill(0);
    this.generation = 1;
    this.onWrap();
  }
  /** Generations begin again: whoever stamps with them clears. */
  onWrap: () => void = () => undefined;

  mark(atom: number): void {
    if (this.#marked[atom] === this.generation) return;
    this.#marked[atom] = this.generation;
    this.counts[atom]!++;
    const rules = this.#rules[atom];
    if (rules !== undefined) for (let i = 0; i < rules.length; i++) this.addCandidate(rules[i] as number);
    const groups = this.#groups[atom];
    if (groups !== undefined) for (let i = 0; i < groups.length; i++) this.mark(groups[i] as number);
  }

  isTrue(atom: number): boolean { return this.#marked[atom] === this.generation; }

  addCandidate(rule: number): void {
    if (this.#isCandidate[rule] === this.generation) return;
    this.#isCandidate[rule] = this.generation;
    this.candidates[this.candidateCount++] = rule;
  }
}
const GENERATION_MAX = 0x7fff_fffe;
