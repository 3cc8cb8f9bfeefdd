// Counts failures by key in a sliding window. A try takes its place before it is decided and gives it back when it was right, so that
// parallel tries cannot slip past: between the count and the place nothing else runs.
import type { Millis } from '../../core/event.js';

const KEYS_MAX = 50_000;

export class Limiter {
  private readonly failures = new Map<string, Millis[]>();
  constructor(private readonly max: number, private readonly windowMs: number, private readonly now: () => Millis) {}

  /** Takes a place for one try; or says in how many milliseconds there is one again. */
  take(key: string): { readonly taken: true; giveBack(): void } | { readonly taken: false; readonly retryMs: number } {
    const now = this.now(), recent = (this.failures.get(key) ?? []).filter((at) => at > now - this.windowMs);
    if (recent.length >= this.max) {
      this.failures.set(key, recent);
      return { taken: false, retryMs: (recent[0] as number) + this.windowMs - now };
    }
    recent.push(now);
    this.failures.delete(key);
    this.forget(now);
    this.failures.set(key, recent);
    return { taken: true, giveBack: () => { const list = this.failures.get(key), at = list?.lastIndexOf(now) ?? -1; if (list && at >= 0) list.splice(at, 1); } };
  }

  /**
   * Keys stand in the order of their last try: those in front are past, or the ones used longest ago, and go when there are too many.
   * An attacker must neither fill the memory nor make each try a walk over it.
   */
  private forget(now: Millis): void {
    for (const [key, list] of this.failures) {
      if (this.failures.size < KEYS_MAX && (list[list.length - 1] ?? 0) > now - this.windowMs) return;
      this.failures.delete(key);
    }
  }
}
