// Log records of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/logs/data-model/), in the protocol's JSON and in the documents that its
// collector writes for Elasticsearch and Loki: the body is a line or an object, attributes and resource say who, when and where.
//   {"resourceLogs":[{"resource":{"attributes":[...]},"scopeLogs":[{"logRecords":[{"timeUnixNano":"...","body":{...},"attributes":[...]}]}]}]}
//   {"@timestamp":"1771335603123.456","observed_timestamp":"...","body":{"text":"line"},"attributes":{...},"resource":{"attributes":{...}},"severity_text":"..."}
//   {"@timestamp":"...","Body":"line","Attributes":{...},"Resource":{...},"SeverityText":"..."}         {"body":"line","attributes":{...},"resources":{...},"severity":"..."}
// https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/elasticsearchexporter (mapping modes otel and none) and .../pkg/translator/loki
import { flatten, type Millis, type Value } from '../event.js';
import { fieldOf } from '../fields.js';
import type { Draft } from '../normalize/draft.js';
import { isIp } from '../normalize/net.js';
import { RESERVED } from '../normalize/reserved.js';
import { putTarget } from '../normalize/web/request.js';
import { isMembers, own, textOf, type Envelope, type Members } from './envelope-parts.js';
import { OTEL_FIELDS } from './otel-fields.js';
import { readIso, resolve } from './time.js';

const SEVERITIES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'], DEPTH_MAX = 16;

interface OtelRecord {
  readonly body: unknown;
  readonly attributes: Members;
  readonly resource: Members;
  /** When it happened, and when the collector read it. */
  readonly time: Millis | undefined;
  readonly observed: Millis | undefined;
  readonly severity: unknown;
  readonly severityText: unknown;
  readonly traceId: unknown;
  readonly spanId: unknown;
  readonly eventName: unknown;
  readonly scope: Members;
}

/** Several records in one line are no frame of ours: such a line stays JSON. */
export function otlp(resources: readonly unknown[]): Envelope | undefined {
  const [resourceLogs, ...more] = resources, scopes = isMembers(resourceLogs) ? resourceLogs['scopeLogs'] : undefined, scopeLogs: unknown = Array.isArray(scopes) ? scopes[0] : undefined;
  const records = isMembers(scopeLogs) ? scopeLogs['logRecords'] : undefined, record: unknown = Array.isArray(records) ? records[0] : undefined;
  if (!isMembers(resourceLogs) || !isMembers(scopeLogs) || !isMembers(record) || more.length > 0 || (scopes as unknown[]).length > 1 || (records as unknown[]).length > 1) return undefined;
  return otelEnvelope({
    body: anyValue(record['body'], 0), attributes: attributesOf(record['attributes'], 0), resource: attributesOf(isMembers(resourceLogs['resource']) ? resourceLogs['resource']['attributes'] : undefined, 0),
    time: ofNanos(record['timeUnixNano']), observed: ofNanos(record['observedTimeUnixNano']), severity: record['severityNumber'], severityText: record['severityText'],
    traceId: record['traceId'], spanId: record['spanId'], eventName: record['eventName'], scope: isMembers(scopeLogs['scope']) ? scopeLogs['scope'] : {},
  });
}

/** A record as a document, undefined where the object has members that no record has. */
export function otelDocument(object: Members): Envelope | undefined {
  const said = own(object, 'body') ?? own(object, 'Body'), body = isMembers(said) ? said['text'] ?? said['structured'] : said;
  if (typeof body !== 'string' && (!isMembers(said) || !isMembers(body)) || !Object.keys(object).every((key) => DOCUMENT.has(key)) || !BESIDE.some((key) => Object.hasOwn(object, key))) return undefined;
  const members = (...names: readonly string[]): Members => names.map((name) => own(object, name)).find(isMembers) ?? {}, one = (...names: readonly string[]): unknown => names.map((name) => own(object, name)).find((value) => value !== undefined);
  const resource = members('resource', 'Resource', 'resources');
  return otelEnvelope({
    body, attributes: members('attributes', 'Attributes'), resource: isMembers(resource['attributes']) ? resource['attributes'] : resource,
    time: undefined, observed: ofDocument(one('@timestamp')) ?? ofDocument(one('observed_timestamp')), severity: one('severity_number', 'SeverityNumber'), severityText: one('severity_text', 'SeverityText', 'severity'),
    traceId: one('trace_id', 'TraceId', 'traceid'), spanId: one('span_id', 'SpanId', 'spanid'), eventName: one('event_name', 'EventName'), scope: members('scope', 'Scope', 'instrumentation_scope'),
  });
}
const BESIDE = ['attributes', 'Attributes', 'resource', 'Resource', 'resources', 'observed_timestamp'];
const DOCUMENT = new Set([...BESIDE, 'body', 'Body', '@timestamp', 'data_stream', 'severity', 'severity_text', 'severity_number', 'SeverityText', 'SeverityNumber', 'trace_id', 'TraceId', 'traceid', 'span_id', 'SpanId', 'spanid', 'trace_flags', 'TraceFlags', 'flags', 'event_name', 'EventName', 'scope', 'Scope', 'instrumentation_scope', 'dropped_attributes_count']);

