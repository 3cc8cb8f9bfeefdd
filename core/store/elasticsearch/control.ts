// Systems and their registry, rule sets, sessions, audit, dead letters.
import { ConflictError } from '../../errors.js';
import type { Registry, System, Tier } from '../../tier.js';
import type { AuditEntry, AuditStore, DeadLetter, DeadLetterStore, Deployment, DeploymentStore, Session, SessionStore, SystemStore } from '../store.js';
import type { Cluster, Found } from './cluster.js';
import { all, between, conflict, controlDoc, docOf, documents, down, idOf, is, isKind, listAll, putControl, readPage, type Doc } from './documents.js';
import type { Journal, Write } from './journal.js';

interface RegistryRest { readonly version: number; readonly relays: readonly string[]; readonly unassignedTier: Tier }
const FIRST: RegistryRest = { version: 1, relays: [], unassignedTier: 3 };

export async function registryRest(cluster: Cluster): Promise<RegistryRest> {
  const stored = await cluster.get<Doc>(cluster.index('control'), idOf('setting', 'store.registry'));
  return stored === undefined ? FIRST : docOf<RegistryRest>(stored.source);
}
/** The registry's own part, one version on. */
export const nextRegistry = (rest: RegistryRest, part: Partial<RegistryRest> = {}): Write => putControl('setting', 'store.registry', { ...rest, ...part, version: rest.version + 1 });

export function systemStore(cluster: Cluster, journal: Journal, changed: () => void): SystemStore {
  const { get, list } = documents<System>(cluster, 'system');
  return {
    get, list,
    async put(system, seen) {
      const kept = await journal.change(async () => {
        if (((await get(system.id))?.version ?? 0) !== seen) throw conflict('system', system.id, seen);
        const next: System = { ...system, version: seen + 1 };
        return { writes: [putControl('system', next.id, next, { tier: next.tier }), nextRegistry(await registryRest(cluster))], result: next };
      });
      changed();
      return kept;
    },
    async remove(id) {
      await journal.change(async () => ({
        writes: await get(id) === undefined ? [] : [{ op: 'delete', index: 'control', id: idOf('system', id) }, nextRegistry(await registryRest(cluster))], result: undefined,
      }));
      changed();
    },
    async registry(): Promise<Registry> {
      // The version is read first: a reader that sees a change too early sees its version too late, and reads again.
      const rest = await registryRest(cluster);
      return { ...rest, systems: await list() };
    },
    async setRelays(relays, unassignedTier) {
      await journal.change(async () => ({ writes: [nextRegistry(await registryRest(cluster), { relays, unassignedTier: unassignedTier as Tier })], result: undefined }));
      changed();
    },
  };
}

/** Rule sets are numbered by their ids: whoever creates the next number first has published it. */
export function deploymentStore(cluster: Cluster, changed: () => void): DeploymentStore {
  const index = cluster.index('control');
  const newest = async (limit: number): Promise<readonly Deployment[]> =>
    (await cluster.search<Doc>(index, { query: isKind('deployment'), sort: down('n'), size: Math.min(limit, 10_000), _source: ['doc'] })).hits.map(({ source }) => docOf<Deployment>(source));
  const get = async (n: number): Promise<Deployment | undefined> => { const stored = await cluster.get<Doc>(index, idOf('deployment', String(n))); return stored && docOf<Deployment>(stored.source); };
  return {
    get,
    async latest() {
      let [last] = await newest(1);
      // A search may be a second behind; by id one sees what is there now.
      for (let next = last; next !== undefined; next = await get(next.n + 1)) last = next;
      return last;
    },
    async publish(deployment) {
      const { n } = deployment, refused = new ConflictError(`rule set ${n} is not the next one: somebody else published`);
      if (n > 1 && await get(n - 1) === undefined) throw refused;
      if (await cluster.compareAndSet(index, idOf('deployment', String(n)), controlDoc('deployment', String(n), deployment, { n }), undefined) === undefined) throw refused;
      changed();
    },
    list: newest,
  };
}

export function sessionStore(cluster: Cluster): SessionStore {
  const index = cluster.index('control'), remove = (id: string): Promise<unknown> => cluster.bulk([{ op: 'delete', index, id: idOf('session', id) }]);
  return {
    async get(id) { const stored = await cluster.get<Doc>(index, idOf('session', id)); return stored && docOf<Session>(stored.source); },
    async put(session) {
      await cluster.bulk([{ op: 'index', index, id: idOf('session', session.id), source: JSON.stringify(controlDoc('session', session.id, session, { user: session.user, expires: session.expires })) }]);
    },
    async remove(id) { await remove(id); },
    async removeOfUser(user) { await cluster.deleteFound(index, all([isKind('session'), ...is('user', user)])); },
    removeExpired: (now) => cluster.deleteFound(index, all([isKind('session'), between('expires', undefined, now + 1)[0] ?? {}])),
  };
}

/** Entries are numbered without a gap, by their ids: one that is taken out is missed. */
export function auditStore(cluster: Cluster): AuditStore {
  const index = cluster.index('audit');
  let last: number | undefined;
  const newest = async (): Promise<number> => (await cluster.search<Doc>(index, { query: isKind('audit'), sort: down('n'), size: 1, _source: ['n'] })).hits.map(({ source }) => Number(source['n']))[0] ?? 0;
  const appendOne = async (entry: AuditEntry): Promise<void> => {
    const { at, by, action, object } = entry;
    for (let n = (last ?? await newest()) + 1; ; n++) {
      const source = { kind: 'audit', doc: JSON.stringify(entry), n, time: at, by, action, object };
      last = n;
      if (await cluster.compareAndSet(index, String(n), source, undefined) !== undefined) return;
    }
  };
  let queue: Promise<unknown> = Promise.resolve();
  return {
    append(entry) { const done = queue.catch(() => undefined).then(() => appendOne(entry)); queue = done; return done; },
    list: ({ by, action, object, from, to }, page) => readPage(cluster, 'audit', all([isKind('audit'), ...is('by', by), ...is('action', action), ...is('object', object), ...between('time', from, to)]), down('n'), page,
      ({ source }: Found<Doc>) => ({ ...docOf<AuditEntry>(source), seq: Number(source['n']) })),
  };
}

export function deadLetterStore(cluster: Cluster): DeadLetterStore {
  let last = 0;
  return {
    async append(letter) {
      last = Math.max(Date.now(), last + 1);
      await cluster.bulk([{ op: 'create', index: cluster.index('control'), id: idOf('letter', letter.id), source: JSON.stringify(controlDoc('letter', letter.id, letter, { n: last })) }]);
    },
    list: (page) => readPage(cluster, 'control', isKind('letter'), down('n', 'id'), page, ({ source }) => docOf<DeadLetter>(source)),
  };
}

/** Systems that the demo loaded. */
export const demoSystems = async (cluster: Cluster): Promise<readonly string[]> => (await listAll<System>(cluster, 'control', isKind('system'))).filter(({ demo }) => demo === true).map(({ id }) => id);

/** Tiers in which events may come: those of the systems, and of what no system has. */
export async function tiersInUse(cluster: Cluster): Promise<readonly number[]> {
  const systems = await listAll<System>(cluster, 'control', isKind('system'));
  return [...new Set([...systems.map(({ tier }) => tier), (await registryRest(cluster)).unassignedTier])].sort();
}
