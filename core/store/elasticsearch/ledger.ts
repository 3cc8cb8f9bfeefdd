// What was evaluated under which rules, the hits of it, how far each stream has come, and the counters of the senders. Hits are numbered
// by the change of the journal that brought them, so that they come back in the order of their commits. What an event said stands once,
// under its id, as its own text. All of it stands in the index of the week in which the events were received, and goes with it; what comes
// when that was given up stands in the one index that is not made by time.
import { createHash } from 'node:crypto';
import type { Hit } from '../../alert.js';
import { assert } from '../../assert.js';
import { ConflictError } from '../../errors.js';
import type { Event } from '../../event.js';
import { readHits, type ReadHits } from '../../pipeline/hits.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { parseStreamName, streamName } from '../../record.js';
import { TakenError, type NumberedHit, type StreamCursor } from '../shared.js';
import type { Commit, CursorStore, LedgerEntry, LedgerStore, SourceRow, SourceStore } from '../store.js';
import { forgetAccount, sourceId } from './accounts.js';
import { GONE_KIND, type Cluster } from './cluster.js';
import { all, among, between, docOf, idOf, is, isKind, listAll, putControl, up, type Doc } from './documents.js';
import type { Write } from './journal.js';
import type { Periods } from './periods.js';
import { ledgerIndex, ledgerPattern, weekOf } from './templates.js';

/** Numbers of hits in one change. */
export const HITS_A_CHANGE = 1_000_000;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const evidenceId = (eventId: string): string => (eventId.length < 400 ? `event~${eventId}` : `event~${sha(eventId)}`);
const hitId = (eventId: string, rule: string): string => (eventId.length + rule.length < 400 ? `hit~${eventId}~${rule}` : `hit~${sha(`${eventId}\0${rule}`)}`);
type KeptHit = Omit<Hit, 'event'>;

/** Hits with what their events said. */
async function withEvents(cluster: Cluster, hits: readonly KeptHit[]): Promise<readonly Hit[]> {
  const firsts = [...new Map(hits.map((hit) => [hit.eventId, hit])).values()], docs = await fromLedger(cluster, firsts.map(({ eventId, tier, received }) => ({ id: evidenceId(eventId), tier, received })));
  const events = new Map(firsts.map(({ eventId }, i) => [eventId, JSON.parse(docs[i]?.doc ?? '{}') as Event]));
  return hits.map((hit) => ({ ...hit, event: events.get(hit.eventId) ?? {} }));
}

/** A document of the ledger by its id, and of which events it speaks. */
interface LedgerPlace { readonly id: string; readonly tier?: number | undefined; readonly received?: number | undefined }
/** As they stand now: in the index of their week, else in the one that is not made by time, else wherever a search finds them. */
async function fromLedger(cluster: Cluster, places: readonly LedgerPlace[]): Promise<readonly (Doc | undefined)[]> {
  const found = new Array<Doc | undefined>(places.length), missing = (): number[] => places.flatMap((_, i) => (found[i] === undefined ? [i] : []));
  const take = async (which: readonly number[], indexOf: (place: LedgerPlace) => string): Promise<void> => {
    const docs = await cluster.many<Doc>(which.map((i) => ({ index: indexOf(places[i] as LedgerPlace), id: (places[i] as LedgerPlace).id })), true);
    which.forEach((i, at) => { found[i] = docs[at]; });
  };
  await take(missing().filter((i) => placed(places[i] as LedgerPlace)), ({ tier = 0, received = 0 }) => cluster.index(ledgerIndex(tier, weekOf(new Date(received).toISOString().slice(0, 10)))));
  await take(missing(), () => cluster.index('ledger'));
  const unplaced = missing().filter((i) => !placed(places[i] as LedgerPlace));
  for (let at = 0; at < unplaced.length; at += 1_000) {
    const some = unplaced.slice(at, at + 1_000), { hits } = await cluster.search<Doc>(ledgerPattern(cluster.prefix), { query: { ids: { values: some.map((i) => (places[i] as LedgerPlace).id) } }, size: 10_000, track_total_hits: false });
    const byId = new Map(hits.map(({ id, source }) => [id, source]));
    for (const i of some) { const doc = byId.get((places[i] as LedgerPlace).id); if (doc?.kind !== GONE_KIND) found[i] = doc; }
  }
  return found;
}
const placed = ({ tier, received }: LedgerPlace): boolean => tier !== undefined && received !== undefined;
/** The tier in an event's id, `collector.epoch.tier.seq.hash`. */
const tierOf = (eventId: string): number | undefined => { const tier = /^[^.]+\.\d+\.([1-5])\.\d+\./.exec(eventId)?.[1]; return tier === undefined ? undefined : Number(tier); };
/** What events said, by their ids. */
export async function evidenceOf(cluster: Cluster, events: readonly { readonly id: string; readonly received: number }[]): Promise<readonly (string | undefined)[]> {
  return (await fromLedger(cluster, events.map(({ id, received }) => { const tier = tierOf(id); return { id: evidenceId(id), tier, received }; }))).map((doc) => doc?.doc);
}

