// Starts a collector: a UDP thread that only receives, an intake thread that owns TCP, framing, registry and spool, and here, on the
// main thread, their two ends. Records arrive in `onBatch` only when they are durable; the reader answers with `committed`, and what
// it has not committed comes again at the next start.
import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { assertNever } from '../core/assert.js';
import { builtUrl } from '../core/process/built.js';
import type { Registry } from '../core/tier.js';
import type { Failure, FromIntake, IntakeWorkerData, ToIntake } from './intake/messages.js';
import type { FromUdpWorker, ToUdpWorker, UdpWorkerData } from './listen/udp-worker.js';
import { isDatagram, LOSS_MS, RECEIVE_BUFFER_BYTES, type BoundAddress, type CollectorOptions, type CollectorStats, type Cursors, type IntakeOptions, type ListenerOptions } from './options.js';

export interface Collector {
  readonly addresses: readonly BoundAddress[];
  /** Last position of every stream that older epochs left: their records come first. */
  readonly olderStreams: Cursors;
  /** Everything up to these positions is stored; the spool may forget it. */
  committed(cursors: Cursors): void;
  /** With `keepSegments`: these segments are safe elsewhere. */
  release(paths: readonly string[]): void;
  /** Takes effect for frames received from now on. */
  setRegistry(registry: Registry): void;
  stats(): Promise<CollectorStats>;
  /** Resolves when everything the intake has taken so far is durable. */
  durable(): Promise<void>;
  /** Stops taking, makes durable and delivers what was taken (as far as it fits in flight), closes. */
  stop(): Promise<void>;
}

export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { onBatch, onFinished, onProblem = () => undefined, onFatal = (error) => { throw error; }, ...given } = options;
  const intakeOptions: IntakeOptions = given;
  const channel = new MessageChannel();
  const intake = new Thread<ToIntake, FromIntake>('./intake/intake-worker.js', { options: intakeOptions, udp: channel.port1 } satisfies IntakeWorkerData, channel.port1);
  const udpListeners = options.held === undefined ? options.listeners.filter(({ kind }) => isDatagram(kind)) : [];
  let udp: Thread<ToUdpWorker, FromUdpWorker> | undefined;

  const questions = new Map<number, { resolve: (stats: CollectorStats) => void; reject: (error: Error) => void }>();
  const waits = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let asked = 0;
  try {
    const started = await intake.start((message) => {
      switch (message.kind) {
        case 'batch': onBatch(message.batch); return;
        case 'finished': onFinished?.(message.segment); return;
        case 'problem': onProblem(message.problem); return;
        case 'fatal': onFatal(errorOf(message.failure)); return;
        case 'stats': questions.get(message.id)?.resolve(message.stats); questions.delete(message.id); return;
        case 'durable': {
          const wait = waits.get(message.id);
          waits.delete(message.id);
          if (message.failure === undefined) wait?.resolve(); else wait?.reject(errorOf(message.failure));
          return;
        }
        case 'started': case 'failed': case 'stopped': return;
        default: assertNever(message);
      }
    }, (message) => message.kind === 'started' || message.kind === 'failed');
    if (started.kind === 'failed') throw explain(started.failure, options);
    if (started.kind !== 'started') throw new Error(`expected the intake to start, got ${started.kind}`);
    const addresses: BoundAddress[] = [...started.addresses];
    const datagramAddress = ({ name, kind, address, port, bufferBytes }: BoundAddress & { readonly bufferBytes: number }): void => {
      addresses.push({ name, kind, address, port });
      if (bufferBytes >= BUFFER_BYTES_WISHED) return;
      onProblem({
        code: 'collector.udp.buffer', severity: 'warning', expected: `${BUFFER_BYTES_WISHED} bytes`, got: `${bufferBytes} bytes`,
        message: `the kernel grants ${name} a receive buffer of ${bufferBytes} bytes: bursts of datagrams may be dropped (they are counted). Set net.core.rmem_max to 33554432 or more.`,
      });
    };
    for (const { bufferBytes, ...listener } of options.held?.listeners ?? []) if (bufferBytes !== undefined) datagramAddress({ ...listener, bufferBytes });

    if (udpListeners.length > 0) {
      const data: UdpWorkerData = { listeners: udpListeners, intake: channel.port2, receiveBufferBytes: options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES, lossMs: options.lossMs ?? LOSS_MS };
      udp = new Thread('./listen/udp-worker.js', data, channel.port2);
      const bound = await udp.start(() => undefined, () => true);
      if (bound.kind === 'failed') throw explain({ name: 'ListenError', ...bound }, options);
      if (bound.kind !== 'bound') throw new Error(`expected the UDP thread to bind, got ${bound.kind}`);
      for (const address of bound.addresses) datagramAddress({ ...address, kind: udpListeners.find(({ name }) => name === address.name)?.kind ?? 'udp' });
    } else {
      channel.port2.close();
    }

    let stopping: Promise<void> | undefined;
    const dead = (error: Error): void => {
      for (const { reject } of [...questions.values(), ...waits.values()]) reject(error);
      questions.clear();
      waits.clear();
      if (stopping === undefined) onFatal(error);
    };
    intake.onDeath(dead);
    udp?.onDeath(dead);
    const stop = async (): Promise<void> => {
      udp?.tell({ kind: 'stop' });
      const stopped = await intake.ask({ kind: 'stop', udpEnds: udp !== undefined }, (message) => message.kind === 'stopped');
      await Promise.all([intake.end(), udp?.end()]);
      dead(new Error('the collector was stopped'));
      if (stopped.kind === 'stopped' && stopped.failure !== undefined) throw errorOf(stopped.failure);
    };
    return {
      addresses, olderStreams: started.olderStreams,
      committed: (cursors) => { intake.tell({ kind: 'committed', cursors }); },
      release: (paths) => { intake.tell({ kind: 'release', paths }); },
      setRegistry: (registry) => { intake.tell({ kind: 'registry', registry }); },
      stats: () => new Promise((resolve, reject) => {
        const id = ++asked;
        questions.set(id, { resolve, reject });
        intake.tell({ kind: 'stats', id });
      }),
      durable: () => new Promise((resolve, reject) => {
        const id = ++asked;
        waits.set(id, { resolve, reject });
        intake.tell({ kind: 'durable', id });
      }),
      stop: () => stopping ??= stop(),
    };
  } catch (cause) {
    await Promise.all([intake.terminate(), udp?.terminate()]);
    channel.port1.close();
    channel.port2.close();
    throw cause;
  }
}

