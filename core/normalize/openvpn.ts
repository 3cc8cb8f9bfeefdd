// OpenVPN, server and client: `bob/203.0.113.9:51122 MULTI: ...` behind a time of its own or a syslog header; its LDAP plugin; pfSense's scripts; the
// client list of its status file. https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/ (Logging, Management interface)
import { isDigit, readTime } from '../message/time.js';
import { codeAt } from '../text.js';
import { putAccount } from './account.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';
import { seek } from './seek.js';

const PEER = /^(?:us=\d{1,9} )?(?:(?:udp|tcp)[46](?:-server)?:)?(?:([^/\n]{1,64})\/)?(?:::ffff:)?((?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]{1,4}:[0-9a-fA-F:.]{3,41}):(\d{1,5}) /;
/** The same as it must look where nothing else says that a line is OpenVPN's. */
const SURE_PEER = /^(?:us=\d{1,9} )?(?:([^/\n]{1,64})\/)?(?:::ffff:)?((?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:.]+\]):(\d{1,5}) /;
/** What stands in any text that SURE_PEER or TEXT takes. */
const HOLDS = ['] [OVPN ', '] AUTH ', '.0:0', '.00:0', '.000:0', ']:0', 'MULTI', 'TLS', 'VERIFY', 'SENT CONTROL', 'Control Channel', 'Data Channel', 'PUSH', 'peer info', 'Diffie-Hellman', 'IFCONFIG', 'ROUTE', 'Socket Buffers', 'UDPv0', 'TCPv0', 'TUN/TAP', 'Initialization Sequence', 'OpenVPN', 'net_', 'succeeded ->', 'event_wait', 'ldap_bind',
  'LDAP ', 'Incorrect password supplied', 'Unable to bind', 'Outgoing ', 'Incoming ', 'Timers:', '] Peer Connection', '] Inactivity', 'MANAGEMENT: ', 'AUTH: Received control', 'AUTH-PAM: ', 'PLUGIN_', 'TCP/UDP: ', 'UDP link ', 'TCP link ', 'CLIENT_LIST', 'SIGUSR0[', 'SIGTERM[', 'SIGHUP[', 'Authenticate/Decrypt packet error'];
const TEXT = /^(?:us=\d{1,9} )?(?:MULTI|TLS|VERIFY|SENT CONTROL|Control Channel|Data Channel|PUSH|peer info|Diffie-Hellman|IFCONFIG|ROUTE|Socket Buffers|UDPv[46]|TCPv[46]|TUN\/TAP|Initialization Sequence|OpenVPN|net_|succeeded ->|event_wait|ldap_bind|LDAP |Incorrect password supplied|Unable to bind|Outgoing |Incoming |Timers:|\[[^\]]+\] (?:Peer Connection|Inactivity)|MANAGEMENT: |AUTH: Received control|AUTH-PAM: |PLUGIN_(?:CALL|INIT|AUTH)|TCP\/UDP: |CLIENT_LIST[,\t]|SIG(?:USR\d|TERM|HUP)\[|Authenticate\/Decrypt packet error)/;

/** Access Server's own log puts its time and the daemon's number around a line of a daemon, and tells of logins by itself. */
const SERVER_LINE = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+-]\d{4}) \[[\w#-]{1,40}\] (?:\[OVPN \d{1,4}\] OUT: ['"](.{1,4000})['"]|AUTH (SUCCESS|FAILED?) (\{.{1,2000}))\s*$/s, SERVER_START = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+-]\d{4} \[[\w#-]{1,40}\] (?:\[OVPN \d|AUTH [SF])/;

function readOpenvpn(draft: Draft): boolean {
  const server = draft.program === '' && SERVER_START.test(draft.head) ? SERVER_LINE.exec(draft.text.slice(0, 5000)) : null;
  if (server === null) return readDaemon(draft, draft.text);
  const stamp = readTime(server[1] as string, 0);
  draft.timeFrom(stamp);
  if (server[2] !== undefined) return readDaemon(draft, server[2].replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /, ''));
  const said = server[4] as string;
  draft.put('user.name', /'user': '([^']{1,128})'/.exec(said)?.[1]);
  draft.put('event.reason', /'reason': ["']([^"']{1,300})["']/.exec(said)?.[1]);
  draft.put('source.ip', /'(?:client_ip_addr|ip)': '([0-9a-fA-F.:]{3,45})'/.exec(said)?.[1]);
  draft.act(server[3] === 'SUCCESS' ? 'login' : 'login_failed');
  return true;
}

