// One UDP socket: receives, stamps the arrival, batches, hands over, and says what was dropped, by itself or by the kernel. It lives
// where nothing else runs (a thread of its own, or the process that holds the sockets), so that nothing keeps it from emptying the
// kernel's buffer.
import { createSocket, type Socket } from 'node:dgram';
import type { ListenerOptions } from '../options.js';
import { systemClock } from '../spool/clock.js';
import { kernelDrops, socketOnPort } from './kernel-drops.js';
import { UdpBatcher, type UdpBatch, type UdpDropped, type UdpSender } from './udp-batch.js';
import { MANY_MAX, ManyDatagrams, type TakeDatagram } from './udp-many.js';

export interface DatagramSink {
  readonly batch: (batch: UdpBatch) => void;
  readonly dropped: (dropped: UdpDropped) => void;
  /** Bytes handed over that nobody has taken yet. */
  readonly outstanding: () => number;
}
export interface UdpAddress { readonly name: string; readonly address: string; readonly port: number; readonly bufferBytes: number }

const FLUSH_MS = 8;
/** Beyond this, handed over and not yet taken, datagrams are dropped and counted. */
const OUTSTANDING_BYTES_MAX = 64 * 1024 * 1024;
/** The last quarter is for those who send little: who sent more than half of all bytes of the last second has no part in it. */
const FLOOD_BYTES_MAX = OUTSTANDING_BYTES_MAX * 3 / 4, SHARE_MS = 1000;
/** Whose drops are told apart in one telling; the others are told together. */
const OVERRUN_SENDERS_MAX = 1000;
const DRAIN_QUIET_MS = 30, DRAIN_MS_MAX = 500;
/** From so many datagrams a millisecond on they are let come together for a moment and read with one call: waking for each costs more than reading it. */
const BUSY_PER_MS = 5, LOOK_MS = 20, GATHER_MS = 1;
/** So long at most, then whatever else this thread does has its turn: what is handed over goes out only then. */
const TURN_MS = 2;
const now = systemClock.monotonic;

export class UdpReceiver {
  private readonly batcher: UdpBatcher;
  private readonly overrun = new Map<string, { sender: UdpSender; count: number; bytes: number; from: number; to: number }>();
  private timer: NodeJS.Timeout | undefined;
  private lastArrival = 0;
  private inode: string | undefined;
  private kernel = { drops: 0, at: now() };
  private many: ManyDatagrams | undefined;
  private readonly look = { since: 0, count: 0, busy: false };
  private share = { since: 0, bytes: 0, of: new Map<string, number>() };

  private constructor(private readonly name: string, private readonly socket: Socket, private readonly sink: DatagramSink) {
    this.batcher = new UdpBatcher(name);
    socket.on('message', (datagram, { address, port }) => { this.turn(datagram, address, port); });
  }

