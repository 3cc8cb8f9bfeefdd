// Firewalls that log `key=value` or structured data: Sophos, SonicWall, Check Point, Juniper, WatchGuard, Stormshield, Barracuda. Each is a
// table of its own keys; keys are kept under the product's namespace.
import { readIso, resolve, epochMillis, abbreviation } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { ecsName, putAs } from '../common-names.js';
import { nativeNames } from '../native-names.js';
import { isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { putTarget } from '../web/request.js';

type Names = Readonly<Record<string, string | undefined>>;
const names = (text: string): Names => Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(text.trim().split(/\s+/).map((pair) => pair.split(':') as [string, string])));

const NATIVE = { 'sophos.xg': nativeNames('sophos.xg'), 'sonicwall.firewall': nativeNames('sonicwall.firewall'), checkpoint: nativeNames('checkpoint'), 'juniper.srx': nativeNames('juniper.srx'), stormshield: nativeNames('stormshield'), watchguard: nativeNames('watchguard') };

/** Keeps every pair and puts what the table, then what common use, says a key means. */
function putPairs(draft: Draft, prefix: keyof typeof NATIVE, pairs: readonly (readonly [string, string])[], own: Names): Map<string, string> {
  const values = new Map<string, string>(), native = NATIVE[prefix];
  for (const [key, value] of pairs) {
    if (value === '' || values.has(key)) continue;
    values.set(key, value);
    draft.event[native(key)] = value;
  }
  for (const [key, value] of values) { const field = own[key]; if (field !== undefined && field !== '_') putAs(draft, field, value); }
  for (const [key, value] of values) { const field = own[key] === undefined ? ecsName(key) : undefined; if (field !== undefined) putAs(draft, field, value); }
  const url = draft.getText('url.original');
  if (url !== undefined) putTarget(draft, url);
  return values;
}
function verdict(draft: Draft, said: string): void {
  const word = said.toLowerCase();
  draft.act(/den|drop|block|reject|reset|prevent|detect/.test(word) ? 'connection_denied' : 'connection_allowed');
}
function timeOf(draft: Draft, date: string | undefined, zone?: string): void {
  const stamp = date === undefined ? undefined : readIso(date, 0);
  if (stamp === undefined) return;
  const offset = zone === undefined ? NaN : abbreviation(zone) ?? NaN;
  draft.time = resolve(Number.isNaN(stamp.offset) && !Number.isNaN(offset) ? { ...stamp, offset } : stamp, draft.received, draft.zone);
}

// --- Sophos ---------------------------------------------------------------------------------------------------------------------
const SOPHOS = names(`src_ip:source.ip sourceip:source.ip dst_ip:destination.ip destinationip:destination.ip src_port:source.port dst_port:destination.port src_mac:source.mac dst_mac:destination.mac protocol:network.transport user_name:user.name user:user.name login_user:user.name
  src_trans_ip:source.nat.ip dst_trans_ip:destination.nat.ip tran_src_ip:source.nat.ip tran_dst_ip:destination.nat.ip tran_src_port:source.nat.port tran_dst_port:destination.nat.port sent_bytes:source.bytes recv_bytes:destination.bytes bytes_sent:source.bytes bytes_received:destination.bytes
  url:url.original domain:url.domain user_agent:user_agent.original useragent:user_agent.original status_code:http.response.status_code httpstatus:http.response.status_code method:http.request.method fw_rule_name:rule.name signature_msg:rule.name filename:file.name file_name:file.name file_path:file.path sha1sum:file.hash.sha1
  mail_subject:email.subject subject:email.subject device_name:observer.name device_id:observer.serial_number srcip:source.ip dstip:destination.ip srcport:source.port dstport:destination.port srcmac:source.mac dstmac:destination.mac proto:network.transport eventid:_ log_id:_ sourcesystem:_ status:_ reason:event.reason fw_rule_id:rule.id in_interface:observer.ingress.interface.name out_interface:observer.egress.interface.name src_zone:_ host:destination.domain`);
