// What the columns of Zeek's logs mean in ECS terms, for its JSON (here) and its tab-separated files (tsv.ts).
// https://docs.zeek.org/en/master/logs/index.html and the record types of the scripts that write each log.
import { write } from '../../event.js';
import { splitAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { has, keepAll, putAll, putAnswers, putJsonTime, putMailboxes, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { putTarget } from '../web/request.js';

/** Columns of any log. */
const COMMON: Names = [
  ['id.orig_h', 'source.ip'], ['id.orig_p', 'source.port'], ['id.resp_h', 'destination.ip'], ['id.resp_p', 'destination.port'], ['proto', 'network.transport'], ['orig_bytes', 'source.bytes'], ['resp_bytes', 'destination.bytes'],
  ['orig_l2_addr', 'source.mac'], ['resp_l2_addr', 'destination.mac'], ['user', 'user.name'], ['username', 'user.name'], ['tx_hosts', 'source.ip'], ['rx_hosts', 'destination.ip'], ['src', 'source.ip'], ['dst', 'destination.ip'],
  ['client_addr', 'source.ip'], ['server_addr', 'destination.ip'], ['mac', 'source.mac'], ['assigned_ip', 'source.ip'], ['assigned_addr', 'source.ip'], ['community_id', 'network.community_id'], ['md5', 'file.hash.md5'], ['sha1', 'file.hash.sha1'], ['sha256', 'file.hash.sha256'], ['file_desc', 'file.path'], ['vlan', 'network.vlan.id'], ['inner_vlan', 'network.inner.vlan.id'], ['_system_name', 'observer.name'], ['_node_name', 'observer.name'],
];

const TLS: Names = [
  ['server_name', 'destination.domain'], ['server_name', 'tls.client.server_name'], ['cipher', 'tls.cipher'], ['curve', 'tls.curve'], ['next_protocol', 'tls.next_protocol'], ['subject', 'tls.server.subject'], ['issuer', 'tls.server.issuer'], ['client_subject', 'tls.client.subject'], ['client_issuer', 'tls.client.issuer'], ['ja3', 'tls.client.ja3'], ['ja3s', 'tls.server.ja3s'], ['validation_status', 'event.reason'],
];

interface Log {
  readonly names?: Names;
  readonly action?: Action;
  readonly transport?: 'tcp' | 'udp';
  readonly protocol?: string;
  /** It tells of something found. */
  readonly alert?: true;
  /** What no table can say. */
  readonly more?: (draft: Draft, flat: Flat) => void;
}

const LOGS = lookup<Log>({
  conn: { names: [['service', 'network.protocol'], ['orig_pkts', 'source.packets'], ['resp_pkts', 'destination.packets']], more: readConn },
  http: {
    transport: 'tcp', protocol: 'http', action: 'http_request', names: [['method', 'http.request.method'], ['status_code', 'http.response.status_code'], ['user_agent', 'user_agent.original'], ['referrer', 'http.request.referrer'], ['host', 'url.domain'], ['host', 'destination.domain'], ['version', 'http.version'], ['request_body_len', 'http.request.bytes'], ['response_body_len', 'http.response.body.bytes'], ['orig_mime_types', 'http.request.mime_type'], ['resp_mime_types', 'http.response.mime_type'], ['resp_filenames', 'file.name']],
    more: (draft, flat) => { putTarget(draft, textOf(flat, 'uri') ?? ''); if (Number(textOf(flat, 'status_code')) >= 400) draft.put('event.outcome', 'failure'); },
  },
  dns: { protocol: 'dns', action: 'dns_query', names: [['query', 'dns.question.name'], ['qtype_name', 'dns.question.type'], ['qclass_name', 'dns.question.class'], ['rcode_name', 'dns.response_code'], ['trans_id', 'dns.id']], more: (draft, flat) => { putAnswers(draft, flat['answers']); putLasted(draft, textOf(flat, 'rtt')); } },
  notice: { alert: true, action: 'intrusion_detected', names: [['note', 'rule.name'], ['msg', 'event.reason'], ['p', 'destination.port'], ['peer_descr', 'observer.name']] },
  weird: { names: [['name', 'rule.name'], ['addl', 'event.reason'], ['peer', 'observer.name']] },
  ssl: { transport: 'tcp', protocol: 'tls', names: TLS, more: readTls },
  files: { names: [['filename', 'file.name'], ['mime_type', 'file.mime_type'], ['seen_bytes', 'file.size']], more: (draft, flat) => { const name = textOf(flat, 'filename'); if (name?.includes('/') === true || name?.includes('\\') === true) draft.fill('file.path', name); readFile(draft, flat); } },
  ssh: { transport: 'tcp', names: [['client', 'user_agent.original']], more: (draft, flat) => { const worked = textOf(flat, 'auth_success'); draft.act(worked === 'true' || worked === 'T' ? 'ssh_login' : worked === undefined ? 'ssh_connection' : 'ssh_login_failed'); draft.fill('network.protocol', 'ssh'); } },
  smb_files: { transport: 'tcp', protocol: 'smb', names: [['path', 'file.directory'], ['name', 'file.name'], ['size', 'file.size']], more: readSmbFile },
  smb_mapping: { transport: 'tcp', protocol: 'smb', names: [['path', 'file.path']] },
  kerberos: { more: readKerberos },
  ntlm: { transport: 'tcp', protocol: 'ntlm', names: [['domainname', 'user.domain'], ['hostname', 'source.domain']], more: (draft, flat) => { worked(draft, textOf(flat, 'success')); } },
  rdp: { transport: 'tcp', names: [['cookie', 'user.name'], ['client_name', 'source.domain']], more: (draft) => { draft.fill('network.protocol', 'rdp'); } },
  radius: { transport: 'udp', protocol: 'radius', names: [['remote_ip', 'source.ip'], ['framed_addr', 'source.nat.ip']], more: (draft, flat) => { worked(draft, textOf(flat, 'result')); partAccount(draft); draft.put('event.reason', textOf(flat, 'reply_msg')); } },
  x509: { names: [['certificate.subject', 'x509.subject'], ['certificate.issuer', 'x509.issuer'], ['certificate.serial', 'x509.serial_number']] },
  dhcp: { transport: 'udp', protocol: 'dhcp', action: 'dhcp_lease', names: [['host_name', 'source.domain'], ['client_fqdn', 'source.domain'], ['requested_addr', 'source.ip']] },
  ftp: { transport: 'tcp', protocol: 'ftp', names: [['arg', 'url.original'], ['mime_type', 'file.mime_type'], ['file_size', 'file.size']], more: readFtp },
  smtp: { transport: 'tcp', protocol: 'smtp', action: 'mail', names: [['subject', 'email.subject'], ['msg_id', 'email.message_id'], ['user_agent', 'user_agent.original']], more: (draft, flat) => { putMailboxes(draft, 'email.from.address', flat['from'] ?? flat['mailfrom']); putMailboxes(draft, 'email.to.address', flat['to'] ?? flat['rcptto']); putMailboxes(draft, 'email.cc.address', flat['cc']); } },
  dce_rpc: { transport: 'tcp', protocol: 'dce_rpc', names: [['operation', 'event.code']] },
  signatures: { alert: true, action: 'intrusion_detected', names: [['sig_id', 'rule.id'], ['event_msg', 'rule.name'], ['src_addr', 'source.ip'], ['dst_addr', 'destination.ip'], ['src_port', 'source.port'], ['dst_port', 'destination.port']] },
  intel: { alert: true, action: 'intrusion_detected', names: [['seen.indicator', 'threat.indicator.name'], ['seen.indicator_type', 'threat.indicator.type'], ['seen.node', 'observer.name'], ['sources', 'threat.indicator.provider']] },
  software: { names: [['host', 'source.ip'], ['host_p', 'source.port'], ['unparsed_version', 'user_agent.original']] },
  known_hosts: { names: [['host', 'source.ip']] },
  known_services: { names: [['host', 'destination.ip'], ['port_num', 'destination.port'], ['port_proto', 'network.transport']] },
  known_certs: { names: [['host', 'destination.ip'], ['port_num', 'destination.port']] },
  tunnel: { more: (draft, flat) => { draft.put('network.protocol', textOf(flat, 'tunnel_type')?.replace(/^Tunnel::/, '').toLowerCase()); } },
  sip: { transport: 'udp', protocol: 'sip', names: [['uri', 'url.original'], ['user_agent', 'user_agent.original'], ['status_code', 'sip.code']] },
  syslog: { transport: 'udp', protocol: 'syslog' }, snmp: { transport: 'udp', protocol: 'snmp' }, ntp: { transport: 'udp', protocol: 'ntp' },
  ocsp: { transport: 'tcp' }, rfb: { transport: 'tcp', protocol: 'vnc' }, irc: { transport: 'tcp', protocol: 'irc', names: [['nick', 'user.name']] }, mysql: { transport: 'tcp', protocol: 'mysql', action: 'database_query', more: (draft, flat) => { const done = textOf(flat, 'success'); if (done !== undefined) draft.put('event.outcome', done === 'true' || done === 'T' ? 'success' : 'failure'); } }, smb_cmd: { transport: 'tcp', protocol: 'smb' }, modbus: { transport: 'tcp', protocol: 'modbus' }, dnp3: { transport: 'tcp', protocol: 'dnp3' },
  socks: { transport: 'tcp', protocol: 'socks', names: [['request.host', 'destination.domain'], ['request.name', 'destination.domain'], ['request_p', 'destination.port']] },
  ldap: { names: [['object', 'user.name'], ['diagnostic_message', 'event.reason']], more: readLdap }, ldap_search: { names: [['filter', 'zeek.ldap_search.query']] }, quic: { transport: 'udp', protocol: 'quic', names: [['server_name', 'destination.domain'], ['server_name', 'tls.client.server_name']] }, websocket: { transport: 'tcp', names: [['host', 'destination.domain'], ['uri', 'url.original'], ['user_agent', 'user_agent.original']] },
  analyzer: { names: [['failure_reason', 'event.reason']] }, postgresql: { transport: 'tcp', protocol: 'postgresql', action: 'database_query', names: [['user', 'user.name']] }, dpd: { names: [['failure_reason', 'event.reason']] },
});

/** Puts one record of the log of that name: its keys under zeek.<log>.*, and what they mean. */
export function putZeek(draft: Draft, name: string, flat: Flat): void {
  const log = name === 'signature' ? 'signatures' : name, { names, action, transport, protocol, alert, more } = LOGS[log] ?? {};
  write(draft.event, 'event.dataset', `zeek.${name}`);
  write(draft.event, 'event.module', 'zeek');
  keepAll(draft, `zeek.${name}`, flat);
  putJsonTime(draft, textOf(flat, 'ts') ?? textOf(flat, '_write_ts'));
  putAll(draft, flat, COMMON);
  if (names !== undefined) putAll(draft, flat, names);
  if (transport !== undefined) draft.fill('network.transport', transport);
  if (protocol !== undefined) draft.fill('network.protocol', protocol);
  if (action !== undefined) draft.act(action);
  if (alert === true) draft.put('event.kind', 'alert');
  draft.put('observer.vendor', 'Zeek'); draft.put('observer.product', 'Zeek');
  if (draft.event['network.transport'] === 'icmp') for (const [port, word] of ICMP) { const value = draft.event[port]; if (value !== undefined) { draft.event[`zeek.${name}.${word}`] = value; Reflect.deleteProperty(draft.event, port); } }
  more?.(draft, flat);
  if (!draft.has('event.action') && !draft.has('event.category') && (draft.has('source.ip') || draft.has('destination.ip'))) draft.act('connection');
}

/** Of ICMP the columns of the ports hold its type and code. */
const ICMP = [['source.port', 'icmp_type'], ['destination.port', 'icmp_code']] as const;

/** Seconds, as the fields of durations have them. */
function putLasted(draft: Draft, seconds: string | undefined): void {
  if (seconds !== undefined) draft.put('event.duration', Math.round(Number(seconds) * 1e9));
}
const isTrue = (text: string | undefined): boolean | undefined => (text === undefined ? undefined : text === 'T' || text === 'true');
/** Refused, or never answered; who of the two is of the site tells the direction. */
function readConn(draft: Draft, flat: Flat): void {
  const state = textOf(flat, 'conn_state'), ours = isTrue(textOf(flat, 'local_orig')), theirs = isTrue(textOf(flat, 'local_resp'));
  if (state === 'REJ') draft.act('connection', 'failure');
  putLasted(draft, textOf(flat, 'duration'));
  if (ours !== undefined && theirs !== undefined) draft.put('network.direction', ours ? theirs ? 'internal' : 'outbound' : theirs ? 'inbound' : 'external');
}
function readTls(draft: Draft, flat: Flat): void {
  const version = /^(TLS|SSL)v(\d)(\d)?$/.exec(textOf(flat, 'version') ?? ''), resumed = isTrue(textOf(flat, 'resumed')), established = isTrue(textOf(flat, 'established'));
  if (version !== null) { draft.put('tls.version_protocol', version[1]?.toLowerCase()); draft.put('tls.version', version[3] === undefined ? version[2] : `${version[2] as string}.${version[3]}`); }
  if (resumed !== undefined) draft.put('tls.resumed', resumed);
  if (established !== undefined) draft.put('tls.established', established);
}
/** A file that the side which asked sent was uploaded. */
function readFile(draft: Draft, flat: Flat): void {
  const carrier = textOf(flat, 'source') ?? '', sent = isTrue(textOf(flat, 'is_orig'));
  draft.put('network.protocol', CARRIERS[carrier]);
  if (carrier === 'SMTP') draft.act('mail'); else if (sent !== undefined && /^(?:HTTP|FTP_DATA|SMB)$/.test(carrier)) draft.act(sent ? 'file_uploaded' : 'file_downloaded'); else { draft.put('event.category', 'file'); draft.put('event.type', 'info'); }
}
const CARRIERS = lookup<string>({ HTTP: 'http', SMTP: 'smtp', FTP_DATA: 'ftp', SMB: 'smb', SSL: 'tls', IRC_DATA: 'irc', RDP: 'rdp', KRB_TCP: 'kerberos', KRB: 'kerberos' });
function partAccount(draft: Draft): void {
  const { name, domain } = splitAccount(draft.getText('user.name') ?? '');
  if (domain !== undefined) { draft.put('user.name', name); draft.put('user.domain', domain); }
}

function worked(draft: Draft, result: string | undefined): void {
  if (result === undefined) return;
  draft.act(/^(?:T|true|success)$/.test(result) ? 'login' : 'login_failed');
}
function readKerberos(draft: Draft, flat: Flat): void {
  const [account = '', realm] = (textOf(flat, 'client') ?? '').split('/');
  const { name, domain } = splitAccount(account);
  draft.put('user.name', name);
  draft.put('user.domain', realm ?? domain);
  draft.put('service.name', textOf(flat, 'service'));
  draft.put('event.reason', textOf(flat, 'error_msg'));
  draft.fill('network.protocol', 'kerberos');
  worked(draft, textOf(flat, 'success'));
}
const SMB = lookup<Action>({ FILE_DELETE: 'file_deleted', FILE_WRITE: 'file_changed', FILE_RENAME: 'file_changed', FILE_SET_ATTRIBUTE: 'file_changed', FILE_OPEN: 'file_opened', FILE_READ: 'file_opened', PRINT_OPEN: 'file_opened' });
function readSmbFile(draft: Draft, flat: Flat): void {
  const share = textOf(flat, 'path'), name = textOf(flat, 'name');
  draft.put('file.path', share !== undefined && name !== undefined ? `${share.replace(/\\$/, '')}\\${name}` : share ?? name);
  draft.act(SMB[(textOf(flat, 'action') ?? '').replace(/^SMB::/, '')] ?? 'file_opened');
}
/** A bind tells who: `cn=an,dc=so` or `an@so.example.org`; what came of it is its result. */
function readLdap(draft: Draft, flat: Flat): void {
  const operation = textOf(flat, 'opcode') ?? '', result = textOf(flat, 'result'), who = textOf(flat, 'object') ?? '';
  delete draft.event['user.name'];
  if (operation.startsWith('bind')) { const { name, domain } = splitAccount(/^(?:cn|uid)=([^,]{1,200})/i.exec(who)?.[1] ?? who); draft.put('user.name', name); draft.put('user.domain', domain); if (result !== undefined) worked(draft, result); }
  else if (result !== undefined) draft.act('connection', result === 'success' ? 'success' : 'failure');
  draft.fill('network.protocol', 'ldap');
}
function readFtp(draft: Draft, flat: Flat): void {
  const command = textOf(flat, 'command') ?? '', target = textOf(flat, 'arg') ?? '', code = Number(textOf(flat, 'reply_code'));
  if (target.includes('://')) { putTarget(draft, target); draft.put('file.path', draft.get('url.path')); } else { delete draft.event['url.original']; if (/^(?:RETR|STOR|APPE|STOU|DELE)$/.test(command)) draft.fill('file.path', target); }
  draft.act(command === 'RETR' ? 'file_downloaded' : command === 'STOR' || command === 'APPE' || command === 'STOU' ? 'file_uploaded' : command === 'DELE' ? 'file_deleted' : code === 530 ? 'login_failed' : code === 230 ? 'login' : 'connection');
}

/** A forwarder's tag for the file: `zeek_smb_files`, `corelight_dns`. */
function namedBy(program: string): string | undefined {
  const log = /^(?:zeek|bro|corelight)[_-](\w{2,20})$/.exec(program)?.[1];
  return log !== undefined && Object.hasOwn(LOGS, log) ? log : undefined;
}
/** Zeek names its log in `_path` or only in the file's name; the keys of a log tell it. */
function logOf(flat: Flat): string | undefined {
  for (const keys of KEYS) if (hasFrom(flat, keys, 1)) return keys[0];
  return undefined;
}
/** Whether all keys from that place on are there. */
function hasFrom(flat: Flat, keys: readonly string[], from: number): boolean {
  for (let i = from; i < keys.length; i++) if (!Object.hasOwn(flat, keys[i] as string)) return false;
  return true;
}
/** A log's name, then keys that it has and no other. */
const KEYS: readonly (readonly string[])[] = [
  ['signature', 'sig_id'], ['ftp', 'command', 'reply_code'], ['ftp', 'command', 'user', 'arg'], ['socks', 'request_p', 'status'], ['stats', 'peer', 'mem'], ['ldap_search', 'base_object', 'scope'], ['ldap', 'message_id', 'opcode'], ['quic', 'server_name', 'history'], ['analyzer', 'analyzer_kind', 'analyzer_name'], ['dpd', 'analyzer', 'failure_reason'], ['sip', 'request_path'], ['sip', 'request_from', 'request_to'], ['sip', 'call_id', 'seq'], ['dns', 'qtype_name'], ['dns', 'query', 'trans_id'], ['http', 'status_code', 'method'], ['http', 'method', 'host', 'uri'], ['http', 'trans_depth', 'request_body_len'], ['smtp', 'helo'], ['smtp', 'mailfrom'], ['ssl', 'established', 'resumed'], ['ssl', 'cipher', 'resumed'], ['x509', 'certificate.serial'], ['notice', 'note'], ['conn', 'conn_state'], ['ssh', 'auth_attempts'], ['ssh', 'host_key'], ['ssh', 'auth_success'],
  ['smb_files', 'times.modified'], ['smb_files', 'action', 'path', 'name'], ['smb_mapping', 'share_type'], ['smb_cmd', 'command', 'sub_command'], ['smb_cmd', 'command', 'tree'], ['files', 'fuid', 'mime_type'], ['files', 'fuid', 'seen_bytes'], ['files', 'fuid', 'analyzers'], ['dhcp', 'msg_types'], ['dhcp', 'assigned_ip'], ['dce_rpc', 'endpoint', 'operation'], ['dce_rpc', 'named_pipe'], ['kerberos', 'request_type'], ['ntlm', 'domainname'], ['ntlm', 'server_nb_computer_name'],
  ['rdp', 'cookie', 'security_protocol'], ['rdp', 'cookie', 'result'], ['rdp', 'keyboard_layout'], ['rdp', 'result', 'security_protocol'], ['ocsp', 'hashAlgorithm'], ['ftp', 'command', 'user'], ['ftp', 'command', 'arg'], ['weird', 'name', 'notice'], ['weird', 'name', 'peer'], ['snmp', 'community'], ['radius', 'mac', 'result'], ['radius', 'username', 'result'], ['rfb', 'client_major_version'],
  ['irc', 'nick'], ['irc', 'command', 'value'], ['modbus', 'func'], ['dnp3', 'fc_request'], ['mysql', 'cmd', 'arg'], ['syslog', 'facility', 'severity'], ['tunnel', 'tunnel_type'], ['socks', 'request.host'], ['ntp', 'stratum'], ['intel', 'seen.indicator'], ['signature', 'sig_id'], ['pe', 'compile_ts'], ['software', 'software_type'], ['known_services', 'port_num', 'service'], ['known_certs', 'port_num', 'issuer_subject'], ['traceroute', 'src', 'dst', 'proto'],
];
const METRICS: readonly (readonly string[])[] = [['note'], ['fingerprint', 'certificate.serial'], ['id', 'hashAlgorithm'], ['ts_delta', 'peer'], ['peer', 'mem'], ['machine', 'compile_ts'], ['tx_hosts'], ['version.major'], ['host', 'port_num'], ['mac', 'assigned_ip'], ['uids', 'msg_types'], ['duration', 'percent_lost']];

export const zeekJson: JsonKind = {
  dataset: 'zeek.log',
  is: (flat) => has(flat, '_path') && (has(flat, 'ts') || has(flat, '_write_ts') || has(flat, 'id.orig_h')) || has(flat, 'ts') && (has(flat, 'uid') || has(flat, 'id.orig_h') || has(flat, 'fuid') || METRICS.some((keys) => hasFrom(flat, keys, 0))),
  read(draft, flat) { putZeek(draft, (textOf(flat, '_path') ?? namedBy(draft.program) ?? logOf(flat) ?? 'conn').replace(/[^\w-]/g, '_').slice(0, 40), flat); },
};