export function ledgerStore(cluster: Cluster): LedgerStore {
  const index = ledgerPattern(cluster.prefix);
  return {
    entries: async (stream, from, limit) => (await cluster.search<Doc>(index, { query: all([isKind('entry'), ...is('stream', stream), { range: { to: { gte: from } } }]), sort: up('n'), size: Math.min(limit, 10_000), _source: ['doc'] })).hits.map(({ source }) => docOf<LedgerEntry>(source)),
    async hitsSince(since, after, limit) {
      const { hits } = await cluster.search<Doc>(index, { query: all([isKind('hit'), { range: { n: { gt: after } } }, { range: { received: { gte: since } } }]), sort: up('n'), size: Math.min(limit, 10_000), _source: ['doc', 'n'] });
      return { hits: await withEvents(cluster, hits.map(({ source }) => docOf<KeptHit>(source))), last: Number(hits[hits.length - 1]?.source['n'] ?? after) };
    },
    hits: (ruleUid, from, to) => hitsUpTo(cluster, Number.MAX_SAFE_INTEGER, ruleUid, from, to),
    async named(asked) {
      const docs = await fromLedger(cluster, asked.map(({ eventId, rule, received }) => ({ id: hitId(eventId, rule), tier: tierOf(eventId), received })));
      return withEvents(cluster, docs.flatMap((doc) => (doc === undefined ? [] : [docOf<KeptHit>(doc)])));
    },
    closed: () => closedOf(cluster),
    async hitCounts(from, to) {
      const counts: Record<string, { count: number; last: number }> = {};
      for await (const { key, doc_count, last } of cluster.buckets(index, all([isKind('hit'), ...between('received', from, to)]), [{ rule: { terms: { field: 'rule' } } }], { last: { max: { field: 'received' } } })) {
        counts[String(key['rule'])] = { count: doc_count, last: (last as { readonly value: number }).value };
      }
      return counts;
    },
  };
}

const numbersUpTo = (change: number): number => Math.min(Number.MAX_SAFE_INTEGER, (change + 1) * HITS_A_CHANGE);
/** Hits of a rule in [from, till] of event time, of changes up to `to`. */
export async function hitsUpTo(cluster: Cluster, to: number, ruleUid: string, from: number, till: number): Promise<readonly Hit[]> {
  const found: Hit[] = [], query = all([isKind('hit'), ...is('rule', ruleUid), ...between('time', from, till + 1), ...between('n', undefined, numbersUpTo(to))]);
  for await (const hits of cluster.all<Doc>(ledgerPattern(cluster.prefix), { query, sort: up('time', 'n'), _source: ['doc'] })) found.push(...await withEvents(cluster, hits.map(({ source }) => docOf<KeptHit>(source))));
  return found;
}

