import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { compileRules, type CompileOptions } from './compile-rules.js';
import type { CompiledCorrelation } from './compiled.js';
import { Correlator, type CorrelationAlert, type CorrelationResult } from './correlate.js';
import { HitMemory } from './correlation-run.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const base = (name: string): string => `title: ${name}\nname: ${name}\nlogsource: {category: x}\ndetection: {s: {type: ${name}}, condition: s}\n`;
const T = 10_000;

function compile(correlation: string, options: Partial<CompileOptions> = {}): { correlations: readonly CompiledCorrelation[]; uid: (name: string) => string } {
  const set = compileRules([{ file: 'r.yml', text: `${['a', 'b', 'c'].map(base).join('---\n')}---\n${correlation}` }], { sha256, ...options });
  expect(set.problems).toEqual([]);
  return { correlations: set.correlations, uid: (name) => set.rules.find(({ title }) => title === name)?.uid ?? '' };
}
const one = (type: string, condition: string, rules = '[a, b, c]'): string =>
  `title: C\ncorrelation: {type: ${type}, rules: ${rules}, group-by: [user], timespan: 10s${condition === '' ? '' : `, condition: ${condition}`}}\n`;

interface Made { readonly rule: string; readonly time: number; readonly order: number; readonly user: string; readonly value: number }
type Outcome = Record<string, { time: number; at: number; hits: number[] }>;

const key = ({ group, slot }: { group: Readonly<Record<string, string>>; slot: number }): string => `${group['user']}/${slot}`;
function collect(into: Map<string, CorrelationAlert<number>>, results: readonly CorrelationResult<number>[]): void {
  for (const { alert } of results) into.set(key(alert), alert);
}
const outcome = (alerts: ReadonlyMap<string, CorrelationAlert<number>>): Outcome =>
  Object.fromEntries([...alerts].sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, { time, event, hits }]) => [name, { time, at: event, hits: [...new Set(hits)].sort((x, y) => x - y) }]));

/** The definition, window by window: no state, no order of arrival. */
type Mode = 'back' | 'moment' | 'forward' | 'opening';
function brute(hits: readonly Made[], mode: Mode, holds: (window: readonly Made[]) => boolean): Outcome {
  const found = new Map<string, { first: Made; time: number; at: number; hits: Set<number> }>();
  const sorted = [...hits].sort((x, y) => x.time - y.time || x.order - y.order);
  for (const hit of sorted) {
    const group = sorted.filter(({ user }) => user === hit.user);
    const soFar = group.filter((other) => other.time >= hit.time - T && (other.time < hit.time || (other.time === hit.time && other.order <= hit.order)));
    // Where the verdict waits, a moment is looked at when all of it is there, and named after the hit with which it first held.
    const window = mode === 'back' ? soFar : mode === 'moment' ? group.filter((other) => other.time >= hit.time - T && other.time <= hit.time) : group.filter((other) => other.time >= hit.time && other.time <= hit.time + T);
    if (!holds(window) || (mode === 'moment' && !holds(soFar))) continue;
    const slot = `${hit.user}/${Math.floor(hit.time / T)}`, at = mode === 'forward' ? (window[window.length - 1] as Made) : hit;
    const alert = found.get(slot) ?? { first: hit, time: at.time, at: at.order, hits: new Set<number>() };
    window.forEach(({ order }) => alert.hits.add(order));
    found.set(slot, alert);
  }
  return Object.fromEntries([...found].sort(([x], [y]) => (x < y ? -1 : 1)).map(([slot, { time, at, hits: all }]) => [slot, { time, at, hits: [...all].sort((x, y) => x - y) }]));
}

const made = fc.array(fc.record({ rule: fc.constantFrom('a', 'b', 'c'), time: fc.integer({ min: 0, max: 40 }).map((s) => s * 1000), user: fc.constantFrom('u', 'v'), value: fc.integer({ min: -2, max: 4 }) }), { maxLength: 30 })
  .map((rows) => rows.map((row, order): Made => ({ ...row, order })));

