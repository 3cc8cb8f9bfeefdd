// What services apart do with the cluster (core/store/shared.ts). A collector only creates and reads by id; what detectors change they
// change by compare-and-set or in the journal.
import type { Query } from '../../predicate/query-dsl-parts.js';
import { parseStreamName, streamName, type Stream } from '../../record.js';
import type { Gap, KnownStream, Member, Shared, StoredEvent } from '../shared.js';
import { adopting } from './adopt.js';
import { shipEvents } from './append.js';
import type { Cluster } from './cluster.js';
import { tiersInUse } from './control.js';
import type { Days } from './days.js';
import { controlDoc, docOf, down, idOf, isKind, listAll, up, type Doc } from './documents.js';
import { textOfEvent, type EventText } from './event-document.js';
import type { Journal } from './journal.js';
import { correlatedOf, hitsOfChanges, hitsUpTo, lateId, readCursor } from './ledger.js';
import { receiptStore } from './receipts.js';
import { eventsPattern, ledgerPattern } from './templates.js';

export function sharedStore(cluster: Cluster, journal: Journal, days: Days): Shared {
  const control = cluster.index('control');
  /** Creates a document of the control index, or finds that it is there. */
  const create = async (kind: string, id: string, document: unknown, more: object = {}): Promise<boolean> => {
    const [result] = await cluster.bulk([{ op: 'create', index: control, id: idOf(kind, id), source: JSON.stringify(controlDoc(kind, id, document, more)) }]);
    if (result?.status !== 201 && result?.status !== 409) throw new Error(`Elasticsearch refused to create ${kind} ${id}: ${result?.reason ?? ''}`);
    return result.status === 201;
  };
  return {
    async begin(known) {
      const { collector, epoch } = known.stream, before = Math.max(0, ...Object.keys(known.older).map((name) => parseStreamName(name).epoch));
      await create('stream', streamName(known.stream), known);
      if (before === 0 || await create('successor', `${collector}.${before}`, epoch)) return undefined;
      const stored = await cluster.get<Doc>(control, idOf('successor', `${collector}.${before}`)), successor = stored === undefined ? epoch : docOf<number>(stored.source);
      return successor === epoch ? undefined : successor;
    },
    ship: (runs) => shipEvents(cluster, days.periods, runs),
    async cursorsOf(streams) {
      const docs = await cluster.many<Doc>(streams.map((stream) => ({ index: control, id: idOf('cursor', stream) })));
      return docs.map((doc) => (doc === undefined ? undefined : readCursor(docOf(doc))));
    },
    async recordGap(gap) { await create('gap', `${gap.stream}.${gap.from}`, gap); },

    async refused(limit) {
      const { hits } = await cluster.search<Placed & { readonly stream: string; readonly refused: string }>(eventsPattern(cluster.prefix), {
        query: { exists: { field: 'refused' } }, sort: down('received', 'id'), size: Math.min(limit, 10_000), track_total_hits: false, _source: ['id', 'stream', 'seq', 'received', 'refused', ...TEXT],
      });
      return hits.map(({ source: { id, stream, seq, received, refused: reason, ...text } }) => ({ id, stream, seq, received, reason, text: textOfEvent(text) }));
    },
    adopting: adopting(cluster, journal, days.periods),

    streams: () => listAll<KnownStream>(cluster, 'control', isKind('stream')),
    cursors: async () => (await listAll<Parameters<typeof readCursor>[0]>(cluster, 'control', isKind('cursor'))).map(readCursor),
    tail: (stream, from, limit) => tail(cluster, stream, from, limit),
    async gapAt(stream, from) { const stored = await cluster.get<Doc>(control, idOf('gap', `${stream}.${from}`)); return stored && docOf<Gap>(stored.source); },
    lateIn: (gap, limit) => lateIn(cluster, gap, limit),
    gaps: () => listAll<Gap>(cluster, 'control', isKind('gap')),
    lastChange: (settle) => journal.settled(settle),
    correlated: () => correlatedOf(cluster),
    async hitsOfChanges(after, to) { await cluster.refreshNow(ledgerPattern(cluster.prefix)); return hitsOfChanges(cluster, after, to); },
    async hitsUpTo(to, uid, from, till) { await cluster.refreshNow(ledgerPattern(cluster.prefix)); return hitsUpTo(cluster, to, uid, from, till); },
    async beat(member) { await cluster.bulk([{ op: 'index', index: control, id: idOf('member', member.id), source: JSON.stringify(controlDoc('member', member.id, member)) }]); },
    members: () => listAll<Member>(cluster, 'control', isKind('member')),
    prepare: async (now) => days.periods.makeAhead(await tiersInUse(cluster), now),
    ...receiptStore(cluster, create),
  };
}

