// Which application wrote a line: rules for Django, Spring or Node search their errors for words that mean nothing elsewhere. Told from
// the program that wrote it and from the names that only its framework has; several may be right (a Spring program runs on a JVM).
import type { Event } from '../event.js';
import type { LogSource } from './rule.js';

const PROGRAMS: readonly (readonly [program: RegExp, product: string])[] = [
  [/^(?:python[\d.]*|gunicorn|uwsgi|celery|uvicorn|daphne)$/, 'python'], [/^django/, 'django'], [/^(?:java|tomcat[\d.]*|catalina|jetty|wildfly|jboss(?:-eap)?|jvm|spring(?:-boot)?|jsvc)$/, 'jvm'], [/^spring/, 'spring'],
  [/^velocity$/, 'velocity'], [/^(?:node(?:js)?|pm2|npm)$/, 'nodejs'], [/^(?:rails|puma|unicorn|passenger|ruby(?:_on_rails)?|sidekiq)$/, 'ruby_on_rails'], [/^(?:sql|oracle|tnslsnr|mysqld|mariadbd|postgres|sqlservr)$/, 'sql'],
];

/** Names that stand in the messages of one framework only. A line's end that a receiver wrote as `#012` may stand before them. */
const MARKS: readonly (readonly [product: string, mark: RegExp])[] = [
  ['django', /(?<![a-z])django\b|(?<![a-z])(?:Suspicious(?:Operation|MultipartForm|FileOperation|Session)|Disallowed(?:Host|ModelAdminLookup|ModelAdminToField|Redirect)|RequestDataTooBig|TooManyFieldsSent|InvalidSessionKey)\b/i], ['python', /\bTraceback \(most recent call last\)|\bFile "[^"]{1,300}\.py", line \d|(?<![a-z])(?:sqlite3|psycopg2?|MySQLdb|pymysql|sqlalchemy|django)\.[\w.]*(?:Error|Exception)\b/],
  ['spring', /(?<![a-z])org\.springframework\b|\bo\.s\.\w/], ['velocity', /(?<![a-z])org\.apache\.velocity\b/],
  ['jvm', /(?<![a-z])(?:java|javax|jakarta|sun|com\.sun|org\.(?:apache|springframework|xml|hibernate))\.[\w.]*\w|\bat [\w.$]{3,200}\((?:[\w$]{1,100}\.java:\d+|Native Method|Unknown Source)\)/],
  ['nodejs', /\bnode:(?:internal|child_process|events|fs|net)\b|\bat [^\n(]{0,200}\([^\n()]{1,300}\.[cm]?js:\d+:\d+\)/],
  ['ruby_on_rails', /\bAction(?:Controller|View|Dispatch|Mailer)::|\bActive(?:Record|Support|Model)::/],
  ['sql', /\bORA-\d{5}\b|\bSQLSTATE\b|\bYou have an error in your SQL syntax\b|\bUnclosed quotation mark\b/],
];
const ANY = new RegExp(MARKS.map(([, mark]) => mark.source).join('|'), 'i');
/** An error's first lines name it. */
const READ_CHARS_MAX = 4_000;
const ERROR = 3;
/** What a service wrote to its output comes with no level of its own: it is read where it names an error. */
const NAMED = /Exception|Error|Traceback/, MILD = /^(?:trace|debug|verbose|info|information|informational|notice)$/;
/** Where libraries that log JSON keep the message; an object that has none of these is read as it came. */
const MESSAGES = ['json.message', 'msg', 'Message', 'RenderedMessage', '@m', '@mt'];
/** Where they keep what stands beside it. */
const BESIDE = ['log.logger', 'logger_name', 'logger', 'name', 'error.type', 'error.stack_trace', 'stack_trace', 'exc_info', 'exception', 'err.stack', 'stack'];

/** Their products, joined by `+`; empty for most lines. A program that is no application is only read where it tells of an error. */
export function applicationsOf(event: Event, program: string): string {
  const products = program === '' ? [] : PROGRAMS.filter(([name]) => name.test(program)).map(([, product]) => product);
  const severity = event['log.syslog.severity.code'], message = event['message'];
  return typeof message === 'string' ? marked(products, message, typeof severity === 'number' && severity > ERROR) : products.join('+');
}

/** The same of an application's own JSON. */
export function applicationsOfObject(event: Event): string {
  const level = event['log.level'], own = MESSAGES.find((field) => Object.hasOwn(event, field)) ?? 'message';
  const said = [own, ...BESIDE].map((field) => (Object.hasOwn(event, field) ? event[field] : undefined)).filter((one) => typeof one === 'string');
  return marked([], said.map((one) => one.slice(0, READ_CHARS_MAX)).join('\n'), typeof level === 'string' && MILD.test(level));
}

function marked(products: readonly string[], message: string, isMild: boolean): string {
  const read = message.length > READ_CHARS_MAX ? message.slice(0, READ_CHARS_MAX) : message;
  if (products.length === 0 && isMild && !NAMED.test(read) || !ANY.test(read)) return products.join('+');
  return [...new Set([...products, ...MARKS.filter(([, mark]) => mark.test(read)).map(([product]) => product)])].join('+');
}

/** Of what `applicationsOf` said, after its `app:`. */
export function applicationSources(detail: string): LogSource[] {
  return detail.slice('app:'.length).split('+').filter((product) => product !== '').flatMap((product) => [{ product }, { category: 'application', product }]);
}
