// FortiGate (and other Fortinet devices that log alike): `date=2026-02-17 time=13:40:03 devname="fw1" logid="0000000013" type="traffic" ...`.
// Every key is kept under fortinet.firewall.*; the time is eventtime (s, ms, us or ns by version) or date, time and tz.
import { epochMillis, parseOffset, readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { hashKind, isIp, macOf, protocolName } from '../net.js';
import { lookup } from '../lookup.js';
import { keyTable } from '../keys.js';
import { readPairs } from '../pairs.js';
import { joinUrl, putTarget } from '../web/request.js';

export const FORTINET_FIELDS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  srcip: 'source.ip', srcport: 'source.port', sentbyte: 'source.bytes', srcname: 'source.domain', dstip: 'destination.ip', dstport: 'destination.port', rcvdbyte: 'destination.bytes',
  dstname: 'destination.domain', service: 'network.protocol', logid: 'event.code', policyname: 'rule.name', policyid: 'rule.id', devname: 'observer.name', devid: 'observer.serial_number',
  agent: 'user_agent.original', hostname: 'url.domain', filename: 'file.name', filehash: 'file.hash.sha256', qname: 'dns.question.name', qtype: 'dns.question.type', direction: 'network.direction',
  srcintf: 'observer.ingress.interface.name', dstintf: 'observer.egress.interface.name', group: 'group.name', level: 'log.level', from: 'email.from.address', to: 'email.to.address', subject: 'email.subject',
  locip: 'destination.ip', locport: 'destination.port', remip: 'source.ip', remport: 'source.port', ip: 'source.ip', httpmethod: 'http.request.method', referralurl: 'http.request.referrer', reason: 'event.reason', duration_ms: 'event.duration',
  src_ip: 'source.ip', src: 'source.ip', dst: 'destination.ip', src_port: 'source.port', dst_port: 'destination.port', http_host: 'url.domain', http_agent: 'user_agent.original', http_method: 'http.request.method', http_retcode: 'http.response.status_code',
  analyticscksum: 'file.hash.sha256', http_request_bytes: 'http.request.bytes', http_response_bytes: 'http.response.bytes', http_refer: 'http.request.referrer', client_ip: 'source.ip', dst_ip: 'destination.ip', resolved: 'source.domain', log_id: 'event.code', sentpkt: 'source.packets', rcvdpkt: 'destination.packets', tunnelip: 'source.nat.ip', app: 'network.application', catdesc: 'rule.category', sni: 'tls.client.server_name', tlsver: 'tls.version', vlanid: 'network.vlan.id', virus: 'threat.name', vname: 'threat.name', fname: 'file.name', md5: 'file.hash.md5', sha1: 'file.hash.sha1', sha256: 'file.hash.sha256', filesize: 'file.size', xid: 'dns.id', qclass: 'dns.question.class', sender: 'email.from.address', recipient: 'email.to.address', message_id: 'email.message_id',
});

const KEYS = keyTable('fortinet.firewall', FORTINET_FIELDS);

