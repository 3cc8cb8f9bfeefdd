// The `correlation:` part of a document (specification/sigma-correlation-rules-specification.md, with the boolean conditions
// of the 2.2 draft for temporal types).
import { hasNot, namesIn, parseCondition, type ConditionNode } from './condition.js';
import type { Tell } from './head.js';
import { CORRELATION_TYPES, OPERATORS, type Bound, type CorrelationType, type Operator, type SigmaCorrelation } from './rule.js';
import { childOf, describe, entryOf, offsets, Refused, type MapNode, type Node } from './yaml.js';

type Body = Pick<SigmaCorrelation, 'type' | 'rules' | 'groupBy' | 'timespanMs' | 'bounds' | 'expression' | 'valueFields' | 'percentile' | 'aliases' | 'generate'>;
const KEYS = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];

export function readCorrelation(map: MapNode, topGenerate: Node | undefined, tell: Tell, text: string): Body {
  for (const { key, at } of map.entries) if (!KEYS.includes(key)) tell('sigma.correlation.key', at, `expected ${KEYS.join(', ')} under correlation, got ${JSON.stringify(key)}: it is ignored`, 'warning');
  const type = typeOf(map), temporal = type === 'temporal' || type === 'temporal_ordered';
  const written = rulesOf(map), condition = conditionOf(map, type, text);
  const named = condition.expression === undefined ? [] : namesIn(condition.expression);
  if (condition.expression !== undefined && written !== undefined) checkNames(written, named, childOf(map, 'condition')?.at ?? map.at);
  const rules = written ?? unique(named.map(({ name, at }) => ({ reference: name, at })));
  if (rules.length === 0) throw new Refused('sigma.correlation.rules', map.at, `expected rules under correlation${temporal ? ' (or a condition that names them)' : ''}, got none`);
  if (rules.length > RULES_MAX) throw new Refused('sigma.correlation.rules', childOf(map, written === undefined ? 'condition' : 'rules')?.at ?? map.at, `expected at most ${RULES_MAX} rules in a correlation, got ${rules.length}`);
  return {
    type, rules, groupBy: groupBy(map), timespanMs: timespan(map), ...condition,
    aliases: aliasesOf(map), generate: generates(childOf(map, 'generate') ?? topGenerate),
  };
}

function typeOf(map: MapNode): CorrelationType {
  const node = childOf(map, 'type');
  if (node === undefined) throw new Refused('sigma.correlation.type', map.at, `expected a type (${CORRELATION_TYPES.join(', ')}), got none`);
  const type = CORRELATION_TYPES.find((one) => node.kind === 'scalar' && String(node.value).toLowerCase() === one);
  if (type === undefined) throw new Refused('sigma.correlation.type', node.at, `expected type to be one of ${CORRELATION_TYPES.join(', ')}, got ${describe(node)}`);
  return type;
}

type References = { readonly reference: string; readonly at: number }[];
/** What a hit costs and a group holds grows with them. */
const RULES_MAX = 200, FIELDS_MAX = 100;
const unique = (rules: References): References => {
  const seen = new Set<string>();
  return rules.filter(({ reference }) => !seen.has(reference) && seen.add(reference));
};

function rulesOf(map: MapNode): References | undefined {
  const node = childOf(map, 'rules');
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'map') throw new Refused('sigma.correlation.rules', node.at, `expected rules to be a list of ids or names, got ${describe(node)}`);
  const items = node.kind === 'list' ? node.items : [node];
  if (items.length === 0) return undefined;
  return unique(items.map((item) => {
    if (item.kind !== 'scalar' || item.value === null) throw new Refused('sigma.correlation.rules', item.at, `expected the id or name of a rule, got ${describe(item)}`);
    return { reference: item.source, at: item.at };
  }));
}

