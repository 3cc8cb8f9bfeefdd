// VMware ESXi and vCenter: `2026-02-17T13:40:03.404Z info hostd[2527] [Originator@6876 sub=Vimsvc user=root] text`, vCenter's Java services
// (`INFO ssoAdminServer[697:pool-2] [OpId=...] [class] text`), its web front ends' request logs, and events (`Event [1] [1-1] [time] [vim.event.X]`).
import { flatten } from '../../event.js';
import { readDayMonth, readIso, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putJsonTime, textOf, type Flat, type JsonKind } from '../json-fields.js';
import { readJson } from '../json-text.js';
import { readPam } from '../linux/pam.js';
import { sshd } from '../linux/sshd.js';
import { lookup } from '../lookup.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { putRequest, putTarget } from '../web/request.js';
import { nativeNames } from '../native-names.js';

const NATIVE = nativeNames('vsphere.log');

const LINE = /^\s{0,4}(?:(\d{4}-\d\d-\d\dT[\d:.]{8,20}Z?) )?(?:(trivia|verbose|info|warning|error|debug|notice|panic|INFO|WARN|WARNING|ERROR|DEBUG|TRACE|Wa\(\d+\)|In\(\d+\)|Er\(\d+\)|Db\(\d+\)|No\(\d+\)|Cr\(\d+\)|Al\(\d+\)|Em\(\d+\)) )?(?:(?:[\w.-]{2,40}): (?:(?:info|warning|error|verbose) )?)?([\w.-]{2,40})\[(\d{1,18})(?::[^\]]{1,80})?\]:? /;
/** ESXi 8 writes a severity's first letters and the priority: `In(14)`. */
const SHORT_LEVELS = lookup<string>({ 'In(': 'info', 'Wa(': 'warning', 'Er(': 'error', 'Db(': 'debug', 'No(': 'notice', 'Cr(': 'critical', 'Al(': 'alert', 'Em(': 'emergency' });
const ORIGINATOR = /\[Originator@\d{1,8} ([^\]]{1,400})\]/;

function readVmware(draft: Draft): boolean {
  const line = LINE.exec(draft.head), originator = ORIGINATOR.exec(draft.head);
  if (line === null && draft.head.startsWith('pam_') && readPam(draft)) return true;
  if (line === null && originator === null) return readText(draft, draft.head) || ESX_PROGRAMS.includes(draft.program);
  if (line !== null) {
    const stamp = readIso(line[1] ?? '', 0);
    if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
    draft.put('log.level', SHORT_LEVELS[line[2]?.slice(0, 3) ?? ''] ?? line[2]?.toLowerCase());
    draft.put('process.name', line[3]);
    draft.put('process.pid', line[4]);
    const other = FILES[line[3] as string];
    if (other !== undefined) { draft.setText(draft.text.slice(line[0].length)); draft.event['event.dataset'] = other.name; return other.read(draft); }
  }
  for (const [key, value] of readPairs(originator?.[1] ?? '')) {
    draft.put(NATIVE(key), value);
    if (key === 'user') { const [name, domain] = value.split(':'); putAccount(draft, 'user', name); if (domain?.startsWith('<') === false) draft.put('user.domain', domain); }
  }
  readText(draft, originator === null ? draft.head : draft.head.slice(originator.index + originator[0].length));
  return true;
}

/** What the text after the prefix says; false when it says nothing of ours. */
function readText(draft: Draft, said: string): boolean {
  const before = Object.keys(draft.event).length;
  readEvent(draft, said);
  readLogin(draft, said);
  readRequests(draft, said);
  readCommand(draft, said);
  const ends = !said.includes("'>") ? [] : [...said.matchAll(/<(TCP|UDP) '([0-9a-fA-F.:]{3,45}) : (\d{1,5})'>/g)];
  (['source', 'destination'] as const).forEach((side, i) => { const end = ends[i]; if (end !== undefined) { draft.fill(`${side}.ip`, end[2]); draft.fill(`${side}.port`, end[3]); draft.put('network.transport', end[1]?.toLowerCase()); } });
  const known = Object.keys(draft.event).length > before;
  if (known || draft.program !== '' || said !== draft.head) readSentence(draft, said);
  return known;
}

