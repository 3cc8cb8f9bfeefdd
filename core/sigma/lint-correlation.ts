// What a correlation asks of events that never have it: a field of `group-by` or of its condition that the events of a rule it reads cannot
// have, under its alias or its own name (hits without it are not counted, so nothing is ever told), and aliases that nothing uses.
import { knowledgeOf, successorOf } from './known-fields.js';
import { isFed } from './known-sources.js';
import { printLogSource } from './logsource.js';
import type { Parsed, SigmaCorrelation } from './rule.js';

export type Tell = (code: string, at: number, message: string) => void;

/** Rules and correlations by what references may say. */
export function referencesIn(documents: readonly Parsed[]): ReadonlyMap<string, Parsed> {
  const known = new Map<string, Parsed>();
  for (const document of documents) {
    if (document.kind === 'filter') continue;
    for (const name of [document.id, document.name]) if (name !== undefined && !known.has(name)) known.set(name, document);
  }
  return known;
}

export function correlationFindings(correlation: SigmaCorrelation, references: ReadonlyMap<string, Parsed>, tell: Tell): void {
  const { rules, groupBy, valueFields, aliases } = correlation, find = (reference: string): Parsed | undefined => references.get(reference) ?? references.get(reference.toLowerCase());
  const asked = [...new Set([...groupBy, ...valueFields])];
  for (const { reference, at } of rules) {
    const rule = find(reference);
    if (rule?.kind !== 'rule' || !isFed(rule.logsource)) continue;
    for (const field of asked) {
      const own = aliases.find(({ alias }) => alias === field)?.of.find((one) => find(one.rule) === rule), name = own?.field ?? field, place = own?.at ?? at;
      const successor = successorOf(rule.logsource, name), knowledge = knowledgeOf(rule.logsource, name), where = groupBy.includes(field) ? 'group-by' : 'the condition';
      if (successor !== undefined) tell('field.old', place, `expected the field's name of today, ${successor}, got ${name} in ${where}`);
      else if (knowledge.kind === 'unknown') tell('field', place, `expected a field that events of ${printLogSource(rule.logsource)} have, got ${JSON.stringify(name)} in ${where}${knowledge.near === undefined ? '' : `: did you mean ${knowledge.near}?`}`);
    }
  }
  const inputs = new Set(rules.map(({ reference }) => find(reference)));
  for (const { alias, of } of aliases) for (const { rule, at } of of) {
    if (!asked.includes(alias)) tell('alias', at, `expected an alias that group-by or the condition names (${asked.join(', ') || 'none is named'}), got ${alias}`);
    // Rules below an inner correlation may be named too.
    else if (!inputs.has(find(rule)) && ![...inputs].some((one) => one?.kind === 'correlation')) tell('alias', at, `expected a rule that the correlation reads, got ${JSON.stringify(rule)}`);
  }
}
