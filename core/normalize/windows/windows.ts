// A Windows event, however it was sent: what all forms (NXLog's flat JSON, Winlogbeat, EVTX as JSON or XML, Snare) come down to.
// winlog.event_data.* exactly as sent; ECS beside it, by what each event means.
import { write, type Value } from '../../event.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp, macOf, protocolName } from '../net.js';
import { readIso, resolve } from '../../message/time.js';
import { componentOf, putComponent } from './channels.js';
import { putMeaning } from './meanings.js';

export interface WindowsEvent {
  readonly channel?: string;
  readonly id?: string;
  readonly provider?: string;
  readonly computer?: string;
  readonly record?: string;
  /** ISO, or `2026-02-17 13:40:03` without a zone. */
  readonly time?: string;
  readonly pid?: string;
  readonly message?: string;
  readonly level?: string;
  readonly user?: string;
  readonly domain?: string;
  /** What the audit calls it: `Audit Failure`, `0x8010000000000000`, the same as a number, `AUDIT_FAILURE`. */
  readonly keywords?: string;
  /** An object without inherited names. */
  readonly data: Readonly<Record<string, Value>>;
}

const eventData = nativeNames('winlog.event_data');

export function putWindows(draft: Draft, { channel, id, provider, computer, record, time, pid, message, level, user, domain, keywords, data }: WindowsEvent): void {
  const { event } = draft;
  draft.put('winlog.channel', channel);
  draft.put('winlog.event_id', id);
  draft.put('winlog.provider_name', provider);
  draft.put('winlog.computer_name', computer);
  draft.put('winlog.record_id', record);
  draft.put('event.code', id);
  draft.put('event.provider', provider);
  draft.put('host.name', computer);
  if (level !== undefined && level !== '') draft.put('log.level', level.toLowerCase());
  for (const key of Object.keys(data)) { const value = data[key]; if (value !== undefined) event[eventData(key)] = value; }
  if (message !== undefined && message !== '') write(event, 'message', message);
  const dataset = datasetOf(channel ?? '', provider ?? '');
  write(event, 'event.dataset', dataset);
  write(event, 'event.module', 'windows');
  const text = (key: string): string | undefined => { const value = data[key]; return value === undefined || value === null || value === '' || value === '-' ? undefined : String(value); };
  const stamp = readIso(time ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  if (dataset === 'windows.sysmon') { // its own process is not the one it tells of; what a sender left out of the data stands in the message
    const said = messageValues(message ?? '');
    putSysmon(draft, (key) => text(key) ?? said.get(key));
  } else {
    putLogs(draft, id ?? '', text);
    draft.fill('process.pid', number(pid));
  }
  const who = user !== undefined && user !== '' ? user : undefined;
  if (!draft.has('user.name') && who !== undefined) {
    if (who.includes('\\')) putUser(draft, who);
    else { draft.put('user.name', who); draft.put('user.domain', domain); }
  }
  if (dataset === 'windows.powershell') putPowershell(draft, data, message ?? '');
  const component = dataset === 'windows.sysmon' || dataset === 'windows.powershell' ? undefined : componentOf(provider ?? '');
  if (component !== undefined) putComponent(draft, component, text);
  putMeaning(draft, component ?? dataset, id ?? '', dataset === 'windows.security' ? refused(id ?? '', text) ? 'failure' : auditResult(keywords ?? text('Keywords')) : undefined);
  if (id === '4' && dataset === 'windows.sysmon' && text('State') === 'Stopped') draft.act('service_stopped');
  if (id === '12' && dataset === 'windows.sysmon' && text('EventType')?.startsWith('Delete') === true) draft.act('registry_deleted');
  if (id === '7036' && dataset === 'windows.system') { const state = text('param2') ?? ''; if (state === 'running') draft.act('service_started'); else if (state === 'stopped') draft.act('service_stopped'); }
}

/** Success or failure, as the audit's keywords say it in words or bits. */
function auditResult(keywords: string | undefined): 'success' | 'failure' | undefined {
  if (keywords === undefined) return undefined;
  const bits = /^0x80([1-3])/.exec(keywords)?.[1] ?? (/^-92[01]\d{16}$/.test(keywords) ? keywords.startsWith('-9218') ? '1' : '2' : undefined);
  return /fail/i.test(keywords) || bits === '1' ? 'failure' : /success/i.test(keywords) || bits === '2' ? 'success' : undefined;
}
/** Events of Kerberos and NTLM are the same for good and bad: their status tells. */
const refused = (id: string, text: Read): boolean => (id === '4768' || id === '4769' || id === '4770' || id === '4776') && !/^(?:0x0+|0)$/i.test(text('Status') ?? text('FailureCode') ?? '0');

/** `Name: value` lines of a message. */
function messageValues(message: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of message.slice(0, 16_384).split(/\r?\n|\\r\\n/, 60)) {
    const colon = line.indexOf(': '), value = line.slice(colon + 2).trim();
    if (colon > 0 && colon < 40 && value !== '' && value !== '-') values.set(line.slice(0, colon).trim(), value);
  }
  return values;
}

