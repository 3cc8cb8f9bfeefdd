// The whole way through a store: events committed as the pipeline hands them over and each rule put to it as a search. What it finds must
// be what `match` finds. In the embedded store one half is sealed into Parquet files, one half in memory; on Elasticsearch the query that
// finds candidates, and what the server is sure of, stand in the place of SQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../core/event.js';
import { matcher } from '../../core/predicate/match.js';
import { openElasticsearch } from '../../core/store/elasticsearch/elasticsearch.js';
import { openHere } from '../../core/store/embedded/embedded.js';
import { setUpElasticsearch } from '../../core/store/open.js';
import { aRun, commitOf, idOf } from '../../core/store/samples.js';
import { EVERYTHING, type Store } from '../../core/store/store.js';
import { forgetPrefix, randomPrefix } from '../support/elasticsearch.js';
import { PLACED, STREAM } from './batch.js';
import type { Way } from './paths.js';

export class StoredWay implements Way {
  private next = 1;
  private constructor(readonly name: string, private readonly store: Store, private readonly release: () => Promise<void>) {}

  static async open(): Promise<StoredWay> {
    const folder = mkdtempSync(join(tmpdir(), 'haidang-proof-store-'));
    return new StoredWay('store', await openHere({ folder, reserveBytes: 0 }), async () => rmSync(folder, { recursive: true }));
  }
  static async openElasticsearch(url: string): Promise<StoredWay> {
    const prefix = randomPrefix();
    await setUpElasticsearch({ nodes: [url], prefix });
    return new StoredWay('elasticsearch', await openElasticsearch({ nodes: [url], prefix }), () => forgetPrefix(url, prefix));
  }
  async close(): Promise<void> { await this.store.close(); await this.release(); }

  verdicts: Way['verdicts'] = async ({ rules, events, meant }) => {
    const half = events.length >> 1, first = this.next;
    const sealed = this.add(events.slice(0, half));
    await this.store.commit(commitOf(sealed.run));
    await this.store.events.days();
    const hot = this.add(events.slice(half));
    await this.store.commit(commitOf(hot.run));
    const kept = [...sealed.events, ...hot.events], times = kept.map((event) => Date.parse(String(event['@timestamp'])));
    const from = times[0] ?? 0, to = (times[times.length - 1] ?? 0) + 1, verdicts: (boolean | string)[][] = [];
    for (const [i, { predicate }] of rules.entries()) {
      // Now and then in pages.
      const query = { predicate, from, to, scope: EVERYTHING, ownRecords: true }, limit = i % 4 === 0 ? 15 : 1_000, found = new Set<string>();
      const page = await this.store.events.search(query, { limit });
      page.items.forEach((event) => found.add(idOf(event)));
      for (let cursor = page.next; cursor !== null;) {
        const more = await this.store.events.search(query, { limit, cursor });
        more.items.forEach((event) => found.add(idOf(event)));
        cursor = more.next;
      }
      const asksFor = matcher(predicate);
      verdicts.push(kept.map((event, n) => {
        if (page.total !== found.size) return `${page.total} counted, ${found.size} found from position ${first}`;
        // At another position it is another event: keywords read its number too.
        const isMet = asksFor(event);
        return found.has(idOf(event)) === isMet ? meant[i]?.[n] === true : `${isMet ? 'not found' : 'found'} at its position in the store`;
      }));
    }
    return verdicts;
  };

  /** The same events at positions and times of their own. */
  private add(events: readonly Event[]): ReturnType<typeof aRun> {
    const from = this.next;
    this.next += events.length;
    return aRun(STREAM, from, events.map(withoutPlace));
  }
}

function withoutPlace(event: Event): Event {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !PLACED.includes(name)));
}
