// The library face, and the programs of docs/sigma-library.md as their readers would run them: JavaScript against the build, TypeScript
// type-checked against the source and run.
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import ts from 'typescript';
import { builtUrl, projectRoot } from '../process/built.js';
import { compile, correlations, engine, type Hit } from './library.js';
import { sha256 } from './sha256.js';

const doc = readFileSync(join(projectRoot, 'docs', 'sigma-library.md'), 'utf8');
const block = (language: string): string => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(doc.slice(doc.indexOf('## JavaScript')))?.[1] ?? '';
const built = builtUrl(import.meta.url, './library.js'), isBuilt = existsSync(fileURLToPath(built));

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-library-')); });
afterEach(() => rmSync(folder, { recursive: true }));
function run(program: string): string {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  return execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

test('the JavaScript program of the documentation prints what the documentation says', () => {
  expect(isBuilt).toBe(true);
  expect(run(block('js').replace('haidang/dist/core/sigma/library.js', built.href))).toBe(block('text'));
});

test('the TypeScript program of the documentation type-checks and finds its hit', () => {
  const file = join(folder, 'program.ts'), text = block('ts');
  writeFileSync(file, text.replace('haidang/core/sigma/library.js', join(projectRoot, 'core', 'sigma', 'library.js')));
  const program = ts.createProgram([file], { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true, types: ['node'], typeRoots: [join(projectRoot, 'node_modules', '@types')] });
  const source = program.getSourceFile(file);
  expect([...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  expect(run(outputText.replace('haidang/core/sigma/library.js', built.href))).toMatch(/^Who am I \(medium\): .*whoami\.exe/);
});

test('the library touches no platform: nothing it loads is a Node module or a service', () => {
  const seen = new Set<string>(), packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const found of readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm)) {
      const name = found[1] as string;
      if (name.startsWith('.')) visit(join(file, '..', name.replace(/\.js$/, '.ts'))); else packages.add(name);
    }
  };
  visit(join(projectRoot, 'core', 'sigma', 'library.ts'));
  expect([...packages].sort()).toEqual(['re2js', 'yaml']);
  expect([...seen].filter((file) => !file.startsWith(join(projectRoot, 'core')))).toEqual([]);
});

test('its own SHA-256 is the platform\'s', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 0, max: 200 }).map((n) => 'x'.repeat(n))), (text) => { expect(sha256(text)).toBe(hash('sha256', text, 'hex')); }), { numRuns: 500 });
});

test('base rules are hits that do not report; the alert names group, time and every contributing hit', () => {
  const text = 'title: b\nname: b\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s}\n---\ntitle: c\ncorrelation: {type: event_count, rules: [b], group-by: [u], timespan: 10s, condition: {lt: 3}}\n';
  const set = compile([{ file: 'r.yml', text }]), own = engine(set, { anyLogsource: true }), all = correlations<string>(set);
  const event = { a: 1, u: 'ann' }, hits: Hit[] = own.evaluate(event);
  expect(hits.map(({ rule, explain }) => [rule.title, rule.reports, explain().length])).toEqual([['b', false, 1]]);
  expect(all.add(hits, { event, time: 1000, ref: 'one' })).toEqual([]);
  expect(all.advance(5000)).toEqual([]);
  expect(all.close()).toMatchObject([{ rule: { title: 'c' }, group: { u: 'ann' }, hits: ['one'] }]);
});
