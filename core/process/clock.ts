// Time as the program sees it: the wall clock for what people read, a clock that never goes back for durations.
import type { Millis } from '../event.js';

export interface Clock {
  /** Milliseconds since 1970 UTC; may be set by the machine's administrator at any time. */
  now(): Millis;
  /** Milliseconds since some start; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
