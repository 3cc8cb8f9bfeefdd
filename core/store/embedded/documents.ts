// Small documents with a version, and what is as simple: settings, deployments, sessions, audit, dead letters, systems.
import { ConflictError } from '../../errors.js';
import type { Database } from '../../process/sqlite.js';
import type { Registry, System, Tier } from '../../tier.js';
import type {
  AuditEntry, AuditStore, DeadLetter, DeadLetterStore, Deployment, DeploymentStore, DocumentStore, Session, SessionStore, SettingStore, SystemStore, Versioned,
} from '../store.js';
import { docOf, has, newest, readPage } from './paging.js';

type Table = 'users' | 'tunings' | 'systems';

/** Documents of one table; `changed` is told after each change. */
export function documents<T extends Versioned>(db: Database, table: Table, changed: () => void = () => undefined): DocumentStore<T> {
  return {
    get: async (id) => { const row = db.prepare(`select doc from ${table} where id = ?`).get(id); return row && docOf<T>(row); },
    list: async () => db.prepare(`select doc from ${table} order by id`).all().map((row) => docOf<T>(row)),
    async put(document, seen) {
      const next = putDocument<T>(db, table, document, seen);
      changed();
      return next;
    },
    async remove(id) { if (db.prepare(`delete from ${table} where id = ?`).run(id).changes > 0) changed(); },
  };
}

function putDocument<T extends Versioned>(db: Database, table: Table, document: Omit<T, 'version'>, seen: number): T {
  const next = { ...document, version: seen + 1 } as unknown as T, text = JSON.stringify(next);
  const tier = table === 'systems' ? [(next as unknown as System).tier] : [];
  const { changes } = seen === 0
    ? db.prepare(`insert or ignore into ${table} (id, version, doc${table === 'systems' ? ', tier' : ''}) values (?, ?, ?${table === 'systems' ? ', ?' : ''})`).run(next.id, 1, text, ...tier)
    : db.prepare(`update ${table} set version = ?, doc = ?${table === 'systems' ? ', tier = ?' : ''} where id = ? and version = ?`).run(seen + 1, text, ...tier, next.id, seen);
  if (changes === 0) throw new ConflictError(`expected version ${seen} of ${next.id}, but somebody else changed it`);
  return next;
}

export function settingStore(db: Database): SettingStore {
  return {
    async get(name) { const row = db.prepare('select doc from settings where name = ?').get(name); return row && docOf<unknown>(row); },
    async put(name, value) {
      if (value === undefined) db.prepare('delete from settings where name = ?').run(name);
      else db.prepare('insert into settings values (?, ?) on conflict (name) do update set doc = excluded.doc').run(name, JSON.stringify(value));
    },
  };
}

const REGISTRY = 'store.registry';
interface RegistryRest { readonly version: number; readonly relays: readonly string[]; readonly unassignedTier: Tier }

export function systemStore(db: Database, changed: () => void): SystemStore {
  const rest = (): RegistryRest => {
    const row = db.prepare('select doc from settings where name = ?').get(REGISTRY);
    return row === undefined ? { version: 1, relays: [], unassignedTier: 3 } : docOf<RegistryRest>(row);
  };
  const write = (part: Partial<RegistryRest>): void => {
    const now = rest();
    db.prepare('insert into settings values (?, ?) on conflict (name) do update set doc = excluded.doc').run(REGISTRY, JSON.stringify({ ...now, ...part, version: now.version + 1 }));
  };
  const { get, list } = documents<System>(db, 'systems');
  return {
    get, list,
    async put(system, seen) {
      const kept = db.transaction(() => { write({}); return putDocument<System>(db, 'systems', system, seen); });
      changed();
      return kept;
    },
    async remove(id) {
      db.transaction(() => { if (db.prepare('delete from systems where id = ?').run(id).changes > 0) write({}); });
      changed();
    },
    registry: async (): Promise<Registry> => ({ ...rest(), systems: await list() }),
    async setRelays(relays, unassignedTier) { db.transaction(() => write({ relays, unassignedTier: unassignedTier as Tier })); changed(); },
  };
}

export function deploymentStore(db: Database, changed: () => void): DeploymentStore {
  const latest = async (): Promise<Deployment | undefined> => { const row = db.prepare('select doc from deployments order by n desc limit 1').get(); return row && docOf<Deployment>(row); };
  return {
    latest,
    async get(n) { const row = db.prepare('select doc from deployments where n = ?').get(n); return row && docOf<Deployment>(row); },
    async publish(deployment) {
      const last = Number(db.prepare('select max(n) as n from deployments').get()?.['n'] ?? 0);
      if (deployment.n !== last + 1) throw new ConflictError(`expected rule set ${last + 1}, got ${deployment.n}: somebody else published`);
      db.prepare('insert into deployments values (?, ?)').run(deployment.n, JSON.stringify(deployment));
      changed();
    },
    list: async (limit) => db.prepare('select doc from deployments order by n desc limit ?').all(limit).map((row) => docOf<Deployment>(row)),
  };
}

export function sessionStore(db: Database): SessionStore {
  return {
    async get(id) { const row = db.prepare('select doc from sessions where id = ?').get(id); return row && docOf<Session>(row); },
    async put(session) {
      db.prepare('insert into sessions values (?, ?, ?, ?) on conflict (id) do update set user = excluded.user, expires = excluded.expires, doc = excluded.doc')
        .run(session.id, session.user, session.expires, JSON.stringify(session));
    },
    async remove(id) { db.prepare('delete from sessions where id = ?').run(id); },
    async removeOfUser(user) { db.prepare('delete from sessions where user = ?').run(user); },
    removeExpired: async (now) => db.prepare('delete from sessions where expires <= ?').run(now).changes,
  };
}

export function auditStore(db: Database): AuditStore {
  return {
    async append(entry) {
      db.prepare('insert into audit (at, by, action, object, doc) values (?, ?, ?, ?, ?)').run(entry.at, entry.by, entry.action, entry.object, JSON.stringify(entry));
    },
    list: async ({ by, action, object, from, to }, page) => readPage(db, 'audit',
      [has('by', '=', by), has('action', '=', action), has('object', '=', object), has('at', '>=', from), has('at', '<', to)],
      newest('seq'), page, (row) => ({ ...docOf<AuditEntry>(row), seq: Number(row['seq']) })),
  };
}

export function deadLetterStore(db: Database): DeadLetterStore {
  return {
    async append(letter) { db.prepare('insert or ignore into dead_letters (id, doc) values (?, ?)').run(letter.id, JSON.stringify(letter)); },
    list: async (page) => readPage(db, 'dead_letters', [], newest('n'), page, (row) => docOf<DeadLetter>(row)),
  };
}
