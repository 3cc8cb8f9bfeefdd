// The YAML that rules are nearly always written in (maps and lists in blocks, values on one line, texts behind | and >), read in one pass:
// a tenth of the time of a whole YAML parser. What is not surely of this kind is left to it (`undefined`), broken files included; a test
// holds both readings equal, on every public rule and on rules with random faults.
import type { Entry, ListNode, MapNode, Node, ScalarNode } from './yaml.js';

/** The documents of a text, or undefined: somebody else must read it. */
export function readPlainYaml(text: string, starts: readonly number[], depthMax: number, nodesMax: number): Node[] | undefined {
  if (/\r(?!\n)/.test(text)) return undefined;
  try { return new PlainReader(text, starts, depthMax, nodesMax).documents(); } catch (error) {
    if (error === ELSE) return undefined;
    throw error;
  }
}

const ELSE = new Error('not plain');
const SPACE = 32, HASH = 35, DASH = 45, TAB = 9, CR = 13;
const PLAIN_KEY = /([A-Za-z0-9_](?:[A-Za-z0-9_.|()/\\$%-]| (?=[A-Za-z0-9_.|()/\\$%-]))*):(?= |$)/my;
const QUOTED_KEY = /(?:'([^'\n]*)'|"([^"\\\n]*)"):(?= |$)/my;
const SINGLE = /'((?:[^'\n]|'')*)'/y, DOUBLE = /"((?:[^"\\\n]|\\["\\/nt])*)"/y;
const NUMBER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', n: '\n', t: '\t' };
const WORDS: ReadonlyMap<string, boolean | null> = new Map([['~', null], ['null', null], ['Null', null], ['NULL', null], ['true', true], ['True', true], ['TRUE', true], ['false', false], ['False', false], ['FALSE', false]]);
/** What a value without quotes may not begin with, or what would make it something else. */
const INDICATORS = new Set([...'?:,[]{}#&*!|>%@`"\'']);

class PlainReader {
  /** The line to be read next; it has content. */
  #line = -1;
  #indent = 0;
  /** Its end without blanks. */
  #end = 0;
  #nodes = 0;

  constructor(readonly text: string, readonly starts: readonly number[], readonly depthMax: number, readonly nodesMax: number) {}

