// The authorization matrix: every route, every kind of person, own tier and another's. The table below is written by hand; a route
// without a row, or a row without a route, fails.
import { createHash } from 'node:crypto';
import type { Incident } from '../../core/incident.js';
import { addEvents, addIncident, addUser, Client, openConsole, type TestConsole } from './console.test-helper.js';
import { ROUTES } from './routes.js';

type Who = 'analyst' | 'admin' | 'root' | 'manager';
const EVERYBODY: readonly Who[] = ['analyst', 'admin', 'root', 'manager'], READERS: readonly Who[] = ['analyst', 'root'], ADMINS: readonly Who[] = ['admin', 'root'], WATCHERS: readonly Who[] = ['admin', 'root', 'manager'];

interface Row {
  /** `anyone`: no session needed. `session`: any session, also one that must change its password. */
  readonly may: readonly Who[] | 'anyone' | 'session';
  /** What fills `:id`: something of tier 2, which everybody here has, and of tier 4, which only `root` has. */
  readonly own?: (things: Things) => string;
  readonly other?: (things: Things) => string;
  readonly query?: string;
  /** What it is about belongs to a unit: an analyst of another one is told that it is not there. */
  readonly ofUnit?: true;
  readonly body?: (things: Things) => unknown;
  /** Statuses other than 2xx that show that the person was let in. */
  readonly also?: readonly number[];
}
interface Things { readonly own: Incident; readonly other: Incident; readonly ownEvent: string; readonly otherEvent: string }
const note = (incident: (things: Things) => Incident) => (things: Things): unknown => ({ version: incident(things).version, change: { kind: 'noted', text: 'seen' } });

const ROWS: Readonly<Record<string, Row>> = {
  'POST /api/session': { may: 'anyone', body: () => ({ username: 'nobody', password: 'nothing' }), also: [401, 429] },
  'GET /api/session': { may: 'session' },
  'DELETE /api/session': { may: 'session' },
  'PATCH /api/session': { may: 'session', body: () => ({ language: 'en' }), also: [409] },
  'POST /api/session/password': { may: 'session', body: () => ({ current: 'wrong', next: 'wrong too' }), also: [400, 429] },
  'GET /api/status': { may: EVERYBODY },
  'POST /api/retention/release': { may: ADMINS, body: () => ({ clockIsRight: true }) },
  'GET /api/overview': { may: EVERYBODY },
  'GET /api/incidents': { may: EVERYBODY },
  'GET /api/incidents/histogram': { may: EVERYBODY },
  'GET /api/incidents/:id': { may: EVERYBODY, ofUnit: true, own: ({ own }) => own.id, other: ({ other }) => other.id },
  'GET /api/incidents/:id/alerts': { may: EVERYBODY, ofUnit: true, own: ({ own }) => own.id, other: ({ other }) => other.id },
  'POST /api/incidents/:id/changes': { may: READERS, ofUnit: true, own: ({ own }) => own.id, other: ({ other }) => other.id, body: note(({ own }) => own), also: [409] },
  'GET /api/assignees': { may: READERS },
  'GET /api/events': { may: READERS },
  'GET /api/events/histogram': { may: READERS },
  'GET /api/events/facets': { may: READERS, query: 'field=haidang.system' },
  'GET /api/events/templates': { may: READERS },
  'GET /api/formats': { may: ADMINS },
  'PUT /api/formats/:name': { may: ADMINS, own: () => 'acme.gate', body: () => ({ version: 0, text: "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\n" }), also: [409] },
  'POST /api/formats/try': { may: ADMINS, body: () => ({ text: 'format: a.b', lines: ['x'] }) },
  'GET /api/events/:id': { may: READERS, ofUnit: true, own: ({ ownEvent }) => ownEvent, other: ({ otherEvent }) => otherEvent },
  'GET /api/fields': { may: 'session' },
  'GET /api/sources': { may: EVERYBODY },
  'GET /api/sources/account': { may: EVERYBODY },
  'GET /api/sources/balance': { may: EVERYBODY },
  'GET /api/sources/strips': { may: EVERYBODY },
  'GET /api/sources/reading': { may: EVERYBODY, ofUnit: true, query: 'source=WEB/192.0.2.9' },
  'POST /api/sources/reading/try': { may: READERS, ofUnit: true, body: () => ({ source: 'WEB/192.0.2.9', encoding: 'utf-8', timezone: 'UTC' }) },
  'PUT /api/sources/reading': { may: ADMINS, ofUnit: true, body: () => ({ source: 'WEB/192.0.2.9', version: 1, encoding: null, timezone: null }), also: [409] },
  'GET /api/systems': { may: EVERYBODY },
  'PUT /api/systems/:id': { may: ADMINS, own: () => 'WEB', other: () => 'DVC', body: () => ({ version: 1, name: 'Cổng', tier: 2, unit: 'UBND', match: [] }), also: [409] },
  'GET /api/rules': { may: EVERYBODY },
  'GET /api/rules/problems': { may: EVERYBODY },
  'GET /api/rules/:id': { may: EVERYBODY, own: () => 'rule-a' },
  'PATCH /api/rules/:id': { may: ADMINS, own: () => 'rule-a', body: () => ({ version: 0, enabled: true }), also: [409] },
  'GET /api/placeholders': { may: EVERYBODY },
  'PUT /api/placeholders/:name': { may: ADMINS, own: () => 'admins', body: () => ({ version: 0, values: ['an'] }), also: [409] },
  'GET /api/users': { may: ADMINS },
  'POST /api/users': { may: ADMINS, body: () => ({ username: 'x', roles: ['analyst'], tiers: [1], password: 'short' }), also: [400] },
  'PATCH /api/users/:name': { may: ADMINS, own: () => 'manager', other: () => 'boss', body: () => ({ version: 999, name: 'M' }), also: [409] },
  'DELETE /api/users/:name': { may: ADMINS, own: () => 'spare', other: () => 'boss', also: [404] },
  'GET /api/audit': { may: WATCHERS },
  'GET /api/compliance': { may: WATCHERS },
  'GET /api/compliance/report': { may: WATCHERS, query: 'format=csv' },
  'GET /api/openapi.json': { may: 'anyone' },
  'GET /healthz': { may: 'anyone' },
  'GET /metrics': { may: 'anyone' },
  'GET /api/live': { may: EVERYBODY },
};

