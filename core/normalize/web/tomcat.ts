// Tomcat and other Java servers on java.util.logging: one line (`17-Feb-2026 13:40:03.123 INFO [main] org.apache.catalina.startup.HostConfig.deploy
// text`) and the older two (`Feb 17, 2026 1:40:03 PM org.apache.catalina.X method` / `INFO: text`); and logback's form without a date, which
// Guacamole's web application writes (`13:40:03.123 [http-nio-1] WARN  o.a.g.r.auth.AuthenticationService - text`).
// https://tomcat.apache.org/tomcat-10.1-doc/logging.html
import { readDayMonth, readMonthDay } from '../../message/time.js';
import { putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putError } from '../stack-trace.js';

const ONE = /^(\d{1,2}-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d{1,9})?) (SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST) \[([^\]]{0,200})\] ([\w.$<>-]{3,300})(?: |$)/;
const TWO = /^([A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M) ([\w.$]{3,300})(?: ([\w$<>]{1,100}))?(?:\r?\n|#012|$)(?:(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): )?/;
const LEVEL_LINE = /^(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): (?=\S)/;
const LOGBACK = /^\d\d:\d\d:\d\d\.\d{3} \[([^\]]{1,200})\] (TRACE|DEBUG|INFO|WARN|ERROR) {1,2}([\w.$]{3,200}) - /;

const LEVELS: Readonly<Record<string, string | undefined>> = { SEVERE: 'error', WARNING: 'warning', INFO: 'info', CONFIG: 'debug', FINE: 'debug', FINER: 'debug', FINEST: 'debug' };
const SAID = messageRules([
  ['An attempt was made to authenticate the locked user [{user.name~}]{*}', 'login_failed'],
  ['An attempt was made to authenticate the locked user "{user.name~}"{*}', 'login_failed'],
  ['{} Authenticate of user [{user.name~}] failed{*}', 'login_failed'],
  ['Deploying web application archive [{file.path~}]', 'config_changed'],
  ['Deploying web application directory [{file.path~}]', 'config_changed'],
  ['Deploying configuration descriptor [{file.path~}]', 'config_changed'],
  ['Deploying web application archive {file.path~}', 'config_changed'],
  ['Deploying web application directory {file.path~}', 'config_changed'],
  ['Deployment of web application {} [{file.path~}] has finished in {*}', 'config_changed'],
  ['Deploying web application {event.reason~}', 'config_changed'],
  ['HTMLManager: install: Installing {~} from [{file.path~}]', 'config_changed'],
  ['HTMLManager: undeploy: Undeploying web application at [{url.path~}]{*}', 'config_changed'],
  ['Undeploying context [{url.path~}]', 'config_changed'],
  ['Undeploying context {event.reason~}', 'config_changed'],
  ['Starting service {*}', 'service_started'],
  ['Stopping service {*}', 'service_stopped'],
]);

function putSaid(draft: Draft, said: string): void {
  const [first = ''] = said.slice(0, 2000).split(/\r?\n|#012/, 1);
  if (!applyRules(SAID, first, draft)) readSentence(draft, first);
  putError(draft, said);
}

function readTomcat(draft: Draft): boolean {
  const { head, text } = draft, one = ONE.exec(head), two = one === null ? TWO.exec(head) : null, level = one ?? two ?? LEVEL_LINE.exec(head);
  if (level === null && /^tomcat\d{0,2}$/.test(draft.program)) { putSaid(draft, text); draft.put('service.name', 'tomcat'); return true; }
  if (level === null) return false;
  const stamp = one !== null ? readDayMonth(one[1] as string, 0) : two !== null ? readMonthDay(two[1] as string, 0) : undefined;
  draft.timeFrom(stamp);
  const severity = one?.[2] ?? two?.[4] ?? (two === null ? level[1] : undefined);
  draft.put('log.level', severity === undefined ? undefined : LEVELS[severity]);
  if (one !== null) {
    const source = one[4] as string, dot = source.lastIndexOf('.');
    draft.put('process.thread.name', one[3]);
    draft.put('log.logger', dot > 0 ? source.slice(0, dot) : source);
    draft.put('log.origin.function', dot > 0 ? source.slice(dot + 1) : undefined);
  } else if (two !== null) { draft.put('log.logger', two[2]); draft.put('log.origin.function', two[3]); }
  putSaid(draft, text.slice(level[0].length));
  if (one !== null || two !== null || draft.program.startsWith('tomcat')) draft.put('service.name', 'tomcat'); // a level and a colon begin what many others write
  return true;
}

const GUACAMOLE = messageRules([
  ['User "{user.name~}" successfully authenticated from {guacamole.addresses>}.', 'login'],
  ['Authentication attempt from {guacamole.addresses~} for user "{user.name>}" failed.', 'login_failed'],
  ['Authentication attempt from {guacamole.addresses~} for user "{user.name~}" {*}', 'login_failed'],
  ['Authentication attempt ignored because the relevant authentication provider could not be loaded{*}', 'login_failed'],
  ['User "{user.name~}" connected to connection "{guacamole.connection~}".', 'session_opened'],
  ['User "{user.name~}" disconnected from connection "{guacamole.connection~}". {*}', 'session_closed'],
  ['User "{user.name~}" has logged out.', 'logout'],
  ['User "{user.name~}" (via "{~}") connected to connection "{guacamole.connection~}".', 'session_opened'],
]);
/** True when the text is one of Guacamole's web application. */
export function putGuacamole(draft: Draft, said: string): boolean {
  if (!applyRules(GUACAMOLE, said.trimEnd(), draft)) return false;
  const from = draft.getText('guacamole.addresses')?.replace(/^\[|\]$/g, '').split(',', 1)[0]?.trim() ?? '';
  if (isIp(from)) draft.put('source.ip', from);
  putAccount(draft, 'user', draft.getText('user.name'));
  draft.put('event.dataset', 'linux.guacamole');
  draft.put('service.name', 'guacamole');
  return true;
}

export function readLogback(draft: Draft): boolean {
  const found = LOGBACK.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length);
  draft.put('process.thread.name', found[1]);
  draft.put('log.level', found[2]?.toLowerCase());
  draft.put('log.logger', found[3]);
  if (!putGuacamole(draft, said)) { readSentence(draft, said); draft.put('event.dataset', 'application.log'); }
  return true;
}

export const tomcat: Format = { name: 'tomcat.log', programs: ['tomcat', 'tomcat8', 'tomcat9', 'tomcat10', 'tomcat11'], lastResort: true, holds: ['-0000 00:00:00', ', 0000 0', '^SEVERE: ', '^WARNING: ', '^INFO: ', '^CONFIG: ', '^FINE: ', '^FINER: ', '^FINEST: '], detect: ({ head }) => ONE.test(head) || TWO.test(head) || LEVEL_LINE.test(head), read: readTomcat };
export const logback: Format = { name: 'application.logback', holds: ['^00:00:00.000 ['], detect: ({ head }) => LOGBACK.test(head), read: readLogback };
