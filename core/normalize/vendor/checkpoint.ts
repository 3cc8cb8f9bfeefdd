// Check Point: Log Exporter's syslog (`[action:"Accept"; src:"192.0.2.1"; ...]` or `src="192.0.2.1" ...`), its pairs between bars (`time=1771310403|hostname=gw|...`)
// and JSON, what its CEF and LEEF tell, Gaia's own logins and commands, and the lines that SmartView's export
// writes: `"22" "10Dec2025" "23:44:49" "eth1" "gw" "Log" "Accept" "443" "44250" "192.0.2.1" "198.51.100.2" "tcp" "81" "Rule" ...`.
import { epochMillis, monthAt, readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable, remembered } from '../keys.js';
import { readPairs } from '../pairs.js';
import type { JsonKind } from '../json-fields.js';
import { isApplication } from '../net.js';
import { readSentence } from '../sentences.js';
import { messageRules, applyRules } from '../rules.js';
import { dropNoNat, names, putPairs, verdict } from './native-pairs.js';
import { isBlocked, type Told } from './told.js';

const KEYS = keyTable('checkpoint', names(`src:source.ip dst:destination.ip s_port:source.port service:destination.port proto:network.transport xlatesrc:source.nat.ip xlatedst:destination.nat.ip xlatesport:source.nat.port xlatedport:destination.nat.port user:_ src_user_name:source.user.name src_machine_name:source.domain dst_machine_name:destination.domain dst_user_name:destination.user.name administrator:source.user.name
  rule_name:rule.name rule_uid:rule.id mac_source_address:source.mac mac_destination_address:destination.mac resource:url.original origin:observer.name client_ip:source.ip endpoint_ip:_ dns_query:dns.question.name file_name:file.name file_md5:file.hash.md5 file_sha1:file.hash.sha1 file_sha256:file.hash.sha256 subject:email.subject email_subject:email.subject from:email.from.address to:email.to.address
  os_name:_ tcp_packet_out_of_state:event.reason encryption_failure:event.reason product:observer.product process_name:process.name user_agent:user_agent.original web_client_type:user_agent.original method:http.request.method http_status:http.response.status_code domain_name:_ protection_name:rule.name attack:rule.name version:_ time:_ sequencenum:_ hostname:_ machine:_ account:_ bytes:network.bytes server_outbound_bytes:destination.bytes client_outbound_bytes:source.bytes ifdir:network.direction ifname:_ inzone:observer.ingress.zone outzone:observer.egress.zone packets:network.packets client_outbound_packets:source.packets server_outbound_packets:destination.packets
  app_name:network.application appi_name:network.application matched_category:rule.category app_category:rule.category file_size:file.size severity:event.severity industry_reference:_ duration:_ objectname:_ policy_name:_ logid:_ sni:tls.client.server_name tls_server_host_name:tls.client.server_name client_name:_ office_mode_ip:source.nat.ip machine_name:source.domain default_device_message:_ sni:tls.client.server_name tls_server_host_name:tls.client.server_name client_name:_ office_mode_ip:source.nat.ip machine_name:source.domain default_device_message:_`));
