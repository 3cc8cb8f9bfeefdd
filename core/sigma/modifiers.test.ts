// Each modifier, alone and in chains: what it takes and means, and what it refuses with a place (specification/sigma-appendix-modifiers.md).
import { answers, compileText, errorsOf, warningsOf, withItems } from './rule.test-helper.js';

const MISSING = Symbol('the field is not there');
const eventOf = (value: unknown): Record<string, unknown> => (value === MISSING ? { g: 'x' } : { f: value, g: 'x' });
const b64 = (text: string, encoding: BufferEncoding = 'utf8'): string => Buffer.from(text, encoding).toString('base64');

test.each<readonly [string, readonly unknown[], readonly unknown[]]>([
  // Affixes: position does not matter, each adds what is not there.
  ['f|contains|startswith: a', ['xay'], ['x']],
  ['f|startswith|endswith: a', ['xay', 'a'], ['x']],
  // Presence.
  ['f|exists: true', ['', null, 0, [], 'x'], [MISSING]],
  ['f|exists: false', [MISSING], ['', null, 'x']],
  // Regular expressions: searched, case kept, no Sigma escaping, any of a list.
  ["f|re: 'a.c'", ['abc', 'xxabcx'], ['ABC', 'a\nc', 'ac']],
  ["f|re: '^a$'", ['a'], ['a\nb', 'ba']],
  ["f|re|m: '^a$'", ['a', 'b\na\nc'], ['ab']],
  ["f|re|s: 'a.c'", ['a\nc'], ['ac']],
  ["f|re|i: 'ABC'", ['xabcx'], ['ab']],
  ["f|re|i|s: 'A.C'", ['a\nc'], ['b']],
  ["f|re|s|m|i: '^A.$'", ['x\na\n'], ['b']],
  ["f|re: '(?i)abc'", ['xABC'], ['x']],
  ["f|re|ignorecase: abc", ['ABC'], ['x']],
  ["f|re: 'a\\*'", ['a*'], ['aaa', 'a']],
  ["f|re: 'a\\\\b'", ['a\\b'], ['a\\\\b', 'ab']],
  ["f|re: ['^a', 'z$']", ['ax', 'xz'], ['xax']],
  ["f|re|all: ['^a', 'z$']", ['az'], ['ax', 'xz']],
  ["f|re|neq: '^a'", ['b', MISSING], ['ab']],
  ["f|re|startswith: 'a'", ['ax', 'xa'], ['x']],
  ["f|re: '^$'", [''], ['x', null, MISSING]],
  ["f|re: '\\d+'", [12, 'a1'], ['a', true]],
  ["f|re: '^😀.$'", ['😀x', '😀😀'], ['😀']],
  ["f|re: '\\bcmd\\b'", ['a cmd b'], ['cmdx']],
  // Encodings.
  ["f|base64: foo", [b64('foo'), b64('foo').toUpperCase()], ['foo']],
  ["f|base64|contains: foo", [`x${b64('foo')}y`], ['foo']],
  ["f|base64: 'a\\*b'", [b64('a*b')], ['a*b']],
  ["f|base64: 'ế'", [b64('ế')], ['ế']],
  ["f|base64offset|contains: '/bin/sh'", ['', 'a', 'ab', 'abc'].map((lead) => b64(`${lead}/bin/sh -c`)), ['/bin/sh', b64('/bin/bash')]],
  ["f|base64offset|contains: ab", ['', 'x', 'xy', 'xyz'].map((lead) => b64(`${lead}ab tail`)), [b64('xa b')]],
  ["f|wide|base64offset|contains: ping", ['', 'xx', 'xxxx'].map((lead) => b64(Buffer.from(`${lead}ping`, 'utf16le').toString('latin1'), 'latin1')), [b64('ping')]],
  ["f|utf16le|base64|contains: 'đă'", [Buffer.from('đă', 'utf16le').toString('base64')], [b64('đă')]],
  ["f|utf16be|base64: 'ab'", [Buffer.from([0, 97, 0, 98]).toString('base64')], [b64('ab')]],
  ["f|utf16|base64: 'a'", [Buffer.from([255, 254, 97, 0]).toString('base64')], [b64('a')]],
  ["f|utf16le|base64: '😀'", [Buffer.from('😀', 'utf16le').toString('base64')], [b64('😀')]],
  ["f|base64offset|contains|all: [foo, bar]", [b64('xfoo bar')], [b64('foo')]],
  // Dashes.
  ["f|windash|contains: ' -f '", [' -f ', ' /f ', ' \u2013f ', ' \u2014f ', ' \u2015f '], [' \u2212f ', ' f ', ' --f ']],
  ["f|contains|windash: ' /f'", ['x -f', 'x /f'], ['x f']],
  ["f|windash: 'a-b -c /d'", ['a-b /c -d', 'a-b -c \u2015d'], ['a/b -c /d']],
  ["f|windash|contains: '--all'", ['-/all', '--all', '-\u2014all'], ['//all', 'all']],
  ["f|windash: '-*-x'", ['-a/x', '--x'], ['/a-x']],
  ["f|windash|contains|all: ['-a', '-b']", ['/a -b', '-a \u2013b'], ['-a', '/b']],
  ["f|windash|neq: '-a'", ['b', MISSING], ['/a', '-a']],
  ["f|windash: 'plain'", ['plain'], ['-plain']],
  ["f|windash: '–a'", ['-a', '/a', '–a', '—a', '―a'], ['a', '--a']],
  ["f|windash|contains: ' —a —b'", ['x /a -b'], ['x a b']],
  // Networks.
  ['f|cidr: 192.168.0.0/23', ['192.168.1.255', ['1.1.1.1', '192.168.0.1']], ['192.168.2.0', '192.168.1', 'x192.168.1.1', '192.168.1.1:80', 3232235777, '', MISSING]],
  ['f|cidr: 10.1.2.3', ['10.1.2.3'], ['10.1.2.4']],
  ['f|cidr: 0.0.0.0/0', ['1.2.3.4'], ['2001:db8::1', 'x']],
  ['f|cidr: 2001:db8::/33', ['2001:0DB8:0:0:0:0:0:1', '2001:db8:7fff::'], ['2001:db8:8000::', '10.0.0.1']],
  ["f|cidr: '::ffff:10.0.0.0/104'", ['::ffff:10.1.2.3', '10.1.2.3'], ['::ffff:11.0.0.1', '2001:db8::1']],
  ["f|cidr: '::1'", ['0:0:0:0:0:0:0:1', '::1'], ['::2']],
  ["f|cidr: ['10.0.0.0/8', 'fe80::/10']", ['10.9.9.9', 'fe80::1%eth0', 'FEBF::'], ['fec0::', '11.0.0.0']],
  ['f|cidr|neq: 10.0.0.0/8', ['11.0.0.1', 'host', MISSING], ['10.1.1.1']],
  // Comparisons.
  ['f|gt: 5', [6, '6', '5.01', ' 7 ', [1, 6]], [5, '5', 'six', '6x', '0x6', true, null, '', MISSING]],
  ['f|lte: -1.5', [-1.5, '-2'], [-1, '-1.4']],
  ['f|gte: [100, 3]', [3, 200], [2]],
  ['f|gte|all: [3, 100]', [100], [3]],
  ['f|gt|neq: 5', [5, 'x', MISSING], [6]],
  ['f|gt: 9007199254740992', ['9007199254740993'], ['9007199254740992']],
  // Parts of moments, as written.
  ['f|hour: 23', ['2026-01-02T23:59:59Z', '2026-01-02 23:00:00', '2026-01-02T23:00:00+07:00', '2026-01-02T23:00:00.123456Z'], ['2026-01-02T22:00:00Z', '23', 'x', MISSING]],
  ['f|hour|gte: 18', ['2026-01-02T18:00:00Z'], ['2026-01-02T17:59:59Z']],
  ['f|minute: 0', ['2026-01-02T23:00:59Z'], ['2026-01-02T23:01:00Z', '2026-01-02']],
  ['f|day: 2', ['2026-01-02', '2026/01/02 10:00:00'], ['2026-02-01']],
  ['f|week: 53', ['2026-12-31', '2027-01-01'], ['2026-01-01']],
  ['f|month: [1, 2]', ['2026-02-01'], ['2026-03-01']],
  ['f|year: 2026', ['2026-03-01'], ['2025-03-01', 2026]],
])('%s', (items, yes, no) => {
  const values = [...yes, ...no];
  expect(answers(withItems(items), values.map(eventOf)).map((answer, i) => [values[i], answer])).toEqual(values.map((value, i) => [value, i < yes.length]));
});

