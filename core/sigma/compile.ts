// A checked rule -> the Predicate that it means. Fields become paths through the log source's field view; placeholders become
// their values; filters and exceptions are added by the engine. Throws Refused with the place of what is wrong.
import { and, not, or, type Path, type Predicate } from '../predicate/predicate.js';
import { coversName, type ConditionNode } from './condition.js';
import { applyModifiers, MODIFIER_NAMES, unknown, type Expansion } from './modifiers.js';
import { fieldPredicate, keywordPredicate } from './operand.js';
import { describe, Refused, type Entry, type Node, type ScalarNode } from './yaml.js';

export interface CompileContext {
  readonly pathOf: (field: string) => Path;
  readonly expansion: Expansion;
  readonly warn: (code: string, at: number, message: string) => void;
}

/** Every search identifier is compiled, mentioned or not: a fault in one is a fault of the rule. */
export function compileDetections(detections: ReadonlyMap<string, Node>, condition: ConditionNode, context: CompileContext, at: number): Predicate {
  const compiled = new Map<string, Predicate>();
  for (const [name, node] of detections) compiled.set(name, compileDetection(node, context));
  const predicate = compileCondition(condition, compiled, { left: COVERED_MAX });
  if (predicate === undefined) throw new Refused('sigma.condition.empty', at, 'expected a condition that covers a search identifier, got patterns that cover none');
  return predicate;
}

/** Selections that the patterns of a condition cover, all together. */
const COVERED_MAX = 100_000;

/** Undefined where patterns cover no name: such a part drops out of the condition. */
function compileCondition(node: ConditionNode, names: ReadonlyMap<string, Predicate>, budget: { left: number }): Predicate | undefined {
  switch (node.kind) {
    case 'name': {
      const known = names.get(node.name);
      if (known === undefined) throw new Refused('sigma.condition.name', node.at, `expected a search identifier (${[...names.keys()].join(', ')}), got ${JSON.stringify(node.name)}`);
      return known;
    }
    case 'not': {
      const part = compileCondition(node.part, names, budget);
      return part === undefined ? undefined : not(part);
    }
    case 'and': case 'or': {
      const parts = node.parts.map((part) => compileCondition(part, names, budget)).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : node.kind === 'and' ? and(parts) : or(parts);
    }
    case 'some': case 'every': {
      budget.left -= names.size;
      if (budget.left < 0) throw new Refused('sigma.condition.size', node.at, `expected patterns that look at ${COVERED_MAX} selections at most, got more`);
      const covered = [...names].filter(([name]) => coversName(node.pattern, name)).map(([, predicate]) => predicate);
      return covered.length === 0 ? undefined : node.kind === 'every' ? and(covered) : or(covered);
    }
  }
}

/** A map is all of its items; a list any of its members; a value a keyword. */
function compileDetection(node: Node, context: CompileContext): Predicate {
  if (node.kind === 'map') {
    if (node.entries.length === 0) throw new Refused('sigma.detection.empty', node.at, 'expected at least one item in the search identifier, got none');
    return and(node.entries.map((entry) => compileItem(entry, context)));
  }
  if (node.kind === 'scalar') return keywords([node], [], node.at, context);
  if (node.items.length === 0) throw new Refused('sigma.detection.empty', node.at, 'expected at least one item in the search identifier, got an empty list');
  const scalars = node.items.filter((item): item is ScalarNode => item.kind === 'scalar');
  if (scalars.length === node.items.length) return keywords(scalars, [], node.at, context);
  return or(node.items.map((item) => compileDetection(item, context)));
}

function compileItem({ key, at, value }: Entry, context: CompileContext): Predicate {
  const [field = '', ...modifiers] = key.split('|');
  for (const modifier of modifiers) if (!MODIFIER_NAMES.includes(modifier)) throw new Refused('sigma.modifier.unknown', at, unknown(modifier), 'a modifier of the specification', modifier);
  if (value.kind === 'map') throw new Refused('sigma.detection.value', value.at, `expected a value or a list of values for ${JSON.stringify(key)}, got a map`);
  const nodes = (value.kind === 'list' ? value.items : [value]).map((item): ScalarNode => {
    if (item.kind !== 'scalar') throw new Refused('sigma.detection.value', item.at, `expected a value in the list of ${JSON.stringify(key)}, got ${describe(item)}`);
    return item;
  });
  if (nodes.length > 1 && nodes.some((node) => node.value === null)) context.warn('sigma.detection.null', value.at, 'expected null alone, got it in a list: it is read as one of the values');
  if (modifiers.includes('all') && nodes.length < 2) context.warn('sigma.modifier.all', at, 'expected several values under |all, got one');
  if (modifiers.some((modifier) => UTF16.has(modifier)) && !modifiers.some((modifier) => modifier.startsWith('base64'))) context.warn('sigma.modifier.wide', at, 'expected |base64 or |base64offset after a change to UTF-16, got neither: text is not compared byte by byte');
  const offset = modifiers.indexOf('base64offset');
  if (offset >= 0 && !modifiers.slice(offset).includes('contains')) context.warn('sigma.modifier.whole', at, 'expected |contains after |base64offset, got none: what is cut out of the middle of base64 is hardly a whole value');
  if (field === '') return keywords(nodes, modifiers, at, context);
  const path = context.pathOf(field);
  if (nodes.length === 0 && modifiers.includes('exists')) throw new Refused('sigma.modifier.exists', value.at, 'expected true or false under |exists, got an empty list', 'true or false', 'an empty list');
  // An empty list of values asks for none.
  if (nodes.length === 0) return link([{ kind: 'null', path }], modifiers);
  const parts = nodes.map((node) => fieldPredicate(applyModifiers(node, modifiers, field, at, context.expansion), path, context.pathOf));
  return link(parts, modifiers);
}
const UTF16 = new Set(['wide', 'utf16', 'utf16le', 'utf16be']);

function keywords(nodes: readonly ScalarNode[], modifiers: readonly string[], at: number, context: CompileContext): Predicate {
  if (nodes.length === 0) throw new Refused('sigma.detection.keyword', at, 'expected a keyword, got an empty list');
  return link(nodes.map((node) => {
    const predicate = keywordPredicate(applyModifiers(node, modifiers, undefined, at, context.expansion));
    if (predicate === undefined) throw new Refused('sigma.detection.keyword', node.at, `expected a keyword (text or a number), got ${describe(node)}${modifiers.length > 0 ? ` under |${modifiers.join('|')} without a field` : ''}`);
    return predicate;
  }), modifiers);
}

function link(parts: readonly Predicate[], modifiers: readonly string[]): Predicate {
  const linked = modifiers.includes('all') ? and(parts) : or(parts);
  return modifiers.includes('neq') ? { kind: 'not', part: linked } : linked;
}
