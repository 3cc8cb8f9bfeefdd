// `haidang collector`: sockets -> spool -> events in the cluster, and nothing else. It takes messages whether or not the cluster answers.
import { join } from 'node:path';
import { startShipping } from '../../collector/ship.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { formatTexts } from '../../core/process/format-files.js';
import { openStore, type ElasticsearchOptions } from '../../core/store/open.js';
import { freeingOf } from '../up/freeing.js';
import { collectorPart, printListeners, syslogPort, type Running, type RunOptions } from '../up/parts.js';
import { createMetrics } from '../up/metrics.js';
import { startHealth, startService } from './service.js';

export const startCollectorService = (config: Config, { held, print, onFatal }: RunOptions): Promise<Running> => startService('collector', config, print, async ({ log, folder, version, section, closers }) => {
  const port = await syslogPort(config, held), elasticsearch: ElasticsearchOptions = { ...elasticsearchOf(config) as ElasticsearchOptions, role: 'collector' };
  const shipping = await startShipping({ ...collectorPart(config, folder, port, log, onFatal, held), ...freeingOf(section), open: () => openStore({ folder, elasticsearch }), formats: formatTexts(join(folder, 'formats')), log, clock: systemClock });
  closers.push(() => shipping.stop());
  // While the cluster is away a collector does its work: it acknowledges and keeps. Restarting it would help nobody.
  const health = await startHealth(config, 8081, async () => ((await shipping.stats()).full ? 'intake is stopped: the disk is full' : undefined), createMetrics({ version, held, collector: () => shipping.stats() }));
  closers.push(() => health.stop());
  return { places: () => { printListeners(config, port, shipping.collector, print); print(`  health    ${health.url}`); } };
});
