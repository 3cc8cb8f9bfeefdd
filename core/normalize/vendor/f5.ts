// F5 BIG-IP: the traffic and access daemons (`apmd[12]: 01490005:5: /Common/portal:Common:1a2b3c4d: Following rule 'x' ...`,
// `01260013:4: SSL Handshake failed for TCP 192.0.2.1:5 -> 198.51.100.1:443`), iRules (`Rule /Common/x <HTTP_RESPONSE>: key=value ...`),
// its command audit, its management web server and ASM's `key="value",` forms, its own and Splunk's. Its CSV has the columns that an administrator chose, in
// an order of theirs: only what shows itself is read (docs/adding-a-log-format.md describes the rest in YAML). CEF from ASM and AFM is read by cef.ts.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { putAccount } from '../account.js';
import { putCommon } from '../common-names.js';
import { splitCsv } from '../csv.js';
import { keepAll, putJsonTime, textOf, type JsonKind } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp, macOf, splitEndpoint } from '../net.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { putHeaders, putRequest, putTarget } from '../web/request.js';
import { nativeNames } from '../native-names.js';

const NATIVE = nativeNames('f5_bigip.log');

function readF5(draft: Draft): boolean {
  const { head } = draft;
  if (head.startsWith('CEF:')) return false; // under its own program's name
  const daemon = head.includes(']: 0') ? INSIDE.exec(head) : null;
  if (daemon !== null) { draft.put('process.name', daemon[1]); draft.put('process.pid', daemon[2]); }
  draft.put('event.code', /(?:^|\s)(0[01][0-9a-f]{6}):\d:/.exec(head)?.[1]);
  draft.put('rule.name', seek(head, 'Following rule ', /Following rule '([^']{1,200})'/)?.[1] ?? seek(head, 'Rule /', /Rule (\/[^\s<]{1,200})/)?.[1] ?? seek(head, 'ACL: /', /ACL: (\/[^\s:]{1,200})/)?.[1] ?? /^(?:0[0-9a-f]{7}:\d: )?(\/[\w./-]{1,200}):\w{1,64}:[0-9a-f]{6,10}:/.exec(head)?.[1]);
  draft.put('observer.vendor', 'F5');
  if (readManagement(draft) || readPairsForm(draft) || draft.program !== 'asm' && readFirewallList(draft) || readCsvForm(draft)) return true;
  readLabelled(draft);
  putAccount(draft, 'user', /(?:Username|username|user|authenticat(?:e|ion) with|Session variable 'session\.logon\.last\.username' set to) '?([^'\s]{1,128})'/.exec(head)?.[1] ?? seek(head, 'last.username is ', /session\.logon\.last\.username is '?([^'\s]{1,128})/)?.[1]);
  draft.put('user_agent.original', /(?:Received User-Agent header: |session\.user\.agent (?:is|set to) '?)(.{1,500}?)(?: from [0-9a-fA-F.:]{3,45}|'?$)/.exec(head)?.[1]);
  const request = seek(head, ': ', /(?:Request|URL|URI): (?:([A-Z]{3,8}) )?(\S{1,2000})/);
  if (request !== null) {
    const target = request[2] ?? '', slash = target.indexOf('/');
    draft.put('http.request.method', request[1]);
    putTarget(draft, target);
    if (slash > 0 && !target.includes('://')) draft.put('url.domain', target.slice(0, slash).replace(/:\d+$/, ''));
  }
  const session = seek(head, 'New session', /New session from client IP ([0-9a-fA-F.:]{3,45}) .{0,80}? at VIP ([0-9a-fA-F.:]{3,45})/);
  if (session !== null) { draft.put('source.ip', session[1]); draft.put('destination.ip', session[2]); draft.act('session_opened'); }
  else if (head.includes('Session deleted')) { draft.put('event.reason', /Session deleted due to ([^.]{1,200})/.exec(head)?.[1]); draft.act('session_closed'); }
  const code = draft.getText('event.code') ?? '';
  if (code.startsWith('0149')) readTunnel(draft, head); else if (HEALTH.test(code)) readHealth(draft, head);
  draft.put('http.response.status_code', seek(head, 'HTTP: ', /HTTP: (\d{3}) response/)?.[1]);
  readSentence(draft, head.replace(/^(?:\S+ )?0[01][0-9a-f]{6}:\d: /, ''));
  const asked = seek(head, ': query: ', /: query: (\S{1,255}) IN ([A-Z0-9]{1,10}) /);
  if (asked !== null) { draft.put('dns.question.name', asked[1]); draft.put('dns.question.type', asked[2]); draft.act('dns_query'); }
  draft.put('dns.response_code', seek(head, '] response: ', /: \[([A-Z]{4,9}) [a-z,]{0,40}\] response: /)?.[1]);
  if (head.includes('allow ACL')) draft.act('connection_allowed');
  if (head.includes('discard ACL') || head.includes('reject ACL')) draft.act('connection_denied');
  else if (/authenticat\w* .{0,120}(?:failed|fail\b)/i.test(head)) draft.act('login_failed');
  else if (seek(head, 'authenticat', /authenticat(?:e|ion) with .{0,130} success/) !== null) draft.act('login');
  const result = !code.startsWith('0149') ? undefined : seek(head, 'Access policy result: ', /Access policy result: (\w{1,40})/)?.[1];
  if (result !== undefined) { draft.put('event.reason', result); draft.act(result === 'Logon_Deny' ? 'login_failed' : 'login'); }
  return true;
}

/** Network access: the address given to a client, what went through its session, its end. */
function readTunnel(draft: Draft, head: string): void {
  const given = seek(head, 'Assigned PPP ', /Assigned PPP .{0,20}?IPv[46]: ([0-9a-fA-F.:]{3,45}) .{0,200}?Client IP: ([0-9a-fA-F.:]{3,45})/);
  if (given !== null) { draft.put('source.nat.ip', given[1]); draft.put('source.ip', given[2]); draft.act('vpn_connected'); }
  const sums = seek(head, 'bytes in: ', /bytes in: (\d{1,18}), bytes out: (\d{1,18})/);
  if (sums !== null) { draft.put('source.bytes', sums[1]); draft.put('destination.bytes', sums[2]); }
  const client = seek(head, 'Received client info - ', /client info - Hostname: ?([\w.-]{0,253}) .{0,300}?(?:MAC: ([0-9A-Fa-f:-]{17})|$)/);
  if (client !== null) { draft.put('source.domain', client[1]); draft.put('source.mac', macOf(client[2] ?? '')); }
  if (head.includes(" to ending 'Deny'") || head.includes(" to terminalout 'Deny'")) draft.act('access_denied');
  if (head.includes('PPP tunnel ') && /PPP tunnel \S{1,40} closed/.test(head)) draft.act('vpn_disconnected');
}

/** Codes of the traffic manager, its monitors and the global one. */
const HEALTH = /^01(?:0[1267]|1a)/;
/** What it watches: `Pool /Common/p member /Common/192.0.2.1:80 monitor status down.`, `VS (x) (ip:port=192.0.2.1:443)`, `for virtual = 192.0.2.1:443`. */
function readHealth(draft: Draft, head: string): void {
  const watched = seek(head, ' monitor status ', /\b(?:Pool (\/\S{1,200}) member|Node) (\/\S{1,200}) (?:address \S{1,45} )?(?:session status \S{1,40}\. )?monitor status ([a-z -]{2,30}?)[.,]/);
  const end = watched?.[2]?.replace(/^.*\//, '').replace(/%\d{1,5}/, '') ?? seek(head, 'ip:port=', /ip:port=([0-9a-fA-F.:]{3,51})/)?.[1] ?? seek(head, 'virtual = ', /virtual = ([0-9a-fA-F.:]{3,51})/)?.[1];
  if (end !== undefined) { const { host, port } = splitEndpoint(end); if (isIp(host)) { draft.put('destination.ip', host); draft.put('destination.port', port); } }
  if (watched !== null) { draft.put('service.name', watched[1]); draft.act(watched[3] === 'up' ? 'service_started' : 'service_failed'); }
  const empty = seek(head, 'No members available', /No members available for pool (\/\S{1,200})/)?.[1];
  if (empty !== undefined) { draft.put('service.name', empty); draft.act('service_failed'); }
  if (head.includes('Syncookie ') && head.includes('exceeded')) draft.act('intrusion_detected');
}

/** `AUDIT - pid=1 user=root folder=/Common module=(tmos)# status=[Command OK] cmd_data=...`, and the management site's httpd. */
function readManagement(draft: Draft): boolean {
  const { head, text } = draft;
  if (readLogins(draft, text.slice(0, 2000))) return true;
  const audit = head.indexOf('AUDIT - ');
  if (audit >= 0) {
    const said = text.slice(audit + 8), command = said.indexOf('cmd_data=');
    for (const [key, value] of readPairs(command < 0 ? said.slice(0, 600) : said.slice(0, command))) {
      if (key === 'user') putAccount(draft, 'user', value.replace(/\(.*$/, ''));
      else if (key === 'host') draft.put('source.ip', value);
      else if (key === 'pid') draft.put('process.pid', value);
    }
    const changed = /^(?:client [^,\s]{1,40}, )?(?:[\w.-]{1,64}, )?user ([^\s-]\S{0,127}) - (?:transaction \S{1,40} - object \S{1,12} - (.{1,4000}?))?(?: \[Status=([^\]]{1,200})\])?\s*$/s.exec(said.slice(0, 5000));
    putAccount(draft, 'user', changed?.[1] ?? /^(?:client [^,\s]{1,40}, )?user ([^\s-]\S{0,127}) - /.exec(said)?.[1]);
    draft.put('process.command_line', command >= 0 ? said.slice(command + 9) : changed?.[2]);
    const status = changed?.[3] ?? /status=\[([^\]]{1,200})\]/.exec(said)?.[1];
    draft.act('config_changed', status === undefined ? undefined : /^Command OK|^Success/i.test(status) ? 'success' : 'failure');
    return true;
  }
  // [ssl_acc] 192.0.2.1 - admin [01/Mar/2026:15:01:50 +0100] "/tmui/login.jsp" 200 238   and [ssl_req][time] 192.0.2.1 TLSv1.2 cipher "/x" 199
  const web = /^\[ssl_(?:acc|req)\](?:\[[^\]]{10,40}\])? ([0-9a-fA-F.:]{3,45}) (?:- (\S{1,64}) \[[^\]]{10,40}\]|\S{1,20} \S{1,60}) "([^"]{1,2000})" (\d{1,12})(?: (\d{1,12}|-))?/.exec(text.slice(0, 2400));
  if (web === null) return false;
  draft.put('source.ip', web[1]);
  draft.put('user.name', web[2]);
  if (!putRequest(draft, web[3] as string)) putTarget(draft, web[3] as string);
  if (head.startsWith('[ssl_acc]')) { draft.put('http.response.status_code', web[4]); draft.put('http.response.body.bytes', web[5]); draft.act('http_request', Number(web[4]) >= 400 ? 'failure' : 'success'); }
  else { draft.put('http.response.body.bytes', web[4]); draft.act('http_request'); }
  return true;
}

