import { parseLine } from './parse-line.js';

const received = Date.parse('2026-02-17T14:00:00Z'), parse = (raw: string): ReturnType<typeof parseLine> => parseLine({ raw, received });
const RELAYS = [['RFC 3164', '<134>Feb 17 20:41:00 relay-1 '], ['RFC 5424', '<134>1 2026-02-17T13:41:00Z relay-1 - - - - '], ['a tag of its own', '<134>Feb 17 20:41:00 relay-1 fwd: '], ['RFC 5424 with a program', '<134>1 2026-02-17T13:41:00Z relay-1 fwd 12 - - '], ['ISO time', '<134>2026-02-17T20:41:00.123456+07:00 relay-1 ']] as const;
const LINES: readonly (readonly [string, string, object])[] = [
  ['linux.sshd', 'Feb 17 20:40:03 web-1 sshd[12]: Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': 'web-1', 'user.name': 'an', 'process.pid': 12 }],
  ['linux.sshd', '<38>Feb 17 20:40:03 web-1 sshd[12]: Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': 'web-1', 'user.name': 'an' }],
  ['linux.sshd', '<38>1 2026-02-17T13:40:03Z web-1 sshd 12 - - Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': 'web-1', 'user.name': 'an' }],
  ['linux.sshd', 'Message forwarded from web-1: sshd[12]: Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': 'web-1', 'user.name': 'an' }],
  ['linux.sshd', 'Original Address=192.0.2.40 <38>Feb 17 20:40:03 web-1 sshd[12]: Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': 'web-1', 'user.name': 'an' }],
  ['linux.sshd', 'Original Address=192.0.2.40 sshd[12]: Accepted password for an from 203.0.113.9 port 22 ssh2', { 'host.name': '192.0.2.40', 'user.name': 'an' }],
  ['panw.panos', 'Feb 17 20:40:03 PA-220 1,2026/02/17 20:40:03,001234567890002,SYSTEM,general,0,2026/02/17 20:40:03,,general,,0,0,general,informational,"User admin logged in via CLI from Console",1,0x0', { 'user.name': 'admin' }],
  ['sonicwall.firewall', 'Feb 17 20:40:03 192.0.2.5 id=firewall sn=0000A0AAAA00 time="2026-02-17 20:40:03" fw=192.0.2.4 pri=6 c=262144 m=98 msg="Connection Opened" n=23 src=203.0.113.9:36701:WAN dst=192.0.2.3:443:WAN proto=tcp/443', { 'source.ip': '203.0.113.9' }],
  ['cisco.ios', '<190>sw-1: 2026 Feb 17 20:40:03 ICT: %AAA-6-AAA_ACCOUNTING_MESSAGE: start:vsh.bin.30212:admin:', { 'host.name': 'sw-1' }],
  ['cisco.ios', '<189>123: sw-1: Feb 17 20:40:03.123: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (203.0.113.9)', { 'host.name': 'sw-1', 'user.name': 'admin' }],
  ['cisco.ios', 'sw-1: Feb 17 20:40:03.123 ICT: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (203.0.113.9)', { 'host.name': 'sw-1', 'user.name': 'admin' }],
  ['cisco.asa', '<166>Feb 17 2026 20:40:03: %ASA-6-302013: Built inbound TCP connection 1 for outside:203.0.113.9/1 (203.0.113.9/1) to inside:10.0.0.1/80 (10.0.0.1/80)', { 'source.ip': '203.0.113.9' }],
  ['cisco.meraki', '<134>1 1771335603.334549372 MX84_5 urls src=203.0.113.9:51234 dst=198.51.100.3:443 mac=00:00:5E:00:53:01 request: GET https://example.vn/', { 'source.ip': '203.0.113.9' }],
  ['cef.log', 'Feb 17 20:40:03 web-1 CEF:0|Trend Micro|Deep Security Agent|10|600|User Signed In|4|src=203.0.113.9', { 'host.name': 'web-1', 'source.ip': '203.0.113.9' }],
  ['fortinet.firewall', '<189>date=2026-02-17 time=20:40:03 devname="fw-1" devid="FG1" logid="0100032001" type="event" subtype="system" level="information" vd="root" user="admin" srcip=203.0.113.9 action="login" status="success"', { 'source.ip': '203.0.113.9' }],
];

test.each(RELAYS.flatMap(([relay, header]) => LINES.map(([format, line, fields]) => ({ relay, format, line, raw: header + line, fields }))))('$relay around: $line', ({ raw, line, format, fields }) => {
  const read = parse(raw);
  expect({ format: read.format, event: read.event }).toMatchObject({ format, event: { ...fields, 'event.original': raw, 'log.syslog.priority': Number(/<(\d+)>/.exec(line)?.[1] ?? 134) } });
  const host = read.event['host.name'];
  if (host !== 'relay-1') expect(read.event['log.syslog.relay']).toBe('relay-1');
  expect(read.event['event.created']).toBe('2026-02-17T14:00:00.000Z');
});

test('relays behind relays are followed as far as three', () => {
  const line = 'sw-1: Feb 17 20:40:03.123 ICT: %SYS-5-CONFIG_I: Configured from console by admin on vty0 (203.0.113.9)', behind = (n: number): string => `${'<134>Feb 17 20:41:00 relay-1 fwd: '.repeat(n)}${line}`;
  expect(parse(behind(3))).toMatchObject({ format: 'cisco.ios', event: { 'host.name': 'sw-1', 'user.name': 'admin' } });
  expect(parse(behind(200)).event['event.original']).toBe(behind(200));
});

test.each([
  ['<134>Feb 17 20:41:00 web-1 app: Feb 17 2026 is the day on which the backup of db-1 ended', 'web-1'],
  ['<134>Feb 17 20:41:00 web-1 app: <5> items in the basket of web-2', 'web-1'],
  ['<134>Feb 17 20:41:00 web-1 app: Feb 17 20:40:00 INFO started web-2', 'web-1'],
])('a text that only begins like a line is its program\'s: %s', (raw, host) => {
  const { event } = parse(raw);
  expect(event).toMatchObject({ 'host.name': host, 'process.name': 'app', message: raw.slice(raw.indexOf('app: ') + 5) });
});

test.each([
  ['postgresql.log', '<13>2026-02-17 20:40:03.123 +07 [1234] an@portal LOG:  connection authorized: user=an database=portal', { 'user.name': 'an', 'process.pid': 1234 }],
  ['iis.access', '<13>2026-02-17 13:40:03 W3SVC1 192.0.2.4 GET /help/default.aspx - 443 - 203.0.113.9 curl/8 - 403 4 5 160', { 'source.ip': '203.0.113.9' }],
])('a line of a file behind a mere priority: %s', (format, raw, fields) => {
  const { 'host.name': host, ...event } = parse(raw).event;
  expect({ format: parse(raw).format, event, host }).toMatchObject({ format, event: { ...fields, 'log.syslog.priority': 13 }, host: undefined });
});
