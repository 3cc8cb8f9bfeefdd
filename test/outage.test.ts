// The cluster is away for a minute at 2,000 messages a second: senders are acknowledged as before, the collector and the detector say
// since when, and afterwards all of it is stored and evaluated, each once, in the order of the collector. Half an hour in the proof
// (`npm run proofs -- elasticsearch-outage`, HAIDANG_OUTAGE_MS), which also holds that catching up takes less time than the outage.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../collector/fixtures/http-client.js';
import type { Event } from '../core/event.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import { Proxy } from './support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';
import { Service } from './support/services.js';

const url = await elasticsearchUrl(), LONG_MS = 600_000;
const OUTAGE_MS = Number(process.env['HAIDANG_OUTAGE_MS'] ?? 60_000), PER_SECOND = Number(process.env['HAIDANG_PER_SECOND'] ?? 2_000), CATCH_UP_MS = Math.max(OUTAGE_MS * 5, 300_000);
const RULE = 'title: Root logged in\nid: 50000000-0000-4000-8000-000000000003\nstatus: test\nlevel: medium\nlogsource: {product: linux, service: sshd}\ndetection:\n  keywords: [\'Accepted password for root\']\n  condition: keywords\n';

if (url === undefined) test('not run: an outage of a real Elasticsearch', () => undefined);
else {
  test(`${OUTAGE_MS / 1000} s without the cluster at ${PER_SECOND}/s: senders notice nothing, and all of it is caught up with in order`, async () => {
    const prefix = randomPrefix(), folder = mkdtempSync(join(tmpdir(), 'haidang-outage-')), rules = join(folder, 'rules');
    mkdirSync(rules);
    writeFileSync(join(rules, 'rule.yml'), RULE);
    await setUpElasticsearch({ nodes: [url], prefix });
    const proxy = await new Proxy(url).open(), elasticsearch = { nodes: [proxy.url], prefix, patienceMs: 5_000 };
    const detector = new Service({ service: 'detector', data: join(folder, 'detector'), elasticsearch, rules }), collector = new Service({ service: 'collector', data: join(folder, 'collector'), elasticsearch, rules, more: { listeners: [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }] } });
    let acknowledged = 0, slowestMs = 0;
    const send = async (ms: number): Promise<void> => {
      for (const started = Date.now(), before = acknowledged; Date.now() - started < ms;) {
        const due = Math.min(PER_SECOND, Math.floor((Date.now() - started) / 1000 * PER_SECOND) - (acknowledged - before)), at = performance.now();
        if (due <= 0) { await sleep(10); continue; }
        const lines = Array.from({ length: due }, (_, i) => { const n = acknowledged + i; return n % 1000 === 5 ? `<38>1 ${new Date().toISOString()} gw sshd 1 - - Accepted password for root from 192.0.2.9 port 22 ssh2 n=${n}` : `<30>1 ${new Date().toISOString()} app worker 1 - - request served n=${n}`; });
        expect((await ask(collector.port, '/ndjson', { body: `${lines.join('\n')}\n`, headers: { 'content-type': 'text/plain' } })).status).toBe(200);
        acknowledged += due;
        slowestMs = Math.max(slowestMs, performance.now() - at);
      }
    };
    try {
      await detector.start();
      await collector.start();
      await send(2_000);
      const before = acknowledged;
      proxy.fault = () => ({ kind: 'cut' });
      await send(OUTAGE_MS);
      const [away, blind] = [await collector.stats(), await detector.stats()];
      expect(acknowledged - before).toBeGreaterThan(PER_SECOND * OUTAGE_MS / 1000 * 0.5);
      expect({ problem: away.shipping?.problem, since: (away.shipping?.since ?? 0) > Date.now() - OUTAGE_MS - 120_000 }).toEqual({ problem: expect.stringContaining('does not answer') as string, since: true });
      expect(blind.problem).toContain('does not answer');
      proxy.fault = () => undefined;
      const started = Date.now(), store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } });
      try {
        for (let done = 0; done < acknowledged; done = (await store.sources.list()).reduce((sum, { evaluated }) => sum + evaluated, 0)) {
          if (Date.now() - started > CATCH_UP_MS) throw new Error(`caught up with ${done} of ${acknowledged} in ${CATCH_UP_MS} ms: ${JSON.stringify((await collector.stats()).shipping)}`);
          await sleep(500);
        }
        const tookMs = Date.now() - started;
        process.stdout.write(`${acknowledged} acknowledged, the slowest in ${Math.round(slowestMs)} ms; ${acknowledged - before} caught up with in ${(tookMs / 1000).toFixed(1)} s (${Math.round((acknowledged - before) / tookMs * 1000)}/s)\n`);
        if (OUTAGE_MS >= LONG_MS) expect(tookMs).toBeLessThan(OUTAGE_MS);
        // Each once, and in the order in which the collector acknowledged them.
        const [known] = await store.shared?.streams() ?? [];
        let n = 0, last = 0;
        for (let from = 1; known !== undefined; from = last + 1) {
          const { events } = await store.shared!.tail(known.stream, from, 10_000);
          if (events.length === 0) break;
          for (const { text, seq } of events) {
            const event = JSON.parse(text) as Event;
            last = seq;
            if (!String(event['event.dataset']).startsWith('haidang.') && Number(/n=(\d+)$/.exec(String(event['event.original']))?.[1]) !== n++) throw new Error(`expected message ${n - 1} at position ${seq}, got ${String(event['event.original'])}`);
          }
        }
        expect(n).toBe(acknowledged);
        expect((await store.alerts.list({ scope: { tiers: [1, 2, 3, 4, 5], hiddenSystems: [] } }, { limit: 1 })).total).toBe(Math.floor((acknowledged - 6) / 1000) + 1);
      } finally { await store.close(); }
    } finally {
      await Promise.all([collector.kill(), detector.kill()]);
      await proxy.close();
      await forgetPrefix(url, prefix);
      rmSync(folder, { recursive: true, force: true });
    }
  }, OUTAGE_MS + CATCH_UP_MS + 300_000);
}
