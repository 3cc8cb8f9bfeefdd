// PostgreSQL's log: stderr lines with the usual prefixes (`2026-02-17 13:40:03.123 UTC [123] bob@app LOG:  ...`), through syslog, and csvlog.
import { readIso, resolve } from '../../message/time.js';
import { splitCsv } from '../csv.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';

const LEVEL = /\b(DEBUG[1-5]?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE):\s+/;

const RULES = messageRules([
  ['connection authorized: user={user.name} database={postgresql.log.database}{*}', 'database_login'],
  ['connection received: host={source.ip} port={source.port}', 'database_connection'],
  ['connection received: host={source.ip}{*}', 'database_connection'],
  ['connection authenticated: identity="{user.name~}"{*}', 'database_login'],
  ['replication connection authorized: user={user.name}{*}', 'database_login'],
  ['password authentication failed for user "{user.name~}"', 'database_login_failed'],
  ['Ident authentication failed for user "{user.name~}"', 'database_login_failed'],
  ['Peer authentication failed for user "{user.name~}"', 'database_login_failed'],
  ['no pg_hba.conf entry for host "{source.ip}", user "{user.name~}", database "{postgresql.log.database~}"{*}', 'database_login_failed'],
  ['role "{user.name~}" does not exist', 'database_login_failed'],
  ['disconnection: session time: {} user={user.name} database={postgresql.log.database} host={source.ip} port={source.port}', 'database_disconnection'],
  ['disconnection: session time: {} user={user.name} database={postgresql.log.database} host={source.ip}{*}', 'database_disconnection'],
  ['duration: {postgresql.log.duration} ms  statement: {postgresql.log.query~}', 'database_query'],
  ['duration: {postgresql.log.duration} ms  {~}: {postgresql.log.query~}', 'database_query'],
  ['duration: {postgresql.log.duration} ms{*}', 'database_query'],
  ['statement: {postgresql.log.query~}', 'database_query'],
  ['execute {}: {postgresql.log.query~}', 'database_query'],
  ['AUDIT: {postgresql.log.query~}', 'database_query'],
]);

function readPostgresql(draft: Draft): boolean {
  const { text, head } = draft;
  const stamp = readIso(text, 0);
  if (stamp !== undefined && text.charCodeAt(stamp.end) === 44) return readCsv(draft);
  const level = LEVEL.exec(head);
  if (level === null) return false;
  const { time, rest } = zoned(draft, stamp === undefined ? 0 : stamp.end, stamp);
  if (time !== undefined && !draft.headed) draft.time = time;
  readPrefix(draft, text.slice(rest, level.index));
  const said = text.slice(level.index + level[0].length);
  draft.put('log.level', level[1]);
  putPostgresqlMessage(draft, said.trimEnd(), level[1] as string);
  return true;
}

/** What the text of a message says, and what happened. */
export function putPostgresqlMessage(draft: Draft, said: string, level: string): void {
  applyRules(RULES, said, draft);
  if (!draft.has('event.action')) draft.act(level === 'ERROR' || level === 'FATAL' || level === 'PANIC' ? 'database_error' : 'database_query');
  draft.put('service.name', 'postgresql');
}

function zoned(draft: Draft, end: number, stamp: ReturnType<typeof readIso>): { time?: number; rest: number } {
  if (stamp === undefined) return { rest: 0 };
  const zone = /^ [A-Z]{2,5}(?= |$)/.exec(draft.text.slice(end, end + 8))?.[0]; // a zone whose name we do not know
  return { time: resolve(stamp, draft.received, draft.zone), rest: end + (zone?.length ?? 0) };
}

