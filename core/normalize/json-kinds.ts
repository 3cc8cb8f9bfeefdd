// Products that log JSON of their own: how to tell each, and its fields in ECS terms. Keys are kept under the product's namespace.
import type { Value } from '../event.js';
import { readDayMonth, readIso, resolve, epochMillis } from '../message/time.js';
import type { Action } from './actions.js';
import { putAs } from './common-names.js';
import type { Draft } from './draft.js';
import { lookup } from './lookup.js';
import { ourJson } from './our-json.js';
import { RESERVED } from './reserved.js';
import { barracudaJson } from './vendor/barracuda-json.js';
import { panosJson } from './vendor/panos-json.js';
import { putRequest, putTarget } from './web/request.js';

type Flat = Readonly<Record<string, Value>>;
export interface JsonKind {
  readonly dataset: string;
  readonly is: (flat: Flat) => boolean;
  readonly read: (draft: Draft, flat: Flat) => void;
}

const has = (flat: Flat, ...keys: readonly string[]): boolean => keys.every((key) => Object.hasOwn(flat, key));
function textOf(flat: Flat, key: string): string | undefined {
  const value = Object.hasOwn(flat, key) ? flat[key] : undefined;
  return value === undefined || value === null || value === '' ? undefined : Array.isArray(value) ? String(value[0] as string) : String(value);
}
function keep(draft: Draft, prefix: string, flat: Flat): void {
  for (const key of Object.keys(flat)) draft.event[`${prefix}.${key}`] = flat[key] as Value;
}
function putAll(draft: Draft, flat: Flat, names: readonly (readonly [from: string, field: string])[]): void {
  for (const [from, field] of names) { const value = Object.hasOwn(flat, from) ? flat[from] : undefined; if (value !== undefined && value !== null) putAs(draft, field, Array.isArray(value) ? value[0] as Value : value); }
}
function time(draft: Draft, text: string | undefined): void {
  if (text === undefined) return;
  const stamp = readIso(text, 0) ?? readDayMonth(text, 0);
  const at = stamp === undefined ? epochMillis(text) : resolve(stamp, draft.received, draft.zone);
  if (at !== undefined) draft.time = at;
}

