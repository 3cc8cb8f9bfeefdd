import fc from 'fast-check';
import { isoTime } from './iso.js';
import { epochMillis, parseOffset, readTime, readZoned, resolve } from './time.js';
import { knownZone } from './zone.js';

const RECEIVED = Date.parse('2026-02-17T14:00:00Z');
const at = (text: string, zone = 'UTC', received = RECEIVED): string | undefined => {
  const stamp = readTime(text, 0);
  return stamp === undefined ? undefined : isoTime(resolve(stamp, received, zone));
};

test('every shape in which devices write a time is read', () => {
  const shapes: Record<string, string> = {
    'Feb 7 19:06:53 host': '2026-02-07T19:06:53.000Z', 'Feb  7 19:06:53': '2026-02-07T19:06:53.000Z', 'Feb 07 19:06:53': '2026-02-07T19:06:53.000Z', 'FEB 10 19:06:53': '2026-02-10T19:06:53.000Z',
    'Mar 7 2008 19:06:53 x': '2008-03-07T19:06:53.000Z', '2008 Mar 7 19:06:53 x': '2008-03-07T19:06:53.000Z', 'Aug 10 22:18:24 2009 x': '2009-08-10T22:18:24.000Z', 'Mar 7, 2008 07:06:53 PM': '2008-03-07T19:06:53.000Z',
    'Feb 7 19:06:53.123456 x': '2026-02-07T19:06:53.123Z', 'Feb 7 19:06:53,5 x': '2026-02-07T19:06:53.500Z', '2006-11-10T10:43:21.15600000000000000000000000000000000000000000000000000000000000+02:00 x': '2006-11-10T08:43:21.156Z',
    '2026-02-07 19:06:53 x': '2026-02-07T19:06:53.000Z', '2026/02/07 19:06:53': '2026-02-07T19:06:53.000Z', '2026-02-07T19:06:53+0700': '2026-02-07T12:06:53.000Z', '20260207T190653Z': '2026-02-07T19:06:53.000Z',
    '05/21/2017:00:00:00 GMT x': '2017-05-21T00:00:00.000Z', '17/Feb/2026:13:40:03 +0700': '2026-02-17T06:40:03.000Z', '17-Feb-2026 13:40:03.100': '2026-02-17T13:40:03.100Z', 'Fri Mar 19 15:33:30 2010': '2010-03-19T15:33:30.000Z',
    'Fri, 19 Mar 2010 15:33:30 GMT': '2010-03-19T15:33:30.000Z', '2026-02-07 19:06:53 ICT x': '2026-02-07T12:06:53.000Z', '2016-12-31T23:59:60Z': '2017-01-01T00:00:00.000Z', '2023-01-13T10:10:16--5:00 x': '2023-01-13T15:10:16.000Z',
  };
  for (const [text, want] of Object.entries(shapes)) expect([text, at(text)]).toEqual([text, want]);
});

test('what is no time is none', () => {
  for (const text of ['Mars 7 19:06:53', 'Feb 30 19:06:53', '2026-13-01T00:00:00Z', '2026-02-29T00:00:00Z', '25:00:00', 'Feb 7 24:00:00', '', 'Mar', '2026-02-', '1.2.3.4 - -']) expect([text, at(text)]).toEqual([text, undefined]);
});

test('a missing year is the latest that puts the time at most a day after receipt', () => {
  const received = Date.parse('2026-01-01T00:30:00Z');
  expect(at('Dec 31 23:59:00', 'UTC', received)).toBe('2025-12-31T23:59:00.000Z');
  expect(at('Jan  2 00:29:00', 'UTC', received)).toBe('2026-01-02T00:29:00.000Z');
  expect(at('Jan  2 00:31:00', 'UTC', received)).toBe('2025-01-02T00:31:00.000Z');
  expect(at('Feb 29 10:00:00', 'UTC', received)).toBe('2024-02-29T10:00:00.000Z');
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), (now, month, day) => {
    const name = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1] as string;
    const time = Date.parse(at(`${name} ${day} 12:00:00`, 'Asia/Ho_Chi_Minh', now) as string);
    expect(time).toBeLessThanOrEqual(now + 86_400_000);
    expect(time).toBeGreaterThan(now + 86_400_000 - 367 * 86_400_000);
  }));
});

test('a time without a zone is in the zone given, its clock changes included', () => {
  expect(at('2026-02-17 13:40:03', 'Asia/Ho_Chi_Minh')).toBe('2026-02-17T06:40:03.000Z');
  expect(at('2026-07-01 12:00:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z');
  expect(at('2026-01-01 12:00:00', 'Europe/Berlin')).toBe('2026-01-01T11:00:00.000Z');
  expect(at('2026-03-29 01:59:59', 'Europe/Berlin')).toBe('2026-03-29T00:59:59.000Z');
  expect(at('2026-03-29 03:00:00', 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z');
  expect(knownZone('Mars/Olympus')).toBeUndefined();
  expect(knownZone('constructor')).toBeUndefined();
});

test('numbers of seconds, and of milli-, micro- and nanoseconds', () => {
  expect(epochMillis('1771335603')).toBe(1_771_335_603_000);
  expect(epochMillis('1771335603.123')).toBe(1_771_335_603_123);
  expect(epochMillis('1771335603123')).toBe(1_771_335_603_123);
  expect(epochMillis('1771335603123456789')).toBe(1_771_335_603_123);
  expect(epochMillis('12')).toBeUndefined();
  expect([parseOffset('+0700'), parseOffset('UTC+7:00'), parseOffset('-0330'), parseOffset('+7'), parseOffset('x')]).toEqual([420, 420, -210, 420, NaN]);
});

test('an instant is printed as Date prints it', () => {
  fc.assert(fc.property(fc.integer({ min: -1e14, max: 2.5e14 }), (time) => { expect(isoTime(time)).toBe(new Date(time).toISOString()); }));
});

test('a zone behind a time alone is read in words, and with what is added to them', () => {
  const zoned = (text: string): string => isoTime(resolve(readZoned(text) as Exclude<ReturnType<typeof readZoned>, undefined>, RECEIVED, 'Asia/Ho_Chi_Minh'));
  expect(['Feb 17 2026 06:40:03 GMT+00:00', 'Feb 17 2026 13:40:03 GMT+07:00', 'Feb 17 2026 06:40:03 UTC', 'Feb 17 2026 13:40:03 +0700', 'Feb 17 2026 13:40:03', '2026-02-17 13:40:03 GMT+0700'].map(zoned)).toEqual(Array.from({ length: 6 }, () => '2026-02-17T06:40:03.000Z'));
  expect(readZoned('words')).toBeUndefined();
});
