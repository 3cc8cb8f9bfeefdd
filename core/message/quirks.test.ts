// The oddities that devices are known to send (numbers: the list that the parser was written against; 1-8 are framing and stand with
// the listeners). Each is a fact about one line: nothing is thrown, nothing is lost, what was odd is told.
import type { Event } from '../event.js';
import { parseLine, type LineInput } from './parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const parse = (raw: string, more: Partial<LineInput> = {}): Event => parseLine({ raw, received, timezone: 'UTC', ...more }).event;
const of = (raw: string, ...fields: string[]): unknown[] => { const event = parse(raw); return fields.map((field) => event[field]); };
const HOST = 'log.syslog.hostname', APP = 'log.syslog.appname', PRI = 'log.syslog.priority', TIME = '@timestamp', TEXT = 'message';

test('7: what a sender cut off is read as far as it goes', () => {
  expect(parse('<13>Feb 17 13:40:03 h app: {"user":{"name":"an"},"src_ip":"203.0.113.9","cut":"o')).toMatchObject({ 'source.ip': '203.0.113.9', tags: ['json_incomplete'] });
  expect(parse('<13>Feb 17 13:40:03 h CEF:0|a|b|c|d|e|5|src=203.0.113.9 dst=192.0.2.')['source.ip']).toBe('203.0.113.9');
  expect(parse('<189>date=2026-02-17 time=13:40:03 devid="F" logid="1" type="traffic" srcip=203.0.113.9 dstip="192.0.2')['source.ip']).toBe('203.0.113.9');
});

test('9-14: priorities', () => {
  expect(of('Feb 17 13:40:03 h app: x', PRI, HOST, APP)).toEqual([undefined, 'h', 'app']);
  for (const pri of ['<192>', '<999>', '<-1>', '<abc>']) expect([pri, ...of(`${pri}Feb 17 13:40:03 h app: x`, PRI, HOST, APP, TEXT)]).toEqual([pri, undefined, 'h', 'app', 'x']);
  expect(parse('<192>Feb 17 13:40:03 h app: x')['tags']).toEqual(['syslog_priority_invalid']);
  expect(of('<189 Feb 17 13:40:03 h app: x', PRI, HOST)).toEqual([undefined, 'h']);
  for (const raw of ['<14> Feb 17 13:40:03 h app: x', '\n<14>Feb 17 13:40:03 h app: x', '\ufeff<14>Feb 17 13:40:03 h app: x', ' <14>Feb 17 13:40:03 h app: x', '<14>\nFeb 17 13:40:03 h app: x']) expect([raw, ...of(raw, PRI, HOST, APP)]).toEqual([raw, 14, 'h', 'app']);
  expect(of('<111>:Feb 17 13:40:03 UTC: %ASA-6-302015: x', PRI, APP)).toEqual([111, '%ASA-6-302015']);
  expect(parse('<38>Feb 17 13:40:03 relay1 <38>Feb 17 13:40:01 web01 sshd[9]: x')).toMatchObject({ [HOST]: 'web01', [APP]: 'sshd', 'log.syslog.relay': 'relay1' });
  expect(of('<14>2 2026-02-17T13:40:03Z h app 1 - - x', PRI, TEXT)).toEqual([14, expect.stringContaining('x')]);
  expect(of('<14>1 apple a day', PRI, TEXT)).toEqual([14, '1 apple a day']);
});

