// What agents on machines tell, as each writes it -> the rules for programs, files and connections of its system.
import { createParseContext } from '../message/parse-line.js';
import { eventOf, meets, meetsEvent, seen } from './line.test-helper.js';

const at = '2026-02-17T06:40:03.123Z';
const ecs = (dataset: string, action: string, category: string, type: string, more: object): object => ({ '@timestamp': at, agent: { type: 'auditbeat' }, event: { dataset, action, category: [category], type: [type], kind: 'event' }, ...more });
const osquery = (columns: object): object => ({ name: 'pack_hosts_events', hostIdentifier: 'web-01', calendarTime: 'Tue Feb 17 06:40:03 2026 UTC', unixTime: 1771310403, action: 'added', columns });
const hunting = (table: string, properties: object): object => ({ time: at, tenantId: 't', category: `AdvancedHunting-${table}`, properties: { Timestamp: at, DeviceName: 'may-01', DeviceId: 'd', ...properties } });
const falcon = (name: string, system: string, more: object): object => ({ event_simpleName: name, event_platform: system, aid: 'a', ContextTimeStamp: '1771310403.123', ComputerName: 'may-01', ...more });
const falco = (fields: object): object => ({ output: 'x', priority: 'Notice', rule: 'x', time: at, output_fields: { 'proc.cmdline': 'copytool --send /etc/passwd', 'proc.exepath': '/usr/bin/copytool', ...fields }, source: 'syscall', hostname: 'web-01' });
const laurel = (more: object): object => ({ ID: '1771310403.123:77', NODE: 'web-01', ...more });
const sysmon = (id: number, data: Record<string, string>): string => `<14>Feb 17 13:40:03 web-01 sysmon: <Event><System><Provider Name="Linux-Sysmon"/><EventID>${String(id)}</EventID><Level>4</Level><TimeCreated SystemTime="2026-02-17T06:40:03.123456000Z"/><Channel>Linux-Sysmon/Operational</Channel><Computer>web-01</Computer></System><EventData>${Object.entries(data).map(([name, value]) => `<Data Name="${name}">${value}</Data>`).join('')}</EventData></Event>`;

const LINUX = { host: { os: { type: 'linux', family: 'debian' } } }, MACOS = { host: { os: { type: 'macos' } } };
const COPY = { executable: '/usr/bin/copytool', args: ['copytool', '--send', '/etc/passwd'] }, ENDS = { source: { ip: '192.0.2.1', port: 40000 }, destination: { ip: '203.0.113.9', port: 443 }, network: { direction: 'egress' } };
const SCRIPT = { path: '/usr/bin/osascript', cmdline: 'osascript -e x', pid: '77', parent: '1' };

test.each<readonly [string, string | object]>([
  ['auditbeat, of auditd', ecs('auditd.log', 'executed', 'process', 'start', { auditd: { message_type: 'syscall' }, process: COPY })],
  ['auditbeat, of the system', ecs('process', 'process_started', 'process', 'start', { process: COPY, ...LINUX })],
  ['the agent, of auditd', ecs('auditd_manager.auditd', 'executed', 'process', 'start', { process: COPY })],
  ['laurel', laurel({ SYSCALL: { SYSCALL: 'execve', comm: 'copytool', exe: '/usr/bin/copytool' }, EXECVE: { argc: 3, ARGV: ['copytool', '--send', '/etc/passwd'] } })],
  ['osquery', osquery({ path: '/usr/bin/copytool', cmdline: 'copytool --send /etc/passwd', parent: '1', pid: '77', auid: '0', syscall: 'execve' })],
  ['Defender', hunting('DeviceProcessEvents', { ActionType: 'ProcessCreated', FileName: 'copytool', FolderPath: '/usr/bin/copytool', ProcessCommandLine: 'copytool --send /etc/passwd' })],
  ['Falcon', falcon('ProcessRollup2', 'Lin', { ImageFileName: '/usr/bin/copytool', CommandLine: 'copytool --send /etc/passwd' })],
  ['Tetragon', { process_exec: { process: { pid: 77, uid: 0, cwd: '/', binary: '/usr/bin/copytool', arguments: '--send /etc/passwd' }, parent: { pid: 70, binary: '/bin/bash' } }, node_name: 'web-01', time: at }],
])('a program that %s sees start on Linux', (_name, line) => {
  expect(meets('{product: linux, category: process_creation}', "{Image|endswith: '/copytool', CommandLine|contains: '--send /etc/'}", line)).toBe(true);
  expect(seen(line, { product: 'windows' }, { product: 'macos' })).toEqual([false, false]);
});

