// Keeps to a rate: `turn()` resolves when the next line may go. Short bursts make up for late timers, so the average holds; a long
// stall is not caught up with. Sleeping ends early when the signal is aborted.

export interface Pace { turn(): Promise<void> | undefined }

const STALL_MS = 250;

/** `perSecond` undefined: as fast as the socket takes them. `turn` gives undefined when there is nothing to wait for. */
export function pace(perSecond: number | undefined, signal?: AbortSignal, now: () => number = () => performance.now()): Pace {
  if (perSecond === undefined) return { turn: () => undefined };
  const stepMs = 1000 / perSecond;
  let due = now();
  return {
    turn() {
      const time = now();
      if (time - due > STALL_MS) due = time - STALL_MS;
      const wait = due - time;
      due += stepMs;
      return wait > 1 ? sleep(wait, signal) : undefined;
    },
  };
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal?.aborted === true) { done(); return; }
    const end = (): void => { clearTimeout(timer); signal?.removeEventListener('abort', end); done(); };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
