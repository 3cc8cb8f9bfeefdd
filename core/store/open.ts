// Configuration -> store. The only file that names an adapter.
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from './store.js';
import type { ClusterOptions } from './elasticsearch/cluster.js';
import type { ServiceRole } from './elasticsearch/roles.js';
import { openEmbedded } from './embedded/client.js';

export type ElasticsearchOptions = ClusterOptions;
export interface StoreOptions {
  /** Folder of the embedded store. */
  readonly folder: string;
  /** Given: the store is this cluster. */
  readonly elasticsearch?: ElasticsearchOptions | undefined;
}

export async function openStore({ folder, elasticsearch }: StoreOptions): Promise<Store> {
  if (elasticsearch === undefined) return openEmbedded({ folder });
  return (await import('./elasticsearch/elasticsearch.js')).openElasticsearch(elasticsearch);
}

/** Opens it as soon as it answers: `onWait` is told why it is waited for. What will not pass by itself is thrown. */
export const openStoreWhenThere = (options: StoreOptions, onWait: (why: Error) => void, signal: AbortSignal): Promise<Store> => beginWhenThere(options, async (store) => store, onWait, signal);

/** The same with what begins on the store: a cluster that goes away meanwhile is waited for again. */
export async function beginWhenThere<T>(options: StoreOptions, begin: (store: Store) => Promise<T>, onWait: (why: Error) => void, signal: AbortSignal): Promise<T> {
  for (;;) {
    let store: Store | undefined;
    try {
      store = await openStore(options);
      return await begin(store);
    } catch (error) {
      await store?.close();
      const { isPassing } = await import('./elasticsearch/cluster.js');
      if (!isPassing(error) || signal.aborted) throw error;
      onWait(error as Error);
      await pause(WAIT_MS, undefined, { signal });
    }
  }
}
const WAIT_MS = 2_000;

export interface SetupOptions {
  readonly shards?: number | undefined;
  readonly replicas?: number | undefined;
  /** Writes the roles of the services, too. */
  readonly roles?: boolean | undefined;
  /** Makes an API key for each of these and hands it over, once. */
  readonly keys?: { readonly of: readonly ServiceRole[]; readonly keep: (role: ServiceRole, key: string) => void } | undefined;
}
export interface SetupReport { readonly templates: readonly string[]; readonly made: readonly string[]; readonly updated: readonly string[]; readonly roles: readonly string[]; /** Documents of the ledger that were taken to the index of their week. */ readonly moved: number }

/** Makes a cluster ready for a store, with an administrator's credential; may be done again. */
export async function setUpElasticsearch(options: ElasticsearchOptions, { shards, replicas, roles, keys }: SetupOptions = {}): Promise<SetupReport> {
  const { Cluster } = await import('./elasticsearch/cluster.js'), { setup } = await import('./elasticsearch/setup.js'), { putRoles, makeKey } = await import('./elasticsearch/roles.js'), cluster = new Cluster(options);
  try {
    const report = await setup(cluster, { ...(shards === undefined ? {} : { shards }), ...(replicas === undefined ? {} : { replicas }) }), written = roles === true ? await putRoles(cluster) : [];
    for (const role of keys?.of ?? []) keys?.keep(role, await makeKey(cluster, role));
    return { ...report, roles: written };
  } finally {
    await cluster.close();
  }
}

/** The roles of the services as `roles.yml` of a node holds them. */
export const elasticsearchRoles = async (prefix: string): Promise<string> => (await import('./elasticsearch/roles.js')).rolesFile(prefix);

/** The retention job: takes indices away whose period is retired. Returns their names. */
export async function deleteRetiredIndices(options: ElasticsearchOptions): Promise<readonly string[]> {
  const { Cluster } = await import('./elasticsearch/cluster.js'), { deleteRetired } = await import('./elasticsearch/periods.js'), cluster = new Cluster({ ...options, role: 'retention' });
  try { return await deleteRetired(cluster); } finally { await cluster.close(); }
}
