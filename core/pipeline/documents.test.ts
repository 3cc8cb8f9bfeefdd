// A run's documents, written where the event is at hand, are those of the events that a run without them carries as text.
import type { Event } from '../event.js';
import { generatedLine, numbers } from '../normalize/fixtures/generated-lines.js';
import { FIXTURES } from '../normalize/fixtures/lines.js';
import { searchDocument } from '../predicate/query-dsl-document.js';
import { streamName } from '../record.js';
import { hitsOf } from './hits.js';
import { createContext, evaluateBatch, type Engine } from './pipeline.js';
import type { EvaluatedRun } from './run.js';
import { batchOf, NOON, type TestRecord } from './test-helper.js';

const SILENT: Engine = { n: 3, evaluate: () => [] }, DAY_MS = 86_400_000;
const loss = JSON.stringify({ reason: 'udp_buffer', source: '192.0.2.10', count: 3, from: NOON, to: NOON });

function documentsOf({ documents }: EvaluatedRun): readonly string[] {
  const text = Buffer.from(documents?.bytes ?? []), ends = [...documents?.ends ?? []];
  return ends.map((end, i) => text.toString('utf8', ends[i - 1] ?? 0, end));
}

test.each([['lines of every format', FIXTURES.map(({ raw }): TestRecord => ({ line: raw }))], ['lines that nobody wrote', lines(2_000)]])('%s: documents are those of the events', (_, frames) => {
  const records: readonly TestRecord[] = [...frames, { line: loss, kind: 'loss' }], batch = batchOf(records, 41), { stream } = batch, name = streamName(stream);
  const plain = evaluateBatch(batch, SILENT, createContext()), run = evaluateBatch(batch, SILENT, createContext(), { documents: true });
  const expected = Buffer.from(plain.events).toString().trimEnd().split('\n').map((line, i) => searchDocument(JSON.parse(line) as Event, name, stream.tier, 41 + i).text);
  expect(documentsOf(run)).toEqual(expected);
  expect(documentsOf(run).map((text) => (JSON.parse(text) as { line: string }).line)).toEqual(Buffer.from(plain.events).toString().trimEnd().split('\n'));
  expect(run.events.length).toBe(0);
  const { events: _events, ...rest } = plain;
  expect(run).toMatchObject(rest);
});

test('hits of a run with documents have the events of one without', () => {
  const rule = { uid: 'odd', version: 'v', title: 'Odd', level: 'low' as const }, odd: Engine = { n: 4, evaluate: (event) => (Number(event['haidang.seq']) % 3 === 0 ? [{ rule, reports: true, atoms: () => [] }] : []) };
  const batch = batchOf([...FIXTURES.slice(0, 40).map(({ raw }): TestRecord => ({ line: raw })), { line: 'Đăng nhập thất bại' }, ...lines(200)], 7);
  const [plain, run] = [{}, { documents: true }].map((how) => hitsOf(evaluateBatch(batch, odd, createContext(), how)).map(({ seq, eventId, event }) => ({ seq, eventId, event })));
  expect(plain?.length).toBeGreaterThan(70);
  expect(run).toEqual(plain);
});

test('days of receipt are told with how many events are of each', () => {
  const batch = batchOf([0, 1, 2].map((n) => ({ line: 'a line', received: NOON + (n === 0 ? 0 : DAY_MS) })));
  expect(evaluateBatch(batch, SILENT, createContext(), { documents: true }).documents?.days).toEqual([{ day: '2026-11-22', count: 1 }, { day: '2026-11-23', count: 2 }]);
});

test('a document that needs more room than there is gets it, and the next run begins anew', () => {
  const long = batchOf([{ line: 'ệ'.repeat(600_000) }, { line: 'short' }]), run = (): EvaluatedRun => evaluateBatch(long, SILENT, createContext(), { documents: true });
  expect(documentsOf(run()).map((text) => (JSON.parse(text) as { line: string }).line.length > 600_000)).toEqual([true, false]);
  expect(documentsOf(run())).toEqual(documentsOf(run()));
});

function lines(count: number): readonly TestRecord[] {
  const pick = numbers(11);
  return Array.from({ length: count }, () => ({ line: generatedLine(pick).bytes }));
}
