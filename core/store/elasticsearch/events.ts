// The events role over the weekly indices. Counts are the server's where it knows the answer, and what it doubts is read and asked.
import type { Event } from '../../event.js';
import { RAW_FIELDS } from '../../predicate/query-dsl-tokens.js';
import type { Query } from '../../predicate/query-dsl-parts.js';
import { streamName, type Stream } from '../../record.js';
import type { DayShare, EventQuery, EventStore, FacetValue, HistogramBucket, Page, PageRequest, Scope } from '../store.js';
import type { Cluster } from './cluster.js';
import type { Days } from './days.js';
import { decodeEvent, EVENT_SOURCE, textOfEvent, type EventSource, type EventText, type Located } from './event-document.js';
import { pageLimit, parseCursor } from './paging.js';
import { facetValues, isHidden, notRetired, questionOf, type Question } from './question.js';
import { eventsPattern } from './templates.js';

const NEWEST = [{ time: 'desc' }, { id: 'desc' }];
const TERMS_MAX = 10_000;

export class ElasticEvents implements EventStore {
  constructor(private readonly cluster: Cluster, private readonly shares: Days) {}

  async search(query: EventQuery, request: PageRequest): Promise<Page<Event>> {
    const limit = pageLimit(request), after = request.cursor === undefined ? undefined : parseCursor(request.cursor, 2), question = await this.ask(query), found: Located[] = [];
    const total = this.total(question, query.scope);
    // The total may fail while the page is read; it is awaited below.
    total.catch(() => undefined);
    const body = { query: question.candidates, sort: NEWEST, _source: EVENT_SOURCE, ...(after === undefined ? {} : { search_after: after }) };
    reading: for await (const hits of this.pages(query.scope, body, Math.min(10_000, limit + 1))) {
      for (const source of hits) {
        const one = decodeEvent(source);
        if (question.certain !== undefined && !source.odd || question.matches(one.event)) found.push(one);
        if (found.length > limit) break reading;
      }
    }
    const items = found.slice(0, limit), last = items[items.length - 1];
    return { items: items.map(({ event }) => event), next: found.length > limit && last !== undefined ? JSON.stringify([last.time, last.id]) : null, total: await total };
  }

  async count(query: EventQuery): Promise<number> {
    return this.total(await this.ask(query), query.scope);
  }