function groupBy(map: MapNode): string[] {
  const node = childOf(map, 'group-by');
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind === 'map' || (node.kind === 'scalar' && typeof node.value !== 'string')) throw new Refused('sigma.correlation.group-by', node.at, `expected group-by to be a field or a list of fields, got ${describe(node)}`);
  const items = node.kind === 'list' ? node.items : [node];
  const fields = [...new Set(items.map((item) => {
    if (item.kind !== 'scalar' || item.value === null || item.source === '') throw new Refused('sigma.correlation.group-by', item.at, `expected the name of a field, got ${describe(item)}`);
    return item.source;
  }))];
  if (fields.length > FIELDS_MAX) throw new Refused('sigma.correlation.group-by', node.at, `expected at most ${FIELDS_MAX} fields in group-by, got ${fields.length}`);
  return fields;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_629_746, y: 31_556_952 };

function timespan(map: MapNode): number {
  const node = childOf(map, 'timespan');
  if (node === undefined) throw new Refused('sigma.correlation.timespan', map.at, 'expected a timespan, as in 5m, got none');
  const parts = node.kind === 'scalar' ? /^(\d{1,9})([smhdwMy])$/.exec(node.source) : null;
  const seconds = parts === null ? 0 : Number(parts[1]) * (UNIT_SECONDS[parts[2] as string] as number);
  if (seconds === 0) throw new Refused('sigma.correlation.timespan', node.at, `expected a timespan of a number and s, m, h, d, w, M or y, as in 5m, got ${describe(node)}`);
  return seconds * 1000;
}

function conditionOf(map: MapNode, type: CorrelationType, text: string): Pick<Body, 'bounds' | 'expression' | 'valueFields' | 'percentile'> {
  const temporal = type === 'temporal' || type === 'temporal_ordered', entry = entryOf(map, 'condition');
  const node = entry?.value;
  if (entry === undefined || node === undefined || (node.kind === 'scalar' && node.value === null)) {
    if (temporal) return { bounds: [], valueFields: [] };
    throw new Refused('sigma.correlation.condition', map.at, `expected a condition under a correlation of type ${type}, got none`);
  }
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    if (!temporal) throw new Refused('sigma.correlation.condition', node.at, `expected a condition as a map, as in {gte: 10}, for type ${type}, got ${describe(node)}`);
    const expression = parseCondition(node.value, offsets(node, text));
    checkExpression(expression);
    return { bounds: [], expression, valueFields: [] };
  }
  if (node.kind !== 'map') throw new Refused('sigma.correlation.condition', node.at, `expected a condition as a map, as in {gte: 10}, got ${describe(node)}`);
  const bounds = boundsOf(node), valueFields = valueFieldsOf(node, type), percentile = percentileOf(node, type);
  return { bounds, valueFields, ...(percentile === undefined ? {} : { percentile }) };
}

function boundsOf(node: MapNode): Bound[] {
  const bounds: Bound[] = [];
  for (const { key, value, at } of node.entries) {
    if (key === 'field' || key === 'percentile') continue;
    if (!OPERATORS.includes(key as Operator)) throw new Refused('sigma.correlation.condition', at, `expected ${OPERATORS.join(', ')}, field or percentile, got ${JSON.stringify(key)}`);
    const number = value.kind === 'scalar' && value.source.trim() !== '' && typeof value.value !== 'boolean' ? Number(value.source) : NaN;
    if (!Number.isFinite(number)) throw new Refused('sigma.correlation.condition', value.at, `expected a number after ${key}, got ${describe(value)}`);
    bounds.push({ op: key as Operator, value: number });
  }
  if (bounds.length === 0) throw new Refused('sigma.correlation.condition', node.at, `expected one of ${OPERATORS.join(', ')} in the condition, got none`);
  const isRange = bounds.length === 2 && bounds.some(({ op }) => op === 'gt' || op === 'gte') && bounds.some(({ op }) => op === 'lt' || op === 'lte');
  if (bounds.length > 1 && !isRange) throw new Refused('sigma.correlation.condition', node.at, `expected one comparison, or a range (gt or gte with lt or lte), got ${bounds.map(({ op }) => op).join(' and ')}`);
  return bounds;
}

