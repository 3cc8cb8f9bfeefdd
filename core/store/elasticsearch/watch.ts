// What other processes changed, told as news: looked for once a second by the sequence numbers that the server gives to every write of an
// index of one shard. A write may be found after one with a higher number; so the last few numbers are looked at again each time.
import type { Incident } from '../../incident.js';
import type { StoreNews } from '../store.js';
import type { Cluster } from './cluster.js';
import { docOf, type Doc } from './documents.js';

const LOOK_MS = 1_000, OVERLAP = 200, INCIDENTS_MAX = 500;
/** Kinds of control documents that are news. A rule set that somebody published is none: who evaluates looks at what was tuned. */
const KINDS: Readonly<Record<string, StoreNews>> = { source: { kind: 'sources' }, tuning: { kind: 'rules' }, system: { kind: 'systems' } };
interface Numbered { readonly _id: string; readonly _seq_no: number; readonly _source: Doc }

export class Watch {
  /** Numbers found, by index and document: what is found again with its number is no news. */
  private readonly found = new Map<string, Map<string, number>>();
  private readonly last = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly cluster: Cluster, private readonly tell: (news: StoreNews) => void) {}

  /** Begins with what is changed from now on. */
  start(): void {
    if (this.timer !== undefined) return;
    const look = (): void => { this.looking = this.look().catch(() => undefined).finally(() => { if (this.timer !== undefined) this.timer = setTimeout(look, LOOK_MS).unref(); }); };
    this.timer = setTimeout(look, 0).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.looking;
  }

  /** Looks once, and tells. A cluster that does not answer is looked at again a second later. */
  private async look(): Promise<void> {
    const [control, incidents] = await Promise.all([this.changed('control', Object.keys(KINDS)), this.changed('incidents', ['incident'])]);
    for (const kind of new Set(control.map((doc) => doc.kind))) { const news = KINDS[kind]; if (news !== undefined) this.tell(news); }
    if (incidents.length === 0) return;
    const changed = incidents.length >= INCIDENTS_MAX ? [] : incidents.map((doc) => docOf<Incident>(doc));
    this.tell({ kind: 'incidents', ids: changed.map(({ id }) => id), opened: changed.filter(({ version }) => version === 1).map(({ id }) => id), tiers: [...new Set(changed.map(({ tier }) => tier))] });
  }

  private async changed(index: 'control' | 'incidents', kinds: readonly string[]): Promise<readonly Doc[]> {
    const last = this.last.get(index), known = this.found.get(index) ?? new Map<string, number>();
    const { body } = await this.cluster.request<{ readonly hits: { readonly hits: readonly Numbered[] } }>('POST', `/${this.cluster.index(index)}/_search`, {
      once: true, query: { allow_partial_search_results: false },
      body: { query: { bool: { filter: [{ terms: { kind: kinds } }, { range: { _seq_no: { gt: (last ?? 0) - OVERLAP } } }] } }, sort: [{ _seq_no: 'desc' }], size: INCIDENTS_MAX, seq_no_primary_term: true, _source: ['kind', 'doc'] },
    });
    const hits = body.hits.hits, next = Math.max(last ?? 0, ...hits.map((hit) => hit._seq_no)), fresh = last === undefined ? [] : hits.filter((hit) => known.get(hit._id) !== hit._seq_no);
    for (const hit of hits) known.set(hit._id, hit._seq_no);
    for (const [id, seqNo] of known) if (seqNo <= next - OVERLAP) known.delete(id);
    this.found.set(index, known);
    this.last.set(index, next);
    return fresh.map((hit) => hit._source);
  }
}
