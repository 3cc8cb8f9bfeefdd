// JSON bodies: Windows events, Zeek, Suricata, Kubernetes audit, ECS from Beats, and any other, flattened under its own keys. Cut-off JSON
// is read as far as it goes. What the sender may not say about itself (our own names, ids, times of receipt) is kept under `json.`.
import { asEvent, flattenNamed, write, type Flattened, type Name, type Value } from '../event.js';
import { readIso, readTime, resolve, epochMillis } from '../message/time.js';
import { readLogged } from './keycloak.js';
import { putAuditNames } from './linux/auditbeat.js';
import { ecsName, putAs } from './common-names.js';
import type { Draft } from './draft.js';
import { fieldOf } from '../fields.js';
import type { Format } from './format.js';
import { readJson } from './json-text.js';
import { MANY_KEYS, remembered } from './keys.js';
import { levelOf, loggedAs, putLogged, type Logged } from './logging-libraries.js';
import { lookup } from './lookup.js';
import { putInitiated, type JsonKind } from './json-fields.js';
import { JSON_KINDS, UNMARKED, kindBit, marksOf } from './json-kinds.js';
import { RESERVED } from './reserved.js';
import { loginRole, putLogin, type LoginMember, type LoginRole } from './login-members.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { putTarget } from './web/request.js';
import { readWindowsJson } from './windows/json.js';

function readJsonBody(draft: Draft): boolean {
  const { text, head } = draft;
  let start = head.indexOf('{');
  if (start < 0) return false;
  if (head.startsWith('@cee:')) start = head.indexOf('{', 5);
  const read = draft.json !== undefined && draft.json !== null ? { value: draft.json, whole: true } : readJson(text.slice(start), draft.json === undefined);
  if (read === undefined || typeof read.value !== 'object' || read.value === null || Array.isArray(read.value)) return false;
  const object = read.value as Readonly<Record<string, unknown>>;
  if (Object.keys(object).length === 0) return false;
  if (!read.whole) draft.notes.push('json_incomplete');
  if (tellsOfLogin(head.slice(0, start))) readLogin(draft, head.slice(0, start));
  if (readWindowsJson(draft, object)) return true;
  const named = flattenNamed(object), marks = marksIn(named);
  if (marks === 0 || !readKnown(draft, asEvent(named), marks)) readGeneric(draft, named);
  return true;
}

/** Reads what is of a kind that we know; `marks` says of which it can be. */
function readKnown(draft: Draft, flat: Flat, marks: number): boolean {
  for (let place = 0; place < JSON_KINDS.length; place++) {
    const { dataset, is, read } = JSON_KINDS[place] as JsonKind;
    if ((marks & kindBit(place)) === 0 || !is(flat)) continue;
    write(draft.event, 'event.dataset', dataset);
    read(draft, flat);
    return true;
  }
  if (!isEcs(flat)) return false;
  keepEcs(draft, flat);
  return true;
}

type Flat = Readonly<Record<string, Value>>;

/** One of these stands in every document in our own language. */
const ECS_MARKS: ReadonlySet<string> = new Set(['ecs.version', 'event.dataset', 'data_stream.dataset', 'agent.type', 'event.kind']), ECS_BIT = 1 << 30;
const isEcs = (flat: Flat): boolean => Object.hasOwn(flat, 'ecs.version') || Object.hasOwn(flat, 'event.dataset') || Object.hasOwn(flat, 'data_stream.dataset') || (Object.hasOwn(flat, '@timestamp') && (Object.hasOwn(flat, 'agent.type') || Object.hasOwn(flat, 'event.kind')));

