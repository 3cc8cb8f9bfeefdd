// An epoch: one opening of a spool by one process. Nothing is ever appended to an older one. Its number is the spool's counter
// times 2^32 plus the first 32 of its 64 random bits: two copies of one spool draw different bits and never share a stream.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../core/problem.js';
import { replaceFile } from './files.js';

export interface Epoch {
  readonly collector: string;
  readonly epoch: number;
  /** 64 random bits, hex. */
  readonly random: string;
}
/** The epoch's file. `home` says where it was written: a spool that is found elsewhere was moved, restored, or copied. */
interface Written extends Epoch { readonly home?: string }
export const counterOf = (epoch: number): number => Math.floor(epoch / 2 ** 32);

/** A new epoch, durable; its counter is above every one in the folder's epoch file and above `newest` (that of its segments). */
export async function beginEpoch(folder: string, newest: Epoch | undefined, newCollector: () => string, onProblem: (problem: Problem) => void = () => undefined): Promise<Epoch> {
  const before = await readEpoch(folder), home = await homeOf(folder);
  if (before?.home !== undefined && before.home !== home) {
    onProblem({
      code: 'spool.cloned', expected: before.home, got: home, file: folder,
      message: `the spool in ${folder} was last used on another machine or in another folder. If it was moved or restored, nothing is to be done. If that one still runs, this is a copy: both go on under epochs of their own and nothing collides, but what the spool held is delivered by both. Stop one of them.`,
    });
  }
  const counter = Math.max(before === undefined ? 0 : counterOf(before.epoch), newest === undefined ? 0 : counterOf(newest.epoch)) + 1;
  const next = drawEpoch(before?.collector ?? newest?.collector ?? newCollector(), counter);
  await writeEpoch(folder, next);
  return next;
}

export function drawEpoch(collector: string, counter: number): Epoch {
  const random = randomBytes(8);
  return { collector, epoch: counter * 2 ** 32 + random.readUInt32BE(0), random: random.toString('hex') };
}

export async function writeEpoch(folder: string, epoch: Epoch): Promise<void> {
  await replaceFile(join(folder, 'epoch.json'), `${JSON.stringify({ ...epoch, home: await homeOf(folder) } satisfies Written)}\n`);
}

// The machine and the folder on it. A copy of a disk has the same inodes, a copy of a folder the same machine.
async function homeOf(folder: string): Promise<string> {
  const machine = await readFile('/etc/machine-id', 'utf8').catch(() => ''), { ino } = await stat(folder);
  return `${createHash('sha256').update(machine.trim()).digest('hex').slice(0, 16)} ${ino}`;
}

/** Undefined where the file is missing or unreadable: the segments' headers say the rest. */
async function readEpoch(folder: string): Promise<Written | undefined> {
  try {
    const { collector, epoch, random, home } = JSON.parse(await readFile(join(folder, 'epoch.json'), 'utf8')) as Partial<Written>;
    return typeof collector === 'string' && UUID.test(collector) && Number.isSafeInteger(epoch) && typeof random === 'string' ? { collector, epoch: epoch as number, random, ...(typeof home === 'string' ? { home } : {}) } : undefined;
  } catch {
    return undefined;
  }
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
