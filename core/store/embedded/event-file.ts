// Files of encoded events (NDJSON), appended to and fdatasynced before a commit names their new length. What lies beyond the last
// run that the manifest names was never committed.
import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../assert.js';
import { die, fault, reached } from './fault.js';
import { syncFolder } from './folder.js';

export class EventFile {
  private handle: number | undefined;

  /** `length` is what the manifest says is valid. */
  constructor(private readonly folder: string, readonly name: string, private committed = 0) {}

  get length(): number { return this.committed; }
  get path(): string { return join(this.folder, this.name); }

  /** Appends and makes durable; `keep` or `forget` must follow. Returns where each part begins. */
  append(parts: readonly Uint8Array[]): readonly number[] {
    fault('before-append');
    const fresh = this.handle === undefined;
    this.handle ??= openSync(this.path, this.committed === 0 ? 'w' : 'r+');
    const starts: number[] = [];
    let end = this.committed;
    for (const part of parts) {
      starts.push(end);
      end = writeAll(this.handle, part, end);
    }
    fault('after-append');
    fdatasyncSync(this.handle);
    if (fresh) syncFolder(this.folder);
    fault('after-fdatasync');
    return starts;
  }

  keep(bytes: number): void {
    this.committed += bytes;
  }

  /** What was appended and not kept goes. */
  forget(): void {
    if (this.handle !== undefined) ftruncateSync(this.handle, this.committed);
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }
}

// The system may write less than it was given.
function writeAll(handle: number, bytes: Uint8Array, at: number): number {
  if (reached('half-append')) { writeSync(handle, bytes, 0, bytes.length >> 1, at); die(); }
  for (let done = 0; done < bytes.length;) {
    const written = writeSync(handle, bytes, done, bytes.length - done, at + done);
    assert(written > 0, 'a write made no progress');
    done += written;
  }
  return at + bytes.length;
}
