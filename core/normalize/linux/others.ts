// Other programs of a Linux system whose lines are told apart by who wrote them: shells, logins, FTP, remote desktops, daemons.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules, type Row } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putGuacamole, readLogback } from '../web/tomcat.js';
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
const GUACD = known('linux.guacamole', [], [
  ['User "{guacamole.user~}" joined connection "{guacamole.connection~}"{*}', 'session_opened'], // the daemon's own id of a person's window, no account
  ['User "{guacamole.user~}" disconnected{*}', 'session_closed'],
  ['Connection "{guacamole.connection~}" removed.', 'session_closed'],
  ['SSH authentication failed: {event.reason~}', 'login_failed'],
  ['RDP server closed/refused connection: {event.reason~}', 'connection_denied'],
  ['Last user of connection "{guacamole.connection~}" disconnected', 'session_closed'],
  ['Creating new client for protocol "{network.protocol~}"', 'connection'],
  ['Connection ID is "{guacamole.connection~}"'],
]);
/** The daemon, and the web application where its lines come without a server's layout before them. */
export const guacamole: Format = {
  name: 'linux.guacamole', programs: ['guacd', 'guacamole'],
  read(draft) {
    if (putGuacamole(draft, draft.text) || readLogback(draft)) return true;
    const level = /^(?:guacd\[\d{1,10}\]: )?(?:INFO|ERROR|WARNING|DEBUG|TRACE):\s+/.exec(draft.head)?.[0].length ?? 0;
    if (level > 0) draft.setText(draft.text.slice(level));
    return GUACD.read(draft);
  },
};
export const auth = known('linux.auth', ['pkexec', 'polkitd', 'polkit-agent-helper-1', 'login', 'gdm', 'gdm-password', 'lightdm', 'sddm', 'unix_chkpwd', 'dbus-daemon', 'dbus', 'accounts-daemon', 'sssd', 'krb5kdc', 'kadmind', 'realmd', 'oddjobd', 'newgrp', 'klogind', 'telnetd', 'rlogind', 'rshd', 'gdm-binary'], [
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
  ['Operator of {~} successfully authenticated as unix-user:{user.effective.name} to gain {~} authorization for action {event.code} for {~} [{process.command_line~}] (owned by unix-user:{user.name~})', 'su'],
  ['Operator of {~} FAILED to authenticate to gain authorization for action {event.code} for {~} [{process.command_line~}] (owned by unix-user:{user.name~})', 'su_failed'],
  ['Registered Authentication Agent for {*}'],
  ['Unregistered Authentication Agent for {*}'],
  ['FAILED LOGIN SESSION FROM {source.ip} FOR {user.name}, {event.reason~}', 'login_failed'],
  ['TOO MANY LOGIN TRIES ({}) FROM {source.ip} FOR {user.name}, {event.reason~}', 'login_failed'],
]);
export const daemons = known('linux.syslog', ['rsyslogd', 'syslogd', 'syslog-ng', 'dhclient', 'networkmanager', 'ntpd', 'chronyd', 'snmpd', 'avahi-daemon', 'cups', 'cupsd', 'ftpd', 'xinetd', 'inetd', 'gpm', 'named', 'hostapd', 'irqbalance',
  'multipathd', 'lvm', 'smartd', 'dockerd', 'containerd', 'kubelet', 'snapd', 'packagekitd', 'dnf', 'yum', 'apt', 'dpkg', 'logrotate', 'rpc.statd', 'nscd', 'nslcd', 'udevd', 'acpid', 'bluetoothd', 'logger', 'rtkit-daemon', 'mtp-probe', 'logcheck'], [
  ['connect from {source.ip}{*}', 'connection'],
  ['ANONYMOUS FTP LOGIN FROM {source.ip}, {*}', 'login'],
  ['FTP LOGIN FROM {source.ip} [{~}], {user.name}', 'login'],
  ['connection from {source.ip} ({source.domain~}) at {*}', 'connection'],
], true);
