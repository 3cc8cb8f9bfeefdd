// What people do in the console: triage, search, tune rules, keep users and systems; and the news that reach their screens.
import { addEvents, addIncident, addUser, openConsole, PASSWORD, system, type Client, type TestConsole } from './console.test-helper.js';

let console_: TestConsole, analyst: Client, root: Client, admin: Client;
beforeAll(async () => {
  console_ = await openConsole();
  [analyst, root, admin] = await Promise.all([console_.as('analyst'), console_.as('root'), console_.as('admin')]);
});
afterAll(() => console_.stop());
const details = async (action: string): Promise<readonly unknown[]> => (await root.get(`/api/audit?action=${action}`)).body.items;

test('an incident is taken, noted, closed and opened again; two who are as fast conflict', async () => {
  const { id } = await addIncident(console_.store, { tier: 2, system: 'WEB', severity: 'critical', ip: '203.0.113.20' });
  const change = (version: number, change: unknown): ReturnType<Client['call']> => analyst.call('POST', `/api/incidents/${id}/changes`, { version, change });
  const first = (await analyst.get(`/api/incidents/${id}`)).body;
  expect(first).toMatchObject({ status: 'new', due: { kind: 'acknowledge', limitMinutes: 60, cite: expect.stringContaining('1 giờ') }, systemName: 'System WEB', alertCount: 1, eventCount: 1, entities: [{ kind: 'ip', value: '203.0.113.20' }] });
  expect(first.alerts[0].events[0]).toMatchObject({ original: 'SECRET-LINE of 203.0.113.20', atoms: [{ field: 'message', start: 0, end: 11 }] });
  expect(first.alerts[0].rule).toMatchObject({ id: 'rule-a', description: 'Many failures' });
  expect(first.legalClocks.map(({ id: clock, due }: { id: string; due: string }) => [clock, Date.parse(due) - Date.parse(first.created)])).toEqual([['h24', 86_400_000], ['h72', 259_200_000]]);

  const taken = await change(first.version, { kind: 'assigned', assignee: 'analyst' });
  expect([taken.status, taken.body.status, taken.body.due.kind]).toEqual([200, 'assigned', 'triage']);
  const late = await change(first.version, { kind: 'noted', text: 'too late' });
  expect([late.status, late.body.detail]).toEqual([409, String(first.version + 1)]);
  const noted = await change(first.version + 1, { kind: 'noted', text: '<script>alert(1)</script>' });
  expect(noted.body.due.kind).toBe('contain');
  expect((await change(first.version + 2, { kind: 'closed', verdict: 'maybe' })).status).toBe(400);
  const closed = await change(first.version + 2, { kind: 'closed', verdict: 'true_positive', text: 'thật' });
  expect(closed.body).toMatchObject({ status: 'closed', verdict: 'true_positive', due: null });
  expect((await change(first.version + 3, { kind: 'closed', verdict: 'true_positive' })).body).toMatchObject({ status: 400, problems: [{ field: 'status' }] });
  expect((await change(first.version + 3, { kind: 'reopened' })).body).toMatchObject({ status: 'assigned', verdict: null });
  expect((await analyst.get(`/api/incidents/${id}`)).body.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(['alerted', 'assigned', 'noted', 'closed', 'reopened']);
  expect((await details('incident.closed'))[0]).toMatchObject({ by: 'analyst', object: first.number, details: { verdict: 'true_positive', tier: 2 }, address: expect.stringContaining('127.0.0.1') });
});

test('of two changes to the same version exactly one is kept', async () => {
  const { id, version } = await addIncident(console_.store, { tier: 2, system: 'WEB' });
  const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => analyst.call('POST', `/api/incidents/${id}/changes`, { version, change: { kind: 'noted', text: `note ${i}` } })));
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
});

test('an incident goes only to somebody who may see it', async () => {
  const { id, version } = await addIncident(console_.store, { tier: 3, system: 'WEB' });
  await addUser(console_.store, 'small', ['analyst'], [1]);
  for (const assignee of ['small', 'manager', 'admin', 'nobody']) expect((await analyst.call('POST', `/api/incidents/${id}/changes`, { version, change: { kind: 'assigned', assignee } })).body).toMatchObject({ status: 400, problems: [{ field: 'assignee' }] });
  expect((await analyst.call('POST', `/api/incidents/${id}/changes`, { version, change: { kind: 'assigned', assignee: 'analyst4' } })).status).toBe(200);
  expect((await analyst.get('/api/assignees')).body.items.map(({ username }: { username: string }) => username)).toEqual(expect.arrayContaining(['analyst', 'analyst4', 'root', 'small']));
});

