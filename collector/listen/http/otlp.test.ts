// OpenTelemetry logs: both encodings give the same frames, of JSON bodies the bytes that came.
import fc from 'fast-check';
import { double, fixed32, fixed64, lengthDelimited, number, pair, text } from '../../fixtures/otlp.js';
import { isRefused, type HttpRequest } from './dialect.js';
import { otlp } from './otlp.js';

const ask = (body: Buffer | string, type: string): HttpRequest => ({ method: 'POST', path: '/v1/logs', query: new URLSearchParams(), header: (name) => (name === 'content-type' ? type : undefined), body: Buffer.from(body as string) });
function framesOf(body: Buffer | string, type: string): string[] {
  const outcome = otlp.handle(ask(body, type));
  if (isRefused(outcome)) throw new Error(outcome.message);
  return outcome.frames.map((frame) => frame.toString());
}
const NANOS = 1_795_305_600_123_456_789n;

const protobuf = lengthDelimited(1, Buffer.concat([
  lengthDelimited(1, Buffer.concat([pair(1, 'service.name', text('cổng')), pair(1, 'n', number(3, -7n)), number(2, 3)])),
  lengthDelimited(2, Buffer.concat([
    lengthDelimited(1, Buffer.concat([lengthDelimited(1, 'library'), lengthDelimited(2, '1.0')])),
    lengthDelimited(2, Buffer.concat([
      fixed64(1, NANOS), number(2, 9), lengthDelimited(3, 'INFO'), lengthDelimited(5, text('đăng nhập')), pair(6, 'ok', number(2, 1)), pair(6, 'ratio', double(4, 0.5)), pair(6, 'blob', lengthDelimited(7, Buffer.from([0, 255]))),
      pair(6, 'list', lengthDelimited(5, Buffer.concat([lengthDelimited(1, text('a')), lengthDelimited(1, number(3, 2n ** 62n))]))), pair(6, 'map', lengthDelimited(6, pair(1, 'k', text('v')))),
      fixed32(8, 1), lengthDelimited(9, Buffer.from('00112233445566778899aabbccddeeff', 'hex')), lengthDelimited(10, Buffer.from('0011223344556677', 'hex')), fixed64(11, NANOS + 1n), lengthDelimited(12, 'login'), lengthDelimited(99, 'of a later version'),
    ])),
    lengthDelimited(2, lengthDelimited(5, text('second'))),
    lengthDelimited(3, 'https://example.test/schema'),
  ])),
]));

test('a protobuf record becomes a document in the JSON form of the protocol, its resource and scope with it', () => {
  const frames = framesOf(protobuf, 'application/x-protobuf').map((frame) => JSON.parse(frame) as object);
  const around = (record: object): object => ({
    resourceLogs: [{
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cổng' } }, { key: 'n', value: { intValue: '-7' } }], droppedAttributesCount: 3 },
      scopeLogs: [{ scope: { name: 'library', version: '1.0' }, schemaUrl: 'https://example.test/schema', logRecords: [record] }],
    }],
  });
  expect(frames).toEqual([around({
    timeUnixNano: String(NANOS), severityNumber: 9, severityText: 'INFO', body: { stringValue: 'đăng nhập' },
    attributes: [
      { key: 'ok', value: { boolValue: true } }, { key: 'ratio', value: { doubleValue: 0.5 } }, { key: 'blob', value: { bytesValue: 'AP8=' } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: String(2n ** 62n) }] } } }, { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
    ],
    flags: 1, traceId: '00112233445566778899aabbccddeeff', spanId: '0011223344556677', observedTimeUnixNano: String(NANOS + 1n), eventName: 'login',
  }), around({ body: { stringValue: 'second' } })]);
});

test('a JSON body gives what it holds, numbers digit by digit; sent back as a body, each frame gives itself', () => {
  const record = '{"timeUnixNano":1795305600123456789, "body":{"stringValue":"}]"}}', resource = '"resource":{"attributes":[]}';
  const frames = framesOf(` {"resourceLogs":[{"schemaUrl":"","scopeLogs":[{"logRecords":[${record},{}]},{"scope":{"name":"s"},"logRecords":[{"a":1}]}],${resource}}]}\n`, 'application/json; charset=utf-8');
  expect(frames).toEqual([
    `{"resourceLogs":[{"schemaUrl":"",${resource},"scopeLogs":[{"logRecords":[${record}]}]}]}`,
    `{"resourceLogs":[{"schemaUrl":"",${resource},"scopeLogs":[{"logRecords":[{}]}]}]}`,
    `{"resourceLogs":[{"schemaUrl":"",${resource},"scopeLogs":[{"scope":{"name":"s"},"logRecords":[{"a":1}]}]}]}`,
  ]);
  for (const frame of [...frames, ...framesOf(protobuf, 'application/x-protobuf')]) expect(framesOf(frame, 'application/json')).toEqual([frame]);
});

test('answers are in the language of the question', () => {
  expect(otlp.handle(ask(protobuf, 'application/x-protobuf'))).toMatchObject({ answer: { status: 200, type: 'application/x-protobuf', body: Buffer.alloc(0) } });
  expect(otlp.handle(ask('{"resourceLogs":[]}', 'application/json'))).toMatchObject({ frames: [], answer: { status: 200, body: '{}' } });
  expect(otlp.refuse({ status: 503, message: 'later' }, ask('', 'application/x-protobuf'))).toMatchObject({ status: 503, body: Buffer.from('\x12\x05later') });
  expect(otlp.handle(ask('', 'text/plain'))).toMatchObject({ status: 415 });
});

test.each([['{"resourceLogs":{}}'], ['[]'], ['{"resourceLogs":['], ['']])('%j is refused', (body) => {
  expect(otlp.handle(ask(body, 'application/json'))).toMatchObject({ status: 400 });
});

test('broken protobuf is refused, never worse; depth is bounded', () => {
  for (let at = 1; at < protobuf.length; at++) {
    const cut = otlp.handle(ask(protobuf.subarray(0, at), 'application/x-protobuf'));
    expect(isRefused(cut)).toBe(true);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(protobuf.length - 1), (noise, at) => {
    otlp.handle(ask(Buffer.from(noise), 'application/x-protobuf'));
    otlp.handle(ask(Buffer.concat([protobuf.subarray(0, at), noise, protobuf.subarray(at)]), 'application/x-protobuf'));
  }));
  let value = text('deep');
  for (let i = 0; i < 200; i++) value = lengthDelimited(5, lengthDelimited(1, value));
  expect(otlp.handle(ask(lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, lengthDelimited(5, value)))), 'application/x-protobuf'))).toMatchObject({ status: 400, message: expect.stringContaining('32 messages') as string });
});

test('a large resource and many records are refused before they are many bytes', () => {
  const records = Array.from({ length: 2000 }, () => lengthDelimited(2, lengthDelimited(5, text('x'))));
  const body = lengthDelimited(1, Buffer.concat([lengthDelimited(1, pair(1, 'a', text('y'.repeat(1_000_000)))), lengthDelimited(2, Buffer.concat(records))]));
  expect(otlp.handle(ask(body, 'application/x-protobuf'))).toMatchObject({ status: 413 });
});
