// The rules in force: loaded from their folders, changed by the site's tunings, published as a numbered set, handed to the pipeline.
// A broken file is told with its place and stops no other. A set is published when what it evaluates changed: another text, another
// exception, an exception whose time is over.
import { ConflictError } from '../core/errors.js';
import { compileAway } from '../core/pipeline/compile-away.js';
import type { RuleSetInput } from '../core/pipeline/engine.js';
import { isError, printProblem, type Problem } from '../core/problem.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import type { CatalogRule, DeployedState, RuleCatalog } from '../core/rule-catalog.js';
import { placeholdersInForce, placeholderStates, PLACEHOLDERS_SETTING, readPlaceholders, type SitePlaceholders } from '../core/rule-placeholders.js';
import type { RuleSet } from '../core/sigma/compiled.js';
import type { Placeholders } from '../core/sigma/modifiers.js';
import type { KnownKind } from '../core/sigma/seen-fields.js';
import type { RuleTuning, Store } from '../core/store/store.js';
import { catalogOf } from './catalog.js';
import { readRules, watchRules, type Watching } from './rule-files.js';
import { deployedSet, type DeployedSet } from './rule-info.js';
import type { Feeds } from './source-watch.js';

export interface DeployedRulesOptions {
  readonly store: Pick<Store, 'tunings' | 'deployments' | 'settings'>;
  /** The package's own, then the site's. */
  readonly folders: readonly string[];
  /** Of the configuration; those that people set in the console stand before them. */
  readonly placeholders: Placeholders;
  readonly log: Log;
  readonly clock: Clock;
  /** Puts a set in force from the next batch on; what was taken before is answered under the set before. */
  readonly deploy: (set: RuleSetInput) => Promise<unknown>;
  /** On how many streams a set is in force. */
  readonly inForce: (n: number) => { readonly streams: number; readonly inForce: number };
  readonly watch?: boolean;
  /** Which log sources speak; undefined while nobody knows. */
  readonly feeds?: () => Feeds | undefined;
  /** Which fields events had; the same list until something was learnt. */
  readonly seen?: () => readonly KnownKind[];
  /** Hits that correlations gave up for want of memory, by uid. */
  readonly dropped?: () => Readonly<Record<string, number>>;
}

/** Sets that runs under way may still name. */
const SETS_KEPT = 8;
const TIMER_MAX_MS = 12 * 3_600_000;

export class DeployedRules implements RuleCatalog {
  private readonly sets = new Map<number, DeployedSet>([[0, deployedSet(0, { rules: [], correlations: [] })]]);
  private current: { readonly n: number; readonly rules: RuleSet; readonly fileProblems: readonly Problem[]; readonly site: SitePlaceholders } | undefined;
  private listed: { readonly of: RuleSet; readonly feeds: Feeds | undefined; readonly seen: readonly KnownKind[] | undefined; readonly rules: readonly CatalogRule[] } | undefined;
  private watching: Watching | undefined;
  private expiry: NodeJS.Timeout | undefined;
  private queue: Promise<void> = Promise.resolve();
  private told = '';
  private closed = false;

  constructor(private readonly options: DeployedRulesOptions) {}

  /** Loads, publishes and hands over the first set; then watches. */
  async start(): Promise<void> {
    await this.redeploy('detector');
    if (this.options.watch !== false) this.watching = watchRules(this.options.folders, () => { void this.redeploy('files').catch((error: unknown) => this.options.log.error({ err: error }, 'the rules cannot be deployed')); });
  }

  async stop(): Promise<void> {
    this.closed = true;
    this.watching?.close();
    clearTimeout(this.expiry);
    await this.queue.catch(() => undefined);
  }

  rules(): readonly CatalogRule[] {
    if (this.current === undefined) return [];
    const { rules } = this.current, feeds = this.options.feeds?.(), seen = this.options.seen?.();
    if (this.listed?.of !== rules || this.listed.feeds !== feeds || this.listed.seen !== seen) this.listed = { of: rules, feeds, seen, rules: catalogOf(rules, feeds, seen) };
    const dropped = this.options.dropped?.() ?? {};
    if (Object.keys(dropped).length === 0) return this.listed.rules;
    return this.listed.rules.map((rule) => (Object.hasOwn(dropped, rule.id) ? { ...rule, hitsDropped: dropped[rule.id] } : rule));
  }
  problems(): readonly Problem[] { return [...this.current?.fileProblems ?? [], ...this.current?.rules.problems ?? []].filter(isError); }
  deployed(): DeployedState {
    const n = this.current?.n ?? 0;
    return { n, ...this.options.inForce(n) };
  }
  placeholders(): ReturnType<RuleCatalog['placeholders']> {
    const { version, of } = this.current?.site ?? readPlaceholders(undefined), used = new Map<string, string[]>();
    for (const { uid, placeholders = [] } of this.current?.rules.rules ?? []) for (const name of placeholders) used.set(name, [...used.get(name) ?? [], uid]);
    return { version, of: placeholderStates(this.options.placeholders, { version, of }, used) };
  }
  /** The set that runs of this number were evaluated under. */
  setOf(n: number): DeployedSet {
    const set = this.sets.get(n);
    if (set === undefined) throw new Error(`expected rule set ${n} among the latest ${SETS_KEPT}, got ${[...this.sets.keys()].join(', ')}`);
    return set;
  }

