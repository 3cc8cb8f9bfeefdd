// `haidang rules import FOLDER`: the rules of a SigmaHQ checkout, or of any folder of Sigma rules, become rules of this site.
// A server that runs has them in force a moment later. Exit code 3 when something that was asked for is not in force: a rule
// that is refused, a file that the site edited and that therefore stayed as it is.
import { InvalidArgumentError, type Command } from 'commander';
import { basename, join, resolve } from 'node:path';
import { loadConfig } from '../../core/process/config.js';
import { printProblem } from '../../core/problem.js';
import { SEVERITIES, type Severity } from '../../core/tier.js';
import { checkFolders, importRules, type ImportReport } from '../rules/import.js';
import { readPlaceholders } from './rule-files.js';

const EXIT_NOT_ALL = 3;

export function registerRulesImport(rules: Command): void {
  rules.command('import')
    .description('copy Sigma rules into this site\'s rules, with their authors and licence; exit code 3 when not all are in force')
    .argument('<FOLDER>', 'a SigmaHQ checkout, or any folder of Sigma rules')
    .option('--to <folder>', 'where to (default: data/rules/NAME OF THE FOLDER)')
    .option('--include <glob...>', 'only these files, by their path in the folder: rules/linux, "rules/**/proc_*.yml" (default: all; of a SigmaHQ checkout what is under rules*/)')
    .option('--level <level>', `only rules of this level and above: ${SEVERITIES.join(', ')}`, parseLevel)
    .option('--placeholders <file>', 'JSON {name: [values]} for |expand (default: those of the configuration)')
    .option('--force', 'overwrite files that were edited here')
    .action((folder: string, { to, include = [], level, placeholders, force = false }: { to?: string; include?: string[]; level?: Severity; placeholders?: string; force?: boolean }) => {
      const from = resolve(folder), config = loadConfig(process.env, process.cwd());
      const target = to === undefined ? join(resolve(config.data), 'rules', basename(from)) : resolve(to);
      checkFolders(from, target);
      const report = importRules({ from, to: target, include, level, force, placeholders: placeholders === undefined ? config.placeholders : readPlaceholders(placeholders) });
      process.stdout.write(printReport(report, target));
      if (report.problems.length > 0 || report.files.kept.length > 0) process.exitCode = EXIT_NOT_ALL;
    });
}

function parseLevel(value: string): Severity {
  const level = SEVERITIES.find((one) => one === value.toLowerCase());
  if (level === undefined) throw new InvalidArgumentError(`expected ${SEVERITIES.join(', ')}`);
  return level;
}

export function printReport({ source, states, files, problems, license }: ImportReport, to: string): string {
  const lines = [
    ...problems.map((problem) => `refused: ${printProblem(problem)}`),
    ...files.kept.map((path) => `left as it is: ${path} was edited here (--force overwrites it)`),
    ...files.changed.map((path) => `changed: ${path}`),
    ...files.removed.map((path) => `removed: ${path} is not there any more`),
    ...[...source.leftOut].map(([reason, count]) => `not taken: ${count} ${count === 1 ? 'file' : 'files'}: ${reason}`),
    ...(files.belowLevel === 0 ? [] : [`not taken: ${files.belowLevel} files: below the level asked for`]),
    `rules: ${states.alive} alive, ${states.source_missing} whose log source nothing here reads, ${states.placeholder_unset} without values for their placeholders, ${states.refused} refused`,
    `files: ${files.new.length} new, ${files.changed.length} changed, ${files.same} as before, ${files.removed.length} removed, ${files.kept.length} left as edited here`,
    `licence: ${license ?? (source.license === undefined ? 'none found' : `see ${source.license.files.join(', ')}`)}${source.commit === undefined ? '' : `; commit ${source.commit}`}`,
    `in ${to}`,
  ];
  return `${lines.join('\n')}\n`;
}
