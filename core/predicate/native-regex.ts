// Some regular expressions run on the platform's own engine, which is many times faster than any automaton here but goes back and tries
// again: only over ASCII texts, and only where a bound on what it can be made to try, worked out from the expression, is small.
import { assertNever } from '../assert.js';
import { readRegex, setOf, type CharacterSet, type RegexTree } from './regex-tree.js';

export interface NativeRegex {
  /** Is it found in a text of ASCII characters? */
  readonly test: (text: string) => boolean;
  /** Shorter texts are never met. */
  readonly least: number;
  /** Each stands, in lower case, in every text that is met. */
  readonly required: readonly string[];
  /** At most so many characters are looked at in a text of this length. */
  readonly cost: (length: number) => number;
}

/** Undefined: an expression that is not read here. */
export function nativeRegex(source: string, flags: string): NativeRegex | undefined {
  const tree = readRegex(source, flags);
  if (tree === undefined) return undefined;
  let regex: RegExp | undefined;
  return { test: (text) => (regex ??= new RegExp(print(tree))).test(text), least: leastOf(tree), required: requiredOf(tree), cost: costOf(tree) };
}

function print(tree: RegexTree): string {
  switch (tree.kind) {
    case 'set': return printSet(tree.set);
    case 'edge': return tree.source;
    case 'sequence': return tree.parts.map((part) => (part.kind === 'either' ? `(?:${print(part)})` : print(part))).join('');
    case 'either': return tree.parts.map(print).join('|');
    case 'repeat': return `(?:${print(tree.part)}){${tree.least},${tree.most === Infinity ? '' : tree.most}}`;
    default: return assertNever(tree);
  }
}

function printSet(set: CharacterSet): string {
  const hex = (code: number): string => `\\x${code.toString(16).padStart(2, '0')}`, ranges: string[] = [];
  for (let code = 0; code < 128; code++) {
    if (set[code] === 0) continue;
    const from = code;
    while (code < 127 && set[code + 1] === 1) code++;
    ranges.push(from === code ? hex(from) : `${hex(from)}-${hex(code)}`);
  }
  return `[${ranges.join('')}]`; // [] is met by nothing, as it should be
}

function leastOf(tree: RegexTree): number {
  switch (tree.kind) {
    case 'set': return 1;
    case 'edge': return 0;
    case 'sequence': return tree.parts.reduce((sum, part) => sum + leastOf(part), 0);
    case 'either': return Math.min(...tree.parts.map(leastOf));
    case 'repeat': return tree.least * leastOf(tree.part);
    default: return assertNever(tree);
  }
}

/** Runs of characters, letters in either case, that stand in every match. */
function requiredOf(tree: RegexTree): string[] {
  const found: string[] = [];
  let run = '';
  const end = (): void => { if (run.length > 1) found.push(run); run = ''; };
  for (const part of tree.kind === 'sequence' ? tree.parts : [tree]) {
    const code = part.kind === 'set' ? only(part.set) : undefined;
    if (code !== undefined) { run += String.fromCharCode(code); continue; }
    end();
    if (part.kind === 'repeat' && part.least > 0) found.push(...requiredOf(part.part));
    if (part.kind === 'sequence') found.push(...requiredOf(part));
  }
  end();
  return [...new Set(found)];
}

/** The one character that a set has, a letter maybe in both cases: in lower case. */
function only(set: CharacterSet): number | undefined {
  const first = set.indexOf(1), second = set.indexOf(1, first + 1), isLetter = first >= 65 && first <= 90;
  if (first < 0 || (second >= 0 && (!isLetter || second !== first + 32 || set.indexOf(1, second + 1) >= 0))) return undefined;
  return isLetter ? first + 32 : first;
}

/**
 * A try from one place looks at `work` characters and can end in `ways` places, both bounded for a text of n characters. Expressions with
 * repetitions in repetitions have ways without end and are not for going back.
 */
interface Bound { readonly work: number; readonly ways: number }

/** Worked out for lengths in steps, and remembered. */
function costOf(tree: RegexTree): (length: number) => number {
  const known = new Map<number, number>();
  return (length) => {
    const step = Math.max(16, 2 ** Math.ceil(Math.log2(length + 1)));
    let cost = known.get(step);
    if (cost === undefined) {
      const { work, ways } = boundOf(tree, step, undefined), passed = ways === 1 ? passesOf(tree) : undefined;
      known.set(step, cost = (step + 1) * (1 + Math.min(work, passed ?? Infinity)));
    }
    return cost;
  };
}

/**
 * How often a character can be looked at where each try has one way to go, and no repetition reads what an expression begins with: between a
 * place and the tries that come to it lie no more beginnings than there are characters outside of repetitions.
 */
