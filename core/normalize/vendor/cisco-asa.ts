// Cisco ASA, FTD, PIX and FWSM: `%ASA-6-302013: Built outbound TCP connection 1 for outside:192.0.2.1/80 (192.0.2.1/80) to inside:10.0.0.1/5000 (...)`.
// The number is event.code; what most of the some hundred messages say is read from their endpoints and words, a few by their own form.
import type { Action } from '../actions.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { protocolName } from '../net.js';
import { putTarget } from '../web/request.js';
import { putCommon } from '../common-names.js';
import { putCiscoUser, putEndpoint, readEndpoints } from './cisco-text.js';
import { nativeNames } from '../native-names.js';
import { remembered } from '../keys.js';

const NATIVE = nativeNames('cisco.ftd');

const INSIDE = /(%(?:ASA|FTD|PIX|FWSM|NGIPS)-(?:[a-z]{1,20}-)?\d-\d{6})(?:: ?| )/;
const CODE = /^%(ASA|FTD|PIX|FWSM|NGIPS)-(?:[a-z]+-)?(\d)-(\d{6})$/;

/** The family and the number in a code; there are some hundred. */
const codeOf = remembered((appname) => { const found = CODE.exec(appname); return { family: found?.[1]?.toLowerCase() ?? '', code: found?.[3] ?? '' }; });

