// Name servers, DHCP and directory servers: BIND, Unbound, ISC and Windows DHCP, OpenLDAP.
import { readDayMonth, readIso, resolve } from '../message/time.js';
import { putAccount } from './account.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { isIp, macOf } from './net.js';
import { applyRules, messageRules, type Row } from './rules.js';
import { readSentence } from './sentences.js';

// --- BIND -----------------------------------------------------------------------------------------------------------------------
const CLIENT = /client (?:@0x[0-9a-f]{1,16} )?([0-9a-fA-F.:]{3,45})#(\d{1,5})(?:\/key ([^\s:]{1,255}))?(?: \(([^)]{1,255})\))?/;

function readBind(draft: Draft): boolean {
  const { text } = draft;
  if (draft.head.startsWith('CEF:')) return false; // Infoblox' policy zones
  const stamp = readDayMonth(text, 0) ?? readIso(text, 0), lead = BIND_LEAD.exec(draft.head), head = lead === null ? draft.head : draft.head.slice(lead[0].length);
  if (lead !== null) { draft.put('bind.category', lead[1]); draft.put('log.level', lead[2]); }
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  const client = CLIENT.exec(head);
  if (client !== null) {
    draft.put('source.ip', client[1]);
    draft.put('source.port', client[2]);
    draft.put('bind.tsig_key', client[3]);
    draft.put('dns.question.name', client[4]);
  }
  const query = /(?:query|answer): (\S{1,255}) ([A-Z]{2,3}) ([A-Z0-9]{1,12}) ([-+]\S{0,20})?(?: \(([0-9a-fA-F.:]{3,45})\))?(?: -> ([A-Z]{2,12}))?/.exec(head);
  if (query !== null) {
    draft.put('dns.question.name', query[1]);
    draft.put('dns.question.class', query[2]);
    draft.put('dns.question.type', query[3]);
    if (query[4] !== undefined) draft.put('network.transport', query[4].includes('T') ? 'tcp' : 'udp');
    draft.put('network.protocol', 'dns');
    draft.put('bind.query.flags', query[4]);
    draft.put('bind.view', /: view (\S{1,64}): /.exec(head)?.[1]);
    draft.put('destination.ip', query[5]);
    draft.put('dns.response_code', query[6]);
    const answered = head.includes(' response: ') ? /: (UDP|TCP): query: .{1,300}? response: ([A-Z]{2,12}) ?(\S{0,12})/.exec(head) : null; // Infoblox: of the answer, and how the question came
    if (answered !== null) { draft.put('network.transport', answered[1]?.toLowerCase()); draft.put('dns.response_code', answered[2]); draft.put('bind.response.flags', answered[3]); const found = [...text.slice(0, 4000).matchAll(/ IN (?:A|AAAA) ([0-9a-fA-F.:]{3,45})(?=;|$)/g)].map(([, ip]) => ip as string); if (found.length > 0) draft.put('dns.answers.data', found.length === 1 ? found[0] : found); }
    draft.put('event.dataset', 'bind.query');
    draft.act('dns_query');
    return true;
  }
  const named = NAMED.exec(head);
  if (named !== null) { draft.put('dns.question.name', named[1]); draft.put('dns.question.type', named[2] === 'IN' ? named[3] : named[2]); }
  const transfer = /(?:from|resolving '[^']{1,300}'(?: \(in '[^']{1,255}'\?\))?:) ([0-9a-fA-F.:]{3,45})#(\d{1,5})/.exec(head);
  if (transfer !== null) { draft.fill('source.ip', transfer[1]); draft.fill('source.port', transfer[2]); }
  const primary = head.includes('trying ') ? /\btrying (?:primary|master) ([0-9a-fA-F.:]{3,45})#(\d{1,5})/.exec(head) : null;
  if (primary !== null) { draft.put('destination.ip', primary[1]); draft.put('destination.port', primary[2]); }
  const looked = client !== null || named !== null || transfer !== null || lead?.[1] !== undefined || head.startsWith('received control channel command ');
  if (!looked && draft.program !== 'named') return ZONES.test(head);
  draft.put('event.dataset', 'bind.log');
  const moved = TRANSFER.exec(head), changed = UPDATE.exec(head);
  if (moved !== null) {
    draft.put('dns.question.name', moved[1]); draft.put('dns.question.type', moved[2] ?? moved[3]);
    if (moved[4] !== undefined) { draft.put('event.reason', moved[4]); draft.act('dns_query', 'failure'); } else if (moved[3] !== undefined || head.includes(' Transfer completed: ')) draft.act('dns_query', 'success');
  }
  if (changed !== null) draft.fill('dns.question.name', changed[1]);
  const limited = LIMITED.exec(head), unsigned = head.includes(' TSIG ') ? /: request has invalid signature: (?:TSIG ([^\s:]{1,255}): )?(.{1,200})/.exec(head) : null;
  if (limited !== null) { draft.fill('dns.question.name', limited[2]); draft.put('dns.question.type', limited[3]); draft.put('bind.limited_network', limited[1]); }
  if (unsigned !== null) { draft.fill('bind.tsig_key', unsigned[1]); draft.put('event.reason', unsigned[2]); draft.act('access_denied'); }
  else if (head.includes(' denied')) draft.act('access_denied');
  else if (limited !== null && !head.startsWith('*stop ')) draft.act('access_denied');
  else if (head.startsWith('invalid command from ')) { draft.put('event.reason', /: ([^:]{3,100})$/.exec(head.trimEnd())?.[1]); draft.act('access_denied'); } // of the control channel, with a wrong key
  else if (applyRules(BIND_LIFE, head.trimEnd(), draft)) return true;
  else if (head.includes(': rpz ')) { draft.put('rule.name', / via (\S{1,255})/.exec(head)?.[1]); draft.act('dns_query', 'failure'); }
  else if (head.includes(': updating zone ')) { draft.put('dns.question.name', / at '([^']{1,255})'/.exec(head)?.[1] ?? /updating zone '([^/']{1,255})/.exec(head)?.[1]); draft.act('config_changed'); }
  else if (head.includes(': query failed (')) { draft.put('dns.response_code', /query failed \(([A-Z]{2,12})\)/.exec(head)?.[1]); draft.act('dns_query', 'failure'); }
  return true;
}
const NAMED = /(?:resolving|validating|rewrite|query failed \([^)]{1,60}\) for|\bquery(?: \(cache\))?) '?([\w.*-]{1,255})\/([A-Z0-9]{1,10})(?:\/([A-Z0-9]{1,10}))?/;
/** `transfer of 'example.vn/IN': AXFR started`, `transfer of 'example.vn/IN' from 192.0.2.54#53: failed ...`, `zone transfer 'example.vn/AXFR/IN' denied`. */
const TRANSFER = /(?:zone transfer|transfer of) '([^\s'/]{1,255})\/(?:([AI]XFR)\/)?IN'(?:: ([AI]XFR)(?:-style IXFR)? (?:started|ended)| from \S{3,60}: (failed .{1,200}))?/, UPDATE = /: update(?: forwarding)? '([^\s'/]{1,255})\/IN' (?:denied|approved|failed)/;
const BIND_LIFE = messageRules([['starting BIND {*}', 'service_started'], ['running', 'service_started'], ['shutting down{*}', 'service_stopped'], ['exiting{*}', 'service_stopped'], ["received control channel command '{bind.command~}'", 'config_changed'], ['reloading configuration {*}', 'config_changed']]);
const ZONES = /^(?:[a-z-]{3,20}: (?:info|error|notice|warning|debug \d+): )?(?:zone \S{1,255}\/[A-Z]{2}|rpz: |view \S{1,64}: )/;
/** The time, where the channel prints it; the category and the severity, each where the channel does. The categories are those of BIND 9.18. */
const BIND_LEAD = /^(?:(?:\d\d-[A-Z][a-z]{2}-\d{4} |\d{4}-\d\d-\d\dT)[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)? )?(?:(client|cname|config|database|default|delegation-only|dispatch|dnssec|dnstap|edns-disabled|general|lame-servers|network|notify|nsid|queries|query-errors|rate-limit|resolver|rpz|rpz-passthru|security|serve-stale|spill|sslkeylog|trust-anchor-telemetry|unmatched|update|update-security|xfer-in|xfer-out|zoneload): )?(?:(critical|error|warning|notice|info|debug)(?: \d{1,3})?: )?/;
/** A line of BIND's own file with time, category and severity. */
const BIND_CATEGORIES = ['client', 'config', 'database', 'default', 'dispatch', 'dnssec', 'edns-disabled', 'general', 'lame-servers', 'network', 'notify', 'queries', 'query-errors', 'rate-limit', 'resolver', 'rpz', 'security', 'update', 'update-security', 'xfer-in', 'xfer-out', 'zoneload'];
const BIND_FILE = new RegExp(String.raw`^(?:\d\d-[A-Z][a-z]{2}-\d{4} |\d{4}-\d\d-\d\dT)[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)? (?:${BIND_CATEGORIES.join('|')}): (?:critical|error|warning|notice|info|debug(?: \d{1,3})?): `);
/** `limit responses to 203.0.113.0/24 for www.example.vn IN A`, `rate limit drop response to ...`. */
const LIMITED = /(?:^(?:\*?stop limiting |(?:would )?limit )|: (?:would )?rate limit (?:drop|slip|stop) )(?:[a-z]{1,12} )?(?:error |NXDOMAIN |all )?responses? to ([0-9a-fA-F.:]{2,45}\/\d{1,3})(?: for (\S{1,255}) [A-Z]{2} ([A-Z0-9]{1,12}))?/;
const BIND_LOOKS = /^(?:(?:\d\d-[A-Z][a-z]{2}-\d{4} |\d{4}-\d\d-\d\dT)[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)? )?(?:[a-z-]{3,20}: )?(?:(?:info|error|notice|warning|debug \d+): )?(?:received control channel command '|client (?:@0x[0-9a-f]+ )?[0-9a-fA-F.:]+#\d|timed out resolving|(?:view \S{1,64}: +)?validating \S|success resolving|transfer of '|zone \S+\/IN|rpz: )/;

const UNBOUND = /^(?:\[(\d{9,10})\] unbound)?\[\d{1,10}:[0-9a-f]{1,8}\] (?:info|error|query|reply|debug|notice|warning): /;
/** `192.0.2.1 dvc.example.org. A IN`, of an answer its code behind it; of a local zone `zone redirect 192.0.2.1@5300 dvc.example.org. A IN`. */
const UNBOUND_ASKED = /^(?:(\S{1,255}) ([a-z_]{3,25}) )?([0-9a-fA-F.:]{3,45})(?:@(\d{1,5}))? (\S{1,255}) ([A-Z0-9]{1,10}) (IN|CH|HS)\b(?: ([A-Z]{2,12}))?/;
/** `rpz: applied [malware] bad.example. rpz-nxdomain 192.0.2.1@5300 bad.example. A IN`. */
const UNBOUND_RPZ = /^(?:rpz|RPZ):? applied (?:\[([^\]]{1,100})\] )?(\S{1,255}) (\S{1,40}) ([0-9a-fA-F.:]{3,45})@(\d{1,5}) (\S{1,255}) ([A-Z0-9]{1,10}) /;
function readUnbound(draft: Draft): boolean {
  const found = UNBOUND.exec(draft.head);
  if (found === null && draft.program !== 'unbound') return false;
  if (found?.[1] !== undefined) draft.timeFrom(Number(found[1]) * 1000);
  const said = draft.head.slice(found?.[0].length ?? 0).replace(/^(?:info|error|query|reply|debug|notice|warning): /, ''), asked = UNBOUND_ASKED.exec(said);
  if (asked !== null) {
    draft.put('source.ip', asked[3]); draft.put('source.port', asked[4]);
    draft.put('dns.question.name', (asked[5] ?? '').replace(/\.$/, '')); draft.put('dns.question.type', asked[6]); draft.put('dns.question.class', asked[7]);
    draft.put('dns.response_code', asked[8]);
    draft.put('rule.name', asked[1]);
    draft.put('network.protocol', 'dns');
    draft.act('dns_query', asked[2] !== undefined && /deny|refuse|always_null|nxdomain/.test(asked[2]) ? 'failure' : undefined);
    return true;
  }
  const denied = /^([0-9a-fA-F.:]{3,45}) null TYPE0 CLASS0 ([A-Z]{2,12})\b/.exec(said);
  if (denied !== null) { draft.put('source.ip', denied[1]); draft.put('dns.response_code', denied[2]); draft.put('network.protocol', 'dns'); draft.act('dns_query', denied[2] === 'REFUSED' ? 'failure' : undefined); return true; } // an access list did not let the question be read
  const failed = /^validation failure <(\S{1,255}) ([A-Z0-9]{1,10}) (?:IN|CH|HS)>: ?(.{0,300})/.exec(said);
  if (failed !== null) { draft.put('dns.question.name', (failed[1] ?? '').replace(/\.$/, '')); draft.put('dns.question.type', failed[2]); draft.put('event.reason', failed[3]); draft.act('dns_query', 'failure'); return true; }
  const answered = /^(SERVFAIL|NXDOMAIN|REFUSED) <(\S{1,255}) ([A-Z0-9]{1,10}) (?:IN|CH|HS)>: ?(.{0,300})/.exec(said), policy = UNBOUND_RPZ.exec(said);
  if (answered !== null) { draft.put('dns.response_code', answered[1]); draft.put('dns.question.name', (answered[2] ?? '').replace(/\.$/, '')); draft.put('dns.question.type', answered[3]); draft.put('event.reason', answered[4]); draft.act('dns_query', 'failure'); return true; }
  if (policy !== null) {
    draft.put('rule.name', policy[1]); draft.put('rule.id', (policy[2] ?? '').replace(/\.$/, '')); draft.put('source.ip', policy[4]); draft.put('source.port', policy[5]);
    draft.put('dns.question.name', (policy[6] ?? '').replace(/\.$/, '')); draft.put('dns.question.type', policy[7]);
    draft.act('dns_query', /nxdomain|nodata|drop/.test(policy[3] ?? '') ? 'failure' : undefined);
    return true;
  }
  if (said.startsWith('start of service')) { draft.act('service_started'); return true; }
  if (said.startsWith('service stopped')) { draft.act('service_stopped'); return true; }
  readSentence(draft, said);
  draft.fill('source.ip', /failed ([0-9a-fA-F.:]{3,45}) port \d/.exec(said)?.[1]);
  return true;
}

// --- DHCP -----------------------------------------------------------------------------------------------------------------------
const DHCP = messageRules([
  ...['ACK on {source.ip} to', 'OFFER on {source.ip} to', 'NAK on {source.ip} to', 'REQUEST for {source.ip} ({}) from', 'REQUEST for {source.ip} from', 'DISCOVER from', 'RELEASE of {source.ip} from', 'DECLINE of {source.ip} from', 'INFORM of {source.ip} from', 'LEASEQUERY for {source.ip} from'].flatMap((form): Row[] => [
    [`DHCP${form} {source.mac} ({source.domain~}) via {destination.ip}{*}`, 'dhcp_lease'], [`DHCP${form} {source.mac} via {destination.ip}{*}`, 'dhcp_lease'],
  ]),
  ['DHCPACK to {source.ip} ({source.mac}) via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPINFORM from {source.ip} via {destination.ip}{*}', 'dhcp_lease'],
  ['DHCPEXPIRE on {source.ip} to {source.mac}{*}', 'dhcp_lease'],
  ['BOOTREQUEST from {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['BOOTREPLY for {source.ip} to {source.domain} ({source.mac}) via {destination.ip}{*}', 'dhcp_lease'],
  ['BOOTREPLY on {source.ip} to {source.mac} via {destination.ip}{*}', 'dhcp_lease'],
  ['Advertise NA: address {source.ip} to client with duid {}{*}', 'dhcp_lease'],
  ['Reply NA: address {source.ip} to client with duid {}{*}', 'dhcp_lease'],
  ['Added new forward map from {source.domain} to {source.ip}', 'config_changed'],
  ['Removed forward map from {source.domain} to {source.ip}', 'config_changed'],
  ['Added reverse map from {} to {source.domain}', 'config_changed'],
  ['uid lease {source.ip} for client {source.mac} is duplicate on {*}'],
  ['client {source.mac} has duplicate leases on {*}'],
  ['Abandoning IP address {source.ip}: {event.reason~}', 'access_denied'],
  ['abandoning IP address {source.ip}: {event.reason~}', 'access_denied'],
  ['Relay-forward message from {source.ip} port {source.port}, {*}', 'dhcp_lease'],
  ['Sending Relay-reply to {source.ip} port {source.port}', 'dhcp_lease'],
  ['ICMP Echo reply while lease {source.ip} {*}', 'access_denied'],
  ['Unable to add forward map from {source.domain} to {source.ip}: {event.reason~}'],
  ['Unable to add reverse map from {} to {source.domain}: {event.reason~}'],
  ['Server starting service.', 'service_started'],
  ['peer {~}: I move from {~} to {event.reason~}', 'config_changed'],
  ['reuse_lease: lease age {~}existing lease for {source.ip}'],
  ...['Solicit', 'Request', 'Renew', 'Rebind', 'Release', 'Decline', 'Confirm', 'Information-request'].map((kind): Row => [`${kind} message from {source.ip} port {source.port}{*}`, 'dhcp_lease']),
  ['Sending Advertise to {source.ip} port {source.port}', 'dhcp_lease'],
  ['Sending Reply to {source.ip} port {source.port}', 'dhcp_lease'],
]);
/** What stands behind the way a message came: `via eth0: no free leases`. */
const DHCP_WHY = / via [^ :]{1,64}(?::[0-9a-f:]{0,40})?: (?:network \S{3,50}: )?([^:]{3,200})$/, DHCP_FAILED = /^(?:no free leases|unknown |wrong network|lease \S{3,45} unavailable|not authoritative|ignored|abandoned|load balance|peer holds)/;
/** What Infoblox adds about a lease: `r-l-e:SERVER,Issued,ADDRESS,NAME,MAC,start,end,...`. */
function readLease(draft: Draft): boolean {
  const [server = '', state, address, name, mac = ''] = draft.head.slice(6).split(',', 6);
  if (!isIp(address ?? '')) return false;
  draft.put('event.code', state); draft.put('destination.ip', server.trim()); draft.put('source.ip', address); draft.put('source.domain', name); draft.put('source.mac', macOf(mac));
  draft.act('dhcp_lease');
  return true;
}
function readDhcp(draft: Draft): boolean {
  if (draft.head.startsWith('r-l-e:')) return readLease(draft);
  draft.put('event.code', /^(?:DHCP|BOOT)[A-Z]{3,12}(?= )/.exec(draft.head)?.[0]);
  if (!applyRules(DHCP, draft.text.trim(), draft)) return draft.program.startsWith('dhcpd');
  const mac = draft.getText('source.mac'), relay = draft.getText('destination.ip') ?? draft.getText('destination.domain');
  if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
  if (relay !== undefined) {
    const plain = relay.replace(/:$/, '');
    delete draft.event['destination.domain'];
    if (isIp(plain)) draft.put('destination.ip', plain); else { delete draft.event['destination.ip']; draft.put('observer.ingress.interface.name', plain); }
  }
  const why = DHCP_WHY.exec(draft.head)?.[1];
  if (why !== undefined) draft.fill('event.reason', why.trim());
  if (draft.head.startsWith('DHCPNAK') || why !== undefined && DHCP_FAILED.test(why)) draft.put('event.outcome', 'failure');
  return true;
}

/** What is no lease, and what was not given: no address (14, 22), refused (15, 16, 34), updates of DNS that failed (31), a server that may not serve (51, 53, 54, 56, 57, 58, 59, 60, 61). */
const WINDOWS_DHCP = lookup<Action>({ '00': 'service_started', '01': 'service_stopped', '02': 'service_stopped' }), WINDOWS_DHCP_FAILED: ReadonlySet<string> = new Set(['13', '14', '15', '20', '22', '31', '34', '35', '36', '51', '54', '56', '57', '58', '59', '60', '61', '63', '64', '11014', '11022', '11028', '11029']);
/** Windows: `ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, ...`. */
/** What stands behind the transaction's number, where the server is new enough to write it. */
const WINDOWS_DHCP_LAST = ['result', 'probation_time', 'correlation_id', 'dhc_id', 'vendor_hex', 'vendor_string', 'user_hex', 'user_string', 'relay_agent_info', 'dns_error_code'];
function readWindowsDhcp(draft: Draft): boolean {
  const cells = draft.text.split(',', 20);
  const [id = '', date = '', time = '', description, address = '', host, mac = '', user, transaction] = cells;
  const parts = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(date);
  if (parts === null) return false;
  const stamp = readIso(`20${parts[3] ?? ''}-${parts[1] ?? ''}-${parts[2] ?? ''} ${time}`, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('event.code', id);
  draft.put('event.reason', description);
  if (isIp(address)) draft.put('source.ip', address);
  draft.put('source.domain', host);
  draft.put('source.mac', macOf(mac));
  if (Number(id) < 11_000) { putAccount(draft, 'user', user); if (transaction !== '0') draft.put('microsoft.dhcp.transaction_id', transaction); } else draft.put('microsoft.dhcp.duid', transaction);
  if (id.length === 2) for (const [i, name] of WINDOWS_DHCP_LAST.entries()) draft.keep(`microsoft.dhcp.${name}`, cells[9 + i]?.trim() ?? '');
  draft.put('event.dataset', 'microsoft_dhcp.log');
  const action = WINDOWS_DHCP[id];
  draft.act(action ?? 'dhcp_lease', action === undefined && WINDOWS_DHCP_FAILED.has(id) ? 'failure' : undefined);
  return true;
}

// --- OpenLDAP -------------------------------------------------------------------------------------------------------------------
const LDAP = messageRules([
  ['conn={} fd={} ACCEPT from IP=[{source.ip~}]:{source.port} (IP=[{destination.ip~}]:{destination.port})', 'connection'],
  ['conn={} fd={} ACCEPT from IP={source.ip~}:{source.port} (IP={destination.ip~}:{destination.port})', 'connection'],
  ['conn={} fd={} ACCEPT from PATH={*}', 'connection'],
  ['conn={} fd={} TLS established tls_ssf={} ssf={} tls_proto={ldap.tls_proto} tls_cipher={tls.cipher}{*}', 'connection'],
  ['conn={} fd={} closed ({event.reason~})', 'connection_ended'],
  ['conn={} fd={} closed{*}', 'connection_ended'],
  ['conn={} op={} UNBIND{*}', 'connection_ended'],
  ['conn={} op={} BIND dn="{ldap.dn~}" method={*}'], // asked, not yet answered
  ['conn={} op={} BIND dn="{ldap.dn~}" {*}', 'login'],
  ['conn={} op={} RESULT tag=97 err=0 {*}', 'login'],
  ['conn={} op={} RESULT tag=97 err=14 {*}'], // of SASL a step
  ['conn={} op={} RESULT tag=97 err={event.code} {~}text={event.reason~}', 'login_failed'],
  ['conn={} op={} RESULT tag=97 err={event.code} {*}', 'login_failed'],
  ['conn={} op={} RESULT tag={} err={event.code} {~}text={event.reason~}'],
  ['conn={} op={} RESULT tag={} err={event.code} {*}'],
  ['conn={} op={} RESULT oid={~} err={event.code} {~}text={event.reason~}'],
  ['conn={} op={} SEARCH RESULT tag={} err={event.code} {~}text={event.reason~}'],
  ['conn={} op={} SEARCH RESULT tag={} err={event.code} {*}'],
  ['conn={} op={} MOD dn="{ldap.dn~}"', 'user_changed'],
  ['conn={} op={} MODRDN dn="{ldap.dn~}"{*}', 'user_changed'],
  ['conn={} op={} ADD dn="{ldap.dn~}"{*}', 'user_created'],
  ['conn={} op={} DEL dn="{ldap.dn~}"{*}', 'user_deleted'],
  ['conn={} op={} PASSMOD id="{ldap.dn~}"{*}', 'password_changed'],
  ['conn={} op={} PASSMOD {*}', 'password_changed'],
  ['conn={} op={} {} dn="{ldap.dn~}"{*}'],
  ['conn={} op={} BIND authcid="{ldap.authcid~}" {*}'],
  ['SASL [conn={}] Failure: {event.reason~}', 'login_failed'],
  ['slapd starting', 'service_started'],
  ['slapd stopped.', 'service_stopped'],
  ['conn={} op={} SRCH base="{ldap.base~}" scope={ldap.scope} {~}filter="{ldap.filter>}"{*}'],
  ['conn={} op={} SRCH base="{ldap.base~}" {*}'],
  ['conn={} op={} SRCH attr={ldap.attributes~}'],
  ['conn={} op={} MOD attr={ldap.attributes~}'],
  ['ppolicy_bind: Entry {ldap.dn~} is locked{*}', 'user_locked'],
  // 389 Directory Server: the answer's code stands before its kind
  ['conn={} fd={} slot={} SSL connection from {source.ip} to {destination.ip}', 'connection'],
  ['conn={} fd={} slot={} connection from {source.ip} to {destination.ip}', 'connection'],
  ['conn={} op={} fd={} closed{*}', 'connection_ended'],
  ['conn={} op={} fd={} Disconnect{*}', 'connection_ended'],
  ['conn={} op={} RESULT err=0 tag=97 {~} dn="{ldap.dn~}"{*}', 'login'],
  ['conn={} op={} RESULT err=0 tag=97 {*}', 'login'],
  ['conn={} op={} RESULT err=14 tag=97 {*}'], // of SASL a step
  ['conn={} op={} RESULT err={event.code} tag=97 {~} - {event.reason~}', 'login_failed'],
  ['conn={} op={} RESULT err={event.code} tag=97 {*}', 'login_failed'],
  ['conn={} op={} RESULT err={event.code} tag={*}'],
  ['conn={} {*}'],
]);
function readLdap(draft: Draft): boolean {
  const text = draft.text.trim().replace(/^[0-9a-f]{8}(?:\.[0-9a-f]{1,8})? (?:0x[0-9a-f]{1,16} )?(?=conn=)/, '');
  if (!applyRules(LDAP, text, draft)) return draft.program === 'slapd';
  const dn = draft.getText('ldap.dn'), binding = / BIND | tag=97 /.test(text.slice(0, 80));
  if (binding && !draft.has('event.action')) { draft.put('event.category', 'authentication'); draft.put('event.type', 'start'); }
  if (draft.has('ldap.tls_proto')) { draft.put('tls.version_protocol', 'tls'); draft.put('tls.version', draft.getText('ldap.tls_proto')?.replace(/^TLSv/, '')); }
  const asked = draft.get('event.category') === 'iam' && !text.startsWith('ppolicy_');
  if (dn !== undefined && dn.length < 2000) putDn(draft, dn.split(',').map((part) => part.trim()), binding);
  if (asked) delete draft.event['event.outcome']; // of a change the result behind it tells how it went
  const code = draft.getText('event.code');
  if (code === NO_RIGHTS) draft.act('access_denied'); else if (code !== undefined && !binding && !NO_FAILURE.has(code)) draft.put('event.outcome', 'failure');
  return true;
}

const NO_RIGHTS = '50';
/** Results that are no failure: success, false and true of a comparison, a referral, a step of SASL. */
const NO_FAILURE: ReadonlySet<string> = new Set(['0', '5', '6', '10', '14']);

/** Whose entry it is: at a bind who comes, at a change whom it is about, of an account by both names; who changes it, the bind before has told. */
function putDn(draft: Draft, parts: readonly string[], binding: boolean): void {
  const value = (part: string): string => part.slice(part.indexOf('=') + 1), [first = ''] = parts, name = value(first), domain = parts.slice(1).map(value).join('.');
  const local = /(?:^|\+)uidNumber=(\d{1,10})(?:\+|$)/i.exec(first)?.[1]; // a process of the machine, by its socket: gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth
  if (binding || draft.get('event.action') === 'user_locked') { draft.put('user.id', local); if (local === undefined) { draft.put('user.name', name); draft.put('user.domain', domain); } }
  const action = draft.getText('event.action'), kind = entryKind(parts);
  if (draft.get('event.category') !== 'iam' || action === undefined) return;
  const known: Action = action === 'password_changed' || action === 'user_locked' || kind === 'user' ? action as Action : kind === 'group' ? GROUP_CHANGES[action] ?? 'group_changed' : 'config_changed';
  draft.act(known);
  if (known.startsWith('group_')) draft.put('group.name', name); else if (known !== 'config_changed') { draft.put('user.target.name', name); draft.put('user.target.domain', domain); draft.put('user.name', name); draft.put('user.domain', domain); }
}
const GROUP_CHANGES = lookup<Action>({ user_created: 'group_created', user_deleted: 'group_deleted', user_changed: 'group_changed' });
/** What an entry is by its name and by where it stands: uid is a person's or a machine's, cn anyone's. */
function entryKind([first = '', ...above]: readonly string[]): 'user' | 'group' | undefined {
  if (/^(?:uid|sAMAccountName|userid|mail)=/i.test(first)) return 'user';
  if (!/^cn=/i.test(first)) return undefined;
  return above.some((part) => /^(?:ou|cn)=[^,]{0,40}(?:group|role|nhom)/i.test(part)) ? 'group' : above.some((part) => /^(?:ou|cn)=[^,]{0,40}(?:user|people|person|account|staff)/i.test(part)) ? 'user' : undefined;
}

/** 389 Directory Server's access log: the time in brackets before what is otherwise much like OpenLDAP's. */
const IN_BRACKETS = /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([+-]\d{4})\] (?=conn=)/;
function read389(draft: Draft): boolean {
  const found = IN_BRACKETS.exec(draft.head);
  if (found === null) return false;
  const stamp = readDayMonth(`${(found[1] as string).replace(/\.\d+$/, '')} ${found[2] as string}`, 0);
  draft.timeFrom(stamp);
  draft.setText(draft.text.slice(found[0].length));
  return readLdap(draft);
}

export const bind: Format = { name: 'bind.log', holds: ['#0', 'timed out resolving', 'validating ', 'success resolving', "transfer of '", '/IN', 'rpz: ', 'received control channel command', ...BIND_CATEGORIES.flatMap((category) => [`0 ${category}: `, `Z ${category}: `])], programs: ['named', 'named-sdb'], detect: ({ head }) => BIND_LOOKS.test(head) || BIND_FILE.test(head), read: readBind };
export const unbound: Format = { name: 'unbound.log', holds: ['^[0'], programs: ['unbound'], detect: ({ head }) => UNBOUND.test(head), read: readUnbound };
export const dhcpd: Format = { name: 'dhcpd.log', holds: ['^DHCP', '^BOOTRE', ' message from ', ' NA: address ', '^Sending '], programs: ['dhcpd', 'dhcpd6'], detect: ({ head }) => /^\s?(?:(?:Solicit|Request|Renew|Rebind|Release|Decline|Confirm|Information-request|Relay-forward) message from [0-9a-fA-F:.]{2,45} port |(?:Advertise|Reply) NA: address |Sending (?:Advertise|Reply|Relay-reply) to [0-9a-fA-F:.]{2,45} port |DHCP(?:ACK|OFFER|REQUEST|DISCOVER|RELEASE|INFORM|NAK|DECLINE|EXPIRE|LEASEQUERY) |BOOTREQUEST |BOOTREPLY )/.test(head), read: readDhcp };
export const windowsDhcp: Format = { name: 'microsoft_dhcp.log', holds: ['^00,00/00/00,', '^00000,00/00/00,'], detect: ({ head }) => /^\d\d(?:\d{3})?,\d\d\/\d\d\/\d\d,\d\d:\d\d:\d\d,/.test(head), read: readWindowsDhcp };
export const ds389: Format = { name: '389ds.access', holds: ['^[00/'], detect: ({ head }) => IN_BRACKETS.test(head), read: read389 };
export const openldap: Format = { name: 'openldap.log', holds: ['^conn=0'], programs: ['slapd'], detect: ({ head }) => /^\s?conn=\d+ (?:fd|op)=\d+ /.test(head), read: readLdap };
