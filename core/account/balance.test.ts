import type { AccountTotal, Counts, Loss } from './account.js';
import { NOTHING } from './account.js';
import { balanceOf } from './balance.js';
import { stretchesOf } from './strip.js';

const counts = (n: number, part: Partial<Counts> = {}): Counts => ({ ...NOTHING, received: n, parsed: n, stored: n, evaluated: n, ...part });
const total = (n: number, losses: readonly Partial<Loss>[] = [], part: Partial<Counts> = {}): AccountTotal => ({
  system: 'S', sender: 'a', tier: 3, ...counts(n, part), losses: losses.map((loss) => ({ cause: 'overrun', name: 'udp', count: 0, frames: 0, bytes: 0, from: 1, to: 2, ...loss })),
});

test('nothing is missing where every step has the same count', () => {
  expect(balanceOf([total(90, [], { parsed: 80, unparsed: 10 }), total(10)])).toMatchObject({ received: 100, parsed: 90, unparsed: 10, stored: 100, evaluated: 100, complete: true, percent: 100, gaps: [] });
  expect(balanceOf([total(10)], 5)).toMatchObject({ complete: true, percent: 100, underWay: 5, gaps: [{ cause: 'under_way', count: 5, owner: 'platform' }] });
  expect(balanceOf([])).toMatchObject({ complete: true, percent: 100 });
});

test('each step that did not happen is a gap of its own', () => {
  for (const [step, cause] of [['received', 'not_read'], ['parsed', 'not_read'], ['stored', 'not_stored'], ['evaluated', 'not_evaluated']] as const) {
    const { complete, gaps, percent } = balanceOf([total(100, [], { [step]: 99 })]);
    expect([step, complete, gaps.map((gap) => gap.cause).includes(cause), percent < 100]).toEqual([step, false, true, true]);
  }
});

test('a number that is missing because we dropped it is not lost twice', () => {
  const dropped = { cause: 'overrun' as const, count: 5 }, missing = { cause: 'sequence_gap' as const, name: 'syslog h', count: 8, missing: [[3, 10]] as const };
  expect(balanceOf([total(92, [dropped, missing])])).toMatchObject({ lost: 5, missing: 3, percent: 92, gaps: [{ cause: 'overrun', owner: 'platform', count: 5 }, { cause: 'sequence_gap', owner: 'path', count: 3, parts: [{ name: 'syslog h', missing: [[3, 10]] }] }] });
  expect(balanceOf([total(95, [dropped, { ...missing, count: 5 }])])).toMatchObject({ lost: 5, missing: 0, percent: 95, gaps: [{ cause: 'overrun' }] });
});

test('one lost of very many is not 100 percent; a cut frame is a named gap of no message', () => {
  expect(balanceOf([total(9_999_999, [{ count: 1 }])])).toMatchObject({ complete: false, percent: 99.99 });
  expect(balanceOf([total(10, [{ cause: 'cut', count: 0, frames: 2, bytes: 100 }])])).toMatchObject({ complete: true, lost: 0, gaps: [{ cause: 'cut', owner: 'source', count: 0, frames: 2, bytes: 100 }] });
});

test('stretches: complete, gap, silent longer than allowed; nothing before the first message', () => {
  const M = 60_000, step = (at: number, gap = false) => ({ start: at * M, span: M, gap, received: 1 }), in30 = { from: 0, to: 30 * M, silenceMs: 5 * M };
  expect(stretchesOf([step(2), step(3), step(6, true), step(7), step(20)], { ...in30, firstSeen: 2 * M }).map(({ state, from, to }) => `${state} ${from / M}-${to / M}`)).toEqual(['complete 2-6', 'gap 6-7', 'complete 7-8', 'silent 8-20', 'complete 20-21', 'silent 21-30']);
  expect(stretchesOf([], { ...in30, firstSeen: -M })).toEqual([{ state: 'silent', from: 0, to: 30 * M }]);
  expect(stretchesOf([step(28)], { ...in30, firstSeen: -M }).map(({ state }) => state)).toEqual(['silent', 'complete']);
  expect(stretchesOf([], { ...in30, firstSeen: 40 * M })).toEqual([]);
});
