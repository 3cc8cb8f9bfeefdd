// Data to test with that stands beside the project's own checkout. A user's clone has none: the suites that need it say so in one
// line and pass; in CI its absence is a failure.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../../core/process/built.js';

const shared = join(projectRoot, '..', 'shared');

/** The path below ../shared, or undefined (after saying what is not run). */
export function sharedPath(path: string): string | undefined {
  const full = join(shared, path);
  if (existsSync(full)) return full;
  if (process.env['CI']) throw new Error(`expected ../shared/${path} in CI, found nothing`);
  process.stdout.write(`not run: tests on ${path} (../shared is absent)\n`);
  return undefined;
}

/** Unpacks an archive of ../shared once into a scratch folder. */
export function unpacked(path: string): string | undefined {
  const archive = sharedPath(path);
  if (archive === undefined) return undefined;
  const folder = join(projectRoot, 'test', '.work', 'shared', basename(path));
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['xzf', archive, '-C', folder]);
  }
  return folder;
}

type Body = () => Promise<void>;
/** A test on data of ../shared: where that is absent, one that says so and passes. */
export function testOn(path: string | undefined, name: string, body: Body, timeoutMs?: number): void {
  if (path === undefined) test(`not run (../shared is absent): ${name}`, () => undefined);
  else test(name, body, timeoutMs);
}
