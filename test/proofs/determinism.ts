// The same lines, told apart by nothing but how they came: out of order, delayed, in other batches, over several streams, with crashes
// and restarts between. The alerts in the store must in the end be those that `haidang eval` finds in the lines in order of time:
// compared by rule, group and contributing lines.
//
// Lines are received as the spool receives them: one clock, positions without a hole in each stream, batches cut anywhere and handed
// over in the order of receipt. A crash falls before a commit or after it and before its answer; the store is then opened again from
// its folder, and everything behind the cursor comes again, cut into other batches.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { pino } from 'pino';
import type { Millis } from '../../core/event.js';
import { compileEngine, compileSet, NO_RULES } from '../../core/pipeline/engine.js';
import { createContext, evaluateBatch } from '../../core/pipeline/pipeline.js';
import { batchOf, testStream, type TestRecord } from '../../core/pipeline/test-helper.js';
import { streamName, type Stream } from '../../core/record.js';
import type { RuleSet } from '../../core/sigma/compiled.js';
import { Evaluation } from '../../core/sigma/evaluate.js';
import { Random } from '../../core/sigma/random/random.js';
import { openHere } from '../../core/store/embedded/embedded.js';
import { EVERYTHING, type Store } from '../../core/store/store.js';
import { Loop } from '../../detector/loop.js';
import { deployedSet } from '../../detector/rule-info.js';
import { BASE_RULES, randomCorrelations } from './random-correlations.js';

export const LATENESS_MS = 60_000;
const RULE_SET = 1, START = Date.UTC(2026, 10, 22, 5), LATE = [600_000, 3_600_000, 40 * 86_400_000];

interface Line { readonly number: number; readonly time: Millis; readonly received: Millis; readonly text: string }
interface World { readonly text: string; readonly rules: RuleSet; readonly lines: readonly (Line & { readonly stream: Stream })[] }
export interface Outcome { readonly expected: readonly string[]; readonly found: readonly string[]; readonly rules: string; readonly crashes: number; readonly lines: number }

function worldOf(random: Random): World {
  const isLate = random.chance(0.4), text = `${BASE_RULES}---\n${randomCorrelations(random, isLate)}`;
  const rules = compileSet({ ...NO_RULES, sources: [{ file: 'random.yml', text }] });
  const streams = random.pick([[testStream()], [testStream(), testStream({ tier: 4 })], [testStream(), testStream({ tier: 4 }), testStream({ tier: 1 })]]);
  const ips = ['203.0.113.9', '203.0.113.10', '198.51.100.7'].slice(0, random.between(1, 3)), users = ['root', 'admin', 'an', 'binh'].slice(0, random.between(1, 4));
  // Some worlds are dense, some sparse; many lines fall into the same second.
  const spread = random.pick([60_000, 300_000, 1_200_000]), lines: Line[] = [];
  for (let number = 1, count = random.between(15, 90); number <= count; number++) {
    const time = START + Math.floor(random.next() * spread / 1000) * 1000 + (random.chance(0.3) ? random.between(0, 999) : 0);
    const what = random.pick(['Failed password for', 'Failed password for', 'Failed password for', 'Accepted password for', 'Invalid user']), said = `${what} ${random.pick(users)} from ${random.pick(ips)} port ${random.between(1, 9)}${what === 'Invalid user' ? '' : ' ssh2'}`;
    const line = { number, time, text: `<38>1 ${new Date(time).toISOString()} web-0${random.between(1, 2)} sshd ${number} - - ${said}` };
    // A source that got no answer sends again: that is a second event, here as in the expectation.
    for (let sent = random.chance(0.1) ? 2 : 1; sent > 0; sent--) lines.push({ ...line, received: time + (isLate && random.chance(0.3) ? random.pick(LATE) : random.between(-60_000, LATENESS_MS)) });
  }
  return { text, rules, lines: lines.sort((a, b) => a.received - b.received || random.next() - 0.5).map((line) => ({ ...line, stream: random.pick(streams) })) };
}