/** Documents in our own language stay as they are, but for what only we may say. */
function keepEcs(draft: Draft, flat: Flat): void {
  for (const key of Object.keys(flat)) {
    const value = flat[key] as Value, kept = keptAs(key);
    if (kept !== key) draft.event[kept] = value;
    else if (key === '@timestamp') putTime(draft, value);
    else if (Array.isArray(value)) draft.event[key] = value;
    else draft.put(key, value);
  }
  draft.fill('event.dataset', 'generic.json');
  draft.put('log.level', draft.getText('log.level')?.toLowerCase());
  if (Object.hasOwn(flat, 'log.logger')) putLogContext(draft, flat);
  if (Object.hasOwn(draft.event, 'process.args') && !draft.has('process.command_line')) putCommandLine(draft);
  if (Object.hasOwn(draft.event, 'auditd.message_type')) putAuditNames(draft);
  if (Object.hasOwn(draft.event, 'network.direction') && Object.hasOwn(draft.event, 'process.executable')) putInitiated(draft, WAYS[String(draft.event['network.direction'])]);
}
/** A library that logs in ECS writes the application's own words beside it (`user`, `clientIp`), and who logged in only in its text. */
function putLogContext(draft: Draft, flat: Flat): void {
  for (const key of Object.keys(flat)) {
    const value = flat[key] as Value;
    if (key.startsWith('exception.')) { const logged = loggedAs(key); if (logged !== undefined) putLogged(draft, logged, value); continue; }
    const field = key.includes('.') ? undefined : ecsName(key);
    if (field !== undefined) putAs(draft, field, value);
  }
  const said = draft.getText('message') ?? '';
  if (!readLogged(draft, draft.getText('log.logger') ?? '', said) && tellsOfLogin(said)) readLogin(draft, said);
  const program = draft.getText('process.name');
  if (program?.startsWith('/') === true) draft.fill('process.executable', program); // JBoss names java by its path
  draft.fill('host.name', draft.get('host.hostname'));
}
/** Auditbeat writes the arguments of a program, and no command line. */
function putCommandLine(draft: Draft): void {
  const args = draft.get('process.args');
  if (Array.isArray(args)) draft.put('process.command_line', args.join(' '));
}
const WAYS = lookup({ egress: true, outbound: true, ingress: false, inbound: false });
/** What a key is kept as: what only we may say under another name. */
const keptAs = remembered((key) => OURS.test(key) ? `json.${key}` : key, MANY_KEYS);
const OURS = /^(?:haidang\.|event\.(?:id|created|original|original_b64)$|log\.syslog\.|log\.source\.|tags$)/;

function readGeneric(draft: Draft, { names, values }: Flattened): void {
  write(draft.event, 'event.dataset', 'generic.json');
  let level: string | undefined;
  const meant: (readonly [fields: readonly string[], value: Value])[] = [], told: (readonly [logged: Logged, value: Value])[] = [], logins: LoginMember[] = [], times: Value[] = [];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as Name, key = name.text, value = values[i] as Value, { reserved, kept, column, meant: fields, logged, login, time } = meaningOf(name);
    if (reserved) draft.event[kept] = value;
    else if (column && !Array.isArray(value)) draft.put(key, value);
    else if (!draft.has(key)) draft.event[key] = value;
    if (fields.length > 0) meant.push([fields, value]);
    if (logged !== undefined) told.push([logged, value]);
    if (login !== undefined) logins.push([login, value]);
    if (time >= 0) times[time] = value;
  }
  for (const [fields, value] of meant) for (const field of fields) putAs(draft, field, value);
  for (const [logged, value] of told) {
    if (logged.kind === 'level') { const said = levelOf(value); if (said !== undefined && level === undefined) draft.put('log.level', level = said); } // a service's own word says more than the level of the pipe that it wrote to
    else if (logged.kind !== 'said') putLogged(draft, logged, value);
    else if (typeof value === 'string' && tellsOfLogin(value)) readLogin(draft, value);
  }
  putLogin(draft, logins);
  splitAccount(draft);
  const target = draft.getText('url.original');
  if (target !== undefined) putTarget(draft, target);
  for (const value of times) if (putTime(draft, value)) break;
  const nanos = draft.event['instant.nanoOfSecond']; // Log4j 2 writes an instant in two members
  if (typeof nanos === 'number' && nanos > 0 && nanos < 1e9 && draft.time !== undefined && draft.time % 1000 === 0) draft.time += Math.floor(nanos / 1e6);
}

