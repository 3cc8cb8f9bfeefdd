// What the handlers work with; made once by main.ts.
import type { Registry as MetricsRegistry } from 'prom-client';
import { learnSince, Quiet } from '../../core/account/silence.js';
import type { Policy, PolicyPack } from '../../core/policy.js';
import type { Clock } from '../../core/process/clock.js';
import type { Log } from '../../core/process/log.js';
import type { RuleCatalog } from '../../core/rule-catalog.js';
import type { Scope, Store, User } from '../../core/store/store.js';
import type { Registry, System } from '../../core/tier.js';
import { UNASSIGNED } from '../../core/tier.js';
import type { Accounts } from './accounts.js';
import type { Audit } from './audit.js';
import type { LiveNews } from './live-news.js';
import type { LoginGate } from './login.js';
import type { IncidentIndex } from './incident-index.js';
import type { RetentionWatch } from './retention-watch.js';
import type { Sessions } from './sessions.js';
import type { StatusWatch } from './status-watch.js';

/** A sender as the collector knows it now: `received` counts its messages since the first one ever, frames under way included. */
export interface SourceLive {
  readonly system: string;
  readonly sender: string;
  readonly tier: number;
  readonly received: number;
  readonly lost?: number;
  readonly lastSeen?: number;
}

export interface Deps {
  readonly store: Store;
  readonly sources: () => Promise<readonly SourceLive[]>;
  readonly rules: RuleCatalog;
  readonly policy: () => Policy;
  /** How silent each source usually is; read anew every ten minutes. */
  readonly quiet: () => Promise<Quiet>;
  readonly packs: readonly PolicyPack[];
  readonly retentionDays: () => Readonly<Record<number, number>>;
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: MetricsRegistry;
  readonly version: string;
  readonly publicUrl: string;
  readonly secure: boolean;
  readonly sessions: Sessions;
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly gate: LoginGate;
  readonly systems: Systems;
  readonly live: LiveNews;
  readonly index: IncidentIndex;
  readonly status: StatusWatch;
  readonly retention: RetentionWatch;
}

/** The registry, read anew after each change and at least every second. */
export class Systems {
  private known: Promise<Registry> | undefined;
  private readAt = 0;
  readonly stop: () => void;
  constructor(private readonly store: Pick<Store, 'systems' | 'onNews'>, private readonly clock: Clock) {
    this.stop = store.onNews((news) => { if (news.kind === 'systems') this.changed(); });
  }

  changed(): void { this.known = undefined; }

  registry(): Promise<Registry> {
    if (this.known === undefined || this.clock.monotonic() - this.readAt > 1000) {
      this.readAt = this.clock.monotonic();
      const reading = this.store.systems.registry();
      reading.catch(() => { if (this.known === reading) this.known = undefined; });
      this.known = reading;
    }
    return this.known;
  }

  async byId(): Promise<ReadonlyMap<string, System>> {
    return new Map((await this.registry()).systems.map((system) => [system.id, system]));
  }

  /**
   * What a user may see: his tiers, without systems that now stand above what he has (an event is seen by those who may see the
   * higher of its stored and its system's present tier), and where he is limited to units, without the systems of others.
   */
  async scopeOf({ tiers, units }: User): Promise<Scope> {
    const { systems } = await this.registry(), lowest = Math.min(...tiers);
    const hidden = systems.filter(({ tier, unit }) => (!tiers.includes(tier) && tier > lowest) || (units !== undefined && !units.includes(unit))).map(({ id }) => id);
    return { tiers, hiddenSystems: units === undefined ? hidden : [...hidden, UNASSIGNED] };
  }
}

/** What is usual changes with the day: asked for at most every ten minutes. */
export function quietOf(accounts: Pick<Store['accounts'], 'quiet'>, clock: Clock): () => Promise<Quiet> {
  let known: Promise<Quiet> | undefined, readAt = 0;
  return () => {
    if (known === undefined || clock.monotonic() - readAt > QUIET_MS) {
      readAt = clock.monotonic();
      const reading = accounts.quiet(learnSince(clock.now())).then((days) => new Quiet(days, clock.now()));
      reading.catch(() => { if (known === reading) known = undefined; });
      known = reading;
    }
    return known;
  };
}
const QUIET_MS = 10 * 60_000;

export const sees = ({ tiers, hiddenSystems }: Scope, thing: { readonly tier: number; readonly system: string }): boolean => tiers.includes(thing.tier) && !hiddenSystems.includes(thing.system);
