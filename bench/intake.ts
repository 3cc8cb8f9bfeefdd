// Intake to a durable spool: messages a second, CPU a message (all threads of the collector), and loss, for messages of 250 bytes.
// The sender is a process of its own. `node dist/bench/intake.js [COUNT]`.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCollector } from '../collector/collector.js';
import { builtUrl } from '../core/process/built.js';
import { streamName } from '../core/record.js';

const BYTES = 250;

export interface IntakeFigures {
  readonly kind: 'udp' | 'tcp';
  readonly asked: number;
  readonly sent: number;
  readonly durable: number;
  readonly lostPercent: number;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly syncMsMean: number;
}

/** Sends `count` messages at `rate` a second (0: as fast as it goes) and waits until what arrived is durable. */
export async function measureIntake(kind: 'udp' | 'tcp', count: number, rate: number): Promise<IntakeFigures> {
  const folder = await mkdtemp(join(process.env['BENCH_DIR'] ?? tmpdir(), 'bench-intake-'));
  const cursors: Record<string, number> = {};
  let durable = 0, last = 0;
  const collector = await startCollector({
    folder, cursors: {}, listeners: [{ name: 'bench', kind, host: '127.0.0.1', port: 0 }], registry: { version: 1, systems: [], relays: [], unassignedTier: 3 },
    onBatch: ({ stream, from, to }) => {
      durable += to - from + 1;
      last = performance.now();
      cursors[streamName(stream)] = to;
    },
  });
  const committing = setInterval(() => { collector.committed({ ...cursors }); }, 100);
  try {
    const began = performance.now(), cpu = process.cpuUsage();
    const { sent } = await send(kind, collector.addresses[0]?.port ?? 0, count, rate);
    for (let before = -1; before !== durable && durable < sent;) { before = durable; await new Promise((resolve) => { setTimeout(resolve, 300); }); }
    const { user, system } = process.cpuUsage(cpu), { spool, listeners } = await collector.stats();
    const received = listeners[0]?.received ?? 0;
    return {
      kind, asked: rate, sent, durable: received, lostPercent: (sent - received) / sent * 100, perSecond: received / (last - began) * 1000,
      cpuMicroseconds: (user + system) / Math.max(1, received), syncMsMean: spool.syncMsMean,
    };
  } finally {
    clearInterval(committing);
    await collector.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function send(kind: string, port: number, count: number, rate: number): Promise<{ sent: number; ms: number }> {
  return new Promise((resolve, reject) => {
    const sender = spawn(process.execPath, [fileURLToPath(builtUrl(import.meta.url, './support-sender.js')), kind, String(port), String(count), String(rate), String(BYTES)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    sender.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    sender.on('error', reject);
    sender.on('close', (code) => { if (code === 0) resolve(JSON.parse(text) as { sent: number; ms: number }); else reject(new Error(`the sender ended with code ${code}`)); });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const seconds = 3, runs: ['udp' | 'tcp', number, number][] = [
    ['udp', 10_000 * seconds, 10_000], ['udp', 30_000 * seconds, 30_000], ['udp', 60_000 * seconds, 60_000], ['udp', 100_000 * seconds, 100_000],
    ['tcp', 50_000 * seconds, 50_000], ['tcp', Number(process.argv[2] ?? 500_000), 0],
  ];
  process.stdout.write(`Intake to durable spool, ${BYTES}-byte messages, Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), sender on the same machine\n`);
  process.stdout.write('kind  asked/s     sent  durable   loss %  durable/s  CPU us/message  fdatasync ms\n');
  for (const [kind, count, rate] of runs) {
    const { sent, durable, lostPercent, perSecond, cpuMicroseconds, syncMsMean } = await measureIntake(kind, count, rate);
    const columns = [rate === 0 ? 'flat out' : String(rate), sent, durable, lostPercent.toFixed(2), Math.round(perSecond), cpuMicroseconds.toFixed(2), syncMsMean.toFixed(2)].map(String);
    process.stdout.write(`${kind}  ${[8, 9, 9, 9, 11, 16, 14].map((width, i) => (columns[i] as string).padStart(width)).join('')}\n`);
  }
}
