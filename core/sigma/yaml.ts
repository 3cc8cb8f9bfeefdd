// YAML 1.2 into a small located tree: every key and value knows where it stands and how it was spelled, because Sigma needs
// both (`contains: 00000429` means these eight digits). Bounded: 1 MB (the largest public rule has 295 KB), 32 levels, a fixed number of nodes, aliases included.
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit, type Document, type Node as YamlNode } from 'yaml';
import type { Problem } from '../problem.js';
import { readPlainYaml } from './yaml-plain.js';

export type Node = MapNode | ListNode | ScalarNode;
/** `at` is an offset into the file's text. */
export interface ScalarNode { readonly kind: 'scalar'; readonly at: number; readonly value: string | number | boolean | null; readonly source: string; readonly quoted: boolean }
export interface ListNode { readonly kind: 'list'; readonly at: number; readonly items: readonly Node[] }
export interface MapNode { readonly kind: 'map'; readonly at: number; readonly entries: readonly Entry[] }
export interface Entry { readonly key: string; readonly at: number; readonly value: Node }

export interface YamlFile {
  readonly documents: readonly Node[];
  readonly problems: readonly Problem[];
  /** 1-based line and column of an offset. */
  readonly place: (at: number) => { readonly line: number; readonly column: number };
}

export const FILE_BYTES_MAX = 1024 * 1024;
/** What YAML does not allow in a file, and what a reader puts where bytes are no UTF-8. */
const NO_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\uFFFD]|\p{Surrogate}/u;
/** Half of a character: no event in UTF-8 can have it. */
const HALF = /\p{Surrogate}/u;
const DEPTH_MAX = 32;
export const NODES_MAX = 100_000;

