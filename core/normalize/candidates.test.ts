import { generatedText, numbers } from './fixtures/generated-lines.js';
import { readHeader } from '../message/header.js';
import { Candidates } from './candidates.js';
import { Draft } from './draft.js';
import { FIXTURES } from './fixtures/lines.js';
import type { Format } from './format.js';
import { FORMATS } from './table.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const asked = FORMATS.filter(({ detect }) => detect !== undefined);

/** Drafts of a line: of all of it without a header, and of what its header leaves. */
function draftsOf(raw: string): Draft[] {
  const header = readHeader(raw, { received, zone: 'UTC' }), bare = new Draft(received, 'UTC', ''), headed = new Draft(received, 'UTC', '');
  bare.setText(raw.trimEnd());
  headed.setText(header.message.trimEnd());
  headed.structured = header.structured;
  headed.program = (header.appname ?? '').toLowerCase().replace(/\(.*/, '');
  headed.module = header.appname?.includes('(pam_') === true;
  if (header.appname !== undefined) headed.event['log.syslog.appname'] = header.appname;
  return [bare, headed];
}
function possible(candidates: Candidates, draft: Draft): Format[] {
  const found: Format[] = [];
  candidates.look(draft, candidates.likely(draft.program));
  for (let i = candidates.next(-1); i >= 0; i = candidates.next(i)) found.push(candidates.formats[i] as Format);
  return found;
}

test('a format that would take a text is never ruled out by the texts that formats hold', () => {
  const pick = numbers(Number(process.env['HAIDANG_SEED'] ?? 20261122)), candidates = new Candidates(asked);
  const lines = [...FIXTURES.map(({ raw }) => raw), ...Array.from({ length: Number(process.env['HAIDANG_LINES'] ?? 15_000) }, () => generatedText(pick))];
  let taken = 0, texts = 0;
  for (const line of lines) for (const draft of draftsOf(line)) {
    const found = possible(candidates, draft);
    for (const format of asked) if (format.detect?.(draft) === true && !found.includes(format)) throw new Error(`${format.name} (holds ${(format.holds ?? []).join(' or ')}) takes ${JSON.stringify(draft.text)} of ${draft.program}`);
    taken += found.length; texts++;
  }
  expect(taken / texts).toBeLessThan(4);
}, 600_000);

const format = (name: string, holds: readonly string[] | undefined, more: Partial<Format> = {}): Format => ({ name, ...holds === undefined ? {} : { holds }, ...more, detect: () => true, read: () => true });
function names(formats: readonly Format[], text: string, header: Partial<Draft> = {}): string {
  const draft = Object.assign(new Draft(received, 'UTC', ''), header);
  draft.setText(text);
  return possible(new Candidates(formats), draft).map(({ name }) => name).join(' ');
}

test('texts are found wherever they stand, inside each other and overlapping; `^` is the beginning, `0` any digit', () => {
  const formats = [format('a', ['abcd']), format('b', ['bc']), format('c', ['bcde']), format('d', ['^x0.']), format('e', ['cdx']), format('f', [' x'])];
  expect(names(formats, 'zabcdx')).toBe('a b e');
  expect(names(formats, 'abcabcde')).toBe('a b c');
  expect(names(formats, 'x7.')).toBe('d');
  expect(names(formats, ' x7.')).toBe('d f');
  expect(names(formats, '\u1ea1x7.')).toBe('d');
  expect(names(formats, 'yx7.')).toBe('');
  expect(names(formats, 'bc')).toBe('b');
  expect(names(formats, '')).toBe('');
});

test('what the header says counts beside the text; the list is in its own order, however long', () => {
  const formats = [format('always', undefined), format('likely', ['q'], { likePrograms: /^%/ }), format('structured', ['q'], { ofStructured: true }), format('module', ['q'], { ofModule: true }), format('unnamed', ['y'], { unnamed: true })];
  expect(names(formats, 'y')).toBe('always unnamed');
  expect(names(formats, 'y', { program: '%asa' })).toBe('always likely');
  expect(names(formats, 'y', { program: 'x', module: true, structured: [] })).toBe('always structured module');
  const many = Array.from({ length: 192 }, (_, i) => format(`f${String(i)}`, [i % 3 === 0 ? 'k' : 'j']));
  expect(names(many, 'k')).toBe(many.filter((_, i) => i % 3 === 0).map(({ name }) => name).join(' '));
  expect(names(many, 'jk')).toBe(many.map(({ name }) => name).join(' '));
  expect(() => new Candidates([...many, format('g', [])])).toThrow('192');
});

test('the automaton finds what a search for each text finds', () => {
  const pick = numbers(7), word = (most: number): string => Array.from({ length: 1 + pick(most) }, () => 'ab1^ '[pick(5)] as string).join('');
  for (let round = 0; round < 100; round++) {
    const formats = Array.from({ length: 1 + pick(40) }, (_, i) => format(String(i), Array.from({ length: 1 + pick(3) }, () => (pick(4) === 0 ? '^' : '') + (word(4).replaceAll('^', '').replaceAll('1', '0') || 'a'))));
    for (let texts = 0; texts < 20; texts++) {
      const text = word(12), plain = text.replaceAll('1', '0'), begins = plain.startsWith(' ') ? [plain, plain.slice(1)] : [plain];
      const expected = formats.filter(({ holds }) => holds?.some((one) => (one.startsWith('^') ? begins.some((head) => head.startsWith(one.slice(1))) : plain.includes(one)))).map(({ name }) => name).join(' ');
      const draft = new Draft(received, 'UTC', '');
      draft.text = draft.head = text;
      expect([text, possible(new Candidates(formats), draft).map(({ name }) => name).join(' ')]).toEqual([text, expected]);
      draft.ascii = { bytes: new TextEncoder().encode(`bc ${text}ab`), at: 3 };
      expect([text, possible(new Candidates(formats), draft).map(({ name }) => name).join(' ')]).toEqual([text, expected]);
    }
  }
});
