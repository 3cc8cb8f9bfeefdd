// On a cluster, `haidang up` lets its spool go by the rule of a collector that runs apart (reference protocol 2.6, 2.7): its own answers do
// not prove that an event is on every copy (a 409 may come from a copy about to fail), so what is sealed is read back first. Here one
// process is collector and keeper in turn.
import { Freeing, type FreeingOptions } from '../../collector/freeing.js';
import type { FinishedSegment } from '../../collector/options.js';
import { shipAgain } from '../../collector/ship-again.js';
import { printProblem } from '../../core/problem.js';
import type { FormatText } from '../../core/process/format-files.js';
import type { Config } from '../../core/process/config.js';
import type { Log } from '../../core/process/log.js';
import { ReadingBack } from '../../core/store/reading-back.js';
import type { Shared } from '../../core/store/shared.js';

const DAY_MS = 86_400_000, LOOK_MS = 5_000;

/** When segments may go, as the configuration says it. */
export const freeingOf = ({ archiveDays, snapshotRepository }: NonNullable<Config['elasticsearch']>): Partial<FreeingOptions> => ({ archiveMs: archiveDays * DAY_MS, ...(snapshotRepository === undefined ? {} : { snapshotRepository }) });

export interface SpoolKeepingOptions extends Partial<FreeingOptions> {
  readonly formats: () => Promise<readonly FormatText[]>;
  readonly log: Log;
  readonly lookMs?: number;
}

export class SpoolKeeping {
  private readonly freeing: Freeing;
  private readonly readingBack: ReadingBack;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly shared: Shared, private readonly options: SpoolKeepingOptions, release: (paths: readonly string[]) => void) {
    const { formats, log } = options;
    this.readingBack = new ReadingBack(shared, () => performance.now());
    this.freeing = new Freeing(options, release, async (batch) => shipAgain(batch, async () => shared, await formats(), (problem) => log.error({ code: problem.code }, printProblem(problem))), log);
  }

  get size(): number { return this.freeing.size; }
  add(segment: FinishedSegment): void { this.freeing.add(segment); }

  start(): void {
    this.timer = setInterval(() => {
      this.looking = this.looking.then(() => this.look()).catch((error: unknown) => { this.options.log.warn({ err: error }, 'sealed segments cannot be read back; it is tried again'); });
    }, this.options.lookMs ?? LOOK_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.freeing.stop();
    await this.looking;
  }

  /** Reads back what is told of and not read yet, then lets go what may go. */
  async look(): Promise<void> {
    if (this.stopped || this.freeing.size === 0) return;
    await this.readingBack.round(() => !this.stopped);
    await this.freeing.look(this.shared);
  }
}
