// What only one detector does, the one that leads: correlations over the hits of all streams, in the order in which they were decided, and
// keeping: indices made ahead, sealed segments read back. What is told goes with the number of the last change that was taken in one
// commit, which names the number before: of two who believe that they lead, one is refused and begins anew from what is committed.
import { isDeepStrictEqual } from 'node:util';
import { ConflictError } from '../core/errors.js';
import type { Millis } from '../core/event.js';
import type { Policy } from '../core/policy.js';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import { streamName } from '../core/record.js';
import { ReadingBack } from '../core/store/reading-back.js';
import type { Shared, StreamCursor } from '../core/store/shared.js';
import type { Store } from '../core/store/store.js';
import { Correlation, type Told } from './correlation.js';
import { decide } from './decide.js';
import { byTier, latenessBy, least, type ByTier } from './lateness.js';
import type { NoticeOptions } from './notices.js';
import type { DeployedSet } from './rule-info.js';
import { openStreams } from './tail.js';

export interface LeadOptions {
  readonly store: Store;
  readonly shared: Shared;
  /** Is it this one that leads? */
  readonly leads: () => boolean;
  readonly setOf: (n: number) => DeployedSet;
  /** The number of the rules in force here, and how to get a newer one. */
  readonly ruleSet: () => number;
  readonly needsRules: (n: number) => void;
  readonly notices: NoticeOptions;
  readonly policy?: () => Policy;
  readonly latenessMs?: number;
  readonly onNotices?: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly roundMs?: number;
  readonly keepMs?: number;
  /** A stream of which nothing was heard for so long is left out of the watermark, by a record. */
  readonly silentMs?: number;
}

export interface LeadStats {
  readonly leading: boolean;
  readonly alerts: number;
  readonly watermark: Millis;
  readonly heldHits: number;
  readonly lateHits: number;
  /** Hits that correlations gave up for want of memory since their rule set is in force; of which correlation (uid), how many. */
  readonly droppedHits: number;
  readonly droppedBy: Readonly<Record<string, number>>;
  readonly undecidedHits: number;
  /** Changes that are decided and not correlated. */
  readonly behind: number;
  readonly openReceipts: number;
  readonly problem?: string;
}

/** From taking the lead to losing it, or to an outcome that is not known. */
interface Leading {
  /** Hits of changes up to `committed` are correlated for good, those up to `taken` here. */
  committed: number;
  taken: number;
  closed: ByTier;
  correlation?: { readonly n: number; readonly lateness: ByTier; readonly state: Correlation };
  told: { readonly n: number; readonly told: Told }[];
  /** A watermark counts when every hit of the streams' state it was read from is taken. */
  marks: { readonly decided: number; readonly mark: Millis }[];
  committedAt: number;
  /** Taken since the last commit. */
  hits: number;
  closedCommitted: Millis;
}

const ROUND_MS = 500, KEEP_MS = 5_000, SILENT_MS = 10 * 60_000, COMMIT_EVERY_MS = 1_000, CLOSED_EVERY_MS = 60_000, SETTLE_AFTER = 2, RETRY_MS = 1_000;
const LEFT_OUT = 'watermark.left-out';

export class Lead {
  private leading: Leading | undefined;
  private working: Promise<void> | undefined;
  private keeping: Promise<void> | undefined;
  private readonly readingBack: ReadingBack;
  private stopped = false;
  private wake: (() => void) | undefined;
  private keptAt = -Infinity;
  private stillRounds = 0;
  private readonly silent = new Map<string, { position: number; since: number }>();
  private readonly counted = { alerts: 0, behind: 0, openReceipts: 0, watermark: 0 };
  private problem: string | undefined;

  constructor(private readonly options: LeadOptions) { this.readingBack = new ReadingBack(options.shared, () => options.clock.monotonic()); }

