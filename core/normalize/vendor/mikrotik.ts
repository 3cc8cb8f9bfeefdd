// MikroTik RouterOS: `topic,topic text`, under a syslog header (bsd-syslog) or none: `firewall,info drop input: in:ether1 out:(unknown 0),
// src-mac 00:00:5e:00:53:01, proto TCP (SYN), 192.0.2.1:50000->198.51.100.1:22, len 60`, `system,error,critical login failure for user an from 192.0.2.1 via ssh`.
// Its `syslog` format leaves the topics out: logins and packets are known by their words. Its CEF carries both (cef-products.ts).
// https://help.mikrotik.com (Log, Firewall logging).
import { fillAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, macOf, protocolName, splitEndpoint } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';

const TOPIC_NAMES = `system firewall dhcp account info error warning critical debug interface ppp pptp l2tp sstp ovpn pppoe ipsec wireguard wireless hotspot dns ntp script route ospf bgp web-proxy radius ssh telnet api e-mail upnp backup certificate
  bridge caps snmp stp user-manager watchdog tftp lte acme-client async bfd clock container ddns discover disk dot1x dude event evpn fetch gps gsm health igmp-proxy iscsi isis kvm ldp lora manager mpls mqtt mvrp natpmp netwatch packet pim poe-in poe-out
  ptp queue radvd raw rip rpki rproxy rsvp sertcp smb socksify ssld state store timer tr069 update ups vpls vrrp wifi zerotier read write`.split(/\s+/);
/** One of these is among the topics of any entry. */
const KINDS = ['info', 'error', 'warning', 'critical', 'debug', 'account', 'packet', 'raw'];
const TOPICS = new RegExp(String.raw`^(?:[A-Za-z0-9][\w.-]{0,63}: )?((?:${TOPIC_NAMES.join('|')})(?:,[a-z0-9!-]{2,20}){0,4},(?:${KINDS.join('|')})(?:,[a-z0-9!-]{2,20}){0,3}|dns(?= (?:query from|done query: #))):? `);
const RULES = messageRules([
  ['login failure for user {user.name>} from {source.ip} via {network.protocol}', 'login_failed'],
  ['login failure for user {user.name~} via {network.protocol}', 'login_failed'],
  ['user {user.name>} logged in from {source.ip} via {network.protocol}', 'login'],
  ['user {user.name>} logged out from {source.ip} via {network.protocol}', 'logout'],
  ['user {user.name~} logged in via {network.protocol}', 'login'],
  ['user {user.name~} logged out via {network.protocol}', 'logout'],
  ['{~}: user {user.name~} authentication failed{*}', 'vpn_failed'],
  ['{user.name~} ({source.ip}): login failed: {event.reason~}', 'login_failed'],
  ['{user.name~} ({source.ip}): logged in', 'login'],
  ['{user.name~} ({source.ip}): logged out: {event.reason~}', 'logout'],
  ['{source.ip} GET {url.original}{*}', 'proxy_request'],
  ['{source.ip} POST {url.original}{*}', 'proxy_request'],
  ['{source.ip} CONNECT {url.original}{*}', 'proxy_request'],
  ['{source.ip} failed to {event.reason~}', 'vpn_failed'],
  ['{source.ip} parsing packet failed, {event.reason~}', 'vpn_failed'],
  ['first L2TP UDP packet received from {source.ip}', 'connection_started'],
  ['TCP connection established from {source.ip}', 'connection_started'],
  ['connection established from {source.ip}, port: {source.port} to {destination.ip}', 'connection_started'],
  ['{source.mac}@{observer.ingress.interface.name}: connected{*}', 'connection_started'],
  ['{source.mac}@{observer.ingress.interface.name}: disconnected{*}', 'connection_ended'],
  ['{source.mac}@{observer.ingress.interface.name} connected{*}', 'connection_started'],
  ['{source.mac}@{observer.ingress.interface.name} disconnected{*}', 'connection_ended'],
  ['{} assigned {source.ip} to {source.mac} {source.domain~}', 'dhcp_lease'],
  ['{} assigned {source.ip} to {source.mac}', 'dhcp_lease'],
  ['{} assigned {source.ip} for {source.mac} {source.domain~}', 'dhcp_lease'],
  ['{} assigned {source.ip} for {source.mac}', 'dhcp_lease'],
  ['{} deassigned {source.ip} from {source.mac}{*}', 'dhcp_lease'],
  ['{} deassigned {source.ip} for {source.mac}{*}', 'dhcp_lease'],
  ['{} offering lease {source.ip} for {source.mac} {event.reason~}', 'dhcp_lease'],
  ['dhcp alert on {observer.ingress.interface.name~}: discovered unknown dhcp server, mac {source.mac}, ip {source.ip}', 'intrusion_detected'],
  ['acquired {source.nat.ip} address for {source.ip}, {user.name~}', 'vpn_connected'],
  ['{} authentication failed for {user.name~} from {source.ip}', 'login_failed'],
  ['{observer.ingress.interface.name~} link {event.reason~}'],
  ['Download from {url.original} {*}'],
  ['{user.name~} logged in, {source.nat.ip} from {source.ip}{*}', 'vpn_connected'],
  ['{user.name~} logged in, {source.nat.ip}{*}', 'vpn_connected'],
  ['{user.name~} logged out, {mikrotik.seconds} {source.bytes} {destination.bytes} {} {} from {source.ip}', 'vpn_disconnected'],
  ['{user.name~} logged out, {mikrotik.seconds} {source.bytes} {destination.bytes} {*}', 'vpn_disconnected'],
  ['{user.name~} logged out, {*}', 'vpn_disconnected'],
  ['router was rebooted without {*}', 'system_started'],
  ['router rebooted{*}', 'system_started'],
  ['{} logged in{*}', 'vpn_connected'],
]);

