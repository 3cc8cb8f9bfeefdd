// Check Point: Log Exporter's syslog (`[action:"Accept"; src:"192.0.2.1"; ...]` or `src="192.0.2.1" ...`), and the lines that SmartView's export
// writes: `"22" "10Dec2025" "23:44:49" "eth1" "gw" "Log" "Accept" "443" "44250" "192.0.2.1" "198.51.100.2" "tcp" "81" "Rule" ...`.
import { epochMillis, monthAt, readIso, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { keyTable, remembered } from '../keys.js';
import { readPairs } from '../pairs.js';
import { names, putPairs, verdict } from './native-pairs.js';

const KEYS = keyTable('checkpoint', names(`src:source.ip dst:destination.ip s_port:source.port service:destination.port proto:network.transport xlatesrc:source.nat.ip xlatedst:destination.nat.ip xlatesport:source.nat.port xlatedport:destination.nat.port user:_ src_user_name:source.user.name src_machine_name:source.domain dst_machine_name:destination.domain dst_user_name:destination.user.name administrator:source.user.name
  rule_name:rule.name rule_uid:rule.id mac_source_address:source.mac mac_destination_address:destination.mac resource:url.original origin:observer.name client_ip:source.ip endpoint_ip:_ dns_query:dns.question.name file_name:file.name file_md5:file.hash.md5 file_sha1:file.hash.sha1 file_sha256:file.hash.sha256 subject:email.subject email_subject:email.subject from:email.from.address to:email.to.address
  os_name:_ product:observer.product process_name:process.name user_agent:user_agent.original web_client_type:user_agent.original method:http.request.method http_status:http.response.status_code domain_name:_ protection_name:rule.name attack:rule.name version:_ time:_ sequencenum:_ hostname:_ machine:_ account:_ bytes:network.bytes server_outbound_bytes:destination.bytes client_outbound_bytes:source.bytes ifdir:network.direction ifname:_ inzone:_ outzone:_`));
/** A directory's name for people, its account in brackets: `Nguyen Van An (an.nv)`. */
const ACCOUNT = /^[^(]{1,200} \(([^\s()]{1,128})\)\s*$/;
const nameOf = remembered((name) => name.replace(/^Fields@[\d.]+\./, ''));
function readCheckpoint(draft: Draft): boolean {
  const inHeader = draft.structured?.map(([name, value]) => [nameOf(name), value] as const);
  const pairs = inHeader ?? (draft.text.includes('|') && !draft.text.includes('=') ? [] : /\w+="/.test(draft.head) ? readPairs(draft.text) : colonPairs(draft.text));
  if (pairs.length < 3) return false;
  const values = putPairs(draft, KEYS, pairs);
  draft.fill('source.ip', values.get('endpoint_ip'));
  draft.fill('source.user.name', values.get('user'));
  const who = values.get('user') ?? draft.getText('source.user.name');
  if (who !== undefined) putAccount(draft, 'user', ACCOUNT.exec(who)?.[1] ?? who.replace(/ ?\([^)]*\)\s*$/, ''));
  const time = epochMillis(values.get('time') ?? '');
  if (time !== undefined && !draft.headed) draft.time = time;
  draft.put('observer.vendor', 'Check Point');
  draft.put(values.get('ifdir') === 'outbound' ? 'observer.egress.interface.name' : 'observer.ingress.interface.name', values.get('ifname'));
  const action = values.get('action') ?? values.get('rule_action') ?? '';
  if (/log ?in/i.test(action)) draft.act(/fail/i.test(values.get('status') ?? values.get('auth_status') ?? action) ? 'login_failed' : 'login');
  else if (/log ?out/i.test(action)) draft.act('logout');
  else if (values.has('operation') && values.has('administrator')) { draft.act(/fail/i.test(values.get('status') ?? '') && /log ?in/i.test(values.get('operation') ?? '') ? 'login_failed' : /log ?in/i.test(values.get('operation') ?? '') ? 'login' : /log ?out/i.test(values.get('operation') ?? '') ? 'logout' : 'config_changed'); delete draft.event['email.subject']; } // of the management server
  else if (values.has('attack') || values.has('protection_name')) draft.act('intrusion_detected');
  else if (action !== '') verdict(draft, action);
  return true;
}
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

export const checkpoint: Format = { name: 'checkpoint.firewall', holds: ['loguid', '^"0'], ofStructured: true, programs: ['checkpoint', 'cp-gw', 'cp'], detect: ({ head, structured }) => structured?.some(([name]) => name === 'loguid' || name === 'originsicname' || name.startsWith('Fields@1.3.6.1.4.1.2620')) === true || head.includes('loguid') && /loguid[:=]"?\{0x/.test(head) || head.charCodeAt(0) === 34 && EXPORTED.test(head), read: (draft) => draft.head.startsWith('"') ? readExported(draft) : readCheckpoint(draft) };
