// Products whose messages are keys and values and nothing else tells: Fortinet's FortiEDR (`Organization: So;Event ID: 12345;Device Name: pc-01;...`), Forcepoint's web gateway
// (`vendor=Forcepoint product=Security action=permitted src_host=192.0.2.11 url=https://...`), the audit of Infoblox' grid
// (`2026-02-17 06:40:03.123Z [an]: Login_Denied - - to=AdminConnector ip=203.0.113.9 error=invalid login or password`), Radware's DefensePro and A10's own words.
// https://docs.infoblox.com https://help.forcepoint.com
import type { Action } from '../actions.js';
import { fillAccount, putAccount } from '../account.js';
import { putAs } from '../common-names.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable } from '../keys.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { hashKind, isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { readSentence } from '../sentences.js';
import { readIso, readSlashed, resolve } from '../../message/time.js';
import { names, putPairs } from './native-pairs.js';
import { isBlocked } from './told.js';

// --- FortiEDR ----------------------------------------------------------------------------------------------------------------------
const EDR_START = /^(?:Message Type: [\w ]{3,40};)?Organization: [^;]{0,200};(?:Organization ID: |Event ID: |[A-Z][\w ]{2,30}: )/, EDR = nativeNames('fortinet.fortiedr');
const EDR_KEYS = lookup<string>({ 'Event ID': 'event.code', 'Device Name': 'host.name', 'Operating System': 'host.os.full', 'Process Name': 'process.name', 'Process Path': 'process.executable', 'MAC Address': 'source.mac', 'Source IP': 'source.ip', 'Rules List': 'rule.name', Classification: 'rule.category', 'Organization ID': 'organization.id', Organization: 'organization.name', 'Script Path': 'file.path', 'Command Line': 'process.command_line' });
function readFortiEdr(draft: Draft): boolean {
  if (!EDR_START.test(draft.head)) return false;
  const values = new Map<string, string>();
  for (const part of draft.text.slice(0, 16_000).split(/; ?(?=[A-Z][\w /]{1,40}: ?)/, 100)) {
    const colon = part.indexOf(':'), key = part.slice(0, colon).trim(), value = part.slice(colon + 1).trim().replace(/;$/, '');
    if (colon <= 0 || values.has(key) || value === '' || value === 'N/A') continue;
    values.set(key, value);
    draft.keep(EDR(key.toLowerCase().replace(/[^a-z0-9]+/g, '_')), value);
    const field = EDR_KEYS[key];
    if (field === 'host.name' || field === 'process.name') draft.put(field, value); else if (field !== undefined) putAs(draft, field, value);
  }
  const hash = values.get('Process Hash') ?? '', kind = hashKind(hash), target = values.get('Destination') ?? '', severity = /^(?:crit)/i.test(values.get('Severity') ?? '') ? 5 : /^high/i.test(values.get('Severity') ?? '') ? 4 : /^med/i.test(values.get('Severity') ?? '') ? 3 : undefined;
  if (kind !== undefined) draft.put(`process.hash.${kind}`, hash.toLowerCase());
  if (isIp(target)) draft.put('destination.ip', target);
  draft.put('event.severity', severity);
  putAccount(draft, 'user', (values.get('Users') ?? values.get('User') ?? '').split(',', 1)[0]);
  draft.put('observer.vendor', 'Fortinet'); draft.put('observer.product', 'FortiEDR');
  if (values.has('Classification') || values.has('Rules List')) draft.act(/malicious|suspicious|malware|pup/i.test(values.get('Classification') ?? '') ? 'malware_detected' : 'intrusion_detected', isBlocked(values.get('Action')) ? 'failure' : undefined);
  return true;
}

// --- Forcepoint --------------------------------------------------------------------------------------------------------------------
const FORCEPOINT = keyTable('forcepoint.web', names(`user:_ src_host:source.ip src_ip:source.ip src_port:source.port dst_host:destination.domain dst_ip:destination.ip dst_port:destination.port bytes_out:source.bytes bytes_in:destination.bytes http_response:http.response.status_code http_method:http.request.method http_content_type:http.response.mime_type http_user_agent:user_agent.original http_proxy_status_code:_
  policy:rule.name role:_ duration:_ url:url.original category:rule.category severity:event.severity reason:event.reason action:_ product:_ vendor:_ product_version:observer.version disposition:_ lastRecordSource:_ host:_ protocol:_`));
function readForcepoint(draft: Draft): boolean {
  const values = putPairs(draft, FORCEPOINT, readPairs(draft.text.slice(0, 16_000), { spacedValues: true })), action = values.get('action') ?? '', who = / user=(.{1,400}?) src_host=/.exec(draft.head)?.[1] ?? values.get('user') ?? '', person = /[/\\]([^/\\=,]{1,128})$/.exec(who)?.[1] ?? (who.includes('=') ? undefined : who); // `LDAP://server OU=so,DC=example/An`
  fillAccount(draft, 'user', person === undefined || isIp(person) ? undefined : person);
  draft.put('observer.vendor', 'Forcepoint'); draft.put('observer.product', values.get('product'));
  for (const key of ['src_host', 'dst_host'] as const) { const value = values.get(key) ?? ''; if (isIp(value)) { const side = key === 'src_host' ? 'source' : 'destination'; draft.put(`${side}.ip`, value); Reflect.deleteProperty(draft.event, `${side}.domain`); } }
  const blocked = /block|denied|refused/i.test(action);
  draft.act('proxy_request', blocked ? 'failure' : 'success');
  return true;
}

// --- Infoblox ----------------------------------------------------------------------------------------------------------------------
const GRID = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) \[([^\]]{1,128})\]: (\w{3,40}) ?/, INFOBLOX = nativeNames('infoblox_nios.audit');
const GRID_ACTIONS = lookup<Action>({ Login_Allowed: 'login', Login_Denied: 'login_failed', First_Login: 'login', Logout: 'logout', Password_Reset: 'password_reset', Password_Reset_Error: 'password_change_failed', Created: 'config_changed', Modified: 'config_changed', Deleted: 'config_changed', Inserted: 'config_changed', Removed: 'config_changed', Called: 'config_changed' });
function readGrid(draft: Draft): boolean {
  const found = GRID.exec(draft.head);
  if (found === null) return false;
  const [whole, when = '', who = '', event = ''] = found, said = draft.text.slice(whole.length, whole.length + 4000), stamp = readIso(when, 0), values = new Map(readPairs(said, { spacedValues: true }));
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  fillAccount(draft, 'user', who.replace(/\\(\d{3})/g, (all, octal: string) => String.fromCharCode(parseInt(octal, 8)) || all)); // a blank is `\040`
  draft.put('event.code', event); draft.put('observer.vendor', 'Infoblox'); draft.put('observer.product', 'NIOS');
  const login = /^(?:Login|First_Login|Logout)/.test(event), from = values.get('ip') ?? '';
  if (login) { for (const [key, value] of values) draft.keep(INFOBLOX(key), value); if (isIp(from)) draft.put('source.ip', from); draft.put('group.name', values.get('group')); draft.put('event.reason', values.get('error')); }
  else { const object = /^(\w{2,60}) (\S{1,255})/.exec(said); draft.put(INFOBLOX('object_type'), object?.[1]); draft.put(INFOBLOX('object_name'), object?.[2]?.replace(/:$/, '')); }
  const action = GRID_ACTIONS[event];
  if (action !== undefined) draft.act(action);
  return true;
}

