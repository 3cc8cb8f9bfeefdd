// The description of the API says what is served, and what is served is as described: every route is in it, and real answers, refusals
// included, are held against its schemas.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { addEvents, addIncident, openConsole, system, type Client, type Reply, type TestConsole } from '../console.test-helper.js';
import { ROUTES } from '../routes.js';
import { OPERATIONS } from './operations.js';

/* eslint-disable @typescript-eslint/no-explicit-any -- the description is walked as the JSON that clients get */
let console_: TestConsole, root: Client, analyst: Client, api: any;
const validator = new Ajv2020({ strict: true, allErrors: true, validateFormats: false, allowUnionTypes: true, keywords: ['components', 'paths', 'info', 'openapi'] });
beforeAll(async () => {
  console_ = await openConsole();
  [root, analyst] = [await console_.as('root'), await console_.as('analyst')];
  api = (await console_.anonymous().get('/api/openapi.json')).body;
  validator.addSchema(api, 'api');
});
afterAll(() => console_.stop());

const described = (method: string, path: string): any => api.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];

test('every route is described, and nothing else is', () => {
  expect(Object.keys(OPERATIONS).sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  const told = Object.entries<any>(api.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`));
  expect(told.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  for (const { method, path, roles } of ROUTES) {
    const operation = described(method, path), parameters: any[] = operation.parameters ?? [];
    expect([path, operation['x-roles'], operation.security]).toEqual([path, roles === 'anyone' ? ['anyone'] : roles, roles === 'anyone' ? [] : [{ session: [] }]]);
    expect([path, parameters.filter((one) => one.in === 'path').map(({ name, required }) => [name, required])]).toEqual([path, [...path.matchAll(/:(\w+)/g)].map(([, name]) => [name, true])]);
    const statuses = Object.keys(operation.responses);
    expect([path, method, statuses.filter((status) => Number(status) < 300).length]).toEqual([path, method, 1]);
    const wanted = [...(roles === 'anyone' ? [] : ['401']), ...(roles === 'anyone' || roles.includes('signed_in') ? [] : ['403']), ...(path.includes(':') ? ['404'] : []), ...(['POST', 'PUT', 'PATCH'].includes(method) ? ['400', '403', '413', '415'] : []), '503'];
    expect([path, method, wanted.filter((status) => !statuses.includes(status))]).toEqual([path, method, []]);
    for (const status of statuses.filter((one) => Number(one) >= 400)) expect([path, status, operation.responses[status].content['application/problem+json'].schema]).toEqual([path, status, { $ref: '#/components/schemas/Problem' }]);
    if (['POST', 'PUT', 'PATCH'].includes(method)) expect([path, operation.requestBody?.required, operation.requestBody?.content['application/json']?.schema.type]).toEqual([path, true, 'object']);
  }
});

test('it is OpenAPI 3.1: every reference leads somewhere, every schema compiles, every operation has a name of its own', () => {
  expect([api.openapi, api.info.title, api.info.version]).toEqual(['3.1.0', 'Hải Đăng', '0.1.0']);
  const references = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to as string);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((to) => api.components.schemas[to.replace('#/components/schemas/', '')] === undefined)).toEqual([]);
  for (const name of Object.keys(api.components.schemas)) expect(typeof validator.getSchema(`api#/components/schemas/${name}`)).toBe('function');
  const ids = Object.values<any>(api.paths).flatMap((methods) => Object.values<any>(methods).map(({ operationId }) => operationId));
  expect(new Set(ids).size).toBe(ROUTES.length);
  expect(ids.every((id) => /^[a-z]+[A-Za-z]+$/.test(id))).toBe(true);
});

/** What the answer breaks of what is described for it. */
function broken(method: string, path: string, { status, headers, body }: Reply): string[] {
  const response = described(method, path)?.responses[String(status)], type = (headers.get('content-type') ?? '').split(';')[0] as string;
  if (response === undefined) return [`${method} ${path}: ${status} is not described: ${JSON.stringify(body)}`];
  if (response.content === undefined) return body === '' ? [] : [`${method} ${path}: ${status} has a body`];
  if (response.content[type] === undefined) return [`${method} ${path}: ${status} comes as ${type}`];
  const { schema } = response.content[type];
  if (schema === undefined) return [];
  const check = validator.getSchema(`api${schema.$ref}`);
  return check === undefined || check(body) === true ? [] : [`${method} ${path}: ${status}: ${validator.errorsText(check.errors)} in ${JSON.stringify(body).slice(0, 400)}`];
}

test('real answers are as described', async () => {
  const { store } = console_, wrong: string[] = [], seen = new Set<string>();
  const own = await addIncident(store, { tier: 2, system: 'WEB', changes: [{ kind: 'assigned', assignee: 'analyst' }, { kind: 'noted', text: 'a' }, { kind: 'resolved' }, { kind: 'closed', verdict: 'true_positive', text: 'b' }, { kind: 'reopened' }] });
  await addIncident(store, { tier: 2, system: 'WEB', changes: [{ kind: 'closed', verdict: 'undetermined' }] });
  const [event] = await addEvents(store, { tier: 2, system: 'WEB', lines: ['a line', 'another'], fields: { 'user.name': 'lan' } });
  const day = '2026-01-15', dossier = { stage: 'approved', criterion: 'c', owner: 'o', operator: 'p', approvedDate: day, decision: '1/QĐ', plan: [{ id: '1', title: 't', cite: 'c', done: true, date: day }] };
  await store.systems.put({ ...system('APP', 3, { dossier: dossier as never }), match: [{ address: '198.51.100.0/24', host: 'app' }] }, 0);
  const ask = async (client: Client, method: string, path: string, query = '', body?: unknown, values: Readonly<Record<string, string>> = {}): Promise<Reply> => {
    const reply = await client.call(method, `${path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))}${query}`, body);
    seen.add(`${method} ${path} ${reply.status < 300 ? 'done' : 'refused'}`);
    wrong.push(...broken(method, path, reply));
    return reply;
  };
  const here: Readonly<Record<string, Readonly<Record<string, string>>>> = { '/api/incidents/:id': { id: own.id }, '/api/incidents/:id/alerts': { id: own.id }, '/api/events/:id': { id: event as string }, '/api/rules/:id': { id: 'rule-a' } };
  for (const { method, path } of ROUTES) {
    if (method !== 'GET') continue;
    const query = path.endsWith('facets') ? '?field=user.name' : path.endsWith('report') ? '?format=csv' : path.endsWith('reading') ? '?source=WEB/192.0.2.9' : '';
    for (const client of [root, analyst]) await ask(client, method, path, query, undefined, here[path]);
    await ask(console_.anonymous(), method, path, query, undefined, here[path]);
    if (path.includes(':')) await ask(root, method, path, query, undefined, { id: 'absent' });
  }
  const visitor = console_.anonymous();
  await ask(visitor, 'POST', '/api/session', '', { username: 'analyst4', password: 'wrong' });
  await ask(visitor, 'POST', '/api/session', '', { username: 'analyst4' });
  await ask(visitor, 'POST', '/api/session', '', { username: 'analyst4', password: 'mật khẩu thử nghiệm' });
  await ask(visitor, 'PATCH', '/api/session', '', { language: 'vi' });
  await ask(visitor, 'PATCH', '/api/session', '', { language: 'de' });
  await ask(visitor, 'POST', '/api/session/password', '', { current: 'wrong', next: 'a new password' });
  await ask(visitor, 'POST', '/api/session/password', '', { current: 'mật khẩu thử nghiệm', next: 'mật khẩu mới hơn' });
  await ask(visitor, 'DELETE', '/api/session');
  const change = { version: own.version, change: { kind: 'noted', text: 'seen' } };
  await ask(analyst, 'POST', '/api/incidents/:id/changes', '', change, { id: own.id });
  await ask(analyst, 'POST', '/api/incidents/:id/changes', '', change, { id: own.id }); // somebody was faster
  await ask(analyst, 'POST', '/api/incidents/:id/changes', '', {}, { id: own.id });
  await ask(root, 'PATCH', '/api/rules/:id', '', { version: 0, threshold: 4, exceptions: { add: { field: 'source.ip', value: '192.0.2.1', reason: 'scanner', expires: new Date(Date.now() + 86_400_000).toISOString() } } }, { id: 'rule-a' });
  await ask(root, 'PATCH', '/api/rules/:id', '', { version: 0, enabled: false }, { id: 'rule-a' });
  await ask(root, 'PUT', '/api/placeholders/:name', '', { version: 0, values: ['an', 'adm_*'] }, { name: 'admins' });
  await ask(root, 'PUT', '/api/systems/:id', '', { version: 0, name: 'N', tier: 1, unit: 'U', match: [{ address: '203.0.113.9' }], retired: '2026-01-01' }, { id: 'NEW' });
  await ask(root, 'PUT', '/api/systems/:id', '', { version: 9, name: 'N', tier: 1, unit: 'U', match: [] }, { id: 'NEW' });
  await ask(root, 'GET', '/api/systems');
  await ask(root, 'POST', '/api/retention/release', '', { clockIsRight: true });
  await ask(root, 'POST', '/api/retention/release', '', { clockIsRight: false });
  await ask(root, 'POST', '/api/users', '', { username: 'x1', roles: ['analyst'], tiers: [1], password: 'a long password' });
  await ask(root, 'POST', '/api/users', '', { username: 'x1', roles: ['analyst'], tiers: [1], password: 'a long password' });
  await ask(root, 'PATCH', '/api/users/:name', '', { version: 1, name: 'X' }, { name: 'x1' });
  await ask(root, 'PATCH', '/api/users/:name', '', { version: 1, name: 'X' }, { name: 'x1' });
  await ask(root, 'DELETE', '/api/users/:name', '', undefined, { name: 'x1' });
  await ask(root, 'DELETE', '/api/users/:name', '', undefined, { name: 'x1' });
  await ask(root, 'POST', '/api/formats/try', '', { text: "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\n", lines: ['GATE|an', 'other'] });
  await ask(root, 'POST', '/api/formats/try', '', { text: 'format: Acme', lines: ['GATE|an'] });
  await ask(root, 'POST', '/api/sources/reading/try', '', { source: 'WEB/192.0.2.9', encoding: 'windows-1258', timezone: 'UTC' });
  await ask(root, 'PUT', '/api/sources/reading', '', { source: 'WEB/192.0.2.9', version: (await root.get('/api/sources/reading?source=WEB/192.0.2.9')).body.version, encoding: 'windows-1258', timezone: null });
  await ask(root, 'PUT', '/api/sources/reading', '', { source: 'WEB/192.0.2.9', version: 1, encoding: null, timezone: null });
  await ask(root, 'GET', '/api/formats');
  await ask(root, 'PUT', '/api/formats/:name', '', { version: 0, text: "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\n" }, { name: 'acme.gate' });
  await ask(analyst, 'GET', '/api/users');
  await ask(root, 'GET', '/api/events', '?query=%28');
  await ask(root, 'GET', '/api/compliance/report', '?format=pdf');
  for (const sent of [{ type: 'text/plain', body: '{}' }, { type: 'application/json', body: ' '.repeat(300_000) }, { type: 'application/json', body: '{' }]) wrong.push(...broken('PATCH', '/api/session', await root.call('PATCH', '/api/session', sent.body, { 'Content-Type': sent.type })));
  expect(wrong).toEqual([]);
  // Nothing was left out: each route was seen to do its work, and each that can refuse, to refuse.
  expect(ROUTES.map(({ method, path }) => `${method} ${path} done`).filter((one) => !seen.has(one))).toEqual([]);
  expect(ROUTES.filter(({ roles }) => roles !== 'anyone').map(({ method, path }) => `${method} ${path} refused`).filter((one) => !seen.has(one) && one.startsWith('GET'))).toEqual([]);
}, 120_000);

test('a schema that says less or more than is answered is noticed', async () => {
  const reply = await root.get('/api/overview');
  expect(broken('GET', '/api/overview', reply)).toEqual([]);
  const { lost24h: _, ...less } = reply.body;
  expect(broken('GET', '/api/overview', { ...reply, body: less })[0]).toMatch(/lost24h/);
  expect(broken('GET', '/api/overview', { ...reply, body: { ...reply.body, secret: 1 } })[0]).toMatch(/must NOT have additional properties/);
  expect(broken('GET', '/api/overview', { ...reply, status: 418 })[0]).toMatch(/not described/);
});

test('every query parameter that a route reads is described, and no other', async () => {
  const { readFileSync, readdirSync } = await import('node:fs'), { join } = await import('node:path'), { projectRoot } = await import('../../../core/process/built.js');
  const folder = join(projectRoot, 'console/server'), text = [...readdirSync(folder)].filter((name) => /-routes\.ts$|^parameters\.ts$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const read = new Set([...text.matchAll(/(?:textOf|listOf|timeOf|integerOf)\(query, '(\w+)'|query\.get\('(\w+)'\)|part\('(\w+)'\)/g)].map(([, a, b, c]) => a ?? b ?? c));
  const told = new Set(Object.values<any>(api.paths).flatMap((methods) => Object.values<any>(methods).flatMap(({ parameters = [] }) => parameters.filter((one: any) => one.in === 'query').map(({ name }: any) => name))));
  expect([...told].sort()).toEqual([...read].sort());
});
