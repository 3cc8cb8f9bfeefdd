// `haidang up`: everything on the embedded store, in one process, beside a small one that holds the sockets and keeps it running.
// Prints where it answers, then runs until it is told to stop.
import type { Command } from 'commander';
import { loadConfig } from '../../core/process/config.js';
import { keepHeapsSmall } from '../../core/process/heap.js';
import { runBesideSockets } from '../up/run.js';

export function registerUp(program: Command): void {
  program.command('up')
    .description('run collector, detector and console in one process on the embedded store')
    .option('--demo', 'load the demo province and play its scenarios')
    .action(async ({ demo }: { demo?: boolean }) => {
      const config = loadConfig(process.env, process.cwd());
      keepHeapsSmall();
      await runBesideSockets(config, async (options) => (await import('../up/product.js')).startProduct(config, { ...options, demo: demo === true }));
    });
}
