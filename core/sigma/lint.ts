// What is legal Sigma and yet hardly what its author meant: a log source that nothing here reads, a field that its events never have,
// a selection or a condition that can never be true. All are warnings with their place; whether a rule loads is compile-rules.ts's word.
import { fold } from '../fold.js';
import type { Predicate } from '../predicate/predicate.js';
import type { Problem } from '../problem.js';
import { compileDetections } from './compile.js';
import type { RuleSource } from './compile-rules.js';
import { coversName, type ConditionNode } from './condition.js';
import { contradictionOf, isNever } from './contradiction.js';
import { fieldView } from './field-view.js';
import { knowledgeOf, successorOf } from './known-fields.js';
import { isFed } from './known-sources.js';
import { correlationFindings, referencesIn, type Tell } from './lint-correlation.js';
import { printLogSource } from './logsource.js';
import type { Placeholders } from './modifiers.js';
import { parsePattern } from './operand.js';
import { parseSigma } from './parse.js';
import type { LogSource, SigmaFilter, SigmaRule } from './rule.js';
import { Refused, type Entry, type Node, type ScalarNode } from './yaml.js';

/** Findings of all rules, filters and correlations that can be read, in order of file and place. */
export function extendedFindings(sources: readonly RuleSource[], placeholders: Placeholders = {}): Problem[] {
  const files = sources.map(({ file, text }) => parseSigma(file, text)), references = referencesIn(files.flatMap(({ documents }) => documents));
  return files.flatMap((parsed) => {
    const { file } = parsed, found: (Problem & { readonly at: number })[] = [];
    const tell: Tell = (code, at, message) => { found.push({ code: `sigma.extended.${code}`, message, file, ...parsed.place(at), severity: 'warning', at }); };
    for (const document of parsed.documents) {
      if (document.kind === 'correlation') correlationFindings(document, references, tell);
      else new Findings(document, placeholders, tell).run();
    }
    return found.sort((one, other) => one.at - other.at).map(({ at: _, ...problem }) => problem);
  });
}

class Findings {
  /** Selections that compile, and whether all their placeholders have values: without, nothing is certain about them. */
  readonly #compiled = new Map<string, { readonly predicate: Predicate; readonly isWhole: boolean }>();
  readonly #toldFields = new Set<string>();

  constructor(readonly rule: SigmaRule | SigmaFilter, readonly placeholders: Placeholders, readonly tell: Tell) {}