  documents(): Node[] {
    const documents: Node[] = [];
    for (this.#next(); this.#line < this.starts.length;) {
      if (this.#isMarker()) { this.#next(); continue; }
      if (this.#indent > 0 || this.#isItem()) throw ELSE;
      documents.push(this.#map(0, 0));
      if (this.#line < this.starts.length && !this.#isMarker()) throw ELSE;
    }
    return documents;
  }

  /** On to the next line that holds more than blanks or a remark. */
  #next(): void {
    const { text, starts } = this;
    for (this.#line++; this.#line < starts.length; this.#line++) {
      let at = starts[this.#line] as number, end = this.#endOf(this.#line);
      while (at < end && text.charCodeAt(at) === SPACE) at++;
      const first = text.charCodeAt(at);
      if (at < end && first === TAB) throw ELSE;
      if (at >= end || first === CR || first === HASH) continue;
      while (isBlank(text.charCodeAt(end - 1))) end--;
      this.#indent = at - (starts[this.#line] as number);
      this.#end = end;
      return;
    }
    this.#indent = -1;
  }

  #endOf(line: number): number { const next = this.starts[line + 1]; return next === undefined ? this.text.length : next - 1; }
  get #at(): number { return (this.starts[this.#line] as number) + this.#indent; }
  #isItem(at = this.#at): boolean { return this.text.charCodeAt(at) === DASH && (at + 1 === this.#end || this.text.charCodeAt(at + 1) === SPACE); }
  #isMarker(): boolean {
    if (this.#indent !== 0) return false;
    const line = this.text.slice(this.#at, this.#end);
    if (line.startsWith('%') || line.startsWith('...')) throw ELSE;
    if (line.startsWith('---') && line !== '---') throw ELSE;
    return line === '---';
  }

  #count(depth: number): void { if (++this.#nodes > this.nodesMax || depth > this.depthMax) throw ELSE; }

  /** A map whose keys stand `indent` deep; the first key at the place of the line now. */
  #map(indent: number, depth: number, first = this.#at): MapNode {
    this.#count(depth);
    const entries: Entry[] = [], seen = new Set<string>();
    for (let at = first; ; at = this.#at) {
      const { name, after } = this.#key(at) ?? fail();
      if (seen.has(name)) throw ELSE;
      seen.add(name);
      entries.push({ key: name, at, value: this.#value(after, indent, depth + 1) });
      if (this.#indent < indent || this.#isMarker()) break;
      if (this.#indent > indent || this.#isItem()) throw ELSE;
    }
    return { kind: 'map', at: first, entries };
  }

  #list(indent: number, depth: number): ListNode {
    this.#count(depth);
    const items: Node[] = [], first = this.#at;
    while (this.#indent === indent && this.#isItem()) {
      let at = this.#at + 1;
      while (at < this.#end && this.text.charCodeAt(at) === SPACE) at++;
      if (at >= this.#end || this.text.charCodeAt(at) === HASH) throw ELSE;
      if (this.#isItem(at)) throw ELSE;
      if (this.#key(at) !== undefined) { items.push(this.#map(at - (this.starts[this.#line] as number), depth + 1, at)); continue; }
      items.push(this.#scalar(at, depth + 1));
      if (this.#indent > indent) throw ELSE;
    }
    return { kind: 'list', at: first, items };
  }

  #key(at: number): { readonly name: string; readonly after: number } | undefined {
    const first = this.text.charCodeAt(at), pattern = first === 39 || first === 34 ? QUOTED_KEY : PLAIN_KEY;
    pattern.lastIndex = at;
    const found = pattern.exec(this.text);
    return found === null ? undefined : { name: found[1] ?? found[2] ?? '', after: at + found[0].length };
  }

  /** What stands behind a key that is `indent` deep. */
  #value(after: number, indent: number, depth: number): Node {
    let at = after;
    while (at < this.#end && this.text.charCodeAt(at) === SPACE) at++;
    if (at >= this.#end) {
      this.#next();
      if (this.#indent > indent) return this.#isItem() ? this.#list(this.#indent, depth) : this.#map(this.#indent, depth);
      if (this.#indent === indent && !this.#isMarker() && this.#isItem()) return this.#list(indent, depth);
      throw ELSE; // nothing, or a remark: where nothing stands is hard to say
    }
    const first = this.text.charCodeAt(at);
    if (first === HASH) throw ELSE;
    if (first === 124 || first === 62) return this.#block(at, indent, depth);
    const value = this.#scalar(at, depth);
    if (this.#indent > indent) throw ELSE;
    return value;
  }

  /** A value on the rest of the line; moves on. */
  #scalar(at: number, depth: number): ScalarNode {
    this.#count(depth);
    const { text } = this, first = text[at] as string;
    if (first === "'" || first === '"') {
      const pattern = first === "'" ? SINGLE : DOUBLE;
      pattern.lastIndex = at;
      const found = pattern.exec(text), inner = found?.[1];
      if (found === null || inner === undefined || !this.#isRest(at + found[0].length)) throw ELSE;
      const value = first === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
      this.#next();
      return { kind: 'scalar', at, value, source: value, quoted: true };
    }
    if (INDICATORS.has(first) || (first === '-' && !/[A-Za-z0-9.]/.test(text[at + 1] ?? ''))) throw ELSE;
    let source = text.slice(at, this.#end);
    if (source.includes('\t')) throw ELSE;
    const remark = source.indexOf(' #');
    if (remark >= 0) source = source.slice(0, remark).trimEnd();
    if (source.includes(': ') || source.endsWith(':')) throw ELSE;
    this.#next();
    return { kind: 'scalar', at, ...resolve(source), quoted: false };
  }

  /** Nothing but blanks and a remark. */
  #isRest(at: number): boolean { return at === this.#end || (this.text.charCodeAt(at) === SPACE && /^ +#/.test(this.text.slice(at, this.#end))); }

  /** Text behind `|` or `>`, all of it deeper than `indent`. */
  #block(at: number, indent: number, depth: number): ScalarNode {
    this.#count(depth);
    const header = this.text.slice(at, this.#end), isFolded = header.startsWith('>');
    if (header !== '|' && header !== '|-' && header !== '>' && header !== '>-') throw ELSE;
    const lines: string[] = [];
    let inner = -1, line = this.#line + 1;
    for (; line < this.starts.length; line++) {
      const start = this.starts[line] as number, whole = this.text.slice(start, this.#endOf(line)), own = whole.search(/[^ ]/);
      if (whole.includes('\r') || whole.includes('\t')) throw ELSE;
      if (own >= 0 && own <= indent) break;
      if (inner < 0) { if (own < 0) throw ELSE; inner = own; }
      if (own >= 0 && (own < inner || (isFolded && own > inner))) throw ELSE;
      if (own < 0 && whole.length > inner) throw ELSE;
      lines.push(whole.slice(inner));
    }
    if (lines.length === 0 || (line === this.starts.length && !this.text.endsWith('\n'))) throw ELSE;
    while (lines[lines.length - 1] === '') lines.pop();
    const plain = isFolded ? folded(lines) : lines.join('\n'), value = header.length === 1 ? `${plain}\n` : plain;
    this.#line = line - 1;
    this.#next();
    return { kind: 'scalar', at, value, source: value, quoted: true };
  }
}

function fail(): never { throw ELSE; }
const isBlank = (code: number): boolean => code === SPACE || code === TAB || code === CR;

/** A line break is a blank, an empty line a line break. */
function folded(lines: readonly string[]): string {
  let text = '', empty = 0;
  for (const [i, line] of lines.entries()) {
    if (line === '') { empty++; continue; }
    text += `${i === 0 ? '' : empty > 0 ? '\n'.repeat(empty) : ' '}${line}`;
    empty = 0;
  }
  return text;
}

/** YAML 1.2, core schema. */
function resolve(source: string): { readonly value: ScalarNode['value']; readonly source: string } {
  const word = WORDS.get(source);
  if (word !== undefined) return { value: word, source };
  const first = source.charCodeAt(0);
  // Digits, a sign, a point: what else may be a number or its kin is rare.
  if ((first < 48 || first > 57) && first !== 43 && first !== DASH && first !== 46) return { value: source, source };
  if (/^[-+]?\.(?:inf|nan)$/i.test(source)) throw ELSE;
  if (!NUMBER.test(source)) return { value: source, source };
  const value = Number(source.startsWith('+') ? source.slice(1) : source);
  return Number.isFinite(value) ? { value, source } : { value: source, source };
}
