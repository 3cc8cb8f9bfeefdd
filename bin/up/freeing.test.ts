// A segment of the one-process product on a real cluster: an answer of the server is no proof. What a copy that failed took with it is
// missed when the segment is read back, is shipped again, and only then the segment goes.
import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { readSegment, readEnds, listSegments } from '../../collector/spool/folder.js';
import { systemClock } from '../../collector/spool/clock.js';
import { Spool } from '../../collector/spool/spool.js';
import { compileEngine, NO_RULES } from '../../core/pipeline/engine.js';
import { createContext, evaluateBatch } from '../../core/pipeline/pipeline.js';
import type { EvaluatedRun } from '../../core/pipeline/run.js';
import { createLog } from '../../core/process/log.js';
import { encodeArrival } from '../../core/record.js';
import { openStore, setUpElasticsearch } from '../../core/store/open.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../test/support/elasticsearch.js';
import { sendTcp, startProduct, until } from '../../test/support/product.js';
import { SpoolKeeping } from './freeing.js';

const url = await elasticsearchUrl();

if (url === undefined) test('not run: a spool that is let go on a real Elasticsearch', () => undefined);
else {
  test.each([1, 20])('a segment stays until all of it is read back and its cursor is past; what is missing (%i of 20) is shipped again', async (missing) => {
    const prefix = randomPrefix(), folder = mkdtempSync(join(tmpdir(), 'haidang-keeping-')), day = new Date().toISOString().slice(0, 10), released: string[] = [];
    await setUpElasticsearch({ nodes: [url], prefix });
    const store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } }), shared = store.shared!;
    try {
      const spool = await Spool.open({ folder, newCollector: () => '0190f3a0-0000-7000-8000-0000000000cc', onDurable: () => undefined, onProblem: () => undefined, onFatal: (error) => { throw error; } });
      for (let n = 0; n < 20; n++) spool.append({ kind: 'frame', tier: 3, received: spool.received(systemClock.monotonic()), arrival: encodeArrival({ peer: '192.0.2.1', listener: 'tcp', system: 's', day, registry: 1 }), cut: false, frame: Buffer.from(`<13>line ${n}`) });
      await spool.close();
      const [file = ''] = await listSegments(folder), { header, footer } = await readEnds(folder, file), contents = await readSegment(folder, file), stream = { collector: header!.collector, epoch: header!.epoch, tier: 3 };
      const own = contents!.records.map(({ start, end }) => contents!.bytes.subarray(start, end)), run: EvaluatedRun = evaluateBatch({ stream, from: 1, to: 20, seed: header!.seed, bytes: Buffer.concat(own) }, compileEngine(NO_RULES).engine, createContext());
      await shared.prepare(Date.now());
      await shared.ship([run]);
      const ids = Buffer.from(run.events).toString().trimEnd().split('\n').map((line) => (JSON.parse(line) as { 'event.id': string })['event.id']), gone = missing === 20 ? ids : ids.slice(6, 6 + missing);
      // Gone with the copy that had answered for it.
      await fetch(`${url}/${prefix}events-*/_refresh`, { method: 'POST' });
      const [{ _index: home } = { _index: '' }] = (await (await fetch(`${url}/${prefix}events-*/_search`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: { ids: { values: ids } } }) })).json() as { hits: { hits: { _index: string }[] } }).hits.hits;
      for (const id of gone) expect((await fetch(`${url}/${home}/_doc/${encodeURIComponent(id)}?refresh=true`, { method: 'DELETE' })).status).toBe(200);

      const keeping = new SpoolKeeping(shared, { archiveMs: 0, againMs: 0, formats: async () => [], log: createLog('silent', 'test') }, (paths) => released.push(...paths));
      keeping.add({ path: join(folder, file), collector: header!.collector, epoch: header!.epoch, number: header!.number, figures: footer!.streams });
      const look = async (): Promise<void> => { await fetch(`${url}/${prefix}*/_refresh`, { method: 'POST' }); await keeping.look(); };
      for (let i = 0; i < 4; i++) await look();
      // All of it is there again, and no cursor is past it.
      expect([(await shared.tail(stream, 1, 100)).events.length, released]).toEqual([20, []]);
      await store.commit({ runs: [{ ...run, stored: true }], alerts: [], incidents: [], notices: [] });
      for (let i = 0; i < 20 && released.length === 0; i++) { await look(); await pause(50); }
      expect(released.map((path) => basename(path))).toEqual([file]);
      expect(keeping.size).toBe(0);
      await keeping.stop();
    } finally {
      await store.close();
      await forgetPrefix(url, prefix);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);

  test('on a cluster the product keeps what it has committed, also when it is started again', async () => {
    const prefix = randomPrefix(), data = mkdtempSync(join(tmpdir(), 'haidang-kept-')), spool = join(data, 'spool'), env = { ELASTICSEARCH_URL: url, ELASTICSEARCH_PREFIX: prefix };
    await setUpElasticsearch({ nodes: [url], prefix });
    const store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } }), committed = async (): Promise<number> => Object.values(await store.cursors.all()).reduce((sum, position) => sum + position, 0);
    const send = async (lines: number): Promise<void> => {
      const product = await startProduct({ data, env }), before = await committed();
      try {
        await sendTcp(product.syslogPort, Array.from({ length: lines }, (_, i) => `<13>1 ${new Date().toISOString()} web-01 app - - - line ${i}`));
        await until(committed, (sum) => sum >= before + lines, `${lines} more committed`, 60_000);
      } finally { await product.stop(); }
    };
    try {
      await send(20);
      const [first = ''] = await listSegments(spool);
      await send(5);
      expect((await listSegments(spool)).slice(0, 1)).toEqual([first]);
      expect((await listSegments(spool)).length).toBeGreaterThan(1);
    } finally {
      await store.close();
      await forgetPrefix(url, prefix);
      rmSync(data, { recursive: true, force: true });
    }
  }, 180_000);
}
