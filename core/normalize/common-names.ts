// Names that many products use for the same thing, lower-case, with the ECS field they mean. Used by readers that do not know the
// product: generic key=value and JSON, CEF's and LEEF's own extras.
import type { Value } from '../event.js';
import type { Draft } from './draft.js';
import { hashKind, isApplication, macOf, protocolName, splitEndpoint } from './net.js';

const NAMES: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, table(`
  source.ip: src srcip src_ip source_ip sourceip source_address sourceaddress src_addr srcaddr client_ip clientip client_address c-ip remote_ip remoteip remote_addr remote_address saddr ip_src source-address source-ip ipaddress ip_address client.ip src-ip peer_ip callerip remotehost caller_ip remote ip_client clientipaddress client-ip clientaddr publicipv4 public_ip endpoint_ip peer peerip userip user_ip source_ipv6_address source_ipv6 diachiip dia_chi_ip
  source.port: sport spt srcport src_port source_port sourceport source-port client_port c-port remote_port s_port src-port clientport client-port remoteport peer_port
  source.mac: srcmac src_mac smac source_mac sourcemac src-mac client_mac endpointmac mac_address
  source.domain: shost srchost src_host source_host src_name client_name srcname
  source.nat.ip: transip src_trans_ip nat_src_ip nat-source-address natsrc src_nat_ip xlatesrc srcxlated natsrcip translatedsrcip natsource srcnat src_nat
  source.nat.port: transport_port src_trans_port nat_src_port nat-source-port xlatesport src_nat_port natsourceport
  source.bytes: sentbyte bytes_sent sent_bytes sentbytes bytesout out_bytes bytes-from-client orig_bytes
  source.user.name: suser srcuser src_user source_user sourceuser srcusername
  destination.ip: vip target_address dst dstip dst_ip dest_ip destip destination_ip destinationip destination_address destinationaddress dst_addr dstaddr daddr ip_dst destination-address destination-ip server_ip serverip s-ip dst-ip local_address poolip lb_server serveraddress server_address upstream_addr vserver_ip vip_address localip destination_ipv6_address destination_ipv6
  destination.port: target_port dport dpt dstport dst_port dest_port destport destination_port destinationport destination-port server_port s-port d_port dst-port poolport serverport
  destination.mac: dstmac dst_mac dmac destination_mac dest_mac
  destination.domain: dest_fqdn dhost dsthost dst_host dest_host dest_name dstname destination_host
  destination.nat.ip: tranip dst_trans_ip nat_dst_ip nat-destination-address natdst xlatedst dst_nat_ip translateddstip natdestination dstnat dst_nat
  destination.nat.port: tranport dst_trans_port nat_dst_port nat-destination-port xlatedport dst_nat_port natdestinationport
  destination.bytes: rcvdbyte bytes_received received_bytes rcvdbytes bytesin in_bytes bytes-from-server resp_bytes
  network.transport: proto protocol ip_protocol transport protocol-id ipproto trans_proto transport_protocol
  network.protocol: app_proto service_protocol application_protocol
  user.name: user username user_name user-name usrname usr account accountname account_name login uid_name userid_name loginname user.login cs-username login_name login_user loginid tendangnhap ten_dang_nhap taikhoan tai_khoan nguoidung nguoi_dung
  user.domain: userdomain user_domain account_domain
  process.name: process process_name processname comm program
  process.pid: pid process_id processid
  process.executable: exe process_path image
  process.command_line: processcommandline cmdline command_line commandline cmd process_command_line
  process.parent.executable: parentimage parent_image
  process.parent.command_line: parentcommandline
  file.path: filepath file_path path_name targetfilename
  file.name: filename file_name fname
  file.hash.md5: filemd5 file_md5 trendmicrodsfilemd5 md5 hash_md5
  file.hash.sha1: filesha1 file_sha1 trendmicrodsfilesha1 slf_filesha1 sha1 hash_sha1
  file.hash.sha256: filesha256 file_sha256 trendmicrodsfilesha256 sha256 hash_sha256 filehash file_hash file_digest filedigest
  url.original: http_uri url request_url requesturl cs-uri uri request_uri http_url
  url.domain: hostname_url http_host cs-host domain_name domainname
  http.request.method: method http_method request_method requestmethod cs-method
  http.response.status_code: status_code http_status response_code sc-status httpstatus responsecode statuscode http_code httpstatuscode http_response_code http_statcode server_status response_status httpresponsecode
  user_agent.original: useragent user_agent http_user_agent user-agent cs(user-agent) http_agent http_useragent agent_string
  dns.question.name: queryname dnsquery dns_query_name qname dns_query query_name questionname
  event.code: event_id eventid signature_id logid log_id msgid_code event_code eventcode
  rule.name: threat_name acl_rule_name rule rule_name rule-name rulename policy_name policyname signature fw_rule hipmatchname policy rulelabel
  rule.id: rule_id ruleid policyid policy_id
  event.reason: reason
  email.subject: subject mail_subject email_subject
  host.name: hostname host_name computer computername device_name devname
`));

