import fc from 'fast-check';
import { readHeader, type Header } from './header.js';

const RECEIVED = Date.parse('2026-02-17T14:00:00Z');
const read = (text: string): Header => readHeader(text, { received: RECEIVED, zone: 'UTC' });
/** PRI, host, program, pid, text. */
const short = (text: string): unknown[] => { const { priority, hostname, appname, procid, message } = read(text); return [priority, hostname, appname, procid, message]; };

test.each([
  ['<38>Feb 17 13:40:03 web01 sshd[991]: text', [38, 'web01', 'sshd', '991', 'text']],
  ['<38>Feb 17 13:40:03 web01 sshd(pam_unix)[991]: text', [38, 'web01', 'sshd(pam_unix)', '991', 'text']],
  ['<38>Feb 17 13:40:03 web01 su: text', [38, 'web01', 'su', undefined, 'text']],
  ['<38>Feb 17 13:40:03 su: text', [38, undefined, 'su', undefined, 'text']],
  ['<38>Feb 17 13:40:03 web01 tag and words', [38, 'web01', 'tag', undefined, 'and words']],
  ['<38>Feb 17 13:40:03 web01 Words in a sentence', [38, 'web01', undefined, undefined, 'Words in a sentence']],
  ['<38>Feb 17 13:40:03 2001:db8::1 app: text', [38, '2001:db8::1', 'app', undefined, 'text']],
  ['<38>Feb 17 13:40:03 web01 last message repeated 3 times', [38, 'web01', undefined, undefined, 'last message repeated 3 times']],
  ['<38>Feb 17 13:40:03 Message forwarded from unix1: sshd[5]: text', [38, 'unix1', 'sshd', '5', 'text']],
  ['<14> Feb 17 13:40:03 web01 app: text', [14, 'web01', 'app', undefined, 'text']],
  ['Feb 17 13:40:03 web01 app: text', [undefined, 'web01', 'app', undefined, 'text']],
  ['<27>xapi: text', [27, undefined, 'xapi', undefined, 'text']],
  ['<189>29: sw1: *Feb 17 13:40:03.411: %SYS-5-CONFIG_I: text', [189, 'sw1', undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['<189>2003970: 2003966: Feb 17 13:40:03: %SYS-5-CONFIG_I: text', [189, undefined, undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['<189>31: r1 RP/0/RSP0/CPU0:Feb 17 13:40:03.1 : app[5]: %X-5-Y : text', [189, 'r1', 'app', '5', '%X-5-Y : text']],
  ['<189>45: 00:20:10: %SYS-5-RESTART: text', [189, undefined, undefined, undefined, '%SYS-5-RESTART: text']],
  ['<111>:Feb 17 07:08:09 UTC: %ASA-6-302015: text', [111, undefined, '%ASA-6-302015', undefined, 'text']],
  ['<166>2026-02-17T13:40:03Z fw1 : %FTD-6-305012: text', [166, 'fw1', '%FTD-6-305012', undefined, 'text']],
  ['<134>1 1771335603.342705328 MX84 urls src=192.0.2.1', [134, 'MX84', 'urls', undefined, 'src=192.0.2.1']],
  ['<34>1 2026-02-17T13:40:03.003Z web01 app 12 ID47 - \ufefftext', [34, 'web01', 'app', '12', 'text']],
  ['<34>1 - - - - - -', [34, undefined, undefined, undefined, '']],
  ['<34>1 2026-02-17T13:40:03Z web01', [34, 'web01', undefined, undefined, '']],
  ['<34>1 2026-02-17T13:40:03Z web01 app - - no data here', [34, 'web01', 'app', undefined, 'no data here']],
  ['1 2026-02-17T13:40:03Z web01 app 6 - - text', [undefined, 'web01', 'app', '6', 'text']],
  ['\ufeff<34>1 2026-02-17T13:40:03Z web01 app 6 - - text', [34, 'web01', 'app', '6', 'text']],
  ['<999>Feb 17 13:40:03 web01 app: text', [undefined, 'web01', 'app', undefined, 'text']],
  ['<189 Feb 17 13:40:03 web01 app: text', [undefined, 'web01', 'app', undefined, 'text']],
  ['<134>{"a":1}', [134, undefined, undefined, undefined, '{"a":1}']],
  ['<134>Feb 17 13:40:03 fw1 1,2026/02/17 13:40:03,x', [134, 'fw1', undefined, undefined, '1,2026/02/17 13:40:03,x']],
  ['<134>Feb 17 13:40:03 fw1 CEF:0|a|b|c', [134, 'fw1', undefined, undefined, 'CEF:0|a|b|c']],
  ['<134>Feb 17 13:40:03 fw1 date=2026-02-17 devname=x', [134, 'fw1', undefined, undefined, 'date=2026-02-17 devname=x']],
  ['2026-02-17 13:40:03 ERROR worker: text of an application', [undefined, undefined, undefined, undefined, '2026-02-17 13:40:03 ERROR worker: text of an application']],
  ['192.0.2.1 - - [17/Feb/2026:13:40:03 +0000] "GET / HTTP/1.1" 200 1', [undefined, undefined, undefined, undefined, '192.0.2.1 - - [17/Feb/2026:13:40:03 +0000] "GET / HTTP/1.1" 200 1']],
  ['<38>Feb 17 13:40:03 +0700 web01 sshd[991]: text', [38, 'web01', 'sshd', '991', 'text']],
  ['<38>1771310403 web01 sshd[991]: text', [38, 'web01', 'sshd', '991', 'text']],
  ['<38>Feb 17 13:40:03 aix1 auth|security:info sshd[991]: text', [38, 'aix1', 'sshd', '991', 'text']],
  ['<133>Feb 17 13:40:03 slot1/lb1 notice mcpd[5]: 01070638:5: text', [133, 'slot1/lb1', 'mcpd', '5', '01070638:5: text']],
  ['<133>Feb 17 13:40:03 web01 notice of 5 things', [133, 'web01', 'notice', undefined, 'of 5 things']],
  ['<38>Feb 17 13:40:03 relay1 2026-02-17T13:40:01+07:00 web01 sshd[991]: text', [38, 'web01', 'sshd', '991', 'text']],
  ['<38>Feb 17 13:40:03 app1 2026-02-17T13:40:01+07:00 ERROR worker: text', [38, 'app1', undefined, undefined, '2026-02-17T13:40:01+07:00 ERROR worker: text']],
  ['<38>Feb 17 13:40:03 relay1 <34>1 2026-02-17T06:40:03.123Z web01 app 12 ID47 - text', [34, 'web01', 'app', '12', 'text']],
  ['<189>Feb 17 13:40:03 192.0.2.5 55: sw1: Feb 17 13:40:03.123: %SYS-5-CONFIG_I: text', [189, 'sw1', undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['<189>Feb 17 13:40:03 sw1 55: 000077: Feb 17 13:40:03.123: %SYS-5-CONFIG_I: text', [189, 'sw1', undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['<34>1 2026-02-17T06:40:03.123Z web01 app[12]: text of a tag', [34, 'web01', 'app', '12', 'text of a tag']],
  ['<14>1 2026-02-17T06:40:03Z pa1 1,2026/02/17 13:40:03,0011,TRAFFIC', [14, 'pa1', undefined, undefined, '1,2026/02/17 13:40:03,0011,TRAFFIC']],
  ['<14>1 2026-02-17T06:40:03Z app1 {"a":1}', [14, 'app1', undefined, undefined, '{"a":1}']],
  ['2026-02-17 13:40:03.12 Logon       Error: 18456, Severity: 14', [undefined, undefined, undefined, undefined, '2026-02-17 13:40:03.12 Logon       Error: 18456, Severity: 14']],
  ['Feb 17, 2026 1:40:03 PM org.apache.catalina.X start\nINFO: text', [undefined, undefined, undefined, undefined, 'Feb 17, 2026 1:40:03 PM org.apache.catalina.X start\nINFO: text']],
  ['*Feb 17 13:40:03.123: %SYS-5-CONFIG_I: text', [undefined, undefined, undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['.Feb 17 13:40:03.123 ICT: %LINK-3-UPDOWN: text', [undefined, undefined, undefined, undefined, '%LINK-3-UPDOWN: text']],
  ['*Feb 17 2026 13:40:03.123: %SYS-5-CONFIG_I: text', [undefined, undefined, undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['*00:20:10.123: %SYS-5-RESTART: text', [undefined, undefined, undefined, undefined, '%SYS-5-RESTART: text']],
  ['1w2d: %SYS-5-RESTART: text', [undefined, undefined, undefined, undefined, '%SYS-5-RESTART: text']],
  ['*Feb 17 13:40:03 words that are no message of Cisco', [undefined, undefined, undefined, undefined, '*Feb 17 13:40:03 words that are no message of Cisco']],
  ['* a list of 5 things', [undefined, undefined, undefined, undefined, '* a list of 5 things']],
  ['<38>Feb 17 13:40:03 [192.0.2.1] sshd[991]: text', [38, '192.0.2.1', 'sshd', '991', 'text']],
  ['<38>Feb 17 13:40:03 [2001:db8::1] sshd[991]: text', [38, '2001:db8::1', 'sshd', '991', 'text']],
  ['<34>1 2026-02-17T13:40:03Z [2001:db8::1] app 12 - - text', [34, '2001:db8::1', 'app', '12', 'text']],
  ['<189>[192.0.2.1]: 123: *Feb 17 13:40:03.123: %SYS-5-CONFIG_I: text', [189, '192.0.2.1', undefined, undefined, '%SYS-5-CONFIG_I: text']],
  ['<38>Feb 17 13:40:03 [error] 12 of 15 failed', [38, undefined, undefined, undefined, '[error] 12 of 15 failed']],
  ['<38>Feb 17 13:40:03 [10.5.1] release notes', [38, undefined, undefined, undefined, '[10.5.1] release notes']],
  ['', [undefined, undefined, undefined, undefined, '']],
] as const)('%s', (text, want) => { expect(short(text)).toEqual(want); });

test('a relay names itself outside; the origin is the host', () => {
  const { hostname, relay, appname, message, odd } = read('<38>Feb 17 13:40:03 relay1 Feb 17 13:40:01 web01 sshd[9]: text');
  expect([hostname, relay, appname, message]).toEqual(['web01', 'relay1', 'sshd', 'text']);
  expect(odd).toContain('syslog_header_double');
});

test('structured data: escapes, quotes that nobody escaped, several elements, the end cut off', () => {
  const data = (text: string): unknown => read(`<34>1 2026-02-17T13:40:03Z h a - - ${text}`).structured;
  expect(data('[a@1 x="\\]\\"\\\\" y="q"][b z=""] text')).toEqual([['a@1.x', ']"\\'], ['a@1.y', 'q'], ['b.z', '']]);
  expect(data('[a x="say "hi" now" y="]"]')).toEqual([['a.x', 'say "hi" now'], ['a.y', ']']]);
  expect(data('[a x="cut o')).toEqual([['a.x', 'cut o']]);
  expect(data('[id] text')).toEqual([['id', '']]);
  expect(data('[action:"Drop"; src:"192.0.2.1"; ]')).toEqual([['action', 'Drop'], ['src', '192.0.2.1']]);
  expect(data('[not data at all] text')).toBeUndefined();
});

test('a clock that is not in sync is told', () => {
  expect(read('<189>1: *Feb 17 13:40:03: %SYS-5-X: text').odd).toEqual(['syslog_time_unsynced']);
  expect(read('<189>45: 1w2d: %SYS-5-X: text').odd).toEqual(['syslog_time_uptime']);
  expect(read('*Feb 17 13:40:03: %SYS-5-RELOAD: text')).toMatchObject({ odd: ['syslog_time_unsynced'], time: Date.parse('2026-02-17T13:40:03Z') });
  expect(read('*Feb 17 13:40:03 text')).toMatchObject({ odd: [], dialect: 'none' });
});

test('any text has a header that ends inside it', () => {
  const piece = fc.oneof(fc.constantFrom('<34>', '1 ', '<999>', 'Feb 17 13:40:03', ' ', ': ', 'host', '[12]', '%ASA-6-302013', '2026-02-17T13:40:03Z', '-', '"', '[a b="', '\\', ']', '\ufeff', '123: ', '{', '\t', '*', 'RP/0:'), fc.string({ unit: 'binary', maxLength: 6 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const text = pieces.join('');
    expect(text.endsWith(read(text).message)).toBe(true);
  }), { numRuns: 3000 });
});
