// Citrix ADC (NetScaler): `01/24/2026:12:19:12 GMT ns1 0-PPE-0 : default SSLVPN LOGIN 123 0 : Context bob@192.0.2.1 - ...`: feature, event,
// number, then `Name value - Name value`. Also its management web server and shell. Application firewall events come as CEF (cef.ts).
import { readDayMonth, readIso, readSlashed, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, isPort, splitEndpoint, type Endpoint } from '../net.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { putRequest, putTarget } from '../web/request.js';

const LINE = /^[\s"]?(?:(\d{2,4}\/\d\d\/\d{2,4}:\d\d:\d\d:\d\d)(?: (GMT|[A-Z]{3,4}))?\s+(?:(\S{1,64})\s+)?(?:\d{1,3}-)?PPE-\d{1,3} : )?\s?(?:default )?(\w{1,20}) ([A-Za-z]\w{0,39}) \d{1,20}(?: \d{1,10})? : */;
const ENDS: readonly (readonly [ip: 'source.ip' | 'destination.ip' | 'source.nat.ip', port: string, form: RegExp])[] = [
  ['source.ip', 'source.port', /\bSource ([0-9a-fA-F.:]{3,51})/],
  ['source.ip', 'source.port', /(?:Source|ClientIP|Client_?ip ?:?|Srcip:|src=|Remote_ip|SourceIP) ?"?([0-9a-fA-F.:]{3,51})/i],
  ['destination.ip', 'destination.port', /(?:Destination|Dstip:|dst=|ServerIP|DestinationIP) ([0-9a-fA-F.:]{3,51})/i],
  ['destination.ip', 'destination.port', /Vserver(?:ServiceIP| ip ?:)? ([0-9a-fA-F.:]{3,51})/i],
  ['source.ip', 'source.port', /Context [^\s]{1,200}@([0-9a-fA-F.:]{3,45})/],
  ['source.nat.ip', 'source.nat.port', /Nat_?ip "?([0-9a-fA-F.:]{7,51})/i],
];

function readCitrix(draft: Draft): boolean {
  if (readManagement(draft)) return true;
  const found = LINE.exec(draft.head);
  if (found === null) return false;
  const [whole, time = '', zone, name, feature = '', code = ''] = found;
  const stamp = time === '' ? undefined : time.charCodeAt(4) === 47 ? readIso(`${time.slice(0, 10)} ${time.slice(11)}`, 0) : readSlashed(time, 0);
  if (stamp !== undefined) draft.time = resolve(zone === 'GMT' ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  draft.put('event.code', code);
  draft.put('citrix_adc.log.feature', feature);
  draft.put('observer.vendor', 'Citrix');
  draft.put('observer.name', name);
  if (PPE.test(draft.getText('process.name') ?? '')) { Reflect.deleteProperty(draft.event, 'process.name'); draft.fill('observer.name', draft.get('host.name')); } // a packet engine, no program
  const all = draft.text.slice(whole.length, whole.length + 4000), request = code === 'HTTPREQUEST' ? REQUEST.exec(all) : null;
  const said = code === 'CMD_EXECUTED' ? before(all, all.indexOf('Command "')) : before(all, request?.index ?? -1); // what somebody typed or asked for says nothing of who and where
  if (feature === 'APPFW') readAttack(draft, all);
  else for (const [ip, port, form] of ENDS) {
    const end = draft.has(ip) ? undefined : form.exec(said)?.[1];
    if (end === undefined) continue;
    const at = endOf(end.replace(/[,":.]+$/, ''), PORTED.test(code));
    if (!isIp(at.host)) continue;
    draft.put(ip, at.host);
    draft.fill(port, at.port);
  }
  const value = (label: string): string | undefined => { const at = said.indexOf(`${label} `); return at < 0 ? undefined : /^(?:"([^"]{1,500})"|(.{1,500}?))(?= ?- [A-Za-z]|\s*$)/.exec(said.slice(at + label.length + 1, at + label.length + 600))?.slice(1).find((one) => one !== undefined)?.trim(); };
  draft.put('user_agent.original', seek(said, 'rowser', /Browser_?(?:type)? "?(.{1,500}?)(?:"| - [A-Z]|$)/i)?.[1]);
  if (feature === 'SSLLOG') { draft.put('tls.version', value('ClientVersion')); draft.put('tls.cipher', value('CipherSuite')?.split(' ', 1)[0]); draft.put('tls.client.server_name', value('SNI')); }
  if (feature === 'SSLLOG' || feature.startsWith('ACL')) { draft.fill('source.port', /(?:ClientPort|SrcPort) (\d{1,5})/.exec(said)?.[1]); draft.fill('destination.port', /(?:VserverServicePort|DstPort) (\d{1,5})/.exec(said)?.[1]); }
  if (feature.startsWith('ACL')) draft.put('network.transport', / - Protocol ([A-Za-z0-9]{2,8})\b/.exec(said)?.[1]?.toLowerCase());
  if (feature === 'SSLVPN' || feature.startsWith('AAA')) draft.put('group.name', /Group\(s\) "([^"]{1,128})"/.exec(said)?.[1]?.replace(/^N\/A$/, ''));
  if (feature !== 'APPFW') putAccount(draft, 'user', /(?:\bUser |\buser: ?)([^\s,"]{1,128})/.exec(said)?.[1]);
  fillAccount(draft, 'user', seek(said, 'Context ', /Context (\S{1,200})@[0-9a-fA-F.:]{3,45}\b/)?.[1]);
  const virtual = code.startsWith('ICA') ? /username:domainname ([^\s:]{1,128}):(\S{0,128})/.exec(said) : null;
  if (virtual !== null) { draft.put('user.name', virtual[1]); draft.put('user.domain', virtual[2]); }
  if (virtual !== null) draft.put('service.name', value('applicationName'));
  if (feature !== 'APPFW' && (said.includes('olicy') || said.includes('Hit Rule'))) draft.put('rule.name', /(?:denied_by_policy|Policy(?:_name)?|Hit Rule):? "?([^\s",]{1,200})/i.exec(said)?.[1]);
  draft.put('event.reason', seek(said, 'eason "', /Reason "([^"]{1,500})"/i)?.[1] ?? (code === 'LOGOUT' ? value('LogoutMethod') : undefined));
  if (SUMMED.test(code)) putSums(draft, said);
  const denied = !code.endsWith('_DENIED') ? null : seek(said, 'Denied_url ', /Remote_host (\S{1,253}) - Denied_url (\S{1,2000})/);
  if (denied !== null) { putTarget(draft, denied[2] as string); draft.put('url.domain', denied[1]); }
  if (request !== null) { putRequest(draft, request[1] as string); draft.put('url.domain', /SessionId: \d{1,12} ?- (\S{3,253}) User /.exec(said)?.[1]); }
  act(draft, feature, code, all);
  return true;
}
/** Messages of connections, whose ends always have a port: behind an address of IPv6 too, with nothing else between them. */
const PORTED = /^(?:CONN_|NAT_|OTHERCONN_|TCPCONN|UDPFLOW|ICA)/;
function endOf(text: string, ported: boolean): Endpoint {
  const colon = text.lastIndexOf(':'), host = text.slice(0, colon);
  return ported && isIp(text) && host.includes(':') && isIp(host) && isPort(text.slice(colon + 1)) ? { host, port: text.slice(colon + 1) } : splitEndpoint(text);
}
const PPE = /^(?:\d{1,3}-)?PPE-\d{1,3}$/;
const REQUEST = /(?: : | GMT )((?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|PROPFIND) \S{1,2000})/;
const before = (text: string, at: number): string => (at < 0 ? text : text.slice(0, at));

/** Messages of what has ended. */
const SUMMED = /STAT$|DELINK|TERMINATE|LOGOUT|TIMEDOUT|_DENIED$/;
/** How long it took, and how much went through it. */
function putSums(draft: Draft, said: string): void {
  const took = seek(said, 'Duration ', /Duration (\d{1,4}):(\d\d):(\d\d)/), sent = seek(said, 'Total_bytes_send ', /Total_bytes_send (\d{1,18})/)?.[1], received = seek(said, 'Total_bytes_recv ', /Total_bytes_recv (\d{1,18})/)?.[1];
  if (took !== null) draft.put('event.duration', (Number(took[1]) * 3600 + Number(took[2]) * 60 + Number(took[3])) * 1e9);
  if (sent === undefined || received === undefined) return;
  draft.put('citrix_adc.log.total_bytes_send', Number(sent));
  draft.put('citrix_adc.log.total_bytes_recv', Number(received));
  draft.put('network.bytes', Number(sent) + Number(received));
}

/** `192.0.2.1 77-PPE0 SESSION PROFILE URL what was found <blocked>`, or the URL last: `PROFILE Disallow Illegal URL: URL <blocked>`. */
function readAttack(draft: Draft, said: string): void {
  const found = /^([0-9a-fA-F.:]{3,45}) \d{1,12}-PPE\d{1,3} (.{1,3000})$/s.exec(said);
  if (found === null) return;
  const rest = found[2] as string, url = /(?:^| )(https?:\/\/\S{1,2000}|\/\S{0,2000})/.exec(rest), words = (url === null ? rest : rest.slice(0, url.index)).split(' ', 40);
  const first = words.length <= 3 && url !== null, last = url === null ? '' : rest.slice(url.index + url[0].length);
  draft.put('source.ip', found[1]);
  draft.put('rule.name', first ? words[words.length - 1] : words[1]);
  if (url !== null) putTarget(draft, url[1] as string);
  draft.put('event.reason', (first ? last : `${words.slice(2).join(' ')}${last}`).trim().replace(/:(?= |$)/, ''));
}

function act(draft: Draft, feature: string, code: string, said: string): void {
  if (code === 'LOGIN' || code === 'TCPCONN_LOGIN') draft.act('login');
  else if (code === 'LOGIN_FAILED') draft.act('login_failed');
  else if (code === 'LOGOUT') draft.act('logout');
  else if (code === 'ICASTART') draft.act('session_opened');
  else if (code.startsWith('ICAEND')) draft.act('session_closed');
  else if (code === 'CMD_EXECUTED') actCommand(draft, said);
  else if (code === 'HTTPREQUEST') draft.act('http_request');
  else if (/DELINK|TERMINATE/.test(code)) draft.act('connection_ended');
  else if (code.endsWith('_DENIED') || said.includes(' Access Denied') || said.includes('result is Deny') || said.includes('denied_by')) draft.act('connection_denied');
  else if (code.startsWith('TCPCONN') && said.includes(' Access Allowed')) draft.act('connection_allowed');
  else if (code.startsWith('CONN_') || code.startsWith('TCPCONN') || code === 'UDPFLOWSTAT' || code.startsWith('ACL')) draft.act(/ Action DENY\b/i.test(said) ? 'connection_denied' : 'connection');
  else if (code.startsWith('SSL_HANDSHAKE')) draft.act('connection', code.endsWith('FAILURE') ? 'failure' : code.endsWith('SUCCESS') ? 'success' : undefined);
  else if (code === 'REMOVE_SESSION') draft.act('session_closed');
  else if (feature === 'APPFW' && code.startsWith('APPFW_')) { const ended = /<([a-z ]{3,20})>\s*"?$/.exec(said)?.[1]; draft.act('web_attack_detected', ended === 'blocked' ? 'failure' : ended === 'not blocked' ? 'success' : undefined); }
  else if (feature === 'EVENT') actEvent(draft, code, said);
  else if (feature === 'SNMP') {
    putAccount(draft, 'user', /nsUserName = "?([^\s",]{1,128})/.exec(said)?.[1]);
    draft.put('source.ip', /nsClientIPAddr = ([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]);
    if (said.includes('LoginFailure')) draft.act('login_failed'); else if (said.includes('ConfigChange')) draft.act('config_changed');
  } else if (code === 'DNS_QUERY') {
    const asked = /^"?[UT]:([0-9a-fA-F.:]{3,45})#(\d{1,5}):([0-9a-fA-F.:]{3,45})#(\d{1,5})\/(?:[^/]{0,60}\/){1,4}?([\w.-]{2,253}\.[\w-]{2,63})\/([A-Z0-9]{1,10})\//.exec(said);
    if (asked !== null) for (const [i, field] of ['source.ip', 'source.port', 'destination.ip', 'destination.port', 'dns.question.name', 'dns.question.type'].entries()) draft.put(field, asked[i + 1]);
    draft.act('dns_query');
  } else if (code === 'Message') {
    const who = /[Aa]uthentication is (rejected|accepted) for (\S{1,128})/.exec(said);
    if (who !== null) { fillAccount(draft, 'user', who[2]); draft.act(who[1] === 'rejected' ? 'login_failed' : 'login'); }
    readSentence(draft, said);
  }
}

/** Of a command that holds quotes of its own, all that stands before its status. */
function actCommand(draft: Draft, said: string): void {
  const found = /Command "(.{0,2000}?)" - Status "(.{0,500}?)"?\s*$/s.exec(said), command = found?.[1] ?? /Command "([^"]{1,1000})"/.exec(said)?.[1] ?? '', status = found?.[2] ?? '', failed = /^ERROR|fail/i.test(status);
  draft.put('process.command_line', command);
  if (failed) draft.put('event.reason', status);
  draft.act(command.startsWith('login ') ? failed ? 'login_failed' : 'login' : command === 'logout' ? 'logout' : LOOKS_ONLY.test(command) ? 'shell_command' : 'config_changed', command === 'logout' || command.startsWith('login ') ? undefined : failed ? 'failure' : 'success');
}
const LOOKS_ONLY = /^(?:sh(?:ow)?|stat|ping|traceroute|diff|query) /;

function actEvent(draft: Draft, code: string, said: string): void {
  const what = /^(?:Device|Monitor) "?(.{1,300}?)"? - State (\S{1,40})/.exec(said), at = /_([0-9.]{7,15}|[0-9a-fA-F:]{3,45}):(\d{1,5})[_(]/.exec(what?.[1] ?? '');
  draft.put('service.name', what?.[1]);
  draft.put('event.reason', what === null ? undefined : `State ${what[2] as string}`);
  if (at !== null && isIp(at[1] as string)) { draft.put('destination.ip', at[1]); draft.put('destination.port', at[2]); }
  if (/DOWN$/.test(code)) draft.act('service_failed'); else if (/UP$/.test(code)) draft.act('service_started');
  else if (code === 'STARTSYS') draft.act('system_started'); else if (code === 'STOPSYS') draft.act('system_stopped');
}

/** `192.0.2.1 -> 198.51.100.2 - bob [time] [pid] "GET /x HTTP/1.1" 200 512 "-" "agent" "Time: 90 microsecs"`, and the shell's log. */
function readManagement(draft: Draft): boolean {
  const { text } = draft;
  const web = WEB.exec(text.slice(0, 3000));
  if (web !== null) {
    const [, source, destination, user, time, pid, request = '', status, bytes, referrer, agent] = web;
    const stamp = time === undefined ? undefined : readDayMonth(time, 0);
    draft.timeFrom(stamp);
    draft.put('source.ip', source); draft.put('destination.ip', destination);
    draft.put('user.name', user); draft.put('process.pid', pid);
    if (!putRequest(draft, request)) putTarget(draft, request);
    draft.put('http.response.status_code', status); draft.put('http.response.body.bytes', bytes);
    draft.put('http.request.referrer', referrer); draft.put('user_agent.original', agent);
    draft.act('http_request', Number(status) >= 400 ? 'failure' : 'success');
    return true;
  }
  const shell = SHELL.exec(draft.head);
  if (shell === null) return false;
  draft.put('user.name', shell[1]);
  draft.put('process.command_line', text.slice(shell[0].length).replace(/"\s*$/, ''));
  draft.act('shell_command');
  return true;
}
const WEB = /^\s?([0-9a-fA-F.:]{3,45}) -> ([0-9a-fA-F.:]{3,45})(?: - (\S{1,128}) \[([^\]]{10,40})\](?: \[(\d{1,10})\])?)? "([^"]{1,2000})" (\d{3}) (\d{1,12}|-)(?: "([^"]{0,1000})" "([^"]{0,500})")?/;
const SHELL = /^\s?(?:\(null\) )?(\S{1,64}) on \/dev\/\S{1,40} shell_command="/;

export const citrix: Format = {
  name: 'citrix_adc.log', holds: ['PPE-0', '^default ', '_command="', ' -> '], likePrograms: /^(?:\d{1,3}-)?ppe-\d/,
  detect: ({ head, program }) => (head.includes('PPE-') || head.startsWith('default ', head.charCodeAt(0) === 100 ? 0 : 1) && /^\s?default /.test(head) || program.includes('ppe-') && /^(?:\d{1,3}-)?ppe-\d{1,3}$/.test(program)) && LINE.test(head) || head.includes('_command="') && SHELL.test(head) || head.includes('->') && /^\s?[0-9a-fA-F.:]{3,45} -> [0-9a-fA-F.:]{3,45} (?:- |")/.test(head),
  read: readCitrix,
};
