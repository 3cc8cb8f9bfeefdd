// Literals looked for in the texts of one field: by automata, or in a table where whole values are asked for.
import { isAscii } from '../../ascii.js';
import { fold } from '../../fold.js';
import { buildScanners, type Scanners } from './automaton.js';
import type { Literal } from './literals.js';
import type { Marks } from './marks.js';
import { Skipper } from './skipper.js';
import { TextBytes } from './text-bytes.js';
import { WordTable } from './word-table.js';

/** Whole values beyond so many are looked up in a table: their states would be many and never shared. */
const WHOLES_MAX = 512;

/** The text that was loaded last: a value that several fields read is copied once. */
const loaded = new TextBytes();

export class LiteralScan {
  readonly bytes: number;
  readonly #scanners: Scanners;
  readonly #skipper: Skipper | undefined;
  /** Of what a string with escapes holds as it is. */
  readonly #escapedSkipper: Skipper | undefined;
  readonly #wholes: WordTable<readonly number[]>;
  readonly #otherWholes: ReadonlyMap<string, readonly number[]>;

  /** `hints` are told of every text that is not ASCII as it came. */
  constructor(literals: readonly Literal[], readonly hints: readonly number[]) {
    const wholes = new Map<string, number[]>();
    const isMany = literals.filter(({ where }) => where === 'whole').length > WHOLES_MAX || literals.every(({ where }) => where === 'whole');
    const scanned = literals.filter(({ text, where, atom }) => {
      if (text !== '' && (where !== 'whole' || !isMany)) return true;
      const atoms = wholes.get(text);
      if (atoms === undefined) wholes.set(text, [atom]); else atoms.push(atom);
      return false;
    });
    const of = (isPlain: boolean): Map<string, number[]> => new Map([...wholes].filter(([text]) => isAscii(text) === isPlain));
    this.#wholes = new WordTable(of(true));
    this.#otherWholes = of(false);
    this.#scanners = buildScanners(scanned);
    const { dense, sparse } = this.#scanners;
    this.#skipper = Skipper.of(scanned.filter(({ text }) => isAscii(text)));
    this.#escapedSkipper = wholes.size === 0 ? Skipper.of(scanned.filter(({ text }) => isAscii(text)).map((literal) => ({ ...literal, text: longest(literal.text.split(ESCAPABLE)) }))) : undefined;
    this.bytes = dense.reduce((sum, scanner) => sum + scanner.bytes, (sparse?.bytes ?? 0) + this.#wholes.bytes);
  }

  text(text: string, marks: Marks): void {
    loaded.load(text);
    if (loaded.isAscii) { this.ascii(loaded.bytes, 0, text.length, marks); return; }
    this.folded(fold(text), marks);
    tell(this.hints, marks);
  }

  /** A text of ASCII, as it came. */
  ascii(bytes: Uint8Array, from: number, to: number, marks: Marks): void {
    const { dense } = this.#scanners;
    if (this.#skipper === undefined || this.#skipper.mayHold(bytes, from, to)) for (let i = 0; i < dense.length; i++) (dense[i] as (typeof dense)[number]).scan(bytes, from, to, marks);
    if (this.#wholes.size > 0) tell(this.#wholes.find(bytes, from, to), marks);
  }

  folded(text: string, marks: Marks): void {
    const { dense, sparse } = this.#scanners;
    loaded.load(text);
    // By folding a text may become ASCII: the sign of the kelvin is a k.
    if (loaded.isAscii) { this.ascii(loaded.bytes, 0, text.length, marks); return; }
    for (const scanner of dense) scanner.scan(loaded.bytes, 0, text.length, marks);
    sparse?.scan(text, marks);
    tell(this.#otherWholes.get(text), marks);
  }

  /** Surely tells nothing of a JSON string of ASCII characters, read escapes and all: of each literal it lacks a part that has nothing to escape. */
  skipsEscaped(bytes: Uint8Array, from: number, to: number): boolean { return this.#escapedSkipper?.mayHold(bytes, from, to) === false; }

  /** Generations begin again. */
  forget(): void {
    const { dense, sparse } = this.#scanners;
    for (const scanner of dense) scanner.forget();
    sparse?.forget();
  }
}
const ESCAPABLE = /[\x00-\x1f"\\/]/;
const longest = (texts: readonly string[]): string => texts.reduce((one, two) => (two.length > one.length ? two : one), '');

function tell(atoms: readonly number[] | undefined, marks: Marks): void {
  if (atoms !== undefined) for (let i = 0; i < atoms.length; i++) marks.mark(atoms[i] as number);
}
