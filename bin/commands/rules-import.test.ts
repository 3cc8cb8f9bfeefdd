// Copying rules into a site, in this process; the last tests read the whole public rule set where it is.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { catalogOf } from '../../detector/catalog.js';
import { readRules } from '../../detector/rule-files.js';
import { compileSet, ruleName } from '../../core/pipeline/engine.js';
import { projectRoot } from '../../core/process/built.js';
import { isError, printProblem } from '../../core/problem.js';
import { MANIFEST_NAME, parseManifest } from '../../core/rule-manifest.js';
import { checkFolders, importRules, type ImportOptions, type ImportReport } from '../rules/import.js';
import { DRL } from '../rules/source-folder.js';
import { printReport } from './rules-import.js';

const rule = (title: string, part: { value?: string; level?: string; source?: string; more?: string } = {}): string =>
  `title: ${title}\nauthor: Ann Nguyen\nlogsource: ${part.source ?? '{ product: linux, service: sshd }'}\ndetection:\n  sel: { message|contains: ${part.value ?? 'x'} }\n  condition: sel\nlevel: ${part.level ?? 'high'}\n${part.more ?? ''}`;

let folder = '', from = '', to = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'haidang-import-'));
  from = join(folder, 'upstream');
  to = join(folder, 'data', 'rules', 'upstream');
  mkdirSync(from);
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (path: string, text: string): void => { mkdirSync(dirname(join(from, path)), { recursive: true }); writeFileSync(join(from, path), text); };
const run = (part: Partial<ImportOptions> = {}): ImportReport => importRules({ from, to, include: [], force: false, placeholders: {}, ...part });
const here = (path: string): string => readFileSync(join(to, path), 'utf8');

test('rules are copied byte by byte at their paths, with licence, source and counts; what does not load is named and left', () => {
  put('a/one.yml', `${rule('One')}# a remark with trailing blanks   \n`);
  put('b/two.yaml', rule('Two', { source: '{ product: solaris, service: x }' }));
  put('b/three.yml', rule('Three', { value: "x\n    user|expand: '%admins%'" }).replace('sel: { message|contains: x', 'sel:\n    message|contains: x').replace(' }\n  condition', '\n  condition'));
  put('b/bad.yml', rule('Bad').replace('contains', 'containz'));
  put('LICENSE.md', '# Detection Rule License (DRL) 1.1\n');
  put('notes.txt', 'not a rule');
  const report = run();
  expect(report.states).toEqual({ alive: 1, source_missing: 1, placeholder_unset: 1, refused: 1 });
  expect(report.problems.map(printProblem)).toEqual([expect.stringMatching(/^b\/bad\.yml:5:\d+: expected a modifier .* got "containz"/) as string]);
  expect(here('a/one.yml')).toBe(readFileSync(join(from, 'a/one.yml'), 'utf8'));
  expect(here('b/two.yml')).toBe(readFileSync(join(from, 'b/two.yaml'), 'utf8'));
  expect([existsSync(join(to, 'b/bad.yml')), existsSync(join(to, 'notes.txt')), here('LICENSE.md')]).toEqual([false, false, '# Detection Rule License (DRL) 1.1\n']);
  expect(here('SOURCE')).toContain(`from: ${from}\ncommit: not a checkout\nlicence: ${DRL}, see LICENSE.md\ntaken: all rules\nfiles: 3\n`);
  expect(printReport(report, to)).toContain('rules: 1 alive, 1 whose log source nothing here reads, 1 without values for their placeholders, 1 refused\n');
});

test('again: the same is untouched, what changed upstream is told, what is gone goes, what the site edited stays', () => {
  for (const name of ['a', 'b', 'c', 'd']) put(`${name}.yml`, rule(name));
  expect(run().files.new).toHaveLength(4);
  const manifest = here(MANIFEST_NAME);
  expect(run().files).toMatchObject({ new: [], changed: [], same: 4, removed: [], kept: [] });
  expect(here(MANIFEST_NAME)).toBe(manifest);
  put('b.yml', rule('b', { value: 'y' }));
  put('c.yml', rule('c', { value: 'y' }));
  rmSync(join(from, 'd.yml'));
  appendFileSync(join(to, 'c.yml'), '# ours\n');
  const next = run();
  expect(next.files).toMatchObject({ new: [], changed: ['b.yml'], same: 1, removed: ['d.yml'], kept: ['c.yml'] });
  expect(here('c.yml')).toContain('# ours');
  expect(run().files.kept).toEqual(['c.yml']);
  expect(run({ force: true }).files.changed).toEqual(['c.yml']);
  expect(here('c.yml')).toBe(rule('c', { value: 'y' }));
});

