// OpenSSH's daemon. Names and texts in its messages come from whoever connects: addresses are read from the end of the line.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { putAccount } from '../account.js';
import { seek } from '../seek.js';
import { readSentence } from '../sentences.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['Failed {system.auth.ssh.method} for invalid user {user.name>} from {source.ip} port {source.port}{*}', 'ssh_login_failed'],
  ['Failed {system.auth.ssh.method} for illegal user {user.name>} from {source.ip} port {source.port}{*}', 'ssh_login_failed'],
  ['Failed {system.auth.ssh.method} for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_login_failed'],
  ['Accepted {system.auth.ssh.method} for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_login'],
  ['Invalid user {user.name>} from {source.ip} port {source.port}{*}', 'ssh_invalid_user'],
  ['Invalid user {user.name>} from {source.ip}', 'ssh_invalid_user'],
  ['Illegal user {user.name>} from {source.ip}', 'ssh_invalid_user'],
  ['input_userauth_request: invalid user {user.name~} [preauth]', 'ssh_invalid_user'],
  ['Connection closed by {source.ip}{*}', 'ssh_disconnected'],
  ['Disconnecting: Too many authentication failures for {user.name~} [preauth]', 'ssh_auth_limit'],
  ['Received disconnect from {source.ip} port {source.port}:{event.reason~}', 'ssh_disconnected'],
  ['Received disconnect from {source.ip}: {event.reason~}', 'ssh_disconnected'],
  ['error: Received disconnect from {source.ip} port {source.port}:{event.reason~}', 'ssh_disconnected'],
  ['error: Received disconnect from {source.ip}: {event.reason~}', 'ssh_disconnected'],
  ['Disconnecting: {event.reason~}', 'ssh_auth_limit'],
  ['error: maximum authentication attempts exceeded for invalid user {user.name>} from {source.ip} port {source.port}{*}', 'ssh_auth_limit'],
  ['error: maximum authentication attempts exceeded for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_auth_limit'],
  ['maximum authentication attempts exceeded for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_auth_limit'],
  ['error: PAM: {event.reason~} for illegal user {user.name>} from {source.ip}', 'ssh_login_failed'],
  ['error: PAM: {event.reason~} for {user.name>} from {source.ip}', 'ssh_login_failed'],
  ['User {user.name>} from {source.ip} not allowed because {event.reason~}', 'ssh_user_not_allowed'],
  ['User {user.name>} not allowed because {event.reason~}', 'ssh_user_not_allowed'],
  ['Authentication refused: {event.reason~}', 'ssh_login_failed'],
  ['Did not receive identification string from {source.ip} port {source.port}{*}', 'ssh_bad_protocol'],
  ['Did not receive identification string from {source.ip}', 'ssh_bad_protocol'],
  ['Bad protocol version identification {event.reason>} from {source.ip} port {source.port}{*}', 'ssh_bad_protocol'],
  ['Bad protocol version identification {event.reason>} from {source.ip}', 'ssh_bad_protocol'],
  ['banner exchange: Connection from {source.ip} port {source.port}: {event.reason~}', 'ssh_bad_protocol'],
  ['error: kex_exchange_identification: {event.reason~}', 'ssh_bad_protocol'],
  ['Unable to negotiate with {source.ip} port {source.port}: {event.reason~}', 'ssh_bad_protocol'],
  ['fatal: Unable to negotiate with {source.ip} port {source.port}: {event.reason~}', 'ssh_bad_protocol'],
  ['fatal: Timeout before authentication for {source.ip} port {source.port}', 'ssh_disconnected'],
  ['fatal: Timeout before authentication for {source.ip}', 'ssh_disconnected'],
  ['reverse mapping checking getaddrinfo for {source.domain} [{source.ip}] failed{*}', 'ssh_reverse_mapping_failed'],
  ['Address {source.ip} maps to {source.domain}, but {*}', 'ssh_reverse_mapping_failed'],
  ['Connection from {source.ip} port {source.port} on {destination.ip} port {destination.port}{*}', 'ssh_connection'],
  ['Connection from {source.ip} port {source.port}', 'ssh_connection'],
  ['Postponed {system.auth.ssh.method} for invalid user {user.name>} from {source.ip} port {source.port}{*}', 'ssh_connection'],
  ['Postponed {system.auth.ssh.method} for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_connection'],
  ['Starting session: {~} for {user.name} from {source.ip} port {source.port}{*}', 'ssh_session'],
  ['User child is on pid {system.auth.ssh.child_pid}', 'ssh_session'],
  ['Partial {system.auth.ssh.method} for {user.name>} from {source.ip} port {source.port}{*}', 'ssh_connection'],
  ['Closing connection to {source.ip} port {source.port}', 'ssh_disconnected'],
  ['Transferred: sent {destination.bytes~}, received {source.bytes} bytes'],
  ['Received request from {source.ip} port {source.port} to connect to host {destination.ip} port {destination.port~}, but the request was denied.', 'connection_denied'],
  ['Received request to connect to host {destination.ip} port {destination.port~}, but the request was denied.', 'connection_denied'],
  ['error: connect_to {destination.ip} port {destination.port}: {event.reason~}'],
  ['error: Protocol major versions differ: {event.reason~}', 'ssh_bad_protocol'],
  ['error: Bind to port {} on {} failed: {event.reason~}', 'service_failed'],
  ['Nasty PTR record "{~}" is set up for {source.ip}, ignoring', 'ssh_reverse_mapping_failed'],
  ['Close session: user {user.name} from {source.ip} port {source.port}{*}', 'ssh_disconnected'],
  ['Server listening on {} port {}', 'ssh_listening'],
  ['drop connection #{} from [{source.ip~}]:{source.port} on [{destination.ip~}]:{destination.port} {event.reason~}', 'connection_denied'],
  ['Timeout before authentication for connection from {source.ip} to {destination.ip}, pid = {*}', 'ssh_disconnected'],
  ['Timeout before authentication for {source.ip} port {source.port}', 'ssh_disconnected'],
  ['srclimit_penalise: {}: new {source.ip~}/{} {event.reason~}', 'connection_denied'],
  ['refused connect from {source.domain} ({source.ip~})', 'connection_denied'],
  ['ROOT LOGIN REFUSED FROM {source.ip} port {source.port}{*}', 'ssh_user_not_allowed'],
  ['fatal: Access denied for user {user.name} by PAM account configuration{*}', 'ssh_user_not_allowed'],
  ['subsystem request for {system.auth.ssh.subsystem} by user {user.name}', 'ssh_session'],
  ['session opened for local user {user.name} from [{source.ip~}]{*}', 'session_opened'],
  ['session closed for local user {user.name} from [{source.ip~}]{*}', 'session_closed'],
  ['open "{file.path>}" flags READ{*}', 'file_downloaded'],
  ['open "{file.path>}" flags {*}', 'file_uploaded'],
  ['remove name "{file.path>}"', 'file_deleted'],
  ['rmdir name "{file.path>}"', 'file_deleted'],
  ['opendir "{file.path>}"', 'file_opened'],
  ['close "{file.path>}" bytes read {destination.bytes} written {source.bytes}'],
  ['forced close "{file.path>}" bytes read {destination.bytes} written {source.bytes}'],
  ['set "{file.path>}" {*}', 'file_changed'],
  ['symlink old "{file.target_path~}" new "{file.path>}"', 'file_created'],
  ['mkdir name "{file.path>}"{*}', 'file_created'],
  ['rename old "{file.path~}" new "{file.target_path>}"', 'file_changed'],
  ['posix-rename old "{file.path~}" new "{file.target_path>}"', 'file_changed'],
  ['stat name "{file.path>}"'],
  ['lstat name "{file.path>}"'],
  ['realpath "{file.path>}"'],
  ['closedir "{file.path>}"'],
  ['sent status Permission denied', 'access_denied'],
  ['sent status {event.reason~}'],
  ['Bad packet length {*}', 'ssh_bad_protocol'],
  ['Account {user.name} has expired', 'ssh_user_not_allowed'],
  ['/{~}: Authentication tried for {user.name} with correct key but not from a permitted host (host={~}, ip={source.ip~}, {*}', 'ssh_user_not_allowed'],
  ['Authentication tried for {user.name} with correct key but not from a permitted host (host={~}, ip={source.ip~}, {*}', 'ssh_user_not_allowed'],
  ['fatal: Cannot bind any address.', 'service_failed'],
  ['Received signal {event.reason~}; terminating.', 'service_stopped'],
  ["Bad password attempt for '{user.name>}' from {source.ip>}:{source.port}", 'ssh_login_failed'],
  ["Bad PAM password attempt for '{user.name>}' from {source.ip>}:{source.port}", 'ssh_login_failed'],
  ["Password auth succeeded for '{user.name>}' from {source.ip>}:{source.port}", 'ssh_login'],
  ["PAM password auth succeeded for '{user.name>}' from {source.ip>}:{source.port}", 'ssh_login'],
  ["Pubkey auth succeeded for '{user.name~}' with {~} from {source.ip>}:{source.port}", 'ssh_login'],
  ['Login attempt for nonexistent user from {source.ip>}:{source.port}', 'ssh_invalid_user'],
  ["Login attempt for nonexistent user '{user.name>}' from {source.ip>}:{source.port}", 'ssh_invalid_user'],
  ['Login attempt for nonexistent user', 'ssh_invalid_user'],
  ['root login rejected', 'ssh_user_not_allowed'],
  ['Early exit: {event.reason~}', 'service_stopped'],
  ['Child connection from {source.ip>}:{source.port}', 'ssh_connection'],
  ['Exit ({user.name~}) from <{system.auth.ssh.peer~}>: {event.reason~}', 'ssh_disconnected'],
  ["Exit before auth from <{system.auth.ssh.peer~}>: (user '{user.name~}', {~}): {event.reason~}", 'ssh_disconnected'],
  ['Exit before auth from <{system.auth.ssh.peer~}>: {event.reason~}', 'ssh_disconnected'],
  ["Exit before auth (user '{user.name~}', {~}): {event.reason~}", 'ssh_disconnected'],
  ['Login attempt with wrong user {user.name} from {source.ip>}:{source.port}', 'ssh_invalid_user'],
  ['Exiting on signal {event.reason~}', 'service_stopped'],
  ['error: {event.reason~} from {source.ip} port {source.port}{*}'],
]);