export function readFortinet(draft: Draft): boolean {
  const values = new Map<string, string>(), meant: (readonly [field: string, value: string])[] = [];
  for (const [read, value] of readPairs(draft.text, COMMAS.test(draft.head) ? { separator: ',' } : {})) {
    const key = VERSIONED_DATE.test(read) ? 'date' : read;
    const { native, own } = KEYS(key);
    if (!values.has(key)) { values.set(key, value); if (own !== undefined) meant.push([own, value]); }
    draft.keep(native, value);
  }
  if (values.size < 4) return false;
  const ofClient = values.get('type') === 'event';
  for (const [field, value] of meant) {
    if (ofClient && field === 'url.domain') continue; // the machine that the event tells of, no site
    if (value !== 'N/A' && !(field === 'source.domain' && (value === 'OK' || value === 'FAIL' || value === 'TEMP' || value === 'FORGED'))) draft.fill(field, field === 'dns.question.name' ? value.replace(/^\[(.*)\]$/, '$1') : value);
  }
  const way = DIRECTIONS[values.get('direction') ?? ''], took = Number(values.get('duration') ?? NaN);
  if (way !== undefined) draft.put('network.direction', way);
  if (Number.isFinite(took)) draft.fill('event.duration', took * 1e9);
  if (draft.has('tls.client.server_name')) draft.fill('destination.domain', draft.get('tls.client.server_name'));
  putTime(draft, values);
  putPeople(draft, values);
  if (ofClient) draft.fill('source.domain', values.get('hostname'));
  else draft.fill('destination.domain', values.get('hostname'));
  const proto = values.get('proto');
  if (proto !== undefined) draft.put('network.transport', protocolName(proto));
  const [name, port] = (values.get('service') ?? '').split('/');
  if (proto === undefined && (name === 'tcp' || name === 'udp') && port !== undefined) draft.put('network.transport', name);
  for (const [key, field] of [['srcmac', 'source.mac'], ['mac', 'source.mac'], ['stamac', 'source.mac'], ['dstmac', 'destination.mac']] as const) { const mac = values.get(key); if (mac !== undefined) draft.put(field, macOf(mac)); }
  const nat = values.get('trandisp') ?? '';
  if (nat.includes('snat') || (nat !== 'dnat' && values.has('transip'))) { draft.put('source.nat.ip', values.get('transip')); draft.put('source.nat.port', values.get('transport')); }
  if (nat.includes('dnat') || values.has('tranip')) { draft.put('destination.nat.ip', values.get('tranip')); draft.put('destination.nat.port', values.get('tranport')); }
  const url = values.get('url') ?? values.get('http_url');
  if (url !== undefined) { putTarget(draft, url); if (!url.startsWith('/') && !url.includes('://')) draft.put('url.path', url); joinUrl(draft); }
  draft.put('observer.vendor', 'Fortinet');
  draft.fill('observer.product', ofWeb(values) ? 'FortiWeb' : PRODUCTS[/^[A-Z]{3}/.exec(values.get('devid') ?? values.get('device_id') ?? '')?.[0] ?? ''] ?? 'FortiGate');
  if (values.get('subtype') === 'voip' || values.has('voip_proto')) putCall(draft, values);
  draft.fill('process.command_line', values.get('subtype') === 'ssh' ? values.get('command') : undefined);
  if (way === undefined && /^(?:request|response|N\/A)$/.test(values.get('direction') ?? '')) Reflect.deleteProperty(draft.event, 'network.direction');
  if (ofWeb(values)) putWeb(draft, values);
  draft.put('rule.name', values.get('attack'));
  if (values.get('attackid') !== undefined) draft.put('rule.id', values.get('attackid'));
  if (values.get('virus') !== undefined) draft.put('rule.name', values.get('virus'));
  const device = values.get('devname');
  if (device !== undefined) { draft.fill('log.syslog.hostname', device); draft.fill('host.name', device); }
  if (values.has('fctver') || values.get('devid')?.startsWith('FCT') === true) putClient(draft, values);
  draft.put('threat.name', values.get('mname'));
  if (ofAuthenticator(values)) { draft.put('event.code', values.get('typeid')); draft.put('observer.product', 'FortiAuthenticator'); }
  if (draft.event['event.reason'] === 'none') Reflect.deleteProperty(draft.event, 'event.reason');
  actFortinet(draft, values);
  return true;
}

/** The first letters of a serial number. */
const PRODUCTS = lookup<string>({ FAZ: 'FortiAnalyzer', FMG: 'FortiManager', FAC: 'FortiAuthenticator', FSA: 'FortiSandbox', FCT: 'FortiClient', FAD: 'FortiADC', FPX: 'FortiProxy', FNC: 'FortiNAC', FDD: 'FortiDDoS' });
/** FortiClient on a computer: the program that asked, and what became of it. */
function putClient(draft: Draft, values: ReadonlyMap<string, string>): void {
  for (const field of ['url.domain', 'destination.domain', 'source.domain']) Reflect.deleteProperty(draft.event, field);
  draft.put('observer.product', 'FortiClient');
  const said = (key: string): string | undefined => { const value = values.get(key); return value === 'N/A' ? undefined : value; }, remote = said('remotename'), kind = hashKind(said('checksum') ?? ''), blocked = /block|den|quarantin|drop/i.test(said('utmaction') ?? said('action') ?? '') ? 'failure' as const : undefined;
  draft.put('host.name', said('hostname'));
  draft.fill('process.name', said('srcname'));
  draft.put('destination.ip', said('destinationip')); draft.put('destination.port', said('destinationport'));
  draft.put('file.path', said('file'));
  if (kind !== undefined) draft.put(`file.hash.${kind}`, said('checksum'));
  if (remote !== undefined && !isIp(remote)) { draft.put('destination.domain', remote); if (said('url') !== undefined) { draft.put('url.domain', remote); joinUrl(draft); } }
  const found = said('virus') ?? (said('utmevent') === 'antivirus' ? said('threat') : undefined);
  if (found !== undefined) { draft.put('threat.name', found); draft.act('malware_detected', blocked); }
  else if (said('utmevent') === 'webfilter') { draft.put('rule.category', said('threat')); draft.act('proxy_request', blocked ?? 'success'); }
  else if (said('utmevent') !== undefined && values.get('type') === 'traffic') { draft.put('network.application', said('threat')); draft.act(blocked === undefined ? 'connection_allowed' : 'connection_denied'); }
}

