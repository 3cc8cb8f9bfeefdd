// Other programs of a Linux system whose lines are told apart by who wrote them: shells, logins, FTP, remote desktops, daemons.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules, type Row } from '../rules.js';
import { readSentence } from '../sentences.js';
import { readPam } from './pam.js';

const known = (name: string, programs: readonly string[], rows: readonly Row[] = [], lastResort = false): Format => {
  const rules = messageRules(rows);
  const read = (draft: Draft): boolean => { if (!applyRules(rules, draft.text, draft) && !readPam(draft)) readSentence(draft, draft.text); return true; };
  return { name, programs, lastResort, read };
};

export const bash = known('linux.bash', ['bash', 'sh', 'zsh', '-bash', 'bash_history', 'dash', 'ksh', 'history'], [
  ['HISTORY: PID={process.pid} UID={user.id} {process.command_line~}', 'shell_command'],
  ['HISTORY PID={process.pid} UID={user.id} {process.command_line~}', 'shell_command'],
]);
export const vsftpd = known('linux.vsftpd', ['vsftpd', 'proftpd', 'pure-ftpd'], [
  ['[{user.name~}] OK LOGIN: Client "{source.ip}"{*}', 'login'],
  ['[{user.name~}] FAIL LOGIN: Client "{source.ip}"{*}', 'login_failed'],
  ['[{user.name~}] OK UPLOAD: Client "{source.ip}", "{file.path~}"{*}', 'file_uploaded'],
  ['[{user.name~}] OK DOWNLOAD: Client "{source.ip}", "{file.path~}"{*}', 'file_downloaded'],
  ['[{user.name~}] OK DELETE: Client "{source.ip}", "{file.path~}"{*}', 'file_deleted'],
  ['CONNECT: Client "{source.ip}"{*}', 'connection'],
]);
export const guacamole = known('linux.guacamole', ['guacd', 'guacamole'], [
  ['User "{user.name~}" joined connection "{~}"{*}', 'session_opened'],
  ['User "{user.name~}" disconnected{*}', 'session_closed'],
  ['User "{user.name~}" successfully authenticated from {source.ip}{*}', 'login'],
  ['Authentication attempt from {source.ip} for user "{user.name~}" failed.', 'login_failed'],
]);
export const auth = known('linux.auth', ['pkexec', 'polkitd', 'polkit-agent-helper-1', 'login', 'gdm', 'gdm-password', 'lightdm', 'sddm', 'unix_chkpwd', 'dbus-daemon', 'dbus', 'accounts-daemon', 'sssd', 'krb5kdc', 'kadmind', 'realmd', 'oddjobd', 'newgrp', 'fail2ban', 'fail2ban.actions', 'klogind', 'telnetd', 'rlogind', 'rshd', 'gdm-binary'], [
  ['Authentication failed from {source.ip} ({}): {event.reason~}', 'login_failed'],
  ['Kerberos authentication failed{*}', 'login_failed'],
  ["Couldn't authenticate user", 'login_failed'],
  ['FAILED LOGIN {} FROM {source.ip} FOR {user.name}, {event.reason~}', 'login_failed'],
  ['FAILED LOGIN ({}) on {} FROM {source.ip} FOR {user.name}, {event.reason~}', 'login_failed'],
  ["FAILED LOGIN ({}) on '{~}' FOR '{user.name~}', {event.reason~}", 'login_failed'],
  ['ROOT LOGIN {~} ON {}', 'login'],
  ['LOGIN ON {} BY {user.name}{*}', 'login'],
  ['{user.name}: Executing command [USER={user.effective.name}] [TTY={}] [CWD={process.working_directory~}] [COMMAND={process.command_line~}]', 'sudo_command'],
  ['{user.name}: {event.reason~} [USER={user.effective.name}] [TTY={}] [CWD={process.working_directory~}] [COMMAND={process.command_line~}]', 'sudo_denied'],
  ['NOTICE [{~}] Ban {source.ip}', 'access_denied'],
]);
export const daemons = known('linux.syslog', ['rsyslogd', 'syslogd', 'syslog-ng', 'dhclient', 'networkmanager', 'ntpd', 'chronyd', 'snmpd', 'avahi-daemon', 'cups', 'cupsd', 'ftpd', 'xinetd', 'inetd', 'gpm', 'named', 'hostapd', 'irqbalance',
  'multipathd', 'lvm', 'smartd', 'dockerd', 'containerd', 'kubelet', 'snapd', 'packagekitd', 'dnf', 'yum', 'apt', 'dpkg', 'logrotate', 'rpc.statd', 'nscd', 'nslcd', 'udevd', 'acpid', 'bluetoothd', 'logger', 'run-parts', 'rtkit-daemon', 'mtp-probe', 'logcheck'], [
  ['connect from {source.ip}{*}', 'connection'],
  ['ANONYMOUS FTP LOGIN FROM {source.ip}, {*}', 'login'],
  ['FTP LOGIN FROM {source.ip} [{~}], {user.name}', 'login'],
  ['connection from {source.ip} ({source.domain~}) at {*}', 'connection'],
], true);
