// Speaks to the cluster and judges its answers: a request that was refused for the moment is made again, an answer that is not whole is
// no answer, every item of a bulk is accounted for. What is written here is searched here: indices written to are refreshed before
// they are searched.
import { Client, errors, HttpConnection } from '@elastic/elasticsearch';
import { setTimeout as pause } from 'node:timers/promises';
import type { Query } from '../../predicate/query-dsl-parts.js';
import { Reach } from './reach.js';
import type { ServiceRole } from './roles.js';
import type { DocumentIndex, LedgerIndex } from './templates.js';

export interface ClusterOptions {
  readonly nodes: readonly string[];
  readonly auth?: { readonly apiKey: string } | { readonly username: string; readonly password: string };
  /** PEM of the authority that signed the nodes' certificates. */
  readonly ca?: string;
  /** What every index name begins with. */
  readonly prefix: string;
  /** Whose credential it is: what that may not do is not tried. Without it, everything is allowed. */
  readonly role?: ServiceRole;
  /** How long a request is made again before its caller is told. */
  readonly patienceMs?: number;
  readonly requestMs?: number;
  /** Of who serves people: when the cluster has answered nothing for a while, requests fail at once instead of being waited for. */
  readonly failFast?: boolean;
  /** Plain node:http instead of the client's own transport (interceptors see only that). */
  readonly plainHttp?: boolean;
}

/** One thing to do in a bulk. Under a `version` the newer wins: what is older than the stored document changes nothing. */
export interface BulkItem {
  readonly op: 'create' | 'index' | 'delete';
  readonly index: string;
  readonly id: string;
  readonly version?: number;
  /** The document's JSON, as text or UTF-8; of a delete nothing. */
  readonly source?: string | Uint8Array;
}
export interface BulkResult { readonly status: number; readonly reason: string }

export interface Found<S> { readonly id: string; readonly index: string; readonly source: S; readonly sort: readonly (string | number)[]; readonly seqNo?: number; readonly stored?: Readonly<Record<string, readonly unknown[]>> }
export interface Stored<S> { readonly source: S; readonly seqNo: number; readonly primaryTerm: number }
export interface Place { readonly index: string; readonly id: string }

const LF = 0x0a;
const BULK_BYTES_MAX = 8 * 1024 * 1024, BULK_BYTES_MIN = 32 * 1024, BULK_ITEMS_MAX = 2_000;
const LATER: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]), GONE: ReadonlySet<number> = new Set([502, 503, 504]), PROBE_MS = 5_000;

