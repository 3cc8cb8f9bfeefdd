import fc from 'fast-check';
import { and, not, type Predicate } from '../../../core/predicate/predicate.js';
import { parseQuery } from '../../../core/predicate/text.js';
import { withCondition } from '../controllers/event-query.js';
import { en } from '../words/messages.en.js';
import { vi } from '../words/messages.vi.js';
import { fieldAt, tokens } from './query-text.js';

test('tokens are the query again, each at its place', () => {
  fc.assert(fc.property(fc.string(), (query) => {
    const all = tokens(query);
    expect(all.map(({ text }) => text).join('')).toBe(query.replace(/[\n\r\u2028\u2029]/g, (one) => one));
    for (const { text, start } of all) expect(query.slice(start, start + text.length)).toBe(text);
  }));
});

test('fields, words, signs and values are told apart', () => {
  expect(tokens('user.name:"a b" AND status:>=400 or').filter(({ kind }) => kind !== 'space').map(({ kind, text }) => `${kind} ${text}`)).toEqual(['field user.name', 'sign :', 'value "a b"', 'word AND', 'field status', 'sign :>=', 'value 400', 'value or']);
});

test('a field name is offered where one may stand, not inside a value or for an operator', () => {
  expect(fieldAt('sour', 4)).toEqual({ from: 0, to: 4, typed: 'sour' });
  expect(fieldAt('a:b AND (us', 11)).toEqual({ from: 9, to: 11, typed: 'us' });
  expect(fieldAt('user.name:ro', 12)).toBeUndefined();
  expect(fieldAt('a:b AND', 7)).toBeUndefined();
});

test('a value is added to a query, quoted where it must be, an or put in brackets first', () => {
  expect(withCondition('', 'user.name', 'root')).toBe('user.name:root');
  expect(withCondition('a:1 OR b:2', 'user.name', 'say "x" \\', false)).toBe('(a:1 OR b:2) AND NOT user.name:"say \\"x\\" \\\\"');
  expect(withCondition('a:1', 'b', 'OR')).toBe('a:1 AND b:"OR"');
});

test('what is added means, to the server, the query before and that value', () => {
  const query = fc.constantFrom('', 'đăng nhập', 'a:1 OR b:2', 'NOT user.name:root', '(a:1 OR b:2) AND c:*', 'x or y', '(a:1) OR (b:2)', 'x:"a OR b" OR y', 'x:"a OR b"');
  fc.assert(fc.property(query, fc.constantFrom('user.name', 'source.ip', 'message', 'event.original', 'x.y'), fc.string({ unit: 'binary' }), fc.boolean(), (before, field, value, keep) => {
    const added = parseQuery(withCondition(before, field, value, keep)), part = parseQuery(`${field}:"${value.replace(/["\\]/g, '\\$&')}"`).predicate;
    expect(added.problems).toEqual([]);
    expect(flat(added.predicate)).toEqual(flat(and([parseQuery(before).predicate, keep ? part : not(part)])));
  }));
});
/** Brackets within an AND change nothing. */
const flat = (predicate: Predicate): Predicate => (predicate.kind !== 'and' ? predicate : { kind: 'and', parts: predicate.parts.map(flat).flatMap((part) => (part.kind === 'and' ? part.parts : [part])) });

test('the example in the search box is a query that means what it shows', () => {
  for (const { eventsPage } of [vi, en]) expect(parseQuery(eventsPage.placeholder)).toEqual(parseQuery('source.ip:192.0.2.0/24 AND event.outcome:failure'));
});
