// What was freed of the epochs that a spool still has segments of. Segments that a cluster has read back go each in its own time: what is
// missing between two that are still there was not lost, and when the collector starts while the cluster is away nobody else can say so.
//
//   released.json           {"EPOCH.TIER": [[first, last], ...]}, durable before the first of these segments goes
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './files.js';

/** First and last position, by tier: `StoredSegment.ranges`. */
type Ranges = ReadonlyMap<number, { readonly first: number; readonly last: number }>;
type Stretch = readonly [first: number, last: number];

const FILE = 'released.json', keyOf = (epoch: number, tier: number): string => `${epoch}.${tier}`;

export class Released {
  /** In order, none touching the next. */
  private readonly stretches: Map<string, readonly Stretch[]>;

  private constructor(private readonly folder: string, known: readonly (readonly [string, readonly Stretch[]])[]) { this.stretches = new Map(known); }

  /** A file that cannot be read says nothing: what is missing is delivered as lost, as it was before there was one. */
  static async read(folder: string): Promise<Released> {
    const text = await readFile(join(folder, FILE), 'utf8').catch(() => '{}');
    let told: unknown;
    try { told = JSON.parse(text); } catch { told = {}; }
    return new Released(folder, Object.entries(told ?? {}).flatMap(([key, list]) => (Array.isArray(list) ? [[key, list.filter(isStretch)] as const] : [])));
  }

  /** The first position from `seq` on that was not freed. */
  nextOf(epoch: number, tier: number, seq: number): number {
    return (this.stretches.get(keyOf(epoch, tier))?.find(([first, last]) => first <= seq && seq <= last)?.[1] ?? seq - 1) + 1;
  }

  /** These positions go; of epochs other than `epochs`, those that segments are left of, nothing needs to be known any more. */
  async add(epoch: number, ranges: Ranges, epochs: ReadonlySet<number>): Promise<void> {
    for (const key of this.stretches.keys()) if (!epochs.has(Number(key.split('.')[0]))) this.stretches.delete(key);
    for (const [tier, { first, last }] of ranges) { const key = keyOf(epoch, tier); this.stretches.set(key, joined([...this.stretches.get(key) ?? [], [first, last]])); }
    await replaceFile(join(this.folder, FILE), JSON.stringify(Object.fromEntries(this.stretches)));
  }
}

function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const whole: Stretch[] = [];
  for (const [first, last] of [...stretches].sort(([a], [b]) => a - b)) {
    const before = whole.at(-1);
    if (before !== undefined && first <= before[1] + 1) whole[whole.length - 1] = [before[0], Math.max(before[1], last)]; else whole.push([first, last]);
  }
  return whole;
}

const isStretch = (value: unknown): value is Stretch => Array.isArray(value) && value.length === 2 && value.every((seq) => Number.isSafeInteger(seq) && seq > 0) && value[0] <= value[1];
