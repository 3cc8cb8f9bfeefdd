// Citrix ADC (NetScaler): `01/24/2026:12:19:12 GMT ns1 0-PPE-0 : default SSLVPN LOGIN 123 0 : Context bob@192.0.2.1 - ...`: feature, event,
// number, then `Name value - Name value`. Also its management web server and shell. Application firewall events come as CEF (cef.ts).
import { readDayMonth, readIso, readSlashed, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { splitEndpoint } from '../net.js';
import { putRequest, putTarget } from '../web/request.js';

const LINE = /^[\s"]?(?:(\d{2,4}\/\d\d\/\d{2,4}:\d\d:\d\d:\d\d)(?: (GMT|[A-Z]{3,4}))?\s+(?:\S{1,64}\s+)?\d{1,3}-PPE-\d{1,3} : )?\s?(?:default )?(\w{1,20}) (\w{1,40}) \d{1,20} \d{1,10} : */;
const ENDS: readonly (readonly [side: 'source' | 'destination', form: RegExp])[] = [
  ['source', /\bSource ([0-9a-fA-F.:]{3,51})/],
  ['source', /(?:Source|ClientIP|Client_ip|Srcip:|src=|Remote_ip|SourceIP) ?"?([0-9a-fA-F.:]{3,51})/i],
  ['destination', /(?:Destination|Dstip:|dst=|ServerIP|DestinationIP) ([0-9a-fA-F.:]{3,51})/i],
  ['destination', /Vserver(?:ServiceIP)? ([0-9a-fA-F.:]{3,51})/],
  ['source', /Context [^\s@]{1,128}@([0-9a-fA-F.:]{3,45})/],
];

function readCitrix(draft: Draft): boolean {
  if (readManagement(draft)) return true;
  const found = LINE.exec(draft.head);
  if (found === null) return false;
  const [whole, time = '', zone, feature, code = ''] = found;
  const stamp = time === '' ? undefined : time.charCodeAt(4) === 47 ? readIso(`${time.slice(0, 10)} ${time.slice(11)}`, 0) : readSlashed(time, 0);
  if (stamp !== undefined) draft.time = resolve(zone === 'GMT' ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  draft.put('event.code', code);
  draft.put('citrix_adc.log.feature', feature);
  draft.put('observer.vendor', 'Citrix');
  const said = draft.text.slice(whole.length, whole.length + 4000);
  for (const [side, form] of ENDS) {
    const end = form.exec(said)?.[1];
    if (end === undefined || draft.has(`${side}.ip`)) continue;
    const { host, port } = splitEndpoint(end.replace(/[,":.]+$/, ''));
    draft.put(`${side}.ip`, host);
    draft.fill(`${side}.port`, port);
  }
  draft.put('source.nat.ip', /Nat_?ip "?([0-9a-fA-F.]{7,45}?)(?::|\s|"|$)/i.exec(said)?.[1]);
  draft.put('process.command_line', /Command "([^"]{1,1000})"/.exec(said)?.[1]);
  draft.put('user_agent.original', /Browser_?(?:type)? "?(.{1,500}?)(?:"| - [A-Z]|$)/i.exec(said)?.[1]);
  draft.put('source.port', /ClientPort (\d{1,5})/.exec(said)?.[1]);
  putAccount(draft, 'user', /(?:\bUser |\buser: ?)([^\s@,"]{1,128})/.exec(said)?.[1]);
  fillAccount(draft, 'user', /Context ([^\s@,"]{1,128})@/.exec(said)?.[1]);
  draft.put('rule.name', /(?:denied_by_policy|Policy(?:_name)?):? "?([^\s",]{1,200})/.exec(said)?.[1]);
  draft.put('event.reason', /Reason "([^"]{1,500})"/i.exec(said)?.[1]);
  const request = / : ((?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|PROPFIND) \S{1,2000})/.exec(said)?.[1];
  if (request !== undefined) { putRequest(draft, request); draft.put('url.domain', /SessionId: \d{1,12} ?- (\S{3,253}) User /.exec(said)?.[1]); }
  const attack = /^([0-9a-fA-F.:]{3,45}) \d{1,12}-PPE\d{1,3} - (?:\S{1,64} )?(\S{1,64}) (https?:\/\/\S{1,2000}|\/\S{0,2000}) (.{1,500})/.exec(said);
  if (attack !== null) { draft.put('source.ip', attack[1]); draft.put('rule.name', attack[2]); putTarget(draft, attack[3] as string); draft.put('event.reason', attack[4]); }
  act(draft, code, said);
  return true;
}

function act(draft: Draft, code: string, said: string): void {
  if (code === 'LOGIN' || code === 'TCPCONN_LOGIN') draft.act('login');
  else if (code === 'LOGIN_FAILED') draft.act('login_failed');
  else if (code === 'LOGOUT' || code === 'ICAEND_CONNSTAT') draft.act('logout');
  else if (code === 'CMD_EXECUTED') draft.act('config_changed', /Status "(?:ERROR|.*fail)/i.test(said) ? 'failure' : 'success');
  else if (code === 'HTTPREQUEST') draft.act('http_request');
  else if (code.startsWith('CONN_') || code.startsWith('TCPCONN') || code === 'UDPFLOWSTAT') draft.act('connection');
  else if (code.startsWith('APPFW_')) draft.act('web_attack_detected');
  else if (/result is Deny|denied_by/.test(said)) draft.act('connection_denied');
}

/** `192.0.2.1 -> 198.51.100.2 - bob [time] [pid] "GET /x HTTP/1.1" 200 512 "-" "agent" "Time: 90 microsecs"`, and the shell's log. */
function readManagement(draft: Draft): boolean {
  const { text } = draft;
  const web = WEB.exec(text.slice(0, 3000));
  if (web !== null) {
    const [, source, destination, user, time, pid, request = '', status, bytes, referrer, agent] = web;
    const stamp = time === undefined ? undefined : readDayMonth(time, 0);
    if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
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
  name: 'citrix_adc.log', holds: ['-PPE-', '^default ', '_command="', ' -> '], likePrograms: /-ppe-/,
  detect: ({ head, program }) => (head.includes('-PPE-') || head.startsWith('default ', head.charCodeAt(0) === 100 ? 0 : 1) && /^\s?default /.test(head) || program.includes('-ppe-') && /^\d+-ppe-\d+$/.test(program)) && LINE.test(head) || head.includes('_command="') && SHELL.test(head) || head.includes('->') && /^\s?[0-9a-fA-F.:]{3,45} -> [0-9a-fA-F.:]{3,45} (?:- |")/.test(head),
  read: readCitrix,
};
