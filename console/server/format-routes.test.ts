import type { EventTemplates, FormatList, FormatTrial } from '../api.js';
import { addEvents, openConsole, type TestConsole } from './console.test-helper.js';

let console_: TestConsole;
beforeAll(async () => { console_ = await openConsole(); });
afterAll(() => console_.stop());

test('the commonest templates of events that no format knows, of what the asker may see', async () => {
  const { store } = console_;
  await addEvents(store, { tier: 2, system: 'WEB', lines: ['door 3 opened by an', 'door 17 opened by binh', 'silence'], fields: { tags: 'unparsed' } });
  await addEvents(store, { tier: 4, system: 'DVC', lines: ['door 9 of tier four'], fields: { tags: 'unparsed' } });
  const { items, read, total } = (await (await console_.as('analyst')).get('/api/events/templates?query=haidang.system:WEB')).body as unknown as EventTemplates;
  expect([read, total, items.map(({ text, count }) => [text, count])]).toEqual([3, 3, [['door <number> opened by <*>', 2], ['silence', 1]]]);
});

test('a description is tried on lines: what is read, by what, and what is wrong with its place; nothing is kept', async () => {
  const admin = await console_.as('admin'), text = "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\ntests: [{ line: 'GATE|an', expect: { user.name: binh } }]\n";
  const trial = (await admin.call('POST', '/api/formats/try', { text, lines: ['GATE|an', 'other'] })).body as unknown as FormatTrial;
  expect(trial.problems).toMatchObject([{ code: 'format.test', line: 5, message: 'expected user.name "binh", got "an"' }]);
  expect(trial.rows.map(({ format, why, event }) => [format, why, event['user.name']])).toEqual([['acme.gate', 'a description of yours takes it', 'an'], [null, 'no program and no look that a format knows', undefined]]);
  expect(((await admin.call('POST', '/api/formats/try', { text: 'format: Acme', lines: ['GATE|an'] })).body as unknown as FormatTrial).problems[0]).toMatchObject({ line: 1, column: 9 });
});

test('a description is kept only whole: with its tests holding, under its own name, from the version seen', async () => {
  const admin = await console_.as('admin'), put = (name: string, version: number, text: string): ReturnType<typeof admin.call> => admin.call('PUT', `/api/formats/${name}`, { version, text });
  const good = "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\ntests: [{ line: 'GATE|an', expect: { user.name: an } }]\n";
  const { version } = (await admin.get('/api/formats')).body as unknown as FormatList;
  for (const [name, text] of [['acme.gate', good.replace('name: an }', 'name: binh }')], ['acme.door', good], ['acme.gate', 'format: Acme']] as const) expect((await put(name, version, text)).status).toBe(400);
  const kept = (await put('acme.gate', version, good)).body as unknown as FormatList;
  expect([kept.version, kept.items.map(({ name, text }) => [name, text])]).toEqual([version + 1, [['acme.gate', good]]]);
  expect((await put('acme.gate', version, good)).status).toBe(409);
  expect(((await put('acme.gate', version + 1, '')).body as unknown as FormatList).items).toEqual([]);
});
