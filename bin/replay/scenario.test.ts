import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoScenarioFiles, loadScenarios, playParts } from './play.js';
import { fill, isNoise, parseScenario, type Drawing } from './scenario.js';
import { findShift, shiftedLines } from './shift.js';
import { PRINTERS, StampReader } from './stamps.js';

const TIME = Date.parse('2026-11-05T20:04:09.120Z');
const drawing: Drawing = { time: TIME, n: 3, pid: 411, port: 40_000, serial: 77, values: { attacker: '203.0.113.7' }, random: () => 0.5 };

test('placeholders become times in local zone, numbers drawn and values', () => {
  expect(fill('<38>{{rfc3164}} h sshd[{{pid}}]: from {{attacker}} port {{port}} {{n}}', drawing)).toBe('<38>Nov  6 03:04:09 h sshd[411]: from 203.0.113.7 port 40000 3');
  expect(fill('{{iso}} {{utc}}', drawing)).toBe('2026-11-06T03:04:09.120+07:00 2026-11-05T20:04:09.120Z');
  expect(fill('[{{clf}}] {{nginx}} {{date}} {{time}}', drawing)).toBe('[06/Nov/2026:03:04:09 +0700] 2026/11/06 03:04:09 2026-11-06 03:04:09');
  expect(fill('audit({{audit}}:{{serial}}) {{epoch}} {{postgres}}', drawing)).toBe('audit(1793909049.120:77) 1793909049 2026-11-06 03:04:09.120 +07');
  expect(fill('{{pick:a|b|c}} {{number:10-20}}', drawing)).toBe('b 15');
});

test('a broken scenario says where and what was expected', () => {
  const problem = (text: string): unknown => parseScenario(text, 'x.yaml').problems[0];
  expect(problem('plays: [')).toMatchObject({ code: 'scenario.yaml', file: 'x.yaml' });
  expect(problem('plays:\n  - system: NET\n    steps:\n      - lines: ["{{nosuch}}"]\n')).toMatchObject({ code: 'scenario.placeholder', line: 4, message: expect.stringContaining('{{nosuch}}') });
  expect(problem('plays:\n  - system: NET\n    steps:\n      - lines: [a]\n        times: 0\n')).toMatchObject({ code: 'scenario.shape', line: 5 });
});

test('our own scenarios are sound and speak for every system of the demo', () => {
  const parts = loadScenarios(demoScenarioFiles());
  expect(new Set(parts.filter(isNoise).map(({ system }) => system)).size).toBe(18);
  expect(new Set(parts.filter((part) => !isNoise(part) && part.startsAfterSeconds <= 30).map(({ system }) => system)).size).toBeGreaterThanOrEqual(6);
});

test('each system sends from its own address; the play ends when every attack was played once', async () => {
  const seen: Record<string, string> = {};
  const server = createServer((socket) => { const peer = socket.remoteAddress ?? ''; socket.on('data', (chunk) => { seen[peer] = (seen[peer] ?? '') + chunk.toString(); }); });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const text = `plays:
  - { system: DVC, everySeconds: 0.01, noise: [quiet] }
  - system: NET
    values: { attacker: [203.0.113.9] }
    steps:
      - { lines: ["try {{n}} from {{attacker}}"], times: 3, everySeconds: 0.02 }
      - { waitSeconds: 0.05, lines: [in, "two\\nlines"] }
`;
  const parts = parseScenario(text, 'x.yaml').parts;
  const playing = playParts(parts, { host: '127.0.0.1', port: (server.address() as AddressInfo).port, signal: new AbortController().signal, once: true });
  await playing.done;
  expect(seen['127.0.16.16']).toBe('try 1 from 203.0.113.9\ntry 2 from 203.0.113.9\ntry 3 from 203.0.113.9\nin\n9 two\nlines');
  expect(seen['127.0.16.1']).toMatch(/^(quiet\n)+$/);
  expect(playing.sent()).toBe(5 + (seen['127.0.16.1'] ?? '').split('\n').length - 1);
  server.close();
});

