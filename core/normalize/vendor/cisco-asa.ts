// Cisco ASA, FTD, PIX and FWSM: `%ASA-6-302013: Built outbound TCP connection 1 for outside:192.0.2.1/80 (192.0.2.1/80) to inside:10.0.0.1/5000 (...)`.
// The number is event.code; what most of the some hundred messages say is read from their endpoints and words, a few by their own form.
import type { Action } from '../actions.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { isIp, macOf, protocolName } from '../net.js';
import { seek } from '../seek.js';
import { putTarget } from '../web/request.js';
import { putAs, putCommon } from '../common-names.js';
import { portOf, putCiscoUser, putEndpoint, readEndpoints } from './cisco-text.js';
import { nativeNames } from '../native-names.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';

const NATIVE = nativeNames('cisco.ftd');

const INSIDE = /(%(?:ASA|FTD|PIX|FWSM|NGIPS)-(?:[a-z]{1,20}-)?\d-\d{6})(?:: ?| )/;
const CODE = /^%(ASA|FTD|PIX|FWSM|NGIPS)-(?:[a-z]+-)?([0-7])-(\d{6})$/;
const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug'];

/** The family, the number and the level in a code; there are some hundred. */
const codeOf = remembered((appname) => { const found = CODE.exec(appname); return { family: found?.[1]?.toLowerCase() ?? '', code: found?.[3] ?? '', severity: Number(found?.[2]), level: LEVELS[Number(found?.[2])] }; });

