// What an administrator does once: the templates, and the indices that are not made by time. May be done again at any time; an index
// that an older version made gets the fields it lacks.
import { ClusterError, type Cluster } from './cluster.js';
import { controlDoc, docOf, idOf, type Doc } from './documents.js';
import { moveLedger } from './ledger-move.js';
import { makeIndex } from './periods.js';
import { DOCUMENT_INDICES, TEMPLATE_VERSION, templates, type TemplateOptions } from './templates.js';

export interface SetupReport { readonly templates: readonly string[]; readonly made: readonly string[]; readonly updated: readonly string[]; readonly moved: number }

export async function setup(cluster: Cluster, options: Omit<TemplateOptions, 'prefix'> = {}): Promise<SetupReport> {
  const all = templates({ prefix: cluster.prefix, ...options }), made: string[] = [], updated: string[] = [], older = await newerThanThis(cluster);
  if (older !== undefined) throw new Error(`the templates were written by a newer version (${older}, this program knows ${TEMPLATE_VERSION})`);
  for (const { name, body } of all) await cluster.request('PUT', `/_index_template/${name}`, { body });
  await Promise.all(DOCUMENT_INDICES.map(async (name) => {
    if (await makeIndex(cluster, cluster.index(name))) made.push(cluster.index(name));
  }));
  for (const { name, body } of all) {
    // How names with dots are taken is settled when an index is made.
    const { template: { mappings: { subobjects: _settled, ...mappings } } } = body as { readonly template: { readonly mappings: { readonly subobjects?: boolean } } };
    for (const [index, version] of await versions(cluster, name.endsWith('events') ? `${cluster.prefix}events-*` : `${DOCUMENT_INDICES.map((one) => cluster.index(one)).join(',')},${cluster.prefix}ledger-t*`)) {
      if (version >= TEMPLATE_VERSION) continue;
      await cluster.request('PUT', `/${index}/_mapping`, { body: mappings });
      updated.push(index);
    }
  }
  const moved = await moveLedger(cluster);
  // Services may read documents, not mappings: what stands here tells them.
  await cluster.bulk([{ op: 'index', index: cluster.index('control'), id: SETUP, source: JSON.stringify(controlDoc('setting', 'store.setup', TEMPLATE_VERSION)) }]);
  return { templates: all.map(({ name }) => name), made, updated, moved };
}
const SETUP = idOf('setting', 'store.setup');

/** Says why the store cannot be used, or nothing. A service that runs apart asks `once`: it has work to do without the cluster, or waits itself. */
export async function problemOf(cluster: Cluster, once = cluster.role !== 'one'): Promise<string | undefined> {
  const control = cluster.index('control');
  let stored: { readonly source: Doc } | undefined;
  try { stored = await cluster.get<Doc>(control, SETUP, once); } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.status === 404) return `Elasticsearch has no index ${control}: run haidang setup elasticsearch`;
    if (error.status === 401 || error.status === 403) return `Elasticsearch refuses this credential: ${error.message}`;
    throw error;
  }
  const version = stored === undefined ? 0 : docOf<number>(stored.source);
  if (version < TEMPLATE_VERSION) return `the indices were made by an older version (${version}, this program needs ${TEMPLATE_VERSION}): run haidang setup elasticsearch`;
  return version > TEMPLATE_VERSION ? `the indices were made by a newer version (${version}, this program knows ${TEMPLATE_VERSION})` : undefined;
}

async function newerThanThis(cluster: Cluster): Promise<number | undefined> {
  const version = (await versions(cluster, cluster.index('control')))[0]?.[1];
  return version !== undefined && version > TEMPLATE_VERSION ? version : undefined;
}

/** Indices of a pattern, with the version that made each. */
async function versions(cluster: Cluster, pattern: string): Promise<readonly (readonly [string, number])[]> {
  const { body, status } = await cluster.request<Readonly<Record<string, { readonly mappings?: { readonly _meta?: { readonly haidang?: number } } }>>>('GET', `/${pattern}/_mapping`, { query: { ignore_unavailable: true }, allow: [404] });
  return status === 404 ? [] : Object.entries(body).map(([index, { mappings }]) => [index, mappings?._meta?.haidang ?? 0]);
}
