// XOR, by tier, of the 16-hex hashes in the ids of a segment's records: what a store that read the same events back must come to
// (reference protocol 2.6), and what older programs put into footers. Hashing each record costs more than writing it, so it is done
// only where somebody compares, and from the file: that is what would be sent again.
import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { HEAD_BYTES } from '../../core/record.js';
import { readAt } from './files.js';
import { readEnds, type SegmentContents } from './folder.js';
import { HEADER_BYTES, intactRecords, nextIntact, type Found, type StreamFigures } from './segment.js';

const PIECE_BYTES = 256 * 1024;

export class HashSums {
  private readonly sums = new Map<number, { high: number; low: number }>();

  /** `body`: the record behind its length and crc. */
  add(tier: number, body: Uint8Array): void {
    const digest = hash('sha256', body, 'binary'); // its first 8 bytes are the 16 hex digits of the record's id
    let sum = this.sums.get(tier);
    if (sum === undefined) this.sums.set(tier, sum = { high: 0, low: 0 });
    sum.high ^= word(digest, 0);
    sum.low ^= word(digest, 4);
  }

  of(tier: number): string {
    const { high, low } = this.sums.get(tier) ?? { high: 0, low: 0 }, hex = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');
    return hex(high) + hex(low);
  }
}
const word = (bytes: string, at: number): number => (bytes.charCodeAt(at) << 24) | (bytes.charCodeAt(at + 1) << 16) | (bytes.charCodeAt(at + 2) << 8) | bytes.charCodeAt(at + 3);

/** Of a sealed segment's file, read in pieces: others have a turn between them. */
export async function hashSumsOf(path: string): Promise<HashSums> {
  const sums = new HashSums(), { header, footer } = await readEnds(dirname(path), basename(path));
  if (header === undefined || footer === undefined) throw new Error(`expected a sealed segment in ${path}, got something else`);
  const { seed } = header, end = footer.bytes, file = await open(path, 'r');
  try {
    for (let at = HEADER_BYTES, piece = PIECE_BYTES; at < end;) {
      const bytes = await readAt(file, at, Math.min(piece, end - at)), found: Found[] = [...intactRecords(bytes, 0, seed)];
      for (const { tier, start, end: to } of found) sums.add(tier, bytes.subarray(start + HEAD_BYTES, to));
      const read = found.at(-1)?.end ?? 0;
      if (read > 0) { at += read; piece = PIECE_BYTES; continue; }
      if (bytes.length < end - at && bytes.length === piece) { piece = end - at; continue; } // a long record, or damage: look at all there is
      const next = nextIntact(bytes, 1, seed);
      if (next < 0) break;
      at += next;
    }
    return sums;
  } finally {
    await file.close();
  }
}

/** Whether a sealed segment's records are those its footer tells of. */
export function holdsWhatWasSealed({ footer, figures, records, bytes }: SegmentContents): boolean {
  if (footer === undefined || footer.streams.length !== figures.length) return false;
  const same = ({ tier, first, last, count }: StreamFigures, i: number): boolean => {
    const found = figures[i];
    return found !== undefined && found.tier === tier && found.first === first && found.last === last && found.count === count;
  };
  if (!footer.streams.every(same)) return false;
  if (footer.streams.every(({ xor }) => xor === undefined)) return true;
  const sums = new HashSums();
  for (const { tier, start, end } of records) sums.add(tier, bytes.subarray(start + HEAD_BYTES, end));
  return footer.streams.every(({ tier, xor }) => xor === sums.of(tier));
}