const FORMS = messageRules([
  ['Built {network.direction} ICMP connection for faddr {destination.ip}/{} gaddr {source.nat.ip}/{} laddr {source.ip}/{}{*}', 'connection_started'],
  ['Teardown ICMP connection for faddr {destination.ip}/{} gaddr {source.nat.ip}/{} laddr {source.ip}/{}{*}', 'connection_ended'],
  ["User '{user.name~}' executed the '{process.command_line>}' command{*}", 'config_changed'],
  ["User '{user.name~}', running '{~}' from IP {source.ip}, executed '{process.command_line>}'", 'config_changed'],
  ["User '{user.name~}', running {~} from IP {source.ip}, executed {process.command_line~}", 'config_changed'],
  ["User '{user.name~}' executed cmd: {process.command_line~}", 'shell_command'],
  ['AAA credentials rejected : reason = {event.reason~} : server = {destination.ip} : user = {source.user.name~} : user IP = {source.ip}', 'login_failed'],
  ['AAA credentials rejected : reason = {event.reason~} : server = {destination.ip} : user = {source.user.name~}', 'login_failed'],
  ['AAA {~} server not accessible : server = {destination.ip} : user = {source.user.name~}', 'login_failed'],
  ['AAA Marking {~} server {destination.ip} in aaa-server group {service.name~} as FAILED', 'service_failed'],
  ['AAA Marking {~} server {destination.ip} in aaa-server group {service.name~} as ACTIVE', 'service_started'],
  ['DAP: User {user.name~}, Addr {source.ip~}, Connection {~}: The following DAP records were selected for this connection: {rule.name~}'],
  ['DAP: User {user.name~}, Addr {source.ip~}: {event.reason~}'],
  ['user-identity: Add IP-User mapping {source.ip} - {user.name} Succeeded{*}', 'login'],
  ['user-identity: Delete IP-User mapping {source.ip} - {user.name} Succeeded{*}', 'logout'],
  ['Received ARP {~} collision from {source.ip}/{source.mac} on interface {observer.ingress.interface.name}{*}', 'intrusion_detected'],
  ['PMTU-D packet {} bytes greater than effective mtu {}, dest_addr={destination.ip}, src_addr={source.ip}, prot={network.transport}'],
  ['Login denied from {source.ip}/{source.port} to {observer.ingress.interface.name~}:{destination.ip}/{destination.port} for user "{user.name~}"', 'login_failed'],
  ['Login permitted from {source.ip}/{source.port} to {observer.ingress.interface.name~}:{destination.ip}/{destination.port} for user "{user.name~}"', 'login'],
  ['{source.ip} Accessed URL {destination.user.name}@{destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip} Accessed URL {destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip}@{} Accessed URL {destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip} Accessed JAVA URL {destination.ip}:{url.original~}', 'http_request'],
  ['Access denied URL {url.original} SRC {source.ip} DEST {destination.ip} on interface {observer.ingress.interface.name}', 'connection_denied'],
  ['Access denied URL {url.original} SRC {source.ip} DEST {destination.ip} on {*}', 'connection_denied'],
  ['AAA user {~} Successful : server = {destination.ip} : user = {source.user.name~}', 'login'],
  ['AAA user {~} Successful: server = {destination.ip} , User = {user.name~}', 'login'],
  ['AAA user {~} Successful: server = {destination.ip}, User = {user.name~}', 'login'],
  ['AAA user {~} Rejected: reason = {event.reason~}: server = {destination.ip}, User = {user.name~}', 'login_failed'],
  ['AAA user {~} Rejected : reason = {event.reason~} : server = {destination.ip} : user = {source.user.name~} : user IP = {source.ip}', 'login_failed'],
  ['AAA user {~} Rejected : reason = {event.reason~} : server = {destination.ip} : user = {source.user.name~}', 'login_failed'],
  ['AAA user {~} Rejected : reason = {event.reason~} : local database : user = {source.user.name~} : user IP = {source.ip}', 'login_failed'],
  ['AAA user {~} Rejected : reason = {event.reason~} : local database : user = {source.user.name~}', 'login_failed'],
  ['AAA user {~} Successful : local database : user = {source.user.name~}', 'login'],
  ['AAA user {~} Successful: local database: user = {source.user.name~}', 'login'],
  ['Group = {group.name~}, Username = {user.name~}, IP = {source.ip}, Session disconnected. {*}', 'vpn_disconnected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {~}session started{*}', 'vpn_connected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {~}session terminated: {event.reason~}', 'vpn_disconnected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> Client Type: {user_agent.original~}'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {~}session terminated{*}', 'vpn_disconnected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> Authentication: rejected{*}', 'vpn_failed'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> IPv4 Address <{source.nat.ip}> IPv6 address <{~}> assigned to session{*}', 'vpn_connected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {event.reason~}'],
  ['Group {group.name} User {user.name} IP {source.ip} {~}session started{*}', 'vpn_connected'],
  ['Group {group.name} User {user.name} IP {source.ip} {~}session terminated{*}', 'vpn_disconnected'],
  ['Attempted console login failed. User {user.name} did NOT{*}', 'login_failed'],
  ["Attempted console login failed user '{user.name~}' did NOT{*}", 'login_failed'],
  ['AAA user {~} Rejected: reason = {event.reason~}: server = {destination.ip} : user = {source.user.name~}: user IP = {source.ip}', 'login_failed'],
  ['AAA user {~} Rejected: reason = {event.reason~}: server = {destination.ip} : user = {source.user.name~} : user IP = {source.ip}', 'login_failed'],
  ['AAA user {~} Rejected: reason = {event.reason~}: local database : user = {source.user.name~}: user IP = {source.ip}', 'login_failed'],
  ['AAA user {~} Rejected: reason = {event.reason~}: local database : user = {source.user.name~} : user IP = {source.ip}', 'login_failed'],
  ['Group {group.name} User {user.name} IP {source.ip} {event.reason~}'],
  ['Group = {group.name~}, Username = {user.name~}, IP = {source.ip}, {event.reason~}'],
  ['Group = {group.name~}, IP = {source.ip}, {event.reason~}'],
  ['IP = {source.ip}, {event.reason~}'],
  ['console enable password incorrect for {} tries (from {source.ip})', 'login_failed'],
  ['{~} console enable password incorrect for {} tries (from {source.ip})', 'login_failed'],
  ['Local:{source.ip~}:{source.port} Remote:{destination.ip~}:{destination.port} Username:{user.name} {*}'],
]);