/** What a key of JSON is: our own name that it may not have, a column, the fields that it or its last part usually means, its place among the times, the kinds whose mark it is. */
interface Meaning { readonly reserved: boolean; readonly kept: string; readonly column: boolean; readonly meant: readonly string[]; readonly logged: Logged | undefined; readonly login: LoginRole | undefined; readonly time: number; readonly marks: number }
const meaningOf = (name: Name): Meaning => (name.meaning ??= newMeaning(name.text)) as Meaning;
function newMeaning(key: string): Meaning {
  const dot = key.lastIndexOf('.'), meant = [ecsName(key), dot > 0 ? ecsName(key.slice(dot + 1)) : undefined].filter((field) => field !== undefined);
  return { reserved: RESERVED.test(key), kept: `json.${key}`, column: fieldOf(key) !== undefined, meant, logged: loggedAs(key), login: loginRole(key), time: TIMES.indexOf(key), marks: marksOf(key) | (ECS_MARKS.has(key) ? ECS_BIT : 0) };
}
const TIMES = ['@timestamp', 'timestamp', 'time', 'ts', 'eventTime', 'event_time', 'EventTime', 'datetime', 'date', 'created_at', 'TimeCreated', 'instant.epochSecond', '_time', 'logged_at', 'date_time', 'event_timestamp', 'EOCTimestamp', 'occured', 'occurred', 'seconds', 'unixTime', 'Timestamp', '@t', 'TimeStamp', 'Time', 'DateTime', 'asctime', 'timeMillis', 'log_time', 'datetime.date', 'record.time.timestamp', 'thoiGian', 'ThoiGian', 'thoi_gian', 'thoigian'];

function marksIn({ names }: Flattened): number {
  let marks = UNMARKED;
  for (let i = 0; i < names.length; i++) marks |= meaningOf(names[i] as Name).marks;
  return marks;
}

/** `bob@corp.example` and `CORP\\bob` are a name and its domain. */
function splitAccount(draft: Draft): void {
  const name = draft.getText('user.name') ?? '';
  const at = name.indexOf('@'), slash = name.indexOf('\\');
  if (draft.has('user.domain') || (at <= 0 && slash <= 0)) return;
  draft.put('user.domain', slash > 0 ? name.slice(0, slash) : name.slice(at + 1));
  draft.put('user.name', slash > 0 ? name.slice(slash + 1) : name.slice(0, at));
}

/** The event's time, where `value` writes one. */
export function putTime(draft: Draft, value: Value | undefined): boolean {
  if (value === undefined || value === null || Array.isArray(value) || typeof value === 'boolean') return false;
  const text = String(value);
  const stamp = readIso(text, 0) ?? readTime(text, 0);
  const time = stamp !== undefined ? resolve(stamp, draft.received, draft.zone) : epochMillis(text);
  if (time === undefined) return false;
  draft.time = time;
  return true;
}

export const json: Format = {
  name: 'generic.json', holds: ['^{', '{"', '^@cee:'],
  detect: ({ head }) => { const c = head.charCodeAt(0); return c === 123 || head.startsWith('@cee:') || (c !== 60 && jsonAfterWords(head)); },
  read: readJsonBody,
};
/** `[2026-02-17 13:40:03] production.ERROR: text {"context":...}`: what stands behind the text is beside it. */
const MONOLOG = /^\[\d{4}-[^\]]{10,40}\] [\w-]{1,60}\.[A-Z]{4,9}: /;
/** `word: {"..."` within the first words. */
function jsonAfterWords(head: string): boolean {
  const at = head.indexOf('{"');
  return at > 0 && at < 160 && head.charCodeAt(at - 1) <= 58 && !MONOLOG.test(head) && !head.slice(0, at).includes('=') && !head.slice(0, at).includes('"');
}
