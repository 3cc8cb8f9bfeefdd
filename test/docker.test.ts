// Docker does not run where these tests run: the files are linted, and what the container would start is what the other
// end-to-end tests start.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { projectRoot } from '../core/process/built.js';
import { startProduct } from './support/product.js';

const dockerfile = readFileSync(join(projectRoot, 'docker/Dockerfile'), 'utf8');
const compose = readFileSync(join(projectRoot, 'docker/compose.yaml'), 'utf8');

test('the Dockerfile has no finding', () => {
  let output: string;
  try {
    output = execFileSync(process.execPath, [join(projectRoot, 'node_modules/dockerfilelint/bin/dockerfilelint'), '-o', 'json', join(projectRoot, 'docker/Dockerfile')], { encoding: 'utf8' });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { files } = JSON.parse(output) as { files: { issues: { title: string; category: string; line: string }[] }[] };
  expect(files.flatMap(({ issues }) => issues.map(({ line, title }) => `${line}: ${title}`))).toEqual([]);
});

test('the Compose file is valid and publishes what the program listens on', () => {
  const document = parseDocument(compose);
  expect(document.errors).toEqual([]);
  const { services, volumes } = document.toJS() as { services: { haidang: { ports: string[]; volumes: string[]; read_only: boolean } }; volumes: object };
  expect(services.haidang.ports.map((port) => port.split(':').pop()).sort()).toEqual(['5514/tcp', '5514/udp', '8080']);
  expect(services.haidang.read_only).toBe(true);
  expect(services.haidang.volumes.map((volume) => volume.split(':')[0])).toEqual(Object.keys(volumes));
  for (const port of services.haidang.ports) expect(dockerfile).toContain(port.split(':').pop());
});

test('the command of the image starts the product and its health check passes', async () => {
  const command = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
  const check = /test: \[CMD, node, (\S+)\]/.exec(compose)?.[1] ?? '';
  const product = await startProduct({ command });
  try {
    execFileSync(process.execPath, [join(projectRoot, check)], { env: { ...process.env, HAIDANG_CONSOLE_PORT: new URL(product.url).port } });
  } finally {
    await product.stop();
  }
});
