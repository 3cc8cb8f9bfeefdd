import fc from 'fast-check';
import { withCondition } from '../controllers/event-query.js';
import { fieldAt, tokens } from './query-text.js';

test('tokens are the query again, each at its place', () => {
  fc.assert(fc.property(fc.string(), (query) => {
    const all = tokens(query);
    expect(all.map(({ text }) => text).join('')).toBe(query.replace(/[\n\r\u2028\u2029]/g, (one) => one));
    for (const { text, start } of all) expect(query.slice(start, start + text.length)).toBe(text);
  }));
});

test('fields, words, signs and values are told apart', () => {
  expect(tokens('user.name:"a b" and status >= 400').filter(({ kind }) => kind !== 'space').map(({ kind, text }) => `${kind} ${text}`)).toEqual(['field user.name', 'sign :', 'value "a b"', 'word and', 'field status', 'sign >=', 'value 400']);
});

test('a field name is offered where one may stand, not inside a value or for an operator', () => {
  expect(fieldAt('sour', 4)).toEqual({ from: 0, to: 4, typed: 'sour' });
  expect(fieldAt('a:b and (us', 11)).toEqual({ from: 9, to: 11, typed: 'us' });
  expect(fieldAt('user.name:ro', 12)).toBeUndefined();
  expect(fieldAt('a:b and', 7)).toBeUndefined();
});

test('a value is added to a query, quoted where it must be, an or put in brackets first', () => {
  expect(withCondition('', 'user.name', 'root')).toBe('user.name:root');
  expect(withCondition('a:1 or b:2', 'user.name', 'say "x" \\', false)).toBe('(a:1 or b:2) and not user.name:"say \\"x\\" \\\\"');
  expect(withCondition('a:1', 'b', 'or')).toBe('a:1 and b:"or"');
});
