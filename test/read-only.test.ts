// The disk of the whole product becomes read-only while it runs, as a kernel makes it after an error of the disk's file system (ext4 with
// errors=remount-ro on a loop device, told to find an error). What goes wrong is named, nobody is told that what could not be kept was taken,
// stopping ends; and when the disk was checked and mounted again, what had been acknowledged is there, once, and it goes on.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, sendTcp, startProduct, until } from './support/product.js';

const run = (command: string, ...args: readonly string[]): string => execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe' });

/** A file system in a file, mounted; undefined, and a line that says why, where that cannot be done. */
function ext4(folder: string): { mount: string; fail: () => void; repair: () => void; gone: () => void } | undefined {
  const image = join(folder, 'disk'), mount = join(folder, 'mount');
  const attach = (): string => { run('mount', '-o', 'loop,errors=remount-ro', image, mount); return basename(run('findmnt', '-n', '-o', 'SOURCE', mount).trim()); };
  try {
    run('truncate', '-s', '600M', image);
    run('mkfs.ext4', '-q', '-F', image);
    run('mkdir', mount);
    let device = attach();
    return {
      mount,
      fail: () => { writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, 'x'); },
      repair: () => { run('umount', mount); try { run('fsck.ext4', '-y', image); } catch { /* 1: it has mended something */ } device = attach(); },
      gone: () => { try { run('umount', '-l', mount); } catch { /* not mounted */ } },
    };
  } catch (error) {
    process.stdout.write(`not run: a disk that its kernel makes read-only (no file system can be made and mounted here: ${(error as Error).message.split('\n')[0] ?? ''})\n`);
    return undefined;
  }
}

test('a disk made read-only under load is named, stopping ends, and after the disk is mended everything acknowledged is stored, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-read-only-')), disk = ext4(folder);
  if (disk === undefined) { rmSync(folder, { recursive: true, force: true }); return; }
  const options = { data: join(disk.mount, 'data') };
  let sent = 0;
  const send = async (port: number, count: number): Promise<void> => { await sendTcp(port, Array.from({ length: count }, () => `<38>1 ${new Date().toISOString()} gw-01 worker ${sent++} - - a line of work`)); };
  let product = await startProduct(options);
  try {
    await send(product.syslogPort, 500);
    let client = await Client.signIn(product.url);
    await until(() => client.get<{ items: { evaluated: number }[] }>('/api/sources'), ({ items: [source] }) => source?.evaluated === 500, 'the first lines');
    await send(product.syslogPort, 200); // some of it waits to be committed
    disk.fail();
    await send(product.syslogPort, 300);
    await until(() => Promise.resolve(product.output()), (output) => output.includes('spool.disk.read-only'), 'the spool to name it');
    await sleep(1500);
    // The API still answers who was signed in, with what it knows.
    expect((await fetch(`${product.url}/healthz`)).status).toBeLessThan(600);
    const stopped = await Promise.race([product.stop(), sleep(45_000, 'still running' as const, { ref: false })]);
    expect(stopped).not.toBe('still running');
    expect(product.output()).toMatch(/cannot be written \(EROFS.*bytes that were taken are not stored/); // the senders of those were told nothing
    disk.repair();
    product = await startProduct(options);
    await send(product.syslogPort, 500);
    client = await Client.signIn(product.url);
    const { items } = await until(() => client.get<{ items: { received: number; evaluated: number }[] }>('/api/sources'), ({ items: [source] }) => (source?.evaluated ?? 0) >= 1000 && source?.evaluated === source?.received, 'what was there and what came', 60_000);
    const numbers = (await client.all<{ 'log.syslog.procid': string }>('/api/events')).map((event) => Number(event['log.syslog.procid'])).sort((a, b) => a - b);
    expect(numbers).toEqual([...new Set(numbers)]); // once
    expect(numbers.length).toBe(items[0]?.received);
    // Everything of before the failure, everything after the repair; in between what could not be kept is gone with its connection.
    expect(numbers.filter((n) => n < 500 || n >= 1000).length).toBe(1000);
  } finally {
    await product.kill();
    disk.gone();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
