// Incidents and alerts as rows: the document, and beside it the columns that are searched.
import { ConflictError } from '../../errors.js';
import { foldSearch } from '../../fold.js';
import type { Incident, IncidentStatus } from '../../incident.js';
import type { Database } from '../../process/sqlite.js';
import { SEVERITIES, type Severity } from '../../tier.js';
import type { AlertStore, AlertWrite, IncidentFilter, IncidentSort, IncidentStore, Notice, Scope } from '../store.js';
import { alertReader, putGrowth, readStates } from './growth.js';
import { putNotices } from './outbox.js';
import { among, docOf, has, newest, notAmong, oldest, readPage, type Condition, type Order } from './paging.js';

const ORDERS: Readonly<Record<IncidentSort, readonly Order[]>> = {
  urgency: [...oldest('rank', 'due'), ...newest('weight', 'tier'), ...oldest('created', 'id')],
  newest: newest('created', 'id'),
  oldest: oldest('created', 'id'),
  severity: newest('weight', 'created', 'id'),
  updated: newest('updated', 'id'),
};
const RANK: Readonly<Record<IncidentStatus, number>> = { new: 0, assigned: 0, resolved: 1, closed: 2 };

/** Stands after every deadline; the schema gives it to rows from before there were any. */
const NOT_DUE = Number.MAX_SAFE_INTEGER;

export const inScope = ({ tiers, hiddenSystems }: Scope): readonly Condition[] => [among('tier', tiers), notAmong('system', hiddenSystems)];

export function incidentStore(db: Database, changed: (incident: Incident, opened: boolean) => void): IncidentStore {
  return {
    async get(id) { const row = db.prepare('select doc from incidents where id = ?').get(id); return row && docOf<Incident>(row); },
    list: async (filter, page) => readPage(db, 'incidents', conditions(filter), ORDERS[filter.sort ?? 'urgency'], page, (row) => docOf<Incident>(row)),
    async byKey(key) {
      const row = db.prepare('select doc from incidents where key = ? order by created desc, number desc limit 1').get(key);
      return row && docOf<Incident>(row);
    },
    async put(incident: Incident, seen: number, notices: readonly Notice[]) {
      db.transaction(() => { putIncident(db, incident, seen); putNotices(db, notices); });
      changed(incident, seen === 0);
    },
    lastNumber: async (year) => Number(db.prepare('select last from numbers where year = ?').get(year)?.['last'] ?? 0),
    async openCounts(scope) {
      const parts = [...inScope(scope), among('status', ['new', 'assigned', 'resolved'])].filter(({ sql }) => sql !== '');
      return db.prepare(`select tier, system, severity, status, count(*) as n from incidents where ${parts.map(({ sql }) => sql).join(' and ')} group by 1, 2, 3, 4`)
        .all(...parts.flatMap(({ values }) => values))
        .map((row) => ({ tier: Number(row['tier']), system: String(row['system']), severity: row['severity'] as Severity, status: row['status'] as IncidentStatus, count: Number(row['n']) }));
    },
  };
}

/** Throws ConflictError unless the stored version is the one seen (0: there is none). */
export function checkIncident(db: Database, incident: Incident, seen: number): void {
  const version = Number(db.prepare('select version from incidents where id = ?').get(incident.id)?.['version'] ?? 0);
  if (version !== seen) throw new ConflictError(`expected version ${seen} of incident ${incident.id}, found ${version}`);
}

