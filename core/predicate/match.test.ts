import fc from 'fast-check';
import type { Event, Value } from '../event.js';
import { match, matcher } from './match.js';
import type { Pattern, Predicate } from './predicate.js';

const letters = fc.constantFrom('a', 'B', 'b', 'é', 'É', 'σ', 'ς', 'Σ', '😀', '\n', '5', '-', ' ', '');
const text = fc.array(letters, { maxLength: 6 }).map((some) => some.join(''));
const field = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__');
const path = fc.array(field, { minLength: 1, maxLength: 2 });
const scalar: fc.Arbitrary<Value> = fc.oneof(text, fc.constantFrom<Value>(5, 1.5, -1, true, false, null, '5', '1.50', '05', '10.1.2.3', '2024-01-10T13:45:30Z', '9007199254740993'));
const value: fc.Arbitrary<Value> = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) });
const event: fc.Arbitrary<Event> = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor', 'message', 'event.original', 'log.syslog.appname'), value, { maxKeys: 5 });
const pattern: fc.Arbitrary<Pattern> = fc.array(fc.oneof(
  { weight: 3, arbitrary: text.map((part) => ({ kind: 'text' as const, text: part })) },
  fc.constantFrom({ kind: 'any' as const }, { kind: 'one' as const })), { maxLength: 5 });
const op = fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const);
const number = fc.constantFrom({ value: 5, text: '5' }, { value: 1.5, text: '1.5' }, { value: 9007199254740993, text: '9007199254740993' });
const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ kind: fc.constant('string' as const), path, pattern, cased: fc.boolean() }),
  fc.tuple(path, op, number).map(([where, how, what]): Predicate => ({ kind: 'number', path: where, op: how, ...what })),
  fc.record({ kind: fc.constant('regex' as const), path, source: fc.constantFrom('a+b', '^5$', 'b.é'), flags: fc.constantFrom('', 'i', 's') }),
  fc.record({ kind: fc.constant('cidr' as const), path, network: fc.constantFrom('10.0.0.0/8', '2001:db8::/32') }),
  fc.record({ kind: fc.constant('exists' as const), path }),
  fc.record({ kind: fc.constant('null' as const), path }),
  fc.record({ kind: fc.constant('fieldref' as const), path, other: path, op: fc.constantFrom('equals' as const, 'contains' as const, 'startswith' as const, 'endswith' as const), cased: fc.boolean() }),
  fc.record({ kind: fc.constant('datepart' as const), path, part: fc.constantFrom('hour' as const, 'week' as const), op, value: fc.constantFrom(2, 13) }),
  fc.record({ kind: fc.constant('keyword' as const), pattern, cased: fc.boolean(), wholeToken: fc.boolean() }),
  fc.record({ kind: fc.constant('keywordRegex' as const), source: fc.constantFrom('a+b', '5'), flags: fc.constant('i') }),
  fc.record({ kind: fc.constant('text' as const), path: fc.oneof(path, fc.constant([])), text }),
);
const { predicate } = fc.letrec<{ predicate: Predicate; leaf: Predicate }>((tie) => ({
  leaf,
  predicate: fc.oneof({ depthSize: 'small' }, tie('leaf'),
    fc.array(tie('predicate'), { maxLength: 4 }).map((parts): Predicate => ({ kind: 'and', parts })),
    fc.array(tie('predicate'), { maxLength: 4 }).map((parts): Predicate => ({ kind: 'or', parts })),
    tie('predicate').map((part): Predicate => ({ kind: 'not', part }))),
}));

test('the compiled matcher gives the same answer as match, for every predicate and event', () => {
  fc.assert(fc.property(predicate, fc.array(event, { minLength: 1, maxLength: 4 }), (asked, events) => {
    const compiled = matcher(asked);
    for (const one of events) expect(compiled(one)).toBe(match(asked, one));
  }), { numRuns: 4000 });
});

const string = (parts: Pattern, cased = false): Predicate => ({ kind: 'string', path: ['f'], pattern: parts, cased });
const both = (asked: Predicate, one: Event): boolean => {
  const plain = match(asked, one);
  expect(matcher(asked)(one)).toBe(plain);
  return plain;
};

test('a question mark is one character, also where that takes two UTF-16 units', () => {
  expect(both(string([{ kind: 'one' }]), { f: '😀' })).toBe(true);
  expect(both(string([{ kind: 'one' }, { kind: 'one' }]), { f: '😀' })).toBe(false);
  expect(both(string([{ kind: 'any' }, { kind: 'one' }, { kind: 'text', text: 'x' }]), { f: 'a😀x' })).toBe(true);
});

