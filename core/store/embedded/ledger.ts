// What was evaluated under which rules, the hits of it, how far each stream has come, and the counters of the senders.
import type { Hit, RuleName } from '../../alert.js';
import type { Event } from '../../event.js';
import { readHits } from '../../pipeline/hits.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import type { Database, Row } from '../../process/sqlite.js';
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
      const rows = db.prepare(`${HITS} where h.n > ? and h.received >= ? order by h.n limit ?`).all(after, since, limit);
      return { hits: rows.map(hitReader()), last: Number(rows[rows.length - 1]?.['n'] ?? after) };
    },
    hits: async (ruleUid, from, to) => db.prepare(`${HITS} where h.rule = ? and h.time >= ? and h.time <= ? order by h.time, h.n`).all(ruleUid, from, to).map(hitReader()),
    async named(asked) {
      const one = db.prepare(`${HITS} where h.rule = ? and h.time = ? and h.evidence = (select n from evidence where id = ?)`), older = db.prepare('select doc, null as rule from hits where rule = ? and time = ? and evidence is null'), read = hitReader();
      return asked.flatMap(({ eventId, rule, time }) => {
        const row = one.get(rule, time, eventId);
        return row === undefined ? older.all(rule, time).map(read).filter((hit) => hit.eventId === eventId) : [read(row)];
      });
    },
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
  putHits(db, run, stream);
  db.prepare('insert into cursors values (?, ?) on conflict (stream) do update set position = excluded.position').run(stream, run.to);
  const source = db.prepare(`insert into sources (system, sender, tier, stored, evaluated, lost, unparsed, first_seen, last_seen) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (system, sender) do update set tier = excluded.tier, stored = stored + excluded.stored, evaluated = evaluated + excluded.evaluated, lost = lost + excluded.lost,
      unparsed = unparsed + excluded.unparsed, last_seen = max(last_seen, excluded.last_seen)`);
  for (const { system, sender, tier, count, lost, unparsed, lastReceived } of run.sources) source.run(system, sender, tier, count, count, lost, unparsed, run.receivedFrom, lastReceived);
}

// What the event said is written once, as the run's own text of it; a rule's name once for all hits.
function putHits(db: Database, run: EvaluatedRun, stream: string): void {
  const { rules, events } = readHits(run), { tier } = run.stream;
  const names = rules.map(({ reports, ...rule }) => ({ rule, reports, name: nameOf(db, rule) }));
  const evidence: (string | number)[][] = [], rows: (string | number)[][] = [];
  let n = Number(db.prepare('select max(n) as n from evidence').get()?.['n'] ?? 0);
  for (const { event: { at, id, time, received, system, met }, text, atoms } of events) {
    evidence.push([++n, id, run.from + at, system, received, text]);
    met.forEach((place, i) => {
      const { rule, reports, name } = names[place] as (typeof names)[number];
      // A KeptHit, without reading what was true only to write it again.
      rows.push([rule.uid, system, time, received, n, name, `{"reports":${reports},"atoms":${atoms[i] ?? '[]'}}`]);
    });
  }
  // One statement for all: going into the database costs more than the row.
  db.prepare(`insert into evidence (n, id, stream, seq, tier, system, received, doc)
    select value ->> 0, value ->> 1, ?, value ->> 2, ?, value ->> 3, value ->> 4, value ->> 5 from json_each(?)`).run(stream, tier, JSON.stringify(evidence));
  db.prepare(`insert into hits (rule, tier, system, time, received, evidence, name, doc)
    select value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 from json_each(?)`).run(tier, JSON.stringify(rows));
}
type KeptHit = Pick<Hit, 'reports' | 'atoms'>;

function nameOf(db: Database, rule: RuleName): number {
  const doc = JSON.stringify(rule);
  db.prepare('insert or ignore into rule_names (doc) values (?)').run(doc);
  return db.prepare('select n from rule_names where doc = ?').get(doc)?.['n'] as number;
}

const HITS = `select h.n, h.doc, h.time, h.received, h.system, h.tier, e.id, e.stream, e.seq, e.doc as event, r.doc as rule
  from hits h left join evidence e on e.n = h.evidence left join rule_names r on r.n = h.name`;

/** Rows of HITS as hits; those of one event share it. */
function hitReader(): (row: Row) => Hit {
  const events = new Map<unknown, Event>(), names = new Map<unknown, RuleName>();
  const once = <T>(known: Map<unknown, T>, key: unknown, text: unknown): T => {
    let value = known.get(key);
    if (value === undefined) known.set(key, value = JSON.parse(String(text)) as T);
    return value;
  };
  return (row) => {
    // Before evidence stood by itself a hit was one document.
    if (row['rule'] === null) return docOf<Hit>(row);
    return {
      ...docOf<KeptHit>(row), rule: once(names, row['rule'], row['rule']), stream: String(row['stream']), seq: Number(row['seq']), eventId: String(row['id']), time: Number(row['time']), received: Number(row['received']),
      system: String(row['system']), tier: Number(row['tier']), event: once(events, row['id'], row['event']),
    };
  };
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
      for (const table of ['account', 'numberings']) db.prepare(`delete from ${table} where ${sql}`).run(...values);
      if (db.prepare(`delete from sources where ${sql}`).run(...values).changes > 0) changed();
    },
  };
}

/** Retention: a tier's hits go with the days of its events; what no hit and no proof names any more goes with them. */
export function forgetHits(db: Database, retentionDays: Readonly<Record<number, number>>, now: number): void {
  const day = 86_400_000;
  for (const [tier, days] of Object.entries(retentionDays)) {
    const before = Math.floor(now / day) * day - days * day;
    db.transaction(() => {
      db.prepare('delete from hits where tier = ? and received < ?').run(Number(tier), before);
      db.prepare(`delete from evidence where tier = ? and received < ? and ${UNNAMED}`).run(Number(tier), before);
    });
  }
}

/** Condition on evidence whose hits are gone: no proof copies it. */
export const UNNAMED = 'n not in (select evidence from alert_copies where evidence is not null)';
