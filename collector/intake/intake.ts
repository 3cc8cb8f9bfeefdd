// The intake: sockets' bytes become records with a system, a tier, a day and a position; durable ones go to the reader. Whatever is
// not taken is counted and becomes a `loss` record. It runs in its own thread (worker.ts); here is no thread, so tests run it too.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Problem } from '../../core/problem.js';
import type { Registry } from '../../core/tier.js';
import { framesOf } from '../listen/datagram.js';
import { GelfAssembler } from '../listen/gelf.js';
import { Already } from '../hold/already.js';
import type { Positions } from '../hold/held.js';
import { Acceptor, type Refusal } from '../listen/acceptor.js';
import { Connections, type Connection } from '../listen/connections.js';
import { HTTP_LIMITS, HttpIntake, type HttpSource } from '../listen/http/http-intake.js';
import { plainAddress } from '../listen/plain-address.js';
import { UdpUnbatcher, type UdpBatch, type UdpDropped, type UdpSender } from '../listen/udp-batch.js';
import { isDatagram, LOSS_MS, type BoundAddress, type CollectorStats, type Cursors, type FinishedSegment, type IntakeOptions, type ListenerStats } from '../options.js';
import { Feeder, lastPositions, type Delivery } from '../spool/feeder.js';
import type { SpoolFiles } from '../spool/files.js';
import type { StoredSegment } from '../spool/recover.js';
import { defaultSegmentBytes, freeBytesLimit, spaceOf, type Space } from '../spool/space.js';
import { systemClock, type Clock } from '../spool/clock.js';
import { Released } from '../spool/released.js';
import { Spool } from '../spool/spool.js';
import { encodeArrival } from '../../core/record.js';
import { Tail, TAIL_LIMITS } from '../tail/tail.js';
import { FillRate, lastsMs } from './fill-rate.js';
import { Losses, printLoss, type Loss } from './losses.js';
import { Senders, type Sender } from './senders.js';

export interface IntakeEvents {
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onProblem: (problem: Problem) => void;
  readonly onFatal: (error: Error) => void;
  readonly onLossesWritten?: () => void;
  /** With `keepSegments`: all of it is committed. */
  readonly onFinished?: (segment: FinishedSegment) => void;
}
export interface IntakeWorld {
  readonly clock?: Clock;
  readonly files?: SpoolFiles;
  readonly space?: (folder: string) => Promise<Space>;
}

const MB = 1024 * 1024;
const PENDING_BYTES_MAX = 16 * MB, PENDING_BYTES_LOW = 8 * MB;
const SPACE_MS = 1000, TICK_MS = 1000, CLOCK_STEP_MS = 2000, CLOCK_STEP_AFTER_MS = 60_000, MARK_MS = 10_000;
/** Whose files are followed: this machine's. */
const FILES_PEER = '127.0.0.1';

export class Intake {
  private readonly losses = new Losses();
  private readonly listeners = new Map<string, ListenerStats>();
  private readonly unbatchers = new Map<string, UdpUnbatcher>();
  private readonly assemblers = new Map<string, GelfAssembler<UdpSender>>();
  private readonly waiting: { batch: UdpBatch; done: () => void; again: boolean }[] = [];
  private owes = false;
  private readonly acceptor: Acceptor;
  private readonly connections: Connections;
  private readonly http: HttpIntake;
  private tail: Tail | undefined;
  private readonly senders: Senders;
  /** So that a frame costs no look-up by name. */
  private readonly senderOf = new WeakMap<Connection | HttpSource | UdpSender, Sender>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly lastRecord = new Map<number, number>();
  private readonly fillRate = new FillRate();
  private slow = false;
  private fullSince: number | undefined;
  private clockOffSince: number | undefined;
  private warnedFull = false;
  private stopping = false;
  private dead = false;

