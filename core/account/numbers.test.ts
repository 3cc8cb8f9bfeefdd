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
])('%s', (name, number, line) => {
  expect(numberIn(line)).toEqual({ name, number });
});

test('lines without a number, and numbers that cannot be followed, have none', () => {
  for (const line of ['<38>Nov 22 10:00:00 web-01 sshd[812]: Failed password for root', '<13>1 2026-11-22T10:00:00Z h a 1 - [meta sequenceId="x"] t', '<13>1 2026-11-22T10:00:00Z h a 1 - [meta sequenceId="99999999999999999999"] t', '12: not Cisco', '']) expect(numberIn(line)).toBeUndefined();
});

test('kinds that are ignored are left out, others stay', () => {
  const numbers = ['windows dc-01 Security', 'windows', 'windowsill', 'cisco sw-01'].map((name) => ({ system: 's', sender: 'a', tier: 3, name, runs: [] }));
  expect(withoutNumbers({ minutes: [], numbers }, ['windows']).numbers.map(({ name }) => name)).toEqual(['windowsill', 'cisco sw-01']);
});
