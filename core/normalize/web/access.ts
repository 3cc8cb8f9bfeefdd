// Access logs of web servers in the common and combined form, with what is often put before it (virtual host, forwarded addresses)
// and after it: `192.0.2.1 - bob [17/Feb/2026:13:40:03 +0000] "GET /a?b HTTP/1.1" 200 512 "referrer" "agent" ...`; and with a time of the site's own form,
// which Apache's `%{format}t` and Tomcat's write without brackets: `192.0.2.1 - bob 2026-02-17T13:40:03+07:00 "GET / HTTP/1.1" 200 512`.
import { readDayMonth, readIso, type Stamp } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { putRequest } from './request.js';
import { codeAt } from '../../text.js';

/** Where the `[17/Feb/2026:...]` stands in the head, or -1. */
function timeAt(head: string): number {
  for (let at = head.indexOf('['), tries = 0; at >= 0 && tries < 8; at = head.indexOf('[', at + 1), tries++) {
    if (codeAt(head, at + 3) === 47 || codeAt(head, at + 2) === 47) return at;
  }
  return -1;
}

export function readAccess(draft: Draft): boolean {
  const open = timeAt(draft.head);
  if (open < 1) return false;
  const { text } = draft;
  const stamp = readDayMonth(text, open + 1);
  if (stamp === undefined || codeAt(text, stamp.end) !== 93) return false;
  return readFrom(draft, open, stamp, stamp.end + 1);
}

/** A request that was logged by an application's logger: what the logger said of it stands before, or in members of its own. */
export function readAccessOf(draft: Draft, said: string): boolean {
  const { text, head } = draft;
  draft.setText(said);
  try { return readAccess(draft); } finally { draft.text = text; draft.head = head; }
}