test.each<readonly [string, readonly Record<string, unknown>[], readonly Record<string, unknown>[]]>([
  ['a|fieldref: b', [{ a: 'X', b: 'x' }, { a: 5, b: '5' }, { a: ['p', 'q'], b: 'q' }, { a: 'a*', b: 'A*' }], [{ a: 'ab', b: 'a*' }, { a: 'x' }, { b: 'x' }, { a: null, b: null }, {}]],
  ['a|fieldref|startswith: b', [{ a: 'abc', b: 'AB' }], [{ a: 'xab', b: 'ab' }, { a: 'ab', b: 'abc' }]],
  ['a|fieldref|endswith: b', [{ a: 'abc', b: 'bc' }], [{ a: 'bcx', b: 'bc' }]],
  ['a|fieldref|contains: b', [{ a: 'xabcx', b: 'abc' }], [{ a: 'ab', b: 'abc' }]],
  ['a|fieldref|neq: b', [{ a: 'x', b: 'y' }, { a: 'x' }, {}], [{ a: 'x', b: 'X' }]],
  ['a|fieldref: [b, c]', [{ a: 1, b: 2, c: 1 }], [{ a: 1, b: 2, c: 3 }]],
  ['a|fieldref: b.c', [{ a: 'x', b: { c: 'x' } }], [{ a: 'x', b: 'x' }]],
  ['a|cased|fieldref: b', [{ a: 'x', b: 'x' }], [{ a: 'x', b: 'X' }]],
])('%s', (items, yes, no) => {
  expect(answers(withItems(items), [...yes, ...no])).toEqual([...yes.map(() => true), ...no.map(() => false)]);
});

