// What rules, correlations and filters have in common: title, id, level, tags and the like, checked against the specification's
// enumerations. Every fault of a document is told, not only the first.
import type { Problem } from '../problem.js';
import { SEVERITIES, type Severity } from '../tier.js';
import type { Head, OwnKey } from './rule.js';
import { childOf, describe, type MapNode, type Node } from './yaml.js';

export type Tell = (code: string, at: number, message: string, severity?: 'warning') => void;

const STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const RELATIONS = ['derived', 'obsolete', 'merged', 'renamed', 'similar', 'correlation'];
export const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const TITLE_MAX = 256;
/** A rule that names no level is worth a look, no more. */
const DEFAULT_LEVEL: Severity = 'medium';

export function readHead(map: MapNode, file: string, line: number, text: string, tell: Tell): Head {
  const texts = (key: string): string | undefined => {
    const node = childOf(map, key);
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
    // A title such as `4625` or `true` is still a title when quoted only.
    if (node.kind === 'scalar' && typeof node.value === 'string') return node.value;
    tell(`sigma.${key}`, node.at, `expected ${key} to be text, got ${describe(node)}`);
    return undefined;
  };
  const title = texts('title');
  if (title === undefined && (childOf(map, 'title') === undefined || isNull(childOf(map, 'title')))) tell('sigma.title', map.at, 'expected a title, got none');
  else if (title?.trim() === '') tell('sigma.title', at(map, 'title'), 'expected a title, got an empty one');
  else if (title !== undefined && [...title].length > TITLE_MAX) tell('sigma.title', at(map, 'title'), `expected a title of at most ${TITLE_MAX} characters, got ${[...title].length}`);
  const id = texts('id');
  if (id !== undefined && !UUID.test(id)) tell('sigma.id', at(map, 'id'), `expected a UUID as id, got ${JSON.stringify(id)}`);
  const name = texts('name');
  if (name === '') tell('sigma.name', at(map, 'name'), 'expected a name that is not empty, got ""');
  if (texts('taxonomy') === '') tell('sigma.taxonomy', at(map, 'taxonomy'), 'expected a taxonomy that is not empty, got ""');
  const level = oneOf(map, 'level', SEVERITIES, tell), status = oneOf(map, 'status', STATUSES, tell);
  readRelated(map, tell);
  lists(map, 'scope', tell);
  return {
    file, at: map.at, line, title: title ?? '', id: id?.toLowerCase(), name, level: (level as Severity | undefined) ?? DEFAULT_LEVEL, status,
    description: texts('description'), author: texts('author'), license: texts('license'),
    date: dateOf(map, 'date', tell), modified: dateOf(map, 'modified', tell),
    tags: tagsOf(map, tell), references: lists(map, 'references', tell), falsepositives: lists(map, 'falsepositives', tell), fields: lists(map, 'fields', tell),
    own: ownKey(map, tell), text,
  };
}

const isNull = (node: Node | undefined): boolean => node === undefined || (node.kind === 'scalar' && node.value === null);
const at = (map: MapNode, key: string): number => childOf(map, key)?.at ?? map.at;

function oneOf(map: MapNode, key: string, allowed: readonly string[], tell: Tell): string | undefined {
  const node = childOf(map, key);
  if (node === undefined || isNull(node)) return undefined;
  const value = node.kind === 'scalar' && typeof node.value === 'string' ? node.value.toLowerCase() : undefined;
  if (value !== undefined && allowed.includes(value)) return value;
  tell(`sigma.${key}`, node.at, `expected ${key} to be one of ${allowed.join(', ')}, got ${describe(node)}`);
  return undefined;
}

