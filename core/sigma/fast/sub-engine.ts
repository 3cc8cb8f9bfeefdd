// The rules of one kind of event, compiled together. An event's fields are read once, each by its own automata, which mark
// the atoms that are true; rules whose witness is marked are asked; the verdict of each is that of the reference matcher.
import { flatten, type Event, type Value } from '../../event.js';
import { compileMatcher, EventView, Slots, type Answer, type EventSource } from '../../predicate/matcher.js';
import type { Path, Predicate } from '../../predicate/predicate.js';
import { keywordFields, scalarsOf, taggedMessage, textOf } from '../../predicate/values.js';
import { FieldScan } from './field-scan.js';
import { Kind, type JsonLine } from './json-line.js';
import { LinePlan } from './line-plan.js';
import { Marks } from './marks.js';
import { Plan, type FieldPlan, type Node, type Question } from './plan.js';
import { compileProgram, type Program } from './program.js';
import type { Shape } from './shape.js';
import { witnessOf } from './witness.js';

/** After so many events, twice as many, and so on, witnesses are chosen again by what was counted, if more rules than this are asked an event. */
const COUNTED_EVENTS = 250, ASKED_MIN = 0.5;
/** What rules come to in so many of the events is told with the event from then on. */
const WANTED_MIN = 0.01;

export class SubEngine {
  /** Candidates asked so far, for the bench. */
  asked = 0;
  /** How often tables were built. */
  #tables = 0;
  #tablesBefore = 0;
  readonly #marks: Marks;
  readonly #paths: readonly Path[];
  readonly #fields: readonly FieldScan[];
  readonly #keywords: FieldScan | undefined;
  /** Event field -> which of #fields read it, and as which name of their path: pairs. */
  readonly #readers = new Map<string, readonly number[]>();
  /** What the predicates ask: those that ask the same are asked once. */
  readonly #nodes: readonly Node[];
  /** By node: the indexes of its predicates. */
  readonly #owners: readonly (readonly number[])[];
  readonly #programs: (Program | undefined)[];
  readonly #questions: readonly Question[];
  readonly #answers: (Answer | undefined)[];
  readonly #answered: Int32Array;
  readonly #answer: Uint8Array;
  readonly #slots = new Slots();
  readonly #members: ReadonlyMap<number, readonly number[]>;
  /** By atom: the fields in which it, or what it is a group of, stands. */
  readonly #fieldsOf: readonly (readonly number[])[];
  #likelihoods: number[];
  /** Counting began, and ends. */
  #countFrom = 0;
  #askedBefore = 0;
  #laterCount = 0;
  readonly #laterAsked: Uint32Array;
  readonly #wanted = new Set<number>();
  #countTo = COUNTED_EVENTS;
  #always: readonly number[] = [];
  #event: Event | undefined;
  #source: EventSource | undefined;
  #view: EventView | undefined;
  #events = 0;
  // By field: the first name of its path that the event has.
  readonly #held: Int32Array;
  readonly #rank: Int32Array;
  readonly #values: Value[];
  readonly #touched: Int32Array;

  constructor(predicates: readonly Predicate[]) {
    const plan = new Plan();
    const byText = new Map<string, { readonly node: Node; readonly owners: number[] }>();
    predicates.forEach((predicate, index) => {
      const node = plan.node(predicate), text = JSON.stringify(node), known = byText.get(text);
      if (known === undefined) byText.set(text, { node, owners: [index] }); else known.owners.push(index);
    });
    this.#nodes = [...byText.values()].map(({ node }) => node);
    this.#owners = [...byText.values()].map(({ owners }) => owners);
    this.#programs = new Array<Program | undefined>(this.#nodes.length);
    this.#questions = plan.questions;
    this.#answers = new Array<Answer | undefined>(plan.questions.length);
    this.#answered = new Int32Array(plan.questions.length);
    this.#answer = new Uint8Array(plan.questions.length);
    this.#likelihoods = [...plan.likelihoods];
    this.#members = plan.members;
    this.#laterAsked = new Uint32Array(plan.atoms);
    this.#marks = new Marks(plan.atoms, this.#nodes.length, plan.groupsOf);
    const named = plan.fields.filter(({ path }) => path.length > 0), keywords = plan.fields.find(({ path }) => path.length === 0);
    this.#paths = named.map(({ path }) => path);
    this.#fieldsOf = fieldsOfAtoms(plan, [...named, ...keywords === undefined ? [] : [keywords]]);
    const isFirst = this.#chooseWitnesses();
    this.#fields = named.map((field) => new FieldScan(field, isFirst));
    this.#keywords = keywords === undefined ? undefined : new FieldScan(keywords, isFirst);
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
    this.#marks.onWrap = () => { this.#answered.fill(0); this.#held.fill(0); for (const field of this.#all()) field.forget(); };
    this.#marks.decide = (atom) => this.#decide(atom);
  }

