// Smaller formats of appliances and tools: Snort, QNAP, Kaspersky, VMware, Citrix ADC, Veeam.
import { readIso, readSlashed, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { splitEndpoint } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { putRequest, putTarget } from '../web/request.js';
import { putCommon } from '../common-names.js';
import { readPairs } from '../pairs.js';

// --- Snort: `05/30-19:09:10.917356 [**] [1:527:8] NAME [**] [Classification: x] [Priority: 2] {UDP} 192.0.2.1:68 -> 198.51.100.1:67` ------------
const SNORT_RULE = /\[(\d{1,10}):(\d{1,10}):(\d{1,6})\] (.{1,400}?)(?: \[\*\*\]|\[Classification| \{)/;
const SNORT_ENDS = /([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))? -> ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?:\s|$)/;
function readSnort(draft: Draft): boolean {
  const { head } = draft;
  const rule = SNORT_RULE.exec(head), ends = SNORT_ENDS.exec(head);
  if (rule === null || ends === null) return false;
  draft.put('rule.id', rule[2]);
  draft.put('rule.name', rule[4]);
  draft.put('rule.category', /\[Classification: ([^\]]{1,200})\]/.exec(head)?.[1]);
  draft.put('event.severity', /\[Priority: (\d{1,2})\]/.exec(head)?.[1]);
  draft.put('source.ip', ends[1]); draft.put('source.port', ends[2]); draft.put('destination.ip', ends[3]); draft.put('destination.port', ends[4]);
  draft.put('network.transport', (/\{([A-Za-z0-9-]{2,12})\}/.exec(head)?.[1] ?? /^(TCP|UDP|ICMP|IPV6-ICMP) TTL/m.exec(head)?.[1])?.toLowerCase());
  const time = /(\d\d)\/(\d\d)(?:\/(\d\d))?-(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(head);
  if (time !== null) {
    const stamp = readIso(`${time[3] === undefined ? '2024' : `20${time[3]}`}-${time[1] ?? ''}-${time[2] ?? ''} ${time[4] ?? ''}`, 0);
    if (stamp !== undefined && !draft.headed) draft.time = resolve(time[3] === undefined ? { ...stamp, year: 0 } : stamp, draft.received, draft.zone);
  }
  draft.act('intrusion_detected');
  return true;
}

// --- QNAP -------------------------------------------------------------------------------------------------------------------------
const QNAP = messageRules([
  ['conn log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, Connection type: {network.protocol~}, Accessed resources: {file.path~}, Action: {event.reason~}'],
  ['event log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, Application: {~}, Category: {~}, Content: {event.reason~}'],
  ['event log: Users: {user.name~}, Source IP: {source.ip~}, Computer name: {source.domain~}, {*}'],
]);
function readQnap(draft: Draft): boolean {
  if (!applyRules(QNAP, draft.text.trim(), draft)) return false;
  if (draft.get('source.domain') === '---') delete draft.event['source.domain'];
  if (draft.get('file.path') === '---') delete draft.event['file.path'];
  draft.fill('file.path', /(?:shared folder|file) "([^"]{1,500})"/.exec(draft.head)?.[1]);
  const said = draft.getText('event.reason') ?? '';
  if (/login fail/i.test(said)) draft.act('login_failed'); else if (/login ok/i.test(said)) draft.act('login'); else if (/logout/i.test(said)) draft.act('logout');
  return true;
}

// --- Kaspersky: `Name: value\r\nName: value`, the line ends escaped or real -----------------------------------------------------------
function readKaspersky(draft: Draft): boolean {
  const values = new Map<string, string>();
  for (const part of draft.text.slice(0, 16_384).split(/\\r\\n|\r?\n/, 100)) {
    const colon = part.indexOf(': ');
    if (colon > 0 && colon < 60) values.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  if (values.size < 3) return false;
  const user = /^(?:([^\\]{1,64})\\)?([^\\(]{1,128}?)\s*(?:\([^)]*\))?$/.exec(values.get('User') ?? '');
  draft.put('user.domain', user?.[1]);
  draft.put('user.name', user?.[2]?.replace(/\$$/, ''));
  draft.put('file.path', values.get('Object'));
  draft.put('file.hash.md5', values.get('MD5'));
  draft.put('file.hash.sha256', values.get('SHA256'));
  draft.put('process.pid', values.get('Process ID'));
  draft.put('rule.name', values.get('Type') === undefined ? undefined : values.get('Name'));
  const release = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (.*)$/.exec(values.get('Release date') ?? '');
  const stamp = release === null ? undefined : readSlashed(release[0], 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.act('malware_detected');
  return true;
}

// --- Citrix ADC: `01/24/2025:12:19:12 GMT ns1 0-PPE-0 : default SSLVPN LOGIN 123 0 : Context bob@192.0.2.1 - ...` -------------------------
const CITRIX = /^[\s"]?(?:(\d{2,4}\/\d\d\/\d{2,4}:\d\d:\d\d:\d\d)(?: (GMT|[A-Z]{3,4}))?\s+(?:\S{1,64}\s+)?\d{1,3}-PPE-\d{1,3} : )?(?:default )?(\w{1,20}) (\w{1,40}) \d{1,20} \d{1,10} : +/;
function readCitrix(draft: Draft): boolean {
  const found = CITRIX.exec(draft.head);
  if (found === null) return false;
  const [whole, time = '', zone, feature, code] = found;
  const stamp = time === '' ? undefined : time.charCodeAt(4) === 47 ? readIso(`${time.slice(0, 10)} ${time.slice(11)}`, 0) : readSlashed(time, 0);
  if (stamp !== undefined) draft.time = resolve(zone === 'GMT' ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone);
  draft.put('event.code', code);
  draft.put('citrix_adc.log.feature', feature);
  const said = draft.text.slice(whole.length, whole.length + 4000);
  const end = (side: 'source' | 'destination', text: string | undefined): void => { if (text === undefined) return; const { host, port } = splitEndpoint(text.replace(/[,"]$/, '')); draft.fill(`${side}.ip`, host); draft.fill(`${side}.port`, port); };
  end('source', /(?:Source|ClientIP|Client_ip|Srcip:|src=|Remote_ip) ?"?([0-9a-fA-F.:]{3,51})/.exec(said)?.[1]);
  end('destination', /(?:Destination|Dstip:|dst=|ServerIP) ([0-9a-fA-F.:]{3,51})/.exec(said)?.[1] ?? /Vserver(?:ServiceIP)? ([0-9a-fA-F.:]{3,51})/.exec(said)?.[1]);
  draft.put('source.nat.ip', /NatIP ([0-9a-fA-F.]{7,45}?)(?::|\s)/.exec(said)?.[1]);
  draft.put('process.command_line', /Command "([^"]{1,1000})"/.exec(said)?.[1]);
  draft.put('user_agent.original', /Browser (.{1,500}?)(?:"| - [A-Z]|$)/.exec(said)?.[1]);
  draft.put('source.port', /ClientPort (\d{1,5})/.exec(said)?.[1]);
  draft.put('user.name', /(?:User |Context |user: ?)([^\s@,"]{1,128})/.exec(said)?.[1]);
  draft.fill('source.ip', /Context [^\s@]{1,128}@([0-9a-fA-F.:]{3,45})/.exec(said)?.[1]);
  if (code === 'LOGIN') draft.act('login'); else if (code === 'LOGIN_FAILED') draft.act('login_failed'); else if (code === 'LOGOUT') draft.act('logout'); else if (code?.startsWith('CONN_') === true) draft.act('connection');
  return true;
}

// --- VMware ESXi and vCenter: `2026-02-17T13:40:03.404Z info hostd[2527] [Originator@6876 sub=Vimsvc user=root] text` ----------------------
const ESX_LINE = /^\s{0,4}(?:(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z?) )?(?:(trivia|verbose|info|warning|error|debug|notice|panic) )?([\w.-]{2,40})\[(\d{1,10})\]:? /;
const ORIGINATOR = /\[Originator@6876 ([^\]]{1,400})\]/;
function readVmware(draft: Draft): boolean {
  const line = ESX_LINE.exec(draft.head);
  const originator = ORIGINATOR.exec(draft.head);
  if (line === null && originator === null) return readVmwareText(draft);
  if (line !== null) {
    const stamp = readIso(line[1] ?? '', 0);
    if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    draft.put('log.level', line[2]);
    draft.put('process.name', line[3]);
    draft.put('process.pid', line[4]);
  }
  for (const [key, value] of readPairs(originator?.[1] ?? '')) {
    draft.put(`vsphere.log.${key}`, value);
    if (key === 'user') { const [name, domain] = value.split(':'); draft.put('user.name', name); draft.put('user.domain', domain); }
  }
  const request = /"([A-Z]{3,10} [^"]{1,2000} HTTP\/[\d.]{1,3})" (\d{3})/.exec(draft.head);
  if (request !== null) { putRequest(draft, request[1] as string); draft.put('http.response.status_code', request[2]); draft.put('user_agent.original', /" \d{3} [^"]{1,100}"[^"]{0,500}" "([^"]{1,500})"/.exec(draft.head)?.[1]); }
  readVmwareText(draft);
  return true;
}
function readVmwareText(draft: Draft): boolean {
  const { head } = draft;
  const command = /(?:ForkExec\(|Executing ')(.{1,1000}?)(?:\)|') ?(?:\d+)?$/.exec(head.trim())?.[1];
  draft.put('process.command_line', command);
  const login = /(?:User|Login attempt by user) '?([^\s@']{1,128})@([0-9a-fA-F.:]{3,45})'? logged (in|out)(?: as (.{1,300}))?/.exec(head) ?? /Accepted password for user (\S{1,128}) from ([0-9a-fA-F.:]{3,45})/.exec(head) ?? /Rejected password for user (\S{1,128}) from ([0-9a-fA-F.:]{3,45})/.exec(head);
  if (login !== null) {
    const who = login[1] ?? '', slash = who.indexOf('\\');
    draft.put('user.name', who.slice(slash + 1));
    if (slash > 0) draft.put('user.domain', who.slice(0, slash));
    draft.put('source.ip', login[2]);
    draft.act(head.includes('Rejected') ? 'login_failed' : login[3] === 'out' ? 'logout' : 'login');
  }
  const session = /SSH (?:session was \w{4,8}|login has failed) for '?([^'@\s]{1,128})@([0-9a-fA-F.:]{3,45}?)'?\.?(?:\]|\s|$)/.exec(head);
  if (session !== null) {
    draft.put('user.name', session[1]);
    draft.put('source.ip', session[2]);
    draft.act(session[0].includes('failed') ? 'ssh_login_failed' : session[0].includes('closed') ? 'session_closed' : 'session_opened');
  }
  const ends = [...head.matchAll(/<(TCP|UDP) '([0-9a-fA-F.:]{3,45}) : (\d{1,5})'>/g)];
  ['source', 'destination'].forEach((side, i) => { const end = ends[i]; if (end !== undefined) { draft.fill(`${side}.ip`, end[2]); draft.fill(`${side}.port`, end[3]); draft.put('network.transport', end[1]?.toLowerCase()); } });
  const event = /^\s?Event \[\d{1,12}\] \[[^\]]{1,20}\] \[[^\]]{1,40}\] \[([\w.]{1,80})\] \[\w{1,12}\] \[(?:([^\]\\]{0,100})\\)?([^\]]{0,128})\]/.exec(head);
  if (event !== null) {
    const stamp = readIso(/ \[(\d{4}-\d\d-\d\dT[^\]]{8,20})\]/.exec(head)?.[1] ?? '', 0);
    if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
    const login = /(Failed|Successful) login (\S{1,128}) from ([0-9a-fA-F.:]{3,45})/.exec(head);
    if (login !== null) { draft.put('source.ip', login[3]); draft.act(login[1] === 'Failed' ? 'login_failed' : 'login'); }
    draft.put('user_agent.original', / logged (?:in as|out \(login time: [^)]{0,200}user agent:) (.{1,300}?)\)?\]/.exec(head)?.[1]?.trim());
    draft.put('event.code', event[1]);
    draft.fill('user.domain', event[2]);
    draft.fill('user.name', event[3]);
  }
  return command !== undefined || login !== null || event !== null || session !== null || ends.length > 0;
}
const ESX_PROGRAMS = ['hostd', 'vpxa', 'vpxd', 'vmkernel', 'vobd', 'fdm', 'rhttpproxy', 'hostd-probe', 'vmon', 'vsanmgmtd', 'applmgmt-audit', 'updatemgr', 'envoy', 'esxupdate', 'vmkwarning', 'vmauthd', 'vsphere-ui', 'eam-main'];

