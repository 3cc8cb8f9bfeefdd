// A rule set as the detector uses it: what stands in it, and what a hit's rule says about grouping.
import type { RuleName } from '../core/alert.js';
import { ruleName } from '../core/pipeline/engine.js';
import type { CompiledCorrelation, CompiledRule, RuleSet } from '../core/sigma/compiled.js';
import { fieldView } from '../core/sigma/field-view.js';
import type { Path } from '../core/predicate/predicate.js';
import type { Grouping, RuleInfo } from './alerts.js';

export interface DeployedSet {
  readonly n: number;
  readonly correlations: readonly CompiledCorrelation[];
  /** What the rule says about grouping; of a rule that is not in this set any more, the defaults. */
  readonly infoOf: (name: RuleName) => RuleInfo;
}

export function deployedSet(n: number, { rules, correlations }: Pick<RuleSet, 'rules' | 'correlations'>): DeployedSet {
  const known = new Map<string, RuleInfo>(), byUid = new Map(rules.map((rule) => [rule.uid, rule]));
  for (const rule of [...rules, ...correlations]) {
    const name = ruleName(rule), { family = rule.uid, entity = [] } = rule.own;
    known.set(rule.uid, { name, family, entity: entity.map((field) => pathOf(field, rule, byUid)), ...groupingOf(rule) });
  }
  return {
    n, correlations,
    infoOf: (name) => {
      const info = known.get(name.uid);
      return info?.name.version === name.version ? info : { name, family: info?.family ?? name.uid, entity: info?.entity ?? [], ...(info?.grouping === undefined ? {} : { grouping: info.grouping }) };
    },
  };
}

function groupingOf(rule: CompiledRule | CompiledCorrelation): { readonly grouping?: Grouping } {
  return rule.kind === 'rule' || rule.groupBy.length === 0 ? {} : { grouping: { names: rule.groupBy, paths: new Map([...rule.reads].map(([uid, { group }]) => [uid, group])) } };
}

/** Where an event keeps a field that the rule's author names. */
function pathOf(field: string, rule: CompiledRule | CompiledCorrelation, byUid: ReadonlyMap<string, CompiledRule>): Path {
  if (rule.kind === 'rule') return fieldView(rule.logsource)(field);
  const names = rule.inputs.flatMap((uid) => { const input = byUid.get(uid); return input === undefined ? [] : fieldView(input.logsource)(field); });
  return [...new Set([field, ...names])];
}
