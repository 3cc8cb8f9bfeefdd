// The logs of Windows' components beside Security, System, Sysmon and PowerShell: Defender, DNS, AppLocker, remote desktop, the task scheduler and
// kin. Each calls the same things by names of its own; this says which of their data is which field. Keys are those of the providers' manifests.
import { fillAccount } from '../account.js';
import { auditValues, putAudit } from '../database/mssql.js';
import type { Draft } from '../draft.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { putAs } from '../common-names.js';
import { isIp, protocolName, splitEndpoint } from '../net.js';
import { putTarget } from '../web/request.js';
import { putFile, type Read } from './parts.js';
import { statusOf } from './reasons.js';

interface Component {
  /** What stands in the name of its provider. */
  readonly provider: string;
  readonly fields?: readonly (readonly [key: string, field: string])[];
  /** Data that names an account, the surest first. */
  readonly users?: readonly string[];
  readonly more?: (draft: Draft, text: Read, id: string) => void;
}

const fields = (text: string): readonly (readonly [string, string])[] => text.split(' | ').map((pair) => pair.split(' > ') as [string, string]);

const COMPONENTS: Readonly<Record<string, Component>> = {
  defender: { provider: 'windows defender', users: ['Detection User', 'Remediation User', 'User'], fields: fields('Threat Name > rule.name | Threat Name > threat.name | Target Commandline > process.command_line | Error Description > error.message | Threat ID > rule.id | Process Name > process.executable | Category Name > rule.category | Action Name > event.reason'), more: putDefender },
  'kernel-general': { provider: 'kernel-general' }, 'kernel-power': { provider: 'kernel-power' },
  print: { provider: 'printservice', fields: fields('PluginDllName > dll.path | ErrorCode > error.code'), more: putPrinted },
  ntlm: { provider: 'microsoft-windows-ntlm', users: ['UserName', 'ClientUserName'], fields: fields('DomainName > user.domain | ClientDomainName > user.domain | WorkstationName > source.domain | SChannelName > destination.domain | TargetName > destination.domain | ProcessName > process.name | CallerPID > process.pid'), more: (draft, text) => { const service = text('TargetName')?.split('/')[1]; draft.put('destination.domain', service); } }, // the service's name: `cifs/fs1.so.example.vn`
  'remote-desktop': { provider: 'remotedesktopservices-rdpcorets', more: (draft, text) => { const { host, port } = splitEndpoint(text('ClientIP') ?? text('IPString') ?? ''); if (isIp(host)) { draft.put('source.ip', host); draft.put('source.port', port); draft.put('network.protocol', 'rdp'); draft.put('network.transport', text('ConnType')?.toLowerCase()); } } },
  'remote-client': { provider: 'terminalservices-clientactivexcore', more: (draft, text) => { const server = text('Value') ?? ''; if (isIp(server)) draft.put('destination.ip', server); else if (/^[\w.-]{1,253}$/.test(server)) draft.put('destination.domain', server); } },
  'remote-gateway': { provider: 'terminalservices-gateway', users: ['Username'], fields: fields('Resource > destination.domain | BytesReceived > source.bytes | BytesTransfered > destination.bytes | ConnectionProtocol > network.protocol'), more: (draft, text) => { putClient(draft, text('IpAddress')); } },
  'group-policy': { provider: 'grouppolicy', users: ['PrincipalSamName'], fields: fields('DCName > destination.domain | ErrorDescription > event.reason') },
  'windows-update': { provider: 'windowsupdateclient', fields: fields('updateTitle > package.name | errorCode > error.code') },
  installer: { provider: 'msiinstaller', fields: fields('param1 > package.name | param2 > package.version') },
  'smb-client': { provider: 'smbclient', fields: fields('UserName > user.name'), more: putSmb },
  adfs: { provider: 'ad fs', more: putFederation },
  applocker: { provider: 'applocker', fields: fields('FullFilePath > file.path | FilePath > file.path | RuleName > rule.name | RuleId > rule.id | PolicyName > rule.ruleset | TargetProcessId > process.pid | TargetUser > user.id'), more: putApplication },
  'dns-server': { provider: 'dnsserver', fields: fields('Source > source.ip | Port > source.port | InterfaceIP > destination.ip'), more: putDnsServer },
  'dns-client': { provider: 'dns-client', fields: fields('QueryName > dns.question.name'), more: (draft, text) => { putQuestionType(draft, text('QueryType')); } },
  'terminal-session': { provider: 'localsessionmanager', users: ['User'] },
  'terminal-remote': { provider: 'remoteconnectionmanager', more: (draft, text) => { fillAccount(draft, 'user', text('Param1')); if (draft.has('user.name')) draft.fill('user.domain', text('Param2')); putClient(draft, text('Param3')); } },
  'task-scheduler': { provider: 'taskscheduler', users: ['UserContext', 'UserName'], fields: fields('ActionName > process.executable | Path > process.executable | TaskName > service.name | EnginePID > process.pid | ProcessID > process.pid') },
  bits: { provider: 'bits-client', users: ['jobOwner', 'user'], fields: fields('processPath > process.executable | processId > process.pid | LocalName > file.path'), more: putTransfer },
  'code-integrity': { provider: 'codeintegrity', fields: fields('FileNameBuffer > file.path | File Name > file.path | ProcessNameBuffer > process.executable | Process Name > process.executable | SHA1 Hash > file.hash.sha1 | SHA256 Hash > file.hash.sha256 | OriginalFileName > file.pe.original_file_name | PolicyName > rule.name'), more: lowerHashes },
  firewall: { provider: 'windows firewall', fields: fields('RuleName > rule.name | RuleId > rule.id | ModifyingApplication > process.executable | ModifyingUser > user.id | ApplicationPath > file.path'), more: (draft, text, id) => { if (id === '2011') { draft.put('process.executable', text('ApplicationPath')); draft.put('destination.port', text('Port')); draft.put('network.transport', protocolName(text('Protocol') ?? '')); } } },
  'smb-server': { provider: 'smbserver', fields: fields('SharePath > file.path'), more: putSmb },
  'wmi-activity': { provider: 'wmi-activity', users: ['User'], fields: fields('ClientMachine > source.domain | ClientProcessId > process.pid | HostProcess > process.name | ProcessID > process.pid | Processid > process.pid | ProviderPath > file.path | ResultCode > error.code'), more: (draft, _, id) => { if (id === '5858') draft.put('event.outcome', 'failure'); } },
  'application-error': { provider: 'application error', fields: fields('AppName > process.name | AppPath > process.executable | param11 > process.executable | param1 > process.name | ModuleName > dll.name | param4 > dll.name | ExceptionCode > error.code | param7 > error.code') },
  directory: { provider: 'activedirectory_domainservice', more: putBinding },
  dhcp: { provider: 'dhcp-server', users: ['User'] }, 'hyper-v': { provider: 'hyper-v-' },
  'sql-server': { provider: 'mssql', more: putSqlServer },
};
const NAMES = Object.keys(COMPONENTS);

