// Records: a log line that a shipper carries as one member of a JSON object, beside what it knows of where the line was. The line is read by its own
// header and format, as it would be without the shipper; the record fills what the line left open, and its members stay under their own names.
//
//   journald        {"MESSAGE":"...","SYSLOG_IDENTIFIER":"sshd","_PID":"12","_HOSTNAME":"h","__REALTIME_TIMESTAMP":"1795385167000000"}
//   Filebeat        {"@timestamp":"...","message":"...","log":{"file":{"path":"/var/log/auth.log"}},"agent":{"type":"filebeat"},"host":{"name":"h"}}
//   rsyslog         {"message":"...","host":"h","programname":"sshd","procid":"12","syslogtag":"sshd[12]:"}
//   syslog-ng       {"MESSAGE":"...","HOST":"h","PROGRAM":"sshd","PID":"12","FACILITY":"auth","PRIORITY":"info"}
//   Wazuh         {"rule":{...},"full_log":"...","location":"/var/log/auth.log"}: what its rule says of the line stays beside what the line says
//   Event Hubs  {"records":[{...}]}, a trail's file {"Records":[{...}]}, EventBridge {"detail-type":"...","detail":{...}},
//               CloudWatch {"messageType":"DATA_MESSAGE","logEvents":[{"message":"..."}]}, Microsoft's audit search {"AuditData":"{...}"}: the one record inside
//   Fluentd, Fluent Bit, Vector, Logstash, NXLog and others alike, each with names of its own.
// https://systemd.io/JOURNAL_EXPORT_FORMATS/ https://www.rsyslog.com/doc/configuration/properties.html https://syslog-ng.github.io/admin-guide/
// https://vector.dev/docs/reference/configuration/sources/ https://docs.fluentd.org/input/syslog https://www.elastic.co/docs/reference/beats/filebeat/exported-fields
import { flatten, type Value } from '../event.js';
import { fieldOf } from '../fields.js';
import { ecsName, putAs } from '../normalize/common-names.js';
import type { Draft } from '../normalize/draft.js';
import { putJsonTime } from '../normalize/json-fields.js';
import { loggedAs, putLogged } from '../normalize/logging-libraries.js';
import { RESERVED } from '../normalize/reserved.js';
import { SEVERITY_NAMES } from './header.js';

export interface CarriedLine {
  readonly text: string;
  /** Who wrote it, where the record says, as a name, or as the folder of the file that held it. */
  readonly program: string | undefined;
  /** It is a line of syslog's or of the journal's, whether or not a format knows it. */
  readonly syslog: boolean;
  /** Its record tells more than a reader of any `key=value` or JSON would. */
  readonly surelyOnly: boolean;
  /** Adds what the record says to what the line said. */
  readonly put: (draft: Draft) => void;
}

type Flat = Readonly<Record<string, Value>>;

