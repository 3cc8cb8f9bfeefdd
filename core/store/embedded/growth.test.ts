import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert, EventCopy, ProofEvent } from '../../alert.js';
import { openDatabase, type Database } from '../../process/sqlite.js';
import type { AlertWrite } from '../store.js';
import { alertStore, putAlerts } from './incidents.js';
import { forgetHits } from './ledger.js';
import { migrate } from './schema.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

const idOf = (n: number): string => `e${String(n).padStart(4, '0')}`;
const copy = (n: number): EventCopy => ({ id: idOf(n), rule: 'r', time: n, received: n, system: 's', atoms: [{ question: 'q' }], grouping: [{ question: 'g' }] });
const proof = (n: number): ProofEvent => ({ id: idOf(n), rule: 'r', time: n, received: n, system: 's', original: `line ${n}`, atoms: [{ question: 'q' }, { question: 'g' }], fields: { n } });
const alertOf = (count: number): Alert => {
  const all = Array.from({ length: count }, (_, n) => n);
  return {
    id: 'a', rule: { uid: 'c', version: 'v', title: 't', level: 'high' }, severity: 'high', tier: 2, system: 's', time: 4, received: 4, created: 9, firstSeen: 0, lastSeen: count - 1, group: { 'source.ip': '203.0.113.9' },
    entities: [], incident: 'i', eventCount: count, eventIds: all.map(idOf), events: (count <= 100 ? all : [...all.slice(0, 50), ...all.slice(-50)]).map(proof),
  };
};
const growth = (from: number, to: number): AlertWrite => {
  const { events: _events, eventIds: _ids, ...head } = alertOf(to), fresh = Array.from({ length: to - from }, (_, i) => from + i);
  return { kind: 'growth', head, eventIds: fresh.map(idOf), copies: fresh.map(copy) };
};
function open(name: string, evidence: number): Database {
  const db = openDatabase(join(folder, name));
  migrate(db);
  for (let n = 0; n < evidence; n++) db.prepare('insert into evidence values (?, ?, ?, ?, ?, ?, ?, ?)').run(n + 1, idOf(n), 's', n, 2, 's', n, JSON.stringify({ 'event.original': `line ${n}`, n }));
  return db;
}
const count = (db: Database, table: string): number => Number(db.prepare(`select count(*) as n from ${table}`).get()?.['n']);

test('a growing alert costs what is added, and leaves nothing when it goes', async () => {
  const db = open('a.db', 2_003), store = alertStore(db), changes = (): number => Number(db.prepare('select total_changes() as n').get()?.['n']);
  putAlerts(db, [growth(0, 2_000)]);
  expect(await store.get('a')).toEqual(alertOf(2_000));
  const before = changes();
  putAlerts(db, [growth(2_000, 2_003)]);
  // Three ids and three copies in, three copies out, the alert itself.
  expect(changes() - before).toBe(10);
  expect(await store.get('a')).toEqual(alertOf(2_003));
  forgetHits(db, { 2: 0 }, 86_400_000);
  expect(count(db, 'evidence')).toBe(100);
  db.prepare('delete from alerts').run();
  expect(count(db, 'alert_copies') + count(db, 'alert_members')).toBe(0);
  forgetHits(db, { 2: 0 }, 86_400_000);
  expect(count(db, 'evidence')).toBe(0);
  db.close();
});

test('an alert that an older program wrote is read as it was, and grows', async () => {
  const db = open('b.db', 4);
  const older = alertOf(3);
  putAlerts(db, [{ kind: 'whole', alert: older }, { kind: 'whole', alert: { ...older, id: 'b' } }]);
  expect(await alertStore(db).get('a')).toEqual(older);
  putAlerts(db, [growth(2, 4)]);
  expect(await alertStore(db).get('a')).toEqual(alertOf(4));
  expect(await alertStore(db).get('b')).toEqual({ ...older, id: 'b' });
  db.close();
});

test('a database of the schema before keeps its alerts and hits', async () => {
  const db = openDatabase(join(folder, 'c.db')), { events, eventIds, ...head } = alertOf(3);
  migrate(db, 2);
  db.prepare('insert into alerts values (?, 2, ?, ?, ?, ?, 4, 4, 9, ?)').run('a', 's', 'i', 'c', 'high', JSON.stringify(head));
  for (const one of events) db.prepare('insert into alert_events values (?, ?, ?, ?, ?)').run('a', one.time, one.id, one.atoms.length, JSON.stringify(one));
  db.prepare('insert into alert_ids values (?, 0, 2, ?, ?)').run('a', idOf(1), JSON.stringify(eventIds.slice(0, 2)));
  db.prepare('insert into alert_ids values (?, 2, 1, ?, ?)').run('a', idOf(2), JSON.stringify(eventIds.slice(2)));
  migrate(db);
  expect(await alertStore(db).get('a')).toEqual(alertOf(3));
  db.prepare('delete from alerts').run();
  expect(count(db, 'alert_copies') + count(db, 'alert_members')).toBe(0);
  db.close();
});
