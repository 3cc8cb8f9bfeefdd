// `haidang rules lint PATH…` names every problem of rule files; `haidang rules test PATH…` runs the tests beside them
// (`x.test.yml` beside `x.yml`: `tests: [{name, fires: true|false|count, lines: [raw…], received?, sender?, timezone?}]`).
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { createParseContext, parseLine } from '../../core/message/parse-line.js';
import { isError, printProblem, type Problem } from '../../core/problem.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import type { RuleSet } from '../../core/sigma/compiled.js';
import { extendedFindings } from '../../core/sigma/lint.js';
import { Evaluation } from '../../core/sigma/evaluate.js';
import { findTests, readPlaceholders, readRules, sha256 } from './rule-files.js';
import { registerRulesImport } from './rules-import.js';
import { registerRulesList } from './rules-list.js';

export function registerRules(program: Command): void {
  const rules = program.command('rules').description('check, list, test and import Sigma rules');
  registerRulesImport(rules);
  registerRulesList(rules);
  rules.command('lint')
    .description('name every problem of rule files; exit code 1 when a rule is refused')
    .argument('<PATH...>', 'rule files or folders')
    .option('--placeholders <file>', 'JSON {name: [values]} for |expand')
    .option('--extended', 'also warn of what is legal and hardly meant: unknown log sources and fields, selections that are never true')
    .action((paths: string[], { placeholders, extended }: { placeholders?: string; extended?: boolean }) => {
      const files = readRules(paths), values = readPlaceholders(placeholders);
      const problems = [...lint(compileRules(files, { sha256, placeholders: values })), ...(extended === true ? extendedFindings(files, values) : [])];
      for (const problem of problems) process.stdout.write(`${isError(problem) ? '' : 'warning: '}${printProblem(problem)}\n`);
      const errors = problems.filter(isError).length;
      process.stdout.write(`${files.length} files, ${errors} errors, ${problems.length - errors} warnings\n`);
      if (errors > 0) process.exitCode = 1;
    });
  rules.command('test')
    .description('run the tests beside rules; exit code 1 when one fails')
    .argument('<PATH...>', 'rule files, test files or folders')
    .option('--placeholders <file>', 'JSON {name: [values]} for |expand')
    .action((paths: string[], { placeholders }: { placeholders?: string }) => {
      let passed = 0, failed = 0;
      for (const file of findTests(paths)) {
        for (const { name, failure } of runTests(file, readPlaceholders(placeholders))) {
          if (failure === undefined) { passed++; continue; }
          failed++;
          process.stdout.write(`${file}: ${name}: ${failure}\n`);
        }
      }
      process.stdout.write(`${passed} passed, ${failed} failed\n`);
      if (failed > 0 || passed === 0) process.exitCode = 1;
    });
}

/** Every problem; a rule whose placeholders have no values counts as refused. */
export function lint(ruleSet: RuleSet): Problem[] {
  const unset = ruleSet.rules.filter(({ state }) => state === 'placeholder_unset')
    .map(({ reason = '', head }): Problem => ({ code: 'sigma.placeholder', message: reason, file: head.file, line: head.line, column: 1 }));
  return [...ruleSet.problems, ...unset];
}

interface RuleTest {
  readonly name: string;
  readonly lines: readonly string[];
  /** Reports at all, or exactly so many times. */
  readonly fires: boolean | number;
  readonly received?: string;
  readonly sender?: string;
  readonly timezone?: string;
}

/** The tests of one file, each with why it failed. A file that cannot be read is one failed test. */
export function runTests(file: string, placeholders = {}): { readonly name: string; readonly failure?: string }[] {
  const rule = file.replace(/\.test\.yml$/, '.yml');
  if (!existsSync(rule)) return [{ name: 'the rule beside it', failure: `expected ${rule}, got no such file` }];
  const ruleSet = compileRules(readRules([rule]), { sha256, placeholders }), broken = lint(ruleSet).filter(isError);
  if (broken.length > 0) return [{ name: 'the rule beside it', failure: broken.map(printProblem).join('; ') }];
  let tests: RuleTest[];
  try { tests = readTests(readFileSync(file, 'utf8')); } catch (error) { return [{ name: 'the test file', failure: error instanceof Error ? error.message : String(error) }]; }
  return tests.map((test) => ({ name: test.name, failure: runTest(test, ruleSet) }));
}

function runTest({ lines, fires, received, sender, timezone }: RuleTest, ruleSet: RuleSet): string | undefined {
  const evaluation = new Evaluation(ruleSet), context = createParseContext(), at = received === undefined ? Date.now() : Date.parse(received);
  if (Number.isNaN(at)) return `expected an ISO time in received, got ${JSON.stringify(received)}`;
  const reported: string[] = [];
  lines.forEach((raw, i) => {
    const { event } = parseLine({ raw, received: at, context, ...(sender === undefined ? {} : { source: sender }), ...(timezone === undefined ? {} : { timezone }) });
    const full = sender === undefined ? event : { 'log.source.address': sender, ...event };
    for (const { rule, line } of evaluation.take(i + 1, full)) reported.push(`${rule.title} at line ${line}`);
  });
  for (const { rule, line } of evaluation.finish()) reported.push(`${rule.title} at line ${line}`);
  const isRight = typeof fires === 'number' ? reported.length === fires : fires === (reported.length > 0);
  return isRight ? undefined : `expected ${fires === true ? 'a report' : fires === false ? 'none' : `${fires} reports`}, got ${reported.length === 0 ? 'none' : reported.slice(0, 5).join(', ')}`;
}

function readTests(text: string): RuleTest[] {
  const value: unknown = parseYaml(text);
  const list = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['tests'] : undefined;
  if (!Array.isArray(list) || list.length === 0) throw new Error('expected a list under tests, got none');
  return list.map((item: unknown): RuleTest => {
    const { name, lines, logs, fires, received, sender, timezone } = (item ?? {}) as Record<string, unknown>;
    const rows: unknown = lines ?? logs, text = (one: unknown): string | undefined => (typeof one === 'string' ? one : one instanceof Date ? one.toISOString() : undefined);
    if (typeof name !== 'string' || !Array.isArray(rows) || rows.some((row) => typeof row !== 'string')) throw new Error(`expected name, lines (a list of texts) and fires in a test, got ${JSON.stringify(item).slice(0, 120)}`);
    if (typeof fires !== 'boolean' && typeof fires !== 'number') throw new Error(`expected fires to be true, false or a count in ${JSON.stringify(name)}, got ${JSON.stringify(fires)}`);
    return { name, lines: rows as string[], fires, received: text(received), sender: text(sender), timezone: text(timezone) };
  });
}
