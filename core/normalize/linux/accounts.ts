// Accounts and groups: useradd, usermod, userdel, groupadd, groupmod, groupdel, passwd, chpasswd, gpasswd, newgrp, chage.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['new user: name={user.target.name~}, UID={user.target.id~}, GID={user.target.group.id~}, home={user.target.home~}, shell={user.target.shell~}, from={~}', 'user_created'],
  ['new user: name={user.target.name~}, UID={user.target.id~}, GID={user.target.group.id~}, home={user.target.home~}, shell={user.target.shell~}', 'user_created'],
  ['new user: name={user.target.name~},{*}', 'user_created'],
  ['new group: name={group.name~}, GID={group.id}', 'group_created'],
  ["new group: name={group.name~},{*}", 'group_created'],
  ['group added to {} name={group.name~}, GID={group.id}', 'group_created'],
  ['group added to {} name={group.name}', 'group_created'],
  ["delete user '{user.target.name~}'", 'user_deleted'],
  ["removed group '{group.name~}' owned by '{~}'", 'group_deleted'],
  ["removed shadow group '{group.name~}' owned by '{~}'", 'group_deleted'],
  ["group '{group.name~}' removed{*}", 'group_deleted'],
  ["delete '{user.target.name~}' from group '{group.name~}'", 'group_member_removed'],
  ["delete '{user.target.name~}' from shadow group '{group.name~}'", 'group_member_removed'],
  ["add '{user.target.name~}' to group '{group.name~}'", 'group_member_added'],
  ["add '{user.target.name~}' to shadow group '{group.name~}'", 'group_member_added'],
  ['user {user.target.name} added by {user.name} to group {group.name}', 'group_member_added'],
  ['user {user.target.name} removed by {user.name} from group {group.name}', 'group_member_removed'],
  ["failed adding user '{user.target.name~}'{*}", 'user_create_failed'],
  ["lock user '{user.target.name~}' password", 'user_locked'],
  ["unlock user '{user.target.name~}' password", 'user_unlocked'],
  ["change user '{user.target.name~}' password", 'password_changed'],
  ["changed user '{user.target.name~}' information", 'user_changed'],
  ["change user '{user.target.name~}' {event.reason~}", 'user_changed'],
  ["change user name '{user.target.name~}' to '{event.reason~}'", 'user_changed'],
  ["changed user '{user.target.name~}' {event.reason~}", 'user_changed'],
  ["failed deleting user '{user.target.name~}'{*}"],
  ["change '{user.target.name~}' password expiry{*}", 'user_changed'],
  ["change group {event.reason~}", 'group_changed'],
  ['group changed in {~}(group {group.name~}/{group.id~}{*}', 'group_changed'],
  ['group changed in {*}', 'group_changed'],
  ['members of group {group.name} set by {user.name} to {event.reason~}', 'group_changed'],
  ['password of group {group.name} changed by {user.name}', 'group_changed'],
  ['password of group {group.name} removed by {user.name}', 'group_changed'],
  ['administrators of group {group.name} set by {user.name} to {event.reason~}', 'group_changed'],
  ['access to group {group.name} restricted by {user.name}', 'group_changed'],
  ['{user.name} failed to add user {user.target.name} to group {group.name~}: {event.reason~}', 'access_denied'],
  ['{user.name} failed to remove user {user.target.name} from group {group.name~}: {event.reason~}', 'access_denied'],
  ["Invalid password for group '{group.name~}' from '{user.name~}'", 'login_failed'],
  ["passwd: can't view or modify password information for {user.target.name}", 'access_denied'],
  ['set members of group {group.name} to {event.reason~}', 'group_changed'],
  ['file {file.path} edited', 'file_changed'],
  ["password for '{user.target.name~}' changed by '{user.name~}'", 'password_changed'],
  ["password for user '{user.target.name~}' changed by '{user.name~}'", 'password_changed'],
  ["set password aging policy for user {user.target.name}{*}", 'user_changed'],
  ["changed password expiry for {user.target.name}", 'user_changed'],
]);

function readAccounts(draft: Draft): boolean {
  if (applyRules(RULES, draft.text, draft)) return true;
  readPam(draft);
  if (draft.get('event.action') === 'password_changed') draft.fill('user.target.name', draft.get('user.name'));
  return true;
}

export const accounts: Format = {
  name: 'linux.useradd',
  programs: ['useradd', 'usermod', 'userdel', 'groupadd', 'groupmod', 'groupdel', 'adduser', 'addgroup', 'deluser', 'passwd', 'chpasswd', 'gpasswd', 'chage', 'chfn', 'chsh', 'newusers', 'groupmems', 'newgrp', 'sg', 'shadow', 'vipw', 'vigr'],
  read: readAccounts,
};
