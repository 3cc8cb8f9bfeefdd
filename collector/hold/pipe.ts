// What the process that holds the sockets and the intake say to each other, over a pipe that both ends see closed when the other dies:
//
//   u32 LE length of the head, u32 LE length of the bytes behind it, the head (JSON), the bytes (of a batch: the datagrams)
//
// Batches and drops are numbered from 1 each. What was not told `taken` is told again to the next reader.
import type { Writable } from 'node:stream';
import type { UdpBatch, UdpDropped } from '../listen/udp-batch.js';
import type { Positions } from './held.js';

export type FromHolder =
  /** `again`: an earlier reader may have taken some of it. */
  | (Omit<UdpBatch, 'bytes'> & { readonly number: number; readonly again: boolean })
  | (UdpDropped & { readonly number: number; readonly again: boolean })
  /** Everything that comes again has been told. */
  | { readonly kind: 'caught-up' }
  /** Nothing more comes to this reader. */
  | { readonly kind: 'ended' };
export type ToHolder =
  /** A reader's first word: where its spool stands before it takes anything. */
  | { readonly kind: 'begun'; readonly after: Positions }
  /** Up to these numbers all is on the disk, at or before `after`. */
  | { readonly kind: 'taken'; readonly batches: number; readonly drops: number; readonly after: Positions }
  /** The reader ends: it wants what there is, then `ended`. */
  | { readonly kind: 'stopping' };

const PREFIX_BYTES = 8;

/** The message as buffers to be written one behind the other; `bytes` is one of them. */
export function encodeMessage(message: FromHolder | ToHolder, bytes?: Uint8Array): Uint8Array[] {
  const head = Buffer.from(JSON.stringify(message)), prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(head.length, 0);
  prefix.writeUInt32LE(bytes?.length ?? 0, 4);
  return [Buffer.concat([prefix, head]), ...(bytes === undefined ? [] : [bytes])];
}

/** Writes a message, unless the other end is gone. */
export function writeMessage(pipe: Writable | undefined, message: FromHolder | ToHolder, bytes?: Uint8Array): void {
  if (pipe?.writable !== true) return;
  pipe.cork();
  for (const part of encodeMessage(message, bytes)) pipe.write(part);
  pipe.uncork();
}

/** Reads messages, however the pipe cuts them. Each one's bytes are its own. */
export class MessageReader<Message> {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private need = PREFIX_BYTES;
  private head: { readonly head: number; readonly bytes: number } | undefined;

  push(chunk: Buffer, take: (message: Message, bytes: Buffer) => void): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    while (this.waitingBytes >= this.need) {
      const all = this.waiting.length === 1 ? this.waiting[0] as Buffer : Buffer.concat(this.waiting), now = all.subarray(0, this.need);
      this.waiting = all.length > this.need ? [all.subarray(this.need)] : [];
      this.waitingBytes = all.length - this.need;
      if (this.head === undefined) {
        this.head = { head: now.readUInt32LE(0), bytes: now.readUInt32LE(4) };
        this.need = this.head.head + this.head.bytes;
        continue;
      }
      const { head } = this.head;
      this.head = undefined;
      this.need = PREFIX_BYTES;
      take(JSON.parse(now.toString('utf8', 0, head)) as Message, now.subarray(head));
    }
  }
}
