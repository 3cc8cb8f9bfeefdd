// Postfix, every daemon of it, and policy services beside it (postgrey, SPF): `queue: to=<a@x>, relay=mx.x[192.0.2.1]:25, status=sent (...)`.
// Who is at the other end is told by the words before the address: a client came from there, a server was connected to.
// https://www.postfix.org/DEBUG_README.html and the daemons' manual pages
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';
import { readPairs } from './pairs.js';
import { seek } from './seek.js';

/** `mail.example.org[192.0.2.1]:25`, `[192.0.2.1]:51122`, `unknown[192.0.2.1]`. */
const END = String.raw`(?:([\w.-]{1,255})?\[(?:IPv6:)?([0-9a-fA-F.:]{3,45})\](?::(\d{1,5}))?)`;
const SERVER = new RegExp(String.raw`(?:\b[Cc]onnect to |(?:^|: )host |\bestablished to |\bUsed TLS for |\bverification failed for |\blost connection with |\bserver |_connect error to |\bworkarounds: [^;]{1,100} for |\btimeout talking to |\bconversation with |^Server certificate not trusted for |\bDANE TLSA lookup problem: .{0,100} for )${END}`);
const CLIENT = new RegExp(String.raw`(?:\bfrom |client=|\bwith |\bwarning: |\bwhitelisted: |\bclient |\bfor |(?:PASS (?:NEW|OLD)|(?:WHITE|ALLOW|BLACK|DENY)LISTED|DISCONNECT) )${END}`);
const ANY = new RegExp(END);
/** Anywhere else but behind `helo=` and kin, which the client says of itself. */
const ALONE = new RegExp(String.raw`(?:^|[ ,:;(])${END}`);
/** Behind a header that was met, which holds what the sender wrote: the last one before the envelope. */
const AFTER_HEADER = new RegExp(String.raw`.*\bfrom ${END}; from=<`, 's');
const QUEUE = /^(?=[0-9A-Za-z]{0,15}\d)([0-9A-F]{6,15}|[0-9A-Za-z]{10,20}): /;

function readMail(draft: Draft): boolean {
  const { text, head } = draft;
  const said = head.trim();
  draft.put('postfix.queue_id', QUEUE.exec(said)?.[1]);
  const pairs = new Map<string, string>();
  for (const [key, value] of readPairs(text.slice(0, 8192), { separator: ',' })) if (!pairs.has(key)) pairs.set(key, value.endsWith(',') || value.endsWith(';') ? value.slice(0, -1) : value);
  const address = (key: string): string | undefined => pairs.get(key)?.replace(/^<|>:?$/g, '');
  const to = address('to') ?? address('recipient'), from = address('from') ?? address('sender');
  draft.put('email.to.address', to);
  draft.put('email.from.address', from);
  draft.put('email.message_id', address('message-id') ?? address('mid'));
  putServer(draft, said, pairs.get('relay'));
  putClient(draft, said, pairs);
  draft.put('user.name', (address('sasl_username') ?? pairs.get('user'))?.replace(/^\(unavailable\)$/, ''));
  draft.put('user.id', /^[0-9A-Za-z]{6,20}: uid=(\d{1,10}) from=</.exec(said)?.[1]);
  const domain = to?.includes('@') === true ? to.slice(to.lastIndexOf('@') + 1) : undefined;
  if (!draft.has('destination.ip') || draft.get('destination.domain') === undefined) draft.fill('destination.domain', domain);
  draft.put('email.subject', seek(text.slice(0, 2048), 'header Subject: ', /header Subject: (.{1,998}?) from (?:local|\S+\[[0-9a-fA-F.:]+\](?::\d{1,5})?); from=</)?.[1]);
  const tls = seek(said, ' TLS connection ', /: (TLSv[\d.]{1,4}) with cipher ([\w-]{3,64})/);
  if (tls !== null) { draft.put('tls.version', (tls[1] as string).slice(4)); draft.put('tls.cipher', tls[2]); }
  const status = pairs.get('status');
  for (const key of KEPT) draft.keep(`postfix.${key}`, (key === 'helo' || key === 'orig_to' ? address(key) : pairs.get(key)) ?? '');
  putReason(draft, said, text, status);
  if (said.startsWith('spamd: ')) putSpam(draft, said);
  draft.act(meaningOf(said, status, pairs));
  return true;
}

/** Postfix' own, kept as they are. */
const KEPT = ['status', 'dsn', 'relay', 'delay', 'delays', 'size', 'nrcpt', 'orig_to', 'helo', 'proto', 'sasl_method', 'sasl_sender'] as const;

/** SpamAssassin's daemon: `result: Y 8 - TEST_A,TEST_B scantime=0.2,...,required_score=5.0,...`, `identified spam (8.3/5.0) for an:1000 in 0.2 seconds`. */
const JUDGED = /^spamd: (?:result: ([Y.]) +(-?\d{1,6}) - (\S{0,2000}) |(identified spam|clean message) \((-?[\d.]{1,10})\/[\d.]{1,10}\) for ([^:\s]{1,128}):\d)/;
function putSpam(draft: Draft, said: string): void {
  const found = JUDGED.exec(said);
  if (found === null) return;
  const spam = found[1] === 'Y' || found[4] === 'identified spam';
  draft.put('spamassassin.score', Number(found[2] ?? found[5]));
  draft.put('spamassassin.spam', spam);
  if (found[3] !== undefined && found[3] !== '') draft.put('spamassassin.tests', found[3].split(','));
  draft.fill('user.name', found[6]);
  if (spam) draft.put('event.reason', 'spam');
}