  private constructor(
    private readonly options: IntakeOptions, private readonly events: IntakeEvents, private readonly clock: Clock, private readonly spaceOf: (folder: string) => Promise<Space>,
    private readonly freeBytesMin: number, private space: Space, private readonly spool: Spool, private readonly feeder: Feeder, private readonly already: Already | undefined,
  ) {
    this.senders = new Senders(options.registry, (listener) => this.statsOf(listener));
    const { frameBytesMax = MB, connectionsMax = 10_000, connectionsPerSourceMax = 1000, idleMs = 5000, listeners, lossMs = LOSS_MS, http } = options;
    const common = {
      onProblem: events.onProblem,
      onConnection: (name: string) => { this.statsOf(name).connections++; },
      onRefused: (name: string, address: string, reason: Refusal) => { this.refuse(name, plainAddress(address), reason); },
      durable: () => this.durable(),
    };
    this.acceptor = new Acceptor({ connectionsMax, connectionsPerSourceMax }, common);
    this.connections = new Connections({ frameBytesMax, idleMs }, { ...common, onLack: ({ listener, address, port }, reason, count, frames) => {
      this.lose({ reason, listener, peer: plainAddress(address), port, count, ...(frames === undefined ? {} : { frames }), from: this.now(), to: this.now() });
    }, onFrame: (connection, frame, trueLength) => { this.takeFrame(connection, connection.lastData, frame, trueLength); } }, () => this.clock.monotonic());
    this.http = new HttpIntake({ ...HTTP_LIMITS, ...http }, {
      ...common, busy: () => this.busy(),
      onFrame: (source, frame) => { this.takeFrame(source, this.clock.monotonic(), frame.length > frameBytesMax ? frame.subarray(0, frameBytesMax) : frame, frame.length > frameBytesMax ? frame.length : undefined); },
    }, () => this.clock.monotonic());
    for (const { name, kind, tokens = [] } of listeners) for (const each of [name, ...tokens.map((token) => token.name)]) this.listeners.set(each, emptyStats(each, kind));
    for (const { name } of options.files ?? []) this.listeners.set(name, emptyStats(name, 'file'));
    for (const { name, kind } of listeners) {
      if (kind !== 'gelf-udp') continue;
      this.assemblers.set(name, new GelfAssembler(frameBytesMax, ({ address, port }, reason) => {
        this.owes = true;
        this.statsOf(name).dropped++;
        this.lose({ reason, listener: name, peer: plainAddress(address), port, count: 1, from: this.now(), to: this.now() });
      }));
    }
    const { endedAt } = options.held ?? {};
    if (endedAt !== undefined) for (const { name, kind } of listeners) if (!isDatagram(kind)) this.lose({ reason: 'intake_stopped', listener: name, peer: '', count: 0, from: endedAt, to: this.now() });
    this.every(SPACE_MS, () => this.watchSpace());
    this.every(TICK_MS, () => { this.tick(); });
    this.every(lossMs, () => { this.writeLosses(); });
  }

  /** Opens the spool, recovers it and begins to deliver what older epochs left. Sockets open with `listen`. */
  static async open(options: IntakeOptions, events: IntakeEvents, world: IntakeWorld = {}): Promise<Intake> {
    const clock = world.clock ?? systemClock, measure = world.space ?? spaceOf;
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const space = await measure(options.folder);
    const segmentBytes = options.segmentBytes ?? defaultSegmentBytes(space.totalBytes);
    let intake: Intake | undefined, feeder: Feeder | undefined;
    const spool = await Spool.open({
      folder: options.folder, segmentBytes, clock, files: world.files, newCollector: randomUUID,
      onDurable: (batch) => { feeder?.durable(batch); intake?.afterSync(); }, onProblem: events.onProblem,
      onFatal: (error) => { intake?.die(); events.onFatal(error); },
    });
    const datagrams = new Set(options.listeners.flatMap(({ name, kind }) => (isDatagram(kind) ? [name] : []))), after = options.held?.after;
    const already = after === undefined ? undefined : await Already.read(options.folder, datagrams, after);
    feeder = new Feeder({ segments: spool.recovered.segments, cursors: options.cursors, deliver: events.onDelivery, onProblem: events.onProblem, inFlightBytesMax: options.inFlightBytesMax, ...(options.keepSegments === true ? { kept: { onFinished: (segment: StoredSegment) => events.onFinished?.(finishedOf(segment)), released: await Released.read(options.folder) } } : {}) });
    intake = new Intake(options, events, clock, measure, options.freeBytesMin ?? freeBytesLimit(segmentBytes, space.totalBytes), space, spool, feeder, already);
    await intake.watchSpace();
    await feeder.start();
    return intake;
  }

