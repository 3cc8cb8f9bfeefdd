import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
