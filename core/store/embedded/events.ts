// The events role: hot events in memory and sealed files answer together, each reader on one view of both.
import type { Event } from '../../event.js';
import { parseStreamName, streamName, type Stream } from '../../record.js';
import type { DayShare, EventQuery, EventStore, FacetValue, HistogramBucket, Page, PageRequest, Scope } from '../store.js';
import { counts, facetValues, inScope, isAfter, newestFirst, type Place } from './ask.js';
import { eventsOf, type HotRun, type StoredEvent } from './hot.js';
import type { Keeper } from './keeper.js';
import type { Manifest, View } from './manifest.js';
import { pageLimit, parseCursor } from './paging.js';
import type { Sealed } from './sealed.js';

export class EmbeddedEvents implements EventStore {
  constructor(private readonly manifest: Manifest, private readonly sealed: Sealed, private readonly keeper: Keeper) {}

  search(query: EventQuery, request: PageRequest): Promise<Page<Event>> {
    const limit = pageLimit(request), after = request.cursor === undefined ? undefined : placeOf(request.cursor);
    return this.reading(async ({ runs, files }) => {
      const hot = hotMatches(runs, query);
      // Counting first: files that hold nothing are then left out of the page.
      const total = await this.sealed.count(files, query), old = await this.sealed.newest(files, query, after, limit + 1);
      const found = [...hot.filter((one) => isAfter(after, one)), ...old].sort(newestFirst), items = found.slice(0, limit), last = items[items.length - 1];
      return { items: items.map(({ event }) => event), next: found.length > limit && last !== undefined ? JSON.stringify([last.time, last.id]) : null, total: total + hot.length };
    });
  }

  count(query: EventQuery): Promise<number> {
    return this.reading(async ({ runs, files }) => hotMatches(runs, query).length + await this.sealed.count(files, query));
  }

  histogram(query: EventQuery, intervalMs: number): Promise<readonly HistogramBucket[]> {
    return this.reading(async ({ runs, files }) => {
      const buckets = await this.sealed.histogram(files, query, intervalMs);
      for (const { time } of hotMatches(runs, query)) {
        const start = Math.floor(time / intervalMs) * intervalMs;
        buckets.set(start, (buckets.get(start) ?? 0) + 1);
      }
      return [...buckets].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start);
    });
  }

  facets(query: EventQuery, field: string, limit: number): Promise<readonly FacetValue[]> {
    return this.reading(async ({ runs, files }) => {
      const values = new Map<string, number>();
      for (const { event } of hotMatches(runs, query)) for (const value of facetValues(event, field)) values.set(value, (values.get(value) ?? 0) + 1);
      // The most frequent of the sealed files, and whatever the hot events hold: none other can be among the most frequent of both.
      for (const [value, count] of await this.sealed.facets(files, query, field, limit, [...values.keys()])) values.set(value, (values.get(value) ?? 0) + count);
      return [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit);
    });
  }

  get(id: string, scope: Scope): Promise<Event | undefined> {
    const place = positionOf(id);
    if (place === undefined) return Promise.resolve(undefined);
    return this.reading(async (view) => {
      const [one] = await this.at(view, place.stream, place.seq, 1);
      return one !== undefined && one.id === id && inScope(scope)(one) ? one.event : undefined;
    });
  }

  after(stream: Stream, from: number, limit: number): Promise<readonly Event[]> {
    return this.reading(async (view) => (await this.at(view, streamName(stream), from, limit)).map(({ event }) => event));
  }

  async days(): Promise<readonly DayShare[]> {
    await this.keeper.sealAll();
    const days = new Map<string, DayShare>();
    for (const { tier, day, events, bytes, fromTime, toTime } of this.manifest.files) {
      const known = days.get(`${tier} ${day}`) ?? { tier, day, events: 0, bytes: 0, from: Infinity, to: -Infinity };
      days.set(`${tier} ${day}`, { tier, day, events: known.events + events, bytes: known.bytes + bytes, from: Math.min(known.from, fromTime), to: Math.max(known.to, toTime) });
    }
    return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.tier - b.tier));
  }

  dropDay(tier: number, day: string): Promise<{ readonly events: number }> {
    return this.keeper.dropDay(tier, day);
  }
  dropSystems(systems: readonly string[]): Promise<{ readonly events: number }> {
    return this.keeper.dropSystems(systems);
  }

  /** Events of a stream from a position on, without a hole. */
  private async at({ runs, files }: View, stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    const found: StoredEvent[] = [];
    const add = (more: readonly StoredEvent[]): void => {
      for (const one of more) if (one.seq === from + found.length && found.length < limit) found.push(one);
    };
    const holding = files.filter(({ ranges }) => ranges.some((range) => range.stream === stream && range.to >= from && range.from < from + limit));
    if (holding.length > 0) add(await this.sealed.positions(holding, stream, from, limit));
    const mine = runs.filter((run) => run.stream === stream && run.to >= from && run.from < from + limit).sort((a, b) => a.from - b.from);
    for (const run of mine) if (found.length < limit) add(eventsOf(run));
    return found;
  }

  private async reading<T>(work: (view: View) => Promise<T>): Promise<T> {
    const view = this.manifest.view();
    try { return await work(view); } finally { view.release(); }
  }
}

function hotMatches(runs: readonly HotRun[], query: EventQuery): readonly StoredEvent[] {
  const test = counts(query), tiers = new Set(query.scope.tiers), found: StoredEvent[] = [];
  for (const run of runs) if (tiers.has(run.tier)) for (const one of eventsOf(run)) if (test(one)) found.push(one);
  return found;
}

function placeOf(cursor: string): Place {
  const [time, id] = parseCursor(cursor, 2);
  return { time: Number(time), id: String(id) };
}

/** `<collector>.<epoch>.<tier>.<seq>.<hash>` */
function positionOf(id: string): { readonly stream: string; readonly seq: number } | undefined {
  const match = /^([^.]+\.\d+\.\d+)\.(\d{1,15})\.[0-9a-f]{16}$/.exec(id);
  if (match === null) return undefined;
  return { stream: streamName(parseStreamName(match[1] as string)), seq: Number(match[2]) };
}
