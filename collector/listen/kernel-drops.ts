// Datagrams the kernel threw away before anybody could read them: the `drops` column of /proc/net/udp and udp6 for our sockets.
import { readFile, readdir, readlink } from 'node:fs/promises';

/** Drops since the socket was opened, by inode. Empty where the kernel does not tell. */
export async function kernelDrops(): Promise<Map<string, { port: number; drops: number }>> {
  const found = new Map<string, { port: number; drops: number }>();
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await readFile(file, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      const local = columns[1], inode = columns[9], drops = columns.at(-1);
      if (columns.length < 13 || local === undefined || inode === undefined) continue;
      found.set(inode, { port: parseInt(local.slice(local.lastIndexOf(':') + 1), 16), drops: Number(drops) });
    }
  }
  return found;
}

/** This process's UDP socket on `port`: where the kernel counts for it, and its descriptor. */
export async function socketOnPort(port: number): Promise<{ readonly inode: string; readonly descriptor: number } | undefined> {
  const own = new Map<string, number>();
  for (const fd of await readdir('/proc/self/fd').catch(() => [])) {
    const inode = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/self/fd/${fd}`).catch(() => ''))?.[1];
    if (inode !== undefined) own.set(inode, Number(fd));
  }
  for (const [inode, socket] of await kernelDrops()) {
    const descriptor = own.get(inode);
    if (socket.port === port && descriptor !== undefined) return { inode, descriptor };
  }
  return undefined;
}
