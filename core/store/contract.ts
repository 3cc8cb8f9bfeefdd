// What every store adapter keeps, as tests: an adapter's own test file calls `storeContract`. A fact that only one adapter could hold
// does not belong here.
import fc from 'fast-check';
import type { Alert, Hit } from '../alert.js';
import { ConflictError } from '../errors.js';
import type { Event } from '../event.js';
import { openIncident, type Incident } from '../incident.js';
import { match } from '../predicate/match.js';
import { ALWAYS, type Predicate } from '../predicate/predicate.js';
import type { System } from '../tier.js';
import { anEvent, aPredicate, aRun, commitOf, idOf, stamp, START, whole, withHits } from './samples.js';
import { accountContract } from './account.test-helper.js';
import { growthContract } from './growth.test-helper.js';
import { EVERYTHING, type Commit, type EventQuery, type Notice, type Store } from './store.js';

export interface StoreHarness {
  /** A store with nothing in it. */
  empty(): Promise<Store>;
  /** Closes the store and opens the same data again. */
  reopen(store: Store): Promise<Store>;
  /** Closes the store and forgets its data. */
  discard(store: Store): Promise<void>;
}

const stream = { collector: '0190f3a0-0000-7000-8000-0000000000aa', epoch: 7, tier: 3 };
const other = { ...stream, tier: 5 };
const all = (predicate: Predicate = ALWAYS, more: Partial<EventQuery> = {}): EventQuery => ({ predicate, scope: EVERYTHING, ...more });
const plain = (i: number, more: Event = {}): Event => ({ message: `line ${i}`, 'event.original': `<13>host app: line ${i}`, 'host.name': `h${i % 3}`, 'haidang.system': 'portal', ...more });

