// Juniper Junos: structured data (`[junos@2636... source-address="192.0.2.1" ...]`), the same pairs as text, sessions as sentences (`RT_FLOW_SESSION_CREATE:
// session created 192.0.2.1/5000->198.51.100.2/25 ...`), packet filters (`FW: ge-0/0/0.1 A udp 192.0.2.1 198.51.100.2 53 53`) and the management daemon.
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable } from '../keys.js';
import { isIp, macOf, protocolName, splitEndpoint } from '../net.js';
import { readPairs } from '../pairs.js';
import { readSentence } from '../sentences.js';
import { seek } from '../seek.js';
import { joinUrl, putTarget } from '../web/request.js';
import { dropNoNat, names, putPairs, verdict } from './native-pairs.js';

const KEYS = keyTable('juniper.srx', names(`source-address:source.ip destination-address:destination.ip source-port:source.port destination-port:destination.port nat-source-address:source.nat.ip nat-source-port:source.nat.port nat-destination-address:destination.nat.ip nat-destination-port:destination.nat.port protocol-id:network.transport protocol:network.transport protocol-name:network.transport
  username:source.user.name user:source.user.name policy-name:rule.name rule-name:rule.name attack-name:rule.name category:rule.category malware-info:threat.name url:url.original obj:url.path http-host:url.domain hostname:source.domain source-name:source.domain filename:file.name file-name:file.name service-name:_ application:network.protocol nested-application:network.application application-name:network.protocol dynamic-application:network.protocol nested-dynamic-application:network.application bytes-from-client:source.bytes bytes-from-server:destination.bytes reason:event.reason local-address:source.ip remote-address:destination.ip
  packet-incoming-interface:observer.ingress.interface.name source-interface-name:observer.ingress.interface.name interface-name:observer.ingress.interface.name sample-sha256:file.hash.sha256 file-hash-lookup:_ argument1:_ command:process.command_line service-name:_ inbound-bytes:source.bytes outbound-bytes:destination.bytes inbound-packets:source.packets outbound-packets:destination.packets packets-from-client:source.packets packets-from-server:destination.packets
  source-zone-name:observer.ingress.zone source-zone:observer.ingress.zone destination-zone-name:observer.egress.zone destination-zone:observer.egress.zone destination-interface-name:observer.egress.interface.name destination-interface:observer.egress.interface.name tunnel-remote-gateway:source.ip ip-address:_ pid:_ client-ip:source.ip client-port:source.port server-ip:destination.ip`));
