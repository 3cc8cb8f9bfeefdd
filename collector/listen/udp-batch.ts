// Datagrams on their way from the socket's thread to the intake: one buffer, handed over without copying.
//
//   entry  f64 arrival (monotonic ms), u32 sender, u32 length, the datagram; all little-endian, back to back
//
// Senders are numbered in the order they first came; a batch brings along those that are new in it.
export interface UdpSender { readonly address: string; readonly port: number }
export interface UdpBatch {
  readonly kind: 'datagrams';
  readonly listener: string;
  readonly bytes: Uint8Array;
  readonly count: number;
  /** The number of the first new sender: everything from it on is forgotten first (0: the table begins anew). */
  readonly firstNew: number;
  readonly newSenders: readonly UdpSender[];
}
/** Datagrams thrown away: by the kernel, who does not say whose they were, or here, because the intake did not keep up. Times are monotonic ms. */
export interface UdpDropped {
  readonly kind: 'dropped';
  readonly reason: 'kernel_drop' | 'overrun';
  readonly listener: string;
  /** Of a kernel's drop: the address is ''. */
  readonly sender: UdpSender;
  readonly count: number;
  readonly bytes?: number;
  readonly from: number;
  readonly to: number;
}
export type FromUdp = UdpBatch | UdpDropped | { readonly kind: 'ended' };
export interface ToUdp { readonly kind: 'done'; readonly bytes: number }

const ENTRY_BYTES = 16, SENDERS_MAX = 50_000;
const BATCH_BYTES = 256 * 1024;

export class UdpBatcher {
  private readonly senders = new Map<string, number>();
  private newSenders: UdpSender[] = [];
  private firstNew = 0;
  private bytes = Buffer.allocUnsafeSlow(BATCH_BYTES);
  private view = viewOf(this.bytes);
  private used = 0;
  private count = 0;
  private lastAddress = '';
  private lastPort = -1;
  private lastNumber = 0;

  constructor(private readonly listener: string) {}

  get empty(): boolean { return this.count === 0; }

  /** False when there is no room: take the batch, then add again. */
  add(arrival: number, address: string, port: number, from: Buffer, start = 0, end = from.length): boolean {
    const at = this.used, length = end - start;
    if (this.bytes.length - at < ENTRY_BYTES + length) return false;
    this.view.setFloat64(at, arrival, true);
    this.view.setUint32(at + 8, this.senderNumber(address, port), true);
    this.view.setUint32(at + 12, length, true);
    from.copy(this.bytes, at + ENTRY_BYTES, start, end);
    this.used = at + ENTRY_BYTES + length;
    this.count++;
    return true;
  }

  take(): UdpBatch {
    const { listener, bytes, used, count, firstNew, newSenders } = this;
    // A little of a large buffer is copied, so that a quiet line does not cost a large buffer a message.
    const small = used < BATCH_BYTES / 4;
    const given = small ? Buffer.allocUnsafeSlow(used) : bytes;
    if (small) bytes.copy(given, 0, 0, used); else this.view = viewOf(this.bytes = Buffer.allocUnsafeSlow(BATCH_BYTES));
    this.used = this.count = 0;
    this.newSenders = [];
    this.firstNew = this.senders.size;
    if (this.senders.size > SENDERS_MAX) {
      this.senders.clear();
      this.firstNew = 0;
      this.lastPort = -1;
    }
    return { kind: 'datagrams', listener, bytes: given.subarray(0, used), count, firstNew, newSenders };
  }

  private senderNumber(address: string, port: number): number {
    if (port === this.lastPort && address === this.lastAddress) return this.lastNumber;
    const key = `${address} ${port}`;
    let number = this.senders.get(key);
    if (number === undefined) {
      number = this.senders.size;
      this.senders.set(key, number);
      this.newSenders.push({ address, port });
    }
    this.lastAddress = address;
    this.lastPort = port;
    return this.lastNumber = number;
  }
}

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

/** Reads batches of one listener in order. */
export class UdpUnbatcher {
  private readonly senders: UdpSender[] = [];

  read({ bytes, firstNew, newSenders }: UdpBatch, take: (arrival: number, sender: UdpSender, datagram: Buffer) => void): void {
    this.senders.length = firstNew;
    this.senders.push(...newSenders);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), view = viewOf(buffer);
    for (let at = 0; at < buffer.length;) {
      const start = at + ENTRY_BYTES, end = start + view.getUint32(at + 12, true);
      take(view.getFloat64(at, true), this.senders[view.getUint32(at + 8, true)] as UdpSender, buffer.subarray(start, end));
      at = end;
    }
  }
}
