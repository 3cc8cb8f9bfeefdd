// Alerts. What grows with a correlation's stands in documents of its own, so that growing costs what is added: one for each event id, one
// for each of the first and last 50 copies, which carries what its event said. The alert itself names the copies it has.
import { PROOF_EVENTS_MAX, proofOf, united, type Alert, type AlertHead, type EventCopy, type ProofEvent } from '../../alert.js';
import { assert } from '../../assert.js';
import type { Event } from '../../event.js';
import type { Severity } from '../../tier.js';
import type { AlertState, AlertStore, AlertWrite, CopyKey } from '../store.js';
import type { Cluster } from './cluster.js';
import { all, among, between, docOf, down, is, isKind, listAll, readPage, up, type Doc } from './documents.js';
import { inScope } from './incidents.js';
import type { Write } from './journal.js';
import { evidenceOf } from './ledger.js';

/** A growing alert as it is kept: `copies` in order of (time, id). */
interface Grown { readonly head: AlertHead; readonly copies: readonly CopyKey[] }
type Kept = Alert | Grown;
/** A copy as its document holds it: with the event's own text, or whole (of an alert that was written whole before it grew). */
type KeptCopy = { readonly copy: EventCopy; readonly event: string } | { readonly whole: ProofEvent };

const isGrown = (kept: Kept): kept is Grown => 'head' in kept;
const memberId = (alert: string, event: string): string => `${alert}~id~${event}`;
const copyId = (alert: string, { time, id }: CopyKey): string => `${alert}~copy~${time}~${id}`;
const keyOf = ({ time, id }: CopyKey): string => `${time}/${id}`;
const inOrder = (a: CopyKey, b: CopyKey): number => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const HALF = PROOF_EVENTS_MAX / 2;

export function alertStore(cluster: Cluster): AlertStore {
  const index = cluster.index('alerts');
  /** Alerts with their copies and ids, in the order given. */
  const assemble = async (found: readonly Kept[]): Promise<readonly Alert[]> => {
    const grown = found.filter(isGrown), places = grown.flatMap(({ head, copies }) => copies.map((key) => ({ index, id: copyId(head.id, key) })));
    if (grown.length === 0) return found as readonly Alert[];
    const docs = await cluster.many<Doc>(places), copies = new Map(places.map(({ id }, i) => [id, docs[i]] as const)), ids = new Map<string, string[]>(grown.map(({ head }) => [head.id, []]));
    for (const { alert, event } of await listAll<{ alert: string; event: string }>(cluster, 'alerts', all([isKind('member'), ...among('object', [...ids.keys()])]), up('object', 'id'))) ids.get(alert)?.push(event);
    return found.map((kept) => (isGrown(kept) ? { ...kept.head, eventIds: ids.get(kept.head.id) ?? [], events: kept.copies.flatMap((key) => { const doc = copies.get(copyId(kept.head.id, key)); return doc === undefined ? [] : [readCopy(docOf<KeptCopy>(doc))]; }) } : kept));
  };
  const page = async (query: readonly object[], request: Parameters<AlertStore['ofIncident']>[1]): ReturnType<AlertStore['ofIncident']> => {
    const { items, next, total } = await readPage(cluster, 'alerts', all([isKind('alert'), ...query as readonly Record<string, unknown>[]]), down('time', 'id'), request, ({ source }) => docOf<Kept>(source));
    return { items: await assemble(items), next, total };
  };
  return {
    async get(id) { const stored = await cluster.get<Doc>(index, id); return stored && (await assemble([docOf<Kept>(stored.source)]))[0]; },
    async states(asked) {
      const docs = await cluster.many<Doc>(asked.map(({ id }) => ({ index, id }))), members = asked.flatMap(({ id, eventIds }) => eventIds.map((event) => ({ id, event })));
      const there = await cluster.many<Doc>(members.map(({ id, event }) => ({ index, id: memberId(id, event) }))), has = new Set(members.flatMap(({ id, event }, i) => (there[i] === undefined ? [] : [memberId(id, event)])));
      return asked.flatMap(({ id, eventIds }, i) => {
        const doc = docs[i];
        if (doc === undefined) return [];
        const kept = docOf<Kept>(doc);
        if (isGrown(kept)) return [{ head: kept.head, has: eventIds.filter((event) => has.has(memberId(id, event))), ...within(kept.copies) }];
        const { eventIds: known, events, ...head } = kept;
        return [{ head, has: eventIds.filter((event) => known.includes(event)), ...within(events) }];
      });
    },
    ofIncident: (incident, request) => page(is('incident', incident), request),
    list: ({ scope, from, to, rule }, request) => page([...inScope(scope), ...between('time', from, to), ...is('rule', rule)], request),
    async histogram(from, to, intervalMs, scope) {
      const sources = [{ start: { histogram: { field: 'time', interval: intervalMs } } }, { severity: { terms: { field: 'severity' } } }], found = [];
      for await (const { key, doc_count } of cluster.buckets(index, all([isKind('alert'), ...inScope(scope), ...between('time', from, to)]), sources)) found.push({ start: Number(key['start']), severity: key['severity'] as Severity, count: doc_count });
      return found;
    },
  };
}

