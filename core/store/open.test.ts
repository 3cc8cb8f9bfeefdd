// What begins on a store is begun again when the cluster goes away meanwhile: a detector that is started at the wrong moment waits.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from './elasticsearch/cluster.js';
import { beginWhenThere } from './open.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-open-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });
const begin = (...failures: readonly Error[]): { readonly told: string[]; readonly begun: Promise<string> } => {
  const told: string[] = [], left = [...failures];
  return { told, begun: beginWhenThere({ folder }, async (store) => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    await store.close();
    return 'begun';
  }, (why) => told.push(why.message), new AbortController().signal) };
};

test('a cluster that goes away while something begins on it is waited for, and told of', async () => {
  const { told, begun } = begin(new ClusterError('other side closed', 503));
  expect(await begun).toBe('begun');
  expect(told).toEqual(['other side closed']);
});

test('what will not pass by itself ends it at once', async () => {
  const { told, begun } = begin(new ClusterError('there is no index', 404));
  await expect(begun).rejects.toThrow('there is no index');
  expect(told).toEqual([]);
});
