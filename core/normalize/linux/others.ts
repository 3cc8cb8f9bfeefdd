// Other programs of a Linux system whose lines are told apart by who wrote them: shells, logins, FTP, remote desktops, daemons.
import { readTime } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules, type Row } from '../rules.js';
import { readPairs } from '../pairs.js';
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
const AUTH = known('linux.auth', ['pkexec', 'polkitd', 'polkit-agent-helper-1', 'login', 'gdm', 'gdm-password', 'lightdm', 'sddm', 'unix_chkpwd', 'dbus-daemon', 'dbus', 'accounts-daemon', 'sssd', 'realmd', 'oddjobd', 'cockpit-session', 'cockpit-ws', 'cockpit-tls', 'gdm3', 'gdm-launch-environment', 'gdm-session-worker', 'klogind', 'telnetd', 'rlogind', 'rshd', 'gdm-binary'], [
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
    if (draft.get('user.name') === 'UNKNOWN') delete draft.event['user.name']; // it was asked for a name that no account has, and does not say which
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
    if (stamp !== null) draft.timeFrom(readTime(`${stamp[1]}-${stamp[2]}-${stamp[3]} ${stamp[4]}`, 0));
    if (lead !== null) draft.put('log.level', lead[1]?.toLowerCase());
    draft.put('service.name', 'xrdp');
    if (!applyRules(XRDP, said, draft) && !readPam(draft)) readSentence(draft, said);
    const peer = PEER.exec(draft.getText('xrdp.peer') ?? '');
    if (peer !== null) { draft.put('source.ip', peer[1]); draft.put('source.port', peer[2]); }
    if (draft.has('source.ip')) { draft.put('network.protocol', 'rdp'); draft.put('network.transport', 'tcp'); }
    return true;
  },
};
/** Daemons that look after the machine itself: network, clock, packages, disks, the directory's accounts, its firewall. */
const HOST = known('linux.syslog', ['networkmanager', 'chronyd', 'dhclient', 'dnf', 'yum', 'sssd_be', 'sssd_nss', 'sssd_pam', 'krb5_child', 'ldap_child', 'proxy_child', 'firewalld', 'setroubleshoot', 'setroubleshootd', 'smartd', 'snoopy', 'usbguard-daemon', 'auditbeat', 'wpa_supplicant'], [
  ['<{log.level}> [{}] audit: op="{networkmanager.op~}" {~}name="{observer.ingress.interface.name~}" {~}pid={process.pid} uid={user.id} result="{event.outcome~}"{*}', 'config_changed'],
  ['<{log.level}> [{}] audit: op="{networkmanager.op~}" {~}pid={process.pid} uid={user.id} result="{event.outcome~}"{*}', 'config_changed'],
  ["<{log.level}> [{}] device ({observer.ingress.interface.name}): state change: {~} (reason '{event.reason~}'{*}"],
  ['<{log.level}> [{}] dhcp4 ({observer.ingress.interface.name}): state changed {~}, address={host.ip}{*}', 'dhcp_lease'],
  ['<{log.level}> [{}] dhcp4 ({observer.ingress.interface.name}): {event.reason~}'],
  ['<{log.level}>  [{}] audit: op="{networkmanager.op~}" {~}name="{observer.ingress.interface.name~}" {~}pid={process.pid} uid={user.id} result="{event.outcome~}"{*}', 'config_changed'],
  ['<{log.level}>  [{}] audit: op="{networkmanager.op~}" {~}pid={process.pid} uid={user.id} result="{event.outcome~}"{*}', 'config_changed'],
  ["<{log.level}>  [{}] device ({observer.ingress.interface.name}): state change: {~} (reason '{event.reason~}'{*}"],
  ['<{log.level}>  [{}] dhcp4 ({observer.ingress.interface.name}): state changed {~}, address={host.ip}{*}', 'dhcp_lease'],
  ['<{log.level}>  [{}] dhcp4 ({observer.ingress.interface.name}): {event.reason~}'],
  ['Selected source {destination.ip} ({destination.domain~})'], ['Selected source {destination.ip}'],
  ['Source {destination.ip} replaced with {*}'], ['Source {destination.ip} offline'], ['Source {destination.ip} online'],
  ["Can't synchronise: {event.reason~}"],
  ['System clock was stepped by {event.reason~}', 'config_changed'], ['System clock wrong by {event.reason~}'], ['Forward time jump detected!{*}', 'config_changed'], ['Backward time jump detected!{*}', 'config_changed'],
  ['DHCPACK of {host.ip} from {source.ip}{*}', 'dhcp_lease'], ['DHCPOFFER of {host.ip} from {source.ip}{*}', 'dhcp_lease'], ['DHCPREQUEST for {host.ip} on {observer.ingress.interface.name} to {destination.ip} port {destination.port}{*}', 'dhcp_lease'], ['DHCPDISCOVER on {observer.ingress.interface.name} to {destination.ip} port {destination.port}{*}', 'dhcp_lease'], ['bound to {host.ip} -- {*}', 'dhcp_lease'],
  ['Installed: {package.name}', 'package_installed'], ['Updated: {package.name}', 'package_changed'], ['Upgraded: {package.name}', 'package_changed'], ['Downgraded: {package.name}', 'package_changed'], ['Erased: {package.name}', 'package_removed'], ['Removed: {package.name}', 'package_removed'],
  ['Device: {device.id} [{~}], {event.reason~}'], ['Device: {device.id}, {event.reason~}'],
  ['Backend is offline', 'service_failed'], ['Backend is online', 'service_started'], ['Preauthentication failed', 'login_failed'],
  ['SELinux is preventing {process.executable~} from {selinux.access~} access on the {selinux.class} {file.path}. {*}', 'access_denied'], ['SELinux is preventing {process.executable~} from {selinux.access~}. {*}', 'access_denied'],
  ['ERROR: {event.reason~}', 'service_failed'], ['WARNING: {event.reason~}'],
]);
export const hostDaemons: Format = { ...HOST, read: (draft) => draft.program === 'snoopy' ? readSnoopy(draft) : draft.program === 'usbguard-daemon' ? readUsbGuard(draft) : HOST.read(draft) && putResult(draft) };
/** NetworkManager says `success` or `fail`. */
function putResult(draft: Draft): boolean { if (draft.get('event.outcome') === 'fail') draft.put('event.outcome', 'failure'); return true; }

