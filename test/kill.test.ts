// kill -9 of the process group at random under a stream of 5,000 lines a second. What `haidang spool export` reads right after
// the kill, and what was stored before it, is stored after the restart, each frame once; the alerts are those of `haidang eval`
// over the stored events. Five rounds here, thirty in the proof (`npm run proofs -- kill`, HAIDANG_ROUNDS).
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../core/process/built.js';
import { openStore } from '../core/store/open.js';
import { Client, runCommand, startProduct, until } from './support/product.js';
import { sameAlerts } from './support/same-alerts.js';

const ROUNDS = Number(process.env['HAIDANG_ROUNDS'] ?? 5);
const PER_SECOND = 5000;

interface Exported { stream: string; seq: number; kind: string; original: string }
interface EventItem { 'event.original': string; 'event.id': string; 'haidang.epoch': number; 'haidang.seq': number }

let number = 0;
/** A line that no other is equal to: mostly harmless, some of a few addresses that guess passwords. */
function line(): string {
  const n = number++, time = new Date().toISOString();
  if (n % 40 === 0) return `<38>1 ${time} gw-01 sshd ${n} - - Failed password for root from 198.51.100.${1 + (Math.floor(n / 4000) % 50)} port ${1024 + (n % 60000)} ssh2`;
  return `<30>1 ${time} app-01 worker ${n} - - request ${n} served in ${n % 97} ms`;
}

/** Sends until the connection breaks or `stop` is called; counts what was handed to the kernel. */
function stream(port: number): { sent: () => number; stop: () => Promise<void> } {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  let sent = 0, open = true;
  socket.on('error', () => { open = false; });
  socket.on('close', () => { open = false; });
  const started = Date.now();
  const timer = setInterval(() => {
    const due = Math.floor(((Date.now() - started) / 1000) * PER_SECOND) - sent;
    if (!open || due <= 0 || socket.writableLength > 1 << 20) return;
    socket.write(`${Array.from({ length: due }, line).join('\n')}\n`);
    sent += due;
  }, 10);
  return { sent: () => sent, async stop() { clearInterval(timer); await new Promise<void>((resolve) => { if (!open) resolve(); else { socket.on('close', () => resolve()); socket.end(); } }); } };
}

test(`${ROUNDS} kills under load lose nothing that was durable, store nothing twice, and change no alert`, async () => {
  const data = mkdtempSync(join(tmpdir(), 'haidang-kill-'));
  let sent = 0, lostInFlight = 0;
  const durable = new Set<string>();
  let inOrder: readonly EventItem[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const product = await startProduct({ data });
      const sending = stream(product.syslogPort);
      await sleep(randomInt(300, 2500));
      const client = await Client.signIn(product.url);
      const before = await client.get<{ items: EventItem[] }>('/api/events?limit=500').catch(() => ({ items: [] as EventItem[] }));
      for (const event of before.items) durable.add(event['event.original']);
      await sleep(randomInt(0, 500));
      await product.kill();
      await sending.stop();
      const exported = await runCommand(['spool', 'export', join(data, 'spool')]);
      expect({ code: exported.code, err: exported.err }).toEqual({ code: 0, err: '' });
      const records = exported.out.split('\n').filter((text) => text !== '').map((text) => JSON.parse(text) as Exported).filter(({ kind }) => kind === 'frame');
      for (const { original } of records) durable.add(original);
      sent += sending.sent();
      process.stdout.write(`round ${round + 1}: ${sending.sent()} sent, ${records.length} in the spool at the kill\n`);
    }
    const product = await startProduct({ data });
    try {
      const client = await Client.signIn(product.url);
      await until(() => client.get<{ items: { received: number; evaluated: number }[] }>('/api/sources'), ({ items }) => items.length > 0 && items.every(({ received, evaluated }) => received === evaluated), 'everything received to be evaluated', 120_000);
      const events = await client.all<EventItem>('/api/events');
      const originals = events.map((event) => event['event.original']);
      lostInFlight = sent - originals.length;
      process.stdout.write(`${sent} sent, ${originals.length} stored, ${lostInFlight} lost in flight over ${ROUNDS} kills\n`);
      expect(new Set(originals).size).toBe(originals.length);
      const stored = new Set(originals);
      expect([...durable].filter((original) => !stored.has(original))).toEqual([]);
      expect(lostInFlight).toBeGreaterThanOrEqual(0);
      inOrder = [...events].sort((a, b) => a['haidang.epoch'] - b['haidang.epoch'] || a['haidang.seq'] - b['haidang.seq']);
    } finally {
      await product.stop();
    }
    const store = await openStore({ folder: data });
    try { expect(await sameAlerts(store, inOrder, join(projectRoot, 'rules'))).toBeGreaterThan(0); } finally { await store.close(); }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}, 60_000 + ROUNDS * 30_000);
