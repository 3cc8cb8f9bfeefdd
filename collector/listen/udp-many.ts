// Many datagrams with one call of recvmmsg(2), which Node does not have: its own receiving makes a call, a buffer and an address in
// letters for each datagram. The descriptor is Node's; only what waits behind the datagram Node has just read is read here. Where the
// library that calls C cannot be loaded, or the machine's structs are not those of 64-bit Linux, there is no such reader and Node reads
// them all.
import { endianness, networkInterfaces } from 'node:os';
import { canonicalV6 } from './plain-address.js';
import type { UdpSender } from './udp-batch.js';

/** `take` gets each datagram as a part of a buffer that is used again for the next ones. */
export type TakeDatagram = (from: Buffer, start: number, end: number, sender: UdpSender) => void;

// struct mmsghdr, iovec and sockaddr_in6 of 64-bit Linux (recvmmsg(2), socket(7), ipv6(7)).
const HEAD_BYTES = 64, NAME_AT = 0, NAME_LENGTH_AT = 8, IOV_AT = 16, IOV_COUNT_AT = 24, LENGTH_AT = 56, IOV_BYTES = 16, NAME_BYTES = 28;
const AF_INET = 2, MSG_DONTWAIT = 0x40, SOL_SOCKET = 1, SO_RCVBUFFORCE = 33;
/** A UDP datagram over IPv4 or IPv6 has 65,535 bytes at most (RFC 768). */
const SLOT_BYTES = 65_536, SENDERS_MAX = 50_000;
/** So many a call at most. */
export const MANY_MAX = 64;

interface Calls {
  readonly recvmmsg: (descriptor: number, heads: bigint, count: number, flags: number, timeout: null) => number;
  readonly setsockopt: (descriptor: number, level: number, option: number, value: Buffer, bytes: number) => number;
  readonly address: (buffer: Buffer) => bigint;
}

let loading: Promise<Calls | undefined> | undefined;
async function load(): Promise<Calls | undefined> {
  if (process.platform !== 'linux' || !['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch) || endianness() !== 'LE') return undefined;
  try {
    const { default: koffi } = await import('koffi'), libc = koffi.load(null);
    return {
      recvmmsg: libc.func('int recvmmsg(int, uintptr_t, unsigned int, int, void *)') as unknown as Calls['recvmmsg'],
      setsockopt: libc.func('int setsockopt(int, int, int, void *, unsigned int)') as unknown as Calls['setsockopt'],
      address: (buffer) => koffi.address(buffer),
    };
  } catch {
    return undefined;
  }
}

export class ManyDatagrams {
  /** Datagrams, then heads, places and senders' addresses: one piece of memory that does not move. */
  private readonly memory = Buffer.allocUnsafeSlow(MANY_MAX * (SLOT_BYTES + HEAD_BYTES + IOV_BYTES + NAME_BYTES));
  private readonly view = new DataView(this.memory.buffer, this.memory.byteOffset, this.memory.length);
  private readonly headsAt = MANY_MAX * SLOT_BYTES;
  private readonly namesAt = this.headsAt + MANY_MAX * (HEAD_BYTES + IOV_BYTES);
  private readonly heads: bigint;
  private readonly senders = new Map<number | string, UdpSender>();
  private lastKey: number | string = -1;
  private lastSender: UdpSender = { address: '', port: 0 };

  private constructor(private readonly calls: Calls, private readonly descriptor: number) {
    const { view, headsAt, namesAt, memory } = this, base = calls.address(memory), iovsAt = headsAt + MANY_MAX * HEAD_BYTES;
    memory.fill(0, headsAt);
    this.heads = base + BigInt(headsAt);
    for (let slot = 0; slot < MANY_MAX; slot++) {
      const head = headsAt + slot * HEAD_BYTES, iov = iovsAt + slot * IOV_BYTES;
      view.setBigUint64(head + NAME_AT, base + BigInt(namesAt + slot * NAME_BYTES), true);
      view.setBigUint64(head + IOV_AT, base + BigInt(iov), true);
      view.setBigUint64(head + IOV_COUNT_AT, 1n, true);
      view.setBigUint64(iov, base + BigInt(slot * SLOT_BYTES), true);
      view.setBigUint64(iov + 8, BigInt(SLOT_BYTES), true);
    }
  }

  /** A reader of the socket behind a descriptor of this process; undefined where there is none. */
  static async open(descriptor: number): Promise<ManyDatagrams | undefined> {
    const calls = await (loading ??= load());
    return calls === undefined ? undefined : new ManyDatagrams(calls, descriptor);
  }

  /** Takes datagrams that wait, a call's worth at most; how many there were. */
  read(take: TakeDatagram): number {
    const { view, headsAt, namesAt, memory } = this;
    for (let slot = 0, at = headsAt + NAME_LENGTH_AT; slot < MANY_MAX; slot++, at += HEAD_BYTES) view.setUint32(at, NAME_BYTES, true);
    const count = this.calls.recvmmsg(this.descriptor, this.heads, MANY_MAX, MSG_DONTWAIT, null); // an error (nothing waits, an ICMP answer) is -1
    for (let slot = 0; slot < count; slot++) {
      const start = slot * SLOT_BYTES;
      take(memory, start, start + view.getUint32(headsAt + slot * HEAD_BYTES + LENGTH_AT, true), this.senderAt(namesAt + slot * NAME_BYTES));
    }
    return Math.max(0, count);
  }

  /** Asks for a receive buffer beyond what the machine allows everybody; only who may administer the network gets it. */
  force(bytes: number): void {
    const value = Buffer.alloc(4);
    value.writeInt32LE(bytes);
    this.calls.setsockopt(this.descriptor, SOL_SOCKET, SO_RCVBUFFORCE, value, value.length);
  }

  private senderAt(at: number): UdpSender {
    const { view } = this, port = view.getUint16(at + 2, false);
    const key = view.getUint16(at, true) === AF_INET ? view.getUint32(at + 4, false) * 65_536 + port : this.memory.toString('latin1', at + 2, at + NAME_BYTES);
    if (key === this.lastKey) return this.lastSender;
    let sender = this.senders.get(key);
    if (sender === undefined) {
      if (this.senders.size >= SENDERS_MAX) this.senders.clear();
      this.senders.set(key, sender = { address: typeof key === 'number' ? this.memory.subarray(at + 4, at + 8).join('.') : addressV6(this.memory.subarray(at + 8, at + 24), view.getUint32(at + 24, true)), port });
    }
    this.lastKey = key;
    return this.lastSender = sender;
  }
}

/** As Node writes it: canonical (RFC 5952), IPv4 behind it in dots, of a link's own address the interface behind a percent sign. */
function addressV6(bytes: Buffer, scope: number): string {
  if (bytes.subarray(0, 12).equals(MAPPED)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');
  const zone = (bytes.readUInt16BE(0) & 0xffc0) === 0xfe80 && scope > 0 ? `%${interfaceOf(scope) ?? scope}` : '';
  return canonicalV6(groups) + zone;
}
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');
const interfaceOf = (scope: number): string | undefined => Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some(({ scopeid }) => scopeid === scope))?.[0];
