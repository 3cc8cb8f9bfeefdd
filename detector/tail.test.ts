import type { EvaluatedRun, StoredBatch } from '../core/pipeline/run.js';
import { createLog } from '../core/process/log.js';
import { streamName, type Stream } from '../core/record.js';
import { TakenError, type Gap, type KnownStream, type Shared, type StreamCursor } from '../core/store/shared.js';
import type { Loop } from './loop.js';
import { openStreams, Tail } from './tail.js';

const stream: Stream = { collector: 'c', epoch: 1, tier: 3 }, name = streamName(stream);
const known = (one: Stream, older: Readonly<Record<string, number>> = {}): KnownStream => ({ stream: one, older, begun: 0 });
const pause = (ms = 60): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Waits until it holds; what follows says what was expected. */
async function until(holds: () => boolean): Promise<void> { for (let i = 0; i < 400 && !holds(); i++) await pause(10); }

const tails: Tail[] = [];
/** A reader that goes on would keep the run from ending. */
afterEach(async () => { await Promise.all(tails.splice(0).map((tail) => tail.stop())); });

/** A store in memory that shows what it is told to show, and a loop that commits at once. */
function open(): { there: Set<number>; late: { done: number[]; refusals: number }; decided: [number, number][]; gaps: Gap[]; told: string[]; asked: number[]; tail: Tail; cursor: { position: number; ruleSet: number }; streams: KnownStream[]; now: { ms: number } } {
  const there = new Set<number>(), late = { done: [] as number[], refusals: 0 }, decided: [number, number][] = [], gaps: Gap[] = [], told: string[] = [], asked: number[] = [], cursor = { position: 0, ruleSet: 0 }, streams = [known(stream)], now = { ms: 0 };
  const shared = {
    streams: async () => streams, cursors: async (): Promise<StreamCursor[]> => [{ stream: name, received: 0, ...cursor }],
    tail: async (_of: Stream, from: number, limit: number) => {
      const seqs = [...there].filter((seq) => seq >= from).sort((a, b) => a - b), run = seqs.filter((seq, i) => seq === from + i).slice(0, limit);
      return { events: run.map((seq) => ({ seq, id: `${name}.${seq}.${'0'.repeat(16)}`, text: `{"n":${seq}}`, received: seq })), beyond: seqs.length > run.length, twice: [] };
    },
    gapAt: async (_name: string, from: number) => gaps.find((gap) => gap.from === from), gaps: async () => gaps,
    lateIn: async ({ from, to }: Gap) => [...there].filter((seq) => seq >= from && seq <= to && !late.done.includes(seq)).map((seq) => ({ seq, id: '', text: `{"n":${seq}}`, received: seq })),
  } as unknown as Shared;
  const loop = { ran: (run: EvaluatedRun) => {
    if (run.late === true) {
      if (late.refusals-- > 0) { tail.taken(new TakenError(name, cursor.position, cursor.ruleSet)); return; }
      for (let seq = run.from; seq <= run.to; seq++) late.done.push(seq);
      setTimeout(() => tail.committed({}, [run]), 0);
      return;
    }
    if (run.from !== cursor.position + 1) { tail.taken(new TakenError(name, cursor.position, cursor.ruleSet)); return; }
    decided.push([run.from, run.to]);
    cursor.position = run.to;
    setTimeout(() => tail.committed({ [name]: run.to }, [run]), 0);
  }, drop: () => undefined } as unknown as Loop;
  const pipeline = { takeStored: ({ from, to, events }: StoredBatch) => { setTimeout(() => tail.ran({ stream, from, to, receivedFrom: from, receivedTo: to, ruleSet: 1, count: to - from + 1, events, hits: new Uint8Array(), sources: [], xor: '', stored: true }), 1); }, stats: () => ({ waiting: 0, busyMs: 0, compileMs: 0, deaths: 0 }) };
  const log = createLog('silent', 'test');
  log.error = ((_what: object, message: string) => { told.push(message); }) as typeof log.error;
  const tail: Tail = new Tail({ shared, members: { owns: () => true }, pipeline, loop: () => loop, needsRules: (n) => asked.push(n), ruleSet: () => 1, clock: { now: () => now.ms, monotonic: () => performance.now() + now.ms }, log, pollMs: 5, lookMs: 10, gapsMs: 20 });
  tails.push(tail);
  return { there, late, decided, gaps, told, asked, tail, cursor, streams, now };
}

