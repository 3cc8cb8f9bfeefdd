// Squid: the native access log, the common and combined forms with Squid's own result behind them, and cache.log.
//   1771335603.100    120 192.0.2.21 TCP_MISS/200 4523 GET http://x/a.exe bob HIER_DIRECT/203.0.113.9 text/html "referrer" "agent"
//   192.0.2.21 - bob [17/Feb/2026:13:40:03 +0700] "GET http://x/ HTTP/1.1" 200 512 "referrer" "agent" TCP_MISS:HIER_DIRECT
//   2026/02/17 13:40:03 kid1| SECURITY ALERT: Host header forgery detected on local=192.0.2.8:3128 remote=203.0.113.9:51122 FD 12
// http://www.squid-cache.org/Doc/config/logformat/ https://wiki.squid-cache.org/Features/LogFormat
import { epochMillis, readIso, readSlashed, resolve } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { looksLikeAccess, readAccess } from './access.js';
import { putRequest, putTarget } from './request.js';

const HIERARCHY = /^[A-Z][A-Z_]{3,40}\/\S*$/;
const NATIVE = /^(?:Info: )?(\d{9,11}(?:\.\d{1,6})?)\s+(-?\d{1,12})\s+(\S{1,255})\s+([A-Z_]{3,40})\/(\d{3})\s+(-?\d{1,18})\s+(\S{1,30})\s+/;

function readNative(draft: Draft): boolean {
  const found = NATIVE.exec(draft.head);
  if (found === null) return false;
  const [whole, time = '', elapsed, client, result = '', status, bytes, method] = found;
  draft.time = epochMillis(time) ?? draft.time;
  const words = tailWords(draft.text, whole.length), at = words.findIndex((word, i) => i > 1 && HIERARCHY.test(word));
  if (at > 2) words.splice(0, at - 1, words.slice(0, at - 1).join(' ')); // blanks that a client put into its URL
  const [url = '', user, hierarchy = '', type, tag = '', scans = ''] = words, secure = DECISION.test(tag) && scans.startsWith('<'), [referrer, agent] = secure ? [] : words.slice(4); // Cisco's Secure Web Appliance puts its decision and what its engines found behind the type
  if (secure) putDecision(draft, tag, scans);
  draft.put('source.ip', client);
  draft.put('event.duration', Number(elapsed) * 1_000_000);
  draft.put('squid.result', result);
  draft.put('http.response.status_code', status);
  draft.put('http.response.body.bytes', bytes);
  draft.put('http.request.method', method);
  draft.put('network.transport', result.startsWith('TCP') ? 'tcp' : result.startsWith('UDP') ? 'udp' : undefined);
  putAccount(draft, 'user', secure ? user?.replace(REALM, '') : user);
  if (method === 'CONNECT') {
    const { host, port } = splitEndpoint(url);
    draft.put('url.original', url);
    draft.put('url.domain', host);
    draft.put('destination.ip', host);
    draft.fill('destination.domain', host);
    draft.put('destination.port', port);
  } else if (!url.startsWith('error:')) {
    putTarget(draft, url);
    putTargetEnd(draft);
  } else draft.put('event.reason', url);
  putHierarchy(draft, hierarchy);
  draft.put('http.response.mime_type', type);
  // One text behind the type is the agent unless it is a page: a tool may call itself anything.
  if (agent === undefined) draft.put(PAGE.test(referrer ?? '') ? 'http.request.referrer' : 'user_agent.original', referrer);
  // In quotes nothing is what the client sent; a dash is that it sent none.
  if ((agent ?? referrer) === '') draft.event['user_agent.original'] = '';
  else if (agent !== undefined && !saysPage(referrer) && saysPage(agent)) { draft.put('http.request.referrer', agent); draft.put('user_agent.original', referrer); } // the other way round
  else { draft.put('http.request.referrer', referrer); draft.put('user_agent.original', agent); }
  draft.act('proxy_request', result.includes('DENIED') || secure && tag.startsWith('BLOCK') || Number(status) >= 400 ? 'failure' : 'success');
  return true;
}

/** Where the account was authenticated, which Cisco's appliance puts behind `DOMAIN\\name`. */
const REALM = /(?<=\\[^@]{1,128})@[^@]{1,128}$/;
const PAGE = /^[a-z][a-z0-9+.-]*:\/\//i;
const saysPage = (text: string | undefined): boolean => text === '-' || text === '' || PAGE.test(text ?? '');
const DECISION = /^([A-Z][A-Z_]{3,60}?)_(\d{1,4})-(\S{1,300})$/;
/** `BLOCK_WEBCAT_12-policy-identity-NONE-...`, and in angle brackets the category first, then the reputation. */
function putDecision(draft: Draft, tag: string, scans: string): void {
  const [, decision = '', , groups = ''] = DECISION.exec(tag) ?? [];
  draft.put('cisco_secure_web_appliance.decision', decision); draft.put('cisco_secure_web_appliance.scans', scans); draft.put('rule.name', groups.split('-', 1)[0]);
  draft.put('rule.category', /^<"?([^,"]{1,60})/.exec(scans)?.[1]);
  draft.put('observer.vendor', 'Cisco'); draft.put('observer.product', 'Secure Web Appliance');
}
/** Where the URL says the request went. */
function putTargetEnd(draft: Draft): void {
  draft.put('destination.domain', draft.get('url.domain'));
  draft.put('destination.port', draft.get('url.port'));
}
/** `HIER_DIRECT/203.0.113.9`, `FIRSTUP_PARENT/proxy2`, `HIER_NONE/-`: who answered. */
function putHierarchy(draft: Draft, hierarchy: string): void {
  const slash = hierarchy.indexOf('/'), server = slash < 0 ? '' : hierarchy.slice(slash + 1);
  draft.put('squid.hierarchy', slash < 0 ? hierarchy : hierarchy.slice(0, slash));
  if (isIp(server)) draft.fill('destination.ip', server);
}