/** Hits of changes after `after` up to `to`, in the order they were decided. */
export async function hitsOfChanges(cluster: Cluster, after: number, to: number): Promise<readonly NumberedHit[]> {
  const found: NumberedHit[] = [], query = all([isKind('hit'), ...between('n', numbersUpTo(after), numbersUpTo(to))]);
  for await (const page of cluster.all<Doc>(ledgerPattern(cluster.prefix), { query, sort: up('n'), _source: ['doc', 'n', 'set'] })) {
    const hits = await withEvents(cluster, page.map(({ source }) => docOf<KeptHit>(source)));
    page.forEach(({ source }, i) => found.push({ hit: hits[i] as Hit, change: Math.floor(Number(source['n']) / HITS_A_CHANGE), ruleSet: Number(source['set'] ?? 0) }));
  }
  return found;
}

/** The number of the last change whose hits are correlated. */
export async function correlatedOf(cluster: Cluster): Promise<number> {
  const stored = await cluster.get<Doc>(cluster.index('control'), idOf('setting', 'store.correlated'));
  return stored === undefined ? 0 : docOf<number>(stored.source);
}
export async function putCorrelated(cluster: Cluster, moved: Commit['correlated']): Promise<readonly Write[]> {
  if (moved === undefined) return [];
  const before = await correlatedOf(cluster);
  if (before !== moved.seen) throw new ConflictError(`expected hits to be correlated up to change ${moved.seen}, found ${before}: another detector leads`);
  return moved.to === before ? [] : [putControl('setting', 'store.correlated', moved.to)];
}

async function closedOf(cluster: Cluster): Promise<number> {
  const stored = await cluster.get<Doc>(cluster.index('control'), idOf('setting', 'store.closed'));
  return stored === undefined ? 0 : docOf<number>(stored.source);
}
/** The watermark of verdicts; it never goes back. */
export async function putClosed(cluster: Cluster, closed: number | undefined): Promise<readonly Write[]> {
  return closed === undefined || closed <= await closedOf(cluster) ? [] : [putControl('setting', 'store.closed', closed)];
}

/** Of a cursor that an older version wrote, only the first two. */
type Cursor = Pick<StreamCursor, 'stream' | 'position'> & Partial<StreamCursor>;
export const readCursor = ({ stream, position, received = 0, ruleSet = 0 }: Cursor): StreamCursor => ({ stream, position, received, ruleSet });
/** Which streams there are is searched for; how far each has come is read as it stands: a search may be behind, and what was freed since would look lost. */
export function cursorStore(cluster: Cluster): CursorStore {
  return {
    async all() {
      const found = await listAll<Cursor>(cluster, 'control', isKind('cursor')), docs = await cluster.many<Doc>(found.map(({ stream }) => ({ index: cluster.index('control'), id: idOf('cursor', stream) })));
      return Object.fromEntries(found.map((before, i) => { const now = docs[i]; return [before.stream, now === undefined ? before.position : docOf<Cursor>(now).position]; }));
    },
  };
}

/**
 * Runs that are not committed yet; they must follow their stream's cursor without a gap. Of events that somebody else may have read too,
 * all or none: whoever was quicker decided, and under rules that are not older than those before (TakenError).
 */
