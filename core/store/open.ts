// Configuration -> store. The only file that names an adapter.
import type { Store } from './store.js';
import type { ClusterOptions } from './elasticsearch/cluster.js';
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

export interface SetupOptions { readonly shards?: number | undefined; readonly replicas?: number | undefined }
export interface SetupReport { readonly templates: readonly string[]; readonly made: readonly string[]; readonly updated: readonly string[] }

/** Makes a cluster ready for a store, with an administrator's credential; may be done again. */
export async function setUpElasticsearch(options: ElasticsearchOptions, { shards, replicas }: SetupOptions = {}): Promise<SetupReport> {
  const [{ Cluster }, { setup }] = await Promise.all([import('./elasticsearch/cluster.js'), import('./elasticsearch/setup.js')]), cluster = new Cluster(options);
  try {
    return await setup(cluster, { ...(shards === undefined ? {} : { shards }), ...(replicas === undefined ? {} : { replicas }) });
  } finally {
    await cluster.close();
  }
}

/** The retention job: takes indices away whose period is retired. Returns their names. */
export async function deleteRetiredIndices(options: ElasticsearchOptions): Promise<readonly string[]> {
  const [{ Cluster }, { deleteRetired }] = await Promise.all([import('./elasticsearch/cluster.js'), import('./elasticsearch/periods.js')]), cluster = new Cluster({ ...options, role: 'retention' });
  try { return await deleteRetired(cluster); } finally { await cluster.close(); }
}
