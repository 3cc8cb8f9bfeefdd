import { parseLine } from './parse-line.js';
import { ENCODINGS, decoderOf, knownEncoding } from './encoding.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const base64 = (bytes: readonly number[]): string => btoa(String.fromCharCode(...bytes));
const read = (bytes: readonly number[], encoding?: string) => parseLine({ bytes: Uint8Array.from(bytes), received, encoding });

// "<13>Feb 17 13:40:03 h app: Tiếng Việt" as windows-1258 writes it: letters with a mark, then the tone by itself (0xEC above, 0xF2 below).
const vietnamese = [...ascii('<13>Feb 17 13:40:03 h app: Ti'), 0xea, 0xec, ...ascii('ng Vi'), 0xea, 0xf2, ...ascii('t')];
// "用户" as gb18030.
const chinese = [...ascii('<13>Feb 17 13:40:03 sw1 app: user='), 0xd3, 0xc3, 0xbb, 0xa7];
const wide = (text: string, big: boolean, mark: boolean): number[] => [...(mark ? [0xfeff] : []), ...ascii(text)].flatMap((unit) => big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]);

test('windows-1258 and gb18030 are read where the system says so, composed, their bytes kept', () => {
  const { event, problems } = read(vietnamese, 'windows-1258');
  expect(event).toMatchObject({ message: 'Tiếng Việt', 'host.name': 'h', 'event.original_b64': base64(vietnamese), 'haidang.encoding': 'windows-1258' });
  expect(event['message']).toBe('Tiếng Việt'.normalize('NFC'));
  expect(problems).toEqual([]);
  expect(read(chinese, 'GB18030').event).toMatchObject({ message: 'user=用户', 'event.original_b64': base64(chinese) });
});

test('without a choice nothing is guessed: invalid bytes show as U+FFFD and are kept', () => {
  const { event, problems } = read(vietnamese);
  expect(String(event['message'])).toContain('\ufffd');
  expect(event).toMatchObject({ 'event.original_b64': base64(vietnamese) });
  expect(Object.hasOwn(event, 'haidang.encoding')).toBe(false);
  expect(problems.map(({ code }) => code)).toEqual(['line.encoding']);
});

test('UTF-16 with a mark speaks for itself, without one by its choice or its zero bytes', () => {
  for (const big of [false, true]) for (const mark of [false, true]) {
    const bytes = wide('<13>Feb 17 13:40:03 h app: x', big, mark);
    expect([big, mark, read(bytes).event['message'], read(bytes, 'windows-1258').event['host.name']]).toEqual([big, mark, 'x', 'h']);
  }
  const short = [...wide('<13>h', false, false)];
  expect(read(short, 'utf-16le').event['event.original']).toBe('<13>h');
});

test('half a line end that cutting at the byte 10 leaves does not turn a line into another language', () => {
  expect(read([0, ...wide('<13>Feb 17 13:40:03 h app: Tin', false, false)], 'utf-16le').event['message']).toBe('Tin');
  expect(read([...wide('<13>Feb 17 13:40:03 h app: Tin', true, false), 0], 'utf-16be').event['message']).toBe('Tin');
});

test('plain ASCII is the same in all of them and needs no second copy; a name that is none is told', () => {
  for (const encoding of ENCODINGS) if (!encoding.startsWith('utf-16')) expect(Object.hasOwn(read(ascii('<13>Feb 17 13:40:03 h app: x'), encoding).event, 'event.original_b64')).toBe(false);
  const { event, problems } = read(ascii('<13>Feb 17 13:40:03 h app: x'), 'tcvn-9');
  expect([event['message'], problems.map(({ code }) => code)]).toEqual(['x', ['line.charset']]);
});

test('every encoding of the list has a decoder, and bytes that are none of its characters are told', () => {
  for (const encoding of ENCODINGS) { expect(knownEncoding(encoding)).toBe(encoding); expect(typeof decoderOf(encoding).decode(Uint8Array.of(65, 66))).toBe('string'); }
  const { event, problems } = read([...ascii('<13>Feb 17 13:40:03 h app: '), 0xff, 0x20], 'gb18030');
  expect(String(event['message'])).toContain('\ufffd');
  expect(problems.map(({ code }) => code)).toEqual(['line.encoding']);
});
