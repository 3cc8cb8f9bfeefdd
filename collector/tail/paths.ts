// The files a path means: itself, or with * and ? in its last part every file of that folder that fits.
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export async function filesOf(path: string): Promise<string[]> {
  const name = basename(path), folder = dirname(path);
  if (!/[*?]/.test(name)) return [path];
  const fits = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
  return (await siblingsOf(path)).filter((each) => fits.test(basename(each)) && !basename(each).startsWith('.')).map((each) => join(folder, basename(each)));
}

/** Every entry of a path's folder; none where there is no folder. */
export async function siblingsOf(path: string): Promise<string[]> {
  const folder = dirname(path);
  return (await readdir(folder).catch(() => [])).sort().map((entry) => join(folder, entry));
}