/** Where a message went, or was to go. */
function putServer(draft: Draft, said: string, relay: string | undefined): void {
  const next = (relay === undefined ? null : ANY.exec(relay)) ?? SERVER.exec(said), plain = /^((?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})$/.exec(relay ?? '');
  if (next !== null && (relay === undefined || ANY.test(relay) || SERVER.test(said))) { draft.put('destination.domain', next[1]); draft.put('destination.ip', next[2]); draft.put('destination.port', next[3]); }
  if (plain !== null) { draft.put('destination.ip', plain[1]); draft.put('destination.port', plain[2]); }
  const screened = seek(said, 'CONNECT from ', /^CONNECT from \[\S{3,45}\]:\d{1,5} to \[([0-9a-fA-F.:]{3,45})\]:(\d{1,5})/), map = seek(said, ' map ', /\b(?:read|write) \S{1,12} map (?:reply|request) (?:from|to) (?:inet:)?([0-9a-fA-F.]{3,45}):(\d{1,5})/);
  for (const end of [screened, map]) if (end !== null) { draft.put('destination.ip', end[1]); draft.put('destination.port', end[2]); }
}

/** Who connected here. */
function putClient(draft: Draft, said: string, pairs: ReadonlyMap<string, string>): void {
  for (const key of ['client_address', 'client-ip', 'raddr']) { const value = pairs.get(key)?.replace(/\/\d+$/, ''); if (value !== undefined && isIp(value)) draft.fill('source.ip', value); }
  if (!draft.has('source.ip') && !pairs.has('relay') && !SERVER.test(said)) {
    const plain = said.replace(/\/\d{1,3}\]/g, ']'), client = plain.includes(': header ') ? AFTER_HEADER.exec(plain) : CLIENT.exec(plain) ?? ALONE.exec(plain);
    if (client !== null && isIp(client[2] as string)) { draft.put('source.ip', client[2]); draft.put('source.port', client[3]); if (client[1] !== 'unknown') draft.put('source.domain', client[1]); }
  }
  draft.put('source.port', pairs.get('rport') ?? pairs.get('client_port'));
  const named = pairs.get('client_name');
  if (named !== undefined && named !== 'unknown') draft.fill('source.domain', named);
  if (said.startsWith('spamd: server started on ')) { delete draft.event['source.ip']; delete draft.event['source.port']; }
  const spam = seek(said, 'spamd: ', /^spamd: connection from (\S{1,255}) \[([0-9a-fA-F.:]{3,45})\]:(\d{1,5}) to port (\d{1,5})/), unresolved = seek(`${said} `, 'warning: hostname ', /^warning: hostname (\S{1,255}) does not resolve to address ([0-9a-fA-F.:]{3,45}?):? /);
  if (spam !== null) { draft.put('source.domain', spam[1]); draft.put('source.ip', spam[2]); draft.put('source.port', spam[3]); draft.put('destination.port', spam[4]); }
  if (unresolved !== null) { draft.put('source.domain', unresolved[1]); draft.put('source.ip', unresolved[2]); }
  const older = seek(said, 'hostname ', /^warning: ([0-9a-fA-F.:]{3,45}): (?:hostname (\S{1,255}) verification failed|address not listed for hostname (\S{1,255}))/), listed = seek(said, ' listed by domain ', /^addr ([0-9a-fA-F.:]{3,45}) listed by domain (\S{1,255}) as /), most = seek(said, 'statistics: max ', /for \([^():]{1,64}:([0-9a-fA-F.:]{3,45})\)/), spf = seek(said, ';ip=', /;ip=([0-9a-fA-F.:]{3,45});/);
  if (older !== null) { draft.put('source.ip', older[1]); draft.put('source.domain', older[2] ?? older[3]); }
  if (listed !== null) { draft.put('source.ip', listed[1]); draft.put('rule.name', listed[2]); }
  for (const end of [most, spf]) if (end !== null && isIp(end[1] as string)) draft.fill('source.ip', end[1]);
}

