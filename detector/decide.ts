// What a round's hits and correlations mean: reads from the store what they touch, then decides (group.ts). Reads only; deciding
// again on the same store gives the same.
import type { Hit } from '../core/alert.js';
import type { Millis } from '../core/event.js';
import type { Incident } from '../core/incident.js';
import type { Policy } from '../core/policy.js';
import type { AlertState, Store } from '../core/store/store.js';
import { ends, type Finding } from './alerts.js';
import type { Told } from './correlation.js';
import { group, incidentKey, yearOf, type Decided } from './group.js';
import { refOf, wholeHits } from './hit-ref.js';
import { singleAlertId } from './ids.js';
import type { NoticeOptions } from './notices.js';
import type { DeployedSet } from './rule-info.js';

export type Decision = Decided;

export interface Deciding {
  readonly store: Store;
  readonly now: Millis;
  readonly notices: NoticeOptions;
  readonly policy?: Policy;
  readonly hits: readonly Hit[];
  readonly told: readonly Told[];
  readonly set: DeployedSet;
  /** Single alerts may be there already: an earlier try may have been committed after all. */
  readonly again: boolean;
}

const NOTHING: Decision = { alerts: [], incidents: [], notices: [] };

export async function decide({ store, now, notices, policy, hits, told, set, again }: Deciding): Promise<Decision> {
  const singles = hits.filter(({ reports }) => reports);
  if (singles.length === 0 && told.length === 0) return NOTHING;
  const first = singles.map((hit): Finding => ({ id: singleAlertId(hit.rule.uid, hit.rule.version, hit.eventId), rule: set.infoOf(hit.rule), completing: hit, hits: [refOf(hit)], whole: [hit] }));
  const asked = [...(again ? first.map(({ id, completing }) => ({ id, eventIds: [completing.eventId] })) : []), ...told.map(({ id, added }) => ({ id, eventIds: added.map(({ eventId }) => eventId) }))];
  const alerts = new Map((asked.length === 0 ? [] : await store.alerts.states(asked)).map((state) => [state.head.id, state]));
  const findings = [...first, ...await findingsOf(told, alerts, store, set)].sort(byReceipt);

  const ids = [...new Set([...alerts.values()].map(({ head }) => head.incident))], keys = [...new Set(findings.filter(({ id }) => !alerts.has(id)).map(incidentKey))];
  const years = [...new Set(findings.map(({ completing }) => yearOf(completing.received)))];
  const [incidents, inUse, numbers, systems] = await Promise.all([
    Promise.all(ids.map((id) => store.incidents.get(id))), Promise.all(keys.map((key) => store.incidents.byKey(key))),
    Promise.all(years.map((year) => store.incidents.lastNumber(year))), store.systems.list(),
  ]);
  return group(findings, {
    alerts, incidents: byId(incidents), byKey: new Map(inUse.filter((one) => one !== undefined).map((one) => [one.key, one])),
    numbers: new Map(years.map((year, i) => [year, numbers[i] ?? 0])), now, notices, policy, demoSystems: new Set(systems.filter(({ demo }) => demo === true).map(({ id }) => id)),
  });
}

/** What is told as findings: of an alert that is stored what is new, else all. */
async function findingsOf(told: readonly Told[], alerts: ReadonlyMap<string, AlertState>, { ledger }: Store, { infoOf }: DeployedSet): Promise<readonly Finding[]> {
  const parts = told.map((one) => { const hits = alerts.has(one.id) ? one.added : one.all(); return { one, hits, ends: ends(hits) }; });
  const whole = await wholeHits(new Set(parts.flatMap(({ one, ends: copied }) => [one.completing, ...copied])), ledger);
  return parts.map(({ one: { id, correlation, completing, group: values }, hits, ends: copied }) => (
    { id, rule: infoOf(correlation), completing: whole.get(completing) as Hit, hits, whole: copied.map((ref) => whole.get(ref) as Hit), group: values }));
}

const byId = (incidents: readonly (Incident | undefined)[]): ReadonlyMap<string, Incident> => new Map(incidents.filter((one) => one !== undefined).map((one) => [one.id, one]));
/** As they came in; so that who opens an incident does not depend on how a round was cut. */
const byReceipt = (a: Finding, b: Finding): number => a.completing.received - b.completing.received || (a.completing.stream < b.completing.stream ? -1 : a.completing.stream > b.completing.stream ? 1 : a.completing.seq - b.completing.seq);
