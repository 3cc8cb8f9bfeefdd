// Addresses are told in one pass over a text: what is one, what only looks like one, and what logs glue to them.
import { isIp, splitEndpoint } from './net.js';

test.each(['192.0.2.1', '2001:db8::1', '::1', '::', '::ffff:192.0.2.1', 'fe80::1%eth0', '2001:DB8:0:0:0:0:0:1', '1:2:3:4:5:6:192.0.2.1'])('%s is an address', (text) => { expect(isIp(text)).toBe(true); });

test.each(['192.0.2', '192.0.2.256', '00:00:5e:00:53:01', '13:40:03', '2001:db8:::1', '2001:db8::1::2', '1::2:3::4:5:6', '2001:db8::12345', '::1%', '2001:db8::8:', ':2001:db8::8', ':', '::1%e 0', '%eth0:1', '1:2:3:4:5:6:7:8:9', '::192.0.2', '::192.0.2.1000', '::g', 'inside:192.0.2.1', '::.1.2.3'])('%s is none', (text) => { expect(isIp(text)).toBe(false); });

test.each([
  ['192.0.2.1:80', '192.0.2.1', '80'], ['192.0.2.1/80', '192.0.2.1', '80'], ['192.0.2.1(80)', '192.0.2.1', '80'], ['192.0.2.1#80', '192.0.2.1', '80'], ['192.0.2.1.80', '192.0.2.1', '80'],
  ['[2001:db8::1]:80', '2001:db8::1', '80'], ['2001:db8::1', '2001:db8::1', undefined], ['host.example.org', 'host.example.org', undefined], ['192.0.2.1:123456', '192.0.2.1:123456', undefined], ['web1:443', 'web1', '443'],
])('%s is parted', (text, host, port) => { expect(splitEndpoint(text)).toEqual({ host, port }); });
