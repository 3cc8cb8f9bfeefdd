// `haidang setup elasticsearch`: what an administrator does once on a cluster, and again when a version asks for it; the roles and keys of
// the services on request.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { InvalidError } from '../../core/errors.js';
import { loadConfig } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';

interface Options { readonly shards?: number; readonly replicas?: number; readonly roles?: boolean; readonly keys?: string; readonly printRoles?: boolean }
const KEYS_OF = ['collector', 'detector', 'console', 'retention'] as const;

export function registerSetup(program: Command): void {
  const setup = program.command('setup').description('make a store ready that this program does not keep by itself');
  setup.command('elasticsearch').description('write index templates and make the indices; the configuration names the cluster and an administrator')
    .option('--shards <n>', 'primary shards of an index of events', count(1, 64)).option('--replicas <n>', 'copies of each shard beside the first', count(0, 8))
    .option('--roles', 'write a role for each service, which allows what it needs and nothing else')
    .option('--keys <folder>', `make an API key for each service with the rights of its role, one file each: ${KEYS_OF.join(', ')}`)
    .option('--print-roles', 'print the roles as roles.yml holds them, and do nothing')
    .action(async ({ shards, replicas, roles, keys, printRoles }: Options) => {
      const options = elasticsearchOf(loadConfig(process.env, process.cwd())), { elasticsearchRoles, setUpElasticsearch } = await import('../../core/store/open.js');
      if (printRoles === true) { process.stdout.write(await elasticsearchRoles(options?.prefix ?? 'haidang-')); return; }
      if (options === undefined) throw new InvalidError('expected a cluster in the configuration (elasticsearch.nodes, or ELASTICSEARCH_URL), found none');
      const fileOf = (role: string): string => join(keys ?? '', `${role}.key`), taken = keys === undefined ? [] : KEYS_OF.map(fileOf).filter((file) => existsSync(file));
      if (taken.length > 0) throw new InvalidError(`expected to make ${taken.join(', ')}, found a file there already: move it away, or name another folder`);
      if (keys !== undefined) mkdirSync(keys, { recursive: true, mode: 0o700 });
      const keep = (role: string, key: string): void => { writeFileSync(fileOf(role), `${key}\n`, { mode: 0o600, flag: 'wx' }); process.stdout.write(`key       ${fileOf(role)}\n`); };
      const report = await setUpElasticsearch(options, { shards, replicas, roles, ...(keys === undefined ? {} : { keys: { of: KEYS_OF, keep } }) });
      for (const name of report.templates) process.stdout.write(`template  ${name}\n`);
      for (const name of report.made) process.stdout.write(`made      ${name}\n`);
      for (const name of report.updated) process.stdout.write(`updated   ${name}\n`);
      if (report.moved > 0) process.stdout.write(`moved     ${report.moved} documents of the ledger to the indices of their weeks\n`);
      for (const name of report.roles) process.stdout.write(`role      ${name}\n`);
      process.stdout.write(`Elasticsearch is ready (${options.nodes.join(', ')})\n`);
    });
}

const count = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
  return value;
};