/** `user=an(an) partition=[All] level=Administrator tty=1 host=192.0.2.1 attempts=1 start="..."`, `User an from 192.0.2.1 at x failed to login after 1 attempts`, `AUTHCACHE PAM: user 'an' - not authenticated`. */
function readLogins(draft: Draft, text: string): boolean {
  const at = Math.max(text.indexOf('pam_audit'), text.indexOf('auth_pam)'));
  if (at < 0) {
    if (!text.startsWith('[')) return false;
    const refused = seek(text, 'AUTHCACHE PAM: ', /\[client ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?\] AUTHCACHE PAM: user '([^']{0,128})' - (not authenticated|invalid)/);
    if (refused === null) return false;
    draft.put('source.ip', refused[1]); draft.put('source.port', refused[2]);
    putAccount(draft, 'user', refused[3]);
    draft.act('login_failed');
    return true;
  }
  const said = text.slice(at + 9), who = /\b[Uu]ser[:=]? ?([^\s(=]{1,128})/.exec(said)?.[1], from = /\bhost=([0-9a-fA-F.:]{3,45})/.exec(said)?.[1] ?? /\bfrom:? (?:\S{1,40} at )?([0-9a-fA-F.:]{3,45})(?: |$)/.exec(said)?.[1];
  putAccount(draft, 'user', who);
  draft.put('source.ip', from);
  draft.act(/failed to log ?in/.test(said) || /attempts=(?!1 )/.test(said) && !/ end="/.test(said) ? 'login_failed' : / end="| out: /.test(said) ? 'logout' : 'login');
  return true;
}

