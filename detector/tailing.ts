// A detector without a collector beside it: it finds the streams of all collectors in the store that they share, matches those that are
// its own to match, and leads where it is its turn. What `startDetector` does for one process, this does for as many as there are.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { Pipeline } from '../core/pipeline/client.js';
import { policyOfNow } from '../core/policy.js';
import { printProblem } from '../core/problem.js';
import { loadPolicies } from '../core/process/policy-file.js';
import type { RuleCatalog } from '../core/rule-catalog.js';
import type { MemberFigures, StreamLag } from '../core/store/shared.js';
import { DueWatch } from './due-watch.js';
import { FieldWatch } from './field-watch.js';
import { Lead, type LeadStats } from './lead.js';
import { Loop, type LoopStats } from './loop.js';
import { openMail } from './mail.js';
import type { DetectorOptions } from './main.js';
import { Members } from './members.js';
import { Outbox } from './outbox.js';
import { DeployedRules } from './rules.js';
import { SourceWatch } from './source-watch.js';
import { Tail } from './tail.js';

export interface TailingOptions extends Omit<DetectorOptions, 'formatsFolder'> {
  /** How this detector is known to others; drawn where it is absent. */
  readonly id?: string;
  readonly beatMs?: number;
  readonly goneMs?: number;
  readonly pollMs?: number;
  readonly gapsMs?: number;
  /** How often it is looked whether somebody changed a rule. */
  readonly rulesMs?: number;
  readonly keepMs?: number;
}
export interface TailingStats extends LoopStats {
  readonly id: string;
  readonly waitingBatches: number;
  readonly busyMs: number;
  readonly compileMs: number;
  readonly deaths: number;
  /** How far decisions are behind receipt, in ms, in the stream that is furthest behind; 0 when nothing waits. */
  readonly lagMs: number;
  /** Of those this detector reads. */
  readonly streams: readonly StreamLag[];
  readonly members: readonly string[];
  readonly lead: LeadStats;
}
export interface Tailing {
  readonly catalog: RuleCatalog;
  stats(): TailingStats;
  /** Resolves when everything that was found so far is decided, or nothing can be decided at present. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const RULES_MS = 5_000, STREAMS_TOLD = 100;

export async function startTailing(options: TailingOptions): Promise<Tailing> {
  const { store, log, clock, rulesFolders, mail, id = randomUUID() } = options, { shared } = store;
  if (shared === undefined) throw new Error('expected a store that services share, got the embedded one');
  const outbox = mail === undefined ? undefined : new Outbox({ outbox: store.outbox, sender: openMail(mail), clock, log });
  const site = rulesFolders[rulesFolders.length - 1];
  if (site !== undefined) await mkdir(site, { recursive: true }).catch(() => undefined);

  const sources = new SourceWatch(store, clock, log), fields = new FieldWatch(store.settings, clock, log);
  await fields.open();
  const pipeline = new Pipeline({ onRun: (run) => tail.ran(run), onProblem: (problem) => log.error({ code: problem.code }, printProblem(problem)), onFields: (kinds) => fields.add(kinds) });
  const rules = new DeployedRules({
    store, folders: rulesFolders, placeholders: options.placeholders ?? {}, log, clock, watch: options.watchRules, inForce: (n) => loop.deployed(n),
    deploy: async (set) => pipeline.setRules(set), feeds: () => sources.current(), seen: () => fields.current(), dropped: () => lead.stats().droppedBy,
  });
  const ruleSet = (): number => rules.deployed().n, needsRules = (n: number): void => { if (n > ruleSet()) reload(); };
  let reloading: Promise<void> | undefined;
  const reload = (): void => {
    reloading ??= rules.redeploy('detector').catch((error: unknown) => { log.error({ err: error }, 'the rules cannot be deployed'); }).finally(() => { reloading = undefined; });
  };
  const policy = policyOfNow(options.policies ?? loadPolicies(), () => clock.now()), dues = new DueWatch(store, policy, log), notices = { recipients: mail?.recipients ?? [], ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }) };
  const late = options.latenessMs === undefined ? {} : { latenessMs: options.latenessMs }, onNotices = (): void => outbox?.wake();
  const figures = (): MemberFigures => {
    const problem = loop.stats().problem ?? tail.failing;
    return { streams: [...tail.lags()].sort((a, b) => b.lagMs - a.lagMs).slice(0, STREAMS_TOLD), ...(problem === undefined ? {} : { problem }) };
  };
  const members = new Members(id, shared, clock, log, options.beatMs, options.goneMs, figures);
  const loop: Loop = await Loop.open({
    store, clock, log, policy, notices, setOf: (n) => rules.setOf(n), onCommitted: (positions, runs) => tail.committed(positions, runs), onNotices, ...late,
    shared: { onTaken: (taken) => tail.taken(taken) },
  }).catch(async (error: unknown) => { await pipeline.stop(); throw error; });
  const tail: Tail = new Tail({ shared, members, pipeline, loop: () => loop, needsRules, ruleSet, clock, log, ...(options.pollMs === undefined ? {} : { pollMs: options.pollMs }), ...(options.gapsMs === undefined ? {} : { gapsMs: options.gapsMs }) });
  const lead: Lead = new Lead({ store, shared, leads: () => members.owns('lead'), setOf: (n) => rules.setOf(n), ruleSet, needsRules, notices, policy, onNotices, clock, log, ...late, ...(options.keepMs === undefined ? {} : { keepMs: options.keepMs }) });
  const stopAll = async (): Promise<void> => {
    sources.stop();
    clearInterval(watching);
    await tail.stop();
    await lead.stop();
    await rules.stop();
    await pipeline.stop();
    await fields.stop();
    await loop.stop();
    await dues.stop();
    await outbox?.stop();
    await members.stop();
  };
  let watching: NodeJS.Timeout | undefined;
  try {
    await rules.start();
    await members.start();
  } catch (error) {
    await stopAll().catch(() => undefined);
    throw error;
  }
  // What the console changed is in the store; nobody tells.
  watching = setInterval(() => {
    store.deployments.latest().then(async (latest) => { if ((latest?.n ?? 0) > ruleSet() || await changed()) reload(); }).catch(() => undefined);
  }, options.rulesMs ?? RULES_MS);
  let tunings: string | undefined;
  const changed = async (): Promise<boolean> => {
    const before = tunings;
    tunings = (await store.tunings.list()).map(({ id: rule, version }) => `${rule} ${version}`).sort().join('\n');
    return before !== undefined && before !== tunings;
  };
  tail.start();
  lead.start();
  outbox?.start();
  dues.start();
  sources.current();

  return {
    catalog: rules,
    stats() {
      const { waiting, busyMs, compileMs, deaths } = pipeline.stats(), stats = loop.stats(), streams = tail.lags(), leading = lead.stats(), problem = stats.problem ?? tail.failing ?? leading.problem;
      return {
        ...stats, id, waitingBatches: waiting, busyMs, compileMs, deaths, streams, members: members.present(), lead: leading, alerts: stats.alerts + leading.alerts,
        watermark: leading.watermark, heldHits: leading.heldHits, lateHits: leading.lateHits, droppedHits: leading.droppedHits, droppedBy: leading.droppedBy, undecidedHits: leading.undecidedHits,
        lagMs: Math.max(0, ...streams.map(({ lagMs }) => lagMs)), ...(problem === undefined ? {} : { problem }),
      };
    },
    async settled() { while (!tail.idle && tail.failing === undefined && loop.stats().problem === undefined) await new Promise((resolve) => { setTimeout(resolve, 20); }); },
    stop: stopAll,
  };
}
