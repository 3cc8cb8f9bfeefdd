// Addresses in log text: is it one, and the ways logs glue a port to it. Text in, text out; arithmetic is core/ip.ts.
import { codeAt, codeInside } from '../text.js';

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

const HEX_GROUPS = /^[0-9a-fA-F:]+(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})?(?:%[\w.-]+)?$/;
function isV6(text: string): boolean {
  if (!HEX_GROUPS.test(text)) return false;
  const plain = text.split('%')[0] as string;
  const doubled = plain.indexOf('::');
  if (doubled !== plain.lastIndexOf('::')) return false;
  const groups = plain.split(':');
  if (groups.some((group) => group.length > 4 && !group.includes('.'))) return false;
  const count = groups.length + (plain.includes('.') ? 1 : 0);
  return doubled >= 0 ? count <= 9 : count === 8;
}

export interface Endpoint { readonly host: string; readonly port?: string }

/** `192.0.2.1:80`, `192.0.2.1/80`, `192.0.2.1(80)`, `192.0.2.1#80`, `[2001:db8::1]:80`, `192.0.2.1.80` or a bare host. */
export function splitEndpoint(text: string): Endpoint {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close > 0) return { host: text.slice(1, close), port: codeAt(text, close + 1) === 58 ? text.slice(close + 2) : undefined };
  }
  if (isIp(text)) return { host: text };
  for (const mark of [':', '/', '#', '(', '.']) {
    const at = text.lastIndexOf(mark);
    if (at <= 0) continue;
    const port = mark === '(' ? text.slice(at + 1).replace(/\)$/, '') : text.slice(at + 1);
    if (/^\d{1,5}$/.test(port) && (mark !== '.' || isIp(text.slice(0, at)))) return { host: text.slice(0, at), port };
  }
  return { host: text };
}

/** `00-11-22-33-44-55`, `0011.2233.4455` and the like as `00-11-22-33-44-55`, upper-case, as ECS has it; undefined when it is none. */
export function macOf(text: string): string | undefined {
  const hex = text.replace(/[-:. ]/g, '');
  if (hex.length !== 12 || !/^[0-9a-fA-F]{12}$/.test(hex)) return undefined;
  return (hex.toUpperCase().match(/../g) as string[]).join('-');
}

/** IANA protocol numbers that logs write. */
const PROTOCOLS: Readonly<Record<string, string>> = { 1: 'icmp', 2: 'igmp', 4: 'ipv4', 6: 'tcp', 17: 'udp', 41: 'ipv6', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'ipv6-icmp', 89: 'ospf', 103: 'pim', 112: 'vrrp', 132: 'sctp' };
export const protocolName = (text: string): string => (/^\d+$/.test(text) ? PROTOCOLS[text] ?? text : text.toLowerCase());

/** Which hash a text of this length is: 32 hexadecimal digits md5, 40 sha1, 64 sha256. */
export function hashKind(text: string): 'md5' | 'sha1' | 'sha256' | undefined {
  const kind = text.length === 32 ? 'md5' : text.length === 40 ? 'sha1' : text.length === 64 ? 'sha256' : undefined;
  return kind !== undefined && /^[0-9a-fA-F]+$/.test(text) ? kind : undefined;
}
