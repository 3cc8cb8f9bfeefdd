// The spool's promises: what was told durable comes back after any end, exactly the valid prefix of the rest, each position once.
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, open as openFile, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecord, encodeArrival, encodeRecord, streamName } from '../../core/record.js';
import type { Problem } from '../../core/problem.js';
import { systemClock } from './clock.js';
import { counterOf } from './epoch.js';
import { Feeder, lastPositions, type Delivery, type FeederOptions } from './feeder.js';
import { diskFiles, type SpoolFiles } from './files.js';
import { contentsOf, keptRecords, listSegments, readSegment, type SegmentContents } from './folder.js';
import { FolderInUseError } from './lock.js';
import { recover } from './recover.js';
import { Released } from './released.js';
import { encodeFooter, encodeHeader, HEADER_BYTES, Tally } from './segment.js';
import { Spool, type DurableBatch, type SpoolOptions } from './spool.js';
import { verifySpool } from './verify.js';

const COLLECTOR = '0197a2b0-0000-7000-8000-000000000001';
// A thousand recoveries that wait for a disk prove no more than in memory.
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const arrival = encodeArrival({ peer: '192.0.2.1', listener: 'syslog-udp', system: 'portal', day: '2026-11-22', registry: 1 });
let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'spool-')); });
afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

interface Opened { spool: Spool; batches: DurableBatch[]; problems: Problem[]; fatal: Error[] }
async function open(more: Partial<SpoolOptions> = {}): Promise<Opened> {
  const batches: DurableBatch[] = [], problems: Problem[] = [], fatal: Error[] = [];
  const spool = await Spool.open({
    folder, newCollector: () => COLLECTOR, flushMs: 1, retryMs: 10,
    onDurable: (batch) => batches.push(batch), onProblem: (problem) => problems.push(problem), onFatal: (error) => fatal.push(error), ...more,
  });
  return { spool, batches, problems, fatal };
}
const put = (spool: Spool, text: string, tier = 3): number => spool.append({ kind: 'frame', tier, arrival, cut: false, frame: Buffer.from(text), received: spool.received(systemClock.monotonic()) });
async function kept(): Promise<string[]> {
  const lines: string[] = [];
  for await (const { stream, seq, bytes, seed } of keptRecords(folder)) lines.push(`${stream.tier}.${seq} ${Buffer.from(decodeRecord(bytes, 0, seed)?.record.frame ?? []).toString()}`);
  return lines;
}

test('what was appended is there after closing, by stream and position', async () => {
  const { spool, batches } = await open();
  expect([put(spool, 'a'), put(spool, 'b', 4), put(spool, 'c')]).toEqual([1, 1, 2]);
  await spool.durable();
  expect(batches.flatMap(({ runs }) => runs.map(({ stream, from, to }) => [stream.tier, from, to])).sort()).toEqual([[3, 1, 2], [4, 1, 1]]);
  await spool.close();
  expect((await kept()).sort()).toEqual(['3.1 a', '3.2 c', '4.1 b']);
  const [name] = await listSegments(folder);
  const contents = await readSegment(folder, name as string);
  expect(contents?.footer?.streams).toEqual(contents?.figures);
  expect(contents?.figures.map(({ tier, first, last, count }) => [tier, first, last, count])).toEqual([[3, 1, 2, 2], [4, 1, 1, 1]]);
});

test('much that is appended in one turn is written in pieces, in order', async () => {
  const { spool, batches } = await open(), text = 'x'.repeat(100_000);
  for (let i = 0; i < 200; i++) put(spool, text, 3 + i % 2);
  await spool.durable();
  expect(Math.max(...batches.map(({ at, end }) => end - at))).toBeLessThan(4_000_000);
  expect(Math.max(...batches.flatMap(({ runs }) => runs.map(({ bytes }) => bytes.buffer.byteLength)))).toBeLessThan(5_000_000);
  const seen = new Map<number, number>();
  for (const { stream: { tier }, from, to } of batches.flatMap(({ runs }) => runs)) { expect(from).toBe((seen.get(tier) ?? 0) + 1); seen.set(tier, to); }
  expect([...seen]).toEqual([[3, 100], [4, 100]]);
  await spool.close();
  expect(await kept()).toHaveLength(200);
});