  /** The last position of every stream that older epochs left in the spool. */
  get olderStreams(): Cursors { return lastPositions(this.spool.recovered.segments); }

  /** Opens the listeners of connections; throws the first failure with the listener's name. */
  async listen(): Promise<BoundAddress[]> {
    const bound: BoundAddress[] = [];
    for (const listener of this.options.listeners) {
      const { name, kind } = listener;
      if (isDatagram(kind)) continue;
      try {
        bound.push({ name, kind, ...await this.acceptor.listen(listener, (socket, peer) => {
          if (kind === 'http') this.http.serve(listener, socket, peer); else this.connections.open(name, kind, socket, peer);
        }, this.options.held?.listeners.find((held) => held.name === name)?.descriptor) });
      } catch (cause) {
        throw new ListenError(listener.name, cause as NodeJS.ErrnoException);
      }
    }
    this.tail = await this.openTail();
    return bound;
  }

  private async openTail(): Promise<Tail | undefined> {
    const { folder, files = [], tail, frameBytesMax = MB } = this.options;
    if (files.length === 0) return undefined;
    const senderOf = new Map(files.map(({ name }) => [name, this.senders.sender(name, FILES_PEER, 0)]));
    return Tail.open(folder, files, { ...TAIL_LIMITS, frameBytesMax, ...tail }, {
      onLine: (input, line, trueLength) => { this.take(senderOf.get(input) as Sender, line, this.now(), trueLength); this.checkPending(); },
      onLost: (listener, bytes) => { this.lose({ reason: 'file_truncated', listener, peer: FILES_PEER, count: 0, bytes, from: this.now(), to: this.now() }); },
      durable: () => this.durable(), busy: () => this.busy() !== undefined, onProblem: this.events.onProblem,
    });
  }

  /** Why nothing should be taken now from who can wait. */
  private busy(): 'slow' | 'full' | undefined {
    return this.fullSince !== undefined || this.dead ? 'full' : this.slow ? 'slow' : undefined;
  }

  /** `done` is called when the batch has been taken: the UDP thread counts on it. */
  takeUdp(batch: UdpBatch, done: () => void, again = false): void {
    if (this.slow && this.fullSince === undefined) { this.waiting.push({ batch, done, again }); return; }
    this.readBatch(batch, again);
    done();
    this.checkPending();
  }

  dropUdp({ reason, listener, sender: { address, port }, count: told, bytes, from, to }: UdpDropped, again = false): void {
    const count = told - (again ? this.already?.recorded(reason, listener, told) ?? 0 : 0);
    if (count === 0) return;
    this.statsOf(listener).dropped += count;
    this.lose({ reason, listener, peer: plainAddress(address), port, count, bytes, from: this.spool.received(from), to: this.spool.received(to) });
  }

  /** Datagrams were lost here that have no record yet. */
  get owesRecords(): boolean { return this.owes; }
  positions(): Positions { return { epoch: this.spool.epoch.epoch, tiers: Object.fromEntries(this.spool.lastPositions) }; }

