// Searching events. Reading log content is written into the audit trail before the answer leaves.
import type { EventHistogram } from '../api.js';
import { InvalidError, NotFoundError } from '../../core/errors.js';
import { FIELDS } from '../../core/fields.js';
import { parseQuery } from '../../core/predicate/text.js';
import { isError, ProblemError } from '../../core/problem.js';
import type { EventQuery } from '../../core/store/store.js';
import { integerOf, intervalOf, iso, pageOf, presentPage, textOf, timeOf } from './parameters.js';
import type { SignedCall, SignedRoute } from './route.js';

const DAY_MS = 86_400_000;
const FIELD = /^[^\s"():]{1,200}$/;

export const eventRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/events', roles: ['log_reader'],
    async handle(call) {
      const { deps, query } = call, search = queryOf(call), page = await deps.store.events.search(search, pageOf(query));
      await auditSearch(call, 'event.search');
      return { body: presentPage(page, (event) => event) };
    },
  },
  {
    method: 'GET', path: '/api/events/histogram', roles: ['log_reader'],
    async handle(call) {
      const { deps, query } = call, search = queryOf(call), { from, to } = await spanOf(call, search);
      if (to <= from) throw new InvalidError('to: expected a time after from', 'to', 'time.order');
      const intervalMs = intervalOf(to - from, integerOf(query, 'buckets', 60, 1, 500));
      const buckets = await deps.store.events.histogram({ ...search, from, to }, intervalMs);
      await auditSearch(call, 'event.search');
      const body: EventHistogram = { intervalMs, from: iso(from), to: iso(to), buckets: buckets.map(({ start, count }) => ({ start: iso(start), count })) };
      return { body };
    },
  },
  {
    method: 'GET', path: '/api/events/facets', roles: ['log_reader'],
    async handle(call) {
      const { deps, query } = call, field = textOf(query, 'field') ?? '';
      if (!FIELD.test(field)) throw new InvalidError(`field: expected the name of a field, got ${JSON.stringify(field)}`, 'field', 'field.name');
      const items = await deps.store.events.facets(queryOf(call), field, integerOf(query, 'limit', 10, 1, 500));
      await auditSearch(call, 'event.search');
      return { body: { field, items } };
    },
  },
  {
    method: 'GET', path: '/api/events/:id', roles: ['log_reader'],
    async handle(call) {
      const { deps, asker, params } = call, id = params['id'] ?? '', event = await deps.store.events.get(id, asker.scope);
      if (event === undefined) throw new NotFoundError('no such event');
      await deps.audit.read(call, 'event.read', id, {});
      return { body: event };
    },
  },
  { method: 'GET', path: '/api/fields', roles: ['signed_in'], handle: async () => ({ body: { items: FIELDS.map(({ name, type, vi, en }) => ({ name, type, vi, en })) } }) },
];

function queryOf({ asker, query }: SignedCall): EventQuery {
  const { predicate, problems, ownRecords } = parseQuery(query.get('query') ?? '');
  if (problems.some(isError)) throw new ProblemError(problems.filter(isError));
  return { predicate, from: timeOf(query, 'from'), to: timeOf(query, 'to'), scope: asker.scope, ownRecords };
}

/** From the first to the last day on which something answers; a search without bounds is drawn over what it finds. */
async function spanOf({ deps }: SignedCall, search: EventQuery): Promise<{ readonly from: number; readonly to: number }> {
  const now = deps.clock.now();
  if (search.from !== undefined) return { from: search.from, to: search.to ?? Math.max(now, search.from + 1) };
  const days = await deps.store.events.histogram(search, DAY_MS), first = days[0]?.start ?? (search.to ?? now) - DAY_MS;
  return { from: first, to: search.to ?? Math.max((days[days.length - 1]?.start ?? now - DAY_MS) + DAY_MS, first + DAY_MS) };
}

function auditSearch(call: SignedCall, action: string): Promise<void> {
  const { query } = call, part = (name: string): Record<string, string> => { const value = textOf(query, name); return value === undefined ? {} : { [name]: value.slice(0, 300) }; };
  return call.deps.audit.read(call, action, 'events', { ...part('query'), ...part('field'), ...part('from'), ...part('to') });
}
