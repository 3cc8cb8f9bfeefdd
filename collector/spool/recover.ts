// Opening a spool that somebody left, in whatever state: of each unsealed segment exactly the longest valid prefix is kept and
// made durable before anything uses it; what stands behind it is set aside in a `.bad` file, never silently cut; then the segment
// is sealed. Done twice, or interrupted anywhere and done again, it comes to the same.
import { access, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../core/problem.js';
import type { Epoch } from './epoch.js';
import { syncFolder } from './files.js';
import { listSegments, readEnds, readSegment } from './folder.js';
import { encodeFooter, type StreamFigures } from './segment.js';

/** A segment that holds records to be read; `bytes` is where they end. */
export interface StoredSegment extends Epoch {
  readonly path: string;
  readonly number: number;
  readonly seed: number;
  /** When it was begun, ms. */
  readonly begun: number;
  bytes: number;
  /** Nothing more comes into it. */
  closed: boolean;
  /** What it holds of each tier; known once it is closed. */
  figures?: readonly StreamFigures[];
  /** First and last position of each tier in it. */
  readonly ranges: Map<number, { first: number; last: number }>;
}

export interface Recovered {
  readonly segments: readonly StoredSegment[];
  readonly newest: Epoch | undefined;
  readonly problems: readonly Problem[];
  /** Bytes set aside, and files it was done in. */
  readonly badBytes: number;
  readonly badFiles: number;
}

export async function recover(folder: string): Promise<Recovered> {
  const segments: StoredSegment[] = [], problems: Problem[] = [];
  let badBytes = 0, badFiles = 0, newest: Epoch | undefined;
  for (const name of await listSegments(folder)) {
    const path = join(folder, name);
    const ends = await readEnds(folder, name);
    const { header } = ends;
    let { footer } = ends;
    if (header !== undefined && footer === undefined) {
      const contents = await readSegment(folder, name);
      if (contents === undefined) continue;
      const { validBytes, figures, fileBytes, strayRecords, records } = contents;
      if (fileBytes > validBytes) {
        const bad = await setAside(path, validBytes);
        badBytes += fileBytes - validBytes;
        badFiles++;
        problems.push({
          code: 'spool.tail.set-aside', severity: strayRecords > 0 ? 'error' : 'warning', file: path,
          message: `${fileBytes - validBytes} bytes behind the last intact record were set aside in ${bad}` + (strayRecords > 0 ? `; they hold ${strayRecords} intact records` : ''),
        });
      }
      footer = { version: 2, count: records.length, bytes: validBytes, streams: figures };
      await seal(path, validBytes, encodeFooter(footer, header.seed));
    }
    if (header === undefined || footer === undefined) {
      if (ends.fileBytes === 0) { // created, and then the process ended
        await unlink(path);
        continue;
      }
      badBytes += ends.fileBytes;
      badFiles++;
      problems.push({ code: 'spool.segment.unreadable', file: path, message: 'expected a segment header, got something else; the file was set aside whole' });
      await rename(path, await badName(path));
      await syncFolder(folder);
      continue;
    }
    const { collector, epoch, random, number, seed, begun } = header;
    if (newest === undefined || epoch >= newest.epoch) newest = { collector, epoch, random };
    segments.push({ collector, epoch, random, number, seed, begun, path, bytes: footer.bytes, closed: true, ranges: rangesOf(footer.streams), figures: footer.streams });
  }
  return { segments, newest, problems, badBytes, badFiles };
}

const rangesOf = (streams: readonly StreamFigures[]): StoredSegment['ranges'] => new Map(streams.map(({ tier, first, last }) => [tier, { first, last }]));

// Copies what stands from `at` on into a new .bad file, durable, then cuts it off. A crash in between copies it again.
async function setAside(path: string, at: number): Promise<string> {
  const bad = await badName(path);
  const file = await open(path, 'r+'), copy = await open(`${bad}.new`, 'w', 0o600);
  try {
    const bytes = Buffer.alloc(1024 * 1024);
    for (let position = at; ;) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
      if (bytesRead === 0) break;
      await copy.writeFile(bytes.subarray(0, bytesRead));
      position += bytesRead;
    }
    await copy.sync();
    await rename(`${bad}.new`, bad);
    await syncFolder(join(path, '..'));
    await file.truncate(at);
    await file.sync();
  } finally {
    await file.close();
    await copy.close();
  }
  return bad;
}

async function seal(path: string, at: number, footer: Buffer): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync(); // what is kept must be durable before it is used
    await file.write(footer, 0, footer.length, at);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function badName(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const name = `${path}.${n}.bad`;
    try { await access(name); } catch { return name; }
  }
}
