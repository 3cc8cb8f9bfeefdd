// The data folder: ours alone while we live, and what of it is left on the disk.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBusy, openDatabase } from '../../process/sqlite.js';

export interface Lock { release(): void }

/** Makes the folder if need be and takes it; throws a plain sentence when it cannot be written or another process has it. */
export function takeFolder(folder: string): Lock {
  try {
    mkdirSync(join(folder, 'events'), { recursive: true });
  } catch (error) {
    throw new Error(`cannot write the data folder ${folder}: ${(error as Error).message}`, { cause: error });
  }
  const pid = join(folder, 'store.pid');
  let db;
  try {
    // A file lock, which the kernel frees when the process dies, however it dies.
    db = openDatabase(join(folder, 'store.lock'), { wal: false, busyTimeoutMs: 0 });
    db.exec('pragma locking_mode = exclusive; begin exclusive');
    writeFileSync(pid, String(process.pid));
  } catch (error) {
    db?.close();
    if (!isBusy(error)) throw new Error(`cannot write the data folder ${folder}: ${(error as Error).message}`, { cause: error });
    throw new Error(`the data folder ${folder} is in use by another process${owner(pid)}: only one may open it`, { cause: error });
  }
  const held = db;
  return { release: () => { held.exec('rollback'); held.close(); } };
}
function owner(pid: string): string {
  try { return ` (${readFileSync(pid, 'utf8').trim()})`; } catch { return ''; }
}

/** A new file's name is on the disk only when its folder is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try { fsyncSync(handle); } finally { closeSync(handle); }
}
export function syncFile(path: string): void {
  const handle = openSync(path, 'r+');
  try { fsyncSync(handle); } finally { closeSync(handle); }
}

export interface Space { readonly free: number; readonly total: number }
export function space(folder: string): Space {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { free: bavail * bsize, total: blocks * bsize };
}
