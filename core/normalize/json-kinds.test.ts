import fc from 'fast-check';
import { emptyEvent, flatten, type Value } from '../event.js';
import { FIXTURES } from './fixtures/lines.js';
import { JSON_KINDS, UNMARKED, kindBit, marksOf } from './json-kinds.js';

const flats = FIXTURES.flatMap(({ raw }) => {
  try { return [flatten(JSON.parse(raw.slice(raw.indexOf('{'))))]; } catch { return []; }
});
const taking = (flat: Readonly<Record<string, Value>>): number[] => JSON_KINDS.flatMap(({ is }, place) => (is(flat) ? [place] : []));

test('what a kind takes holds a name that is its mark, whatever else is left out', () => {
  expect(new Set(flats.flatMap(taking)).size).toBe(JSON_KINDS.length);
  const one = fc.constantFrom(...flats.filter((flat) => taking(flat).length > 0));
  fc.assert(fc.property(one, fc.infiniteStream(fc.nat(3)), (flat, dice) => {
    const some = emptyEvent();
    for (const key of Object.keys(flat)) if (dice.next().value !== 0) some[key] = flat[key] as Value;
    const marks = Object.keys(some).reduce((bits, key) => bits | marksOf(key), UNMARKED);
    for (const place of taking(some)) expect([JSON_KINDS[place]?.dataset, marks & kindBit(place)]).toEqual([JSON_KINDS[place]?.dataset, kindBit(place)]);
  }), { numRuns: 3000 });
});
