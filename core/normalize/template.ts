// Message templates: `Failed {} for invalid user {user.name>} from {source.ip} port {source.port}{*}`. Matching goes once from left
// to right, each literal found by one search, so no line makes it slow and none of it backtracks.
//
//   {field}    one word: no space in it          {}   a word not kept
//   {field~}   any text up to the next literal   {~}  text not kept
//   {field>}   any text up to the last place of the next literal (for names an attacker chooses)
//   {*}        the rest, whatever it is (a word before it ends at a space, comma, semicolon or bracket); without it the text must
//              end where the template does
import type { Draft } from './draft.js';

interface Piece {
  /** '' = not kept. */
  readonly field: string;
  readonly kind: 'word' | 'first' | 'last' | 'rest';
  /** The text that ends it; '' = the end of the line. */
  readonly until: string;
}
export interface Template {
  readonly start: string;
  readonly pieces: readonly Piece[];
}

export function template(text: string): Template {
  const parts = text.split(/(\{[^}]*\})/);
  const pieces: Piece[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    const inside = (parts[i] as string).slice(1, -1), until = parts[i + 1] as string;
    if (inside === '*') { pieces.push({ field: '', kind: 'rest', until }); continue; }
    const mark = inside.slice(-1);
    const kind = mark === '~' ? 'first' : mark === '>' ? 'last' : 'word';
    pieces.push({ field: kind === 'word' ? inside : inside.slice(0, -1), kind, until });
  }
  return { start: parts[0] as string, pieces };
}

/** The values, in the order of the kept pieces, or undefined. `text` begins as the template does. */
function matchTemplate({ start, pieces }: Template, text: string): string[] | undefined {
  const values: string[] = [];
  let p = start.length;
  for (let i = 0; i < pieces.length; i++) {
    const { field, kind, until } = pieces[i] as Piece;
    if (kind === 'rest') return values;
    const end = until === '' ? (pieces[i + 1]?.kind === 'rest' ? wordEnd(text, p) : text.length) : kind === 'last' ? text.lastIndexOf(until) : text.indexOf(until, p);
    if (end < p) return undefined;
    const value = text.slice(p, end);
    if (kind === 'word' && (value === '' || value.includes(' '))) return undefined;
    if (field !== '') values.push(value);
    p = end + until.length;
  }
  return p === text.length ? values : undefined;
}

/** Where a word ends that anything may follow. */
function wordEnd(text: string, at: number): number {
  let p = at;
  while (p < text.length && !' \t\n,;)'.includes(text.charAt(p))) p++;
  return p;
}

/** Puts what the template names into the draft, if the text, which begins as the template does, is of that form. */
export function fits(form: Template, text: string, draft: Draft): boolean {
  const values = matchTemplate(form, text);
  if (values === undefined) return false;
  let i = 0;
  for (const { field } of form.pieces) if (field !== '') { const value = values[i++]; if (value !== undefined) draft.put(field, value.trim()); }
  return true;
}
