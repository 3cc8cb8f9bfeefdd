// Palo Alto Networks PAN-OS: one line of comma-separated values whose places depend on the log type. Later versions only append, so
// places count from the left. https://docs.paloaltonetworks.com (Syslog Field Descriptions).
import { readIso, resolve, type Stamp } from '../../message/time.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { fillAccount } from '../account.js';
import { splitCsv } from '../csv.js';
import { isIp, macOf } from '../net.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';
import { lookup, type Lookup } from '../lookup.js';

const ECS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  src: 'source.ip', dst: 'destination.ip', natsrc: 'source.nat.ip', natdst: 'destination.nat.ip', rule: 'rule.name', app: 'network.protocol', inbound_if: 'observer.ingress.interface.name', outbound_if: 'observer.egress.interface.name', sport: 'source.port', dport: 'destination.port', natsport: 'source.nat.port', natdport: 'destination.nat.port',
  proto: 'network.transport', bytes: 'network.bytes', bytes_sent: 'source.bytes', bytes_received: 'destination.bytes', user_agent: 'user_agent.original', referer: 'http.request.referrer', subject: 'email.subject', sender: 'email.from.address', recipient: 'email.to.address', http_method: 'http.request.method', filedigest: 'file.hash.sha256',
  device_name: 'observer.name', session_end_reason: 'event.reason', host: 'source.ip', admin: 'user.name', ip: 'source.ip', public_ip: 'source.ip', private_ip: 'source.nat.ip', machinename: 'source.domain', severity: 'log.level', serial: 'observer.serial_number', desc: 'event.reason', matchname: 'rule.name', authpolicy: 'rule.name', from: 'observer.ingress.zone', to: 'observer.egress.zone', packets: 'network.packets', pkts_sent: 'source.packets', pkts_received: 'destination.packets', src_host: 'source.domain', dst_host: 'destination.domain',
  tls_version: 'tls.version', tls_enc: 'tls.cipher', sni: 'tls.client.server_name', tls_error: 'event.reason', reason: 'event.reason', error: 'event.reason', evidence: 'event.reason', object_name: 'rule.name',
});

const SESSION = 'src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport natsport natdport flags proto action';
/** Who the ends are, as of version 10. */
const DEVICES = 'src_category src_profile src_model src_vendor src_osfamily src_osversion src_host src_mac dst_category dst_profile dst_model dst_vendor dst_osfamily dst_osversion dst_host dst_mac container_id pod_namespace pod_name src_edl dst_edl hostid serialnumber';
const APPLICATION = 'subcategory_of_app category_of_app technology_of_app risk_of_app characteristic_of_app container_of_app tunneled_app is_saas_of_app sanctioned_state_of_app';
/** Where it was written: behind what a log says itself. */
const ORIGIN = 'seqno actionflags _ _ _ _ vsys_name device_name';
/** A change of the configuration without what stood there before and after, which only a form of one's own has. */
const PLAIN_CONFIG = 'CONFIG, plain', PLAIN_CONFIG_FLAGS = 15;
/** A column: its name, the name it is kept under, and the field it means. */
interface Place { readonly name: string; readonly native: string; readonly field: string | undefined }
const PLACES: Lookup<readonly Place[]> = lookup(Object.fromEntries(Object.entries({
  TRAFFIC: `${SESSION} bytes bytes_sent bytes_received packets start elapsed category _ seqno actionflags srcloc dstloc _ pkts_sent pkts_received session_end_reason _ _ _ _ vsys_name device_name action_source src_uuid dst_uuid tunnelid monitortag parent_session_id parent_start_time tunnel assoc_id chunks chunks_sent chunks_received rule_uuid http2_connection link_change_count policy_id link_switches sdwan_cluster sdwan_device_type sdwan_cluster_type sdwan_site dynusergroup_name xff_ip ${DEVICES} src_dag dst_dag session_owner high_res_timestamp nssai_sst nssai_sd ${APPLICATION}`,
  THREAT: `${SESSION} misc threatid category severity direction seqno actionflags srcloc dstloc _ contenttype pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient reportid _ _ _ _ vsys_name device_name _ src_uuid dst_uuid http_method tunnelid monitortag parent_session_id parent_start_time tunnel thr_category contentver _ assoc_id payload_protocol_id http_headers url_category_list rule_uuid http2_connection dynusergroup_name xff_ip ${DEVICES} domain_edl src_dag dst_dag partial_hash high_res_timestamp reason justification nssai_sst ${APPLICATION}`,
  DECRYPTION: `${SESSION} tunnelid _ _ src_uuid dst_uuid rule_uuid hs_stage_c2f hs_stage_f2s tls_version tls_keyxchg tls_enc tls_auth policy_name ec_curve err_index root_status chain_status proxy_type cert_serial fingerprint notbefore notafter cert_ver cert_size cn_len issuer_len rootcn_len sni_len cert_flags cn issuer_cn root_cn sni tls_error`,
  TUNNEL: SESSION,
  SCTP: 'src dst _ _ rule _ _ _ vsys from to inbound_if outbound_if logset _ sessionid repeatcnt sport dport _ _ _ _ proto action _ _ _ _ vsys_name device_name seqno _ assoc_id payload_protocol_id severity chunk_type',
  SYSTEM: `vsys eventid object _ _ module severity opaque ${ORIGIN}`,
  CONFIG: `host vsys cmd admin client result path before_change_detail after_change_detail ${ORIGIN}`,
  [PLAIN_CONFIG]: `host vsys cmd admin client result path ${ORIGIN}`,
  USERID: `vsys ip user datasourcename eventid repeatcnt timeout sport dport datasource datasourcetype ${ORIGIN}`,
  HIPMATCH: `srcuser vsys machinename os src matchname repeatcnt matchtype _ _ ${ORIGIN}`,
  'HIP-MATCH': `srcuser vsys machinename os src matchname repeatcnt matchtype _ _ ${ORIGIN}`,
  IPTAG: `vsys ip tag_name eventid repeatcnt timeout datasourcename datasourcetype datasourcesubtype ${ORIGIN}`,
  AUDIT: 'eventid admin_name interface command',
  GLOBALPROTECT: 'vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason error opaque status location login_duration connect_method error_code portal seqno actionflags high_res_timestamp selection_type response_time priority attempted_gateways gateway _ _ _ _ vsys_name device_name',
  AUTHENTICATION: `vsys ip user normalize_user object authpolicy repeatcnt authid vendor logset serverprofile desc clienttype event factorno ${ORIGIN}`,
  'CORRELATION': 'src srcuser vsys category severity _ _ _ _ vsys_name device_name _ object_name object_id evidence',
}).map(([type, places]) => [type, places.split(' ').map((name): Place => ({ name, native: `panw.panos.${name}`, field: ECS[name] }))])));

