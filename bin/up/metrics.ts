// What /metrics says of collector, detector and store; the console adds its own. Read when asked, counted where it happens.
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Held } from '../../collector/hold/held.js';
import type { CollectorStats } from '../../collector/options.js';
import { CRASH_LOOP_ENDS } from '../../core/process/supervisor.js';
import type { RuleCatalog } from '../../core/rule-catalog.js';
import type { Store, StoreHealth } from '../../core/store/store.js';
import type { DetectorStats } from '../../detector/main.js';
import { addAccountMetrics } from './account-metrics.js';

export interface MetricSources {
  readonly version: string;
  readonly held?: Held | undefined;
  readonly collector: () => Promise<CollectorStats>;
  readonly detector: () => DetectorStats;
  readonly store: () => Promise<StoreHealth>;
  readonly rules: RuleCatalog;
  readonly accounts: Pick<Store['accounts'], 'totals'>;
}

export function createMetrics({ version, held, collector, detector, store, rules, accounts }: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'haidang_' });
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge => new Gauge({ name: `haidang_${name}`, help, labelNames, registers: [registry] });

  const received = gauge('listener_received_frames', 'Frames taken since the start, by listener', ['listener']);
  const dropped = gauge('listener_dropped_frames', 'Datagrams and connections not taken since the start, by listener', ['listener']);
  const cut = gauge('listener_cut_frames', 'Frames cut at the size limit since the start, by listener', ['listener']);
  const connections = gauge('listener_connections', 'Connections since the start, by listener', ['listener']);
  const spoolBytes = gauge('spool_bytes', 'Bytes of the spool on disk');
  const inFlight = gauge('spool_in_flight_bytes', 'Bytes delivered and not yet committed');
  const syncMs = gauge('spool_sync_ms', 'Time of a group sync, in milliseconds', ['of']);
  const full = gauge('intake_stopped', '1 while intake is stopped for want of disk space');
  const free = gauge('free_bytes', 'Free bytes on the disk of the data folder');
  const evaluated = gauge('evaluated_events', 'Events evaluated and committed since the start');
  const hits = gauge('hits', 'Hits since the start');
  const alerts = gauge('alerts', 'Alerts written since the start');
  const lag = gauge('detector_lag_ms', 'How far decisions are behind receipt, in milliseconds');
  const deaths = gauge('pipeline_restarts', 'How often the pipeline thread had to be started again');
  const ruleCount = gauge('rules', 'Rules by state', ['state']);
  const ruleSet = gauge('rule_set', 'Number of the deployed rule set');
  const storeEvents = gauge('store_events', 'Events in the store', ['part']);
  const storeBytes = gauge('store_bytes', 'Bytes of events in the store');
  const storeReady = gauge('store_ready', '1 while the store takes commits');
  gauge('info', 'The program', ['version']).set({ version }, 1);
  gauge('process_restarts', 'How often the program ended and was started again while its sockets were held').set(held?.restarts ?? 0);
  gauge('process_crash_loop', '1 while it ends again and again').set((held?.inRow ?? 0) >= CRASH_LOOP_ENDS ? 1 : 0);

  const readAccount = addAccountMetrics(registry, accounts);

  // All figures are read before any is printed; a gauge's own `collect` would leave the others one reading behind.
  const print = registry.metrics.bind(registry);
  registry.metrics = async () => {
    const [intake, health] = await Promise.all([collector(), store(), readAccount()]), decided = detector();
    for (const one of intake.listeners) {
      received.set({ listener: one.listener }, one.received);
      dropped.set({ listener: one.listener }, one.dropped);
      cut.set({ listener: one.listener }, one.cut);
      connections.set({ listener: one.listener }, one.connections);
    }
    spoolBytes.set(intake.spool.bytes);
    inFlight.set(intake.spool.inFlightBytes);
    syncMs.set({ of: 'mean' }, intake.spool.syncMsMean);
    syncMs.set({ of: 'max' }, intake.spool.syncMsMax);
    full.set(intake.full ? 1 : 0);
    free.set(health.freeBytes);
    evaluated.set(decided.evaluated);
    hits.set(decided.hits);
    alerts.set(decided.alerts);
    lag.set(decided.lagMs);
    deaths.set(decided.deaths);
    ruleCount.reset();
    for (const { state } of rules.rules()) ruleCount.inc({ state });
    ruleSet.set(rules.deployed().n);
    storeEvents.set({ part: 'hot' }, health.hotEvents);
    storeEvents.set({ part: 'sealed' }, health.sealedEvents);
    storeBytes.set(health.bytes);
    storeReady.set(health.ready ? 1 : 0);
    return print();
  };
  return registry;
}