const readCopy = (kept: KeptCopy): ProofEvent => ('whole' in kept ? kept.whole : proofOf(kept.copy, JSON.parse(kept.event) as Event));

function within(copies: readonly CopyKey[]): Pick<AlertState, 'copies' | 'between'> {
  const first = copies[HALF - 1], last = copies[copies.length - HALF];
  if (first === undefined || last === undefined || copies.length < PROOF_EVENTS_MAX) return { copies: copies.length };
  return { copies: copies.length, between: [{ time: first.time, id: first.id }, { time: last.time, id: last.id }] };
}

/** The writes of these alerts; `texts` has what the events of this commit's hits said. Throws for a copy of an event without hits. */
export async function putAlerts(cluster: Cluster, alerts: readonly AlertWrite[], texts: ReadonlyMap<string, string>): Promise<readonly Write[]> {
  if (alerts.length === 0) return [];
  const index = cluster.index('alerts'), ids = [...new Set(alerts.map((write) => (write.kind === 'whole' ? write.alert.id : write.head.id)))], writes: Write[] = [];
  const docs = await cluster.many<Doc>(ids.map((id) => ({ index, id }))), known = new Map<string, Kept>(ids.flatMap((id, i) => { const doc = docs[i]; return doc === undefined ? [] : [[id, docOf<Kept>(doc)] as const]; }));
  const copies = await readCopies(cluster, alerts, known, texts);
  for (const write of alerts) {
    const id = write.kind === 'whole' ? write.alert.id : write.head.id, before = known.get(id), created = before && (isGrown(before) ? before.head : before).created;
    let next: Kept;
    if (write.kind === 'whole') next = { ...write.alert, created: created ?? write.alert.created };
    else {
      const head = { ...write.head, created: created ?? write.head.created }, ids = before !== undefined && !isGrown(before) ? [...before.eventIds, ...write.eventIds] : write.eventIds;
      writes.push(...ids.map((event): Write => ({ op: 'put', index: 'alerts', id: memberId(id, event), source: { kind: 'member', object: id, id: event, doc: JSON.stringify({ alert: id, event }) } })));
      next = { head, copies: growCopies(id, before, write.copies, copies, writes) };
    }
    known.set(id, next);
  }
  return [...writes, ...ids.map((id): Write => ({ op: 'put', index: 'alerts', id, source: alertDoc(known.get(id) as Kept) }))];
}

function alertDoc(kept: Kept): Doc {
  const { id, tier, system, incident, rule, severity, time, received, created } = isGrown(kept) ? kept.head : kept;
  return { kind: 'alert', id, doc: JSON.stringify(kept), tier, system, incident, rule: rule.uid, severity, time, received, created };
}

