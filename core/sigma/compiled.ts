// What the engine works with: rules and correlations compiled for one site (placeholders, filters, exceptions, thresholds).
import type { RuleName } from '../alert.js';
import type { Path, Predicate } from '../predicate/predicate.js';
import type { Problem } from '../problem.js';
import type { Head, LogSource, OwnKey } from './rule.js';
import type { Question } from './windows.js';

/** alive; switched off by a person; a placeholder without value. What is refused is not here but in `refused`. */
export type CompiledState = 'alive' | 'disabled' | 'placeholder_unset';

interface Compiled extends RuleName {
  readonly head: Head;
  readonly own: OwnKey;
  readonly state: CompiledState;
  readonly reason?: string;
  /** Reports by itself; false for the base rules of a correlation without `generate: true`. */
  readonly reports: boolean;
  readonly warnings: readonly Problem[];
}

export interface CompiledRule extends Compiled {
  readonly kind: 'rule';
  readonly logsource: LogSource;
  readonly predicate: Predicate;
  /** Names of the placeholders that it, or a filter of it, uses. */
  readonly placeholders?: readonly string[];
}

export interface CompiledCorrelation extends Compiled {
  readonly kind: 'correlation';
  readonly question: Question;
  readonly timespanMs: number;
  readonly groupBy: readonly string[];
  /** Uids of what feeds it, in the order of `question.references`. */
  readonly inputs: readonly string[];
  /** When verdicts fall: at once; when the watermark has passed the hit; at the end of the window it opens. */
  readonly verdict: 'now' | 'settled' | 'end';
  /** The alert's event is the one that opened the window (`not`), else the one that completed it. */
  readonly atOpening: boolean;
  /** How to read group and value fields of a hit, by uid of the rule that hit; of inner correlations, the names as they know them. */
  readonly reads: ReadonlyMap<string, Reads>;
  /** Site exceptions: hits that answer yes do not count, by uid of the rule that hit. */
  readonly except: ReadonlyMap<string, Predicate>;
  /** The count that its author asks for, and the one in force here. */
  readonly defaultThreshold?: number;
  readonly threshold?: number;
}

export interface Reads {
  readonly group: readonly Path[];
  readonly values: readonly Path[];
}

export interface RefusedRule {
  readonly file: string;
  readonly line: number;
  readonly title: string;
  readonly text: string;
  readonly problems: readonly Problem[];
}

export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly correlations: readonly CompiledCorrelation[];
  readonly refused: readonly RefusedRule[];
  /** Errors and warnings of all files, in order of file and line. */
  readonly problems: readonly Problem[];
}
