// What random rules and random events are made of. A batch draws a few fields, texts and numbers that its rules and its events share,
// so that they meet, and nearly meet, all the time; the pieces are chosen where engines go wrong (case beyond ASCII, marks that
// combine, wildcards, escapes, inherited names, digits beyond 2^53).
import type { Random } from './random.js';

const PIECES = ['a', 'A', 'b', 'B', 'cmd', 'CMD', '.exe', '.EXE', 'ab', 'aab', 'k', 'K', '\u212a', 's', 'S', '\u017f', 'i', 'I', '\u0130', '\u0131', 'ß', 'ẞ', 'e', 'é', 'É', 'e\u0301', '\u0301',
  'đ', 'Đ', 'ỗ', 'Ỗ', 'o\u0302\u0303', 'Σ', 'σ', 'ς', 'ﬁ', '가', '\u1100\u1161', '😀', '🙂', '中', ' ', '-', '/', '\u2013', '--x', '\n', '\t', '\\', '"', "'", '%', '0', '5', '10', '.', 'true', 'null', '*', '?', '\u0001', '\u0000'];
/** Those that databases read as we do; an event with any other is asked about here alone. */
const TAME = PIECES.filter((one) => !/[\p{M}\0\u0130\u017f]/u.test(one) && one.normalize('NFC') === one);
export const piece = (random: Random, { pieces }: Pick<Stock, 'pieces'>): string => random.pick(pieces);
export const plain = (random: Random, stock: Pick<Stock, 'pieces'>, least = 0, most = 4): string => random.many(least, most, () => piece(random, stock)).join('');

const FIELDS = ['Image', 'CommandLine', 'a', 'b', 'A', 'Größe', 'constructor', '__proto__', 'toString', 'nested.name', 'nested.list.x', 'EventID', 'c-uri', 'Threat Name', 'ThreatName', 'message', "it's", 'source.port', 'source.ip', 'tags'];
/** Names under which sources keep what a rule calls so. */
const ALSO: ReadonlyMap<string, readonly string[]> = new Map([['Image', ['NewProcessName', 'process.executable']], ['CommandLine', ['process.command_line']], ['EventID', ['event.code', 'winlog.event_id']], ['c-uri', ['url.original']], ['message', ['event.original', 'log.syslog.appname']]]);
const alsoOf = (field: string): string[] => [...(ALSO.get(field) ?? ['host.name']), `winlog.event_data.${field}`, `json.${field}`, `auditd.log.${field}`];

export const REGEXES = ['a+b', '^5$', 'b.é', '(?i)CMD\\.exe', 'cmd|\\.exe', '(?:cmd|k)+s?', '[ab]{2,}', 'a{0,2}b', '(cmd)?\\.', '\\bcmd\\b', 'k', '\\d+\\.\\d', '^$', '(?s).*', 'x?', '(a|)', 'e\u0301', '\\x41', '[^]a]', '(?P<n>cm)d', 'a\\.exe', '😀?a', 'cm(?:d)', 'i\\s*5', '[[:alpha:]]cm', '\\Qa.\\E',
  '^.$', '\\pL', '[^a-z]', 'é|É', '(?m)^b', '\\s', '.{2}$', '[à-ỹ]', 'ſ', '(?i)k', '(?i)ß', '\\W', '\\.?\\b5', 'a.b', '^[^\\n]*$'];
const NUMBERS = ['0', '-0', '5', '6', '10', '-1', '1.5', '1.50', '1e3', '1000', '007', '7', '16', '9007199254740992', '9007199254740993', '-9007199254740993', '18446744073709551615'];
export const NETWORKS = ['10.0.0.0/8', '10.1.2.3', '10.1.2.0/24', '2001:db8::/32', '2001:DB8:0::/48', '0.0.0.0/0', '::/0', '::ffff:10.1.2.0/120'];
const ADDRESSES = ['10.1.2.3', '10.2.0.1', '100.1.2.3', '010.1.2.3', '10.1.2.3.4', '2001:DB8:0:0::1', '2001:db80::1', '::ffff:10.1.2.3', '10.256.1.1'];
const DATES = ['2026-01-10T13:45:30Z', '2026-01-10T12:45:30+07:00', '2026-12-31 23:59:59', '2024-02-29', '10/Jan/2026:13:45:30 +0700', '1768052730'];
const WHOLE = ['cmd.exe', 'a.exe', '-a', '–a', '/a -b', 'YQ==', ' --x ', 'x/y', ' 5 ', '05', '5.0', '+5', '.5', '0x10', '1e400', '', '\\', 'a*b', 'a?b', '%names%', 'İi', 'k5'];
export const PLACEHOLDERS = { names: ['cmd', 'A*', 'é'], ends: ['.exe', 5] };

export interface Stock { readonly pieces: readonly string[]; readonly fields: readonly string[]; readonly eventFields: readonly string[]; readonly texts: readonly string[]; readonly numbers: readonly string[]; readonly addresses: readonly string[]; readonly dates: readonly string[] }
export function drawStock(random: Random): Stock {
  const fields = random.shuffled(FIELDS).slice(0, random.between(2, 7)), also = random.shuffled(fields.flatMap(alsoOf)).slice(0, random.between(1, 8));
  const pieces = random.chance(0.4) ? TAME : PIECES, texts = random.many(3, 8, () => (random.chance(0.6) ? plain(random, { pieces }, 1, 4) : random.pick(WHOLE)));
  if (random.chance(0.5)) texts.push(random.pick(['a*b', 'a?b', 'x*', '*', 'cmd*.exe', '\\*']));
  const some = (list: readonly string[]): string[] => random.shuffled(list).slice(0, random.between(1, 5));
  return { pieces, fields, eventFields: [...fields, ...fields, ...also], texts, numbers: some(NUMBERS), addresses: some(ADDRESSES), dates: some(DATES) };
}

/** A number as text, or what comes to the same and is written otherwise. */
export function nearNumber(random: Random, { numbers }: Stock): string {
  const digits = random.pick(numbers);
  return random.oneOf([4, () => digits], [1, () => `${digits}.0`], [0.5, () => `0${digits}`], [0.5, () => `+${digits}`], [0.5, () => ` ${digits} `], [0.5, () => `${digits}e0`], [0.5, () => `${digits}0`], [0.5, () => `x ${digits}`]);
}

/** A text of the stock, or one beside it: other case, other form, longer, shorter, one character off. */
export function nearText(random: Random, stock: Stock): string {
  const { texts } = stock, text = random.pick(texts), points = [...text], at = random.between(0, points.length);
  return random.oneOf([5, () => text], [1, () => text.toUpperCase()], [1, () => text.toLowerCase()], [stock.pieces === TAME ? 0 : 0.5, () => text.normalize('NFD')], [0.5, () => text.normalize('NFC')],
    [1, () => piece(random, stock) + text], [1, () => text + piece(random, stock)], [0.7, () => `${piece(random, stock)} ${text} ${piece(random, stock)}`], [0.7, () => text + random.pick(texts)], [0.5, () => points.slice(0, at).join('')], [0.5, () => points.slice(at).join('')],
    [0.7, () => [...points.slice(0, at), piece(random, stock), ...points.slice(at + 1)].join('')]);
}
