// Microsoft SQL Server: an audit event as text (`Audit event: audit_schema_version:1 ... action_id:LGIF succeeded:false statement:...`), one
// `name:value` a line, a value of several lines up to the next name; and its error log (`2026-02-17 13:40:03.12 Logon  Login failed for user 'sa'`).
import { readIso, resolve } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { nativeNames } from '../native-names.js';

const NATIVE = nativeNames('sqlserver.audit');

const NAMES = new Set(('audit_schema_version event_time sequence_number action_id succeeded is_column_permission session_id server_principal_id database_principal_id target_server_principal_id target_database_principal_id object_id user_defined_event_id transaction_id class_type '
  + 'duration_milliseconds response_rows affected_rows client_ip permission_bitmask sequence_group_id session_server_principal_name server_principal_name server_principal_sid database_principal_name target_server_principal_name target_server_principal_sid target_database_principal_name '
  + 'server_instance_name database_name schema_name object_name statement additional_information user_defined_information application_name connection_id data_sensitivity_information host_name session_context client_tls_version external_policy_permissions_checked').split(' '));

/** Where the line ends became blanks on the way. */
const IN_A_LINE = new RegExp(`\\s(?=(?:${[...NAMES].join('|')}):)`);

/** The values of an audit event by name; a full stop ends it in Windows' log; lines that begin no name, or one that was there already, belong to the value before them. */
export function auditValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let name = '';
  const said = text.slice(0, 65_536).replace(/\s\.\s*$/, ''), lines = said.split(/\r\n|\n|#012|#015#012/, 2000);
  for (const line of lines.length < 5 ? said.split(IN_A_LINE, 2000) : lines) {
    const start = line.replace(/^\s*(?:Audit event: ?)?/, ''), colon = start.indexOf(':'), first = colon > 0 ? start.slice(0, colon).trim() : '';
    if (NAMES.has(first) && !values.has(first)) { name = first; values.set(name, start.slice(colon + 1).trim()); } else if (name !== '') values.set(name, `${values.get(name) ?? ''}\n${line}`);
  }
  return values;
}

/** action_id: https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-dm-audit-actions-transact-sql */
const ACTIONS = lookup<Action>({ LGIS: 'database_login', LGIF: 'database_login_failed', DBAS: 'database_login', DBAF: 'database_login_failed', LGO: 'logout', DAGL: 'logout', CR: 'config_changed', AL: 'config_changed', DR: 'config_changed', PWR: 'password_reset', PWC: 'password_changed', APRL: 'group_member_added', DPRL: 'group_member_removed', AUSC: 'config_changed' });

export function putAudit(draft: Draft, values: ReadonlyMap<string, string>): void {
  for (const [name, value] of values) draft.put(NATIVE(name), value.trim());
  const action = values.get('action_id')?.trim() ?? '', failed = /^(?:false|0)$/i.test(values.get('succeeded')?.trim() ?? 'true');
  draft.put('event.code', action);
  putAccount(draft, 'user', values.get('server_principal_name'));
  fillAccount(draft, 'user', values.get('session_server_principal_name'));
  fillAccount(draft, 'user', values.get('database_principal_name'));
  putAccount(draft, 'user.target', values.get('target_server_principal_name'));
  const from = values.get('client_ip')?.trim() ?? '';
  if (isIp(from)) draft.put('source.ip', from);
  draft.put('source.domain', values.get('host_name')?.replace(/\s*\.?\s*$/, ''));
  draft.put('process.name', values.get('application_name'));
  const stamp = readIso(values.get('event_time')?.trim() ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone); // written in UTC
  draft.act(ACTIONS[action] ?? 'database_query', failed ? 'failure' : 'success');
  draft.put('service.name', 'mssql');
}

function readAuditText(draft: Draft): boolean {
  const values = auditValues(draft.text);
  if (values.size < 5) return false;
  putAudit(draft, values);
  return true;
}

