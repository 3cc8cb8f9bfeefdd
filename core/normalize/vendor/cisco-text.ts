// What Cisco's message texts have in common: endpoints (`inside:192.0.2.1/80 (198.51.100.1/80)`, `outside/192.0.2.1(53)`, `192.0.2.1/80`), a protocol's
// name, people (`user 'bob'`, `Username = bob`, `User <bob>`), MAC addresses (`0050.5655.8757`). Read by one pass over the words.
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { isIp, isPort, macOf } from '../net.js';
import { remembered } from '../keys.js';
import { codeInside, lastOf } from '../../text.js';
import { ENDS } from '../ends.js';

export interface CiscoEndpoint {
  readonly host: string;
  readonly port?: string;
  readonly interface?: string;
  mapped?: CiscoEndpoint;
  user?: string;
}

const WORDS_MAX = 120;
const PROTOCOL_MAX = 9;
const PROTOCOL_STARTS = 'tuigeopsaTUIGEOPSA';
const PROTOCOLS = new Set(['tcp', 'udp', 'icmp', 'igmp', 'gre', 'esp', 'ospf', 'eigrp', 'pim', 'icmpv6', 'ipv6-icmp', 'sctp', 'ah', 'ipinip']);

/** The endpoints of a text in order, and the first protocol named. */
export function readEndpoints(text: string): { endpoints: CiscoEndpoint[]; protocol?: string } {
  const endpoints: CiscoEndpoint[] = [];
  let protocol: string | undefined;
  let before = '';
  for (const word of wordsOf(parted(text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text))) {
    if (isLetters(word)) { // no endpoint, as most words are none
      before = word;
      if (protocol === undefined && word.length <= PROTOCOL_MAX && mayBeProtocol(word) && PROTOCOLS.has(word.toLowerCase())) protocol = word.toLowerCase();
      continue;
    }
    const stripped = withoutMarks(word), plain = stripped.endsWith(':') && isIp(stripped.slice(0, -1)) ? stripped.slice(0, -1) : stripped, preposition = before;
    before = plain;
    if (protocol === undefined && plain.length <= PROTOCOL_MAX && mayBeProtocol(plain) && PROTOCOLS.has(plain.toLowerCase())) { protocol = plain.toLowerCase(); continue; }
    const last = endpoints.at(-1);
    if (last === undefined && plain.startsWith('(') && isIp(plain.slice(1, -1))) { endpoints.push({ host: plain.slice(1, -1) }); continue; }
    if (plain.startsWith('(') && last !== undefined) {
      const inner = plain.slice(1, plain.endsWith(')') ? -1 : undefined);
      const mapped = endpointOf(inner);
      if (mapped !== undefined) last.mapped ??= mapped;
      else if (inner.includes('\\') || plain.endsWith(')') && /^[\w.@-]*[A-Za-z][\w.@-]*$/.test(inner)) last.user ??= /^0x[0-9a-f]{1,16}$/i.test(inner) || A_PORT.test(inner) ? undefined : inner.slice(inner.lastIndexOf('\\') + 1).replace(/[,)]+$/, '');
      continue;
    }
    const endpoint = endpointOf(plain) ?? (preposition === 'to' || preposition === 'from' ? named(plain) : undefined);
    const hosted = endpoint === undefined && plain.endsWith(')') ? NAMED_HOST.exec(plain) : null; // `inside/pc1.example.org(27218)`: a name in the place of an address
    if (hosted !== null) { endpoints.push({ host: hosted[2] as string, port: hosted[3], interface: hosted[1] }); continue; }
    if (endpoint !== undefined) endpoints.push(endpoint);
    // "inside:192.0.2.1/80(LOCAL\bob)" has its user glued on
    const glued = plain.indexOf('(');
    if (endpoint === undefined && glued > 0 && plain.endsWith(')')) {
      const front = endpointOf(plain.slice(0, glued)), inside = plain.slice(glued + 1, -1);
      if (front !== undefined) endpoints.push({ ...front, ...(isPort(inside) ? { port: inside } : inside.includes(')') ? {} : { user: inside.slice(inside.lastIndexOf('\\') + 1) }) });
    }
  }
  return { endpoints, protocol };
}

