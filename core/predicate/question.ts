// One question of a rule as values instead of words, so that any language can ask it: what is compared, how, with what. An alert keeps it
// beside the English sentence that print.ts makes of it. Pure.
import { assertNever } from '../assert.js';
import { literalOf, simplify } from './pattern.js';
import type { Comparison, DatePart, Pattern, Predicate } from './predicate.js';

export type Leaf = Exclude<Predicate, { kind: 'constant' | 'and' | 'or' | 'not' }>;

export interface Question {
  readonly is: 'equals' | 'contains' | 'startswith' | 'endswith' | 'like' | 'any' | Comparison | 'regex' | 'network' | 'exists' | 'missing' | 'word' | 'has' | 'groups'
    | 'field_equals' | 'field_contains' | 'field_startswith' | 'field_endswith';
  /** The field as the rule names it; absent: any field. */
  readonly name?: string;
  /** A value, a pattern with `*` and `?`, a regular expression between slashes, a network, a number's digits, or the other field. */
  readonly text?: string;
  /** Of a time: which part of it. */
  readonly part?: DatePart;
  readonly cased?: true;
  readonly not?: true;
}

/** The question a leaf asks. */
export function questionOf(leaf: Leaf): Question {
  const name = 'path' in leaf && leaf.path[0] !== undefined ? { name: leaf.path[0] } : {}, cased = 'cased' in leaf && leaf.cased ? { cased: true as const } : {};
  switch (leaf.kind) {
    case 'string': return { ...ofPattern(leaf.pattern), ...name, ...cased };
    case 'number': return { is: leaf.op, ...name, text: leaf.text };
    case 'regex': case 'keywordRegex': return { is: 'regex', ...name, text: `/${leaf.source}/${leaf.flags}` };
    case 'cidr': return { is: 'network', ...name, text: leaf.network };
    case 'exists': return { is: 'exists', ...name };
    case 'null': return { is: 'missing', ...name };
    case 'fieldref': return { is: `field_${leaf.op}`, ...name, text: leaf.other[0] ?? '', ...cased };
    case 'datepart': return { is: leaf.op, ...name, part: leaf.part, text: String(leaf.value) };
    case 'keyword': return { is: leaf.wholeToken ? 'word' : 'contains', text: wildcards(leaf.pattern), ...cased };
    case 'text': return { is: 'has', ...name, text: leaf.text };
    default: return assertNever(leaf);
  }
}

function ofPattern(pattern: Pattern): Pick<Question, 'is' | 'text'> {
  const parts = simplify(pattern), open = parts[0]?.kind === 'any', close = parts.length > 1 && parts[parts.length - 1]?.kind === 'any';
  if (parts.length === 1 && open) return { is: 'any' };
  const text = literalOf(parts.slice(open ? 1 : 0, close ? -1 : undefined));
  return text === undefined ? { is: 'like', text: wildcards(pattern) } : { is: open && close ? 'contains' : open ? 'endswith' : close ? 'startswith' : 'equals', text };
}

/** The pattern with Sigma's wildcards and escapes. */
export function wildcards(pattern: Pattern): string {
  return pattern.map((part) => (part.kind === 'any' ? '*' : part.kind === 'one' ? '?' : part.text.replace(/[*?]/g, '\\$&'))).join('');
}
