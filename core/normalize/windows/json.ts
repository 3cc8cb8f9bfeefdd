// Windows events as JSON: the flat forms of NXLog, Fluent Bit, Fluentd, Vector, OpenTelemetry and Get-WinEvent, Winlogbeat's, Wazuh's, and EVTX files turned to JSON.
import { flatten, type Value } from '../../event.js';
import type { Draft } from '../draft.js';
import { fieldOf } from '../../fields.js';
import { remembered } from '../keys.js';
import { lookup } from '../lookup.js';
import { RESERVED } from '../reserved.js';
import { restoreSysmon } from './elastic.js';
import { decode } from './elements.js';
import { eventDataOf } from './localized.js';
import { putWindows, type WindowsEvent } from './windows.js';
import { putEventXml } from './xml.js';

type Object_ = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Object_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const own = (object: Object_, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

/** True when `object` was a Windows event, which is then read. */
export function readWindowsJson(draft: Draft, object: Object_): boolean {
  const event = own(object, 'Event');
  if (isObject(event) && isObject(own(event, 'System'))) { putWindows(draft, ofEvtx(event)); return true; }
  if (isObject(own(object, 'winlog')) || Object.hasOwn(object, 'winlog.event_id') || Object.hasOwn(object, 'winlog.channel')) { putWinlogbeat(draft, object); return true; }
  const wazuh = own(object, 'data'), agent = own(isObject(wazuh) ? wazuh : object, 'win');
  if (isObject(agent) && isObject(own(agent, 'system'))) { putWazuh(draft, object, agent); return true; }
  const id = own(object, 'EventID') ?? own(object, 'EventId') ?? own(object, 'event_id') ?? own(object, 'eventid');
  if (id !== undefined && (Object.hasOwn(object, 'Channel') || Object.hasOwn(object, 'SourceName') || Object.hasOwn(object, 'Provider_Name') || Object.hasOwn(object, 'ProviderName') || Object.hasOwn(object, 'channel') || Object.hasOwn(object, 'log_name')) || Object.hasOwn(object, 'Id') && Object.hasOwn(object, 'LogName') && Object.hasOwn(object, 'ProviderName')) {
    putWindows(draft, ofFlat(object));
    return true;
  }
  if (Object.hasOwn(object, 'winlogbeat_winlog_event_id') || Object.hasOwn(object, 'winlogbeat_event_id') || Object.hasOwn(object, 'winlog_event_id')) { putWinlogbeat(draft, ofGraylog(object)); return true; }
  if (Object.hasOwn(object, 'nteventlogtype') && Object.hasOwn(object, 'sourceproc')) { putWindows(draft, ofAdiscon(object)); return true; }
  for (const key of XML_MEMBERS) { const xml = own(object, key); if (typeof xml === 'string' && /^\s{0,9}(?:<\?xml[^>]{0,200}>\s{0,9})?<Event[ >]/.test(xml) && putEventXml(draft, xml, leaf(own(object, 'Message')))) return true; }
  const azure = own(object, 'properties'), raw = isObject(azure) ? own(azure, 'RawXml') : undefined; // Azure's agent, over an event hub
  if (typeof raw === 'string' && putEventXml(draft, raw, leaf(own(azure as Object_, 'Description')))) return true;
  const body = own(object, 'body'); // a collector's own entry, what it read inside
  return isObject(body) && Object.hasOwn(body, 'event_id') && readWindowsJson(draft, body);
}

/** Where shippers keep the event's whole XML: Fluent Bit, Splunk's and Cribl's events, OpenTelemetry's entries. */
const XML_MEMBERS = ['System', '_raw', 'body', 'EventXml', 'EventXML', 'xml'];

/** A Windows event whose members a GELF message holds under names of its own (NXLog's, or Winlogbeat's as Graylog passes them on), as the object they were; undefined where there is none. */
export function windowsInGelf(object: Object_, text: string): Object_ | undefined {
  if (!GELF_IDS.some((key) => Object.hasOwn(object, key)) || Object.hasOwn(object, '_EventID') && !Object.hasOwn(object, '_Channel') && !Object.hasOwn(object, '_SourceName')) return undefined;
  const named: Record<string, unknown> = { message: text };
  for (const key of Object.keys(object)) if (key.startsWith('_')) named[key.slice(1)] = object[key];
  return named;
}
const GELF_IDS = ['_EventID', '_winlogbeat_winlog_event_id', '_winlogbeat_event_id', '_winlog_event_id'];

/** Graylog writes the dots of Winlogbeat's names as underscores, behind the sender's name: `winlogbeat_winlog_event_data_TargetUserName`; of old versions without `winlog_`. */
function ofGraylog(object: Object_): Object_ {
  const named: Record<string, unknown> = { '@timestamp': own(object, '@timestamp') ?? own(object, 'timestamp'), message: own(object, 'message') };
  for (const key of Object.keys(object)) {
    const inner = /^(?:winlogbeat_|(?=winlog_))(?:winlog_)?(.{1,200})$/.exec(key)?.[1];
    if (inner === undefined) continue;
    const data = /^(event_data|user_data)_(.{1,180})$/.exec(inner);
    const name = data === null ? GRAYLOG[inner] : `winlog.${data[1] as string}.${data[2] as string}`;
    if (name !== undefined && object[key] !== null) named[name] ??= object[key];
  }
  named['winlog.computer_name'] ??= own(object, 'source');
  for (const name of Object.keys(named)) if (named[name] === undefined) delete named[name];
  return named;
}
const GRAYLOG = lookup({ channel: 'winlog.channel', log_name: 'winlog.channel', event_id: 'winlog.event_id', provider_name: 'winlog.provider_name', source_name: 'winlog.provider_name', computer_name: 'winlog.computer_name', record_id: 'winlog.record_id', record_number: 'winlog.record_id', process_pid: 'winlog.process.pid', process_id: 'winlog.process.pid', keywords: 'winlog.keywords', task: 'winlog.task', opcode: 'winlog.opcode', level: 'log.level', log_level: 'log.level', event_outcome: 'event.outcome', user_name: 'winlog.user.name', user_domain: 'winlog.user.domain', user_identifier: 'winlog.user.identifier' });

/** Adiscon's agents (EventReporter, MonitorWare, rsyslog's for Windows) behind `@cee:`: their own names of the event, its data beside. */
function ofAdiscon(object: Object_): WindowsEvent {
  const text = (key: string): string | undefined => leaf(own(object, key)), user = text('user'), data: Record<string, Value> = Object.create(null) as Record<string, Value>, flat = flatten(object);
  for (const key of Object.keys(flat)) if (!ADISCON_FRAME.has(key) && flat[key] !== undefined) data[key] = flat[key];
  return { channel: text('nteventlogtype'), id: text('id'), provider: text('sourceproc'), computer: text('source'), record: text('recordnum'), time: text('timereported'), message: text('msg'), level: text('level'), user: user === undefined || /^N\\A$/i.test(user) ? undefined : user, keywords: text('keyword') ?? text('keywordid'), data };
}
const ADISCON_FRAME = new Set(['source', 'nteventlogtype', 'sourceproc', 'id', 'categoryid', 'category', 'catname', 'keywordid', 'keyword', 'user', 'level', 'msg', 'timereported', 'timegenerated', 'recordnum', 'syslogfacility', 'syslogpriority']);

/** What a sender says about the event itself; every other key is event data. */
const FRAME = new Set(['EventTime', 'Hostname', 'EventType', 'SeverityValue', 'Severity', 'EventID', 'SourceName', 'ProviderGuid', 'Version', 'Task', 'OpcodeValue', 'RecordNumber', 'ThreadID', 'Channel', 'Message', 'EventReceivedTime',
  'SourceModuleName', 'SourceModuleType', 'Computer', 'EventRecordID', 'Provider_Name', 'TimeCreated', 'SystemTime', '@timestamp', '@version', 'host', 'port', 'tags', 'Level', 'timestamp', 'Provider_Guid', 'TimeCreated_SystemTime', 'ComputerName', 'StringInserts', 'string_inserts', 'KeywordsDisplayNames', 'MachineName', 'LogName']);

function ofFlat(object: Object_): WindowsEvent {
  const flat = flatten(object), text = (...keys: string[]): string | undefined => { for (const key of keys) { const value = flat[key]; if (value !== undefined && value !== null && typeof value !== 'object') return String(value); } return undefined; };
  const id = text('EventID', 'EventId', 'event_id', 'eventid', 'event_id.id', 'Id'), message = text('Message', 'message', 'Description', 'description'), inserts = flat['StringInserts'] ?? flat['string_inserts'] ?? flat['EventData'] ?? flat['KeywordsDisplayNames'];
  // Values without their names: the text has both.
  const data: Record<string, Value> = Array.isArray(inserts) ? eventDataOf(id, message ?? '') : Object.create(null) as Record<string, Value>;
  const said = own(object, 'event_data'), listed = isObject(said) ? own(said, 'data') : undefined;
  if (Array.isArray(listed)) collect(listed, data, 0);
  for (const key of Object.keys(flat)) if (!FRAME.has(key) && flat[key] !== undefined) data[key.startsWith('event_data.') ? key.slice(11) : key] = flat[key];
  return {
    channel: text('Channel', 'channel', 'log_name', 'LogName'), id, provider: text('SourceName', 'Provider_Name', 'ProviderName', 'source_name', 'provider_name', 'provider.name'), computer: text('Hostname', 'Computer', 'computer_name', 'ComputerName', 'computer', 'MachineName', 'host'),
    record: text('RecordNumber', 'EventRecordID', 'record_number', 'record_id', 'RecordId'), time: text('TimeCreated_SystemTime', 'SystemTime', 'UtcTime', '@timestamp', 'EventTime', 'TimeCreated', 'system_time', 'time_generated', 'timestamp'), pid: text('ProcessID', 'ProcessId'), message,
    level: text('Severity', 'Level', 'level'), user: (id === '7045' || id === '4697') && flat['Domain'] === undefined ? undefined : text('AccountName', 'User'), domain: text('Domain'), keywords: audited(text('EventType', 'event_type')) ?? textsOf(flat['Keywords'] ?? flat['keywords'] ?? flat['KeywordsDisplayNames']), data,
  };
}

/** Wazuh escapes what event data say once more than JSON does, `C:\\\\Windows`, and leaves XML's entities in it (https://github.com/wazuh/wazuh/issues/2482, 4509). */
const ESCAPED = /^[^\\]*(?:\\["\\nrt][^\\]*)*$/, ESCAPE = /\\(["\\nrt])/g, MEANT: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const unescaped = (_: string, char: string): string => MEANT[char] ?? char;

/** Wazuh's event channel: names begin with a small letter there; its own keys (rule, agent, manager ...) stand beside. */
function putWazuh(draft: Draft, object: Object_, win: Object_): void {
  const system = own(win, 'system') as Object_, said = own(win, 'eventdata'), data: Record<string, Value> = Object.create(null) as Record<string, Value>, named: Record<string, Value> = flatten(isObject(said) ? said : {});
  const texts = Object.values(named).filter((value) => typeof value === 'string'), twice = texts.some((value) => value.includes('\\\\')) && texts.every((value) => ESCAPED.test(value));
  for (const key of Object.keys(named)) { const value = named[key]; if (value !== undefined) data[key.charAt(0).toUpperCase() + key.slice(1)] = typeof value === 'string' ? decode(twice ? value.replace(ESCAPE, unescaped) : value) : value; }
  const flat = flatten(object), text = (key: string): string | undefined => leaf(own(system, key));
  for (const key of Object.keys(flat)) if (!RESERVED.test(key) && fieldOf(key) === undefined) draft.event[key] = flat[key] as Value;
  putWindows(draft, { channel: text('channel'), id: text('eventID'), provider: text('providerName'), computer: text('computer'), record: text('eventRecordID'), time: text('systemTime'), pid: text('processID'), message: text('message'), keywords: audited(text('severityValue')) ?? text('keywords'), data });
  draft.fill('rule.id', flat['rule.id']); draft.fill('rule.name', flat['rule.description']);
  if (flat['rule.level'] !== undefined) { draft.put('event.kind', 'alert'); draft.fill('event.severity', flat['rule.level']); }
}

function ofEvtx(event: Object_): WindowsEvent {
  const system = own(event, 'System') as Object_;
  const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const part of ['EventData', 'UserData'] as const) collect(own(event, part), data, 0);
  return {
    channel: leaf(own(system, 'Channel')), id: leaf(own(system, 'EventID')), provider: attribute(own(system, 'Provider'), 'Name'), computer: leaf(own(system, 'Computer')), record: leaf(own(system, 'EventRecordID')),
    time: attribute(own(system, 'TimeCreated'), 'SystemTime'), pid: attribute(own(system, 'Execution'), 'ProcessID'), message: leaf(own(isObject(own(event, 'RenderingInfo')) ? own(event, 'RenderingInfo') as Object_ : {}, 'Message')), keywords: leaf(own(system, 'Keywords')), data,
  };
}

