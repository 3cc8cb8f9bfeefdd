// The conductor: runs come in as the pipeline answers, what they mean is decided, and one commit moves everything: events, ledger,
// alerts, incidents, notices, cursors. Only after it is the collector told what it may forget.
//
// One round at a time. Runs that arrive meanwhile wait and go together in the next; so a slow disk makes larger commits, not a queue.
// A conflict (an analyst was faster) repeats the deciding; a store that fails is waited for; nothing is skipped.
import { isDeepStrictEqual } from 'node:util';
import { withoutNumbers, type NumberingKind } from '../core/account/numbers.js';
import type { Hit } from '../core/alert.js';
import { ConflictError } from '../core/errors.js';
import type { Millis } from '../core/event.js';
import { hitsOf } from '../core/pipeline/hits.js';
import { bytesOf, type EvaluatedRun, type RecordBatch } from '../core/pipeline/run.js';
import type { Policy } from '../core/policy.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { streamName } from '../core/record.js';
import { TakenError } from '../core/store/shared.js';
import type { Store } from '../core/store/store.js';
import { Correlation, type Told } from './correlation.js';
import { decide, type Decision } from './decide.js';
import { byTier, latenessBy, least, type ByTier } from './lateness.js';
import type { NoticeOptions } from './notices.js';
import type { DeployedSet } from './rule-info.js';
import { Receipt } from './watermark.js';

export interface LoopOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: NoticeOptions;
  /** In force now: what incidents must be done by. Without one, they have no deadline. */
  readonly policy?: () => Policy;
  /** The rule set of a number that runs were evaluated under. */
  readonly setOf: (n: number) => DeployedSet;
  /** These positions are stored and their alerts committed. */
  readonly onCommitted: (cursors: Readonly<Record<string, number>>, runs: readonly EvaluatedRun[]) => void;
  /** Something may be waiting in the outbox. */
  readonly onNotices?: () => void;
  /** Senders' numberings that say nothing of losses. */
  readonly ignoreNumbers?: readonly NumberingKind[];
  /** For all tiers, in place of what the policy says. */
  readonly latenessMs?: number;
  /** Of a store that detectors share: correlations are judged by the one that leads (lead.ts), and a run may be somebody else's by now. */
  readonly shared?: { readonly onTaken: (taken: TakenError) => void };
  readonly groupBytesMax?: number;
  /** How often a quiet intake is looked at; 0: never (tests move the watermark themselves). */
  readonly idleEveryMs?: number;
  /** First wait after a store that failed. */
  readonly retryMs?: number;
}

export interface LoopStats {
  readonly evaluated: number;
  readonly hits: number;
  readonly alerts: number;
  readonly commits: number;
  /** Of the latest commit. */
  readonly commitMs: number;
  readonly waitingRuns: number;
  /** Received time of the latest committed record, and the watermark of verdicts. */
  readonly receivedTo: Millis;
  readonly watermark: Millis;
  readonly heldHits: number;
  readonly lateHits: number;
  /** Hits that correlations gave up for want of memory since their rule set is in force; of which correlation (uid), how many. */
  readonly droppedHits: number;
  readonly droppedBy: Readonly<Record<string, number>>;
  readonly undecidedHits: number;
  /** Why nothing is committed at present. */
  readonly problem?: string;
}

const QUIET_MS = 10_000, RETRY_MAX_MS = 10_000, MB = 1024 * 1024;

export class Loop {
  private readonly waiting: EvaluatedRun[] = [];
  private readonly receipt = new Receipt();
  private readonly inForce = new Map<string, number>();
  private correlation: { readonly n: number; readonly lateness: ByTier; readonly state: Correlation } | undefined;
  /** Watermarks of the verdicts given. The store keeps the least: after a restart some are given again, and say the same. */
  private closed: ByTier = byTier(() => 0);
  private running: Promise<void> | undefined;
  private stopped = false;
  private lastTake = 0;
  private readonly timer: NodeJS.Timeout | undefined;
  private wakeUp: (() => void) | undefined;
  private readonly counted = { evaluated: 0, hits: 0, alerts: 0, commits: 0, commitMs: 0, receivedTo: 0 };
  private problem: string | undefined;

  /** The set that verdicts are given under while no run has come. */
  private firstSet: number | undefined;

