// Name servers, DHCP, VPN and directory servers: BIND, Unbound, ISC and Windows DHCP, OpenVPN, OpenLDAP.
import { isDigit, readDayMonth, readIso, readTime, resolve } from '../message/time.js';
import { codeAt } from '../text.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';
import { applyRules, messageRules } from './rules.js';

// --- BIND -----------------------------------------------------------------------------------------------------------------------
const CLIENT = /client (?:@0x[0-9a-f]{1,16} )?([0-9a-fA-F.:]{3,45})#(\d{1,5})(?: \(([^)]{1,255})\))?/;

function readBind(draft: Draft): boolean {
  const { text, head } = draft;
  const stamp = readDayMonth(text, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  const client = CLIENT.exec(head);
  if (client !== null) {
    draft.put('source.ip', client[1]);
    draft.put('source.port', client[2]);
    draft.put('dns.question.name', client[3]);
  }
  const query = /(?:query|answer): (\S{1,255}) ([A-Z]{2,3}) ([A-Z0-9]{1,12}) ([-+]\S{0,20})?(?: \(([0-9a-fA-F.:]{3,45})\))?(?: -> ([A-Z]{2,12}))?/.exec(head);
  if (query !== null) {
    draft.put('dns.question.name', query[1]);
    draft.put('dns.question.class', query[2]);
    draft.put('dns.question.type', query[3]);
    if (query[4]?.includes('T') === true) draft.put('network.transport', 'tcp');
    draft.put('destination.ip', query[5]);
    draft.put('dns.response_code', query[6]);
    draft.put('event.dataset', 'bind.query');
    draft.act('dns_query');
    return true;
  }
  const named = /(?:resolving|validating) '?([\w.*-]{1,255})\/[A-Z0-9]{1,10}/.exec(head);
  if (named !== null) draft.put('dns.question.name', named[1]);
  const transfer = /(?:from|resolving '[^']{1,300}':) ([0-9a-fA-F.:]{3,45})#(\d{1,5})/.exec(head);
  if (transfer !== null) { draft.fill('source.ip', transfer[1]); draft.fill('source.port', transfer[2]); }
  const looked = client !== null || named !== null || transfer !== null;
  if (!looked && draft.program !== 'named') return ZONES.test(head);
  draft.put('event.dataset', draft.program === 'named' ? 'linux.syslog' : 'bind.log');
  if (head.includes(' denied')) draft.act('access_denied');
  return true;
}
const ZONES = /^(?:[a-z-]{3,20}: (?:info|error|notice|warning|debug \d+): )?(?:zone \S{1,255}\/[A-Z]{2}|rpz: |view \S{1,64}: )/;
const BIND_LOOKS = /^(?:\d\d-[A-Z][a-z]{2}-\d{4} [\d:.]{8,15} )?(?:[a-z-]{3,20}: (?:info|error|notice|warning|debug \d+): )?(?:client (?:@0x[0-9a-f]+ )?[0-9a-fA-F.:]+#\d|timed out resolving|(?:view \S{1,64}: +)?validating \S|success resolving|transfer of '|zone \S+\/IN|rpz: )/;

const UNBOUND = /^\[\d{1,10}:[0-9a-f]{1,8}\] (?:info|error|query|debug|notice|warning): (?:([0-9a-fA-F.:]{3,45}) (\S{1,255}) ([A-Z0-9]{1,10}) (IN|CH|HS)\b(?: ([A-Z]{2,12}))?)?/;
function readUnbound(draft: Draft): boolean {
  const found = UNBOUND.exec(draft.head);
  if (found === null) return draft.program === 'unbound';
  if (found[1] !== undefined) {
    draft.put('source.ip', found[1]);
    draft.put('dns.question.name', (found[2] ?? '').replace(/\.$/, ''));
    draft.put('dns.question.type', found[3]);
    draft.put('dns.response_code', found[5]);
    draft.act('dns_query');
  }
  return true;
}

// --- DHCP -----------------------------------------------------------------------------------------------------------------------
const DHCP = messageRules([
  ['DHCPACK on {source.ip} to {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPACK on {source.ip} to {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPACK to {source.ip} ({source.mac}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPOFFER on {source.ip} to {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPOFFER on {source.ip} to {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPREQUEST for {source.ip} ({}) from {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPREQUEST for {source.ip} ({}) from {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPREQUEST for {source.ip} from {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPREQUEST for {source.ip} from {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPDISCOVER from {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPDISCOVER from {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPRELEASE of {source.ip} from {source.mac} ({source.domain~}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPRELEASE of {source.ip} from {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPINFORM from {source.ip} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPNAK on {source.ip} to {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
]);
function readDhcp(draft: Draft): boolean {
  if (!applyRules(DHCP, draft.text.trim(), draft)) return draft.program === 'dhcpd';
  const mac = draft.getText('source.mac'), relay = draft.getText('destination.ip') ?? draft.getText('destination.domain');
  if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
  if (relay !== undefined) {
    const plain = relay.replace(/:$/, '');
    delete draft.event['destination.domain'];
    if (isIp(plain)) draft.put('destination.ip', plain); else draft.put('observer.ingress.interface.name', plain);
  }
  return true;
}

/** Windows: `ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, ...`. */
function readWindowsDhcp(draft: Draft): boolean {
  const cells = draft.text.split(',', 20);
  const [id, date = '', time = '', description, address = '', host, mac = ''] = cells;
  const parts = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(date);
  if (parts === null) return false;
  const stamp = readIso(`20${parts[3] ?? ''}-${parts[1] ?? ''}-${parts[2] ?? ''} ${time}`, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('event.code', id);
  draft.put('event.reason', description);
  if (isIp(address)) draft.put('source.ip', address);
  draft.put('source.domain', host);
  draft.put('source.mac', macOf(mac));
  draft.put('event.dataset', 'microsoft_dhcp.log');
  draft.act('dhcp_lease');
  return true;
}

// --- OpenVPN --------------------------------------------------------------------------------------------------------------------
const VPN_PEER = /^(?:us=\d{1,9} )?(?:([^/\n]{1,64})\/)?((?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:.]+\]):(\d{1,5}) /;
/** What stands in any text that VPN_PEER or VPN_TEXT takes. */
const VPN_HOLDS = ['.0:0', '.00:0', '.000:0', ']:0', 'MULTI', 'TLS', 'VERIFY', 'SENT CONTROL', 'Control Channel', 'Data Channel', 'PUSH', 'peer info', 'Diffie-Hellman', 'IFCONFIG', 'ROUTE', 'Socket Buffers', 'UDPv0', 'TCPv0', 'TUN/TAP', 'Initialization Sequence', 'OpenVPN', 'net_', 'succeeded ->', 'event_wait', 'ldap_bind',
  'LDAP ', 'Incorrect password supplied', 'Unable to bind', 'Outgoing ', 'Incoming ', 'Timers:', '] Peer Connection', '] Inactivity'];
const VPN_TEXT = /^(?:MULTI|TLS|VERIFY|SENT CONTROL|Control Channel|Data Channel|PUSH|peer info|Diffie-Hellman|IFCONFIG|ROUTE|Socket Buffers|UDPv[46]|TCPv[46]|TUN\/TAP|Initialization Sequence|OpenVPN|net_|succeeded ->|event_wait|ldap_bind|LDAP |Incorrect password supplied|Unable to bind|Outgoing |Incoming |Timers:|\[[^\]]+\] (?:Peer Connection|Inactivity))/;
function readOpenvpn(draft: Draft): boolean {
  const { text } = draft;
  const stamp = readTime(text, 0);
  let said = text;
  if (stamp !== undefined) { if (!draft.headed) draft.time = resolve(stamp, draft.received, draft.zone); said = text.slice(stamp.end).trimStart(); }
  const peer = VPN_PEER.exec(said.slice(0, 300));
  if (peer !== null) {
    draft.put('user.name', peer[1]);
    draft.put('source.ip', (peer[2] ?? '').replace(/^\[|\]$/g, ''));
    draft.put('source.port', peer[3]);
    said = said.slice(peer[0].length);
  }
  if (peer === null && draft.program !== 'openvpn' && !VPN_TEXT.test(said)) return false;
  draft.fill('user.name', /(?:for username|LDAP user|user|username) ['"]([^'"]{1,128})['"]/.exec(said.slice(0, 600))?.[1] ?? /Unable to bind as (\S{1,128})/.exec(said.slice(0, 300))?.[1] ?? /LDAP DN "CN=([^,"]{1,128})/.exec(said.slice(0, 600))?.[1]);
  const domain = /LDAP DN "[^"]{0,400}?((?:,DC=[^,"]{1,64})+)"/i.exec(said.slice(0, 800))?.[1];
  if (domain !== undefined) draft.put('user.domain', domain.slice(1).replaceAll(/DC=/gi, '').replaceAll(',', '.'));
  draft.put('source.nat.ip', /pool returned IPv4=([\d.]{7,15})/.exec(said.slice(0, 300))?.[1]);
  const from = / from \[AF_INET6?\]\[?([0-9a-fA-F.:]{3,45}?)\]?:(\d{1,5})(?:\s|$)/.exec(said.slice(0, 600));
  if (from !== null) { draft.fill('source.ip', from[1]); draft.fill('source.port', from[2]); }
  draft.fill('source.ip', /^openvpn server '[^']{1,64}' user '[^']{0,128}' address '([0-9a-fA-F.:]{3,45})/.exec(said.slice(0, 400))?.[1]);
  draft.fill('user.name', /^\[([^\]]{1,128})\] Peer Connection/.exec(said.slice(0, 200))?.[1]);
  if (/^openvpn server .{1,300} - disconnected|^user '[^']{1,128}' disconnected/.test(said.slice(0, 400))) draft.act('vpn_disconnected');
  else if (/^user '[^']{1,128}' could not authenticate/.test(said)) draft.act('vpn_failed');
  else if (/^openvpn server .{1,300} - connected|^user '[^']{1,128}' authenticated/.test(said.slice(0, 400))) draft.act('vpn_connected');
  else if (said.includes('Peer Connection Initiated') || said.includes('authentication succeeded')) draft.act('vpn_connected');
  else if (said.includes('AUTH_FAILED') || said.includes('authentication failed') || said.startsWith('TLS Auth Error') || said.includes('SIGUSR1[soft,auth-failure]') || said.startsWith('Incorrect password') || said.startsWith('Unable to bind')) draft.act('vpn_failed');
  return true;
}

// --- OpenLDAP -------------------------------------------------------------------------------------------------------------------
const LDAP = messageRules([
  ['conn={} fd={} ACCEPT from IP={source.ip~}:{source.port} (IP={destination.ip~}:{destination.port})', 'connection'],
  ['conn={} op={} BIND dn="{ldap.dn~}" {*}', 'login'],
  ['conn={} op={} MOD dn="{ldap.dn~}"'],
  ['conn={} op={} {} dn="{ldap.dn~}"{*}'],
  ['conn={} op={} SRCH base="{ldap.base~}" {*}'],
  ['conn={} {*}'],
]);
function readLdap(draft: Draft): boolean {
  if (!applyRules(LDAP, draft.text.trim(), draft)) return draft.program === 'slapd';
  const dn = draft.getText('ldap.dn');
  if (dn !== undefined && dn.length < 2000) {
    const parts = dn.split(',').map((part) => part.trim());
    const value = (part: string | undefined): string | undefined => part?.slice(part.indexOf('=') + 1);
    draft.put('user.name', value(parts[0]));
    draft.put('user.domain', parts.slice(1).map(value).join('.'));
  }
  return true;
}

const VPN_TIME = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}) /;
/** A peer's address stands at the beginning, behind `us=`, or behind a name and a slash. */
function looksLikeVpn(text: string): boolean {
  const slash = text.indexOf('/');
  return ((addressBegins(text, 0) || text.startsWith('us=') || (slash > 0 && slash < 80 && addressBegins(text, slash + 1))) && VPN_PEER.test(text)) || VPN_TEXT.test(text);
}
const addressBegins = (text: string, at: number): boolean => codeAt(text, at) === 91 || isDigit(codeAt(text, at)) && (codeAt(text, at + 1) === 46 || codeAt(text, at + 2) === 46 || codeAt(text, at + 3) === 46);

