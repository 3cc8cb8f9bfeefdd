import { evaluateBatch, createContext, type Engine } from './pipeline.js';
import { halveStored } from './split.js';
import { evaluateStored } from './stored.js';
import { batchOf, NOON, sshdLine, type TestRecord } from './test-helper.js';

const failed = { uid: 'failed', version: 'v', title: 'Failed', level: 'low' as const };
const FAILED: Engine = { n: 4, evaluate: (event) => (String(event['message']).includes('Failed password') ? [{ rule: failed, reports: true, reads: ['source.ip', 'user.name'], atoms: () => [{ question: 'q' }] }] : []) };
const RECORDS: readonly TestRecord[] = [
  { line: sshdLine('Failed password for root from 203.0.113.9 port 4022 ssh2') }, { line: 'nothing that is known' },
  { line: sshdLine('Failed password for admin from 203.0.113.9 port 4023 ssh2'), arrival: { host: 'web-09', system: 'TAX' } },
  { line: JSON.stringify({ reason: 'overrun', source: '192.0.2.10', count: 7, from: NOON, to: NOON + 1 }), kind: 'loss' },
  { line: JSON.stringify({ reason: 'kernel_drop', source: 'udp', count: 3, from: NOON, to: NOON + 1 }), kind: 'loss', arrival: { peer: '', system: '' } },
  { line: JSON.stringify({ reason: 'silent' }), kind: 'mark', arrival: { peer: '', system: '' } }, { line: Buffer.from([60, 49, 51, 62, 0xff, 0xfe]) },
  { line: '<13>1 2026-11-22T05:06:00Z web-01 app - - [meta sequenceId="41"] numbered', received: NOON + 90_000 },
];

test('what is matched where it is stored says the same as what was matched on its way', () => {
  const { events, ...batch } = evaluateBatch(batchOf(RECORDS, 5), FAILED, createContext());
  const { events: again, ...stored } = evaluateStored({ stream: batch.stream, from: 5, to: 12, events }, FAILED);
  expect(Buffer.from(stored.hits).toString()).toBe(Buffer.from(batch.hits).toString());
  expect({ ...stored, hits: 0 }).toEqual({ ...batch, hits: 0, stored: true });
  expect(again).toBe(events);
});

test('two halves of stored events are the whole', () => {
  const { events, stream } = evaluateBatch(batchOf(RECORDS, 5), FAILED, createContext()), [left, right] = halveStored({ stream, from: 5, to: 12, events }) ?? [];
  expect([left?.from, left?.to, right?.from, right?.to]).toEqual([5, 8, 9, 12]);
  expect(Buffer.concat([left?.events ?? [], right?.events ?? []].map((part) => Buffer.from(part as Uint8Array)))).toEqual(Buffer.from(events));
  expect(halveStored({ stream, from: 5, to: 5, events })).toBeUndefined();
});
