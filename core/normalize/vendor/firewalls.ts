// Firewalls that log `key=value`: Sophos, Stormshield. Each is a table of its own keys; keys are kept under the
// product's namespace.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable } from '../keys.js';
import { hashKind, isIp, splitEndpoint } from '../net.js';
import { readPairs } from '../pairs.js';
import { joinUrl, putSite } from '../web/request.js';
import { dropNoNat, names, putPairs, timeOf, verdict } from './native-pairs.js';

// --- Sophos ---------------------------------------------------------------------------------------------------------------------
const SOPHOS = keyTable('sophos.xg', names(`src_ip:source.ip sourceip:source.ip dst_ip:destination.ip destinationip:destination.ip src_port:source.port dst_port:destination.port src_mac:source.mac dst_mac:destination.mac protocol:network.transport user_name:user.name username:user.name user:user.name login_user:user.name
  src_trans_ip:source.nat.ip dst_trans_ip:destination.nat.ip tran_src_ip:source.nat.ip tran_dst_ip:destination.nat.ip tran_src_port:source.nat.port tran_dst_port:destination.nat.port sent_bytes:source.bytes recv_bytes:destination.bytes bytes_sent:source.bytes bytes_received:destination.bytes
  url:url.original domain:url.domain user_agent:user_agent.original useragent:user_agent.original status_code:http.response.status_code httpstatus:http.response.status_code method:http.request.method fw_rule_name:rule.name signature_msg:rule.name filename:file.name file_name:file.name file_path:file.path sha1sum:file.hash.sha1
  mail_subject:email.subject subject:email.subject device_name:observer.name device_id:observer.serial_number srcip:source.ip dstip:destination.ip srcport:source.port dstport:destination.port srcmac:source.mac dstmac:destination.mac proto:network.transport eventid:_ log_id:_ sourcesystem:_ status:_ reason:event.reason fw_rule_id:rule.id in_interface:observer.ingress.interface.name out_interface:observer.egress.interface.name src_zone:_ host:destination.domain fwrule:rule.id initf:observer.ingress.interface.name outitf:observer.egress.interface.name ua:user_agent.original statuscode:http.response.status_code
  application_name:network.application src_trans_port:source.nat.port dst_trans_port:destination.nat.port packets_sent:source.packets packets_received:destination.packets srczone:observer.ingress.zone src_zone:observer.ingress.zone dstzone:observer.egress.zone dst_zone:observer.egress.zone application:network.application app_name:network.application vlan_id:network.vlan.id device_serial_id:observer.serial_number
  category:rule.category http_category:rule.category categoryname:rule.category classification:rule.category referer:http.request.referrer http_method:http.request.method download_file_name:file.name upload_file_name:file.name virus:threat.name malware:threat.name execution_path:process.executable process_user:_ from_email_address:email.from.address to_email_address:email.to.address from:email.from.address to:email.to.address mailid:email.message_id src_domainname:source.domain dst_domainname:destination.domain
  client_physical_address:source.mac client_host_name:source.domain sni:tls.client.server_name tls_version:tls.version cipher_suite:tls.cipher server_name:_ querystring:url.query ad_domain:user.domain virtual_ip:source.nat.ip system:_ idle:_ name:_ size:_`));
/** Abbreviations that mean one zone, here and around. */
const NEAR = /^(?:UTC|GMT|ICT|WIB|SGT|HKT|JST|KST)$/;
const OFFSET = /^[+-]\d\d(?::?\d\d)?$/;
function readSophos(draft: Draft): boolean {
  const pairs = readPairs(draft.text);
  if (pairs.length < 4) return false;
  const values = putPairs(draft, SOPHOS, pairs);
  const log = values.get('log_id');
  draft.put('event.code', log !== undefined && log.length >= 12 ? log.slice(-5) : log ?? values.get('id'));
  if (values.has('date')) { const zone = values.get('timezone') ?? '', offset = OFFSET.test(zone) ? zone.replace(/^([+-]\d\d)$/, '$1:00') : ''; timeOf(draft, `${values.get('date') ?? ''} ${values.get('time') ?? ''}${offset}`, NEAR.test(zone) ? zone : undefined); } // a site elsewhere sets its system's zone
  timeOf(draft, values.get('timestamp'));
  if (isIp(values.get('remote_ip') ?? '')) { if (isIp(values.get('ipaddress') ?? '')) draft.put('source.nat.ip', values.get('ipaddress')); draft.put('source.ip', values.get('remote_ip')); } // of a tunnel: its far end, and the address given to it
  draft.fill('source.ip', values.get('ep_ip')); draft.fill('source.domain', values.get('ep_name'));
  dropNoNat(draft);
  const type = values.get('log_type') ?? '', took = Number(values.get('duration') ?? NaN);
  if (type === 'System Health') for (const field of ['user.name', 'source.user.name']) Reflect.deleteProperty(draft.event, field); // a share of the processor's time
  if (values.get('device_name') === 'SFW') Reflect.deleteProperty(draft.event, 'observer.name'); // every one of them
  if (took > 0) draft.put('event.duration', took * 1e9);
  draft.fill('destination.domain', draft.get('tls.client.server_name'));
  const user = draft.getText('user.name');
  if (user !== undefined) draft.fill('source.user.name', user);
  draft.put('observer.vendor', 'Sophos');
  if (values.has('sub')) actUtm(draft, values); else actFirewall(draft, type, values);
  return true;
}

