// What a Sigma file holds, read and checked but not compiled: rules, correlations, filters, each with its place in the file.
import type { Problem } from '../problem.js';
import type { Severity } from '../tier.js';
import type { ConditionNode } from './condition.js';
import type { MapNode, Node } from './yaml.js';

/** Our own custom key: `haidang: {family, entity: [fields], title_vi, description_vi}`. */
export interface OwnKey {
  readonly family?: string;
  readonly entity?: readonly string[];
  readonly titleVi?: string;
  readonly descriptionVi?: string;
}

export interface Head {
  readonly file: string;
  readonly at: number;
  /** Place of the document's first key. */
  readonly line: number;
  readonly title: string;
  readonly id?: string;
  readonly name?: string;
  readonly level: Severity;
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly date?: string;
  readonly modified?: string;
  readonly tags: readonly string[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly fields: readonly string[];
  readonly own: OwnKey;
  /** Its text as written; of a merged collection, the file's. */
  readonly text: string;
}

/** A document whole, as JSON: what a rule's version is made of. */
interface Whole { readonly canonical: string }

export interface LogSource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

export interface SigmaRule extends Head, Whole {
  readonly kind: 'rule';
  readonly logsource: LogSource;
  readonly detections: ReadonlyMap<string, Node>;
  readonly condition: ConditionNode;
  /** Where the log source and the condition stand. */
  readonly logsourceAt: number;
  readonly conditionAt: number;
}

export interface SigmaFilter extends Head, Whole {
  readonly kind: 'filter';
  readonly logsource: LogSource;
  readonly detections: ReadonlyMap<string, Node>;
  readonly condition: ConditionNode;
  readonly logsourceAt: number;
  readonly conditionAt: number;
  /** Ids or names; `any` = every rule of the log source. */
  readonly rules: 'any' | readonly { readonly reference: string; readonly at: number }[];
}

export type CorrelationType = 'event_count' | 'value_count' | 'temporal' | 'temporal_ordered' | 'value_sum' | 'value_avg' | 'value_percentile' | 'value_median';
export const CORRELATION_TYPES: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median'];
export type Operator = 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
export const OPERATORS: readonly Operator[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];

export interface Bound { readonly op: Operator; readonly value: number }

export interface SigmaCorrelation extends Head, Whole {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  readonly rules: readonly { readonly reference: string; readonly at: number }[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** All must hold; none for temporal types that ask for every rule. */
  readonly bounds: readonly Bound[];
  /** Temporal types: which rules must (not) be there. */
  readonly expression?: ConditionNode;
  readonly valueFields: readonly string[];
  readonly percentile?: number;
  readonly aliases: readonly { readonly alias: string; readonly of: readonly { readonly rule: string; readonly field: string; readonly at: number }[] }[];
  readonly generate: boolean;
}

export type Parsed = SigmaRule | SigmaFilter | SigmaCorrelation;

export interface ParsedFile {
  readonly file: string;
  readonly documents: readonly Parsed[];
  readonly problems: readonly Problem[];
  readonly place: (at: number) => { readonly line: number; readonly column: number };
}

export type { MapNode };
