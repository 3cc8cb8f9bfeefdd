// Who did what in MySQL and MariaDB: MariaDB's audit plugin (columns), MySQL Enterprise Audit and Percona's audit log (JSON, XML old and new), and the
// error log as JSON. https://mariadb.com/kb/en/mariadb-audit-plugin-log-format/ https://dev.mysql.com/doc/refman/8.4/en/audit-log-file-formats.html
import { readIso } from '../../message/time.js';
import { putAccount } from '../account.js';
import { splitCsv } from '../csv.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { eachElement } from '../windows/elements.js';
import { putMysqlError } from './mysql.js';

const OPERATIONS = lookup<Action>({ FAILED_CONNECT: 'database_login_failed', CONNECT: 'database_login', DISCONNECT: 'database_disconnection', CHANGEUSER: 'database_login' });

/** `server,user,host,connection,query id,OPERATION,database,'object',code`. */
function readColumns(draft: Draft): boolean {
  const found = /^(?:\d{8} [\d:]{8},)?(\S{0,64} )?([^,]{1,255}),([^,]{0,128}),([^,]{0,255}),(\d{1,12}),(\d{1,12}),([A-Z_]{3,20}),([^,]{0,128}),/.exec(draft.head);
  if (found === null) return false;
  const [whole, , , user, host = '', thread, , operation = '', database] = found;
  putAccount(draft, 'user', user);
  draft.put(isIp(host) ? 'source.ip' : 'source.domain', host);
  draft.put('mysql.command', operation);
  draft.put('mysql.thread_id', thread);
  draft.put('mysql.database', database);
  const rest = draft.text.slice(whole.length), end = rest.lastIndexOf(','), code = end < 0 ? '' : rest.slice(end + 1).trim();
  draft.put('mysql.query', unescape(rest.slice(0, end < 0 ? undefined : end).replace(/^'|'$/g, '')));
  const failed = /^[1-9]\d{0,5}$/.test(code), account = operation === 'QUERY' && code === '0' ? accountStatement(draft.getText('mysql.query') ?? '') : undefined, action = account?.action ?? OPERATIONS[operation] ?? 'database_query';
  draft.put('user.target.name', account?.target);
  if (failed) draft.put('event.code', code);
  draft.act(action === 'database_login' && failed ? 'database_login_failed' : action, /^\d{1,6}$/.test(code) && action === 'database_query' ? (failed ? 'failure' : 'success') : undefined);
  return true;
}

/** What a statement did to an account, by its first words. */
const STATEMENT = /^\s{0,20}(CREATE USER(?: IF NOT EXISTS)?|DROP USER(?: IF EXISTS)?|ALTER USER(?: IF EXISTS)?|SET PASSWORD FOR|GRANT|REVOKE)\s/i, NAMED_ACCOUNT = /^\s{0,20}(?:'([^']{1,128})'|"([^"]{1,128})"|`([^`]{1,128})`|([\w$.-]{1,128}))/;
const STATEMENTS = lookup<Action>({ CREATE: 'user_created', DROP: 'user_deleted', ALTER: 'user_changed', SET: 'password_changed', GRANT: 'privileges_assigned', REVOKE: 'user_changed' });
function accountStatement(text: string): { readonly action: Action; readonly target?: string } | undefined {
  const found = STATEMENT.exec(text), verb = found?.[1]?.toUpperCase() ?? '', action = STATEMENTS[/^[A-Z]*/.exec(verb)?.[0] ?? ''];
  if (found === null || action === undefined) return undefined;
  const behind = verb === 'GRANT' || verb === 'REVOKE' ? / (?:TO|FROM) /i.exec(text.slice(0, 8_000)) : null, name = NAMED_ACCOUNT.exec(text.slice(behind === null ? found[0].length : behind.index + behind[0].length));
  return { action, target: name?.slice(1).find((part) => part !== undefined) };
}

/** The plugin writes a quote, a backslash and what would break the line behind a backslash. */
const ESCAPED = lookup({ n: '\n', r: '\r', t: '\t', b: '\b', 0: '\0' });
const unescape = (text: string): string => text.includes('\\') ? text.replace(/\\(.)/gs, (_whole, letter: string) => ESCAPED[letter] ?? letter) : text;

