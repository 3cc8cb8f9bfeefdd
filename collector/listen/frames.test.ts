// How a stream becomes frames: the cases senders really produce, and that chunks never matter.
import fc from 'fast-check';
import { framesOf } from './datagram.js';
import { FrameCutter } from './frames.js';

type Cut = [string, number?];
function cut(chunks: readonly (string | Buffer)[], frameBytesMax = 1024, close = true): Cut[] {
  const cutter = new FrameCutter(frameBytesMax), seen: Cut[] = [];
  const emit = (frame: Buffer, trueLength?: number): void => { seen.push(trueLength === undefined ? [frame.toString('latin1')] : [frame.toString('latin1'), trueLength]); };
  for (const chunk of chunks) cutter.push(Buffer.from(chunk as string, 'latin1'), emit);
  if (close) cutter.end(emit);
  return seen;
}

test.each<[string, string, Cut[]]>([
  ['lines', '<1>one\n<2>two\n', [['<1>one'], ['<2>two']]],
  ['one CR before LF is framing, a second is not', 'a\r\nb\r\r\n', [['a'], ['b\r']]],
  ['empty lines are no frames', '\n\na\n\r\n\nb', [['a'], ['b']]],
  ['the last line needs no LF and keeps its CR', '<1>a\nend\r', [['<1>a'], ['end\r']]],
  ['octet counting', '6 <1>one7 <2>two!', [['<1>one'], ['<2>two!']]],
  ['a counted connection needs no PRI', '6 <1>one3 two', [['<1>one'], ['two']]],
  ['a counted frame may hold LF', '7 <1>a\nbc6 <2>two', [['<1>a\nbc'], ['<2>two']]],
  ['the LF inside a count is framing', '7 <1>one\n7 <2>two\n', [['<1>one'], ['<2>two']]],
  ['the LF outside a count is framing', '6 <1>one\n6 <2>two\r\n3 six', [['<1>one'], ['<2>two'], ['six']]],
  ['a date or a comma is no count', '2026-11-22 up\n1,2026/11/22,x\n2026 Nov 22 x\n', [['2026-11-22 up'], ['1,2026/11/22,x'], ['2026 Nov 22 x']]],
  ['a whole date before a word is no count', '20261122 <b>\n', [['20261122 <b>']]],
  ['modes may change from frame to frame', '<1>a\n5 <2>b\n<3>c\n5 <4>d!', [['<1>a'], ['<2>b'], ['<3>c'], ['<4>d!']]],
  ['a counted frame the close cuts off is kept and marked', '20 <1>only this', [['<1>only this', 20]]],
  ['NUL ends frames', '<1>a\0<2>b\0<3>c\0', [['<1>a'], ['<2>b'], ['<3>c']]],
  ['NUL inside a line is its own', '<1>a\0b\n<2>c\n', [['<1>a\0b'], ['<2>c']]],
  ['NUL before LF is framing', '<1>a\0\n<2>b\0\n', [['<1>a'], ['<2>b']]],
  ['a sender that ends messages with NUL has line feeds of its own', '<1>a\0<2>b\n  c\n\nd\0<3>e\0', [['<1>a'], ['<2>b\n  c\n\nd'], ['<3>e']]],
  ['LF ends a message before one that begins', '<1>a\0<2>b\r\n<3>c\n12 x\n5 <4>cd<5>e', [['<1>a'], ['<2>b'], ['<3>c\n12 x'], ['<4>cd'], ['<5>e']]],
  ['who ended a line with LF before goes on so', '<1>a\n<2>b\0<3>c\nd\n', [['<1>a'], ['<2>b'], ['<3>c'], ['d']]],
  ['a sender that ends nothing: whole headers begin messages', '<132>1 2026-02-17T13:40:03Z a b - - - x <13>y<131>Feb 17 13:40:04 a c: z', [['<132>1 2026-02-17T13:40:03Z a b - - - x <13>y'], ['<131>Feb 17 13:40:04 a c: z']]],
  ['of who ends lines a header inside is the line\'s', '<13>a\n<13>b <131>Feb 17 13:40:04 a c: z\n<13>c <131>Feb 17 13:40:04 a c: z', [['<13>a'], ['<13>b <131>Feb 17 13:40:04 a c: z'], ['<13>c <131>Feb 17 13:40:04 a c: z']]],
  ['digits behind a NUL at the end are the line', '<1>a\x0012', [['<1>a\x0012']]],
  ['leading zero is no count', '012 <1>a\n', [['012 <1>a']]],
  ['bytes that are no UTF-8 stay', '<1>\xff\xfe\xc3(\n', [['<1>\xff\xfe\xc3(']]],
])('%s', (_, stream, frames) => {
  expect(cut([stream])).toEqual(frames);
  expect(cut([...stream])).toEqual(frames);
});

