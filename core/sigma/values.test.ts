// What a value of a rule means, statement by statement of the specification (sections String Wildcard, Escape Character, Special
// Field Values, Lists, Maps) and of docs/sigma.md. Each row: items of a selection, values of `f` that answer yes, values that answer no.
import { answers, withItems } from './rule.test-helper.js';

const MISSING = Symbol('the field is not there');
const eventOf = (value: unknown): Record<string, unknown> => (value === MISSING ? { g: 'x' } : { f: value, g: 'x' });

const ROWS: readonly (readonly [items: string, yes: readonly unknown[], no: readonly unknown[]])[] = [
  // Escapes, from left to right.
  [String.raw`f: '\*'`, ['*'], ['\\*', 'x', '']],
  [String.raw`f: 'a\?c'`, ['a?c', 'A?C'], ['abc', 'a\\?c']],
  [String.raw`f: '\\*'`, ['\\', '\\x', '\\*'], ['x', '']],
  [String.raw`f: '\\\*'`, ['\\*'], ['\\x', '\\']],
  [String.raw`f: '\\\\*'`, ['\\\\', '\\\\host'], ['\\host']],
  [String.raw`f: '\'`, ['\\'], ['\\\\', '']],
  [String.raw`f: '\\'`, ['\\'], ['\\\\']],
  [String.raw`f: '\\\'`, ['\\\\'], ['\\', '\\\\\\']],
  [String.raw`f: 'C:\a\b'`, ['c:\\A\\b'], ['C:\\\\a\\\\b']],
  [String.raw`f: 'a\%b'`, ['a\\%b'], ['a%b']],
  [String.raw`f|contains: 'a\'`, ['a\\', 'xa\\y'], ['a', 'a*']],
  [String.raw`f|startswith: 'C:\'`, ['C:\\', 'c:\\x'], ['C:', 'C:*']],
  [String.raw`f|endswith: '\*'`, ['*', 'x*'], ['x', '*x']],
  [String.raw`f|contains: '\*\?'`, ['a*?b'], ['a*b', 'axb']],
  ['f|contains: "\\\\*"', ['a*b'], ['a\\', 'a\\b']],
  // Wildcards.
  ["f: '*'", ['', 'x', 5, false, 'a\nb'], [null, MISSING]],
  ["f: '?'", ['a', '😀', 'ế', 'ế'.normalize('NFD'), 7], ['', 'ab', 10, '😀😀']],
  ["f: 'a?c*'", ['abc', 'a\ncd', 'a😀c'], ['ac', 'xabc']],
  ["f: '**'", ['', 'x'], [null]],
  ["f|contains: '?'", ['a', 'ab'], ['', null]],
  ["f|startswith: '*b'", ['ab', 'bx', 'xxbxx'], ['ac']],
  ["f|endswith: 'b*'", ['bx', 'ab', 'xb y'], ['ac']],
  // Case and Unicode.
  ["f: 'ĐĂNG NHẬP'", ['đăng nhập', 'Đăng Nhập'.normalize('NFD')], ['dang nhap']],
  ["f|contains: 'straße'", ['STRAßE 1'], ['STRASSE']],
  ["f|cased|contains: 'Ab'", ['xAbx'], ['xabx', 'xABx']],
  ["f|contains|cased: 'Ab'", ['xAbx'], ['xabx']],
  ["f|cased: 'ế'", ['ế'], ['Ế']],
  // Numbers and how they are written.
  ['f: 5', [5, '5', 5.0, [1, 5]], ['05', '5 ', '0x5', 50, true, MISSING, null]],
  ["f: '5'", [5, '5'], [50, '05']],
  ["f: '5*'", [5, 50, '5x'], [15]],
  ['f: -1', [-1, '-1'], [1, '1']],
  ['f: 1.5', [1.5, '1.5'], [15, '1,5', 1]],
  ['f: 0x10', [16, '16', '0x10'], [10, '10']],
  ['f: 1e3', [1000, '1000', '1e3'], [1, '1']],
  ['f: 010', [10, '10', '010'], [8, '8']],
  ['f: 00000429', ['00000429', 429, '429'], ['0000042', 4290]],
  ['f: 9007199254740993', ['9007199254740993'], ['9007199254740992', '9007199254740994']],
  ['f: 123456789012345678901234567890', ['123456789012345678901234567890'], ['123456789012345678901234567891']],
  ['f|contains: 00000429', ['x00000429'], ['429', '0429']],
  ['f|contains: 0x10', ['a0x10b'], ['16', '10']],
  ['f|endswith: 1.50', ['v1.50'], ['v1.5']],
  ['f|startswith: 1e3', ['1e3x'], ['1000']],
  ['f|contains|all: [1, 2]', ['21', 12, '1 2'], [1, '2']],
  ['f|re: 10', ['a10b', 5100], ['1', '01']],
  // Words that older YAML reads otherwise.
  ['f: yes', ['yes', 'YES'], [true, 'true']],
  ['f: off', ['off'], [false, 'false']],
  ['f: 2024-01-02', ['2024-01-02'], ['2024-01-02T00:00:00Z', 2024]],
  ['f: 12:30:45', ['12:30:45'], [45045]],
  ['f: 1_000', ['1_000'], [1000, '1000']],
  ['f: True', [true, 'true', 'TRUE'], [1, '1', 'yes', false]],
  ['f: "true"', [true, 'True'], [1]],
  ['f: false', [false, 'False'], [0, '', null, MISSING]],
  ['f: .inf', ['.inf'], ['inf', 'Infinity']],
  ['f: 0o17', [15, '15', '0o17'], [17]],
  // Null and empty.
  ['f: null', [null, MISSING], ['', 'null', 0, false]],
  ['f:', [null, MISSING], ['', 'null']],
  ['f: ~', [null, MISSING], ['~']],
  ['f: "null"', ['null', 'NULL'], [null, MISSING]],
  ["f: ''", [''], [null, MISSING, ' ']],
  ["f: ['', null]", ['', null, MISSING], ['x']],
  ["f: [a, null]", ['A', null, MISSING], ['b', '']],
  ['f|neq: null', ['', 'x', 0], [null, MISSING]],
  ["f|neq: ''", ['x', null, MISSING], ['']],
  // Lists, arrays, maps.
  ['f: [a, b]', ['a', 'B', ['x', 'b']], ['c', 'ab', []]],
  ['f|all: [a*, "*b"]', ['ab', ['ax', 'xb']], ['ax', 'xb']],
  ['f|contains|all: [a, b]', ['ba', ['xa', 'xb']], ['a', ['a', 'c']]],
  ['f|contains: a\nf|endswith: b', ['ab', ['a', 'b']], ['ba', 'a']],
  ['f|contains: a\ng: x', ['a'], ['b']],
  ['f|contains: a\nG: x', [], ['a']],
  ['f|neq: a', ['b', MISSING, null, []], ['a', 'A', ['b', 'a']]],
  ['f|neq: [a, b]', ['c', MISSING], ['a', 'b']],
  ['f|contains|all|neq: [a, b]', ['a', 'b', MISSING], ['ab']],
  ['f|neq|contains: a', ['b', MISSING], ['bab']],
  // Objects are not text; what they hold has dotted names.
  ['f: "[object Object]"', [], [{ a: 1 }, [{ a: 1 }]]],
  ['f.a: 1', [{ a: 1 }, [{ a: 1 }, { a: 2 }], { a: [3, 1] }], [{ a: 2 }, 1]],
];

