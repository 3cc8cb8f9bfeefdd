// Sends log lines over a real socket from a chosen local address. A line's bytes go out as they are: over UDP one datagram each, over
// TCP ended by LF, or with octet counting (RFC 6587 3.4.1) where LF framing would not bring back the same bytes: a line that holds
// LF or NUL, or one that begins like a count ("11 hello").
// `send` resolves when the socket has taken the line; `close` when all of it has left and the other side has closed.
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';

export type Protocol = 'udp' | 'tcp';
export interface Target { readonly host: string; readonly port: number; readonly protocol: Protocol; readonly from?: string }
export interface Sender {
  send(line: Uint8Array): Promise<void>;
  /** Waits for the other side at most this long, 10 s when not told. */
  close(waitMs?: number): Promise<void>;
}

/** The other side could not be reached, or went away; the message says what to check. */
export class SendError extends Error {
  override readonly name = 'SendError';
}

export const UDP_BYTES_MAX = 65_507;
const LF = 0x0a;
const COUNT_LIKE = /^[1-9]\d{0,9} /;
const CLOSE_WAIT_MS = 10_000;

export function openSender(target: Target): Promise<Sender> {
  return target.protocol === 'udp' ? openUdp(target) : openTcp(target);
}

/** One line as it stands on a TCP stream. */
export function frameLine(line: Uint8Array): Buffer {
  const head = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, 12)).toString('latin1');
  if (line.includes(LF) || line.includes(0) || COUNT_LIKE.test(head)) return Buffer.concat([Buffer.from(`${line.length} `), line]);
  return Buffer.concat([line, Buffer.of(LF)]);
}

async function openTcp(target: Target): Promise<Sender> {
  const { host, port, from } = target;
  const socket: Socket = connect({ host, port, ...(from !== undefined && { localAddress: from }) });
  socket.setNoDelay(true);
  let failure: SendError | undefined;
  const closed = new Promise<void>((done) => { socket.once('close', () => done()); });
  socket.on('error', (error) => { failure ??= describe(error, target); });
  socket.resume(); // whatever the other side says is read, so that its close is seen
  await new Promise<void>((done, fail) => {
    socket.once('connect', () => done());
    socket.once('close', () => fail(failure ?? new SendError(`${host}:${port} closed the connection at once`)));
  });
  // What waits for the network is at most one buffer: `write` says when it is full.
  const drained = (): Promise<void> => new Promise((done, fail) => {
    const settle = (): void => {
      socket.off('drain', settle); socket.off('close', settle);
      if (socket.destroyed) fail(failure ?? new SendError(`${host}:${port} closed the connection while lines were being sent`)); else done();
    };
    socket.once('drain', settle); socket.once('close', settle);
  });
  return {
    async send(line) {
      if (socket.destroyed || !socket.writable) throw failure ?? new SendError(`${host}:${port} closed the connection while lines were being sent`);
      // Lines sent in one breath leave in one write.
      if (socket.writableCorked === 0) { socket.cork(); process.nextTick(() => socket.uncork()); }
      if (!socket.write(frameLine(line))) await drained();
    },
    async close(waitMs = CLOSE_WAIT_MS) {
      socket.end();
      const timer = setTimeout(() => { failure ??= new SendError(`${host}:${port} did not take the last bytes within ${waitMs / 1000} s`); socket.destroy(); }, waitMs);
      await closed;
      clearTimeout(timer);
      if (failure) throw failure;
    },
  };
}

async function openUdp(target: Target): Promise<Sender> {
  const { host, port, from } = target;
  const socket: UdpSocket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  let failure: SendError | undefined;
  await new Promise<void>((done, fail) => {
    const broken = (error: Error): void => { socket.close(); fail(describe(error, target)); };
    socket.once('error', broken);
    socket.bind({ address: from, port: 0 }, () => { socket.off('error', broken); done(); });
  });
  socket.on('error', (error) => { failure ??= describe(error, target); });
  return {
    send: (line) => new Promise((done, fail) => {
      if (failure) { fail(failure); return; }
      if (line.length > UDP_BYTES_MAX) { fail(new SendError(`a line of ${line.length} bytes does not fit a datagram (at most ${UDP_BYTES_MAX}): send it over TCP`)); return; }
      socket.send(line, port, host, (error) => { if (error) fail(describe(error, target)); else done(); });
    }),
    close: () => new Promise((done) => socket.close(() => done())),
  };
}

function describe(error: Error, { host, port, from, protocol }: Target): SendError {
  const code = (error as NodeJS.ErrnoException).code;
  const why = code === 'ECONNREFUSED' ? `nothing listens on ${protocol} ${host}:${port}: is the server running?`
    : code === 'EADDRNOTAVAIL' && from !== undefined ? `this machine cannot send from ${from}${from.startsWith('127.') ? ' (on macOS first: sudo ifconfig lo0 alias ' + from + ')' : ''}`
    : code === 'EPIPE' || code === 'ECONNRESET' ? `${host}:${port} closed the connection while lines were being sent`
    : `cannot send to ${protocol} ${host}:${port}: ${error.message}`;
  return new SendError(why, { cause: error });
}
