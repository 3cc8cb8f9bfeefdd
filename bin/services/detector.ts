// `haidang detector`: events of the cluster -> hits, alerts, incidents, notices. Several may run: they share the matching, and one of them
// leads: it correlates, makes indices ahead and retires what is past its days.
import { Policy } from '../../core/policy.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { loadPolicies } from '../../core/process/policy-file.js';
import { startTailing } from '../../detector/tailing.js';
import { createMetrics } from '../up/metrics.js';
import { detectorPart, keepTidy, type Running, type RunOptions } from '../up/parts.js';
import { beginInRole, startHealth, startService } from './service.js';

export const startDetectorService = (config: Config, { print }: RunOptions, signal: AbortSignal): Promise<Running> => startService('detector', config, print, async ({ log, folder, version, closers }) => {
  const packs = loadPolicies(), { store, tailing } = await beginInRole(config, folder, 'detector', log, signal, async (opened) => {
    const { formatsFolder: _none, ...part } = detectorPart(config, folder, opened, log);
    return { store: opened, tailing: await startTailing(part) };
  });
  closers.push(() => store.close());
  closers.push(() => tailing.stop());
  closers.push(keepTidy(store, () => new Policy(packs, systemClock.now()).retentionDays(config.retentionDays), log, () => tailing.stats().lead.leading));
  const health = await startHealth(config, 8082, async () => tailing.stats().problem, createMetrics({ version, detector: () => tailing.stats(), store: () => store.health(), rules: tailing.catalog }));
  closers.push(() => health.stop());
  return { places: () => { print(`  health    ${health.url}`); } };
});