function isLetters(word: string): boolean {
  for (let p = 0, end = word.length; p < end; p++) { const c = codeInside(word, p) | 32; if (c < 97 || c > 122) return false; }
  return true;
}
/** Brackets that are glued to each other, or to a word before `(type 8`, parted. */
const parted = (text: string): string => (text.includes('(') ? text.replaceAll(')(', ') (').replaceAll('(type ', ' (type ') : text);
const TEXT_MAX = 4096;

/** The first words of a text; what stands before a blank at its beginning counts too. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [], end = text.length, most = end > 0 && isBlank(codeInside(text, 0)) ? WORDS_MAX - 1 : WORDS_MAX;
  for (let p = 0; p < end && words.length < most;) {
    while (p < end && isBlank(codeInside(text, p))) p++;
    const start = p;
    while (p < end && !isBlank(codeInside(text, p))) p++;
    if (p > start) words.push(text.slice(start, p));
  }
  return words;
}
const isBlank = (c: number): boolean => c === 32 || c >= 9 && c <= 13 || c >= 160 && BLANK.test(String.fromCharCode(c));
const BLANK = /\s/;
/** Without commas, semicolons and full stops at its end. */
function withoutMarks(word: string): string {
  let end = word.length;
  for (; end > 0; end--) { const c = codeInside(word, end - 1); if (c !== 44 && c !== 46 && c !== 59) break; }
  return end === word.length ? word : word.slice(0, end);
}
/** Whether it begins as one of PROTOCOLS does: most words need not be put into small letters. */
const mayBeProtocol = (word: string): boolean => PROTOCOL_STARTS.includes(word.slice(0, 1));
const NAMED_HOST = /^([\w.-]{1,64})\/([A-Za-z][\w-]{0,62}(?:\.[\w-]{1,63}){1,8})\((\d{1,5})\)$/;

/** `web1/443` where an endpoint is due: a host by its name. */
function named(word: string): CiscoEndpoint | undefined {
  const found = word.includes('/') ? /^([A-Za-z][\w.-]{1,63})\/(\d{1,5})$/.exec(word) : null;
  return found === null || A_PORT.test(found[1] as string) ? undefined : { host: found[1] as string, port: found[2] };
}

/** `Gi0/0`, `TenGigabitEthernet1/1`: no host, an interface. */
const A_PORT = /^(?:Gi|Te|Fa|Et|Eth|Hu|Fo|Tw|Twe|Po|Se|mgmt|[A-Z]?[A-Za-z]{0,30}Ethernet|[A-Za-z]{0,20}GigE|Serial|Port-channel|Vlan|Vl|Tunnel|Tu|Loopback|Lo|BVI|Bundle-Ether|BE)\d{1,4}$/;

/** `ifc:addr/port`, `ifc/addr(port)`, `addr/port`, `addr(port)`, `addr:port`, `ifc:addr`, `addr`. */
function endpointOf(word: string): CiscoEndpoint | undefined {
  if (word.length < 2 || word.length > 300 || !word.includes('.') && !word.includes(':')) return undefined;
  let host = word.startsWith('[') || word.endsWith(']') ? word.replace(/^\[|\]$/g, '') : word, port: string | undefined;
  const paren = host.endsWith(')') ? host.lastIndexOf('(') : -1;
  if (paren > 0) {
    port = host.slice(paren + 1, -1);
    if (!isPort(port)) return undefined;
    host = host.slice(0, paren);
  }
  if (isIp(host)) return { host, port };
  const slash = lastOf(host, 47);
  if (slash > 0) {
    const left = host.slice(0, slash), right = host.slice(slash + 1);
    if (isIp(right)) return { host: right, port, interface: left };
    if (isPort(right) || /^[a-z][\w-]{0,30}$/.test(right)) {
      if (isIp(left)) return { host: left, port: right };
      const at = interfaceEnd(left);
      if (at > 0) return { host: left.slice(at), port: right, interface: left.slice(0, at - 1) };
    }
    return undefined;
  }
  const at = interfaceEnd(host);
  if (at > 0 && isIp(host.slice(at))) return { host: host.slice(at), port, interface: host.slice(0, at - 1) };
  const colon = lastOf(host, 58);
  if (colon > 0 && isPort(host.slice(colon + 1)) && isIp(host.slice(0, colon))) return { host: host.slice(0, colon), port: host.slice(colon + 1) };
  return undefined;
}

