// Suricata's EVE: one JSON object an event, whose `event_type` names the part that tells more. https://docs.suricata.io (EVE JSON Format).
import { readIso, resolve } from '../../message/time.js';
import { splitAccount } from '../account.js';
import type { Action } from '../actions.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import { has, keepAll, listOf, putAll, putAnswers, putJsonTime, putList, putMailboxes, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { putTarget } from '../web/request.js';

const COMMON: Names = [
  ['src_ip', 'source.ip'], ['src_port', 'source.port'], ['dest_ip', 'destination.ip'], ['dest_port', 'destination.port'], ['proto', 'network.transport'], ['community_id', 'network.community_id'], ['in_iface', 'observer.ingress.interface.name'], ['host', 'observer.name'], ['vlan', 'network.vlan.id'], ['log_level', 'log.level'], ['xff', 'network.forwarded_ip'],
];
/** What the parts of an event mean; a part is read only where it stands. */
const PARTS = lookup<Names>({
  alert: [['alert.signature', 'rule.name'], ['alert.signature_id', 'rule.id'], ['alert.category', 'rule.category'], ['alert.rev', 'rule.version'], ['alert.severity', 'event.severity'], ['alert.metadata.mitre_technique_id', 'threat.technique.id'], ['alert.metadata.mitre_technique_name', 'threat.technique.name'], ['alert.metadata.mitre_tactic_id', 'threat.tactic.id'], ['alert.metadata.mitre_tactic_name', 'threat.tactic.name']],
  ether: [['ether.src_mac', 'source.mac'], ['ether.dest_mac', 'destination.mac']],
  http: [['http.http_user_agent', 'user_agent.original'], ['http.http_method', 'http.request.method'], ['http.status', 'http.response.status_code'], ['http.http_refer', 'http.request.referrer'], ['http.length', 'http.response.body.bytes'], ['http.http_content_type', 'http.response.mime_type'], ['http.xff', 'network.forwarded_ip']],
  dns: [
    ['dns.rrname', 'dns.question.name'], ['dns.rrtype', 'dns.question.type'], ['dns.query.rrname', 'dns.question.name'], ['dns.query.rrtype', 'dns.question.type'], ['dns.queries.rrname', 'dns.question.name'], ['dns.queries.rrtype', 'dns.question.type'], ['dns.answer.rrname', 'dns.question.name'], ['dns.answer.rrtype', 'dns.question.type'],
    ['dns.rcode', 'dns.response_code'], ['dns.answer.rcode', 'dns.response_code'], ['dns.id', 'dns.id'],
  ],
  tls: [
    ['tls.sni', 'destination.domain'], ['tls.sni', 'tls.client.server_name'], ['tls.subject', 'tls.server.subject'], ['tls.issuerdn', 'tls.server.issuer'], ['tls.serial', 'tls.server.x509.serial_number'], ['tls.notbefore', 'tls.server.not_before'], ['tls.notafter', 'tls.server.not_after'], ['tls.ja3.hash', 'tls.client.ja3'], ['tls.ja3s.hash', 'tls.server.ja3s'], ['tls.ja4', 'tls.client.ja4'], ['tls.session_resumed', 'tls.resumed'],
  ],
  quic: [['quic.sni', 'destination.domain'], ['quic.sni', 'tls.client.server_name'], ['quic.ua', 'user_agent.original'], ['quic.ja3.hash', 'tls.client.ja3'], ['quic.ja4', 'tls.client.ja4']],
  fileinfo: [['fileinfo.filename', 'file.path'], ['fileinfo.size', 'file.size'], ['fileinfo.md5', 'file.hash.md5'], ['fileinfo.sha1', 'file.hash.sha1'], ['fileinfo.sha256', 'file.hash.sha256']],
  email: [['email.subject', 'email.subject'], ['email.message_id', 'email.message_id'], ['email.x_mailer', 'email.x_mailer']],
  flow: [['flow.bytes_toserver', 'source.bytes'], ['flow.bytes_toclient', 'destination.bytes'], ['flow.pkts_toserver', 'source.packets'], ['flow.pkts_toclient', 'destination.packets']],
  netflow: [['netflow.bytes', 'network.bytes'], ['netflow.pkts', 'network.packets']],
  ssh: [['ssh.client.software_version', 'user_agent.original']],
  smb: [['smb.filename', 'file.path'], ['smb.ntlmssp.user', 'user.name'], ['smb.ntlmssp.domain', 'user.domain'], ['smb.ntlmssp.host', 'source.domain']],
  nfs: [['nfs.filename', 'file.path']], rpc: [['rpc.creds.uid', 'user.id'], ['rpc.creds.machine_name', 'source.domain']],
  rdp: [['rdp.cookie', 'user.name'], ['rdp.client.client_name', 'source.domain']], mqtt: [['mqtt.connect.username', 'user.name']], ftp_data: [['ftp_data.filename', 'file.path']], tftp: [['tftp.file', 'file.path']], sip: [['sip.uri', 'url.original'], ['sip.user_agent', 'user_agent.original']],
  pgsql: [['pgsql.request.startup_parameters.user', 'user.name'], ['pgsql.response.message', 'event.reason']], anomaly: [['anomaly.event', 'rule.name']], drop: [['drop.reason', 'event.reason'], ['drop.len', 'network.bytes']], engine: [['engine.message', 'event.reason'], ['engine.error_code', 'event.code']],
  arp: [['arp.src_ip', 'source.ip'], ['arp.src_mac', 'source.mac'], ['arp.dest_ip', 'destination.ip'], ['arp.dest_mac', 'destination.mac']],
});
const partOf = remembered((key) => { const dot = key.indexOf('.'); return dot < 0 ? NOTHING : PARTS[key.slice(0, dot)] ?? NOTHING; });
const NOTHING: Names = [];
function putParts(draft: Draft, flat: Flat): void {
  let last = NOTHING;
  for (const key of Object.keys(flat)) { const part = partOf(key); if (part !== last && part.length > 0) putAll(draft, flat, part); last = part; }
}

