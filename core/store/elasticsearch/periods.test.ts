// Indices by week: made ahead, never by a write, retired when nothing needs them, taken away by the retention job alone.
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import { streamName, type Stream } from '../../record.js';
import { deleteRetiredIndices, openStore, setUpElasticsearch } from '../open.js';
import { aRun, commitOf, START } from '../samples.js';
import type { Store } from '../store.js';
import { appendEvents } from './append.js';
import { Cluster } from './cluster.js';
import { Periods } from './periods.js';
import { endOfWeek, weekOf } from './templates.js';

const url = await elasticsearchUrl(), DAY_MS = 86_400_000;
const stream: Stream = { collector: '0190f3a0-0000-7000-8000-0000000000fb', epoch: 1, tier: 3 };
const run = (from = 1, n = 3) => aRun(stream, from, Array.from({ length: n }, (_, i) => ({ message: `line ${from + i}`, 'haidang.system': 'portal' }))).run;

test('a week ends on a Monday', () => {
  for (const day of ['2026-01-01', '2026-11-22', '2027-01-03', '2020-12-31', '2021-01-01', '2024-12-30']) {
    const end = endOfWeek(weekOf(day)), at = Date.parse(day);
    expect([new Date(end).getUTCDay(), end > at, end <= at + 7 * DAY_MS]).toEqual([1, true, true]);
  }
});

if (url === undefined) test('not run: periods on Elasticsearch', () => undefined);
else {
  let prefix: string, cluster: Cluster, detector: Store;
  const nodes = [url], index = (week: string): string => `${prefix}events-t3-${week}`;
  const indices = async (): Promise<readonly string[]> => (await (await fetch(`${url}/_cat/indices/${prefix}events-*?format=json&h=index`)).json() as { index: string }[]).map((one) => one.index.slice(prefix.length)).sort();
  beforeEach(async () => {
    prefix = randomPrefix();
    await setUpElasticsearch({ nodes, prefix });
    cluster = new Cluster({ nodes, prefix });
    detector = await openStore({ folder: '', elasticsearch: { nodes, prefix, role: 'detector' } });
  });
  afterEach(async () => {
    await Promise.all([cluster.close(), detector.close()]);
    await forgetPrefix(url, prefix);
  });

  test('the keeper makes this week and the next, of the tiers in use', async () => {
    await detector.systems.put({ id: 'portal', name: 'Portal', tier: 4, unit: '', match: [] }, 0);
    await detector.keep({}, START);
    const weeks = [weekOf('2026-11-20'), weekOf('2026-11-27')];
    expect(await indices()).toEqual([3, 4].flatMap((tier) => weeks.map((week) => `events-t${tier}-${week}`)));
    expect((await new Periods(cluster).list()).map(({ name, state }) => `${name} ${state}`).sort()).toEqual([3, 4].flatMap((tier) => weeks.map((week) => `t${tier}-${week} open`)));
  });

  test('a write makes no index: without its period it is not sent', async () => {
    const periods = new Periods(cluster);
    expect(await periods.stateOf(index('2026.w47'))).toBe('missing');
    await periods.makeAhead([3], START);
    expect(await periods.stateOf(index('2026.w47'))).toBe('open');
  });

  test('what a collector brings from a week that nobody made, or of a tier that nobody has, is asked for, made and taken', async () => {
    const old: Stream = { ...stream, tier: 2 }, { run: late } = aRun(old, 1, [{ message: 'from a spool that is older than the cluster', 'haidang.system': 'portal' }]);
    const collector = await openStore({ folder: '', elasticsearch: { nodes, prefix, role: 'collector' } }), later = START + 60 * DAY_MS;
    try {
      await expect(collector.shared?.ship([late])).rejects.toThrow('there is no index');
      await expect(collector.shared?.ship([late])).rejects.toThrow('there is no index');
      await cluster.bulk([{ op: 'create', index: cluster.index('control'), id: 'period-asked:x', source: JSON.stringify({ kind: 'period-asked', id: 'x', doc: '{"name":"t2-2026.w1/../../other"}' }) }]);
      await cluster.refreshNow(cluster.index('control'));
      await detector.shared?.prepare(later);
      expect(await indices()).toHaveLength(3);
      expect(await indices()).toContain(`events-t2-${weekOf('2026-11-20')}`);
      expect(await collector.shared?.ship([late])).toEqual([]);
      await cluster.refreshNow(`${prefix}events-*`);
      expect((await detector.shared?.tail(old, 1, 10))?.events.length).toBe(1);
    } finally { await collector.close(); }
  });

  test('a week goes when its days are over, all of it is evaluated, and the retention job comes; what comes later finds it retired', async () => {
    const week = weekOf('2026-11-20'), over = Date.parse('2026-11-20') + 10 * DAY_MS, later = endOfWeek(week) + 40 * DAY_MS, periods = new Periods(cluster);
    await detector.commit(commitOf(run()));
    expect((await detector.keep({ 3: 2 }, over)).dropped).toMatchObject([{ tier: 3, events: 3 }]);
    expect(await deleteRetiredIndices({ nodes, prefix })).toEqual([]);
    await detector.keep({ 3: 2 }, later);
    expect(await periods.stateOf(index(week))).toBe('retired');
    expect(await indices()).toContain(`events-t3-${week}`);
    expect(await deleteRetiredIndices({ nodes, prefix })).toContain(index(week));
    expect(await deleteRetiredIndices({ nodes, prefix })).not.toContain(index(week));
    await appendEvents(cluster, new Periods(cluster), [run()]);
    expect(await indices()).not.toContain(`events-t3-${week}`);
  });

  test('a week that holds what no detector has read yet stays', async () => {
    const week = weekOf('2026-11-20');
    await appendEvents(cluster, new Periods(cluster), [run()]);
    await detector.keep({ 3: 2 }, endOfWeek(week) + 40 * DAY_MS);
    expect(await new Periods(cluster).stateOf(index(week))).toBe('open');
    expect(await detector.cursors.all()).toEqual({});
    await detector.commit(commitOf(run()));
    expect(await detector.cursors.all()).toEqual({ [streamName(stream)]: 3 });
    await detector.keep({ 3: 2 }, endOfWeek(week) + 40 * DAY_MS);
    expect(await new Periods(cluster).stateOf(index(week))).toBe('retired');
  });

  test('an empty week goes with its time', async () => {
    const periods = new Periods(cluster), week = weekOf('2026-11-20');
    await periods.makeAhead([3], START);
    await detector.keep({ 3: 30 }, endOfWeek(week) + 43 * DAY_MS);
    expect(await periods.stateOf(index(week))).toBe('open');
    await detector.keep({ 3: 30 }, endOfWeek(week) + 45 * DAY_MS);
    expect(await new Periods(cluster).stateOf(index(week))).toBe('retired');
  });
}
