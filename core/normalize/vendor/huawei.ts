// Huawei's VRP, on switches, routers and USG firewalls: `%%01MODULE/LEVEL/BRIEF(l)[seq]: text. (Key=value, Key="value")`, with or without `%%01`, with
// `CID=0x80ca2713;` before the text, pairs without brackets (policies, sessions) or as `KEY:value;` (access of users). H3C's Comware is alike:
// `%%10SHELL/5/SHELL_LOGIN: -Line=vty0-IPAddr=192.0.2.1-User=an; text` and `SrcIPAddr(1003)=192.0.2.1;`.
import { readIso, resolve } from '../../message/time.js';
import { fillAccount } from '../account.js';
import { putAs, putCommon } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { remembered } from '../keys.js';
import { isIp } from '../net.js';
import { nativeNames } from '../native-names.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { putSite } from '../web/request.js';
import { dropNoNat } from './native-pairs.js';

const LEAD = /^%%\d\d ?([A-Za-z0-9_]+)\/(\d)\/([A-Za-z0-9_]+)(?:\(([a-zA-Z])\))?(?:\[\d+\])?: ?/;
const DATED = /^(\d{4})-(\d{1,2})-(\d{1,2}) (\d\d:\d\d:\d\d) (\S{1,64}) (?=%%\d\d[A-Z0-9_]{2,32}\/\d\/)/;
/** Without `%%01` the header took the module for a program: `SHELL/5/LOGIN(s)[5]: `. */
const PROGRAM = /^([A-Z0-9_]{2,32})\/(\d)\/([A-Za-z0-9_]{2,64})(?:\([a-zA-Z]\))?$/;
const MODULE = /^[a-z0-9_]{2,32}\/[0-7]\/[a-z0-9_]+$/;