test('over the limit the first bytes are kept, the true length told, the neighbours untouched', () => {
  expect(cut(['<1>before\n', `${'x'.repeat(5000)}\r\n`, '<2>after\n'], 100)).toEqual([['<1>before'], ['x'.repeat(100), 5000], ['<2>after']]);
  expect(cut([`5000 <1>${'x'.repeat(4997)}`, '6 <2>two'], 100)).toEqual([[`<1>${'x'.repeat(97)}`, 5000], ['<2>two']]);
  expect(cut([`${'x'.repeat(100)}\r\n${'y'.repeat(101)}\n`], 100)).toEqual([['x'.repeat(100)], ['y'.repeat(100), 101]]);
});

test('a busy sender that ends nothing is not waited for', () => {
  const messages = Array.from({ length: 2000 }, (_, i) => `<132>1 2026-02-17T13:40:03Z app dvc ${i} - - message number ${i}`), seen: string[] = [];
  const cutter = new FrameCutter(1_000_000);
  for (const message of messages) cutter.push(Buffer.from(message), (frame) => seen.push(frame.toString()));
  expect(seen.length).toBeGreaterThan(1700);
  cutter.end((frame) => seen.push(frame.toString()));
  expect(seen).toEqual(messages);
});

test('what waits is told, so that a silent sender\'s last line can be taken', () => {
  const states = ['', '<1>a\n', '<1>a', '<1>a\0', '<1>a\0<2>b\n', '<1>a\0<2>b\nc', '9 <1>a', '12'].map((stream) => {
    const cutter = new FrameCutter(100);
    cutter.push(Buffer.from(stream), () => undefined);
    return cutter.waiting;
  });
  expect(states).toEqual(['nothing', 'nothing', 'line', 'nul', 'nul', 'line', 'count', 'line']);
});

test('frames do not depend on how the network splits the stream', () => {
  const token = fc.oneof(fc.constantFrom('\n', '\r\n', '\r', '\0', '<', '<1', '<34>x', ' ', '7 <1>ab\n', '12 ', '3 <', '12345678 <1', '0', '9', '20261122', 'text', '\xff', '<34>1 - x'), fc.string({ maxLength: 4 }));
  fc.assert(fc.property(fc.array(token, { maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), fc.constantFrom(4, 1000), (tokens, sizes, limit) => {
    const stream = Buffer.from(tokens.join(''), 'latin1').toString('latin1');
    const chunks: string[] = [];
    for (let at = 0, i = 0; at < stream.length; i++) {
      const size = sizes[i % sizes.length] as number;
      chunks.push(stream.slice(at, at + size));
      at += size;
    }
    expect(cut(chunks, limit)).toEqual(cut([stream], limit));
  }), { numRuns: 3000 });
});

test('lines and counted frames come back whatever they hold', () => {
  const line = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !/[\n\0\r]/.test(text)).map((text) => `<13>${text}`);
  fc.assert(fc.property(fc.array(fc.tuple(line, fc.boolean())), (messages) => {
    const bytes = messages.map(([text, counted]) => (counted ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`)).join('');
    const seen: string[] = [];
    const cutter = new FrameCutter(4096);
    cutter.push(Buffer.from(bytes), (frame) => seen.push(frame.toString()));
    cutter.end((frame) => seen.push(frame.toString()));
    expect(seen).toEqual(messages.map(([text]) => text));
  }));
});

test('a long line in many small pieces, and many NULs or LFs in one big one, take linear time', () => {
  let frames = 0;
  const run = (chunks: Iterable<Buffer>): void => {
    const cutter = new FrameCutter(1024 * 1024);
    for (const chunk of chunks) cutter.push(chunk, () => { frames++; });
    cutter.end(() => { frames++; });
  };
  const piece = Buffer.alloc(1460, 120), short = Buffer.alloc(8_000_000, 120);
  const started = performance.now();
  run(Array<Buffer>(20_000).fill(piece));
  for (let at = 0; at < short.length; at += 20) short[at] = 10;
  short[short.length - 1] = 0;
  run([short]);
  for (let at = 0; at < short.length; at += 20) short.write('\0<1', at, 'latin1');
  run([short]);
  expect(frames).toBe(1 + 400_000 + 400_000);
  expect(performance.now() - started).toBeLessThan(10_000); // quadratic: minutes
});

test('a datagram is one frame unless every line of it begins with a PRI', () => {
  const frames = (text: string): string[] => framesOf(Buffer.from(text, 'latin1')).map((frame) => frame.toString('latin1'));
  expect(frames('<1>a\n')).toEqual(['<1>a']);
  expect(frames('<1>a\r\n\0')).toEqual(['<1>a']);
  expect(frames('<1>a\0b')).toEqual(['<1>a\0b']);
  expect(frames('<1>trace\n  at x\n  at y\n')).toEqual(['<1>trace\n  at x\n  at y']);
  expect(frames('<1>a\r\n<22>b\n\n<333>c\n')).toEqual(['<1>a', '<22>b', '<333>c']);
  expect(frames('\n')).toEqual([]);
  expect(frames('')).toEqual([]);
});