/** The cluster did not do it, or it is not known whether it did. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  constructor(message: string, readonly status: number | undefined, options?: ErrorOptions) { super(message, options); }
}

export class Cluster {
  private readonly client: Client;
  private readonly dirty = new Set<string>();
  private readonly refreshing = new Set<Promise<unknown>>();
  readonly prefix: string;
  readonly role: ServiceRole;
  private readonly patienceMs: number;
  private readonly reach: Reach;
  /** Bytes of a bulk: fewer after one that had no answer in time, so that a slow node is not sent the same large request again and again. */
  private room = BULK_BYTES_MAX;

  constructor({ nodes, auth, ca, prefix, role = 'one', patienceMs = 20_000, requestMs = 30_000, failFast = false, plainHttp = false }: ClusterOptions) {
    this.prefix = prefix;
    this.role = role;
    this.patienceMs = patienceMs;
    this.reach = new Reach(failFast);
    this.client = new Client({
      nodes: [...nodes], maxRetries: 0, requestTimeout: requestMs, ...(auth === undefined ? {} : { auth }), ...(ca === undefined ? {} : { tls: { ca, rejectUnauthorized: true } }),
      ...(plainHttp ? { Connection: HttpConnection } : {}),
    });
  }

  index(name: DocumentIndex | LedgerIndex): string { return `${this.prefix}${name}`; }

  /** One request, made again while it is refused for the moment. `allow` lists statuses that are an answer too. */
  async request<T>(method: string, path: string, { body, query, allow = [], ndjson = false, once = false, timeoutMs }: RequestOptions = {}): Promise<{ readonly status: number; readonly body: T }> {
    for (let wait = 50, until = Date.now() + this.patienceMs; ; wait = Math.min(wait * 2, 2_000)) {
      const admitted = this.reach.admit(), limit = admitted === 'probe' ? Math.min(timeoutMs ?? PROBE_MS, PROBE_MS) : timeoutMs;
      if (admitted === 'no') throw new ClusterError(`Elasticsearch does not answer (${method} ${path}): nor has it for ${Math.round(this.reach.awayMs / 1000)} s`, undefined);
      try {
        const answer = await this.client.transport.request<T>({ method, path, querystring: query, ...(ndjson ? { bulkBody: body as Buffer } : { body: body as string }) }, { meta: true, ignore: [...allow], ...(limit === undefined ? {} : { requestTimeout: limit }) });
        this.reach.answered();
        return { status: answer.statusCode ?? 0, body: answer.body };
      } catch (error) {
        const told = tell(method, path, error);
        if (told.status === undefined || GONE.has(told.status)) this.reach.failed(); else this.reach.answered();
        if (once || admitted === 'probe' || !isPassing(told) || Date.now() + wait > until) throw told;
        await pause(wait);
      }
    }
  }

  /** Does all items, in order within a document's shard; returns what became of each. Items refused for the moment are sent again. */
  async bulk(items: readonly BulkItem[]): Promise<readonly BulkResult[]> {
    const results = new Array<BulkResult>(items.length);
    let left = items.map((_, i) => i);
    for (let wait = 50, until = Date.now() + this.patienceMs; left.length > 0; wait = Math.min(wait * 2, 2_000)) {
      const again: number[] = [];
      for (const some of portions(left, (i) => items[i] as BulkItem, () => this.room)) {
        // Each item may be sent twice: a create that is there, an older version and a delete of nothing change nothing.
        const answers = await this.bulkOnce(some.map((i) => items[i] as BulkItem)).catch((error: unknown) => {
          if (!isPassing(error)) throw error;
          return some.map((): BulkResult => ({ status: 503, reason: (error as Error).message }));
        });
        some.forEach((i, at) => { const result = answers[at] as BulkResult; if (LATER.has(result.status)) again.push(i); results[i] = result; });
      }
      left = again;
      if (left.length > 0 && Date.now() + wait > until) throw new ClusterError(`Elasticsearch refused ${left.length} of ${items.length} items: ${results[left[0] as number]?.reason ?? ''}`, results[left[0] as number]?.status);
      if (left.length > 0) await pause(wait);
    }
    return results;
  }

  private async bulkOnce(items: readonly BulkItem[]): Promise<readonly BulkResult[]> {
    for (const { index } of items) this.dirty.add(index);
    const whole = bulkBody(items);
    // Once: whoever asks again asks for less.
    const { body } = await this.request<BulkAnswer>('POST', '/_bulk', { body: whole, ndjson: true, once: true }).catch((error: unknown) => {
      if (error instanceof ClusterError && error.status === undefined) this.room = Math.max(BULK_BYTES_MIN, Math.min(this.room, whole.length) / 4);
      throw error;
    });
    if (whole.length > this.room / 2) this.room = Math.min(BULK_BYTES_MAX, this.room * 1.25);
    const answers = Array.isArray(body.items) ? body.items : [];
    if (answers.length !== items.length) throw new ClusterError(`expected answers to ${items.length} items of a bulk, got ${answers.length}`, undefined);
    return items.map(({ op, index, id }, i) => {
      const answer = answers[i]?.[op];
      if (answer?._id !== id || answer._index !== index || typeof answer.status !== 'number') throw new ClusterError(`expected the answer to ${op} ${index}/${id}, got ${JSON.stringify(answers[i])}`, undefined);
      return { status: answer.status, reason: answer.error?.reason ?? '' };
    });
  }

  /** A document as it stands now, by its id. */
  async get<S>(index: string, id: string, once = false): Promise<Stored<S> | undefined> {
    const { status, body } = await this.request<GetAnswer<S>>('GET', `/${index}/_doc/${encodeURIComponent(id)}`, { allow: [404], once });
    if (status === 404) { if (body.found === false) return undefined; throw new ClusterError(`there is no index ${index}: run haidang setup elasticsearch`, 404); }
    return isGone(body._source) ? undefined : { source: body._source as S, seqNo: body._seq_no as number, primaryTerm: body._primary_term as number };
  }

  /** Documents as they stand now, in the order asked for; `anywhere`: an index that is not there holds none. */
  async many<S>(places: readonly Place[], anywhere = false): Promise<readonly (S | undefined)[]> {
    const found: (S | undefined)[] = [];
    for (let at = 0; at < places.length; at += 1_000) {
      const some = places.slice(at, at + 1_000);
      const { body } = await this.request<{ readonly docs?: readonly GetAnswer<S>[] }>('POST', '/_mget', { body: { docs: some.map(({ index, id }) => ({ _index: index, _id: id })) } });
      if (body.docs?.length !== some.length) throw new ClusterError(`expected ${some.length} documents, got ${body.docs?.length ?? 0}`, undefined);
      body.docs.forEach((doc, i) => {
        if (anywhere && doc._id === some[i]?.id && doc.error?.type === 'index_not_found_exception') { found.push(undefined); return; }
        if (doc._id !== some[i]?.id || typeof doc.found !== 'boolean') throw new ClusterError(`expected document ${some[i]?.id ?? ''}, got ${JSON.stringify(doc).slice(0, 500)}`, undefined);
        found.push(doc.found && !isGone(doc._source) ? doc._source : undefined);
      });
    }
    return found;
  }

  /** Writes a document if it stands as it was read (undefined: if there is none); false when somebody was quicker. */
  async compareAndSet(index: string, id: string, source: object, seen: { readonly seqNo: number; readonly primaryTerm: number } | undefined): Promise<{ readonly seqNo: number; readonly primaryTerm: number } | undefined> {
    this.dirty.add(index);
    const query = seen === undefined ? { op_type: 'create' } : { if_seq_no: seen.seqNo, if_primary_term: seen.primaryTerm };
    const { status, body } = await this.request<{ readonly _seq_no: number; readonly _primary_term: number }>('PUT', `/${index}/_doc/${encodeURIComponent(id)}`, { body: source, query, allow: [409], once: true });
    return status === 409 ? undefined : { seqNo: body._seq_no, primaryTerm: body._primary_term };
  }

  /** One page of a search, whole or not at all. */
  async search<S>(index: string, body: SearchBody, preference?: string): Promise<{ readonly total: number; readonly hits: readonly Found<S>[]; readonly aggregations: Readonly<Record<string, unknown>> }> {
    await this.refresh(index);
    const answer = (await this.request<SearchAnswer<S>>('POST', `/${index}/_search`, { body: { ...body, query: { constant_score: { filter: body.query } } }, query: { allow_partial_search_results: false, ignore_unavailable: true, ...(preference === undefined ? {} : { preference }) } })).body;
    const shards = answer._shards;
    if (answer.timed_out !== false || shards === undefined || shards.failed !== 0 || shards.successful !== shards.total) throw new ClusterError(`expected the answer of every shard of ${index}, got ${JSON.stringify(shards)}`, undefined);
    return {
      total: answer.hits.total?.value ?? 0, aggregations: answer.aggregations ?? {},
      hits: answer.hits.hits.map(({ _id, _index, _source, _seq_no, sort, fields }) => ({ id: _id, index: _index, source: _source, sort: sort ?? [], ...(_seq_no === undefined ? {} : { seqNo: _seq_no }), ...(fields === undefined ? {} : { stored: fields }) })),
    };
  }

  /** Everything a search finds, page after page; `sort` must end in something unique. */
  async *all<S>(index: string, body: Omit<SearchBody, 'size'>, size = 1_000, preference?: string): AsyncGenerator<readonly Found<S>[]> {
    for (let after = body.search_after; ;) {
      const { hits } = await this.search<S>(index, { ...body, size, track_total_hits: false, ...(after === undefined ? {} : { search_after: after }) }, preference);
      if (hits.length > 0) yield hits;
      if (hits.length < size) return;
      after = hits[hits.length - 1]?.sort;
    }
  }

  /** Every bucket of a composite aggregation. */
  async *buckets(index: string, query: Query, sources: readonly object[], inner: object = {}): AsyncGenerator<Bucket> {
    for (let after: object | undefined; ;) {
      const { aggregations } = await this.search(index, { size: 0, query, track_total_hits: false, aggs: { all: { composite: { size: 1_000, sources, ...(after === undefined ? {} : { after }) }, aggs: inner } } });
      const { buckets = [], after_key } = (aggregations['all'] ?? {}) as { readonly buckets?: readonly Bucket[]; readonly after_key?: object };
      yield* buckets;
      if (after_key === undefined || buckets.length === 0) return;
      after = after_key;
    }
  }

  /** Deletes what a search finds; returns how many. Under a `version` what is newer stays. */
  async deleteFound(index: string, query: Query, version?: number): Promise<number> {
    let deleted = 0;
    for (;;) {
      const { hits } = await this.search(index, { size: 2_000, query, _source: false, track_total_hits: false });
      const results = await this.bulk(hits.map(({ id, index: name }) => ({ op: 'delete', index: name, id, version })));
      const done = results.filter(({ status }) => status === 200).length;
      deleted += done;
      if (hits.length < 2_000 || done === 0) return deleted;
    }
  }

  /** What others wrote until now is found from now on. */
  async refreshAll(): Promise<void> {
    if (!this.mayRefresh) return;
    await this.refreshed(`${this.prefix}*`);
  }

  /** What others wrote to these indices until now is found from now on. */
  async refreshNow(...indices: readonly string[]): Promise<void> {
    await this.refreshed(indices.join(','));
  }

  /** A copy that did not take part would go on answering searches without what was written: then it was no refresh. */
  private async refreshed(pattern: string): Promise<void> {
    const { body: { _shards: shards } } = await this.request<Pick<SearchAnswer<never>, '_shards'>>('POST', `/${pattern}/_refresh`, { query: { ignore_unavailable: true } });
    if (shards?.failed !== 0) throw new ClusterError(`expected every copy of ${pattern} to be refreshed, got ${JSON.stringify(shards)}`, undefined);
  }

  /** Makes this process's own writes to the indices of a pattern visible to searches. */
  private async refresh(pattern: string): Promise<void> {
    const regex = new RegExp(`^(?:${pattern.split(',').map((one) => one.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')).join('|')})$`), names = this.mayRefresh ? [...this.dirty].filter((name) => regex.test(name)) : [];
    if (names.length > 0) {
      for (const name of names) this.dirty.delete(name);
      const running: Promise<unknown> = this.refreshed(names.join(','))
        .catch((error: unknown) => { for (const name of names) this.dirty.add(name); throw error; }).finally(() => this.refreshing.delete(running));
      this.refreshing.add(running);
    }
    // Also what another search began: it may be of the same writes.
    await Promise.all(this.refreshing);
  }

  /** A collector sees what others wrote a moment later; it searches for nothing that it wrote itself. */
  private get mayRefresh(): boolean { return this.role !== 'collector' && this.role !== 'retention'; }

  close(): Promise<void> { return this.client.close(); }
}

