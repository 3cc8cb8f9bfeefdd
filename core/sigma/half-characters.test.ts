// What stands in a rule is text that an event can have: a half of a character is refused at its place, and costs no other document.
import { compileText, errorsOf, sha256, withItems } from './rule.test-helper.js';
import { compileRules } from './compile-rules.js';
import { printProblem } from '../problem.js';
import { readYaml } from './yaml.js';

test.each([
  ['f: "\\ud800"', 'r.yml:5:8', 'D800'], ['f: "a\\udfffb"', 'r.yml:5:8', 'DFFF'], ['f: "\\ude00\\ud83d"', 'r.yml:5:8', 'DE00'], ['f: ["x", "\\uDBFF"]', 'r.yml:5:14', 'DBFF'], ['"f\\ud800": x', 'r.yml:5:5', 'D800'],
  ['f|re: "\\ud83d"', 'r.yml:5:11', 'D83D'], ['f|fieldref: "\\ud83d"', 'r.yml:5:17', 'D83D'], ['f: \ud800', 'r.yml:5:8', 'D800'], ["f: 'a\udc00'", 'r.yml:5:10', 'DC00'],
])('%j is refused at %s', (item, place, half) => {
  expect(errorsOf(withItems(item))).toEqual([`${place}: expected ${place === 'r.yml:5:8' && !item.includes('"') || item.includes("'") ? 'text in UTF-8' : 'whole characters'}, got U+${half}, one half of a surrogate pair`]);
});

test('a title with one is refused too; two escapes that make a character are that character', () => {
  expect(errorsOf(withItems('f: x').replace('title: t', 'title: "\\ud800"'))).toEqual(['r.yml:1:8: expected whole characters, got U+D800, one half of a surrogate pair']);
  for (const written of ['"\\ud83d\\ude00"', '"\\U0001F600"', '😀']) expect(compileText(withItems(`f: ${written}`)).rules[0]?.predicate).toMatchObject({ pattern: [{ kind: 'text', text: '😀' }] });
});

test('a document with a fault of its own stops no other of its file', () => {
  const good = withItems('f: x'), faults = [withItems('f: "\\ud800"'), withItems('f: 1\nf: 2'), withItems('<<: 5'), withItems('f: *none')];
  for (const fault of faults) {
    const { rules, problems } = compileRules([{ file: 'r.yml', text: `${good}---\n${fault}---\n${good.replace('title: t', 'title: u')}` }], { sha256 });
    expect([rules.map(({ title }) => title), problems.map(printProblem)]).toEqual([['t', 'u'], [expect.stringMatching(/^r\.yml:1\d:\d+: expected/)]]);
  }
});

test('documents that are too much end the reading of their file: bombs do not add up', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x]\n${Array.from({ length: 8 }, (_, i) => `${'bcdefghi'[i]}: &${'bcdefghi'[i]} [${Array(8).fill(`*${'abcdefgh'[i]}`).join(', ')}]`).join('\n')}\n`;
  expect(readYaml('r.yml', Array(50).fill(bomb).join('---\n')).problems.map(({ code }) => code)).toEqual(['sigma.yaml.size']);
});