/** iRules that log pairs, and ASM's `unit_hostname="bigip1",ip_client="192.0.2.1",method="GET",uri="/",request="GET / HTTP/1.1\r\nHost: ..."`. */
function readPairsForm(draft: Draft): boolean {
  const { head, text } = draft;
  const rule = /^(?:\w{1,10}\[\d{1,8}\]: )?\s?(?:0[01]\d{6}:\d: )?Rule \/\S{1,200} <\w{1,64}>: (?=[\w.]{1,40}=)/.exec(head);
  const inHeader = rule === null && draft.structured !== undefined && draft.structured.some(([name]) => name.startsWith('F5@')) ? draft.structured.map(([name, value]) => [name.slice(name.indexOf('.') + 1), value] as const) : undefined;
  const listed = rule === null && inHeader === undefined && LISTED.test(head) ? splitCsv(text.slice(0, 32_768), ',') : undefined;
  const asm = rule !== null ? null : inHeader !== undefined || listed !== undefined ? SIGN : isAsm(head) ? ASM.exec(head) : null;
  if (rule === null && asm === null) return false;
  const start = rule !== null ? rule[0].length : (asm as RegExpExecArray)[0].length;
  const pairs = inHeader ?? (listed === undefined ? readPairs(text.slice(start), asm === null ? {} : { separator: ',' }) : inTwos(listed));
  putPairs(draft, pairs, asm !== null);
  return true;
}

