// A predicate as an Elasticsearch query over events as query-dsl-tokens.ts indexes them. Of events that are not odd the query finds all
// that `match` says yes to; what it cannot say is widened, under `not` to everything, and then `exact` is false and the caller asks
// `match` again. Only features of the basic server are used: no scripts, no `wildcard` fields. Pure: no Node API.
import { assertNever } from '../assert.js';
import { foldSearch } from '../fold.js';
import { parseNetwork } from '../ip.js';
import { anywhere, foldPattern, simplify } from './pattern.js';
import type { Comparison, Path, Pattern, Predicate } from './predicate.js';
import { both, either, EVERYTHING, loose, MATCH_ALL, MATCH_NONE, negated, NOTHING, term, type Dsl, type Query } from './query-dsl-parts.js';
import { onField } from './query-dsl-pattern.js';
import { ADDRESS_FIELDS, COMMON_FIELDS, FORM_FIELD, isPlainName, missing, NUMBER_FIELDS, printAddress, RAW_FIELDS, UNKEYED } from './query-dsl-tokens.js';
import { splitWords } from './query-dsl-words.js';
import { isSearched } from './values.js';

/** A server takes at least 1,024 clauses in one question; some rules list thousands of texts. */
const CLAUSES_MAX = 1_000;

export function compileDsl(predicate: Predicate): Dsl {
  // Lists that are too long are asked for by the fields they look at, the longest first.
  for (const listMax of [CLAUSES_MAX, 200, 20, 2]) {
    const dsl = compile(predicate, listMax);
    if (clauses(dsl.query) <= CLAUSES_MAX) return dsl;
  }
  return EVERYTHING;
}

function compile(predicate: Predicate, listMax: number): Dsl {
  switch (predicate.kind) {
    case 'constant': return { query: predicate.value ? MATCH_ALL : MATCH_NONE, exact: true };
    case 'and': return both(predicate.parts.map((part) => compile(part, listMax)));
    case 'or': {
      const list = either([...oneTestAPath(predicate.parts), ...predicate.parts.filter(({ kind }) => kind !== 'string').map((part) => compile(part, listMax))]);
      return clauses(list.query) <= listMax ? list : loose(either(predicate.parts.map(looked)));
    }
    case 'not': { const part = compile(predicate.part, listMax); return part.exact ? negated(part) : EVERYTHING; }
    case 'string': return firstPresent(predicate.path, (name) => valueIs(name, predicate.pattern, predicate.cased));
    case 'number': return number(predicate);
    case 'regex': case 'datepart': return loose(present(predicate.path));
    case 'cidr': return cidr(predicate.path, predicate.network);
    case 'exists': return present(predicate.path);
    case 'null': return firstPresent(predicate.path, (name) => term('nul', name), { query: MATCH_ALL, exact: true });
    case 'fieldref': return loose(both([present(predicate.path), present(predicate.other)]));
    // Keywords look at some of the searched fields and at a stretch of the original; of what is not from a collector at every field.
    case 'keyword': return loose(either([someValue(foldPattern(predicate.pattern)), negated(has('event.original'))]));
    case 'keywordRegex': return EVERYTHING;
    case 'text': return text(predicate);
    default: return assertNever(predicate);
  }
}

/** The texts of a list by the path they are looked for at, so that the path is said once. */
function oneTestAPath(parts: readonly Predicate[]): readonly Dsl[] {
  const paths = new Map<string, Extract<Predicate, { kind: 'string' }>[]>();
  for (const part of parts) if (part.kind === 'string') { const key = part.path.join('\0'); const some = paths.get(key); if (some === undefined) paths.set(key, [part]); else some.push(part); }
  return [...paths.values()].map((some) => firstPresent(some[0]?.path ?? [], (name) => either(some.map(({ pattern, cased }) => valueIs(name, pattern, cased)))));
}

/** What an event must have for the answer to be yes: a field that is looked at. */
function looked(predicate: Predicate): Dsl {
  switch (predicate.kind) {
    case 'string': case 'number': case 'regex': case 'cidr': case 'exists': case 'datepart': return loose(present(predicate.path));
    case 'and': return loose(both(predicate.parts.map(looked)));
    case 'or': return loose(either(predicate.parts.map(looked)));
    case 'constant': return compile(predicate, 0);
    default: return EVERYTHING;
  }
}

/** Clauses as the server counts them: the leaves, a list of terms being one. */
function clauses(query: Query): number {
  const inner = query['bool'] as Readonly<Record<string, readonly Query[] | number>> | undefined;
  if (inner === undefined) return 1;
  return Object.values(inner).reduce<number>((sum, parts) => sum + (typeof parts === 'number' ? 0 : parts.reduce((all, part) => all + clauses(part), 0)), 0);
}

/** Documents of templates before version 6 hold no words, every text as `name=value`, and every name in `has`. */
const NEWER: Dsl = { query: { exists: { field: FORM_FIELD } }, exact: true };
/** The event has the field, be it null. */
const has = (name: string): Dsl => (COMMON_FIELDS.has(name) ? either([term('has', name), both([NEWER, negated(term('has', missing(name)))])]) : term('has', name));

