// Roles and keys are asked of the server as its own API takes them (the minimal distribution of the tests has none: a small server of ours
// answers), and held there against what test/roles.test.ts tries on a real one.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { roleDescriptor } from '../../core/store/elasticsearch/roles.js';
import { runCommand } from '../../test/support/product.js';

interface Asked { readonly method: string; readonly path: string; readonly body: unknown }

test('roles are written and a key is made for each service, into files only the owner reads', async () => {
  const asked: Asked[] = [], folder = mkdtempSync(join(tmpdir(), 'haidang-keys-'));
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const text = Buffer.concat(parts).toString('utf8'), { method = '', url = '' } = request, path = url.split('?')[0] ?? '';
      const say = (body: object): void => { response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end(JSON.stringify(body)); };
      if (path.startsWith('/_security/')) asked.push({ method, path, body: JSON.parse(text) });
      if (path === '/_security/api_key') say({ id: 'i', api_key: 'k', encoded: `encoded-of-${(JSON.parse(text) as { name: string }).name}` });
      else if (path === '/_bulk') { const { index } = JSON.parse(text.split('\n')[0] ?? '{}') as { index: { _index: string; _id: string } }; say({ errors: false, items: [{ index: { ...index, status: 201 } }] }); }
      // A cluster that was just made: every copy is there, and nothing is in it.
      else say({ _shards: { total: 1, successful: 1, failed: 0 }, timed_out: false, ...(path.endsWith('/_search') ? { hits: { hits: [] } } : {}), ...(path.endsWith('/_pit') ? { id: 'pit' } : {}) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = { ELASTICSEARCH_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ELASTICSEARCH_PREFIX: 'soc-' };
  try {
    const run = await runCommand(['setup', 'elasticsearch', '--roles', '--keys', join(folder, 'keys')], { env });
    expect([run.code, run.err]).toEqual([0, '']);
    expect(asked.filter(({ path }) => path.startsWith('/_security/role/')).map(({ method, path, body }) => [method, path, body])).toEqual(
      (['collector', 'detector', 'console', 'retention', 'one'] as const).map((role) => ['PUT', `/_security/role/soc-${role}`, roleDescriptor(role, 'soc-')]));
    for (const role of ['collector', 'detector', 'console', 'retention'] as const) {
      const file = join(folder, 'keys', `${role}.key`);
      expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([`encoded-of-soc-${role}\n`, 0o600]);
      expect(asked.find(({ path, body }) => path === '/_security/api_key' && (body as { name: string }).name === `soc-${role}`)?.body).toMatchObject({ role_descriptors: { [`soc-${role}`]: roleDescriptor(role, 'soc-') } });
    }
    const again = await runCommand(['setup', 'elasticsearch', '--keys', join(folder, 'keys')], { env });
    expect([again.code, again.err]).toEqual([70, expect.stringContaining('collector.key')]);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test('the roles can be printed for a node whose users stand in files', async () => {
  const { code, out } = await runCommand(['setup', 'elasticsearch', '--print-roles']);
  expect(code).toBe(0);
  expect((parse(out) as Record<string, unknown>)['haidang-collector']).toEqual(roleDescriptor('collector', 'haidang-'));
}, 30_000);
