// nginx's error log: what went wrong, then, where a request was at hand, whose it was.
//   2026/02/17 13:40:03 [error] 11#12: *7 open() "/a" failed (2: No such file), client: 192.0.2.1, server: x, request: "GET /a HTTP/1.1", host: "x"
// The tail's parts, in this order, each where it is known: client, server, login, request, subrequest, upstream, host, referrer (ngx_http_log_error);
// of the stream and mail modules client, server, login, upstream, bytes. https://nginx.org/en/docs/ngx_core_module.html#error_log
import { digits, readIso } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { readModsecurity } from './modsecurity.js';
import { putRequest } from './request.js';
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
  if (hash < 1 || !LEVELS.has(level)) return false;
  draft.timeFrom(stamp);
  draft.put('log.level', level);
  draft.put('process.pid', worker.slice(0, hash));
  draft.put('process.thread.id', Number(worker.slice(hash + 1)));
  p = colon + 2;
  if (codeAt(text, p) === 42) { const space = text.indexOf(' ', p); if (space > 0) p = space + 1; }
  const said = text.slice(p), tail = tailAt(said), what = tail < 0 ? said : said.slice(0, tail);
  draft.put('error.message', said);
  if (tail >= 0) putTail(draft, said.slice(tail));
  readModsecurity(draft, what);
  if (tail < 0 && what.startsWith('client ')) putClient(draft, what);
  putWhat(draft, what.slice(0, 1500), level, tail >= 0);
  return true;
}
const LEVELS = new Set(['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg']);

/** `client 203.0.113.9:51122 connected to 0.0.0.0:3306` of the stream module, `client 203.0.113.9 closed keepalive connection`. */
function putClient(draft: Draft, what: string): void {
  const [, from = '', verb, , to = ''] = what.split(' ', 5), { host, port } = splitEndpoint(from);
  if (!isIp(host)) return;
  draft.put('source.ip', host); draft.put('source.port', port);
  if (verb === 'connected') { const at = splitEndpoint(to); draft.put('destination.port', at.port); if (!/^(?:0\.0\.0\.0|::)$/.test(at.host)) draft.put('destination.ip', at.host); }
  draft.act(verb === 'closed' ? 'connection_ended' : 'connection');
}

/** Where the tail begins: the first `, client: ` that stands in no quotes, since what a client sent may hold the words too. */
function tailAt(said: string): number {
  let quotes = 0, from = 0;
  for (let at = said.indexOf(CLIENT), last = -1; ; last = at, at = said.indexOf(CLIENT, at + 1)) {
    if (at < 0) return last;
    for (let quote = said.indexOf('"', from); quote >= 0 && quote < at; quote = said.indexOf('"', quote + 1)) quotes++;
    from = at;
    if (quotes % 2 === 0) return at;
  }
}
const CLIENT = ', client: ';

