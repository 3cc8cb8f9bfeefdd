// The one that leads, over a store in memory that tells it what was decided: each hit counts once, in the order of the decisions, whoever
// leads and however often that changes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alert } from '../core/alert.js';
import { ConflictError } from '../core/errors.js';
import type { Millis } from '../core/event.js';
import { compileEngine, compileSet, NO_RULES, type RuleSetInput } from '../core/pipeline/engine.js';
import { hitsOf } from '../core/pipeline/hits.js';
import { createContext, evaluateBatch } from '../core/pipeline/pipeline.js';
import { batchOf, testStream, type TestRecord } from '../core/pipeline/test-helper.js';
import { createLog } from '../core/process/log.js';
import { streamName, type Stream } from '../core/record.js';
import { openHere } from '../core/store/embedded/embedded.js';
import type { KnownStream, NumberedHit, SegmentReceipt, Shared, StreamCursor } from '../core/store/shared.js';
import { EVERYTHING, type Commit, type Store } from '../core/store/store.js';
import { Lead, type LeadOptions } from './lead.js';
import { deployedSet } from './rule-info.js';
import { FAILED, GUESSING } from './sign-in.test-helper.js';

const RULES = `${FAILED}---${GUESSING}---
title: Exactly three
id: 30000000-0000-4000-8000-000000000001
correlation: { type: event_count, rules: [failed], group-by: [user.name], timespan: 1m, condition: { eq: 3 } }
level: low
`;
const START = Date.UTC(2026, 10, 22, 5), MINUTE = 60_000, LATENESS = MINUTE;
const input = (n: number): RuleSetInput => ({ ...NO_RULES, n, sources: [{ file: 'rules.yml', text: RULES }] }), set = compileSet(input(1)), { engine } = compileEngine(input(1));
const a = testStream(), b = testStream({ collector: '0192a3b4-0000-7000-8000-000000000002' });
const failed = (time: Millis, ip = '203.0.113.9', user = 'root'): TestRecord => ({ line: `<38>1 ${new Date(time).toISOString()} web-01 sshd 812 - - Failed password for ${user} from ${ip} port 4022 ssh2`, received: time });
const quiet = (time: Millis): TestRecord => ({ line: `<38>1 ${new Date(time).toISOString()} web-01 cron 1 - - nothing`, received: time });

const folder = mkdtempSync(join(tmpdir(), 'haidang-lead-')), stores: Store[] = [], leads: Lead[] = [];
afterEach(async () => { await Promise.all(leads.splice(0).map((lead) => lead.stop())); });
afterAll(async () => { for (const store of stores) await store.close(); rmSync(folder, { recursive: true }); });