function readJuniper(draft: Draft): boolean {
  const prefix = draft.head.startsWith('%') ? PREFIX.exec(draft.head) : null;
  if (prefix !== null) {
    draft.put('event.severity', prefix[1]);
    draft.setText(draft.text.slice(prefix[0].length));
    draft.ascii = undefined;
    if (draft.program === 'sshd' && !MANAGEMENT.test(draft.head)) return false; // as sshd says it everywhere
  }
  const inHeader = draft.structured?.map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value] as const);
  const pairs = inHeader !== undefined && inHeader.length > 0 ? inHeader : readPairs(draft.text.replace(/[“”]/g, '"'));
  if (readFilter(draft) || (inHeader === undefined && (readSession(draft) || readManagement(draft) || readThreat(draft) || !draft.head.includes('source-address') && readDaemon(draft)))) return true;
  if (pairs.length < (inHeader === undefined ? 3 : 1)) return false;
  const values = putPairs(draft, KEYS, pairs.map(([key, value]) => [key, value === 'N/A' || value === 'None' || value === 'UNKNOWN' ? '' : value]));
  draft.put('observer.vendor', 'Juniper');
  draft.put('event.code', draft.get('log.syslog.msgid'));
  const user = draft.getText('source.user.name');
  if (user !== undefined) { putAccount(draft, 'source.user', user); fillAccount(draft, 'user', user); }
  const path = values.get('obj'), host = values.get('url');
  if (path !== undefined && host !== undefined && !host.includes('/')) { putTarget(draft, path); draft.put('url.original', `${host}${path}`); draft.put('url.domain', host); joinUrl(draft); } // the web filter parts host and path
  const kind = draft.getText('log.syslog.msgid') ?? draft.head, took = Number(values.get('elapsed-time') ?? NaN), did = values.get('action') ?? '', blocked = /block|drop|close|deny/i.test(did) && !did.includes('without-drop') ? 'failure' : undefined;
  if (took > 0) draft.put('event.duration', took * 1e9);
  dropNoNat(draft);
  draft.put('threat.name', kind.includes('AV_VIRUS') ? values.get('name') : kind.includes('IDP_ATTACK') ? values.get('attack-name') : undefined);
  if (values.has('ip-address')) draft.fill(/^Dst /.test(values.get('attack-name') ?? '') ? 'destination.ip' : 'source.ip', values.get('ip-address')); // of a limit of sessions
  const file = values.get('filename');
  if (file?.includes('://') === true) draft.put('file.name', file.slice(file.lastIndexOf('/') + 1));
  if (kind.includes('SESSION_DENY')) draft.act('connection_denied');
  else if (kind.includes('SESSION_CREATE')) draft.act('connection_started');
  else if (kind.includes('SESSION_CLOSE')) draft.act('connection_ended');
  else if (kind.includes('IDP_A') || kind.includes('SCREEN_') || kind.includes('SECINTEL_ACTION')) draft.act('intrusion_detected', blocked);
  else if (kind.includes('AV_VIRUS') || kind.includes('AAMW')) draft.act('malware_detected', blocked);
  else if (kind.includes('ANTISPAM_SPAM')) draft.act(blocked === undefined ? 'mail' : 'mail_rejected');
  else if (kind.includes('URL_BLOCKED')) draft.act('connection_denied');
  else if (kind.includes('URL_PERMITTED')) draft.act('http_request');
  else if (/UI_LOGIN_EVENT|UI_AUTH_EVENT|LOGIN_INFORMATION/.test(kind)) draft.act('login');
  else if (/LOGIN_FAILED|LOGIN_PAM_AUTHENTICATION_ERROR|UI_AUTH_INVALID|LIBJNX_LOGIN_ACCOUNT_LOCKED|SSHD_LOGIN_ATTEMPTS_THRESHOLD/.test(kind)) draft.act('login_failed');
  else if (kind.includes('UI_LOGOUT')) draft.act('logout');
  else if (/UI_CMDLINE|UI_JUNOSCRIPT|UI_NETCONF/.test(kind)) draft.act('shell_command');
  else if (/UI_COMMIT|UI_CFG|UI_LOAD/.test(kind)) draft.act('config_changed');
  else if (values.has('action')) verdict(draft, values.get('action') ?? '');
  const ends = /^([0-9a-fA-F.:]{3,45}) (\d{1,5}) ([0-9a-fA-F.:]{3,45}) (\d{1,5})$/.exec(values.get('ssh-connection') ?? '');
  if (ends !== null) { draft.fill('source.ip', ends[1]); draft.fill('source.port', ends[2]); draft.fill('destination.ip', ends[3]); draft.fill('destination.port', ends[4]); }
  return true;
}