interface Placed extends EventText { readonly id: string; readonly seq: number; readonly received: number }
const TEXT = ['line', 'doc'];

/** Refreshes and late bulks may show a later position first: only what follows without a hole counts. */
async function tail(cluster: Cluster, stream: Stream, from: number, limit: number): Promise<{ readonly events: readonly StoredEvent[]; readonly beyond: boolean; readonly twice: readonly number[] }> {
  const size = Math.min(limit, 10_000), events: StoredEvent[] = [], twice: number[] = [], found = await readOn(cluster, stream, from, size);
  for (const one of found) {
    // A machine that was cloned with its memory: two records of one position, told apart by the hash in their ids.
    if (one.seq === from + events.length - 1) { twice.push(one.seq); continue; }
    if (one.seq !== from + events.length) return { events, beyond: true, twice };
    events.push(one);
  }
  return { events, beyond: found.length < size && await isBeyond(cluster, stream, from + size), twice };
}

const within = (stream: Stream, seq: object): Query => ({ bool: { filter: [{ term: { stream: streamName(stream) } }, { range: { seq } }] } });

/**
 * What is found at `size` positions, in order. Only the line of each is asked for, so that the node opens no document, and all of a stretch:
 * its lines are neighbours in the index, whose blocks are then unpacked once and not for each line.
 */
async function readOn(cluster: Cluster, stream: Stream, from: number, size: number): Promise<readonly StoredEvent[]> {
  const pattern = eventsPattern(cluster.prefix, stream.tier), body = { query: within(stream, { gte: from, lt: from + size }), sort: up('seq', 'received'), size, track_total_hits: false };
  const { hits } = await cluster.search(pattern, { ...body, _source: false, stored_fields: ['line'] }), events: StoredEvent[] = [];
  for (const { id, sort: [seq, received], stored } of hits) {
    const [text] = stored?.['line'] ?? [];
    if (typeof text === 'string') events.push({ seq: Number(seq), id, received: Number(received), text });
  }
  if (events.length < hits.length) {
    // Some are of templates before version 5.
    const opened = await cluster.search<Placed>(pattern, { ...body, _source: ['seq', 'received', ...TEXT] });
    events.splice(0, events.length, ...opened.hits.map(({ id, source: { seq, received, ...text } }) => ({ seq, id, received, text: textOfEvent(text) })));
  }
  return events.sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
}

/** Is there anything at this position or behind it? */
async function isBeyond(cluster: Cluster, stream: Stream, seq: number): Promise<boolean> {
  const { hits } = await cluster.search<undefined>(eventsPattern(cluster.prefix, stream.tier), { query: within(stream, { gte: seq }), size: 1, terminate_after: 1, track_total_hits: false, _source: false });
  return hits.length > 0;
}

/** What came into a gap after it was passed. One of two events at one position is enough: a clone is told of by the tail. */
async function lateIn(cluster: Cluster, { stream, from, to }: Gap, limit: number): Promise<readonly StoredEvent[]> {
  const { tier } = parseStreamName(stream), filter = [{ term: { stream } }, { range: { seq: { gte: from, lte: to } } }], late: StoredEvent[] = [];
  for await (const hits of cluster.all<Placed>(eventsPattern(cluster.prefix, tier), { query: { bool: { filter } }, sort: up('seq', 'id'), _source: ['id', 'seq', 'received', ...TEXT] })) {
    const entries = await cluster.many(hits.map(({ source: { seq } }) => ({ index: cluster.index('ledger'), id: lateId(stream, seq) })));
    hits.forEach(({ source: { seq, id, received, ...text } }, i) => { if (entries[i] === undefined && late[late.length - 1]?.seq !== seq) late.push({ seq, id, received, text: textOfEvent(text) }); });
    if (late.length >= limit) break;
  }
  return late.slice(0, limit);
}
