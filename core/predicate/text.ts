// The search bar's language: text <-> predicate. Pure.
//
//   dang nhap            every word stands somewhere in the event, in any field; case and marks ignored; "two words" as one
//   user.name:an         the whole value, case ignored; fields of running text (message, event.original ...) contain it, marks ignored
//   user.name:adm*       `*` any run, `?` one character, marks count; user.name:* the field is there; \ takes a sign's meaning away
//   source.port:>=1024   > >= < <= with a number
//   source.ip:10.0.0.0/8 a network, or one address in any spelling
//   AND OR NOT - ( )     words side by side mean AND; AND binds closer than OR
import type { Params } from '../errors.js';
import { fieldOf } from '../fields.js';
import { parseAddress, parseNetwork } from '../ip.js';
import type { Problem } from '../problem.js';
import { anywhere, compilePattern, foldPattern, literalOf, simplify } from './pattern.js';
import { ALWAYS, and, not, or, type Comparison, type Pattern, type PatternPart, type Predicate } from './predicate.js';

export interface Query {
  readonly predicate: Predicate;
  readonly problems: readonly Problem[];
  /** The query names the collector's own records (`event.dataset:haidang.loss`): only then they are shown. */
  readonly ownRecords: boolean;
}

const QUERY_CHARS_MAX = 10_000;
const DEPTH_MAX = 50;
const OWN_DATASETS: readonly string[] = ['haidang.loss', 'haidang.clock', 'haidang.mark'];

/** Reads what a person typed; of a query with problems, the parts that could be read. */
export function parseQuery(text: string): Query {
  const problems: Problem[] = [];
  if (text.length > QUERY_CHARS_MAX) {
    const message = `expected a query of at most ${QUERY_CHARS_MAX} characters, got ${text.length}`;
    return { predicate: ALWAYS, ownRecords: false, problems: [{ code: 'query.long', message, line: 1, column: QUERY_CHARS_MAX + 1, params: { max: QUERY_CHARS_MAX, got: text.length } }] };
  }
  const predicate = new Parser(tokens(text, problems), text.length, problems).query();
  return { predicate, problems, ownRecords: namesOwn(predicate) };
}

type Token =
  | { readonly kind: '(' | ')' | 'and' | 'or' | 'not'; readonly at: number }
  | { readonly kind: 'term'; readonly at: number; readonly field: string | undefined; readonly operator: Comparison | undefined; readonly pattern: Pattern; readonly valueAt: number };

class Parser {
  private next = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[], private readonly end: number, private readonly problems: Problem[]) {}

  query(): Predicate {
    const parts: Predicate[] = [];
    while (this.next < this.tokens.length) {
      parts.push(this.either());
      const stray = this.tokens[this.next];
      if (stray === undefined) break;
      this.problem(stray.at, 'query.unexpected', 'a word or the end', ')');
      this.next++;
    }
    return and(parts);
  }

  private either(): Predicate {
    const parts = [this.both()];
    while (this.take('or')) parts.push(this.both());
    return or(parts);
  }

  private both(): Predicate {
    const parts: Predicate[] = [];
    for (let wanted = true; ;) {
      const token = this.tokens[this.next];
      if (token === undefined || token.kind === ')' || token.kind === 'or') {
        if (wanted && (parts.length > 0 || token !== undefined || this.next > 0)) this.problem(token?.at ?? this.end, 'query.missing', 'a word or field:value', token === undefined ? 'the end' : token.kind, token === undefined ? {} : { got: token.kind });
        return and(parts);
      }
      if (token.kind === 'and') {
        if (wanted) this.problem(token.at, 'query.missing', 'a word or field:value', 'AND', { got: 'and' });
        this.next++;
        wanted = true;
        continue;
      }
      parts.push(this.one(token));
      wanted = false;
    }
  }

  private one(token: Token): Predicate {
    this.next++;
    switch (token.kind) {
      case 'not': {
        const after = this.tokens[this.next];
        if (after === undefined || after.kind === ')' || after.kind === 'or' || after.kind === 'and') {
          this.problem(after?.at ?? this.end, 'query.missing', 'a word or field:value', after?.kind ?? 'the end', after === undefined ? {} : { got: after.kind });
          return ALWAYS;
        }
        return not(this.one(after));
      }
      case '(': {
        if (++this.depth > DEPTH_MAX) {
          this.problem(token.at, 'query.deep', `at most ${DEPTH_MAX} parentheses inside each other`, 'more', { max: DEPTH_MAX });
          this.next = this.tokens.length;
          return ALWAYS;
        }
        const inner = this.either();
        this.depth--;
        if (!this.take(')') && this.depth < DEPTH_MAX) this.problem(token.at, 'query.parenthesis', 'a closing parenthesis', 'none');
        return inner;
      }
      case 'term': return this.term(token);
      default: return ALWAYS;
    }
  }

  private term({ field, operator, pattern, valueAt }: Token & { kind: 'term' }): Predicate {
    if (field === undefined) return free(pattern);
    const value = literalOf(pattern);
    if (operator !== undefined) {
      const number = value === undefined ? undefined : numberIn(value);
      if (number === undefined) { this.problem(valueAt, 'query.number', 'a number', value ?? 'a pattern', value === undefined ? {} : { got: value }); return ALWAYS; }
      return { kind: 'number', path: [field], op: operator, value: number, text: value as string };
    }
    return about(field, pattern, value);
  }

  private take(kind: Token['kind']): boolean {
    if (this.tokens[this.next]?.kind !== kind) return false;
    this.next++;
    return true;
  }

  private problem(at: number, code: string, expected: string, got: string, params?: Params): void {
    this.problems.push({ code, message: `expected ${expected}, got ${got}`, line: 1, column: at + 1, expected, got, ...(params === undefined ? {} : { params }) });
  }
}

