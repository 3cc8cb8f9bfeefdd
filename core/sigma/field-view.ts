// How a rule's field names lead to an event's fields, per log source: the native name first (as the event came), then the
// names under which our normalizers and Elastic's agents keep it, then ECS. One table for engine, stores and editor.
import { cloudView } from './field-view-clouds.js';
import type { Path } from '../predicate/predicate.js';
import type { LogSource } from './rule.js';

export type FieldView = (field: string) => Path;

/** Counts in a rule's version: with other tables a rule is another rule. */
export const FIELD_VIEW_VERSION = 4;

const views = new Map<string, FieldView>();

export function fieldView({ category, product, service }: LogSource): FieldView {
  const key = [category, product, service].map((part) => part?.toLowerCase() ?? '').join('\n');
  const known = views.get(key);
  if (known !== undefined) return known;
  const paths = new Map<string, Path>(), resolve = viewFor(category?.toLowerCase() ?? '', product?.toLowerCase() ?? '', service?.toLowerCase() ?? '');
  const view: FieldView = (field) => {
    const path = paths.get(field);
    if (path !== undefined) return path;
    const names = resolve(field), fresh = [...new Set(names.includes(field) ? names : [field, ...names])];
    paths.set(field, fresh);
    return fresh;
  };
  views.set(key, view);
  return view;
}

type Names = Readonly<Record<string, readonly string[] | undefined>>;
const of = (names: Names, field: string): readonly string[] => (Object.hasOwn(names, field) ? names[field] ?? [] : []);

function viewFor(category: string, product: string, service: string): (field: string) => string[] {
  if (product === 'windows') {
    return (written) => {
      const field = written.replaceAll(' ', ''); // names of EVTX lose their blanks on their way here (events.ts)
      return [field, ...of(WINDOWS_SYSTEM, field), `winlog.event_data.${field}`, `winlog.user_data.${field}`,
        ...(category === 'process_creation' ? of(AUDIT_PROCESS, field) : category === 'file_access' ? of(AUDIT_FILE, field) : []), ...of(WINDOWS_ECS, field), ...otherSpelling(field)];
    };
  }
  const cloud = cloudView(product, service);
  if (cloud !== undefined) return cloud;
  const own = ownNames(category, product, service);
  const json = (field: string): string[] => [`json.${field}`];
  if (product === 'zeek') return (field) => [`zeek.${service}.${field}`, `zeek.${field}`, ...json(field), ...of(own, field)];
  if (product === 'fortigate' || product === 'fortios') return (field) => [`fortinet.firewall.${field}`, ...of(own, field)];
  if (service === 'auditd') return (field) => [...of(AUDITD, field), `auditd.log.${field}`, ...of(own, field)];
  if (service === 'sudo') return (field) => [`linux.sudo.${field}`, `sudo.${field}`, ...of(own, field)];
  if (product === 'rpc_firewall') return (field) => [...of(WINDOWS_SYSTEM, field), ...(field === 'EventLog' ? ['Channel', 'winlog.channel'] : []), `winlog.event_data.${field}`, ...of(RPC_FIREWALL, field), ...json(field)];
  if (product === 'linux' && category !== '') return (field) => [...json(field), `winlog.event_data.${field}`, ...of(own, field)];
  return (field) => [...json(field), ...of(own, field)];
}

function ownNames(category: string, product: string, service: string): Names {
  switch (category) {
    case 'webserver': return WEBSERVER;
    case 'proxy': return PROXY;
    case 'dns': return DNS;
    case 'firewall': return FIREWALL;
    case 'antivirus': return ANTIVIRUS;
    case 'process_creation': case 'file_event': case 'network_connection': case 'process_access': case 'image_load': case 'file_delete': return PROCESS;
    default: break;
  }
  if (service === 'sudo') return SUDO;
  if (service === 'auditd') return PROCESS;
  return product === 'fortigate' || product === 'fortios' || product === 'paloalto' || product === 'cisco' ? FIREWALL : product === 'zeek' ? ZEEK : {};
}

/** The log that was cleared says its name in the event's data: a rule means that one. */
const WINDOWS_SYSTEM: Names = {
  EventID: ['winlog.event_id', 'event.code'], Channel: ['winlog.event_data.Channel', 'winlog.user_data.Channel', 'winlog.channel'], Provider_Name: ['winlog.provider_name', 'SourceName', 'event.provider'],
  Provider_Guid: ['winlog.provider_guid'], Computer: ['winlog.computer_name', 'host.name'], ComputerName: ['winlog.computer_name', 'host.name'], Level: ['winlog.level', 'log.level'],
  Task: ['winlog.task'], Opcode: ['winlog.opcode'], Keywords: ['winlog.keywords'], EventRecordID: ['winlog.record_id'], Message: ['message'],
  Data: ['winlog.event_data.Data', 'message'], // the data as a whole, where it has no names: windows.ts
  Execution_ProcessID: ['winlog.process.pid'], Execution_ThreadID: ['winlog.process.thread.id'], Security_UserID: ['winlog.user.identifier'],
};

/** Wazuh's names begin with a small letter and are given a large one again, also where the event's own was small; blanks were `_` to some authors. */
function otherSpelling(field: string): string[] {
  const other = field.charAt(0).toUpperCase() + field.slice(1).replaceAll('_', '');
  return other === field ? [] : [`winlog.event_data.${other}`];
}

/** Security 4663 beside the kernel's own. */
const AUDIT_FILE: Names = { FileName: ['winlog.event_data.ObjectName'], Image: ['winlog.event_data.ProcessName'] };

