import { randomUUID } from 'node:crypto';
import { NOTHING, type Loss, type RunAccount, type SourceMinute } from '../../core/account/account.js';
import { aRun, commitOf } from '../../core/store/samples.js';
import type { AccountItem, BalanceItem, Strips } from '../api.js';
import { addUser, openConsole, type TestConsole } from './console.test-helper.js';

const MINUTE = 60_000;
let console_: TestConsole, start: number;
beforeEach(async () => { console_ = await openConsole(); start = Math.floor(console_.clock.now() / MINUTE) * MINUTE - 3 * 60 * MINUTE; });
afterEach(() => console_.stop());

const minute = (at: number, n: number, part: Partial<SourceMinute> = {}): SourceMinute => ({ ...NOTHING, minute: start + at * MINUTE, system: 'WEB', sender: '192.0.2.9', tier: 2, received: n, parsed: n, stored: n, evaluated: n, losses: [], ...part });
const loss = (part: Partial<Loss>): Loss => ({ cause: 'overrun', name: 'syslog-udp', count: 5, frames: 0, bytes: 50, from: start, to: start + 10, ...part });
/** Commits what these minutes say, of one tier. */
async function commit(account: RunAccount, tier = 2): Promise<void> {
  const n = account.minutes.reduce((sum, { received, own }) => sum + received + own, 0), { run } = aRun({ collector: randomUUID(), epoch: 1, tier }, 1, Array.from({ length: n }, () => ({ message: 'x', 'haidang.tier': tier })));
  const sources = account.minutes.filter(({ received }) => received > 0).map(({ system, sender, received, unparsed, minute: at }) => ({ system, sender, tier, count: received, lost: 0, unparsed, lastReceived: at }));
  await console_.store.commit(commitOf({ ...run, receivedFrom: account.minutes[0]?.minute ?? start, receivedTo: start, sources, account }));
}

test('the account is told by source and minute, paged; the balance names each gap, its owner and its numbers', async () => {
  await commit({
    minutes: [minute(0, 10, { parsed: 9, unparsed: 1 }), minute(1, 10, { evaluated: 9 }), minute(2, 4, { losses: [loss({})] }), { ...minute(2, 0), system: '', sender: 'syslog-udp', own: 1, losses: [loss({ cause: 'kernel_drop', count: 7 })] }],
    numbers: [{ system: 'WEB', sender: '192.0.2.9', tier: 2, name: 'syslog web-01', runs: [start, 1, 10, start + MINUTE, 11, 10, start + 2 * MINUTE, 33, 4] }],
  });
  await commit({ minutes: [minute(1, 3, { system: 'DVC', tier: 4 })], numbers: [] }, 4);
  const analyst = await console_.as('analyst'), rows: AccountItem[] = [];
  for (let next: string | null = ''; next !== null;) {
    const { body } = await analyst.get(`/api/sources/account?limit=2${next === '' ? '' : `&cursor=${encodeURIComponent(next)}`}`);
    expect(body.total).toBe(4);
    rows.push(...body.items);
    next = body.next;
  }
  expect(rows.map(({ start: at, minutes, name, received, evaluated, gaps }) => [(Date.parse(at) - start) / MINUTE, minutes, name, received, evaluated, gaps.map(({ cause, count, owner }) => `${cause} ${count} ${owner}`)])).toEqual([
    [0, 1, 'WEB/192.0.2.9', 10, 10, []], [1, 1, 'WEB/192.0.2.9', 10, 9, ['not_evaluated 1 platform']], [2, 1, 'listener/syslog-udp', 0, 0, ['kernel_drop 7 platform']],
    [2, 1, 'WEB/192.0.2.9', 4, 4, ['sequence_gap 7 path', 'overrun 5 platform']],
  ]);
  console_.live = [{ system: 'WEB', sender: '192.0.2.9', tier: 2, received: 26 }];
  const { body } = await analyst.get('/api/sources/balance');
  expect(body.items.map(({ name }: BalanceItem) => name)).toEqual(['WEB/192.0.2.9', 'listener/syslog-udp']);
  const [balance] = body.items as BalanceItem[];
  expect(balance).toMatchObject({ systemName: 'System WEB', received: 24, parsed: 23, unparsed: 1, stored: 24, evaluated: 23, underWay: 2, lost: 5, missing: 7, complete: false, percent: 63.88 });
  expect(balance?.gaps.find(({ cause }) => cause === 'sequence_gap')).toEqual({ cause: 'sequence_gap', owner: 'path', count: 7, frames: 0, bytes: 0, from: new Date(start + 2 * MINUTE).toISOString(), to: new Date(start + 2 * MINUTE).toISOString(), parts: [{ name: 'syslog web-01', count: 12, missing: [[21, 32]] }] });
  expect((await analyst.get(`/api/sources/balance?source=WEB/192.0.2.9&from=${new Date(start).toISOString()}&to=${new Date(start + MINUTE).toISOString()}`)).body.items).toMatchObject([{ received: 10, complete: true, percent: 100, underWay: 0 }]);
  expect((await analyst.get('/api/sources/balance?source=listener/syslog-udp')).body.items).toMatchObject([{ lost: 7, gaps: [{ parts: [{ name: 'syslog-udp' }] }] }]);
  expect((await analyst.get('/api/sources')).body.items).toMatchObject([{ name: 'WEB/192.0.2.9', parsed: 23, unparsed: 1, missing: 7 }]);
  // The first page says the same, though nothing that came tells a time of this day.
  expect((await analyst.get('/api/overview')).body).toMatchObject({ received24h: 24, evaluated24h: 23, lost24h: 12, missing24h: 7 });
});

