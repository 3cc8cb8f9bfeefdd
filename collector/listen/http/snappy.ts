// Snappy's block format: the length of what it was, then literals and copies of what stands before them. Pure, bounded by the length it names.
// https://github.com/google/snappy/blob/main/format_description.txt

/** What was compressed, undefined where it is none, broken, or longer than `bytesMax`. */
export function unsnappy(bytes: Buffer, bytesMax: number): Buffer | undefined {
  let length = 0, at = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) return undefined;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (length > bytesMax) return undefined;
  const whole = Buffer.alloc(length);
  let to = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] as number, kind = tag & 3, high = tag >> 2;
    if (kind === 0) {
      const extra = high < 60 ? 0 : high - 59;
      if (at + extra > bytes.length) return undefined;
      const count = (extra === 0 ? high : bytes.readUIntLE(at, extra)) + 1;
      at += extra;
      if (at + count > bytes.length || to + count > length) return undefined;
      bytes.copy(whole, to, at, at + count);
      at += count; to += count;
      continue;
    }
    const extra = kind === 3 ? 4 : kind;
    if (at + extra > bytes.length) return undefined;
    const count = kind === 1 ? (high & 7) + 4 : high + 1, back = kind === 1 ? (tag >> 5) * 256 + (bytes[at] as number) : bytes.readUIntLE(at, extra);
    at += extra;
    if (back === 0 || back > to || to + count > length) return undefined;
    for (let i = 0; i < count; i++, to++) whole[to] = whole[to - back] as number; // a copy may overlap what it writes
  }
  return to === length ? whole : undefined;
}
