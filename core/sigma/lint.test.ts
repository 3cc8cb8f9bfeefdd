import { printProblem } from '../problem.js';
import { extendedFindings } from './lint.js';

const SYSMON = '{product: windows, category: process_creation}';
const rule = (detection: string, condition = 's', logsource = SYSMON): string => `title: t\nlogsource: ${logsource}\ndetection:\n${detection.split('\n').map((line) => `  ${line}\n`).join('')}  condition: ${condition}\n`;
const findings = (text: string, placeholders = {}): string[] => extendedFindings([{ file: 'r.yml', text }], placeholders).map(printProblem);

test('a sound rule has none', () => {
  expect(findings(rule("s:\n  Image|endswith: '\\cmd.exe'\n  CommandLine|contains|all: [a, b]\nfilter:\n  User: x", 's and not filter'))).toEqual([]);
});

test.each([
  ['an unknown log source', rule('s: {a: 1}', 's', '{product: solaris}'), 'r.yml:2:1: expected a log source that a format or a table here feeds, got solaris: the rule never fires'],
  ['a field that never comes', rule('s:\n  GrandParentImage: x'), 'r.yml:5:5: expected a field that events of windows / process_creation have, got "GrandParentImage"'],
  ['a field misspelt', rule('s:\n  Commandline|contains: x'), 'r.yml:5:5: expected a field that events of windows / process_creation have, got "Commandline": did you mean CommandLine?'],
  ['a field compared with that never comes', rule('s:\n  Image|fieldref: ParentImag'), 'r.yml:5:21: expected a field that events of windows / process_creation have, got "ParentImag": did you mean ParentImage?'],
  ['an older field name', rule('s:\n  ProcessCommandLine: x'), "r.yml:5:5: expected the field's name of today, CommandLine, got ProcessCommandLine"],
  ['a contradiction', rule("s:\n  Image: 'a'\n  Image|endswith: b", 's or t\n').replace('condition', 't: {User: x}\n  condition'), 'r.yml:6:5: expected questions that one value can answer, got some that exclude each other about Image: only an event that holds several values there can meet them'],
  ['|all that cannot be', rule('s:\n  Image|startswith|all: [C, D]', 's or t').replace('condition', 't: {User: x}\n  condition'), 'r.yml:5:5: expected questions that one value can answer, got some that exclude each other about Image: only an event that holds several values there can meet them'],
  ['endswith that contains', rule("s:\n  Image|endswith: 'cmd*'"), 'r.yml:5:21: expected |contains, got |endswith with a value that ends in *, which any value may follow'],
  ['startswith that contains', rule("s:\n  Image|startswith: '*cmd'"), 'r.yml:5:23: expected |contains, got |startswith with a value that begins with *, which any value may precede'],
  ['a wildcard twice', rule("s:\n  Image|contains: '*cmd'"), 'r.yml:5:21: expected the value without the * that |contains adds itself, got "*cmd"'],
  ['a literal star is none', rule("s:\n  Image|contains: '\\*cmd'"), undefined],
  ['an empty text', rule("s:\n  Image|contains: ''"), 'r.yml:5:21: expected some text under |contains, got none: every value answers yes'],
  ['a value twice', rule('s:\n  Image: [a, b, A]'), 'r.yml:5:19: expected each value once, got "A" again'],
  ['a value twice, but cased', rule('s:\n  Image|cased: [a, b, A]'), undefined],
  ['a selection that is not read', rule('s: {User: x}\nt: {Image: y}'), 'r.yml:5:6: expected a selection that the condition reads, got t, which it does not'],
  ['a pattern that covers none', rule('s: {User: x}', 's and not 1 of filter_*'), 'r.yml:5:29: expected a pattern that covers a selection (s), got "filter_*": it drops out of the condition'],
  ['a filter that is not taken away', rule('s: {User: x}\nfilter: {Image: y}', 's and filter'), 'r.yml:6:20: expected "not" before filter, got none: the rule fires only where the filter holds'],
  ['a filter that is taken away', rule('s: {User: x}\nfilter: {Image: y}', 's and not (filter or filter)'), undefined],
  ['a condition that is never true', rule('s: {User: x}\nt: {User: x}', 's and not t'), 'r.yml:6:14: expected a condition that can be true, got one that never is'],
  ['a condition that is always true', rule('s: {User: x}', 's or not s'), 'r.yml:5:14: expected a condition that can be false, got one that is true of every event'],
  ['selections that exclude each other', rule('s: {User: x}\nt: {User: y}', 'all of them'), 'r.yml:6:14: expected selections that one event can meet, got some that exclude each other about User: only an event that holds several values there can meet them'],
  ['selections that do not, in JSON, where fields may be lists', rule('s: {User: x}\nt: {User: y}', 'all of them', '{product: aws, service: cloudtrail}'), undefined],
  ['a list of which no part can be', rule("s:\n  - {Image: a, Image|contains: b}\n  - {User: a, User|contains: b}\nt: {User: c}", 's or t'), 'r.yml:5:5: expected a selection that an event can meet, got s, of which no part can be true'],
])('%s', (_, text, finding) => {
  const all = findings(text);
  if (finding === undefined) expect(all).toEqual([]); else expect(all).toContain(finding);
});

