// Cisco IOS, IOS XE, IOS XR, NX-OS and the wireless controllers: `%SEC-6-IPACCESSLOGP: list 150 denied tcp 192.0.2.1(59832) -> 198.51.100.1(80), 1 packet`. The mnemonic is event.code.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { fillAccount } from '../account.js';
import { seek } from '../seek.js';
import { putTarget } from '../web/request.js';
import { putCiscoMac, putCiscoUser, putEndpoint, readEndpoints } from './cisco-text.js';

const MNEMONIC = /^%([A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*?)-(?:SW\d-|SP-|STDBY-|DFC\d*-)?([0-7])-([A-Z0-9_]+) ?: ?/;

function readIos(draft: Draft): boolean {
  const found = MNEMONIC.exec(draft.head);
  if (found === null) return false;
  const [whole, facility, severity] = found;
  let code = found[3] ?? '';
  const text = draft.text.slice(whole.length);
  draft.put('event.code', code);
  draft.put('cisco.ios.facility', facility);
  draft.put('event.severity', severity);
  draft.put('observer.vendor', 'Cisco');
  draft.put('cisco.ios.message', text);
  readText(draft, text);
  const inner = text.length > 8 ? seek(text.slice(0, 400), '%', INNER) : null; // IOS XE: a line card passes on `%FW-6-DROP_PKT: ...`
  if (inner !== null) { draft.put('event.code', inner[1]); code = inner[1] as string; }
  readDetails(draft, text.slice(0, 800));
  const command = seek(text.slice(0, 4096), ' logged command:', / logged command: ?(.*)$/s)?.[1];
  draft.put('process.command_line', command ?? seek(text.slice(0, 2000), ' Command: ', / Command: (.{1,1000})$/)?.[1]);
  if (command !== undefined && / from [0-9a-f.:]+ /.exec(text.slice(0, 200)) === null && draft.has('source.ip') && command.includes(String(draft.get('source.ip')))) delete draft.event['source.ip']; // an address that was typed
  if (text.includes('Source:') || text.includes('IP:')) draft.fill('source.ip', /\[?(?:Source|IP): ?\[?([0-9a-fA-F.:]{3,45})\]?/.exec(text.slice(0, 1000))?.[1]);
  draft.fill('destination.port', seek(text.slice(0, 1000), '[localport: ', /\[localport: (\d{1,5})\]/)?.[1]);
  const action = ACTIONS[code] ?? (code.includes('ACCESSLOG') ? (/ denied | deny |LOGGEDFAIL/.test(text.slice(0, 400)) ? 'connection_denied' : 'connection_allowed') : SESSIONS.test(facility ?? '') && (code === 'FAIL' || code === 'ABORT_AUTH' || code === 'MAX_EAP_RETRIES') ? 'login_failed' : SESSIONS.test(facility ?? '') && code === 'SUCCESS' ? 'login' : undefined);
  if (action !== undefined) draft.act(code === 'SSH2_USERAUTH' && /Failed\s*$/.test(text) ? 'ssh_login_failed' : action, code === 'SSH2_SESSION' ? /Succeeded\s*$/.test(text) ? 'success' : /Failed\s*$/.test(text) ? 'failure' : undefined : undefined);
  else if (TOLD.test(code)) draft.act(/fail/i.test(text.slice(0, 300)) ? 'login_failed' : 'login');
  else if (code === 'SESSION_STATUS') draft.act(/tunnel is UP\b/.test(text) ? 'vpn_connected' : 'vpn_disconnected');
  return true;
}
const SESSIONS = /^(?:DOT1X|MAB|AUTHMGR|EPM|SESSION_MGR)/;
const INNER = /%[A-Z][A-Z0-9_]{1,40}-[0-7]-([A-Z0-9_]{2,60}): /;
/** Whose words say how it ended. */
const TOLD = /^(?:AAA_AUTH_(?:NETWORK|ADMIN)_USER|TELNET_LOGIN|SSH_LOGIN)$/;
const ACTIONS = lookup<Action>({ WEBLOGIN_SUCCESS: 'login', WEBLOGIN_FAILED: 'login_failed', CLIENT_ADDED_TO_RUN_STATE: 'connection_started', CLIENT_DELETED: 'connection_ended', USER_NAME_CREATED: 'login', USER_NAME_DELETED: 'logout', LOGIN_PASSED: 'login', AUTH_PASSED: 'login', AUTH_FAILED: 'login_failed', AUTHENTICATION_FAILED: 'login_failed', AUTHEN_SUCCESS: 'login', INFO_SUCCESS: 'login', INFO_FAILURE: 'login_failed', ERR_AUTH: 'login_failed', DB_COMMIT: 'config_changed', SIGNATURE: 'intrusion_detected', TTY_EXPIRE_TIMER: 'logout', INFO_LOGOUT: 'logout', IKMP_MODE_FAILURE: 'vpn_failed', IKMP_NO_SA: 'vpn_failed', IKMP_BAD_MESSAGE: 'vpn_failed', REPLAY_ERROR: 'intrusion_detected', ADMIN_LOGIN_SUCCESS: 'login', ADMIN_LOGIN_FAILED: 'login_failed', LOGIN_SUCCESS: 'login', LOGIN_FAILED: 'login_failed', CFGLOG_LOGGEDCMD: 'config_changed', CONFIG_I: 'config_changed', LOGOUT: 'logout', SSH2_USERAUTH: 'login', RESTART: 'system_started', RELOAD: 'system_stopped', PSECURE_VIOLATION: 'access_denied', DHCP_SNOOPING_DENY: 'access_denied', DROP_PKT: 'connection_denied', SESS_AUDIT_TRAIL: 'connection_ended', SESS_AUDIT_TRAIL_START: 'connection_started', SSH2_SESSION: 'ssh_connection', AUTHEN_PASSED: 'login', AUTHEN_FAILED: 'login_failed', QUIET_MODE_ON: 'user_locked', RECVD_PKT_INV_SPI: 'connection_denied', RECVD_PKT_NOT_IPSEC: 'connection_denied', SSH2_CLOSE: 'ssh_disconnected', VSHD_SYSLOG_CONFIG_I: 'config_changed', PRIV_AUTH_PASS: 'privileges_assigned', PRIV_AUTH_FAIL: 'login_failed', AUTHFAIL: 'login_failed', BADAUTH: 'login_failed', LOGIN_AUTHENTICATION_FAILED: 'login_failed', DHCP_SNOOPING_UNTRUSTED_PORT: 'access_denied', DHCP_SNOOPING_MATCH_MAC_FAIL: 'access_denied', ARP_SNOOPING_DENY: 'access_denied', BLOCK_BPDUGUARD: 'access_denied', AAA_ACCOUNTING_MESSAGE: 'shell_command' });

/** What single messages say beside endpoints and people. */
function readDetails(draft: Draft, said: string): void {
  draft.put('process.name', seek(said, '/', /(?:^|: )(?:Switch \d{1,2} )?(?:R|SIP|F)\d{1,2}\/\d{1,2}: ([a-z][\w-]{2,40}): /)?.[1] ?? seek(said, 'by process ', /\bby process (.{2,60}?) from /)?.[1]);
  draft.put('process.pid', seek(said, '(PID ', /\(PID (\d{1,10})\)/)?.[1]);
  fillAccount(draft, 'user', seek(said, 'sername entry (', /\b[Uu]sername entry \(([^)]{1,128})\)/)?.[1]);
  const url = seek(said, '://', /\((\w{3,6}:\/\/[^\s)]{1,500})\)/)?.[1];
  if (url !== undefined) putTarget(draft, url);
  const expired = seek(said, 'tty ', /\btty \d{1,5} \(([0-9a-fA-F.:]{3,45})\)\)?, user (\S{1,64})/);
  if (expired !== null) { draft.put('source.ip', expired[1]); fillAccount(draft, 'user', expired[2]); }
  const reset = seek(said, ' failed attempts reset by ', /^User (\S{1,64}) failed attempts reset by (\S{1,64}) on \S{1,20}(?: \(([0-9a-fA-F.:]{3,45})\))?/);
  if (reset !== null) { draft.put('user.target.name', reset[1]); draft.put('user.name', reset[2]); draft.put('source.user.name', reset[2]); draft.put('source.ip', reset[3]); draft.act('user_unlocked'); }
  const arp = seek(said, '.([', /\.\(\[([0-9a-f.]{14})\/([0-9a-fA-F.:]{3,45})\/([0-9a-f.]{14})\/([0-9a-fA-F.:]{3,45})\//); // sender and target of a refused ARP
  if (arp !== null) { draft.put('source.ip', arp[2]); draft.put('destination.ip', arp[4]); }
  const flow = seek(said, 'Src IP: ', /Src IP: ([0-9a-fA-F.:]{3,45}), Dst IP: ([0-9a-fA-F.:]{3,45}), Src Port: (\d{1,5}), Dst Port: (\d{1,5}), Src Intf: ([\w./-]{1,40})(?:, Protocol: "?([A-Za-z0-9]{1,12}))?/); // NX-OS
  if (flow !== null) {
    draft.put('source.ip', flow[1]); draft.put('destination.ip', flow[2]); draft.put('source.port', flow[3]); draft.put('destination.port', flow[4]); draft.put('observer.ingress.interface.name', flow[5]);
    draft.put('network.transport', flow[6]?.toLowerCase()); draft.put('rule.name', /ACL Name: ([^,]{1,100})/.exec(said)?.[1]);
    const verdict = /ACE Action: (\w{1,12})/.exec(said)?.[1];
    if (verdict !== undefined) draft.act(/deny/i.test(verdict) ? 'connection_denied' : 'connection_allowed');
  }
  const accounted = seek(said, '@', /^(?:update|start|stop):([0-9a-fA-F.:]{3,45})@[\w/.-]{1,40}:([\w.@-]{1,64}):(.{0,600}?)(?: \((SUCCESS|FAILURE)\))?\s*$/);
  if (accounted !== null) { draft.put('source.ip', accounted[1]); draft.put('user.name', accounted[2]); draft.put('process.command_line', accounted[3]); draft.put('event.outcome', accounted[4]?.toLowerCase()); }
  const reason = seek(said, 'eason', /\[Reason: ([^\]]{1,200})\]|with reason \(([^)]{1,100})\)|[Ff]ailure reason: (.{1,120}?)\.(?: |$)|Reload Reason: ([^.]{1,200})/);
  if (reason !== null) draft.fill('event.reason', reason.slice(1).find((one) => one !== undefined));
  draft.fill('source.packets', seek(said, ' packet', /[, ](\d{1,9}) packets?\b/)?.[1]);
  const sums = seek(said, ' sent ', /\) sent (\d{1,15}) bytes -- responder .{3,60}\) sent (\d{1,15}) bytes/);
  if (sums !== null) { draft.put('source.bytes', sums[1]); draft.put('destination.bytes', sums[2]); }
  draft.fill('network.protocol', seek(said, ' session: initiator', /St(?:art|op) ([a-z][\w-]{1,20}) session: initiator/)?.[1]);
  draft.fill('destination.ip', seek(said, ' server ', /^(?:RADIUS|TACACS\+?) server ([0-9a-fA-F.:]{3,39})(?::\d{1,5},|\s)/)?.[1]);
  const from = seek(said, ' from \'', / user '([^']{1,64})' from '([0-9a-fA-F.:]{3,45})'/) ?? seek(said, ' on ', / user '([^']{1,64})' on ([0-9a-fA-F.:]{3,45})/); // IOS XR, the wireless controllers
  if (from !== null) { fillAccount(draft, 'user', from[1]); draft.fill('source.ip', from[2]); }
  const parties = seek(said, 'initiator (', /initiator \(([0-9a-fA-F.:]{3,45}):(\d{1,5})\).{0,80}responder \(([0-9a-fA-F.:]{3,45}):(\d{1,5})\)/);
  if (parties !== null) { draft.put('source.ip', parties[1]); draft.put('source.port', parties[2]); draft.put('destination.ip', parties[3]); draft.put('destination.port', parties[4]); }
}

