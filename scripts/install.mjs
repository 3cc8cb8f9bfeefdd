// Installs what package-lock.json names, when it is not there yet. A second call reads two files and returns.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** `{ dev: true }` also installs what only tests need. Ends the program when npm fails, with npm's own words above. */
export function install({ dev }) {
  if (complete(dev)) return;
  process.stderr.write(dev ? 'installing what the tests need ...\n' : 'installing ...\n');
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error', ...(dev ? ['--include=dev'] : ['--omit=dev'])];
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status === 0) return;
  process.stderr.write(`haidang: expected npm to install the packages of package-lock.json, got ${error?.message ?? `exit code ${status}`}. Is the package registry reachable?\n`);
  process.exit(69);
}

function complete(dev) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || entry.devOptional || (entry.dev && !dev) || present[path]?.version === entry.version);
}
