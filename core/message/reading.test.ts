// Stored lines read once more: the bytes as they came, under another encoding and another zone.
import type { Event } from '../event.js';
import { createParseContext, parseLine } from './parse-line.js';
import { trySample } from './reading.js';

const RECEIVED = Date.UTC(2026, 10, 22, 6, 40, 5);
const VIETNAMESE = Uint8Array.from([...Buffer.from('<13>Nov 22 13:40:03 ke-toan app: Nguy'), 0xea, 0xde, ...Buffer.from('n v'), 0xe3, ...Buffer.from('n')]);
const stored = (bytes: Uint8Array, encoding?: string): Event => { const { event } = parseLine({ bytes, received: RECEIVED, encoding }); return { ...event, 'event.created': new Date(RECEIVED).toISOString() }; };
const read = (event: Event, encoding: 'utf-8' | 'windows-1258' | 'gb18030', timezone = 'Asia/Ho_Chi_Minh') => trySample(event, { encoding, timezone, source: '192.0.2.9', context: createParseContext() });

test('letters come out whole under the right encoding, whatever they were stored as, and the time of the line moves with the zone', () => {
  for (const as of [undefined, 'windows-1258', 'gb18030']) {
    const event = stored(VIETNAMESE, as);
    expect(read(event, 'utf-8')).toMatchObject({ invalid: true, text: expect.stringContaining('\ufffd') });
    expect(read(event, 'windows-1258')).toEqual({ received: new Date(RECEIVED).toISOString(), text: '<13>Nov 22 13:40:03 ke-toan app: Nguyê\u0303n văn', time: '2026-11-22T06:40:03.000Z', zoned: false, invalid: false, format: null });
    expect(read(event, 'windows-1258', 'UTC').time).toBe('2026-11-22T13:40:03.000Z');
  }
});

test('a line that says its zone, and one without a time, are not moved by the setting, and say so', () => {
  const zoned = stored(Buffer.from('<13>1 2026-11-22T13:40:03+07:00 h app - - - x')), none = stored(Buffer.from('no time here'));
  for (const zone of ['UTC', 'Asia/Tokyo']) {
    expect(read(zoned, 'utf-8', zone)).toMatchObject({ time: '2026-11-22T06:40:03.000Z', zoned: true });
    expect(read(none, 'utf-8', zone)).toMatchObject({ time: null, zoned: false, text: 'no time here' });
  }
});
