// Writing pieces of the search language: values are quoted where they need it, conditions are joined by `AND`.
// Operators are words in capitals (core/predicate/text.ts): `and` is a word to be found.
import type { EntityItem } from '../../api.js';
import { link } from './router.js';

const BARE = /^[A-Za-z0-9_.@/][A-Za-z0-9_.@/-]*$/, WORDS = /^(AND|OR|NOT)$/;
export const quoted = (value: string): string => (BARE.test(value) && !WORDS.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`);
export const condition = (field: string, value: string): string => `${field}:${quoted(value)}`;

/** The query with one more condition; `NOT` leaves the value out. An `OR` at the top is put in brackets first. */
export function withCondition(query: string, field: string, value: string, keep = true): string {
  const piece = `${keep ? '' : 'NOT '}${condition(field, value)}`, rest = query.trim();
  if (rest === '') return piece;
  return `${hasOuterOr(rest) ? `(${rest})` : rest} AND ${piece}`;
}

/** An OR that stands in no brackets and no quotes. */
function hasOuterOr(query: string): boolean {
  let depth = 0;
  for (const [piece] of query.matchAll(/"(?:\\.|[^"\\])*"?|[()]|[^\s()"]+/g)) {
    if (piece === '(') depth++; else if (piece === ')') depth--; else if (piece === 'OR' && depth === 0) return true;
  }
  return false;
}

const FIELD: Readonly<Record<EntityItem['kind'], string | undefined>> = { ip: 'source.ip', user: 'user.name', host: 'host.name', file: undefined, url: undefined };
export const entityLink = ({ kind, value }: EntityItem): string => link('/events', { q: FIELD[kind] === undefined ? quoted(value) : condition(FIELD[kind], value), range: 'd7' });
