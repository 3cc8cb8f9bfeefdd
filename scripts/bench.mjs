// `npm run bench` prints every benchmark's table; `npm run bench -- NAME [ARGUMENTS]` one of them. Figures are for comparing runs on
// one machine; tests assert none of them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const { install, root } = await import('./install.mjs');
install({ dev: false });
const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--server'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 70);
const names = readdirSync(join(root, 'bench')).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('support')).map((name) => name.slice(0, -3));
const [wanted, ...rest] = process.argv.slice(2);
if (wanted !== undefined && !names.includes(wanted)) {
  process.stderr.write(`bench: expected one of ${names.join(', ')}, got ${wanted}\n`);
  process.exit(64);
}
for (const name of wanted === undefined ? names : [wanted]) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'bench', `${name}.js`), ...rest], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
