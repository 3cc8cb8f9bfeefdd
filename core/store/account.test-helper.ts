// What every store adapter keeps of the completeness account, as tests: sums are those of the runs, each once, whatever was committed
// twice, rolled up or opened again.
import { NOTHING, totalsOf, type Counts, type Loss, type RunAccount, type SourceMinute } from '../account/account.js';
import type { EvaluatedRun } from '../pipeline/run.js';
import type { Stream } from '../record.js';
import { aRun, commitOf, START } from './samples.js';
import { EVERYTHING, type AccountFilter, type Store } from './store.js';

const MINUTE = 60_000, HOUR = 3_600_000, DAY = 86_400_000;
const stream = { collector: '0190f3a0-0000-7000-8000-0000000000ac', epoch: 9, tier: 3 };
const counts = (n: number, part: Partial<Counts> = {}): Counts => ({ received: n, parsed: n, unparsed: 0, stored: n, evaluated: n, own: 0, ...part });
const minute = (at: number, n: number, part: Partial<SourceMinute> = {}): SourceMinute => ({ minute: START + at * MINUTE, system: 'portal', sender: '192.0.2.1', tier: 3, ...counts(n), losses: [], ...part });
const loss = (part: Partial<Loss> = {}): Loss => ({ cause: 'overrun', name: 'syslog-udp', count: 5, frames: 0, bytes: 50, from: START, to: START + 10, ...part });

/** A run of as many positions as its counts need. */
function runOf(from: number, account: Partial<RunAccount>, on: Stream = stream): EvaluatedRun {
  const minutes = account.minutes ?? [], n = minutes.reduce((sum, { received, own }) => sum + received + own, 0), sources = new Map<string, EvaluatedRun['sources'][number]>();
  for (const { system, sender, tier, received, minute: at } of minutes) {
    if (received === 0) continue;
    const before = sources.get(system + sender);
    sources.set(system + sender, { system, sender, tier, count: received + (before?.count ?? 0), lost: 0, unparsed: 0, lastReceived: Math.max(at, before?.lastReceived ?? 0) });
  }
  const { run } = aRun(on, from, Array.from({ length: n }, (_, i) => ({ message: `line ${i}`, 'haidang.system': 'portal' })));
  return { ...run, sources: [...sources.values()], account: { minutes, numbers: account.numbers ?? [] } };
}

