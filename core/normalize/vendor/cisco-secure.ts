// Cisco's Secure Email Gateway (`Info: MID 123 ICID 456 From: <an@example.org>`) and the CSV that Umbrella keeps of names asked, pages, packets and addresses.
// https://docs.umbrella.com/deployment-umbrella/docs/log-formats-and-versioning
import type { Action } from '../actions.js';
import { putAccount } from '../account.js';
import { splitCsv } from '../csv.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { nativeNames } from '../native-names.js';
import { hashKind, isIp, protocolName } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putTarget } from '../web/request.js';
import { readIso, resolve } from '../../message/time.js';

// --- Secure Email Gateway --------------------------------------------------------------------------------------------------------------
const LEVELLED = /^(?:(?:\w{3} ){2}[ \d]\d \d\d:\d\d:\d\d \d{4} )?(Info|Warning|Critical|Debug|Trace): (?=MID \d|Start MID \d|New SMTP |ICID \d|DCID \d|Message (?:done|finished|aborted)|RPC |Bounced|Delayed|SMTP |The user |An? .{0,40}(?:log ?in|session)|req:|File reputation|LDAP:)/, ESA = nativeNames('cisco_secure_email_gateway');
const MAIL = messageRules([
  ['New SMTP ICID {cisco_secure_email_gateway.icid} interface {cisco_secure_email_gateway.interface~} ({destination.ip}) address {source.ip} reverse dns host {source.domain} verified {*}', 'connection_started'],
  ['New SMTP ICID {cisco_secure_email_gateway.icid} interface {cisco_secure_email_gateway.interface~} address {source.ip} reverse dns host {source.domain} verified {*}', 'connection_started'],
  ['New SMTP DCID {cisco_secure_email_gateway.dcid} interface {source.ip} address {destination.ip} port {destination.port}', 'connection_started'],
  ['Start MID {cisco_secure_email_gateway.mid} ICID {cisco_secure_email_gateway.icid}', 'mail'],
  ['MID {cisco_secure_email_gateway.mid} ICID {cisco_secure_email_gateway.icid} From: <{email.from.address~}>{*}', 'mail'],
  ['MID {cisco_secure_email_gateway.mid} ICID {cisco_secure_email_gateway.icid} RID {cisco_secure_email_gateway.rid} To: <{email.to.address~}>{*}', 'mail'],
  ["MID {cisco_secure_email_gateway.mid} Message-ID '{email.message_id~}'", 'mail'],
  ["MID {cisco_secure_email_gateway.mid} Subject '{email.subject>}'", 'mail'],
  ['MID {cisco_secure_email_gateway.mid} Subject "{email.subject>}"', 'mail'],
  ['MID {cisco_secure_email_gateway.mid} ready {email.size} bytes from <{email.from.address~}>', 'mail'],
  ["MID {cisco_secure_email_gateway.mid} antivirus positive '{threat.name~}'{*}", 'malware_detected'],
  ['MID {cisco_secure_email_gateway.mid} interim AV verdict using {} VIRAL', 'malware_detected'],
  ["MID {cisco_secure_email_gateway.mid} attachment '{file.name~}'", 'mail'],
  ['MID {cisco_secure_email_gateway.mid} queued for delivery', 'mail'],
  ['MID {cisco_secure_email_gateway.mid} using engine: {} spam positive', 'mail_rejected'],
  ['MID {cisco_secure_email_gateway.mid} using engine: {} spam negative', 'mail'],
  ['MID {cisco_secure_email_gateway.mid} quarantined to "{cisco_secure_email_gateway.quarantine~}"{*}', 'mail_rejected'],
  ['Message done DCID {cisco_secure_email_gateway.dcid} MID {cisco_secure_email_gateway.mid} to RID {*}', 'mail_sent'],
  ['Message finished MID {cisco_secure_email_gateway.mid} done', 'mail'],
  ['Message aborted MID {cisco_secure_email_gateway.mid} {event.reason~}', 'mail_rejected'],
  ['ICID {cisco_secure_email_gateway.icid} REJECT SG {rule.name}{*}', 'connection_denied'],
  ['ICID {cisco_secure_email_gateway.icid} TCPREFUSE SG {rule.name}{*}', 'connection_denied'],
  ['ICID {cisco_secure_email_gateway.icid} ACCEPT SG {rule.name}{*}', 'connection_allowed'],
  ['ICID {cisco_secure_email_gateway.icid} RELAY SG {rule.name}{*}', 'connection_allowed'],
  ['ICID {cisco_secure_email_gateway.icid} TLS success protocol {tls.version} cipher {tls.cipher}{*}'],
  ['DCID {cisco_secure_email_gateway.dcid} TLS success protocol {tls.version} cipher {tls.cipher}{*}'],
  ['ICID {cisco_secure_email_gateway.icid} close', 'connection_ended'],
  ['DCID {cisco_secure_email_gateway.dcid} close', 'connection_ended'],
  ['Bounced: DCID {cisco_secure_email_gateway.dcid} MID {cisco_secure_email_gateway.mid} to RID {} - {event.reason~}', 'mail_rejected'],
  ['Bounced: MID {cisco_secure_email_gateway.mid} {event.reason~}', 'mail_rejected'],
  ['The user {user.name} successfully logged on from {source.ip} {*}', 'login'],
  ['The user {user.name} from {source.ip} failed to log on {*}', 'login_failed'],
  ["An authentication attempt by the user {user.name} from {source.ip} failed{*}", 'login_failed'],
  ['req:{source.ip} user:{user.name} id:{} {http.response.status_code} {http.request.method} {url.original} HTTP/{http.version} {user_agent.original~}', 'http_request'],
]);
function readEsa(draft: Draft): boolean {
  const found = LEVELLED.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 4000).trimEnd();
  draft.put('log.level', found[1]?.toLowerCase()); draft.put('observer.vendor', 'Cisco'); draft.put('observer.product', 'Secure Email Gateway');
  if (!applyRules(MAIL, said, draft)) {
    for (const [, kind = '', id] of said.slice(0, 300).matchAll(/\b(MID|ICID|DCID)(?: =)? (\d{1,12})/g)) draft.keep(ESA(kind.toLowerCase()), id as string);
    draft.put('file.name', /\bFile Name = '([^']{1,255})'/.exec(said)?.[1]); draft.put('file.size', /\bFile Size = (\d{1,15})/.exec(said)?.[1]); draft.put('file.mime_type', /\bFile Type = ([\w./+-]{3,100})/.exec(said)?.[1]); draft.put('file.hash.sha256', /\bSHA256 = ([0-9a-fA-F]{64})\b/.exec(said)?.[1]); draft.put('threat.name', /\bMalware ?Name = ([^,]{1,120})/.exec(said)?.[1]?.replace(/^None$/, ''));
    if (/Disposition = MALICIOUS/i.test(said)) draft.act('malware_detected');
    else if (!/ MID \d/.test(found.input.slice(0, 40))) readSentence(draft, said);
  }
  const target = draft.getText('url.original'), dns = draft.getText('source.domain');
  if (target !== undefined) putTarget(draft, target);
  if (dns === 'unknown') Reflect.deleteProperty(draft.event, 'source.domain');
  const who = draft.getText('user.name');
  if (who !== undefined) { Reflect.deleteProperty(draft.event, 'user.name'); putAccount(draft, 'user', who); }
  return true;
}

