import type { EvaluatedRun } from '../../core/pipeline/run.js';
import type { SourceRow, SourceStore } from '../../core/store/store.js';
import { EARLIER, LiveSources } from './live-sources.js';

const row = (name: string, stored: number): SourceRow => {
  const [system = '', sender = ''] = name.split('/');
  return { name: sender, system, sender, tier: 3, stored, evaluated: stored, lost: 0, unparsed: 0, firstSeen: 1, lastSeen: 1 };
};
const storeOf = (rows: readonly SourceRow[]): SourceStore => ({ list: () => Promise.resolve(rows), remove: () => Promise.resolve() });
const run = (epoch: number, to: number, name: string, count: number): EvaluatedRun => {
  const [system = '', sender = ''] = name.split('/');
  return { stream: { collector: 'c', epoch, tier: 3 }, from: 1, to, receivedFrom: 0, receivedTo: 0, ruleSet: 1, count, events: new Uint8Array(), hits: new Uint8Array(), sources: [{ system, sender, tier: 3, count, lost: 0, unparsed: 0, lastReceived: 5 }], xor: '' };
};
const taken = (name: string, received: number): { system: string; sender: string; tier: number; received: number; dropped: number; lastReceived: number } => {
  const [system = '', sender = ''] = name.split('/');
  return { system, sender, tier: 3, received, dropped: 0, lastReceived: 9 };
};
const figures = async (sources: LiveSources, senders: Parameters<LiveSources['list']>[0]): Promise<unknown> => (await sources.list(senders)).map(({ name, received }) => [name, received]);

test('received = stored + what this run took and has not committed', async () => {
  const sources = new LiveSources(storeOf([row('DVC/10.0.0.1', 100)]), 7, {}, {});
  sources.onCommitted([run(7, 30, 'DVC/10.0.0.1', 30)]);
  expect(await figures(sources, [taken('DVC/10.0.0.1', 50), taken('NET/10.0.0.2', 4)])).toEqual([['DVC/10.0.0.1', 120], ['NET/10.0.0.2', 4]]);
});

test('what an earlier run left is told until it is committed, and is not counted against this run', async () => {
  const sources = new LiveSources(storeOf([row('DVC/10.0.0.1', 100)]), 7, { 'c.6.3': 40 }, { 'c.6.3': 10 });
  expect(await figures(sources, [])).toEqual([['DVC/10.0.0.1', 100], [`unassigned/${EARLIER}`, 30]]);
  sources.onCommitted([run(6, 40, 'DVC/10.0.0.1', 30)]);
  expect(await figures(sources, [taken('DVC/10.0.0.1', 5)])).toEqual([['DVC/10.0.0.1', 105]]);
});

test('an epoch that begins in the middle of a run, because the clock was set, is this run\'s too', async () => {
  const sources = new LiveSources(storeOf([row('DVC/192.0.2.1', 90)]), 7, {}, {});
  sources.onCommitted([run(7, 60, 'DVC/192.0.2.1', 60), run(8, 30, 'DVC/192.0.2.1', 30)]);
  expect(await figures(sources, [taken('DVC/192.0.2.1', 90)])).toEqual([['DVC/192.0.2.1', 90]]);
});
