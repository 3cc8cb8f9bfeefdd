// A batch cut in two between records: how the one record that crashes its reader is found.
import { assert } from '../assert.js';
import { readHead } from '../record.js';
import type { RecordBatch, StoredBatch } from './run.js';

/** Two halves by number of records, or undefined for a batch of one. */
export function halve(batch: RecordBatch): readonly [RecordBatch, RecordBatch] | undefined {
  const { from, to, seed } = batch;
  if (from === to) return undefined;
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength), middle = from + Math.floor((to - from) / 2);
  let at = 0;
  for (let seq = from; seq <= middle; seq++) {
    const head = readHead(bytes, at, seed);
    assert(head?.seq === seq, `expected record ${seq} at ${at}, found ${head === undefined ? 'none that is whole' : String(head.seq)}`);
    at = head.end;
  }
  return [{ ...batch, to: middle, bytes: bytes.subarray(0, at) }, { ...batch, from: middle + 1, bytes: bytes.subarray(at) }];
}

/** The same of stored events. */
export function halveStored(batch: StoredBatch): readonly [StoredBatch, StoredBatch] | undefined {
  const { from, to } = batch;
  if (from === to) return undefined;
  const bytes = Buffer.from(batch.events.buffer, batch.events.byteOffset, batch.events.byteLength), middle = from + Math.floor((to - from) / 2);
  let at = 0;
  for (let seq = from; seq <= middle; seq++) at = bytes.indexOf(10, at) + 1;
  return [{ ...batch, to: middle, events: bytes.subarray(0, at) }, { ...batch, from: middle + 1, events: bytes.subarray(at) }];
}
