// Cisco Meraki (MX, MR, MS): the kind of the log stands where a program would, then pairs, at the end words that hold blanks:
// `1 1771310403.12 MX84 flows src=192.0.2.5 dst=198.51.100.2 mac=... protocol=tcp sport=5 dport=443 pattern: allow all`,
// `urls src=192.0.2.5:5 dst=198.51.100.2:80 mac=... agent='x' request: GET http://...`, `events type=association radio='1' client_mac='...'`.
// https://documentation.meraki.com (Syslog Event Types and Log Samples).
import { epochMillis } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp, macOf } from '../net.js';
import { nativeNames } from '../native-names.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { putRequest, putTarget } from '../web/request.js';

const NATIVE = nativeNames('cisco.meraki');
const KEYS = lookup<string>({
  src: 'source.ip', dst: 'destination.ip', sport: 'source.port', dport: 'destination.port', mac: 'source.mac', shost: 'source.mac', dhost: 'destination.mac', client_mac: 'source.mac', protocol: 'network.transport', translated_src_ip: 'source.nat.ip', translated_dst_ip: 'destination.nat.ip', agent: 'user_agent.original',
  name: 'threat.name', sha256: 'file.hash.sha256', identity: 'user.name', client_ip: 'source.ip', peer_contact: 'source.ip', signature: 'rule.id', bssid: '_', direction: 'network.direction', reason: 'event.reason', ip: 'source.ip', username: 'user.name', vlan: 'network.vlan.id', aid: '_', dns_server: '_',
});

