// MySQL, MariaDB and Percona: the error log (5.x, 8.x), the general log, and the slow log, whose entry is several lines, in one message or each on
// its own. https://dev.mysql.com/doc/refman/8.4/en/server-logs.html https://mariadb.com/kb/en/server-monitoring-logs/
import { readIso, type Stamp } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';

const ERRORS = messageRules([
  ["Access denied for user '{user.name~}'@'{source.ip~}' (using password: {*}", 'database_login_failed'],
  ["Access denied for user '{user.name~}'@'{source.ip~}' to database '{mysql.database~}'{*}", 'database_login_failed'],
  ["Access denied for user '{user.name~}'@'{source.ip~}' {*}", 'database_login_failed'],
  ["Aborted connection {} to db: '{mysql.database~}' user: '{user.name~}' host: '{source.ip~}' {*}", 'database_disconnection'],
  ["Host '{source.ip~}' is blocked because of many connection errors{*}", 'access_denied'],
  ["Host '{source.ip~}' is not allowed to connect to this {*}", 'access_denied'],
  ["IP address '{source.ip~}' could not be resolved{*}"],
  ["Hostname '{source.domain~}' does not resolve to '{source.ip~}'.{*}"],
  ["Account '{user.name~}'@'{source.domain~}' is blocked {*}", 'user_locked'],
  ["Access denied for user '{user.name~}'@'{source.ip~}'. Account is {event.reason~}", 'database_login_failed'],
]);

/** What the error log says in words; true when it was one of the sentences that name somebody. */
export function putMysqlError(draft: Draft, said: string, level: string | undefined): boolean {
  draft.put('log.level', level?.toLowerCase());
  if (applyRules(ERRORS, said, draft)) {
    if (draft.get('user.name') === 'unauthenticated') delete draft.event['user.name']; // who never said who it is
    if (draft.get('mysql.database') === 'unconnected') delete draft.event['mysql.database'];
    draft.put('event.reason', /^Aborted connection .{1,400} \(([^()]{1,200})\)\.?$/.exec(said.slice(0, 700))?.[1]);
    return true;
  }
  if (level?.toUpperCase() === 'ERROR') draft.act('database_error');
  else if (/: ready for connections|\bstarting as process|mysqld_safe Starting/.test(said)) draft.act('service_started');
  else if (/[Ss]hutdown complete|: Normal shutdown|mysqld_safe .{1,40} ended/.test(said)) draft.act('service_stopped');
  return false;
}

const COMMANDS = new Set(['Query', 'Connect', 'Quit', 'Init', 'Prepare', 'Execute', 'Close', 'Field', 'Statistics', 'Change', 'Reset', 'Ping', 'Binlog', 'Register', 'Refresh', 'Shutdown', 'Processlist', 'Kill', 'Debug', 'Fetch', 'Drop', 'Create', 'Daemon']);
const ERROR = /^(?:(\d{1,12}|[0-9a-f]{4,16}) )?\[(\w{1,12})\] (?:\[(MY-\d{6})\] )?(?:\[(\w{1,20})\] )?/;
const GENERAL = /^(\d{1,10})[ \t]+([A-Z][a-z]{2,12})(?: (?:DB|stmt|List|user|Dump|Slave|out))?(?:\t| +|$)/;
const BARE = /^(?:server_audit: |mysqld_(?:safe|multi) |mariadbd-safe |\/\S{1,200}mysqld: |(?:[0-9a-f]{4,16} )?InnoDB: |mysqld: )/;

/** `2026-02-17T13:40:03.1Z`, `2026-02-17  9:40:03`, `260217  9:40:03`. */
function readStamp(text: string): { readonly stamp: Stamp; readonly rest: string } | undefined {
  const short = /^(\d\d)(\d\d)(\d\d) ([ \d]\d:\d\d:\d\d)/.exec(text.slice(0, 20));
  if (short !== null) {
    const stamp = readIso(`20${short[1] ?? ''}-${short[2] ?? ''}-${short[3] ?? ''} ${(short[4] ?? '').replace(' ', '0')}`, 0);
    return stamp === undefined ? undefined : { stamp, rest: text.slice(short[0].length) };
  }
  const stamp = readIso(text.charCodeAt(11) === 32 ? `${text.slice(0, 11)}0${text.slice(12, 32)}` : text, 0);
  return stamp === undefined ? undefined : { stamp, rest: text.slice(stamp.end) };
}

function readMysql(draft: Draft): boolean {
  if (draft.head.startsWith('# ')) return readSlow(draft);
  const { text } = draft, timed = readStamp(text), rest = (timed?.rest ?? text).trimStart(), head = rest.slice(0, 200);
  const error = ERROR.exec(head), general = error === null ? GENERAL.exec(head) : null, bare = error === null && BARE.test(head);
  if (error === null && !bare && (general === null || !COMMANDS.has(general[2] as string))) return false;
  draft.timeFrom(timed?.stamp);
  if (error !== null || bare) {
    draft.put('mysql.thread_id', error?.[1]);
    draft.put('event.code', error?.[3]);
    draft.put('event.provider', error?.[4]);
    putMysqlError(draft, rest.slice(error?.[0].length ?? 0), error?.[2]);
    return true;
  }
  readGeneral(draft, general as RegExpExecArray, rest);
  return true;
}