function table(text: string): Record<string, string> {
  const names: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of text.trim().split('\n')) {
    const [field = '', words = ''] = line.split(':');
    for (const word of words.trim().split(/\s+/)) names[word] = field.trim();
  }
  return names;
}

export function ecsName(key: string): string | undefined {
  let field = fieldsByKey.get(key);
  if (field === undefined) {
    field = NAMES[key.toLowerCase()] ?? NONE;
    if (key.length >= 80) return field === NONE ? undefined : field;
    if (fieldsByKey.size >= KEYS_MAX) fieldsByKey.clear();
    fieldsByKey.set(key, field);
  }
  return field === NONE ? undefined : field;
}
/** By the key as it is spelled, so that common keys are not put into small letters again and again. */
const fieldsByKey = new Map<string, string>(), NONE = '', KEYS_MAX = 20_000;

/** Puts a value that a product calls `key` under the ECS field of that meaning, where that is still free. */
export function putCommon(draft: Draft, key: string, value: Value): void {
  const field = ecsName(key);
  if (field !== undefined) putAs(draft, field, value);
}

/** Puts a value, in the spelling its field has: addresses parted from ports, MACs as ECS writes them, protocols by name. */
export function putAs(draft: Draft, field: string, value: Value): void {
  if (value === null || typeof value === 'object') return;
  if (draft.has(field)) return;
  const text = String(value);
  if (text === '' || text === '-' || text === 'N/A') return;
  if (!SPELLED.has(field)) { draft.put(field, typeof value === 'boolean' ? text : value); return; }
  if (field.endsWith('.mac')) { draft.put(field, macOf(text)); return; }
  if (field === 'network.transport') { if (WEB_VERSION.test(text)) { draft.fill('network.protocol', 'http'); draft.fill('http.version', text.slice(5)); } else if (isApplication(text)) draft.fill('network.protocol', text.toLowerCase()); else draft.put(field, protocolName(text)); return; }
  if (field === 'file.hash.sha256') { const kind = hashKind(text); if (kind !== undefined) draft.fill(`file.hash.${kind}`, text); return; } // a "hash" may be any of the three
  if (field === 'source.ip' || field === 'destination.ip') {
    const { host, port } = splitEndpoint(text);
    draft.put(field, host);
    if (port !== undefined) draft.fill(`${field.slice(0, -2)}port`, port);
    return;
  }
  if (field === 'process.name' || field === 'process.parent.name') { // a whole path is the executable
    const slash = Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/'));
    if (slash >= 0 && slash < text.length - 1) { draft.fill(`${field.slice(0, -4)}executable`, text); draft.put(field, text.slice(slash + 1)); return; }
  }
  draft.put(field, typeof value === 'boolean' ? text : value);
}
const WEB_VERSION = /^HTTP\/[\d.]{1,3}$/i;
/** Fields that have a spelling of their own. */
const SPELLED = new Set(['source.mac', 'destination.mac', 'host.mac', 'network.transport', 'file.hash.sha256', 'source.ip', 'destination.ip', 'process.name', 'process.parent.name']);
