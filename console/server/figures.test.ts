// Figures and orders people act on: what waits first, how many events an incident stands on.
import { apply, type Incident } from '../../core/incident.js';
import { addIncident, openConsole } from './console.test-helper.js';

const DAY_MS = 24 * 3_600_000;

test('the overview names what nobody has: the severest first, of these what is due first', async () => {
  const own = await openConsole();
  try {
    const who = await own.as('analyst4'), now = Date.now(), add = (tier: number, severity: 'critical' | 'high', minutes: number): Promise<{ id: string }> => addIncident(own.store, { tier, system: tier === 4 ? 'DVC' : 'WEB', severity, created: now - minutes * 60_000 });
    // Limits differ by level: what came first is not what is due first.
    const made = [await add(4, 'high', 1), await add(2, 'critical', 40), await add(4, 'critical', 1), await add(2, 'critical', 58), await add(2, 'high', 3), await add(2, 'critical', 2), await add(4, 'high', 20)];
    const taken = await addIncident(own.store, { tier: 2, system: 'WEB', severity: 'critical', created: now - 59 * 60_000, changes: [{ kind: 'assigned', assignee: 'lan' }] });
    const { unassigned } = (await who.get('/api/overview')).body as { unassigned: { id: string; severity: string; due: { at: string } }[] };
    expect(unassigned).toHaveLength(5);
    expect(unassigned.map(({ id }) => id)).not.toContain(taken.id);
    expect(unassigned.map(({ severity }) => severity)).toEqual(['critical', 'critical', 'critical', 'critical', 'high']);
    const order = unassigned.map(({ severity, due }) => [severity === 'critical' ? 0 : 1, Date.parse(due.at)]);
    expect(order).toEqual([...order].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
    const highs = (await Promise.all([made[0], made[4], made[6]].map(async (one) => (await who.get(`/api/incidents/${one?.id}`)).body))) as { id: string; due: { at: string } }[];
    expect(unassigned[4]?.id).toBe([...highs].sort((a, b) => Date.parse(a.due.at) - Date.parse(b.due.at))[0]?.id);
  } finally { await own.stop(); }
});

test('the queue lists what is overdue first, then the nearest deadline; a step that is done moves its incident', async () => {
  const own = await openConsole();
  try {
    const who = await own.as('analyst'), now = Date.now(), part = { tier: 3, system: 'WEB' };
    const fresh = await addIncident(own.store, { ...part, severity: 'critical', created: now }), overdue = await addIncident(own.store, { ...part, severity: 'medium', created: now - 20 * DAY_MS });
    const waiting = await addIncident(own.store, { ...part, severity: 'low', created: now - 30 * DAY_MS }), high = await addIncident(own.store, { ...part, severity: 'high', created: now });
    const queue = async (): Promise<readonly string[]> => (await who.get('/api/incidents?status=new,assigned')).body.items.map(({ id }: Incident) => id);
    expect(await queue()).toEqual([overdue.id, fresh.id, high.id, waiting.id]);
    // A critical incident of this level is to be contained within 4 hours, a high one acknowledged within one.
    const change = (version: number, what: unknown) => who.call('POST', `/api/incidents/${fresh.id}/changes`, { version, change: what });
    const taken = await change(fresh.version, { kind: 'assigned', assignee: 'analyst' }), noted = await change(fresh.version + 1, { kind: 'noted', text: 'n' });
    expect([taken.body.due.kind, noted.body.due.kind, (await own.store.incidents.get(fresh.id))?.due]).toEqual(['triage', 'contain', Date.parse(noted.body.due.at)]);
    expect(await queue()).toEqual([overdue.id, high.id, fresh.id, waiting.id]);
  } finally { await own.stop(); }
});

test('events that several alerts share are counted once, where every alert is at hand', async () => {
  const own = await openConsole();
  try {
    const who = await own.as('analyst'), incident = await addIncident(own.store, { tier: 2, system: 'WEB' }), first = (await own.store.alerts.ofIncident(incident.id, { limit: 1 })).items[0]!;
    const grow = async (from: number, to: number): Promise<void> => {
      for (let i = from; i <= to; i++) {
        const alert = { ...first, id: `again-${i}`, eventCount: 2, eventIds: [first.eventIds[0]!, `more-${i}`] }, seen = (await own.store.incidents.get(incident.id))!;
        const next = apply(seen, { kind: 'alerted', summary: { alert: alert.id, rule: { id: 'rule-a', title: 'Failed logins' }, severity: 'high', firstSeen: alert.time, lastSeen: alert.time, received: alert.time, entities: [], count: 2 } }, alert.time, 'detector', `again-${i}`);
        await own.store.commit({ runs: [], alerts: [{ kind: 'whole', alert }], incidents: [{ incident: next, seen: seen.version }], notices: [] });
      }
    };
    await grow(1, 2);
    expect((await who.get(`/api/incidents/${incident.id}`)).body).toMatchObject({ alertCount: 3, eventCount: 5, distinctEvents: 3 });
    await grow(3, 25);
    expect((await who.get(`/api/incidents/${incident.id}`)).body).toMatchObject({ alertCount: 26, eventCount: 51, distinctEvents: null });
  } finally { await own.stop(); }
});
