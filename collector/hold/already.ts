// What of the datagrams that come again the spool has already: a reader that died may have made some durable and not said so. Counted
// from its records behind the positions of its last word; equal datagrams of one sender are interchangeable, so counting is exact.
import { decodeRecord } from '../../core/record.js';
import { keptRecords } from '../spool/folder.js';
import type { Positions } from './held.js';

const keyOf = (listener: string, peer: string, port: number | undefined, frame: Uint8Array): string => `${listener}\0${peer}\0${port ?? 0}\0${Buffer.from(frame).toString('latin1')}`;

export class Already {
  private readonly frames = new Map<string, number>();
  private readonly drops = new Map<string, number>();

  /** Reads the spool in `folder`, which nobody else uses. */
  static async read(folder: string, listeners: ReadonlySet<string>, after: Positions): Promise<Already> {
    const already = new Already();
    for await (const { stream: { epoch, tier }, seq, bytes, seed } of keptRecords(folder, after.epoch)) {
      if (epoch < after.epoch || (epoch === after.epoch && seq <= (after.tiers[tier] ?? 0))) continue;
      const record = decodeRecord(bytes, 0, seed)?.record;
      if (record === undefined || !listeners.has(record.arrival.listener)) continue;
      const { kind, arrival: { listener, peer, port }, frame } = record;
      if (kind === 'frame') add(already.frames, keyOf(listener, peer, port, frame), 1);
      if (kind !== 'loss') continue;
      const { reason, count = 0 } = JSON.parse(Buffer.from(frame).toString()) as { reason: string; count?: number };
      add(already.drops, `${reason} ${listener}`, count);
    }
    return already;
  }

  /** True when the spool has one of these that no other was taken for. */
  has(listener: string, peer: string, port: number, frame: Uint8Array): boolean {
    return this.frames.size > 0 && takeFrom(this.frames, keyOf(listener, peer, port, frame), 1) === 1;
  }

  /** How many of `count` drops have their record already. */
  recorded(reason: string, listener: string, count: number): number {
    return takeFrom(this.drops, `${reason} ${listener}`, count);
  }
}

function add(counts: Map<string, number>, key: string, count: number): void { counts.set(key, (counts.get(key) ?? 0) + count); }

function takeFrom(counts: Map<string, number>, key: string, most: number): number {
  const there = counts.get(key) ?? 0, taken = Math.min(there, most);
  if (taken === there) counts.delete(key); else counts.set(key, there - taken);
  return taken;
}