  /** Opens the socket; throws what the system says. `together`: read many datagrams with one call, where that can be done. */
  static async open({ name, host, port }: ListenerOptions, receiveBufferBytes: number, sink: DatagramSink, together = true): Promise<UdpReceiver> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind({ address: host, port, exclusive: true }, resolve);
      });
    } catch (cause) {
      socket.close();
      throw cause;
    }
    socket.removeAllListeners('error').on('error', () => undefined); // a datagram's ICMP answer; the socket goes on
    try { socket.setRecvBufferSize(receiveBufferBytes); } catch { /* what was granted is told below */ }
    const receiver = new UdpReceiver(name, socket, sink), system = await socketOnPort(receiver.address.port);
    receiver.inode = system?.inode;
    receiver.many = system === undefined || !together ? undefined : await ManyDatagrams.open(system.descriptor);
    if (receiver.address.bufferBytes < receiveBufferBytes) receiver.many?.force(receiveBufferBytes);
    return receiver;
  }

  get address(): UdpAddress {
    const { address, port } = this.socket.address();
    return { name: this.name, address, port, bufferBytes: this.socket.getRecvBufferSize() };
  }

  /** Hands over what there is. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.batcher.empty) this.sink.batch(this.batcher.take());
    for (const each of this.overrun.values()) this.sink.dropped({ kind: 'dropped', reason: 'overrun', listener: this.name, ...each });
    this.overrun.clear();
  }

  /** Looks at the kernel's counter and tells what it grew by. `all`: the counters of all sockets, when they have been read. */
  async tellDrops(all = kernelDrops()): Promise<void> {
    const seen = this.inode === undefined ? undefined : (await all).get(this.inode)?.drops;
    if (seen === undefined) return;
    const { drops, at } = this.kernel, count = seen - drops; // looked up after the wait: another reading may have been told meanwhile
    if (count < 0) return;
    this.kernel = { drops: seen, at: now() };
    if (count > 0) this.sink.dropped({ kind: 'dropped', reason: 'kernel_drop', listener: this.name, sender: { address: '', port: 0 }, count, from: at, to: this.kernel.at });
  }

  /** Reads what the kernel has already taken, counts what it dropped, and closes. */
  async drain(): Promise<void> {
    const began = now();
    this.lastArrival = Math.max(this.lastArrival, began);
    while (now() - this.lastArrival < DRAIN_QUIET_MS && now() - began < DRAIN_MS_MAX) await new Promise((resolve) => { setTimeout(resolve, 5); });
    await this.tellDrops();
    this.many = undefined; // its descriptor may be somebody else's from now on
    this.socket.close();
    this.flush();
  }

  // Node has read one datagram: with it come those that wait behind it.
  private turn(datagram: Buffer, address: string, port: number): void {
    const { look } = this;
    this.lastArrival = now();
    this.receive(datagram, 0, datagram.length, { address, port });
    look.count++;
    this.readWaiting();
    if (look.busy) {
      Atomics.wait(NOTHING, 0, 0, GATHER_MS);
      this.readWaiting();
    }
    const elapsed = this.lastArrival - look.since;
    if (elapsed > LOOK_MS) Object.assign(look, { since: this.lastArrival, count: 0, busy: this.many !== undefined && look.count > BUSY_PER_MS * elapsed });
    this.timer ??= setTimeout(() => { this.flush(); }, FLUSH_MS);
  }

  private readWaiting(): void {
    const { many, look } = this;
    if (many === undefined) return;
    for (let taken = MANY_MAX, until = now() + TURN_MS; taken === MANY_MAX && this.lastArrival < until;) {
      this.lastArrival = now();
      taken = many.read(this.take);
      look.count += taken;
    }
  }

  private readonly take: TakeDatagram = (from, start, end, sender) => { this.receive(from, start, end, sender); };

  private receive(from: Buffer, start: number, end: number, { address, port }: UdpSender): void {
    const arrival = this.lastArrival, outstanding = this.sink.outstanding(), bytes = end - start;
    if (outstanding > FLOOD_BYTES_MAX && (outstanding > OUTSTANDING_BYTES_MAX || this.floods(address, bytes, arrival))) {
      const known = this.overrun.has(address) || this.overrun.size < OVERRUN_SENDERS_MAX, sender = known ? { address, port } : { address: '', port: 0 }, drop = this.overrun.get(sender.address);
      if (drop === undefined) this.overrun.set(sender.address, { sender, count: 1, bytes, from: arrival, to: arrival });
      else { drop.count++; drop.bytes += bytes; drop.to = arrival; }
    } else if (!this.batcher.add(arrival, address, port, from, start, end)) {
      this.flush();
      this.batcher.add(arrival, address, port, from, start, end);
    }
  }

  // Asked only while much is outstanding: a flood should not be what keeps another's line from being kept.
  private floods(address: string, bytes: number, arrival: number): boolean {
    if (arrival - this.share.since > SHARE_MS) this.share = { since: arrival, bytes: 0, of: new Map() };
    const of = (this.share.of.get(address) ?? 0) + bytes;
    this.share.of.set(address, of);
    this.share.bytes += bytes;
    return of * 2 > this.share.bytes;
  }
}

/** Nobody wakes who waits on it: it is a pause. */
const NOTHING = new Int32Array(new SharedArrayBuffer(4));