test('a hole is waited for, told after half a minute, and passed only by a gap that is recorded', async () => {
  const { there, decided, gaps, told, tail, now } = open();
  for (const seq of [1, 2, 3, 6, 7]) there.add(seq);
  tail.start();
  await until(() => tail.lags()[0]?.hole === 4);
  expect(decided).toEqual([[1, 3]]);
  now.ms += 40_000;
  await until(() => told.length > 0);
  expect([decided, told.length, tail.lags()[0]?.hole]).toEqual([[[1, 3]], 1, 4]);
  there.add(4);
  await until(() => decided.length > 1);
  await pause();
  expect(decided).toEqual([[1, 3], [4, 4]]);
  gaps.push({ stream: name, from: 5, to: 5, reason: 'the disk died', by: 'an', at: 0 });
  await until(() => tail.idle && decided.length >= 4);
  expect(decided).toEqual([[1, 3], [4, 4], [5, 5], [6, 7]]);
  expect([tail.idle, tail.lags()[0]?.hole]).toEqual([true, undefined]);
});

test('what comes into a gap that was passed is evaluated, once, also when it was refused the first time', async () => {
  const { there, late, decided, gaps, tail } = open();
  for (const seq of [1, 3]) there.add(seq);
  gaps.push({ stream: name, from: 2, to: 2, reason: 'the disk died', by: 'an', at: 0 });
  tail.start();
  await until(() => tail.idle && decided.length === 3);
  late.refusals = 1;
  there.add(2);
  await until(() => late.done.length > 0);
  await pause();
  expect([decided, late.done]).toEqual([[[1, 1], [2, 2], [3, 3]], [2]]);
});

test('what another one decided meanwhile is left to it', async () => {
  const { there, decided, tail, cursor } = open();
  for (let seq = 1; seq <= 5; seq++) there.add(seq);
  tail.start();
  await until(() => decided.length === 1 && tail.idle);
  cursor.position = 9;
  for (let seq = 6; seq <= 12; seq++) there.add(seq);
  await until(() => decided.length > 1);
  expect(decided).toEqual([[1, 5], [10, 12]]);
});

test('a new epoch never ends an older one: the older is out of the watermark when all it is known to hold is decided, and still looked at', async () => {
  const next = { ...stream, epoch: 2 }, cursors = (position: number) => new Map([[name, { stream: name, position, received: 0, ruleSet: 0 }]]), names = (position: number, older: Readonly<Record<string, number>>) => openStreams([known(stream), known(next, older)], cursors(position)).map((one) => one.stream.epoch);
  expect(names(4, { [name]: 5 })).toEqual([1, 2]);
  expect(names(5, { [name]: 5 })).toEqual([2]);
  expect(names(4, {})).toEqual([2]);
  const { there, decided, tail, streams, now, cursor } = open();
  cursor.position = 2;
  streams.push(known(next, { [name]: 2 }));
  tail.start();
  await pause();
  // The copy of a machine goes on writing into the epoch that the other one left.
  there.add(3);
  await pause();
  expect(decided).toEqual([]);
  now.ms += 61_000;
  await until(() => decided.length > 0);
  expect(decided).toContainEqual([3, 3]);
});

test('a stream that is decided under newer rules waits for them', async () => {
  const { tail, asked, cursor } = open();
  cursor.ruleSet = 9;
  tail.start();
  await until(() => asked.length > 0);
  expect(asked).toContain(9);
});