test('each opening is a new epoch of the same collector; segments are sealed at their size', async () => {
  const first = await open({ segmentBytes: 2000 });
  for (let i = 0; i < 50; i++) { put(first.spool, `line ${i}`); if (i % 7 === 0) await first.spool.durable(); }
  await first.spool.close();
  const names = await listSegments(folder);
  expect(names.length).toBeGreaterThan(2);
  const second = await open();
  put(second.spool, 'again');
  await second.spool.durable();
  expect(second.spool.epoch.collector).toBe(COLLECTOR);
  expect(Math.floor(second.spool.epoch.epoch / 2 ** 32)).toBe(2);
  expect(Object.values(lastPositions(second.spool.recovered.segments))).toEqual([50]);
  await second.spool.close();
  expect(await kept()).toEqual([...Array.from({ length: 50 }, (_, i) => `3.${i + 1} line ${i}`), '3.1 again']);
});

test('a second opening of the same folder is refused and says why', async () => {
  const { spool } = await open();
  await expect(open()).rejects.toThrow(FolderInUseError);
  await expect(open()).rejects.toThrow(/in use by another process/);
  await spool.close();
  await (await open()).spool.close();
});

test('an epoch file that is lost or broken costs nothing', async () => {
  for (const text of ['', '{"epoch":1}', undefined]) {
    const { spool } = await open();
    put(spool, 'x');
    await spool.durable();
    await spool.close();
    if (text === undefined) await rm(join(folder, 'epoch.json')); else await writeFile(join(folder, 'epoch.json'), text);
  }
  const { spool } = await open();
  expect([spool.epoch.collector, Math.floor(spool.epoch.epoch / 2 ** 32)]).toEqual([COLLECTOR, 4]);
  await spool.close();
});

