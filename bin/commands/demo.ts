// haidang demo remove: takes what the demo loaded out of a data folder, through the server that runs on it, else by itself.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NotFoundError } from '../../core/errors.js';
import { loadConfig } from '../../core/process/config.js';
import { askControl } from '../../core/process/control.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import type { Store } from '../../core/store/store.js';

type Removed = Awaited<ReturnType<Store['removeDemo']>>;

export function registerDemo(program: Command): void {
  const demo = program.command('demo').description('the demo province (load it with: haidang up --demo)');
  demo.command('remove')
    .description('remove the demo\'s systems with their events, alerts and incidents; works beside a running server on the same data folder')
    .option('--data <dir>', 'the data folder (default: as configured)')
    .action(async ({ data }: { data?: string }) => {
      const folder = resolve(data ?? loadConfig(process.env, process.cwd()).data);
      const { systems, incidents, events } = await removeDemo(folder);
      process.stdout.write(systems === 0 && events === 0 ? `no demo data in ${folder}\n` : `removed ${systems} systems, ${incidents} incidents, ${events} events of the demo from ${folder}\n`);
    });
}

/** Removes the demo from a data folder; what was removed, in counts. */
export async function removeDemo(folder: string): Promise<Removed> {
  if (!existsSync(folder)) throw new NotFoundError(`expected a data folder at ${folder}, found none (--data, HAIDANG_DATA or data in haidang.yaml names it)`);
  const answer = await askControl(folder, 'demo.remove');
  if (answer !== undefined) return parseRemoved(answer.result);
  const { openStore } = await import('../../core/store/open.js'), store = await openStore({ folder, elasticsearch: elasticsearchOf(loadConfig(process.env, process.cwd())) });
  try { return await store.removeDemo(); } finally { await store.close(); }
}

function parseRemoved(value: unknown): Removed {
  const { systems, incidents, events } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof systems === 'number' && typeof incidents === 'number' && typeof events === 'number') return { systems, incidents, events };
  throw new Error(`expected counts of systems, incidents and events from the server, got ${JSON.stringify(value)}`);
}
