// A predicate as a person reads it: `Image ends with "\cmd.exe" and not User contains "SYSTEM"`.
import { assertNever } from '../assert.js';
import type { Path, Pattern, Predicate } from './predicate.js';

export function printPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'constant': return predicate.value ? 'always' : 'never';
    case 'and': return predicate.parts.map((part) => inside(part, ['or'])).join(' and ');
    case 'or': return predicate.parts.map((part) => inside(part, [])).join(' or ');
    case 'not': return `not ${inside(predicate.part, ['and', 'or'])}`;
    case 'string': return `${name(predicate.path)} ${printPattern(predicate.pattern)}${cased(predicate.cased)}`;
    case 'number': return `${name(predicate.path)} ${SIGNS[predicate.op]} ${predicate.text}`;
    case 'regex': return `${name(predicate.path)} matches ${printRegex(predicate)}`;
    case 'cidr': return `${name(predicate.path)} is in ${predicate.network}`;
    case 'exists': return `${name(predicate.path)} exists`;
    case 'null': return `${name(predicate.path)} is missing or null`;
    case 'fieldref': return `${name(predicate.path)} ${WORDS[predicate.op]} the field ${name(predicate.other)}${cased(predicate.cased)}`;
    case 'datepart': return `${predicate.part} of ${name(predicate.path)} ${SIGNS[predicate.op]} ${predicate.value}`;
    case 'keyword': return `any field ${predicate.wholeToken ? 'has the word' : 'contains'} ${quote(wildcards(predicate.pattern))}${cased(predicate.cased)}`;
    case 'keywordRegex': return `any field matches ${printRegex(predicate)}`;
    case 'text': return `${predicate.path.length === 0 ? 'any field' : name(predicate.path)} has ${quote(predicate.text)}`;
    default: return assertNever(predicate);
  }
}

const SIGNS = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;
const WORDS = { equals: 'is the same as', contains: 'contains', startswith: 'starts with', endswith: 'ends with' } as const;

const inside = (predicate: Predicate, wrapped: readonly Predicate['kind'][]): string =>
  wrapped.includes(predicate.kind) ? `(${printPredicate(predicate)})` : printPredicate(predicate);
const name = (path: Path): string => path[0] ?? 'any field';
const cased = (yes: boolean): string => (yes ? ' (case counts)' : '');
const quote = (text: string): string => JSON.stringify(text);
const printRegex = ({ source, flags }: { source: string; flags: string }): string => `/${source}/${flags}`;

/** The pattern with Sigma's wildcards and escapes. */
export function wildcards(pattern: Pattern): string {
  return pattern.map((part) => (part.kind === 'any' ? '*' : part.kind === 'one' ? '?' : part.text.replace(/[*?]/g, '\\$&'))).join('');
}

function printPattern(pattern: Pattern): string {
  const open = pattern[0]?.kind === 'any', close = pattern.length > 1 && pattern[pattern.length - 1]?.kind === 'any';
  const middle = pattern.slice(open ? 1 : 0, close ? -1 : undefined);
  if (pattern.length === 1 && open) return 'has any value';
  const plain = middle.every((part) => part.kind === 'text');
  if (!plain) return `is like ${quote(wildcards(pattern))}`;
  const text = quote(middle.map((part) => (part.kind === 'text' ? part.text : '')).join(''));
  return open && close ? `contains ${text}` : open ? `ends with ${text}` : close ? `starts with ${text}` : `is ${text}`;
}
