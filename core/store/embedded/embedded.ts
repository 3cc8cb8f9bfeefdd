// The embedded store, in the thread that opens it: roles over one SQLite file, event files and sealed files. The worker runs this;
// client.ts is what others open.
import { join, resolve } from 'node:path';
import { openDatabase } from '../../process/sqlite.js';
import type { Commit, RuleTuning, Store, StoreNews, User } from '../store.js';
import type { EmbeddedOptions } from './client.js';
import { accountStore, rollAccount } from './accounts.js';
import { auditStore, deadLetterStore, deploymentStore, documents, sessionStore, settingStore, systemStore } from './documents.js';
import { Engine } from './engine.js';
import { EmbeddedEvents } from './events.js';
import { space, takeFolder, type Lock } from './folder.js';
import { alertStore, incidentStore } from './incidents.js';
import { Keeper } from './keeper.js';
import { cursorStore, forgetHits, ledgerStore, sourceStore } from './ledger.js';
import { Manifest } from './manifest.js';
import { outboxStore } from './outbox.js';
import { removeDemo } from './demo.js';
import { Reserve } from './reserve.js';
import { migrate } from './schema.js';
import { Sealed } from './sealed.js';
import { Writer } from './writer.js';

const HOT_BYTES_MAX = 96 * 1024 * 1024;

export async function openHere({ folder, reserveBytes }: EmbeddedOptions): Promise<Store> {
  const lock = takeFolder(folder);
  try {
    return await open(resolve(folder), lock, reserveBytes);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function open(folder: string, lock: Lock, reserveBytes: number | undefined): Promise<Store> {
  const reserve = new Reserve(folder, reserveBytes);
  const db = openDatabase(join(folder, 'control.db'), { whenFull: () => reserve.release() });
  migrate(db);
  const manifest = new Manifest(db, join(folder, 'events'));
  const writer = new Writer(db, manifest);
  reserve.take();
  const engine = await Engine.open(manifest.folder);
  const keeper = new Keeper(manifest, writer, engine), sealed = new Sealed(engine, manifest.folder);
  const listeners = new Set<(news: StoreNews) => void>();
  const tell = (news: StoreNews): void => { for (const listener of listeners) listener(news); };

  return {
    events: new EmbeddedEvents(manifest, sealed, keeper),
    alerts: alertStore(db),
    incidents: incidentStore(db, ({ id, tier }, opened) => tell({ kind: 'incidents', ids: [id], opened: opened ? [id] : [], tiers: [tier] })),
    ledger: ledgerStore(db),
    cursors: cursorStore(db),
    accounts: accountStore(db),
    sources: sourceStore(db, () => tell({ kind: 'sources' })),
    outbox: outboxStore(db),
    tunings: documents<RuleTuning>(db, 'tunings', () => tell({ kind: 'rules' })),
    deployments: deploymentStore(db, () => tell({ kind: 'rules' })),
    systems: systemStore(db, () => tell({ kind: 'systems' })),
    users: documents<User>(db, 'users'),
    sessions: sessionStore(db),
    audit: auditStore(db),
    deadLetters: deadLetterStore(db),
    settings: settingStore(db),
    async commit(commit: Commit) {
      // Catching up may be quicker than sealing: memory is bounded, so commits wait then.
      if (manifest.hot.bytes > HOT_BYTES_MAX) await keeper.sealAll();
      const runs = writer.commit(commit);
      if (commit.incidents.length > 0) {
        tell({
          kind: 'incidents', ids: commit.incidents.map(({ incident }) => incident.id), opened: commit.incidents.filter(({ seen }) => seen === 0).map(({ incident }) => incident.id),
          tiers: [...new Set(commit.incidents.map(({ incident }) => incident.tier))],
        });
      }
      if (runs.some(({ sources }) => sources.length > 0)) tell({ kind: 'sources' });
    },
    onNews(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    async health() {
      return { ready: true, kind: 'embedded', hotEvents: manifest.hot.count, sealedEvents: manifest.files.reduce((sum, { events }) => sum + events, 0), bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, manifest.hot.bytes), freeBytes: space(folder).free, problem: writer.problem ?? keeper.problem };
    },
    async keep(retentionDays, now) {
      reserve.take();
      const kept = await keeper.keep(retentionDays, now);
      forgetHits(db, retentionDays, now);
      rollAccount(db, now);
      return kept;
    },
    async removeDemo() {
      const removed = await removeDemo(db, keeper);
      for (const kind of ['systems', 'sources'] as const) tell({ kind });
      tell({ kind: 'incidents', ids: [], opened: [], tiers: [] });
      return removed;
    },
    async close() {
      await keeper.close();
      await engine.close();
      writer.close();
      db.close();
      lock.release();
    },
  };
}
