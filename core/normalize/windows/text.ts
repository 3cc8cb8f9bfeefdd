// Windows events that agents send as plain syslog: rendered text under the provider's name (NXLog's to_syslog_bsd, rsyslog's and Datagram's agents,
// Eventlog to Syslog), the classic WinEvtLog line of OSSEC, the properties of an event in structured data or as pairs (NXLog's to_syslog_ietf and
// to_kvp), and the block of lines that Splunk's forwarder makes. All come down to putWindows.
import type { Value } from '../../event.js';
import { readTime, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readPairs } from '../pairs.js';
import { eventDataOf } from './localized.js';
import { eventOfSentence } from './rendered.js';
import { putWindows } from './windows.js';

const SECURITY = /^(?:microsoft-windows-)?security-auditing$|^security$/;

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
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  return true;
}

/** What NXLog says about the event itself; every other name is its data. */
const FRAME = new Set(['EventTime', 'Hostname', 'EventType', 'SeverityValue', 'Severity', 'EventID', 'SourceName', 'ProviderGuid', 'Version', 'Task', 'TaskValue', 'OpcodeValue', 'Opcode', 'RecordNumber', 'ThreadID', 'ExecutionThreadID', 'Channel', 'Message', 'EventReceivedTime', 'SourceModuleName', 'SourceModuleType', 'Category', 'ActivityID']);
function readProperties(draft: Draft, pairs: readonly (readonly [string, string])[], said: string): boolean {
  const values = new Map(pairs), id = values.get('EventID') ?? values.get('EventCode');
  if (id === undefined) return false;
  const data = eventDataOf(id, said || (values.get('Message') ?? ''));
  for (const [key, value] of values) if (!FRAME.has(key) && value !== '') data[key] = value;
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
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  return true;
}
const BLOCK = /^(?:\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d(?:\.\d{1,6})? [AP]M(?:\r?\n|#012))?LogName=\S[^\n]{0,200}(?:\r?\n|#012)(?:[A-Za-z]{2,20}=[^\n]{0,300}(?:\r?\n|#012)){0,3}(?:EventCode|SourceName)=/;

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

/** syslog-ng's agent: `SO\\an: Security Microsoft Windows security auditing.: [Failure Audit] An account ... (EventID 4625)`. */
const AGENT = /^(?:([^\s:]{1,128}): )?Security (Microsoft Windows security auditing\.|Microsoft-Windows-Security-Auditing): \[(Failure Audit|Success Audit)\] /;
function readAgent(draft: Draft): boolean {
  const { text } = draft, found = AGENT.exec(draft.head), id = /\(EventID (\d{1,5})\)$/.exec(text.slice(-20))?.[1];
  if (found === null || id === undefined) return false;
  const [lead, user, , kind] = found, said = text.slice(lead.length, text.lastIndexOf(' ('));
  putWindows(draft, { channel: 'Security', id, provider: 'Microsoft-Windows-Security-Auditing', computer: draft.getText('log.syslog.hostname'), user, keywords: kind, message: said, data: withKind(eventDataOf(id, said), kind) });
  return true;
}

const structuredEvent = ({ structured }: Draft): boolean => structured !== undefined && structured.length > 3 && structured.some(([name]) => name.endsWith('.EventID') && /^NXLOG@/i.test(name));
const keyedEvent = ({ head }: Draft): boolean => head.includes('EventID=') && head.includes('SourceName=') && (head.includes('Channel=') || head.includes('EventType='));
export const windowsText: Format = {
  name: 'windows.text', holds: ['WinEvtLog: ', 'LogName=', 'SourceName=', 'AgentDevice=WindowsLog', ' Audit] '], ofStructured: true, programs: ['microsoft-windows-security-auditing', 'security-auditing', 'winevtlog'], beforePrograms: true,
  detect: (draft) => structuredEvent(draft) || draft.head.startsWith('AgentDevice=WindowsLog\t') || draft.head.includes(' Audit] ') && AGENT.test(draft.head) || draft.program === '' && draft.head.includes('WinEvtLog: ') && CLASSIC.test(draft.head) && !draft.head.includes('|Trend Micro|') || draft.head.includes('Name=') && (draft.head.includes('LogName=') && BLOCK.test(draft.head) || keyedEvent(draft)),
  read: (draft) => structuredEvent(draft) ? readStructured(draft) : draft.head.startsWith('AgentDevice=') ? readTabbed(draft) : draft.head.includes(' Audit] ') && AGENT.test(draft.head) ? readAgent(draft) : draft.program === 'winevtlog' || draft.head.includes('WinEvtLog: ') ? readClassic(draft) : draft.head.includes('LogName=') && BLOCK.test(draft.head) ? readBlock(draft) : keyedEvent(draft) ? readKeyed(draft) : readRendered(draft),
};