test('15-18, 21, 22: shapes of a time', () => {
  const iso = '2026-02-07T19:06:53.000Z';
  for (const time of ['Feb 7 19:06:53', 'Feb  7 19:06:53', 'Feb 07 19:06:53', 'FEB 07 19:06:53', 'Feb 7 2026 19:06:53', '2026 Feb 7 19:06:53', 'FEB 07 19:06:53 2026', 'Feb  7 19:06:53:', '2026-02-07T19:06:53', '2026-02-07 19:06:53']) {
    expect([time, ...of(`<13>${time} h app: x`, TIME, HOST, APP, TEXT)]).toEqual([time, iso, 'h', 'app', 'x']);
  }
  for (const [time, want] of [['Feb  7 19:06:53.123', '.123Z'], ['Feb  7 19:06:53.123456', '.123Z'], ['Feb  7 19:06:53,5', '.500Z'], [`2026-02-07T19:06:53.${'123456789012'.repeat(5)}Z`, '.123Z']] as const) expect([time, of(`<13>${time} h app: x`, TIME)[0]]).toEqual([time, `2026-02-07T19:06:53${want}`]);
  expect(of('<134> 02/07/2026:19:06:53 GMT ns1 0-PPE-0 : default EVENT STATECHANGE 1 0 :  x', TIME)).toEqual([iso]);
  for (const eventtime of ['1770491213', '1770491213000', '1770491213000000', '1770491213000000000']) expect(parse(`<189>date=2026-02-07 time=19:06:53 devid="F" logid="1" eventtime=${eventtime} type="traffic" srcip=192.0.2.1`)[TIME]).toBe(iso);
  for (const tz of ['"+0700"', '+0700', '"UTC+7:00"']) expect(parse(`<189>date=2026-02-08 time=02:06:53 devid="F" logid="1" tz=${tz} type="traffic" srcip=192.0.2.1`)[TIME]).toBe(iso);
});

test('19: clocks of network devices that are not set', () => {
  expect(parse('<189>1: r1: *Feb 17 13:40:03.1: %SYS-5-X: x')['tags']).toEqual(['syslog_time_unsynced']);
  expect(parse('<189>1: r1: .Feb 17 13:40:03.1: %SYS-5-X: x')['tags']).toEqual(['syslog_time_unsynced']);
  for (const uptime of ['00:20:10', '1w2d', '3d21h', '1y2w']) { const event = parse(`<189>45: ${uptime}: %SYS-5-RESTART: x`); expect([uptime, event['tags'], event[TIME]]).toEqual([uptime, ['syslog_time_uptime'], '2026-02-17T14:00:00.000Z']); }
});

test('20, 25: zone names, halves of a day, a leap second', () => {
  expect(of('<13>Feb  7 19:06:53 ICT h app: x', TIME, HOST, APP)).toEqual(['2026-02-07T12:06:53.000Z', 'h', 'app']);
  expect(of('<13>Feb  7 19:06:53 CEST h app: x', TIME, HOST)).toEqual(['2026-02-07T17:06:53.000Z', 'h']);
  expect(of('<189>1: Feb  7 2026 07:06:53 PM EDT: %SYS-5-X: x', TIME)).toEqual(['2026-02-07T23:06:53.000Z']);
  expect(of('<34>1 2016-12-31T23:59:60Z h a - - - x', TIME, HOST)).toEqual(['2017-01-01T00:00:00.000Z', 'h']);
});

test('23, 24: no year, no zone; the receive time is always kept, a far time told', () => {
  const at = (raw: string, now: string, timezone = 'UTC'): unknown => parseLine({ raw, received: Date.parse(now), timezone }).event[TIME];
  expect(at('<13>Dec 31 23:59:00 h a: x', '2026-01-01T00:10:00Z')).toBe('2025-12-31T23:59:00.000Z');
  expect(at('<13>Jan  1 00:01:00 h a: x', '2025-12-31T23:59:00Z')).toBe('2026-01-01T00:01:00.000Z');
  expect(at('<13>Feb 29 10:00:00 h a: x', '2026-03-01T00:00:00Z')).toBe('2024-02-29T10:00:00.000Z');
  expect(parseLine({ raw: '<13>Feb 17 13:40:03 h a: x', received }).event[TIME]).toBe('2026-02-17T06:40:03.000Z');
  expect(at('<13>Feb 17 13:40:03 h a: x', '2026-02-17T14:00:00Z', 'Europe/Berlin')).toBe('2026-02-17T12:40:03.000Z');
  expect(parse('<34>1 2026-02-17T14:06:00Z h a - - - x')).toMatchObject({ 'event.created': '2026-02-17T14:00:00.000Z', tags: ['time_skew'] });
});

