// Envelopes: a log line inside a JSON object that says who, when and where, as four protocols send it (container engines' own: containers.ts). The text inside is read like any
// other line, by its header and its format; what the envelope says natively fills what the text left open, and is kept under its own name.
// The frame stays whole as the event's original.
//
//   GELF        {"version":"1.1","host":"h","short_message":"text","timestamp":1771335603.1,"level":3,"_name":value}
//   Splunk HEC  {"time":1771335603.1,"host":"h","source":"/var/log/x","sourcetype":"s","index":"i","fields":{...},"event":text or object}
//   Loki        {"streams":[{"stream":{"label":"v"},"values":[["nanoseconds","line",{"name":"v"}]]}]}
//   OpenTelemetry's: otel.ts
import { flatten, type Millis, type Value } from '../event.js';
import { fieldOf } from '../fields.js';
import { ecsName, putAs } from '../normalize/common-names.js';
import type { Draft } from '../normalize/draft.js';
import { loggedAs, putLogged } from '../normalize/logging-libraries.js';
import { RESERVED } from '../normalize/reserved.js';
import { putError } from '../normalize/stack-trace.js';
import { windowsInGelf } from '../normalize/windows/json.js';
import { readDocker } from './containers.js';
import { isMembers, own, textOf, type Envelope, type Members } from './envelope-parts.js';
import { SEVERITY_NAMES } from './header.js';
import { folderOf } from './records.js';
import { otelDocument, otlp } from './otel.js';
import { epochMillis } from './time.js';

/** The envelope that a line, read as an object, is; undefined where it is none. */
export function readEnvelope(line: string, object: Members): Envelope | undefined {
  const short = own(object, 'short_message');
  if (typeof short !== 'string' && !ENVELOPE.test(line)) return typeof own(object, 'log') === 'string' ? readDocker(object) : otelDocument(object);
  if (Array.isArray(object['resourceLogs'])) return otlp(object['resourceLogs']);
  if (Array.isArray(own(object, 'streams'))) return loki(object['streams'] as unknown[]);
  return typeof short === 'string' ? gelf(object, short) : typeof own(object, 'log') === 'string' ? readDocker(object) : hec(object);
}
const ENVELOPE = /^\s*\{\s*"(?:time|host|source|sourcetype|index|fields|event|version|resourceLogs|streams)"\s*:/;

/** The envelope's time is an exact instant: it stands before a time in the text that lacks a zone or a year. */
function putTime(draft: Draft, time: Millis | undefined): void { if (time !== undefined) draft.time = time; }

/** A field that the sender named: ours only where it is a column and none that only we may write; else what such a name usually means. */
function putNamed(draft: Draft, name: string, value: Value): void {
  if (RESERVED.test(name) || name.startsWith('log.')) return;
  if (fieldOf(name) !== undefined) { draft.fill(name, value); return; }
  const field = ecsName(name), logged = loggedAs(name);
  if (field !== undefined) putAs(draft, field, value);
  if (logged !== undefined) putLogged(draft, logged, value);
}

// --- GELF: https://go2docs.graylog.org, "GELF Payload Specification" -----------------------------------------------------------------
const GELF_FIELDS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, { container_id: 'container.id', container_name: 'container.name', image_name: 'container.image.name' });

function gelf(object: Members, short: string): Envelope {
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
      if (full !== undefined && full !== text) { draft.put('gelf.full_message', full); putError(draft, full); }
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

function hec(object: Members): Envelope | undefined {
  const keys = Object.keys(object), { event, host, source, sourcetype, index, fields } = object;
  if (typeof sourcetype === 'string' && sourcetype.startsWith('zscalernss-')) return undefined; // a product's own record in the collector's form, read by its own format
  if (keys.length < 2 || event === undefined || event === null || !keys.every((key) => HEC_KEYS.has(key)) || [host, source, sourcetype, index].some((value) => value !== undefined && value !== null && typeof value !== 'string')) return undefined;
  const docker = isMembers(event) && typeof event['line'] === 'string' && Object.keys(event).every((key) => DOCKER_KEYS.has(key)) ? event : undefined;
  return {
    name: 'hec.event', text: docker !== undefined ? docker['line'] as string : typeof event === 'string' ? event : JSON.stringify(event), host: textOf(host),
    put(draft) {
      putTime(draft, epochMillis(String(object['time'] ?? '').trim()));
      draft.fill('host.name', textOf(host));
      for (const [name, value] of [['source', source], ['sourcetype', sourcetype], ['index', index]] as const) draft.put(`hec.${name}`, textOf(value));
      if (typeof source === 'string' && /^(?:\/|[A-Za-z]:\\)/.test(source)) draft.fill('log.file.path', source);
      if (docker !== undefined) { draft.put('hec.tag', textOf(docker['tag'])); draft.fill('container.id', /^[0-9a-f]{12,64}$/.exec(textOf(docker['tag']) ?? '')?.[0]); }
      if (!isMembers(fields)) return;
      for (const [name, value] of Object.entries(flatten(fields))) if (value !== null) { draft.put(`hec.fields.${name}`, value); putNamed(draft, name, Array.isArray(value) ? value[0] as Value : value); }
    },
  };
}

// --- Grafana Loki: https://grafana.com/docs/loki/latest/reference/loki-http-api/ -------------------------------------------------------
const LABELS: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, { filename: 'log.file.path', host: 'host.name', hostname: 'host.name', nodename: 'host.name', node_name: 'host.name', container: 'container.name', container_name: 'container.name', container_id: 'container.id', namespace: 'orchestrator.namespace', pod: 'orchestrator.resource.name', level: 'log.level', detected_level: 'log.level', service_name: 'service.name' });
const LOKI_PROGRAMS = ['syslog_identifier', '__journal_syslog_identifier', 'appname', 'app', 'application'], LOKI_HOSTS = ['host', 'hostname', 'nodename', 'node_name'];

/** Several entries in one line are no frame of ours: such a line stays JSON. */
function loki(streams: readonly unknown[]): Envelope | undefined {
  const [stream, ...more] = streams, labels = isMembers(stream) && isMembers(stream['stream']) ? stream['stream'] : undefined, values = isMembers(stream) ? stream['values'] : undefined, entry: unknown = Array.isArray(values) && values.length === 1 ? values[0] : undefined;
  if (labels === undefined || more.length > 0 || !Array.isArray(entry) || typeof entry[1] !== 'string') return undefined;
  const [nanos, text, metadata] = entry as unknown as readonly [unknown, string, unknown?], path = textOf(labels['filename']);
  return {
    name: 'loki.entry', text: text.trimEnd(), program: LOKI_PROGRAMS.map((name) => textOf(labels[name])).find((name) => name !== undefined) ?? folderOf(path), host: LOKI_HOSTS.map((name) => textOf(labels[name])).find((name) => name !== undefined),
    put(draft) {
      if (/^\d{16,20}$/.test(String(nanos))) putTime(draft, Math.floor(Number(nanos) / 1_000_000));
      for (const [name, value] of Object.entries(flatten({ ...labels, ...(isMembers(metadata) ? metadata : {}) }))) {
        if (value === null) continue;
        draft.put(`loki.${name}`, value);
        const field = LABELS[name];
        if (field !== undefined) draft.fill(field, value); else putNamed(draft, name, value);
      }
    },
  };
}