function readFirewall(draft: Draft): boolean {
  let { text } = draft, appname = draft.getText('log.syslog.appname') ?? '';
  if (!appname.startsWith('%')) { // the code stands in the text, under a tag or a host of its own
    const inside = INSIDE.exec(draft.head);
    if (inside === null) return draft.program === 'sfims' ? readManager(draft) : MANAGERS.includes(draft.program) && readAudit(draft);
    appname = inside[1] as string;
    text = text.slice(inside.index + inside[0].length).trimStart();
  }
  const { family, code, severity, level } = codeOf(appname);
  if (code === '') return false;
  draft.event['event.dataset'] = 'cisco.asa';
  draft.event['event.module'] = 'cisco';
  draft.put('event.code', code);
  draft.put('cisco.asa.message_id', code);
  draft.put('event.severity', severity);
  draft.put('log.level', level);
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', family);
  if (code.startsWith('4300')) { readThreatDefense(draft, text); return true; }
  if (applyRules(FORMS, text.trim().replace(' =  ', ' = '), draft)) {
    for (const name of ['user.name', 'source.user.name']) if (HIDDEN.has(draft.getText(name) ?? '')) Reflect.deleteProperty(draft.event, name);
    readForm(draft, text);
    if (!draft.has('event.action')) actByCode(draft, code);
    const url = draft.getText('url.original');
    if (url !== undefined) putTarget(draft, url);
    putAccount(draft, 'user', draft.getText('user.name'));
    if (text.includes(' laddr ')) putAccount(draft, 'source.user', / laddr \S{3,60} \(([^)]{1,128})\)/.exec(text.slice(0, 600))?.[1] ?? / faddr [^\s(]{3,60}\(([^)]{1,128})\)/.exec(text.slice(0, 600))?.[1]);
    draft.fill('user.name', draft.get('source.user.name'));
    if (draft.has('user.name')) draft.fill('source.user.name', draft.get('user.name'));
    if (text.includes(' ICMP connection for ')) draft.fill('network.transport', 'icmp');
    return true;
  }
  const { endpoints, protocol } = readEndpoints(text);
  const outbound = text.startsWith('Built outbound');
  putEndpoint(draft, 'source', outbound ? endpoints[1] : endpoints[0]);
  putEndpoint(draft, 'destination', outbound ? endpoints[0] : endpoints[1]);
  draft.put('network.transport', protocol);
  if (text.startsWith('Built inbound')) draft.put('network.direction', 'inbound');
  else if (outbound) draft.put('network.direction', 'outbound');
  putCiscoUser(draft, text);
  if (text.includes(' for user ')) fillAccount(draft, 'user', / for user (\S{1,128}) /.exec(text.slice(0, 400))?.[1]);
  if (code === '303002') draft.put('file.path', /(?:Stored|Retrieved) (?:file )?(\S.{0,500})$/.exec(text.slice(0, 1000).trimEnd())?.[1]);
  if (code.startsWith('338')) draft.fill('destination.domain', /resolved from \w{3,12} list: ([\w.-]{3,253})/.exec(text.slice(0, 1000))?.[1]);
  draft.fill('user.name', draft.get('source.user.name') ?? draft.get('destination.user.name'));
  draft.put('rule.name', text.includes('access-') ? /access-(?:group "([^"]{1,200})"|list (\S{1,200}))/.exec(text.slice(0, 1000))?.slice(1).find((name) => name !== undefined) : undefined);
  const bytes = text.includes(' bytes ') ? / bytes (\d{1,18})/.exec(text.slice(0, 1000))?.[1] : undefined;
  draft.put('network.bytes', bytes);
  readFlow(draft, text.slice(0, 1000), code);
  const action = TOLD_BY_CODE.test(code) ? undefined : actionOf(text.slice(0, 400), code);
  if (action !== undefined) draft.act(action); else actByCode(draft, code);
  if (IAM_CODES.has(code)) draft.put('user.target.name', draft.get('user.name'));
  return true;
}

/** A name that the firewall does not tell. */
const HIDDEN: ReadonlySet<string> = new Set(['Unknown', '*****']);
/** The dynamic filter's messages speak of what it permitted, too. */
const TOLD_BY_CODE = /^338[0-2]/;

/** What stands behind the parts that a form names. */
function readForm(draft: Draft, text: string): void {
  const ended = seek(text, ', Bytes xmt: ', /, Duration: (?:(\d{1,5})d )?(\d{1,5})h:(\d\d)m:(\d\d)s, Bytes xmt: (\d{1,18}), Bytes rcv: (\d{1,18}), Reason: (.{1,200})/);
  if (ended !== null) { // sent to the client, received from it
    draft.put('event.duration', (Number(ended[1] ?? 0) * 86_400 + Number(ended[2]) * 3600 + Number(ended[3]) * 60 + Number(ended[4])) * 1e9);
    draft.put('destination.bytes', ended[5]); draft.put('source.bytes', ended[6]);
    draft.put('event.reason', ended[7]);
  }
  if (text.startsWith('Login ')) draft.fill('destination.port', portOf(/\/([a-z-]{2,20}) for user /.exec(text.slice(0, 300))?.[1] ?? ''));
  const transport = draft.getText('network.transport');
  if (transport !== undefined) draft.put('network.transport', transport.toLowerCase());
  const mac = draft.getText('source.mac');
  if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
}