interface World {
  readonly store: Store;
  readonly shared: Shared;
  /** Rules that are in force where `lead` runs. */
  ruleSet: number;
  leading: string;
  now: number;
  /** The newest change is not certain before somebody sees it through. */
  certain: boolean;
  correlated: number;
  readonly asked: number[];
  readonly order: string[];
  readonly receipts: SegmentReceipt[];
  readonly streams: KnownStream[];
  decide(stream: Stream, records: readonly TestRecord[], ruleSet?: number): Promise<void>;
  lead(id?: string, part?: Partial<LeadOptions>): Lead;
  alerts(): Promise<readonly Alert[]>;
}
let opened = 0;
async function open(): Promise<World> {
  const kept = await openHere({ folder: join(folder, String(++opened)), reserveBytes: 0 }), changes: (readonly NumberedHit[])[] = [], cursors = new Map<string, StreamCursor>(), context = createContext();
  stores.push(kept);
  const hitsBetween = (after: number, to: number): NumberedHit[] => changes.slice(after, to).flat();
  const settings = { ...kept.settings, put: async (name: string, value: unknown) => { world.order.push(`setting ${name} ${JSON.stringify(value)}`); await kept.settings.put(name, value); } };
  const store: Store = {
    ...kept, settings,
    commit: async (commit: Commit) => {
      const { correlated } = commit;
      if (correlated !== undefined && correlated.seen !== world.correlated) throw new ConflictError('another detector leads');
      await kept.commit(commit);
      if (correlated !== undefined) world.correlated = correlated.to;
      if (commit.alerts.length > 0) world.order.push('alerts');
      changes.push([]);
    },
  };
  const shared = {
    streams: async () => world.streams, cursors: async () => [...cursors.values()], correlated: async () => world.correlated,
    lastChange: async (settle: boolean) => { if (settle) world.certain = true; const decided = changes.length; return { found: world.certain ? decided : Math.max(0, decided - 1), decided }; },
    hitsOfChanges: async (after: number, to: number) => hitsBetween(after, to),
    hitsUpTo: async (to: number, uid: string, from: Millis, till: Millis) => hitsBetween(0, to).map(({ hit }) => hit).filter(({ rule, time }) => rule.uid === uid && time >= from && time <= till),
    prepare: async () => { world.order.push('prepared'); return []; }, openReceipts: async () => world.receipts,
    readBack: async (receipt: SegmentReceipt) => { world.order.push(`read ${receipt.id}`); world.receipts.splice(world.receipts.indexOf(receipt), 1); return true; },
  } as unknown as Shared;
  const world: World = {
    store, shared, ruleSet: 1, leading: 'one', now: START, certain: true, correlated: 0, asked: [], order: [], receipts: [], streams: [a, b].map((stream) => ({ stream, older: {}, begun: START })),
    async decide(stream, records, ruleSet = 1) {
      const name = streamName(stream), from = (cursors.get(name)?.position ?? 0) + 1, run = { ...evaluateBatch(batchOf(records, from, stream), engine, context), ruleSet };
      await kept.commit({ runs: [run], alerts: [], incidents: [], notices: [] });
      cursors.set(name, { stream: name, position: run.to, received: run.receivedTo, ruleSet });
      changes.push(hitsOf(run).map((hit) => ({ hit: { ...hit, event: hit.event, atoms: hit.atoms }, change: changes.length + 1, ruleSet })));
    },
    lead(id = 'one', part = {}) {
      const lead = new Lead({
        store, shared, leads: () => world.leading === id || world.leading === 'both', setOf: (n) => deployedSet(n, set), ruleSet: () => world.ruleSet, needsRules: (n) => { world.asked.push(n); }, notices: { recipients: [] },
        clock: { now: () => world.now, monotonic: () => world.now }, log: createLog('silent', 'test'), latenessMs: LATENESS, roundMs: 5, keepMs: 0, ...part,
      });
      leads.push(lead);
      lead.start();
      return lead;
    },
    alerts: async () => (await kept.alerts.list({ scope: EVERYTHING }, { limit: 1000 })).items,
  };
  return world;
}
async function until(holds: () => boolean | Promise<boolean>): Promise<void> { for (let i = 0; i < 1_000 && !await holds(); i++) await new Promise((resolve) => { setTimeout(resolve, 10); }); expect(await holds()).toBe(true); }
const rest = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 100); });
const told = async (world: World): Promise<readonly (readonly [string, number])[]> => (await world.alerts()).map(({ rule, eventCount }) => [rule.title, eventCount] as const);

test('a window fills from two collectors: one alert over all of it, once', async () => {
  const world = await open();
  world.lead();
  for (let i = 0; i < 5; i++) await world.decide(i % 2 === 0 ? a : b, [failed(START + i * 1_000, '203.0.113.9', `u${i}`)]);
  await until(async () => (await world.alerts())[0]?.eventCount === 5);
  expect(await told(world)).toEqual([['Password guessing', 5]]);
  await world.decide(b, [failed(START + 6_000, '203.0.113.9', 'u6')]);
  await until(async () => (await world.alerts())[0]?.eventCount === 6);
  expect((await world.store.incidents.list({ scope: EVERYTHING }, { limit: 10 })).total).toBe(1);
});

test('what several windows tell in one round is all told', async () => {
  const world = await open();
  world.lead();
  await world.decide(a, Array.from({ length: 15 }, (_, i) => failed(START + i * 1_000, `203.0.113.${i % 3}`, `u${i}`)));
  await until(async () => (await told(world)).length === 3);
  expect((await world.alerts()).map(({ group, eventCount }) => [group?.['source.ip'], eventCount]).sort()).toEqual([['203.0.113.0', 5], ['203.0.113.1', 5], ['203.0.113.2', 5]]);
});

