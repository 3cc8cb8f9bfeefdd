// What grows with a correlation's alert stands in rows of its own, so that a growing one costs what is added to it and not what it
// holds: the ids of its events, and copies of the first and the last 50. What a copied event said is not written again: the copy
// names the evidence that its hits brought. An alert of one event, or one that an older program wrote, is a document that is whole.
import { PROOF_EVENTS_MAX, proofOf, united, type Alert, type AlertHead, type EventCopy, type ProofEvent } from '../../alert.js';
import { assert } from '../../assert.js';
import type { Event } from '../../event.js';
import type { Database, Row } from '../../process/sqlite.js';
import type { AlertState, AlertWrite, CopyKey } from '../store.js';
import { docOf } from './paging.js';

type Growth = Extract<AlertWrite, { kind: 'growth' }>;
/** A copy as its row keeps it; the second says by itself what its event said. */
type KeptCopy = EventCopy | ProofEvent;

/** Writes the ids and copies that a growth adds. Part of the caller's transaction. */
export function putGrowth(db: Database, { head, eventIds, copies }: Growth): void {
  const row = db.prepare('select doc from alerts where id = ?').get(head.id), known = row && docOf<AlertHead | Alert>(row);
  if (known !== undefined && 'events' in known) take(db, head.id, known.eventIds, known.events);
  take(db, head.id, eventIds, copies);
}

function take(db: Database, alert: string, eventIds: readonly string[], copies: readonly KeptCopy[]): void {
  if (eventIds.length > 0) db.prepare('insert or ignore into alert_members select ?, value from json_each(?)').run(alert, JSON.stringify(eventIds));
  for (const copy of copies) putCopy(db, alert, copy);
  const over = copies.length === 0 ? 0 : Number(db.prepare('select count(*) as n from alert_copies where alert = ?').get(alert)?.['n']) - PROOF_EVENTS_MAX;
  if (over > 0) db.prepare('delete from alert_copies where alert = ?1 and (time, id) in (select time, id from alert_copies where alert = ?1 order by time, id limit ?2 offset ?3)').run(alert, over, PROOF_EVENTS_MAX / 2);
}

function putCopy(db: Database, alert: string, copy: KeptCopy): void {
  const { time, id } = copy, evidence = isWhole(copy) ? undefined : db.prepare('select n from evidence where id = ?').get(id)?.['n'];
  assert(isWhole(copy) || evidence !== undefined, `expected hits of event ${id}, which alert ${alert} copies, found none`);
  if (db.prepare('insert or ignore into alert_copies values (?, ?, ?, ?, ?)').run(alert, time, id, evidence ?? null, JSON.stringify(copy)).changes > 0) return;
  const row = db.prepare('select doc from alert_copies where alert = ? and time = ? and id = ?').get(alert, time, id) as Row, before = docOf<KeptCopy>(row);
  const both = united({ grouping: [], ...before }, { grouping: [], ...copy });
  if (both.atoms.length > before.atoms.length) db.prepare('update alert_copies set doc = ? where alert = ? and time = ? and id = ?').run(JSON.stringify(both), alert, time, id);
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

/** What must be known of an alert to add to it. */
export function stateReader(db: Database): (row: Row, eventIds: readonly string[]) => AlertState {
  const has = db.prepare('select value as id from json_each(?) where exists (select 1 from alert_members where alert = ? and id = value)');
  const copies = db.prepare('select time, id from alert_copies where alert = ? order by time, id');
  return (row, eventIds) => {
    const doc = docOf<AlertHead | Alert>(row);
    if ('events' in doc) {
      const { eventIds: all, events, ...head } = doc, known = new Set(all);
      return { head, has: eventIds.filter((id) => known.has(id)), ...within(events) };
    }
    return { head: doc, has: has.all(JSON.stringify(eventIds), doc.id).map(({ id }) => String(id)), ...within(copies.all(doc.id).map(({ time, id }) => ({ time: Number(time), id: String(id) }))) };
  };
}

function within(copies: readonly CopyKey[]): Pick<AlertState, 'copies' | 'between'> {
  const first = copies[PROOF_EVENTS_MAX / 2 - 1], last = copies[copies.length - PROOF_EVENTS_MAX / 2];
  if (first === undefined || last === undefined || copies.length < PROOF_EVENTS_MAX) return { copies: copies.length };
  return { copies: copies.length, between: [{ time: first.time, id: first.id }, { time: last.time, id: last.id }] };
}
