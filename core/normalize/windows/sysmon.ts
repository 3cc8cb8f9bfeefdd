// Sysmon: what each of its events tells of processes, connections, files, keys, names and pipes, by the names of its manifest.
// https://learn.microsoft.com/sysinternals/downloads/sysmon
import type { Value } from '../../event.js';
import { readIso, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { isIp, protocolName } from '../net.js';
import { lastPart, number, putFile, putProcess, putRows, putUser, rows, type Read } from './parts.js';
import { putRegistry, putRegistryData } from './registry.js';

const PLAIN = rows('ProcessGuid > process.entity_id | SourceProcessGuid > process.entity_id | SourceProcessGUID > process.entity_id | CommandLine > process.command_line | CurrentDirectory > process.working_directory | ParentCommandLine > process.parent.command_line | ParentProcessGuid > process.parent.entity_id | SourceThreadId > process.thread.id | RuleName > rule.name | PipeName > file.name');
const CONNECTION = rows('SourceIp > source.ip | SourcePort > source.port | SourceHostname > source.domain | DestinationIp > destination.ip | DestinationPort > destination.port | DestinationHostname > destination.domain | DestinationPortName > network.protocol');
/** What the version of a file says, of the process or of the file that was loaded. */
const PARTS = ['process', 'file'].map((of) => rows(`OriginalFileName > ${of}.pe.original_file_name | Company > ${of}.pe.company | Description > ${of}.pe.description | Product > ${of}.pe.product | FileVersion > ${of}.pe.file_version`)), SIGNATURE = rows('Signature > file.code_signature.subject_name | SignatureStatus > file.code_signature.status');

export function putSysmon(draft: Draft, id: string, text: Read): void {
  const time = readIso(text('UtcTime') ?? '', 0), loaded = text('ImageLoaded'), path = text('TargetFilename') ?? loaded ?? text('Device');
  if (time !== undefined) draft.time = resolve({ ...time, offset: 0 }, draft.received, draft.zone);
  putProcess(draft, 'process', text('Image') ?? text('SourceImage'));
  draft.put('process.pid', number(text('ProcessId') ?? text('SourceProcessId')));
  putProcess(draft, 'process.parent', text('ParentImage'));
  draft.put('process.parent.pid', number(text('ParentProcessId')));
  putUser(draft, text('User') ?? text('SourceUser'));
  putRows(draft, PLAIN, text);
  putFile(draft, path);
  if (id === '3') putConnection(draft, text);
  else if (id === '22') putQuery(draft, text);
  else if (id === '12' || id === '13' || id === '14') { putRegistry(draft, text('TargetObject'), text('EventType')?.endsWith('Key') !== true); putRegistryData(draft, text('Details')); }
  else if (id === '24') putClipboard(draft, text);
  else if (id === '255') { draft.put('error.code', text('ID')); draft.put('event.reason', text('Description')); return; }
  putRows(draft, PARTS[path === undefined ? 0 : 1] ?? [], text);
  const hashes = text('Hashes') ?? text('Hash') ?? text('ConfigurationFileHash');
  if (hashes !== undefined && id !== '24') putHashes(draft, hashes, path === undefined && id !== '16' ? 'process' : 'file', id === '7'); // 24: of what was copied
  if (loaded === undefined) return;
  if (id === '7') { draft.put('dll.path', loaded); draft.put('dll.name', lastPart(loaded)); }
  const signed = text('Signed');
  if (signed !== undefined) draft.put('file.code_signature.exists', signed === 'true');
  putRows(draft, SIGNATURE, text);
  if (draft.has('file.code_signature.status')) draft.put('file.code_signature.valid', draft.get('file.code_signature.status') === 'Valid');
}

function putConnection(draft: Draft, text: Read): void {
  putRows(draft, CONNECTION, text);
  const protocol = text('Protocol'), initiated = text('Initiated');
  if (protocol !== undefined) draft.put('network.transport', protocolName(protocol));
  if (initiated !== undefined) draft.put('network.direction', initiated === 'true' ? 'egress' : 'ingress');
  draft.put('network.type', text('DestinationIsIpv6') === undefined ? undefined : text('DestinationIsIpv6') === 'true' ? 'ipv6' : 'ipv4');
}

/** How a query ended, by the numbers of Windows' resolver. */
const QUERY_STATUS = lookup({ 0: 'NOERROR', 9001: 'FORMERR', 9002: 'SERVFAIL', 9003: 'NXDOMAIN', 9004: 'NOTIMP', 9005: 'REFUSED' });
/** Answers are `type:  5 www.example.org;::ffff:192.0.2.1;`: names behind their type, addresses alone. */
function putQuery(draft: Draft, text: Read): void {
  draft.put('network.protocol', 'dns');
  draft.put('dns.question.name', text('QueryName'));
  draft.put('dns.response_code', QUERY_STATUS[text('QueryStatus') ?? '']);
  putAnswers(draft, text('QueryResults'));
}
export function putAnswers(draft: Draft, results: string | undefined): void {
  if (results === undefined) return;
  const answers = results.split(';', ANSWERS_MAX).map((answer) => answer.trim().replace(/^type: {1,4}\d{1,5} /, '').replace(/^::ffff:(?=[\d.]{7,15}$)/, '')).filter((answer) => answer !== '' && answer !== '-'), addresses = answers.filter(isIp);
  if (answers.length > 0) draft.put('dns.answers.data', answers);
  if (addresses.length > 0) draft.put('dns.resolved_ip', addresses);
}
const ANSWERS_MAX = 64;

/** `user: SO\an ip: 203.0.113.9 hostname: PC1`: who copied over remote desktop. */
function putClipboard(draft: Draft, text: Read): void {
  const client = text('ClientInfo')?.slice(0, 600) ?? '', address = /(?:^|\s)ip: ?([0-9a-fA-F.:]{3,45})/.exec(client)?.[1];
  if (address !== undefined && isIp(address)) draft.put('source.ip', address);
  draft.put('source.domain', /(?:^|\s)hostname: ?([\w.-]{1,253})/.exec(client)?.[1]);
  if (!draft.has('user.name')) putUser(draft, /(?:^|\s)user: ?(\S{1,256})/.exec(client)?.[1]);
}

/** `SHA1=...,MD5=...,SHA256=...,IMPHASH=...`. */
function putHashes(draft: Draft, hashes: string, of: 'file' | 'process', library: boolean): void {
  for (const part of hashes.split(',').slice(0, 8)) {
    const [name = '', value] = part.split('='), kind = name.trim().toLowerCase(), hash = value?.trim().toLowerCase();
    if (kind === 'imphash') draft.put(`${of}.pe.imphash`, hash);
    if (kind !== 'md5' && kind !== 'sha1' && kind !== 'sha256') continue;
    draft.put(`${of}.hash.${kind}`, hash);
    if (of === 'process') draft.fill(`file.hash.${kind}`, hash); else if (library) draft.put(`dll.hash.${kind}`, hash);
  }
}

/** Some events have one number for things that mean two. */
export function putSysmonMeaning(draft: Draft, id: string, text: Read): void {
  const kind = text('EventType') ?? '';
  if (id === '4' && text('State') === 'Stopped') draft.act('service_stopped');
  else if (id === '12') { if (kind.startsWith('Delete')) draft.act('registry_deleted'); else if (kind.startsWith('Create')) draft.act('registry_created'); }
}

const NAMES = new Set(`RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage
  ParentCommandLine ParentUser TargetFilename CreationUtcTime PreviousCreationUtcTime Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName State Version
  SchemaVersion ImageLoaded Signed Signature SignatureStatus SourceProcessGuid SourceProcessGUID SourceProcessId SourceImage TargetProcessGuid TargetProcessGUID TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser Device SourceThreadId
  GrantedAccess CallTrace EventType TargetObject Details NewName Hash Contents Configuration ConfigurationFileHash PipeName Operation EventNamespace Name Query Type Destination Consumer Filter QueryName QueryStatus QueryResults IsExecutable Archived Session ClientInfo ID`.split(/\s+/));
/** The event that a message's first words name, where an agent sends no number. */
const TITLES = lookup({ 'Process Create': '1', 'File creation time changed': '2', 'Network connection detected': '3', 'Sysmon service state changed': '4', 'Process terminated': '5', 'Driver loaded': '6', 'Image loaded': '7', 'CreateRemoteThread detected': '8', 'RawAccessRead detected': '9', 'Process accessed': '10', 'File created': '11', 'Registry object added or deleted': '12', 'Registry value set': '13', 'Registry object renamed': '14', 'File stream created': '15', 'Sysmon config state changed': '16', 'Pipe Created': '17', 'Pipe Connected': '18', 'WmiEventFilter activity detected': '19', 'WmiEventConsumer activity detected': '20', 'WmiEventConsumerToFilter activity detected': '21', 'Dns query': '22', 'File Delete archived': '23', 'Clipboard changed': '24', 'Process Tampering': '25', 'File Delete logged': '26', 'File Block Executable': '27', 'File Block Shredding': '28', 'File Executable Detected': '29' });
export const sysmonEventOf = (text: string): string | undefined => TITLES[text.slice(0, Math.max(0, text.slice(0, 60).indexOf(':')))];

const LABEL = /(?:^|\s)([A-Z][A-Za-z0-9]{1,24}):(?:\s|$)/, LINE_LABEL = /(?:^|\n|\\n|#012)([A-Z][A-Za-z0-9]{1,24}):(?:\s|\\r|\\n|#01[125]|$)/;
/** A line end, raw or written out, with a label behind it: a path may hold `\n` as well. */
const ON_LINES = /(\n|\\n|#012)[A-Z][A-Za-z0-9]{1,24}:/;
const EDGES = /^(?:#01[125]|\s)+|(?:#01[125]|\s)+$/g, WRITTEN_EDGES = /^(?:\\[trn]|#01[125]|\s)+|(?:\\[rn]|#01[125]|\s)+$/g;
/** `Name: value` parts of a message, on lines of their own (raw or written out) or all on one. */
export function sysmonValues(message: string): Record<string, Value> {
  const values: Record<string, Value> = Object.create(null) as Record<string, Value>, said = message.slice(0, 16_384), lines = ON_LINES.exec(said)?.[1], label = new RegExp(lines === undefined ? LABEL : LINE_LABEL, 'g'), edges = lines === '\\n' ? WRITTEN_EDGES : EDGES;
  let name = '', from = 0;
  const take = (to: number): void => { const value = said.slice(from, to).replace(edges, ''); if (name !== '' && value !== '' && !Object.hasOwn(values, name)) values[name] = value; };
  for (let found = label.exec(said); found !== null; found = label.exec(said)) {
    const next = found[1] as string;
    label.lastIndex--; // the blank behind a label without a value is the next one's
    if (!NAMES.has(next)) continue;
    take(found.index);
    name = next;
    from = found.index + found[0].length;
  }
  take(said.length);
  return values;
}
