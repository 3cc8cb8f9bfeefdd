// Linux audit records: `type=SYSCALL msg=audit(1771335603.123:4711): arch=... key="x"`, raw, under audispd or audisp-syslog, or from the
// kernel. Raw keys stay under auditd.log.*, hex-encoded values decoded. Records of one event share (source, node, serial): each
// gains what the earlier ones said about the process and the user (never arguments: a0 means another thing in each type).
import type { Value } from '../../event.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { epochMillis } from '../../message/time.js';
import { nativeNames } from '../native-names.js';
import { eachPair, readPairs } from '../pairs.js';
import { isIp } from '../net.js';
import type { Action } from '../actions.js';

/** `text` begins with `type=`, `node=` or (kernel) `audit(` or `type=1400 audit(`. */
export function readAudit(draft: Draft, text: string): boolean {
  const stamp = text.indexOf('audit(');
  if (stamp < 0 || stamp > 200) return false;
  const close = text.indexOf(')', stamp);
  if (close < 0 || close > stamp + 60) return false;
  const [time = '', serial = ''] = text.slice(stamp + 6, close).split(':');
  const at = epochMillis(time);
  if (at === undefined) return false;
  draft.time = at;
  const pairs = pairsBefore(text.slice(0, stamp));
  const type = recordType(pairs.get('type') ?? pairs.get('TYPE') ?? '');
  const { event } = draft;
  event['event.dataset'] = 'auditd.log';
  event['event.module'] = 'auditd';
  draft.put('auditd.log.record_type', type);
  draft.put('auditd.log.type', type);
  if (/^\d+$/.test(serial)) draft.put('auditd.log.sequence', Number(serial));
  const node = pairs.get('node');
  if (node !== undefined) { draft.put('auditd.log.node', node); draft.put('host.name', node); }
  readBody(draft, text.slice(text.charCodeAt(close + 1) === 58 ? close + 2 : close + 1).trimStart(), type);
  if (type === 'EXECVE') joinArguments(draft);
  const own = draft.event['process.name'];
  if (own === 'audispd' || own === 'auditd' || own === 'kernel') { delete draft.event['process.name']; delete draft.event['process.pid']; }
  putEcs(draft, type);
  joinEarlier(draft, node, serial);
  if (!draft.has('event.action')) draft.act(actionOf(draft, type));
  const result = draft.getText('auditd.log.res') ?? draft.getText('auditd.log.success') ?? draft.getText('auditd.log.result');
  if (result !== undefined) draft.event['event.outcome'] = result === 'yes' || result === 'success' || result === '1' ? 'success' : 'failure';
  return true;
}

function pairsBefore(text: string): Map<string, string> {
  return new Map(readPairs(text.slice(0, 200)).map(([key, value]) => [key.toLowerCase(), value]));
}

/** Keys that follow `msg='...'` of user records stand beside the others; a second value of a key does not replace the first. */
function readBody(draft: Draft, text: string, type: string): void {
  const enriched = text.indexOf('\x1d'); // log_format=ENRICHED: names after the group separator
  const plain = enriched < 0 ? text : `${text.slice(0, enriched)} ${text.slice(enriched + 1)}`;
  const inner = plain.indexOf("msg='");
  const outer = inner < 0 ? plain : plain.slice(0, inner);
  eachPair(outer, {}, (key, value, quoted) => { putRaw(draft, key, value, quoted, type); });
  if (inner >= 0) {
    const end = plain.lastIndexOf("'");
    const said = plain.slice(inner + 5, end > inner + 5 ? end : plain.length);
    eachPair(said, {}, (key, value, quoted) => { putRaw(draft, key, value, quoted, type); });
    if (!said.includes('=')) draft.put('auditd.log.msg', said);
  }
  const rest = enriched < 0 ? '' : text.slice(enriched + 1);
  if (rest !== '') for (const [key, value] of readPairs(rest)) {
    if (key === 'UID') draft.put('user.name', value);
    else if (key === 'AUID') draft.put('user.audit.name', value);
    else if (key === 'EUID') draft.put('user.effective.name', value);
    else if (key === 'GID') draft.put('user.group.name', value);
  }
}