// --- F5 BIG-IP: `Rule /Common/x <HTTP_REQUEST>: ...`, `01260013:4: SSL Handshake failed for TCP 192.0.2.1:5 -> 198.51.100.1:443`, APM sessions ------
function readF5(draft: Draft): boolean {
  const { head } = draft;
  draft.put('event.code', /(?:^|\s)(0[01]\d{6}):\d:/.exec(head)?.[1]);
  draft.put('rule.name', /Following rule '([^']{1,200})'/.exec(head)?.[1] ?? /Rule (\/[^\s<]{1,200})/.exec(head)?.[1] ?? /ACL: (\/[^\s:]{1,200})/.exec(head)?.[1] ?? /^(?:0\d{7}:\d: )?(\/[\w./-]{1,200}):\w{1,64}:[0-9a-f]{6,10}:/.exec(head)?.[1]);
  const ends = /(?:\b(TCP|UDP|tcp|udp) )?([0-9a-fA-F.:]{3,45}?):(\d{1,5}) -> ([0-9a-fA-F.:]{3,45}?):(\d{1,5})(?:\D|$)/.exec(head);
  if (ends !== null) {
    draft.put('network.transport', ends[1]?.toLowerCase());
    draft.put('source.ip', ends[2]); draft.put('source.port', ends[3]); draft.put('destination.ip', ends[4]); draft.put('destination.port', ends[5]);
  }
  draft.put('user.name', /(?:Username|username|user) '([^']{1,128})'/.exec(head)?.[1]);
  draft.fill('source.ip', /(?:client IP|from client|Received User-Agent header.{0,300}from) ([0-9a-fA-F.:]{3,45})/i.exec(head)?.[1]);
  const request = /(?:Request|URL): (?:([A-Z]{3,8}) )?(\S{1,2000})/.exec(head);
  if (request !== null) {
    const target = request[2] ?? '', slash = target.indexOf('/');
    draft.put('http.request.method', request[1]);
    putTarget(draft, target);
    if (slash > 0 && !target.includes('://')) draft.put('url.domain', target.slice(0, slash).replace(/:\d+$/, ''));
  }
  draft.put('http.response.status_code', /HTTP: (\d{3}) response/.exec(head)?.[1]);
  if (head.includes('discard ACL') || head.includes('reject ACL')) draft.act('connection_denied');
  return true;
}