function readMeraki(draft: Draft): boolean {
  const relayed = RELAYED.exec(draft.head), program = relayed?.[2] ?? draft.program, said = draft.text.slice(relayed?.[0].length ?? 0, 8192), parts = PARTED.exec(said), words = parts === null ? '' : said.slice(parts.index + parts[0].length), pairs = readPairs(parts === null ? said : said.slice(0, parts.index));
  if (!LOOKS.test(said) && !(program === 'events' && EVENT_WORDS.test(said))) return false;
  delete draft.event['process.name'];
  if (relayed !== null) { draft.put('observer.name', relayed[1]); draft.time = epochMillis(/\d{10}\.\d{1,9}/.exec(relayed[0])?.[0] ?? '') ?? draft.time; }
  const kind = program === 'security_event' || program === 'events' || program === 'airmarshal_events' ? /^(?:\w+ )?type=[ ']?(\w{2,60})/.exec(said)?.[1] ?? /^(\w{3,60})(?: |$)/.exec(said)?.[1] ?? program : program;
  draft.put('event.code', kind);
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', 'Meraki');
  for (const [key, value] of pairs) {
    draft.keep(NATIVE(key), value);
    const field = key === 'src' && macOf(value) !== undefined ? 'source.mac' : key === 'dst' && macOf(value) !== undefined ? 'destination.mac' : KEYS[key];
    if (field === undefined || field === '_' || value === '') continue;
    if (field === 'user.name') putAccount(draft, 'user', value);
    else if (field === 'network.transport') putAs(draft, field, value.replace(/\/ip$/, ''));
    else if (field === 'network.direction') draft.fill(field, value === 'ingress' ? 'inbound' : value === 'egress' ? 'outbound' : value);
    else putAs(draft, field, value);
    if (field === 'rule.id') draft.put(field, /^\d{1,6}:(\d{1,10}):\d{1,6}$/.exec(value)?.[1] ?? value);
  }
  const value = (key: string): string | undefined => pairs.find(([name]) => name === key)?.[1];
  if (value('url') !== undefined) putTarget(draft, value('url') as string);
  draft.put(value('translated_dst_ip') === undefined ? 'source.nat.port' : 'destination.nat.port', value('translated_port'));
  if (value('decision') === 'blocked' || value('action') === 'block') draft.put('event.outcome', 'failure');
  const word = /^ ?(allow|deny|[01])\b/.exec(parts?.[1] === 'pattern' ? words : said)?.[1];
  if (parts?.[1] === 'pattern') draft.put('event.reason', words.trim());
  if (program === 'urls') { const request = words.replace(/^UNKNOWN /, ''); if (!putRequest(draft, request)) putTarget(draft, request.trim()); draft.act('http_request'); }
  else if (program === 'l7_firewall') draft.act(/\bdecision[:=] ?'?blocked/.test(said) ? 'connection_denied' : 'connection_allowed');
  else if (word !== undefined) draft.act(word === 'deny' || word === '0' ? 'connection_denied' : 'connection_allowed');
  else if (kind === 'ids_alerted' || program === 'ids-alerts') { draft.put('rule.name', words.trim()); draft.act('intrusion_detected', value('decision') === 'blocked' ? 'failure' : undefined); }
  else if (/^security_filtering_/.test(kind)) draft.act('malware_detected', value('action') === 'block' ? 'failure' : undefined);
  else if (program === 'airmarshal_events') draft.act('intrusion_detected');
  else readEvent(draft, kind, said, value);
  return true;
}

function readEvent(draft: Draft, kind: string, said: string, value: (key: string) => string | undefined): void {
  const action = ACTIONS[kind];
  if (action !== undefined) draft.act(action);
  if (kind === 'vpn_connectivity_change') draft.act(value('connectivity') === 'true' ? 'vpn_connected' : 'vpn_disconnected');
  const client = seek(said, 'client_vpn_', /^client_vpn_(connect|disconnect) user id '([^']{1,128})' local ip ([0-9a-fA-F.:]{3,45})(?: connected from ([0-9a-fA-F.:]{3,45}))?/);
  if (client !== null) { putAccount(draft, 'user', client[2]); draft.put('source.ip', client[4] ?? client[3]); if (client[4] !== undefined) draft.put('source.nat.ip', client[3]); draft.act(client[1] === 'connect' ? 'vpn_connected' : 'vpn_disconnected'); }
  const any = seek(said, 'anyconnect_vpn_', /\banyconnect_vpn_([a-z_]{4,40})/)?.[1];
  if (any !== undefined) {
    putAccount(draft, 'user', /\bUser ?(?:id )?['[]([^'\]]{1,128})['\]]/.exec(said)?.[1]);
    draft.put('source.ip', /(?:Peer IP=|connected from )([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]); draft.put('source.port', /Peer port=(\d{1,5})/.exec(said)?.[1]); draft.put('source.nat.ip', /\blocal ip ([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]);
    draft.put('destination.ip', /Server IP=([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]); draft.put('destination.port', /Server port=(\d{1,5})/.exec(said)?.[1]);
    draft.act(/fail/.test(any) ? 'vpn_failed' : /disconnect/.test(any) ? 'vpn_disconnected' : /^auth_success/.test(any) ? 'login' : 'vpn_connected');
  }
  const lease = seek(said, 'dhcp lease of ip ', /^dhcp lease of ip ([0-9.]{7,15}) (?:from (?:server )?(?:mac )?\S{1,45} )?for client mac ([0-9A-Fa-f:]{17})(?: with hostname (\S{1,64}))?/) ?? seek(said, 'dhcp lease of ip ', /^dhcp lease of ip ([0-9.]{7,15}) from .{0,80}? for client mac ([0-9A-Fa-f:]{17})/);
  if (lease !== null) { draft.put('event.code', 'dhcp_lease'); draft.put('source.ip', lease[1]); draft.put('source.mac', macOf(lease[2] ?? '')); if (lease[3] !== 'from') draft.put('source.domain', lease[3]); draft.act('dhcp_lease'); }
  const port = /^port (\S{1,20}) status changed from (\S{1,40}) to (\S{1,40})/i.exec(said);
  if (port !== null) { draft.put('event.code', 'port_status'); draft.put('observer.ingress.interface.name', port[1]); draft.put('event.reason', said.trim()); }
  const blocked = seek(said, 'content_filtering_block', /server='([0-9a-fA-F.]{7,15}):(\d{1,5})'/);
  if (blocked !== null) { draft.put('destination.ip', blocked[1]); draft.put('destination.port', blocked[2]); }
  const tunnel = seek(said, '[', /^Site-to-site VPN: .{0,160}? ([0-9a-fA-F.:]{3,45})\[(\d{1,5})\](?:->|<=>)([0-9a-fA-F.:]{3,45})\[(\d{1,5})\]/i);
  if (tunnel !== null) { draft.put('source.ip', tunnel[1]); draft.put('source.port', tunnel[2]); draft.put('destination.ip', tunnel[3]); draft.put('destination.port', tunnel[4]); draft.act(/established/i.test(said) ? 'vpn_connected' : /fail|error/i.test(said) ? 'vpn_failed' : /expired|deleted|purg/i.test(said) ? 'vpn_disconnected' : 'connection_started'); }
  const from = value('client_ip') ?? value('ip');
  if (from !== undefined && isIp(from)) draft.fill('source.ip', from);
}
const ACTIONS = lookup<Action>({
  association: 'connection_started', disassociation: 'connection_ended', wpa_auth: 'login', wpa_deauth: 'logout', '8021x_auth': 'login', '8021x_eap_success': 'login', '8021x_eap_failure': 'login_failed', '8021x_deauth': 'logout', '8021x_client_deauth': 'logout', splash_auth: 'login', device_packet_flood: 'intrusion_detected', packet_flood: 'intrusion_detected',
  rogue_ssid_detected: 'intrusion_detected', ssid_spoofing_detected: 'intrusion_detected', content_filtering_block: 'connection_denied', ip_flow_start: 'connection_started', ip_flow_end: 'connection_ended', martian_vlan: 'connection_denied', dhcp_no_offers: 'connection',
});

const PARTED = / (pattern|request|message): ?/;
const LOOKS = /(?:^|[ \w])(?:src=[0-9a-fA-F.:[\]]{3,51} |type='?\w{3,60}'?(?: |$)|url=\S{3,500} src=|signature=\d|ssid=')/;
const EVENT_WORDS = /^(?:anyconnect_vpn_\w{4,40} |client_vpn_(?:dis)?connect |dhcp |port \S{1,20} status changed |content_filtering_block |Cellular |failover |uplink |Site-to-site VPN: )/i;
const KINDS = ['flows', 'firewall', 'cellular_firewall', 'vpn_firewall', 'l7_firewall', 'urls', 'ip_flow_start', 'ip_flow_end', 'security_event', 'ids-alerts', 'airmarshal_events', 'events'];
/** Its own header, behind a relay's. */
const RELAYED = new RegExp(String.raw`^1 \d{10}\.\d{1,9} (\S{1,64}) (${KINDS.join('|')}) `);
export const meraki: Format = { name: 'cisco.meraki', programs: KINDS, holds: ['^1 0000000000.'], detect: ({ head }) => head.startsWith('1 ') && RELAYED.test(head), read: readMeraki };
