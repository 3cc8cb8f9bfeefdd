// The detector: records in, alerts, incidents and notices out. It is given a store and rules, opens the pipeline's thread, and is
// told of batches by whoever collects; what is stored and decided it says by `onCommitted`.
import { mkdir } from 'node:fs/promises';
import type { NumberingKind } from '../core/account/numbers.js';
import { Pipeline } from '../core/pipeline/client.js';
import type { EvaluatedRun, RecordBatch } from '../core/pipeline/run.js';
import { parseSource } from '../core/pipeline/encode.js';
import type { WarmLine } from '../core/pipeline/pipeline.js';
import { policyOfNow, type PolicyPack } from '../core/policy.js';
import { printProblem } from '../core/problem.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { loadPolicies } from '../core/process/policy-file.js';
import { parseStreamName, streamName } from '../core/record.js';
import type { RuleCatalog } from '../core/rule-catalog.js';
import type { Placeholders } from '../core/sigma/modifiers.js';
import type { Store } from '../core/store/store.js';
import { DueWatch } from './due-watch.js';
import { FieldWatch } from './field-watch.js';
import { FormatWatch, formatsNow } from './format-watch.js';
import { Loop, type LoopStats } from './loop.js';
import { openMail, type MailOptions } from './mail.js';
import type { Recipient } from './notices.js';
import { Outbox } from './outbox.js';
import { DeployedRules } from './rules.js';
import { SilenceWatch } from './silence-watch.js';
import { SourceWatch } from './source-watch.js';

export interface DetectorOptions {
  readonly store: Store;
  /** The package's own rules, then the site's. The last is made when it is missing. */
  readonly rulesFolders: readonly string[];
  /** Descriptions of sources that no module knows (`data/formats`). */
  readonly formatsFolder?: string;
  readonly placeholders?: Placeholders;
  /** Senders' numberings that say nothing of losses: they number more than they send. */
  readonly ignoreNumbers?: readonly NumberingKind[];
  readonly mail?: MailOptions & { readonly recipients: readonly Recipient[] };
  /** By which incidents must be done; without them, those the program ships. */
  readonly policies?: readonly PolicyPack[];
  /** Where people reach the console, for links in mails. */
  readonly publicUrl?: string;
  readonly log: Log;
  readonly clock: Clock;
  /** How late a hit may come and still count as on time for averages and conditions that more hits can undo. */
  readonly latenessMs?: number;
  readonly watchRules?: boolean;
}

/** Positions, and the runs whose commit moved them there (none where they were known before). */
export type CommittedListener = (cursors: Readonly<Record<string, number>>, runs: readonly EvaluatedRun[]) => void;

export interface Detector {
  /** Durable records of one stream, in order, following what was taken before; those at or below the stored cursor are told as committed. */
  take(batch: RecordBatch): void;
  /** Positions by stream name below which everything is stored and decided. Returns how to stop listening. */
  onCommitted(listener: CommittedListener): () => void;
  readonly catalog: RuleCatalog;
  stats(): DetectorStats;
  /** Resolves when everything taken so far is committed, or nothing can be committed at present. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}
export interface DetectorStats extends LoopStats {
  /** Batches with the pipeline. */
  readonly waitingBatches: number;
  /** Milliseconds the pipeline's thread was at work, in all. */
  readonly busyMs: number;
  readonly compileMs: number;
  /** How often the pipeline's thread had to be started again. */
  readonly deaths: number;
  /** How far decisions are behind receipt, in ms; 0 when nothing waits. */
  readonly lagMs: number;
}

const WARM_LINES = 500, WARM_STREAMS = 10;
/** Decisions this far behind receipt: who has not been heard cannot be said. */
const BEHIND_MS = 30_000;