  setRegistry(registry: Registry): void { this.senders.setRegistry(registry); }
  async committed(cursors: Cursors): Promise<void> { await this.feeder.committed(cursors); }
  async release(paths: readonly string[]): Promise<void> { await this.feeder.release(paths); }
  /** Resolves when everything taken so far is durable. */
  durable(): Promise<void> { return this.spool.durable(); }

  stats(): CollectorStats {
    const { segments, bytes, inFlightBytes, undeliveredBytes, oldest } = this.feeder.stats(), { syncMs } = this.spool, bytesPerSecond = Math.round(this.fillRate.perSecond), lasts = lastsMs(this.space.freeBytes, this.freeBytesMin, bytesPerSecond);
    return {
      epoch: this.spool.epoch.epoch, listeners: [...this.listeners.values()], senders: this.senders.stats(), full: this.fullSince !== undefined, freeBytes: this.space.freeBytes, freeBytesMin: this.freeBytesMin,
      spool: {
        segments, bytes, inFlightBytes, undeliveredBytes, oldest, pendingBytes: this.spool.pendingBytes, badBytes: this.spool.recovered.badBytes, bytesPerSecond, ...(lasts === undefined ? {} : { lastsMs: lasts }),
        syncs: syncMs.count, syncMsMean: syncMs.count === 0 ? 0 : syncMs.sum / syncMs.count, syncMsMax: syncMs.max,
      },
    };
  }

