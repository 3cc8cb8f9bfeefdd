// HTTP listeners: requests on accepted connections, read in bounds, taken as a whole and answered with success only when the disk has
// all of it. What is not taken is told the sender in words it knows, and counted: a refusal that repeats is a source that loses.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ListenerOptions } from '../../options.js';
import { within, type Peer, type Refusal } from '../acceptor.js';
import { BodyBudget, readBody } from './body.js';
import { isRefused, type Answer, type Dialect, type HttpRequest, type Refused } from './dialect.js';
import { elastic } from './elastic.js';
import { Hec } from './hec.js';
import { lines } from './lines.js';
import { loki } from './loki.js';
import { otlp } from './otlp.js';
import { whoShows, type Token } from './tokens.js';

/** Who sent a request: a connection, or one of the tokens shown on it. */
export interface HttpSource extends Peer { readonly listener: string }
export interface HttpEvents {
  readonly onFrame: (source: HttpSource, frame: Buffer) => void;
  readonly onConnection: (listener: string) => void;
  readonly onRefused: (listener: string, address: string, why: Refusal) => void;
  readonly durable: () => Promise<void>;
  /** Why nothing is taken now: the disk is slow, full, or gone. */
  readonly busy: () => 'slow' | 'full' | undefined;
}
export interface HttpLimits { readonly bodyBytesMax: number; readonly bodiesBytesMax: number; readonly bodyMs: number; readonly idleMs: number }
export const HTTP_LIMITS: HttpLimits = { bodyBytesMax: 16 * 1024 * 1024, bodiesBytesMax: 96 * 1024 * 1024, bodyMs: 60_000, idleMs: 75_000 };

const TURN_BYTES = 1024 * 1024, SWEEP_MS = 1000, CLOSE_MS = 1000, LINGER_MS = 1000;
const RETRY_AFTER_S = { slow: 1, full: 10 } as const;

interface Open extends Peer {
  readonly listener: string;
  readonly socket: Socket;
  readonly sources: Map<string, HttpSource>;
  /** Requests not answered yet; without one, since when. */
  underWay: number;
  idleSince: number;
  /** Bodies of one connection are taken in their order. */
  turn: Promise<void>;
}

export class HttpIntake {
  private readonly open = new Map<Socket, Open>();
  private readonly servers = new Map<string, Server>();
  private readonly budget: BodyBudget;
  private readonly dialects: readonly Dialect[];
  private readonly sweeper: NodeJS.Timeout;
  private readonly answering = new Set<Promise<void>>();
  private closing = false;

  constructor(private readonly limits: HttpLimits, private readonly events: HttpEvents, private readonly now: () => number) {
    this.budget = new BodyBudget(limits.bodiesBytesMax, limits.bodiesBytesMax / 2);
    this.dialects = [new Hec(Date.now()), otlp, loki, elastic, lines];
    this.sweeper = setInterval(() => { this.sweep(); }, SWEEP_MS);
  }

  /** Speaks HTTP on a socket that has been accepted. */
  serve({ name, tokens = [] }: ListenerOptions, socket: Socket, peer: Peer): void {
    const connection: Open = { ...peer, listener: name, socket, sources: new Map(), underWay: 0, idleSince: this.now(), turn: Promise.resolve() };
    this.open.set(socket, connection);
    socket.once('close', () => { this.open.delete(socket); });
    this.events.onConnection(name);
    this.serverOf(name, tokens).emit('connection', socket);
  }

