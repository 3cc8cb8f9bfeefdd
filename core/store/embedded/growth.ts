// What grows with a correlation's alert stands in rows of its own, so that a growing one costs what was added to it and not what it
// holds: copies of its events (new ones written, those between the first and the last 50 dropped), and the ids of all of them,
// appended in the pieces they came in. An alert is read as it was given; one that does not grow, or was written before, is whole.
import type { Alert, ProofEvent } from '../../alert.js';
import type { Database, Row } from '../../process/sqlite.js';
import { docOf } from './paging.js';

type Grown = Omit<Alert, 'events' | 'eventIds'>;

/** Writes what is new of an alert's events and ids; returns the rest of it. Part of the caller's transaction. */
export function putGrowth(db: Database, { events, eventIds, ...rest }: Alert): Grown {
  putEvents(db, rest.id, events);
  putIds(db, rest.id, eventIds);
  return rest;
}

export function alertReader(db: Database): (row: Row) => Alert {
  const events = db.prepare('select doc from alert_events where alert = ? order by time, id'), ids = db.prepare('select doc from alert_ids where alert = ? order by first');
  return (row) => {
    const doc = docOf<Grown | Alert>(row);
    return 'events' in doc ? doc : { ...doc, eventIds: ids.all(doc.id).flatMap((piece) => docOf<readonly string[]>(piece)), events: events.all(doc.id).map((event) => docOf<ProofEvent>(event)) };
  };
}

/** A copy is the event as it was; only the atoms of another rule may join it. */
function putEvents(db: Database, alert: string, events: readonly ProofEvent[]): void {
  const before = db.prepare('select time, id, atoms from alert_events where alert = ?').all(alert);
  const left = new Map(before.map((row) => [`${String(row['time'])}/${String(row['id'])}`, row]));
  const put = db.prepare('insert or replace into alert_events values (?, ?, ?, ?, ?)');
  for (const event of events) {
    const key = `${event.time}/${event.id}`;
    if (left.get(key)?.['atoms'] !== event.atoms.length) put.run(alert, event.time, event.id, event.atoms.length, JSON.stringify(event));
    left.delete(key);
  }
  const drop = db.prepare('delete from alert_events where alert = ? and time = ? and id = ?');
  for (const row of left.values()) drop.run(alert, row['time'] ?? null, row['id'] ?? null);
}

/** Appends when the ids go on where the stored ones end, else writes them anew. */
function putIds(db: Database, alert: string, ids: readonly string[]): void {
  const last = db.prepare('select first, count, last from alert_ids where alert = ? order by first desc limit 1').get(alert);
  let count = last === undefined ? 0 : Number(last['first']) + Number(last['count']);
  if (last !== undefined && ids[count - 1] !== last['last']) {
    db.prepare('delete from alert_ids where alert = ?').run(alert);
    count = 0;
  }
  const more = ids.slice(count);
  if (more.length > 0) db.prepare('insert into alert_ids values (?, ?, ?, ?, ?)').run(alert, count, more.length, more[more.length - 1] as string, JSON.stringify(more));
}
