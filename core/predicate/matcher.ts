// Predicates compiled to closures. An EventView reads and folds each field of one event at most once, for all the rules
// that ask about it; Slots numbers the fields that a set of predicates asks about, so that the view is an array.
import { assertNever } from '../assert.js';
import type { Event, Scalar, Value } from '../event.js';
import { fold, foldSearch } from '../fold.js';
import { contains, parseAddress, parseNetwork, type Address } from '../ip.js';
import { datePart } from './date-part.js';
import { answersNumber, compares } from './numbers.js';
import { anywhere, compilePattern, foldPattern, literalOf } from './pattern.js';
import type { Path, Pattern, Predicate } from './predicate.js';
import { compileRegex } from './regex.js';
import { keywordFields, resolve, scalarsOf, searchedFields, taggedMessage, textOf } from './values.js';

export type Answer = (view: EventView) => boolean;

/** Numbers the paths that a set of predicates reads. */
export class Slots {
  readonly #byKey = new Map<string, number>();
  get count(): number { return this.#byKey.size; }
  slot(path: Path): number {
    const key = path.join('\n');
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.#byKey.size);
    return this.#byKey.size - 1;
  }
}

/** What one path leads to in one event. */
interface Held {
  readonly present: boolean;
  readonly isNull: boolean;
  readonly scalars: readonly Exclude<Scalar, null>[];
  texts: readonly string[] | undefined;
  folded: readonly string[] | undefined;
  addresses: readonly Address[] | undefined;
}
const ABSENT: Held = { present: false, isNull: true, scalars: [], texts: [], folded: [], addresses: [] };

/** Where an event is, if not in memory as one. */
export interface EventSource {
  event(): Event;
  /** The value of the first of these fields that the event has. */
  valueOf(path: Path): Value | undefined;
}

/** One event, as the closures of one Slots read it. */
export class EventView {
  readonly #held: (Held | undefined)[];
  #event: Event | undefined;
  #keywords: readonly string[] | undefined;
  #keywordsFolded: readonly string[] | undefined;

  constructor(event: Event | undefined, slots: number, readonly source?: EventSource) {
    this.#event = event;
    this.#held = new Array<Held | undefined>(slots);
  }