function passesOf(tree: RegexTree): number | undefined {
  const first = firstOf([tree]);
  if (first === undefined) return undefined;
  let outside = 0;
  const isClear = (one: RegexTree, isInside: boolean): boolean => {
    switch (one.kind) {
      case 'edge': return true;
      case 'set':
        if (!isInside) outside++;
        return !isInside || one.set.every((has, code) => has === 0 || first[code] === 0);
      case 'sequence': case 'either': return one.parts.every((part) => isClear(part, isInside));
      case 'repeat': return isClear(one.part, true);
      default: return assertNever(one);
    }
  };
  return isClear(tree, false) ? 2 * (outside + 1) * (1 + edgesOf(tree)) : undefined;
}

function edgesOf(tree: RegexTree): number {
  switch (tree.kind) {
    case 'set': return 0;
    case 'edge': return 1;
    case 'sequence': case 'either': return tree.parts.reduce((sum, part) => sum + edgesOf(part), 0);
    case 'repeat': return edgesOf(tree.part);
    default: return assertNever(tree);
  }
}

/** `after`: what surely stands behind, if something does. */
function boundOf(tree: RegexTree, length: number, after: CharacterSet | undefined): Bound {
  switch (tree.kind) {
    case 'set': case 'edge': return { work: 1, ways: 1 };
    case 'either': {
      const bounds = tree.parts.map((part) => boundOf(part, length, after)), work = bounds.reduce((sum, one) => sum + one.work, 0);
      return { work, ways: areApart(tree.parts) ? Math.max(...bounds.map(({ ways }) => ways)) : bounds.reduce((sum, { ways }) => sum + ways, 0) };
    }
    case 'sequence': {
      let work = 0, ways = 1;
      tree.parts.forEach((part, i) => {
        const bound = boundOf(part, length, firstOf(tree.parts.slice(i + 1)) ?? (tree.parts.slice(i + 1).every(isEmptyEdge) ? after : undefined));
        work += ways * bound.work;
        ways *= bound.ways;
      });
      return { work, ways };
    }
    case 'repeat': {
      const { part, least } = tree, most = Math.min(tree.most, Math.ceil(length / Math.max(1, leastOf(part)))), first = firstOf([part]);
      // What follows cannot begin as one more repetition would: there is one place to stop, and no going back to any other.
      const isFixed = least === tree.most || (first !== undefined && after !== undefined && first.every((has, code) => has === 0 || after[code] === 0));
      const inner = boundOf(part, length, isFixed && first !== undefined && after !== undefined ? union(first, after) : undefined);
      if (inner.ways > 1) return inner.ways ** most > WAYS_MAX ? { work: Infinity, ways: Infinity } : { work: most * inner.work * inner.ways ** most, ways: (most + 1) * inner.ways ** most };
      return { work: 2 * most * inner.work + 1, ways: isFixed ? 1 : most - least + 1 };
    }
    default: return assertNever(tree);
  }
}
const WAYS_MAX = 1e6;

/** Does the first character tell which of them it can be? */
function areApart(parts: readonly RegexTree[]): boolean {
  let before: CharacterSet = new Uint8Array(128);
  return parts.every((part) => {
    const { set, mayBeEmpty } = begin(part), isApart = !mayBeEmpty && set.every((has, code) => has === 0 || before[code] === 0);
    before = union(before, set);
    return isApart;
  });
}

const isEmptyEdge = (part: RegexTree): boolean => part.kind === 'edge';
const union = (one: CharacterSet, other: CharacterSet): CharacterSet => setOf((code) => one[code] === 1 || other[code] === 1);

/** The characters with which a sequence begins; undefined when it may be empty. */
function firstOf(parts: readonly RegexTree[]): CharacterSet | undefined {
  let all: CharacterSet | undefined;
  for (const part of parts) {
    if (part.kind === 'edge') continue;
    const { set, mayBeEmpty } = begin(part);
    all = all === undefined ? set : union(all, set);
    if (!mayBeEmpty) return all;
  }
  return undefined;
}

function begin(tree: RegexTree): { readonly set: CharacterSet; readonly mayBeEmpty: boolean } {
  switch (tree.kind) {
    case 'set': return { set: tree.set, mayBeEmpty: false };
    case 'edge': return { set: new Uint8Array(128), mayBeEmpty: true };
    case 'either': {
      const begins = tree.parts.map(begin);
      return { set: begins.reduce<CharacterSet>((all, { set }) => union(all, set), new Uint8Array(128)), mayBeEmpty: begins.some(({ mayBeEmpty }) => mayBeEmpty) };
    }
    case 'sequence': {
      let set: CharacterSet = new Uint8Array(128);
      for (const part of tree.parts) { const one = begin(part); set = union(set, one.set); if (!one.mayBeEmpty) return { set, mayBeEmpty: false }; }
      return { set, mayBeEmpty: true };
    }
    case 'repeat': { const one = begin(tree.part); return { set: one.set, mayBeEmpty: one.mayBeEmpty || tree.least === 0 }; }
    default: return assertNever(tree);
  }
}
