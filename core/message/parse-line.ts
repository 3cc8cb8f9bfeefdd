// One line in, one event out: header, format, normalizer. Total: whatever the bytes are, there is an event that holds them. Used by
// `haidang parse`, `eval --raw`, rule tests and the live pipeline, so all of them read a line alike. Pure.
import { read, write, type Event, type Millis, type Value } from '../event.js';
import { Draft } from '../normalize/draft.js';
import { isIp } from '../normalize/net.js';
import { remembered } from '../normalize/keys.js';
import { readWholeObject } from '../normalize/json-text.js';
import { nativeNames } from '../normalize/native-names.js';
import { normalize } from '../normalize/normalize.js';
import type { Problem } from '../problem.js';
import type { ParseContext } from './context.js';
import { decodeLine, nfc, withoutLineEnd, type Decoded } from './decode.js';
import { readCri } from './containers.js';
import { readEnvelope } from './envelope.js';
import type { Envelope } from './envelope-parts.js';
import { ENCODINGS, knownEncoding } from './encoding.js';
import { readHeader, SEVERITY_NAMES, type Header } from './header.js';
import { isoTime } from './iso.js';
import { readCarried, type CarriedLine } from './records.js';
import { fileLine, relayedLine } from './relayed.js';
import { codeAt } from '../text.js';
import { lookBack } from './repeated.js';
import { digitsEnd } from './time.js';
import { DEFAULT_ZONE, knownZone } from './zone.js';
export { createParseContext, type ParseContext } from './context.js';

export interface LineInput {
  /** The line's bytes, or its text: one of the two. */
  readonly bytes?: Uint8Array;
  readonly raw?: string;
  readonly received: Millis;
  /** IANA name, for times without a zone; default Asia/Ho_Chi_Minh. */
  readonly timezone?: string;
  /** One of encoding.ts's names, for bytes that are not UTF-8; default utf-8. */
  readonly encoding?: string;
  /** Who sent it (an address), so that looking back never mixes senders. */
  readonly source?: string;
  readonly context?: ParseContext;
}
export interface ParsedLine {
  /** The format that read it, null where none is known: header fields and text are there all the same. */
  readonly format: string | null;
  /** What the format was recognised by, for people. */
  readonly why: string;
  readonly event: Event;
  readonly problems: readonly Problem[];
}

const ENVELOPES = { 'gelf.message': 'a GELF message', 'hec.event': 'an event for Splunk\'s collector', 'otlp.log': 'a log record of OpenTelemetry', 'loki.entry': 'an entry of a push to Loki', 'docker.log': 'a line of a container in Docker\'s form', 'cri.log': 'a line of a container as containerd and CRI-O write it' } as const;
const AHEAD_MAX = 5 * 60_000, BEHIND_MAX = 7 * 86_400_000;

export function parseLine(input: LineInput): ParsedLine {
  const chosen = knownEncoding(input.encoding);
  const { text, base64, encoding, invalid, plain, ascii }: Decoded = input.bytes !== undefined ? decodeLine(input.bytes, chosen) : { text: withoutLineEnd(input.raw ?? '') };
  const problems: Problem[] = [];
  if (input.encoding !== undefined && chosen === undefined) problems.push(warning('line.charset', `expected one of ${ENCODINGS.join(', ')}, got "${input.encoding}"; read as utf-8`));
  const zone = knownZone(input.timezone) ?? DEFAULT_ZONE;
  if (input.timezone !== undefined && input.timezone !== zone) problems.push(warning('line.timezone', `expected an IANA time zone, got "${input.timezone}"; read as ${DEFAULT_ZONE}`));
  const start = (): Draft => {
    const draft = new Draft(input.received, zone, input.source ?? '', input.context);
    draft.event['event.original'] = text;
    if (base64 !== undefined) draft.event['event.original_b64'] = base64;
    if (base64 !== undefined && encoding !== undefined) draft.event['haidang.encoding'] = encoding;
    return draft;
  };
  if (base64 !== undefined && invalid === true) problems.push(warning('line.encoding', `expected ${encoding ?? 'UTF-8'}; invalid bytes are shown as U+FFFD and kept in event.original_b64`));
  const { draft, odd, name, why } = readText(plain === true ? text : nfc(text), start, 0, undefined, ascii === true ? input.bytes : undefined), { event } = draft;
  const format = lookBack(draft) ? name ?? 'syslog.repeated' : name;
  finishTime(draft, input.received);
  if (odd.length + draft.notes.length > 0) addTags(event, odd, draft.notes);
  for (const each of odd) if (each === 'syslog_priority_invalid') problems.push(warning('line.priority', 'expected a syslog priority of 0 to 191'));
  return { format, why: format === null || name !== null ? why : 'it repeats the message before it', event, problems };
}

