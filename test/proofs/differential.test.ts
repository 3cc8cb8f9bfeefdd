// HAIDANG_CASES and HAIDANG_SEED ask for more, or others, than the usual ones (`npm run proofs -- differential CASES SEED`).
import { FORGETTINGS, MISREADINGS, planted, plantedAfter, plantedInProof, plantedInSql, UNTRUTHS, WIDER_IS_ALLOWED } from './faults.js';
import { explained, fast, reference, sql, warmed, type Way } from './paths.js';
import { printDifference, prove } from './differential.js';
import { SqlTables } from './sql-table.js';
import { StoredWay } from './stored.js';

const CASES = Number(process.env['HAIDANG_CASES'] ?? 20_000), SEED = Number(process.env['HAIDANG_SEED'] ?? 1);
let tables: SqlTables, store: StoredWay;
beforeAll(async () => { tables = await SqlTables.open(); store = await StoredWay.open(); });
afterAll(async () => { tables.close(); await store.close(); });

test('random rules over random events: the reference, the fast engine, SQL with its matcher, the store and proofs all say what `match` says', async () => {
  const started = Date.now(), usual = [reference, fast, sql, explained];
  let told = started;
  const { figures, difference } = await prove(tables, {
    cases: CASES, seed: SEED, waysOf: (batch) => (batch % 8 === 0 ? [...usual, warmed, store] : usual),
    tell: ({ cases }) => { if (Date.now() - told > 30_000) { told = Date.now(); process.stdout.write(`${cases} cases, ${Math.round((told - started) / 1000)} s\n`); } },
  });
  expect(difference === undefined ? '' : printDifference(difference)).toBe('');
  const { cases, rules, refused, events, opaque, yes } = figures;
  if (process.env['HAIDANG_CASES'] !== undefined) process.stdout.write(`${cases} cases: ${rules} rules (${refused} more were refused), ${events} events (${opaque} of them not for SQL), ${yes} times yes, ${tables.exact} of ${rules} questions exact in SQL, ${tables.refused} with a pattern that DuckDB refuses; ${Math.round((Date.now() - started) / 1000)} s\n`);
  // A proof over rules that never fire, or that SQL never answers, would prove nothing.
  expect(cases).toBeGreaterThanOrEqual(CASES);
  expect(yes / cases).toBeGreaterThan(0.1);
  expect(yes / cases).toBeLessThan(0.7);
  expect(opaque / events).toBeLessThan(0.7);
  expect(tables.exact / rules).toBeGreaterThan(0.2);
}, Math.max(180_000, CASES * 20));

describe('planted bugs are found', () => {
  const PLANTED_CASES = 40_000;
  const found = async (way: Way): Promise<void> => {
    const { difference } = await prove(tables, { cases: PLANTED_CASES, seed: 1, waysOf: () => [way], isCutDown: false });
    expect(difference?.way).toBe(way.name);
  };
  for (const [name, how] of Object.entries(MISREADINGS)) {
    test(`reference: ${name}`, () => found(planted(reference, how)));
    test(`fast: ${name}`, () => found(planted(fast, how)));
    if (!WIDER_IS_ALLOWED.includes(name)) test(`sql: ${name}`, () => found(plantedInSql(how)));
  }
  for (const [name, how] of Object.entries(FORGETTINGS)) for (const way of [reference, fast]) test(`${way.name}: ${name}`, () => found(plantedAfter(way, how)));
  for (const [name, how] of Object.entries(UNTRUTHS)) test(`explain: ${name}`, () => found(plantedInProof(how)));
});
