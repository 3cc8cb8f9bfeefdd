import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Alert } from '../core/alert.js';
import type { Event, Millis } from '../core/event.js';
import { apply } from '../core/incident.js';
import { compileEngine, compileSet, NO_RULES, type RuleSetInput } from '../core/pipeline/engine.js';
import { createContext, evaluateBatch } from '../core/pipeline/pipeline.js';
import type { EvaluatedRun } from '../core/pipeline/run.js';
import { batchOf, testStream, type TestRecord } from '../core/pipeline/test-helper.js';
import { streamName, type Stream } from '../core/record.js';
import type { RuleSet } from '../core/sigma/compiled.js';
import { Correlator } from '../core/sigma/correlate.js';
import { Engine } from '../core/sigma/engine.js';
import { openHere } from '../core/store/embedded/embedded.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { Loop, type LoopOptions } from './loop.js';
import { deployedSet } from './rule-info.js';
import { FAILED, GUESSING } from './sign-in.test-helper.js';

const BASE = `${FAILED}---
title: Sign-in
name: accepted
id: 10000000-0000-4000-8000-000000000002
logsource: { product: linux, service: sshd }
detection: { sel: { message|contains: 'Accepted password' }, condition: sel }
level: informational
---
title: Root signed in
id: 10000000-0000-4000-8000-000000000003
logsource: { product: linux, service: sshd }
detection: { sel: { message|contains: 'Accepted password for root' }, condition: sel }
level: medium
`;
const NOW_RULES = `${GUESSING}---
title: Many users
id: 20000000-0000-4000-8000-000000000002
correlation: { type: value_count, rules: [failed], group-by: [source.ip], timespan: 3m, condition: { field: user.name, gte: 3 } }
level: medium
---
title: Guessed
id: 20000000-0000-4000-8000-000000000003
correlation: { type: temporal_ordered, rules: [failed, accepted], group-by: [source.ip], timespan: 1m }
level: critical
`;
const END_RULES = `
title: Exactly three
id: 30000000-0000-4000-8000-000000000001
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 1m, condition: { eq: 3 } }
level: low
`;

const setOf = (n: number, ...texts: string[]): RuleSetInput => ({ ...NO_RULES, n, sources: texts.map((text, i) => ({ file: `${i}.yml`, text })) });
const folder = mkdtempSync(join(tmpdir(), 'haidang-loop-'));
const stores: Store[] = [];
afterAll(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true });
});
let opened = 0;
async function openStore(): Promise<Store> {
  const store = await openHere({ folder: join(folder, String(++opened)), reserveBytes: 0 });
  stores.push(store);
  return store;
}

const START = Date.UTC(2026, 10, 22, 5);
const now = START;
const clock = { now: () => now, monotonic: () => now };
const sets = new Map<number, RuleSet>();
function prepare(input: RuleSetInput): RuleSetInput { sets.set(input.n, compileSet(input)); return input; }
const options = (store: Store, part: Partial<LoopOptions> = {}): LoopOptions => ({
  store, clock, log: pino({ level: 'silent' }), notices: { recipients: [{ to: 'truc@soc.example', tiers: [1, 2, 3, 4, 5], severity: 'medium', language: 'vi' }] },
  setOf: (n) => deployedSet(n, sets.get(n)!), onCommitted: () => undefined, idleEveryMs: 0, retryMs: 5, ...part,
});

const line = (time: Millis, text: string): string => `<38>1 ${new Date(time).toISOString()} web-01 sshd 812 - - ${text}`;
const failed = (time: Millis, ip = '203.0.113.9', user = 'root', received = time): TestRecord => ({ line: line(time, `Failed password for ${user} from ${ip} port 4022 ssh2`), received });
const accepted = (time: Millis, ip = '203.0.113.9', user = 'root', received = time): TestRecord => ({ line: line(time, `Accepted password for ${user} from ${ip} port 4022 ssh2`), received });

class Feed {
  private readonly engines = new Map<number, ReturnType<typeof compileEngine>>();
  private readonly next = new Map<string, number>();
  private readonly context = createContext();