/** Squid's own "common" form with a slashed date: `192.0.2.1 - bob [05/02/2026 11:30:29] "GET https://x/ HTTP/1.1" 200 -`. */
function readCommon(draft: Draft): boolean {
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
  putConnect(draft);
  draft.put('http.response.status_code', text.slice(end + 2, end + 5));
  draft.act('proxy_request');
  return true;
}
function putConnect(draft: Draft): void {
  if (draft.get('http.request.method') === 'CONNECT') { draft.put('destination.domain', draft.get('url.domain')); draft.put('destination.port', Number(draft.get('url.port') ?? 443)); }
}
const readEuropean = (text: string): ReturnType<typeof readSlashed> => {
  const parts = /^(\d\d)\/(\d\d)\/(\d{4}) (.*)$/.exec(text);
  return parts === null ? undefined : readIso(`${parts[3] ?? ''}-${parts[2] ?? ''}-${parts[1] ?? ''} ${parts[4] ?? ''}`, 0);
};

/** The common and combined forms of `logformat`, which end with the result and the hierarchy. */
const RESULT = /" \d{3} (?:-?\d{1,18}|-)(?: "[^\n]*")? ((?:TCP|UDP|NONE|TAG)[A-Z_]{0,40}):([A-Z_]{3,40})(?:\/(\S{1,255}))?\s*$/;
function readHttpd(draft: Draft): boolean {
  const found = RESULT.exec(draft.text.slice(-4096));
  if (found === null || !readAccess(draft)) return false;
  const [, result = '', hierarchy = '', server = '-'] = found;
  draft.put('event.dataset', 'squid.access');
  draft.put('squid.result', result);
  putHierarchy(draft, `${hierarchy}/${server}`);
  if (draft.get('http.request.method') === 'CONNECT') putConnect(draft); else putTargetEnd(draft);
  draft.act('proxy_request', result.includes('DENIED') || Number(draft.get('http.response.status_code')) >= 400 ? 'failure' : 'success');
  return true;
}

/** cache.log: `2026/02/17 13:40:03 kid1| text`; through syslog the text alone. */
const CACHE = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?)(?: kid\d{1,4})?\| (?:\d{1,3},\d{1,2}\| )?/;
const LEVELS = /^(SECURITY ALERT|WARNING|ERROR|FATAL|BUG)\b/;
function readCache(draft: Draft): boolean {
  const found = CACHE.exec(draft.head);
  if (found === null && !SQUID_NAMES.test(draft.program)) return false;
  const stamp = found === null ? undefined : readIso(found[1] as string, 0), said = draft.text.slice(found?.[0].length ?? 0), level = LEVELS.exec(said)?.[1];
  draft.timeFrom(stamp);
  draft.put('service.name', 'squid');
  draft.put('log.level', level === undefined ? undefined : level === 'SECURITY ALERT' ? 'alert' : level.toLowerCase());
  const ends = /\blocal=(\S{3,60}) remote=(\S{3,60})/.exec(said.slice(0, 600));
  if (ends !== null) for (const [side, place] of [['destination', ends[1]], ['source', ends[2]]] as const) { const { host, port } = splitEndpoint(place as string); if (isIp(host) && !/^(?:0\.0\.0\.0|::)$/.test(host)) { draft.put(`${side}.ip`, host); draft.put(`${side}.port`, port); } }
  draft.put('url.full', /^SECURITY ALERT: on URL: (\S{1,2048})/.exec(said)?.[1]);
  draft.put('user_agent.original', /^SECURITY ALERT: [Bb]y user agent: (.{1,1024})/.exec(said)?.[1]);
  if (level === 'SECURITY ALERT') draft.act('intrusion_detected');
  else if (/^Starting Squid Cache/.test(said)) draft.act('service_started');
  else if (/^Squid Cache \(Version \S{1,40}\): (?:Exiting|Terminated)|^Preparing for shutdown/.test(said)) draft.act('service_stopped');
  else if (/^Reconfiguring Squid Cache/.test(said)) draft.act('config_changed');
  else if (level === 'FATAL') draft.act('service_failed');
  return true;
}
const SQUID_NAMES = /^\(?squid(?:-\d{1,4}|-coord-\d{1,4})?\)?$/;

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

export const squid: Format = { name: 'squid.access', holds: ['^000000000', '^Info: 000000000'], detect: ({ head }) => NATIVE.test(head), read: readNative };
export const squidCommon: Format = { name: 'squid.access', holds: [' [00/00/0000 00:'], detect: ({ head }) => /^\S{1,64} \S{1,64} \S{1,128} \[\d\d\/\d\d\/\d{4} \d\d:/.test(head), read: readCommon };
export const squidHttpd: Format = { name: 'squid.access', holds: [' TCP_', ' NONE', ' UDP_', ' TAG_'], detect: ({ head, text }) => / (?:TCP_|NONE|UDP_|TAG_)/.test(head) && looksLikeAccess(head) && RESULT.test(text.slice(-4096)), read: readHttpd };
export const squidCache: Format = { name: 'squid.cache', holds: ['^0000/00/00 00:00:00'], likePrograms: SQUID_NAMES, detect: ({ head, program }) => CACHE.test(head) || SQUID_NAMES.test(program), read: readCache };
