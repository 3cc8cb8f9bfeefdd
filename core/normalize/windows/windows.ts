// A Windows event, however it was sent: what all forms (NXLog's flat JSON, Winlogbeat, EVTX as JSON or XML, Snare) come down to.
// winlog.event_data.* as sent, but for blanks in names; ECS beside it, by what each event means.
import { emptyEvent, write, type Value } from '../../event.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { isIp, macOf, protocolName } from '../net.js';
import { readIso, resolve } from '../../message/time.js';
import { componentOf, putComponent } from './channels.js';
import { putMeaning } from './meanings.js';
import { putPowershell } from './powershell.js';
import { number, putFile, putProcess, putRows, putUser, rows, type Read } from './parts.js';
import { logonOf, reasonOf, statusOf } from './reasons.js';
import { putRegistry } from './registry.js';
import { putSysmon, putSysmonMeaning, sysmonValues } from './sysmon.js';
import { putSystem, putSystemMeaning } from './system.js';
import { putTask } from './task.js';

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
  /** The event's own text, where the message is more than that. */
  readonly said?: string;
  readonly level?: string;
  readonly user?: string;
  readonly domain?: string;
  /** Under whose account the log's writer ran. */
  readonly sid?: string;
  /** What the audit calls it: `Audit Failure`, `0x8010000000000000`, the same as a number, `AUDIT_FAILURE`. */
  readonly keywords?: string;
  /** An object without inherited names. */
  readonly data: Readonly<Record<string, Value>>;
}

/** Defender's names hold blanks (`Threat Name`); rules, and those who turn event files to JSON, write them without. */
const eventData = remembered((key) => `winlog.event_data.${key.replaceAll(' ', '')}`);

