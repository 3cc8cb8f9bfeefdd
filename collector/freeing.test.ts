import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createLog } from '../core/process/log.js';
import { HEAD_BYTES, recordBody, recordHash, streamName } from '../core/record.js';
import type { RecordBatch } from '../core/pipeline/run.js';
import type { Copy, RetiredEvent, SegmentFigures, SegmentReceipt, Shared, StreamCursor } from '../core/store/shared.js';
import { Freeing, type FreeingOptions } from './freeing.js';
import type { FinishedSegment } from './options.js';
import { encodeArrival } from '../core/record.js';
import { keptRecords, listSegments, readEnds, readSegment } from './spool/folder.js';
import { systemClock } from './spool/clock.js';
import { Spool } from './spool/spool.js';

const COPY: Copy = { index: 'i', uuid: 'u', histories: ['h'] };
const log = createLog('silent', 'test');
let folder: string, segment: FinishedSegment;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haidang-freeing-'));
  [segment] = await sealedIn(folder) as [FinishedSegment];
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

/** Thirty records of two tiers, in segments of this size. */
async function sealedIn(folder: string, segmentBytes?: number): Promise<readonly FinishedSegment[]> {
  const spool = await Spool.open({ folder, ...(segmentBytes === undefined ? {} : { segmentBytes }), newCollector: () => '0190f3a0-0000-7000-8000-0000000000bb', onDurable: () => undefined, onProblem: () => undefined, onFatal: (error) => { throw error; } });
  for (let n = 0; n < 30; n++) spool.append({ kind: 'frame', tier: n % 3 === 0 ? 2 : 3, received: spool.received(systemClock.monotonic()), arrival: encodeArrival({ peer: '192.0.2.1', listener: 'tcp', system: 's', day: '2026-11-22', registry: 1 }), cut: false, frame: Buffer.from(`line ${n}`) });
  await spool.close();
  return Promise.all((await listSegments(folder)).map(async (file) => {
    const { header, footer } = await readEnds(folder, file);
    return { path: join(folder, file), collector: header?.collector ?? '', epoch: header?.epoch ?? 0, number: header?.number ?? 0, figures: footer?.streams ?? [] };
  }));
}

/** A store that has read everything back, and a cursor past everything: what a test changes is what holds the segment. */
function open(options: Partial<FreeingOptions> = {}, clock = { now: 1_000_000 }, segments: readonly FinishedSegment[] = [segment]) {
  const world = { retired: (_tier: number, _seq: number): boolean => false,  receipts: new Map<string, SegmentReceipt>(), read: true, wrong: false, nothing: false, other: {} as Partial<SegmentFigures>, cursor: 1_000, same: true, snapshots: { began: 0, complete: 0 } }, released: string[] = [], again: RecordBatch[] = [], asked = { receipts: 0, cursors: 0, copies: 0, snapshots: 0 };
  const shared = {
    sealed: async (receipt: SegmentReceipt) => { if (!world.receipts.has(receipt.id)) world.receipts.set(receipt.id, receipt); },
    receipts: async (ids: readonly string[]) => (asked.receipts++, ids.map((id) => { const receipt = world.receipts.get(id); return receipt && world.read ? { ...receipt, read: { ...receipt.sealed, ...(world.wrong ? { count: receipt.sealed.count - 1 } : {}), ...world.other, ...(world.nothing ? { count: 0, first: 0, last: 0, xor: '0'.repeat(16) } : {}), copies: [COPY], at: 0 } } : receipt; })),
    cursorsOf: async (streams: readonly string[]) => (asked.cursors++, streams.map((stream): StreamCursor => ({ stream, position: world.cursor, received: 0, ruleSet: 1 }))),
    sameCopies: async () => (asked.copies++, world.same), snapshots: async () => (asked.snapshots++, world.snapshots),
  } as unknown as Shared;
  const freeing = new Freeing(options, (paths) => released.push(...paths), async (batch) => { again.push(batch); return retiredOf(batch, world.retired); }, log, () => clock.now);
  for (const one of segments) freeing.add(one);
  return { world, asked, released, again, clock, look: async (times = 3) => { for (let i = 0; i < times; i++) await freeing.look(shared); } };
}

