// Two collectors and two detectors on one real Elasticsearch, reached through a bad network, while any of them is killed, the disk
// of the cluster passes its watermark and, where the test has a server of its own, the node is killed and started again: what was
// acknowledged is stored, each frame once, every position is decided once, and the alerts are those of the undisturbed run.
// Five kills here, a hundred in the proof (`npm run proofs -- elasticsearch-kill`, HAIDANG_ROUNDS).
import { randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../collector/fixtures/http-client.js';
import type { Event } from '../core/event.js';
import { ALWAYS } from '../core/predicate/predicate.js';
import { streamName } from '../core/record.js';
import { openStore, setUpElasticsearch } from '../core/store/open.js';
import { EVERYTHING, type Store } from '../core/store/store.js';
import { Proxy, type Fault, type Seen } from './support/elasticsearch-proxy.js';
import { elasticsearchUrl, forgetPrefix, randomPrefix, restartServer } from './support/elasticsearch.js';
import { sameAlerts } from './support/same-alerts.js';
import { Service } from './support/services.js';

const ROUNDS = Number(process.env['HAIDANG_ROUNDS'] ?? 5), PER_SECOND = Number(process.env['HAIDANG_PER_SECOND'] ?? 80), FAULTS = 0.1;
const url = await elasticsearchUrl();
const RULES = `title: Failed password
id: 50000000-0000-4000-8000-000000000001
name: failed_password
status: test
level: low
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Failed password']
  condition: keywords
---
title: Many failed passwords
id: 50000000-0000-4000-8000-000000000002
status: test
level: high
correlation:
  type: event_count
  rules: [failed_password]
  group-by: [source.ip]
  timespan: 5m
  condition: {gte: 20}
---
title: Root logged in
id: 50000000-0000-4000-8000-000000000003
status: test
level: medium
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Accepted password for root']
  condition: keywords
`;

/** A sender that sends again what was not acknowledged, marked as another try: every frame is one of a kind. */
class Sender {
  readonly acknowledged = new Set<string>();
  private n = 0;
  private stopped = false;
  private running: Promise<void> | undefined;
  constructor(private readonly name: string, private readonly port: () => number, private readonly perSecond: number) {}
  start(): void { this.running = this.send(); }
  async stop(): Promise<void> { this.stopped = true; await this.running; }

  private async send(): Promise<void> {
    const started = Date.now();
    while (!this.stopped) {
      const due = Math.min(500, Math.floor((Date.now() - started) / 1000 * this.perSecond) - this.n);
      if (due <= 0) { await sleep(20); continue; }
      const numbers = Array.from({ length: due }, () => this.n++);
      for (let attempt = 0; ; attempt++) {
        const lines = numbers.map((n) => this.line(n, attempt));
        try {
          const { status } = await ask(this.port(), '/ndjson', { body: `${lines.join('\n')}\n`, headers: { 'content-type': 'text/plain' } });
          if (status === 200) { for (const line of lines) this.acknowledged.add(line); break; }
        } catch { /* it is gone for a moment */ }
        if (this.stopped) return;
        await sleep(100);
      }
    }
  }

  private line(n: number, attempt: number): string {
    const time = new Date().toISOString(), id = `${this.name}-${n}-${attempt}`;
    if (n % 50 === 7) return `<38>1 ${time} gw sshd ${n} - - Accepted password for root from 192.0.2.9 port ${1024 + n % 60000} ssh2 ${id}`;
    if (n % 10 === 3) return `<38>1 ${time} gw sshd ${n} - - Failed password for root from 198.51.100.${1 + Math.floor(n / 400) % 50} port ${1024 + n % 60000} ssh2 ${id}`;
    return `<30>1 ${time} app worker ${n} - - request ${n} served in ${n % 97} ms ${id}`;
  }
}

if (url === undefined) test('not run: services apart on a real Elasticsearch', () => undefined);
else {
  test(`${ROUNDS} kills of any service, a full disk and a node that dies, through a bad network: nothing is lost, doubled or missed`, async () => {
    const prefix = randomPrefix(), folder = mkdtempSync(join(tmpdir(), 'haidang-services-')), rules = join(folder, 'rules');
    mkdirSync(rules);
    writeFileSync(join(rules, 'rules.yml'), RULES);
    await setUpElasticsearch({ nodes: [url], prefix });
    const proxy = await new Proxy(url).open(), elasticsearch = { nodes: [proxy.url], prefix, patienceMs: 5_000 }, faults = { asked: 0, hurt: 0 };
    const listeners = [{ name: 'http', kind: 'http', host: '127.0.0.1', port: 0 }];
    const detectors = [0, 1].map((i) => new Service({ service: 'detector', data: join(folder, `detector-${i}`), elasticsearch, rules, more: { beatMs: 1_000, goneMs: 6_000 } }));
    const collectors = [0, 1].map((i) => new Service({ service: 'collector', data: join(folder, `collector-${i}`), elasticsearch, rules, more: { listeners, segmentBytes: 256 * 1024 } }));
    const all = [...detectors, ...collectors], senders = collectors.map((one, i) => new Sender(`c${i}`, () => one.port, PER_SECOND / 2));
    try {
      for (const one of all) await one.start();
      proxy.fault = (seen) => badNetwork(seen, faults);
      for (const sender of senders) sender.start();
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(randomInt(500, 3_000));
        const victim = all[randomInt(all.length)] as Service;
        await victim.kill();
        if (round % 2 === 0) await sleep(randomInt(0, 1_500));
        await victim.start();
        if (round === 1) await diskFull(prefix, 3_000);
        if (round === 2) process.stdout.write(`${await restartServer() ? 'the node was killed and started again' : 'not run: the node is not ours to restart'}\n`);
      }
      await sleep(1_000);
      for (const sender of senders) await sender.stop();
      proxy.fault = () => undefined;
      await proxy.release();
      const acknowledged = new Set(senders.flatMap((sender) => [...sender.acknowledged])), store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } });
      try {
        await evaluatedAll(store, collectors, detectors, 240_000);
        const segments = await Promise.all(collectors.map(async (one) => (await one.stats()).spool?.segments ?? 0));
        // Without them no mark comes any more.
        await Promise.all(collectors.map((one) => one.stop()));
        await evaluatedAll(store, [], detectors, 120_000);
        const events = await everyEvent(store), originals = events.map((event) => String(event['event.original'])), stored = new Set(originals);
        process.stdout.write(`${acknowledged.size} acknowledged, ${originals.length} stored, ${faults.hurt} of ${faults.asked} requests hurt, ${ROUNDS} kills, segments in the spools: ${segments.join(', ')}\n`);
        expect(originals.length - stored.size).toBe(0);
        expect([...acknowledged].filter((line) => !stored.has(line))).toEqual([]);
        await everyPositionOnce(store);
        expect(await sameAlerts(store, events as { 'event.id': string }[], rules)).toBeGreaterThan(0);
      } finally { await store.close(); }
    } catch (error) {
      for (const one of all) if (one.log !== '') process.stdout.write(`${one.name}: ${one.log.slice(-2_000)}\n`);
      throw error;
    } finally {
      for (const sender of senders) await sender.stop();
      await Promise.all(all.map((one) => one.kill()));
      await proxy.close();
      await forgetPrefix(url, prefix);
      rmSync(folder, { recursive: true, force: true });
    }
  }, 400_000 + ROUNDS * 20_000);
}

