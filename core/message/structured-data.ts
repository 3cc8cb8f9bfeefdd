// RFC 5424 structured data, as strict senders and others write it: `[id name="value"][id2]`, escapes \" \\ \], unescaped quotes
// and brackets inside values, Check Point's `[action:"Drop"; src:"192.0.2.1"; ]`, and data that the line's end cuts off.
import { codeAt } from '../text.js';

export interface Structured {
  readonly pairs: readonly (readonly [string, string])[];
  /** Where the text after the data begins. */
  readonly end: number;
}

const PAIRS_MAX = 1000;

/** The elements at `at`, or undefined when what stands there is not structured data. */
export function readStructured(text: string, at: number): Structured | undefined {
  const pairs: [string, string][] = [];
  let p = at;
  while (codeAt(text, p) === 91) {
    const end = readElement(text, p, pairs);
    if (end < 0) return p === at ? undefined : { pairs, end: p };
    p = end;
  }
  return p === at ? undefined : { pairs, end: p };
}

/** Reads `[...]`; the end of it, or -1 when it is none. */
function readElement(text: string, at: number, pairs: [string, string][]): number {
  let p = at + 1;
  while (codeAt(text, p) === 32) p++;
  const idStart = p;
  while (isName(codeAt(text, p))) p++;
  const id = text.slice(idStart, p);
  if (id === '') return -1;
  const c = codeAt(text, p);
  if (c === 61 && codeAt(text, p + 1) === 34) return readParams(text, idStart, '', pairs); // no id: `[source-address="..." ...]`
  if (c === 58 && codeAt(text, p + 1) === 34) return readCheckPoint(text, idStart, pairs);
  if (c === 93) { pairs.push([id, '']); return p + 1; }
  if (Number.isNaN(c)) return -1;
  if (c !== 32) return -1;
  return readParams(text, p, `${id}.`, pairs);
}

/** `name="value" name="value"]`; the end of it, or -1. */
function readParams(text: string, at: number, prefix: string, pairs: [string, string][]): number {
  const before = pairs.length;
  let p = at;
  for (;;) {
    while (codeAt(text, p) === 32) p++;
    if (codeAt(text, p) === 93) return p + 1;
    const nameStart = p;
    while (isName(codeAt(text, p))) p++;
    if (p >= text.length && pairs.length > before) return p;
    if (p === nameStart || codeAt(text, p) !== 61 || codeAt(text, p + 1) !== 34) { pairs.length = before; return -1; }
    const value = readQuoted(text, p + 2, 93);
    if (pairs.length < PAIRS_MAX) pairs.push([prefix + text.slice(nameStart, p), value.text]);
    p = value.end;
  }
}

/** `action:"Drop"; flags:"1"; ]`. */
function readCheckPoint(text: string, at: number, pairs: [string, string][]): number {
  let p = at;
  for (;;) {
    while (codeAt(text, p) === 32 || codeAt(text, p) === 59) p++;
    if (codeAt(text, p) === 93) return p + 1;
    const nameStart = p;
    while (p < text.length && codeAt(text, p) !== 58 && codeAt(text, p) !== 93) p++;
    if (p >= text.length) return p;
    if (codeAt(text, p) === 93 || codeAt(text, p + 1) !== 34) return p;
    const value = readQuoted(text, p + 2, 59);
    if (pairs.length < PAIRS_MAX) pairs.push([text.slice(nameStart, p), value.text]);
    p = value.end;
  }
}

/** A quote ends the value where `]`, the separator, the end, or a space and the next name follows it. */
function readQuoted(text: string, at: number, separator: number): { text: string; end: number } {
  let p = at, from = at, value = '';
  for (; p < text.length; p++) {
    const c = codeAt(text, p);
    if (c === 92) {
      const next = codeAt(text, p + 1);
      if (next === 34 || next === 92 || next === 93) { value += text.slice(from, p); from = p + 1; p++; }
    } else if (c === 34) {
      const next = codeAt(text, p + 1);
      if (next === 93 || next === separator || Number.isNaN(next) || (next === 32 && nameFollows(text, p + 2, separator))) return { text: value + text.slice(from, p), end: p + 1 };
    }
  }
  return { text: value + text.slice(from, p), end: p };
}

/** After a space: the next `name="`, `name:"`, or the end of the element. Looks a short way only. */
function nameFollows(text: string, at: number, separator: number): boolean {
  let p = at;
  while (codeAt(text, p) === 32) p++;
  const start = p;
  if (codeAt(text, p) === 93 || p >= text.length || codeAt(text, p) === separator) return true;
  while (p < start + 64 && isName(codeAt(text, p))) p++;
  if (p >= text.length) return true;
  const c = codeAt(text, p);
  return p > start && (c === 61 || c === 58);
}

/** What an id or a name may hold; wider than the RFC, which forbids only these. */
const isName = (c: number): boolean => c > 32 && c !== 61 && c !== 93 && c !== 34 && c !== 127 && c !== 58 && c !== 91;
