// Dovecot: `imap-login: Login: user=<an>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.5, TLS`, `auth: passwd-file(an,192.0.2.1): unknown user`,
// `lmtp(an)<12><x>: msgid=<a@b>: saved mail to INBOX`; through syslog, or in its own file with a time before it.
// https://doc.dovecot.org/latest/core/admin/logging.html
import { readTime } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { readPairs } from '../pairs.js';
import { seek } from '../seek.js';

/** `imap-login: `, `lmtp(123, an): `, `imap(an)<991><session>: `, `auth-worker(991): `. */
const SERVICE = /^([a-z][a-z0-9-]{1,24}?)(-login)?(?:\(([^)<]{0,160})\))?(?:<[^>]{0,80}>)*(?:\(\d{1,10}\))?: (?:(?:Info|Error|Warning|Debug|Fatal|Panic): )?/;
/** Since 2.3.15 a worker says for whom it works before what it says: `auth-worker(991): conn unix:auth-worker (pid=990,uid=107): auth-worker<2>: pam(...)`. */
const WORKER = /^(auth-worker\(\d{1,10}\): (?:(?:Info|Error|Warning|Debug): )?)conn unix:[^ ]{1,60} \([^)]{1,60}\): auth-worker<\d{1,10}>: /;
/** `sql(an,192.0.2.1,<session>): Password mismatch`, since 2.4 `auth(an,192.0.2.1,sasl:plain)<session>: ...`. */
const AUTH = /(?:^|[ :])(?:[a-z][a-z-]{1,20})\(([^,()]{1,128}),([0-9a-fA-F.:]{3,45})(?:,[^)]{0,200})?\)(?:<[^>]{0,80}>)*: (?:(?:Info|Error|Warning|Debug): )?(.{0,200})/;

function readDovecot(draft: Draft): boolean {
  const own = draft.program.endsWith('-login'), stamp = draft.program === 'dovecot' || own ? undefined : readTime(draft.text, 0); // in its own file the service stands where a program would
  const text = own ? `${draft.program}: ${draft.text}` : (stamp === undefined ? draft.text : draft.text.slice(stamp.end).trimStart()).replace(/^(?:dovecot: |(?:Info|Error|Warning|Debug|Fatal|Panic): ){1,2}/, '');
  if (text.startsWith('pam_')) return false;
  const found = SERVICE.exec(text.slice(0, 400)), said = text.slice(0, 4000).replace(WORKER, '$1');
  if (found === null) return draft.program === 'dovecot' || own;
  draft.timeFrom(stamp);
  const [whole, service = '', login, account] = found, auth = AUTH.exec(said), values = new Map(readPairs(said, { separator: ',' }));
  draft.put('service.name', `dovecot-${service}${login ?? ''}`);
  if (service === 'imap' || service === 'pop3') { draft.put('network.protocol', service); draft.put('network.transport', 'tcp'); }
  putAccount(draft, 'user', values.get('user')?.replace(/^<|>$/g, '') ?? (auth === null ? LOOKED_UP.exec(said)?.[1] ?? accountOf(account) : auth[1] === '?' ? SPELLED.exec(said)?.[1] : auth[1]));
  for (const [key, field] of ENDS) { const value = values.get(key)?.replace(/[,)]$/, ''); if (value !== undefined && (!field.endsWith('.ip') || isIp(value))) draft.put(field, value); }
  draft.fill('source.ip', auth?.[2]);
  draft.put('email.message_id', seek(said, 'msgid=', /\bmsgid=(?:\? )?<?([^\s<>,]{1,400})/)?.[1]?.replace(/[:?]$/, ''));
  for (const key of KEPT) draft.keep(`dovecot.${key}`, values.get(key)?.replace(/^<|>?[,)]?$/g, '') ?? '');
  if (service === 'lmtp') draft.put('source.ip', /^Connect from ([0-9a-fA-F.:]{3,45})/.exec(said.slice(whole.length))?.[1]);
  const bytes = seek(said, ' out=', /\bin=(\d{1,18})(?:,)? out=(\d{1,18})/);
  if (bytes !== null) { draft.put('source.bytes', bytes[1]); draft.put('destination.bytes', bytes[2]); }
  putMeaning(draft, service, said.slice(whole.length), login !== undefined, auth?.[3]?.replace(/ \((?:given password|tried).*$/s, '')); // a password that was tried is no reason
  return true;
}
/** `passwd(an@example.vn): unknown user`: an account that a delivery asked for. `(username: SO\an)`: as the client spelled it. */
const LOOKED_UP = /^auth(?:-worker)?(?:\(\d{1,10}\))?: (?:(?:Info|Error|Warning|Debug): )?[a-z][a-z-]{1,20}\(([^,()]{1,128})\): /, SPELLED = /\(username: ([^)]{1,128})\)$/;
const KEPT = ['method', 'session', 'mpid', 'box', 'uid', 'size', 'proto'] as const;
const ENDS = [['rip', 'source.ip'], ['rport', 'source.port'], ['lip', 'destination.ip'], ['lport', 'destination.port']] as const;

