import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../../test/support/elasticsearch.js';
import { storeContract } from '../contract.js';
import type { Store } from '../store.js';
import { Cluster } from './cluster.js';
import { openElasticsearch } from './elasticsearch.js';
import { setup } from './setup.js';

const url = await elasticsearchUrl(), prefixes = new Map<Store, string>();

async function open(prefix: string): Promise<Store> {
  const store = await openElasticsearch({ nodes: [String(url)], prefix });
  prefixes.set(store, prefix);
  return store;
}
const forget = (prefix: string): Promise<void> => forgetPrefix(String(url), prefix);
async function prepared(): Promise<string> {
  const prefix = randomPrefix(), cluster = new Cluster({ nodes: [String(url)], prefix });
  await setup(cluster);
  await cluster.close();
  return prefix;
}

if (url === undefined) test('not run: the store on Elasticsearch', () => undefined);
else {
  // Making and deleting indices takes the server longer than most tests: the next store is made while one is used.
  let spare = prepared();
  const going: Promise<void>[] = [];
  afterAll(async () => { await Promise.all([...going, spare.then(forget)]); });
  storeContract('elasticsearch', {
    async empty() {
      const prefix = await spare;
      spare = prepared();
      return open(prefix);
    },
    async reopen(store) {
      await store.close();
      return open(prefixes.get(store) as string);
    },
    async discard(store) {
      await store.close();
      going.push(forget(prefixes.get(store) as string));
    },
  });
}