test('26-32: hosts and tags', () => {
  expect(of('<166>Feb 17 13:40:03: %ASA-6-302015: x', HOST, APP)).toEqual([undefined, '%ASA-6-302015']);
  expect(of('<27>xapi: text', HOST, APP)).toEqual([undefined, 'xapi']);
  expect(of('<13>Feb 17 13:40:03 fw1 : %ASA-6-302015: x', HOST, APP)).toEqual(['fw1', '%ASA-6-302015']);
  for (const host of ['2001:db8::1', 'a.b.example.org', 'web_01', 'slot1/host', '192.0.2.1']) expect([host, ...of(`<13>Feb 17 13:40:03 ${host} app[1]: x`, HOST, APP)]).toEqual([host, host, 'app']);
  expect(of('<13>Feb 17 13:40:03 h sshd(pam_unix)[12750]: x', APP, 'log.syslog.procid')).toEqual(['sshd(pam_unix)', '12750']);
  expect(of('<13>Feb 17 13:40:03 h tag text follows', APP, TEXT)).toEqual(['tag', 'text follows']);
  expect(of(`<13>Feb 17 13:40:03 h ${'a'.repeat(60)}[1]: x`, APP, TEXT)).toEqual(['a'.repeat(60), 'x']);
  expect(of('<13>Feb 17 13:40:03 Message forwarded from aix1: sshd[5]: x', HOST, APP)).toEqual(['aix1', 'sshd']);
  expect(of('<13>Feb 17 13:40:03 h last message repeated 3 times', 'haidang.repeated')).toEqual([3]);
  expect(of('<190>2003970: 2003966: Feb 17 13:40:03: %SYS-5-X: x', HOST)).toEqual([undefined]);
  expect(of('<190>29: sw1: Feb 17 13:40:03: %SYS-5-X: x', HOST)).toEqual(['sw1']);
  expect(of('<190>31: r1 RP/0/RSP0/CPU0:Feb 17 13:40:03.1 : app[5]: %X-5-Y : x', HOST, APP)).toEqual(['r1', 'app']);
});

test('33-35: structured data', () => {
  const data = (text: string): Event => parse(`<34>1 2026-02-17T13:40:03Z h a - - ${text}`);
  expect(data('[a@1 x="\\]\\"\\\\"] t')).toMatchObject({ 'log.syslog.structured_data.a@1.x': ']"\\', message: 't' });
  expect(data('[a x="say "hi""] t')).toMatchObject({ 'log.syslog.structured_data.a.x': 'say "hi"' });
  expect(data('[action:"Drop"; src:"192.0.2.1"; loguid:"{0x1,0x2}"]')).toMatchObject({ 'source.ip': '192.0.2.1', 'event.action': 'connection_denied' });
  expect(data('text without data')).toMatchObject({ message: 'text without data' });
  expect(data('[a x="1"]glued')).toMatchObject({ 'log.syslog.structured_data.a.x': '1', message: 'glued' });
  expect(data('[a x="1" x="2"] t')).toMatchObject({ 'log.syslog.structured_data.a.x': ['1', '2'] });
  expect(data('[a x="Hải Phòng"] t')).toMatchObject({ 'log.syslog.structured_data.a.x': 'Hải Phòng' });
  expect(parse('<34>1 2026-02-17T13:40:03Z h a - - - \ufefft')).toMatchObject({ message: 't' });
  expect(of('<34>1 - - - - - -', HOST, APP, TEXT)).toEqual([undefined, undefined, '']);
  expect(of(`<34>1 2026-02-17T13:40:03Z ${'h'.repeat(300)} ${'a'.repeat(90)} - - - t`, HOST, APP)).toEqual(['h'.repeat(300), 'a'.repeat(90)]);
});

