// The two clocks. The monotonic one is the same in all threads of the process, so that a stamp made by one can be read by another.
export interface Clock {
  /** Milliseconds since 1970 UTC; may be set at any time. */
  wall(): number;
  /** Milliseconds since some moment; never set. */
  monotonic(): number;
}

// performance.now() counts from a moment of each thread's own, on the clock of hrtime, and is cheaper to ask.
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();
export const systemClock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() + offset };