export async function newRuns(cluster: Cluster, runs: readonly EvaluatedRun[]): Promise<readonly EvaluatedRun[]> {
  const streams = [...new Set(runs.map(({ stream }) => streamName(stream)))], docs = await cluster.many<Doc>(streams.map((stream) => ({ index: cluster.index('control'), id: idOf('cursor', stream) })));
  const byStream = new Map(streams.map((stream, i) => { const doc = docs[i]; return [stream, readCursor(doc === undefined ? { stream, position: 0 } : docOf<Cursor>(doc))]; }));
  const cursors = new Map([...byStream].map(([stream, { position }]) => [stream, position]));
  const late = runs.flatMap((run) => (run.late === true ? lateIds(run) : [])), entries = await cluster.many<Doc>(late.map((id) => ({ index: cluster.index('ledger'), id }))), decided = new Set(late.filter((_, i) => entries[i] !== undefined));
  return runs.filter((run) => {
    if (run.late === true) {
      const ids = lateIds(run), known = ids.filter((id) => decided.has(id)), { position = 0, ruleSet = 0 } = byStream.get(streamName(run.stream)) ?? {};
      // Of a stretch that somebody else decided in part, what is left is read anew.
      if (run.to > position || run.ruleSet < ruleSet || (known.length > 0 && known.length < ids.length)) throw new TakenError(streamName(run.stream), position, ruleSet);
      return known.length === 0;
    }
    const stream = streamName(run.stream), cursor = cursors.get(stream) ?? 0, { ruleSet = 0 } = byStream.get(stream) ?? {};
    if (run.stored === true && (run.from !== cursor + 1 || run.ruleSet < ruleSet)) throw new TakenError(stream, cursor, ruleSet);
    if (run.to <= cursor) return false;
    assert(run.from === cursor + 1, `expected a run of ${stream} from ${cursor + 1}, got one from ${run.from} to ${run.to}`);
    cursors.set(stream, run.to);
    return true;
  });
}

/** The entries of positions that were passed as a gap, one each. */
const lateIds = ({ stream, from, to }: Pick<EvaluatedRun, 'stream' | 'from' | 'to'>): readonly string[] => Array.from({ length: to - from + 1 }, (_, i) => lateId(streamName(stream), from + i));
export const lateId = (stream: string, seq: number): string => `${stream}.${seq}.late`;

/** The effects of runs besides their events, in change `n`; and what the events of their hits said. */
export async function putRuns(cluster: Cluster, periods: Pick<Periods, 'ledgerOf'>, runs: readonly EvaluatedRun[], n: number): Promise<{ readonly writes: readonly Write[]; readonly texts: ReadonlyMap<string, string> }> {
  const writes: Write[] = [], texts = new Map<string, string>(), cursors = new Map<string, StreamCursor>();
  let number = n * HITS_A_CHANGE;
  for (const run of runs) {
    const stream = streamName(run.stream), { from, to, ruleSet, count, xor, receivedTo } = run, entry: LedgerEntry = { stream, from, to, ruleSet, count, xor, receivedTo };
    if (run.late === true) lateIds(run).forEach((id, i) => writes.push({ op: 'put', index: 'ledger', id, source: { kind: 'late', doc: JSON.stringify({ stream, seq: from + i, ruleSet }), stream, n: from + i, to: from + i, received: receivedTo } }));
    else {
      writes.push(await entryWrite(periods, entry));
      cursors.set(stream, { stream, position: to, received: receivedTo, ruleSet });
    }
    const read = readHits(run);
    for (const one of read.events) {
      texts.set(one.event.id, one.text);
      const index = await periods.ledgerOf(run.stream.tier, one.event.received);
      writes.push(evidenceWrite(index, one, run));
      one.event.met.forEach((place, i) => writes.push(hitWrite(index, read, one, place, JSON.parse(one.atoms[i] ?? '[]') as Hit['atoms'], run, ++number)));
    }
  }
  for (const cursor of cursors.values()) writes.push(putControl('cursor', cursor.stream, cursor));
  return { writes: [...writes, ...await putSources(cluster, runs)], texts };
}

/** What was evaluated under which rules. */
export async function entryWrite(periods: Pick<Periods, 'ledgerOf'>, entry: LedgerEntry): Promise<Write> {
  const { stream, from, to, receivedTo } = entry;
  return { op: 'put', index: await periods.ledgerOf(parseStreamName(stream).tier, receivedTo), id: `${stream}.${from}`, source: { kind: 'entry', doc: JSON.stringify(entry), stream, n: from, to, received: receivedTo } };
}