/** How long a connection was and why it ended, its number, the interface of a packet whose ends name none. */
function readFlow(draft: Draft, said: string, code: string): void {
  draft.put('cisco.asa.connection_id', seek(said, ' connection ', /^(?:Built|Teardown) .{3,60}? connection (\d{1,12}) (?:for|from) /)?.[1]);
  const took = seek(said, ' duration ', / duration (\d{1,6}):(\d\d):(\d\d)/);
  if (took !== null) draft.put('event.duration', (Number(took[1]) * 3600 + Number(took[2]) * 60 + Number(took[3])) * 1e9);
  if (code.startsWith('3020')) draft.put('event.reason', seek(said, ' bytes ', / bytes \d{1,18} ([A-Z][^()]{1,100}?)(?: \([^)]{1,128}\))?\s*$/)?.[1]);
  if (!said.includes('output packet')) draft.fill('observer.ingress.interface.name', seek(said, ' on interface ', / on interface ([\w.\/-]{1,64})/)?.[1]);
  const translated = code.startsWith('3050') ? seek(said, ' translation from ', /^(?:Built|Teardown) .{3,20} translation from /) : null;
  if (translated === null) return;
  draft.put('source.nat.ip', draft.get('destination.ip')); draft.put('source.nat.port', draft.get('destination.port'));
  const out = draft.getText('observer.egress.interface.name');
  if (out?.endsWith(')') === true) draft.put('observer.egress.interface.name', out.slice(0, out.indexOf('('))); // the list that chose it
}

/** What messages mean whose words do not say it; numbers of Cisco's message guide. */
const CODES: ReadonlyMap<string, Action> = new Map(Object.entries({
  login: '109005 113004 113008 113012 611101', login_failed: '109006 109010 113005 113015 308001 611102 113014 113021', logout: '611103', session_opened: '606001 606003', session_closed: '606002 606004', user_created: '502101', user_deleted: '502102', user_changed: '502103', user_locked: '113006', user_unlocked: '113007',
  config_changed: '111001 111003 111005 111004 111007 112001 208005 502111 502112', ssh_disconnected: '315011', vpn_connected: '716038 722022 722033 722034 722051 713119 750006 751025', vpn_disconnected: '716058 722023 722037 722028 713050 713259 750007', vpn_failed: '113029 113038 722036 722041 750003 713048 713198 751002 751015',
  connection_started: '725001 725002 602303', connection_ended: '725007 602304', connection_denied: '108003 201003 201009 201010 201011 201012 201013 202010 500003 500004 725006 110002 110003 209003 209004 209005 305005 305006 434002 434004 710003 725014', connection_allowed: '710002', intrusion_detected: '419002 338001 338002 338003 338004 338005 338006 338007 338008 338201 338202 338203 338204',
  dhcp_lease: '604103 604104 737006 737026', system_started: '199002', system_stopped: '199001',
} satisfies Partial<Record<Action, string>>).flatMap(([action, codes]) => codes.split(' ').map((code) => [code, action as Action] as const)));
const IAM_CODES = new Set(['502101', '502102', '502103', '113006', '113007']);
function actByCode(draft: Draft, code: string): void {
  const action = code === '303002' ? draft.text.includes(' Stored ') ? 'file_uploaded' : 'file_downloaded' : CODES.get(code);
  if (action !== undefined) draft.act(action);
}

function actionOf(text: string, code: string): Action | undefined {
  if (text.startsWith('Teardown')) return 'connection_ended';
  if (/^(?:Deny|Denied|Inbound TCP connection denied|Dropped|No matching)|denied|blocked|dropped|discarded/i.test(text)) return 'connection_denied';
  if (text.startsWith('Built')) return 'connection_started';
  if (text.includes('permitted') || text.includes(' est-allowed ')) return 'connection_allowed';
  return code.startsWith('40') || code.startsWith('7331') || code.startsWith('4200') ? 'intrusion_detected' : undefined;
}

