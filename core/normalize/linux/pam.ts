// Linux PAM: `pam_unix(sshd:auth): authentication failure; logname= uid=0 ... rhost=192.0.2.1  user=root`, from any program, and the
// older form where the tag carries the module: `sshd(pam_unix)[12]: authentication failure; ...`.
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { readPairs } from '../pairs.js';
import { applyRules, messageRules } from '../rules.js';

const RULES = messageRules([
  ['session opened for user {user.name}(uid={user.id}) by {pam.by~}(uid={pam.by_uid~})', 'session_opened'],
  ['session opened for user {user.name} by {pam.by~}(uid={pam.by_uid~})', 'session_opened'],
  ['session opened for user {user.name}{*}', 'session_opened'],
  ['session closed for user {user.name}{*}', 'session_closed'],
  ['check pass; user unknown{*}', 'pam_user_unknown'],
  ['bad username [{user.name~}]', 'pam_user_unknown'],
  ['could not identify user{*}', 'pam_user_unknown'],
  ['password changed for {user.name}', 'password_changed'],
  ['Consecutive login failures for user {user.name} account temporarily locked', 'pam_account_locked'],
  ['user {user.name} ({user.id~}) tally {*}', 'pam_auth_failed'],
  ['User {user.name} (UID {user.id}) has been temporarily locked{*}', 'pam_account_locked'],
  ['requirement "{event.reason~}" not met by user "{user.name~}"', 'pam_auth_failed'],
  ['received for user {user.name}: {event.reason~}', 'pam_auth_failed'],
  ["user '{user.name~}' granted access", 'session_opened'],
  ["user '{user.name~}' denied access{*}", 'pam_auth_failed'],
  ['account {user.name} has expired{*}', 'pam_auth_failed'],
  ['expired password for user {user.name} ({event.reason~})', 'pam_auth_failed'],
  ['auth could not identify password for [{user.name~}]', 'pam_auth_failed'],
  ['User unknown', 'pam_user_unknown'],
  ['Access denied for user {user.name~}: {event.reason~}', 'pam_auth_failed'],
  ["Access denied to '{user.name~}' for '{user.effective.name~}'", 'pam_auth_failed'],
  ["access denied for user `{user.name~}' from `{pam.from~}'", 'pam_auth_failed'],
  ['request {} failed: {~}, Error message was: {event.reason~}', 'pam_auth_failed'],
  ['Refused user {user.name~} for service {service.name}', 'pam_auth_failed'],
  ['Too many logins (max {}) for {user.name}', 'access_denied'],
  ['Invalid verification code for {user.name}', 'pam_auth_failed'],
  ['Accepted google_authenticator for {user.name}', 'login'],
  ['user {user.name} authenticated as {*}', 'login'],
  ["Successful Duo login for '{user.name~}' from {source.ip}", 'login'],
  ["Failed Duo login for '{user.name~}' from {source.ip}", 'pam_auth_failed'],
  ["Aborted Duo login for '{user.name~}' from {source.ip}", 'pam_auth_failed'],
]);

/** Reads PAM's own text; false when it is none. */
export function readPam(draft: Draft): boolean {
  if (!readText(draft)) return false;
  const by = draft.getText('pam.by'), from = draft.getText('pam.from');
  if (by !== undefined && AS_ANOTHER.has(draft.getText('service.name') ?? '')) { draft.put('user.effective.name', draft.get('user.name')); draft.put('user.name', by); delete draft.event['user.id']; draft.put('user.id', draft.get('pam.by_uid')); }
  if (from !== undefined && from.includes('.')) draft.put('source.ip', from);
  putAccount(draft, 'user', draft.getText('user.name'));
  if (draft.get('service.name') === 'sshd' || draft.get('process.name') === 'sshd') draft.fill('source.user.name', draft.get('user.name'));
  return true;
}

/** Services by which one account acts as another: the session is the other's. */
const AS_ANOTHER = new Set(['su', 'su-l', 'sudo', 'sudo-i', 'runuser', 'runuser-l', 'polkit-1', 'doas', 'ksu']);

function readText(draft: Draft): boolean {
  let text = draft.text;
  if (text.startsWith('PAM ')) {
    const service = /^PAM service\(([\w.-]{1,64})\) /.exec(draft.head)?.[1];
    draft.put('service.name', service);
    draft.fill('process.name', service);
    text = text.slice(4);
  }
  if (text.startsWith('pam_')) {
    const open = text.indexOf('('), close = text.indexOf('):');
    if (open < 0 || open > 40 || close < open || close > 120) return false;
    const [service = ''] = text.slice(open + 1, close).split(':');
    draft.put('service.name', service);
    draft.fill('process.name', service);
    text = text.slice(close + 2).trimStart();
  } else if (!draft.getText('log.syslog.appname')?.includes('(pam_') && !LOOSE.some((start) => draft.text.startsWith(start))) return false;
  if (text.startsWith('authentication failure;') || text.startsWith('Authentication failure;') || text.startsWith('authentication success;') || text.startsWith('authentication failure ') || text.includes(' more authentication failure')) {
    draft.act(text.startsWith('authentication success;') ? 'login' : 'pam_auth_failed');
    for (const [key, value] of readPairs(text)) {
      if (key === 'user') draft.put('user.name', value);
      else if (key === 'rhost') draft.put('source.ip', value);
      else if (key === 'ruser') draft.put('source.user.name', value);
      else if (key === 'uid') draft.put('pam.uid', value); // of the program that asked, not of whom it asked for
      else if (key === 'tty') draft.put('pam.tty', value);
    }
    return true;
  }
  return applyRules(RULES, text, draft) || draft.text.startsWith('pam_') || text !== draft.text;
}
const LOOSE = ['authentication failure; ', 'session opened for user ', 'session closed for user ', 'PAM '];

export const pam: Format = {
  name: 'linux.pam', holds: ['^pam_', '^PAM '], ofModule: true,
  detect: ({ head, event }) => head.startsWith('pam_') || String(event['log.syslog.appname'] ?? '').includes('(pam_') || head.startsWith('PAM '),
  read: readPam,
};
