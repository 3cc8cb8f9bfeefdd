// How commands reach a running server on the same data folder: a Unix socket in the folder, owner only. One request a connection,
// one JSON line each way: {"command", "args"} -> {"ok": true, "result"} or {"ok": false, "error", "name"}.
// The store belongs to one process; whoever holds it owns the socket, so a socket left by a killed server is simply replaced.
import { closeSync, existsSync, openSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from '../errors.js';

export type ControlHandler = (args: Readonly<Record<string, unknown>>) => Promise<unknown>;
export interface Control {
  /** Later handlers of a name replace earlier ones. */
  register(command: string, handler: ControlHandler): void;
  close(): Promise<void>;
}

const LINE_BYTES_MAX = 1024 * 1024, ANSWER_MS_MAX = 10 * 60_000, REQUEST_MS_MAX = 10_000;
const NAME = 'control.sock';

/** Listens in `folder`, which this process must own (it holds the store there). */
export async function openControl(folder: string): Promise<Control> {
  const handlers = new Map<string, ControlHandler>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    void serve(socket, handlers);
  });
  if (existsSync(join(folder, NAME))) unlinkSync(join(folder, NAME));
  await withShortPath(folder, (path) => listen(server, path));
  return {
    register: (command, handler) => { handlers.set(command, handler); },
    close: () => new Promise((resolve) => { server.close(() => resolve()); for (const socket of sockets) socket.destroy(); }),
  };
}

/** Asks the server that runs on `folder`; undefined when none does. Throws what the handler threw. */
export async function askControl(folder: string, command: string, args: Readonly<Record<string, unknown>> = {}): Promise<{ readonly result: unknown } | undefined> {
  if (!existsSync(join(folder, NAME))) return undefined;
  const socket = await withShortPath(folder, reach);
  if (socket === undefined) return undefined;
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`the server did not answer ${command} in ${ANSWER_MS_MAX / 60_000} minutes`)));
  try {
    socket.write(`${JSON.stringify({ command, args })}\n`);
    const answer = JSON.parse(await readLine(socket)) as { ok: boolean; result?: unknown; error?: string; name?: string };
    if (!answer.ok) throw revive(answer.name, answer.error ?? 'the server gave no reason');
    return { result: answer.result };
  } finally { socket.destroy(); }
}

async function serve(socket: Socket, handlers: ReadonlyMap<string, ControlHandler>): Promise<void> {
  let answer: object;
  try {
    socket.setTimeout(REQUEST_MS_MAX, () => socket.destroy());
    const request = JSON.parse(await readLine(socket)) as { command?: unknown; args?: unknown };
    socket.setTimeout(0);
    const handler = handlers.get(String(request.command));
    if (handler === undefined) throw new NotFoundError(`expected a command this server knows (${[...handlers.keys()].join(', ')}), got ${String(request.command)}`);
    const args = typeof request.args === 'object' && request.args !== null ? (request.args as Record<string, unknown>) : {};
    answer = { ok: true, result: await handler(args) ?? null };
  } catch (error) {
    answer = { ok: false, name: error instanceof Error ? error.name : 'Error', error: error instanceof Error ? error.message : String(error) };
  }
  socket.end(`${JSON.stringify(answer)}\n`);
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LINE_BYTES_MAX) reject(new InvalidError(`expected one line of at most ${LINE_BYTES_MAX} bytes`));
      else if (chunk.includes(10)) resolve(Buffer.concat(chunks).toString('utf8').split('\n')[0] ?? '');
    });
    socket.on('error', reject).on('close', () => reject(new Error('the server closed the connection without an answer')));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket must never be there with wider rights than owner only: bind() takes the mask, and happens inside listen().
    const before = process.umask(0o177);
    try { server.listen(path, () => { server.off('error', reject); resolve(); }); } finally { process.umask(before); }
  });
}

function reach(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => { socket.removeAllListeners('error'); resolve(socket); });
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
  });
}

/** A socket's path may have 107 bytes; a longer one is reached through the folder's descriptor. */
async function withShortPath<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, NAME);
  if (Buffer.byteLength(path) <= 100 || process.platform !== 'linux') return use(path);
  const descriptor = openSync(folder, 'r');
  try { return await use(`/proc/self/fd/${descriptor}/${NAME}`); } finally { closeSync(descriptor); }
}

function revive(name: string | undefined, message: string): Error {
  switch (name) {
    case 'NotFoundError': return new NotFoundError(message);
    case 'ConflictError': return new ConflictError(message);
    case 'InvalidError': return new InvalidError(message);
    case 'ForbiddenError': return new ForbiddenError(message);
    default: return new Error(message);
  }
}
