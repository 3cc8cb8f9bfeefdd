// Repairing a spool: whatever is broken in a segment, what is intact stays under its positions, what is not is said, and nothing else changes.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord, encodeArrival } from '../../core/record.js';
import { keptRecords, listSegments, readSegment } from './folder.js';
import { FolderInUseError } from './lock.js';
import { repairSpool } from './repair.js';
import { Spool } from './spool.js';
import { verifySpool } from './verify.js';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'repair-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });
const arrival = encodeArrival({ peer: '192.0.2.1', listener: 'tcp', system: 'portal', day: '2026-11-22', registry: 1 });
const openSpool = (): Promise<Spool> => Spool.open({ folder, newCollector: () => '0197a2b0-0000-7000-8000-000000000001', onDurable: () => undefined, onProblem: () => undefined, onFatal: (error) => { throw error; }, flushMs: 1 });

/** A sealed spool with `count` records of two tiers; its segment's path. */
async function fill(count = 12): Promise<string> {
  const spool = await openSpool();
  for (let i = 0; i < count; i++) spool.append({ kind: 'frame', tier: i % 2 === 0 ? 3 : 4, arrival, cut: false, frame: Buffer.from(`line ${i}`), received: 1_795_305_600_000 + i });
  await spool.close();
  return join(folder, (await listSegments(folder)).at(-1) as string);
}
async function kept(): Promise<string[]> {
  const lines: string[] = [];
  for await (const { stream, seq, bytes, seed } of keptRecords(folder)) { const record = decodeRecord(bytes, 0, seed)?.record; lines.push(`${stream.tier}.${seq} ${record?.kind === 'frame' ? Buffer.from(record.frame).toString() : 'lost'}`); }
  return lines.sort();
}
const broken = async (): Promise<string[]> => { const all: string[] = []; for await (const { broken: each } of verifySpool(folder)) all.push(...each); return all; };
const EXPECTED = Array.from({ length: 12 }, (_, i) => `${i % 2 === 0 ? 3 : 4}.${Math.floor(i / 2) + 1} line ${i}`).sort();

test('a spool that is whole is left alone; one in use is refused', async () => {
  const path = await fill(), before = await readFile(path);
  expect(await repairSpool(folder)).toEqual([]);
  expect((await readFile(path)).equals(before)).toBe(true);
  const spool = await openSpool();
  await expect(repairSpool(folder)).rejects.toThrow(FolderInUseError);
  await spool.close();
});

test('a byte broken anywhere in a sealed segment: at most one record is lost, its position says so, the old segment is kept', async () => {
  const path = await fill(), whole = await readFile(path), end = (await readSegment(folder, path.slice(folder.length + 1)))?.validBytes ?? 0;
  for (let at = 64; at < end; at += 7) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 0x20;
    await writeFile(path, damaged);
    const [repair, ...more] = await repairSpool(folder);
    expect([at, repair?.done, repair?.records, repair?.lost, more]).toEqual([at, 'rewritten', 11, 1, []]);
    expect((await readFile(repair?.kept ?? '')).equals(damaged)).toBe(true);
    const lines = await kept();
    expect(lines.filter((line) => !line.endsWith(' lost')).every((line) => EXPECTED.includes(line))).toBe(true);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(EXPECTED.map((line) => line.split(' ')[0]));
    expect(await broken()).toEqual([]);
    expect(await repairSpool(folder)).toEqual([]);
    for (const name of await readdir(folder)) if (name.endsWith('.bad')) await rm(join(folder, name));
  }
});

test('a broken header costs nothing where another segment tells what it said', async () => {
  await fill(2);
  const path = await fill(), whole = await readFile(path);
  for (const at of [0, 14, 18, 30, 40, 50, 62]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 0xff;
    await writeFile(path, damaged);
    expect(await repairSpool(folder)).toMatchObject([{ segment: path, done: 'header', records: 12, lost: 0 }]);
    expect((await kept()).length).toBe(14);
    expect(await broken()).toEqual([]);
    await rm(`${path}.1.bad`);
  }
});

test('a segment without its seed cannot be read: it is set aside as it is', async () => {
  await fill(2);
  const path = await fill(), damaged = await readFile(path);
  damaged.fill(0, 0, 16);
  await writeFile(path, damaged);
  expect(await repairSpool(folder)).toMatchObject([{ segment: path, done: 'unreadable' }]);
  expect((await readFile(`${path}.1.bad`)).equals(damaged)).toBe(true);
  expect((await kept()).length).toBe(2);
});

test('a torn tail is cut and sealed, as opening does', async () => {
  const path = await fill(), contents = await readSegment(folder, path.slice(folder.length + 1));
  await writeFile(path, (contents?.bytes as Buffer).subarray(0, (contents?.validBytes ?? 0) - 3));
  expect(await repairSpool(folder)).toMatchObject([{ segment: path, done: 'recovered' }]);
  expect((await kept()).length).toBe(11);
  expect(await broken()).toEqual([]);
});
