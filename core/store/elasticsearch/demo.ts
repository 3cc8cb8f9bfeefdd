// Everything the demo loaded goes: its systems, their events and hits, alerts, incidents with their notices, sources. The systems
// themselves go last: what was cut short is begun again.
import type { Alert, AlertHead } from '../../alert.js';
import type { Incident } from '../../incident.js';
import type { EventStore } from '../store.js';
import { forgetAccount } from './accounts.js';
import type { Cluster } from './cluster.js';
import { demoSystems, nextRegistry, registryRest } from './control.js';
import { all, among, idOf, is, isKind, listAll } from './documents.js';
import type { Journal, Write } from './journal.js';
import { ledgerPattern } from './templates.js';

export async function removeDemo(cluster: Cluster, journal: Journal, events: EventStore): Promise<{ readonly systems: number; readonly incidents: number; readonly events: number }> {
  const systems = await demoSystems(cluster), dropped = await events.dropSystems(systems);
  const either = (...parts: readonly Record<string, unknown>[]): Record<string, unknown> => ({ bool: { should: parts, minimum_should_match: 1 } });
  const incidents = await listAll<Incident>(cluster, 'incidents', all([isKind('incident'), either(is('demo', true)[0] ?? {}, ...among('system', systems))])), ids = incidents.map(({ id }) => id);
  const alerts = (await listAll<Alert | { readonly head: AlertHead }>(cluster, 'alerts', all([isKind('alert'), either(...among('system', systems), ...among('incident', ids))]))).map((kept) => ('head' in kept ? kept.head.id : kept.id));
  for (let at = 0; at < alerts.length; at += 1_000) await cluster.deleteFound(cluster.index('alerts'), all([...among('kind', ['member', 'copy']), ...among('object', alerts.slice(at, at + 1_000))]));
  await cluster.deleteFound(cluster.index('notices'), all(among('incident', ids)));
  await cluster.deleteFound(ledgerPattern(cluster.prefix), all([...among('kind', ['hit', 'event']), ...among('system', systems)]));
  await cluster.deleteFound(cluster.index('control'), all([isKind('source'), ...among('system', systems)]));
  await forgetAccount(cluster, systems);
  await journal.change(async () => ({
    writes: [
      ...alerts.map((id): Write => ({ op: 'delete', index: 'alerts', id })),
      ...incidents.flatMap(({ id, number }): readonly Write[] => [{ op: 'delete', index: 'incidents', id }, { op: 'delete', index: 'control', id: idOf('number', number) }]),
      ...systems.map((id): Write => ({ op: 'delete', index: 'control', id: idOf('system', id) })),
      ...(systems.length === 0 ? [] : [nextRegistry(await registryRest(cluster))]),
    ],
    result: undefined,
  }));
  return { systems: systems.length, incidents: incidents.length, events: dropped.events };
}