/** A packet filter: interface, A(ccept), D(iscard) or R(eject), on some models addresses of the link, protocol, source, destination, ports. */
function readFilter(draft: Draft): boolean {
  const at = seek(draft.head, 'FW: ', /(?:^|\s)FW: \S{1,40}\s{1,12}[ADR]\s/)?.index;
  if (at === undefined) return false;
  const words = draft.head.slice(draft.head.indexOf('FW: ', at) + 4).split(/\s+/, 20), place = words.findIndex((word, i) => i > 1 && isV4(word) && isIp(words[i + 1] ?? ''));
  if (place < 0) return false;
  draft.put('observer.ingress.interface.name', words[0]);
  draft.put('network.transport', protocolName(words[place - 1] ?? ''));
  draft.put('source.ip', words[place]); draft.put('destination.ip', words[place + 1]);
  draft.put('source.port', words[place + 2]); draft.put('destination.port', words[place + 3]);
  draft.put('source.packets', seek(draft.head, ' packets)', /\((\d{1,15}) packets\)/)?.[1]);
  draft.put('process.name', /(?:^|\s)([A-Z_]{4,40}): FW: /.exec(draft.head)?.[1]);
  draft.put('observer.vendor', 'Juniper');
  draft.act(words[1] === 'A' ? 'connection_allowed' : 'connection_denied');
  return true;
}
const isV4 = (word: string): boolean => isIp(word) && !/^(?:[0-9a-f]{1,2}:){5}/i.test(word);

