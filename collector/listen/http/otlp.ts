// OpenTelemetry logs over HTTP. The frame of a log record is a whole OTLP/JSON document with that one record in it, its resource and
// scope included: of a JSON body made of the bytes that came, of a protobuf one in the protocol's own JSON form.
//
//   POST /v1/logs, under any path (Loki's own is /otlp/v1/logs)   ExportLogsServiceRequest, application/json or application/x-protobuf   -> ExportLogsServiceResponse, empty: all taken
import { jsonAnswer, type Answer, type Dialect, type Outcome, type Refused } from './dialect.js';
import { elementsOf, membersOf, valuesOf } from './json-values.js';
import { ProtobufError, readMessage, wireFields, type MessageType } from './protobuf.js';

const PROTOBUF = /^application\/(?:x-|vnd\.google\.)?protobuf\b/i;
/** Of all frames of one body: each holds its resource again, so a small body could ask for many bytes. */
const FRAMES_BYTES_MAX = 48 * 1024 * 1024;

export const otlp: Dialect = {
  speaks: (path) => path.endsWith('/v1/logs'),
  handle({ method, header, body }) {
    if (method !== 'POST') return { status: 405, message: `expected POST, got ${method}` };
    const type = header('content-type') ?? '';
    if (PROTOBUF.test(type)) return taken(fromProtobuf(body), { status: 200, type: 'application/x-protobuf', body: Buffer.alloc(0) });
    if (/^application\/json\b/i.test(type)) return taken(fromJson(body), jsonAnswer(200, {}));
    return { status: 415, message: `expected application/x-protobuf or application/json, got ${type === '' ? 'nothing' : type}` };
  },
  refuse: ({ status, message }, { header }) => (PROTOBUF.test(header('content-type') ?? '')
    ? { status, type: 'application/x-protobuf', body: Buffer.concat([Buffer.from([0x12]), lengthOf(message), Buffer.from(message)]) } // google.rpc.Status, its field 2
    : jsonAnswer(status, { message })),
};

const lengthOf = (text: string): Buffer => { const n = Buffer.byteLength(text); return Buffer.from(n < 128 ? [n] : [(n & 0x7f) | 0x80, n >> 7]); };

/** Three parts of every frame: what stands before the record, the record, what stands behind it. */
type Parts = readonly [head: Buffer, record: Buffer];
const TAIL = Buffer.from(']}]}]}');

function taken(parts: readonly Parts[] | Refused, answer: Answer): Outcome | Refused {
  if ('message' in parts) return parts;
  const bytes = parts.reduce((sum, [head, record]) => sum + head.length + record.length + TAIL.length, 0);
  if (bytes > FRAMES_BYTES_MAX) return { status: 413, message: `expected at most ${FRAMES_BYTES_MAX} bytes of records with their resources, got ${bytes}` };
  return { frames: parts.map(([head, record]) => Buffer.concat([head, record, TAIL])), answer };
}

const broken = (message: string): Refused => ({ status: 400, message });

// --- JSON: the bytes that came are put together anew ---------------------------------------------------------------------------------
function fromJson(body: Buffer): Parts[] | Refused {
  const all = listIn(body, 'resourceLogs');
  if (all === undefined) return broken('expected an object with the list resourceLogs');
  const parts: Parts[] = [];
  for (const { rest, list } of all.flatMap((each) => split(each, 'scopeLogs'))) {
    for (const { rest: scope, list: records } of list.flatMap((each) => split(each, 'logRecords'))) {
      const head = Buffer.concat([Buffer.from('{"resourceLogs":[{'), rest, Buffer.from('"scopeLogs":[{'), scope, Buffer.from('"logRecords":[')]);
      for (const record of records) parts.push([head, record]);
    }
  }
  return parts;
}

function listIn(object: Buffer, name: string): Buffer[] | undefined {
  const [value] = valuesOf(object) ?? [], member = value === undefined ? undefined : membersOf(value)?.get(name);
  return member === undefined ? undefined : elementsOf(member);
}

