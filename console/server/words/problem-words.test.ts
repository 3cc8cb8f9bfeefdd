// Vietnamese is no less than English: every problem that people can meet has its own sentence in both.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../core/process/built.js';
import { parseQuery } from '../../../core/predicate/text.js';
import { compileDescription } from '../../../core/normalize/described/compile.js';
import { runTests } from '../../../core/normalize/described/tests.js';
import { hasWords, sayProblem } from './problem-words.js';
import { addIncident, openConsole, type Client, type TestConsole } from '../console.test-helper.js';

const VIETNAMESE = /[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]/i, ENGLISH = /\b(expected|got|must|least|invalid|too small|too big|required|characters|string|administrator|unknown)\b/i;
const isVietnamese = (text: string): boolean => VIETNAMESE.test(text) && !ENGLISH.test(text);

function sources(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test(-helper)?\.ts$/.test(entry.name)).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

test('every code that rules, queries and rule files are told of has words', () => {
  const text = [...sources('core/sigma'), ...sources('core/predicate'), ...sources('detector'), readFileSync(join(projectRoot, 'core/rule-manifest.ts'), 'utf8')].join('\n');
  const codes = new Set([...text.matchAll(/'((?:sigma|query|rules)\.[a-z0-9_.]+)'/g)].map(([, code]) => code as string));
  expect(codes.size).toBeGreaterThan(55);
  expect([...codes].filter((code) => !hasWords(code) || !isVietnamese(sayProblem({ code, message: 'expected', params: { max: 1, got: 'x', field: 'a' } }, 'vi')))).toEqual([]);
});

test('every code that a description of a source is told of has words, and says what came', () => {
  const text = [...sources('core/normalize/described'), ...sources('console/server'), readFileSync(join(projectRoot, 'core/process/format-files.ts'), 'utf8')].join('\n');
  const codes = [...new Set([...text.matchAll(/'(format\.[a-z_]+)'/g)].map(([, code]) => code as string))];
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !hasWords(code) || !isVietnamese(sayProblem({ code, message: code === 'format.pattern' ? '(?<' : 'expected x, got "y"' }, 'vi')))).toEqual([]);
  const said = (body: string): string[] => { const { described, problems } = compileDescription('a', body); return [...problems, ...(described === undefined ? [] : runTests(described))].map((problem) => sayProblem(problem, 'vi')); };
  expect(said("format: Acme\nmatch: { starts: 'G|' }\nread: { delimiter: '|', columns: [a] }\nfields: { user.name: b, haidang.x: a }\n")).toEqual([
    'Cần tên gồm hai phần như acme.gate, chữ thường, không bắt đầu bằng haidang, đang có “Acme”', 'Cần một phần có tên (a), đang có “b”', 'Trường haidang.x do bộ thu thập ghi, nguồn không được đặt',
  ]);
  expect(said("format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\ntests: [{ line: 'GATE|an', expect: { user.name: binh } }]\n")).toEqual(['Phép thử: user.name lẽ ra là “binh”, đang là “an”']);
  expect(said('format: [').every(isVietnamese)).toBe(true);
  const pattern = (body: string): string[] => said(`format: acme.gate\nmatch: { starts: 'G' }\nread: { pattern: '${body}' }\nfields: { user.name: who }\n`);
  expect(pattern('(G%{WORD:who}')).toEqual(['Mẫu (pattern) không dùng được: thiếu dấu ) đóng: “(G%{WORD:who}”']);
  expect(pattern('%{NOBODY:who}')).toEqual(['Mẫu (pattern) không dùng được: tên mẫu này không có: “%{NOBODY:who}”']);
  for (const wrong of ['G)', '[z', '|*a', 'a{2,1}', '(?<=a)b', '(?=a)', '\\1', 'a**', '[b-a]', '(?P<x', 'x{99999}', '(?z)', 'x'.repeat(20_000)]) expect([wrong, pattern(`%{WORD:who}${wrong}`).map(isVietnamese)]).toEqual([wrong, [true]]);
});