  run(loop: Loop, records: readonly TestRecord[], set: RuleSetInput, stream: Stream = testStream()): EvaluatedRun {
    const from = this.next.get(streamName(stream)) ?? 1, batch = batchOf(records, from, stream);
    this.next.set(streamName(stream), batch.to + 1);
    loop.took(batch);
    let engine = this.engines.get(set.n);
    if (engine === undefined) this.engines.set(set.n, engine = compileEngine(set));
    const run = evaluateBatch(batch, engine.engine, this.context);
    loop.ran(run);
    return run;
  }
}

const alertsOf = async (store: Store): Promise<readonly Alert[]> => (await store.alerts.list({ scope: EVERYTHING }, { limit: 1000 })).items;
const incidentsOf = async (store: Store) => (await store.incidents.list({ scope: EVERYTHING, sort: 'oldest' }, { limit: 1000 })).items;

test('a brute force is one alert in one incident that names the address, committed with its events and cursor', async () => {
  const store = await openStore(), set = prepare(setOf(1, BASE, NOW_RULES)), committed: object[] = [];
  const loop = await Loop.open(options(store, { onCommitted: (cursors) => committed.push(cursors) }));
  new Feed().run(loop, Array.from({ length: 26 }, (_, i) => failed(START + i * 1000)), set);
  await loop.settled();
  const [alert, ...more] = await alertsOf(store);
  expect(more).toEqual([]);
  expect(alert).toMatchObject({ rule: { title: 'Password guessing' }, group: { 'source.ip': '203.0.113.9' }, eventCount: 26, time: START + 4_000, severity: 'high' });
  expect(alert!.events).toHaveLength(26);
  expect(alert!.events[0]!.atoms[0]).toMatchObject({ field: 'message' });
  const [incident] = await incidentsOf(store);
  expect(incident).toMatchObject({ number: 'SC-2026-0001', title: 'Password guessing: 203.0.113.9 on web-01', alerts: [alert!.id], eventCount: 26, severity: 'high' });
  expect(await store.cursors.all()).toEqual({ [streamName(testStream())]: 26 });
  expect(committed).toEqual([{ [streamName(testStream())]: 26 }]);
  expect((await store.outbox.list({ limit: 10 })).items.map(({ recipient }) => recipient)).toEqual(['truc@soc.example']);
  expect(loop.deployed(1)).toEqual({ streams: 1, inForce: 1 });
});

test('the same lines sent again: new events, the same alert and incident', async () => {
  const store = await openStore(), set = prepare(setOf(1, BASE, NOW_RULES)), feed = new Feed();
  const loop = await Loop.open(options(store));
  const old = Array.from({ length: 12 }, (_, i) => failed(START - 40 * 86_400_000 + i * 1000, '198.51.100.7', 'root', START + i));
  feed.run(loop, [...old, accepted(START, '198.51.100.7', 'root', START + 100)], set);
  await loop.settled();
  const before = await incidentsOf(store);
  feed.run(loop, old.map((one, i) => ({ ...one, received: START + 3_600_000 + i })), set);
  await loop.settled();
  const after = await incidentsOf(store);
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect((await alertsOf(store)).map(({ rule, eventCount }) => [rule.title, eventCount]).sort()).toEqual([['Password guessing', 24], ['Root signed in', 1]]);
});

test('an analyst who was faster is not overwritten: the round is decided again', async () => {
  const store = await openStore(), set = prepare(setOf(1, BASE, NOW_RULES)), feed = new Feed();
  let race = false;
  const racing: Store = { ...store, commit: async (commit) => {
    if (race) {
      race = false;
      const [incident] = await incidentsOf(store);
      await store.incidents.put(apply(incident!, { kind: 'assigned', assignee: 'lan' }, now, 'lan', 'c1'), incident!.version, []);
    }
    await store.commit(commit);
  } };
  const loop = await Loop.open(options(racing));
  feed.run(loop, [accepted(START)], set);
  await loop.settled();
  race = true;
  feed.run(loop, [accepted(START + 1000)], set);
  await loop.settled();
  expect(await incidentsOf(store)).toMatchObject([{ assignee: 'lan', status: 'assigned', version: 3, alerts: { length: 2 } }]);
});

