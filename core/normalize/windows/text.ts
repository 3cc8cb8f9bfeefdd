// Windows events that agents send as plain syslog: rendered text under the provider's name (NXLog's to_syslog_bsd, rsyslog's and Datagram's agents,
// Eventlog to Syslog), the classic WinEvtLog line of OSSEC, the properties of an event in structured data or as pairs (NXLog's to_syslog_ietf and
// to_kvp), and the block of lines that Splunk's forwarder makes. All come down to putWindows.
import type { Value } from '../../event.js';
import { readIso, readTime } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readPairs } from '../pairs.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { eventDataOf } from './localized.js';
import { eventOfSentence } from './rendered.js';
import { sysmonEventOf } from './sysmon.js';
import { putWindows } from './windows.js';

const SECURITY = /^(?:microsoft-windows-)?security-auditing$/;

/** `4625: AUDIT_FAILURE An account failed ...`, `EventID 4625: ...`, or the text alone. */
const LEAD = /^(?:(?:EventID:? ?|Event ID:? ?)?(\d{1,5})[:,]? )?(?:(AUDIT_FAILURE|AUDIT_SUCCESS|Audit Failure|Audit Success|Failure Audit|Success Audit|INFO|INFORMATION|WARNING|ERROR):? )?/i;
function readRendered(draft: Draft): boolean {
  const [lead, number, kind] = LEAD.exec(draft.head) ?? [''], said = draft.text.slice(lead.length), id = number ?? eventOfSentence(said);
  if (id === undefined) return false;
  const security = SECURITY.test(draft.program) || /^audit|audit$/i.test(kind ?? '');
  putWindows(draft, { channel: security ? 'Security' : undefined, id, provider: security ? 'Microsoft-Windows-Security-Auditing' : draft.getText('log.syslog.appname'), computer: draft.getText('log.syslog.hostname'), level: kind, keywords: kind, message: draft.getText('message'), data: withKind(eventDataOf(id, said), kind) });
  return true;
}
const withKind = (data: Record<string, Value>, kind: string | undefined): Record<string, Value> => { if (kind !== undefined && /fail/i.test(kind)) data['Keywords'] = 'Audit Failure'; return data; };

/** `WinEvtLog: Security: AUDIT_FAILURE(4625): Microsoft-Windows-Security-Auditing: an: SO: dc1.so.example.org: text`. */
const CLASSIC = /WinEvtLog: ([\w /-]{2,80}): (\w{3,20})\((\d{1,5})\): ([^:]{1,100}): ([^:]{0,128}): ([^:]{0,128}): ([^:\s]{1,253}): ?/;
function readClassic(draft: Draft): boolean {
  const whole = draft.text, found = CLASSIC.exec(`${draft.program === 'winevtlog' ? 'WinEvtLog: ' : ''}${draft.head}`);
  if (found === null) return false;
  const stamp = readTime(whole, 0), at = whole.indexOf(`${found[7] as string}:`), said = whole.slice(at < 0 ? 0 : at + (found[7] as string).length + 1);
  const [, channel, kind = '', id, provider, user = '', domain, computer] = found;
  putWindows(draft, { channel, id, provider, computer, user: user === '(no user)' ? undefined : user, domain: domain === 'no domain' ? undefined : domain, level: kind, keywords: kind, message: said.trim(), data: withKind(eventDataOf(id, said), kind) });
  draft.timeFrom(stamp);
  return true;
}

/** What NXLog says about the event itself; every other name is its data. */
const FRAME = new Set(['EventTime', 'Hostname', 'EventType', 'SeverityValue', 'Severity', 'EventID', 'SourceName', 'ProviderGuid', 'Version', 'Task', 'TaskValue', 'OpcodeValue', 'Opcode', 'RecordNumber', 'ThreadID', 'ExecutionThreadID', 'Channel', 'Message', 'EventReceivedTime', 'SourceModuleName', 'SourceModuleType', 'Category', 'ActivityID']);
function readProperties(draft: Draft, pairs: readonly (readonly [string, string])[], said: string): boolean {
  const values = new Map(pairs), id = values.get('EventID') ?? values.get('EventCode');
  if (id === undefined) return false;
  const data = eventDataOf(id, said || (values.get('Message') ?? ''));
  for (const [key, value] of values) if (!FRAME.has(key) && (value !== '' || !Object.hasOwn(data, key))) data[key] = value;
  putWindows(draft, { channel: values.get('Channel') ?? values.get('LogName') ?? (/^AUDIT_/.test(values.get('EventType') ?? '') ? 'Security' : undefined), id, provider: values.get('SourceName') ?? draft.getText('log.syslog.appname'), computer: values.get('Hostname') ?? draft.getText('log.syslog.hostname'), record: values.get('RecordNumber'), time: draft.headed ? undefined : values.get('EventTime'),
    pid: values.get('ProcessID') ?? values.get('ExecutionProcessID'), level: values.get('Severity'), user: values.get('AccountName'), domain: values.get('Domain'), keywords: values.get('EventType'), message: values.get('Message') ?? draft.getText('message'), data });
  return true;
}
const readStructured = (draft: Draft): boolean => readProperties(draft, (draft.structured ?? []).map(([name, value]) => [name.slice(name.indexOf('.') + 1), value] as const), draft.text);
const readKeyed = (draft: Draft): boolean => readProperties(draft, readPairs(draft.text, draft.head.includes('; ') ? { separator: ';', spacedValues: true } : {}), '');

