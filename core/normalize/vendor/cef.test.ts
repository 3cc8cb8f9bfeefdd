// Keys and values of CEF's extension: where a key begins is looked for from its `=` backwards, and must be what a reader from left to right finds.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cefPairs } from './cef.js';

test('a key begins behind a gap that nothing escapes', () => {
  expect(cefPairs('src=192.0.2.1 msg=a b\\=c d act=x=y')).toEqual([['src', '192.0.2.1'], ['msg', 'a b=c d'], ['act', 'x=y']]);
  expect(cefPairs('msg=ends in \\ act=deny')).toEqual([['msg', 'ends in \\ act=deny']]); // the gap is escaped
  expect(cefPairs('msg=ends in \\\\ act=deny')).toEqual([['msg', 'ends in \\'], ['act', 'deny']]); // the backslash is
  expect(cefPairs('=a b=1')).toEqual([['b', '1']]);
});

/** The keys, one character after another: a backslash passes over what follows it, a key has name characters alone. */
function keysFromTheLeft(text: string): string[] {
  const keys: string[] = [];
  let start = 0, fresh = true;
  for (let p = 0; p < text.length; p++) {
    const char = text.charAt(p);
    if (char === '\\') { p++; fresh = false; } else if (/[ \t\r\n]/.test(char)) { start = p + 1; fresh = true; } else if (char === '=') {
      if (fresh && p > start) keys.push(text.slice(start, p));
      fresh = false;
    } else if (!/[\w.\-[\]:]/.test(char)) fresh = false;
  }
  return keys;
}
test('whatever the text, the keys are those that reading from the left finds', () => {
  const text = fc.array(fc.constantFrom('a', 'b1', '=', ' ', '\\', '\t', '|', ':', '[0]', 'é', '"'), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(fc.property(text, (some) => { expect(cefPairs(some).map(([key]) => key)).toEqual(keysFromTheLeft(some)); }), { numRuns: 3000 });
});
