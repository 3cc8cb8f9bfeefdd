// Our collector beside Debian's rsyslog and syslog-ng, in turns in the same run: messages a second and CPU a message from the socket to
// a synced disk, 250-byte messages, sender in a process of its own. Then 100,000 datagrams a second for half a minute, the product's
// main thread blocked for 500 ms in the middle. `npm run bench -- collector [MESSAGES] [SECONDS] [ROUNDS]`; HAIDANG_FETCH_PEERS=1
// unpacks the other two where they are not installed.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../collector/fixtures/peers.js';
import { builtUrl } from '../core/process/built.js';
import { startOurs, startPeer, writeCertificate, type Receiver, type Transport } from './support-receivers.js';

const BYTES = 250, QUIET_MS = 1000, SETTLE_MS_MAX = 60_000;

export interface Lane { readonly transport: Transport; readonly count: number; /** A second; 0: as fast as it goes. */ readonly rate: number; readonly block?: boolean }
export interface Figures {
  readonly sent: number;
  readonly acknowledged: number;
  readonly durable: number;
  /** Counted as dropped by the receiver; undefined where it does not count. */
  readonly dropped: number | undefined;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly megabytes: number;
}
export const RECEIVERS = ['Hải Đăng', 'rsyslog', 'syslog-ng'] as const;
export type ReceiverName = (typeof RECEIVERS)[number];

/** Sends a lane to a receiver and waits until what arrived is durable. Undefined: it is not there, or does not speak that. */
export async function measure(name: ReceiverName, { transport, count, rate, block = false }: Lane): Promise<Figures | undefined> {
  const work = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'bench-collector-'));
  let receiver: Receiver | undefined;
  try {
    receiver = await start(name, work, transport);
    if (receiver === undefined) return undefined;
    const { port } = receiver, cpuBefore = receiver.cpuSeconds(), began = Date.now();
    const blocking = block ? setTimeout(() => { receiver?.block(); }, count / rate * 500) : undefined;
    const { sent, acknowledged } = await send(transport, port, count, rate);
    clearTimeout(blocking);
    let figures = await receiver.figures();
    for (let quietSince = Date.now(); Date.now() - quietSince < QUIET_MS && Date.now() - began < count / Math.max(rate, 1000) * 1000 + SETTLE_MS_MAX;) {
      await sleep(100);
      const now = await receiver.figures();
      if (now.durable !== figures.durable || now.dropped !== figures.dropped) quietSince = Date.now();
      figures = now;
      if (figures.durable + (figures.dropped ?? 0) >= sent) break;
    }
    const { durable, dropped, lastMs } = figures, cpu = receiver.cpuSeconds() - cpuBefore;
    return { sent, acknowledged, durable, dropped, perSecond: durable / (lastMs - began) * 1000, cpuMicroseconds: cpu * 1e6 / Math.max(1, durable), megabytes: receiver.megabytes() };
  } finally {
    await receiver?.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

async function start(name: ReceiverName, work: string, transport: Transport): Promise<Receiver | undefined> {
  const tls = writeCertificate(work);
  mkdirSync(join(work, 'ours'));
  if (name === 'Hải Đăng') return startOurs(join(work, 'ours'), transport, tls);
  const program = findProgram(name === 'rsyslog' ? 'rsyslogd' : 'syslog-ng');
  return program === undefined ? undefined : startPeer(name === 'rsyslog' ? 'rsyslogd' : 'syslog-ng', program, work, transport, tls);
}

async function send(transport: Transport, port: number, count: number, rate: number): Promise<{ sent: number; acknowledged: number }> {
  const sender = spawn(process.execPath, [fileURLToPath(builtUrl(import.meta.url, './support-sender.js')), transport, String(port), String(count), String(rate), String(BYTES)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  sender.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  const code = await new Promise<number | null>((resolve, reject) => { sender.on('error', reject).on('close', resolve); });
  if (code !== 0) throw new Error(`the sender ended with code ${code}`);
  return JSON.parse(text) as { sent: number; acknowledged: number };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [messages = 300_000, seconds = 30, rounds = 3] = process.argv.slice(2).map(Number);
  const lanes: Lane[] = [
    { transport: 'udp', count: 50_000 * 3, rate: 50_000 }, { transport: 'udp', count: 100_000 * 3, rate: 100_000 },
    { transport: 'tcp', count: messages, rate: 0 }, { transport: 'tls', count: messages, rate: 0 }, { transport: 'relp', count: Math.ceil(messages / 3), rate: 0 },
  ];
  const print = (cells: readonly (string | number)[]): void => { process.stdout.write(`| ${cells.join(' | ')} |\n`); };
  process.stdout.write(`Socket to synced disk, ${BYTES}-byte messages, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'processor'}, sender on the same machine; median of ${rounds} rounds in turns\n`);
  print(['transport', 'asked/s', 'receiver', 'durable/s', 'not stored', 'of these counted', 'CPU µs/message', 'peak MB']);
  print(['---', '---', '---', '---', '---', '---', '---', '---']);
  for (const lane of lanes) {
    const found = new Map<ReceiverName, Figures[]>();
    for (let round = 0; round < rounds; round++) for (const name of RECEIVERS) {
      const figures = await measure(name, lane);
      if (figures !== undefined) found.set(name, [...found.get(name) ?? [], figures]);
    }
    for (const [name, all] of found) row(lane, name, all.sort((a, b) => a.perSecond - b.perSecond)[Math.floor(all.length / 2)] as Figures);
  }
  const long: Lane = { transport: 'udp', count: 100_000 * seconds, rate: 100_000, block: true }, figures = await measure('Hải Đăng', long) as Figures;
  row(long, `Hải Đăng, ${seconds} s, main thread blocked 500 ms`, figures);
  process.stdout.write(`\nsent ${figures.sent} = stored ${figures.durable} + counted ${figures.dropped}${figures.sent === figures.durable + (figures.dropped ?? 0) ? '' : ': NOT EQUAL'}

What stands behind "durable": each receiver syncs every batch it writes before it writes the next.
- Hải Đăng: fdatasync of a checksummed segment every 256 KB or 20 ms. RELP is answered after it. Datagrams survive a crash of the reader; what is dropped is counted and a record.
- rsyslog: queue in memory, omfile with sync="on" after each batch of at most 4,096. RELP is answered when the message is in the queue, before it is on the disk. A crash loses the queue.
- syslog-ng: fsync(yes) after each write of at most 4,096 lines, flow control for TCP and TLS. No RELP. A crash loses what lies in its memory.
Datagrams they do not store are the sender's figure minus their file's lines; neither counts them.
`);
  if (figures.sent !== figures.durable + (figures.dropped ?? 0)) process.exitCode = 1;

  function row({ transport, rate }: Lane, name: string, { sent, durable, dropped, perSecond, cpuMicroseconds, megabytes }: Figures): void {
    print([transport, rate === 0 ? 'flat out' : rate.toLocaleString('en'), name, Math.round(perSecond).toLocaleString('en'), (sent - durable).toLocaleString('en'), dropped?.toLocaleString('en') ?? '–', cpuMicroseconds.toFixed(2), megabytes.toFixed(0)]);
  }
}