const ACTIONS = lookup<Action>({ alert: 'intrusion_detected', http: 'http_request', http2: 'http_request', dns: 'dns_query', mdns: 'dns_query', dhcp: 'dhcp_lease', smtp: 'mail', ssh: 'ssh_connection', drop: 'connection_denied', pgsql: 'database_query' });
/** Kinds of event that are no protocol. */
const NO_PROTOCOL: ReadonlySet<string> = new Set(['alert', 'flow', 'netflow', 'drop', 'anomaly', 'fileinfo', 'stats', 'engine', 'frame', 'packet', 'file', 'metadata', 'verdict', 'arp']);
const PROTOCOLS = lookup<string>({ krb5: 'kerberos', ftp_data: 'ftp', http2: 'http', rfb: 'vnc', ike: 'isakmp', mdns: 'mdns' });

function putKind(draft: Draft, kind: string, flat: Flat): void {
  if (kind === 'stats' || kind === 'engine') { if (kind === 'stats') draft.put('event.kind', 'metric'); return; } // of the program itself, not of the network
  draft.act(ACTIONS[kind] ?? 'connection');
  switch (kind) {
    case 'alert': draft.put('event.kind', 'alert'); if (textOf(flat, 'alert.action') === 'blocked') { draft.act('intrusion_detected', 'success'); draft.put('event.type', 'denied'); } return;
    case 'http': case 'http2': if (Number(textOf(flat, 'http.status')) >= 400) draft.put('event.outcome', 'failure'); return;
    case 'flow': if (textOf(flat, 'flow.state') === 'closed') draft.act('connection_ended'); return;
    case 'fileinfo': { const method = textOf(flat, 'http.http_method'); if (method === 'GET') draft.act('file_downloaded'); else if (method === 'POST' || method === 'PUT') draft.act('file_uploaded'); return; }
    case 'dhcp': putLease(draft, flat); return;
    case 'ldap': putLdap(draft, flat); return;
    case 'rfb': { const result = textOf(flat, 'rfb.authentication.security_result'); if (result !== undefined) draft.act(result === 'OK' ? 'login' : 'login_failed'); return; }
    case 'pop3': if (textOf(flat, 'pop3.request.command') === 'USER') draft.put('user.name', textOf(flat, 'pop3.request.args')); return;
    case 'mqtt': { const code = textOf(flat, 'mqtt.connack.return_code'); if (code !== undefined) draft.act(code === '0' ? 'login' : 'login_failed'); return; }
    case 'krb5': putKerberos(draft, flat); return;
    case 'smb': putSmb(draft, flat); return;
    case 'ftp': putFtp(draft, flat); return;
    case 'ftp_data': putTransfer(draft, textOf(flat, 'ftp_data.command')); return;
    case 'tftp': draft.act(textOf(flat, 'tftp.packet') === 'write' ? 'file_uploaded' : 'file_downloaded'); return;
    default: return;
  }
}

