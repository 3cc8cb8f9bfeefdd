// Open connections: limits on what they keep, and standing still when told to; what waits unread in the kernel makes senders wait.
// What the bytes mean is the session's business. Nobody is read for long: who floods rests until the others had their turn.
import type { Socket } from 'node:net';
import { within, type Peer, type Refusal } from './acceptor.js';
import { openSession, type StreamKind } from './open-session.js';
import { ProtocolError, type Lack, type Session } from './session.js';

export interface ConnectionEvents {
  /** A frame of `connection`; `trueLength` where it was cut. */
  readonly onFrame: (connection: Connection, frame: Buffer, trueLength?: number) => void;
  readonly onConnection: (listener: string) => void;
  /** What a sender's numbers or announcements show not to have come. */
  readonly onLack: (connection: Connection, why: Lack, count: number, frames: number | undefined) => void;
  /** A connection that was given up. */
  readonly onRefused: (listener: string, address: string, why: Refusal) => void;
  /** Resolves when everything taken so far is durable. */
  readonly durable: () => Promise<void>;
}
export interface ConnectionLimits {
  readonly frameBytesMax: number;
  readonly idleMs: number;
}

export interface Connection extends Peer {
  readonly listener: string;
  /** When its last bytes came, monotonic ms. */
  lastData: number;
}
interface OpenConnection extends Connection {
  readonly socket: Socket;
  readonly session: Session;
  held: boolean;
  resting: boolean;
  reading: boolean;
  turnBytes: number;
}

const SWEEP_MS = 200, DRAIN_QUIET_MS = 50, DRAIN_MS_MAX = 1000;
/** Read from one connection before others have a turn. */
const TURN_BYTES = 256 * 1024;
/** Answers a sender does not read. */
const UNREAD_BYTES_MAX = 1024 * 1024;
/** Of unfinished frames of all connections together. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

export class Connections {
  private readonly connections = new Set<OpenConnection>();
  private readonly resting = new Set<OpenConnection>();
  private paused = false;
  private closing = false;
  private readSinceShed = 0;
  private readonly sweeper: NodeJS.Timeout;

  constructor(private readonly limits: ConnectionLimits, private readonly events: ConnectionEvents, private readonly now: () => number) {
    this.sweeper = setInterval(() => { this.sweep(); }, SWEEP_MS);
  }

  pause(): void {
    this.paused = true;
    for (const connection of this.connections) this.update(connection);
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    for (const connection of this.connections) {
      connection.lastData = this.now();
      this.update(connection);
    }
  }

  /** Reads what has already arrived, makes it durable and acknowledges it, and takes unfinished lines as frames. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.closing = true;
    const began = this.now();
    const lastData = (): number => [...this.connections].reduce((last, connection) => Math.max(last, connection.lastData), 0);
    while (!this.paused && this.connections.size > 0 && this.now() - began < DRAIN_MS_MAX && this.now() - Math.max(began, lastData()) < DRAIN_QUIET_MS) {
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    const open = [...this.connections];
    for (const { socket } of open) socket.pause();
    if (open.length > 0) await within(DRAIN_MS_MAX, this.events.durable()); // acknowledgements that wait for it are written before this goes on
    for (const connection of open) {
      this.finish(connection);
      connection.socket.destroySoon();
    }
  }

  /** Reads the socket as what its listener speaks. */
  open(listener: string, kind: StreamKind, socket: Socket, peer: Peer): void {
    const session = openSession(kind, {
      take: (frame, trueLength) => { this.events.onFrame(connection, frame, trueLength); },
      durable: this.events.durable,
      // Who stops has broken it off himself.
      lack: (why, count, frames) => { if (why !== 'unfinished' || !this.closing) this.events.onLack(connection, why, count, frames); },
      write: (bytes) => {
        if (!socket.writable) return;
        socket.write(bytes);
        if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
      },
      hold: (held) => { connection.held = held; if (!held) connection.lastData = this.now(); this.update(connection); },
      close: () => { socket.destroySoon(); },
    }, this.limits);
    const connection: OpenConnection = { ...peer, listener, socket, session, lastData: this.now(), held: false, resting: false, reading: true, turnBytes: 0 };
    this.connections.add(connection);
    this.events.onConnection(listener);
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => { this.finish(connection); });
    socket.on('data', (chunk: Buffer) => { this.read(connection, chunk); });
    this.update(connection);
  }

  private read(connection: OpenConnection, chunk: Buffer): void {
    if (!this.connections.has(connection)) return;
    connection.lastData = this.now();
    try {
      connection.session.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.giveUp(connection, 'protocol');
      return;
    }
    this.readSinceShed += chunk.length;
    if (this.readSinceShed > KEPT_BYTES_MAX / 4) this.shed();
    connection.turnBytes += chunk.length;
    if (connection.turnBytes < TURN_BYTES) return;
    connection.resting = true;
    if (this.resting.size === 0) setImmediate(() => { this.endRest(); });
    this.resting.add(connection);
    this.update(connection);
  }

  private endRest(): void {
    for (const connection of this.resting) {
      connection.resting = false;
      connection.turnBytes = 0;
      this.update(connection);
    }
    this.resting.clear();
  }

  private update(connection: OpenConnection): void {
    const reading = !this.paused && !connection.held && !connection.resting;
    if (reading === connection.reading) return;
    connection.reading = reading;
    if (reading) connection.socket.resume(); else connection.socket.pause();
  }

  private finish(connection: OpenConnection): void {
    if (!this.connections.delete(connection)) return;
    connection.session.end();
  }

  private giveUp(connection: OpenConnection, why: Refusal): void {
    this.finish(connection);
    connection.socket.destroy();
    this.events.onRefused(connection.listener, connection.address, why);
  }

  private sweep(): void {
    const now = this.now();
    for (const connection of this.connections) connection.session.idle(connection.reading ? now - connection.lastData : 0, now);
    this.shed();
  }

  // Of too many unfinished bytes the longest unfinished frames are given up.
  private shed(): void {
    this.readSinceShed = 0;
    let kept = 0;
    for (const { session } of this.connections) kept += session.keptBytes;
    if (kept <= KEPT_BYTES_MAX) return;
    for (const connection of [...this.connections].sort((a, b) => b.session.keptBytes - a.session.keptBytes)) {
      if (kept <= KEPT_BYTES_MAX) return;
      kept -= connection.session.keptBytes;
      this.giveUp(connection, 'refused');
    }
  }
}
