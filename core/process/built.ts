// Where the compiled twin of a source file lies. Worker threads and child processes always run the build; the code that starts
// them may itself be running from the sources (tests).
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that holds package.json: of the project, or of the installed package. */
export const projectRoot: string = (() => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error('package.json not found above the program');
  }
})();

/** The URL of `path` (`./worker.js`, relative to the asking module) in the build. */
export function builtUrl(moduleUrl: string, path: string): URL {
  const source = resolve(dirname(fileURLToPath(moduleUrl)), path);
  const inProject = relative(projectRoot, source);
  return pathToFileURL(inProject.startsWith('dist') ? source : join(projectRoot, 'dist', inProject));
}