function actFirewall(draft: Draft, type: string, values: ReadonlyMap<string, string>): void {
  const component = values.get('log_component') ?? '', kind = `${type} ${component}`, status = values.get('log_subtype') ?? values.get('action') ?? values.get('status') ?? '', said = values.get('message') ?? '';
  if (type === 'Sandbox' && component === 'Web') { draft.fill('url.domain', values.get('source')); draft.fill('destination.domain', values.get('source')); }
  const blocked = /^(?:drop|den|block|reject)/i.test(status) ? 'failure' : undefined, state = values.get('status') ?? '';
  if (type === 'Sandbox' && component === 'Mail') { draft.put('email.from.address', values.get('source')); draft.put('email.to.address', values.get('destination')); }
  if (type === 'Event') { Reflect.deleteProperty(draft.event, 'destination.domain'); draft.fill('observer.ingress.interface.name', values.get('interface')); } // a host of its own settings
  if (type === 'WAF') readWaf(draft, values);
  else if (/^Event (?:SSL VPN|IPSec|L2TP|PPTP)$/i.test(kind) && /^(?:established|connected|successful|terminated|disconnected|failed)$/i.test(state)) draft.act(/^(?:established|connected|successful)$/i.test(state) ? 'vpn_connected' : /failed/i.test(state) ? 'vpn_failed' : 'vpn_disconnected');
  else if (/authentication/i.test(kind) && /\blogged (?:out|off)\b/i.test(said)) draft.act('logout');
  else if (/authentication/i.test(kind) || /\b(?:failed to )?log(?:ged)? ?in\b/i.test(said) && /gui|cli|ssl vpn|ssh/i.test(kind)) draft.act(/fail/i.test(state) ? 'login_failed' : 'login');
  else if (type === 'Event' && values.get('log_subtype') === 'Admin') draft.act('config_changed', /fail/i.test(state) ? 'failure' : 'success');
  else if (/^Event DHCP/i.test(kind)) draft.act('dhcp_lease');
  else if (/^ATP\b/i.test(type)) draft.act('intrusion_detected', blocked);
  else if (/firewall|packetfilter|content filtering/i.test(kind)) verdict(draft, status);
  else if (/idp|anomaly|signature/i.test(kind)) { draft.act('intrusion_detected', blocked); draft.put('rule.id', values.get('signature_id')); }
  else if (/anti-virus|sandbox/i.test(kind)) draft.act('malware_detected', blocked);
  else if (/anti-spam/i.test(kind)) draft.act(/drop|reject|quarantine|delete/i.test(values.get('spamaction') ?? '') || blocked !== undefined ? 'mail_rejected' : 'mail');
}

/** The web application firewall: `server` was asked, `host` is the client. */
function readWaf(draft: Draft, values: ReadonlyMap<string, string>): void {
  const { host, port } = splitEndpoint(values.get('server') ?? '');
  Reflect.deleteProperty(draft.event, 'destination.domain');
  draft.put('url.domain', host); draft.put('destination.domain', host); draft.put('destination.port', port);
  draft.put('destination.ip', values.get('localip'));
  draft.put('url.query', (values.get('querystring') ?? '').replace(/^\?/, ''));
  draft.put('source.bytes', values.get('bytesrcv')); draft.put('destination.bytes', values.get('bytessent'));
  const took = Number(values.get('responsetime') ?? NaN), refused = !/^-?$/.test(values.get('reason') ?? '');
  if (Number.isFinite(took)) draft.put('event.duration', took * 1e3);
  draft.act(refused ? 'web_attack_detected' : 'http_request', refused || Number(values.get('httpstatus')) >= 400 ? 'failure' : 'success');
}