  private constructor(private readonly options: LoopOptions) {
    const every = options.idleEveryMs ?? 1_000;
    this.lastTake = options.clock.monotonic();
    if (every > 0) this.timer = setInterval(() => this.quiet(), every).unref();
  }

  static async open(options: LoopOptions): Promise<Loop> {
    const loop = new Loop(options);
    const closed = await options.store.ledger.closed();
    loop.closed = byTier(() => closed);
    return loop;
  }

  /** Windows that were open before a restart close under this set, also when nothing comes any more. */
  begin(n: number): void {
    this.firstSet ??= n;
  }

  /** A batch has been handed to the pipeline. */
  took(batch: RecordBatch): void {
    this.receipt.take(batch);
    this.lastTake = this.options.clock.monotonic();
  }

  /** The pipeline has answered. */
  ran(run: EvaluatedRun): void {
    const { ignoreNumbers = [] } = this.options;
    this.waiting.push(run.account === undefined || ignoreNumbers.length === 0 ? run : { ...run, account: withoutNumbers(run.account, ignoreNumbers) });
    this.pump();
  }

  /** On how many of the streams seen since the start this set is in force. */
  deployed(n: number): { readonly streams: number; readonly inForce: number } {
    return { streams: this.inForce.size, inForce: [...this.inForce.values()].filter((one) => one === n).length };
  }

