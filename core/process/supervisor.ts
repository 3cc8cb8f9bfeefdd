// Keeps a child process running: one that ends unasked is started again, at once at first, later after pauses that double; many ends
// in a row are called a crash loop. One that never became ready is not started again: its end is ours (a port is taken, a setting is
// wrong). The child says `ready` when it is; it is asked to stop by `stop`, and by its disconnection when this process dies.
import type { ChildProcess } from 'node:child_process';

export const READY = 'ready', STOP = 'stop';
/** What the child is told about those before it. */
export interface Turn {
  readonly restarts: number;
  /** Ends in a row, without a good while between them. */
  readonly inRow: number;
  /** When the one before ended, ms. */
  readonly endedAt?: number;
}
export interface SupervisorOptions {
  readonly start: (turn: Turn) => ChildProcess;
  readonly say: (line: string) => void;
  readonly pauses?: Partial<Pauses>;
}
interface Pauses { readonly firstMs: number; readonly mostMs: number; /** Up this long, the ends before do not count. */ readonly goodMs: number; readonly stopMs: number }
export const CRASH_LOOP_ENDS = 5;

export class Supervisor {
  private readonly pauses: Pauses;
  private child: ChildProcess | undefined;
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.pauses = { firstMs: 250, mostMs: 30_000, goodMs: 60_000, stopMs: 60_000, ...options.pauses };
  }

  /** Resolves with an exit code when the child ended for good. */
  async run(): Promise<number> {
    let turn: Turn = { restarts: 0, inRow: 0 }, everReady = false;
    for (;;) {
      const started = performance.now(), end = await this.live(this.options.start(turn), () => { everReady = true; });
      if (this.stopping) return end.code ?? 1;
      if (!everReady) return end.code ?? 1;
      if (end.code === 0) { // somebody asked it to stop, and not us: the next one takes over
        turn = { restarts: turn.restarts + 1, inRow: 0, endedAt: Date.now() };
        this.options.say('it was stopped from outside and is started again');
        continue;
      }
      const inRow = (performance.now() - started >= this.pauses.goodMs ? 0 : turn.inRow) + 1;
      const pauseMs = Math.min(this.pauses.mostMs, this.pauses.firstMs * 2 ** (inRow - 1));
      turn = { restarts: turn.restarts + 1, inRow, endedAt: Date.now() };
      const how = end.signal === null ? `exit code ${end.code}` : end.signal, loop = inRow < CRASH_LOOP_ENDS ? '' : `, for the ${inRow}th time in a row: a crash loop`;
      this.options.say(`it ended (${how})${loop}; it is started again in ${(pauseMs / 1000).toFixed(pauseMs < 1000 ? 2 : 0)} s. The sockets stay open`);
      await new Promise<void>((resolve) => { this.wake = resolve; setTimeout(resolve, pauseMs); });
      if (this.stopping) return 0;
    }
  }

  /** Asks the child to stop; asked again, ends it at once. */
  stop(): void {
    this.wake();
    if (this.stopping || this.child === undefined) { this.stopping = true; this.child?.kill('SIGKILL'); return; }
    this.stopping = true;
    const { child } = this;
    if (child.connected) child.send(STOP, () => undefined); else child.kill('SIGTERM');
    setTimeout(() => { child.kill('SIGKILL'); }, this.pauses.stopMs).unref();
  }

  // Resolves when the process has ended and its pipes have been read to their ends.
  private async live(child: ChildProcess, onReady: () => void): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.child = child;
    child.on('message', (message) => { if (message === READY) onReady(); });
    const end = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
      child.once('close', (code, signal) => { resolve({ code, signal }); });
      child.once('error', () => { if (child.pid === undefined) resolve({ code: 71, signal: null }); });
    });
    this.child = undefined;
    return end;
  }
}

/** The child's side: says it is ready; resolves when it is to stop, since it was asked or since nobody watches it any more. */
export function sayReady(): void { process.send?.(READY); }
export function askedToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.on('message', (message) => { if (message === STOP) resolve(STOP); });
    process.once('disconnect', () => { resolve('disconnect'); });
  });
}
