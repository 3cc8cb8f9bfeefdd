// What a store must come to that read a segment's events back; and footers of older programs, which say it themselves.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeArrival, recordBody, recordHash } from '../../core/record.js';
import { keptRecords, listSegments, readSegment, type SegmentContents } from './folder.js';
import { HashSums, hashSumsOf } from './hash-sums.js';
import { repairSpool } from './repair.js';
import { recover } from './recover.js';
import { encodeFooter, type Footer } from './segment.js';
import { Spool } from './spool.js';
import { verifySpool } from './verify.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'hash-sums-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });
const arrival = encodeArrival({ peer: '192.0.2.1', listener: 'tcp', system: 'portal', day: '2026-11-22', registry: 1 });
const broken = async (): Promise<string[]> => { const all: string[] = []; for await (const { broken: each } of verifySpool(folder)) all.push(...each); return all; };

/** A sealed segment of two tiers with these frames; its path. */
async function fill(frames: readonly string[]): Promise<string> {
  const spool = await Spool.open({ folder, newCollector: () => '0197a2b0-0000-7000-8000-000000000001', onDurable: () => undefined, onProblem: () => undefined, onFatal: (error) => { throw error; } });
  for (const [i, frame] of frames.entries()) spool.append({ kind: 'frame', tier: 3 + i % 2, arrival, cut: false, frame: Buffer.from(frame), received: 1_795_305_600_000 + i });
  await spool.close();
  return join(folder, (await listSegments(folder)).at(-1) as string);
}
/** By tier, made from the ids of the records that are kept. */
async function fromIds(): Promise<Map<number, string>> {
  const sums = new Map<number, bigint>();
  for await (const { stream: { tier }, bytes } of keptRecords(folder)) sums.set(tier, (sums.get(tier) ?? 0n) ^ BigInt(`0x${recordHash(recordBody(bytes))}`));
  return new Map([...sums].map(([tier, sum]) => [tier, sum.toString(16).padStart(16, '0')]));
}

test('they are the XOR of the hashes in the ids, however the file is cut into pieces', async () => {
  for (const frames of [['one'], Array.from({ length: 3000 }, (_, i) => `line ${i} ${'x'.repeat(i % 400)}`), ['small', 'y'.repeat(900_000), 'z'.repeat(700_000), 'small', 'again']]) {
    const sums = await hashSumsOf(await fill(frames)), expected = await fromIds();
    expect([...expected.keys()].map((tier) => [tier, sums.of(tier)])).toEqual([...expected]);
    for (const name of await listSegments(folder)) await rm(join(folder, name));
  }
});

test('of a damaged segment only what is intact counts', async () => {
  const path = await fill(Array.from({ length: 40 }, (_, i) => `line ${i}`)), bytes = await readFile(path);
  for (const at of [70, Math.floor(bytes.length / 2)]) bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path, bytes);
  const sums = await hashSumsOf(path), expected = await fromIds();
  expect([3, 4].map((tier) => sums.of(tier))).toEqual([3, 4].map((tier) => expected.get(tier)));
});

/** The same segment as older programs sealed it. */
async function sealAsBefore(path: string, change: (streams: Footer['streams']) => Footer['streams']): Promise<void> {
  const { bytes, footer, header, figures, records } = await readSegment(folder, path.slice(folder.length + 1)) as SegmentContents, sums = new HashSums();
  for (const { tier, start, end } of records) sums.add(tier, recordBody(bytes.subarray(start, end)));
  const streams = change(figures.map((each) => ({ ...each, xor: sums.of(each.tier) })));
  await writeFile(path, Buffer.concat([bytes.subarray(0, footer?.bytes), encodeFooter({ count: records.length, bytes: footer?.bytes ?? 0, streams }, header?.seed ?? 0)]));
}

test('a footer of an older program is read, and its hashes are still compared', async () => {
  const path = await fill(['one', 'two', 'three']);
  await sealAsBefore(path, (streams) => streams);
  expect(await broken()).toEqual([]);
  expect((await recover(folder)).segments.map(({ figures }) => figures?.map(({ tier, first, last, count }) => [tier, first, last, count]))).toEqual([[[3, 1, 2, 2], [4, 1, 1, 1]]]);
  await sealAsBefore(path, (streams) => streams.map((each, i) => (i === 0 ? { ...each, xor: '0123456789abcdef' } : each)));
  expect(await broken()).toEqual([expect.stringContaining('expected the sealed figures')]);
  expect((await repairSpool(folder)).map(({ done, records, lost }) => [done, records, lost])).toEqual([['rewritten', 3, 0]]);
  expect(await broken()).toEqual([]);
});

test('a segment sealed now says its format, and a footer that tells of other records is found', async () => {
  const path = await fill(['one', 'two', 'three']), { footer, bytes, header } = await readSegment(folder, path.slice(folder.length + 1)) as SegmentContents;
  expect(footer?.version).toBe(2);
  const other: Footer = { ...footer as Footer, streams: (footer as Footer).streams.map((each) => (each.tier === 4 ? { ...each, last: 2, first: 2 } : each)) };
  await writeFile(path, Buffer.concat([bytes.subarray(0, footer?.bytes), encodeFooter(other, header?.seed ?? 0)]));
  expect(await broken()).toEqual([expect.stringContaining('expected the sealed figures')]);
});
