// HAIDANG_CASES and HAIDANG_SEED ask for more, or others, than the usual ones (`npm run proofs -- differential CASES SEED`).
import { drawBatch, type Drawn } from './batch.js';
import { printDifference, prove } from './differential.js';
import { FORGETTINGS, MISREADINGS, planted, plantedAfter, plantedInSql, UNTRUTHS, WIDER_IS_ALLOWED } from './faults.js';
import { Crowded, explained, explainedBy, fast, fromLines, reference, sqlWay, warmed, type Way } from './paths.js';
import { SqlTables } from './sql-table.js';
import { StoredWay } from './stored.js';

const CASES = Number(process.env['HAIDANG_CASES'] ?? 60_000), SEED = Number(process.env['HAIDANG_SEED'] ?? 1);
let tables: SqlTables, tablesOfStore: SqlTables, store: StoredWay;
beforeAll(async () => { tables = await SqlTables.open(false); tablesOfStore = await SqlTables.open(true); store = await StoredWay.open(); });
afterAll(async () => { tables.close(); tablesOfStore.close(); await store.close(); });

test('random rules over random events: the reference, the fast engine, SQL with its matcher, the store and proofs all say what `match` says', async () => {
  const started = Date.now(), everywhere = [reference, fast, fromLines, explained], sql = sqlWay(tables), sqlOfStore = sqlWay(tablesOfStore, 'sql, planned as in the store'), now = (): number => Math.round((Date.now() - started) / 1000);
  const seldom = [warmed, new Crowded(), store];
  let told = started;
  const { figures, difference } = await prove({
    cases: CASES, seed: SEED, waysOf: (batch) => [batch % 4 === 0 ? sqlOfStore : sql, ...everywhere, ...(batch % 8 === 0 ? seldom : [])],
    tell: ({ cases }) => { if (Date.now() - told > 30_000) { told = Date.now(); process.stdout.write(`${cases} cases, ${now()} s\n`); } },
  });
  expect(difference === undefined ? '' : printDifference(difference)).toBe('');
  const { cases, rules, refused, events, yes } = figures, exact = tables.exact + tablesOfStore.exact, opaque = tables.opaque + tablesOfStore.opaque;
  if (process.env['HAIDANG_CASES'] !== undefined) process.stdout.write(`${cases} cases from seed ${SEED}: ${rules} rules (${refused} more were refused), ${events} events (${opaque} of them not for SQL), ${yes} times yes, ${exact} questions exact in SQL, ${tables.refused + tablesOfStore.refused} with a pattern that DuckDB refuses; ${now()} s\n`);
  // A proof over rules that never fire, or that SQL never answers, would prove nothing.
  expect(cases).toBeGreaterThanOrEqual(CASES);
  expect(yes / cases).toBeGreaterThan(0.1);
  expect(yes / cases).toBeLessThan(0.7);
  expect(opaque / events).toBeLessThan(0.7);
  expect(exact / rules).toBeGreaterThan(0.2);
}, Math.max(180_000, CASES * 20));

describe('planted bugs are found', () => {
  const drawn = new Map<number, Drawn>();
  /** All bugs meet the same batches. */
  const draw = (seed: number): Drawn => { const known = drawn.get(seed) ?? drawBatch(seed); drawn.set(seed, known); return known; };
  const found = async (way: Way): Promise<void> => {
    const { difference } = await prove({ cases: 300_000, seed: 1, waysOf: () => [way], isCutDown: false, draw });
    expect(difference?.way).toBe(way.name);
  };
  for (const [name, how] of Object.entries(MISREADINGS)) {
    test(`reference: ${name}`, () => found(planted(reference, how)));
    test(`fast: ${name}`, () => found(planted(fast, how)));
    test(`${fromLines.name}: ${name}`, () => found(planted(fromLines, how)));
    if (!WIDER_IS_ALLOWED.includes(name)) test(`sql: ${name}`, () => found(plantedInSql(tables, how)));
  }
  for (const [name, how] of Object.entries(FORGETTINGS)) for (const way of [reference, fast]) test(`${way.name}: ${name}`, () => found(plantedAfter(way, how)));
  for (const [name, how] of Object.entries(UNTRUTHS)) test(`explain: ${name}`, () => found(explainedBy(how)));
});