test('a copied spool says that it is one, once; both write streams of their own', async () => {
  const first = await open();
  put(first.spool, 'x');
  await first.spool.close();
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true });
  try {
    const [a, b] = [await open(), await open({ folder: copy })];
    expect([a.problems.map(({ code }) => code), b.problems.map(({ code }) => code)]).toEqual([[], ['spool.cloned']]);
    expect(a.spool.epoch.epoch).not.toBe(b.spool.epoch.epoch);
    expect([counterOf(a.spool.epoch.epoch), counterOf(b.spool.epoch.epoch)]).toEqual([2, 2]);
    await Promise.all([a.spool.close(), b.spool.close()]);
    const again = await open({ folder: copy });
    expect(again.problems).toEqual([]);
    await again.spool.close();
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

// One unsealed segment, damaged in every way: recovery keeps exactly the longest valid prefix and sets the rest aside.
describe('recovery of an unsealed segment', () => {
  const seed = 4711, records = Array.from({ length: 6 }, (_, i) => encodeRecord({
    kind: 'frame', tier: 3, seq: i + 1, received: 1000 + i, frame: Buffer.from(`<34>line ${i} `.repeat(i % 3 + 1)),
    arrival: { peer: '192.0.2.1', listener: 'l', system: 's', day: '2026-11-22', registry: 1 },
  }, seed));
  const whole = Buffer.concat([encodeHeader({ collector: COLLECTOR, epoch: 2 ** 32, random: '00000000000000ff', number: 1, seed, begun: 0 }), ...records]);
  const ends = records.reduce<number[]>((all, record) => [...all, (all.at(-1) as number) + record.length], [HEADER_BYTES]);
  const wholeBefore = (at: number): number => ends.filter((end) => end <= at).length - 1;
  const name = '0000004294967296-00000001.seg';

  async function recovered(bytes: Buffer): Promise<{ count: number; bad: Buffer }> {
    await rm(folder, { recursive: true, force: true });
    folder = await mkdtemp(join(MEMORY, 'spool-'));
    await writeFile(join(folder, name), bytes);
    const exported = (await kept()).length;
    const { segments } = await recover(folder);
    const after = await kept();
    expect(after.length).toBe(exported); // what export said before is what recovery kept
    expect(after).toEqual(Array.from({ length: exported }, (_, i) => `3.${i + 1} ${`<34>line ${i} `.repeat(i % 3 + 1)}`));
    expect([...(segments[0]?.ranges.get(3) === undefined ? [0] : [segments[0].ranges.get(3)?.last])]).toEqual([exported]);
    const bad = (await readdir(folder)).find((file) => file.endsWith('.bad'));
    return { count: exported, bad: bad === undefined ? Buffer.alloc(0) : await readFile(join(folder, bad)) };
  }

  test('torn at every byte', async () => {
    for (let at = HEADER_BYTES; at <= whole.length; at++) {
      const { count, bad } = await recovered(whole.subarray(0, at));
      expect([at, count, bad.length]).toEqual([at, wholeBefore(at), at - (ends[wholeBefore(at)] as number)]);
    }
  });

  test('every byte flipped', async () => {
    for (let at = HEADER_BYTES; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      const { count, bad } = await recovered(damaged);
      expect([at, count]).toEqual([at, wholeBefore(at)]);
      expect(bad.equals(damaged.subarray(ends[count]))).toBe(true);
    }
  });

  // The reading alone, so that every bit is cheap: what recovery and export keep is what `contentsOf` says.
  test('every bit flipped, of the open segment and of the sealed one: exactly what was whole is kept, in less than 5 s', () => {
    const tally = new Tally();
    let readingMs = 0;
    tally.addRun(3, 1, records.length);
    const sealed = Buffer.concat([whole, encodeFooter(tally.footer(whole.length), seed)]);
    const flipped = (bytes: Buffer, bit: number): SegmentContents => {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      const began = performance.now(), contents = contentsOf(name, damaged);
      readingMs += performance.now() - began;
      return contents;
    };
    const seqs = ({ records: found }: SegmentContents): number[] => found.map(({ seq }) => seq), all = records.map((_, i) => i + 1);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const at = bit >> 3, before = wholeBefore(at), inFooter = at >= whole.length;
      if (!inFooter) {
        const open = flipped(whole, bit);
        if (at < HEADER_BYTES) expect([bit, open.header, open.records]).toEqual([bit, undefined, []]);
        else expect([bit, seqs(open), open.validBytes, open.strayRecords]).toEqual([bit, all.slice(0, before), ends[before], records.length - before - 1]);
      }
      const closed = flipped(sealed, bit);
      if (at < HEADER_BYTES) expect([bit, closed.header]).toEqual([bit, undefined]);
      else if (inFooter) expect([bit, closed.footer, seqs(closed), closed.validBytes]).toEqual([bit, undefined, all, whole.length]); // no seal: an open segment, whole
      else expect([bit, seqs(closed), closed.damage.map(({ at: from, bytes }) => [from, from + bytes])]).toEqual([bit, all.filter((seq) => seq !== before + 1), [[ends[before], ends[before + 1]]]]);
    }
    expect(readingMs).toBeLessThan(5000);
  });

  test('zeros from every byte on', async () => {
    for (let at = HEADER_BYTES; at < whole.length; at += 3) {
      const zeroed = Buffer.from(whole).fill(0, at);
      const { count } = await recovered(zeroed);
      expect(count).toBeGreaterThanOrEqual(wholeBefore(at)); // a zero written over a zero changes nothing
      expect(zeroed.subarray(0, ends[count]).equals(whole.subarray(0, ends[count]))).toBe(true);
    }
  });

  test('a header cut short or broken: the file is set aside whole, the spool opens', async () => {
    for (const bytes of [whole.subarray(0, 63), Buffer.concat([Buffer.from('X'), whole.subarray(1)]), Buffer.alloc(0)]) {
      await rm(join(folder, name), { force: true });
      await writeFile(join(folder, name), bytes);
      const { spool } = await open();
      await spool.close();
      expect(await listSegments(folder)).not.toContain(name);
    }
  });
});

