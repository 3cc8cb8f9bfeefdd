// Loki's push with the bodies its senders make, as bytes.
import fc from 'fast-check';
import { isRefused, type HttpRequest } from './dialect.js';
import { lines } from './lines.js';
import { loki } from './loki.js';
import { unsnappy } from './snappy.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const request = (path: string, body: Buffer | string, headers: Readonly<Record<string, string>>): HttpRequest => ({ method: 'POST', path, query: new URLSearchParams(), header: (name) => headers[name], body: Buffer.from(body) });
const framesOf = (outcome: ReturnType<typeof loki.handle>): string[] | number => isRefused(outcome) ? outcome.status : outcome.frames.map(String);
const push = (body: Buffer | string, headers = {}): string[] | number => framesOf(loki.handle(request('/loki/api/v1/push', body, headers)));

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 0x7f) | 0x80, ...varint(Math.floor(n / 128))]);
const field = (number: number, value: Buffer | string | number): Buffer => typeof value === 'number' ? Buffer.from([...varint(number << 3), ...varint(value)]) : Buffer.concat([Buffer.from([...varint(number << 3 | 2), ...varint(Buffer.byteLength(value))]), Buffer.from(value)]);
/** All of it as one literal. */
const snappy = (plain: Buffer): Buffer => Buffer.concat([Buffer.from([...varint(plain.length), 63 << 2, ...[0, 8, 16, 24].map((shift) => ((plain.length - 1) >> shift) & 0xff)]), plain]);

test('each entry of JSON is a push of its own, of the bytes that came', () => {
  expect(push('{"streams": [{"stream": {"job":"x", "a":"é"}, "values": [["1771310403123000000","one"], ["1771310403123000001","two",{"trace":"t"}]]}, {"values":[["1","three"]],"stream":{}}]}', JSON_TYPE)).toEqual([
    '{"streams":[{"stream":{"job":"x", "a":"é"},"values":[["1771310403123000000","one"]]}]}', '{"streams":[{"stream":{"job":"x", "a":"é"},"values":[["1771310403123000001","two",{"trace":"t"}]]}]}', '{"streams":[{"stream":{},"values":[["1","three"]]}]}',
  ]);
  for (const body of ['', '{}', '[]', '{"streams":{}}', '{"streams":[{"stream":{}}]}', '{"streams":[1]}']) expect(push(body, JSON_TYPE)).toBe(400);
  expect(loki.handle(request('/loki/api/v1/push', '{"streams":[]}', JSON_TYPE))).toMatchObject({ answer: { status: 204 } });
});

test('protobuf behind Snappy becomes the same', () => {
  const time = Buffer.concat([field(1, 1771310403), field(2, 5)]), entry = Buffer.concat([field(1, time), field(2, 'một dòng'), field(3, Buffer.concat([field(1, 'trace'), field(2, 't')]))]);
  const body = snappy(field(1, Buffer.concat([field(1, '{job="x", filename="/var/log/\\"a\\".log"}'), field(2, entry)])));
  expect(push(body)).toEqual(['{"streams":[{"stream":{"job":"x","filename":"/var/log/\\"a\\".log"},"values":[["1771310403000000005","một dòng",{"trace":"t"}]]}]}']);
  expect(push(body.subarray(0, body.length - 3))).toBe(400);
  expect(push('no Snappy')).toBe(400);
});

test('Snappy: copies of one, two and four bytes, also over what they write', () => {
  const short = Buffer.from([8, 1 << 2, 97, 98, (6 - 4) << 2 | 1, 2]), long = Buffer.from([8, 1 << 2, 97, 98, 5 << 2 | 2, 2, 0]), longest = Buffer.from([8, 1 << 2, 97, 98, 5 << 2 | 3, 2, 0, 0, 0]);
  for (const bytes of [short, long, longest]) expect(unsnappy(bytes, 8)?.toString()).toBe('abababab');
  expect(unsnappy(short, 7)).toBeUndefined();
  expect(unsnappy(Buffer.from([8, 1 << 2, 97, 98, 5 << 2 | 2, 3, 0]), 8)).toBeUndefined(); // from before the beginning
  expect(unsnappy(Buffer.from([2, 1 << 2, 97, 98, 0, 99]), 8)).toBeUndefined(); // more than it names
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => { expect(unsnappy(Buffer.from(bytes), 1000)?.length ?? 0).toBeLessThanOrEqual(1000); }));
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => { expect(unsnappy(snappy(Buffer.from(bytes)), 300)?.equals(Buffer.from(bytes))).toBe(true); }));
});

test('lists of events inside an object that is nothing else come apart, byte by byte; another object is one event', () => {
  const post = (body: string): string[] | number => framesOf(lines.handle(request('/', body, JSON_TYPE)));
  expect(post('{"Records": [ {"a": 1.0} ,{"b":"]"}]}')).toEqual(['{"a": 1.0}', '{"b":"]"}']);
  expect(post('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"kind":"Event","level":"Metadata"},{"kind":"Event"}]}')).toEqual(['{"kind":"Event","level":"Metadata"}', '{"kind":"Event"}']);
  expect(post('{"records":[{"a":1}]}\n{"events":[{"b":2},{"c":3}]}')).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  for (const whole of ['{"records":[{"a":1}],"requestId":"7"}', '{"records":[]}', '{"records":[1,2]}', '{"events":{"a":1}}', '{"a":{"records":[{"b":1}]}}']) expect(post(whole)).toEqual([whole]);
  expect(framesOf(lines.handle(request('/', '{"Records":[{"a":1},{"b":2}]}', {})))).toEqual(['{"Records":[{"a":1},{"b":2}]}']);
});
