// The few things a spool does to files, so that tests can make any of them fail.
import { constants, type FileHandle, open, rename, truncate, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface WriteFile {
  /** Writes all of `buffers` at `at`; a short write is continued. */
  write(buffers: readonly Uint8Array[], at: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export interface SpoolFiles {
  /** A new file, whose name is durable when this resolves. Fails where one exists. */
  create(path: string): Promise<WriteFile>;
  remove(path: string): Promise<void>;
  truncate(path: string, bytes: number): Promise<void>;
}

export const diskFiles: SpoolFiles = {
  async create(path) {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    await syncFolder(dirname(path));
    return {
      write: (buffers, at) => writeAll(file, buffers, at),
      datasync: () => file.datasync(),
      close: () => file.close(),
    };
  },
  remove: (path) => unlink(path),
  truncate: (path, bytes) => truncate(path, bytes),
};

async function writeAll(file: FileHandle, buffers: readonly Uint8Array[], at: number): Promise<void> {
  let rest = [...buffers];
  for (let position = at; rest.length > 0;) {
    let { bytesWritten } = await file.writev(rest, position);
    position += bytesWritten;
    while (rest.length > 0 && bytesWritten >= (rest[0] as Uint8Array).length) bytesWritten -= (rest.shift() as Uint8Array).length;
    if (bytesWritten > 0) rest = [(rest[0] as Uint8Array).subarray(bytesWritten), ...rest.slice(1)];
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try { await handle.sync(); } finally { await handle.close(); }
}

/** A small file replaced as a whole: the old text or the new one is there after any crash. */
export async function replaceFile(path: string, text: string | Uint8Array): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/** What stands there, in memory of its own; less where the file ends before. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}
