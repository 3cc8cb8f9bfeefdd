import fc from 'fast-check';
import type { Hit } from '../alert.js';
import type { Event } from '../event.js';
import { recordHash } from '../record.js';
import { hitsOf } from './hits.js';
import { createContext, evaluateBatch, type Engine } from './pipeline.js';
import type { EvaluatedRun, RecordBatch } from './run.js';
import { halve } from './split.js';
import { batchOf, NOON, SEED, sshdLine, testStream, type TestRecord } from './test-helper.js';

const SILENT: Engine = { n: 3, evaluate: () => [] };
const failed = { uid: 'failed', version: 'v', title: 'Failed', level: 'low' as const };
const FAILED: Engine = { n: 4, evaluate: (event) => (String(event['message']).includes('Failed password') ? [{ rule: failed, reports: true, atoms: () => [{ question: 'q' }] }] : []) };
const eventsOf = ({ events }: EvaluatedRun): Event[] => Buffer.from(events).toString().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Event);
const run = (records: readonly TestRecord[], engine = SILENT): EvaluatedRun => evaluateBatch(batchOf(records), engine, createContext());
const one = (record: TestRecord): Event => eventsOf(run([record]))[0]!;

test('a frame becomes an event that says where it came from and where it stands', () => {
  const batch = batchOf([{ line: sshdLine('Failed password for root from 203.0.113.9 port 4022 ssh2') }], 12);
  const { from, to, receivedFrom, receivedTo, ruleSet, count, sources, xor, ...rest } = evaluateBatch(batch, SILENT, createContext());
  const [event] = eventsOf(rest as EvaluatedRun);
  const id = `${testStream().collector}.4294967297.2.12.${recordHash(batch.bytes.subarray(8))}`;
  expect(event).toMatchObject({
    '@timestamp': '2026-11-22T05:00:00.000Z', 'event.created': '2026-11-22T05:00:00.000Z', 'event.id': id, 'haidang.system': 'PORTAL', 'haidang.unit': 'Văn phòng', 'haidang.tier': 2,
    'haidang.collector': testStream().collector, 'haidang.epoch': 4_294_967_297, 'haidang.seq': 12, 'haidang.listener': 'udp', 'log.source.address': '192.0.2.10', 'host.name': 'web-01',
    'event.original': sshdLine('Failed password for root from 203.0.113.9 port 4022 ssh2'),
  });
  expect({ from, to, receivedFrom, receivedTo, ruleSet, count, xor }).toEqual({ from: 12, to: 12, receivedFrom: NOON, receivedTo: NOON, ruleSet: 3, count: 1, xor: id.slice(-16) });
  expect(sources).toEqual([{ system: 'PORTAL', sender: '192.0.2.10', tier: 2, count: 1, lost: 0, unparsed: 0, lastReceived: NOON }]);
});

test('a line without a time has its receipt\'s; one far off keeps its own and is marked', () => {
  expect(one({ line: 'no time in here' })['@timestamp']).toBe('2026-11-22T05:00:00.000Z');
  expect(one({ line: '<13>1 2026-11-22T05:06:00Z web-01 app - - - soon' })).toMatchObject({ '@timestamp': '2026-11-22T05:06:00.000Z', tags: expect.arrayContaining(['time_skew']) as string[] });
  expect(one({ line: '<13>1 2026-11-14T05:00:00Z web-01 app - - - long ago' })['tags']).toContain('time_skew');
  expect(one({ line: '<13>1 2026-11-22T05:04:59Z web-01 app - - - in order' })['tags'] ?? []).not.toContain('time_skew');
});

test('a frame that was cut says so, with its true length', () => {
  expect(one({ line: 'cut here', arrival: { trueLength: 2_000_000 } })).toMatchObject({ 'haidang.frame_bytes': 2_000_000, tags: expect.arrayContaining(['truncated']) as string[] });
});

test('bytes that are not UTF-8 are kept', () => {
  const bytes = Buffer.from([...Buffer.from('caf'), 0xe9, 0xff, ...Buffer.from(' x')]);
  expect(Buffer.from(String(one({ line: bytes })['event.original_b64']), 'base64')).toEqual(bytes);
});