/** Why a message was not taken or not delivered, and what a server answered. */
function putReason(draft: Draft, said: string, text: string, status: string | undefined): void {
  if (status !== undefined) {
    const open = text.indexOf(' (', text.indexOf('status=')), close = text.lastIndexOf(')');
    if (open > 0 && close > open) draft.put('event.reason', text.slice(open + 2, close).slice(0, 1000));
    return;
  }
  const listed = seek(said, 'blocked using ', /blocked using ([\w.-]{1,255})/);
  if (listed !== null) draft.fill('rule.name', listed[1]?.replace(/\.$/, ''));
  const answered = seek(said, '] said: ', /^\w{6,20}: host \S{1,320} said: (?:(\d{3})[ -])?(.{1,600})$/s);
  if (answered !== null) { draft.put('postfix.status_code', answered[1]); draft.put('event.reason', answered[2]); return; }
  const refused = REFUSED.exec(said);
  if (refused !== null) { draft.put('postfix.status_code', refused[1]); draft.put('event.reason', refused[2]?.trim()); return; }
  draft.put('event.reason', seek(said, 'authentication fail', /SASL [\w-]{1,20} authentication failed: ([^,]{1,200})/)?.[1] ?? seek(said, 'blocked using', /blocked using (\S{1,255})/)?.[0]);
}
/** `: 554 5.7.1 <a@b>: Relay access denied; from=<...>`, `: 5.7.1 rejected; from=<...>`. */
const REFUSED = /\breject: [^[\]]{0,400}?(?:\S{0,255}\[[^\]]{1,45}\](?::\d{1,5})?): (?:(\d{3}) )?(?:\d\.\d{1,3}\.\d{1,3} )?([^;]{1,400})(?:;|$)/;

const MEANINGS: readonly (readonly [form: RegExp, action: Action])[] = [
  [/authentication failed|SASL authentication failure: Password verification failed/, 'login_failed'],
  [/^(?:NOQUEUE|[0-9A-Za-z]{6,20}): (?:milter-)?reject: |^proxy-reject: |^[0-9A-Za-z]{6,20}: discard: |^(?:550|554) 5\.7\.\d{1,3} Message rejected due to: SPF/, 'mail_rejected'],
  [/^warning: (?:Connection|Message delivery request|Recipient address|New TLS session|Auth command) (?:rate|concurrency) limit exceeded|^too many errors after |^warning: \S{0,255}\[[^\]]{1,45}\](?::\d{1,5})?: (?:request longer|Illegal address)/, 'access_denied'],
  [/^(?:connect|connection) from |^CONNECT from |^PREGREET |^DNSBL rank |^PASS (?:OLD|NEW) |^(?:DENY|BLACK|ALLOW|WHITE)LISTED |^improper command pipelining|^SSL_accept error|^(?:COMMAND|BARE NEWLINE|NON-SMTP COMMAND|COMMAND PIPELINING) /, 'connection'],
  [/^(?:daemon started --|starting the Postfix mail system|spamd: server started on )/, 'service_started'], [/^(?:terminating on signal|stopping the Postfix mail system)/, 'service_stopped'],
  [/^(?:disconnect from |DISCONNECT |lost connection after |timeout after |HANGUP )/, 'connection_ended'],
];
function meaningOf(said: string, status: string | undefined, pairs: ReadonlyMap<string, string>): Action {
  if (status === 'sent') return 'mail_sent';
  if (status === 'bounced' || status === 'deferred' || status === 'expired' || status === 'undeliverable') return 'mail_rejected';
  for (const [form, action] of MEANINGS) if (form.test(said)) return action;
  return pairs.has('sasl_username') && pairs.has('client') ? 'login' : 'mail';
}

const LOOKS = /^\s?(?:[0-9A-F]{8,15}: (?:to=|from=|client=|message-id=|removed|host |warning: header |replace: |prepend: |reject: |uid=|sender |lost |Used TLS|milter|filter|discard)|NOQUEUE: |(?:dis)?connect(?:ion)? (?:from|to|after) \S+\[|proxy-(?:accept|reject): |warning: \S+\[[0-9a-fA-F.:]+\]: SASL|(?:Anonymous|Trusted|Untrusted|Verified) TLS connection established|action=\w+, reason=|whitelisted: \S+\[|spamd: |(?:Action: |prepend Received-SPF|(?:Pass|None|Neutral|Softfail|Fail|Permerror|Temperror); identity=)|statistics: max |lost connection after )/;
export const postfix: Format = {
  name: 'postfix.log', holds: [': to=', ': from=', ': client=', ': message-id=', ': removed', ': host ', ': warning: header ', ': replace: ', ': prepend: ', ': reject: ', ': uid=', ': sender ', ': lost ', ': Used TLS', ': milter', ': filter', ': discard',
    '^NOQUEUE: ', '^connect', '^disconnect', '^proxy-', ']: SASL', ' TLS connection established', '^action=', '^whitelisted: ', '^spamd: ', '^Action: ', '^prepend Received-SPF', '; identity=', '^statistics: max ', '^lost connection after '], likePrograms: /^postfix/,
  programs: ['postfix', 'postfix/smtpd', 'postfix/smtp', 'postfix/cleanup', 'postfix/qmgr', 'postfix/local', 'postfix/pipe', 'postfix/bounce', 'postfix/pickup', 'postfix/lmtp', 'postfix/virtual', 'postfix/error', 'postfix/master', 'postfix/anvil', 'postfix/scache', 'postfix/postscreen', 'postfix/submission/smtpd', 'postfix/smtps/smtpd', 'postfix/tlsproxy', 'postgrey', 'policyd-spf', 'spamd', 'smtpd', 'qmgr'],
  detect: ({ head, program }) => program.startsWith('postfix') || LOOKS.test(head),
  read: readMail,
};
