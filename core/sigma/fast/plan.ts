// Predicates of many rules -> one plan: equal questions become one atom. An atom is *decided* while the fields are read
// (literals by the automata, numbers by a table); every other question is *asked* of the reference matcher, only when a rule
// comes to it, and hints (atoms of which one must be true before) keep rules from coming to it in vain.
import { isAscii } from '../../ascii.js';
import { assertNever } from '../../assert.js';
import { foldPattern, anywhere, literalOf, simplify } from '../../predicate/pattern.js';
import type { Path, Pattern, Predicate } from '../../predicate/predicate.js';
import type { Literal, Where } from './literals.js';
import { requiredLiterals } from './required.js';

export type Leaf = Exclude<Predicate, { kind: 'constant' | 'and' | 'or' | 'not' }>;
export type NumberLeaf = Extract<Predicate, { kind: 'number' }>;

export type Node =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'decided'; readonly atom: number }
  | { readonly kind: 'asked'; readonly question: number }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly part: Node };

/** What is asked of one path; without names, of every keyword text. */
export interface FieldPlan {
  readonly path: Path;
  readonly literals: Literal[];
  readonly numbers: { readonly leaf: NumberLeaf; readonly atom: number }[];
  /** Hints about the text as it came: told on every value that is not ASCII, where folding may hide what stands there. */
  readonly rawHints: number[];
  /** Told when the field is there; -1 when nobody asks. */
  present: number;
}
export interface Question {
  readonly leaf: Leaf;
  /** One of these is told of every event that the answer can be yes for; undefined when the answer may be yes without. */
  readonly hints: readonly number[] | undefined;
}

/** Longer literals are asked of the matcher, behind a hint of this length. */
const LITERAL_MAX = 200;
/** So many decided alternatives become an atom of their own, told with any of them. */
const GROUP_MIN = 16;

export class Plan {
  readonly fields: FieldPlan[] = [];
  readonly questions: Question[] = [];
  /** By atom: how likely it is, guessed. */
  readonly likelihoods: number[] = [];
  /** By atom: the groups it is a member of. */
  readonly groupsOf = new Map<number, number[]>();
  /** By group: its members. */
  readonly members = new Map<number, readonly number[]>();
  readonly #fieldByKey = new Map<string, FieldPlan>();
  readonly #atoms = new Map<string, number>();
  readonly #questionByKey = new Map<string, number>();

  get atoms(): number { return this.likelihoods.length; }