export async function runSeed(seed: number, folder: string): Promise<Outcome> {
  const random = new Random(seed), world = worldOf(random), log = pino({ level: 'silent' }), clock = { now: () => START, monotonic: () => START };
  const engine = compileEngine({ ...NO_RULES, n: RULE_SET, packed: packRules(world.rules) }).engine, context = createContext(), home = join(folder, String(seed));
  mkdirSync(home);
  let crashes = 0, store = await openHere({ folder: home, reserveBytes: 0 });
  try {
    for (let isDone = false; !isDone;) {
      const mortal = new Mortal(store, random, crashes < 4), loop = await Loop.open({
        store: mortal.store, clock, log, setOf: (n) => deployedSet(n, world.rules), onCommitted: () => undefined, latenessMs: LATENESS_MS, idleEveryMs: 0, retryMs: 1, groupBytesMax: random.pick([1, 3_000, 1_000_000]),
        notices: { recipients: [] },
      });
      loop.begin(RULE_SET);
      await Promise.race([mortal.death, deliver(world, loop, await store.cursors.all(), random, (batch) => evaluateBatch(batch, engine, context), mortal)]);
      isDone = !mortal.isDead;
      if (isDone) { await loop.stop(); break; }
      crashes++;
      await store.close();
      store = await openHere({ folder: home, reserveBytes: 0 });
    }
    return { expected: expectedOf(world), found: await foundIn(store, world), rules: world.text, crashes, lines: world.lines.length };
  } finally {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** As the thread that compiles hands it over. */
function packRules(rules: RuleSet): SharedArrayBuffer {
  const bytes = serialize(rules), packed = new SharedArrayBuffer(bytes.length);
  new Uint8Array(packed).set(bytes);
  return packed;
}

type Batch = ReturnType<typeof batchOf>;
async function deliver({ lines }: World, loop: Loop, cursors: Readonly<Record<string, number>>, random: Random, evaluate: (batch: Batch) => ReturnType<typeof evaluateBatch>, mortal: Mortal): Promise<void> {
  const next = new Map<string, number>(), left: World['lines'][number][] = [];
  for (const line of lines) {
    const name = streamName(line.stream), seq = (next.get(name) ?? 0) + 1;
    next.set(name, seq);
    if (seq > (cursors[name] ?? 0)) left.push(line);
  }
  const from = new Map(Object.entries(cursors).map(([name, seq]) => [name, seq + 1]));
  for (let at = 0; at < left.length && !mortal.isDead;) {
    // What one reading of the spool holds, sorted by stream.
    const chunk = left.slice(at, at += random.between(1, 25)), streams = random.shuffled([...new Map(chunk.map(({ stream }) => [streamName(stream), stream])).values()]), batches: Batch[] = [];
    for (const stream of streams) {
      const name = streamName(stream), records = chunk.filter((line) => streamName(line.stream) === name).map(({ text, received }): TestRecord => ({ line: text, received }));
      const batch = batchOf(records, from.get(name) ?? 1, stream);
      from.set(name, batch.to + 1);
      batches.push(batch);
    }
    for (const batch of batches) loop.took(batch);
    for (const batch of batches) { loop.ran(evaluate(batch)); if (random.chance(0.3)) await loop.settled(); }
    if (random.chance(0.4)) await loop.settled();
  }
  await loop.settled();
  if (!mortal.isDead) await loop.advance(START + 100 * 86_400_000);
}

/** A store whose process may die at a commit: before it, or after it and before its answer; or whose answer is an error after all. */
class Mortal {
  isDead = false;
  readonly death: Promise<void>;
  readonly store: Store;
  private die: () => void = () => undefined;
  constructor(store: Store, random: Random, mayDie: boolean) {
    this.death = new Promise((resolve) => { this.die = resolve; });
    const never = new Promise<never>(() => undefined);
    this.store = { ...store, commit: async (commit) => {
      if (this.isDead) return never;
      const fate = mayDie ? random.next() : 1;
      if (fate < 0.05 || fate > 0.1) await store.commit(commit);
      if (fate < 0.1) { this.isDead = true; this.die(); return never; }
      if (mayDie && fate > 0.97) throw new Error('the answer was lost');
      return undefined;
    } };
  }
}

/** What everybody may repeat: the lines in order of event time, every one on time. */
function expectedOf({ rules, lines }: World): string[] {
  const evaluation = new Evaluation(rules), found: string[] = [], numberOf = (i: number): number => (lines[i] as Line).number;
  for (const [i, event] of eventsOf(lines).entries()) for (const { rule } of evaluation.take(i, event)) found.push(`${rule.title}: ${numberOf(i)}`);
  for (const { rule, group, lines: contributing } of evaluation.finish()) found.push(keyOf(rule.title, group, contributing.map(numberOf)));
  return found.sort();
}
const keyOf = (title: string, group: Readonly<Record<string, string>>, numbers: readonly number[]): string => `${title} ${JSON.stringify(group)}: ${[...numbers].sort((a, b) => a - b).join(' ')}`;

function eventsOf(lines: readonly Line[]): Parameters<Evaluation['take']>[1][] {
  const run = evaluateBatch(batchOf(lines.map(({ text, received }) => ({ line: text, received }))), { n: 0, evaluate: () => [] }, createContext());
  return new TextDecoder().decode(run.events).trimEnd().split('\n').map((line) => JSON.parse(line) as Parameters<Evaluation['take']>[1]);
}

async function foundIn(store: Store, { lines, rules }: World): Promise<string[]> {
  const numbers = new Map<string, number>(), correlations = new Set(rules.correlations.map(({ uid }) => uid));
  for (const stream of new Map(lines.map(({ stream: one }) => [streamName(one), one])).values()) {
    for (const event of await store.events.after(stream, 1, 100_000)) numbers.set(String(event['event.id']), Number(event['process.pid']));
  }
  const found: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await store.alerts.list({ scope: EVERYTHING }, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { rule, group, eventIds } of items) {
      const contributing = eventIds.map((id) => numbers.get(id) ?? -1);
      found.push(correlations.has(rule.uid) ? keyOf(rule.title, group ?? {}, contributing) : `${rule.title}: ${contributing.join(' ')}`);
    }
    if (next === null) return found.sort();
    cursor = next;
  }
}