/** The older UTM: `sub` names the part that speaks. */
function actUtm(draft: Draft, values: ReadonlyMap<string, string>): void {
  const sub = values.get('sub') ?? '', name = values.get('name') ?? '', action = values.get('action') ?? '', event = values.get('event') ?? '', took = Number(values.get('fullreqtime') ?? NaN);
  draft.fill('destination.bytes', sub === 'http' ? values.get('size') : undefined);
  if (Number.isFinite(took)) draft.put('event.duration', took * 1e3);
  draft.put('rule.category', values.get('categoryname'));
  if (sub === 'auth') { if (/authenticat/i.test(name)) draft.act(/fail|denied/i.test(`${name} ${values.get('reason') ?? ''}`) ? 'login_failed' : 'login'); }
  else if (sub === 'http') draft.act('proxy_request', action === 'block' ? 'failure' : 'success');
  else if (sub === 'ips') { draft.put('rule.name', values.get('reason')); draft.put('rule.id', values.get('sid')); draft.put('rule.category', values.get('class')); draft.act('intrusion_detected', action === 'drop' ? 'failure' : undefined); }
  else if (sub === 'packetfilter') verdict(draft, action);
  else if (sub === 'vpn') draft.act(/terminat|disconnect/i.test(event) ? 'vpn_disconnected' : /fail/i.test(event) ? 'vpn_failed' : 'vpn_connected');
  else if (sub === 'smtp' || sub === 'pop3') draft.act(/reject|quarantin|discard|drop|block/i.test(name) ? 'mail_rejected' : /passed|sent|deliver/i.test(name) ? 'mail_sent' : 'mail');
  else if (sub === 'confd') draft.act('config_changed', 'success');
}