function putRaw(draft: Draft, key: string, value: string, quoted: boolean, type: string): void {
  if (key === '' || key === 'msg') return;
  const decoded = !quoted && (HEX_KEYS.has(key) || (type === 'EXECVE' && /^a\d+(?:\[\d+\])?$/.test(key))) ? decodeHex(value, key) : value;
  draft.fill(native(key), decoded);
}
const native = nativeNames('auditd.log');
const HEX_KEYS = new Set(['comm', 'exe', 'name', 'cwd', 'proctitle', 'cmd', 'key', 'acct', 'path', 'dir', 'file', 'data', 'grp', 'new_group', 'hostname', 'terminal', 'vm', 'old-chardev', 'new-chardev', 'watch', 'sw', 'saddr_path']);

/** A value with odd characters comes as bare hex; a value in quotes is itself. */
function decodeHex(value: string, key: string): string {
  if (value.length < 2 || value.length % 2 === 1 || !HEX.test(value)) return value;
  const bytes = new Uint8Array(value.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(value.slice(2 * i, 2 * i + 2), 16);
  const decoded = utf8.decode(bytes);
  return key === 'proctitle' ? decoded.replace(/\0+$/, '').replaceAll('\0', ' ') : key === 'key' ? decoded.replaceAll('\x01', ',') : decoded.replaceAll('\0', ' ').trimEnd();
}
const HEX = /^[0-9A-F]+$/;
const utf8 = new TextDecoder();

/** EXECVE's a0 a1 ... (an argument that was too long comes in parts: a2[0], a2[1]) are the command line. */
function joinArguments(draft: Draft): void {
  const count = Math.min(Number(draft.getText('auditd.log.argc') ?? '0') || 0, 2000);
  const args: string[] = [];
  for (let i = 0; i < Math.max(count, 1); i++) {
    const whole = draft.getText(`auditd.log.a${i}`);
    if (whole !== undefined) { args.push(whole); continue; }
    let long = '';
    for (let part = 0; part < 1000 && draft.has(`auditd.log.a${i}[${part}]`); part++) long += draft.getText(`auditd.log.a${i}[${part}]`) ?? '';
    if (long === '') break;
    draft.put(`auditd.log.a${i}`, long);
    args.push(long);
  }
  draft.put('process.command_line', args.join(' '));
  if (args.length > 0) draft.put('process.args', args);
}

const SAID = ([
  ['pid', 'process.pid'], ['ppid', 'process.parent.pid'], ['exe', 'process.executable'], ['cwd', 'process.working_directory'], ['exit', 'process.exit_code'],
  ['uid', 'user.id'], ['auid', 'user.audit.id'], ['euid', 'user.effective.id'], ['ses', 'auditd.session'], ['acct', 'user.name'], ['user', 'user.name'], ['grp', 'group.name'],
] as const).map(([raw, field]) => ({ raw, kept: `auditd.log.${raw}`, field }));

function putEcs(draft: Draft, type: string): void {
  for (const { raw, kept, field } of SAID) {
    const value = draft.getText(kept);
    if (value === undefined || value === '?' || value === '(null)') continue;
    if (raw === 'exit' && type !== 'SYSCALL') continue;
    if (raw === 'acct') draft.put(field, value); else draft.fill(field, value);
  }
  const comm = draft.getText('auditd.log.comm');
  if (comm !== undefined) draft.put('process.name', comm);
  const call = draft.getText('auditd.log.arch') === 'c000003e' ? SYSCALLS[draft.getText('auditd.log.syscall') ?? ''] : undefined;
  if (call !== undefined) draft.fill('auditd.log.SYSCALL', call);
  if (type === 'PROCTITLE') draft.put('process.title', draft.get('auditd.log.proctitle'));
  if (type === 'PATH') draft.put('file.path', draft.get('auditd.log.name'));
  if (type === 'USER_CMD') draft.put('process.command_line', draft.get('auditd.log.cmd'));
  const from = draft.getText('auditd.log.addr') ?? draft.getText('auditd.log.hostname') ?? draft.getText('auditd.log.laddr');
  if (from !== undefined && isIp(from)) draft.put('source.ip', from);
  if (type === 'SOCKADDR') putSocket(draft);
}

/** x86-64's numbers of the calls that rules ask for by name (enriched logs say the name themselves). */
const SYSCALLS = lookup<string>({
  2: 'open', 41: 'socket', 42: 'connect', 43: 'accept', 49: 'bind', 50: 'listen', 56: 'clone', 57: 'fork', 59: 'execve', 62: 'kill', 76: 'truncate', 82: 'rename', 83: 'mkdir', 84: 'rmdir', 85: 'creat', 86: 'link', 87: 'unlink', 88: 'symlink', 90: 'chmod', 91: 'fchmod',
  92: 'chown', 93: 'fchown', 94: 'lchown', 101: 'ptrace', 105: 'setuid', 106: 'setgid', 113: 'setreuid', 117: 'setresuid', 155: 'pivot_root', 161: 'chroot', 164: 'settimeofday', 165: 'mount', 166: 'umount2', 169: 'reboot', 170: 'sethostname', 175: 'init_module', 176: 'delete_module', 227: 'clock_settime', 246: 'kexec_load',
  257: 'openat', 258: 'mkdirat', 260: 'fchownat', 263: 'unlinkat', 264: 'renameat', 265: 'linkat', 266: 'symlinkat', 268: 'fchmodat', 288: 'accept4', 310: 'process_vm_readv', 311: 'process_vm_writev', 313: 'finit_module', 316: 'renameat2', 319: 'memfd_create', 320: 'kexec_file_load', 321: 'bpf', 322: 'execveat', 437: 'openat2',
});

/** saddr: the C structure as hex; family 2 is IPv4, 10 IPv6, 1 a path. */
function putSocket(draft: Draft): void {
  const hex = draft.getText('auditd.log.saddr') ?? '';
  if (!HEX.test(hex) || hex.length < 4) return;
  const byte = (at: number): number => parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  const family = byte(0) + 256 * byte(1);
  if (family === 2 && hex.length >= 16) {
    draft.put('destination.port', byte(2) * 256 + byte(3));
    draft.put('destination.ip', [4, 5, 6, 7].map(byte).join('.'));
  } else if (family === 10 && hex.length >= 48) {
    draft.put('destination.port', byte(2) * 256 + byte(3));
    draft.put('destination.ip', Array.from({ length: 8 }, (_, i) => (byte(8 + 2 * i) * 256 + byte(9 + 2 * i)).toString(16)).join(':'));
  } else if (family === 1) draft.put('file.path', decodeHex(hex.slice(4), 'path').replace(/ .*$/, ''));
}

/** What a record passes on to later ones of its event. */
const PASSED = new Set(['process.pid', 'process.parent.pid', 'process.executable', 'process.name', 'process.command_line', 'process.working_directory', 'process.args', 'process.title',
  'user.id', 'user.audit.id', 'user.effective.id', 'user.name', 'user.audit.name', 'user.effective.name', 'auditd.log.exe', 'auditd.log.comm', 'auditd.log.uid', 'auditd.log.auid', 'auditd.log.euid', 'auditd.log.gid',
  'auditd.log.ppid', 'auditd.log.pid', 'auditd.log.ses', 'auditd.log.tty', 'auditd.log.key', 'auditd.log.success', 'auditd.log.exit', 'auditd.log.syscall', 'auditd.log.SYSCALL', 'auditd.log.cwd', 'auditd.log.subj', 'auditd.log.proctitle']);

function joinEarlier(draft: Draft, node: string | undefined, serial: string): void {
  const { context, event } = draft;
  if (context === undefined || serial === '') return;
  const key = `${draft.source}\n${node ?? draft.getText('log.syslog.hostname') ?? ''}\n${serial}\n${draft.time ?? ''}`;
  const earlier = context.audit.get(key);
  const own: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const name of PASSED) if (draft.has(name)) own[name] = event[name] as Value;
  if (earlier !== undefined) for (const [name, value] of earlier) if (!draft.has(name)) event[name] = value;
  context.audit.add(key, own);
}