/** What the store will not have of a batch: the ids as the pipeline makes them. */
const retiredOf = ({ stream, from, bytes }: RecordBatch, retired: (tier: number, seq: number) => boolean): readonly RetiredEvent[] => {
  const events: RetiredEvent[] = [];
  for (let at = 0, seq = from; at < bytes.length; seq++) {
    const end = at + HEAD_BYTES + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(at);
    if (retired(stream.tier, seq)) events.push({ stream, seq, text: JSON.stringify({ 'event.id': `${streamName(stream)}.${seq}.${recordHash(bytes.subarray(at + HEAD_BYTES, end))}` }) });
    at = end;
  }
  return events;
};

test('a segment goes when every part of it is read back, every cursor is past it, and the indices are those that were read', async () => {
  const { world, released, look } = open();
  Object.assign(world, { read: false, cursor: 9 });
  await look();
  expect([released, [...world.receipts.keys()].sort()]).toEqual([[], segment.figures.map(({ tier }) => `${streamName({ ...segment, tier })}.${segment.number}`).sort()]);
  const expected = new Map<string, bigint>(); // of the hashes in the ids of what the segment holds
  for await (const { stream, bytes } of keptRecords(folder)) expected.set(streamName(stream), (expected.get(streamName(stream)) ?? 0n) ^ BigInt(`0x${recordHash(recordBody(bytes))}`));
  expect([...world.receipts.values()].map(({ stream, sealed }) => [streamName(stream), BigInt(`0x${sealed.xor}`)]).sort()).toEqual([...expected].sort());
  world.read = true;
  await look();
  // Tier 2 has 10 positions, tier 3 has 20.
  expect(released).toEqual([]);
  world.cursor = 19;
  await look();
  expect(released).toEqual([]);
  world.cursor = 20;
  await look(1);
  expect(released).toEqual([segment.path]);
});

test('with snapshots it waits for one that began after it was read back and is complete', async () => {
  const { world, released, look } = open({ snapshotRepository: 'r' });
  world.snapshots = { began: 500, complete: 400 };
  await look();
  world.snapshots = { began: 500, complete: 500 };
  await look();
  world.snapshots = { began: 600, complete: 500 };
  await look();
  expect(released).toEqual([]);
  world.snapshots = { began: 600, complete: 600 };
  await look();
  expect(released).toEqual([segment.path]);
});

test('without snapshots it is kept as long as it was said, also when the collector is started again meanwhile', async () => {
  const minutes = (n: number): number => n * 60_000, first = open({ archiveMs: minutes(200) });
  await first.look();
  first.clock.now += minutes(150);
  await first.look();
  expect(first.released).toEqual([]);
  // The monotonic clock of a machine that was started again begins anew, and how long it was off is not counted.
  const second = open({ archiveMs: minutes(200) }, { now: 7 });
  await second.look();
  second.clock.now += minutes(49);
  await second.look();
  expect(second.released).toEqual([]);
  second.clock.now += minutes(1);
  await second.look();
  expect(second.released).toEqual([segment.path]);
});

test('what is kept is written once a minute, and when a segment is new', async () => {
  const { clock, look } = open({ archiveMs: 1e9 }), kept = (): unknown => (Object.values(JSON.parse(readFileSync(join(folder, 'read-back.json'), 'utf8')) as object)[0] as { keptMs: number }).keptMs;
  await look();
  expect(kept()).toBe(0);
  clock.now += 59_999;
  await look();
  expect(kept()).toBe(0);
  clock.now += 1;
  await look();
  expect(kept()).toBe(60_000);
});

test('a file that cannot be read, or is of an older version, keeps a segment longer, not for ever', async () => {
  for (const text of ['{"x', `{"${basename(segment.path)}":1795370000000}`, `{"${basename(segment.path)}":null}`, '[]', 'null']) {
    writeFileSync(join(folder, 'read-back.json'), text);
    const { clock, released, look } = open({ archiveMs: 200 });
    await look();
    clock.now += 199;
    await look();
    expect({ text, released }).toEqual({ text, released: [] });
    clock.now += 1;
    await look();
    expect({ text, released }).toEqual({ text, released: [segment.path] });
  }
});