/** Every tenth request is refused, cut, done without an answer, or done in part. */
function badNetwork({ path }: Seen, faults: { asked: number; hurt: number }): Fault | undefined {
  faults.asked++;
  if (Math.random() >= FAULTS) return undefined;
  faults.hurt++;
  const kind = randomInt(path.startsWith('/_bulk') ? 5 : 4);
  if (kind === 0) return { kind: 'refuse', status: 429 };
  if (kind === 1) return { kind: 'refuse', status: 503 };
  if (kind === 2) return { kind: 'cut' };
  if (kind === 3) return { kind: 'lose' };
  // All of it is done; of the last answers nobody hears.
  return { kind: 'change', answer: (text) => { try { const answer = JSON.parse(text) as { items?: unknown[] }; return JSON.stringify({ ...answer, items: answer.items?.slice(0, -1) }); } catch { return text; } } };
}

/** What the server does by itself when a disk passes its last watermark: indices can be read and deleted from, nothing else. */
async function diskFull(prefix: string, ms: number): Promise<void> {
  const set = (value: true | null): Promise<Response> => fetch(`${String(url)}/${prefix}*/_settings`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ index: { blocks: { read_only_allow_delete: value } } }) });
  expect((await set(true)).status).toBe(200);
  await sleep(ms);
  expect((await set(null)).status).toBe(200);
}

