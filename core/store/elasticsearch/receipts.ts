// Receipts of sealed segments: what the collector sealed, and what the keeper read back of it: every id found, the same count, first, last
// and hashes, and each on every copy of its shard that would take over. Which index and which history it was read from stands in the
// receipt: an index that was restored or made anew is another one.
import { streamName } from '../../record.js';
import { sameFigures, type Copy, type SegmentFigures, type SegmentReceipt, type Shared } from '../shared.js';
import type { Cluster } from './cluster.js';
import { all, controlDoc, docOf, idOf, is, isKind, up, type Doc } from './documents.js';
import { eventsPattern } from './templates.js';

type Create = (kind: string, id: string, document: unknown, more?: object) => Promise<boolean>;
type Receipts = Pick<Shared, 'sealed' | 'receipts' | 'sameCopies' | 'snapshots' | 'openReceipts' | 'readBack'>;

export function receiptStore(cluster: Cluster, create: Create): Receipts {
  const control = cluster.index('control'), docId = (id: string): string => idOf('receipt', id);
  return {
    async sealed(receipt) { await create('receipt', receipt.id, receipt, { state: 'sealed' }); },
    async receipts(ids) {
      const docs = await cluster.many<Doc>(ids.map((id) => ({ index: control, id: docId(id) })));
      return docs.map((doc) => (doc === undefined ? undefined : docOf<SegmentReceipt>(doc)));
    },
    async sameCopies(copies) {
      const now = await copiesOf(cluster, [...new Set(copies.map(({ index }) => index))].join(','));
      return copies.every((copy) => { const found = now.get(copy.index); return found !== undefined && found.uuid === copy.uuid && found.histories.join() === copy.histories.join(); });
    },
    async snapshots(repository) {
      const { body, status } = await cluster.request<{ readonly snapshots?: readonly { readonly state: string; readonly start_time_in_millis: number; readonly indices?: readonly string[] }[] }>('GET', `/_snapshot/${repository}/_all`, { allow: [404] });
      const all = status === 404 ? [] : body.snapshots ?? [], ours = all.filter(({ state, indices = [] }) => state === 'SUCCESS' && indices.some((index) => index.startsWith(`${cluster.prefix}events-`)));
      const latest = (some: typeof all): number => some.reduce((most, { start_time_in_millis: at }) => Math.max(most, at), 0);
      return { began: latest(all), complete: latest(ours) };
    },
    async openReceipts(limit) {
      const { hits } = await cluster.search<Doc>(control, { query: all([isKind('receipt'), ...is('state', 'sealed')]), sort: up('id'), size: Math.min(limit, 10_000), track_total_hits: false, _source: ['doc'] });
      return hits.map(({ source }) => docOf<SegmentReceipt>(source));
    },
    async readBack(receipt) {
      const read = await readSegment(cluster, receipt);
      if (read === undefined) return false;
      // As it stands now: somebody else may keep, too. Only an own answer proves that it is kept.
      const stored = await cluster.get<Doc>(control, docId(receipt.id)), next: SegmentReceipt = { ...receipt, read: { ...read, at: Date.now() } };
      const equal = sameFigures(read, receipt.sealed);
      if (stored !== undefined) await cluster.compareAndSet(control, docId(receipt.id), controlDoc('receipt', receipt.id, next, { state: equal ? 'read' : 'sealed' }), stored);
      return equal;
    },
  };
}

interface ShardStats {
  readonly indices?: Readonly<Record<string, { readonly uuid: string; readonly shards: Readonly<Record<string, readonly { readonly routing: { readonly primary: boolean; readonly state: string }; readonly seq_no?: { readonly global_checkpoint: number }; readonly commit?: { readonly user_data?: { readonly history_uuid?: string } } }[]>> }>>;
}
interface CopyNow extends Copy { readonly checkpoints: readonly number[] }

/** Indices as they are: for each shard its history, and up to where every copy in sync has it. */
async function copiesOf(cluster: Cluster, pattern: string): Promise<ReadonlyMap<string, CopyNow>> {
  const { body, status } = await cluster.request<ShardStats>('GET', `/${pattern}/_stats`, { query: { level: 'shards' }, allow: [404] });
  if (status === 404) return new Map();
  return new Map(Object.entries(body.indices ?? {}).map(([index, { uuid, shards }]) => {
    const primaries = Object.entries(shards).sort(([a], [b]) => Number(a) - Number(b)).map(([, copies]) => copies.find(({ routing }) => routing.primary));
    return [index, { index, uuid, histories: primaries.map((one) => one?.commit?.user_data?.history_uuid ?? ''), checkpoints: primaries.map((one) => one?.seq_no?.global_checkpoint ?? -1) }];
  }));
}

/** What is found of a segment's part of a stream, also nothing; undefined while something found is not on every copy in sync. */
async function readSegment(cluster: Cluster, { stream, sealed: { first, last } }: SegmentReceipt): Promise<(SegmentFigures & { readonly copies: readonly Copy[] }) | undefined> {
  const pattern = eventsPattern(cluster.prefix, stream.tier), query = { bool: { filter: [{ term: { stream: streamName(stream) } }, { range: { seq: { gte: first, lte: last } } }] } };
  const found: { seq: number; id: string; seqNo: number; index: string }[] = [], before = await copiesOf(cluster, pattern), shards = Math.max(0, ...[...before.values()].map(({ histories }) => histories.length));
  let high = 0, low = 0, unsafe = false;
  for (let shard = 0; shard < shards; shard++) {
    for await (const hits of cluster.all(pattern, { query, sort: up('seq', 'id'), _source: false, stored_fields: '_none_', seq_no_primary_term: true }, 10_000, `_shards:${shard}`)) {
      for (const { index, seqNo = 0, sort } of hits) {
        const seq = Number(sort[0]), id = String(sort[1]);
        found.push({ seq, id, seqNo, index });
        const hash = id.slice(-16);
        high ^= parseInt(hash.slice(0, 8), 16);
        low ^= parseInt(hash.slice(8), 16);
        // The checkpoints were read before: what is at or below them now was then.
        if (seqNo > (before.get(index)?.checkpoints[shard] ?? -1)) unsafe = true;
      }
    }
  }
  if (unsafe) return undefined;
  const seqs = found.map(({ seq }) => seq), hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
  const copies = [...new Set(found.map(({ index }) => index))].map((name): Copy => { const { index, uuid, histories } = before.get(name) as CopyNow; return { index, uuid, histories }; });
  return { count: found.length, first: seqs.length === 0 ? 0 : seqs.reduce((least, seq) => Math.min(least, seq), Infinity), last: seqs.reduce((most, seq) => Math.max(most, seq), 0), xor: hex(high) + hex(low), copies };
}
