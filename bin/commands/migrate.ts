// haidang migrate: takes an embedded site into the cluster that the configuration names: everything but sessions, under the same ids; then
// both sides are compared by count and hash. May be interrupted and begun again. The site must be stopped meanwhile.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidError } from '../../core/errors.js';
import { loadConfig } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import type { Progress } from '../../core/store/migrate.js';

const TELL_MS = 1_000;

export function registerMigrate(program: Command): void {
  program.command('migrate').description('take an embedded site into the Elasticsearch that the configuration names (haidang setup elasticsearch comes first)')
    .option('--data <folder>', 'the data folder of the embedded site; absent: that of the configuration')
    .action(async ({ data }: { readonly data?: string }) => {
      const config = loadConfig(process.env, process.cwd()), elasticsearch = elasticsearchOf(config), folder = resolve(data ?? config.data);
      if (elasticsearch === undefined) throw new InvalidError('expected a cluster in the configuration (elasticsearch.nodes, or ELASTICSEARCH_URL), found none');
      if (!existsSync(join(folder, 'control.db'))) throw new InvalidError(`expected the data folder of an embedded site, found no control.db in ${folder}`);
      const [{ openStore }, { migrate }] = [await import('../../core/store/open.js'), await import('../../core/store/migrate.js')];
      const from = await openStore({ folder });
      try {
        const to = await openStore({ folder, elasticsearch });
        try {
          if (to.shared === undefined) throw new Error('expected a store that services share');
          const moved = await migrate(from, to, to.shared.adopting, teller());
          for (const { part, items, hash } of moved) process.stdout.write(`${part.padEnd(12)} ${String(items).padStart(12)}  ${hash}\n`);
          process.stdout.write(`moved to ${elasticsearch.nodes.join(', ')} (${elasticsearch.prefix}); both sides are the same. Start the services against the cluster; the spool in ${join(folder, 'spool')} goes on with them.\n`);
        } finally { await to.close(); }
      } finally { await from.close(); }
    });
}

/** A line now and then, on standard error. */
function teller(): (progress: Progress) => void {
  let at = 0, before = '';
  return ({ part, doing, items }) => {
    const now = performance.now(), what = `${doing} ${part}`;
    if (what === before && now - at < TELL_MS) return;
    [at, before] = [now, what];
    process.stderr.write(`${what}: ${items}\n`);
  };
}