test.each(ROWS)('%s', (items, yes, no) => {
  const values = [...yes, ...no];
  expect(answers(withItems(items), values.map(eventOf)).map((answer, i) => [values[i], answer])).toEqual(values.map((value, i) => [value, i < yes.length]));
});

test('a literal dotted key wins over a nested one; names that differ by case are two fields', () => {
  expect(answers(withItems('a.b: 1'), [{ 'a.b': 1, a: { b: 2 } }, { 'a.b': 2, a: { b: 1 } }, { a: { b: 1 } }])).toEqual([true, false, true]);
  expect(answers(withItems('user: x\nUSER: y'), [{ user: 'x', USER: 'y' }, { user: 'y', USER: 'x' }])).toEqual([true, false]);
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'a b', 'cs(User-Agent)', '名前', '[x]', '0x10', 'true', '4624', '@timestamp', 'a-b', '$x'])('%s is a field like any other', (field) => {
  const event = JSON.parse(`{${JSON.stringify(field)}: "v"}`) as Record<string, unknown>;
  expect(answers(withItems(`${JSON.stringify(field)}: v`), [event, { g: 'v' }])).toEqual([true, false]);
  expect(answers(withItems(`${JSON.stringify(`${field}|exists`)}: true`), [event, { g: 'v' }])).toEqual([true, false]);
  expect(answers(withItems(`${JSON.stringify(field)}: null`), [event, { g: 'v' }])).toEqual([false, true]);
});

test('plain keys keep their spelling', () => {
  expect(answers(withItems('0x10: v\n010: w'), [{ '0x10': 'v', '010': 'w' }, { 16: 'v', 10: 'w' }])).toEqual([true, false]);
});

test('a field whose name has blanks is found in Windows events with and without them', () => {
  const event = { Channel: 'Microsoft-Windows-Windows Defender/Operational', EventID: 1116, 'Threat Name': 'x' };
  const rule = (field: string): string => withItems(`${field}: x`).replace('category: test_events', 'product: windows, service: windefend');
  expect([rule('ThreatName'), rule("'Threat Name'")].map((text) => answers(text, [event])[0])).toEqual([true, true]);
});
