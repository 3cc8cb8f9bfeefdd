// CRC-32 (IEEE 802.3), seeded: a block from another segment never passes for one of this. Node 20.15+ has it in zlib.
import * as zlib from 'node:zlib';

const native = (zlib as { crc32?: (data: Uint8Array, value?: number) => number }).crc32;
export function crc32(bytes: Uint8Array, seed = 0): number {
  if (native !== undefined) return native(bytes, seed);
  let crc = ~seed;
  for (let i = 0; i < bytes.length; i++) crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
