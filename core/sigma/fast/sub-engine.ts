// The rules of one kind of event, compiled together. An event's fields are read once, each by its own automata, which mark
// the atoms that are true; rules whose witness is marked are asked; the verdict of each is that of the reference matcher.
import type { Event, Scalar, Value } from '../../event.js';
import { fold } from '../../fold.js';
import { compileMatcher, EventView, Slots, type Answer } from '../../predicate/matcher.js';
import { answersNumber } from '../../predicate/numbers.js';
import type { Predicate } from '../../predicate/predicate.js';
import { keywordFields, scalarsOf, taggedMessage, textOf } from '../../predicate/values.js';
import { buildScanners, type Scanner, type Scanners } from './automaton.js';
import { Marks } from './marks.js';
import { Plan, type FieldPlan, type Node, type NumberLeaf, type Question } from './plan.js';
import { compileProgram, type Program } from './program.js';
import { Skipper } from './skipper.js';
import { witnessOf } from './witness.js';

/** Whole values beyond so many, or so long, are looked up in a table: their states would be many and never shared. */
const WHOLES_MAX = 512;
/** After so many events witnesses are chosen again, by what was counted. */
const COUNTED_EVENTS = 1000;

interface Field extends Scanners {
  readonly skipper: Skipper | undefined;
  readonly wholes: ReadonlyMap<string, readonly number[]>;
  readonly wholeMax: number;
  readonly numbers: ReadonlyMap<string, readonly { readonly leaf: NumberLeaf; readonly atom: number }[]>;
  readonly rawHints: readonly number[];
  readonly present: number;
}

export class SubEngine {
  /** About what it holds in memory. */
  readonly bytes: number;
  /** Candidates asked so far, for the bench. */
  asked = 0;
  readonly #marks: Marks;
  readonly #fields: readonly Field[];
  readonly #keywords: Field | undefined;
  /** Event field -> which of #fields read it, and as which name of their path: pairs. */
  readonly #readers = new Map<string, readonly number[]>();
  readonly #nodes: readonly Node[];
  readonly #programs: (Program | undefined)[];
  readonly #questions: readonly Question[];
  readonly #answers: (Answer | undefined)[];
  readonly #answered: Int32Array;
  readonly #answer: Uint8Array;
  readonly #slots = new Slots();
  readonly #likelihoods: readonly number[];
  #always: readonly number[] = [];
  #event: Event = {};
  #view: EventView | undefined;
  #events = 0;
  // By field: the first name of its path that the event has.
  readonly #held: Int32Array;
  readonly #rank: Int32Array;
  readonly #values: Value[];
  readonly #touched: Int32Array;

