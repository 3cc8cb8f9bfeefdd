// Real senders on loopback: what they send is stored, each message once; over UDP what is not stored is counted.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issue } from './fixtures/certificates.js';
import { findProgram, rsyslogArguments, rsyslogConfiguration, startProgram } from './fixtures/peers.js';
import { LOOPBACK, run, stopAll, until, type Running } from './fixtures/running.js';
import type { ListenerKind, TlsOptions } from './options.js';

const COUNT = 3000;
let folder: string, tls: TlsOptions, authority: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'));
  const signer = issue('Test authority', { isAuthority: true }), ours = issue('log.example.test', { authority: signer, dns: ['log.example.test', 'localhost'] });
  tls = { certificateFile: join(folder, 'server.pem'), keyFile: join(folder, 'server.key') };
  authority = join(folder, 'ca.pem');
  await Promise.all([mkdir(join(folder, 'work')), writeFile(tls.certificateFile, ours.certificate), writeFile(tls.keyFile, ours.key), writeFile(authority, signer.certificate)]);
});
afterEach(async () => { await stopAll(); await rm(folder, { recursive: true, force: true }); });

const start = (kind: ListenerKind, secure = false): Promise<Running> => run(join(folder, 'spool'), [{ name: 'in', kind, ...LOOPBACK, ...(secure ? { tls } : {}) }]);
async function writeLines(): Promise<string> {
  const file = join(folder, 'lines.log');
  await writeFile(file, Array.from({ length: COUNT }, (_, i) => `đăng nhập number ${i} ${'x'.repeat(i % 300)}\n`).join(''));
  return file;
}
const numbersOf = (running: Running): number[] => running.frames().flatMap((frame) => { const number = /number (\d+)/.exec(frame)?.[1]; return number === undefined ? [] : [Number(number)]; });
const dropped = (running: Running): number => running.losses().reduce((sum, { count }) => sum + count, 0);

/** Every message is stored once; over UDP, or counted as dropped. */
async function expectAll(running: Running, count: number, said: () => string): Promise<void> {
  const whole = await until(() => numbersOf(running).length + dropped(running) >= count, 20_000);
  const numbers = numbersOf(running);
  expect([whole, whole ? '' : said()]).toEqual([true, '']);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length + dropped(running)).toBe(count);
}

describe('rsyslog', () => {
  const forward = (port: number, more: string): string => `*.* action(type="omfwd" target="127.0.0.1" port="${port}" template="RSYSLOG_SyslogProtocol23Format" ${more})`;
  test.each<[string, ListenerKind, boolean, (port: number) => string]>([
    ['over UDP', 'udp', false, (port) => forward(port, 'protocol="udp"')],
    ['over TCP, counted', 'tcp', false, (port) => forward(port, 'protocol="tcp" TCP_Framing="octet-counted"')],
    ['over TCP, lines', 'tcp', false, (port) => forward(port, 'protocol="tcp"')],
    ['over TLS', 'tls', true, (port) => `global(defaultNetstreamDriverCAFile="${authority}")\n${forward(port, 'protocol="tcp" TCP_Framing="octet-counted" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="log.example.test"')}`],
    ['over RELP', 'relp', false, (port) => `*.* action(type="omrelp" target="127.0.0.1" port="${port}" template="RSYSLOG_SyslogProtocol23Format")`],
  ])('%s', async (_, kind, secure, action) => {
    const program = findProgram('rsyslogd');
    if (program === undefined) return;
    const running = await start(kind, secure), work = join(folder, 'work');
    await writeFile(join(work, 'conf'), rsyslogConfiguration(work, await writeLines(), action(running.port('in'))));
    const peer = startProgram(program, rsyslogArguments(program, work, 'conf'));
    try { await expectAll(running, COUNT, peer.said); } finally { await peer.end(); }
  }, 60_000);
});

describe('syslog-ng', () => {
  test.each<[string, ListenerKind, boolean, (port: number) => string]>([
    ['over UDP', 'udp', false, (port) => `network("127.0.0.1" transport("udp") port(${port}))`],
    ['over TCP, RFC 5424', 'tcp', false, (port) => `syslog("127.0.0.1" transport("tcp") port(${port}))`],
    ['over TLS', 'tls', true, (port) => `syslog("localhost" transport("tls") port(${port}) tls(ca-file("${authority}") peer-verify(yes)))`],
  ])('%s', async (_, kind, secure, destination) => {
    const program = findProgram('syslog-ng');
    if (program === undefined) return;
    const running = await start(kind, secure), work = join(folder, 'work');
    await writeFile(join(work, 'conf'), `@version: 3.38\noptions { stats-freq(0); dns-cache(no); use-dns(no); };\nsource s { file("${await writeLines()}" follow-freq(0.1) flags(no-parse) program-override("peer")); };\ndestination d { ${destination(running.port('in'))}; };\nlog { source(s); destination(d); flags(flow-control); };\n`);
    const peer = startProgram(program, ['-F', '-f', join(work, 'conf'), `--module-path=${program.modules}`, `--persist-file=${join(work, 'persist')}`, `--pidfile=${join(work, 'pid')}`, `--control=${join(work, 'control')}`, '--no-caps']);
    try { await expectAll(running, COUNT, peer.said); } finally { await peer.end(); }
  }, 60_000);
});

describe('logger', () => {
  test.each<[string, ListenerKind, readonly string[]]>([
    ['over UDP, RFC 5424', 'udp', ['--udp', '--rfc5424']], ['over UDP, RFC 3164', 'udp', ['--udp', '--rfc3164']],
    ['over TCP, RFC 5424', 'tcp', ['--tcp', '--rfc5424']], ['over TCP, counted', 'tcp', ['--tcp', '--octet-count']],
  ])('%s', async (_, kind, options) => {
    const program = findProgram('logger');
    if (program === undefined) return;
    const running = await start(kind), count = 200;
    execFileSync(program.path, ['-n', '127.0.0.1', '-P', String(running.port('in')), ...options], { env: program.env, input: Array.from({ length: count }, (__, i) => `đăng nhập number ${i}\n`).join('') });
    await expectAll(running, count, () => '');
  });
});
