import { createParseContext, parseLine } from '../../message/parse-line.js';
import { compileDescription } from './compile.js';
import { runTests } from './tests.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const compile = (text: string) => {
  const { described, problems } = compileDescription('x.yml', text);
  if (described === undefined) throw new Error(problems.map(({ line, column, message }) => `${line ?? 0}:${column ?? 0} ${message}`).join('\n'));
  return described;
};
const read = (text: string, raw: string) => parseLine({ raw, received, context: createParseContext([compile(text).format]) });

const GATE = `format: acme.gate
match: { starts: 'GATE|' }
read: { delimiter: '|', columns: [kind, when, account, from, what, door] }
fields: { user.name: account, source.ip: from }
time: { from: when, form: 'dd/MM/yyyy HH:mm:ss', zone: Asia/Ho_Chi_Minh }
action: { from: what, map: { VAO: login, TU CHOI: login_failed } }
set: { observer.vendor: Acme }
tests:
  - line: 'GATE|17/02/2026 13:40:03|SO\\an|203.0.113.9|TU CHOI|3'
    expect: { user.name: an, user.domain: SO, source.ip: 203.0.113.9, event.action: login_failed, '@timestamp': '2026-02-17T06:40:03.000Z', acme.gate.door: 3 }
  - line: 'GATES open'
    expect: null
`;

test('a delimited source: fields, time, action, and what no field takes', () => {
  const { format, event } = read(GATE, '<13>Feb 17 13:40:05 gate1 app: GATE|17/02/2026 13:40:03|an|203.0.113.9:5001|VAO|"3|4"');
  expect(format).toBe('acme.gate');
  expect(event).toMatchObject({ 'event.dataset': 'acme.gate', 'event.module': 'acme', 'user.name': 'an', 'source.ip': '203.0.113.9', 'source.port': 5001, 'event.action': 'login', 'event.outcome': 'success', 'observer.vendor': 'Acme', 'acme.gate.door': '3|4', '@timestamp': '2026-02-17T06:40:03.000Z', 'host.name': 'gate1' });
  expect(runTests(compile(GATE))).toEqual([]);
});

test('a pattern with named parts, its own patterns, and the whole text', () => {
  const text = `format: lgsp.log
read:
  pattern: '%{STAMP:when} \\[%{LEVEL:level}\\] %{USER:who} -> %{IP:from}: %{DATA:what}( code=%{INT:code})?'
  patterns: { STAMP: '%{INT}/%{INT}/%{INT} %{INT}:%{INT}' }
fields: { user.name: who, source.ip: from, event.code: code, event.reason: what, log.level: level }
time: { from: when, form: d/M/yyyy H:mm }
`;
  expect(read(text, '7/2/2026 9:05 [WARN] an@so.example.org -> 2001:db8::9: từ chối truy cập code=17').event).toMatchObject({ 'user.name': 'an', 'user.domain': 'so.example.org', 'source.ip': '2001:db8::9', 'event.code': '17', 'event.reason': 'từ chối truy cập', '@timestamp': '2026-02-07T02:05:00.000Z' });
  expect(read(text, '7/2/2026 9:05 [WARN] an').format).toBeNull();
});

test('pairs with their own marks, and JSON by paths', () => {
  const pairs = `format: cam.log
match: { program: [cam] }
read: { pairs: ';', assign: ':' }
fields: { user.name: nguoi dung, source.ip: ip }
`;
  expect(read(pairs.replace('nguoi dung', 'user'), '<13>Feb 17 13:40:05 c1 cam: user:an;ip:203.0.113.9;view:cam 3').event).toMatchObject({ 'user.name': 'an', 'source.ip': '203.0.113.9', 'cam.log.view': 'cam 3' });
  const json = `format: portal.audit
match: { contains: '"portal"' }
read: { json: true }
fields: { user.name: $.actor.name, source.ip: '$.ips[0]', url.original: "$['request url']", event.code: kind }
time: { from: $.t, form: epoch }
`;
  expect(read(json, '{"app":"portal","kind":"K1","actor":{"name":"an"},"ips":["203.0.113.9","192.0.2.1"],"request url":"https://e.example.org/a?b=1","t":1771310403}').event).toMatchObject({ 'user.name': 'an', 'source.ip': '203.0.113.9', 'url.path': '/a', 'event.code': 'K1', 'portal.audit.app': 'portal', '@timestamp': '2026-02-17T06:40:03.000Z' });
});