/** `Event [1] [1-1] [time] [vim.event.UserLoginSessionEvent] [info] [CORP\bob] [Datacenter] [1] [text]`. */
function readEvent(draft: Draft, said: string): void {
  const event = seek(said, 'Event [', /^\s?Event \[\d{1,12}\] \[[^\]]{1,20}\] \[([^\]]{1,40})\] \[([\w.]{1,80})\] \[\w{1,12}\] \[([^\]]{0,128})\]/);
  if (event === null) { readHappened(draft, seek(said, 'Event ', /(?:^|\s)Event \d{1,12} : (.{1,500})$/)?.[1]); return; }
  const stamp = readIso(event[1] as string, 0);
  draft.timeFrom(stamp);
  draft.put('event.code', event[2]);
  putAccount(draft, 'user', event[3]);
  const action = EVENTS[(event[2] as string).slice((event[2] as string).lastIndexOf('.') + 1)];
  if (action !== undefined) draft.act(action);
  const whole = said.trimEnd(), open = whole.lastIndexOf('[');
  if (whole.endsWith(']')) readHappened(draft, whole.slice(open + 1, -1));
}

/** An event's own sentence, where the event's kind says nothing of the kind. */
function readHappened(draft: Draft, said: string | undefined): void {
  if (said === undefined) return;
  const task = said.startsWith('Task: ') ? said.slice(6) : undefined;
  draft.put('event.reason', task);
  const account = said.startsWith('Account ') || said.startsWith('Password was changed for account ') ? /\b[Aa]ccount (\S{1,128}) (?:was (created|removed|updated) )?on host/.exec(said) : null;
  draft.put('user.target.name', account?.[1]);
  if (draft.has('event.action')) return;
  if (account !== null) draft.act(account[2] === 'created' ? 'user_created' : account[2] === 'removed' ? 'user_deleted' : account[2] === 'updated' ? 'user_changed' : 'password_changed');
  else if (said.endsWith(' is powered off')) draft.act('system_stopped');
  else if (said.endsWith(' is powered on')) draft.act('system_started');
  else if (task !== undefined ? CHANGES.test(task) : /^(?:Removed .{1,200} on .{1,200} from |Created virtual machine|Reconfigured )/.test(said)) draft.act('config_changed');
}
const CHANGES = /^(?:Delete|Remove|Destroy|Unregister|Reconfigure|Create|Clone|Migrate|Relocate|Revert|Consolidate|Power|Reset|Shut|Add|Update|Set|Change|Register|Enter|Exit|Disable|Enable)/;
const EVENTS = lookup<Action>({ UserLoginSessionEvent: 'login', BadUsernameSessionEvent: 'login_failed', NoAccessUserEvent: 'login_failed', UserLogoutSessionEvent: 'logout', PermissionAddedEvent: 'privileges_assigned', PermissionUpdatedEvent: 'privileges_assigned', PermissionRemovedEvent: 'user_changed', RoleAddedEvent: 'group_created', RoleUpdatedEvent: 'group_changed', RoleRemovedEvent: 'group_deleted', AccountCreatedEvent: 'user_created', AccountRemovedEvent: 'user_deleted', AccountUpdatedEvent: 'user_changed', VmPoweredOnEvent: 'system_started', VmPoweredOffEvent: 'system_stopped', VmReconfiguredEvent: 'config_changed', VmRemovedEvent: 'config_changed', VmCreatedEvent: 'config_changed', VmRegisteredEvent: 'config_changed', VmClonedEvent: 'config_changed', HostShutdownEvent: 'system_stopped' });

