// `haidang collector`, `haidang detector`, `haidang console`: one service each, for deployments on a cluster. `haidang retention`: the job
// that takes away what is past its days.
import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { loadConfig, type Config } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import type { ServiceName } from '../../core/process/health-server.js';
import { keepHeapsSmall } from '../../core/process/heap.js';
import { InvalidError } from '../../core/errors.js';
import type { Running, RunOptions } from '../up/parts.js';
import { runBesideSockets, runUntilTold } from '../up/run.js';

type Start = (config: Config, options: RunOptions, signal: AbortSignal) => Promise<Running>;
const DOES: Readonly<Record<ServiceName, string>> = {
  collector: 'take messages and keep them in the cluster; for several machines', detector: 'evaluate rules over the events of the cluster; several may run', console: 'serve people, on what the cluster holds',
};
const START: Readonly<Record<ServiceName, () => Promise<Start>>> = {
  collector: async () => (await import('../services/collector.js')).startCollectorService,
  detector: async () => (await import('../services/detector.js')).startDetectorService,
  console: async () => (await import('../services/console.js')).startConsoleService,
};

export const registerService = (name: ServiceName) => (program: Command): void => {
  program.command(name).description(DOES[name]).action(async () => {
    const config = loadConfig(process.env, process.cwd(), name);
    keepHeapsSmall();
    const start = async (options: RunOptions, signal: AbortSignal): Promise<Running> => (await START[name]())(config, options, signal); // loaded only where it runs
    if (name === 'collector') await runBesideSockets(config, start); else await runUntilTold(start);
  });
};

export function registerRetention(program: Command): void {
  program.command('retention').description('take away the indices of weeks that are past their days; with a credential of its own')
    .option('--every <hours>', 'stay, and do it again after so many hours', hours)
    .action(async ({ every }: { every?: number }) => {
      const options = elasticsearchOf(loadConfig(process.env, process.cwd()));
      if (options === undefined) throw new InvalidError('expected a cluster in the configuration (elasticsearch.nodes, or ELASTICSEARCH_URL), found none: the embedded store keeps its days by itself');
      const { deleteRetiredIndices } = await import('../../core/store/open.js'), end = new AbortController();
      const once = async (): Promise<void> => {
        const deleted = await deleteRetiredIndices(options);
        for (const index of deleted) process.stdout.write(`deleted   ${index}\n`);
        process.stdout.write(`${deleted.length} ${deleted.length === 1 ? 'index' : 'indices'} deleted\n`);
      };
      if (every === undefined) { await once(); return; }
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { end.abort(); });
      while (!end.signal.aborted) {
        await once().catch((error: unknown) => { process.stderr.write(`haidang: ${(error as Error).message}\n`); });
        await pause(every * 3_600_000, undefined, { signal: end.signal }).catch(() => undefined);
      }
    });
}

function hours(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 24 * 7) throw new InvalidArgumentError(`expected hours from 1 to 168, got ${JSON.stringify(text)}`);
  return value;
}