  start(): void { this.working = this.work(); }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.working;
    await this.keeping;
  }

  stats(): LeadStats {
    const state = this.leading?.correlation?.state, counts = state?.counts;
    return {
      leading: this.leading !== undefined, ...this.counted, heldHits: counts?.held ?? 0, lateHits: counts?.late ?? 0, droppedHits: counts?.dropped ?? 0, droppedBy: state?.losses ?? {}, undecidedHits: counts?.undecided ?? 0,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  private async work(): Promise<void> {
    const { leads, log, roundMs = ROUND_MS } = this.options;
    while (!this.stopped) {
      let wait = roundMs;
      if (!leads()) this.leading = this.problem = undefined;
      else {
        try {
          this.keep();
          await this.round();
          if (this.problem !== undefined) { this.problem = undefined; log.info('the store takes correlations again'); }
        } catch (error) {
          // Whether it was committed is not known, or somebody else leads: begin again from what is.
          this.leading = undefined;
          const { message } = error as Error;
          if (this.problem !== message && !(error instanceof ConflictError)) log.error({ err: error }, 'correlations cannot be judged');
          this.problem = message;
          wait = RETRY_MS;
        }
      }
      await new Promise<void>((resolve) => { const timer = setTimeout(resolve, wait); this.wake = () => { clearTimeout(timer); resolve(); }; });
    }
  }

  private async round(): Promise<void> {
    const { shared, clock } = this.options, leading = this.leading ?? await this.begin();
    this.leading = leading;
    const cursors = await shared.cursors(), mark = await this.markOf(cursors), { found, decided } = await shared.lastChange(this.stillRounds >= SETTLE_AFTER);
    this.stillRounds = found === leading.taken ? this.stillRounds + 1 : 0;
    leading.marks.push({ decided, mark });
    if (found > leading.taken) await this.take(leading, found);
    const usable = leading.marks.filter((one) => one.decided <= leading.taken), newest = usable[usable.length - 1];
    if (newest !== undefined) {
      leading.marks = leading.marks.filter((one) => one.decided > leading.taken);
      await this.judge(leading, this.setNumber(leading, 0), [], newest.mark);
    }
    // A commit of its own is a change, too: only what brought hits, or some time, is worth one.
    const worth = leading.hits > 0 || least(leading.closed) - leading.closedCommitted >= CLOSED_EVERY_MS;
    if (leading.told.length > 0 || (worth && clock.monotonic() - leading.committedAt >= COMMIT_EVERY_MS)) await this.commit(leading);
    this.counted.behind = decided - leading.taken;
  }

  private async begin(): Promise<Leading> {
    const { store, shared } = this.options;
    // Everything that is decided is carried out: what is read now is what the last leader left.
    await shared.lastChange(true);
    const committed = await shared.correlated(), closed = await store.ledger.closed();
    this.stillRounds = 0;
    return { committed, taken: committed, closed: byTier(() => closed), told: [], marks: [], committedAt: this.options.clock.monotonic(), hits: 0, closedCommitted: closed };
  }

  /** Takes the hits of changes up to `found`, those of one rule set together. */
  private async take(leading: Leading, found: number): Promise<void> {
    const hits = await this.options.shared.hitsOfChanges(leading.taken, found);
    leading.hits += hits.length;
    for (let at = 0; at < hits.length;) {
      const n = this.setNumber(leading, hits[at]?.ruleSet ?? 0), first = at;
      while (at < hits.length && (hits[at]?.ruleSet ?? 0) <= n) at++;
      await this.judge(leading, n, hits.slice(first, at).map(({ hit }) => hit), undefined);
      // A change has hits of one rule set: windows built anew under the next one hold what was taken under this.
      leading.taken = Math.max(leading.taken, hits[at - 1]?.change ?? 0);
    }
    leading.taken = found;
  }

  /** The rules a hit is judged under: never older ones than before. */
  private setNumber(leading: Leading, asked: number): number {
    const { ruleSet, needsRules } = this.options, n = Math.max(leading.correlation?.n ?? ruleSet(), asked);
    if (n > ruleSet()) { needsRules(n); throw new ConflictError(`rule set ${n} is not loaded here yet`); }
    return n;
  }

  private async judge(leading: Leading, n: number, hits: Parameters<Correlation['take']>[0], mark: Millis | undefined): Promise<void> {
    const { shared, setOf, policy, latenessMs } = this.options, lateness = latenessBy(policy?.(), latenessMs);
    const watermarks = mark === undefined ? leading.closed : byTier((tier) => Math.max(leading.closed[tier], mark - lateness[tier]));
    if (leading.correlation?.n !== n || !isDeepStrictEqual(leading.correlation.lateness, lateness)) {
      leading.correlation = { n, lateness, state: await Correlation.open(setOf(n).correlations, ledgerOf(leading, shared, this.options.store), leading.closed, { lateness }) };
    }
    for (const told of await leading.correlation.state.take(hits, watermarks)) leading.told.push({ n, told });
    leading.closed = watermarks;
    this.counted.watermark = least(watermarks);
  }

  private async commit(leading: Leading): Promise<void> {
    const { store, shared, clock, notices, policy, setOf, onNotices } = this.options, to = leading.taken, closed = least(leading.closed);
    for (let attempt = 1; ; attempt++) {
      const n = leading.told[0]?.n ?? 0, told = leading.told.filter((one) => one.n === n);
      const decided = await decide({ store, now: clock.now(), notices, policy: policy?.(), hits: [], told: told.map((one) => one.told), set: setOf(n), again: true });
      // Where two rule sets tell in one round, the first goes alone and the hits are taken for good with the last.
      const rest = leading.told.filter((one) => one.n !== n), correlated = { seen: leading.committed, to: rest.length > 0 ? leading.committed : to };
      try {
        await store.commit({ runs: [], alerts: decided.alerts, incidents: decided.incidents, notices: decided.notices, correlated, ...(rest.length > 0 ? {} : { closed }) });
      } catch (error) {
        if (!(error instanceof ConflictError) || await shared.correlated() !== leading.committed || attempt > 50) throw error;
        continue;
      }
      this.counted.alerts += decided.alerts.length;
      if (decided.notices.length > 0) onNotices?.();
      leading.told = rest;
      leading.committed = correlated.to;
      leading.committedAt = clock.monotonic();
      if (rest.length > 0) continue;
      leading.hits = 0;
      leading.closedCommitted = closed;
      return;
    }
  }

  /** Every record still to come was received at or after this: the least of what open streams have come to. */
  private async markOf(cursors: readonly StreamCursor[]): Promise<Millis> {
    const { shared, store, clock, silentMs = SILENT_MS } = this.options, byName = new Map(cursors.map((cursor) => [cursor.stream, cursor])), now = clock.monotonic();
    const open = openStreams(await shared.streams(), byName), leftOut = (await store.settings.get(LEFT_OUT) ?? {}) as Readonly<Record<string, number>>, left: Record<string, number> = {};
    let mark = Infinity;
    for (const { stream } of open) {
      const name = streamName(stream), { position, received } = byName.get(name) ?? { position: 0, received: 0 }, known = this.silent.get(name);
      if (known?.position !== position) this.silent.set(name, { position, since: now });
      // Only by a record, which stands before any verdict that rests on it; on its return its hits are late.
      if (leftOut[name] === position || now - (this.silent.get(name)?.since ?? now) >= silentMs) left[name] = position;
      else mark = Math.min(mark, received);
    }
    if (!isDeepStrictEqual(left, leftOut)) await store.settings.put(LEFT_OUT, left);
    return Number.isFinite(mark) ? mark : 0;
  }

  /** Beside the rounds: what it costs must not hold up an alert. */
  private keep(): void {
    const { clock, keepMs = KEEP_MS, log } = this.options;
    if (this.keeping !== undefined || clock.monotonic() - this.keptAt < keepMs) return;
    this.keptAt = clock.monotonic();
    this.keeping = this.keepOnce().catch((error: unknown) => { log.warn({ err: error }, 'indices cannot be made ahead, or segments not read back; it is tried again'); }).finally(() => { this.keeping = undefined; });
  }

  private async keepOnce(): Promise<void> {
    const { shared, clock, leads } = this.options;
    await shared.prepare(clock.now());
    this.counted.openReceipts = await this.readingBack.round(() => !this.stopped && leads());
  }
}

/** The ledger as the windows see it: hits that were taken, and none that a later round will bring. */
function ledgerOf(leading: Leading, shared: Shared, store: Store): Store['ledger'] {
  return { ...store.ledger, hits: (uid, from, to) => shared.hitsUpTo(leading.taken, uid, from, to) };
}