/** `[login:an ssh:(203.0.113.9 51122 10.0.0.5 22) sid:12 tty:/dev/pts/0 (an/1000) uid:an(1000)/an(1000) cwd:/home/an]: cat /etc/passwd`; which parts there are, its format says. https://github.com/a2o/snoopy */
const SNOOPY = /^\[([^\]]{1,1200})\]:? ?/;
function readSnoopy(draft: Draft): boolean {
  const found = SNOOPY.exec(draft.text);
  if (found === null) return true;
  const [lead, said = ''] = found, parts = new Map(said.split(' ').map((part) => { const colon = part.indexOf(':'); return [part.slice(0, colon), part.slice(colon + 1)]; })), value = (name: string): string | undefined => { const text = parts.get(name); return text === '(none)' || text?.startsWith('(undefined)') === true ? undefined : text; };
  const who = /(?:^|\s)uid:(?:([^\s()]{1,64})\((\d{1,10})\)|(\d{1,10}))/.exec(said), ssh = /(?:^|\s)ssh:\(?([0-9a-fA-F.:]{3,45}) (\d{1,5})(?: ([0-9a-fA-F.:]{3,45}) (\d{1,5}))?/.exec(said);
  draft.put('user.name', value('username') ?? value('login') ?? who?.[1]);
  draft.put('user.id', who?.[2] ?? who?.[3]);
  if (ssh !== null) { draft.put('source.ip', ssh[1]); draft.put('source.port', ssh[2]); draft.put('destination.ip', ssh[3]); draft.put('destination.port', ssh[4]); }
  draft.put('process.working_directory', value('cwd'));
  draft.put('process.executable', value('filename'));
  draft.put('process.command_line', draft.text.slice(lead.length).trim());
  draft.put('snoopy.tty', value('tty'));
  draft.act('shell_command');
  return true;
}

/** `uid=0 pid=1 result='SUCCESS' device.rule='block id 0781:5567 serial "..." name "..."' target.new='block' type='Policy.Device.Insert'`. https://usbguard.github.io */
function readUsbGuard(draft: Draft): boolean {
  const pairs = new Map(readPairs(draft.head)), rule = pairs.get('device.rule') ?? '', target = pairs.get('target.new') ?? pairs.get('target'), kind = pairs.get('type') ?? '';
  const [, vendor, product] = /\bid ([0-9a-f]{4}):([0-9a-f]{4})\b/.exec(rule) ?? [];
  draft.put('device.vendor.id', vendor); draft.put('device.product.id', product);
  draft.put('device.serial_number', /\bserial "([^"]{1,200})"/.exec(rule)?.[1]); draft.put('device.model.name', /\bname "([^"]{1,200})"/.exec(rule)?.[1]);
  draft.put('event.reason', kind);
  if (target === 'block' || target === 'reject') draft.act('access_denied'); else if (kind.endsWith('Remove')) draft.act('device_disconnected'); else if (rule !== '') draft.act('device_connected');
  return true;
}

export const daemons = known('linux.syslog', ['rsyslogd', 'syslogd', 'syslog-ng', 'ntpd', 'snmpd', 'avahi-daemon', 'cups', 'cupsd', 'ftpd', 'xinetd', 'inetd', 'gpm', 'named', 'hostapd', 'irqbalance',
  'multipathd', 'lvm', 'dockerd', 'containerd', 'kubelet', 'snapd', 'packagekitd', 'apt', 'dpkg', 'logrotate', 'rpc.statd', 'nscd', 'nslcd', 'udevd', 'acpid', 'bluetoothd', 'logger', 'rtkit-daemon', 'mtp-probe', 'logcheck', 'in.tftpd', 'tftpd', 'mdadm', 'webmin', 'ocserv'], [
  ['connect from UNKNOWN ({source.ip})', 'connection'], ['connect from {source.domain} ({source.ip})', 'connection'],
  ['RRQ from {source.ip} filename {file.path}', 'file_downloaded'], ['WRQ from {source.ip} filename {file.path}', 'file_uploaded'], ['sending NAK ({~}, {event.reason~}) to {source.ip}', 'access_denied'],
  ['Connection from UDP: [{source.ip}]:{source.port}->[{destination.ip}]:{destination.port}', 'connection'],
  ['Fail event detected on md device {device.id}, component device {linux.md_component}', 'disk_failed'], ['Fail event detected on md device {device.id}', 'disk_failed'], ['DegradedArray event detected on md device {device.id}', 'disk_failed'],
  ['Invalid login as {user.name~} from {source.ip}', 'login_failed'], ['Non-existent login as {user.name~} from {source.ip}', 'login_failed'], ['Successful login as {user.name~} from {source.ip}', 'login'], ['Logout by {user.name~} from {source.ip}', 'logout'],
  ["worker[{~}]: {source.ip} worker-auth.c:{}: failed authentication attempt for user '{user.name~}'", 'vpn_failed'], ['main[{user.name~}]:{linux.ocserv_peer} user logged in', 'vpn_connected'], ['main[{user.name~}]:{linux.ocserv_peer} user disconnected (reason: {event.reason~}, rx: {*}', 'vpn_disconnected'],
  ['connect from {source.ip}{*}', 'connection'],
  ['ANONYMOUS FTP LOGIN FROM {source.ip}, {*}', 'login'],
  ['FTP LOGIN FROM {source.ip} [{~}], {user.name}', 'login'],
  ['connection from {source.ip} ({source.domain~}) at {*}', 'connection'],
], true);
