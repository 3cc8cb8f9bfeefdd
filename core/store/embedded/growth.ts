// What grows with a correlation's alert stands in rows of its own, so that a growing one costs what is added to it and not what it
// holds: the ids of its events, and copies of the first and the last 50. What a copied event said is not written again: the copy
// names the evidence that its hits brought. An alert of one event, or one that an older program wrote, is a document that is whole.
import { PROOF_EVENTS_MAX, proofOf, united, type Alert, type AlertHead, type EventCopy, type ProofEvent } from '../../alert.js';
import { assert } from '../../assert.js';
import type { Event } from '../../event.js';
import type { Database, Row } from '../../process/sqlite.js';
import type { AlertState, AlertStore, AlertWrite, CopyKey } from '../store.js';
import { docOf } from './paging.js';

type Growth = Extract<AlertWrite, { kind: 'growth' }>;
/** A copy as its row keeps it; the second says by itself what its event said. */
type KeptCopy = EventCopy | ProofEvent;
type CopyRow = readonly [alert: string, time: number, id: string, evidence: number | null, doc: string];

/**
 * Writes the ids and copies that a commit adds to alerts. Part of the caller's transaction. A commit may grow thousands of alerts by an
 * event or two, and going into the database costs more than a row: so one statement for all of a kind.
 */
export function putGrowth(db: Database, growths: readonly Growth[]): void {
  if (growths.length === 0) return;
  const members = growths.flatMap(({ head, eventIds }) => eventIds.map((id) => [head.id, id]));
  const rows = growths.flatMap(({ head, copies }) => copies.map((copy): CopyRow => [head.id, copy.time, copy.id, null, JSON.stringify(copy)]));
  for (const { id, eventIds, events } of wholeBefore(db, growths)) {
    members.push(...eventIds.map((event) => [id, event]));
    putCopies(db, events.map((event): CopyRow => [id, event.time, event.id, null, JSON.stringify(event)]));
  }
  db.prepare('insert or ignore into alert_members select value ->> 0, value ->> 1 from json_each(?)').run(JSON.stringify(members));
  putCopies(db, withEvidence(db, rows));
  trim(db, growths);
}

/** Those that an older program wrote as one document. */
function wholeBefore(db: Database, growths: readonly Growth[]): readonly Alert[] {
  const known = db.prepare(`select doc from alerts where id in (select value from json_each(?)) and instr(doc, '"eventIds":') > 0`).all(JSON.stringify(growths.map(({ head }) => head.id)));
  return known.map((row) => docOf<AlertHead | Alert>(row)).filter((doc) => 'events' in doc);
}

function withEvidence(db: Database, rows: readonly CopyRow[]): readonly CopyRow[] {
  const ids = [...new Set(rows.map(([, , id]) => id))], found = db.prepare('select evidence.id, evidence.n from json_each(?) asked join evidence on evidence.id = asked.value').all(JSON.stringify(ids));
  const places = new Map(found.map(({ id, n }) => [id, Number(n)]));
  return rows.map(([alert, time, id, , doc]) => {
    const n = places.get(id);
    assert(n !== undefined, `expected hits of event ${id}, which alert ${alert} copies, found none`);
    return [alert, time, id, n, doc];
  });
}

/** A copy stands by itself, or joins the one of another rule. */
function putCopies(db: Database, rows: readonly CopyRow[]): void {
  const { changes } = db.prepare('insert or ignore into alert_copies select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?)').run(JSON.stringify(rows));
  if (changes === rows.length) return;
  const one = db.prepare('select doc from alert_copies where alert = ? and time = ? and id = ?'), put = db.prepare('update alert_copies set doc = ? where alert = ? and time = ? and id = ?');
  for (const [alert, time, id, , doc] of rows) {
    const before = docOf<KeptCopy>(one.get(alert, time, id) as Row), both = united({ grouping: [], ...before }, { grouping: [], ...(JSON.parse(doc) as KeptCopy) });
    if (both.atoms.length > before.atoms.length) put.run(JSON.stringify(both), alert, time, id);
  }
}

