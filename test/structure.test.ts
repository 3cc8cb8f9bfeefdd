// Reads the imports and keeps the house as docs/architecture.md draws it.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../core/process/built.js';

const SERVICES = ['collector', 'detector', 'console'] as const;
/** Folders and files the browser runs too: no Node API, and nothing that reaches one. */
const PURE = [/^core\/(event|fields|fold|ip|tier|alert|incident|problem|errors|assert|policy|compliance|text|ascii)\.ts$/, /^core\/(account|message|normalize|predicate|sigma)\//];

const ADAPTER = /^core\/store\/(embedded|elasticsearch)\//;

interface Module { readonly path: string; readonly imports: readonly { readonly to: string; readonly typeOnly: boolean }[] }
const modules = ['bin', 'core', ...SERVICES].flatMap((folder) => [...sources(join(projectRoot, folder))]).map(readModule);

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/\.ts$/.test(entry.name)) yield path;
  }
}

function readModule(path: string): Module {
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/^\s*(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm), ...text.matchAll(/\b(import)\((\s*)'([^']+)'\)/g)].map((match) => {
    const to = match[3] as string;
    return { to: to.startsWith('.') ? relative(projectRoot, join(dirname(path), to)).replace(/\.js$/, '.ts') : to, typeOnly: (match[2] ?? '').startsWith('type') };
  });
  return { path: relative(projectRoot, path), imports };
}
const isTest = (path: string): boolean => /\.test\.ts$|test-helper|\/contract\.ts$/.test(path);

test('services import core, never each other; core imports no service', () => {
  const wrong = modules.flatMap(({ path, imports }) => imports.filter(({ to }) => {
    const from = path.split('/')[0] as string, target = to.split('/')[0] as string;
    const service = (SERVICES as readonly string[]).includes(target);
    return service && from !== target && from !== 'bin';
  }).map(({ to }) => `${path} -> ${to}`));
  expect(wrong).toEqual([]);
});

test('only core/store/open.ts names an adapter', () => {
  const wrong = modules.filter(({ path }) => !isTest(path) && !ADAPTER.test(path) && path !== 'core/store/open.ts')
    .flatMap(({ path, imports }) => imports.filter(({ to }) => ADAPTER.test(to)).map(({ to }) => `${path} -> ${to}`));
  expect(wrong).toEqual([]);
});

test('what the browser runs too touches no Node API', () => {
  const pure = (path: string): boolean => PURE.some((pattern) => pattern.test(path));
  const wrong = modules.filter(({ path }) => pure(path) && !isTest(path)).flatMap(({ path, imports }) => imports
    .filter(({ to, typeOnly }) => !typeOnly && (to.startsWith('node:') || (to.startsWith('core/') && !pure(to)))).map(({ to }) => `${path} -> ${to}`));
  expect(wrong).toEqual([]);
});

test('there is no import circle', () => {
  const byPath = new Map(modules.filter(({ path }) => !isTest(path)).map((module) => [module.path, module]));
  const done = new Set<string>(), circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) { circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> ')); return; }
    if (done.has(path)) return;
    for (const { to, typeOnly } of byPath.get(path)?.imports ?? []) if (!typeOnly && byPath.has(to)) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of byPath.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

test('no barrels and no default exports', () => {
  const wrong = modules.filter(({ path }) => /\/index\.ts$/.test(path) || /^export default /m.test(readFileSync(join(projectRoot, path), 'utf8'))).map(({ path }) => path);
  expect(wrong).toEqual([]);
});