function run(correlations: readonly CompiledCorrelation[], uid: (name: string) => string, hits: readonly Made[], watermarks: boolean): Outcome {
  const correlator = new Correlator<number>(correlations), alerts = new Map<string, CorrelationAlert<number>>();
  for (const { rule, time, order, user, value } of hits) {
    if (watermarks) collect(alerts, correlator.advance(time));
    collect(alerts, correlator.add({ rule: uid(rule), time, order, event: { user, value, part: value / 10 }, ref: order }));
  }
  collect(alerts, correlator.close());
  return outcome(alerts);
}

const sum = (window: readonly Made[]): number => window.reduce((all, { value }) => all + value, 0);
/** The field `part` is a tenth of the value. */
const tenths = (window: readonly Made[]): number => sum(window);
const sortedValues = (window: readonly Made[]): number[] => window.map(({ value }) => value).sort((x, y) => x - y);
const median = (window: readonly Made[]): number => {
  const values = sortedValues(window), half = values.length / 2;
  return values.length % 2 === 1 ? (values[Math.floor(half)] as number) : ((values[half - 1] as number) + (values[half] as number)) / 2;
};
const inOrder = (window: readonly Made[]): boolean => window.some((a) => a.rule === 'a' && window.some((b) => b.rule === 'b' && b.time >= a.time && window.some((c) => c.rule === 'c' && c.time >= b.time)));
const percentile = (window: readonly Made[], share: number): number => {
  const values = sortedValues(window), rank = share * (values.length - 1), below = values[Math.floor(rank)] as number, above = values[Math.ceil(rank)] as number;
  return below + (above - below) * (rank - Math.floor(rank));
};
const first = (window: readonly Made[], rule: string, from = -Infinity): number | undefined => window.filter((hit) => hit.rule === rule && hit.time >= from).map(({ time }) => time).sort((x, y) => x - y)[0];
const follow = (window: readonly Made[], ...rules: readonly string[]): boolean => rules.reduce<number | undefined>((after, rule) => (after === undefined ? undefined : first(window, rule, after)), -Infinity) !== undefined;
const longest = (window: readonly Made[]): number => (follow(window, 'a', 'b', 'c') ? 3 : ['ab', 'ac', 'bc'].some((pair) => follow(window, ...pair)) ? 2 : 1);
const has = (window: readonly Made[], rule: string): boolean => window.some((hit) => hit.rule === rule);

const cases: readonly [text: string, mode: Mode, holds: (window: readonly Made[]) => boolean][] = [
  [one('event_count', '{gte: 3}'), 'back', (window) => window.length >= 3],
  [one('value_count', '{field: value, gt: 2}'), 'back', (window) => new Set(window.map(({ value }) => value)).size > 2],
  [one('value_sum', '{field: value, gte: 7}'), 'moment', (window) => sum(window) >= 7],
  [one('temporal', ''), 'back', (window) => ['a', 'b', 'c'].every((rule) => has(window, rule))],
  [one('temporal', '{gte: 2}'), 'back', (window) => new Set(window.map(({ rule }) => rule)).size >= 2],
  [one('temporal', 'a and (b or c)'), 'back', (window) => has(window, 'a') && (has(window, 'b') || has(window, 'c'))],
  [one('temporal_ordered', ''), 'back', inOrder],
  [one('temporal_ordered', 'a and b and c'), 'back', inOrder],
  [one('temporal_ordered', '{gte: 2}'), 'back', (window) => longest(window) >= 2],
  [one('temporal_ordered', '{lt: 2}'), 'forward', (window) => longest(window) < 2],
  [one('temporal_ordered', '{eq: 2}'), 'forward', (window) => longest(window) === 2],
  [one('temporal_ordered', 'b and (a or c)'), 'back', (window) => follow(window, 'b', 'a') || follow(window, 'b', 'c')],
  [one('temporal_ordered', 'c and b and not a'), 'opening', (window) => follow(window, 'c', 'b') && !has(window, 'a')],
  [one('value_sum', '{field: part, gt: 0.65}'), 'moment', (window) => tenths(window) > 6.5],
  [one('value_avg', '{field: part, lte: 0.151}'), 'moment', (window) => tenths(window) <= 1.51 * window.length],
  [one('value_percentile', '{field: value, gt: 2, percentile: 90}'), 'moment', (window) => percentile(window, 0.9) > 2],
  [one('value_percentile', '{field: value, lte: 0, percentile: 25}'), 'moment', (window) => percentile(window, 0.25) <= 0],
  [one('value_avg', '{field: value, gt: 2}'), 'moment', (window) => sum(window) / window.length > 2],
  [one('value_avg', '{field: value, lt: 1}'), 'moment', (window) => sum(window) / window.length < 1],
  [one('value_median', '{field: value, gte: 2}'), 'moment', (window) => median(window) >= 2],
  [one('value_percentile', '{field: value, gte: 4, percentile: 100}'), 'moment', (window) => Math.max(...sortedValues(window)) >= 4],
  [one('event_count', '{lt: 3}'), 'forward', (window) => window.length < 3],
  [one('event_count', '{eq: 2}'), 'forward', (window) => window.length === 2],
  [one('event_count', '{neq: 2}'), 'forward', (window) => window.length !== 2],
  [one('event_count', '{gte: 2, lte: 4}'), 'forward', (window) => window.length >= 2 && window.length <= 4],
  [one('value_sum', '{field: value, lte: 5}'), 'forward', (window) => sum(window) <= 5],
  [one('temporal', 'a and b and not c'), 'opening', (window) => has(window, 'a') && has(window, 'b') && !has(window, 'c')],
];