const MB = 1024 * 1024;
/** What Linux reports for 4 MB asked: it doubles. */
const BUFFER_BYTES_WISHED = 8 * MB;

// A worker thread of ours: first answer, later messages, and its death.
class Thread<To, From> {
  private readonly worker: Worker;
  private listener: (message: From) => void = () => undefined;
  private readonly awaited: { accepts: (message: From) => boolean; resolve: (message: From) => void; reject: (error: Error) => void }[] = [];
  private readonly exited: Promise<unknown>;
  private death: (error: Error) => void = () => undefined;

  constructor(path: string, workerData: unknown, port: MessagePort) {
    this.worker = new Worker(builtUrl(import.meta.url, path), { workerData, transferList: [port] });
    this.exited = once(this.worker, 'exit').catch(() => undefined);
    this.worker.on('message', (message: From) => {
      const index = this.awaited.findIndex(({ accepts }) => accepts(message));
      if (index >= 0) this.awaited.splice(index, 1)[0]?.resolve(message);
      this.listener(message);
    });
    this.worker.on('error', (error) => { this.died(error); });
    this.worker.on('exit', (code) => { if (code !== 0 || this.awaited.length > 0) this.died(new Error(`a collector thread ended with code ${code}`)); });
  }

  start(listener: (message: From) => void, accepts: (message: From) => boolean): Promise<From> {
    this.listener = listener;
    return this.wait(accepts);
  }
  ask(message: To, accepts: (message: From) => boolean): Promise<From> {
    this.tell(message);
    return this.wait(accepts);
  }
  tell(message: To): void { this.worker.postMessage(message); }
  onDeath(death: (error: Error) => void): void { this.death = death; }
  async end(): Promise<void> { await this.exited; }
  async terminate(): Promise<void> { await this.worker.terminate(); }

  private wait(accepts: (message: From) => boolean): Promise<From> {
    return new Promise((resolve, reject) => { this.awaited.push({ accepts, resolve, reject }); });
  }
  private died(error: Error): void {
    for (const { reject } of this.awaited.splice(0)) reject(error);
    this.death(error);
  }
}

const errorOf = ({ message, code }: Failure): Error => Object.assign(new Error(message), code === undefined ? {} : { code });

/** Why a collector did not start, in words that say what to do. */
function explain(failure: Failure, { listeners, folder }: CollectorOptions): Error {
  const listener: ListenerOptions | undefined = listeners.find(({ name }) => name === failure.listener);
  const { code = '' } = failure;
  if (listener !== undefined) {
    const { kind, host, port, setting } = listener, place = `${kind} port ${port} on ${host}`;
    const advice = setting === undefined ? 'configure another port' : `set ${setting}`;
    if (code === 'EADDRINUSE') return errorOf({ ...failure, message: `${place} (${listener.name}) is taken by another program. Stop that one, or ${advice} to a free port.` });
    if (code === 'EACCES') return errorOf({ ...failure, message: `${place} (${listener.name}) may not be opened by this user. Use a port above 1023: ${advice}.` });
    if (code === 'EADDRNOTAVAIL') return errorOf({ ...failure, message: `${place} (${listener.name}): this machine has no such address. Set HAIDANG_HOST to one it has.` });
    return errorOf({ ...failure, message: `${place} (${listener.name}) could not be opened: ${failure.message}` });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return errorOf({ ...failure, message: `the data folder ${folder} is not writable: ${failure.message}. Make it writable for this user, or set HAIDANG_DATA to another folder.` });
  if (code === 'ENOTDIR' || code === 'EEXIST') return errorOf({ ...failure, message: `expected a folder at ${folder}, got something else: ${failure.message}. Set HAIDANG_DATA to another folder.` });
  if (code === 'ENOSPC') return errorOf({ ...failure, message: `the disk of ${folder} is full: ${failure.message}. Make room, then start again.` });
  return errorOf(failure);
}
