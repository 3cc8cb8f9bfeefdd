// Sends what is due. A notice is claimed (state `sending`, one try more, a lease), sent, and settled; a claim nobody settled is taken
// over when its lease ends. So a mail may go out twice when this process dies between the server's answer and the mark, under the
// same Message-ID, and never not at all. A server that is away costs time, not mails; what is given up stays in the outbox, seen.
import type { Clock } from '../core/process/clock.js';
import type { Log } from '../core/process/log.js';
import type { Notice, OutboxStore } from '../core/store/store.js';
import { MailError, type Sender } from './mail.js';

export interface OutboxOptions {
  readonly outbox: OutboxStore;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly log: Log;
  readonly leaseMs?: number;
  readonly everyMs?: number;
  readonly triesMax?: number;
  readonly backOffMs?: number;
}

const MINUTE = 60_000, AT_ONCE = 8;
/** Tries of a mail whose server says that it will never be taken: people misconfigure servers, so it is not the first word. */
const PERMANENT_TRIES_MAX = 3;

export class Outbox {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private stopped = false;

  constructor(private readonly options: OutboxOptions) {}

  start(): void {
    this.timer = setInterval(() => this.wake(), this.options.everyMs ?? 5_000);
    this.wake();
  }

  /** There may be something to send. */
  wake(): void {
    if (this.stopped) return;
    if (this.running !== undefined) { this.again = true; return; }
    this.running = this.pass().catch((error: unknown) => {
      this.options.log.error({ err: error }, 'the outbox cannot be read; notices wait');
    }).finally(() => {
      this.running = undefined;
      if (this.again) { this.again = false; this.wake(); }
    });
  }

  /** Sends everything due now; used by `wake` and by tests. */
  async pass(): Promise<void> {
    const { outbox, clock, leaseMs = 2 * MINUTE } = this.options;
    for (;;) {
      const claimed = await outbox.claim(clock.now(), leaseMs, AT_ONCE);
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((notice) => this.send(notice)));
      if (this.stopped) return;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
    this.options.sender.close();
  }

  private async send(notice: Notice): Promise<void> {
    const { outbox, sender, clock, log, triesMax = 12, backOffMs = 30_000 } = this.options;
    let failure: unknown;
    try { await sender.send(notice); } catch (error) { failure = error; }
    if (failure === undefined) { await outbox.settle(notice.id, { sentAt: clock.now() }); return; }
    const permanent = failure instanceof MailError && failure.permanent;
    const giveUp = notice.tries >= (permanent ? Math.min(PERMANENT_TRIES_MAX, triesMax) : triesMax);
    const due = clock.now() + Math.min(60 * MINUTE, backOffMs * 2 ** (notice.tries - 1));
    const reason = (failure instanceof Error ? failure.message : String(failure)).slice(0, 500);
    if (giveUp) log.error({ notice: notice.id, incident: notice.incident, tries: notice.tries, reason }, 'a notice was given up');
    else log.warn({ notice: notice.id, tries: notice.tries, reason }, 'a notice was not taken; it is tried again');
    await outbox.settle(notice.id, { error: reason, due, giveUp });
  }
}