/** A word or phrase without a field. */
function free(pattern: Pattern): Predicate {
  const inner = bare(pattern), text = literalOf(inner);
  return text === undefined ? { kind: 'keyword', pattern: inner, cased: false, wholeToken: false } : text === '' ? ALWAYS : { kind: 'text', path: [], text };
}

function about(field: string, pattern: Pattern, value: string | undefined): Predicate {
  const type = fieldOf(field)?.type, path = [field];
  if (value === undefined) {
    if (simplify(pattern).every(({ kind }) => kind === 'any')) return { kind: 'exists', path };
    // Running text is searched for what stands inside it: `*` at the ends says nothing more.
    const inner = type === 'text' ? literalOf(bare(pattern)) : undefined;
    if (inner !== undefined) return { kind: 'text', path, text: inner };
    return { kind: 'string', path, pattern: type === 'text' ? anywhere(pattern) : simplify(pattern), cased: false };
  }
  if (type === 'ip' && parseNetwork(value) !== undefined) return { kind: 'cidr', path, network: value };
  const number = type === 'long' ? numberIn(value) : undefined;
  if (number !== undefined) return { kind: 'number', path, op: 'eq', value: number, text: value };
  if (type === 'text' && value !== '') return { kind: 'text', path, text: value };
  return { kind: 'string', path, pattern: value === '' ? [] : [{ kind: 'text', text: value }], cased: false };
}

const numberIn = (text: string): number | undefined => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined);
/** Without `*` at its ends: a free word is found anywhere as it is. */
function bare(pattern: Pattern): Pattern {
  const parts = simplify(pattern);
  return parts.slice(parts[0]?.kind === 'any' ? 1 : 0, parts.length > 1 && parts[parts.length - 1]?.kind === 'any' ? -1 : undefined);
}

function namesOwn(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and': case 'or': return predicate.parts.some(namesOwn);
    case 'string': {
      if (predicate.path[0] !== 'event.dataset') return false;
      const test = compilePattern(foldPattern(predicate.pattern));
      // `event.dataset:*a*` finds them by chance, it does not name them.
      const first = predicate.pattern[0];
      return first?.kind === 'text' && first.text.toLowerCase().startsWith('haidang.') && OWN_DATASETS.some(test);
    }
    default: return false;
  }
}

// ---- Reading words ----

const SPACE = /\s/;
const FIELD_NAME = /^[@\p{L}_][\p{L}\p{N}_.@/-]*$/u;
const OPERATORS: readonly (readonly [string, Comparison])[] = [['>=', 'gte'], ['<=', 'lte'], ['>', 'gt'], ['<', 'lt']];

function tokens(text: string, problems: Problem[]): readonly Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length;) {
    const sign = text[at] as string;
    if (SPACE.test(sign)) { at++; continue; }
    if (sign === '(' || sign === ')') { found.push({ kind: sign, at }); at++; continue; }
    if (sign === '-' && at + 1 < text.length && !SPACE.test(text[at + 1] as string)) { found.push({ kind: 'not', at }); at++; continue; }
    const field = fieldAt(text, at);
    const operator = field === undefined ? undefined : OPERATORS.find(([spelled]) => text.startsWith(spelled, field.end));
    const start = field === undefined ? at : field.end + (operator?.[0].length ?? 0), value = valueAt(text, start);
    const word = text.slice(at, value.end);
    if (field === undefined && (word === 'AND' || word === 'OR' || word === 'NOT')) found.push({ kind: word.toLowerCase() as 'and' | 'or' | 'not', at });
    else if (field !== undefined && value.end === start) problems.push({ code: 'query.value', message: `expected a value after ${field.name}:, got none`, line: 1, column: start + 1, expected: 'a value', got: 'none', params: { field: field.name } });
    else found.push({ kind: 'term', at, field: field?.name, operator: operator?.[1], pattern: value.pattern, valueAt: start });
    if (value.open !== undefined) problems.push({ code: 'query.quote', message: 'expected a closing quote, got the end', line: 1, column: value.open + 1, expected: '"', got: 'the end' });
    at = Math.max(value.end, start, at + 1);
  }
  return found;
}