test('a store that fails is waited for; nothing is lost or done twice', async () => {
  const store = await openStore(), set = prepare(setOf(1, BASE, NOW_RULES)), feed = new Feed();
  let fails = 3;
  const failing: Store = { ...store, commit: async (commit) => {
    // The second failure comes after the commit: its answer was lost.
    if (--fails === 1) await store.commit(commit);
    if (fails >= 0) throw new Error('disk full');
    await store.commit(commit);
  } };
  const loop = await Loop.open(options(failing));
  feed.run(loop, [...Array.from({ length: 6 }, (_, i) => failed(START + i)), accepted(START + 10)], set);
  await loop.settled();
  expect(loop.stats()).toMatchObject({ evaluated: 7, commits: 1 });
  expect(loop.stats().problem).toBeUndefined();
  expect((await alertsOf(store)).map(({ rule, eventCount }) => [rule.title, eventCount]).sort()).toEqual([['Guessed', 7], ['Password guessing', 6], ['Root signed in', 1]]);
  expect(await incidentsOf(store)).toHaveLength(3);
  expect((await store.outbox.list({ limit: 10 })).total).toBe(3);
});

test('a correlation that changed judges what comes, not what was', async () => {
  const store = await openStore(), one = prepare(setOf(1, BASE, NOW_RULES)), two = prepare(setOf(2, BASE, NOW_RULES.replace('gte: 5', 'gte: 4'))), feed = new Feed();
  const loop = await Loop.open(options(store));
  feed.run(loop, Array.from({ length: 5 }, (_, i) => failed(START + i, '192.0.2.1')), one);
  feed.run(loop, Array.from({ length: 4 }, (_, i) => failed(START + 10 + i, '192.0.2.2')), one);
  feed.run(loop, [failed(START + 20, '192.0.2.3')], two);
  await loop.settled();
  expect((await alertsOf(store)).map(({ group }) => group)).toEqual([{ 'source.ip': '192.0.2.1' }]);
  feed.run(loop, [failed(START + 30, '192.0.2.2')], two);
  await loop.settled();
  expect((await alertsOf(store)).map(({ group, eventCount }) => [group?.['source.ip'], eventCount]).sort()).toEqual([['192.0.2.1', 5], ['192.0.2.2', 5]]);
  expect(loop.deployed(2)).toEqual({ streams: 1, inForce: 1 });
});

test('a verdict that more hits could undo waits for the watermark', async () => {
  const store = await openStore(), set = prepare(setOf(1, BASE, END_RULES)), feed = new Feed();
  const loop = await Loop.open(options(store));
  feed.run(loop, [0, 1, 2].map((i) => failed(START + i * 1000)), set);
  await loop.settled();
  await loop.advance(START + 60_000 + 5 * 60_000);
  expect(await alertsOf(store)).toEqual([]);
  await loop.advance(START + 60_000 + 5 * 60_000 + 1);
  expect((await alertsOf(store)).map(({ rule, eventCount }) => [rule.title, eventCount])).toEqual([['Exactly three', 3]]);
  expect(await store.ledger.closed()).toBe(START + 60_001);
});

// What everybody may repeat: the stored events through the engine and one Correlator, in order of event time.
type Found = readonly string[];
async function evalOver(store: Store, set: RuleSet, streams: readonly Stream[]): Promise<Found> {
  const engine = new Engine(set), correlator = new Correlator<string>(set.correlations), events: Event[] = [];
  for (const stream of streams) events.push(...await store.events.after(stream, 1, 100_000));
  const timeOf = (event: Event): number => Date.parse(String(event['@timestamp']));
  const found = new Map<string, Set<string>>();
  const add = (key: string, ids: readonly string[]): void => { const known = found.get(key) ?? new Set(); for (const id of ids) known.add(id); found.set(key, known); };
  const tell = (results: ReturnType<typeof correlator.add>): void => {
    for (const { alert } of results) add(`${alert.correlation.title} ${JSON.stringify(alert.group)} ${alert.slot}`, alert.hits);
  };
  for (const event of events.sort((a, b) => timeOf(a) - timeOf(b))) {
    for (const { rule } of engine.evaluate(event)) {
      const id = String(event['event.id']);
      if (rule.reports) add(`${rule.title} ${id}`, [id]);
      tell(correlator.add({ rule: rule.uid, time: timeOf(event), event, ref: id }));
    }
  }
  tell(correlator.close());
  return [...found].map(([key, ids]) => `${key}: ${[...ids].sort().join(' ')}`).sort();
}
async function alertsFound(store: Store, set: RuleSet): Promise<Found> {
  const spans = new Map(set.correlations.map(({ uid, timespanMs, verdict }) => [uid, { timespanMs, verdict }]));
  return (await alertsOf(store)).map(({ rule, group, time, eventIds, events }) => {
    const span = spans.get(rule.uid);
    const key = span === undefined ? `${rule.title} ${eventIds[0]}` : `${rule.title} ${JSON.stringify(group)} ${Math.floor((span.verdict === 'end' ? Math.min(...events.map((event) => event.time)) : time) / span.timespanMs)}`;
    return `${key}: ${[...eventIds].sort().join(' ')}`;
  }).sort();
}

