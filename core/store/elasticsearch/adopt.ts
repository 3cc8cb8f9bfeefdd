// What an embedded site brings into a cluster (core/store/migrate.ts): every document under the id and the version that it has, written so
// that writing it again changes nothing. Nobody else may use the prefix meanwhile.
import type { AccountRow } from '../../account/account.js';
import type { Alert, Hit } from '../../alert.js';
import type { Event } from '../../event.js';
import type { Incident } from '../../incident.js';
import { parseStreamName } from '../../record.js';
import type { System } from '../../tier.js';
import type { Adopting, MigrationState, Part, RegistryItem, SettingItem } from '../migrate.js';
import type { AuditEntry, DeadLetter, Deployment, LedgerEntry, Notice, RuleTuning, SourceRow, User } from '../store.js';
import { accountWrite, sourceId } from './accounts.js';
import { putAlerts } from './alerts.js';
import { createLines } from './append.js';
import type { Cluster } from './cluster.js';
import { controlDoc, docOf, idOf, putControl, type Doc } from './documents.js';
import { putIncidents } from './incidents.js';
import type { Journal, Write } from './journal.js';
import { entryWrite, HITS_A_CHANGE, hitDocs } from './ledger.js';
import { createNotices } from './outbox.js';
import type { Periods } from './periods.js';

const STATE = idOf('setting', 'store.migration'), CHANGE_WRITES = 500;

export function adopting(cluster: Cluster, journal: Journal, periods: Periods): Adopting {
  const control = cluster.index('control');
  /** Documents that are changed by compare-and-set, and no change of the journal ever writes. */
  const index = async (docs: readonly { readonly index: string; readonly id: string; readonly source: object }[]): Promise<void> => {
    const results = await cluster.bulk(docs.map(({ source, ...place }) => ({ op: 'index', ...place, source: JSON.stringify(source) })));
    const refused = results.find(({ status }) => status !== 200 && status !== 201);
    if (refused !== undefined) throw new Error(`Elasticsearch refused a document: ${refused.reason}`);
  };
  const controls = (kind: string, items: readonly (readonly [string, unknown, object?])[]): Promise<void> => index(items.map(([id, document, more = {}]) => ({ index: control, id: idOf(kind, id), source: controlDoc(kind, id, document, more) })));
  const change = async (writes: readonly Write[]): Promise<void> => { for (let at = 0; at < writes.length; at += CHANGE_WRITES) await journal.change(async () => ({ writes: writes.slice(at, at + CHANGE_WRITES), result: undefined })); };
  const put: { readonly [P in Part]: (items: readonly never[]) => Promise<void> } = {
    events: (events: readonly Event[]) => createLines(cluster, periods, events.map((event) => ({ line: JSON.stringify(event), stream: parseStreamName(`${String(event['haidang.collector'])}.${String(event['haidang.epoch'])}.${String(event['haidang.tier'])}`), seq: Number(event['haidang.seq']) }))),
    hits: (hits: readonly Hit[]) => journal.change(async (n) => ({ writes: await hitDocs(periods, hits, n * HITS_A_CHANGE), result: undefined })),
    entries: async (entries: readonly LedgerEntry[]) => change(await Promise.all(entries.map((entry) => entryWrite(periods, entry)))),
    alerts: async (alerts: readonly Alert[]) => journal.change(async () => ({ writes: await putAlerts(cluster, alerts.map((alert) => ({ kind: 'whole', alert })), new Map()), result: undefined })),
    incidents: async (incidents: readonly Incident[]) => {
      const known = await cluster.many<Doc>(incidents.map(({ id }) => ({ index: cluster.index('incidents'), id })));
      const fresh = incidents.filter((_, i) => known[i] === undefined);
      for (let at = 0; at < fresh.length; at += 100) await journal.change(async () => ({ writes: await putIncidents(cluster, fresh.slice(at, at + 100).map((incident) => ({ incident, seen: 0 }))), result: undefined }));
    },
    notices: (notices: readonly Notice[]) => change(createNotices(notices)),
    sources: (rows: readonly SourceRow[]) => change(rows.map((row) => putControl('source', sourceId(row.system, row.sender), row, { system: row.system }))),
    accounts: (rows: readonly AccountRow[]) => change(rows.map(accountWrite)),
    systems: (systems: readonly System[]) => change(systems.map((system) => putControl('system', system.id, system, { tier: system.tier }))),
    registry: ([registry]: readonly RegistryItem[]) => change(registry === undefined ? [] : [putControl('setting', 'store.registry', registry)]),
    tunings: (tunings: readonly RuleTuning[]) => controls('tuning', tunings.map((one) => [one.id, one])),
    deployments: (deployments: readonly Deployment[]) => controls('deployment', deployments.map((one) => [String(one.n), one, { n: one.n }])),
    users: (users: readonly User[]) => controls('user', users.map((one) => [one.id, one])),
    settings: (settings: readonly SettingItem[]) => controls('setting', settings.map(({ name, value }) => [name, value])),
    deadLetters: (letters: readonly DeadLetter[]) => controls('letter', letters.map((one, i) => [one.id, one, { n: one.at * 1_000 - i }])),
    audit: (entries: readonly (AuditEntry & { readonly seq: number })[]) => index(entries.map(({ seq, ...entry }) => ({ index: cluster.index('audit'), id: String(seq), source: { kind: 'audit', doc: JSON.stringify(entry), n: seq, time: entry.at, by: entry.by, action: entry.action, object: entry.object } }))),
    cursors: (cursors: readonly { readonly stream: string; readonly position: number; readonly received: number; readonly ruleSet: number }[]) => change(cursors.map((cursor) => putControl('cursor', cursor.stream, cursor))),
    closed: ([closed]: readonly number[]) => change(closed === undefined ? [] : [putControl('setting', 'store.closed', closed)]),
  };
  return {
    put: (part, items) => put[part](items as readonly never[]),
    async state() { const stored = await cluster.get<Doc>(control, STATE); return stored && docOf<MigrationState>(stored.source); },
    async setState(state) { await index([{ index: control, id: STATE, source: controlDoc('setting', 'store.migration', state) }]); },
    async isEmpty() {
      const { total } = await cluster.search(control, { query: { terms: { kind: ['cursor', 'user', 'source', 'stream'] } }, size: 0, track_total_hits: true });
      return total === 0;
    },
    async settled() { await cluster.refreshAll(); },
  };
}