const LOGINS: readonly (readonly [needs: string, form: RegExp, action: 'login' | 'login_failed' | 'logout' | 'ssh_login_failed' | 'session_opened' | 'session_closed'])[] = [
  ['logged in', /(?:User|Login attempt by user) '?([^\s']{1,128}?)@([0-9a-fA-F.:]{3,45})'? logged in/, 'login'],
  ['logged out', /(?:User|user) '?([^\s']{1,128}?)@([0-9a-fA-F.:]{3,45})'? logged out/, 'logout'],
  ['Accepted ', /Accepted \w{4,20} for user (\S{1,128}) from ([0-9a-fA-F.:]{3,45})/, 'login'],
  ['Rejected ', /Rejected \w{4,20} for user (\S{1,128}) from ([0-9a-fA-F.:]{3,45})/, 'login_failed'],
  ['Cannot login', /Cannot login '?([^\s']{1,128}?)@([0-9a-fA-F.:]{3,45})/, 'login_failed'],
  ['failed to log in', /failed to log in .{0,40}?\b([^\s'"]{1,128}?)@([0-9a-fA-F.:]{3,45})/, 'login_failed'],
  ['Failed login', /Failed login '?(\S{1,128}?)'? from ([0-9a-fA-F.:]{3,45})/, 'login_failed'],
  ['Successful login', /Successful login '?(\S{1,128}?)'? from ([0-9a-fA-F.:]{3,45})/, 'login'],
  ['SSH login has failed', /SSH login has failed for '?([^'@\s]{1,128})@([0-9a-fA-F.:]{3,45}?)'?\.?(?:\]|\s|$)/, 'ssh_login_failed'],
  ['SSH session was opened', /SSH session was opened for '?([^'@\s]{1,128})@([0-9a-fA-F.:]{3,45}?)'?\.?(?:\]|\s|$)/, 'session_opened'],
  ['SSH session was closed', /SSH session was closed for '?([^'@\s]{1,128})@([0-9a-fA-F.:]{3,45}?)'?\.?(?:\]|\s|$)/, 'session_closed'],
];

