// The condition grammar: `expr := or | and | not | (expr) | N of X | name`, not before and before or. Names keep their case
// and may begin with operator letters (`notes`, `orgs`); pipes belong to an older language and are refused.
import { Refused } from './yaml.js';

export type ConditionNode =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionNode[] }
  | { readonly kind: 'not'; readonly part: ConditionNode }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  /** `1 of selection_*`; `them` is the pattern `*`. */
  | { readonly kind: 'some' | 'every'; readonly pattern: string; readonly at: number };

const DEPTH_MAX = 64;
const TOKEN = /\s+|[()]|[A-Za-z0-9_*\-.]+|[\s\S]/g;
const NAME = /^[A-Za-z0-9_-]+$/;
/** Rule references in correlations may also be ids; both fit NAME. */
const PATTERN = /^[A-Za-z0-9_*-]+$/;

interface Token { readonly text: string; readonly at: number }

/** Parses a condition; `place` gives the file offset of an index into `text`. Throws Refused. */
export function parseCondition(text: string, place: (index: number) => number): ConditionNode {
  const tokens: Token[] = [];
  for (const { 0: piece, index } of text.matchAll(TOKEN)) if (piece.trim() !== '') tokens.push({ text: piece, at: place(index) });
  const reader = new Reader(tokens, place(text.length));
  const node = reader.or(0);
  reader.end();
  return node;
}

class Reader {
  #next = 0;
  constructor(readonly tokens: readonly Token[], readonly endAt: number) {}

  or(depth: number): ConditionNode { return this.#chain('or', () => this.#and(depth), depth); }
  #and(depth: number): ConditionNode { return this.#chain('and', () => this.#not(depth), depth); }

  #chain(operator: 'and' | 'or', operand: () => ConditionNode, depth: number): ConditionNode {
    if (depth > DEPTH_MAX) throw new Refused('sigma.condition.depth', this.#peek()?.at ?? this.endAt, `expected at most ${DEPTH_MAX} levels of parentheses, got more`);
    const parts = [operand()];
    while (this.#isWord(operator)) { this.#next++; parts.push(operand()); }
    return parts.length === 1 ? (parts[0] as ConditionNode) : { kind: operator, parts };
  }

  #not(depth: number): ConditionNode {
    let nots = 0;
    while (this.#isWord('not')) { this.#next++; nots++; }
    let node = this.#operand(depth);
    // `not not x` is x.
    if (nots % 2 === 1) node = { kind: 'not', part: node };
    return node;
  }

  #operand(depth: number): ConditionNode {
    const token = this.#peek();
    if (token === undefined) throw this.#refuse(undefined, 'a search identifier');
    this.#next++;
    if (token.text === '(') {
      const node = this.or(depth + 1);
      const close = this.#peek();
      if (close?.text !== ')') throw this.#refuse(close, 'a closing parenthesis');
      this.#next++;
      return node;
    }
    if (this.#isWord('of')) return this.#quantified(token);
    if (!NAME.test(token.text) || isOperator(token.text) || token.text === 'them') throw this.#refuse(token, 'a search identifier, "not" or "("');
    return { kind: 'name', name: token.text, at: token.at };
  }

  #quantified(quantifier: Token): ConditionNode {
    const word = quantifier.text.toLowerCase();
    if (word !== '1' && word !== 'any' && word !== 'all') throw this.#refuse(quantifier, '"1", "any" or "all" before "of"');
    this.#next++;
    const what = this.#peek();
    if (what === undefined || !PATTERN.test(what.text) || isOperator(what.text)) throw this.#refuse(what, '"them", a search identifier or a pattern after "of"');
    this.#next++;
    return { kind: word === 'all' ? 'every' : 'some', pattern: what.text === 'them' ? '*' : what.text, at: what.at };
  }

  end(): void {
    const token = this.#peek();
    if (token !== undefined) throw this.#refuse(token, '"and", "or" or the end of the condition');
  }

  #peek(): Token | undefined { return this.tokens[this.#next]; }
  /** Operators in lower or in upper case; anything else is a name. */
  #isWord(word: string): boolean { const text = this.#peek()?.text; return text === word || text === word.toUpperCase(); }

  #refuse(token: Token | undefined, expected: string): Refused {
    const got = token === undefined ? 'the end of the condition' : token.text === '|' ? '"|": pipes are not part of Sigma conditions any more, write a correlation' : JSON.stringify(token.text);
    return new Refused(token?.text === '|' ? 'sigma.condition.pipe' : 'sigma.condition.syntax', token?.at ?? this.endAt, `expected ${expected}, got ${got}`, expected, got);
  }
}

const isOperator = (text: string): boolean => ['and', 'or', 'not', 'of', 'AND', 'OR', 'NOT', 'OF'].includes(text);

/** Does a pattern with `*` cover the whole name? Names that begin with `_` only answer to patterns that do. */
export function coversName(pattern: string, name: string): boolean {
  if (name.startsWith('_') && !pattern.startsWith('_')) return false;
  const pieces = pattern.split('*'), first = pieces[0] as string, last = pieces[pieces.length - 1] as string;
  if (pieces.length === 1) return name === pattern;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > name.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}

/** Every name that a condition mentions itself, in order. */
export function namesIn(node: ConditionNode): { readonly name: string; readonly at: number }[] {
  switch (node.kind) {
    case 'name': return [node];
    case 'not': return namesIn(node.part);
    case 'and': case 'or': return node.parts.flatMap(namesIn);
    case 'some': case 'every': return [];
  }
}

export function hasNot(node: ConditionNode): boolean {
  return node.kind === 'not' || ((node.kind === 'and' || node.kind === 'or') && node.parts.some(hasNot));
}
