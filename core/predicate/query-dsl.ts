// A predicate as an Elasticsearch query over events as query-dsl-tokens.ts indexes them. Of events that are not odd the query finds all
// that `match` says yes to; what it cannot say is widened, under `not` to everything, and then `exact` is false and the caller asks
// `match` again. Only features of the basic server are used: no scripts, no `wildcard` fields. Pure: no Node API.
import { assertNever } from '../assert.js';
import { foldSearch } from '../fold.js';
import { parseNetwork } from '../ip.js';
import { anywhere, foldPattern, simplify } from './pattern.js';
import type { Comparison, Path, Pattern, Predicate } from './predicate.js';
import { ADDRESS_FIELDS, isIndexText, isPlainName, NUMBER_FIELDS, printAddress, RAW_FIELDS, TEXT_UNITS_MAX } from './query-dsl-tokens.js';

export type Query = Readonly<Record<string, unknown>>;
export interface Dsl {
  readonly query: Query;
  readonly exact: boolean;
}

export const MATCH_ALL: Query = { match_all: {} };
const MATCH_NONE: Query = { match_none: {} };
const EVERYTHING: Dsl = { query: MATCH_ALL, exact: false };
const NOTHING: Dsl = { query: MATCH_NONE, exact: true };

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
    // Keywords look at some fields and at a stretch of the original: what they find is found in some value.
    case 'keyword': return loose(anyValue('kv', foldPattern(predicate.pattern)));
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

export function both(parts: readonly Dsl[]): Dsl {
  if (parts.length === 1) return parts[0] as Dsl;
  return parts.length === 0 ? { query: MATCH_ALL, exact: true } : { query: { bool: { filter: parts.map(({ query }) => query) } }, exact: parts.every(({ exact }) => exact) };
}

/** Alternatives; terms of one field become one list, since a query may hold only so many clauses. */
export function either(parts: readonly Dsl[]): Dsl {
  if (parts.length === 0) return NOTHING;
  if (parts.length === 1) return parts[0] as Dsl;
  const lists = new Map<string, Set<string>>(), others: Query[] = [];
  for (const { query } of parts) {
    const [field, value] = termOf(query) ?? [];
    if (field === undefined || value === undefined) { others.push(query); continue; }
    lists.set(field, (lists.get(field) ?? new Set<string>()).add(value));
  }
  const should = [...[...lists].map(([field, values]): Query => ({ terms: { [field]: [...values] } })), ...others], exact = parts.every((part) => part.exact);
  return should.length === 1 ? { query: should[0] as Query, exact } : { query: { bool: { should, minimum_should_match: 1 } }, exact };
}
function termOf(query: Query): readonly [string, string] | undefined {
  const inner = query['term'];
  if (typeof inner !== 'object' || inner === null) return undefined;
  const [field, value] = Object.entries(inner)[0] ?? [];
  return field !== undefined && typeof value === 'string' && !field.startsWith('ip.') ? [field, value] : undefined;
}

const negated = ({ query, exact }: Dsl): Dsl => ({ query: { bool: { must_not: [query] } }, exact });
const loose = ({ query }: Dsl): Dsl => ({ query, exact: false });
const term = (field: string, value: string): Dsl => ({ query: { term: { [field]: value } }, exact: true });

/** The test of the first name that the event has; `otherwise` when it has none. */
function firstPresent(path: Path, test: (name: string) => Dsl, otherwise: Dsl = NOTHING): Dsl {
  const names = path.filter(isPlainName), without = (before: readonly string[]): Dsl[] => before.map((name) => negated(term('has', name)));
  const parts = names.map((name, i) => both([...without(names.slice(0, i)), test(name)]));
  return either(otherwise === NOTHING ? parts : [...parts, both([...without(names), otherwise])]);
}
const present = (path: Path): Dsl => either(path.filter(isPlainName).map((name) => term('has', name)));

/** Some value of the field matches the whole pattern. */
function valueIs(name: string, pattern: Pattern, cased: boolean): Dsl {
  const folded = onField('kv', `${name}=`, simplify(foldPattern(pattern)));
  const parts = simplify(pattern), caseless = parts.every((part) => part.kind !== 'text' || CASELESS.test(part.text));
  if (!cased || caseless) return folded;
  // The folded form is indexed; the values as written are looked up for what it finds.
  return RAW_FIELDS.has(name) ? both([folded, onField(name, '', parts)]) : loose(folded);
}
/** Nothing folds to these but themselves. */
const CASELESS = /^[\d .:/_\-,]*$/;

/** Some value of any field holds the pattern; `field` says in which folding. */
const anyValue = (field: 'kv' | 'kvs', pattern: Pattern): Dsl => {
  const inside = anywhere(pattern);
  return inside.length === 1 ? { query: { exists: { field } }, exact: true } : onField(field, '', [{ kind: 'any' }, { kind: 'text', text: '=' }, ...inside]);
};