/** Whoever is at the other end, as the daemon names it: `[invalid|authenticating ]user NAME ADDRESS port PORT`, the name possibly empty or with blanks in it. */
const PEER = /^(Connection (?:closed|reset) by|Disconnected from|Disconnecting|Timeout, client not responding from|(?:fatal: )?[a-z_]{1,60}: Connection from) (?:(?:invalid|illegal|authenticating) )?(?:user (.{0,256}) )?([\da-fA-F.:]{3,45}) port (\d{1,5})(?:: (.{1,400}?))?(?: \[preauth\])?$/s;
function readPeer(draft: Draft, text: string): boolean {
  const found = seek(text.length > 800 ? '' : text, ' port ', PEER);
  if (found === null) return false;
  const [, lead = '', user, address, port, reason] = found;
  draft.put('user.name', user); draft.put('source.ip', address); draft.put('source.port', port); draft.put('event.reason', reason);
  draft.act(lead === 'Disconnecting' ? 'ssh_auth_limit' : lead.endsWith(': Connection from') ? 'ssh_bad_protocol' : 'ssh_disconnected');
  return true;
}
/** Dropbear's `203.0.113.9:51122`, whatever the family. */
function putDropbear(draft: Draft): void {
  const peer = draft.getText('system.auth.ssh.peer');
  if (peer === undefined) return;
  const colon = peer.lastIndexOf(':');
  draft.put('source.ip', peer.slice(0, colon)); draft.put('source.port', peer.slice(colon + 1));
}

