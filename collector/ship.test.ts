import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../core/process/clock.js';
import { createLog } from '../core/process/log.js';
import type { EvaluatedRun } from '../core/pipeline/run.js';
import type { KnownStream, RetiredEvent, Shared } from '../core/store/shared.js';
import type { Store } from '../core/store/store.js';
import { ask } from './fixtures/http-client.js';
import { startShipping, type Shipping } from './ship.js';

const log = createLog('silent', 'test'), registry = { version: 4, systems: [], relays: [], unassignedTier: 3 };
let folder: string, shipping: Shipping | undefined;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-ship-')); });
afterEach(async () => { await shipping?.stop(); shipping = undefined; rmSync(folder, { recursive: true, force: true }); });

/** A store in memory that may be away, may refuse, and may say that a day is retired. */
function world() {
  const one = { opened: 0, away: false, tried: 0, asked: 0, asking: 0, askingMost: 0, failing: 0, retire: (_seq: number): boolean => false, begun: [] as KnownStream[], runs: [] as EvaluatedRun[], gaps: [] as { from: number; to: number }[] };
  const shared = {
    begin: async (known: KnownStream) => { one.begun.push(known); return undefined; },
    ship: async (runs: readonly EvaluatedRun[]): Promise<RetiredEvent[]> => {
      one.tried++;
      if (one.away || one.failing-- > 0) throw new Error('the store does not answer');
      one.runs.push(...runs);
      return runs.flatMap((run) => Array.from({ length: run.count }, (_, i) => run.from + i).filter((seq) => one.retire(seq)).map((seq) => ({ stream: run.stream, seq, text: `{"n":${seq}}` })));
    },
    recordGap: async (gap: { from: number; to: number }) => { one.gaps.push({ from: gap.from, to: gap.to }); }, receipts: async () => [], sealed: async () => undefined,
  } as unknown as Shared;
  const open = async (): Promise<Store> => {
    if (one.away) throw new Error('the store does not answer');
    one.opened++;
    return { shared, systems: { registry: async () => {
      one.asked++;
      if (!one.away) return registry;
      one.askingMost = Math.max(one.askingMost, ++one.asking);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
      one.asking--;
      throw new Error('the store does not answer');
    } }, cursors: { all: async () => ({}) }, close: async () => undefined } as unknown as Store;
  };
  return { one, open };
}
const start = async (open: () => Promise<Store>): Promise<Shipping> => shipping = await startShipping({ folder: join(folder, 'spool'), listeners: [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }], open, log, clock: systemClock, retryMs: 20, lookMs: 100 });
const send = async (lines: readonly string[]): Promise<number> => (await ask(shipping?.collector.addresses[0]?.port ?? 0, '/ndjson', { body: `${lines.join('\n')}\n`, headers: { 'content-type': 'text/plain' } })).status;
const until = async (holds: () => boolean): Promise<void> => { for (let i = 0; i < 600 && !holds(); i++) await new Promise((resolve) => { setTimeout(resolve, 50); }); expect(holds()).toBe(true); };
const shippedTo = (runs: readonly EvaluatedRun[]): number => runs.reduce((most, { to }) => Math.max(most, to), 0);

test('what is taken while the store is away is acknowledged, and shipped when it is there, in order; it is opened once', async () => {
  const { one, open } = world();
  writeFileSync(join(folder, 'registry.json'), JSON.stringify({ ...registry, unassignedTier: 2 }));
  one.away = true;
  await start(open);
  expect(await send(['<13>one', '<13>two'])).toBe(200);
  await until(() => one.runs.length === 0);
  const { shipping: stats } = await (shipping as Shipping).stats();
  expect([stats.problem, (stats.since ?? 0) > Date.now() - 60_000]).toEqual(['the store does not answer', true]);
  one.away = false;
  one.failing = 3;
  await until(() => shippedTo(one.runs) === 2);
  expect(await send(['<13>three'])).toBe(200);
  await until(() => shippedTo(one.runs) >= 3 || one.runs.length > 1);
  expect(one.opened).toBe(1);
  // Of a start without the store: the tier that was known last.
  expect(one.begun.map(({ stream: { tier } }) => tier)).toContain(2);
  await until(() => (JSON.parse(readFileSync(join(folder, 'registry.json'), 'utf8')) as { unassignedTier: number }).unassignedTier === 3);
  const tier2 = one.runs.filter(({ stream: { tier } }) => tier === 2);
  tier2.forEach(({ from }, i) => expect(from).toBe((tier2[i - 1]?.to ?? 0) + 1));
}, 60_000);

test('while nothing can be shipped one group waits for an answer to something small; then all are shipped', async () => {
  const { one, open } = world(), long = 'x'.repeat(50_000);
  await start(open);
  one.away = true;
  for (let i = 0; i < 8; i++) expect(await send(Array.from({ length: 20 }, (_, n) => `<13>${i} ${n} ${long}`))).toBe(200);
  await until(() => one.tried > 0 && one.asked > 5);
  const { tried, asked } = one;
  expect(tried).toBeLessThanOrEqual(3);
  await until(() => one.asked > asked + 10);
  expect(one.tried).toBe(tried);
  // The group, and the look that is made now and then.
  expect(one.askingMost).toBeLessThanOrEqual(2);
  one.away = false;
  await until(() => shippedTo(one.runs) >= 160);
}, 60_000);

test('what comes after its day was given up is kept in a file, and its positions are said to be a gap', async () => {
  const { one, open } = world();
  one.retire = (seq) => seq === 2 || seq === 3;
  await start(open);
  expect(await send(['<13>one', '<13>two', '<13>three', '<13>four'])).toBe(200);
  await until(() => one.gaps.length > 0);
  expect(one.gaps).toEqual([{ from: 2, to: 3 }]);
  expect(readFileSync(join(folder, 'dead-letters.ndjson'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject([{ seq: 2, reason: 'retention', event: '{"n":2}' }, { seq: 3 }]);
  expect((await (shipping as Shipping).stats()).shipping.deadLetters).toBe(2);
}, 60_000);

test('a new epoch names how far the older ones went', async () => {
  const { one, open } = world();
  one.failing = 1e9;
  await start(open);
  await send(['<13>one', '<13>two']);
  await shipping?.stop();
  one.failing = 0;
  await start(open);
  await send(['<13>three']);
  await until(() => new Set(one.begun.map(({ stream }) => stream.epoch)).size === 2);
  const inOrder = [...one.begun].sort((a, b) => a.stream.epoch - b.stream.epoch), [first] = inOrder, second = inOrder[inOrder.length - 1];
  expect(Object.values(second?.older ?? {})).toEqual([2]);
  expect(Object.keys(second?.older ?? {})[0]).toContain(String(first?.stream.epoch));
}, 60_000);
