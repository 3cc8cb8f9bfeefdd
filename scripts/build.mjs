// Builds what runs: TypeScript to dist/, and the web application to dist/web. `--server` or `--web` builds one of them.
// Nothing is built again when no source changed since the last build (sizes, times and names are compared).
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const only = process.argv[2];
const parts = [
  { name: 'server', sources: ['bin', 'core', 'collector', 'detector', 'console', 'bench', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    needs: 'dist/bin/main.js', command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'] },
  { name: 'web', sources: ['console/web', 'console/api.ts', 'core', 'package-lock.json'],
    needs: 'dist/web/index.html', command: ['node_modules/vite/bin/vite.js', 'build', '--config', 'console/web/vite.config.mjs', '--logLevel', 'warn'] },
];

for (const { name, sources, needs, command } of parts) {
  if (only !== undefined && only !== `--${name}`) continue;
  const stamp = join(root, 'dist', `.${name}-stamp`), now = fingerprint(sources);
  if (existsSync(join(root, needs)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
  process.stderr.write(`building ${name} ...\n`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: 'production' } });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, now);
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
  function visit(path) {
    if (!existsSync(path)) return;
    const stat = statSync(path);
    if (!stat.isDirectory()) { hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`); return; }
    for (const name of readdirSync(path).sort()) visit(join(path, name));
  }
}
