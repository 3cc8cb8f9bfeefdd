// Puts a damaged spool in order while nothing runs on it. Opening a spool does what is safe without being asked: it keeps the valid
// prefix of unsealed segments and passes over damage. This does more: a segment whose header is broken, or that was set aside, is
// searched for its records; a sealed segment with damage is written anew with every record that is intact, and a loss record at
// every position that is not. The segment as it was stays beside it as `.bad`. Done twice, it comes to the same.
import { copyFile, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFiles, syncFolder } from './files.js';
import { listSegments, readSegment, type SegmentContents } from './folder.js';
import { lockFolder } from './lock.js';
import { holdsWhatWasSealed } from './hash-sums.js';
import { encodeLost } from './lost.js';
import { badName, recover } from './recover.js';
import { encodeFooter, encodeHeader, HEADER_BYTES, intactRecords, nextIntact, Tally, type Found, type SegmentHeader, type StreamFigures } from './segment.js';

export interface Repair {
  readonly segment: string;
  /** `recovered`: as opening does. `header`: its beginning was written anew. `rewritten`: the intact records and what stands for the others. */
  readonly done: 'recovered' | 'header' | 'rewritten' | 'unreadable';
  readonly records: number;
  readonly lost: number;
  /** The segment as it was. */
  readonly kept?: string;
}

/** Throws FolderInUseError while a process has the spool. */
export async function repairSpool(folder: string): Promise<Repair[]> {
  const lock = await lockFolder(folder);
  try {
    const repairs: Repair[] = [];
    for (const name of await listSegments(folder)) {
      const contents = await readSegment(folder, name);
      if (contents === undefined || contents.header !== undefined || contents.fileBytes === 0) continue;
      repairs.push(await repairHeader(folder, contents));
    }
    const before = new Set((await recover(folder)).problems.map(({ file = '' }) => file));
    for (const file of before) if (!repairs.some(({ segment }) => segment === file)) repairs.push({ segment: file, done: 'recovered', records: 0, lost: 0 });
    for (const name of await listSegments(folder)) {
      const contents = await readSegment(folder, name);
      if (contents?.header === undefined || contents.footer === undefined || isWhole(contents)) continue;
      repairs.push(await rewrite(folder, contents, contents.header, contents.footer.streams));
    }
    return repairs;
  } finally {
    await lock.release();
  }
}

const isWhole = (contents: SegmentContents): boolean => contents.damage.length === 0 && holdsWhatWasSealed(contents);

// The seed stands in the header; where its bytes are intact the records say so, whatever else of the header is broken.
async function repairHeader(folder: string, { name, bytes }: SegmentContents): Promise<Repair> {
  const path = join(folder, name), header = headerFor(name, bytes, await neighbours(folder));
  if (header === undefined) return { segment: path, done: 'unreadable', records: 0, lost: 0 };
  const kept = await badName(path);
  await copyFile(path, kept);
  const file = await open(path, 'r+');
  try {
    await file.write(encodeHeader(header), 0, HEADER_BYTES, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
  const records = (await readSegment(folder, name))?.records.length ?? 0;
  return { segment: path, done: 'header', records, lost: 0, kept };
}

function headerFor(name: string, bytes: Buffer, headers: readonly SegmentHeader[]): SegmentHeader | undefined {
  const [, epochText = '', numberText = ''] = /^(\d{16})-(\d{8})\.seg$/.exec(name) ?? [], epoch = Number(epochText);
  const known = headers.find((header) => header.epoch === epoch) ?? headers[0];
  if (bytes.length < HEADER_BYTES || known === undefined) return undefined;
  const seed = bytes.readUInt32LE(8);
  if (nextIntact(bytes, HEADER_BYTES, seed) < 0) return undefined;
  return { collector: known.collector, epoch, random: known.epoch === epoch ? known.random : bytes.toString('hex', 24, 32), number: Number(numberText), seed, begun: known.begun };
}

async function neighbours(folder: string): Promise<SegmentHeader[]> {
  const headers: SegmentHeader[] = [];
  for (const name of await listSegments(folder)) headers.push(...[(await readSegment(folder, name))?.header ?? []].flat());
  return headers;
}

// Every intact record in its order, and what stands for positions that are missing between the first and the last of each tier.
async function rewrite(folder: string, { name, bytes }: SegmentContents, header: SegmentHeader, sealed: readonly StreamFigures[]): Promise<Repair> {
  const path = join(folder, name), { seed } = header, next = new Map(sealed.map(({ tier, first }) => [tier, first]));
  const parts: Buffer[] = [], tally = new Tally();
  let lost = 0, records = 0, received = header.begun;
  const put = (tier: number, seq: number, record: Buffer): void => {
    parts.push(record);
    tally.add(tier, seq);
    next.set(tier, seq + 1);
  };
  const fill = (tier: number, to: number): void => {
    for (let seq = next.get(tier) ?? to; seq < to; seq++) { put(tier, seq, encodeLost(tier, seq, received, seed)); lost++; }
  };
  for (const found of allIntact(bytes, seed)) {
    if (found.seq < (next.get(found.tier) ?? found.seq)) continue;
    received = found.received;
    fill(found.tier, found.seq);
    put(found.tier, found.seq, bytes.subarray(found.start, found.end));
    records++;
  }
  for (const { tier, last } of sealed) fill(tier, last + 1);
  const kept = await badName(path);
  await copyFile(path, kept);
  const end = HEADER_BYTES + parts.reduce((sum, part) => sum + part.length, 0), fresh = `${path}.new`;
  await diskFiles.remove(fresh).catch(() => undefined);
  const file = await diskFiles.create(fresh);
  await file.write([encodeHeader(header), ...parts, encodeFooter(tally.footer(end), seed)], 0);
  await file.datasync();
  await file.close();
  await rename(fresh, path);
  await syncFolder(folder);
  return { segment: path, done: 'rewritten', records, lost, kept };
}

function* allIntact(bytes: Buffer, seed: number): Generator<Found> {
  for (let at = nextIntact(bytes, HEADER_BYTES, seed); at >= 0;) {
    let end = at;
    for (const found of intactRecords(bytes, at, seed)) { yield found; end = found.end; }
    at = nextIntact(bytes, end, seed);
  }
}