let console_: TestConsole, things: Things;
const people = new Map<string, Client>();
beforeAll(async () => {
  console_ = await openConsole();
  const { store } = console_;
  things = {
    own: await addIncident(store, { tier: 2, system: 'WEB', ip: '203.0.113.2' }), other: await addIncident(store, { tier: 4, system: 'DVC', ip: '203.0.113.4' }),
    ownEvent: (await addEvents(store, { tier: 2, system: 'WEB', lines: ['line of tier two'] }))[0] as string, otherEvent: (await addEvents(store, { tier: 4, system: 'DVC', lines: ['line of tier four'] }))[0] as string,
  };
  await store.users.put({ ...(await store.users.get('new'))!, id: 'spare', mustChangePassword: false }, 0);
  await addUser(store, 'elsewhere', ['analyst'], [1, 2, 3], { units: ['Sở khác'] });
  await endSessions();
});
afterAll(() => console_.stop());

async function session(who: string): Promise<Client> {
  const known = people.get(who), client = known ?? (await console_.as(who));
  people.set(who, client);
  return client;
}
/** People whose session is over: none, one that ran out, one whose user was disabled since. */
const ended = new Map<string, Client>();
async function endSessions(): Promise<void> {
  const { store } = console_, before = await store.users.get('new');
  for (const id of ['late', 'gone']) await store.users.put({ ...before!, id, mustChangePassword: false }, 0);
  ended.set('anonymous', console_.anonymous()).set('expired', await console_.as('late')).set('disabled', await console_.as('gone'));
  const token = (ended.get('expired') as Client).cookie.split('=')[1] as string, id = createHash('sha256').update(token).digest('hex'), running = await store.sessions.get(id);
  await store.sessions.put({ ...running!, expires: Date.now() - 1 });
  const gone = await store.users.get('gone');
  await store.users.put({ ...gone!, disabled: true }, gone!.version);
}

const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
const call = async (client: Client, name: string, row: Row, id: string | undefined): ReturnType<Client['call']> => {
  const [method = '', path = ''] = name.split(' ');
  // `live` streams for ever: it is asked and let go.
  return client.call(method, `${path.replace(/:\w+/, id ?? '')}${row.query === undefined ? '' : `?${row.query}`}`, row.body?.(things));
};

test('every route has a row, and every row a route', () => {
  expect(ROUTES.map(nameOf).sort()).toEqual(Object.keys(ROWS).sort());
  expect(new Set(ROUTES.map(nameOf)).size).toBe(ROUTES.length);
});

