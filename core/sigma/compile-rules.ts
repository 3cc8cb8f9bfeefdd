// Files of Sigma documents -> one rule set: references resolved, filters joined to their rules, placeholders filled in, site
// tuning applied, versions computed. One broken document stops no other; what refers to it is refused with it, by name.
import { isError, type Problem } from '../problem.js';
import { and, not, type Path, type Pattern, type Predicate } from '../predicate/predicate.js';
import { parseNetwork } from '../ip.js';
import { compileDetections } from './compile.js';
import type { CompiledCorrelation, CompiledRule, CompiledState, Reads, RefusedRule, RuleSet } from './compiled.js';
import { fieldView, FIELD_VIEW_VERSION } from './field-view.js';
import { includes, printLogSource } from './logsource.js';
import type { Placeholders } from './modifiers.js';
import { parsePattern } from './operand.js';
import { parseSigma } from './parse.js';
import { hasNot } from './condition.js';
import { needsEnd } from './parse-correlation.js';
import { UUID } from './head.js';
import type { Head, LogSource, Parsed, ParsedFile, SigmaCorrelation, SigmaFilter, SigmaRule } from './rule.js';
import { Refused } from './yaml.js';

export interface RuleSource {
  readonly file: string;
  readonly text: string;
  /** Of the rules that name no licence themselves: that of the folder they were imported from. */
  readonly license?: string;
}
export interface SiteException { readonly ruleId: string; readonly field: string; readonly value: string }
export interface CompileOptions {
  /** Hex SHA-256 of a text: the caller's, because this runs in the browser too. */
  readonly sha256: (text: string) => string;
  readonly placeholders?: Placeholders;
  /** Uids switched off here. */
  readonly disabled?: ReadonlySet<string>;
  readonly exceptions?: readonly SiteException[];
  /** Correlations: uid -> the count to reach here. */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** Of correlations that read each other. */
const LEVELS_MAX = 16, WAYS_MAX = 1_000;

export function compileRules(sources: readonly RuleSource[], options: CompileOptions): RuleSet {
  return new Compilation(sources.map(({ file, text, license }) => ({ parsed: parseSigma(file, text), text, license })), options).run();
}

interface Document<T extends Parsed = Parsed> { readonly parsed: T; readonly file: ParsedFile; readonly license: string | undefined; uid: string }

class Compilation {
  readonly #problems: Problem[] = [];
  readonly #refused: RefusedRule[] = [];
  readonly #documents: Document[] = [];
  readonly #byReference = new Map<string, Document>();
  readonly #rules = new Map<Document, CompiledRule>();
  readonly #correlations = new Map<Document, CompiledCorrelation>();
  readonly #broken = new Set<Document>();
  readonly #silent = new Set<Document>();
  readonly #weights = new Map<Document, { readonly levels: number; readonly ways: number }>();

  constructor(files: readonly { readonly parsed: ParsedFile; readonly text: string; readonly license: string | undefined }[], readonly options: CompileOptions) {
    for (const { parsed: file, text, license } of files) {
      this.#problems.push(...file.problems);
      const [first] = file.problems.filter(isError);
      if (first !== undefined) this.#refused.push({ file: file.file, line: first.line ?? 1, title: titleIn(text) ?? file.file, text, problems: file.problems.filter(isError) });
      for (const parsed of file.documents) this.#documents.push({ parsed, file, license, uid: '' });
    }
    this.#name();
  }