describe.each(cases)('%s', (text, mode, holds) => {
  const { correlations, uid } = compile(text);
  const inTime = (hits: readonly Made[]): Made[] => [...hits].sort((x, y) => x.time - y.time || x.order - y.order);

  test('in order of time, told as the definition says', () => {
    fc.assert(fc.property(made, (hits) => { expect(run(correlations, uid, inTime(hits), true)).toEqual(brute(hits, mode, holds)); }), { numRuns: 300 });
  });
  test('in any order of arrival, the same in the end', () => {
    fc.assert(fc.property(made, fc.infiniteStream(fc.nat()), (hits, random) => {
      const shuffled = hits.map((hit) => ({ hit, at: random.next().value as number })).sort((x, y) => x.at - y.at).map(({ hit }) => hit);
      expect(run(correlations, uid, shuffled, false)).toEqual(brute(hits, mode, holds));
    }), { numRuns: 300 });
  });
});

describe('an event that several rules met', () => {
  const met = fc.array(fc.record({ rules: fc.subarray(['a', 'b', 'c'], { minLength: 1 }), time: fc.integer({ min: 0, max: 20 }).map((s) => s * 1000), user: fc.constantFrom('u', 'v'), value: fc.integer({ min: -2, max: 4 }) }), { maxLength: 15 });
  const together = cases.filter(([text]) => !text.includes('temporal')), apart = cases.filter(([text, mode]) => text.includes('temporal') && mode !== 'back');
  const runAll = (text: string, events: readonly Omit<Made, 'rule'>[], rulesOf: (order: number) => readonly string[]): Outcome => {
    const { correlations, uid } = compile(text);
    return run(correlations, uid, events.flatMap((event) => rulesOf(event.order).map((rule) => ({ ...event, rule }))), false);
  };

  test.each(together)('is one event to %s', (text, mode, holds) => {
    fc.assert(fc.property(met, (rows) => {
      const events = rows.map((row, order) => ({ ...row, order, rule: row.rules[0] as string }));
      expect(runAll(text, events, (order) => rows[order]?.rules ?? [])).toEqual(brute(events, mode, holds));
    }), { numRuns: 100 });
  });
  test.each(apart)('is one of each rule to %s', (text, mode, holds) => {
    fc.assert(fc.property(met, (rows) => {
      const hits = rows.flatMap((row, order) => row.rules.map((rule): Made => ({ ...row, order, rule })));
      expect(runAll(text, rows.map((row, order) => ({ ...row, order })), (order) => rows[order]?.rules ?? [])).toEqual(brute(hits, mode, holds));
    }), { numRuns: 100 });
  });
});

