// A collector without a detector beside it: what its spool holds is parsed here and shipped to the store that all share, in order for each
// stream, under ids that make a second try harmless. While the store does not answer, frames wait in the spool and senders are still
// acknowledged. A segment is let go only when the keeper read all of it back, every cursor is past it, and a snapshot that began later is
// complete (without snapshots: when it has been kept long enough), and the indices are still those that were read.
import { appendFileSync, closeSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Pipeline } from '../core/pipeline/client.js';
import { bytesOf, type EvaluatedRun } from '../core/pipeline/run.js';
import { printProblem, type Problem } from '../core/problem.js';
import type { Clock } from '../core/process/clock.js';
import type { FormatText } from '../core/process/format-files.js';
import type { Log } from '../core/process/log.js';
import { parseStreamName, streamName, type Stream } from '../core/record.js';
import type { RetiredEvent, Shared } from '../core/store/shared.js';
import type { Store } from '../core/store/store.js';
import type { Registry } from '../core/tier.js';
import { startCollector, type Collector } from './collector.js';
import type { CollectorOptions, CollectorStats, Cursors } from './options.js';
import { replaceFile } from './spool/files.js';
import { Freeing, type FreeingOptions } from './freeing.js';
import { shipAgain } from './ship-again.js';

export interface ShippingOptions extends Omit<CollectorOptions, 'onBatch' | 'onFinished' | 'cursors' | 'registry' | 'marks' | 'keepSegments'>, Partial<FreeingOptions> {
  /** Fails while the store cannot be reached; asked again until it can. */
  readonly open: () => Promise<Store>;
  readonly formats?: readonly FormatText[];
  readonly log: Log;
  readonly clock: Clock;
  /** First wait after a store that failed. */
  readonly retryMs?: number;
  /** How often the registry is read, and finished segments are looked at. */
  readonly lookMs?: number;
}

export interface ShippingStats {
  readonly shipped: number;
  /** Runs that are parsed and not answered for, and batches that are not parsed. */
  readonly waitingRuns: number;
  readonly waitingBatches: number;
  readonly finishedSegments: number;
  /** Of the oldest run that waits. */
  readonly lagMs: number;
  readonly deadLetters: number;
  /** Why nothing is shipped at present, and since when. */
  readonly problem?: string;
  readonly since?: number;
}
export interface Shipping {
  readonly collector: Collector;
  stats(): Promise<CollectorStats & { readonly shipping: ShippingStats }>;
  /** Resolves when everything taken so far is shipped, or nothing can be shipped at present. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** A group is three to four times as large as a request. */
const IN_FLIGHT_MAX = 3, GROUP_BYTES_MAX = 4 * 1024 * 1024, RETRY_MAX_MS = 5_000;
const NOTHING_KNOWN: Registry = { version: 0, systems: [], relays: [], unassignedTier: 3 };

export async function startShipping(options: ShippingOptions): Promise<Shipping> {
  const ship = new Ship(options);
  await ship.start();
  return ship;
}

class Ship implements Shipping {
  private readonly pipeline: Pipeline;
  private readonly freeing: Freeing;
  private opened: Store | undefined;
  private running: Collector | undefined;
  private readonly waiting: EvaluatedRun[] = [];
  private readonly jobs: { readonly runs: readonly EvaluatedRun[]; done: boolean }[] = [];
  /** Last position handed over, by stream: what a new epoch's streams say of older ones. */
  private readonly delivered = new Map<string, number>();
  private readonly positions: Record<string, number> = {};
  private readonly begun = new Map<string, Promise<void>>();
  private readonly timers: NodeJS.Timeout[] = [];
  private stopped = false;
  private readonly wakeUps = new Set<() => void>();
  private readonly counted = { shipped: 0, deadLetters: 0 };
  private problem: { readonly message: string; readonly since: number } | undefined;

  constructor(private readonly options: ShippingOptions) {
    const { formats = [], log } = options;
    this.pipeline = new Pipeline({ formats, documents: true, onRun: (run) => this.ran(run), onProblem: (problem) => this.tell(problem) });
    this.freeing = new Freeing(options, (paths) => this.running?.release(paths), (batch) => shipAgain(batch, () => this.shared(), formats, (problem) => this.tell(problem)), log);
  }

  get collector(): Collector {
    if (this.running === undefined) throw new Error('the collector is not started');
    return this.running;
  }

