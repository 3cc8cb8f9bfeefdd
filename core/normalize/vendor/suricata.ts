// Suricata's EVE: one JSON object an event, whose `event_type` names the part that tells more. https://docs.suricata.io (EVE JSON Format).
import { splitAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { putTarget } from '../web/request.js';

const COMMON: Names = [
  ['src_ip', 'source.ip'], ['src_port', 'source.port'], ['dest_ip', 'destination.ip'], ['dest_port', 'destination.port'], ['proto', 'network.transport'], ['app_proto', 'network.protocol'], ['community_id', 'network.community_id'], ['in_iface', 'observer.ingress.interface.name'], ['host', 'observer.name'],
  ['alert.signature', 'rule.name'], ['alert.signature_id', 'rule.id'], ['alert.category', 'rule.category'], ['ether.src_mac', 'source.mac'], ['ether.dest_mac', 'destination.mac'],
  ['http.hostname', 'url.domain'], ['http.hostname', 'destination.domain'], ['http.http_user_agent', 'user_agent.original'], ['http.http_method', 'http.request.method'], ['http.status', 'http.response.status_code'], ['http.http_refer', 'http.request.referrer'], ['http.length', 'http.response.body.bytes'], ['http.xff', 'network.forwarded_ip'], ['xff', 'network.forwarded_ip'],
  ['dns.rrname', 'dns.question.name'], ['dns.rrtype', 'dns.question.type'], ['dns.query.rrname', 'dns.question.name'], ['dns.query.rrtype', 'dns.question.type'], ['dns.queries.rrname', 'dns.question.name'], ['dns.queries.rrtype', 'dns.question.type'], ['dns.rcode', 'dns.response_code'], ['dns.answer.rcode', 'dns.response_code'], ['dns.answer.rrname', 'dns.question.name'],
  ['tls.sni', 'destination.domain'], ['quic.sni', 'destination.domain'], ['fileinfo.filename', 'file.path'], ['fileinfo.size', 'file.size'], ['fileinfo.md5', 'file.hash.md5'], ['fileinfo.sha1', 'file.hash.sha1'], ['fileinfo.sha256', 'file.hash.sha256'],
  ['email.from', 'email.from.address'], ['smtp.mail_from', 'email.from.address'], ['email.to', 'email.to.address'], ['smtp.rcpt_to', 'email.to.address'], ['email.subject', 'email.subject'], ['email.message_id', 'email.message_id'],
  ['flow.bytes_toserver', 'source.bytes'], ['flow.bytes_toclient', 'destination.bytes'], ['netflow.bytes', 'network.bytes'], ['ssh.client.software_version', 'user_agent.original'],
  ['smb.filename', 'file.path'], ['smb.ntlmssp.user', 'user.name'], ['smb.ntlmssp.domain', 'user.domain'], ['smb.ntlmssp.host', 'source.domain'], ['rdp.cookie', 'user.name'], ['mqtt.connect.username', 'user.name'], ['pgsql.request.startup_parameters.user', 'user.name'], ['ftp_data.filename', 'file.path'], ['tftp.file', 'file.path'],
  ['dhcp.client_mac', 'source.mac'], ['dhcp.hostname', 'source.domain'], ['anomaly.event', 'rule.name'], ['drop.reason', 'event.reason'], ['sip.uri', 'url.original'],
];

const ACTIONS = lookup<Action>({ alert: 'intrusion_detected', http: 'http_request', http2: 'http_request', dns: 'dns_query', mdns: 'dns_query', dhcp: 'dhcp_lease', smtp: 'mail', ssh: 'ssh_connection', drop: 'connection_denied' });

function putKind(draft: Draft, kind: string, flat: Flat): void {
  draft.act(ACTIONS[kind] ?? 'connection');
  switch (kind) {
    case 'alert': draft.put('event.kind', 'alert'); if (textOf(flat, 'alert.action') === 'blocked') draft.act('intrusion_detected', 'success'); return;
    case 'http': case 'http2': if (Number(textOf(flat, 'http.status')) >= 400) draft.put('event.outcome', 'failure'); return;
    case 'flow': if (textOf(flat, 'flow.state') === 'closed') draft.act('connection_ended'); return;
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

export const suricata: JsonKind = {
  dataset: 'suricata.eve',
  is: (flat) => has(flat, 'event_type', 'timestamp') && (has(flat, 'src_ip') || has(flat, 'flow_id') || has(flat, 'stats.uptime')),
  read(draft, flat) {
    keepAll(draft, 'suricata.eve', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    putAll(draft, flat, COMMON);
    for (const field of ['email.from.address', 'email.to.address']) { const address = draft.getText(field); if (address?.startsWith('<') === true) draft.put(field, address.replace(/^<|>$/g, '')); }
    putTarget(draft, textOf(flat, 'http.url') ?? '');
    putKind(draft, textOf(flat, 'event_type') ?? '', flat);
  },
};