function readSophos(draft: Draft): boolean {
  const pairs = readPairs(draft.text);
  if (pairs.length < 4) return false;
  const values = putPairs(draft, 'sophos.xg', pairs, SOPHOS);
  const log = values.get('log_id');
  draft.put('event.code', log !== undefined && log.length >= 12 ? log.slice(-5) : log ?? values.get('id'));
  if (values.has('date')) timeOf(draft, `${values.get('date') ?? ''} ${values.get('time') ?? ''}`);
  timeOf(draft, values.get('timestamp'));
  const user = draft.getText('user.name');
  if (user !== undefined) draft.fill('source.user.name', user);
  draft.put('observer.vendor', 'Sophos');
  const kind = `${values.get('log_type') ?? ''} ${values.get('log_component') ?? ''}`, status = values.get('log_subtype') ?? values.get('action') ?? values.get('status') ?? '';
  if (/authentication/i.test(kind)) draft.act(/fail/i.test(values.get('status') ?? '') ? 'login_failed' : 'login');
  else if (/firewall|packetfilter|content filtering/i.test(kind + (values.get('sub') ?? ''))) verdict(draft, status);
  else if (/idp|atp|anomaly|signature/i.test(kind)) draft.act('intrusion_detected');
  else if (/anti-virus|sandbox/i.test(kind)) draft.act('malware_detected');
  return true;
}

// --- SonicWall: an endpoint is address:port:interface:name --------------------------------------------------------------------------
const SONICWALL = names('m:event.code usr:user.name user:user.name srcMac:source.mac dstMac:destination.mac rule:rule.name fw:observer.ip sn:observer.serial_number msg:_ src:_ dst:_ proto:_ natSrc:_ natDst:_ sent:source.bytes rcvd:destination.bytes dstname:destination.domain op:_ arg:_ result:http.response.status_code time:_ id:_ n:_ c:_ app:_ note:event.reason');
function putSonicEndpoint(draft: Draft, field: string, text: string | undefined): void {
  if (text === undefined) return;
  const parts = text.startsWith('[') ? [text.slice(1, text.indexOf(']')), ...text.slice(text.indexOf(']') + 2).split(':')] : isIp(text) ? [text] : text.split(':');
  draft.put(`${field}.ip`, parts[0]);
  if (/^\d{1,5}$/.test(parts[1] ?? '')) draft.put(`${field}.port`, parts[1]);
}
function readSonicwall(draft: Draft): boolean {
  const values = putPairs(draft, 'sonicwall.firewall', readPairs(draft.text), SONICWALL);
  if (values.size < 4) return false;
  putSonicEndpoint(draft, 'source', values.get('src'));
  putSonicEndpoint(draft, 'destination', values.get('dst'));
  putSonicEndpoint(draft, 'source.nat', values.get('natSrc'));
  putSonicEndpoint(draft, 'destination.nat', values.get('natDst'));
  const proto = (values.get('proto') ?? '').split('/', 1)[0] ?? '';
  draft.put('network.transport', proto.toLowerCase());
  const time = values.get('time');
  timeOf(draft, time);
  const host = values.get('dstname'), path = values.get('arg');
  if (path !== undefined && path.startsWith('/')) { putTarget(draft, path); if (host !== undefined) draft.put('url.domain', host); }
  draft.put('observer.vendor', 'SonicWall');
  const message = values.get('msg') ?? '';
  if (values.has('fw_action')) { const action = values.get('fw_action') ?? ''; if (action !== 'NA') verdict(draft, action); }
  if (!draft.has('event.action')) {
    if (/login (?:denied|failed)|authentication failed/i.test(message)) draft.act('login_failed');
    else if (/login allowed|logged in|authentication success/i.test(message)) draft.act('login');
    else if (/opened/i.test(message)) draft.act('connection_started');
    else if (/closed/i.test(message)) draft.act('connection_ended');
    else if (/drop|den(?:y|ied)|block/i.test(message)) draft.act('connection_denied');
  }
  return true;
}

