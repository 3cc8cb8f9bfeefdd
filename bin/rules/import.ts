// Copies the rules of a folder into a site's rules, byte by byte, and remembers what it copied (core/rule-manifest.ts). What the site
// edited is never overwritten without being asked to; what is gone upstream goes here too; what does not load is not copied, and named.
// Each file is written beside its place and renamed, so that a detector that watches never reads half a rule.
import { createHash } from 'node:crypto';
import { mkdirSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isError, ProblemError, type Problem } from '../../core/problem.js';
import { MANIFEST_NAME, parseManifest, printManifest, type RuleManifest } from '../../core/rule-manifest.js';
import { compileRules, type RuleSource } from '../../core/sigma/compile-rules.js';
import type { RuleSet } from '../../core/sigma/compiled.js';
import { isFed } from '../../core/sigma/known-sources.js';
import type { Placeholders } from '../../core/sigma/modifiers.js';
import { FILE_BYTES_MAX } from '../../core/sigma/yaml.js';
import { SEVERITIES, type Severity } from '../../core/tier.js';
import { sha256 } from '../commands/rule-files.js';
import { readSourceFolder, type SourceFolder } from './source-folder.js';

export interface ImportOptions {
  readonly from: string;
  readonly to: string;
  readonly include: readonly string[];
  /** Rules below it are left out. */
  readonly level?: Severity;
  /** Overwrites what the site edited. */
  readonly force: boolean;
  readonly placeholders: Placeholders;
}

export interface ImportReport {
  readonly source: SourceFolder;
  readonly states: Readonly<Record<ImportState, number>>;
  readonly files: { readonly new: readonly string[]; readonly changed: readonly string[]; readonly same: number; readonly removed: readonly string[]; /** Edited here: left as they are. */ readonly kept: readonly string[]; readonly belowLevel: number };
  /** Of files that were not copied, or only in part. */
  readonly problems: readonly Problem[];
  readonly license?: string;
}
export type ImportState = 'alive' | 'source_missing' | 'placeholder_unset' | 'refused';

export function importRules(options: ImportOptions): ImportReport {
  const { from, to, include, level, force, placeholders } = options;
  const source = readSourceFolder(from, include), tooLong: Problem[] = [], sources: RuleSource[] = [];
  for (const { path, bytes } of source.files) {
    if (bytes > FILE_BYTES_MAX) tooLong.push({ code: 'sigma.file.too_long', file: path, line: 1, message: `expected a rule file of at most ${FILE_BYTES_MAX} bytes, got ${bytes}` });
    else sources.push({ file: path, text: readFileSync(join(from, path), 'utf8') });
  }
  const set = compileRules(sources, { sha256, placeholders });
  const problems = [...tooLong, ...set.problems.filter(isError)];
  const wanted = wantedFiles(sources, set, level), license = source.license?.name || undefined;
  const target = new Target(to, { from, ...(source.commit === undefined ? {} : { commit: source.commit }), ...(license === undefined ? {} : { license }) }, force);
  target.begin();
  for (const { file } of wanted.taken) target.put(file, readFileSync(join(from, file)));
  target.removeGone((path) => existsSync(join(from, path)) || existsSync(join(from, path.replace(/\.yml$/i, '.yaml'))));
  for (const name of source.license?.files ?? []) target.copy(name, readFileSync(join(from, name)));
  const states = statesOf(set, new Set(wanted.taken.map(({ file }) => file)), tooLong.length);
  target.end(sourceNote(options, source, wanted.taken.length, states));
  return { source, states, problems, files: { ...target.files, belowLevel: wanted.belowLevel }, ...(license === undefined ? {} : { license }) };
}

/** Files in which something loads, at the level asked for or above, with the files of the rules that their correlations read. */
function wantedFiles(sources: readonly RuleSource[], { rules, correlations, refused, problems }: RuleSet, level: Severity | undefined): { taken: RuleSource[]; belowLevel: number } {
  const least = level === undefined ? 0 : SEVERITIES.indexOf(level), best = new Map<string, number>();
  for (const { head, level: own } of [...rules, ...correlations]) best.set(head.file, Math.max(best.get(head.file) ?? 0, SEVERITIES.indexOf(own)));
  const broken = new Set([...refused.map(({ file }) => file), ...problems.filter(isError).map(({ file }) => file)]);
  const needed = new Set([...best].filter(([, found]) => found >= least).map(([file]) => file)), fileOf = new Map([...rules, ...correlations].map(({ uid, head }) => [uid, head.file]));
  for (let before = -1; before < needed.size;) {
    before = needed.size;
    for (const { head, inputs } of correlations) if (needed.has(head.file)) for (const uid of inputs) { const file = fileOf.get(uid); if (file !== undefined) needed.add(file); }
  }
  const taken: RuleSource[] = [];
  let belowLevel = 0;
  for (const one of sources) {
    const loads = best.has(one.file);
    if (loads && !needed.has(one.file)) belowLevel++;
    // A file of filters alone has neither rules nor faults.
    else if (loads || !broken.has(one.file)) taken.push(one);
  }
  return { taken, belowLevel };
}