  async histogram(query: EventQuery, intervalMs: number): Promise<readonly HistogramBucket[]> {
    const question = await this.ask(query), buckets = new Map<number, number>(), add = (start: number, count: number): void => { buckets.set(start, (buckets.get(start) ?? 0) + count); };
    if (question.certain !== undefined && query.scope.tiers.length > 0) {
      for await (const { key, doc_count } of this.cluster.buckets(this.pattern(query.scope), question.certain, [{ start: { histogram: { field: 'time', interval: intervalMs } } }])) add(Number(key['start']), doc_count);
    }
    await this.doubtful(question, query.scope, ({ time }) => add(Math.floor(time / intervalMs) * intervalMs, 1));
    return [...buckets].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start);
  }

  async facets(query: EventQuery, field: string, limit: number): Promise<readonly FacetValue[]> {
    const asked = await this.ask(query), values = new Map<string, number>(), add = (value: string, count: number): void => { values.set(value, (values.get(value) ?? 0) + count); };
    // Values of other fields are not kept as written: the events are read.
    const counted = asked.certain !== undefined && RAW_FIELDS.has(field) && query.scope.tiers.length > 0, question: Question = counted ? asked : { ...asked, certain: undefined, doubtful: asked.candidates };
    if (counted) for (const [value, count] of await this.terms(query.scope, asked.certain, field)) add(value, count);
    await this.doubtful(question, query.scope, ({ event }) => { for (const value of facetValues(event, field)) add(value, 1); });
    return [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
  }

  async get(id: string, scope: Scope): Promise<Event | undefined> {
    if (scope.tiers.length === 0) return undefined;
    const query = { bool: { filter: [{ ids: { values: [id] } }, { terms: { tier: scope.tiers } }, ...notRetired(await this.shares.retired())] } };
    const { hits: [hit] } = await this.cluster.search<EventSource>(this.pattern(scope), { query, size: 1, _source: EVENT_SOURCE }), event = hit && decodeEvent(hit.source).event;
    return event === undefined || isHidden(scope, event) ? undefined : event;
  }

  async after(stream: Stream, from: number, limit: number): Promise<readonly Event[]> {
    const found: Event[] = [], filter: Query[] = [{ term: { stream: streamName(stream) } }, { range: { seq: { gte: from, lt: from + limit } } }, ...notRetired(await this.shares.retired())];
    for await (const hits of this.pages({ tiers: [stream.tier], hiddenSystems: [] }, { query: { bool: { filter } }, sort: [{ seq: 'asc' }], _source: EVENT_SOURCE }, Math.min(10_000, limit))) {
      for (const source of hits) {
        // Refreshes and late bulks may show a later one first: only what follows without a hole counts.
        if (source.seq !== from + found.length) return found;
        found.push(decodeEvent(source).event);
      }
    }
    return found;
  }

  days(): Promise<readonly DayShare[]> { return this.shares.list(); }
  dropDay(tier: number, day: string): Promise<{ readonly events: number }> { return this.shares.drop(tier, day); }
  async dropSystems(systems: readonly string[]): Promise<{ readonly events: number }> {
    return { events: systems.length === 0 ? 0 : await this.cluster.deleteFound(eventsPattern(this.cluster.prefix), { terms: { 'haidang.system': systems } }) };
  }

  private async ask(query: EventQuery): Promise<Question> { return questionOf(query, await this.shares.retired()); }
  private pattern({ tiers }: Scope): string { return tiers.map((tier) => eventsPattern(this.cluster.prefix, tier)).join(','); }

  private async total({ certain, ...rest }: Question, scope: Scope): Promise<number> {
    if (scope.tiers.length === 0) return 0;
    let total = certain === undefined ? 0 : (await this.cluster.search(this.pattern(scope), { query: certain, size: 0, track_total_hits: true })).total;
    await this.doubtful(rest, scope, () => { total++; });
    return total;
  }

  /** Calls `take` with every doubtful event that is meant. */
  private async doubtful({ doubtful, matches }: Pick<Question, 'doubtful' | 'matches'>, scope: Scope, take: (one: Pick<Located, 'event' | 'time'>) => void): Promise<void> {
    if (scope.tiers.length === 0) return;
    for await (const hits of this.cluster.all(this.pattern(scope), { query: doubtful, sort: NEWEST, _source: false, stored_fields: ['line'] }, 1_000)) {
      const texts = hits.map(({ stored }) => stored?.['line']?.[0] as string | undefined), unopened = hits.filter((_, i) => texts[i] === undefined);
      // Of templates before version 5.
      const opened = unopened.length === 0 ? [] : await this.cluster.many<EventText>(unopened);
      let next = 0;
      hits.forEach(({ sort: [time] }, i) => {
        const text = texts[i] ?? textOfEvent(opened[next++] ?? {});
        // Deleted between the two looks.
        if (text === '') return;
        const event = JSON.parse(text) as Event;
        if (matches(event)) take({ event, time: Number(time) });
      });
    }
  }

  private async *pages(scope: Scope, body: Parameters<Cluster['all']>[1], size: number): AsyncGenerator<readonly EventSource[]> {
    if (scope.tiers.length === 0) return;
    for await (const hits of this.cluster.all<EventSource>(this.pattern(scope), body, size)) yield hits.map(({ source }) => source);
  }

  /** Exact counts of a column's values: in one answer where it holds them all, else bucket by bucket. */
  private async terms(scope: Scope, query: Query, field: string): Promise<readonly (readonly [string, number])[]> {
    const { aggregations } = await this.cluster.search(this.pattern(scope), { query, size: 0, track_total_hits: false, aggs: { values: { terms: { field, size: TERMS_MAX } } } });
    const { buckets = [], sum_other_doc_count: rest = 0, doc_count_error_upper_bound: error = 0 } = (aggregations['values'] ?? {}) as { readonly buckets?: readonly { readonly key: string; readonly doc_count: number }[]; readonly sum_other_doc_count?: number; readonly doc_count_error_upper_bound?: number };
    if (rest === 0 && error === 0) return buckets.map(({ key, doc_count }) => [key, doc_count]);
    const found: [string, number][] = [];
    for await (const { key, doc_count } of this.cluster.buckets(this.pattern(scope), query, [{ value: { terms: { field } } }])) found.push([String(key['value']), doc_count]);
    return found;
  }
}