  /** Does it hold more than when this was asked before? */
  takeGrown(): boolean {
    const tables = this.#tables;
    if (tables === this.#tablesBefore) return false;
    this.#tablesBefore = tables;
    return true;
  }

  /** About what it holds in memory; grows when a rule asks for what is seldom asked. */
  get bytes(): number { return this.#all().reduce((sum, { bytes }) => sum + bytes, 0) + this.#likelihoods.length * 80 + this.#nodes.length * 400; }

  /** Which of the predicates are true of the event: their indexes, ascending. */
  evaluate(event: Event): readonly number[] {
    this.#marks.begin();
    this.#event = event;
    this.#source = undefined;
    this.#read(event);
    return this.#met();
  }

  /** The same for a line, by a plan for lines of its shape; undefined where it has to be read as an event. */
  evaluateLine(line: JsonLine, plan: LinePlan, source: EventSource): readonly number[] | undefined {
    if (line.hasNested && !plan.allows(line)) return undefined;
    this.#marks.begin();
    this.#event = undefined;
    this.#source = source;
    const { steps, keywordSlots } = plan;
    for (let i = 0; i < steps.length; i += 2) this.#lineValue(this.#fields[steps[i + 1] as number] as FieldScan, line, steps[i] as number);
    if (this.#keywords !== undefined) for (let slot = 0; slot < keywordSlots; slot++) if (line.kinds[slot] !== Kind.null) this.#lineValue(this.#keywords, line, slot);
    return this.#met();
  }

  /** How lines of a shape are read; undefined when they are not. */
  planOf(shape: Shape): LinePlan | undefined {
    if (this.#keywords !== undefined && shape.slotOf.has('event.original')) return undefined;
    return new LinePlan(shape, this.#paths, this.#keywords !== undefined);
  }

  #lineValue(field: FieldScan, line: JsonLine, slot: number): void {
    const marks = this.#marks, start = line.starts[slot] as number, end = line.ends[slot] as number;
    if (field.present >= 0) marks.mark(field.present);
    switch (line.kinds[slot]) {
      case Kind.text: case Kind.whole: case Kind.true: case Kind.false:
        if (field.asksNumbers && field.mayBeNumber(line.bytes, start, end)) this.#number(field, line.value(slot));
        field.first.ascii(line.bytes, start, end, marks);
        break;
      case Kind.escaped:
        if (!field.first.skipsEscaped(line.bytes, start, end)) { const length = line.unescape(slot); field.first.ascii(line.unescaped, 0, length, marks); }
        break;
      case Kind.null: break;
      case Kind.nested: for (const value of Object.values(flatten({ list: line.value(slot) }))) this.#scalars(field, value); break;
      default: this.#scalars(field, line.value(slot));
    }
  }

  #number(field: FieldScan, value: Value): void {
    if (typeof value === 'string' || typeof value === 'number') field.number(textOf(value), value, this.#marks);
  }

  #met(): readonly number[] {
    const marks = this.#marks;
    this.#view = undefined;
    for (let i = 0; i < this.#always.length; i++) marks.addCandidate(this.#always[i] as number);
    let met: number[] | undefined;
    for (let i = 0; i < marks.candidateCount; i++) {
      const node = marks.candidates[i] as number;
      if (!this.#program(node)()) continue;
      met ??= [];
      for (const owner of this.#owners[node] as readonly number[]) met.push(owner);
    }
    this.asked += marks.candidateCount;
    if (++this.#events === this.#countTo) this.#learn();
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
    for (let i = 0; i < count; i++) this.#value(this.#fields[touched[i] as number] as FieldScan, this.#values[touched[i] as number] as Value);
    if (isOwn) this.#readOwnKeywords(keywords, event);
  }

  /** An event of ours: some of its fields, and its message with the tag. */
  #readOwnKeywords(keywords: FieldScan, event: Event): void {
    for (const name of keywordFields(event)) {
      const value = event[name];
      if (value !== undefined && value !== null) this.#texts(keywords, value);
    }
    const tagged = taggedMessage(event);
    if (tagged !== undefined) keywords.first.text(tagged, this.#marks);
  }

  #texts(keywords: FieldScan, value: Exclude<Value, null>): void {
    if (typeof value === 'string') keywords.first.text(value, this.#marks);
    else for (const scalar of scalarsOf(value)) keywords.first.text(textOf(scalar), this.#marks);
  }

  #value(field: FieldScan, value: Value): void {
    if (field.present >= 0) this.#marks.mark(field.present);
    this.#scalars(field, value);
  }

  #scalars(field: FieldScan, value: Value): void {
    if (typeof value === 'string') field.scalar(value, this.#marks);
    else if (value !== null) for (const scalar of scalarsOf(value)) field.scalar(scalar, this.#marks);
  }

  #program(node: number): Program {
    return this.#programs[node] ?? (this.#programs[node] = compileProgram(this.#nodes[node] as Node, this.#marks, this.#ask));
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

  #viewed(): EventView { return this.#view ?? (this.#view = new EventView(this.#event, this.#slots.count, this.#source)); }

  /** Decides about an atom that was not told with the event. */
  #decide(atom: number): boolean {
    this.#laterAsked[atom]!++;
    this.#laterCount++;
    for (const at of this.#fieldsOf[atom] as readonly number[]) {
      const isKeywords = at === this.#fields.length, field = (isKeywords ? this.#keywords : this.#fields[at]) as FieldScan;
      if (!field.hasRest) this.#tables++;
      if (field.decide(atom, () => (isKeywords ? this.#viewed().keywordsFolded() : this.#viewed().folded(this.#slots.slot(this.#paths[at] as Path), this.#paths[at] as Path)), this.#marks)) return true;
    }
    return false;
  }

  /** Which atoms bring which rules to be asked; of literals only these are looked for in every event. */
  #chooseWitnesses(): (atom: number) => boolean {
    const nodes = new Array<number[] | undefined>(this.#likelihoods.length), always: number[] = [], isFirst = new Uint8Array(nodes.length);
    this.#nodes.forEach((node, at) => {
      const witness = witnessOf(node, this.#questions, this.#likelihoods);
      if (witness === undefined) { always.push(at); return; }
      for (const atom of witness.atoms) { (nodes[atom] ??= []).push(at); isFirst[atom] = 1; }
    });
    for (const atom of this.#wanted) isFirst[atom] = 1;
    for (const [group, members] of this.#members) if (isFirst[group] === 1) for (const member of members) isFirst[member] = 1;
    this.#always = always;
    this.#programs.fill(undefined);
    this.#marks.setWitnesses(nodes, (atom) => isFirst[atom] === 0 && (this.#fieldsOf[atom] as readonly number[]).length > 0);
    return (atom) => isFirst[atom] === 1;
  }

  /** Guesses become what was counted; where that shows rules asked in vain too often, others witness for them. */
  #learn(): void {
    const { counts } = this.#marks, events = this.#countTo - this.#countFrom;
    const isOften = (this.asked - this.#askedBefore + this.#laterCount) / events > ASKED_MIN;
    this.#laterAsked.forEach((count, atom) => { if (count > events * WANTED_MIN) this.#wanted.add(atom); });
    this.#laterAsked.fill(0);
    this.#laterCount = 0;
    for (let atom = 0; atom < counts.length; atom++) if (!this.#marks.isLater(atom)) this.#likelihoods[atom] = ((counts[atom] as number) + (this.#likelihoods[atom] as number)) / events;
    counts.fill(0);
    this.#countFrom = this.#events;
    this.#countTo = this.#events * 2;
    this.#askedBefore = this.asked;
    if (!isOften) return;
    const isFirst = this.#chooseWitnesses();
    for (const field of this.#all()) field.choose(isFirst);
    this.#tables++;
  }

  #all(): readonly FieldScan[] { return this.#keywords === undefined ? this.#fields : [...this.#fields, this.#keywords]; }
}
const NONE: readonly number[] = [];

/** By atom: the numbers of the fields in which its literal, or those of its group, are. */
function fieldsOfAtoms(plan: Plan, fields: readonly FieldPlan[]): number[][] {
  const fieldsOf = plan.likelihoods.map((): number[] => []);
  fields.forEach(({ literals }, field) => { for (const { atom } of literals) (fieldsOf[atom] as number[]).push(field); });
  for (const [group, members] of plan.members) fieldsOf[group] = [...new Set(members.flatMap((member) => fieldsOf[member] as number[]))];
  return fieldsOf;
}