  /** Stops taking, makes durable what was taken, delivers what fits, and closes. The UDP thread must have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.acceptor.stop();
    await Promise.all([this.connections.close(), this.http.close(), this.tail?.stop()]);
    await this.acceptor.end();
    for (const timer of this.timers) clearInterval(timer);
    for (const { batch, done, again } of this.waiting.splice(0)) { this.readBatch(batch, again); done(); }
    if (this.fullSince !== undefined) this.resumed();
    this.writeLosses();
    try {
      await this.spool.close();
    } finally {
      await this.feeder.idle();
      await this.feeder.stop();
    }
  }

  private takeFrame(from: Connection | HttpSource, arrival: number, frame: Buffer, trueLength: number | undefined): void {
    this.take(this.senderFor(from, from.listener), frame, this.spool.received(arrival), trueLength);
    this.checkPending();
  }

  private senderFor(key: Connection | HttpSource | UdpSender, listener: string): Sender {
    let sender = this.senderOf.get(key);
    if (sender === undefined) this.senderOf.set(key, sender = this.senders.sender(listener, plainAddress(key.address), key.port, 'names' in key ? key.names : []));
    return sender;
  }

  private readBatch(batch: UdpBatch, again: boolean): void {
    const already = again ? this.already : undefined;
    const stats = this.statsOf(batch.listener), { frameBytesMax = MB } = this.options, assembler = this.assemblers.get(batch.listener);
    let unbatcher = this.unbatchers.get(batch.listener);
    if (unbatcher === undefined) this.unbatchers.set(batch.listener, unbatcher = new UdpUnbatcher());
    const full = this.fullSince !== undefined || this.dead;
    unbatcher.read(batch, (arrival, from: UdpSender, datagram) => {
      const sender = this.senderFor(from, batch.listener), received = this.spool.received(arrival);
      const assembled = assembler?.read(datagram, from, arrival);
      const frames = assembler === undefined ? framesOf(datagram) : assembled === undefined ? [] : [assembled];
      if (datagram.length === 0 || (frames.length === 0 && assembler === undefined)) stats.empty++;
      for (const whole of frames) {
        const frame = whole.length > frameBytesMax ? whole.subarray(0, frameBytesMax) : whole;
        if (already?.has(batch.listener, sender.peer, sender.port, frame) === true) continue;
        if (!full) { this.take(sender, frame, received, frame.length < whole.length ? whole.length : undefined); continue; }
        stats.dropped++;
        this.owes = true;
        this.lose({ reason: 'spool_full', listener: batch.listener, peer: sender.peer, port: sender.port, count: 1, bytes: whole.length, from: received, to: received });
      }
    });
  }

  private take(sender: Sender, frame: Buffer, received: number, trueLength: number | undefined): void {
    const { tier, arrival, encoded, stats } = this.senders.place(sender, frame, received), listener = sender.listenerStats;
    listener.received++;
    listener.bytes += frame.length;
    stats.received++;
    stats.bytes += frame.length;
    stats.lastReceived = received;
    if (this.options.marks === true) this.lastRecord.set(tier, received);
    const cut = trueLength !== undefined;
    if (cut) {
      listener.cut++;
      stats.cut++;
      this.lose({ reason: 'cut', listener: sender.listener, peer: sender.peer, port: sender.port, count: 0, frames: 1, bytes: trueLength - frame.length, from: received, to: received });
    }
    this.append({ kind: 'frame', tier, arrival: cut ? encodeArrival({ ...arrival, trueLength }) : encoded, cut, frame, received });
  }

  private append(record: Parameters<Spool['append']>[0]): void {
    try {
      this.spool.append(record);
    } catch { /* the spool died and has said so (onFatal) */ }
  }

  // The spool takes nothing more: TCP senders wait, datagrams are counted, until somebody ends the process.
  private die(): void {
    this.dead = true;
    this.connections.pause();
  }

  private now(): number { return this.spool.received(this.clock.monotonic()); }

  private lose(loss: Loss): void { this.losses.add(loss); }

  private refuse(listener: string, peer: string, reason: Refusal): void {
    this.lose({ reason, listener, peer, count: 0, frames: 1, from: this.now(), to: this.now() });
    this.statsOf(listener).dropped++;
  }

  // A disk slower than the network: TCP waits, datagrams are held here, then in the UDP thread, which counts what it must drop.
  private checkPending(): void {
    if (this.slow || this.spool.pendingBytes <= PENDING_BYTES_MAX) return;
    this.slow = true;
    this.connections.pause();
  }

  private afterSync(): void {
    if (!this.slow || this.spool.pendingBytes > PENDING_BYTES_LOW) return;
    this.slow = false;
    for (const { batch, done, again } of this.waiting.splice(0)) { this.readBatch(batch, again); done(); }
    if (this.fullSince === undefined && !this.stopping) this.connections.resume();
    this.checkPending();
  }

  private async watchSpace(): Promise<void> {
    this.space = await this.spaceOf(this.options.folder).catch(() => this.space);
    const { freeBytes, totalBytes } = this.space, { folder } = this.options;
    const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
    if (this.fullSince === undefined && freeBytes < this.freeBytesMin) {
      this.fullSince = this.now();
      this.connections.pause();
      for (const { batch, done, again } of this.waiting.splice(0)) { this.readBatch(batch, again); done(); }
      this.events.onProblem({
        code: 'collector.disk.full', expected: `${megabytes(this.freeBytesMin)} free`, got: megabytes(freeBytes),
        message: `intake stopped: expected ${megabytes(this.freeBytesMin)} free on the disk of ${folder}, got ${megabytes(freeBytes)}. TCP senders wait, datagrams are counted as lost; it goes on by itself when there is room. Make room, or let retention do it.`,
      });
    } else if (this.fullSince !== undefined && freeBytes >= this.freeBytesMin * 1.02) {
      this.resumed();
      if (!this.slow && !this.dead) this.connections.resume();
      this.events.onProblem({ code: 'collector.disk.resumed', severity: 'warning', message: `intake goes on: ${megabytes(freeBytes)} free on the disk of ${folder}` });
    }
    const crowded = freeBytes < totalBytes * 0.2;
    if (crowded && !this.warnedFull && this.fullSince === undefined) this.events.onProblem({ code: 'collector.disk.warning', severity: 'warning', message: `the disk of ${folder} is over 80 % full: ${megabytes(freeBytes)} free; intake stops at ${megabytes(this.freeBytesMin)}` });
    this.warnedFull = crowded;
  }

  private resumed(): void {
    for (const { listener } of this.listeners.values()) this.lose({ reason: 'intake_stopped', listener, peer: '', count: 0, from: this.fullSince ?? this.now(), to: this.now() });
    this.fullSince = undefined;
  }

  private watchClock(): void {
    const now = this.clock.monotonic();
    if (Math.abs(this.spool.clockStepMs) <= CLOCK_STEP_MS) { this.clockOffSince = undefined; return; }
    this.clockOffSince ??= now;
    if (now - this.clockOffSince < CLOCK_STEP_AFTER_MS) return;
    this.clockOffSince = undefined;
    const from = this.now(), stepMs = this.spool.beginEpoch(), received = this.now(), own = this.senders.own('clock', received);
    this.append({ kind: 'clock', tier: own.tier, arrival: own.encoded, cut: false, received, frame: Buffer.from(JSON.stringify({ reason: 'clock_set', stepMs: Math.round(stepMs), from, to: received })) });
    this.events.onProblem({ code: 'collector.clock.set', severity: 'warning', message: `the clock was set by ${Math.round(stepMs / 1000)} s; a new epoch begins, received times follow the clock from here on. If nobody set it, look at the machine's time service.` });
  }

  // While the disk is at its limit losses wait here, added up: their records come when intake goes on.
  writeLosses(): void {
    if (this.fullSince !== undefined) return;
    const received = this.now();
    for (const loss of this.losses.take()) {
      const frame = printLoss(loss);
      if (loss.peer === '') {
        const { tier, encoded } = this.senders.own(loss.listener, received);
        this.append({ kind: 'loss', tier, arrival: encoded, cut: false, frame, received });
      } else {
        const { tier, encoded, stats } = this.senders.place(this.senders.sender(loss.listener, loss.peer, loss.port ?? 0), Buffer.alloc(0), received);
        if (loss.reason !== 'sequence_gap') stats.dropped += loss.count; // lost before it came here
        this.append({ kind: 'loss', tier, arrival: encoded, cut: false, frame, received });
      }
    }
    this.owes = false;
    this.events.onLossesWritten?.();
  }

  /** Looks at the clock; called every second. */
  tick(): void {
    this.watchClock();
    this.fillRate.note(this.clock.monotonic(), this.spool.appendedBytes);
    for (const assembler of this.assemblers.values()) assembler.sweep(this.clock.monotonic());
    if (this.options.marks === true) this.writeMarks();
  }

  private writeMarks(): void {
    const received = this.now();
    for (const [tier, last] of this.lastRecord) {
      if (received - last < MARK_MS) continue;
      this.lastRecord.set(tier, received);
      this.append({ kind: 'mark', tier, arrival: this.senders.own('mark', received).encoded, cut: false, received, frame: Buffer.from(JSON.stringify({ reason: 'silent', from: last, to: received })) });
    }
  }

  private statsOf(name: string): ListenerStats {
    let stats = this.listeners.get(name);
    if (stats === undefined) this.listeners.set(name, stats = emptyStats(name, 'spool'));
    return stats;
  }

  private every(ms: number, work: () => Promise<void> | void): void {
    this.timers.push(setInterval(() => { void Promise.resolve(work()).catch((error: unknown) => { this.events.onFatal(error as Error); }); }, ms));
  }
}

const finishedOf = ({ path, collector, epoch, number, figures = [] }: StoredSegment): FinishedSegment => ({ path, collector, epoch, number, figures });
const emptyStats = (listener: string, kind: ListenerStats['kind']): ListenerStats => ({ listener, kind, received: 0, bytes: 0, cut: 0, dropped: 0, connections: 0, empty: 0 });

export class ListenError extends Error {
  override readonly name = 'ListenError';
  constructor(readonly listener: string, override readonly cause: NodeJS.ErrnoException) {
    super(cause.message);
  }
}