  run(): RuleSet {
    // A base rule is silent when a correlation reads it without `generate: true`, whatever becomes of that correlation.
    for (const { parsed } of this.#documents) {
      if (parsed.kind !== 'correlation' || parsed.generate) continue;
      for (const { reference } of parsed.rules) { const base = this.#find(reference); if (base !== undefined) this.#silent.add(base); }
    }
    const filters = this.#documents.filter((document): document is Document<SigmaFilter> => document.parsed.kind === 'filter');
    const usable = filters.filter((filter) => this.#checkFilter(filter));
    for (const document of this.#documents) if (document.parsed.kind === 'rule') this.#rule(document as Document<SigmaRule>, usable);
    for (const document of this.#innerFirst()) this.#correlation(document, []);
    const problems = [...this.#problems].sort((one, two) => (one.file === two.file ? (one.line ?? 0) - (two.line ?? 0) : 0));
    return { rules: [...this.#rules.values()], correlations: [...this.#correlations.values()], refused: this.#refused, problems };
  }

  /** Uids, and what references may say: ids and names. */
  #name(): void {
    const taken = new Map<string, number>();
    for (const document of this.#documents) {
      const { id, name, file, title } = document.parsed;
      const base = id ?? this.options.sha256(`${file}\n${title}`).slice(0, 32), count = taken.get(base) ?? 0;
      taken.set(base, count + 1);
      document.uid = count === 0 ? base : `${base}-${count + 1}`;
      if (document.parsed.kind === 'filter') continue;
      for (const reference of [id, name]) {
        if (reference === undefined) continue;
        const other = this.#byReference.get(reference);
        if (other === undefined) this.#byReference.set(reference, document);
        else this.#tell(document, 'sigma.reference.taken', document.parsed.at, `expected an id and a name of its own, got ${JSON.stringify(reference)}, which is ${JSON.stringify(other.parsed.title)} in ${other.parsed.file}: references lead there`, 'warning');
      }
    }
  }

  /** Names keep their case, ids have none. */
  #find(reference: string): Document | undefined {
    return this.#byReference.get(reference) ?? (UUID.test(reference) ? this.#byReference.get(reference.toLowerCase()) : undefined);
  }

  #tell({ file }: Document, code: string, at: number, message: string, severity?: 'warning'): Problem {
    const problem: Problem = { code, message, file: file.file, ...file.place(at), ...(severity === undefined ? {} : { severity }) };
    this.#problems.push(problem);
    return problem;
  }

  #refuse(document: Document, error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    const { file, line, title, text } = document.parsed;
    this.#broken.add(document);
    this.#refused.push({ file, line, title, text, problems: [this.#tell(document, error.code, error.at, error.message)] });
  }

  /** Correlations after those that they read, without going down into them; last what leads in a circle. */
  #innerFirst(): readonly Document<SigmaCorrelation>[] {
    const isCorrelation = (document: Document | undefined): document is Document<SigmaCorrelation> => document?.parsed.kind === 'correlation';
    const all = this.#documents.filter(isCorrelation), ready: Document<SigmaCorrelation>[] = [], readers = new Map<Document, Document<SigmaCorrelation>[]>(), waiting = new Map<Document, number>();
    for (const document of all) {
      const inner = document.parsed.rules.map(({ reference }) => this.#find(reference)).filter(isCorrelation);
      for (const one of inner) { const known = readers.get(one); if (known === undefined) readers.set(one, [document]); else known.push(document); }
      if (inner.length === 0) ready.push(document); else waiting.set(document, inner.length);
    }
    for (const document of ready) {
      for (const reader of readers.get(document) ?? []) {
        const left = (waiting.get(reader) ?? 0) - 1;
        waiting.set(reader, left);
        if (left === 0) ready.push(reader);
      }
    }
    return [...ready, ...all.filter((document) => (waiting.get(document) ?? 0) > 0)];
  }

  /** The predicate of detections in a log source, with the placeholders it uses and misses. */
  #predicate(document: Document<SigmaRule | SigmaFilter>, logsource: LogSource, warnings: Problem[]): { predicate: Predicate; used: Set<string>; unset: Set<string> } {
    const used = new Set<string>(), unset = new Set<string>(), { detections, condition, conditionAt } = document.parsed;
    const predicate = compileDetections(detections, condition, {
      pathOf: fieldView(logsource), expansion: { placeholders: this.options.placeholders ?? {}, used, unset },
      warn: (code, where, message) => { warnings.push(this.#tell(document, code, where, message, 'warning')); },
    }, conditionAt);
    return { predicate, used, unset };
  }

  #checkFilter(filter: Document<SigmaFilter>): boolean {
    try {
      this.#predicate(filter, filter.parsed.logsource, []);
      if (!hasNot(filter.parsed.condition)) this.#tell(filter, 'sigma.filter.not', filter.parsed.at, 'expected "not" in the condition of a filter, got none: it lets through only what it names', 'warning');
      if (filter.parsed.rules !== 'any') for (const { reference, at } of filter.parsed.rules) this.#checkFiltered(filter, reference, at);
      return true;
    } catch (error) {
      this.#refuse(filter, error);
      return false;
    }
  }

  /** A filter that is for nothing lets through what its author meant to take away. */
  #checkFiltered(filter: Document<SigmaFilter>, reference: string, at: number): void {
    const rule = this.#find(reference)?.parsed, { logsource } = filter.parsed;
    if (rule === undefined) this.#tell(filter, 'sigma.filter.unused', at, `expected the id or name of a rule that is loaded, got ${JSON.stringify(reference)}`, 'warning');
    else if (rule.kind === 'correlation') this.#tell(filter, 'sigma.filter.unused', at, `expected a rule, got the correlation ${JSON.stringify(reference)}: filters are for the rules that it reads`, 'warning');
    else if (rule.kind === 'rule' && !includes(logsource, rule.logsource)) this.#tell(filter, 'sigma.filter.unused', at, `expected a log source that the rule ${JSON.stringify(reference)} is of (${printLogSource(rule.logsource)}), got ${printLogSource(logsource)}: the filter does not apply to it`, 'warning');
  }

  #rule(document: Document<SigmaRule>, filters: readonly Document<SigmaFilter>[]): void {
    const rule = document.parsed, { uid } = document, warnings: Problem[] = [];
    try {
      const own = this.#predicate(document, rule.logsource, warnings);
      const applied = filters.filter(({ parsed }) => includes(parsed.logsource, rule.logsource) && (parsed.rules === 'any' || parsed.rules.some(({ reference }) => this.#find(reference) === document)));
      const added = applied.map((filter) => this.#predicate(filter, rule.logsource, []));
      const exceptions = (this.options.exceptions ?? []).filter(({ ruleId }) => ruleId === uid);
      const view = fieldView(rule.logsource);
      const predicate = and([own.predicate, ...added.map((filter) => filter.predicate), ...exceptions.map(({ field, value }) => not(exceptionOf(view(field), value)))]);
      const all = [own, ...added], unset = new Set(all.flatMap((part) => [...part.unset])), used = new Set(all.flatMap((part) => [...part.used]));
      this.#rules.set(document, {
        kind: 'rule', ...named(document), logsource: rule.logsource, predicate, ...this.#state(uid, unset), reports: !this.#silent.has(document), warnings, ...(used.size === 0 ? {} : { placeholders: [...used].sort() }),
        version: this.#version([rule.canonical, `[${applied.map(({ parsed }) => parsed.canonical).join()}]`], [this.#values(used), exceptions, ...given(document)]),
      });
    } catch (error) {
      this.#refuse(document, error);
    }
  }

  #state(uid: string, unset: ReadonlySet<string>): { state: CompiledState; reason?: string } {
    if (this.options.disabled?.has(uid) === true) return { state: 'disabled', reason: 'switched off here' };
    if (unset.size > 0) return { state: 'placeholder_unset', reason: `expected values for ${[...unset].map((name) => `%${name}%`).join(', ')}, got none` };
    return { state: 'alive' };
  }

  #values(used: ReadonlySet<string>): unknown {
    return [...used].sort().map((name) => [name, this.options.placeholders?.[name] ?? null]);
  }

  /** Of what is JSON already, and of the rest. */
  #version(texts: readonly string[], parts: readonly unknown[]): string { return this.options.sha256(`[${[String(FIELD_VIEW_VERSION), ...texts, ...parts.map((part) => JSON.stringify(part))].join()}]`); }

  #correlation(document: Document<SigmaCorrelation>, path: readonly Document[]): CompiledCorrelation | undefined {
    const known = this.#correlations.get(document);
    if (known !== undefined || this.#broken.has(document)) return known;
    try {
      const compiled = this.#compileCorrelation(document, [...path, document]);
      this.#correlations.set(document, compiled);
      return compiled;
    } catch (error) {
      this.#refuse(document, error);
      return undefined;
    }
  }

  #compileCorrelation(document: Document<SigmaCorrelation>, path: readonly Document[]): CompiledCorrelation {
    const correlation = document.parsed, { uid } = document;
    const inputs = correlation.rules.map(({ reference, at }) => this.#input(reference, at, path));
    this.#weigh(document, inputs);
    for (const { of } of correlation.aliases) for (const { rule, at } of of) {
      if (this.#find(rule) === undefined) throw new Refused('sigma.correlation.aliases', at, `expected the name of a rule that is loaded, got ${JSON.stringify(rule)}`);
    }
    const fed = inputs.map((input) => this.#rules.get(input) ?? (this.#correlations.get(input) as CompiledCorrelation));
    const unset = fed.find(({ state }) => state === 'placeholder_unset'), isEnd = needsEnd(correlation), { type } = correlation;
    const threshold = Object.hasOwn(this.options.thresholds ?? {}, uid) ? this.options.thresholds?.[uid] : undefined;
    const bounds = threshold === undefined ? correlation.bounds : correlation.bounds.map((bound, i) => (i === 0 ? { ...bound, value: threshold } : bound));
    const exceptions = (this.options.exceptions ?? []).filter(({ ruleId }) => ruleId === uid);
    // A sum waits too: a value below zero may still come and take it back.
    const settled = type === 'value_avg' || type === 'value_percentile' || type === 'value_median' || (type === 'value_sum' && !isEnd);
    const state = this.#state(uid, new Set());
    return {
      kind: 'correlation', ...named(document), ...(state.state === 'alive' && unset !== undefined ? { state: unset.state, reason: unset.reason } : state),
      reports: !this.#silent.has(document), warnings: [],
      question: { type, bounds, expression: correlation.expression, percentile: correlation.percentile, references: correlation.rules.map(({ reference }) => reference) },
      timespanMs: correlation.timespanMs, groupBy: correlation.groupBy, inputs: inputs.map((input) => input.uid),
      verdict: settled ? 'settled' : isEnd ? 'end' : 'now', atOpening: isEnd && correlation.expression !== undefined,
      reads: this.#reads(correlation, inputs), except: this.#except(exceptions, inputs),
      defaultThreshold: correlation.bounds[0]?.value, threshold: bounds[0]?.value,
      version: this.#version([correlation.canonical], [fed.map(({ version }) => version), bounds, exceptions, ...given(document)]),
    };
  }

  /** A hit goes every way from a rule up to a correlation. */
  #weigh(document: Document<SigmaCorrelation>, inputs: readonly Document[]): void {
    const inner = inputs.map((input) => this.#weights.get(input) ?? { levels: 0, ways: 1 });
    const levels = 1 + Math.max(...inner.map((one) => one.levels)), ways = inner.reduce((sum, one) => sum + one.ways, 0), at = document.parsed.rules[0]?.at ?? document.parsed.at;
    if (levels > LEVELS_MAX) throw new Refused('sigma.correlation.size', at, `expected correlations of correlations of at most ${LEVELS_MAX} levels, got more`);
    if (ways > WAYS_MAX) throw new Refused('sigma.correlation.size', at, `expected at most ${WAYS_MAX} ways from rules up to a correlation, got ${ways}`);
    this.#weights.set(document, { levels, ways });
  }

  #input(reference: string, at: number, path: readonly Document[]): Document {
    const input = this.#find(reference);
    if (input === undefined) throw new Refused('sigma.correlation.rules', at, `expected the id or name of a rule that is loaded, got ${JSON.stringify(reference)}`);
    if (path.length > LEVELS_MAX && !this.#weights.has(input)) throw new Refused('sigma.correlation.size', at, `expected correlations of correlations of at most ${LEVELS_MAX} levels, got more`);
    if (path.includes(input)) throw new Refused('sigma.correlation.cycle', at, `expected rules that do not lead back here, got ${[...path.slice(path.indexOf(input)), input].map(({ parsed }) => parsed.name ?? parsed.title).join(' -> ')}`);
    if (input.parsed.kind === 'correlation' && this.#correlation(input as Document<SigmaCorrelation>, path) === undefined) throw this.#refers(input, at);
    if (this.#broken.has(input)) throw this.#refers(input, at);
    return input;
  }

  #refers(input: Document, at: number): Refused {
    return new Refused('sigma.correlation.rules', at, `expected a rule that loads, got ${JSON.stringify(input.parsed.title)}, which is refused`);
  }

  /** For every rule below: where its events keep the group and value fields. For inner correlations: what they call them. */
  #reads(correlation: SigmaCorrelation, inputs: readonly Document[]): Map<string, Reads> {
    const reads = new Map<string, Reads>(), values = correlation.valueFields;
    const aliased = (field: string, document: Document): string => {
      const alias = correlation.aliases.find((one) => one.alias === field);
      return alias?.of.find(({ rule }) => this.#find(rule) === document)?.field ?? field;
    };
    const visit = (document: Document): void => {
      if (reads.has(document.uid)) return;
      const { parsed, uid } = document, view = parsed.kind === 'rule' ? fieldView(parsed.logsource) : (field: string): Path => [field];
      const of = (fields: readonly string[]): Path[] => fields.map((field) => view(aliased(field, document)));
      reads.set(uid, { group: of(correlation.groupBy), values: of(values) });
      if (parsed.kind === 'correlation') for (const { reference } of parsed.rules) { const inner = this.#find(reference); if (inner !== undefined) visit(inner); }
    };
    inputs.forEach(visit);
    return reads;
  }

  #except(exceptions: readonly SiteException[], inputs: readonly Document[]): Map<string, Predicate> {
    const except = new Map<string, Predicate>();
    if (exceptions.length === 0) return except;
    for (const { parsed, uid } of inputs) {
      const view = parsed.kind === 'rule' ? fieldView(parsed.logsource) : (field: string): Path => [field];
      except.set(uid, { kind: 'or', parts: exceptions.map(({ field, value }) => exceptionOf(view(field), value)) });
    }
    return except;
  }
}

/** A value with Sigma's wildcards, or a network. */
function exceptionOf(path: Path, value: string): Predicate {
  if (value.includes('/') && parseNetwork(value) !== undefined) return { kind: 'cidr', path, network: value };
  return { kind: 'string', path, pattern: parsePattern(value) satisfies Pattern, cased: false };
}

/** A head alone: the compiled rule does not hold on to the document's tree. */
function headOf({ file, at, line, title, id, name, level, status, description, author, license, date, modified, tags, references, falsepositives, fields, own, text }: Parsed): Head {
  return { file, at, line, title, id, name, level, status, description, author, license, date, modified, tags, references, falsepositives, fields, own, text };
}

function named({ uid, license: given, parsed: head }: Document): Pick<CompiledRule, 'uid' | 'title' | 'titleVi' | 'level' | 'author' | 'license' | 'head' | 'own'> {
  const license = head.license ?? given;
  return { uid, title: head.title, level: head.level, head: headOf(head), own: head.own, ...(head.own.titleVi === undefined ? {} : { titleVi: head.own.titleVi }), ...(head.author === undefined ? {} : { author: head.author }), ...(license === undefined ? {} : { license }) };
}

/** A licence given from outside is part of the version: alerts carry it, so that a set with another one is deployed. */
const given = ({ license, parsed }: Document): string[] => (license === undefined || parsed.license !== undefined ? [] : [license]);

/** A title to show for a file that is not read. */
const titleIn = (text: string): string | undefined => /^title:[ \t]*(.+?)[ \t]*$/m.exec(text)?.[1];
