// What a file and a document may hold: mandatory keys, enumerations, several documents, collections, and YAML's own traps, each with its place.
import { isError, printProblem } from '../problem.js';
import { compileRules } from './compile-rules.js';
import { answers, compileText, errorsOf, sha256, warningsOf, withItems } from './rule.test-helper.js';

const BODY = 'logsource: {category: x}\ndetection: {s: {a: 1}, condition: s}\n';
const RULE = `title: t\n${BODY}`;

test.each([
  ['id: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11'], ['status: stable'], ['status: unsupported'], ['level: informational'], ['date: 2024-02-29'], ['date: 2024/1/2'], ['modified: 2024-01-02'], ['tags: [attack.t1059.001, attack.defense-evasion, cve.2021-44228, tlp.amber-strict, detection.dfir, stp.3k]'],
  ['references: []'], ['falsepositives: [a]'], ['fields: [a, b]'], ['author: "a, b"'], ['license: MIT'], ['related: [{id: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11, type: derived}]'], ['name: a_name'], ['taxonomy: sigma'], ['scope: [server]'],
  ['anything: {at: [all]}'], ['x-own: 5'], ['description:'], ['level:'], ['tags:'],
])('%s is taken', (line) => { expect(errorsOf(`${RULE}${line}\n`)).toEqual([]); });

test.each([
  'id: 5', 'id: x', 'id: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d1', 'status: done', 'status: 1', 'level: none', 'level: [high]', 'date: 2024-02-30', 'date: 02.01.2024', 'date: 20240102', 'date: x', 'modified: 2024-13-01', 'tags: attack.t1059', 'tags: [t1059]', 'tags: [attack.]', 'tags: [{a: b}]', 'tags: [5]',
  'references: http://x', 'falsepositives: none', 'fields: a', 'author: [a]', 'author: 5', 'description: [a]', 'license: {a: b}', 'related: x', 'related: [x]', 'related: [{id: 5, type: derived}]', 'related: [{id: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11}]', 'related: [{id: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11, type: x}]', 'name: ""', 'name: [a]', 'taxonomy: ""', 'title: again', 'haidang: x', 'haidang: {famly: x}',
])('%s is refused with its place', (line) => {
  const errors = errorsOf(`${RULE}${line}\n`);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) expect(error).toMatch(/^r\.yml:\d+:\d+: expected .+/);
});

test.each([
  BODY, `title:\n${BODY}`, `title: ''\n${BODY}`, `title: 5\n${BODY}`, `title: [a]\n${BODY}`, `title: ${'x'.repeat(257)}\n${BODY}`, 'title: t\n', 'title: t\nlogsource: {category: x}\n', 'title: t\ndetection: {s: {a: 1}, condition: s}\n',
  `title: t\nlogsource:\ndetection: {s: {a: 1}, condition: s}\n`, `title: t\nlogsource: x\ndetection: {s: {a: 1}, condition: s}\n`, `title: t\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}\n`, `title: t\nlogsource: {definition: d}\ndetection: {s: {a: 1}, condition: s}\n`, `title: t\nlogsource: {category: 5}\ndetection: {s: {a: 1}, condition: s}\n`, `title: t\nlogsource: {product: [a]}\ndetection: {s: {a: 1}, condition: s}\n`,
  'title: t\nlogsource: {category: x}\ndetection:\n', 'title: t\nlogsource: {category: x}\ndetection: []\n', 'title: t\nlogsource: {category: x}\ndetection: {}\n', 'title: t\nlogsource: {category: x}\ndetection: {condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: {a: 1}}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: , condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: {}, condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: [], condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: [null], condition: s}\n',
  '[]', '- a\n', 'text', '5', '---\n', '',
])('%j is refused with its place', (text) => {
  const errors = errorsOf(text);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) expect(error).toMatch(/^r\.yml:\d+:\d+: expected .+/);
});

test('one line each: keys twice at every level, also over a merge key and written otherwise', () => {
  for (const text of [`${RULE}level: low\nlevel: low\n`, withItems('a: 1\na: 1'), withItems("a: 1\n'a': 1"), 'title: t\nlogsource: {category: x, category: y}\ndetection: {s: {a: 1}, condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: {a: 1}, s: {a: 2}, condition: s}\n', 'title: t\nlogsource: {category: x}\ndetection: {s: {a: 1}, condition: s, condition: s}\n']) {
    expect(errorsOf(text)).toHaveLength(1);
    expect(errorsOf(text)[0]).toMatch(/^r\.yml:\d+:\d+: expected each key once, got "\w+" again$/);
  }
  expect(errorsOf(withItems("a: 1\na|contains: 2\nA: 3"))).toEqual([]);
});

