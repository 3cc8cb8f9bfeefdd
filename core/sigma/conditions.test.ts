// The condition grammar: what binds how, what patterns cover, which words are names, and what is refused (specification, section Condition).
import { openEngine } from './fast/engine.js';
import { answers, compileText, errorsOf, withSelections } from './rule.test-helper.js';

const ABC = 'a: {a: 1}\nb: {b: 1}\nc: {c: 1}';
/** Which of the eight events with and without a, b, c meet it: as letters. */
function meets(selections: string, condition: string): string {
  const events = Array.from({ length: 8 }, (_, bits) => Object.fromEntries(['a', 'b', 'c'].flatMap((name, i) => ((bits >> i) % 2 === 1 ? [[name, 1]] : []))));
  const yes = answers(withSelections(selections, condition), events);
  return events.flatMap((event, i) => (yes[i] === true ? [Object.keys(event).join('') || '-'] : [])).join(' ');
}

test.each([
  ['a', 'a ab ac abc'], ['not a', '- b c bc'], ['a and b', 'ab abc'], ['a or b', 'a b ab ac bc abc'],
  ['a or b and c', 'a ab ac bc abc'], ['(a or b) and c', 'ac bc abc'], ['not a or b', '- b ab c bc abc'], ['not (a or b)', '- c'], ['not a and not b', '- c'], ['not(a)and(b)', 'b bc'], ['not not a', 'a ab ac abc'], ['NOT a AND b', 'b bc'],
  ['a and b or not c', '- a b ab abc'], ['((a))', 'a ab ac abc'], ['1 of them', 'a b ab c ac bc abc'], ['any of them', 'a b ab c ac bc abc'], ['all of them', 'abc'], ['not 1 of them', '-'], ['not all of them', '- a b ab c ac bc'],
  ['1 of [ab]', undefined], ['1 of a', 'a ab ac abc'], ['all of a*', 'a ab ac abc'], ['1 of *', 'a b ab c ac bc abc'], ['all of *a*', 'a ab ac abc'], ['a and 1 of filter_*', 'a ab ac abc'], ['a and not 1 of filter_*', 'a ab ac abc'], ['1 of x* or b', 'b ab bc abc'], ['not 1 of x* and a', 'a ab ac abc'],
  ['"a\\n  and b"', 'ab abc'], ['[a, b and c]', 'a ab ac bc abc'], ['"a\\tand  b"', 'ab abc'], ['>-\n    a and\n    not b', 'a ac'], ['|\n    a\n    or b', 'a b ab ac bc abc'],
])('%s', (condition, wanted) => {
  if (wanted === undefined) expect(errorsOf(withSelections(ABC, condition))).toHaveLength(1);
  else expect(meets(ABC, condition)).toBe(wanted);
});

test.each([
  ['notes and orgs', 'notes: {a: 1}\norgs: {b: 1}', 'ab abc'], ['android', 'android: {a: 1}', 'a ab ac abc'], ['not nota', 'nota: {a: 1}', '- b c bc'], ['notsel', 'notsel: {a: 1}', 'a ab ac abc'],
  ['Sel and not sel', 'Sel: {a: 1}\nsel: {b: 1}', 'a ac'], ['1_a and a-b', '1_a: {a: 1}\na-b: {b: 1}', 'ab abc'], ['all and any', 'all: {a: 1}\nany: {b: 1}', 'ab abc'], ['1 of all*', 'all_x: {a: 1}', 'a ab ac abc'],
  ['_x', '_x: {a: 1}', 'a ab ac abc'], ['1 of them', '_x: {a: 1}\ny: {b: 1}', 'b ab bc abc'], ['1 of _*', '_x: {a: 1}\ny: {b: 1}', 'a ab ac abc'], ['1 of *x', '_x: {a: 1}\nyx: {b: 1}', 'b ab bc abc'], ['all of *', '_x: {a: 1}\ny: {b: 1}', 'b ab bc abc'],
  ['constructor and not toString', 'constructor: {a: 1}\ntoString: {b: 1}', 'a ac'], ['__proto__', '__proto__: {a: 1}', 'a ab ac abc'], ['1 of __*', '__proto__: {a: 1}', 'a ab ac abc'], ['4624 or 4625', '4624: {a: 1}\n4625: {b: 1}', 'a b ab ac bc abc'],
  ['1 of s*_*x', 's_1_x: {a: 1}\ns_x: {b: 1}\nsx: {c: 1}', 'a b ab ac bc abc'], ['all of sel*', 'sel: {a: 1}\nsel2: {b: 1}\nxsel: {c: 1}', 'ab abc'], ['of_x', 'of_x: {a: 1}', 'a ab ac abc'], ['them_all', 'them_all: {a: 1}', 'a ab ac abc'],
])('%s with %s', (condition, selections, wanted) => { expect(meets(selections, condition)).toBe(wanted); });

