// What the console is told about the rules: the detector has them loaded and deployed, the console shows and tunes them, and
// neither imports the other. A tuning is stored first (`store.tunings`), then `redeploy` puts it in force.
import type { Problem } from './problem.js';
import type { PlaceholderState } from './rule-placeholders.js';
import type { Severity } from './tier.js';

/** alive; disabled by a person; refused (broken); a placeholder without value; no event of its log source in 7 days; a field
 * it needs in none of them. */
export type RuleState = 'alive' | 'disabled' | 'refused' | 'placeholder_unset' | 'source_missing' | 'field_missing';

export interface CatalogRule {
  /** The rule's uid, as alerts and hits name it. */
  readonly id: string;
  readonly title: string;
  readonly titleVi?: string;
  readonly level: Severity;
  readonly kind: 'rule' | 'correlation';
  /** `linux / sshd`, as people read it. */
  readonly logsource: string;
  /** Relative to the folder it was loaded from. */
  readonly file: string;
  /** The rule as its author wrote it. */
  readonly text: string;
  readonly description?: string;
  readonly descriptionVi?: string;
  readonly author?: string;
  readonly license?: string;
  readonly tags: readonly string[];
  /** Correlations: the count its author asks for. */
  readonly defaultThreshold?: number;
  readonly state: RuleState;
  /** Why it is not alive. */
  readonly reason?: string;
  /** `field_missing`: the fields, as the rule writes them. */
  readonly missing?: readonly string[];
  /** Correlations: hits given up for want of memory since the rule set is in force; with them an alert may be missing. */
  readonly hitsDropped?: number;
  readonly problems: readonly Problem[];
  /** Names of the placeholders whose values it needs. */
  readonly placeholders?: readonly string[];
}

/** The set of rules in force: number `n`, on `inForce` of `streams` streams. */
export interface DeployedState {
  readonly n: number;
  readonly streams: number;
  readonly inForce: number;
}

export interface RuleCatalog {
  rules(): readonly CatalogRule[];
  /** Files that did not load. */
  problems(): readonly Problem[];
  deployed(): DeployedState;
  /** With the version that a change of them must have seen. */
  placeholders(): { readonly version: number; readonly of: readonly PlaceholderState[] };
  /** Reads tunings, placeholders and rules anew and deploys the next rule set; `by` is who asked. Resolves when it is published. */
  redeploy(by: string): Promise<void>;
}