test('a message cannot claim what only the collector says', () => {
  const event = one({ line: '{"haidang":{"tier":5,"system":"OTHER","seq":99,"frame_bytes":1},"event":{"id":"x","dataset":"haidang.loss"},"message":"hidden?"}', arrival: { unit: undefined } });
  expect(event).toMatchObject({ 'haidang.tier': 2, 'haidang.system': 'PORTAL', 'haidang.seq': 1 });
  expect(event['event.id']).toMatch(/^0192a3b4/);
  expect(event['event.dataset']).not.toBe('haidang.loss');
  expect(event['haidang.frame_bytes']).toBeUndefined();
});

test('the collector\'s own records are events of their own dataset, evaluated by no rule; what was lost counts for its sender', () => {
  const loss = JSON.stringify({ reason: 'queue_full', source: 'udp', count: 12, from: 1, to: 2 });
  const everything: Engine = { n: 1, evaluate: () => [{ rule: failed, reports: true, atoms: () => [] }] };
  const result = run([{ line: loss, kind: 'loss' }, { line: loss, kind: 'loss', arrival: { peer: '' } }, { line: '{}', kind: 'mark', arrival: { peer: '' } }, { line: '{"by":9000}', kind: 'clock', arrival: { peer: '' } }], everything);
  expect(hitsOf(result)).toEqual([]);
  expect(eventsOf(result).map((event) => [event['event.dataset'], event['haidang.loss.count'], event['haidang.clock.by']])).toEqual([['haidang.loss', 12, undefined], ['haidang.loss', 12, undefined], ['haidang.mark', undefined, undefined], ['haidang.clock', undefined, 9000]]);
  expect(result.sources).toEqual([expect.objectContaining({ sender: '192.0.2.10', count: 0, lost: 12 })]);
});

test('hits say which event met the rule and carry it', () => {
  const records = [sshdLine('Accepted password for an from 192.0.2.77 port 1 ssh2'), sshdLine('Failed password for an from 203.0.113.9 port 2 ssh2', NOON - 5_000)].map((line) => ({ line }));
  const hits = hitsOf(run(records, FAILED));
  expect(hits).toHaveLength(1);
  expect(hits[0]).toMatchObject({ rule: failed, seq: 2, time: NOON - 5_000, received: NOON + 1, system: 'PORTAL', tier: 2, reports: true, atoms: [{ question: 'q' }] });
  expect(hits[0]!.event['event.id']).toBe(hits[0]!.eventId);
});

test('hits bring what correlations look at, and the event only for those who ask', () => {
  const noting: Engine = { n: 1, evaluate: () => [{ rule: failed, reports: false, reads: ['source.ip', 'user.name', 'no.such'], atoms: () => [{ question: 'a\tb' }] }, { rule: { ...failed, uid: 'other' }, reports: true, atoms: () => [] }] };
  const result = run([{ line: sshdLine('Failed password for an from 203.0.113.9 port 2 ssh2') }], noting), [first, second] = hitsOf(result);
  expect([first!.reads, first!.atoms, second!.reads, second!.atoms]).toEqual([{ 'source.ip': '203.0.113.9', 'user.name': 'an' }, [{ question: 'a\tb' }], first!.reads, []]);
  expect(first!.event).toBe(second!.event);
  const unread = hitsOf({ ...result, events: Buffer.from('not an event\n') });
  expect(unread.map(({ reads }) => reads?.['user.name'])).toEqual(['an', 'an']);
  expect(() => unread[0]!.event).toThrow('JSON');
});

test('a sender behind a relay is counted by its own name', () => {
  expect(run([{ line: 'a', arrival: { host: 'db-7' } }, { line: 'b' }]).sources.map(({ sender }) => sender)).toEqual(['db-7', '192.0.2.10']);
});

test('a poison record is stored as its text', () => {
  const { events, hits, sources } = evaluateBatch(batchOf([{ line: sshdLine('Failed password for root from 203.0.113.9 port 1 ssh2') }]), FAILED, createContext(), { poison: true });
  expect(hits).toHaveLength(0);
  expect(sources[0]!.unparsed).toBe(1);
  expect(JSON.parse(Buffer.from(events).toString())).toMatchObject({ tags: ['unparsed', 'poison'], 'event.original': sshdLine('Failed password for root from 203.0.113.9 port 1 ssh2'), 'haidang.seq': 1 });
});

