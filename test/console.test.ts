// People at work, in a real browser on the demo province: an analyst of tiers 1-3 triages and closes an incident and cannot see a
// tier-4 one; a manager reads the shares and downloads the report and cannot change rules; both languages.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage, signIn } from './support/browser.js';
import { Client, runCommand, startProduct, until, type Product } from './support/product.js';

interface IncidentItem { id: string; tier: number; status: string; title: string; verdict: string | null }

let product: Product, browser: Browser, admin: Client, incidents: IncidentItem[];
const PASSWORDS = { analyst: 'Phan-tich-vien-1', manager: 'Lanh-dao-don-vi-1' };

beforeAll(async () => {
  product = await startProduct({ args: ['--demo'] });
  admin = await Client.signIn(product.url);
  for (const [name, tiers] of [['analyst', '1-3'], ['manager', '1-5']] as const) {
    const file = join(product.data, `${name}.password`);
    writeFileSync(file, PASSWORDS[name]);
    const run = await runCommand(['user', 'add', name, '--role', name, '--tiers', tiers, '--password-file', file], { env: { HAIDANG_DATA: product.data } });
    expect(run).toMatchObject({ code: 0, err: '' });
  }
  incidents = await until(() => admin.all<IncidentItem>('/api/incidents'), (items) => new Set(items.map(({ tier }) => tier)).size >= 4, 'incidents of tiers 1 to 4', 90_000);
  browser = await openBrowser();
}, 180_000);
afterAll(async () => { await browser?.close(); await product?.stop(); });

test('incidents of at least three tiers appear within a minute of the start', () => {
  expect(new Set(incidents.map(({ tier }) => tier)).size).toBeGreaterThanOrEqual(3);
});

test('the queue lists what is due first, what has no deadline last', async () => {
  const queue = await admin.all<{ due: { at: string } | null }>('/api/incidents?status=new,assigned'), dues = queue.map(({ due }) => (due === null ? Infinity : Date.parse(due.at)));
  expect(new Set(dues).size).toBeGreaterThan(2);
  expect(dues).toEqual([...dues].sort((a, b) => (a === b ? 0 : a - b)));
});

test('a wrong password is refused in words, on the page', async () => {
  const { page } = await openPage(browser, product.url);
  await page.getByTestId('signin-username').fill('analyst');
  await page.getByTestId('signin-password').fill('wrong');
  await page.getByTestId('signin-submit').click();
  await expect(page.getByTestId('signin-error').innerText()).resolves.toMatch(/\S/);
  await page.context().close();
});

test('an analyst of tiers 1-3 triages and closes an incident', async () => {
  const target = incidents.find(({ tier, status }) => tier === 3 && status === 'new') as IncidentItem;
  const { page, errors } = await openPage(browser, product.url);
  await signIn(page, 'analyst', PASSWORDS.analyst);
  await page.goto(`${product.url}/queue`);
  await page.locator(`[data-testid=queue-row][data-incident-id="${target.id}"]`).waitFor();
  await page.goto(`${product.url}/incidents/${target.id}`);
  await page.getByTestId('incident-title').waitFor();
  expect(await page.getByTestId('raw-line').first().locator('mark').count()).toBeGreaterThan(0);
  await page.getByTestId('incident-take').click();
  await page.getByTestId('incident-note-text').fill('Đã gọi đơn vị vận hành <script>alert(1)</script>');
  await page.getByTestId('incident-note-save').click();
  await page.getByText('Đã gọi đơn vị vận hành <script>alert(1)</script>').first().waitFor();
  await page.getByTestId('incident-close-open').click();
  await page.getByTestId('incident-verdict-true_positive').click();
  await page.getByTestId('incident-close-text').fill('Đã chặn địa chỉ');
  await page.getByTestId('incident-close-confirm').click();
  const closed = await until(() => admin.get<IncidentItem & { timeline: { kind: string; by: string }[] }>(`/api/incidents/${target.id}`), ({ status }) => status === 'closed', 'the incident to be closed');
  expect(closed.verdict).toBe('true_positive');
  expect(closed.timeline.filter(({ by }) => by === 'analyst').map(({ kind }) => kind)).toEqual(['assigned', 'noted', 'closed']);
  expect(errors).toEqual([]);
  await page.context().close();
}, 180_000);

