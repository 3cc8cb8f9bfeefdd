// The ledger of a cluster that was set up before it had indices by week: what was evaluated, hits, and what their events said, are taken
// to the index of their week, as far as that is open. Nothing else may run on the prefix meanwhile. It may be interrupted and begun
// again: each part is written first, under the version it has, and deleted then.
import type { Cluster } from './cluster.js';
import { all, among, between, isKind, putControl } from './documents.js';
import { Journal } from './journal.js';
import { makeIndex, Periods } from './periods.js';
import { endOfWeek, ledgerIndex } from './templates.js';

interface Versioned { readonly hits: { readonly hits: readonly { readonly _id: string; readonly _version: number; readonly _source: object }[] } }
const WEEK_MS = 7 * 86_400_000, AT_ONCE = 1_000;

/** Makes the ledger's indices of the weeks that are open, and moves what belongs there; returns how many documents moved. */
export async function moveLedger(cluster: Cluster): Promise<number> {
  const journal = new Journal(cluster), base = cluster.index('ledger');
  let moved = 0;
  await cluster.refreshNow(cluster.index('control'), base);
  const open = (await new Periods(cluster).list()).filter(({ state }) => state === 'open');
  if (open.length === 0) return 0;
  for (const { tier, week } of open) await makeIndex(cluster, cluster.index(ledgerIndex(tier, week)));
  // The last change may still be carried out again, and names the old places: another one stands on it before anything moves.
  await journal.open();
  await journal.change(async () => ({ writes: [putControl('setting', 'store.ledger', 'by week')], result: undefined }));
  for (const { tier, week } of open) {
    const index = cluster.index(ledgerIndex(tier, week)), end = endOfWeek(week), received = between('received', end - WEEK_MS, end);
    const query = { bool: { should: [all([...among('kind', ['hit', 'event']), { term: { tier } }, ...received]), all([isKind('entry'), { wildcard: { stream: { value: `*.${tier}` } } }, ...received])], minimum_should_match: 1 } };
    for (;;) {
      const { body } = await cluster.request<Versioned>('POST', `/${base}/_search`, { body: { query, size: AT_ONCE, version: true, sort: ['_doc'] }, query: { allow_partial_search_results: false } }), { hits } = body.hits;
      if (hits.length === 0) break;
      for (const [i, { status, reason }] of (await cluster.bulk(hits.map(({ _id: id, _version: version, _source }) => ({ op: 'index', index, id, version, source: JSON.stringify(_source) })))).entries()) {
        if (status !== 200 && status !== 201 && status !== 409) throw new Error(`Elasticsearch refused to move ${hits[i]?._id ?? ''} to ${index}: ${reason}`);
      }
      await cluster.bulk(hits.map(({ _id: id }) => ({ op: 'delete', index: base, id })));
      await cluster.refreshNow(base);
      moved += hits.length;
    }
  }
  return moved;
}
