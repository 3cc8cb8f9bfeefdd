// A predicate as a DuckDB condition over sealed files (their columns: sql-values.ts). The condition is true for every event that
// `match` says yes to: what SQL cannot say is widened, under `not` to everything, and then `exact` is false and the caller asks
// `match` again. Two-valued: no part is ever NULL. Events with `_opaque` values are the caller's to add and to ask again.
import { assertNever } from '../assert.js';
import { parseNetwork } from '../ip.js';
import { anywhere } from './pattern.js';
import type { Comparison, Path, Predicate } from './predicate.js';
import { ANY_ALPHABET, anyValue, firstPresent, FULL_SHAPE, NOTHING, quote, searchedValue, type SqlShape, type Test, type Values } from './sql-values.js';
import { patternTest, regexTest, searchTest } from './sql-text.js';

export interface Sql {
  readonly where: string;
  /** Values of `$1`, `$2` ... in `where`. */
  readonly params: readonly unknown[];
  readonly exact: boolean;
}
interface Part { readonly sql: string; readonly exact: boolean }
const EVERYTHING: Part = { sql: 'TRUE', exact: false };

export function compileSql(predicate: Predicate, shape: SqlShape = FULL_SHAPE): Sql {
  const { sql, exact } = compile(predicate, shape);
  // Literals stand quoted in the text: parameters cannot be used inside lambdas, and a constant pattern is compiled once.
  return { where: sql, params: [], exact };
}

function compile(predicate: Predicate, shape: SqlShape): Part {
  switch (predicate.kind) {
    case 'constant': return { sql: predicate.value ? 'TRUE' : 'FALSE', exact: true };
    case 'and': return joined(predicate.parts.map((part) => compile(part, shape)), 'AND');
    case 'or': return joined(alternatives(predicate.parts, shape), 'OR');
    case 'not': {
      const part = compile(predicate.part, shape);
      return part.exact ? { sql: `(NOT ${part.sql})`, exact: true } : EVERYTHING;
    }
    case 'string': case 'keyword': case 'regex': case 'number': case 'cidr': case 'exists': case 'datepart': return ask([questionOf(predicate) as Question], shape);
    case 'null': return { sql: firstPresent(predicate.path, shape, ({ isNull }) => isNull, 'TRUE'), exact: true };
    case 'fieldref': return joined([predicate.path, predicate.other].map((path) => ask([present(path)], shape)), 'AND');
    case 'keywordRegex': return EVERYTHING;
    case 'text': {
      const { test, exact, alphabet } = searchTest(predicate.text);
      return { sql: predicate.path.length === 0 ? searchedValue(test, shape, alphabet) : firstPresent(predicate.path, shape, (values) => values.any(test), 'FALSE'), exact };
    }
    default: return assertNever(predicate);
  }
}

/** A question about one field, false of an event without it: to each of its texts, or to all that it holds. Without a path: to any field's texts. */
interface Question { readonly path: Path | undefined; readonly exact: boolean; readonly to: (values: Values) => Test | string }

function questionOf(predicate: Predicate): Question | undefined {
  switch (predicate.kind) {
    case 'string': { const { test, exact } = patternTest(predicate.pattern, predicate.cased); return { path: predicate.path, exact, to: () => test }; }
    // Keywords look at some fields and at a stretch of the original: what they find is found in some value.
    case 'keyword': { const { test } = patternTest(anywhere(predicate.pattern), predicate.cased); return { path: undefined, exact: false, to: () => test }; }
    case 'regex': {
      const found = regexTest(predicate.source, predicate.flags);
      return found === undefined ? present(predicate.path) : { path: predicate.path, exact: found.exact, to: () => found.test };
    }
    case 'number': return number(predicate);
    case 'cidr': return cidr(predicate.path, predicate.network);
    case 'exists': return { ...present(predicate.path), exact: true };
    case 'datepart': return present(predicate.path);
    default: return undefined;
  }
}
const present = (path: Path): Question => ({ path, exact: false, to: () => 'TRUE' });

