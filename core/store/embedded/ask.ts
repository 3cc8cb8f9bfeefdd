// A question about events made ready: what a stored event must be to count, by the matcher, scope, time and the rule that the
// collector's own records show only when asked for.
import { read, type Event, type Millis } from '../../event.js';
import { matcher } from '../../predicate/match.js';
import type { EventQuery, Scope } from '../store.js';
import type { StoredEvent } from './hot.js';

export const OWN_DATASETS: readonly string[] = ['haidang.loss', 'haidang.clock', 'haidang.mark'];
export const isOwn = (event: Event): boolean => OWN_DATASETS.includes(read(event, 'event.dataset') as string);

export function inScope({ tiers, hiddenSystems }: Scope): (one: StoredEvent) => boolean {
  const seen = new Set(tiers), hidden = new Set(hiddenSystems);
  return ({ tier, event }) => seen.has(tier) && !hidden.has(read(event, 'haidang.system') as string);
}

export function counts({ predicate, from = -Infinity, to = Infinity, scope, ownRecords = false }: EventQuery): (one: StoredEvent) => boolean {
  const visible = inScope(scope), matches = matcher(predicate);
  return (one) => one.time >= from && one.time < to && visible(one) && (ownRecords || !isOwn(one.event)) && matches(one.event);
}

/** Where a page ended: the next begins after it, in newest-first order. */
export interface Place { readonly time: Millis; readonly id: string }
export const newestFirst = (a: Place, b: Place): number => (a.time !== b.time ? b.time - a.time : a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
export const isAfter = (place: Place | undefined, one: Place): boolean => place === undefined || newestFirst(place, one) < 0;

/** The values of a field that a list of frequent values counts: each once an event, as text. */
export function facetValues(event: Event, field: string): readonly string[] {
  const value = read(event, field);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [String(value)];
  return [...new Set((value as readonly unknown[]).flat(Infinity).filter((one) => one !== null).map(String))];
}
