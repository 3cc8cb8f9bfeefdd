// Accepts connections: counts them per source, reads the PROXY header where a proxy is believed, makes the TLS handshake, and hands
// over a socket with who is at its other end. What is refused is told; nothing that has not passed here costs more than a socket.
import { createServer, type Server, type Socket } from 'node:net';
import { contains, parseAddress, parseNetwork, type Network } from '../../core/ip.js';
import type { Problem } from '../../core/problem.js';
import type { ListenerOptions } from '../options.js';
import { plainAddress } from './plain-address.js';
import { readProxyHeader } from './proxy-header.js';
import { TlsGate } from './tls.js';

export interface Peer {
  readonly address: string;
  readonly port: number;
  /** Who a trusted certificate says this is. */
  readonly names: readonly string[];
}
/**
 * `refused`: over a limit, without a handshake, without a token. `protocol`: its bytes were not the listener's protocol.
 * `too_large`: a body over its limit. `busy`: told to come again, since nothing could be stored.
 */
export type Refusal = 'refused' | 'protocol' | 'too_large' | 'busy';
export interface AcceptorEvents {
  readonly onRefused: (listener: string, address: string, why: Refusal) => void;
  readonly onProblem: (problem: Problem) => void;
}
export interface AcceptorLimits {
  readonly connectionsMax: number;
  readonly connectionsPerSourceMax: number;
}
type End = Omit<Peer, 'names'>;

const BACKLOG = 1024, PROXY_HEADER_MS = 5000, CLOSE_MS = 50;

export class Acceptor {
  private readonly servers: Server[] = [];
  private readonly gates: TlsGate[] = [];
  private readonly accepted = new Set<Socket>();
  private readonly perSource = new Map<string, number>();
  private readonly ends = new WeakMap<Socket, End>();

  constructor(private readonly limits: AcceptorLimits, private readonly events: AcceptorEvents) {}

  /** Resolves when it listens, on a socket that is bound already where there is one. `open` is given sockets that passed; nobody has read from them. */
  async listen(listener: ListenerOptions, open: (socket: Socket, peer: Peer) => void, descriptor?: number): Promise<{ address: string; port: number }> {
    const { name, host, port, tls, proxies = [] } = listener, believed = proxies.flatMap((text) => parseNetwork(text) ?? []);
    const refuse = (socket: Socket, address: string, why: Refusal): void => { this.events.onRefused(name, address, why); socket.destroy(); };
    const gate = tls === undefined ? undefined : await TlsGate.open(name, tls, {
      onProblem: this.events.onProblem,
      onSecure: (raw, socket, names) => { const end = this.ends.get(raw); if (end === undefined) socket.destroy(); else open(socket, { ...end, names }); },
      onFailed: (raw) => { this.events.onRefused(name, this.ends.get(raw)?.address ?? '', 'refused'); },
    });
    if (gate !== undefined) this.gates.push(gate);
    const pass = (socket: Socket, end: End): void => {
      this.ends.set(socket, end);
      if (!this.admit(socket, end.address) || gate?.accept(socket) === false) refuse(socket, end.address, 'refused');
      else if (gate === undefined) open(socket, { ...end, names: [] });
    };
    const server = createServer({ keepAlive: true, keepAliveInitialDelay: 60_000, noDelay: true }, (socket) => {
      const { remoteAddress, remotePort } = socket;
      if (remoteAddress === undefined || remotePort === undefined) { socket.destroy(); return; } // gone already
      const end = { address: plainAddress(remoteAddress), port: remotePort };
      socket.on('error', () => undefined); // `close` follows
      if (this.accepted.size >= this.limits.connectionsMax) { refuse(socket, end.address, 'refused'); return; }
      this.accepted.add(socket);
      socket.once('close', () => { this.accepted.delete(socket); });
      if (!isIn(believed, end.address)) pass(socket, end);
      else readHeader(socket, (header) => { if (header === undefined) refuse(socket, end.address, 'protocol'); else pass(socket, { ...end, ...header }); });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const listening = (): void => { server.off('error', reject); resolve(); };
      if (descriptor === undefined) server.listen({ host, port, exclusive: true, backlog: BACKLOG }, listening); else server.listen({ fd: descriptor }, BACKLOG, listening);
    });
    server.on('error', () => undefined); // one connection could not be accepted (out of descriptors): the next one may
    this.servers.push(server);
    const { address, port: bound } = server.address() as { address: string; port: number };
    return { address, port: bound };
  }

  /** Accepts nothing more. */
  stop(): void {
    for (const server of this.servers) server.close();
    for (const gate of this.gates) gate.close();
  }

  /** Ends what is still open. */
  async end(): Promise<void> {
    if (this.accepted.size > 0) await within(CLOSE_MS, Promise.all([...this.accepted].map((socket) => new Promise((resolve) => { socket.once('close', resolve); }))));
    for (const socket of this.accepted) socket.destroy();
  }

  // Counts the socket for its source where the limit has room for it.
  private admit(socket: Socket, address: string): boolean {
    const ofSource = this.perSource.get(address) ?? 0;
    if (ofSource >= this.limits.connectionsPerSourceMax) return false;
    this.perSource.set(address, ofSource + 1);
    socket.once('close', () => {
      const left = (this.perSource.get(address) ?? 1) - 1;
      if (left > 0) this.perSource.set(address, left); else this.perSource.delete(address);
    });
    return true;
  }
}

// Reads the header and puts back what stands behind it.
function readHeader(socket: Socket, then: (header: Partial<End> | undefined) => void): void {
  let seen = Buffer.alloc(0);
  const done = (header: Partial<End> | undefined): void => {
    clearTimeout(timer);
    socket.off('readable', read).off('close', gone);
    setImmediate(then, header); // the socket flows again for whoever reads next
  };
  const gone = (): void => { done(undefined); };
  const timer = setTimeout(gone, PROXY_HEADER_MS);
  const read = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const header = readProxyHeader(seen);
    if (header === 'more') return;
    if (header === undefined) { done(undefined); return; }
    const { bytes, address, port } = header;
    if (bytes < seen.length) socket.unshift(seen.subarray(bytes));
    done(address === undefined ? {} : { address: plainAddress(address), port: port as number });
  };
  socket.on('readable', read).once('close', gone);
}

function isIn(networks: readonly Network[], address: string): boolean {
  const parsed = networks.length === 0 ? undefined : parseAddress(address);
  return parsed !== undefined && networks.some((network) => contains(network, parsed));
}

/** Waits for the promise, however it ends, but no longer than this. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([promise.then(() => undefined, () => undefined), new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); })]);
  clearTimeout(timer);
}
