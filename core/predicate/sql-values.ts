// Where DuckDB finds the values of an event's field in a sealed file, and how to ask about them. A sealed file is a wide table:
//
//   one column for each of FIELDS that its events have: `long` fields BIGINT, all others VARCHAR. A text stands there as it is; any
//     other value (an array, a number, null) as U+0001 and its JSON. What does not fit a BIGINT stands in the rest.
//   _rest      JSON object of all other fields
//   _time, _received   event time and received time, milliseconds
//   _stream, _seq      stream and position
//   _hash      the 16 hex digits of event.id where `event.id`, `@timestamp`, `event.created` and `haidang.collector|epoch|tier|seq` are
//              what stream, position and times say; those fields then have no column of their own
//   _head      what precedes `message` where `event.original` ends with it; the original then has no column of its own
//   _opaque    JSON of values that SQL would not read as `match` does (text that is not NFC or not well-formed, combining marks, nested
//              arrays ...). Such an event is always a candidate and never certain: whoever asks adds `or _opaque is not null`.
import { fieldOf, FIELDS } from '../fields.js';
import type { Path } from './predicate.js';
import { UNSEARCHED } from './values.js';

/** What the files at hand are like; a column that none of them has cannot be named in a question. */
export interface SqlShape {
  readonly columns: ReadonlySet<string>;
  /** VARCHAR columns that also hold encoded values. */
  readonly encoded: ReadonlySet<string>;
  /** BIGINT columns with values of other kinds in the rest. */
  readonly strays: ReadonlySet<string>;
  /** All that a VARCHAR column holds, as it stands there, where it is little: questions to any field then need not read it. */
  readonly known?: ReadonlyMap<string, readonly string[]>;
  /** VARCHAR columns that hold nothing but digits, a-f and `.:-` (addresses, numbers). */
  readonly codes?: ReadonlySet<string>;
}
export const SYSTEM_COLUMNS: readonly string[] = ['_stream', '_seq', '_time', '_received', '_hash', '_head', '_rest', '_opaque'];
const names = FIELDS.filter(({ type }) => isColumn(type)).map(({ name }) => name);
export const FULL_SHAPE: SqlShape = { columns: new Set([...SYSTEM_COLUMNS, ...names]), encoded: new Set(names), strays: new Set(names) };

/** Fields that an event with a `_hash` has no columns for. */
export const DERIVED_FIELDS: readonly string[] = ['@timestamp', 'event.created', 'event.id', 'haidang.collector', 'haidang.epoch', 'haidang.tier', 'haidang.seq'];

export type ColumnType = 'VARCHAR' | 'BIGINT';
export function columnType(field: string): ColumnType | undefined {
  const type = fieldOf(field)?.type;
  return type === undefined || !isColumn(type) ? undefined : type === 'long' ? 'BIGINT' : 'VARCHAR';
}
function isColumn(type: string): boolean {
  return type !== 'double' && type !== 'boolean';
}

/** A question about one text, `x` its SQL. The answer may be NULL where x is. */
export type Test = (x: string) => string;

/** The values of one field. All answers are TRUE or FALSE, never NULL. */
export interface Values {
  /** The event has the field, be it null. */
  readonly present: string;
  readonly isNull: string;
  /** One of its values, as text, answers yes. */
  any(test: Test): string;
  /** The column, where whole numbers stand as such and nowhere else. */
  readonly number?: string;
  /** The list of its values as text. */
  readonly list: string;
  /** Where one expression says all of them: rows can be counted by it first, and only its distinct values be read. */
  readonly whole?: Whole;
}
export interface Whole {
  readonly sql: string;
  /** The list of values that such an expression's value stands for; absent: the value itself, as text, is the only one. */
  list?(x: string): string;
}

export const NOTHING: Values = { present: 'FALSE', isNull: 'FALSE', any: () => 'FALSE', list: 'NULL' };
/** Text that a VARCHAR can hold: well-formed, without NUL. */
export const isSqlText = (text: string): boolean => !/\p{Cs}|\0/u.test(text);
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const column = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const certain = (sql: string): string => `coalesce(${sql}, FALSE)`;

const ISO = `'%Y-%m-%dT%H:%M:%S.%gZ'`;
const DERIVED: Readonly<Record<string, string>> = {
  '@timestamp': `strftime(epoch_ms(_time), ${ISO})`,
  'event.created': `strftime(epoch_ms(_received), ${ISO})`,
  'event.id': `_stream || '.' || _seq || '.' || _hash`,
  'haidang.collector': `split_part(_stream, '.', 1)`,
  'haidang.epoch': `TRY_CAST(split_part(_stream, '.', 2) AS BIGINT)`,
  'haidang.tier': `TRY_CAST(split_part(_stream, '.', 3) AS BIGINT)`,
  'haidang.seq': '_seq',
};