// --- Check Point ----------------------------------------------------------------------------------------------------------------
const CHECKPOINT = names(`src:source.ip dst:destination.ip s_port:source.port service:destination.port proto:network.transport xlatesrc:source.nat.ip xlatedst:destination.nat.ip xlatesport:source.nat.port xlatedport:destination.nat.port user:source.user.name src_user_name:source.user.name dst_user_name:destination.user.name administrator:source.user.name
  rule_name:rule.name rule_uid:rule.id mac_source_address:source.mac mac_destination_address:destination.mac resource:url.original origin:observer.name client_ip:source.ip endpoint_ip:source.ip dns_query:dns.question.name file_name:file.name file_md5:file.hash.md5 file_sha1:file.hash.sha1 file_sha256:file.hash.sha256 subject:email.subject email_subject:email.subject from:email.from.address to:email.to.address
  os_name:_ product:observer.product process_name:process.name user_agent:user_agent.original web_client_type:user_agent.original method:http.request.method http_status:http.response.status_code domain_name:_ protection_name:rule.name attack:rule.name version:_ time:_ sequencenum:_ hostname:_ machine:_ account:_ bytes:network.bytes server_outbound_bytes:destination.bytes client_outbound_bytes:source.bytes`);
function readCheckpoint(draft: Draft): boolean {
  const inHeader = draft.structured?.map(([name, value]) => [name.replace(/^Fields@[\d.]+\./, ''), value] as const);
  const pairs = inHeader ?? (draft.text.includes('|') && !draft.text.includes('=') ? [] : /\w+="/.test(draft.head) ? readPairs(draft.text) : colonPairs(draft.text));
  if (pairs.length < 3) return false;
  const values = putPairs(draft, 'checkpoint', pairs, CHECKPOINT);
  const source = draft.getText('source.user.name');
  if (source !== undefined) { const name = source.replace(/ ?\([^)]*\)\s*$/, ''); draft.event['user.name'] = name; }
  const time = epochMillis(values.get('time') ?? '');
  if (time !== undefined && !draft.headed) draft.time = time;
  draft.put('observer.vendor', 'Check Point');
  const action = values.get('action') ?? values.get('rule_action') ?? '';
  if (/log ?in/i.test(action)) draft.act(/fail/i.test(values.get('status') ?? values.get('auth_status') ?? action) ? 'login_failed' : 'login');
  else if (/log ?out/i.test(action)) draft.act('logout');
  else if (values.has('attack') || values.has('protection_name')) draft.act('intrusion_detected');
  else if (action !== '') verdict(draft, action);
  return true;
}
/** `key:"value"; key:"value"` that no header took. */
function colonPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of text.replace(/^\[|\]\s*$/g, '').split(/"; ?/, 500)) {
    const colon = part.indexOf(':"');
    if (colon > 0) pairs.push([part.slice(0, colon).trim(), part.slice(colon + 2).replace(/"$/, '')]);
  }
  return pairs;
}

// --- Juniper --------------------------------------------------------------------------------------------------------------------
const JUNIPER = names(`source-address:source.ip destination-address:destination.ip source-port:source.port destination-port:destination.port nat-source-address:source.nat.ip nat-source-port:source.nat.port nat-destination-address:destination.nat.ip nat-destination-port:destination.nat.port protocol-id:network.transport protocol:network.transport protocol-name:network.transport
  username:source.user.name user:source.user.name policy-name:rule.name rule-name:rule.name attack-name:rule.name url:url.original obj:url.path http-host:url.domain hostname:_ filename:file.name service-name:_ application:network.protocol bytes-from-client:source.bytes bytes-from-server:destination.bytes reason:event.reason local-address:source.ip remote-address:destination.ip
  packet-incoming-interface:observer.ingress.interface.name source-interface-name:observer.ingress.interface.name interface-name:observer.ingress.interface.name sample-sha256:file.hash.sha256 file-hash-lookup:_ argument1:_ command:process.command_line service-name:_ inbound-bytes:source.bytes outbound-bytes:destination.bytes client-ip:source.ip client-port:source.port server-ip:destination.ip`);
function readJuniper(draft: Draft): boolean {
  const inHeader = draft.structured?.map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value] as const);
  const pairs = inHeader !== undefined && inHeader.length > 0 ? inHeader : readPairs(draft.text.replace(/[“”]/g, '"'));
  const filter = /FW: (\S{1,40}) ([ADR]) (\S{1,12}) ([0-9a-fA-F.:]{3,45}) ([0-9a-fA-F.:]{3,45}) +(\d{1,5}) +(\d{1,5})/.exec(draft.head);
  if (filter !== null) return readFilter(draft, filter);
  if (pairs.length < (inHeader === undefined ? 3 : 1)) return false;
  const values = putPairs(draft, 'juniper.srx', pairs.map(([key, value]) => [key, value === 'N/A' || value === 'None' || value === 'UNKNOWN' ? '' : value]), JUNIPER);
  draft.put('observer.vendor', 'Juniper');
  draft.put('event.code', draft.get('log.syslog.msgid'));
  const user = draft.getText('source.user.name');
  if (user !== undefined) draft.fill('user.name', user);
  const kind = draft.getText('log.syslog.msgid') ?? draft.head;
  if (kind.includes('SESSION_DENY')) draft.act('connection_denied');
  else if (kind.includes('SESSION_CREATE')) draft.act('connection_started');
  else if (kind.includes('SESSION_CLOSE')) draft.act('connection_ended');
  else if (kind.includes('IDP_ATTACK') || kind.includes('SCREEN_')) draft.act('intrusion_detected');
  else if (kind.includes('AV_VIRUS') || kind.includes('AAMW')) draft.act('malware_detected');
  else if (kind.includes('URL_BLOCKED')) draft.act('connection_denied');
  else if (kind.includes('URL_PERMITTED')) draft.act('http_request');
  else if (values.has('action')) verdict(draft, values.get('action') ?? '');
  return true;
}