test.each([
  // Types.
  'f|contains: null', 'f|startswith: true', 'f|endswith: [a, null]', 'f|cased: 5', 'f|cased: null', 'f|re: null', 'f|re: true', 'f|cidr: 5', 'f|cidr: null', 'f|base64: 5', 'f|base64: null', 'f|base64offset: true', 'f|wide: 1', 'f|windash: 5', 'f|windash: null',
  'f|lt: five', "f|lte: '5'", 'f|gt: null', 'f|gte: true', "f|lt: ''", "f|hour: '5'", 'f|hour: 1.5', 'f|day: null', 'f|fieldref: 5', 'f|fieldref: null', "f|fieldref: ''", "f|fieldref: 'a*'", 'f|exists: yes', "f|exists: 'true'", 'f|exists: 1', 'f|exists: null', 'f|exists:', 'f|exists: []', 'f|expand: null',
  // Wildcards where bytes are needed.
  "f|base64: 'a*'", "f|base64offset|contains: 'a?b'", 'f|contains|base64: a', 'f|startswith|base64offset: a', "f|wide|base64: 'a*'",
  // Order and company.
  'f|exists|all: true', 'f|exists|neq: true', 'f|all|exists: true', 'f|contains|exists: true', 'f|exists|contains: true', 'f|exists|cased: true', 'f|exists|re: true',
  'f|contains|re: a', 'f|cased|re: a', 'f|windash|re: a', 'f|all|re: [a, b]', 'f|neq|re: a', 'f|re|re: a', 'f|i: a', 'f|m: a', 'f|s: a', 'f|i|re: a', 'f|contains|i: a', 'f|re|x: a', 'f|re|cased: a', 'f|re|base64: a', 'f|re|windash: a', 'f|re|cidr: a',
  'f|contains|cidr: 10.0.0.0/8', 'f|all|cidr: [10.0.0.0/8, 10.0.0.0/9]', 'f|cidr|contains: 10.0.0.0/8', 'f|cidr|cased: 10.0.0.0/8', 'f|lt|gt: 5', 'f|contains|lt: 5', 'f|lt|contains: 5', 'f|gte|hour: 5', 'f|hour|minute: 5', 'f|hour|contains: 5',
  'f|contains|fieldref: a', 'f|fieldref|base64: a', 'f|fieldref|re: a', 'f|base64|wide|wide: a', 'f|wide|wide: a',
  // Names.
  'f|: a', 'f||contains: a', 'f|contains|: a', 'f|Contains: a', 'f|CONTAINS: a', 'f| contains: a', 'f|contain: a', 'f|not: a', 'f|constructor: a', 'f|__proto__: a', 'f|lt=5: a',
  // Values.
  'f|re: "("', 'f|re: "[a"', 'f|re: "a**"', 'f|re: "(?<=a)b"', 'f|re: "(?!a)b"', 'f|re: "(a)\\\\1"', 'f|re: "(?>a)"', 'f|re: "a++"', 'f|cidr: 10.0.0.1/8', 'f|cidr: 10.0.0.0/33', 'f|cidr: 300.0.0.0/8', 'f|cidr: "192.168.*"', 'f|cidr: "2001:db8::1/32"', 'f|cidr: "::/129"', 'f|cidr: ""', 'f|cidr: "10.0.0.0/"', 'f|cidr: localhost',
  'f: {g: 1}', 'f: [[a]]', 'f: [{g: 1}]', 'f|contains: {g: 1}', "'|exists': true", "'|fieldref': a", "'|lt': 5", "'|cidr': 10.0.0.0/8", "'': null", "'|contains': null", "'|hour': 5",
])('%s is refused with its place', (items) => {
  const errors = errorsOf(withItems(items));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^r\.yml:\d+:\d+: expected .+, got .+/);
});

