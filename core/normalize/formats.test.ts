import { parseLine } from '../message/parse-line.js';
import { ACTIONS } from './actions.js';
import { FIXTURES } from './fixtures/lines.js';
import { FORMATS } from './table.js';

const received = Date.parse('2026-02-17T14:00:00Z');

test.each(FIXTURES.map(({ format, raw, want }) => [format, raw, want] as const))('%s: %s', (format, raw, want) => {
  const parsed = parseLine({ raw, received });
  expect(parsed.format).toBe(format);
  for (const [field, value] of Object.entries(want)) if (value === undefined) expect(parsed.event).not.toHaveProperty([field]);
  expect(parsed.event).toMatchObject(Object.fromEntries(Object.entries(want).filter(([, value]) => value !== undefined)));
});

test('every format of the table has a line of its own here', () => {
  const tested = new Set(FIXTURES.map(({ format }) => format));
  expect(FORMATS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

test('what a line does not say is not said of it', () => {
  const said = (raw: string, ...fields: string[]): unknown[] => { const { event } = parseLine({ raw, received }); return fields.filter((field) => Object.hasOwn(event, field)); };
  expect(said("type=USER_AUTH msg=audit(1771310403.123:4711): pid=991 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication acct=\"an\" res=failed'", 'user.name', 'user.id', 'user.audit.id')).toEqual(['user.name']);
  expect(said('<78>Feb 17 13:40:03 web01 cron[12]: (*system*) RELOAD (/etc/cron.d/sao-luu)', 'file.path', 'user.name')).toEqual(['file.path']);
  expect(said('FW-ACCEPT IN=eth0 OUT=eth1 SRC=192.0.2.9 DST=198.51.100.1 LEN=60 PROTO=UDP SPT=53 DPT=4000', 'source.ip', 'network.direction')).toEqual(['source.ip']);
  expect(said('{"winlog":{"channel":"Security","event_id":"4735","event_data":{"SubjectUserName":"an","TargetUserName":"Operators"}}}', 'group.name', 'user.target.name')).toEqual(['group.name']);
  expect(said('<134>1 2026-02-17T06:40:03Z gw1 CheckPoint 123 - [action:"ctl"; loguid:"{0x1,0x2,0x3,0x4}"; origin:"10.0.0.1"; product:"System Monitor"; src:"10.0.0.5"; xlatesrc:"0.0.0.0"; xlatesport:"0"]', 'event.action', 'source.nat.ip', 'source.nat.port', 'source.ip')).toEqual(['source.ip']);
  expect(said('<30>device="SFW" date=2026-02-17 time=13:40:03 timezone="+07" device_name="XG" device_id=X1 log_id=123526618031 log_type="System Health" log_component="CPU" log_subtype="Usage" system=2.5% user=3.5% idle=94%', 'user.name', 'source.user.name', 'observer.name')).toEqual(['observer.name']);
  expect(said('<85>Feb 17 13:40:03 web01 sudo:       an : unable to resolve host web01: Name or service not known', 'event.action', 'event.outcome', 'user.name')).toEqual(['user.name']);
  expect(said("<85>Feb 17 13:40:03 web01 login[12]: FAILED LOGIN (1) on '/dev/tty1' FOR 'UNKNOWN', Authentication failure", 'event.action', 'user.name')).toEqual(['event.action']);
  expect(said('[2026-02-17 13:40:03,120] ERROR in app: Exception on /login [POST]', 'user.name', 'error.type', 'log.level')).toEqual(['log.level']);
  expect(said('2026-02-17 13:40:03,120 WARN  [vn.example.Portal] (default task-3) closed: java.io.IOException: gone', 'error.message', 'error.stack_trace')).toEqual(['error.message']);
  expect(said('<30>Feb 17 13:40:03 ns1 authd[12]: started', 'observer.vendor', 'process.name')).toEqual(['process.name']);
  const windows = (channel: string, event_id: string, event_data: object): string => JSON.stringify({ winlog: { channel, event_id, event_data } });
  expect(said(windows('Security', '4625', { TargetUserName: 'an', TargetUserSid: 'S-1-0-0' }), 'user.name', 'user.id')).toEqual(['user.name']);
  expect(said(windows('System', '7045', { ServiceName: 'x', AccountName: 'LocalSystem' }), 'service.name', 'user.name')).toEqual(['service.name']);
  expect(said(windows('Microsoft-Windows-Sysmon/Operational', '24', { Image: 'C:\\a.exe', Hashes: `MD5=${'ab'.repeat(16)}` }), 'process.name', 'process.hash.md5', 'file.hash.md5')).toEqual(['process.name']);
  expect(said(windows('Microsoft-Windows-PowerShell/Operational', '4104', { ScriptBlockText: 'HostApplication=x\nUserId=y' }), 'winlog.channel', 'process.command_line', 'user.name')).toEqual(['winlog.channel']);
});

test('every action said is one of the list, but for what a device, an application or a cloud itself calls its action', () => {
  const device = new Set(['cef.log', 'leef.log', 'fortinet.firewall']);
  for (const { format, raw } of FIXTURES) {
    const { 'event.action': action, 'event.dataset': dataset } = parseLine({ raw, received }).event;
    if (action !== undefined && !device.has(format) && !/^(?:app|atlassian|osquery|docker|github|azure|gcp|o365|aws|okta|cisco_duo|onelogin|jumpcloud|google_workspace|hashicorp_vault|teleport|crowdstrike|m365_defender|ocsf)\./.test(String(dataset))) expect([raw, Object.hasOwn(ACTIONS, String(action))]).toEqual([raw, true]);
  }
});

test('text that no format knows keeps its header and stays searchable', () => {
  const { format, event } = parseLine({ raw: '<13>Feb 17 13:40:03 web01 portal[12]: Người dùng đã đăng nhập', received });
  expect(format).toBeNull();
  expect(event).toMatchObject({ message: 'Người dùng đã đăng nhập', 'host.name': 'web01', 'process.name': 'portal', 'event.dataset': 'linux.syslog' });
  expect(parseLine({ raw: 'some words', received }).event).toMatchObject({ message: 'some words', 'event.dataset': 'syslog.generic' });
});