/** The test of the first name that the event has; `otherwise` when it has none. */
function firstPresent(path: Path, test: (name: string) => Dsl, otherwise: Dsl = NOTHING): Dsl {
  const names = path.filter(isPlainName), without = (before: readonly string[]): Dsl[] => before.map((name) => negated(has(name)));
  const parts = names.map((name, i) => both([...without(names.slice(0, i)), test(name)]));
  return either(otherwise === NOTHING ? parts : [...parts, both([...without(names), otherwise])]);
}
const present = (path: Path): Dsl => either(path.filter(isPlainName).map(has));

/** Some value of the field matches the whole pattern. */
function valueIs(name: string, pattern: Pattern, cased: boolean): Dsl {
  if (UNKEYED.has(name)) return unkeyed(name, foldPattern(pattern));
  const folded = onField('kv', `${name}=`, simplify(foldPattern(pattern)));
  const parts = simplify(pattern), caseless = parts.every((part) => part.kind !== 'text' || CASELESS.test(part.text));
  if (!cased || caseless) return folded;
  // The folded form is indexed; the values as written are looked up for what it finds.
  return RAW_FIELDS.has(name) ? both([folded, onField(name, '', parts)]) : loose(folded);
}
/** Of a field whose texts are not indexed by its name: some value of the event holds the words. */
const unkeyed = (name: string, pattern: Pattern): Dsl => loose(both([has(name), isSearched(name) ? someValue(pattern) : EVERYTHING]));
/** Nothing folds to these but themselves. */
const CASELESS = /^[\d .:/_\-,]*$/;

/** Some value of the searched fields holds each text of the pattern, which is folded. */
function someValue(pattern: Pattern): Dsl {
  const texts = pattern.flatMap((part) => (part.kind === 'text' ? [foldSearch(part.text)] : [])), words = both(texts.map(holds));
  const exact = words.exact && texts.length === 1;
  return either([exact ? words : loose(words), both([negated(NEWER), either([anyValue('kv', pattern), anyValue('kvs', pattern)])])]);
}
/** Some value holds the text, which is folded: its words, of which the first may begin and the last end in the middle of one. */
function holds(text: string): Dsl {
  const words = splitWords(text), last = words.length - 1, any = { kind: 'any' } as const;
  if (last === 0) return text === '' ? EVERYTHING : aWord([any, { kind: 'text', text }, any]);
  return loose(both(words.flatMap((word, i) => (word === '' ? [] : [aWord([...(i === 0 ? [any] : []), { kind: 'text', text: word }, ...(i === last ? [any] : [])])]))));
}
const aWord = (pattern: Pattern): Dsl => either(['words', 'longs'].map((field) => onField(field, '', pattern)));
const anyValue = (field: 'kv' | 'kvs', pattern: Pattern): Dsl => {
  const inside = anywhere(pattern);
  return inside.length === 1 ? { query: { exists: { field } }, exact: true } : onField(field, '', [{ kind: 'any' }, { kind: 'text', text: '=' }, ...inside]);
};

function text({ path, text: wanted }: Extract<Predicate, { kind: 'text' }>): Dsl {
  const pattern: Pattern = [{ kind: 'text', text: foldSearch(wanted) }];
  if (path.length === 0) return someValue(pattern);
  return firstPresent(path, (name) => (UNKEYED.has(name) ? unkeyed(name, pattern) : either(['kv', 'kvs'].map((field) => onField(field, `${name}=`, anywhere(pattern))))));
}

const OPERATORS: Readonly<Record<Exclude<Comparison, 'eq'>, string>> = { lt: 'lt', lte: 'lte', gt: 'gt', gte: 'gte' };
/** Beyond 15 digits doubles and whole numbers part ways; the matcher decides. */
const EXACT_BELOW = 1e15;

function number({ path, op, value, text: written }: Extract<Predicate, { kind: 'number' }>): Dsl {
  const exact = Math.abs(value) < EXACT_BELOW;
  if (!Number.isFinite(value)) return loose(present(path));
  if (op === 'eq') {
    // Equal is what is written so, in the rule's words or ours.
    const spellings = [...new Set([written, String(value)])];
    const equal = (name: string): Dsl => either(spellings.map((one) => valueIs(name, [{ kind: 'text', text: one }], false)));
    return exact && spellings.every((one) => CASELESS.test(one)) ? firstPresent(path, equal) : loose(present(path));
  }
  const operator = OPERATORS[op];
  return firstPresent(path, (name) => (NUMBER_FIELDS.has(name) && exact ? { query: { range: { [`num.${name}`]: { [operator]: value } } }, exact } : loose(has(name))));
}

function cidr(path: Path, network: string): Dsl {
  const range = parseNetwork(network);
  if (range === undefined) return NOTHING;
  const written = `${printAddress({ bits: range.bits, value: range.base })}/${range.prefix}`;
  return firstPresent(path, (name) => {
    if (!ADDRESS_FIELDS.has(name)) return loose(has(name));
    const inside: Dsl = term(`ip.${name}`, written);
    // The server keeps IPv4 as IPv6; to the matcher they are two worlds.
    return range.bits === 32 ? inside : both([inside, negated(term(`ip.${name}`, '0.0.0.0/0'))]);
  });
}

