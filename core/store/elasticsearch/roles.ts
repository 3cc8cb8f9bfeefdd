// What each service's credential may do, and nothing else: written by the setup, printed for files, held against a real server by
// test/roles.test.ts. A write never makes an index: nobody who writes events may make one but the keeper, who does it ahead of time.
import type { Cluster } from './cluster.js';

export const SERVICE_ROLES = ['collector', 'detector', 'console', 'retention', 'one'] as const;
/** `one` = all services in one process (`haidang up`). */
export type ServiceRole = (typeof SERVICE_ROLES)[number];

export interface RoleDescriptor {
  readonly cluster: readonly string[];
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[];
}

/** Makes what was written visible to searches; `maintenance` would allow more. */
const REFRESH = 'indices:admin/refresh*', NODES = 'cluster:monitor/nodes/stats';

export function roleDescriptor(role: ServiceRole, prefix: string): RoleDescriptor {
  const on = (names: readonly string[], ...privileges: readonly string[]): RoleDescriptor['indices'][number] => ({ names: names.map((name) => `${prefix}${name}`), privileges });
  switch (role) {
    case 'collector': return { cluster: ['monitor_snapshot'], indices: [on(['events-*'], 'create_doc', 'monitor'), on(['control', 'ledger'], 'create_doc', 'read')] };
    case 'detector': return { cluster: [NODES], indices: [on(['events-*'], 'read', 'create_index', 'monitor', REFRESH), on(['control', 'incidents', 'notices', 'alerts', 'ledger'], 'read', 'index', REFRESH), on(['ledger-*'], 'read', 'index', 'create_index', REFRESH)] };
    // A change that a detector decided and did not finish is carried out by whoever makes the next one.
    case 'console': return { cluster: [NODES], indices: [on(['events-*'], 'read', 'monitor', REFRESH), on(['incidents', 'notices'], 'read', 'index', REFRESH), on(['control', 'alerts', 'ledger', 'ledger-*'], 'read', 'index', 'delete', REFRESH), on(['audit'], 'read', 'create_doc', REFRESH)] };
    case 'retention': return { cluster: [], indices: [on(['control'], 'read'), on(['events-*', 'ledger-*'], 'delete_index')] };
    case 'one': return { cluster: [NODES, 'monitor_snapshot'], indices: [on(['events-*'], 'read', 'create_doc', 'delete', 'create_index', 'delete_index', 'monitor', REFRESH), on(['control', 'incidents', 'notices', 'ledger', 'alerts'], 'read', 'index', 'delete', REFRESH), on(['ledger-*'], 'read', 'index', 'delete', 'create_index', 'delete_index', REFRESH), on(['audit'], 'read', 'create_doc', REFRESH)] };
  }
}

export const roleName = (role: ServiceRole, prefix: string): string => `${prefix}${role}`;

/** As `roles.yml` of a node holds them, for clusters whose users stand in files. */
export function rolesFile(prefix: string): string {
  const list = (words: readonly string[]): string => JSON.stringify(words);
  return SERVICE_ROLES.map((role) => {
    const { cluster, indices } = roleDescriptor(role, prefix);
    return `${JSON.stringify(roleName(role, prefix))}:\n  cluster: ${list(cluster)}\n  indices:\n${indices.map(({ names, privileges }) => `    - names: ${list(names)}\n      privileges: ${list(privileges)}\n`).join('')}`;
  }).join('');
}

/** Writes the roles with an administrator's credential. */
export async function putRoles(cluster: Cluster): Promise<readonly string[]> {
  const names = SERVICE_ROLES.map((role) => roleName(role, cluster.prefix));
  for (const role of SERVICE_ROLES) await cluster.request('PUT', `/_security/role/${roleName(role, cluster.prefix)}`, { body: roleDescriptor(role, cluster.prefix) });
  return names;
}

/** An API key that can do what the role can; the encoded key is told this once. */
export async function makeKey(cluster: Cluster, role: ServiceRole): Promise<string> {
  const name = roleName(role, cluster.prefix);
  const { body } = await cluster.request<{ readonly encoded?: string }>('POST', '/_security/api_key', { body: { name, role_descriptors: { [name]: roleDescriptor(role, cluster.prefix) } }, once: true });
  if (typeof body.encoded !== 'string') throw new Error(`expected an encoded API key for ${name}, got none`);
  return body.encoded;
}