  stats(): LoopStats {
    const state = this.correlation?.state, counts = state?.counts;
    return {
      ...this.counted, waitingRuns: this.waiting.length, watermark: least(this.closed), heldHits: counts?.held ?? 0, lateHits: counts?.late ?? 0, droppedHits: counts?.dropped ?? 0, droppedBy: state?.losses ?? {}, undecidedHits: counts?.undecided ?? 0,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  get busy(): boolean { return this.running !== undefined || this.waiting.length > 0; }

  /** Resolves when everything that came in so far is committed. */
  async settled(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** Finishes the commit that is under way; what waits comes again at the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.wakeUp?.();
    await this.running;
  }

  /** Gives the verdicts that are certain when nothing received before `mark` can come any more. */
  async advance(mark: Millis): Promise<void> {
    await this.settled();
    if (this.stopped || !this.receipt.idle) return;
    this.running = this.round([], mark).finally(() => { this.running = undefined; this.pump(); });
    await this.running;
  }

  private quiet(): void {
    const { clock } = this.options;
    if (this.options.shared !== undefined || this.running !== undefined || this.waiting.length > 0 || !this.receipt.idle || (this.correlation ?? this.firstSet) === undefined || clock.monotonic() - this.lastTake < QUIET_MS) return;
    void this.advance(clock.now() - QUIET_MS);
  }

  private pump(): void {
    if (this.running !== undefined || this.stopped || this.waiting.length === 0) return;
    this.running = this.rounds().finally(() => { this.running = undefined; this.pump(); });
  }

  private async rounds(): Promise<void> {
    await Promise.resolve();
    while (this.waiting.length > 0 && !this.stopped) await this.round(this.nextGroup(), undefined);
  }

  // Runs of one rule set: correlations are judged under the set of the hit that completes them.
  private nextGroup(): EvaluatedRun[] {
    const { groupBytesMax = 8 * MB } = this.options, [first] = this.waiting;
    let bytes = 0, count = 0;
    for (const run of this.waiting) {
      const more = bytesOf(run) + run.hits.length;
      if (run.ruleSet !== first?.ruleSet || (count > 0 && bytes + more > groupBytesMax)) break;
      bytes += more;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async round(runs: readonly EvaluatedRun[], mark: Millis | undefined): Promise<void> {
    for (const run of runs) this.receipt.evaluated(streamName(run.stream), run.to, run.receivedTo);
    const { policy, latenessMs } = this.options, lateness = latenessBy(policy?.(), latenessMs), newest = mark ?? this.receipt.mark, watermarks = byTier((tier) => Math.max(this.closed[tier], newest - lateness[tier]));
    const n = runs[0]?.ruleSet ?? this.correlation?.n ?? this.firstSet ?? 0, hits = runs.flatMap(hitsOf);
    if (this.options.shared !== undefined) { await this.untilDone(() => this.commitShared(runs, n, this.options.shared)); return; }
    const told = await this.untilDone(() => this.correlate(n, hits, lateness, watermarks));
    if (told === undefined) return;
    if (runs.length === 0 && told.length === 0) { this.closed = watermarks; return; }
    const decided = await this.untilDone(() => this.commit(runs, hits, told, least(watermarks), this.options.setOf(n)));
    if (decided === undefined) return;
    this.closed = watermarks;
    this.done(runs, hits.length, decided);
  }

  /** What correlations say to these hits. When the ledger cannot be read, the windows are built anew from what is committed. */
  private async correlate(n: number, hits: readonly Hit[], lateness: ByTier, watermarks: ByTier): Promise<readonly Told[]> {
    const { store, setOf } = this.options;
    if (this.correlation?.n !== n || !isDeepStrictEqual(this.correlation.lateness, lateness)) {
      this.correlation = undefined;
      this.correlation = { n, lateness, state: await Correlation.open(setOf(n).correlations, store.ledger, this.closed, { lateness }) };
    }
    try {
      return await this.correlation.state.take(hits, watermarks);
    } catch (error) {
      this.correlation = undefined;
      throw error;
    }
  }

  /** Commits what is still this detector's to decide. */
  private async commitShared(runs: readonly EvaluatedRun[], n: number, shared: LoopOptions['shared']): Promise<void> {
    for (let own = runs; own.length > 0 && !this.stopped;) {
      try {
        const hits = own.flatMap(hitsOf);
        this.done(own, hits.length, await this.commit(own, hits, [], undefined, this.options.setOf(n)));
        return;
      } catch (error) {
        if (!(error instanceof TakenError)) throw error;
        own = own.filter(({ stream }) => streamName(stream) !== error.stream);
        shared?.onTaken(error);
      }
    }
  }

  /** Nothing of this stream that waits is wanted any more. */
  drop(stream: string): void {
    const kept = this.waiting.filter((run) => streamName(run.stream) !== stream);
    this.waiting.splice(0, this.waiting.length, ...kept);
  }

  private async commit(runs: readonly EvaluatedRun[], hits: readonly Hit[], told: readonly Told[], watermark: Millis | undefined, set: DeployedSet): Promise<Decision> {
    const { store, clock, notices, policy } = this.options, started = clock.monotonic();
    for (let attempt = 1; ; attempt++) {
      const decided = await decide({ store, now: clock.now(), notices, policy: policy?.(), hits, told, set, again: attempt > 1 || this.problem !== undefined });
      try {
        await store.commit({ runs, ...(watermark === undefined ? {} : { closed: watermark }), alerts: decided.alerts, incidents: decided.incidents, notices: decided.notices });
        this.counted.commitMs = clock.monotonic() - started;
        return decided;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  private done(runs: readonly EvaluatedRun[], hits: number, { alerts, notices }: Decision): void {
    const cursors: Record<string, number> = {};
    for (const run of runs) {
      const name = streamName(run.stream);
      // What fills a gap moves nothing on.
      if (run.late !== true) cursors[name] = run.to;
      this.inForce.set(name, run.ruleSet);
      this.counted.evaluated += run.count;
      this.counted.receivedTo = Math.max(this.counted.receivedTo, run.receivedTo);
    }
    this.counted.hits += hits;
    this.counted.commits++;
    this.counted.alerts += alerts.length;
    if (runs.length > 0) this.options.onCommitted(cursors, runs);
    if (notices.length > 0) this.options.onNotices?.();
  }

  /** Tries until it succeeds, waiting longer each time; undefined when stopped meanwhile. */
  private async untilDone<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (let wait = this.options.retryMs ?? 500; !this.stopped; wait = Math.min(wait * 2, RETRY_MAX_MS)) {
      try {
        const result = await work();
        if (this.problem !== undefined) { this.problem = undefined; this.options.log.info('the store takes commits again'); }
        return result;
      } catch (error) {
        const message = (error as Error).message;
        if (this.problem !== message) this.options.log.error({ err: error }, 'nothing can be committed; frames wait in the spool');
        this.problem = message;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, wait);
          this.wakeUp = () => { clearTimeout(timer); resolve(); };
        });
      }
    }
    return undefined;
  }
}