/** A directory's name for people, its account in brackets: `Nguyen Van An (an.nv)`. */
const ACCOUNT = /^[^(]{1,200} \(([^\s()]{1,128})\)\s*$/;
const nameOf = remembered((name) => name.replace(/^[\w-]{1,32}@[\d.]+\./, ''));
function readCheckpoint(draft: Draft): boolean {
  const { head, text } = draft, inHeader = draft.structured?.map(([name, value]) => [nameOf(name), value] as const);
  const pairs = inHeader ?? (BARS.test(head) ? text.split('|', 500).map(parted) : text.includes('|') && !text.includes('=') ? [] : /\w+="/.test(head) ? readPairs(text) : colonPairs(text));
  return pairs.length >= 3 && readValues(draft, pairs);
}
const BARS = /^time=\d{10}\|[a-z_]+=/;
const parted = (part: string): [string, string] => { const at = part.indexOf('='); return at < 0 ? ['', ''] : [part.slice(0, at), part.slice(at + 1)]; };

function readValues(draft: Draft, pairs: readonly (readonly [string, string])[]): boolean {
  const values = putPairs(draft, KEYS, pairs);
  draft.fill('source.ip', values.get('endpoint_ip'));
  draft.fill('source.user.name', values.get('user'));
  const said = values.get('time') ?? '', time = epochMillis(said), stamp = time === undefined ? readIso(said, 0) : undefined;
  draft.timeFrom(time ?? stamp);
  const realm = values.get('domain_name') ?? '';
  if (/log ?in/i.test(values.get('action') ?? '') && realm.includes('.')) draft.put('user.domain', realm);
  draft.put('observer.vendor', 'Check Point');
  draft.put(values.get('ifdir') === 'outbound' ? 'observer.egress.interface.name' : 'observer.ingress.interface.name', values.get('ifname'));
  if (!draft.has('host.name')) draft.put('host.name', values.get('hostname'));
  const took = Number(values.get('duration') ?? NaN);
  if (took > 0) draft.put('event.duration', took * 1e9);
  draft.fill('destination.packets', values.get('client_inbound_packets'));
  draft.fill('destination.bytes', values.get('client_inbound_bytes'));
  if (isApplication(values.get('service_id') ?? '')) draft.fill('network.protocol', (values.get('service_id') as string).toLowerCase());
  tell(draft, (key) => values.get(key));
  return true;
}

/** What follows from several values: who, whether something was translated, what was found, and what happened. */
function tell(draft: Draft, value: (key: string) => string | undefined): void {
  const who = value('user') ?? draft.getText('source.user.name');
  if (who !== undefined) putAccount(draft, 'user', ACCOUNT.exec(who)?.[1] ?? who.replace(/ ?\([^)]*\)\s*$/, ''));
  dropNoNat(draft);
  const cve = value('industry_reference');
  if (cve?.startsWith('CVE-') === true) draft.put('vulnerability.id', cve);
  const protection = value('protection_name') ?? value('malware_rule_name'), product = value('product') ?? draft.getText('observer.product') ?? '';
  draft.put('threat.name', protection);
  const action = value('action') ?? value('Action') ?? value('rule_action') ?? '', operation = value('operation') ?? '', blocked = isBlocked(action) || /quarantine/i.test(action) ? 'failure' : undefined;
  const failed = /fail/i.test(`${value('audit_status') ?? ''} ${value('status') ?? ''} ${value('auth_status') ?? ''}`) || /fail/i.test(action);
  if (operation !== '' && value('administrator') !== undefined) { // of the management server
    fillAccount(draft, 'user', value('administrator'));
    if (/log ?in/i.test(operation)) draft.act(failed ? 'login_failed' : 'login'); else if (/log ?out/i.test(operation)) draft.act('logout'); else draft.act('config_changed', failed ? 'failure' : 'success');
    delete draft.event['email.subject'];
    if (failed) draft.put('event.reason', value('additional_info'));
  } else if (/log ?in/i.test(action)) draft.act(failed ? 'login_failed' : 'login');
  else if (/log ?out/i.test(action)) draft.act('logout');
  else if (/^key install$/i.test(action)) draft.act(failed || value('reject_category') !== undefined ? 'vpn_failed' : 'vpn_connected');
  else if (value('reject_category') !== undefined && value('scheme') !== undefined && blocked !== undefined) draft.act('vpn_failed');
  else if (/malware|anti-?bot|anti-?virus|threat emulation|threat extraction/i.test(product) && (protection !== undefined || value('malware_action') !== undefined || value('verdict') !== undefined)) draft.act('malware_detected', blocked);
  else if (value('attack') !== undefined || protection !== undefined) draft.act('intrusion_detected', blocked);
  else if (/anti-spam/i.test(product) && blocked !== undefined) draft.act('mail_rejected');
  else if (VERDICT.test(action)) draft.act(blocked === undefined ? 'connection_allowed' : 'connection_denied');
  const passedOn = value('default_device_message'); // a line of its own system's log
  if (passedOn === undefined) return;
  readSentence(draft, passedOn);
  fillAccount(draft, 'user', /^.{0,60}?(?:Failed|Accepted) \S{1,30} for (?:invalid user )?(\S{1,128}) from /.exec(passedOn)?.[1]);
  if (/failed password|authentication failure/i.test(passedOn)) draft.act('login_failed'); else if (/: accepted \S{1,30} for /i.test(passedOn)) draft.act('login');
}

/** What its gateways do about a connection; `ctl` and `Update` are of none. */
const VERDICT = /^(?:accept|allow|bypass|redirect|encrypt|decrypt|drop|reject|block|deny|prevent|detect|monitor|inspect|inform|ask|extract|quarantine|hold|vpn routing|inline)/i;

/** Of CEF and LEEF, whose keys are as Log Exporter's own where the standard has none. */
export function readCheckpointEvent(draft: Draft, { product, value }: Told): void {
  const known = (key: string): string | undefined => (key === 'action' ? value('act') ?? value('action') : key === 'user' ? value('suser') ?? value('usrName') : key === 'product' ? product : key === 'protection_name' ? value('cs4Label') === 'Protection Name' ? value('cs4') : value('protection_name') : value(key));
  const own = draft.getText('event.action'), drafted = draft.getText('event.outcome');
  tell(draft, known);
  draft.put('user_agent.original', value('user_agent')); // surer than the kind of browser
  if (own !== undefined && !(known('operation') !== undefined && known('administrator') !== undefined)) { draft.event['event.action'] = own; if (drafted !== undefined && !draft.has('event.outcome')) draft.put('event.outcome', drafted); }
}

export const checkpointJson: JsonKind = {
  dataset: 'checkpoint.firewall',
  is: (flat) => Object.hasOwn(flat, 'loguid') && (Object.hasOwn(flat, 'origin') || Object.hasOwn(flat, 'product')),
  read(draft, flat) { readValues(draft, Object.entries(flat).filter(([, value]) => typeof value === 'string' || typeof value === 'number').map(([key, value]) => [key, String(value)] as const)); },
};

/** `key:"value"; key:"value"` that no header took. */
function colonPairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  for (const part of text.replace(/^\[|\]\s*$/g, '').split(/"; ?/, 500)) {
    const colon = part.indexOf(':"');
    if (colon > 0) pairs.push([part.slice(0, colon).trim(), part.slice(colon + 2).replace(/"$/, '')]);
  }
  return pairs;
}

const EXPORTED = /^"\d{1,12}" "(\d{1,2})([A-Z][a-z]{2})(\d{4})" "(\d{1,2}:\d\d:\d\d)" "([^"]{0,64})" "([^"]{0,128})" "([^"]{0,40})" "([^"]{0,40})" "([^"]{0,64})" "([^"]{0,64})" "([^"]{0,255})" "([^"]{0,255})" "([^"]{0,40})" "([^"]{0,64})" "([^"]{0,255})"/;
function readExported(draft: Draft): boolean {
  const found = EXPORTED.exec(draft.head);
  if (found === null) return false;
  const [, day = '', month = '', year = '', clock = '', inside, origin, , action = '', service, port, source, destination, transport, rule, name] = found;
  const stamp = readIso(`${year}-${String(monthAt(month, 0)).padStart(2, '0')}-${day.padStart(2, '0')} ${clock.padStart(8, '0')}`, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  for (const [field, value] of [['observer.ingress.interface.name', inside], ['observer.name', origin], ['destination.port', service], ['source.port', port], ['source.ip', source], ['destination.ip', destination], ['network.transport', transport?.toLowerCase()], ['rule.id', rule], ['rule.name', name]] as const) draft.put(field, value);
  draft.put('observer.vendor', 'Check Point');
  verdict(draft, action);
  return true;
}

/** Gaia's shell and portal: who logged in, what was typed, what was changed. */
const GAIA = messageRules([
  ['User {user.name} logged in with {*}', 'login'], ['User {user.name} logged out{*}', 'logout'], ['User {user.name} Start executing : {process.command_line~} (cmd md5: {*}', 'shell_command'],
  ['cmd by {user.name}: Start executing : {process.command_line~} (cmd md5: {*}', 'shell_command'], ['cmd by {user.name}: Processing : {process.command_line~} (cmd md5: {*}', 'shell_command'],
  ['HTTP login from {source.ip} as {user.name}', 'login'], ['HTTP logout from {source.ip} as {user.name}', 'logout'], ['Failed to login from {source.ip} as {user.name}', 'login_failed'], ['HTTP login failed from {source.ip} as {user.name}', 'login_failed'],
  ['Configuration changed from localhost by user {user.name} {*}', 'config_changed'], ['Configuration changed from {source.ip} by user {user.name} {*}', 'config_changed'], ['admin localhost {*}', 'config_changed'],
]);
export const gaia: Format = { name: 'checkpoint.gaia', programs: ['clish', 'xpand', 'httpd2'], lastResort: true, read(draft) {
  if (!applyRules(GAIA, draft.text.slice(0, 4000), draft) && draft.program === 'httpd2') return false;
  draft.put('observer.vendor', 'Check Point');
  return true;
} };

export const checkpoint: Format = { name: 'checkpoint.firewall', holds: ['loguid', '^"0', '^time=0'], ofStructured: true, programs: ['checkpoint', 'cp-gw', 'cp'], detect: ({ head, structured }) => structured?.some(([name]) => name === 'loguid' || name === 'originsicname' || name.startsWith('Fields@1.3.6.1.4.1.2620')) === true || head.includes('loguid') && /loguid[:=]"?\{0x/.test(head) || head.startsWith('time=') && BARS.test(head) && head.includes('|product=') || head.charCodeAt(0) === 34 && EXPORTED.test(head), read: (draft) => draft.head.startsWith('"') ? readExported(draft) : readCheckpoint(draft) };