/** Of each alert the first and the last 50 stay. */
function trim(db: Database, growths: readonly Growth[]): void {
  const ids = JSON.stringify(growths.filter(({ copies }) => copies.length > 0).map(({ head }) => head.id));
  const over = db.prepare('select alert, count(*) as n from alert_copies where alert in (select value from json_each(?)) group by alert having n > ?').all(ids, PROOF_EVENTS_MAX);
  const drop = db.prepare('delete from alert_copies where alert = ?1 and (time, id) in (select time, id from alert_copies where alert = ?1 order by time, id limit ?2 offset ?3)');
  for (const { alert, n } of over) drop.run(alert as string, Number(n) - PROOF_EVENTS_MAX, PROOF_EVENTS_MAX / 2);
}

const isWhole = (copy: KeptCopy): copy is ProofEvent => 'fields' in copy;

export function alertReader(db: Database): (row: Row) => Alert {
  const ids = db.prepare('select id from alert_members where alert = ? order by id');
  const copies = db.prepare('select c.doc, e.doc as event from alert_copies c left join evidence e on e.n = c.evidence where c.alert = ? order by c.time, c.id');
  return (row) => {
    const doc = docOf<AlertHead | Alert>(row);
    if ('events' in doc) return doc;
    return { ...doc, eventIds: ids.all(doc.id).map(({ id }) => String(id)), events: copies.all(doc.id).map(readCopy) };
  };
}

function readCopy(row: Row): ProofEvent {
  const copy = docOf<KeptCopy>(row);
  return isWhole(copy) ? copy : proofOf(copy, JSON.parse(String(row['event'])) as Event);
}

/** What must be known of alerts to add to them. */
export function readStates(db: Database, asked: Parameters<AlertStore['states']>[0]): readonly AlertState[] {
  const ids = JSON.stringify(asked.map(({ id }) => id));
  const docs = new Map(db.prepare('select alerts.id, doc from json_each(?) asked join alerts on alerts.id = asked.value').all(ids).map((row) => [row['id'], docOf<AlertHead | Alert>(row)]));
  if (docs.size === 0) return [];
  const has = new Map<unknown, string[]>(), pairs = JSON.stringify(asked.filter(({ id }) => docs.has(id)).flatMap(({ id, eventIds }) => eventIds.map((event) => [id, event])));
  for (const { alert, id } of db.prepare('select m.alert, m.id from json_each(?) asked join alert_members m on m.alert = asked.value ->> 0 and m.id = asked.value ->> 1').all(pairs)) {
    const known = has.get(alert);
    if (known === undefined) has.set(alert, [String(id)]); else known.push(String(id));
  }
  const counts = new Map(db.prepare('select alert, count(*) as n from alert_copies where alert in (select value from json_each(?)) group by alert').all(ids).map(({ alert, n }) => [alert, Number(n)]));
  const keys = db.prepare('select time, id from alert_copies where alert = ? order by time, id');
  return asked.flatMap(({ id, eventIds }): readonly AlertState[] => {
    const doc = docs.get(id), copies = counts.get(id) ?? 0;
    if (doc === undefined) return [];
    if ('events' in doc) {
      const { eventIds: all, events, ...head } = doc, known = new Set(all);
      return [{ head, has: eventIds.filter((event) => known.has(event)), ...within(events) }];
    }
    return [{ head: doc, has: has.get(id) ?? [], ...(copies < PROOF_EVENTS_MAX ? { copies } : within(keys.all(id).map((row) => ({ time: Number(row['time']), id: String(row['id']) })))) }];
  });
}

function within(copies: readonly CopyKey[]): Pick<AlertState, 'copies' | 'between'> {
  const first = copies[PROOF_EVENTS_MAX / 2 - 1], last = copies[copies.length - PROOF_EVENTS_MAX / 2];
  if (first === undefined || last === undefined || copies.length < PROOF_EVENTS_MAX) return { copies: copies.length };
  return { copies: copies.length, between: [{ time: first.time, id: first.id }, { time: last.time, id: last.id }] };
}
