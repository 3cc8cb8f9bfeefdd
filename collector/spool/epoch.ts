// An epoch: one opening of a spool by one process. Nothing is ever appended to an older one. Its number is the spool's counter
// times 2^32 plus the first 32 of its 64 random bits: two copies of one spool draw different bits and never share a stream.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './files.js';

export interface Epoch {
  readonly collector: string;
  readonly epoch: number;
  /** 64 random bits, hex. */
  readonly random: string;
}
export const counterOf = (epoch: number): number => Math.floor(epoch / 2 ** 32);

/** A new epoch, durable; its counter is above every one in the folder's epoch file and above `newest` (that of its segments). */
export async function beginEpoch(folder: string, newest: Epoch | undefined, newCollector: () => string): Promise<Epoch> {
  const before = await readEpoch(folder);
  const counter = Math.max(before === undefined ? 0 : counterOf(before.epoch), newest === undefined ? 0 : counterOf(newest.epoch)) + 1;
  const next = drawEpoch(before?.collector ?? newest?.collector ?? newCollector(), counter);
  await writeEpoch(folder, next);
  return next;
}

export function drawEpoch(collector: string, counter: number): Epoch {
  const random = randomBytes(8);
  return { collector, epoch: counter * 2 ** 32 + random.readUInt32BE(0), random: random.toString('hex') };
}

export const writeEpoch = (folder: string, epoch: Epoch): Promise<void> => replaceFile(join(folder, 'epoch.json'), `${JSON.stringify(epoch)}\n`);

/** Undefined where the file is missing or unreadable: the segments' headers say the rest. */
async function readEpoch(folder: string): Promise<Epoch | undefined> {
  try {
    const { collector, epoch, random } = JSON.parse(await readFile(join(folder, 'epoch.json'), 'utf8')) as Partial<Epoch>;
    return typeof collector === 'string' && UUID.test(collector) && Number.isSafeInteger(epoch) && typeof random === 'string' ? { collector, epoch: epoch as number, random } : undefined;
  } catch {
    return undefined;
  }
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