// --- Zeek -----------------------------------------------------------------------------------------------------------------------
const zeek: JsonKind = {
  dataset: 'zeek.log',
  is: (flat) => has(flat, '_path') || has(flat, 'ts', 'uid') || has(flat, 'ts', 'id.orig_h') || has(flat, 'ts', 'fuid') || (has(flat, 'ts') && (has(flat, 'ts_delta', 'peer') || has(flat, 'peer', 'mem') || has(flat, 'certificate.serial') || has(flat, 'machine', 'compile_ts') || has(flat, 'tx_hosts') || has(flat, 'seen.indicator') || has(flat, 'version.major') || has(flat, 'host', 'software_type') || has(flat, 'note') || has(flat, 'host', 'port_num') || has(flat, 'mac', 'assigned_ip') || has(flat, 'uids', 'msg_types') || has(flat, 'duration', 'percent_lost'))),
  read(draft, flat) {
    const log = (textOf(flat, '_path') ?? zeekLog(flat)).replace(/[^\w-]/g, '_').slice(0, 40);
    draft.event['event.dataset'] = `zeek.${log}`;
    keep(draft, `zeek.${log}`, flat);
    time(draft, textOf(flat, 'ts') ?? textOf(flat, '_write_ts'));
    putAll(draft, flat, [['id.orig_h', 'source.ip'], ['id.orig_p', 'source.port'], ['id.resp_h', 'destination.ip'], ['id.resp_p', 'destination.port'], ['proto', 'network.transport'], ['service', 'network.protocol'], ['orig_bytes', 'source.bytes'], ['resp_bytes', 'destination.bytes'],
      ['orig_l2_addr', 'source.mac'], ['resp_l2_addr', 'destination.mac'], ['user', 'user.name'], ['username', 'user.name'], ['tx_hosts', 'source.ip'], ['rx_hosts', 'destination.ip'], ['src', 'source.ip'], ['dst', 'destination.ip'], ['client_addr', 'source.ip'], ['server_addr', 'destination.ip'], ['mac', 'source.mac'], ['assigned_ip', 'source.ip'],
      ['md5', 'file.hash.md5'], ['sha1', 'file.hash.sha1'], ['sha256', 'file.hash.sha256'], ['file_desc', 'file.path']]);
    if (log === 'http') {
      putAll(draft, flat, [['method', 'http.request.method'], ['status_code', 'http.response.status_code'], ['user_agent', 'user_agent.original'], ['referrer', 'http.request.referrer'], ['host', 'url.domain'], ['host', 'destination.domain']]);
      putTarget(draft, textOf(flat, 'uri') ?? '');
      draft.fill('network.transport', 'tcp');
      draft.act('http_request');
    } else if (log === 'dns') { putAll(draft, flat, [['query', 'dns.question.name'], ['qtype_name', 'dns.question.type'], ['rcode_name', 'dns.response_code']]); draft.act('dns_query'); }
    else if (log === 'notice') { putAll(draft, flat, [['note', 'rule.name'], ['msg', 'event.reason'], ['p', 'destination.port']]); draft.act('intrusion_detected'); }
    else if (log === 'ssl') putAll(draft, flat, [['server_name', 'destination.domain']]);
    else if (log === 'smb_files') putAll(draft, flat, [['path', 'file.path'], ['name', 'file.name']]);
    else if (log === 'smtp') putAll(draft, flat, [['subject', 'email.subject'], ['from', 'email.from.address'], ['to', 'email.to.address']]);
    else if (log === 'signature' || log === 'signatures') putAll(draft, flat, [['sig_id', 'rule.id'], ['src_addr', 'source.ip'], ['dst_addr', 'destination.ip'], ['src_port', 'source.port'], ['dst_port', 'destination.port']]);
    else if (log === 'intel') putAll(draft, flat, [['seen.indicator', 'threat.indicator.name']]);
    if (TCP_LOGS.has(log)) draft.fill('network.transport', 'tcp');
    if (log === 'dhcp' || log === 'ntp' || log === 'radius' || log === 'snmp' || log === 'syslog' || log === 'sip') draft.fill('network.transport', 'udp');
    draft.fill('event.action', 'connection');
  },
};
const TCP_LOGS = new Set(['ssl', 'ssh', 'ftp', 'smtp', 'rdp', 'rfb', 'irc', 'mysql', 'smb_files', 'smb_mapping', 'smb_cmd', 'ntlm', 'dce_rpc', 'modbus', 'dnp3', 'http', 'socks']);
/** Zeek names its log in `_path` or only in the file's name; the keys of a log tell it. */
function zeekLog(flat: Flat): string {
  for (const [name, ...keys] of ZEEK_KEYS) if (has(flat, ...keys)) return name as string;
  return 'conn';
}
const ZEEK_KEYS: readonly (readonly string[])[] = [
  ['dns', 'qtype_name'], ['dns', 'query', 'trans_id'], ['http', 'status_code', 'method'], ['http', 'method', 'host', 'uri'], ['http', 'trans_depth', 'request_body_len'], ['ssl', 'established', 'resumed'], ['x509', 'certificate.serial'], ['notice', 'note'], ['conn', 'conn_state'], ['ssh', 'auth_attempts'], ['ssh', 'host_key'], ['smb_files', 'times.modified'], ['smb_mapping', 'share_type'], ['smb_cmd', 'command', 'sub_command'], ['smb_cmd', 'command', 'tree'],
  ['files', 'fuid', 'mime_type'], ['files', 'fuid', 'seen_bytes'], ['dhcp', 'msg_types'], ['dhcp', 'assigned_ip'], ['dce_rpc', 'endpoint', 'operation'], ['kerberos', 'request_type'], ['ntlm', 'domainname'], ['ntlm', 'server_nb_computer_name'], ['rdp', 'cookie', 'security_protocol'], ['rdp', 'cookie', 'result'], ['smtp', 'helo'], ['ftp', 'command', 'user'], ['weird', 'name', 'notice'], ['sip', 'request_path'], ['snmp', 'community'], ['radius', 'mac', 'result'], ['rfb', 'client_major_version'],
  ['irc', 'nick'], ['modbus', 'func'], ['dnp3', 'fc_request'], ['mysql', 'cmd', 'arg'], ['syslog', 'facility', 'severity'], ['tunnel', 'tunnel_type'], ['socks', 'request.host'], ['ntp', 'stratum'], ['intel', 'seen.indicator'], ['signature', 'sig_id'], ['pe', 'compile_ts'], ['software', 'software_type'], ['traceroute', 'src', 'dst', 'proto'],
];