test('a full disk is waited for, nothing taken is lost and nothing stands twice', async () => {
  let full = false;
  const files: SpoolFiles = {
    ...diskFiles,
    async create(path) {
      const file = await diskFiles.create(path);
      return {
        ...file,
        async write(buffers, at) {
          if (!full) return file.write(buffers, at);
          const [first] = buffers; // a part gets through before the disk is full
          if (first !== undefined) await file.write([first.subarray(0, first.length - 5)], at);
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        },
      };
    },
  };
  const { spool, problems } = await open({ files });
  put(spool, 'before');
  await spool.durable();
  full = true;
  put(spool, 'while full');
  put(spool, 'while full, tier 4', 4);
  await new Promise((resolve) => { setTimeout(resolve, 60); });
  put(spool, 'later');
  expect(problems.map(({ code }) => code)).toEqual(['spool.disk.full']);
  full = false;
  await spool.durable();
  await spool.close();
  expect((await kept()).sort()).toEqual(['3.1 before', '3.2 while full', '3.3 later', '4.1 while full, tier 4']);
});

test('a disk that is read-only for a while, or without room for another file, is waited for', async () => {
  for (const [code, told] of [['EROFS', 'spool.disk.read-only'], ['ENOSPC', 'spool.disk.full']] as const) {
    let refused = false;
    const files: SpoolFiles = { ...diskFiles, create: async (path) => { if (refused) throw Object.assign(new Error(`${code}: open`), { code }); return diskFiles.create(path); } };
    const { spool, problems, fatal } = await open({ files, segmentBytes: 300 });
    put(spool, 'before '.repeat(30));
    await spool.durable();
    refused = true;
    for (let i = 0; i < 3; i++) put(spool, `while ${code} ${i} `.repeat(10));
    await new Promise((resolve) => { setTimeout(resolve, 60); });
    expect([problems.map((problem) => problem.code), fatal]).toEqual([[told], []]);
    refused = false;
    await spool.close();
    expect(await kept()).toHaveLength(4);
    await rm(folder, { recursive: true, force: true });
  }
});

test('what recovery keeps is synced before it is sealed, told of or handed on', async () => {
  const { spool } = await open();
  put(spool, 'one');
  await spool.durable();
  // As a crash leaves it: the records are in the file, and perhaps only in memory.
  const crashed = await mkdtemp(join(MEMORY, 'spool-crashed-'));
  await cp(folder, crashed, { recursive: true });
  await spool.close();
  const [name = ''] = await listSegments(crashed), handle = await openFile(join(crashed, name)), own = Object.getPrototypeOf(handle) as Record<string, (...given: unknown[]) => unknown>, calls: string[] = [], kinds = ['datasync', 'write', 'sync'] as const;
  await handle.close();
  const before = kinds.map((kind) => own[kind]);
  for (const kind of kinds) own[kind] = function told(this: unknown, ...given) { calls.push(kind); return (before[kinds.indexOf(kind)] as (...all: unknown[]) => unknown).apply(this, given); };
  try {
    await recover(crashed);
  } finally {
    kinds.forEach((kind, i) => { own[kind] = before[i] as (...given: unknown[]) => unknown; });
    await rm(crashed, { recursive: true, force: true });
  }
  expect(calls).toEqual(['datasync', 'write', 'sync']);
});