test('why an incident fired, and what is wrong with a query, is said in the language of the page', async () => {
  const ENGLISH = /\b(contains|starts with|ends with|is like|matches|is in|exists|groups|expected|got)\b/;
  const { page, errors } = await openPage(browser, product.url);
  await signIn(page, 'analyst', PASSWORDS.analyst);
  for (const { id } of incidents.filter(({ tier }) => tier <= 3).slice(0, 6)) {
    await page.goto(`${product.url}/incidents/${id}`);
    await page.locator('.atom .mono').first().waitFor({ state: 'attached' });
    // What stands in quotes or slashes is the rule's own.
    for (const text of await page.locator('.atom .mono').allTextContents()) expect(text.replace(/"(?:\\.|[^"\\])*"|\/.*\/\w*/g, '')).not.toMatch(ENGLISH);
  }
  await page.goto(`${product.url}/events?q=${encodeURIComponent('source.port:>abc')}`);
  const faults = page.locator('query-bar [role=alert]');
  await faults.waitFor();
  expect(await faults.innerText()).toBe('Cột 14: Sau dấu so sánh cần một số, đang có “abc”');
  await page.getByTestId('language-en').click();
  await until(() => faults.innerText(), (text) => text === 'Column 14: expected a number, got abc', 'the same in English');
  await page.getByTestId('language-vi').click();
  expect(errors.filter((text) => !/status of 400/.test(text))).toEqual([]);
  await page.context().close();
}, 180_000);

test('a tier-4 incident is invisible to her, by URL and by API', async () => {
  const hidden = incidents.find(({ tier }) => tier === 4) as IncidentItem;
  const analyst = await Client.signIn(product.url, 'analyst', PASSWORDS.analyst);
  expect((await analyst.request('GET', `/api/incidents/${hidden.id}`)).status).toBe(404);
  expect((await analyst.all<IncidentItem>('/api/incidents')).some(({ tier }) => tier === 4)).toBe(false);
  expect((await analyst.all<IncidentItem>('/api/incidents?tier=4')).length).toBe(0);
  const { page } = await openPage(browser, product.url);
  await signIn(page, 'analyst', PASSWORDS.analyst);
  await page.goto(`${product.url}/incidents/${hidden.id}`);
  await page.getByTestId('not-found').waitFor();
  expect(await page.getByText(hidden.title).count()).toBe(0);
  await page.context().close();
}, 180_000);

test('a manager reads 68,8% and 37,5%, downloads the monthly report, and cannot change a rule', async () => {
  const manager = await Client.signIn(product.url, 'manager', PASSWORDS.manager);
  const { items: [rule] } = await manager.get<{ items: { id: string; version: number }[] }>('/api/rules?limit=1');
  expect((await manager.request('PATCH', `/api/rules/${(rule as { id: string }).id}`, { version: rule?.version, enabled: false })).status).toBe(403);
  const { page, errors } = await openPage(browser, product.url, { width: 1920, height: 1080 });
  await signIn(page, 'manager', PASSWORDS.manager);
  await page.goto(`${product.url}/compliance`);
  await expect(page.getByTestId('compliance-approved').innerText()).resolves.toContain('68,8%');
  await expect(page.getByTestId('compliance-plan').innerText()).resolves.toContain('37,5%');
  for (const [button, start] of [['report-pdf-vi', '%PDF-'], ['report-pdf-en', '%PDF-'], ['report-csv-vi', '\uFEFF'], ['report-csv-en', '\uFEFF']] as const) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.startsWith(start)).toBe(true);
    if (button === 'report-csv-vi') { expect(text).toContain('68,8%'); expect(text).toContain('37,5%'); }
  }
  await page.getByTestId('language-en').click();
  await until(() => page.getByTestId('compliance-approved').innerText(), (text) => text.includes('68.8%'), 'English figures');
  expect(errors).toEqual([]);
  await page.context().close();
}, 180_000);

test('the demo goes with one command', async () => {
  const run = await runCommand(['demo', 'remove'], { env: { HAIDANG_DATA: product.data } });
  expect(run).toMatchObject({ code: 0, err: '' });
  expect(await admin.all('/api/incidents')).toEqual([]);
  expect((await admin.all<{ demo: boolean }>('/api/systems')).filter(({ demo }) => demo)).toEqual([]);
}, 180_000);
