import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { issue } from '../../collector/fixtures/certificates.js';
import { projectRoot } from '../../core/process/built.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-doctor-'));
afterAll(() => { rmSync(folder, { recursive: true }); });
const doctor = (env: Record<string, string>): { status: number | null; stdout: string } => spawnSync(process.execPath, [join(projectRoot, 'bin/haidang.js'), 'doctor'], { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', ...env } });

test('a fit machine is told so, and looking makes nothing', () => {
  const data = join(folder, 'new', 'data'), { status, stdout } = doctor({ HAIDANG_DATA: data });
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringMatching(/^ok\s+data\s+.*is made at the first start/m) });
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('a data folder that is a file, and a configuration that is not understood, are problems', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(doctor({ HAIDANG_DATA: join(folder, 'file') })).toMatchObject({ status: 1, stdout: expect.stringMatching(/^problem\s+data/m) });
  writeFileSync(join(folder, 'wrong.yaml'), 'hots: 1\n');
  expect(doctor({ HAIDANG_CONFIG: join(folder, 'wrong.yaml') })).toMatchObject({ status: 1, stdout: expect.stringMatching(/^problem\s+configuration\s+.*wrong\.yaml:1:1: hots/m) });
});

test('every listener is looked at: its port, its certificate, its files', async () => {
  const write = (name: string, text: string): string => { writeFileSync(join(folder, name), text); return join(folder, name); };
  const server = issue('log.example.test'), other = issue('other.example.test'), taken = createServer();
  await new Promise<void>((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
  const certificateFile = write('server.pem', server.certificate), keyFile = write('server.key', server.key), otherKey = write('other.key', other.key);
  write('app.log', 'a line\n');
  const inputs = [
    `{kind: tls, port: 0, certificateFile: ${certificateFile}, keyFile: ${keyFile}}`, `{kind: relp, port: 0, certificateFile: ${certificateFile}, keyFile: ${otherKey}}`, `{kind: beats, port: ${(taken.address() as AddressInfo).port}}`,
    '{kind: http, port: 0}', '{kind: gelf-udp, port: 0}', '{kind: gelf-tcp, port: 0}', `{kind: file, name: app, path: ${join(folder, '*.log')}}`, `{kind: file, name: nowhere, path: ${join(folder, 'none', 'a.log')}}`, `{kind: file, name: later, path: ${join(folder, 'later.log')}}`,
  ];
  const { status, stdout } = doctor({ HAIDANG_CONFIG: write('inputs.yaml', `inputs:\n${inputs.map((input) => `  - ${input}\n`).join('')}`) });
  taken.close();
  const verdicts = stdout.split('\n').filter((line) => /^\w+ +(syslog|tls|relp|beats|http|gelf|app|nowhere|later)/.test(line)).map((line) => /^(\w+) +(syslog \w+|[\w-]+) +(.*)$/.exec(line)?.slice(1));
  expect(status).toBe(1);
  expect(verdicts.map((parts) => parts?.slice(0, 2).join(' '))).toEqual([
    'ok syslog tcp', 'ok syslog udp', 'ok tls', 'ok tls', 'ok relp', 'problem relp', 'warning beats', 'ok http', 'ok gelf-udp', 'ok gelf-tcp', 'ok app', 'problem nowhere', 'warning later',
  ]);
  expect(stdout).toMatch(/server\.pem is valid until 2049-12-31/);
});
