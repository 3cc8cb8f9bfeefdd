// A disk that really is full: a small tmpfs, where root can mount one.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../core/problem.js';
import { decodeRecord, streamName } from '../core/record.js';
import { startCollector } from './collector.js';
import { recordsOf, registryOf } from './fixtures/running.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds() && Date.now() < end;) await wait(20);
}

/** Undefined, and a line that says why, where no file system can be mounted. */
async function smallDisk(megabytes: number, more = ''): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m${more}`, 'none', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true });
    process.stdout.write(`not run: a full disk (a tmpfs cannot be mounted here: ${(error as Error).message.split('\n')[0] ?? ''})\n`);
    return undefined;
  }
}

// `freeBytesMin` 0: the limit that stops intake in time is off, and the spool itself meets the full disk.
test.each([['stopped at the limit in time', undefined], ['down to the last byte', 0]])('a full disk, %s: TCP waits, nothing taken is lost, it goes on by itself', async (_, freeBytesMin) => {
  const folder = await smallDisk(8);
  if (folder === undefined) return;
  const problems: Problem[] = [], numbers: number[] = [], cursors: Record<string, number> = {};
  try {
    await writeFile(join(folder, 'ballast'), Buffer.alloc(5_000_000));
    const collector = await startCollector({
      folder: join(folder, 'spool'), cursors: {}, freeBytesMin, listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }],
      registry: { version: 1, systems: [], relays: [], unassignedTier: 3 }, onProblem: (problem) => problems.push(problem),
      onBatch: ({ stream, to, seed, bytes }) => {
        const buffer = Buffer.from(bytes);
        for (let at = 0; at < buffer.length;) {
          const located = decodeRecord(buffer, at, seed);
          if (located === undefined) throw new Error('unreadable');
          if (located.record.kind === 'frame') numbers.push(Number(Buffer.from(located.record.frame).toString('latin1', 4, 14)));
          at = located.end;
        }
        cursors[streamName(stream)] = to;
      },
    });
    const socket = connect(collector.addresses[0]?.port ?? 0, '127.0.0.1');
    await once(socket, 'connect');
    const count = 12_000;
    socket.end(Array.from({ length: count }, (__, i) => `<13>${String(i).padStart(10, '0')} ${'x'.repeat(500)}\n`).join(''));
    await until(() => problems.some(({ code }) => code === 'collector.disk.full' || code === 'spool.disk.full'));
    await wait(1500);
    expect(problems.map(({ code }) => code)).toContain(freeBytesMin === 0 ? 'spool.disk.full' : 'collector.disk.full');
    expect(numbers.length).toBeLessThan(count);
    await rm(join(folder, 'ballast'));
    const committing = setInterval(() => { collector.committed({ ...cursors }); }, 100);
    await until(() => numbers.length >= count);
    clearInterval(committing);
    expect(numbers).toEqual(Array.from({ length: count }, (__, i) => i));
    await collector.stop();
  } finally {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

test('a disk without room for another file: nothing taken is lost, it goes on by itself', async () => {
  const folder = await smallDisk(64, ',nr_inodes=30');
  if (folder === undefined) return;
  const problems: Problem[] = [], numbers: number[] = [];
  try {
    const collector = await startCollector({
      folder: join(folder, 'spool'), cursors: {}, freeBytesMin: 0, segmentBytes: 100_000, listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }],
      registry: registryOf(), onProblem: (problem) => problems.push(problem),
      onBatch: (batch) => { for (const { kind, frame } of recordsOf(batch)) if (kind === 'frame') numbers.push(Number(Buffer.from(frame).toString('latin1', 4, 14))); },
    });
    const taken: string[] = [];
    for (let i = 0; ; i++) { try { const name = join(folder, `file-${i}`); await writeFile(name, ''); taken.push(name); } catch { break; } }
    expect(taken.length).toBeGreaterThan(5);
    const socket = connect(collector.addresses[0]?.port ?? 0, '127.0.0.1'), count = 2000;
    await once(socket, 'connect');
    socket.end(Array.from({ length: count }, (__, i) => `<13>${String(i).padStart(10, '0')} ${'x'.repeat(500)}\n`).join(''));
    await until(() => problems.some(({ code }) => code === 'spool.disk.full'));
    expect(numbers.length).toBeLessThan(count);
    for (const name of taken) await rm(name);
    await until(() => numbers.length >= count);
    expect(numbers).toEqual(Array.from({ length: count }, (__, i) => i));
    await collector.stop();
  } finally {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);

test('a disk that is mounted read-only under load, and writable again: nothing taken is lost, it goes on by itself', async () => {
  const folder = await smallDisk(64);
  if (folder === undefined) return;
  const remount = (how: 'ro' | 'rw'): boolean => { try { execFileSync('mount', ['-o', `remount,${how}`, folder], { stdio: 'pipe' }); return true; } catch { return false; } };
  const problems: Problem[] = [], numbers: number[] = [];
  try {
    const collector = await startCollector({
      folder: join(folder, 'spool'), cursors: {}, freeBytesMin: 0, segmentBytes: 100_000, listeners: [{ name: 'syslog-tcp', kind: 'tcp', host: '127.0.0.1', port: 0 }],
      registry: registryOf(), onProblem: (problem) => problems.push(problem),
      onBatch: (batch) => { for (const { kind, frame } of recordsOf(batch)) if (kind === 'frame') numbers.push(Number(Buffer.from(frame).toString('latin1', 4, 14))); },
    });
    const socket = connect(collector.addresses[0]?.port ?? 0, '127.0.0.1'), count = 4000;
    await once(socket, 'connect');
    let sent = 0;
    const send = (upTo: number): void => { for (; sent < upTo; sent++) socket.write(`<13>${String(sent).padStart(10, '0')} ${'x'.repeat(500)}\n`); };
    send(500);
    await until(() => numbers.length === 500);
    // A file that is open for writing forbids it: between two segments there is a moment without one.
    const sending = setInterval(() => { send(Math.min(count - 1000, sent + 100)); }, 5);
    for (const end = Date.now() + 20_000; !remount('ro') && Date.now() < end;) await wait(1);
    clearInterval(sending);
    send(count);
    await until(() => problems.some(({ code }) => code === 'spool.disk.read-only'));
    const told = problems.map(({ code }) => code), before = numbers.length;
    expect(remount('rw')).toBe(true);
    await until(() => numbers.length >= count);
    expect([told.includes('spool.disk.read-only') || before === count, numbers]).toEqual([true, Array.from({ length: count }, (__, i) => i)]);
    socket.end();
    await collector.stop();
  } finally {
    execFileSync('umount', ['-l', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}, 90_000);
