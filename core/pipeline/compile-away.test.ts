import { compileAway } from './compile-away.js';
import { compileEngine, compileSet, unpackRules } from './engine.js';

const rule = (n: number): string => `title: Rule ${n}\nid: 40000000-0000-4000-8000-${String(n).padStart(12, '0')}\nname: r${n}\nlogsource: {product: linux, service: sshd}\ndetection:\n  s: {message|contains: 'word ${n}', user.name|neq: null}\n  condition: s\nlevel: low\n`;
const INPUT = {
  sources: [...Array.from({ length: 20 }, (_, n) => ({ file: `${n}.yml`, text: rule(n) })), { file: 'c.yml', text: 'title: C\nname: c\ncorrelation: {type: event_count, rules: [r1, r2], group-by: [user.name], timespan: 1m, condition: {gte: 2}}\n' }, { file: 'broken.yml', text: 'title: x\n' }],
  placeholders: {}, disabled: [], exceptions: [{ ruleId: '40000000-0000-4000-8000-000000000003', field: 'user.name', value: 'backup' }], thresholds: {},
};

test('rules compiled in another thread are the rules compiled here, and run as they do', async () => {
  const here = compileSet(INPUT), { rules, packed } = await compileAway(INPUT, 0);
  expect(rules).toEqual(here);
  expect(packed).toBeDefined();
  expect(unpackRules(packed!)).toEqual(here);
  const { engine, problems } = compileEngine({ ...INPUT, sources: [], n: 5, packed: packed! }), event = { 'event.dataset': 'linux.sshd', message: 'a word 3', 'user.name': 'root' };
  expect(problems).toEqual(here.problems);
  expect(engine.n).toBe(5);
  expect(engine.evaluate(event).map(({ rule: { title } }) => title)).toEqual(['Rule 3']);
  expect(engine.evaluate({ ...event, 'user.name': 'backup' })).toEqual([]);
});

test('few rules are compiled where one stands', async () => {
  expect(await compileAway(INPUT)).toEqual({ rules: compileSet(INPUT) });
});
