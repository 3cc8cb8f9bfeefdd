// pfSense and OPNsense filterlog: `rule,sub,anchor,tracker,interface,reason,action,direction,4,tos,ecn,ttl,id,offset,flags,6,tcp,60,src,dst,sport,dport,...`.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readPairs } from '../pairs.js';
import { putCommon } from '../common-names.js';
import { fieldOf } from '../../fields.js';
import { macOf } from '../net.js';
import { applyRules, messageRules, type Row } from '../rules.js';
import { RESERVED } from '../reserved.js';

function readFilterlog(draft: Draft): boolean {
  const cells = draft.text.split(',', 60);
  if (cells.length < 10 && draft.text.includes('=')) { // some builds log pairs
    for (const [key, value] of readPairs(draft.text, { separator: ',' })) { if (!RESERVED.test(key) && fieldOf(key) === undefined) draft.event[key] = value; putCommon(draft, key, value); }
    draft.act(isLetThrough(draft) ? 'connection_allowed' : 'connection_denied');
    return true;
  }
  if (cells.length < 17) return false;
  const [rule, , , tracker, inside, reason, action, direction, version] = cells;
  const six = version === '6', at = six ? 15 : 18;
  draft.put('rule.id', tracker === '0' || tracker === '' ? rule : tracker);
  draft.put(direction === 'out' ? 'observer.egress.interface.name' : 'observer.ingress.interface.name', inside);
  draft.put('event.reason', reason);
  if (direction === 'in' || direction === 'out') draft.put('network.direction', direction === 'in' ? 'inbound' : 'outbound');
  draft.put('network.type', six ? 'ipv6' : 'ipv4');
  draft.put('network.transport', (six ? cells[12] : cells[16])?.toLowerCase());
  draft.put('network.bytes', six ? cells[14] : cells[17]);
  draft.put('source.ip', cells[at]);
  draft.put('destination.ip', cells[at + 1]);
  const transport = draft.get('network.transport');
  if (transport === 'tcp' || transport === 'udp') { draft.put('source.port', cells[at + 2]); draft.put('destination.port', cells[at + 3]); if (transport === 'tcp') draft.put('pfsense.tcp.flags', cells[at + 5]); }
  else if (transport === 'icmp' || transport === 'icmp6') draft.put('pfsense.icmp.type', cells[at + 2]);
  else if (transport === 'carp') { draft.put('pfsense.carp.type', cells[at + 2]); draft.put('pfsense.carp.vhid', cells[at + 4]); }
  draft.act(action === 'block' || action === 'reject' ? 'connection_denied' : action === 'scrub' || action?.startsWith('unkn') === true ? 'connection' : 'connection_allowed');
  return true;
}

function isLetThrough(draft: Draft): boolean {
  const action = draft.event['action'], blocked = draft.event['blocked'];
  return typeof action === 'string' ? PASSES.has(action.toLowerCase()) : blocked === 'false' || blocked === '0';
}
const PASSES: ReadonlySet<string> = new Set(['pass', 'allow', 'allowed', 'accept', 'accepted', 'forward', 'permit']);

/** The web interface and the captive portal: who came in, who did not. */
const GUI = messageRules([
  ["{~}: webConfigurator authentication error for user '{user.name>}' from: {source.ip}{*}", 'login_failed'],
  ["{~}: webConfigurator authentication error for '{user.name>}' from {source.ip}{*}", 'login_failed'],
  ["{~}: Successful login for user '{user.name>}' from: {source.ip} {*}", 'login'],
  ["{~}: Successful login for user '{user.name>}' from: {source.ip}{*}", 'login'],
  ["{~}: Session timed out for user '{user.name>}' from: {source.ip}{*}", 'logout'],
  ["{~}: User logged in for user '{user.name>}' from: {source.ip}{*}", 'login'],
  ["{~}: User logged out for user '{user.name>}' from: {source.ip}{*}", 'logout'],
  ["{~}: Web GUI authentication error for '{user.name>}' from {source.ip}{*}", 'login_failed'],
  ["{~}: Successful login for user '{user.name>}' from {source.ip}{*}", 'login'],
  ...(['ACCEPT', 'FAILURE', 'LOGOUT', 'DISCONNECT', 'TIMEOUT', 'IDLE TIMEOUT', 'SESSION TIMEOUT'] as const).map((word): Row => [`Zone: {rule.name~} - ${word}: {user.name~}, {source.mac~}, {source.ip}{*}`, word === 'ACCEPT' ? 'login' : word === 'FAILURE' ? 'login_failed' : 'logout']),
  ['user {user.name} authenticated successfully for {service.name} {*}', 'login'],
  ['user {user.name} could not authenticate for {service.name} {*}', 'login_failed'],
  ['user {user.name>}@{source.ip} changed configuration to {} in {event.reason~}', 'config_changed'],
  ['{~}: user {user.name>}@{source.ip} changed configuration to {} in {event.reason~}', 'config_changed'],
  ['{~}: Configuration Change: {user.name~}@{source.ip} ({~}): {event.reason~}', 'config_changed'],
]);
function readGui(draft: Draft): boolean {
  if (!applyRules(GUI, draft.text.trim(), draft)) return false;
  const service = draft.program === 'logportalauth' ? 'captiveportal' : draft.getText('service.name'), mac = draft.getText('source.mac');
  if (mac !== undefined) draft.event['source.mac'] = macOf(mac) ?? mac;
  draft.put('service.name', service === undefined ? 'webconfigurator' : service.replace(/\.$/, '').toLowerCase());
  return true;
}

export const pfsenseGui: Format = { name: 'pfsense.gui', programs: ['php-fpm', 'php', 'logportalauth', 'opnsense', 'audit', 'configd.py', 'check_reload_status'], read: readGui };
/** The line without its header, as some collectors pass it on. */
const LOOKS = /^\d{1,6},\d{0,12},[^,]{0,64},[0-9a-f]{0,32},[^,\s]{1,32},[a-z-]{3,20},(?:pass|block|reject|rdr|nat|scrub|unkn\(\d+\)),(?:in|out),[46],/;
export const pfsense: Format = { name: 'pfsense.log', holds: [',in,0,', ',out,0,'], programs: ['filterlog'], detect: ({ head }) => LOOKS.test(head), read: readFilterlog };
