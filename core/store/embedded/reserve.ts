// A file that only takes up room: let go when the disk is full, so that what people decide, the audit trail and alarms can still be
// written, and taken again when there is room.
import { closeSync, existsSync, fdatasyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { space } from './folder.js';

const RESERVE_BYTES = 64 * 1024 * 1024;
const BLOCK = new Uint8Array(1024 * 1024).fill(0x68);

export class Reserve {
  private readonly path: string;
  private readonly bytes: number;

  constructor(private readonly folder: string, bytes = RESERVE_BYTES) {
    this.path = join(folder, 'reserve');
    // At most a twentieth of a small disk.
    this.bytes = Math.min(bytes, Math.floor(space(folder).total / 20));
  }

  get held(): boolean {
    return existsSync(this.path) && statSync(this.path).size >= this.bytes;
  }

  /** Takes the room when four times as much is free; otherwise leaves things as they are. */
  take(): boolean {
    if (this.held) return true;
    if (space(this.folder).free < 4 * this.bytes) return false;
    const handle = openSync(this.path, 'w');
    try {
      for (let left = this.bytes; left > 0; left -= BLOCK.length) writeSync(handle, BLOCK, 0, Math.min(left, BLOCK.length));
      fdatasyncSync(handle);
      return true;
    } catch {
      this.release();
      return false;
    } finally {
      closeSync(handle);
    }
  }

  /** True when there was something to let go. */
  release(): boolean {
    const there = existsSync(this.path);
    rmSync(this.path, { force: true });
    return there;
  }
}
