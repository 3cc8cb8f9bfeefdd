// A folder of Sigma rules as people get one (a checkout of SigmaHQ, an unpacked archive, a folder of a site's own): which of its
// files are rules, under which licence, from which commit. Only reads; follows no symbolic links.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

export interface FoundFile { readonly path: string; readonly bytes: number }
export interface SourceFolder {
  /** Rule files, by path inside the folder with `/`, in order of name. */
  readonly files: readonly FoundFile[];
  /** Why other YAML files are not among them: reason -> count. */
  readonly leftOut: ReadonlyMap<string, number>;
  readonly commit?: string;
  readonly license?: { readonly name: string; readonly files: readonly string[] };
}

export const DRL = 'Detection Rule License 1.1';

/** With `include` (globs on the path inside the folder) those files; without, all, or of a SigmaHQ checkout those under rules*\/. */
export function readSourceFolder(folder: string, include: readonly string[]): SourceFolder {
  const leftOut = new Map<string, number>(), files: FoundFile[] = [];
  const skip = (reason: string): void => { leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1); };
  const isCheckout = include.length === 0 && existsSync(join(folder, 'rules')) && statSync(join(folder, 'rules')).isDirectory();
  const walk = (inside: string): void => {
    for (const entry of readdirSync(join(folder, inside), { withFileTypes: true }).sort((one, two) => (one.name < two.name ? -1 : 1))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) { walk(path); continue; }
      if (!/\.ya?ml$/i.test(entry.name)) continue;
      if (!entry.isFile()) skip('a symbolic link, which is not followed');
      else if (/\.test\.ya?ml$/i.test(entry.name)) skip('tests of rules');
      else if (include.length > 0 && !include.some((glob) => matches(path, glob))) skip('not among --include');
      else if (isCheckout && !/^rules[^/]*\//.test(path)) skip(`outside of rules*/ (${path.split('/')[0] ?? ''}; --include takes it)`);
      else files.push({ path, bytes: statSync(join(folder, path)).size });
    }
  };
  walk('');
  return { files, leftOut, commit: commitOf(folder), license: licenseOf(folder) };
}

/** `*` within a folder, `**` across folders; a glob that is a folder's name means all inside. */
function matches(path: string, glob: string): boolean {
  const plain = glob.replace(/\/+$/, '');
  return path === plain || path.startsWith(`${plain}/`) || globMatches(path, plain);
}
const globMatches = (path: string, glob: string): boolean =>
  new RegExp(`^${glob.split(/(\*\*\/|\*\*|\*|\?)/).map((piece) => GLOB[piece] ?? piece.replace(/[\\^$.|+()[\]{}]/g, '\\$&')).join('')}$`).test(path);
const GLOB: Readonly<Record<string, string | undefined>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };

/** The licence files at the top, and the licence they grant where it is the one of SigmaHQ's rules. */
function licenseOf(folder: string): SourceFolder['license'] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && /^(?:licen[cs]e|copying)/i.test(entry.name)).map(({ name }) => name).sort();
  if (files.length === 0) return undefined;
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8').slice(0, 64 * 1024));
  const isDrl = texts.some((text) => /Detection Rule License/i.test(text) && /\b1\.1\b/.test(text));
  const spdx = texts.map((text) => /SPDX-License-Identifier:\s*([A-Za-z0-9.+-]+)/.exec(text)?.[1]).find((one) => one !== undefined);
  return { name: isDrl ? DRL : spdx ?? '', files };
}

/** The commit of the checkout that the folder is in, read from its files. */
function commitOf(folder: string): string | undefined {
  try {
    for (let at = folder; ; at = dirname(at)) {
      const git = join(at, '.git');
      if (existsSync(git)) return headOf(git);
      if (at === dirname(at)) return undefined;
    }
  } catch { return undefined; /* a checkout that cannot be read names no commit */ }
}

function headOf(git: string): string | undefined {
  const pointer = statSync(git).isFile() ? /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8'))?.[1]?.trim() : undefined;
  const own = pointer === undefined ? git : isAbsolute(pointer) ? pointer : join(dirname(git), pointer);
  const common = existsSync(join(own, 'commondir')) ? join(own, readFileSync(join(own, 'commondir'), 'utf8').trim()) : own;
  const head = readFileSync(join(own, 'HEAD'), 'utf8').trim(), name = /^ref: (.+)$/.exec(head)?.[1];
  if (name === undefined) return COMMIT.exec(head)?.[0];
  for (const place of [own, common]) if (existsSync(join(place, name))) return COMMIT.exec(readFileSync(join(place, name), 'utf8'))?.[0];
  const packed = join(common, 'packed-refs');
  const line = existsSync(packed) ? readFileSync(packed, 'utf8').split('\n').find((one) => one.endsWith(` ${name}`)) : undefined;
  return line === undefined ? undefined : COMMIT.exec(line)?.[0];
}
const COMMIT = /^[0-9a-f]{40,64}/;
