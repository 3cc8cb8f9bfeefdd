import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { createParseContext, parseLine } from './parse-line.js';
import { FIXTURES } from '../normalize/fixtures/lines.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const event = (raw: string) => parseLine({ raw, received }).event;

test('the original is the line as it came, byte for byte', () => {
  expect(event('<38>Feb 17 13:40:03 web01 app: Tie\u0302\u0301ng  Vie\u0323\u0302t \r\n')).toMatchObject({ 'event.original': '<38>Feb 17 13:40:03 web01 app: Tie\u0302\u0301ng  Vie\u0323\u0302t ', message: 'Tiếng  Việt ' });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    const parsed = parseLine({ bytes, received }).event;
    const base64 = parsed['event.original_b64'];
    const back = base64 === undefined ? new TextEncoder().encode(String(parsed['event.original'])) : Uint8Array.from(atob(String(base64)), (c) => c.charCodeAt(0));
    const end = bytes[bytes.length - 1] !== 10 ? 0 : bytes[bytes.length - 2] === 13 ? 2 : 1;
    expect(back.slice(0, bytes.length - end)).toEqual(bytes.slice(0, bytes.length - end));
  }), { numRuns: 1500 });
});

test('no bytes make it throw, and every event has a time, a dataset and a message', () => {
  const lines = FIXTURES.map(({ raw }) => raw);
  const piece = fc.oneof(fc.constantFrom(...lines), fc.constantFrom(...lines).chain((line) => fc.nat(line.length).map((n) => line.slice(n))), fc.constantFrom('<34>1 ', '{"a":', '}', '"', '\\', '\0', '=', '|', '%ASA-6-302013: ', 'type=EXECVE msg=audit(1.1:1): ', '__proto__=1 constructor=2 toString=3', '\ud800'), fc.string({ unit: 'binary', maxLength: 8 }));
  const context = createParseContext();
  fc.assert(fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
    const parsed = parseLine({ raw: pieces.join(''), received, context, source: '192.0.2.1' }).event;
    for (const name of ['@timestamp', 'event.dataset', 'event.created', 'event.original']) expect(typeof parsed[name]).toBe('string');
    expect(parsed['message']).toBeDefined();
    JSON.stringify(parsed);
  }), { numRuns: 1500 });
});

test('a line cut off at any byte is still read, with the same time where the time is whole', () => {
  for (const { raw } of FIXTURES) {
    const bytes = new TextEncoder().encode(raw);
    for (let length = 0; length <= bytes.length; length += length < 120 ? 1 : 9) expect(parseLine({ bytes: bytes.subarray(0, length), received }).event['event.original']).toBeDefined();
  }
});

test('names that objects inherit are only names', () => {
  for (const raw of ['{"__proto__":{"x":1},"constructor":"c","toString":"t","hasOwnProperty":"h"}', '<13>Feb 17 13:40:03 h app: __proto__=1 constructor=2 toString=3 valueOf=4', 'CEF:0|a|b|c|d|e|5|__proto__=1 constructor=2',
    '<34>1 2026-02-17T13:40:03Z h a - - [__proto__ constructor="1" __proto__="2"] x', 'type=EXECVE msg=audit(1771335603.123:1): argc=2 __proto__=1 a0="x"', 'date=2026-02-17 devid=1 logid=1 type=x __proto__=1 constructor=2',
    '{"event_type":"constructor","timestamp":"2026-02-17T06:40:03Z","src_ip":"192.0.2.1"}', 'CEF:0|Trend Micro|constructor|1|constructor|x|toString|cs1Label=constructor cs1=x constructor=y', 'CEF:0|constructor|a|1|2|x|3|src=192.0.2.1 valueOf=1',
    'type=SYSCALL msg=audit(1771335603.123:1): arch=c000003e syscall=constructor', 'audit_schema_version:1\naction_id:constructor\nsucceeded:true\nstatement:x\ndatabase_name:a\nschema_name:b']) {
    const parsed = event(raw);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    for (const key of Object.keys(parsed)) expect(typeof parsed[key]).not.toBe('function');
  }
  expect(event('{"constructor":"c","k":1}')['constructor']).toBe('c');
  expect(Object.hasOwn(event('{"k":1}'), 'constructor')).toBe(false);
});

test('a sender cannot say what only we say', () => {
  const parsed = event('{"@timestamp":"2026-02-17T13:00:00Z","ecs":{"version":"8"},"event":{"id":"forged","created":"2000-01-01T00:00:00Z","original":"x"},"haidang":{"tier":1,"system":"other"},"log":{"source":{"address":"192.0.2.9"}},"user":{"name":"bob"}}');
  expect(parsed).toMatchObject({ 'user.name': 'bob', '@timestamp': '2026-02-17T13:00:00.000Z', 'event.created': '2026-02-17T14:00:00.000Z' });
  for (const name of ['event.id', 'haidang.tier', 'haidang.system', 'log.source.address']) expect(Object.hasOwn(parsed, name)).toBe(false);
  expect(String(parsed['event.original'])).toContain('forged');
});

test('a time far from receipt is kept and tagged', () => {
  expect(event('<34>1 2020-01-01T00:00:00Z h a - - - x')).toMatchObject({ '@timestamp': '2020-01-01T00:00:00.000Z', tags: ['time_skew'] });
  expect(event('<34>1 2026-02-17T13:59:00Z h a - - - x')['tags']).toBeUndefined();
});

