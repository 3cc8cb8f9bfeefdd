// QNAP's QuLog Center: the connection log and the event log, whose parts stand in an order that differs by version.
//   conn log: Users: an, Source IP: 203.0.113.9, Computer name: PC1, Connection type: SAMBA, Accessed resources: Public/a.docx, Action: Read
//   event log: Users: an, Source IP: 203.0.113.9, Computer name: ---, Application: Users, Category: Login, Content: [Users] Logged in.
// https://docs.qnap.com (QuLog Center, Access Logs, Event Logs)
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { seek } from '../seek.js';

const LOG = /^(?:qulogd(?:\[\d{1,10}\])? ?:? )?(conn|event) log: (?=Users?: )/;
const NAMES = new Set(['Source IP', 'Source', 'Computer name', 'Connection type', 'Accessed resources', 'Action', 'Application', 'Category', 'Client app', 'Client application', 'Client ID', 'Client Agent', 'Client agent', 'Severity level', 'Severity']);
/** Where the next part's comma stands: a value may hold commas too. The last one, `Content`, holds whatever follows. */
function nextPart(text: string, from: number): number {
  for (let at = text.indexOf(', ', from); at >= 0; at = text.indexOf(', ', at + 2)) { const colon = text.indexOf(': ', at); if (colon < 0) return -1; if (colon < at + 22 && NAMES.has(text.slice(at + 2, colon))) return at; }
  return -1;
}

function valuesOf(text: string): Map<string, string> {
  const content = text.indexOf(', Content: '), values = new Map<string, string>();
  const parts = (content < 0 ? text : text.slice(0, content)).slice(0, 8192);
  for (let from = 0; from >= 0;) {
    const colon = parts.indexOf(': ', from), next = nextPart(parts, from), value = parts.slice(colon + 2, next < 0 ? parts.length : next).trim();
    if (colon > 0 && value !== '---' && value !== '--' && value !== '') values.set(parts.slice(from, colon), value);
    from = next < 0 ? -1 : next + 2;
  }
  if (content >= 0) values.set('Content', text.slice(content + 11).trim());
  return values;
}

function readQnap(draft: Draft): boolean {
  const found = LOG.exec(draft.head);
  if (found === null) return readBare(draft);
  const values = valuesOf(draft.text.slice(found[0].length)), address = values.get('Source IP') ?? values.get('Source') ?? '';
  putAccount(draft, 'user', values.get('Users') ?? values.get('User'));
  if (isIp(address)) draft.put('source.ip', address);
  draft.put('source.domain', values.get('Computer name'));
  draft.put('event.provider', `${found[1] ?? ''}-log`);
  if (found[1] === 'conn') readConnection(draft, values); else readEvent(draft, values);
  draft.put('observer.vendor', 'QNAP');
  return true;
}

function readConnection(draft: Draft, values: ReadonlyMap<string, string>): void {
  const action = values.get('Action') ?? '', said = action.endsWith('.') ? action.slice(0, -1) : action, resource = values.get('Accessed resources'), arrow = resource?.indexOf(' -> ') ?? -1;
  draft.put('network.protocol', values.get('Connection type')?.toLowerCase());
  draft.put('user_agent.original', values.get('Client Agent') ?? values.get('Client agent') ?? values.get('Client app') ?? values.get('Client application'));
  draft.put('file.path', arrow < 0 ? resource : resource?.slice(0, arrow));
  if (arrow > 0) draft.put('file.target_path', resource?.slice(arrow + 4));
  draft.put('event.reason', said);
  const done = CONNECTION[said.toLowerCase()];
  if (done !== undefined) draft.act(done);
}
const CONNECTION = lookup<Action>({ delete: 'file_deleted', del: 'file_deleted', 'delete file': 'file_deleted', 'remove directory': 'file_deleted', rmdir: 'file_deleted', read: 'file_opened', open: 'file_opened', download: 'file_downloaded', upload: 'file_uploaded', put: 'file_uploaded', get: 'file_downloaded', write: 'file_changed', rename: 'file_changed', move: 'file_changed', 'change permission': 'file_changed', copy: 'file_created', mkdir: 'file_created', 'create directory': 'file_created', add: 'file_created',
  'login fail': 'login_failed', 'login failed': 'login_failed', 'login ok': 'login', 'login success': 'login', login: 'login', logout: 'logout', mount: 'session_opened', unmount: 'session_closed', 'mount success': 'session_opened', 'mount fail': 'login_failed' });

function readEvent(draft: Draft, values: ReadonlyMap<string, string>): void {
  const said = values.get('Content') ?? '', plain = said.replace(/^\[[^\]]{1,80}\] /, '');
  draft.put('qnap.nas.application', values.get('Application'));
  draft.put('qnap.nas.category', values.get('Category'));
  draft.put('event.reason', said);
  draft.put('file.path', seek(said.slice(0, 800), ' "', /(?:shared folder|file|folder) "([^"]{1,500})"/i)?.[1]);
  if (applyRules(EVENTS, plain, draft)) return;
  const from = draft.has('source.ip') ? undefined : /Source IP(?: address)?:? ?"?([0-9a-fA-F.:]{3,45})/i.exec(said.slice(0, 800))?.[1];
  if (from !== undefined && isIp(from)) draft.fill('source.ip', from);
  const target = seek(said.slice(0, 800), 'user ', /(Created|Deleted|Changed the password of|Edited the account profile of|Disabled|Enabled) (?:the )?(?:local )?user (?:account )?"([^"]{1,128})"/i);
  if (target !== null) { const [, verb = ''] = target; draft.put('user.target.name', target[2]); draft.act(/^created/i.test(verb) ? 'user_created' : /^deleted/i.test(verb) ? 'user_deleted' : /password/i.test(verb) ? 'password_changed' : /^disabled/i.test(verb) ? 'user_disabled' : /^enabled/i.test(verb) ? 'user_enabled' : 'user_changed'); return; }
  if (/login fail|failed to log ?in|fail to log ?in/i.test(said)) draft.act('login_failed');
  else if (/login ok|login success|logged in(?:to)?\b/i.test(said)) draft.act('login');
  else if (/logout|logged out/i.test(said)) draft.act('logout');
  else if (/malware|virus|infected/i.test(said) && /detected|found|removed|quarantined/i.test(said)) draft.act('malware_detected');
  else if (/added to (?:the )?(?:IP )?block ?list|blocked|access protection/i.test(said)) draft.act('access_denied');
  else if (/\b(?:enabled|disabled|changed|modified|updated|deleted|created|added|removed|installed|uninstalled|edited)\b/i.test(said)) draft.act('config_changed');
}
const EVENTS = messageRules([
  ['Added user "{user.target.name~}" to {*}', 'group_member_added'],
  ['Added user "{user.target.name~}".', 'user_created'],
  ['Removed user "{user.target.name~}" from {*}', 'group_member_removed'],
  ['Deleted user group "{group.name~}"{*}', 'group_deleted'],
  ['Created user group "{group.name~}"{*}', 'group_created'],
]);

/** The system's log in its short form: `[Application] text`. */
function readBare(draft: Draft): boolean {
  const found = /^\[([^\]]{1,80})\] (?=\S)/.exec(draft.head);
  if (found === null) return false;
  draft.put('event.provider', 'event-log');
  readEvent(draft, new Map([['Application', found[1] as string], ['Content', draft.text]]));
  return true;
}

export const qnap: Format = { name: 'qnap.nas', holds: ['conn log: User', 'event log: User'], programs: ['qulogd', 'qlogd'], detect: ({ head }) => LOG.test(head), read: readQnap };