test("auditd's arguments are a program that started, whatever was lost before them", () => {
  const context = createParseContext(), rule = ['{product: linux, category: process_creation}', "{Image|endswith: '/copytool', CommandLine|contains: '--send'}"] as const, line = 'type=EXECVE msg=audit(1771310403.123:77): argc=2 a0="copytool" a1="--send"';
  eventOf('type=SYSCALL msg=audit(1771310403.123:77): arch=c000003e syscall=59 success=yes exit=0 ppid=70 pid=77 uid=0 comm="copytool" exe="/usr/bin/copytool"', context);
  expect(meetsEvent(...rule, eventOf(line, context))).toBe(true);
  expect(meets('{product: linux, category: process_creation}', "{CommandLine|contains: '--send'}", line)).toBe(true);
  expect(seen("type=USER_CMD msg=audit(1771310403.123:78): pid=9 uid=1000 msg='cwd=\"/\" cmd=6964 exe=\"/usr/bin/sudo\" res=success'", { product: 'linux', category: 'process_creation' })).toEqual([false]);
});

test("auditd's own names are asked of what its agents and readers write", () => {
  const rule = (search: string, line: string | object): boolean => meets('{product: linux, service: auditd}', search, line), call = { message_type: 'syscall', data: { syscall: 'personality', a0: '40000' } };
  expect(rule('{type: EXECVE, a0: copytool, a1: --send}', ecs('auditd_manager.auditd', 'executed', 'process', 'start', { auditd: { message_type: 'syscall', data: { syscall: 'execve', a0: '55d0' } }, process: COPY }))).toBe(true);
  expect(rule("{type: SYSCALL, SYSCALL: personality, a0: 40000, exe|endswith: '/copytool', key: exec}", ecs('auditd.log', 'x', 'process', 'info', { tags: ['exec'], auditd: call, process: { executable: COPY.executable } }))).toBe(true);
  expect(rule('{type: EXECVE}', ecs('auditd.log', 'x', 'process', 'info', { auditd: call, process: COPY }))).toBe(false);
  expect(rule('{type: PATH, name: /etc/issue}', ecs('auditd.log', 'opened-file', 'file', 'access', { auditd: { message_type: 'syscall', data: { syscall: 'openat' }, paths: [{ name: '/etc', nametype: 'PARENT' }, { name: '/etc/issue', nametype: 'NORMAL' }] } }))).toBe(true);
  expect(rule('{type: SERVICE_STOP, unit: ufw}', ecs('auditd.log', 'stopped-service', 'process', 'end', { auditd: { message_type: 'service_stop', data: { unit: 'ufw' } } }))).toBe(true);
  expect(rule('{type: SYSCALL, SYSCALL: personality, a0: 40000}', laurel({ SYSCALL: { SYSCALL: 'personality', ARGV: ['0x40000', '0x1'] } }))).toBe(true);
});

test("a file's name is below the folder of its event, and a call that connects begins a connection", () => {
  const context = createParseContext(), files = ['{product: linux, category: file_event}', "{TargetFilename: /etc/cron.d/job, Image|endswith: '/cp'}"] as const;
  eventOf('type=SYSCALL msg=audit(1771310403.123:80): arch=c000003e syscall=257 success=yes exit=3 pid=77 uid=0 comm="cp" exe="/usr/bin/cp"', context);
  eventOf('type=CWD msg=audit(1771310403.123:80): cwd="/etc/cron.d"', context);
  expect(meetsEvent(...files, eventOf('type=PATH msg=audit(1771310403.123:80): item=1 name="job" inode=12 mode=0100644 nametype=CREATE', context))).toBe(true);
  expect(eventOf('type=PATH msg=audit(1771310403.123:81): item=1 name="job" nametype=CREATE', context)['file.path']).toBe('job');
  const connections = ['{product: linux, category: network_connection}', "{Initiated: 'true', DestinationPort: 4444}"] as const;
  eventOf('type=SYSCALL msg=audit(1771310403.123:82): arch=c000003e syscall=42 success=yes exit=0 pid=77 uid=0 comm="sh" exe="/usr/bin/sh"', context);
  expect(meetsEvent(...connections, eventOf('type=SOCKADDR msg=audit(1771310403.123:82): saddr=0200115CCB007109', context))).toBe(true);
  eventOf('type=SYSCALL msg=audit(1771310403.123:83): arch=c000003e syscall=49 success=yes exit=0 pid=77 uid=0 comm="sh" exe="/usr/bin/sh"', context);
  expect(eventOf('type=SOCKADDR msg=audit(1771310403.123:83): saddr=0200115C00000000', context)['network.initiated']).toBeUndefined();
});