  get event(): Event { return (this.#event ??= this.source?.event() ?? {}); }

  held(slot: number, path: Path): Held {
    return this.#held[slot] ?? (this.#held[slot] = this.#read(path));
  }
  folded(slot: number, path: Path): readonly string[] {
    const held = this.held(slot, path);
    return held.folded ?? (held.folded = held.scalars.map((scalar) => fold(textOf(scalar))));
  }
  texts(slot: number, path: Path): readonly string[] {
    const held = this.held(slot, path);
    return held.texts ?? (held.texts = held.scalars.map(textOf));
  }
  addresses(slot: number, path: Path): readonly Address[] {
    const held = this.held(slot, path);
    return held.addresses ?? (held.addresses = held.scalars.map((scalar) => parseAddress(textOf(scalar))).filter((address) => address !== undefined));
  }
  keywords(): readonly string[] {
    if (this.#keywords !== undefined) return this.#keywords;
    const texts = keywordFields(this.event).flatMap((field) => scalarsOf(this.event[field]).map(textOf));
    const tagged = taggedMessage(this.event);
    if (tagged !== undefined) texts.push(tagged);
    return (this.#keywords = texts);
  }
  keywordsFolded(): readonly string[] {
    return this.#keywordsFolded ?? (this.#keywordsFolded = this.keywords().map(fold));
  }

  #read(path: Path): Held {
    const value = this.source === undefined ? resolve(this.event, path)?.value : this.source.valueOf(path);
    if (value === undefined) return ABSENT;
    return { present: true, isNull: value === null, scalars: scalarsOf(value), texts: undefined, folded: undefined, addresses: undefined };
  }
}

/** Compiles `predicate`; every view given to the answer must have been made with `slots.count` afterwards. */
export function compileMatcher(predicate: Predicate, slots: Slots): Answer {
  switch (predicate.kind) {
    case 'constant': { const { value } = predicate; return () => value; }
    case 'and': return all(byCost(predicate.parts).map((part) => compileMatcher(part, slots)));
    case 'or': return any(compileAlternatives(predicate.parts, slots));
    case 'not': { const part = compileMatcher(predicate.part, slots); return (view) => !part(view); }
    case 'string': {
      const { path, cased } = predicate, slot = slots.slot(path);
      const test = compilePattern(cased ? predicate.pattern : foldPattern(predicate.pattern));
      return cased ? (view) => some(view.texts(slot, path), test) : (view) => some(view.folded(slot, path), test);
    }
    case 'number': {
      const { path } = predicate, slot = slots.slot(path);
      return (view) => some(view.held(slot, path).scalars, (value) => answersNumber(predicate, value));
    }
    case 'regex': {
      const { path } = predicate, slot = slots.slot(path), test = regexTest(predicate.source, predicate.flags);
      return (view) => some(view.texts(slot, path), test);
    }
    case 'cidr': {
      const { path } = predicate, slot = slots.slot(path), network = parseNetwork(predicate.network);
      if (network === undefined) return () => false;
      return (view) => some(view.addresses(slot, path), (address) => contains(network, address));
    }
    case 'exists': { const { path } = predicate, slot = slots.slot(path); return (view) => view.held(slot, path).present; }
    case 'null': { const { path } = predicate, slot = slots.slot(path); return (view) => view.held(slot, path).isNull; }
    case 'fieldref': return compileFieldref(predicate, slots);
    case 'datepart': {
      const { path, part, op, value: wanted } = predicate, slot = slots.slot(path);
      return (view) => some(view.held(slot, path).scalars, (value) => {
        const read = datePart(part, value);
        return read !== undefined && compares(op, read, wanted);
      });
    }
    case 'keyword': return compileKeyword(predicate);
    case 'keywordRegex': { const test = regexTest(predicate.source, predicate.flags); return (view) => some(view.keywords(), test); }
    case 'text': {
      const { path } = predicate, wanted = foldSearch(predicate.text), test = (text: string): boolean => foldSearch(text).includes(wanted);
      if (path.length === 0) return (view) => searchedFields(view.event).some((field) => scalarsOf(view.event[field]).some((scalar) => test(textOf(scalar))));
      const slot = slots.slot(path);
      return (view) => some(view.texts(slot, path), test);
    }
    default: return assertNever(predicate);
  }
}

function some<T>(items: readonly T[], test: (item: T) => boolean): boolean {
  for (let i = 0; i < items.length; i++) if (test(items[i] as T)) return true;
  return false;
}

function all(answers: readonly Answer[]): Answer {
  const [a, b, c] = answers;
  if (a !== undefined && b !== undefined && answers.length === 2) return (view) => a(view) && b(view);
  if (a !== undefined && b !== undefined && c !== undefined && answers.length === 3) return (view) => a(view) && b(view) && c(view);
  return (view) => {
    for (let i = 0; i < answers.length; i++) if (!(answers[i] as Answer)(view)) return false;
    return true;
  };
}

function any(answers: readonly Answer[]): Answer {
  const [a, b] = answers;
  if (a !== undefined && answers.length === 1) return a;
  if (a !== undefined && b !== undefined && answers.length === 2) return (view) => a(view) || b(view);
  return (view) => {
    for (let i = 0; i < answers.length; i++) if ((answers[i] as Answer)(view)) return true;
    return false;
  };
}

/** Alternatives about one field become one step: whole values in a set, the other patterns in a list. */
function compileAlternatives(parts: readonly Predicate[], slots: Slots): Answer[] {
  const answers: Answer[] = [], groups = new Map<number, { path: Path; wholes: Set<string>; tests: ((text: string) => boolean)[] }>();
  const others: Predicate[] = [];
  for (const part of parts) {
    if (part.kind !== 'string' || part.cased) { others.push(part); continue; }
    const slot = slots.slot(part.path), pattern = foldPattern(part.pattern), whole = literalOf(pattern);
    let group = groups.get(slot);
    if (group === undefined) groups.set(slot, (group = { path: part.path, wholes: new Set(), tests: [] }));
    if (whole === undefined) group.tests.push(compilePattern(pattern)); else group.wholes.add(whole);
  }
  for (const [slot, { path, wholes, tests }] of groups) {
    const test = (text: string): boolean => {
      for (let i = 0; i < tests.length; i++) if ((tests[i] as (text: string) => boolean)(text)) return true;
      return false;
    };
    if (tests.length === 0) answers.push((view) => some(view.folded(slot, path), (text) => wholes.has(text)));
    else if (wholes.size === 0) answers.push((view) => some(view.folded(slot, path), test));
    else answers.push((view) => some(view.folded(slot, path), (text) => wholes.has(text) || test(text)));
  }
  return [...answers, ...byCost(others).map((part) => compileMatcher(part, slots))];
}

/** Cheap questions first: the answer is the same in any order. */
const byCost = (parts: readonly Predicate[]): Predicate[] => [...parts].sort((one, two) => cost(one) - cost(two));
function cost(predicate: Predicate): number {
  switch (predicate.kind) {
    case 'constant': case 'exists': case 'null': return 0;
    case 'number': return 1;
    case 'string': return literalOf(predicate.pattern) === undefined ? 3 : 2;
    case 'fieldref': case 'datepart': return 4;
    case 'cidr': return 5;
    case 'not': return cost(predicate.part) + 1;
    case 'and': case 'or': return Math.min(4 + predicate.parts.length, ...[9 + Math.max(0, ...predicate.parts.map(cost))]);
    case 'regex': return 30;
    case 'text': case 'keyword': return 40;
    case 'keywordRegex': return 50;
    default: return assertNever(predicate);
  }
}

function compileKeyword({ pattern, cased, wholeToken }: Extract<Predicate, { kind: 'keyword' }>): Answer {
  const wanted = cased ? pattern : foldPattern(pattern);
  const test = wholeToken ? compileWholeToken(wanted) : compilePattern(anywhere(wanted));
  return cased ? (view) => some(view.keywords(), test) : (view) => some(view.keywordsFolded(), test);
}

/** A number as a keyword: where it stands, no letter, digit or underscore continues it. Only literals are asked so. */
function compileWholeToken(pattern: Pattern): (text: string) => boolean {
  const source = pattern.map((part) => (part.kind === 'text' ? part.text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : part.kind === 'one' ? '[\\s\\S]' : '[\\s\\S]*')).join('');
  const edge = '(?:(?<![\\p{L}\\p{N}_])|(?![\\p{L}\\p{N}_]))';
  const token = new RegExp(`${edge}${source}${edge}`, 'u');
  return (text) => token.test(text);
}

function compileFieldref({ path, other, op, cased }: Extract<Predicate, { kind: 'fieldref' }>, slots: Slots): Answer {
  const slot = slots.slot(path), otherSlot = slots.slot(other);
  const test = op === 'equals' ? (one: string, two: string) => one === two
    : op === 'contains' ? (one: string, two: string) => one.includes(two)
      : op === 'startswith' ? (one: string, two: string) => one.startsWith(two)
        : (one: string, two: string) => one.endsWith(two);
  return (view) => {
    const ones = cased ? view.texts(slot, path) : view.folded(slot, path);
    const twos = cased ? view.texts(otherSlot, other) : view.folded(otherSlot, other);
    return some(ones, (one) => some(twos, (two) => test(one, two)));
  };
}

function regexTest(source: string, flags: string): (text: string) => boolean {
  const compiled = compileRegex(source, flags);
  return 'regex' in compiled ? compiled.regex.test : () => false;
}
