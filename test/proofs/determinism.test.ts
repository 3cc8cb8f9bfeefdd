// HAIDANG_SEEDS and HAIDANG_SEED ask for more, or others, than the usual ones (`npm run proofs -- determinism SEEDS SEED`).
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSeed } from './determinism.js';

const SEEDS = Number(process.env['HAIDANG_SEEDS'] ?? 50), FIRST = Number(process.env['HAIDANG_SEED'] ?? 1);
/** What dies here is the process, never the kernel: memory holds what a disk would, without the time of its syncs. */
const MEMORY = '/dev/shm', FREE_BYTES = 1 << 30;
const memory = existsSync(MEMORY) ? statfsSync(MEMORY) : undefined;
const folder = mkdtempSync(join(memory !== undefined && memory.bavail * memory.bsize > FREE_BYTES ? MEMORY : tmpdir(), 'haidang-determinism-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('out of order, delayed, sent again, over several streams and lives: the final alerts are those of the lines in order', async () => {
  const started = Date.now(), differing: string[] = [];
  let alerts = 0, crashes = 0, lines = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const outcome = await runSeed(seed, folder), { expected, found } = outcome;
    alerts += expected.length;
    crashes += outcome.crashes;
    lines += outcome.lines;
    const missing = expected.filter((one) => !found.includes(one)), extra = found.filter((one) => !expected.includes(one));
    if (missing.length + extra.length > 0 || expected.length !== found.length) differing.push(`seed ${seed}\n  expected, not found: ${missing.join('\n    ')}\n  found, not expected: ${extra.join('\n    ')}\n${outcome.rules}`);
    if (process.env['HAIDANG_SEEDS'] !== undefined && seed % 25 === 0) process.stdout.write(`${seed - FIRST + 1} seeds, ${differing.length} differ, ${Math.round((Date.now() - started) / 1000)} s\n`);
  }
  if (process.env['HAIDANG_SEEDS'] !== undefined) process.stdout.write(`${SEEDS} seeds from ${FIRST}: ${lines} lines, ${alerts} alerts, ${crashes} crashes, ${differing.length} differ; ${Math.round((Date.now() - started) / 1000)} s\n`);
  expect(differing.slice(0, 3).join('\n')).toBe('');
  expect(alerts).toBeGreaterThan(SEEDS * 10);
  expect(crashes).toBeGreaterThan(SEEDS / 4);
}, Math.max(180_000, SEEDS * 4_000));