function putKerberos(draft: Draft, flat: Flat): void {
  const { name, domain } = splitAccount(textOf(flat, 'krb5.cname') ?? '');
  if (name !== '<empty>') draft.put('user.name', name);
  draft.put('user.domain', domain ?? textOf(flat, 'krb5.realm'));
  draft.put('service.name', textOf(flat, 'krb5.sname'));
  const kind = textOf(flat, 'krb5.msg_type') ?? '', error = textOf(flat, 'krb5.error_code');
  draft.put('event.reason', error);
  if (kind === 'KRB_ERROR' || error !== undefined) draft.act('login_failed'); else if (kind.endsWith('_REP')) draft.act('login');
}

/** Of a failed session the account was refused; a file is opened, written or deleted by its disposition. */
function putSmb(draft: Draft, flat: Flat): void {
  const command = textOf(flat, 'smb.command') ?? '', status = textOf(flat, 'smb.status') ?? '', done = status === '' || status === 'STATUS_SUCCESS';
  if (command.endsWith('SESSION_SETUP') && draft.has('user.name')) draft.act(done ? 'login' : status === 'STATUS_MORE_PROCESSING_REQUIRED' ? 'connection' : 'login_failed');
  else if (draft.has('file.path')) draft.act(/CREATE/.test(command) && /CREATE|SUPERSEDE|OVERWRITE/.test(textOf(flat, 'smb.disposition') ?? '') ? 'file_created' : /DELETE/.test(command) ? 'file_deleted' : 'file_opened', done ? undefined : 'failure');
}

function putFtp(draft: Draft, flat: Flat): void {
  const command = textOf(flat, 'ftp.command'), code = textOf(flat, 'ftp.completion_code');
  if (command === 'USER') draft.put('user.name', textOf(flat, 'ftp.command_data'));
  if (command === 'PASS') draft.act(code === '530' ? 'login_failed' : code === '230' ? 'login' : 'connection');
  if (command === 'STOR' || command === 'RETR' || command === 'DELE') draft.put('file.path', textOf(flat, 'ftp.command_data'));
  putTransfer(draft, command);
}
function putTransfer(draft: Draft, command: string | undefined): void {
  if (command === 'STOR') draft.act('file_uploaded'); else if (command === 'RETR') draft.act('file_downloaded'); else if (command === 'DELE') draft.act('file_deleted');
}

/** The client's names stand in what the server answers too. */
function putLease(draft: Draft, flat: Flat): void {
  const side = textOf(flat, 'dhcp.type') === 'reply' ? 'destination' : 'source', assigned = textOf(flat, 'dhcp.assigned_ip');
  putAs(draft, `${side}.mac`, textOf(flat, 'dhcp.client_mac') ?? '');
  draft.fill(`${side}.domain`, textOf(flat, 'dhcp.hostname'));
  if (assigned !== undefined && assigned !== '0.0.0.0') draft.put('client.ip', assigned);
}