  async start(): Promise<void> {
    const { open: _open, formats: _formats, log: _log, clock: _clock, retryMs: _retryMs, lookMs = 5_000, ...collector } = this.options;
    // The store may be away: then what was known last holds, and everything in the spool is sent again.
    const known = await this.openStore().then(async (store) => ({ registry: await store.systems.registry(), cursors: await store.cursors.all() })).catch((error: unknown) => { this.failed(error); return undefined; });
    if (known !== undefined) await this.keepRegistry(known.registry);
    this.running = await startCollector({
      ...collector, registry: known?.registry ?? this.keptRegistry(), cursors: known?.cursors ?? {}, marks: true, keepSegments: true,
      onBatch: (batch) => { this.delivered.set(streamName(batch.stream), batch.to); this.pipeline.take(batch); },
      onFinished: (segment) => this.freeing.add(segment),
    });
    for (const [name, last] of Object.entries(this.running.olderStreams)) this.delivered.set(name, Math.max(last, this.delivered.get(name) ?? 0));
    this.running.committed(this.positions);
    this.timers.push(setInterval(() => { void this.look(); }, lookMs));
    if (known === undefined) void this.untilDone(() => this.openStore());
  }

  async stats(): Promise<CollectorStats & { readonly shipping: ShippingStats }> {
    const collected = await this.collector.stats(), oldest = this.jobs[0]?.runs[0] ?? this.waiting[0];
    return { ...collected, shipping: {
      ...this.counted, waitingRuns: this.waiting.length + this.jobs.reduce((sum, { runs }) => sum + runs.length, 0), waitingBatches: this.pipeline.stats().waiting, finishedSegments: this.freeing.size,
      lagMs: oldest === undefined ? 0 : Math.max(0, this.options.clock.now() - oldest.receivedFrom),
      ...(this.problem === undefined ? {} : { problem: this.problem.message, since: this.problem.since }),
    } };
  }

  async settled(): Promise<void> {
    while ((this.pipeline.stats().waiting > 0 || this.jobs.length > 0 || this.waiting.length > 0) && this.problem === undefined) await new Promise((resolve) => { setTimeout(resolve, 5); });
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.running?.stop();
    await this.settled();
    this.stopped = true;
    this.wake();
    await this.pipeline.stop();
    await this.freeing.stop();
    await this.opened?.close();
  }

  private ran(run: EvaluatedRun): void {
    this.waiting.push(run);
    this.pump();
  }

  /** Groups of runs, a few under way at once; positions are told in the order of the groups. */
  private pump(): void {
    while (!this.stopped && this.waiting.length > 0 && this.jobs.length < IN_FLIGHT_MAX) {
      let bytes = 0, count = 0;
      for (const run of this.waiting) { if (count > 0 && bytes + bytesOf(run) > GROUP_BYTES_MAX) break; bytes += bytesOf(run); count++; }
      const job = { runs: this.waiting.splice(0, count), done: false };
      this.jobs.push(job);
      void this.untilDone(() => this.ship(job.runs), () => job === this.jobs[0]).then((retired) => {
        if (retired === undefined) return; // stopped: what is not answered comes again at the next start
        job.done = true;
        this.counted.shipped += job.runs.reduce((sum, run) => sum + run.count, 0);
        this.answered();
      });
    }
  }

  private answered(): void {
    for (let [first] = this.jobs; first?.done === true; [first] = this.jobs) {
      for (const { stream, to } of first.runs) this.positions[streamName(stream)] = to;
      this.jobs.shift();
    }
    this.running?.committed(this.positions satisfies Cursors);
    this.pump();
  }

  private async ship(runs: readonly EvaluatedRun[]): Promise<number> {
    const shared = await this.shared();
    // A group costs much to send in vain: after a failure it is first seen whether anything is answered.
    if (this.problem !== undefined) await this.opened?.systems.registry();
    for (const { stream } of runs) await this.begin(shared, stream);
    const retired = await shared.ship(runs);
    if (retired.length > 0) await this.giveUp(shared, retired);
    return retired.length;
  }

