// Addresses in log text: is it one, and the ways logs glue a port to it. Text in, text out; arithmetic is core/ip.ts.
import { codeAt, codeInside, lastOf } from '../text.js';

/** An IPv4 or IPv6 address, zone allowed; nothing around it. */
export function isIp(text: string): boolean {
  if (text.length < 2 || text.length > 60) return false;
  return text.includes(':') ? isV6(text) : isV4(text);
}

function isV4(text: string): boolean {
  const end = text.length;
  let parts = 0, value = -1;
  for (let i = 0; i <= end; i++) {
    const c = i === end ? -1 : codeInside(text, i);
    if (c >= 48 && c <= 57) {
      value = (value < 0 ? 0 : value * 10) + c - 48;
      if (value > 255) return false;
    } else if (c === 46 || i === end) {
      if (value < 0) return false;
      parts++;
      value = -1;
    } else return false;
  }
  return parts === 4;
}

/** Groups of up to four hexadecimal digits between colons, two colons in a row once, four numbers in the place of the last two groups, a zone. */
function isV6(text: string): boolean {
  const zone = text.indexOf('%'), end = zone < 0 ? text.length : zone;
  if (end === 0 || zone >= 0 && !ZONE.test(text.slice(zone))) return false;
  let groups = 1, width = 0, doubled = 0, dotted = false, before = 0;
  for (let p = 0; p < end && !dotted; p++) {
    const c = codeInside(text, p);
    if (c === 58) {
      if (width > 4) return false;
      if (before === 58) doubled++;
      groups++;
      width = 0;
    } else if (c === 46) {
      if (!(before >= 48 && before <= 57) || !isV4Tail(text, p + 1, end)) return false;
      dotted = true;
    } else if (c >= 48 && c <= 57 || c >= 65 && c <= 70 || c >= 97 && c <= 102) width++;
    else return false;
    before = c;
  }
  if (doubled > 1 || width > 4 && !dotted) return false;
  if (before === 58 && codeInside(text, end - 2) !== 58 || codeInside(text, 0) === 58 && codeInside(text, 1) !== 58) return false; // a colon alone at an end
  if (dotted) groups++;
  return doubled === 1 ? groups <= 9 : groups === 8;
}
const ZONE = /^%[\w.-]+$/;

/** Three numbers of up to three digits between dots, to the end. */
function isV4Tail(text: string, from: number, end: number): boolean {
  let parts = 1, width = 0;
  for (let p = from; p < end; p++) {
    const c = codeInside(text, p);
    if (c === 46) { if (width === 0) return false; parts++; width = 0; }
    else if (!(c >= 48 && c <= 57) || ++width > 3) return false;
  }
  return parts === 3 && width > 0;
}

export interface Endpoint { readonly host: string; readonly port?: string }

/** `192.0.2.1:80`, `192.0.2.1/80`, `192.0.2.1(80)`, `192.0.2.1#80`, `[2001:db8::1]:80`, `192.0.2.1.80` or a bare host. */
export function splitEndpoint(text: string): Endpoint {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close > 0) return { host: text.slice(1, close), port: codeAt(text, close + 1) === 58 ? text.slice(close + 2) : undefined };
  }
  if (isIp(text)) return { host: text };
  for (let i = 0; i < MARKS.length; i++) {
    const mark = codeInside(MARKS, i), at = lastOf(text, mark);
    if (at <= 0) continue;
    const end = mark === 40 && codeAt(text, text.length - 1) === 41 ? text.length - 1 : text.length;
    if (isNumber(text, at + 1, end) && (mark !== 46 || isIp(text.slice(0, at)))) return { host: text.slice(0, at), port: text.slice(at + 1, end) };
  }
  return { host: text };
}
/** One to five digits, and nothing else. */
export const isPort = (text: string): boolean => isNumber(text, 0, text.length);

/** What parts a port from its host, the surest first. */
const MARKS = ':/#(.';
/** One to five digits. */
function isNumber(text: string, from: number, end: number): boolean {
  if (end <= from || end > from + 5) return false;
  for (let p = from; p < end; p++) { const c = codeInside(text, p); if (c < 48 || c > 57) return false; }
  return true;
}

/** `00-11-22-33-44-55`, `0011.2233.4455` and the like as `00-11-22-33-44-55`, upper-case, as ECS has it; undefined when it is none. */
export function macOf(text: string): string | undefined {
  const hex = text.replace(/[-:. ]/g, '');
  if (hex.length !== 12 || V4_PORT.test(text) || !/^[0-9a-fA-F]{12}$/.test(hex)) return undefined;
  return (hex.toUpperCase().match(/../g) as string[]).join('-');
}
/** `192.0.2.11:51000` has as many digits as a MAC. */
const V4_PORT = /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/;

/** IANA protocol numbers that logs write. */
const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'icmp', 2: 'igmp', 4: 'ipv4', 6: 'tcp', 17: 'udp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'ipv6-icmp', 89: 'ospf', 103: 'pim', 112: 'vrrp', 132: 'sctp' };
export const protocolName = (text: string): string => (/^\d+$/.test(text) ? PROTOCOLS[text] ?? text : text.toLowerCase());

/** Protocols of applications, which some write where the transport should stand. */
const APPLICATIONS: ReadonlySet<string> = new Set(['http', 'https', 'http2', 'dns', 'smtp', 'smtps', 'pop3', 'imap', 'imap4', 'ftp', 'ftps', 'ssh', 'telnet', 'smb', 'smb2', 'cifs', 'rdp', 'ldap', 'ldaps', 'snmp', 'ntp', 'dhcp', 'tftp', 'sip', 'kerberos', 'mysql', 'mssql', 'tls', 'ssl', 'irc']);
export const isApplication = (text: string): boolean => APPLICATIONS.has(text.toLowerCase());

/** Which hash a text of this length is: 32 hexadecimal digits md5, 40 sha1, 64 sha256. */
export function hashKind(text: string): 'md5' | 'sha1' | 'sha256' | undefined {
  const kind = text.length === 32 ? 'md5' : text.length === 40 ? 'sha1' : text.length === 64 ? 'sha256' : undefined;
  return kind !== undefined && /^[0-9a-fA-F]+$/.test(text) ? kind : undefined;
}