interface Reading { readonly draft: Draft; readonly odd: readonly string[]; readonly name: string | null; readonly why: string }

/** A text by its envelope, header and format; what a record carries is read in the same way, `depth` records inside. */
function readText(line: string, start: () => Draft, depth: number, program: string | undefined, bytes: Uint8Array | undefined): Reading {
  const json = line.charCodeAt(0) === 123 ? readWholeObject(line) : undefined;
  const envelope = json === undefined ? readCri(line) : json === null ? undefined : readEnvelope(line, json as Readonly<Record<string, unknown>>);
  const draft = start(), header = readHeader(envelope?.text ?? line, draft), { event } = draft;
  putHeader(draft, header);
  if (bytes !== undefined && envelope === undefined) draft.ascii = { bytes, at: line.length - header.message.length };
  if (draft.head.includes(COLOR)) { draft.setText(withoutColors(draft.text)); draft.ascii = undefined; }
  if (envelope === undefined && draft.text.length === line.length) draft.json = json;
  const said = envelope?.program ?? program;
  if (said !== undefined && draft.program === '') draft.program = programOf(said);
  const { name, why } = normalize(draft), carried = name === 'generic.json' && depth < DEPTH_MAX ? carriedBy(draft) : undefined, inner = carried === undefined ? undefined : readText(carried.text, start, depth + 1, carried.program, undefined);
  if (carried !== undefined && inner !== undefined && (inner.name !== null || carried.syslog) && !(carried.surelyOnly && inner.draft.getText('event.dataset')?.startsWith('generic.') === true)) {
    carried.put(inner.draft);
    if (!inner.draft.has('log.syslog.priority')) for (const field of Object.keys(event)) if (field.startsWith('log.syslog.') || field === 'host.name') inner.draft.fill(field, event[field]);
    if (envelope !== undefined) putEnvelope(envelope, inner.draft);
    return { draft: inner.draft, odd: [...header.odd, ...inner.odd], name: inner.name, why: `${inner.why}; a record of JSON carries it` };
  }
  const behind = depth < DEPTH_MAX ? readRelayed(envelope?.text ?? line, draft, header, name, start, depth) : undefined;
  if (behind !== undefined) { if (envelope !== undefined) putEnvelope(envelope, behind.draft); return behind; }
  if (envelope === undefined) return { draft, odd: header.odd, name, why };
  if (name === null) { event['event.dataset'] = envelope.name; event['event.module'] = envelope.name.slice(0, envelope.name.indexOf('.')); }
  putEnvelope(envelope, draft);
  return { draft, odd: header.odd, name: name ?? envelope.name, why: name === null ? `the line is ${ENVELOPES[envelope.name]}` : why };
}
const DEPTH_MAX = 3;

/** The envelope's time is an exact instant: it stands before a time of the line that lacks a zone or a year, or that is the same but for its fraction. */
function putEnvelope(envelope: Envelope, draft: Draft): void {
  const { time } = draft;
  envelope.put(draft);
  if (time !== undefined && Math.abs((draft.time ?? time) - time) >= 1000 && EXACT.test(envelope.text.slice(0, EXACT_WITHIN))) draft.time = time;
}
const EXACT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)(?!\d)|\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}(?!\d)/, EXACT_WITHIN = 300;