function datasetOf(channel: string, provider: string): string {
  const where = kindOf(channel), who = kindOf(provider);
  return where === 'security' || who === 'auditing' ? 'windows.security' : where === 'sysmon' || who === 'sysmon' ? 'windows.sysmon' : where === 'powershell' || who === 'powershell' ? 'windows.powershell' : where === 'system' ? 'windows.system' : 'windows.other';
}
/** What the name of a channel or a provider says, remembered. */
const kindOf = remembered((name) => {
  const word = name.toLowerCase();
  return word === 'security' || word === 'system' ? word : word === 'microsoft-windows-security-auditing' ? 'auditing' : word.includes('sysmon') ? 'sysmon' : word.includes('powershell') ? 'powershell' : '';
});

type Read = (key: string) => string | undefined;

function putSysmon(draft: Draft, text: Read): void {
  const time = readIso(text('UtcTime') ?? '', 0);
  if (time !== undefined) draft.time = resolve({ ...time, offset: 0 }, draft.received, draft.zone);
  const image = text('Image') ?? text('SourceImage');
  putProcess(draft, 'process', image);
  draft.put('process.pid', number(text('ProcessId') ?? text('SourceProcessId')));
  draft.put('process.entity_id', text('ProcessGuid') ?? text('SourceProcessGuid') ?? text('SourceProcessGUID'));
  draft.put('process.command_line', text('CommandLine'));
  draft.put('process.working_directory', text('CurrentDirectory'));
  putProcess(draft, 'process.parent', text('ParentImage'));
  draft.put('process.parent.pid', number(text('ParentProcessId')));
  draft.put('process.parent.command_line', text('ParentCommandLine'));
  draft.put('process.pe.original_file_name', text('OriginalFileName'));
  putUser(draft, text('User') ?? text('SourceUser'));
  draft.put('source.ip', text('SourceIp'));
  draft.put('source.port', text('SourcePort'));
  draft.put('source.domain', text('SourceHostname'));
  draft.put('destination.ip', text('DestinationIp'));
  draft.put('destination.port', text('DestinationPort'));
  draft.put('destination.domain', text('DestinationHostname'));
  const protocol = text('Protocol');
  if (protocol !== undefined) draft.put('network.transport', protocolName(protocol));
  draft.put('dns.question.name', text('QueryName'));
  draft.put('dns.response_code', QUERY_STATUS[text('QueryStatus') ?? '']);
  draft.put('file.path', text('TargetFilename') ?? text('ImageLoaded'));
  draft.put('registry.path', text('TargetObject'));
  draft.put('rule.name', text('RuleName'));
  const hashes = text('Hashes') ?? text('Hash');
  if (hashes !== undefined) putHashes(draft, hashes, text('ImageLoaded') !== undefined || text('TargetFilename') !== undefined ? 'file' : 'process');
}

