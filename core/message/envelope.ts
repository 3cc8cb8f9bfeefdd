// Envelopes: a log line inside a JSON object that says who, when and where, as four protocols send it (container engines' own: containers.ts). The text inside is read like any
// other line, by its header and its format; what the envelope says natively fills what the text left open, and is kept under its own name.
// The frame stays whole as the event's original.
//
//   GELF        {"version":"1.1","host":"h","short_message":"text","timestamp":1771335603.1,"level":3,"_name":value}
//   Splunk HEC  {"time":1771335603.1,"host":"h","source":"/var/log/x","sourcetype":"s","index":"i","fields":{...},"event":text or object}
//   Loki        {"streams":[{"stream":{"label":"v"},"values":[["nanoseconds","line",{"name":"v"}]]}]}
//   OTLP        {"resourceLogs":[{"resource":{"attributes":[...]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"...","body":{...},"attributes":[...]}]}]}]}
import { flatten, type Millis, type Value } from '../event.js';
import { fieldOf } from '../fields.js';
import { ecsName, putAs } from '../normalize/common-names.js';
import type { Draft } from '../normalize/draft.js';
import { isIp } from '../normalize/net.js';
import { RESERVED } from '../normalize/reserved.js';
import { putTarget } from '../normalize/web/request.js';
import { windowsInGelf } from '../normalize/windows/json.js';
import { readDocker } from './containers.js';
import { SEVERITY_NAMES } from './header.js';
import { folderOf } from './records.js';
import { OTEL_FIELDS } from './otel-fields.js';
import { epochMillis } from './time.js';

export interface Envelope {
  readonly name: 'gelf.message' | 'hec.event' | 'otlp.log' | 'loki.entry' | 'docker.log' | 'cri.log';
  /** The line inside. */
  readonly text: string;
  /** Who wrote it, where the envelope says. */
  readonly program?: string;
  /** The machine that the envelope names. */
  readonly host?: string;
  /** Adds what the envelope says to what the text said. */
  readonly put: (draft: Draft) => void;
}

type Object_ = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Object_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined);

/** The envelope that a line, read as an object, is; undefined where it is none. */
export function readEnvelope(line: string, object: Object_): Envelope | undefined {
  const short = own(object, 'short_message');
  if (typeof short !== 'string' && !ENVELOPE.test(line)) return typeof own(object, 'log') === 'string' ? readDocker(object) : undefined;
  if (Array.isArray(object['resourceLogs'])) return otlp(object['resourceLogs']);
  if (Array.isArray(own(object, 'streams'))) return loki(object['streams'] as unknown[]);
  return typeof short === 'string' ? gelf(object, short) : typeof own(object, 'log') === 'string' ? readDocker(object) : hec(object);
}
/** Objects of all kinds come by here, and a name that stands in its place is looked up anew for each kind. */
const own = (object: Object_, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);
const ENVELOPE = /^\s*\{\s*"(?:time|host|source|sourcetype|index|fields|event|version|resourceLogs|streams)"\s*:/;

/** The envelope's time is an exact instant: it stands before a time in the text that lacks a zone or a year. */
function putTime(draft: Draft, time: Millis | undefined): void { if (time !== undefined) draft.time = time; }

/** A field that the sender named: ours only where it is a column and none that only we may write; else what such a name usually means. */
function putNamed(draft: Draft, name: string, value: Value): void {
  if (RESERVED.test(name) || name.startsWith('log.')) return;
  if (fieldOf(name) !== undefined) { draft.fill(name, value); return; }
  const field = ecsName(name);
  if (field !== undefined) putAs(draft, field, value);
}

// --- GELF: https://go2docs.graylog.org, "GELF Payload Specification" -----------------------------------------------------------------
const GELF_FIELDS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, { container_id: 'container.id', container_name: 'container.name', image_name: 'container.image.name', logger_name: 'log.logger', thread_name: 'process.thread.name', stack_trace: 'error.stack_trace' });

