// What the logging libraries of applications write beside a message, in JSON or in an envelope: logger, thread, level, and the error that was
// thrown. Each names them in its own way:
//   Serilog    {"Timestamp":"...","Level":"Error","MessageTemplate":"...","Exception":"...","Properties":{"SourceContext":"..."}}, compact: @t @l @m @mt @x
//   .NET       {"Timestamp":"...","LogLevel":"Error","Category":"...","Message":"...","Exception":"..."}; NLog {"time","level","logger","exception"}
//   Java       Logback {"@timestamp","logger_name","thread_name","level","stack_trace"}, Log4j {"instant":{},"loggerName","thread","thrown":{"name","extendedStackTrace"}}
//              JBoss, Quarkus {"timestamp","loggerName","threadName","exception":{"exceptionType","message"}}
//   Python     {"asctime","levelname","name","exc_info"}, structlog {"event","level","logger","exception"}; Go zap {"ts","caller","stacktrace"}
//   PHP        Monolog {"datetime","channel","level_name","context":{"exception":{"class","message"}}}
// https://github.com/serilog/serilog-formatting-compact https://learn.microsoft.com/dotnet/core/extensions/console-log-formatter
// https://github.com/logfellow/logstash-logback-encoder https://logging.apache.org/log4j/2.x/manual/json-layout.html https://seldaek.github.io/monolog/
import type { Value } from '../event.js';
import type { Draft } from './draft.js';
import { MANY_KEYS, remembered } from './keys.js';
import { putError } from './stack-trace.js';

/** What a member, in small letters, means; `exception.class` also where it stands below another one. */
const MEANS = new Map(Object.entries({
  logger: 'log.logger', logger_name: 'log.logger', loggername: 'log.logger', sourcecontext: 'log.logger',
  thread: 'process.thread.name', thread_name: 'process.thread.name', threadname: 'process.thread.name',
  error_type: 'error.type', errortype: 'error.type', exception_type: 'error.type', exceptiontype: 'error.type', exception_class: 'error.type', 'exception.class': 'error.type', 'exception.type': 'error.type', 'exception.exceptiontype': 'error.type', 'thrown.name': 'error.type',
  error_message: 'error.message', exception_message: 'error.message', exceptionmessage: 'error.message', 'exception.message': 'error.message', 'exception.error.message': 'error.message', 'thrown.message': 'error.message', 'err.message': 'error.message',
}).map(([key, field]): [string, Logged] => [key, { kind: 'field', field }]));
/** Members that hold an error with its stack, as text. */
const THROWN = new Set(['stack_trace', 'stacktrace', 'stack', 'exc_info', 'exc_text', 'exception', 'traceback', '@x', 'error.stack', 'err.stack', 'thrown.extendedstacktrace', 'exception.stacktrace', 'exception.trace', 'full_message']), TELLS = /\n|Exception|Error|Traceback/;
/** .NET's category is a logger's name; other products have categories of their own. */
const CATEGORY = /^[A-Za-z_]\w*(?:\.\w+)+$/;

const LEVEL_NAMES = new Set(['level', '@l', 'loglevel', 'log_level', 'level_name', 'levelname', 'severity', 'severitytext', 'severity_text', 'lvl', 'record.level.name']), LEVEL = /^(?:trace|verbose|debug|info|information|notice|warn|warning|error|severe|fatal|critical|alert|emergency|panic)$/i;
/** The members whose text is the message. */
const SAID = new Set(['message', 'msg', '@m', 'renderedmessage', 'rendered_message', 'event', 'text', 'message.msg', 'message.message']);

export type Logged = { readonly kind: 'field'; readonly field: string } | { readonly kind: 'level' | 'thrown' | 'said' | 'category' };
const KINDS = { level: { kind: 'level' }, thrown: { kind: 'thrown' }, said: { kind: 'said' }, category: { kind: 'category' } } as const;

/** What a library means by a member; undefined where it is none of theirs. */
export const loggedAs = (key: string): Logged | undefined => known(key) ?? undefined;
const known = remembered((key): Logged | null => {
  const small = key.toLowerCase(), whole = LEVEL_NAMES.has(small) ? KINDS.level : SAID.has(small) ? KINDS.said : small === 'category' ? KINDS.category : undefined;
  if (whole !== undefined) return whole;
  for (let from = 0; ; from = small.indexOf('.', from) + 1) { // the whole name, then what stands behind each dot
    const name = small.slice(from), found = MEANS.get(name) ?? (THROWN.has(name) ? KINDS.thrown : undefined);
    if (found !== undefined || !small.includes('.', from)) return found ?? null;
  }
}, MANY_KEYS);

/** A level by its word, in small letters. */
export const levelOf = (value: Value): string | undefined => (typeof value === 'string' && LEVEL.test(value) ? value.toLowerCase() : undefined);

/** Puts what a member says that `loggedAs` knows, where it is still free. */
export function putLogged(draft: Draft, logged: Logged, value: Value): void {
  if (typeof value !== 'string' || value === '') return;
  switch (logged.kind) {
    case 'field': if (value.length <= FIELD_MAX) draft.fill(logged.field, value); return;
    case 'category': if (CATEGORY.test(value)) draft.fill('log.logger', value); return;
    case 'level': draft.fill('log.level', levelOf(value)); return;
    case 'thrown':
      if (draft.has('error.stack_trace') || !TELLS.test(value)) return;
      putError(draft, value);
      if (value.includes('\n')) draft.fill('error.stack_trace', value.trimEnd());
      return;
    case 'said': return;
    default: logged satisfies never;
  }
}
const FIELD_MAX = 4_000;
