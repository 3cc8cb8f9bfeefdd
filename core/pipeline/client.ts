// The near end of the pipeline's thread: batches go in, runs come out in the same order. When the thread dies or stands still, it is
// started again and the batch it was on is halved until one record is left; that record becomes an event with its text and the tag
// `poison`. Nothing is skipped, nothing is tried for ever.
import { Worker } from 'node:worker_threads';
import { builtUrl } from '../process/built.js';
import { streamName } from '../record.js';
import type { Problem } from '../problem.js';
import type { SeenKind } from '../sigma/seen-fields.js';
import type { RuleSetInput } from './engine.js';
import { createContext, evaluateBatch, type Engine, type WarmLine } from './pipeline.js';
import type { FormatText } from '../process/format-files.js';
import type { FromWorker, ToWorker, WorkerData } from './protocol.js';
import type { EvaluatedRun, RecordBatch, StoredBatch } from './run.js';
import { halve, halveStored } from './split.js';
import { evaluateStored } from './stored.js';

export interface PipelineOptions {
  readonly onRun: (run: EvaluatedRun) => void;
  /** A record that cannot be read without a crash, or a thread that cannot be started. */
  readonly onProblem: (problem: Problem) => void;
  /** Which fields events had, about once a minute. */
  readonly onFields?: (kinds: readonly SeenKind[]) => void;
  /** A batch without an answer after this long counts as one that crashed. */
  readonly standstillMs?: number;
  readonly memoryMb?: number;
  /** Descriptions of sources, tried before our own formats, until `setFormats` says others. */
  readonly formats?: readonly FormatText[];
  /** Runs have documents in place of events: for a store that searches these. */
  readonly documents?: boolean;
  /** Tests name a worker of their own. */
  readonly workerUrl?: URL;
}

interface Waiting { readonly set: RuleSetInput; readonly resolve: (problems: readonly Problem[]) => void; readonly reject: (error: Error) => void }
type Work = { readonly kind: 'batch'; readonly batch: RecordBatch } | { readonly kind: 'stored'; readonly batch: StoredBatch } | { readonly kind: 'rules'; readonly waiting: Waiting };

const RESTART_MS = 500;

export class Pipeline {
  private worker: Worker | undefined;
  /** Sent and not answered, in order. */
  private readonly sent: Work[] = [];
  private inForce: RuleSetInput | undefined;
  private warm: readonly WarmLine[] = [];
  /** The latest batch answered of each stream: what a new thread looks back at. */
  private readonly before = new Map<string, RecordBatch>();
  private lastAnswer = 0;
  private formats: readonly FormatText[];
  private deaths = 0;
  private stopped = false;
  private restart: NodeJS.Timeout | undefined;
  private readonly watch: NodeJS.Timeout;
  private busyMs = 0;
  private compileMs = 0;

  constructor(private readonly options: PipelineOptions) {
    this.formats = options.formats ?? [];
    const standstill = options.standstillMs ?? 60_000;
    this.watch = setInterval(() => {
      if (this.sent.length > 0 && this.worker !== undefined && performance.now() - this.lastAnswer > standstill) void this.worker.terminate();
    }, Math.max(20, Math.min(1_000, standstill / 4)));
    this.watch.unref();
    this.start();
  }

  /** Puts a set in force from the next batch on; resolves when it is compiled, with what is wrong in it. */
  setRules(set: RuleSetInput): Promise<readonly Problem[]> {
    return new Promise((resolve, reject) => this.send({ kind: 'rules', waiting: { set, resolve, reject } }));
  }

  /** Descriptions of sources from the next batch on; one that cannot be used is left out. */
  setFormats(formats: readonly FormatText[]): void {
    this.formats = formats;
    this.post({ kind: 'formats', formats });
  }

  take(batch: RecordBatch): void {
    this.send({ kind: 'batch', batch });
  }

  /** Events that are in the store already; they are matched and nothing else. */
  takeStored(batch: StoredBatch): void {
    this.send({ kind: 'stored', batch });
  }

  /** Lines just before the cursors, so that a restart does not forget what later lines look back at. */
  warmUp(lines: readonly WarmLine[]): void {
    this.warm = lines;
    this.post({ kind: 'warm', lines });
  }