function statesOf({ rules, correlations, refused }: RuleSet, taken: ReadonlySet<string>, tooLong: number): Record<ImportState, number> {
  const states: Record<ImportState, number> = { alive: 0, source_missing: 0, placeholder_unset: 0, refused: refused.length + tooLong };
  const byUid = new Map(rules.map((rule) => [rule.uid, rule]));
  const hasSource = (uid: string): boolean => { const rule = byUid.get(uid); return rule === undefined || isFed(rule.logsource); };
  for (const rule of [...rules, ...correlations]) {
    if (!taken.has(rule.head.file)) continue;
    if (rule.state === 'placeholder_unset') states.placeholder_unset++;
    else if (rule.kind === 'rule' ? isFed(rule.logsource) : rule.inputs.some(hasSource)) states.alive++;
    else states.source_missing++;
  }
  return states;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The detector reads `.yml` only. */
const targetPath = (path: string): string => path.replace(/\.yaml$/i, '.yml');

class Target {
  readonly files = { new: [] as string[], changed: [] as string[], same: 0, removed: [] as string[], kept: [] as string[] };
  readonly #before: RuleManifest | undefined;
  readonly #now: Record<string, string> = {};

  constructor(readonly folder: string, readonly about: Omit<RuleManifest, 'files'>, readonly force: boolean) {
    const path = join(folder, MANIFEST_NAME);
    this.#before = existsSync(path) ? parseManifest(readFileSync(path, 'utf8'), path) : undefined;
  }

  /** The licence is in force before the first rule is; what the files held before stays known until all are written. */
  begin(): void { this.#writeManifest(this.#before?.files ?? {}); }

  put(file: string, bytes: Uint8Array): void {
    const path = targetPath(file), full = join(this.folder, path), hash = hashOf(bytes), before = this.#before?.files[path];
    this.#now[path] = hash;
    if (!existsSync(full)) { this.#write(path, bytes); this.files.new.push(path); return; }
    const here = hashOf(readFileSync(full));
    if (here === hash) { this.files.same++; return; }
    if (here !== before && !this.force) {
      this.files.kept.push(path);
      // Still known by what was copied last: the site's edit stays an edit.
      if (before === undefined) delete this.#now[path]; else this.#now[path] = before;
      return;
    }
    this.#write(path, bytes);
    this.files.changed.push(path);
  }

  /** What was copied once and is not upstream any more; an edited one is the site's own from now on. */
  removeGone(isThere: (path: string) => boolean): void {
    for (const [path, before] of Object.entries(this.#before?.files ?? {})) {
      const full = join(this.folder, path);
      if (Object.hasOwn(this.#now, path) || !existsSync(full)) continue;
      if (isThere(path)) { this.#now[path] = before; continue; }
      if (hashOf(readFileSync(full)) !== before && !this.force) { this.files.kept.push(path); continue; }
      rmSync(full);
      this.files.removed.push(path);
    }
  }

  copy(path: string, bytes: Uint8Array): void { this.#write(path, bytes); }

  end(note: string): void {
    this.#write('SOURCE', note);
    this.#writeManifest(this.#now);
  }

  #writeManifest(files: Readonly<Record<string, string>>): void {
    this.#write(MANIFEST_NAME, printManifest({ ...this.about, files: Object.fromEntries(Object.entries(files).sort(([one], [two]) => (one < two ? -1 : 1))) }));
  }

  /** Leaves a file alone that holds the same already. */
  #write(path: string, content: string | Uint8Array): void {
    const full = join(this.folder, path), bytes = Buffer.from(content as string);
    if (existsSync(full) && readFileSync(full).equals(bytes)) return;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(`${full}.part`, bytes);
    renameSync(`${full}.part`, full);
  }
}

function sourceNote({ from, include, level }: ImportOptions, { commit, license }: SourceFolder, count: number, states: ImportReport['states']): string {
  return [
    'Rules copied by `haidang rules import`, unchanged, with their authors and licence. Do not edit this file.',
    `from: ${from}`,
    `commit: ${commit ?? 'not a checkout'}`,
    `licence: ${license === undefined ? 'no licence file was found' : `${license.name === '' ? 'see' : `${license.name}, see`} ${license.files.join(', ')}`}`,
    `taken: ${include.length === 0 ? 'all rules' : include.join(', ')}${level === undefined ? '' : `, level ${level} and above`}`,
    `files: ${count}`,
    `states: ${Object.entries(states).map(([state, n]) => `${state} ${n}`).join(', ')}`,
    '',
  ].join('\n');
}

/** Throws ProblemError for a folder that is not there, or that is inside of what is imported. */
export function checkFolders(from: string, to: string): void {
  if (!existsSync(from)) throw new ProblemError([{ code: 'rules.import.from', message: `expected a folder of Sigma rules, got ${from}, which is not there` }]);
  if (to === from || to.startsWith(`${from}/`)) throw new ProblemError([{ code: 'rules.import.to', message: `expected a folder outside of ${from} to copy to, got ${to}` }]);
}