test.each<readonly [string, object]>([
  ["Elastic's agent", ecs('endpoint.events.process', 'exec', 'process', 'start', { process: { executable: '/usr/bin/osascript', command_line: 'osascript -e x' }, ...MACOS })],
  ['osquery, of Endpoint Security', osquery({ ...SCRIPT, event_type: 'exec', signing_id: 'com.apple.osascript', team_id: '' })],
  ['osquery, of OpenBSM', { ...osquery({ ...SCRIPT, auid: '501' }), decorations: { platform: 'darwin' } }],
  ['Falcon', falcon('ProcessRollup2', 'Mac', { ImageFileName: '/usr/bin/osascript', CommandLine: 'osascript -e x' })],
  ['eslogger', { schema_version: 1, mach_time: 1, event_type: 9, time: at, process: { ppid: 1, executable: { path: '/bin/zsh' } }, event: { exec: { args: ['osascript', '-e', 'x'], target: { executable: { path: '/usr/bin/osascript' }, audit_token: { pid: 77 } } } } }],
])('a program that %s sees start on a Mac', (_name, line) => {
  expect(meets('{product: macos, category: process_creation}', "{Image|endswith: '/osascript', CommandLine|contains: ' -e '}", line)).toBe(true);
  expect(seen(line, { product: 'linux' })).toEqual([false]);
});

test.each<readonly [string, string | object]>([
  ['Sysmon', sysmon(11, { Image: '/usr/bin/cp', TargetFilename: '/etc/cron.d/a' })],
  ["Elastic's agent", ecs('endpoint.events.file', 'creation', 'file', 'creation', { file: { path: '/etc/cron.d/a' }, ...LINUX })],
  ['auditbeat', ecs('file', 'created', 'file', 'creation', { file: { path: '/etc/cron.d/a' }, ...LINUX })],
  ["the agent's watch over files", ecs('fim.event', 'updated', 'file', 'change', { file: { path: '/etc/cron.d/a' }, ...LINUX })],
  ['osquery', osquery({ target_path: '/etc/cron.d/a', category: 'etc', action: 'CREATED', uid: '0', time: '1771310403' })],
  ['Wazuh', { timestamp: at, rule: { level: 5, description: 'File added to the system.', id: '554', groups: ['ossec', 'syscheck'] }, agent: { id: '001', name: 'web-01' }, manager: { name: 'm' }, full_log: "File '/etc/cron.d/a' added", syscheck: { path: '/etc/cron.d/a', event: 'added' }, location: 'syscheck' }],
  ['laurel', laurel({ SYSCALL: { SYSCALL: 'openat', comm: 'cp', exe: '/usr/bin/cp' }, PATH: [{ name: '/etc/cron.d/', nametype: 'PARENT' }, { name: '/etc/cron.d/a', nametype: 'CREATE' }] })],
  ['auditd', 'type=PATH msg=audit(1771310403.123:79): item=1 name="/etc/cron.d/a" inode=12 mode=0100644 nametype=CREATE'],
  ['Falco', falco({ 'fd.name': '/etc/cron.d/a', 'evt.type': 'openat' })],
])('a file that %s sees written on Linux', (_name, line) => {
  expect(meets('{product: linux, category: file_event}', "{TargetFilename|startswith: '/etc/cron.d/'}", line)).toBe(true);
});