test('a strip says when a source was complete, had a gap, was silent longer than its level allows', async () => {
  await commit({ minutes: [...Array.from({ length: 30 }, (_, i) => minute(i, 2)), minute(30, 2, { losses: [loss({})] }), ...Array.from({ length: 20 }, (_, i) => minute(120 + i, 2))], numbers: [] });
  const analyst = await console_.as('analyst'), to = new Date(start + 140 * MINUTE).toISOString();
  const { body } = await analyst.get(`/api/sources/strips?from=${new Date(start).toISOString()}&to=${to}&buckets=140`) as { body: Strips };
  expect([body.stepMinutes, body.total, body.to]).toEqual([1, 1, to]);
  expect(body.items.map(({ name, stretches }) => [name, stretches.map(({ state, from, to: until }) => `${state} ${(Date.parse(from) - start) / MINUTE}-${(Date.parse(until) - start) / MINUTE}`)])).toEqual([['WEB/192.0.2.9', ['complete 0-30', 'gap 30-31', 'silent 31-120', 'complete 120-140']]]);
  expect((await analyst.get('/api/sources/strips')).body.items[0].stretches.map(({ state }: { state: string }) => state)).toEqual(['complete', 'gap', 'silent', 'complete']);
});

test('nobody is told of tiers and units that are not his', async () => {
  await commit({ minutes: [minute(0, 3, { system: 'DVC', tier: 4 })], numbers: [] }, 4);
  await commit({ minutes: [minute(0, 2), { ...minute(0, 0), system: '', sender: 'syslog-udp', own: 1, losses: [loss({})] }], numbers: [] });
  await addUser(console_.store, 'elsewhere', ['analyst'], [1, 2, 3], { units: ['another'] });
  const [analyst, all, elsewhere] = [await console_.as('analyst'), await console_.as('analyst4'), await console_.as('elsewhere')];
  for (const path of ['/api/sources/account', '/api/sources/balance', '/api/sources/strips']) {
    for (const query of ['', '?source=DVC/192.0.2.9', '?system=DVC']) expect([path, query, JSON.stringify((await analyst.get(`${path}${query}`)).body).includes('DVC')]).toEqual([path, query, false]);
    expect(JSON.stringify((await all.get(path)).body)).toContain('DVC');
    expect((await elsewhere.get(path)).body.items).toEqual([]);
    expect((await analyst.get(`${path}?from=yesterday`)).status).toBe(400);
  }
});

test('a manager can cite how complete a system\'s logs were in a month: on the page, in the report', async () => {
  await commit({ minutes: [minute(0, 90, { losses: [loss({ count: 4 })] }), minute(1, 90, { sender: '192.0.2.10' })], numbers: [{ system: 'WEB', sender: '192.0.2.10', tier: 2, name: 'syslog h', runs: [start, 1, 1, start + MINUTE, 18, 89] }] });
  const boss = await console_.as('boss'), month = new Date(start + 7 * 3_600_000).toISOString().slice(0, 7);
  expect((await boss.get(`/api/compliance?month=${month}`)).body.completeness).toEqual([{ system: 'WEB', received: 180, stored: 180, evaluated: 180, lost: 4, missing: 16, percent: 90 }]);
  const csv = (await boss.get(`/api/compliance/report?month=${month}&format=csv&language=vi`)).body as string, pdf = await boss.get(`/api/compliance/report?month=${month}&format=pdf&language=en`);
  expect(csv.split('\r\n').filter((line) => line.includes('Tính đầy đủ')).map((line) => line.split(';').slice(1, 4).join(';'))).toEqual(['WEB;Nhận;180', 'WEB;Lưu;180', 'WEB;Đánh giá;180', 'WEB;Mất tại hệ thống giám sát;4', 'WEB;Mất trước khi đến;16', 'WEB;Đầy đủ;90%']);
  expect(pdf.status).toBe(200);
  const earlier = new Date(Date.parse(`${month}-01T00:00:00+07:00`) - 86_400_000).toISOString().slice(0, 7);
  expect((await boss.get(`/api/compliance?month=${earlier}`)).body.completeness).toEqual([]);
});
