import { ProblemError } from '../problem.js';
import { parseConfig } from './config.js';

const problemsOf = (text: string, env = {}): string[] => {
  try { parseConfig(text, 'haidang.yaml', env); return []; } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems.map(({ line, column, message }) => `${line ?? ''}:${column ?? ''} ${message}`);
  }
};

test('an empty file is a whole configuration', () => {
  const config = parseConfig('', 'haidang.yaml');
  expect([config.host, config.console.port, config.syslog.port, config.unassignedTier]).toEqual(['127.0.0.1', 8080, 5514, 3]);
});

test('the environment wins over the file', () => {
  const config = parseConfig('console: {port: 9000}\nhost: 10.0.0.1\n', 'haidang.yaml', { HAIDANG_CONSOLE_PORT: '0', HAIDANG_HOST: '127.0.0.9', HAIDANG_SMTP_URL: 'smtp://127.0.0.1:25', HAIDANG_MAIL_TO: 'a@example.org, b@example.org' });
  expect([config.console.port, config.host, config.mail?.recipients.map(({ to }) => to)]).toEqual([0, '127.0.0.9', ['a@example.org', 'b@example.org']]);
});

test('what is wrong is told with its line, what was expected and what came', () => {
  expect(problemsOf('host: 127.0.0.1\nsyslog:\n  port: many\n')[0]).toMatch(/^3:9 syslog\.port: expected number, received string/);
  expect(problemsOf('sylog:\n  port: 1\n')[0]).toMatch(/^1:\d+ sylog: expected one of the known names/);
  expect(problemsOf('systems:\n  - {id: A, name: a, tier: 9, match: [{address: 10.0.0.1}]}\n')[0]).toMatch(/^2:\d+ systems\.0\.tier/);
  expect(problemsOf('systems:\n  - {id: A, name: a, tier: 3, match: [{address: 10.0.0.1/8}]}\n')[0]).toMatch(/^2:\d+ .*host bits/);
  expect(problemsOf('a: 1\na: 2\n')[0]).toMatch(/^2:1 not readable as YAML/);
  expect(problemsOf('', { HAIDANG_SYSLOG_PORT: 'x' })[0]).toMatch(/HAIDANG_SYSLOG_PORT: expected a port from 0 to 65535, got "x"/);
});

test('a system stands there once', () => {
  const one = '{id: A, name: a, tier: 3, match: [{address: 10.0.0.1}]}';
  expect(problemsOf(`systems:\n  - ${one}\n  - ${one}\n`)[0]).toMatch(/^3:\d+ systems\.1\.id: expected each system once, got A again/);
});

describe('inputs', () => {
  test('ports are the usual ones; a name can be asked for by a system', () => {
    const { inputs } = parseConfig('inputs:\n  - {kind: tls, certificateFile: a.pem, keyFile: a.key}\n  - {kind: relp}\n  - {kind: beats, name: windows}\nsystems:\n  - {id: A, name: a, tier: 3, match: [{listener: windows, address: 10.0.0.1}]}\n', 'haidang.yaml');
    expect(inputs.map((input) => [input.kind, 'port' in input ? input.port : undefined])).toEqual([['tls', 6514], ['relp', 2514], ['beats', 5044]]);
    expect(parseConfig('', 'haidang.yaml').inputs).toEqual([]);
  });

  test.each([
    ['  - {kind: smoke}', /^2:\d+ inputs\.0\.kind: expected one of the kinds tls, relp, beats, http, gelf-udp, gelf-tcp, file/],
    ['  - {kind: tls, certificateFile: a.pem}', /^2:\d+ inputs\.0\.keyFile: expected string/],
    ['  - {kind: relp, keyFile: a}', /^2:\d+ inputs\.0: expected certificateFile and keyFile together/],
    ['  - {kind: relp, port: 70000}', /^2:\d+ inputs\.0\.port: /],
    ['  - {kind: relp, prot: 1}', /^2:\d+ inputs\.0\.prot: expected one of the known names/],
    ['  - {kind: file, path: a.log, multiline: "^(\\\\d{4}"}', /^2:\d+ inputs\.0\.multiline: expected a regular expression in RE2 syntax \(no look-around, no back references\): .*missing closing \)/],
    ['  - {kind: relp}\n  - {kind: relp, port: 2515}', /^3:\d+ inputs\.1\.kind: expected each name once, got relp again/],
    ['  - {kind: relp}\n  - {kind: beats, port: 2514}', /^3:\d+ inputs\.1\.port: expected a port of its own, got 2514, which relp has/],
    ['  - {kind: gelf-udp}\n  - {kind: gelf-tcp}\n  - {kind: gelf-udp, name: b}', /^4:\d+ inputs\.2\.port: expected a port of its own, got 12201, which gelf-udp has/],
    ['  - {kind: file, path: /var/*/x.log}', /^2:\d+ inputs\.0\.path: expected \* and \? in the last part/],
    ['  - {kind: relp, port: 5514}', /^2:\d+ inputs\.0\.port: expected a port of its own, got 5514, which syslog has/],
    ['  - {kind: tls, certificateFile: a, keyFile: b, clientCertificates: required}', /^2:\d+ inputs\.0\.clientCertificates: expected a caFile/],
    ['  - {kind: beats, caFile: c, clientCertificates: optional}', /^2:\d+ inputs\.0\.clientCertificates: expected certificateFile and keyFile/],
    ['  - {kind: http, tokens: [{name: a, sha256: abc}]}', /^2:\d+ inputs\.0\.tokens\.0\.sha256: expected the SHA-256/],
    [`  - {kind: relp}\n  - {kind: http, tokens: [{name: relp, sha256: ${'a'.repeat(64)}}]}`, /^3:\d+ inputs\.1\.tokens\.0\.name: expected each name once/],
    ['  - {kind: tls, certificateFile: a, keyFile: b, proxies: [10.0.0.1/8]}', /^2:\d+ inputs\.0\.proxies\.0: expected an address or a network/],
    ['  - {kind: relp}\nsystems:\n  - {id: A, name: a, tier: 3, match: [{listener: beats, address: 10.0.0.1}]}', /^4:\d+ systems\.0\.match\.0\.listener: expected one of udp, tcp, relp, got beats/],
  ])('%s is told with its place', (text, expected) => {
    expect(problemsOf(`inputs:\n${text}\n`)[0]).toMatch(expected);
  });
});

test('a service that runs apart is given its own part of the configuration and no other', () => {
  const text = 'elasticsearch: {nodes: [http://127.0.0.1:9200]}\nsyslog: {port: 5514}\nmail: {smtpUrl: "smtp://127.0.0.1"}\n';
  expect(parseConfig(text.split('mail')[0] ?? '', 'haidang.yaml', {}, 'collector').syslog.port).toBe(5514);
  expect(() => parseConfig(text, 'haidang.yaml', {}, 'collector')).toThrow(ProblemError);
  try { parseConfig(text, 'haidang.yaml', {}, 'detector'); } catch (error) { expect((error as ProblemError).problems).toMatchObject([{ code: 'config.foreign', line: 2, got: 'syslog' }]); }
  expect(parseConfig(text, 'haidang.yaml', { HAIDANG_HEALTH_PORT: '18081' }).health.port).toBe(18081);
});