/** By its place in the message: https://github.com/zeronetworks/rpcfirewall, rpcMessages/Messages.mc */
const RPC_FIREWALL: Names = { InterfaceUuid: ['winlog.event_data.param7'], OpNum: ['winlog.event_data.param8'] };

/** Security 4688 beside Sysmon 1. */
const AUDIT_PROCESS: Names = {
  Image: ['NewProcessName', 'winlog.event_data.NewProcessName'], ParentImage: ['ParentProcessName', 'winlog.event_data.ParentProcessName'],
};

const PROCESS: Names = {
  Image: ['process.executable'], CommandLine: ['process.command_line'], ProcessId: ['process.pid'], CurrentDirectory: ['process.working_directory'],
  ParentImage: ['process.parent.executable'], ParentCommandLine: ['process.parent.command_line'], ParentProcessId: ['process.parent.pid'],
  User: ['user.name'], TargetFilename: ['file.path'], exe: ['process.executable'], comm: ['process.name'], pid: ['process.pid'],
  Initiated: ['network.initiated'], DestinationIp: ['destination.ip'], DestinationPort: ['destination.port'], DestinationHostname: ['destination.domain'], SourceIp: ['source.ip'], SourcePort: ['source.port'],
  md5: ['file.hash.md5', 'process.hash.md5'], sha1: ['file.hash.sha1', 'process.hash.sha1'], sha256: ['file.hash.sha256', 'process.hash.sha256'],
};

const WINDOWS_ECS: Names = {
  ...PROCESS, User: undefined, exe: undefined, comm: undefined, pid: undefined,
  OriginalFileName: ['process.pe.original_file_name'], Product: ['process.pe.product'], Description: ['process.pe.description'], Company: ['process.pe.company'],
  ImageLoaded: ['dll.path', 'file.path'], TargetObject: ['registry.path'], Details: ['registry.data.strings'], QueryName: ['dns.question.name'],
  ScriptBlockText: ['powershell.file.script_block_text'], IpAddress: ['source.ip'], IpPort: ['source.port'], WorkstationName: ['source.domain'], ServiceName: ['service.name'],
  TargetUserName: ['user.target.name', 'user.name'], SubjectUserName: ['user.name'],
};

const AUDITD: Names = { type: ['auditd.log.record_type', 'auditd.log.type'] };

/** Where page and query are logged apart, both together. */
const WHOLE = ['iis.access.uri', 'url.original'];
const WEBSERVER: Names = {
  'c-ip': ['source.ip'], 'cs-method': ['http.request.method'], 'c-uri': WHOLE, 'cs-uri': WHOLE, 'cs-uri-query': WHOLE, 'cs-uri-stem': ['url.path'],
  'sc-status': ['http.response.status_code'], 'sc-bytes': ['http.response.body.bytes'], 'cs-bytes': ['http.request.bytes'], 'cs-user-agent': ['user_agent.original'], 'c-useragent': ['user_agent.original'],
  'cs-referer': ['http.request.referrer'], 'cs-referrer': ['http.request.referrer'], 'cs-host': ['url.domain', 'destination.domain'], 'cs-username': ['user.name'], 'cs-version': ['http.version'],
  's-ip': ['destination.ip'], 's-port': ['destination.port'], 's-computername': ['host.name'], src_ip: ['source.ip'], request: WHOLE,
};

const PROXY: Names = {
  ...WEBSERVER, 'c-uri': ['url.full', 'url.original', 'url.domain'], 'cs-uri': ['url.full', 'url.original'], 'cs-uri-query': ['url.query', 'url.original'], 'c-uri-query': ['url.query'], 'c-uri-stem': ['url.path'], 'c-uri-path': ['url.path'],
  'c-uri-extension': ['url.extension'], 'r-dns': ['url.domain', 'destination.domain'], 'cs-host': ['url.domain', 'destination.domain'], dst_ip: ['destination.ip'], dst_port: ['destination.port'], 'r-ip': ['destination.ip'], 's-action': ['event.action'],
};

const DNS: Names = {
  query: ['dns.question.name'], QueryName: ['dns.question.name'], record_type: ['dns.question.type'], answer: ['dns.answers.data', 'dns.resolved_ip'], parent_domain: ['dns.question.registered_domain'],
  src_ip: ['source.ip'], 'c-ip': ['source.ip'], dst_ip: ['destination.ip'],
};

const FIREWALL: Names = {
  src_ip: ['source.ip'], src_port: ['source.port'], dst_ip: ['destination.ip'], dst_port: ['destination.port'], action: ['fortinet.firewall.action', 'checkpoint.action', 'event.action'], username: ['user.name'], user: ['user.name'], blocked: ['event.outcome'],
};

const ANTIVIRUS: Names = { Signature: ['threat.name', 'rule.name'], Filename: ['file.path'] };

/** `user` ran it, `USER` it ran as: two fields that differ only by case. */
const SUDO: Names = {
  user: ['user.name'], USER: ['user.effective.name', 'user.target.name'], COMMAND: ['process.command_line'], PWD: ['process.working_directory'], TTY: ['process.tty.name'],
};

const ZEEK: Names = {
  'id.orig_h': ['source.ip'], 'id.orig_p': ['source.port'], 'id.resp_h': ['destination.ip'], 'id.resp_p': ['destination.port'], 'c-uri': ['zeek.http.uri', 'uri', 'url.original'], 'c-useragent': ['zeek.http.user_agent', 'user_agent', 'user_agent.original'], query: ['dns.question.name'], qtype_name: ['dns.question.type'],
};