/** Copies by the id of their document: those stored that others join, and what the events of new ones said. */
interface Copies { readonly stored: Map<string, KeptCopy>; readonly texts: ReadonlyMap<string, string> }
async function readCopies(cluster: Cluster, alerts: readonly AlertWrite[], known: ReadonlyMap<string, Kept>, texts: ReadonlyMap<string, string>): Promise<Copies> {
  const growths = alerts.flatMap((write) => (write.kind === 'growth' ? [write] : [])), stored = new Map<string, KeptCopy>(), all = new Map(texts);
  const joined = growths.flatMap(({ head, copies }) => { const kept = known.get(head.id), has = new Set(kept !== undefined && isGrown(kept) ? kept.copies.map(keyOf) : []); return copies.filter((copy) => has.has(keyOf(copy))).map((copy) => copyId(head.id, copy)); });
  const docs = await cluster.many<Doc>(joined.map((id) => ({ index: cluster.index('alerts'), id })));
  joined.forEach((id, i) => { const doc = docs[i]; if (doc !== undefined) stored.set(id, docOf<KeptCopy>(doc)); });
  const missing = [...new Map(growths.flatMap(({ copies }) => copies).filter(({ id }) => !all.has(id)).map((copy) => [copy.id, copy])).values()], evidence = await evidenceOf(cluster, missing);
  missing.forEach(({ id }, i) => { const text = evidence[i]; if (text !== undefined) all.set(id, text); });
  return { stored, texts: all };
}

/** The keys of an alert's copies after these joined it; writes the copies that are new or changed and deletes those that fall out. */
function growCopies(alert: string, before: Kept | undefined, joining: readonly EventCopy[], { stored, texts }: Copies, writes: Write[]): readonly CopyKey[] {
  const keys = new Map<string, CopyKey>(), changed = new Map<string, KeptCopy>();
  if (before !== undefined && isGrown(before)) for (const key of before.copies) keys.set(keyOf(key), key);
  else for (const event of before?.events ?? []) { keys.set(keyOf(event), { time: event.time, id: event.id }); changed.set(keyOf(event), { whole: event }); }
  for (const copy of joining) {
    const key = keyOf(copy), kept = changed.get(key) ?? stored.get(copyId(alert, copy));
    if (!keys.has(key)) {
      const event = texts.get(copy.id);
      assert(event !== undefined, `expected hits of event ${copy.id}, which alert ${alert} copies, found none`);
      keys.set(key, { time: copy.time, id: copy.id });
      changed.set(key, { copy, event });
    } else if (kept !== undefined) {
      const more: KeptCopy = 'whole' in kept ? { whole: joinedWhole(kept.whole, copy) } : { copy: united(kept.copy, copy), event: kept.event };
      if (JSON.stringify(more) !== JSON.stringify(kept)) changed.set(key, more);
    }
  }
  const sorted = [...keys.values()].sort(inOrder), last = sorted.length <= PROOF_EVENTS_MAX ? sorted : [...sorted.slice(0, HALF), ...sorted.slice(-HALF)], stays = new Set(last.map(keyOf));
  for (const [key, { time, id }] of keys) {
    const doc = changed.get(key), at = copyId(alert, { time, id });
    if (doc !== undefined && stays.has(key)) { writes.push({ op: 'put', index: 'alerts', id: at, source: { kind: 'copy', object: alert, doc: JSON.stringify(doc) } }); stored.set(at, doc); }
    if (!stays.has(key) && doc === undefined) writes.push({ op: 'delete', index: 'alerts', id: at });
  }
  return last;
}

function joinedWhole(before: ProofEvent, copy: EventCopy): ProofEvent {
  const { grouping: _grouping, atoms, ...rest } = united({ ...before, grouping: [] as EventCopy['grouping'] }, { ...copy, atoms: [...copy.atoms, ...copy.grouping], grouping: [] });
  return { ...rest, atoms };
}
