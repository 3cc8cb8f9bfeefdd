// Oracle Database: the audit trail as a file or through syslog (`ACTION :[7] 'CONNECT'`), as XML (`<AuditRecord>`), the unified audit trail through
// syslog (`DBUSER:"AN" ACTION:"100" RETCODE:"1017"`), and the listener's log. Database Security Guide, "Introduction to Auditing"; Net Services
// Administrator's Guide, "Listener Log Audit Trail".
import { readDayMonth, readOffset, readTime, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { putJsonTime } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { eachElement } from '../windows/elements.js';

const NATIVE = nativeNames('oracle.database_audit');

/** What an audit record's own names mean, without case and marks. */
function putRecord(draft: Draft, values: ReadonlyMap<string, string>): void {
  const value = (...names: readonly string[]): string | undefined => { for (const name of names) { const one = values.get(name); if (one !== undefined && one !== '' && one !== '/') return one; } return undefined; };
  putAccount(draft, 'user', value('database_user', 'dbuser', 'db_user', 'userid', 'curuser'));
  putAccount(draft, 'source.user', value('client_user', 'os_user', 'os$userid', 'os_username'));
  const host = value('userhost')?.split('\\').at(-1);
  draft.put('source.domain', host);
  const address = /HOST=([0-9a-fA-F.:]{3,45})\)(?:\(PORT=(\d{1,5})\))?/.exec(value('client_address', 'comment$text', 'comment_text', 'authentication_type') ?? '');
  draft.put('source.ip', address?.[1]); draft.put('source.port', address?.[2]);
  draft.put('process.pid', value('os_process'));
  const action = value('action', 'action_number') ?? '', number = value('action_number') ?? action, status = value('status', 'returncode', 'retcode', 'return_code');
  const outcome = status === undefined ? undefined : status === '0' ? 'success' : 'failure';
  if (status !== undefined && status !== '0') draft.put('event.code', `ORA-${status.padStart(5, '0')}`);
  if (action === 'CONNECT' || number === '100') draft.act(outcome === 'failure' ? 'database_login_failed' : 'database_login', outcome);
  else if (action === 'DISCONNECT' || number === '101' || number === '102') draft.act('database_disconnection', outcome);
  else {
    const meant = ACTIONS[number];
    if (meant !== undefined && outcome !== 'failure') putAccount(draft, 'user.target', value('object_name', 'objname', 'obj$name', 'target_user', 'auth$grantee', 'grantee'));
    draft.act(meant ?? 'database_query', outcome);
  }
  draft.put('oracle.query', value('sql_text', 'sqltext') ?? (/^[A-Za-z]{3,12}\s/.test(action) ? action : undefined));
}
/** Numbers of AUDIT_ACTIONS: accounts, roles and settings. */
const ACTIONS = lookup<Action>({ 51: 'user_created', 43: 'user_changed', 53: 'user_deleted', 52: 'group_created', 54: 'group_deleted', 17: 'privileges_assigned', 108: 'privileges_assigned', 114: 'group_member_added', 115: 'group_member_removed', 49: 'config_changed', 104: 'config_changed', 105: 'config_changed' });

