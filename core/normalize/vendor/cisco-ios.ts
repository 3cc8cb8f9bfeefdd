// Cisco IOS, IOS XE, NX-OS: `%SEC-6-IPACCESSLOGP: list 150 denied tcp 192.0.2.1(59832) -> 198.51.100.1(80), 1 packet`. The mnemonic is event.code.
// Huawei's VRP is alike: `%%01BGP/3/BGP_AUTH_FAILED(l): ...`.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { fillAccount } from '../account.js';
import { putAs, putCommon } from '../common-names.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';
import { putCiscoMac, putCiscoUser, putEndpoint, readEndpoints } from './cisco-text.js';

const MNEMONIC = /^%([A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*?)-(?:SW\d-|SP-|STDBY-|DFC\d*-)?([0-7])-([A-Z0-9_]+): ?/;
const VRP = /^%%\d\d([A-Z0-9_]+)\/(\d)\/([A-Za-z0-9_]+)(?:\(([a-z])\))?(?:\[\d+\])?: ?/;

function readIos(draft: Draft): boolean {
  const found = MNEMONIC.exec(draft.head);
  if (found === null) return false;
  const [whole, facility, severity] = found;
  let code = found[3] ?? '';
  const text = draft.text.slice(whole.length);
  draft.put('event.code', code);
  draft.put('cisco.ios.facility', facility);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', 'Cisco');
  draft.put('cisco.ios.message', text);
  readText(draft, text);
  const inner = text.length > 8 ? seek(text.slice(0, 400), '%', INNER) : null; // IOS XE: a line card passes on `%FW-6-DROP_PKT: ...`
  if (inner !== null) { draft.put('event.code', inner[1]); code = inner[1] as string; }
  readDetails(draft, text.slice(0, 800));
  const command = seek(text.slice(0, 4096), ' logged command:', / logged command: ?(.*)$/s)?.[1];
  draft.put('process.command_line', command ?? seek(text.slice(0, 2000), ' Command: ', / Command: (.{1,1000})$/)?.[1]);
  if (command !== undefined && / from [0-9a-f.:]+ /.exec(text.slice(0, 200)) === null && draft.has('source.ip') && command.includes(String(draft.get('source.ip')))) delete draft.event['source.ip']; // an address that was typed
  if (text.includes('Source:') || text.includes('IP:')) draft.fill('source.ip', /\[?(?:Source|IP): ?\[?([0-9a-fA-F.:]{3,45})\]?/.exec(text.slice(0, 1000))?.[1]);
  draft.fill('destination.port', seek(text.slice(0, 1000), '[localport: ', /\[localport: (\d{1,5})\]/)?.[1]);
  const action = ACTIONS[code] ?? (code.includes('ACCESSLOG') ? (/denied|LOGGEDFAIL/.test(text) ? 'connection_denied' : 'connection_allowed') : /^DOT1X|^MAB|^AUTHMGR|^EPM/.test(facility ?? '') && code === 'FAIL' ? 'login_failed' : /^DOT1X|^MAB|^AUTHMGR/.test(facility ?? '') && code === 'SUCCESS' ? 'login' : undefined);
  if (action !== undefined) draft.act(code === 'SSH2_USERAUTH' && /Failed\s*$/.test(text) ? 'ssh_login_failed' : action);
  return true;
}
const INNER = /%[A-Z][A-Z0-9_]{1,40}-[0-7]-([A-Z0-9_]{2,60}): /;
const ACTIONS = lookup<Action>({ LOGIN_SUCCESS: 'login', LOGIN_FAILED: 'login_failed', CFGLOG_LOGGEDCMD: 'config_changed', CONFIG_I: 'config_changed', LOGOUT: 'logout', SSH2_USERAUTH: 'login', RESTART: 'system_started', RELOAD: 'system_stopped', PSECURE_VIOLATION: 'access_denied', DHCP_SNOOPING_DENY: 'access_denied', DROP_PKT: 'connection_denied', SESS_AUDIT_TRAIL: 'connection_ended', SESS_AUDIT_TRAIL_START: 'connection_started', SSH2_SESSION: 'ssh_connection', AUTHEN_PASSED: 'login', AUTHEN_FAILED: 'login_failed', QUIET_MODE_ON: 'user_locked', RECVD_PKT_INV_SPI: 'connection_denied', RECVD_PKT_NOT_IPSEC: 'connection_denied' });

/** What single messages say beside endpoints and people. */
function readDetails(draft: Draft, said: string): void {
  draft.put('process.name', seek(said, '/', /(?:^|: )(?:Switch \d{1,2} )?(?:R|SIP|F)\d{1,2}\/\d{1,2}: ([a-z][\w-]{2,40}): /)?.[1] ?? seek(said, 'by process ', /\bby process (.{2,60}?) from /)?.[1]);
  draft.put('process.pid', seek(said, '(PID ', /\(PID (\d{1,10})\)/)?.[1]);
  const url = seek(said, '://', /\((\w{3,6}:\/\/[^\s)]{1,500})\)/)?.[1];
  if (url !== undefined) putTarget(draft, url);
  const expired = seek(said, 'tty ', /\btty \d{1,5} \(([0-9a-fA-F.:]{3,45})\)\)?, user (\S{1,64})/);
  if (expired !== null) { draft.put('source.ip', expired[1]); fillAccount(draft, 'user', expired[2]); }
  const reset = seek(said, ' failed attempts reset by ', /^User (\S{1,64}) failed attempts reset by (\S{1,64}) on \S{1,20}(?: \(([0-9a-fA-F.:]{3,45})\))?/);
  if (reset !== null) { draft.put('user.target.name', reset[1]); draft.put('user.name', reset[2]); draft.put('source.user.name', reset[2]); draft.put('source.ip', reset[3]); draft.act('user_unlocked'); }
  const parties = seek(said, 'initiator (', /initiator \(([0-9a-fA-F.:]{3,45}):(\d{1,5})\).{0,80}responder \(([0-9a-fA-F.:]{3,45}):(\d{1,5})\)/);
  if (parties !== null) { draft.put('source.ip', parties[1]); draft.put('source.port', parties[2]); draft.put('destination.ip', parties[3]); draft.put('destination.port', parties[4]); }
}

