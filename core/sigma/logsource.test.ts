import { eventFromJson, eventTime } from './events.js';
import { fieldView } from './field-view.js';
import { isCovered, sourcesOf } from './logsource.js';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const covers = (event: Parameters<typeof sourcesOf>[0], ...wanted: Parameters<typeof isCovered>[0][]): boolean[] => wanted.map((one) => isCovered(one, sourcesOf(event).sources));

test('Windows events by channel and event id, whatever the case of the channel', () => {
  expect(covers({ Channel: SYSMON, EventID: 1 }, { product: 'windows', category: 'process_creation' }, { product: 'windows', service: 'sysmon' }, { product: 'windows', category: 'file_event' })).toEqual([true, true, false]);
  expect(covers({ Channel: 'security', EventID: '4625' }, { product: 'windows', service: 'security' }, { product: 'linux' })).toEqual([true, false]);
  expect(covers({ 'winlog.channel': 'Windows PowerShell', 'winlog.event_id': '400' }, { product: 'windows', category: 'ps_classic_start' })).toEqual([true]);
});

test('registry additions and deletions are told apart by their event type', () => {
  const event = { Channel: SYSMON, EventID: 12, EventType: 'CreateKey' };
  expect(covers(event, { category: 'registry_add' }, { category: 'registry_delete' }, { category: 'registry_event' })).toEqual([true, false, true]);
  expect(covers({ ...event, EventType: 'DeleteValue' }, { category: 'registry_add' }, { category: 'registry_delete' })).toEqual([false, true]);
});

test('Security 4688 is process creation for our own events only', () => {
  const flat = { Channel: 'Security', EventID: 4688 };
  expect(covers(flat, { category: 'process_creation' })).toEqual([false]);
  expect(covers({ 'winlog.channel': 'Security', 'winlog.event_id': '4688', 'event.dataset': 'windows.security', 'event.original': '{}' }, { category: 'process_creation' })).toEqual([true]);
});

test('our own data sets', () => {
  expect(covers({ 'event.dataset': 'linux.sshd' }, { product: 'linux', service: 'sshd' }, { product: 'linux', service: 'auth' }, { product: 'linux', service: 'syslog' })).toEqual([true, true, false]);
  expect(covers({ 'event.dataset': 'nginx.access' }, { category: 'webserver' }, { category: 'webserver', product: 'apache' }, { service: 'nginx' })).toEqual([true, false, true]);
  expect(covers({ 'event.dataset': 'zeek.dns' }, { product: 'zeek', service: 'dns' }, { category: 'dns' })).toEqual([true, true]);
  expect(covers({ 'event.dataset': 'fortinet.firewall', 'fortinet.firewall.type': 'event' }, { product: 'fortigate', service: 'event' }, { category: 'firewall' })).toEqual([true, false]);
  expect(covers({ 'event.dataset': 'haidang.mark' }, { product: 'haidang' }, { product: 'linux' })).toEqual([false, false]);
});

test('noisy keyword rules see only messages that log commands', () => {
  const ios = (message: string): boolean[] => covers({ 'event.dataset': 'cisco.ios', message }, { product: 'cisco', service: 'aaa' });
  expect(ios('%PARSER-5-CFGLOG_LOGGEDCMD: User:admin logged command:copy run tftp')).toEqual([true]);
  expect(ios('%LINK-3-UPDOWN: Interface Gi0/1, more text')).toEqual([false]);
});

test('data set names from outside are only names', () => {
  for (const name of ['constructor', '__proto__', 'toString.x', '']) expect(Array.isArray(sourcesOf({ 'event.dataset': name, message: 'x' }).sources)).toBe(true);
});

test('fields: the native name first, then ours, then ECS', () => {
  expect(fieldView({ product: 'windows', category: 'process_creation' })('Image')).toEqual(['Image', 'winlog.event_data.Image', 'winlog.user_data.Image', 'NewProcessName', 'winlog.event_data.NewProcessName', 'process.executable']);
  expect(fieldView({ category: 'webserver' })('cs-uri-query')).toContain('url.original');
  expect(fieldView({ product: 'linux', service: 'auditd' })('type')[1]).toBe('auditd.log.record_type');
  const sudo = fieldView({ product: 'linux', service: 'sudo' });
  expect([sudo('user').at(-1), sudo('USER')]).toEqual(['user.name', expect.arrayContaining(['user.effective.name'])]);
  expect(fieldView({ product: 'linux' })('constructor')[0]).toBe('constructor');
});

test('an EVTX dump becomes the flat form: attributes, text, blanks in names, unnamed data', () => {
  const event = eventFromJson(JSON.stringify({ Event: { '#attributes': { xmlns: 'x' },
    System: { Provider: { '#attributes': { Name: 'P' } }, EventID: { '#attributes': { Qualifiers: 0 }, '#text': 1116 }, Channel: 'Application', TimeCreated: { '#attributes': { SystemTime: '2025-10-25T13:44:33.440907Z' } } },
    EventData: { 'Threat Name': 'X', Data: [{ '#attributes': { Name: 'A' }, '#text': 'b' }, 'c'] }, UserData: { Inner: { '#attributes': { xmlns: 'y' }, Deep: 'd' } } } }));
  expect(event).toMatchObject({ Provider_Name: 'P', EventID: 1116, EventID_Qualifiers: 0, Channel: 'Application', ThreatName: 'X', A: 'b', Data: 'c', Deep: 'd' });
  expect(eventTime(event ?? {})).toBe(Date.UTC(2025, 9, 25, 13, 44, 33, 440));
});

test('integers beyond 2^53 keep their digits; what is inside strings stays', () => {
  expect(eventFromJson('{"a": 9007199254740993, "b": "9007199254740993 {", "c": [12345678901234567890], "d": 1.23456789012345678, "e": 1234567890123456}'))
    .toEqual({ a: '9007199254740993', b: '9007199254740993 {', c: ['12345678901234567890'], d: 1.2345678901234568, e: 1234567890123456 });
});

test('a time without a zone is UTC', () => {
  expect(eventTime({ TimeCreated_SystemTime: '2021-12-04 21:19:16.741995' })).toBe(Date.UTC(2021, 11, 4, 21, 19, 16, 741));
  expect(eventTime({ '@timestamp': '2026-01-01T07:00:00+07:00' })).toBe(Date.UTC(2026, 0, 1));
  expect(eventTime({ a: 1 })).toBeUndefined();
});