test('anchors, aliases, merge keys and text over several lines are YAML\'s business', () => {
  expect(answers('title: t\nlogsource: {category: x}\nlists: {l: &l [x, y]}\ndetection:\n  s:\n    a: *l\n  condition: s\n', [{ a: 'y' }, { a: 'z' }])).toEqual([true, false]);
  expect(answers('title: t\nlogsource: {category: x}\nbase: &b {a: 1, b: 2}\ndetection:\n  s:\n    <<: *b\n    b: 3\n  condition: s\n', [{ a: 1, b: 3 }, { a: 1, b: 2 }])).toEqual([true, false]);
  expect(answers(withItems('a: "x\\\n    y"'), [{ a: 'xy' }])).toEqual([true]);
  expect(answers('title: t\nlogsource: {category: x}\ndetection:\n  s:\n    a: |-\n      p\n      q\n  condition: s\n', [{ a: 'p\nq' }])).toEqual([true]);
  expect(answers('title: t\nlogsource: {category: x}\ndetection:\n  s:\n    a: !!str 0x10\n  condition: s\n', [{ a: '0x10' }, { a: 16 }])).toEqual([true, false]);
  expect(errorsOf(withItems('a: *nowhere'))[0]).toMatch(/^r\.yml:5:\d+: expected /);
  expect(errorsOf(withItems('a: !own x'))[0]).toMatch(/^r\.yml:5:\d+: expected .*!own/);
  expect(errorsOf(withItems('? [a, b]\n: 1'))[0]).toMatch(/^r\.yml:5:\d+: expected a plain key/);
});

test('a byte order mark, CR LF, tabs, NUL and what is not UTF-8', () => {
  expect(errorsOf(`\uFEFF${RULE}`)).toEqual([]);
  expect(errorsOf(RULE.replaceAll('\n', '\r\n'))).toEqual([]);
  expect(answers(withItems("a: 'x'").replaceAll('\n', '\r\n'), [{ a: 'x' }])).toEqual([true]);
  expect(errorsOf(`${RULE}level: huge\r\n`.replaceAll('\n', '\r\n'))[0]).toMatch(/^r\.yml:4:8: /);
  expect(errorsOf(withItems('\ta: 1'))).toHaveLength(1);
  expect(errorsOf(withItems('\ta: 1'))[0]).toMatch(/^r\.yml:5:\d+: /);
  expect(errorsOf('title:\tt\nlogsource:\t{category: x}\ndetection: {s: {a: 1}, condition: s}\n')).toEqual([]);
  expect(errorsOf(`\uFEFF${RULE}level: huge\n`)[0]).toMatch(/^r\.yml:4:8: /);
  expect(errorsOf(new TextDecoder().decode(Buffer.from(withItems('a: caf\xe9'), 'latin1')))).toEqual(['r.yml:5:11: expected text in UTF-8, got bytes that are no UTF-8 (or U+FFFD itself: write "\\uFFFD")']);
  expect(errorsOf(Buffer.from(RULE, 'utf16le').toString('utf8'))[0]).toBe('r.yml:1:2: expected text in UTF-8, got the control character U+0000');
  expect(answers(withItems('a: "x\\uFFFD\\0"'), [{ a: 'x\uFFFD\0' }])).toEqual([true]);
});

test('collections: later values of a global win over it as it wins over rules, repeats add up, reset ends, other documents stay as they are', () => {
  const file = `action: global\nlogsource: {category: x}\nlevel: high\ndetection: {condition: s}\n---\ntitle: one\ndetection: {s: {a: 1}}\n---\naction: repeat\ntitle: two\ndetection: {s: {a: 2}}\n---\naction: repeat\ntitle: three\ndetection: {s: {b: 3}}\n---\naction: reset\n---\n${RULE.replace('title: t', 'title: four')}`;
  const set = compileText(file);
  expect(set.problems.filter(isError)).toEqual([]);
  expect(set.rules.map(({ title, level }) => [title, level])).toEqual([['one', 'high'], ['two', 'high'], ['three', 'high'], ['four', 'medium']]);
  expect(answers(file, [{ a: 1 }, { a: 2 }, { a: 2, b: 3 }, { b: 3 }])).toEqual([true, true, true, false]);
  expect(errorsOf('action: repeat\ntitle: x\n')[0]).toContain('expected a rule before action: repeat');
  expect(errorsOf(`action: other\n${RULE}`)[0]).toMatch(/^r\.yml:1:9: expected action to be global, reset or repeat/);
  expect(errorsOf(`action: global\nlevel: low\n---\n${RULE}`)).toEqual([]);
});