/** `session created 192.0.2.1/46087->198.51.100.2/25 0x0 junos-smtp 192.0.2.1/46087->198.51.100.2/25 0x0 ... 6 policy zone zone id user(roles) ...`. */
function readSession(draft: Draft): boolean {
  const said = seek(draft.head, 'session ', /\bsession (created|closed|denied)(?: ([A-Za-z][^:/]{0,60}))?:? ?([0-9a-fA-F.:]{3,45})\/(\d{1,5})->([0-9a-fA-F.:]{3,45})\/(\d{1,5})(?: 0x[0-9a-f]{1,8})? (.{0,600})/);
  if (said === null) return false;
  const [, what, reason, source, sourcePort, destination, destinationPort, rest = ''] = said;
  draft.put('source.ip', source); draft.put('source.port', sourcePort); draft.put('destination.ip', destination); draft.put('destination.port', destinationPort);
  const words = rest.split(' ', 40), nat = /([0-9a-fA-F.:]{3,45})\/(\d{1,5})->([0-9a-fA-F.:]{3,45})\/(\d{1,5})/.exec(rest);
  draft.put('service.name', words[0]);
  if (nat !== null) { draft.put('source.nat.ip', nat[1]); draft.put('source.nat.port', nat[2]); draft.put('destination.nat.ip', nat[3]); draft.put('destination.nat.port', nat[4]); }
  const number = words.findIndex((word, i) => i > 0 && /^\d{1,3}(?:\(\d{1,3}\))?$/.test(word)); // the protocol, then the policy
  if (number > 0) { draft.put('network.transport', protocolName((words[number] as string).replace(/\(.*/, ''))); draft.put('rule.name', words[number + 1]); readRest(draft, words.slice(number + 2), draft.head.includes('AppTrack')); }
  draft.put('event.reason', reason?.trim() ?? (what === 'denied' && rest.includes(' Denied by policy') ? 'Denied by policy' : undefined));
  draft.put('event.code', /\b((?:RT_FLOW_|APPTRACK_)SESSION_\w{4,40})/.exec(draft.head)?.[1] ?? draft.get('log.syslog.appname'));
  draft.put('observer.vendor', 'Juniper');
  draft.act(what === 'created' ? 'connection_started' : what === 'closed' ? 'connection_ended' : 'connection_denied');
  return true;
}

/** Behind the policy: zones, session, `packets(bytes)` each way and seconds where it is closed, applications, `user(roles)`, the interface it came in by (application tracking: went out by). */
function readRest(draft: Draft, words: readonly string[], tracked: boolean): void {
  if (/^[A-Za-z]/.test(words[0] ?? '') && /^[A-Za-z]/.test(words[1] ?? '')) { draft.put('observer.ingress.zone', words[0]); draft.put('observer.egress.zone', words[1]); }
  for (let i = 2; i < words.length; i++) {
    const word = words[i] as string, open = word.indexOf('(');
    if (open < 0) { if (word.includes('.') && LINK.test(word)) draft.fill(tracked ? 'observer.egress.interface.name' : 'observer.ingress.interface.name', word); continue; }
    const before = word.slice(0, open), inside = word.slice(open + 1, -1);
    if (/^\d+$/.test(before)) {
      if (!/^\d{1,18}$/.test(inside)) continue;
      const side = draft.has('source.bytes') ? 'destination' : 'source';
      draft.put(`${side}.packets`, before); draft.put(`${side}.bytes`, inside);
      if (side === 'destination' && /^\d{1,9}$/.test(words[i + 1] ?? '')) { draft.put('event.duration', Number(words[i + 1]) * 1e9); if (tracked && !/^(?:N\/A|UNKNOWN)$/.test(words[i + 2] ?? 'N/A')) fillAccount(draft, 'user', words[i + 2]); }
    } else if (before !== 'N/A' && before !== 'UNKNOWN' && word.endsWith(')')) fillAccount(draft, 'user', before);
  }
}
const LINK = /^(?:[a-z]{2}-\d{1,3}\/\d{1,3}\/\d{1,3}|(?:reth|st|irb|lo|ae|vlan)\d{0,4})\.\d{1,5}$/;

/** Attacks, screens and the web filter as sentences. */
function readThreat(draft: Draft): boolean {
  const { head } = draft;
  const attack = seek(head, 'IDP: ', /\bIDP: at \d{1,12}, .{0,60}?<([0-9a-fA-F.:]{3,45})\/(\d{1,5})->([0-9a-fA-F.:]{3,45})\/(\d{1,5})> for (\w{2,12}) protocol .{0,300}?\baction=(\w{2,20}), threat-severity=(\w{2,16}), name=([^,]{1,160})/);
  const screen = seek(head, 'source: ', /RT_SCREEN_\w{2,40}: (.{3,80}?)!? source: ([0-9a-fA-F.:[\]]{3,53}), destination: ([0-9a-fA-F.:[\]]{3,53}),.{0,60}? interface name: ([^\s,]{1,40})/);
  const limit = seek(head, 'session limit!', /(RT_SCREEN_\w{2,40}): (.{3,60}?)! (source|destination): ([0-9a-fA-F.:[\]]{3,53}),.{0,60}? interface name: ([^\s,]{1,40})/);
  if (limit !== null) {
    draft.put('event.code', limit[1]); draft.put('rule.name', limit[2]); draft.put(`${limit[3] as 'source' | 'destination'}.ip`, limit[4]); draft.put('observer.ingress.interface.name', limit[5]);
    draft.put('observer.vendor', 'Juniper');
    draft.act('intrusion_detected', head.includes('action: drop') ? 'failure' : undefined);
    return true;
  }
  const page = seek(head, ' URL=', /\b(WEBFILTER_URL_\w{3,20}): .{0,80}? ([0-9a-fA-F.:]{3,45})\((\d{1,5})\)->([0-9a-fA-F.:]{3,45})\((\d{1,5})\) .{0,300}?\bURL=(\S{1,500}) OBJ=(\S{1,500})(?: username (\S{1,64}))?/);
  const virus = seek(head, 'Virus detected: ', /\b(AV_\w{4,40}): .{0,40}?Virus detected: from ([0-9a-fA-F.:]{3,45}):(\d{1,5}) to ([0-9a-fA-F.:]{3,45}):(\d{1,5})(?: source-zone \S{1,64})?(?: \S{1,400})? file (\S{1,300}) virus (\S{1,160})/);
  const ends = attack?.slice(1, 5) ?? virus?.slice(2, 6) ?? page?.slice(2, 6) ?? screen?.slice(2, 4).flatMap((end) => { const { host, port } = splitEndpoint(end); return [host, port]; });
  if (ends === undefined) return false;
  draft.put('source.ip', ends[0]); draft.put('source.port', ends[1]); draft.put('destination.ip', ends[2]); draft.put('destination.port', ends[3]);
  draft.put('observer.vendor', 'Juniper');
  draft.put('event.code', /\b(IDP_\w{4,40}|RT_SCREEN_\w{2,40}|WEBFILTER_\w{4,40}|AV_\w{4,40})/.exec(head)?.[1]);
  if (virus !== null) { draft.put('file.name', virus[6]); draft.put('rule.name', virus[7]); draft.act('malware_detected'); return true; }
  if (page !== null) {
    draft.put('rule.category', seek(head, 'CATEGORY="', /CATEGORY="([^"]{1,100})"/)?.[1]);
    draft.put('url.domain', page[6]); draft.put('url.path', page[7]?.split('?', 1)[0]); joinUrl(draft);
    if (page[8] !== 'N/A') fillAccount(draft, 'user', page[8]);
    draft.act(page[1]?.includes('PERMITTED') === true ? 'http_request' : 'connection_denied');
    return true;
  }
  draft.put('network.transport', attack?.[5]?.toLowerCase());
  draft.put('rule.name', attack?.[8] ?? screen?.[1]); draft.put('threat.name', attack?.[8]);
  draft.put('observer.ingress.zone', seek(head, ' zone name: ', / zone name: ([^\s,]{1,64})/)?.[1] ?? seek(head, 'intf:', /intf:([^:\s]{1,60}):/)?.[1]);
  draft.put('observer.ingress.interface.name', screen?.[4] ?? /intf:[^:]{1,60}:([\w/.:-]{2,30}?)->/.exec(head)?.[1]);
  draft.act('intrusion_detected', /drop|close|block/i.test(attack?.[6] ?? / action: (\w{2,20})/.exec(head)?.[1] ?? '') ? 'failure' : undefined);
  return true;
}

/** `UI_LOGIN_EVENT: User 'an' login, class 'x' [5], ssh-connection '192.0.2.1 4038 192.0.2.2 22'`, `UI_CMDLINE_READ_LINE: User 'an', command 'show'`. */
function readManagement(draft: Draft): boolean {
  const code = MANAGEMENT.exec(draft.head);
  if (code === null) return false;
  const said = draft.text.slice(code[0].length, code[0].length + 4000).replace(/\b(from|host) '([0-9a-fA-F.:]{3,45})'/, '$1 $2'), kind = code[1] as string;
  draft.put('event.code', kind);
  draft.put('observer.vendor', 'Juniper');
  putAccount(draft, 'user', /\b[Uu]ser '([^']{1,128})'/.exec(said)?.[1] ?? /\bfor user (\S{1,128}) from /.exec(said)?.[1] ?? /^User (\S{1,128}) logged in /.exec(said)?.[1]);
  draft.put('process.command_line', /command '(.*)'\s*$/s.exec(said)?.[1]);
  draft.put('process.executable', /child '([^']{1,500})'/.exec(said)?.[1]);
  const ends = /ssh-connection '([0-9a-fA-F.:]{3,45}) (\d{1,5}) ([0-9a-fA-F.:]{3,45}) (\d{1,5})'/.exec(said);
  if (ends !== null) { draft.put('source.ip', ends[1]); draft.put('source.port', ends[2]); draft.put('destination.ip', ends[3]); draft.put('destination.port', ends[4]); }
  else readSentence(draft, said);
  if (/FAILED|FAILURE|ERROR|INVALID|ATTEMPTS_THRESHOLD|ACCOUNT_LOCKED/.test(kind)) draft.act('login_failed');
  else if (kind === 'UI_LOGIN_EVENT' || kind === 'UI_AUTH_EVENT' || kind === 'LOGIN_INFORMATION' || kind === 'LOGIN_ROOT') draft.act('login');
  else if (kind === 'UI_LOGOUT_EVENT') draft.act('logout');
  else if (/^UI_(?:COMMIT|CFG|LOAD)/.test(kind)) draft.act('config_changed');
  else if (/^UI_(?:CMDLINE|JUNOSCRIPT|NETCONF)/.test(kind)) draft.act('shell_command');
  return true;
}

