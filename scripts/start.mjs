// `npm start`: installs what is missing, builds what changed, and runs the whole product on the embedded store.
// Arguments go to `haidang up`: `npm start -- --demo`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`haidang: expected Node 20.19 or newer, got ${process.versions.node}. Install Node 24 (recommended) and start again.\n`);
  process.exit(78);
}
const { install, root } = await import('./install.mjs');
install({ dev: false });
const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 70);

process.argv.splice(2, 0, 'up');
await import('../bin/haidang.js');