function dateOf(map: MapNode, key: string, tell: Tell): string | undefined {
  const node = childOf(map, key);
  if (node === undefined || isNull(node)) return undefined;
  const written = node.kind === 'scalar' ? String(node.value) : '';
  const parts = /^([1-3]\d{3})-([01]\d)-([0-3]\d)$/.exec(written) ?? /^([1-3]\d{3})\/([01]?\d)\/([0-3]?\d)$/.exec(written);
  if (parts !== null) {
    const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
    const date = new Date(Date.UTC(year, month - 1, day));
    if (date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return date.toISOString().slice(0, 10);
  }
  tell(`sigma.${key}`, node.at, `expected ${key} as YYYY-MM-DD, got ${describe(node)}`);
  return undefined;
}

/** A list of texts; a single text is taken as a list where people often write one. */
function lists(map: MapNode, key: string, tell: Tell): readonly string[] {
  const node = childOf(map, key);
  if (node === undefined || isNull(node)) return [];
  if (node.kind !== 'list') { tell(`sigma.${key}`, node.at, `expected ${key} to be a list, got ${describe(node)}`); return []; }
  return node.items.flatMap((item) => (item.kind === 'scalar' && item.value !== null ? [item.source] : []));
}

function tagsOf(map: MapNode, tell: Tell): readonly string[] {
  const node = childOf(map, 'tags');
  for (const item of node?.kind === 'list' ? node.items : []) {
    const tag = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : undefined;
    if (tag === undefined || !/^[^.]+\..+$/.test(tag)) tell('sigma.tags', item.at, `expected a tag as namespace.name, as in attack.t1059, got ${describe(item)}`);
  }
  return lists(map, 'tags', tell);
}

function readRelated(map: MapNode, tell: Tell): void {
  const node = childOf(map, 'related');
  if (node === undefined || isNull(node)) return;
  if (node.kind !== 'list') { tell('sigma.related', node.at, `expected related to be a list, got ${describe(node)}`); return; }
  for (const item of node.items) {
    const id = item.kind === 'map' ? childOf(item, 'id') : undefined, type = item.kind === 'map' ? childOf(item, 'type') : undefined;
    if (id?.kind !== 'scalar' || !UUID.test(String(id.value))) tell('sigma.related', id?.at ?? item.at, `expected the UUID of a related rule as id, got ${id === undefined ? 'none' : describe(id)}`);
    if (type?.kind !== 'scalar' || !RELATIONS.includes(String(type.value).toLowerCase())) tell('sigma.related', type?.at ?? item.at, `expected type to be one of ${RELATIONS.join(', ')}, got ${type === undefined ? 'none' : describe(type)}`);
  }
}

/** Our own key: what the rule says about grouping, and its words in Vietnamese. */
function ownKey(map: MapNode, tell: Tell): OwnKey {
  const node = childOf(map, 'haidang');
  if (node === undefined || isNull(node)) return {};
  if (node.kind !== 'map') { tell('sigma.haidang', node.at, `expected haidang to be a map, got ${describe(node)}`); return {}; }
  const text = (key: string): string | undefined => {
    const value = childOf(node, key);
    if (value === undefined || isNull(value)) return undefined;
    if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
    tell('sigma.haidang', value.at, `expected haidang.${key} to be text, got ${describe(value)}`);
    return undefined;
  };
  for (const { key, at: place } of node.entries) {
    if (!['family', 'entity', 'title_vi', 'description_vi'].includes(key)) tell('sigma.haidang', place, `expected family, entity, title_vi or description_vi under haidang, got ${JSON.stringify(key)}`);
  }
  const entity = childOf(node, 'entity');
  const names = entity === undefined ? undefined : entity.kind === 'list' ? lists(node, 'entity', tell) : [text('entity') ?? ''];
  return { family: text('family'), entity: names?.filter((name) => name !== ''), titleVi: text('title_vi'), descriptionVi: text('description_vi') };
}

/** A `Tell` that collects, with the file's places. */
export function collector(file: string, place: (at: number) => { line: number; column: number }): { readonly tell: Tell; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  return { problems, tell: (code, offset, message, severity) => { problems.push({ code, message, file, ...place(offset), ...(severity === undefined ? {} : { severity }) }); } };
}