export function storeContract(name: string, harness: StoreHarness): void {
  let store: Store;
  beforeEach(async () => { store = await harness.empty(); });
  afterEach(async () => { await harness.discard(store); });
  const search = async (query: EventQuery, limit = 1000): Promise<readonly Event[]> => (await store.events.search(query, { limit })).items;
  /** Sealing and compaction must change no answer. */
  const seal = (): Promise<unknown> => store.keep({}, START);

  describe(`${name}: events`, () => {
    test('come back equal to what was appended, whatever their fields are called and hold', async () => {
      const odd: Event = JSON.parse(`{"__proto__": "p", "constructor": 1, "toString": ["a", "b"], "haidang.system": "portal", "source.port": "not a number", "source.bytes": 12.5,
        "process.pid": [1, 2], "tags": [], "event.category": ["authentication", "network"], "winlog.event_id": 4624, "user.name": null, "http.response.status_code": null, "x.y": [1, null, "z"],
        "deep": [["a"], ["b"]], "nul": "a\\u0000b", "lone": "\\ud800", "nfd": "e\\u0301", "one": "\\u0001x", "big": 1e300, "small": 1e-9, "flag": true, "mapped": "::ffff:192.0.2.1", "a/b~c\\"d'e": "q",
        "message": "Đăng nhập thất bại", "event.original": "<34>x: Đăng nhập thất bại", "email.subject": "", "": "empty name"}`) as Event;
      const events = [odd, { 'haidang.system': 'portal' }, plain(3), { ...plain(4), message: 'another text' }, { ...plain(5), '@timestamp': '2026-11-22T01:02:03.123456Z' }, { message: '😀 tail', 'event.original': 'head 😀 tail' }];
      const run = aRun(stream, 1, events);
      await store.commit(commitOf(run.run));
      for (let round = 0; round < 3; round++) {
        expect(await store.events.after(stream, 1, 100)).toEqual(run.events);
        expect(await store.events.get(idOf(run.events[0] as Event), EVERYTHING)).toEqual(run.events[0]);
        if (round === 0) await seal(); else store = await harness.reopen(store);
      }
    });

    test('search says what match says: pages, counts, histogram, facets; before and after sealing, and half and half', async () => {
      const random = fc.sample(anEvent, { numRuns: 160, seed: 20261122 });
      const first = aRun(stream, 1, random.slice(0, 60)), second = aRun(other, 1, random.slice(60, 100)), third = aRun(stream, 61, random.slice(100));
      const events = [...first.events, ...second.events, ...third.events], predicates = fc.sample(aPredicate, { numRuns: 40, seed: 7 });
      const check = async (): Promise<void> => {
        for (const [i, predicate] of predicates.entries()) {
          const query = all(predicate, { ownRecords: true, ...(i % 3 === 0 ? { from: START + 20_000 } : {}), ...(i % 4 === 0 ? { to: START + 90_000 } : {}) });
          const expected = newest(events.filter((event) => match(predicate, event) && inTime(event, query)));
          const page = await store.events.search(query, { limit: 1000 });
          expect({ i, predicate, found: page.items.map(idOf), total: page.total }).toEqual({ i, predicate, found: expected.map(idOf), total: expected.length });
          if (i % 6 !== 0) continue;
          expect(await store.events.count(query)).toBe(expected.length);
          expect(await store.events.histogram(query, 7_000)).toEqual(histogram(expected, 7_000));
          for (const field of ['host.name', 'tags', 'source.port', 'custom.field', 'event.id']) expect({ i, field, facets: await store.events.facets(query, field, 1000) }).toEqual({ i, field, facets: facets(expected, field) });
        }
      };
      await store.commit(commitOf(first.run, second.run));
      await seal();
      await store.commit(commitOf(third.run));
      await check();
      await seal();
      await check();
    });

    test('the most frequent values are exact although they lie in several places', async () => {
      const values = (counts: Readonly<Record<string, number>>): Event[] => Object.entries(counts).flatMap(([user, n]) => Array.from({ length: n }, (_, i) => plain(i, { 'user.name': user })));
      const first = values({ a: 5, b: 4, c: 3, d: 1 }), second = values({ d: 5, c: 3, e: 1 });
      await store.commit(commitOf(aRun(stream, 1, first).run));
      await seal();
      await store.commit(commitOf(aRun(stream, first.length + 1, second).run));
      expect(await store.events.facets(all(), 'user.name', 2)).toEqual([{ value: 'c', count: 6 }, { value: 'd', count: 6 }]);
      expect(await store.events.facets(all(), 'user.name', 1)).toEqual([{ value: 'c', count: 6 }]);
    });

    test('pages hold every event once while others arrive', async () => {
      const old = aRun(stream, 1, Array.from({ length: 60 }, (_, i) => plain(i))), seen: string[] = [];
      await store.commit(commitOf(old.run));
      await seal();
      let cursor: string | undefined, from = 61;
      do {
        const page = await store.events.search(all(), { limit: 7, cursor });
        seen.push(...page.items.map(idOf));
        cursor = page.next ?? undefined;
        await store.commit(commitOf(aRun(stream, from, [plain(from, { '@timestamp': stamp(500_000 + from) })]).run));
        if (from++ % 3 === 0) await seal();
      } while (cursor !== undefined);
      expect(seen).toEqual(newest(old.events).map(idOf));
    });

    test('of one moment are in the order of their ids, across pages', async () => {
      const run = aRun(stream, 1, Array.from({ length: 40 }, (_, i) => plain(i, { '@timestamp': stamp(1000) })));
      await store.commit(commitOf(run.run));
      await seal();
      const seen: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await store.events.search(all(), { limit: 9, cursor });
        seen.push(...page.items.map(idOf));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(seen).toEqual(run.events.map(idOf).sort().reverse());
    });

    test('scope never leaks: not by search, count, facets, histogram or id', async () => {
      const three = aRun(stream, 1, [plain(1), plain(2, { 'haidang.system': 'secret' })]), five = aRun(other, 1, [plain(3)]);
      await store.commit(commitOf(three.run, five.run));
      for (let round = 0; round < 2; round++) {
        const scope = { tiers: [3], hiddenSystems: ['secret'] };
        expect((await search(all(ALWAYS, { scope }))).map(idOf)).toEqual([idOf(three.events[0] as Event)]);
        expect(await store.events.count(all(ALWAYS, { scope }))).toBe(1);
        expect(await store.events.facets(all(ALWAYS, { scope }), 'haidang.system', 10)).toEqual([{ value: 'portal', count: 1 }]);
        expect(await store.events.histogram(all(ALWAYS, { scope }), 1e12)).toEqual([expect.objectContaining({ count: 1 })]);
        expect(await store.events.get(idOf(three.events[1] as Event), scope)).toBeUndefined();
        expect(await store.events.get(idOf(five.events[0] as Event), scope)).toBeUndefined();
        expect(await store.events.get(idOf(five.events[0] as Event), { tiers: [5], hiddenSystems: [] })).toEqual(five.events[0]);
        expect(await store.events.count(all(ALWAYS, { scope: { tiers: [], hiddenSystems: [] } }))).toBe(0);
        await seal();
      }
    });

    test("the collector's own records show only when asked for", async () => {
      await store.commit(commitOf(aRun(stream, 1, [plain(1), plain(2, { 'event.dataset': 'haidang.loss' }), plain(3, { 'event.dataset': 'haidang.mark' }), plain(4, { 'event.dataset': 'sshd' })]).run));
      for (let round = 0; round < 2; round++) {
        expect(await store.events.count(all())).toBe(2);
        expect(await store.events.count(all(ALWAYS, { ownRecords: true }))).toBe(4);
        expect(await search(all())).toHaveLength(2);
        await seal();
      }
    });

    test('after() skips nothing and repeats nothing, from any position, across files', async () => {
      const run = (from: number, n: number) => aRun(stream, from, Array.from({ length: n }, (_, i) => plain(from + i)));
      await store.commit(commitOf(run(1, 10).run));
      await seal();
      await store.commit(commitOf(run(11, 10).run));
      await seal();
      await store.commit(commitOf(run(21, 5).run, run(26, 5).run));
      for (let from = 1; from <= 31; from++) {
        const seqs = (await store.events.after(stream, from, 13)).map((event) => event['haidang.seq']);
        expect(seqs).toEqual(Array.from({ length: Math.min(13, 31 - from) }, (_, i) => from + i));
      }
      expect(await store.events.after(other, 1, 10)).toEqual([]);
    });

    test('retention forgets whole days of receipt and leaves proofs', async () => {
      const days = [0, 1, 2, 3].map((day) => aRun(stream, day * 3 + 1, [1, 2, 3].map((i) => plain(i, { 'event.created': stamp(day * 86_400_000 + i) }))));
      const kept = alert('a1', { events: [{ id: idOf(days[0]?.events[0] as Event), rule: 'r', time: START, received: START, system: 'portal', original: 'line 1', atoms: [], fields: { message: 'line 1' } }] });
      await store.commit({ ...commitOf(...days.map(({ run }) => run)), alerts: [whole(kept)] });
      expect((await store.events.days()).map(({ day, events }) => [day, events])).toEqual([['2026-11-20', 3], ['2026-11-21', 3], ['2026-11-22', 3], ['2026-11-23', 3]]);
      // Two days are kept: on the 23rd at noon the 21st has not been over for two days.
      expect((await store.keep({ 3: 2, 5: 0 }, START + 3 * 86_400_000 + 43_200_000)).dropped).toEqual([{ tier: 3, day: '2026-11-20', events: 3 }]);
      expect((await store.keep({ 3: 2 }, START + 3 * 86_400_000 + 43_200_000)).dropped).toEqual([]);
      expect(await store.events.count(all())).toBe(9);
      expect(await store.events.dropDay(3, '2026-11-21')).toEqual({ events: 3 });
      expect(await store.events.count(all())).toBe(6);
      expect((await store.alerts.get('a1'))?.events).toEqual(kept.events);
      expect(await store.cursors.all()).toEqual({ '0190f3a0-0000-7000-8000-0000000000aa.7.3': 12 });
      store = await harness.reopen(store);
      expect(await store.events.count(all())).toBe(6);
    });

    test('demo data leaves without a trace, and nothing else does', async () => {
      await store.systems.put(system('demo', { demo: true }), 0);
      await store.systems.put(system('portal'), 0);
      const run = aRun(stream, 1, [plain(1), plain(2, { 'haidang.system': 'demo' }), plain(3, { 'haidang.system': 'demo' }), plain(4)]);
      await store.commit({
        ...commitOf({ ...run.run, sources: [count('demo', 2), count('portal', 2)] }), alerts: [whole(alert('a1', { system: 'demo', incident: 'i1' })), whole(alert('a2', { system: 'portal', incident: 'i2' }))],
        incidents: [{ incident: incident('i1', 1, { system: 'demo', demo: true }), seen: 0 }, { incident: incident('i2', 2), seen: 0 }],
      });
      expect(await store.removeDemo()).toEqual({ systems: 1, incidents: 1, events: 2 });
      expect((await store.events.after(stream, 4, 10))).toEqual([run.events[3]]);
      expect(await store.events.count(all())).toBe(2);
      expect((await store.systems.list()).map(({ id }) => id)).toEqual(['portal']);
      expect((await store.sources.list()).map((row) => row.system)).toEqual(['portal']);
      expect(await store.alerts.get('a1')).toBeUndefined();
      expect(await store.incidents.get('i1')).toBeUndefined();
      expect((await store.incidents.get('i2'))?.id).toBe('i2');
      expect(await store.removeDemo()).toEqual({ systems: 0, incidents: 0, events: 0 });
    });
  });

  describe(`${name}: commits`, () => {
    test('commit twice is commit once', async () => {
      const run = aRun(stream, 1, [plain(1), plain(2)]), full: Commit = { runs: [{ ...withHits(run.run, [hit('r1', 1)]), sources: [count('portal', 2)] }], alerts: [whole(alert('a1'))], incidents: [], notices: [notice('n1')], closed: 5 };
      await store.commit(full);
      await store.commit(full);
      await store.commit({ ...full, closed: 3 });
      expect(await store.events.count(all())).toBe(2);
      expect((await store.ledger.hitsSince(0, 0, 10)).hits).toHaveLength(1);
      expect((await store.sources.list())[0]).toMatchObject({ system: 'portal', sender: '192.0.2.1', stored: 2, evaluated: 2, lost: 1, unparsed: 0, lastSeen: START });
      expect(await store.ledger.entries('0190f3a0-0000-7000-8000-0000000000aa.7.3', 1, 10)).toEqual([{ stream: '0190f3a0-0000-7000-8000-0000000000aa.7.3', from: 1, to: 2, ruleSet: 1, count: 2, xor: '0000000000000000', receivedTo: START }]);
      expect(await store.ledger.closed()).toBe(5);
      expect(await store.outbox.counts()).toEqual({ waiting: 1, sending: 0, sent: 0, failed: 0 });
    });

    test('a gap between runs is refused, a stream behind another is not', async () => {
      await expect(store.commit(commitOf(aRun(stream, 2, [plain(1)]).run))).rejects.toThrow('expected a run');
      await store.commit(commitOf(aRun(other, 1, [plain(1)]).run, aRun(stream, 1, [plain(1)]).run, aRun(stream, 2, [plain(2)]).run));
      expect(await store.cursors.all()).toEqual({ '0190f3a0-0000-7000-8000-0000000000aa.7.3': 2, '0190f3a0-0000-7000-8000-0000000000aa.7.5': 1 });
    });

    test('a conflict applies nothing', async () => {
      await store.commit({ ...commitOf(), incidents: [{ incident: incident('i1', 1), seen: 0 }] });
      const run = aRun(stream, 1, [plain(1)]), late: Commit = {
        runs: [{ ...withHits(run.run, [hit('r1', 1)]), sources: [count('portal', 1)] }], alerts: [whole(alert('a1'))], notices: [notice('n1')], closed: 9,
        incidents: [{ incident: incident('i2', 2), seen: 0 }, { incident: incident('i1', 1), seen: 0 }],
      };
      await expect(store.commit(late)).rejects.toThrow(ConflictError);
      expect(await store.events.count(all())).toBe(0);
      expect(await store.cursors.all()).toEqual({});
      expect(await store.alerts.get('a1')).toBeUndefined();
      expect(await store.incidents.get('i2')).toBeUndefined();
      expect(await store.sources.list()).toEqual([]);
      expect((await store.ledger.hitsSince(0, 0, 10)).hits).toEqual([]);
      expect(await store.ledger.closed()).toBe(0);
      expect(await store.outbox.counts()).toEqual({ waiting: 0, sending: 0, sent: 0, failed: 0 });
      // The same bytes again, the conflict solved.
      await store.commit({ ...late, incidents: [{ incident: incident('i1', 1, { version: 2 }), seen: 1 }] });
      expect(await store.events.count(all())).toBe(1);
      store = await harness.reopen(store);
      expect(await store.events.after(stream, 1, 5)).toEqual(run.events);
    });

    test('what changed is told after the commit', async () => {
      const news: string[] = [], stop = store.onNews((one) => { news.push(one.kind === 'incidents' ? `incidents ${one.ids.join()} opened ${one.opened.join()} tiers ${one.tiers.join()}` : one.kind); });
      await store.commit({ ...commitOf({ ...aRun(stream, 1, [plain(1)]).run, sources: [count('portal', 1)] }), incidents: [{ incident: incident('i1', 1), seen: 0 }] });
      await store.incidents.put(incident('i1', 1, { version: 2 }), 1, []);
      await store.tunings.put({ id: 'r1', enabled: false, exceptions: [] }, 0);
      await store.systems.put(system('portal'), 0);
      stop();
      await store.systems.put(system('another'), 0);
      expect(news).toEqual(['incidents i1 opened i1 tiers 3', 'sources', 'incidents i1 opened  tiers 3', 'rules', 'systems']);
    });

    test('hits come back in the order of their commits, and by rule and time, with their events', async () => {
      const first = aRun(stream, 1, [plain(1, { __proto__: null, 'a/b': [1, null], text: 'đ\u0000\ud800' }), plain(2)]);
      await store.commit(commitOf(withHits(first.run, [hit('r1', 1), hit('r1b', 1), hit('r2', 2)])));
      await store.commit(commitOf(withHits(aRun(stream, 3, [plain(3)]).run, [hit('r1', 3)])));
      const one = await store.ledger.hitsSince(START, 0, 2), two = await store.ledger.hitsSince(START, one.last, 2);
      expect([...one.hits, ...two.hits].map(({ seq }) => seq)).toEqual([1, 1, 2, 3]);
      expect((await store.ledger.hitsSince(START, two.last, 2))).toEqual({ hits: [], last: two.last });
      expect((await store.ledger.hitsSince(START + 3, 0, 10)).hits.map(({ seq }) => seq)).toEqual([3]);
      expect((await store.ledger.hits('r1', START + 1, START + 3)).map(({ seq }) => seq)).toEqual([1, 3]);
      expect(await store.ledger.hitCounts(START, START + 3)).toEqual({ r1: { count: 1, last: START + 1 }, r1b: { count: 1, last: START + 1 }, r2: { count: 1, last: START + 2 } });
      expect((await store.ledger.named([{ eventId: 'e3', rule: 'r1', time: START + 3 }, { eventId: 'e1', rule: 'r1b', time: START + 1 }, { eventId: 'e2', rule: 'r1', time: START + 2 }])).map(({ seq, rule: { uid } }) => `${uid} ${seq}`).sort()).toEqual(['r1 3', 'r1b 1']);
      for (const uid of ['r1', 'r1b']) expect(await store.ledger.hits(uid, START, START + 1)).toEqual([{ ...hit(uid, 1), event: first.events[0] }]);
    });
  });

  describe(`${name}: control data`, () => {
    test('documents change only for who saw their version', async () => {
      expect(await store.tunings.put({ id: 'r', enabled: true, exceptions: [] }, 0)).toMatchObject({ id: 'r', version: 1 });
      await expect(store.tunings.put({ id: 'r', enabled: false, exceptions: [] }, 0)).rejects.toThrow(ConflictError);
      expect(await store.tunings.put({ id: 'r', enabled: false, exceptions: [] }, 1)).toMatchObject({ version: 2, enabled: false });
      await expect(store.tunings.put({ id: 'r', enabled: true, exceptions: [] }, 1)).rejects.toThrow(ConflictError);
      expect(await store.tunings.get('r')).toEqual({ id: 'r', enabled: false, exceptions: [], version: 2 });
      expect(await store.tunings.get('nobody')).toBeUndefined();
      await store.tunings.remove('r');
      expect(await store.tunings.list()).toEqual([]);
    });

    test('the registry has a version that grows with each change', async () => {
      const before = (await store.systems.registry()).version;
      await store.systems.put(system('portal'), 0);
      await store.systems.setRelays(['192.0.2.9'], 4);
      const registry = await store.systems.registry();
      expect(registry).toMatchObject({ relays: ['192.0.2.9'], unassignedTier: 4, systems: [{ id: 'portal', version: 1 }] });
      expect(registry.version).toBeGreaterThan(before + 1);
      await expect(store.systems.put(system('portal'), 0)).rejects.toThrow(ConflictError);
      expect((await store.systems.registry()).version).toBe(registry.version);
    });

    test('rule sets are numbered without gaps', async () => {
      const set = (n: number) => ({ n, at: START, by: 'admin', rules: { r: 'v' } });
      expect(await store.deployments.latest()).toBeUndefined();
      await expect(store.deployments.publish(set(2))).rejects.toThrow(ConflictError);
      await store.deployments.publish(set(1));
      await store.deployments.publish(set(2));
      await expect(store.deployments.publish(set(2))).rejects.toThrow(ConflictError);
      expect((await store.deployments.list(1)).map(({ n }) => n)).toEqual([2]);
      expect(await store.deployments.get(1)).toEqual(set(1));
    });

    test('incidents: filters, orders, pages, numbers', async () => {
      const made = [
        incident('i1', 1, { severity: 'low', status: 'closed', title: 'Đăng nhập sai nhiều lần', entities: [{ kind: 'ip', value: '192.0.2.7' }] }),
        incident('i2', 2, { severity: 'critical', tier: 4, created: START + 5 }),
        incident('i3', 3, { severity: 'high', assignee: 'an', status: 'assigned', system: 'tax', rules: [{ id: 'r9', title: 'R' }], created: START + 3 }),
        incident('i4', 12, { severity: 'critical', tier: 5, created: START + 9, key: 'k3' }),
      ];
      for (const one of made) await store.incidents.put(one, 0, [notice(`n-${one.id}`)]);
      const ids = async (filter: object, limit = 10): Promise<readonly string[]> => (await store.incidents.list({ scope: EVERYTHING, ...filter }, { limit })).items.map(({ id }) => id);
      expect(await ids({})).toEqual(['i4', 'i2', 'i3', 'i1']);
      expect(await ids({ sort: 'newest' })).toEqual(['i4', 'i2', 'i3', 'i1']);
      expect(await ids({ sort: 'oldest' })).toEqual(['i1', 'i3', 'i2', 'i4']);
      expect(await ids({ text: 'dang NHAP' })).toEqual(['i1']);
      expect(await ids({ text: '192.0.2.7' })).toEqual(['i1']);
      expect(await ids({ tiers: [4, 5] })).toEqual(['i4', 'i2']);
      expect(await ids({ statuses: ['assigned'] })).toEqual(['i3']);
      expect(await ids({ assignee: null, severities: ['critical'] })).toEqual(['i4', 'i2']);
      expect(await ids({ assignee: 'an' })).toEqual(['i3']);
      expect(await ids({ rule: 'r9' })).toEqual(['i3']);
      expect(await ids({ scope: { tiers: [3], hiddenSystems: ['tax'] } })).toEqual(['i1']);
      const pages: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await store.incidents.list({ scope: EVERYTHING }, { limit: 1, cursor });
        pages.push(...page.items.map(({ id }) => id));
        expect(page.total).toBe(4);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(pages).toEqual(['i4', 'i2', 'i3', 'i1']);
      expect(await store.incidents.lastNumber(2026)).toBe(12);
      expect(await store.incidents.lastNumber(2025)).toBe(0);
      expect((await store.incidents.byKey('k3'))?.id).toBe('i4');
      await expect(store.incidents.put(incident('i2', 2), 0, [])).rejects.toThrow(ConflictError);
      expect(await store.incidents.openCounts({ tiers: [3, 4], hiddenSystems: [] })).toEqual(expect.arrayContaining([
        { tier: 3, system: 'tax', severity: 'high', status: 'assigned', count: 1 }, { tier: 4, system: 'portal', severity: 'critical', status: 'new', count: 1 },
      ]));
      expect((await store.outbox.counts()).waiting).toBe(4);
    });

    test('incidents: what is due first stands first, what has no deadline last; pages of equal deadlines neither repeat nor miss one', async () => {
      const MINUTE = 60_000, made = [
        incident('fresh', 1, { severity: 'critical', tier: 5, due: START + 15 * MINUTE }), incident('overdue', 2, { severity: 'medium', due: START - MINUTE }),
        incident('never-1', 3, { severity: 'high' }), incident('never-2', 4, { severity: 'low' }),
        incident('same-b', 5, { due: START + MINUTE }), incident('same-a', 6, { due: START + MINUTE }), incident('same-grave', 7, { severity: 'high', due: START + MINUTE }),
        incident('resolved', 8, { severity: 'critical', status: 'resolved' }), incident('closed', 9, { severity: 'critical', status: 'closed' }),
      ];
      for (const one of made) await store.incidents.put(one, 0, []);
      const pages = async (limit: number): Promise<readonly string[]> => {
        const found: string[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await store.incidents.list({ scope: EVERYTHING }, { limit, cursor });
          found.push(...page.items.map(({ id }) => id));
          if (page.next === null) return found;
          cursor = page.next;
        }
      };
      const order = ['overdue', 'same-grave', 'same-a', 'same-b', 'fresh', 'never-1', 'never-2', 'resolved', 'closed'];
      for (const limit of [1, 2, 3, 100]) expect(await pages(limit)).toEqual(order);

      // Another policy moves a deadline and makes no new version: who saw the one before is not in conflict.
      await store.commit({ ...commitOf(), incidents: [{ incident: incident('fresh', 1, { severity: 'critical', tier: 5, due: START - 2 * MINUTE }), seen: 1 }] });
      expect(await pages(2)).toEqual(['fresh', ...order.filter((id) => id !== 'fresh')]);
      await store.incidents.put(incident('fresh', 1, { severity: 'critical', tier: 5, version: 2 }), 1, []);
      expect(await pages(2)).toEqual(['overdue', 'same-grave', 'same-a', 'same-b', 'fresh', 'never-1', 'never-2', 'resolved', 'closed']);
      expect((await store.incidents.get('fresh'))?.due).toBeUndefined();
    });

    test('alerts: by incident, by time, counted, and when one was first committed stays', async () => {
      const alerts = [1, 2, 3].map((i) => alert(`a${i}`, { time: START + i * 1000, severity: i === 3 ? 'high' : 'low', system: i === 2 ? 'tax' : 'portal' }));
      await store.commit({ ...commitOf(), alerts: alerts.map(whole) });
      await store.commit({ ...commitOf(), alerts: [whole({ ...(alerts[0] as Alert), eventCount: 9, created: START + 77 })] });
      expect(await store.alerts.get('a1')).toMatchObject({ eventCount: 9, created: START });
      const { events: _events, eventIds: _ids, ...head } = alerts[2] as Alert;
      expect(await store.alerts.states([{ id: 'a3', eventIds: ['e1', 'e2'] }, { id: 'nobody', eventIds: [] }, { id: 'a1', eventIds: [] }])).toMatchObject([{ head, has: ['e1'], copies: 0 }, { head: { id: 'a1' }, has: [] }]);
      expect((await store.alerts.ofIncident('i1', { limit: 2 }))).toMatchObject({ items: [{ id: 'a3' }, { id: 'a2' }], total: 3 });
      expect((await store.alerts.list({ scope: { tiers: [3], hiddenSystems: ['tax'] }, from: START + 1000, to: START + 3000 }, { limit: 9 })).items.map(({ id }) => id)).toEqual(['a1']);
      expect(await store.alerts.histogram(START, START + 10_000, 2000, EVERYTHING)).toEqual([
        { start: START, severity: 'low', count: 1 }, { start: START + 2000, severity: 'high', count: 1 }, { start: START + 2000, severity: 'low', count: 1 },
      ]);
    });

    growthContract(() => store, async () => { store = await harness.reopen(store); });
    accountContract(() => store, async () => { store = await harness.reopen(store); });

    test('a notice is claimed by one at a time and taken over when its lease is up', async () => {
      await store.commit({ ...commitOf(), notices: [notice('n1'), notice('n2', { due: START + 100 })] });
      const claimed = await store.outbox.claim(START + 10, 1000, 10);
      expect(claimed).toMatchObject([{ id: 'n1', state: 'sending', tries: 1, due: START + 1010 }]);
      expect(await store.outbox.claim(START + 20, 1000, 10)).toEqual([]);
      expect(await store.outbox.claim(START + 1010, 1000, 10)).toMatchObject([{ id: 'n2', tries: 1 }, { id: 'n1', tries: 2 }]);
      await store.outbox.settle('n1', { sentAt: START + 1020 });
      await store.outbox.settle('n2', { error: 'no route', due: START + 5000, giveUp: false });
      expect(await store.outbox.counts()).toEqual({ waiting: 1, sending: 0, sent: 1, failed: 0 });
      await store.commit({ ...commitOf(), notices: [notice('n1')] });
      expect((await store.outbox.counts()).sent).toBe(1);
      await store.outbox.settle('n2', { error: 'no route', due: START, giveUp: true });
      expect((await store.outbox.list({ limit: 10 })).items.map(({ id, state, error }) => [id, state, error])).toEqual([['n2', 'failed', 'no route'], ['n1', 'sent', undefined]]);
    });

    test('sessions, settings, audit and dead letters are kept', async () => {
      const session = { id: 's1', user: 'an', created: 1, seen: 2, expires: 100 };
      await store.sessions.put(session);
      await store.sessions.put({ ...session, seen: 3 });
      await store.sessions.put({ ...session, id: 's2', expires: 50 });
      expect(await store.sessions.get('s1')).toEqual({ ...session, seen: 3 });
      expect(await store.sessions.removeExpired(50)).toBe(1);
      await store.sessions.removeOfUser('an');
      expect(await store.sessions.get('s1')).toBeUndefined();
      await store.settings.put('x', { a: [1] });
      await store.settings.put('x', { a: [2] });
      expect(await store.settings.get('x')).toEqual({ a: [2] });
      expect(await store.settings.get('y')).toBeUndefined();
      for (let i = 0; i < 5; i++) await store.audit.append({ at: START + i, by: i % 2 ? 'an' : 'binh', action: 'rule.disable', object: `r${i}`, details: { i } });
      expect((await store.audit.list({ by: 'an' }, { limit: 1 }))).toMatchObject({ items: [{ object: 'r3', details: { i: 3 } }], total: 2 });
      expect((await store.audit.list({ from: START + 1, to: START + 3 }, { limit: 9 })).items.map(({ object }) => object)).toEqual(['r2', 'r1']);
      const letter = { id: 'd1', stream: 'x.1.3', seq: 1, reason: 'retention', at: 1, body: 'b' };
      await store.deadLetters.append(letter);
      await store.deadLetters.append(letter);
      expect(await store.deadLetters.list({ limit: 5 })).toEqual({ items: [letter], next: null, total: 1 });
      store = await harness.reopen(store);
      expect(await store.settings.get('x')).toEqual({ a: [2] });
      expect((await store.audit.list({}, { limit: 9 })).total).toBe(5);
    });
  });
}

