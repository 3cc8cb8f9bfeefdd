// Applications that log in the usual layouts of Log4j, Logback, JBoss, Spring Boot, NLog, log4net, Serilog and Python: a time, a level, a logger and a
// thread in whatever order, then the text. Keycloak's events, Guacamole's logins and sentences about who logged in are read further.
//   2026-02-17 13:40:03,123 INFO  [org.x.Y] (thread) text          2026-02-17 13:40:03,123 [thread] INFO  org.x.Y - text
//   2026-02-17T13:40:03.123+07:00  INFO 991 --- [app] [thread] o.x.Y : text          [2026-02-17T13:40:03,123][INFO ][o.x.Y] [node1] text
// https://logging.apache.org/log4j/2.x/manual/pattern-layout.html https://docs.spring.io/spring-boot/reference/features/logging.html
import { isUpper, readIso, spaces, type Stamp } from '../message/time.js';
import { codeAt } from '../text.js';
import { flatten, type Value } from '../event.js';
import { ecsName, putAs } from './common-names.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readJson } from './json-text.js';
import { readLogged } from './keycloak.js';
import { lookup } from './lookup.js';
import { readLogin, tellsOfLogin } from './login-words.js';
import { readSentence } from './sentences.js';
import { isIp, splitEndpoint } from './net.js';
import { putError } from './stack-trace.js';
import { putGuacamole } from './web/tomcat.js';
import { readZimbra } from './zimbra.js';

