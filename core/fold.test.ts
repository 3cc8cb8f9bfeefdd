import fc from 'fast-check';
import { fold, foldSearch } from './fold.js';

/** The meaning, character by character. */
function plainly(text: string): string {
  const point = (one: string): string => { const lower = one.toLowerCase(); return lower === 'i\u0307' ? 'i' : lower === 'ς' ? 'σ' : lower === 'ſ' ? 's' : lower; };
  return [...text.normalize('NFC')].map(point).join('').normalize('NFC');
}

test('every character folds as it does alone', () => {
  const differing: number[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const one = String.fromCodePoint(code);
    if (fold(one) !== plainly(one) || fold(`ΑΣ${one} b`) !== plainly(`ΑΣ${one} b`) || fold(`x${one}É`) !== plainly(`x${one}É`)) differing.push(code);
  }
  expect(differing).toEqual([]);
});

test('a text folds character by character, whatever stands beside', () => {
  const piece = fc.oneof(fc.constantFrom('Σ', 'ς', 'σ', 'İ', 'I', '\u0307', 'ſ', 'K', 'Ỗ', 'E\u0301', 'Đ', 'đ', '😀', '\ud800', ' ', 'A', 'ß', 'ẞ'), fc.string({ unit: 'binary', maxLength: 2 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join('')), (text) => { expect(fold(text)).toBe(plainly(text)); }), { numRuns: 3000 });
});

test('long texts asked about in turns are not taken for each other', () => {
  const texts = ['A', 'Ộ', 'Σ'].map((one) => one.repeat(1_500)), longer = `${texts[0] as string}B`;
  for (const text of [...texts, ...texts, longer, texts[0] as string, longer]) expect(fold(text)).toBe(plainly(text));
});

test.each([['ĐĂNG NHẬP', 'đăng nhập', 'dang nhap'], ['Đăng nhập'.normalize('NFD'), 'đăng nhập', 'dang nhap'], ['PowerShell', 'powershell', 'powershell']])('%s', (text, folded, searched) => {
  expect(fold(text)).toBe(folded);
  expect(foldSearch(text)).toBe(searched);
});
