import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert, ProofEvent } from '../../alert.js';
import { openDatabase } from '../../process/sqlite.js';
import { alertStore, putAlert } from './incidents.js';
import { migrate } from './schema.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

const copy = (n: number, atoms = 1): ProofEvent => ({ id: `e${String(n).padStart(4, '0')}`, rule: 'r', time: n, received: n, system: 's', original: `line ${n}`, atoms: Array.from({ length: atoms }, (_, i) => ({ question: `q${i}` })), fields: { n } });
const alertOf = (count: number, part: Partial<Alert> = {}): Alert => {
  const all = Array.from({ length: count }, (_, n) => copy(n));
  return {
    id: 'a', rule: { uid: 'c', version: 'v', title: 't', level: 'high' }, severity: 'high', tier: 2, system: 's', time: 4, received: 4, created: 9, firstSeen: 0, lastSeen: count - 1, group: { 'source.ip': '203.0.113.9' },
    entities: [], incident: 'i', eventCount: count, eventIds: all.map(({ id }) => id), events: count <= 100 ? all : [...all.slice(0, 50), ...all.slice(-50)], ...part,
  };
};

test('a growing alert is read as it was given, and costs what was added', async () => {
  const db = openDatabase(join(folder, 'a.db'));
  migrate(db);
  const store = alertStore(db), changes = (): number => Number(db.prepare('select total_changes() as n').get()?.['n']);
  for (const count of [5, 60, 99, 120, 121, 300, 2_000]) {
    putAlert(db, alertOf(count));
    expect(await store.get('a')).toEqual(alertOf(count));
  }
  const before = changes();
  putAlert(db, alertOf(2_003));
  // Three copies in, three out, one piece of ids, the alert itself.
  expect(changes() - before).toBe(8);
  expect(await store.many(['a'])).toEqual([alertOf(2_003)]);
  expect((await store.ofIncident('i', { limit: 1 })).items).toEqual([alertOf(2_003)]);
  const other = alertOf(3, { events: [copy(0), copy(1, 2), copy(2)], eventIds: ['x', 'e0001'] });
  putAlert(db, other);
  expect(await store.get('a')).toEqual(other);
  db.prepare('delete from alerts').run();
  expect(db.prepare('select (select count(*) from alert_events) + (select count(*) from alert_ids) as n').get()).toEqual({ n: 0 });
  db.close();
});

test('an alert that was written whole is read, and grows', async () => {
  const db = openDatabase(join(folder, 'b.db'));
  migrate(db);
  const whole = alertOf(3), { group: _group, ...single } = { ...whole, id: 'b' };
  putAlert(db, whole);
  db.exec('delete from alert_events; delete from alert_ids');
  db.prepare('update alerts set doc = ?').run(JSON.stringify(whole));
  putAlert(db, single);
  expect(await alertStore(db).many(['a', 'b'])).toEqual([whole, single]);
  putAlert(db, alertOf(4));
  expect(await alertStore(db).get('a')).toEqual(alertOf(4));
  db.close();
});