function readVrp(draft: Draft): boolean {
  const dated = draft.head.startsWith('%%') ? null : DATED.exec(draft.head);
  if (dated !== null) { // a header that writes a month without its zero
    const [whole, year = '', month = '', day = '', clock = '', device = ''] = dated, stamp = readIso(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${clock}`, 0);
    if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    draft.fill('host.name', device);
    draft.setText(draft.text.slice(whole.length));
  }
  const found = LEAD.exec(draft.head) ?? PROGRAM.exec(draft.getText('log.syslog.appname') ?? '');
  if (found === null) return false;
  const [whole, , severity, code = ''] = found, module = (found[1] ?? '').toUpperCase(), headed = !draft.head.startsWith('%%');
  if (headed) for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field); // no program, and the number counts its messages
  const text = draft.text.slice(headed ? 0 : whole.length).replace(/^CID=0x[0-9a-fA-F]{1,16};\s?/, '');
  draft.put('event.code', code);
  draft.put('huawei.vrp.module', module);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', draft.head.startsWith('%%10') ? 'H3C' : 'Huawei');
  const values = new Map<string, string>();
  for (const [written, value] of pairsOf(text)) {
    const { name, field } = keyOf(written), said = value.trim();
    if (values.has(name)) continue;
    values.set(name, said);
    draft.fill(NATIVE(name), said);
    if (SAYS_NOTHING.test(said) || field === '_') continue;
    if (field === 'network.transport') putAs(draft, TRANSPORTS.test(said) ? field : 'network.protocol', said);
    else if (field === 'user.name') fillAccount(draft, 'user', said);
    else if (field === 'source.ip') { const host = isIp(said) ? said : said.replace(/:\d+$/, ''); if (isIp(host)) putAs(draft, field, said); }
    else if (field !== undefined) putAs(draft, field, said);
    else putCommon(draft, name, /^(?:src|dst)$/i.test(name) ? said.split(' ', 1)[0] as string : said); // an attack from several lists them all
  }
  for (const key of ['SignName', 'VirusName', 'AttackType', 'ThreatName', 'AttackName']) { const value = values.get(key); if (value !== undefined && value !== '') { draft.put('rule.name', value); break; } }
  for (const key of ['SignName', 'VirusName', 'ThreatName', 'AttackName', 'AttackType']) { const value = values.get(key); if (value !== undefined && !SAYS_NOTHING.test(value)) { draft.put('threat.name', value); break; } }
  const cve = values.get('CVE') ?? values.get('Reference');
  if (cve?.startsWith('CVE-') === true) draft.put('vulnerability.id', cve);
  dropNoNat(draft);
  const began = comwareTime(values.get('BeginTime_e')), ended = comwareTime(values.get('EndTime_e'));
  if (ended >= began) draft.put('event.duration', (ended - began) * 1e6);
  const spent = Number(values.get('EndTime')) - Number(values.get('BeginTime'));
  if (spent >= 0 && spent < 1e8) draft.put('event.duration', spent * 1e9);
  readText(draft, text, /CMD/.test(code));
  act(draft, module, code, text.slice(0, 300), values);
  return true;
}
/** `MMDDYYYYhhmmss`. */
function comwareTime(text: string | undefined): number {
  const parts = /^(\d\d)(\d\d)(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(text ?? '')?.slice(1).map(Number);
  return parts === undefined ? NaN : Date.UTC(parts[2] as number, (parts[0] as number) - 1, parts[1], parts[3], parts[4], parts[5]);
}
const NATIVE = nativeNames('huawei.vrp');
const SAYS_NOTHING = /^(?:unknown|n\/a|none|null|-{1,2}|\*{1,2}|)$/i;
const TRANSPORTS = /^(?:\d{1,3}|tcp|udp|icmp|icmpv6|gre|esp|ah|sctp|ospf|igmp)$/i;

/** Behind the first bracket that opens pairs, or from the beginning. */
function pairsOf(text: string): [string, string][] {
  if (text.startsWith('-')) { const end = text.indexOf(';'), rest = end < 0 ? '' : text.slice(end + 1).trimStart(); return [...text.slice(1, end < 0 ? 2000 : end).split(/-(?=[A-Za-z]{2,40}=)/, 50).map(parted('=')), ...(rest.startsWith('-') ? [] : pairsOf(rest))]; }
  if (/^\[[A-Z_]{3,40}\][A-Z][A-Z ]{1,40}:/.test(text)) return text.slice(text.indexOf(']') + 1, 8000).split(';', 100).map(parted(':'));
  if (/^[\w-]{2,40}(?:\(\d{1,6}\))?=[^;,"]{0,200};/.test(text)) return text.slice(0, 16_000).split(';', 200).map(parted('='));
  const open = /^[\w-]{2,40}=/.test(text) ? 0 : text.search(/\((?=[\w-]{1,40}(?: [\w-]{1,20})?=)/) + 1;
  if (open === 0 && !/^[\w-]{2,40}=/.test(text)) return [];
  return readPairs(text.slice(open).replace(open === 0 ? /\.\s*$/ : /\)\.?\s*$/, ''), { separator: ',', spacedValues: true });
}
const parted = (assign: string) => (part: string): [string, string] => { const at = part.indexOf(assign); return at < 0 ? ['', ''] : [part.slice(0, at).trim(), part.slice(at + 1)]; };

/** A key as it is kept, and the field it means. */
const keyOf = remembered((written) => {
  const name = written.replace(/\(\d{1,6}\)$/, ''), lower = name.toLowerCase();
  return { name, field: KEYS[lower] ?? (/^(?:peer|user|source|remote|client|access|login)?-?ip(?:addr(?:ess)?)?$/.test(lower) ? 'source.ip' : undefined) };
});
const KEYS = lookup<string>({
  protocol: 'network.transport', proto: 'network.transport', user: 'user.name', username: 'user.name', 'user-name': 'user.name', useraddress: 'source.ip', localaddress: 'destination.ip', localip: 'destination.ip', ip: 'source.ip', sourceattackip: 'source.ip', srcip: 'source.ip', srcipaddr: 'source.ip', srcipv6addr: 'source.ip', destinationip: 'destination.ip', dstip: 'destination.ip', dstipaddr: 'destination.ip', dstipv6addr: 'destination.ip',
  sourcenatip: 'source.nat.ip', sourcenatport: 'source.nat.port', destinationnatip: 'destination.nat.ip', destinationnatport: 'destination.nat.port', natsrcipaddr: 'source.nat.ip', natsrcport: 'source.nat.port', natdstipaddr: 'destination.nat.ip', natdstport: 'destination.nat.port', virtualip: 'source.nat.ip', sendbytes: 'source.bytes', rcvbytes: 'destination.bytes', command: 'process.command_line',
  policy: 'rule.name', policyname: 'rule.name', 'rule-name': 'rule.name', securitypolicy: 'rule.name', signid: 'rule.id', ruleid: 'rule.id', filename: 'file.name', url: 'url.original', host: 'url.domain', reason: 'event.reason', failedreason: 'event.reason', failreason: 'event.reason', closereason: 'event.reason', logoutreason: 'event.reason', macaddress: 'source.mac', mac: 'source.mac', usermacaddress: 'source.mac', srcmacaddr: 'source.mac', md5: 'file.hash.md5', application: 'network.protocol',
  interface: 'observer.ingress.interface.name', interfacename: 'observer.ingress.interface.name', sourceattackinterface: 'observer.ingress.interface.name', ifname: 'observer.ingress.interface.name', rcvifname: 'observer.ingress.interface.name', 'source-zone': 'observer.ingress.zone', sourcezone: 'observer.ingress.zone', srczone: 'observer.ingress.zone', srczonename: 'observer.ingress.zone', 'destination-zone': 'observer.egress.zone', destinationzone: 'observer.egress.zone', dstzone: 'observer.egress.zone', dstzonename: 'observer.egress.zone',
  sendpkts: 'source.packets', rcvpkts: 'destination.packets', initpktcount: 'source.packets', rplypktcount: 'destination.packets', initbytecount: 'source.bytes', rplybytecount: 'destination.bytes', attackid: 'rule.id', category: 'rule.category', securitypolicyname: 'rule.name', 'application-name': 'network.protocol', applicationname: 'network.protocol', vlan: 'network.vlan.id', vlanid: 'network.vlan.id', sndifname: 'observer.egress.interface.name', neighboraddress: 'source.ip', peeraddress: 'source.ip', nbripaddr: 'source.ip', devicemac: '_', devicename: '_', time: '_', server: '_',
});

/** What stands in words. Of a command that was typed no address is taken. */
function readText(draft: Draft, text: string, typed: boolean): void {
  const said = text.slice(0, 1000);
  const access = seek(said, '->', /\b[Aa]cl (\S{1,64}) (?:deny|permit|denied|permitted) (\S{1,64}) .{0,60}?([a-z][\w-]{1,12}) ([0-9a-fA-F.:]{3,45})(?:\((\d{1,5})\))? ?-> ?([0-9a-fA-F.:]{3,45})(?:\((\d{1,5})\))?/);
  if (access !== null) {
    const [, list, inside, transport, source, sourcePort, destination, destinationPort] = access;
    for (const [field, value] of [['rule.name', list], ['observer.ingress.interface.name', inside], ['source.ip', source], ['source.port', sourcePort], ['destination.ip', destination], ['destination.port', destinationPort]] as const) draft.fill(field, value);
    draft.fill('network.transport', transport);
  }
  draft.fill('process.command_line', seek(said, 'Command is ', /; ?Command is (.{1,900})$/s)?.[1]?.trim());
  draft.fill('observer.ingress.interface.name', seek(said, said.includes('nterface ') ? 'nterface ' : 'port ', /\b(?:[Ii]nterface|port) ([A-Z][A-Za-z-]{1,30}\d[\w/.:-]{0,30})/)?.[1]?.replace(/[.:]$/, ''));
  const who = /(?:^|; ?)(\S{1,64}) (?:logged (?:in|out)|login (?:failed|in|out)|failed to log ?in) ?from (\S{3,45}?)\.?$/.exec(said.slice(0, 300));
  const logged = seek(said, '(IP', /\b[Uu]ser (\S{1,64}?) ?\(IP: ?([0-9a-fA-F.:]{3,45})\b/) ?? seek(said, ' port ', /^(?:Accepted|Failed) \S{1,30} for (\S{1,64}) from ([0-9a-fA-F.:]{3,45}) port /);
  if (logged !== null && isIp(logged[2] as string)) { fillAccount(draft, 'user', logged[1]); draft.fill('source.ip', logged[2]); }
  const ofContext = seek(said, ' of context ', /^User (\S{1,64}) of context (\S{1,64}) .{0,80}?(?:from|IP) ([0-9a-fA-F.:]{3,45})/); // Comware's SSL VPN
  if (ofContext !== null) { fillAccount(draft, 'user', ofContext[1]); draft.put(NATIVE('context'), ofContext[2]); draft.put('event.reason', / Reason: (.{2,200}?)\.?$/.exec(said)?.[1]); }
  const filtered = seek(said, 'acket-filter ', /^(\S{3,40}) \((in|out)bound\): (?:IPv6 )?[Pp]acket-filter (\S{1,64}) (?:rule|[Rr]ule) (.{1,300}), (\d{1,12}) packet/);
  if (filtered !== null) {
    const [, name = '', way, list, rule = ''] = filtered;
    draft.put(way === 'in' ? 'observer.ingress.interface.name' : 'observer.egress.interface.name', name); draft.put('network.direction', `${way ?? ''}bound`); draft.put('rule.name', list); draft.put('rule.id', /^(\d{1,10}) /.exec(rule)?.[1]);
    draft.put('network.transport', /\b(tcp|udp|icmp|icmpv6|gre|ospf|igmp)\b/.exec(rule)?.[1]);
    draft.act(/\bdeny\b/.test(rule) ? 'connection_denied' : 'connection_allowed');
  }
  if (who !== null && isIp(who[2] as string)) { fillAccount(draft, 'user', who[1]); draft.fill('source.ip', who[2]); }
  if (!typed) readSentence(draft, text);
}

function act(draft: Draft, module: string, code: string, said: string, values: ReadonlyMap<string, string>): void {
  const vpn = /^(?:SSLVPN|VGM|L2TP|IKE|IPSEC)/.test(module), result = values.get('Result') ?? values.get('RESULT') ?? values.get('LoginResult') ?? '', failed = /^(?:fail|unsuccess|deny|reject)/i.test(result);
  const block = /block|deny|discard|drop|reset/i.test(values.get('Action') ?? values.get('Event') ?? '');
  if (/LOGIN_?FAIL|AUTH_?FAIL|LOGINFAILED|SSH_FAIL|ACCESS_?FAIL|PASSWD_?ERR|LOGIN_?LOCK|AAA_FAILURE/i.test(code) || /^Failed to log ?in/i.test(said)) draft.act(vpn ? 'vpn_failed' : 'login_failed');
  else if (/CMD_?RECORD|SHELL_CMD|^CMD$/i.test(code)) draft.act(LOOKS_ONLY.test(draft.getText('process.command_line') ?? '') ? 'shell_command' : 'config_changed', failed ? 'failure' : result === '' ? undefined : 'success');
  else if (/ACCESSRESULT|AUTHRESULT|SUPERLOGIN/i.test(code) && result !== '') draft.act(failed ? 'login_failed' : 'login');
  else if (/SESSION_?TEARDOWN|SESSION_?DEL/i.test(code)) draft.act('connection_ended');
  else if (/^(?:SESSION|NAT)_?IPV[46]_FLOW$|^NAT_SESSION$/i.test(code)) draft.act(/created/i.test(values.get('Event') ?? '') ? 'connection_started' : /deleted|aged|timeout/i.test(values.get('Event') ?? '') ? 'connection_ended' : 'connection');
  else if (/POLICYPERMIT|SESSION_?BUILD|SESSION_?CREATE/i.test(code)) draft.act('connection_allowed');
  else if (/POLICYDENY|PACKET_?DROP|ACL_?DENY/i.test(code)) draft.act('connection_denied');
  else if (/ACL/.test(code) && / (?:deny|denied|permit|permitted) /.test(said)) draft.act(/ den(?:y|ied) /.test(said) ? 'connection_denied' : 'connection_allowed');
  else if (/^FILTER/.test(module) && values.has('Event')) draft.act(block ? 'connection_denied' : 'connection_allowed');
  else if (/^(?:VIRUS|AV|ANTIVIRUS|ANTI-VIR)/i.test(module) || values.has('VirusName')) draft.act('malware_detected', block ? 'failure' : undefined);
  else if (/^(?:ATK|ATTACK|DETECT|IPS|SECE|DDOS)/i.test(module) || values.has('AttackType')) draft.act('intrusion_detected', block ? 'failure' : undefined);
  else if (/^(?:URL|PROXY|UFLT|CFLT|DFLT|FFLT)/i.test(module) && values.has('Action')) { const item = values.get('Item') ?? ''; if (item.includes('.')) putSite(draft, item); draft.act(block ? 'connection_denied' : 'http_request'); }
  else if (/LOGOUT|LOGOFF|OFFLINE/i.test(code)) draft.act(vpn ? 'vpn_disconnected' : 'logout');
  else if (/^Accepted /.test(said)) draft.act('login');
  else if (/^(?:Failed \S{1,30}|Authentication failed) for /.test(said)) draft.act('login_failed');
  else if (/LOGIN|ONLINE|AAA_SUCCESS/i.test(code)) draft.act(vpn ? 'vpn_connected' : 'login');
  else if (/BPDU_PROTECTION|PORTSEC|MAC_?LIMIT|DAI_|ROOT_PROTECTION/i.test(code)) draft.act('access_denied');
  else if (/CMD|CFM|CONFIG|SAVE|CfgChg/i.test(code)) draft.act('config_changed');
}
/** Commands that change nothing. */
const LOOKS_ONLY = /^(?:dis(?:p(?:lay)?)?|dir|more|pwd|ping|tracert|quit|return|screen-length|terminal)\b/;

/** Reading decides: it begins with the expression that tells the format. */
export const huaweiVrp: Format = { name: 'huawei.vrp', holds: ['^%%', ' %%00'], likePrograms: MODULE, detect: ({ head, program }) => head.startsWith('%%') || head.includes(' %%') && DATED.test(head) || MODULE.test(program), read: readVrp };