/** Types of objects whose name is a path; those of the directory, of the account manager and services have names of other kinds. */
const FILES: ReadonlySet<string> = new Set(['File', 'Process']);

/** How a query ended, by the numbers of Windows' resolver. */
const QUERY_STATUS = lookup({ 0: 'NOERROR', 9001: 'FORMERR', 9002: 'SERVFAIL', 9003: 'NXDOMAIN', 9004: 'NOTIMP', 9005: 'REFUSED' });

/** `SHA1=...,MD5=...,SHA256=...,IMPHASH=...`. */
function putHashes(draft: Draft, hashes: string, of: 'file' | 'process'): void {
  for (const part of hashes.split(',').slice(0, 8)) {
    const [name = '', value] = part.split('=');
    const kind = name.trim().toLowerCase();
    if (kind === 'md5' || kind === 'sha1' || kind === 'sha256') { draft.put(`${of}.hash.${kind}`, value?.toLowerCase()); if (of === 'process') draft.fill(`file.hash.${kind}`, value?.toLowerCase()); }
    else if (kind === 'imphash') draft.put(`${of}.pe.imphash`, value?.toLowerCase());
  }
}

/** PowerShell tells its host and user inside a text: `HostApplication=...`, `Host Application = ...`, `User = CORP\\bob`. */
function putPowershell(draft: Draft, data: Readonly<Record<string, Value>>, message: string): void {
  for (const value of [...Object.values(data), message]) {
    if (typeof value !== 'string') continue;
    const text = value.slice(0, 16_384);
    draft.fill('process.command_line', labelled(text, ['HostApplication=', 'Host Application = ']));
    if (!draft.has('user.name')) putUser(draft, labelled(text, ['UserId=', 'User = ']));
    draft.fill('file.path', labelled(text, ['ScriptName=', 'Script Name = ']));
  }
  if (typeof data['Path'] === 'string') draft.fill('file.path', data['Path']);
}
/** What stands between one of the labels and the end of its line, real or escaped. */
function labelled(text: string, labels: readonly string[]): string | undefined {
  for (const label of labels) {
    const at = text.indexOf(label);
    if (at < 0) continue;
    const line = text.slice(at + label.length);
    const end = LINE_ENDS.map((mark) => line.indexOf(mark)).filter((place) => place >= 0);
    const value = line.slice(0, end.length === 0 ? undefined : Math.min(...end)).trim();
    if (value !== '') return value;
  }
  return undefined;
}

const LINE_ENDS = ['\n', '\r', '\\n\\t', '\\n\\n', '\\r\\n'];

/** Events whose account is the one that was logged on, asked for, or authenticated. */
const TARGET_IS_USER = new Set(['4624', '4625', '4634', '4647', '4768', '4769', '4770', '4771', '4776', '4778', '4779', '4800', '4801', '4964']);

/** Events of security groups: made, changed, deleted, looked up, their members. */
const TARGET_IS_GROUP = new Set(['4727', '4728', '4729', '4730', '4731', '4732', '4733', '4734', '4735', '4737', '4754', '4755', '4756', '4757', '4758', '4764', '4799']);

