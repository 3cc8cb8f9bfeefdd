// The completeness account over real sockets: numbered lines with planted gaps, oversized frames and garbage, a kill -9 of everything in
// the middle, datagrams that the kernel drops. In the end the account says of every message whether it is stored and evaluated or who
// lost it, to the last one, and the sender's own book says the same.
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { countOf, type Range } from '../core/account/ranges.js';
import { openStore } from '../core/store/open.js';
import { EVERYTHING } from '../core/store/store.js';
import type { AccountItem, BalanceItem } from '../console/api.js';
import { Client, startProduct, until, type Product } from './support/product.js';

const CONFIG = `
syslog: { frameBytesMax: 1024 }
systems:
  - { id: LINES, name: Numbered lines, tier: 3, unit: u, match: [{ address: 127.0.17.1 }] }
  - { id: GRAMS, name: Numbered datagrams, tier: 2, unit: u, match: [{ address: 127.0.17.2 }] }
`;
const DATAGRAMS = 30_000;
const numbered = (n: number, user = `backup${n % 7}`): string => `<38>1 ${new Date().toISOString()} app-01 sshd ${n} - [meta sequenceId="${n}"] Accepted publickey for ${user} from 192.0.2.7 port ${1024 + n % 60_000} ssh2`;

/** What the sender itself knows: the numbers it gave, and what it sent besides. */
class Book {
  next = 1;
  readonly planted = new Set<number>();
  readonly sent = new Set<number>();
  oversized = 0;
  garbage = 0;

  line(): string {
    const n = this.next++;
    if (n % 97 === 0 || n % 1009 < 3) { this.planted.add(n); return ''; }
    this.sent.add(n);
    if (n % 211 === 0) { this.oversized++; return `${numbered(n, 'x'.repeat(3000))}\n`; }
    if (n % 53 === 0) { this.garbage++; return `${numbered(n)}\n\x07\x01 %% garbage ${n} \x7f\xff\n`; }
    return `${numbered(n)}\n`;
  }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.17.1' });
  await new Promise<void>((resolve, reject) => { socket.once('connect', resolve); socket.once('error', reject); });
  socket.on('error', () => undefined).resume();
  return socket;
}
async function sendLines(port: number, book: Book, count: number, killAt?: { at: number; kill: () => Promise<void> }): Promise<void> {
  const socket = await open(port);
  for (let done = 0; done < count && !socket.destroyed; done += 50) {
    socket.write(Buffer.from(Array.from({ length: 50 }, () => book.line()).join(''), 'latin1'));
    if (killAt !== undefined && done >= killAt.at) { void killAt.kill(); killAt = undefined; }
    await sleep(5);
  }
  await new Promise<void>((resolve) => { if (socket.destroyed) resolve(); else { socket.on('close', () => resolve()); socket.end(); } });
}

/** Far more than the socket's buffer holds, while nobody reads. */
async function sendDatagrams(product: Product, port: number): Promise<void> {
  const socket = createSocket('udp4'), group = -(product.child.pid as number);
  await new Promise<void>((resolve) => { socket.bind(0, '127.0.17.2', resolve); });
  const send = async (from: number, to: number, bytes = 400): Promise<void> => {
    for (let n = from; n <= to; n++) await new Promise<void>((resolve, reject) => { socket.send(numbered(n, 'y'.repeat(bytes)), port, '127.0.0.1', (error) => { if (error) reject(error); else resolve(); }); });
  };
  await send(1, 100);
  await sleep(500);
  process.kill(group, 'SIGSTOP');
  // More than the largest receive buffer holds, also where the program may have all it asks for.
  try { await send(101, DATAGRAMS - 100, 4_000); } finally { process.kill(group, 'SIGCONT'); }
  await sleep(2000);
  await send(DATAGRAMS - 99, DATAGRAMS);
  socket.close();
}

const rangesOf = (numbers: readonly number[]): Range[] => {
  const ranges: [number, number][] = [];
  for (const n of [...numbers].sort((a, b) => a - b)) { const last = ranges[ranges.length - 1]; if (last?.[1] === n - 1) last[1] = n; else ranges.push([n, n]); }
  return ranges;
};

