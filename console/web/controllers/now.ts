// The server's clock as this browser knows it, and a tick for everything that counts down. A workstation's clock may be wrong by
// minutes; deadlines are the server's, so its `Date` header corrects ours once the difference passes five seconds.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

let skewMs = 0;
export const now = (): number => Date.now() + skewMs;

export function learnServerTime(header: string | null): void {
  const at = header === null ? Number.NaN : Date.parse(header);
  if (!Number.isNaN(at)) skewMs = Math.abs(at - Date.now()) > 5_000 ? at - Date.now() : 0;
}

/** Draws its host again every `periodMs` while the page is seen. */
export class Ticker implements ReactiveController {
  private timer: ReturnType<typeof setInterval> | undefined;
  constructor(private readonly host: ReactiveControllerHost, private readonly periodMs: number) { host.addController(this); }
  hostConnected(): void { this.timer = setInterval(() => { if (!document.hidden) this.host.requestUpdate(); }, this.periodMs); }
  hostDisconnected(): void { clearInterval(this.timer); }
}
