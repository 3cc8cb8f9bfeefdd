import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConflictError } from '../core/errors.js';
import type { RuleSetInput } from '../core/pipeline/engine.js';
import { PLACEHOLDERS_SETTING, readPlaceholders, withPlaceholder } from '../core/rule-placeholders.js';
import { sourcesOf } from '../core/sigma/logsource.js';
import type { KnownKind } from '../core/sigma/seen-fields.js';
import type { Deployment, RuleTuning } from '../core/store/store.js';
import { DeployedRules, type DeployedRulesOptions } from './rules.js';

const RULE = (title: string, n: number, word = 'Failed'): string => `title: ${title}
id: 40000000-0000-4000-8000-00000000000${n}
logsource: { product: linux, service: sshd }
detection:
  sel: { message|contains: '${word}' }
  condition: sel
level: low
`;
const root = mkdtempSync(join(tmpdir(), 'haidang-rules-'));
let made = 0, now = Date.UTC(2026, 10, 22);
const open: DeployedRules[] = [];
afterEach(async () => { for (const one of open.splice(0)) await one.stop(); });
afterAll(() => rmSync(root, { recursive: true }));

function site(part: Partial<DeployedRulesOptions> = {}) {
  const own = join(root, String(++made), 'rules'), data = join(root, String(made), 'data');
  mkdirSync(join(own, 'linux'), { recursive: true });
  mkdirSync(data);
  const deployments: Deployment[] = [], sets: RuleSetInput[] = [], tunings: RuleTuning[] = [], logged: Record<string, unknown>[] = [], settings = new Map<string, unknown>();
  const rules = new DeployedRules({
    store: {
      tunings: { list: async () => tunings, get: async () => undefined, put: async () => { throw new Error('unused'); }, remove: async () => undefined },
      deployments: { latest: async () => deployments.at(-1), get: async (n) => deployments[n - 1], list: async () => deployments, publish: async (one) => { if (one.n !== deployments.length + 1) throw new ConflictError('taken'); deployments.push(one); } },
      settings: { get: async (name) => settings.get(name), put: async (name, value) => { settings.set(name, value); } },
    },
    folders: [own, data], placeholders: {}, clock: { now: () => now, monotonic: () => now }, watch: false, inForce: () => ({ streams: 2, inForce: 1 }),
    log: pino({ level: 'error' }, { write: (line: string) => { logged.push(JSON.parse(line) as Record<string, unknown>); } }),
    deploy: async (set) => { sets.push(set); }, ...part,
  });
  open.push(rules);
  return { own, data, rules, deployments, sets, tunings, logged, settings, titles: () => rules.rules().map(({ title, state }) => `${title}: ${state}`) };
}
const tuning = (n: number, part: Partial<RuleTuning>): RuleTuning => ({ id: `40000000-0000-4000-8000-00000000000${n}`, version: 1, enabled: true, exceptions: [], ...part });

test('a correlation that had to give up hits says how many', async () => {
  let dropped: Readonly<Record<string, number>> = {};
  const { own, rules } = site({ dropped: () => dropped });
  writeFileSync(join(own, 'linux', 'a.yml'), `${RULE('A', 1)}---\n${RULE('B', 2)}`);
  await rules.start();
  expect(rules.rules().some((rule) => 'hitsDropped' in rule)).toBe(false);
  dropped = { '40000000-0000-4000-8000-000000000002': 12 };
  expect(rules.rules()).toMatchObject([{ title: 'A' }, { title: 'B', state: 'alive', hitsDropped: 12 }]);
  expect(rules.rules()[0]).not.toHaveProperty('hitsDropped');
});

test('rules of both folders are published as set 1 and handed over; tests beside them are not rules', async () => {
  const { own, data, rules, deployments, sets, titles } = site();
  writeFileSync(join(own, 'linux', 'a.yml'), RULE('A', 1));
  writeFileSync(join(own, 'linux', 'a.test.yml'), 'fires: []\n');
  writeFileSync(join(own, 'linux', 'notes.txt'), 'no rule');
  writeFileSync(join(data, 'b.yml'), RULE('B', 2));
  await rules.start();
  expect(titles()).toEqual(['A: alive', 'B: alive']);
  expect(deployments.map(({ n, by, rules: versions }) => [n, by, Object.keys(versions).length])).toEqual([[1, 'detector', 2]]);
  expect(sets.map(({ n }) => n)).toEqual([1]);
  expect(rules.deployed()).toEqual({ n: 1, streams: 2, inForce: 1 });
  expect(rules.rules()[0]).toMatchObject({ file: 'linux/a.yml', logsource: 'linux / sshd', kind: 'rule', level: 'low' });
});

test('nothing new is published when nothing changed, also after a restart', async () => {
  const { own, rules, deployments, sets } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  await rules.start();
  await rules.redeploy('admin');
  expect(deployments).toHaveLength(1);
  expect(sets).toHaveLength(1);
});

