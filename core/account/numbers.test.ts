// The numbers of real lines, as the parsers read them.
import { parseLine, createParseContext } from '../message/parse-line.js';
import { numberOf, withoutNumbers } from './numbers.js';

const RECEIVED = Date.UTC(2026, 10, 22, 5), numberIn = (raw: string): unknown => numberOf(parseLine({ raw, received: RECEIVED, source: 'x', context: createParseContext() }).event);

test.each([
  ['windows dc-01 Security', 77_123, '<13>Nov 22 10:00:00 dc-01 {"EventTime":"2026-11-22 10:00:00","Hostname":"dc-01","EventID":4624,"RecordNumber":77123,"Channel":"Security","SourceName":"Microsoft-Windows-Security-Auditing","Message":"x"}'],
  ['auditd linux-1', 456, '<182>Nov 22 10:00:00 linux-1 audispd: type=SYSCALL msg=audit(1795132800.123:456): arch=c000003e syscall=59 success=yes exit=0 comm="ls" exe="/bin/ls"'],
  ['syslog host-1', 42, '<13>1 2026-11-22T10:00:00Z host-1 app 12 ID1 [meta sequenceId="42" sysUpTime="100"] hello'],
  ['panos 012345678901 TRAFFIC', 7_001_234, '<14>Nov 22 10:00:00 pa-01 1,2026/11/22 10:00:00,012345678901,TRAFFIC,end,2561,2026/11/22 10:00:00,192.0.2.1,198.51.100.2,0.0.0.0,0.0.0.0,rule1,,,web-browsing,vsys1,trust,untrust,ethernet1/1,ethernet1/2,default,2026/11/22 10:00:00,1234,1,50000,80,0,0,0x0,tcp,allow,100,60,40,2,2026/11/22 09:59:50,10,any,,7001234,0x8000000000000000,192.0.2.0-192.0.2.255,US,,1,1,tcp-fin'],
  ['cisco', 123, '<189>000123: *Mar  1 18:46:11: %SYS-5-CONFIG_I: Configured from console by vty2 (192.0.2.1)'],
  ['cisco sw-01', 2_003_970, '<190>2003970: 2003966: sw-01: Oct  4 10:00:00.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up'],
  // A firewall numbers nothing itself; where something in front of its messages counts, the count is followed.
  ['cisco', 4711, '<166>4711: Nov 22 2026 10:00:00: %ASA-6-302013: Built outbound TCP connection 912 for outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.0.2.5/5000 (192.0.2.5/5000)'],
  ['cisco asa-01', 31, '<190>asa-01: 31: %ASA-6-106015: Deny TCP (no connection) from 198.51.100.7/443 to 192.0.2.5/5000 flags RST on interface outside'],
  ['syslog asa-01', 8, '<166>1 2026-11-22T10:00:00Z asa-01 %ASA-6-302014 - - [meta sequenceId="8"] Teardown TCP connection 912 for outside:198.51.100.7/443 to inside:192.0.2.5/5000 duration 0:00:01 bytes 10 TCP FINs'],
])('%s', (name, number, line) => {
  expect(numberIn(line)).toEqual({ name, number });
});

test('lines without a number, and numbers that cannot be followed, have none', () => {
  for (const line of ['<38>Nov 22 10:00:00 web-01 sshd[812]: Failed password for root', '<13>1 2026-11-22T10:00:00Z h a 1 - [meta sequenceId="x"] t', '<13>1 2026-11-22T10:00:00Z h a 1 - [meta sequenceId="99999999999999999999"] t', '12: not Cisco', '']) expect(numberIn(line)).toBeUndefined();
});

test.each([
  ['of before', '<166>Nov 22 2026 10:00:00: %ASA-6-302013: Built outbound TCP connection 912 for outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.0.2.5/5000 (192.0.2.5/5000)'],
  ['with a device id', '<166>Nov 22 2026 10:00:00 asa-01 : %ASA-6-302014: Teardown TCP connection 912 for outside:198.51.100.7/443 to inside:192.0.2.5/5000 duration 0:00:01 bytes 10 TCP FINs'],
  ['EMBLEM', '<166>:Nov 22 10:00:00 UTC: %ASA-session-6-305011: Built dynamic TCP translation from inside:192.0.2.5/5000 to outside:198.51.100.1/5000'],
  ['of RFC 5424', '<166>2026-11-22T10:00:00Z asa-01 : %ASA-6-110002: Failed to locate egress interface for TCP from inside:192.0.2.5/5000 to 198.51.100.7/443'],
  ['FTD', '<113>2026-11-22T10:00:00Z ftd-01 : %FTD-1-430003: EventPriority: Low, DeviceUUID: 0, InstanceID: 3, FirstPacketSecond: 2026-11-22T10:00:00Z, ConnectionID: 512, SrcIP: 192.0.2.5, DstIP: 198.51.100.7'],
])('ASA\'s own forms (%s) have no number: that of a message is its kind, that of a connection is not one of messages', (_, line) => {
  expect(numberIn(line)).toBeUndefined();
});

test('kinds that are ignored are left out, others stay', () => {
  const numbers = ['windows dc-01 Security', 'windows', 'windowsill', 'cisco sw-01'].map((name) => ({ system: 's', sender: 'a', tier: 3, name, runs: [] }));
  expect(withoutNumbers({ minutes: [], numbers }, ['windows']).numbers.map(({ name }) => name)).toEqual(['windowsill', 'cisco sw-01']);
});