/** Writes an incident and its searched columns; part of the caller's transaction. */
export function putIncident(db: Database, incident: Incident, seen: number): void {
  checkIncident(db, incident, seen);
  const updated = incident.timeline.reduce((latest, { at }) => Math.max(latest, at), Math.max(incident.created, incident.lastReceived));
  const search = foldSearch([incident.title, incident.titleVi, incident.number, incident.system, ...incident.entities.map(({ value }) => value)].filter((part) => part !== undefined).join('\n'));
  const taken = db.prepare('select id from incidents where number = ?').get(incident.number)?.['id'];
  if (taken !== undefined && taken !== incident.id) throw new ConflictError(`number ${incident.number} was given to incident ${String(taken)}`);
  db.prepare(`insert into incidents (id, version, tier, system, number, key, rank, status, severity, weight, assignee, first_seen, last_seen, created, updated, due, demo, search, doc)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (id) do update set version = excluded.version, tier = excluded.tier, system = excluded.system, number = excluded.number, key = excluded.key, rank = excluded.rank,
      status = excluded.status, severity = excluded.severity, weight = excluded.weight, assignee = excluded.assignee, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
      created = excluded.created, updated = excluded.updated, due = excluded.due, demo = excluded.demo, search = excluded.search, doc = excluded.doc`)
    .run(incident.id, incident.version, incident.tier, incident.system, incident.number, incident.key, RANK[incident.status], incident.status, incident.severity,
      SEVERITIES.indexOf(incident.severity), incident.assignee, incident.firstSeen, incident.lastSeen, incident.created, updated, incident.due ?? NOT_DUE, incident.demo === true ? 1 : 0, search, JSON.stringify(incident));
  for (const { id } of incident.rules) db.prepare('insert or ignore into incident_rules values (?, ?)').run(incident.id, id);
  const number = /^[A-Za-z]+-(\d{4})-(\d+)$/.exec(incident.number);
  if (number !== null) db.prepare('insert into numbers values (?, ?) on conflict (year) do update set last = max(last, excluded.last)').run(Number(number[1]), Number(number[2]));
}

function conditions({ scope, tiers, statuses, severities, systems, assignee, rule, from, to, text }: IncidentFilter): readonly Condition[] {
  return [
    ...inScope(scope),
    ...(tiers ? [among('tier', tiers)] : []), ...(statuses ? [among('status', statuses)] : []),
    ...(severities ? [among('severity', severities)] : []), ...(systems ? [among('system', systems)] : []),
    assignee === null ? { sql: 'assignee is null', values: [] } : has('assignee', '=', assignee),
    rule === undefined ? { sql: '', values: [] } : { sql: 'id in (select incident from incident_rules where rule = ?)', values: [rule] },
    has('last_seen', '>=', from), has('first_seen', '<', to),
    ...(text ?? '').split(/\s+/).filter((word) => word !== '').map((word): Condition => ({ sql: 'instr(search, ?) > 0', values: [foldSearch(word)] })),
  ];
}

export function alertStore(db: Database): AlertStore {
  const read = alertReader(db);
  return {
    async get(id) { const row = db.prepare('select doc from alerts where id = ?').get(id); return row && read(row); },
    states: async (asked) => readStates(db, asked),
    ofIncident: async (incident, page) => readPage(db, 'alerts', [has('incident', '=', incident)], newest('time', 'id'), page, read),
    async histogram(from, to, intervalMs, scope) {
      const parts = [has('time', '>=', from), has('time', '<', to), ...inScope(scope)].filter(({ sql }) => sql !== '');
      return db.prepare(`select time - ((time % ?) + ?) % ? as start, severity, count(*) as n from alerts where ${parts.map(({ sql }) => sql).join(' and ')} group by 1, 2 order by 1, 2`)
        .all(intervalMs, intervalMs, intervalMs, ...parts.flatMap(({ values }) => values))
        .map((row) => ({ start: Number(row['start']), severity: row['severity'] as Severity, count: Number(row['n']) }));
    },
    list: async ({ scope, from, to, rule }, page) => readPage(db, 'alerts', [...inScope(scope), has('time', '>=', from), has('time', '<', to), has('rule', '=', rule)], newest('time', 'id'), page, read),
  };
}

/** New alerts, and what came to others: when one was first committed stays. Part of the caller's transaction. */
export function putAlerts(db: Database, writes: readonly AlertWrite[]): void {
  putGrowth(db, writes.filter((write) => write.kind === 'growth'));
  const heads = writes.map((write) => (write.kind === 'whole' ? write.alert : write.head));
  const created = new Map(db.prepare('select id, created from alerts where id in (select value from json_each(?))').all(JSON.stringify(heads.map(({ id }) => id))).map((row) => [row['id'], Number(row['created'])]));
  const rows = heads.map((head) => ({ ...head, created: created.get(head.id) ?? head.created }))
    .map((head) => [head.id, head.tier, head.system, head.incident, head.rule.uid, head.severity, head.time, head.received, head.created, JSON.stringify(head)]);
  db.prepare(`insert into alerts (id, tier, system, incident, rule, severity, time, received, created, doc)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9 from json_each(?) where true
    on conflict (id) do update set tier = excluded.tier, system = excluded.system, incident = excluded.incident, rule = excluded.rule, severity = excluded.severity,
      time = excluded.time, received = excluded.received, doc = excluded.doc`).run(JSON.stringify(rows));
}
