// The UDP thread: receives, stamps the arrival, batches, hands over. Nothing else runs here, so that nothing keeps it from emptying
// the kernel's buffer; a pause of a few hundred milliseconds anywhere else costs no datagram.
import { createSocket, type Socket } from 'node:dgram';
import { setPriority } from 'node:os';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ListenerOptions } from '../options.js';
import { systemClock } from '../spool/clock.js';
import { UdpBatcher, type FromUdp, type ToUdp, type UdpSender } from './udp-batch.js';

export interface UdpWorkerData {
  readonly listeners: readonly ListenerOptions[];
  readonly intake: MessagePort;
  readonly receiveBufferBytes: number;
}
export type FromUdpWorker =
  | { readonly kind: 'bound'; readonly addresses: readonly { readonly name: string; readonly address: string; readonly port: number; readonly bufferBytes: number }[] }
  | { readonly kind: 'failed'; readonly listener: string; readonly code: string; readonly message: string }
  | { readonly kind: 'stopped' };
export type ToUdpWorker = { readonly kind: 'stop' };

const FLUSH_MS = 8;
/** Beyond this, handed over and not yet taken by the intake, datagrams are dropped and counted. */
const OUTSTANDING_BYTES_MAX = 64 * 1024 * 1024;
const DRAIN_QUIET_MS = 30, DRAIN_MS_MAX = 500;

const { listeners, intake, receiveBufferBytes } = workerData as UdpWorkerData;
const parent = parentPort as MessagePort;
const now = systemClock.monotonic;
// Where it is allowed, this thread runs before the others (on Linux a priority is a thread's own).
try { setPriority(0, -10); } catch { /* not allowed: fine */ }
let outstanding = 0, lastArrival = 0;
intake.on('message', ({ bytes }: ToUdp) => { outstanding -= bytes; });

const sockets: Socket[] = [];
const flushers: (() => void)[] = [];

function receive({ name }: ListenerOptions, socket: Socket): void {
  const batcher = new UdpBatcher(name);
  const dropped = new Map<string, { sender: UdpSender; count: number; bytes: number; from: number; to: number }>();
  let timer: NodeJS.Timeout | undefined;
  const post = (message: FromUdp, transfer: ArrayBuffer[] = []): void => { intake.postMessage(message, transfer); };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!batcher.empty) {
      const batch = batcher.take();
      outstanding += batch.bytes.length;
      post(batch, [batch.bytes.buffer as ArrayBuffer]);
    }
    for (const each of dropped.values()) post({ kind: 'dropped', listener: name, ...each });
    dropped.clear();
  };
  flushers.push(flush);
  socket.on('message', (datagram, { address, port }) => {
    const arrival = lastArrival = now();
    if (outstanding > OUTSTANDING_BYTES_MAX) {
      const drop = dropped.get(address);
      if (drop === undefined) dropped.set(address, { sender: { address, port }, count: 1, bytes: datagram.length, from: arrival, to: arrival });
      else { drop.count++; drop.bytes += datagram.length; drop.to = arrival; }
    } else if (!batcher.add(arrival, address, port, datagram)) {
      flush();
      batcher.add(arrival, address, port, datagram);
    }
    timer ??= setTimeout(flush, FLUSH_MS);
  });
}

async function bind(listener: ListenerOptions): Promise<{ name: string; address: string; port: number; bufferBytes: number }> {
  const socket = createSocket({ type: listener.host.includes(':') ? 'udp6' : 'udp4' });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: listener.host, port: listener.port, exclusive: true }, resolve);
  });
  socket.on('error', () => undefined); // a datagram's ICMP answer; the socket goes on
  try { socket.setRecvBufferSize(receiveBufferBytes); } catch { /* what was granted is told below */ }
  receive(listener, socket);
  sockets.push(socket);
  const { address, port } = socket.address();
  return { name: listener.name, address, port, bufferBytes: socket.getRecvBufferSize() };
}

// What the kernel has already taken is read before the socket closes.
async function drain(): Promise<void> {
  const began = now();
  lastArrival = Math.max(lastArrival, began);
  while (now() - lastArrival < DRAIN_QUIET_MS && now() - began < DRAIN_MS_MAX) await new Promise((resolve) => { setTimeout(resolve, 5); });
  for (const socket of sockets) socket.close();
  for (const flush of flushers) flush();
}

parent.on('message', (message: ToUdpWorker) => {
  if (message.kind !== 'stop') return;
  void drain().then(() => {
    const ended: FromUdp = { kind: 'ended' };
    intake.postMessage(ended);
    parent.postMessage({ kind: 'stopped' } satisfies FromUdpWorker);
    intake.close();
    parent.close();
  });
});

const addresses = [];
for (const listener of listeners) {
  try {
    addresses.push(await bind(listener));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    parent.postMessage({ kind: 'failed', listener: listener.name, code, message } satisfies FromUdpWorker);
  }
}
parent.postMessage({ kind: 'bound', addresses } satisfies FromUdpWorker);