  stats(): { readonly waiting: number; readonly busyMs: number; readonly compileMs: number; readonly deaths: number } {
    return { waiting: this.sent.length, busyMs: this.busyMs, compileMs: this.compileMs, deaths: this.deaths };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watch);
    clearTimeout(this.restart);
    for (const work of this.sent.splice(0)) if (work.kind === 'rules') work.waiting.reject(new Error('the pipeline was stopped'));
    await this.worker?.terminate();
  }

  private send(work: Work): void {
    if (this.stopped) {
      if (work.kind === 'rules') work.waiting.reject(new Error('the pipeline was stopped'));
      return;
    }
    if (this.sent.length === 0) this.lastAnswer = performance.now();
    this.sent.push(work);
    this.post(messageOf(work));
  }

  private post(message: ToWorker): void {
    if (this.worker === undefined) return;
    if (message.kind !== 'batch' && message.kind !== 'warm-batch') { this.worker.postMessage(message); return; }
    // Copied once: what was taken stays here until it is answered, and is often a view on a buffer that others use.
    const bytes = new Uint8Array(message.batch.bytes);
    this.worker.postMessage({ ...message, batch: { ...message.batch, bytes } }, [bytes.buffer]);
  }

  private start(): void {
    const worker = new Worker(this.options.workerUrl ?? builtUrl(import.meta.url, './worker.js'), { resourceLimits: { maxOldGenerationSizeMb: this.options.memoryMb ?? 1024 }, stderr: false, workerData: { formats: this.formats, documents: this.options.documents === true } satisfies WorkerData });
    this.worker = worker;
    this.lastAnswer = performance.now();
    let reason: unknown;
    worker.on('message', (message: FromWorker) => { if (this.worker === worker) this.answered(message); });
    worker.on('error', (error) => { reason = error; });
    worker.on('exit', () => { if (this.worker === worker) this.died(reason); });
    if (this.inForce !== undefined && this.sent[0]?.kind !== 'rules') worker.postMessage({ kind: 'rules', set: this.inForce } satisfies ToWorker);
    if (this.warm.length > 0) worker.postMessage({ kind: 'warm', lines: this.warm } satisfies ToWorker);
    for (const batch of this.before.values()) this.post({ kind: 'warm-batch', batch });
    for (const work of this.sent) this.post(messageOf(work));
  }

  private answered(message: FromWorker): void {
    if (message.kind === 'fields') { this.options.onFields?.(message.kinds); return; }
    this.lastAnswer = performance.now();
    const first = this.sent[0];
    if (message.kind === 'rules') {
      this.compileMs = message.compileMs;
      // A new thread compiles the set in force again, unasked.
      if (first?.kind !== 'rules' || first.waiting.set.n !== message.n) return;
      this.sent.shift();
      this.inForce = first.waiting.set;
      first.waiting.resolve(message.problems);
      return;
    }
    if (first?.kind !== 'batch' && first?.kind !== 'stored') return;
    this.sent.shift();
    this.busyMs += message.busyMs;
    if (first.kind === 'batch') this.before.set(streamName(first.batch.stream), first.batch);
    this.options.onRun(message.run);
  }

  private died(reason: unknown): void {
    this.worker = undefined;
    if (this.stopped) return;
    this.deaths++;
    const what = reason === undefined ? 'the thread ended or stood still' : (reason as Error).message;
    const [suspect] = this.sent;
    if (suspect?.kind === 'batch') this.isolate(suspect.batch, what);
    else if (suspect?.kind === 'stored') this.isolateStored(suspect.batch, what);
    else if (suspect?.kind === 'rules') {
      this.sent.shift();
      suspect.waiting.reject(new Error(`the rules of set ${suspect.waiting.set.n} cannot be compiled: ${what}`));
    } else this.options.onProblem({ code: 'pipeline.thread.died', message: `the pipeline's thread died: ${what}. It is started again.` });
    this.restart = setTimeout(() => this.start(), this.deaths > 3 && suspect === undefined ? RESTART_MS * 10 : suspect === undefined ? RESTART_MS : 0);
  }

  private isolate(batch: RecordBatch, what: string): void {
    const halves = halve(batch);
    this.sent.shift();
    if (halves !== undefined) { this.sent.unshift({ kind: 'batch', batch: halves[0] }, { kind: 'batch', batch: halves[1] }); return; }
    this.options.onProblem({ code: 'pipeline.record.poison', message: `expected record ${batch.from} of ${streamName(batch.stream)} to be read, got: ${what}. It is stored as text.` });
    this.options.onRun(evaluateBatch(batch, PASSED(this.inForce?.n ?? 0), createContext(), { poison: true, documents: this.options.documents === true }));
  }

  private isolateStored(batch: StoredBatch, what: string): void {
    const halves = halveStored(batch);
    this.sent.shift();
    if (halves !== undefined) { this.sent.unshift({ kind: 'stored', batch: halves[0] }, { kind: 'stored', batch: halves[1] }); return; }
    this.options.onProblem({ code: 'pipeline.event.poison', message: `expected event ${batch.from} of ${streamName(batch.stream)} to be matched, got: ${what}. No rule is met by it.` });
    this.options.onRun(evaluateStored(batch, PASSED(this.inForce?.n ?? 0)));
  }
}

const PASSED = (n: number): Engine => ({ n, evaluate: () => [] });
const messageOf = (work: Work): ToWorker => (work.kind === 'rules' ? { kind: 'rules', set: work.waiting.set } : work);
