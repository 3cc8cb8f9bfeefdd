import { parseLine } from './parse-line.js';
import { hostOfLine } from './line-host.js';

const received = Date.parse('2026-02-17T14:00:00Z'), line = 'Accepted password for an from 203.0.113.9 port 22 ssh2', record = (members: object): string => JSON.stringify(members);

test.each<[string, string, string | undefined]>([
  ['RFC 3164', `<38>Feb 17 20:40:03 web-1 sshd[12]: ${line}`, 'web-1'],
  ['RFC 5424', `<38>1 2026-02-17T13:40:03Z web-1 sshd 12 - - ${line}`, 'web-1'],
  ['a header inside', `<134>Feb 17 20:41:00 relay-1 <38>Feb 17 20:40:03 web-1 sshd[12]: ${line}`, 'web-1'],
  ['behind a tag', `<134>Feb 17 20:41:00 relay-1 fwd: <38>Feb 17 20:40:03 web-1 sshd[12]: ${line}`, 'web-1'],
  ['AIX', `<134>Feb 17 20:41:00 relay-1 fwd: Message forwarded from web-1: sshd[12]: ${line}`, 'web-1'],
  ['Kiwi', `<134>Feb 17 20:41:00 relay-1 Original Address=192.0.2.40 sshd[12]: ${line}`, '192.0.2.40'],
  ['journald', record({ __REALTIME_TIMESTAMP: '1771335603000000', _HOSTNAME: 'web-1', SYSLOG_IDENTIFIER: 'sshd', _PID: '12', MESSAGE: line }), 'web-1'],
  ['Filebeat', record({ '@timestamp': '2026-02-17T13:40:03Z', message: line, host: { name: 'web-1' }, process: { name: 'sshd' }, log: { file: { path: '/var/log/auth.log' } }, agent: { type: 'filebeat' } }), 'web-1'],
  ['Filebeat, of a file that others write', record({ message: `Feb 17 20:40:03 web-1 sshd[12]: ${line}`, host: { name: 'collector-7' }, log: { file: { path: '/var/log/remote.log' } }, agent: { type: 'filebeat' } }), 'web-1'],
  ['rsyslog behind a header', `<14>Feb 17 20:41:00 relay-1 rsyslogd: @cee: ${record({ hostname: 'web-1', programname: 'sshd', procid: '12', message: line })}`, 'web-1'],
  ['GELF', record({ version: '1.1', host: 'web-1', short_message: `sshd[12]: ${line}`, timestamp: 1771335603 }), 'web-1'],
  ['Splunk\'s collector', record({ time: 1771335603, host: 'web-1', event: `sshd[12]: ${line}` }), 'web-1'],
  ['Loki', record({ streams: [{ stream: { job: 'varlogs', filename: '/var/log/auth.log', host: 'web-1' }, values: [['1771335603000000000', `sshd[12]: ${line}`]] }] }), 'web-1'],
  ['a Windows event', record({ winlog: { computer_name: 'DC-1', event_id: 4624, channel: 'Security' }, '@timestamp': '2026-02-17T13:40:03Z', host: { name: 'DC-1' }, message: 'An account was successfully logged on.' }), 'DC-1'],
  ['NXLog', record({ Hostname: 'DC-1', EventID: 4624, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', Message: 'An account was successfully logged on.' }), 'DC-1'],
  ['an application', record({ level: 'info', msg: 'started', hostname: 'web-1' }), 'web-1'],
])('%s: who wrote it, as the event says it', (_name, raw, host) => {
  expect(hostOfLine(raw)).toBe(host);
  expect(parseLine({ raw, received }).event['host.name']).toBe(host);
});

test.each([
  ['nothing', ''], ['text', 'something happened'], ['a torn object', '{"host":"web-1","message":"'], ['a host that is no name', record({ host: { ip: '192.0.2.3' }, message: 'a' })], ['an empty one', record({ hostname: '', message: 'a' })],
])('%s names nobody', (_name, raw) => { expect(hostOfLine(raw)).toBeUndefined(); });

test.each([
  ['what a client asked for, behind a header', `<190>Feb 17 20:40:03 web-1 nginx: ${record({ host: 'dvc.example.vn', hostname: 'dvc.example.vn', remote_addr: '203.0.113.9', request: 'GET / HTTP/1.1' })}`, 'web-1'],
  ['what a client asked for, bare', record({ host: 'dvc.example.vn', remote_addr: '203.0.113.9', request: 'GET / HTTP/1.1' }), undefined],
  ['a Windows event behind the header of who forwards', `<14>Feb 17 20:40:03 wec-1 ${record({ Hostname: 'DC-1', EventID: 4624, SourceName: 'Microsoft-Windows-Security-Auditing', Channel: 'Security', Message: 'm' })}`, 'DC-1'],
])('%s', (_name, raw, host) => { expect(hostOfLine(raw)).toBe(host); });

test('records inside records end', () => {
  expect(hostOfLine(Array.from({ length: 9 }).reduce<string>((inside) => record({ message: inside }), `<38>Feb 17 20:40:03 web-1 sshd[12]: ${line}`))).toBeUndefined();
});