/** Questions about one field, of which one is true. */
function ask(questions: readonly Question[], shape: SqlShape): Part {
  const path = questions[0]?.path, exact = questions.every((question) => question.exact);
  const anyOf = (parts: readonly string[]): string => (parts.length === 1 ? parts[0] as string : `(${parts.join(' OR ')})`);
  const oneOf = (tests: readonly Test[]): Test => (x) => anyOf(tests.map((test) => test(x)));
  if (path === undefined) return { sql: anyValue(oneOf(questions.map(({ to }) => to(NOTHING) as Test)), shape, ANY_ALPHABET), exact };
  const put = (values: Values): string => {
    const asked = questions.map(({ to }) => to(values)), tests = asked.filter((one) => typeof one !== 'string'), whole = asked.filter((one) => typeof one === 'string');
    return anyOf([...whole, ...(tests.length === 0 ? [] : [values.any(oneOf(tests))])]);
  };
  return { sql: firstPresent(path, shape, put, 'FALSE'), exact };
}

/** What is asked about one field is asked together: it is looked up once, however long the list. */
function alternatives(parts: readonly Predicate[], shape: SqlShape): Part[] {
  const lists = new Map<string, Question[]>(), others: Part[] = [];
  for (const part of parts.flatMap(flat)) {
    const question = questionOf(part), key = JSON.stringify([question?.path]), list = lists.get(key);
    if (question === undefined) others.push(compile(part, shape));
    else if (list === undefined) lists.set(key, [question]);
    else list.push(question);
  }
  return [...[...lists.values()].map((list) => ask(list, shape)), ...others];
}
const flat = (part: Predicate): readonly Predicate[] => (part.kind === 'or' ? part.parts.flatMap(flat) : [part]);

function joined(parts: readonly Part[], word: 'AND' | 'OR'): Part {
  if (parts.length === 0) return { sql: word === 'AND' ? 'TRUE' : 'FALSE', exact: true };
  return { sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`, exact: parts.every(({ exact }) => exact) };
}

const OPERATORS: Readonly<Record<Comparison, string>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };
/** What `trim` takes away in JavaScript. */
const SPACE = '[\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]*';
const DECIMAL = '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?';

function number({ path, op, value, text }: Extract<Predicate, { kind: 'number' }>): Question {
  if (!Number.isFinite(value)) return present(path);
  const operator = OPERATORS[op], wanted = `CAST(${quote(String(value))} AS DOUBLE)`;
  // Beyond 15 digits doubles and whole numbers part ways; the matcher decides.
  const exact = Math.abs(value) < 1e15;
  const test: Test = (x) => {
    // Equal is what is written so, in the rule's way or the plain one: `7.0` is not 7.
    if (op === 'eq' && exact) return `(${x} IN (${quote(text)}, ${quote(String(value))}))`;
    const digits = `regexp_extract(${x}, ${quote(`^${SPACE}(${DECIMAL})${SPACE}$`)}, 1)`;
    // A number too large for a double is beyond every other, on the side of its sign.
    const far = `starts_with(${digits}, '-') = ${op === 'lt' || op === 'lte' ? 'TRUE' : 'FALSE'}`;
    const compared = exact ? `coalesce(TRY_CAST(${digits} AS DOUBLE) ${operator} ${wanted}, ${far})` : 'TRUE';
    return `(${op === 'eq' ? `${x} = ${quote(text)} OR ` : ''}(${digits} <> '' AND ${compared}))`;
  };
  const whole = (column: string): string => `coalesce(${column} ${operator} ${wanted}, FALSE)`;
  return { path, exact, to: (values) => (values.number === undefined ? test : exact ? whole(values.number) : values.present) };
}

function cidr(path: Path, network: string): Question {
  const range = parseNetwork(network);
  if (range === undefined) return { path, exact: true, to: () => 'FALSE' };
  // IPv6 has many spellings: the matcher reads them.
  if (range.bits === 128) return { path, exact: false, to: () => (x) => `contains(${x}, ':')` };
  // An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) makes its event opaque.
  const low = Number(range.base), high = low + 2 ** (32 - range.prefix) - 1;
  // DuckDB may compute a branch for texts that never come to it, so nothing may fail.
  const part = (x: string, i: number): string => `TRY_CAST(split_part(${x}, '.', ${i}) AS BIGINT)`;
  const test: Test = (x) => `CASE WHEN NOT regexp_full_match(${x}, '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}') THEN FALSE
    WHEN greatest(${[1, 2, 3, 4].map((i) => part(x, i)).join(', ')}) > 255 THEN FALSE
    ELSE ${part(x, 1)} * 16777216 + ${part(x, 2)} * 65536 + ${part(x, 3)} * 256 + ${part(x, 4)} BETWEEN ${low} AND ${high} END`;
  return { path, exact: true, to: () => test };
}
