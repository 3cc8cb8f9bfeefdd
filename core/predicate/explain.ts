// Why a predicate is true of an event: the questions that were answered yes, on which field, and at which bytes of the raw
// line. What `not` rules out has no place to show, except a single question about a field that is there.
import type { ProofAtom } from '../alert.js';
import type { Event } from '../event.js';
import { fold, foldSearch } from '../fold.js';
import { match } from './match.js';
import { anywhere, compilePattern, foldPattern, locate } from './pattern.js';
import type { Path, Pattern, Predicate } from './predicate.js';
import { printPredicate, printQuestion } from './print.js';
import { questionOf, type Leaf, type Question } from './question.js';
import { rangeInOriginal } from './range.js';
import { compileRegex } from './regex.js';
import { keywordFields, resolve, scalarsOf, searchedFields, taggedMessage, textOf } from './values.js';

/** More say no more: a rule of four thousand hashes is proved by one. */
const ATOMS_MAX = 64;
const VALUE_MAX = 4096;

/** The true parts of a predicate that is true of `event`; nothing when it is not. */
export function explain(predicate: Predicate, event: Event): ProofAtom[] {
  const atoms: ProofAtom[] = [], seen = new Set<string>(), isTrue = truthOf(event);
  if (isTrue(predicate)) walk(predicate, event, isTrue, (atom) => {
    const key = `${atom.question}\n${atom.field ?? ''}\n${atom.value ?? ''}`;
    if (atoms.length < ATOMS_MAX && !seen.has(key)) { seen.add(key); atoms.push(atom); }
  });
  return atoms;
}

type Truth = (predicate: Predicate) => boolean;

/** `match`, with each leaf's answer about this event kept: parts of rules are asked more than once here. */
function truthOf(event: Event): Truth {
  const known = new Map<Predicate, boolean>(), folded = new Map<string, readonly string[]>();
  const foldedOf = (path: Path): readonly string[] => {
    const key = path.join('\n'), texts = folded.get(key);
    if (texts !== undefined) return texts;
    const fresh = scalarsOf(resolve(event, path)?.value).map((scalar) => fold(textOf(scalar)));
    folded.set(key, fresh);
    return fresh;
  };
  const isTrue: Truth = (predicate) => {
    switch (predicate.kind) {
      case 'and': return predicate.parts.every(isTrue);
      case 'or': return predicate.parts.some(isTrue);
      case 'not': return !isTrue(predicate.part);
      default: {
        const answer = known.get(predicate) ?? leafIsTrue(predicate);
        known.set(predicate, answer);
        return answer;
      }
    }
  };
  const leafIsTrue: Truth = (leaf) => (leaf.kind === 'string' && !leaf.cased ? foldedOf(leaf.path).some(testOf(leaf)) : match(leaf, event));
  return isTrue;
}

const tests = new WeakMap<Predicate, (text: string) => boolean>();
function testOf(leaf: Extract<Predicate, { kind: 'string' }>): (text: string) => boolean {
  let test = tests.get(leaf);
  if (test === undefined) tests.set(leaf, (test = compilePattern(foldPattern(leaf.pattern))));
  return test;
}

function walk(predicate: Predicate, event: Event, isTrue: Truth, tell: (atom: ProofAtom) => void): void {
  if (predicate.kind === 'and' || predicate.kind === 'or') {
    for (const part of predicate.parts) if (isTrue(part)) walk(part, event, isTrue, tell);
  } else if (predicate.kind === 'not') {
    const { part } = predicate;
    const held = 'path' in part ? holder(event, part.path) : undefined;
    if (held === undefined) return;
    const ask: Question | undefined = isLeaf(part) ? { ...questionOf(part), not: true } : undefined;
    tell({ question: printPredicate(predicate), ...(ask === undefined ? {} : { ask }), ...held });
  } else if (predicate.kind !== 'constant') {
    tell(atomOf(predicate, event));
  }
}

const isLeaf = (predicate: Predicate): predicate is Leaf => predicate.kind !== 'constant' && predicate.kind !== 'and' && predicate.kind !== 'or' && predicate.kind !== 'not';

function atomOf(leaf: Leaf, event: Event): ProofAtom {
  const ask = questionOf(leaf), question = printQuestion(ask);
  for (const { field, text } of candidates(leaf, event)) {
    const found = matched(leaf, text, event);
    if (found === undefined) continue;
    return { question, ask, field, value: cut(text), ...rangeInOriginal(event, field, text, found) };
  }
  return { question, ask, ...('path' in leaf ? holder(event, leaf.path) : undefined) };
}

/** The texts the question was put to, by field. */
function candidates(leaf: Leaf, event: Event): { field: string; text: string }[] {
  const of = (field: string): { field: string; text: string }[] => scalarsOf(event[field]).map((scalar) => ({ field, text: textOf(scalar) }));
  if (leaf.kind === 'keyword' || leaf.kind === 'keywordRegex') {
    const tagged = taggedMessage(event), fields = keywordFields(event);
    const ordered = [...fields.filter((field) => field === 'message'), ...fields.filter((field) => field !== 'message')];
    return [...ordered.flatMap(of), ...(tagged === undefined ? [] : [{ field: 'event.original', text: tagged }])];
  }
  if (leaf.kind === 'text' && leaf.path.length === 0) return searchedFields(event).flatMap(of);
  const field = resolve(event, leaf.path)?.field;
  return field === undefined ? [] : of(field);
}

type Range = readonly [start: number, end: number];
/** A value of a field by itself: a name that no event has. */
const ALONE = '\u0000';

/** Where in `text` the leaf is true; undefined when it is not. The leaf's own meaning decides, this only points. */
function matched(leaf: Leaf, text: string, event: Event): Range | undefined {
  const whole: Range = [0, text.length];
  switch (leaf.kind) {
    case 'string': return within(leaf.pattern, leaf.cased, text);
    case 'keyword': {
      if (!match({ ...leaf }, { text })) return undefined;
      return within(anywhere(leaf.pattern), leaf.cased, text) ?? whole;
    }
    case 'regex': case 'keywordRegex': {
      const compiled = compileRegex(leaf.source, leaf.flags);
      return 'regex' in compiled ? compiled.regex.find(text) : undefined;
    }
    case 'text': {
      const folded = foldSearch(text), wanted = foldSearch(leaf.text), at = folded.indexOf(wanted);
      if (at < 0) return undefined;
      return folded.length === text.length ? [at, at + wanted.length] : whole;
    }
    case 'fieldref': return match({ ...leaf, path: [ALONE] }, { ...event, [ALONE]: text }) ? whole : undefined;
    default: return match({ ...leaf, path: [ALONE] }, { [ALONE]: text }) ? whole : undefined;
  }
}

function within(pattern: Pattern, cased: boolean, text: string): Range | undefined {
  if (cased) return locate(pattern, text);
  const folded = fold(text), found = locate(foldPattern(pattern), folded);
  // Folding can change lengths: then the place is the whole value.
  return found === undefined || folded.length === text.length ? found : [0, text.length];
}

function holder(event: Event, path: Path): { field: string; value?: string } | undefined {
  const found = resolve(event, path);
  if (found === undefined) return undefined;
  const texts = scalarsOf(found.value).map(textOf);
  return texts.length === 0 ? { field: found.field } : { field: found.field, value: cut(texts.join(', ')) };
}

const cut = (text: string): string => (text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text);