export function valuesOf(field: string, shape: SqlShape): Values {
  const type = columnType(field), there = shape.columns.has(field);
  if (type === undefined) return inRest(field, shape);
  if (DERIVED[field] !== undefined && shape.columns.has('_hash')) {
    const derived = `CASE WHEN _hash IS NOT NULL THEN ${DERIVED[field]}${there ? ` ELSE ${column(field)}` : ''} END`;
    return type === 'VARCHAR' ? texts(derived, shape.encoded.has(field)) : numbers(derived, field, shape);
  }
  if (field === 'event.original' && shape.columns.has('_head')) {
    return texts(`CASE WHEN _head IS NOT NULL THEN _head || message${there ? ` ELSE ${column(field)}` : ''} END`, shape.encoded.has(field));
  }
  if (type === 'BIGINT') return there || shape.strays.has(field) ? numbers(there ? column(field) : 'CAST(NULL AS BIGINT)', field, shape) : NOTHING;
  return there ? texts(column(field), shape.encoded.has(field)) : NOTHING;
}

function texts(x: string, encoded: boolean): Values {
  if (!encoded) return { present: `(${x}) IS NOT NULL`, isNull: 'FALSE', any: (test) => certain(test(`(${x})`)), list: `CASE WHEN (${x}) IS NOT NULL THEN [${x}] END`, whole: { sql: x } };
  return {
    present: `(${x}) IS NOT NULL`,
    isNull: certain(`(${x}) = chr(1) || 'null'`),
    any: (test) => `CASE WHEN (${x}) IS NULL THEN FALSE WHEN starts_with(${x}, chr(1)) THEN ${inList(decoded(x), test)} ELSE ${certain(test(`(${x})`))} END`,
    list: listed(x), whole: { sql: x, list: listed },
  };
}
// Arguments, too, are computed for texts that never come to this branch: those become an empty array.
const decoded = (x: string): string => `from_json(CASE WHEN NOT starts_with(${x}, chr(1)) THEN '[]' WHEN substr(${x}, 2, 1) = '[' THEN substr(${x}, 2) ELSE '[' || substr(${x}, 2) || ']' END, '["VARCHAR"]')`;
const listed = (x: string): string => `CASE WHEN (${x}) IS NULL THEN NULL WHEN starts_with(${x}, chr(1)) THEN ${decoded(x)} ELSE [${x}] END`;

function numbers(x: string, field: string, shape: SqlShape): Values {
  const own: Values = { present: `(${x}) IS NOT NULL`, isNull: 'FALSE', any: (test) => certain(test(`CAST(${x} AS VARCHAR)`)), number: `(${x})`, list: `CASE WHEN (${x}) IS NOT NULL THEN [CAST(${x} AS VARCHAR)] END`, whole: { sql: x } };
  if (!shape.strays.has(field)) return own;
  const stray = inRest(field, shape);
  return {
    number: undefined, present: `(${own.present} OR ${stray.present})`, isNull: stray.isNull, any: (test) => `(${own.any(test)} OR ${stray.any(test)})`, list: `coalesce(${own.list}, ${stray.list})`,
  };
}