test.each<readonly [string, string | object]>([
  ['Sysmon', sysmon(3, { Image: '/usr/bin/curl', Initiated: 'true', SourceIp: '192.0.2.1', DestinationIp: '203.0.113.9', DestinationPort: '443' })],
  ["Elastic's agent", ecs('endpoint.events.network', 'connection_attempted', 'network', 'start', { ...ENDS, process: { executable: '/usr/bin/curl' }, ...LINUX })],
  ['auditbeat', ecs('socket', 'network_flow', 'network', 'connection', { ...ENDS, process: { executable: '/usr/bin/curl' }, ...LINUX })],
  ['osquery', osquery({ action: 'connect', pid: '77', path: '/usr/bin/curl', protocol: '6', local_address: '192.0.2.1', remote_address: '203.0.113.9', local_port: '40000', remote_port: '443' })],
  ['Defender', hunting('DeviceNetworkEvents', { ActionType: 'ConnectionSuccess', LocalIP: '192.0.2.1', RemoteIP: '203.0.113.9', RemotePort: 443, InitiatingProcessFolderPath: '/usr/bin/curl' })],
])('a connection that %s sees a program begin on Linux', (_name, line) => {
  expect(meets('{product: linux, category: network_connection}', "{Image|endswith: '/curl', Initiated: 'true', DestinationIp: 203.0.113.9, DestinationPort: 443}", line)).toBe(true);
});

test('a connection that a program accepted is none that it began', () => {
  expect(meets('{category: network_connection}', "{Initiated: 'false'}", hunting('DeviceNetworkEvents', { ActionType: 'InboundConnectionAccepted', LocalIP: '192.0.2.1', RemoteIP: '203.0.113.9', LocalPort: 443, InitiatingProcessFolderPath: 'c:\\srv\\a.exe' }))).toBe(true);
});

test('what Defender and Falcon tell of Windows', () => {
  const windows = (category: string): string => `{product: windows, category: ${category}}`;
  expect(meets(windows('process_creation'), "{Image|endswith: '\\a.exe', ParentImage|endswith: '\\cmd.exe'}", hunting('DeviceProcessEvents', { ActionType: 'ProcessCreated', FolderPath: 'C:\\t\\a.exe', InitiatingProcessFolderPath: 'c:\\windows\\system32\\cmd.exe' }))).toBe(true);
  expect(meets(windows('registry_set'), "{TargetObject|contains: '\\CurrentVersion\\Run', Details|contains: 'a.exe', Image|endswith: '\\reg.exe'}", hunting('DeviceRegistryEvents', { ActionType: 'RegistryValueSet', RegistryKey: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run', RegistryValueName: 'x', RegistryValueData: 'C:\\a.exe', InitiatingProcessFolderPath: 'c:\\windows\\system32\\reg.exe' }))).toBe(true);
  expect(meets(windows('process_creation'), "{Image|endswith: '\\a.exe'}", falcon('ProcessRollup2', 'Win', { ImageFileName: '\\Device\\HarddiskVolume3\\t\\a.exe' }))).toBe(true);
  expect(meets(windows('dns_query'), "{QueryName|endswith: '.example.org'}", falcon('DnsRequest', 'Win', { DomainName: 'bad.example.org' }))).toBe(true);
});

test('what did not happen is not told: a copy of a process, an end, a service that reports itself, a file that was read, one that is gone', () => {
  const endpoint = (action: string, category: string, type: string): object => ecs('endpoint.events.any', action, category, type, { process: { executable: '/usr/bin/id' }, file: { path: '/a' }, ...LINUX });
  for (const line of [endpoint('fork', 'process', 'start'), endpoint('end', 'process', 'end'), endpoint('service_started', 'process', 'start')]) expect(seen(line, { category: 'process_creation' })).toEqual([false]);
  for (const line of [endpoint('open', 'file', 'access'), endpoint('deletion', 'file', 'deletion'), endpoint('attributes_modified', 'file', 'change')]) expect(seen(line, { category: 'file_event' })).toEqual([false]);
  expect(seen(endpoint('deletion', 'file', 'deletion'), { category: 'file_delete' })).toEqual([true]);
});

