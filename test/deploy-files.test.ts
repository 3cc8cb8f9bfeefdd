// The files by which services run apart, in containers and under systemd: read and held against what the program can do. What they start
// is started by test/apart.test.ts; neither containers nor systemd run where the tests run.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { projectRoot } from '../core/process/built.js';
import { composeServices } from './support/compose.js';
import { runCommand } from './support/product.js';

const ours = Object.entries(composeServices()).filter(([name]) => name !== 'elasticsearch'), units = join(projectRoot, 'docs', 'systemd');

test('the Compose file for Elasticsearch is valid, and every container of ours is fenced', () => {
  const document = parseDocument(readFileSync(join(projectRoot, 'docker/compose.elastic.yaml'), 'utf8'), { merge: true });
  expect(document.errors).toEqual([]);
  expect(ours.map(([name]) => name).sort()).toEqual(['collector-1', 'collector-2', 'console', 'detector-1', 'detector-2', 'retention', 'setup']);
  for (const [name, service] of ours) expect([name, service.read_only, service.cap_drop, service.security_opt]).toEqual([name, true, ['ALL'], ['no-new-privileges:true']]);
  const { volumes, secrets, networks } = document.toJS() as { volumes: object; secrets: object; networks: object };
  const used = Object.values(composeServices());
  expect([...new Set(used.flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')).filter((name) => !name.startsWith('.')))].sort()).toEqual(Object.keys(volumes).sort());
  expect([...new Set(used.flatMap((service) => service.secrets ?? []))].sort()).toEqual(Object.keys(secrets).sort());
  expect([...new Set(used.flatMap((service) => service.networks ?? []))].sort()).toEqual(Object.keys(networks).sort());
});

test('each container holds the key of its own role and no other; only the setup knows the administrator', () => {
  for (const [name, { secrets, environment = {} }] of ours) {
    const role = name.replace(/-\d$/, ''), key = role === 'setup' ? 'elastic-password' : `${role}-key`;
    expect([name, secrets, environment['ELASTICSEARCH_API_KEY_FILE'] ?? environment['ELASTICSEARCH_PASSWORD_FILE']]).toEqual([name, [key], `/run/secrets/${key}`]);
  }
  expect(composeServices()['elasticsearch']?.ports).toBeUndefined();
});

test('the program knows every command that containers and units start', async () => {
  const started = [...ours.map(([, { command = [] }]) => command.slice(2)), ...readdirSync(units).filter((name) => name.endsWith('.service')).map((name) => (/^ExecStart=\S+ bin\/haidang\.js (.*)$/m.exec(readFileSync(join(units, name), 'utf8'))?.[1] ?? '').split(' '))];
  for (const command of new Set(started.map((words) => words.filter((word) => /^[a-z]/.test(word)).join(' ')))) {
    const { code, out } = await runCommand([...command.split(' '), '--help']);
    expect([command, code, out.includes(`haidang ${command}`)]).toEqual([command, 0, true]);
  }
}, 180_000);

test('units give each service its own configuration, key and folder, and nothing else of the machine', () => {
  for (const name of readdirSync(units).filter((file) => file.endsWith('.service'))) {
    const text = readFileSync(join(units, name), 'utf8'), service = /^haidang-(\w+)\.service$/.exec(name)?.[1] ?? '';
    for (const line of ['DynamicUser=true', 'NoNewPrivileges=true', 'ProtectSystem=strict', 'ProtectHome=true', 'PrivateDevices=true', 'CapabilityBoundingSet=', 'SystemCallFilter=@system-service', `LoadCredential=elasticsearch-key:/etc/haidang/${service}.key`]) expect([name, text.split('\n').includes(line)]).toEqual([name, true]);
    expect([name, text.includes(`HAIDANG_CONFIG=/etc/haidang/${service}.yaml`), text.includes(`haidang.js ${service}`)]).toEqual([name, true, true]);
  }
  const analyze = '/usr/bin/systemd-analyze';
  if (!existsSync(analyze)) { process.stdout.write('not run: systemd\'s own look at the units (systemd-analyze is absent)\n'); return; }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-units-'));
  try {
    for (const name of readdirSync(units)) writeFileSync(join(folder, name), readFileSync(join(units, name), 'utf8').replace('/usr/bin/node', process.execPath).replaceAll('/opt/haidang', projectRoot));
    for (const name of readdirSync(units)) expect([name, execFileSync(analyze, ['verify', join(folder, name)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })]).toEqual([name, '']);
  } finally { rmSync(folder, { recursive: true, force: true }); }
});
