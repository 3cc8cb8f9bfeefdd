import fc from 'fast-check';
import { litPieces, visible } from './lit-bytes.js';

const bytes = (text: string): number => new TextEncoder().encode(text).length;
const lit = (line: string, ...ranges: [number, number][]): string[] => litPieces(line, ranges.map(([start, end]) => ({ start, end }))).filter(({ by }) => by.length > 0).map(({ text }) => text);

test('byte ranges light the characters they name, marks and emoji before them included', () => {
  const line = 'Đăng nhập 🔥 root từ 192.0.2.44';
  const at = bytes(line.slice(0, line.indexOf('root')));
  expect(lit(line, [at, at + 4])).toEqual(['root']);
  expect(lit(line, [0, bytes('Đăng')])).toEqual(['Đăng']);
});

test('a range that cuts a character grows to it; one outside the line, or turned round, lights nothing', () => {
  expect(lit('aĐb', [1, 2])).toEqual(['Đ']);
  expect(lit('abc', [7, 9], [2, 1])).toEqual([]);
  expect(litPieces('', [{ start: 0, end: 1 }])).toEqual([]);
});

test('overlapping ranges share a piece and each ends once', () => {
  const pieces = litPieces('abcdef', [{ start: 0, end: 4 }, { start: 2, end: 6 }]);
  expect(pieces).toEqual([{ text: 'ab', by: [0], ends: [] }, { text: 'cd', by: [0, 1], ends: [0] }, { text: 'ef', by: [1], ends: [1] }]);
});

test('the pieces are the line again, whatever the ranges', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.record({ start: fc.option(fc.integer({ min: -5, max: 60 }), { nil: undefined }), end: fc.option(fc.integer({ min: -5, max: 60 }), { nil: undefined }) })), (line, ranges) => {
    expect(litPieces(line, ranges).map(({ text }) => text).join('')).toBe(line);
  }));
});

test('characters that hide or reorder others are shown by their code', () => {
  const shown = (text: string): string => visible(text).map((part) => (part.hidden ? `<${part.text}>` : part.text)).join('');
  expect(shown('a\u202eb\u200bc')).toBe('a<U+202E>b<U+200B>c');
  expect(shown('x\u0000\u001b[31m\ty\u{e0041}')).toBe('x<\\0><\\e>[31m<\\t>y<U+E0041>');
  expect(shown('Đăng nhập')).toBe('Đăng nhập');
});
