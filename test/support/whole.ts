// What must hold on a cluster after whatever was done to services and nodes: all that was acknowledged is stored, each frame once, each
// position decided once, the alerts are those of `haidang eval` over the stored events, and each stands in one incident.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../core/event.js';
import { ALWAYS } from '../../core/predicate/predicate.js';
import { streamName } from '../../core/record.js';
import { openStore } from '../../core/store/open.js';
import { EVERYTHING, type Store } from '../../core/store/store.js';
import type { Sender } from './load.js';
import { sameAlerts } from './same-alerts.js';
import type { Service } from './services.js';

export interface Site {
  /** Of a node that answers. */
  readonly url: string;
  readonly prefix: string;
  readonly rules: string;
  readonly collectors: readonly Service[];
  readonly detectors: readonly Service[];
  readonly senders: readonly Sender[];
}
export interface Whole { readonly acknowledged: number; readonly stored: number; readonly alerts: number; readonly segments: readonly number[] }

/** Waits until everything is evaluated, ends the collectors, and looks. Senders have stopped. */
export async function everythingOnce({ url, prefix, rules, collectors, detectors, senders }: Site): Promise<Whole> {
  const acknowledged = new Set(senders.flatMap((sender) => [...sender.acknowledged])), store = await openStore({ folder: '', elasticsearch: { nodes: [url], prefix } });
  try {
    await evaluatedAll(url, store, collectors, detectors, 240_000);
    const segments = await Promise.all(collectors.map(async (one) => (await one.stats()).spool?.segments ?? 0));
    // Without them no mark comes any more.
    await Promise.all(collectors.map((one) => one.stop()));
    await evaluatedAll(url, store, [], detectors, 120_000);
    const events = await everyEvent(store), originals = events.map((event) => String(event['event.original'])), stored = new Set(originals);
    expect(originals.length - stored.size).toBe(0);
    expect([...acknowledged].filter((line) => !stored.has(line))).toEqual([]);
    await everyPositionOnce(store);
    const alerts = await sameAlerts(store, events as { 'event.id': string }[], rules);
    expect(alerts).toBeGreaterThan(0);
    await everyAlertInOneIncident(store);
    return { acknowledged: acknowledged.size, stored: originals.length, alerts, segments };
  } finally { await store.close(); }
}

async function evaluatedAll(url: string, store: Store, collectors: readonly Service[], detectors: readonly Service[], timeoutMs: number): Promise<void> {
  let said = '', still = 0;
  for (const started = Date.now(); Date.now() - started < timeoutMs; await sleep(500)) {
    const shipping = await Promise.all(collectors.map(async (one) => (await one.stats()).shipping)), leads = await Promise.all(detectors.map(async (one) => one.stats()));
    await fetch(`${url}/_refresh`, { method: 'POST' });
    const cursors = new Map((await store.shared?.cursors() ?? []).map(({ stream, position }) => [stream, position])), behind: string[] = [];
    for (const { stream } of await store.shared?.streams() ?? []) {
      const from = (cursors.get(streamName(stream)) ?? 0) + 1, found = await store.shared?.tail(stream, from, 10);
      if (found === undefined || found.events.length > 0 || found.beyond) behind.push(`${streamName(stream)} at ${from}`);
    }
    said = JSON.stringify({ shipping, behind, leads: leads.map(({ lead, problem, streams, members }) => ({ lead, problem, streams, members })) });
    const lead = leads.find(({ lead: one }) => one?.leading === true)?.lead;
    // What is asked of one process may be older than what another one did since: only when nothing moves any more is it the end.
    still = behind.length === 0 && shipping.every((one) => one?.waitingRuns === 0 && one.waitingBatches === 0) && lead?.behind === 0 ? still + 1 : 0;
    if (still >= 4) { await fetch(`${url}/_refresh`, { method: 'POST' }); return; }
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

async function everyAlertInOneIncident(store: Store): Promise<void> {
  const inAlerts: string[] = [], inIncidents: string[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await store.alerts.list({ scope: EVERYTHING }, { limit: 200, cursor });
    inAlerts.push(...items.map(({ id, incident }) => `${id} in ${incident}`));
    if (next === null) break;
    cursor = next;
  }
  for (let cursor: string | undefined; ;) {
    const { items, next } = await store.incidents.list({ scope: EVERYTHING }, { limit: 200, cursor });
    inIncidents.push(...items.flatMap(({ id, alerts }) => alerts.map((alert) => `${alert} in ${id}`)));
    if (next === null) break;
    cursor = next;
  }
  expect(inIncidents.sort()).toEqual(inAlerts.sort());
}
