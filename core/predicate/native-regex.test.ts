import fc from 'fast-check';
import { RE2JS } from 're2js';
import { nativeRegex } from './native-regex.js';
import { compileRegex } from './regex.js';
import { readRegex, type RegexTree } from './regex-tree.js';

const atom = fc.constantFrom('a', 'b', 'C', 'cmd', '\\.', '.', '[ab]', '[^]a]', '[^a]', '[a-c0-3]', '\\d', '\\W', '\\s', '^', '$', '\\b', '(?:ab|c)', '(a|bc|)', '(x(y|zz)+)', '(?:\\{\\d\\})', '\\x41', '{', '"', '-', '[\\d-]', '[\\s"]', '\\z', '(?P<n>ab)');
const repeat = fc.constantFrom('', '', '', '', '?', '*', '+', '{2}', '{0,2}', '{1,}', '+?', '{3,5}');
const source = fc.array(fc.tuple(atom, repeat, fc.constantFrom('', '', '', '|')), { minLength: 1, maxLength: 6 }).map((parts) => parts.map((part) => part.join('')).join(''));
const subject = fc.array(fc.constantFrom('a', 'b', 'c', 'A', 'C', 'cmd', 'CMD', '.', 'xy', 'xzz', '5', '{', '{1}', ']', ' ', '\n', '\r', '\t', '"', '-'), { maxLength: 12 }).map((pieces) => pieces.join(''));

test('the platform finds what RE2 finds, in every ASCII text', () => {
  let read = 0, met = 0, asked = 0;
  fc.assert(fc.property(source, fc.constantFrom('', 'i', 's', 'is'), fc.array(subject, { minLength: 1, maxLength: 6 }), (one, flags, subjects) => {
    const native = nativeRegex(one, flags);
    if (native === undefined) return;
    const mode = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('s') ? RE2JS.DOTALL : 0);
    let program: RE2JS;
    try { program = RE2JS.compile(one, mode); } catch { return; } // nothing that RE2 refuses is ever asked
    read++;
    for (const text of subjects) {
      const isMet = program.matcher(text).find();
      expect([text, native.test(text)]).toEqual([text, isMet]);
      if (isMet) {
        expect(text.length).toBeGreaterThanOrEqual(native.least);
        expect(native.required.filter((part) => !text.toLowerCase().includes(part))).toEqual([]);
        met++;
      }
      asked++;
    }
  }), { numRuns: 3000 });
  expect(read).toBeGreaterThan(1000);
  expect(met / asked).toBeGreaterThan(0.2);
});

test('whatever runs an expression, texts beyond ASCII are met as RE2 meets them', () => {
  const other = fc.array(fc.constantFrom('a', 'b', 'C', 'cmd', 'CMD', '\u212a', '\u017f', 'İ', 'é', 'e\u0301', 'k', 'S', ' ', '😀', '.', '"'), { maxLength: 10 }).map((pieces) => pieces.join(''));
  const wide = fc.array(fc.tuple(fc.oneof(atom, fc.constantFrom('k', 's', 'K', 'cmds', 'İ', 'é')), repeat), { minLength: 1, maxLength: 5 }).map((parts) => parts.map((part) => part.join('')).join(''));
  let met = 0;
  fc.assert(fc.property(wide, fc.constantFrom('', 'i', 'is'), fc.array(other, { minLength: 1, maxLength: 6 }), (one, flags, subjects) => {
    const compiled = compileRegex(one, flags);
    if ('reason' in compiled) return;
    const program = RE2JS.compile(one, (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('s') ? RE2JS.DOTALL : 0));
    for (const text of subjects) {
      const isMet = program.matcher(text).find();
      expect([one, text, compiled.regex.test(text)]).toEqual([one, text, isMet]);
      if (isMet) met++;
    }
  }), { numRuns: 3000 });
  expect(met).toBeGreaterThan(1000);
});

/** Characters and edges looked at by an engine that goes back, from every place until one is met. */
function looks(tree: RegexTree, text: string): number {
  let count = 0;
  const run = (one: RegexTree, at: number, then: (at: number) => boolean): boolean => {
    switch (one.kind) {
      case 'set': count++; return at < text.length && one.set[text.charCodeAt(at)] === 1 && then(at + 1);
      case 'edge': {
        count++;
        const isWord = (i: number): boolean => /\w/.test(text[i] ?? ''), boundary = isWord(at - 1) !== isWord(at);
        return (one.source === '^' ? at === 0 : one.source === '$' ? at === text.length : boundary === (one.source === '\\b')) && then(at);
      }
      case 'sequence': {
        const from = (i: number, here: number): boolean => (i === one.parts.length ? then(here) : run(one.parts[i] as RegexTree, here, (next) => from(i + 1, next)));
        return from(0, at);
      }
      case 'either': return one.parts.some((part) => run(part, at, then));
      case 'repeat': {
        const from = (times: number, here: number): boolean => {
          if (times < one.most && run(one.part, here, (next) => (next > here || times < one.least) && from(times + 1, next))) return true;
          return times >= one.least && then(here);
        };
        return from(0, at);
      }
    }
  };
  for (let at = 0; at <= text.length; at++) if (run(tree, at, () => true)) break;
  return count;
}

test('no text makes an engine that goes back look at more characters than the bound says', () => {
  let bounded = 0;
  const long = fc.tuple(subject, subject, fc.nat(12)).map(([one, other, times]) => one.repeat(times).slice(0, 60) + other);
  const alike = fc.array(fc.tuple(fc.constantFrom('a', '[ab]', '.', '(?:a|b)', '(?:ab?)'), fc.constantFrom('*', '+', '{2,9}', '?', '{3}', '')), { minLength: 2, maxLength: 5 }).map((parts) => `${parts.map((part) => part.join('')).join('')}c`);
  fc.assert(fc.property(fc.oneof(source, alike), fc.constantFrom('', 'i'), fc.array(long, { minLength: 1, maxLength: 4 }), (one, flags, subjects) => {
    const native = nativeRegex(one, flags), tree = readRegex(one, flags);
    if (native === undefined || tree === undefined) return;
    for (const text of [...subjects, 'a'.repeat(24), 'ab'.repeat(12)]) {
      const cost = native.cost(text.length);
      if (cost > 50_000) continue;
      bounded++;
      expect([one, text, looks(tree, text) <= cost]).toEqual([one, text, true]);
    }
  }), { numRuns: 3000 });
  expect(bounded).toBeGreaterThan(2000);
});

test.each([
  ['\\s[a-fA-F0-9]{64}\\s', 66, true], ['"(\\{\\d\\}){2,}"\\s*-f', 10, true], ['.{1000,}', 1000, false], ['(a+)+b', 2, false], ['a.*b.*c', 3, false], ['(a|a)*b', 1, false],
] as const)('%s needs %d characters; cheap over 64 KB: %p', (one, least, isCheap) => {
  const native = nativeRegex(one, '');
  expect(native?.least).toBe(least);
  expect((native?.cost(65_536) ?? Infinity) <= 24 * 65_536).toBe(isCheap);
});