export const bind: Format = { name: 'bind.log', holds: ['#0', 'timed out resolving', 'validating ', 'success resolving', "transfer of '", '/IN', 'rpz: '], programs: ['named', 'named-sdb'], detect: ({ head }) => BIND_LOOKS.test(head), read: readBind };
export const unbound: Format = { name: 'unbound.log', holds: ['^[0'], programs: ['unbound'], detect: ({ head }) => UNBOUND.test(head), read: readUnbound };
export const dhcpd: Format = { name: 'dhcpd.log', holds: ['^DHCP'], programs: ['dhcpd'], detect: ({ head }) => /^\s?DHCP(?:ACK|OFFER|REQUEST|DISCOVER|RELEASE|INFORM|NAK) /.test(head), read: readDhcp };
export const windowsDhcp: Format = { name: 'microsoft_dhcp.log', holds: ['^00,00/00/00,'], detect: ({ head }) => /^\d\d,\d\d\/\d\d\/\d\d,\d\d:\d\d:\d\d,/.test(head), read: readWindowsDhcp };
export const openvpn: Format = { name: 'openvpn.log', holds: VPN_HOLDS, unnamed: true, programs: ['openvpn'], detect: ({ head, program }) => program === '' && (looksLikeVpn(head) || VPN_TIME.test(head) && looksLikeVpn(head.slice(head.charCodeAt(4) === 45 ? 20 : 25))), read: readOpenvpn };
export const openldap: Format = { name: 'openldap.log', holds: ['^conn=0'], programs: ['slapd'], detect: ({ head }) => /^\s?conn=\d+ (?:fd|op)=\d+ /.test(head), read: readLdap };
