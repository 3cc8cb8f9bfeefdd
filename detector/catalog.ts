// A rule set as the console shows it: what is alive, what is not and why, what was refused.
import type { CatalogRule } from '../core/rule-catalog.js';
import type { CompiledCorrelation, CompiledRule, RefusedRule, RuleSet } from '../core/sigma/compiled.js';
import type { LogSource } from '../core/sigma/rule.js';
import { unseenOf, type KnownKind } from '../core/sigma/seen-fields.js';
import { SOURCE_DAYS, type Feeds } from './source-watch.js';

/** `feeds`: which log sources speak, `seen`: which fields their events had, where that is known. A correlation waits when all that feeds it does. */
export function catalogOf({ rules, correlations, refused }: RuleSet, feeds?: Feeds, seen: readonly KnownKind[] = []): readonly CatalogRule[] {
  const byUid = new Map(rules.map((rule) => [rule.uid, rule])), inner = new Map(correlations.map((one) => [one.uid, one]));
  const waits = (uid: string): Waits | undefined => {
    const rule = byUid.get(uid);
    if (rule !== undefined) return waitsFor(rule, feeds, seen);
    const inputs = inner.get(uid)?.inputs.map(waits) ?? [];
    return inputs.length > 0 && inputs.every((one) => one !== undefined) ? inputs[0] : undefined;
  };
  const placeholdersOf = (uid: string): readonly string[] => byUid.get(uid)?.placeholders ?? [...new Set((inner.get(uid)?.inputs ?? []).flatMap(placeholdersOf))].sort();
  const fed = (entry: CatalogRule): CatalogRule => ({ ...entry, ...(entry.state === 'alive' ? said(waits(entry.id), entry.logsource) : {}), ...needs(placeholdersOf(entry.id)) });
  return [...rules.map((rule) => fed(entryOf(rule, sourceText(rule.logsource)))), ...correlations.map((one) => fed(entryOf(one, sourcesOf(one, byUid)))), ...refused.map(refusedEntry)]
    .sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : a.id < b.id ? -1 : 1));
}

const needs = (placeholders: readonly string[]): Pick<CatalogRule, 'placeholders'> => (placeholders.length === 0 ? {} : { placeholders });

type Waits = Pick<CatalogRule, 'state' | 'reason' | 'missing'>;

/** What a rule waits for that does not come. */
function waitsFor({ logsource, predicate }: CompiledRule, feeds: Feeds | undefined, seen: readonly KnownKind[]): Waits | undefined {
  if (feeds !== undefined && !feeds(logsource)) return { state: 'source_missing' };
  const unseen = unseenOf(predicate, logsource, seen);
  return unseen === undefined ? undefined : { state: 'field_missing', missing: unseen.fields, reason: `none of ${unseen.events} events of ${sourceText(logsource)} in ${SOURCE_DAYS} days had ${unseen.fields.join(', ')}` };
}

const said = (waits: Waits | undefined, logsource: string): Waits | undefined => (waits?.state === 'source_missing' ? { ...waits, reason: `no event of ${logsource} in ${SOURCE_DAYS} days` } : waits);

function entryOf(rule: CompiledRule | CompiledCorrelation, logsource: string): CatalogRule {
  const { uid, title, titleVi, level, head, own, state, reason, warnings, author, license } = rule;
  return {
    id: uid, title, level, kind: rule.kind, logsource, file: head.file, text: head.text, tags: head.tags, state, problems: warnings,
    ...(titleVi === undefined ? {} : { titleVi }), ...(head.description === undefined ? {} : { description: head.description }), ...(own.descriptionVi === undefined ? {} : { descriptionVi: own.descriptionVi }),
    ...(author === undefined ? {} : { author }), ...(license === undefined ? {} : { license }), ...(reason === undefined ? {} : { reason }),
    ...(rule.kind === 'correlation' && rule.defaultThreshold !== undefined ? { defaultThreshold: rule.defaultThreshold } : {}),
  };
}

function refusedEntry({ file, line, title, text, problems }: RefusedRule): CatalogRule {
  return {
    id: `${file}:${line}`, title, level: 'informational', kind: 'rule', logsource: '', file, text, tags: [], state: 'refused', problems,
    ...(problems[0] === undefined ? {} : { reason: problems[0].message }),
  };
}

export const sourceText = ({ category, product, service }: LogSource): string => [product, category, service].filter((part) => part !== undefined).join(' / ');
function sourcesOf({ inputs }: CompiledCorrelation, byUid: ReadonlyMap<string, CompiledRule>): string {
  return [...new Set(inputs.flatMap((uid) => { const rule = byUid.get(uid); return rule === undefined ? [] : [sourceText(rule.logsource)]; }))].join(', ');
}