function readMikrotik(draft: Draft): boolean {
  const found = TOPICS.exec(draft.head);
  if (found === null) return readTopicless(draft);
  readTopics(draft, found[1] as string, draft.text.slice(found[0].length));
  return true;
}

/** What an entry of these topics says. */
export function readTopics(draft: Draft, topics: string, text: string): void {
  const names = topics.split(','), level = names.find((topic) => LEVELS.has(topic));
  draft.put('mikrotik.topics', names);
  if (level !== undefined) draft.put('log.level', level);
  readMessage(draft, text);
}
const LEVELS = new Set(['info', 'error', 'warning', 'critical', 'debug']);

function readMessage(draft: Draft, text: string): void {
  draft.put('observer.vendor', 'MikroTik');
  const said = text.slice(0, 2000).trim().replace(/^(?:->|<-): /, '');
  if (PACKET.test(said)) { readPacket(draft, said); return; }
  if (readChange(draft, said) || readTunnel(draft, said) || readQuery(draft, said)) return;
  if (!applyRules(RULES, said, draft)) { readSentence(draft, said); return; }
  const mac = draft.getText('source.mac'), far = macOf(draft.getText('source.domain') ?? ''), url = draft.getText('url.original'), seconds = draft.getText('mikrotik.seconds');
  if (url !== undefined) { putTarget(draft, url); draft.put('http.request.method', / (GET|POST|CONNECT) /.exec(said.slice(0, 80))?.[1]); }
  if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
  else if (far !== undefined) { draft.put('source.mac', far); Reflect.deleteProperty(draft.event, 'source.domain'); } // who comes over the wire has no address
  if (seconds !== undefined && /^\d{1,9}$/.test(seconds)) draft.put('event.duration', Number(seconds) * 1e9);
}