/** `02/17/2026 01:40:03 PM`, then `LogName=Security`, `EventCode=4625`, ... `Message=` and the text to the end. */
function readBlock(draft: Draft): boolean {
  const { text } = draft, message = text.search(/(?:^|\n|#012)Message=/), values = new Map<string, string>();
  for (const line of (message < 0 ? text : text.slice(0, message)).split(/\r?\n|#012/, 60)) {
    const equals = line.indexOf('=');
    if (equals > 0 && equals < 40) values.set(line.slice(0, equals), line.slice(equals + 1).trim());
  }
  const said = message < 0 ? '' : text.slice(text.indexOf('Message=', message) + 8), stamp = readTime(text, 0);
  if (!values.has('EventCode')) return false;
  putWindows(draft, { channel: values.get('LogName'), id: values.get('EventCode'), provider: values.get('SourceName'), computer: values.get('ComputerName'), record: values.get('RecordNumber'), level: values.get('Type'), keywords: values.get('Keywords'), message: said.trim(), data: withKind(eventDataOf(values.get('EventCode'), said), values.get('Keywords')) });
  draft.timeFrom(stamp);
  return true;
}
const BLOCK = /^(?:\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d(?:\.\d{1,6})? [AP]M(?:\r?\n|#012))?LogName=\S[^\n]{0,200}(?:\r?\n|#012)(?:[A-Za-z]{2,20}=[^\n]{0,300}(?:\r?\n|#012)){0,3}(?:EventCode|SourceName)=/;

/** An event as the viewer copies it and `wevtutil` writes it: `Log Name: Security`, `Event ID: 4625`, ... `Description:` and the text to the end. */
function readExported(draft: Draft): boolean {
  const { text } = draft, end = text.indexOf('Description:'), said = end < 0 ? '' : text.slice(end + 12), values = new Map<string, string>();
  for (const line of (end < 0 ? text : text.slice(0, end)).split('\n', 40)) { const colon = line.indexOf(':'); if (colon > 0) values.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim()); }
  const id = values.get('Event ID'), keywords = values.get('Keywords') ?? values.get('Keyword'), stamp = readIso(values.get('Date') ?? '', 0) ?? readTime(values.get('Date') ?? '', 0);
  if (id === undefined) return false;
  putWindows(draft, { channel: values.get('Log Name'), id, provider: values.get('Source'), computer: values.get('Computer'), level: values.get('Level'), keywords, message: said.trim(), data: withKind(eventDataOf(id, said), keywords) });
  draft.timeFrom(stamp);
  return true;
}
const EXPORTED = /^(?:Event\[\d{1,9}\]:?\s{1,4})?Log Name: /;

/** WinCollect's values between tabs, the text last: `AgentDevice=WindowsLog	AgentLogFile=Security	...	EventIDCode=4625	...	Message=An account ...`. */
function readTabbed(draft: Draft): boolean {
  const { text } = draft, message = text.indexOf('\tMessage='), values = new Map<string, string>();
  for (const part of (message < 0 ? text : text.slice(0, message)).split('\t', 60)) { const equals = part.indexOf('='); if (equals > 0) values.set(part.slice(0, equals), part.slice(equals + 1)); }
  const id = values.get('EventIDCode') ?? values.get('EventID'), said = message < 0 ? '' : text.slice(message + 9);
  if (id === undefined) return false;
  const at = Number(values.get('TimeGenerated') ?? NaN) * 1000;
  putWindows(draft, { channel: values.get('AgentLogFile'), id, provider: values.get('Source'), computer: values.get('Computer'), record: values.get('RecordNumber'), level: values.get('Level'), user: values.get('User'), domain: values.get('Domain'), keywords: values.get('Keywords'), message: said.trim(), data: withKind(eventDataOf(id, said), values.get('Keywords')) });
  if (at > 0) draft.time = at;
  return true;
}

/** syslog-ng's agent: `SO\\an: Security Microsoft Windows security auditing.: [Failure Audit] An account ... (EventID 4625)`: the channel and the source part at the last blank that tells one. */
const AGENT = /^(?:([^:]{1,128}): )?((?:[\w-]{1,80}(?: [\w-]{1,40}){0,4}\/[\w -]{1,40}?|MSExchange Management|Security|System|Application|Setup|ForwardedEvents|Windows PowerShell|Directory Service|DNS Server|DFS Replication|[\w-]{1,80})) ([^:[\]]{2,120}): \[(Failure Audit|Success Audit|Information|Warning|Error|Critical|Verbose)\] /;
function readAgent(draft: Draft): boolean {
  const { text } = draft, found = AGENT.exec(draft.head), id = /\(EventID (\d{1,5})\)$/.exec(text.slice(-20))?.[1];
  if (found === null || id === undefined) return false;
  const [lead, user = '', channel, source = '', kind = ''] = found, said = text.slice(lead.length, text.lastIndexOf(' (')), audit = kind.endsWith('Audit');
  putWindows(draft, { channel, id, provider: SECURITY_SOURCE.test(source) ? AUDITING : source, computer: draft.getText('log.syslog.hostname'), user: user === 'N/A' ? undefined : user, level: audit ? undefined : kind, keywords: audit ? kind : undefined, message: said, data: withKind(eventDataOf(id, said), kind) });
  return true;
}
const AUDITING = 'Microsoft-Windows-Security-Auditing', SECURITY_SOURCE = /^(?:Microsoft[ -])?Windows[ -]security[ -]auditing\.?$|^Security$/i;
/** The same agent's properties over RFC 5424: `[win@18372.4 EVENT_ID="4625" EVENT_TYPE="Failure Audit" ...]`, some versions with all the event's data beside. */
function readAgentProperties(draft: Draft): boolean {
  const values = new Map((draft.structured ?? []).filter(([name]) => name.startsWith(AGENT_ID)).map(([name, value]) => [name.slice(name.indexOf('.', AGENT_ID.length) + 1), value])), id = values.get('EVENT_ID');
  if (id === undefined) return false;
  const lead = AGENT.exec(draft.head)?.[0].length ?? 0, said = draft.text.slice(lead).replace(/ \(EventID \d{1,5}\)$/, ''), kind = values.get('EVENT_TYPE') ?? '', source = values.get('EVENT_SOURCE') ?? '', user = values.get('EVENT_USERNAME');
  const data = withKind(eventDataOf(id, said), kind);
  for (const [key, value] of values) if (key.startsWith('EVENT_DATA_')) data[key.slice(11)] = value;
  putWindows(draft, { channel: values.get('EVENT_NAME') ?? values.get('EVENT_CONTAINER_NAME'), id, provider: SECURITY_SOURCE.test(source) ? AUDITING : source, computer: values.get('EVENT_HOST') ?? draft.getText('log.syslog.hostname'), record: values.get('EVENT_REC_NUM'), user: user === 'N/A' ? undefined : user, keywords: kind, message: said, data });
  return true;
}
const AGENT_ID = 'win@18372.4';

/** Adiscon's agents: `[AUF] Tue Feb 17 13:40:02 2026: DC1/Security (4625) - "An account ..."`; the name behind the slash is the source's, before Vista the log's. */
const ADISCON = /^(?:EvntSLog: )?(?:RealSource: ?"?([^\s"]{1,253})"? )?\[(AUS|AUF|INF|WRN|ERR|NON)\] ([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}): ([^/\s]{1,253})\/([^()]{1,120}) \((\d{1,5})\) - "?/;
const ADISCON_KINDS = lookup({ AUS: 'Success Audit', AUF: 'Failure Audit', INF: 'Information', WRN: 'Warning', ERR: 'Error' });
function readAdiscon(draft: Draft): boolean {
  const found = ADISCON.exec(draft.head);
  if (found === null) return false;
  const [lead, real, code = '', when = '', computer, source = '', id = ''] = found, said = draft.text.slice(lead.length).replace(/"\s*$/, ''), kind = ADISCON_KINDS[code], audit = code.startsWith('AU'), stamp = readTime(when, 0);
  putWindows(draft, { channel: audit ? 'Security' : channelOf(source), id, provider: SECURITY_SOURCE.test(source) ? AUDITING : source, computer: real ?? computer, level: audit ? undefined : kind, keywords: audit ? kind : undefined, message: said, data: withKind(eventDataOf(id, said), kind) });
  draft.timeFrom(stamp);
  return true;
}

/** Agents that write a source's name in the program's place, blanks as underscores, `Microsoft-Windows-` sometimes left out: `Service_Control_Manager: 7036: The Windows Update service ...`. */
function readSource(draft: Draft): boolean {
  const source = draft.getText('log.syslog.appname') ?? sourceIn(draft.head) ?? '', text = draft.getText('log.syslog.appname') === undefined ? draft.text.slice(source.length + 2) : draft.text;
  const [lead, number, kind] = LEAD.exec(text.slice(0, 100)) ?? [''], said = text.slice(lead.length), sysmon = /sysmon$/i.test(source), id = number ?? eventOfSentence(said) ?? (sysmon ? sysmonEventOf(said) : undefined);
  putWindows(draft, { channel: channelOf(source), id, provider: source.replaceAll('_', ' '), computer: draft.getText('log.syslog.hostname'), level: kind, message: said, data: id === undefined ? {} : eventDataOf(id, said) });
  return true;
}
/** The log that a source writes to, where it writes to one only. */
export const channelOf = (source: string): string | undefined => {
  const plain = source.replaceAll('_', ' ');
  return SYSTEM_SOURCES.test(plain) ? 'System' : APPLICATION_SOURCES.test(plain) ? 'Application' : (CHANNELS[plain.toLowerCase()] ?? (/sysmon$/i.test(plain) ? 'Microsoft-Windows-Sysmon/Operational' : /^microsoft-windows-terminalservices|^terminalservices-/i.test(plain) ? `Microsoft-Windows-${plain.replace(/^microsoft-windows-/i, '')}/Operational` : undefined));
};
const APPLICATION_SOURCES = /^(?:application (?:error|hang)|windows error reporting|msiinstaller|esent|mssql(?:server|\$.{1,60})?(?:\$audit)?|mssqlserver|sqlserveragent|vss|scecli|screenconnect.{0,60}|msmq|microsoft-windows-(?:audit-cve|restartmanager|backup|user profiles service|softwarerestrictionpolicies)|windows server update services|\.net runtime|certenroll|microsoft-windows-certificateservicesclient-certenroll)$/i;
/** Logs of components that write to no other, by the name of what writes to them. */
const CHANNELS = lookup<string | undefined>(Object.fromEntries(`Windows Defender;PowerShell;TaskScheduler;Bits-Client;AppLocker>AppLocker/EXE and DLL;CodeIntegrity;DNS-Client>DNS-Client/Operational;DNS Client Events;WMI-Activity;NTLM;SmbClient>SmbClient/Security;SMBServer>SMBServer/Operational;Windows Firewall With Advanced Security>Windows Firewall With Advanced Security/Firewall;
  PrintService>PrintService/Admin;DriverFrameworks-UserMode;AppXDeploymentServer;AppxPackaging;CertificateServicesClient-Lifecycle-System;CAPI2;Shell-Core;Diagnosis-Scripted;LSA;Ntfs;VHDMP;SENSE;LDAP-Client>LDAP-Client/Debug;AppModel-Runtime>AppModel-Runtime/Admin;DHCP-Server;BitLocker-API>BitLocker/BitLocker Management;Kernel-EventTracing>Kernel-EventTracing/Admin;Application-Experience>Application-Experience/Program-Telemetry`
  .split(/;\s*/).map((row) => { const [name = '', log = `${name}/Operational`] = row.split('>'); return [`microsoft-windows-${name.toLowerCase()}`, `Microsoft-Windows-${log}`] as [string, string]; }).concat([['powershell', 'Windows PowerShell'], ['msexchange cmdletlogs', 'MSExchange Management'], ['openssh', 'OpenSSH/Operational'], ['microsoft-iis-configuration', 'Microsoft-IIS-Configuration/Operational']])));
const SYSTEM_SOURCES = /^(?:service control manager|user32|eventlog|microsoft-windows-(?:eventlog|kernel-(?:general|power|boot)|winlogon|time-service|windowsupdateclient|ntfs|dns-client|dhcp-client|grouppolicy)|kernel-(?:general|power)|netlogon|ntfs|disk|tcpip|w32time|distributedcom|dcom|lsasrv|schannel)$/i;
/** Sources that agents name with `_` or blanks, and that no other program is called. */
const SOURCES = /^(?:evntslog|winevtlog|security-auditing|microsoft-windows-[\w-]{2,80}|service[_ ]control[_ ]manager|application[_ ](?:error|hang)|windows[_ ]error[_ ]reporting|msiinstaller|user32|distributedcom|sysmon|eventlog|terminalservices-[\w-]{3,60}|windowsupdateclient|security-spp|restartmanager|grouppolicy|kernel-(?:general|power|boot)|w32time|lsasrv|schannel|netlogon)$/;
const SPACED = /^(Service Control Manager|Application Error|Application Hang|Windows Error Reporting): (?=\d{1,5}: |The |A )/;
const sourceIn = (head: string): string | undefined => SPACED.exec(head)?.[1];
const NUMBERED = /^\d{1,5}: /;
/** JSON and XML, which have readers of their own. */
const MARKED_UP = /^(?:@cee: ?)?[{<]/;
const isSource = remembered((program) => SOURCES.test(program)), isSecurity = remembered((program) => SECURITY.test(program));
const ofSource = ({ program, head }: Draft): boolean => MARKED_UP.test(head) ? false : program === '' ? SPACED.test(head) : isSource(program) && (NUMBERED.test(head) || program.startsWith('microsoft-windows-') || program === 'service_control_manager' || program.startsWith('application_') || /sysmon$/.test(program));

const agentProperties = ({ structured }: Draft): boolean => structured !== undefined && structured.length > 3 && structured.some(([name]) => name.startsWith(AGENT_ID));
const structuredEvent = ({ structured }: Draft): boolean => structured !== undefined && structured.length > 3 && structured.some(([name]) => name.endsWith('.EventID') && /^NXLOG@/i.test(name));
const keyedEvent = ({ head }: Draft): boolean => !head.startsWith('CEF:') && !head.startsWith('LEEF:') && head.includes('EventID=') && head.includes('SourceName=') && (head.includes('Channel=') || head.includes('EventType='));
const agentLine = ({ head }: Draft): boolean => head.includes(': [') && AGENT.test(head);
/** How each of the forms is told, and read. */
const FORMS: readonly (readonly [is: (draft: Draft) => boolean, read: (draft: Draft) => boolean])[] = [
  [structuredEvent, readStructured], [agentProperties, readAgentProperties], [({ head }) => head.startsWith('AgentDevice=WindowsLog\t'), readTabbed], [agentLine, readAgent], [({ head, program }) => (program === 'evntslog' || head.startsWith('EvntSLog: ')) && ADISCON.test(head), readAdiscon],
  [({ head, program }) => program === 'winevtlog' || program === '' && head.includes('WinEvtLog: ') && CLASSIC.test(head) && !head.includes('|Trend Micro|'), readClassic], [({ head }) => head.includes('LogName=') && BLOCK.test(head), readBlock], [({ head }) => head.includes('Log Name: ') && EXPORTED.test(head), readExported], [keyedEvent, readKeyed],
  [({ program }) => isSecurity(program), readRendered], [ofSource, readSource],
];
/** Every line of a known program comes by here: what each form must have is asked first. */
const mayBe = ({ program, head, structured }: Draft): boolean => program === '' || structured !== undefined || isSource(program) || isSecurity(program) || head.includes(': [') || head.includes('Name=') || head.includes('Log Name: ') || head.startsWith('AgentDevice=');
export const windowsText: Format = {
  name: 'windows.text', holds: ['WinEvtLog: ', 'LogName=', 'Log Name: ', 'SourceName=', 'AgentDevice=WindowsLog', ' Audit] ', ': [Information] ', ': [Warning] ', ': [Error] ', '^EvntSLog: ', '^Service Control Manager: ', '^Application Error: ', '^Application Hang: ', '^Windows Error Reporting: '], ofStructured: true, likePrograms: SOURCES,
  programs: ['microsoft-windows-security-auditing', 'security-auditing', 'winevtlog', 'evntslog'], beforePrograms: true,
  detect: (draft) => mayBe(draft) && FORMS.some(([is]) => is(draft)),
  read: (draft) => FORMS.some(([is, read]) => is(draft) && read(draft)),
};
