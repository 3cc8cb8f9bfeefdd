import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { batchOf, sshdLine, testStream } from '../core/pipeline/test-helper.js';
import { systemClock } from '../core/process/clock.js';
import { streamName } from '../core/record.js';
import { openStore } from '../core/store/open.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { startDetector, type Detector } from './main.js';

const RULES = `title: Sign-in failed
name: failed
id: 50000000-0000-4000-8000-000000000001
logsource: { product: linux, service: sshd }
detection: { sel: { event.action: ssh_login_failed }, condition: sel }
level: informational
---
title: Password guessing
id: 50000000-0000-4000-8000-000000000002
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 5m, condition: { gte: 5 } }
level: high
haidang: { family: guessing, entity: [source.ip], title_vi: Dò mật khẩu }
`;
const START = Date.UTC(2026, 10, 22, 5);
const root = mkdtempSync(join(tmpdir(), 'haidang-detector-'));
afterAll(() => rmSync(root, { recursive: true }));

async function start(store: Store): Promise<Detector> {
  mkdirSync(join(root, 'rules'), { recursive: true });
  writeFileSync(join(root, 'rules', 'a.yml'), RULES);
  return startDetector({ store, rulesFolders: [join(root, 'rules'), join(root, 'site')], log: pino({ level: 'silent' }), clock: systemClock, watchRules: false });
}
const failed = (n: number): { line: string; received: number } => ({ line: sshdLine(`Failed password for root from 203.0.113.9 port ${4000 + n} ssh2`, START + n * 1000), received: START + n * 1000 });

test('records become events, hits, an alert and an incident; another life goes on where this one ended', async () => {
  const folder = join(root, 'data'), name = streamName(testStream()), told: object[] = [];
  for (const [life, from] of [[0, 1], [1, 4]] as const) {
    const store = await openStore({ folder }), detector = await start(store);
    detector.onCommitted((cursors) => told.push(cursors));
    // What is stored already is told again and not stored again.
    if (life === 1) detector.take(batchOf([1, 2, 3].map(failed), 1));
    detector.take(batchOf([0, 1, 2].map((n) => failed(from + n)), from));
    await detector.settled();
    expect(detector.stats()).toMatchObject({ evaluated: 3, hits: 3, waitingBatches: 0, waitingRuns: 0, deaths: 0, lagMs: 0 });
    expect(detector.catalog.deployed()).toEqual({ n: 1, streams: 1, inForce: 1 });
    expect((await store.events.after(testStream(), 1, 100)).map((event) => event['haidang.seq'])).toEqual(Array.from({ length: from + 2 }, (_, n) => n + 1));
    const { items } = await store.incidents.list({ scope: EVERYTHING }, { limit: 10 });
    if (life === 0) expect(items).toEqual([]);
    else expect(items).toMatchObject([{ title: 'Password guessing: 203.0.113.9 on web-01', titleVi: 'Dò mật khẩu: 203.0.113.9 trên web-01', family: 'guessing', eventCount: 6, severity: 'high', due: expect.any(Number) }]);
    await detector.stop();
    await store.close();
  }
  expect(told).toEqual([{ [name]: 3 }, { [name]: 3 }, { [name]: 6 }]);
});