interface RequestOptions { readonly body?: unknown; readonly query?: Record<string, unknown>; readonly allow?: readonly number[]; readonly ndjson?: boolean; readonly once?: boolean; readonly timeoutMs?: number }
export interface SearchBody {
  readonly query: Query;
  readonly size: number;
  readonly sort?: readonly object[];
  readonly search_after?: readonly (string | number)[];
  readonly aggs?: Readonly<Record<string, object>>;
  readonly track_total_hits?: boolean;
  readonly _source?: readonly string[] | false;
  /** `_none_`: neither fields nor the id, so that no document is opened. */
  readonly stored_fields?: readonly string[] | '_none_';
  readonly terminate_after?: number;
  readonly seq_no_primary_term?: boolean;
}
export interface Bucket { readonly key: Readonly<Record<string, string | number>>; readonly doc_count: number; readonly [inner: string]: unknown }
interface BulkAnswer { readonly items?: readonly Readonly<Record<string, { readonly _id: string; readonly _index: string; readonly status: number; readonly error?: { readonly reason?: string } }>>[] }
interface GetAnswer<S> { readonly _id?: string; readonly found?: boolean; readonly _source?: S; readonly _seq_no?: number; readonly _primary_term?: number; readonly error?: { readonly type?: string } }
interface SearchAnswer<S> {
  readonly timed_out?: boolean;
  readonly _shards?: { readonly total: number; readonly successful: number; readonly failed: number };
  readonly hits: { readonly total?: { readonly value: number }; readonly hits: readonly { readonly _id: string; readonly _index: string; readonly _source: S; readonly _seq_no?: number; readonly sort?: readonly (string | number)[]; readonly fields?: Readonly<Record<string, readonly unknown[]>> }[] };
  readonly aggregations?: Readonly<Record<string, unknown>>;
}