/** After `ifc:`, where an address or a name follows; 0 when there is no interface. */
function interfaceEnd(text: string): number {
  const colon = text.indexOf(':');
  if (colon <= 0 || colon === text.length - 1) return 0;
  return isInterface(text.slice(0, colon)) || isIp(text.slice(colon + 1)) ? colon + 1 : 0;
}
/** A device has few. */
const isInterface = remembered((name) => /^[A-Za-z_][\w.\-/ ]*$/.test(name) && !/^[0-9a-fA-F]{1,4}$/.test(name));

export function putEndpoint(draft: Draft, side: 'source' | 'destination', endpoint: CiscoEndpoint | undefined): void {
  if (endpoint === undefined) return;
  const end = ENDS[side];
  draft.put(end.ip, endpoint.host);
  if (endpoint.port !== undefined) draft.put(end.port, portOf(endpoint.port));
  draft.put(end.interface, endpoint.interface);
  const { mapped } = endpoint;
  if (mapped !== undefined && (mapped.host !== endpoint.host || mapped.port !== endpoint.port)) {
    draft.put(end.natIp, mapped.host === endpoint.host ? undefined : mapped.host);
    if (mapped.port !== endpoint.port) draft.put(end.natPort, mapped.port);
  }
  if (endpoint.user !== undefined) draft.put(end.user, endpoint.user);
}
/** A port by its number, or by the name that Cisco's firewalls write for it. */
export const portOf = (text: string): string => SERVICES[text] ?? text;
const SERVICES = lookup<string>({ http: '80', https: '443', ssh: '22', telnet: '23', domain: '53', snmp: '161', ntp: '123', syslog: '514', smtp: '25', ftp: '21', netbios: '139', isakmp: '500', www: '80', ldap: '389', ldaps: '636', pop3: '110', imap4: '143', snmptrap: '162', tacacs: '49', radius: '1645', 'radius-acct': '1646', bootps: '67', bootpc: '68', 'netbios-ns': '137', 'netbios-dgm': '138', 'netbios-ssn': '139', tftp: '69', bgp: '179', sunrpc: '111', sip: '5060', h323: '1720', pptp: '1723', sqlnet: '1521', kerberos: '750', rtsp: '554', 'ftp-data': '20', rip: '520', nfs: '2049', cifs: '3020', 'citrix-ica': '1494' });

const USER = /(?:^|[\s,;[(])(?:[Uu]ser(?:[Nn]ame)?|[Uu]name)(?: ?[=:] ?| <| ["']|["'])["'<]?([^"'<>,\s\])=]{1,128})(?![^\s,;]*=)/;
export function putCiscoUser(draft: Draft, text: string): void {
  if (!text.includes('ser') && !text.includes('name')) return;
  const user = USER.exec(text.slice(0, 2048))?.[1]?.replace(/[.:]$/, '');
  if (user === undefined || user === '*****' || user === 'unknown') return;
  fillAccount(draft, 'user', user);
  draft.fill('source.user.name', draft.get('user.name'));
}

export function putCiscoMac(draft: Draft, text: string): void {
  if (!text.includes('.') && !text.includes(':')) return;
  const mac = /\b([0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4})\b/.exec(text.slice(0, 2048))?.[1] ?? CLIENT_MAC.exec(text.slice(0, 2048))?.[1];
  if (mac !== undefined) draft.fill('source.mac', macOf(mac));
}
const CLIENT_MAC = /\b(?:client|mobile|station|MAC)(?: address)?:? ((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})\b/;
