// Storage: NetApp's ONTAP, events (`[node-01:auth.tooManyErrors:notice]: text`) and the audit of its management
// (`... [kern_audit:info:2101] 8503e8::8503e9 :: svm:ssh :: 192.0.2.7:51122 :: svm:an:admin :: volume show :: Success`), and the protocol audit of Dell's PowerScale
// (`S-1-5-21-1|1000|System|1|192.0.2.11|SMB|DELETE|SUCCESS|FILE|...|/ifs/data/a.docx`).
// https://docs.netapp.com/us-en/ontap/system-admin/audit-manage-command-activity-concept.html
import type { Action } from '../actions.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { nativeNames } from '../native-names.js';
import { isIp, splitEndpoint } from '../net.js';
import { readSentence } from '../sentences.js';

const EMS = /^\[([\w.-]{1,80}): ?(?:([\w-]{1,60}): ?)?([A-Za-z]\w{0,40}(?:[._]\w{1,60}){1,8}):(emergency|alert|critical|error|warning|notice|info|informational|debug|EMERGENCY|ALERT|ERROR|NOTICE|INFORMATIONAL|DEBUG)\]: ?/, AUDIT = /\[kern_audit:(\w{2,12}):(\d{1,10})\] ?/, NETAPP = nativeNames('netapp.ontap');
function readOntap(draft: Draft): boolean {
  const ems = EMS.exec(draft.head), audit = ems === null ? AUDIT.exec(draft.head) : null;
  if (ems === null && audit === null) return false;
  draft.put('observer.vendor', 'NetApp'); draft.put('observer.product', 'ONTAP');
  if (ems !== null) {
    const said = draft.text.slice(ems[0].length, ems[0].length + 2000), code = ems[3] as string;
    draft.fill('host.name', ems[1]); draft.put('process.name', ems[2]); draft.put('event.code', code); draft.put('log.level', ems[4]?.toLowerCase());
    readSentence(draft, said);
    if (/login\.?fail|auth.{0,20}(?:fail|tooMany|denied)|loginFail/i.test(code)) draft.act('login_failed'); else if (/ransomware|arw\.|vscan\.(?:infected|virus)|virus/i.test(code)) draft.act('malware_detected'); else if (/disk\.(?:fail|dead)|raid\.disk.*fail|diskFail/i.test(code)) draft.act('disk_failed');
    return true;
  }
  const cells = draft.text.slice((audit?.index ?? 0) + (audit?.[0].length ?? 0), 8000).split(' :: ', 12).map((cell) => cell.trim()), at = cells.findIndex((cell) => isIp(splitEndpoint(cell).host)), from = splitEndpoint(cells[at] ?? '');
  draft.put('event.code', 'kern_audit'); draft.put(NETAPP('session'), cells[0]);
  const [vserver, application] = (cells[at - 1] ?? '').split(':', 2), [, person, role] = (cells[at + 1] ?? '').split(':', 3), last = at < 0 ? -1 : cells.length - 1;
  draft.put(NETAPP('vserver'), vserver); draft.put('network.protocol', application); draft.put(NETAPP('role'), role);
  draft.put('source.ip', from.host); draft.put('source.port', from.port);
  fillAccount(draft, 'user', person ?? (at < 0 ? undefined : cells[at + 1]));
  const state = cells[last] ?? '', command = cells.slice(at + 2, last).join(' :: ');
  if (at >= 0) draft.put('process.command_line', command);
  draft.put(NETAPP('state'), state.split(':', 1)[0]);
  const failed = /^Error/.test(state), outcome = failed ? 'failure' : /^Success/.test(state) ? 'success' : undefined;
  if (failed) draft.put('event.reason', /^Error: ?(.{2,400})$/s.exec(state)?.[1]);
  const action: Action | undefined = /^(?:Logging in|Login Attempt|Login)/i.test(command) ? failed ? 'login_failed' : 'login' : /^(?:Logging out|Logout)/i.test(command) ? 'logout' : at < 0 ? undefined : LOOKS_ONLY.test(command) ? 'shell_command' : 'config_changed';
  if (action !== undefined) draft.act(action, outcome);
  return true;
}
const LOOKS_ONLY = /^(?:GET |.{0,120}\b(?:show|help|man|top|rows|history|set -)\b)/;

// --- PowerScale ----------------------------------------------------------------------------------------------------------------------
const DONE = lookup<Action>({ create: 'file_created', open: 'file_opened', read: 'file_opened', write: 'file_changed', delete: 'file_deleted', rename: 'file_changed', close: 'file_opened', set_security: 'file_changed', logon: 'login', logoff: 'logout', tree_connect: 'session_opened' }), DELL = nativeNames('dell.powerscale');
function readPowerScale(draft: Draft): boolean {
  const named = /^audit_(?:protocol|syslog)\[(\d{1,10})\]: /.exec(draft.head), node = named === null ? undefined : draft.getText('log.syslog.appname');
  const cells = draft.text.slice(named?.[0].length ?? 0, 8000).split('|', 30).map((cell) => cell.trim()), at = cells.findIndex(isIp);
  if (cells.length < 8 || at < 1 || at > 5) return false;
  if (named !== null) { draft.put('process.name', named[0].slice(0, named[0].indexOf('['))); draft.put('process.pid', named[1]); draft.fill('host.name', node?.replace(/\(id\d{1,4}\)$/, '')); } // `node-1(id1)` looks like no host
  const [sid, id] = cells, event = (cells[at + 2] ?? '').toUpperCase(), result = cells[at + 3] ?? '', path = cells.at(-1) ?? '';
  draft.put('user.id', sid); draft.put(DELL('uid'), id); draft.put(DELL('zone'), cells[at - 2]);
  draft.put('source.ip', cells[at]); draft.put('network.protocol', cells[at + 1]?.toLowerCase()); draft.put('event.code', event); draft.put(DELL('status'), result);
  if (/^(?:\/|\\|[A-Za-z]:)/.test(path)) { draft.put('file.path', path); draft.put('file.name', path.split(/[\\/]/).at(-1)); }
  if (/^(?:FILE|DIR)$/i.test(cells[at + 4] ?? '')) draft.put('file.type', (cells[at + 4] ?? '').toLowerCase());
  draft.put('observer.vendor', 'Dell'); draft.put('observer.product', 'PowerScale');
  draft.act(DONE[event.toLowerCase()] ?? 'audit_record', /^(?:SUCCESS|0)$/i.test(result) ? 'success' : 'failure');
  return true;
}

export const ontap: Format = { name: 'netapp.ontap', holds: ['[kern_audit:', ':notice]:', ':error]:', ':alert]:', ':emergency]:', ':info]:', ':informational]:', ':debug]:', ':warning]:', ':critical]:', ':NOTICE]:', ':ERROR]:', ':ALERT]:', ':EMERGENCY]:', ':INFORMATIONAL]:'], detect: ({ head }) => head.startsWith('[') && EMS.test(head) || AUDIT.test(head), read: readOntap };
export const powerScale: Format = { name: 'dell.powerscale', programs: ['audit_protocol', 'audit_syslog'], holds: ['^audit_protocol[', '^audit_syslog['], detect: ({ head }) => /^audit_(?:protocol|syslog)\[/.test(head), read: readPowerScale };
