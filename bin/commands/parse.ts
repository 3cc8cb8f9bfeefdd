// `haidang parse [--input lines|json] [FILE]`: raw log lines in, one JSON object a line out, in input order, one for every input.
// It streams: memory does not grow with the input. The exit code is 0 whatever the lines hold; 1 when a description given with --format
// cannot be used or fails a test of its own (the lines are read all the same).
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { MessageCutter } from '../../collector/tail/line-cutter.js';
import type { Format } from '../../core/normalize/format.js';
import { compileRegex } from '../../core/predicate/regex.js';
import { TemplateMiner } from '../../core/normalize/templates.js';
import { readFormatFiles } from '../../core/process/format-files.js';
import { printProblem } from '../../core/problem.js';
import { createParseContext, parseLine, type LineInput, type ParsedLine } from '../../core/message/parse-line.js';

const FRAME_BYTES_MAX = 1024 * 1024;

export function registerParse(program: Command): void {
  program.command('parse')
    .description('read raw log lines (standard input without FILE) and print one JSON event a line')
    .argument('[FILE]', 'file of log lines')
    .addOption(new Option('--input <form>', 'what each input line is: a log line, or JSON {"raw"|"raw_b64", "received"?, "timezone"?, "encoding"?}').choices(['lines', 'json']).default('lines'))
    .option('--format <file>', 'a description of a source (YAML), tried first; its own tests are run too; may be given several times', (path: string, before: readonly string[]) => [...before, path], [])
    .addOption(new Option('--multiline <regex>', 'messages have several lines: what the first line of each looks like, as `multiline` of an input `file`').argParser(beginsBy).conflicts('input'))
    .option('--unknown', 'print the commonest templates of the lines that no format knows, instead of events')
    .action(async (file: string | undefined, { input, format, multiline, unknown }: { input: 'lines' | 'json'; format: readonly string[]; multiline?: (line: string) => boolean; unknown?: boolean }) => {
      const { formats, problems } = readFormatFiles(format);
      for (const problem of problems) process.stderr.write(`${printProblem(problem)}\n`);
      if (problems.length > 0) process.exitCode = 1;
      const stream = file === undefined ? process.stdin : createReadStream(file), from = multiline === undefined ? linesOf(stream) : messagesOf(stream, multiline);
      if (unknown === true) await printUnknown(from, process.stdout, input, formats.map(({ format: described }) => described));
      else await parseStream(from, process.stdout, input, formats.map(({ format: described }) => described));
    });
}

/** Of each its bytes: a line, or a message of several. */
type Inputs = AsyncIterable<Uint8Array>;

function beginsBy(source: string): (line: string) => boolean {
  const compiled = compileRegex(source, '');
  if ('reason' in compiled) throw new InvalidArgumentError(`expected a regular expression in RE2 syntax: ${compiled.reason}`);
  return compiled.regex.test;
}

/** Reads `input` to its end and writes a row for each of its messages. */
export async function parseStream(input: Inputs, output: Writable, form: 'lines' | 'json', formats: readonly Format[] = []): Promise<void> {
  const context = createParseContext(formats);
  let line = 0, waiting: string[] = [], size = 0;
  const flush = async (): Promise<void> => {
    if (size === 0) return;
    const text = waiting.join('');
    waiting = []; size = 0;
    if (!output.write(text)) await once(output, 'drain');
  };
  for await (const bytes of input) {
    line++;
    const row = rowOf(line, form === 'lines' ? parseLine({ bytes, received: Date.now(), context }) : parseJsonInput(bytes, context));
    waiting.push(row);
    size += row.length;
    if (size > 65_536) await flush();
  }
  await flush();
}

/** One row a template, the commonest first, then how many lines of how many were not recognised. */
export async function printUnknown(input: Inputs, output: Writable, form: 'lines' | 'json', formats: readonly Format[] = []): Promise<void> {
  const context = createParseContext(formats), miner = new TemplateMiner();
  let lines = 0, unknown = 0;
  for await (const bytes of input) {
    const { format, event } = form === 'lines' ? parseLine({ bytes, received: Date.now(), context }) : parseJsonInput(bytes, context);
    lines++;
    if (format !== null) continue;
    unknown++;
    miner.add(String(event['message'] ?? ''));
  }
  for (const template of miner.top(50)) output.write(`${JSON.stringify(template)}\n`);
  output.write(`${JSON.stringify({ lines, unknown })}\n`);
}

const rowOf = (line: number, { format, why, event, problems }: ParsedLine): string => `${JSON.stringify({ line, format, why, event, problems })}\n`;

/** A line that is not such an object is itself read as a log line, with the problem beside it. */
export function parseJsonInput(bytes: Uint8Array, context = createParseContext()): ParsedLine {
  const wrong = (message: string): ParsedLine => {
    const parsed = parseLine({ bytes, received: Date.now(), context });
    return { ...parsed, problems: [{ code: 'input.json', message }, ...parsed.problems] };
  };
  let value: unknown;
  try { value = JSON.parse(new TextDecoder().decode(bytes)); } catch { return wrong('expected a JSON object with raw or raw_b64, got text that is not JSON'); }
  if (typeof value !== 'object' || value === null) return wrong('expected a JSON object with raw or raw_b64, got another value');
  const { raw, raw_b64: base64, received, timezone, encoding } = value as Record<string, unknown>;
  const at = typeof received === 'string' ? Date.parse(received) : Date.now();
  const rest: Omit<LineInput, 'raw' | 'bytes'> = { received: Number.isNaN(at) ? Date.now() : at, timezone: typeof timezone === 'string' ? timezone : undefined, encoding: typeof encoding === 'string' ? encoding : undefined, context };
  const parsed = typeof base64 === 'string' ? parseLine({ ...rest, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })
    : typeof raw === 'string' ? parseLine({ ...rest, raw }) : undefined;
  if (parsed === undefined) return wrong('expected raw or raw_b64 in the object, got neither');
  return Number.isNaN(at) ? { ...parsed, problems: [{ code: 'input.received', message: `expected an ISO time in received, got ${JSON.stringify(received)}` }, ...parsed.problems] } : parsed;
}

/** The messages of a byte stream, as those of a followed file. */
async function* messagesOf(input: AsyncIterable<Uint8Array>, begins: (line: string) => boolean): AsyncGenerator<Uint8Array> {
  const cutter = new MessageCutter(FRAME_BYTES_MAX, begins);
  let ready: Buffer[] = [];
  const emit = (message: Buffer): void => { ready.push(message); };
  for await (const chunk of input) {
    cutter.push(Buffer.from(chunk), emit);
    yield* ready;
    ready = [];
  }
  cutter.end(emit);
  yield* ready;
}

/** The lines of a byte stream: LF ends one, a CR before it is part of the line end; the last may have no end. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for await (const chunk of input) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; from = at + 1, at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      const whole = parts.length === 0 ? piece : joined([...parts, piece]);
      parts = [];
      yield whole[whole.length - 1] === 13 ? whole.subarray(0, -1) : whole;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
  if (parts.length > 0) yield joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] as Uint8Array : new Uint8Array(Buffer.concat(parts));
}