  /** One at a time, each on what is stored when its turn comes. */
  redeploy(by: string): Promise<void> {
    const turn = this.queue.catch(() => undefined).then(() => this.deploy(by));
    this.queue = turn;
    return turn;
  }

  private async deploy(by: string): Promise<void> {
    if (this.closed) return;
    const { store, folders, clock, deploy } = this.options, now = clock.now();
    const [{ sources, problems }, tunings, values] = await Promise.all([readRules(folders), store.tunings.list(), store.settings.get(PLACEHOLDERS_SETTING).then(readPlaceholders)]), placeholders = placeholdersInForce(this.options.placeholders, values);
    const site = siteOf(tunings, now), { rules, packed } = await compileAway({ sources, placeholders, ...site });
    const n = await this.publish(versionsOf(rules), by, now);
    this.sets.set(n, deployedSet(n, rules));
    for (const old of this.sets.keys()) if (old !== 0 && old <= n - SETS_KEPT) this.sets.delete(old);
    this.tell([...problems, ...rules.problems]);
    if (n !== this.current?.n) await deploy(packed === undefined ? { n, sources, placeholders, ...site } : { n, sources: [], placeholders, ...site, packed });
    this.current = { n, rules, fileProblems: problems, site: values };
    this.waitForExpiry(tunings, now);
  }

  /** The number of the set of these versions: the latest one's, or the next, published. */
  private async publish(versions: Readonly<Record<string, string>>, by: string, at: number): Promise<number> {
    const { deployments } = this.options.store;
    for (;;) {
      const latest = await deployments.latest();
      if (latest !== undefined && isSame(latest.rules, versions)) return latest.n;
      try {
        const n = (latest?.n ?? 0) + 1;
        await deployments.publish({ n, at, by, rules: versions });
        this.options.log.info({ set: n, rules: Object.keys(versions).length, by }, 'a rule set is published');
        return n;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  private waitForExpiry(tunings: readonly RuleTuning[], now: number): void {
    clearTimeout(this.expiry);
    const next = Math.min(...tunings.flatMap(({ exceptions }) => exceptions.map(({ expires }) => Date.parse(expires))).filter((at) => at > now));
    if (!Number.isFinite(next)) return;
    this.expiry = setTimeout(() => { void this.redeploy('expiry').catch((error: unknown) => this.options.log.error({ err: error }, 'the rules cannot be deployed')); }, Math.min(next - now + 1, TIMER_MAX_MS)).unref();
  }

  private tell(problems: readonly Problem[]): void {
    const errors = problems.filter(isError), text = errors.map(printProblem).join('\n');
    if (text === this.told) return;
    this.told = text;
    for (const problem of errors) this.options.log.error({ code: problem.code, file: problem.file, line: problem.line, column: problem.column }, printProblem(problem));
  }
}

/** What the site says, as far as it holds now. */
export function siteOf(tunings: readonly RuleTuning[], now: number): Pick<RuleSetInput, 'disabled' | 'exceptions' | 'thresholds'> {
  const sorted = [...tunings].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    disabled: sorted.filter(({ enabled }) => !enabled).map(({ id }) => id),
    exceptions: sorted.flatMap(({ id, exceptions }) => exceptions.filter(({ expires }) => !(Date.parse(expires) <= now)).map(({ field, value }) => ({ ruleId: id, field, value }))),
    thresholds: Object.fromEntries(sorted.flatMap(({ id, threshold }) => (threshold === undefined ? [] : [[id, threshold]]))),
  };
}

/** What evaluates: a rule that is off, or has no values for its placeholders, is in no set. */
function versionsOf({ rules, correlations }: RuleSet): Readonly<Record<string, string>> {
  return Object.fromEntries([...rules, ...correlations].filter(({ state }) => state === 'alive').map(({ uid, version, reports }) => [uid, reports ? version : `${version}+base`]));
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
