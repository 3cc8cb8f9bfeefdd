// TLS in front of a listener (RFC 5425 and the options of other protocols): certificate, key and authority come from files, which are
// looked at now and then, so that a renewed certificate is used without a restart. Files that do not fit together yet (the
// certificate is renewed, its key not) leave the old ones in use. The handshake is bounded in time and in number.
import { readFile, stat } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type PeerCertificate, type Server, type TLSSocket } from 'node:tls';
import type { Problem } from '../../core/problem.js';
import type { TlsOptions } from '../options.js';

export interface TlsEvents {
  readonly onProblem: (problem: Problem) => void;
  /** The handshake ended: with a socket and who the certificate says the client is (nobody, without a trusted one), or without. */
  readonly onSecure: (raw: Socket, socket: TLSSocket, names: readonly string[]) => void;
  readonly onFailed: (raw: Socket) => void;
}

const HANDSHAKES_MAX = 200, HANDSHAKE_MS = 10_000, LOOK_MS = 2000, FAILURE_MS = 60_000;

export class TlsGate {
  /** Connections in their handshake, by the far end's address and port. */
  private readonly shaking = new Map<string, Socket>();
  private readonly timer: NodeJS.Timeout;
  private told = '';
  private toldFailureAt = -Infinity;

  private constructor(private readonly server: Server, private readonly listener: string, private readonly options: TlsOptions, private seen: string, private readonly events: TlsEvents) {
    server.on('secureConnection', (socket) => {
      const raw = this.shaken(socket);
      if (raw === undefined) socket.destroy(); else events.onSecure(raw, socket, socket.authorized ? namesOf(socket.getPeerCertificate()) : []);
    });
    server.on('tlsClientError', (error, socket) => { this.tellFailure(error); socket.destroy(); });
    this.timer = setInterval(() => { void this.look(); }, options.lookMs ?? LOOK_MS);
    this.timer.unref();
  }

  static async open(listener: string, options: TlsOptions, events: TlsEvents): Promise<TlsGate> {
    const clientCertificates = options.clientCertificates ?? 'none';
    const { seen, context } = await stateOf(options).then(async (state) => ({ seen: state, context: await contextOf(options) })).catch((cause: unknown) => {
      throw new Error(`its certificate files cannot be used: ${(cause as Error).message}`, { cause });
    });
    const server = createServer({
      ...context, minVersion: 'TLSv1.2', handshakeTimeout: options.handshakeMs ?? HANDSHAKE_MS,
      requestCert: clientCertificates !== 'none', rejectUnauthorized: clientCertificates === 'required',
    });
    return new TlsGate(server, listener, options, seen, events);
  }

  /** Begins the handshake; false when too many are under way. */
  accept(raw: Socket): boolean {
    if (this.shaking.size >= HANDSHAKES_MAX) return false;
    const key = keyOf(raw);
    this.shaking.set(key, raw);
    raw.once('close', () => { if (this.shaking.get(key) === raw) { this.shaking.delete(key); this.events.onFailed(raw); } });
    this.server.emit('connection', raw);
    return true;
  }

  close(): void {
    clearInterval(this.timer);
    for (const raw of this.shaking.values()) raw.destroy();
    this.shaking.clear();
  }

  private shaken(socket: TLSSocket): Socket | undefined {
    const key = keyOf(socket), raw = this.shaking.get(key);
    this.shaking.delete(key);
    return raw;
  }

  // Why, now and then: how many there were the losses say.
  private tellFailure({ message }: Error): void {
    const now = performance.now();
    if (now - this.toldFailureAt < FAILURE_MS) return;
    this.toldFailureAt = now;
    this.events.onProblem({ code: 'collector.tls.handshake', severity: 'warning', message: `${this.listener}: a client's TLS handshake failed: ${/:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1] ?? message}` });
  }

  private async look(): Promise<void> {
    let state = '';
    try {
      state = await stateOf(this.options);
      if (state === this.seen) return;
      this.server.setSecureContext({ ...await contextOf(this.options), minVersion: 'TLSv1.2' });
      this.seen = state;
      this.events.onProblem({ code: 'collector.tls.reloaded', severity: 'warning', file: this.options.certificateFile, message: `${this.listener}: the certificate files changed; new connections use the new ones` });
    } catch (error) {
      const message = `${this.listener}: the changed certificate files cannot be used, the old ones stay in use: ${(error as Error).message}`;
      if (this.told !== message + state) this.events.onProblem({ code: 'collector.tls.reload', file: this.options.certificateFile, message });
      this.told = message + state;
    }
  }
}

const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress ?? ''} ${remotePort ?? ''}`;

async function contextOf({ certificateFile, keyFile, caFile }: TlsOptions): Promise<{ cert: Buffer; key: Buffer; ca?: Buffer }> {
  const [cert, key] = await Promise.all([readFile(certificateFile), readFile(keyFile)]);
  const context = { cert, key, ...(caFile === undefined ? {} : { ca: await readFile(caFile) }) };
  createSecureContext(context); // throws when they do not fit
  return context;
}

async function stateOf({ certificateFile, keyFile, caFile }: TlsOptions): Promise<string> {
  const files = [certificateFile, keyFile, ...(caFile === undefined ? [] : [caFile])];
  return (await Promise.all(files.map(async (file) => { const { ino, size, mtimeMs } = await stat(file); return `${ino} ${size} ${mtimeMs}`; }))).join('\n');
}

/** What a registry's `certificate` may say: the common name, an alternative name (`DNS`, `IP`, `email`), or the fingerprint (`sha-256:AB:...`). */
function namesOf({ subject, subjectaltname = '', fingerprint256 }: PeerCertificate): string[] {
  const common = [subject?.CN ?? []].flat();
  const alternative = subjectaltname.includes('"') ? [] : subjectaltname.split(', ').flatMap((name) => /^(?:DNS|IP Address|email):(.+)$/.exec(name)?.[1] ?? []);
  return [...common, ...alternative, ...(fingerprint256 === undefined ? [] : [`sha-256:${fingerprint256}`])];
}
