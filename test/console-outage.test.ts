// The cluster is away for a quarter of a minute: whoever looks at the console is told so on every page, since when, what goes on and how
// long it lasts, and, when all of it is evaluated, that too; how far evaluation is behind is what the detector's own figures say.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import type { Status } from '../console/api.js';
import { projectRoot } from '../core/process/built.js';
import { setUpElasticsearch } from '../core/store/open.js';
import { startApart, type Apart } from './support/apart.js';
import { openBrowser, openPage, signIn } from './support/browser.js';
import { Proxy } from './support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';
import { ADMIN_PASSWORD, Client, sendTcp, until } from './support/product.js';

const url = await elasticsearchUrl(), axe = readFileSync(createRequire(join(projectRoot, 'package.json')).resolve('axe-core/axe.min.js'), 'utf8'), AWAY_MS = 15_000;
const lines = (n: number): string[] => Array.from({ length: n }, (_, i) => `<86>${new Date().toISOString()} web-01 sshd[${4_000 + i}]: Failed password for root from 203.0.113.77 port ${40_000 + i} ssh2`);

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async () => (await (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { failureSummary: string }[] }[] }> } }).axe.run({ resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.failureSummary ?? ''}`));
}
const shot = async (page: Page, name: string): Promise<void> => { const to = process.env['HAIDANG_SHOTS']; if (to !== undefined) await page.screenshot({ path: join(to, `${name}.png`) }); };

if (url === undefined) test('not run: an outage at the console on a real Elasticsearch', () => undefined);
else {
  test('an outage of the cluster is told on every page, and so is its end', async () => {
    const prefix = randomPrefix();
    await setUpElasticsearch({ nodes: [url], prefix });
    const proxy = await new Proxy(url).open(), cluster = { url: proxy.url, prefix }, running: Apart[] = [];
    let browser: Browser | undefined;
    try {
      const collector = await startApart('collector', cluster), detector = await startApart('detector', cluster);
      running.push(collector, detector);
      const console_ = await startApart('console', cluster, { config: `console: {collectors: [{url: "${collector.health}"}]}\nsystems: [{id: WEB, name: Web, tier: 3, unit: VP, match: [{address: 127.0.0.0/8}]}]\n` });
      running.push(console_);
      const client = await Client.signIn(console_.url), status = (): Promise<Status> => client.get<Status>('/api/status');
      await sendTcp(collector.syslogPort, lines(40));
      await until(() => client.get<{ total: number }>('/api/events?limit=1'), ({ total }) => total === 40, '40 events', 60_000);
      const before = await until(status, ({ store, evaluation }) => store.state === 'ready' && (evaluation?.streams.length ?? 0) > 0, 'figures of evaluation', 60_000);
      expect([before.evaluation?.detectors, before.store.kind, before.intakes.map(({ reached, taking }) => [reached, taking])]).toEqual([1, 'elasticsearch', [[true, true]]]);
      const said = [...(await (await fetch(`${detector.health}/metrics`)).text()).matchAll(/^haidang_stream_lag_ms\{stream="([^"]+)"\}/gm)].map(([, stream]) => stream);
      expect(before.evaluation?.streams.map(({ stream }) => stream).sort()).toEqual(said.sort());

      browser = await openBrowser();
      const { page } = await openPage(browser, console_.url), { page: wide } = await openPage(browser, console_.url, { width: 1920, height: 1080 });
      for (const one of [page, wide]) { await signIn(one, 'admin', ADMIN_PASSWORD); await one.goto(`${console_.url}/status`); }
      await page.getByTestId('status-store').waitFor();
      await shot(page, 'live-ready-1366');

      const left = Date.now();
      proxy.fault = () => ({ kind: 'cut' });
      const away = await until(status, ({ store }) => store.state === 'away', 'the console to say that the store is away', 30_000);
      expect([Date.parse(away.store.since ?? '') >= left - 1_000, Date.parse(away.store.since ?? '') <= Date.now(), away.store.problem]).toEqual([true, true, expect.stringContaining('does not answer')]);
      // Senders are acknowledged as before, and it is said how long that goes on.
      while (Date.now() - left < AWAY_MS) { await sendTcp(collector.syslogPort, lines(200)); await pause(500); }
      const filling = await until(status, ({ intakes }) => (intakes[0]?.lastsMs ?? null) !== null, 'how long the spool lasts', 60_000);
      expect([filling.intakes[0]?.taking, (filling.intakes[0]?.bytesPerSecond ?? 0) > 0, (filling.intakes[0]?.lastsMs ?? 0) > 60_000]).toEqual([true, true, true]);
      expect(await (await fetch(`${collector.health}/metrics`)).text()).toMatch(/^haidang_spool_lasts_seconds \d/m);
      // A request fails at once, in words; a page loaded anew is the application, and says it too.
      const asked = Date.now(), refused = await client.request('GET', '/api/incidents');
      expect([refused.status, Date.now() - asked < 6_000]).toEqual([503, true]);
      for (const one of [page, wide]) {
        for (const path of ['/status', '/queue', '/overview', '/sources', '/rules']) {
          await one.goto(`${console_.url}${path}`);
          const banner = one.getByTestId('store-away');
          await banner.waitFor();
          expect([path, await banner.innerText()]).toEqual([path, expect.stringMatching(/không trả lời từ [^]*vẫn được xác nhận[^]*còn đủ chỗ khoảng \d/)]);
          expect([path, (await one.evaluate(() => document.documentElement.scrollHeight <= innerHeight))]).toEqual([path, true]);
          await one.waitForTimeout(1_000);
          expect([path, await violations(one)]).toEqual([path, []]);
          if (path !== '/rules') await shot(one, `live-away${path.replace('/', '-')}-${one === page ? 1366 : 1920}`);
        }
      }
      await page.getByTestId('language-en').click();
      await until(() => page.getByTestId('store-away').innerText(), (text) => /has not answered since[^]*still acknowledged[^]*room for about/.test(text), 'the same in English', 60_000);
      await shot(page, 'live-away-en-1366');

      proxy.fault = () => undefined;
      const over = await until(status, ({ store }) => store.state === 'ready' && store.last !== null, 'the console to say that it is caught up', 120_000);
      const { since, back, caughtUp } = over.store.last ?? { since: '', back: '', caughtUp: '' };
      expect([Date.parse(back) - Date.parse(since) >= AWAY_MS - 5_000, Date.parse(caughtUp) >= Date.parse(back)]).toEqual([true, true]);
      // What is said of the end is true: all of it is there and evaluated.
      const { items } = await client.get<{ items: { stored: number; evaluated: number }[] }>('/api/sources'), sent = Number(/^haidang_listener_received_frames\{listener="tcp"\} (\d+)/m.exec(await (await fetch(`${collector.health}/metrics`)).text())?.[1]);
      expect(items.reduce((sum, { evaluated }) => sum + evaluated, 0)).toBe(sent);
      await page.goto(`${console_.url}/overview`);
      await page.getByTestId('store-caught-up').waitFor();
      await wide.goto(`${console_.url}/status`);
      await wide.getByTestId('store-caught-up').waitFor();
      for (const one of [page, wide]) expect(await violations(one)).toEqual([]);
      await shot(page, 'live-caught-up-1366');
      await shot(wide, 'live-caught-up-1920');
    } finally {
      await browser?.close();
      for (const one of running) await one.kill();
      await proxy.close();
      await forgetPrefix(url, prefix);
    }
  }, 400_000);
}
