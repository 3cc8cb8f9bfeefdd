// Patterns as DuckDB sees them: RE2 expressions and comparisons that say yes to exactly the texts that core/fold.ts and the matcher
// say yes to (texts that are NFC and free of combining marks; others are opaque, see sql-values.ts).
import { isAscii } from '../ascii.js';
import { fold, foldSearch } from '../fold.js';
import { simplify } from './pattern.js';
import type { Pattern } from './predicate.js';
import { isSqlText, quote, type Alphabet, type Test } from './sql-values.js';

export interface TextTest { readonly test: Test; readonly exact: boolean }
const NEVER: TextTest = { test: () => 'FALSE', exact: true };
const find = (regex: string): Test => (x) => `regexp_matches(${x}, ${quote(regex)})`;

/** Whole text matches the pattern, case folded unless `cased`. */
export function patternTest(pattern: Pattern, cased: boolean): TextTest {
  const parts = simplify(pattern);
  if (parts.some((part) => part.kind === 'text' && !isSqlText(part.text))) return NEVER;
  const shape = parts.map((part) => (part.kind === 'text' ? 't' : part.kind === 'any' ? '*' : '?')).join('');
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  if (shape === '') return { test: (x) => `${x} = ''`, exact: true };
  if (shape === '*') return { test: (x) => `${x} IS NOT NULL`, exact: true };
  const plain = cased || /^[^A-Za-z\x80-\uffff]*$/.test(text);
  if (plain) {
    const literal = quote(text);
    if (shape === 't') return { test: (x) => `${x} = ${literal}`, exact: true };
    if (shape === 't*') return { test: (x) => `starts_with(${x}, ${literal})`, exact: true };
    if (shape === '*t') return { test: (x) => `ends_with(${x}, ${literal})`, exact: true };
    if (shape === '*t*') return { test: (x) => `contains(${x}, ${literal})`, exact: true };
  }
  // No code point beyond ASCII lowers to ASCII among the texts that are not opaque.
  if (shape === 't' && isAscii(text)) { const lower = quote(text.toLowerCase()); return { test: (x) => `lower(${x}) = ${lower}`, exact: true }; }
  const body = parts.map((part) => (part.kind === 'any' ? '.*' : part.kind === 'one' ? '.' : cased ? escape(part.text) : foldedRegex(part.text))).join('');
  const open = body.startsWith('.*'), shut = body.endsWith('.*') && body.length > 2;
  return { test: find(`(?s)${open ? '' : '^'}${body.slice(open ? 2 : 0, shut ? -2 : undefined)}${shut ? '' : '$'}`), exact: true };
}

/** The text is found in it, case and marks ignored. */
export function searchTest(text: string): TextTest & { readonly alphabet: Alphabet } {
  const wanted = foldSearch(text);
  if (!isSqlText(wanted)) return { ...NEVER, alphabet: { number: false, code: false } };
  const { classes, expanding } = searchClasses();
  let exact = true, regex = '';
  for (const point of wanted) {
    // What one character stands for may become several: only that something is there is certain.
    if (expanding.has(point)) { regex += '.*'; exact = false; }
    else if (point === 'σ' || point === 'ς') { regex += '[σςΣ]'; exact = false; }
    else regex += oneOf(point, classes.get(point) ?? []);
  }
  const alphabet: Alphabet = {
    number: /^[-0-9]*$/.test(wanted), code: /^[-0-9a-f.:]*$/.test(wanted), asks: (one) => foldSearch(one).includes(wanted),
    json: /["\\\x00-\x1f]/.test(wanted) ? undefined : find(`(?s)${regex}`),
  };
  return { test: find(`(?s)${regex}`), exact, alphabet: exact ? alphabet : { ...alphabet, number: true, code: true, json: undefined } };
}

const REGEX_CHARS_MAX = 500;
/** Only what every RE2 reads alike: no names, no Unicode classes, no flags inside. */
const COMMON = /^(?:[^\\()[\]{}*+?|^$.\x80-\uffff]|\\[dDwWsSbB.\\/()[\]{}*+?|^$\-"'@:;,=<>!#%&~` ]|\\[tnrfv]|\((?:\?:)?|[)|.^$]|[*+?]\??|\{\d{1,2}(?:,\d{0,2})?\}\??|\[\^?(?:[^\\[\]\x80-\uffff]|\\[dDwWsS.\\/()[\]{}*+?|^$\-])+\])*$/;

/** A regular expression found anywhere, or undefined where DuckDB might read it differently. */
export function regexTest(source: string, flags: string): TextTest | undefined {
  if (source.length > REGEX_CHARS_MAX || !COMMON.test(source) || source.includes('\0')) return undefined;
  const on = [...'ims'].filter((flag) => flags.includes(flag)).join(''), off = [...'ims'].filter((flag) => !flags.includes(flag)).join('');
  return { test: find(`(?${on}${off === '' ? '' : `-${off}`}:${source})`), exact: true };
}

 
const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const inClass = (point: string): string => (/[\\\]^-]/.test(point) ? `\\${point}` : point);
const oneOf = (point: string, others: readonly string[]): string => (others.length === 0 ? escape(point) : `[${[point, ...others].map(inClass).join('')}]`);

/** A regular expression for all texts that fold to what this text folds to. */
function foldedRegex(text: string): string {
  const classes = foldClasses();
  return [...fold(text)].map((point) => oneOf(point, classes.get(point) ?? [])).join('');
}

let folded: ReadonlyMap<string, readonly string[]> | undefined;
const foldClasses = (): ReadonlyMap<string, readonly string[]> => folded ??= invert(fold).classes;
let searched: Inverse | undefined;
const searchClasses = (): Inverse => searched ??= invert(foldSearch);

interface Inverse {
  /** Folded code point -> the other code points that fold to it. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** Code points that stand in the folded form of one that becomes several. */
  readonly expanding: ReadonlySet<string>;
}
const LAST_POINT = 0x1ffff;
function invert(how: (text: string) => string): Inverse {
  const classes = new Map<string, string[]>(), expanding = new Set<string>();
  for (let code = 0x41; code <= LAST_POINT; code++) {
    if (code === 0x5b) code = 0x80;
    if (code === 0x3400) code = 0xa000; // ideographs have no case and no marks
    if (code === 0xd800) code = 0xe000;
    const point = String.fromCodePoint(code), to = how(point);
    if (to === point || MARK.test(point) || point.normalize('NFC') !== point) continue;
    const points = [...to];
    if (points.length !== 1) { for (const one of points) expanding.add(one); continue; }
    const known = classes.get(to);
    if (known === undefined) classes.set(to, [point]); else known.push(point);
  }
  return { classes, expanding };
}
const MARK = /\p{M}/u;