test('who is refused, though what it brought is there, begins anew from that', async () => {
  const world = await open(), { store } = world, commit = store.commit.bind(store);
  let refused = 0;
  (store as { commit: Store['commit'] }).commit = async (one) => { await commit(one); if (one.correlated !== undefined && refused++ === 0) throw new ConflictError('another detector leads'); };
  world.lead();
  await world.decide(a, Array.from({ length: 5 }, (_, i) => failed(START + i * 1_000, '203.0.113.9', `u${i}`)));
  await until(() => refused > 0);
  await world.decide(a, [failed(START + 6_000, '203.0.113.9', 'v')]);
  await until(async () => (await world.alerts())[0]?.eventCount === 6);
  expect(await told(world)).toEqual([['Password guessing', 6]]);
});

test('a watermark that an uncertain decision moved gives no verdict before the hits of that decision are taken', async () => {
  const world = await open(), { shared } = world, lastChange = shared.lastChange.bind(shared);
  let settles = false;
  (shared as { lastChange: Shared['lastChange'] }).lastChange = (settle) => lastChange(settle && settles);
  await world.decide(a, [0, 1, 2].map((i) => failed(START + i * 1_000, `192.0.2.${i}`, 'lan')));
  await world.decide(b, [quiet(START)]);
  await world.decide(a, [quiet(START + 30 * MINUTE)]);
  const lead = world.lead();
  await until(() => lead.stats().behind === 0 && lead.stats().leading);
  world.certain = false;
  // Its stream stands at the end already; the fourth in the window is not to be seen yet.
  await world.decide(b, [failed(START + 4_000, '192.0.2.9', 'lan'), quiet(START + 30 * MINUTE)]);
  await until(() => lead.stats().behind === 1);
  await rest();
  expect(await told(world)).toEqual([]);
  settles = true;
  await until(async () => (await told(world)).length === 1);
  // Of four within a minute, the last three: those of the window that the second opened.
  expect((await world.alerts()).map(({ firstSeen, eventCount }) => [firstSeen, eventCount])).toEqual([[START + 1_000, 3]]);
});

test('the last decision counts when it is certain, and then without another one', async () => {
  const world = await open();
  world.certain = false;
  // As if the other process were still about to carry it out: asked to see it through, nobody does.
  const { shared } = world, lastChange = shared.lastChange.bind(shared);
  let settles = false;
  (shared as { lastChange: Shared['lastChange'] }).lastChange = (settle) => lastChange(settle && settles);
  await world.decide(a, Array.from({ length: 5 }, (_, i) => failed(START + i * 1_000, '203.0.113.9', `u${i}`)));
  const lead = world.lead();
  await until(() => lead.stats().behind === 1);
  await rest();
  expect(await told(world)).toEqual([]);
  settles = true;
  await until(async () => (await told(world)).length === 1);
});

test('a leader that was replaced begins from what is committed: nothing is lost or told twice', async () => {
  const world = await open(), half = Array.from({ length: 3 }, (_, i) => failed(START + i * 1_000, '203.0.113.9', `u${i}`));
  world.lead('one');
  const other = world.lead('two');
  await world.decide(a, half);
  await rest();
  world.leading = 'two';
  await world.decide(a, half.map((_, i) => failed(START + 10_000 + i * 1_000, '203.0.113.9', `v${i}`)));
  await until(async () => (await world.alerts())[0]?.eventCount === 6);
  expect(other.stats().leading).toBe(true);
  world.leading = 'one';
  await world.decide(b, [failed(START + 20_000, '203.0.113.9', 'w')]);
  await until(async () => (await world.alerts())[0]?.eventCount === 7);
  expect(await told(world)).toEqual([['Password guessing', 7]]);
});

