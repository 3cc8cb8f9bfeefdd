// The PROXY protocol: a proxy in front of a listener says in the first bytes of a connection who really connected. Pure.
//
//   1  "PROXY TCP4 192.0.2.7 198.51.100.1 40000 514\r\n", at most 107 bytes; "PROXY UNKNOWN ...\r\n" says nothing
//   2  12 bytes of signature, u8 version and command, u8 family and transport, u16 length, then addresses, ports and more
//
// Only a listener that was told whom to believe reads one: from anybody else it is a way to lie about an address.
import { isIP } from 'node:net';
import { canonicalV6 } from './plain-address.js';

/** `address` is missing where the proxy speaks for itself (a health check), or for a socket that has none. */
export interface ProxyHeader { readonly bytes: number; readonly address?: string; readonly port?: number }

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'), WORD = Buffer.from('PROXY ');
const LINE_BYTES_MAX = 107, HEAD_BYTES = 16, BYTES_MAX = 4096;
const LINE = /^PROXY (?:UNKNOWN(?: .*)?|(TCP4|TCP6) (\S+) (\S+) (\d{1,5}) (\d{1,5}))$/;

/** `more`: the bytes end before it can be told. Undefined: this is no header. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'more' | undefined {
  if (startsAlike(bytes, SIGNATURE)) return readBinary(bytes);
  return startsAlike(bytes, WORD) ? readLine(bytes) : undefined;
}

function readLine(bytes: Buffer): ProxyHeader | 'more' | undefined {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return bytes.length < LINE_BYTES_MAX ? 'more' : undefined;
  const match = end + 2 > LINE_BYTES_MAX ? null : LINE.exec(bytes.toString('latin1', 0, end));
  if (match === null) return undefined;
  const [, family, address = '', , port] = match;
  if (family === undefined) return { bytes: end + 2 };
  if (isIP(address) !== (family === 'TCP4' ? 4 : 6) || address.includes('%') || Number(port) > 65535) return undefined;
  return { bytes: end + 2, address: family === 'TCP4' ? address : canonicalV6(address), port: Number(port) };
}

function readBinary(bytes: Buffer): ProxyHeader | 'more' | undefined {
  if (bytes.length < HEAD_BYTES) return 'more';
  const command = bytes[12] as number, family = bytes[13] as number, length = bytes.readUInt16BE(14), end = HEAD_BYTES + length;
  if (command >> 4 !== 2 || (command & 15) > 1 || end > BYTES_MAX) return undefined;
  if (bytes.length < end) return 'more';
  if ((command & 15) === 0) return { bytes: end };
  if (family >> 4 === 1) return length < 12 ? undefined : { bytes: end, address: bytes.subarray(16, 20).join('.'), port: bytes.readUInt16BE(24) };
  if (family >> 4 === 2) return length < 36 ? undefined : { bytes: end, address: canonicalV6(groupsOf(bytes.subarray(16, 32))), port: bytes.readUInt16BE(48) };
  return { bytes: end };
}

const groupsOf = (bytes: Buffer): string => Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');

const startsAlike = (bytes: Buffer, with_: Buffer): boolean => bytes.subarray(0, with_.length).equals(with_.subarray(0, bytes.length));