/** FTD 43000x: `Key: value, Key: value`. */
function readThreatDefense(draft: Draft, text: string): void {
  let p = 0;
  const pairs: [string, string][] = [];
  while (p < text.length && pairs.length < 200) {
    const colon = text.indexOf(':', p);
    if (colon < 0) break;
    const key = text.slice(p, colon).trim();
    let end = colon;
    for (;;) { // a comma ends the value only where another key follows
      end = text.indexOf(', ', end + 1);
      if (end < 0 || NEXT_KEY.test(text.slice(end + 2, end + 52))) break;
    }
    const stop = end < 0 ? text.length : end;
    pairs.push([key, text.slice(colon + 1, stop).trim()]);
    p = stop + 2;
  }
  for (const [key, value] of pairs) {
    draft.fill(NATIVE(key), value);
    const field = THREAT_DEFENSE[key];
    if (key === 'Message') draft.fill('rule.name', value.replace(/^"(.*)"$/s, '$1'));
    if (NOTHING.has(value) || key === 'Policy') continue;
    if (field === 'network.transport') draft.put(field, protocolName(value));
    else if (field === 'network.protocol') draft.put(field, value.toLowerCase());
    else if (field === 'event.duration') draft.put(field, Number(value) * 1e9);
    else if (field === 'dns.question.type') draft.put(field, RECORDS[value] ?? value);
    else if (field === 'user.name') { fillAccount(draft, 'user', value); fillAccount(draft, 'source.user', value); }
    else if (field !== undefined) draft.fill(field, value);
    else if (field === undefined) putCommon(draft, key, value);
  }
  const url = draft.getText('url.original');
  if (url !== undefined) { putTarget(draft, url); draft.fill('destination.domain', draft.get('url.domain')); }
  draft.fill('url.domain', draft.get('tls.client.server_name')); draft.fill('destination.domain', draft.get('tls.client.server_name'));
  const code = draft.get('event.code'), verdict = draft.getText('cisco.ftd.AccessControlRuleAction') ?? '', said = draft.getText('cisco.ftd.InlineResult') ?? draft.getText('cisco.ftd.FileAction') ?? '', stopped = /^(?:Dropped|Blocked|Block\b|Malware Block|Reject)/i.test(said) ? 'failure' : undefined;
  if (code === '430001') draft.act('intrusion_detected', stopped);
  else if (code === '430005') draft.act('malware_detected', stopped);
  else if (code === '430004') draft.act(draft.get('cisco.ftd.FileDirection') === 'Upload' ? 'file_uploaded' : 'file_downloaded', stopped);
  else draft.act(/block/i.test(verdict) ? 'connection_denied' : 'connection_allowed');
}

