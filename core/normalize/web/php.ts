// PHP as sites run it: php-fpm's own log and its slow log, PHP's error log, and uWSGI's line for each request.
//   [17-Feb-2026 13:40:03] WARNING: [pool www] child 4660 exited on signal 11 (SIGSEGV) after 12.3 seconds from start
//   [17-Feb-2026 13:40:03 Asia/Ho_Chi_Minh] PHP Fatal error:  Uncaught Error: x in /var/www/a.php on line 12
//   [pid: 991|app: 0|req: 12/34] 203.0.113.9 () {42 vars in 812 bytes} [Tue Feb 17 13:40:03 2026] POST /login/ => generated 12 bytes in 56 msecs (HTTP/1.1 302)
// https://www.php.net/manual/install.fpm.configuration.php https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html
import { readDayMonth, readTime } from '../../message/time.js';
import { knownZone } from '../../message/zone.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { readLogin, tellsOfLogin } from '../login-words.js';
import { isIp } from '../net.js';
import { readSentence } from '../sentences.js';
import { putTarget } from './request.js';

/** With a zone it is PHP's own, whatever stands behind it: a page writes there too (`error_log()`). */
const TIMED = /^\[(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d)(?:\.\d{1,6})?(?: ([A-Za-z_/+-]{2,40})\] |\] (?=(?:DEBUG|NOTICE|WARNING|ERROR|ALERT): | \[pool |PHP [A-Z]))/;
const MANAGER = /^(DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:pid \d{1,10}, [\w()]{1,80}, line \d{1,6}: )?(?:\[pool ([^\]]{1,100})\] )?/, SLOW = /^ ?\[pool ([^\]]{1,100})\] pid (\d{1,10})(?:\s|#012){1,4}script_filename = ([^\n#]{1,1000})/;
const ERROR = /^PHP (Fatal error|Parse error|Warning|Notice|Deprecated|Catchable fatal error|Recoverable fatal error|Core error|Compile error|User (?:Error|Warning|Notice))(?: {1,2}|: {1,2})/i;
const LEVELS = lookup({ notice: 'notice', deprecated: 'notice', 'user notice': 'notice', warning: 'warning', 'user warning': 'warning' });

function readPhp(draft: Draft): boolean {
  const timed = TIMED.exec(draft.head), said = draft.text.slice(timed?.[0].length ?? 0), head = said.slice(0, 2000), manager = MANAGER.exec(head), slow = manager === null ? SLOW.exec(head) : null, error = ERROR.exec(head);
  if (manager === null && slow === null && error === null && timed?.[2] === undefined) return false;
  const stamp = timed === null ? undefined : readDayMonth(timed[1] as string, 0);
  draft.timeFrom(stamp, knownZone(timed?.[2]) ?? draft.zone);
  if (manager !== null) { draft.put('log.level', (manager[1] as string).toLowerCase()); draft.put('php.pool', manager[2]); putManaged(draft, head.slice(manager[0].length)); }
  if (slow !== null) { draft.put('php.pool', slow[1]); draft.put('process.pid', slow[2]); draft.put('file.path', slow[3]?.trim()); }
  if (error !== null) {
    const place = / in (\/[^\n]{1,500}|[A-Z]:\\[^\n]{1,500})(?: on line |:)(\d{1,6})/.exec(head), kind = (error[1] as string).toLowerCase();
    draft.put('log.level', LEVELS[kind] ?? 'error');
    draft.put('error.type', error[1]);
    draft.put('error.message', head.slice(error[0].length).split(/\n|#012/, 1)[0]?.trim());
    if (place !== null) { draft.put('log.origin.file.name', place[1]); draft.put('log.origin.file.line', Number(place[2])); }
    if (!LEVELS[kind]) draft.act('web_error');
  }
  if (manager === null && slow === null && error === null) { if (tellsOfLogin(head)) readLogin(draft, head); else readSentence(draft, head); draft.put('service.name', 'php'); return true; }
  draft.put('service.name', error === null ? 'php-fpm' : 'php');
  return true;
}
function putManaged(draft: Draft, said: string): void {
  const child = /^child (\d{1,10})(?: exited (?:on signal \d{1,3} \((\w{1,20})\)|with code (\d{1,4})))?/.exec(said), script = /, script '([^']{1,500})' \(request: "([A-Z]{1,20}) ([^"]{0,1000})"\) (execut\w+ too slow|execution timed out) \((\d{1,6}\.\d{1,6}) sec\)/.exec(said);
  if (child !== null) { draft.put('process.pid', child[1]); if (child[2] !== undefined) { draft.put('event.reason', child[2]); draft.act(child[2] === 'SIGSEGV' || child[2] === 'SIGABRT' || child[2] === 'SIGBUS' ? 'process_crashed' : 'process_ended'); } else if (child[3] !== undefined) { draft.put('process.exit_code', child[3]); draft.act('process_ended'); } }
  if (script !== null) { draft.put('file.path', script[1]); draft.put('http.request.method', script[2]); putTarget(draft, script[3] as string); draft.put('event.reason', script[4]); draft.put('event.duration', Math.round(Number(script[5]) * 1e9)); }
  if (said.startsWith('fpm is running')) draft.act('service_started'); else if (said.startsWith('exiting, bye-bye')) draft.act('service_stopped');
}

const REQUEST = /^\[pid: (\d{1,10})\|app: (-?\d{1,6}|-)\|req: [\d/-]{1,40}\] (\S{1,60}) \(([^)]{0,128})\) \{\d{1,6} vars in \d{1,9} bytes\} \[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] ([A-Z]{1,20}) (\S{0,4000}) => generated (\d{1,15}) bytes in (\d{1,12}) (msecs|micros)(?: via [\w()]{1,40})? \(HTTP\/([\d.]{1,3}) (\d{3})\)/;
function readUwsgi(draft: Draft): boolean {
  const found = REQUEST.exec(draft.text.slice(0, 5000));
  if (found === null) return false;
  const [, pid, app, from = '', user, when = '', method, target = '', bytes, taken, unit, version, status] = found, stamp = readTime(when, 0);
  draft.timeFrom(stamp);
  draft.put('process.pid', pid); draft.put('uwsgi.app', app);
  if (isIp(from)) draft.put('source.ip', from);
  putAccount(draft, 'user', user);
  draft.put('http.request.method', method); putTarget(draft, target);
  draft.put('http.version', version); draft.put('http.response.status_code', status); draft.put('http.response.body.bytes', bytes);
  draft.put('event.duration', Number(taken) * (unit === 'msecs' ? 1e6 : 1e3));
  draft.put('service.name', 'uwsgi');
  draft.act('http_request', Number(status) >= 400 ? 'failure' : 'success');
  return true;
}

export const php: Format = { name: 'php.log', holds: ['^[00-', '^PHP '], detect: ({ head }) => TIMED.test(head) || ERROR.test(head), read: readPhp };
export const uwsgi: Format = { name: 'uwsgi.log', holds: ['^[pid: '], detect: ({ head }) => head.startsWith('[pid: '), read: readUwsgi };
