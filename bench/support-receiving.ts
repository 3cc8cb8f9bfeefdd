// Our collector as a receiver of bench/collector.ts, in processes of its own as `haidang up` has them: one that holds the sockets, one
// that reads them. `node support-receiving.js hold|read OPTIONS`. The reader tells its parent through files in `work`: `state.json`
// where it listens, `figures.json` what it has, again and again. SIGUSR2 blocks its main thread for 500 ms.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCollector } from '../collector/collector.js';
import { takeHeld } from '../collector/hold/held.js';
import { runSupervised } from '../collector/hold/supervised.js';
import type { BoundAddress, ListenerKind, TlsOptions } from '../collector/options.js';
import { askedToStop, sayReady } from '../core/process/supervisor.js';
import { streamName } from '../core/record.js';

export interface ReceivingOptions { readonly work: string; readonly kind: ListenerKind; readonly tls?: TlsOptions; readonly receiveBufferBytes?: number }
export interface ReceivingState { readonly pid: number; readonly addresses: readonly BoundAddress[] }
/** `dropped`: counted and in the spool's loss records, by reason. */
export interface ReceivingFigures { readonly received: number; readonly dropped: number; readonly lastMs: number; readonly syncMsMean: number; readonly blockedMs: number }

const BLOCK_MS = 500, COMMIT_MS = 10, TELL_MS = 50, LOSS_MS = 200;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, script, mode, text = '{}'] = process.argv as [string, string, string, string?], options = JSON.parse(text) as ReceivingOptions;
  const listeners = [{ name: 'bench', kind: options.kind, host: '127.0.0.1', port: 0, ...(options.tls === undefined ? {} : { tls: options.tls }) }];
  if (mode === 'hold') process.exit(await runSupervised({ listeners, command: [script, 'read', text], say: (line) => { process.stderr.write(`${line}\n`); }, lossMs: LOSS_MS, ...(options.receiveBufferBytes === undefined ? {} : { receiveBufferBytes: options.receiveBufferBytes }) }));
  const held = takeHeld(process.env), cursors: Record<string, number> = {};
  let lastMs = 0, blockedMs = 0;
  const collector = await startCollector({
    folder: join(options.work, 'spool'), listeners, cursors: {}, lossMs: LOSS_MS, registry: { version: 1, systems: [], relays: [], unassignedTier: 3 }, ...(held === undefined ? {} : { held }),
    onBatch: ({ stream, to }) => { lastMs = Date.now(); cursors[streamName(stream)] = to; },
  });
  const write = (name: string, value: ReceivingState | ReceivingFigures): void => {
    writeFileSync(join(options.work, `${name}.new`), JSON.stringify(value));
    renameSync(join(options.work, `${name}.new`), join(options.work, name));
  };
  const tell = async (): Promise<void> => {
    await collector.durable();
    const { listeners: [listener], spool: { syncMsMean } } = await collector.stats();
    write('figures.json', { received: listener?.received ?? 0, dropped: listener?.dropped ?? 0, lastMs, syncMsMean, blockedMs });
  };
  process.on('SIGUSR2', () => {
    const began = performance.now();
    while (performance.now() - began < BLOCK_MS);
    blockedMs += performance.now() - began;
  });
  setInterval(() => { collector.committed({ ...cursors }); }, COMMIT_MS); // a reader that keeps up: what is measured ends at the disk
  setInterval(() => { void tell(); }, TELL_MS);
  write('state.json', { pid: process.pid, addresses: collector.addresses });
  sayReady();
  await askedToStop();
  await collector.stop();
  process.exit(0);
}
