// A place in a file that is known again: by device and inode, and, since both are given again and contents are copied, by its first
// bytes and by those right before the place. What is known again is read on; what is not is another file.
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

export interface Place {
  readonly device: number;
  readonly inode: number;
  /** Every line that ends before it has been taken and is on the disk. */
  readonly offset: number;
  /** SHA-256 of up to `PRINT_BYTES` at the beginning, and right before `offset`. */
  readonly head: Print;
  readonly before: Print;
}
interface Print { readonly bytes: number; readonly sha256: string }

const HEAD_BYTES = 1024, BEFORE_BYTES = 256;

export async function placeAt(file: FileHandle, offset: number): Promise<Place> {
  const { dev, ino } = await file.stat(), head = Math.min(HEAD_BYTES, offset), before = Math.min(BEFORE_BYTES, offset);
  return { device: dev, inode: ino, offset, head: await print(file, 0, head), before: await print(file, offset - before, before) };
}

/** Whether the file still has before `place.offset` what it had, or is a copy of one that had. */
export async function isSame(file: FileHandle, { offset, head, before }: Place): Promise<boolean> {
  const { size } = await file.stat();
  if (size < offset) return false;
  return (await print(file, 0, head.bytes)).sha256 === head.sha256 && (await print(file, offset - before.bytes, before.bytes)).sha256 === before.sha256;
}

async function print(file: FileHandle, at: number, bytes: number): Promise<Print> {
  const buffer = Buffer.alloc(bytes), { bytesRead } = bytes === 0 ? { bytesRead: 0 } : await file.read(buffer, 0, bytes, at);
  return { bytes, sha256: createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex') };
}
