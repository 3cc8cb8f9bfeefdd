// A Sigma file's text -> the documents it holds, checked, with every problem at its line and column. A broken document stops
// no other. `action:` collections are merged before the documents are read; references are resolved later (engine.ts).
import type { Problem } from '../problem.js';
import { isError } from '../problem.js';
import { parseCondition, type ConditionNode } from './condition.js';
import { readCorrelation } from './parse-correlation.js';
import { collector, readHead, type Tell } from './head.js';
import type { LogSource, Parsed, ParsedFile, SigmaFilter, SigmaRule } from './rule.js';
import { canonicalOf, childOf, describe, entryOf, NODES_MAX, offsets, readYaml, Refused, type Entry, type MapNode, type Node } from './yaml.js';

export function parseSigma(file: string, text: string): ParsedFile {
  const yaml = readYaml(file, text), problems: Problem[] = [...yaml.problems], documents: Parsed[] = [];
  const { tell, problems: collected } = collector(file, yaml.place);
  const maps = yaml.documents.filter((node): node is MapNode => {
    if (node.kind !== 'map') tell('sigma.document', node.at, `expected a rule (a map with title, logsource, detection), got ${describe(node)}`);
    return node.kind === 'map';
  });
  if (yaml.documents.length === 0 && problems.length === 0) tell('sigma.document', 0, 'expected a rule, got an empty file');
  for (const [i, { map, merged }] of collect(maps, tell).entries()) {
    const own = collector(file, yaml.place);
    const start = map.at, next = maps[i + 1]?.at ?? text.length;
    const body = merged || maps.length === 1 ? text : text.slice(start, next).replace(/\n---\s*$/, '\n');
    try {
      const read = readDocument(map, file, yaml.place(start).line, body, text, own.tell);
      if (read !== undefined && !own.problems.some(isError)) documents.push(read);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      own.tell(error.code, error.at, error.message);
    }
    collected.push(...own.problems);
  }
  return { file, documents, problems: [...problems, ...collected], place: yaml.place };
}

/** `action: global` gives its keys to the documents that follow, `repeat` varies the one before, `reset` ends a global. */
function collect(maps: readonly MapNode[], tell: Tell): { map: MapNode; merged: boolean }[] {
  const result: { map: MapNode; merged: boolean }[] = [];
  let global: MapNode | undefined, previous: MapNode | undefined, left = NODES_MAX;
  const merged = (base: MapNode, over: MapNode): MapNode => {
    const both = merge(base, over);
    left -= sizeOf(both);
    return both;
  };
  for (const map of maps) {
    const action = entryOf(map, 'action');
    const word = action?.value.kind === 'scalar' ? action.value.value : undefined;
    const rest: MapNode = { ...map, entries: map.entries.filter((entry) => entry !== action) };
    if (action === undefined) {
      const plain = entryOf(map, 'correlation') !== undefined || entryOf(map, 'filter') !== undefined;
      const own = plain || global === undefined ? map : merged(map, global);
      if (!plain) previous = own;
      result.push({ map: own, merged: own !== map });
    } else if (word === 'global') { global = rest; previous = rest; }
    else if (word === 'reset') global = undefined;
    else if (word === 'repeat') {
      if (previous === undefined) { tell('sigma.action', action.value.at, 'expected a rule before action: repeat, got none'); continue; }
      previous = merged(previous, rest);
      result.push({ map: { ...previous, at: map.at }, merged: true });
    } else tell('sigma.action', action.value.at, `expected action to be global, reset or repeat, got ${describe(action.value)}`);
    if (left < 0) { tell('sigma.action.size', map.at, `expected at most ${NODES_MAX} values in all documents that action makes, got more`); result.pop(); break; }
  }
  return result;
}

/** `over`'s values win; maps are merged level by level. */
function merge(base: MapNode, over: MapNode): MapNode {
  const theirs = new Map(over.entries.map((entry) => [entry.key, entry])), own = new Set(base.entries.map(({ key }) => key));
  const entries: Entry[] = base.entries.map((entry) => {
    const other = theirs.get(entry.key);
    if (other === undefined) return entry;
    return entry.value.kind === 'map' && other.value.kind === 'map' ? { ...entry, value: merge(entry.value, other.value) } : other;
  });
  return { ...base, entries: [...entries, ...over.entries.filter(({ key }) => !own.has(key))] };
}

function sizeOf(node: Node): number {
  if (node.kind === 'scalar') return 1;
  const inner = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  return inner.reduce((sum, one) => sum + sizeOf(one), 1);
}