test('placeholders without values make nothing certain', () => {
  const text = rule("s:\n  User|expand: '%admins%'\n  User|contains: x");
  expect(findings(text)).toEqual([]);
  expect(findings(text, { admins: ['bob'] }).join('\n')).toContain('exclude each other about User');
});

test('findings are warnings, in order of place, and what cannot be read has none', () => {
  const all = extendedFindings([{ file: 'r.yml', text: rule('s:\n  Foo: x\n  Bar: y', 's', '{product: windows, category: dns_query}') }, { file: 'x.yml', text: 'title: [' }]);
  expect(all.map(({ severity, line }) => [severity, line])).toEqual([['warning', 5], ['warning', 6]]);
});

const correlated = (correlation: string): string => `${rule('s: {User: x}').replace('title: t', 'title: t\nname: base')}---\ntitle: c\ncorrelation: ${correlation}\n`;
test.each([
  ['a group-by that never comes', '{type: event_count, rules: [base], group-by: [Users], timespan: 1m, condition: {gte: 2}}', 'r.yml:9:42: expected a field that events of windows / process_creation have, got "Users" in group-by: did you mean User?'],
  ['a value that never comes', '{type: value_count, rules: [base], group-by: [User], timespan: 1m, condition: {field: Imagee, gte: 2}}', 'r.yml:9:42: expected a field that events of windows / process_creation have, got "Imagee" in the condition: did you mean Image?'],
  ['an older name', '{type: event_count, rules: [base], group-by: [SubjectUserName], timespan: 1m, condition: {gte: 2}}', "r.yml:9:42: expected the field's name of today, User, got SubjectUserName in group-by"],
  ['a field under its alias', '{type: event_count, rules: [base], group-by: [who], aliases: {who: {base: Userr}}, timespan: 1m, condition: {gte: 2}}', 'r.yml:9:82: expected a field that events of windows / process_creation have, got "Userr" in group-by: did you mean User?'],
  ['an alias that nothing names', '{type: event_count, rules: [base], group-by: [User], aliases: {who: {base: User}}, timespan: 1m, condition: {gte: 2}}', 'r.yml:9:83: expected an alias that group-by or the condition names (User), got who'],
  ['an alias that is named', '{type: event_count, rules: [base], group-by: [who], aliases: {who: {base: User}}, timespan: 1m, condition: {gte: 2}}', undefined],
])('a correlation with %s', (_, correlation, finding) => { expect(findings(correlated(correlation))).toEqual(finding === undefined ? [] : [finding]); });

test('an alias for a rule that the correlation does not read is told; fields are looked for in rules of other files', () => {
  const other = correlated('{type: event_count, rules: [base], group-by: [who], aliases: {who: {other: User}}, timespan: 1m, condition: {gte: 2}}'), base = rule('s: {User: x}').replace('title: t', 'title: o\nname: other');
  expect(extendedFindings([{ file: 'r.yml', text: other }, { file: 'o.yml', text: base }]).map(printProblem)).toEqual(['r.yml:9:42: expected a field that events of windows / process_creation have, got "who" in group-by', 'r.yml:9:82: expected a rule that the correlation reads, got "other"']);
});