test('a rule of the site\'s own that stands where one is to be copied stays too', () => {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'a.yml'), rule('Ours'));
  put('a.yml', rule('Theirs'));
  expect(run().files.kept).toEqual(['a.yml']);
  expect(run().files.kept).toEqual(['a.yml']);
  expect(here('a.yml')).toBe(rule('Ours'));
});

test('an import that is cut short is taken up by the next one', () => {
  for (const name of ['a', 'b']) put(`${name}.yml`, rule(name));
  run();
  put('a.yml', rule('a', { value: 'y' }));
  writeFileSync(join(to, 'a.yml'), rule('a', { value: 'y' })); // written, and then the machine stopped: the manifest knows the old one
  expect(run().files).toMatchObject({ changed: [], same: 2, kept: [] });
  put('a.yml', rule('a', { value: 'z' }));
  expect(run().files).toMatchObject({ changed: ['a.yml'], kept: [] });
});

test('--include and --level take a part; a correlation brings the rules that it reads; what was taken before stays', () => {
  put('linux/low.yml', rule('Low', { level: 'low', more: 'name: low\n' }));
  put('linux/high.yml', rule('High'));
  put('web/count.yml', 'title: Count\nlevel: critical\ncorrelation: { type: event_count, rules: [low], timespan: 5m, condition: { gte: 3 } }\n');
  expect(run({ include: ['linux'], level: 'high' }).files).toMatchObject({ new: ['linux/high.yml'], belowLevel: 1 });
  expect(run({ level: 'critical' }).files).toMatchObject({ new: ['linux/low.yml', 'web/count.yml'], belowLevel: 1, removed: [] });
  expect(run({ include: ['web/*.yml', 'linux/**/lo?.yml'] }).files).toMatchObject({ new: [], same: 2, removed: [] });
  expect(existsSync(join(to, 'linux/high.yml'))).toBe(true);
});

test('of a SigmaHQ checkout the rule folders are taken, the rest is counted; links are not followed; the commit is kept', () => {
  put('rules/a.yml', rule('A'));
  put('rules-emerging-threats/b.yml', rule('B'));
  put('deprecated/c.yml', rule('C'));
  put('rules/a.test.yml', 'tests: []\n');
  writeFileSync(join(folder, 'secret.yml'), rule('Secret'));
  symlinkSync(join(folder, 'secret.yml'), join(from, 'rules', 'link.yml'));
  put('.git/HEAD', 'ref: refs/heads/main\n');
  put('.git/packed-refs', `# pack-refs\n${'ab12'.repeat(10)} refs/heads/main\n`);
  const { files, source } = run();
  expect(files.new).toEqual(['rules/a.yml', 'rules-emerging-threats/b.yml']);
  expect([...source.leftOut]).toEqual([['outside of rules*/ (deprecated; --include takes it)', 1], ['tests of rules', 1], ['a symbolic link, which is not followed', 1]]);
  expect(source.commit).toBe('ab12'.repeat(10));
  expect(parseManifest(here(MANIFEST_NAME), 'm').commit).toBe('ab12'.repeat(10));
  expect(run({ include: ['deprecated'] }).files.new).toEqual(['deprecated/c.yml']);
});

test('folders that make no sense are refused', () => {
  expect(() => checkFolders(join(folder, 'nothing'), to)).toThrow('which is not there');
  expect(() => checkFolders(from, join(from, 'inner'))).toThrow('expected a folder outside of');
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, MANIFEST_NAME), '{"from": 3}');
  put('a.yml', rule('a'));
  expect(() => run()).toThrow('expected what rules import writes, got at from');
});