function readText(draft: Draft, text: string): void {
  const { endpoints, protocol } = readEndpoints(text);
  if (text.includes('->') || text.includes('=>') || / denied | permitted |^Dropping |initiator \(/.test(text.slice(0, 200))) { putEndpoint(draft, 'source', endpoints[0]); putEndpoint(draft, 'destination', endpoints[1]); }
  else putEndpoint(draft, 'source', endpoints[0]);
  draft.put('network.transport', protocol);
  if (text.includes('addr=')) { draft.fill('source.ip', /\bsrcaddr=([0-9a-fA-F.:]{3,45})/.exec(text.slice(0, 600))?.[1]); draft.fill('destination.ip', /\bdestaddr=\[?([0-9a-fA-F.:]{3,45})/.exec(text.slice(0, 600))?.[1]); }
  if (text.includes('from ') || text.includes('ty')) draft.fill('source.ip', /\b(?:tty session \d{1,6}\(|vty\d{1,4} \(|from )\(?([0-9a-fA-F.:]{3,45})\)?/.exec(text.slice(0, 600))?.[1]);
  if (text.startsWith('User ')) draft.fill('source.user.name', /^User (\S{1,64}) has /.exec(text.slice(0, 100))?.[1]);
  putCiscoUser(draft, text);
  if (draft.has('source.user.name')) draft.fill('user.name', draft.get('source.user.name'));
  putCiscoMac(draft, text);
  if (text.slice(0, 4000).includes(' - ') || text.includes(' by ') || text.includes(' as ') || text.includes(' for ')) readSystemMessage(draft, text.slice(0, 2000));
  if (text.includes('list ')) draft.put('rule.name', /(?:^|: )(?:list|access-list|access list) (\S{1,100}) (?:denied|permitted) /.exec(text.slice(0, 300))?.[1] ?? /^(?:list|access-list) (\S{1,100}) /.exec(text.slice(0, 200))?.[1]);
}

/** NX-OS passes on what its daemons say: `Login failed for user admin from 192.0.2.1 - sshd[10021]`, `Configured from vty by bob on 192.0.2.1@pts/0`. */
function readSystemMessage(draft: Draft, text: string): void {
  const sender = seek(text.slice(-120), ' - ', / - ([\w.-]{1,40})\[(\d{1,10})\]/);
  if (sender !== null) { draft.put('process.name', sender[1]); draft.put('process.pid', sender[2]); }
  const person = seek(text, ' client (', PERSON_NOT) !== null ? null : seek(text, ' on vty', /(?: by| as) ([\w.@-]{1,64}) on vty\d{1,4} \(([0-9a-fA-F.:]{3,45})\)/) ?? /(?:for (?:illegal |invalid )?(?:user )?|by )([\w.@-]{1,64}) (?:from|on) ([0-9a-fA-F.:]{3,45})/.exec(text) ?? seek(text, ' for ', /(?:failed|failure) for (?:user )?([\w.@-]{1,64})(?: |$)/) ?? seek(text, ' by ', /\bfrom \w{2,12} by ([\w.@-]{1,64}) on (?:console|vty\d{0,4})\b/);
  if (person === null) return;
  draft.fill('user.name', person[1]);
  draft.fill('source.ip', person[2]);
  if (/failed|failure/i.test(text)) draft.act('login_failed');
}

const PERSON_NOT = /\b(?:for|as) client \(/;

function readVrp(draft: Draft): boolean {
  const found = VRP.exec(draft.head);
  if (found === null) return false;
  const [whole, module, severity, code] = found;
  const text = draft.text.slice(whole.length);
  draft.put('event.code', code);
  draft.put('huawei.vrp.module', module);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', 'Huawei');
  const open = text.lastIndexOf('('), bare = /^[\w-]{2,40}=/.test(text); // a firewall's policies write their pairs without brackets
  const values = new Map<string, string>();
  if (open >= 0 || bare) for (const [key, value] of readPairs((bare ? text.replace(/\.\s*$/, '') : text.slice(open + 1)).replace(/\)\.?\s*$/, ''), { separator: ',', spacedValues: true })) if (!values.has(key)) values.set(key, value.trim());
  for (const [key, value] of values) {
    draft.fill(`huawei.vrp.${key}`, value);
    const name = key.toLowerCase(), field = VRP_KEYS[name];
    if (value === '' || /^(?:unknown|n\/a|none|null|--)$/i.test(value)) continue;
    if (field === 'network.transport') putAs(draft, TRANSPORTS.test(value) ? field : 'network.protocol', value);
    else if (field === 'user.name') fillAccount(draft, 'user', value);
    else if (field !== undefined) putAs(draft, field, value);
    else putCommon(draft, key, value);
    if (/^(?:peer|user|source|remote|client)?-?ip(?:addr(?:ess)?)?$/i.test(key)) draft.fill('source.ip', value.replace(/:\d+$/, ''));
  }
  for (const key of ['SignName', 'VirusName', 'AttackType', 'ThreatName']) if (values.get(key) !== undefined) { draft.put('rule.name', values.get(key)); break; }
  const sentence = /^(\S{1,64}) (?:logged|login) (?:in|out|failed)?\s?from (\S{3,45}?)\.?$/.exec(text.slice(0, 200)); // H3C
  if (sentence !== null) { fillAccount(draft, 'user', sentence[1]); draft.fill('source.ip', sentence[2]); }
  readSentence(draft, text);
  actVrp(draft, module ?? '', code ?? '', text.slice(0, 300), values);
  return true;
}
const TRANSPORTS = /^(?:\d{1,3}|tcp|udp|icmp|icmpv6|gre|esp|ah|sctp|ospf|igmp)$/i;
const VRP_KEYS = lookup<string>({
  protocol: 'network.transport', proto: 'network.transport', user: 'user.name', username: 'user.name', 'user-name': 'user.name', useraddress: 'source.ip', localaddress: 'destination.ip', ip: 'source.ip', ipaddress: 'source.ip', sourceip: 'source.ip', srcip: 'source.ip', destinationip: 'destination.ip', dstip: 'destination.ip',
  sourcenatip: 'source.nat.ip', sourcenatport: 'source.nat.port', destinationnatip: 'destination.nat.ip', destinationnatport: 'destination.nat.port', sendbytes: 'source.bytes', rcvbytes: 'destination.bytes', command: 'process.command_line', policy: 'rule.name', policyname: 'rule.name', 'rule-name': 'rule.name', signid: 'rule.id', filename: 'file.name', url: 'url.original', host: 'url.domain', reason: 'event.reason', macaddress: 'source.mac', mac: 'source.mac', md5: 'file.hash.md5', application: 'network.protocol',
});

function actVrp(draft: Draft, module: string, code: string, said: string, values: ReadonlyMap<string, string>): void {
  if (/LOGIN_?FAIL|AUTH_?FAIL|LOGINFAILED|SSH_FAIL|ACCESS_?FAIL|PASSWD_?ERR|LOGINLOCK|LOGIN_LOCK/i.test(code) || /^Failed to log ?in/i.test(said)) draft.act('login_failed');
  else if (/SESSION_?TEARDOWN|SESSION_?DEL/i.test(code)) draft.act('connection_ended');
  else if (/POLICYPERMIT|SESSION_?BUILD|SESSION_?CREATE/i.test(code)) draft.act('connection_allowed');
  else if (/POLICYDENY|PACKET_?DROP|ACL_?DENY/i.test(code)) draft.act('connection_denied');
  else if (/^(?:VIRUS|AV)/i.test(module) || values.has('VirusName')) draft.act('malware_detected');
  else if (/^(?:ATK|ATTACK|DETECT|IPS|SECE|DDOS)/i.test(module) || values.has('AttackType')) draft.act('intrusion_detected');
  else if (/^(?:URL|PROXY)/i.test(module) && values.has('Action')) draft.act(/block|deny/i.test(values.get('Action') ?? '') ? 'connection_denied' : 'http_request');
  else if (/LOGOUT|LOGOFF|OFFLINE/i.test(code)) draft.act('logout');
  else if (/LOGIN/i.test(code)) draft.act('login');
  else if (/CMDRECORD|CMD|CFM|CONFIG|SAVE/i.test(code)) draft.act('config_changed');
}

/** Reading decides: it begins with the expression that tells the format. */
export const ciscoIos: Format = { name: 'cisco.ios', holds: ['^%'], detect: ({ head }) => head.charCodeAt(0) === 37, read: readIos };
export const huaweiVrp: Format = { name: 'huawei.vrp', holds: ['^%%'], detect: ({ head }) => head.startsWith('%%'), read: readVrp };