test('the account balances exactly, whatever is planted and killed', async () => {
  const data = mkdtempSync(join(tmpdir(), 'haidang-account-')), book = new Book();
  try {
    const first = await startProduct({ data, config: CONFIG });
    await sendLines(first.syslogPort, book, 1000);
    const before = await Client.signIn(first.url);
    await until(() => before.get<{ items: BalanceItem[] }>('/api/sources/balance?source=LINES/127.0.17.1'), ({ items: [one] }) => (one?.received ?? 0) > 900, 'the first lines to be committed');
    await sendLines(first.syslogPort, book, 8000, { at: 4000, kill: () => first.kill() });
    await first.kill();
    const product = await startProduct({ data, config: CONFIG });
    try {
      await sendLines(product.syslogPort, book, 4000);
      await sendDatagrams(product, product.syslogPort);
      const client = await Client.signIn(product.url);
      const ask = async (query: string): Promise<BalanceItem | undefined> => (await client.get<{ items: BalanceItem[] }>(`/api/sources/balance?${query}`)).items[0];
      const kernel = async (): Promise<number> => { const one = await ask('source=listener/udp'); return one?.lost ?? 0; };
      const of = async (source: string): Promise<BalanceItem> => await ask(`source=${source}`) as BalanceItem;
      await until(async () => [await ask('source=GRAMS/127.0.17.2'), await kernel()] as const, ([grams, dropped]) => grams !== undefined && grams.underWay === 0 && grams.received + grams.lost + dropped === DATAGRAMS, 'every datagram to be received or counted', 60_000);
      await until(() => of('LINES/127.0.17.1'), ({ underWay, received }) => underWay === 0 && received > 5000, 'all lines to be committed', 60_000);

      // Lines: the store has what the account says, and what is missing is what the sender left out and what the kill took.
      const events = await client.all<Record<string, unknown>>('/api/events?query=haidang.system:LINES'), lines = await of('LINES/127.0.17.1');
      const stored = events.flatMap((event) => { const n = Number(event['log.syslog.structured_data.meta.sequenceId'] ?? NaN); return Number.isNaN(n) ? [] : [n]; }), has = new Set(stored), lowest = Math.min(...stored), last = Math.max(...stored); // before the first and behind the last number nothing is known
      const never = Array.from({ length: last }, (_, i) => i + 1).filter((n) => n > lowest && !has.has(n)), unparsed = events.filter((event) => ([event['tags']].flat()).includes('unparsed')).length;
      expect(new Set(stored).size).toBe(stored.length);
      expect([...book.planted].filter((n) => has.has(n))).toEqual([]);
      const cutEvents = events.filter((event) => ([event['tags']].flat()).includes('truncated')).length, cut = lines.gaps.find(({ cause }) => cause === 'cut');
      expect(lines).toMatchObject({ received: events.length, parsed: events.length - unparsed, unparsed, stored: events.length, evaluated: events.length, lost: 0, missing: never.length, complete: false });
      expect(unparsed).toBeGreaterThan(100);
      expect([cutEvents > 20, cut]).toMatchObject([true, { owner: 'source', count: 0, frames: expect.any(Number) }]);
      const gap = lines.gaps.find(({ cause }) => cause === 'sequence_gap');
      expect(gap).toMatchObject({ owner: 'path', count: never.length, parts: [{ name: 'syslog app-01', count: never.length }] });
      const killed = never.filter((n) => book.sent.has(n));
      process.stdout.write(`lines: ${book.sent.size} numbered sent, ${events.length} stored with garbage, ${book.planted.size} never sent, ${killed.length} lost with the kill, ${never.length} missing by the account\n`);
      expect(never.length).toBe(killed.length + [...book.planted].filter((n) => n > lowest && n < last).length);

      // Minutes: their sums are the lifetime's, and their missing ranges are exactly the numbers that never came.
      const minutes = await client.all<AccountItem>('/api/sources/account?source=LINES/127.0.17.1'), sum = (step: 'received' | 'stored' | 'evaluated' | 'unparsed'): number => minutes.reduce((all, one) => all + one[step], 0);
      expect([sum('received'), sum('stored'), sum('evaluated'), sum('unparsed')]).toEqual([events.length, events.length, events.length, unparsed]);
      expect(minutes.flatMap(({ gaps }) => gaps).filter(({ cause }) => cause === 'sequence_gap').reduce((all, { count }) => all + count, 0)).toBe(never.length);
      const shown = minutes.flatMap(({ gaps }) => gaps.flatMap(({ parts }) => parts.flatMap(({ missing }) => missing))), gone = rangesOf(never).map(String);
      expect(shown.length).toBeGreaterThan(0);
      expect(shown.filter(([from, to]) => !gone.includes(`${from},${to}`))).toEqual([]);

      // Datagrams: received, lost to an overrun of ours, or dropped by the kernel; the sender's numbers tell of the same.
      const grams = await of('GRAMS/127.0.17.2'), dropped = await kernel();
      process.stdout.write(`datagrams: ${DATAGRAMS} sent, ${grams.received} received, ${dropped} dropped by the kernel, ${grams.lost} lost to an overrun\n`);
      expect(dropped).toBeGreaterThan(0);
      expect([grams.received + grams.lost + dropped, grams.missing]).toEqual([DATAGRAMS, dropped]);
      expect([grams.stored, grams.evaluated, grams.parsed + grams.unparsed]).toEqual([grams.received, grams.received, grams.received]);
      const text = await (await client.request('GET', '/metrics')).text(), figure = (name: string): number => Number(text.split('\n').find((line) => line.startsWith(name))?.split(' ').pop());
      expect([figure('haidang_account_messages{system="LINES",step="received"}'), figure('haidang_account_lost_messages{system="LINES",cause="sequence_gap",owner="path"}'), figure('haidang_account_lost_messages{system="listener/udp",cause="kernel_drop",owner="platform"}')]).toEqual([events.length, never.length, dropped]);
      const strips = await client.get<{ items: { name: string; stretches: { state: string }[] }[] }>('/api/sources/strips');
      expect(strips.items.find(({ name }) => name === 'LINES/127.0.17.1')?.stretches.map(({ state }) => state)).toContain('gap');
    } finally {
      await product.stop();
    }
    // Every position of every stream is a message that was received, or a record of the collector: nothing else, nothing twice.
    const store = await openStore({ folder: data });
    try {
      const positions = Object.values(await store.cursors.all()).reduce((all, one) => all + one, 0), totals = await store.accounts.totals({ scope: EVERYTHING });
      expect(totals.reduce((all, { received, own }) => all + received + own, 0)).toBe(positions);
      expect(totals.flatMap(({ losses }) => losses).filter(({ cause }) => cause === 'not_read')).toEqual([]);
      expect(totals.flatMap(({ losses }) => losses).every(({ missing = [], count, cause }) => cause !== 'sequence_gap' || countOf(missing) <= count)).toBe(true);
    } finally {
      await store.close();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}, 240_000);
