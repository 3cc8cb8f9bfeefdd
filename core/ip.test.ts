import fc from 'fast-check';
import { contains, parseAddress, parseNetwork } from './ip.js';

test.each([
  ['192.0.2.1', 32, 0xc0000201n], ['0.0.0.0', 32, 0n], ['255.255.255.255', 32, 0xffffffffn],
  ['2001:db8::1', 128, 0x20010db8000000000000000000000001n], ['::', 128, 0n], ['2001:DB8:0:0:0:0:0:1', 128, 0x20010db8000000000000000000000001n],
  ['::ffff:192.0.2.1', 32, 0xc0000201n], ['::ffff:c000:201', 32, 0xc0000201n], ['fe80::1%eth0', 128, 0xfe800000000000000000000000000001n],
])('%s is an address', (text, bits, value) => expect(parseAddress(text)).toEqual({ bits, value }));

test.each(['', '1', '192.0.2', '192.0.2.256', '192.0.2.1.5', '192.0.2.1 ', '1:2:3:4:5:6:7', '1::2::3', ':::', '2001:db8::12345', 'g::1', '::1.2.3', '1:2:3:4:5:6:7:8::', 'example.org'])(
  '%p is none', (text) => expect(parseAddress(text)).toBeUndefined());

test.each(['192.0.2.1/24', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/-1', '192.0.2.0/2x', '2001:db8::1/32', '/8', '2001:db8::/129'])(
  '%p is no network', (text) => expect(parseNetwork(text)).toBeUndefined());

test('a network holds its own addresses and no others', () => {
  const network = parseNetwork('198.51.100.0/23')!;
  const holds = (text: string): boolean => contains(network, parseAddress(text)!);
  expect(['198.51.100.0', '198.51.101.255', '::ffff:198.51.100.7'].map(holds)).toEqual([true, true, true]);
  expect(['198.51.99.255', '198.51.102.0', '2001:db8::1', '::'].map(holds)).toEqual([false, false, false, false]);
  expect(contains(parseNetwork('0.0.0.0/0')!, parseAddress('203.0.113.200')!)).toBe(true);
  expect(contains(parseNetwork('::/0')!, parseAddress('203.0.113.200')!)).toBe(false);
});

test('a network of mapped addresses is one of IPv4', () => {
  for (const [text, prefix] of [['::ffff:0:0/96', 0], ['::ffff:10.0.0.0/104', 8], ['::ffff:10.1.2.3/128', 32], ['::ffff:10.1.2.3', 32]] as const) expect(parseNetwork(text)).toMatchObject({ bits: 32, prefix });
  for (const text of ['::ffff:10.0.0.0/8', '::ffff:10.0.0.1/104', '::ffff:0:0/95', '::ffff:0:0/129']) expect(parseNetwork(text)).toBeUndefined();
});

test('every spelling of an IPv6 address means the same', () => {
  fc.assert(fc.property(fc.ipV6(), (text) => {
    const once = parseAddress(text);
    expect(once).toBeDefined();
    expect(parseAddress(text.toUpperCase())).toEqual(once);
  }));
});

test('an address alone is the network of itself', () => {
  fc.assert(fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
    expect(contains(parseNetwork(one)!, parseAddress(other)!)).toBe(one === other);
  }));
});