const WORD = '(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|SEVERE|CRITICAL)', LEVEL = String.raw`\[?${WORD} {0,5}\]?`, NAME = String.raw`[\w.$-]{2,200}`, NAMES = String.raw`[\w$-]{1,100}(?:\.[\w$-]{1,100}){1,12}`, SAID = String.raw`\s{0,60}(?:-|:) `;
// What stands behind the time. Each is asked by the first characters there, the commonest first.
/** The level, `[logger] (thread)` or what else behind it. */
const JBOSS = new RegExp(String.raw`^\s+${LEVEL}\s+(?:\[([^\]]{1,200})\])?\s*(?:\(([^)]{1,200})\))?\s*`);
/** Spring Boot: the process, three dashes, the application and the thread, the logger before a colon. */
const SPRING = new RegExp(String.raw`^\s+${WORD}\s+(\d{1,10}) --- (?:\[[^\]]{0,100}\] ){0,2}\[ {0,100}([^\]]{1,100})\] (?:\[[^\]]{0,80}\] )?([\w.$[\]/-]{2,200})\s{0,60}: `);
/** The level, the thread, the logger: `%d %-5p [%t] %c - %m`; the level, the logger, the thread: `%d %p %c (%t) %m`. */
const LEVEL_THREAD = new RegExp(String.raw`^\s+${LEVEL}\s+\[([^\]]{1,200})\]\s+(${NAMES})(?::\d{1,6})?${SAID}`), LOGGER_THREAD = new RegExp(String.raw`^\s+${LEVEL}\s+(${NAMES}) \(([^)]{1,200})\) `);
/** Logback's appender for syslog: the thread, the logger, the text; the header has the time and the level. */
const LOGBACK = /^\[([^\]]{1,100})\] ((?:[a-z]\w{0,60}\.){1,12}[A-Z][\w$]{0,80}) /;
/** Level and a bare logger: `%d %-5p %c{1}:%L - %m`. */
const LOGGED = new RegExp(String.raw`^\s+${LEVEL}\s+(${NAME})(?::\d{1,6})?${SAID}`);
/** The thread before the level, the logger behind it, then a dash or a colon. */
const THREADED = new RegExp(String.raw`^\s+\[([^\]]{1,200})\]\s+${LEVEL}\s+\[?(${NAME})\]?(?::\d{1,6})?(?: \[[^\]]{0,100}\])?${SAID}`);
/** Jenkins: the thread's number, the level, the class and its method: `[id=45]\tWARNING\th.s.X#method: text`. */
const JENKINS = /^ ?\[id=(\d{1,10})\]\s{1,4}(FINEST|FINER|FINE|CONFIG|INFO|WARNING|SEVERE)\s{1,4}([\w.$]{1,200})#[\w$<>]{1,100}: /;
/** Liferay: thread and class in brackets with nothing between. */
const CLASSED = new RegExp(String.raw`^\s+${LEVEL}\s+\[([^\]]{1,200})\]\[(${NAME}):\d{1,6}\] `);
/** JBoss' and WildFly's console: no date, `13:40:03,123 INFO  [org.x.Y] (thread) text`. */
const CONSOLE = new RegExp(String.raw`^\d\d:\d\d:\d\d,\d{3} ${WORD} {1,2}\[([\w.$-]{2,200})\] \(([^)]{1,200})\) `);
/** Artemis' audit: `time [AUDIT](thread) AMQ601716: text`; a thread's name may hold parentheses. */
const AUDITED = /^ \[AUDIT\]\((.{1,200}?)\) (?=AMQ\d{6}: )/;
/** ActiveMQ: the text between, then logger and thread. */
const SPREAD = new RegExp(String.raw`^ \| ${WORD} {0,5} \| `), SPREAD_END = / \| ([\w.$-]{2,200}) \| ([^|\n]{1,200})(?:\n|$)/;
/** Everything in brackets, nothing between: `[time][LEVEL ][logger ] [node] text`. */
const BRACKETED = new RegExp(String.raw`^ ?\[${WORD} {0,5}\] ?\[ {0,40}(${NAME}) {0,60}\] ?(?:\[([^\]]{0,200})\] ?)?`);
/** Gunicorn: the process, the level: `[time +0700] [12] [INFO] text`. */
const GUNICORN = new RegExp(String.raw`^ \[(\d{1,10})\] \[${WORD}\] `);
/** Laravel and others with Monolog: `[time] production.ERROR: text {context} [extra]`. */
const MONOLOG = /^ ([\w-]{1,60})\.(DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): /;
/** Django's: the level, the time, the module, the process and the thread. */
const DJANGO = /^ ([\w.]{1,100}) (\d{1,10}) \d{1,20} /;
/** JBoss' and Keycloak's mapped context, where it is switched on: `{kc.realmName=so, kc.ipAddress=203.0.113.9}`. */
const MAPPED = /^ \{[^{}]{0,900}\}(?= )/;
/** Serilog's three letters. */
const SERILOG = /^ \[(VRB|DBG|INF|WRN|ERR|FTL)\] /;
/** NLog: `time|LEVEL|logger|text`; Python: `time - logger - LEVEL - text`. */
const PIPED = new RegExp(String.raw`^\|${WORD}\|(${NAME})\|`), DASHED = new RegExp(String.raw`^ - (${NAME}) - ${WORD} - `);
/** The level first, then the time. */
const LEVEL_FIRST = new RegExp(String.raw`^${WORD}\s+(?=\d{4}-\d\d-\d\d[T ])`), BEHIND = new RegExp(String.raw`^\s+\[([^\]]{1,200})\]\s+(${NAME})(?::\d{1,6})?${SAID}`);
/** A logger as Java names it, no thread. */
const DOTTED = /^[a-z]\w*(?:\.\w+)+$/;
const SHORT: Readonly<Record<string, string | undefined>> = { VRB: 'trace', DBG: 'debug', INF: 'info', WRN: 'warn', ERR: 'error', FTL: 'fatal' };

interface Layout { readonly stamp: Stamp | undefined; readonly end: number; readonly level?: string; readonly logger?: string; readonly thread?: string; readonly threadId?: string; readonly pid?: string }

