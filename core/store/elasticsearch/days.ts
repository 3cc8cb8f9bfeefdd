// Days of receipt, the share of each tier in them, and the indices they lie in. An index holds a week: a day that is forgotten is named
// as retired, which no question finds any more, and the index goes when nothing else is in it and its week is over.
import type { Millis } from '../../event.js';
import type { DayShare } from '../store.js';
import type { Bucket, Cluster } from './cluster.js';
import { controlDoc, docOf, idOf, type Doc } from './documents.js';
import { notRetired } from './question.js';
import { eventsPattern, weekOf } from './templates.js';

const DAY_MS = 86_400_000, LATER_MS = 14 * DAY_MS;
const RETIRED = 'store.retired';

export class Days {
  private readonly made = new Set<string>();

  constructor(private readonly cluster: Cluster) {}

  /** Makes the index if it is not there: by the templates, which the setup wrote. */
  async ensure(index: string): Promise<void> {
    if (this.made.has(index)) return;
    const { status, body } = await this.cluster.request<{ readonly error?: { readonly type?: string; readonly reason?: string } }>('PUT', `/${index}`, { allow: [400] });
    if (status === 400 && body.error?.type !== 'resource_already_exists_exception') throw new Error(`Elasticsearch refused to make the index ${index}: ${body.error?.reason ?? ''}`);
    this.made.add(index);
  }
  forget(index: string): void { this.made.delete(index); }

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
    if ((await this.retired()).length > 0) await this.sweep(now);
    return dropped;
  }

  private async sweep(now: Millis): Promise<void> {
    const retired = await this.retired(), kept = new Set((await this.list()).map(({ tier, day }) => `${tier}/${weekOf(day)}`));
    for (const week of new Set(retired.map((one) => { const [tier = '', day = ''] = one.split('/'); return `${tier}/${weekOf(day)}`; }))) {
      const days = retired.filter((one) => `${one.split('/')[0] ?? ''}/${weekOf(one.split('/')[1] ?? '')}` === week), newest = Math.max(...days.map((one) => Date.parse(one.split('/')[1] ?? '')));
      // Nothing that is under way may still be received in it.
      if (kept.has(week) || newest + LATER_MS > now) continue;
      const [tier, name] = week.split('/'), index = `${this.cluster.prefix}events-t${tier ?? ''}-${name ?? ''}`;
      await this.cluster.request('DELETE', `/${index}`, { allow: [404] });
      this.forget(index);
      await this.change((all) => all.filter((one) => !days.includes(one)));
    }
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