/** Data as an object of names, or as a list of `{@Name, #text}`. */
function collect(value: unknown, into: Record<string, Value>, depth: number): void {
  if (depth > 8) return;
  if (Array.isArray(value)) { for (const item of value) collect(item, into, depth + 1); return; }
  if (!isObject(value)) return;
  const named = attribute(value, 'Name');
  if (named !== undefined && (Object.hasOwn(value, '#text') || Object.hasOwn(value, 'text') || Object.hasOwn(value, '#attributes'))) { into[named] = leaf(value) ?? ''; return; }
  for (const key of Object.keys(value)) {
    const inner = value[key];
    if (key === '#attributes' || key.startsWith('@') || key === 'xmlns') continue;
    if (key === '#text' && Array.isArray(inner)) for (const [i, item] of inner.entries()) into[`param${i + 1}`] = item as Value; // `<Data>` without names
    else if (isObject(inner) || (Array.isArray(inner) && inner.some(isObject))) collect(inner, into, depth + 1);
    else into[key] = inner as Value;
  }
}
function leaf(value: unknown): string | undefined {
  if (isObject(value)) return leaf(own(value, '#text') ?? own(value, 'text') ?? own(value, 'Value'));
  return value === undefined || value === null ? undefined : String(value);
}
function attribute(value: unknown, name: string): string | undefined {
  if (!isObject(value)) return undefined;
  const attributes = own(value, '#attributes');
  return leaf(isObject(attributes) ? own(attributes, name) : own(value, `@${name}`) ?? own(value, name) ?? own(value, `_${name}`));
}

