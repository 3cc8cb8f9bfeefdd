import type { ReadingTrial, SourceReading } from '../api.js';
import { addEvents, openConsole, type Client, type TestConsole } from './console.test-helper.js';

let console_: TestConsole, root: Client, admin: Client, analyst: Client;
beforeAll(async () => {
  console_ = await openConsole();
  const { store } = console_, vietnamese = Buffer.concat([Buffer.from('<13>Nov 22 13:40:03 ke-toan app: x'), Buffer.from([0xe3]), Buffer.from('n b'), Buffer.from([0xe3]), Buffer.from('n')]);
  const time = Date.UTC(2026, 10, 22, 6, 40, 5);
  await addEvents(store, { tier: 2, system: 'WEB', time, lines: ['<13>Nov 22 13:40:03 ke-toan app: x\ufffdn b\ufffdn'], fields: { 'event.original_b64': vietnamese.toString('base64') } });
  await addEvents(store, { tier: 2, system: 'WEB', time: time + 1000, lines: ['<13>Nov 22 13:40:04 ke-toan app: second'] });
  await addEvents(store, { tier: 2, system: 'WEB', time: time + 2000, lines: ['behind the same address, another sender'], fields: { 'haidang.sender': 'other-host' } });
  await addEvents(store, { tier: 4, system: 'DVC', time, lines: ['SECRET-LINE of tier four'] });
  await addEvents(store, { tier: 3, system: 'unassigned', time, lines: ['nobody lists me'] });
  [root, admin, analyst] = [await console_.as('root'), await console_.as('admin'), await console_.as('analyst')];
});
afterAll(() => console_.stop());
const reading = async (client: Client, source = 'WEB/192.0.2.9'): Promise<SourceReading> => (await client.get(`/api/sources/reading?source=${encodeURIComponent(source)}`)).body as SourceReading;

test('latest lines are shown as they would read, newest first, and nothing is kept', async () => {
  const ask = async (encoding: string, timezone: string): Promise<ReadingTrial['rows']> => ((await analyst.call('POST', '/api/sources/reading/try', { source: 'WEB/192.0.2.9', encoding, timezone })).body as ReadingTrial).rows;
  expect((await ask('windows-1258', 'UTC')).map(({ text, time, invalid }) => [text.slice(33), time, invalid])).toEqual([['second', '2026-11-22T13:40:04.000Z', false], ['xăn băn', '2026-11-22T13:40:03.000Z', false]]);
  expect((await ask('utf-8', 'Asia/Ho_Chi_Minh')).map(({ time, invalid, received }) => [time, invalid, received])).toEqual([['2026-11-22T06:40:04.000Z', false, '2026-11-22T06:40:06.000Z'], ['2026-11-22T06:40:03.000Z', true, '2026-11-22T06:40:05.000Z']]);
  expect(await reading(analyst)).toMatchObject({ own: { encoding: null, timezone: null }, otherwise: { encoding: 'utf-8', timezone: 'Asia/Ho_Chi_Minh' }, system: 'WEB', sender: '192.0.2.9' });
  expect((await root.call('POST', '/api/sources/reading/try', { source: 'WEB/192.0.2.9', encoding: 'klingon', timezone: 'UTC' })).status).toBe(400);
  expect((await console_.store.audit.list({ by: 'analyst' }, { limit: 5 })).items[0]).toMatchObject({ action: 'event.search', details: { reading: 'WEB/192.0.2.9' } });
});

test('it is kept for the sender, from the version seen, in the registry that collectors take, and written into the trail; a change of the system leaves it', async () => {
  const put = (version: number | null, part: object, source = 'WEB/192.0.2.9'): ReturnType<Client['call']> => admin.call('PUT', '/api/sources/reading', { source, version, encoding: null, timezone: null, ...part });
  const { version } = await reading(admin), before = (await console_.store.systems.registry()).version;
  expect(await put(version, { encoding: 'windows-1258', timezone: 'UTC' })).toMatchObject({ status: 200, body: { version: (version ?? 0) + 1, own: { encoding: 'windows-1258', timezone: 'UTC' } } });
  const { version: after, systems } = await console_.store.systems.registry();
  expect([after > before, systems.find(({ id }) => id === 'WEB')?.senders]).toEqual([true, [{ sender: '192.0.2.9', encoding: 'windows-1258', timezone: 'UTC' }]]);
  expect((await console_.store.audit.list({ by: 'admin' }, { limit: 1 })).items[0]).toMatchObject({ action: 'system.reading', object: 'WEB/192.0.2.9', details: { encoding: 'windows-1258', timezone: 'UTC', before: { encoding: null, timezone: null } } });
  expect((await put(version, {})).status).toBe(409);
  const web = (await admin.get('/api/systems')).body.items.find(({ id }: { id: string }) => id === 'WEB');
  expect(await admin.call('PUT', '/api/systems/WEB', { version: web.version, name: web.name, tier: 2, unit: web.unit, match: web.match, encoding: 'gb18030' })).toMatchObject({ status: 200, body: { senders: [{ sender: '192.0.2.9' }] } });
  expect(await reading(admin)).toMatchObject({ own: { encoding: 'windows-1258' }, otherwise: { encoding: 'gb18030' } });
  expect(await put(web.version + 1, {})).toMatchObject({ status: 200, body: { own: { encoding: null, timezone: null } } });
  expect((await console_.store.systems.get('WEB'))?.senders).toBeUndefined();
});

test('a sender that no system lists cannot be set, and is told why; what one may not see is not there', async () => {
  const { version } = await reading(admin, 'unassigned/192.0.2.9');
  expect(version).toBeNull();
  const named = async (client: Client, language: string): Promise<unknown> => { await client.call('PATCH', '/api/session', { language }); return (await reading(client, 'unassigned/192.0.2.9')).systemName; };
  expect([await named(admin, 'en'), await named(admin, 'vi')]).toEqual(['No system yet', 'Chưa khai hệ thống']);
  expect((await admin.call('PUT', '/api/sources/reading', { source: 'unassigned/192.0.2.9', version: 1, encoding: 'big5', timezone: null })).body.problems[0]).toMatchObject({ code: 'reading.unassigned' });
  for (const source of ['DVC/192.0.2.9', 'WEB/192.0.2.77', '']) {
    expect((await analyst.get(`/api/sources/reading?source=${source}`)).status).toBe(404);
    expect((await analyst.call('POST', '/api/sources/reading/try', { source, encoding: 'utf-8', timezone: 'UTC' })).status).toBe(404);
    expect((await admin.call('PUT', '/api/sources/reading', { source, version: 1, encoding: null, timezone: null })).status).toBe(404);
  }
});
