// The UDP thread: receives and hands over, nothing else (udp-receiver.ts); a pause of a few hundred milliseconds anywhere else costs no
// datagram. Where a process of its own holds the sockets (collector/hold), there is no such thread.
import { setPriority } from 'node:os';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { ListenerOptions } from '../options.js';
import { kernelDrops } from './kernel-drops.js';
import type { FromUdp, ToUdp } from './udp-batch.js';
import { UdpReceiver, type DatagramSink, type UdpAddress } from './udp-receiver.js';

export interface UdpWorkerData {
  readonly listeners: readonly ListenerOptions[];
  readonly intake: MessagePort;
  readonly receiveBufferBytes: number;
  /** How often the kernel's counters are read. */
  readonly lossMs: number;
}
export type FromUdpWorker =
  | { readonly kind: 'bound'; readonly addresses: readonly UdpAddress[] }
  | { readonly kind: 'failed'; readonly listener: string; readonly code: string; readonly message: string }
  | { readonly kind: 'stopped' };
export type ToUdpWorker = { readonly kind: 'stop' };

const { listeners, intake, receiveBufferBytes, lossMs } = workerData as UdpWorkerData;
const parent = parentPort as MessagePort;
// Where it is allowed, this thread runs before the others (on Linux a priority is a thread's own).
try { setPriority(0, -10); } catch { /* not allowed: fine */ }
let outstanding = 0;
intake.on('message', ({ bytes }: ToUdp) => { outstanding -= bytes; });
const post = (message: FromUdp, transfer: ArrayBuffer[] = []): void => { intake.postMessage(message, transfer); };
const sink: DatagramSink = {
  outstanding: () => outstanding,
  dropped: post,
  batch: (batch) => {
    outstanding += batch.bytes.length;
    post(batch, [batch.bytes.buffer as ArrayBuffer]);
  },
};
const receivers: UdpReceiver[] = [];

parent.on('message', (message: ToUdpWorker) => {
  if (message.kind !== 'stop') return;
  clearInterval(counting);
  void Promise.all(receivers.map((receiver) => receiver.drain())).then(() => {
    post({ kind: 'ended' });
    parent.postMessage({ kind: 'stopped' } satisfies FromUdpWorker);
    intake.close();
    parent.close();
  });
});

for (const listener of listeners) {
  try {
    receivers.push(await UdpReceiver.open(listener, receiveBufferBytes, sink));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    parent.postMessage({ kind: 'failed', listener: listener.name, code, message } satisfies FromUdpWorker);
  }
}
const counting = setInterval(() => { const all = kernelDrops(); for (const receiver of receivers) void receiver.tellDrops(all); }, lossMs);
parent.postMessage({ kind: 'bound', addresses: receivers.map(({ address }) => address) } satisfies FromUdpWorker);
