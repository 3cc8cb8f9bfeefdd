// The queue's filter, which is the page's query: what the address says is what the list shows, so a view can be sent to a colleague.
import type { IncidentItem } from '../../api.js';
import { link } from './router.js';

export const SORTS = ['urgency', 'severity', 'newest', 'oldest', 'updated'] as const;
export type Sort = (typeof SORTS)[number];
/** What still waits for somebody, as the overview counts it. */
export const OPEN = 'new,assigned';
export const FILTERS = ['status', 'severity', 'tier', 'system', 'assignee', 'rule', 'q', 'from', 'to'] as const;
export type FilterName = (typeof FILTERS)[number];
export type QueueFilter = Readonly<Partial<Record<FilterName, string>>> & { readonly sort: Sort };

export function readFilter(query: URLSearchParams): QueueFilter {
  const sort = SORTS.find((one) => one === query.get('sort')) ?? 'urgency';
  return { ...Object.fromEntries(FILTERS.flatMap((name) => { const value = query.get(name); return value === null || value === '' ? [] : [[name, value]]; })), sort };
}

/** What the server is asked: no status means open, `any` means no restriction. */
export function apiQuery({ status, ...rest }: QueueFilter): Record<string, string | undefined> {
  return { ...rest, status: status === undefined ? OPEN : status === 'any' ? undefined : status };
}

export const incidentLink = ({ id }: Pick<IncidentItem, 'id'>): string => link(`/incidents/${encodeURIComponent(id)}`);
