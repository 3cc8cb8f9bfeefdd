import fc from 'fast-check';
import { equationOf, type Side } from './equation.js';

const say = (sides: readonly Side[]): string => sides.map(({ terms }) => terms.map(({ term, count }) => `${term} ${count}`).join(' + ')).join(' = ');

test('what is under way stands on every side but the first', () => {
  expect(say(equationOf({ received: 138, underWay: 1, stored: 137, evaluated: 137 }))).toBe('received 138 = stored 137 + under_way 1 = evaluated 137 + under_way 1');
  expect(say(equationOf({ received: 10, underWay: 0, parsed: 10, unparsed: 0, stored: 10, evaluated: 10 }))).toBe('received 10 = parsed 10 + unparsed 0 = stored 10 = evaluated 10');
  expect(say(equationOf({ received: 10, underWay: 2, parsed: 6, unparsed: 1, stored: 7, evaluated: 5 }))).toBe('received 10 = parsed 6 + unparsed 1 + not_read 1 + under_way 2 = stored 7 + not_stored 1 + under_way 2 = evaluated 5 + not_evaluated 2 + not_stored 1 + under_way 2');
});

test('whatever the figures, the sides are equal', () => {
  const figure = fc.integer({ min: 0, max: 1e9 });
  fc.assert(fc.property(fc.record({ received: figure, underWay: figure, stored: figure, evaluated: figure }), fc.option(fc.record({ parsed: figure, unparsed: figure }), { nil: {} }), (flow, read) => {
    const sums = equationOf({ ...flow, ...read }).map(({ terms }) => terms.reduce((sum, { count }) => sum + count, 0));
    expect(new Set(sums)).toEqual(new Set([flow.received]));
  }));
});