function readDaemon(draft: Draft, text: string): boolean {
  const stamp = readTime(text, 0);
  let said = text;
  if (stamp !== undefined) { draft.timeFrom(stamp); said = text.slice(stamp.end).trimStart(); }
  if (/^CLIENT_LIST[,\t]/.test(said)) return readStatus(draft, said);
  const peer = (ofDaemon(draft.program) ? PEER : SURE_PEER).exec(said.slice(0, 300));
  if (peer !== null) {
    draft.put('user.name', peer[1] === 'UNDEF' ? undefined : peer[1]);
    const address = (peer[2] ?? '').replace(/^\[|\]$/g, '');
    if (isIp(address)) { draft.put('source.ip', address); draft.put('source.port', peer[3]); }
    said = said.slice(peer[0].length);
  } else said = said.replace(/^us=\d{1,9} /, '');
  if (peer === null && !ofDaemon(draft.program) && !TEXT.test(said)) return false;
  putWho(draft, said.slice(0, 800), peer !== null);
  putEnds(draft, said.slice(0, 600), peer !== null);
  putPeerInfo(draft, said);
  const start = said.slice(0, 600);
  if (STEMS.some((stem) => start.includes(stem))) for (const [needs, form, action] of MEANINGS) if (start.includes(needs) && form.test(start)) { draft.act(action); break; }
  return true;
}

function putWho(draft: Draft, said: string, ofPeer: boolean): void {
  if (!draft.has('user.name')) draft.put('user.name', NAMED.exec(said)?.[1] ?? seek(said, 'Unable to bind as', /Unable to bind as (\S{1,128})/)?.[1] ?? seek(said, 'LDAP DN', /LDAP DN "CN=([^,"]{1,128})/)?.[1]);
  const domain = seek(said, 'LDAP DN', /LDAP DN "[^"]{0,400}?((?:,DC=[^,"]{1,64})+)"/i)?.[1];
  if (domain !== undefined) draft.put('user.domain', domain.slice(1).replaceAll(/DC=/gi, '').replaceAll(',', '.'));
  const named = said.charCodeAt(0) === 91 ? /^\[([^\]]{1,128})\] (?:Peer Connection|Inactivity)/.exec(said)?.[1] : undefined, to = seek(said, 'SENT CONTROL [', /^SENT CONTROL \[([^\]]{1,128})\]: /)?.[1];
  if (named !== undefined) draft.fill('user.name', named);
  if (to !== undefined && to !== 'UNDEF') draft.fill('user.name', to);
  const verified = ofPeer ? seek(said, 'VERIFY OK: depth=0', /^VERIFY OK: depth=0, (.{1,400})/) : null;
  if (verified !== null) draft.fill('user.name', /\bCN=([^,/]{1,128})/.exec(verified[1] as string)?.[1]);
  const refused = seek(said, 'ERROR: ', /^VERIFY (?:X509NAME |KU |EKU )?ERROR: (?:depth=0, )?(?:error=)?([^:]{1,200}): (.{1,400})/);
  if (refused === null) return;
  draft.put('event.reason', refused[1]?.replace(/^depth=\d{1,2}, error=/, ''));
  if (ofPeer && said.includes('depth=0')) draft.fill('user.name', /\bCN=([^,/]{1,128})/.exec(refused[2] as string)?.[1]);
}
const NAMED = /(?:for username|LDAP user|user|username|by client) ['"]([^'"]{1,128})['"]/;

