// A pattern over one keyword field as the cheapest query that the server takes. Pure: no Node API.
import { simplify } from './pattern.js';
import type { Pattern } from './predicate.js';
import { NOTHING, term, type Dsl } from './query-dsl-parts.js';
import { isIndexText, TEXT_UNITS_MAX } from './query-dsl-tokens.js';

/** A pattern of `lead` and then `parts` over one keyword field, as the cheapest query that says it. */
export function onField(field: string, lead: string, parts: Pattern): Dsl {
  if (parts.some((part) => part.kind === 'text' && !isIndexText(part.text)) || parts.reduce((units, part) => units + (part.kind === 'text' ? part.text.length : 0), 0) > TEXT_UNITS_MAX) return NOTHING;
  const whole = simplify([{ kind: 'text', text: lead }, ...parts]), [first, second] = whole;
  if (first === undefined) return term(field, '');
  if (whole.length === 1) return first.kind === 'text' ? term(field, first.text) : { query: { exists: { field } }, exact: true };
  if (whole.length === 2 && first.kind === 'text' && second?.kind === 'any') return prefix(field, first.text);
  const { pattern, exact } = bounded(whole);
  const value = pattern.map((part) => (part.kind === 'any' ? '*' : part.kind === 'one' ? '?' : part.text.replace(/[\\*?]/g, '\\$&'))).join('');
  return { query: { wildcard: { [field]: { value } } }, exact };
}

const PREFIX_UNITS_MAX = 900;
function prefix(field: string, text: string): Dsl {
  const exact = text.length <= PREFIX_UNITS_MAX, value = exact ? text : text.slice(0, PREFIX_UNITS_MAX).replace(/[\ud800-\udbff]$/, '');
  return { query: { prefix: { [field]: { value } } }, exact };
}

const WORK_MAX = 4_000, ONES_MAX = 4;
/**
 * The server turns a wildcard into an automaton and refuses one that takes too long: `?` behind a `*` doubles it, and so does
 * text that repeats itself. Beyond a bound `?` becomes `*` and a text is cut, and more is found than was asked for.
 */
function bounded(pattern: Pattern): { readonly pattern: Pattern; readonly exact: boolean } {
  const firstAny = pattern.findIndex(({ kind }) => kind === 'any'), ones = pattern.filter(({ kind }, i) => kind === 'one' && firstAny >= 0 && i > firstAny).length;
  let exact = true, work = 0;
  const parts = pattern.flatMap((part, i): Pattern => {
    if (part.kind === 'one' && i > firstAny && ones > ONES_MAX) { exact = false; return [{ kind: 'any' }]; }
    if (part.kind !== 'text' || i < firstAny || firstAny < 0) return [part];
    const points = [...part.text], kept = points.slice(0, affordable(points, (WORK_MAX - work) / (1 + ones)));
    work += cost(kept) * (1 + ones);
    if (kept.length === points.length) return [part];
    exact = false;
    return kept.length === 0 ? [{ kind: 'any' }] : [{ kind: 'text', text: kept.join('') }, { kind: 'any' }];
  });
  return { pattern: simplify(parts), exact };
}
function affordable(points: readonly string[], budget: number): number {
  let sum = 0, length = 0;
  for (const one of overlaps(points)) { sum += 1 + one; if (sum > budget) break; length++; }
  return length;
}
const cost = (points: readonly string[]): number => overlaps(points).reduce((sum, one) => sum + 1 + one, 0);
/** For each prefix, how many of its own beginnings it ends with. */
function overlaps(points: readonly string[]): readonly number[] {
  const border = [0], counts = points.length > 0 ? [0] : [];
  for (let i = 1, k = 0; i < points.length; i++) {
    while (k > 0 && points[i] !== points[k]) k = border[k - 1] as number;
    if (points[i] === points[k]) k++;
    border.push(k);
    counts.push(k === 0 ? 0 : 1 + (counts[k - 1] as number));
  }
  return counts;
}