/** Where the request's text ends: at the quote before the next part, else at the last one. */
function requestEnd(tail: string, start: number): number {
  for (let at = tail.indexOf('", ', start), tries = 0; at >= 0 && tries < 40; at = tail.indexOf('", ', at + 1), tries++) if (PARTS.some((name) => tail.startsWith(name, at + 3))) return at;
  return tail.lastIndexOf('"');
}
const PARTS = ['subrequest: "', 'upstream: "', 'host: "', 'referrer: "'], ASKED = ', request: "';
const LEAD = /^, client: ([^,]{1,60})(?:, server: ([^,]{0,255}))?/, UNNAMED = /^(?:unix:.*|[0-9.]{7,15}:\d{1,5}|\[[0-9a-fA-F:.]{2,45}\]:\d{1,5}|_|)$/;
function putTail(draft: Draft, tail: string): void {
  const lead = LEAD.exec(tail), address = lead?.[1] ?? '', start = tail.indexOf(ASKED) + ASKED.length, end = start < ASKED.length ? -1 : requestEnd(tail, start);
  if (isIp(address)) draft.put('source.ip', address);
  const server = lead?.[2] ?? '', named = UNNAMED.test(server) ? undefined : server;
  if (named === undefined && server !== '_') draft.put('destination.port', splitEndpoint(server).port);
  if (end >= start) putRequest(draft, tail.slice(start, end));
  const behind = end < start ? tail : tail.slice(end), host = part(behind, ', host: "'), upstream = part(behind, ', upstream: "');
  draft.put('url.domain', host?.replace(/:\d{1,5}$/, '') ?? named);
  draft.put('destination.domain', named);
  draft.put('http.request.referrer', part(behind, ', referrer: "'));
  if (upstream !== undefined) putUpstream(draft, upstream);
  putAccount(draft, 'user', end >= start ? undefined : part(tail, ', login: "'));
}
/** The text between `start` and the next quote. */
function part(text: string, start: string): string | undefined {
  const at = text.indexOf(start), end = at < 0 ? -1 : text.indexOf('"', at + start.length);
  return end < 0 ? undefined : text.slice(at + start.length, end);
}
/** `http://192.0.2.8:8080/a`, `fastcgi://unix:/run/php.sock:`, `192.0.2.8:3306`: whom the request was passed to. */
function putUpstream(draft: Draft, upstream: string): void {
  draft.put('nginx.error.upstream', upstream);
  const { host, port } = splitEndpoint(upstream.replace(/^[a-z]{2,10}:\/\//, '').replace(/\/.*$/s, ''));
  if (!isIp(host)) return;
  draft.put('destination.nat.ip', host);
  draft.put('destination.nat.port', port);
}

const FILE = /^(?:[a-z_]{2,20}\(\) |directory index of |a client request body is buffered to a temporary file |)"?(\/[^"]{1,1024})"/;
function putWhat(draft: Draft, what: string, level: string, asked: boolean): void {
  if (what.startsWith('user "')) putAccount(draft, 'user', part(what, 'user "'));
  draft.put('file.path', FILE.exec(what)?.[1] ?? /^(?:open\(\)|stat\(\)) "([^"]{1,1024})"/.exec(what)?.[1]);
  const limit = !what.startsWith('limiting ') && !what.startsWith('delaying ') ? null : /^(?:limiting|delaying) (?:requests|connections|request).{0,80} by zone "([^"]{1,128})"/.exec(what);
  draft.put('rule.name', limit?.[1]);
  if (draft.has('rule.id')) draft.act('web_attack_detected', what.includes('ModSecurity: Access denied') ? 'failure' : undefined);
  else if (what.startsWith('user "') && (what.includes('": password mismatch') || what.includes('" was not found in "')) || what.startsWith('client login failed: ')) draft.act('login_failed');
  else if (limit !== null || what.startsWith('access forbidden by rule')) draft.act('web_error', what.startsWith('delaying ') ? undefined : 'failure');
  else if (what.startsWith('SSL_do_handshake() failed ')) draft.act('connection', 'failure');
  else if (!asked && /^(?:start worker process|signal process started|nginx\/\d)/.test(what)) draft.act('service_started');
  else if (!asked && /^(?:gracefully shutting down|exiting|exit)$/.test(what)) draft.act('service_stopped');
  else if (!asked && what === 'reconfiguring') draft.act('config_changed');
  else if (level !== 'notice' && level !== 'info' && level !== 'debug') draft.act('web_error');
  else if (asked) draft.act('connection');
}

const startsWithYear = (head: string): boolean => codeAt(head, 4) === 47 && codeAt(head, 7) === 47 && codeAt(head, 20) === 91 && digits(head, 0, 4) >= 0 && digits(head, 5, 2) >= 0 && digits(head, 8, 2) >= 0;
const UNHEADED = /^\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] \d+#\d+: /;
export const nginxError: Format = { name: 'nginx.error', holds: ['^0000/00/00', '^[debug]', '^[info]', '^[notice]', '^[warn]', '^[error]', '^[crit]', '^[alert]', '^[emerg]'], detect: ({ head }) => startsWithYear(head) || UNHEADED.test(head), read: readNginxError };
