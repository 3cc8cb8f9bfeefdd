// Addresses and networks by arithmetic, any spelling of IPv6 included (RFC 4291 2.2). Pure.

export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}
export interface Network {
  readonly bits: 32 | 128;
  readonly base: bigint;
  readonly prefix: number;
}

/** The address that `text` writes, or undefined. A zone (`%eth0`) is not part of it; IPv4-mapped IPv6 counts as IPv4. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseV6(text.split('%')[0] as string);
  const value = parseV4(text);
  return value === undefined ? undefined : { bits: 32, value };
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. Undefined when it is no network, or has host bits set. */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  // A network written in IPv6 that holds mapped addresses only, `::ffff:10.0.0.0/104`, is one of IPv4.
  const lead = address.bits === 32 && text.includes(':') ? 96 : 0, digits = slash < 0 ? String(lead + address.bits) : text.slice(slash + 1);
  const prefix = /^\d{1,3}$/.test(digits) ? Number(digits) - lead : -1;
  if (prefix < 0 || prefix > address.bits) return undefined;
  const host = BigInt(address.bits - prefix);
  if (((address.value >> host) << host) !== address.value) return undefined;
  return { bits: address.bits, base: address.value, prefix };
}

export function contains({ bits, base, prefix }: Network, address: Address): boolean {
  const host = BigInt(bits - prefix);
  return bits === address.bits && address.value >> host === base >> host;
}

function parseV4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let value = 0;
  for (let i = 1; i <= 4; i++) {
    const part = Number(match[i]);
    if (part > 255) return undefined;
    value = value * 256 + part;
  }
  return BigInt(value);
}

function parseV6(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const tail = /^(.*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text);
  let groups = text;
  if (tail !== null) {
    const v4 = parseV4(tail[2] as string);
    if (v4 === undefined) return undefined;
    groups = `${tail[1] as string}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  }
  const halves = groups.split('::');
  if (halves.length > 2) return undefined;
  const parts = halves.map((half) => (half === '' ? [] : half.split(':')));
  const given = parts.reduce((sum, half) => sum + half.length, 0);
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined;
  const all = halves.length === 1 ? (parts[0] as string[]) : [...(parts[0] as string[]), ...Array<string>(8 - given).fill('0'), ...(parts[1] as string[])];
  let value = 0n;
  for (const part of all) {
    if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
    value = (value << 16n) | BigInt(parseInt(part, 16));
  }
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffff_ffffn } : { bits: 128, value };
}
