// Reading query parameters: lists by comma, ISO times, limits, cursors. What is not understood is refused by name.
import { InvalidError } from '../../core/errors.js';
import type { Millis } from '../../core/event.js';
import type { Page, PageRequest } from '../../core/store/store.js';
import type { List } from '../api.js';

const LIMIT_DEFAULT = 50, LIMIT_MAX = 500, CURSOR_CHARS_MAX = 4096;

/** Absent and empty are the same: the parameter does not limit. */
export const textOf = (query: URLSearchParams, name: string): string | undefined => query.get(name)?.trim() || undefined;

export function listOf<T extends string>(query: URLSearchParams, name: string, allowed: readonly T[]): readonly T[] | undefined {
  const values = textOf(query, name)?.split(',').map((part) => part.trim());
  for (const value of values ?? []) if (!(allowed as readonly string[]).includes(value)) throw new InvalidError(`${name}: expected ${allowed.join(', ')}, got ${JSON.stringify(value)}`, name, 'parameter.choice', { name, allowed: allowed.join(', '), got: value });
  return values as readonly T[] | undefined;
}

export function tiersOf(query: URLSearchParams): readonly number[] | undefined {
  return listOf(query, 'tier', ['1', '2', '3', '4', '5'])?.map(Number);
}

export function timeOf(query: URLSearchParams, name: string): Millis | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  // A `+` that was not encoded arrives as a space: `2026-12-14T00:00:00 07:00`.
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.replace(/ (\d{2}:\d{2})$/, '+$1')) : NaN;
  if (Number.isNaN(at)) throw new InvalidError(`${name}: expected an ISO time such as 2026-12-14T09:30:00Z, got ${JSON.stringify(text)}`, name, 'parameter.time', { name, got: text });
  return at;
}

export function integerOf(query: URLSearchParams, name: string, otherwise: number, min: number, max: number): number {
  const text = textOf(query, name);
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text) || Number(text) < min || Number(text) > max) throw new InvalidError(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`, name, 'parameter.integer', { name, min, max, got: text });
  return Number(text);
}

export function pageOf(query: URLSearchParams): PageRequest {
  const limit = integerOf(query, 'limit', LIMIT_DEFAULT, 1, LIMIT_MAX), cursor = textOf(query, 'cursor');
  if (cursor !== undefined && cursor.length > CURSOR_CHARS_MAX) throw new InvalidError('cursor: expected the cursor of the page before, got something else', 'cursor', 'parameter.cursor');
  return cursor === undefined ? { limit } : { limit, cursor };
}

export const presentPage = <T, W>({ items, next, total }: Page<T>, present: (item: T) => W): List<W> => ({ items: items.map(present), next, total });

/** A page of what is in memory; the cursor is the key of the last item shown, so that changes in between neither hide nor double. */
export function pageOfAll<T>(items: readonly T[], keyOf: (item: T) => string, query: URLSearchParams): List<T> {
  const { limit, cursor } = pageOf(query);
  const after = cursor === undefined ? -1 : items.findIndex((item) => keyOf(item) === cursor);
  if (cursor !== undefined && after < 0) throw new InvalidError('cursor: expected the cursor of the page before, got something else', 'cursor', 'parameter.cursor');
  const page = items.slice(after + 1, after + 1 + limit), last = page[page.length - 1];
  return { items: page, next: last !== undefined && after + 1 + limit < items.length ? keyOf(last) : null, total: items.length };
}

export const iso = (at: Millis): string => new Date(at).toISOString();
export const isoOrNull = (at: Millis | null | undefined): string | null => (at === null || at === undefined ? null : iso(at));

/** The interval of a histogram of about `buckets` columns over a span, one that people count in. */
const STEPS_MS = [1000, 5000, 15_000, 30_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000];
export function intervalOf(spanMs: number, buckets: number): number {
  return STEPS_MS.find((step) => spanMs / step <= buckets) ?? (STEPS_MS[STEPS_MS.length - 1] as number) * Math.ceil(spanMs / buckets / (STEPS_MS[STEPS_MS.length - 1] as number));
}
