// FTP servers: vsftpd through syslog and in its own file, the transfer log that many write, ProFTPD and Pure-FTPd.
//   Tue Feb 17 13:40:03 2026 [pid 12] [an] OK LOGIN: Client "192.0.2.1"
//   Tue Feb 17 13:40:03 2026 2 192.0.2.1 1234 /srv/a.zip b _ i r an ftp 0 * c
//   web01 (192.0.2.1[192.0.2.1]) - USER an: Login successful.
//   (an@192.0.2.1) [NOTICE] /home/an/a.zip uploaded  (1234 bytes, 56.78KB/sec)
// vsftpd.conf(5), xferlog(5), http://www.proftpd.org/docs/howto/Logging.html, https://www.pureftpd.org
import { readTime } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { readPam } from './pam.js';

// --- vsftpd ---------------------------------------------------------------------------------------------------------------------
const SAID = /^(?:\[([^\]]{1,128})\] )?(?:(OK|FAIL) )?([A-Z]{4,9}|FTP (?:response|command)|DEBUG): Client "([0-9a-fA-F.:]{3,45})"(?:, (.*))?$/s;
const VERBS = lookup<Action>({ LOGIN: 'login', UPLOAD: 'file_uploaded', DOWNLOAD: 'file_downloaded', DELETE: 'file_deleted', RMDIR: 'file_deleted', MKDIR: 'file_created', RENAME: 'file_changed', CHMOD: 'file_changed', CONNECT: 'connection' });
function putVsftpd(draft: Draft, text: string): boolean {
  const found = SAID.exec(text.slice(0, 4000));
  if (found === null) return false;
  const [, user, result, verb = '', address, rest = ''] = found, action = VERBS[verb], quoted = /^(?:anon password )?"([^"]{0,1024})"/.exec(rest)?.[1], size = /", (\d{1,18}) bytes/.exec(rest)?.[1];
  putAccount(draft, 'user', user);
  draft.put('source.ip', address);
  if (action?.startsWith('file_') === true && quoted !== undefined) {
    const name = verb === 'CHMOD' ? quoted.replace(/ \d{3,4}$/, '') : verb === 'RENAME' ? quoted.split(' /', 1)[0] : quoted;
    draft.put('file.path', name);
    if (verb === 'RENAME' && quoted.length > (name?.length ?? 0)) draft.put('file.target_path', quoted.slice((name?.length ?? 0) + 1));
    if (size !== undefined) draft.put('file.size', Number(size));
  } else if (action === undefined) draft.put('event.reason', quoted);
  const outcome = result === 'OK' ? 'success' : result === 'FAIL' ? 'failure' : undefined;
  if (action === 'login') draft.act(result === 'FAIL' ? 'login_failed' : 'login'); else if (action === 'connection' && rest.includes('refused')) draft.act('connection_denied'); else if (action !== undefined) draft.act(action, outcome);
  return true;
}

// --- ProFTPD and Pure-FTPd ------------------------------------------------------------------------------------------------------
const PROFTPD = /^(?:(\S{1,255}) )?\((?:([^\s[\]()]{1,255})\[([0-9a-fA-F.:]{3,45})\])\)(?: -|:)? ?/;
const PROFTPD_SAID = messageRules([
  ['USER {user.name>}: Login successful.', 'login'], ['USER {user.name~} (Login failed): {event.reason~}', 'login_failed'], ["USER {user.name~}: no such user found from {*}", 'login_failed'], ["no such user '{user.name~}'", 'login_failed'], ['SECURITY VIOLATION: {event.reason~}', 'login_failed'], ['Maximum login attempts {*}', 'login_failed'],
  ['FTP session opened.', 'connection'], ['FTP session closed.', 'connection_ended'], ['FTP login timed out, disconnected', 'connection_ended'], ['ANONYMOUS FTP login {*}', 'login'], ['ANON {user.name}: Login successful.', 'login'], ['Refused connection from {*}', 'connection_denied'],
]);
const PUREFTPD = /^\((\S{1,128})@([^)\s]{1,255})\) \[(INFO|NOTICE|WARNING|ERROR|DEBUG)\] /;
const PUREFTPD_SAID = messageRules([
  ['{user.name} is now logged in', 'login'], ['Authentication failed for user [{user.name>}]', 'login_failed'], ['Logout.{*}', 'logout'], ['Timeout{*}', 'connection_ended'], ['New connection from {source.ip}', 'connection'], ['Too many authentication failures', 'login_failed'],
  ['{file.path>} uploaded  ({file.size} bytes{*}', 'file_uploaded'], ['{file.path>} downloaded  ({file.size} bytes{*}', 'file_downloaded'], ['Deleted {file.path~}', 'file_deleted'], ['Directory {file.path~} created', 'file_created'], ['File successfully renamed or moved: [{file.path~}]->[{file.target_path~}]', 'file_changed'],
]);

