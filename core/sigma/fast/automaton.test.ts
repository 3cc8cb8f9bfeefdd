import fc from 'fast-check';
import { fold } from '../../fold.js';
import { compileRegex } from '../../predicate/regex.js';
import { buildScanners } from './automaton.js';
import type { Where } from './literals.js';
import { requiredLiterals } from './required.js';
import { Skipper } from './skipper.js';
import { TextBytes } from './text-bytes.js';

const text = fc.array(fc.constantFrom('a', 'b', 'ab', 'B', 'é', '😀', 'đ', '.'), { maxLength: 8 }).map((pieces) => pieces.join(''));
/** Long enough to be read in quarters. */
const long = fc.oneof(text, fc.array(text, { minLength: 10, maxLength: 20 }).map((pieces) => pieces.join('')));
const stands: Readonly<Record<Where, (whole: string, part: string) => boolean>> = {
  inside: (whole, part) => whole.includes(part), start: (whole, part) => whole.startsWith(part), end: (whole, part) => whole.endsWith(part), whole: (whole, part) => whole === part,
};

test('automata tell what string comparison tells, whatever their size and however many texts an event has', () => {
  const literal = fc.record({ text: text.map(fold).filter((one) => one !== ''), where: fc.constantFrom<Where>('inside', 'start', 'end', 'whole') });
  fc.assert(fc.property(fc.array(literal, { minLength: 1, maxLength: 12 }), fc.array(fc.array(long, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), fc.constantFrom(8, 60, 1_000_000), (literals, events, cellsMax) => {
    const bytes = new TextBytes(), { dense, sparse } = buildScanners(literals.map((one, atom) => ({ ...one, atom })), cellsMax);
    events.forEach((texts, at) => {
      const told = new Set<number>(), listener = { generation: at + 1, mark: (atom: number) => { told.add(atom); } };
      for (const whole of texts) {
        bytes.load(/^[\x00-\x7f]*$/.test(whole) ? whole : fold(whole));
        for (const scanner of dense) scanner.scan(bytes.bytes, 0, bytes.length, listener);
        if (!/^[\x00-\x7f]*$/.test(whole)) sparse?.scan(fold(whole), listener);
      }
      expect([...told].sort((one, two) => one - two)).toEqual(literals.flatMap(({ text: part, where }, atom) => (texts.some((whole) => stands[where](fold(whole), part)) ? [atom] : [])));
    });
  }), { numRuns: 2000 });
});

test('literals that reach over the quarters of a text are told, at its end too', () => {
  const whole = fc.array(fc.constantFrom('a', 'b', 'ab', 'aab'), { minLength: 32, maxLength: 60 }).map((pieces) => pieces.join(''));
  const bytes = new TextBytes();
  fc.assert(fc.property(whole, fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 60 }), fc.constantFrom<Where>('inside', 'start', 'end', 'end'), fc.constantFrom('', '', 'x')), { minLength: 1, maxLength: 8 }), (one, cuts) => {
    const literals = cuts.map(([at, length, where, more], atom) => ({ text: (where === 'end' ? one.slice(-length) : where === 'start' ? one.slice(0, length) : one.slice(at % one.length, (at % one.length) + length)) + more, where, atom }));
    const told = new Set<number>(), { dense } = buildScanners(literals);
    bytes.load(one);
    for (const scanner of dense) scanner.scan(bytes.bytes, 0, bytes.length, { generation: 1, mark: (atom) => { told.add(atom); } });
    expect([...told].sort((a, b) => a - b)).toEqual(literals.flatMap(({ text: part, where }, atom) => (stands[where](one, part) ? [atom] : [])));
  }), { numRuns: 2000 });
});

test('a text made to meet every literal at every place costs time in proportion to its length', () => {
  const { dense } = buildScanners(Array.from({ length: 200 }, (_, i) => ({ text: 'a'.repeat(i + 1), where: 'inside' as const, atom: i })));
  const bytes = new TextBytes();
  let calls = 0;
  bytes.load('a'.repeat(100_000));
  for (const scanner of dense) scanner.scan(bytes.bytes, 0, bytes.length, { generation: 1, mark: () => { calls++; } });
  expect(calls).toBe(200);
});

test('a regex that is found finds one of its required literals', () => {
  const atom = fc.constantFrom('a', 'b', 'cmd', '\\.', '.', '[ab]', '[^]a]', '\\d', '^', '$', '(?:ab|c)', '(a|bc|)', '(?i)', '(?i:cMd)', '(x(y|zz)+)', 'é', '\\bx', '{', '[[:alpha:]-]');
  const repeat = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '+?', '{,2}');
  const source = fc.array(fc.tuple(atom, repeat, fc.constantFrom('', '', '', '|')), { minLength: 1, maxLength: 6 }).map((parts) => parts.map((part) => part.join('')).join(''));
  const subject = fc.array(fc.constantFrom('a', 'b', 'c', 'cmd', 'CMD', '.', 'xy', 'xzz', '5', '{', '{,2}', ']', ' '), { maxLength: 8 }).map((pieces) => pieces.join(''));
  let required = 0;
  fc.assert(fc.property(source, fc.constantFrom('', 'i', 's'), fc.array(subject, { maxLength: 6 }), (one, flags, subjects) => {
    const compiled = compileRegex(one, flags), literals = requiredLiterals(one);
    if ('reason' in compiled || literals === undefined) return;
    required++;
    for (const whole of subjects) if (compiled.regex.test(whole)) expect(literals.some((part) => whole.toLowerCase().includes(part))).toBe(true);
  }), { numRuns: 5000 });
  expect(required).toBeGreaterThan(1000);
});

test.each([
  ['powershell.*\\s-enc', ['powershell']], ['(cmdlet|powershell)\\.exe', ['cmdlet', 'powershell']], ['a?', undefined], ['\\x41bc', undefined], ['(?i)InvOke', ['invoke']], ['ab{0}cde', ['cde']], ['x(|y)', ['x']],
] as const)('%s requires %p', (source, expected) => { expect(requiredLiterals(source)).toEqual(expected); });

test('a text that is skipped holds no literal, folded or not', () => {
  const piece = fc.constantFrom('kiwi', 'ks', 'sekur', 'lsa', '::', 'K', '\u212a', '\u017f', '\u0130', 'i', 'e\u0301', '\u0301', 'é', '.', 'x'.repeat(9));
  const literal = fc.array(piece, { minLength: 2, maxLength: 5 }).map((pieces) => fold(pieces.join(''))).filter((one) => /^[\x00-\x7f]{4,}$/.test(one));
  const bytes = new TextBytes();
  let skipped = 0;
  fc.assert(fc.property(fc.array(literal, { minLength: 1, maxLength: 3 }), fc.array(fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')), { minLength: 1, maxLength: 8 }), (texts, subjects) => {
    const skipper = Skipper.of(texts.map((one, atom) => ({ text: one, where: 'inside', atom })));
    for (const subject of subjects) {
      bytes.load(subject);
      if (skipper === undefined || skipper.mayHold(bytes.bytes, 0, bytes.length)) continue;
      skipped++;
      expect(texts.filter((one) => fold(subject).includes(one))).toEqual([]);
    }
  }), { numRuns: 5000 });
  expect(skipped).toBeGreaterThan(1000);
});
