// Periods: the weeks of a tier that have an index of events, and beside it one of the ledger. The keeper makes the index first and the period's document then, ahead of
// time; who brings events looks for the document, so that a write never makes an index. Who finds none (a spool older than the cluster, a
// tier that no system has any more) asks for it. A retired period's document stays: what comes late finds that it is too late, and its
// index is never made again.
import type { Millis } from '../../event.js';
import type { Cluster } from './cluster.js';
import { controlDoc, docOf, idOf, isKind, listAll, type Doc } from './documents.js';
import { eventsIndex, ledgerIndex, weekOf, type LedgerIndex } from './templates.js';

/** `name` = `t3-2026.w47`. */
export interface Period { readonly name: string; readonly tier: number; readonly week: string; readonly index: string; readonly state: 'open' | 'retired' }
export type PeriodState = Period['state'] | 'missing';

const DAY_MS = 86_400_000, AHEAD_MS = 7 * DAY_MS, LOOK_MS = 60_000;
/** Kind of the document that asks for a period. */
const ASKED = 'period-asked', PERIOD = /^t[1-5]-\d{4}\.w\d\d$/;
const dayOf = (time: Millis): string => new Date(time).toISOString().slice(0, 10);

export class Periods {
  /** What is known to be open, and since when: a period is retired weeks after its end, so a look a minute is enough. */
  private readonly open = new Map<string, number>();

  constructor(private readonly cluster: Cluster) {}

  async list(): Promise<readonly Period[]> { return listAll<Period>(this.cluster, 'control', isKind('period')); }

  /** Is there a home for events of this index? By id, so as it is now. */
  async stateOf(index: string): Promise<PeriodState> {
    const now = performance.now(), known = this.open.get(index);
    if (known !== undefined && now - known < LOOK_MS) return 'open';
    this.open.delete(index);
    const stored = await this.cluster.get<Doc>(this.cluster.index('control'), idOf('period', this.nameOf(index)));
    if (stored === undefined) return 'missing';
    const { state } = docOf<Period>(stored.source);
    if (state === 'open') this.open.set(index, now);
    return state;
  }

  /** Makes the index and then its document, where there is none; by the templates, which the setup wrote. Says what there is now. */
  async ensure(index: string): Promise<'open' | 'retired'> {
    const state = await this.stateOf(index);
    if (state !== 'missing') return state;
    const name = this.nameOf(index), [, tier = '', week = ''] = /^t(\d)-(.+)$/.exec(name) ?? [];
    for (const one of [index, this.cluster.index(ledgerIndex(Number(tier), week))]) await makeIndex(this.cluster, one);
    const period: Period = { name, tier: Number(tier), week, index, state: 'open' };
    await this.cluster.compareAndSet(this.cluster.index('control'), idOf('period', name), controlDoc('period', name, period, { tier: period.tier }), undefined);
    return this.stateOf(index) as Promise<'open' | 'retired'>;
  }

  /** Asks the keeper for a period there is none of, with a credential that only creates. */
  async askFor(index: string): Promise<void> {
    const name = this.nameOf(index);
    await this.cluster.bulk([{ op: 'create', index: this.cluster.index('control'), id: idOf(ASKED, name), source: JSON.stringify(controlDoc(ASKED, name, { name })) }]);
  }

  /** The keeper's: this week's and next week's of these tiers, and those that were asked for. Returns the indices there were none of. */
  async makeAhead(tiers: readonly number[], now: Millis): Promise<readonly string[]> {
    const made: string[] = [], asked = (await listAll<{ readonly name: string }>(this.cluster, 'control', isKind(ASKED))).filter(({ name }) => PERIOD.test(name));
    for (const index of new Set([...tiers.flatMap((tier) => [now, now + AHEAD_MS].map((time) => eventsIndex(this.cluster.prefix, tier, dayOf(time)))), ...asked.map(({ name }) => `${this.cluster.prefix}events-${name}`)])) {
      if (await this.stateOf(index) !== 'missing') continue;
      await this.ensure(index);
      made.push(index);
    }
    return made;
  }

  /** Where the ledger speaks of events that were received then: in the index of their week while that is open. */
  async ledgerOf(tier: number, received: Millis): Promise<LedgerIndex | 'ledger'> {
    const day = dayOf(received);
    return await this.stateOf(eventsIndex(this.cluster.prefix, tier, day)) === 'open' ? ledgerIndex(tier, weekOf(day)) : 'ledger';
  }

  async retire(tier: number, week: string): Promise<void> {
    const control = this.cluster.index('control'), name = `t${tier}-${week}`, id = idOf('period', name), index = `${this.cluster.prefix}events-${name}`;
    this.open.delete(index);
    for (;;) {
      const stored = await this.cluster.get<Doc>(control, id), period: Period = { name, tier, week, index, state: 'retired' };
      if (stored !== undefined && docOf<Period>(stored.source).state === 'retired') return;
      if (await this.cluster.compareAndSet(control, id, controlDoc('period', name, period, { tier }), stored) !== undefined) return;
    }
  }

  /** An index that is gone says nothing about its period: look again before the next write. */
  forget(index: string): void { this.open.delete(index); }

  private nameOf(index: string): string { return index.slice(`${this.cluster.prefix}events-`.length); }
}

export async function makeIndex(cluster: Cluster, index: string): Promise<boolean> {
  const { status, body } = await cluster.request<{ readonly error?: { readonly type?: string; readonly reason?: string } }>('PUT', `/${index}`, { allow: [400] });
  if (status === 400 && body.error?.type !== 'resource_already_exists_exception') throw new Error(`Elasticsearch refused to make the index ${index}: ${body.error?.reason ?? ''}`);
  return status === 200;
}

/** Takes the indices of retired periods away; with a credential that can read the control index and delete indices, nothing else. */
export async function deleteRetired(cluster: Cluster): Promise<readonly string[]> {
  const deleted: string[] = [];
  for (const { index, tier, week, state } of await new Periods(cluster).list()) {
    if (state !== 'retired') continue;
    for (const one of [index, cluster.index(ledgerIndex(tier, week))]) if ((await cluster.request('DELETE', `/${one}`, { allow: [404] })).status === 200) deleted.push(one);
  }
  return deleted;
}

/** `3/2026-11-22` -> `3/2026.w47` */
export const periodOfDay = (day: string): string => { const [tier = '', date = ''] = day.split('/'); return `${tier}/${weekOf(date)}`; };