  node(predicate: Predicate): Node {
    switch (predicate.kind) {
      case 'constant': return predicate;
      case 'not': return { kind: 'not', part: this.node(predicate.part) };
      case 'and': return { kind: 'and', parts: this.#parts('and', predicate.parts) };
      case 'or': return this.#alternatives(this.#parts('or', predicate.parts));
      default: return this.#leaf(predicate);
    }
  }

  /** And inside and, or inside or are one. */
  #parts(kind: 'and' | 'or', parts: readonly Predicate[]): Node[] {
    const nodes: Node[] = [];
    for (const part of parts) {
      if (part.kind === kind) { for (const node of this.#parts(kind, part.parts)) nodes.push(node); }
      else nodes.push(this.node(part));
    }
    return nodes;
  }

  #alternatives(parts: readonly Node[]): Node {
    const members = [...new Set(parts.flatMap((part) => (part.kind === 'decided' ? [part.atom] : [])))];
    if (members.length < GROUP_MIN) return { kind: 'or', parts };
    const key = `group ${members.join()}`;
    const group: Node = { kind: 'decided', atom: this.#atom(key, Math.min(1, members.reduce((sum, atom) => sum + (this.likelihoods[atom] as number), 0)), (atom) => {
      this.members.set(atom, members);
      for (const member of members) {
        const groups = this.groupsOf.get(member);
        if (groups === undefined) this.groupsOf.set(member, [atom]); else groups.push(atom);
      }
    }) };
    const others = parts.filter((part) => part.kind !== 'decided');
    return others.length === 0 ? group : { kind: 'or', parts: [group, ...others] };
  }

  #leaf(leaf: Leaf): Node {
    switch (leaf.kind) {
      case 'string': case 'keyword': {
        const isKeyword = leaf.kind === 'keyword', field = this.#field(isKeyword ? [] : leaf.path);
        const pattern = isKeyword && !leaf.wholeToken ? anywhere(leaf.pattern) : simplify(leaf.pattern);
        if (leaf.cased) return this.#ask(leaf, () => this.#casedHints(field, pattern, isKeyword));
        const folded = simplify(foldPattern(pattern)), exact = isKeyword && leaf.wholeToken ? undefined : exactLiteral(folded);
        if (exact !== undefined && exact.text.length <= LITERAL_MAX) return { kind: 'decided', atom: this.#literal(field, exact.text, exact.where) };
        return this.#ask(leaf, () => {
          const text = longestText(folded);
          return text === undefined ? this.#presence(field, isKeyword) : [this.#literal(field, text.slice(0, LITERAL_MAX), 'inside')];
        });
      }
      case 'number': {
        const field = this.#field(leaf.path);
        if (leaf.op !== 'eq') return this.#ask(leaf, () => this.#presence(field, false));
        return { kind: 'decided', atom: this.#atom(JSON.stringify(['number', this.fields.indexOf(field), leaf.value, leaf.text]), 0.05, (atom) => field.numbers.push({ leaf, atom })) };
      }
      case 'regex': case 'keywordRegex': {
        const isKeyword = leaf.kind === 'keywordRegex', field = this.#field(isKeyword ? [] : leaf.path);
        return this.#ask(leaf, () => requiredLiterals(leaf.source)?.map((text) => this.#rawHint(field, text)) ?? this.#presence(field, isKeyword));
      }
      case 'cidr': case 'exists': case 'fieldref': case 'datepart': return this.#ask(leaf, () => this.#presence(this.#field(leaf.path), false));
      case 'null': case 'text': return this.#ask(leaf, () => undefined);
      default: return assertNever(leaf);
    }
  }

  #ask(leaf: Leaf, hintsOf: () => readonly number[] | undefined): Node {
    const key = JSON.stringify(leaf);
    let question = this.#questionByKey.get(key);
    if (question === undefined) {
      question = this.questions.length;
      this.#questionByKey.set(key, question);
      this.questions.push({ leaf, hints: hintsOf() });
    }
    return { kind: 'asked', question };
  }

  /** In an ASCII value a cased text stands in lower case too; any other value is worth asking about. */
  #casedHints(field: FieldPlan, pattern: Pattern, isKeyword: boolean): readonly number[] | undefined {
    const texts = pattern.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
    if (!texts.every(isAscii)) return [this.#rawHint(field, undefined)];
    const text = longest(texts);
    return text === undefined ? this.#presence(field, isKeyword) : [this.#rawHint(field, text.slice(0, LITERAL_MAX).toLowerCase())];
  }

  #rawHint(field: FieldPlan, text: string | undefined): number {
    return this.#atom(`raw ${this.fields.indexOf(field)} ${text ?? ''}`, text === undefined ? 0.01 : likelihood(text), (atom) => {
      field.rawHints.push(atom);
      if (text !== undefined) field.literals.push({ text, where: 'inside', atom });
    });
  }

  /** Keywords look at any text: there is always one. */
  #presence(field: FieldPlan, isKeyword: boolean): readonly number[] | undefined {
    if (isKeyword) return undefined;
    if (field.present < 0) field.present = this.#atom(`present ${this.fields.indexOf(field)}`, 0.7, () => undefined);
    return [field.present];
  }

  #literal(field: FieldPlan, text: string, where: Where): number {
    return this.#atom(`${where} ${this.fields.indexOf(field)} ${text}`, likelihood(text) * (where === 'inside' ? 1 : 0.9), (atom) => field.literals.push({ text, where, atom }));
  }

  #atom(key: string, likely: number, found: (atom: number) => void): number {
    const known = this.#atoms.get(key);
    if (known !== undefined) return known;
    const atom = this.likelihoods.length;
    this.#atoms.set(key, atom);
    this.likelihoods.push(likely);
    found(atom);
    return atom;
  }

  #field(path: Path): FieldPlan {
    const key = path.join('\n');
    let field = this.#fieldByKey.get(key);
    if (field === undefined) {
      field = { path, literals: [], numbers: [], rawHints: [], present: -1 };
      this.#fieldByKey.set(key, field);
      this.fields.push(field);
    }
    return field;
  }
}

/** The literal that a folded pattern is, and where; undefined for patterns with wildcards inside, and for `*`. */
function exactLiteral(pattern: Pattern): { readonly text: string; readonly where: Where } | undefined {
  const whole = literalOf(pattern);
  if (whole !== undefined) return { text: whole, where: 'whole' };
  const [first, second, third] = pattern;
  if (pattern.length === 2 && first?.kind === 'any' && second?.kind === 'text') return { text: second.text, where: 'end' };
  if (pattern.length === 2 && first?.kind === 'text' && second?.kind === 'any') return { text: first.text, where: 'start' };
  if (pattern.length === 3 && first?.kind === 'any' && second?.kind === 'text' && third?.kind === 'any') return { text: second.text, where: 'inside' };
  return undefined;
}

const longestText = (pattern: Pattern): string | undefined => longest(pattern.flatMap((part) => (part.kind === 'text' ? [part.text] : [])));
const longest = (texts: readonly string[]): string | undefined => texts.reduce<string | undefined>((best, text) => (text.length > (best?.length ?? 0) ? text : best), undefined);

/** A guess until events are counted: long literals are rare. */
const likelihood = (text: string): number => 1 / (2 + text.length ** 1.5);