test('a route that opens without a session is one of these four', () => {
  expect(ROUTES.filter(({ roles }) => roles === 'anyone').map(nameOf)).toEqual(['POST /api/session', 'GET /healthz', 'GET /metrics', 'GET /api/openapi.json']);
});

for (const [name, row] of Object.entries(ROWS)) {
  test(name, async () => {
    const found: string[] = [], id = row.own?.(things), let_in = (status: number): boolean => (status >= 200 && status < 300) || (row.also ?? []).includes(status);
    for (const [kind, client] of ended) {
      const { status } = await call(client, name, row, id);
      if (row.may === 'anyone' ? !let_in(status) : status !== 401) found.push(`${kind}: ${status}`);
    }
    const mustChange = await call(await session('new'), name, row, id);
    if (row.may === 'session' || row.may === 'anyone' ? !let_in(mustChange.status) : mustChange.status !== 403 || !/password_change_required/.test(mustChange.body.type)) found.push(`must change password: ${mustChange.status}`);
    if (name === 'DELETE /api/session') people.clear();
    for (const who of EVERYBODY) {
      const allowed = typeof row.may === 'string' || row.may.includes(who), reply = await call(await session(who), name, row, id);
      if (name === 'DELETE /api/session') people.clear();
      if (allowed ? !let_in(reply.status) : reply.status !== 403) found.push(`${who}: ${reply.status} ${JSON.stringify(reply.body)}`);
      if (who !== 'root') {
        const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
        for (const secret of ['DVC', things.other.id, things.other.number, 'tier four', '203.0.113.4', 'boss']) if (text.includes(secret)) found.push(`${who} was told ${secret}: ${text.slice(0, 300)}`);
        if (who !== 'analyst' && /SECRET-LINE|tier two/.test(text)) found.push(`${who} was told log content: ${text.slice(0, 300)}`);
      }
    }
    // An analyst of the same levels and another unit: the same doors, and nothing of this unit behind them.
    const elsewhere = await call(await session('elsewhere'), name, row, id), opens = typeof row.may === 'string' || row.may.includes('analyst'), told = typeof elsewhere.body === 'string' ? elsewhere.body : JSON.stringify(elsewhere.body);
    if (name === 'DELETE /api/session') people.clear();
    if (opens ? (row.ofUnit === true ? elsewhere.status !== 404 : !let_in(elsewhere.status)) : elsewhere.status !== 403) found.push(`elsewhere: ${elsewhere.status} ${told}`);
    if (name !== 'GET /metrics') for (const secret of ['WEB', things.own.id, things.own.number, 'tier two', '203.0.113.2', 'SECRET-LINE', 'DVC', 'boss']) if (told.includes(secret)) found.push(`elsewhere was told ${secret}: ${told.slice(0, 300)}`);
    expect(found).toEqual([]);
  });

  if (row.other !== undefined && typeof row.may !== 'string') {
    test(`${name}: what is of another's tier is answered as what is not there`, async () => {
      const found: string[] = [];
      for (const who of row.may as readonly Who[]) {
        if (who === 'root') continue;
        const hidden = await call(await session(who), name, row, row.other?.(things)), absent = await call(await session(who), name, row, name.includes('events') ? things.otherEvent.replace(/.$/, 'f') : 'absent-id');
        if (hidden.status !== 404 || absent.status !== 404 || JSON.stringify(hidden.body) !== JSON.stringify(absent.body)) found.push(`${who}: ${hidden.status} ${JSON.stringify(hidden.body)} and ${absent.status} ${JSON.stringify(absent.body)}`);
      }
      expect(found).toEqual([]);
    });
  }
}

test('who was refused changed nothing: the trail names no work of theirs beyond what their rows allow', async () => {
  const did = async (by: string): Promise<readonly string[]> => [...new Set((await console_.store.audit.list({ by }, { limit: 500 })).items.map(({ action }) => action))].filter((action) => !/^session\./.test(action)).sort();
  expect(await did('manager')).toEqual(['report.download']);
  expect(await did('elsewhere')).toEqual(['event.search']);
  expect(await did('new')).toEqual([]);
  expect((await did('analyst')).filter((action) => !/^(event|incident)\./.test(action))).toEqual([]);
  expect((await did('admin')).filter((action) => /^(event|incident)\./.test(action))).toEqual([]);
});