/** Which component a provider is; undefined where it is none of these. */
export const componentOf = remembered((provider) => { const word = provider.toLowerCase(); return NAMES.find((name) => word.includes((COMPONENTS[name] as Component).provider)); });

export function putComponent(draft: Draft, name: string, text: Read, id: string): void {
  const { users, fields: rows, more } = COMPONENTS[name] as Component;
  for (const key of users ?? []) { const who = text(key); if (who !== undefined && !who.startsWith('S-1-')) fillAccount(draft, 'user', who); }
  for (const [key, field] of rows ?? []) draft.fill(field, text(key));
  more?.(draft, text, id);
  const path = draft.getText('process.executable');
  if (path !== undefined) draft.fill('process.name', path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1));
  const file = draft.getText('file.path');
  if (file !== undefined && !draft.has('file.name')) putFile(draft, file.replace(/^\\\?\?\\/, ''));
}

/** 307 says who printed what, from where and on which printer; the other numbers call other things `Param1`. */
function putPrinted(draft: Draft, text: Read, id: string): void {
  if (id === '808') draft.put('event.outcome', 'failure');
  if (id !== '307') return;
  fillAccount(draft, 'user', text('Param3'));
  draft.put('file.name', text('Param2'));
  draft.put('device.model.name', text('Param5'));
  draft.put('file.size', text('Param7'));
  putClient(draft, text('Param4')?.replace(/^\\+/, ''));
}

