// `haidang up`: everything on the embedded store, in one process, beside a small one that holds the sockets and keeps it running.
// Prints where it answers, then runs until it is told to stop.
import type { Command } from 'commander';
import { join } from 'node:path';
import { takeHeld } from '../../collector/hold/held.js';
import { projectRoot } from '../../core/process/built.js';
import { loadConfig, type Config } from '../../core/process/config.js';
import { keepHeapsSmall } from '../../core/process/heap.js';
import { askedToStop, sayReady } from '../../core/process/supervisor.js';

export function registerUp(program: Command): void {
  program.command('up')
    .description('run collector, detector and console in one process on the embedded store')
    .option('--demo', 'load the demo province and play its scenarios')
    .action(async ({ demo }: { demo?: boolean }) => {
      const config = loadConfig(process.env, process.cwd()), held = takeHeld(process.env);
      keepHeapsSmall();
      if (process.send === undefined) await supervise(config);
      else await runProduct(config, held, demo === true);
    });
}

async function supervise(config: Config): Promise<void> {
  const [{ runSupervised }, { listenersOf }, { freePort }] = await Promise.all([import('../../collector/hold/supervised.js'), import('../up/listeners.js'), import('../up/free-port.js')]);
  const port = config.syslog.port === 0 ? await freePort(config.host) : config.syslog.port;
  process.exit(await runSupervised({ listeners: listenersOf(config, port), command: [join(projectRoot, 'bin', 'haidang.js'), ...process.argv.slice(2)], say: (line) => { process.stderr.write(`haidang: ${line}\n`); } }));
}

async function runProduct(config: Config, held: ReturnType<typeof takeHeld>, demo: boolean): Promise<void> {
  const { startProduct } = await import('../up/product.js');
  const stopping = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve(signal); });
    process.on('SIGINT', () => undefined); // a terminal tells both processes: the other one decides
    void askedToStop().then(resolve);
  });
  const product = await startProduct(config, { demo, held, print: (line) => { process.stdout.write(`${line}\n`); }, onFatal: (error) => {
    process.stderr.write(`haidang: ${error.message}\n`);
    process.exit(70);
  } }).catch((cause: unknown) => {
    process.disconnect(); // or it would wait for messages with nothing to do
    throw cause;
  });
  sayReady();
  const why = await stopping;
  await product.stop();
  process.exit(why === 'disconnect' ? 70 : 0);
}
