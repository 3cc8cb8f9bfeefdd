// Everything or nothing, over documents that the server changes one at a time. One document, the head, holds the number of the last
// change and that change itself, whole: a list of writes. Whoever makes change n + 1 first sees that change n is written out, decides on
// what then stands there, and puts the new head by compare-and-set. That one write is the decision: it happens or it does not, and of two
// who decided on the same head one is told to look again. Then the writes are carried out under n as their version number, so that they
// may be carried out again by anybody, at any time, in part: what is newer stays. docs/decisions/007 says why it is one head for all.
import { randomUUID } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { ClusterError, GONE_KIND, isPassing, type BulkItem, type Cluster } from './cluster.js';
import type { DocumentIndex, LedgerIndex } from './templates.js';

/**
 * `create` leaves what is there as it is; the others replace what an earlier change wrote. What is deleted is replaced by a word that it is
 * gone: whoever carries changes out needs no right to delete, and a late copy of an earlier write finds a newer number.
 */
export interface Write {
  readonly op: 'put' | 'create' | 'delete';
  readonly index: DocumentIndex | LedgerIndex;
  readonly id: string;
  readonly source?: object;
}
export interface Plan<T> { readonly writes: readonly Write[]; readonly result: T }

interface Head { readonly kind: 'head'; readonly doc: string }
interface HeadDoc { readonly n: number; readonly token: string; readonly writes: string }
interface Known { readonly n: number; readonly seen: { readonly seqNo: number; readonly primaryTerm: number } | undefined }

const HEAD = 'head', ATTEMPTS_MAX = 50;

export class Journal {
  /** The head as this process knows it, its writes carried out. */
  private known: Known | undefined;
  /** The change that this process has an own answer for, made or written again, and has seen carried out. */
  private proved = '';
  private queue: Promise<unknown> = Promise.resolve();
  private readonly index: string;

  constructor(private readonly cluster: Cluster) {
    this.index = cluster.index('control');
  }

  /** Carries out what somebody decided and did not finish. */
  async open(): Promise<void> {
    this.known = await this.catchUp();
  }

  /**
   * Decides by `plan` and does what it says. `plan` is given the number of the change, reads documents by id, and may be asked again when
   * somebody was quicker. What it throws ends the change, and nothing of it was done.
   */
  change<T>(plan: (n: number) => Promise<Plan<T>>): Promise<T> {
    const result = this.queue.catch(() => undefined).then(() => this.attempt(plan));
    this.queue = result;
    return result;
  }

  private async attempt<T>(plan: (n: number) => Promise<Plan<T>>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      const before = this.known ?? await this.catchUp();
      this.known = before;
      const n = before.n + 1, { writes, result } = await plan(n);
      if (writes.length === 0) return result;
      // Not known until all of it is done: whatever fails below is cleared up by who comes next.
      this.known = undefined;
      const token = randomUUID(), seen = await this.decide(n, token, writes, before.seen);
      if (seen === undefined) {
        // Two who decide at the same pace would else meet at every turn.
        if (attempt > 2) await new Promise((resolve) => { setTimeout(resolve, Math.random() * Math.min(10 * attempt, 200)); });
        continue;
      }
      await this.carryOut(n, writes);
      this.proved = token;
      this.known = { n, seen };
      return result;
    }
    throw new ClusterError(`somebody else was quicker ${ATTEMPTS_MAX} times`, undefined);
  }

  /** The one write that decides. When its answer is lost, the head says whether it was made. */
  private async decide(n: number, token: string, writes: readonly Write[], before: Known['seen']): Promise<Known['seen']> {
    const head = encodeHead({ n, token, writes: deflateSync(JSON.stringify(writes), { level: 1 }).toString('base64') });
    for (let lost: unknown, attempt = 1; ; attempt++) {
      try {
        const made = await this.cluster.compareAndSet(this.index, HEAD, head, before);
        if (made !== undefined || lost === undefined) return made;
        // Refused after an answer was lost: the first one may have been made, by us. Only an own answer proves it: it is written again.
        const now = await this.cluster.get<Head>(this.index, HEAD);
        if (now === undefined || decodeHead(now.source).token !== token) return undefined;
        const again = await this.cluster.compareAndSet(this.index, HEAD, head, now);
        if (again !== undefined) return again;
      } catch (error) {
        if (!isPassing(error) || attempt >= 8) throw error;
        lost = error;
        await new Promise((resolve) => { setTimeout(resolve, Math.min(50 * 2 ** attempt, 2_000)); });
      }
    }
  }

  /** Reads the head; what somebody else wrote is written again unchanged, and carried out, before anything is built on it. */
  private async catchUp(): Promise<Known> {
    for (;;) {
      const stored = await this.cluster.get<Head>(this.index, HEAD);
      if (stored === undefined) return { n: 0, seen: undefined };
      const { n, token, writes } = decodeHead(stored.source);
      // Somebody wrote again what this process knows to be there: the same change stands, only its place in the index is another.
      if (token === this.proved) return { n, seen: stored };
      const seen = await this.cluster.compareAndSet(this.index, HEAD, stored.source, stored);
      if (seen === undefined) continue;
      await this.carryOut(n, JSON.parse(inflateSync(Buffer.from(writes, 'base64')).toString('utf8')) as Write[]);
      this.proved = token;
      return { n, seen };
    }
  }

  /**
   * The last change that is carried out for certain. The newest one is whenever another stands on it: whoever made that had it carried
   * out first; with `settle` it is carried out here.
   */
  settled(settle: boolean): Promise<{ readonly found: number; readonly decided: number }> {
    const result = this.queue.catch(() => undefined).then(async () => {
      const stored = await this.cluster.get<Head>(this.index, HEAD);
      if (stored === undefined) return { found: 0, decided: 0 };
      const { n, token } = decodeHead(stored.source);
      if (token === this.proved) return { found: n, decided: n };
      if (!settle) return { found: n - 1, decided: n };
      this.known = await this.catchUp();
      return { found: this.known.n, decided: this.known.n };
    });
    this.queue = result;
    return result;
  }

  private async carryOut(n: number, writes: readonly Write[]): Promise<void> {
    const items = writes.map(({ op, index, id, source }): BulkItem => ({
      op: op === 'create' ? op : 'index', index: this.cluster.index(index), id, ...(op === 'create' ? {} : { version: n }), source: JSON.stringify(op === 'delete' ? { kind: GONE_KIND, updated: Date.now() } : source),
    }));
    const results = await this.cluster.bulk(items);
    results.forEach(({ status, reason }, i) => {
      const { op, index, id } = writes[i] as Write;
      if (status !== 200 && status !== 201 && status !== 409) throw new ClusterError(`Elasticsearch refused to ${op} ${index}/${id}: ${reason}`, status);
    });
  }
}

const encodeHead = (head: HeadDoc): Head => ({ kind: 'head', doc: JSON.stringify(head) });
const decodeHead = ({ doc }: Head): HeadDoc => JSON.parse(doc) as HeadDoc;
