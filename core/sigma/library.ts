// Sigma for other programs: parse, compile, evaluate, correlate. This file is the whole promise; what lies beside it may change.
// No Node API, no globals, no state between calls: it runs in a browser too. docs/sigma-library.md has a program that uses it.
import type { ProofAtom } from '../alert.js';
import type { Event, Millis } from '../event.js';
import { compileRules, type RuleSource } from './compile-rules.js';
import type { CompiledRule, RuleSet } from './compiled.js';
import { Correlator } from './correlate.js';
import { HitMemory } from './correlation-run.js';
import type { Routing } from './engine.js';
import { eventFromJson, eventFromObject, eventTime } from './events.js';
import { openEngine } from './fast/engine.js';
import { extendedFindings } from './lint.js';
import type { Placeholders } from './modifiers.js';
import { parseSigma } from './parse.js';
import type { ParsedFile } from './rule.js';
import { sha256 } from './sha256.js';

export type { ProofAtom } from '../alert.js';
export type { Event, Millis, Value } from '../event.js';
export { printProblem, type Problem } from '../problem.js';
export type { CompiledCorrelation, CompiledRule, RuleSet } from './compiled.js';
export type { RuleSource } from './compile-rules.js';
export type { Routing } from './engine.js';
export type { Placeholders } from './modifiers.js';
export type { LogSource, Parsed, ParsedFile } from './rule.js';
export { eventFromJson, eventFromObject, eventTime };

/** The documents of one file, checked, with every problem at its place. References to other rules are not looked up. */
export function parse(text: string, file = 'rule.yml'): ParsedFile { return parseSigma(file, text); }

export interface CompileInput {
  /** Values for `|expand`; a rule whose placeholders have none is in the set and never fires (`state`). */
  readonly placeholders?: Placeholders;
  /** Hex SHA-256 of a text, where the platform has a fast one. */
  readonly sha256?: (text: string) => string;
}

/** One set of all files: references resolved, filters joined. What is refused is in `refused` and `problems`; the rest works. */
export function compile(sources: readonly RuleSource[], { placeholders = {}, sha256: hash = sha256 }: CompileInput = {}): RuleSet {
  return compileRules(sources, { sha256: hash, placeholders });
}

/** What is legal and hardly meant, as warnings (docs/sigma.md). */
export function lint(sources: readonly RuleSource[], placeholders: Placeholders = {}): ReturnType<typeof extendedFindings> { return extendedFindings(sources, placeholders); }

export interface Hit {
  readonly rule: CompiledRule;
  /** Which parts of the rule were true, and of what. */
  readonly explain: () => readonly ProofAtom[];
}
export interface Engine {
  /** The rules that the event meets; those that only feed correlations (`rule.reports` is false) among them. */
  evaluate(event: Event): Hit[];
  /**
   * The same for a line of JSON, in UTF-8, from `from` to before `to`: as `evaluate(eventFromJson(line))`, and faster, since only what the
   * rules ask about is read. A line that holds no object meets nothing; throws SyntaxError for what is no JSON.
   */
  evaluateJson(line: Uint8Array, from?: number, to?: number): Hit[];
}

/** An engine for a set. Events find the rules of their log source by what they are, unless `routing` says what they are. */
export function engine(ruleSet: RuleSet, routing: Routing = {}): Engine {
  const own = openEngine(ruleSet, routing), hits = (met: ReturnType<typeof own.evaluate>): Hit[] => met.map(({ rule, atoms }) => ({ rule, explain: atoms }));
  return { evaluate: (event) => hits(own.evaluate(event)), evaluateJson: (line, from, to) => hits(own.evaluateJson(line, from, to)) };
}

export interface Alert<T> {
  readonly rule: RuleSet['correlations'][number];
  /** Field as written in group-by -> value. */
  readonly group: Readonly<Record<string, string>>;
  /** Time of the event that completed it. The same rule, group and slot is the same alert, told again with more hits. */
  readonly time: Millis;
  readonly slot: number;
  /** What was given as `ref` with each contributing hit, in order of time. */
  readonly hits: readonly T[];
}
export interface Correlations<T> {
  /** Takes the hits of one event; what they complete. Order of arrival does not matter. */
  add(hits: readonly Hit[], at: { readonly event: Event; readonly time: Millis; readonly ref: T }): Alert<T>[];
  /** Nothing earlier than `watermark` comes any more: what only the end of a window can tell. */
  advance(watermark: Millis): Alert<T>[];
  /** The input has ended. */
  close(): Alert<T>[];
}

/** The correlations of a set over the hits of its engine. `hitsMax` bounds memory: beyond it the oldest hits of a group go. */
export function correlations<T>(ruleSet: RuleSet, { hitsMax }: { readonly hitsMax?: number } = {}): Correlations<T> {
  const correlator = new Correlator<T>(ruleSet.correlations, { memory: new HitMemory(hitsMax) });
  const alerts = (results: ReturnType<typeof correlator.close>): Alert<T>[] => results.filter(({ alert }) => alert.correlation.reports)
    .map(({ alert: { correlation, group, time, slot, hits } }) => ({ rule: correlation, group, time, slot, hits }));
  return {
    add: (hits, { event, time, ref }) => alerts(hits.flatMap(({ rule }) => (correlator.reads(rule.uid) ? correlator.add({ rule: rule.uid, time, event, ref }) : []))),
    advance: (watermark) => alerts(correlator.advance(watermark)),
    close: () => alerts(correlator.close()),
  };
}
