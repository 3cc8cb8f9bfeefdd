// What became of incidents like this one: closed incidents of the same family with a shared entity, or of the same rule. Kept in memory
// by rule and family, a few words an incident, and brought up to date by the store's news; only what the asker may see is counted.
import type { IncidentItem } from '../api.js';
import type { Incident, Verdict } from '../../core/incident.js';
import { EVERYTHING, type Scope, type Store } from '../../core/store/store.js';
import type { Log } from '../../core/process/log.js';
import { sees } from './deps.js';

interface Closed {
  readonly id: string;
  readonly tier: number;
  readonly system: string;
  readonly family: string;
  readonly entities: ReadonlySet<string>;
  readonly rules: readonly string[];
  readonly verdict: Verdict;
  readonly closedAt: number;
}
type Precedent = NonNullable<IncidentItem['precedent']>;
const SIMILAR_MAX = 5;

export class Precedents {
  private readonly byId = new Map<string, Closed>();
  private readonly byKey = new Map<string, Set<Closed>>();
  private filled: Promise<void> | undefined;
  private readonly stopListening: () => void;

  constructor(private readonly store: Pick<Store, 'incidents' | 'onNews'>, private readonly log: Log) {
    this.stopListening = store.onNews((news) => {
      if (news.kind === 'incidents' && this.filled !== undefined) for (const id of news.ids) void this.refresh(id).catch((error: unknown) => log.warn({ err: error, incident: id }, 'a precedent was not read'));
    });
  }

  stop(): void { this.stopListening(); }

  /** How incidents like this one were closed; null where there is none. */
  async of(incident: Incident, scope: Scope): Promise<Precedent | null> {
    const alike = await this.alike(incident, scope), count = (...verdicts: Verdict[]): number => alike.filter(({ verdict }) => verdicts.includes(verdict)).length;
    if (alike.length === 0) return null;
    return { total: alike.length, truePositive: count('true_positive'), benign: count('benign_expected'), falsePositive: count('false_positive_rule', 'false_positive_data') };
  }

  /** The closest of them: shared entities first, then the latest closed. */
  async similar(incident: Incident, scope: Scope): Promise<readonly Incident[]> {
    const own = new Set(incident.entities.map(keyOf)), shared = ({ entities }: Closed): number => [...entities].filter((key) => own.has(key)).length;
    const closest = [...await this.alike(incident, scope)].sort((a, b) => shared(b) - shared(a) || b.closedAt - a.closedAt).slice(0, SIMILAR_MAX);
    const found = await Promise.all(closest.map(({ id }) => this.store.incidents.get(id)));
    return found.flatMap((one) => (one !== undefined && sees(scope, one) ? [one] : []));
  }

  private async alike(incident: Incident, scope: Scope): Promise<readonly Closed[]> {
    this.filled ??= this.fill();
    await this.filled;
    const own = new Set(incident.entities.map(keyOf)), alike = new Set<Closed>();
    for (const { id } of incident.rules) for (const closed of this.byKey.get(`rule ${id}`) ?? []) alike.add(closed);
    for (const closed of this.byKey.get(`family ${incident.family}`) ?? []) if ([...closed.entities].some((key) => own.has(key))) alike.add(closed);
    return [...alike].filter((closed) => closed.id !== incident.id && sees(scope, closed));
  }

  private async fill(): Promise<void> {
    try {
      for (let cursor: string | undefined; ;) {
        const page = await this.store.incidents.list({ scope: EVERYTHING, statuses: ['closed'], sort: 'oldest' }, { limit: 500, cursor });
        for (const incident of page.items) this.put(incident);
        if (page.next === null) return;
        cursor = page.next;
      }
    } catch (error) {
      this.filled = undefined;
      this.log.warn({ err: error }, 'precedents were not read; the next reader tries again');
      throw error;
    }
  }

  private async refresh(id: string): Promise<void> {
    const incident = await this.store.incidents.get(id), known = this.byId.get(id);
    if (known !== undefined) this.drop(known);
    if (incident?.status === 'closed') this.put(incident);
  }

  private put(incident: Incident): void {
    const known = this.byId.get(incident.id);
    if (known !== undefined) this.drop(known);
    const { id, tier, system, family, verdict, closedAt } = incident;
    const closed: Closed = { id, tier, system, family, entities: new Set(incident.entities.map(keyOf)), rules: incident.rules.map((rule) => rule.id), verdict: verdict ?? 'undetermined', closedAt: closedAt ?? 0 };
    this.byId.set(id, closed);
    for (const key of keysOf(closed)) this.byKey.set(key, (this.byKey.get(key) ?? new Set()).add(closed));
  }

  private drop(closed: Closed): void {
    this.byId.delete(closed.id);
    for (const key of keysOf(closed)) {
      const set = this.byKey.get(key);
      if (set?.delete(closed) && set.size === 0) this.byKey.delete(key);
    }
  }
}

const keysOf = ({ family, rules }: Closed): readonly string[] => [`family ${family}`, ...rules.map((rule) => `rule ${rule}`)];
const keyOf = ({ kind, value }: { readonly kind: string; readonly value: string }): string => `${kind} ${value}`;