function newest(events: readonly Event[]): readonly Event[] {
  return [...events].sort((a, b) => timeOf(b) - timeOf(a) || (idOf(a) < idOf(b) ? 1 : -1));
}
const timeOf = (event: Event): number => Date.parse(String(event['@timestamp']));
const inTime = (event: Event, { from = -Infinity, to = Infinity }: EventQuery): boolean => timeOf(event) >= from && timeOf(event) < to;
function histogram(events: readonly Event[], intervalMs: number): readonly { start: number; count: number }[] {
  const buckets = new Map<number, number>();
  for (const event of events) { const start = Math.floor(timeOf(event) / intervalMs) * intervalMs; buckets.set(start, (buckets.get(start) ?? 0) + 1); }
  return [...buckets].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start);
}
function facets(events: readonly Event[], field: string): readonly { value: string; count: number }[] {
  const values = new Map<string, number>();
  for (const event of events) {
    const value = event[field], members = (Array.isArray(value) ? value : [value]).flat(9).filter((one) => one !== null && one !== undefined).map(String);
    for (const one of new Set(members)) values.set(one, (values.get(one) ?? 0) + 1);
  }
  return [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

const rule = (uid: string) => ({ uid, version: 'v', title: uid, level: 'low' as const });
const hit = (uid: string, seq: number): Hit => ({
  rule: rule(uid), stream: '0190f3a0-0000-7000-8000-0000000000aa.7.3', seq, eventId: `e${seq}`, time: START + seq, received: START + seq, system: 'portal', tier: 3, reports: true,
  atoms: [{ question: 'message contains "x"', start: 0, end: 1 }], event: { message: 'x' },
});
const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  id, rule: rule('r1'), severity: 'low', tier: 3, system: 'portal', time: START, received: START, created: START, firstSeen: START, lastSeen: START, entities: [], incident: 'i1', eventCount: 1, eventIds: ['e1'], events: [], ...more,
});
const incident = (id: string, n: number, more: Partial<Incident> = {}): Incident => ({
  ...openIncident({ id, number: `SC-2026-${String(n).padStart(4, '0')}`, key: `k${n}`, family: 'f', title: `Title ${id}`, tier: 3, system: 'portal', created: START }),
  version: 1, firstSeen: START, lastSeen: START, lastReceived: START, ...more,
});
const notice = (id: string, more: Partial<Notice> = {}): Notice => ({ id, incident: 'i1', channel: 'mail', recipient: 'soc@example.org', subject: 's', text: 't', created: START, state: 'waiting', tries: 0, due: START, ...more });
const system = (id: string, more: Partial<System> = {}): Omit<System, 'version'> => ({ id, name: id, tier: 3, unit: 'u', match: [{ address: '192.0.2.1' }], ...more });
const count = (name: string, n: number) => ({ system: name, sender: '192.0.2.1', tier: 3, count: n, lost: 1, unparsed: 0, lastReceived: START });
