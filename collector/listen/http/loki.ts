// Grafana Loki's push, as Promtail, Alloy, Docker's driver, Fluent Bit and Vector send it. The frame of an entry is a whole push document with that one entry in
// it, its stream's labels included: of a JSON body made of the bytes that came, of a protobuf one in the JSON form. https://grafana.com/docs/loki/latest/reference/loki-http-api/
//
//   POST /loki/api/v1/push   {"streams":[{"stream":{"job":"x"},"values":[["1771310403123000000","line"], ...]}]}, or protobuf compressed with Snappy   -> 204
import { jsonAnswer, type Dialect, type Outcome, type Refused } from './dialect.js';
import { elementsOf, membersOf, valuesOf } from './json-values.js';
import { ProtobufError, readMessage, wireFields, type MessageType } from './protobuf.js';
import { unsnappy } from './snappy.js';

const PUSH = /^\/(?:loki\/api\/v1|api\/prom)\/push$/;
/** Of what a body unpacks to, and of all frames of one: each holds its labels again. */
const BODY_BYTES_MAX = 16 * 1024 * 1024, FRAMES_BYTES_MAX = 48 * 1024 * 1024;

export const loki: Dialect = {
  speaks: (path) => PUSH.test(path),
  handle({ method, header, body }) {
    if (method !== 'POST') return { status: 405, message: `expected POST, got ${method}` };
    return taken(/^application\/json\b/i.test(header('content-type') ?? '') ? fromJson(body) : fromProtobuf(body));
  },
  refuse: ({ status, message }) => jsonAnswer(status, { status, message }),
};

/** What stands before an entry, and the entry. */
type Parts = readonly [head: Buffer, entry: Buffer];
const TAIL = Buffer.from(']}]}');
const headOf = (labels: Buffer): Buffer => Buffer.concat([Buffer.from('{"streams":[{"stream":'), labels, Buffer.from(',"values":[')]);
const broken = (message: string): Refused => ({ status: 400, message });

function taken(parts: readonly Parts[] | Refused): Outcome | Refused {
  if ('message' in parts) return parts;
  const bytes = parts.reduce((sum, [head, entry]) => sum + head.length + entry.length + TAIL.length, 0);
  if (bytes > FRAMES_BYTES_MAX) return { status: 413, message: `expected at most ${FRAMES_BYTES_MAX} bytes of entries with their labels, got ${bytes}` };
  return { frames: parts.map(([head, entry]) => Buffer.concat([head, entry, TAIL])), answer: { status: 204, type: 'application/json', body: '' } };
}

function fromJson(body: Buffer): Parts[] | Refused {
  const [whole] = valuesOf(body) ?? [], streams = whole === undefined ? undefined : membersOf(whole)?.get('streams'), list = streams === undefined ? undefined : elementsOf(streams), parts: Parts[] = [];
  if (list === undefined) return broken('expected an object with the list streams');
  for (const stream of list) {
    const members = membersOf(stream), labels = members?.get('stream'), values = members?.get('values'), entries = values === undefined ? undefined : elementsOf(values);
    if (labels === undefined || entries === undefined) return broken('expected of each stream its labels, stream, and its entries, values');
    const head = headOf(labels);
    for (const entry of entries) parts.push([head, entry]);
  }
  return parts;
}

const LABEL: MessageType = () => ({ 1: { name: 'name', type: 'string' }, 2: { name: 'value', type: 'string' } });
const TIME: MessageType = () => ({ 1: { name: 'seconds', type: 'int64' }, 2: { name: 'nanos', type: 'uint32' } });
const ENTRY: MessageType = () => ({ 1: { name: 'time', type: TIME }, 2: { name: 'line', type: 'string' }, 3: { name: 'metadata', type: LABEL, repeated: true } });
const STREAM: MessageType = () => ({ 1: { name: 'labels', type: 'string' } });

function fromProtobuf(body: Buffer): Parts[] | Refused {
  const plain = unsnappy(body, BODY_BYTES_MAX);
  if (plain === undefined) return broken(`expected JSON with its Content-Type, or protobuf compressed with Snappy of at most ${BODY_BYTES_MAX} bytes`);
  try {
    const parts: Parts[] = [];
    for (const stream of messages(plain, 1)) {
      const head = headOf(Buffer.from(JSON.stringify(labelsIn(String(readMessage(stream, STREAM)['labels'] ?? '')))));
      for (const entry of messages(stream, 2)) parts.push([head, entryOf(readMessage(entry, ENTRY))]);
    }
    return parts;
  } catch (error) {
    if (error instanceof ProtobufError) return broken(error.message);
    throw error;
  }
}

function entryOf({ time, line, metadata }: Record<string, unknown>): Buffer {
  const { seconds = '0', nanos = 0 } = (time ?? {}) as { seconds?: string; nanos?: number }, at = seconds === '0' ? String(nanos) : `${seconds}${String(nanos).padStart(9, '0')}`;
  const more = Array.isArray(metadata) ? [Object.fromEntries((metadata as { name?: string; value?: string }[]).map(({ name = '', value = '' }) => [name, value]))] : [];
  return Buffer.from(JSON.stringify([at, line ?? '', ...more]));
}
/** `{job="varlogs", filename="/var/log/auth.log"}`; a backslash stands before what it hides. */
function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([A-Za-z_]\w{0,200})="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value.replace(/\\(.)/g, (_, hidden: string) => (hidden === 'n' ? '\n' : hidden === 't' ? '\t' : hidden))]));
}

function* messages(bytes: Buffer, number: number): Generator<Buffer> {
  for (const field of wireFields(bytes)) if (field.number === number) {
    if (!Buffer.isBuffer(field.value) || field.wire !== 2) throw new ProtobufError(`expected messages as field ${number}`);
    yield field.value;
  }
}