/** An object's list and its other members, each with a comma behind it. */
function split(object: Buffer, name: string): { rest: Buffer; list: Buffer[] }[] {
  const members = membersOf(object), member = members?.get(name), list = member === undefined ? undefined : elementsOf(member);
  if (members === undefined || list === undefined) return [];
  const rest = [...members].filter(([key]) => key !== name).flatMap(([key, value]) => [Buffer.from(`"${key}":`), value, Buffer.from(',')]);
  return [{ rest: Buffer.concat(rest), list }];
}

// --- protobuf ----------------------------------------------------------------------------------------------------------------------
function fromProtobuf(body: Buffer): Parts[] | Refused {
  try {
    const parts: Parts[] = [];
    for (const resourceLogs of messages(body, 1)) {
      const resource = JSON.stringify(readMessage(resourceLogs, RESOURCE_LOGS)).slice(1, -1);
      for (const scopeLogs of messages(resourceLogs, 2)) {
        const scope = JSON.stringify(readMessage(scopeLogs, SCOPE_LOGS)).slice(1, -1);
        const head = Buffer.from(`{"resourceLogs":[{${resource}${resource === '' ? '' : ','}"scopeLogs":[{${scope}${scope === '' ? '' : ','}"logRecords":[`);
        for (const record of messages(scopeLogs, 2)) parts.push([head, Buffer.from(JSON.stringify(readMessage(record, LOG_RECORD)))]);
      }
    }
    return parts;
  } catch (error) {
    if (error instanceof ProtobufError) return broken(error.message);
    throw error;
  }
}

function* messages(bytes: Buffer, number: number): Generator<Buffer> {
  for (const field of wireFields(bytes)) if (field.number === number) {
    if (!Buffer.isBuffer(field.value) || field.wire !== 2) throw new ProtobufError(`expected messages as field ${number}`);
    yield field.value;
  }
}

const ANY_VALUE: MessageType = () => ({
  1: { name: 'stringValue', type: 'string' }, 2: { name: 'boolValue', type: 'bool' }, 3: { name: 'intValue', type: 'int64' }, 4: { name: 'doubleValue', type: 'double' },
  5: { name: 'arrayValue', type: ARRAY }, 6: { name: 'kvlistValue', type: KEY_VALUES }, 7: { name: 'bytesValue', type: 'bytes' },
});
const ARRAY: MessageType = () => ({ 1: { name: 'values', type: ANY_VALUE, repeated: true } });
const KEY_VALUES: MessageType = () => ({ 1: { name: 'values', type: KEY_VALUE, repeated: true } });
const KEY_VALUE: MessageType = () => ({ 1: { name: 'key', type: 'string' }, 2: { name: 'value', type: ANY_VALUE } });
const RESOURCE: MessageType = () => ({ 1: { name: 'attributes', type: KEY_VALUE, repeated: true }, 2: { name: 'droppedAttributesCount', type: 'uint32' } });
/** Without the scopes: they are read one by one. */
const RESOURCE_LOGS: MessageType = () => ({ 1: { name: 'resource', type: RESOURCE }, 3: { name: 'schemaUrl', type: 'string' } });
const SCOPE: MessageType = () => ({ 1: { name: 'name', type: 'string' }, 2: { name: 'version', type: 'string' }, 3: { name: 'attributes', type: KEY_VALUE, repeated: true }, 4: { name: 'droppedAttributesCount', type: 'uint32' } });
const SCOPE_LOGS: MessageType = () => ({ 1: { name: 'scope', type: SCOPE }, 3: { name: 'schemaUrl', type: 'string' } });
const LOG_RECORD: MessageType = () => ({
  1: { name: 'timeUnixNano', type: 'fixed64' }, 2: { name: 'severityNumber', type: 'uint32' }, 3: { name: 'severityText', type: 'string' }, 5: { name: 'body', type: ANY_VALUE },
  6: { name: 'attributes', type: KEY_VALUE, repeated: true }, 7: { name: 'droppedAttributesCount', type: 'uint32' }, 8: { name: 'flags', type: 'fixed32' }, 9: { name: 'traceId', type: 'hex' },
  10: { name: 'spanId', type: 'hex' }, 11: { name: 'observedTimeUnixNano', type: 'fixed64' }, 12: { name: 'eventName', type: 'string' },
});
