// `haidang console`: people's side alone, on what the cluster holds. It publishes rule sets; detectors put them in force.
import { startConsole } from '../../console/main.js';
import { startWaiting } from '../../console/server/waiting.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { openControl } from '../../core/process/control.js';
import { createMetrics } from '../up/metrics.js';
import { consolePart, type Running, type RunOptions } from '../up/parts.js';
import { seed } from '../up/seed.js';
import { openCatalog } from './catalog.js';
import { ApartFlow } from './flow.js';
import { openInRole, startService } from './service.js';

const TIDY_MS = 3_600_000;

export const startConsoleService = (config: Config, { print }: RunOptions, signal: AbortSignal): Promise<Running> => startService('console', config, print, async ({ log, folder, version, closers }) => {
  let firstPassword: string | undefined, waiting: Promise<{ stop(): Promise<void> }> | undefined;
  const part = consolePart(config, log, (line) => { firstPassword = line; });
  // Whoever looks meanwhile is told why there is nothing to see. A port that is taken is told by the console itself.
  const wait = (): void => { if (config.console.port !== 0) { waiting ??= startWaiting(part); waiting.catch(() => undefined); } };
  const store = await openInRole(config, folder, 'console', log, signal, wait).finally(async () => { await (await waiting?.catch(() => undefined))?.stop(); });
  closers.push(() => store.close());
  await seed(store, config, []);
  const control = await openControl(folder);
  closers.push(() => control.close());
  const catalog = await openCatalog(config, folder, store, log);
  closers.push(() => catalog.stop());
  // What changes took away is put out of the way by who may delete: a detector may not.
  const tidy = setInterval(() => { store.keep({}, systemClock.now()).catch((error: unknown) => { log.warn({ err: error }, 'what is gone could not be put away; it is tried again'); }); }, TIDY_MS);
  closers.push(async () => { clearInterval(tidy); });

  const flow = store.shared && new ApartFlow(store.shared, config.console.collectors, systemClock);
  const console = await startConsole({
    ...part, store, control, ruleSets: catalog.rules, ...(flow === undefined ? {} : { flow: () => flow.now() }), metrics: createMetrics({ version, store: () => store.health(), rules: catalog.rules, accounts: store.accounts }),
    // What collectors hold and have not shipped yet is seen at their own figures.
    sources: async () => (await store.sources.list()).map(({ system, sender, tier, stored, lost, lastSeen }) => ({ system, sender, tier, received: stored, lost, lastSeen })),
  });
  closers.push(() => console.stop());
  return { places: () => { print(`  console   ${console.url}`); }, last: () => { if (firstPassword !== undefined) print(`  ${firstPassword}`); } };
});
