// PostgreSQL's log: stderr lines with the usual prefixes (`2026-02-17 13:40:03.123 UTC [123] bob@app LOG:  ...`), through syslog, and csvlog.
import { readIso, resolve } from '../../message/time.js';
import { splitCsv } from '../csv.js';
import { isIp } from '../net.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules, type Row } from '../rules.js';
import { seek } from '../seek.js';
import { putPgaudit } from './pgaudit.js';

const LEVEL = /\b(DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE):\s+/;

const RULES = messageRules([
  ['connection authorized: user={user.name~} database={postgresql.log.database}{*}', 'database_login'],
  ['connection received: host={source.ip} port={source.port}', 'database_connection'],
  ['connection received: host={source.ip}{*}', 'database_connection'],
  ['connection authenticated: identity="{user.name~}"{*}', 'database_login'],
  ['connection authenticated: user="{user.name~}"{*}', 'database_login'],
  ['provided user name ({user.name~}) and authenticated user name ({~}) do not match'],
  ['LDAP login failed for user "{postgresql.log.identity~}" on server "{destination.domain~}": {event.reason~}'],
  ['pam_authenticate failed: {event.reason~}'],
  ['replication connection authorized: user={user.name}{*}', 'database_login'],
  ['password authentication failed for user "{user.name~}"', 'database_login_failed'],
  ...['Ident', 'Peer', 'LDAP', 'PAM', 'GSSAPI', 'SSPI', 'RADIUS', 'BSD', 'certificate', 'OAuth bearer', 'Kerberos 5'].map((kind): Row => [`${kind} authentication failed for user "{user.name~}"`, 'database_login_failed']),
  ['pg_hba.conf rejects connection for host "{source.ip}", user "{user.name~}", database "{postgresql.log.database~}"{*}', 'database_login_failed'],
  ['pg_hba.conf rejects replication connection for host "{source.ip}", user "{user.name~}"{*}', 'database_login_failed'],
  ['no pg_hba.conf entry for replication connection from host "{source.ip}", user "{user.name~}"{*}', 'database_login_failed'],
  ['role "{user.name~}" is not permitted to log in', 'database_login_failed'],
  ['no pg_hba.conf entry for host "{source.ip}", user "{user.name~}", database "{postgresql.log.database~}"{*}', 'database_login_failed'],
  ['disconnection: session time: {} user={user.name~} database={postgresql.log.database~} host={source.ip} port={source.port}', 'database_disconnection'],
  ['disconnection: session time: {} user={user.name~} database={postgresql.log.database~} host={source.ip}{*}', 'database_disconnection'],
  ['duration: {postgresql.log.duration} ms  statement: {postgresql.log.query~}', 'database_query'],
  ['duration: {postgresql.log.duration} ms  {~}: {postgresql.log.query~}', 'database_query'],
  ['duration: {postgresql.log.duration} ms{*}', 'database_query'],
  ['statement: {postgresql.log.query~}', 'database_query'],
  ['execute {}: {postgresql.log.query~}', 'database_query'],
  ['server process (PID {process.pid}) was terminated by {event.reason~}', 'process_crashed'],
  ['database system is ready to accept {*}', 'service_started'],
  ['received {} shutdown request', 'service_stopped'],
  ['database system is shut down', 'service_stopped'],
  ['received SIGHUP, reloading configuration files', 'config_changed'],
  ['parameter "{postgresql.log.parameter~}" changed to "{event.reason~}"', 'config_changed'],
]);
const REFUSED = messageRules([['role "{user.name~}" does not exist', 'database_login_failed'], ['database "{postgresql.log.database~}" does not exist', 'database_login_failed'], ['too many connections for role "{user.name~}"', 'database_login_failed'], ['too many connections for database "{postgresql.log.database~}"', 'database_login_failed'], ['sorry, too many clients already', 'database_login_failed'], ['permission denied for database "{postgresql.log.database~}"', 'database_login_failed'], ['remaining connection slots are reserved {*}', 'database_login_failed'], ['the database system is {*}', 'database_login_failed']]);

function readPostgresql(draft: Draft): boolean {
  const bracketed = /^< ?(?=\d{4}-)/.exec(draft.head), { text, head } = bracketed === null ? draft : { text: draft.text.slice(bracketed[0].length), head: draft.head.slice(bracketed[0].length) }; // `< 2026-02-17 13:40:03.123 +07 >LOG:  `
  const lines = /^\[\d{1,9}-\d{1,6}\] (?=\d{4}-)/.exec(head)?.[0].length ?? 0; // syslog's own numbers before the prefix
  const joined = JOINED.exec(head), stamp = joined === null ? readIso(text, lines) : joinedStamp(joined[1] as string);
  if (stamp !== undefined && text.charCodeAt(stamp.end) === 44) return readCsv(draft);
  const level = LEVEL.exec(head);
  if (level === null) return false;
  const { time, rest } = zoned(draft, text, stamp === undefined ? 0 : stamp.end, stamp);
  draft.timeFrom(time);
  readPrefix(draft, text.slice(rest, level.index));
  const said = text.slice(level.index + level[0].length);
  draft.put('log.level', level[1]);
  putPostgresqlMessage(draft, said.trimEnd(), level[1] as string);
  return true;
}

