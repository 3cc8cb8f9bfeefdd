// A predicate as a DuckDB condition over sealed files (their columns: sql-values.ts). The condition is true for every event that
// `match` says yes to: what SQL cannot say is widened, under `not` to everything, and then `exact` is false and the caller asks
// `match` again. Two-valued: no part is ever NULL. Events with `_opaque` values are the caller's to add and to ask again.
import { assertNever } from '../assert.js';
import { parseNetwork } from '../ip.js';
import { anywhere } from './pattern.js';
import type { Comparison, Predicate } from './predicate.js';
import { ANY_ALPHABET, anyValue, firstPresent, FULL_SHAPE, quote, type SqlShape, type Test, type Values } from './sql-values.js';
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
    case 'or': return joined(predicate.parts.map((part) => compile(part, shape)), 'OR');
    case 'not': {
      const part = compile(predicate.part, shape);
      return part.exact ? { sql: `(NOT ${part.sql})`, exact: true } : EVERYTHING;
    }
    case 'string': { const { test, exact } = patternTest(predicate.pattern, predicate.cased); return { sql: any(predicate.path, shape, test), exact }; }
    case 'number': return number(predicate, shape);
    case 'regex': {
      const found = regexTest(predicate.source, predicate.flags);
      return found === undefined ? present(predicate.path, shape) : { sql: any(predicate.path, shape, found.test), exact: found.exact };
    }
    case 'cidr': return cidr(predicate.path, predicate.network, shape);
    case 'exists': return { sql: firstPresent(predicate.path, shape, () => 'TRUE', 'FALSE'), exact: true };
    case 'null': return { sql: firstPresent(predicate.path, shape, ({ isNull }) => isNull, 'TRUE'), exact: true };
    case 'fieldref': return joined([present(predicate.path, shape), present(predicate.other, shape)], 'AND');
    case 'datepart': return present(predicate.path, shape);
    case 'keyword': {
      // Keywords look at some fields and at a stretch of the original: what they find is found in some value.
      const { test } = patternTest(anywhere(predicate.pattern), predicate.cased);
      return { sql: anyValue(test, shape, ANY_ALPHABET), exact: false };
    }
    case 'keywordRegex': return EVERYTHING;
    case 'text': {
      const { test, exact, alphabet } = searchTest(predicate.text);
      return { sql: predicate.path.length === 0 ? anyValue(test, shape, alphabet) : any(predicate.path, shape, test), exact };
    }
    default: return assertNever(predicate);
  }
}

function joined(parts: readonly Part[], word: 'AND' | 'OR'): Part {
  if (parts.length === 0) return { sql: word === 'AND' ? 'TRUE' : 'FALSE', exact: true };
  return { sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`, exact: parts.every(({ exact }) => exact) };
}

const any = (path: readonly string[], shape: SqlShape, test: Test): string => firstPresent(path, shape, (values) => values.any(test), 'FALSE');
const present = (path: readonly string[], shape: SqlShape): Part => ({ sql: firstPresent(path, shape, () => 'TRUE', 'FALSE'), exact: false });

const OPERATORS: Readonly<Record<Comparison, string>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };
/** What `trim` takes away in JavaScript. */
const SPACE = '[\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]*';
const DECIMAL = '[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?';

function number({ path, op, value, text }: Extract<Predicate, { kind: 'number' }>, shape: SqlShape): Part {
  if (!Number.isFinite(value)) return present(path, shape);
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
  const ask = (values: Values): string => {
    if (values.number === undefined) return values.any(test);
    return exact ? `coalesce(${values.number} ${operator} ${wanted}, FALSE)` : values.present;
  };
  return { sql: firstPresent(path, shape, ask, 'FALSE'), exact };
}

function cidr(path: readonly string[], network: string, shape: SqlShape): Part {
  const range = parseNetwork(network);
  if (range === undefined) return { sql: 'FALSE', exact: true };
  // IPv6 has many spellings: the matcher reads them.
  if (range.bits === 128) return { sql: any(path, shape, (x) => `contains(${x}, ':')`), exact: false };
  // An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) makes its event opaque.
  const low = Number(range.base), high = low + 2 ** (32 - range.prefix) - 1;
  // DuckDB may compute a branch for texts that never come to it, so nothing may fail.
  const part = (x: string, i: number): string => `TRY_CAST(split_part(${x}, '.', ${i}) AS BIGINT)`;
  const test: Test = (x) => `CASE WHEN NOT regexp_full_match(${x}, '[0-9]{1,3}(?:\\.[0-9]{1,3}){3}') THEN FALSE
    WHEN greatest(${[1, 2, 3, 4].map((i) => part(x, i)).join(', ')}) > 255 THEN FALSE
    ELSE ${part(x, 1)} * 16777216 + ${part(x, 2)} * 65536 + ${part(x, 3)} * 256 + ${part(x, 4)} BETWEEN ${low} AND ${high} END`;
  return { sql: any(path, shape, test), exact: true };
}