/** A Junos packet filter: interface, A(ccept) or D(iscard), protocol, source, destination, ports. */
function readFilter(draft: Draft, found: RegExpExecArray): boolean {
  const [, inside, verdictLetter, transport, source, destination, sourcePort, destinationPort] = found;
  draft.put('observer.ingress.interface.name', inside);
  draft.put('network.transport', transport?.toLowerCase());
  draft.put('source.ip', source); draft.put('destination.ip', destination); draft.put('source.port', sourcePort); draft.put('destination.port', destinationPort);
  draft.put('process.name', /(?:^|\s)([A-Z_]{4,40}): FW: /.exec(draft.head)?.[1]);
  draft.act(verdictLetter === 'A' ? 'connection_allowed' : 'connection_denied');
  return true;
}

// --- Stormshield, WatchGuard ----------------------------------------------------------------------------------------------------
const STORMSHIELD = names('src:source.ip srcport:source.port srcname:source.domain srcmac:source.mac modsrc:source.nat.ip modsrcport:source.nat.port dst:destination.ip dstport:destination.port dstname:destination.domain origdst:destination.nat.ip origdstport:destination.nat.port ipproto:network.transport proto:network.protocol user:user.name fw:observer.name sent:source.bytes rcvd:destination.bytes rulename:rule.name ruleid:rule.id arg:url.path msg:_ domain:user.domain op:http.request.method result:http.response.status_code address:source.ip logtype:_ time:_ startime:_ dstcontinent:_');
function readStormshield(draft: Draft): boolean {
  const values = putPairs(draft, 'stormshield', readPairs(draft.text), STORMSHIELD);
  if (values.size < 4) return false;
  const date = values.get('time') ?? values.get('startime');
  if (date !== undefined) timeOf(draft, `${date} ${values.get('tz') ?? ''}`.trimEnd());
  draft.put('observer.vendor', 'Stormshield');
  verdict(draft, values.get('action') ?? '');
  return true;
}
const LOOKS_STORMSHIELD = /^id=firewall time="[^"]+" fw="/;
const WATCHGUARD = names('src_ip:source.ip dst_ip:destination.ip src_port:source.port dst_port:destination.port src_user:user.name sent_bytes:source.bytes rcvd_bytes:destination.bytes op:http.request.method dstname:url.domain arg:url.path cn:_ sni:destination.domain policy:rule.name');
/** `msg_id="3000-0148" Deny 0-External 1-Trusted 60 tcp 20 63 192.0.2.1 198.51.100.1 50000 22 offset ... (policy-00)`. */
function readWatchguard(draft: Draft): boolean {
  const values = putPairs(draft, 'watchguard', readPairs(draft.text), WATCHGUARD);
  draft.put('event.code', values.get('msg_id'));
  const plain = /\b(Allow|Deny)\s+(.{1,400})/.exec(draft.head);
  if (plain !== null) {
    const words = (plain[2] as string).split(/\s+/, 30), at = words.findIndex(isIp);
    if (at >= 0) {
      draft.fill('source.ip', words[at]);
      draft.fill('destination.ip', words[at + 1]);
      if (/^\d{1,5}$/.test(words[at + 2] ?? '') && /^\d{1,5}$/.test(words[at + 3] ?? '')) { draft.fill('source.port', words[at + 2]); draft.fill('destination.port', words[at + 3]); }
      const transport = words.slice(0, at).find((word) => /^(?:tcp|udp|icmp|igmp|esp|gre)(?:\/\S+)?$/i.test(word));
      if (transport !== undefined) draft.put('network.transport', transport.split('/', 1)[0]?.toLowerCase());
    }
    draft.act(plain[1] === 'Deny' ? 'connection_denied' : 'connection_allowed');
    draft.put('rule.name', /\(([^()]{1,120}?)(?:-\d\d)?\)\s*$/.exec(draft.text.slice(-200))?.[1]);
  }
  draft.put('observer.vendor', 'WatchGuard');
  return true;
}