/** `%t:%r:` of managed services: the address stands right behind the zone. */
const JOINED = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [+-]\d\d(?::\d\d)?):(?=[0-9a-fA-F.:]{2,45}\(|\[local\]:|:[^@:]{0,128}@)/;

function joinedStamp(text: string): ReturnType<typeof readIso> {
  const stamp = readIso(`${text} [`, 0); // a zone ends at a blank
  return stamp === undefined ? undefined : { ...stamp, end: text.length };
}

/** What the text of a message says, and what happened. */
export function putPostgresqlMessage(draft: Draft, said: string, level: string): void {
  if (said.startsWith('AUDIT: ')) putPgaudit(draft, said.slice(7));
  else if (level === 'STATEMENT' || level === 'QUERY') draft.put('postgresql.log.query', said);
  else if (level === 'DETAIL' || level === 'HINT' || level === 'CONTEXT') draft.put('event.reason', said);
  else if (applyRules(RULES, said, draft)) putMore(draft, said);
  else if (level === 'FATAL') applyRules(REFUSED, said, draft); // of an ERROR the role is one that a statement named
  if (draft.get('source.domain') === '[local]') delete draft.event['source.domain'];
  if (!draft.has('event.action') && !CONTINUED.has(level)) draft.act(level === 'ERROR' || level === 'FATAL' || level === 'PANIC' ? 'database_error' : AUDITED.has(level) && !said.startsWith('AUDIT: ') ? 'audit_record' : 'database_query');
  draft.put('service.name', 'postgresql');
}

/** Lines that say more of the one before. */
const CONTINUED: ReadonlySet<string> = new Set(['DETAIL', 'HINT', 'CONTEXT', 'LOCATION', 'BACKTRACE']);
const AUDITED: ReadonlySet<string> = new Set(['LOG', 'WARNING', 'NOTICE', 'INFO']);

/** How a connection is protected and what opened it; how long a statement took. */
function putMore(draft: Draft, said: string): void {
  const tls = seek(said, 'SSL enabled (', /SSL enabled \(protocol=TLSv([\d.]{1,3}), cipher=([\w-]{3,80})/), program = seek(said, ' application_name=', / application_name=(.{1,128}?)(?: SSL enabled \(| GSS \(|$)/), taken = Number(draft.get('postgresql.log.duration'));
  if (tls !== null) { draft.put('tls.version', tls[1]); draft.put('tls.cipher', tls[2]); }
  draft.put('postgresql.log.application_name', said.startsWith('connection authorized: ') ? program?.[1] : undefined);
  if (taken >= 0 && draft.has('postgresql.log.duration')) draft.put('event.duration', Math.round(taken * 1e6));
}

function zoned(draft: Draft, text: string, end: number, stamp: ReturnType<typeof readIso>): { time?: number; rest: number } {
  if (stamp === undefined) return { rest: 0 };
  const zone = /^ [A-Z]{2,5}(?= |$)/.exec(text.slice(end, end + 8))?.[0]; // a zone whose name we do not know
  return { time: resolve(stamp, draft.received, draft.zone), rest: end + (zone?.length ?? 0) };
}

/** What log_line_prefix put there: `[123]`, `bob@app`, `user=bob,db=app,app=x,client=192.0.2.1`, `[123-1]`, an address, a session, an SQL state. */
function readPrefix(draft: Draft, text: string): void {
  const managed = MANAGED.exec(text.trim());
  if (managed !== null) {
    const [, from = '', user, database, pid] = managed;
    if (from !== '') putEnd(draft, from);
    draft.put('user.name', known(user)); draft.put('postgresql.log.database', known(database)); draft.put('process.pid', pid);
    return;
  }
  const rest = text.slice(0, 1000).replace(ASSIGNED, (_all, key: string, value: string) => { putAssigned(draft, key, value); return ' '; });
  let before = false; // words that may be the first of a name with blanks in it
  for (const word of rest.trim().split(/[\s,]+/).slice(0, 20)) {
    const number = /^\[?(\d{1,8})(?:-\d+)?\]?:?$/.exec(word)?.[1], bare = word.replace(/:$/, ''), at = bare.indexOf('@'), session = SESSION.exec(bare);
    if (number !== undefined) { if (!draft.has('process.pid') || word.startsWith('[')) draft.fill('process.pid', number); }
    else if (session !== null) { draft.put('postgresql.log.session_id', bare); draft.fill('process.pid', parseInt(session[1] as string, 16)); }
    else if (SQL_STATE.test(bare)) draft.put('event.code', bare);
    else if (/^[0-9a-fA-F.:]{3,45}\(\d{1,5}\)$/.test(bare)) putEnd(draft, bare);
    else if (isIp(word)) putEnd(draft, word);
    else if (at > 0 && !before && (!word.startsWith('[') || word.startsWith('[unknown]@'))) { draft.put('user.name', known(bare.slice(0, at))); draft.put('postgresql.log.database', known(bare.slice(at + 1).replace(/(?<=.)\/.*$/, ''))); }
    else { before = !word.startsWith('['); continue; }
    before = false;
  }
}
const known = (name: string | undefined): string | undefined => name === '[unknown]' ? undefined : name;
/** Managed services: `%t:%r:%u@%d:[%p]:`; without a client its places are empty. */
const MANAGED = /^:?([0-9a-fA-F.:]{2,45}\(\d{1,5}\)|\[local\]|):([^@]{0,128})@([^:]{0,128}):\[(\d{1,8})\]:?$/;
const ASSIGNED = /\b(user|usr|db|database|client|host|remote|app|application)=([^,]{0,128}?)(?:,|(?=\s(?:user|usr|db|database|client|host|remote|app|application)=|\s\[|:?\s*$))/g;
/** `%c`: when the session began and its process, both in hexadecimal. */
const SESSION = /^[0-9a-f]{8}\.([0-9a-f]{1,8})$/, SQL_STATE = /^(?=\d{1,4}[A-Z])[0-9][0-9A-Z]{4}$/;

function putAssigned(draft: Draft, key: string, text: string): void {
  const value = known(text.trim());
  if (key === 'user' || key === 'usr') draft.put('user.name', value);
  else if (key === 'db' || key === 'database') draft.put('postgresql.log.database', value);
  else if (key === 'app' || key === 'application') draft.put('postgresql.log.application_name', value);
  else if (value !== undefined) putEnd(draft, value);
}

/** `192.0.2.1(5001)`, `192.0.2.1`. */
function putEnd(draft: Draft, text: string): void {
  if (text.startsWith('[local]')) return;
  const open = text.indexOf('(');
  draft.put('source.ip', open < 0 ? text : text.slice(0, open));
  if (open > 0) draft.put('source.port', text.slice(open + 1, -1));
}

/** csvlog: time, user, database, pid, connection from, session, line, command tag, ..., severity, SQL state, message, detail ... */
function readCsv(draft: Draft): boolean {
  const cells = splitCsv(draft.text, ',');
  if (cells.length < 14) return false;
  const [time = '', user, database, pid, from = '', session, place, tag, since, , transaction, severity, state, message = '', detail, hint, , , context, query, , location, program, backend, , queryId] = cells;
  if (!/^(?:DEBUG\d?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC)$/.test(severity ?? '')) return false;
  const stamp = readIso(time, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('user.name', user);
  draft.put('postgresql.log.database', database);
  draft.put('process.pid', pid);
  const colon = from.lastIndexOf(':');
  if (from !== '[local]') draft.put('source.ip', colon > 0 ? from.slice(0, colon) : from);
  if (colon > 0) draft.put('source.port', from.slice(colon + 1));
  for (const [name, value] of [['session_id', session], ['session_line_number', place], ['session_start_time', since], ['transaction_id', transaction], ['context', context], ['location', location], ['backend_type', backend], ['query_id', queryId]] as const) draft.put(`postgresql.log.${name}`, value);
  draft.put('postgresql.log.command_tag', tag);
  draft.put('log.level', severity);
  draft.put('event.code', state);
  draft.put('postgresql.log.query', query);
  draft.put('postgresql.log.application_name', program);
  putPostgresqlMessage(draft, message, severity as string);
  draft.fill('event.reason', detail === '' ? hint : detail);
  return true;
}

/** The server writes two blanks behind a level; where one was lost, a process in brackets stands before it. */
const SURE = /\b(?:DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE):(?:[ \t]{2}|\s*$)|\[\d{1,8}(?:-\d{1,6})?\].{0,200}?\b(?:ERROR|LOG|FATAL|PANIC|STATEMENT|DETAIL|HINT|WARNING|NOTICE): /;
const looksLikePostgresql = (head: string): boolean => /^(?:< ?)?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(head) && (SURE.test(head) && !/^\S+ \S+ \[?(?:ERROR|WARN|INFO|DEBUG)\]?:? /.test(head) || /^[^"\n,]{19,35},(?:"[^"]{0,128}"|),(?:"[^"]{0,128}"|),\d+,/.test(head));
export const postgresql: Format = { name: 'postgresql.log', holds: ['^0000-00-00 00:00:00', '^<0000-', '^< 0000-'], programs: ['postgres', 'postgresql'], detect: ({ head }) => looksLikePostgresql(head), read: (draft) => draft.program.startsWith('postgres') ? readPostgresql(draft) || true : readPostgresql(draft) };
