// Access logs of web servers in the common and combined form, with what is often put before it (virtual host, forwarded addresses)
// and after it: `192.0.2.1 - bob [17/Feb/2026:13:40:03 +0000] "GET /a?b HTTP/1.1" 200 512 "referrer" "agent" ...`.
import { readDayMonth, resolve } from '../../message/time.js';
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
  let p = stamp.end + 1;
  while (codeAt(text, p) === 32) p++;
  if (codeAt(text, p) !== 34) return false;
  if (text.startsWith('"-" "', p)) p += 4; // a field of the site's own before the request
  const close = requestEnd(text, p + 1);
  if (close < 0) return false;
  if (!draft.headed) draft.time = resolve(stamp, draft.received, draft.zone);
  readClient(draft, text.slice(0, open));
  putRequest(draft, text.slice(p + 1, close));
  const words = tail(text, close + 1);
  while (words.length > 4 && /^\d+(?:\.\d+)?$/.test(words[2] as string)) words.splice(2, 1); // durations and counts before the referrer
  draft.put('http.response.status_code', words[0]);
  draft.put('http.response.body.bytes', words[1]);
  draft.put('http.request.referrer', words[2]);
  draft.put('user_agent.original', words[3]);
  if (words[3] === '') draft.event['user_agent.original'] = ''; // sent, and empty; a dash is none
  const status = Number(words[0]);
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

/** Words and quoted texts after the request, the first twelve of its line. */
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
      words.push(text.slice(start + 1, p));
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

const looksLikeAccess = (head: string): boolean => {
  const at = timeAt(head);
  return at > 0 && head.indexOf('] "', at) > 0;
};
export const access: Format = { name: 'apache.access', holds: ['] "'], detect: ({ head }) => looksLikeAccess(head), read: readAccess };