test('every refusal that a route or the incident machine throws has a code with words', () => {
  const text = [...sources('console/server'), readFileSync(join(projectRoot, 'core/incident.ts'), 'utf8'), readFileSync(join(projectRoot, 'core/process/password.ts'), 'utf8')].join('\n');
  const thrown = [...text.matchAll(/new InvalidError\((.*)$/gm)].map(([, rest]) => rest as string).filter((rest) => !rest.includes("'password-file'"));
  expect(thrown.length).toBeGreaterThan(30);
  expect(thrown.filter((rest) => ![...rest.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].some(([, code]) => hasWords(code as string)))).toEqual([]);
});

test('each mistake in a query is told in Vietnamese, at its column', () => {
  const mistakes: readonly (readonly [string, string, number])[] = [
    ['a)', 'query.unexpected', 2], ['a AND', 'query.missing', 6], ['OR b', 'query.missing', 1], ['NOT', 'query.missing', 4], ['(', 'query.missing', 2], ['(a', 'query.parenthesis', 1], [`${'('.repeat(60)}a`, 'query.deep', 51], ['source.port:>abc', 'query.number', 14],
    ['source.port:>a*', 'query.number', 14], ['user.name:', 'query.value', 11], ['"abc', 'query.quote', 1], ['a'.repeat(10_001), 'query.long', 10_001],
  ];
  for (const [query, code, column] of mistakes) {
    const found = parseQuery(query).problems.find((problem) => problem.code === code);
    expect([query, found?.column]).toEqual([query, column]);
    const said = sayProblem(found as NonNullable<typeof found>, 'vi');
    expect([said, isVietnamese(said)]).toEqual([said, true]);
    expect(sayProblem(found as NonNullable<typeof found>, 'en')).toMatch(/^expected .* got /);
  }
});

describe('over the API', () => {
  let console_: TestConsole, admin: Client, analyst: Client;
  beforeAll(async () => {
    console_ = await openConsole();
    [admin, analyst] = [await console_.as('root'), await console_.as('analyst')];
    for (const client of [admin, analyst]) expect((await client.call('PATCH', '/api/session', { language: 'vi' })).status).toBe(200);
  });
  afterAll(() => console_.stop());

  test('what is wrong with a form is said in Vietnamese, with the same code in English', async () => {
    const incident = await addIncident(console_.store, { tier: 2, system: 'WEB' }), change = (part: object): unknown => ({ version: incident.version, change: part });
    const user = { username: 'moi', roles: ['analyst'], tiers: [1], password: 'mat khau tot 1' }, system = { version: 1, name: 'Cổng', tier: 2, unit: 'UBND', match: [] };
    const exception = { field: 'source.ip', value: '192.0.2.1', reason: 'máy quét', expires: '2001-01-01' };
    const cases: readonly (readonly [Client, string, string, unknown, string])[] = [
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'noted', text: '  ' }), 'note.empty'],
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'noted', text: 'x'.repeat(10_001) }), 'too_big'],
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'reopened' }), 'incident.open'],
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'closed', verdict: 'perhaps' }), 'invalid_value'],
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'assigned', assignee: 'manager' }), 'incident.assignee'],
      [analyst, 'POST', `/api/incidents/${incident.id}/changes`, change({ kind: 'eaten' }), 'invalid_union'],
      [analyst, 'POST', '/api/session/password', { current: 'sai', next: 'mat khau moi 1' }, 'password.current'],
      [admin, 'POST', '/api/users', { ...user, username: 'Có dấu' }, 'user.name_form'], [admin, 'POST', '/api/users', { ...user, username: 'analyst' }, 'user.exists'],
      [admin, 'POST', '/api/users', { ...user, password: 'ngan' }, 'password.length'], [admin, 'POST', '/api/users', { ...user, password: 'aaaaaaaaaaaa' }, 'password.weak'],
      [admin, 'POST', '/api/users', { ...user, roles: [] }, 'too_small'], [admin, 'POST', '/api/users', { ...user, roles: ['analyst', 'analyst'] }, 'roles.wrong'], [admin, 'POST', '/api/users', { ...user, tiers: [1, 1] }, 'tiers.wrong'],
      [admin, 'POST', '/api/users', { ...user, name: '\u0007' }, 'user.display_name'], [admin, 'POST', '/api/users', { ...user, more: 1 }, 'unrecognized_keys'], [admin, 'POST', '/api/users', { ...user, tiers: 'all' }, 'invalid_type'],
      [admin, 'DELETE', '/api/users/root', undefined, 'user.remove_self'],
      [admin, 'PUT', '/api/systems/WEB', { ...system, match: [{ address: '10.0.0.1/8' }] }, 'system.network'], [admin, 'PUT', '/api/systems/WEB', { ...system, timezone: 'Asia/Nowhere' }, 'system.zone'], [admin, 'PUT', '/api/systems/WEB', { ...system, retired: '2026-02-99' }, 'system.day'],
      [admin, 'PUT', '/api/systems/WEB', { ...system, dossier: { stage: 'approved', criterion: '', owner: '', operator: '', plan: [] } }, 'system.decision'], [admin, 'PUT', '/api/systems/a%20b', system, 'system.id_form'], [admin, 'PUT', '/api/systems/WEB', { ...system, name: '' }, 'too_small'],
      [admin, 'PATCH', '/api/rules/rule-b', { version: 0, threshold: 5 }, 'rule.no_threshold'], [admin, 'PATCH', '/api/rules/rule-a', { version: 0, exceptions: { remove: 'x' } }, 'rule.exception_unknown'], [admin, 'PATCH', '/api/rules/rule-a', { version: 0, exceptions: { add: exception } }, 'rule.exception_end'],
      [admin, 'PATCH', '/api/rules/rule-a', { version: 0, exceptions: { add: { ...exception, field: 'a b' } } }, 'invalid_format'],
      [analyst, 'GET', '/api/events?query=a%29', undefined, 'query.unexpected'], [analyst, 'GET', '/api/events/facets?field=a%20b', undefined, 'field.name'], [analyst, 'GET', '/api/events/histogram?from=2026-02-02&to=2026-02-01', undefined, 'time.order'],
      [analyst, 'GET', '/api/incidents?tier=9', undefined, 'parameter.choice'], [analyst, 'GET', '/api/incidents?from=x', undefined, 'parameter.time'], [analyst, 'GET', '/api/incidents?limit=0', undefined, 'parameter.integer'], [analyst, 'GET', '/api/incidents?cursor=x', undefined, 'parameter.cursor'],
      [admin, 'GET', '/api/compliance?month=1', undefined, 'parameter.month'], [admin, 'GET', '/api/compliance?month=2026-01&cutoff=2026-02-01', undefined, 'parameter.cutoff'],
    ];
    for (const [client, method, path, body, code] of cases) {
      const vi = await client.call(method, path, body), said = vi.body.problems?.[0]?.message ?? '';
      expect([path, code, vi.body.problems?.[0]?.code, said, isVietnamese(said), isVietnamese(vi.body.title)]).toEqual([path, code, code, said, true, true]);
      await client.call('PATCH', '/api/session', { language: 'en' });
      const en = await client.call(method, path, body);
      await client.call('PATCH', '/api/session', { language: 'vi' });
      expect([path, en.status, en.body.problems[0].code, VIETNAMESE.test(en.body.problems[0].message.replace(/"[^"]*"/g, ''))]).toEqual([path, vi.status, code, false]);
    }
  });

  test('what an administrator may not do is said in Vietnamese', async () => {
    const own = await console_.as('admin');
    await own.call('PATCH', '/api/session', { language: 'vi' });
    const me = (await own.get('/api/users')).body.items.find(({ username }: { username: string }) => username === 'admin');
    for (const [part, code] of [[{ tiers: [1, 2, 3, 4] }, 'tiers.beyond_own'], [{ readsLogs: true }, 'user.widen_self']] as const) {
      const { status, body } = await own.call('PATCH', '/api/users/admin', { version: me.version, ...part });
      expect([status, body.problems[0].code, isVietnamese(body.problems[0].message)]).toEqual([403, code, true]);
    }
  });

  test('what is wrong with a rule file is said in Vietnamese, the English sentence stands beside it', async () => {
    expect((await admin.get('/api/rules/problems')).body.items).toEqual([{ file: 'bad.yml', code: 'sigma.yaml', message: 'Không đọc được YAML', detail: 'expected a mapping, got a list', line: 3, column: 1 }]);
    console_.catalog.list = [...console_.catalog.list, { ...console_.catalog.list[1]!, id: 'rule-c', state: 'refused', reason: 'expected a title, got none', problems: [{ code: 'sigma.title', message: 'expected a title, got none', line: 1, column: 1 }] }, { ...console_.catalog.list[1]!, id: 'rule-d', state: 'source_missing', reason: 'no event of webserver in 7 days' }];
    const { body } = await admin.get('/api/rules/rule-c');
    expect([body.reason, body.problems[0].message, body.problems[0].detail]).toEqual(['Thiếu tiêu đề, hoặc tiêu đề quá dài', 'Thiếu tiêu đề, hoặc tiêu đề quá dài', 'expected a title, got none']);
    expect((await admin.get('/api/rules/rule-d')).body.reason).toBe('không có sự kiện nào của webserver trong 7 ngày');
  });
});