// --- Umbrella --------------------------------------------------------------------------------------------------------------------------
const DATED = /^"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",/, UMBRELLA = nativeNames('cisco.umbrella');
const DNS = ['', 'identity', 'identities', 'source.ip', 'source.nat.ip', 'action', 'query_type', 'dns.response_code', 'dns.question.name', 'categories', 'identity_type', 'identity_types', 'blocked_categories'] as const;
const PROXY = ['', 'identity', 'source.ip', 'source.nat.ip', 'destination.ip', 'http.response.mime_type', 'verdict', 'url', 'http.request.referrer', 'user_agent.original', 'http.response.status_code', 'http.request.bytes', 'http.response.bytes', 'http.response.body.bytes', 'sha', 'categories', 'av_detections', 'puas', 'amp_disposition', 'threat.name', 'amp_score', 'identity_type', 'blocked_categories', 'identities', 'identity_types', 'http.request.method'] as const;
const FIREWALL = ['', 'origin_id', 'identity', 'identity_type', 'direction', 'protocol', 'network.bytes', 'source.ip', 'source.port', 'destination.ip', 'destination.port', 'data_center', 'rule.id', 'verdict'] as const;
const IP = ['', 'identity', 'source.ip', 'source.port', 'destination.ip', 'destination.port', 'categories', 'identity_types'] as const;
function readUmbrella(draft: Draft): boolean {
  if (!DATED.test(draft.head)) return false;
  const cells = splitCsv(draft.text.slice(0, 20_000), ','), layout = layoutOf(cells);
  if (layout === undefined) return false;
  const stamp = readIso(cells[0] as string, 0), own = new Map<string, string>();
  if (stamp !== undefined) draft.time = resolve({ ...stamp, offset: 0 }, draft.received, draft.zone); // always UTC
  layout.forEach((name, i) => { const cell = cells[i]; if (name === '' || cell === undefined || cell === '') return; if (name.includes('.')) draft.put(name, cell); else { own.set(name, cell); draft.put(UMBRELLA(name), cell); } });
  draft.put('observer.vendor', 'Cisco'); draft.put('observer.product', 'Umbrella');
  const identity = own.get('identity') ?? '', email = /\(([^()\s]{1,120}@[^()\s]{3,120})\)$/.exec(identity)?.[1], blocked = /block/i.test(own.get('action') ?? own.get('verdict') ?? ''), ofPerson = /AD Users?|Anyconnect Users?|Users?\b/i.test(own.get('identity_type') ?? own.get('identity_types') ?? '');
  if (email !== undefined || ofPerson && !identity.includes(',')) putAccount(draft, 'user', email ?? identity);
  draft.put('rule.category', (blocked ? own.get('blocked_categories') : undefined) ?? own.get('categories'));
  const transport = own.get('protocol'), kind = hashKind(own.get('sha') ?? ''), way = own.get('direction');
  if (transport !== undefined) draft.put('network.transport', protocolName(transport));
  if (kind !== undefined) draft.put(`file.hash.${kind}`, own.get('sha'));
  if (way !== undefined) draft.put('network.direction', /out|FROM/i.test(way) ? 'outbound' : 'inbound');
  let action: Action = blocked ? 'connection_denied' : 'connection_allowed';
  if (layout === DNS) { draft.put('dns.question.type', /\(([A-Z0-9]{1,10})\)/.exec(own.get('query_type') ?? '')?.[1]); draft.put('dns.question.name', draft.getText('dns.question.name')?.replace(/(?<=.)\.$/, '')); draft.put('network.protocol', 'dns'); action = 'dns_query'; }
  if (layout === PROXY) { const url = own.get('url'); if (url !== undefined) putTarget(draft, url); action = 'proxy_request'; }
  draft.act(action, blocked ? 'failure' : 'success');
  return true;
}
/** Which of the four it is: they differ in where addresses, verdicts and numbers stand. */
function layoutOf(cells: readonly string[]): readonly string[] | undefined {
  const ip = (i: number): boolean => isIp(cells[i] ?? ''), number = (i: number): boolean => /^\d{1,5}$/.test(cells[i] ?? '');
  if (ip(3) && /^(?:Allowed|Blocked|Proxied)/i.test(cells[5] ?? '') && /^\d{1,5} \([A-Z0-9]/.test(cells[6] ?? '')) return DNS;
  if (ip(2) && /^(?:ALLOWED|BLOCKED|WARN|PROXIED|ALLOW|BLOCK)/i.test(cells[6] ?? '') && /^(?:https?|ftp):\/\/|^$/i.test(cells[7] ?? '')) return PROXY;
  if (ip(7) && ip(9) && number(8)) return FIREWALL;
  return ip(2) && ip(4) && number(3) && number(5) ? IP : undefined;
}

export const emailGateway: Format = { name: 'cisco_secure_email_gateway.log', holds: ['Info: ', 'Warning: ', 'Critical: ', 'Debug: ', 'Trace: '], detect: ({ head }) => LEVELLED.test(head), read: readEsa };
export const umbrella: Format = { name: 'cisco.umbrella', holds: ['^"0000-00-00 00:00:00",'], detect: ({ head }) => DATED.test(head), read: readUmbrella };