test('a broken file is told with its place, in the catalog and the log, and stops no other', async () => {
  const { own, rules, logged, titles } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  writeFileSync(join(own, 'broken.yml'), RULE('Broken', 2).replace('contains', 'containz'));
  await rules.start();
  expect(titles()).toEqual(['A: alive', 'Broken: refused']);
  expect(rules.problems()).toMatchObject([{ file: 'broken.yml', line: 5, code: 'sigma.modifier.unknown' }]);
  expect(logged).toMatchObject([{ file: 'broken.yml', line: 5, msg: expect.stringMatching(/^broken\.yml:5:\d+: /) as string }]);
  await rules.redeploy('admin');
  expect(logged).toHaveLength(1);
});

test('what an administrator switches off or excepts is another set', async () => {
  const { own, rules, deployments, sets, tunings, titles } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  writeFileSync(join(own, 'b.yml'), RULE('B', 2));
  await rules.start();
  tunings.push(tuning(1, { enabled: false }));
  await rules.redeploy('quan');
  expect(titles()).toEqual(['A: disabled', 'B: alive']);
  expect(deployments.at(-1)).toMatchObject({ n: 2, by: 'quan' });
  tunings[0] = tuning(1, { exceptions: [{ id: 'e', field: 'user.name', value: 'backup', owner: 'quan', reason: 'nightly job', expires: new Date(now + 86_400_000).toISOString(), created: new Date(now).toISOString() }] });
  await rules.redeploy('quan');
  expect(sets.at(-1)).toMatchObject({ n: 3, exceptions: [{ field: 'user.name', value: 'backup' }], disabled: [] });
});

test('an exception ends by itself', async () => {
  const { own, rules, sets, tunings } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  tunings.push(tuning(1, { exceptions: [{ id: 'e', field: 'user.name', value: 'backup', owner: 'quan', reason: 'nightly job', expires: new Date(now + 200).toISOString(), created: new Date(now).toISOString() }] }));
  await rules.start();
  expect(sets.at(-1)!.exceptions).toHaveLength(1);
  now += 201;
  for (let i = 0; i < 100 && sets.length < 2; i++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(sets.at(-1)).toMatchObject({ n: 2, exceptions: [] });
});

test('a changed, new or removed file is in force within a second or so', async () => {
  const { own, rules, sets, titles } = site({ watch: true });
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  await rules.start();
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  const started = Date.now();
  mkdirSync(join(own, 'new'));
  writeFileSync(join(own, 'new', 'c.yml'), RULE('C', 3));
  for (let i = 0; i < 500 && sets.length < 2; i++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(titles()).toEqual(['A: alive', 'C: alive']);
  expect(Date.now() - started).toBeLessThan(8_000);
  rmSync(join(own, 'a.yml'));
  for (let i = 0; i < 500 && sets.length < 3; i++) await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(titles()).toEqual(['C: alive']);
});

test('a number that another took meanwhile is taken again', async () => {
  const { own, rules, deployments } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  await rules.start();
  const publish = deployments.push.bind(deployments);
  publish({ n: 2, at: now, by: 'other', rules: { other: 'x' } });
  writeFileSync(join(own, 'a.yml'), RULE('A', 1, 'Accepted'));
  await Promise.all([rules.redeploy('one'), rules.redeploy('two')]);
  expect(deployments.map(({ n, by }) => [n, by])).toEqual([[1, 'detector'], [2, 'other'], [3, 'one']]);
  expect(rules.setOf(3).n).toBe(3);
  expect(() => rules.setOf(9)).toThrow('expected rule set 9');
});

test('a rule whose placeholder has no value is not in force, and says so', async () => {
  const { own, rules, deployments, titles } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1).replace("message|contains: 'Failed'", "user.name|expand: '%admins%'"));
  await rules.start();
  expect(titles()).toEqual(['A: placeholder_unset']);
  expect(deployments[0]!.rules).toEqual({});
});

test('a rule whose log source is silent says so, a correlation when all of its rules do; what is off stays off', async () => {
  let speaking: string[] | undefined;
  const { own, rules, tunings, titles } = site({ feeds: () => { const services = speaking; return services === undefined ? undefined : ({ service }) => services.includes(service ?? ''); } });
  const other = RULE('B', 2).replace('sshd', 'sudo').replace('title: B', 'title: B\nname: b');
  writeFileSync(join(own, 'a.yml'), `${RULE('A', 1).replace('title: A', 'title: A\nname: a')}---\n${other}---\ntitle: C\nid: 40000000-0000-4000-8000-000000000003\ncorrelation: { type: event_count, rules: [a, b], group-by: [user.name], timespan: 1m, condition: { gte: 2 } }\nlevel: low\n`);
  writeFileSync(join(own, 'd.yml'), RULE('D', 4));
  tunings.push(tuning(4, { enabled: false }));
  await rules.start();
  expect(titles()).toEqual(['A: alive', 'B: alive', 'C: alive', 'D: disabled']);
  speaking = ['sudo'];
  expect(titles()).toEqual(['A: source_missing', 'B: alive', 'C: alive', 'D: disabled']);
  expect(rules.rules()[0]!.reason).toBe('no event of linux / sshd in 7 days');
  speaking = [];
  expect(titles()).toEqual(['A: source_missing', 'B: source_missing', 'C: source_missing', 'D: disabled']);
  expect(rules.rules()[2]!.reason).toBe('no event of linux / sshd, linux / sudo in 7 days');
  speaking = undefined;
  expect(titles()[0]).toBe('A: alive');
});