// --- Stormshield ---------------------------------------------------------------------------------------------------------------
const STORMSHIELD = keyTable('stormshield', names('src:source.ip srcport:source.port srcname:source.domain srcmac:source.mac modsrc:source.nat.ip modsrcport:source.nat.port dst:destination.ip dstport:destination.port dstname:destination.domain origdst:destination.nat.ip origdstport:destination.nat.port ipproto:network.transport proto:network.protocol user:user.name fw:observer.name sent:source.bytes rcvd:destination.bytes rulename:rule.name ruleid:rule.id arg:_ method:_ subject:_ pri:event.severity cat_site:rule.category msg:_ domain:user.domain op:http.request.method result:http.response.status_code address:source.ip logtype:_ time:_ startime:_ dstcontinent:_ srcifname:observer.ingress.interface.name dstifname:observer.egress.interface.name srcif:_ dstif:_ alarmid:_'));
function readStormshield(draft: Draft): boolean {
  const values = putPairs(draft, STORMSHIELD, readPairs(draft.text));
  if (values.size < 4) return false;
  const date = wholeTime(draft.head, 'time', values) ?? wholeTime(draft.head, 'startime', values);
  if (date !== undefined) timeOf(draft, `${date} ${values.get('tz') ?? ''}`.trimEnd());
  draft.put('observer.vendor', 'Stormshield');
  const kind = values.get('logtype') ?? '', target = values.get('arg'), took = Number(values.get('duration') ?? NaN), file = values.get('hash') ?? '', hash = hashKind(file);
  if (target !== undefined && (kind === 'web' || kind === 'plugin') && values.has('op')) putSite(draft, target);
  if (kind === 'web') { draft.fill('url.domain', values.get('dstname')); joinUrl(draft); }
  if (took > 0) draft.put('event.duration', Math.round(took * 1e9));
  if (hash !== undefined) draft.put(`file.hash.${hash}`, file);
  actStormshield(draft, kind, values);
  return true;
}
function actStormshield(draft: Draft, kind: string, values: ReadonlyMap<string, string>): void {
  const action = values.get('action') ?? '', said = values.get('msg') ?? '', failed = values.has('error') && values.get('error') !== '0', blocked = /block|reset|drop/.test(action);
  if (kind === 'sandboxing' && /malicious|suspicious/.test(values.get('sandboxing') ?? said)) { draft.act('malware_detected', blocked ? 'failure' : undefined); draft.put('threat.name', values.get('virus')); }
  else if (kind === 'alarm' || kind === 'pvm' || kind === 'sandboxing' || kind === 'plugin' && action !== '' && values.has('alarmid')) { draft.fill('rule.name', said); draft.fill('rule.id', values.get('alarmid')); draft.act('intrusion_detected', action === '' ? undefined : blocked ? 'failure' : 'success'); }
  else if (kind === 'auth') draft.act(failed || /invalid|fail|denied|refus/i.test(said) ? 'login_failed' : /log(?:ged)? ?out|disconnect|expired/i.test(said) ? 'logout' : 'login');
  else if (kind === 'web') draft.act('proxy_request', blocked ? 'failure' : 'success');
  else if (kind === 'smtp' || kind === 'pop3') readMail(draft, kind, blocked, values);
  else if (kind === 'server') {
    if (/log ?out|quit/i.test(said)) draft.act('logout');
    else if (/log ?in|authenti|connect|^AUTH\b/i.test(said)) draft.act(failed ? 'login_failed' : 'login');
    else if (READING.test(said)) { draft.put('process.command_line', said); draft.act('shell_command', failed ? 'failure' : 'success'); }
    else { draft.put('process.command_line', said); draft.act('config_changed', failed ? 'failure' : 'success'); }
  } else if (kind === 'vpn' || kind === 'xvpn') draft.act(failed || /fail|error|no proposal/i.test(said) ? 'vpn_failed' : /delet|clos|down|disconnect|expired|remov/i.test(said) ? 'vpn_disconnected' : 'vpn_connected');
  else if (kind !== 'system' && kind !== 'monitor' && kind !== 'count' && kind !== 'filterstat' || action !== '') verdict(draft, action);
  else draft.put('event.reason', said);
}
/** Commands that change nothing. */
const READING = /^(?:LIST|HELP|MONITOR|VERSION|SYSTEM IDENT)\b|\b(?:LIST|SHOW|GET|STATUS)$/;
/** Who sent it stands as the user. */
function readMail(draft: Draft, kind: string, blocked: boolean, values: ReadonlyMap<string, string>): void {
  const from = values.get('user') ?? '', to = values.get('dstuser') ?? '';
  draft.put('email.subject', values.get('subject'));
  if (kind === 'smtp' && from.includes('@')) { Reflect.deleteProperty(draft.event, 'user.name'); draft.put('email.from.address', from); }
  if (to.includes('@')) draft.put('email.to.address', to);
  const virus = values.get('virus') ?? 'clean';
  if (virus !== 'clean' && virus !== '') { draft.put('threat.name', virus); draft.act('malware_detected', blocked ? 'failure' : undefined); } else draft.act(blocked ? 'mail_rejected' : 'mail');
}
/** Some versions write times without quotes: `time=2026-02-17 13:40:03 fw=...`. */
function wholeTime(head: string, name: string, values: ReadonlyMap<string, string>): string | undefined {
  const value = values.get(name);
  if (value?.length !== 10) return value;
  const at = head.indexOf(`${name}=${value} `);
  return at < 0 ? value : head.slice(at + name.length + 1, at + name.length + 20);
}
const LOOKS_STORMSHIELD = /^id=firewall time=(?:"[^"]+"|\d{4}-\d\d-\d\d [\d:]{8}) fw=/;
export const sophos: Format = { name: 'sophos.xg', holds: ['device="SFW"', 'log_type=', ' sys="S', '^id="0000" severity='], detect: ({ head }) => head.includes('device="SFW"') || (head.includes('device_name=') || head.includes('device_serial_id=')) && head.includes('log_type=') || head.includes(' sys="Secure') || head.includes(' sys="System" sub="') || /^id="\d{4}" severity=/.test(head), read: readSophos };
/** The UTM's parts bear the names of common daemons. */
export const sophosUtm: Format = { name: 'sophos.xg', holds: ['^id="0000" severity=', '^SCANNER['], beforePrograms: true, detect: ({ head }) => (head.startsWith('id="') || head.startsWith('SCANNER[')) && UTM.test(head), read: readSophos };
const UTM = /^(?:SCANNER\[\d{1,8}\]: )?id="\d{4}" severity=/;
export const stormshield: Format = { name: 'stormshield.log', holds: ['^id=firewall time=', ' fw="'], detect: ({ head }) => LOOKS_STORMSHIELD.test(head) || head.includes(' fw="') && (head.includes('logtype="') || head.includes(' startime="')), read: readStormshield };
