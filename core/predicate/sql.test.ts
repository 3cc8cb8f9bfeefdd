import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldSearch } from '../fold.js';
import type { Event } from '../event.js';
import { RowEncoder, eventOfRow, typeOfColumn, type SqlRow } from '../store/embedded/columns.js';
import { stored } from '../store/embedded/hot.js';
import { sqlShape } from '../store/embedded/seal.js';
import { anEvent, aPredicate, aRun, WORDS } from '../store/samples.js';
import { match } from './match.js';
import type { Predicate } from './predicate.js';
import { compileSql } from './sql.js';
import { column, quote, type SqlShape } from './sql-values.js';
import { searchTest } from './sql-text.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-sql-'));
let db: DuckDBConnection;
beforeAll(async () => { db = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect(); });
afterAll(() => { db.closeSync(); rmSync(folder, { recursive: true }); });

interface Table { readonly events: readonly Event[]; readonly opaque: ReadonlySet<number>; readonly shape: SqlShape }
const stream = { collector: '0190f3a0-0000-7000-8000-0000000000bb', epoch: 2, tier: 3 };

/** The events as a table `t`, their columns as sealed files have them. */
async function table(given: readonly Event[]): Promise<Table> {
  const { events } = aRun(stream, 1, given), encoder = new RowEncoder(), file = join(folder, 'rows.ndjson');
  const rows = events.map((event, i) => encoder.row(stored(event, `${stream.collector}.2.3`, i + 1, 3)));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const shape = encoder.shape();
  await db.run(`create or replace table t as select * from read_json(${quote(file)}, format = 'newline_delimited', columns = {${shape.columns.map((name) => `${quote(name)}: ${quote(typeOfColumn(name))}`).join(', ')}})`);
  const opaque = new Set(rows.flatMap((row, i) => (row['_opaque'] === undefined ? [] : [i + 1])));
  return { events, opaque, shape: sqlShape(shape) };
}

/** What SQL says of each predicate, in one question: positions that answer yes. Fails where it is NULL. */
async function answers(predicates: readonly Predicate[], shape: SqlShape): Promise<readonly ReadonlySet<number>[]> {
  const parts = predicates.map((predicate, i) => `${compileSql(predicate, shape).where} as q${i}`);
  const rows = (await db.runAndReadAll(`select _seq, ${parts.join(', ')} from t order by _seq`)).getRows();
  return predicates.map((predicate, i) => new Set(rows.flatMap((row) => {
    if (typeof row[i + 1] !== 'boolean') throw new Error(`expected yes or no of ${JSON.stringify(predicate)}, got ${String(row[i + 1])} at ${String(row[0])}`);
    return row[i + 1] === true ? [Number(row[0])] : [];
  })));
}

/** Fails where SQL misses what match finds, or claims to be exact and is not. Returns how many answers were compared. */
async function compare(events: readonly Event[], predicates: readonly Predicate[]): Promise<{ readonly compared: number; readonly exact: number }> {
  const { events: kept, opaque, shape } = await table(events);
  let compared = 0, exact = 0;
  for (let at = 0; at < predicates.length; at += 25) {
    const some = predicates.slice(at, at + 25), found = await answers(some, shape);
    some.forEach((predicate, i) => {
      const sql = compileSql(predicate, shape), yes = found[i] as ReadonlySet<number>;
      if (sql.exact) exact++;
      kept.forEach((event, n) => {
        if (opaque.has(n + 1)) return;
        compared++;
        const expected = match(predicate, event), got = yes.has(n + 1);
        if (expected ? !got : sql.exact && got) throw new Error(`expected ${expected} (exact: ${sql.exact}), got ${got}\n${JSON.stringify(predicate)}\n${JSON.stringify(event)}\n${sql.where}`);
      });
    });
  }
  return { compared, exact };
}

test('SQL finds all that match finds, and where it says exact nothing else', async () => {
  let compared = 0, exact = 0;
  for (const seed of [1, 2, 3]) {
    const done = await compare(fc.sample(anEvent, { numRuns: 250, seed }), fc.sample(aPredicate, { numRuns: 200, seed }));
    compared += done.compared;
    exact += done.exact;
  }
  expect(compared).toBeGreaterThan(50_000);
  expect(exact).toBeGreaterThan(300);
}, 120_000);