function inRest(field: string, shape: SqlShape): Values {
  if (!shape.columns.has('_rest') || !isSqlText(field)) return NOTHING;
  const pointer = quote(`/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const json = `json_extract(_rest, ${pointer})`, text = `json_extract_string(_rest, ${pointer})`, type = `json_type(_rest, ${pointer})`, list = `from_json(${json}, '["VARCHAR"]')`;
  return {
    present: `${type} IS NOT NULL`,
    isNull: certain(`${type} = 'NULL'`),
    any: (test) => `CASE ${type} WHEN 'ARRAY' THEN ${inList(list, test)} WHEN 'NULL' THEN FALSE ELSE ${certain(test(text))} END`,
    list: `CASE ${type} WHEN 'ARRAY' THEN ${list} WHEN 'NULL' THEN NULL ELSE [${text}] END`,
  };
}

const inList = (list: string, test: Test): string => certain(`len(list_filter(${list}, lambda v: ${test('v')})) > 0`);

/** What a text that answers yes may be made of, to leave out columns that cannot hold one. */
export interface Alphabet {
  /** Could it be found in a whole number? */
  readonly number: boolean;
  /** Could it be found among digits, a-f and `.:-`? */
  readonly code: boolean;
  /** Superset of the test over the rest's JSON text, where there is one. */
  readonly json?: Test;
  /** The same question to a text at hand. */
  readonly asks?: (text: string) => boolean;
}
export const ANY_ALPHABET: Alphabet = { number: true, code: true };
export const isCode = (text: string): boolean => /^[-0-9a-fA-F.:]*$/.test(text);

/** One of the event's values answers yes, of the fields that words are looked for in (`searchedFields`); `test` looks for something inside a text. */
export function searchedValue(test: Test, shape: SqlShape, may: Alphabet): string {
  const own = UNSEARCHED.filter((name) => shape.strays.has(name)), rest = own.length === 0 ? '_rest' : `json_merge_patch(_rest, ${quote(JSON.stringify(Object.fromEntries(own.map((name) => [name, null]))))})`;
  const columns = new Set([...shape.columns].filter((name) => !UNSEARCHED.includes(name) && name !== '_hash'));
  return anyValue(test, { ...shape, columns }, may, rest);
}

/** One of the event's values, whatever its field, answers yes. */
export function anyValue(test: Test, shape: SqlShape, may: Alphabet, rest = '_rest'): string {
  const parts: string[] = [], original = 'event.original';
  const ask = (field: string): void => { parts.push(valuesOf(field, shape).any(test)); };
  const headed = shape.columns.has('_head'), derived = shape.columns.has('_hash');
  if (derived) {
    // Collector, epoch and tier stand in the stream, all of it and the position in the id.
    const inside = [certain(test('_stream')), ...['event.id', '@timestamp', 'event.created'].map((name) => certain(test(DERIVED[name] as string)))];
    // AND, not CASE: under CASE DuckDB asks for each row what it could ask once for each entry of a dictionary.
    parts.push(`(_hash IS NOT NULL AND (${inside.join(' OR ')}))`);
  }
  for (const { name } of FIELDS) {
    if (DERIVED[name] !== undefined && derived) {
      const bare: SqlShape = { ...shape, columns: new Set([...shape.columns].filter((one) => one !== '_hash')) };
      if (shape.columns.has(name) || shape.strays.has(name)) parts.push(valuesOf(name, bare).any(test));
    } else if (columnType(name) === 'BIGINT') {
      if (shape.columns.has(name) && may.number) ask(name);
    } else if (name === 'message' && headed) {
      // Where the original ends with the message, what is in the message is in the original.
      if (shape.columns.has(name)) parts.push(`(_head IS NULL AND ${valuesOf(name, shape).any(test)})`);
    } else if (shape.columns.has(name) || (name === original && headed)) {
      // The original may also stand in head and message.
      if (name === original && headed) { ask(name); continue; }
      const known = may.asks === undefined ? undefined : shape.known?.get(name);
      if (known === undefined) { if (may.code || shape.codes?.has(name) !== true) ask(name); continue; }
      const yes = known.filter((value) => valuesIn(value).some((text) => may.asks?.(text)));
      if (yes.length > 0) parts.push(certain(`${column(name)} IN (${yes.map(quote).join(', ')})`));
    }
  }
  if (shape.columns.has('_rest')) {
    const all = `(${certain(`len(list_filter(json_extract(${rest}, '$.*'), lambda j: json_type(j) NOT IN ('ARRAY', 'NULL') AND ${test(`(j ->> '$')`)})) > 0`)}
      OR ${inList(`json_extract_string(${rest}, '$.*[*]')`, test)})`;
    parts.push(may.json === undefined ? `CASE WHEN _rest IS NULL THEN FALSE ELSE ${all} END` : `CASE WHEN ${certain(may.json(rest))} THEN ${all} ELSE FALSE END`);
  }
  return parts.length === 0 ? 'FALSE' : `(${parts.join(' OR ')})`;
}

/** The texts that a column's value stands for. */
function valuesIn(value: string): readonly string[] {
  if (value.charCodeAt(0) !== 1) return [value];
  const parsed = JSON.parse(value.slice(1)) as unknown;
  return (Array.isArray(parsed) ? parsed as unknown[] : [parsed]).filter((one) => one !== null).map(String);
}

/** The first field of the path that the event has decides. */
export function firstPresent(path: Path, shape: SqlShape, ask: (values: Values) => string, otherwise: string): string {
  return path.map((field) => valuesOf(field, shape)).reduceRight(
    (rest, values) => (values.present === 'FALSE' ? rest : `CASE WHEN ${values.present} THEN ${ask(values)} ELSE ${rest} END`), otherwise);
}