/** The same in a file of its own, a time before it: `20260217 13:40:03,server,...`. */
const AUDIT_FILE = /^(\d{4})(\d\d)(\d\d) (\d\d:\d\d:\d\d),[^,]{1,255},[^,]{0,128},[^,]{0,255},\d{1,12},\d{1,12},[A-Z_]{3,20},/;
function readAuditFile(draft: Draft): boolean {
  const found = AUDIT_FILE.exec(draft.head);
  if (found === null || !readColumns(draft)) return false;
  const stamp = readIso(`${found[1] ?? ''}-${found[2] ?? ''}-${found[3] ?? ''} ${found[4] ?? ''}`, 0);
  draft.timeFrom(stamp);
  draft.put('event.dataset', 'mysql.audit');
  return true;
}

/** A record of the audit logs that MySQL's makers and Percona write, its names in small letters. */
function putRecord(draft: Draft, value: (...names: readonly string[]) => string | undefined): void {
  const who = value('user', 'login.user', 'account.user') ?? '', whole = /^([^[\s]{0,128})(?:\[([^\]]{0,128})\])? @ +(\S{0,255}) ?\[([^\]]{0,64})\]/.exec(who);
  putAccount(draft, 'user', whole?.[1] ?? who);
  const address = value('ip', 'login.ip') ?? whole?.[4] ?? '';
  if (isIp(address)) draft.put('source.ip', address);
  draft.put('source.domain', value('host', 'account.host') ?? whole?.[3]);
  draft.put('user.effective.name', value('priv_user'));
  draft.put('mysql.database', value('db', 'connection_data.db', 'general_data.db', 'table_access_data.db'));
  draft.put('mysql.query', value('sqltext', 'general_data.query', 'query_data.query', 'table_access_data.query'));
  draft.put('mysql.thread_id', value('connection_id'));
  const name = (value('name', 'event') ?? '').toLowerCase(), kind = (value('command_class', 'class') ?? '').toLowerCase(), status = value('status', 'status_code', 'connection_data.status', 'general_data.status'), failed = status !== undefined && status !== '0';
  draft.put('mysql.command', value('name', 'general_data.command', 'event'));
  if (failed) draft.put('event.code', status);
  draft.put('service.name', 'mysql');
  if (name === 'connect' || name === 'change user' || kind === 'connect') draft.act(failed ? 'database_login_failed' : 'database_login');
  else if (name === 'quit' || name === 'disconnect') draft.act('database_disconnection');
  else if (name === 'audit' || name === 'noaudit' || name === 'startup' || name === 'shutdown') draft.act(name === 'audit' || name === 'startup' ? 'service_started' : 'service_stopped');
  else draft.act('database_query', failed ? 'failure' : 'success');
}

export const mysqlAuditJson: JsonKind = {
  dataset: 'mysql.audit',
  is: (flat) => has(flat, 'audit_record.name') || has(flat, 'class', 'event', 'timestamp') && (has(flat, 'account.user') || has(flat, 'login.user') || has(flat, 'connection_data.connection_type') || has(flat, 'startup_data.server_id')),
  read(draft, flat) {
    keepAll(draft, 'mysql.audit', flat);
    putJsonTime(draft, textOf(flat, 'audit_record.timestamp') ?? textOf(flat, 'timestamp'), true); // written in UTC
    putRecord(draft, (...names) => { for (const name of names) { const value = textOf(flat, `audit_record.${name}`) ?? textOf(flat, name); if (value !== undefined) return value; } return undefined; });
  },
};

const ERROR_NAMES: Names = [['thread', 'mysql.thread_id'], ['subsystem', 'event.provider']];
/** MySQL 8's error log as JSON (component_log_sink_json). */
export const mysqlErrorJson: JsonKind = {
  dataset: 'mysql.log',
  is: (flat: Flat) => has(flat, 'prio', 'err_code', 'msg'),
  read(draft, flat) {
    keepAll(draft, 'mysql.error', flat);
    putJsonTime(draft, textOf(flat, 'time'), true);
    const code = textOf(flat, 'err_code') ?? '';
    draft.put('event.code', /^\d{1,6}$/.test(code) ? `MY-${code.padStart(6, '0')}` : code);
    putAll(draft, flat, ERROR_NAMES);
    const said = textOf(flat, 'msg') ?? '';
    draft.event['message'] = said;
    putMysqlError(draft, said, textOf(flat, 'label'));
  },
};

