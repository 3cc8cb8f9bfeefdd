// The meaning of a predicate. `match` says it plainly, one event at a time; `matcher` compiles the same to closures over an
// EventView, where each field is read and folded once. A property test holds the two equal.
import { assertNever } from '../assert.js';
import type { Event } from '../event.js';
import { fold, foldSearch } from '../fold.js';
import { contains, parseAddress, parseNetwork } from '../ip.js';
import { datePart } from './date-part.js';
import { answersNumber, compares } from './numbers.js';
import { compileMatcher, EventView, Slots } from './matcher.js';
import type { Path, Pattern, Predicate } from './predicate.js';
import { compileRegex } from './regex.js';
import { keywordFields, resolve, scalarsOf, searchedFields, taggedMessage, textOf } from './values.js';

/** Is the answer to `predicate` about `event` yes? */
export function match(predicate: Predicate, event: Event): boolean {
  switch (predicate.kind) {
    case 'constant': return predicate.value;
    case 'and': return predicate.parts.every((part) => match(part, event));
    case 'or': return predicate.parts.some((part) => match(part, event));
    case 'not': return !match(predicate.part, event);
    case 'string': return texts(event, predicate.path).some((text) => matchesPattern(predicate.pattern, text, predicate.cased));
    case 'number': return scalars(event, predicate.path).some((value) => answersNumber(predicate, value));
    case 'regex': return texts(event, predicate.path).some((text) => finds(predicate.source, predicate.flags, text));
    case 'cidr': return texts(event, predicate.path).some((text) => isInside(predicate.network, text));
    case 'exists': return predicate.path.some((field) => Object.hasOwn(event, field) && event[field] !== undefined);
    case 'null': return (resolve(event, predicate.path)?.value ?? null) === null;
    case 'fieldref': {
      const others = texts(event, predicate.other);
      return texts(event, predicate.path).some((text) => others.some((other) => refers(predicate.op, text, other, predicate.cased)));
    }
    case 'datepart': return scalars(event, predicate.path).some((value) => {
      const part = datePart(predicate.part, value);
      return part !== undefined && compares(predicate.op, part, predicate.value);
    });
    case 'keyword': return keywordTexts(event).some((text) => hasKeyword(predicate.pattern, text, predicate.cased, predicate.wholeToken));
    case 'keywordRegex': return keywordTexts(event).some((text) => finds(predicate.source, predicate.flags, text));
    case 'text': {
      const wanted = foldSearch(predicate.text);
      const where = predicate.path.length > 0 ? texts(event, predicate.path) : searchedFields(event).flatMap((field) => texts(event, [field]));
      return where.some((text) => foldSearch(text).includes(wanted));
    }
    default: return assertNever(predicate);
  }
}

/** The same answer, compiled once for many events. */
export function matcher(predicate: Predicate): (event: Event) => boolean {
  const slots = new Slots(), answer = compileMatcher(predicate, slots);
  return (event) => answer(new EventView(event, slots.count));
}

const scalars = (event: Event, path: Path) => scalarsOf(resolve(event, path)?.value);
const texts = (event: Event, path: Path): string[] => scalars(event, path).map(textOf);

function keywordTexts(event: Event): string[] {
  const found = keywordFields(event).flatMap((field) => texts(event, [field]));
  const tagged = taggedMessage(event);
  return tagged === undefined ? found : [...found, tagged];
}

function matchesPattern(pattern: Pattern, text: string, cased: boolean): boolean {
  const points = [...(cased ? text : fold(text))];
  return fits(partsOf(pattern, cased), points, 0, (at) => at === points.length);
}

type Part = string | null | undefined;
/** One of a character, `null` for `*`, `undefined` for `?`. Read once: a pattern is put to many texts. */
function partsOf(pattern: Pattern, cased: boolean): readonly Part[] {
  const known = cased ? casedParts : foldedParts;
  let parts = known.get(pattern);
  if (parts === undefined) {
    parts = pattern.flatMap((part): Part[] => (part.kind === 'text' ? [...(cased ? part.text : fold(part.text))] : part.kind === 'one' ? [undefined] : [null]));
    known.set(pattern, parts);
  }
  return parts;
}
const casedParts = new WeakMap<Pattern, readonly Part[]>(), foldedParts = new WeakMap<Pattern, readonly Part[]>();

/** A stretch of the text from `from` to some place that may be its end. Which of the pattern's beginnings it meets so far: a row at a time. */
function fits(parts: readonly Part[], points: readonly string[], from: number, mayEnd: (at: number) => boolean): boolean {
  let row = [true];
  for (let i = 0; i < parts.length && row[i]; i++) row.push(parts[i] === null);
  for (let at = from; ; at++) {
    if (row[parts.length] === true && mayEnd(at)) return true;
    if (at === points.length || !row.includes(true)) return false;
    const point = points[at], next = [false];
    for (let i = 0; i < parts.length; i++) next.push(parts[i] === null ? next[i] === true || row[i + 1] === true : row[i] === true && (parts[i] === undefined || parts[i] === point));
    row = next;
  }
}

function hasKeyword(pattern: Pattern, text: string, cased: boolean, wholeToken: boolean): boolean {
  const points = [...(cased ? text : fold(text))], parts = partsOf(pattern, cased);
  if (!wholeToken) return fits([null, ...parts, null], points, 0, (at) => at === points.length);
  // Every stretch of the text that no letter, digit or underscore continues at either end.
  const isEdge = (at: number): boolean => !(WORD.test(points[at - 1] ?? ' ') && WORD.test(points[at] ?? ' '));
  return points.map((_, at) => at).concat(points.length).some((from) => isEdge(from) && fits(parts, points, from, isEdge));
}
const WORD = /[\p{L}\p{N}_]/u;

function finds(source: string, flags: string, text: string): boolean {
  const compiled = compileRegex(source, flags);
  return 'regex' in compiled && compiled.regex.test(text);
}

function isInside(network: string, text: string): boolean {
  const range = parseNetwork(network), address = parseAddress(text);
  return range !== undefined && address !== undefined && contains(range, address);
}

function refers(op: 'equals' | 'contains' | 'startswith' | 'endswith', text: string, other: string, cased: boolean): boolean {
  const [one, two] = cased ? [text, other] : [fold(text), fold(other)];
  switch (op) {
    case 'equals': return one === two;
    case 'contains': return one.includes(two);
    case 'startswith': return one.startsWith(two);
    case 'endswith': return one.endsWith(two);
  }
}