function random(seed: number): () => number {
  let state = seed * 2_654_435_761 >>> 0;
  return () => { state = (state + 0x6d2b79f5) >>> 0; let t = Math.imul(state ^ (state >>> 15), 1 | state); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296; };
}

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed + 1);
test.each(SEEDS)('crashes at any point change nothing in the final alerts (%i)', async (seed) => {
  const next = random(seed), pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  // Late hits change no verdict at the end of windows, and eval knows no lateness: those rules see streams without late lines.
  const withLate = seed % 2 === 0, set = prepare(setOf(100 + (withLate ? 0 : 1), BASE, NOW_RULES, ...(withLate ? [] : [END_RULES])));
  const streams = [testStream(), testStream({ tier: 4 })], store = await openStore();
  const batches: { stream: Stream; records: TestRecord[] }[] = [];
  let received = START;
  for (let i = 0; i < 40; i++) {
    const records = Array.from({ length: 1 + Math.floor(next() * 8) }, () => {
      received += Math.floor(next() * 20_000);
      const delay = withLate && next() < 0.3 ? pick([600_000, 3_600_000, 40 * 86_400_000]) : Math.floor(next() * 200_000);
      const time = received - delay - Math.floor(next() * 90_000), ip = pick(['203.0.113.9', '203.0.113.10', '198.51.100.7']);
      return next() < 0.8 ? failed(time, ip, pick(['root', 'admin', 'an', 'binh']), received) : accepted(time, ip, pick(['root', 'an']), received);
    });
    batches.push({ stream: pick(streams), records });
  }
  const engine = compileEngine(set).engine, evaluated = new Map<string, number>(), runs: EvaluatedRun[] = [], given: ReturnType<typeof batchOf>[] = [];
  for (const { stream, records } of batches) {
    const name = streamName(stream), from = evaluated.get(name) ?? 1, batch = batchOf(records, from, stream);
    evaluated.set(name, batch.to + 1);
    given.push(batch);
    runs.push(evaluateBatch(batch, engine, createContext()));
  }
  for (let life = 0; ; life++) {
    let dead = false, die = (): void => undefined;
    const death = new Promise<void>((resolve) => { die = resolve; });
    const never = new Promise<never>(() => undefined);
    const mortal: Store = { ...store, commit: async (commit) => {
      if (dead) return never;
      if (life < 6 && next() < 0.15) { dead = true; try { if (next() < 0.5) await store.commit(commit); } finally { die(); } return never; }
      return store.commit(commit);
    } };
    const cursors = await store.cursors.all(), loop = await Loop.open(options(mortal, { groupBytesMax: pick([1, 3_000, 100_000]) }));
    loop.begin(set.n);
    for (const [i, run] of runs.entries()) {
      if (run.to <= (cursors[streamName(run.stream)] ?? 0)) continue;
      if (dead) break;
      loop.took(given[i]!);
      loop.ran(run);
      if (next() < 0.5) await Promise.race([loop.settled(), new Promise((resolve) => { setTimeout(resolve, 3); })]);
    }
    await Promise.race([loop.settled(), death]);
    if (dead) { await death; continue; }
    await Promise.race([loop.advance(received + 86_400_000), death]);
    if (dead) { await death; continue; }
    await loop.stop();
    break;
  }
  const rules = sets.get(set.n)!, expected = await evalOver(store, rules, streams);
  expect(await alertsFound(store, rules)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(5);
  const incidents = await incidentsOf(store), alerts = await alertsOf(store);
  expect(incidents.flatMap((one) => one.alerts).sort()).toEqual(alerts.map(({ id }) => id).sort());
  expect(new Set(incidents.map(({ number }) => number)).size).toBe(incidents.length);
});