// --- Radware -----------------------------------------------------------------------------------------------------------------------
const PRO = /^(?:M_\d{5}: )?(\d\d-\d\d-\d{4} \d\d:\d\d:\d\d) (\w{4,8}) (\d{1,10}) ([A-Za-z-]{3,30}) "([^"]{1,200})" (TCP|UDP|ICMP|IP|IGMP|SCTP) ([0-9a-fA-F.:]{3,45}) (\d{1,5}) ([0-9a-fA-F.:]{3,45}) (\d{1,5}) (\S{1,20}) (\w{2,20}) "([^"]{0,200})" (\w{3,20}) (.{1,400})$/;
function readDefensePro(draft: Draft): boolean {
  const found = PRO.exec(draft.head);
  if (found === null) return false;
  const [, when = '', level, id, category, attack, transport = '', source, sourcePort, destination, destinationPort, port, , policy, state, rest = ''] = found, [day = '', month = '', year = ''] = when.split(/[- ]/), stamp = readIso(`${year}-${month}-${day} ${when.slice(11)}`, 0) ?? readSlashed(when, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  for (const [field, value] of [['event.code', id], ['log.level', level?.toLowerCase()], ['rule.category', category], ['threat.name', attack], ['source.ip', source], ['destination.ip', destination], ['observer.ingress.interface.name', port], ['rule.name', policy], ['radware.defensepro.state', state]] as const) draft.put(field, value);
  if (sourcePort !== '0') draft.put('source.port', sourcePort);
  if (destinationPort !== '0') draft.put('destination.port', destinationPort);
  if (/^(?:TCP|UDP|ICMP|IGMP|SCTP)$/i.test(transport)) draft.put('network.transport', transport.toLowerCase());
  draft.put('observer.vendor', 'Radware'); draft.put('observer.product', 'DefensePro');
  for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field);
  const [packets] = rest.split(' ', 1);
  if (/^\d{1,15}$/.test(packets ?? '')) draft.put('network.packets', Number(packets));
  draft.act('intrusion_detected', /\b(?:drop|reset|block|challenge)\b/i.test(rest) ? 'failure' : undefined);
  return true;
}

// --- A10 ---------------------------------------------------------------------------------------------------------------------------
const A10 = /^\[([A-Z][A-Z0-9_ -]{1,20})\] ?<(\d)> ?/;
function readA10(draft: Draft): boolean {
  const found = A10.exec(draft.head);
  if (found === null || draft.head.includes('CEF:')) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 2000);
  draft.put('a10.module', found[1]); draft.put('event.severity', found[2]); draft.put('observer.vendor', 'A10 Networks'); draft.put('observer.product', 'ACOS');
  readSentence(draft, said);
  if (/authentication (?:failed|failure)|failed to (?:authenticate|log ?in)|login fail/i.test(said)) draft.act('login_failed'); else if (/session .{0,80}has been (?:closed|terminated)|logged out/i.test(said)) draft.act('logout'); else if (/authentication successful|session .{0,80}has been opened|logged in/i.test(said)) draft.act('login');
  return true;
}

export const fortiEdr: Format = { name: 'fortinet.fortiedr', holds: ['Organization: '], detect: ({ head }) => EDR_START.test(head), read: readFortiEdr };
export const forcepoint: Format = { name: 'forcepoint.web', holds: ['^vendor=Forcepoint', '^vendor=Websense'], detect: ({ head }) => /^ ?vendor=(?:Forcepoint|Websense) product=/.test(head), read: readForcepoint };
export const infobloxAudit: Format = { name: 'infoblox_nios.audit', programs: ['httpd'], read: readGrid };
export const defensePro: Format = { name: 'radware.defensepro', holds: ['" TCP ', '" UDP ', '" ICMP ', '" IP ', '" IGMP ', '" SCTP '], detect: ({ head }) => PRO.test(head), read: readDefensePro };
export const a10: Format = { name: 'a10.acos', programs: ['a10logd'], read: readA10 };
