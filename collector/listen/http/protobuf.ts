// Reads protobuf messages by a table of their fields into what the JSON form of the same message says (lowerCamelCase names, 64-bit
// numbers and bytes as text). Unknown fields are passed over, as the format asks. Pure, bounded in depth.
//
//   field  varint (number << 3 | wire type), then: 0 varint, 1 eight bytes, 2 varint length and bytes, 5 four bytes
export type FieldType = 'string' | 'bytes' | 'hex' | 'bool' | 'uint32' | 'int64' | 'fixed32' | 'fixed64' | 'double' | MessageType;
export interface Field { readonly name: string; readonly type: FieldType; readonly repeated?: true }
/** Fields by their numbers; a function, so that a type may hold itself. */
export type MessageType = () => Readonly<Record<number, Field>>;

export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const DEPTH_MAX = 32;

export function readMessage(bytes: Buffer, type: MessageType, depth = 0): Record<string, unknown> {
  if (depth > DEPTH_MAX) throw new ProtobufError(`expected at most ${DEPTH_MAX} messages in one another`);
  const fields = type(), message: Record<string, unknown> = {};
  for (const { number, wire, value } of wireFields(bytes)) {
    const field = fields[number];
    if (field === undefined) continue;
    const { name, repeated } = field;
    if (repeated !== true) { message[name] = read(field, wire, value, depth); continue; }
    const list = (message[name] ??= []) as unknown[];
    list.push(read(field, wire, value, depth));
  }
  return message;
}

interface WireField { readonly number: number; readonly wire: number; readonly value: bigint | Buffer }

/** The fields of a message as they stand. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  for (let at = 0; at < bytes.length;) {
    const tag = varint(bytes, at), number = Number(tag.value >> 3n), wire = Number(tag.value & 7n);
    if (number === 0 || number > 536_870_911) throw new ProtobufError(`expected a field's number, got ${number}`);
    at = tag.end;
    if (wire === 0) {
      const { value, end } = varint(bytes, at);
      yield { number, wire, value };
      at = end;
      continue;
    }
    let length = wire === 1 ? 8 : 4;
    if (wire === 2) {
      const { value, end } = varint(bytes, at);
      length = Number(value);
      at = end;
    } else if (wire !== 1 && wire !== 5) {
      throw new ProtobufError(`expected wire type 0, 1, 2 or 5, got ${wire}`);
    }
    if (at + length > bytes.length) throw new ProtobufError(`expected ${length} bytes, got ${bytes.length - at}`);
    yield { number, wire, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

function varint(bytes: Buffer, from: number): { value: bigint; end: number } {
  let value = 0n, shift = 0n;
  for (let at = from; at < bytes.length && at < from + 10; at++, shift += 7n) {
    const byte = bytes[at] as number;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + 1 };
  }
  throw new ProtobufError('expected a number, got an unfinished one');
}

const WIRES = { string: 2, bytes: 2, hex: 2, bool: 0, uint32: 0, int64: 0, fixed32: 5, fixed64: 1, double: 1 } as const;

function read({ name, type }: Field, wire: number, value: bigint | Buffer, depth: number): unknown {
  const expected = typeof type === 'function' ? 2 : WIRES[type];
  if (wire !== expected) throw new ProtobufError(`${name}: expected wire type ${expected}, got ${wire}`);
  if (typeof value === 'bigint') return type === 'bool' ? value !== 0n : type === 'int64' ? String(BigInt.asIntN(64, value)) : Number(BigInt.asUintN(32, value));
  if (typeof type === 'function') return readMessage(value, type, depth + 1);
  switch (type) {
    case 'string': return value.toString('utf8');
    case 'hex': return value.toString('hex');
    case 'fixed32': return value.readUInt32LE();
    case 'fixed64': return String(value.readBigUInt64LE());
    case 'double': { const number = value.readDoubleLE(); return Number.isFinite(number) ? number : String(number); }
    default: return value.toString('base64');
  }
}
