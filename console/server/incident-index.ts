// A few words of every incident, in memory: what is due next, how alike ones were closed, how a month went are asked often and must not
// read every incident with its timeline each time. Filled on first use, kept up to date by the store's news; the newer version wins
// whichever comes first. What is shown of a single incident is always read from the store.
import type { IncidentItem } from '../api.js';
import type { Incident, IncidentStatus, Verdict } from '../../core/incident.js';
import { isTriaged } from '../../core/policy.js';
import type { Log } from '../../core/process/log.js';
import { EVERYTHING, type Scope, type Store } from '../../core/store/store.js';
import type { Severity } from '../../core/tier.js';
import { sees } from './deps.js';

export interface IncidentWords {
  readonly id: string;
  readonly version: number;
  readonly number: string;
  readonly tier: number;
  readonly system: string;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly created: number;
  readonly acknowledgedAt: number | null;
  readonly closedAt: number | null;
  readonly triaged: boolean;
  readonly verdict: Verdict | null;
  readonly family: string;
  readonly rules: readonly string[];
  readonly entities: readonly string[];
}
type Precedent = NonNullable<IncidentItem['precedent']>;
const SIMILAR_MAX = 5;

export class IncidentIndex {
  private readonly byId = new Map<string, IncidentWords>();
  /** Closed incidents by rule, and by family with entity. */
  private readonly closedBy = new Map<string, Set<IncidentWords>>();
  private filled: Promise<void> | undefined;
  private fills = 0;
  private readonly refreshing = new Set<Promise<void>>();
  private readonly stopListening: () => void;

  constructor(private readonly store: Pick<Store, 'incidents' | 'onNews'>, private readonly log: Log) {
    this.stopListening = store.onNews((news) => {
      // News that names none: incidents went with their systems (the demo), and what is gone is not told one by one.
      if (news.kind === 'systems' || (news.kind === 'incidents' && news.ids.length === 0)) this.forget();
      else if (news.kind === 'incidents' && this.filled !== undefined) for (const id of news.ids) this.refresh(id);
    });
  }

  stop(): void { this.stopListening(); }

  /** Every incident that may be seen. */
  async all(scope: Scope): Promise<readonly IncidentWords[]> {
    await this.ready();
    return [...this.byId.values()].filter((one) => sees(scope, one));
  }

  /** How incidents like this one were closed; null where there is none. */
  async precedent(incident: Incident, scope: Scope): Promise<Precedent | null> {
    const alike = await this.alike(incident, scope), count = (...verdicts: Verdict[]): number => alike.filter(({ verdict }) => verdict !== null && verdicts.includes(verdict)).length;
    if (alike.length === 0) return null;
    return { total: alike.length, truePositive: count('true_positive'), benign: count('benign_expected'), falsePositive: count('false_positive_rule', 'false_positive_data') };
  }

  /** The closest of them, read from the store: shared entities first, then the latest closed. */
  async similar(incident: Incident, scope: Scope): Promise<readonly Incident[]> {
    const own = new Set(entitiesOf(incident)), shared = ({ entities }: IncidentWords): number => entities.filter((key) => own.has(key)).length;
    const closest = [...await this.alike(incident, scope)].sort((a, b) => shared(b) - shared(a) || (b.closedAt ?? 0) - (a.closedAt ?? 0)).slice(0, SIMILAR_MAX);
    const found = await Promise.all(closest.map(({ id }) => this.store.incidents.get(id)));
    return found.flatMap((one) => (one !== undefined && sees(scope, one) ? [one] : []));
  }

  private async alike(incident: Incident, scope: Scope): Promise<readonly IncidentWords[]> {
    await this.ready();
    const alike = new Set<IncidentWords>();
    for (const key of keysOf(incident.family, incident.rules.map(({ id }) => id), entitiesOf(incident))) for (const closed of this.closedBy.get(key) ?? []) alike.add(closed);
    return [...alike].filter((closed) => closed.id !== incident.id && sees(scope, closed));
  }

  /** Filled, and every piece of news that has arrived is taken in. */
  private async ready(): Promise<void> {
    for (let filling: Promise<void> | undefined; filling === undefined || filling !== this.filled;) {
      filling = this.filled ??= this.fill(++this.fills);
      await filling;
    }
    await Promise.all(this.refreshing);
  }

  private async fill(mine: number): Promise<void> {
    try {
      for (let cursor: string | undefined; ;) {
        const page = await this.store.incidents.list({ scope: EVERYTHING, sort: 'oldest' }, { limit: 500, cursor });
        // Forgotten meanwhile: what this page says may be gone by now.
        if (mine !== this.fills || this.filled === undefined) return;
        for (const incident of page.items) this.put(incident);
        if (page.next === null) return;
        cursor = page.next;
      }
    } catch (error) {
      if (mine === this.fills) this.forget();
      throw error;
    }
  }

  private refresh(id: string): void {
    const reading = this.store.incidents.get(id).then((incident) => { if (incident === undefined) this.drop(id); else this.put(incident); })
      .catch((error: unknown) => {
        // Better read all again than show what is no longer so.
        this.log.warn({ err: error, incident: id }, 'an incident was not read; all are read again');
        this.forget();
      }).finally(() => { this.refreshing.delete(reading); });
    this.refreshing.add(reading);
  }

  private forget(): void {
    this.byId.clear();
    this.closedBy.clear();
    this.filled = undefined;
  }

  private put(incident: Incident): void {
    if ((this.byId.get(incident.id)?.version ?? 0) >= incident.version) return;
    this.drop(incident.id);
    const { id, version, number, tier, system, severity, status, created, acknowledgedAt, closedAt, verdict, family } = incident;
    const words: IncidentWords = { id, version, number, tier, system, severity, status, created, acknowledgedAt, closedAt, verdict, family, triaged: isTriaged(incident), rules: incident.rules.map((rule) => rule.id), entities: entitiesOf(incident) };
    this.byId.set(id, words);
    if (status === 'closed') for (const key of keysOf(family, words.rules, words.entities)) this.closedBy.set(key, (this.closedBy.get(key) ?? new Set()).add(words));
  }

  private drop(id: string): void {
    const known = this.byId.get(id);
    if (known === undefined) return;
    this.byId.delete(id);
    for (const key of keysOf(known.family, known.rules, known.entities)) {
      const set = this.closedBy.get(key);
      if (set?.delete(known) === true && set.size === 0) this.closedBy.delete(key);
    }
  }
}

const entitiesOf = ({ entities }: Incident): readonly string[] => entities.map(({ kind, value }) => `${kind} ${value}`);
const keysOf = (family: string, rules: readonly string[], entities: readonly string[]): readonly string[] => [...rules.map((rule) => `rule ${rule}`), ...entities.map((entity) => `${family}\0${entity}`)];
