// A predicate: a yes/no question about one event. `match` (match.ts) is its meaning; stores only pre-filter a superset.
// Two-valued: a question about a missing field is false, its `not` true. Arrays: true when any member answers yes.

/** Names to try in order; the first that the event has is read. Native name first, then ECS. */
export type Path = readonly string[];

/** A text pattern: literal runs and wildcards, matched against the whole value. */
export type PatternPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'any' } | { readonly kind: 'one' };
export type Pattern = readonly PatternPart[];

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';
export type DatePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export type Predicate =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'and'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'or'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'not'; readonly part: Predicate }
  /** Whole value matches the pattern; case ignored (core/fold.ts) unless `cased`. Numbers and booleans are read as text. */
  | { readonly kind: 'string'; readonly path: Path; readonly pattern: Pattern; readonly cased: boolean }
  /** The value is this number, or text that writes it. `text` keeps all digits of integers beyond 2^53. */
  | { readonly kind: 'number'; readonly path: Path; readonly op: Comparison; readonly value: number; readonly text: string }
  /** RE2 syntax, searched anywhere in the value; flags of `ims`. */
  | { readonly kind: 'regex'; readonly path: Path; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly path: Path; readonly network: string }
  /** The field is there, whatever it holds. */
  | { readonly kind: 'exists'; readonly path: Path }
  /** The field is missing or null. */
  | { readonly kind: 'null'; readonly path: Path }
  | { readonly kind: 'fieldref'; readonly path: Path; readonly other: Path; readonly op: 'equals' | 'contains' | 'startswith' | 'endswith'; readonly cased: boolean }
  | { readonly kind: 'datepart'; readonly path: Path; readonly part: DatePart; readonly op: Comparison; readonly value: number }
  /** Any value of the event contains the pattern (Sigma keywords; a number keyword is a whole token). */
  | { readonly kind: 'keyword'; readonly pattern: Pattern; readonly cased: boolean; readonly wholeToken: boolean }
  /** Any value of the event matches the regex (keywords under `re`). */
  | { readonly kind: 'keywordRegex'; readonly source: string; readonly flags: string }
  /** What a person typed into the search bar: the value (when `path` is empty, of any field but our own numbers and times: `searchedFields`) contains it, case and marks ignored. */
  | { readonly kind: 'text'; readonly path: Path; readonly text: string };

export const ALWAYS: Predicate = { kind: 'constant', value: true };
export const NEVER: Predicate = { kind: 'constant', value: false };

export function and(parts: readonly Predicate[]): Predicate {
  const only = parts.filter((part) => !(part.kind === 'constant' && part.value));
  if (only.some((part) => part.kind === 'constant')) return NEVER;
  return only.length === 0 ? ALWAYS : only.length === 1 ? (only[0] as Predicate) : { kind: 'and', parts: only };
}

export function or(parts: readonly Predicate[]): Predicate {
  const only = parts.filter((part) => !(part.kind === 'constant' && !part.value));
  if (only.some((part) => part.kind === 'constant')) return ALWAYS;
  return only.length === 0 ? NEVER : only.length === 1 ? (only[0] as Predicate) : { kind: 'or', parts: only };
}

export function not(part: Predicate): Predicate {
  if (part.kind === 'constant') return part.value ? NEVER : ALWAYS;
  return part.kind === 'not' ? part.part : { kind: 'not', part };
}