/** Documents that are empty (only comments) are left out. */
export function readYaml(file: string, text: string): YamlFile {
  const starts = lineStarts(text), place = (at: number): { line: number; column: number } => placeOf(starts, at);
  const problem = (code: string, at: number, message: string): Problem => ({ code, message, file, ...place(at) });
  if (text.length > FILE_BYTES_MAX || new TextEncoder().encode(text).length > FILE_BYTES_MAX) {
    return { documents: [], place, problems: [problem('sigma.file.too_long', 0, `expected a rule file of at most ${FILE_BYTES_MAX} bytes, got a longer one`)] };
  }
  const strange = NO_TEXT.exec(text);
  if (strange !== null) {
    const got = HALF.test(strange[0]) ? halfOf(strange[0]) : strange[0] === '\uFFFD' ? 'bytes that are no UTF-8 (or U+FFFD itself: write "\\uFFFD")' : `the control character U+${strange[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    return { documents: [], place, problems: [problem('sigma.file.encoding', strange.index, `expected text in UTF-8, got ${got}`)] };
  }
  const plain = readPlainYaml(text, starts, DEPTH_MAX, NODES_MAX);
  if (plain !== undefined) return { documents: plain, problems: [], place };
  return { ...readWholeYaml(text, problem), place };
}

/** By a parser of all of YAML. */
export function readWholeYaml(text: string, problem: (code: string, at: number, message: string) => Problem): Omit<YamlFile, 'place'> {
  const documents: Node[] = [], problems: Problem[] = [];
  try {
    const parsed = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false, merge: true, strict: true });
    const all = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
    for (const document of all) {
      // A tag of somebody's own is the one thing it only warns of: what it would make of the value nobody knows here.
      const error = document.errors[0] ?? document.warnings[0];
      if (error !== undefined) { problems.push(problem('sigma.yaml', error.pos[0], `expected YAML, got an error: ${error.message}`)); continue; }
      if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) continue;
      const budget: Budget = { nodes: 0, targets: undefined };
      try { documents.push(convert(document.contents, document, 0, budget)); } catch (error) {
        // What is wrong in one document is no fault of the next; what is too much is.
        if (!(error instanceof Refused) || TOO_MUCH.has(error.code)) throw error;
        problems.push(problem(error.code, error.at, error.message));
      }
    }
  } catch (error) {
    if (error instanceof Refused) problems.push(problem(error.code, error.at, error.message));
    // Flow collections nested thousands deep exhaust the stack of the YAML reader itself.
    else problems.push(problem('sigma.yaml.depth', 0, `expected YAML of at most ${DEPTH_MAX} levels, got an error: ${error instanceof Error ? error.message : String(error)}`));
  }
  return { documents, problems };
}

const TOO_MUCH: ReadonlySet<string> = new Set(['sigma.yaml.size', 'sigma.yaml.depth']);
const halfOf = (half: string): string => `U+${half.charCodeAt(0).toString(16).toUpperCase()}, one half of a surrogate pair`;

function checkText(text: string, at: number): void {
  const half = HALF.exec(text);
  if (half !== null) throw new Refused('sigma.yaml.surrogate', at, `expected whole characters, got ${halfOf(half[0])}`);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function placeOf(starts: readonly number[], at: number): { line: number; column: number } {
  let low = 0;
  for (let high = starts.length; high - low > 1;) { const middle = (low + high) >> 1; if ((starts[middle] as number) <= at) low = middle; else high = middle; }
  return { line: low + 1, column: at - (starts[low] as number) + 1 };
}

/** A refusal with its place; caught where the file or the document is known. */
export class Refused extends Error {
  constructor(readonly code: string, readonly at: number, message: string, readonly expected?: string, readonly got?: string) {
    super(message);
  }
}

/** Nodes made so far, and what each alias leads to, once one is met. */
interface Budget { nodes: number; targets: ReadonlyMap<YamlNode, YamlNode | undefined> | undefined }

/** All at once: the parser's own way reads the whole document for each. */
function targetsOf(document: Document): ReadonlyMap<YamlNode, YamlNode | undefined> {
  const targets = new Map<YamlNode, YamlNode | undefined>(), anchored = new Map<string, YamlNode>();
  visit(document, { Node: (_, node) => {
    if (isAlias(node)) targets.set(node, anchored.get(node.source));
    else if (node.anchor !== undefined) anchored.set(node.anchor, node);
  } });
  return targets;
}

function convert(node: YamlNode | null, document: Document, depth: number, budget: Budget, fallback = 0): Node {
  const at = node?.range?.[0] ?? fallback;
  if (++budget.nodes > NODES_MAX) throw new Refused('sigma.yaml.size', at, `expected at most ${NODES_MAX} values in a document (aliases count where they stand), got more`);
  if (depth > DEPTH_MAX) throw new Refused('sigma.yaml.depth', at, `expected at most ${DEPTH_MAX} levels, got a deeper nesting`);
  if (node === null) return { kind: 'scalar', at, value: null, source: '', quoted: false };
  if (isAlias(node)) {
    const target = (budget.targets ??= targetsOf(document)).get(node);
    if (target === undefined) throw new Refused('sigma.yaml.alias', at, `expected the name of an anchor above, got *${node.source}`);
    return convert(target, document, depth + 1, budget, at);
  }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => convert(item as YamlNode | null, document, depth + 1, budget, at)) };
  if (isMap(node)) return convertMap(node, at, document, depth, budget);
  if (isScalar(node) && typeof node.value === 'string') checkText(node.value, at);
  if (isScalar(node)) return scalar(node.value, node.source ?? '', node.type, at);
  throw new Refused('sigma.yaml.kind', at, 'expected a map, a list or a value, got something else');
}

function convertMap(map: { items: { key: unknown; value: unknown }[] }, at: number, document: Document, depth: number, budget: Budget): MapNode {
  const entries: Entry[] = [], merged: Entry[] = [], seen = new Set<string>();
  for (const { key, value } of map.items) {
    const keyNode = key as YamlNode | null, keyAt = keyNode?.range?.[0] ?? at;
    if (keyNode !== null && !isScalar(keyNode)) throw new Refused('sigma.yaml.key', keyAt, 'expected a plain key, got a list, a map or an alias');
    const name = keyNode === null ? '' : keyText(keyNode.value, keyNode.source);
    const inner = convert(value as YamlNode | null, document, depth + 1, budget, keyAt + name.length);
    if (name === '<<' && keyNode !== null && keyNode.type === 'PLAIN') { merged.push(...mergeEntries(inner)); continue; }
    checkText(name, keyAt);
    if (seen.has(name)) throw new Refused('sigma.yaml.duplicate', keyAt, `expected each key once, got ${JSON.stringify(name)} again`, 'each key once', name);
    seen.add(name);
    entries.push({ key: name, at: keyAt, value: inner });
  }
  for (const entry of merged) if (!seen.has(entry.key)) { seen.add(entry.key); entries.push(entry); }
  return { kind: 'map', at, entries };
}

function mergeEntries(inner: Node): readonly Entry[] {
  if (inner.kind === 'map') return inner.entries;
  if (inner.kind === 'list') return inner.items.flatMap((item) => mergeEntries(item));
  throw new Refused('sigma.yaml.merge', inner.at, 'expected a map behind <<, got a value');
}

/** A plain key keeps its spelling: `0x10: a` is the field 0x10, not 16. */
const keyText = (value: unknown, source: string | undefined): string => (typeof value === 'string' ? value : source ?? String(value));

function scalar(value: unknown, source: string, type: string | undefined, at: number): ScalarNode {
  const quoted = type !== 'PLAIN';
  if (typeof value === 'number' && !Number.isFinite(value)) return { kind: 'scalar', at, value: source, source, quoted };
  if (typeof value === 'string') return { kind: 'scalar', at, value, source: value, quoted };
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return { kind: 'scalar', at, value, source, quoted };
  if (typeof value === 'bigint') return { kind: 'scalar', at, value: Number(value), source, quoted };
  return { kind: 'scalar', at, value: String(value), source, quoted };
}

export const entryOf = (map: MapNode, key: string): Entry | undefined => map.entries.find((entry) => entry.key === key);
export const childOf = (map: MapNode, key: string): Node | undefined => entryOf(map, key)?.value;

/** What a node is, for messages. */
export function describe(node: Node): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'nothing';
  const text = typeof node.value === 'string' ? JSON.stringify(node.value) : node.source || String(node.value);
  const short = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return typeof node.value === 'string' ? `the text ${short}` : typeof node.value === 'boolean' ? `the truth value ${short}` : `the number ${short}`;
}

/** The tree as JSON: equal for documents that say the same, however they are written. */
export function canonicalOf(node: Node): string {
  if (node.kind === 'scalar') return typeof node.value === 'number' ? `{"number":${JSON.stringify(node.source)}}` : JSON.stringify(node.value);
  if (node.kind === 'list') return `[${node.items.map(canonicalOf).join()}]`;
  return `{${node.entries.map(({ key, value }) => `${JSON.stringify(`.${key}`)}:${canonicalOf(value)}`).join()}}`;
}

/** Offsets into the file for indexes into a scalar: exact where the text stands there as such. */
export function offsets(node: ScalarNode, text: string): (index: number) => number {
  const start = node.at + (node.quoted ? 1 : 0), value = String(node.value);
  const exact = text.startsWith(value, start);
  return (index) => (exact ? start + index : node.at);
}
