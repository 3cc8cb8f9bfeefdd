// Holds the listeners' sockets for a reader in another process, so that they outlive it: connections wait in the kernel's backlog,
// datagrams are received here and kept until the reader says they are on the disk. The next reader gets what the last one did not
// confirm. What is kept is bounded; what goes beyond is counted, as are the kernel's drops: datagrams received and counted drops are
// always all that were sent.
import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { assertNever } from '../../core/assert.js';
import { kernelDrops } from '../listen/kernel-drops.js';
import type { UdpBatch, UdpDropped, UdpSender } from '../listen/udp-batch.js';
import { UdpReceiver } from '../listen/udp-receiver.js';
import { isDatagram, LOSS_MS, RECEIVE_BUFFER_BYTES, type ListenerOptions } from '../options.js';
import type { HeldListener, Positions } from './held.js';
import { MessageReader, writeMessage, type FromHolder, type ToHolder } from './pipe.js';

export interface HolderOptions { readonly receiveBufferBytes?: number; readonly lossMs?: number }

/** A socket that is bound and nothing else: who listens on its descriptor accepts. Node's own `cluster` makes its sockets so. */
interface Handle { readonly fd: number; getsockname(out: { address?: string; port?: number }): number; close(): void }
const bindHandle = (net as unknown as { _createServerHandle?: (address: string, port: number, family: 4 | 6) => Handle | number })._createServerHandle;

interface Kept<Message> { readonly number: number; readonly message: Message; sent: boolean }
const DROPS_MAX = 1000;

export class SocketHolder {
  private readonly handles: Handle[] = [];
  private readonly receivers: UdpReceiver[] = [];
  private readonly listeners: HeldListener[] = [];
  private readonly counting: NodeJS.Timeout;
  private batches: Kept<UdpBatch>[] = [];
  private drops: Kept<UdpDropped>[] = [];
  private readonly numbers = { batches: 0, drops: 0 };
  private keptBytes = 0;
  /** By listener, the senders' numbers as the first unconfirmed batch finds them. */
  private readonly senders = new Map<string, UdpSender[]>();
  /** Listeners of whom this reader has had a batch, and so the senders' numbers. */
  private introduced = new Set<string>();
  private pipe: Duplex | undefined;
  private confirmed: Positions | undefined;
  private ending = false;

  private constructor({ lossMs = LOSS_MS }: HolderOptions) {
    this.counting = setInterval(() => { const all = kernelDrops(); for (const receiver of this.receivers) void receiver.tellDrops(all); }, lossMs);
  }

  /** Opens all sockets, or none: then it throws what the system said. */
  static async open(listeners: readonly ListenerOptions[], options: HolderOptions = {}): Promise<SocketHolder> {
    const holder = new SocketHolder(options);
    try {
      for (const listener of listeners) await holder.add(listener, options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES);
      return holder;
    } catch (cause) {
      await holder.close();
      throw cause;
    }
  }

  /** Descriptors for a reader, to be handed on from `first`, and what to tell it. */
  share(first: number): { readonly descriptors: readonly number[]; readonly listeners: readonly HeldListener[]; readonly after: Positions | undefined } {
    const descriptors: number[] = [];
    const listeners = this.listeners.map((listener): HeldListener => (listener.descriptor === undefined ? listener : { ...listener, descriptor: first + descriptors.push(listener.descriptor) - 1 }));
    return { descriptors, listeners, after: this.confirmed };
  }

  /** A reader is there: it gets what no reader has confirmed, then what comes. */
  attach(pipe: Duplex): void {
    const reader = new MessageReader<ToHolder>();
    this.pipe = pipe;
    this.introduced = new Set();
    pipe.on('error', () => undefined).on('close', () => { if (this.pipe === pipe) this.pipe = undefined; });
    pipe.on('data', (chunk: Buffer) => { reader.push(chunk, (message) => { this.hear(message, pipe); }); });
    for (const kept of this.batches) this.sendBatch(kept);
    for (const kept of this.drops) this.sendDrop(kept);
    this.tell({ kind: 'caught-up' });
  }

  /** The reader will be told to stop: what the kernel has is received, then the sockets close. */
  end(): void { this.ending = true; }

  /** What was received and never confirmed. */
  get unconfirmed(): { readonly datagrams: number; readonly bytes: number } {
    return { datagrams: this.batches.reduce((sum, { message }) => sum + message.count, 0), bytes: this.keptBytes };
  }

  async close(): Promise<void> {
    clearInterval(this.counting);
    await this.closeReceivers();
    for (const handle of this.handles.splice(0)) handle.close();
  }