function gelf(object: Object_, short: string): Envelope {
  const full = textOf(object['full_message']), text = full?.startsWith(short) === true ? full : short;
  const program = ['_SYSLOG_IDENTIFIER', '_application_name', '_app', '_program', '_appname'].map((name) => textOf(object[name])).find((name) => name !== undefined);
  const windows = windowsInGelf(object, text);
  return {
    name: 'gelf.message', text: windows === undefined ? text : JSON.stringify(windows), program, host: textOf(object['host']),
    put(draft) {
      putTime(draft, epochMillis(String(object['timestamp'] ?? '')));
      const level = Number(object['level'] ?? NaN);
      if (Number.isInteger(level) && level >= 0 && level <= 7) { draft.fill('log.syslog.severity.code', level); draft.fill('log.level', SEVERITY_NAMES[level]); }
      draft.fill('host.name', textOf(object['host']));
      if (full !== undefined && full !== text) draft.put('gelf.full_message', full);
      for (const [name, value] of Object.entries(flatten(object))) {
        if (!name.startsWith('_') || value === null) continue;
        const plain = name.slice(1), field = GELF_FIELDS[plain];
        draft.put(`gelf.${plain}`, value);
        if (field !== undefined) draft.fill(field, value); else putNamed(draft, plain, value);
      }
    },
  };
}

// --- Splunk: https://docs.splunk.com, "Format events for HTTP Event Collector" --------------------------------------------------------
const HEC_KEYS = new Set(['time', 'host', 'source', 'sourcetype', 'index', 'fields', 'event']), DOCKER_KEYS = new Set(['line', 'source', 'tag', 'attrs']);

function hec(object: Object_): Envelope | undefined {
  const keys = Object.keys(object), { event, host, source, sourcetype, index, fields } = object;
  if (typeof sourcetype === 'string' && sourcetype.startsWith('zscalernss-')) return undefined; // a product's own record in the collector's form, read by its own format
  if (keys.length < 2 || event === undefined || event === null || !keys.every((key) => HEC_KEYS.has(key)) || [host, source, sourcetype, index].some((value) => value !== undefined && value !== null && typeof value !== 'string')) return undefined;
  const docker = isObject(event) && typeof event['line'] === 'string' && Object.keys(event).every((key) => DOCKER_KEYS.has(key)) ? event : undefined;
  return {
    name: 'hec.event', text: docker !== undefined ? docker['line'] as string : typeof event === 'string' ? event : JSON.stringify(event), host: textOf(host),
    put(draft) {
      putTime(draft, epochMillis(String(object['time'] ?? '').trim()));
      draft.fill('host.name', textOf(host));
      for (const [name, value] of [['source', source], ['sourcetype', sourcetype], ['index', index]] as const) draft.put(`hec.${name}`, textOf(value));
      if (typeof source === 'string' && /^(?:\/|[A-Za-z]:\\)/.test(source)) draft.fill('log.file.path', source);
      if (docker !== undefined) { draft.put('hec.tag', textOf(docker['tag'])); draft.fill('container.id', /^[0-9a-f]{12,64}$/.exec(textOf(docker['tag']) ?? '')?.[0]); }
      if (!isObject(fields)) return;
      for (const [name, value] of Object.entries(flatten(fields))) if (value !== null) { draft.put(`hec.fields.${name}`, value); putNamed(draft, name, Array.isArray(value) ? value[0] as Value : value); }
    },
  };
}

// --- Grafana Loki: https://grafana.com/docs/loki/latest/reference/loki-http-api/ -------------------------------------------------------
const LABELS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, { filename: 'log.file.path', host: 'host.name', hostname: 'host.name', nodename: 'host.name', node_name: 'host.name', container: 'container.name', container_name: 'container.name', container_id: 'container.id', namespace: 'orchestrator.namespace', pod: 'orchestrator.resource.name', level: 'log.level', detected_level: 'log.level', service_name: 'service.name' });
const LOKI_PROGRAMS = ['syslog_identifier', '__journal_syslog_identifier', 'appname', 'app', 'application'], LOKI_HOSTS = ['host', 'hostname', 'nodename', 'node_name'];

/** Several entries in one line are no frame of ours: such a line stays JSON. */
function loki(streams: readonly unknown[]): Envelope | undefined {
  const [stream, ...more] = streams, labels = isObject(stream) && isObject(stream['stream']) ? stream['stream'] : undefined, values = isObject(stream) ? stream['values'] : undefined, entry: unknown = Array.isArray(values) && values.length === 1 ? values[0] : undefined;
  if (labels === undefined || more.length > 0 || !Array.isArray(entry) || typeof entry[1] !== 'string') return undefined;
  const [nanos, text, metadata] = entry as unknown as readonly [unknown, string, unknown?], path = textOf(labels['filename']);
  return {
    name: 'loki.entry', text: text.trimEnd(), program: LOKI_PROGRAMS.map((name) => textOf(labels[name])).find((name) => name !== undefined) ?? folderOf(path), host: LOKI_HOSTS.map((name) => textOf(labels[name])).find((name) => name !== undefined),
    put(draft) {
      if (/^\d{16,20}$/.test(String(nanos))) putTime(draft, Math.floor(Number(nanos) / 1_000_000));
      for (const [name, value] of Object.entries(flatten({ ...labels, ...(isObject(metadata) ? metadata : {}) }))) {
        if (value === null) continue;
        draft.put(`loki.${name}`, value);
        const field = LABELS[name];
        if (field !== undefined) draft.fill(field, value);
      }
    },
  };
}

