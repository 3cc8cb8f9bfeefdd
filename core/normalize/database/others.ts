// MySQL and MariaDB (error, general and slow logs), Oracle's audit trail.
import { readIso, readOffset, readTime, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';

const ERRORS = messageRules([
  ["Access denied for user '{user.name~}'@'{source.ip~}' (using password: {*}", 'database_login_failed'],
  ["Aborted connection {} to db: '{mysql.database~}' user: '{user.name~}' host: '{source.ip~}' {*}", 'database_disconnection'],
]);
const COMMANDS = new Set(['Query', 'Connect', 'Quit', 'Init', 'Prepare', 'Execute', 'Close', 'Field', 'Statistics', 'Change', 'Reset', 'Ping', 'Binlog', 'Register', 'Refresh', 'Shutdown', 'Processlist', 'Kill', 'Debug', 'Fetch', 'Drop', 'Create', 'Daemon']);

/** `2026-02-17T13:40:03.1Z 12 Query<tab>SELECT ...` (general) and `2026-02-17T13:40:03.1Z 0 [Warning] [MY-010055] [Server] text` (error). */
function readMysql(draft: Draft): boolean {
  const { text } = draft;
  const stamp = readIso(text, 0);
  const rest = stamp === undefined ? text : text.slice(stamp.end).trimStart();
  const error = /^(\d{1,10}) \[(\w{1,12})\] (?:\[(MY-\d{6})\] )?(?:\[(\w{1,20})\] )?/.exec(rest.slice(0, 100));
  const general = error === null ? /^(\d{1,10})[ \t]+([A-Z][a-z]{2,12})(?: (?:DB|stmt|List|user|Dump|Slave|out))?(?:\t| +|$)/.exec(rest.slice(0, 100)) : null;
  if (error === null && (general === null || !COMMANDS.has(general[2] as string))) return false;
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('mysql.thread_id', (error ?? general)?.[1]);
  if (error !== null) {
    draft.put('log.level', error[2]?.toLowerCase());
    draft.put('event.code', error[3]);
    const said = rest.slice(error[0].length);
    if (!applyRules(ERRORS, said, draft)) draft.act('database_error', error[2] === 'ERROR' ? 'failure' : undefined);
    if (error[2] !== 'ERROR' && draft.get('event.action') === 'database_error') delete draft.event['event.action'];
    return true;
  }
  const command = general?.[2], said = rest.slice(general?.[0].length ?? 0);
  draft.put('mysql.command', command);
  if (command === 'Query' || command === 'Execute' || command === 'Prepare') { draft.put('mysql.query', said); draft.act('database_query'); }
  else if (command === 'Connect') {
    const denied = /Access denied for user '([^']{0,128})'@'([^']{1,255})'/.exec(said.slice(0, 600)), who = denied ?? /^([^@\s]{1,128})@(\S{1,255})/.exec(said.slice(0, 400));
    draft.put('user.name', who?.[1]);
    const host = who?.[2] ?? '';
    draft.put(isIp(host) ? 'source.ip' : 'source.domain', host);
    draft.act(denied === null ? 'database_login' : 'database_login_failed');
  } else if (command === 'Quit') draft.act('database_disconnection');
  return true;
}
const MYSQL_LOOKS = /^\d{4}-\d\d-\d\dT?[ T]?\d\d?:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?[ \t]+\d{1,10}[ \t]+(?:\[(?:Note|Warning|ERROR|System)\]|[A-Z][a-z]{2,12}(?: |\t|$))/;

/** MariaDB's audit plugin: `server,user,host,connection,query id,OPERATION,database,'object',code`. */
function readMariadbAudit(draft: Draft): boolean {
  const found = /^(?:\d{8} [\d:]{8},)?(\S{0,64} )?([^,]{1,255}),([^,]{0,128}),([^,]{0,255}),(\d{1,12}),(\d{1,12}),([A-Z_]{3,20}),([^,]{0,128}),/.exec(draft.head);
  if (found === null) return false;
  const [whole, , , user, host = '', , , operation, database] = found;
  draft.put('user.name', user);
  draft.put(isIp(host) ? 'source.ip' : 'source.domain', host);
  draft.put('mysql.command', operation);
  draft.put('mysql.database', database);
  const rest = draft.text.slice(whole.length), end = rest.lastIndexOf(',');
  draft.put('mysql.query', rest.slice(0, end < 0 ? undefined : end).replace(/^'|'$/g, ''));
  draft.act(operation === 'FAILED_CONNECT' ? 'database_login_failed' : operation === 'CONNECT' ? 'database_login' : operation === 'DISCONNECT' ? 'database_disconnection' : 'database_query');
  return true;
}

/** Oracle's audit file: `ACTION :[7] 'CONNECT'`, one a line under a time; through syslog on one line. */
function readOracle(draft: Draft): boolean {
  const { text } = draft;
  const stamp = readTime(text, 0);
  if (stamp !== undefined) {
    const zone = readOffset(text, stamp.end);
    draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: zone.offset } : stamp, draft.received, draft.zone);
  }
  for (const [, key = '', value = ''] of text.slice(0, 32_768).matchAll(/([A-Z][A-Z ]{2,24}):?\s?:?\[\d{1,6}\] ["']([^"'\n]{0,2000})["']/g)) {
    const name = key.trim().toLowerCase().replaceAll(' ', '_');
    draft.fill(`oracle.database_audit.${name}`, value);
    if (value === '' || value === '/') continue;
    if (name === 'database_user') draft.fill('user.name', value);
    else if (name === 'client_user') draft.fill('source.user.name', value);
    else if (name === 'userhost') draft.fill('source.domain', value);
    else if (name === 'client_address') draft.fill('source.ip', /HOST=([0-9a-fA-F.:]{3,45})/.exec(value)?.[1]);
  }
  const status = draft.getText('oracle.database_audit.status');
  draft.act('database_query', status === undefined ? undefined : status === '0' ? 'success' : 'failure');
  return true;
}
const ORACLE_LOOKS = /(?:LENGTH ?: ['"]?\d|ACTION ?:\[\d{1,6}\] ['"])/;

/** The same in a file of its own: `20260217 13:40:03,server,user,host,connection,query,OPERATION,database,object,code`. */
const AUDIT_FILE = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d),[^,]{1,255},[^,]{0,128},[^,]{0,255},\d{1,12},\d{1,12},[A-Z_]{3,20},/;
function readAuditFile(draft: Draft): boolean {
  const found = AUDIT_FILE.exec(draft.head);
  if (found === null || !readMariadbAudit(draft)) return false;
  const stamp = readIso(`${found[1] ?? ''}-${found[2] ?? ''}-${found[3] ?? ''} ${found[4] ?? ''}`, 0);
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('event.dataset', 'mysql.audit');
  return true;
}
export const mariadbAuditFile: Format = { name: 'mysql.audit', begins: '0', needs: ',:', detect: ({ head }) => AUDIT_FILE.test(head), read: readAuditFile };
export const mysql: Format = { name: 'mysql.log', begins: '0', needs: '-:', programs: ['mysqld', 'mysql', 'mariadbd'], detect: ({ head }) => MYSQL_LOOKS.test(head), read: readMysql };
export const mariadbAudit: Format = { name: 'mysql.audit', programs: ['mysql-server_auditing', 'mariadb-server_auditing'], read: readMariadbAudit };
export const oracle: Format = { name: 'oracle.database_audit', needs: ':0A', programs: ['oracle audit', 'oracle'], detect: ({ head }) => ORACLE_LOOKS.test(head), read: readOracle };