test('a described source comes before our own formats, and only where it matches', () => {
  const text = `format: acme.kv
match: { contains: acme= }
read: { pairs: ' ' }
fields: { source.ip: a }
`;
  expect(read(text, '<13>Feb 17 13:40:05 h sshd[1]: acme=1 a=203.0.113.9 b=2').format).toBe('acme.kv');
  expect(read(text, '<13>Feb 17 13:40:05 h sshd[1]: Failed password for root from 203.0.113.9 port 22 ssh2').format).toBe('linux.sshd');
});

test.each([
  ['format: Acme\nread: { json: true }\nmatch: { starts: x }', 1, 9, /two parts/],
  ['format: a.b\nread: { json: true }', 1, 1, /take every line/],
  ['format: a.b\nmatch: { starts: x }\nread: { delimiter: "|", columns: [a] }\nfields: { user.name: b }', 4, 22, /a column \(a\), got "b"/],
  ['format: a.b\nread: { pattern: "%{WRD:x}" }', 2, 18, /known pattern/],
  ['format: a.b\nread: { pattern: "(" }', 2, 18, /expected/],
  ['format: a.b\nread: { pattern: "%{A}", patterns: { A: "%{B}", B: "%{A}" } }', 2, 18, /leads to itself/],
  ['format: a.b\nmatch: { starts: x }\nread: { json: true }\nfields: { haidang.tier: t }', 4, 11, /written by the collector/],
  ['format: a.b\nmatch: { starts: x }\nread: { json: true }\nfields: { user.name: "$.a[" }', 4, 11, /a path such as/],
  ['format: a.b\nmatch: { starts: x }\nread: { json: true }\ntime: { from: t, form: nonsense }', 4, 24, /dd\/MM\/yyyy/],
  ['format: a.b\nmatch: { starts: x }\nread: { json: true }\ntime: { from: t, zone: Mars/Olympus }', 4, 24, /Asia\/Ho_Chi_Minh/],
  ['format: a.b\nmatch: { starts: x }\nread: { json: true }\naction: { from: t, map: { A: hacked } }', 4, 30, /one of our actions/],
  ['format: a.b\nmach: { starts: x }\nread: { pattern: x }', 2, 1, /expected one of format/],
  ['format: [a', 1, 11, /YAML/],
  ['', 1, 1, /empty/],
] as const)('what is wrong is told with its place: %s', (text, line, column, message) => {
  const { described, problems } = compileDescription('x.yml', text);
  expect(described).toBeUndefined();
  expect(problems[0]).toMatchObject({ file: 'x.yml', line, column });
  expect(problems[0]?.message).toMatch(message);
});

test('a test that fails says which field, what was expected and what came, at its place', () => {
  const failing = runTests(compile(GATE.replace('user.name: an,', 'user.name: binh,').replace("'GATES open'", "'GATE|x|y|z'")));
  expect(failing.map(({ line, message }) => [line, message])).toEqual([[9, 'expected user.name "binh", got "an"'], [11, 'expected a line that is not of acme.gate, got one that is']]);
});

test('no pattern makes a long line slow', () => {
  const text = "format: a.b\nread: { pattern: '(%{DATA:a},)*%{DATA:b}(%{WORD:c} ?)+x' }";
  const context = createParseContext([compile(text).format]), before = process.cpuUsage().user;
  parseLine({ raw: 'a,'.repeat(500_000), received, context });
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1000);
});