  run(): void {
    const { logsource, logsourceAt, detections } = this.rule;
    const fed = isFed(logsource);
    if (!fed) this.tell('logsource', logsourceAt, `expected a log source that a format or a table here feeds, got ${printLogSource(logsource)}: the rule never fires`);
    for (const [name, node] of detections) {
      const compiled = this.#compile(node);
      if (compiled !== undefined) this.#compiled.set(name, compiled);
      this.#node(node, fed);
      if (compiled?.isWhole === true && node.kind === 'list' && isNever(compiled.predicate, this.#isMultiple)) this.tell('never', node.at, `expected a selection that an event can meet, got ${name}, of which no part can be true`);
    }
    this.#names();
    this.#condition();
  }

  #compile(node: Node): { predicate: Predicate; isWhole: boolean } | undefined {
    const unset = new Set<string>();
    try {
      const predicate = compileDetections(new Map([['it', node]]), { kind: 'name', name: 'it', at: node.at }, {
        pathOf: fieldView(this.rule.logsource), expansion: { placeholders: this.placeholders, used: new Set(), unset }, warn: () => undefined,
      }, node.at);
      return { predicate, isWhole: unset.size === 0 };
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  #node(node: Node, fed: boolean): void {
    if (node.kind === 'list') { for (const item of node.items) this.#node(item, fed); return; }
    if (node.kind === 'scalar') return;
    const parts: Predicate[] = [];
    let isTold = false;
    for (const entry of node.entries) {
      this.#item(entry, fed);
      const compiled = this.#compile({ kind: 'map', at: entry.at, entries: [entry] });
      if (compiled?.isWhole !== true || isTold) continue;
      parts.push(compiled.predicate);
      const clash = contradictionOf(parts, this.#isMultiple);
      if (clash === undefined) continue;
      isTold = true;
      this.tell('never', entry.at, `expected questions that one value can answer, got some that exclude each other about ${clash.field || 'a field'}: only an event that holds several values there can meet them`);
    }
  }

  /** Does an event of this source hold several values in a field? Then equal-to-this and equal-to-that are no contradiction. */
  readonly #isMultiple = (field: string): boolean => MULTIPLE.has(field) || isOpen(this.rule.logsource);

  #item({ key, at, value }: Entry, fed: boolean): void {
    const [field = '', ...modifiers] = key.split('|'), nodes = (value.kind === 'list' ? value.items : [value]).filter((node): node is ScalarNode => node.kind === 'scalar');
    if (field !== '') this.#field(field, at, fed);
    if (modifiers.includes('fieldref')) for (const node of nodes) this.#field(node.source, node.at, fed);
    const asText = !modifiers.includes('re') && !modifiers.includes('fieldref') && !modifiers.some((modifier) => modifier.startsWith('base64') || modifier.startsWith('utf16') || modifier === 'wide');
    const seen = new Set<string>();
    for (const node of nodes) {
      if (typeof node.value === 'string' && asText) this.#wildcards(node, modifiers);
      const text = `${typeof node.value === 'string' && asText && !modifiers.includes('cased') ? fold(node.source) : node.source}\n${node.value === null ? 'null' : ''}`;
      if (seen.has(text)) this.tell('twice', node.at, `expected each value once, got ${JSON.stringify(node.source)} again`);
      seen.add(text);
    }
  }

  #field(field: string, at: number, fed: boolean): void {
    const { logsource } = this.rule, successor = successorOf(logsource, field);
    if (this.#toldFields.has(field)) return;
    if (successor !== undefined) {
      this.#toldFields.add(field);
      this.tell('field.old', at, `expected the field's name of today, ${successor}, got ${field}`);
      return;
    }
    const knowledge = fed ? knowledgeOf(logsource, field) : undefined;
    if (knowledge?.kind !== 'unknown') return;
    this.#toldFields.add(field);
    this.tell('field', at, `expected a field that events of ${printLogSource(logsource)} have, got ${JSON.stringify(field)}${knowledge.near === undefined ? '' : `: did you mean ${knowledge.near}?`}`);
  }

  #wildcards(node: ScalarNode, modifiers: readonly string[]): void {
    const pattern = parsePattern(String(node.value)), first = pattern[0]?.kind === 'any', last = pattern[pattern.length - 1]?.kind === 'any', isOnly = pattern.length === 1;
    const modifier = (['contains', 'startswith', 'endswith'] as const).find((one) => modifiers.includes(one));
    if (modifier === undefined || (isOnly && first)) return;
    if (pattern.length === 0) this.tell('wildcard', node.at, `expected some text under |${modifier}, got none: every value answers yes`);
    else if (modifier === 'endswith' && last) this.tell('wildcard', node.at, `expected |contains, got |endswith with a value that ends in *, which any value may follow`);
    else if (modifier === 'startswith' && first) this.tell('wildcard', node.at, `expected |contains, got |startswith with a value that begins with *, which any value may precede`);
    else if ((first && modifier !== 'startswith') || (last && modifier !== 'endswith')) this.tell('wildcard', node.at, `expected the value without the * that |${modifier} adds itself, got ${JSON.stringify(node.source)}`);
  }

  /** Selections that the condition never reads, patterns that cover none, filters that are not taken away. */
  #names(): void {
    const { detections, condition } = this.rule, uses = usesIn(condition, true), covered = (name: string): Use[] => uses.filter(({ pattern }) => coversName(pattern, name) || pattern === name);
    for (const { pattern, at, isPattern } of uses) {
      if (isPattern && ![...detections.keys()].some((name) => coversName(pattern, name))) this.tell('pattern', at, `expected a pattern that covers a selection (${[...detections.keys()].join(', ')}), got ${JSON.stringify(pattern)}: it drops out of the condition`);
    }
    for (const [name, node] of detections) {
      const own = covered(name);
      if (own.length === 0) this.tell('unused', node.at, `expected a selection that the condition reads, got ${name}, which it does not`);
      else if (/^filter/i.test(name) && this.rule.kind === 'rule' && own.every(({ isPlain }) => isPlain)) this.tell('filter', own[0]?.at ?? node.at, `expected "not" before ${name}, got none: the rule fires only where the filter holds`);
    }
  }

  #condition(): void {
    const { detections, condition, conditionAt, kind } = this.rule;
    if ([...detections.keys()].some((name) => this.#compiled.get(name)?.isWhole !== true)) return;
    const variables = new Map<string, number>(), of = new Map<string, number | boolean>();
    for (const [name, { predicate }] of this.#compiled) {
      const text = JSON.stringify(predicate);
      if (isNever(predicate, this.#isMultiple)) { of.set(name, false); continue; }
      if (!variables.has(text)) variables.set(text, variables.size);
      of.set(name, variables.get(text) as number);
    }
    if (variables.size > VARIABLES_MAX) return;
    const answers = new Set<boolean>();
    for (let row = 0; row < 2 ** variables.size; row++) answers.add(truth(condition, [...of].map(([name, value]) => [name, typeof value === 'boolean' ? value : (row >> value) % 2 === 1])) ?? true);
    const clash = answers.has(true) ? contradictionOf(conjunctsOf(condition, this.#compiled), this.#isMultiple) : undefined;
    if (!answers.has(true)) this.tell('condition', conditionAt, 'expected a condition that can be true, got one that never is');
    else if (!answers.has(false)) this.tell('condition', conditionAt, 'expected a condition that can be false, got one that is true of every event');
    // What the selections say alone was told where they stand.
    else if (clash !== undefined && kind === 'rule') this.tell('condition', conditionAt, `expected selections that one event can meet, got some that exclude each other about ${clash.field}: only an event that holds several values there can meet them`);
  }
}

/** ECS fields that are lists by their definition. */
const MULTIPLE: ReadonlySet<string> = new Set(['event.category', 'event.type', 'tags', 'host.ip', 'host.mac', 'process.args', 'process.parent.args', 'dns.answers.data', 'dns.resolved_ip', 'email.to.address', 'user.roles', 'answers', 'registry.data.strings']);
/** Sources of JSON, where any field may be a list. */
const isOpen = ({ product = '', category = '', service = '' }: LogSource): boolean =>
  !(product.toLowerCase() === 'windows' || (product.toLowerCase() === 'linux') || ['webserver', 'proxy', 'dns', 'firewall', 'antivirus', 'database'].includes(category.toLowerCase()) || (category === '' && service !== '' && ['apache', 'nginx'].includes(product.toLowerCase())));

const VARIABLES_MAX = 10;

interface Use { readonly pattern: string; readonly at: number; readonly isPattern: boolean; /** Not under a `not`. */ readonly isPlain: boolean }

function usesIn(node: ConditionNode, isPlain: boolean): Use[] {
  switch (node.kind) {
    case 'name': return [{ pattern: node.name, at: node.at, isPattern: false, isPlain }];
    case 'some': case 'every': return [{ pattern: node.pattern, at: node.at, isPattern: true, isPlain }];
    case 'not': return usesIn(node.part, !isPlain);
    case 'and': case 'or': return node.parts.flatMap((part) => usesIn(part, isPlain));
  }
}

function truth(node: ConditionNode, names: readonly (readonly [string, boolean])[]): boolean | undefined {
  switch (node.kind) {
    case 'name': return names.find(([name]) => name === node.name)?.[1];
    case 'not': { const part = truth(node.part, names); return part === undefined ? undefined : !part; }
    case 'and': case 'or': {
      const parts = node.parts.map((part) => truth(part, names)).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : node.kind === 'and' ? parts.every(Boolean) : parts.some(Boolean);
    }
    case 'some': case 'every': {
      const covered = names.filter(([name]) => coversName(node.pattern, name)).map(([, value]) => value);
      return covered.length === 0 ? undefined : node.kind === 'every' ? covered.every(Boolean) : covered.some(Boolean);
    }
  }
}

/** The selections that must all be met, whatever else. */
function conjunctsOf(node: ConditionNode, compiled: ReadonlyMap<string, { readonly predicate: Predicate }>): Predicate[] {
  switch (node.kind) {
    case 'name': { const one = compiled.get(node.name); return one === undefined ? [] : [one.predicate]; }
    case 'every': return [...compiled].filter(([name]) => coversName(node.pattern, name)).map(([, { predicate }]) => predicate);
    case 'and': return node.parts.flatMap((part) => conjunctsOf(part, compiled));
    case 'not': case 'or': case 'some': return [];
  }
}
