// Looks a spool over without changing it: what each segment holds, and what is wrong with it.
import { join } from 'node:path';
import { listSegments, readSegment, type SegmentContents } from './folder.js';
import { holdsWhatWasSealed } from './hash-sums.js';
import { Released } from './released.js';
import { streamOf } from './segment.js';
import { streamName } from '../../core/record.js';

export interface SegmentReport {
  readonly segment: string;
  readonly sealed: boolean;
  readonly records: number;
  readonly bytes: number;
  readonly streams: readonly { readonly stream: string; readonly first: number; readonly last: number; readonly count: number }[];
  /** Bytes behind the last intact record of an unsealed segment: a write that was under way when the process ended. */
  readonly tornBytes: number;
  /** What is wrong beyond a torn tail, in words; empty when nothing is. */
  readonly broken: readonly string[];
}

export async function* verifySpool(folder: string): AsyncGenerator<SegmentReport> {
  const last = new Map<string, number>(), released = await Released.read(folder);
  for (const name of await listSegments(folder)) {
    const contents = await readSegment(folder, name);
    if (contents === undefined) continue;
    const { header, footer, figures, records, fileBytes, validBytes } = contents;
    const broken = header === undefined ? unreadable(contents) : [...damageOf(contents)];
    if (header !== undefined) for (const { tier, seq } of records) {
      const stream = streamName(streamOf(header, tier)), before = last.get(stream), next = before === undefined ? seq : released.nextOf(header.epoch, tier, before + 1);
      if (seq > next) broken.push(`${stream}: expected position ${next}, got ${seq}`);
      last.set(stream, Math.max(before ?? 0, seq));
    }
    yield {
      segment: join(folder, name), sealed: footer !== undefined, records: records.length, bytes: fileBytes, broken,
      streams: header === undefined ? [] : figures.map(({ tier, first, last: to, count }) => ({ stream: streamName(streamOf(header, tier)), first, last: to, count })),
      tornBytes: footer === undefined && header !== undefined ? fileBytes - validBytes : 0,
    };
  }
}

// A file whose process ended while it wrote the header has nothing in it.
const unreadable = ({ fileBytes }: SegmentContents): string[] => (fileBytes === 0 ? [] : ['the header is damaged: nothing in it can be read']);

function* damageOf(contents: SegmentContents): Generator<string> {
  const { footer, damage, figures, records, strayRecords } = contents;
  for (const { at, bytes } of damage) yield `${bytes} bytes at ${at} are no record`;
  if (strayRecords > 0) yield `${strayRecords} intact records stand behind damage; opening the spool sets them aside`;
  if (footer === undefined) return;
  if (records.length !== footer.count) yield `expected ${footer.count} records, got ${records.length}`;
  else if (!holdsWhatWasSealed(contents)) yield `expected the sealed figures ${JSON.stringify(footer.streams)}, got ${JSON.stringify(figures)}`;
}