// --- Suricata -------------------------------------------------------------------------------------------------------------------
const suricata: JsonKind = {
  dataset: 'suricata.eve',
  is: (flat) => has(flat, 'event_type', 'timestamp') && (has(flat, 'src_ip') || has(flat, 'flow_id') || has(flat, 'stats.uptime')),
  read(draft, flat) {
    keep(draft, 'suricata.eve', flat);
    time(draft, textOf(flat, 'timestamp'));
    putAll(draft, flat, [['src_ip', 'source.ip'], ['src_port', 'source.port'], ['dest_ip', 'destination.ip'], ['dest_port', 'destination.port'], ['proto', 'network.transport'], ['app_proto', 'network.protocol'], ['alert.signature', 'rule.name'], ['alert.signature_id', 'rule.id'], ['alert.category', 'rule.category'],
      ['http.hostname', 'url.domain'], ['http.hostname', 'destination.domain'], ['http.http_user_agent', 'user_agent.original'], ['http.http_method', 'http.request.method'], ['http.status', 'http.response.status_code'], ['http.http_refer', 'http.request.referrer'], ['http.length', 'http.response.body.bytes'],
      ['dns.rrname', 'dns.question.name'], ['dns.rrtype', 'dns.question.type'], ['dns.query.rrname', 'dns.question.name'], ['tls.sni', 'destination.domain'], ['fileinfo.filename', 'file.path'], ['fileinfo.md5', 'file.hash.md5'], ['fileinfo.sha1', 'file.hash.sha1'], ['fileinfo.sha256', 'file.hash.sha256'], ['email.from', 'email.from.address'], ['email.subject', 'email.subject'],
      ['flow.bytes_toserver', 'source.bytes'], ['flow.bytes_toclient', 'destination.bytes'], ['ssh.client.software_version', 'user_agent.original'], ['ether.src_mac', 'source.mac'], ['ether.dest_mac', 'destination.mac']]);
    putTarget(draft, textOf(flat, 'http.url') ?? '');
    const kind = textOf(flat, 'event_type') ?? '';
    draft.act(SURICATA[kind] ?? 'connection');
    if (kind === 'alert') draft.put('event.kind', 'alert');
  },
};
const SURICATA = lookup<Action>({ alert: 'intrusion_detected', http: 'http_request', dns: 'dns_query', dhcp: 'dhcp_lease' });

// --- Kubernetes audit -----------------------------------------------------------------------------------------------------------
const kubernetes: JsonKind = {
  dataset: 'kubernetes.audit_logs',
  is: (flat) => textOf(flat, 'kind') === 'Event' && (textOf(flat, 'apiVersion') ?? '').startsWith('audit.k8s.io'),
  read(draft, flat) {
    keep(draft, 'kubernetes.audit', flat);
    time(draft, textOf(flat, 'stageTimestamp') ?? textOf(flat, 'requestReceivedTimestamp'));
    putAll(draft, flat, [['user.username', 'user.name'], ['user.uid', 'user.id'], ['userAgent', 'user_agent.original'], ['responseStatus.code', 'http.response.status_code'], ['sourceIPs', 'source.ip'], ['verb', 'kubernetes.verb']]);
    const verb = textOf(flat, 'verb');
    if (verb !== undefined) draft.put('http.request.method', verb);
    putTarget(draft, textOf(flat, 'requestURI') ?? '');
    draft.act('http_request', Number(textOf(flat, 'responseStatus.code')) >= 400 ? 'failure' : 'success');
  },
};