function layoutOf(head: string): Layout | undefined {
  const shown = codeAt(head, 2) === 58 ? CONSOLE.exec(head) : null;
  if (shown !== null) return { stamp: undefined, end: shown[0].length, level: shown[1], logger: shown[2], thread: shown[3] };
  const first = isUpper(codeAt(head, 0)) ? LEVEL_FIRST.exec(head) : null, from = first?.[0].length ?? (codeAt(head, 0) === 91 ? 1 : 0), stamp = readIso(head, from);
  if (stamp === undefined || codeAt(head, from + 4) !== 45) return undefined;
  const context = codeAt(head, stamp.end + 1) === 123 ? MAPPED.exec(head.slice(stamp.end, stamp.end + 1_000))?.[0].length ?? 0 : 0;
  const close = codeAt(head, stamp.end) === 93 ? stamp.end + 1 : stamp.end + context, rest = head.slice(close), next = codeAt(rest, spaces(rest, 0));
  const layout = (found: RegExpExecArray | null, of: (cells: RegExpExecArray) => Omit<Layout, 'end' | 'stamp'>): Layout | undefined => (found === null ? undefined : { stamp, end: close + found[0].length, ...of(found) });
  if (first !== null) return layout(BEHIND.exec(rest), ([, thread, logger]) => ({ level: first[1], thread, logger })) ?? layout(DJANGO.exec(rest), ([, logger, pid]) => ({ level: first[1], logger, pid })) ?? { stamp, end: close, level: first[1] };
  if (from === 1 && next >= 65) { const monolog = layout(MONOLOG.exec(rest), ([, logger, level]) => ({ logger, level })); if (monolog !== undefined) return monolog; }
  if (codeAt(rest, 0) === 124) return layout(PIPED.exec(rest), ([, level, logger]) => ({ level, logger }));
  if (next === 124) { const spread = SPREAD_END.exec(rest); return layout(SPREAD.exec(rest), ([, level]) => ({ level, logger: spread?.[1], thread: spread?.[2]?.trim() })); }
  if (next === 45) return layout(DASHED.exec(rest), ([, logger, level]) => ({ level, logger }));
  if (next === 91) {
    const audited = layout(AUDITED.exec(rest), ([, thread]) => ({ thread, logger: 'AUDIT' }));
    if (audited !== undefined) return audited;
    const jenkins = layout(JENKINS.exec(rest), ([, threadId, level, logger]) => ({ threadId, level, logger }));
    if (jenkins !== undefined) return jenkins;
    return layout(GUNICORN.exec(rest), ([, pid, level]) => ({ pid, level })) ?? layout(THREADED.exec(rest), ([, thread, level, logger]) => ({ thread, level, logger })) ?? layout(BRACKETED.exec(rest), ([, level, logger]) => ({ level, logger }))
      ?? layout(SERILOG.exec(rest), ([, level = '']) => ({ level: SHORT[level] })) ?? layout(JBOSS.exec(rest), ([, level, logger, thread]) => ({ level, logger, thread }));
  }
  const jboss = JBOSS.exec(rest);
  if (jboss === null) return undefined;
  if (jboss[2] !== undefined) return (jboss[3] === undefined && !DOTTED.test(jboss[2]) ? layout(LEVEL_THREAD.exec(rest) ?? CLASSED.exec(rest), ([, level, thread, logger]) => ({ level, thread, logger })) : undefined) ?? layout(jboss, ([, level, logger, thread]) => ({ level, logger, thread }));
  return layout(rest.includes(' --- ') ? SPRING.exec(rest) : null, ([, level, pid, thread, logger]) => ({ level, pid, thread, logger })) ?? layout(LOGGED.exec(rest), ([, level, logger]) => ({ level, logger })) ?? layout(LOGGER_THREAD.exec(rest), ([, level, logger, thread]) => ({ level, logger, thread })) ?? layout(jboss, ([, level, logger, thread]) => ({ level, logger, thread }));
}

function readApplication(draft: Draft): boolean {
  const logback = LOGBACK.exec(draft.head), found = logback === null ? layoutOf(draft.head) : { stamp: undefined, end: logback[0].length, thread: logback[1], logger: logback[2] } satisfies Layout;
  if (found === undefined) return false;
  const { stamp, level, logger, thread, threadId, pid, end } = found;
  draft.timeFrom(stamp);
  draft.put('log.level', level?.toLowerCase());
  draft.put('log.logger', logger);
  draft.put('process.thread.name', thread);
  draft.put('process.thread.id', threadId === undefined ? undefined : Number(threadId));
  draft.put('process.pid', pid);
  const said = draft.text.slice(end).trimStart();
  if (said.startsWith('[') && readZimbra(draft, said)) { draft.put('process.thread.name', logger); return true; }
  if (said.startsWith('Principal = ')) putAuthorizer(draft, said);
  else if (said.startsWith('AMQ')) putArtemis(draft, said);
  else if (end > 0 && MONOLOG_LINE.test(draft.head)) putContext(draft, said);
  else if (!readLogged(draft, logger ?? '', said) && tellsOfLogin(said) && !putGuacamole(draft, said)) readLogin(draft, said);
  putError(draft, said);
  return true;
}