test('36-40, 42: bodies', () => {
  const kv = parse('<189>date=2026-02-17 time=13:40:03 devname="fw 1" devid="F" logid="1" type="utm" subtype="webfilter" srcip=192.0.2.1 user="" url="http://e.example.org/a?source=192.0.2.99&srcip=9" msg="say \\"hi\\"" action=blocked');
  expect(kv).toMatchObject({ 'source.ip': '192.0.2.1', 'url.original': 'http://e.example.org/a?source=192.0.2.99&srcip=9', 'fortinet.firewall.msg': 'say "hi"' });
  const early = '1,2026/02/17 13:40:03,0011,TRAFFIC,end,1,2026/02/17 13:40:03,192.0.2.1,203.0.113.9,0.0.0.0,0.0.0.0,"Rule, with a comma",,,dns,vsys1,a,b,e1,e2,L,2026/02/17 13:40:03,1,1,5000,53,0,0,0x0,udp,allow,1,1,1,1';
  for (const raw of [early, `${early},x,y,z,later,fields,1,2,3`]) expect(parse(raw)).toMatchObject({ 'rule.name': 'Rule, with a comma', 'destination.port': 53, 'network.transport': 'udp' });
  expect(parse('CEF:0|a|b\\|c|1|d|e|5|msg=x\\=y and z src=192.0.2.1 request=http://h/a?b\\=c')).toMatchObject({ 'observer.product': 'b|c', 'cef.extensions.msg': 'x=y and z', 'url.original': 'http://h/a?b=c' });
  expect(parse('LEEF:2.0|a|b|1|e|^|src=192.0.2.1^dst=203.0.113.9')).toMatchObject({ 'source.ip': '192.0.2.1', 'destination.ip': '203.0.113.9' });
  expect(parse('LEEF:2.0|a|b|1|e|0x5E|src=192.0.2.1^dst=203.0.113.9')['destination.ip']).toBe('203.0.113.9');
  for (const tab of ['\t', '#011', '\\011']) expect([tab, parse(`<13>Feb 17 13:40:03 dc1 MSWinEventLog${['1', 'Security', '7', 'Tue Feb 17 13:40:03 2026', '4625', 'Microsoft-Windows-Security-Auditing', 'N/A', 'N/A', 'Failure Audit', 'dc1', 'Logon', '', 'Account Name:  an', '9'].map((cell) => tab + cell).join('')}`)['event.code']]).toEqual([tab, '4625']);
  expect(parse('<13>Feb 17 13:40:03 h app: @cee: {"src_ip":"192.0.2.1"}')['source.ip']).toBe('192.0.2.1');
  expect(parse('<13>Feb 17 13:40:03 dc1 x: <Event xmlns="u"><System><EventID>4625</EventID><Channel>Security</Channel></System><EventData><Data Name="TargetUserName">an</Data></EventData></Event>')).toMatchObject({ 'event.code': '4625', 'user.name': 'an' });
  expect(parse('<30>device="SFW" date=2026-02-17 time=13:40:03 timezone="+07" device_name="XG" log_id=010101600001 log_type="Firewall" src_ip=192.0.2.1')['source.ip']).toBe('192.0.2.1');
});

test('41, 43-45: several lines in one, records that belong together, W3C files', () => {
  expect(parse('<11>Feb 17 13:40:03 h app: java.lang.X: y#012\tat a.b(C.java:1)#012\tat d')['message']).toContain('#012');
  expect(parse('<11>Feb 17 13:40:03 h app: first\n\tat second')['message']).toBe('first\n\tat second');
  expect(parse('type=EXECVE msg=audit(1771335603.123:7): argc=2 a0="cat" a1=2F6574632F736861646F77')['process.command_line']).toBe('cat /etc/shadow');
  expect(parse('type=EXECVE msg=audit(1771335603.123:7): argc=2 a0="sh" a1_len=4 a1[0]="ab" a1[1]="cd"')['process.command_line']).toBe('sh abcd');
  for (const line of ['2026-02-17 06:40:03 192.0.2.8 GET /a x=1 443 - 203.0.113.9 curl/8 - 404 0 2 15', '2026-02-17 06:40:03 W3SVC1 192.0.2.8 GET /a x=1 443 - 203.0.113.9 HTTP/2 curl/8 - - e.example.org 404 0 2 512 90 15']) expect(parse(line)).toMatchObject({ 'source.ip': '203.0.113.9', 'http.response.status_code': 404, 'url.query': 'x=1' });
  expect(parse('#Fields: date time s-ip cs-method')['message']).toBe('#Fields: date time s-ip cs-method');
  expect(parse('2026-02-17 13:40:03.123 UTC [12] an@app STATEMENT:  INSERT INTO t\n\tVALUES (\'{"a":1}\')')).toMatchObject({ 'process.pid': 12, 'user.name': 'an' });
});

