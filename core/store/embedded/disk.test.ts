// A full disk, on a small file system in memory: says so, loses nothing, keeps taking control data from its reserve, goes on by itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aRun, commitOf } from '../samples.js';
import { EVERYTHING } from '../store.js';
import { openEmbedded } from './client.js';

const stream = { collector: '0190f3a0-0000-7000-8000-0000000000ee', epoch: 1, tier: 3 }, all = { predicate: { kind: 'constant' as const, value: true }, scope: EVERYTHING };

test('a full disk is said plainly, nothing is lost, control data still fit, and work goes on when there is room', async () => {
  const mount = mkdtempSync(join(tmpdir(), 'haidang-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', mount], { stdio: 'ignore' });
  } catch {
    process.stderr.write('not run: a full disk (file systems cannot be mounted here)\n');
    rmSync(mount, { recursive: true });
    return;
  }
  try {
    const store = await openEmbedded({ folder: join(mount, 'data') });
    let next = 1, refused: unknown;
    const some = (from: number) => commitOf(aRun(stream, from, Array.from({ length: 400 }, (_, i) => ({ message: `${i} ${'x'.repeat(900)}` }))).run);
    while (refused === undefined && next < 40_000) {
      try { await store.commit(some(next)); next += 400; } catch (error) { refused = error; }
    }
    expect(refused).toEqual(expect.objectContaining({ message: expect.stringContaining('is full: nothing of this commit was stored') as string }));
    expect((await store.health()).problem).toContain('is full');
    for (let i = 0; i < 20; i++) await store.audit.append({ at: i, by: 'an', action: 'x', object: 'o'.repeat(2000) });
    expect(await store.events.count(all)).toBe(next - 1);
    execFileSync('mount', ['-o', 'remount,size=80m', mount]);
    await store.commit(some(next));
    expect((await store.health()).problem).toBeUndefined();
    await store.keep({}, Date.now());
    expect(await store.health()).toMatchObject({ hotEvents: 0, sealedEvents: next + 399 });
    await store.close();
    const again = await openEmbedded({ folder: join(mount, 'data') });
    expect(await again.events.count(all)).toBe(next + 399);
    expect((await again.audit.list({}, { limit: 50 })).total).toBe(20);
    await again.close();
  } finally {
    execFileSync('umount', [mount]);
    rmSync(mount, { recursive: true });
  }
});

test('a read-only disk is said plainly, nothing is lost, and work goes on when it is writable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-disk-')), events = join(folder, 'data', 'events');
  const store = await openEmbedded({ folder: join(folder, 'data') });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', events], { stdio: 'ignore' });
  } catch {
    process.stderr.write('not run: a read-only disk (file systems cannot be mounted here)\n');
    await store.close();
    rmSync(folder, { recursive: true });
    return;
  }
  let mounted = true;
  try {
    const commit = commitOf(aRun(stream, 1, [{ message: 'x' }]).run);
    await expect(store.commit(commit)).rejects.toThrow(/the disk of .* is read-only: nothing of this commit was stored/);
    expect((await store.health()).problem).toContain('is read-only');
    execFileSync('umount', [events]);
    mounted = false;
    await store.commit(commit);
    expect((await store.health()).problem).toBeUndefined();
    expect(await store.events.count(all)).toBe(1);
  } finally {
    await store.close();
    if (mounted) execFileSync('umount', ['-l', events]);
    rmSync(folder, { recursive: true });
  }
});
