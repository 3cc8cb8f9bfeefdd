// What a page request may ask for.
import { InvalidError } from '../../errors.js';
import type { PageRequest } from '../store.js';

/** One more is read than is given; the server gives at most 10,000 at once. */
export const PAGE_LIMIT_MAX = 9_999;

export function pageLimit({ limit }: PageRequest): number {
  if (Number.isInteger(limit) && limit > 0 && limit <= 10_000) return Math.min(limit, PAGE_LIMIT_MAX);
  throw new InvalidError(`expected a limit from 1 to 10000, got ${limit}`, 'limit');
}

/** The values that the page before ended with. */
export function parseCursor(cursor: string, length: number): readonly (string | number)[] {
  try {
    const values = JSON.parse(cursor) as unknown;
    if (Array.isArray(values) && values.length === length && values.every((one) => ['string', 'number'].includes(typeof one))) return values as (string | number)[];
  } catch { /* told below */ }
  throw new InvalidError('expected the cursor of the page before, got something else', 'cursor');
}
