// Linux audit records: `type=SYSCALL msg=audit(1771335603.123:4711): arch=... key="x"`, raw, under audispd or audisp-syslog, or from the
// kernel. Raw keys stay under auditd.log.*, hex-encoded values decoded. Records of one event share (source, node, serial): each
// gains what the earlier ones said about the process and the user (never arguments: a0 means another thing in each type).
import { write, type Value } from '../../event.js';
import type { Draft } from '../draft.js';
import { putInitiated } from '../json-fields.js';
import { lookup } from '../lookup.js';
import type { Format } from '../format.js';
import { epochMillis } from '../../message/time.js';
import { nativeNames } from '../native-names.js';
import { eachPair, readPairs } from '../pairs.js';
import { isIp, protocolName } from '../net.js';
import { actionOf, recordType } from './audit-types.js';

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
  const pairs = pairsBefore(text.slice(0, stamp)), node = pairs.get('node');
  if (/^\d+$/.test(serial)) draft.put('auditd.log.sequence', Number(serial));
  if (node !== undefined) { draft.put('auditd.log.node', node); draft.put('host.name', node); }
  readRecord(draft, recordType(pairs.get('type') ?? pairs.get('TYPE') ?? ''), text.slice(text.charCodeAt(close + 1) === 58 ? close + 2 : close + 1).trimStart(), node, serial);
  return true;
}

function readRecord(draft: Draft, type: string, body: string, node: string | undefined, serial: string): void {
  const { event } = draft;
  write(event, 'event.dataset', 'auditd.log');
  write(event, 'event.module', 'auditd');
  draft.put('auditd.log.record_type', type);
  draft.put('auditd.log.type', type);
  readBody(draft, body, type);
  if (type === 'EXECVE') joinArguments(draft);
  const own = draft.event['process.name'];
  if (typeof own === 'string' && WRITERS.has(own)) { delete draft.event['process.name']; delete draft.event['process.pid']; }
  putMeaning(draft, type);
  joinEarlier(draft, node, serial);
  if (type === 'PATH') putWholePath(draft);
  if (type === 'SOCKADDR' && draft.get('auditd.log.SYSCALL') === 'connect' && draft.has('destination.ip')) putInitiated(draft, true);
  if (!draft.has('event.action')) draft.act(actionOf(draft, type));
  const result = draft.getText('auditd.log.res') ?? draft.getText('auditd.log.success') ?? draft.getText('auditd.log.result');
  if (result !== undefined) write(draft.event, 'event.outcome', result === 'yes' || result === 'success' || result === '1' ? 'success' : 'failure');
}
/** A file's name is as the program said it: below the folder that the event's CWD record names, unless it begins at the root. */
export function putWholePath(draft: Draft): void {
  const path = draft.getText('file.path'), folder = draft.getText('process.working_directory');
  if (path === undefined || path.startsWith('/') || path === '' || folder?.startsWith('/') !== true || SAYS_NOBODY.has(path)) return;
  draft.put('file.path', `${folder.replace(/\/$/, '')}/${path.replace(/^(?:\.\/){1,9}/, '')}`);
}

/** Who writes records down is not who did what they tell. */
const WRITERS = new Set(['audispd', 'auditd', 'audit', 'kernel', 'audisp-syslog', 'audisp-remote']);

/** A record as journald passes it on, without its time and serial: `USER_CMD pid=991 uid=1000 ...`, `<audit-1334> prog-id=5 op=LOAD`. */
const JOURNAL = /^(?:([A-Z][A-Z0-9_]{2,30})|<audit-(\d{4})>) (?=[a-z][\w-]{0,30}=|avc: )/;
/** What the daemon itself says. */
const DAEMON = /^(?:The audit daemon is exiting|Init complete|Audit daemon |audit(?:d|isp)?[ :]|Started dispatcher|Error |Could not|Signal |suspend|log file|Trailing|plugin |Closed |Connection )/i;
function readUnstamped(draft: Draft): boolean {
  const { text, head } = draft, record = JOURNAL.exec(head);
  if (record !== null) { readRecord(draft, record[1] ?? recordType(record[2] as string), text.slice(record[0].length), undefined, ''); return true; }
  if (!DAEMON.test(head)) return false;
  draft.act(/daemon is exiting|suspending logging|no longer|rotating logs failed/i.test(head) ? 'service_stopped' : /^Init complete/.test(head) ? 'service_started' : 'audit_record');
  return true;
}

function pairsBefore(text: string): Map<string, string> {
  return new Map(readPairs(text.slice(0, 200)).map(([key, value]) => [key.toLowerCase(), value]));
}

