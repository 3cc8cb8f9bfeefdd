// `haidang rules list PATH…`: every rule with its state, one a line, tab between. What a site's own events had is told on the page Rules;
// here `--events` says it of a file of events.
import { createReadStream } from 'node:fs';
import { Option, type Command } from 'commander';
import { isError, printProblem } from '../../core/problem.js';
import type { RuleState } from '../../core/rule-catalog.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import type { CompiledRule, RuleSet } from '../../core/sigma/compiled.js';
import { eventFromJson } from '../../core/sigma/events.js';
import { isFed } from '../../core/sigma/known-sources.js';
import { printLogSource } from '../../core/sigma/logsource.js';
import { SeenFields, unseenOf, type KnownKind } from '../../core/sigma/seen-fields.js';
import { linesOf } from './parse.js';
import { readPlaceholders, readRules, sha256 } from './rule-files.js';

const STATES: readonly RuleState[] = ['alive', 'refused', 'placeholder_unset', 'source_missing', 'field_missing'];

export interface ListedRule { readonly state: RuleState; readonly level: string; readonly id: string; readonly title: string; readonly reason: string }

export function registerRulesList(rules: Command): void {
  rules.command('list')
    .description('every rule with its state: alive, refused, placeholder_unset, source_missing, field_missing; tab between state, level, id, title, reason')
    .argument('<PATH...>', 'rule files or folders')
    .option('--events <file>', 'NDJSON events: also name rules that need a field which none of them has')
    .option('--placeholders <file>', 'JSON {name: [values]} for |expand')
    .addOption(new Option('--state <state...>', 'only rules in these states').choices(STATES))
    .action(async (paths: string[], { events, placeholders, state = STATES }: { events?: string; placeholders?: string; state?: readonly RuleState[] }) => {
      const listed = listRules(compileRules(readRules(paths), { sha256, placeholders: readPlaceholders(placeholders) }), events === undefined ? [] : await kindsIn(events));
      for (const rule of listed) if (state.includes(rule.state)) process.stdout.write(`${[rule.state, rule.level, rule.id, rule.title, rule.reason].map(plain).join('\t').trimEnd()}\n`);
      process.stderr.write(`${STATES.map((one) => `${listed.filter((rule) => rule.state === one).length} ${one}`).join(', ')}\n`);
    });
}

export function listRules({ rules, correlations, refused }: RuleSet, kinds: readonly KnownKind[] = []): ListedRule[] {
  const known = new Map<string, Pick<ListedRule, 'state' | 'reason'>>();
  const row = ({ uid, title, level, head }: Pick<CompiledRule, 'uid' | 'title' | 'level' | 'head'>, of: Pick<ListedRule, 'state' | 'reason'>): ListedRule => {
    known.set(uid, of);
    return { ...of, level, id: head.id ?? uid, title };
  };
  const alone = rules.map((rule) => row(rule, stateOf(rule, kinds)));
  // A correlation waits when everything that feeds it does.
  const joined = correlations.map((one) => {
    const inputs = one.inputs.map((uid) => known.get(uid)), waits = inputs.every((input) => input !== undefined && input.state !== 'alive') ? inputs[0] : undefined;
    return row(one, one.state === 'alive' ? waits ?? { state: 'alive', reason: '' } : { state: one.state, reason: one.reason ?? '' });
  });
  const broken = refused.map(({ file, line, title, problems }): ListedRule => ({ state: 'refused', level: '', id: `${file}:${line}`, title, reason: problems.filter(isError).map(printProblem)[0] ?? '' }));
  return [...alone, ...joined, ...broken];
}

function stateOf({ state, reason = '', logsource, predicate }: CompiledRule, kinds: readonly KnownKind[]): Pick<ListedRule, 'state' | 'reason'> {
  if (state !== 'alive') return { state, reason };
  if (!isFed(logsource)) return { state: 'source_missing', reason: `no format or table here feeds ${printLogSource(logsource)}` };
  const unseen = unseenOf(predicate, logsource, kinds, 1);
  return unseen === undefined ? { state, reason } : { state: 'field_missing', reason: `none of ${unseen.events} events of ${printLogSource(logsource)} had ${unseen.fields.join(', ')}` };
}

async function kindsIn(file: string): Promise<KnownKind[]> {
  const seen = new SeenFields(), decoder = new TextDecoder();
  for await (const bytes of linesOf(createReadStream(file))) {
    const line = decoder.decode(bytes);
    try { const event = line.trim() === '' ? undefined : eventFromJson(line); if (event !== undefined) seen.see(event); } catch { /* no event */ }
  }
  return seen.take().map(({ key, events, fields }) => ({ key, events, fields: new Set(fields) }));
}

const plain = (text: string): string => text.replace(/[\x00-\x1f\x7f]+/g, ' ');