test('of which nothing is found any more is shipped again, too; what its day was given up for is asked for no more', async () => {
  const { world, released, again, look } = open({ againMs: 0 });
  world.nothing = true;
  world.retired = (tier, seq) => tier === 2 || seq <= 15;
  await look(2);
  expect(again.map(({ stream: { tier }, from, to }) => [tier, from, to]).sort()).toEqual([[2, 1, 10], [3, 1, 20]]);
  world.nothing = false;
  await look(1);
  const told = [...world.receipts.values()].filter(({ id }) => id.endsWith(`.${segment.number}.1`)), { bytes, records } = (await readSegment(folder, basename(segment.path)))!, left = records.filter(({ tier, seq }) => tier === 3 && seq > 15);
  expect(told.map(({ stream: { tier }, sealed: { count, first, last } }) => [tier, count, first, last])).toEqual([[3, 5, 16, 20]]);
  expect(BigInt(`0x${told[0]?.sealed.xor ?? ''}`)).toBe(left.reduce((sum, { start, end }) => sum ^ BigInt(`0x${recordHash(recordBody(bytes.subarray(start, end)))}`), 0n));
  await look(1);
  expect(released).toEqual([segment.path]);
});

test.each([['count', 19], ['first', 2], ['last', 21], ['xor', 'f'.repeat(16)]] as const)('read back with another %s it stays', async (figure, other) => {
  const { world, released, look } = open();
  world.other = { [figure]: other };
  await look();
  expect(released).toEqual([]);
  world.other = {};
  await look(1);
  expect(released).toEqual([segment.path]);
});

test('a segment of which all was given up goes', async () => {
  const { world, released, look } = open({ againMs: 0, archiveMs: 1e9 });
  world.nothing = true;
  world.retired = () => true;
  await look(3);
  expect(released).toEqual([segment.path]);
});

test('what was not found whole, or was read from an index that is another one now, is shipped again and told of anew', async () => {
  const { world, released, again, look } = open({ againMs: 0 });
  world.wrong = true;
  await look(2);
  expect(again.map(({ stream: { tier }, from, to }) => [tier, from, to]).sort()).toEqual([[2, 1, 10], [3, 1, 20]]);
  world.wrong = false;
  world.same = false;
  await look(2);
  expect(released).toEqual([]);
  world.same = true;
  await look(2);
  expect([released, world.receipts.size]).toEqual([[segment.path], 6]);
});

test('many segments are asked for together, and those that are only kept are not asked for', async () => {
  rmSync(folder, { recursive: true, force: true });
  const segments = await sealedIn(folder, 300), { world, asked, released, clock, look } = open({ archiveMs: 1000 }, undefined, segments);
  expect(segments.length).toBe(8);
  await look(2);
  expect(asked).toEqual({ receipts: 1, cursors: 1, copies: 0, snapshots: 0 });
  await look(10);
  expect(asked).toEqual({ receipts: 1, cursors: 1, copies: 0, snapshots: 0 });
  clock.now += 1000;
  // Nothing is taken from what was asked a thousand milliseconds ago.
  Object.assign(world, { cursor: 0 });
  await look(1);
  expect([asked, released]).toEqual([{ receipts: 2, cursors: 2, copies: 0, snapshots: 0 }, []]);
  Object.assign(world, { cursor: 1_000 });
  await look(1);
  expect(asked).toEqual({ receipts: 3, cursors: 3, copies: 1, snapshots: 0 });
  expect(released.slice().sort()).toEqual(segments.map(({ path }) => path));
});

test('a segment that cannot be read stays, and keeps no other', async () => {
  rmSync(folder, { recursive: true, force: true });
  const segments = await sealedIn(folder, 300), [broken, lost, ...others] = segments as [FinishedSegment, FinishedSegment, ...FinishedSegment[]], { released, world, again, look } = open({ againMs: 0 }, undefined, segments);
  truncateSync(broken.path, 40);
  await look(1);
  rmSync(lost.path);
  world.wrong = true;
  await look(2);
  expect(new Set(again.map(({ from, stream: { tier } }) => `${tier} ${from}`)).size).toBe(others.flatMap(({ figures }) => figures).length);
  world.wrong = false;
  await look(2);
  expect(released.slice().sort()).toEqual([lost, ...others].map(({ path }) => path));
});