function text({ path, text: wanted }: Extract<Predicate, { kind: 'text' }>): Dsl {
  const pattern: Pattern = [{ kind: 'text', text: foldSearch(wanted) }];
  if (path.length === 0) return either([anyValue('kv', pattern), anyValue('kvs', pattern)]);
  return firstPresent(path, (name) => either(['kv', 'kvs'].map((field) => onField(field, `${name}=`, anywhere(pattern)))));
}

/** A pattern of `lead` and then `parts` over one keyword field, as the cheapest query that says it. */
function onField(field: string, lead: string, parts: Pattern): Dsl {
  if (parts.some((part) => part.kind === 'text' && !isIndexText(part.text)) || parts.reduce((units, part) => units + (part.kind === 'text' ? part.text.length : 0), 0) > TEXT_UNITS_MAX) return NOTHING;
  const whole = simplify([{ kind: 'text', text: lead }, ...parts]), [first, second] = whole;
  if (first === undefined) return term(field, '');
  if (whole.length === 1) return first.kind === 'text' ? term(field, first.text) : { query: { exists: { field } }, exact: true };
  if (whole.length === 2 && first.kind === 'text' && second?.kind === 'any') return prefix(field, first.text);
  const { pattern, exact } = bounded(whole);
  const value = pattern.map((part) => (part.kind === 'any' ? '*' : part.kind === 'one' ? '?' : part.text.replace(/[\\*?]/g, '\\$&'))).join('');
  return { query: { wildcard: { [field]: { value } } }, exact };
}

const PREFIX_UNITS_MAX = 900;
function prefix(field: string, text: string): Dsl {
  const exact = text.length <= PREFIX_UNITS_MAX, value = exact ? text : text.slice(0, PREFIX_UNITS_MAX).replace(/[\ud800-\udbff]$/, '');
  return { query: { prefix: { [field]: { value } } }, exact };
}

const WORK_MAX = 4_000, ONES_MAX = 4;
/**
 * The server turns a wildcard into an automaton and refuses one that takes too long: `?` behind a `*` doubles it, and so does
 * text that repeats itself. Beyond a bound `?` becomes `*` and a text is cut, and more is found than was asked for.
 */
function bounded(pattern: Pattern): { readonly pattern: Pattern; readonly exact: boolean } {
  const firstAny = pattern.findIndex(({ kind }) => kind === 'any'), ones = pattern.filter(({ kind }, i) => kind === 'one' && firstAny >= 0 && i > firstAny).length;
  let exact = true, work = 0;
  const parts = pattern.flatMap((part, i): Pattern => {
    if (part.kind === 'one' && i > firstAny && ones > ONES_MAX) { exact = false; return [{ kind: 'any' }]; }
    if (part.kind !== 'text' || i < firstAny || firstAny < 0) return [part];
    const points = [...part.text], kept = points.slice(0, affordable(points, (WORK_MAX - work) / (1 + ones)));
    work += cost(kept) * (1 + ones);
    if (kept.length === points.length) return [part];
    exact = false;
    return kept.length === 0 ? [{ kind: 'any' }] : [{ kind: 'text', text: kept.join('') }, { kind: 'any' }];
  });
  return { pattern: simplify(parts), exact };
}
function affordable(points: readonly string[], budget: number): number {
  let sum = 0, length = 0;
  for (const one of overlaps(points)) { sum += 1 + one; if (sum > budget) break; length++; }
  return length;
}
const cost = (points: readonly string[]): number => overlaps(points).reduce((sum, one) => sum + 1 + one, 0);
/** For each prefix, how many of its own beginnings it ends with. */
function overlaps(points: readonly string[]): readonly number[] {
  const border = [0], counts = points.length > 0 ? [0] : [];
  for (let i = 1, k = 0; i < points.length; i++) {
    while (k > 0 && points[i] !== points[k]) k = border[k - 1] as number;
    if (points[i] === points[k]) k++;
    border.push(k);
    counts.push(k === 0 ? 0 : 1 + (counts[k - 1] as number));
  }
  return counts;
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
  return firstPresent(path, (name) => (NUMBER_FIELDS.has(name) && exact ? { query: { range: { [`num.${name}`]: { [operator]: value } } }, exact } : loose(term('has', name))));
}

function cidr(path: Path, network: string): Dsl {
  const range = parseNetwork(network);
  if (range === undefined) return NOTHING;
  const written = `${printAddress({ bits: range.bits, value: range.base })}/${range.prefix}`;
  return firstPresent(path, (name) => {
    if (!ADDRESS_FIELDS.has(name)) return loose(term('has', name));
    const inside: Dsl = term(`ip.${name}`, written);
    // The server keeps IPv4 as IPv6; to the matcher they are two worlds.
    return range.bits === 32 ? inside : both([inside, negated(term(`ip.${name}`, '0.0.0.0/0'))]);
  });
}

