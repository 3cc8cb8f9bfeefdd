// What has been received of each sender, frames under way included: what the store has, plus what this run's collector took and the
// detector has not committed yet. What an earlier run left in the spool is not told apart by sender until it is committed: while
// there is some, it stands in a row of its own. A batch that the store has written and not answered for yet is told as under way for that
// moment too: the two are not read at once.
import type { EvaluatedRun } from '../../core/pipeline/run.js';
import { streamName } from '../../core/record.js';
import type { SourceStore } from '../../core/store/store.js';
import { UNASSIGNED } from '../../core/tier.js';

export interface SenderCount { readonly system: string; readonly sender: string; readonly tier: number; readonly received: number; readonly dropped: number; readonly lastReceived: number }
export interface LiveSource { readonly name: string; readonly system: string; readonly sender: string; readonly tier: number; readonly received: number; readonly lost?: number; readonly lastSeen?: number }

/** Sender of the row for what earlier runs left. */
export const EARLIER = 'earlier-run';

export class LiveSources {
  private readonly committed = new Map<string, number>();
  private readonly cursors: Record<string, number>;

  constructor(private readonly sources: SourceStore, private readonly epoch: number, private readonly olderStreams: Readonly<Record<string, number>>, cursors: Readonly<Record<string, number>>) {
    this.cursors = { ...cursors };
  }

  onCommitted(runs: readonly EvaluatedRun[]): void {
    for (const { stream, to, sources } of runs) {
      const name = streamName(stream);
      this.cursors[name] = Math.max(this.cursors[name] ?? 0, to);
      if (stream.epoch < this.epoch) continue; // a clock that is set begins another epoch of this run
      for (const { system, sender, count } of sources) this.committed.set(`${system}/${sender}`, (this.committed.get(`${system}/${sender}`) ?? 0) + count);
    }
  }

  async list(senders: readonly SenderCount[]): Promise<readonly LiveSource[]> {
    const underWay = new Map(senders.map((sender) => [`${sender.system}/${sender.sender}`, sender]));
    const rows: LiveSource[] = [];
    for (const { system, sender, tier, stored, lastSeen } of await this.sources.list()) {
      const name = `${system}/${sender}`, now = underWay.get(name);
      underWay.delete(name);
      rows.push({ name, system, sender, tier, received: stored + this.pending(name, now), lastSeen: Math.max(lastSeen, now?.lastReceived ?? 0) });
    }
    for (const [name, now] of underWay) if (now.received > 0) rows.push({ name, system: now.system, sender: now.sender, tier: now.tier, received: this.pending(name, now), lastSeen: now.lastReceived });
    const earlier = Object.entries(this.olderStreams).reduce((sum, [name, last]) => sum + Math.max(0, last - (this.cursors[name] ?? 0)), 0);
    if (earlier > 0) rows.push({ name: `${UNASSIGNED}/${EARLIER}`, system: UNASSIGNED, sender: EARLIER, tier: 1, received: earlier });
    return rows;
  }

  private pending(name: string, now: SenderCount | undefined): number {
    return Math.max(0, (now?.received ?? 0) - (this.committed.get(name) ?? 0));
  }
}
