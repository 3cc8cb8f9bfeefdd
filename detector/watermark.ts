// How far receipt has come: no hit received before it is still to be committed. Streams of one process are one intake with one clock,
// so a stream that has nothing waiting has nothing to bring; what is taken and not yet committed holds the mark back, and when
// nothing is waiting anywhere the clock may move it (records that arrived a moment ago are still being written: a grace keeps behind).
import { assert } from '../core/assert.js';
import type { Millis } from '../core/event.js';
import { readHead, streamName } from '../core/record.js';
import type { RecordBatch } from '../core/pipeline/run.js';

export class Receipt {
  private readonly waiting = new Map<string, { readonly to: number; readonly received: Millis }[]>();
  private committedTo: Millis = 0;
  private batches = 0;

  take(batch: RecordBatch): void {
    const name = streamName(batch.stream), bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength), head = readHead(bytes, 0, batch.seed);
    assert(head !== undefined, `expected a record at the start of ${name} ${batch.from}`);
    const queue = this.waiting.get(name), one = { to: batch.to, received: head.received };
    if (queue === undefined) this.waiting.set(name, [one]); else queue.push(one);
    this.batches++;
  }

  /** Everything of the stream up to `to` is in the round that is being decided. */
  evaluated(stream: string, to: number, receivedTo: Millis): void {
    const queue = this.waiting.get(stream) ?? [];
    while (queue[0] !== undefined && queue[0].to <= to) { queue.shift(); this.batches--; }
    if (queue.length === 0) this.waiting.delete(stream);
    this.committedTo = Math.max(this.committedTo, receivedTo);
  }

  get idle(): boolean { return this.batches === 0; }

  /** Every record still to come was received at or after this. */
  get mark(): Millis {
    let mark = this.committedTo;
    for (const [first] of this.waiting.values()) if (first !== undefined) mark = Math.min(mark, first.received);
    return mark;
  }
}