/** Keys that follow `msg='...'` of user records stand beside the others; a second value of a key does not replace the first. */
function readBody(draft: Draft, text: string, type: string): void {
  const { at, after } = enrichedAt(text); // log_format=ENRICHED: names after the group separator
  const plain = at < 0 ? text : `${text.slice(0, at)} ${text.slice(after)}`;
  const inner = plain.indexOf("msg='");
  const outer = inner < 0 ? plain : plain.slice(0, inner);
  eachPair(outer, {}, (key, value, quoted) => { putRaw(draft, key, value, quoted, type); });
  if (inner >= 0) {
    const end = plain.lastIndexOf("'");
    const said = plain.slice(inner + 5, end > inner + 5 ? end : plain.length);
    eachPair(said, {}, (key, value, quoted) => { putRaw(draft, key, value, quoted, type); });
    if (!said.includes('=')) draft.put('auditd.log.msg', said);
  }
  if (type === 'AVC' || type === 'USER_AVC') draft.put('auditd.log.avc', /\bavc: {1,4}(denied|granted)/.exec(plain.slice(0, 200))?.[1]);
  const said = !OF_ACCOUNTS.has(type) ? undefined : /\bop=((?:[^=\s"']{1,40} ){1,5}?[^=\s"']{1,40}?)(?: \w{1,20}=|'|$)/.exec(plain.slice(0, 2000))?.[1]; // `op=adding user to group acct=...`
  if (said !== undefined) draft.put('auditd.log.op', said);
  if (at >= 0) for (const [key, value] of readPairs(text.slice(after))) {
    if (SAYS_NOBODY.has(value)) continue;
    if (key === 'UID') draft.put('user.name', value);
    else if (key === 'ID') draft.put('auditd.log.id_name', value);
    else if (key === 'AUID') draft.put('user.audit.name', value);
    else if (key === 'EUID') draft.put('user.effective.name', value);
    else if (key === 'GID') draft.put('user.group.name', value);
  }
}
/** The group separator, raw or as receivers of syslog write what is not to be printed. */
/** The first name that follows, behind what ends a SYSCALL record. */
const GLUED = /[")](?=ARCH=\w{1,20} SYSCALL=)/;
const SEPARATORS = ['\x1d', '#035', '^]', '\\x1d'];
function enrichedAt(text: string): { readonly at: number; readonly after: number } {
  for (const mark of SEPARATORS) { const at = text.indexOf(mark), next = text.charCodeAt(at + mark.length); if (at >= 0 && next >= 65 && next <= 90 && outsideQuotes(text, at)) return { at, after: at + mark.length }; }
  const glued = GLUED.exec(text); // a receiver that leaves it out
  return glued === null ? { at: -1, after: text.length } : { at: glued.index + 1, after: glued.index + 1 };
}
/** An argument in quotes may hold the written forms: it says nothing of who did it. */
function outsideQuotes(text: string, at: number): boolean {
  let quotes = 0;
  for (let quote = text.indexOf('"'); quote >= 0 && quote < at; quote = text.indexOf('"', quote + 1)) quotes++;
  return quotes % 2 === 0;
}
export const SAYS_NOBODY = new Set(['?', '(null)', '(unknown)', '(unknown user)', '(invalid user)', 'unknown', 'unset', '']);

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

/** The audit id of whoever never logged in. */
const UNSET = '4294967295';

/** Puts the meaning of the raw keys of a record of this type into our fields. */
export function putMeaning(draft: Draft, type: string): void {
  for (const { raw, kept, field } of SAID) {
    const value = draft.getText(kept);
    if (value === undefined || SAYS_NOBODY.has(value)) continue;
    if (raw === 'exit' && type !== 'SYSCALL') continue;
    if (raw === 'auid' && value === UNSET) continue;
    if (raw === 'uid' && !OF_CALLS.has(type) && !OF_ACCOUNTS.has(type) && draft.has('auditd.log.acct')) continue; // it is the asking program's
    if (raw === 'acct') draft.put(field, value); else draft.fill(field, value);
  }
  if (!OF_CALLS.has(type)) { putAccounts(draft, type); putObject(draft, type); putEnds(draft, type); }
  const comm = draft.getText('auditd.log.comm');
  if (comm !== undefined) draft.put('process.name', comm);
  else if (!OF_CALLS.has(type)) { const exe = draft.getText('process.executable'); if (exe?.startsWith('/') === true) draft.fill('process.name', exe.slice(exe.lastIndexOf('/') + 1)); }
  const call = CALLS[draft.getText('auditd.log.arch') ?? '']?.[draft.getText('auditd.log.syscall') ?? ''];
  if (call !== undefined) draft.fill('auditd.log.SYSCALL', call);
  if (type === 'PROCTITLE') draft.put('process.title', draft.get('auditd.log.proctitle'));
  if (type === 'PATH') draft.put('file.path', draft.get('auditd.log.name'));
  if (type === 'USER_CMD') draft.put('process.command_line', draft.get('auditd.log.cmd'));
}
/** Records of a call tell of no account, no address and no object but their own. */
const OF_CALLS = new Set(['SYSCALL', 'EXECVE', 'PATH', 'CWD', 'PROCTITLE', 'EOE', 'BPRM_FCAPS', 'MMAP', 'FD_PAIR']);

/** Whom a record of accounts is about: `acct`, or `id` with the name that enriched logs say. The login's own account is the one that logged in. */
function putAccounts(draft: Draft, type: string): void {
  if (!OF_ACCOUNTS.has(type) && !OF_LOGINS.has(type)) return;
  const id = draft.getText('auditd.log.id'), named = draft.getText('auditd.log.id_name'), account = draft.getText('auditd.log.acct');
  if (type === 'USER_LOGIN' || type === 'USER_LOGOUT') { if (id !== undefined && /^\d+$/.test(id)) draft.put('user.id', id); if (account === undefined) draft.put('user.name', named); }
  else if (type === 'LOGIN') draft.put('user.id', draft.getText('auditd.log.auid'));
  else if (OF_ACCOUNTS.has(type)) {
    const actor = draft.getText('user.audit.name'), target = account ?? named;
    if (target !== undefined && !SAYS_NOBODY.has(target)) { if (type.endsWith('_GROUP')) draft.fill('group.name', target); else draft.put('user.target.name', target); }
    if (actor !== undefined) draft.put('user.name', actor);
  }
}
const OF_LOGINS = new Set(['USER_LOGIN', 'USER_LOGOUT', 'LOGIN']);
const OF_ACCOUNTS = new Set(['ADD_USER', 'DEL_USER', 'USER_MGMT', 'ADD_GROUP', 'DEL_GROUP', 'GRP_MGMT', 'USER_CHAUTHTOK', 'GRP_CHAUTHTOK', 'ACCT_LOCK', 'ACCT_UNLOCK', 'CHUSER_ID', 'CHGRP_ID', 'ROLE_ASSIGN', 'ROLE_REMOVE', 'RESP_ACCT_LOCK', 'RESP_ACCT_LOCK_TIMED', 'RESP_ACCT_UNLOCK_TIMED']);

/** `addr` is the other side; `laddr` the machine's own address, but in a SOCKADDR record what the call named. */
function putEnds(draft: Draft, type: string): void {
  const address = draft.getText('auditd.log.addr') ?? '', name = draft.getText('auditd.log.hostname') ?? '', own = draft.getText('auditd.log.laddr') ?? '', daemon = type.startsWith('DAEMON_') ? /^([0-9a-fA-F.:]{3,45}):(\d{1,5})$/.exec(address) : null;
  const from = isIp(address) ? address : isIp(name) ? name : undefined;
  if (from !== undefined) draft.put('source.ip', from);
  else if (daemon !== null && isIp(daemon[1] as string)) { draft.put('source.ip', daemon[1]); draft.put('source.port', daemon[2]); }
  if (from === address && !isIp(name) && /^[\w.-]{1,255}$/.test(name)) draft.put('source.domain', name); // without an address it is the machine itself
  draft.put('source.port', draft.getText('auditd.log.rport'));
  const packet = PACKETS.get(type);
  if (packet !== undefined) for (const [key, field] of packet) { const value = draft.getText(`auditd.log.${key}`); draft.put(field, key === 'proto' && value !== undefined ? protocolName(value) : value); }
  if (type === 'SOCKADDR') putSocket(draft);
  else if (isIp(own)) { draft.put('destination.ip', own); draft.put('destination.port', draft.getText('auditd.log.lport')); }
}

/** Records of packets, of the tunnels' policy, and of a port that was denied. */
const PACKETS: ReadonlyMap<string, readonly (readonly [key: string, field: string])[]> = new Map([
  ['NETFILTER_PKT', [['saddr', 'source.ip'], ['daddr', 'destination.ip'], ['sport', 'source.port'], ['dport', 'destination.port'], ['proto', 'network.transport']]],
  ['MAC_IPSEC_EVENT', [['src', 'source.ip'], ['dst', 'destination.ip']]], ['AVC', [['dest', 'destination.port'], ['daddr', 'destination.ip']]],
]);

const OF_OBJECTS = new Set(['AVC', 'USER_AVC', 'SERVICE_START', 'SERVICE_STOP', 'ANOM_PROMISCUOUS', 'KERN_MODULE', 'TTY', 'USER_TTY', 'SOFTWARE_UPDATE']);
/** What was acted on: a file that was denied, a unit, a module, a network card, what somebody typed. */
function putObject(draft: Draft, type: string): void {
  if (!OF_OBJECTS.has(type)) return;
  const value = (key: string): string | undefined => { const one = draft.getText(`auditd.log.${key}`); return one === undefined || SAYS_NOBODY.has(one) ? undefined : one; };
  if (type === 'AVC' || type === 'USER_AVC') {
    const path = value('path') ?? value('name');
    draft.put(path?.startsWith('/') === true ? 'file.path' : 'file.name', path);
    draft.put('rule.name', value('profile'));
  } else if (type === 'SERVICE_START' || type === 'SERVICE_STOP') draft.put('service.name', value('unit'));
  else if (type === 'ANOM_PROMISCUOUS') draft.put('observer.ingress.interface.name', value('dev'));
  else if (type === 'KERN_MODULE') draft.put('file.name', value('name'));
  else if (type === 'TTY' || type === 'USER_TTY') draft.put('process.command_line', value('data')?.replace(/[\r\n]+$/, ''));
  else if (type === 'SOFTWARE_UPDATE') draft.put('package.name', value('sw'));
}

/** The numbers of the calls that rules ask for by name, on x86-64 and on 64-bit ARM (enriched logs say the name themselves). */
const X86_64 = lookup<string>({
  2: 'open', 41: 'socket', 42: 'connect', 43: 'accept', 49: 'bind', 50: 'listen', 56: 'clone', 57: 'fork', 59: 'execve', 62: 'kill', 76: 'truncate', 82: 'rename', 83: 'mkdir', 84: 'rmdir', 85: 'creat', 86: 'link', 87: 'unlink', 88: 'symlink', 90: 'chmod', 91: 'fchmod',
  92: 'chown', 93: 'fchown', 94: 'lchown', 99: 'sysinfo', 101: 'ptrace', 103: 'syslog', 105: 'setuid', 106: 'setgid', 113: 'setreuid', 117: 'setresuid', 133: 'mknod', 135: 'personality', 155: 'pivot_root', 161: 'chroot', 164: 'settimeofday', 165: 'mount', 166: 'umount2', 169: 'reboot', 170: 'sethostname', 175: 'init_module', 176: 'delete_module', 227: 'clock_settime', 246: 'kexec_load',
  257: 'openat', 258: 'mkdirat', 259: 'mknodat', 260: 'fchownat', 263: 'unlinkat', 264: 'renameat', 265: 'linkat', 266: 'symlinkat', 268: 'fchmodat', 288: 'accept4', 310: 'process_vm_readv', 311: 'process_vm_writev', 313: 'finit_module', 316: 'renameat2', 319: 'memfd_create', 320: 'kexec_file_load', 321: 'bpf', 322: 'execveat', 437: 'openat2',
});
const AARCH64 = lookup<string>({
  33: 'mknodat', 34: 'mkdirat', 35: 'unlinkat', 36: 'symlinkat', 37: 'linkat', 38: 'renameat', 39: 'umount2', 40: 'mount', 45: 'truncate', 51: 'chroot', 52: 'fchmod', 53: 'fchmodat', 54: 'fchownat', 55: 'fchown', 56: 'openat', 92: 'personality', 104: 'kexec_load', 105: 'init_module', 106: 'delete_module', 116: 'syslog', 117: 'ptrace', 129: 'kill', 142: 'reboot', 144: 'setgid', 145: 'setreuid', 146: 'setuid', 147: 'setresuid',
  161: 'sethostname', 170: 'settimeofday', 179: 'sysinfo', 198: 'socket', 200: 'bind', 201: 'listen', 202: 'accept', 203: 'connect', 220: 'clone', 221: 'execve', 242: 'accept4', 270: 'process_vm_readv', 271: 'process_vm_writev', 273: 'finit_module', 276: 'renameat2', 279: 'memfd_create', 280: 'bpf', 281: 'execveat', 294: 'kexec_file_load', 437: 'openat2',
});
const CALLS: Readonly<Record<string, typeof X86_64 | undefined>> = lookup({ c000003e: X86_64, c00000b7: AARCH64 });

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

const looksLikeAudit = (head: string): boolean => (head.startsWith('type=') || head.startsWith('node=') || head.startsWith('audit(')) && head.includes('audit(');

export const auditd: Format = { name: 'auditd.log', holds: ['audit('], programs: ['audispd', 'auditd', 'audisp-syslog', 'audisp-remote', 'audit', 'augenrules', 'auditctl'], detect: ({ head }) => looksLikeAudit(head), read: (draft) => looksLikeAudit(draft.head) ? readAudit(draft, draft.text) : readUnstamped(draft) };