test('46, 49-51: characters', () => {
  const bytes = new Uint8Array([...new TextEncoder().encode('<13>Feb 17 13:40:03 h app: a'), 0xff, 0xfe, 0x62]);
  const broken = parseLine({ bytes, received });
  expect(broken.event).toMatchObject({ message: 'a\ufffd\ufffdb', 'host.name': 'h' });
  expect([...atob(String(broken.event['event.original_b64']))].map((c) => c.charCodeAt(0))).toEqual([...bytes]);
  const decomposed = '<13>Feb 17 13:40:03 h app: Ha\u0309i Pho\u0300ng';
  expect(parse(decomposed)).toMatchObject({ message: 'Hải Phòng', 'event.original': decomposed });
  expect(parse('<13>Feb 17 13:40:03 h app: hoà hòa')['message']).toBe('hoà hòa');
  for (const odd of ['a\0b', 'a\u001b[31mb', 'a\u202eb', 'a\u200bb', 'a\u0085b']) expect(parse(`<13>Feb 17 13:40:03 h app: ${odd} c`)['message']).toBe(`${odd} c`);
  const lone = parse('<13>Feb 17 13:40:03 h app: {"user":"\\ud800","src_ip":"192.0.2.1"}');
  expect(lone['source.ip']).toBe('192.0.2.1');
  expect(() => new TextEncoder().encode(JSON.stringify(lone))).not.toThrow();
});

test('an address that a machine is given is no destination', () => {
  expect(parse('<30>Feb 17 13:40:03 pf1 dhclient[991]: bound to 198.51.100.1 -- renewal in 1800 seconds.')['destination.ip']).toBeUndefined();
});

test('a Windows text inside CEF leaves the message what it is', () => {
  expect(parse('CEF:0|Trend Micro|Deep Security Agent|20.0|3002795|x|8|dvchost=web-01 src=203.0.113.9 msg=WinEvtLog: Security: AUDIT_FAILURE(4625): Microsoft-Windows-Security-Auditing: (no user): no domain: dc1: An account failed')).toMatchObject({ 'event.dataset': 'cef.log', 'source.ip': '203.0.113.9', 'host.name': 'web-01' });
});

test('ends of IPv6 keep their last group where the protocol has no ports', () => {
  expect(parse('<33>Feb 17 13:40:03 ids1 snort: [1:408:8] x [Priority: 3] {IPV6-ICMP} 2001:db8::9 -> 2001:db8::8')).toMatchObject({ 'source.ip': '2001:db8::9', 'destination.ip': '2001:db8::8' });
  expect(parse('<33>Feb 17 13:40:03 ids1 snort: [1:408:8] x [Priority: 3] {UDP} 2001:db8::9:53 -> 2001:db8::8:80')).toMatchObject({ 'source.ip': '2001:db8::9', 'source.port': 53, 'destination.port': 80 });
});

test.each([
  ['a relay names itself before the host', '<38>Feb 17 13:40:03 relay-1 web-1 sshd[991]: T', 'relay-1'],
  ['a relay of RFC 5424 carries the older header', '<13>1 2026-02-17T13:40:03Z relay-1 - - - - <38>Feb 17 13:40:03 web-1 sshd[991]: T', 'relay-1'],
  ['without its priority', '<13>1 2026-02-17T13:40:03Z relay-1 - - - - Feb 17 13:40:03 web-1 sshd[991]: T', 'relay-1'],
  ['a relay that names its program carries RFC 5424', '<13>1 2026-02-17T13:40:03Z relay-1 forwarder - - - <38>1 2026-02-17T13:40:03Z web-1 sshd 991 - - T', 'relay-1'],
  ['the tag stands again behind RFC 5424', '<38>1 2026-02-17T13:40:03Z web-1 sshd 991 - - sshd[991]: T', undefined],
  ['FreeBSD names facility and level', '<38>Feb 17 13:40:03 web-1 <auth.info> sshd[991]: T', undefined],
  ['without brackets', '<38>Feb 17 13:40:03 web-1 auth.info sshd[991]: T', undefined],
  ['Solaris gives each message a number', '<38>Feb 17 13:40:03 web-1 sshd[991]: [ID 800047 auth.info] T', undefined],
])('%s: host, program and text are those of the origin', (_name, line, relay) => {
  const event = parse(line.replace(/T$/, 'Failed password for root from 203.0.113.9 port 51122 ssh2'));
  expect(event).toMatchObject({ 'event.action': 'ssh_login_failed', 'user.name': 'root', 'source.ip': '203.0.113.9', 'host.name': 'web-1', 'log.syslog.appname': 'sshd', 'log.syslog.procid': '991' });
  expect(event['log.syslog.relay']).toBe(relay);
});