// --- Barracuda's web application firewall: positional, `TR` traffic, `WF` attack, `NF` network ----------------------------------------------
function readBarracuda(draft: Draft): boolean {
  const words = [...draft.text.slice(0, 16_384).matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].slice(0, 60).map((found) => found[1] ?? found[2] ?? found[3] ?? '');
  const at = (i: number): string | undefined => words[i + 1];
  if (words[0] === 'TR') {
    draft.put('destination.ip', at(0)); draft.put('destination.port', at(1)); draft.put('source.ip', at(2)); draft.put('source.port', at(3));
    draft.put('http.request.method', at(6)); draft.put('url.domain', at(8)); draft.put('http.version', at(9)?.replace('HTTP/', '')); draft.put('http.response.status_code', at(10));
    putTarget(draft, at(23) ?? '');
    draft.put('url.query', at(24)); draft.put('http.request.referrer', at(25)); draft.put('user_agent.original', at(27)); draft.put('user.name', at(30));
    draft.act('http_request');
  } else if (words[0] === 'WF') {
    draft.put('rule.name', at(1)); draft.put('source.ip', at(2)); draft.put('source.port', at(3));
    const method = words.findIndex((word) => /^(?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE)$/.test(word));
    if (method > 0) { draft.put('http.request.method', words[method]); putTarget(draft, words[method + 1] ?? ''); }
    draft.put('user_agent.original', words.find((word) => /^(?:Mozilla|curl|python|Java|Wget)/.test(word)));
    draft.act('web_attack_detected');
  } else if (words[0] === 'NF') {
    draft.put('network.transport', at(1)?.toLowerCase()); draft.put('source.ip', at(2)); draft.put('source.port', at(3)); draft.put('destination.ip', at(4)); draft.put('destination.port', at(5)); draft.put('rule.name', at(7));
    draft.act(at(6) === 'DENY' ? 'connection_denied' : 'connection_allowed');
  } else if (words[0] !== 'SYS' && words[0] !== 'AUDIT') return false;
  draft.put('observer.vendor', 'Barracuda');
  return true;
}