function actionOf(draft: Draft, type: string): Action {
  switch (type) {
    case 'EXECVE': case 'USER_CMD': return 'process_started';
    case 'PATH': { const kind = draft.getText('auditd.log.nametype'); return kind === 'CREATE' ? 'file_created' : kind === 'DELETE' ? 'file_deleted' : 'audit_record'; }
    case 'USER_LOGIN': case 'USER_AUTH': case 'LOGIN': return draft.getText('auditd.log.res') === 'failed' || draft.getText('auditd.log.res') === '0' ? 'login_failed' : 'login';
    case 'USER_LOGOUT': return 'logout';
    case 'USER_START': return 'session_opened';
    case 'USER_END': return 'session_closed';
    case 'ADD_USER': return 'user_created';
    case 'DEL_USER': return 'user_deleted';
    case 'ADD_GROUP': return 'group_created';
    case 'DEL_GROUP': return 'group_deleted';
    case 'USER_MGMT': case 'ACCT_LOCK': case 'ACCT_UNLOCK': return 'user_changed';
    case 'GRP_MGMT': return 'group_changed';
    case 'USER_CHAUTHTOK': return 'password_changed';
    case 'SERVICE_START': return 'service_started';
    case 'SERVICE_STOP': return 'service_stopped';
    case 'CONFIG_CHANGE': case 'DAEMON_CONFIG': return 'config_changed';
    case 'AVC': case 'SELINUX_ERR': case 'USER_AVC': return 'access_denied';
    case 'ANOM_PROMISCUOUS': return 'promiscuous_mode';
    case 'ANOM_ABEND': return 'process_crashed';
    case 'SYSTEM_BOOT': return 'system_started';
    case 'SYSTEM_SHUTDOWN': return 'system_stopped';
    default: return 'audit_record';
  }
}