/** Where a client came from, where a server stands, which address was given. */
function putEnds(draft: Draft, said: string, ofPeer: boolean): void {
  draft.put('source.nat.ip', seek(said, 'pool returned ', /pool returned IPv4=([\d.]{7,15})/)?.[1] ?? seek(said, 'primary virtual IP', /primary virtual IP(?:v6)? for \S{1,300}: ([0-9a-fA-F.:]{3,45})$/)?.[1]);
  const from = seek(said, '[AF_INET', /(?: from|connected from|^TCP connection established with) \[AF_INET6?\]\[?([0-9a-fA-F.:]{3,45}?)\]?:(\d{1,5})(?:[\s,;]|$)/);
  if (from !== null) { draft.fill('source.ip', from[1]); draft.fill('source.port', from[2]); }
  const to = ofPeer ? null : seek(said, '[AF_INET', /^(?:(?:TCP|UDP)(?:v[46])?(?:_CLIENT)? link remote: |TCP\/UDP: Preserving recently used remote address: |Attempting to establish TCP connection with )\[AF_INET6?\]\[?([0-9a-fA-F.:]{3,45}?)\]?:(\d{1,5})(?:[\s,;]|$)/);
  if (to !== null) { draft.put('destination.ip', to[1]); draft.put('destination.port', to[2]); }
  const with_ = ofPeer ? null : seek(said, 'Initiated with [AF_INET', /Peer Connection Initiated with \[AF_INET6?\]\[?([0-9a-fA-F.:]{3,45}?)\]?:(\d{1,5})(?:[\s,;]|$)/);
  if (with_ !== null) { draft.fill('source.ip', with_[1]); draft.fill('source.port', with_[2]); }
  draft.fill('source.ip', seek(said, 'openvpn server ', /^openvpn server '[^']{1,64}' user '[^']{0,128}' address '([0-9a-fA-F.:]{3,45})/)?.[1]);
  const tls = seek(said, 'Control Channel: ', /^Control Channel: (TLSv[\d.]{1,4}), cipher (?:TLSv[\d./]{1,7}[ /])?([\w-]{3,64})/);
  if (tls !== null) { draft.put('tls.version', (tls[1] as string).slice(4)); draft.put('tls.cipher', tls[2]); }
}

/** `peer info: IV_PLAT=win`: what the client says of itself. */
function putPeerInfo(draft: Draft, said: string): void {
  const info = seek(said, 'peer info: ', /^peer info: ((?:IV|UV)_[A-Z0-9_]{1,32})=(.{0,256})/i);
  if (info === null) return;
  const [, key = '', value = ''] = info;
  draft.put(`openvpn.peer.${key.toLowerCase()}`, value);
  if (key === 'IV_HWADDR') draft.put('source.mac', macOf(value));
  else if (key === 'IV_GUI_VER') draft.put('user_agent.original', value.replace(/^"|"$/g, ''));
}

/** `CLIENT_LIST,name,address:port,virtual,virtual6,received,sent,since,...`. */
function readStatus(draft: Draft, said: string): boolean {
  const [, name, address = '', virtual = '', , received, sent] = said.split(said.charAt(11), 14), colon = address.lastIndexOf(':'), host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  putAccount(draft, 'user', name === 'UNDEF' ? undefined : name);
  if (isIp(host)) { draft.put('source.ip', host); draft.put('source.port', address.slice(colon + 1)); }
  if (isIp(virtual)) draft.put('source.nat.ip', virtual);
  draft.put('source.bytes', received);
  draft.put('destination.bytes', sent);
  return true;
}

/** What happened, by the first form that fits; each is asked only where its text stands. */
const MEANINGS: readonly (readonly [needs: string, form: RegExp, action: Action])[] = [
  ['disconnected', /^openvpn server .{1,300} - disconnected|^user '[^']{1,128}' disconnected/, 'vpn_disconnected'],
  ['could not authenticate', /^user '[^']{1,128}' could not authenticate/, 'vpn_failed'],
  [' connected', /^openvpn server .{1,300} - connected/, 'vpn_connected'],
  [' authenticated', /^user '[^']{1,128}' authenticated/, 'vpn_connected'],
  ['Peer Connection Initiated', /Peer/, 'vpn_connected'],
  ['authentication succeeded', /auth/, 'vpn_connected'],
  ['AUTH_FAILED', /AUTH/, 'vpn_failed'],
  ['authentication failed', /auth/, 'vpn_failed'],
  ['TLS Auth Error', /^TLS Auth Error/, 'vpn_failed'],
  ['SIGUSR1[soft,', /SIGUSR1\[soft,(?:auth-failure|tls-error)\]/, 'vpn_failed'],
  ['Incorrect password', /^Incorrect password/, 'vpn_failed'],
  ['Unable to bind', /^Unable to bind/, 'vpn_failed'],
  ['failed to authenticate', /user '[^']{1,128}' failed to authenticate/, 'vpn_failed'],
  ['VERIFY ', /^VERIFY (?:\w{2,8} )?ERROR/, 'vpn_failed'],
  ['TLS Error: ', /^TLS Error: (?:TLS handshake failed|TLS key negotiation failed|tls-crypt unwrapping failed|cannot locate HMAC)/, 'vpn_failed'],
  ['packet HMAC authentication', /^Authenticate\/Decrypt packet error: packet HMAC authentication failed/, 'vpn_failed'],
  ['Bad encapsulated', /^Bad encapsulated packet length from peer/, 'vpn_failed'], ['bad packet ID', /^Authenticate\/Decrypt packet error: bad packet ID/, 'vpn_failed'], ['Failed running command', /Failed running command \(--auth-user-pass-verify\)/, 'vpn_failed'],
  ['TCP connection', /^TCP connection established with/, 'connection'],
  ['bad source address', /bad source address from client/, 'connection_denied'],
  ['client-instance', /^SIG\w{3,4}\[soft,(?:remote-exit|ping-restart|ping-exit|connection-reset|delayed-exit|exit-with-notification)\] received, client-instance/, 'vpn_disconnected'],
  ['Inactivity timeout', /\] Inactivity timeout/, 'vpn_disconnected'],
  ['Connection reset, ', /^Connection reset, restarting/, 'vpn_disconnected'],
  ['process exiting', /^SIGTERM\[(?:hard|soft),.{0,40}\] received, process exiting/, 'service_stopped'],
  ['Initialization Sequence', /^Initialization Sequence Completed/, 'service_started'],
  ['MANAGEMENT: Client', /^MANAGEMENT: Client connected from/, 'connection'],
];

/** Texts of which one stands in whatever MEANINGS knows; most lines hold none. */
const STEMS = ['Bad encapsulated', 'bad packet ID', 'Failed running', 'auth', 'AUTH', 'Auth', 'onnect', 'SIGUSR', 'Incorrect', 'Unable', 'VERIFY ', 'TLS Error', 'bad source', 'client-instance', 'Inactivity', 'process exiting', 'Initialization'];

const TIME = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}) /;
/** A peer's address stands at the beginning, behind `us=`, or behind a name and a slash. */
function looksLikeOpenvpn(text: string): boolean {
  const slash = text.indexOf('/');
  return ((addressBegins(text, 0) || text.startsWith('us=') || (slash > 0 && slash < 80 && addressBegins(text, slash + 1))) && SURE_PEER.test(text)) || TEXT.test(text);
}
const addressBegins = (text: string, at: number): boolean => codeAt(text, at) === 91 || isDigit(codeAt(text, at)) && (codeAt(text, at + 1) === 46 || codeAt(text, at + 2) === 46 || codeAt(text, at + 3) === 46);

/** The daemon itself, and an instance of it as Debian and OPNsense name theirs. */
const ofDaemon = (program: string): boolean => program.startsWith('openvpn') || program.startsWith('ovpn-');
/** OPNsense names each server and client by its number. */
const INSTANCES = Array.from({ length: 40 }, (_, i) => `openvpn_${i % 2 === 0 ? 'server' : 'client'}${String((i >> 1) + 1)}`);
export const openvpn: Format = { name: 'openvpn.log', holds: HOLDS, likePrograms: /^ovpn-/, programs: ['openvpn', ...INSTANCES], detect: ({ head, program }) => program.startsWith('ovpn-') || program === '' && (looksLikeOpenvpn(head) || SERVER_START.test(head) || TIME.test(head) && looksLikeOpenvpn(head.slice(head.charCodeAt(4) === 45 ? 20 : 25))), read: readOpenvpn };
