// As a newcomer: a fresh clone of what is committed, a PATH that holds node, npm, sh and coreutils and no compiler, `npm start -- --demo`.
// The console answers and incidents of at least three tiers are listed. A second start takes seconds.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../core/process/built.js';
import { ADMIN_PASSWORD, Client, until } from './support/product.js';

const COREUTILS = ['sh', 'cat', 'cp', 'dirname', 'echo', 'env', 'expr', 'ls', 'mkdir', 'mv', 'pwd', 'readlink', 'realpath', 'rm', 'sed', 'sleep', 'sort', 'tail', 'tr', 'uname'];

function find(name: string): string | undefined {
  return (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** A folder that holds only what a machine with Node and npm has. */
function smallPath(folder: string): string {
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  const npm = join(dirname(realpathSync(process.execPath)), 'npm');
  symlinkSync(realpathSync(existsSync(npm) ? npm : (find('npm') as string)), join(folder, 'npm'));
  for (const name of COREUTILS) {
    const path = find(name);
    if (path !== undefined) symlinkSync(path, join(folder, name));
  }
  return folder;
}

async function start(clone: string, env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; url: string; seconds: number; output: () => string }> {
  const started = Date.now(), child = spawn('npm', ['start', '--', '--demo'], { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  for (;;) {
    const url = /console\s+(http:\/\/\S+)/.exec(output)?.[1];
    if (url !== undefined && output.includes('  data')) return { child, url, seconds: (Date.now() - started) / 1000, output: () => output };
    if (child.exitCode !== null || Date.now() - started > 400_000) throw new Error(`npm start did not come up (exit ${child.exitCode}):\n${output.slice(-4000)}`);
    await sleep(50);
  }
}
const end = async (child: ChildProcess): Promise<void> => {
  const ended = new Promise((resolve) => child.on('exit', resolve));
  process.kill(-(child.pid as number), 'SIGTERM');
  await ended;
};

test('a fresh clone starts with two words and shows incidents of three tiers', async () => {
  if (!existsSync(join(projectRoot, '.git')) || find('git') === undefined) {
    process.stdout.write('not run: the fresh clone (this is no git checkout)\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-clone-'));
  try {
    const clone = join(folder, 'haidang');
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', projectRoot, clone]);
    writeFileSync(join(folder, 'password'), ADMIN_PASSWORD);
    const env = { ...process.env, NODE_OPTIONS: '', CI: '', PATH: smallPath(join(folder, 'bin')), HAIDANG_CONSOLE_PORT: '0', HAIDANG_SYSLOG_PORT: '0', HAIDANG_ADMIN_PASSWORD_FILE: join(folder, 'password') };
    const first = await start(clone, env);
    const client = await Client.signIn(first.url);
    await until(() => client.all<{ tier: number }>('/api/incidents'), (items) => new Set(items.map(({ tier }) => tier)).size >= 3, 'incidents of three tiers', 90_000);
    expect((await fetch(`${first.url}/`)).headers.get('content-type')).toContain('text/html');
    await end(first.child);
    const second = await start(clone, env);
    process.stdout.write(`first start ${first.seconds.toFixed(1)} s with installation and build, second ${second.seconds.toFixed(1)} s\n`);
    expect(second.output()).not.toMatch(/installing|building/);
    await end(second.child);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
