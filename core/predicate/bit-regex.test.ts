// The bits against re2js, which they are made from: the same answer on every text.
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { compileRegex, STEPS_MAX } from './regex.js';
import { bitRegex, type BitRegex, type Program } from './bit-regex.js';

const programOf = (regex: RE2JS): Program => (regex as unknown as { readonly re2Input: { readonly prog: Program } }).re2Input.prog;
function both(source: string, flags = 0): { readonly regex: RE2JS; readonly bits: BitRegex } | undefined {
  let regex;
  try { regex = RE2JS.compile(source, flags); } catch { return undefined; }
  const bits = bitRegex(programOf(regex));
  return bits === undefined ? undefined : { regex, bits };
}

const atom = fc.constantFrom('a', 'b', 'K', 'ſ', 'é', '😀', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\W', '\\pL', '[\\p{Lu}x]', '\\b', '\\B', '^', '$', '\\A', '\\z', '\\n', '-', 'x{2}', '(?:)', '[^\\n]', '\\x{130}', 'σ');
const source = fc.letrec((tie) => ({
  whole: fc.oneof({ depthSize: 'small' }, atom, tie('list'), tie('either'), tie('many')),
  list: fc.array(tie('whole'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
  either: fc.array(tie('whole'), { minLength: 2, maxLength: 3 }).map((parts) => `(?:${parts.join('|')})`),
  many: fc.tuple(tie('whole'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?', '{2,}')).map(([part, times]) => `(${part as string})${times}`),
})).whole as fc.Arbitrary<string>;
const text = fc.array(fc.constantFrom('a', 'b', 'K', 'k', 'ſ', 's', '\u212a', 'é', 'É', '😀', '\ud83d', '\n', ' ', '1', '-', '_', 'x', 'X', 'ς', 'Σ', 'İ', 'i'), { maxLength: 14 }).map((parts) => parts.join(''));

test('random expressions on random texts, with every flag', () => {
  let asked = 0, yes = 0;
  fc.assert(fc.property(source, fc.integer({ min: 0, max: 7 }), fc.array(text, { minLength: 1, maxLength: 6 }), (one, bits, texts) => {
    const made = both(one, ((bits & 1) === 0 ? 0 : RE2JS.CASE_INSENSITIVE) | ((bits & 2) === 0 ? 0 : RE2JS.MULTILINE) | ((bits & 4) === 0 ? 0 : RE2JS.DOTALL));
    if (made === undefined) return;
    const automaton = compileRegex(one, `${(bits & 1) === 0 ? '' : 'i'}${(bits & 2) === 0 ? '' : 'm'}${(bits & 4) === 0 ? '' : 's'}`);
    for (const each of texts) {
      const wanted = made.regex.matcher(each).find();
      asked++;
      if (wanted) yes++;
      expect({ one, bits, each, answer: made.bits.test(each) }).toEqual({ one, bits, each, answer: wanted });
      if ('regex' in automaton) expect([automaton.regex.test(each), automaton.regex.find(each) !== undefined]).toEqual([wanted, wanted]);
    }
  }), { numRuns: 2_000 });
  expect(asked).toBeGreaterThan(2_000);
  expect(yes / asked).toBeGreaterThan(0.2);
  expect(yes / asked).toBeLessThan(0.9);
});

test.each([
  ['.{100,}', ['x'.repeat(100), 'x'.repeat(99), `${'x'.repeat(60)}\n${'x'.repeat(99)}`]], ['a{33}b', [`${'a'.repeat(33)}b`, `${'a'.repeat(32)}b`, `${'a'.repeat(40)}b`]], ['^(?:[a-z]{2}\\s?){20,}$', ['ab '.repeat(20), 'ab'.repeat(19), 'ab'.repeat(64)]],
  ['(?i)straße|maſs', ['STRAßE', 'STRASSE', 'MASS', 'maſS']], ['', ['', 'x']], ['$', ['', 'x']], ['^$', ['', '\n']], ['[^\\x00-\\x{10FFFF}]', ['', 'a']], ['(?m)^b$', ['a\nb\nc', 'ab']],
])('%s', (one, texts) => {
  const made = both(one)!;
  expect(texts.map((each) => made.bits.test(each))).toEqual(texts.map((each) => made.regex.matcher(each).find()));
});

/** Texts on which automata of RE2 grow without end. */
const hostileText = (letters: string): string => { let seed = 7; return Array.from({ length: 8192 }, () => letters[(seed = (seed * 1103515245 + 12345) % 2147483648) % letters.length]).join(''); };

test.each(['[ab].{20}[^abx ]', '[ab].{100}[^abx ]', '[ab].{900}[^abx ]', '\\p{L}{900}[^abx -]', '(?:[ab]|x).{200}[^a-z -]', '.{1000,}', '(?:a|b|x)*[a].{300}[^a-z -]'])('%s costs no more than its counted steps, on any text', (one) => {
  const { bits, regex } = both(one)!, compiled = compileRegex(one, '');
  expect(bits.steps).toBeLessThanOrEqual(STEPS_MAX);
  expect(bits.isSmall()).toBe(false);
  const text = hostileText('abx');
  expect('regex' in compiled && compiled.regex.test(text.slice(0, 300))).toBe(regex.test(text.slice(0, 300)));
  expect('regex' in compiled && compiled.regex.find(text) === undefined).toBe('regex' in compiled && !compiled.regex.test(text));
});

test.each(['abc', '(?i)echo.*clip.*&&.*x', 'a|b|cd*e', '^https?://[^/]+/', '(x+x+)+y', '\\bcmd\\b', '(a|aa|aaa)*c', '(.){200,}', '(\\w{1,50}-){5}[^a-z]'])('%s stays a small automaton', (one) => { expect(both(one)!.bits.isSmall()).toBe(true); });

test.each(['(a?){300}[^a-z]', '((a{0,30}){0,30})[^abx]', '(?:[ab]?[bx]?){100}x', '(a|b|ab|ba|x|ax|bx){90}x'])('%s is refused: too many ways at each character', (one) => {
  expect(compileRegex(one, '')).toMatchObject({ reason: expect.stringMatching(/^a regular expression of at most 128 steps a character, got \d+: optional parts/) as string });
});

test('where a match stands in a long text: the stretch that ends where the first one ends', () => {
  const compiled = compileRegex('b[ax]{300}c', ''), text = `${'a'.repeat(5000)}b${'ax'.repeat(150)}c${'a'.repeat(3000)}`;
  expect('regex' in compiled && compiled.regex.find(text)).toEqual([5000, 5302]);
});

test('what RE2 does not have is refused with what to write', () => {
  for (const [one, advice] of [['(?=a)b', 'look-around: ask a second question'], ['a(?<!b)', 'look-around'], ['(a)\\1', 'back reference'], ['(?>a)b', 'atomic'], ['a++b', 'possessive']]) expect(compileRegex(one as string, '')).toMatchObject({ reason: expect.stringContaining(advice as string) as string });
});
