// Rules for bench/engine.ts: the public corpus where ../shared holds it, else ours; and copies of them with altered literals, for
// rule sets larger than there are.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { compileRules, type RuleSource } from '../core/sigma/compile-rules.js';
import type { RuleSet } from '../core/sigma/compiled.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const compile = (sources: readonly RuleSource[]): RuleSet => compileRules(sources, { sha256 });

export function readRules(): RuleSource[] {
  const archive = join(projectRoot, '..', 'shared', 'sigma', 'sigmahq-rules.tar.gz');
  if (!existsSync(archive)) return filesIn(join(projectRoot, 'rules'));
  const folder = mkdtempSync(join(tmpdir(), 'haidang-bench-'));
  try {
    execFileSync('tar', ['xzf', archive, '-C', folder]);
    return filesIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `count` rules of Windows process creation; beyond those there are, copies whose literals and ids differ. */
export function scaled(sources: readonly RuleSource[], count: number): RuleSource[] {
  const all = shuffled(sources.filter(({ text }) => /^\s+category: process_creation/m.test(text) && /^\s+product: windows/m.test(text)));
  return Array.from({ length: count }, (_, i) => {
    const copy = Math.floor(i / all.length), { file, text } = all[i % all.length] as RuleSource;
    return { file: `${copy}-${basename(file)}`, text: copy === 0 ? text : altered(text, copy) };
  });
}

/**
 * Another rule of the same shape: its quoted values and list items begin otherwise. What the condition excludes stays, or the copy of a rule
 * with exceptions would fire on every event.
 */
function altered(text: string, copy: number): string {
  const isExcluded = excludedBy(/^ +condition: (.*(?:\n {8,}.*)*)/m.exec(text)?.[1] ?? '');
  let block = '';
  const lines = text.split('\n').map((line) => {
    block = /^ {4}(\S+):/.exec(line)?.[1] ?? block;
    return isExcluded(block) ? line : line.replace(/^(\s+(?:- |(?:- )?\S+\|(?:contains|endswith|startswith): )')([^']{2})/, `$1$2~${copy}`);
  });
  return lines.join('\n').replace(/^id: .*$/m, (line) => `id: ${sha256(`${copy} ${line}`).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')}`);
}

/** Which blocks stand behind a `not`. */
function excludedBy(condition: string): (block: string) => boolean {
  const names = [...condition.matchAll(/\bnot\s+(?:(?:1|any|all) of\s+)?(?:\(([^)]*)\)|([\w*]+))/g)].flatMap(([, several, one]) => (several ?? one ?? '').match(/[\w*]+/g) ?? []);
  const patterns = names.map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`));
  return (block) => patterns.some((pattern) => pattern.test(block));
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = items.map((item, i) => ({ item, key: Math.imul(i + 1, 0x9e3779b1) >>> 0 }));
  return order.sort((one, two) => one.key - two.key).map(({ item }) => item);
}

/** For another engine: one file a rule. */
export function writeRules(folder: string, sources: readonly RuleSource[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  sources.forEach(({ text }, i) => { writeFileSync(join(folder, `${String(i).padStart(6, '0')}.yml`), text); });
}

function filesIn(folder: string): RuleSource[] {
  return readdirSync(folder).sort().flatMap((name): RuleSource[] => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesIn(path);
    return name.endsWith('.yml') && !name.endsWith('.test.yml') ? [{ file: path, text: readFileSync(path, 'utf8') }] : [];
  });
}
