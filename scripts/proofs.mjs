// `npm run proofs -- NAME`: the full form of what `npm test` runs bounded. Figures with commit and machine go to docs/proofs.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const { install, root } = await import('./install.mjs');
const PROOFS = {
  kill: { paths: ['test/kill.test.ts'], env: { HAIDANG_ROUNDS: '30' }, says: '30 kills of the process group under 5,000 lines a second' },
  'collector-kill': { paths: ['collector/kill'], env: { KILL_ROUNDS: '30' }, says: '30 kills of the collector alone, per protocol: nothing durable or acknowledged is lost' },
  peers: { paths: ['collector/peers', 'collector/kill-peers'], env: { KILL_ROUNDS: '100', HAIDANG_FETCH_PEERS: '1' }, says: 'rsyslog, syslog-ng and logger deliver; both ends of RELP and Lumberjack killed 100 times: acknowledged lost 0, stored twice 0' },
};
const name = process.argv[2];
if (name === undefined || !Object.hasOwn(PROOFS, name)) {
  for (const [known, { says }] of Object.entries(PROOFS)) process.stdout.write(`npm run proofs -- ${known.padEnd(15)} ${says}\n`);
  process.exit(name === undefined ? 0 : 64);
}
install({ dev: true });
if (spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(70);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
process.stdout.write(`${name} at ${commit}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'processor'}, Linux ${release()}\n`);
const { paths, env } = PROOFS[name];
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--runInBand', ...paths], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
process.exitCode = status ?? 1;