test('an alert of an imported rule names author and licence; one that names its own keeps it', async () => {
  put('a.yml', rule('A'));
  put('b.yml', rule('B', { more: 'license: MIT\n' }));
  put('c.yml', 'title: C\nauthor: Ann Nguyen\ncorrelation: { type: event_count, rules: [A-rule], timespan: 5m, condition: { gte: 3 } }\n---\n' + rule('A2', { more: 'name: A-rule\n' }));
  put('LICENSE.Detection.Rules.md', '# Detection Rule License (DRL) 1.1\n');
  run();
  writeFileSync(join(dirname(to), 'own.yml'), rule('Own'));
  const { sources, problems } = await readRules([dirname(to)]);
  expect(problems).toEqual([]);
  const compile = (list: typeof sources): ReturnType<typeof compileSet> => compileSet({ sources: list, placeholders: {}, disabled: [], exceptions: [], thresholds: {} });
  const set = compile(sources), names = [...set.rules, ...set.correlations].map(ruleName);
  expect(Object.fromEntries(names.map(({ title, author, license }) => [title, [author, license]]))).toEqual({
    A: ['Ann Nguyen', DRL], B: ['Ann Nguyen', 'MIT'], C: ['Ann Nguyen', DRL], A2: ['Ann Nguyen', DRL], Own: ['Ann Nguyen', undefined] });
  expect(catalogOf(set).find(({ title }) => title === 'A')).toMatchObject({ author: 'Ann Nguyen', license: DRL });
  // A licence that arrives later is another version, so that it is deployed.
  const without = compile(sources.map(({ file, text }) => ({ file, text })));
  const versions = ({ rules }: typeof set): Record<string, string> => Object.fromEntries(rules.map(({ title, version }) => [title, version]));
  const [one, other] = [versions(set), versions(without)];
  expect(Object.keys(one).filter((title) => one[title] !== other[title]).sort()).toEqual(['A', 'A2']);
});

const archive = join(projectRoot, '..', 'shared', 'sigma', 'sigmahq-rules.tar.gz');
if (!existsSync(archive)) {
  test('the public rule set', () => {
    expect(process.env['CI']).toBeUndefined();
    process.stdout.write('not run: import of the public rule set (../shared is absent)\n');
  });
} else {
  test('the whole public rule set is imported, loads into the catalog, and each rule is alive or says why not', async () => {
    execFileSync('tar', ['xzf', archive, '-C', from]);
    const checkout = join(from, 'sigmahq-rules'), started = performance.now();
    const report = run({ from: checkout }), imported = performance.now();
    expect(report.problems).toEqual([]);
    expect(report.files.new).toHaveLength(3780);
    expect(report.license).toBe(DRL);
    expect(report.states).toMatchObject({ placeholder_unset: 25, refused: 0 });
    expect(report.states.alive + report.states.source_missing).toBe(3755);
    expect(report.states.alive).toBeGreaterThan(3500);
    expect(run({ from: checkout }).files).toMatchObject({ new: [], changed: [], same: 3780, removed: [], kept: [] });
    const before = process.memoryUsage().heapUsed, start = performance.now();
    const { sources, problems } = await readRules([dirname(to)]);
    const set = compileSet({ sources, placeholders: {}, disabled: [], exceptions: [], thresholds: {} }), catalog = catalogOf(set), loaded = performance.now();
    expect(problems).toEqual([]);
    expect(set.problems.filter(isError)).toEqual([]);
    expect(catalog).toHaveLength(3780);
    expect(catalog.filter(({ state }) => state === 'alive')).toHaveLength(3755);
    expect(catalog.filter(({ state, reason }) => state !== 'alive' && (reason ?? '') === '')).toEqual([]);
    expect(catalog.every(({ author, license }) => author !== undefined && license === DRL)).toBe(true);
    process.stdout.write(`3780 rules: imported in ${Math.round(imported - started)} ms, loaded into the catalog in ${Math.round(loaded - start)} ms and ${Math.round((process.memoryUsage().heapUsed - before) / 1048576)} MB (${report.states.alive} alive, ${report.states.source_missing} without a source)\n`);
  }, 180_000);
}
