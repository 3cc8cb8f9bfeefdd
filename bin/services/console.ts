// `haidang console`: people's side alone, on what the cluster holds. It publishes rule sets; detectors put them in force.
import { resolve } from 'node:path';
import { startConsole } from '../../console/main.js';
import type { Config } from '../../core/process/config.js';
import { openControl } from '../../core/process/control.js';
import { createLog } from '../../core/process/log.js';
import { createMetrics } from '../up/metrics.js';
import { Closers, consolePart, makeFolder, printStore, programVersion, type Running, type RunOptions } from '../up/parts.js';
import { seed } from '../up/seed.js';
import { openCatalog } from './catalog.js';
import { clusterOf, openInRole } from './service.js';

export async function startConsoleService(config: Config, { print }: RunOptions, signal: AbortSignal): Promise<Running> {
  const log = createLog(config.log.level, 'console'), folder = resolve(config.data), version = programVersion(), closers = new Closers();
  clusterOf(config);
  makeFolder(folder);
  try {
    const store = await openInRole(config, folder, 'console', log, signal);
    closers.push(() => store.close());
    await seed(store, config, []);
    const control = await openControl(folder);
    closers.push(() => control.close());
    const catalog = await openCatalog(config, folder, store, log);
    closers.push(() => catalog.stop());

    let firstPassword: string | undefined;
    const console = await startConsole({
      ...consolePart(config, log, (line) => { firstPassword = line; }), store, control, ruleSets: catalog.rules, metrics: createMetrics({ version, store: () => store.health(), rules: catalog.rules, accounts: store.accounts }),
      // What collectors hold and have not shipped yet is seen at their own figures.
      sources: async () => (await store.sources.list()).map(({ system, sender, tier, stored, lost, lastSeen }) => ({ system, sender, tier, received: stored, lost, lastSeen })),
    });
    closers.push(() => console.stop());
    print(`Hải Đăng ${version} console is ready`);
    print(`  console   ${console.url}`);
    print(`  data      ${folder}`);
    printStore(config, print);
    if (firstPassword !== undefined) print(`  ${firstPassword}`);
    return closers;
  } catch (error) {
    await closers.stop().catch(() => undefined);
    throw error;
  }
}
