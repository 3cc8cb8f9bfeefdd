import fc from 'fast-check';
import { match } from './match.js';
import type { Predicate } from './predicate.js';
import { parseQuery, printQuery } from './text.js';

const event = {
  message: 'Đăng nhập thất bại từ 192.0.2.7', 'event.original': '<34>web-1 sshd[12]: Đăng nhập thất bại từ 192.0.2.7', 'host.name': 'Web-1', 'user.name': 'Nguyễn An', 'source.ip': '192.0.2.7',
  'source.port': 5222, 'event.dataset': 'sshd', 'destination.ip': '2001:db8::7', 'url.original': 'http://example.org/a?b=1', 'vendor.field': 'x:y', 'event.category': ['authentication', 'network'],
};
const finds = (text: string): boolean => {
  const { predicate, problems } = parseQuery(text);
  expect({ text, problems }).toEqual({ text, problems: [] });
  return match(predicate, event);
};

test.each([
  '', '   ', 'dang nhap', 'DANG', '"dang nhap that bai"', 'thất', 'nguyen', 'host.name:web-1', 'host.name:WEB-?', 'host.name:w*', 'host.name:*', 'message:dang', 'message:"nhap that"', 'message:nhap AND bai',
  'source.ip:192.0.2.7', 'source.ip:192.0.2.0/24', 'source.ip:192.0.*', 'destination.ip:2001:db8::/32', 'destination.ip:2001:0DB8:0::7', 'source.port:5222', 'source.port:>=5222', 'source.port:>5000 source.port:<6000',
  'dang OR xyz', 'xyz OR dang', 'dang NOT xyz', 'dang -xyz', '-xyz', 'NOT (xyz OR abc)', '(xyz OR dang) AND (host.name:web-1 OR nope)', 'xyz AND abc OR dang', 'http://example.org', 'a\\?b', 'vendor.field:x\\:y',
  'vendor.field:"x:y"', 'event.category:network', 'web-1', 'sshd[12]', 'nhập*bại', '*dang*', 'message:nhap*', 'NOT user.id:*', 'user.name:"nguyễn an"', '192.0.2.7', '2001:db8::7',
])('%p finds the event', (text) => { expect(finds(text)).toBe(true); });

test.each([
  'xyz', 'dang xyz', 'host.name:web', 'host.name:web-?0', '"nhap dang"', 'source.ip:192.0.3.0/24', 'source.port:522', 'source.port:>5222', '-dang', 'NOT dang', 'user.id:*', 'user.name:nguyen', 'xyz OR abc', 'NOT (dang OR abc)',
])('%p does not', (text) => { expect(finds(text)).toBe(false); });

test.each([
  ['"open', 'query.quote', 1], ['a (b', 'query.parenthesis', 3], ['a )', 'query.unexpected', 3], ['a AND', 'query.missing', 6], ['AND a', 'query.missing', 1], ['a OR', 'query.missing', 5], ['user.name:', 'query.value', 11],
  ['a NOT', 'query.missing', 6], ['source.port:>abc', 'query.number', 14], ['()', 'query.missing', 2], ['đ user.name: x', 'query.value', 13],
])('%p is answered with %s at column %d', (text, code, column) => {
  expect(parseQuery(text).problems.map((problem) => [problem.code, problem.column])).toContainEqual([code, column]);
});

test('of a query with a problem, what could be read is searched', () => {
  expect(match(parseQuery('dang "nhap').predicate, event)).toBe(true);
  expect(match(parseQuery('xyz source.port:>abc').predicate, event)).toBe(false);
});

test("the collector's own records are asked for by their dataset, and only so", () => {
  for (const text of ['event.dataset:haidang.loss', 'event.dataset:"haidang.mark"', 'x OR event.dataset:haidang.*', 'event.dataset:HAIDANG.clock']) expect([text, parseQuery(text).ownRecords]).toEqual([text, true]);
  for (const text of ['', 'haidang.loss', 'event.dataset:*', 'event.dataset:sshd', '-event.dataset:haidang.loss', 'event.dataset:haidang.other', 'message:haidang.loss']) expect([text, parseQuery(text).ownRecords]).toEqual([text, false]);
});

test('what is printed reads as the same predicate', () => {
  for (const text of ['dang nhap', 'a OR b c', '(a OR b) c', 'NOT (a b)', 'NOT NOT a', 'host.name:w*b', 'message:a*b', 'source.port:>=5', 'source.ip:10.0.0.0/8', 'user.id:*', '"AND"', 'vendor.field:"x y"', 'a?b', '']) {
    const { predicate } = parseQuery(text);
    expect([text, parseQuery(printQuery(predicate) ?? 'nothing').predicate]).toEqual([text, predicate]);
  }
  expect(printQuery({ kind: 'regex', path: ['message'], source: 'a', flags: '' })).toBeUndefined();
});

test('any text is read in no time, and what can be printed comes back', () => {
  const piece = fc.constantFrom('(', ')', '"', '\\', '*', '?', ':', '-', ' ', 'AND', 'OR', 'NOT', 'user.name', 'message', 'source.port', '>=', '5', 'đ', '10.0.0.0/8', 'a');
  fc.assert(fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
    const { predicate, problems } = parseQuery(pieces.join('')), printed = printQuery(predicate);
    for (const { line, column } of problems) expect([line, (column ?? 0) >= 1 && (column ?? 0) <= pieces.join('').length + 1]).toEqual([1, true]);
    if (printed !== undefined) expect(parseQuery(printed)).toMatchObject({ predicate: plainOf(predicate), problems: [] });
  }), { numRuns: 3000 });
  expect(parseQuery('('.repeat(9000)).problems.length).toBeGreaterThan(0);
  expect(parseQuery('x'.repeat(10_001)).problems[0]?.code).toBe('query.long');
});
const plainOf = (predicate: Predicate): Predicate => JSON.parse(JSON.stringify(predicate)) as Predicate;
