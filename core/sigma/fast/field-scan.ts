// What is asked about one field. First, on every event: numbers, and the literals that bring rules to be asked. The others only when a rule
// comes to one: most are common words or belong to rules that are long out of question. A few are searched for one by one; if more are
// asked for, all of them at once, so that no event costs more than two looks at each of its texts.
import type { Scalar } from '../../event.js';
import { answersNumber } from '../../predicate/numbers.js';
import { textOf } from '../../predicate/values.js';
import { LiteralScan } from './literal-scan.js';
import type { Literal } from './literals.js';
import type { Marks } from './marks.js';
import type { FieldPlan, NumberLeaf } from './plan.js';
import { WordTable } from './word-table.js';

interface NumberAtom { readonly leaf: NumberLeaf; readonly atom: number }

/** So many literals of a field are searched for one by one. */
const SINGLES_MAX = 8;

export class FieldScan {
  /** Told when the field is there; -1 when nobody asks. */
  readonly present: number;
  readonly asksNumbers: boolean;
  first: LiteralScan;
  readonly #plan: FieldPlan;
  readonly #numbers: WordTable<readonly NumberAtom[]>;
  readonly #literals = new Map<number, Literal>();
  #isChosen = false;
  #later: readonly Literal[] = [];
  #rest: LiteralScan | undefined;
  // In the event of `generation`: its texts, folded; how many were asked for one by one, and whether all were.
  #generation = 0;
  #folded: readonly string[] = [];
  #singles = 0;
  #isWhole = false;

  /** `isFirst`: atoms to be told on every event. */
  constructor(plan: FieldPlan, isFirst: (atom: number) => boolean) {
    this.#plan = plan;
    this.present = plan.present;
    const byText = new Map<string, NumberAtom[]>();
    for (const number of plan.numbers) for (const text of new Set([number.leaf.text, String(number.leaf.value)])) byText.set(text.toLowerCase(), [...byText.get(text.toLowerCase()) ?? [], number]);
    this.#numbers = new WordTable(byText);
    this.asksNumbers = byText.size > 0;
    for (const literal of plan.literals) this.#literals.set(literal.atom, literal);
    this.first = this.choose(isFirst);
  }

  get bytes(): number { return this.first.bytes + (this.#rest?.bytes ?? 0) + this.#numbers.bytes + this.#literals.size * 100; }

  get hasRest(): boolean { return this.#rest !== undefined; }

  choose(isFirst: (atom: number) => boolean): LiteralScan {
    const first: Literal[] = [], later: Literal[] = [];
    for (const literal of this.#plan.literals) (isFirst(literal.atom) ? first : later).push(literal);
    if (this.#later.length === later.length && later.every((literal, i) => literal === this.#later[i]) && this.#isChosen) return this.first;
    this.#isChosen = true;
    this.#later = later;
    this.#rest = undefined;
    return (this.first = new LiteralScan(first, this.#plan.rawHints));
  }

  scalar(value: Exclude<Scalar, null>, marks: Marks): void {
    const text = textOf(value);
    if (this.asksNumbers) this.number(text, value, marks);
    this.first.text(text, marks);
  }

  /** A number, or a text that may write one. */
  number(text: string, value: Exclude<Scalar, null>, marks: Marks): void {
    const numbers = this.#numbers.get(text.toLowerCase());
    if (numbers !== undefined) for (const { leaf, atom } of numbers) if (answersNumber(leaf, value)) marks.mark(atom);
  }
  mayBeNumber(bytes: Uint8Array, from: number, to: number): boolean { return this.#numbers.find(bytes, from, to) !== undefined; }

  /** Is a literal that was not told first, or one of a group, in a text of the event? `texts`: the field's, folded. */
  decide(atom: number, texts: () => readonly string[], marks: Marks): boolean {
    if (this.#generation !== marks.generation) {
      this.#generation = marks.generation;
      this.#folded = texts();
      this.#singles = 0;
      this.#isWhole = false;
    }
    if (this.#isWhole) return marks.isMarked(atom);
    const literal = this.#literals.get(atom);
    if (literal !== undefined && this.#singles < SINGLES_MAX) {
      this.#singles++;
      for (const text of this.#folded) if (stands(literal, text)) { marks.mark(atom); return true; }
      return false;
    }
    this.#isWhole = true;
    this.#rest ??= new LiteralScan(this.#later, NONE);
    for (const text of this.#folded) this.#rest.folded(text, marks);
    return marks.isMarked(atom);
  }

  /** Generations begin again. */
  forget(): void {
    this.#generation = 0;
    this.first.forget();
    this.#rest?.forget();
  }
}
const NONE: readonly number[] = [];

function stands({ text, where }: Literal, folded: string): boolean {
  switch (where) {
    case 'inside': return folded.includes(text);
    case 'start': return folded.startsWith(text);
    case 'end': return folded.endsWith(text);
    case 'whole': return folded === text;
  }
}
