// Notices: created once under their id by a change of the journal, claimed and settled by compare-and-set.
import { NotFoundError } from '../../errors.js';
import type { Notice, OutboxStore } from '../store.js';
import type { Cluster } from './cluster.js';
import { all, among, between, docOf, down, isKind, readPage, up, type Doc } from './documents.js';
import type { Write } from './journal.js';

export function outboxStore(cluster: Cluster): OutboxStore {
  const index = cluster.index('notices');
  /** Applies `change` to the notice as it stands, again if somebody was quicker; undefined where there is nothing to do. */
  const update = async (id: string, change: (notice: Notice) => Notice | undefined): Promise<Notice | undefined> => {
    for (;;) {
      const stored = await cluster.get<Doc>(index, id);
      if (stored === undefined) throw new NotFoundError(`no notice ${id}`);
      const next = change(docOf<Notice>(stored.source));
      if (next === undefined || await cluster.compareAndSet(index, id, noticeDoc(next), stored) !== undefined) return next;
    }
  };
  return {
    async claim(now, leaseMs, limit) {
      const due = (notice: Notice): boolean => (notice.state === 'waiting' || notice.state === 'sending') && notice.due <= now;
      const { hits } = await cluster.search<Doc>(index, { query: all([isKind('notice'), ...among('state', ['waiting', 'sending']), ...between('due', undefined, now + 1)]), sort: up('due', 'id'), size: Math.min(limit, 10_000), _source: ['doc'] });
      const claimed: Notice[] = [];
      for (const { id } of hits) {
        // As it stands now: a claim that another sender made in the meantime moved `due` on.
        const mine = await update(id, (notice) => (due(notice) ? { ...notice, state: 'sending', tries: notice.tries + 1, due: now + leaseMs } : undefined));
        if (mine !== undefined) claimed.push(mine);
      }
      return claimed;
    },
    async settle(id, result) {
      await update(id, (notice) => ('sentAt' in result ? { ...notice, state: 'sent', sentAt: result.sentAt, error: undefined } : { ...notice, state: result.giveUp ? 'failed' : 'waiting', due: result.due, error: result.error }));
    },
    async counts() {
      const counts = { waiting: 0, sending: 0, sent: 0, failed: 0 };
      for await (const { key, doc_count } of cluster.buckets(index, isKind('notice'), [{ state: { terms: { field: 'state' } } }])) counts[key['state'] as Notice['state']] = doc_count;
      return counts;
    },
    list: (page) => readPage(cluster, 'notices', isKind('notice'), down('created', 'id'), page, ({ source }) => docOf<Notice>(source)),
  };
}

const noticeDoc = (notice: Notice): Doc => ({ kind: 'notice', id: notice.id, doc: JSON.stringify(notice), incident: notice.incident, state: notice.state, due: notice.due, created: notice.created });

/** Creates those that are not there yet; what is there stays as it is. */
export const createNotices = (notices: readonly Notice[]): readonly Write[] => notices.map((notice) => ({ op: 'create', index: 'notices', id: notice.id, source: noticeDoc(notice) }));
