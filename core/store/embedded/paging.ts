// Pages over SQLite rows by key, never by offset: what is written between two pages neither hides a row nor shows one twice.
import { InvalidError } from '../../errors.js';
import type { Database, Row, SqlValue } from '../../process/sqlite.js';
import type { Page, PageRequest } from '../store.js';

export interface Order { readonly column: string; readonly descending: boolean }
export interface Condition { readonly sql: string; readonly values: readonly SqlValue[] }

export const newest = (...columns: readonly string[]): readonly Order[] => columns.map((column) => ({ column, descending: true }));
export const oldest = (...columns: readonly string[]): readonly Order[] => columns.map((column) => ({ column, descending: false }));
export const PAGE_LIMIT_MAX = 10_000;

/** Rows of `table` that meet every condition, in `order` (its last column unique), read from their `doc`. */
export function readPage<T>(db: Database, table: string, conditions: readonly Condition[], order: readonly Order[], request: PageRequest, read: (row: Row) => T): Page<T> {
  const limit = pageLimit(request);
  const all = conditions.filter(({ sql }) => sql !== '');
  const where = all.length === 0 ? '' : `where ${all.map(({ sql }) => `(${sql})`).join(' and ')}`;
  const values = all.flatMap((condition) => condition.values);
  const total = Number(db.prepare(`select count(*) as n from ${table} ${where}`).get(...values)?.['n']);
  const after = request.cursor === undefined ? undefined : beyond(order, parseCursor(request.cursor, order.length));
  const from = after === undefined ? where : `${where === '' ? 'where' : `${where} and`} (${after.sql})`;
  const rows = db.prepare(`select * from ${table} ${from} order by ${order.map(({ column, descending }) => `${column} ${descending ? 'desc' : 'asc'}`).join(', ')} limit ?`)
    .all(...values, ...(after?.values ?? []), limit + 1);
  const items = rows.slice(0, limit), last = items[items.length - 1];
  return { items: items.map(read), next: rows.length > limit && last !== undefined ? JSON.stringify(order.map(({ column }) => last[column])) : null, total };
}

export function pageLimit({ limit }: PageRequest): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_LIMIT_MAX) throw new InvalidError(`expected a limit from 1 to ${PAGE_LIMIT_MAX}, got ${limit}`, 'limit', 'parameter.integer', { min: 1, max: PAGE_LIMIT_MAX, got: limit });
  return limit;
}

export function parseCursor(cursor: string, length: number): SqlValue[] {
  let parsed: unknown;
  try { parsed = JSON.parse(cursor); } catch { parsed = undefined; }
  const good = Array.isArray(parsed) && parsed.length === length && parsed.every((one) => typeof one === 'string' || typeof one === 'number');
  if (!good) throw new InvalidError('expected the cursor of the page before, got something else', 'cursor', 'parameter.cursor');
  return parsed as SqlValue[];
}

// (a, b) after (x, y): a beyond x, or a = x and b beyond y.
function beyond(order: readonly Order[], values: readonly SqlValue[]): Condition {
  const parts: string[] = [], used: SqlValue[] = [];
  order.forEach(({ column, descending }, i) => {
    parts.push(`(${[...order.slice(0, i).map((before) => `${before.column} = ?`), `${column} ${descending ? '<' : '>'} ?`].join(' and ')})`);
    used.push(...values.slice(0, i + 1));
  });
  return { sql: parts.join(' or '), values: used };
}

export const among = (column: string, values: readonly SqlValue[]): Condition => ({ sql: values.length === 0 ? '1 = 0' : `${column} in (${values.map(() => '?').join(', ')})`, values });
export const notAmong = (column: string, values: readonly SqlValue[]): Condition => ({ sql: values.length === 0 ? '' : `${column} not in (${values.map(() => '?').join(', ')})`, values });
export const has = (column: string, operator: '=' | '>=' | '<=' | '<', value: SqlValue | undefined): Condition => (value === undefined ? { sql: '', values: [] } : { sql: `${column} ${operator} ?`, values: [value] });
export const docOf = <T>(row: Row): T => JSON.parse(row['doc'] as string) as T;