function putWinlogbeat(draft: Draft, object: Object_): void {
  const flat = flatten(object);
  const text = (...keys: string[]): string | undefined => { for (const key of keys) { const value = flat[key]; if (value !== undefined && value !== null && !Array.isArray(value)) return String(value); } return undefined; };
  const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const key of Object.keys(flat)) {
    const value = flat[key] as Value;
    const { part, guarded } = aboutKey(key);
    if (part !== undefined) data[part] = value;
    if (!guarded) draft.event[key] = value;
  }
  const kept = namedBySender(draft);
  if (text('winlog.channel')?.includes('Sysmon') === true && !Object.hasOwn(data, 'UtcTime')) restoreSysmon(data, flat, text('winlog.event_id', 'event.code') ?? '');
  putWindows(draft, {
    channel: text('winlog.channel'), id: text('winlog.event_id', 'event.code'), provider: text('winlog.provider_name', 'event.provider'), computer: text('winlog.computer_name', 'host.name'), record: text('winlog.record_id'),
    time: text('@timestamp'), pid: text('winlog.process.pid'), message: text('message'), level: text('log.level'), user: text('winlog.user.name'), domain: text('winlog.user.domain'), keywords: textsOf(flat['winlog.keywords']) ?? audited(text('event.outcome')), data,
  });
  for (const [key, value] of kept) draft.put(key, value); // what the sender already named stays as it named it
}
const textsOf = (value: Value | undefined): string | undefined => Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : undefined;
/** Only words that tell how it ended. */
const audited = (said: string | undefined): string | undefined => said !== undefined && /fail|success/i.test(said) ? said : undefined;
function namedBySender({ event }: Draft): readonly (readonly [key: string, value: Value])[] {
  const named: (readonly [string, Value])[] = [];
  for (const key of Object.keys(event)) if (aboutKey(key).named) named.push([key, event[key] as Value]);
  return named;
}
/** What is to be known of a key, remembered: its name in the event's data, whether it is ours to say, whether the sender's word stands. */
const aboutKey = remembered((key) => ({
  part: key.startsWith('winlog.event_data.') ? key.slice(18) : key.startsWith('winlog.user_data.') ? key.slice(17) : undefined, guarded: GUARDED.test(key), named: KEPT.test(key),
}));
/** What a sender may not say about itself, and what putWindows says anew. */
const GUARDED = /^(?:haidang\.|event\.(?:id|created|original|original_b64|dataset|module|action|category|type|kind|outcome)$|log\.syslog\.|@timestamp$|message$|tags$|winlog\.event_data\.)/;
const KEPT = /^(?:user|source|destination|process|file|dns|url|registry|network|rule|host)\./;
