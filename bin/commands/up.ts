// `haidang up`: everything in one process on the embedded store. Prints where it answers, then runs until it is told to stop.
import type { Command } from 'commander';
import { loadConfig } from '../../core/process/config.js';
import { keepHeapsSmall } from '../../core/process/heap.js';

export function registerUp(program: Command): void {
  program.command('up')
    .description('run collector, detector and console in one process on the embedded store')
    .option('--demo', 'load the demo province and play its scenarios')
    .action(async ({ demo }: { demo?: boolean }) => {
      const config = loadConfig(process.env, process.cwd());
      keepHeapsSmall();
      const { startProduct } = await import('../up/product.js');
      let asked = false;
      const stopping = new Promise<string>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {
          if (asked) process.exit(1); // asked twice: at once
          asked = true;
          resolve(signal);
        });
      });
      const product = await startProduct(config, { demo: demo === true, print: (line) => { process.stdout.write(`${line}\n`); }, onFatal: (error) => {
        process.stderr.write(`haidang: ${error.message}\n`);
        process.exit(70);
      } });
      await stopping;
      await product.stop();
    });
}