/** `an`, `991, an`; a number alone is a process. */
function accountOf(account: string | undefined): string | undefined {
  const name = account?.replace(/^\d{1,10}, ?/, '');
  return name === undefined || name.includes(',') || /^\d{1,10}$/.test(name) ? undefined : name;
}

const FAILED = /auth(?:entication)?[ _]failed|unknown user|password mismatch|invalid credentials|disallowed (?:plaintext|cleartext) auth|Authentication failure|user disabled|password expired|pam_authenticate\(\) failed|Login attempt with disabled|Username character disallowed/i;
function putMeaning(draft: Draft, service: string, said: string, atLogin: boolean, reason: string | undefined): void {
  if (/^(?:Login|Logged in): user=|^proxy\([^)]{0,200}\): [Ss]tarted proxying/.test(said)) draft.act('login');
  else if (/ - trying the next passdb$|^[a-z][a-z-]{1,20}\([^,()]{1,128}\): unknown user/.test(said)) draft.put('event.reason', reason ?? 'unknown user'); // the next list of accounts may know who it is; a delivery asked for an account
  else if (FAILED.test(said)) { draft.act('login_failed'); draft.put('event.reason', reason ?? /\((?:auth failed)?,? ?([^)]{1,200})\)/.exec(said)?.[1]); }
  else if (said.startsWith('Maximum number of connections')) { draft.put('event.reason', said.slice(0, said.indexOf(':') > 0 ? said.indexOf(':') : 100)); draft.act('access_denied'); }
  else if (/^(?:Disconnected|Logged out|Connection closed|Aborted login|Login aborted)/.test(said)) { draft.act(atLogin ? 'connection_ended' : 'logout'); if (atLogin) draft.put('event.reason', /\((?!pid=)([^)]{3,200})\)/.exec(said)?.[1]); }
  else if (service === 'master' && /^Dovecot v\S{1,20} (?:\([^)]{1,60}\) )?starting up/.test(said)) draft.act('service_started');
  else if (service === 'master' && said.startsWith('Killed with signal ')) draft.act('service_stopped');
  else if (/: saved mail to |: stored mail into /.test(said)) draft.act('mail_sent');
  else if (said.includes(': forwarded to <')) { draft.put('email.to.address', /: forwarded to <([^>]{1,254})>/.exec(said)?.[1]); draft.act('mail_sent'); }
  else if (/: (?:discarded|marked message to be discarded|rejected)/.test(said)) draft.act('mail_rejected');
}

const LOOKS = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d |\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )?(?:dovecot: )?(?:(?:imap|pop3|managesieve|submission)-login: (?:Info: )?(?:Login|Logged in|Disconnected|Aborted login|Login aborted|Maximum number)|(?:imap|pop3|lmtp|lda|managesieve)\([^)]{1,128}\)(?:<[^>]{1,64}>)*: (?:Info: )?(?:msgid=|sieve: msgid=|Logged out|Disconnected|Connection closed)|auth(?:-worker\(\d+\))?: (?:Info|Error|Warning): \w)/;
export const dovecot: Format = { name: 'dovecot.log', holds: ['-login: ', 'imap(', 'pop3(', 'lmtp(', 'lda(', 'managesieve(', 'auth: ', 'auth-worker('], unnamed: true, programs: ['dovecot', 'imap-login', 'pop3-login', 'managesieve-login', 'submission-login'], detect: ({ head, program }) => program === '' && LOOKS.test(head), read: readDovecot };