test('of two who both believe that they lead, each hit counts once', async () => {
  const world = await open();
  world.leading = 'both';
  const two = [world.lead('one'), world.lead('two')];
  for (let i = 0; i < 40; i++) { await world.decide(i % 3 === 0 ? b : a, [failed(START + i * 1_000, '203.0.113.9', `u${i}`)]); if (i % 8 === 0) await rest(); }
  await until(async () => (await world.alerts())[0]?.eventCount === 40);
  await rest();
  expect((await world.alerts()).map(({ eventIds }) => new Set(eventIds).size)).toEqual([40]);
  expect(two.every((lead) => lead.stats().leading || lead.stats().problem !== undefined)).toBe(true);
});

test('a verdict that waits waits for the stream that is furthest behind', async () => {
  const world = await open();
  world.lead();
  await world.decide(a, [0, 1, 2].map((i) => failed(START + i * 1_000, `192.0.2.${i}`, 'lan')));
  await world.decide(b, [quiet(START)]);
  await world.decide(a, [quiet(START + 10 * MINUTE)]);
  await rest();
  expect(await told(world)).toEqual([]);
  await world.decide(b, [quiet(START + MINUTE + LATENESS)]);
  await rest();
  expect(await told(world)).toEqual([]);
  // Now nothing can come any more that was on time in the window that the first opened.
  await world.decide(b, [quiet(START + MINUTE + LATENESS + 1_000)]);
  await until(async () => (await told(world)).length === 1);
  expect(await told(world)).toEqual([['Exactly three', 3]]);
});

test('a silent stream is left out by a record that stands before the verdict; what it brings on its return is late', async () => {
  const world = await open(), lead = world.lead();
  await world.decide(a, [0, 1, 2].map((i) => failed(START + i * 1_000, `192.0.2.${i}`, 'lan')));
  await world.decide(b, [quiet(START)]);
  await world.decide(a, [quiet(START + 30 * MINUTE)]);
  await rest();
  world.now = START + 9 * MINUTE;
  await rest();
  expect(await told(world)).toEqual([]);
  // `a` goes on, so it is heard; of `b` nothing was heard for ten minutes.
  await world.decide(a, [quiet(START + 31 * MINUTE)]);
  await rest();
  world.now = START + 11 * MINUTE;
  await until(async () => (await told(world)).length === 1);
  const record = world.order.findIndex((step) => step === `setting watermark.left-out {"${streamName(b)}":1}`);
  expect([record >= 0, record < world.order.indexOf('alerts')]).toEqual([true, true]);
  await world.decide(b, [failed(START + 4_000, '192.0.2.9', 'lan')]);
  await until(() => world.order.filter((step) => step.startsWith('setting watermark.left-out')).length >= 2);
  await until(() => lead.stats().lateHits > 0);
  expect(await told(world)).toEqual([['Exactly three', 3]]);
});

test('hits that were found under newer rules are taken when these are here', async () => {
  const world = await open();
  world.lead();
  await world.decide(a, Array.from({ length: 5 }, (_, i) => failed(START + i * 1_000, '203.0.113.9', `u${i}`)), 2);
  await until(() => world.asked.includes(2));
  expect(await told(world)).toEqual([]);
  world.ruleSet = 2;
  await until(async () => (await told(world)).length === 1);
});

test('only who leads keeps: indices ahead, segments read back', async () => {
  const world = await open();
  world.receipts.push({ id: 'r1', stream: a, sealed: { count: 1, first: 1, last: 1, xor: '' } });
  world.leading = 'nobody';
  const lead = world.lead();
  await rest();
  expect(world.order).toEqual([]);
  world.leading = 'one';
  await until(() => world.order.includes('read r1'));
  expect(world.order[0]).toBe('prepared');
  await until(() => lead.stats().openReceipts === 0);
});

test('a store that fails is begun with again; what it had taken meanwhile is not lost', async () => {
  const world = await open(), { store } = world, commit = store.commit.bind(store);
  let failing = true;
  (store as { commit: Store['commit'] }).commit = async (one) => { if (failing) throw new Error('the store does not answer'); await commit(one); };
  const lead = world.lead();
  await world.decide(a, Array.from({ length: 5 }, (_, i) => failed(START + i * 1_000, '203.0.113.9', `u${i}`)));
  await until(() => lead.stats().problem === 'the store does not answer');
  failing = false;
  await until(async () => (await told(world)).length === 1);
  await until(() => lead.stats().problem === undefined);
});
