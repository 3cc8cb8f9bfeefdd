// Incidents: the queue, one incident with its alerts and proofs, changes. Who does not read logs gets the same without frames.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AlertHistogram, IncidentFull, IncidentItem, SeverityName } from '../api.js';
import { ConflictError, InvalidError, NotFoundError } from '../../core/errors.js';
import { apply, VERDICTS, type Incident, type Verdict } from '../../core/incident.js';
import { withDue } from '../../core/policy.js';
import type { Alert } from '../../core/alert.js';
import type { IncidentFilter, IncidentSort, Page } from '../../core/store/store.js';
import { SEVERITIES } from '../../core/tier.js';
import { parseBody } from './body.js';
import { sees } from './deps.js';
import { integerOf, intervalOf, iso, listOf, pageOf, presentPage, textOf, tiersOf, timeOf } from './parameters.js';
import { presentAlert, presentFull, presentIncident, systemNameIn } from './present.js';
import type { SignedCall, SignedRoute } from './route.js';
import { mayHave } from './user-routes.js';

const STATUSES = ['new', 'assigned', 'resolved', 'closed'] as const;
const SORTS: readonly IncidentSort[] = ['urgency', 'newest', 'oldest', 'severity', 'updated'];
const ALERTS_SHOWN = 20, DEPLOYMENTS_READ = 500;

const text = z.string().max(10_000);
export const changeShape = z.strictObject({
  version: z.number().int().min(1),
  change: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('assigned'), assignee: z.string().min(1).max(64).nullable() }),
    z.strictObject({ kind: z.literal('noted'), text }),
    z.strictObject({ kind: z.literal('resolved'), text: text.optional() }),
    z.strictObject({ kind: z.literal('closed'), verdict: z.enum(VERDICTS as [Verdict, ...Verdict[]]), text: text.optional() }),
    z.strictObject({ kind: z.literal('reopened'), text: text.optional() }),
  ]),
});

export const incidentRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/incidents', roles: ['analyst', 'admin', 'manager'],
    async handle(call) {
      const page = await call.deps.store.incidents.list(filterOf(call), pageOf(call.query));
      return { body: { ...presentPage(page, (incident) => incident), items: await presentAll(call, page.items) } };
    },
  },
  {
    method: 'GET', path: '/api/incidents/histogram', roles: ['analyst', 'admin', 'manager'],
    async handle({ deps, asker, query }) {
      const to = timeOf(query, 'to') ?? deps.clock.now(), from = timeOf(query, 'from') ?? to - 24 * 3_600_000;
      if (to <= from) throw new InvalidError('to: expected a time after from', 'to', 'time.order');
      const intervalMs = intervalOf(to - from, integerOf(query, 'buckets', 60, 1, 500));
      const [counts, deployments] = await Promise.all([deps.store.alerts.histogram(from, to, intervalMs, asker.scope), deps.store.deployments.list(DEPLOYMENTS_READ)]);
      const buckets = new Map<number, Partial<Record<SeverityName, number>>>();
      for (const { start, severity, count } of counts) buckets.set(start, { ...buckets.get(start), [severity]: count });
      const body: AlertHistogram = {
        intervalMs, buckets: [...buckets].sort(([a], [b]) => a - b).map(([start, bucket]) => ({ start: iso(start), counts: bucket })),
        deployments: deployments.filter(({ at }) => at >= from && at < to).map(({ at, n, by }) => ({ at: iso(at), n, by })),
      };
      return { body };
    },
  },
  { method: 'GET', path: '/api/incidents/:id', roles: ['analyst', 'admin', 'manager'], handle: async (call) => ({ body: await presentWhole(call, await visible(call)) }) },
  {
    method: 'GET', path: '/api/incidents/:id/alerts', roles: ['analyst', 'admin', 'manager'],
    async handle(call) {
      const incident = await visible(call), { deps, asker, query } = call;
      const page = await deps.store.alerts.ofIncident(incident.id, pageOf(query));
      if (asker.readsLogs) await deps.audit.read(call, 'incident.read', incident.number, {});
      return { body: presentPage(page, (alert) => presentAlert(alert, asker.readsLogs, wordsOf(call, alert.rule.uid))) };
    },
  },
  {
    method: 'POST', path: '/api/incidents/:id/changes', roles: ['log_reader'],
    async handle(call) {
      const { deps, asker, body } = call, { version, change } = parseBody(changeShape, body);
      const incident = await visible(call);
      if (incident.version !== version) throw new ConflictError(String(incident.version));
      if (change.kind === 'assigned' && change.assignee !== null) await checkAssignee(call, incident, change.assignee);
      const next = withDue(apply(incident, change, Math.max(deps.clock.now(), incident.timeline[incident.timeline.length - 1]?.at ?? 0), asker.user.id, randomUUID()), deps.policy());
      try { await deps.store.incidents.put(next, version, []); } catch (error) {
        throw error instanceof ConflictError ? new ConflictError(String((await deps.store.incidents.get(incident.id))?.version ?? version)) : error;
      }
      await deps.audit.did(call, `incident.${change.kind}`, incident.number, { tier: incident.tier, ...(change.kind === 'closed' ? { verdict: change.verdict } : {}), ...(change.kind === 'assigned' ? { assignee: change.assignee } : {}) });
      return { body: await presentWhole(call, next) };
    },
  },
  {
    method: 'GET', path: '/api/assignees', roles: ['log_reader'],
    async handle({ deps, asker }) {
      const users = (await deps.store.users.list()).filter((user) => asker.user.tiers.some((tier) => mayHave(user, tier)));
      return { body: { items: users.map(({ id, name }) => ({ username: id, name })) } };
    },
  },
];