/** What other daemons say: `RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.9 ...`, `KMD_VPN_UP_ALARM_USER: VPN v from 192.0.2.9 is up. Local-ip: 198.51.100.5, ...`. */
function readDaemon(draft: Draft): boolean {
  const code = draft.head.startsWith('IKE ') ? null : CODE.exec(draft.head);
  if (code === null && (!DAEMONS.includes(draft.program) || ELSEWHERE.test(draft.program))) return false;
  const said = draft.text.slice(code?.[0].length ?? 0, 2000);
  draft.put('event.code', code?.[1]);
  draft.put('observer.vendor', 'Juniper');
  const local = seek(said, 'ocal', /\bLocal(?:-ip| gateway)?: ([0-9a-fA-F.:]{3,45}?)(?:\/(\d{1,5}))?(?=[,\s])/), remote = seek(said, 'emote', /\bRemote(?: gateway)?: ([0-9a-fA-F.:]{3,45}?)(?:\/(\d{1,5}))?(?=[,\s])/);
  if (remote !== null && isIp(remote[1] as string)) { draft.put('source.ip', remote[1]); draft.put('source.port', remote[2]); }
  if (local !== null && isIp(local[1] as string)) { draft.put('destination.ip', local[1]); draft.put('destination.port', local[2]); }
  draft.put('observer.ingress.interface.name', seek(said, 'ifName ', /\bifName ([\w./:-]{2,40})/)?.[1] ?? seek(said, '-', /\b((?:ge|xe|et|fe|mge)-\d{1,3}\/\d{1,3}\/\d{1,3}(?:\.\d{1,5})?)\b/)?.[1]);
  draft.put('source.mac', seek(said, 'address: ', /address: ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\b/)?.[1]?.replace(/:/g, '-').toUpperCase());
  draft.put('event.reason', seek(said, ': ', /(?:\bReason|with error): ([^.,()]{2,120})/i)?.[1]);
  const block = seek(said, 'Subscriber ', /^Subscriber ([0-9a-fA-F.:]{3,45}) .{0,120}? from ([0-9a-fA-F.:]{3,45}) in /); // of a pool of translated addresses
  if (block !== null) { draft.put('source.ip', block[1]); draft.put('source.nat.ip', block[2]); }
  const asked = seek(said, ' at ', /\b[Uu]ser (\S{1,128}) at ([0-9a-fA-F.:]{3,45}) is (accepted|rejected)/);
  if (asked !== null) { fillAccount(draft, 'user', asked[1]); draft.put('source.ip', asked[2]); draft.act(asked[3] === 'accepted' ? 'login' : 'login_failed'); }
  if (!draft.has('source.ip')) readSentence(draft, said);
  if (!draft.has('source.ip')) draft.put('source.ip', seek(said, 'neighbor ', /\bneighbor ([0-9a-fA-F.:]{3,45}) /)?.[1]);
  const kind = code?.[1] ?? '';
  const port = kind.startsWith('DOT1XD_') ? /\bUser (\S{1,128}), Interface \S{1,40}, MAC ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})/.exec(said) : null;
  if (port !== null) { fillAccount(draft, 'user', port[1]); draft.put('source.mac', macOf(port[2] as string)); draft.act(/FAIL|HELD|REJECT/.test(kind) ? 'login_failed' : /LOGGED_OFF|DISCONNECT/.test(kind) ? 'logout' : 'login'); }
  if (/VPN_UP|SA_ESTABLISHED/.test(kind)) draft.act('vpn_connected');
  else if (/VPN_DOWN/.test(kind)) draft.act('vpn_disconnected');
  else if (/^IKE negotiation failed/.test(said)) draft.act('vpn_failed');
  else if (/MAC_LIMIT_EXCEEDED|MACMOVE|DHCP_UNTRUSTED|DAI_FAILED/.test(kind)) draft.act('access_denied');
  return true;
}
/** Daemons of Junos alone. */
const DAEMONS = ['rpd', 'kmd', 'mib2d', 'chassisd', 'dcd', 'jsrpd', 'eswd', 'l2cpd', 'l2ald', 'pfed', 'alarmd', 'craftd', 'cosd', 'dot1xd', 'rt_auth', 'jddosd', 'dfwd', 'ppmd', 'bfdd', 'mcsnoopd', 'authd', 'rt_utm', 'rt_secintel', 'rt_aamw', 'rt_screen', 'rt_nat', 'rmopd', 'jdhcpd', 'idpd', 'appidd', 'utmd', 'aamwd', 'secintel', 'smihelperd', 'license-check', 'cfmd', 'lacpd', 'vrrpd', 'ksyncd', 'rmgd'];
/** Names that others' daemons have too. */
const ELSEWHERE = /^(?:authd|bfdd|lacpd|vrrpd|cfmd|license-check|rmgd|idpd|alarmd|dfwd|ppmd|secintel)$/;
const CODE = /^([A-Z][A-Z0-9]{1,20}(?:_[A-Z0-9]{1,30}){1,10}): /;

