// Exim's main and reject log: a message's arrival (`<=`), deliveries (`=>`, `->`, `>>`, `*>`), failures (`**`) and delays (`==`), each with fields of one or two letters,
// and sentences about connections, logins and refusals; through syslog or from its own file.
//   2026-02-17 13:40:03 1rb2Cd-0001Ab-Cd <= a@example.org H=mail.example.org (helo) [203.0.113.9]:51122 I=[192.0.2.5]:25 P=esmtps A=login:an S=1234 id=1@example.org T="Hello" for an@example.vn
// https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html
import { readIso } from '../message/time.js';
import { putAccount } from './account.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { isIp } from './net.js';
import { seek } from './seek.js';

const ID = String.raw`[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})`;
const TIME = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: [+-]\d{4})?`;
const START = new RegExp(String.raw`^(?:(${TIME}) )?(?:\[\d{1,10}\] )?(?:(${ID}) )?`);
/** `name (helo) [address]:port`. */
const PLACE = String.raw`(?:([\w.-]{1,255}) )?(?:\(([^)]{0,255})\) )?\[([0-9a-fA-F.:]{3,45})\](?::(\d{1,5}))?`;
const HOST = new RegExp(String.raw`(?:^| )H=${PLACE}`), FROM = new RegExp(String.raw`\b(?:from|for|with) ${PLACE}`), LOCAL = / I=\[([0-9a-fA-F.:]{3,45})\]:(\d{1,5})/;
const FIELD = / ([A-Z][A-Za-z0-9]{0,5}|id)=("[^"]{0,1000}"|\S{1,1000})/g, FIELDS_MAX = 40;
const DELIVERED = lookup<Action>({ '<=': 'mail', '=>': 'mail_sent', '->': 'mail_sent', '>>': 'mail_sent', '*>': 'mail_sent', '**': 'mail_rejected', '==': 'mail_rejected' });

function readExim(draft: Draft): boolean {
  const start = START.exec(draft.head), said = draft.text.slice(start?.[0].length ?? 0, 8192).trimEnd(), stamp = start?.[1] === undefined ? undefined : readIso(start[1], 0);
  draft.timeFrom(stamp);
  draft.put('exim.id', start?.[2]);
  draft.put('service.name', 'exim');
  const flag = said.slice(0, 2), moved = said.charAt(2) === ' ' ? DELIVERED[flag] : undefined, incoming = flag === '<=' || moved === undefined;
  if (moved !== undefined) putMessage(draft, said, flag);
  const fields = putFields(draft, said), place = HOST.exec(said) ?? (incoming ? FROM.exec(said) : null), local = LOCAL.exec(said);
  if (place !== null) putPlace(draft, incoming ? 'source' : 'destination', place);
  if (local !== null) { draft.put(incoming ? 'destination.ip' : 'source.ip', local[1]); draft.put(incoming ? 'destination.port' : 'source.port', local[2]); }
  if (moved === undefined) { putSentence(draft, said); return true; }
  const login = fields.get('A');
  if (login !== undefined && incoming) { draft.put('user.name', login.slice(login.indexOf(':') + 1)); draft.act('login'); } else draft.act(moved);
  if (moved === 'mail_rejected') draft.put('event.reason', (/\]: (.{1,1000})$/s.exec(said) ?? / defer \(-?\d{1,5}\):? ?(.{1,1000}?)(?: H=.{0,300})?$/s.exec(said) ?? /: (.{1,1000})$/s.exec(said))?.[1]);
  return true;
}

/** `<= sender`, `=> local <an@example.vn>`, `** an@example.vn <alias@example.vn>:`. */
function putMessage(draft: Draft, said: string, flag: string): void {
  const who = /^.. (\S{1,320})(?: <([^>]{1,320})>)?/.exec(said), address = (who?.[2] ?? who?.[1])?.replace(/^<|>?:?$/g, '');
  if (flag !== '<=') { draft.put('email.to.address', address); return; }
  if (address !== undefined) draft.put('email.from.address', address);
  draft.put('email.to.address', seek(said, ' for ', / for (\S{1,320}@\S{1,255})(?: \S{1,320}){0,50}$/)?.[1]);
}

function putFields(draft: Draft, said: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let tries = 0;
  for (const [, key = '', quoted = ''] of ` ${said}`.matchAll(FIELD)) {
    if (tries++ >= FIELDS_MAX) break;
    const value = quoted.startsWith('"') ? quoted.slice(1, -1) : quoted;
    if (key === 'H' || key === 'I' || fields.has(key)) continue;
    fields.set(key, value);
    draft.keep(`exim.${key}`, value);
  }
  draft.put('email.message_id', fields.get('id'));
  draft.put('email.subject', said.startsWith('<= ') ? fields.get('T') : undefined);
  if (fields.has('F')) draft.put('email.from.address', fields.get('F')?.replace(/^<|>$/g, ''));
  const tls = /^TLSv?([\d.]{1,3}):([\w-]{3,80})/.exec(fields.get('X') ?? '');
  if (tls !== null) { draft.put('tls.version', tls[1]); draft.put('tls.cipher', tls[2]); }
  return fields;
}

function putPlace(draft: Draft, side: 'source' | 'destination', [, name, helo, address = '', port]: RegExpExecArray): void {
  if (!isIp(address)) return;
  draft.put(`${side}.ip`, address);
  draft.put(`${side}.port`, port);
  draft.put(`${side}.domain`, name);
  draft.put('exim.helo', helo);
}

const REFUSED = /\brejected (?:(?:RCPT|MAIL|CONNECT|EHLO or HELO|HELO|EHLO|DATA|AUTH|ETRN|VRFY|EXPN|STARTTLS|connection|after DATA)\b)?(?: <([^>]{1,320})>)?[^:\n]{0,200}: (.{1,1000})$/s;
function putSentence(draft: Draft, said: string): void {
  if (said.includes(' authenticator failed for ')) {
    const reason = /\](?::\d{1,5})?[^\n]{0,80}?: (\d{3} [^(\n]{1,200})/.exec(said);
    draft.put('event.reason', reason?.[1]?.trim());
    putAccount(draft, 'user', /\(set_id=([^)]{1,256})\)/.exec(said)?.[1]);
    draft.act('login_failed');
    return;
  }
  const refused = seek(said, 'rejected ', REFUSED);
  if (refused !== null) { draft.put('email.to.address', refused[1]); draft.put('event.reason', refused[2]); draft.act('mail_rejected'); }
  else if (/^(?:SMTP connection|Connection) from .{1,400} refused|^(?:SMTP call|SMTP connection) from .{1,400} dropped|^TLS error on connection |^SMTP protocol (?:synchronization )?error/s.test(said)) { draft.put('event.reason', said.slice(0, 500)); draft.act('connection', 'failure'); }
  else if (/^SMTP connection from .{1,400} (?:closed|lost)|^unexpected disconnection|^SMTP command timeout/s.test(said)) draft.act('connection_ended');
  else if (said.startsWith('SMTP connection from ')) draft.act('connection');
  else if (/^exim [\d.]{1,12} daemon started/.test(said)) draft.act('service_started');
  else draft.act('mail');
}

const LOOKS = new RegExp(String.raw`^(?:${TIME} (?:\[\d{1,10}\] )?)(?:${ID} (?:[<=>*-]{2} |Completed)|\S{1,40} authenticator failed for |(?:${ID} )?H=(?:[^\n]{1,400}) rejected |(?:SMTP connection from|SMTP call from|SMTP protocol|SMTP command timeout|TLS error on connection from|no (?:host name found for IP address|IP address found for host)|rejected (?:EHLO|HELO|connection)|unexpected disconnection while reading SMTP|exim \d[\d.]{1,10} daemon started|Start queue run: pid=|End queue run: pid=))|^${ID} (?:[<=>*-]{2} |Completed)`);
export const exim: Format = {
  name: 'exim.log', holds: ['^0000-00-00 00:00:00', ' <= ', ' => ', ' -> ', ' >> ', ' *> ', ' ** ', ' == ', ' Completed'], programs: ['exim', 'exim4'], unnamed: true,
  detect: ({ head, program }) => program === '' && LOOKS.test(head), read: readExim,
};
