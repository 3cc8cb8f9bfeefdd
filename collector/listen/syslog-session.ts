// Syslog over a connection (plain or TLS): nothing is acknowledged, so an unfinished line of a silent sender is a frame.
import { FrameCutter } from './frames.js';
import type { Session, Wire } from './session.js';

/** A whole line that ends in NUL needs only the network's pause to be believed. */
const NUL_IDLE_MS = 200;

export class SyslogSession implements Session {
  private readonly cutter: FrameCutter;

  constructor(private readonly wire: Pick<Wire, 'take'>, frameBytesMax: number, private readonly idleMs: number) {
    this.cutter = new FrameCutter(frameBytesMax);
  }

  get keptBytes(): number { return this.cutter.keptBytes; }
  push(chunk: Buffer): void { this.cutter.push(chunk, this.wire.take); }
  end(): void { this.cutter.end(this.wire.take); }

  idle(silentMs: number): void {
    const { waiting } = this.cutter;
    if ((waiting === 'nul' && silentMs >= NUL_IDLE_MS) || (waiting === 'line' && silentMs >= this.idleMs)) this.cutter.end(this.wire.take);
  }
}
