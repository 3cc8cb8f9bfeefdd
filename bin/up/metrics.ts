// What /metrics says of collector, detector and store; the console adds its own. Read when asked, counted where it happens.
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Held } from '../../collector/hold/held.js';
import type { CollectorStats } from '../../collector/options.js';
import type { ShippingStats } from '../../collector/ship.js';
import { CRASH_LOOP_ENDS } from '../../core/process/supervisor.js';
import type { RuleCatalog } from '../../core/rule-catalog.js';
import type { Store, StoreHealth } from '../../core/store/store.js';
import type { DetectorStats } from '../../detector/main.js';
import type { TailingStats } from '../../detector/tailing.js';
import { addAccountMetrics } from './account-metrics.js';

export interface MetricSources {
  readonly version: string;
  readonly held?: Held | undefined;
  /** Those of the services that run in this process. */
  readonly collector?: () => Promise<CollectorStats & { readonly shipping?: ShippingStats }>;
  readonly detector?: () => DetectorFigures;
  readonly store?: () => Promise<StoreHealth>;
  readonly rules?: RuleCatalog;
  readonly accounts?: Pick<Store['accounts'], 'totals'>;
}
type DetectorFigures = Pick<DetectorStats, 'evaluated' | 'hits' | 'alerts' | 'lagMs' | 'deaths' | 'problem' | 'heldHits' | 'lateHits' | 'undecidedHits' | 'droppedBy'> & Partial<Pick<TailingStats, 'streams' | 'lead' | 'members'>>;
type Gauges = (name: string, help: string, labelNames?: string[]) => Gauge;

export function createMetrics({ version, held, collector, detector, store, rules, accounts }: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'haidang_' });
  const gauge: Gauges = (name, help, labelNames = []) => new Gauge({ name: `haidang_${name}`, help, labelNames, registers: [registry] });
  gauge('info', 'The program', ['version']).set({ version }, 1);
  gauge('process_restarts', 'How often the program ended and was started again while its sockets were held').set(held?.restarts ?? 0);
  gauge('process_crash_loop', '1 while it ends again and again').set((held?.inRow ?? 0) >= CRASH_LOOP_ENDS ? 1 : 0);
  const reads = [
    ...(collector === undefined ? [] : [collectorFigures(gauge, collector)]), ...(detector === undefined ? [] : [detectorFigures(gauge, detector)]),
    ...(rules === undefined ? [] : [ruleFigures(gauge, rules)]), ...(store === undefined ? [] : [storeFigures(gauge, store)]), ...(accounts === undefined ? [] : [addAccountMetrics(registry, accounts)]),
  ];
  // All figures are read before any is printed; a gauge's own `collect` would leave the others one reading behind.
  const print = registry.metrics.bind(registry);
  registry.metrics = async () => {
    await Promise.all(reads.map((read) => read()));
    return print();
  };
  return registry;
}

function collectorFigures(gauge: Gauges, collector: NonNullable<MetricSources['collector']>): () => Promise<void> {
  const received = gauge('listener_received_frames', 'Frames taken since the start, by listener', ['listener']);
  const dropped = gauge('listener_dropped_frames', 'Datagrams and connections not taken since the start, by listener', ['listener']);
  const cut = gauge('listener_cut_frames', 'Frames cut at the size limit since the start, by listener', ['listener']);
  const connections = gauge('listener_connections', 'Connections since the start, by listener', ['listener']);
  const spoolBytes = gauge('spool_bytes', 'Bytes of the spool on disk');
  const inFlight = gauge('spool_in_flight_bytes', 'Bytes delivered and not yet committed');
  const syncMs = gauge('spool_sync_ms', 'Time of a group sync, in milliseconds', ['of']);
  const full = gauge('intake_stopped', '1 while intake is stopped for want of disk space');
  const free = gauge('free_bytes', 'Free bytes on the disk of the data folder');
  const rate = gauge('spool_fill_bytes_per_second', 'Bytes appended to the spool a second, over the last minute');
  const lasts = gauge('spool_lasts_seconds', 'How long the disk has room for what comes in until intake stops, if nothing is let go; -1 while nothing comes in');
  let ship: ReturnType<typeof shippingFigures> | undefined;
  return async () => {
    const intake = await collector();
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
    free.set(intake.freeBytes);
    rate.set(intake.spool.bytesPerSecond);
    lasts.set(intake.spool.lastsMs === undefined ? -1 : intake.spool.lastsMs / 1000);
    if (intake.shipping !== undefined) (ship ??= shippingFigures(gauge))(intake.shipping);
  };
}