function readText(draft: Draft, text: string): void {
  const { endpoints, protocol } = readEndpoints(text);
  if (text.includes('->') || text.includes('=>') || / den(?:ied|y) | permit(?:ted)? |^Dropping |initiator \(/.test(text.slice(0, 200))) { putEndpoint(draft, 'source', endpoints[0]); putEndpoint(draft, 'destination', endpoints[1]); }
  else { putEndpoint(draft, 'source', endpoints[0]); if (/^No (?:valid )?MD5 digest from \S/.test(text) || /^Invalid MD5 digest from /.test(text)) putEndpoint(draft, 'destination', endpoints[1]); }
  draft.put('network.transport', protocol);
  if (text.includes('addr=')) { draft.fill('source.ip', /\bsrcaddr=([0-9a-fA-F.:]{3,45})/.exec(text.slice(0, 600))?.[1]); draft.fill('destination.ip', /\bdestaddr=\[?([0-9a-fA-F.:]{3,45})/.exec(text.slice(0, 600))?.[1]); }
  if (text.includes('from ') || text.includes('ty')) draft.fill('source.ip', /\b(?:tty session \d{1,6}\(|vty\d{1,4} \(|from )\(?([0-9a-fA-F.:]{3,45})\)?/.exec(text.slice(0, 600))?.[1]);
  if (text.startsWith('User ')) draft.fill('source.user.name', /^User (\S{1,64}) has /.exec(text.slice(0, 100))?.[1]);
  putCiscoUser(draft, text);
  if (draft.has('source.user.name')) draft.fill('user.name', draft.get('source.user.name'));
  putCiscoMac(draft, text);
  putInterface(draft, text.slice(0, 600));
  if (text.slice(0, 4000).includes(' - ') || text.includes(' by ') || text.includes(' as ') || text.includes(' for ')) readSystemMessage(draft, text.slice(0, 2000));
  if (text.includes('list ')) draft.put('rule.name', /(?:^|: )(?:list|access-list|access list) (\S{1,100}) (?:\(\d{1,10}\) )?(?:denied|permitted|deny|permit) /.exec(text.slice(0, 300))?.[1] ?? /^(?:list|access-list) (\S{1,100}) /.exec(text.slice(0, 200))?.[1]);
}

/** The interface that a message is about: the first that is named as one. */
function putInterface(draft: Draft, said: string): void {
  if (NAMES_INTERFACE.test(said)) draft.fill('observer.ingress.interface.name', INTERFACE.exec(said)?.[1]?.replace(/[.:/]$/, ''));
}
const NAMES_INTERFACE = /interface |Interface |port |\bon [A-Z]|from [GTFEHP]|\([GTFEV][a-z]/;
const INTERFACE = /(?:[Ii]nterface|[Pp]ort|\bon|\bfrom|\() ?((?:[A-Z][A-Za-z]{0,20}Ethernet|[A-Za-z]{1,20}GigE|Ethernet|Gi|Te|Fa|Eth|Et|Twe|Tw|Fi|Hu|Fo|Po|[Pp]ort-[Cc]hannel|Vlan|Vl|Tunnel|Tu|Serial|Se|Loopback|Bundle-Ether|BE|mgmt|Management|MgmtEth)\d[\w./:]{0,30})/;

/** NX-OS passes on what its daemons say: `Login failed for user admin from 192.0.2.1 - sshd[10021]`, `Configured from vty by bob on 192.0.2.1@pts/0`. */
function readSystemMessage(draft: Draft, text: string): void {
  const sender = seek(text.slice(-120), ' - ', / - ([\w.-]{1,40})\[(\d{1,10})\]/);
  if (sender !== null) {
    draft.put('process.name', sender[1]); draft.put('process.pid', sender[2]);
    draft.fill('source.ip', seek(text, ' from=', / from=([0-9a-fA-F.:]{3,45})/)?.[1]);
    if (/^pam_aaa: ?Authentication failed/.test(text)) draft.act('login_failed');
  }
  const person = seek(text, ' client (', PERSON_NOT) !== null ? null : seek(text, ' on vty', /(?: by| as) ([\w.@-]{1,64}) on vty\d{1,4} \(([0-9a-fA-F.:]{3,45})\)/) ?? /(?:for (?:illegal |invalid )?(?:user )?|by )([\w.@-]{1,64}) (?:from|on) ([0-9a-fA-F.:]{3,45})/.exec(text) ?? seek(text, 'Configured from ', /^(?:\S{1,12}: \w{2,20}: )?Configured from \S{3,40} by ([\w.@-]{1,64}),/) ?? seek(text, ' for ', /(?:failed|failure) for (?!SNMP )(?:user )?([\w.@-]{1,64})(?: |$)/) ?? seek(text, ' by ', /\bfrom \w{2,12} by ([\w.@-]{1,64}) on (?:console|vty\d{0,4})\b/);
  if (person === null) return;
  draft.fill('user.name', person[1]);
  draft.fill('source.ip', person[2]);
  if (/failed|failure/i.test(text)) draft.act('login_failed'); else if (text.startsWith('Accepted ')) draft.act('login');
}

const PERSON_NOT = /\b(?:for|as) client \(/;

/** Reading decides: it begins with the expression that tells the format. */
export const ciscoIos: Format = { name: 'cisco.ios', holds: ['^%'], detect: ({ head }) => head.charCodeAt(0) === 37, read: readIos };