function readGeneral(draft: Draft, found: RegExpExecArray, rest: string): void {
  const [whole, thread, command] = found, said = rest.slice(whole.length);
  draft.put('mysql.thread_id', thread);
  draft.put('mysql.command', command);
  if (command === 'Query' || command === 'Execute' || command === 'Prepare') { draft.put('mysql.query', said); draft.act('database_query'); }
  else if (command === 'Connect' || command === 'Init' && said.startsWith('Access denied ')) {
    const denied = /Access denied for user '([^']{0,128})'@'([^']{1,255})'/.exec(said.slice(0, 600)), who = denied ?? /^([^@\s]{0,128})@(\S{1,255})(?: on (\S{1,64}))?/.exec(said.slice(0, 400));
    draft.put('user.name', who?.[1]);
    putHost(draft, who?.[2]);
    draft.put('mysql.database', denied === null ? (who?.[3] === 'using' ? undefined : who?.[3]) : / to database '([^']{1,64})'/.exec(said.slice(0, 800))?.[1]);
    draft.act(denied === null ? 'database_connection' : 'database_login_failed'); // written before the password is looked at
  } else if (command === 'Quit') draft.act('database_disconnection');
  else if (command === 'Init') draft.put('mysql.database', said.trim());
}
const putHost = (draft: Draft, host: string | undefined): void => { if (host !== undefined && host !== '') draft.put(isIp(host) ? 'source.ip' : 'source.domain', host); };

/** `# Time:`, `# User@Host: priv[user] @ host [address]  Id: 7`, `# Query_time: 1.5  Lock_time: ...`, `SET timestamp=...;`, the statement. */
function readSlow(draft: Draft): boolean {
  const query: string[] = [];
  let read = false, since: number | undefined;
  for (const line of draft.text.slice(0, 65_536).split(/\r?\n|#012/, 1000)) {
    if (line.startsWith('# Time: ')) {
      const timed = readStamp(line.slice(8).trimStart());
      draft.timeFrom(timed?.stamp);
      read = true;
    } else if (line.startsWith('# User@Host: ')) { readUserHost(draft, line.slice(13)); read = true; }
    else if (line.startsWith('# ')) read = readMeasures(draft, line.slice(2)) || read;
    else if (line.startsWith('SET timestamp=') && since === undefined) { since = Number(/^\d{9,11}(?:\.\d{1,6})?/.exec(line.slice(14))?.[0]); if (since > 0) draft.time = Math.round(since * 1000); }
    else if (/^use \S{1,130};$/i.test(line) && query.length === 0) draft.put('mysql.database', line.slice(4, -1).replaceAll('`', ''));
    else if (line !== '') query.push(line);
  }
  if (!read) return false;
  draft.put('mysql.query', query.join('\n'));
  draft.event['event.dataset'] = 'mysql.slowlog';
  draft.act('database_query');
  return true;
}
function readUserHost(draft: Draft, text: string): void {
  const found = /^([^[\s]{0,128})(?:\[([^\]]{0,128})\])? @ +(?:([^[\s]{1,255}) )?\s*\[([^\]]{0,64})\](?: +(?:Id|thread_id): +(\d{1,12}))?/i.exec(text.slice(0, 800));
  if (found === null) return;
  putAccount(draft, 'user', found[1] !== '' ? found[1] : found[2]);
  draft.put('source.domain', found[3]);
  draft.put('source.ip', found[4]);
  draft.put('mysql.thread_id', found[5]);
}
function readMeasures(draft: Draft, text: string): boolean {
  let read = false;
  for (const [, key = '', value = ''] of text.slice(0, 1000).matchAll(/(?:^|\s)([A-Z][A-Za-z_]{2,40}): +(?![A-Za-z_]{2,40}:(?:\s|$))([^\s]{1,200})/g)) {
    draft.put(`mysql.slowlog.${key.toLowerCase()}`, value);
    if (key === 'Query_time' && Number(value) >= 0) { draft.put('event.duration', Math.round(Number(value) * 1e9)); read = true; }
    else if (key === 'Schema') { draft.put('mysql.database', value); read = true; }
    else if (key === 'Thread_id') { draft.put('mysql.thread_id', value); read = true; }
    else if (key === 'Rows_affected' || key === 'Bytes_sent' || key === 'Lock_time') read = true;
  }
  return read;
}

const LOOKS = /^(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)? mysqld_(?:safe|multi) |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d mysqld_safe |\d{4}-\d\d-\d\dT?[ T]? ?\d?\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?[ \t]+(?:\d{1,12}|[0-9a-f]{4,16})[ \t]+(?:\[(?:Note|Warning|ERROR|System)\]|InnoDB: |[A-Z][a-z]{2,12}(?: |\t|$))|\d{6} [ \d]\d:\d\d:\d\d[ \t]+(?:\[(?:Note|Warning|ERROR)\] |mysqld_safe |server_audit: |(?:[0-9a-f]{4,16} )?InnoDB: |\d{1,10} [A-Z][a-z]{2,12}(?: DB)?(?:\t|$))|\d{1,10} (?:Query|Connect|Quit|Init DB|Prepare|Execute|Close stmt)(?:\t|$)|# (?:Time: \d|User@Host: |Query_time: \d|Thread_id: \d|Schema: \S))/;
export const mysql: Format = { name: 'mysql.log', holds: ['^0000-00-00', '^000000 ', ' Query\t', ' Connect\t', ' Quit', ' Init DB\t', ' Prepare\t', ' Execute\t', ' Close stmt\t', '^# '], programs: ['mysqld', 'mysql', 'mariadb', 'mariadbd', 'mysql-slow', 'mysql-error', 'mysqld_safe'], detect: ({ head }) => LOOKS.test(head), read: readMysql };