function valueFieldsOf(node: MapNode, type: CorrelationType): string[] {
  const field = childOf(node, 'field');
  // Types that only count events or rules have no use for it.
  if (!type.startsWith('value_')) return [];
  if (field === undefined || (field.kind === 'scalar' && field.value === null)) {
    throw new Refused('sigma.correlation.field', node.at, `expected field in the condition of type ${type}, got none`);
  }
  const items = field.kind === 'list' ? field.items : [field];
  const names = items.map((item) => {
    if (item.kind !== 'scalar' || item.value === null || item.source === '') throw new Refused('sigma.correlation.field', item.at, `expected the name of a field, got ${describe(item)}`);
    return item.source;
  });
  if (names.length === 0 || (names.length > 1 && type !== 'value_count')) throw new Refused('sigma.correlation.field', field.at, `expected one field for type ${type}, got ${names.length}`);
  if (names.length > FIELDS_MAX) throw new Refused('sigma.correlation.field', field.at, `expected at most ${FIELDS_MAX} fields to count values of, got ${names.length}`);
  return names;
}

function percentileOf(node: MapNode, type: CorrelationType): number | undefined {
  if (type !== 'value_percentile') return undefined;
  const percentile = childOf(node, 'percentile');
  if (percentile === undefined || (percentile.kind === 'scalar' && percentile.value === null)) {
    throw new Refused('sigma.correlation.percentile', node.at, 'expected percentile, as in percentile: 95, in the condition of type value_percentile, got none');
  }
  const number = percentile.kind === 'scalar' && percentile.source.trim() !== '' ? Number(percentile.source) : NaN;
  if (!(number >= 0 && number <= 100)) throw new Refused('sigma.correlation.percentile', percentile.at, `expected a percentile from 0 to 100, got ${describe(percentile)}`);
  return number;
}

function checkExpression(node: ConditionNode): void {
  if (node.kind === 'some' || node.kind === 'every') throw new Refused('sigma.correlation.condition', node.at, 'expected names of rules with and, or, not and parentheses, got "of"');
  if (node.kind === 'not') checkExpression(node.part);
  if (node.kind === 'and' || node.kind === 'or') node.parts.forEach(checkExpression);
}

function checkNames(rules: References, named: readonly { readonly name: string; readonly at: number }[], at: number): void {
  const known = new Set(rules.map(({ reference }) => reference)), used = new Set(named.map(({ name }) => name));
  const unknown = named.find(({ name }) => !known.has(name));
  if (unknown !== undefined) throw new Refused('sigma.correlation.condition', unknown.at, `expected a name from rules (${rules.map(({ reference }) => reference).join(', ')}), got ${JSON.stringify(unknown.name)}`);
  const unused = rules.find(({ reference }) => !used.has(reference));
  if (unused !== undefined) throw new Refused('sigma.correlation.condition', at, `expected the condition to name every rule of rules, got none for ${JSON.stringify(unused.reference)}`);
}

function aliasesOf(map: MapNode): SigmaCorrelation['aliases'] {
  const node = childOf(map, 'aliases');
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind !== 'map') throw new Refused('sigma.correlation.aliases', node.at, `expected aliases to be a map, got ${describe(node)}`);
  return node.entries.map(({ key: alias, value }) => {
    if (value.kind !== 'map') throw new Refused('sigma.correlation.aliases', value.at, `expected a map from rule names to fields under the alias ${alias}, got ${describe(value)}`);
    return { alias, of: value.entries.map(({ key: rule, value: field, at }) => {
      if (field.kind !== 'scalar' || field.value === null || field.source === '') throw new Refused('sigma.correlation.aliases', field.at, `expected the name of a field, got ${describe(field)}`);
      return { rule, field: field.source, at };
    }) };
  });
}

function generates(node: Node | undefined): boolean {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return false;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  throw new Refused('sigma.correlation.generate', node.at, `expected generate to be true or false, got ${describe(node)}`);
}

/** Can more hits make it false? Then only the end of a window can tell. */
export const needsEnd = ({ bounds, expression }: Pick<Body, 'bounds' | 'expression'>): boolean =>
  bounds.some(({ op }) => op !== 'gt' && op !== 'gte') || (expression !== undefined && hasNot(expression));