/** Hits that were found elsewhere, with what their events said, numbered from `after`. */
export async function hitDocs(periods: Pick<Periods, 'ledgerOf'>, hits: readonly Hit[], after: number): Promise<readonly Write[]> {
  const texts = new Map<string, Write>(), writes: Write[] = [];
  for (const [i, { event, ...hit }] of hits.entries()) {
    const { eventId, rule, tier, system, time, received } = hit, index = await periods.ledgerOf(tier, received);
    texts.set(eventId, { op: 'put', index, id: evidenceId(eventId), source: { kind: 'event', doc: JSON.stringify(event), tier, system, received } });
    writes.push({ op: 'put', index, id: hitId(eventId, rule.uid), source: { kind: 'hit', doc: JSON.stringify(hit), n: after + i + 1, set: 0, rule: rule.uid, tier, system, time, received } });
  }
  return [...texts.values(), ...writes];
}

type OneEvent = ReadHits['events'][number];
const evidenceWrite = (index: Write['index'], { event: { id, received, system }, text }: OneEvent, { stream: { tier } }: EvaluatedRun): Write => ({ op: 'put', index, id: evidenceId(id), source: { kind: 'event', doc: text, tier, system, received } });
function hitWrite(index: Write['index'], { rules }: ReadHits, { event: { at, id, time, received, system } }: OneEvent, place: number, atoms: Hit['atoms'], run: EvaluatedRun, n: number): Write {
  const { reports, ...rule } = rules[place] as ReadHits['rules'][number], { tier } = run.stream;
  const hit: KeptHit = { rule, reports, stream: streamName(run.stream), seq: run.from + at, eventId: id, time, received, system, tier, atoms, ...(run.late === undefined ? {} : { late: run.late }) };
  return { op: 'put', index, id: hitId(id, rule.uid), source: { kind: 'hit', doc: JSON.stringify(hit), n, set: run.ruleSet, rule: rule.uid, tier, system, time, received } };
}

async function putSources(cluster: Cluster, runs: readonly EvaluatedRun[]): Promise<readonly Write[]> {
  const ids = [...new Set(runs.flatMap(({ sources }) => sources.map(({ system, sender }) => sourceId(system, sender))))], docs = await cluster.many<Doc>(ids.map((id) => ({ index: cluster.index('control'), id: idOf('source', id) })));
  const rows = new Map<string, SourceRow>(ids.flatMap((id, i) => { const doc = docs[i]; return doc === undefined ? [] : [[id, docOf<SourceRow>(doc)] as const]; }));
  for (const { sources, receivedFrom } of runs) {
    for (const { system, sender, tier, count, lost, unparsed, lastReceived } of sources) {
      const id = sourceId(system, sender), { stored = 0, evaluated = 0, lost: lostBefore = 0, unparsed: unparsedBefore = 0, firstSeen = receivedFrom, lastSeen = 0 } = rows.get(id) ?? {};
      rows.set(id, { name: sender, system, sender, tier, stored: stored + count, evaluated: evaluated + count, lost: lostBefore + lost, unparsed: unparsedBefore + unparsed, firstSeen, lastSeen: Math.max(lastSeen, lastReceived) });
    }
  }
  return [...rows].map(([id, row]) => putControl('source', id, row, { system: row.system }));
}

export function sourceStore(cluster: Cluster, changed: () => void): SourceStore {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return {
    list: async () => [...await listAll<SourceRow>(cluster, 'control', isKind('source'))].sort((a, b) => text(a.system, b.system) || text(a.sender, b.sender)),
    async remove(systems) { await forgetAccount(cluster, systems); if (await cluster.deleteFound(cluster.index('control'), all([isKind('source'), ...among('system', systems)])) > 0) changed(); },
  };
}

/** Retention: a tier's hits, and what their events said, go with the days of its events. Copies in alerts stay. */
export async function forgetHits(cluster: Cluster, retentionDays: Readonly<Record<number, number>>, now: number): Promise<void> {
  const day = 86_400_000;
  for (const [tier, days] of Object.entries(retentionDays)) await cluster.deleteFound(ledgerPattern(cluster.prefix), all([...among('kind', ['hit', 'event']), ...is('tier', Number(tier)), ...between('received', undefined, Math.floor(now / day) * day - days * day)]));
}
