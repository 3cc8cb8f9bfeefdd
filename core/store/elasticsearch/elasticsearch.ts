// The store over Elasticsearch: the roles of the port on plain indices, one change at a time through the journal. Only features of the
// basic server are used: no scripts, no life cycle management, no ingest pipelines.
import { bytesOf } from '../../pipeline/run.js';
import type { Commit, RuleTuning, Store, StoreHealth, StoreNews, User } from '../store.js';
import { accountStore, putAccount, rollAccount } from './accounts.js';
import { alertStore, putAlerts } from './alerts.js';
import { appendEvents } from './append.js';
import { Cluster, GONE_KIND, type ClusterOptions } from './cluster.js';
import { auditStore, deadLetterStore, deploymentStore, sessionStore, systemStore, tiersInUse } from './control.js';
import { Days } from './days.js';
import { removeDemo } from './demo.js';
import { all, between, documents, isKind, settingStore } from './documents.js';
import { ElasticEvents } from './events.js';
import { incidentStore, putIncidents } from './incidents.js';
import { Journal } from './journal.js';
import { cursorStore, forgetHits, ledgerStore, newRuns, putClosed, putCorrelated, putRuns, sourceStore } from './ledger.js';
import { createNotices, outboxStore } from './outbox.js';
import { problemOf } from './setup.js';
import { sharedStore } from './shared.js';
import { eventsPattern, ledgerPattern } from './templates.js';
import { Watch } from './watch.js';

