// The completeness account in SQLite: rows by source and stretch (a minute, later an hour, then a day), lifetime sums, and how far
// the numbers of senders have been read. All of it is written in the commit's transaction, so it cannot disagree with what is stored.
import type { AccountRow, Loss } from '../../account/account.js';
import { totalsOf } from '../../account/account.js';
import { addRow, book, numberedSources, rowsOf, sourceKey } from '../../account/book.js';
import type { Numberings } from '../../account/sequence.js';
import { DAY_MS, HOUR_MS, KEEPING, LIFETIME, rolledBy, startOf, UNROLLED, type AccountKeeping, type Rolled } from '../../account/spans.js';
import { MINUTE_MS } from '../../account/tally.js';
import type { EvaluatedRun } from '../../pipeline/run.js';
import { OFFICIAL_OFFSET_MS } from '../../policy.js';
import type { Database, Row, SqlValue } from '../../process/sqlite.js';
import type { AccountFilter, AccountStore } from '../store.js';
import { among, docOf, notAmong, oldest, readPage, type Condition } from './paging.js';

const ROLLED = 'store.account.rolled';

/** Part of the commit's transaction; before the counters of sources move, since a silence ends where they stand. */
export function putAccount(db: Database, runs: readonly EvaluatedRun[]): void {
  const before = new Map(numberedSources(runs).map((source) => {
    const row = db.prepare('select doc from numberings where system = ? and sender = ?').get(source.system, source.sender);
    return [sourceKey(source), row === undefined ? {} : docOf<Numberings>(row)];
  }));
  const { minutes, numberings } = book(runs, before), rolled = rolledOf(db);
  for (const [key, doc] of numberings) {
    const [system = '', sender = ''] = key.split('\0');
    db.prepare('insert into numberings values (?, ?, ?) on conflict (system, sender) do update set doc = excluded.doc').run(system, sender, JSON.stringify(doc));
  }
  const last = new Map<string, number | undefined>();
  for (const minute of [...minutes].sort((a, b) => a.minute - b.minute)) {
    const key = sourceKey(minute);
    if (!last.has(key)) last.set(key, lastMinute(db, minute.system, minute.sender));
    for (const row of rowsOf(minute, rolled, last.get(key))) putRow(db, addRow(rowAt(db, row), row));
    if (minute.received > 0) last.set(key, Math.max(last.get(key) ?? 0, minute.minute));
  }
}

function lastMinute(db: Database, system: string, sender: string): number | undefined {
  const row = db.prepare('select last_seen from sources where system = ? and sender = ?').get(system, sender);
  return row === undefined ? undefined : startOf(Number(row['last_seen']), MINUTE_MS);
}

function rowAt(db: Database, { span, start, system, sender, tier }: AccountRow): AccountRow | undefined {
  const row = db.prepare('select * from account where span = ? and system = ? and sender = ? and tier = ? and start = ?').get(span, system, sender, tier, start);
  return row && readRow(row);
}