/** Whoever ran it is the user; what ran is the process, a script or an installer is a file only. */
function putApplication(draft: Draft, text: Read): void {
  const hash = text('FileHash') ?? '', path = text('FullFilePath') ?? '';
  if (/^[0-9A-Fa-f]{64}$/.test(hash)) draft.put('file.hash.sha256', hash.toLowerCase());
  if (/\.(?:exe|com|scr)$/i.test(path)) draft.fill('process.executable', path);
}
function lowerHashes(draft: Draft): void {
  for (const field of ['file.hash.sha1', 'file.hash.sha256']) { const hash = draft.getText(field); if (hash !== undefined) draft.put(field, hash.toLowerCase()); }
}

/** A job of the background transfer: `hr` is how it ended, 0 is well. */
function putTransfer(draft: Draft, text: Read): void {
  const url = text('url') ?? text('RemoteName'), ended = text('hr');
  if (url !== undefined) { putTarget(draft, url); const host = draft.getText('url.domain'); if (host !== undefined) putAs(draft, 'destination.ip', host); }
  draft.put('network.bytes', text('bytesTransferred'));
  if (ended === undefined) return;
  draft.put('event.outcome', /^(?:0x)?0+$/.test(ended) ? 'success' : 'failure');
  if (!/^(?:0x)?0+$/.test(ended)) draft.put('error.code', ended);
}

/** SMB's ends: names behind two backslashes, addresses as the socket has them; a status in decimals at the client. */
function putSmb(draft: Draft, text: Read): void {
  const client = socketAddress(text('ClientAddress')), server = socketAddress(text('Address')), status = text('Status');
  if (client !== undefined) { draft.put('source.ip', client.ip); draft.put('source.port', client.port); }
  putClient(draft, text('ClientName')?.replace(/^\\+/, ''));
  if (server !== undefined) { draft.put('destination.ip', server.ip); draft.put('destination.port', server.port); }
  draft.fill('destination.domain', text('ServerName')?.replace(/^\\+/, ''));
  draft.put('event.reason', statusOf(status !== undefined && /^[1-9]\d{6,9}$/.test(status) ? `0x${Number(status).toString(16)}` : status));
}
/** `0200C36E0A010203...`: the family of IPv4, the port, the address, in hexadecimals. */
function socketAddress(hex: string | undefined): { readonly ip: string; readonly port: number } | undefined {
  const [, port, address] = /^0200([0-9A-F]{4})([0-9A-F]{8})/i.exec(hex ?? '') ?? [];
  return port === undefined || address === undefined ? undefined : { port: parseInt(port, 16), ip: address.replace(/../g, (byte) => `.${String(parseInt(byte, 16))}`).slice(1) };
}

/** 2889, 3039: a client that bound without signing or without a channel binding: from where, as whom. */
function putBinding(draft: Draft, text: Read, id: string): void {
  if (id !== '2889' && id !== '3039') return;
  const { host, port } = splitEndpoint(text('param1') ?? text('Client IP address') ?? '');
  if (isIp(host)) { draft.put('source.ip', host); draft.put('source.port', port); }
  fillAccount(draft, 'user', text('param2'));
  draft.put('network.protocol', 'ldap');
}

