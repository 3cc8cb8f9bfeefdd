import { explain } from './explain.js';
import type { Predicate } from './predicate.js';
import { printPredicate } from './print.js';

const contains = (field: string, text: string): Predicate => ({ kind: 'string', path: [field], pattern: [{ kind: 'any' }, { kind: 'text', text }, { kind: 'any' }], cased: false });
const bytesOf = (original: string, { start, end }: { start?: number; end?: number }): string => Buffer.from(original).subarray(start, end).toString();

test('an atom names its question, field, value and the bytes of the raw line', () => {
  const original = '<38>Nov 22 10:00:00 máy-chủ sshd[9]: Failed password for Đức from 192.0.2.7 port 22 ssh2';
  const event = { 'event.original': original, message: 'Failed password for Đức from 192.0.2.7 port 22 ssh2', 'source.ip': '192.0.2.7' };
  const [first, second] = explain({ kind: 'and', parts: [contains('message', 'PASSWORD for đức'), { kind: 'cidr', path: ['source.ip'], network: '192.0.2.0/24' }] }, event);
  expect(first).toMatchObject({ question: 'message contains "PASSWORD for đức"', field: 'message' });
  expect(bytesOf(original, first ?? {})).toBe('password for Đức');
  expect(second).toMatchObject({ question: 'source.ip is in 192.0.2.0/24', field: 'source.ip', value: '192.0.2.7' });
  expect(bytesOf(original, second ?? {})).toBe('192.0.2.7');
});

test('a value escaped in JSON is found as it is written there, a decoded one nowhere', () => {
  const original = '{"Image":"C:\\\\Windows\\\\cmd.exe","x":"77686f616d69"}';
  const event = { 'event.original': original, Image: 'C:\\Windows\\cmd.exe', command: 'whoami' };
  expect(bytesOf(original, explain(contains('Image', '\\cmd.exe'), event)[0] ?? {})).toBe('\\\\cmd.exe');
  expect(explain(contains('command', 'who'), event)[0]).not.toHaveProperty('start');
});

test('a short value is looked for behind its name', () => {
  const original = 'devid=1234 action=deny id=1 policy=12 x=2';
  const [atom] = explain({ kind: 'number', path: ['fortinet.firewall.policy'], op: 'gt', value: 5, text: '5' }, { 'event.original': original, 'fortinet.firewall.policy': '12' });
  expect(atom).toMatchObject({ start: original.indexOf('policy=') + 7, end: original.indexOf('policy=') + 9 });
});

test('bytes that are not UTF-8 are counted as they came', () => {
  const frame = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(' user=ann')]);
  const event = { 'event.original': frame.toString(), 'event.original_b64': frame.toString('base64'), user: 'ann' };
  expect(explain(contains('user', 'ann'), event)[0]).toMatchObject({ start: 8, end: 11 });
});

test('of several values the one is named that answers, also when it is compared with another field', () => {
  expect(explain({ kind: 'fieldref', path: ['a'], other: ['b'], op: 'equals', cased: false }, { a: ['x', 'y'], b: 'Y' })).toMatchObject([{ field: 'a', value: 'y' }]);
  expect(explain({ kind: 'number', path: ['a'], op: 'gt', value: 5, text: '5' }, { a: [1, 7] })).toMatchObject([{ field: 'a', value: '7' }]);
});

test('what is false explains nothing; a negated single question shows the field it was asked of', () => {
  expect(explain(contains('a', 'x'), { a: 'y' })).toEqual([]);
  expect(explain({ kind: 'not', part: contains('a', 'x') }, { a: 'y' })).toEqual([{ question: 'not a contains "x"', ask: { is: 'contains', name: 'a', text: 'x', not: true }, field: 'a', value: 'y' }]);
});

test('predicates print with only the parentheses they need', () => {
  const either: Predicate = { kind: 'or', parts: [contains('a', 'x'), { kind: 'null', path: ['b'] }] };
  expect(printPredicate({ kind: 'and', parts: [either, { kind: 'not', part: either }] }))
    .toBe('(a contains "x" or b is missing or null) and not (a contains "x" or b is missing or null)');
});
