// Fills a cluster for bench/elasticsearch.ts as a collector does, but without a spool and as fast as it goes, and asks the questions of
// people and rules: each 40 times with values of its own, so that nothing is remembered.
import { Pipeline } from '../core/pipeline/client.js';
import type { EvaluatedRun } from '../core/pipeline/run.js';
import { parseQuery } from '../core/predicate/text.js';
import { encodeArrival, recordBytes, writeRecord, type Stream } from '../core/record.js';
import type { Shared } from '../core/store/shared.js';
import { EVERYTHING, type EventQuery, type Store } from '../core/store/store.js';
import { head, line, quantile, row, type Bench } from './support-elasticsearch.js';

const BATCH = 2_000, SHIP_AT_ONCE = 3, SEED = 7, DAY_MS = 86_400_000, DAYS = 5, TIMES = 40, TELL_MS = 30_000;
const STREAM: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000de', epoch: 1, tier: 3 };

/** `events` lines, evenly over the last five days. */
export async function fill({ ask, prefix }: Pick<Bench, 'ask' | 'prefix'>, shared: Shared, events: number): Promise<void> {
  const now = Date.now(), timeOf = (seq: number): number => Math.floor(now - DAYS * DAY_MS * (1 - seq / events)), began = performance.now();
  for (let day = 0; day <= DAYS; day++) await shared.prepare(now - day * DAY_MS);
  // Only how it is filled; questions come after the last refresh.
  await ask('PUT', `${prefix}events-*/_settings`, { index: { refresh_interval: '-1', translog: { durability: 'async' } } });
  const waiting: EvaluatedRun[] = [];
  let woken: () => void = () => undefined, failed: Error | undefined, done = 0, sent = 0, flying = 0, told = began;
  const pipeline = new Pipeline({ onRun: (run) => { waiting.push(run); woken(); }, onProblem: (problem) => { failed = new Error(problem.message); woken(); } });
  while (done < events) {
    while (sent < events && pipeline.stats().waiting < 4 && waiting.length < 6) {
      const from = sent + 1, to = Math.min(events, sent + BATCH), parts: Buffer[] = [];
      for (let seq = from; seq <= to; seq++) {
        const time = timeOf(seq), frame = Buffer.from(line(seq, time)), arrival = encodeArrival({ peer: '192.0.2.10', port: 514, listener: 'tcp', system: 'PORTAL', day: new Date(time).toISOString().slice(0, 10), registry: 1 });
        const one = Buffer.allocUnsafe(recordBytes(arrival.length, frame.length));
        writeRecord(one, 0, { kind: 'frame', tier: 3, received: time, arrival, cut: false, frame }, seq, SEED);
        parts.push(one);
      }
      pipeline.take({ stream: STREAM, from, to, seed: SEED, bytes: Buffer.concat(parts) });
      sent = to;
    }
    while (flying < SHIP_AT_ONCE && waiting.length > 0) {
      const run = waiting.shift() as EvaluatedRun;
      flying++;
      shared.ship([run]).then(() => { done += run.count; }, (error: unknown) => { failed = error as Error; }).finally(() => { flying--; woken(); });
    }
    if (failed !== undefined) throw failed;
    if (performance.now() - told > TELL_MS) { told = performance.now(); process.stderr.write(`${done.toLocaleString('en')} of ${events.toLocaleString('en')} after ${Math.round((told - began) / 1000)} s\n`); }
    if (done < events) await new Promise<void>((resolve) => { woken = resolve; });
  }
  await pipeline.stop();
  await ask('PUT', `${prefix}events-*/_settings`, { index: { refresh_interval: null, translog: { durability: null } } });
  await ask('POST', `${prefix}events-*/_refresh`);
  process.stdout.write(`in ${Math.round((performance.now() - began) / 1000)} s\n`);
}

type Ask = (store: Store, i: number) => Promise<unknown>;
const now = Date.now(), search = (text: (i: number) => string, more: (i: number) => Partial<EventQuery> = () => ({})): Ask => (store, i) => store.events.search({ predicate: parseQuery(text(i)).predicate, scope: EVERYTHING, ...more(i) }, { limit: 100 });
const anHour = (i: number): Partial<EventQuery> => ({ from: now - (i * 2 + 1) * 3_600_000, to: now - i * 2 * 3_600_000 });
const QUESTIONS: readonly (readonly [string, Ask])[] = [
  ['newest 100', search(() => '')],
  ['newest 100 of one hour', search(() => '', anHour)],
  ['a user', search((i) => `user.name:user${i}`)],
  ['a user and an address', search((i) => `user.name:user${i} source.ip:203.0.113.${i}`)],
  ['an address', search((i) => `source.ip:203.0.113.${i * 3}`)],
  ['a network of 16', search((i) => `source.ip:203.0.113.${i % 15 * 16}/28`)],
  ['ports below', search((i) => `source.port:<${1_100 + i}`)],
  ['a phrase in message, one hour', search((i) => `message:"for user${i} from"`, anHour)],
  ['free words in any field, one hour', search((i) => `password user${i}`, anHour)],
  ['free words in any field, all time', search((i) => `password user${i}`)],
  ['histogram of all, by hour', (store) => store.events.histogram({ predicate: parseQuery('').predicate, scope: EVERYTHING }, 3_600_000)],
  ['facets of source.ip, one hour', (store, i) => store.events.facets({ predicate: parseQuery('').predicate, scope: EVERYTHING, ...anHour(i) }, 'source.ip', 10)],
  ['facets of source.ip, all time', (store) => store.events.facets({ predicate: parseQuery('').predicate, scope: EVERYTHING }, 'source.ip', 10)],
];

export async function askedInTurn(store: Store, events: number): Promise<void> {
  process.stdout.write(`\nquestions over ${events.toLocaleString('en')} events of ${DAYS} days, exact counts, ${TIMES} times each with values of their own\n`);
  head('question', 'first ms', 'p50 ms', 'p95 ms');
  for (const [what, ask] of QUESTIONS) {
    const times: number[] = [];
    // What takes long is asked less often.
    for (let i = 0, spent = 0; i < TIMES && spent < 60_000; i++) { const at = performance.now(); await ask(store, i); times.push(performance.now() - at); spent += times[i] ?? 0; }
    row(what, times[0]?.toFixed(0) ?? '', quantile(times, 0.5).toFixed(0), `${quantile(times, 0.95).toFixed(0)}${times.length < TIMES ? ` (${times.length} times)` : ''}`);
  }
}
