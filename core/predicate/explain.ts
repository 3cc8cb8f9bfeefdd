// Why a predicate is true of an event: the questions that were answered yes, on which field, and at which bytes of the raw
// line. What `not` rules out has no place to show, except a single question about a field that is there.
import type { ProofAtom } from '../alert.js';
import type { Event } from '../event.js';
import { fold, foldSearch } from '../fold.js';
import { match } from './match.js';
import { anywhere, foldPattern, locate } from './pattern.js';
import type { Path, Pattern, Predicate } from './predicate.js';
import { printPredicate } from './print.js';
import { rangeInOriginal } from './range.js';
import { compileRegex } from './regex.js';
import { keywordFields, resolve, scalarsOf, taggedMessage, textOf } from './values.js';

/** More say no more: a rule of four thousand hashes is proved by one. */
const ATOMS_MAX = 64;
const VALUE_MAX = 4096;

/** The true parts of a predicate that is true of `event`; nothing when it is not. */
export function explain(predicate: Predicate, event: Event): ProofAtom[] {
  const atoms: ProofAtom[] = [], seen = new Set<string>();
  if (match(predicate, event)) walk(predicate, event, (atom) => {
    const key = `${atom.question}\n${atom.field ?? ''}\n${atom.value ?? ''}`;
    if (atoms.length < ATOMS_MAX && !seen.has(key)) { seen.add(key); atoms.push(atom); }
  });
  return atoms;
}

function walk(predicate: Predicate, event: Event, tell: (atom: ProofAtom) => void): void {
  if (predicate.kind === 'and' || predicate.kind === 'or') {
    for (const part of predicate.parts) if (match(part, event)) walk(part, event, tell);
  } else if (predicate.kind === 'not') {
    const { part } = predicate;
    const held = 'path' in part ? holder(event, part.path) : undefined;
    if (held !== undefined) tell({ question: printPredicate(predicate), ...held });
  } else if (predicate.kind !== 'constant') {
    tell(atomOf(predicate, event));
  }
}

type Leaf = Exclude<Predicate, { kind: 'constant' | 'and' | 'or' | 'not' }>;

function atomOf(leaf: Leaf, event: Event): ProofAtom {
  const question = printPredicate(leaf);
  for (const { field, text } of candidates(leaf, event)) {
    const found = matched(leaf, text);
    if (found === undefined) continue;
    return { question, field, value: cut(text), ...rangeInOriginal(event, field, text, found) };
  }
  return { question, ...('path' in leaf ? holder(event, leaf.path) : undefined) };
}

/** The texts the question was put to, by field. */
function candidates(leaf: Leaf, event: Event): { field: string; text: string }[] {
  const of = (field: string): { field: string; text: string }[] => scalarsOf(event[field]).map((scalar) => ({ field, text: textOf(scalar) }));
  if (leaf.kind === 'keyword' || leaf.kind === 'keywordRegex') {
    const tagged = taggedMessage(event), fields = keywordFields(event);
    const ordered = [...fields.filter((field) => field === 'message'), ...fields.filter((field) => field !== 'message')];
    return [...ordered.flatMap(of), ...(tagged === undefined ? [] : [{ field: 'event.original', text: tagged }])];
  }
  if (leaf.kind === 'text' && leaf.path.length === 0) return Object.keys(event).flatMap(of);
  const field = resolve(event, leaf.path)?.field;
  return field === undefined ? [] : of(field);
}

type Range = readonly [start: number, end: number];

/** Where in `text` the leaf is true; undefined when it is not. The leaf's own meaning decides, this only points. */
function matched(leaf: Leaf, text: string): Range | undefined {
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
    case 'fieldref': return whole;
    default: return match({ ...leaf, path: ['value'] }, { value: text }) ? whole : undefined;
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