/** Kafka's authorizer: `Principal = User:an is Denied Operation = Write from host = 203.0.113.9 on resource = Topic:... (kafka.authorizer.logger)`. */
function putAuthorizer(draft: Draft, said: string): void {
  const found = /^Principal = \w{1,40}:([^\n]{1,250}?) is (Allowed|Denied) [Oo]peration = (\w{1,40}) from host = ([\da-fA-F:.]{3,45}) on resource = (\S{1,500})/.exec(said);
  if (found === null) return;
  draft.put('user.name', found[1]); draft.put('kafka.operation', found[3]); draft.put('source.ip', found[4]); draft.put('kafka.resource', found[5]);
  draft.put('log.logger', /\(([\w.]{1,100})\)\s*$/.exec(said.slice(-200))?.[1]);
  if (found[2] === 'Denied') draft.act('access_denied'); else draft.put('event.outcome', 'success');
}

/** Artemis: `AMQ601716: User an(amq)@203.0.113.9:41598 failed authentication on connection 22b3d44c, reason: AMQ229031: Unable to validate user from 203.0.113.9:41598. Username: an; ...`. */
function putArtemis(draft: Draft, said: string): void {
  const first = said.slice(0, 1_000), who = /\buser (?!unknown@|anonymous@)([^\s@()]{1,128})(?:\([^)]{0,300}\))?@/i.exec(first)?.[1] ?? /\. Username: (?!null;)([^;]{1,128});/.exec(first)?.[1], from = splitEndpoint(/(?:@|user from )(\S{3,60}?)[.,]? /.exec(first)?.[1] ?? '');
  draft.put('event.code', first.slice(0, first.indexOf(':')));
  draft.put('user.name', who);
  if (isIp(from.host)) { draft.put('source.ip', from.host); draft.put('source.port', from.port); }
  if (first.includes('failed authentication') || first.includes('Unable to validate user')) draft.act('login_failed');
  else if (first.includes('successfully authenticated')) draft.act('login', 'success');
  else if (first.includes(' does not have permission=')) draft.act('access_denied');
}

const MONOLOG_LINE = /^\[[^\]]{10,40}\] [\w-]{1,60}\.[A-Z]{4,9}: /;
/** Monolog's context behind the text, as JSON: kept under its own names, and what they usually mean. */
function putContext(draft: Draft, said: string): void {
  const at = said.slice(0, 4000).indexOf(' {"'), read = at < 0 ? undefined : readJson(said.slice(at + 1, at + 8000), false)?.value;
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) {
    const flat = flatten(read);
    for (const key of Object.keys(flat)) { const value = flat[key] as Value; draft.event[`monolog.context.${key}`] = value; const field = CONTEXT[key.toLowerCase()] ?? ecsName(key); if (field !== undefined) putAs(draft, field, value); }
  }
  readSentence(draft, at < 0 ? said : said.slice(0, at));
}
const CONTEXT = lookup({ userid: 'user.id', user_id: 'user.id', ip: 'source.ip', email: 'user.email' });

const LOOKS = new RegExp(String.raw`^(?:\d\d:\d\d:\d\d,\d{3} ${WORD} |\[[^\]]{1,100}\] (?:[a-z]\w{0,60}\.){1,12}[A-Z]|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|${WORD}\s+\d{4}-\d\d-\d\d[T ])`);

export const application: Format = { name: 'application.log', holds: ['^[', '^00:00:00,000 ', '^0000-00-00', ' 0000-00-00', '\t0000-00-00'], detect: ({ head }) => LOOKS.test(head), read: readApplication };