test('after a failed sync the batch goes to a new segment; positions are told once; a second failure ends the spool', async () => {
  let failing = 0, syncs = 0;
  const synced: string[] = [];
  const files: SpoolFiles = {
    ...diskFiles,
    async create(path) {
      const file = await diskFiles.create(path);
      return {
        ...file,
        async datasync() {
          syncs++;
          synced.push(path);
          if (failing-- > 0) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
          return file.datasync();
        },
      };
    },
  };
  const { spool, problems, fatal, batches } = await open({ files });
  put(spool, 'one');
  await spool.durable();
  failing = 1;
  put(spool, 'two');
  await spool.durable();
  put(spool, 'three');
  await spool.durable();
  expect(problems.map(({ code }) => code)).toEqual(['spool.segment.suspect']);
  expect(new Set(synced).size).toBe(2);
  expect(synced[1]).toBe(synced[0]); // never again on that file after its failure
  expect(synced.slice(2)).not.toContain(synced[0]);
  expect(batches.flatMap(({ runs }) => runs.map(({ from, to }) => [from, to]))).toEqual([[1, 1], [2, 2], [3, 3]]);
  expect(await kept()).toEqual(['3.1 one', '3.2 two', '3.3 three']); // "two" stands in both segments
  failing = 2;
  put(spool, 'four');
  await expect(spool.durable()).rejects.toThrow(/cannot be written/);
  expect(fatal).toHaveLength(1);
  expect(() => put(spool, 'five')).toThrow(/cannot be written/);
  await spool.close();
  expect(syncs).toBeGreaterThan(4);
});

test('received time never goes back in a stream; a clock that was set begins a new epoch', async () => {
  let wall = 1_000_000_000_000, monotonic = 5_000;
  const { spool, batches } = await open({ clock: { wall: () => wall, monotonic: () => monotonic } });
  const before = spool.epoch;
  expect(spool.received(5_010)).toBe(1_000_000_000_010);
  expect(spool.received(5_005)).toBe(1_000_000_000_010);
  put(spool, 'old time');
  monotonic += 1000;
  wall += 1000 + 3_600_000;
  expect(spool.clockStepMs).toBe(3_600_000);
  expect(spool.beginEpoch()).toBe(3_600_000);
  expect(spool.received(monotonic)).toBe(wall);
  expect(put(spool, 'new time')).toBe(1);
  await spool.close();
  expect(spool.epoch.epoch).toBeGreaterThan(before.epoch);
  expect(batches.flatMap(({ runs }) => runs.map(({ stream, from }) => [stream.epoch, from]))).toEqual([[before.epoch, 1], [spool.epoch.epoch, 1]]);
  const again = await open();
  expect(Math.floor(again.spool.epoch.epoch / 2 ** 32)).toBe(3);
  await again.spool.close();
});

