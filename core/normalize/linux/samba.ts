// Samba: vfs_full_audit (`an|192.0.2.1|pc01|share|openat|ok|r|/srv/a.docx`, the prefix being the administrator's), authentication and directory audit
// as JSON and as sentences, and smbd's own log. https://wiki.samba.org (Setting up Audit Logging), vfs_full_audit(8).
import { readIso } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { has, keepAll, putJsonTime, textOf, type Flat, type JsonKind } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { isIp, splitEndpoint } from '../net.js';

const OPERATIONS = lookup<Action>({ connect: 'session_opened', disconnect: 'session_closed', open: 'file_opened', openat: 'file_opened', create_file: 'file_opened', read: 'file_opened', pread: 'file_opened', pread_recv: 'file_opened', read_data: 'file_opened', sendfile: 'file_opened', opendir: 'file_opened', fdopendir: 'file_opened', close: 'file_opened',
  write: 'file_changed', pwrite: 'file_changed', pwrite_recv: 'file_changed', write_data: 'file_changed', recvfile: 'file_changed', rename: 'file_changed', renameat: 'file_changed', chmod: 'file_changed', fchmod: 'file_changed', chown: 'file_changed', fchown: 'file_changed', lchown: 'file_changed', ftruncate: 'file_changed', fallocate: 'file_changed', fntimes: 'file_changed', setxattr: 'file_changed', fset_nt_acl: 'file_changed',
  pwrite_send: 'file_changed', offload_write_send: 'file_changed', lchmod: 'file_changed', removexattr: 'file_changed', fsetxattr: 'file_changed', fremovexattr: 'file_changed', set_nt_acl: 'file_changed', unlink: 'file_deleted', unlinkat: 'file_deleted', rmdir: 'file_deleted', mkdir: 'file_created', mkdirat: 'file_created', mknod: 'file_created', link: 'file_created', linkat: 'file_created', symlink: 'file_created', symlinkat: 'file_created' });
/** What stands before the path: of create_file the access mask, what it is and how it is opened, of open a mode. */
const MODES: Readonly<Record<string, readonly RegExp[] | undefined>> = { create_file: [/^0x[0-9a-fA-F]{1,8}$/, /^(?:file|dir)$/, /^(?:open|create|overwrite|supersede|open_if|overwrite_if)$/], open: [/^[rw]{1,2}$/], openat: [/^[rw]{1,2}$/] };
/** Operations whose first argument is no path. */
const NO_PATH = /^(?:connect|disconnect|file_id_create|fs_capabilities|get_dfs_referrals|get_quota|set_quota|lock|posix_lock|brl_\w+|kernel_flock|linux_setlease|strict_lock_check|security_\w+|chdir_handle)$/;

/** `prefix|operation|ok|arguments`, `prefix|operation|fail (reason)|arguments`; the prefix is the administrator's, by default `%u|%I`. */
function readAudit(draft: Draft): boolean {
  const cells = draft.text.split('|', 16), at = cells.findIndex((cell, i) => i > 0 && (cells[i + 1] === 'ok' || (cells[i + 1] ?? '').startsWith('fail (')) && /^[a-z][a-z_]{2,40}$/.test(cell));
  if (at < 1) return false;
  const before = cells.slice(0, at), address = before.find(isIp), operation = cells[at] as string, result = cells[at + 1] as string;
  putAccount(draft, 'user', before.find((cell) => cell !== '' && !isIp(cell)));
  draft.put('source.ip', address);
  const rest = before.filter((cell) => !isIp(cell)).slice(1);
  if (rest.length > 1) { draft.put('source.domain', rest[0]); draft.put('samba.share', rest.at(-1)); } else draft.put('samba.prefix', rest[0]); // alone it is a machine or a share: which the line does not tell
  draft.put('event.code', operation);
  const after = cells.slice(at + 2), created = operation === 'create_file' && after[2] === 'create';
  for (const mode of MODES[operation] ?? []) if (mode.test(after[0] ?? '')) after.shift();
  if (operation === 'connect' || operation === 'disconnect') draft.put('samba.share', after[0]);
  else if (!NO_PATH.test(operation)) draft.put('file.path', after[0]);
  if (/^(?:rename|link|symlink)/.test(operation)) draft.put('file.target_path', after[1]);
  draft.put('event.reason', /^fail \((.{1,200})\)$/.exec(result)?.[1]);
  draft.act(created ? 'file_created' : OPERATIONS[operation] ?? (NO_PATH.test(operation) ? 'audit_record' : 'file_opened'), result === 'ok' ? 'success' : 'failure');
  draft.put('service.name', 'smb');
  return true;
}

