// What stands in a spool's folder, read without changing anything: recovery, `haidang spool verify` and `export` see the same.
//
//   epoch.json              the collector's uuid, the present epoch and its 64 random bits
//   EPOCH-NUMBER.seg        segments (segment.ts), in order of their names
//   EPOCH-NUMBER.seg.N.bad  what recovery set aside
//   released.json           what was freed beside segments that stay (released.ts)
import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream } from '../../core/record.js';
import { HEADER_BYTES, intactRecords, nextIntact, readFooter, readHeader, streamOf, Tally, type Footer, type Found, type SegmentHeader, type StreamFigures } from './segment.js';

/** The names of the segments in `folder`, oldest first. */
export async function listSegments(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{16}-\d{8}\.seg$/.test(name)).sort();
}

/** A piece of a segment that is no record. */
export interface Damage {
  readonly at: number;
  readonly bytes: number;
}

export interface SegmentContents {
  readonly name: string;
  /** Undefined where the header itself is damaged: then nothing in the segment can be read. */
  readonly header: SegmentHeader | undefined;
  readonly footer: Footer | undefined;
  /** Where what recovery keeps of the records ends. */
  readonly validBytes: number;
  readonly fileBytes: number;
  readonly records: readonly Found[];
  readonly figures: readonly StreamFigures[];
  readonly bytes: Buffer;
  /** Inside a sealed segment: what cannot be read; records behind it are. */
  readonly damage: readonly Damage[];
  /** In an unsealed segment: intact records behind the valid prefix. A torn write leaves none; something else happened. */
  readonly strayRecords: number;
}

/**
 * One segment, read whole. Of an unsealed one the longest valid prefix counts; in a sealed one, whose every byte was once
 * durable, reading goes on behind damage.
 */
export async function readSegment(folder: string, name: string): Promise<SegmentContents | undefined> {
  const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined; // freed meanwhile by the process that uses the spool
    throw error;
  });
  return bytes === undefined ? undefined : contentsOf(name, bytes);
}

/** The same of a segment's bytes. Pure. */
export function contentsOf(name: string, bytes: Buffer): SegmentContents {
  const header = readHeader(bytes);
  const nothing = { name, header, footer: undefined, validBytes: 0, fileBytes: bytes.length, records: [], figures: [], bytes, damage: [], strayRecords: 0 };
  if (header === undefined) return nothing;
  const { seed } = header, footer = readFooter(bytes, seed), tally = new Tally();
  const records: Found[] = [], damage: Damage[] = [];
  const recordsEnd = footer?.bytes ?? bytes.length, area = bytes.subarray(0, recordsEnd);
  let at = HEADER_BYTES;
  const take = (): void => {
    for (const found of intactRecords(area, at, seed)) {
      records.push(found);
      tally.add(found.tier, found.seq);
      at = found.end;
    }
  };
  take();
  if (footer === undefined) {
    let strayRecords = 0;
    for (let next = nextIntact(bytes, at + 1, seed); next >= 0;) {
      let end = next;
      for (const found of intactRecords(bytes, next, seed)) { strayRecords++; end = found.end; }
      next = nextIntact(bytes, end, seed);
    }
    return { ...nothing, header, records, figures: tally.figures(), validBytes: at, strayRecords };
  }
  while (at < recordsEnd) {
    const next = nextIntact(area, at + 1, seed), end = next < 0 ? recordsEnd : next;
    damage.push({ at, bytes: end - at });
    at = end;
    take();
  }
  return { ...nothing, header, footer, records, figures: tally.figures(), validBytes: recordsEnd, damage };
}

/** Header and, of a sealed segment, footer, without reading the records. */
export async function readEnds(folder: string, name: string): Promise<{ header: SegmentHeader | undefined; footer: Footer | undefined; fileBytes: number }> {
  const file = await open(join(folder, name), 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(HEADER_BYTES), tail = Buffer.alloc(Math.min(size, 4096));
    await file.read(head, 0, head.length, 0);
    await file.read(tail, 0, tail.length, size - tail.length);
    const header = size < HEADER_BYTES ? undefined : readHeader(head);
    return { header, footer: header && readFooter(tail, header.seed), fileBytes: size };
  } finally {
    await file.close();
  }
}

export interface KeptRecord {
  readonly stream: Stream;
  readonly seq: number;
  /** The record as the spool has it, head included. */
  readonly bytes: Buffer;
  readonly seed: number;
}

/**
 * Every record that opening this spool would keep, each once, in the order of the segments. A batch whose disk failed stands in
 * two segments: the second time its positions are passed over. Segments of epochs before `epochFrom` are not read.
 */
export async function* keptRecords(folder: string, epochFrom = 0): AsyncGenerator<KeptRecord> {
  const last = new Map<string, number>();
  for (const name of await listSegments(folder)) {
    if (Number(name.slice(0, 16)) < epochFrom) continue;
    const { header, records, bytes } = await readSegment(folder, name) ?? { header: undefined };
    if (header === undefined) continue;
    for (const { tier, seq, start, end } of records) {
      const key = `${header.epoch}.${tier}`;
      if (seq <= (last.get(key) ?? 0)) continue;
      last.set(key, seq);
      yield { stream: streamOf(header, tier), seq, bytes: bytes.subarray(start, end), seed: header.seed };
    }
  }
}
