// Runs a service until it is told to stop: in this process, or, where it has sockets, beside a small process that holds them and starts
// it again when it ends unasked.
import { join } from 'node:path';
import { takeHeld } from '../../collector/hold/held.js';
import { projectRoot } from '../../core/process/built.js';
import type { Config } from '../../core/process/config.js';
import { askedToStop, sayReady } from '../../core/process/supervisor.js';
import type { Running, RunOptions } from './parts.js';

type Start = (options: RunOptions, signal: AbortSignal) => Promise<Running>;
const OPTIONS: RunOptions = {
  print: (line) => { process.stdout.write(`${line}\n`); },
  onFatal: (error) => {
    process.stderr.write(`haidang: ${error.message}\n`);
    process.exit(70);
  },
};

/** Asked once, it stops kindly; twice, at once. */
export async function runUntilTold(start: Start): Promise<void> {
  const asked = new AbortController();
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {
      if (asked.signal.aborted) process.exit(1);
      asked.abort();
      resolve();
    });
  });
  // Told to stop while it waits for its store: nothing runs that would have to be stopped.
  const running = await start(OPTIONS, asked.signal).catch((error: unknown) => { if (asked.signal.aborted) return undefined; throw error; });
  await stopping;
  await running?.stop();
}

export async function runBesideSockets(config: Config, start: Start): Promise<void> {
  const held = takeHeld(process.env);
  if (process.send === undefined) { await supervise(config); return; }
  const stopping = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve(signal); });
    process.on('SIGINT', () => undefined); // a terminal tells both processes: the other one decides
    void askedToStop().then(resolve);
  });
  const running = await start({ ...OPTIONS, held }, new AbortController().signal).catch((cause: unknown) => {
    process.disconnect(); // or it would wait for messages with nothing to do
    throw cause;
  });
  sayReady();
  const why = await stopping;
  await running.stop();
  process.exit(why === 'disconnect' ? 70 : 0);
}

async function supervise(config: Config): Promise<void> {
  const [{ runSupervised }, { listenersOf }, { freePort }] = await Promise.all([import('../../collector/hold/supervised.js'), import('./listeners.js'), import('./free-port.js')]);
  const port = config.syslog.port === 0 ? await freePort(config.host) : config.syslog.port;
  process.exit(await runSupervised({ listeners: listenersOf(config, port), command: [join(projectRoot, 'bin', 'haidang.js'), ...process.argv.slice(2)], say: (line) => { process.stderr.write(`haidang: ${line}\n`); } }));
}