/** What the management center passes on for its sensors: connections as `Key: value`, attacks as `[1:51006:3] "words" [Impact: x] From "sensor" at ... [Classification: x] {tcp} 192.0.2.1:5 (vietnam)->198.51.100.1:80`. */
function readManager(draft: Draft): boolean {
  const said = draft.text.slice(0, 2000), attack = /^\[(\d{1,6}):(\d{1,10}):\d{1,6}\] "(.{1,300}?)" .{0,600}?\{(\w{2,10})\} ([0-9a-fA-F.:]{3,51})(?: \([^)]{0,40}\))? ?-> ?([0-9a-fA-F.:]{3,51})/.exec(said);
  if (attack === null && !said.includes('SrcIP: ')) return false;
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', 'ftd');
  if (attack === null) { readThreatDefense(draft, draft.text); return true; }
  draft.put('rule.id', attack[2]); draft.put('rule.name', attack[3]);
  draft.put('rule.category', /\[Classification: ([^\]]{1,100})\]/.exec(said)?.[1]);
  draft.put('observer.name', / From "?([\w.-]{1,64})"? at /.exec(said)?.[1]);
  draft.put('network.transport', attack[4]?.toLowerCase());
  putAs(draft, 'source.ip', attack[5] as string); putAs(draft, 'destination.ip', attack[6] as string);
  draft.act('intrusion_detected');
  return true;
}
/** The management center's own audit: `fmc1: an@192.0.2.1, Policies > Access Control, Page View`. */
const MANAGERS: readonly string[] = ['mojo_server.pl', 'sfdccsm', 'index.cgi', 'platformsettingedit.cgi'];
function readAudit(draft: Draft): boolean {
  const [, who, from, where, what = ''] = /^(?:[\w.-]{1,64}: )?([^\s@,]{1,64})@([0-9a-fA-F.:]{3,45}|Default [\w ]{1,20}|[\w.-]{1,64}), ([^,]{1,200}), (.{1,500})$/.exec(draft.text.trim().slice(0, 1000)) ?? [];
  if (who === undefined) return false;
  putAccount(draft, 'user', who); fillAccount(draft, 'source.user', who);
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
  draft.put('cisco.ftd.subsystem', where);
  draft.put('event.reason', what);
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', 'ftd');
  if (where === 'Login') draft.act(/fail|denied|invalid/i.test(what) ? 'login_failed' : 'login');
  else if (where === 'Logout') draft.act('logout');
  else if (/^(?:Save|Modif|Delet|Creat|Add|Apply|Deploy|Edit|Import|Updat)/i.test(what)) draft.act('config_changed');
  return true;
}
const NOTHING: ReadonlySet<string> = new Set(['No Authentication Required', 'Unknown', '::', '0.0.0.0', 'N/A', '']);
/** Records as it spells them. */
const RECORDS = lookup<string>({ 'a host address': 'A', 'ip6 address': 'AAAA', 'the canonical name for an alias': 'CNAME', 'marks the start of a zone of authority': 'SOA', 'mail exchange': 'MX', 'text strings': 'TXT', 'a domain name pointer': 'PTR', 'an authoritative name server': 'NS', 'server selection': 'SRV', 'a request for all records the server/cache has available': 'ANY', 'host information': 'HINFO', 'a well known service description': 'WKS' });
const NEXT_KEY = /^[A-Z][A-Za-z0-9_ /-]{0,40}:/;
const THREAT_DEFENSE = lookup<string>({
  SrcIP: 'source.ip', SrcPort: 'source.port', DstIP: 'destination.ip', DstPort: 'destination.port', Protocol: 'network.transport', InitiatorBytes: 'source.bytes', ResponderBytes: 'destination.bytes', IngressInterface: 'observer.ingress.interface.name', EgressInterface: 'observer.egress.interface.name',
  AccessControlRuleName: 'rule.name', ApplicationProtocol: 'network.protocol', User: 'user.name', UserName: 'user.name', URL: 'url.original', URI: 'url.original', UserAgent: 'user_agent.original', HTTPReferer: 'http.request.referrer', HTTPResponse: 'http.response.status_code', ReferencedHost: 'url.domain',
  HTTP_Hostname: 'url.domain', HTTP_URI: 'url.original', DNSQuery: 'dns.question.name', DNSRecordType: 'dns.question.type', DNSResponseType: 'dns.response_code', FileName: 'file.name', FileSHA256: 'file.hash.sha256', Message: 'event.reason', SID: 'rule.id', OriginalClientSrcIP: 'network.forwarded_ip', OriginalClientIP: 'network.forwarded_ip', AccessControlRuleReason: 'event.reason', ConnectionDuration: 'event.duration', InitiatorPackets: 'source.packets', ResponderPackets: 'destination.packets',
  SSLServerName: 'tls.client.server_name', SSLVersion: 'tls.version', SSLCipherSuite: 'tls.cipher', IngressZone: 'observer.ingress.zone', EgressZone: 'observer.egress.zone', FileSize: 'file.size', ThreatName: 'threat.name', Classification: 'rule.category', WebApplication: 'network.application', VLAN_ID: 'network.vlan.id',
  NAT_InitiatorIP: 'source.nat.ip', NAT_ResponderIP: 'destination.nat.ip', NAT_InitiatorPort: 'source.nat.port', NAT_ResponderPort: 'destination.nat.port',
});

export const ciscoAsa: Format = { name: 'cisco.asa', programs: ['sfims', ...MANAGERS], holds: ['%ASA-', '%FTD-', '%PIX-', '%FWSM-', '%NGIPS-'], likePrograms: /^%/, detect: ({ head, program }) => program.startsWith('%') || head.includes('%') && INSIDE.test(head), read: readFirewall };
