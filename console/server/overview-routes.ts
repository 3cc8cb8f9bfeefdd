// The first page: open work per tier, what nobody has yet, silent sources, what came in the last 24 hours.
import type { BalanceItem, Overview, SeverityName, TierOverview } from '../api.js';
import type { Incident } from '../../core/incident.js';
import { dueFor, type Policy } from '../../core/policy.js';
import { ALWAYS } from '../../core/predicate/predicate.js';
import type { Scope, Store } from '../../core/store/store.js';
import { SEVERITIES } from '../../core/tier.js';
import { balances } from './account-routes.js';
import { sees } from './deps.js';
import { presentAll } from './incident-routes.js';
import type { IncidentWords } from './incident-index.js';
import { iso } from './parameters.js';
import type { SignedRoute } from './route.js';
import { sourcesOf } from './source-routes.js';
import { visible } from './system-routes.js';

const HOUR_MS = 3_600_000, DAY_MS = 24 * HOUR_MS, UNASSIGNED_SHOWN = 5;

export const overviewRoutes: readonly SignedRoute[] = [{
  method: 'GET', path: '/api/overview', roles: ['analyst', 'admin', 'manager'],
  async handle(call) {
    const { deps, asker } = call, { scope } = asker, now = deps.clock.now(), policy = deps.policy(), from = now - DAY_MS;
    const [systems, counts, sources, incidents, account, hours] = await Promise.all([
     
      visible(call), deps.store.incidents.openCounts(scope), sourcesOf(deps, asker), deps.index.all(scope),
      balances(call, { from }), deps.store.events.histogram({ predicate: ALWAYS, from: from - from % HOUR_MS, to: now + 1, scope }, HOUR_MS),
    ]);
    const waiting = dueByTier(incidents, policy, now), unassigned = await firstOf(deps.store, scope, byUrgency(incidents.filter(({ status }) => status === 'new'), policy));
    const tiers = [...scope.tiers].sort((a, b) => b - a).map((tier): TierOverview => {
      const open = counts.filter((one) => one.tier === tier && one.status !== 'resolved'), sum = (of: typeof open): number => of.reduce((total, { count }) => total + count, 0);
      return {
        tier, systems: systems.filter((system) => system.tier === tier && system.retired === undefined).length, open: sum(open),
        bySeverity: Object.fromEntries(SEVERITIES.map((severity) => [severity, sum(open.filter((one) => one.severity === severity))])) as Record<SeverityName, number>,
        unassigned: sum(open.filter(({ status }) => status === 'new')), overdue: waiting.get(tier)?.overdue ?? 0, nextDue: waiting.get(tier)?.next === undefined ? null : iso(waiting.get(tier)?.next as number),
        silent: sources.filter((source) => source.tier === tier && source.silent).length,
      };
    });
    const rules = deps.rules.rules(), { n, inForce, streams } = deps.rules.deployed();
    const day = (of: (source: BalanceItem) => number): number => account.reduce((sum, one) => sum + of(one), 0);
    const body: Overview = {
      now: iso(now), tiers, unassigned: await presentAll(call, unassigned), silentSources: sources.filter(({ silent }) => silent),
      received24h: day(({ received }) => received), evaluated24h: day(({ evaluated }) => evaluated), lost24h: day(({ lost }) => lost), missing24h: day(({ missing }) => missing), perHour: hours.map(({ start, count }) => ({ start: iso(start), count })),
      ruleSet: { n, rules: rules.length, broken: rules.filter(({ state }) => state === 'refused').length + deps.rules.problems().length, inForceStreams: inForce, streams },
    };
    return { body };
  },
}];

/** The severest first, of these what is due first; what has no limit comes last. */
function byUrgency(incidents: readonly IncidentWords[], policy: Policy): readonly IncidentWords[] {
  const due = new Map(incidents.map((one) => [one.id, dueFor(one, policy)?.at ?? Infinity])), at = ({ id }: IncidentWords): number => due.get(id) as number;
  return [...incidents].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || compare(at(a), at(b)) || a.created - b.created || compare(a.id, b.id));
}
const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** The first few as the store has them now: somebody may just have taken one. */
async function firstOf({ incidents }: Store, scope: Scope, words: readonly IncidentWords[]): Promise<readonly Incident[]> {
  const found: Incident[] = [];
  for (const { id } of words) {
    const incident = await incidents.get(id);
    if (incident?.status === 'new' && sees(scope, incident)) found.push(incident);
    if (found.length === UNASSIGNED_SHOWN) break;
  }
  return found;
}

interface Waiting { readonly overdue: number; readonly next: number | undefined }

/** By tier: what is past its limit, and when the next is due. */
function dueByTier(incidents: readonly IncidentWords[], policy: Policy, now: number): ReadonlyMap<number, Waiting> {
  const byTier = new Map<number, Waiting>();
  for (const incident of incidents) {
    const due = dueFor(incident, policy), known = byTier.get(incident.tier) ?? { overdue: 0, next: undefined };
    if (due !== undefined) byTier.set(incident.tier, { overdue: known.overdue + (due.at < now ? 1 : 0), next: due.at >= now ? Math.min(due.at, known.next ?? Infinity) : known.next });
  }
  return byTier;
}
