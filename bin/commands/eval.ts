// `haidang eval --rules PATH… [FILE]`: events (or, with --raw, log lines) in, one JSON object a hit out. Rules report as lines
// come; correlations when the input has ended, since they are evaluated in order of event time.
import { createReadStream, existsSync } from 'node:fs';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { Option, type Command } from 'commander';
import type { Event } from '../../core/event.js';
import { createParseContext, parseLine } from '../../core/message/parse-line.js';
import { isError, printProblem, ProblemError } from '../../core/problem.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import type { CompiledCorrelation, CompiledRule, RuleSet } from '../../core/sigma/compiled.js';
import { Evaluation, type LineHit } from '../../core/sigma/evaluate.js';
import { eventFromJson } from '../../core/sigma/events.js';
import type { Routing } from '../../core/sigma/engine.js';
import { linesOf, parseJsonInput } from './parse.js';
import { readPlaceholders, readRules, sha256 } from './rule-files.js';

interface EvalOptions {
  readonly rules: readonly string[];
  readonly logsource?: string;
  readonly anyLogsource?: boolean;
  readonly placeholders?: string;
  readonly raw?: boolean;
  readonly reference?: boolean;
  readonly input: 'lines' | 'json';
}

/** Some rules were refused; the others ran. */
const EXIT_REFUSED = 3;

export function registerEval(program: Command): void {
  program.command('eval')
    .description('evaluate Sigma rules over events (NDJSON on standard input without FILE) and print one JSON object a hit')
    .argument('[FILE]', 'file of events or log lines')
    .requiredOption('--rules <path...>', 'rule files or folders')
    .option('--logsource <list>', 'every event is of this log source: product=…,category=…,service=…')
    .option('--any-logsource', 'show every event to every rule')
    .option('--placeholders <file>', 'JSON {name: [values]} for |expand')
    .option('--reference', 'ask the reference interpreter, rule by rule: slower, and the meaning that the fast engine must keep')
    .option('--raw', 'the input is raw log lines: parse them first')
    .addOption(new Option('--input <form>', 'with --raw, what each input line is: a log line, or JSON {"raw"|"raw_b64", "received"?, "timezone"?}').choices(['lines', 'json']).default('lines'))
    .action(async (argument: string | undefined, options: EvalOptions) => {
      const { file, paths } = separate(argument, options.rules);
      const ruleSet = compileRules(readRules(paths), { sha256, placeholders: readPlaceholders(options.placeholders) });
      const refused = complain(ruleSet, process.stderr);
      await evaluateStream(file === undefined ? process.stdin : createReadStream(file), process.stdout, process.stderr, ruleSet, routingOf(options), options);
      if (refused) process.exitCode = EXIT_REFUSED;
    });
}

/** `--rules a b FILE`: what follows the rules and is no rule file is the input. */
function separate(argument: string | undefined, rules: readonly string[]): { file: string | undefined; paths: readonly string[] } {
  const last = rules[rules.length - 1];
  const isInput = argument === undefined && rules.length > 1 && last !== undefined && /\.(?:ndjson|jsonl?|log|txt)$/.test(last) && existsSync(last);
  return isInput ? { file: last, paths: rules.slice(0, -1) } : { file: argument, paths: rules };
}

function routingOf({ logsource, anyLogsource }: EvalOptions): Routing {
  if (anyLogsource === true) return { anyLogsource };
  if (logsource === undefined) return {};
  const source: Record<string, string> = {};
  for (const pair of logsource.split(',')) {
    const parts = /^\s*(product|category|service)\s*=\s*(.+?)\s*$/.exec(pair);
    if (parts === null) throw new ProblemError([{ code: 'eval.logsource', message: `expected product=…, category=… or service=… in --logsource, got ${JSON.stringify(pair)}` }]);
    source[parts[1] as string] = parts[2] as string;
  }
  return { logsource: source };
}

/** Names what was refused or is switched off; true when something was refused. */
function complain(ruleSet: RuleSet, errors: Writable): boolean {
  const refused = ruleSet.problems.filter(isError);
  for (const problem of refused) errors.write(`${printProblem(problem)}\n`);
  for (const { state, reason, title, head } of [...ruleSet.rules, ...ruleSet.correlations]) {
    if (state === 'placeholder_unset') errors.write(`${head.file}:${head.line}: ${title} is switched off: ${reason ?? ''}\n`);
  }
  return refused.length > 0;
}

const isBlank = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** Streams `input` through the rules; memory grows only with the hits that feed correlations. */
export async function evaluateStream(input: Readable, output: Writable, errors: Writable, ruleSet: RuleSet, routing: Routing, { raw, input: form, reference }: Pick<EvalOptions, 'raw' | 'input' | 'reference'>): Promise<void> {
  const evaluation = new Evaluation(ruleSet, routing, { reference }), context = createParseContext(), decoder = new TextDecoder();
  const print = async (row: unknown): Promise<void> => { if (!output.write(`${JSON.stringify(row)}\n`)) await once(output, 'drain'); };
  const eventOf = (bytes: Uint8Array): Event | undefined =>
    (raw === true ? (form === 'json' ? parseJsonInput(bytes, context) : parseLine({ bytes, received: Date.now(), context })).event : eventFromJson(decoder.decode(bytes)));
  const take = (bytes: Uint8Array): readonly LineHit[] => {
    if (raw !== true && bytes.every(isBlank)) return [];
    if (raw !== true && evaluation.readsLines) return evaluation.takeJson(number, bytes);
    const event = eventOf(bytes);
    return event === undefined ? [] : evaluation.take(number, event);
  };
  let number = 0;
  for await (const bytes of linesOf(input)) {
    number++;
    let hits: readonly LineHit[] = [];
    try { hits = take(bytes); } catch (error) { errors.write(`line ${number}: expected a JSON object, got ${error instanceof Error ? error.message : String(error)}\n`); }
    for (const { line, rule, atoms } of hits) await print({ line, rule: presentRule(rule), proof: { atoms: atoms() } });
  }
  for (const { line, rule, group, lines } of evaluation.finish()) await print({ line, rule: presentRule(rule), group, proof: { lines } });
}

/** With author and licence, which shared rules ask for wherever a hit is told. */
const presentRule = ({ head, uid, title, level, author, license }: CompiledRule | CompiledCorrelation): object => ({ id: head.id ?? uid, title, level, author, license });