function readLogin(draft: Draft, said: string): void {
  for (const [needs, form, action] of LOGINS) {
    const found = seek(said, needs, form);
    if (found === null) continue;
    putAccount(draft, 'user', found[1]);
    putAccount(draft, 'source.user', found[1]);
    draft.put('source.ip', found[2]);
    draft.act(action);
    break;
  }
  const console = seek(said, 'authentication of user ', /authentication of user (\S{1,128}) (succeeded|failed)/);
  if (console !== null) { putAccount(draft, 'user', console[1]); draft.act(console[2] === 'failed' ? 'login_failed' : 'login'); }
  draft.put('user_agent.original', seek(said.trimEnd(), ' logged ', / logged (?:in as|out \(login time: [^)]{0,200}user agent:) ([^)\]].{0,299}?)\)?\]?$/)?.[1]?.trim());
  if (!draft.has('user.name')) { // the directory's own services
    const named = seek(said, 'User {Name: ', /\bUser \{Name: ([^,}]{1,128}), Domain: ([^}]{1,128})\}/);
    if (named !== null) { draft.put('user.name', named[1]); draft.put('user.domain', named[2]); }
    else putAccount(draft, 'user', seek(said, '\\', /\b[Uu]ser(?: \[[^\]]{1,40}\]:)? ([^\s\\]{1,100}\\[^\s,;]{1,128})/)?.[1]);
  }
  const account = seek(said, " user '", /\b(Creating|Deleting|Removing|Updating|Resetting|Disabling|Enabling|Unlocking) (?:.{0,40} )?(?:local )?(?:person )?user '([^']{1,128})'/);
  if (account !== null) { draft.put('user.target.name', account[2]); draft.act(OF_ACCOUNTS[account[1] as string] ?? 'user_changed'); }
  const fault = seek(said, 'vim.fault.', /\b(vim\.fault\.\w{1,60})/)?.[1];
  if (fault === undefined) return;
  draft.fill('event.code', fault);
  if (fault === 'vim.fault.InvalidLogin') draft.act('login_failed');
  putAccount(draft, 'user', /Arg userName:(?:\\n|\s|-->|#012){1,8}\\?"([^"\\]{1,128})/.exec(draft.text.slice(0, 4000))?.[1]);
}
const OF_ACCOUNTS = lookup<Action>({ Creating: 'user_created', Deleting: 'user_deleted', Removing: 'user_deleted', Resetting: 'password_reset', Disabling: 'user_disabled', Enabling: 'user_enabled', Unlocking: 'user_unlocked' });

function readRequests(draft: Draft, said: string): void {
  // "GET /x HTTP/1.1" 200 ... "agent"
  const quoted = seek(said, ' HTTP/', /"([A-Z]{3,10} [^"]{1,2000} HTTP\/[\d.]{1,3})" (\d{3})/);
  if (quoted !== null) { putRequest(draft, quoted[1] as string); draft.put('http.response.status_code', quoted[2]); draft.put('user_agent.original', /" \d{3} [^"]{1,100}"[^"]{0,500}" "([^"]{1,500})"/.exec(said)?.[1]); }
  // Envoy: time GET /x HTTP/1.1 200 via_upstream - bytes bytes ms ms ms client:port local:port upstream...
  const envoy = seek(said, ' HTTP/', /(?:^|\s)([A-Z]{3,10} \S{1,2000} HTTP\/[\d.]{1,3}) (\d{3}) (\S{1,80}) (?:\S{1,200} )?(?:[\d-]{1,12} ){2,8}([0-9a-fA-F.:]{3,51}|-) ([0-9a-fA-F.:]{3,51}|-)(?: |$)/);
  if (envoy !== null) {
    putRequest(draft, envoy[1] as string);
    draft.put('http.response.status_code', envoy[2]);
    putEnd(draft, 'source', envoy[4]); putEnd(draft, 'destination', envoy[5]);
    draft.act('http_request', Number(envoy[2]) >= 400 ? 'failure' : 'success');
  }
  const access = envoy === null ? seek(said, ' HTTP/', /(?:^|\s)([A-Z]{3,10}) (\/\S{0,2000}) (\d{3}) \S{1,40} \S{1,80} (?:[\w-]{1,20} ){2,8}([0-9a-fA-F.:]{3,51}) HTTP\/[\d.]{1,3} \S{1,20} ([0-9a-fA-F.:]{3,51}) /) : null;
  if (access !== null) {
    draft.put('http.request.method', access[1]); putTarget(draft, access[2] as string); draft.put('http.response.status_code', access[3]);
    putEnd(draft, 'source', access[4]); putEnd(draft, 'destination', access[5]);
    draft.act('http_request', Number(access[3]) >= 400 ? 'failure' : 'success');
  }
  // Tomcat's: [time] thread [Request] 192.0.2.1:48866 to local 1080 - HTTP/1.1 POST /x [Response] 200 - 758 bytes
  const tomcat = seek(said, '[Request]', /^\s?\[([^\]]{20,30})\] \S{1,80} \[Request\] ([0-9a-fA-F.:]{3,51}) to local (\d{1,5}) - HTTP\/[\d.]{1,3} ([A-Z]{3,10} \S{1,2000}) \[Response\] (\d{3})/);
  if (tomcat !== null) {
    const stamp = readDayMonth(tomcat[1] as string, 0);
    draft.timeFrom(stamp);
    putEnd(draft, 'source', tomcat[2]);
    draft.put('destination.port', tomcat[3]);
    putRequest(draft, tomcat[4] as string);
    draft.put('http.response.status_code', tomcat[5]);
    draft.act('http_request', Number(tomcat[5]) >= 400 ? 'failure' : 'success');
  }
  // The reverse proxy: Connected to localhost:8307 (/sdk) ..., and its table of endpoints
  const proxied = seek(said, ' to ', /\b(?:Connected|Connection) to ([\w.-]{1,253}):(\d{1,5}) \((\/[^\s)]{0,500})\)/);
  if (proxied !== null) { draft.put('destination.domain', proxied[1]); draft.put('destination.port', proxied[2]); putTarget(draft, proxied[3] as string); }
  const endpoint = seek(said, '_serverNamespace', /_serverNamespace = (\/\S{0,500}) .{0,200}_port = (\d{1,5})/);
  if (endpoint !== null) { putTarget(draft, endpoint[1] as string); draft.put('destination.port', endpoint[2]); }
}
function putEnd(draft: Draft, side: 'source' | 'destination', text: string | undefined): void {
  const colon = text?.lastIndexOf(':') ?? -1;
  if (text === undefined || colon < 0) return;
  draft.put(`${side}.ip`, text.slice(0, colon));
  draft.put(`${side}.port`, text.slice(colon + 1));
}