test('every awkward text is compared with every other in every way', async () => {
  const events = [...WORDS, ...WORDS.map((word) => `x ${word} y`)].flatMap((message): Event[] => [{ message }, { tags: ['a', message] }, { 'other.field': message }]);
  const predicates = WORDS.flatMap((text): Predicate[] => [['message'], ['tags'], ['other.field']].flatMap((path): Predicate[] => [
    { kind: 'string', path, pattern: [{ kind: 'text', text }], cased: false }, { kind: 'string', path, pattern: [{ kind: 'any' }, { kind: 'text', text }], cased: false },
    { kind: 'string', path, pattern: [{ kind: 'text', text }, { kind: 'one' }, { kind: 'any' }], cased: true }, { kind: 'text', path, text }, { kind: 'number', path, op: 'lte', value: 5, text: '5' },
  ]).concat([{ kind: 'text', path: [], text }, { kind: 'not', part: { kind: 'text', path: [], text } }]));
  const { compared, exact } = await compare(events, predicates);
  expect(compared).toBeGreaterThan(200_000);
  expect(exact).toBeGreaterThan(predicates.length * 0.8);
}, 120_000);

test('a column whose values are all known is answered without reading it', async () => {
  const texts = ['Thành công', 'THẤT BẠI', '10.0.0.7', 'a:b-f'], events = texts.flatMap((one, i): Event[] => [{ 'event.outcome': one, 'event.category': [one, 'x'], 'source.ip': '10.0.0.7' }, { message: `m${i}` }]);
  const predicates = [...texts, 'thanh', 'bai', '7', 'x', ':b', 'zzz', '0.0.0'].map((text): Predicate => ({ kind: 'text', path: [], text }));
  const { compared, exact } = await compare(events, predicates);
  expect([compared, exact]).toEqual([events.length * predicates.length, predicates.length]);
  expect(compileSql(predicates[5] as Predicate, (await table(events)).shape).where).toContain(`"event.outcome" IN ('THẤT BẠI')`);
});

test('a number equals what writes it so, also where that is not what comes to the same', async () => {
  const events = ['7', '7.0', ' 7 ', '07', '+7', 7, 7.5, '7.50', '7.5', '1e3', '1000', 1000].flatMap((value): Event[] => [{ 'custom.field': value }, { message: value }, { 'source.port': value }]);
  const predicates = ['7', '7.0', '7.50', '1e3'].flatMap((text) => ['custom.field', 'message', 'source.port'].map((field): Predicate => ({ kind: 'number', path: [field], op: 'eq', value: Number(text), text })));
  expect(await compare(events, predicates)).toEqual({ compared: events.length * predicates.length, exact: predicates.length });
});

test('a list of values, of whatever kind, looks its field up once', async () => {
  const path = ['custom.field', 'message', 'source.port'], events = ['Alpha', '7', '10.1.2.3', ['x', 'alpha beta'], [], null, 7, 80, [7, 'ALPHA']].flatMap((value): Event[] => path.map((name) => ({ [name]: value })));
  const list: Predicate[] = [
    ...['alpha', 'x', 'zz'].flatMap((text): Predicate[] => [{ kind: 'string', path, pattern: [{ kind: 'text', text }], cased: false }, { kind: 'string', path, pattern: [{ kind: 'any' }, { kind: 'text', text }], cased: true }]),
    { kind: 'number', path, op: 'eq', value: 7, text: '7' }, { kind: 'number', path, op: 'gt', value: 79, text: '79' }, { kind: 'cidr', path, network: '10.0.0.0/8' }, { kind: 'regex', path, source: '^b', flags: '' },
  ];
  const or = (parts: readonly Predicate[]): Predicate => ({ kind: 'or', parts }), pairs = list.flatMap((one, i) => list.slice(i + 1).map((two) => or([one, or([two])])));
  const predicates = [or(list), ...pairs, ...pairs.map((part): Predicate => ({ kind: 'not', part })), or([...list, { kind: 'exists', path }]), or([...list, { kind: 'null', path }]), or([...list, { kind: 'exists', path: ['tags'] }])];
  expect(await compare(events, predicates)).toEqual({ compared: events.length * predicates.length, exact: predicates.length });
  const long = Array.from({ length: 100 }, (_, i): Predicate => ({ kind: 'string', path, pattern: [{ kind: 'any' }, { kind: 'text', text: `${i}` }], cased: false })), { shape } = await table(events);
  expect(compileSql(or(long), shape).where.match(/starts_with/g)?.length).toBeLessThan(10);
}, 120_000);

