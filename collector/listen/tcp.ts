// TCP listeners: connections, their cutters, and standing still when told to. What waits unread in the kernel makes senders wait.
import { createServer, type Server, type Socket } from 'node:net';
import type { ListenerOptions } from '../options.js';
import { FrameCutter } from './frames.js';

export interface TcpEvents {
  /** A frame of `connection`; `trueLength` where it was cut. */
  readonly onFrame: (connection: Connection, frame: Buffer, trueLength?: number) => void;
  readonly onConnection: (listener: string) => void;
  readonly onRefused: (listener: string, address: string) => void;
}
export interface TcpLimits {
  readonly frameBytesMax: number;
  readonly connectionsMax: number;
  readonly idleMs: number;
}

export interface Connection {
  readonly listener: string;
  readonly address: string;
  readonly port: number;
  /** When its last bytes came, monotonic ms. */
  lastData: number;
}
interface OpenConnection extends Connection {
  readonly socket: Socket;
  readonly cutter: FrameCutter;
  readonly emit: (frame: Buffer, trueLength?: number) => void;
}

/** A whole line that ends in NUL needs only the network's pause to be believed. */
const NUL_IDLE_MS = 200, SWEEP_MS = 200;
const DRAIN_QUIET_MS = 50, DRAIN_MS_MAX = 1000;

export class TcpListeners {
  private readonly servers: Server[] = [];
  private readonly connections = new Set<OpenConnection>();
  private paused = false;
  private readonly sweeper: NodeJS.Timeout;

  constructor(private readonly limits: TcpLimits, private readonly events: TcpEvents, private readonly now: () => number) {
    this.sweeper = setInterval(() => { this.sweep(); }, SWEEP_MS);
  }

  /** Resolves when it listens. */
  async listen({ name, host, port }: ListenerOptions): Promise<{ address: string; port: number }> {
    const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => { this.accept(name, socket); });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true, backlog: 1024 }, () => { server.off('error', reject); resolve(); });
    });
    server.on('error', () => undefined); // one connection could not be accepted (out of descriptors): the next one may
    this.servers.push(server);
    const { address, port: bound } = server.address() as { address: string; port: number };
    return { address, port: bound };
  }

  get open(): number { return this.connections.size; }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    for (const { socket } of this.connections) socket.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    for (const connection of this.connections) {
      connection.lastData = this.now();
      connection.socket.resume();
    }
  }

  /** Accepts nothing more, reads what has already arrived, and takes unfinished lines as frames. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    for (const server of this.servers) server.close();
    const began = this.now();
    const lastData = (): number => [...this.connections].reduce((last, connection) => Math.max(last, connection.lastData), 0);
    while (!this.paused && this.connections.size > 0 && this.now() - began < DRAIN_MS_MAX && this.now() - Math.max(began, lastData()) < DRAIN_QUIET_MS) {
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
    for (const connection of [...this.connections]) {
      this.finish(connection);
      connection.socket.destroy();
    }
  }

  private accept(listener: string, socket: Socket): void {
    const address = socket.remoteAddress, port = socket.remotePort;
    if (address === undefined || port === undefined) { socket.destroy(); return; } // gone already
    if (this.connections.size >= this.limits.connectionsMax) {
      this.events.onRefused(listener, address);
      socket.destroy();
      return;
    }
    const connection: OpenConnection = {
      listener, address, port, socket, lastData: this.now(), cutter: new FrameCutter(this.limits.frameBytesMax),
      emit: (frame, trueLength) => { this.events.onFrame(connection, frame, trueLength); },
    };
    this.connections.add(connection);
    this.events.onConnection(listener);
    socket.on('data', (chunk) => {
      connection.lastData = this.now();
      connection.cutter.push(chunk, connection.emit);
    });
    socket.on('error', () => undefined); // `close` follows
    socket.on('close', () => { this.finish(connection); });
    if (this.paused) socket.pause();
  }

  private finish(connection: OpenConnection): void {
    if (!this.connections.delete(connection)) return;
    connection.cutter.end(connection.emit);
  }

  private sweep(): void {
    if (this.paused) return;
    const now = this.now();
    for (const { cutter, lastData, emit } of this.connections) {
      const { waiting } = cutter, silent = now - lastData;
      if ((waiting === 'nul' && silent >= NUL_IDLE_MS) || (waiting === 'line' && silent >= this.limits.idleMs)) cutter.end(emit);
    }
  }
}
