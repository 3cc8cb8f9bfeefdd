// `haidang collector`: sockets -> spool -> events in the cluster, and nothing else. It takes messages whether or not the cluster answers.
import { join, resolve } from 'node:path';
import { startShipping } from '../../collector/ship.js';
import { systemClock } from '../../core/process/clock.js';
import type { Config } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import { formatTexts } from '../../core/process/format-files.js';
import { createLog } from '../../core/process/log.js';
import { openStore, type ElasticsearchOptions } from '../../core/store/open.js';
import { Closers, collectorPart, makeFolder, printListeners, printStore, programVersion, syslogPort, type Running, type RunOptions } from '../up/parts.js';
import { createMetrics } from '../up/metrics.js';
import { clusterOf, startHealth } from './service.js';

const DAY_MS = 86_400_000;

export async function startCollectorService(config: Config, { held, print, onFatal }: RunOptions): Promise<Running> {
  const log = createLog(config.log.level, 'collector'), folder = resolve(config.data), version = programVersion(), closers = new Closers(), section = clusterOf(config);
  makeFolder(folder);
  try {
    const port = await syslogPort(config, held), elasticsearch: ElasticsearchOptions = { ...elasticsearchOf(config) as ElasticsearchOptions, role: 'collector' };
    const shipping = await startShipping({
      ...collectorPart(config, folder, port, log, onFatal, held), open: () => openStore({ folder, elasticsearch }), formats: formatTexts(join(folder, 'formats')), log, clock: systemClock,
      archiveMs: section.archiveDays * DAY_MS, ...(section.snapshotRepository === undefined ? {} : { snapshotRepository: section.snapshotRepository }),
    });
    closers.push(() => shipping.stop());
    // While the cluster is away a collector does its work: it acknowledges and keeps. Restarting it would help nobody.
    const health = await startHealth(config, 8081, async () => ((await shipping.stats()).full ? 'intake is stopped: the disk is full' : undefined), createMetrics({ version, held, collector: () => shipping.stats() }));
    closers.push(() => health.stop());
    print(`Hải Đăng ${version} collector is ready`);
    printListeners(config, port, shipping.collector, print);
    print(`  health    ${health.url}`);
    print(`  data      ${folder}`);
    printStore(config, print);
    return closers;
  } catch (error) {
    await closers.stop().catch(() => undefined);
    throw error;
  }
}