/** What log_line_prefix put there: `[123]`, `bob@app`, `user=bob,db=app,app=x,client=192.0.2.1`, `[123-1]`, an address. */
function readPrefix(draft: Draft, text: string): void {
  for (const word of text.trim().split(/[\s,]+/).slice(0, 20)) {
    const pid = /^\[?(\d{1,8})(?:-\d+)?\]?:?$/.exec(word)?.[1];
    if (pid !== undefined) { if (!draft.has('process.pid') || word.startsWith('[')) draft.fill('process.pid', pid); continue; }
    const assigned = /^(user|db|database|client|host|app)=(.*)$/.exec(word);
    if (assigned !== null) {
      const [, key, value = ''] = assigned;
      if (key === 'user') draft.put('user.name', value);
      else if (key === 'db' || key === 'database') draft.put('postgresql.log.database', value);
      else if (key === 'client' || key === 'host') putEnd(draft, value);
      continue;
    }
    const joined = /^:?([0-9a-fA-F.:]{3,45})\((\d{1,5})\):([^@:]{0,128})@([^:]{0,128}):\[(\d{1,8})\]:?$/.exec(word); // managed services: `%t:%r:%u@%d:[%p]:`
    if (joined !== null) {
      putEnd(draft, `${joined[1] ?? ''}(${joined[2] ?? ''})`);
      draft.put('user.name', joined[3]?.replace('[unknown]', '')); draft.put('postgresql.log.database', joined[4]?.replace('[unknown]', '')); draft.put('process.pid', joined[5]);
      continue;
    }
    if (/^[0-9a-fA-F.:]{3,45}\(\d{1,5}\):?$/.test(word)) { putEnd(draft, word.replace(/:$/, '')); continue; }
    const at = word.replace(/:$/, '').indexOf('@');
    if (at > 0 && !word.startsWith('[')) {
      draft.put('user.name', word.slice(0, at).replace('[unknown]', ''));
      draft.put('postgresql.log.database', word.slice(at + 1).replace(/:$/, '').replace('[unknown]', ''));
    }
  }
}

/** `192.0.2.1(5001)`, `192.0.2.1`. */
function putEnd(draft: Draft, text: string): void {
  const open = text.indexOf('(');
  draft.put('source.ip', open < 0 ? text : text.slice(0, open));
  if (open > 0) draft.put('source.port', text.slice(open + 1, -1));
}

/** csvlog: time, user, database, pid, connection from, session, line, command tag, ..., severity, SQL state, message, detail ... */
function readCsv(draft: Draft): boolean {
  const cells = splitCsv(draft.text, ',');
  if (cells.length < 14) return false;
  const [time = '', user, database, pid, from = '', , , tag, , , , severity, state, message = ''] = cells;
  if (!/^(?:DEBUG\d?|INFO|NOTICE|WARNING|ERROR|LOG|FATAL|PANIC)$/.test(severity ?? '')) return false;
  const stamp = readIso(time, 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('user.name', user);
  draft.put('postgresql.log.database', database);
  draft.put('process.pid', pid);
  const colon = from.lastIndexOf(':');
  if (from !== '[local]') draft.put('source.ip', colon > 0 ? from.slice(0, colon) : from);
  if (colon > 0) draft.put('source.port', from.slice(colon + 1));
  draft.put('postgresql.log.command_tag', tag);
  draft.put('log.level', severity);
  draft.put('event.code', state);
  putPostgresqlMessage(draft, message, severity as string);
  return true;
}

const looksLikePostgresql = (head: string): boolean => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(head) && (LEVEL.test(head) && !/^\S+ \S+ \[?(?:ERROR|WARN|INFO|DEBUG)\]?:? /.test(head) || /^[^"\n,]{19,35},(?:"[^"]{0,128}"|),(?:"[^"]{0,128}"|),\d+,/.test(head));
export const postgresql: Format = { name: 'postgresql.log', holds: ['^0000-00-00 00:00:00'], programs: ['postgres', 'postgresql'], detect: ({ head }) => looksLikePostgresql(head), read: (draft) => draft.program.startsWith('postgres') ? readPostgresql(draft) || true : readPostgresql(draft) };