/** Of a collector that ships to a cluster. */
function shippingFigures(gauge: Gauges): (shipping: ShippingStats) => void {
  const shipped = gauge('shipped_events', 'Events answered for by the cluster since the start'), waiting = gauge('shipping_waiting_runs', 'Runs of events parsed and not answered for');
  const lag = gauge('shipping_lag_ms', 'Age of the oldest event that is not answered for, in milliseconds'), segments = gauge('spool_finished_segments', 'Segments kept until the cluster provably has them');
  const letters = gauge('dead_letters', 'Events that came after their day was retired, kept in a file'), ready = gauge('shipping_ready', '1 while the store takes events'), since = gauge('shipping_away_since', 'Since when it takes none, Unix seconds; 0 while it does');
  return (one) => {
    shipped.set(one.shipped);
    waiting.set(one.waitingRuns);
    lag.set(one.lagMs);
    segments.set(one.finishedSegments);
    letters.set(one.deadLetters);
    ready.set(one.problem === undefined ? 1 : 0);
    since.set((one.since ?? 0) / 1000);
  };
}

function detectorFigures(gauge: Gauges, detector: NonNullable<MetricSources['detector']>): () => Promise<void> {
  const evaluated = gauge('evaluated_events', 'Events evaluated and committed since the start'), hits = gauge('hits', 'Hits since the start'), alerts = gauge('alerts', 'Alerts written since the start');
  const lag = gauge('detector_lag_ms', 'How far decisions are behind receipt, in milliseconds'), deaths = gauge('pipeline_restarts', 'How often the pipeline thread had to be started again');
  const held = gauge('correlation_held_hits', 'Hits that correlations keep in memory'), late = gauge('correlation_late_hits', 'Hits behind the watermark since the rule set is in force, looked at with the stored ones around them');
  const undecided = gauge('correlation_undecided_hits', 'Hits that came after the verdict of their window since the rule set is in force'), dropped = gauge('correlation_dropped_hits', 'Hits given up for want of memory since the rule set is in force, by correlation', ['rule']);
  const streamLag = gauge('stream_lag_ms', 'How far decisions are behind receipt in each stream that this detector reads, in milliseconds', ['stream']), holes = gauge('stream_holes', 'Streams that wait for a position that is not there');
  const members = gauge('detectors', 'Detectors that are there, as this one sees it'), leads = gauge('detector_leads', '1 while this detector leads'), receipts = gauge('receipts_open', 'Sealed segments that the keeper has not read back');
  return async () => {
    const decided = detector();
    evaluated.set(decided.evaluated);
    hits.set(decided.hits);
    alerts.set(decided.alerts);
    lag.set(decided.lagMs);
    deaths.set(decided.deaths);
    held.set(decided.heldHits);
    late.set(decided.lateHits);
    undecided.set(decided.undecidedHits);
    dropped.reset();
    for (const [rule, count] of Object.entries(decided.droppedBy)) dropped.set({ rule }, count);
    if (decided.streams === undefined) return;
    streamLag.reset();
    for (const { stream, lagMs } of decided.streams) streamLag.set({ stream }, lagMs);
    holes.set(decided.streams.filter(({ hole }) => hole !== undefined).length);
    members.set(decided.members?.length ?? 1);
    leads.set(decided.lead?.leading === true ? 1 : 0);
    receipts.set(decided.lead?.openReceipts ?? 0);
  };
}

function ruleFigures(gauge: Gauges, rules: RuleCatalog): () => Promise<void> {
  const count = gauge('rules', 'Rules by state', ['state']), set = gauge('rule_set', 'Number of the deployed rule set');
  return async () => {
    count.reset();
    for (const { state } of rules.rules()) count.inc({ state });
    set.set(rules.deployed().n);
  };
}

function storeFigures(gauge: Gauges, store: NonNullable<MetricSources['store']>): () => Promise<void> {
  const events = gauge('store_events', 'Events in the store', ['part']), bytes = gauge('store_bytes', 'Bytes of events in the store'), free = gauge('store_free_bytes', 'Free bytes on the disk of the store'), ready = gauge('store_ready', '1 while the store takes commits');
  return async () => {
    const health = await store();
    events.set({ part: 'hot' }, health.hotEvents);
    events.set({ part: 'sealed' }, health.sealedEvents);
    bytes.set(health.bytes);
    free.set(health.freeBytes);
    ready.set(health.ready ? 1 : 0);
  };
}
