// Days of receipt and the share of each tier in them. An index holds a week (periods.ts): a day that is forgotten is named as retired,
// which no question finds any more; when nothing else is in its week and all of it is evaluated, the week is retired, and its index goes.
import type { Millis } from '../../event.js';
import type { DayShare } from '../store.js';
import type { Bucket, Cluster } from './cluster.js';
import { controlDoc, docOf, idOf, isKind, listAll, type Doc } from './documents.js';
import { notRetired } from './question.js';
import { deleteRetired, periodOfDay, Periods } from './periods.js';
import { endOfWeek, eventsPattern, weekOf } from './templates.js';

const DAY_MS = 86_400_000, LATER_MS = 14 * DAY_MS;
const RETIRED = 'store.retired';

export class Days {
  readonly periods: Periods;

  /** `deletes`: indices go by this process too; elsewhere `haidang retention` does it, with a credential of its own. */
  constructor(private readonly cluster: Cluster, private readonly deletes = true) { this.periods = new Periods(cluster); }

  /** Days that are forgotten, `3/2026-11-22`. */
  async retired(): Promise<readonly string[]> {
    const stored = await this.cluster.get<Doc>(this.cluster.index('control'), idOf('setting', RETIRED));
    return stored === undefined ? [] : docOf<readonly string[]>(stored.source);
  }

  async list(): Promise<readonly DayShare[]> {
    const sources = ['tier', 'day'].map((field) => ({ [field]: { terms: { field } } })), times = { from: { min: { field: 'time' } }, to: { max: { field: 'time' } } }, days: DayShare[] = [], sizes = await this.sizes();
    for await (const bucket of this.cluster.buckets(eventsPattern(this.cluster.prefix), { bool: { filter: notRetired(await this.retired()) } }, sources, times)) days.push(shareOf(bucket, sizes));
    return days.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.tier - b.tier));
  }

  async drop(tier: number, day: string): Promise<{ readonly events: number }> {
    const query = { bool: { filter: [{ term: { tier } }, { term: { day } }, ...notRetired(await this.retired())] } };
    const { total } = await this.cluster.search(eventsPattern(this.cluster.prefix, tier), { query, size: 0, track_total_hits: true });
    if (total > 0) await this.change((days) => [...new Set([...days, `${tier}/${day}`])].sort());
    return { events: total };
  }

  /** Drops what is past its tier's days, then the indices that hold nothing any more. */
  async keep(retentionDays: Readonly<Record<number, number>>, now: Millis): Promise<readonly { readonly tier: number; readonly day: string; readonly events: number }[]> {
    const dropped: { tier: number; day: string; events: number }[] = [];
    for (const { tier, day } of await this.list()) {
      const days = retentionDays[tier];
      if (days !== undefined && Date.parse(day) + DAY_MS * (days + 1) <= now) dropped.push({ tier, day, ...await this.drop(tier, day) });
    }
    await this.sweep(retentionDays, now);
    return dropped;
  }

  /** Retires weeks that hold nothing any more; the days of those whose index is gone need no name. */
  private async sweep(retentionDays: Readonly<Record<number, number>>, now: Millis): Promise<void> {
    // What others brought a moment ago counts.
    await this.cluster.refreshAll();
    const retired = await this.retired(), kept = new Set((await this.list()).map(({ tier, day }) => `${tier}/${weekOf(day)}`)), empty = (await this.periods.list()).filter(({ state }) => state === 'open');
    const weeks = new Map<string, Millis>();
    for (const { tier, week } of empty) { const days = retentionDays[tier]; if (days !== undefined) weeks.set(`${tier}/${week}`, endOfWeek(week) + DAY_MS * days); }
    for (const day of retired) weeks.set(periodOfDay(day), Math.max(...retired.filter((one) => periodOfDay(one) === periodOfDay(day)).map((one) => Date.parse(one.split('/')[1] ?? ''))));
    for (const [place, last] of weeks) {
      const [tier = '', week = ''] = place.split('/');
      // Nothing that is under way may still be received in it.
      if (kept.has(place) || last + LATER_MS > now || !await this.isEvaluated(Number(tier), week)) continue;
      await this.periods.retire(Number(tier), week);
      if (this.deletes) await deleteRetired(this.cluster);
      if (await this.isGone(Number(tier), week)) await this.change((all) => all.filter((one) => periodOfDay(one) !== place));
    }
  }

  /** Every stream's cursor is past what the week holds of it. */
  private async isEvaluated(tier: number, week: string): Promise<boolean> {
    const cursors = new Map<string, number>(), ends = { last: { max: { field: 'seq' } } };
    for (const { stream, position } of await listAll<{ readonly stream: string; readonly position: number }>(this.cluster, 'control', isKind('cursor'))) cursors.set(stream, position);
    for await (const { key, last } of this.cluster.buckets(indexOf(this.cluster, tier, week), { match_all: {} }, [{ stream: { terms: { field: 'stream' } } }], ends)) {
      if ((last as { readonly value: number }).value > (cursors.get(String(key['stream'])) ?? 0)) return false;
    }
    return true;
  }

  private async isGone(tier: number, week: string): Promise<boolean> {
    return (await this.cluster.request('GET', `/${indexOf(this.cluster, tier, week)}/_stats/docs`, { allow: [404] })).status === 404;
  }

  private async change(how: (days: readonly string[]) => readonly string[]): Promise<void> {
    const index = this.cluster.index('control'), id = idOf('setting', RETIRED);
    for (;;) {
      const stored = await this.cluster.get<Doc>(index, id), next = how(stored === undefined ? [] : docOf<readonly string[]>(stored.source));
      if (await this.cluster.compareAndSet(index, id, controlDoc('setting', RETIRED, next), stored) !== undefined) return;
    }
  }

  /** Bytes an event takes, by index. */
  private async sizes(): Promise<number> {
    const { body } = await this.cluster.request<{ readonly _all?: { readonly primaries?: { readonly docs?: { readonly count: number }; readonly store?: { readonly size_in_bytes: number } } } }>('GET', `/${eventsPattern(this.cluster.prefix)}/_stats/docs,store`, { allow: [404] });
    const { docs, store } = body._all?.primaries ?? {};
    return docs === undefined || store === undefined || docs.count === 0 ? 0 : store.size_in_bytes / docs.count;
  }
}

function shareOf({ key, doc_count, from, to }: Bucket, bytesAnEvent: number): DayShare {
  const value = (one: unknown): number => (one as { readonly value: number }).value;
  return { tier: Number(key['tier']), day: String(key['day']), events: doc_count, bytes: Math.round(doc_count * bytesAnEvent), from: value(from), to: value(to) };
}

const indexOf = (cluster: Cluster, tier: number, week: string): string => `${cluster.prefix}events-t${tier}-${week}`;