const ERROR_LOG = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{2}) (Logon|Backup|Server|spid\d{1,6}s?) {2,12}(?=\S)/;
/** A named instance's service, which is no syslog tag: `MSSQL$HOSO: 18456: ...`. */
const INSTANCE = /^MSSQL\$(\w{1,16})(?:\[(\d{1,10})\])?: /, FORWARDED = /^(?:(\d{1,6}): )?(?=Login |Error:|[A-Z])/;
function readErrorLog(draft: Draft): boolean {
  const found = ERROR_LOG.exec(draft.head), instance = found === null ? INSTANCE.exec(draft.head) : null, forwarded = found === null ? FORWARDED.exec(draft.head.slice(instance?.[0].length ?? 0)) : null; // forwarded from the Application log: `MSSQLSERVER: 18456: Login failed ...`
  if (found === null && (forwarded === null || instance === null && !draft.program.startsWith('mssql'))) return false;
  if (instance !== null) { draft.setText(draft.text.slice(instance[0].length)); draft.put('sqlserver.log.instance', instance[1]); draft.put('process.pid', instance[2]); }
  if (forwarded !== null && draft.text.startsWith('Audit event:', forwarded[0].length)) { draft.setText(draft.text.slice(forwarded[0].length)); draft.event['event.dataset'] = 'microsoft_sqlserver.audit'; return readAuditText(draft); }
  const stamp = found === null ? undefined : readIso(found[1] as string, 0);
  draft.timeFrom(stamp);
  const start = (found ?? forwarded)?.[0].length ?? 0, said = draft.text.slice(start, start + 2000);
  draft.put('sqlserver.log.origin', found?.[2]);
  draft.put('event.code', forwarded?.[1]);
  draft.put('service.name', 'mssql');
  putAccount(draft, 'user', /for (?:user|login) '([^']{1,256})'/.exec(said)?.[1]);
  draft.put('source.ip', /\[CLIENT: ([0-9a-fA-F.:]{3,45})\]/.exec(said)?.[1]);
  draft.put('event.code', /^Error: (\d{1,6})/.exec(said)?.[1]);
  if (said.startsWith('Login failed for user ')) draft.fill('event.code', '18456'); // the number stands in the line before
  draft.put('event.reason', /Reason: ([^[]{1,500})/.exec(said)?.[1]?.trim());
  const option = /^Configuration option '([^']{1,128})' changed from (\S{1,20}) to (\S{1,20})\./.exec(said), meant = MEANINGS.find(([form]) => form.test(said));
  if (option !== null) { draft.put('sqlserver.log.option', option[1]); draft.put('event.reason', said.slice(0, said.indexOf('.'))); }
  draft.put('sqlserver.log.state', /^Error: .{1,60}, State: (\d{1,4})/.exec(said)?.[1]);
  if (meant !== undefined) draft.act(meant[1]);
  else draft.act(said.startsWith('Login failed') ? 'database_login_failed' : said.startsWith('Login succeeded') ? 'database_login' : said.startsWith('Error:') ? 'database_error' : /^Database backed up|^BACKUP |^Log was backed up/.test(said) ? 'database_query' : 'audit_record');
  return true;
}

const MEANINGS: readonly (readonly [form: RegExp, action: Action])[] = [
  [/^SSPI handshake failed with error code/, 'database_login_failed'],
  [/^(?:Configuration option '|Setting database option|Changing the status to|Trace ID = )/, 'config_changed'],
  [/^(?:SQL Server is now ready for client connections|The SQL Server service has started)/, 'service_started'],
  [/^(?:SQL Server is terminating|SQL Trace was stopped due to server shutdown|The SQL Server service has been stopped)/, 'service_stopped'],
  [/^Using '[^']{1,128}' version .{1,80} to execute extended stored procedure|^Attempting to load library '/, 'library_loaded'],
  [/^(?:The login packet used to open the connection is structurally invalid|Length specified in network packet payload did not match)/, 'connection_denied'],
];

export const mssqlAudit: Format = { name: 'microsoft_sqlserver.audit', holds: ['audit_schema_version:0'], detect: ({ head }) => /^(?:Audit event: ?)?audit_schema_version:\d/.test(head), read: readAuditText };
export const mssql: Format = { name: 'microsoft_sqlserver.log', holds: ['^0000-00-00 00:00:00.00 ', '^MSSQL$'], programs: ['sqlservr', 'mssqlserver'], detect: ({ head }) => ERROR_LOG.test(head) || INSTANCE.test(head), read: readErrorLog };
