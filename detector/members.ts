// Which detectors are there, and what each of them does. Everyone moves a document of its own; whose document has not moved for a while on
// the looker's own clock is gone (clocks of two machines are never compared). A stream goes to one of those who are there, by a hash of
// both names, so that all choose alike without asking. Two who see it differently for a moment do the same work twice and no harm: the
// ledger takes the first (docs/decisions/010).
import { hash } from 'node:crypto';
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import type { MemberFigures, Shared } from '../core/store/shared.js';

export const BEAT_MS = 2_000, GONE_MS = 10_000;

export class Members {
  private readonly others = new Map<string, { beat: number; at: number }>();
  private beat = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(readonly id: string, private readonly shared: Pick<Shared, 'beat' | 'members'>, private readonly clock: Clock, private readonly log: Log, private readonly beatMs = BEAT_MS, private readonly goneMs = GONE_MS, private readonly figures?: () => MemberFigures) {}

  /** Says that this one is there, and looks who else is. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch((error: unknown) => { this.log.warn({ err: error }, 'it cannot be told which detectors are there'); });
    }, this.beatMs);
  }

  /** Says that it is gone, if it still can. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
    await this.shared.beat({ id: this.id, beat: -1 }).catch(() => undefined);
  }

  /** Everyone who is there, this one included. */
  present(): readonly string[] {
    const now = this.clock.monotonic();
    return [this.id, ...[...this.others].filter(([, { at }]) => now - at < this.goneMs).map(([id]) => id)].sort();
  }

  /** Is this work, by its name, this one's to do? */
  owns(work: string): boolean { return chosen(work, this.present()) === this.id; }

  private async look(): Promise<void> {
    if (this.stopped) return;
    const figures = this.figures?.();
    await this.shared.beat({ id: this.id, beat: ++this.beat, ...(figures === undefined ? {} : { figures }) });
    const now = this.clock.monotonic();
    for (const { id, beat } of await this.shared.members()) {
      if (id === this.id) continue;
      const known = this.others.get(id);
      if (beat < 0) this.others.delete(id);
      else if (known === undefined) this.others.set(id, { beat, at: now });
      else if (known.beat !== beat) { known.beat = beat; known.at = now; }
    }
  }
}

/** Of these, the one with the highest hash of both names: when one goes, only its own work moves. */
export function chosen(work: string, members: readonly string[]): string | undefined {
  let best: string | undefined, most = '';
  for (const member of members) {
    const weight = hash('sha256', `${member}\0${work}`, 'hex');
    if (weight > most) { most = weight; best = member; }
  }
  return best;
}
