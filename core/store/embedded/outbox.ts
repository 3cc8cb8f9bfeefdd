// Notices: created once under their id, claimed with a lease, settled.
import { NotFoundError } from '../../errors.js';
import type { Database } from '../../process/sqlite.js';
import type { Notice, OutboxStore } from '../store.js';
import { docOf, newest, readPage } from './paging.js';

export function outboxStore(db: Database): OutboxStore {
  const write = (notice: Notice): void => {
    db.prepare('update notices set state = ?, due = ?, doc = ? where id = ?').run(notice.state, notice.due, JSON.stringify(notice), notice.id);
  };
  return {
    claim: async (now, leaseMs, limit) => db.transaction(() => db
      .prepare(`select doc from notices where state in ('waiting', 'sending') and due <= ? order by due, id limit ?`).all(now, limit)
      .map((row) => {
        const notice = docOf<Notice>(row), claimed: Notice = { ...notice, state: 'sending', tries: notice.tries + 1, due: now + leaseMs };
        write(claimed);
        return claimed;
      })),
    async settle(id, result) {
      db.transaction(() => {
        const row = db.prepare('select doc from notices where id = ?').get(id);
        if (row === undefined) throw new NotFoundError(`no notice ${id}`);
        const notice = docOf<Notice>(row);
        if ('sentAt' in result) write({ ...notice, state: 'sent', sentAt: result.sentAt, error: undefined });
        else write({ ...notice, state: result.giveUp ? 'failed' : 'waiting', due: result.due, error: result.error });
      });
    },
    async counts() {
      const counts = { waiting: 0, sending: 0, sent: 0, failed: 0 };
      for (const row of db.prepare('select state, count(*) as n from notices group by state').all()) counts[row['state'] as Notice['state']] = Number(row['n']);
      return counts;
    },
    list: async (page) => readPage(db, 'notices', [], newest('created', 'id'), page, (row) => docOf<Notice>(row)),
  };
}

/** Creates those that are not there yet; what is there stays as it is. Part of the caller's transaction. */
export function putNotices(db: Database, notices: readonly Notice[]): void {
  for (const notice of notices) {
    db.prepare('insert or ignore into notices (id, incident, state, due, created, doc) values (?, ?, ?, ?, ?, ?)')
      .run(notice.id, notice.incident, notice.state, notice.due, notice.created, JSON.stringify(notice));
  }
}
