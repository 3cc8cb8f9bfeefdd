// What retention did and held back becomes part of the audit trail here: who keeps days may have no right to write that. And what is
// known of its horizon, for the page of the system's status.
import type { Log } from '../../core/process/log.js';
import { RETENTION, type RetentionNote, type RetentionState } from '../../core/retention.js';
import type { Store } from '../../core/store/store.js';

const LOOK_MS = 30_000;

export class RetentionWatch {
  state: RetentionState | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly store: Pick<Store, 'settings' | 'audit'>, private readonly log: Log) {}

  start(): void {
    const look = (): void => { this.looking = this.looking.then(() => this.look()).catch((error: unknown) => { this.log.warn({ err: error }, 'what retention did could not be read; it is tried again'); }); };
    look();
    this.timer = setInterval(look, LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  async look(): Promise<void> {
    const { settings, audit } = this.store;
    this.state = await settings.get(RETENTION.state) as RetentionState | undefined;
    const audited = Number(await settings.get(RETENTION.audited) ?? 0), fresh = ((await settings.get(RETENTION.notes) ?? []) as readonly RetentionNote[]).filter(({ n }) => n > audited);
    for (const { n, at, action, object, details } of fresh) {
      await audit.append({ at, by: 'retention', action, object, details });
      await settings.put(RETENTION.audited, n);
    }
  }
}