async function evaluatedAll(store: Store, collectors: readonly Service[], detectors: readonly Service[], timeoutMs: number): Promise<void> {
  let said = '', still = 0;
  for (const started = Date.now(); Date.now() - started < timeoutMs; await sleep(500)) {
    const shipping = await Promise.all(collectors.map(async (one) => (await one.stats()).shipping)), leads = await Promise.all(detectors.map(async (one) => one.stats()));
    await fetch(`${String(url)}/_refresh`, { method: 'POST' });
    const cursors = new Map((await store.shared?.cursors() ?? []).map(({ stream, position }) => [stream, position])), behind: string[] = [];
    for (const { stream } of await store.shared?.streams() ?? []) {
      const from = (cursors.get(streamName(stream)) ?? 0) + 1, found = await store.shared?.tail(stream, from, 10);
      if (found === undefined || found.events.length > 0 || found.beyond) behind.push(`${streamName(stream)} at ${from}`);
    }
    said = JSON.stringify({ shipping, behind, leads: leads.map(({ lead, problem, streams, members }) => ({ lead, problem, streams, members })) });
    const lead = leads.find(({ lead: one }) => one?.leading === true)?.lead;
    // What is asked of one process may be older than what another one did since: only when nothing moves any more is it the end.
    still = behind.length === 0 && shipping.every((one) => one?.waitingRuns === 0 && one.waitingBatches === 0) && lead?.behind === 0 ? still + 1 : 0;
    if (still >= 4) { await fetch(`${String(url)}/_refresh`, { method: 'POST' }); return; }
  }
  throw new Error(`waited ${timeoutMs} ms for everything to be evaluated: ${said}`);
}

async function everyEvent(store: Store): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.events.search({ predicate: ALWAYS, scope: EVERYTHING }, { limit: 5_000, cursor });
    events.push(...page.items);
    if (page.next === null) return events.reverse();
    cursor = page.next;
  }
}

/** The ledger's entries of each stream follow one another, and so do the events. */
async function everyPositionOnce(store: Store): Promise<void> {
  const cursors = await store.cursors.all();
  for (const { stream } of await store.shared?.streams() ?? []) {
    const name = streamName(stream), entries = await store.ledger.entries(name, 1, 10_000);
    entries.forEach(({ from }, i) => expect({ name, from }).toEqual({ name, from: (entries[i - 1]?.to ?? 0) + 1 }));
    expect({ name, to: entries[entries.length - 1]?.to ?? 0 }).toEqual({ name, to: cursors[name] ?? 0 });
    for (let from = 1; from <= (cursors[name] ?? 0);) {
      const { events, twice } = await store.shared?.tail(stream, from, 10_000) ?? { events: [], twice: [] };
      expect({ name, twice, found: events.length > 0 }).toEqual({ name, twice: [], found: true });
      from += events.length;
    }
  }
}
