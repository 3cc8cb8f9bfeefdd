// A predicate as a person reads it: `Image ends with "\cmd.exe" and not User contains "SYSTEM"`.
import { assertNever } from '../assert.js';
import type { Predicate } from './predicate.js';
import { questionOf, type Question } from './question.js';

export function printPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'constant': return predicate.value ? 'always' : 'never';
    case 'and': return predicate.parts.map((part) => inside(part, ['or'])).join(' and ');
    case 'or': return predicate.parts.map((part) => inside(part, [])).join(' or ');
    case 'not': return `not ${inside(predicate.part, ['and', 'or'])}`;
    default: return printQuestion(questionOf(predicate));
  }
}

/** The question in English; the console has its own words for other languages. */
export function printQuestion({ is, name = 'any field', text = '', part, cased, not }: Question): string {
  return `${not === true ? 'not ' : ''}${part === undefined ? '' : `${part} of `}${name} ${said(is, text)}${cased === true ? ' (case counts)' : ''}`;
}

function said(is: Question['is'], text: string): string {
  switch (is) {
    case 'equals': return `is ${quote(text)}`;
    case 'contains': return `contains ${quote(text)}`;
    case 'startswith': return `starts with ${quote(text)}`;
    case 'endswith': return `ends with ${quote(text)}`;
    case 'like': return `is like ${quote(text)}`;
    case 'any': return 'has any value';
    case 'eq': return `= ${text}`;
    case 'lt': return `< ${text}`;
    case 'lte': return `<= ${text}`;
    case 'gt': return `> ${text}`;
    case 'gte': return `>= ${text}`;
    case 'regex': return `matches ${text}`;
    case 'network': return `is in ${text}`;
    case 'exists': return 'exists';
    case 'missing': return 'is missing or null';
    case 'word': return `has the word ${quote(text)}`;
    case 'has': return `has ${quote(text)}`;
    case 'groups': return 'groups';
    case 'field_equals': return `is the same as the field ${text}`;
    case 'field_contains': return `contains the field ${text}`;
    case 'field_startswith': return `starts with the field ${text}`;
    case 'field_endswith': return `ends with the field ${text}`;
    default: return assertNever(is);
  }
}

const inside = (predicate: Predicate, wrapped: readonly Predicate['kind'][]): string =>
  wrapped.includes(predicate.kind) ? `(${printPredicate(predicate)})` : printPredicate(predicate);
const quote = (text: string): string => JSON.stringify(text);