function readTrail(draft: Draft): boolean {
  const { text } = draft, stamp = readTime(text, 0), values = new Map<string, string>();
  if (stamp !== undefined) {
    const zone = readOffset(text, stamp.end);
    draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: zone.offset } : stamp, draft.received, draft.zone);
  }
  eachValue(text.slice(0, 32_768), (name, value) => { if (!values.has(name)) { values.set(name, value); draft.fill(NATIVE(name), value); } });
  putRecord(draft, values);
  return true;
}
/** `NAME:[7] 'value'`: the length says where a value ends that holds quotes; without one, `NAME:"value"`, the next quote does. */
function eachValue(text: string, take: (name: string, value: string) => void): void {
  const form = /([A-Z][A-Z $_]{2,24}):?\s?:?(?:\[(\d{1,6})\] ?)?(["'])/g;
  for (let found = form.exec(text), tries = 0; found !== null && tries < 200; found = form.exec(text), tries++) {
    const [whole, key = '', length, quote = ''] = found, start = found.index + whole.length, counted = length === undefined ? -1 : start + Number(length);
    const end = counted >= 0 && text.charAt(counted) === quote ? counted : endOf(text, start, quote);
    if (end < 0) return;
    form.lastIndex = end + 1;
    const name = key.trim().toLowerCase().replaceAll(' ', '_');
    if (length === undefined && name === 'length') continue;
    take(name, text.slice(start, end));
  }
}
/** The next quote on the line, within what a value may be long. */
function endOf(text: string, start: number, quote: string): number {
  const end = text.indexOf(quote, start), line = text.indexOf('\n', start);
  return end < 0 || end > start + 8000 ? -1 : line >= 0 && line < end ? line : end;
}
const LOOKS = /(?:LENGTH ?: ['"]?\d|ACTION ?:\[\d{1,6}\] ['"]|DBUSER:"[^"]{0,128}" CURUSER:)/;

function readXml(draft: Draft): boolean {
  const values = new Map<string, string>();
  eachElement(draft.text.slice(draft.text.indexOf('<AuditRecord')), (name, _, text) => { const key = name.toLowerCase(); if (text !== '' && !values.has(key)) values.set(key, text); });
  if (values.size < 3) return false;
  for (const [name, value] of values) draft.put(NATIVE(name), value);
  putJsonTime(draft, values.get('extended_timestamp'));
  putRecord(draft, values);
  return true;
}

/** `17-FEB-2026 13:40:03 * (CONNECT_DATA=...(USER=an)) * (ADDRESS=(PROTOCOL=tcp)(HOST=192.0.2.21)(PORT=54321)) * establish * service * 0`. */
/** Since 12.2 a time with its zone stands before each line, on a line of its own, or in the time's place. */
const LISTENER = /^(?:(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)\s{1,2})?(\d\d-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d(?::\d{3})?)|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) \* (?=[A-Za-z(])/;
export function readListener(draft: Draft): boolean {
  const found = LISTENER.exec(draft.head);
  if (found === null) return false;
  const stamp = found[1] === undefined ? readTime(draft.head, 0) : readDayMonth(found[1], 0), parts = draft.text.slice(0, 4000).split(' * ', 12), said = parts.slice(1, 4).join(' ');
  if (found[1] === undefined || found[0].startsWith(found[1])) draft.timeFrom(stamp);
  const address = /\(ADDRESS=\(PROTOCOL=(\w{2,6})\)\(HOST=([^)]{1,255})\)(?:\(PORT=(\d{1,5})\))?/i.exec(said), code = parts.at(-1)?.trim() ?? '';
  draft.put('network.transport', address?.[1]?.toLowerCase().replace('tcps', 'tcp'));
  draft.put('source.ip', address?.[2]); draft.put('source.port', address?.[3]);
  putAccount(draft, 'source.user', /\(USER=([^)]{1,128})\)/i.exec(said)?.[1]);
  putAccount(draft, 'user', /\(USER=([^)]{1,128})\)/i.exec(said)?.[1]);
  const program = /\(PROGRAM=(.{0,255}?)\)(?=[()])/i.exec(said)?.[1], from = /\(CID=.{0,600}?\(HOST=([\w.-]{1,255})\)/i.exec(said)?.[1]; // `C:\Program Files (x86)\sqlplus.exe` holds brackets of its own
  draft.put('process.name', program?.replace(/^.*[\\/]/, ''));
  if (program !== undefined && /[\\/]/.test(program)) draft.put('process.executable', program);
  if (from !== '__jdbc__') draft.put('source.domain', from);
  const connects = said.includes('(ADDRESS=') || said.includes('establish') || parts.length === 2;
  draft.put('service.name', /\(SERVICE_NAME=([^)]{1,128})\)/i.exec(said)?.[1] ?? (parts[1]?.startsWith('service_') === true ? parts[2] : connects ? parts[4] : undefined));
  if (/^[1-9]\d{0,5}$/.test(code)) draft.put('event.code', `TNS-${code.padStart(5, '0')}`);
  draft.event['event.dataset'] = 'oracle.listener';
  draft.act(connects ? 'database_connection' : said.includes('(COMMAND=stop)') ? 'service_stopped' : 'audit_record', /^\d{1,6}$/.test(code) ? (code === '0' ? 'success' : 'failure') : undefined);
  return true;
}

export const oracleListener: Format = { name: 'oracle.listener', holds: [' * '], detect: ({ head }) => LISTENER.test(head), read: readListener };
export const oracleXml: Format = { name: 'oracle.database_audit', holds: ['^<AuditRecord>', '^<?xml'], detect: ({ head }) => head.startsWith('<AuditRecord>') || head.startsWith('<?xml') && head.includes('<AuditRecord>'), read: readXml };
export const oracle: Format = { name: 'oracle.database_audit', holds: ['LENGTH:', 'LENGTH :', 'ACTION:[', 'ACTION :[', 'DBUSER:"'], programs: ['oracle audit', 'oracle', 'oracle unified audit'], detect: ({ head }) => LOOKS.test(head), read: (draft) => LOOKS.test(draft.head) && readTrail(draft) };