function readSshd(draft: Draft): boolean {
  let text = draft.text;
  if (/^[0p]/.test(text) && text.includes('pam_audit')) return false; // F5's own audit of logins
  if (text.startsWith('message repeated ')) { // "message repeated 5 times: [ Failed password ... ]"
    const open = text.indexOf(': ['), close = text.lastIndexOf(']');
    const count = /^message repeated (\d+) times: \[/.exec(draft.head)?.[1];
    if (open > 0 && close > open && count !== undefined) {
      draft.put('haidang.repeated', Number(count));
      text = text.slice(open + 3, close).trim();
    }
  }
  draft.put('service.name', 'ssh');
  if (readPeer(draft, text) || applyRules(RULES, text, draft)) {
    putDropbear(draft);
    if (draft.has('source.ip')) { draft.put('network.transport', 'tcp'); draft.put('network.protocol', 'ssh'); }
  } else if (!readPam(draft)) readSentence(draft, text);
  putWho(draft);
  return true;
}

/** The account that was asked for is the one at the other end of the connection too. */
function putWho(draft: Draft): void {
  putAccount(draft, 'user', draft.getText('user.name'));
  draft.fill('source.user.name', draft.get('user.name'));
  const key = seek(draft.head, ' SHA256:', / SHA256:([\w+/=]{20,64})/)?.[1];
  if (key !== undefined) draft.put('system.auth.ssh.key', key);
}

/** The daemon's text without its header, as collectors that cut headers send it. */
function readHeaderless(draft: Draft): boolean {
  const text = draft.text.trim();
  if (!readPeer(draft, text) && !applyRules(RULES, text, draft)) return false;
  draft.put('service.name', 'ssh');
  draft.put('process.name', 'sshd');
  draft.fill('process.pid', draft.get('system.auth.ssh.child_pid'));
  putWho(draft);
  return true;
}
const STARTS = /^ ?(?:(?:Accepted|Failed|Postponed) (?:password|publickey|none|keyboard-interactive|gssapi|hostbased)|Invalid user |Illegal user |Connection (?:closed|reset) by |Connection from \S+ port \d+ on |ssh_dispatch_run_fatal: |Close session: user |User child is on pid |Disconnected from |Disconnecting |Received disconnect from |error: (?:maximum authentication|PAM: |kex_)|Did not receive identification|Bad protocol version|Unable to negotiate|reverse mapping checking|Starting session: |input_userauth_request: |User \S+ from \S+ not allowed)/;

export const sshdText: Format = { name: 'linux.sshd', holds: ['^Accepted ', '^Failed ', '^Postponed ', '^Invalid user ', '^Illegal user ', '^Connection ', '^ssh_dispatch_run_fatal: ', '^Close session: ', '^User ', '^Disconnect', '^Received disconnect', '^error: ', '^Did not receive', '^Bad protocol version', '^Unable to negotiate', '^reverse mapping', '^Starting session: ', '^input_userauth_request: '], unnamed: true, detect: ({ head, program }) => program === '' && STARTS.test(head), read: readHeaderless };
export const sshd: Format = { name: 'linux.sshd', programs: ['sshd', 'sshd-session', 'sshd-auth', 'dropbear', 'internal-sftp', 'sftp-server'], read: readSshd };
