// Rule files on disk, for the commands: folders are searched for .yml, as Sigma names its files; tests beside rules (`x.test.yml`) are left out.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../core/problem.js';
import { MANIFEST_NAME, parseManifest } from '../../core/rule-manifest.js';
import type { RuleSource } from '../../core/sigma/compile-rules.js';
import type { Placeholders } from '../../core/sigma/modifiers.js';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const isYaml = (path: string): boolean => path.endsWith('.yml');
const isTest = (path: string): boolean => path.endsWith('.test.yml');

/** Every rule file under the paths, each once, in order of name. Throws ProblemError for a path that is not there. */
export function readRules(paths: readonly string[]): RuleSource[] {
  const licenses = new Map<string, string | undefined>();
  return [...new Set(paths.flatMap((path) => walk(path, (file) => isYaml(file) && !isTest(file))))].map((file) => {
    const license = licenseIn(dirname(file), licenses);
    return { file, text: readFileSync(file, 'utf8'), ...(license === undefined ? {} : { license }) };
  });
}

/** The licence of the import that a folder is, or is in. */
function licenseIn(folder: string, known: Map<string, string | undefined>): string | undefined {
  if (known.has(folder)) return known.get(folder);
  const manifest = join(folder, MANIFEST_NAME), above = dirname(folder);
  const license = existsSync(manifest) ? parseManifest(readFileSync(manifest, 'utf8'), manifest).license : above === folder ? undefined : licenseIn(above, known);
  known.set(folder, license);
  return license;
}

/** Every test file under the paths, and the tests of rule files that are named. */
export function findTests(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => walk(isYaml(path) && !isTest(path) ? path.replace(/\.yml$/, '.test.yml') : path, isTest)))];
}

function walk(path: string, wanted: (file: string) => boolean): string[] {
  let stat;
  try { stat = statSync(path); } catch (error) {
    throw new ProblemError([{ code: 'rules.path', message: `expected a file or folder of rules, got ${path}: ${error instanceof Error ? error.message : String(error)}` }]);
  }
  if (!stat.isDirectory()) return [path];
  return readdirSync(path).sort().filter((name) => !name.startsWith('.')).flatMap((name) => {
    const inner = join(path, name);
    return statSync(inner).isDirectory() ? walk(inner, wanted) : wanted(inner) ? [inner] : [];
  });
}

/** `{name: [values]}` for |expand. */
export function readPlaceholders(file: string | undefined): Placeholders {
  if (file === undefined) return {};
  let value: unknown;
  try { value = JSON.parse(readFileSync(file, 'utf8')); } catch (error) {
    throw new ProblemError([{ code: 'placeholders', file, message: `expected a JSON file of placeholders, got ${error instanceof Error ? error.message : String(error)}` }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProblemError([{ code: 'placeholders', file, message: 'expected {name: [values]}, got another value' }]);
  return Object.fromEntries(Object.entries(value).map(([name, values]) => {
    const list = (Array.isArray(values) ? values : [values]) as unknown[];
    if (list.some((one) => typeof one !== 'string' && typeof one !== 'number')) throw new ProblemError([{ code: 'placeholders', file, message: `expected a list of texts and numbers for ${name}, got ${JSON.stringify(values)}` }]);
    return [name, list as (string | number)[]];
  }));
}