// --- Veeam: `[categoryId=0 instanceId=31000 UserName="CORP\bob" Description="..."]` ------------------------------------------------------
function readVeeam(draft: Draft): boolean {
  const pairs = readPairs(draft.text.replace(/^\[|\]$/g, ''));
  if (pairs.length < 3) return false;
  const values = new Map(pairs);
  for (const [key, value] of pairs) { draft.put(`veeam.${key}`, value); putCommon(draft, key, value); }
  draft.put('event.code', values.get('instanceId'));
  draft.put('event.reason', values.get('Description'));
  const user = values.get('UserName') ?? values.get('AccountName') ?? '';
  const slash = user.indexOf('\\');
  if (user !== '') { draft.event['user.name'] = user.slice(slash + 1); if (slash > 0) draft.event['user.domain'] = user.slice(0, slash); }
  return true;
}

export const snort: Format = { name: 'snort.log', programs: ['snort'], detect: ({ head }) => head.includes('[**]') || SNORT_RULE.test(head) && head.includes('->'), read: readSnort };
export const qnap: Format = { name: 'qnap.nas', programs: ['qulogd', 'qlogd'], read: readQnap };
export const kaspersky: Format = { name: 'kaspersky.endpoint', detect: ({ head }) => /^(?:Event type|Result description): /.test(head) && /\\r\\n|\n/.test(head), read: readKaspersky };
export const citrix: Format = { name: 'citrix_adc.log', detect: ({ head, program }) => (head.includes('-PPE-') || head.startsWith('default ') || /^\d+-ppe-\d+$/.test(program)) && CITRIX.test(head), read: readCitrix };
export const vmware: Format = { name: 'vsphere.log', programs: ESX_PROGRAMS, detect: ({ head }) => head.includes('[Originator@6876') || head.includes('[vob.') || /^\s?Event \[\d{1,12}\] \[/.test(head) || /^\d{4}-\d\d-\d\dT\S+ (?:trivia|verbose|info|warning|error|debug|notice|panic) /.test(head) && ESX_LINE.test(head), read: (draft) => readVmware(draft) || ESX_PROGRAMS.includes(draft.program) };
export const f5: Format = { name: 'f5_bigip.log', programs: ['tmm', 'tmm1', 'tmm2', 'tmm3', 'apmd', 'mcpd', 'bigd', 'asm'], detect: ({ head }) => /^\s?(?:tmm\d{0,2}\[\d+\]: |apmd\[\d+\]: |Rule \/\w+\/|0[01]\d{6}:\d: |\/[\w.-]+\/[\w.-]+:\w+:[0-9a-f]{6,10}: )/.test(head) || / (?:notice|warning|err|info) (?:apmd|tmm\d{0,2})\[\d+\]: 0[01]\d{6}:/.test(head), read: readF5 };
export const barracuda: Format = { name: 'barracuda.waf', detect: ({ head }) => /^(?:TR [0-9a-fA-F.:]+ \d+ |WF [A-Z]{3,5} \S+ [0-9a-fA-F.:]+ \d+ |NF [A-Z]{3,5} \S+ [0-9a-fA-F.:]+ \d+ |SYS \S+ [A-Z]{3,5} \d+ |AUDIT )/.test(head), read: readBarracuda };
export const veeam: Format = { name: 'veeam.backup', detect: ({ head }) => head.startsWith('[categoryId='), read: readVeeam };
