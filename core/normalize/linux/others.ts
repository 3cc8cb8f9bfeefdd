// Other programs of a Linux system whose lines are told apart by who wrote them: shells, logins, FTP, remote desktops, daemons.
import { readTime, resolve } from '../../message/time.js';
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
const AUTH = known('linux.auth', ['pkexec', 'polkitd', 'polkit-agent-helper-1', 'login', 'gdm', 'gdm-password', 'lightdm', 'sddm', 'unix_chkpwd', 'dbus-daemon', 'dbus', 'accounts-daemon', 'sssd', 'realmd', 'oddjobd', 'newgrp', 'cockpit-session', 'cockpit-ws', 'cockpit-tls', 'gdm3', 'gdm-launch-environment', 'gdm-session-worker', 'klogind', 'telnetd', 'rlogind', 'rshd', 'gdm-binary'], [
  ['Authentication failed from {source.ip} ({}): {event.reason~}', 'login_failed'],
  ['Kerberos authentication failed{*}', 'login_failed'],
  ["Couldn't authenticate user", 'login_failed'],
  ['FAILED LOGIN {} FROM {login.from} FOR {user.name~}, {event.reason~}', 'login_failed'],
  ['FAILED LOGIN ({}) on {} FROM {login.from} FOR {user.name}, {event.reason~}', 'login_failed'],
  ["FAILED LOGIN ({}) on '{~}' from '{login.from~}' FOR '{user.name~}', {event.reason~}", 'login_failed'],
  ["FAILED LOGIN ({}) on '{~}' FOR '{user.name~}', {event.reason~}", 'login_failed'],
  ['ROOT LOGIN {~} FROM {login.from}', 'login'],
  ['ROOT LOGIN {*}', 'login'],
  ['LOGIN ON {} BY {user.name} FROM {login.from}', 'login'],
  ['LOGIN ON {} BY {user.name}', 'login'],
  ['DIALUP AT {} BY {user.name}', 'login'],
  ['{user.name}: Executing command [USER={user.effective.name}] [TTY={}] [CWD={process.working_directory~}] [COMMAND={process.command_line~}]', 'sudo_command'],
  ['{user.name}: {event.reason~} [USER={user.effective.name}] [TTY={}] [CWD={process.working_directory~}] [COMMAND={process.command_line~}]', 'sudo_denied'],
  ['Operator of {~} successfully authenticated as unix-user:{user.effective.name} to gain {~} authorization for action {event.code} for {~} [{process.command_line~}] (owned by unix-user:{user.name~})', 'su'],
  ['Operator of {~} FAILED to authenticate to gain authorization for action {event.code} for {~} [{process.command_line~}] (owned by unix-user:{user.name~})', 'su_failed'],
  ['Registered Authentication Agent for {*}'],
  ['Unregistered Authentication Agent for {*}'],
  ['FAILED LOGIN SESSION FROM {login.from} FOR {user.name~}, {event.reason~}', 'login_failed'],
  ['TOO MANY LOGIN TRIES ({}) FROM {login.from} FOR {user.name~}, {event.reason~}', 'login_failed'],
]);
/** `login` says a terminal where it knows no host. */
export const auth: Format = {
  ...AUTH,
  read(draft) {
    AUTH.read(draft);
    const from = draft.getText('login.from');
    if (from !== undefined && /[.:]/.test(from)) draft.put('source.ip', from);
    if (draft.text.startsWith('ROOT LOGIN ')) draft.fill('user.name', 'root');
    return true;
  },
};
// xrdp: `[INFO ] AUTHFAIL: user=an ip=::ffff:192.0.2.1 time=1771310403`; in its own file behind `[20260217-13:40:03] `. https://github.com/neutrinolabs/xrdp
const XRDP = messageRules([
  ['AUTHFAIL: user={user.name~} ip={source.ip} time={*}', 'login_failed'],
  ['{} created session (access granted): username {user.name~}, ip {xrdp.peer~} - socket: {*}', 'session_opened'],
  ['{} created session (access granted): username {user.name~}, ip {xrdp.peer~}', 'session_opened'],
  ['{} reconnected session: username {user.name~}, display {~}, session_pid {~}, ip {xrdp.peer~} - socket: {*}', 'session_opened'],
  ['{} terminated session:  username {user.name~}, display {~}, session_pid {~}, ip {xrdp.peer~} - socket: {*}', 'session_closed'],
  ['{} terminated session: UID {user.id}, display {*}', 'session_closed'],
  ['Received system login request from {~} for user: {user.name} IP: {source.ip}', 'connection'],
  ['Access permitted for user: {user.name}', 'login'],
  ['login successful for user {user.name~} on display {*}', 'login'],
  ['login failed for user {user.name~}', 'login_failed'],
  ['xrdp_wm_log_msg: login successful for {~}display {*}', 'login'],
  ['connected client computer name: {source.domain}'],
  ['Socket {}: connection accepted from {} {xrdp.peer~}', 'connection'],
  ['Socket {}: AF_INET connection received from {source.ip} port {source.port}', 'connection'],
  ['Socket {}: AF_INET6 connection received from {source.ip} port {source.port}', 'connection'],
]);
const XRDP_LEAD = /^(?:\[\d{8}-\d\d:\d\d:\d\d\] )?\[(CORE|ERROR|WARN|INFO|DEBUG|TRACE) {0,3}\] (?:\[[\w.]{1,60}\([\w.]{1,60}:\d{1,6}\)\] )?/;
const XRDP_FILE = /^\[(\d{4})(\d\d)(\d\d)-(\d\d:\d\d:\d\d)\] \[(?:CORE|ERROR|WARN|INFO|DEBUG|TRACE) {0,3}\] /;
const PEER = /^([\da-fA-F.:]{3,45}?)(?::| port )(\d{1,5})$/;
export const xrdp: Format = {
  name: 'linux.xrdp', programs: ['xrdp', 'xrdp-sesman', 'xrdp-chansrv'], holds: ['^[00000000-00:00:00] ['], unnamed: true,
  detect: ({ head, program }) => program === '' && XRDP_FILE.test(head),
  read(draft) {
    const lead = XRDP_LEAD.exec(draft.head), stamp = XRDP_FILE.exec(draft.head), said = draft.text.slice(lead?.[0].length ?? 0);
    if (stamp !== null && !draft.headed) { const time = readTime(`${stamp[1]}-${stamp[2]}-${stamp[3]} ${stamp[4]}`, 0); if (time !== undefined) draft.time = resolve(time, draft.received, draft.zone); }
    if (lead !== null) draft.put('log.level', lead[1]?.toLowerCase());
    draft.put('service.name', 'xrdp');
    if (!applyRules(XRDP, said, draft) && !readPam(draft)) readSentence(draft, said);
    const peer = PEER.exec(draft.getText('xrdp.peer') ?? '');
    if (peer !== null) { draft.put('source.ip', peer[1]); draft.put('source.port', peer[2]); }
    if (draft.has('source.ip')) { draft.put('network.protocol', 'rdp'); draft.put('network.transport', 'tcp'); }
    return true;
  },
};
export const daemons = known('linux.syslog', ['rsyslogd', 'syslogd', 'syslog-ng', 'dhclient', 'networkmanager', 'ntpd', 'chronyd', 'snmpd', 'avahi-daemon', 'cups', 'cupsd', 'ftpd', 'xinetd', 'inetd', 'gpm', 'named', 'hostapd', 'irqbalance',
  'multipathd', 'lvm', 'smartd', 'dockerd', 'containerd', 'kubelet', 'snapd', 'packagekitd', 'dnf', 'yum', 'apt', 'dpkg', 'logrotate', 'rpc.statd', 'nscd', 'nslcd', 'udevd', 'acpid', 'bluetoothd', 'logger', 'rtkit-daemon', 'mtp-probe', 'logcheck'], [
  ['connect from {source.ip}{*}', 'connection'],
  ['ANONYMOUS FTP LOGIN FROM {source.ip}, {*}', 'login'],
  ['FTP LOGIN FROM {source.ip} [{~}], {user.name}', 'login'],
  ['connection from {source.ip} ({source.domain~}) at {*}', 'connection'],
], true);
