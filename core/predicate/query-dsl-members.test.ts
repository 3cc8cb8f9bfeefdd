// The members written in one pass are those of the oracle, for any event.
import fc from 'fast-check';
import type { Event } from '../event.js';
import { indexedMembers, membersOf } from './query-dsl-members.js';
import { indexed } from './query-dsl-tokens.js';

const field = fc.oneof(fc.constantFrom('message', 'host.name', 'source.ip', 'source.port', 'log.level', 'event.category', 'vendor.X', 'a=b', '__proto__', 'constructor', 'tên', 'say "x"', 'half \ud800'), fc.string());
const scalar = fc.oneof(
  fc.constantFrom('Plain Text', 'Đăng nhập', 'say "no"', 'a\\b', 'x\n', '\x7f', '', '\ud800', 'İΣς', '192.0.2.7', '192.0.2.007', '2001:DB8::1', '::ffff:192.0.2.1', '300.1.1.1', '443', '1e400', '-0', ' 7', 'x'.repeat(8_000), 'X'.repeat(8_001)),
  fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.constantFrom(-0, 1e21, 5e-324, 2 ** 53), fc.boolean(), fc.constant(null),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) });

test('the oracle says the same, whatever the fields are called and hold', () => {
  fc.assert(fc.property(fc.array(fc.tuple(field, value), { maxLength: 12 }), (pairs) => {
    const event = Object.fromEntries(pairs) as Event;
    expect(JSON.parse(`{${indexedMembers(event)}}`)).toEqual({ ...JSON.parse(JSON.stringify(membersOf(indexed(event)))) as object, line: JSON.stringify(event) });
  }), { numRuns: 3_000 });
});