/** `before` is where the client's part ends, `at` where the time does. */
function readFrom(draft: Draft, before: number, stamp: Stamp, at: number): boolean {
  const { text } = draft;
  let p = at;
  while (codeAt(text, p) === 32) p++;
  if (codeAt(text, p) !== 34) return false;
  if (text.startsWith('"-" "', p)) p += 4; // a field of the site's own before the request
  const close = requestEnd(text, p + 1);
  if (close < 0) return false;
  draft.timeFrom(stamp);
  readClient(draft, text.slice(0, before));
  putRequest(draft, text.slice(p + 1, close));
  const words = tail(text, close + 1);
  let next = 2; // durations, counts and names before the referrer; it and the agent stand in quotes, or are a dash
  while (next < words.length && !isQuoted(words[next] as string) && words[next] !== '-') next++;
  const referrer = bare(words[next]), agent = bare(words[next + 1]);
  draft.put('http.response.status_code', bare(words[0]));
  draft.put('http.response.body.bytes', bare(words[1]));
  draft.put('http.request.referrer', referrer);
  draft.put('user_agent.original', agent);
  const forwarded = words.find((word) => word.startsWith('X-Forwarded-For='))?.slice(17).replace(/"$/, '').split(',', 1)[0]?.trim() ?? '';
  if (isIp(forwarded)) draft.put('network.forwarded_ip', forwarded); // Tomcat's way to say whom a proxy named
  const dataset = putSitesOwn(draft, words.slice(next + 2));
  if (agent === '') draft.event['user_agent.original'] = ''; // sent, and empty; a dash is none
  const status = Number(bare(words[0]));
  draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
  draft.put('service.name', draft.program);
  draft.put('event.dataset', dataset ?? (draft.program.includes('nginx') ? 'nginx.access' : 'apache.access'));
  return true;
}

/** What stands behind the agent: X-Forwarded-For in nginx' own `main` form; of Traefik the request's number, router, backend and time; of Kubernetes' ingress-nginx length, time, backend; how the connection was protected. The dataset, where that decides it. */
function putSitesOwn(draft: Draft, words: readonly string[]): string | undefined {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = words, taken = words.find((word) => word.startsWith('rt='))?.slice(3).replaceAll('"', '');
  if (taken !== undefined && /^\d{1,9}\.\d{3}$/.test(taken)) draft.put('event.duration', Math.round(Number(taken) * 1e9)); // nginx' `rt=$request_time`
  if (isQuoted(first)) {
    const named = first.slice(1).split(',', 1)[0]?.trim() ?? '';
    const served = second.slice(1), passed = splitEndpoint(first.slice(1)), own = splitEndpoint(served);
    if (isIp(named)) draft.put('network.forwarded_ip', named);
    else if (isQuoted(second) && passed.port !== undefined && own.port !== undefined && isIp(passed.host) && isIp(own.host)) { // Zimbra: whom the request was passed to, and where it came in
      draft.put('destination.nat.ip', passed.host); draft.put('destination.nat.port', passed.port); draft.put('destination.ip', own.host); draft.put('destination.port', own.port);
    }
  } else if (/^(?:TLS|SSL)v[\d.]{1,3}$/.test(first)) { draft.put('tls.version', first.slice(4)); draft.put('tls.cipher', second); // Apache's `%{SSL_PROTOCOL}x %{SSL_CIPHER}x`
  } else if (isQuoted(second) && isQuoted(third) && /^\d{1,15}ms$/.test(fourth) && /^\d{1,15}$/.test(first)) {
    draft.put('event.duration', Number(fourth.slice(0, -2)) * 1_000_000);
    draft.put('traefik.access.router', second.slice(1)); draft.put('traefik.access.backend_url', third.slice(1));
    return 'traefik.access';
  } else if (third.startsWith('[') && fourth.startsWith('[') && /^\d{1,12}$/.test(first) && /^\d{1,9}\.\d{3}$/.test(second)) {
    const { host, port } = splitEndpoint(fifth);
    draft.put('http.request.bytes', first); draft.put('event.duration', Math.round(Number(second) * 1e9));
    if (isIp(host)) { draft.put('destination.nat.ip', host); draft.put('destination.nat.port', port); }
    draft.put('nginx.ingress_controller.upstream.name', third.slice(1, -1));
    return 'nginx.access';
  }
  return undefined;
}

/** The quote that ends the request: one that no backslash escapes and that a status follows; else the first such quote. */
function requestEnd(text: string, at: number): number {
  let first = -1;
  for (let p = at; p < text.length; p++) {
    const c = codeAt(text, p);
    if (c === 92) p++;
    else if (c === 34) {
      if (first < 0) first = p;
      if (codeAt(text, p + 1) === 32 && /^ (?:\d{3}|-)(?: |$)/.test(text.slice(p + 1, p + 6))) return p;
    } else if (c === 10) break;
  }
  return first;
}

const isQuoted = (word: string): boolean => word.charCodeAt(0) === 34;
const bare = (word: string | undefined): string | undefined => (word !== undefined && isQuoted(word) ? word.slice(1) : word);

/** Words and quoted texts after the request, the first twelve of its line; a quoted one keeps the quote it begins with. */
function tail(text: string, at: number): string[] {
  const words: string[] = [];
  let p = at;
  while (p < text.length && words.length < 12) {
    const c = codeAt(text, p);
    if (c === 32) { p++; continue; }
    if (c === 10 || c === 13) break;
    const start = p;
    if (c === 34) {
      for (p++; p < text.length && !(codeAt(text, p) === 34 && endsHere(codeAt(text, p + 1))); p++) if (codeAt(text, p) === 92) p++;
      words.push(text.slice(start, p));
      p++;
    } else {
      while (p < text.length && codeAt(text, p) !== 32 && codeAt(text, p) !== 10) p++;
      words.push(text.slice(start, p));
    }
  }
  return words;
}
const endsHere = (c: number): boolean => Number.isNaN(c) || c === 32 || c === 10 || c === 13;

/** `[vhost[:port]] ["forwarded, ..."] client ident user`. */
function readClient(draft: Draft, text: string): void {
  const all = text.trim().split(/[\s,"]+/).filter((word) => word !== '' && !/^\(.*\)$/.test(word)).slice(0, 40), dash = all.indexOf('-');
  const words = dash === 1 && all.length > 3 ? [all[0] as string, '-', all.slice(2).join(' ')] : all; // a name may hold spaces
  const user = words.at(-1), plain = words.slice(0, -2);
  if (words.length >= 3) draft.put('user.name', user);
  const served = plain[0] ?? '', second = plain[1];
  if (isIp(served) && second !== undefined && !text.startsWith(`${served},`) && (!isIp(second) || text.includes(`${second},`))) { // `192.0.2.1 client` or `192.0.2.1 client, proxy`: who was asked stands first
    draft.put('destination.ip', served);
    plain.shift();
  }
  if (plain.length === 1 && isPorted(served)) { // `203.0.113.9:51122`, as nginx in Zimbra and Apache's `%{c}p` have it
    const end = splitEndpoint(served);
    draft.put('source.ip', end.host); draft.put('source.address', end.host); draft.put('source.port', end.port);
    return;
  }
  const addresses = plain.filter(isIp);
  const address = addresses.find(isPublic) ?? addresses[0];
  const first = plain[0] ?? words[0] ?? '';
  if (address === undefined) { draft.put(isIp(first) ? 'source.ip' : 'source.domain', first); draft.put('source.address', first); return; }
  draft.put('source.ip', address);
  draft.put('source.address', address);
  if (first !== '' && !isIp(first)) {
    const colon = first.lastIndexOf(':');
    const ported = colon > 0 && /^\d{1,5}$/.test(first.slice(colon + 1));
    const name = ported ? first.slice(0, colon) : first;
    draft.put('url.domain', name);
    draft.put(isIp(name) ? 'destination.ip' : 'destination.domain', name);
    if (ported) draft.put('destination.port', first.slice(colon + 1));
  }
}
/** An address, in brackets where it has colons, and a port. */
const isPorted = (text: string): boolean => { const { host, port } = splitEndpoint(text); return port !== undefined && isIp(host) && text.lastIndexOf(':') === text.length - port.length - 1; };
const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cde])/i;
const isPublic = (address: string): boolean => !PRIVATE.test(address);

export const looksLikeAccess = (head: string): boolean => {
  const at = timeAt(head);
  return at > 0 && (head.indexOf('] "', at) > 0 || head.indexOf(']  "', at) > 0);
};

/** Address, two names, a time with its year, a request in quotes, a status; of PHP-FPM the second name is nothing where there is none. */
const PLAIN = /^((?:[0-9a-fA-F.:]{3,45}|-) \S{1,64} \S{0,128}) ((?:\d{4}[-/]\d\d[-/]\d\d[T ]|\d{1,2}[/-][A-Z][a-z]{2}[/-]\d{4}[: ])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?) "[A-Z]{3,20} [^\n]{0,500}?(?: HTTP\/[\d.]{1,3})?(?:" (?:\d{3}|-)(?: |$)|$)/;
function readPlain(draft: Draft): boolean {
  const found = PLAIN.exec(draft.head), before = found?.[1]?.length ?? 0, stamp = found === null ? undefined : readIso(found[2] as string, 0) ?? readDayMonth(found[2] as string, 0);
  return found !== null && stamp !== undefined && readFrom(draft, before, stamp, before + 1 + (found[2] as string).length);
}
export const accessPlain: Format = { name: 'apache.access', holds: ['0 "', 'Z "'], detect: ({ head }) => PLAIN.test(head), read: readPlain };
export const access: Format = { name: 'apache.access', holds: ['] "', ']  "'], detect: ({ head }) => looksLikeAccess(head) && !(codeAt(head, 4) === 45 && LOGGED.test(head)), read: readAccess };
/** A logger's time and level before the request: it is read by the logger's layout first. */
const LOGGED = /^\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}\S{0,6} {1,3}(?:\{[^}]{0,400}\} )?(?:TRACE|DEBUG|INFO|NOTICE|WARN|ERROR) /;

/** mod_ssl's own: `[17/Feb/2026:13:40:03 +0700] 203.0.113.9 TLSv1.3 TLS_AES_256_GCM_SHA384 "GET /a HTTP/1.1" 2326`. */
const SSL = /^\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:[^\]]{8,30})\] (\S{1,255}) (?:(?:TLS|SSL)v([\d.]{1,3})|-) (\S{1,80}) "/;
function readSslRequest(draft: Draft): boolean {
  const found = SSL.exec(draft.head), start = found?.[0].length ?? 0, end = requestEnd(draft.text, start), stamp = found === null ? undefined : readDayMonth(found[1] as string, 0);
  if (found === null || stamp === undefined || end < 0) return false;
  draft.timeFrom(stamp);
  draft.put(isIp(found[2] as string) ? 'source.ip' : 'source.domain', found[2]);
  draft.put('tls.version', found[3]); draft.put('tls.cipher', found[4]);
  putRequest(draft, draft.text.slice(start, end));
  draft.put('http.response.body.bytes', tail(draft.text, end + 1)[0]);
  draft.act('http_request');
  return true;
}
export const sslRequest: Format = { name: 'apache.access', holds: ['^[00/'], detect: ({ head }) => SSL.test(head), read: readSslRequest };
