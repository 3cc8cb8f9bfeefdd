// A program with listeners is two processes: a small one that holds the sockets and keeps the other running, and the program. When that
// dies, connections and datagrams wait; the next one takes them. Where the sockets cannot be held (a port is taken), the program opens
// them itself and says what is wrong.
import { spawn, type ChildProcess } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import { encodeHeld } from './held.js';
import { SocketHolder } from './socket-holder.js';
import { LOSS_MS, RECEIVE_BUFFER_BYTES, type ListenerOptions } from '../options.js';
import { Supervisor, type Turn } from '../../core/process/supervisor.js';

/** Descriptors of the child: 3 is for messages, 4 the pipe, then the listening sockets. */
const PIPE = 4, FIRST_SOCKET = 5;

/** glibc gives each of some thirty threads a heap of its own, and none of them gives back what another could use: about 100 MB in a storm. */
const ARENAS = '2';

export interface SupervisedOptions {
  readonly listeners: readonly ListenerOptions[];
  /** What to run: `process.execPath` with these arguments. */
  readonly command: readonly string[];
  readonly say: (line: string) => void;
  readonly lossMs?: number;
  readonly receiveBufferBytes?: number;
}

/** Runs the command with its sockets held; resolves with its last exit code. `stop` by signal. */
export async function runSupervised({ listeners, command, say, lossMs = LOSS_MS, receiveBufferBytes = RECEIVE_BUFFER_BYTES }: SupervisedOptions): Promise<number> {
  const holder = await SocketHolder.open(listeners, { lossMs, receiveBufferBytes }).catch(() => undefined);
  // Where it is allowed, this process runs before the others, so that the kernel's buffer is emptied; its child runs as it would.
  const priority = getPriority(0);
  try { setPriority(0, priority - 10); } catch { /* not allowed: fine */ }
  const start = (turn: Turn): ChildProcess => {
    const env = { MALLOC_ARENA_MAX: ARENAS, ...process.env };
    if (holder === undefined) return spawn(process.execPath, [...process.execArgv, ...command], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
    const { descriptors, ...shared } = holder.share(FIRST_SOCKET);
    const child = spawn(process.execPath, [...process.execArgv, ...command], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe', ...descriptors],
      env: { ...env, ...encodeHeld({ ...shared, pipe: PIPE, ...turn }) },
    });
    try { setPriority(child.pid as number, priority); } catch { /* it is gone: `close` says so */ }
    holder.attach(child.stdio[PIPE] as Duplex);
    return child;
  };
  const supervisor = new Supervisor({ start, say });
  const stop = (): void => { holder?.end(); supervisor.stop(); };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const code = await supervisor.run();
  await holder?.close();
  const { datagrams = 0 } = holder?.unconfirmed ?? {};
  if (datagrams > 0) say(`${datagrams} datagrams were received and not stored`);
  return code;
}