function filterOf({ asker, query }: SignedCall): IncidentFilter {
  const assignee = textOf(query, 'assignee'), sort = listOf(query, 'sort', SORTS)?.[0];
  return {
    scope: asker.scope, tiers: tiersOf(query), statuses: listOf(query, 'status', STATUSES), severities: listOf(query, 'severity', SEVERITIES), systems: textOf(query, 'system')?.split(','),
    ...(assignee === undefined ? {} : { assignee: assignee === 'none' ? null : assignee === 'me' ? asker.user.id : assignee }),
    rule: textOf(query, 'rule'), from: timeOf(query, 'from'), to: timeOf(query, 'to'), text: textOf(query, 'q'), sort,
  };
}

/** The incident of the path, or 404: one that may not be seen answers as one that is not there. */
async function visible({ deps, asker, params }: SignedCall): Promise<Incident> {
  const incident = await deps.store.incidents.get(params['id'] ?? '');
  if (incident === undefined || !sees(asker.scope, incident)) throw new NotFoundError('no such incident');
  return incident;
}

export async function presentAll({ deps, asker }: SignedCall, incidents: readonly Incident[]): Promise<readonly IncidentItem[]> {
  const systems = await deps.systems.byId(), policy = deps.policy();
  return Promise.all(incidents.map(async (incident) => presentIncident(incident, {
    policy, systemName: (id) => systemNameIn(asker.user.language, id, systems.get(id)), precedent: await deps.index.precedent(incident, asker.scope),
  })));
}

async function presentWhole(call: SignedCall, incident: Incident): Promise<IncidentFull> {
  const { deps, asker } = call;
  const [items, alerts, alike] = await Promise.all([
    presentAll(call, [incident]), deps.store.alerts.ofIncident(incident.id, { limit: ALERTS_SHOWN }), deps.index.similar(incident, asker.scope),
  ]);
  const similar = await presentAll(call, alike);
  if (asker.readsLogs) await deps.audit.read(call, 'incident.read', incident.number, {});
  return presentFull(incident, { item: items[0] as IncidentItem, alerts: alerts.items.map((alert) => presentAlert(alert, asker.readsLogs, wordsOf(call, alert.rule.uid))), distinctEvents: distinctIn(alerts), similar, policy: deps.policy() });
}

/** Events of all alerts, each once; null where the page does not hold every alert. */
const distinctIn = ({ items, next }: Page<Alert>): number | null => (next === null ? new Set(items.flatMap(({ eventIds }) => eventIds)).size : null);

const wordsOf = ({ deps }: SignedCall, uid: string): { description?: string; descriptionVi?: string } | undefined => deps.rules.rules().find(({ id }) => id === uid);

async function checkAssignee({ deps }: SignedCall, incident: Incident, assignee: string): Promise<void> {
  const user = await deps.store.users.get(assignee);
  const may = user !== undefined && mayHave(user, incident.tier) && sees(await deps.systems.scopeOf(user), incident);
  if (!may) throw new InvalidError(`expected somebody who may see this incident, got ${JSON.stringify(assignee)}`, 'assignee', 'incident.assignee', { name: assignee });
}
