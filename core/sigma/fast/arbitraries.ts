// Random Sigma rules, as their authors would write them, and random events that they are likely to meet: one small stock of
// pieces for both, chosen where engines go wrong (case beyond ASCII, marks that combine, wildcards, escapes, inherited names).
import fc from 'fast-check';
import { emptyEvent, type Event, type Value } from '../../event.js';

const PIECES = ['a', 'A', 'b', 'B', 'cmd', 'CMD', '.exe', '.EXE', 'ab', 'aab', 'k', 'K', '\u212a', 's', 'S', '\u017f', 'i', 'I', '\u0130', '\u0131', 'ß', 'ẞ', 'e', 'é', 'É', 'e\u0301', '\u0301',
  'đ', 'Đ', 'ỗ', 'Ỗ', 'Σ', 'σ', 'ς', '😀', '🙂', '中', ' ', '-', '/', '\u2013', '--x', '\n', '\\', '"', '%', '0', '5', '10', '.', '10.1.2.3', '2001:db8::1', 'true', 'null'];
const piece = fc.constantFrom(...PIECES);
const plain = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
const word = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join(''));
const pattern = fc.array(fc.oneof({ weight: 5, arbitrary: piece }, { weight: 2, arbitrary: fc.constantFrom('*', '?', '\\*', '\\?', '\\\\', '\\') }), { maxLength: 5 }).map((pieces) => pieces.join(''));

const FIELDS = ['Image', 'CommandLine', 'a', 'b', 'Größe', 'constructor', '__proto__', 'toString', 'nested.name', 'EventID', 'c-uri', 'Threat Name'];
const NAMES = [...FIELDS, 'NewProcessName', 'process.executable', 'process.command_line', 'winlog.event_data.Image', 'winlog.event_data.a', 'json.a', 'json.b', 'event.code', 'url.original', 'message', 'event.original', 'log.syslog.appname', 'host.name'];
const field = fc.constantFrom(...FIELDS);

/** Text of a YAML value: JSON, and numbers as authors write them. */
const quoted = (text: string): string => JSON.stringify(text);
const numberText = fc.constantFrom('0', '5', '10', '-1', '1.5', '1.50', '1e3', '007', '9007199254740993', '0x10');
const textOrNumber = fc.oneof({ weight: 4, arbitrary: pattern.map(quoted) }, { weight: 1, arbitrary: numberText });
const scalar = fc.oneof({ weight: 8, arbitrary: textOrNumber }, { weight: 1, arbitrary: fc.constantFrom('true', 'false', 'null', "''") });
const REGEXES = ['a+b', '^5$', 'b.é', '(?i)CMD\\.exe', 'cmd|\\.exe', '(?:cmd|k)+s?', '[ab]{2,}', 'a{0,2}b', '(cmd)?\\.', '\\bcmd\\b', 'k', '\\d+\\.\\d', '^$', '(?s).*', 'x?', '(a|)', 'e\u0301', '\\x41', '[^]a]', '(?P<n>cm)d', 'a\\.exe', '😀?a', 'cm(?:d)', 'i\\s*5', '[[:alpha:]]cm', '\\Qa.\\E'];
const regex = fc.constantFrom(...REGEXES).map(quoted);
const cidr = fc.constantFrom('10.0.0.0/8', '10.1.2.3', '2001:db8::/32', '0.0.0.0/0').map(quoted);

/** Modifiers, and the values that they take. */
const item: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: entry(['', '|cased', '|neq'], scalar) },
  { weight: 8, arbitrary: entry(['|contains', '|startswith', '|endswith', '|contains|all', '|contains|cased', '|cased|startswith', '|endswith|cased', '|contains|neq', '|startswith|neq', '|endswith|all'], textOrNumber) },
  { weight: 3, arbitrary: entry(['|re', '|re|i', '|re|m', '|re|i|s', '|re|all', '|re|neq'], regex) },
  { weight: 1, arbitrary: entry(['|windash', '|contains|windash', '|windash|contains', '|windash|contains|all'], fc.constantFrom('-a', '/a -b', ' --x', '-s*').map(quoted)) },
  { weight: 1, arbitrary: entry(['|base64', '|base64offset|contains', '|wide|base64offset|contains', '|utf16|base64'], word.map((text) => quoted(text.replace(/[\\*?]/g, 'z')))) },
  { weight: 1, arbitrary: entry(['|cidr', '|cidr|neq'], cidr) },
  { weight: 1, arbitrary: entry(['|exists'], fc.constantFrom('true', 'false')) },
  { weight: 2, arbitrary: entry(['|lt', '|lte', '|gt', '|gte'], numberText.filter((text) => text !== '0x10')) },
  { weight: 1, arbitrary: entry(['|hour', '|day', '|minute', '|hour|gte'], fc.constantFrom('10', '13', '45')) },
  { weight: 2, arbitrary: entry(['|fieldref', '|fieldref|contains', '|fieldref|startswith', '|fieldref|endswith', '|fieldref|neq', '|cased|fieldref'], field.map(quoted)) },
  { weight: 1, arbitrary: entry(['|expand', '|contains|expand'], fc.constantFrom('%names%', '%names%%ends%', 'x%ends%').map(quoted)) },
);

