// One process uses a spool at a time. Node has no file locks, so the folder is taken by binding an abstract unix socket named by
// its device and inode: the kernel frees it when the process dies, however it dies. Elsewhere than on Linux a socket file does.
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface Lock {
  release(): Promise<void>;
}

/** Thrown when another process (or another collector in this one) has the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
  constructor(readonly folder: string, socket: string) {
    super(`the spool in ${folder} is in use by another process (lock ${socket}). Stop that one first, or set HAIDANG_DATA to another folder.`);
  }
}

export async function lockFolder(folder: string): Promise<Lock> {
  const { dev, ino } = await stat(folder);
  const shown = process.platform === 'linux' ? `@haidang-spool-${dev}-${ino}` : join(folder, 'lock.sock');
  const path = process.platform === 'linux' ? `\0${shown.slice(1)}` : shown;
  const server = createServer((socket) => socket.destroy());
  if (process.platform !== 'linux' && !(await answers(path))) await unlink(path).catch(() => undefined);
  try {
    await listen(server, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new FolderInUseError(folder, shown);
    throw cause;
  }
  server.unref();
  return { release: () => new Promise((resolve) => { server.close(() => { resolve(); }); }) };
}

const listen = (server: Server, path: string): Promise<void> => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen({ path }, () => { server.off('error', reject); resolve(); });
});

const answers = (path: string): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(path);
  socket.once('connect', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => { resolve(false); });
});