test('what is left to the matcher is rare for ordinary questions', () => {
  const contains = (text: string): Predicate => ({ kind: 'string', path: ['message'], pattern: [{ kind: 'any' }, { kind: 'text', text }, { kind: 'any' }], cased: false });
  const ordinary: Predicate[] = [
    contains('đăng nhập'), { kind: 'text', path: [], text: 'dang nhap that bai' }, { kind: 'text', path: ['user.name'], text: 'nguyễn' }, { kind: 'not', part: contains('x') },
    { kind: 'number', path: ['source.port'], op: 'gte', value: 1024, text: '1024' }, { kind: 'cidr', path: ['source.ip'], network: '10.0.0.0/8' }, { kind: 'exists', path: ['user.name'] },
    { kind: 'regex', path: ['message'], source: 'failed (?:password|login) for [a-z]+', flags: 'i' },
  ];
  for (const predicate of ordinary) expect({ predicate, exact: compileSql(predicate).exact }).toEqual({ predicate, exact: true });
});

test('under not, what cannot be said becomes everything', () => {
  const inexact: Predicate = { kind: 'keywordRegex', source: 'a', flags: '' };
  expect(compileSql(inexact)).toMatchObject({ where: 'TRUE', exact: false });
  expect(compileSql({ kind: 'not', part: inexact })).toMatchObject({ where: 'TRUE', exact: false });
  expect(compileSql({ kind: 'not', part: { kind: 'and', parts: [{ kind: 'exists', path: ['x'] }, inexact] } })).toMatchObject({ where: 'TRUE', exact: false });
});

test('a question cannot leave its quotes', async () => {
  const { shape } = await table([{ message: "it's" }]);
  const evil = "x' OR TRUE --", [found] = await answers([{ kind: 'string', path: ['message', evil, 'a"b'], pattern: [{ kind: 'text', text: evil }], cased: true }], shape);
  expect([...found as ReadonlySet<number>]).toEqual([]);
  expect(column('a"b')).toBe('"a""b"');
});

test('every character is found by the letter it is searched by, marks or not', async () => {
  // All code points that a search folds to a plain letter, digit or sign, and a few that it leaves alone.
  const events: Event[] = [], wanted: string[] = [];
  for (let code = 0x80; code < 0x2100; code++) {
    const point = String.fromCodePoint(code), to = foldSearch(point);
    if (to.length === 1 && to.charCodeAt(0) < 0x80) { events.push({ message: `<${point}>`, 'event.original': `<${point}>` }); wanted.push(to); }
  }
  expect(events.length).toBeGreaterThan(300);
  const { opaque, shape } = await table(events), letters = [...new Set(wanted)], found = await answers(letters.map((letter): Predicate => ({ kind: 'text', path: ['message'], text: `<${letter}>` })), shape);
  events.forEach((event, i) => {
    if (!opaque.has(i + 1)) expect({ event, found: found[letters.indexOf(wanted[i] as string)]?.has(i + 1) }).toEqual({ event, found: true });
  });
  expect(searchTest('dang').exact).toBe(true);
});

test('rows give back the events they were made of', async () => {
  const { events } = await table(fc.sample(anEvent, { numRuns: 500, seed: 99 }));
  const result = await db.runAndReadAll('select * from t order by _seq'), names = result.columnNames();
  const rows = result.getRows().map((row) => Object.fromEntries(names.flatMap((name, i) => (row[i] === null ? [] : [[name, typeof row[i] === 'bigint' ? Number(row[i]) : row[i]]]))) as SqlRow);
  expect(rows.map((row) => ({ ...eventOfRow(row).event }))).toEqual(events.map((event) => ({ ...event })));
});