test('records of one audit event gain what the earlier ones said, never across senders', () => {
  const context = createParseContext();
  const read = (raw: string, source = '192.0.2.1') => parseLine({ raw, received, context, source }).event;
  read('type=SYSCALL msg=audit(1771335603.123:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 ppid=1 pid=2 auid=1000 uid=0 comm="cat" exe="/usr/bin/cat" key="exec"');
  const execve = read('type=EXECVE msg=audit(1771335603.123:7): argc=2 a0="cat" a1=2F6574632F736861646F77');
  expect(execve).toMatchObject({ 'process.command_line': 'cat /etc/shadow', 'process.executable': '/usr/bin/cat', 'auditd.log.key': 'exec', 'user.audit.id': '1000', 'auditd.log.a1': '/etc/shadow', 'event.action': 'process_started' });
  expect(Object.hasOwn(execve, 'auditd.log.a2')).toBe(false);
  expect(read('type=PATH msg=audit(1771335603.123:7): item=0 name="/etc/shadow" nametype=NORMAL')).toMatchObject({ 'file.path': '/etc/shadow', 'process.command_line': 'cat /etc/shadow', 'auditd.log.SYSCALL': 'execve' });
  expect(Object.hasOwn(read('type=PATH msg=audit(1771335603.123:7): item=0 name="/x"', '192.0.2.2'), 'process.executable')).toBe(false);
  expect(Object.hasOwn(read('type=PATH msg=audit(1771335603.123:8): item=0 name="/x"'), 'process.executable')).toBe(false);
});

test('a repeated message means what the last one meant, and says how often', () => {
  const context = createParseContext();
  const read = (raw: string) => parseLine({ raw, received, context, source: '192.0.2.1' });
  read('<38>Feb 17 13:40:03 web01 sshd[9]: Failed password for root from 203.0.113.9 port 5022 ssh2');
  const { format, event: repeated } = read('<38>Feb 17 13:40:33 web01 last message repeated 5 times');
  expect(format).toBe('syslog.repeated');
  expect(repeated).toMatchObject({ 'event.action': 'ssh_login_failed', 'source.ip': '203.0.113.9', 'haidang.repeated': 5, message: 'last message repeated 5 times' });
  expect(parseLine({ raw: '<38>Feb 17 13:40:33 web01 last message repeated 5 times', received }).event).toMatchObject({ 'event.action': 'message_repeated', 'haidang.repeated': 5 });
  expect(read('<38>Feb 17 13:41:33 web01 sshd[9]: message repeated 2 times: [ Failed password for root from 203.0.113.9 port 5022 ssh2]').event).toMatchObject({ 'event.action': 'ssh_login_failed', 'haidang.repeated': 2, 'source.port': 5022 });
});

test('a megabyte of anything is read in a moment', () => {
  const lines = ['a='.repeat(500_000), `<13>Feb 17 13:40:03 h app: x="${'\\"'.repeat(500_000)}`, `<1>1 - - - - - [${'a="'.repeat(330_000)}`, '{"a":'.repeat(200_000), `<13>${' '.repeat(1_000_000)}`, `CEF:0|a|b|c|d|e|5|${'k=v '.repeat(250_000)}`, `<Event>${'<a>'.repeat(330_000)}`,
    `<38>Feb 17 13:40:03 h sshd[1]: Failed password for ${' from 192.0.2.1 port'.repeat(50_000)}`, `<166>Feb 17 13:40:03 h %ASA-6-106100: ${'inside:192.0.2.1/5 '.repeat(60_000)}`, `%FTD-1-430003: ${'a: b, '.repeat(160_000)}`, ':'.repeat(1_000_000), '<'.repeat(1_000_000), `<22>Feb 17 13:40:03 h postfix/smtpd[1]: ${'from='.repeat(200_000)}`,
    `type=EXECVE msg=audit(1771335603.123:1): argc=100000 ${'a0[1]=41 '.repeat(100_000)}`, `192.0.2.1 - - [17/Feb/2026:13:40:03 +0000] "GET /${'"'.repeat(900_000)}`, `MSWinEventLog\t1\tSecurity\t1\tFri Mar 19 15:33:30 2010\t540\tSecurity\tx\t${'Account Name: x     '.repeat(50_000)}`,
    `{"EventID":1,"Channel":"Windows PowerShell","Message":"${'HostApplication= '.repeat(60_000)}"}`, `1,2026/02/17 13:40:03,1,THREAT,url,1,2026/02/17 13:40:03,${'"",'.repeat(300_000)}`, `[${'x:"y"; '.repeat(150_000)}`, '\u0301'.repeat(500_000)];
  for (const raw of lines) {
    const before = process.cpuUsage().user;
    parseLine({ raw, received });
    expect((process.cpuUsage().user - before) / 1000).toBeLessThan(1000); // a generous ceiling: what is quadratic takes many seconds
  }
});

const LOGS = '../shared/logs/syslog-messages';
test('every message of other projects suites has an event that holds it', () => {
  if (!existsSync(LOGS)) { if (process.env['CI'] !== undefined) throw new Error(`${LOGS} is absent`); process.stdout.write('not run: every message of the other suites (../shared is absent)\n'); return; }
  let read = 0;
  for (const name of ['rsyslog-testbench', 'sc4s', 'graylog', 'fluentd', 'logstash-patterns', 'syslog-ng-format', 'syslog-ng-vendor-parsers', 'syslog-ng-msgparse', 'go-syslog', 'syslog-loose']) {
    for (const line of readFileSync(`${LOGS}/${name}.jsonl`, 'utf8').split('\n')) {
      if (line === '') continue;
      const { raw, raw_b64: base64 } = JSON.parse(line) as { raw?: string; raw_b64?: string };
      const parsed = base64 === undefined ? parseLine({ raw: raw ?? '', received }) : parseLine({ bytes: Buffer.from(base64, 'base64'), received });
      if (base64 === undefined) expect(parsed.event['event.original']).toBe((raw ?? '').replace(/\r?\n$/, ''));
      read++;
    }
  }
  expect(read).toBeGreaterThan(500);
});