export async function openElasticsearch(options: ClusterOptions): Promise<Store> {
  const cluster = new Cluster(options);
  try {
    const problem = await problemOf(cluster);
    if (problem !== undefined) throw new Error(problem);
    const journal = new Journal(cluster);
    // What somebody decided and did not finish is carried out by who may change things.
    if (cluster.role !== 'collector') await journal.open();
    await cluster.refreshAll();
    return storeOver(cluster, journal);
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

function storeOver(cluster: Cluster, journal: Journal): Store {
  const days = new Days(cluster, cluster.role === 'one'), events = new ElasticEvents(cluster, days), listeners = new Set<(news: StoreNews) => void>();
  const tell = (news: StoreNews): void => { for (const listener of listeners) listener(news); };
  // Where services run apart, most of what changes is changed by others.
  const watch = cluster.role === 'one' ? undefined : new Watch(cluster, tell);

  return {
    events,
    alerts: alertStore(cluster),
    incidents: incidentStore(cluster, journal, ({ id, tier }, opened) => tell({ kind: 'incidents', ids: [id], opened: opened ? [id] : [], tiers: [tier] })),
    ledger: ledgerStore(cluster),
    cursors: cursorStore(cluster),
    accounts: accountStore(cluster),
    sources: sourceStore(cluster, () => tell({ kind: 'sources' })),
    outbox: outboxStore(cluster),
    tunings: documents<RuleTuning>(cluster, 'tuning', () => tell({ kind: 'rules' })),
    deployments: deploymentStore(cluster, () => tell({ kind: 'rules' })),
    systems: systemStore(cluster, journal, () => tell({ kind: 'systems' })),
    users: documents<User>(cluster, 'user'),
    sessions: sessionStore(cluster),
    audit: auditStore(cluster),
    deadLetters: deadLetterStore(cluster),
    settings: settingStore(cluster),
    shared: sharedStore(cluster, journal, days),
    async commit(commit: Commit) {
      const runs = await journal.change(async (n) => {
        const fresh = await newRuns(cluster, commit.runs), incidents = await putIncidents(cluster, commit.incidents);
        // Before the decision: what is decided on is there. Events of a change that comes to nothing are found by its next attempt.
        await appendEvents(cluster, days.periods, fresh.filter((run) => bytesOf(run) > 0 && run.stored !== true));
        const ledger = await putRuns(cluster, days.periods, fresh, n), account = await putAccount(cluster, fresh), alerts = await putAlerts(cluster, commit.alerts, ledger.texts), closed = [...await putClosed(cluster, commit.closed), ...await putCorrelated(cluster, commit.correlated)];
        return { writes: [...alerts, ...incidents, ...createNotices(commit.notices), ...ledger.writes, ...account, ...closed], result: fresh };
      });
      if (commit.incidents.length > 0) {
        const changed = commit.incidents.map(({ incident }) => incident);
        tell({ kind: 'incidents', ids: changed.map(({ id }) => id), opened: commit.incidents.filter(({ seen }) => seen === 0).map(({ incident }) => incident.id), tiers: [...new Set(changed.map(({ tier }) => tier))] });
      }
      if (runs.some(({ sources }) => sources.length > 0)) tell({ kind: 'sources' });
    },
    onNews(listener) { listeners.add(listener); watch?.start(); return () => listeners.delete(listener); },
    health: () => health(cluster),
    async keep(retentionDays, now) {
      // A console keeps nothing but order: what changes took away, and the account's oldest rows.
      if (cluster.role === 'console') { await sweepGone(cluster, now); await rollAccount(cluster, journal, now); return { dropped: [] }; }
      // Who brings events on a machine of its own makes no index.
      if (cluster.role === 'detector') await days.periods.makeAhead(await tiersInUse(cluster), now);
      const dropped = await days.keep(retentionDays, now);
      // Hits go with the index of their week; where one process does all, with their day.
      if (cluster.role === 'one') { await forgetHits(cluster, retentionDays, now); await sweepGone(cluster, now); }
      await rollAccount(cluster, journal, now);
      return { dropped };
    },
    async removeDemo() {
      const removed = await removeDemo(cluster, journal, events);
      for (const kind of ['systems', 'sources'] as const) tell({ kind });
      tell({ kind: 'incidents', ids: [], opened: [], tiers: [] });
      return removed;
    },
    async close() { await watch?.stop(); await cluster.close(); },
  };
}

/** What changes took away, a day ago or more: by then nobody carries out what was before it. */
async function sweepGone(cluster: Cluster, now: number): Promise<void> {
  for (const index of [cluster.index('alerts'), cluster.index('control'), ledgerPattern(cluster.prefix)]) await cluster.deleteFound(index, all([isKind(GONE_KIND), ...between('updated', undefined, now - DAY_MS)]));
}
const DAY_MS = 86_400_000;

interface Stats { readonly _all?: { readonly primaries?: { readonly docs?: { readonly count: number }; readonly store?: { readonly size_in_bytes: number } } } }
interface Disks { readonly nodes?: Readonly<Record<string, { readonly timestamp?: number; readonly fs?: { readonly total?: { readonly available_in_bytes?: number } } }>> }

const HEALTH_MS = 10_000;

/** Asked once, without patience: a store that does not answer is not ready. */
async function health(cluster: Cluster): Promise<StoreHealth> {
  const nothing = { kind: 'elasticsearch' as const, hotEvents: 0, sealedEvents: 0, bytes: 0, freeBytes: 0 };
  try {
    const { body: stats } = await cluster.request<Stats>('GET', `/${eventsPattern(cluster.prefix)}/_stats/docs,store`, { once: true, allow: [404], timeoutMs: HEALTH_MS });
    const { body: disks } = await cluster.request<Disks>('GET', '/_nodes/stats/fs', { once: true, allow: [403], timeoutMs: HEALTH_MS }), free = Object.values(disks.nodes ?? {}).map(({ fs }) => fs?.total?.available_in_bytes ?? 0);
    const { docs, store } = stats._all?.primaries ?? {}, clocks = Object.values(disks.nodes ?? {}).flatMap(({ timestamp }) => timestamp ?? []);
    return { ...nothing, ready: true, ...(clocks.length === 0 ? {} : { now: Math.min(...clocks) }), sealedEvents: docs?.count ?? 0, bytes: store?.size_in_bytes ?? 0, freeBytes: free.length === 0 ? 0 : Math.min(...free) };
  } catch (error) {
    return { ...nothing, ready: false, problem: (error as Error).message };
  }
}