  private async add(listener: ListenerOptions, receiveBufferBytes: number): Promise<void> {
    const { name, kind, host, port } = listener;
    if (isDatagram(kind)) {
      const receiver = await UdpReceiver.open(listener, receiveBufferBytes, { batch: (batch) => { this.keepBatch(batch); }, dropped: (drop) => { this.keepDrop(drop); }, outstanding: () => this.keptBytes });
      this.receivers.push(receiver);
      this.listeners.push({ kind, ...receiver.address });
      return;
    }
    const { handle, address, port: bound } = bind(await addressOf(host), port);
    this.handles.push(handle);
    this.listeners.push({ name, kind, address, port: bound, descriptor: handle.fd });
  }

  private hear(message: ToHolder, pipe: Duplex): void {
    switch (message.kind) {
      case 'begun': this.confirmed ??= message.after; return; // what an earlier reader left stands before it
      case 'taken': {
        this.confirmed = message.after;
        const still = this.batches.filter(({ number }) => number > message.batches);
        for (const { message: { listener, firstNew, newSenders, bytes } } of this.batches.slice(0, this.batches.length - still.length)) {
          this.keptBytes -= bytes.length;
          const senders = this.senders.get(listener) ?? [];
          senders.length = firstNew;
          senders.push(...newSenders);
          this.senders.set(listener, senders);
        }
        this.batches = still;
        this.drops = this.drops.filter(({ number }) => number > message.drops);
        return;
      }
      case 'stopping': void this.finish(pipe); return;
      default: assertNever(message);
    }
  }

  private async finish(pipe: Duplex): Promise<void> {
    if (this.ending) await this.closeReceivers(); else for (const receiver of this.receivers) receiver.flush();
    if (this.pipe !== pipe) return;
    this.tell({ kind: 'ended' });
    this.pipe = undefined; // what comes now is the next one's; this one's confirmations are still read
  }

  private async closeReceivers(): Promise<void> {
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.drain()));
  }

  private keepBatch(message: UdpBatch): void {
    const kept = { number: ++this.numbers.batches, message, sent: false };
    this.batches.push(kept);
    this.keptBytes += message.bytes.length;
    if (this.pipe !== undefined) this.sendBatch(kept);
  }

  // While nobody reads, drops of one sender are one message.
  private keepDrop(message: UdpDropped): void {
    const same = this.pipe === undefined ? this.drops.find((kept) => !kept.sent && kept.message.reason === message.reason && kept.message.listener === message.listener && (kept.message.sender.address === message.sender.address || this.drops.length >= DROPS_MAX)) : undefined;
    const { reason, listener, sender, count, bytes = 0, from, to } = message;
    if (same === undefined) {
      const kept = { number: ++this.numbers.drops, message, sent: false };
      this.drops.push(kept);
      if (this.pipe !== undefined) this.sendDrop(kept);
      return;
    }
    const before = same.message;
    this.drops[this.drops.indexOf(same)] = {
      ...same, message: {
        kind: 'dropped', reason, listener, sender: sender.address === before.sender.address ? sender : { address: '', port: 0 },
        count: before.count + count, bytes: (before.bytes ?? 0) + bytes, from: Math.min(before.from, from), to: Math.max(before.to, to),
      },
    };
  }

  private sendBatch(kept: Kept<UdpBatch>): void {
    const { bytes, ...batch } = kept.message, { listener, firstNew, newSenders } = batch;
    const known = this.introduced.has(listener) || firstNew === 0 ? undefined : this.senders.get(listener)?.slice(0, firstNew);
    this.introduced.add(listener);
    this.tell({ ...batch, ...(known === undefined ? {} : { firstNew: 0, newSenders: [...known, ...newSenders] }), number: kept.number, again: kept.sent }, bytes);
    kept.sent = true;
  }

  private sendDrop(kept: Kept<UdpDropped>): void {
    this.tell({ ...kept.message, number: kept.number, again: kept.sent });
    kept.sent = true;
  }

  private tell(message: FromHolder, bytes?: Uint8Array): void {
    writeMessage(this.pipe, message, bytes);
  }
}

async function addressOf(host: string): Promise<string> {
  return net.isIP(host) === 0 ? (await lookup(host)).address : host;
}

function bind(address: string, port: number): { handle: Handle; address: string; port: number } {
  if (bindHandle === undefined) throw new Error('this Node cannot bind a socket without listening on it');
  const handle = bindHandle(address, port, net.isIP(address) === 6 ? 6 : 4), place: { address?: string; port?: number } = {};
  if (typeof handle === 'number') throw new Error(`${address}:${port} cannot be bound (error ${handle})`);
  // A port that is taken is told only when somebody listens: until then the socket has none.
  if (handle.getsockname(place) !== 0 || (place.port ?? 0) === 0) { handle.close(); throw new Error(`${address}:${port} cannot be bound`); }
  return { handle, address: place.address ?? address, port: place.port as number };
}