  constructor(predicates: readonly Predicate[]) {
    const plan = new Plan();
    this.#nodes = predicates.map((predicate) => plan.node(predicate));
    this.#programs = new Array<Program | undefined>(predicates.length);
    this.#questions = plan.questions;
    this.#answers = new Array<Answer | undefined>(plan.questions.length);
    this.#answered = new Int32Array(plan.questions.length);
    this.#answer = new Uint8Array(plan.questions.length);
    this.#likelihoods = plan.likelihoods;
    this.#marks = new Marks(plan.atoms, predicates.length, plan.groupsOf);
    const named = plan.fields.filter(({ path }) => path.length > 0), keywords = plan.fields.find(({ path }) => path.length === 0);
    this.#fields = named.map(buildField);
    this.#keywords = keywords === undefined ? undefined : buildField(keywords);
    const readers = new Map<string, number[]>();
    named.forEach(({ path }, field) => path.forEach((name, rank) => {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [field, rank]); else known.push(field, rank);
    }));
    this.#readers = readers;
    this.#held = new Int32Array(named.length);
    this.#rank = new Int32Array(named.length);
    this.#touched = new Int32Array(named.length);
    this.#values = new Array<Value>(named.length).fill(null);
    this.#marks.onWrap = () => { this.#answered.fill(0); this.#held.fill(0); for (const scanner of this.#scanners()) scanner.forget(); };
    this.#chooseWitnesses(plan.likelihoods);
    this.bytes = this.#scanners().reduce((sum, { bytes }) => sum + bytes, 0) + this.#all().reduce((sum, { wholes }) => sum + wholes.size * 120, 0) + plan.atoms * 60 + predicates.length * 400;
  }

  /** Which of the predicates are true of the event: their indexes, ascending. */
  evaluate(event: Event): readonly number[] {
    const marks = this.#marks;
    marks.begin();
    this.#event = event;
    this.#view = undefined;
    this.#read(event);
    for (let i = 0; i < this.#always.length; i++) marks.addCandidate(this.#always[i] as number);
    let met: number[] | undefined;
    for (let i = 0; i < marks.candidateCount; i++) {
      const rule = marks.candidates[i] as number;
      if (this.#program(rule)()) (met ??= []).push(rule);
    }
    this.asked += marks.candidateCount;
    if (++this.#events === COUNTED_EVENTS) this.#chooseWitnesses(this.#likelihoods.map((guess, atom) => ((marks.counts[atom] as number) + guess) / COUNTED_EVENTS));
    if (met === undefined) return NONE;
    return met.length === 1 ? met : met.sort((one, two) => one - two);
  }

  #read(event: Event): void {
    const { generation } = this.#marks, held = this.#held, touched = this.#touched, keywords = this.#keywords, names = Object.keys(event);
    const isOwn = keywords !== undefined && Object.hasOwn(event, 'event.original');
    let count = 0;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string, value = event[name];
      if (value === undefined) continue;
      if (keywords !== undefined && !isOwn && value !== null) this.#texts(keywords, value);
      const readers = this.#readers.get(name);
      if (readers === undefined) continue;
      for (let i = 0; i < readers.length; i += 2) {
        const field = readers[i] as number, rank = readers[i + 1] as number;
        if (held[field] !== generation) { held[field] = generation; touched[count++] = field; }
        else if (rank >= (this.#rank[field] as number)) continue;
        this.#rank[field] = rank;
        this.#values[field] = value;
      }
    }
    for (let i = 0; i < count; i++) this.#value(this.#fields[touched[i] as number] as Field, this.#values[touched[i] as number] as Value);
    if (isOwn) this.#readOwnKeywords(keywords, event);
  }

  /** An event of ours: some of its fields, and its message with the tag. */
  #readOwnKeywords(keywords: Field, event: Event): void {
    for (const name of keywordFields(event)) {
      const value = event[name];
      if (value !== undefined && value !== null) this.#texts(keywords, value);
    }
    const tagged = taggedMessage(event);
    if (tagged !== undefined) this.#text(keywords, tagged);
  }

  #texts(keywords: Field, value: Exclude<Value, null>): void {
    if (typeof value === 'string') this.#text(keywords, value);
    else for (const scalar of scalarsOf(value)) this.#text(keywords, textOf(scalar));
  }

  #value(field: Field, value: Value): void {
    if (field.present >= 0) this.#marks.mark(field.present);
    if (typeof value === 'string') this.#scalar(field, value);
    else if (value !== null) for (const scalar of scalarsOf(value)) this.#scalar(field, scalar);
  }

  #scalar(field: Field, value: Exclude<Scalar, null>): void {
    const text = textOf(value);
    if (field.numbers.size > 0) {
      const numbers = field.numbers.get(text);
      if (numbers !== undefined) for (const { leaf, atom } of numbers) if (answersNumber(leaf, value)) this.#marks.mark(atom);
    }
    this.#text(field, text);
  }

  #text(field: Field, text: string): void {
    if (field.skipper !== undefined && !field.skipper.mayHold(text)) return;
    const { dense, sparse, wholes, rawHints } = field, marks = this.#marks;
    let at = 0;
    while (at < dense.length && (dense[at] as Scanner).scan(text, false, marks)) at++;
    if (at === dense.length && (at > 0 || ASCII.test(text))) {
      if (wholes.size > 0 && text.length <= field.wholeMax) this.#whole(wholes, text.toLowerCase());
      return;
    }
    const folded = fold(text);
    for (const scanner of dense) scanner.scan(folded, true, marks);
    sparse?.scan(folded, true, marks);
    if (wholes.size > 0) this.#whole(wholes, folded);
    for (let i = 0; i < rawHints.length; i++) marks.mark(rawHints[i] as number);
  }

  #whole(wholes: ReadonlyMap<string, readonly number[]>, folded: string): void {
    const atoms = wholes.get(folded);
    if (atoms !== undefined) for (let i = 0; i < atoms.length; i++) this.#marks.mark(atoms[i] as number);
  }

  #program(rule: number): Program {
    return this.#programs[rule] ?? (this.#programs[rule] = compileProgram(this.#nodes[rule] as Node, this.#marks, this.#ask));
  }

  /** Each question is answered once an event at most: no where no hint was told, else by the reference matcher. */
  readonly #ask = (question: number): boolean => {
    const { generation } = this.#marks;
    if (this.#answered[question] === generation) return this.#answer[question] === 1;
    if (!this.#isHinted(question)) return false;
    let answer = this.#answers[question];
    if (answer === undefined) this.#answers[question] = answer = compileMatcher((this.#questions[question] as Question).leaf, this.#slots);
    const isTrue = answer(this.#viewed());
    this.#answered[question] = generation;
    this.#answer[question] = isTrue ? 1 : 0;
    return isTrue;
  };

  #isHinted(question: number): boolean {
    const { hints } = this.#questions[question] as Question;
    if (hints === undefined) return true;
    for (let i = 0; i < hints.length; i++) if (this.#marks.isTrue(hints[i] as number)) return true;
    return false;
  }

  #viewed(): EventView { return this.#view ?? (this.#view = new EventView(this.#event, this.#slots.count)); }

  #chooseWitnesses(likelihoods: readonly number[]): void {
    const rules = new Array<number[] | undefined>(likelihoods.length), always: number[] = [];
    this.#nodes.forEach((node, rule) => {
      const witness = witnessOf(node, this.#questions, likelihoods);
      if (witness === undefined) { always.push(rule); return; }
      for (const atom of witness.atoms) (rules[atom] ??= []).push(rule);
    });
    this.#marks.setWitnesses(rules);
    this.#always = always;
  }

  #scanners(): readonly Scanner[] { return this.#all().flatMap(({ dense, sparse }) => (sparse === undefined ? dense : [...dense, sparse])); }
  #all(): readonly Field[] { return this.#keywords === undefined ? this.#fields : [...this.#fields, this.#keywords]; }
}
const NONE: readonly number[] = [];
const ASCII = /^[\x00-\x7f]*$/;

function buildField({ literals, numbers, rawHints, present }: FieldPlan): Field {
  const wholes = new Map<string, number[]>(), byText = new Map<string, { leaf: NumberLeaf; atom: number }[]>();
  const isMany = literals.filter(({ where }) => where === 'whole').length > WHOLES_MAX || literals.every(({ where }) => where === 'whole');
  const scanned = literals.filter(({ text, where, atom }) => {
    if (text !== '' && (where !== 'whole' || !isMany)) return true;
    push(wholes, text, atom);
    return false;
  });
  for (const number of numbers) for (const text of new Set([number.leaf.text, String(number.leaf.value)])) push(byText, text, number);
  let wholeMax = 0;
  for (const text of wholes.keys()) wholeMax = Math.max(wholeMax, text.length);
  const scanners = buildScanners(scanned), isSkippable = scanners.sparse === undefined && wholes.size === 0 && rawHints.length === 0;
  return { ...scanners, skipper: isSkippable ? Skipper.of(scanned) : undefined, wholes, wholeMax, numbers: byText, rawHints, present };
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]); else list.push(item);
}