export function accountContract(store: () => Store, reopen: () => Promise<void>): void {
  const totals = (filter: Partial<AccountFilter> = {}) => store().accounts.totals({ scope: EVERYTHING, ...filter });
  const rows = async (filter: Partial<AccountFilter> = {}) => (await store().accounts.list({ scope: EVERYTHING, from: 0, ...filter }, { limit: 1000 })).items;

  test('the account is the sum of its runs, by source and minute; what is committed twice counts once', async () => {
    const first = runOf(1, { minutes: [minute(0, 3), minute(0, 2, { sender: '192.0.2.2' })] });
    await store().commit(commitOf(first));
    await store().commit(commitOf(first, runOf(6, { minutes: [minute(0, 4, { unparsed: 1, parsed: 3 }), minute(1, 2, { evaluated: 1, losses: [loss()] })] })));
    await reopen();
    expect(await rows()).toEqual([
      { start: START, span: MINUTE, system: 'portal', sender: '192.0.2.1', tier: 3, ...counts(7, { parsed: 6, unparsed: 1 }), quiet: 0, losses: [] },
      { start: START, span: MINUTE, system: 'portal', sender: '192.0.2.2', tier: 3, ...counts(2), quiet: 0, losses: [] },
      { start: START + MINUTE, span: MINUTE, system: 'portal', sender: '192.0.2.1', tier: 3, ...counts(2, { evaluated: 1 }), quiet: MINUTE, losses: [loss()] },
    ]);
    for (const filter of [{}, { from: START, to: START + HOUR }]) {
      expect(await totals(filter)).toEqual([
        { system: 'portal', sender: '192.0.2.1', tier: 3, ...counts(9, { parsed: 8, unparsed: 1, evaluated: 8 }), losses: [loss()] }, { system: 'portal', sender: '192.0.2.2', tier: 3, ...counts(2), losses: [] },
      ]);
    }
    expect(await totals({ from: START + MINUTE, sender: '192.0.2.1' })).toMatchObject([{ received: 2, losses: [{ count: 5 }] }]);
    expect(await store().accounts.strips({ scope: EVERYTHING, from: START, to: START + HOUR }, MINUTE)).toEqual([
      { system: 'portal', sender: '192.0.2.1', tier: 3, start: START, span: MINUTE, received: 7, gap: false }, { system: 'portal', sender: '192.0.2.1', tier: 3, start: START + MINUTE, span: MINUTE, received: 2, gap: true },
      { system: 'portal', sender: '192.0.2.2', tier: 3, start: START, span: MINUTE, received: 2, gap: false },
    ]);
  });

  test('positions that no count accounts for are a gap of their own', async () => {
    const run = runOf(1, { minutes: [minute(0, 5)] });
    await store().commit(commitOf({ ...run, account: { minutes: [minute(0, 4)], numbers: [] } }));
    expect(await totals()).toMatchObject([{ system: '', losses: [{ cause: 'not_read', count: 1 }] }, { system: 'portal', received: 4 }]);
  });

  test('numbers that senders give are followed across commits and restarts; what comes late is taken back where it was missed', async () => {
    const numbers = (...runs: readonly number[]) => [{ system: 'portal', sender: '192.0.2.1', tier: 3, name: 'syslog h', runs }];
    await store().commit(commitOf(runOf(1, { minutes: [minute(0, 3)], numbers: numbers(START, 1, 3) })));
    await reopen();
    await store().commit(commitOf(runOf(4, { minutes: [minute(1, 1)], numbers: numbers(START + MINUTE, 10, 1) }), runOf(5, { minutes: [minute(2, 1)], numbers: numbers(START + 2 * MINUTE, 7, 1) })));
    const gap = { cause: 'sequence_gap', name: 'syslog h', count: 5, frames: 0, bytes: 0, from: START + MINUTE, to: START + MINUTE, missing: [[4, 6], [8, 9]] };
    expect((await rows()).map(({ start, losses }) => [(start - START) / MINUTE, losses])).toEqual([[0, []], [1, [gap]], [2, []]]);
    expect((await totals()).map(({ losses }) => losses)).toEqual([[gap]]);
    await store().commit(commitOf(runOf(6, { minutes: [minute(3, 5)], numbers: numbers(START + 3 * MINUTE, 4, 3, START + 3 * MINUTE, 8, 2) })));
    expect((await rows()).flatMap(({ losses }) => losses)).toEqual([]);
    expect((await totals()).map(({ received, losses }) => [received, losses])).toEqual([[10, []]]);
  });

  test('old minutes become hours and days without a sum changing; what comes for them later joins them', async () => {
    const minutes = [0, 1, 59, 60, 61, 24 * 60 - 1, 30 * 60].map((at) => minute(at, at % 7 + 1, at === 60 ? { losses: [loss()] } : {})), later = 20 * 24 * 60;
    await store().commit(commitOf(runOf(1, { minutes: [...minutes, minute(later, 2)] })));
    const before = await totals({ from: 0 }), quiet = await store().accounts.quiet(0);
    await store().keep({}, START + later * MINUTE);
    expect((await rows()).map(({ start, span }) => [(start - START) / MINUTE, span])).toEqual([[0, HOUR], [60, HOUR], [23 * 60, HOUR], [30 * 60, HOUR], [later, MINUTE]]);
    expect(await totals({ from: 0 })).toEqual(before);
    expect(await store().accounts.quiet(0)).toEqual(quiet);
    await store().commit(commitOf(runOf(minutes.reduce((sum, { received }) => sum + received, 3), { minutes: [minute(5, 1)] })));
    await store().keep({}, START + 130 * DAY);
    await reopen();
    // Days are those of Viet Nam: the first here ends at 17:00 UTC.
    expect((await rows()).map(({ start, span, received }) => [(start - START) / HOUR, span, received])).toEqual([[-7, DAY, 19], [17, DAY, 7], [473, DAY, 2]]);
    expect(totalsOf((await rows()).map(({ start: _, span: __, quiet: ___, ...row }) => row))).toEqual(await totals());
    expect((await totals({ from: 0 })).map(({ received }) => received)).toEqual([(before[0]?.received ?? 0) + 1]);
  });

  test('pages hold every stretch once, in order; scope never leaks', async () => {
    await store().commit(commitOf(
      runOf(1, { minutes: [0, 1, 2].flatMap((at) => ['a', 'b', 'c'].map((sender) => minute(at, 1, { sender }))) }), runOf(1, { minutes: [minute(1, 1, { system: 'secret', tier: 5 })] }, { ...stream, tier: 5 }),
      runOf(10, { minutes: [{ ...NOTHING, minute: START, system: '', sender: 'syslog-udp', tier: 3, own: 1, losses: [loss({ cause: 'kernel_drop' })] }] }),
    ));
    const seen: string[] = [], filter = { scope: { tiers: [1, 2, 3], hiddenSystems: [] }, from: START };
    for (let cursor: string | undefined; ;) {
      const page = await store().accounts.list(filter, { limit: 2, cursor });
      expect(page.total).toBe(10);
      seen.push(...page.items.map(({ start, sender }) => `${(start - START) / MINUTE}${sender}`));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(seen).toEqual(['0syslog-udp', '0a', '0b', '0c', '1a', '1b', '1c', '2a', '2b', '2c']);
    expect(await store().accounts.totals({ scope: { tiers: [5], hiddenSystems: ['secret'] } })).toEqual([]);
    expect(await store().accounts.strips({ ...filter, scope: { tiers: [5], hiddenSystems: [] } }, HOUR)).toMatchObject([{ system: 'secret', received: 1 }]);
    await store().sources.remove(['portal']);
    expect((await totals()).map(({ system }) => system)).toEqual(['', 'secret']);
  });
}