// --- OpenTelemetry: https://opentelemetry.io/docs/specs/otel/logs/data-model/ ----------------------------------------------------------
const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], DEPTH_MAX = 16;

/** Several records in one line are no frame of ours: such a line stays JSON. */
function otlp(resources: readonly unknown[]): Envelope | undefined {
  const [resourceLogs, ...more] = resources, scopes = isObject(resourceLogs) ? resourceLogs['scopeLogs'] : undefined, scopeLogs: unknown = Array.isArray(scopes) ? scopes[0] : undefined;
  const records = isObject(scopeLogs) ? scopeLogs['logRecords'] : undefined, record: unknown = Array.isArray(records) ? records[0] : undefined;
  if (!isObject(resourceLogs) || !isObject(scopeLogs) || !isObject(record) || more.length > 0 || (scopes as unknown[]).length > 1 || (records as unknown[]).length > 1) return undefined;
  const resource = attributesOf(isObject(resourceLogs['resource']) ? resourceLogs['resource']['attributes'] : undefined, 0), scope = isObject(scopeLogs['scope']) ? scopeLogs['scope'] : {};
  const attributes = attributesOf(record['attributes'], 0), body = anyValue(record['body'], 0);
  return {
    name: 'otlp.log', text: body === undefined || body === null ? '' : typeof body === 'object' ? JSON.stringify(body) : String(body), program: textOf(attributes['syslog.appname'] ?? attributes['appname']) ?? textOf(resource['service.name']), host: textOf(resource['host.name']),
    put(draft) {
      const nanos = [record['timeUnixNano'], record['observedTimeUnixNano']].map((value) => String(value ?? '')).find((value) => /^\d{1,20}$/.test(value) && !/^0+$/.test(value));
      putTime(draft, nanos === undefined ? undefined : Math.floor(Number(nanos) / 1_000_000));
      const severity = Number(record['severityNumber'] ?? 0), words = textOf(record['severityText']);
      draft.fill('log.level', words?.toLowerCase() ?? SEVERITIES[Math.floor((severity - 1) / 4)]);
      draft.fill('trace.id', textOf(record['traceId'])); draft.fill('span.id', textOf(record['spanId']));
      draft.put('otel.event_name', textOf(record['eventName'])); draft.put('otel.scope.name', textOf(scope['name']));
      for (const [where, values] of [['attributes', attributes], ['resource', resource]] as const) for (const [name, value] of Object.entries(flatten(values))) {
        if (value === null) continue;
        draft.put(`otel.${where}.${name}`, value);
        putAttribute(draft, name, Array.isArray(value) ? value[0] as Value : value);
      }
    },
  };
}

function putAttribute(draft: Draft, name: string, value: Value): void {
  const field = OTEL_FIELDS[name];
  if (field === undefined) { if (fieldOf(name) !== undefined && !RESERVED.test(name)) draft.fill(name, value); return; }
  if (field === 'url.original') { if (!draft.has(field)) putTarget(draft, String(value)); } else if (field === 'source.ip' || field === 'destination.ip') draft.fill(isIp(String(value)) ? field : `${field.slice(0, -3)}.domain`, value);
  else draft.fill(field, value);
}

/** `[{"key":"k","value":{"stringValue":"v"}}]` as an object of no inherited names. */
function attributesOf(list: unknown, depth: number): Object_ {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Array.isArray(list)) for (const pair of list) if (isObject(pair) && typeof pair['key'] === 'string') values[pair['key']] = anyValue(pair['value'], depth + 1);
  return values;
}
function anyValue(value: unknown, depth: number): unknown {
  if (!isObject(value) || depth > DEPTH_MAX) return undefined;
  if (value['intValue'] !== undefined) { const number = Number(value['intValue']); return Number.isSafeInteger(number) ? number : textOf(value['intValue']); }
  if (isObject(value['kvlistValue'])) return attributesOf(value['kvlistValue']['values'], depth);
  if (isObject(value['arrayValue'])) { const { values } = value['arrayValue']; return Array.isArray(values) ? values.map((each) => anyValue(each, depth + 1)) : []; }
  return value['stringValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? value['bytesValue'];
}
