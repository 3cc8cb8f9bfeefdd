// What is known about the event at hand: which atoms are true, and which nodes (what rules ask) are worth asking because of them. Nothing is
// cleared between events: a mark holds in its generation only.
import type { Listener } from './teller.js';

export class Marks implements Listener {
  generation = 0;
  /** Nodes to ask, each once. */
  readonly candidates: Int32Array;
  candidateCount = 0;
  /** By atom: in how many events it was true. */
  readonly counts: Int32Array;
  readonly #marked: Int32Array;
  readonly #isCandidate: Int32Array;
  readonly #groups: (readonly number[] | undefined)[];
  /** By atom: is it decided only when somebody asks? */
  readonly #isLater: Uint8Array;
  /** By atom: the generation in which it was decided so and is not true. */
  readonly #isFalse: Int32Array;
  #nodes: readonly (readonly number[] | undefined)[] = [];

  constructor(atoms: number, nodes: number, groupsOf: ReadonlyMap<number, readonly number[]>) {
    this.#marked = new Int32Array(atoms);
    this.counts = new Int32Array(atoms);
    this.candidates = new Int32Array(nodes);
    this.#isCandidate = new Int32Array(nodes);
    this.#isLater = new Uint8Array(atoms);
    this.#isFalse = new Int32Array(atoms);
    this.#groups = Array.from({ length: atoms }, (_, atom) => groupsOf.get(atom));
  }

  /** By atom: the nodes that cannot be true without one of theirs; and which atoms are not told with the event. */
  setWitnesses(nodes: readonly (readonly number[] | undefined)[], isLater: (atom: number) => boolean): void {
    this.#nodes = nodes;
    for (let atom = 0; atom < this.#isLater.length; atom++) this.#isLater[atom] = isLater(atom) ? 1 : 0;
  }

  /** Forgets the event before. */
  begin(): void {
    this.candidateCount = 0;
    if (this.generation < GENERATION_MAX) { this.generation++; return; }
    this.#marked.fill(0);
    this.#isCandidate.fill(0);
    this.#isFalse.fill(0);
    this.generation = 1;
    this.onWrap();
  }
  /** Generations begin again: whoever stamps with them clears. */
  onWrap: () => void = () => undefined;

  mark(atom: number): void {
    if (this.#marked[atom] === this.generation) return;
    this.#marked[atom] = this.generation;
    this.counts[atom]!++;
    const nodes = this.#nodes[atom];
    if (nodes !== undefined) for (let i = 0; i < nodes.length; i++) this.addCandidate(nodes[i] as number);
    const groups = this.#groups[atom];
    if (groups !== undefined) for (let i = 0; i < groups.length; i++) this.mark(groups[i] as number);
  }

  isMarked(atom: number): boolean { return this.#marked[atom] === this.generation; }
  isLater(atom: number): boolean { return this.#isLater[atom] === 1; }

  isTrue(atom: number): boolean {
    if (this.#marked[atom] === this.generation) return true;
    if (this.#isLater[atom] === 0 || this.#isFalse[atom] === this.generation) return false;
    if (this.decide(atom)) return true;
    this.#isFalse[atom] = this.generation;
    return false;
  }
  /** Who decides about the others. */
  decide: (atom: number) => boolean = () => false;

  addCandidate(node: number): void {
    if (this.#isCandidate[node] === this.generation) return;
    this.#isCandidate[node] = this.generation;
    this.candidates[this.candidateCount++] = node;
  }
}
const GENERATION_MAX = 0x7fff_fffe;