  /** Takes no new request, answers those that are under way, closes. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.closing = true;
    await within(CLOSE_MS, Promise.all([...this.open.values()].map(({ turn }) => turn)).then(() => Promise.all(this.answering)));
    for (const { socket } of this.open.values()) socket.destroySoon();
  }

  private serverOf(name: string, tokens: readonly Token[]): Server {
    let server = this.servers.get(name);
    if (server !== undefined) return server;
    server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => { this.begin(request, response, tokens); });
    server.on('clientError', (_, socket) => {
      const connection = this.open.get(socket as Socket);
      if (connection !== undefined) this.events.onRefused(name, connection.address, 'protocol');
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'); else socket.destroy();
    });
    this.servers.set(name, server);
    return server;
  }

  private begin(request: IncomingMessage, response: ServerResponse, tokens: readonly Token[]): void {
    const connection = this.open.get(request.socket);
    if (connection === undefined) { request.destroy(); return; }
    connection.underWay++;
    request.on('error', () => undefined);
    const end = (): void => {
      connection.underWay--;
      connection.idleSince = this.now();
    };
    connection.turn = connection.turn.then(() => this.handle(connection, request, response, tokens)).then((taken) => {
      if (taken === undefined) { end(); return; }
      const answered = taken.answered.catch(() => { request.destroy(); }).finally(() => { this.answering.delete(answered); end(); });
      this.answering.add(answered);
    }, () => { request.destroy(); end(); });
  }

  // Refuses, or takes and returns what ends with the answer: the next request of the connection need not wait for the disk. Throws when
  // the sender is gone or the disk has failed: without an answer it sends again.
  private async handle(connection: Open, message: IncomingMessage, response: ServerResponse, tokens: readonly Token[]): Promise<{ readonly answered: Promise<void> } | undefined> {
    const head = headOf(message), dialect = this.dialects.find((each) => each.speaks(head.path, head.method)) as Dialect;
    const refuse = (refused: Refused, more: Readonly<Record<string, string>> = {}): void => {
      this.events.onRefused(connection.listener, connection.address, WHY[refused.status] ?? 'protocol');
      this.send(message, response, dialect.refuse(refused, head), more);
    };
    const who = whoShows(tokens, message.headers.authorization), busy = this.closing ? 'full' : this.events.busy();
    if (who === 'missing') { refuse({ status: 401, message: 'expected a token in Authorization, got none' }, { 'www-authenticate': 'Bearer, Basic realm="haidang"' }); return undefined; }
    if (who === 'wrong') { refuse({ status: head.path.startsWith('/services/') ? 403 : 401, message: 'expected a token that is known here' }); return undefined; }
    const wait = (busyWith: 'slow' | 'full'): void => { refuse({ status: busyWith === 'slow' ? 429 : 503, message: 'nothing more can be stored now: expected later' }, { 'retry-after': String(RETRY_AFTER_S[busyWith]) }); };
    const reads = head.method === 'GET' || head.method === 'HEAD';
    if (busy !== undefined && (!reads || /\/health\b/.test(head.path))) { wait(busy); return undefined; }
    const read = await readBody(message, connection.address, this.budget, this.limits);
    if ('message' in read) { refuse(read, read.status === 429 ? { 'retry-after': '1' } : {}); return undefined; }
    try {
      const outcome = dialect.handle({ ...head, body: read.body });
      if (isRefused(outcome)) { read.release(); refuse(outcome); return undefined; }
      await this.take(this.sourceOf(connection, who), outcome.frames);
      const durable = outcome.frames.length === 0 ? Promise.resolve() : this.events.durable();
      return { answered: durable.then(() => { this.send(message, response, outcome.answer); }).finally(read.release) };
    } catch (cause) {
      read.release();
      throw cause;
    }
  }

  // A long body is taken in pieces, so that others have their turn.
  private async take(source: HttpSource, frames: readonly Buffer[]): Promise<void> {
    let bytes = 0;
    for (const frame of frames) {
      if (frame.length === 0) continue;
      this.events.onFrame(source, frame);
      bytes += frame.length;
      if (bytes < TURN_BYTES) continue;
      bytes = 0;
      await new Promise((resolve) => { setImmediate(resolve); });
      if (this.events.busy() === 'slow') await this.events.durable();
    }
  }

  private sourceOf({ address, port, names, listener, sources }: Open, who: { name: string } | undefined): HttpSource {
    const name = who?.name ?? listener;
    let source = sources.get(name);
    if (source === undefined) sources.set(name, source = { address, port, names, listener: name });
    return source;
  }

  private send(message: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer, more: Readonly<Record<string, string>> = {}): void {
    const unread = !message.complete, { socket } = message;
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers, ...more, ...(unread || this.closing ? { connection: 'close' } : {}) });
    response.end(message.method === 'HEAD' ? undefined : body);
    if (!unread) return;
    message.unpipe();
    message.resume(); // so that the sender, still writing, can read the answer
    setTimeout(() => { socket.destroy(); }, LINGER_MS).unref();
  }

  private sweep(): void {
    const now = this.now();
    for (const { socket, underWay, idleSince } of this.open.values()) if (underWay === 0 && now - idleSince >= this.limits.idleMs) socket.destroy();
  }
}

const WHY: Readonly<Record<number, Refusal | undefined>> = { 401: 'refused', 403: 'refused', 413: 'too_large', 429: 'busy', 503: 'busy' };

function headOf({ method = 'GET', url = '/', headers }: IncomingMessage): Omit<HttpRequest, 'body'> {
  const at = url.indexOf('?'), path = (at < 0 ? url : url.slice(0, at)).replace(/(?<=.)\/$/, '');
  return { method, path, query: new URLSearchParams(at < 0 ? '' : url.slice(at)), header: (name) => { const value = headers[name]; return Array.isArray(value) ? value[0] : value; } };
}