/** AD FS writes what it audits as XML into its second value: who, from where, with what, and how it ended. */
function putFederation(draft: Draft, text: Read, id: string): void {
  const putFrom = (list: string | undefined): void => { const first = list?.split(',', 1)[0]?.trim(); if (first !== undefined && isIp(first)) draft.put('source.ip', first); };
  if (id === '411') { const [who, why] = parted(text('param4'), /-(?=The )/); fillAccount(draft, 'user', who); draft.put('event.reason', why); putFrom(text('param3')); return; }
  if (id === '516' || id === '515') { fillAccount(draft, 'user', text('param2')); putFrom(text('param3')); return; }
  const said = (text('param2') ?? '').slice(0, 8192), value = (name: string): string | undefined => { const at = said.indexOf(`<${name}>`), from = at + name.length + 2, end = said.indexOf('<', from); return at < 0 || end <= from ? undefined : said.slice(from, end); };
  if (!said.includes('<AuditBase')) return;
  fillAccount(draft, 'user', value('UserId'));
  putFrom(value('IpAddress'));
  for (const [name, field] of FEDERATION) { const one = value(name); if (one !== 'None' && one !== 'N/A') draft.put(field, one); }
  const result = value('AuditResult');
  if (result !== 'Success' && result !== 'Failure') return;
  if (value('AuditType') === 'SignOut') draft.act('logout', result === 'Success' ? 'success' : 'failure');
  else draft.act(result === 'Success' ? 'login' : 'login_failed');
}
/** The text before and behind the first place of the form. */
const parted = (said: string | undefined, form: RegExp): readonly (string | undefined)[] => said === undefined ? [] : said.slice(0, 2000).split(form, 2);
const FEDERATION = fields('UserAgentString > user_agent.original | Endpoint > url.path | FailureType > event.reason | ErrorCode > error.code | AuthProtocol > network.protocol');

/** `file:_C:\a.exe`, of an archive `containerfile:_C:\a.zip; file:_C:\a.zip->b.exe`: what the threat was found in. */
function putDefender(draft: Draft, text: Read): void {
  const severity = text('Severity ID'), failed = text('Error Code');
  if (severity !== undefined) draft.put('event.severity', Number(severity));
  if (failed !== undefined && (text('Action Name') ?? 'Not Applicable') !== 'Not Applicable') draft.put('event.outcome', /^0x0+$/.test(failed) ? 'success' : 'failure');
  const path = /(?:^|; ?)file:_([^;]{1,1000})/.exec(text('Path')?.slice(0, 4000) ?? '')?.[1];
  draft.fill('file.path', path?.replace(/->.*$/s, '') ?? (text('Path')?.includes(':_') === true ? undefined : text('Path')));
}

/** Types of questions, which Windows writes by number. */
const TYPES = lookup({ 1: 'A', 2: 'NS', 5: 'CNAME', 6: 'SOA', 12: 'PTR', 15: 'MX', 16: 'TXT', 28: 'AAAA', 33: 'SRV', 41: 'OPT', 43: 'DS', 46: 'RRSIG', 48: 'DNSKEY', 64: 'SVCB', 65: 'HTTPS', 251: 'IXFR', 252: 'AXFR', 255: 'ANY' });
function putQuestionType(draft: Draft, number: string | undefined): void {
  if (number !== undefined) draft.fill('dns.question.type', TYPES[number] ?? number);
}
function putDnsServer(draft: Draft, text: Read): void {
  const name = text('QNAME');
  draft.fill('dns.question.name', name === '.' ? name : name?.replace(/\.$/, ''));
  putQuestionType(draft, text('QTYPE'));
  const tcp = text('TCP');
  if (tcp !== undefined) draft.fill('network.transport', tcp === '1' ? 'tcp' : 'udp');
  const answered = text('Destination'); // of an answer: whom it went to
  if (answered !== undefined && isIp(answered)) draft.fill('source.ip', answered);
}
/** `param1` is the whole audit event, or of a login the account, with the reason and `[CLIENT: 192.0.2.1]` behind it. */
function putSqlServer(draft: Draft, text: Read): void {
  const first = text('param1') ?? text('Data') ?? '', audit = /(?:^|\s|>)audit_schema_version:/.test(first.slice(0, 200)) ? auditValues(first) : undefined;
  if (audit !== undefined && audit.size > 4) { putAudit(draft, audit); return; }
  const said = [first, text('param2'), text('param3'), text('Message')].join(' ').slice(0, 2000), client = /\[CLIENT: ([0-9a-fA-F.:]{3,45})\]/.exec(said)?.[1];
  if (client === undefined && !said.includes('[CLIENT: ')) return;
  fillAccount(draft, 'user', / for user '([^']{1,256})'/.exec(said)?.[1] ?? first);
  putClient(draft, client);
}
function putClient(draft: Draft, client: string | undefined): void {
  if (client === undefined) return;
  if (isIp(client)) draft.fill('source.ip', client); else draft.fill('source.domain', client);
}