/** `ipv4:192.0.2.1:445`, `ipv6:2001:db8::1:445`. */
function putEnd(draft: Draft, side: 'source' | 'destination', text: string | undefined): void {
  const plain = text?.replace(/^ipv[46]:/, ''), colon = plain?.lastIndexOf(':') ?? -1;
  if (plain === undefined) return;
  const { host, port } = isIp(plain.slice(0, colon)) ? { host: plain.slice(0, colon), port: plain.slice(colon + 1) } : splitEndpoint(plain);
  if (!isIp(host)) return;
  draft.put(`${side}.ip`, host);
  if (port !== '0') draft.put(`${side}.port`, port);
}

const DIRECTORY = lookup<Action>({ dsdbchange: 'config_changed', dsdbtransaction: 'config_changed', passwordchange: 'password_changed', replicatedupdate: 'config_changed', groupchange: 'group_changed' });
export const sambaJson: JsonKind = {
  dataset: 'samba.audit',
  is: (flat) => { const type = textOf(flat, 'type') ?? ''; return type !== '' && has(flat, 'timestamp', `${type}.version.major`); },
  read(draft, flat) {
    const type = textOf(flat, 'type') ?? '', value = (key: string): string | undefined => textOf(flat, `${type}.${key}`);
    keepAll(draft, 'samba', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    putEnd(draft, 'source', value('remoteAddress'));
    putEnd(draft, 'destination', value('localAddress'));
    putAccount(draft, 'user', value('mappedAccount') ?? value('clientAccount') ?? value('account'));
    draft.put('user.domain', value('mappedDomain') ?? value('clientDomain') ?? value('domain'));
    draft.put('user.id', value('sid') ?? value('userSid') ?? value('becameSid'));
    draft.put('source.domain', value('workstation'));
    draft.put('event.code', value('eventId'));
    draft.put('network.protocol', value('serviceDescription')?.toLowerCase());
    draft.put('service.name', value('serviceDescription') ?? 'samba');
    putResult(draft, flat, type);
  },
};
function putResult(draft: Draft, flat: Flat, type: string): void {
  const status = textOf(flat, `${type}.status`) ?? '', ok = status === '' || status === 'NT_STATUS_OK' || status === 'Success';
  if (!ok) draft.put('event.reason', status);
  if (type === 'Authentication' || type === 'KDC Authorization') { draft.act(ok ? 'login' : 'login_failed'); return; }
  if (type === 'Authorization') { draft.act('session_opened'); return; }
  const action = textOf(flat, `${type}.action`) ?? '', operation = textOf(flat, `${type}.operation`) ?? '', dn = textOf(flat, `${type}.user`) ?? textOf(flat, `${type}.dn`);
  draft.put('user.target.name', /^CN=([^,]{1,200})/i.exec(dn ?? '')?.[1]);
  draft.put('group.name', /^CN=([^,]{1,200})/i.exec(textOf(flat, `${type}.group`) ?? '')?.[1]);
  draft.act(type === 'groupChange' ? (action === 'Removed' ? 'group_member_removed' : 'group_member_added') : type === 'passwordChange' && operation === 'Reset' ? 'password_reset' : DIRECTORY[type.toLowerCase()] ?? 'audit_record', ok ? 'success' : 'failure');
}

/** smbd's log: `[2026/02/17 13:40:03.123456,  2] ../source3/auth/auth.c:338(function)`, the text on the line below it or in a message of its own. */
const HEAD = /^\[(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?), {1,2}(\d{1,2})(?:, [^\]]{0,100})?\] (\S{1,200}\(\S{1,100}\))\s*/;
function readLog(draft: Draft): boolean {
  const head = HEAD.exec(draft.head), said = draft.text.slice(head?.[0].length ?? 0, (head?.[0].length ?? 0) + 2000).trimStart();
  if (said.startsWith('{"') || said.startsWith('JSON ') && said.slice(0, 60).includes(': {"')) return false; // the audit as JSON under smbd's header
  if (head !== null) {
    const stamp = readIso(head[1] as string, 0);
    draft.timeFrom(stamp);
    draft.put('log.origin.function', head[3]);
  } else if (!draft.program.endsWith('mbd') && !/^(?:samba|winbindd|rpcd_|smbd)/.test(draft.program)) return false;
  draft.put('event.dataset', 'samba.log');
  draft.put('service.name', 'smb');
  if (readChange(draft, said) || readKerberos(draft, said)) return true;
  const auth = /^(?:Auth|Successful AuthZ): \[([^\]]{0,64})\] user \[([^\]]{0,64})\]\\\[([^\]]{0,128})\]/.exec(said);
  if (auth !== null) {
    putAccount(draft, 'user', auth[3]); draft.put('user.domain', named(auth[2]));
    const status = /status \[([A-Z_]{3,60})\]/.exec(said)?.[1] ?? (said.startsWith('Successful') ? 'NT_STATUS_OK' : undefined), mapped = /mapped to \[([^\]]{0,64})\]\\\[([^\]]{0,128})\]/.exec(said);
    if (mapped !== null) { draft.fill('user.domain', named(mapped[1])); draft.fill('user.name', named(mapped[2])); }
    putEnd(draft, 'source', /[Rr]emote host \[([^\]]{3,60})\]/.exec(said)?.[1]);
    putEnd(draft, 'destination', /local host \[([^\]]{3,60})\]/.exec(said)?.[1]);
    draft.put('source.domain', named(/workstation \[([^\]]{1,64})\]/.exec(said)?.[1]));
    draft.put('user.id', /^Successful AuthZ: .{1,300}? \[(S-1-[\d-]{1,180})\] at /.exec(said)?.[1]);
    draft.put('network.protocol', /^[A-Za-z0-9]{3,12}$/.exec((auth[1] ?? '').split(',', 1)[0] ?? '')?.[0].toLowerCase());
    if (status !== 'NT_STATUS_OK') draft.put('event.reason', status);
    draft.act(status !== 'NT_STATUS_OK' ? 'login_failed' : said.startsWith('Successful') ? 'session_opened' : 'login');
    return true;
  }
  const check = /Authentication for user \[([^\]]{1,128})\] -> \[[^\]]{0,128}\] (FAILED|succeeded)(?: with error (NT_STATUS_[A-Z_]{2,50}))?/.exec(said) ?? /authentication for user \[([^\]]{1,128})\] -> \[[^\]]{0,128}\] -> \[[^\]]{0,128}\] (succeeded)/.exec(said);
  if (check !== null) { putAccount(draft, 'user', check[1]); draft.put('event.reason', check[3]); draft.act(check[2] === 'FAILED' ? 'login_failed' : 'login'); return true; }
  const winbind = /^(?:NTLM CRAP|Plain-text) authentication for user (?:\[([^\]]{0,64})\]\\\[)?([^\]\s]{1,128})\]? returned (NT_STATUS_[A-Z_]{2,50})/.exec(said);
  if (winbind !== null) {
    putAccount(draft, 'user', winbind[2]); draft.put('user.domain', named(winbind[1]));
    if (winbind[3] !== 'NT_STATUS_OK') draft.put('event.reason', winbind[3]);
    draft.act(winbind[3] === 'NT_STATUS_OK' ? 'login' : 'login_failed');
    return true;
  }
  const denied = /^Denied connection from (?:\S{1,255} \()?([0-9a-fA-F.:]{3,45})\)?/.exec(said);
  if (denied !== null) { draft.put('source.ip', denied[1]); draft.act('connection_denied'); return true; }
  const share = /^(\S{1,64}) \((ipv[46]:[0-9a-fA-F.:]{3,51})\) (?:signed )?(connect to service|closed connection to service) (\S{1,128})(?: initially as user (\S{1,128}))?/.exec(said);
  if (share !== null) {
    draft.put('source.domain', share[1]); putEnd(draft, 'source', share[2]); draft.put('samba.share', share[4]);
    putAccount(draft, 'user', share[5]);
    draft.act(share[3] === 'connect to service' ? 'session_opened' : 'session_closed');
    return true;
  }
  const refused = /\buser '([^']{1,128})' \(from session setup\) not permitted to access this share \(([^)]{1,128})\)/.exec(said);
  if (refused !== null) { putAccount(draft, 'user', refused[1]); draft.put('samba.share', refused[2]); draft.act('access_denied'); return true; }
  fillAccount(draft, 'user', /\buser(?:name)? [['"]?([^\s\]'",]{1,128})[\]'"]?/.exec(said)?.[1]);
  putEnd(draft, 'source', /(?:\bfrom|\bremote(?: host| address)?|\bclient|\() ?\[?(ipv[46]:[0-9a-fA-F.:]{3,51})/.exec(said)?.[1]);
  return true;
}
const named = (text: string | undefined): string | undefined => (text === '(null)' || text === 'NULL' ? undefined : text);

/** The directory's changes as sentences: `DSDB Change [Modify] at [...] status [Success] remote host [ipv4:...] SID [S-1-5-..] DN [CN=..]`. */
function readChange(draft: Draft, said: string): boolean {
  const found = /^(DSDB Change|DSDB Transaction|Password Change|Group Change|Replicated Update) \[([A-Za-z ]{2,40})\] at \[/.exec(said);
  if (found === null) return false;
  const value = (name: string): string | undefined => new RegExp(`\\b${name} \\[([^\\]]{1,400})\\]`).exec(said)?.[1];
  const [, kind = '', what = ''] = found, status = value('status') ?? 'Success', ok = status === 'Success' || status === 'NT_STATUS_OK';
  putEnd(draft, 'source', value('[Rr]emote host'));
  draft.put('user.id', value('SID'));
  draft.put('user.target.name', /^CN=([^,]{1,200})/i.exec(value('User') ?? value('DN') ?? '')?.[1]);
  draft.put('group.name', /^CN=([^,]{1,200})/i.exec(value('Group') ?? '')?.[1]);
  draft.put('event.code', what);
  if (!ok) draft.put('event.reason', status);
  draft.act(kind === 'Password Change' ? what === 'Reset' ? 'password_reset' : 'password_changed' : kind === 'Group Change' ? what.startsWith('Removed') ? 'group_member_removed' : 'group_member_added' : kind === 'DSDB Transaction' ? 'audit_record' : 'config_changed', ok ? 'success' : 'failure');
  return true;
}

/** The key distribution center: `Kerberos: AS-REQ an@SO.EXAMPLE.ORG from ipv4:203.0.113.9:51122 for krbtgt/...`. */
function readKerberos(draft: Draft, said: string): boolean {
  const asked = /^Kerberos: (?:AS|TGS)-REQ (\S{1,255}) from (ipv[46]:[0-9a-fA-F.:]{3,51}) for (\S{1,255})/.exec(said), about = asked === null ? /^Kerberos: (UNKNOWN|Failed to decrypt PA-DATA|(?:ENC-TS |PKINIT )?Pre-authentication succeeded|Client (?:expired|locked out|not yet valid|\S{1,255} has invalid bit set))(?: -- |: )?(\S{1,255})?/.exec(said) : null;
  if (asked === null && about === null) return false;
  draft.put('network.protocol', 'kerberos');
  putAccount(draft, 'user', asked?.[1] ?? about?.[2]?.replace(/[:,]$/, ''));
  if (asked !== null) { putEnd(draft, 'source', asked[2]); draft.put('samba.service', asked[3]); draft.act('connection'); return true; }
  draft.put('event.reason', said.slice(10, 300));
  draft.act(about?.[1]?.endsWith('succeeded') === true ? 'login' : 'login_failed');
  return true;
}
export const sambaAudit: Format = { name: 'samba.audit', programs: ['smbd_audit', 'smbd'], read: readAudit };
export const samba: Format = { name: 'samba.log', holds: ['^[0000/00/00 00:'], programs: ['smbd', 'smbd_audit', 'nmbd', 'winbindd', 'samba', 'samba-dcerpcd', 'rpcd_lsad', 'rpcd_classic', 'smbd_scavenger'], detect: ({ head }) => HEAD.test(head), read: readLog };
