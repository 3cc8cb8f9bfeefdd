// Whether the cluster answers, known from what became of requests. Where people are served, nothing is waited for that does not come:
// once nothing has been answered for a while, requests fail at once, and one a second goes through to see whether the cluster is back.
const AWAY_AFTER_MS = 3_000, PROBE_EVERY_MS = 1_000;

export class Reach {
  private failing: number | undefined;
  private away = false;
  private probed = -Infinity;

  constructor(private readonly failFast: boolean, private readonly monotonic: () => number = () => performance.now()) {}

  /** How long nothing has been answered. */
  get awayMs(): number { return this.failing === undefined ? 0 : this.monotonic() - this.failing; }

  /** `probe`: it may be sent, once, and not for long. */
  admit(): 'yes' | 'probe' | 'no' {
    if (!this.failFast || !this.away) return 'yes';
    const now = this.monotonic();
    if (now - this.probed < PROBE_EVERY_MS) return 'no';
    this.probed = now;
    return 'probe';
  }

  answered(): void {
    this.failing = undefined;
    this.away = false;
  }

  failed(): void {
    this.failing ??= this.monotonic();
    this.away = this.awayMs >= AWAY_AFTER_MS;
  }
}
