// Incidents: changed only through the journal, found by what stands beside the document. Three small documents go with them, since a
// search may be a second behind: who has a number, the highest number of a year, the incident in use for a key.
import { createHash } from 'node:crypto';
import { ConflictError } from '../../errors.js';
import { foldSearch } from '../../fold.js';
import type { Incident, IncidentStatus } from '../../incident.js';
import type { Query } from '../../predicate/query-dsl-parts.js';
import { SEVERITIES, type Severity } from '../../tier.js';
import type { IncidentFilter, IncidentSort, IncidentStore, Scope } from '../store.js';
import type { Cluster } from './cluster.js';
import { all, among, docOf, down, idOf, is, isKind, notAmong, putControl, readPage, up, type Doc } from './documents.js';
import type { Journal, Write } from './journal.js';
import { createNotices } from './outbox.js';

const ORDERS: Readonly<Record<IncidentSort, readonly object[]>> = {
  // What has no deadline stands last, under a number that a cursor holds exactly.
  urgency: [...up('rank'), { due: { order: 'asc', missing: Number.MAX_SAFE_INTEGER } }, ...down('weight', 'tier'), ...up('created', 'id')],
  newest: down('created', 'id'),
  oldest: up('created', 'id'),
  severity: down('weight', 'created', 'id'),
  updated: down('updated', 'id'),
};
const RANK: Readonly<Record<IncidentStatus, number>> = { new: 0, assigned: 0, resolved: 1, closed: 2 };
const SEARCH_UNITS_MAX = 8_000;

export const inScope = ({ tiers, hiddenSystems }: Scope): readonly Query[] => [...among('tier', tiers), ...notAmong('system', hiddenSystems)];

export function incidentStore(cluster: Cluster, journal: Journal, changed: (incident: Incident, opened: boolean) => void): IncidentStore {
  const get = async (id: string): Promise<Incident | undefined> => { const stored = await cluster.get<Doc>(cluster.index('incidents'), id); return stored && docOf<Incident>(stored.source); };
  return {
    get,
    list: (filter, page) => readPage(cluster, 'incidents', all(conditions(filter)), ORDERS[filter.sort ?? 'urgency'], page, ({ source }) => docOf<Incident>(source)),
    async byKey(key) {
      const stored = await cluster.get<Doc>(cluster.index('control'), keyId(key));
      return stored && get(docOf<InUse>(stored.source).incident);
    },
    async put(incident, seen, notices) {
      await journal.change(async () => ({ writes: [...await putIncidents(cluster, [{ incident, seen }]), ...createNotices(notices)], result: undefined }));
      changed(incident, seen === 0);
    },
    async lastNumber(year) {
      const stored = await cluster.get<Doc>(cluster.index('control'), idOf('numbers', String(year)));
      return stored === undefined ? 0 : docOf<number>(stored.source);
    },
    async openCounts(scope) {
      const query = all([isKind('incident'), ...inScope(scope), ...among('status', ['new', 'assigned', 'resolved'])]), counts = [];
      for await (const { key, doc_count } of cluster.buckets(cluster.index('incidents'), query, ['tier', 'system', 'severity', 'status'].map((field) => ({ [field]: { terms: { field } } })))) {
        counts.push({ tier: Number(key['tier']), system: String(key['system']), severity: key['severity'] as Severity, status: key['status'] as IncidentStatus, count: doc_count });
      }
      return counts;
    },
  };
}

interface InUse { readonly incident: string; readonly created: number; readonly number: string }
const keyId = (key: string): string => idOf('key', createHash('sha256').update(key).digest('hex'));

