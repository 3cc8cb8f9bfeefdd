// Access logs of web servers in the common and combined form, with what is often put before it (virtual host, forwarded addresses)
// and after it: `192.0.2.1 - bob [17/Feb/2026:13:40:03 +0000] "GET /a?b HTTP/1.1" 200 512 "referrer" "agent" ...`; and with a time of the site's own form,
// which Apache's `%{format}t` and Tomcat's write without brackets: `192.0.2.1 - bob 2026-02-17T13:40:03+07:00 "GET / HTTP/1.1" 200 512`.
import { readDayMonth, readIso, resolve, type Stamp } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
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

/** `before` is where the client's part ends, `at` where the time does. */
function readFrom(draft: Draft, before: number, stamp: Stamp, at: number): boolean {
  const { text } = draft;
  let p = at;
  while (codeAt(text, p) === 32) p++;
  if (codeAt(text, p) !== 34) return false;
  if (text.startsWith('"-" "', p)) p += 4; // a field of the site's own before the request
  const close = requestEnd(text, p + 1);
  if (close < 0) return false;
  if (!draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
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
  if (agent === '') draft.event['user_agent.original'] = ''; // sent, and empty; a dash is none
  const status = Number(bare(words[0]));
  draft.act('http_request', status >= 400 ? 'failure' : status > 0 ? 'success' : undefined);
  draft.put('service.name', draft.program);
  draft.put('event.dataset', draft.program.includes('nginx') ? 'nginx.access' : 'apache.access');
  return true;
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
  const addresses = plain.filter(isIp);
  const address = addresses.find(isPublic) ?? addresses[0];
  const first = plain[0] ?? words[0] ?? '';
  if (address === undefined) { draft.put('source.domain', first); draft.put('source.address', first); return; }
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
const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|::1$|f[cde])/i;
const isPublic = (address: string): boolean => !PRIVATE.test(address);

export const looksLikeAccess = (head: string): boolean => {
  const at = timeAt(head);
  return at > 0 && head.indexOf('] "', at) > 0;
};

/** Address, two names, a time with its year, a request in quotes, a status. */
const PLAIN = /^([0-9a-fA-F.:]{3,45} \S{1,64} \S{1,128}) ((?:\d{4}[-/]\d\d[-/]\d\d[T ]|\d{1,2}[/-][A-Z][a-z]{2}[/-]\d{4}[: ])\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d)?) "[A-Z]{3,20} [^\n]{0,500}?(?: HTTP\/[\d.]{1,3})?(?:" (?:\d{3}|-)(?: |$)|$)/;
function readPlain(draft: Draft): boolean {
  const found = PLAIN.exec(draft.head), before = found?.[1]?.length ?? 0, stamp = found === null ? undefined : readIso(found[2] as string, 0) ?? readDayMonth(found[2] as string, 0);
  return found !== null && stamp !== undefined && readFrom(draft, before, stamp, before + 1 + (found[2] as string).length);
}
export const accessPlain: Format = { name: 'apache.access', holds: ['0 "', 'Z "'], detect: ({ head }) => PLAIN.test(head), read: readPlain };
export const access: Format = { name: 'apache.access', holds: ['] "'], detect: ({ head }) => looksLikeAccess(head), read: readAccess };
