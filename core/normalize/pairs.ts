// `key=value` texts: values bare, or in quotes with backslash escapes. One pass, whatever the text.
import { codeAt, codeInside } from '../text.js';

export interface PairOptions {
  /** Between pairs besides a space: `,` `;` `|`, a tab. */
  readonly separator?: string;
  /** A bare value may hold spaces: it then ends where the next `key=` begins. */
  readonly spacedValues?: boolean;
  /** `key:value` instead of `key=value`. */
  readonly assign?: string;
}

const PAIRS_MAX = 2000;

/** All pairs in order. Words without an assignment are passed over. */
export function readPairs(text: string, options: PairOptions = {}): [string, string][] {
  const pairs: [string, string][] = [];
  eachPair(text, options, (key, value) => { pairs.push([key, value]); });
  return pairs;
}

/** Gives each pair to `take`, and whether its value stood in quotes. */
export function eachPair(text: string, options: PairOptions, take: (key: string, value: string, quoted: boolean) => void): void {
  let count = 0;
  const separator = options.separator === undefined ? -1 : codeAt(options.separator, 0);
  const assign = options.assign === undefined ? 61 : codeAt(options.assign, 0);
  const end = text.length;
  let p = 0, unclosed = false; // where one single quote is never closed, none behind it is: the text is not searched to its end again
  while (p < end && count < PAIRS_MAX) {
    while (p < end && isGap(codeInside(text, p), separator)) p++;
    const keyStart = p;
    let quotedKey = false;
    if (codeAt(text, p) === 34) { // "key"="value"
      const close = text.indexOf('"', p + 1);
      if (close > 0 && codeAt(text, close + 1) === assign) { p = close + 1; quotedKey = true; }
    }
    if (!quotedKey) for (; p < end; p++) { const c = codeInside(text, p); if (c === assign || isGap(c, separator)) break; }
    if (codeAt(text, p) !== assign) { if (p === keyStart) p++; continue; }
    const key = quotedKey ? text.slice(keyStart + 1, p - 1) : text.slice(keyStart, p);
    p++;
    const quote = codeAt(text, p);
    if (quote === 34 || quote === 39 && !unclosed) {
      const value = readQuotedValue(text, p + 1, quote, separator);
      if (value === undefined) unclosed = true; else {
        if (key !== '') { take(key, value.text, true); count++; }
        p = value.end;
        continue;
      }
    }
    const valueStart = p;
    if (options.spacedValues === true) p = spacedEnd(text, p, separator, assign);
    else while (p < end && !isGap(codeInside(text, p), separator)) p++;
    if (key !== '') { take(key, text.slice(valueStart, p).trimEnd(), false); count++; }
  }
}

const isGap = (c: number, separator: number): boolean => c === separator || c <= 32 && (c === 32 || c === 9 || c === 10 || c === 13);

/** A quote ends a value where a gap or the end follows; a backslash keeps the next quote or backslash. */
function readQuotedValue(text: string, at: number, quote: number, separator: number): { text: string; end: number } | undefined {
  const close = text.indexOf(quote === 34 ? '"' : "'", at), whole = close < 0 ? '' : text.slice(at, close);
  if (close >= 0 && isEnd(codeAt(text, close + 1), separator) && !whole.includes('\\')) return { text: whole, end: close + 1 };
  let value = '', from = at;
  for (let p = at, length = text.length; p < length; p++) {
    const c = codeInside(text, p);
    if (c === 92) {
      const next = codeAt(text, p + 1);
      if (next === quote || next === 92) {
        if (next === quote && isEnd(codeAt(text, p + 2), separator) && next !== 92 && !hasQuoteLater(text, p + 2, quote)) return { text: value + text.slice(from, p + 1), end: p + 2 };
        value += text.slice(from, p); from = p + 1; p++;
      }
    } else if (c === quote) {
      const next = codeAt(text, p + 1);
      if (isEnd(next, separator)) return { text: value + text.slice(from, p), end: p + 1 };
    }
  }
  return quote === 39 ? undefined : { text: value + text.slice(from), end: text.length };
}
const isEnd = (c: number, separator: number): boolean => Number.isNaN(c) || c === 32 || c === 9 || c === 10 || c === 13 || c === separator || c === 44 || c === 59 || c === 93 || c === 41 || c === 62 || c === 125;
/** `path="C:\" next=...`: a backslash before a closing quote, when no quote closes later. Looks a short way only. */
const hasQuoteLater = (text: string, at: number, quote: number): boolean => text.slice(at, at + 4096).includes(String.fromCharCode(quote));

/** Where the next ` key=` begins, or the separator, or the end. */
function spacedEnd(text: string, at: number, separator: number, assign: number): number {
  let lastGap = -1, wordOk = true;
  for (let p = at, length = text.length; p < length; p++) {
    const c = codeInside(text, p);
    if (c === separator && separator >= 0) return p;
    if (c === 32 || c === 9) { lastGap = p; wordOk = true; continue; }
    if (c === assign && lastGap >= 0 && wordOk && p > lastGap + 1) return lastGap;
    if (!(isKeyChar(c))) wordOk = false;
  }
  return text.length;
}
const isKeyChar = (c: number): boolean => (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45 || c === 46;
