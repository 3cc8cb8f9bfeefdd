// A question about events made ready: the query that finds all who may be meant, and which of them the matcher must be asked about.
// Odd events (query-dsl-tokens.ts) are found by every question and always asked about.
import { read, type Event } from '../../event.js';
import { matcher } from '../../predicate/match.js';
import { ALWAYS, and, not, or, type Predicate } from '../../predicate/predicate.js';
import type { Query } from '../../predicate/query-dsl-parts.js';
import { compileDsl } from '../../predicate/query-dsl.js';
import { scalarsOf } from '../../predicate/values.js';
import type { EventQuery, Scope } from '../store.js';

/** The collector's own records: listed only when asked for. */
const OWN: readonly string[] = ['haidang.loss', 'haidang.clock', 'haidang.mark'];
const oneOf = (field: string, values: readonly string[]): Predicate => or(values.map((text): Predicate => ({ kind: 'string', path: [field], pattern: [{ kind: 'text', text }], cased: true })));

export interface Question {
  /** All that may be meant. */
  readonly candidates: Query;
  /** Of these the server knows the answer to be yes; undefined where it knows it of none. */
  readonly certain?: Query;
  /** The others. */
  readonly doubtful: Query;
  /** The answer, for a doubtful one. */
  readonly matches: (event: Event) => boolean;
}

const ODD: Query = { term: { odd: true } };

/** `retired` = days of receipt that are forgotten, `3/2026-11-22`. */
export function questionOf({ predicate, from, to, scope, ownRecords = false }: EventQuery, retired: readonly string[]): Question {
  const whole = and([predicate, not(oneOf('haidang.system', scope.hiddenSystems)), ownRecords ? ALWAYS : not(oneOf('event.dataset', OWN))]), { query, exact } = compileDsl(whole);
  const time: Query[] = from === undefined && to === undefined ? [] : [{ range: { time: { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) } } }];
  const base = [{ terms: { tier: scope.tiers } }, ...time, ...notRetired(retired)], filter = (...parts: readonly Query[]): Query => ({ bool: { filter: [...base, ...parts] } });
  const candidates = filter({ bool: { should: [query, ODD], minimum_should_match: 1 } }), matches = matcher(whole);
  if (!exact) return { candidates, doubtful: candidates, matches };
  return { candidates, certain: filter(query, { bool: { must_not: [ODD] } }), doubtful: filter(ODD), matches };
}

export function notRetired(retired: readonly string[]): readonly Query[] {
  if (retired.length === 0) return [];
  const days = new Map<string, string[]>();
  for (const one of retired) { const [tier = '', day = ''] = one.split('/'); days.set(tier, [...days.get(tier) ?? [], day]); }
  return [{ bool: { must_not: [...days].map(([tier, all]) => ({ bool: { filter: [{ term: { tier: Number(tier) } }, { terms: { day: all } }] } })) } }];
}

/** May this person see an event that was read by its id? */
export const isHidden = ({ hiddenSystems }: Scope, event: Event): boolean => hiddenSystems.length > 0 && scalarsOf(read(event, 'haidang.system')).some((value) => hiddenSystems.includes(String(value)));

/** The values of a field that a list of frequent values counts: each once an event, as text. */
export const facetValues = (event: Event, field: string): readonly string[] => [...new Set(scalarsOf(read(event, field)).map(String))];