test('a rule that needs a field which none of many events had says which; a correlation when all of its rules do', async () => {
  const kind = (events: number, fields: readonly string[]): KnownKind => ({ key: sourcesOf({ 'event.dataset': 'linux.sshd', 'log.syslog.appname': 'sshd' }).key, events, fields: new Set(fields) });
  let seen: readonly KnownKind[] = [];
  const { own, rules, titles } = site({ seen: () => seen });
  writeFileSync(join(own, 'a.yml'), `${RULE('A', 1).replace('title: A', 'title: A\nname: a').replace('message|contains', 'user.email|contains')}---\ntitle: C\nid: 40000000-0000-4000-8000-000000000003\ncorrelation: { type: event_count, rules: [a], group-by: [user.name], timespan: 1m, condition: { gte: 2 } }\nlevel: low\n`);
  await rules.start();
  expect(titles()).toEqual(['A: alive', 'C: alive']);
  seen = [kind(999, ['message'])];
  expect(titles()).toEqual(['A: alive', 'C: alive']);
  seen = [kind(1_000, ['message'])];
  expect(titles()).toEqual(['A: field_missing', 'C: field_missing']);
  expect(rules.rules()[0]).toMatchObject({ missing: ['user.email'], reason: 'none of 1000 events of linux / sshd in 7 days had user.email' });
  seen = [kind(1_000, ['message', 'user.email'])];
  expect(titles()).toEqual(['A: alive', 'C: alive']);
});

test('a file over the limit is told and not read', async () => {
  const { own, rules, titles } = site();
  writeFileSync(join(own, 'a.yml'), RULE('A', 1));
  writeFileSync(join(own, 'b.yml'), `${RULE('B', 2)}# ${'x'.repeat(1024 * 1024)}\n`);
  await rules.start();
  expect(titles()).toEqual(['A: alive']);
  expect(rules.problems().map(({ code, file, line }) => [code, file, line])).toEqual([['sigma.file.too_long', 'b.yml', 1]]);
});

test('values that people set for placeholders stand before the configuration\'s, put rules in force, and leave again', async () => {
  const { own, rules, deployments, sets, settings, titles } = site({ placeholders: { hosts: ['gw-1'] } });
  const using = (title: string, n: number, value: string): string => RULE(title, n).replace("message|contains: 'Failed'", `host.name|expand: '${value}'`);
  writeFileSync(join(own, 'a.yml'), using('A', 1, '%hosts%'));
  writeFileSync(join(own, 'b.yml'), using('B', 2, '%people%'));
  await rules.start();
  expect(titles()).toEqual(['A: alive', 'B: placeholder_unset']);
  expect(rules.rules()[1]).toMatchObject({ reason: 'expected values for %people%, got none', placeholders: ['people'] });
  const uid = (n: number): string => `40000000-0000-4000-8000-00000000000${n}`;
  expect(rules.placeholders()).toEqual({ version: 0, of: [{ name: 'hosts', values: ['gw-1'], from: 'configuration', rules: [uid(1)] }, { name: 'people', values: [], from: 'none', rules: [uid(2)] }] });
  let stored = readPlaceholders(undefined);
  const set = async (name: string, values: readonly string[]): Promise<void> => {
    stored = withPlaceholder(stored, { name, values, by: 'lan', at: 5 });
    settings.set(PLACEHOLDERS_SETTING, stored);
    await rules.redeploy('lan');
  };
  await set('people', ['an', 'b*']);
  expect(titles()).toEqual(['A: alive', 'B: alive']);
  await set('hosts', ['gw-2']);
  expect(rules.placeholders()).toMatchObject({ version: 2, of: [{ name: 'hosts', values: ['gw-2'], from: 'site', by: 'lan', at: 5 }, { name: 'people', values: ['an', 'b*'] }] });
  await set('hosts', []);
  await set('people', []);
  expect(titles()).toEqual(['A: alive', 'B: placeholder_unset']);
  expect(deployments.map(({ n, by }) => [n, by])).toEqual([[1, 'detector'], [2, 'lan'], [3, 'lan'], [4, 'lan'], [5, 'lan']]);
  expect(sets.map(({ placeholders }) => placeholders['hosts'])).toEqual([['gw-1'], ['gw-1'], ['gw-2'], ['gw-1'], ['gw-1']]);
  expect(new Set(deployments.map(({ rules: versions }) => versions[uid(1)])).size).toBe(2);
});
