// Keeps the deadlines of open incidents those of the policy in force: looked at when the detector starts (another pack, another version,
// incidents from before there were deadlines) and with each official day (a pack's first or last). Whoever writes an incident meanwhile
// writes its deadline himself, so a conflict here means that nothing is left to do.
//
// A page at a time is read, and of it what differs is written in one commit. A deadline is no change: the version stays, so a page that
// somebody has open can still be acted on.
import { ConflictError } from '../core/errors.js';
import { withDue, type Policy } from '../core/policy.js';
import type { Log } from '../core/process/log.js';
import { EVERYTHING, type Commit, type Store } from '../core/store/store.js';

const PAGE = 200, LOOK_EVERY_MS = 60_000;

export class DueWatch {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private done: Policy | undefined;
  private stopped = false;

  constructor(private readonly store: { readonly incidents: Pick<Store['incidents'], 'list' | 'put'>; readonly commit: Store['commit'] }, private readonly policy: () => Policy, private readonly log: Log) {}

  start(): void {
    void this.look();
    this.timer = setInterval(() => { void this.look(); }, LOOK_EVERY_MS).unref();
  }

  /** Looks through open incidents unless that was done under this policy; after a failure the next look begins anew. */
  look(): Promise<void> {
    const policy = this.policy();
    if (this.stopped || this.done === policy) return Promise.resolve();
    this.looking ??= this.sweep(policy).then(() => { this.done = policy; }).catch((error: unknown) => {
      if (!this.stopped) this.log.warn({ err: error }, 'deadlines of open incidents were not brought up to date');
    }).finally(() => { this.looking = undefined; });
    return this.looking;
  }

  /** Finishes the page that is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async sweep(policy: Policy): Promise<void> {
    for (let cursor: string | undefined; !this.stopped;) {
      const page = await this.store.incidents.list({ scope: EVERYTHING, statuses: ['new', 'assigned'], sort: 'oldest' }, { limit: PAGE, cursor });
      const moved = page.items.map((incident) => ({ incident: withDue(incident, policy), seen: incident.version })).filter(({ incident: { due } }, i) => due !== page.items[i]?.due);
      if (moved.length > 0) await this.write(moved);
      if (page.next === null) return;
      cursor = page.next;
    }
  }

  private async write(moved: Commit['incidents']): Promise<void> {
    if (await this.took(() => this.store.commit({ runs: [], alerts: [], incidents: moved, notices: [] }))) return;
    for (const { incident, seen } of moved) await this.took(() => this.store.incidents.put(incident, seen, []));
  }

  /** False: somebody wrote one of them meanwhile. */
  private async took(write: () => Promise<void>): Promise<boolean> {
    try { await write(); return true; } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }
}