const FILTERED = `title: r\nid: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11\nname: base\nlogsource: {category: x, product: windows}\ndetection: {sel_1: {a: 1}, sel_2: {b: 1}, condition: 1 of sel_*}\n`;
const filter = (body: string, logsource = '{category: x}'): string => `${FILTERED}---\ntitle: f\nlogsource: ${logsource}\nfilter:\n${body.split('\n').map((line) => `  ${line}\n`).join('')}`;
const asked = (text: string): string => answers(text, [{ a: 1 }, { a: 1, u: 'root' }, { b: 1, u: 'root' }, { a: 1, u: 'x', v: 'y' }]).map(Number).join('');

test.each([
  ['rules: any\nselection: {u: root}\ncondition: not selection', '{category: x}', '1001'], ['rules: []\nselection: {u: root}\ncondition: not selection', '{category: x}', '1001'], ['rules: [base]\nselection: {u: root}\ncondition: not selection', '{category: x}', '1001'], ['rules: base\nselection: {u: root}\ncondition: not selection', '{category: x}', '1001'],
  ['rules: [5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11]\nselection: {u: root}\ncondition: not selection', '{product: windows}', '1001'], ['rules: [5BD0B5AC-9A3C-4B1F-8A1C-0C4A8A9A3D11]\nselection: {u: root}\ncondition: not selection', '{category: x, product: WINDOWS}', '1001'],
  ['rules: any\nselection: {u: root}\ncondition: selection', '{category: x}', '0110'], ['rules: [other]\nselection: {u: root}\ncondition: not selection', '{category: x}', '1111'], ['rules: any\nselection: {u: root}\ncondition: not selection', '{category: y}', '1111'], ['rules: any\nselection: {u: root}\ncondition: not selection', '{category: x, product: windows, service: s}', '1111'],
  ['rules: any\nsel_1: {u: root}\nsel_2: {v: y}\ncondition: not 1 of sel_*', '{category: x}', '1000'], ['rules: any\nsel_1: {u: root}\nsel_2: {v: y}\ncondition: not (sel_1 or sel_2)', '{category: x}', '1000'], ['rules: any\nsel_1: {u: root}\ncondition: not all of them', '{category: x}', '1001'], ['rules: any\nf1: {u: root}\nf2: {u: x, v: y}\ncondition: not f1 and not f2', '{category: x}', '1000'],
])('a filter with %j in %s lets through %s', (body, logsource, wanted) => { expect(asked(filter(body, logsource))).toBe(wanted); });

test.each([
  ['selection: {u: root}\ncondition: not selection', 'rules'], ['rules: any\nselection: {u: root}', 'condition'], ['rules: any\ncondition: not selection', 'search identifier'], ['rules: any\nselection: {u: root}\ncondition: not sel_1', 'search identifier'], ['rules: 5\nselection: {u: root}\ncondition: not selection', 'rules'], ['rules: {a: b}\nselection: {u: root}\ncondition: not selection', 'rules'], ['rules: any\nselection: {u|nope: root}\ncondition: not selection', 'modifier'], ['rules: any\nselection: {u: root}\ncondition: not selection | count() > 1', 'pipes'], ['rules: [[a]]\nselection: {u: root}\ncondition: not selection', 'rule'],
])('a filter with %j is refused: %s', (body, word) => {
  const errors = errorsOf(filter(body));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/^r\.yml:\d+:\d+: expected .+/);
  expect(errors[0]).toContain(word);
});

test('a filter without not is a warning, one that names a rule that is not there too', () => {
  expect(warningsOf(filter('rules: any\nselection: {u: root}\ncondition: selection')).join()).toContain('expected "not" in the condition of a filter');
  expect(warningsOf(filter('rules: [other]\nselection: {u: root}\ncondition: not selection')).join()).toMatch(/r\.yml:10:11: expected the id or name of a rule that is loaded, got "other"/);
  expect(warningsOf(filter('rules: [base]\nselection: {u: root}\ncondition: not selection', '{category: y}')).join()).toContain('expected a log source that the rule "base" is of');
});

test('filters lie in files of their own, before or after, and change what correlations count', () => {
  const correlation = 'title: c\ncorrelation: {type: event_count, rules: [base], timespan: 1h, condition: {gte: 1}}\n';
  const set = compileRules([{ file: 'a.yml', text: filter('rules: any\nselection: {u: root}\ncondition: not selection').split('---\n')[1] as string }, { file: 'b.yml', text: correlation }, { file: 'c.yml', text: FILTERED }], { sha256 });
  expect(set.problems.map(printProblem)).toEqual([]);
  expect(JSON.stringify(set.rules[0]?.predicate)).toContain('root');
  expect(set.correlations[0]?.version).not.toBe(compileRules([{ file: 'b.yml', text: correlation }, { file: 'c.yml', text: FILTERED }], { sha256 }).correlations[0]?.version);
});