describe('the feeder', () => {
  async function fill(count: number): Promise<string> {
    const { spool } = await open({ segmentBytes: 3000 });
    for (let i = 0; i < count; i++) { put(spool, `line ${i}`); if (i % 9 === 0) await spool.durable(); }
    await spool.close();
    return streamName({ collector: COLLECTOR, epoch: spool.epoch.epoch, tier: 3 });
  }
  async function feed(cursors: Record<string, number>, more: Partial<FeederOptions> = {}): Promise<{ feeder: Feeder; seen: Delivery[]; problems: Problem[] }> {
    const seen: Delivery[] = [], problems: Problem[] = [];
    const feeder = new Feeder({ segments: (await recover(folder)).segments, cursors, deliver: (delivery) => seen.push(delivery), onProblem: (problem) => problems.push(problem), ...more });
    await feeder.start();
    await feeder.idle();
    return { feeder, seen, problems };
  }
  function decodeAll(run: Buffer, seed: number): [kind: string, seq: number][] {
    const found: [string, number][] = [];
    for (let at = 0; at < run.length;) {
      const located = decodeRecord(run, at, seed);
      if (located === undefined) throw new Error('a delivered record cannot be read');
      found.push([located.record.kind, located.record.seq]);
      at = located.end;
    }
    return found;
  }
  const positions = (seen: readonly Delivery[]): number[] => seen.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

  test('older epochs come first, from the cursors on, and go when committed', async () => {
    const stream = await fill(100);
    const before = (await listSegments(folder)).length;
    const { feeder, seen } = await feed({ [stream]: 40 });
    expect(positions(seen)).toEqual(upTo(41, 100));
    expect((await listSegments(folder)).length).toBeLessThan(before);
    await feeder.committed({ [stream]: 99 });
    expect((await listSegments(folder)).length).toBe(1);
    await feeder.committed({ [stream]: 100 });
    expect(await listSegments(folder)).toEqual([]);
  });

  test('what was freed between segments that stay is not lost when nothing is known of the cursor', async () => {
    const stream = await fill(200), segments = await listSegments(folder), keeping = async (): Promise<NonNullable<FeederOptions['kept']>> => ({ onFinished: () => undefined, released: await Released.read(folder) });
    const first = await feed({ [stream]: 200 }, { kept: await keeping() }), freed = segments.filter((_segment, i) => i === 0 || i === 2 || i === 3);
    for (const name of freed) await first.feeder.release([join(folder, name)]);
    const stay = (await listSegments(folder)).map(async (name) => (await readSegment(folder, name) as SegmentContents).records.map(({ seq }) => seq)), expected = (await Promise.all(stay)).flat();
    expect([segments.length > 5, segments.length - freed.length]).toEqual([true, stay.length]);
    for await (const { broken } of verifySpool(folder)) expect(broken).toEqual([]);
    for (const more of [{}, { readBytes: 500 }]) {
      const { seen, feeder, problems } = await feed({}, { ...more, kept: await keeping() });
      expect([positions(seen), problems]).toEqual([expected, []]);
      for (const { from, to, bytes, seed } of seen) expect(decodeAll(bytes, seed)).toEqual(upTo(from, to).map((seq) => ['frame', seq]));
      await feeder.stop();
    }
    // What nobody freed is lost, beside what was freed; and so is what a cursor that is known is not past.
    const recordsOf = async (name = ''): Promise<number[]> => (await readSegment(folder, name) as SegmentContents).records.map(({ seq }) => seq), gone = await recordsOf(segments[4]), lost = async (cursors: Record<string, number>): Promise<number[]> => (await feed(cursors, { kept: await keeping() })).seen.flatMap(({ bytes, seed }) => decodeAll(bytes, seed)).flatMap(([kind, seq]) => (kind === 'loss' ? [seq] : []));
    await rm(join(folder, segments[4] as string));
    expect(await lost({})).toEqual(gone);
    expect(await lost({ [stream]: (expected[0] as number) - 1 })).toEqual(upTo((await recordsOf(segments[1])).at(-1) as number + 1, gone.at(-1) as number));
  });

  test('no more than the limit is in flight; the rest comes from disk as the reader commits', async () => {
    const stream = await fill(200);
    const { feeder, seen } = await feed({}, { inFlightBytesMax: 4000, readBytes: 1000 });
    expect(feeder.stats().inFlightBytes).toBeLessThan(5000);
    for (let tries = 0; tries < 500 && seen.at(-1)?.to !== 200; tries++) {
      await feeder.committed({ [stream]: seen.at(-1)?.to ?? 0 });
      await feeder.idle();
    }
    await feeder.committed({ [stream]: 200 });
    expect(positions(seen)).toEqual(upTo(1, 200));
    expect(await listSegments(folder)).toEqual([]);
  });

  test('memory and disk join without a seam while the reader falls behind and catches up', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 5, maxLength: 30 }), async (steps) => {
      await rm(folder, { recursive: true, force: true });
      folder = await mkdtemp(join(tmpdir(), 'spool-'));
      const seen: Delivery[] = [];
      const feeder = new Feeder({ segments: [], cursors: {}, deliver: (delivery) => seen.push({ ...delivery, bytes: Buffer.from(delivery.bytes) }), onProblem: (problem) => { throw new Error(problem.message); }, inFlightBytesMax: 1500, readBytes: 700 });
      const { spool } = await open({ segmentBytes: 2500, onDurable: (batch) => { feeder.durable(batch); } });
      await feeder.start();
      let sent = 0;
      const name = streamName({ collector: COLLECTOR, epoch: spool.epoch.epoch, tier: 3 });
      for (const step of steps) {
        for (let i = 0; i < step; i++) put(spool, `line ${++sent}`);
        if (step % 3 === 0) await spool.durable();
        if (step % 4 === 0) await feeder.committed({ [name]: seen.at(-1)?.to ?? 0 });
      }
      await spool.durable();
      for (let i = 0; i < 100 && (seen.at(-1)?.to ?? 0) < sent; i++) {
        await feeder.committed({ [name]: seen.at(-1)?.to ?? 0 });
        await feeder.idle();
      }
      expect(positions(seen)).toEqual(upTo(1, sent));
      await spool.close();
    }), { numRuns: 25 });
  });

  test('damage in a sealed segment: what can be read comes, each lost position is a record that says so', async () => {
    const stream = await fill(60);
    const [, second] = await listSegments(folder);
    const path = join(folder, second as string), bytes = await readFile(path);
    const { records } = await readSegment(folder, second as string) as SegmentContents;
    const hurt = [records[2], records[3], records.at(-1)].map((record) => record?.seq);
    for (const record of [records[2], records[3], records.at(-1)]) bytes[(record?.start ?? 0) + 40] = 0xee;
    await writeFile(path, bytes);
    const { seen, problems } = await feed({ [stream]: 0 });
    expect(positions(seen)).toEqual(upTo(1, 60));
    const losses = seen.flatMap(({ bytes: run, seed }) => decodeAll(run, seed)).flatMap(([kind, seq]) => (kind === 'loss' ? [seq] : []));
    expect(losses).toEqual(hurt);
    expect(problems.map(({ code }) => code)).toContain('spool.segment.damaged');
  });

  test('what was written behind damage in the open segment comes after the loss records, not instead of them', async () => {
    const seen: Delivery[] = [], feeder = new Feeder({ segments: [], cursors: {}, deliver: (delivery) => seen.push(delivery), onProblem: () => undefined, inFlightBytesMax: 300 });
    const { spool, batches } = await open({ onDurable: (batch) => { batches.push(batch); feeder.durable(batch); } });
    await feeder.start();
    const stream = streamName({ collector: COLLECTOR, epoch: spool.epoch.epoch, tier: 3 });
    for (let i = 0; i < 12; i++) { put(spool, `line ${i} ${'x'.repeat(50)}`); await spool.durable(); }
    const { segment: { path, bytes } } = batches.at(-1) as DurableBatch, file = await openFile(path, 'r+');
    await file.write(Buffer.alloc(200, 0xee), 0, 200, bytes - 200);
    await file.close();
    for (let i = 0; i < 20; i++) { await feeder.committed({ [stream]: seen.at(-1)?.to ?? 0 }); await feeder.idle(); }
    for (let i = 0; i < 3; i++) { put(spool, `more ${i}`); await spool.durable(); await feeder.committed({ [stream]: seen.at(-1)?.to ?? 0 }); await feeder.idle(); }
    expect(positions(seen)).toEqual(upTo(1, 15));
    await spool.close();
  });

  test.each([['cut short', (path: string) => truncate(path, 1000)], ['removed', (path: string) => rm(path)]])('a sealed segment that was %s while it waited: what is gone is delivered as lost, once, and reading goes on', async (_, hurt) => {
    const stream = await fill(60), { segments } = await recover(folder), [, second] = await listSegments(folder);
    await hurt(join(folder, second as string));
    const seen: Delivery[] = [], problems: Problem[] = [];
    const feeder = new Feeder({ segments, cursors: { [stream]: 0 }, deliver: (delivery) => seen.push(delivery), onProblem: (problem) => { problems.push(problem); if (problems.length > 20) void feeder.stop(); } });
    await feeder.start();
    await feeder.idle();
    expect(positions(seen)).toEqual(upTo(1, 60));
    expect(problems.map(({ code }) => code)).toEqual(['spool.segment.damaged']);
  });
});