/** The writes of these incidents, each on the version its author saw; throws ConflictError where that is not the stored one. */
export async function putIncidents(cluster: Cluster, changes: readonly { readonly incident: Incident; readonly seen: number }[]): Promise<readonly Write[]> {
  if (changes.length === 0) return [];
  const control = cluster.index('control'), numbers = changes.map(({ incident }) => /^[A-Za-z]+-(\d{4})-(\d+)$/.exec(incident.number)), years = [...new Set(numbers.flatMap((match) => match?.[1] ?? []))];
  const found = await cluster.many<Doc>([
    ...changes.map(({ incident }) => ({ index: cluster.index('incidents'), id: incident.id })), ...changes.map(({ incident }) => ({ index: control, id: idOf('number', incident.number) })),
    ...changes.map(({ incident }) => ({ index: control, id: keyId(incident.key) })), ...years.map((year) => ({ index: control, id: idOf('numbers', year) })),
  ]);
  const at = <T>(i: number): T | undefined => { const doc = found[i]; return doc && docOf<T>(doc); };
  const lasts = new Map(years.map((year, i) => [year, at<number>(3 * changes.length + i) ?? 0])), keys = new Map<string, InUse>(), writes: Write[] = [];
  changes.forEach(({ incident, seen }, i) => {
    const version = at<Incident>(i)?.version ?? 0, taken = at<string>(changes.length + i), before = keys.get(incident.key) ?? at<InUse>(2 * changes.length + i);
    if (version !== seen) throw new ConflictError(`expected version ${seen} of incident ${incident.id}, found ${version}`);
    if (taken !== undefined && taken !== incident.id) throw new ConflictError(`number ${incident.number} was given to incident ${taken}`);
    const { id, key, created, number } = incident, [, year = '', n = '0'] = numbers[i] ?? [];
    writes.push({ op: 'put', index: 'incidents', id, source: incidentDoc(incident) });
    if (taken === undefined) writes.push(putControl('number', number, id));
    if (before === undefined || created > before.created || (created === before.created && number >= before.number)) keys.set(key, { incident: id, created, number });
    if (lasts.has(year)) lasts.set(year, Math.max(lasts.get(year) ?? 0, Number(n)));
  });
  for (const [key, inUse] of keys) writes.push({ op: 'put', index: 'control', id: keyId(key), source: { kind: 'key', id: key.slice(0, 1_000), doc: JSON.stringify(inUse) } });
  for (const [year, last] of lasts) writes.push(putControl('numbers', year, last));
  return writes;
}

function incidentDoc(incident: Incident): Doc {
  const { id, tier, system, status, severity, assignee, created, firstSeen, lastSeen, due, demo, rules } = incident;
  const updated = incident.timeline.reduce((latest, { at }) => Math.max(latest, at), Math.max(created, incident.lastReceived));
  const search = [incident.title, incident.titleVi, incident.number, system, ...incident.entities.map(({ value }) => value)].flatMap((part) => (part === undefined ? [] : [foldSearch(part).slice(0, SEARCH_UNITS_MAX).replace(/\p{Cs}/gu, '\ufffd')]));
  return {
    kind: 'incident', id, doc: JSON.stringify(incident), tier, system, status, severity, assignee, created, updated, due, first: firstSeen, last: lastSeen, rank: RANK[status], weight: SEVERITIES.indexOf(severity),
    demo: demo === true, rule: rules.map((rule) => rule.id), search,
  };
}

function conditions({ scope, tiers, statuses, severities, systems, assignee, rule, from, to, text }: IncidentFilter): readonly Query[] {
  return [
    isKind('incident'), ...inScope(scope), ...among('tier', tiers), ...among('status', statuses), ...among('severity', severities), ...among('system', systems),
    ...(assignee === null ? [{ bool: { must_not: [{ exists: { field: 'assignee' } }] } }] : is('assignee', assignee)), ...is('rule', rule),
    ...(from === undefined ? [] : [{ range: { last: { gte: from } } }]), ...(to === undefined ? [] : [{ range: { first: { lt: to } } }]),
    ...(text ?? '').split(/\s+/).filter((word) => word !== '').map((word): Query => ({ wildcard: { search: { value: `*${foldSearch(word).replace(/[\\*?]/g, '\\$&')}*` } } })),
  ];
}
