// Writing pieces of the search language: values are quoted where they need it, conditions are joined by `and`.
import type { EntityItem } from '../../api.js';
import { link } from './router.js';

const BARE = /^[A-Za-z0-9_.@/-]+$/, WORDS = /^(and|or|not)$/i;
export const quoted = (value: string): string => (BARE.test(value) && !WORDS.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`);
export const condition = (field: string, value: string): string => `${field}:${quoted(value)}`;

/** The query with one more condition; `not` leaves the value out. An `or` at the top is put in brackets first. */
export function withCondition(query: string, field: string, value: string, keep = true): string {
  const piece = `${keep ? '' : 'not '}${condition(field, value)}`, rest = query.trim();
  if (rest === '') return piece;
  return `${/\bor\b/i.test(rest) && !/^\(.*\)$/.test(rest) ? `(${rest})` : rest} and ${piece}`;
}

const FIELD: Readonly<Record<EntityItem['kind'], string | undefined>> = { ip: 'source.ip', user: 'user.name', host: 'host.name', file: undefined, url: undefined };
export const entityLink = ({ kind, value }: EntityItem): string => link('/events', { q: FIELD[kind] === undefined ? quoted(value) : condition(FIELD[kind], value), range: 'd7' });