test.each([
  '""', '"  "', 'and', 'a and', 'or a', 'a b', 'a not b', 'not', '()', '(a', 'a)', '((a)', 'a and or b', 'x', 'A', 'a and x', '2 of them', '0 of a*', '1 of', 'of them', '1 of 1 of a', 'all of', 'them', 'a and them', 'any', 'all a', '1 of (a)', '1 of a, b', 'a | count() > 5', 'a | near b', 'a | count(x) by y > 5', 'a & b', 'a && b', '"!a"', 'a + b', 'And', 'a And b', 'Not a', '1 of x*', 'not 1 of x*', 'a.b', '[]', '[a, {b: c}]', '[a, 5]', '{a: b}', '5', 'true', 'null', '', '1 of them | count() > 1', 'ä',
])('condition: %s is refused with its place', (condition) => {
  const errors = errorsOf(withSelections(ABC, condition));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^r\.yml:\d+:\d+: expected .+, got .+/);
});

test('keywords: alone, in lists, all of them, as regular expressions, beside maps', () => {
  const events = [{ m: 'xx Alpha beta' }, { m: 'alpha' }, { m: ['x', 'BETA'] }, { n: { deep: 'beta alpha' } }, { alpha: 'beta' }, { m: 10 }, { m: 'code 10.' }, { m: '101' }];
  const ask = (selection: string): string => answers(withSelections(`k: ${selection}`, 'k'), events).flatMap((yes, i) => (yes ? [i] : [])).join(' ');
  expect(ask('alpha')).toBe('0 1 3');
  expect(ask('[alpha, beta]')).toBe('0 1 2 3 4');
  expect(ask("{'|all': [alpha, beta]}")).toBe('0 3');
  expect(ask("{'|all|contains': [alpha, beta]}")).toBe('0 3');
  expect(ask("{'': [alpha]}")).toBe('0 1 3');
  expect(ask("{'|re': '^ALPHA$'}")).toBe('');
  expect(ask("{'|re|i': '^ALPHA$'}")).toBe('1');
  expect(ask("{'|cased': 'Alpha'}")).toBe('0');
  expect(ask('[10]')).toBe('5 6');
  expect(ask("['10']")).toBe('5 6 7');
  expect(ask('["a*a b"]')).toBe('0');
  expect(ask('[alpha, {alpha: beta}]')).toBe('0 1 3 4');
  expect(ask('[{m: alpha}, {alpha: beta}]')).toBe('1 4');
  expect(ask('[{m: [x, alpha], n: null}, {m: 10}]')).toBe('1 2 5');
  expect(answers(withSelections('k: [alpha]', 'not k'), events).filter(Boolean)).toHaveLength(5);
});

test('an unused selection is read too: a fault in it is a fault of the rule', () => {
  expect(errorsOf(withSelections('a: {a: 1}\nb: {b|nope: 1}', 'a'))).toHaveLength(1);
  expect(errorsOf(withSelections('a: {a: 1}\nb: {}', 'a'))).toHaveLength(1);
  expect(errorsOf(withSelections('a: {a: 1}\nb: []', 'a'))).toHaveLength(1);
  expect(errorsOf(withSelections('a: {a: 1}\nb: {b: 1}', 'a'))).toEqual([]);
});

test('keyword rules see only the events of their log source', () => {
  const engine = openEngine(compileText('title: k\nlogsource: {product: linux, service: sshd}\ndetection: {k: [root], condition: k}\n'));
  const ask = (dataset: string): number => engine.evaluate({ 'event.dataset': dataset, message: 'for root' }).length;
  expect([ask('linux.sshd'), ask('nginx.access'), ask('linux.cron'), ask('x')]).toEqual([1, 0, 0, 0]);
});