export function putWindows(draft: Draft, { channel, id, provider, computer, record, time, pid, message, said = message, level, user, domain, sid, keywords, data: sent }: WindowsEvent): void {
  const { event } = draft, dataset = datasetOf(channel ?? '', provider ?? '');
  // What a sender left out of the data stands in the message; where all of it was read out of the text, Sysmon's own reading is surer.
  const data = dataset !== 'windows.sysmon' || said?.includes('UtcTime: ') !== true ? sent : Object.hasOwn(sent, 'UtcTime') ? Object.assign(sysmonValues(said), sent) : Object.assign(emptyEvent(), sent, sysmonValues(said));
  if (event['process.name'] === event['log.syslog.appname']) delete event['process.name']; // it named the sender
  draft.put('winlog.channel', channel);
  draft.put('winlog.event_id', id);
  draft.put('winlog.provider_name', provider);
  draft.put('winlog.computer_name', computer);
  draft.put('winlog.record_id', record);
  draft.put('event.code', id);
  draft.put('event.provider', provider);
  draft.put('host.name', computer);
  if (level !== undefined && level !== '') { const word = LEVELS[level] ?? level.toLowerCase(), number = NUMBERS[word]; draft.put('log.level', word); if (number !== undefined) write(event, 'winlog.level', [number, word]); }
  draft.fill('winlog.process.pid', number(pid));
  draft.fill('winlog.user.identifier', sid);
  for (const key of Object.keys(data)) { const value = data[key]; if (value !== undefined) event[eventData(key)] = value; }
  if (message !== undefined && message !== '') write(event, 'message', message);
  else if (data['param1'] !== undefined && data['Data'] === undefined) write(event, 'winlog.event_data.Data', paramsOf(data)); // what a rule calls the data as a whole; else the text has them
  write(event, 'event.dataset', dataset);
  write(event, 'event.module', 'windows');
  const text = (key: string): string | undefined => { const value = data[key]; return value === undefined || value === null || value === '' || value === '-' ? undefined : String(value); };
  const stamp = readIso(time ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  if (dataset === 'windows.sysmon') putSysmon(draft, id ?? '', text); // its own process is not the one it tells of
  else putLogs(draft, id ?? '', text);
  const who = user === '' ? undefined : user;
  if (!draft.has('user.name') && who !== undefined) {
    if (who.includes('\\')) putUser(draft, who);
    else { draft.put('user.name', who); draft.put('user.domain', domain); }
  }
  if (dataset === 'windows.powershell') { draft.fill('user.id', sid); putPowershell(draft, data, text, message ?? ''); }
  const component = dataset === 'windows.sysmon' || dataset === 'windows.powershell' ? undefined : componentOf(provider ?? '');
  if (component !== undefined) putComponent(draft, component, text, id ?? '');
  if (dataset === 'windows.system') putSystem(draft, id ?? '', text, said ?? '');
  if (dataset !== 'windows.sysmon' && !draft.has('process.executable') && !draft.has('process.name')) draft.fill('process.pid', number(pid)); // the log's writer is not the process that it tells of
  const audited = dataset === 'windows.security' ? auditResult(keywords ?? text('Keywords')) : undefined;
  if (audited !== undefined) write(event, 'winlog.keywords', AUDITS[audited]);
  putMeaning(draft, component ?? dataset, id ?? '', dataset === 'windows.security' && refused(id ?? '', text) ? 'failure' : audited);
  if (dataset === 'windows.sysmon') putSysmonMeaning(draft, id ?? '', text);
  else if (dataset === 'windows.system') putSystemMeaning(draft, id ?? '', text);
  else if (dataset === 'windows.security') putObjectMeaning(draft, id ?? '', text);
}
/** Levels by number; an audit has none. */
const LEVELS = lookup({ 0: 'information', 1: 'critical', 2: 'error', 3: 'warning', 4: 'information', 5: 'verbose' });
/** Rules ask for a level by its number and by its word. */
const NUMBERS = lookup({ critical: '1', error: '2', warning: '3', information: '4', info: '4', verbose: '5' });

/** `<Data>` without names, in order. */
function paramsOf(data: Readonly<Record<string, Value>>): string[] {
  const values: string[] = [];
  for (let i = 1; data[`param${i}`] !== undefined; i++) values.push(String(data[`param${i}`]));
  return values;
}

/** Objects that are no files: which they are, the event's number does not tell. */
function putObjectMeaning(draft: Draft, id: string, text: Read): void {
  const kind = text('ObjectType'), outcome = draft.get('event.outcome') === 'failure' ? 'failure' : undefined;
  if (id === '4657' && text('OperationType') === '%%1906') draft.act('registry_deleted', outcome);
  if (kind === undefined || FILES.has(kind) || id !== '4656' && id !== '4663') return;
  draft.act(kind === 'Key' ? 'registry_accessed' : 'object_accessed', outcome);
}

/** An audit's keyword in words and in bits: rules ask for either. */
const AUDITS = { success: ['Audit Success', '0x8020000000000000'], failure: ['Audit Failure', '0x8010000000000000'] };
/** Success or failure, as the audit's keywords say it in words or bits. */
function auditResult(keywords: string | undefined): 'success' | 'failure' | undefined {
  if (keywords === undefined) return undefined;
  const bits = /^0x80([1-3])/.exec(keywords)?.[1] ?? (/^-92[01]\d{16}$/.test(keywords) ? keywords.startsWith('-9218') ? '1' : '2' : undefined);
  return /fail/i.test(keywords) || bits === '1' ? 'failure' : /success/i.test(keywords) || bits === '2' ? 'success' : undefined;
}
/** Events of Kerberos and NTLM are the same for good and bad: their status tells. */
const refused = (id: string, text: Read): boolean => (id === '4768' || id === '4769' || id === '4770' || id === '4776') && !/^(?:0x0+|0)$/i.test(text('Status') ?? text('FailureCode') ?? '0');

function datasetOf(channel: string, provider: string): string {
  const where = kindOf(channel), who = kindOf(provider);
  return where === 'security' || who === 'auditing' ? 'windows.security' : where === 'sysmon' || who === 'sysmon' ? 'windows.sysmon' : where === 'powershell' || who === 'powershell' ? 'windows.powershell' : where === 'system' ? 'windows.system' : 'windows.other';
}
/** What the name of a channel or a provider says, remembered. */
const kindOf = remembered((name) => {
  const word = name.toLowerCase();
  return word === 'security' || word === 'system' ? word : word === 'microsoft-windows-security-auditing' ? 'auditing' : word.includes('sysmon') ? 'sysmon' : word.includes('powershell') ? 'powershell' : '';
});

/** Types of objects whose name is a path; those of the directory, of the account manager and services have names of other kinds. */
const FILES: ReadonlySet<string> = new Set(['File', 'Process']);

/** Events whose account is the one that was logged on, asked for, or authenticated. */
const TARGET_IS_USER = new Set(['4624', '4625', '4634', '4647', '4768', '4769', '4770', '4771', '4776', '4778', '4779', '4800', '4801', '4964']);

export const isUser = (id: string): boolean => TARGET_IS_USER.has(id);

/** Events of security groups: made, changed, deleted, looked up, their members. */
const TARGET_IS_GROUP = new Set(['4727', '4728', '4729', '4730', '4731', '4732', '4733', '4734', '4735', '4737', '4754', '4755', '4756', '4757', '4758', '4764', '4799']);

function putLogs(draft: Draft, id: string, text: Read): void {
  const target = text('TargetUserName') ?? text('TargetUser'), subject = text('SubjectUserName');
  const named = OF_SERVICES.has(id) ? undefined : text('AccountName'); // under which the service is to run
  const own = TARGET_IS_USER.has(id) ? target ?? named ?? subject : subject ?? named ?? (text('User') ?? text('UserName') ?? text('Requester'));
  const domain = TARGET_IS_USER.has(id) ? text('TargetDomainName') ?? text('AccountDomain') : subject !== undefined ? text('SubjectDomainName') : text('Domain');
  if (own?.startsWith('S-1-') === true) draft.put('user.id', own);
  else if (own !== undefined && (own.includes('\\') || own.includes('@'))) putAccount(draft, 'user', own);
  else { draft.put('user.name', own); draft.put('user.domain', domain); }
  draft.fill('user.id', sidOf(TARGET_IS_USER.has(id) ? text('TargetUserSid') ?? text('TargetSid') : text('SubjectUserSid')));
  putTarget(draft, id, target, text);
  const from = text('IpAddress') ?? text('ClientAddress') ?? text('SourceAddress') ?? text('CallerAddress') ?? text('Address');
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
  const port = text('IpPort') ?? text('SourcePort') ?? text('ClientPort');
  if (port !== undefined && port !== '0') draft.put('source.port', port);
  draft.put('source.domain', text('WorkstationName') ?? text('Workstation') ?? (id === '4778' || id === '4779' ? text('ClientName') : undefined) ?? (id === '4740' ? text('TargetDomainName') : undefined)); // where the account was locked out
  draft.put('destination.ip', text('DestAddress'));
  draft.put('destination.port', text('DestPort'));
  const protocol = text('Protocol'), server = text('TargetServerName'), object = text('ObjectName'), kind = text('ObjectType') ?? 'File';
  if (protocol !== undefined && (text('DestAddress') ?? text('SourceAddress')) !== undefined) draft.put('network.transport', protocolName(protocol));
  draft.put('network.direction', DIRECTIONS[text('Direction') ?? '']);
  if (server !== undefined && server !== 'localhost') draft.put('destination.domain', server);
  const started = text('NewProcessName');
  putProcess(draft, 'process', started ?? text('ProcessName') ?? text('CallerProcessName') ?? text('Application') ?? text('Image'));
  const pid = number(text('NewProcessId') ?? text('ProcessId') ?? text('CallerProcessId') ?? text('ClientProcessId') ?? text('ProcessID'));
  const task = text('TaskContentNew') ?? text('TaskContent');
  if (task !== undefined) putTask(draft, task);
  else if (pid !== 0) draft.put('process.pid', pid); // a logon over the network has no calling process
  putProcess(draft, 'process.parent', text('ParentProcessName'));
  if (started !== undefined) draft.put('process.parent.pid', number(text('ProcessId')));
  if (id === '4689') draft.put('process.exit_code', number(text('Status')));
  putRows(draft, PLAIN, text);
  if (kind === 'Key' || object?.startsWith('\\REGISTRY') === true) {
    putRegistry(draft, object, false, text('ObjectValueName'));
    draft.put('registry.data.type', VALUE_TYPES[text('NewValueType') ?? '']);
    if (text('NewValue') !== undefined) draft.put('registry.data.strings', [text('NewValue') ?? '']);
  } else if (FILES.has(kind)) putFile(draft, object ?? sharedFile(text('ShareLocalPath'), text('RelativeTargetName')));
  putFile(draft, programIn(text('ImagePath') ?? text('ServiceFileName')) ?? text('KeyFilePath'));
  draft.put('event.reason', reasonOf(text('FailureReason')) ?? words(text('Reason')) ?? (WITH_STATUS.has(id) ? statusOf(text('Status') ?? text('FailureCode')) : undefined));
  putLogon(draft, text);
  const station = text('CallingStationID'); // network policy server: the card or the address that called
  if (station !== undefined) { draft.fill('source.mac', macOf(station)); if (isIp(station)) draft.fill('source.ip', station); }
}
const PLAIN = rows('CommandLine > process.command_line | ServiceName > service.name | RuleName > rule.name | NetworkPolicyName > rule.name | RuleId > rule.id | FilterRTID > rule.id | DeviceId > device.id | DeviceDescription > device.model.name');
/** As ECS has it for what a host sees of itself. */
const DIRECTIONS = lookup({ '%%14592': 'ingress', '%%14593': 'egress', Inbound: 'ingress', Outbound: 'egress' });
const VALUE_TYPES = lookup({ '%%1872': 'REG_NONE', '%%1873': 'REG_SZ', '%%1874': 'REG_EXPAND_SZ', '%%1875': 'REG_BINARY', '%%1876': 'REG_DWORD', '%%1879': 'REG_MULTI_SZ', '%%1883': 'REG_QWORD' });
const OF_SERVICES = new Set(['7045', '4697']), WITH_STATUS = new Set(['4768', '4769', '4770', '4771', '4772', '4773', '4776', '4777', '4820', '4821', '4822', '4823']);
/** Whoever has this one is nobody. */
const sidOf = (sid: string | undefined): string | undefined => sid === 'S-1-0-0' ? undefined : sid;

/** Some write a number there. */
const words = (said: string | undefined): string | undefined => said === undefined || /^-?\d{1,12}$/.test(said) ? undefined : said;

/** Whom or which group it was done to. */
function putTarget(draft: Draft, id: string, target: string | undefined, text: Read): void {
  if (target?.startsWith('S-1-') === true) draft.fill('user.target.id', target);
  else if (TARGET_IS_GROUP.has(id)) {
    draft.put('group.name', target);
    if (target !== undefined) { draft.put('group.id', sidOf(text('TargetSid'))); draft.put('group.domain', text('TargetDomainName')); }
    draft.put('user.target.id', sidOf(text('MemberSid')));
  } else if (TARGET_IS_USER.has(id)) draft.put('user.target.name', target);
  else if (target !== undefined) {
    draft.put('user.target.name', target);
    if (id !== '4740') draft.put('user.target.domain', text('TargetDomainName'));
    draft.put('user.target.id', sidOf(text('TargetSid') ?? text('TargetUserSid')));
  } else if (id === '4781') { draft.put('user.target.name', text('OldTargetUserName')); draft.put('user.changes.name', text('NewTargetUserName')); draft.put('user.target.id', sidOf(text('TargetSid'))); }
  const member = text('MemberName');
  if (member !== undefined && id !== '') { draft.put('user.target.name', /^CN=([^,]{1,200})/i.exec(member)?.[1] ?? member); draft.put('group.name', target); }
}

/** What Winlogbeat tells of a logon beside its data, by the same names. */
function putLogon(draft: Draft, text: Read): void {
  const type = text('LogonType');
  if (type === undefined) return;
  draft.fill('winlog.logon.type', logonOf(type));
  draft.fill('winlog.logon.id', text('TargetLogonId') ?? text('SubjectLogonId'));
  draft.fill('winlog.logon.failure.reason', reasonOf(text('FailureReason')));
  draft.fill('winlog.logon.failure.status', statusOf(text('Status')));
  draft.fill('winlog.logon.failure.sub_status', statusOf(text('SubStatus')));
}

/** A file of a share by its path on the server: `\??\D:\Data` and `ho-so\a.docx`. */
function sharedFile(folder: string | undefined, file: string | undefined): string | undefined {
  const base = folder?.replace(/^\\\?\?\\/, '');
  return base === undefined ? file : file === undefined || file === '\\' ? base : `${base.replace(/\\$/, '')}\\${file}`;
}
/** The program of a service's command line: in quotes, or up to its ending. */
function programIn(line: string | undefined): string | undefined {
  return line === undefined ? undefined : /^\s{0,4}"([^"]{1,1000})"/.exec(line)?.[1] ?? /^.{1,400}?\.(?:exe|sys|dll|bat|cmd|com|ps1)(?=\s|$)/i.exec(line)?.[0] ?? line;
}
