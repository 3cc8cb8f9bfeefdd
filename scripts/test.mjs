// `npm test`: installs what tests need, builds, and runs every suite; prints the time of each and `N passed, N failed` at the end.
// `npm test -- PATTERN` runs only the suites whose name holds PATTERN.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const { install, root } = await import('./install.mjs');
install({ dev: true });

const pattern = process.argv[2];
const work = join(root, 'test', '.work');
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const shared = join(root, '..', 'shared');
const node = (...args) => [process.execPath, ...args];
const jest = (name, paths, workers, env = {}) => ({
  name, env, command: node('--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${join(work, `${name}.json`)}`, `--maxWorkers=${workers}`, ...paths),
  count: () => countJest(join(work, `${name}.json`)),
});

/** Suites in order. `count` reads how many checks passed and failed; without it a suite is one check. */
const suites = [
  { name: 'build', command: node('scripts/build.mjs') },
  { name: 'types', command: node('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json') },
  { name: 'lint', command: node('node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0') },
  jest('unit', ['--testPathIgnorePatterns', '/test/', '/console/web/'], 2),
  jest('browser', ['console/web'], 1),
  jest('end-to-end', ['test/'], 1),
  jest('elasticsearch', ['test/main-job'], 1, { HAIDANG_TEST_STORE: 'elasticsearch' }),
  ...checks(),
];

/** Checks kept beside the project's checkout measure it as others do; a user's clone has none of them. */
function checks() {
  const kept = JSON.parse(readFileSync(join(root, 'test', 'checks.json'), 'utf8'));
  if (!existsSync(join(shared, 'check'))) {
    if (process.env.CI) return [{ name: 'checks', command: node('-e', 'console.error("expected ../shared/check in CI, found nothing"); process.exit(1)') }];
    console.log('not run: the checks against other projects\' rules and logs (../shared is absent)');
    return [];
  }
  return kept.map(({ name, args, expect }) => ({ name, command: node(...args), expect }));
}

const rows = [];
let passed = 0, failed = 0;
for (const suite of suites) {
  if (pattern !== undefined && !suite.name.includes(pattern) && suite.name !== 'build') continue;
  const started = Date.now();
  console.log(`\n== ${suite.name}`);
  const captured = suite.expect !== undefined;
  const run = spawnSync(suite.command[0], suite.command.slice(1), { cwd: root, stdio: captured ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'inherit', 'inherit'], env: { ...process.env, NODE_OPTIONS: '', HAIDANG_TEST_RUN_PID: String(process.pid), ...suite.env }, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (captured) process.stdout.write(run.stdout ?? '');
  const verdict = captured ? kept(suite, run.stdout ?? '') : suite.count?.() ?? { passed: run.status === 0 ? 1 : 0, failed: run.status === 0 ? 0 : 1 };
  if (run.status !== 0 && verdict.failed === 0 && !captured) verdict.failed = 1;
  passed += verdict.passed; failed += verdict.failed;
  rows.push([suite.name, `${((Date.now() - started) / 1000).toFixed(1)} s`, `${verdict.passed} passed, ${verdict.failed} failed`]);
  if (suite.name === 'build' && verdict.failed > 0) break;
}
console.log('');
for (const [name, time, result] of rows) console.log(`${name.padEnd(24)} ${time.padStart(9)}   ${result}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** A check's figures may not fall below what test/checks.json keeps: each `expect` is [pattern with one number, least]. */
function kept({ name, expect }, output) {
  const verdict = { passed: 0, failed: 0 };
  for (const [text, least] of expect) {
    const found = new RegExp(text).exec(output)?.[1];
    if (found !== undefined && Number(found) >= least) { verdict.passed++; continue; }
    verdict.failed++;
    console.log(`${name}: expected at least ${least} for /${text}/, got ${found ?? 'nothing'}`);
  }
  return verdict;
}

function countJest(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  for (const { name, startTime, endTime, assertionResults } of [...testResults].sort((a, b) => (b.endTime - b.startTime) - (a.endTime - a.startTime)).slice(0, 12)) {
    console.log(`${((endTime - startTime) / 1000).toFixed(1).padStart(7)} s  ${name.slice(root.length + 1)} (${assertionResults.length})`);
  }
  return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites) };
}
