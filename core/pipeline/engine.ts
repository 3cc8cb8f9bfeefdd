// A rule set as it travels to the pipeline's thread, and what becomes of it there. The same input gives the same rules with the same
// versions wherever it is compiled: the main thread knows what runs by compiling it too.
import { hash } from 'node:crypto';
import { deserialize } from 'node:v8';
import type { RuleName } from '../alert.js';
import type { Problem } from '../problem.js';
import type { CompiledRule, RuleSet } from '../sigma/compiled.js';
import { compileRules, type RuleSource, type SiteException } from '../sigma/compile-rules.js';
import { fieldsRead } from '../sigma/correlation-fields.js';
import { FastEngine } from '../sigma/fast/engine.js';
import type { Placeholders } from '../sigma/modifiers.js';
import type { SeenFields } from '../sigma/seen-fields.js';
import type { Engine } from './pipeline.js';

/** Plain data: the rules' texts and what the site says about them. */
export interface RuleSetInput {
  readonly n: number;
  readonly sources: readonly RuleSource[];
  readonly placeholders: Placeholders;
  /** Uids. */
  readonly disabled: readonly string[];
  readonly exceptions: readonly SiteException[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** The set compiled already (compile-away.ts); `sources` is empty then. */
  readonly packed?: SharedArrayBuffer;
}
export const NO_RULES: RuleSetInput = { n: 0, sources: [], placeholders: {}, disabled: [], exceptions: [], thresholds: {} };

export function compileSet({ sources, placeholders, disabled, exceptions, thresholds }: Omit<RuleSetInput, 'n'>): RuleSet {
  return compileRules(sources, { sha256: (text) => hash('sha256', text, 'hex'), placeholders, disabled: new Set(disabled), exceptions, thresholds });
}

/** `before`, the engine in force until now, says for what kinds of events the new one makes itself ready. `seen` notes every event. */
export function compileEngine(set: RuleSetInput, before?: Engine, seen?: SeenFields): { readonly engine: Engine; readonly problems: readonly Problem[] } {
  const rules = set.packed === undefined ? compileSet(set) : unpackRules(set.packed), sigma = new FastEngine(rules), names = new Map<CompiledRule, RuleName>();
  const old = before === undefined ? undefined : fastEngines.get(before);
  if (old !== undefined) sigma.prepareLike(old);
  const fields = fieldsRead(rules.correlations);
  const nameOf = (rule: CompiledRule): RuleName => {
    let name = names.get(rule);
    if (name === undefined) names.set(rule, name = ruleName(rule));
    return name;
  };
  const engine: Engine = { n: set.n, evaluate: (event) => {
    seen?.see(event);
    return sigma.evaluate(event).map(({ rule, atoms }) => ({ rule: nameOf(rule), reports: rule.reports, reads: fields.get(rule.uid), atoms }));
  } };
  fastEngines.set(engine, sigma);
  return { problems: rules.problems, engine };
}
/** A set as compile-away.ts packs it. A copy first: the reader of V8 takes no shared memory. */
export const unpackRules = (packed: SharedArrayBuffer): RuleSet => deserialize(new Uint8Array(new Uint8Array(packed))) as RuleSet;

const fastEngines = new WeakMap<Engine, FastEngine>();

/** A compiled rule's name alone. */
export function ruleName({ uid, version, title, titleVi, level, author, license }: RuleName): RuleName {
  return { uid, version, title, level, ...(titleVi === undefined ? {} : { titleVi }), ...(author === undefined ? {} : { author }), ...(license === undefined ? {} : { license }) };
}
