// Questions that no event can answer with yes, or only one in which a field holds several values: `EventID: 1` beside `EventID: 2`,
// two beginnings of which neither begins with the other, a number over 10 and under 5. Finds what is certain, never guesses.
import { fold } from '../fold.js';
import type { Event } from '../event.js';
import { match } from '../predicate/match.js';
import type { Path, Pattern, Predicate } from '../predicate/predicate.js';

export interface Contradiction { readonly field: string }

/** Can all of these be true of one event whose fields hold one value each? Undefined: perhaps. */
export function contradictionOf(parts: readonly Predicate[], isMultiple: (field: string) => boolean = () => false): Contradiction | undefined {
  const groups = new Map<string, { readonly path: Path; readonly questions: Predicate[] }>();
  for (const part of parts.flatMap(conjuncts)) {
    if (isNever(part, isMultiple)) return { field: pathOf(part)?.[0] ?? '' };
    const path = pathOf(part);
    if (path === undefined) continue;
    const key = JSON.stringify(path), group = groups.get(key) ?? { path, questions: [] };
    group.questions.push(part);
    groups.set(key, group);
  }
  for (const { path, questions } of groups.values()) {
    const field = path[0] as string;
    if (questions.length > 1 && !isMultiple(field) && clash(field, questions)) return { field };
  }
  return undefined;
}

/** No event at all, or none whose fields hold one value each. */
export function isNever(predicate: Predicate, isMultiple: (field: string) => boolean = () => false): boolean {
  if (predicate.kind === 'constant') return !predicate.value;
  if (predicate.kind === 'or') return predicate.parts.every((part) => isNever(part, isMultiple));
  return predicate.kind === 'and' && contradictionOf(predicate.parts, isMultiple) !== undefined;
}

const conjuncts = (predicate: Predicate): readonly Predicate[] => (predicate.kind === 'and' ? predicate.parts.flatMap(conjuncts) : [predicate]);

/** The one field that a question is about; undefined when there are several, or when other fields decide too. */
function pathOf(predicate: Predicate): Path | undefined {
  switch (predicate.kind) {
    case 'string': case 'number': case 'regex': case 'cidr': case 'exists': case 'null': case 'datepart': return predicate.path;
    case 'not': return pathOf(predicate.part);
    case 'and': case 'or': {
      const [first, ...others] = predicate.parts.map(pathOf);
      return first !== undefined && others.every((path) => path !== undefined && JSON.stringify(path) === JSON.stringify(first)) ? first : undefined;
    }
    case 'constant': case 'fieldref': case 'keyword': case 'keywordRegex': case 'text': return undefined;
  }
}

function clash(field: string, questions: readonly Predicate[]): boolean {
  for (const question of questions) {
    const states = statesOf(field, question);
    if (states === undefined) continue;
    // Case counts for nothing here: the values are those that the rule spells, in any case.
    const others = questions.filter((other) => other !== question && (states.exact || !isLoose(other))).map(widened);
    if (others.length > 0 && !states.events.some((event) => others.every((other) => match(other, event)))) return true;
  }
  return ends(questions) || range(questions);
}

interface States { readonly events: readonly Event[]; /** A number may be written otherwise (5, 5.0, 05): then only some questions can be put to it. */ readonly exact: boolean }
const STATES_MAX = 2000;

/** Every value that answers a question with yes, as events; undefined when they are not few and known. */
function statesOf(field: string, predicate: Predicate): States | undefined {
  switch (predicate.kind) {
    case 'string': return predicate.pattern.every(({ kind }) => kind === 'text') ? { events: [{ [field]: textOf(predicate.pattern) }], exact: true } : undefined;
    case 'number': return predicate.op === 'eq' ? { events: [{ [field]: predicate.value }], exact: false } : undefined;
    case 'null': return { events: [{}, { [field]: null }], exact: true };
    case 'not': return predicate.part.kind === 'exists' ? { events: [{}], exact: true } : undefined;
    case 'or': {
      const all = predicate.parts.length > STATES_MAX ? [undefined] : predicate.parts.map((part) => statesOf(field, part));
      return all.every((states) => states !== undefined) ? { events: all.flatMap(({ events }) => events), exact: all.every(({ exact }) => exact) } : undefined;
    }
    case 'constant': case 'and': case 'regex': case 'cidr': case 'exists': case 'fieldref': case 'datepart': case 'keyword': case 'keywordRegex': case 'text': return undefined;
  }
}

const textOf = (pattern: Pattern): string => pattern.map((part) => (part.kind === 'text' ? part.text : '')).join('');

/** Looks at how a value is spelled. */
function isLoose(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'string': return predicate.pattern.some(({ kind }) => kind !== 'text');
    case 'not': return true;
    case 'and': case 'or': return predicate.parts.some(isLoose);
    case 'number': case 'null': case 'exists': case 'constant': return false;
    case 'regex': case 'cidr': case 'fieldref': case 'datepart': case 'keyword': case 'keywordRegex': case 'text': return true;
  }
}

/** The same question or a wider one that does not ask for case. What is under a `not` would become narrower: it is taken as yes. */
function widened(predicate: Predicate): Predicate {
  switch (predicate.kind) {
    case 'string': return { ...predicate, cased: false };
    case 'regex': return predicate.flags.includes('i') ? predicate : { ...predicate, flags: `${predicate.flags}i` };
    case 'and': case 'or': return { ...predicate, parts: predicate.parts.map(widened) };
    case 'not': return asksForCase(predicate.part) ? { kind: 'constant', value: true } : predicate;
    case 'constant': case 'number': case 'cidr': case 'exists': case 'null': case 'fieldref': case 'datepart': case 'keyword': case 'keywordRegex': case 'text': return predicate;
  }
}

function asksForCase(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'string': return predicate.cased;
    case 'regex': return !predicate.flags.includes('i');
    case 'not': return asksForCase(predicate.part);
    case 'and': case 'or': return predicate.parts.some(asksForCase);
    case 'constant': case 'number': case 'cidr': case 'exists': case 'null': case 'datepart': return false;
    case 'fieldref': case 'keyword': case 'keywordRegex': case 'text': return true;
  }
}

/** Two beginnings (or ends) of which neither begins (ends) with the other. */
function ends(questions: readonly Predicate[]): boolean {
  const patterns = questions.flatMap((question) => (question.kind === 'string' ? [question.pattern] : []));
  const heads = patterns.flatMap((pattern) => (pattern[0]?.kind === 'text' ? [fold(pattern[0].text)] : []));
  const tails = patterns.flatMap((pattern) => { const last = pattern[pattern.length - 1]; return last?.kind === 'text' ? [[...fold(last.text)].reverse().join('')] : []; });
  return [heads, tails].some((list) => list.some((one) => list.some((other) => !one.startsWith(other) && !other.startsWith(one))));
}

function range(questions: readonly Predicate[]): boolean {
  let low = -Infinity, high = Infinity, lowIsIn = true, highIsIn = true;
  for (const question of questions) {
    if (question.kind !== 'number' || question.op === 'eq') continue;
    const { op, value } = question, isIn = op === 'gte' || op === 'lte';
    if (op === 'gt' || op === 'gte') { lowIsIn = value > low ? isIn : value === low ? lowIsIn && isIn : lowIsIn; low = Math.max(low, value); }
    else { highIsIn = value < high ? isIn : value === high ? highIsIn && isIn : highIsIn; high = Math.min(high, value); }
  }
  return low > high || (low === high && !(lowIsIn && highIsIn));
}
