// Error logs of nginx and Apache.
//   2026/02/17 13:40:03 [error] 11#12: *7 open() "/a" failed (2: No such file), client: 192.0.2.1, server: x, request: "GET /a HTTP/1.1", host: "x"
//   [Tue Feb 17 13:40:03.123456 2026] [core:error] [pid 11:tid 12] [client 192.0.2.1:5000] AH00126: Invalid URI in request
import { digits, readIso, readTime, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { modsecurityTag, putModsecurity } from './modsecurity.js';
import { putRequest, putTarget } from './request.js';
import { codeAt } from '../../text.js';

function readNginxError(draft: Draft): boolean {
  const { text, head } = draft;
  const stamp = codeAt(head, 4) === 47 ? readIso(text, 0) : undefined;
  let p = stamp === undefined ? 0 : stamp.end + 1;
  if (codeAt(text, p) !== 91) return false;
  const close = text.indexOf('] ', p);
  if (close < 0 || close > p + 12) return false;
  const level = text.slice(p + 1, close);
  const colon = text.indexOf(': ', close);
  const worker = colon < 0 || colon > close + 30 ? '' : text.slice(close + 2, colon);
  const hash = worker.indexOf('#');
  if (hash < 1 || !NGINX_LEVELS.has(level)) return false;
  if (stamp !== undefined && !draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.put('log.level', level);
  draft.put('process.pid', worker.slice(0, hash));
  draft.put('process.thread.id', Number(worker.slice(hash + 1)));
  p = colon + 2;
  if (codeAt(text, p) === 42) { const space = text.indexOf(' ', p); if (space > 0) p = space + 1; }
  const said = text.slice(p);
  draft.put('error.message', said);
  draft.put('source.ip', after(said, ', client: '));
  draft.put('url.domain', after(said, ', host: "', '"') ?? after(said, ', server: '));
  draft.put('destination.domain', after(said, ', server: '));
  draft.put('http.request.referrer', after(said, ', referrer: "', '"'));
  const request = after(said, ', request: "', '", ') ?? after(said, ', request: "', '"');
  if (request !== undefined) putRequest(draft, request);
  readModsecurity(draft, said);
  putAccount(draft, 'user', /^user "([^"]{1,256})"/.exec(said.slice(0, 300))?.[1]);
  draft.put('file.path', /^(?:open\(\)|stat\(\)|"?)\s?"([^"]{1,1024})"/.exec(said.slice(0, 1100))?.[1]);
  draft.act(draft.has('rule.id') ? 'web_attack_detected' : said.includes('password mismatch') || / was not found in "/.test(said) && draft.has('user.name') ? 'login_failed' : 'web_error');
  return true;
}
const NGINX_LEVELS = new Set(['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg']);

/** The text between `start` and `end` (a comma by default). */
function after(text: string, start: string, end = ','): string | undefined {
  const at = text.indexOf(start);
  if (at < 0) return undefined;
  const stop = text.indexOf(end, at + start.length);
  return stop < 0 ? (end === ',' ? text.slice(at + start.length) : undefined) : text.slice(at + start.length, stop);
}

function readApacheError(draft: Draft): boolean {
  const { text, head } = draft;
  if (codeAt(text, 0) !== 91) return false;
  const stamp = readTime(text, 1);
  let p = 0, parts = 0;
  if (stamp !== undefined && codeAt(text, stamp.end) === 93) {
    if (!draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
    p = stamp.end + 1;
  } else if (!/^\[(?:[a-z_0-9]{1,20}:)?(?:emerg|alert|crit|error|warn|notice|info|debug|trace\d)\]/.test(head)) return false;
  for (; parts < 8; parts++) {
    while (codeAt(text, p) === 32) p++;
    if (codeAt(text, p) !== 91) break;
    const close = text.indexOf(']', p);
    if (close < 0 || close > p + 120) break;
    readPart(draft, text.slice(p + 1, close), codeAt(text, p + 1) === 91);
    p = close + 1;
  }
  if (parts === 0) return false;
  const said = text.slice(p).trim();
  draft.put('error.message', said);
  const code = /^(AH\d{5}):/.exec(said)?.[1];
  draft.put('event.code', code);
  const referrer = said.lastIndexOf(', referer: ');
  if (referrer >= 0) draft.put('http.request.referrer', said.slice(referrer + 11));
  readModsecurity(draft, said);
  draft.put('file.path', /(?:File does not exist: |script '?|denied by server configuration: )([^\s',]{1,1024})/.exec(said.slice(0, 600))?.[1]);
  putAccount(draft, 'user', /^(?:AH\d{5}: )?user `?'?"?([^\s"']{1,256})['"]?:? (?:not found|authentication failure|realm mismatch|in realm)/.exec(said.slice(0, 400))?.[1]?.replace(/:$/, ''));
  draft.act(draft.has('rule.id') ? 'web_attack_detected' : draft.has('user.name') && /not found|authentication failure|mismatch/i.test(said.slice(0, 600)) ? 'login_failed' : 'web_error');
  return true;
}

/** Where ModSecurity's message says the request went. */
function readModsecurity(draft: Draft, said: string): void {
  if (!said.includes('ModSecurity') || !putModsecurity(draft, said)) return;
  const host = modsecurityTag(said, 'hostname');
  draft.fill('url.domain', host);
  draft.fill(host !== undefined && isIp(host) ? 'destination.ip' : 'destination.domain', host);
  if (!draft.has('url.original')) putTarget(draft, modsecurityTag(said, 'uri') ?? '');
}

function readPart(draft: Draft, part: string, doubled: boolean): void {
  if (doubled) return;
  if (part.startsWith('client ') || part.startsWith('remote ')) {
    const { host, port } = splitEndpoint(part.slice(7));
    draft.put('source.ip', host);
    draft.put('source.port', port);
  } else if (part.startsWith('pid ')) {
    const [pid, tid] = part.slice(4).split(':tid ');
    draft.put('process.pid', pid);
    if (tid !== undefined) draft.put('process.thread.id', /^\d+$/.test(tid) ? Number(tid) : tid);
  } else if (/^[a-z_0-9]*:?[a-z]+\d?$/.test(part)) {
    const colon = part.indexOf(':');
    draft.put('log.level', part.slice(colon + 1));
    if (colon > 0) draft.put('apache.error.module', part.slice(0, colon));
  }
}

const startsWithYear = (head: string): boolean => codeAt(head, 4) === 47 && codeAt(head, 7) === 47 && codeAt(head, 20) === 91 && digits(head, 0, 4) >= 0 && digits(head, 5, 2) >= 0 && digits(head, 8, 2) >= 0;
const NGINX_UNHEADED = /^\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] \d+#\d+: /;
const APACHE_START = /^\[(?:\d{4}-\d\d-\d\d[T ][\d:.+Z-]{8,24}\] \[(?:[a-z_0-9]{1,20}:)?[a-z]{1,7}\d?\]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} |[a-z_0-9]{1,20}:[a-z]{1,7}\d?\] \[)/;
export const nginxError: Format = { name: 'nginx.error', holds: ['^0000/00/00', '^[debug]', '^[info]', '^[notice]', '^[warn]', '^[error]', '^[crit]', '^[alert]', '^[emerg]'], detect: ({ head }) => startsWithYear(head) || NGINX_UNHEADED.test(head), read: readNginxError };
export const apacheError: Format = { name: 'apache.error', holds: ['^['], detect: ({ head }) => APACHE_START.test(head), read: readApacheError };
