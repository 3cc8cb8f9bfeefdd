// The `elasticsearch` part of the configuration: where the cluster is, who we are to it, and what our indices are called. Secrets stand
// in files, never in the configuration itself.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { ElasticsearchOptions } from '../store/open.js';

export const elasticsearch = z.strictObject({
  nodes: z.array(z.url({ protocol: /^https?$/, error: 'expected http:// or https://' })).min(1),
  username: z.string().min(1).optional(),
  passwordFile: z.string().optional(),
  /** In place of user and password: the encoded key that Elasticsearch gave. */
  apiKeyFile: z.string().optional(),
  /** PEM of the authority that signed the nodes' certificates. */
  caFile: z.string().optional(),
  /** Where the cluster keeps snapshots of our indices; a collector frees its spool by them. */
  snapshotRepository: z.string().min(1).optional(),
  /** Without snapshots: how many days a collector keeps what is stored and read back. */
  archiveDays: z.number().int().min(0).max(3650).default(3),
  prefix: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,40}$/, 'expected small letters, digits, ., _ or -').default('haidang-'),
}).refine(({ username, passwordFile, apiKeyFile }) => (username === undefined) === (passwordFile === undefined) && (username === undefined || apiKeyFile === undefined), 'expected username with passwordFile, or apiKeyFile, or neither');
type Section = z.infer<typeof elasticsearch>;

/** What the environment says of it, over what the file says. Names that other programs share: without an address they mean nothing here. */
export function overrideElasticsearch(given: unknown, env: Readonly<Record<string, string | undefined>>): unknown {
  const names = { username: 'USERNAME', passwordFile: 'PASSWORD_FILE', apiKeyFile: 'API_KEY_FILE', caFile: 'CA_FILE', prefix: 'PREFIX' };
  const said = Object.entries(names).flatMap(([field, name]) => { const value = env[`ELASTICSEARCH_${name}`]; return value === undefined || value === '' ? [] : [[field, value] as const]; });
  const url = env['ELASTICSEARCH_URL'], nodes = url === undefined || url === '' ? [] : [['nodes', url.split(',').map((one) => one.trim())] as const];
  if (said.length + nodes.length === 0 || (given === undefined && nodes.length === 0)) return given;
  return { ...(typeof given === 'object' && given !== null ? given : {}), ...Object.fromEntries([...said, ...nodes]) };
}

/** How the store is opened; undefined where the embedded one is meant. Reads the files that are named. */
export function elasticsearchOf({ elasticsearch: section }: { readonly elasticsearch?: Section | undefined }): ElasticsearchOptions | undefined {
  if (section === undefined) return undefined;
  const { nodes, username, passwordFile, apiKeyFile, caFile, prefix } = section, secret = (file: string): string => readFileSync(resolve(file), 'utf8').split(/\r?\n/)[0] ?? '';
  return {
    nodes, prefix,
    ...(apiKeyFile !== undefined ? { auth: { apiKey: secret(apiKeyFile) } } : username !== undefined && passwordFile !== undefined ? { auth: { username, password: secret(passwordFile) } } : {}),
    ...(caFile === undefined ? {} : { ca: readFileSync(resolve(caFile), 'utf8') }),
  };
}
