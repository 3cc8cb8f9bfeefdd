// A gap that somebody recorded and the detector passed is filled after all (a disk that died was read again, a collector came back): what
// came is evaluated when it comes, once, its alerts say that they are late, and nothing else moves. Reference protocol 3.4.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { compileEngine, NO_RULES } from '../core/pipeline/engine.js';
import { createContext, evaluateBatch } from '../core/pipeline/pipeline.js';
import { batchOf, NOON, testStream } from '../core/pipeline/test-helper.js';
import { systemClock } from '../core/process/clock.js';
import { createLog } from '../core/process/log.js';
import type { EvaluatedRun } from '../core/pipeline/run.js';
import { streamName } from '../core/record.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import { TakenError } from '../core/store/shared.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { startTailing, type Tailing } from '../detector/tailing.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from './support/elasticsearch.js';

const url = await elasticsearchUrl(), stream = testStream({ tier: 3 }), name = streamName(stream);
const RULES = `
title: Failed password
id: 50000000-0000-4000-8000-000000000001
name: failed_password
level: informational
logsource: {product: linux, service: sshd}
detection: {keywords: ['Failed password'], condition: keywords}
---
title: Many failed passwords
id: 50000000-0000-4000-8000-000000000002
level: high
correlation: {type: event_count, rules: [failed_password], group-by: [source.ip], timespan: 5m, condition: {gte: 3}}
---
title: Root logged in
id: 50000000-0000-4000-8000-000000000003
level: medium
logsource: {product: linux, service: sshd}
detection: {keywords: ['Accepted password for root'], condition: keywords}
`;
const lines = ['nothing', 'Failed password for root from 203.0.113.9 port 22 ssh2', 'Failed password for root from 203.0.113.9 port 23 ssh2', 'Accepted password for root from 203.0.113.9 port 24 ssh2', 'Failed password for root from 203.0.113.9 port 25 ssh2', 'nothing', 'Accepted password for root from 198.51.100.7 port 26 ssh2'];
const { engine } = compileEngine(NO_RULES), context = createContext();
/** Positions as a collector ships them: parsed, and matched by nobody. */
const part = (from: number, to: number): EvaluatedRun => evaluateBatch(batchOf(lines.slice(from - 1, to).map((text, i) => ({ line: `<38>1 ${new Date(NOON + (from + i) * 1_000).toISOString()} web-01 sshd 812 - - ${text}`, received: NOON + (from + i) * 1_000 })), from, stream), engine, context);

if (url === undefined) test('not run: a gap that is filled late on a real Elasticsearch', () => undefined);
else {
  test('what comes into a gap that was passed is evaluated once, by its own entry, and its alerts say so', async () => {
    const prefix = randomPrefix(), folder = mkdtempSync(join(tmpdir(), 'haidang-late-')), rules = join(folder, 'rules');
    mkdirSync(rules);
    writeFileSync(join(rules, 'rules.yml'), RULES);
    await setUpElasticsearch({ nodes: [url], prefix });
    const open = (): Promise<Store> => openStore({ folder: '', elasticsearch: { nodes: [url], prefix } }), store = await open(), shared = store.shared!;
    let tailing: Tailing | undefined;
    const detect = async (): Promise<void> => { tailing = await startTailing({ store: await openStore({ folder: '', elasticsearch: { nodes: [url], prefix, role: 'detector' } }), rulesFolders: [rules], log: createLog('silent', 'test'), clock: systemClock, watchRules: false, beatMs: 200, goneMs: 2_000, pollMs: 100, gapsMs: 300, keepMs: 1_000 }); };
    const alerts = async (): Promise<readonly (readonly [string, number, boolean])[]> => (await store.alerts.list({ scope: EVERYTHING }, { limit: 100 })).items.map(({ rule, eventCount, late }) => [rule.title, eventCount, late === true] as const).sort();
    const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => { for (const end = Date.now() + 60_000; !await holds(); await pause(200)) if (Date.now() > end) throw new Error(`waited for ${what}: ${JSON.stringify([await alerts(), await store.cursors.all(), tailing?.stats()])}`); };
    const evaluated = async (): Promise<number> => { await shared.adopting.settled(); return (await store.sources.list()).reduce((sum, one) => sum + one.evaluated, 0); };
    try {
      await shared.prepare(NOON);
      await shared.begin({ stream, older: {}, begun: NOON });
      await shared.ship([part(1, 3), part(6, 7)]);
      await detect();
      await until('positions before the hole', async () => (await store.cursors.all())[name] === 3);
      await shared.recordGap({ stream: name, from: 4, to: 5, reason: 'the disk died', by: 'an', at: NOON });
      await until('the gap to be passed', async () => (await store.cursors.all())[name] === 7);
      await until('the alert behind it', async () => (await alerts()).length === 1);
      expect([await alerts(), await evaluated()]).toEqual([[['Root logged in', 1, false]], 5]);

      // The later of the two first: what fills a gap has no order.
      await shared.ship([part(5, 5)]);
      await until('the correlation that the late one completes', async () => (await alerts()).length === 2);
      // Who read both before the other one decided: all of it or nothing.
      const { ruleSet: n } = (await shared.cursorsOf([name]))[0]!, late = (run: EvaluatedRun): EvaluatedRun => ({ ...run, ruleSet: n, stored: true, late: true });
      await expect(store.commit({ runs: [late(part(4, 5))], alerts: [], incidents: [], notices: [] })).rejects.toThrow(TakenError);
      expect(await evaluated()).toBe(6);
      await shared.ship([part(4, 4)]);
      await until('the late alert', async () => (await alerts()).length === 3);
      expect(await alerts()).toEqual([['Many failed passwords', 3, true], ['Root logged in', 1, false], ['Root logged in', 1, true]]);
      expect([(await store.cursors.all())[name], await evaluated()]).toEqual([7, 7]);
      expect((await store.ledger.entries(name, 1, 100)).map(({ from, to }) => [from, to])).toEqual([[1, 3], [4, 5], [6, 7]]);

      // Once: not again by the same detector, not by the next one, not by one that read it before it was decided.
      await pause(1_000);
      await tailing!.stop();
      await detect();
      await pause(3_000);
      expect([await alerts(), await evaluated()]).toEqual([[['Many failed passwords', 3, true], ['Root logged in', 1, false], ['Root logged in', 1, true]], 7]);
      await store.commit({ runs: [late(part(4, 4))], alerts: [], incidents: [], notices: [] });
      expect(await evaluated()).toBe(7);
      // Nothing is late that was never passed.
      await expect(store.commit({ runs: [{ ...late(part(7, 7)), from: 8, to: 8 }], alerts: [], incidents: [], notices: [] })).rejects.toThrow(TakenError);
      expect(await shared.lateIn({ stream: name, from: 4, to: 5, reason: '', by: '', at: 0 }, 10)).toEqual([]);
    } finally {
      await tailing?.stop();
      await store.close();
      await forgetPrefix(url, prefix);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
}
