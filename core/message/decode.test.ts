import fc from 'fast-check';
import { decodeLine, toBase64, withoutLineEnd } from './decode.js';

test('UTF-8 is itself; invalid bytes are replaced and kept', () => {
  expect(decodeLine(new TextEncoder().encode('Đăng nhập thất bại'))).toEqual({ text: 'Đăng nhập thất bại' });
  expect(decodeLine(new TextEncoder().encode('a\ufffdb'))).toEqual({ text: 'a\ufffdb' });
  expect(decodeLine(Uint8Array.of(97, 0xe9, 98, 10))).toEqual({ text: 'a\ufffdb', base64: 'YeliCg=='.replace('Cg==', ''), invalid: true });
});

test('UTF-16 is read with a mark or without one, its bytes kept', () => {
  const wide = (text: string, mark: boolean): Uint8Array => Uint8Array.from([...(mark ? [0xff, 0xfe] : []), ...[...text].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8])]);
  expect(decodeLine(wide('<38>text', true)).text).toBe('\ufeff<38>text');
  expect(decodeLine(wide('<38>text', false))).toEqual({ text: '<38>text', base64: toBase64(wide('<38>text', false)), encoding: 'utf-16le' });
});

test('a line is called ASCII only where each of its bytes is one character of the text', () => {
  expect(decodeLine(new TextEncoder().encode('plain text\n')).ascii).toBe(true);
  expect(decodeLine(new TextEncoder().encode('caf\u00e9')).ascii).toBeUndefined();
  fc.assert(fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 127 }), fc.constantFrom(0xc3, 0xa9, 0xe1, 0xff, 0x80)), { maxLength: 40 }), (codes) => {
    const bytes = Uint8Array.from(codes), { ascii, text } = decodeLine(bytes);
    if (ascii === true) for (let i = 0; i < text.length; i++) expect(text.charCodeAt(i)).toBe(bytes[i]);
  }), { numRuns: 3000 });
});

test('one line end is taken off', () => {
  expect(['a\r\n', 'a\n', 'a\n\n', 'a\r', 'a'].map(withoutLineEnd)).toEqual(['a', 'a', 'a\n', 'a\r', 'a']);
});

test('the bytes can always be had back', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const { text, base64 } = decodeLine(bytes);
    const end = bytes[bytes.length - 1] !== 10 ? 0 : bytes[bytes.length - 2] === 13 ? 2 : 1;
    const line = bytes.subarray(0, bytes.length - end);
    const back = base64 === undefined ? new TextEncoder().encode(text) : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    expect([...back].slice(0, line.length)).toEqual([...line]);
  }), { numRuns: 2000 });
});

test('bytes of every length are base64 as others write it', () => {
  for (let length = 0; length < 400; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 255);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  }
});