test('the queue is filtered, sorted and paged, with exact totals', async () => {
  const own = await openConsole();
  try {
    const who = await own.as('analyst'), now = Date.now();
    for (let i = 0; i < 12; i++) await addIncident(own.store, { tier: i % 3 === 0 ? 2 : 3, system: 'WEB', created: now - i * 60_000, severity: i % 2 === 0 ? 'high' : 'medium', ip: `198.51.100.${i}`, rule: i < 6 ? 'rule-a' : 'rule-b' });
    const get = async (query: string): Promise<{ total: number; next: string | null; items: { id: string; severity: string; tier: number; title: string }[] }> => (await who.get(`/api/incidents?${query}`)).body;
    expect((await get('')).total).toBe(12);
    expect((await get('tier=2')).total).toBe(4);
    expect((await get('tier=4,5')).total).toBe(0);
    expect((await get('severity=high&tier=3')).total).toBe(4);
    expect((await get('rule=rule-b&status=new,assigned')).total).toBe(6);
    expect((await get('assignee=me')).total).toBe(0);
    expect((await get('assignee=none')).total).toBe(12);
    expect((await get('q=198.51.100.7')).items.map(({ title }) => title)).toEqual(['Failed logins from 198.51.100.7']);
    expect((await get('sort=newest&limit=1')).items[0]?.title).toBe('Failed logins from 198.51.100.0');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await get(`limit=5${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      expect(page.total).toBe(12);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([12, 12]);
    const histogram = (await who.get(`/api/incidents/histogram?from=${new Date(now - 3_600_000).toISOString()}&to=${new Date(now + 1000).toISOString()}`)).body;
    expect(histogram.buckets.reduce((sum: number, { counts }: { counts: Record<string, number> }) => sum + (counts['high'] ?? 0) + (counts['medium'] ?? 0), 0)).toBe(12);
    const overview = (await who.get('/api/overview')).body;
    expect(overview.tiers.map(({ tier, open, unassigned }: { tier: number; open: number; unassigned: number }) => [tier, open, unassigned])).toEqual([[3, 8, 8], [2, 4, 4], [1, 0, 0]]);
    expect(overview.unassigned).toHaveLength(5);
    expect(overview.tiers[0].nextDue).toMatch(/^20/);
  } finally { await own.stop(); }
});

test('how alike incidents were closed is counted from what the asker may see', async () => {
  const own = await openConsole();
  try {
    const closed = { kind: 'closed', verdict: 'true_positive' } as const, benign = { kind: 'closed', verdict: 'benign_expected' } as const;
    await addIncident(own.store, { tier: 2, system: 'WEB', ip: '198.51.100.1', rule: 'rule-x', changes: [closed] });
    await addIncident(own.store, { tier: 4, system: 'DVC', ip: '198.51.100.1', rule: 'rule-x', changes: [closed] });
    const now = await addIncident(own.store, { tier: 2, system: 'WEB', ip: '198.51.100.1', rule: 'rule-y' });
    const ofAnalyst = await own.as('analyst'), ofRoot = await own.as('root');
    expect((await ofAnalyst.get(`/api/incidents/${now.id}`)).body).toMatchObject({ precedent: { total: 1, truePositive: 1, benign: 0, falsePositive: 0 }, similar: [{ system: 'WEB' }] });
    expect((await ofRoot.get(`/api/incidents/${now.id}`)).body.precedent.total).toBe(2);
    // Closed later, by the detector's rules or a colleague: the next reader is told.
    await addIncident(own.store, { tier: 3, system: 'WEB', ip: '198.51.100.99', rule: 'rule-y', changes: [benign] });
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    expect((await ofAnalyst.get(`/api/incidents?q=${now.number}`)).body.items[0].precedent).toEqual({ total: 2, truePositive: 1, benign: 1, falsePositive: 0 });
  } finally { await own.stop(); }
});

test('what is counted in memory follows the store: changes, and the demo that goes', async () => {
  const own = await openConsole();
  try {
    await own.store.systems.put(system('DEMO', 3, { demo: true }), 0);
    const who = await own.as('root'), figures = async (tier: number): Promise<{ opened: number; closed: number; open: number } | undefined> => (await who.get('/api/compliance')).body.perTier.find((one: { tier: number }) => one.tier === tier)?.incidents;
    const late = await addIncident(own.store, { tier: 2, system: 'WEB', severity: 'critical', created: Date.now() - 61 * 60_000 });
    await addIncident(own.store, { tier: 3, system: 'DEMO' });
    expect([await figures(2), await figures(3)]).toMatchObject([{ opened: 1, open: 1 }, { opened: 1, open: 1 }]);
    const overdue = async (): Promise<number> => (await who.get('/api/overview')).body.tiers.find(({ tier }: { tier: number }) => tier === 2).overdue;
    expect(await overdue()).toBe(1);
    await who.call('POST', `/api/incidents/${late.id}/changes`, { version: late.version, change: { kind: 'closed', verdict: 'undetermined' } });
    expect([await overdue(), await figures(2)]).toMatchObject([0, { opened: 1, closed: 1, open: 0 }]);
    await own.store.removeDemo();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    expect(await figures(3)).toBeUndefined();
  } finally { await own.stop(); }
});

test('events are searched within the tiers, and who searched for what is kept', async () => {
  const ids = await addEvents(console_.store, { tier: 2, system: 'WEB', lines: ['Failed password for an', 'Đăng nhập thất bại'] });
  await addEvents(console_.store, { tier: 4, system: 'DVC', lines: ['Failed password for secret'] });
  const found = (await analyst.get('/api/events?query=failed')).body;
  expect([found.total, found.items[0].message]).toEqual([1, 'Failed password for an']);
  expect((await root.get('/api/events?query=failed')).body.total).toBe(2);
  expect((await analyst.get(`/api/events/${ids[1] as string}`)).body['event.original']).toBe('Đăng nhập thất bại');
  expect((await analyst.get('/api/events/facets?field=haidang.system')).body).toEqual({ field: 'haidang.system', items: [{ value: 'WEB', count: 2 }] });
  const histogram = (await analyst.get('/api/events/histogram?query=failed')).body;
  expect(histogram.buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(1);
  expect((await details('event.search'))).toEqual(expect.arrayContaining([expect.objectContaining({ by: 'analyst', details: expect.objectContaining({ query: 'failed' }) })]));
  await analyst.get('/api/events?query=once');
  await analyst.get('/api/events?query=once');
  expect((await details('event.search')).filter((entry) => JSON.stringify(entry).includes('once'))).toHaveLength(1);
  // A manager of fewer tiers reads that somebody searched, not for what.
  const manager = await console_.as('manager'), entries = (await manager.get('/api/audit?by=root&action=event.search')).body.items;
  expect([entries.length > 0, JSON.stringify(entries).includes('failed')]).toEqual([true, false]);
});

test('a search that is not understood is answered with the place of the mistake', async () => {
  const { status, body } = await analyst.get(`/api/events?query=${encodeURIComponent('user.name:an AND (failed')}`);
  expect([status, body.type, body.problems.length > 0]).toEqual([400, 'urn:haidang:problem:query', true]);
  expect(body.problems[0]).toEqual({ code: expect.any(String), message: expect.any(String), line: 1, column: expect.any(Number) });
  expect((await analyst.get(`/api/events?query=${encodeURIComponent('haidang.system:WEB AND NOT message:failed')}`)).body.total).toBe(1);
  expect((await analyst.get('/api/events?query=dang%20nhap')).body.total).toBe(1);
  expect((await analyst.get('/api/events?from=2030-01-01T00:00:00Z')).body.total).toBe(0);
});

test('a source is told with what is under way, and when it is silent', async () => {
  const own = await openConsole();
  try {
    await addEvents(own.store, { tier: 2, system: 'WEB', lines: ['a', 'b', 'c'] });
    const who = await own.as('analyst'), one = async () => (await who.get('/api/sources')).body.items[0];  
    expect(await one()).toMatchObject({ name: 'WEB/192.0.2.9', received: 3, stored: 3, evaluated: 3, lost: 0, silent: false, silenceLimitMinutes: 60 });
    own.live = [{ system: 'WEB', sender: '192.0.2.9', tier: 2, received: 5, lastSeen: own.clock.now() }, { system: 'DVC', sender: '192.0.2.10', tier: 4, received: 9 }];
    expect(await one()).toMatchObject({ received: 5, stored: 3 });
    expect((await who.get('/api/sources')).body.total).toBe(1);
    own.clock.offset += 61 * 60_000;
    expect((await one()).silent).toBe(true);
    expect((await who.get('/api/overview')).body.silentSources).toHaveLength(1);
  } finally { await own.stop(); }
});

test('a correlation that had to give up hits says so, in the language of who asks', async () => {
  const own = await openConsole();
  try {
    own.catalog.list = own.catalog.list.map((rule) => (rule.id === 'rule-a' ? { ...rule, hitsDropped: 1234 } : rule));
    const who = await own.as('admin');
    expect((await who.get('/api/rules/rule-a')).body).toMatchObject({ state: 'alive', hitsDropped: 1234, reason: expect.stringContaining('gave up 1,234 hits') });
    await who.call('PATCH', '/api/session', { language: 'vi' });
    expect((await who.get('/api/rules/rule-a')).body.reason).toContain('đã bỏ 1.234 lượt khớp');
    expect((await who.get('/api/rules/rule-b')).body).not.toHaveProperty('hitsDropped');
  } finally { await own.stop(); }
});

test('a rule is tuned: stored, audited, put in force; a stale version conflicts', async () => {
  const patch = (body: unknown): ReturnType<Client['call']> => admin.call('PATCH', '/api/rules/rule-a', body), expires = new Date(Date.now() + 30 * 86_400_000).toISOString();
  expect((await analyst.get('/api/rules/rule-a')).body).toMatchObject({ version: 0, enabled: true, threshold: 10, defaultThreshold: 10, state: 'alive', inForce: { ruleSet: 7, streams: 2, of: 2 }, text: 'title: Failed logins\n' });
  expect((await patch({ version: 0, threshold: 25, exceptions: { add: { field: 'source.ip', value: '192.0.2.50', reason: 'máy quét của Sở', expires } } })).body).toMatchObject({ version: 1, threshold: 25, exceptions: 1, exceptionList: [{ field: 'source.ip', owner: 'admin', expired: false, expires }] });
  expect((await patch({ version: 0, enabled: false })).body).toMatchObject({ status: 409, detail: '1' });
  const off = (await patch({ version: 1, enabled: false, threshold: null })).body;
  expect(off).toMatchObject({ version: 2, enabled: false, state: 'disabled', threshold: 10 });
  expect((await patch({ version: 2, enabled: true, exceptions: { remove: off.exceptionList[0].id } })).body).toMatchObject({ version: 3, enabled: true, exceptions: 0 });
  expect(console_.catalog.redeployed).toEqual(['admin', 'admin', 'admin']);
  for (const action of ['rule.threshold', 'rule.exception.add', 'rule.disable', 'rule.enable', 'rule.exception.remove']) expect([action, (await details(action)).length]).toEqual([action, action === 'rule.threshold' ? 2 : 1]);
  for (const exception of [{ expires: new Date(Date.now() - 1000).toISOString() }, { expires: new Date(Date.now() + 400 * 86_400_000).toISOString() }, { expires: 'soon' }, { reason: '' }, { field: 'a b' }]) {
    expect((await patch({ version: 3, exceptions: { add: { field: 'source.ip', value: 'x', reason: 'đủ dài', expires, ...exception } } })).status).toBe(400);
  }
  expect((await admin.call('PATCH', '/api/rules/rule-b', { version: 0, threshold: 3 })).body.problems[0].field).toBe('threshold');
  expect((await analyst.get('/api/rules?q=that%20bai')).body.items.map(({ id }: { id: string }) => id)).toEqual(['rule-a']);
  expect((await analyst.get('/api/rules/problems')).body.items).toEqual([{ file: 'bad.yml', code: 'sigma.yaml', line: 3, column: 1, message: 'expected a mapping, got a list' }]);
});

test('values for placeholders are set by an administrator: stored, audited, put in force; a stale version conflicts, an unknown name is not there', async () => {
  const own = await openConsole();
  try {
    const [boss, reader] = [await own.as('admin'), await own.as('analyst')], put = (who: Client, name: string, body: unknown): ReturnType<Client['call']> => who.call('PUT', `/api/placeholders/${name}`, body);
    const item = { name: 'admins', from: 'none', values: [], rules: [{ id: 'rule-b', title: 'Web shell' }] };
    expect((await reader.get('/api/placeholders')).body).toEqual({ version: 0, items: [item] });
    expect((await put(reader, 'admins', { version: 0, values: ['x'] })).status).toBe(403);
    expect((await put(boss, 'admins', { version: 0, values: ['quản trị', 'adm_*', 'adm_*'] })).body).toEqual({ version: 1, items: [{ ...item, from: 'site', values: ['quản trị', 'adm_*'], by: 'admin', at: expect.any(String) }] });
    expect((await put(boss, 'admins', { version: 0, values: [] })).body).toMatchObject({ status: 409, detail: '1' });
    expect((await put(boss, 'others', { version: 1, values: ['x'] })).status).toBe(404);
    for (const body of [{ version: 1, values: [''] }, { version: 1, values: 'x' }, { version: 1, values: Array(2001).fill('x') }, { values: [] }]) expect((await put(boss, 'admins', body)).status).toBe(400);
    const both = await Promise.all([put(boss, 'admins', { version: 1, values: ['a'] }), put(boss, 'admins', { version: 1, values: ['b'] })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await put(boss, 'admins', { version: 2, values: [] })).body).toEqual({ version: 3, items: [item] });
    expect(own.catalog.redeployed).toEqual(['admin', 'admin', 'admin']);
    expect((await (await own.as('root')).get('/api/audit?action=rule.placeholder')).body.items.map(({ object, details }: { object: string; details: unknown }) => [object, details]).at(-1)).toEqual(['admins', expect.objectContaining({ before: [], after: ['quản trị', 'adm_*', 'adm_*'] })]);
  } finally { await own.stop(); }
});

test('an administrator gives no more than he has, widens no rights of his own, and is not the last to go', async () => {
  const add = (who: Client, body: object): ReturnType<Client['call']> => who.call('POST', '/api/users', { username: 'mai', roles: ['analyst'], tiers: [1, 2], password: PASSWORD, ...body });
  expect((await add(admin, { tiers: [4] })).status).toBe(403);
  expect((await add(admin, { password: 'ngắn' })).status).toBe(400);
  expect((await add(admin, { username: '../x' })).status).toBe(400);
  expect((await add(admin, { roles: ['root'] })).status).toBe(400);
  expect((await add(admin, { passwordHash: 'x' })).status).toBe(400);
  const added = await add(admin, {});
  expect([added.status, added.body]).toEqual([201, { username: 'mai', version: 1, name: 'mai', roles: ['analyst'], tiers: [1, 2], disabled: false, readsLogs: false, mustChangePassword: true, lastLogin: null }]);
  expect((await add(admin, {})).status).toBe(409);
  const version = async (id: string): Promise<number | undefined> => (await console_.store.users.get(id))?.version;
  expect((await admin.call('PATCH', '/api/users/admin', { version: await version('admin'), readsLogs: true })).status).toBe(403);
  expect((await admin.call('PATCH', '/api/users/admin', { version: await version('admin'), roles: ['admin', 'analyst'] })).status).toBe(403);
  expect((await admin.call('PATCH', '/api/users/root', { version: await version('root'), password: 'của tôi bây giờ' })).status).toBe(404);
  expect((await root.call('PATCH', '/api/users/root', { version: await version('root'), readsLogs: false })).status).toBe(200);
  expect((await root.get('/api/events')).status).toBe(403);
  expect((await root.call('PATCH', '/api/users/root', { version: await version('root'), readsLogs: true })).status).toBe(403);
  expect((await admin.call('DELETE', '/api/users/admin')).status).toBe(403);
  expect((await root.call('DELETE', '/api/users/admin')).status).toBe(204);
  expect((await admin.get('/api/session')).status).toBe(401);
  expect((await root.call('PATCH', '/api/users/root', { version: await version('root'), disabled: true })).body.problems[0].field).toBe('roles');
  expect((await root.get('/api/users')).body.items.map(({ username }: { username: string }) => username)).toEqual(expect.arrayContaining(['mai', 'root']));
  expect(JSON.stringify((await root.get('/api/users')).body)).not.toContain('argon2');
});

test('a system is changed as a whole by the version seen; a raised level hides what was there from who has less', async () => {
  const own = await openConsole();
  try {
    const boss = await own.as('root'), who = await own.as('analyst');
    await addEvents(own.store, { tier: 2, system: 'WEB', lines: ['before'] });
    const incident = await addIncident(own.store, { tier: 2, system: 'WEB' });
    expect((await who.get('/api/events')).body.total).toBe(1);
    const body = { ...(await boss.get('/api/systems')).body.items.find(({ id }: { id: string }) => id === 'WEB'), tier: 4 };
    const kept = await boss.call('PUT', '/api/systems/WEB', body);
    expect([kept.status, kept.body]).toEqual([200, expect.objectContaining({ tier: 4, version: 2, openIncidents: 1, unit: 'UBND' })]);
    expect((await boss.call('PUT', '/api/systems/WEB', body)).status).toBe(409);
    expect((await who.get('/api/events')).body.total).toBe(0);
    expect((await who.get(`/api/incidents/${incident.id}`)).status).toBe(404);
    expect((await who.get('/api/incidents')).body.total).toBe(0);
    for (const wrong of [{ match: [{ address: '10.0.0.1/8' }] }, { timezone: 'Mars' }, { tier: 6 }, { dossier: { stage: 'approved', criterion: 'x', owner: 'x', operator: 'x', plan: [] } }]) expect((await boss.call('PUT', '/api/systems/NEW', { version: 0, name: 'Mới', tier: 2, unit: 'x', match: [], ...wrong })).status).toBe(400);
    expect((await boss.call('PUT', '/api/systems/NEW', { version: 0, name: 'Mới', tier: 2, unit: 'x', match: [{ address: '192.0.2.77' }] })).body).toMatchObject({ id: 'NEW', version: 1 });
    expect((await boss.get('/api/audit?action=system.change')).body.items[0]).toMatchObject({ object: 'WEB', details: { tierBefore: 2, tier: 4 } });
  } finally { await own.stop(); }
});

test('who is limited to units sees their systems only', async () => {
  const own = await openConsole();
  try {
    await own.store.systems.put(system('SYT', 2, { unit: 'Sở Y tế' }), 0);
    await addUser(own.store, 'y-te', ['analyst'], [1, 2, 3], { units: ['Sở Y tế'] });
    await addIncident(own.store, { tier: 2, system: 'WEB' });
    const mine = await addIncident(own.store, { tier: 2, system: 'SYT' });
    await addEvents(own.store, { tier: 3, system: 'unassigned', lines: ['nobody knows'] });
    const who = await own.as('y-te');
    expect((await who.get('/api/incidents')).body.items.map(({ id }: { id: string }) => id)).toEqual([mine.id]);
    expect((await who.get('/api/systems')).body.items.map(({ id }: { id: string }) => id)).toEqual(['SYT']);
    expect((await who.get('/api/events')).body.total).toBe(0);
  } finally { await own.stop(); }
});

async function listen(client: Client): Promise<{ readonly read: string[]; readonly ended: Promise<void>; stop(): void }> {
  const controller = new AbortController(), read: string[] = [];
  const response = await fetch(`${client.url}/api/live`, { headers: { Cookie: client.cookie }, signal: controller.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const ended = (async () => { for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) read.push(new TextDecoder().decode(chunk)); })().catch(() => undefined);
  return { read, ended, stop: () => controller.abort() };
}
const soon = (ms = 600): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

test('news reach who may see them, within a second; the others are told nothing at all', async () => {
  const own = await openConsole();
  try {
    const low = await listen(await own.as('analyst')), high = await listen(await own.as('root'));
    const seen = await addIncident(own.store, { tier: 2, system: 'WEB' });
    await soon();
    const hidden = await addIncident(own.store, { tier: 4, system: 'DVC' });
    await soon();
    expect(low.read.join('')).toContain(`event: incidents\ndata: {"ids":["${seen.id}"],"opened":["${seen.id}"]`);
    expect(high.read.join('')).toContain(hidden.id);
    expect(low.read.join('')).not.toContain(hidden.id);
    expect(low.read.join('').match(/event: incidents/g)).toHaveLength(1);
    low.stop();
    high.stop();
  } finally { await own.stop(); }
});

test('a stream ends with its session: at sign-out, and when the user is disabled', async () => {
  const own = await openConsole();
  try {
    const who = await own.as('analyst'), boss = await own.as('root'), first = await listen(who);
    await who.call('DELETE', '/api/session');
    await first.ended;
    const second = await listen(await own.as('analyst'));
    expect((await boss.call('PATCH', '/api/users/analyst', { version: (await own.store.users.get('analyst'))?.version, disabled: true })).status).toBe(200);
    await second.ended;
  } finally { await own.stop(); }
});