test('a missing field answers no, and its negation yes; null is no text', () => {
  const asked = string([{ kind: 'text', text: 'null' }]);
  expect(both(asked, {})).toBe(false);
  expect(both({ kind: 'not', part: asked }, {})).toBe(true);
  expect(both(asked, { f: null })).toBe(false);
  expect(both({ kind: 'null', path: ['f'] }, { f: null })).toBe(true);
  expect(both({ kind: 'exists', path: ['f'] }, { f: null })).toBe(true);
});

test('names that every object inherits are no fields', () => {
  expect(both({ kind: 'exists', path: ['constructor'] }, { a: 1 })).toBe(false);
  expect(both({ kind: 'null', path: ['__proto__'] }, { a: 1 })).toBe(true);
});

test('the first name of a path that the event has is read', () => {
  const asked: Predicate = { kind: 'string', path: ['Image', 'process.executable'], pattern: [{ kind: 'text', text: 'x' }], cased: false };
  expect(both(asked, { 'process.executable': 'X' })).toBe(true);
  expect(both(asked, { Image: 'y', 'process.executable': 'x' })).toBe(false);
});

test('numbers beyond 2^53 keep every digit, codes with leading zeros are not numbers', () => {
  const asked: Predicate = { kind: 'number', path: ['f'], op: 'eq', value: 9007199254740993, text: '9007199254740993' };
  expect(both(asked, { f: '9007199254740993' })).toBe(true);
  expect(both(asked, { f: '9007199254740992' })).toBe(false);
  expect(both({ kind: 'number', path: ['f'], op: 'eq', value: 429, text: '429' }, { f: '00000429' })).toBe(false);
  expect(both({ kind: 'number', path: ['f'], op: 'gt', value: 9007199254740992, text: '9007199254740992' }, { f: '9007199254740993' })).toBe(true);
});

test('keywords look at what the source said, not at what we know about its way here', () => {
  const asked: Predicate = { kind: 'keyword', pattern: [{ kind: 'text', text: 'relay7' }], cased: false, wholeToken: false };
  expect(both(asked, { 'host.name': 'relay7', message: 'hello', 'event.original': 'relay7 hello' })).toBe(false);
  expect(both(asked, { 'host.name': 'relay7' })).toBe(true);
  const tag: Predicate = { ...asked, pattern: [{ kind: 'text', text: 'pkexec[' }] };
  expect(both(tag, { message: 'bob: no', 'log.syslog.appname': 'pkexec', 'event.original': '<85>Feb 17 13:41:00 web02 pkexec[2110]: bob: no' })).toBe(true);
});

test('a hostile pattern and a hostile value cost time in proportion, not exponentially', () => {
  const started = performance.now();
  const stars = Array.from({ length: 20 }, (): Pattern => [{ kind: 'any' }, { kind: 'text', text: 'a' }]).flat();
  expect(matcher(string([...stars, { kind: 'text', text: 'b' }]))({ f: 'a'.repeat(200_000) })).toBe(false);
  expect(matcher({ kind: 'regex', path: ['f'], source: '(a+)+$', flags: '' })({ f: `${'a'.repeat(20_000)}!` })).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('words without a field are looked for in what a source said, not in our own numbers and times', () => {
  const event: Event = { '@timestamp': '2026-11-22T10:00:00.443Z', 'event.created': '2026-11-22T10:00:01.000Z', 'event.id': '0190f3a0.1.3.443.7', 'event.original_b64': 'NDQz', 'haidang.collector': '0190f3a0', 'haidang.epoch': 443, 'haidang.tier': 3, 'haidang.seq': 443, 'event.original': 'port open', 'haidang.system': 'portal' };
  const asked = (path: readonly string[], text: string): boolean => { const predicate: Predicate = { kind: 'text', path, text }; expect(matcher(predicate)(event)).toBe(match(predicate, event)); return match(predicate, event); };
  expect(['443', '2026', '0190f3a0', 'NDQz'].map((text) => asked([], text))).toEqual([false, false, false, false]);
  expect([asked([], 'PORT OP'), asked([], 'portal'), asked(['haidang.seq'], '443'), asked(['event.id'], '0190')]).toEqual([true, true, true, true]);
});