/** `CHAIN: in:INTERFACE out:INTERFACE, ...`: a packet that a rule with `log=yes` saw; the rule's prefix stands first. */
const PACKET = /^(?:.{0,100}? )?[\w-]{1,32}: in:[^,]{1,100} out:[^,]{1,100}, /;
function readPacket(draft: Draft, said: string): void {
  const part = (form: RegExp): string | undefined => form.exec(said)?.[1];
  const lead = /^(?:(.{0,100}?)[: ]{1,2})?(input|forward|output|prerouting|postrouting|srcnat|dstnat|[\w-]{1,32}): in:/.exec(said), ends = /(?:^|, )([0-9a-fA-F.:[\]]{2,53})->([0-9a-fA-F.:[\]]{2,53})(?:,|$)/.exec(said);
  draft.put('rule.name', lead?.[1]?.trim());
  draft.put('mikrotik.chain', lead?.[2]);
  draft.put('mikrotik.connection_state', part(/connection-state:([a-z,]{3,40})/));
  draft.put('observer.ingress.interface.name', part(/\bin:([^\s,(]{1,64})/));
  draft.put('observer.egress.interface.name', part(/\bout:([^\s,(]{1,64})/));
  draft.put('network.transport', protocolName(part(/(?:^|[ ,])proto ([A-Za-z0-9-]{1,12})/) ?? part(/eth-proto 0?x?[0-9a-fA-F]{3,4}, ([A-Z][A-Z0-9-]{1,11})/) ?? ''));
  draft.put('source.mac', macOf(part(/\bsrc-mac ([0-9a-fA-F:]{17})/) ?? ''));
  draft.put('destination.mac', macOf(part(/\bdst-mac ([0-9a-fA-F:]{17})/) ?? ''));
  draft.put('network.bytes', part(/\blen (\d{1,6})/));
  if (ends !== null) { putEnd(draft, 'source', ends[1]); putEnd(draft, 'destination', ends[2]); }
  const nat = /, NAT (?:\(([^()\s]{3,60})->([^()\s]{3,60})\)|[^()\s]{3,60})->(?:\(([^()\s]{3,60})->([^()\s]{3,60})\)|[^()\s]{3,60})/.exec(said);
  if (nat !== null) { putEnd(draft, 'source.nat', nat[2]); putEnd(draft, 'destination.nat', nat[4]); }
  const prefix = said.slice(0, 100);
  draft.act(/drop|deny|block|reject|\bchan\b/i.test(prefix) ? 'connection_denied' : /accept|allow/i.test(prefix) ? 'connection_allowed' : 'connection');
}
function putEnd(draft: Draft, side: 'source' | 'destination' | 'source.nat' | 'destination.nat', text: string | undefined): void {
  const { host, port } = splitEndpoint(text ?? '');
  if (isIp(host)) { draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); }
}

/** `filter rule added by winbox-3.41/tcp-msg(winbox):an@192.0.2.1 (*3F = /ip firewall filter add ...)`, in older versions `.../action:accept`, or `by an`. */
function readChange(draft: Draft, said: string): boolean {
  const found = / by /.test(said) ? /^(.{1,160}?) by (?:([\w./-]{1,60}(?:\([\w-]{1,20}\))?):)?([^\s@:/()]{1,64})(?:@([0-9a-fA-F.:]{2,45}))?(?:\/.{0,1000}| \((.{0,1500}?)\)?)?$/.exec(said) : null;
  if (found === null) return false;
  const [, what = '', , who, where, command] = found, account = /^user (.{1,128}) (added|removed|changed)$/.exec(what);
  if (!/\b(?:added|changed|removed|scheduled|rebooted|moved|upgraded|downgraded|shut ?down|installed|reset)\b/i.test(what)) return false;
  fillAccount(draft, 'user', who);
  if (where !== undefined) draft.put(isIp(where) ? 'source.ip' : 'source.mac', isIp(where) ? where : macOf(where));
  draft.put('process.command_line', command?.replace(/^\*[0-9A-Fa-f]{1,8} = /, ''));
  draft.put('event.reason', what);
  if (account !== null) draft.put('user.target.name', account[1]);
  draft.act(account !== null ? OF_USERS[account[2] as string] ?? 'user_changed' : /\bscript\b|\bscheduled\b/.test(what) ? /removed/.test(what) ? 'task_deleted' : /changed/.test(what) ? 'task_changed' : 'task_created' : /rebooted/.test(what) ? 'system_started' : /shut ?down/.test(what) ? 'system_stopped' : 'config_changed');
  return true;
}
const OF_USERS: Readonly<Record<string, Action | undefined>> = { added: 'user_created', removed: 'user_deleted', changed: 'user_changed' };

/** Of a tunnel its far end: `<192.0.2.1>: user an authentication failed`, `respond new phase 1 (...): LOCAL[500]<=>REMOTE[500]`. */
function readTunnel(draft: Draft, said: string): boolean {
  const failed = /^<([^>]{1,64})>: user (.{1,128}?) authentication failed/.exec(said);
  if (failed !== null) {
    const at = failed[1] as string;
    if (isIp(at)) draft.put('source.ip', at);
    draft.put('user.name', failed[2]);
    draft.act('vpn_failed');
    return true;
  }
  const ends = said.includes(']') ? /(?:^|\s)([0-9a-fA-F.:]{3,45})\[(\d{1,5})\](?:<=>|-)([0-9a-fA-F.:]{3,45})\[(\d{1,5})\]/.exec(said) : null;
  if (ends === null) return false;
  const ours = /^initiate /.test(said), [near, far] = ours ? ['source', 'destination'] as const : ['destination', 'source'] as const;
  draft.put(`${near}.ip`, ends[1]); draft.put(`${near}.port`, ends[2]); draft.put(`${far}.ip`, ends[3]); draft.put(`${far}.port`, ends[4]);
  draft.act(/failed|error/i.test(said) ? 'vpn_failed' : /established|authorized/.test(said) ? 'vpn_connected' : /deleted|purging|killing|expired/.test(said) ? 'vpn_disconnected' : 'connection_started');
  return true;
}

function readQuery(draft: Draft, said: string): boolean {
  const asked = said.startsWith('query from ') ? /^query from ([0-9a-fA-F.:]{2,45}): #\d{1,10} (\S{1,255}?)\.? ([A-Z0-9]{1,10})$/.exec(said) : null;
  if (asked !== null) { draft.put('source.ip', asked[1]); draft.put('dns.question.name', asked[2]); draft.put('dns.question.type', asked[3]); draft.act('dns_query'); return true; }
  const watched = /^(?:event (?:up|down) \[ .{0,80}?)?host: ([0-9a-fA-F.:]{2,45})/.exec(said);
  if (watched === null) return false;
  draft.put('destination.ip', watched[1]);
  draft.put('event.reason', said);
  return true;
}

const LOGIN = /^(?:login failure for user .{0,128}|user .{1,128} logged (?:in|out))(?: from \S{3,45})? via [a-z-]{2,20}$/;
/** An entry without its topics. Its first words may stand where a header has the program: they belong to the text. */
function readTopicless(draft: Draft): boolean {
  if (draft.program === 'dns') {
    if (!/^(?:query from|done query: #)/.test(draft.text)) return false;
    Reflect.deleteProperty(draft.event, 'process.name'); // a topic, no program
    readTopics(draft, 'dns', draft.text);
    return true;
  }
  const { program, text } = draft, named = String(draft.event['log.syslog.appname'] ?? ''), said = (program === '' ? text : `${named}${text.startsWith('in:') ? ':' : ''} ${text}`).slice(0, 2000);
  if (!LOGIN.test(said.trim()) && !isPacket(said)) return false;
  if (program !== '') for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field);
  readMessage(draft, said);
  return true;
}
const isPacket = (said: string): boolean => said.includes('in:') && said.includes(' out:') && (said.includes(' proto ') || said.includes('eth-proto ')) && PACKET.test(said);

/** Logins whose first word a header took for the program. */
export const mikrotikLogin: Format = { name: 'mikrotik.routeros', programs: ['login', 'user', 'dns'], read: readTopicless };
export const mikrotik: Format = {
  name: 'mikrotik.routeros', holds: [...KINDS.map((kind) => `,${kind}`), 'dns query from', 'dns done query', '^login failure for user ', '^user ', ': in:', '^in:'],
  detect: ({ head }) => TOPICS.test(head) || head.startsWith('login failure for user ') || head.startsWith('user ') && head.includes(' via ') && LOGIN.test(head.trim()) || head.includes('in:') && isPacket(head.startsWith('in:') ? `x: ${head}` : head), read: readMikrotik,
};