/** `name:` at this place, unless the word is an address or a link that happens to have a colon. */
function fieldAt(text: string, at: number): { readonly name: string; readonly end: number } | undefined {
  let end = at;
  while (end < text.length && !/[\s:()"]/.test(text[end] as string)) end++;
  const name = text.slice(at, end);
  if (text[end] !== ':' || !FIELD_NAME.test(name) || text.startsWith('://', end)) return undefined;
  const word = /^[^\s()"]*/.exec(text.slice(at))?.[0] ?? '';
  return parseAddress(word) !== undefined || /^(?:[0-9a-f]{2}:){3,}/i.test(word) ? undefined : { name, end: end + 1 };
}

/** A quoted value or a bare one with wildcards, from `at` to a space or parenthesis. */
function valueAt(text: string, at: number): { readonly pattern: Pattern; readonly end: number; readonly open?: number } {
  if (text[at] === '"') {
    let value = '', end = at + 1;
    for (; end < text.length && text[end] !== '"'; end++) {
      if (text[end] === '\\' && end + 1 < text.length && /["\\]/.test(text[end + 1] as string)) end++;
      value += text[end];
    }
    const pattern: Pattern = value === '' ? [] : [{ kind: 'text', text: value }];
    return end < text.length ? { pattern, end: end + 1 } : { pattern, end, open: at };
  }
  const parts: PatternPart[] = [];
  let run = '', end = at;
  const close = (): void => { if (run !== '') parts.push({ kind: 'text', text: run }); run = ''; };
  for (; end < text.length && !/[\s()]/.test(text[end] as string); end++) {
    const sign = text[end] as string;
    if (sign === '\\' && end + 1 < text.length && /[\\*?():"<>\s-]/.test(text[end + 1] as string)) { run += text[end + 1]; end++; }
    else if (sign === '*' || sign === '?') { close(); parts.push({ kind: sign === '*' ? 'any' : 'one' }); }
    else run += sign;
  }
  close();
  return { pattern: parts, end };
}

// ---- Writing ----

const SPELLED: Readonly<Record<Comparison, string>> = { eq: '', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** The text that reads as this predicate, or undefined when the search bar has no words for it (regexes, references ...). */
export function printQuery(predicate: Predicate): string | undefined {
  const text = print(predicate, 0);
  // What it reads as is the proof: the same word may mean another thing for another field.
  return text !== undefined && JSON.stringify(parseQuery(text).predicate) === JSON.stringify(predicate) ? text : undefined;
}

/** `around`: 0 nothing, 1 inside OR, 2 inside AND, 3 under NOT. */
function print(predicate: Predicate, around: number): string | undefined {
  switch (predicate.kind) {
    case 'constant': return predicate.value && around === 0 ? '' : undefined;
    case 'and': return joined(predicate.parts, ' ', 2, around);
    case 'or': return joined(predicate.parts, ' OR ', 1, around);
    case 'not': { const part = print(predicate.part, 3); return part === undefined ? undefined : `NOT ${part}`; }
    case 'text': return predicate.path.length > 1 ? undefined : `${prefix(predicate.path)}${quoted(predicate.text, predicate.path.length === 0)}`;
    case 'keyword': return predicate.cased || predicate.wholeToken ? undefined : patternText(predicate.pattern);
    case 'string': {
      if (predicate.cased || predicate.path.length !== 1) return undefined;
      const text = literalOf(predicate.pattern);
      if (text !== undefined) return `${prefix(predicate.path)}${quoted(text, false)}`;
      return `${prefix(predicate.path)}${patternText(fieldOf(predicate.path[0] as string)?.type === 'text' ? bare(predicate.pattern) : predicate.pattern)}`;
    }
    case 'number': return predicate.path.length === 1 ? `${prefix(predicate.path)}${SPELLED[predicate.op]}${predicate.text}` : undefined;
    case 'cidr': return predicate.path.length === 1 ? `${prefix(predicate.path)}${predicate.network}` : undefined;
    case 'exists': return predicate.path.length === 1 ? `${prefix(predicate.path)}*` : undefined;
    default: return undefined;
  }
}

function joined(parts: readonly Predicate[], word: string, level: number, around: number): string | undefined {
  const texts = parts.map((part) => print(part, level));
  if (texts.length === 0 || texts.some((text) => text === undefined)) return undefined;
  return around >= level ? `(${texts.join(word)})` : texts.join(word);
}
const prefix = (path: readonly string[]): string => path.map((field) => `${field}:`).join('');
function quoted(text: string, isFree: boolean): string {
  const plain = /^[^\s()"\\*?:<>-][^\s()"\\*?:]*$/.test(text) && !(isFree && /^(?:AND|OR|NOT)$/.test(text));
  return plain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
const patternText = (pattern: Pattern): string =>
  simplify(pattern).map((part) => (part.kind === 'any' ? '*' : part.kind === 'one' ? '?' : part.text.replace(/[\\*?():"<>\s-]/g, '\\$&'))).join('');