  /** A stream is made known once in a run, before its first events: then detectors look for it. */
  private begin(shared: Shared, stream: Stream): Promise<void> {
    const name = streamName(stream), known = this.begun.get(name);
    if (known !== undefined) return known;
    const older = Object.fromEntries([...this.delivered].filter(([other]) => { const { collector, epoch } = parseStreamName(other); return collector === stream.collector && epoch < stream.epoch; }));
    const begun = shared.begin({ stream, older, begun: this.options.clock.now() }).then((other) => {
      if (other !== undefined) this.tell({ code: 'spool.cloned', message: `the spool was copied: epoch ${stream.epoch} and epoch ${other} of another machine both follow the same one. Both go on and nothing collides, but what the spool held is delivered by both. Stop one of them.` });
    });
    this.begun.set(name, begun);
    begun.catch(() => this.begun.delete(name));
    return begun;
  }

  /** Events that came after their day was given up: kept in a file of this machine, and their positions are said to be a gap. */
  private async giveUp(shared: Shared, retired: readonly RetiredEvent[]): Promise<void> {
    const file = openSync(join(dirname(this.options.folder), 'dead-letters.ndjson'), 'a', 0o600);
    try {
      for (const { stream, seq, text } of retired) appendFileSync(file, `${JSON.stringify({ stream: streamName(stream), seq, reason: 'retention', event: text })}\n`);
      fsyncSync(file);
    } finally { closeSync(file); }
    this.counted.deadLetters += retired.length;
    for (let at = 0; at < retired.length;) {
      const { stream, seq } = retired[at] as RetiredEvent;
      let end = at + 1;
      while (end < retired.length && retired[end]?.stream === stream && retired[end]?.seq === seq + end - at) end++;
      await shared.recordGap({ stream: streamName(stream), from: seq, to: seq + end - at - 1, reason: 'retention', by: stream.collector, at: this.options.clock.now() });
      at = end;
    }
  }

  private async look(): Promise<void> {
    if (this.opened === undefined || this.stopped) return;
    try {
      const registry = await this.opened.systems.registry();
      if (await this.keepRegistry(registry)) this.running?.setRegistry(registry);
      if (this.opened.shared !== undefined) await this.freeing.look(this.opened.shared);
    } catch (error) {
      this.options.log.warn({ err: error }, 'the store does not answer; it is asked again');
    }
  }

  private registryPath(): string { return join(dirname(this.options.folder), 'registry.json'); }
  private kept = -1;
  /** Keeps it for a start without the store; says whether it is another one. */
  private async keepRegistry(registry: Registry): Promise<boolean> {
    if (registry.version === this.kept) return false;
    this.kept = registry.version;
    await replaceFile(this.registryPath(), `${JSON.stringify(registry)}\n`);
    return true;
  }
  private keptRegistry(): Registry {
    try { return JSON.parse(readFileSync(this.registryPath(), 'utf8')) as Registry; } catch { return NOTHING_KNOWN; }
  }

  private opening: Promise<Store> | undefined;
  private openStore(): Promise<Store> {
    if (this.opened !== undefined) return Promise.resolve(this.opened);
    this.opening ??= this.options.open().then((store) => { this.opened = store; return store; }).finally(() => { this.opening = undefined; });
    return this.opening;
  }
  private async shared(): Promise<Shared> {
    const { shared } = await this.openStore();
    if (shared === undefined) throw new Error('expected a store that services share, got the embedded one');
    return shared;
  }

  private failed(error: unknown): void {
    const { message } = error as Error;
    if (this.problem?.message !== message) this.options.log.error({ err: error }, 'nothing can be shipped; frames wait in the spool');
    this.problem = { message, since: this.problem?.since ?? this.options.clock.now() };
  }

  /** Tries until it succeeds, waiting longer each time; undefined when stopped meanwhile. While nothing can be shipped only who is `first` tries. */
  private async untilDone<T>(work: () => Promise<T>, first: () => boolean = () => true): Promise<T | undefined> {
    for (let wait = this.options.retryMs ?? 500; !this.stopped; wait = Math.min(wait * 2, RETRY_MAX_MS)) {
      if (this.problem === undefined || first()) {
        try {
          const result = await work();
          if (this.problem !== undefined) { this.problem = undefined; this.options.log.info('the store takes events again'); this.wake(); }
          return result;
        } catch (error) { this.failed(error); }
      }
      await new Promise<void>((resolve) => {
        const end = (): void => { clearTimeout(timer); this.wakeUps.delete(end); resolve(); }, timer = setTimeout(end, wait);
        this.wakeUps.add(end);
      });
    }
    return undefined;
  }

  private wake(): void { for (const end of [...this.wakeUps]) end(); }

  private tell(problem: Problem): void {
    this.options.log.error({ code: problem.code }, printProblem(problem));
    this.options.onProblem?.(problem);
  }
}