const TEXTS = ['message', 'MESSAGE', 'msg', 'Message', 'log', '_raw', 'SyslogMessage', 'rawmsg', 'full_log'];
const PROGRAMS = ['SYSLOG_IDENTIFIER', 'syslog.identifier', 'journald.custom.syslog_identifier', 'log.syslog.appname', 'process.program', 'programname', 'program', 'PROGRAM', 'ident', 'appname', 'app-name', 'app_name', 'APP_NAME', 'predecoder.program_name', 'syslogtag', 'SourceName', 'ProcessName', '_COMM'];
const PIDS = ['SYSLOG_PID', '_PID', 'log.syslog.procid', 'procid', 'pid', 'PID', 'ProcessID'];
const HOSTS = ['_HOSTNAME', 'host.hostname', 'host.name', 'hostname', 'HOST', 'host', 'Hostname', 'HostName', 'predecoder.hostname', 'agent.hostname', 'beat.hostname', 'fromhost'];
const PATHS = ['log.file.path', 'filepath', 'file_path', 'filename', 'file', 'path', 'source', 'location'], PATH = /^(?:\/|[A-Za-z]:\\|\\\\)/;
const TIMES = ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP', 'timereported', '@timestamp', 'timestamp', 'time', 'date', 'ISODATE', 'DATE', 'EventTime', 'EventReceivedTime', '_time', 'timegenerated'];
const LEVELS = ['log.level', 'syslogseverity-text', 'severity', 'PRIORITY', 'priority', 'LEVEL', 'Severity', 'SeverityLevel', 'syslogseverity'];
/** Whose lines they are, as an agent was told. */
const MODULES = ['event.module', 'service.type', 'fileset.module'];
/** Members that only carriers write. */
const CARRIERS = ['agent.type', 'input.type', 'beat.name', 'source_type', 'SourceModuleType', '@version', 'syslogtag', 'inputname', 'LEGACY_MSGHDR', '__CURSOR', '__REALTIME_TIMESTAMP', '_TRANSPORT'];
/** Beside a line these say nothing of what happened. */
const BESIDE = new Set([...TEXTS, ...HOSTS, ...TIMES, 'tags', 'type', 'stream', 'tag', 'event.original', 'path', 'file']);
/** Somebody has read the line already. */
const READ = ['event.action', 'event.category', 'rule.id', 'rule.level', 'winlog.channel', 'EventID'];
/** Of what a line tells these are the reader's of it: the daemon's own account, and not the one that a message names. */
const NOT_THE_LINES = /^(?:user|group|source|destination|client|server|url|rule|threat)\./;
const RAW = /^(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\S{8,30} \S+ [^\s[:]+(?:\[\d+\])?: )/;

/** The line that a record carries, undefined where it carries none or has been read already; `dataset` is what the record was read as. */
export function readCarried(object: object, dataset: Value | undefined, outer?: Draft): CarriedLine | undefined {
  const alert = dataset === ALERTS;
  const sole = alert ? undefined : soleRecord(object as Readonly<Record<string, unknown>>);
  if (sole !== undefined) return sole;
  const own = object as Readonly<Record<string, unknown>>, name = TEXTS.find((each) => Object.hasOwn(own, each) && (typeof own[each] === 'string' || Array.isArray(own[each])));
  if (name === undefined) return undefined;
  const flat: Flat = flatten(object);
  if (alert ? name !== 'full_log' || Object.hasOwn(flat, 'syscheck.path') : READ.some((each) => Object.hasOwn(flat, each)) || dataset !== 'generic.json' && dataset !== first(flat, ['event.dataset', 'data_stream.dataset'])) return undefined;
  const text = textAt(flat, name) ?? bytesAt(flat, name);
  if (text === undefined || text.trim() === '') return undefined;
  const path = first(flat, PATHS, (value) => PATH.test(value)), program = first(flat, PROGRAMS)?.replace(/(?:\[\d*\])?:?$/, ''), carrier = CARRIERS.some((each) => Object.hasOwn(flat, each));
  if (!alert && program === undefined && path === undefined && !carrier && !RAW.test(text) && !Object.keys(flat).every((each) => BESIDE.has(each) || /^(?:kubernetes|docker)\./.test(each))) return undefined;
  return {
    text: text.trimEnd(), program: program ?? first(flat, MODULES) ?? folderOf(path), syslog: program !== undefined && carrier, surelyOnly: alert,
    put(draft) {
      if (outer !== undefined && alert) { putAlert(draft, outer); draft.fill('log.file.path', path); return; }
      if (draft.time === undefined) putJsonTime(draft, first(flat, TIMES));
      draft.fill('host.name', first(flat, HOSTS));
      draft.fill('process.name', program);
      draft.fill('process.pid', /^\d{1,10}$/.exec(first(flat, PIDS) ?? '')?.[0]);
      draft.fill('log.level', levelOf(first(flat, LEVELS)));
      draft.fill('log.file.path', path);
      for (const [key, value] of Object.entries(flat)) if (key !== name && value !== null) keep(draft, key, value);
    },
  };
}

/**
 * The one record of a batch of an event hub, of a trail's file, of a subscription to CloudWatch's logs or of Okta's hook, and the event that EventBridge,
 * Google's sink or Microsoft's audit search bring beside their own names; several in one line are no event of ours.
 */
function soleRecord(own: Readonly<Record<string, unknown>>): CarriedLine | undefined {
  const inner = innerRecord(own);
  if (inner === undefined) return undefined;
  return {
    text: typeof inner === 'string' ? inner : JSON.stringify(inner), program: undefined, syslog: false, surelyOnly: true,
    put(draft) { for (const [key, value] of Object.entries(own)) if (typeof value === 'string' && value !== inner) keep(draft, key, value); },
  };
}
function innerRecord(own: Readonly<Record<string, unknown>>): object | string | undefined {
  const only = Object.keys(own).length === 1;
  if (own['messageType'] === 'DATA_MESSAGE') { const event = soleOf(own['logEvents']), said = event?.['message']; return typeof said === 'string' && said !== '' ? said : undefined; }
  if (own['eventType'] === 'com.okta.event_hook') return soleOf(objectOf(own['data'])?.['events']);
  const found = typeof own['AuditData'] === 'string' && own['AuditData'].startsWith('{') ? own['AuditData'] : undefined;
  if (found !== undefined) return found;
  const list = only ? own['records'] ?? own['Records'] : undefined, data = only ? objectOf(own['data']) : undefined;
  return soleOf(list) ?? (typeof own['detail-type'] === 'string' ? objectOf(own['detail']) : data !== undefined && Object.hasOwn(data, 'protoPayload') ? data : undefined);
}
const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined => typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined;
const soleOf = (list: unknown): Readonly<Record<string, unknown>> | undefined => Array.isArray(list) && list.length === 1 ? objectOf(list[0]) : undefined;

/**
 * The machine that a record names: a carrier's of the line it carries, Windows' of its event; another's only where no header stands before it,
 * and never by a bare `host`, which in many applications is what a client asked for.
 */
export function hostOfRecord(object: object, headed: boolean): string | undefined {
  const flat = flatten(object), windows = first(flat, WINDOWS_HOSTS) ?? (Object.hasOwn(flat, 'EventID') ? first(flat, ['Hostname', 'Computer']) : undefined);
  if (windows !== undefined) return windows;
  if (readCarried(object, 'generic.json') !== undefined) return first(flat, HOSTS);
  return headed ? undefined : first(flat, HOSTS.filter((name) => name.toLowerCase() !== 'host'));
}
const WINDOWS_HOSTS = ['winlog.computer_name', 'Event.System.Computer'];
/** What an alert says of its line: all that the line left open, and its own members under their own names. */
function putAlert(draft: Draft, outer: Draft): void {
  const acted = draft.has('event.action');
  draft.time ??= outer.time;
  for (const [key, value] of Object.entries(outer.event)) {
    if (OF_THE_LINE.test(key) || acted && OF_ACTIONS.has(key) || draft.get(key) === value) continue;
    if (!draft.has(key)) draft.event[key] = value; else if (key.startsWith('rule.')) draft.event[`json.${key}`] = value;
  }
  draft.event['event.kind'] = 'alert';
}
const ALERTS = 'wazuh.alerts', OF_THE_LINE = /^(?:event\.(?:original|original_b64|dataset|module|kind)|message|full_log|log\.syslog\..*|haidang\..*)$/, OF_ACTIONS = new Set(['event.action', 'event.category', 'event.type', 'event.outcome']);

function keep(draft: Draft, key: string, value: Value): void {
  if (draft.get(key) === value) return;
  if (RESERVED.test(key) || NOT_THE_LINES.test(key)) { draft.event[`json.${key}`] = value; return; }
  if (draft.has(key)) return;
  if (fieldOf(key) !== undefined && !Array.isArray(value)) { draft.put(key, value); return; }
  draft.event[key] = value;
  const field = ecsName(key), logged = loggedAs(key);
  if (field !== undefined && !Array.isArray(value)) putAs(draft, field, value);
  if (logged !== undefined) putLogged(draft, logged, value);
}

/** `nginx` of `/var/log/nginx/access.log`; what all have in common names nobody. */
export const folderOf = (path: string | undefined): string | undefined => { const folder = path?.split(/[\\/]/).at(-2); return folder === undefined || /^(?:log|logs|)$/i.test(folder) ? undefined : folder; };
const textAt = (flat: Flat, name: string): string | undefined => { const value = Object.hasOwn(flat, name) ? flat[name] : undefined; return typeof value === 'string' ? value : undefined; };
/** journald writes what is no text as a list of bytes. */
function bytesAt(flat: Flat, name: string): string | undefined {
  const value = flat[name];
  return Array.isArray(value) && value.every((byte) => typeof byte === 'number' && byte >= 0 && byte < 256) ? new TextDecoder().decode(Uint8Array.from(value as number[])) : undefined;
}
function first(flat: Flat, names: readonly string[], fits: (value: string) => boolean = () => true): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(flat, name) ? flat[name] : undefined;
    if ((typeof value === 'string' && value !== '' && value !== '-' || typeof value === 'number') && fits(String(value))) return String(value);
  }
  return undefined;
}
function levelOf(said: string | undefined): string | undefined {
  return said === undefined ? undefined : /^[0-7]$/.test(said) ? SEVERITY_NAMES[Number(said)] : /^[A-Za-z]{3,13}$/.test(said) ? said.toLowerCase() : undefined;
}