/** `1400` or `UNKNOWN[1327]` as its name. */
function recordType(text: string): string {
  const number = /^(?:UNKNOWN\[)?(\d{4})\]?$/.exec(text)?.[1];
  return number === undefined ? text : TYPES[number] ?? text;
}
const TYPES: Readonly<Record<string, string>> = {
  1100: 'USER_AUTH', 1101: 'USER_ACCT', 1102: 'USER_MGMT', 1103: 'CRED_ACQ', 1104: 'CRED_DISP', 1105: 'USER_START', 1106: 'USER_END', 1107: 'USER_AVC', 1108: 'USER_CHAUTHTOK', 1110: 'CRED_REFR',
  1112: 'USER_LOGIN', 1113: 'USER_LOGOUT', 1114: 'ADD_USER', 1115: 'DEL_USER', 1116: 'ADD_GROUP', 1117: 'DEL_GROUP', 1123: 'USER_CMD', 1130: 'SERVICE_START', 1131: 'SERVICE_STOP', 1300: 'SYSCALL', 1302: 'PATH',
  1303: 'IPC', 1304: 'SOCKETCALL', 1305: 'CONFIG_CHANGE', 1306: 'SOCKADDR', 1307: 'CWD', 1309: 'EXECVE', 1320: 'EOE', 1325: 'NETFILTER_CFG', 1326: 'SECCOMP', 1327: 'PROCTITLE', 1400: 'AVC', 1700: 'ANOM_PROMISCUOUS', 1701: 'ANOM_ABEND',
};

const looksLikeAudit = (head: string): boolean => (head.startsWith('type=') || head.startsWith('node=') || head.startsWith('audit(')) && head.includes('audit(');

export const auditd: Format = { name: 'auditd.log', holds: ['audit('], programs: ['audispd', 'auditd', 'audisp-syslog', 'audisp-remote', 'audit'], detect: ({ head }) => looksLikeAudit(head), read: (draft) => looksLikeAudit(draft.head) && readAudit(draft, draft.text) };
