import { generatedText, numbers } from './fixtures/generated-lines.js';
import { readHeader } from '../message/header.js';
import { beginningOf, Candidates, marksOf } from './candidates.js';
import { Draft } from './draft.js';
import { FIXTURES } from './fixtures/lines.js';
import { FORMATS } from './table.js';

const received = Date.parse('2026-02-17T14:00:00Z');

test('a format that would take a text is never ruled out by the characters of the text', () => {
  const pick = numbers(20261122), asked = FORMATS.filter(({ detect }) => detect !== undefined), candidates = new Candidates(asked);
  const texts = [...FIXTURES.flatMap(({ raw }) => [raw, readHeader(raw, { received, zone: 'UTC' }).message]), ...Array.from({ length: 15_000 }, () => generatedText(pick))];
  let taken = 0;
  for (const text of texts) {
    const draft = new Draft(received, 'UTC', '');
    draft.setText(text);
    const possible = candidates.of(draft.head);
    for (const format of asked) {
      if (format.detect?.(draft) !== true || possible.includes(format)) continue;
      if (format.read(draft)) throw new Error(`${format.name} (needs ${format.needs ?? ''}, begins ${format.begins ?? ''}) takes ${JSON.stringify(text)}, which has ${marksOf(draft.head).toString(2)}, begins with ${beginningOf(draft.head)}`);
    }
    taken += possible.length;
  }
  expect(taken / texts.length).toBeLessThan(asked.length * 0.6);
});

test('what is remembered is bounded, and a list is in the order of the table', () => {
  const candidates = new Candidates(FORMATS), places = candidates.of('{"a": "b", "c=d|0": [1]}').map((format) => FORMATS.indexOf(format));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(beginningOf('')).toBe(' ');
  expect(['a', 'Z', '7', '\u1ea1', '[', '\t'].map(beginningOf)).toEqual(['a', 'A', '0', ' ', '[', ' ']);
});