function entry(modifiers: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(field, fc.constantFrom(...modifiers), fc.oneof({ weight: 3, arbitrary: value }, { weight: 2, arbitrary: fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => `[${values.join(', ')}]`) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 16, maxLength: 20 }).map((values) => `[${values.join(', ')}]`) })).map(([name, chain, text]) => `${quoted(name + chain)}: ${text}`);
}

const map = fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: (text) => text.slice(0, text.indexOf('": ')) }).map((items) => `{${items.join(', ')}}`);
const keywords = fc.oneof(
  fc.array(textOrNumber, { minLength: 1, maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
  fc.tuple(fc.constantFrom('|all', '|contains', '|cased|all', '|endswith', '|contains|windash'), fc.array(pattern.map(quoted), { minLength: 1, maxLength: 3 })).map(([chain, values]) => `{${quoted(chain)}: [${values.join(', ')}]}`),
  fc.tuple(fc.constantFrom('|re', '|re|i'), regex).map(([chain, value]) => `{${quoted(chain)}: ${value}}`));
const selection = fc.oneof({ weight: 6, arbitrary: map }, { weight: 2, arbitrary: fc.array(map, { minLength: 1, maxLength: 3 }).map((maps) => `[${maps.join(', ')}]`) }, { weight: 1, arbitrary: keywords });

const CONDITIONS = ['sel_a', 'sel_a and sel_b', 'sel_a or sel_b', 'sel_a and not sel_b', 'not sel_a', 'not (sel_a or sel_b)', '1 of sel_*', 'all of them', 'sel_a and not 1 of _filter*', '(sel_a or not sel_b) and not _filter', 'not sel_a and not sel_b', 'all of sel_* or _filter'];
const LOGSOURCES = ['{product: windows, category: process_creation}', '{product: windows}', '{category: webserver}', '{product: invented}', '{product: linux, service: auditd}'];

/** The text of a rule. Some are refused (a value that a modifier does not take): those are left out by their reader. */
export const ruleText: fc.Arbitrary<string> = fc.tuple(fc.constantFrom(...LOGSOURCES), selection, selection, selection, fc.constantFrom(...CONDITIONS)).map(([logsource, one, two, three, condition]) =>
  `title: random\nlogsource: ${logsource}\ndetection:\n  sel_a: ${one}\n  sel_b: ${two}\n  _filter: ${three}\n  condition: ${condition}\n`);

export const PLACEHOLDERS = { names: ['cmd', 'A*', 'é'], ends: ['.exe', 5] };

const eventScalar: fc.Arbitrary<Value> = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 2, arbitrary: fc.constantFrom(...REGEXES, 'cmd.exe', 'CMD.EXE', 'a.exe', '10.1.2.3', '2026-01-10T13:45:30Z', '9007199254740993', '-a', '–a', 'YQ==', ' --x ') },
  { weight: 2, arbitrary: fc.constantFrom<Value>(0, -0, 5, 10, 1.5, 7, -1, 1000, 16, 9007199254740993, true, false, null, '5', '1.50', '007', '') });
const eventValue: fc.Arbitrary<Value> = fc.oneof({ weight: 6, arbitrary: eventScalar }, { weight: 1, arbitrary: fc.array(eventScalar, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.constant([['a', [5, null]], 'cmd'] as Value) });

export const randomEvent: fc.Arbitrary<Event> = fc.array(fc.tuple(fc.constantFrom(...NAMES), eventValue), { maxLength: 9 }).map((pairs) => {
  const event = emptyEvent();
  for (const [name, value] of pairs) event[name] = value;
  return event;
});