function readPanos(draft: Draft): boolean {
  const found = LOOKS.exec(draft.head);
  if (found === null) return false;
  const cells = splitCsv(draft.text.slice(found.index), ',');
  const type = cells[3] ?? '', places = PLACES[type === 'CONFIG' && (cells[PLAIN_CONFIG_FLAGS] ?? '').startsWith('0x') ? PLAIN_CONFIG : type];
  if (cells.length < 10) return false;
  draft.put('panw.panos.type', type);
  draft.put('panw.panos.sub_type', cells[4]);
  draft.put('observer.serial_number', cells[2]);
  draft.put('observer.vendor', 'Palo Alto Networks');
  draft.put('observer.product', 'PAN-OS');
  const stamp = timeOf(cells[6] ?? '') ?? timeOf(cells[1] ?? '');
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  const values = new Map<string, string>();
  for (let i = 0; i < (places?.length ?? 0); i++) {
    const { name, native, field } = places?.[i] as Place, value = cells[7 + i]?.trim();
    if (name === '_' || value === undefined || value === '') continue;
    values.set(name, value);
    if (value !== '-') draft.event[native] = value;
    if (field === undefined) continue;
    if (field === 'source.nat.port' || field === 'destination.nat.port') { if (value !== '0') draft.put(field, value); }
    else if (field === 'source.nat.ip' || field === 'destination.nat.ip') { if (value !== '0.0.0.0' && value !== '::') draft.put(field, value); }
    else if (field === 'network.transport') draft.put(field, value.toLowerCase());
    else if (field === 'network.protocol' && value === 'not-applicable') continue;
    else if (field === 'log.level') draft.put(field, value);
    else draft.fill(field, value);
  }
  draft.fill('event.code', /\((\d{1,10})\)$/.exec(values.get('threatid') ?? '')?.[1] ?? (values.get('eventid') === '0' ? undefined : values.get('eventid')));
  putSession(draft, values);
  putUsers(draft, values);
  const misc = values.get('misc');
  if (misc !== undefined) putPanosUrl(draft, misc, cells[4] ?? '');
  putAction(draft, type, cells[4] ?? '', values);
  return true;
}

/** How long it was, whom a proxy named, what threat it was, what the ends are. */
function putSession(draft: Draft, values: ReadonlyMap<string, string>): void {
  const elapsed = Number(values.get('elapsed') ?? NaN), client = values.get('xff_ip') ?? values.get('xff') ?? '';
  if (Number.isFinite(elapsed)) draft.put('event.duration', elapsed * 1e9);
  if (isIp(client)) draft.fill('network.forwarded_ip', client);
  draft.put('threat.name', /^(.{1,200}?)\(\d{1,10}\)$/.exec(values.get('threatid') ?? '')?.[1]);
  draft.put('source.mac', macOf(values.get('src_mac') ?? '')); draft.put('destination.mac', macOf(values.get('dst_mac') ?? ''));
  if (draft.has('tls.client.server_name')) draft.fill('destination.domain', draft.get('tls.client.server_name'));
  fillAccount(draft, 'user', values.get('admin_name'));
  draft.put('process.command_line', values.get('command'));
}