export const sophos: Format = { name: 'sophos.xg', detect: ({ head }) => head.includes('device="SFW"') || head.includes('device_name=') && head.includes('log_type=') || head.includes(' sys="Secure') || /^id="\d{4}" severity=/.test(head), read: readSophos };
export const sonicwall: Format = { name: 'sonicwall.firewall', detect: ({ head }) => /^\s*id=\S+ +sn=/.test(head) || /\bsn=[0-9A-F]{8,} time="/.test(head), read: readSonicwall };
export const checkpoint: Format = { name: 'checkpoint.firewall', programs: ['checkpoint', 'cp-gw', 'cp'], detect: ({ head, structured }) => structured?.[0]?.[0].startsWith('Fields@1.3.6.1.4.1.2620') === true || /loguid[:=]"?\{0x/.test(head), read: readCheckpoint };
export const juniper: Format = { name: 'juniper.srx', detect: ({ head, structured, program }) => structured?.[0]?.[0].startsWith('junos@') === true || structured?.some(([name]) => name === 'source-address') === true || program.startsWith('rt_') && head.includes('source-address') || head.includes('source-address="') || / FW: \S{1,40} [ADR] /.test(head) || head.startsWith('FW: '), read: readJuniper };
export const stormshield: Format = { name: 'stormshield.log', detect: ({ head }) => LOOKS_STORMSHIELD.test(head) || head.includes(' fw="') && (head.includes('logtype="') || head.includes(' startime="')), read: readStormshield };
export const watchguard: Format = { name: 'watchguard.firebox', detect: ({ head }) => /msg_id="[0-9A-F]{4}-[0-9A-F]{4}"/.test(head), read: readWatchguard };
