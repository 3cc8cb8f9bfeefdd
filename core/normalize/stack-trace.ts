// What a program says of an error it did not expect: its type, what it said, and the lines of the stack, as Java, .NET, Python and Node write them
// behind a message (https://www.elastic.co/guide/en/ecs/current/ecs-error.html). A relay may have written the ends of lines as #012,
// a sender as \n.
//   java.lang.IllegalStateException: no session        Traceback (most recent call last):          TypeError: x is not a function
//       at vn.example.Portal.open(Portal.java:41)         File "/srv/app.py", line 7, in open          at open (/srv/app.js:41:7)
//   Caused by: java.io.IOException: closed             ValueError: no session
import type { Draft } from './draft.js';
import type { Format } from './format.js';

/** Looked at; a stack is kept up to here. */
const STACK_MAX = 16_384, BEGIN_MAX = 4_000;
const BREAK = String.raw`(?:\n|#012|\\n)`, END = String.raw`(?:\r?\n|#012|\\n|$)`, TO_END = String.raw`((?:(?!\r?\n|#012|\\n)[^])*)`;
/** At the beginning of a line, or behind `: `, ` - `, `[` and the like: a type with its packages, or a bare one whose stack follows. */
const STACKED = String.raw`[A-Z]\w{0,60}(?:Error|Exception)(?=:[^\n]{0,400}${END}\s{1,8}at )`;
const THROWN = new RegExp(String.raw`(?:^|${BREAK}(?:[\t ]|#011){0,4}|: |- |\[|Uncaught | (?=${STACKED}))(?:Caused by: )?((?:[A-Za-z_]\w{0,60}\.){1,12}[A-Z]\w{0,80}(?:Exception|Error|Throwable|Failure)\b|${STACKED})(?:: ${TO_END})?`);
const TRACEBACK = new RegExp(String.raw`(?:^|${BREAK}|: )Traceback \(most recent call last\):`), RAISED = new RegExp(String.raw`${BREAK}(\w[\w.]{1,200})(?:: ${TO_END})?\s*$`);
const AT = new RegExp(String.raw`${BREAK}(?:\s|#011){1,8}(?:at |\.\.\. \d{1,6} (?:more|common)|--- )|${BREAK}Caused by: `);

/** Puts `error.type`, `error.message` and `error.stack_trace`, where they are still free and the text tells an error. */
export function putError(draft: Draft, said: string): void {
  const text = said.slice(0, STACK_MAX), python = text.includes('Traceback (most') ? TRACEBACK.exec(text) : null;
  if (python !== null) {
    const stack = text.slice(text.indexOf('Traceback', python.index)), raised = RAISED.exec(stack);
    put(draft, raised?.[1], raised?.[2], stack);
  } else if (text.includes('Exception') || text.includes('Error') || text.includes('Throwable')) {
    const thrown = THROWN.exec(text.slice(0, BEGIN_MAX));
    if (thrown === null) return;
    const from = text.indexOf(thrown[1] as string, thrown.index), behind = text.slice(from);
    put(draft, thrown[1], thrown[2], AT.test(behind) ? behind : undefined);
  }
}

function put(draft: Draft, type: string | undefined, message: string | undefined, stack: string | undefined): void {
  draft.fill('error.type', type);
  draft.fill('error.message', message?.trim() === '' ? undefined : message?.trim());
  draft.fill('error.stack_trace', stack?.trimEnd());
}

/** Whether a text goes on behind the end of a line. */
export const hasLines = (text: string): boolean => text.includes('\n') || text.includes('#012') || text.includes('\\n');

/** One line of a stack, from what sends each line by itself. */
const ONE_LINE = new RegExp(String.raw`^(?:\t{0,4}| {0,16})(?:at (?:async )?[^\s(]{1,300}(?: \[as \w{1,80}\])? ?\([^)\n]{0,500}\)|at (?:async )?(?:file:|node:|/|[A-Z]:\\)[^\n()]{1,500}:\d{1,7}:\d{1,7}$|\.\.\. \d{1,6} (?:more|common frames omitted)|(?:Caused by|Suppressed): [\w.$]+|Traceback \(most recent call last\):|File "[^"\n]{1,500}", line \d{1,7}(?:, in |$)|(?:[a-z]\w{0,60}\.){1,12}[A-Z]\w{0,80}(?:Exception|Error)(?:: |$))`);
function readStackLine(draft: Draft): boolean {
  draft.put('log.level', 'error');
  putError(draft, draft.text);
  draft.put('error.stack_trace', draft.text);
  if (draft.program !== '') draft.put('service.name', draft.program);
  return true;
}

export const stackLine: Format = { name: 'application.stack_trace', holds: ['^at ', '\tat ', '  at ', '... 0', 'Caused by: ', 'Suppressed: ', 'Traceback (most', 'File "', 'Exception', 'Error'], detect: ({ head }) => ONE_LINE.test(head), read: readStackLine };
