// Loads one thing for a page: the newest request wins, the last good value stays on screen while the next one is under way or fails.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ApiError } from '../client.js';

export class Loader<T> implements ReactiveController {
  value: T | undefined;
  error: ApiError | undefined;
  pending = false;
  private abort: AbortController | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly load: (signal: AbortSignal) => Promise<T>) { host.addController(this); }

  hostDisconnected(): void { this.abort?.abort(); }

  /** Loads anew; resolves when this request is answered or superseded. */
  async run(): Promise<void> {
    this.abort?.abort();
    const abort = this.abort = new AbortController();
    this.pending = true;
    this.host.requestUpdate();
    try {
      const value = await this.load(abort.signal);
      if (abort.signal.aborted) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = ApiError.from(error);
    } finally {
      if (this.abort === abort) { this.pending = false; this.host.requestUpdate(); }
    }
  }

  set(value: T): void { this.value = value; this.error = undefined; this.host.requestUpdate(); }
}