test('whatever the bytes are, there is one event a record and its bytes are in it', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 5 }), (frames) => {
    const events = eventsOf(run(frames.map((line) => ({ line }))));
    expect(events).toHaveLength(frames.length);
    for (const [i, frame] of frames.entries()) {
      const b64 = events[i]!['event.original_b64'];
      const kept = b64 === undefined ? Buffer.from(String(events[i]!['event.original'])) : Buffer.from(String(b64), 'base64');
      const end = frame.at(-1) === 10 ? (frame.at(-2) === 13 ? 2 : 1) : 0;
      expect([Buffer.from(frame), Buffer.from(frame.subarray(0, frame.length - end))].some((bytes) => bytes.equals(kept))).toBe(true);
    }
  }), { numRuns: 300 });
});

test('a batch evaluated in pieces gives the same events and hits', () => {
  const records = Array.from({ length: 20 }, (_, i) => ({ line: sshdLine(`${i % 3 === 0 ? 'Failed' : 'Accepted'} password for an from 203.0.113.9 port ${i} ssh2`) }));
  const whole = evaluateBatch(batchOf(records), FAILED, createContext());
  const pieces = (batch: RecordBatch): RecordBatch[] => { const halves = halve(batch); return halves === undefined ? [batch] : halves.flatMap(pieces); };
  const context = createContext(), parts = pieces(batchOf(records)).map((batch) => evaluateBatch(batch, FAILED, context));
  expect(parts.map(({ from }) => from)).toEqual(records.map((_, i) => i + 1));
  expect(Buffer.concat(parts.map(({ events }) => events))).toEqual(Buffer.from(whole.events));
  const said = (hits: readonly Hit[]): unknown => hits.map((hit) => ({ ...hit, event: hit.event, atoms: hit.atoms }));
  expect(said(parts.flatMap(hitsOf))).toEqual(said(hitsOf(whole)));
});

test('a batch that is not what its head says is a bug, not an event', () => {
  const batch = batchOf([{ line: 'a' }, { line: 'b' }]);
  expect(() => evaluateBatch({ ...batch, to: 3 }, SILENT, createContext())).toThrow('assertion failed');
  expect(() => evaluateBatch({ ...batch, from: 2 }, SILENT, createContext())).toThrow('assertion failed');
  expect(() => evaluateBatch({ ...batch, seed: SEED + 1 }, SILENT, createContext())).toThrow('assertion failed');
});

test('senders of one batch are read one after the other; events, documents and hits stand in order of position, as if each record came alone', () => {
  const audit = (type: string, rest: string): string => `<134>Nov 22 12:00:00 web-01 audispd: type=${type} msg=audit(1795323600.123:77): ${rest}`;
  const lines = [sshdLine('Failed password for root from 203.0.113.9 port 4022 ssh2'), audit('SYSCALL', 'arch=c000003e syscall=59 success=yes exit=0 pid=4011 auid=1001 uid=0 comm="id" exe="/usr/bin/id" key="exec"'), audit('EXECVE', 'argc=1 a0="id"'), 'Nov 22 12:00:00 web-01 last message repeated 3 times'];
  fc.assert(fc.property(fc.array(fc.record({ line: fc.constantFrom(...lines), peer: fc.constantFrom('192.0.2.10', '192.0.2.11', '192.0.2.12') }), { minLength: 1, maxLength: 24 }), (arrived) => {
    const records = arrived.map(({ line, peer }, i): TestRecord => ({ line, received: NOON + i, arrival: { peer } })), context = createContext();
    const alone = records.map((record, i) => evaluateBatch(batchOf([record], i + 1), FAILED, context)), together = evaluateBatch(batchOf(records), FAILED, createContext());
    expect(eventsOf(together)).toEqual(alone.flatMap(eventsOf));
    expect(hitsOf(together).map(({ seq, event }) => [seq, event])).toEqual(alone.flatMap((each) => hitsOf(each).map(({ seq, event }) => [seq, event])));
    const { documents } = evaluateBatch(batchOf(records), FAILED, createContext(), { documents: true });
    expect(Array.from(documents?.ends ?? [], (end, i) => (JSON.parse(Buffer.from(documents!.bytes).toString('utf8', documents!.ends[i - 1] ?? 0, end)) as { seq: number }).seq)).toEqual(records.map((_, i) => i + 1));
  }), { numRuns: 60 });
});
