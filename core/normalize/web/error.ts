// Apache's error log.
//   [Tue Feb 17 13:40:03.123456 2026] [core:error] [pid 11:tid 12] [client 192.0.2.1:5000] AH00126: Invalid URI in request
import { readTime } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, isPort, splitEndpoint } from '../net.js';
import { readModsecurity } from './modsecurity.js';
import { putRequest, putTarget } from './request.js';
import { seek } from '../seek.js';
import { codeAt } from '../../text.js';

function readApacheError(draft: Draft): boolean {
  const { text, head } = draft;
  if (codeAt(text, 0) !== 91) return false;
  const stamp = readTime(text, 1);
  let p = 0, parts = 0;
  if (stamp !== undefined && codeAt(text, stamp.end) === 93) {
    draft.timeFrom(stamp);
    p = stamp.end + 1;
  } else if (!/^\[(?:[a-z_0-9]{0,20}:)?(?:emerg|alert|crit|error|warn|notice|info|debug|trace\d)\]/.test(head)) return false;
  for (; parts < 8; parts++) {
    while (codeAt(text, p) === 32) p++;
    if (codeAt(text, p) !== 91) break;
    const bracketed = codeAt(text, p + 8) === 91 && text.startsWith('client ', p + 1), close = text.indexOf(']', bracketed ? text.indexOf(']', p) + 1 : p); // `[client [2001:db8::9]:51122]`
    if (close < 0 || close > p + 120) break;
    readPart(draft, text.slice(p + 1, close), codeAt(text, p + 1) === 91);
    p = close + 1;
  }
  if (parts === 0) return false;
  const whole = text.slice(p).trim().replace(SOURCE_FILE, ''), cause = codeAt(whole, 0) === 40 || codeAt(whole, 0) === 91 ? CAUSE.exec(whole) : null, said = cause === null ? whole : whole.slice(cause[0].length);
  draft.put('error.message', whole);
  const client = cause?.[1] ?? cause?.[2];
  if (client !== undefined) readPart(draft, client, false);
  const code = /^(AH\d{5}):/.exec(said)?.[1];
  draft.put('event.code', code);
  const referrer = said.lastIndexOf(', referer: ');
  if (referrer >= 0) draft.put('http.request.referrer', said.slice(referrer + 11));
  readModsecurity(draft, referrer < 0 ? said : said.slice(0, referrer));
  const file = FILE.exec((referrer < 0 ? said : said.slice(0, referrer)).slice(0, 1200));
  draft.put('file.path', file?.slice(1).find((path) => path !== undefined));
  const invalid = seek(said.slice(0, 4000), 'nvalid URI ', /nvalid URI (?:path \(([^\n]{1,2000})\)$|in request ([A-Z]{3,20} [^\n]{1,2000}))/);
  if (invalid?.[1] !== undefined) putTarget(draft, invalid[1]); else if (invalid?.[2] !== undefined) putRequest(draft, invalid[2]);
  const backend = seek(said, 'attempt to connect to ', /attempt to connect to (?:\[?([0-9a-fA-F.:]{3,45}?)\]?|([\w.-]{1,253})):(\d{1,5}) /);
  if (backend !== null) { draft.put('destination.ip', backend[1]); draft.put('destination.domain', backend[2]); draft.put('destination.port', backend[3]); }
  putAccount(draft, 'user', /^(?:AH\d{5}: )?(?:\w{1,20} authenticate: )?user `?'?"?([^\s"']{1,256})['"]?:? (?:not found|auth(?:entication|orization) fail(?:ure|ed)|(?:realm|password) mismatch|in realm)/.exec(said.slice(0, 400))?.[1]?.replace(/:$/, ''));
  const asked = draft.has('user.name') ? /(?:auth(?:entication|orization) fail(?:ure|ed) for "|not found: |password mismatch: )(\/[^"\s,]{0,1000})/.exec(said.slice(0, 1200))?.[1] : undefined;
  if (asked !== undefined) putTarget(draft, asked);
  if (draft.has('rule.id')) draft.act('web_attack_detected', said.includes('ModSecurity: Access denied') ? 'failure' : undefined);
  else if (said.endsWith(' -- resuming normal operations')) draft.act('service_started');
  else if (said.includes('caught SIG') && /^(?:AH\d{5}: )?caught SIG(?:TERM|WINCH), shutting down/.test(said)) draft.act('service_stopped');
  else if (said.includes('client denied by server configuration: ') || said.startsWith('AH01631: ')) draft.act('web_error', 'failure'); // who asked is known and may not
  else if (/^AH0049[34]: SIG(?:USR1|HUP) received/.test(said)) draft.act('config_changed');
  else if (client === undefined && !draft.has('source.ip') && QUIET.test(draft.getText('log.level') ?? '')) return true; // of the server itself, and nothing wrong
  else draft.act(draft.has('user.name') && /not found|authentication fail|mismatch/i.test(said.slice(0, 600)) ? 'login_failed' : 'web_error');
  return true;
}

/** The path is the last of a sentence, or stands in quotes, or before what is wrong with it: it may have blanks. */
const FILE = /(?:File does not exist: |denied by server configuration: |forbidden by Options directive: |unable to stat: |permissions deny server access: )(\/[^\n]{0,1023}|[A-Za-z]:[^\n]{0,1021})$|script '([^'\n]{1,1024})'|Cannot serve directory ([^\n]{1,1024}?): No matching |stderr from (\/[^\n]{1,1024}?): |exec of '([^'\n]{1,1024})' failed/;
const QUIET = /^(?:notice|info|debug|trace\d)$/;

/** `(13)Permission denied: [client 192.0.2.1:5000] AH00035: ...`: the system's own error, and who asked behind it. */
const CAUSE = /^(?:\(\d{1,5}\)[^:[]{1,120}: (?:\[((?:client|remote) [^\]]{1,60})\] )?|\[((?:client|remote) [^\]]{1,60})\] )/;
/** `mod_authz_core.c(817): `, which debugging puts before all that. */
const SOURCE_FILE = /^[\w.-]{1,60}\.[ch]\(\d{1,6}\): /;

function readPart(draft: Draft, part: string, doubled: boolean): void {
  if (doubled) return;
  if (part.startsWith('client ') || part.startsWith('remote ')) {
    const end = part.slice(7), colon = end.lastIndexOf(':'), ported = draft.has('process.pid') && colon > 0 && isPort(end.slice(colon + 1)) && isIp(end.slice(0, colon)); // 2.4, which says the process, always says the port, behind an IPv6 address too
    const { host, port } = ported ? { host: end.slice(0, colon), port: end.slice(colon + 1) } : splitEndpoint(end);
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

const APACHE_START = /^\[(?:\d{4}-\d\d-\d\d[T ][\d:.+Z-]{8,24}\] \[(?:[a-z_0-9]{1,20}:)?[a-z]{1,7}\d?\]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} |[a-z_0-9]{0,20}:[a-z]{1,7}\d?\] \[|(?:emerg|alert|crit|error|warn|notice|info|debug)\] \[client )/;
export const apacheError: Format = { name: 'apache.error', holds: ['^['], detect: ({ head }) => APACHE_START.test(head), read: readApacheError };