/** What stands in place of a document that a change took away: nobody needs a right to delete for that. */
export const GONE_KIND = 'gone';
const isGone = (source: unknown): boolean => (source as { readonly kind?: unknown } | undefined)?.kind === GONE_KIND;

/** What is done and the document, a line each, UTF-8. */
function bulkBody(items: readonly BulkItem[]): Buffer {
  const heads = items.map(({ op, index, id, version }) => `${JSON.stringify({ [op]: { _index: index, _id: id, ...(version === undefined ? {} : { version, version_type: 'external' }) } })}\n`);
  const sources = items.map(({ source }) => (typeof source === 'string' ? Buffer.from(source) : source));
  // Three bytes a unit at most.
  const whole = Buffer.allocUnsafeSlow(items.reduce((sum, _, i) => sum + (heads[i] as string).length * 3 + (sources[i]?.length ?? 0) + 1, 0));
  let at = 0;
  heads.forEach((head, i) => {
    at += whole.write(head, at);
    const source = sources[i];
    if (source === undefined) return;
    whole.set(source, at);
    at += source.length;
    whole[at++] = LF;
  });
  return whole.subarray(0, at);
}

/** Item numbers in portions that fit one request. */
function* portions(left: readonly number[], item: (i: number) => BulkItem, room: () => number): Generator<readonly number[]> {
  let some: number[] = [], bytes = 0;
  for (const i of left) {
    const size = 100 + (item(i).source?.length ?? 0);
    if (some.length > 0 && (some.length >= BULK_ITEMS_MAX || bytes + size > room())) { yield some; some = []; bytes = 0; }
    some.push(i);
    bytes += size;
  }
  if (some.length > 0) yield some;
}

export const isPassing = (error: unknown): boolean => error instanceof ClusterError && (error.status === undefined || LATER.has(error.status));

function tell(method: string, path: string, error: unknown): ClusterError {
  if (error instanceof errors.ResponseError) {
    const { error: why } = (error.body ?? {}) as { readonly error?: { readonly reason?: string } };
    return new ClusterError(`Elasticsearch answered ${error.statusCode ?? 0} to ${method} ${path}: ${why?.reason ?? error.message}`, error.statusCode, { cause: error });
  }
  return new ClusterError(`Elasticsearch does not answer (${method} ${path}): ${(error as Error).message}`, undefined, { cause: error });
}
