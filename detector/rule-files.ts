// Rule files in folders: read whole, and watched. `*.yml`, as Sigma names them, at any depth, without the tests that stand beside them
// (`*.test.yml`). A `.yaml` file in the site's own folder (the last) is a problem, not silence. A folder that cannot be watched is looked at every few seconds instead.
import { watch, type FSWatcher } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ProblemError, type Problem } from '../core/problem.js';
import { MANIFEST_NAME, parseManifest } from '../core/rule-manifest.js';
import type { RuleSource } from '../core/sigma/compile-rules.js';
import { FILE_BYTES_MAX } from '../core/sigma/yaml.js';

const IS_RULE = /(?<!\.test)\.yml$/i, IS_YAML = /\.yaml$/i;
const DEBOUNCE_MS = 500, POLL_MS = 5_000;

/** Texts by file, relative to their folder; a name that an earlier folder has too gets the folder's place before it. */
export async function readRules(folders: readonly string[]): Promise<{ readonly sources: readonly RuleSource[]; readonly problems: readonly Problem[] }> {
  const sources: RuleSource[] = [], problems: Problem[] = [], taken = new Set<string>();
  for (const [i, folder] of folders.entries()) {
    const paths = await listFiles(folder), licenses = await readLicenses(paths, folder, problems);
    for (const path of paths) {
      if (!IS_RULE.test(path)) {
        if (IS_YAML.test(path) && i === folders.length - 1) problems.push({ code: 'rules.file.name', file: relative(folder, path), message: 'expected a name that ends in .yml, got .yaml: the file is not read as a rule' });
        continue;
      }
      const own = relative(folder, path).split('\\').join('/'), file = taken.has(own) ? `${i + 1}:${own}` : own;
      taken.add(file);
      try {
        // Not read at all: a file of gigabytes must not fill the memory to be refused.
        if ((await stat(path)).size > FILE_BYTES_MAX) { problems.push({ code: 'sigma.file.too_long', file, line: 1, column: 1, message: `expected a rule file of at most ${FILE_BYTES_MAX} bytes, got a longer one` }); continue; }
        const text = await readFile(path, 'utf8'), license = licenseOf(path, folder, licenses);
        sources.push({ file, text, ...(license === undefined ? {} : { license }) });
      } catch (error) {
        problems.push({ code: 'rules.file.unreadable', file, message: `expected a file that can be read, got: ${(error as Error).message}` });
      }
    }
  }
  return { sources, problems };
}

/** Folders that were imported, with the licence of the rules in them (docs/rules.md). */
async function readLicenses(paths: readonly string[], folder: string, problems: Problem[]): Promise<ReadonlyMap<string, string>> {
  const licenses = new Map<string, string>();
  for (const path of paths.filter((one) => one.endsWith(`/${MANIFEST_NAME}`) || one.endsWith(`\\${MANIFEST_NAME}`))) {
    try {
      const { license } = parseManifest(await readFile(path, 'utf8'), relative(folder, path));
      if (license !== undefined) licenses.set(dirname(path), license);
    } catch (error) {
      if (error instanceof ProblemError) problems.push(...error.problems);
      else problems.push({ code: 'rules.manifest', file: relative(folder, path), message: `expected a file that can be read, got: ${(error as Error).message}` });
    }
  }
  return licenses;
}

function licenseOf(path: string, folder: string, licenses: ReadonlyMap<string, string>): string | undefined {
  if (licenses.size === 0) return undefined;
  for (let at = dirname(path); at.length >= folder.length; at = dirname(at)) {
    const license = licenses.get(at);
    if (license !== undefined || at === dirname(at)) return license;
  }
  return undefined;
}

async function listFiles(folder: string): Promise<readonly string[]> {
  let entries;
  try { entries = await readdir(folder, { withFileTypes: true, recursive: true }); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)).sort();
}

export interface Watching { close(): void }

/** Tells half a second after the last of a burst of changes. */
export function watchRules(folders: readonly string[], changed: () => void): Watching {
  let debounce: NodeJS.Timeout | undefined, closed = false;
  const soon = (): void => {
    clearTimeout(debounce);
    if (!closed) debounce = setTimeout(changed, DEBOUNCE_MS);
  };
  const watchers: FSWatcher[] = [];
  for (const folder of folders) {
    try {
      const watcher = watch(folder, { recursive: true, persistent: false }, soon);
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch { /* the look every few seconds has to do */ }
  }
  let before: string | undefined;
  const look = async (): Promise<void> => {
    const now = await fingerprint(folders).catch(() => before);
    if (before !== undefined && now !== before) soon();
    before = now;
  };
  void look();
  const poll = setInterval(() => { void look(); }, POLL_MS).unref();
  return {
    close() {
      closed = true;
      clearTimeout(debounce);
      clearInterval(poll);
      for (const watcher of watchers) watcher.close();
    },
  };
}

async function fingerprint(folders: readonly string[]): Promise<string> {
  const files = (await Promise.all(folders.map(listFiles))).flat();
  return (await Promise.all(files.map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return `${file}\0${size}\0${mtimeMs}`;
  }))).join('\n');
}