// --- ModSecurity's audit log ----------------------------------------------------------------------------------------------------
const modsecurity: JsonKind = {
  dataset: 'modsecurity.auditlog',
  is: (flat) => has(flat, 'transaction.remote_address') || has(flat, 'transaction.client_ip'),
  read(draft, flat) {
    keep(draft, 'modsecurity.audit', flat);
    time(draft, textOf(flat, 'transaction.time') ?? textOf(flat, 'transaction.time_stamp'));
    putAll(draft, flat, [['transaction.remote_address', 'source.ip'], ['transaction.client_ip', 'source.ip'], ['transaction.remote_port', 'source.port'], ['transaction.client_port', 'source.port'], ['transaction.local_address', 'destination.ip'], ['transaction.host_ip', 'destination.ip'], ['transaction.local_port', 'destination.port'], ['transaction.host_port', 'destination.port'],
      ['response.status', 'http.response.status_code'], ['transaction.response.http_code', 'http.response.status_code'], ['request.headers.User-Agent', 'user_agent.original'], ['transaction.request.headers.User-Agent', 'user_agent.original'], ['request.headers.Host', 'url.domain'], ['transaction.request.headers.Host', 'url.domain'], ['request.headers.Referer', 'http.request.referrer'],
      ['transaction.request.method', 'http.request.method'], ['transaction.messages.message', 'rule.name'], ['transaction.messages.details.ruleId', 'rule.id']]);
    const line = textOf(flat, 'request.request_line');
    if (line !== undefined) putRequest(draft, line); else putTarget(draft, textOf(flat, 'transaction.request.uri') ?? '');
    draft.act('web_attack_detected');
  },
};

// --- nginx (and others) with log_format as JSON -----------------------------------------------------------------------------------
const webAccess: JsonKind = {
  dataset: 'nginx.access',
  is: (flat) => (has(flat, 'remote_addr') || has(flat, 'client_ip') || has(flat, 'clientip') || has(flat, 'client_address')) && (has(flat, 'request') || has(flat, 'request_uri') || has(flat, 'request_method') || has(flat, 'uri')) && !has(flat, 'event_type'),
  read(draft, flat) {
    for (const key of Object.keys(flat)) if (key !== 'message' && !draft.has(key)) draft.event[RESERVED.test(key) ? `json.${key}` : key] = flat[key] as Value;
    time(draft, textOf(flat, 'time_local') ?? textOf(flat, 'time_iso8601') ?? textOf(flat, 'timestamp') ?? textOf(flat, '@timestamp') ?? textOf(flat, 'time') ?? textOf(flat, 'msec'));
    putAll(draft, flat, [['remote_addr', 'source.ip'], ['client_ip', 'source.ip'], ['client_address', 'source.ip'], ['client_port', 'source.port'], ['clientip', 'source.ip'], ['remote_port', 'source.port'], ['remote_user', 'user.name'], ['server_addr', 'destination.ip'], ['upstream_addr', 'destination.ip'], ['server_port', 'destination.port'], ['server_name', 'destination.domain'], ['host', 'destination.domain'], ['http_host', 'url.domain'], ['host', 'url.domain'],
      ['response_status', 'http.response.status_code'], ['status', 'http.response.status_code'], ['body_bytes_sent', 'http.response.body.bytes'], ['http_user_agent', 'user_agent.original'], ['user_agent', 'user_agent.original'], ['http_referer', 'http.request.referrer'], ['http_referrer', 'http.request.referrer'], ['request_method', 'http.request.method'], ['server_protocol', 'http.version']]);
    if (!putRequest(draft, textOf(flat, 'request') ?? '')) putTarget(draft, textOf(flat, 'request_uri') ?? textOf(flat, 'uri') ?? '');
    draft.act('http_request', Number(textOf(flat, 'status')) >= 400 ? 'failure' : 'success');
  },
};

export const JSON_KINDS: readonly JsonKind[] = [ourJson, panosJson, barracudaJson, suricata, zeek, kubernetes, modsecurity, webAccess];