function readDocument(map: MapNode, file: string, line: number, body: string, text: string, tell: Tell): Parsed | undefined {
  const head = { ...readHead(map, file, line, body, tell), canonical: canonicalOf(map) };
  const correlation = entryOf(map, 'correlation'), filter = entryOf(map, 'filter'), detection = entryOf(map, 'detection');
  if (correlation !== undefined) {
    if (correlation.value.kind !== 'map') return refuse(tell, 'sigma.correlation', correlation.value, 'correlation to be a map');
    return { ...head, kind: 'correlation', ...readCorrelation(correlation.value, childOf(map, 'generate'), tell, text) };
  }
  const logsource = readLogSource(map, tell), logsourceAt = entryOf(map, 'logsource')?.at ?? map.at;
  if (filter !== undefined) {
    if (filter.value.kind !== 'map') return refuse(tell, 'sigma.filter', filter.value, 'filter to be a map');
    const rules = filterRules(filter.value, filter.at, tell), read = readDetections(filter.value, filter.at, ['rules'], 'filter', text, tell);
    if (read === undefined || logsource === undefined || rules === undefined) return undefined;
    return { ...head, kind: 'filter', logsource, logsourceAt, rules, ...read } satisfies SigmaFilter;
  }
  if (detection === undefined) { tell('sigma.detection', map.at, 'expected detection (or correlation, or filter), got none'); return undefined; }
  if (detection.value.kind !== 'map') return refuse(tell, 'sigma.detection', detection.value, 'detection to be a map');
  const read = readDetections(detection.value, detection.at, [], 'detection', text, tell);
  if (read === undefined || logsource === undefined) return undefined;
  return { ...head, kind: 'rule', logsource, logsourceAt, ...read } satisfies SigmaRule;
}

function refuse(tell: Tell, code: string, node: Node, expected: string): undefined {
  tell(code, node.at, `expected ${expected}, got ${describe(node)}`);
  return undefined;
}

function readLogSource(map: MapNode, tell: Tell): LogSource | undefined {
  const entry = entryOf(map, 'logsource');
  if (entry === undefined) { tell('sigma.logsource', map.at, 'expected logsource, got none'); return undefined; }
  const { value } = entry;
  if (value.kind !== 'map') return refuse(tell, 'sigma.logsource', value, 'logsource to be a map with category, product or service');
  const logsource: { category?: string; product?: string; service?: string } = {};
  for (const key of ['category', 'product', 'service'] as const) {
    const node = childOf(value, key);
    if (node === undefined || (node.kind === 'scalar' && (node.value === null || node.value === ''))) continue;
    if (node.kind !== 'scalar' || typeof node.value !== 'string') return refuse(tell, 'sigma.logsource', node, `${key} to be text`);
    logsource[key] = node.value;
  }
  const definition = childOf(value, 'definition');
  if (definition !== undefined && (definition.kind !== 'scalar' || (definition.value !== null && typeof definition.value !== 'string'))) return refuse(tell, 'sigma.logsource', definition, 'definition to be text');
  if (Object.keys(logsource).length === 0) { tell('sigma.logsource', value.at, 'expected category, product or service under logsource, got none of them'); return undefined; }
  return logsource;
}

function readDetections(map: MapNode, at: number, reserved: readonly string[], what: string, text: string, tell: Tell): { detections: Map<string, Node>; condition: ConditionNode; conditionAt: number } | undefined {
  const condition = entryOf(map, 'condition');
  const detections = new Map<string, Node>();
  for (const { key, value, at: place } of map.entries) {
    if (key === 'condition' || reserved.includes(key)) continue;
    // An aggregation's time frame, of the language before correlations: nothing to search for.
    if (key === 'timeframe' && value.kind === 'scalar') { tell('sigma.timeframe', place, 'expected a correlation with timespan, got timeframe: it is ignored', 'warning'); continue; }
    detections.set(key, value);
  }
  if (condition === undefined) { tell('sigma.condition', at, `expected a condition under ${what}, got none`); return undefined; }
  if (detections.size === 0) { tell('sigma.detection', at, `expected a search identifier beside the condition under ${what}, got none`); return undefined; }
  const nodes = condition.value.kind === 'list' ? condition.value.items : [condition.value];
  if (nodes.length === 0) { tell('sigma.condition', condition.value.at, 'expected a condition, got an empty list'); return undefined; }
  if (what === 'filter' && condition.value.kind === 'list') { tell('sigma.condition', condition.value.at, 'expected one condition under filter, got a list'); return undefined; }
  const parts: ConditionNode[] = [];
  for (const node of nodes) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') { refuse(tell, 'sigma.condition', node, 'a condition as text'); return undefined; }
    parts.push(parseCondition(node.value, offsets(node, text)));
  }
  return { detections, conditionAt: condition.value.at, condition: parts.length === 1 ? (parts[0] as ConditionNode) : { kind: 'or', parts } };
}

function filterRules(map: MapNode, at: number, tell: Tell): SigmaFilter['rules'] | undefined {
  const node = childOf(map, 'rules');
  if (node === undefined) { tell('sigma.filter.rules', at, 'expected rules under filter ("any", or ids or names), got none'); return undefined; }
  if (node.kind === 'scalar' && typeof node.value === 'string') return ['any', 'all'].includes(node.value.toLowerCase()) ? 'any' : [{ reference: node.value, at: node.at }];
  if (node.kind !== 'list') return refuse(tell, 'sigma.filter.rules', node, 'rules to be "any" or a list of ids or names');
  if (node.items.length === 0) return 'any';
  const rules: { reference: string; at: number }[] = [];
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.value === null) return refuse(tell, 'sigma.filter.rules', item, 'the id or name of a rule');
    rules.push({ reference: item.source, at: item.at });
  }
  return rules;
}
