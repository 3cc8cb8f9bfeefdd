// MikroTik RouterOS: `topic,topic text`, under a syslog header (bsd-syslog) or none: `firewall,info drop input: in:ether1 out:(unknown 0),
// src-mac 00:00:5e:00:53:01, proto TCP (SYN), 192.0.2.1:50000->198.51.100.1:22, len 60`, `system,error,critical login failure for user an from 192.0.2.1 via ssh`.
// https://help.mikrotik.com (Log, Firewall logging).
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, macOf } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';

const TOPIC_NAMES = 'system firewall dhcp account info error warning critical debug interface ppp pptp l2tp sstp ovpn pppoe ipsec wireguard wireless hotspot dns ntp script route ospf bgp web-proxy radius ssh telnet api e-mail upnp backup certificate bridge caps snmp stp user-manager watchdog tftp lte'.split(' ');
const TOPICS = new RegExp(String.raw`^(?:[A-Za-z0-9][\w.-]{0,63}: )?((?:${TOPIC_NAMES.join('|')})(?:,[a-z0-9!-]{2,20}){1,5}):? `);
const RULES = messageRules([
  ['login failure for user {user.name~} from {source.ip} via {network.protocol}', 'login_failed'],
  ['user {user.name~} logged in from {source.ip} via {network.protocol}', 'login'],
  ['user {user.name~} logged out from {source.ip} via {network.protocol}', 'logout'],
  ['user {user.name~} logged in via {network.protocol}', 'login'],
  ['user {user.name~} logged out via {network.protocol}', 'logout'],
  ['<{~}>: user {user.name~} authentication failed{*}', 'vpn_failed'],
  ['{~}: user {user.name~} authentication failed{*}', 'vpn_failed'],
  ['user {user.target.name~} added by {user.name}', 'user_created'],
  ['user {user.target.name~} removed by {user.name}', 'user_deleted'],
  ['user {user.target.name~} changed by {user.name}', 'user_changed'],
  ['{event.reason~} added by {~}:{user.name}@{source.ip~}/{*}', 'config_changed'],
  ['{event.reason~} changed by {~}:{user.name}@{source.ip~}/{*}', 'config_changed'],
  ['{event.reason~} removed by {~}:{user.name}@{source.ip~}/{*}', 'config_changed'],
  ['{user.name~} ({source.ip}): login failed: {event.reason~}', 'login_failed'],
  ['{user.name~} ({source.ip}): logged in', 'login'],
  ['{user.name~} ({source.ip}): logged out: {event.reason~}', 'logout'],
  ['{source.ip} GET {url.original}{*}', 'proxy_request'],
  ['{source.ip} POST {url.original}{*}', 'proxy_request'],
  ['{source.ip} failed to {event.reason~}', 'vpn_failed'],
  ['{source.mac}@{observer.ingress.interface.name}: connected{*}', 'connection_started'],
  ['{source.mac}@{observer.ingress.interface.name}: disconnected{*}', 'connection_ended'],
  ['{event.reason~} added by {user.name}', 'config_changed'],
  ['{event.reason~} changed by {user.name}', 'config_changed'],
  ['{event.reason~} removed by {user.name}', 'config_changed'],
  ['{} assigned {source.ip} to {source.mac} {source.domain~}', 'dhcp_lease'],
  ['{} assigned {source.ip} to {source.mac}', 'dhcp_lease'],
  ['{} assigned {source.ip} for {source.mac} {source.domain~}', 'dhcp_lease'],
  ['{} assigned {source.ip} for {source.mac}', 'dhcp_lease'],
  ['{} deassigned {source.ip} from {source.mac}{*}', 'dhcp_lease'],
  ['{} deassigned {source.ip} for {source.mac}{*}', 'dhcp_lease'],
  ['{user.name~} logged in, {source.nat.ip} from {source.ip}{*}', 'vpn_connected'],
  ['{user.name~} logged in, {source.nat.ip}{*}', 'vpn_connected'],
  ['{user.name~} logged out, {*}', 'vpn_disconnected'],
  ['{} logged in{*}', 'vpn_connected'],
]);
const ENDS = /(?:^|, )(\[?[0-9a-fA-F.:]{2,45}?\]?)(?::(\d{1,5}))?->(\[?[0-9a-fA-F.:]{2,45}?\]?)(?::(\d{1,5}))?(?:,|$)/;

function readMikrotik(draft: Draft): boolean {
  const found = TOPICS.exec(draft.head);
  if (found === null) return false;
  const topics = (found[1] as string).split(','), text = draft.text.slice(found[0].length), said = text.slice(0, 2000);
  draft.put('mikrotik.topics', topics);
  draft.put('observer.vendor', 'MikroTik');
  const level = topics.find((topic) => LEVELS.has(topic));
  if (level !== undefined) draft.put('log.level', level);
  if (/\bproto [A-Za-z0-9-]{1,12}\b/.test(said)) readPacket(draft, said);
  else if (applyRules(RULES, text.trim(), draft)) {
    const mac = draft.getText('source.mac'), url = draft.getText('url.original');
    if (url !== undefined) { putTarget(draft, url); draft.put('http.request.method', / (GET|POST) /.exec(said.slice(0, 80))?.[1]); }
    if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
  } else readSentence(draft, said);
  return true;
}
const LEVELS = new Set(['info', 'error', 'warning', 'critical', 'debug']);

/** A packet that a rule with `log=yes` saw: the rule's prefix and chain stand first. */
function readPacket(draft: Draft, said: string): void {
  const part = (form: RegExp): string | undefined => form.exec(said)?.[1], ends = ENDS.exec(said), nat = / NAT \(?([0-9a-fA-F.]{7,45}):(\d{1,5})->([0-9a-fA-F.]{7,45}):(\d{1,5})\)?->/.exec(said);
  const lead = /^(?:(.{0,100}?)[: ]{1,2})?(input|forward|output|prerouting|postrouting|srcnat|dstnat|[\w-]{1,32}): in:/.exec(said);
  draft.put('rule.name', lead?.[1]?.trim());
  draft.put('mikrotik.chain', lead?.[2]);
  draft.put('observer.ingress.interface.name', part(/\bin:([^\s,(]{1,64})/));
  draft.put('observer.egress.interface.name', part(/\bout:([^\s,(]{1,64})/));
  draft.put('network.transport', part(/\bproto ([A-Za-z0-9-]{1,12})/)?.toLowerCase());
  draft.put('source.mac', macOf(part(/\bsrc-mac ([0-9a-fA-F:]{17})/) ?? ''));
  draft.put('network.bytes', part(/\blen (\d{1,6})/));
  if (ends !== null) for (const [side, host, port] of [['source', ends[1], ends[2]], ['destination', ends[3], ends[4]]] as const) {
    const plain = (host ?? '').replace(/^\[|\]$/g, '');
    if (isIp(plain)) { draft.put(`${side}.ip`, plain); draft.put(`${side}.port`, port); }
  }
  if (nat !== null) { draft.put('source.nat.ip', nat[3]); draft.put('source.nat.port', nat[4]); }
  draft.act(/drop|deny|block|reject/i.test(said.slice(0, 100)) ? 'connection_denied' : /accept|allow/i.test(said.slice(0, 100)) ? 'connection_allowed' : 'connection');
}

export const mikrotik: Format = { name: 'mikrotik.routeros', holds: TOPIC_NAMES.map((topic) => `${topic},`), detect: ({ head }) => TOPICS.test(head), read: readMikrotik };