/** The line in the object that the text is, whole or behind its header. */
function carriedBy(draft: Draft): CarriedLine | undefined {
  const { text, json, event } = draft;
  if (event['event.dataset'] !== 'wazuh.alerts' && !draft.worded && (Object.hasOwn(event, 'event.action') || Object.hasOwn(event, 'event.category')) || Object.hasOwn(event, 'winlog.event_id')) return undefined;
  const own = json === undefined ? text.slice(text.indexOf('{')) : text, object = json === undefined ? readWholeObject(own) : json;
  if (object === null || object === undefined) return undefined;
  const enclosed = json === undefined ? readEnvelope(own, object as Readonly<Record<string, unknown>>) : undefined; // an envelope behind a header is a record
  return enclosed === undefined ? readCarried(object, event['event.dataset'], draft) : { text: enclosed.text, program: enclosed.program, syslog: false, surelyOnly: false, put: enclosed.put };
}

/** Formats that look for their mark anywhere in a text, or only at its shape. */
const LOOSE = /^(?:generic\.|cef\.|leef\.|linux\.syslog$)/;

/** The line behind a relay's header, where its own format knows it better than the whole was known. */
function readRelayed(whole: string, { event }: Draft, { dialect, message, hostname, priority, odd }: Header, name: string | null, start: () => Draft, depth: number): Reading | undefined {
  const known = name !== null && !LOOSE.test(name);
  if (dialect === 'none' || known && codeAt(message, 0) !== 60) return undefined;
  const line = relayedLine(message) ?? (known || priority === undefined ? undefined : fileLine(whole));
  if (line === undefined) return undefined;
  const inner = readText(line.text, start, depth + 1, undefined, undefined), { draft } = inner;
  if (inner.name === null || inner.name.startsWith('generic.') && name !== null || line.bare !== true && !draft.headed && line.host === undefined && !draft.has('log.syslog.priority')) return undefined;
  draft.fill('host.name', line.host ?? (line.bare === true ? undefined : hostname));
  if (line.bare !== true && hostname !== undefined && draft.get('host.name') !== hostname) draft.fill('log.syslog.relay', hostname);
  if (!draft.has('log.syslog.priority')) for (const field of PRIORITY) draft.fill(field, event[field]);
  return { ...inner, odd: [...odd, ...inner.odd, ...(line.bare === true ? [] : ['syslog_header_double'])], why: line.bare === true ? inner.why : `${inner.why}; a relay's header stands before it` };
}
const PRIORITY = ['log.level', 'log.syslog.facility.code', 'log.syslog.severity.code', 'log.syslog.priority'];