/** `9/16/26 10:00` is how some exports print the device's own time. */
function timeOf(text: string): Stamp | undefined {
  const short = /^(\d{1,2})\/(\d{1,2})\/(\d{2}) (\d{1,2}:\d\d(?::\d\d)?)$/.exec(text);
  return short === null ? readIso(text, 0) : readIso(`20${short[3] ?? ''}-${(short[1] ?? '').padStart(2, '0')}-${(short[2] ?? '').padStart(2, '0')} ${(short[4] ?? '').padStart(5, '0')}`, 0);
}

/** `corp\bob` stands for bob of corp; the same for `user` of other logs. A system log says who in a sentence. */
function putUsers(draft: Draft, values: ReadonlyMap<string, string>): void {
  for (const [name, prefix] of [['srcuser', 'source.user'], ['dstuser', 'destination.user'], ['user', 'source.user']] as const) {
    const value = values.get(name);
    if (value === undefined || value.startsWith('x-fwd-for')) continue;
    fillAccount(draft, prefix, value);
    fillAccount(draft, 'user', value);
  }
  if (values.has('admin')) fillAccount(draft, 'source.user', values.get('admin'));
  readOpaque(draft, values.get('opaque') ?? '');
}

/** What a system log says in a sentence: who, from where, to which server. */
export function readOpaque(draft: Draft, opaque: string): void {
  if (opaque === '') return;
  draft.put('event.reason', opaque);
  const said = opaque.slice(0, 1000);
  fillAccount(draft, 'user', /(?:[Uu]ser(?: name)?:? )'([^']{1,128})'/.exec(said)?.[1] ?? /(?:for user |User name: |user: ?|^User )([^\s',]{1,128}?)\.?(?=[\s,]|$)/.exec(said)?.[1]);
  draft.fill('source.ip', /(?:From: |Source IP: |from '?|client IP: |Login from: |initiated by: )([0-9a-fA-F.:]{3,45}?)'?[\s.,]?(?:$|[\s,])/.exec(said)?.[1]?.replace(/\.$/, ''));
  const tunnel = / ([0-9a-fA-F.:]{3,45})\[(\d{1,5})\]-([0-9a-fA-F.:]{3,45})\[(\d{1,5})\]/.exec(said);
  if (tunnel !== null) { draft.put('source.ip', tunnel[1]); draft.put('source.port', tunnel[2]); draft.put('destination.ip', tunnel[3]); draft.put('destination.port', tunnel[4]); }
  const lease = /^DHCP lease \w{3,12} ip ([0-9.]{7,15}) --> mac ([0-9a-fA-F:.-]{12,17})(?: - hostname ([\w.-]{1,64}))?/.exec(said);
  if (lease !== null) { draft.put('source.ip', lease[1]); draft.put('source.mac', macOf(lease[2] ?? '')); draft.put('source.domain', lease[3]); }
  const server = /(?:[Ss]erver [Aa]ddress '?|connected to server )([0-9a-fA-F.:]{3,51})/.exec(said)?.[1];
  if (server !== undefined) putAs(draft, 'destination.ip', server.replace(/[.:]+$/, ''));
  readSentence(draft, said);
}

const DNS_APP = /^dns\b/;
export function putPanosUrl(draft: Draft, misc: string, subtype: string): void {
  if (subtype === 'dns' || subtype === 'spyware' && DNS_APP.test(draft.getText('network.protocol') ?? '')) { draft.put('dns.question.name', misc.includes('.') ? misc : /\(generic:([\w.-]{1,253})\)/i.exec(draft.getText('panw.panos.threatid') ?? '')?.[1] ?? misc); return; }
  if (subtype !== 'url' && subtype !== 'vulnerability') { draft.put('file.name', misc); return; }
  if (misc === '') return;
  if (misc.includes('://')) { putTarget(draft, misc); return; }
  const slash = misc.indexOf('/');
  putTarget(draft, misc);
  if (slash > 0) {
    const domain = misc.slice(0, slash).replace(/:\d+$/, '');
    draft.put('url.domain', domain);
    draft.put('url.path', misc.slice(slash).split('?', 1)[0]);
    draft.put('destination.domain', domain);
  }
}

export function putAction(draft: Draft, type: string, subtype: string, values: ReadonlyMap<string, string>): void {
  const action = (values.get('action') ?? '').toLowerCase(), event = (values.get('eventid') ?? values.get('event') ?? '').toLowerCase();
  const denied = /deny|drop|block|reset|sinkhole/.test(action);
  if (type === 'TRAFFIC') draft.act(denied ? 'connection_denied' : subtype === 'start' ? 'connection_started' : 'connection_allowed');
  else if (type === 'THREAT' && (subtype === 'file' || subtype.startsWith('wildfire') && values.get('category') === 'benign')) draft.act(values.get('direction') === 'client-to-server' ? 'file_uploaded' : 'file_downloaded', denied ? 'failure' : undefined);
  else if (type === 'THREAT') draft.act(subtype === 'virus' || subtype === 'wildfire' || subtype === 'wildfire-virus' ? 'malware_detected' : subtype === 'url' ? (denied ? 'connection_denied' : 'http_request') : 'intrusion_detected', denied ? 'failure' : undefined);
  else if (type === 'CONFIG') draft.act('config_changed', /^(?:fail|unauth)/i.test(values.get('result') ?? '') ? 'failure' : /^succ/i.test(values.get('result') ?? '') ? 'success' : undefined);
  else if (type === 'AUDIT') draft.act('shell_command');
  else if (type === 'GLOBALPROTECT') draft.act(values.get('status') === 'failure' ? 'vpn_failed' : event.includes('logout') ? 'vpn_disconnected' : event.endsWith('-auth') ? 'login' : 'vpn_connected');
  else if (type === 'SYSTEM') putSystem(draft, event, values.get('opaque') ?? '');
  else if (type === 'USERID' && (subtype === 'login' || subtype === 'logout')) draft.act(subtype);
  else if (type === 'AUTHENTICATION') { const said = values.get('event') ?? ''; if (/success|allow/i.test(said)) draft.act('login'); else if (/fail|den|lock/i.test(said)) draft.act('login_failed'); }
  else if (type === 'HIPMATCH' || type === 'HIP-MATCH') draft.act('audit_record');
  else if (type === 'CORRELATION') draft.act('intrusion_detected');
  else if (type === 'DECRYPTION' || type === 'TUNNEL' || type === 'SCTP') draft.act(denied ? 'connection_denied' : subtype === 'start' ? 'connection_started' : 'connection_allowed');
  else if (event.includes('auth-fail')) draft.act('login_failed');
  else if (event.includes('auth-success')) draft.act('login');
}

/** A system log says what happened by its event's name, or, under `general`, in a sentence. */
function putSystem(draft: Draft, event: string, said: string): void {
  if (/auth-fail|authentication failed|^failed authentication/i.test(`${event} ${said.slice(0, 200)}`)) draft.act('login_failed');
  else if (/auth-succ|authentication succeeded|^authenticated for user|^User \S{1,128} logged in via /i.test(`${event} ${said.slice(0, 200)}`) || /^User \S{1,128} logged in via /.test(said)) draft.act('login');
  else if (/^User \S{1,128} logged out/.test(said)) draft.act('logout');
  else if (/^globalprotect(?:gateway|portal)-(?:regist|config|login|switch)\S{0,20}-succ/.test(event)) draft.act('vpn_connected');
  else if (/^globalprotect\S{0,40}-fail/.test(event)) draft.act('vpn_failed');
  else if (/^globalprotect\S{0,40}-logout-succ/.test(event)) draft.act('vpn_disconnected');
  else if (/^ike-nego-p\d-succ|^ikev2-nego-\w{2,8}-succ|^tunnel-status-up/.test(event)) draft.act('vpn_connected');
  else if (/^ike\w{0,2}-nego-\S{0,20}-?fail|^ike-nego-p\d-fail/.test(event)) draft.act('vpn_failed');
  else if (event.startsWith('tunnel-status-down')) draft.act('vpn_disconnected');
  else if (event.startsWith('lease-')) draft.act('dhcp_lease');
  else if (/^Commit job succeeded|^Configuration (?:committed|installed)|^config-installed/i.test(said)) draft.act('config_changed');
}

const KIND_NAMES = 'TRAFFIC THREAT CONFIG SYSTEM USERID HIPMATCH HIP-MATCH GLOBALPROTECT AUTHENTICATION DECRYPTION TUNNEL SCTP CORRELATION IPTAG AUDIT GTP'.split(' ');
const LOOKS = new RegExp(String.raw`(?:^|^\S{1,80} )\d{0,12},(?:\d{4}[/-]\d\d[/-]\d\d[ T]\d\d:\d\d:\d\d[\d.Z]{0,12}|\d{1,2}\/\d{1,2}\/\d{2} \d{1,2}:\d\d)?,[^,]{0,40},(?:${KIND_NAMES.join('|')}),`);
export const panos: Format = { name: 'panw.panos', holds: KIND_NAMES.map((kind) => `,${kind},`), detect: ({ head }) => LOOKS.test(head), read: readPanos };