function putLogs(draft: Draft, id: string, text: Read): void {
  const target = text('TargetUserName') ?? text('TargetUser'), subject = text('SubjectUserName');
  const own = TARGET_IS_USER.has(id) ? target ?? text('AccountName') ?? subject : subject ?? text('AccountName') ?? (text('User') ?? text('UserName') ?? text('Requester'));
  const domain = TARGET_IS_USER.has(id) ? text('TargetDomainName') ?? text('AccountDomain') : subject !== undefined ? text('SubjectDomainName') : text('Domain');
  if (own !== undefined && (own.includes('\\') || own.includes('@'))) putAccount(draft, 'user', own);
  else { draft.put('user.name', own); draft.put('user.domain', domain); }
  draft.put('user.id', TARGET_IS_USER.has(id) ? text('TargetUserSid') ?? text('TargetSid') : text('SubjectUserSid'));
  if (target?.startsWith('S-1-') === true) draft.fill('user.target.id', target);
  else if (target !== undefined && TARGET_IS_GROUP.has(id)) draft.put('group.name', target);
  else if (target !== undefined && !TARGET_IS_USER.has(id)) { draft.put('user.target.name', target); draft.put('user.target.domain', text('TargetDomainName')); }
  if (TARGET_IS_USER.has(id)) draft.put('user.target.name', target);
  const member = text('MemberName');
  if (member !== undefined && id !== '') { draft.put('user.target.name', /^CN=([^,]{1,200})/i.exec(member)?.[1] ?? member); draft.put('group.name', target); }
  if (TARGET_IS_GROUP.has(id)) draft.put('user.target.id', text('MemberSid'));
  const from = text('IpAddress') ?? text('ClientAddress') ?? text('SourceAddress') ?? text('CallerAddress') ?? text('Address');
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
  const port = text('IpPort') ?? text('SourcePort') ?? text('ClientPort');
  if (port !== undefined && port !== '0') draft.put('source.port', port);
  draft.put('source.domain', text('WorkstationName') ?? text('Workstation'));
  draft.put('destination.ip', text('DestAddress'));
  draft.put('destination.port', text('DestPort'));
  const protocol = text('Protocol');
  if (protocol !== undefined && (text('DestAddress') ?? text('SourceAddress')) !== undefined) draft.put('network.transport', protocolName(protocol));
  const started = text('NewProcessName');
  putProcess(draft, 'process', started ?? text('ProcessName') ?? text('CallerProcessName') ?? text('Application') ?? text('Image'));
  const pid = number(text('NewProcessId') ?? text('ProcessId') ?? text('ProcessID'));
  if (pid !== 0) draft.put('process.pid', pid); // a logon over the network has no calling process
  draft.put('process.command_line', text('CommandLine'));
  putProcess(draft, 'process.parent', text('ParentProcessName'));
  if (started !== undefined) draft.put('process.parent.pid', number(text('ProcessId')));
  draft.put('service.name', text('ServiceName') ?? (draft.event['event.dataset'] === 'windows.system' ? text('param1') : undefined));
  const object = text('ObjectName');
  if (object?.startsWith('\\REGISTRY') === true) draft.put('registry.path', object);
  else if (FILES.has(text('ObjectType') ?? 'File')) draft.put('file.path', object ?? text('RelativeTargetName'));
  draft.put('powershell.file.script_block_text', text('ScriptBlockText'));
  draft.put('file.path', text('ImagePath'));
  draft.put('event.reason', text('FailureReason') ?? text('Reason'));
  const station = text('CallingStationID'); // network policy server: the card or the address that called
  if (station !== undefined) { draft.fill('source.mac', macOf(station)); if (isIp(station)) draft.fill('source.ip', station); }
}

/** The whole path, and its last part as the name. */
function putProcess(draft: Draft, of: 'process' | 'process.parent', path: string | undefined): void {
  if (path === undefined) return;
  const { executable, name } = PROCESSES[of];
  draft.put(executable, path);
  draft.put(name, path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1));
}
const PROCESSES = { process: { executable: 'process.executable', name: 'process.name' }, 'process.parent': { executable: 'process.parent.executable', name: 'process.parent.name' } } as const;
function putUser(draft: Draft, user: string | undefined): void {
  if (user === undefined) return;
  const slash = user.indexOf('\\');
  draft.put('user.name', user.slice(slash + 1));
  if (slash > 0) draft.put('user.domain', user.slice(0, slash));
}
function number(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0[xX][0-9a-fA-F]{1,12}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}
