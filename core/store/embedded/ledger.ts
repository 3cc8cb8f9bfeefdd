// What was evaluated under which rules, the hits of it, how far each stream has come, and the counters of the senders.
import type { Hit } from '../../alert.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import type { Database } from '../../process/sqlite.js';
import { streamName } from '../../record.js';
import type { CursorStore, LedgerEntry, LedgerStore, SourceRow, SourceStore } from '../store.js';
import { among, docOf } from './paging.js';

const CLOSED = 'store.closed';

export function ledgerStore(db: Database): LedgerStore {
  return {
    entries: async (stream, from, limit) => db.prepare('select * from ledger where stream = ? and to_seq >= ? order by from_seq limit ?').all(stream, from, limit).map((row): LedgerEntry => ({
      stream: String(row['stream']), from: Number(row['from_seq']), to: Number(row['to_seq']), ruleSet: Number(row['rule_set']), count: Number(row['count']),
      xor: String(row['xor']), receivedTo: Number(row['received_to']),
    })),
    async hitsSince(since, after, limit) {
      const rows = db.prepare('select n, doc from hits where n > ? and received >= ? order by n limit ?').all(after, since, limit);
      return { hits: rows.map((row) => docOf<Hit>(row)), last: Number(rows[rows.length - 1]?.['n'] ?? after) };
    },
    hits: async (ruleUid, from, to) => db.prepare('select doc from hits where rule = ? and time >= ? and time <= ? order by time, n').all(ruleUid, from, to).map((row) => docOf<Hit>(row)),
    async closed() { const row = db.prepare('select doc from settings where name = ?').get(CLOSED); return row === undefined ? 0 : docOf<number>(row); },
    async hitCounts(from, to) {
      const counts: Record<string, { count: number; last: number }> = {};
      for (const row of db.prepare('select rule, count(*) as n, max(received) as last from hits where received >= ? and received < ? group by rule').all(from, to)) {
        counts[String(row['rule'])] = { count: Number(row['n']), last: Number(row['last']) };
      }
      return counts;
    },
  };
}

export function cursorStore(db: Database): CursorStore {
  return { all: async () => Object.fromEntries(db.prepare('select stream, position from cursors').all().map((row) => [String(row['stream']), Number(row['position'])])) };
}

export const cursorOf = (db: Database, stream: string): number => Number(db.prepare('select position from cursors where stream = ?').get(stream)?.['position'] ?? 0);

/** The effects of a run besides its events: ledger entry, hits, cursor, counters. Part of the commit's transaction. */
export function putRun(db: Database, run: EvaluatedRun): void {
  const stream = streamName(run.stream);
  db.prepare('insert into ledger values (?, ?, ?, ?, ?, ?, ?)').run(stream, run.from, run.to, run.ruleSet, run.count, run.xor, run.receivedTo);
  const hit = db.prepare('insert into hits (rule, tier, system, time, received, doc) values (?, ?, ?, ?, ?, ?)');
  for (const one of run.hits) hit.run(one.rule.uid, one.tier, one.system, one.time, one.received, JSON.stringify(one));
  db.prepare('insert into cursors values (?, ?) on conflict (stream) do update set position = excluded.position').run(stream, run.to);
  const source = db.prepare(`insert into sources (system, sender, tier, stored, evaluated, lost, unparsed, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (system, sender) do update set tier = excluded.tier, stored = stored + excluded.stored, evaluated = evaluated + excluded.evaluated, lost = lost + excluded.lost,
      unparsed = unparsed + excluded.unparsed, last_seen = max(last_seen, excluded.last_seen)`);
  for (const { system, sender, tier, count, lost, unparsed, lastReceived } of run.sources) source.run(system, sender, tier, count, count, lost, unparsed, run.receivedFrom, lastReceived);
}

/** The watermark of verdicts; it never goes back. */
export function putClosed(db: Database, closed: number): void {
  db.prepare('insert into settings values (?, ?) on conflict (name) do update set doc = max(cast(doc as integer), cast(excluded.doc as integer))').run(CLOSED, String(closed));
}

export function sourceStore(db: Database, changed: () => void): SourceStore {
  return {
    list: async () => db.prepare('select * from sources order by system, sender').all().map((row): SourceRow => ({
      name: String(row['sender']), system: String(row['system']), sender: String(row['sender']), tier: Number(row['tier']), stored: Number(row['stored']), evaluated: Number(row['evaluated']),
      lost: Number(row['lost']), unparsed: Number(row['unparsed']), firstSeen: Number(row['first_seen']), lastSeen: Number(row['last_seen']),
    })),
    async remove(systems) {
      const { sql, values } = among('system', systems);
      if (db.prepare(`delete from sources where ${sql}`).run(...values).changes > 0) changed();
    },
  };
}

/** Retention: a tier's hits go with the days of its events. */
export function forgetHits(db: Database, retentionDays: Readonly<Record<number, number>>, now: number): void {
  const day = 86_400_000;
  for (const [tier, days] of Object.entries(retentionDays)) db.prepare('delete from hits where tier = ? and received < ?').run(Number(tier), Math.floor(now / day) * day - days * day);
}
