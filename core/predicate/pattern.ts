// Text patterns (literal runs, `*` any run, `?` one character) against whole values. Linear for the usual shapes, at worst
// length of text times length of pattern; never exponential. `?` is one code point, not half of a surrogate pair.
import { fold } from '../fold.js';
import type { Pattern, PatternPart } from './predicate.js';

/** Adjacent texts joined, runs of `*` made one. `**` means `*`; an empty pattern matches only the empty text. */
export function simplify(pattern: Pattern): Pattern {
  const parts: PatternPart[] = [];
  for (const part of pattern) {
    const last = parts[parts.length - 1];
    if (part.kind === 'text' && part.text === '') continue;
    if (part.kind === 'text' && last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + part.text };
    else if (!(part.kind === 'any' && last?.kind === 'any')) parts.push(part);
  }
  return parts;
}

export const foldPattern = (pattern: Pattern): Pattern =>
  pattern.map((part) => (part.kind === 'text' ? { kind: 'text', text: fold(part.text) } : part));

/** The pattern found anywhere: `*pattern*`. */
export const anywhere = (pattern: Pattern): Pattern => simplify([{ kind: 'any' }, ...pattern, { kind: 'any' }]);

/** The text of a pattern without wildcards, or undefined. */
export function literalOf(pattern: Pattern): string | undefined {
  const parts = simplify(pattern);
  if (parts.length === 0) return '';
  return parts.length === 1 && parts[0]?.kind === 'text' ? parts[0].text : undefined;
}

/** Compiles to a test of whole texts. Fold pattern and text beforehand where case does not matter. */
export function compilePattern(pattern: Pattern): (text: string) => boolean {
  const parts = simplify(pattern), [a, b, c] = parts;
  if (a === undefined) return (text) => text === '';
  if (parts.length === 1) {
    if (a.kind === 'any') return () => true;
    if (a.kind === 'text') { const whole = a.text; return (text) => text === whole; }
  }
  if (parts.length === 2 && a.kind === 'text' && b?.kind === 'any') { const head = a.text; return (text) => text.startsWith(head); }
  if (parts.length === 2 && a.kind === 'any' && b?.kind === 'text') { const tail = b.text; return (text) => text.endsWith(tail); }
  if (parts.length === 3 && a.kind === 'any' && b?.kind === 'text' && c?.kind === 'any') { const inner = b.text; return (text) => text.includes(inner); }
  const shape = shapeOf(parts);
  return (text) => locateShape(shape, text) !== undefined;
}

/**
 * Where the pattern's own characters stand in a text that matches: from the first literal or `?` to the last, leading and
 * trailing `*` left out. Undefined when the text does not match.
 */
export function locate(pattern: Pattern, text: string): readonly [start: number, end: number] | undefined {
  return locateShape(shapeOf(simplify(pattern)), text);
}

/** `*`-free stretches; the first is bound to the start unless `openStart`, the last to the end unless `openEnd`. */
interface Shape { readonly runs: readonly Run[]; readonly openStart: boolean; readonly openEnd: boolean }
interface Run { readonly parts: readonly PatternPart[] }

function shapeOf(parts: Pattern): Shape {
  const runs: Run[] = [];
  let run: PatternPart[] = [];
  for (const part of parts) {
    if (part.kind !== 'any') { run.push(part); continue; }
    if (run.length > 0) runs.push({ parts: run });
    run = [];
  }
  if (run.length > 0) runs.push({ parts: run });
  return { runs, openStart: parts[0]?.kind === 'any', openEnd: parts[parts.length - 1]?.kind === 'any' };
}

function locateShape({ runs, openStart, openEnd }: Shape, text: string): readonly [number, number] | undefined {
  if (runs.length === 0) return openStart || text === '' ? [0, text.length] : undefined;
  let at = 0, first = -1, low = 0, high = runs.length, end = text.length;
  if (!openStart) {
    const after = forward(runs[0] as Run, text, 0);
    if (after < 0) return undefined;
    first = 0; at = after; low = 1;
    if (runs.length === 1) return openEnd || at === text.length ? [0, at] : undefined;
  }
  let last = -1;
  if (!openEnd && high > low) {
    const before = backward(runs[high - 1] as Run, text, text.length);
    if (before < at) return undefined;
    last = text.length; end = before; high--;
    if (first < 0 && high === low) return [before, last];
  }
  for (let i = low; i < high; i++) {
    const [from, to] = find(runs[i] as Run, text, at);
    if (from < 0 || to > end) return undefined;
    if (first < 0) first = from;
    at = to;
  }
  return [first, last < 0 ? at : last];
}

/** End of the run read from `at`, or -1. */
function forward({ parts }: Run, text: string, at: number): number {
  for (const part of parts) {
    if (part.kind === 'text') { if (!text.startsWith(part.text, at)) return -1; at += part.text.length; continue; }
    if (at >= text.length) return -1;
    at += isPair(text, at) ? 2 : 1;
  }
  return at;
}

/** Start of the run that ends at `end`, or -1. */
function backward({ parts }: Run, text: string, end: number): number {
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i] as PatternPart;
    if (part.kind === 'text') { end -= part.text.length; if (end < 0 || !text.startsWith(part.text, end)) return -1; continue; }
    if (end <= 0) return -1;
    end -= end >= 2 && isPair(text, end - 2) ? 2 : 1;
  }
  return end;
}

/** The first place at or after `from` where the run stands. */
function find(run: Run, text: string, from: number): readonly [number, number] {
  const head = run.parts[0] as PatternPart;
  for (let at = from; at <= text.length; at++) {
    if (head.kind === 'text') { at = text.indexOf(head.text, at); if (at < 0) return NOWHERE; }
    else if (at > from && isPair(text, at - 1)) continue;
    const end = forward(run, text, at);
    if (end >= 0) return [at, end];
  }
  return NOWHERE;
}
const NOWHERE = [-1, -1] as const;

function isPair(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(at + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}
