import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../event.js';
import { projectRoot } from '../process/built.js';
import { compileRules } from './compile-rules.js';
import { eventFromObject } from './events.js';
import { openEngine } from './fast/engine.js';
import { compileText, sha256 } from './rule.test-helper.js';
import { SeenFields, unseenOf, SEEN_FIELDS_MAX, SEEN_KINDS_MAX, type KnownKind } from './seen-fields.js';

function kindsOf(events: Iterable<Event>, times = 1): KnownKind[] {
  const seen = new SeenFields();
  for (const event of events) seen.see(event);
  return seen.take().map(({ key, events: count, fields }) => ({ key, events: count * times, fields: new Set(fields) }));
}

const web = { 'event.dataset': 'nginx.access', 'url.original': '/', 'source.ip': '192.0.2.1', 'http.response.status_code': 200 };
const security = (id: number, more: Event): Event => ({ Channel: 'Security', EventID: id, ...more });
const KINDS = kindsOf([web, security(4624, { TargetUserName: 'x', LogonType: 3 }), security(4625, { TargetUserName: 'x' })], 1_000);
const ask = (logsource: string, detection: string, kinds = KINDS) => {
  const rule = compileText(`title: t\nlogsource: ${logsource}\ndetection:\n  ${detection.replaceAll('\n', '\n  ')}\n`).rules[0]!;
  return unseenOf(rule.predicate, rule.logsource, kinds);
};

test.each([
  ['{category: webserver}', "s: {cs-referer|contains: x}\ncondition: s", ['cs-referer']],
  ['{category: webserver}', "s: {cs-referer|contains: x, cs-uri-query: y}\ncondition: s", ['cs-referer']],
  ['{category: webserver}', "s: {cs-referer|contains: x}\nt: {cs-uri-query: y}\ncondition: s or t", undefined],
  ['{category: webserver}', "s: {cs-uri-query: y}\nf: {cs-referer|contains: x}\ncondition: s and not f", undefined],
  ['{category: webserver}', "s: {cs-uri-query: y, cs-referer: null}\ncondition: s", undefined],
  ['{category: webserver}', "s: {cs-uri-query: y}\nf: {cs-referer: null}\ncondition: s and not f", ['cs-referer']],
  ['{category: webserver}', "s: {'cs-referer|exists': true}\ncondition: s", ['cs-referer']],
  ['{category: webserver}', "s: {cs-uri-query|fieldref: cs-referer}\ncondition: s", ['cs-referer']],
  ['{category: webserver}', "k: [x]\ns: {cs-referer: x}\ncondition: k or s", undefined],
  ['{category: webserver}', "k: [x]\ns: {cs-referer: x, cs-host: y}\ncondition: k and s", ['cs-referer', 'cs-host']],
  ['{category: proxy}', "s: {cs-referer: x}\ncondition: s", undefined],
  ['{product: windows, service: security}', "s: {EventID: 4624, IpAddress: x}\ncondition: s", ['IpAddress']],
  ['{product: windows, service: security}', "s: {EventID: 4625, LogonType: 3}\ncondition: s", ['LogonType']],
  ['{product: windows, service: security}', "s: {EventID: [4624, 4625], LogonType: 3}\ncondition: s", undefined],
  ['{product: windows, service: security}', "s: {EventID: 4697, ServiceFileName: x}\ncondition: s", undefined],
  ['{product: windows, service: security}', "s: {ServiceFileName: x}\ncondition: s", ['ServiceFileName']],
  ['{product: aws, service: cloudtrail}', "s: {nope: x}\ncondition: s", undefined],
])('%s %s: %j', (logsource, detection, fields) => { expect(ask(logsource, detection)?.fields).toEqual(fields); });

test('few events say nothing; how many did is told; a kind with too many fields has them all', () => {
  const detection = "s: {cs-referer|contains: x}\ncondition: s";
  expect(ask('{category: webserver}', detection)).toEqual({ fields: ['cs-referer'], events: 1_000 });
  expect(ask('{category: webserver}', detection, kindsOf([web], 999))).toBeUndefined();
  expect(ask('{category: webserver}', detection, [])).toBeUndefined();
  expect(ask('{category: webserver}', detection, kindsOf([web], 1_000).map((kind) => ({ ...kind, fields: undefined })))).toBeUndefined();
  const seen = new SeenFields();
  for (let i = 0; i < 3; i++) seen.see(Object.fromEntries(Array.from({ length: SEEN_FIELDS_MAX }, (_, at) => [`f${i}.${at}`, 1])));
  expect(seen.take()[0]?.fields.length).toBeLessThanOrEqual(SEEN_FIELDS_MAX * 2);
  expect(seen.take()).toEqual([]);
});

test('beyond a thousand kinds nothing is said of any', () => {
  const many = Array.from({ length: SEEN_KINDS_MAX + 5 }, (_, id) => security(id, {})), kinds = kindsOf([web, ...many], 1_000);
  expect(kinds).toHaveLength(SEEN_KINDS_MAX + 1);
  expect(ask('{category: webserver}', "s: {cs-referer|contains: x}\ncondition: s", kinds)).toBeUndefined();
});

const shared = join(projectRoot, '..', 'shared', 'sigma');
test('no rule of the public corpus that hits an event is said to wait for a field that its kind never has', () => {
  if (!existsSync(shared)) { expect(process.env['CI']).toBeUndefined(); process.stdout.write('not run: fields seen against the public corpus (../shared is absent)\n'); return; }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-seen-'));
  try {
    for (const name of ['sigmahq-rules', 'windows-events']) execFileSync('tar', ['xzf', join(shared, `${name}.tar.gz`), '-C', folder]);
    const files = readdirSync(folder, { recursive: true }).map(String).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
    const rules = compileRules(files.filter((path) => path.endsWith('.yml')).map((file) => ({ file, text: readFileSync(file, 'utf8') })), { sha256 });
    const events = files.filter((path) => path.endsWith('.ndjson')).flatMap((path) => readFileSync(path, 'utf8').trim().split('\n').map((line) => eventFromObject((JSON.parse(line) as { event: Record<string, unknown> }).event)));
    expect(events.length).toBeGreaterThan(2_000);
    const kinds = kindsOf(events), engine = openEngine(rules), hit = new Set(events.flatMap((event) => engine.evaluate(event).map(({ rule }) => rule)));
    const unseen = rules.rules.filter((rule) => unseenOf(rule.predicate, rule.logsource, kinds, 1) !== undefined);
    expect(unseen.filter((rule) => hit.has(rule)).map(({ title }) => title)).toEqual([]);
    process.stdout.write(`${events.length} events of ${kinds.length} kinds: ${hit.size} rules hit, ${unseen.length} wait for a field\n`);
  } finally { rmSync(folder, { recursive: true }); }
});
