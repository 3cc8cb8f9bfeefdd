// The request line of HTTP and the parts of its target, as web servers and proxies log them. What an attacker typed stays as typed.
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { codeInside } from '../../text.js';

/** `GET /a?b=c HTTP/1.1`; spaces and quotes in the target stay in it. False when it is no request line. */
export function putRequest(draft: Draft, line: string): boolean {
  const space = line.indexOf(' ');
  const method = space < 0 ? line : line.slice(0, space);
  if (!METHOD.test(method) || method === 'null') return false; // Tomcat's `null null null` for a request that it could not read
  if (space < 0) return false;
  draft.put('http.request.method', method);
  const last = line.lastIndexOf(' ');
  const versioned = last > space && line.startsWith('HTTP/', last + 1);
  if (versioned) draft.put('http.version', line.slice(last + 6));
  putTarget(draft, (versioned ? line.slice(space + 1, last) : line.slice(space + 1)).trim());
  return true;
}
const METHOD = /^[A-Za-z][A-Za-z_-]{1,19}$/;

/** The target of a request: a path with its query, a full URL, or `host:port`. */
export function putTarget(draft: Draft, target: string): void {
  if (target === '' || target === '-') return;
  draft.put('url.original', target);
  let path = target;
  const scheme = target.indexOf('://');
  if (scheme > 0 && scheme < 12) {
    const start = scheme + 3;
    let end = start;
    for (; end < target.length; end++) { const c = codeInside(target, end); if (c === 47 || c === 63) break; }
    draft.put('url.full', target);
    draft.put('url.scheme', target.slice(0, scheme));
    putAuthority(draft, target.slice(start, end));
    path = target.slice(end) || '/';
  } else if (!target.startsWith('/') && target !== '*') {
    const colon = target.indexOf(':');
    if (colon > 0 && /^\d{1,5}$/.test(target.slice(colon + 1))) { putAuthority(draft, target); return; }
  }
  if (scheme > 0) { // a fragment is a browser's own: a request line has none, so there a `#` stays in the path
    const hash = path.indexOf('#');
    if (hash >= 0) { draft.put('url.fragment', path.slice(hash + 1)); path = path.slice(0, hash); }
  }
  const query = path.indexOf('?');
  const plain = query < 0 ? path : path.slice(0, query);
  draft.put('url.path', plain);
  if (query >= 0) draft.put('url.query', path.slice(query + 1));
  const dot = plain.lastIndexOf('.');
  if (dot > plain.lastIndexOf('/') && dot + 1 < plain.length && plain.length - dot <= 12) draft.put('url.extension', plain.slice(dot + 1));
}

/** What a firewall or a filter calls a URL: a target, or one that begins with the host, without a scheme. */
export function putSite(draft: Draft, url: string): void {
  const host = url.startsWith('/') || url.includes('://') ? undefined : SITE.exec(url)?.[0];
  if (host === undefined) { putTarget(draft, url); return; }
  putTarget(draft, url.slice(host.length));
  draft.put('url.original', url);
  putAuthority(draft, host);
}
const SITE = /^(?:[\w-]{1,63}\.){1,30}(?:[A-Za-z]{2,24}|\d{1,3})(?::\d{1,5})?(?=[/?]|$)/;

/** Of a device that logs host and path apart: the whole URL, where it is known by which protocol the page was fetched. */
export function joinUrl(draft: Draft): void {
  const host = draft.getText('url.domain'), target = draft.getText('url.original') ?? '', path = target.startsWith('/') ? target : draft.getText('url.path') ?? '';
  if (host === undefined || !path.startsWith('/') || draft.has('url.full')) return;
  const said = draft.getText('network.protocol')?.toLowerCase() ?? '', port = draft.get('destination.port');
  const scheme = draft.getText('url.scheme') ?? (/^https|^ssl|^tls/.test(said) || port === 443 ? 'https' : said.startsWith('http') || port === 80 ? 'http' : undefined);
  if (scheme !== undefined) draft.put('url.full', `${scheme}://${host}${path}`);
}

function putAuthority(draft: Draft, authority: string): void {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const colon = host.lastIndexOf(':');
  const ported = colon > 0 && /^\d{1,5}$/.test(host.slice(colon + 1)) && (host.indexOf(':') === colon || host.charCodeAt(colon - 1) === 93);
  draft.put('url.domain', (ported ? host.slice(0, colon) : host).replace(/^\[|\]$/g, ''));
  if (ported) draft.put('url.port', Number(host.slice(colon + 1)));
}

/** What the headers of a logged request say; their line ends real or written as `\r\n`. */
export function putHeaders(draft: Draft, request: string): void {
  for (const line of request.slice(0, 16_384).split(/\\r\\n|\r\n|\n|#015#012/, 80)) {
    const colon = line.indexOf(': ');
    if (colon < 2 || colon > 30) continue;
    const field = HEADERS[line.slice(0, colon).toLowerCase()];
    if (field !== undefined) draft.fill(field, line.slice(colon + 2).trim());
  }
}
const HEADERS = lookup({ 'user-agent': 'user_agent.original', host: 'url.domain', referer: 'http.request.referrer' });