const ofAuthenticator = (values: ReadonlyMap<string, string>): boolean => values.has('typeid') && values.has('subcategory');
/** Who calls whom are no mailboxes. */
function putCall(draft: Draft, values: ReadonlyMap<string, string>): void {
  for (const field of ['email.from.address', 'email.to.address']) Reflect.deleteProperty(draft.event, field);
  draft.put('network.protocol', values.get('voip_proto') ?? draft.getText('network.protocol'));
  draft.put('observer.ingress.interface.name', values.get('src_int')); draft.put('observer.egress.interface.name', values.get('dst_int')); draft.put('rule.id', values.get('policy_id'));
}

/** FortiWeb: what it found and by which signature; `none` says nothing, a service may name the version of TLS. */
function putWeb(draft: Draft, values: ReadonlyMap<string, string>): void {
  if (draft.event['http.request.referrer'] === 'none') Reflect.deleteProperty(draft.event, 'http.request.referrer');
  const [service, tls] = (values.get('service') ?? '').split('/'), client = values.get('original_src') ?? '', cve = values.get('signature_cve_id') ?? '', id = values.get('signature_id') ?? '';
  if (tls !== undefined && /^(?:tls|ssl)/i.test(tls)) { draft.put('network.protocol', service); draft.put('tls.version', tls); }
  if (isIp(client) && client !== values.get('src')) draft.put('network.forwarded_ip', client);
  draft.put('rule.name', values.get('policy'));
  draft.put('rule.category', values.get('main_type'));
  if (/^\d/.test(id)) draft.put('rule.id', id);
  if (cve.startsWith('CVE-')) draft.put('vulnerability.id', cve);
  if (values.get('type') === 'attack') draft.fill('event.reason', values.get('msg'));
}

const DIRECTIONS = lookup<string>({ outgoing: 'outbound', incoming: 'inbound', out: 'outbound', in: 'inbound' });
const ofWeb = (values: ReadonlyMap<string, string>): boolean => values.has('main_type') || values.has('http_method') && values.has('device_id') || values.get('device_id')?.startsWith('FV') === true;
/** FortiWeb puts the version of its log before the first key. */
const VERSIONED_DATE = /^v\d{3}x{0,8}date$/;
const COMMAS = /(?:date|time|devid|device_id|logid|log_id)=[^ ,]+,[a-z_]+=/;

/** `(GMT+7:00)Bangkok,Hanoi`. */
const GMT = /^\(GMT([+-])(\d{1,2}):?(\d\d)\)/;

function putTime(draft: Draft, values: ReadonlyMap<string, string>): void {
  const date = values.get('date'), time = values.get('time'), offset = parseOffset(values.get('tz') ?? GMT.exec(values.get('timezone') ?? '')?.slice(1).map((part, i) => i === 1 ? part.padStart(2, '0') : part).join('') ?? '');
  const stamp = date !== undefined && time !== undefined ? readIso(`${date} ${time}`, 0) : undefined;
  if (stamp !== undefined && !Number.isNaN(offset)) { draft.time = resolve({ ...stamp, offset }, draft.received, draft.zone); return; }
  const event = epochMillis(values.get('eventtime') ?? values.get('timestamp') ?? '');
  if (event !== undefined) draft.time = event;
  else if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
}

/** `user` is who the device means: the sender of traffic, or the administrator of an event. `ui="https(192.0.2.1)"` tells from where. */
function putPeople(draft: Draft, values: ReadonlyMap<string, string>): void {
  const user = [values.get('subtype') === 'ssh' && values.get('type') === 'utm' ? values.get('login') : undefined, values.get('action') === 'negotiate' && isIp(values.get('user') ?? '') ? undefined : values.get('user'), values.get('xauthuser'), values.get('unauthuser'), values.get('username')].find((name) => name !== undefined && name !== '' && name !== 'N/A' && name !== 'Unknown');
  putAccount(draft, 'user', user);
  putAccount(draft, 'source.user', user);
  fillAccount(draft, 'user', values.get('user_name'));
  const ui = values.get('ui') ?? '', from = isIp(ui) ? ui : /\(([0-9a-fA-F.:]{3,45})\)?$/.exec(ui)?.[1];
  draft.fill('source.ip', values.get('userip')); // FortiAuthenticator
  const userFrom = /\(([0-9a-fA-F.:]{3,45})\)$/.exec(values.get('userfrom') ?? '')?.[1]; // FortiAnalyzer, FortiManager
  if (userFrom !== undefined) draft.fill('source.ip', userFrom);
  if (from !== undefined) draft.fill('source.ip', from);
  else if (ui !== '' && values.get('action') === 'login') draft.fill('source.ip', /\bfrom \w{2,12}\(([0-9a-fA-F.:]{3,45})\)/.exec(values.get('msg')?.slice(0, 400) ?? '')?.[1]);
  if (values.has('device_id') && !ofWeb(values) && PRODUCTS[(values.get('device_id') ?? '').slice(0, 3)] === undefined) putMail(draft, values);
}