function readDaemon(draft: Draft): boolean {
  const text = draft.text.trim(), pro = PROFTPD.exec(text.slice(0, 600)), pure = PUREFTPD.exec(text.slice(0, 500));
  draft.put('service.name', 'ftp');
  if (putVsftpd(draft, text)) return true;
  if (pro !== null) { draft.put('source.ip', pro[3]); if (!isIp(pro[2] ?? '')) draft.put('source.domain', pro[2]); if (isIp(pro[1] ?? '')) draft.put('destination.ip', pro[1]); if (!applyRules(PROFTPD_SAID, text.slice(pro[0].length), draft)) readSentence(draft, text.slice(pro[0].length)); return true; }
  if (pure !== null) {
    if (pure[1] !== '?') putAccount(draft, 'user', pure[1]);
    if (isIp(pure[2] ?? '')) draft.put('source.ip', pure[2]); else if (pure[2] !== '?') draft.put('source.domain', pure[2]);
    draft.put('log.level', pure[3]?.toLowerCase());
    applyRules(PUREFTPD_SAID, text.slice(pure[0].length), draft);
    return true;
  }
  if (!readPam(draft)) readSentence(draft, text);
  return true;
}

// --- Files ----------------------------------------------------------------------------------------------------------------------
const OWN = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \[pid (\d{1,10})\] /;
/** xferlog: time, seconds, host, bytes, file, a|b, flag, i(n) o(ut) d(eleted), mode, user, ftp ... */
const XFER = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} (\d{1,8}) (\S{1,255}) (\d{1,18}) (.{1,1000}) [ab] [CUT_] ([iod]) [agr] (\S{1,128}) (\S{1,32}) [01] (\S{1,128}) ([ci])\s*$/;
function readFile(draft: Draft): boolean {
  const stamp = readTime(draft.text, 0), lead = OWN.exec(draft.head), xfer = lead === null ? XFER.exec(draft.text.slice(0, 2000)) : null;
  if (lead === null && xfer === null) return false;
  if (lead !== null && !putVsftpd(draft, draft.text.slice(lead[0].length).trimEnd())) return false;
  if (lead !== null) draft.put('process.pid', lead[1]);
  if (xfer !== null) {
    draft.put(isIp(xfer[2] ?? '') ? 'source.ip' : 'source.domain', xfer[2]);
    draft.put('file.size', Number(xfer[3])); draft.put('file.path', xfer[4]); draft.put('user.name', xfer[6]);
    draft.act(xfer[5] === 'i' ? 'file_uploaded' : xfer[5] === 'o' ? 'file_downloaded' : 'file_deleted', xfer[9] === 'c' ? 'success' : 'failure');
  }
  draft.timeFrom(stamp);
  draft.put('service.name', 'ftp');
  return true;
}

export const vsftpd: Format = { name: 'linux.vsftpd', programs: ['vsftpd', 'proftpd', 'pure-ftpd'], read: (draft) => readFile(draft) || readDaemon(draft) };
export const ftpFile: Format = { name: 'vsftpd.log', holds: [':00:00 0000 '], detect: ({ head }) => OWN.test(head) || XFER.test(head), read: readFile };