/** With `explicit-priority` the facility and the level stand before the text: `%DAEMON-4-RPD_...: `, `%AUTH-6: `. IOS names its facilities otherwise, NX-OS writes SYSTEM_MSG. */
const PREFIX = /^%(?:DAEMON|INTERACT|AUTH|USER|PFE|KERN|CONFLICT|CHANGE|FIREWALL|EXTERNAL|DFC|SYSLOG|CRON|FTP|NTP|LOCAL[0-7])-([0-7])(?:: |-(?=[A-Z][A-Z0-9]*_)(?!SYSTEM_MSG))/;
const MANAGEMENT = /^(?:mgd\[\d{1,8}\]: )?(UI_[A-Z_]{3,40}|SSHD_LOGIN_[A-Z_]{3,40}|LOGIN_[A-Z_]{3,40}|SNMPD_AUTH_[A-Z_]{3,40}): /;

export const juniper: Format = { name: 'juniper.srx', holds: ['source-address', 'FW: ', '^RT_FLOW_SESSION_', '^session ', '^UI_', '^mgd[', '^SSHD_LOGIN_', '^LOGIN_', '^SNMPD_AUTH_', '^%DAEMON-0', '^%INTERACT-0', '^%AUTH-0', '^%USER-0', '^%PFE-0', '^%KERN-0', '^%CONFLICT-0', '^%CHANGE-0', '^%FIREWALL-0', '^%EXTERNAL-0', '^%DFC-0', '^%SYSLOG-0', '^%CRON-0', '^%FTP-0', '^%NTP-0', '^%LOCAL0-0'], ofStructured: true, programs: [...DAEMONS, 'mgd', 'rt_flow', 'rt_idp', 'rt_ids', 'rt_flow_session_create', 'rt_flow_session_close', 'rt_flow_session_deny'], beforePrograms: true, detect: ({ head, structured, program }) => head.startsWith('%') && PREFIX.test(head) || structured?.[0]?.[0].startsWith('junos@') === true || structured?.some(([name]) => name === 'source-address') === true || program.startsWith('rt_') && head.includes('source-address') || head.includes('="') && head.includes('source-address="') || head.includes('FW: ') && /(?:^|\s)FW: \S{1,40} {1,12}[ADR] /.test(head) || (head.startsWith('RT_FLOW_SESSION_') || head.startsWith('session ')) && /^(?:RT_FLOW_SESSION_\w{4,10}: |session (?:created|closed|denied) )/.test(head) || (head.startsWith('UI_') || head.startsWith('mgd[') || head.startsWith('SSHD_LOGIN_') || head.startsWith('LOGIN_') || head.startsWith('SNMPD_AUTH_')) && MANAGEMENT.test(head), read: readJuniper };