/** `<AUDIT_RECORD NAME="Connect" USER="an" .../>` and `<AUDIT_RECORD><NAME>Connect</NAME><USER>an</USER>...</AUDIT_RECORD>`. */
function readXml(draft: Draft): boolean {
  const values = new Map<string, string>();
  eachElement(draft.text.slice(draft.text.indexOf('<AUDIT_RECORD')), (name, attributes, text) => {
    for (let i = 0; i < attributes.length; i += 2) values.set((attributes[i] as string).toLowerCase(), attributes[i + 1] as string);
    if (text !== '' && name !== 'AUDIT_RECORD') values.set(name.toLowerCase(), text);
  });
  if (values.size < 3) return false;
  for (const [key, value] of values) draft.put(`mysql.audit.${key}`, value);
  putJsonTime(draft, values.get('timestamp'), true);
  putRecord(draft, (...names) => { for (const name of names) { const value = values.get(name); if (value !== undefined && value !== '') return value; } return undefined; });
  return true;
}

/** Percona's audit log as CSV: of a connection `"Connect",record,time,id,status,user,priv_user,os_login,proxy_user,host,ip,db`, of a statement `"Query",record,time,class,id,status,text,user,host,os_user,ip,db`. */
const CSV = /^"(Connect|Change user|Quit|[A-Z][A-Za-z ]{2,30})","[^"]{5,60}","(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d UTC)",/;
const OF_CONNECTION = ['name', 'record', 'timestamp', 'connection_id', 'status', 'user', 'priv_user', 'os_login', 'proxy_user', 'host', 'ip', 'db'], OF_STATEMENT = ['name', 'record', 'timestamp', 'command_class', 'connection_id', 'status', 'sqltext', 'user', 'host', 'os_user', 'ip', 'db'];
function readPerconaCsv(draft: Draft): boolean {
  const cells = splitCsv(draft.text, ','), names = /^(?:Connect|Change user|Quit)$/.test(cells[0] ?? '') ? OF_CONNECTION : OF_STATEMENT;
  if (cells.length < 10) return false;
  const values = new Map(names.map((name, i) => [name, cells[i] ?? '']));
  for (const [key, value] of values) draft.put(`mysql.audit.${key}`, value);
  putJsonTime(draft, values.get('timestamp'), true);
  putRecord(draft, (...asked) => { for (const name of asked) { const value = values.get(name); if (value !== undefined && value !== '') return value; } return undefined; });
  return true;
}

const ACTIVITY_NAMES: Names = [['thread-id', 'mysql.thread_id'], ['query', 'mysql.query'], ['cmd', 'mysql.command'], ['os_user', 'source.user.name'], ['appname', 'process.name'], ['host', 'source.domain'], ['objects.db', 'mysql.database'], ['port', 'source.port']];
/** The audit plugin that McAfee began and Trellix keeps: `{"msg-type":"activity","date":"1771310403123","user":"an","cmd":"select",...}`. */
export const mysqlActivity: JsonKind = {
  dataset: 'mysql.audit',
  is: (flat) => has(flat, 'msg-type', 'date') && (has(flat, 'cmd') || textOf(flat, 'msg-type') === 'header'),
  read(draft, flat) {
    keepAll(draft, 'mysql.audit', flat);
    putJsonTime(draft, textOf(flat, 'date'));
    putAll(draft, flat, ACTIVITY_NAMES);
    putAccount(draft, 'user', textOf(flat, 'user'));
    const address = textOf(flat, 'ip') ?? '', command = (textOf(flat, 'cmd') ?? '').toLowerCase(), status = textOf(flat, 'status');
    if (isIp(address)) draft.put('source.ip', address);
    if (command === '') draft.act('service_started');
    else if (command === 'failed login') draft.act('database_login_failed');
    else if (command === 'connect' || command === 'login') draft.act('database_login');
    else if (command === 'quit' || command === 'disconnect') draft.act('database_disconnection');
    else draft.act('database_query', status === undefined ? undefined : status === '0' ? 'success' : 'failure');
    if (status !== undefined && status !== '0') draft.put('event.code', status);
  },
};

export const perconaCsv: Format = { name: 'mysql.audit', holds: ['UTC",'], detect: ({ head }) => CSV.test(head), read: readPerconaCsv };
export const mysqlAuditXml: Format = { name: 'mysql.audit', holds: ['^<AUDIT_RECORD'], detect: ({ head }) => head.startsWith('<AUDIT_RECORD'), read: readXml };
export const mariadbAuditFile: Format = { name: 'mysql.audit', holds: ['^00000000 00:00:00,'], detect: ({ head }) => AUDIT_FILE.test(head), read: readAuditFile };
export const mariadbAudit: Format = { name: 'mysql.audit', programs: ['mysql-server_auditing', 'mariadb-server_auditing'], read: readColumns };
