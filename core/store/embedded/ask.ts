// A question about events made ready: what a stored event must be to count, by the matcher, scope, time and the rule that the
// collector's own records show only when asked for.
import { read, type Event, type Millis } from '../../event.js';
import { matcher } from '../../predicate/match.js';
import { ALWAYS, and, not, or, type Predicate } from '../../predicate/predicate.js';
import { scalarsOf } from '../../predicate/values.js';
import type { EventQuery, Scope } from '../store.js';
import type { StoredEvent } from './hot.js';

const OWN_DATASETS: readonly string[] = ['haidang.loss', 'haidang.clock', 'haidang.mark'];
export const isOwn = (event: Event): boolean => scalarsOf(read(event, 'event.dataset')).some((value) => OWN_DATASETS.includes(String(value)));

export function inScope({ tiers, hiddenSystems }: Scope): (one: StoredEvent) => boolean {
  const seen = new Set(tiers), hidden = new Set(hiddenSystems);
  return ({ tier, event }) => seen.has(tier) && (hidden.size === 0 || !scalarsOf(read(event, 'haidang.system')).some((value) => hidden.has(String(value))));
}

const isOneOf = (field: string, values: readonly string[]): Predicate => or(values.map((text): Predicate => ({ kind: 'string', path: [field], pattern: [{ kind: 'text', text }], cased: true })));
/** The whole question but for time and tier, as one predicate. */
export function wholePredicate({ predicate, scope: { hiddenSystems }, ownRecords = false }: EventQuery): Predicate {
  return and([predicate, not(isOneOf('haidang.system', hiddenSystems)), ownRecords ? ALWAYS : not(isOneOf('event.dataset', OWN_DATASETS))]);
}

export function counts(query: EventQuery): (one: StoredEvent) => boolean {
  const { from = -Infinity, to = Infinity } = query, tiers = new Set(query.scope.tiers), matches = matcher(wholePredicate(query));
  return (one) => one.time >= from && one.time < to && tiers.has(one.tier) && matches(one.event);
}

/** Where a page ended: the next begins after it, in newest-first order. */
export interface Place { readonly time: Millis; readonly id: string }
export const newestFirst = (a: Place, b: Place): number => (a.time !== b.time ? b.time - a.time : a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
export const isAfter = (place: Place | undefined, one: Place): boolean => place === undefined || newestFirst(place, one) < 0;

/** The values of a field that a list of frequent values counts: each once an event, as text. */
export function facetValues(event: Event, field: string): readonly string[] {
  return [...new Set(scalarsOf(read(event, field)).map(String))];
}