test('a hit is told once, later ones extend the same alert with what they add', () => {
  const { correlations, uid } = compile(one('event_count', '{gte: 2}'));
  const correlator = new Correlator<number>(correlations);
  const add = (time: number): readonly CorrelationResult<number>[] => correlator.add({ rule: uid('a'), time, event: { user: 'u' }, ref: time });
  expect(add(1000)).toEqual([]);
  expect(add(2000)).toMatchObject([{ kind: 'opened', added: [1000, 2000], alert: { time: 2000, event: 2000, slot: 0, group: { user: 'u' } } }]);
  expect(add(3000)).toMatchObject([{ kind: 'extended', added: [3000] }]);
  expect(add(500)).toMatchObject([{ kind: 'extended', added: [500], alert: { time: 1000 } }, { kind: 'extended', added: [] }].slice(0, 1));
});

test('state leaves with the watermark, and late hits are counted where they can change no verdict', () => {
  const { correlations, uid } = compile(`${one('event_count', '{gte: 1000000}')}---\n${one('event_count', '{lt: 1}').replace('title: C', 'title: D')}`);
  const correlator = new Correlator<number>(correlations);
  for (let i = 0; i < 20_000; i++) {
    correlator.advance(i * 100);
    correlator.add({ rule: uid('a'), time: i * 100, event: { user: `u${i % 50}` }, ref: i });
  }
  expect(correlator.counts.held).toBeLessThan(1000);
  correlator.add({ rule: uid('a'), time: 5, event: { user: 'u1' }, ref: -1 });
  expect(correlator.counts.late).toBe(1);
  expect(correlator.horizon).toBe(1_999_900 - T);
});

test('memory is bounded: beyond the limit the oldest hits go, counted', () => {
  const { correlations, uid } = compile(one('event_count', '{gte: 1000}'));
  const correlator = new Correlator<number>(correlations, { memory: new HitMemory(100) });
  for (let i = 0; i < 500; i++) correlator.add({ rule: uid('a'), time: i, event: { user: `u${i}` }, ref: i });
  expect(correlator.counts).toMatchObject({ held: 100, dropped: 400 });
});

test('a full memory takes from the correlation that holds the most, so that another one still sees its hits', () => {
  const { correlations, uid } = compile(`${one('event_count', '{gte: 100000}', '[a]')}---\n${one('event_count', '{gte: 3}', '[b]').replace('title: C', 'title: D')}`);
  const memory = new HitMemory(1_000), correlator = new Correlator<number>(correlations, { memory });
  for (let i = 0; i < 5_000; i++) correlator.add({ rule: uid('a'), time: i, event: { user: 'u' }, ref: i });
  expect([1, 2, 3].flatMap((i) => correlator.add({ rule: uid('b'), time: i, event: { user: 'u' }, ref: i })).map(({ alert }) => alert.correlation.title)).toEqual(['D']);
  expect(correlator.counts.held).toBeLessThanOrEqual(1_000);
  expect(correlator.counts.held + correlator.counts.dropped).toBe(5_003);
  expect(memory.losses).toEqual({ [correlations.find(({ title }) => title === 'C')!.uid]: correlator.counts.dropped });
});

