import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBusy, openDatabase } from './sqlite.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('values come back as they were put, large whole numbers too', () => {
  const db = openDatabase(join(folder, 'values.db'));
  db.exec('create table t (a integer, b text, c real)');
  db.prepare('insert into t values (?, ?, ?)').run(1_795_300_000_123, 'Đăng nhập', 0.5);
  db.prepare('insert into t values (?, ?, ?)').run(null, null, null);
  const rows = db.prepare('select a, b, c from t').all();
  expect(rows[0]).toMatchObject({ a: 1_795_300_000_123, b: 'Đăng nhập', c: 0.5 });
  expect(rows[1]).toMatchObject({ a: null, b: null, c: null });
  expect(db.prepare('select a from t where a = 7').get()).toBeUndefined();
  expect(db.prepare('update t set b = ? where a is null').run('x').changes).toBe(1);
  expect(db.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  expect(db.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 });
  db.close();
});

test('a transaction that throws leaves nothing', () => {
  const db = openDatabase(join(folder, 'rollback.db'));
  db.exec('create table t (a integer primary key)');
  expect(() => db.transaction(() => {
    db.prepare('insert into t values (?)').run(1);
    db.transaction(() => db.prepare('insert into t values (?)').run(2));
    throw new Error('stop');
  })).toThrow('stop');
  expect(db.prepare('select count(*) as n from t').get()).toMatchObject({ n: 0 });
  expect(db.transaction(() => db.prepare('insert into t values (?)').run(3).changes)).toBe(1);
  db.close();
});

test('a file that is locked says so', () => {
  const one = openDatabase(join(folder, 'lock.db'), { wal: false });
  one.exec('pragma locking_mode = exclusive; begin exclusive');
  const two = openDatabase(join(folder, 'lock.db'), { wal: false, busyTimeoutMs: 0 });
  let error: unknown;
  try { two.exec('begin exclusive'); } catch (caught) { error = caught; }
  expect(isBusy(error)).toBe(true);
  two.close();
  one.close();
});

test('a row that is asked for alone holds its columns and nothing else', () => {
  const db = openDatabase(':memory:', { wal: false });
  expect(db.prepare('select 1 as n, null as m').get()).toEqual({ n: 1, m: null });
  expect(db.prepare('select 1 as n where 1 = 0').get()).toBeUndefined();
  db.close();
});
