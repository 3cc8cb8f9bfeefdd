// Mail boxes and file servers: Dovecot (`imap-login: Login: user=<an>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.5, TLS`), and vsftpd's own file
// (`Tue Feb 17 13:40:03 2026 [pid 12] [an] OK LOGIN: Client "192.0.2.1"`).
import { readTime, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { applyRules, messageRules } from '../rules.js';

// --- Dovecot: https://doc.dovecot.org (Event reasons, Logging) ---------------------------------------------------------------------------
const SERVICE = /^(?:(imap|pop3|managesieve|submission|lmtp|auth|auth-worker|lda|doveadm|master|config|anvil|log|indexer-worker|stats)(-login)?)(?:\(([^)<]{0,128})\))?(?:<[^>]{0,64}>)*(?:\(\d{1,10}\))?: /;
const AUTH = /(?:^|[ :])(?:[a-z-]{2,20})\(([^,()]{1,128}),([0-9a-fA-F.:]{3,45})(?:,[^)]{0,200})?\): (.{0,200})/;
function readDovecot(draft: Draft): boolean {
  const found = SERVICE.exec(draft.head.replace(/^(?:Info|Error|Warning|Debug): /, ''));
  if (found === null) return false;
  const [, service, login, account] = found, { text } = draft, said = text.slice(0, 4000), auth = AUTH.exec(said);
  draft.put('service.name', `dovecot-${service ?? ''}${login ?? ''}`);
  if (service === 'imap' || service === 'pop3') { draft.put('network.protocol', service); draft.put('network.transport', 'tcp'); }
  const values = new Map(readPairs(said, { separator: ',' }));
  putAccount(draft, 'user', values.get('user')?.replace(/^<|>$/g, '') ?? auth?.[1] ?? account);
  draft.put('source.ip', values.get('rip') ?? auth?.[2]);
  draft.put('source.port', values.get('rport'));
  draft.put('destination.ip', values.get('lip'));
  draft.put('destination.port', values.get('lport'));
  draft.put('email.message_id', values.get('msgid')?.replace(/^<|>$/g, ''));
  if (/\bLogin: user=/.test(said)) draft.act('login');
  else if (/auth(?:entication)? failed|unknown user|password mismatch|invalid credentials|disallowed plaintext auth|Authentication failure/i.test(said)) { draft.act('login_failed'); draft.put('event.reason', auth?.[3] ?? /\((?:auth failed)?,? ?([^)]{1,200})\)/.exec(said)?.[1]); }
  else if (/\bDisconnected|Logged out|Connection closed/.test(said)) draft.act('logout');
  else if (/saved mail to|stored mail/.test(said)) draft.act('mail_sent');
  return true;
}
export const dovecot: Format = { name: 'dovecot.log', programs: ['dovecot'], read: readDovecot };

// --- vsftpd's file ------------------------------------------------------------------------------------------------------------------------
const FTP = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \[pid (\d{1,10})\] /;
const FTP_RULES = messageRules([
  ['CONNECT: Client "{source.ip}"{*}', 'connection'],
  ['[{user.name~}] OK LOGIN: Client "{source.ip}"{*}', 'login'],
  ['[{user.name~}] FAIL LOGIN: Client "{source.ip}"{*}', 'login_failed'],
  ['[{user.name~}] OK UPLOAD: Client "{source.ip}", "{file.path~}"{*}', 'file_uploaded'],
  ['[{user.name~}] OK DOWNLOAD: Client "{source.ip}", "{file.path~}"{*}', 'file_downloaded'],
  ['[{user.name~}] OK DELETE: Client "{source.ip}", "{file.path~}"{*}', 'file_deleted'],
  ['[{user.name~}] {event.reason~}: Client "{source.ip}"{*}'],
]);
/** xferlog: time, seconds, host, bytes, file, a|b, flag, i(n) o(ut) d(eleted), mode, user, ftp ... */
const XFER = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} (\d{1,8}) (\S{1,255}) (\d{1,18}) (.{1,1000}) [ab] [CUT_] ([iod]) [agr] (\S{1,128}) (\S{1,32}) [01] (\S{1,128}) ([ci])\s*$/;
function readFtpFile(draft: Draft): boolean {
  const stamp = readTime(draft.text, 0), lead = FTP.exec(draft.head), xfer = lead === null ? XFER.exec(draft.text.slice(0, 2000)) : null;
  if (lead === null && xfer === null) return false;
  if (lead !== null && !applyRules(FTP_RULES, draft.text.slice(lead[0].length).trimEnd(), draft)) return false;
  if (lead !== null) draft.put('process.pid', lead[1]);
  if (xfer !== null) {
    draft.put(isIp(xfer[2] ?? '') ? 'source.ip' : 'source.domain', xfer[2]);
    draft.put('file.size', Number(xfer[3])); draft.put('file.path', xfer[4]); draft.put('user.name', xfer[6]);
    draft.act(xfer[5] === 'i' ? 'file_uploaded' : xfer[5] === 'o' ? 'file_downloaded' : 'file_deleted', xfer[9] === 'c' ? 'success' : 'failure');
  }
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('service.name', 'ftp');
  return true;
}
export const ftpFile: Format = { name: 'vsftpd.log', holds: [':00:00 0000 '], detect: ({ head }) => FTP.test(head) || XFER.test(head), read: readFtpFile };
