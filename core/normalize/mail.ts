// Postfix and what stands around it (postgrey, SPF policy daemons, spamd): `queue: to=<a@x>, relay=mx.x[192.0.2.1]:25, status=sent (...)`.
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';
import { readPairs } from './pairs.js';
import { seek } from './seek.js';

const HOST_AND_ADDRESS = /([\w.-]{1,255})\[([0-9a-fA-F.:]{3,45})\](?::(\d{1,5}))?/;

function readMail(draft: Draft): boolean {
  const { text, head } = draft;
  const said = head.trim();
  const queue = /^([0-9A-F]{6,15}|[0-9A-Za-z]{10,16}): /.exec(said)?.[1];
  draft.put('postfix.queue_id', queue);
  const pairs = new Map<string, string>();
  for (const [key, value] of readPairs(text.slice(0, 8192), { separator: ',' })) if (!pairs.has(key)) pairs.set(key, value.endsWith(',') || value.endsWith(';') ? value.slice(0, -1) : value);
  const address = (key: string): string | undefined => pairs.get(key)?.replace(/^<|>$/g, '');
  const to = address('to') ?? address('recipient'), from = address('from') ?? address('sender');
  draft.put('email.to.address', to);
  draft.put('email.from.address', from);
  draft.put('email.message_id', address('message-id') ?? address('mid'));
  const relay = pairs.get('relay');
  const next = HOST_AND_ADDRESS.exec(relay ?? '') ?? HOST_AND_ADDRESS.exec(/(?:connect to |host |established to |Used TLS for |certificate verification failed for |lost connection with |delivery temporarily suspended: connect to )(\S{1,320})/.exec(said)?.[1] ?? '');
  const towards = relay !== undefined || /connect to |: host |^host |established to |Used TLS for /.test(said);
  if (next !== null && towards) { draft.put('destination.domain', next[1]); draft.put('destination.ip', next[2]); draft.put('destination.port', next[3]); }
  const plain = /^((?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})$/.exec(relay ?? '');
  if (plain !== null) { draft.put('destination.ip', plain[1]); draft.put('destination.port', plain[2]); }
  if (!towards) {
    const client = HOST_AND_ADDRESS.exec(/(?:from|client=|with|RCPT from|connect from|warning:|whitelisted:) ?(\S{1,320}?)[;:,]?(?: |$)/.exec(said.replace(/\/\d{1,3}\]/g, ']').replace('client=', 'client= '))?.[1] ?? '') ?? HOST_AND_ADDRESS.exec(said.replace(/\/\d{1,3}\]/g, ']'));
    if (client !== null) { draft.put('source.ip', client[2]); if (client[1] !== 'unknown') draft.put('source.domain', client[1]); }
  }
  for (const key of ['client_address', 'client-ip', 'raddr']) { const value = pairs.get(key)?.replace(/\/\d+$/, ''); if (value !== undefined && isIp(value)) draft.fill('source.ip', value); }
  const spam = seek(said, 'spamd: ', /^spamd: connection from (\S{1,255}) \[([0-9a-fA-F.:]{3,45})\]:(\d{1,5}) to port (\d{1,5})/), unresolved = seek(`${said} `, 'warning: hostname ', /^warning: hostname (\S{1,255}) does not resolve to address ([0-9a-fA-F.:]{3,45}?):? /), map = seek(said, ' map ', /\b(?:read|write) \S{1,12} map (?:reply|request) (?:from|to) (?:inet:)?([0-9a-fA-F.]{3,45}):(\d{1,5})/);
  if (spam !== null) { draft.put('source.domain', spam[1]); draft.put('source.ip', spam[2]); draft.put('source.port', spam[3]); draft.put('destination.port', spam[4]); }
  if (unresolved !== null) { draft.put('source.domain', unresolved[1]); draft.put('source.ip', unresolved[2]); }
  if (map !== null) { draft.put('destination.ip', map[1]); draft.put('destination.port', map[2]); }
  draft.put('source.port', pairs.get('rport'));
  draft.put('user.name', address('sasl_username') ?? pairs.get('user'));
  const domain = to?.includes('@') === true ? to.slice(to.lastIndexOf('@') + 1) : undefined;
  if (!draft.has('destination.ip') || draft.get('destination.domain') === undefined) draft.fill('destination.domain', domain);
  const subject = seek(text.slice(0, 2048), 'header Subject: ', /header Subject: (.{1,998}?) from \S+\[[0-9a-fA-F.:]+\]; from=</)?.[1];
  draft.put('email.subject', subject);
  const status = pairs.get('status');
  if (said.includes('authentication failed')) draft.act('login_failed');
  else if (status === 'sent') draft.act('mail_sent');
  else if (status === 'bounced' || status === 'deferred' || said.includes('NOQUEUE: reject')) draft.act('mail_rejected');
  else draft.act('mail');
  return true;
}

const LOOKS = /^\s?(?:[0-9A-F]{8,15}: (?:to=|from=|client=|message-id=|removed|host |warning: header |replace: |prepend: |reject: |uid=|sender |lost |Used TLS|milter|filter|discard)|NOQUEUE: |(?:dis)?connect(?:ion)? (?:from|to|after) \S+\[|proxy-(?:accept|reject): |warning: \S+\[[0-9a-fA-F.:]+\]: SASL|(?:Anonymous|Trusted|Untrusted|Verified) TLS connection established|action=\w+, reason=|whitelisted: \S+\[|spamd: |(?:Action: |prepend Received-SPF|(?:Pass|None|Neutral|Softfail|Fail|Permerror|Temperror); identity=)|statistics: max |lost connection after )/;
export const postfix: Format = {
  name: 'postfix.log', holds: [': to=', ': from=', ': client=', ': message-id=', ': removed', ': host ', ': warning: header ', ': replace: ', ': prepend: ', ': reject: ', ': uid=', ': sender ', ': lost ', ': Used TLS', ': milter', ': filter', ': discard',
    '^NOQUEUE: ', '^connect', '^disconnect', '^proxy-', ']: SASL', ' TLS connection established', '^action=', '^whitelisted: ', '^spamd: ', '^Action: ', '^prepend Received-SPF', '; identity=', '^statistics: max ', '^lost connection after '], likePrograms: /^postfix/,
  programs: ['postfix', 'postfix/smtpd', 'postfix/smtp', 'postfix/cleanup', 'postfix/qmgr', 'postfix/local', 'postfix/pipe', 'postfix/bounce', 'postfix/pickup', 'postfix/lmtp', 'postfix/virtual', 'postfix/error', 'postfix/master', 'postfix/anvil', 'postfix/scache', 'postfix/postscreen', 'postfix/submission/smtpd', 'postfix/smtps/smtpd', 'postfix/tlsproxy', 'postgrey', 'policyd-spf', 'spamd', 'opendkim', 'smtpd', 'qmgr'],
  detect: ({ head, program }) => program.startsWith('postfix') || LOOKS.test(head),
  read: readMail,
};
