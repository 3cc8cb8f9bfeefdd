// snmptrapd: what devices report by SNMP, one trap a message whose lines end in `#012` and whose variables stand between tabs (`#011`).
//   2026-02-17 13:40:03 sw1 [192.0.2.9] (via UDP: [192.0.2.9]:57197->[192.0.2.5]:162) TRAP, SNMP v1, community x#012#011... Link Down Trap (0) Uptime: 0:00:01.00#012#011...
//   2026-02-17 13:40:03 sw1 [UDP: [192.0.2.9]:50844->[192.0.2.5]:162]:#012SNMPv2-MIB::snmpTrapOID.0 = OID: IF-MIB::linkDown#011...
// The device is the one that reports, not one that connects: it stands in observer.ip. http://www.net-snmp.org/docs/man/snmptrapd.html
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { lookup } from './lookup.js';
import { isIp } from './net.js';

const LEAD = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(\S{1,255}) \[(?:([0-9a-fA-F.:]{3,45})\] \(via )?(?:UDP|TCP|UDP6|TCP6|DTLSUDP|TLSTCP): \[([0-9a-fA-F.:]{2,45})\]:\d{1,5}->\[([0-9a-fA-F.:]{2,45})\]:(\d{1,5})[\])]/;
const FIRST = / ([A-Z][A-Za-z ]{3,40}) Trap \((\d{1,10})\) Uptime: /, KIND = /(?:snmpTrapOID\.0|\.6\.3\.1\.1\.4\.1\.0) = OID: (\S{1,200}?)(?=#01[12]|\s|$)/, VARIABLE = /^\S{1,200} = (?:STRING|Hex-STRING|INTEGER|IpAddress|OID|Counter32|Counter64|Gauge32): /;
/** Of the traps that every device has (RFC 3418, RFC 2863) what they tell. */
const STANDARD = lookup<readonly [name: string, action?: Action]>({
  '1': ['coldStart', 'system_started'], '2': ['warmStart', 'system_started'], '3': ['linkDown'], '4': ['linkUp'], '5': ['authenticationFailure', 'login_failed'],
});
const GENERIC = lookup({ 'Cold Start': '1', 'Warm Start': '2', 'Link Down': '3', 'Link Up': '4', 'Authentication Failure': '5', coldStart: '1', warmStart: '2', linkDown: '3', linkUp: '4', authenticationFailure: '5' });

function readTrap(draft: Draft): boolean {
  const text = draft.text.slice(0, 8192), lead = LEAD.exec(text);
  if (lead === null) return false;
  const [, name, agent, from = '', to, port] = lead, first = FIRST.exec(text), kind = KIND.exec(text)?.[1];
  const device = agent ?? from;
  if (isIp(device)) draft.put('observer.ip', device);
  if (name !== undefined && !isIp(name) && name !== 'localhost' && name !== '<UNKNOWN>') draft.put('observer.hostname', name);
  draft.put('destination.ip', to); draft.put('destination.port', port);
  draft.put('network.protocol', 'snmp');
  const told = STANDARD[GENERIC[first?.[1] ?? kind?.slice(kind.lastIndexOf(':') + 1) ?? ''] ?? /\.6\.3\.1\.1\.5\.([1-5])$/.exec(kind ?? '')?.[1] ?? ''];
  draft.put('event.code', kind ?? (first?.[1] === 'Enterprise Specific' ? first[2] : undefined));
  const variables = text.slice(lead[0].length).split(/#01[12]|[\n\t]/, 60).map((part) => part.trim()).filter((part) => VARIABLE.test(part));
  if (variables.length > 0) draft.put('snmp.variables', variables);
  if (told !== undefined) { draft.put('event.reason', told[0]); if (told[1] !== undefined) draft.act(told[1]); return true; }
  for (const one of variables) { const said = one.replace(VARIABLE, '').replace(/^"|"$/g, ''); if (tellsOfLogin(said)) { readLogin(draft, said); break; } }
  return true;
}

export const snmptrapd: Format = { name: 'snmptrapd.log', programs: ['snmptrapd'], read: readTrap };