const FORMS = messageRules([
  ['Built {network.direction} ICMP connection for faddr {destination.ip}/{} gaddr {source.nat.ip}/{} laddr {source.ip}/{}{*}', 'connection_started'],
  ['Teardown ICMP connection for faddr {destination.ip}/{} gaddr {source.nat.ip}/{} laddr {source.ip}/{}{*}', 'connection_ended'],
  ["User '{user.name~}' executed the '{process.command_line>}' command{*}", 'config_changed'],
  ["User '{user.name~}', running '{~}' from IP {source.ip}, executed '{process.command_line>}'", 'config_changed'],
  ["User '{user.name~}', running {~} from IP {source.ip}, executed {process.command_line~}", 'config_changed'],
  ['Login denied from {source.ip}/{source.port} to {~}:{destination.ip}/{} for user "{user.name~}"', 'login_failed'],
  ['Login permitted from {source.ip}/{source.port} to {~}:{destination.ip}/{} for user "{user.name~}"', 'login'],
  ['{source.ip} Accessed URL {destination.user.name}@{destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip} Accessed URL {destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip}@{} Accessed URL {destination.ip}:{url.original~}', 'http_request'],
  ['{source.ip} Accessed JAVA URL {destination.ip}:{url.original~}', 'http_request'],
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
  ['Group = {group.name~}, Username = {user.name~}, IP = {source.ip}, Session disconnected.{*}', 'vpn_disconnected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {~}session started{*}', 'vpn_connected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {~}session terminated{*}', 'vpn_disconnected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> Authentication: rejected{*}', 'vpn_failed'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> IPv4 Address <{source.nat.ip}> IPv6 address <{~}> assigned to session{*}', 'vpn_connected'],
  ['Group <{group.name~}> User <{user.name~}> IP <{source.ip}> {*}'],
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
  ['Local:{source.ip~}:{source.port} Remote:{destination.ip~}:{destination.port} Username:{user.name} {*}'],
]);

function readFirewall(draft: Draft): boolean {
  let { text } = draft, appname = draft.getText('log.syslog.appname') ?? '';
  if (!appname.startsWith('%')) { // the code stands in the text, under a tag or a host of its own
    const inside = INSIDE.exec(draft.head);
    if (inside === null) return false;
    appname = inside[1] as string;
    text = text.slice(inside.index + inside[0].length).trimStart();
  }
  const { family, code } = codeOf(appname);
  if (code === '') return false;
  draft.event['event.dataset'] = 'cisco.asa';
  draft.event['event.module'] = 'cisco';
  draft.put('event.code', code);
  draft.put('cisco.asa.message_id', code);
  draft.put('observer.vendor', 'Cisco');
  draft.put('observer.product', family);
  if (code.startsWith('4300')) { readThreatDefense(draft, text); return true; }
  if (applyRules(FORMS, text.trim().replace(' =  ', ' = '), draft)) {
    if (draft.get('user.name') === 'Unknown') delete draft.event['user.name'];
    if (!draft.has('event.action')) actByCode(draft, code);
    const url = draft.getText('url.original');
    if (url !== undefined) putTarget(draft, url);
    putAccount(draft, 'user', draft.getText('user.name'));
    if (text.includes(' laddr ')) putAccount(draft, 'source.user', / laddr \S{3,60} \(([^)]{1,128})\)/.exec(text.slice(0, 600))?.[1] ?? / faddr [^\s(]{3,60}\(([^)]{1,128})\)/.exec(text.slice(0, 600))?.[1]);
    draft.fill('user.name', draft.get('source.user.name'));
    if (draft.has('user.name')) draft.fill('source.user.name', draft.get('user.name'));
    if (draft.getText('event.action')?.startsWith('connection_') === true) draft.fill('network.transport', 'icmp');
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
  const action = actionOf(text.slice(0, 400), code);
  if (action !== undefined) draft.act(action); else actByCode(draft, code);
  if (IAM_CODES.has(code)) draft.put('user.target.name', draft.get('user.name'));
  return true;
}

/** What messages mean whose words do not say it; numbers of Cisco's message guide. */
const CODES: ReadonlyMap<string, Action> = new Map(Object.entries({
  login: '113004 113008 611101', login_failed: '308001 611102 113014 113022', logout: '611103', session_opened: '606001 606003', session_closed: '606002 606004', user_created: '502101', user_deleted: '502102', user_changed: '502103', user_locked: '113006', user_unlocked: '113007',
  config_changed: '111001 111003 111004 111007 111009 112001 208005 502111 502112', ssh_disconnected: '315011', vpn_connected: '716038 722022 722033 722034 722051 713119 750006 751025', vpn_disconnected: '716058 722023 722037 722028 713050 713259 750007', vpn_failed: '750003 713048 713198 751002',
  connection_started: '725001 725002 602303', connection_ended: '725007 602304', connection_denied: '110002 110003 209003 209004 209005 305005 305006 434002 434004 710003 725014', connection_allowed: '710002', intrusion_detected: '338001 338002 338003 338004 338005 338006 338007 338008 338201 338202 338203 338204',
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
  if (text.includes('permitted')) return 'connection_allowed';
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
    if (field === 'network.transport') draft.put(field, protocolName(value));
    else if (field === 'user.name' && value !== 'No Authentication Required' && value !== 'Unknown') { fillAccount(draft, 'user', value); fillAccount(draft, 'source.user', value); }
    else if (field !== undefined && value !== 'No Authentication Required' && value !== 'Unknown') draft.fill(field, value);
    else if (field === undefined) putCommon(draft, key, value);
  }
  const url = draft.getText('url.original');
  if (url !== undefined) { putTarget(draft, url); draft.fill('destination.domain', draft.get('url.domain')); }
  const verdict = draft.getText('cisco.ftd.AccessControlRuleAction') ?? '';
  draft.act(draft.get('event.code') === '430001' ? 'intrusion_detected' : draft.get('event.code') === '430005' ? 'malware_detected' : /block/i.test(verdict) ? 'connection_denied' : 'connection_allowed');
}
const NEXT_KEY = /^[A-Za-z][A-Za-z0-9_ /-]{0,40}:/;
const THREAT_DEFENSE: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  SrcIP: 'source.ip', SrcPort: 'source.port', DstIP: 'destination.ip', DstPort: 'destination.port', Protocol: 'network.transport', InitiatorBytes: 'source.bytes', ResponderBytes: 'destination.bytes', IngressInterface: 'observer.ingress.interface.name', EgressInterface: 'observer.egress.interface.name',
  AccessControlRuleName: 'rule.name', ApplicationProtocol: 'network.protocol', User: 'user.name', UserName: 'user.name', URL: 'url.original', URI: 'url.original', UserAgent: 'user_agent.original', HTTPReferer: 'http.request.referrer', HTTPResponse: 'http.response.status_code', ReferencedHost: 'url.domain',
  HTTP_Hostname: 'url.domain', HTTP_URI: 'url.original', DNSQuery: 'dns.question.name', DNSRecordType: 'dns.question.type', DNSResponseType: 'dns.response_code', FileName: 'file.name', FileSHA256: 'file.hash.sha256', Message: 'event.reason', SID: 'rule.id', OriginalClientSrcIP: 'network.forwarded_ip',
  NAT_InitiatorIP: 'source.nat.ip', NAT_ResponderIP: 'destination.nat.ip', NAT_InitiatorPort: 'source.nat.port', NAT_ResponderPort: 'destination.nat.port',
});

export const ciscoAsa: Format = { name: 'cisco.asa', holds: ['%ASA-', '%FTD-', '%PIX-', '%FWSM-', '%NGIPS-'], likePrograms: /^%/, detect: ({ head, program }) => program.startsWith('%') || head.includes('%') && INSIDE.test(head), read: readFirewall };
