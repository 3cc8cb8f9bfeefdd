import fc from 'fast-check';
import { SourceTemplates, TemplateMiner } from './templates.js';

const texts = (miner: TemplateMiner): readonly (readonly [string, number])[] => miner.top().map(({ text, count }) => [text, count] as const);

test('lines that say the same about different things are one template', () => {
  const miner = new TemplateMiner();
  for (const [door, who, from] of [[3, 'an', '203.0.113.9'], [17, 'binh', '192.0.2.4:5000'], [204, 'chi', '2001:db8::9']] as const) miner.add(`2026-02-17 13:40:0${door % 10} door ${door} opened by ${who} from ${from}`);
  miner.add('battery low: 12%');
  expect(texts(miner)).toEqual([['<time> <time> door <number> opened by <*> from <ip>', 3], ['battery low: <number>', 1]]);
  expect(miner.top(1)[0]?.example).toContain('chi');
});

test('what stands around a value stays, so that a description can be written from the template', () => {
  const miner = new TemplateMiner();
  miner.add('user=an id=5511 ip=[203.0.113.9] took (12.5) session 0a1b2c3d-1111-2222-3333-444455556666');
  miner.add('user=binh id=72 ip=[192.0.2.1] took (3) session 0a1b2c3d-1111-2222-3333-444455556677');
  expect(texts(miner)).toEqual([['<*> id=<number> ip=[<ip>] took (<number>) session <hex>', 2]]);
});

test('memory is bounded whatever comes, and what is common is not forgotten for what is rare', () => {
  const miner = new TemplateMiner(10);
  for (let i = 0; i < 3000; i++) {
    if (i % 3 === 0) miner.add(`heartbeat of gate ${i}`);
    miner.add(`${'x'.repeat(i % 7)}${String.fromCharCode(97 + i % 26).repeat(5)} ${Math.sqrt(i + 2)} odd${i} ${'word '.repeat(i % 30)}`);
  }
  expect(miner.top(100).length).toBeLessThanOrEqual(10);
  expect(miner.top(1)[0]).toMatchObject({ text: 'heartbeat of gate <number>', count: 1000 });
  const many = new SourceTemplates(50, 5);
  for (let i = 0; i < 500; i++) many.add(`10.0.0.${i}`, `line ${i}`);
  expect(many.sources().length).toBe(50);
  expect(many.top('10.0.0.499')).toEqual([{ text: 'line <number>', count: 1, example: 'line 499' }]);
  expect(many.top('10.0.0.1')).toEqual([]);
});

test('any text is taken, and a megabyte in a moment', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 40 }), (lines) => {
    const miner = new TemplateMiner();
    for (const line of lines) miner.add(line);
    expect(miner.top(100).reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(lines.length);
  }), { numRuns: 200 });
  const miner = new TemplateMiner(), before = process.cpuUsage().user;
  for (const line of ['a'.repeat(1_000_000), '1 '.repeat(500_000), '(('.repeat(500_000), '=:'.repeat(500_000)]) miner.add(line);
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1000);
});
