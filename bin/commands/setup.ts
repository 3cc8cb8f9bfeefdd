// haidang setup elasticsearch: makes a cluster ready, once, with an administrator's credential: templates and the indices that are not
// made by time. May be done again, and must be after an update that says so.
import { InvalidArgumentError, type Command } from 'commander';
import { InvalidError } from '../../core/errors.js';
import { loadConfig } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';

interface Options { readonly shards?: number; readonly replicas?: number }

export function registerSetup(program: Command): void {
  const setup = program.command('setup').description('make a store ready that this program does not keep by itself');
  setup.command('elasticsearch').description('write index templates and make the indices; the configuration names the cluster and an administrator')
    .option('--shards <n>', 'primary shards of an index of events', count(1, 64)).option('--replicas <n>', 'copies of each shard beside the first', count(0, 8))
    .action(async ({ shards, replicas }: Options) => {
      const options = elasticsearchOf(loadConfig(process.env, process.cwd()));
      if (options === undefined) throw new InvalidError('expected a cluster in the configuration (elasticsearch.nodes, or ELASTICSEARCH_URL), found none');
      const { setUpElasticsearch } = await import('../../core/store/open.js'), report = await setUpElasticsearch(options, { shards, replicas });
      for (const name of report.templates) process.stdout.write(`template  ${name}\n`);
      for (const name of report.made) process.stdout.write(`made      ${name}\n`);
      for (const name of report.updated) process.stdout.write(`updated   ${name}\n`);
      process.stdout.write(`Elasticsearch is ready (${options.nodes.join(', ')})\n`);
    });
}

const count = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}, got ${JSON.stringify(text)}`);
  return value;
};
