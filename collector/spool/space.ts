// How much room the spool's disk has, and when intake must stop: control data, alerts and compaction need the rest.
import { statfs } from 'node:fs/promises';

const MB = 1024 * 1024;
export interface Space { readonly freeBytes: number; readonly totalBytes: number }

export async function spaceOf(folder: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** 64 MB, less on a disk so small that a few segments would fill it. */
export const defaultSegmentBytes = (totalBytes: number): number => Math.min(64 * MB, Math.max(MB / 4, Math.floor(totalBytes / 64)));

/** Intake stops when less than this is free. */
export const freeBytesLimit = (segmentBytes: number, totalBytes: number): number => Math.max(3 * segmentBytes, Math.min(totalBytes * 0.05, 2048 * MB));
