// `npm run proofs -- NAME [COUNT] [SEED]`: the full form of what `npm test` runs bounded. Figures with commit and machine go to docs/proofs.md.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const { install, root } = await import('./install.mjs');
const PROOFS = {
  kill: { paths: ['test/kill.test.ts'], env: { HAIDANG_ROUNDS: '30' }, says: '30 kills of the process group under 5,000 lines a second' },
  'collector-kill': { paths: ['collector/kill'], env: { KILL_ROUNDS: '30' }, says: '30 kills of the collector alone, per protocol: nothing durable or acknowledged is lost' },
  sockets: { paths: ['collector/hold'], env: { KILL_ROUNDS: '30' }, says: '30 kills of the reader of held sockets: received + counted drops = sent, nothing twice, no connection refused' },
  peers: { paths: ['collector/peers', 'collector/kill-peers'], env: { KILL_ROUNDS: '100', HAIDANG_FETCH_PEERS: '1' }, says: 'rsyslog, syslog-ng and logger deliver; both ends of RELP and Lumberjack killed 100 times: acknowledged lost 0, stored twice 0' },
  'elasticsearch-kill': { paths: ['test/services.test'], env: { HAIDANG_ROUNDS: '100' }, counts: 'HAIDANG_ROUNDS', says: '100 kills of any of two collectors, two detectors and the node, through a network that hurts every tenth request' },
  'elasticsearch-nodes': { paths: ['test/nodes.test'], env: { HAIDANG_ROUNDS: '10' }, counts: 'HAIDANG_ROUNDS', says: '10 times one of three nodes is killed under load and stays away while another is started again' },
  'elasticsearch-watermark': { paths: ['test/watermark'], env: {}, says: 'the disk of the node passes its last watermark, the node is killed meanwhile' },
  'elasticsearch-parity': { paths: ['test/elasticsearch.test'], env: { HAIDANG_TEST_ALL: '1' }, says: 'every public and shipped rule as a question to Elasticsearch over real Windows events' },
  'elasticsearch-outage': { paths: ['test/outage'], env: { HAIDANG_OUTAGE_MS: '1800000', HAIDANG_MEASURED: '1' }, counts: 'HAIDANG_OUTAGE_MS', says: '30 minutes without the cluster at 2,000 messages a second' },
  differential: { paths: ['test/proofs/differential.test'], env: { HAIDANG_CASES: '1000000' }, counts: 'HAIDANG_CASES', says: '1,000,000 random rules before random events: the reference, the fast engine, SQL, the store and proofs agree' },
  'differential-elasticsearch': { paths: ['test/proofs/differential-elasticsearch'], env: { HAIDANG_CASES: '100000' }, counts: 'HAIDANG_CASES', says: '100,000 of the same through a real Elasticsearch: its candidates and what it is sure of' },
  parse: { paths: ['core/message/generated', 'core/message/long-lines'], env: { HAIDANG_LINES: '200000' }, counts: 'HAIDANG_LINES', says: '200,000 lines that nobody wrote: the parser never throws, each has its original, its times and plain values; no piece repeated to 240 KB costs out of proportion' },
  determinism: { paths: ['test/proofs/determinism'], env: { HAIDANG_SEEDS: '1000' }, counts: 'HAIDANG_SEEDS', says: '1,000 seeds: however lines come, and whatever crashes, the final alerts are the same' },
};
const [, , name, count, seed] = process.argv;
if (name === undefined || !Object.hasOwn(PROOFS, name)) {
  for (const [known, { says }] of Object.entries(PROOFS)) process.stdout.write(`npm run proofs -- ${known.padEnd(26)} ${says}\n`);
  process.exit(name === undefined ? 0 : 64);
}
install({ dev: true });
if (spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(70);
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
process.stdout.write(`${name} at ${commit}, Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'processor'}, Linux ${release()}\n`);
const { paths, env, counts } = PROOFS[name];
if (count !== undefined && counts !== undefined) env[counts] = count;
if (seed !== undefined) env.HAIDANG_SEED = seed;
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--runInBand', ...paths], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
process.exitCode = status ?? 1;
