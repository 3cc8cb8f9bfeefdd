// One value of a rule on its way through the modifiers, how its text is read, and the question that it asks in the end.
import { simplify } from '../predicate/pattern.js';
import { or, type Comparison, type DatePart, type Path, type Pattern, type PatternPart, type Predicate } from '../predicate/predicate.js';

/** One value on its way through the modifiers. */
export type Operand =
  | { readonly kind: 'text'; readonly pattern: Pattern; readonly cased: boolean; /** UTF-16 bytes, one a character, waiting for base64. */ readonly bytes: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number; readonly text: string }
  | { readonly kind: 'exists'; readonly value: boolean }
  | { readonly kind: 'datepart'; readonly part: DatePart; readonly op: Comparison; readonly value: number }
  | { readonly kind: 'fieldref'; readonly field: string; readonly starts: boolean; readonly ends: boolean; readonly cased: boolean }
  /** One value that became several: any of them. */
  | { readonly kind: 'choice'; readonly of: readonly Operand[] };

export const literal = (plain: string): Pattern => (plain === '' ? [] : [{ kind: 'text', text: plain }]);
export const text = (pattern: Pattern): Operand => ({ kind: 'text', pattern: simplify(pattern), cased: false, bytes: false });

/** `*` and `?` are wildcards; `\*`, `\?`, `\\` the characters themselves; a backslash before anything else is itself. */
export function parsePattern(value: string): Pattern {
  const parts: PatternPart[] = [];
  let plain = '';
  const wildcard = (kind: 'any' | 'one'): void => {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push({ kind });
  };
  for (let i = 0; i < value.length; i++) {
    const character = value[i] as string, next = value[i + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) { plain += next; i++; }
    else if (character === '*') wildcard('any');
    else if (character === '?') wildcard('one');
    else plain += character;
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

/** The question that a value of a field asks. */
export function fieldPredicate(operand: Operand, path: Path, pathOf: (field: string) => Path): Predicate {
  switch (operand.kind) {
    case 'text': return { kind: 'string', path, pattern: operand.pattern, cased: operand.cased };
    case 'number': return { kind: 'number', path, op: 'eq', value: operand.value, text: operand.text };
    case 'truth': return { kind: 'string', path, pattern: literal(String(operand.value)), cased: false };
    case 'null': return { kind: 'null', path };
    case 'regex': return { kind: 'regex', path, source: operand.source, flags: operand.flags };
    case 'cidr': return { kind: 'cidr', path, network: operand.network };
    case 'compare': return { kind: 'number', path, op: operand.op, value: operand.value, text: operand.text };
    case 'exists': return operand.value ? { kind: 'exists', path } : { kind: 'not', part: { kind: 'exists', path } };
    case 'datepart': return { kind: 'datepart', path, part: operand.part, op: operand.op, value: operand.value };
    case 'fieldref': {
      const op = operand.starts && operand.ends ? 'contains' : operand.starts ? 'startswith' : operand.ends ? 'endswith' : 'equals';
      return { kind: 'fieldref', path, other: pathOf(operand.field), op, cased: operand.cased };
    }
    case 'choice': return or(operand.of.map((one) => fieldPredicate(one, path, pathOf)));
  }
}

/** The question that a value without a field asks; undefined for kinds that need one. */
export function keywordPredicate(operand: Operand): Predicate | undefined {
  switch (operand.kind) {
    case 'text': return { kind: 'keyword', pattern: operand.pattern, cased: operand.cased, wholeToken: false };
    case 'number': return { kind: 'keyword', pattern: literal(operand.text), cased: false, wholeToken: true };
    case 'truth': return { kind: 'keyword', pattern: literal(String(operand.value)), cased: false, wholeToken: false };
    case 'regex': return { kind: 'keywordRegex', source: operand.source, flags: operand.flags };
    case 'choice': {
      const parts = operand.of.map(keywordPredicate);
      return parts.every((part) => part !== undefined) ? or(parts) : undefined;
    }
    case 'null': case 'cidr': case 'compare': case 'exists': case 'datepart': case 'fieldref': return undefined;
  }
}