function putRow(db: Database, { span, start, system, sender, tier, received, parsed, unparsed, stored, evaluated, own, quiet, losses }: AccountRow): void {
  db.prepare('insert or replace into account values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    .run(span, system, sender, tier, start, received, parsed, unparsed, stored, evaluated, own, quiet, losses.length === 0 ? null : JSON.stringify(losses));
}

const readRow = (row: Row): AccountRow => ({
  start: Number(row['start']), span: Number(row['span']), system: String(row['system']), sender: String(row['sender']), tier: Number(row['tier']), received: Number(row['received']), parsed: Number(row['parsed']),
  unparsed: Number(row['unparsed']), stored: Number(row['stored']), evaluated: Number(row['evaluated']), own: Number(row['own']), quiet: Number(row['quiet']), losses: row['losses'] === null ? [] : JSON.parse(String(row['losses'])) as Loss[],
});

const rolledOf = (db: Database): Rolled => { const row = db.prepare('select doc from settings where name = ?').get(ROLLED); return row === undefined ? UNROLLED : docOf<Rolled>(row); };

/** Stretches that touch [from, to); without both, lifetime sums. */
function conditions({ scope, from, to, system, sender }: AccountFilter): readonly Condition[] {
  return [
    { sql: from === undefined && to === undefined ? 'span = 0' : 'span > 0', values: [] }, among('tier', scope.tiers), notAmong('system', scope.hiddenSystems),
    ...(from === undefined ? [] : [{ sql: 'start + span > ? and start > ?', values: [from, from - DAY_MS] }]), ...(to === undefined ? [] : [{ sql: 'start < ?', values: [to] }]),
    ...(system === undefined ? [] : [{ sql: 'system = ?', values: [system] }]), ...(sender === undefined ? [] : [{ sql: 'sender = ?', values: [sender] }]),
  ];
}
function all(db: Database, columns: string, filter: AccountFilter, rest = '', more: readonly SqlValue[] = []): readonly Row[] {
  const parts = conditions(filter).filter(({ sql }) => sql !== '');
  return db.prepare(`select ${columns} from account where ${parts.map(({ sql }) => `(${sql})`).join(' and ')} ${rest}`).all(...parts.flatMap(({ values }) => values), ...more);
}
const SUMS = ['received', 'parsed', 'unparsed', 'stored', 'evaluated', 'own'].map((name) => `sum(${name}) as ${name}`).join(', ');

export function accountStore(db: Database): AccountStore {
  return {
    list: async (filter, page) => readPage(db, 'account', conditions(filter), oldest('start', 'system', 'sender', 'tier', 'span'), page, readRow),
    async totals(filter) {
      // Sums by the database; what has losses, which is little, by the account's own rules.
      const sums = all(db, `system, sender, tier, ${SUMS}, 0 as start, 0 as span, 0 as quiet, null as losses`, filter, 'group by system, sender, tier').map(readRow);
      const losses = all(db, '*', filter, 'and losses is not null').map(readRow).map((row): AccountRow => ({ ...row, received: 0, parsed: 0, unparsed: 0, stored: 0, evaluated: 0, own: 0 }));
      return totalsOf([...sums, ...losses].map(({ start: _, span: __, quiet: ___, ...row }) => row));
    },
    async strips(filter, stepMs) {
      const at = `start - (start - ${Math.floor(filter.from ?? 0)}) % ${Math.floor(stepMs)}`;
      return all(db, `system, sender, tier, ${at} as at, sum(received) as received, max(span) as span, max(losses is not null or received <> stored or stored <> evaluated) as gap`, filter, `group by system, sender, tier, at order by system, sender, tier, at`)
        .map((row) => ({ system: String(row['system']), sender: String(row['sender']), tier: Number(row['tier']), start: Number(row['at']), span: Math.max(stepMs, Number(row['span'])), received: Number(row['received']), gap: Number(row['gap']) === 1 }));
    },
    async quiet(since) {
      return db.prepare(`select system, sender, (start + ${OFFICIAL_OFFSET_MS}) / ${DAY_MS} as day, max(quiet) as quiet from account where span in (?, ?, ?) and start >= ? and system <> '' group by system, sender, day`)
        .all(MINUTE_MS, HOUR_MS, DAY_MS, since).map((row) => ({ system: String(row['system']), sender: String(row['sender']), day: Number(row['day']), quietMs: Number(row['quiet']) }));
    },
  };
}

/** Old minutes become hours, old hours days, one larger stretch a transaction; what is older than all goes. */
export function rollAccount(db: Database, now: number, keeping: AccountKeeping = KEEPING): void {
  const before = rolledOf(db), rolled = rolledBy(now, before, keeping);
  // From here on what comes late joins the larger stretch.
  if (rolled.hours !== before.hours || rolled.days !== before.days) db.prepare('insert into settings values (?, ?) on conflict (name) do update set doc = excluded.doc').run(ROLLED, JSON.stringify(rolled));
  for (const [span, into, until] of [[MINUTE_MS, HOUR_MS, rolled.hours], [HOUR_MS, DAY_MS, rolled.days]] as const) {
    for (;;) {
      const first = db.prepare('select min(start) as start from account where span = ? and start < ?').get(span, until)?.['start'];
      if (first === null || first === undefined) break;
      const start = startOf(Number(first), into), end = Math.min(start + into, until);
      db.transaction(() => {
        for (const old of db.prepare('select * from account where span = ? and start >= ? and start < ?').all(span, start, end).map(readRow)) {
          const row = { ...old, span: into, start };
          putRow(db, addRow(rowAt(db, row), row));
        }
        db.prepare('delete from account where span = ? and start >= ? and start < ?').run(span, start, end);
      });
    }
  }
  db.prepare('delete from account where span > ? and start < ?').run(LIFETIME, now - keeping.dayDays * DAY_MS);
}