test.each([
  ['f|all: a', 'several values under |all'], ['f: [a, null]', 'null alone'], ['f|wide: a', '|base64 or |base64offset after'], ['f|base64offset: abc', '|contains after |base64offset'],
])('%s is taken with a warning', (items, message) => {
  expect(errorsOf(withItems(items))).toEqual([]);
  expect(warningsOf(withItems(items)).join()).toContain(message);
});

test('placeholders: values with wildcards and numbers, several in one value, a plain percent sign, in any order with contains', () => {
  const placeholders = { a: ['x*', 'y'], b: [1, 2], 'tên': ['z'], 'dom-ctl': ['dc1'], 'Domain Controllers': ['dc2'], empty: [] };
  const ask = (items: string, values: readonly unknown[]): boolean[] => answers(withItems(items), values.map((f) => ({ f })), { placeholders });
  expect(ask("f|expand: '%a%'", ['x', 'xyz', 'y', 'yz', '%a%'])).toEqual([true, true, true, false, false]);
  expect(ask("f|expand: '%a%-%b%'", ['xx-1', 'y-2', 'y-3'])).toEqual([true, true, false]);
  expect(ask("f|expand|contains: '%b%%'", ['a1%', '2%', '3%'])).toEqual([true, true, false]);
  expect(ask("f|contains|expand: '%b%'", ['a1', '3'])).toEqual([true, false]);
  expect(ask(String.raw`f|expand: '\%a\%'`, ['%a%', 'x'])).toEqual([true, false]);
  expect(ask("f|expand: '%tên%'", ['z', '%tên%'])).toEqual([true, false]);
  expect(ask("f|expand: '%dom-ctl%'", ['dc1', '%dom-ctl%'])).toEqual([true, false]);
  expect(ask("f|expand: '%Domain Controllers%'", ['dc2'])).toEqual([true]);
  expect(ask("f|expand: '100% of %b%'", ['100% of 1', '100% of 3'])).toEqual([true, false]);
  expect(ask("f|expand: '%%b% %%'", ['%1 %%', '%b% %%'])).toEqual([true, false]);
  expect(ask("f|expand: '100%'", ['100%', '100'])).toEqual([true, false]);
  expect(ask("f|expand|contains|all: ['%a%', '%b%']", ['x1', 'y2', 'x'])).toEqual([true, true, false]);
  expect(ask("f|re|expand: '^%a%$'", ['xab', 'y', 'z'])).toEqual([true, true, false]);
  expect(ask("f: '%a%'", ['%a%', 'y'])).toEqual([true, false]);
  expect(ask("f|expand|neq: '%b%'", ['1', '3'])).toEqual([false, true]);
  for (const name of ['c', 'empty', 'constructor', '__proto__']) {
    expect(compileText(withItems(`f|expand: '%${name}%'`), { placeholders }).rules[0]).toMatchObject({ state: 'placeholder_unset', reason: `expected values for %${name}%, got none` });
  }
});