/** FortiMail: who talks to whom stands in `msg`. */
function putMail(draft: Draft, values: ReadonlyMap<string, string>): void {
  draft.put('observer.product', 'FortiMail');
  const client = values.get('client_name'), named = /^(.{0,253}?) ?\[([0-9a-fA-F.:]{3,45})\]$/.exec(client ?? ''); // "mx.example [192.0.2.1]"
  if (named === null) { draft.fill(isIp(client ?? '') ? 'source.ip' : 'source.user.name', client); if (HOST.test(client ?? '')) draft.fill('source.domain', client); } else { draft.fill('source.domain', named[1]); draft.fill('source.ip', named[2]); }
  if (/reject|discard|quarantine|bounce/i.test(values.get('disposition') ?? '')) draft.act('mail_rejected'); else if (/accept|deliver/i.test(values.get('disposition') ?? '')) draft.act('mail_sent');
  else if (/\bstat=Sent\b/.test(values.get('msg')?.slice(0, 2000) ?? '')) draft.act('mail_sent');
  putMailText(draft, values.get('msg') ?? '');
  const date = values.get('date'), time = values.get('time');
  const stamp = date === undefined || time === undefined ? undefined : readIso(`${date} ${time}`, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
}

const HOST = /^(?:[\w-]{1,63}\.){1,10}[A-Za-z]{2,24}$/;

/** Where a message went to, and the address or file that was looked at. */
function putMailText(draft: Draft, text: string): void {
  const said = text.slice(0, 2000), relay = /relay= ?([\w.-]{0,255}) ?\[([0-9a-fA-F.:]{3,45})\]/.exec(said);
  draft.fill('destination.ip', relay?.[2]);
  draft.fill('destination.domain', relay?.[1]);
  if (/^(?:STARTTLS=server|from=)/.test(said)) { draft.fill('source.ip', relay?.[2]); draft.fill('source.domain', relay?.[1]?.replace(/\.$/, '')); } // who gave the message
  if (said.startsWith('STARTTLS=')) { draft.put('tls.version', / version=([\w.]{3,20}),/.exec(said)?.[1]); draft.put('tls.cipher', / cipher=([\w-]{3,60}),/.exec(said)?.[1]); }
  draft.fill('email.message_id', /, msgid=(<[^<>\s]{3,254}>)/.exec(said)?.[1]);
  const infected = / file (\S{1,255}) is infected with ([^\s,]{1,160}?)\.?$/.exec(said);
  if (infected !== null) { draft.fill('file.name', infected[1]); draft.put('threat.name', infected[2]); }
  draft.fill('email.to.address', /(?:^|[ ,])to=<([^<>\s]{3,254})>/.exec(said)?.[1]);
  draft.fill('email.from.address', /(?:^|[ ,])from=<([^<>\s]{3,254})>/.exec(said)?.[1]);
  const url = /\bhttps?:\/\/[^\s"'<>]{1,1000}/.exec(said)?.[0];
  if (url !== undefined && !draft.has('url.original')) putTarget(draft, url);
  const file = /File(?: name:)? (\S{1,255}?) ?\(checksum: ?([0-9a-fA-F]{6,64})\)/.exec(said);
  draft.fill('file.name', file?.[1]);
  const kind = hashKind(file?.[2] ?? '');
  if (kind !== undefined) draft.fill(`file.hash.${kind}`, file?.[2]);
}

/** What it did, in our words. */
export function actFortinet(draft: Draft, values: ReadonlyMap<string, string>): void {
  const type = values.get('type') ?? '', subtype = values.get('subtype') ?? '', action = (values.get('action') ?? '').toLowerCase(), status = (values.get('status') ?? '').toLowerCase();
  const failed = status === 'failed' || status === 'failure' || action.includes('fail') || status === 'error';
  if (draft.has('event.category') && values.has('devid') && (values.has('fctver') || values.has('emsserial'))) return; // FortiClient's are said
  if (type === 'spam' && values.has('device_id') && !draft.has('event.action')) draft.act('mail_rejected'); // FortiMail
  else if (type === 'traffic' && values.has('http_method')) draft.act('http_request', Number(values.get('http_retcode')) >= 400 ? 'failure' : undefined); // FortiWeb
  else if (type === 'traffic') draft.act(action === 'deny' || action === 'block' || action === 'blocked' || action === 'dropped' ? 'connection_denied' : action === 'close' || action === 'timeout' || action.includes('rst') ? 'connection_ended' : 'connection_allowed');
  else if (type === 'attack' && values.has('device_id') && (values.has('http_host') || values.has('main_type'))) draft.act('web_attack_detected', /deny|block/.test(action) ? 'failure' : undefined); // FortiWeb
  else if (type === 'utm' || type === 'ips' || type === 'virus' || type === 'attack' || type === 'anomaly') {
    if (type === 'virus' || subtype === 'virus' || values.has('virus')) draft.act('malware_detected', /block|drop|quarantine/.test(action) ? 'failure' : undefined);
    else if (subtype === 'waf') draft.act('web_attack_detected', /block|erase/.test(action) ? 'failure' : undefined);
    else if (subtype === 'ips' || subtype === 'anomaly' || values.has('attack')) draft.act('intrusion_detected', /drop|block|reset|clear|deny/.test(action) ? 'failure' : undefined);
    else if (subtype === 'dns') draft.act('dns_query', action.includes('block') || action === 'redirect' ? 'failure' : undefined);
    else draft.act(action.includes('block') || action.includes('deny') ? 'connection_denied' : 'connection_allowed');
  } else if (action === 'login' || subtype === 'user' && action === 'authentication') draft.act(failed ? 'login_failed' : 'login');
  else if (action === 'authentication' && status !== '') draft.act(failed ? 'login_failed' : 'login'); // FortiAuthenticator
  else if (action === 'negotiate' && values.get('result') === 'ERROR') draft.act('vpn_failed');
  else if (values.has('vname') && /risk|malicious/i.test(values.get('risk') ?? values.get('rating') ?? '')) draft.act('malware_detected'); // FortiSandbox
  else if (type === 'alert' && subtype === 'malware') draft.act('malware_detected'); // FortiSandbox
  else if (values.has('userfrom') && /^log(?:in|out)\b/i.test(values.get('operation') ?? '')) draft.act(/^logout/i.test(values.get('operation') ?? '') ? 'logout' : failed || /fail/i.test(`${values.get('operation') ?? ''} ${values.get('desc') ?? ''}`) ? 'login_failed' : 'login'); // FortiManager, FortiAnalyzer
  else if (ofAuthenticator(values) && /config/i.test(values.get('subcategory') ?? '')) draft.act('config_changed', failed ? 'failure' : 'success');
  else if (values.has('changes') && values.has('operation')) draft.act('config_changed', failed ? 'failure' : undefined); // FortiManager
  else if (action === 'auth-logon' || action === 'fsso-logon') draft.act('login');
  else if (action === 'logout' || action === 'auth-logout' || action === 'fsso-logoff') draft.act('logout');
  else if (action === 'negotiate' && failed) draft.act('vpn_failed');
  else if (values.has('dhcp_msg')) draft.act('dhcp_lease');
  else if (action.startsWith('tunnel-up') || action.startsWith('ssl-new-con')) draft.act('vpn_connected');
  else if (action.startsWith('tunnel-down')) draft.act('vpn_disconnected');
  else if (action === 'ssl-login-fail') draft.act('vpn_failed');
  else if (values.has('cfgpath') || subtype === 'admin' && /^(?:edit|add|delete|move|config|restore|import)$/.test(action)) draft.act('config_changed', failed ? 'failure' : undefined);
  else if (action !== 'none') draft.put('event.action', action);
}

const LOOKS = /(?:^|[ \t,])(?:devid|logid|log_id|devname|device_id)=/;
/** `attack_type=` and its kin, beside a `device_id=`, are F5's. */
const TYPED = /(?:^|[^A-Za-z_])type=/;
export const fortigate: Format = {
  name: 'fortinet.firewall', holds: ['devid=', 'logid=', 'log_id=', 'devname=', 'device_id=', 'cfgpath=', 'main_type=', '^category="'],
  detect: ({ head }) => head.startsWith('category="') && head.includes('" subcategory="') && head.includes(' typeid=') || (head.includes('type=') || head.includes('log_id=')) && (LOOKS.test(head) && (head.includes('log_id=') || TYPED.test(head)) || head.includes('cfgpath=') || head.includes('main_type=')) && head.includes('=') && !head.startsWith('{'),
  read: readFortinet,
};