test('a storm in one group costs about the same a hit, however many came before', () => {
  const { correlations, uid } = compile(`${one('event_count', '{gte: 5}')}---\n${one('value_count', '{field: value, gte: 5}').replace('title: C', 'title: D')}`);
  const correlator = new Correlator<number>(correlations), started = performance.now();
  for (let i = 0; i < 100_000; i++) {
    correlator.advance(i / 10);
    correlator.add({ rule: uid('a'), time: i / 10, event: { user: 'u', value: i % 100 }, ref: i });
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe('chains', () => {
  const chain = (inner: string, outer: string): string => `title: burst\nname: burst\ncorrelation: ${inner}\n---\ntitle: C\ncorrelation: ${outer}\n`;
  function told(text: string, hits: readonly (readonly [rule: string, seconds: number, user: string])[]): string[] {
    const { correlations, uid } = compile(text), alerts = new Map<string, CorrelationAlert<number>>(), correlator = new Correlator<number>(correlations);
    const take = (results: readonly CorrelationResult<number>[]): void => { for (const { alert } of results) if (alert.correlation.reports) alerts.set(`${alert.correlation.title}/${key(alert)}`, alert); };
    hits.forEach(([rule, seconds, user], i) => {
      take(correlator.advance(seconds * 1000));
      take(correlator.add({ rule: uid(rule), time: seconds * 1000, order: i, event: { user, host: 'h' }, ref: i }));
    });
    take(correlator.close());
    return [...alerts].map(([name, { event, hits: all }]) => `${name} at ${event} of ${[...new Set(all)].sort((x, y) => x - y).join(',')}`);
  }

  test('a burst, then a success: the outer alert holds the hits of both', () => {
    const text = chain('{type: event_count, rules: [a], group-by: [user], timespan: 10s, condition: {gte: 2}}', '{type: temporal_ordered, rules: [burst, b], group-by: [user], timespan: 20s}');
    expect(told(text, [['a', 0, 'u'], ['a', 1, 'u'], ['b', 5, 'v'], ['b', 6, 'u']])).toEqual(['C/u/0 at 3 of 0,1,3']);
  });

  test('only the outer group-by counts', () => {
    const text = chain('{type: event_count, rules: [a], group-by: [host], timespan: 10s, condition: {gte: 2}}', '{type: temporal, rules: [burst, b], group-by: [user], timespan: 20s}');
    expect(told(text, [['a', 0, 'u'], ['a', 1, 'v'], ['b', 2, 'v']])).toEqual(['C/v/0 at 2 of 0,1,2']);
  });

  test('however its hits arrive, an outer alert holds those of the inner windows that fulfilled it, and tells of each', () => {
    const hit = fc.record({ rule: fc.constantFrom('a', 'b'), seconds: fc.integer({ min: 0, max: 30 }), user: fc.constantFrom('u', 'v') });
    const inner = fc.constantFrom('{type: event_count, rules: [a], group-by: [host], timespan: 5s, condition: {gte: 2}}', '{type: temporal, rules: [a, b], group-by: [host], timespan: 3s}', '{type: event_count, rules: [a, b], timespan: 4s, condition: {lte: 2}}', '{type: value_avg, rules: [a], group-by: [user], timespan: 6s, condition: {field: n, gt: 2}}');
    const outer = fc.constantFrom('{type: temporal_ordered, rules: [burst, b], group-by: [user], timespan: 10s}', '{type: event_count, rules: [burst, a], group-by: [user], timespan: 10s, condition: {gte: 2}}', '{type: event_count, rules: [burst], timespan: 10s, condition: {lt: 3}}');
    fc.assert(fc.property(inner, outer, fc.array(hit, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (first, second, hits, random) => {
      const { correlations, uid } = compile(chain(first, second));
      const run = (list: readonly { hit: (typeof hits)[number]; i: number }[]): [string[], string[]] => {
        const correlator = new Correlator<number>(correlations), alerts = new Map<string, CorrelationAlert<number>>(), told = new Map<string, Set<number>>();
        const take = (results: readonly CorrelationResult<number>[]): void => {
          for (const { alert, added } of results) {
            if (!alert.correlation.reports) continue;
            alerts.set(key(alert), alert);
            const known = told.get(key(alert)) ?? new Set();
            added.forEach((ref) => known.add(ref));
            told.set(key(alert), known);
          }
        };
        for (const { hit: { rule, seconds, user }, i } of list) take(correlator.add({ rule: uid(rule), time: seconds * 1000, event: { user, host: 'h', n: i % 5 }, ref: i }));
        take(correlator.close());
        const print = (name: string, refs: Iterable<number>): string => `${name}: ${[...new Set(refs)].sort((x, y) => x - y).join(' ')}`;
        return [[...alerts].map(([name, alert]) => print(name, alert.hits)).sort(), [...told].map(([name, refs]) => print(name, refs)).sort()];
      };
      const numbered = hits.map((one, i) => ({ hit: one, i })), inTime = [...numbered].sort((x, y) => x.hit.seconds - y.hit.seconds);
      const shuffled = numbered.map((one) => ({ one, at: random.next().value as number })).sort((x, y) => x.at - y.at).map(({ one }) => one);
      const [expected, told] = run(inTime);
      expect(told).toEqual(expected);
      expect(run(shuffled)).toEqual([expected, expected]);
    }), { numRuns: 1_000 });
  });

  test('the inner windows of one moment grow together, whichever of its hits came first', () => {
    const { correlations, uid } = compile(chain('{type: event_count, rules: [a], group-by: [host], timespan: 5s, condition: {gte: 3}}', '{type: event_count, rules: [burst, a], group-by: [user], timespan: 10s, condition: {gte: 2}}'));
    const correlator = new Correlator<number>(correlations), alerts = new Map<string, CorrelationAlert<number>>();
    const hits: readonly (readonly [number, string])[] = [[2, 'v'], [2, 'u'], [2, 'u'], [0, 'w'], [0, 'w'], [1, 'w']];
    hits.forEach(([seconds, user], i) => { for (const { alert } of correlator.add({ rule: uid('a'), time: seconds * 1000, event: { user, host: 'h' }, ref: i })) if (alert.correlation.reports) alerts.set(key(alert), alert); });
    expect([...new Set(alerts.get('v/0')?.hits)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('one inner alert counts once however many hits extend it', () => {
    const text = chain('{type: event_count, rules: [a], group-by: [user], timespan: 10s, condition: {gte: 2}}', '{type: event_count, rules: [burst], group-by: [user], timespan: 60s, condition: {gte: 2}}');
    expect(told(text, [['a', 0, 'u'], ['a', 1, 'u'], ['a', 2, 'u'], ['a', 3, 'u']])).toEqual([]);
    expect(told(text, [['a', 0, 'u'], ['a', 1, 'u'], ['a', 30, 'u'], ['a', 31, 'u']])).toEqual(['C/u/0 at 3 of 0,1,2,3']);
  });

  test('an inner verdict that waits for the end of its window still reaches the outer one in time', () => {
    const text = chain('{type: event_count, rules: [a], group-by: [user], timespan: 10s, condition: {lt: 2}}', '{type: event_count, rules: [burst], group-by: [user], timespan: 60s, condition: {lte: 2}}');
    expect(told(text, [['a', 0, 'u'], ['a', 20, 'u'], ['b', 500, 'u']])).toEqual(['C/u/0 at 1 of 0,1']);
  });
});

test('aliases name one group under two field names; a hit without the field belongs to none', () => {
  const { correlations, uid } = compile('title: C\ncorrelation: {type: temporal, rules: [a, b], group-by: [ip], timespan: 10s, aliases: {ip: {a: src, b: dst}}}\n');
  const correlator = new Correlator<number>(correlations);
  expect(correlator.add({ rule: uid('a'), time: 0, event: { src: '192.0.2.1', dst: 'x' }, ref: 0 })).toEqual([]);
  expect(correlator.add({ rule: uid('b'), time: 1, event: { src: '192.0.2.1' }, ref: 1 })).toEqual([]);
  expect(correlator.add({ rule: uid('b'), time: 2, event: { dst: '192.0.2.1' }, ref: 2 })).toMatchObject([{ alert: { group: { ip: '192.0.2.1' } } }]);
});

test('a site exception keeps hits out of a correlation, a site threshold moves its count', () => {
  const uid = compile(one('event_count', '{gte: 3}')).correlations[0]?.uid ?? '';
  const tuned = compile(one('event_count', '{gte: 3}'), { exceptions: [{ ruleId: uid, field: 'user', value: 'scan*' }], thresholds: { [uid]: 2 } });
  expect(tuned.correlations[0]).toMatchObject({ defaultThreshold: 3, threshold: 2 });
  const correlator = new Correlator<number>(tuned.correlations);
  const add = (user: string, time: number): number => correlator.add({ rule: tuned.uid('a'), time, event: { user }, ref: time }).length;
  expect([add('scanner', 0), add('scanner', 1), add('ann', 2), add('ann', 3)]).toEqual([0, 0, 0, 1]);
});