export async function startDetector(options: DetectorOptions): Promise<Detector> {
  const { store, log, clock, rulesFolders, mail } = options;
  const listeners = new Set<CommittedListener>();
  const committed: CommittedListener = (cursors, runs) => { for (const listener of listeners) listener(cursors, runs); };
  const outbox = mail === undefined ? undefined : new Outbox({ outbox: store.outbox, sender: openMail(mail), clock, log });
  const positions = new Map(Object.entries(await store.cursors.all()));

  const site = rulesFolders[rulesFolders.length - 1];
  if (site !== undefined) await mkdir(site, { recursive: true }).catch(() => undefined);

  const formats = await formatsNow(store, options.formatsFolder);
  const pipeline = new Pipeline({ formats, documents: store.shared !== undefined, onRun: (run) => loop.ran(run), onProblem: (problem) => log.error({ code: problem.code }, printProblem(problem)), onFields: (kinds) => fields.add(kinds) });
  const described = new FormatWatch(store, options.formatsFolder, formats, (now) => { pipeline.setFormats(now); }, log);
  const sources = new SourceWatch(store, clock, log), fields = new FieldWatch(store.settings, clock, log);
  await fields.open();
  const rules = new DeployedRules({
    store, folders: rulesFolders, placeholders: options.placeholders ?? {}, log, clock, watch: options.watchRules, inForce: (n) => loop.deployed(n),
    deploy: async (set) => pipeline.setRules(set), feeds: () => sources.current(), seen: () => fields.current(), dropped: () => loop.stats().droppedBy,
  });
  const policy = policyOfNow(options.policies ?? loadPolicies(), () => clock.now()), dues = new DueWatch(store, policy, log);
  const notices = { recipients: mail?.recipients ?? [], ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }) };
  const loop = await Loop.open({
    store, clock, log, policy, notices, ignoreNumbers: options.ignoreNumbers ?? [],
    setOf: (n) => rules.setOf(n), onCommitted: committed, onNotices: () => outbox?.wake(), ...(options.latenessMs === undefined ? {} : { latenessMs: options.latenessMs }),
  });
  const statsNow = (): DetectorStats => {
    const { waiting, busyMs, compileMs, deaths } = pipeline.stats(), stats = loop.stats(), waits = waiting > 0 || stats.waitingRuns > 0;
    return { ...stats, waitingBatches: waiting, busyMs, compileMs, deaths, lagMs: waits && stats.receivedTo > 0 ? Math.max(0, clock.now() - stats.receivedTo) : 0 };
  };
  const silence = new SilenceWatch({ store, policy, clock, log, notices, behind: () => { const { problem, lagMs } = statsNow(); return problem !== undefined || lagMs > BEHIND_MS; }, onNotices: () => outbox?.wake() });
  try {
    await rules.start();
    loop.begin(rules.deployed().n);
    pipeline.warmUp(await recentLines(store, positions));
  } catch (error) {
    await Promise.all([rules.stop(), loop.stop(), pipeline.stop()]);
    throw error;
  }
  outbox?.start();
  dues.start();
  described.start();
  silence.start();
  // Known when the first person looks.
  sources.current();

  return {
    take(batch) {
      const name = streamName(batch.stream), known = positions.get(name) ?? 0;
      if (batch.to <= known) { committed({ [name]: known }, []); return; }
      positions.set(name, batch.to);
      loop.took(batch);
      pipeline.take(batch);
    },
    onCommitted(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    catalog: rules,
    stats: statsNow,
    async settled() {
      // A store that takes nothing is not waited for: what is not committed comes again at the next start.
      for (let stats = loop.stats(); (pipeline.stats().waiting > 0 || loop.busy) && stats.problem === undefined; stats = loop.stats()) await new Promise((resolve) => { setTimeout(resolve, 5); });
    },
    async stop() {
      sources.stop();
      await described.stop();
      await rules.stop();
      await pipeline.stop();
      await fields.stop();
      await loop.stop();
      await silence.stop();
      await dues.stop();
      await outbox?.stop();
    },
  };
}

/** The last lines of each stream: what the next ones may look back at. */
async function recentLines(store: Store, positions: ReadonlyMap<string, number>): Promise<readonly WarmLine[]> {
  const lines: (WarmLine & { readonly at: number })[] = [];
  // The newest streams only: every start of a collector begins new ones.
  const newest = [...positions].sort(([a], [b]) => parseStreamName(b).epoch - parseStreamName(a).epoch).slice(0, WARM_STREAMS);
  for (const [name, position] of newest) {
    for (const event of await store.events.after(parseStreamName(name), Math.max(1, position - WARM_LINES + 1), WARM_LINES)) {
      if (typeof event['event.original'] !== 'string' || String(event['event.dataset']).startsWith('haidang.')) continue;
      const received = Date.parse(String(event['event.created']));
      lines.push({ original: event['event.original'], received, source: parseSource(String(event['log.source.address'] ?? ''), undefined), at: received });
    }
  }
  return lines.sort((a, b) => a.at - b.at).map(({ original, received, source }) => ({ original, received, source }));
}