/** The pairs of the firewalls, or of an iRule. */
function putPairs(draft: Draft, pairs: readonly (readonly [name: string, value: string])[], asm: boolean): void {
  let request: string | undefined;
  for (const [written, value] of pairs) {
    const key = SPLUNK[written] ?? written;
    draft.fill(NATIVE(written), value);
    if (value === 'N/A' || value === 'unknown' || value === '') continue;
    if (key === 'request') request = value;
    else if (key === 'host') { draft.fill('url.domain', value); draft.fill('destination.domain', value); }
    else if (key === 'protocol') draft.put('network.protocol', value.toLowerCase());
    else if (key === 'username') putAccount(draft, 'user', value);
    else if (key === 'x_forwarded_for_header_value') { const client = value.split(',', 1)[0]?.trim() ?? ''; if (isIp(client)) draft.put('network.forwarded_ip', client); }
    else if (key === 'query_string') draft.put('url.query', value);
    else if (key === 'violations' || key === 'attack_type') { draft.fill('event.reason', value); if (key === 'attack_type') draft.put('rule.category', value); }
    else if (key === 'management_ip_address' || key === 'unit_hostname') draft.put(key === 'unit_hostname' ? 'observer.name' : 'observer.ip', value);
    else if (AFM[key] !== undefined) draft.fill(AFM[key], value);
    else putCommon(draft, key, value);
  }
  const url = draft.getText('url.original');
  if (request !== undefined) { putRequest(draft, request.split(/\\r|\r|\n|\\n/, 1)[0] as string); putHeaders(draft, request); } else if (url !== undefined) { const query = draft.getText('url.query'); putTarget(draft, query === undefined || url.includes('?') ? url : `${url}?${query}`); }
  const verdict = pairs.find(([key]) => key === 'action')?.[1], flood = draft.getText('f5_bigip.log.dos_attack_name');
  if (flood !== undefined && flood !== '') { draft.put('rule.name', flood); draft.act('intrusion_detected'); return; }
  if (pairs.some(([key]) => key === 'acl_rule_name')) { draft.put('rule.name', draft.get('f5_bigip.log.acl_rule_name') ?? draft.get('f5_bigip.log.acl_policy_name')); draft.act(/drop|reject|den[yi]/i.test(verdict ?? '') ? 'connection_denied' : 'connection_allowed'); }
  const threat = draft.getText(NATIVE('ip_intelligence_threat_name'));
  if (threat !== undefined) { draft.put('event.reason', threat); draft.put('rule.name', draft.get(NATIVE('ip_intelligence_policy_name')) ?? draft.get('rule.name')); }
  if (verdict !== undefined && asm && draft.get('event.action') === undefined && !draft.has('http.request.method')) draft.act(/drop|reject|deny/i.test(verdict) ? 'connection_denied' : 'connection_allowed');
  const ended = /^(?:blocked|rejected)$/i.test(draft.getText(NATIVE('request_status')) ?? draft.getText(NATIVE('req_status')) ?? '') ? 'failure' : undefined;
  if (draft.has('http.request.method')) draft.act(asm && (pairs.some(([key, value]) => key === 'attack_type' && /^(?!N\/A)[A-Za-z]/.test(value)) || draft.get('f5_bigip.log.violations') !== undefined && draft.get('f5_bigip.log.violations') !== 'N/A') ? 'web_attack_detected' : 'http_request', ended);
}
/** `"acl_policy_name","/Common/p","action","Drop",...`: names and values in turn. */
const LISTED = /^"(?:acl_policy_name|acl_policy_type|acl_rule_name|action|hostname|bigip_mgmt_ip|context_name|device_vendor|errdefs_msgno)","/;
const SIGN = [''] as unknown as RegExpExecArray;
const inTwos = (cells: readonly string[]): (readonly [string, string])[] => cells.flatMap((cell, i) => (i % 2 === 0 ? [[cell, cells[i + 1] ?? ''] as const] : []));
const ASM = /^(?:(?:ASM|AFM):)?(?=f5_asm=|[a-z_]{2,40}=")/;
/** Its keys come in an order that an administrator chose. */
const isAsm = (head: string): boolean => (head.includes('ip_client=') || head.includes('f5_asm=') || head.includes('acl_policy_name="') || head.includes('errdefs_msgno="') || head.includes('bigip_mgmt_ip="') || head.includes('unit_hostname="') || head.includes('attack_type="')) && ASM.test(head);

/** Telemetry Streaming: the same pairs as JSON, or a daemon's line in `data`. */
export const f5Json: JsonKind = {
  dataset: 'f5_bigip.log',
  is: (flat) => typeof flat['telemetryEventCategory'] === 'string' || flat['device_vendor'] === 'F5' && Object.hasOwn(flat, 'bigip_mgmt_ip'),
  read(draft, flat) {
    const line = textOf(flat, 'data');
    keepAll(draft, 'f5_bigip.log', flat);
    putJsonTime(draft, textOf(flat, 'event_timestamp') ?? textOf(flat, 'date_time') ?? textOf(flat, 'EOCTimestamp') ?? textOf(flat, 'timestamp') ?? (line === undefined ? undefined : /^(?:<\d{1,3}>)?([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d) /.exec(line)?.[1]));
    draft.put('host.name', textOf(flat, 'hostname'));
    draft.put('observer.vendor', 'F5');
    if (line !== undefined) { draft.setText(line); draft.ascii = undefined; readF5(draft); return; }
    putPairs(draft, Object.entries(flat).filter(([key, value]) => typeof value === 'string' && key !== 'hostname').map(([key, value]) => [key, value as string] as const), !Object.hasOwn(flat, 'event_source'));
  },
};

/** The network firewall's own keys. */
const AFM = lookup<string>({ errdefs_msgno: 'event.code', vlan: 'observer.ingress.interface.name', translated_source_ip: 'source.nat.ip', translated_source_port: 'source.nat.port', translated_dest_ip: 'destination.nat.ip', translated_dest_port: 'destination.nat.port', drop_reason: 'event.reason' });

/** The storage format that F5 documents for Splunk shortens some names. */
const SPLUNK = lookup<string>({ req: 'request', req_status: 'request_status', resp_code: 'response_code', query_str: 'query_string', unit_host: 'unit_hostname', manage_ip_addr: 'management_ip_address', http_class: 'policy_name', x_fwd_hdr_val: 'x_forwarded_for_header_value' });

/** `ASM:"bigip1","192.0.2.2",...,"GET /a HTTP/1.1\\r\\nHost: ..."`: the request, and how it was answered. */
function readCsvForm(draft: Draft): boolean {
  if (draft.program !== 'asm' || draft.head.charCodeAt(0) !== 34) return false;
  const cells = splitCsv(draft.text.slice(0, 32_768), ','), request = cells.find((cell) => REQUEST.test(cell)), status = cells.find((cell) => /^(?:blocked|alerted|passed|unblocked)$/i.test(cell))?.toLowerCase();
  if (request === undefined && status === undefined) return false;
  if (request !== undefined) { putRequest(draft, request.split(/\\r|\r|\n|\\n/, 1)[0] as string); putHeaders(draft, request); }
  draft.act(status === 'blocked' || status === 'alerted' ? 'web_attack_detected' : 'http_request');
  if (status !== undefined) { draft.put(NATIVE('request_status'), status); draft.event['event.outcome'] = status === 'blocked' ? 'failure' : 'success'; }
  return true;
}
const REQUEST = /^[A-Z]{3,10} \S{1,4000} HTTP\/\d/;

/** `23003137 "192.0.2.2","bigip1","Virtual","/Common/vs","192.0.2.1","198.51.100.1","5000","22","/Common/external","TCP",...,"deny_all","Drop",...`: addresses and ports stand together. */
function readFirewallList(draft: Draft): boolean {
  const code = LIST.exec(draft.head);
  if (code === null) return false;
  const cells = splitCsv(draft.text.slice(code[1]?.length ?? 0, 8192).trimStart(), ','), at = cells.findIndex((cell, i) => i > 1 && isIp(cell) && isIp(cells[i + 1] ?? ''));
  if (at < 0) return false;
  draft.put('event.code', code[1]);
  for (const [i, field] of ['source.ip', 'destination.ip', 'source.port', 'destination.port', 'observer.ingress.interface.name'].entries()) draft.put(field, cells[at + i]);
  const transport = cells[at + 5] ?? '', verdict = cells.findIndex((cell) => /^(?:Drop|Reject|Accept|Accept decisively|Allow|Established|Closed)$/.test(cell)), said = cells[verdict] ?? '';
  if (/^[A-Za-z]{2,8}$/.test(transport)) draft.put('network.transport', transport.toLowerCase());
  if (verdict > 0) { draft.put('rule.name', cells[verdict - 1]); draft.act(said === 'Closed' ? 'connection_ended' : /^(?:Drop|Reject)$/.test(said) ? 'connection_denied' : 'connection_allowed'); }
  return true;
}
const LIST = /^(?:(\d{8}) )?(?:"[A-Z][a-z]{2} \d\d \d{4} [\d:]{8}",)?"[0-9a-fA-F.:]{3,45}","[^"]{1,255}",/;

/** `source ip: 192.0.2.1, source port: 34066, ..., request: <GET https://x HTTP/1.0`: the web application firewall's own event text. */
function readLabelled(draft: Draft): void {
  const { text, head } = draft;
  if (!head.includes('[SECEV]')) return;
  const said = text.slice(0, 8192);
  const value = (label: string): string | undefined => { const at = said.indexOf(`${label}: `); return at < 0 ? undefined : said.slice(at + label.length + 2, at + label.length + 202).split(',', 1)[0]?.trim(); };
  for (const [label, field] of [['source ip', 'source.ip'], ['source port', 'source.port'], ['destination ip', 'destination.ip'], ['destination port', 'destination.port']] as const) draft.put(field, value(label));
  draft.fill('rule.name', /\[SECEV\] ([^:]{1,80}):/.exec(head)?.[1]);
  const at = said.indexOf('request: <');
  if (at >= 0) { const request = said.slice(at + 10); putRequest(draft, request.split(/\\r|\r|\n|\\n|>/, 1)[0] as string); putHeaders(draft, request); }
  draft.act('web_attack_detected');
}

const LOOKS = /^\s?(?:(?:tmm\d{0,2}|apmd|tmsh|mcpd|bigd|asm|perl)\[\d+\]: |Rule \/\w+\/|0[01][0-9a-f]{6}:\d: |\/[\w.-]+\/[\w.-]+:\w+:[0-9a-f]{6,10}: |\[ssl_(?:acc|req)\])/;
/** A daemon and its message's number, where the header took a level for the program, or there is none. */
const INSIDE = /(?:^|\s)([\w./-]{1,40})\[(\d{1,8})\]: 0[01][0-9a-f]{6}:[0-7]: /;
export const f5: Format = {
  name: 'f5_bigip.log', holds: ['^tmm', '^apmd[', '^tmsh[', '^mcpd[', '^bigd[', '^asm[', '^perl[', '^Rule /', '^00', '^/', '^[ssl_', ']: 00', 'ip_client=', 'f5_asm=', 'acl_policy_name="', 'errdefs_msgno="', 'bigip_mgmt_ip="', 'unit_hostname="', 'attack_type="', 'pam_audit', 'AUTHCACHE PAM: user '],
  programs: ['tmm', 'tmm1', 'tmm2', 'tmm3', 'tmm4', 'tmm5', 'tmm6', 'tmm7', 'apmd', 'mcpd', 'bigd', 'asm', 'afm', 'tmsh', 'icrd_child', 'iapp_httpd', 'gtmd', 'big3d', 'sod', 'chmand', 'tmrouted', 'websso', 'iprepd', 'icontrolportal.cgi'],
  detect: ({ head }) => LOOKS.test(head) || head.includes(']: 0') && INSIDE.test(head) || isAsm(head) || head.includes('pam_audit') && /(?:\(|^)pam_audit\)?: /.test(head) || head.includes('AUTHCACHE PAM: user '),
  read: readF5,
};