function otelEnvelope({ body, attributes, resource, time, observed, severity, severityText, traceId, spanId, eventName, scope }: OtelRecord): Envelope {
  return {
    name: 'otlp.log', text: body === undefined || body === null ? '' : typeof body === 'object' ? JSON.stringify(body) : String(body), program: textOf(attributes['syslog.appname'] ?? attributes['appname']) ?? textOf(resource['service.name']), host: textOf(resource['host.name']),
    put(draft) {
      draft.time = time ?? draft.time ?? observed; // what the line says of its time is nearer than when a collector came by
      const level = Number(severity ?? 0), words = textOf(severityText);
      draft.fill('log.level', words?.toLowerCase() ?? SEVERITIES[Math.floor((level - 1) / 4)]);
      draft.fill('trace.id', textOf(traceId)); draft.fill('span.id', textOf(spanId));
      draft.put('otel.event_name', textOf(eventName)); draft.put('otel.scope.name', textOf(scope['name']));
      for (const [where, values] of [['attributes', attributes], ['resource', resource]] as const) for (const [name, value] of Object.entries(flatten(values))) {
        if (value === null) continue;
        draft.put(`otel.${where}.${name}`, value);
        putAttribute(draft, name, Array.isArray(value) ? value[0] as Value : value);
      }
    },
  };
}

const ofNanos = (value: unknown): Millis | undefined => { const text = String(value as string | undefined ?? ''); return /^\d{1,20}$/.test(text) && !/^0+$/.test(text) ? Math.floor(Number(text) / 1_000_000) : undefined; };
/** ISO, or milliseconds with a fraction. */
function ofDocument(value: unknown): Millis | undefined {
  const text = textOf(value) ?? '', stamp = readIso(text, 0);
  return stamp !== undefined ? resolve(stamp, 0, 'UTC') : /^\d{12,14}(?:\.\d{1,9})?$/.test(text) ? Math.floor(Number(text)) : undefined;
}

function putAttribute(draft: Draft, name: string, value: Value): void {
  const field = OTEL_FIELDS[name];
  if (field === undefined) { if (fieldOf(name) !== undefined && !RESERVED.test(name)) draft.fill(name, value); return; }
  if (field === 'url.original') { if (!draft.has(field)) putTarget(draft, String(value)); } else if (field === 'source.ip' || field === 'destination.ip') draft.fill(isIp(String(value)) ? field : `${field.slice(0, -3)}.domain`, value);
  else draft.fill(field, value);
}

/** `[{"key":"k","value":{"stringValue":"v"}}]` as an object of no inherited names. */
function attributesOf(list: unknown, depth: number): Members {
  const values: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (Array.isArray(list)) for (const pair of list) if (isMembers(pair) && typeof pair['key'] === 'string') values[pair['key']] = anyValue(pair['value'], depth + 1);
  return values;
}
function anyValue(value: unknown, depth: number): unknown {
  if (!isMembers(value) || depth > DEPTH_MAX) return undefined;
  if (value['intValue'] !== undefined) { const number = Number(value['intValue']); return Number.isSafeInteger(number) ? number : textOf(value['intValue']); }
  if (isMembers(value['kvlistValue'])) return attributesOf(value['kvlistValue']['values'], depth);
  if (isMembers(value['arrayValue'])) { const { values } = value['arrayValue']; return Array.isArray(values) ? values.map((each) => anyValue(each, depth + 1)) : []; }
  return value['stringValue'] ?? value['boolValue'] ?? value['doubleValue'] ?? value['bytesValue'];
}
