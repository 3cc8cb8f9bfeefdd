// A record written is read back; a changed byte anywhere is seen.
import fc from 'fast-check';
import { decodeRecord, encodeRecord, eventId, parseStreamName, recordBody, streamName, type SpoolRecord } from './record.js';

const arrival = fc.record({
  peer: fc.string(), listener: fc.string(), system: fc.string(), day: fc.constant('2026-11-22'), registry: fc.nat(),
}).chain((base) => fc.record({ port: fc.nat(65_535), unit: fc.string(), timezone: fc.string(), trueLength: fc.nat(), host: fc.string() }, { requiredKeys: [] })
  .map((optional) => ({ ...base, ...optional })));
const record: fc.Arbitrary<SpoolRecord> = fc.record({
  kind: fc.constantFrom('frame' as const, 'loss' as const, 'clock' as const, 'mark' as const), tier: fc.integer({ min: 1, max: 5 }),
  seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), received: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  arrival, frame: fc.uint8Array({ maxLength: 300 }),
});

test('a record comes back as it was written, wherever it lies', () => {
  fc.assert(fc.property(record, fc.integer({ min: 0, max: 0xffff_ffff }), fc.uint8Array({ maxLength: 20 }), (given, seed, before) => {
    const bytes = Buffer.concat([before, encodeRecord(given, seed)]);
    const read = decodeRecord(bytes, before.length, seed);
    expect(read?.end).toBe(bytes.length);
    expect({ ...read?.record, frame: Buffer.from(read?.record.frame ?? []) }).toEqual({ ...given, frame: Buffer.from(given.frame) });
  }));
});

test('a changed, missing or foreign byte is never read as a record', () => {
  const one: SpoolRecord = {
    kind: 'frame', tier: 3, seq: 7, received: 1_763_776_800_000, frame: Buffer.from('<34>su: failed'),
    arrival: { peer: '192.0.2.7', listener: 'syslog-udp', system: 'portal', day: '2026-11-22', registry: 1 },
  };
  const bytes = encodeRecord(one, 99);
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [1, 0x80]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ flip;
      expect(decodeRecord(damaged, 0, 99)).toBeUndefined();
    }
    expect(decodeRecord(bytes.subarray(0, at), 0, 99)).toBeUndefined();
  }
  expect(decodeRecord(bytes, 0, 98)).toBeUndefined();
});

test('an id names its stream, its position and what the record holds', () => {
  const stream = { collector: '0197a2b0-0000-7000-8000-000000000001', epoch: 3 * 2 ** 32 + 5, tier: 4 };
  expect(parseStreamName(streamName(stream))).toEqual(stream);
  const one = encodeRecord({
    kind: 'frame', tier: 4, seq: 1, received: 0, frame: Buffer.from('a'),
    arrival: { peer: '', listener: 'x', system: 's', day: '1970-01-01', registry: 0 },
  }, 1);
  expect(eventId(stream, 1, recordBody(one))).toMatch(/^0197a2b0-0000-7000-8000-000000000001\.12884901893\.4\.1\.[0-9a-f]{16}$/);
});