function putLdap(draft: Draft, flat: Flat): void {
  const who = textOf(flat, 'ldap.request.bind_request.name'), code = textOf(flat, 'ldap.responses.bind_response.result_code');
  if (who === undefined) return;
  const { name, domain } = splitAccount(/^(?:cn|uid)=([^,]{1,200})/i.exec(who)?.[1] ?? who);
  draft.put('user.name', name); draft.put('user.domain', domain);
  draft.put('event.reason', textOf(flat, 'ldap.responses.bind_response.message'));
  if (code !== undefined) draft.act(code === 'Success' ? 'login' : 'login_failed');
}

function putMail(draft: Draft, flat: Flat): void {
  putMailboxes(draft, 'email.from.address', flat['email.from'] ?? flat['smtp.mail_from']);
  putMailboxes(draft, 'email.to.address', flat['email.to'] ?? flat['smtp.rcpt_to']);
  putMailboxes(draft, 'email.cc.address', flat['email.cc']);
  putList(draft, 'email.attachments.file.name', listOf(flat['email.attachment']));
}

/** A flow's own times; what was seen of it lasted from the first packet to the last. */
function putSpan(draft: Draft, flat: Flat, part: string): void {
  const start = timeOf(textOf(flat, `${part}.start`)), end = timeOf(textOf(flat, `${part}.end`));
  if (start !== undefined) draft.put('event.start', new Date(start).toISOString());
  if (end !== undefined) draft.put('event.end', new Date(end).toISOString());
  if (start !== undefined && end !== undefined && end >= start) draft.put('event.duration', (end - start) * 1_000_000);
}
function timeOf(text: string | undefined): number | undefined {
  const stamp = text === undefined ? undefined : readIso(text, 0);
  return stamp === undefined || Number.isNaN(stamp.offset) ? undefined : resolve(stamp, 0, 'UTC');
}

export const suricata: JsonKind = {
  dataset: 'suricata.eve',
  is: (flat) => has(flat, 'event_type', 'timestamp') && (has(flat, 'src_ip') || has(flat, 'flow_id') || has(flat, 'stats.uptime') || has(flat, 'engine.message') || has(flat, 'arp.opcode')),
  read(draft, flat) {
    const kind = textOf(flat, 'event_type') ?? '', own = textOf(flat, 'app_proto');
    keepAll(draft, 'suricata.eve', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    draft.put('observer.vendor', 'OISF'); draft.put('observer.product', 'Suricata');
    putAll(draft, flat, COMMON);
    putParts(draft, flat);
    draft.put('network.protocol', own !== undefined && own !== 'failed' && own !== 'unknown' ? own : NO_PROTOCOL.has(kind) ? undefined : PROTOCOLS[kind] ?? kind);
    if (has(flat, 'smtp.helo') || has(flat, 'email.from') || has(flat, 'smtp.mail_from')) putMail(draft, flat);
    if (has(flat, 'http.http_method') || has(flat, 'http.hostname')) putWeb(draft, flat);
    if (has(flat, 'tls.version')) { const version = /^(TLS|SSL)v? ?(\d(?:\.\d)?)$/i.exec(textOf(flat, 'tls.version') ?? ''); if (version !== null) { draft.put('tls.version_protocol', version[1]?.toLowerCase()); draft.put('tls.version', version[2]); } }
    if (has(flat, 'dns.rrname') || has(flat, 'dns.answers.rdata')) putAnswers(draft, flat['dns.answers.rdata'] ?? flat['dns.rdata']);
    if (has(flat, 'flow.start')) putSpan(draft, flat, 'flow'); else if (has(flat, 'netflow.start')) putSpan(draft, flat, 'netflow');
    putKind(draft, kind, flat);
  },
};

function putWeb(draft: Draft, flat: Flat): void {
  const host = textOf(flat, 'http.hostname')?.replace(/:\d{1,5}$/, '');
  draft.put('url.domain', host); draft.fill('destination.domain', host);
  draft.put('url.port', flat['http.http_port'] ?? undefined);
  draft.put('http.version', /^HTTP\/([\d.]{1,3})$/.exec(textOf(flat, 'http.protocol') ?? '')?.[1]);
  putTarget(draft, textOf(flat, 'http.url') ?? '');
}