test('a play goes on when the collector goes away and comes back', async () => {
  const first = createServer((socket) => { socket.once('data', () => socket.destroy()); });
  first.listen(0, '127.0.0.1').unref();
  await once(first, 'listening');
  const port = (first.address() as AddressInfo).port, stop = new AbortController(), told: string[] = [];
  const playing = playParts(parseScenario('plays: [{ system: WEB, everySeconds: 0.01, noise: [alive] }]', 'x.yaml').parts, { host: '127.0.0.1', port, signal: stop.signal, log: (message) => told.push(message) });
  await once(first, 'connection');
  await new Promise((done) => first.close(() => done(undefined)));
  while (told.length === 0) await new Promise((done) => setTimeout(done, 10));
  const second = createServer((socket) => { socket.resume(); });
  second.listen(port, '127.0.0.1').unref();
  await once(second, 'connection');
  stop.abort();
  await playing.done;
  second.close();
  expect(told.length).toBeGreaterThanOrEqual(1);
}, 20_000);

describe('moving the times of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-shift-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const shifted = async (text: string, to: string): Promise<string[]> => {
    const file = join(folder, 'f.log');
    writeFileSync(file, Buffer.from(text, 'latin1'));
    const lines: string[] = [];
    for await (const line of shiftedLines(file, await findShift(file, Date.parse(to)))) lines.push(line.toString('latin1'));
    return lines;
  };

  test('the last line stands at the moment asked for, the others as far before it as they were, also over New Year', async () => {
    expect(await shifted('<13>Dec 31 23:59:50 h a: x\nno time here\n<13>Jan  1 00:00:10 h a: y\n', '2026-03-01T00:00:00+07:00'))
      .toEqual(['<13>Feb 28 23:59:40 h a: x', 'no time here', '<13>Mar  1 00:00:00 h a: y']);
  });
  test('each form keeps its shape, its zone and its digits', async () => {
    const to = '2026-11-22T10:00:00+07:00';
    expect(await shifted('<34>1 2003-10-11T22:14:15.003Z h a - - - x', to)).toEqual(['<34>1 2026-11-22T03:00:00.003Z h a - - - x']);
    expect(await shifted('192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 1', to)).toEqual(['192.0.2.1 - - [21/Nov/2026:20:00:00 -0700] "GET / HTTP/1.0" 200 1']);
    expect(await shifted('2020/01/02 03:04:05 [error] 1#1: x', to)).toEqual(['2026/11/22 10:00:00 [error] 1#1: x']);
    expect(await shifted('<189>date=2019-05-10 time=11:37:47 type="traffic"', to)).toEqual(['<189>date=2026-11-22 time=10:00:00 type="traffic"']);
    expect(await shifted('type=SYSCALL msg=audit(1364481363.243:24287): x', to)).toEqual([`type=SYSCALL msg=audit(${Date.parse(to) / 1000}.000:24287): x`]);
  });
  test('bytes that are no time stay as they were', async () => {
    expect(await shifted('Jun 14 15:16:01 h a: \xff\xfe 12:34:56 10.1.2.3', '2026-11-22T10:00:00+07:00')).toEqual(['Nov 22 10:00:00 h a: \xff\xfe 12:34:56 10.1.2.3']);
  });
  test('every printed form without a draw is read back as the same second', () => {
    for (const name of ['rfc3164', 'iso', 'utc', 'nginx', 'postgres'] as const) {
      const found = new StampReader().first((PRINTERS[name] as (time: number) => string)(TIME));
      const seconds = Math.floor(TIME / 1000) * 1000;
      expect([name, found?.hasYear === false ? new Date(found.time).toISOString().slice(5, 19) : found?.time]).toEqual([name, found?.hasYear === false ? new Date(seconds).toISOString().slice(5, 19) : seconds]);
    }
  });
});