function putHeader(draft: Draft, header: Header): void {
  const { event } = draft;
  const { priority, hostname, appname, procid, msgid, structured, relay } = header;
  if (priority !== undefined) {
    write(event, 'log.syslog.priority', priority);
    write(event, 'log.syslog.facility.code', priority >> 3);
    write(event, 'log.syslog.severity.code', priority & 7);
    write(event, 'log.level', SEVERITY_NAMES[priority & 7] as string);
  }
  if (hostname !== undefined) {
    write(event, 'log.syslog.hostname', hostname);
    write(event, 'host.name', hostname);
    if (isIp(hostname)) write(event, 'host.ip', hostname);
  }
  if (relay !== undefined) write(event, 'log.syslog.relay', relay);
  if (appname !== undefined) {
    write(event, 'log.syslog.appname', appname);
    const { program, module, name } = programs(appname);
    draft.program = program;
    draft.module = module;
    if (name !== undefined) write(event, 'process.name', name);
  }
  if (procid !== undefined) {
    write(event, 'log.syslog.procid', procid);
    if (procid.length < 11 && procid.length > 0 && digitsEnd(procid, 0, 10) === procid.length) write(event, 'process.pid', Number(procid));
  }
  if (msgid !== undefined) write(event, 'log.syslog.msgid', msgid);
  if (structured !== undefined) for (const [name, value] of structured) putStructured(event, structuredName(name), value);
  draft.structured = structured;
  draft.time = header.time;
  draft.headed = header.dialect !== 'none' && header.time !== undefined;
  const message = withoutSpace(withoutTrailer(header.message), header);
  write(event, 'message', message);
  draft.setText((appname === undefined ? message : withoutTag(message, header, appname)).trimEnd());
}
/** A console's colors, `ESC[33m`, which container platforms pass on. */
const COLOR = '\u001b[';
const withoutColors = (text: string): string => text.split(COLOR).map((part, place) => (place === 0 ? part : part.replace(/^[\d;]{0,20}m/, ''))).join('').trim();
/** Past a tag that stands again behind RFC 5424's header, `sshd[12]: text`, and the number that Solaris gives a message, `[ID 800047 auth.info] text`. */
function withoutTag(message: string, { dialect }: Header, appname: string): string {
  const first = codeAt(message, 0);
  if (first === 91 && message.startsWith('[ID ')) { const number = /^\[ID \d{1,8} [a-z0-9]{1,12}\.[a-z]{1,8}\] /.exec(message.slice(0, 40)); return number === null ? message : message.slice(number[0].length); }
  const tag = dialect === 'rfc5424' && first === codeAt(appname, 0) && message.startsWith(appname) ? /^(?:\[\d{1,10}\])?: /.exec(message.slice(appname.length, appname.length + 20)) : null;
  return tag === null ? message : message.slice(appname.length + tag[0].length);
}
/** RFC 5424's text behind a second space: rsyslog's RSYSLOG_SyslogProtocol23Format sends the one that its own socket keeps before every text. https://www.rsyslog.com/doc/configuration/templates.html */
const withoutSpace = (text: string, { dialect }: Header): string => (dialect === 'rfc5424' && codeAt(text, 0) === 32 && codeAt(text, 1) !== 32 ? text.slice(1) : text);

/** NUL and carriage return at the end are some sender's framing, not its text. */
function withoutTrailer(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0 || text.charCodeAt(end - 1) === 13 || text.charCodeAt(end - 1) === 10)) end--;
  return end === text.length ? text : text.slice(0, end);
}

const structuredName = nativeNames('log.syslog.structured_data');
/** An id or a name that occurs twice keeps all its values. */
function putStructured(event: Record<string, Value>, name: string, value: string): void {
  const before = event[name];
  event[name] = before === undefined ? value : Array.isArray(before) ? [...before as Value[], value] : [before, value];
}

/** `/usr/sbin/CROND` -> `crond`, `sshd(pam_unix)` -> `sshd`. */
function programOf(appname: string): string {
  const paren = appname.indexOf('(');
  const name = (paren > 0 ? appname.slice(0, paren) : appname).toLowerCase();
  return name.startsWith('/') ? name.slice(name.lastIndexOf('/') + 1) : name;
}
function nameOf(appname: string): string {
  const paren = appname.indexOf('(');
  return paren > 0 ? appname.slice(0, paren) : appname;
}

/** What was odd goes behind the tags that the message brought, each once. */
function addTags(event: Record<string, Value>, odd: readonly string[], notes: readonly string[]): void {
  const tags: string[] = [];
  for (const tag of odd) if (!tags.includes(tag)) tags.push(tag);
  for (const tag of notes) if (!tags.includes(tag)) tags.push(tag);
  const brought = read(event, 'tags');
  write(event, 'tags', Array.isArray(brought) ? [...brought as Value[], ...tags] : tags);
}

/** Event time: the text's own or the header's, else the receive time; a time far from receipt is kept and tagged. */
function finishTime(draft: Draft, received: Millis): void {
  let time = draft.time ?? received;
  if (!(Math.abs(time) <= 8.64e15)) { time = received; draft.notes.push('time_unreadable'); }
  write(draft.event, '@timestamp', isoTime(time));
  write(draft.event, 'event.created', isoTime(received));
  if (time - received > AHEAD_MAX || received - time > BEHIND_MAX) draft.notes.push('time_skew');
}

/** The program that a tag names, remembered: few programs write most lines. */
const programs = remembered((appname) => ({ program: programOf(appname), module: appname.includes('(pam_'), name: appname.startsWith('%') ? undefined : nameOf(appname) }));

const warning = (code: string, message: string): Problem => ({ code, message, severity: 'warning' });