function readCommand(draft: Draft, said: string): void {
  const command = /(?:ForkExec\(|Executing ')(.{1,1000}?)(?:\)|') ?\d*$/.exec(said.trim())?.[1] ?? seek(said.trimEnd(), 'Launching binary: ', /Launching binary: (.{1,1000})$/)?.[1];
  draft.put('process.command_line', command);
  if (command !== undefined) { const url = /\bhttps?:\/\/\S{1,500}/.exec(command)?.[0]; if (url !== undefined) putTarget(draft, url); }
  if (/account(?: '[^']{1,128}')? has been locked|\[esx\.audit\.account\.locked\]|vob\.user\.account\.loginfailures/.test(said)) { putAccount(draft, 'user', /user account '([^']{1,128})'/.exec(said)?.[1]); draft.act('user_locked'); }
  draft.put('vsphere.vob', seek(said, '[vob.', /\[(vob\.[\w.]{3,100})\]/)?.[1]);
  const seen = seek(said, 'us: [', /us: \[((?:vob|esx)\.[\w.]{3,100})\]/)?.[1];
  draft.fill('event.code', seen);
  if (seen !== undefined && !draft.has('event.action') && /\.(?:enabled|disabled|changed)$|\.(?:vib|profile)\.(?:install|remove)|\.rule\./.test(seen)) draft.act('config_changed');
  const refused = !said.includes('authenticat') ? null : /Failed to authenticate user <?([^\s>]{1,128})/.exec(said);
  if (refused !== null) { putAccount(draft, 'user', refused[1]); draft.act('login_failed'); }
  else if (said.includes('sasl error') && /SASL\(-13\)|Probably a password error/.test(said)) draft.act('login_failed');
  const audit = said.indexOf('[auditlogger] {');
  const read = audit < 0 ? undefined : readJson(said.slice(audit + 14));
  if (read !== undefined && typeof read.value === 'object' && read.value !== null) putSsoAudit(draft, flatten(read.value));
}

/** The single sign-on service's audit, in its log or as a message of its own. */
function putSsoAudit(draft: Draft, flat: Flat): void {
  const type = textOf(flat, 'type') ?? '', description = textOf(flat, 'description');
  putAccount(draft, 'user', textOf(flat, 'user'));
  draft.put('source.ip', textOf(flat, 'client'));
  draft.put('event.code', type);
  if (type.includes('LoginSuccess')) draft.act('login'); else if (type.includes('LoginFailure')) draft.act('login_failed'); else if (type.includes('Logout')) draft.act('logout');
  draft.put('event.reason', description);
  draft.put('http.response.status_code', / response code (\d{3})/.exec(description ?? '')?.[1]);
}
export const ssoAudit: JsonKind = {
  dataset: 'vsphere.log',
  is: (flat) => (textOf(flat, 'type') ?? '').startsWith('com.vmware.') && has(flat, 'user', 'client'),
  read(draft, flat) { keepAll(draft, 'vsphere.sso', flat); putJsonTime(draft, textOf(flat, 'timestamp')); putSsoAudit(draft, flat); draft.put('service.name', 'sso'); },
};

/** Commands of ESXi's own shell: `[root]: esxcli vm process list`. */
const SHELL_LINE = /^\[([\w.@\\-]{1,64})\]: (.{1,2000})/;
const readShell = (draft: Draft): boolean => {
  const found = SHELL_LINE.exec(draft.text.slice(0, 2100));
  if (found === null) {
    const said = /^(?:Interactive (?:shell )?session (started|closed|ended)|(?:ESXi Shell|SSH)[\w ]{0,40} has been (?:enabled|disabled))/i.exec(draft.head);
    if (said === null) return false;
    draft.act(said[1] === undefined ? 'config_changed' : said[1].toLowerCase() === 'started' ? 'session_opened' : 'session_closed');
    return true;
  }
  putAccount(draft, 'user', found[1]);
  draft.put('process.command_line', found[2]);
  draft.act('shell_command');
  return true;
};
/** Logs of ESXi whose lines stand in files under the same lead as the rest. */
const FILES = lookup<Pick<Format, 'name' | 'read'>>({ shell: { name: 'vsphere.shell', read: readShell }, ESXShell: { name: 'vsphere.shell', read: readShell }, sshd: { name: 'linux.sshd', read: sshd.read } });
export const esxShell: Format = { name: 'vsphere.shell', programs: ['shell', 'esxishell', 'esxshell'], read: readShell };

const ESX_PROGRAMS = ['hostd', 'vpxa', 'vpxd', 'vmkernel', 'vobd', 'fdm', 'rhttpproxy', 'hostd-probe', 'vmon', 'vsanmgmtd', 'applmgmt-audit', 'updatemgr', 'envoy', 'esxupdate', 'vmkwarning', 'vmauthd', 'vsphere-ui', 'eam-main', 'sso-websso', 'vpxd-svcs', 'envoy-access', 'sts-access', 'healthd', 'dcui', 'esxtokend', 'vcenter-server', 'vmafdd', 'vmdird', 'vsan-health', 'hostdcgiserver', 'ssoadminserver', 'vmware-sts-idmd', 'sts-idmd', 'vapi-endpoint', 'content-library', 'perfcharts', 'vsphere-client'];
function detect({ head }: Draft): boolean {
  const c = head.charCodeAt(0), bracket = head.includes('[');
  if (bracket && (head.includes('[Originator@') && ORIGINATOR.test(head) || head.includes('[vob.') || head.includes('[esx.') || head.includes('Event [') && /^\s?Event \[\d{1,12}\] \[/.test(head) || head.includes(' [Request] ') && head.includes(' to local '))) return true;
  if (head.includes('vim.') && /\bvim\.(?:event|fault|\w{3,40}\.)/.test(head)) return true;
  if (bracket && c >= 48 && c <= 57) return /^\d{4}-\d\d-\d\dT\S+ (?:trivia|verbose|info|warning|error|debug|notice|panic|INFO|WARN|ERROR|(?:In|Wa|Er|Db|No|Cr|Al|Em)\(\d{1,3}\)) [\w.-]{2,40}\[\d/.test(head) || head.includes('com.vmware.') && /^\d{4}-\d\d-\d\dT\S+ \[.{0,200}\bcom\.vmware\./.test(head);
  return c === 69 && /^Executing '[^']{1,400}'$/.test(head);
}
export const vmware: Format = { name: 'vsphere.log', holds: ['[Originator@', '[vob.', '[esx.', '^Event [', ' [Request] ', 'vim.', '^0000-00-00T', "^Executing '"], programs: ESX_PROGRAMS, detect, read: readVmware };
