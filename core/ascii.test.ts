import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isAscii } from './ascii.js';

const plainly = (text: string): boolean => [...text].every((character) => character.charCodeAt(0) < 128);

test('says of texts of every length what each of their characters says', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (text) => { expect(isAscii(text)).toBe(plainly(text)); }));
  for (const length of [59, 60, 61, 16_383, 16_384, 16_385, 40_000]) {
    const text = 'a\u0000\u007f'.repeat(length).slice(0, length);
    expect(isAscii(text)).toBe(true);
    for (const odd of ['\u0080', 'é', 'ộ', '\ud800', '😀', '\ufeff']) for (const at of [0, 1, length - 2]) expect(isAscii(text.slice(0, at) + odd + text.slice(at + odd.length))).toBe(false);
    // Half as many characters as the bytes they fill.
    expect(isAscii('é'.repeat(length))).toBe(false);
  }
});
