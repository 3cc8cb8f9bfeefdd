// Squid's native access log, IIS and other W3C extended logs, and HAProxy.
//   1771335603.100    120 192.0.2.21 TCP_MISS/200 4523 GET http://x/a.exe bob HIER_DIRECT/203.0.113.9 text/html "referrer" "agent"
import { epochMillis, readDayMonth, readIso, readSlashed, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { putRequest, putTarget } from './request.js';

// --- Squid ----------------------------------------------------------------------------------------------------------------------
const SQUID = /^(\d{9,11}(?:\.\d{1,6})?)\s+(-?\d{1,12})\s+(\S{1,255})\s+([A-Z_]{3,40})\/(\d{3})\s+(-?\d{1,18})\s+(\S{1,30})\s+/;

function readSquid(draft: Draft): boolean {
  const found = SQUID.exec(draft.head);
  if (found === null) return false;
  const [whole, time = '', elapsed, client, result, status, bytes, method] = found;
  draft.time = epochMillis(time) ?? draft.time;
  const words = tailWords(draft.text, whole.length);
  const [url = '', user, hierarchy = '', type, referrer, agent] = words;
  draft.put('source.ip', client);
  draft.put('event.duration', Number(elapsed) * 1_000_000);
  draft.put('squid.result', result);
  draft.put('http.response.status_code', status);
  draft.put('http.response.body.bytes', bytes);
  draft.put('http.request.method', method);
  draft.put('network.transport', (result ?? '').startsWith('TCP') ? 'tcp' : (result ?? '').startsWith('UDP') ? 'udp' : undefined);
  draft.put('user.name', user);
  const [, server] = hierarchy.split('/');
  if (method === 'CONNECT') {
    const { host, port } = splitEndpoint(url);
    draft.put('url.original', url);
    draft.put('url.domain', host);
    draft.put('destination.ip', host);
    draft.fill('destination.domain', host);
    draft.put('destination.port', port);
  } else if (!url.startsWith('error:')) {
    putTarget(draft, url);
    draft.put('destination.domain', draft.get('url.domain'));
  }
  if (server !== undefined && isIp(server)) draft.fill('destination.ip', server);
  draft.put('http.response.mime_type', type);
  // One text behind the type is the agent unless it is a page: a tool may call itself anything.
  if (agent === undefined) draft.put(/^[a-z][a-z0-9+.-]*:\/\//i.test(referrer ?? '') ? 'http.request.referrer' : 'user_agent.original', referrer);
  // In quotes nothing is what the client sent; a dash is that it sent none.
  if ((agent ?? referrer) === '') draft.event['user_agent.original'] = '';
  else { draft.put('http.request.referrer', referrer); draft.put('user_agent.original', agent); }
  draft.act('proxy_request', (result ?? '').includes('DENIED') || Number(status) >= 400 ? 'failure' : 'success');
  return true;
}

/** Squid's own "common" form with a slashed date: `192.0.2.1 - bob [05/02/2026 11:30:29] "GET https://x/ HTTP/1.1" 200 -`. */
function readSquidCommon(draft: Draft): boolean {
  const { text, head } = draft;
  const open = head.indexOf(' ['), close = head.indexOf('] "', open);
  if (open < 0 || close < 0) return false;
  const stamp = readEuropean(text.slice(open + 2, close));
  if (stamp === undefined) return false;
  const end = text.indexOf('" ', close + 3);
  if (end < 0) return false;
  draft.time = resolve(stamp, draft.received, draft.zone);
  const [client, , user] = head.slice(0, open).split(' ');
  draft.put('source.ip', client);
  draft.put('user.name', user);
  putRequest(draft, text.slice(close + 3, end));
  if (draft.get('http.request.method') === 'CONNECT') { draft.put('destination.domain', draft.get('url.domain')); draft.put('destination.port', Number(draft.get('url.port') ?? 443)); }
  draft.put('http.response.status_code', text.slice(end + 2, end + 5));
  draft.act('proxy_request');
  return true;
}
const readEuropean = (text: string): ReturnType<typeof readSlashed> => {
  const parts = /^(\d\d)\/(\d\d)\/(\d{4}) (.*)$/.exec(text);
  return parts === null ? undefined : readIso(`${parts[3] ?? ''}-${parts[2] ?? ''}-${parts[1] ?? ''} ${parts[4] ?? ''}`, 0);
};

// --- W3C extended (IIS) ---------------------------------------------------------------------------------------------------------
const METHODS = new Set(['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE', 'PROPFIND', 'SEARCH', 'MKCOL', 'MOVE', 'COPY', 'LOCK', 'UNLOCK', 'PROPPATCH', 'RPC_IN_DATA', 'RPC_OUT_DATA', 'DEBUG']);

/**
 * `date time [sitename computer] s-ip METHOD stem query port user c-ip [version] agent [cookie] [referer] [host] status substatus win32 [bytes ...] time`.
 * The #Fields line may be far away or never sent, so the columns are told by what they hold, around the method.
 */
function readIis(draft: Draft): boolean {
  const words = draft.text.trimEnd().split(' ', 40);
  const stamp = readIso(`${words[0] ?? ''} ${words[1] ?? ''}`, 0);
  if (HTTP_ERR.test(draft.head)) return readHttpErr(draft, words, stamp);
  const at = words.findIndex((word, i) => i >= 2 && i < 7 && METHODS.has(word));
  if (stamp === undefined || at < 0 || words.length < at + 8) return false;
  draft.time = resolve(Number.isNaN(stamp.offset) ? { ...stamp, offset: 0 } : stamp, draft.received, draft.zone); // IIS writes UTC
  const server = (words[at - 1] ?? '').replace(/%\w+$/, '');
  if (isIp(server)) draft.put('destination.ip', server);
  draft.put('http.request.method', words[at]);
  const stem = words[at + 1] ?? '', query = words[at + 2] ?? '-';
  putTarget(draft, stem);
  if (query !== '-') { draft.put('url.query', query); draft.put('iis.access.uri', `${stem}?${query}`); }
  draft.put('destination.port', words[at + 3]);
  draft.put('user.name', words[at + 4]);
  const client = (words[at + 5] ?? '').replace(/%\w+$/, '');
  draft.put('source.ip', client);
  let p = at + 6;
  if (words[p]?.startsWith('HTTP/') === true) { draft.put('http.version', (words[p] as string).slice(5)); p++; }
  draft.put('user_agent.original', words[p]?.replaceAll('+', ' '));
  let status = -1;
  for (let i = p + 1; i < words.length - 2 && status < 0; i++) if (/^[1-5]\d\d$/.test(words[i] ?? '') && /^\d{1,3}$/.test(words[i + 1] ?? '') && /^\d{1,10}$/.test(words[i + 2] ?? '')) status = i;
  if (status > 0) {
    draft.put('http.response.status_code', words[status]);
    for (const word of words.slice(p + 1, status)) {
      if (word.startsWith('http://') || word.startsWith('https://')) draft.put('http.request.referrer', word);
      else if (/^[A-Za-z0-9.-]+(?::\d+)?$/.test(word) && word !== '-') { const host = word.replace(/:\d+$/, ''); draft.put('url.domain', host); draft.put('destination.domain', host); }
    }
    if (words.length > status + 5) { draft.put('http.response.body.bytes', words[status + 3]); draft.put('http.request.bytes', words[status + 4]); }
  }
  draft.put('http.request.referrer', words.slice(p + 1).find((word) => /^https?:\/\//.test(word)));
  draft.act('http_request', Number(words[status]) >= 400 ? 'failure' : 'success');
  return true;
}
/** HTTP.sys' error log: `date time c-ip c-port s-ip s-port version method uri [stream] status site reason queue`. */
function readHttpErr(draft: Draft, words: readonly string[], stamp: ReturnType<typeof readIso>): boolean {
  if (stamp !== undefined) draft.time = resolve({ ...stamp, offset: 0 }, draft.received, draft.zone);
  const [, , client, clientPort, server, serverPort, version = '', method, uri = ''] = words;
  draft.put('source.ip', client?.replace(/%\w+$/, '')); draft.put('source.port', clientPort); draft.put('destination.ip', server?.replace(/%\w+$/, '')); draft.put('destination.port', serverPort);
  draft.put('http.version', version.slice(5));
  draft.put('http.request.method', method);
  putTarget(draft, uri);
  draft.put('event.reason', words.slice(10).find((word) => /^[A-Z][A-Za-z_]{4,40}$/.test(word)));
  draft.put('http.response.status_code', words.slice(9, 11).find((word) => /^[1-5]\d\d$/.test(word)));
  draft.put('event.dataset', 'iis.error');
  draft.act('web_error');
  return true;
}
const HTTP_ERR = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S{3,45} \d{1,5} \S{3,45} \d{1,5} (?:HTTP\/\d|- - - )/;
const W3C = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\S{1,64} ){0,3}\S{2,64} (?:GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND|SEARCH|RPC_IN_DATA|RPC_OUT_DATA|DEBUG|MKCOL|MOVE|COPY|LOCK|UNLOCK) \S/;

// --- HAProxy --------------------------------------------------------------------------------------------------------------------
function readHaproxy(draft: Draft): boolean {
  const { text, head } = draft;
  draft.put('service.name', 'haproxy');
  if (head.startsWith('Connect from ')) {
    const [, , from = '', , to = ''] = head.split(' ');
    for (const [side, place] of [['source', from], ['destination', to]] as const) { const { host, port } = splitEndpoint(place); draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); }
    draft.act('connection');
    return true;
  }
  const open = head.indexOf(' [');
  const stamp = open < 0 ? undefined : readDayMonth(text, open + 2);
  if (stamp === undefined) return draft.program === 'haproxy';
  draft.time = resolve(stamp, draft.received, draft.zone);
  const client = head.slice(0, open).split(' ').at(-1) ?? '', colon = client.lastIndexOf(':');
  draft.put('source.ip', client.slice(0, colon));
  draft.put('source.port', client.slice(colon + 1));
  const words = text.slice(stamp.end + 2).split(' ', 24);
  draft.put('haproxy.frontend_name', words[0]);
  const [backend, server] = (words[1] ?? '').split('/');
  draft.put('haproxy.backend_name', backend);
  draft.put('haproxy.server_name', server);
  const timers = words.findIndex((word) => /^-?\d+(?:\/[-+]?\d+){2,6}$/.test(word));
  if (timers >= 0 && /^-?\d{1,3}$/.test(words[timers + 1] ?? '') && (words[timers] ?? '').split('/').length > 3) {
    draft.put('http.response.status_code', words[timers + 1]);
    draft.put('http.response.body.bytes', words[timers + 2]);
  }
  const quote = text.indexOf(' "', stamp.end), end = text.lastIndexOf('"');
  if (quote > 0 && end > quote + 2) putRequest(draft, text.slice(quote + 2, end));
  draft.act(draft.has('http.request.method') ? 'http_request' : 'connection');
  return true;
}

/** Words and quoted texts from `at`. */
function tailWords(text: string, at: number): string[] {
  const words: string[] = [];
  let p = at;
  while (p < text.length && words.length < 16) {
    if (text.charCodeAt(p) === 32) { p++; continue; }
    const quoted = text.charCodeAt(p) === 34;
    let end = text.indexOf(quoted ? '"' : ' ', p + 1);
    if (end < 0) end = text.length;
    words.push(text.slice(quoted ? p + 1 : p, end));
    p = end + 1;
  }
  return words;
}

export const squid: Format = { name: 'squid.access', holds: ['^000000000'], detect: ({ head }) => SQUID.test(head), read: readSquid };
export const squidCommon: Format = { name: 'squid.access', holds: [' [00/00/0000 00:'], detect: ({ head }) => /^\S{1,64} \S{1,64} \S{1,128} \[\d\d\/\d\d\/\d{4} \d\d:/.test(head), read: readSquidCommon };
export const iis: Format = { name: 'iis.access', holds: ['^0000-00-00 00:00:00 '], detect: ({ head }) => W3C.test(head) || HTTP_ERR.test(head), read: readIis };
export const haproxy: Format = { name: 'haproxy.log', holds: [' [00/', '^Connect from '], unnamed: true, programs: ['haproxy'], detect: ({ head, program }) => program === '' && /^\S{3,60}:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+\] \S+ \S+\/\S* -?\d+\//.test(head) || program === '' && /^Connect from \S+:\d+ to \S+:\d+ \(/.test(head), read: readHaproxy };
